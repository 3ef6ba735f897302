"""What was hidden: the places of an image whose influence is known, as boxes or as the parts of a label image."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Protocol

import numpy as np
from scipy import sparse

from XAICLIPLib.influence.grid import box_of

MOST_COMBINED = 20  # combinations of the spans along the axes per window; a grid of windows has about one


class Sources(Protocol):
    """The places that were hidden one at a time, F of them, on the image that the model gets (*S)."""

    def __len__(self) -> int: ...

    @property
    def shape(self) -> tuple[int, ...]:
        """The image's, (*S)."""

    @property
    def hull(self) -> tuple[slice, ...]:
        """The box of the image that holds all places."""

    def spread_in_hull(self, values: np.ndarray) -> np.ndarray:
        """`spread`, cut to the hull: all of it that is not 0.

        Parameters
        ----------
        values : ndarray, shape (F,)

        Returns
        -------
        ndarray, float32
        """
        ...

    def spread(self, values: np.ndarray) -> np.ndarray:
        """Values of places as a map.

        Parameters
        ----------
        values : ndarray, shape (F,)

        Returns
        -------
        ndarray, shape (*S), float32
            At each pixel the mean of the places that hold it, 0 where there is none.
        """
        ...

    def covered(self) -> np.ndarray:
        """Which pixels any place holds: (*S), bool."""
        ...

    def overlap(self, mask: np.ndarray) -> np.ndarray:
        """Which share of each place lies in a mask.

        Parameters
        ----------
        mask : ndarray, shape (*S), bool

        Returns
        -------
        ndarray, shape (F,), float64
            0 to 1.
        """
        ...

    def mask(self, place: int) -> np.ndarray:
        """What one place hides.

        Parameters
        ----------
        place : int
            0 to F − 1.

        Returns
        -------
        ndarray, shape (*S), bool
        """
        ...

    def in_cells(self, number: np.ndarray, count: int) -> sparse.csr_matrix:
        """How many pixels of each place lie in each cell.

        Parameters
        ----------
        number : ndarray, shape (*S), int
            The cell of each pixel.
        count : int
            Cells, J.

        Returns
        -------
        csr_matrix, shape (F, J)
        """
        ...


@dataclass(frozen=True, eq=False)
class BoxSources:
    """Boxes, one hidden at a time, and the windows of the scan that each stands for.

    Attributes
    ----------
    shape : tuple of int
        The image's, (*S).
    region : ndarray, shape (*S), bool
        Nothing outside it was hidden.
    boxes : ndarray, shape (F, D, 2), int32
        Start and stop along each axis.
    windows : ndarray, shape (W, D, 2), int32
        The patches whose mean a map is.
    combined : csr_matrix, shape (W, F)
        How the value of each window follows from those of the boxes: several windows can have the same box, some change
        nothing, and some were interpolated.
    """

    names: ClassVar[tuple[str, ...]] = ()  # boxes are called nothing
    shape: tuple[int, ...]
    region: np.ndarray
    boxes: np.ndarray
    windows: np.ndarray
    combined: sparse.csr_matrix

    def __len__(self) -> int:
        return len(self.boxes)

    @cached_property
    def hull(self) -> tuple[slice, ...]:
        """See `Sources`."""
        if not len(self.windows):
            return tuple(slice(0, 0) for _ in self.shape)
        low, high = self.windows[..., 0].min(0), self.windows[..., 1].max(0)
        return tuple(slice(int(a), int(b)) for a, b in zip(low, high))

    @cached_property
    def _corners(self) -> tuple[np.ndarray, np.ndarray]:
        """The flat places, in the hull enlarged by one, of all corners of all windows, and their signs."""
        offset = np.array([s.start for s in self.hull])[:, None]
        shape = tuple(s.stop - s.start + 1 for s in self.hull)
        places, signs = [], []
        for corner in np.ndindex(*(2,) * len(shape)):
            at = np.stack([self.windows[:, axis, side] for axis, side in enumerate(corner)]) - offset
            places.append(np.ravel_multi_index(tuple(at), shape))
            signs.append((-1.0) ** sum(corner))
        return np.stack(places), np.array(signs)

    @cached_property
    def _rows(self) -> tuple[list[np.ndarray], np.ndarray] | None:
        """Along each axis which pixels of the hull (columns) the different spans of windows (rows) hold, and the flat
        place of each window among the combinations of spans; None where there are many more of these than windows."""
        spans, held = [], []
        for axis, side in enumerate(self.hull):
            different, number = np.unique(self.windows[:, axis], axis=0, return_inverse=True)
            place = np.arange(side.start, side.stop)
            held.append(((place >= different[:, :1]) & (place < different[:, 1:])).astype(float))
            spans.append(number.ravel())
        counts = [len(h) for h in held]
        if np.prod(counts, dtype=float) > MOST_COMBINED * max(len(self.windows), 1000):
            return None
        return held, np.ravel_multi_index(tuple(spans), counts)

    def _sums(self, values: np.ndarray) -> np.ndarray:
        """The sum of the values (W,) of all windows over each pixel of the hull."""
        if self._rows is None:
            return self._sums_by_corners(values)
        held, places = self._rows
        counts = [len(h) for h in held]
        sums = np.bincount(places, values, int(np.prod(counts))).reshape(counts)
        for axis, rows in enumerate(held):
            sums = np.moveaxis(np.tensordot(rows, sums, (0, axis)), 0, axis)
        return sums

    def _sums_by_corners(self, values: np.ndarray) -> np.ndarray:
        """The same from the windows' corners, summed along the axes: for windows that lie anywhere."""
        places, signs = self._corners
        shape = tuple(s.stop - s.start + 1 for s in self.hull)
        weights = (signs[:, None] * values).ravel()
        sums = np.bincount(places.ravel(), weights, int(np.prod(shape))).reshape(shape)
        for axis in range(len(shape)):
            np.cumsum(sums, axis, out=sums)
        return sums[tuple(slice(n - 1) for n in shape)]

    @cached_property
    def _weight(self) -> np.ndarray:
        """One over the number of windows that hold a pixel of the hull, in the region; 0 elsewhere."""
        count = np.rint(self._sums(np.ones(len(self.windows))))
        return np.where(self.region[self.hull] & (count > 0), 1 / np.maximum(count, 1), 0.0)

    def spread_in_hull(self, values: np.ndarray) -> np.ndarray:
        """See `Sources`."""
        return (self._sums(self.combined @ values) * self._weight).astype(np.float32)

    def spread(self, values: np.ndarray) -> np.ndarray:
        """See `Sources`."""
        out = np.zeros(self.shape, np.float32)
        out[self.hull] = self.spread_in_hull(values)
        return out

    @cached_property
    def _covered(self) -> np.ndarray:
        out = np.zeros(self.shape, bool)
        out[self.hull] = self._weight > 0
        return out

    def covered(self) -> np.ndarray:
        """See `Sources`."""
        return self._covered

    def mask(self, place: int) -> np.ndarray:
        """See `Sources`."""
        out = np.zeros(self.shape, bool)
        at = tuple(slice(*span) for span in self.boxes[place].tolist())
        out[at] = self.region[at]
        return out

    def overlap(self, mask: np.ndarray) -> np.ndarray:
        """See `Sources`."""
        inside, all_of_it = (self._counts(m) for m in (mask & self.region, self.region))
        return np.divide(inside, all_of_it, out=np.zeros(len(self)), where=all_of_it > 0)

    def _counts(self, mask: np.ndarray) -> np.ndarray:
        """How many pixels of a mask lie in each box, (F,)."""
        sums = np.zeros(tuple(n + 1 for n in self.shape))
        sums[(slice(1, None),) * mask.ndim] = mask
        for axis in range(mask.ndim):
            np.cumsum(sums, axis, out=sums)
        total = np.zeros(len(self))
        for corner in np.ndindex(*(2,) * mask.ndim):
            at = tuple(self.boxes[:, axis, side] for axis, side in enumerate(corner))
            total += sums[at] * (-1) ** (mask.ndim - sum(corner))
        return np.rint(total)

    def in_cells(self, number: np.ndarray, count: int) -> sparse.csr_matrix:
        """See `Sources`."""
        rows, columns = [np.zeros(0, int)], [np.zeros(0, int)]
        for place, box in enumerate(self.boxes):
            at = tuple(slice(*span) for span in box)
            hidden = number[at][self.region[at]]
            rows.append(np.full(hidden.size, place))
            columns.append(hidden)
        where = (np.concatenate(rows), np.concatenate(columns))
        return sparse.coo_matrix((np.ones(len(where[0])), where), (len(self), count)).tocsr()


@dataclass(frozen=True, eq=False)
class PartSources:
    """The parts of a label image: superpixels, cells of a grid, or organs.

    Attributes
    ----------
    number : ndarray, shape (*S), int32
        The part each pixel belongs to; −1 for the pixels of none.
    count : int
        How many there are, F.
    names : tuple of str
        What they are called, if they are anything.
    """

    number: np.ndarray
    count: int
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return self.count

    @property
    def shape(self) -> tuple[int, ...]:
        """The image's, (*S)."""
        return self.number.shape

    @cached_property
    def hull(self) -> tuple[slice, ...]:
        """See `Sources`."""
        return box_of(self.number >= 0)

    def spread_in_hull(self, values: np.ndarray) -> np.ndarray:
        """See `Sources`."""
        return np.append(values, 0.0).astype(np.float32)[self.number[self.hull]]

    def spread(self, values: np.ndarray) -> np.ndarray:
        """See `Sources`."""
        return np.append(values, 0.0).astype(np.float32)[self.number]

    def covered(self) -> np.ndarray:
        """See `Sources`."""
        return self.number >= 0

    def mask(self, place: int) -> np.ndarray:
        """See `Sources`."""
        return self.number == place

    def overlap(self, mask: np.ndarray) -> np.ndarray:
        """See `Sources`."""
        inside, all_of_it = (
            np.bincount(self.number[m & self.covered()], minlength=self.count) for m in (mask, np.ones_like(mask))
        )
        return np.divide(inside, all_of_it, out=np.zeros(self.count), where=all_of_it > 0)

    def in_cells(self, number: np.ndarray, count: int) -> sparse.csr_matrix:
        """See `Sources`."""
        held = self.covered()
        pair = (self.number[held], number[held])
        return sparse.coo_matrix((np.ones(len(pair[0])), pair), (self.count, count)).tocsr()
