"""Superpixels as the features of a region."""

from __future__ import annotations

import numpy as np
import torch
from skimage.segmentation import felzenszwalb, slic
from torch import Tensor

from XAICLIPLib.attribution.features import Features
from XAICLIPLib.attribution.inputs import as_tensor
from XAICLIPLib.attribution.methods import OnSuperpixels
from XAICLIPLib.attribution.perturbations import bounding_box
from XAICLIPLib.errors import InputError
from XAICLIPLib.message import Message


def superpixels_of(image: Tensor, region: Tensor, settings: OnSuperpixels) -> Features:
    """The superpixels of an image (C, *S) that a non-empty region (*S) has a share of.

    Parameters
    ----------
    image : Tensor, shape (C, *S)
    region : Tensor, shape (*S), bool
    settings : OnSuperpixels
        In pixels of the image.

    Returns
    -------
    Features
    """
    inside = region.cpu().numpy()
    labels = superpixels(image.cpu().numpy(), settings, inside)
    kept = kept_superpixels(labels, inside, settings.min_overlap)
    warnings: tuple[str, ...] = ()
    if len(kept) == 0:
        kept = np.unique(labels[inside])
        warnings += (
            Message(
                "every superpixel lies less than {share:.0%} in the region; all that meet it are used",
                share=settings.min_overlap,
            ),
        )
    if len(kept) < 3:
        warnings += (
            Message(
                "the region holds only {count} superpixels; lower scale or min_size for a finer map",
                count=len(kept),
            ),
        )
    number = np.full(int(labels.max()) + 1, -1)
    number[kept] = np.arange(len(kept))
    details = {"superpixels": len(kept), "superpixels_in_image": int(len(np.unique(labels)))}
    return Features(len(kept), np.where(inside, number[labels], -1), warnings, details)


def superpixels(image: np.ndarray, settings: OnSuperpixels, region: np.ndarray | None = None) -> np.ndarray:
    """Label every pixel of an image (C, *S): int array (*S).

    A volume is divided in the box round its region (*S) alone; what lies outside has one label of its own.

    Parameters
    ----------
    image : ndarray, shape (C, *S)
    settings : OnSuperpixels
        In pixels of the image.
    region : ndarray, shape (*S), bool, optional

    Returns
    -------
    ndarray, shape (*S), int

    Raises
    ------
    InputError
        If superpixels were given that do not fit the image, or are no whole numbers.
    """
    if settings.segments is not None:
        given = as_tensor(settings.segments, "segments").cpu().numpy()
        if given.shape != image.shape[1:]:
            raise InputError(f"segments have shape {given.shape}; expected the image's {image.shape[1:]}")
        if given.dtype.kind == "f" and not np.array_equal(given, np.rint(given)):
            raise InputError("segments are numbers of superpixels, but these are no whole numbers")
        given = given.astype(np.int64)
        # numbers of any size and sign, in their order
        return given if 0 <= given.min() and given.max() < 2 * given.size else _renumbered(given)
    low, high = float(image.min()), float(image.max())
    unit = (image - low) / max(high - low, 1e-12)
    if image.ndim == 4:
        return _supervoxels(unit, settings, np.ones(image.shape[1:], bool) if region is None else region)
    return felzenszwalb(unit, scale=settings.scale, sigma=settings.sigma, min_size=settings.min_size, channel_axis=0)


def _renumbered(labels: np.ndarray) -> np.ndarray:
    return np.unique(labels, return_inverse=True)[1].reshape(labels.shape)


def _supervoxels(unit: np.ndarray, settings: OnSuperpixels, region: np.ndarray) -> np.ndarray:
    """SLIC (Achanta et al. 2012) in the region's box: int array (D, H, W).

    A linear model can't tell more supervoxels apart than it has samples, so there are four samples for each.
    """
    box = bounding_box(torch.as_tensor(region))
    voxels = max(8 * settings.min_size, 4 * int(region.sum()) / settings.samples)
    part = slic(
        unit[(slice(None), *box)],
        n_segments=max(2, round(region[box].size / voxels)),
        compactness=0.1,
        channel_axis=0,
        start_label=0,
    )
    labels = np.full(region.shape, int(part.max()) + 1)
    labels[box] = part
    return labels


def kept_superpixels(labels: np.ndarray, region: np.ndarray, min_overlap: float) -> np.ndarray:
    """Which superpixel labels have enough of their area inside the region, in ascending order.

    Parameters
    ----------
    labels : ndarray, shape (*S), int
    region : ndarray, shape (*S), bool
    min_overlap : float
        Share of a superpixel that has to lie inside.

    Returns
    -------
    ndarray of int
    """
    area = np.bincount(labels.ravel())
    inside = np.bincount(labels[region], minlength=len(area))
    return np.nonzero((inside > 0) & (inside >= min_overlap * area))[0]


def share_of_superpixels(image: Tensor, region: np.ndarray, settings: OnSuperpixels) -> float:
    """Of an image's superpixels, the share that a region has enough of.

    Parameters
    ----------
    image : Tensor, shape (C, *S)
    region : ndarray of bool, shape (*S)
    settings : OnSuperpixels
        In pixels of the image.

    Returns
    -------
    float
    """
    labels = superpixels(image.cpu().numpy(), settings)
    return len(kept_superpixels(labels, region, settings.min_overlap)) / len(np.unique(labels))
