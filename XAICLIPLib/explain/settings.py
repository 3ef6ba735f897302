"""The settings of the methods, with the papers' defaults: plain data, no torch, shared by every face."""

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
        """The same settings in pixels of a grid, `factors` being pixels per unit along each dimension.

        Raises
        ------
        InputError
            If the settings have one value per dimension of another number of dimensions.
        """
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
        """All patches of a full scan over an image of this shape, in row-major order."""
        patches, strides = self.edges(len(shape))
        axes = [
            [slice(i * stride, min(i * stride + patch, size)) for i in range(count)]
            for count, size, patch, stride in zip(self.lattice(shape), shape, patches, strides)
        ]
        return list(product(*axes))

    def lattice(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """How many patches a full scan has along each dimension."""
        patches, strides = self.edges(len(shape))
        return tuple(max(1, math.ceil((n - p) / s) + 1) for n, p, s in zip(shape, patches, strides))

    def edges(self, dimensions: int) -> tuple[list[int], list[int]]:
        """Patch and step along each dimension, in pixels."""
        patch, stride = (np.broadcast_to(v, dimensions).astype(int).tolist() for v in (self.patch, self.stride))
        return patch, stride

    def places(self, region: np.ndarray) -> np.ndarray:
        """Which places of a full scan's lattice have a patch that meets a region (*S), bool."""
        meets = [bool(region[window].any()) for window in self.windows(region.shape)]
        return np.array(meets).reshape(self.lattice(region.shape))

    def plan(self, region: np.ndarray) -> tuple[int, int]:
        """How many evaluations a region (*S) needs at most, and how many the whole image would."""
        places = self.places(region)
        return int(places.sum()), places.size


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
    stride: float | tuple[float, ...] = 8
    budget: float = 0.15
    tolerance: float = 0.1

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
    def coarse_step(self) -> int:
        """The step of the coarse lattice in places of the full scan."""
        return 2**self.levels

    def plan(self, region: np.ndarray) -> tuple[int, int]:
        """How many evaluations a region (*S) needs at most, and how many the whole image would."""
        places = self.places(region)
        coarse = int((places & every(places.shape, self.coarse_step)).sum())
        return max(coarse, int(self.budget * int(places.sum()))), places.size


@dataclass(frozen=True)
class Rise:
    """Score the image under many random masks and relate the score to what each mask kept.

    Attributes
    ----------
    masks : int
        Number of masks N.
    grid : int, or one per dimension
        Cells of the coarse random grid along each axis; in a scan explained in 3D, a single number is that along its
        longest axis, and the others get as many as make the cells about as long in mm.
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
        # a slab thinner than a cell has one cell across, so not every axis needs two
        if self.masks < 8 or np.max(self.grid) < 2 or np.min(self.grid) < 1:
            raise InputError(f"RISE needs at least 8 masks on a grid of 2 cells, not {self.masks} on {self.grid}")
        _check_tolerance(self.tolerance)

    def cautions(self) -> tuple[str, ...]:
        """What to know about these settings."""
        if self.estimator == "raw":
            return ("the raw RISE estimator is the mean score under the masks that keep a pixel, not a drop",)
        return ()

    def on_voxels(self, shape: tuple[int, ...], edges: tuple[float, ...]) -> Rise:
        """The same settings for a volume (D, H, W) of voxels with these edges, mm."""
        if np.ndim(self.grid):
            if len(self.grid) != len(shape):
                raise InputError(
                    f"grid {self.grid} has {len(self.grid)} values; give one, or one per axis: {len(shape)}"
                )
            return self
        lengths = np.multiply(shape, edges)
        cells = np.clip(np.rint(self.grid * lengths / lengths.max()), 1, shape)
        return replace(self, grid=tuple(int(n) for n in cells))

    def plan(self, region: np.ndarray) -> tuple[int, int]:
        """How many evaluations a region (*S) needs, and how many the whole image would: the number of masks."""
        return (self.masks if region.any() else 0), self.masks


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
        if self.samples < 8:
            raise InputError(f"{self.name} needs at least 8 samples, not {self.samples}")
        _check_tolerance(self.tolerance)

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
    unit : str
        Whose pixels `scale` and `min_size` count, which are areas: "pixel": the image's; "px512": those of an image 512
        pixels wide, so that a coarse slice has about as many superpixels as a fine one.
    """

    scale: float = 100
    sigma: float = 0.5
    min_size: int = 50
    min_overlap: float = 0.1
    segments: np.ndarray | None = None
    unit: str = "pixel"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.unit not in UNITS[:2]:
            raise InputError(f"there is no unit {self.unit!r} of superpixels; choose one of {', '.join(UNITS[:2])}")

    def on_grid(self, factors: tuple[float, ...]) -> OnSuperpixels:
        """The same settings in pixels of a grid, `factors` being pixels per unit along each dimension."""
        area = math.prod(factors)
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
        if self.grid < 2:
            raise InputError(f"grid is {self.grid}; HSIC needs at least 2 cells along the region, 8 by default")


def _check_tolerance(tolerance: float | None) -> None:
    if tolerance is not None and tolerance <= 0:
        raise InputError(f"tolerance is {tolerance}; it is a share of the largest drop, above 0, such as 0.1")


def every(shape: tuple[int, ...], step: int) -> np.ndarray:
    """Which places of a lattice are a multiple of `step` along every dimension, bool (*shape)."""
    chosen = np.zeros(shape, bool)
    chosen[(slice(None, None, step),) * len(shape)] = True
    return chosen


Method = Occlusion | Hierarchical | Rise | Lime | KernelShap | Hsic
METHODS: dict[str, type[Method]] = {
    method.name: method for method in (Occlusion, Hierarchical, Rise, Lime, KernelShap, Hsic)
}
