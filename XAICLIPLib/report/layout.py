"""How slices are laid out on a page: which part of them is shown, how large, and in how many columns."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from XAICLIPLib.errors import InputError

MARGIN_MM = 8.0  # of air left round the body


def visible_part(images: Iterable[np.ndarray], masks: Iterable[np.ndarray | None], spacing) -> tuple[slice, slice]:
    """The part of the slices that is not air alone, with a margin; it holds every mask. There is at least one image."""
    held = None
    for image in images:
        held = np.zeros(image.shape, bool) if held is None else held
        tissue = image > image.min() + 0.1
        # a row with a few bright pixels is noise, not the body
        held |= tissue & (tissue.mean(1, keepdims=True) > 0.01) & (tissue.mean(0, keepdims=True) > 0.01)
    for mask in masks:
        if mask is not None:
            held |= np.asarray(mask, bool)
    if not held.any():
        return slice(0, held.shape[0]), slice(0, held.shape[1])
    parts = []
    for axis, step in ((0, spacing[0]), (1, spacing[1])):
        places = np.flatnonzero(held.any(1 - axis))
        margin = math.ceil(MARGIN_MM / step)
        parts.append(slice(max(int(places[0]) - margin, 0), min(int(places[-1]) + 1 + margin, held.shape[axis])))
    return tuple(parts)


def check_shapes(shape: tuple[int, ...], **arrays: np.ndarray | None) -> None:
    """Refuse arrays that are not of the slice's shape (H, W), by name."""
    if len(shape) != 2:
        raise InputError(f"a slice has 2 dimensions (H, W), this image has shape {shape}")
    for name, array in arrays.items():
        if array is not None and np.shape(array) != shape:
            raise InputError(f"the {name} of shape {np.shape(array)} does not fit the image of shape {shape}")


def extent_mm(part: tuple[slice, slice], spacing: tuple[float, float]) -> tuple[float, float]:
    """Width and height of a part of a slice in mm."""
    rows, columns = part
    return (columns.stop - columns.start) * spacing[1], (rows.stop - rows.start) * spacing[0]


def tiling(count: int, aspect: float, room: int) -> tuple[int, int]:
    """How many columns, and how wide a tile, so that the whole is near 3 : 2 with few empty places."""

    def cost(columns: int) -> float:
        rows = math.ceil(count / columns)
        shape = columns / (rows * aspect) / 1.5
        return abs(math.log(shape)) + (rows * columns - count) / count

    columns = min(range(1, count + 1), key=cost)
    widest = 900 if count == 1 else 560
    # a tall slice is limited by its height instead
    return columns, int(max(16, min(widest, 720 / aspect, (room - 2 * (columns - 1)) / columns)))
