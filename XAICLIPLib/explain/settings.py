"""The settings of the three methods, with the paper's defaults: plain data, no torch, shared by every face."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import product
from typing import ClassVar

import numpy as np

from XAICLIPLib.errors import InputError

UNITS = ("pixel", "px512", "mm")
ESTIMATORS = ("raw", "centred", "ridge")


@dataclass(frozen=True)
class Occlusion:
    """Slide a patch over the region and see how far the score drops.

    The drop of a pixel is the mean over the patches that cover it. Patches start at the first pixel and the last row
    and column are cut at the border, as in Captum; only patches that meet the region are evaluated, and only their
    part inside it is filled.

    Attributes
    ----------
    patch, stride : float, or one per dimension
        Edge of the patch and step, in `unit`.
    fill : str, float or array
        See `make_fill`.
    unit : str
        "pixel": of the image; "mm"; "px512": pixels of an image 512 pixels wide, which is what the paper's 64 and 32
        mean, so that they cover as much of the body on a slice of 122 pixels.
    """

    name: ClassVar[str] = "occlusion"
    patch: float | tuple[float, ...] = 64
    stride: float | tuple[float, ...] = 32
    fill: str | float | np.ndarray = "zero"
    unit: str = "pixel"

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise InputError(f"there is no unit {self.unit!r}; choose one of {', '.join(UNITS)}")
        for name, value in (("patch", self.patch), ("stride", self.stride)):
            if np.min(value) <= 0:
                raise InputError(f"{name} is {value}; it must be above 0")

    def cautions(self) -> tuple[str, ...]:
        """What the paper warns of in these settings."""
        found = []
        if self.unit != "mm" and np.min(self.patch) < 32:
            found.append(f"patch {self.patch} is below 32: single effects get noisy and the run takes longer")
        if np.any(np.asarray(self.stride) > np.asarray(self.patch) / 2):
            found.append(f"stride {self.stride} is above half of patch {self.patch}: the map gets blocky")
        return tuple(found)

    def on_grid(self, factors: tuple[float, ...]) -> Occlusion:
        """The same settings in pixels of a grid, `factors` being pixels per unit along each dimension."""
        dimensions = len(factors)
        strides, patches = (np.broadcast_to(value, dimensions) for value in (self.stride, self.patch))
        stride = tuple(max(1, round(float(s) * f)) for s, f in zip(strides, factors))
        # the patch follows the rounded stride: rounded on its own, 64/32 might become 25/12, whose patches overlap by
        # one pixel more than by half and draw a raster into the map
        patch = tuple(max(1, round(s * float(p) / float(q))) for s, p, q in zip(stride, patches, strides))
        return replace(self, patch=patch, stride=stride, unit="pixel")

    def windows(self, shape: tuple[int, ...]) -> list[tuple[slice, ...]]:
        """All patches of a full scan over an image of this shape, in row-major order."""
        axes = []
        patches = np.broadcast_to(self.patch, len(shape)).astype(int)
        strides = np.broadcast_to(self.stride, len(shape)).astype(int)
        for size, patch, stride in zip(shape, patches, strides):
            count = max(1, math.ceil((size - patch) / stride) + 1)
            axes.append([slice(i * stride, min(i * stride + patch, size)) for i in range(count)])
        return list(product(*axes))

    def plan(self, region: np.ndarray) -> tuple[int, int]:
        """How many evaluations a region (*S) needs, and how many the whole image would."""
        windows = self.windows(region.shape)
        return sum(bool(region[window].any()) for window in windows), len(windows)


@dataclass(frozen=True)
class Rise:
    """Score the image under many random masks and relate the score to what each mask kept.

    Attributes
    ----------
    masks : int
        Number of masks N.
    grid : int, or one per dimension
        Cells of the coarse random grid along each axis.
    keep : float
        Probability p that a cell is kept.
    estimator : str
        "raw": Σ score·m / (N·p), the paper's, whose offset hides the effect while Dice stays high; "centred": slope
        of the score on m at each pixel, i.e. the drop when the pixel goes from kept to removed; "ridge": ridge
        regression on the cells of the grid, which needs an order of magnitude fewer masks.
    fill : str, float or array
        See `make_fill`.
    tolerance : float, optional
        Stop early once the median standard error in the region is below this share of the map's largest value.
    """

    name: ClassVar[str] = "rise"
    masks: int = 2000
    grid: int | tuple[int, ...] = 7
    keep: float = 0.5
    estimator: str = "centred"
    fill: str | float | np.ndarray = "zero"
    tolerance: float | None = None

    def __post_init__(self) -> None:
        if self.estimator not in ESTIMATORS:
            raise InputError(f"there is no estimator {self.estimator!r}; choose one of {', '.join(ESTIMATORS)}")
        if not 0 < self.keep < 1:
            raise InputError(f"keep is {self.keep}; it is a probability between 0 and 1, 0.5 by default")
        if self.masks < 8 or np.min(self.grid) < 2:
            raise InputError(f"RISE needs at least 8 masks on a grid of 2 cells, not {self.masks} on {self.grid}")

    def cautions(self) -> tuple[str, ...]:
        """What to know about these settings."""
        if self.estimator == "raw":
            return ("the raw RISE estimator is the mean score under the masks that keep a pixel, not a drop",)
        return ()

    def plan(self, region: np.ndarray) -> tuple[int, int]:
        """How many evaluations a region (*S) needs, and how many the whole image would: the number of masks."""
        return (self.masks if region.any() else 0), self.masks


@dataclass(frozen=True)
class Lime:
    """Switch superpixels of the region on and off at random and fit a linear model of the score.

    A superpixel's drop is its coefficient: what the score loses, in the linear model, when it is taken away.

    Attributes
    ----------
    samples : int
        Number of random on/off patterns, each superpixel on with probability 1/2; the first is all on.
    scale, sigma, min_size : float, float, int
        Felzenszwalb's superpixels on the image scaled to [0, 1]. Volumes get SLIC supervoxels of about
        `min_size`·8 voxels instead, because Felzenszwalb's method is for images.
    min_overlap : float
        Superpixels with a smaller share of their area inside the region are dropped.
    alpha : float
        Ridge penalty.
    kernel_width : float, optional
        Weights of the samples by their cosine distance d to the full image, sqrt(exp(−d²/width²)), as the package
        `lime` has them (its width is 0.25). Without it all samples weigh the same, as in the paper.
    fill : str, float or array
        See `make_fill`.
    segments : ndarray of int, shape (*S), optional
        Superpixels to use instead.
    """

    name: ClassVar[str] = "lime"
    samples: int = 300
    scale: float = 100
    sigma: float = 0.5
    min_size: int = 50
    min_overlap: float = 0.1
    alpha: float = 1.0
    kernel_width: float | None = None
    fill: str | float | np.ndarray = "zero"
    segments: np.ndarray | None = None

    def __post_init__(self) -> None:
        if self.samples < 8:
            raise InputError(f"LIME needs at least 8 samples, not {self.samples}")

    def cautions(self) -> tuple[str, ...]:
        """Nothing to warn of in the settings alone."""
        return ()

    def plan(self, region: np.ndarray) -> tuple[int, int]:
        """How many evaluations a region (*S) needs, and how many the whole image would: the number of samples."""
        return (self.samples if region.any() else 0), self.samples


Method = Occlusion | Rise | Lime
METHODS: dict[str, type[Method]] = {method.name: method for method in (Occlusion, Rise, Lime)}
