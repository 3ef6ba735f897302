"""What differs between phantoms: the size of the body and its organs, fat, and organs that are not there."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from XAICLIPLib.phantom.shapes import BLOBS, TUBES, Path

# What moves together: a kidney with its sinus, a heart with its chambers.
_GROUPS: tuple[tuple[str, ...], ...] = (
    ("liver_right", "liver_left", "porta", "falciform"),
    ("spleen", "spleen_hilum"),
    ("kidney_right", "sinus_right", "renal_bed"),
    ("kidney_left", "sinus_left"),
    ("heart", "left_ventricle", "right_ventricle", "right_atrium"),
    ("gallbladder",),
)
_MAY_MISS = {
    "liver": 0.03,
    "spleen": 0.08,
    "kidney_right": 0.06,
    "kidney_left": 0.06,
    "gallbladder": 0.2,
    "stomach": 0.04,
}


@dataclass(frozen=True)
class Anatomy:
    """One patient's body: the standard one unless it is varied.

    Attributes
    ----------
    blobs : dict of str to tuple
        Ellipsoids as in `shapes.BLOBS`.
    tubes : dict of str to list
        Tubes as in `shapes.TUBES`.
    size : tuple of float
        Factors of the whole body along x, y and z.
    fat : float
        mm of subcutaneous fat more than the standard.
    woman : bool
        Breasts, a wider pelvis, a uterus.
    arms_down : bool
        Arms beside the chest, as in patients who can't lift them.
    missing : frozenset of str
        Names of `PHANTOM_LABELS` that were taken out.
    """

    blobs: dict[str, tuple] = field(default_factory=lambda: BLOBS)
    tubes: dict[str, Path] = field(default_factory=lambda: TUBES)
    size: tuple[float, float, float] = (1.0, 1.0, 1.0)
    fat: float = 0.0
    woman: bool = False
    arms_down: bool = False
    missing: frozenset[str] = frozenset()


STANDARD = Anatomy()


def varied(seed: int) -> Anatomy:
    """A patient drawn at random: size, fat, sex, posture, the size, place and turn of organs, missing organs.

    Parameters
    ----------
    seed : int

    Returns
    -------
    Anatomy
    """
    rng = np.random.default_rng([seed, 2])
    blobs = dict(BLOBS)
    for group in _GROUPS:
        shift = rng.normal(0, (5, 5, 9))
        scale = np.exp(rng.normal(0, 0.11) + rng.normal(0, 0.06, 3))
        turn = rng.normal(0, 6, 3)
        middle = np.asarray(BLOBS[group[0]][0], float)
        for name in group:
            centre, radii, angles, power = BLOBS[name]
            placed = middle + shift + (np.asarray(centre) - middle) * scale
            blobs[name] = (tuple(placed), tuple(np.asarray(radii) * scale), tuple(np.asarray(angles) + turn), power)
    tubes: dict[str, Path] = {}
    for name, points in TUBES.items():
        shift, width = rng.normal(0, (3, 3, 5)), float(np.exp(rng.normal(0, 0.12)))
        tubes[name] = [
            (float(x + shift[0]), float(y + shift[1]), float(z + shift[2]), r * width) for x, y, z, r in points
        ]
    size = np.exp(rng.normal(0, 0.05) + rng.normal(0, 0.04, 3))
    return Anatomy(
        blobs,
        tubes,
        (float(size[0]), float(size[1]), float(size[2])),
        float(np.clip(rng.gamma(1.5, 8) - 5, -4, 45)),
        bool(rng.random() < 0.5),
        bool(rng.random() < 0.4),
        frozenset(name for name, chance in _MAY_MISS.items() if rng.random() < chance),
    )
