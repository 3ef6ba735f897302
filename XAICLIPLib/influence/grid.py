"""From the image that a user has to the one that the model got, and back; kept with a record, without the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

SEEN = 1e-3  # weight of what was evaluated below which a pixel of the image counts as not evaluated


@dataclass(frozen=True, eq=False)
class ImageGrid:
    """Where each pixel of an image lies on the model's grid; the axes are parallel.

    Attributes
    ----------
    evaluated : ndarray, shape (*I), bool
        Where the image may say something: the region.
    axes : tuple of ndarray
        Along each axis of the image, the place on the model's image in its pixels, float64; nan outside it.
    work : tuple of int
        The model's image, (*S).
    spacing : tuple of float
        Edges of the image's pixels, in mm; ones where there is no unit.
    """

    evaluated: np.ndarray
    axes: tuple[np.ndarray, ...]
    work: tuple[int, ...]
    spacing: tuple[float, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """The image's, (*I)."""
        return self.evaluated.shape

    @cached_property
    def is_same(self) -> bool:
        """Whether the image is the one that the model got."""
        return all(np.array_equal(a, np.arange(n)) for a, n in zip(self.axes, self.work)) and self.shape == self.work

    @classmethod
    def same(cls, region: np.ndarray, spacing: Sequence[float] | None = None) -> ImageGrid:
        """The grid of an image that is the model's own.

        Parameters
        ----------
        region : ndarray, shape (*S), bool
        spacing : sequence of float, optional
            mm; one per axis.

        Returns
        -------
        ImageGrid
        """
        axes = tuple(np.arange(n, dtype=float) for n in region.shape)
        return cls(region, axes, region.shape, tuple(spacing or (1.0,) * region.ndim))

    @classmethod
    def of(
        cls,
        to_image: Callable[[np.ndarray], np.ndarray],
        work: Sequence[int],
        evaluated: np.ndarray,
        spacing: Sequence[float],
    ) -> ImageGrid:
        """The grid that a model's own way back to the image says.

        Parameters
        ----------
        to_image : callable
            (N, *S) -> (N, *I), linear: a `Grid`'s `to_slice`.
        work : sequence of int
            (*S).
        evaluated : ndarray, shape (*I), bool
        spacing : sequence of float
            mm.

        Returns
        -------
        ImageGrid
        """
        work = tuple(int(n) for n in work)
        ramps = np.stack(np.meshgrid(*(np.arange(n, dtype=np.float32) for n in work), indexing="ij"))
        back = to_image(np.concatenate([ramps, np.ones((1, *work), np.float32)]))
        *places, covered = back
        axes = []
        for axis, place in enumerate(places):
            others = tuple(a for a in range(place.ndim) if a != axis)
            inside = covered > 0.5
            known = np.where(inside, place, 0).sum(others) / np.maximum(inside.sum(others), 1)
            axes.append(np.where(inside.any(others), known, np.nan))
        return cls(evaluated, tuple(axes), work, tuple(float(s) for s in spacing))

    def factors(self, shape: Sequence[int]) -> tuple[float, ...]:
        """Pixels of a grid with the model's field of view per pixel of the image, along each axis.

        Parameters
        ----------
        shape : sequence of int
            That grid's.

        Returns
        -------
        tuple of float
        """
        return tuple(f * n / w for f, n, w in zip(self._steps, shape, self.work))

    @cached_property
    def _steps(self) -> list[float]:
        """Pixels of the model's image per pixel of the image, along each axis."""
        steps = [np.diff(axis[np.isfinite(axis)]) for axis in self.axes]
        return [float(np.median(np.abs(s))) if len(s) else 1.0 for s in steps]

    def pixels_per_pixel(self, shape: Sequence[int]) -> float:
        """How many pixels of such a grid make up one of the image.

        Parameters
        ----------
        shape : sequence of int

        Returns
        -------
        float
        """
        return float(np.prod(self.factors(shape)))

    def places(self, mask: np.ndarray, shape: Sequence[int]) -> tuple[np.ndarray, ...]:
        """The pixels of a grid with the model's field of view in which the pixels of a mask lie.

        Parameters
        ----------
        mask : ndarray, shape (*I), bool
        shape : sequence of int
            That grid's: the model's image, or its output.

        Returns
        -------
        tuple of ndarray of int
            One index per axis and pixel of the mask; those outside are left out.
        """
        along = []
        for index, axis, work, size in zip(np.nonzero(mask), self.axes, self.work, shape):
            along.append((axis[index] + 0.5) * size / work - 0.5)
        place = np.stack(along)
        inside = np.isfinite(place).all(0)
        rounded = np.rint(place[:, inside]).astype(int)
        return tuple(np.clip(p, 0, n - 1) for p, n in zip(rounded, shape))

    def to_image(self, values: np.ndarray, known: np.ndarray) -> np.ndarray:
        """A map on the image, 0 where nothing is known of it.

        Known values are interpolated and divided by the interpolated weight of what is known, so that the map keeps
        its height to the edge of what was evaluated.

        Parameters
        ----------
        values : ndarray, shape (*S) or (*S')
            A map on the model's image or on its output.
        known : ndarray, same shape, bool
            Where it says something.

        Returns
        -------
        ndarray, shape (*I), float32
        """
        values = np.where(known, values, np.float32(0)).astype(np.float32, copy=False)
        if values.shape == self.shape and self.is_same:
            return np.where(self.evaluated, values, np.float32(0))
        weight = self._interpolated(known.astype(np.float32))
        return np.where(self.evaluated & (weight > SEEN), self._interpolated(values) / np.maximum(weight, SEEN), 0.0)

    def to_image_weight(self, known: np.ndarray) -> np.ndarray:
        """How much of each pixel of the image is known.

        Parameters
        ----------
        known : ndarray, shape (*S) or (*S'), bool

        Returns
        -------
        ndarray, shape (*I), float32
            0 to 1.
        """
        known = known.astype(np.float32)
        return known if known.shape == self.shape and self.is_same else self._interpolated(known)

    def _interpolated(self, values: np.ndarray) -> np.ndarray:
        """Linear, axis by axis; 0 outside."""
        for number, size in enumerate(values.shape):
            values = along_axis(self.matrix(number, size), values, number)
        return values

    def matrix(self, number: int, size: int) -> sparse.csr_matrix:
        """Linear interpolation along one axis.

        Parameters
        ----------
        number : int
            Of the axis.
        size : int
            Pixels along it of a grid with the model's field of view.

        Returns
        -------
        csr_matrix, shape (pixels of the image along the axis, size), float32
            Rows of pixels that the model did not get are empty.
        """
        axis = self.axes[number]
        place = (np.nan_to_num(axis) + 0.5) * size / self.work[number] - 0.5
        low = np.clip(np.floor(place).astype(int), 0, size - 1)
        high = np.minimum(low + 1, size - 1)
        share = np.clip(place - low, 0, 1).astype(np.float32) * np.isfinite(axis)
        weights = np.stack([(np.isfinite(axis) - share).astype(np.float32), share.astype(np.float32)], 1)
        columns = np.stack([low, high], 1)
        starts = np.arange(0, columns.size + 1, 2)
        return sparse.csr_matrix((weights.ravel(), columns.ravel(), starts), (len(axis), size))


class OnImage:
    """`ImageGrid.to_image` for many maps that are known at the same pixels: what does not depend on the values is kept.

    Parameters
    ----------
    grid : ImageGrid
    hull : tuple of slice
        The box of the model's image in which all values lie.
    known : ndarray, shape (*S), bool
        Where they say something, on the model's image.

    Attributes
    ----------
    box : tuple of slice
        Of the image, that holds all that is not 0.
    """

    def __init__(self, grid: ImageGrid, hull: tuple[slice, ...], known: np.ndarray) -> None:
        weight = grid.to_image_weight(known)
        shown = grid.evaluated & (weight > SEEN)
        self.box = box_of(shown)
        weight = weight[self.box]
        self._factor = np.where(shown[self.box], 1 / np.maximum(weight, SEEN), 0).astype(np.float32)
        self._matrices = None
        if not grid.is_same:
            matrices = (grid.matrix(axis, size) for axis, size in enumerate(known.shape))
            self._matrices = [m[b][:, h].tocsr() for m, b, h in zip(matrices, self.box, hull)]
        self._inside = tuple(slice(b.start - h.start, b.stop - h.start) for b, h in zip(self.box, hull))

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """A map on the image, cut to `box`.

        Parameters
        ----------
        values : ndarray
            In the hull; 0 where nothing is known.

        Returns
        -------
        ndarray, float32
        """
        if self._matrices is None:
            return values[self._inside] * self._factor
        for axis, matrix in enumerate(self._matrices):
            values = along_axis(matrix, values, axis)
        return values * self._factor


def along_axis(matrix: sparse.csr_matrix, values: np.ndarray, axis: int) -> np.ndarray:
    """Multiply one axis of an array by a matrix.

    Parameters
    ----------
    matrix : csr_matrix, shape (M, N)
    values : ndarray
        N along the axis.
    axis : int

    Returns
    -------
    ndarray
        M along the axis.
    """
    first = np.moveaxis(values, axis, 0)
    out = matrix @ np.ascontiguousarray(first.reshape(first.shape[0], -1))
    return np.moveaxis(out.reshape(-1, *first.shape[1:]), 0, axis)


def box_of(mask: np.ndarray) -> tuple[slice, ...]:
    """The box that holds a mask.

    Parameters
    ----------
    mask : ndarray, bool

    Returns
    -------
    tuple of slice
        Empty ones for an empty mask.
    """
    spans = []
    for axis in range(mask.ndim):
        held = np.flatnonzero(mask.any(tuple(a for a in range(mask.ndim) if a != axis)))
        spans.append(slice(int(held[0]), int(held[-1]) + 1) if len(held) else slice(0, 0))
    return tuple(spans)
