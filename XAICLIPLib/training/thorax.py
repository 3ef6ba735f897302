"""Paint a lower thorax into slices of the upper abdomen.

The training scans end at the dome of the liver: they hold no heart and hardly any lung. A network that never saw a
heart calls it liver, so lungs, heart and the domes of liver and spleen are drawn here from ellipses.
"""

from __future__ import annotations

import cv2
import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.training import data
from XAICLIPLib.training.fields import smooth_field

_KEPT = (data.SPINE, data.AORTA, data.MUSCLE, data.BONE)
_INNER = (
    data.LIVER, data.SPLEEN, data.STOMACH, data.BOWEL, data.LUNG, data.VEIN, data.PANCREAS, data.GALLBLADDER,
    data.KIDNEY_LEFT, data.KIDNEY_RIGHT, data.GAS, data.IGNORE, data.HEART,
)  # fmt: skip


def _ellipse(
    size: int, centre: tuple[float, float], radii: tuple[float, float], angle: float, rng: np.random.Generator
) -> np.ndarray:
    """Signed field of a wobbly ellipse, positive inside, 1 at its centre; pixels, rows first."""
    v, u = np.mgrid[:size, :size].astype(np.float32)
    v, u = v - centre[0], u - centre[1]
    cos, sin = np.cos(angle), np.sin(angle)
    a, b = (cos * v + sin * u) / radii[0], (-sin * v + cos * u) / radii[1]
    return 1 - np.sqrt(a**2 + b**2) + 0.09 * smooth_field(rng, size, 7)


def _cavity(labels: np.ndarray, millimetres: float) -> np.ndarray:
    """What lies inside the rib cage: the closed hull of the organs, less spine, aorta, muscle and bone."""
    reach = max(3, 2 * round(15 / millimetres) + 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    organs = np.isin(labels, _INNER).astype(np.uint8)
    # A border of nothing, else closing grows along the image's edge.
    padded = cv2.copyMakeBorder(organs, reach, reach, reach, reach, cv2.BORDER_CONSTANT)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, disc, iterations=2)[reach:-reach, reach:-reach]
    return closed.astype(bool) & ~np.isin(labels, (*_KEPT, data.OUTSIDE))


def paint_thorax(image: Tensor, labels: Tensor, millimetres: float, rng: np.random.Generator) -> None:
    """Turn one slice into one of the lower thorax, in place.

    Parameters
    ----------
    image, labels : Tensor (H, W)
        HU and fine classes.
    millimetres : float
        Size of a pixel.
    rng : Generator

    Notes
    -----
    55 % are "transitional": the real organs stay and a heart is put in front of them; in the others lungs fill the
    cavity.
    """
    hu = image.cpu().numpy().copy()
    fine = labels.cpu().numpy().astype(np.int64)
    size = len(hu)
    cavity = _cavity(fine, millimetres)
    rows, columns = np.nonzero(cavity)
    if len(rows) < 400:
        return
    top, bottom, left, right = rows.min(), rows.max() + 1, columns.min(), columns.max() + 1
    height, width = bottom - top, right - left
    spine_columns = np.nonzero(fine == data.SPINE)[1]
    middle = float(spine_columns.mean()) if len(spine_columns) else (left + right) / 2
    level = float(np.clip(np.mean(hu[fine == data.LIVER]) if (fine == data.LIVER).sum() > 50 else 70, 20, 180))
    blood = level + rng.normal(10, 25)
    transitional = rng.random() < 0.55

    def paint(where: np.ndarray, label: int, value: np.ndarray | float) -> None:
        hu[where] = np.broadcast_to(value, hu.shape)[where]
        fine[where] = label

    def grain(mean: float, spread: float) -> np.ndarray:
        return mean + spread * smooth_field(rng, size, 40)

    if not transitional:
        dots = 700 * np.clip(smooth_field(rng, size, 48) - 1.3, 0, 1)
        paint(cavity, data.LUNG, grain(rng.normal(-860, 30), 25) + dots)
        if rng.random() < 0.6:  # the mediastinum round the spine and the oesophagus
            field = _ellipse(size, (bottom - 0.22 * height, middle + rng.normal(0, 3)),
                             (0.3 * height, rng.uniform(0.05, 0.13) * width), 0.0, rng)  # fmt: skip
            paint(cavity & (field > 0), data.OTHER, grain(30, 12))
        if rng.random() < 0.8:  # the dome of the liver, on the patient's right
            radius = rng.uniform(0.1, 0.5)
            field = _ellipse(size, (top + rng.uniform(0.4, 0.65) * height, left + rng.uniform(0.2, 0.34) * width),
                             (radius * height * rng.uniform(0.8, 1.15), radius * width * rng.uniform(0.5, 0.8)),
                             rng.normal(0, 0.3), rng)  # fmt: skip
            paint(cavity & (field > 0), data.LIVER, grain(level, 8))
        if rng.random() < 0.45:  # the dome of the spleen or the stomach, left and behind
            radius = rng.uniform(0.06, 0.22)
            field = _ellipse(size, (bottom - rng.uniform(0.2, 0.4) * height, right - rng.uniform(0.12, 0.28) * width),
                             (radius * height * 1.2, radius * width), rng.normal(0, 0.4), rng)  # fmt: skip
            spleen = rng.random() < 0.5
            paint(cavity & (field > 0), data.SPLEEN if spleen else data.STOMACH,
                  grain(level + rng.normal(10, 12) if spleen else rng.uniform(-20, 60), 8))  # fmt: skip
    if rng.random() < (0.85 if not transitional else 1.0):
        if transitional:
            centre = (top + rng.uniform(0.05, 0.22) * height, middle + rng.uniform(-0.02, 0.2) * width)
            radii = (rng.uniform(0.12, 0.26) * height, rng.uniform(0.14, 0.27) * width)
        else:
            centre = (top + rng.uniform(0.22, 0.42) * height, middle + rng.uniform(0.0, 0.16) * width)
            radii = (rng.uniform(0.2, 0.4) * height, rng.uniform(0.16, 0.3) * width)
        field = _ellipse(size, centre, radii, rng.normal(-0.2, 0.35), rng)
        paint(cavity & (field > -0.12), data.FAT, grain(-95, 10))
        inside = cavity & (field > 0)
        paint(inside, data.HEART, grain(rng.normal(48, 8), 8))
        chambers = inside & (field > 0.15) & (smooth_field(rng, size, 9) > -0.3)
        hu[chambers] = grain(blood, 8)[chambers]
        if not transitional and rng.random() < 0.5:  # the inferior vena cava
            field = _ellipse(size, (centre[0] + radii[0] * 0.9, middle - rng.uniform(0.06, 0.14) * width),
                             (12 / millimetres, 12 / millimetres), 0.0, rng)  # fmt: skip
            paint(cavity & (field > 0), data.VEIN, grain(blood, 8))
    hu = cv2.GaussianBlur(hu, (3, 3), 0.6)
    image.copy_(torch.from_numpy(hu).to(image))
    labels.copy_(torch.from_numpy(fine.astype(np.float32)).to(labels))
