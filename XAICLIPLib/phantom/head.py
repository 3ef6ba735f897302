"""The head and neck of the phantom; the origin lies in the middle of the skull base."""

from __future__ import annotations

import numpy as np

from XAICLIPLib.phantom.canvas import Canvas, all_of, superellipse, union
from XAICLIPLib.phantom.shapes import PART_LABELS, PHANTOM_LABELS


def paint(c: Canvas) -> None:
    """A head from the crown to the larynx.

    Parameters
    ----------
    c : Canvas
        Painted upon.
    """
    hu, fine, coarse, x, y, z = c.tissue, c.fine, c.coarse, c.x, c.y, c.z
    more = 0.3 * max(c.anatomy.fat, 0.0)
    vault = superellipse([x, y - 6, z - 34], (72, 92, 78), 2.1)
    face = superellipse([x, y + 36, z + 48], (60, 56, 74), 2.4)
    neck = all_of(superellipse([x, y - 18], (58 + more, 60 + more), 2), -20 - z)
    c.depth = union(union(vault, face, 22), neck, 20)
    c.paint(..., c.depth, hu["skin"])
    c.paint(..., c.depth - 2, hu["fat"] + 5 * fine)
    c.paint(..., c.depth - 5 - more + coarse, hu["muscle"] + 6 * fine)
    c.paint(..., all_of(c.depth - 9, 26 * coarse - 18, -15 - z), hu["fat"] + 10)  # fat between the muscles
    brain = superellipse([x, y - 8, z - 34], (61, 79, 66), 2.1)
    _vault(c, brain)
    _face(c)
    _neck(c)


def _bone(c: Canvas, box: tuple, depth: np.ndarray, label: int) -> None:
    """A bone with a hard shell."""
    shell = np.clip((3 - depth) / 1.5, 0, 1)
    c.paint(box, depth, 320 + 60 * c.fine[box] + 620 * shell, label)


def _vault(c: Canvas, brain: np.ndarray) -> None:
    """Skull and brain: cortex with sulci, white matter, ventricles, falx, and now and then an enhanced vessel."""
    x, y, z, fine, coarse = c.x, c.y, c.z, c.fine, c.coarse
    skull, grey = PART_LABELS["skull"], PART_LABELS["brain"]
    thick = 7 + 1.2 * coarse
    rim = np.minimum(brain + thick, -brain)
    c.paint(..., brain + thick, 900 - 420 * (rim > 2.2) + 40 * fine, skull)
    depth = brain + 0.8 * coarse
    white = np.clip((depth - 9) / 4, 0, 1)
    c.paint(..., depth, 38 - 8 * white + 2.5 * fine, grey)
    c.paint(..., all_of(brain, 13 - brain, 10 * (coarse + fine) - 13), 12, grey)  # sulci
    falx = all_of(1.3 - np.abs(x), brain, 42 - brain, z - 8)
    c.paint(..., falx, 58, grey)
    for side in (-1, 1):
        horn = superellipse([x - side * (9 + 0.12 * np.abs(y)), y - 2, z - 40], (7, 34, 13), 2)
        c.paint(..., horn + 1.5 * fine, 8, grey)
        petrous = superellipse([x - side * 38, y - 16 - 0.3 * side * x, z + 22], (26, 11, 10), 2.2)
        c.paint(..., petrous + 2 * fine, 950 - 700 * (fine > 0.9), skull)
        sphenoid = superellipse([x - side * 36, y + 26, z + 8], (28, 5, 12), 2)
        c.paint(..., sphenoid, 800, skull)
    c.paint(..., superellipse([x, y - 4, z - 26], (3.5, 12, 10), 2), 8, grey)  # third ventricle
    tent = all_of(1.4 - np.abs(z - 4 + 0.25 * np.abs(x)), brain - 1, y - 18)
    c.paint(..., tent, 56, grey)
    clivus = all_of(superellipse([x, y + 4, z + 24], (20, 16, 12), 2.2))
    c.paint(..., clivus, 480 + 90 * fine, skull)


def _face(c: Canvas) -> None:
    """Eyes, sinuses, nose, jaws, teeth, tongue and the air behind it."""
    x, y, z, hu, fine, coarse = c.x, c.y, c.z, c.tissue, c.fine, c.coarse
    bone, gas = PART_LABELS["skull"], hu["gas"]
    for side in (-1, 1):
        orbit = superellipse([x - side * 31, y + 58, z + 10], (20, 26, 18), 2)
        c.paint(..., orbit + 2.2, 700, bone)
        c.paint(..., all_of(orbit, c.depth - 2), hu["fat"], 0)
        globe = superellipse([x - side * 32, y + 74, z + 10], (12.5, 12.5, 12.5), 2)
        c.paint(..., globe, 45, 0)
        c.paint(..., globe - 1.2, 10, 0)
        c.paint(..., superellipse([x - side * 32, y + 83, z + 10], (4.5, 2.5, 4.5), 2), 85, 0)
        antrum = superellipse([x - side * 28, y + 52, z + 42], (15, 17, 17), 2.4)
        c.paint(..., antrum + 2.2, 650, bone)
        c.paint(..., antrum, gas if coarse.mean() > -0.5 else 20, 0)
        mastoid = superellipse([x - side * 54, y - 26, z + 26], (12, 16, 18), 2)
        c.paint(..., mastoid, 520 - 1100 * (fine > 0.3), bone)
        box, jaw = c.tube(
            [(side * 48, -6, -28, 7), (side * 46, -14, -72, 9), (side * 34, -52, -86, 9), (0, -78, -90, 9)]
        )
        _bone(c, box, jaw, bone)
        box, teeth = c.tube([(side * 30, -44, -66, 5), (side * 20, -72, -66, 5), (0, -80, -66, 5)])
        c.paint(box, all_of(teeth, 4 * c.fine[box] + 5), 1900, bone)
    nose = all_of(13 - np.abs(x), c.depth - 5, -2 - z, z + 46, -20 - y)
    c.paint(..., nose, gas, 0)
    c.paint(..., all_of(nose, 9 * fine - 5), 45, 0)  # turbinates
    c.paint(..., superellipse([x, y + 46, z + 70], (24, 32, 18), 2.2), hu["muscle"] + 6 + 6 * fine, 0)
    box, airway = c.tube([(0, -22, -40, 8), (0, -12, -80, 9), (0, -16, -140, 9)])
    c.paint(box, airway, gas, 0)


def _neck(c: Canvas) -> None:
    """Cervical spine, vessels, salivary and thyroid glands, larynx."""
    x, y, z, hu, fine = c.x, c.y - 20, c.z, c.tissue, c.fine
    spine, phase = PHANTOM_LABELS["spine"], (c.z % 19) - 9.5
    below = -34 - z
    body = all_of(superellipse([x, y], (13, 9.5), 2.4), below)
    shell = np.clip((2.4 - body) / 1.4, 0, 1)
    canal = superellipse([x, y - 18], (12, 9), 2)
    arch = all_of(superellipse([x, y - 16], (24, 16), 2.2), -canal, below, 7 - np.abs(phase))
    process = all_of(4 - np.abs(x), y - 26, 52 - y, below, 5 - np.abs(phase))
    c.paint(..., np.maximum(arch, process), 520 + 80 * fine, spine)
    c.paint(..., body, np.where(np.abs(phase) > 7, hu["disc"], 300 + 40 * fine + 300 * shell), spine)
    c.paint(..., all_of(canal, -20 - z), 10, 0)
    c.paint(..., all_of(canal - 4, -20 - z), hu["cord"], 0)
    for side in (-1, 1):
        for path, value in (
            ([(side * 26, -2, -30, 3), (side * 30, -4, -160, 4)], hu["aorta"]),
            ([(side * 33, 6, -30, 5), (side * 38, -2, -160, 7)], hu["vein"]),
            ([(side * 46, -6, -50, 12), (side * 44, -20, -74, 8)], hu["muscle"] - 25),
            ([(side * 16, -20, -128, 8), (side * 18, -14, -150, 9)], 115),
        ):
            box, depth = c.tube(path)
            c.paint(box, depth, value, 0)
    ring = np.abs(np.hypot(c.x, c.y + 16) - 13) - 2.5
    c.paint(..., all_of(-ring, -105 - z, z + 128), 190 + 60 * fine, 0)
