"""The settings of the methods that switch parts of the region on and off: LIME, KernelSHAP and HSIC."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from XAICLIPLib.attribution.fieldtypes import check_fields
from XAICLIPLib.attribution.methods.limits import (
    MOST_CELLS,
    MOST_SAMPLES,
    UNITS,
    check_tolerance,
)
from XAICLIPLib.errors import InputError

SMALLEST_WIDTH = 0.05  # of LIME's kernel: half of the superpixels taken away lie 0.3 from the image, which weighs e^-18


@dataclass(frozen=True)
class OnFeatures:
    """What the methods that switch parts of the region, its features, on and off have in common.

    Attributes
    ----------
    samples : int
        Number of on/off patterns; equal ones are evaluated once.
    fill : str, float or array
        See `make_fill`.
    tolerance : float, optional
        Stop early once the median standard error in the region is below this share of the map's largest value.
    """

    name: ClassVar[str]
    samples: int = 300
    fill: str | float | np.ndarray = "zero"
    tolerance: float | None = None

    def __post_init__(self) -> None:
        check_fields(self)
        if not 8 <= self.samples <= MOST_SAMPLES:
            raise InputError(f"{self.name} needs at least 8 samples, {MOST_SAMPLES} at most, not {self.samples}")
        check_tolerance(self.tolerance)

    def cautions(self) -> tuple[str, ...]:
        """Nothing to warn of in the settings alone."""
        return ()

    def plan(self, region: np.ndarray) -> tuple[int, int]:
        """How many evaluations a region (*S) needs at most, and how many the whole image would: the samples."""
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

    def on_grid(self, factors: tuple[float, ...]) -> OnSuperpixels:
        """The same settings in pixels of a grid, `factors` being pixels per unit along each dimension, of which the
        last two make the areas: how thick slices are changes nothing."""
        area = math.prod(factors[-2:])
        return replace(self, scale=self.scale * area, min_size=max(1, round(self.min_size * area)), unit="pixel")


@dataclass(frozen=True)
class Lime(OnSuperpixels):
    """Switch superpixels of the region on and off at random and fit a linear model of the score.

    A superpixel's drop is its coefficient: what the score loses, in the linear model, when it is taken away. Each is
    on with probability 1/2; in the first sample all are.

    Attributes
    ----------
    alpha : float
        Ridge penalty.
    kernel_width : float, optional
        Weights of the samples by their cosine distance d to the full image, sqrt(exp(−d²/width²)), as the package
        `lime` has them (its width is 0.25). Without it all samples weigh the same, as in the paper.
    """

    name: ClassVar[str] = "lime"
    alpha: float = 1.0
    kernel_width: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.alpha < 0:
            raise InputError(f"alpha is {self.alpha}; it is a penalty and can't be negative, 1 by default")
        if self.kernel_width is not None and not self.kernel_width >= SMALLEST_WIDTH:
            raise InputError(
                f"kernel_width is {self.kernel_width}; it must be at least {SMALLEST_WIDTH}, such as 0.25: narrower, "
                "the samples but one weigh nothing"
            )


@dataclass(frozen=True)
class KernelShap(OnSuperpixels):
    """Switch superpixels of the region on and off and give each its Shapley value.

    The values of all superpixels add up to the drop of the whole region; with no more coalitions than samples they are
    exact, and so they are for a score to which the superpixels contribute one by one.
    """

    name: ClassVar[str] = "kernelshap"


@dataclass(frozen=True)
class Hsic(OnFeatures):
    """Switch the cells of a grid on and off and measure how far the score depends on each.

    The dependence is the Hilbert-Schmidt independence criterion, which also sees effects that are not linear and takes
    few evaluations. It has no sign and no unit; see `explain.hsic` for how it becomes a signed drop.

    Attributes
    ----------
    samples, fill, tolerance
        As in `OnFeatures`.
    grid : int
        Cells along the longest edge of the region's box.
    """

    name: ClassVar[str] = "hsic"
    samples: int = 500
    grid: int = 8

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 2 <= self.grid <= MOST_CELLS:
            raise InputError(
                f"grid is {self.grid}; HSIC needs at least 2 cells along the region, {MOST_CELLS} at most, 8 by default"
            )
