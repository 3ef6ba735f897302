"""Axes permuted and flipped: how an array on one grid lies on another whose axes lead along the same lines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_OPPOSITE = dict(zip("LRPASI", "RLAPIS"))


@dataclass(frozen=True)
class Turn:
    """A way to look at an array (Z, Y, X) along other axes; it never copies.

    Attributes
    ----------
    order : tuple of 3 ints
        For each axis of the result, the axis of the array that it is.
    flipped : tuple of 3 bools
        Which axes of the result run the other way.
    """

    order: tuple[int, int, int] = (0, 1, 2)
    flipped: tuple[bool, bool, bool] = (False, False, False)

    @classmethod
    def between(cls, current: str, wanted: str) -> Turn:
        """From axes that lead one way to axes that lead another.

        Parameters
        ----------
        current, wanted : str
            Where x, y and z lead, in DICOM's letters, such as "RAS" and "LPS".

        Returns
        -------
        Turn
        """
        order, flipped = [], []
        for letter in reversed(wanted):  # arrays have z first
            place = current.find(letter)
            flipped.append(place < 0)
            order.append(2 - (place if place >= 0 else current.index(_OPPOSITE[letter])))
        return cls(tuple(order), tuple(flipped))

    def __call__(self, array: np.ndarray) -> np.ndarray:
        """The array along the new axes, a view."""
        return array.transpose(self.order)[tuple(slice(None, None, -1 if f else 1) for f in self.flipped)]

    def shape(self, shape: tuple[int, ...]) -> tuple[int, int, int]:
        """The result's shape for an array.

        Parameters
        ----------
        shape : tuple of 3 ints
            The array's.

        Returns
        -------
        tuple of 3 ints
        """
        return tuple(shape[axis] for axis in self.order)

    @property
    def inverse(self) -> Turn:
        """The turn that leads back."""
        order = tuple(self.order.index(axis) for axis in range(3))
        return Turn(order, tuple(self.flipped[axis] for axis in order))

    def geometry(
        self,
        shape: tuple[int, ...],
        spacing: tuple[float, ...],
        origin: tuple[float, ...],
        direction: tuple[float, ...],
    ) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
        """Spacing, origin and direction of the result, for an array on a grid.

        Parameters
        ----------
        shape : tuple of 3 ints
            (Z, Y, X) of the array.
        spacing : tuple of 3 floats
            Along x, y, z, mm.
        origin : tuple of 3 floats
            Of voxel (0, 0, 0), mm.
        direction : tuple of 9 floats
            Row-major.

        Returns
        -------
        spacing, origin : tuple of 3 floats
        direction : tuple of 9 floats
        """
        columns, place = np.array(direction).reshape(3, 3).T, np.array(origin)
        spacings, turned = [], []
        for axis, flips in reversed(list(zip(self.order, self.flipped))):
            column = 2 - axis
            if flips:  # the grid begins at its other end
                place = place + columns[column] * spacing[column] * (shape[axis] - 1)
            spacings.append(float(spacing[column]))
            turned.append(-columns[column] if flips else columns[column])
        return tuple(spacings), tuple(float(v) for v in place), tuple(float(v) for v in np.array(turned).T.ravel())
