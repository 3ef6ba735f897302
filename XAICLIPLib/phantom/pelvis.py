"""The pelvis and the thighs of the phantom; the origin lies between the heads of the femurs."""

from __future__ import annotations

import numpy as np

from XAICLIPLib.phantom.canvas import Box, Canvas, all_of, meet, superellipse
from XAICLIPLib.phantom.shapes import PART_LABELS, PHANTOM_LABELS

_HIP = [
    [(38, 74, 62, 9), (84, 56, 76, 8), (118, 10, 92, 8), (112, -36, 58, 8)],
    [(70, 50, 50, 10), (98, 22, 40, 11), (104, -20, 44, 8)],
    [(96, 24, 40, 14), (90, 6, 6, 19)],
    [(88, -14, -4, 10), (46, -54, -14, 8), (8, -62, -34, 9)],
    [(84, 34, -10, 14), (62, 38, -66, 13), (24, -30, -62, 7), (8, -58, -40, 8)],
]


def _bone(c: Canvas, box: Box, depth: np.ndarray, label: int) -> None:
    """A bone of the hip or the leg."""
    c.bone(box, depth, label, 130 + 40 * c.fine[box], 820, 3.4)


def _outline(c: Canvas) -> np.ndarray:
    """Depth below the skin: one trunk above, two thighs below."""
    more = 0.7 * c.anatomy.fat + 6 * c.anatomy.woman
    trunk = superellipse([c.x, c.y - 4], (172 + more - 0.1 * np.maximum(c.z, 0), 112 + more), 2.3)
    narrow = np.clip((-60 - c.z) / 240, 0, 1)  # the thighs taper to the knees
    radius = (92 + more) * (1 - 0.32 * narrow)
    thigh = superellipse([np.abs(c.x) - 92 - 4 * narrow, c.y - 4], (radius, radius * 1.02), 2)
    crotch = np.clip((c.z + 70) / 30, 0, 1)
    return np.maximum(thigh - 60 * crotch, trunk - 60 * (1 - crotch))


def paint(c: Canvas) -> None:
    """A pelvis; with its middle far below the origin, the thighs.

    Parameters
    ----------
    c : Canvas
        Painted upon.
    """
    x, y, z, hu, fine, coarse = c.x, c.y, c.z, c.tissue, c.fine, c.coarse
    more = c.anatomy.fat
    c.depth = _outline(c)
    back = np.clip(y / 80, 0, 1)
    layer = 10 + 0.7 * max(more, -4) + 12 * back + 1.5 * coarse
    c.paint(..., c.depth, hu["skin"])
    c.paint(..., c.depth - 2, hu["fat"] + 4 * fine)
    c.paint(..., c.depth - layer, hu["muscle"] + 6 * fine)
    seams = np.abs(np.sin(np.arctan2(y, np.abs(x) - 92) * 2.5 + 0.5 * coarse))  # fat between the muscles
    c.paint(..., all_of(c.depth - layer - 3, 1.0 - 9 * seams), hu["fat"] + 25)
    cavity = meet(superellipse([x, y + 10], (102 + 0.3 * z, 78), 2.4), z + 52 + 0.35 * y, 20)
    c.cavity = all_of(cavity, c.depth - layer - 6)
    c.paint(..., c.cavity, hu["fat"] + 5 * fine + 4 * coarse, 0)
    _organs(c)
    _bones(c)


def _organs(c: Canvas) -> None:
    """Bowel, bladder, rectum, prostate or uterus, and the vessels."""
    hu, fine = c.tissue, c.fine
    for _ in range(34):
        a = c.rng.uniform((-80, -66, 14), (80, 20, 130))
        b = a + c.rng.normal(0, (18, 10, 12))
        radius = c.rng.uniform(9, 15)
        box, depth = c.tube([(*a, radius), (*b, radius)])
        depth = all_of(depth + 0.8 * fine[box], c.cavity[box] - 2)
        c.paint(box, depth + 1.2, hu["fat"], 0)
        c.paint(box, depth, hu["wall"], 0)
        c.paint(box, depth - 3, hu["bowel"] - c.rng.uniform(0, 40) + 8 * fine[box], 0)
        if c.rng.random() < 0.3:
            c.paint(box, all_of(depth - 3, a[1] - c.level[box]), hu["gas"], 0)
    box, depth = c.tube([(0, 58, -60, 14), (4, 54, 0, 18), (-10, 50, 50, 16), (40, 20, 80, 16)])
    c.paint(box, depth, hu["wall"], 0)
    c.paint(box, depth - 3, 20 + 40 * fine[box] - 700 * (fine[box] > 0.8), 0)
    radii = c.rng.uniform((28, 22, 20), (52, 42, 40))
    filled = 8 if c.rng.random() < 0.7 else 320
    bladder = superellipse([c.x, c.y + 36, c.z - 4], tuple(radii), 2.1)
    c.paint(..., bladder + 3, hu["wall"] - 30, PART_LABELS["urinary_bladder"])
    c.paint(..., bladder, filled + 3 * fine, PART_LABELS["urinary_bladder"])
    if c.anatomy.woman:
        gland = superellipse([c.x - 4, c.y - 6, c.z - 24], (28, 24, 36), 2)
    else:
        gland = superellipse([c.x, c.y + 16, c.z + 36], (24, 18, 18), 2)
    c.paint(..., all_of(gland, -bladder - 4), 68 + 5 * fine, 0)
    for side in (-1, 1):
        for path, value in (
            (
                [(side * 20, 20, 130, 8), (side * 60, -20, 40, 6), (side * 84, -72, -20, 5), (side * 70, -40, -300, 4)],
                "aorta",
            ),
            (
                [(side * 28, 26, 130, 9), (side * 68, -8, 40, 8), (side * 78, -66, -24, 6), (side * 74, -30, -300, 5)],
                "vein",
            ),
        ):
            box, depth = c.tube([tuple(map(float, p)) for p in path])
            c.paint(box, depth, hu[value], 0)


def _bones(c: Canvas) -> None:
    """Hips, femurs, sacrum and the last vertebrae."""
    hip, femur, spine = PART_LABELS["hip"], PART_LABELS["femur"], PHANTOM_LABELS["spine"]
    for side in (-1, 1):
        for path in _HIP:
            box, depth = c.tube([(side * x, y, z, r) for x, y, z, r in path])
            _bone(c, box, depth, hip)
        for path in (
            [(92, 2, 0, 23), (92, 2, 1, 23)],
            [(94, 2, 0, 16), (122, 8, -26, 17)],
            [(122, 8, -24, 16), (108, 4, -330, 14)],
        ):
            box, depth = c.tube([(side * x, y, z, r) for x, y, z, r in path])
            _bone(c, box, depth, femur)
    sacrum = superellipse([c.x, c.y - 72 + 0.004 * (c.z - 50) ** 2, c.z - 46], (50, 17, 58), 2.4)
    c.paint(..., sacrum, 170 + 45 * c.fine + 350 * np.clip((2.6 - sacrum) / 1.5, 0, 1), spine)
    phase = (c.z + 6) % 34 - 17
    body = all_of(superellipse([c.x, c.y - 46], (25, 18), 2.5), c.z - 92)
    shell = np.clip((2.6 - body) / 1.5, 0, 1)
    c.paint(..., body, np.where(np.abs(phase) > 13, c.tissue["disc"], 190 + 35 * c.fine + 290 * shell), spine)
    arch = all_of(superellipse([c.x, c.y - 74], (18, 15), 2.2), c.z - 92)
    c.paint(..., all_of(arch, 10 - np.abs(phase)), 350, spine)
    c.paint(..., all_of(superellipse([c.x, c.y - 73], (10, 8), 2), c.z - 92), 12, 0)
