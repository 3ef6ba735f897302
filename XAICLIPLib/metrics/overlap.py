"""Overlap and distance of masks.

Masks have any number of dimensions: slices (H, W) or volumes (Z, Y, X). Spacing is in mm per array axis, in the
array's own order: ``(row, column)`` for a slice, ``(z, y, x)`` for a volume, which is ``Volume.spacing[::-1]``.

An overlap of two empty masks is nan, neither 1 nor 0: there was nothing to find, so such a slice must not raise or
lower a mean over slices (use ``np.nanmean``). One empty mask against a filled one is a plain 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import SupportsInt

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from XAICLIPLib.errors import InputError

_BOUNDARY_SHARE = 0.02  # of the image diagonal: the published width of Boundary IoU
_ROUNDING = 1e-6  # relative; a pixel exactly on the edge of a band belongs to it in spite of rounding


def as_masks(*arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    """The arrays as boolean masks of one shape.

    Parameters
    ----------
    *arrays : ndarray of bool or int

    Returns
    -------
    tuple of ndarray of bool

    Raises
    ------
    InputError
        If one holds grey values, which need a threshold first, or the shapes differ.
    """
    masks = tuple(np.asarray(array) for array in arrays)
    for mask in masks:
        if mask.dtype != bool and not np.issubdtype(mask.dtype, np.integer):
            raise InputError(f"a mask is boolean, this array is {mask.dtype}; compare it with a threshold first")
        if mask.shape != masks[0].shape:
            raise InputError(f"two masks differ in shape, {masks[0].shape} and {mask.shape}; bring them on one grid")
    return tuple(mask.astype(bool, copy=False) for mask in masks)


def _spacing(spacing: float | Sequence[float], dims: int) -> np.ndarray:
    steps = np.full(dims, spacing, float) if np.ndim(spacing) == 0 else np.asarray(spacing, float)
    if steps.shape != (dims,) or not (steps > 0).all():
        raise InputError(f"spacing {spacing} does not fit {dims} axes; give {dims} positive lengths in mm")
    return steps


def _box(mask: np.ndarray, margin: np.ndarray | int = 0) -> tuple[slice, ...]:
    """The bounding box of a mask that is not empty, grown by `margin` voxels per axis and cut at the image's edge."""
    margins = np.broadcast_to(margin, mask.ndim)
    (box,) = ndimage.find_objects(mask.astype(np.uint8))
    return tuple(slice(max(s.start - int(m), 0), s.stop + int(m)) for s, m in zip(box, margins))


def dice(a: np.ndarray, b: np.ndarray) -> float:
    """Dice coefficient 2·|a ∩ b| / (|a| + |b|); nan where both are empty.

    Parameters
    ----------
    a, b : ndarray of bool, one shape

    Returns
    -------
    float
        0 to 1; nan where both are empty.

    Raises
    ------
    InputError
        If the shapes differ or an array is no mask. So do all functions of this module.

    Examples
    --------
    >>> import numpy as np
    >>> dice(np.array([1, 1, 0, 0], bool), np.array([1, 0, 0, 0], bool))
    0.6666666666666666
    """
    a, b = as_masks(a, b)
    return share_of(2 * np.count_nonzero(a & b), np.count_nonzero(a) + np.count_nonzero(b))


def iou(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over union |a ∩ b| / |a ∪ b|.

    Parameters
    ----------
    a, b : ndarray of bool, one shape

    Returns
    -------
    float
        0 to 1; nan where both are empty.
    """
    a, b = as_masks(a, b)
    return share_of(np.count_nonzero(a & b), np.count_nonzero(a | b))


def boundary_band(mask: np.ndarray, width_mm: float, spacing: float | Sequence[float]) -> np.ndarray:
    """The pixels on both sides of a mask's border, up to `width_mm` away from it.

    The distance of a pixel is that of its centre to the nearest pixel centre of the other side, so the pixels at the
    border are one spacing away, and a width below the spacing gives an empty band. The image's edge is no border: an
    organ goes on where the scan ends.

    Parameters
    ----------
    mask : ndarray of bool
    width_mm : float
    spacing : float or sequence of floats
        mm per axis, in the array's order.

    Returns
    -------
    ndarray of bool, the mask's shape
    """
    (mask,) = as_masks(mask)
    steps = _spacing(spacing, mask.ndim)
    band = np.zeros(mask.shape, bool)
    if not mask.any():
        return band
    reach = width_mm * (1 + _ROUNDING)
    near = _box(mask, np.ceil(reach / steps))  # everything that can be in the band lies in here
    inside = mask[near]
    if inside.all():
        return band
    for side in (inside, ~inside):  # one after the other: of a volume the distances alone are eight bytes a voxel
        band[near] |= side & (ndimage.distance_transform_edt(side, sampling=steps) <= reach)
    return band


def _inner_band(mask: np.ndarray, width_mm: float, steps: np.ndarray) -> np.ndarray:
    """What a box of `width_mm` to every side takes off a mask; the image's edge is a border too."""
    band = np.zeros(mask.shape, bool)
    if mask.any():
        box = _box(mask)  # beyond it the mask is empty, as is what lies outside the image
        sides = 2 * np.floor(width_mm / steps * (1 + _ROUNDING)).astype(int) + 1
        band[box] = mask[box] & ~ndimage.minimum_filter(mask[box], size=sides, mode="constant", cval=False)
    return band


def boundary_iou(
    a: np.ndarray, b: np.ndarray, width_mm: float | None = None, spacing: float | Sequence[float] = 1.0
) -> float:
    """Boundary IoU (Cheng et al., CVPR 2021): IoU of the two masks' inner border bands; nan where both are empty.

    Unlike IoU it does not go up by itself with the size of an organ. The image's edge counts as a border.

    Parameters
    ----------
    a, b : ndarray of bool, one shape
    width_mm : float, optional
        Width of the bands, in whole pixels of each axis. Without it the published width: 2 % of the image diagonal,
        rounded to whole pixels of the finest axis, at least one.
    spacing : float or sequence of floats
        mm per axis, in the array's order.

    Returns
    -------
    float
        0 to 1; nan where both are empty.

    Notes
    -----
    The band is what an erosion by a box leaves out, as in the paper's own code (a 3 x 3 square, repeated), so that on
    square pixels the numbers are those of the published tool. On slanted borders it is wider than a Euclidean band.
    """
    a, b = as_masks(a, b)
    steps = _spacing(spacing, a.ndim)
    if width_mm is None:
        diagonal = float(np.linalg.norm(steps * a.shape))
        width_mm = max(1, round(_BOUNDARY_SHARE * diagonal / steps.min())) * float(steps.min())
    return iou(_inner_band(a, width_mm, steps), _inner_band(b, width_mm, steps))


def _surface(mask: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Positions (N, dims) in mm of the mask's surface voxels: those with a face on the outside or the image's edge."""
    box = _box(mask)
    inside = mask[box]
    corner = np.array([s.start for s in box])
    return (np.argwhere(inside & ~ndimage.binary_erosion(inside)) + corner) * steps


def hausdorff95(a: np.ndarray, b: np.ndarray, spacing: float | Sequence[float]) -> float:
    """The 95th percentile Hausdorff distance in mm, symmetric.

    The larger of the two directed 95th percentiles of the distances between surface voxels, as MONAI's
    ``compute_hausdorff_distance(percentile=95)`` has it, not the percentile of both sets pooled.

    Parameters
    ----------
    a, b : ndarray of bool, one shape
    spacing : float or sequence of floats
        mm per axis, in the array's order.

    Returns
    -------
    float
        mm; nan where a mask is empty, as there: without a surface there is no distance, and Dice says 0 where only one
        is empty.
    """
    a, b = as_masks(a, b)
    steps = _spacing(spacing, a.ndim)
    if not a.any() or not b.any():
        return float("nan")
    first, second = _surface(a, steps), _surface(b, steps)
    there, back = cKDTree(second).query(first)[0], cKDTree(first).query(second)[0]
    return float(max(np.percentile(there, 95), np.percentile(back, 95)))


def prediction_metrics(
    prediction: np.ndarray, reference: np.ndarray, spacing: float | Sequence[float]
) -> dict[str, float]:
    """How good a segmentation is: `dice`, `iou`, `boundary_iou` (published width) and `hd95_mm`.

    Parameters
    ----------
    prediction, reference : ndarray of bool, one shape
    spacing : float or sequence of floats
        mm per axis, in the array's order.

    Returns
    -------
    dict of str to float
        By these names, see `results.rows.measured`.
    """
    return {
        "dice": dice(prediction, reference),
        "iou": iou(prediction, reference),
        "boundary_iou": boundary_iou(prediction, reference, spacing=spacing),
        "hd95_mm": hausdorff95(prediction, reference, spacing),
    }


def share_of(part: SupportsInt, whole: SupportsInt) -> float:
    """A part of something.

    Parameters
    ----------
    part, whole : int
        Pixels.

    Returns
    -------
    float
        nan where there is nothing.
    """
    return int(part) / int(whole) if whole else float("nan")
