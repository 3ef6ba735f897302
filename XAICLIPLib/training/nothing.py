"""Pictures of no anatomy that the networks know: heads in MR, tissues of no body, noise, ultrasound-like sectors,
PET-like blobs."""

from __future__ import annotations

import cv2
import numpy as np

from XAICLIPLib.training.fields import smooth_field


def _noise(rng: np.random.Generator, size: int) -> np.ndarray:
    """White to coarse noise, as an empty scan scaled to its own percentiles shows it."""
    image = smooth_field(rng, size, int(np.exp(rng.uniform(np.log(4), np.log(size)))))
    image = image + rng.uniform(0, 1) * rng.standard_normal((size, size)).astype(np.float32)
    low, high = np.percentile(image, (1, 99))
    return (image - low) / max(high - low, 1e-3)


def _ultrasound(rng: np.random.Generator, size: int) -> np.ndarray:
    """A sector with speckle, layers and shadows."""
    v, u = np.mgrid[:size, :size].astype(np.float32) / size
    apex = rng.uniform(-0.25, 0.1)
    radius, angle = np.hypot(v - apex, u - 0.5), np.arctan2(u - 0.5, v - apex)
    layers = (
        0.35
        + 0.25 * np.sin(radius * rng.uniform(10, 40) + 2 * smooth_field(rng, size, 6))
        + 0.2 * smooth_field(rng, size, 9)
    )
    speckle = rng.rayleigh(0.8, (size, size)).astype(np.float32)
    image = layers * cv2.GaussianBlur(speckle, (0, 0), rng.uniform(0.5, 1.2))
    image = image * np.exp(-rng.uniform(0, 1.5) * radius) * (1 - 0.7 * (smooth_field(rng, size, 5) > 1.2))
    inside = (np.abs(angle) < rng.uniform(0.4, 0.8)) & (radius > 0.15 + apex * -1) & (radius < 1.05 - apex)
    return np.where(inside, image, 0)


def _pet(rng: np.random.Generator, size: int) -> np.ndarray:
    """Few bright blobs over a faint, blurred body."""
    v, u = np.mgrid[:size, :size].astype(np.float32) / size - 0.5
    image = 0.12 * ((v / rng.uniform(0.25, 0.45)) ** 2 + (u / rng.uniform(0.3, 0.48)) ** 2 < 1).astype(np.float32)
    for _ in range(int(rng.integers(1, 8))):
        y, x = rng.uniform(-0.3, 0.3, 2)
        image += rng.uniform(0.2, 1) * np.exp(-((v - y) ** 2 + (u - x) ** 2) / rng.uniform(0.0005, 0.01))
    image = cv2.GaussianBlur(image.astype(np.float32), (0, 0), rng.uniform(1, 4))
    return image + 0.03 * rng.standard_normal((size, size))


def _shapes(rng: np.random.Generator, size: int) -> np.ndarray:
    """Ellipses and boxes of random grey: a phantom of plastic, a resolution pattern."""
    image = np.full((size, size), rng.uniform(0, 0.4), np.float32)
    for _ in range(int(rng.integers(1, 7))):
        centre, axes = rng.uniform(0.2, 0.8, 2) * size, rng.uniform(0.04, 0.4, 2) * size
        grey = float(rng.uniform(0, 1))
        if rng.random() < 0.6:
            cv2.ellipse(
                image, (tuple(map(float, centre)), tuple(map(float, 2 * axes)), float(rng.uniform(0, 180))), grey, -1
            )
        else:
            corner = tuple(int(v) for v in centre - axes)
            cv2.rectangle(image, corner, tuple(int(v) for v in centre + axes), grey, -1)
    return image + rng.exponential(0.03) * rng.standard_normal((size, size))


def _tissue(rng: np.random.Generator, size: int) -> np.ndarray:
    """A body of no kind: rings round tissues of random shape and grey, as MR may show a head, a breast or a knee."""
    v, u = np.mgrid[:size, :size].astype(np.float32) / size - 0.5
    tilt = rng.uniform(0, np.pi)
    along, across = np.cos(tilt) * u + np.sin(tilt) * v, np.cos(tilt) * v - np.sin(tilt) * u
    radius = np.hypot(along / rng.uniform(0.36, 0.5), across / rng.uniform(0.28, 0.48))
    radius = radius + rng.uniform(0, 0.08) * smooth_field(rng, size, 5)
    cells = int(rng.integers(4, 24))  # from few large lobes to the folds of a cortex
    kinds = np.stack([smooth_field(rng, size, cells) for _ in range(int(rng.integers(2, 6)))]).argmax(0)
    image = rng.uniform(0.05, 0.95, 6)[kinds].astype(np.float32)
    if rng.random() < 0.5:  # alike on both sides
        image = np.maximum(image, image[:, ::-1]) if rng.random() < 0.5 else (image + image[:, ::-1]) / 2
    edge = 1.0
    for _ in range(int(rng.integers(0, 4))):
        inner = edge - rng.uniform(0.03, 0.12)
        image = np.where(radius > inner, rng.uniform(0, 1), image)
        edge = inner
    image = np.where(radius < 1, image, rng.uniform(0, 0.05)).astype(np.float32)
    image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.5, 2.0))
    image = image * (1 + rng.uniform(0, 0.2) * smooth_field(rng, size, 3))
    return image + rng.exponential(0.02) * rng.standard_normal((size, size))


def _head(rng: np.random.Generator, size: int) -> np.ndarray:
    """A head as MR shows it: scalp, skull and brain with sulci, white matter, falx and ventricles; now and then with a
    lesion and vessels that a contrast agent marks, or, nearer to the neck, with eyes, cavities and muscles."""
    v, u = np.mgrid[:size, :size].astype(np.float32) / size - 0.5
    tilt = rng.normal(0, 0.12)
    across, along = np.cos(tilt) * u + np.sin(tilt) * v, np.cos(tilt) * v - np.sin(tilt) * u
    wide, long = rng.uniform(0.32, 0.46), rng.uniform(0.4, 0.49)
    radius = (np.abs(across / wide) ** 2.2 + np.abs(along / long) ** 2.2) ** (1 / 2.2) + 0.02 * smooth_field(
        rng, size, 6
    )
    scalp, skull = rng.uniform(0.05, 0.12), rng.uniform(0.04, 0.12)
    edge = 1 - scalp - skull
    grey, white, fluid = rng.uniform(0.15, 0.9), rng.uniform(0.15, 0.9), rng.uniform(0.0, 1.0)
    white = grey + rng.uniform(0.1, 1.0) * (white - grey)  # often hardly another grey
    folds = smooth_field(rng, size, int(rng.integers(14, 30)))
    ribbon = edge - radius < rng.uniform(0.04, 0.12) + 0.06 * (folds > 0.3)
    brain = np.where(ribbon, grey, white)
    sulci = (np.abs(folds) < rng.uniform(0.05, 0.25)) & (edge - radius < rng.uniform(0.1, 0.4))
    brain = np.where(sulci, grey + rng.uniform(0.2, 1) * (fluid - grey), brain)
    brain = np.where((np.abs(across) < rng.uniform(0.002, 0.008)) & (rng.random() < 0.7), rng.uniform(0, 1), brain)
    if rng.random() < 0.6:
        level, spread = rng.uniform(-0.08, 0.08), rng.uniform(0.01, 0.04)
        bend = np.abs(across) - 0.02 - rng.uniform(0.1, 0.5) * np.abs(along - level)
        brain = np.where((np.abs(bend) < spread) & (np.abs(along - level) < rng.uniform(0.06, 0.18)), fluid, brain)
    if rng.random() < 0.5:  # deep grey matter, brain stem, cerebellum
        brain = np.where(np.hypot(across, along - rng.uniform(-0.1, 0.25)) < rng.uniform(0.05, 0.2),
                         grey + rng.normal(0, 0.08), brain)  # fmt: skip
    for _ in range(int(rng.integers(0, 4))):
        y, x = rng.uniform(-0.3, 0.3, 2)
        lesion = np.hypot(across - x, along - y) + 0.01 * folds < rng.uniform(0.005, 0.06)
        brain = np.where(lesion, rng.uniform(0, 1), brain)
    if rng.random() < 0.35:  # the base of the skull and the face
        kinds = smooth_field(rng, size, int(rng.integers(8, 20))) + rng.uniform(0, 3) * (0.1 - along)
        patches = rng.uniform(0, 1, 5)[np.digitize(kinds, (-1, -0.3, 0.3, 1))]
        brain = np.where(along < rng.uniform(-0.3, 0.4), (patches + patches[:, ::-1]) / 2, brain)
    bone, fat = rng.uniform(0, 0.25), rng.uniform(0.3, 1.0)
    image = np.select([radius < edge, radius < 1 - scalp, radius < 1], [brain, bone, fat], rng.uniform(0, 0.03))
    image = cv2.GaussianBlur(image.astype(np.float32), (0, 0), rng.uniform(0.4, 1.2))
    image = image * (1 + rng.uniform(0, 0.25) * smooth_field(rng, size, 3))
    return image + rng.exponential(0.02) * rng.standard_normal((size, size))


# The last two are what the others are not: alike to a body. They are three times as frequent as all of them.
_KINDS = (_noise, _ultrasound, _pet, _shapes, *[_tissue] * 6, *[_head] * 6)


def picture_of_nothing(rng: np.random.Generator, size: int) -> np.ndarray:
    """One picture without any structure that the networks are taught.

    Parameters
    ----------
    rng : Generator
    size : int
        Its edge in pixels.

    Returns
    -------
    ndarray (size, size), float32
        In [0, 1].
    """
    kind = _KINDS[int(rng.integers(len(_KINDS)))]
    return np.clip(kind(rng, size), 0, 1).astype(np.float32)
