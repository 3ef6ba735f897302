"""Voxels that are kept slice by slice and only become one array where somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from XAICLIPLib.volume.turn import Turn


@dataclass(frozen=True, eq=False)
class SliceStack:
    """The voxels of a result: axial slices that can be had one at a time, zero where there is none.

    A result on a scan of 300 x 512 x 512 has half a dozen volumes of 315 MB as float32. What is written or drawn
    needs a slice at a time.

    Attributes
    ----------
    axial_shape : tuple of 3 ints
        (Z, H, W) of the axial grid.
    dtype : dtype
    slices : dict of int to callable
        Gives the slice z of the axial grid, (H, W).
    turn : Turn
        From the axial grid to the grid of the volume that these voxels are.
    """

    axial_shape: tuple[int, int, int]
    dtype: np.dtype
    slices: Mapping[int, Callable[[], np.ndarray]]
    turn: Turn = Turn()

    ndim = 3

    @property
    def shape(self) -> tuple[int, int, int]:
        """(Z, Y, X) on the volume's own grid."""
        return self.turn.shape(self.axial_shape)

    def turned(self, turn: Turn) -> SliceStack:
        """The same slices on another grid.

        Parameters
        ----------
        turn : Turn
            From the axial grid.

        Returns
        -------
        SliceStack
        """
        return replace(self, turn=turn)

    def axial_slice(self, z: int) -> np.ndarray:
        """A slice of the axial grid.

        Parameters
        ----------
        z : int

        Returns
        -------
        ndarray, shape (H, W)
            Zero where there is none.
        """
        if z in self.slices:
            return np.asarray(self.slices[z](), self.dtype)
        return np.zeros(self.axial_shape[1:], self.dtype)

    def array(self) -> np.ndarray:
        """All of it, (Z, Y, X) on the volume's own grid; made anew each time."""
        voxels = np.zeros(self.shape, self.dtype)
        axial = self.turn.inverse(voxels)
        for z, values in self.slices.items():
            axial[z] = values()
        return voxels

    def planes(self) -> Iterator[np.ndarray] | None:
        """The planes (Y, X) of the volume's own grid, first to last; None where those are not axial slices."""
        if self.turn.order[0] != 0:
            return None
        within = Turn(self.turn.order, (False, *self.turn.flipped[1:]))
        count = self.axial_shape[0]
        numbers = range(count - 1, -1, -1) if self.turn.flipped[0] else range(count)
        return (within(self.axial_slice(z)[None])[0] for z in numbers)


class Voxels:
    """The field `voxels` of a volume: an array, or a stack that becomes one whenever it is looked at."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_{name}"

    def __get__(self, volume, owner: type | None = None) -> np.ndarray:
        if volume is None:
            raise AttributeError("voxels have no default")  # so that the dataclass takes the field for one without
        kept = getattr(volume, self._name)
        return kept.array() if isinstance(kept, SliceStack) else kept

    def __set__(self, volume, voxels: np.ndarray | SliceStack) -> None:
        object.__setattr__(volume, self._name, voxels)


class AxialSlices:
    """Slices (H, W) that are made when they are asked for: ``slices[z]``."""

    def __init__(self, get: Callable[[int], np.ndarray]) -> None:
        self._get = get

    def __getitem__(self, z: int) -> np.ndarray:
        return self._get(z)


class Made(Sequence):
    """A sequence whose items are made when they are asked for, and again when they are asked for again."""

    def __init__(self, count: int, make: Callable[[int], object]) -> None:
        self._count, self._make = count, make

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: int) -> object:
        if not 0 <= place < self._count:
            raise IndexError(place)
        return self._make(place)
