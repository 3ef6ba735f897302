"""The chest of the phantom: the trunk's own painters, and above them the great vessels, shoulders and neck."""

from __future__ import annotations

import numpy as np

from XAICLIPLib.phantom import patient
from XAICLIPLib.phantom.canvas import Box, Canvas, all_of, meet, superellipse
from XAICLIPLib.phantom.shapes import PART_LABELS, PHANTOM_LABELS

APEX = 252.0  # mm: where the lungs end
SHOULDER = 232.0  # mm: the middle of the humeral heads

_ARCH = [
    (20, 10, 110, 12),
    (22, 15, 190, 13),
    (12, -12, 216, 14),
    (-6, -38, 204, 14),
    (-8, -44, 165, 15),
    (6, -42, 130, 14),
]
_VEINS = [
    [(-26, -30, 216, 10), (-22, -30, 140, 11)],
    [(10, -46, 150, 13), (8, -30, 172, 12), (44, -4, 172, 9)],
    [(8, -30, 172, 12), (-42, -6, 168, 9)],
    [(-26, -34, 216, 8), (20, -50, 236, 6), (110, -12, 244, 5)],
    [(-26, -34, 216, 8), (-110, -12, 244, 5)],
]
_NECK = [(-22, -18, 230, 4), (-28, -8, 330, 4)], [(20, -14, 222, 4), (28, -8, 330, 4)]


def outline(c: Canvas, trunk: np.ndarray) -> np.ndarray:
    """The trunk up to the neck, with shoulders, arms that lie beside it, breasts.

    Parameters
    ----------
    c : Canvas
    trunk : ndarray (Z, Y, X)
        Depth field of a trunk without end, mm.

    Returns
    -------
    ndarray (Z, Y, X)
        Depth field, mm.
    """
    x, y, z = c.x, c.y, c.z
    aside, more = np.abs(x), 0.5 * c.anatomy.fat
    yoke = superellipse([x, y - 8, z - SHOULDER], (200 + more, 62 + more, 58), 2.6)
    neck = all_of(superellipse([x, y - 14], (64 + more, 62 + more), 2), z - 200)
    parts = [yoke, neck, meet(trunk, SHOULDER + 34 - z - 0.12 * aside, 30)]
    if c.anatomy.arms_down:
        parts.append(all_of(superellipse([aside - 196, y - 12], (42 + more, 44 + more), 2), SHOULDER + 20 - z))
    if c.anatomy.woman:
        parts.append(superellipse([aside - 78, y + 112, z - 128], (56 + more, 34 + more, 52 + more), 2.2))
    return np.maximum.reduce(parts)


def paint(c: Canvas) -> None:
    """A whole chest from the domes of the diaphragm to the root of the neck.

    Parameters
    ----------
    c : Canvas
        Painted upon; its middle lies at about z = 170 mm.
    """
    hu = c.tissue
    patient.paint_wall(c, outline)
    cavity = c.cavity
    narrow = APEX - c.z - 0.011 * (np.abs(c.x) - 55 * (np.abs(c.x) > 55)) ** 2 * (np.abs(c.x) > 55)
    c.cavity = meet(cavity, narrow, 40)
    c.paint(..., all_of(cavity, -c.cavity), hu["muscle"] + 5 * c.fine)
    if c.anatomy.woman:
        glands = all_of(c.depth - 9, 30 * c.fine + 12, -98 - c.y)
        c.paint(..., glands, hu["muscle"] - 25)
    patient.paint_liver(c)
    patient.paint_bowel(c)
    patient.paint_retroperitoneum(c)
    patient.paint_chest(c)
    _great_vessels(c)
    patient.paint_ribs(c, APEX - 22)
    patient.paint_spine(c)
    _shoulders(c)
    patient.paint_table(c)


def _great_vessels(c: Canvas) -> None:
    """Arch of the aorta, veins, pulmonary arteries, windpipe and gullet."""
    hu = c.tissue
    box = c.box((-60, -75, 120), (60, 50, 330))
    band = superellipse([c.x[box] - 2, c.y[box] + 18], (38, 46), 2.4)
    c.paint(box, all_of(band, c.cavity[box], c.z[box] - 150), hu["fat"] + 6 * c.fine[box], 0)
    for path in _VEINS:
        box, depth = c.tube(path)
        c.paint(box, depth, hu["vein"], 0)
    box, depth = c.tube(_ARCH)
    c.paint(box, depth, hu["aorta"], PHANTOM_LABELS["aorta"])
    for path in _NECK:
        box, depth = c.tube(path)
        c.paint(box, depth, hu["aorta"], 0)
    for path in (
        [(0, -6, 184, 9), (0, -16, 340, 9)],
        [(0, -6, 184, 8), (36, 4, 160, 6)],
        [(0, -6, 184, 8), (-36, 4, 162, 7)],
    ):
        box, depth = c.tube(path)
        c.paint(box, depth + 2, hu["wall"], 0)
        c.paint(box, depth, hu["gas"], 0)
    box, depth = c.tube([(6, 8, 150, 6), (2, 2, 340, 6)])
    c.paint(box, depth, hu["wall"], 0)


def _bone(c: Canvas, box: Box, depth: np.ndarray, label: str) -> None:
    """A bone of the shoulder."""
    c.bone(box, depth, PART_LABELS[label], c.tissue["cancellous"] + 35 * c.fine[box], c.tissue["cortical"] + 250, 3.2)


def _shoulders(c: Canvas) -> None:
    """Humerus, shoulder blade and collar bone of both sides."""
    low = 60.0 if c.anatomy.arms_down else SHOULDER - 4
    for side in (-1, 1):
        box, depth = c.tube([(side * 166, 4, SHOULDER, 24), (side * 166, 4, SHOULDER + 4, 23)])
        _bone(c, box, depth, "humerus")
        box, depth = c.tube([(side * 172, 6, SHOULDER - 4, 14), (side * 194, 12, low, 12)])
        _bone(c, box, depth, "humerus")
        box, depth = c.tube([(side * 140, 22, 226, 12), (side * 116, 66, 200, 5), (side * 84, 88, 120, 4)])
        _bone(c, box, depth, "scapula")
        box, depth = c.tube([(side * 130, 62, 236, 5), (side * 90, 80, 210, 4)])
        _bone(c, box, depth, "scapula")
        box, depth = c.tube([(side * 16, -66, 236, 8), (side * 70, -58, 246, 6), (side * 142, -8, 258, 7)])
        _bone(c, box, depth, "clavicula")
