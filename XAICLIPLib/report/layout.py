"""How slices are laid out on a page: which part of them is shown, how large, and in how many columns."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from XAICLIPLib.errors import InputError

MARGIN_MM = 8.0  # of air left round the body


def visible_part(
    slices: Iterable[tuple[np.ndarray, Iterable[np.ndarray | None]]], spacing: tuple[float, float]
) -> tuple[slice, slice]:
    """The part of slices of one shape that is not air alone, with a margin.

    Parameters
    ----------
    slices : iterable of (image, masks)
        At least one: an image (H, W) in [0, 1], and the masks (H, W) that must be seen with it; None is no mask.
    spacing : tuple of 2 floats
        mm between rows and between columns.

    Returns
    -------
    tuple of 2 slices
        Rows and columns; everything where there is neither tissue nor mask.
    """
    held = np.zeros((0, 0), bool)
    for image, masks in slices:
        held = held if held.size else np.zeros(image.shape, bool)
        tissue = image > image.min() + 0.1
        # a row with a few bright pixels is noise, not the body
        held |= tissue & (tissue.mean(1, keepdims=True) > 0.01) & (tissue.mean(0, keepdims=True) > 0.01)
        for mask in masks:
            if mask is not None:
                held |= np.asarray(mask, bool)
    if not held.any():
        return slice(0, held.shape[0]), slice(0, held.shape[1])
    parts: list[slice] = []
    for axis, step in ((0, spacing[0]), (1, spacing[1])):
        places = np.flatnonzero(held.any(1 - axis))
        margin = math.ceil(MARGIN_MM / step)
        parts.append(slice(max(int(places[0]) - margin, 0), min(int(places[-1]) + 1 + margin, held.shape[axis])))
    return parts[0], parts[1]


def check_shapes(shape: tuple[int, ...], **arrays: np.ndarray | None) -> None:
    """Refuse arrays that are not of the slice's shape.

    Parameters
    ----------
    shape : tuple of int
        Of the image, which must be (H, W).
    **arrays : ndarray or None
        What belongs to it, by the name that a message gives it.

    Raises
    ------
    InputError
        Naming the array and both shapes.
    """
    if len(shape) != 2:
        raise InputError(f"a slice has 2 dimensions (H, W), this image has shape {shape}")
    for name, array in arrays.items():
        if array is not None and np.shape(array) != shape:
            raise InputError(f"the {name} of shape {np.shape(array)} does not fit the image of shape {shape}")


def extent_mm(part: tuple[slice, slice], spacing: tuple[float, float]) -> tuple[float, float]:
    """Width and height of a part of a slice.

    Parameters
    ----------
    part : tuple of 2 slices
        Rows and columns.
    spacing : tuple of 2 floats
        mm between rows and between columns.

    Returns
    -------
    tuple of 2 floats
        mm.
    """
    rows, columns = part
    return (columns.stop - columns.start) * spacing[1], (rows.stop - rows.start) * spacing[0]


def fitted(part: tuple[slice, slice], spacing: tuple[float, float], width: int) -> tuple[tuple[int, int], float]:
    """How large a part of a slice is drawn in a cell, with square millimetres.

    Parameters
    ----------
    part : tuple of 2 slices
        Rows and columns.
    spacing : tuple of 2 floats
        mm between rows and between columns.
    width : int
        Of the cell, px; a picture may be 1.2 times as tall.

    Returns
    -------
    size : tuple of 2 ints
        Width and height, px.
    mm_per_px : float
    """
    wide, tall = extent_mm(part, spacing)
    mm_per_px = max(wide / width, tall / (1.2 * width))  # a tall slice gets narrower, not endless
    return (max(1, round(wide / mm_per_px)), max(1, round(tall / mm_per_px))), mm_per_px


def tiling(count: int, aspect: float, room: int) -> tuple[int, int]:
    """How tiles are laid out so that the whole is near 3 : 2 with few empty places.

    Parameters
    ----------
    count : int
        How many tiles.
    aspect : float
        Height of a tile in units of its width.
    room : int
        Width that all columns may take, px.

    Returns
    -------
    columns : int
    width : int
        Of a tile, px.
    """

    def cost(columns: int) -> float:
        rows = math.ceil(count / columns)
        shape = columns / (rows * aspect) / 1.5
        return abs(math.log(shape)) + (rows * columns - count) / count

    columns = min(range(1, count + 1), key=cost)
    widest = 900 if count == 1 else 560
    # a tall slice is limited by its height instead
    return columns, int(max(16, min(widest, 720 / aspect, (room - 2 * (columns - 1)) / columns)))
