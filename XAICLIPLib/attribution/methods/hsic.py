"""The settings of HSIC: cells of a grid switched on and off, and how far the score depends on each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from XAICLIPLib.attribution.methods.base import explainer, setting
from XAICLIPLib.attribution.methods.features import OnFeatures
from XAICLIPLib.attribution.methods.limits import MOST_CELLS
from XAICLIPLib.errors import InputError


@explainer
@dataclass(frozen=True)
class Hsic(OnFeatures):
    """Switch the cells of a grid on and off and measure how far the score depends on each.

    The dependence is the Hilbert-Schmidt independence criterion, which also sees effects that are not linear and takes
    few evaluations. It has no sign and no unit; see `attribution.hsic` for how it becomes a signed drop.

    Attributes
    ----------
    samples, fill, tolerance
        As in `OnFeatures`.
    grid : int
        Cells along the longest edge of the region's box.
    """

    name: ClassVar[str] = "hsic"
    title: ClassVar[str] = "HSIC"
    algorithm: ClassVar[str] = "hsic:hsic"
    samples: int = setting(500, "number of samples", "N", int)
    grid: int = setting(8, "cells along the region", "N", int)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 2 <= self.grid <= MOST_CELLS:
            raise InputError(
                f"grid is {self.grid}; HSIC needs at least 2 cells along the region, {MOST_CELLS} at most, 8 by default"
            )
