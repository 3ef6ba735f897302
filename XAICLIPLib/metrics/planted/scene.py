"""The slices in which causes are planted: of the phantom, or of a real scan with labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from XAICLIPLib.errors import InputError
from XAICLIPLib.phantom import PHANTOM_LABELS, make_phantom

SIZE = 128  # pixels of a slice's edge, about 3 mm each
WINDOW = (-160.0, 240.0)  # HU that are black and white
MARGIN = 16  # pixels round the organ that are evaluated
SMALLEST = 400  # pixels of an organ in which something can be planted


@dataclass(frozen=True)
class Scene:
    """A slice with an organ, its neighbours and what may be evaluated of it.

    Attributes
    ----------
    image : ndarray, shape (1, H, W), float32
        Grey values, 0 to 1.
    organ : ndarray, shape (H, W), bool
    others : dict of str to ndarray of bool, shape (H, W)
        Other organs of the slice.
    region : ndarray, shape (H, W), bool
        The organ and what lies round it.
    seed : int
    """

    image: np.ndarray
    organ: np.ndarray
    others: dict[str, np.ndarray]
    region: np.ndarray
    seed: int

    def rng(self, name: str) -> np.random.Generator:
        """Numbers at random that depend on the seed and on who asks alone.

        Parameters
        ----------
        name : str

        Returns
        -------
        numpy.random.Generator
        """
        return np.random.default_rng([self.seed, *name.encode()])


def phantom_scene(seed: int) -> Scene:
    """A slice of the phantom: another patient, size, level and noise for each seed.

    Parameters
    ----------
    seed : int

    Returns
    -------
    Scene
        Its organ is the liver.
    """
    rng = np.random.default_rng([seed, 13])
    pixel = float(rng.uniform(2.7, 3.2))
    ct, labels = make_phantom(seed, (3, SIZE, SIZE), (pixel, pixel, 12.0))
    level = int(rng.integers(3))
    masks = {name: labels.voxels[level] == value for name, value in PHANTOM_LABELS.items()}
    return _scene(ct.voxels[level], masks, "liver", seed)


def scan_scene(hu: np.ndarray, masks: dict[str, np.ndarray], organ: str, seed: int) -> Scene:
    """A slice of a real scan.

    Parameters
    ----------
    hu : ndarray, shape (H, W)
    masks : dict of str to ndarray of bool, shape (H, W)
        Organs of the slice by name, `organ` among them.
    organ : str
    seed : int
        Where something is planted in it.

    Returns
    -------
    Scene
        On `SIZE` pixels along its longer edge.

    Raises
    ------
    InputError
        If the organ is too small in this slice.
    """
    factor = SIZE / max(hu.shape)
    small = {name: ndimage.zoom(mask.astype(np.float32), factor, order=1) > 0.5 for name, mask in masks.items()}
    smooth = ndimage.gaussian_filter(hu.astype(np.float32), max(0.0, 0.4 / factor - 0.4))
    return _scene(ndimage.zoom(smooth, factor, order=1), small, organ, seed)


def scan_scenes(hu: np.ndarray, masks: dict[str, np.ndarray], organ: str) -> Callable[[int], Scene]:
    """The slices of a real scan in which something can be planted.

    Parameters
    ----------
    hu : ndarray, shape (Z, H, W)
    masks : dict of str to ndarray of bool, shape (Z, H, W)
        Organs by name, `organ` among them.
    organ : str

    Returns
    -------
    callable
        seed -> `Scene`: a slice at random, and where something is planted in it.

    Raises
    ------
    InputError
        If there is no such organ, or it is too small in every slice.
    """
    if organ not in masks:
        raise InputError(f"there is no {organ} in the labels; they hold {', '.join(sorted(masks))}")
    pixels = masks[organ].sum((1, 2)) * (SIZE / max(hu.shape[1:])) ** 2
    large = np.flatnonzero(pixels >= 2 * SMALLEST)  # with room for two pieces, of which one is taken
    if not len(large):
        raise InputError(f"the {organ} is too small in every slice; choose a larger organ")

    def scene(seed: int) -> Scene:
        z = int(np.random.default_rng([seed, 13]).choice(large))
        return scan_scene(hu[z], {name: mask[z] for name, mask in masks.items()}, organ, seed)

    return scene


def _scene(hu: np.ndarray, masks: dict[str, np.ndarray], organ: str, seed: int) -> Scene:
    mask = masks[organ]
    labels, count = ndimage.label(mask)
    if count:
        mask = labels == 1 + np.argmax(np.bincount(labels.ravel())[1:])
    if mask.sum() < SMALLEST:
        raise InputError(f"the {organ} has {mask.sum()} pixels in this slice; choose one with {SMALLEST} or more")
    low, high = WINDOW
    image = np.clip((hu - low) / (high - low), 0, 1).astype(np.float32)[None]
    others = {name: m & ~mask for name, m in masks.items() if name != organ and m.sum() >= 20}
    region = ndimage.distance_transform_edt(~mask) <= MARGIN
    return Scene(image, mask, others, region, seed)
