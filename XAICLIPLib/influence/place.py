"""Which part of a drawing a question is about: a mask, a point, an island, what is missing, what is extra, the edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from XAICLIPLib.errors import InputError
from XAICLIPLib.influence.grid import ImageGrid, box_of
from XAICLIPLib.influence.record import TargetRecord

NAMED = ("drawn", "reference", "missing", "extra", "boundary")
BAND_MM = 5.0  # of the boundary, to either side


@dataclass(frozen=True)
class Point:
    """A point of the image and what lies around it.

    Attributes
    ----------
    at : tuple of float
        Along the image's axes (for a slice row and column), in pixels; the middle of a pixel is a whole number.
    radius : float
        In mm; in pixels where the image has no spacing.
    """

    at: tuple[float, ...]
    radius: float = 5.0


@dataclass(frozen=True)
class Island:
    """A connected part of what is drawn; 1 is the largest.

    Attributes
    ----------
    number : int
    """

    number: int = 1


Where = np.ndarray | str | Point | Island


def islands(drawn: np.ndarray) -> tuple[np.ndarray, int]:
    """The connected parts of a mask, the largest first.

    Parameters
    ----------
    drawn : ndarray, bool

    Returns
    -------
    labels : ndarray of int, same shape
        0 outside, 1 the largest, and so on.
    count : int
    """
    numbered = np.zeros(drawn.shape, np.int32)
    if not drawn.any():
        return numbered, 0
    box = box_of(drawn)  # of a large scan, an organ fills a small part
    labels, count = ndimage.label(drawn[box], ndimage.generate_binary_structure(drawn.ndim, 1))
    sizes = np.bincount(labels.ravel(), minlength=count + 1)[1:]
    rank = np.zeros(count + 1, np.int32)
    rank[1 + np.argsort(-sizes, kind="stable")] = np.arange(1, count + 1)
    numbered[box] = rank[labels]
    return numbered, count


def shares_of(where: Where, target: TargetRecord, grid: ImageGrid) -> np.ndarray:
    """How much of a place lies in each cell of an output.

    Parameters
    ----------
    where : ndarray of bool (*I), str, Point or Island
        Named places are "drawn", "reference", "missing", "extra" and "boundary".
    target : TargetRecord
    grid : ImageGrid

    Returns
    -------
    ndarray, shape (J,), float64
        In pixels of the image.

    Raises
    ------
    InputError
        If the place is empty, lies outside the image, has another shape, or is called something unknown.
    """
    cells = target.cells
    if isinstance(where, str) and where == "drawn" and cells.drawn.any():  # asked most, and known by whole cells
        shares = cells.sizes * cells.drawn / grid.pixels_per_pixel(target.prediction.shape)
    elif isinstance(where, (str, Island)):
        mask = _on_output(where, target, grid)
        shares = target.cells.shares(mask) / grid.pixels_per_pixel(mask.shape)
    else:
        mask = within(where, grid.shape, grid.spacing) if isinstance(where, Point) else _checked(where, grid)
        places = grid.places(mask, target.prediction.shape)
        shares = np.bincount(target.cells.number[places], minlength=len(target.cells)).astype(float)
    if not shares.any():
        raise InputError(f"{_called(where)} holds no pixel of what the model saw; ask about a place inside the scan")
    return shares


def _called(where: Where) -> str:
    if isinstance(where, Island):
        return f"island {where.number}"
    if isinstance(where, Point):
        return f"the point {', '.join(f'{v:g}' for v in where.at)}"
    return f"the part {where!r}" if isinstance(where, str) else "the mask"


def _on_output(where: str | Island, target: TargetRecord, grid: ImageGrid) -> np.ndarray:
    """A named place on the output's own grid, where it is exact."""
    drawn, reference = target.prediction, target.reference
    if isinstance(where, Island):
        labels, count = islands(drawn)
        if not 1 <= where.number <= count:
            there = f"it has {count}" if count else "nothing is drawn"
            raise InputError(f"there is no island {where.number} in the prediction; {there}, the largest is number 1")
        return labels == where.number
    if where not in NAMED:
        raise InputError(f"there is no place {where!r}; choose {', '.join(NAMED)}, a mask, a Point or an Island")
    if where in ("missing", "extra") and np.array_equal(drawn, reference):
        raise InputError(
            f"nothing is {where}: the prediction is the reference here. Without a reference it always is: give one, "
            "or ask about a mask or a point"
        )
    masks = {"drawn": drawn, "reference": reference, "missing": reference & ~drawn, "extra": drawn & ~reference}
    mask = masks[where] if where in masks else _boundary(drawn, grid)
    if not mask.any():
        raise InputError(f"{_called(where)} is empty in this slice; ask about another place or slice")
    return mask


def _boundary(drawn: np.ndarray, grid: ImageGrid) -> np.ndarray:
    """The band round the edge of what is drawn, on the output's grid."""
    edges = [s / f for s, f in zip(grid.spacing, grid.factors(drawn.shape))]  # of an output pixel, in mm
    inside = ndimage.distance_transform_edt(drawn, sampling=edges)
    outside = ndimage.distance_transform_edt(~drawn, sampling=edges)
    return (inside + outside <= BAND_MM) if drawn.any() else np.zeros_like(drawn)


def within(point: Point, shape: Sequence[int], spacing: Sequence[float]) -> np.ndarray:
    """The pixels round a point.

    Parameters
    ----------
    point : Point
    shape : sequence of int
        The image's, (*I).
    spacing : sequence of float
        mm.

    Returns
    -------
    ndarray, shape (*I), bool
        At least the pixel that holds the point.

    Raises
    ------
    InputError
        If the point lies outside the image.
    """
    if len(point.at) != len(shape) or not all(-0.5 <= p < n - 0.5 for p, n in zip(point.at, shape)):
        size = " x ".join(map(str, shape))
        raise InputError(f"{_called(point)} lies outside the image of {size} pixels; ask about a place inside it")
    near = [np.rint(p).astype(int) for p in point.at]
    steps = [(np.arange(n) - p) * s for n, p, s in zip(shape, point.at, spacing)]
    distance = sum(np.ix_(*(s**2 for s in steps)), start=np.zeros(1))
    mask = distance <= point.radius**2
    mask[tuple(near)] = True
    return mask


def _checked(mask: np.ndarray, grid: ImageGrid) -> np.ndarray:
    mask = np.asarray(mask)
    if mask.shape != grid.shape:
        size, wanted = (" x ".join(map(str, s)) for s in (mask.shape, grid.shape))
        raise InputError(f"the mask has {size} pixels and the image {wanted}; give one on the image's grid")
    if not (mask := mask > 0).any():
        raise InputError("the mask is empty; mark the place that the question is about")
    return mask
