"""The settings of occlusion: patches that slide over the region."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, ClassVar

import numpy as np

if TYPE_CHECKING:
    from typing_extensions import Self

    from XAICLIPLib.attribution.perturbations import Box

from XAICLIPLib.attribution.fieldtypes import check_fields
from XAICLIPLib.attribution.methods.base import Explained, Fill, WorkGrid, explainer, setting
from XAICLIPLib.attribution.methods.limits import (
    LARGEST,
    MOST_PATCHES,
    UNITS,
    size_of,
)
from XAICLIPLib.errors import InputError
from XAICLIPLib.message import Message


@explainer
@dataclass(frozen=True)
class Occlusion(Explained):
    """Slide a patch over the region and see how far the score drops.

    The drop of a pixel is the mean over the patches that cover it. Patches start at the first pixel and the last row
    and column are cut at the border, as in Captum; only patches that meet the region are evaluated, and only their
    part inside it is filled.

    Attributes
    ----------
    patch, stride : float, or one per dimension, or str
        Edge of the patch and step, in `unit`. Text has its unit with it, as on the command line: "40mm", "25px" (of the
        image), "64" (of an image 512 pixels wide); the other one of the two is then half of, or twice, the one given.
    fill : str, float, array, or tuple of str and float
        See `make_fill`.
    unit : str, optional
        "pixel": of the image; "mm"; "px512": pixels of an image 512 pixels wide, which is what the paper's 64 and 32
        mean, so that they cover as much of the body on a slice of 122 pixels. By default other sizes than the paper's
        are in pixels; the paper's are "px512" in a scan, and in `attribute`, whose arrays show no body of known size,
        pixels.
    """

    name: ClassVar[str] = "occlusion"
    algorithm: ClassVar[str] = "occlusion:occlude"
    copies: ClassVar[str] = "patches"
    sizes: ClassVar[tuple[str, ...]] = ("patch", "stride")
    is_random: ClassVar[bool] = False
    steps: ClassVar[int] = 2  # to a patch, where the stride is not given
    patch: float | tuple[float, ...] | str = setting(
        64, "64 (pixels of a slice 512 wide, default), 25px (of this scan), 40mm", "SIZE"
    )
    stride: float | tuple[float, ...] | str = setting(32, "step in the patch's unit (default: half the patch)", "SIZE")
    fill: Fill = "zero"
    unit: str | None = None

    def __post_init__(self) -> None:
        check_fields(self)
        if isinstance(self.patch, str) or isinstance(self.stride, str):
            self._read_sizes()
        elif self.unit is None and not self._is_default("patch", "stride"):
            object.__setattr__(self, "unit", "pixel")
        if self.unit not in (None, *UNITS):
            raise InputError(f"there is no unit {self.unit!r}; choose one of {', '.join(UNITS)}")
        smallest = 1 if self.unit == "pixel" else 0
        for name, value in (("patch", self.patch), ("stride", self.stride)):
            if np.size(value) not in (1, 2, 3) or np.min(value) <= 0 or np.max(value) > LARGEST:
                raise InputError(f"{name} is {value}; it must be above 0, and no more than {LARGEST:.0f}")
            if np.min(value) < smallest:
                raise InputError(f"{name} is {value} pixels; it must be at least 1")

    def _is_default(self, *names: str) -> bool:
        return all(getattr(self, name) == type(self).__dataclass_fields__[name].default for name in names)

    def _read_sizes(self) -> None:
        """Take patch and stride, at least one of which is text, apart into numbers and their unit."""
        given = {n: v for n in ("patch", "stride") if isinstance(v := getattr(self, n), str) or not self._is_default(n)}
        if not all(isinstance(value, str) for value in given.values()):
            raise InputError(
                f"patch is {self.patch!r} and stride {self.stride!r}: give both as numbers or both as text"
            )
        sizes = {name: size_of(value) for name, value in given.items()}
        units = {unit for _, unit in sizes.values()} | ({self.unit} - {None})
        if len(units) > 1:
            raise InputError(f"patch is {self.patch!r} and stride {self.stride!r}: give them in one unit")
        values = {name: value for name, (value, _) in sizes.items()}
        values.setdefault("stride", values.get("patch", 0.0) / self.steps)
        values.setdefault("patch", values["stride"] * self.steps)
        for name, value in values.items() | {("unit", units.pop())}:
            object.__setattr__(self, name, value)

    def cautions(self) -> tuple[str, ...]:
        """What the paper warns of in these settings."""
        found = []
        if self.unit != "mm" and np.min(self.patch) < 32:
            found.append(
                Message(
                    "patch {patch} is below 32: single effects get noisy and the run takes longer",
                    patch=self.patch,
                )
            )
        if np.any(np.asarray(self.stride) > np.asarray(self.patch) / 2):
            found.append(Message(
                "stride {stride} is above half of patch {patch}: the map gets blocky",
                stride=self.stride, patch=self.patch,
            ))  # fmt: skip
        return tuple(found)

    def for_scan(self) -> Self:
        """See `Method.for_scan`."""
        return replace(self, unit="px512") if self.unit is None else self

    def on_grid(self, grid: WorkGrid) -> Self:
        """The same settings in pixels of the image that the model gets.

        Parameters
        ----------
        grid : WorkGrid

        Returns
        -------
        Occlusion
            With one value per dimension.

        Raises
        ------
        InputError
            If the settings have one value per dimension of another number of dimensions, or millimetres are not known.
        """
        factors = grid.per(self.unit or "pixel")
        dimensions = len(factors)
        for name, value in (("patch", self.patch), ("stride", self.stride)):
            if np.size(value) not in (1, dimensions):
                raise InputError(f"{name} {value} has {np.size(value)} values; give one, or one per axis: {dimensions}")
        strides, patches = (np.broadcast_to(value, dimensions) for value in (self.stride, self.patch))
        stride = tuple(max(1, round(float(s) * f)) for s, f in zip(strides, factors))
        # the patch follows the rounded stride: rounded on its own, 64/32 might become 25/12, whose patches overlap by
        # one pixel more than by half and draw a raster into the map
        patch = tuple(max(1, round(s * float(p) / float(q))) for s, p, q in zip(stride, patches, strides))
        return replace(self, patch=patch, stride=stride, unit="pixel")

    def windows(self, shape: tuple[int, ...]) -> list[tuple[slice, ...]]:
        """All patches of a full scan over an image, in row-major order.

        Parameters
        ----------
        shape : tuple of int
            Of the image (*S), in whose pixels the settings are.

        Returns
        -------
        list of tuple of slice

        Raises
        ------
        InputError
            If there are more than `MOST_PATCHES`.
        """
        patches, strides = self.edges(len(shape))
        if math.prod(self.lattice(shape)) > MOST_PATCHES:
            raise InputError(
                f"{math.prod(self.lattice(shape))} patches of {patches} fit into an image {tuple(shape)}, {strides} "
                "apart; take a larger stride"
            )
        axes = [
            [slice(i * stride, min(i * stride + patch, size)) for i in range(count)]
            for count, size, patch, stride in zip(self.lattice(shape), shape, patches, strides)
        ]
        return list(product(*axes))

    def lattice(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """How many patches a full scan has along each dimension.

        Parameters
        ----------
        shape : tuple of int
            Of the image (*S).

        Returns
        -------
        tuple of int
        """
        patches, strides = self.edges(len(shape))
        return tuple(max(1, math.ceil((n - p) / s) + 1) for n, p, s in zip(shape, patches, strides))

    def edges(self, dimensions: int) -> tuple[list[int], list[int]]:
        """Patch and step along each dimension.

        Parameters
        ----------
        dimensions : int
            Of the image.

        Returns
        -------
        patch, stride : list of int
            In pixels.
        """
        patch, stride = (np.broadcast_to(v, dimensions).astype(int).tolist() for v in (self.patch, self.stride))
        return patch, stride

    def places(self, region: np.ndarray) -> np.ndarray:
        """Which places of a full scan's lattice have a patch that meets a region.

        Parameters
        ----------
        region : ndarray of bool, shape (*S)

        Returns
        -------
        ndarray of bool, shape (*lattice)
        """
        meets = [bool(region[window].any()) for window in self.windows(region.shape)]
        return np.array(meets).reshape(self.lattice(region.shape))

    @property
    def first_step(self) -> int:
        """How many places of the lattice lie between those that are evaluated first, along each dimension."""
        return 4  # of a slice's lattice a sixteenth

    def levels_of(self, lattice: tuple[int, ...]) -> list[np.ndarray]:
        """The places of a lattice, each once, from those that are `first_step` apart down to all.

        Parameters
        ----------
        lattice : tuple of int

        Returns
        -------
        list of ndarray of bool, shape (*lattice)
        """
        levels, seen, step = [], np.zeros(lattice, bool), self.first_step
        while step:
            level = every(lattice, step)
            levels.append(level & ~seen)
            seen, step = seen | level, step // 2
        return levels

    def rounds(self, region: np.ndarray) -> list[list[Box]]:
        """The patches that meet a region, level by level, see `Method.rounds`.

        Parameters
        ----------
        region : ndarray of bool, shape (*S)

        Returns
        -------
        list of lists of Box
        """
        windows, places = self.windows(region.shape), self.places(region)
        return [
            [tuple((s.start, s.stop) for s in windows[n]) for n in np.flatnonzero(level & places)]
            for level in self.levels_of(places.shape)
        ]

    def plan(self, region: np.ndarray) -> tuple[int, int]:
        """How many patches meet a region, and how many there are, see `Method.plan`.

        Parameters
        ----------
        region : ndarray of bool, shape (*S)

        Returns
        -------
        needed, full : int
        """
        places = self.places(region)
        return int(places.sum()), places.size


def every(shape: tuple[int, ...], step: int) -> np.ndarray:
    """Which places of a lattice are a multiple of a step along every dimension.

    Parameters
    ----------
    shape : tuple of int
        Of the lattice.
    step : int

    Returns
    -------
    ndarray of bool, shape (*shape)
    """
    chosen = np.zeros(shape, bool)
    chosen[(slice(None, None, step),) * len(shape)] = True
    return chosen
