"""Where the tiles of a sliding window lie, and which of them a change of the image reaches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from torch import Tensor

Place = tuple[slice, ...]


class TileGrid:
    """Tiles over an image.

    Parameters
    ----------
    places : sequence of tuples of slices
        Where they lie; together they cover the image.
    shape : tuple of int
        The image (*S).

    Attributes
    ----------
    places : list of tuples of slices
    whole : tuple of slices
        All of the image.
    """

    def __init__(self, places: Sequence[Place], shape: tuple[int, ...]) -> None:
        self.places = list(places)
        self._starts = np.array([[s.start for s in place] for place in self.places])
        self._stops = np.array([[s.stop for s in place] for place in self.places])
        self.whole: Place = tuple(slice(0, n) for n in shape)

    def __len__(self) -> int:
        return len(self.places)

    def reached(self, box: Place) -> tuple[int, ...]:
        """The numbers of the tiles that share a pixel with a box, ascending.

        Parameters
        ----------
        box : tuple of slices

        Returns
        -------
        tuple of int
        """
        starts, stops = np.array([[s.start for s in box], [s.stop for s in box]])
        meets = (np.maximum(self._starts, starts) < np.minimum(self._stops, stops)).all(1)
        return tuple(np.flatnonzero(meets).tolist())

    def box_of(self, numbers: Sequence[int]) -> Place:
        """The smallest box round some tiles.

        Parameters
        ----------
        numbers : sequence of int
            At least one.

        Returns
        -------
        tuple of slices
        """
        places = [self.places[t] for t in numbers]
        return tuple(slice(min(s.start for s in axis), max(s.stop for s in axis)) for axis in zip(*places))


def meet(a: Place, b: Place) -> Place | None:
    """What two boxes share.

    Parameters
    ----------
    a, b : tuple of slices

    Returns
    -------
    tuple of slices, or None
    """
    shared = tuple(slice(max(x.start, y.start), min(x.stop, y.stop)) for x, y in zip(a, b))
    return shared if all(s.start < s.stop for s in shared) else None


def within(part: Place, box: Place) -> Place:
    """A part of a box, told from where the box begins.

    Parameters
    ----------
    part, box : tuple of slices

    Returns
    -------
    tuple of slices
    """
    return tuple(slice(p.start - b.start, p.stop - b.start) for p, b in zip(part, box))


def hull(mask: Tensor) -> Place | None:
    """The smallest box round the true elements of a mask.

    Parameters
    ----------
    mask : Tensor of bool

    Returns
    -------
    tuple of slices, or None
        None where there are none.
    """
    box = []
    for axis in range(mask.dim()):
        others = [d for d in range(mask.dim()) if d != axis]
        there = mask.any(others).nonzero() if others else mask.nonzero()
        if not len(there):
            return None
        box.append(slice(int(there[0]), int(there[-1]) + 1))
    return tuple(box)
