"""The axes that a model sees, told by those of an axial scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor

from XAICLIPLib.errors import InputError
from XAICLIPLib.models.base import Grid

AXIAL = "SPL"  # where the slices, rows and columns of an axial scan lead to
SAME_AXIS = ("SI", "PA", "LR")
ORDER = "zyx"  # of the axes of an axial array, told by those of a scan in LPS
FILE = "file"  # orientation: as the scan's file stores it


@dataclass(frozen=True)
class Axes:
    """The axes of a model, told by those of an axial scan.

    A model knows the left and right of the arrays that it learned from, and those lay as some program reads files:
    MONAI and nibabel have x first and mostly RAS, SimpleITK and nnU-Net have z first and the file's own orientation.
    XAICLIP turns every scan to axial LPS order. Nothing is resampled on the way to the model and back.

    Attributes
    ----------
    order : tuple of ints
        For each of the model's axes, the axis of the axial array.
    flipped : tuple of bool
        Whether it runs the other way.
    """

    order: tuple[int, ...]
    flipped: tuple[bool, ...]

    @classmethod
    def of(cls, code: str, transpose: Sequence[int]) -> Axes:
        """From an orientation and nnU-Net's order of axes.

        Parameters
        ----------
        code : str
            Where x, y and z lead to, three of DICOM's letters, such as "LPS".
        transpose : sequence of 3 ints
            nnU-Net's `transpose_forward`: 0 is z, 2 is x.

        Returns
        -------
        Axes
        """
        return cls.of_letters([code[::-1][axis] for axis in transpose])

    @classmethod
    def of_letters(cls, letters: Sequence[str]) -> Axes:
        """From where each of the model's axes leads to, such as S, P, L.

        Parameters
        ----------
        letters : sequence of str
            One of S, I, P, A, L, R per axis, in the model's order; no two of the same pair.

        Returns
        -------
        Axes
            Told by those of an axial volume (Z, H, W).
        """
        order = [next(k for k, pair in enumerate(SAME_AXIS) if letter in pair) for letter in letters]
        return cls(tuple(order), tuple(letter != AXIAL[k] for letter, k in zip(letters, order)))

    @classmethod
    def declared(cls, orientation: str | None, axes: str | None, dims: int, file: str = "LPS") -> Axes:
        """From what is said of a model.

        Parameters
        ----------
        orientation : str, optional
            Where x, y and z lead to, "LPS" by default; "file" is that of the scan's file. Two letters do for slices.
        axes : str, optional
            The order of a model's axes after batch and channels; "zyx" by default, "yx" for slices.
        dims : int
            2: slices, 3: volumes.
        file : str
            The orientation of the scan's file.

        Returns
        -------
        Axes
            `dims` of them: for slices, the axial array has rows and columns alone.

        Raises
        ------
        InputError
            If they say no such thing, or a model of slices would look at others than axial ones.
        """
        code = (orientation or "LPS").upper()
        if code == FILE.upper():
            code = file
        order = (axes or ORDER[-dims:]).lower()
        if sorted(order) != sorted(ORDER[-dims:]):
            choices = '"yx" (rows first) or "xy"' if dims == 2 else '"zyx" (slices first) or "xyz"'
            raise InputError(f"axes is {axes!r}; for a model of {dims} dimensions write {choices}")
        if len(code) not in (dims, 3) or sorted(_pairs(code)) != sorted(SAME_AXIS[3 - len(code) :]):
            raise InputError(
                f'orientation is {orientation!r}; write where x, y and z lead to, such as "RAS" or "LPS", or "file" '
                "for a model that takes every scan as its file stores it"
            )
        if dims == 2 and "SI" in _pairs(code[:2]):
            raise InputError(
                f"a model of slices whose x, y and z lead to {code} does not look at axial slices, and XAICLIP "
                "explains "
                "those"
            )
        found = cls.of_letters([code["xyz".index(axis)] for axis in order])
        shift = 3 - dims  # a slice has no axis of slices
        return cls(tuple(k - shift for k in found.order), found.flipped)

    @property
    def same(self) -> bool:
        """Whether they are those of the axial array."""
        return self.order == tuple(range(len(self.order))) and not any(self.flipped)

    @property
    def named(self) -> tuple[str, str]:
        """`orientation` and `axes` that declare them."""
        shift = 3 - len(self.order)
        axes = "".join(ORDER[k + shift] for k in self.order)
        ends = {
            ORDER[k + shift]: SAME_AXIS[k + shift].replace(AXIAL[k + shift], "") if flip else AXIAL[k + shift]
            for k, flip in zip(self.order, self.flipped)
        }
        return "".join(ends.get(axis, "S") for axis in "xyz"), axes

    def to_network(self, array: Any) -> Any:
        """An array on the model's axes; nothing is copied where that can be done without.

        Parameters
        ----------
        array : Tensor or ndarray, shape (..., *axial)
            With as many axes at the end as these, for example (Z, H, W).

        Returns
        -------
        Tensor or ndarray, shape (..., *the model's)
            Of the same kind.
        """
        lead = array.ndim - len(self.order)
        turned = _permuted(array, (*range(lead), *(lead + k for k in self.order)))
        return _flipped(turned, [lead + k for k, flip in enumerate(self.flipped) if flip])

    def to_axial(self, array: Any) -> Any:
        """Undo `to_network`.

        Parameters
        ----------
        array : Tensor or ndarray, shape (..., *the model's)

        Returns
        -------
        Tensor or ndarray, shape (..., *axial)
            Of the same kind.
        """
        lead = array.ndim - len(self.order)
        turned = _flipped(array, [lead + k for k, flip in enumerate(self.flipped) if flip])
        return _permuted(turned, (*range(lead), *(lead + self.order.index(k) for k in range(len(self.order)))))

    def sorted(self, values: Sequence[float]) -> list[float]:
        """One value per axial axis, in the order of the model's axes.

        Parameters
        ----------
        values : sequence of floats
            Of (slices, rows, columns), or of (rows, columns); a spacing in mm, for example.

        Returns
        -------
        list of floats
        """
        return [values[k] for k in self.order]

    def unsorted(self, values: Sequence[float]) -> list[float]:
        """One value per axis of the model, in the order of the axial array.

        Parameters
        ----------
        values : sequence of floats
            As `sorted` gives them.

        Returns
        -------
        list of floats
            Of (slices, rows, columns), or of (rows, columns).
        """
        return [values[self.order.index(k)] for k in range(len(self.order))]


@dataclass(frozen=True)
class TurnedGrid:
    """The work grid of a model with axes of its own, told on axial axes.

    Attributes
    ----------
    axes : Axes
    inner : Grid
        On the model's axes.
    """

    axes: Axes
    inner: Grid

    @property
    def scale(self) -> tuple[float, ...]:
        """Work pixels per pixel of the scan, along the axes of the axial array."""
        return tuple(self.axes.unsorted(self.inner.scale))

    def mask_to_work(self, mask: np.ndarray) -> np.ndarray:
        """See `Grid.mask_to_work`; both are on axial axes."""
        return np.ascontiguousarray(self.axes.to_axial(self.inner.mask_to_work(self.axes.to_network(mask))))

    def to_slice(self, maps: np.ndarray, outside: float = 0.0) -> np.ndarray:
        """See `Grid.to_slice`; both are on axial axes."""
        turned = np.ascontiguousarray(self.axes.to_network(maps))
        return np.ascontiguousarray(self.axes.to_axial(self.inner.to_slice(turned, outside)))


def _pairs(code: str) -> list[str]:
    return [next((pair for pair in SAME_AXIS if letter in pair), "") for letter in code]


def _permuted(array: Any, order: Sequence[int]) -> Any:
    return array.permute(*order) if isinstance(array, Tensor) else array.transpose(order)


def _flipped(array: Any, axes: list[int]) -> Any:
    if not axes:
        return array
    return array.flip(axes) if isinstance(array, Tensor) else np.flip(array, axes)
