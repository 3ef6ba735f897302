"""The settings of hierarchical occlusion: patches from coarse to fine, only where it matters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from XAICLIPLib.attribution.methods.base import explainer, setting
from XAICLIPLib.attribution.methods.occlusion import Occlusion, every
from XAICLIPLib.errors import InputError


@explainer
@dataclass(frozen=True)
class Hierarchical(Occlusion):
    """Occlusion with a small step at a fraction of its evaluations: from coarse to fine, only where it matters.

    Attributes
    ----------
    patch, stride, fill, unit
        As in `Occlusion`, whose map it approaches.
    budget : float
        Share of the patches in the region that may be evaluated. A coarse lattice (a step of half a patch) is always
        evaluated whole; with 1, everything is.
    tolerance : float
        By how much, as a share of the largest drop, an interpolated drop may be off before its neighbours are looked
        at as well.
    """

    name: ClassVar[str] = "hierarchical"
    algorithm: ClassVar[str] = "hierarchical:occlude_hierarchically"
    is_random: ClassVar[bool] = True
    steps: ClassVar[int] = 8
    stride: float | tuple[float, ...] | str = setting(
        8, "step in the patch's unit (default: an eighth of the patch)", "SIZE"
    )
    budget: float = setting(0.15, "share of the patches to evaluate", "SHARE", float)
    tolerance: float = setting(0.1, "error from which neighbours are tried", "SHARE", float)

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.budget <= 1:
            raise InputError(f"budget is {self.budget}; it is a share of the patches between 0 and 1, 0.15 by default")
        if self.tolerance <= 0:
            raise InputError(f"tolerance is {self.tolerance}; it must be above 0, 0.1 by default")

    @property
    def levels(self) -> int:
        """How often the coarse lattice, whose step is at most half a patch, is halved to come to the stride."""
        ratio = min(np.broadcast_to(np.divide(self.patch, self.stride), max(np.size(self.patch), np.size(self.stride))))
        return max(0, int(math.log2(max(1.0, ratio / 2))))

    @property
    def first_step(self) -> int:
        """See `Occlusion.first_step`."""
        return self.coarse_step

    @property
    def coarse_step(self) -> int:
        """The step of the coarse lattice in places of the full scan."""
        return 2**self.levels

    def plan(self, region: np.ndarray) -> tuple[int, int]:
        """How many patches are evaluated at most, and how many there are, see `Method.plan`.

        Parameters
        ----------
        region : ndarray of bool, shape (*S)

        Returns
        -------
        needed, full : int
        """
        places = self.places(region)
        coarse = int((places & every(places.shape, self.coarse_step)).sum())
        return max(coarse, int(self.budget * int(places.sum()))), places.size
