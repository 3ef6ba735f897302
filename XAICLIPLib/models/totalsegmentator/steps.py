"""From a scan to what nnU-Net is given, step by step as TotalSegmentator does it: crop, RAS, spacing, whole numbers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Box = tuple[slice, slice, slice]


def whole_box(shape: Sequence[int]) -> Box:
    """All of a volume.

    Parameters
    ----------
    shape : sequence of 3 ints

    Returns
    -------
    tuple of 3 slices
    """
    z, y, x = (slice(0, int(n)) for n in shape)
    return z, y, x


def box_round(mask: np.ndarray, margin: float, spacing: Sequence[float]) -> Box | None:
    """The box round a mask.

    Parameters
    ----------
    mask : ndarray of bool, shape (Z, H, W)
    margin : float
        Round it, mm; whole voxels that fit in, cut off at the edges of the volume.
    spacing : sequence of 3 floats
        Edges of a voxel, mm, slices first.

    Returns
    -------
    tuple of 3 slices, or None
        None where the mask is empty.
    """
    box = []
    for axis, edge in enumerate(spacing):
        there = np.flatnonzero(mask.any(tuple(k for k in range(3) if k != axis)))
        if not len(there):
            return None
        more = int(margin / np.float32(edge))  # the header of a NIfTI file holds single precision
        box.append(slice(max(0, int(there[0]) - more), min(mask.shape[axis], int(there[-1]) + 1 + more)))
    return box[0], box[1], box[2]


def prepared_part(
    image: np.ndarray,
    box: Box | None,
    spacing: Sequence[float],
    target: Sequence[float] | None,
    order: int,
) -> tuple[np.ndarray, tuple[float, ...]]:
    """A part of a volume as nnU-Net is given it.

    Parameters
    ----------
    image : ndarray, shape (Z, H, W)
        In the scan's own values, on axial LPS axes.
    box : tuple of 3 slices, or None
        The part, whose values lose what is behind the point; None for a volume that is not cropped.
    spacing : sequence of 3 floats
        Edges of a voxel, mm, slices first.
    target : sequence of 3 floats, or None
        The spacing along x, y and z that it is brought to; resampled values lose what is behind the point too.
    order : int
        Of the spline.

    Returns
    -------
    part : ndarray of float32, shape (d, h, w)
        On axial LPS axes.
    spacing : tuple of 3 floats
        Its own, slices first.
    """
    from scipy import ndimage

    ras = np.flip(image if box is None else image[box], (1, 2)).transpose(2, 1, 0)
    if box is not None:
        ras = ras.astype(np.int32)
    edges = np.array(spacing[::-1], np.float32)
    if target is not None and not np.array_equal(edges, np.array(target)):
        zoomed = ndimage.zoom(ras.astype(np.float64), edges / np.array(target), mode="nearest", order=order)
        ras, edges = zoomed.astype(np.int32), np.array(target)
    part = np.flip(ras.transpose(2, 1, 0), (1, 2))
    return np.ascontiguousarray(part, np.float32), tuple(float(e) for e in edges[::-1])
