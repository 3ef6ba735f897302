"""What the settings of methods that switch parts of the region on and off have in common: LIME, KernelSHAP, HSIC."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor
    from typing_extensions import Self

from XAICLIPLib.attribution.fieldtypes import check_fields
from XAICLIPLib.attribution.methods.base import Explained, Fill, WorkGrid, algorithm, setting
from XAICLIPLib.attribution.methods.limits import (
    MOST_SAMPLES,
    STOP_EARLY,
    UNITS,
    check_tolerance,
)
from XAICLIPLib.errors import InputError


@dataclass(frozen=True)
class OnFeatures(Explained):
    """What the methods that switch parts of the region, its features, on and off have in common.

    Attributes
    ----------
    samples : int
        Number of on/off patterns; equal ones are evaluated once.
    fill : str, float, array, or tuple of str and float
        See `make_fill`.
    tolerance : float, optional
        Stop early once the median standard error in the region is below this share of the map's largest value.
    """

    copies: ClassVar[str] = "samples"
    drawn: ClassVar[str | None] = "samples"
    samples: int = setting(300, "number of samples", "N", int)
    fill: Fill = "zero"
    tolerance: float | None = setting(None, STOP_EARLY, "SHARE", float)

    def __post_init__(self) -> None:
        check_fields(self)
        if not 8 <= self.samples <= MOST_SAMPLES:
            raise InputError(f"{self.name} needs at least 8 samples, {MOST_SAMPLES} at most, not {self.samples}")
        check_tolerance(self.tolerance)

    def plan(self, region: np.ndarray) -> tuple[int, int]:
        """The number of samples, whatever the region, see `Method.plan`.

        Parameters
        ----------
        region : ndarray of bool, shape (*S)

        Returns
        -------
        needed, full : int
        """
        return (self.samples if region.any() else 0), self.samples


@dataclass(frozen=True)
class OnSuperpixels(OnFeatures):
    """Features that follow the image.

    Attributes
    ----------
    samples, fill, tolerance
        As in `OnFeatures`.
    scale, sigma, min_size : float, float, int
        Felzenszwalb's superpixels on the image scaled to [0, 1]. Volumes get SLIC supervoxels instead, because
        Felzenszwalb's method is for images: of about `min_size`·8 voxels, or so many more that there are four samples
        for each supervoxel of the region.
    min_overlap : float
        Superpixels with a smaller share of their area inside the region are dropped.
    segments : ndarray of int, shape (*S), optional
        Superpixels to use instead.
    unit : str, optional
        Whose pixels `scale` and `min_size` count, which are areas: "pixel": the image's; "px512": those of an image 512
        pixels wide, so that a coarse slice has about as many superpixels as a fine one. By default other sizes than
        those above are in pixels; those above are "px512" in a scan, and in `attribute` pixels.
    """

    scale: float = 100
    sigma: float = 0.5
    min_size: int = 50
    min_overlap: float = 0.1
    segments: np.ndarray | None = None
    unit: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.unit is None and (self.scale, self.min_size) != (OnSuperpixels.scale, OnSuperpixels.min_size):
            object.__setattr__(self, "unit", "pixel")
        if self.unit not in (None, *UNITS[:2]):
            raise InputError(f"there is no unit {self.unit!r} of superpixels; choose one of {', '.join(UNITS[:2])}")
        if not 0 < self.scale <= 1e9 or not 0 <= self.sigma <= 100 or not 1 <= self.min_size <= 1e9:
            raise InputError(
                f"superpixels of scale {self.scale}, sigma {self.sigma} and min_size {self.min_size} can't be made; "
                "the "
                "scale must be above 0, the sigma 0 to 100, and the smallest area at least 1 pixel"
            )
        if not 0 <= self.min_overlap <= 1:
            raise InputError(f"min_overlap is {self.min_overlap}; it is a share between 0 and 1, 0.1 by default")

    def for_scan(self) -> Self:
        """See `Method.for_scan`."""
        return replace(self, unit="px512") if self.unit is None else self

    def on_grid(self, grid: WorkGrid) -> Self:
        """The same settings in pixels of the image that the model gets.

        Parameters
        ----------
        grid : WorkGrid
            Of whose dimensions the last two make the areas: how thick slices are changes nothing.

        Returns
        -------
        OnSuperpixels
            Itself where the sizes are in pixels: they are then those of this image.
        """
        if self.unit in (None, "pixel"):
            return self
        area = math.prod(grid.per(self.unit)[-2:])
        return replace(self, scale=self.scale * area, min_size=max(1, round(self.min_size * area)), unit="pixel")

    def share_of_features(self, image: Tensor, region: np.ndarray) -> float:
        """Of the image's superpixels, the share that the region has enough of.

        Parameters
        ----------
        image : Tensor, shape (C, *S)
        region : ndarray of bool, shape (*S)

        Returns
        -------
        float
        """
        return algorithm("superpixels:share_of_superpixels")(image, region, self)
