"""From the image that a user has to the one that the model got, and back; kept with a record, without the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

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
    def _is_same(self) -> bool:
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
        steps = [np.diff(axis[np.isfinite(axis)]) for axis in self.axes]
        per_work = [float(np.median(np.abs(s))) if len(s) else 1.0 for s in steps]
        return tuple(f * n / w for f, n, w in zip(per_work, shape, self.work))

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
        if values.shape == self.shape and self._is_same:
            return np.where(self.evaluated, values, np.float32(0))
        weight = self._interpolated(known.astype(np.float32))
        return np.where(self.evaluated & (weight > SEEN), self._interpolated(values) / np.maximum(weight, SEEN), 0.0)

    def _interpolated(self, values: np.ndarray) -> np.ndarray:
        """Linear, axis by axis; 0 outside."""
        for number, (axis, work) in enumerate(zip(self.axes, self.work)):
            size = values.shape[number]
            place = (np.nan_to_num(axis) + 0.5) * size / work - 0.5
            low = np.clip(np.floor(place).astype(int), 0, size - 1)
            high = np.minimum(low + 1, size - 1)
            share = np.clip(place - low, 0, 1).astype(np.float32) * np.isfinite(axis)
            shape = [-1 if a == number else 1 for a in range(values.ndim)]
            kept = (np.isfinite(axis) - share).astype(np.float32).reshape(shape)
            values = kept * values.take(low, number) + share.astype(np.float32).reshape(shape) * values.take(
                high, number
            )
        return values
