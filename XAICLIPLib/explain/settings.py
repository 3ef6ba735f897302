"""The settings of the methods, with the papers' defaults: plain data, no torch, shared by every face."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import product
from typing import ClassVar

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.fieldtypes import check_fields, nearest, shown

UNITS = ("pixel", "px512", "mm")
ESTIMATORS = ("raw", "centred", "ridge")
LARGEST = 1e5  # no image is wider, in any unit
MOST_PATCHES = 2_000_000
MOST_SAMPLES = 1_000_000
MOST_CELLS = 1024
SMALLEST_WIDTH = 0.05  # of LIME's kernel: half of the superpixels taken away lie 0.3 from the image, which weighs e^-18


@dataclass(frozen=True)
class Occlusion:
    """Slide a patch over the region and see how far the score drops.

    The drop of a pixel is the mean over the patches that cover it. Patches start at the first pixel and the last row
    and column are cut at the border, as in Captum; only patches that meet the region are evaluated, and only their
    part inside it is filled.

    Attributes
    ----------
    patch, stride : float, or one per dimension, or str
        Edge of the patch and step, in `unit`. Text has its unit with it, as on the command line: "40mm", "25px" (of the
        image), "64" (of an image 512 pixels wide); the other one of the two is then half of, or twice, the one given.
    fill : str, float or array
        See `make_fill`.
    unit : str, optional
        "pixel": of the image; "mm"; "px512": pixels of an image 512 pixels wide, which is what the paper's 64 and 32
        mean, so that they cover as much of the body on a slice of 122 pixels. By default other sizes than the paper's
        are in pixels; the paper's are "px512" in a scan, and in `attribute`, whose arrays show no body of known size,
        pixels.
    """

    name: ClassVar[str] = "occlusion"
    steps: ClassVar[int] = 2  # to a patch, where the stride is not given
    patch: float | tuple[float, ...] | str = 64
    stride: float | tuple[float, ...] | str = 32
    fill: str | float | np.ndarray = "zero"
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
            raise InputError(f"patch is {self.patch!r} and stride {self.stride!r}: give both as numbers or both as text")
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
    steps: ClassVar[int] = 8
    stride: float | tuple[float, ...] | str = 8
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
        check_fields(self)
        if self.estimator not in ESTIMATORS:
            raise InputError(f"there is no estimator {self.estimator!r}; choose one of {', '.join(ESTIMATORS)}")
        if not 0 < self.keep < 1:
            raise InputError(f"keep is {self.keep}; it is a probability between 0 and 1, 0.5 by default")
        if np.size(self.grid) not in (1, 2, 3):
            raise InputError(f"grid is {self.grid}; give one number of cells, or one per axis")
        # a slab thinner than a cell has one cell across, so not every axis needs two
        if self.masks < 8 or np.max(self.grid) < 2 or np.min(self.grid) < 1:
            raise InputError(f"RISE needs at least 8 masks on a grid of 2 cells, not {self.masks} on {self.grid}")
        if self.masks > MOST_SAMPLES or np.max(self.grid) > MOST_CELLS:
            raise InputError(
                f"RISE takes up to {MOST_SAMPLES} masks on a grid of {MOST_CELLS} cells, not {self.masks} on {self.grid}"
            )
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
        check_fields(self)
        if not 8 <= self.samples <= MOST_SAMPLES:
            raise InputError(f"{self.name} needs at least 8 samples, {MOST_SAMPLES} at most, not {self.samples}")
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
                f"superpixels of scale {self.scale}, sigma {self.sigma} and min_size {self.min_size} can't be made; the "
                "scale must be above 0, the sigma 0 to 100, and the smallest area at least 1 pixel"
            )
        if not 0 <= self.min_overlap <= 1:
            raise InputError(f"min_overlap is {self.min_overlap}; it is a share between 0 and 1, 0.1 by default")

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


def size_of(text: str) -> tuple[float, str]:
    """A size with its unit: "40mm", "25px" (of the image), "64" (of an image 512 pixels wide).

    Raises
    ------
    InputError
        If it is none of these.
    """
    plain = text.strip().lower().replace(" ", "")
    for ending, unit in (("mm", "mm"), ("px512", "px512"), ("pixels", "pixel"), ("px", "pixel"), ("", "px512")):
        if plain.endswith(ending):
            try:
                value = float(plain.removesuffix(ending))
            except ValueError:
                continue
            if math.isfinite(value):
                return value, unit
    raise InputError(f"size {text!r}: write 64, 25px or 40mm")


def as_method(given: Method | type[Method] | str | None) -> Method:
    """A method as it is given: its settings, its class, or its name; None is `Occlusion`.

    Raises
    ------
    InputError
        If there is no such method.
    """
    if given is None:
        return Occlusion()
    if isinstance(given, str):
        kind = METHODS.get(given.strip().lower())
        if kind is None:
            raise InputError(f"there is no method {given!r}; choose one of {', '.join(METHODS)}{nearest(given, METHODS)}")
        return kind()
    if isinstance(given, type) and given in METHODS.values():
        return given()
    if type(given) in METHODS.values():
        return given
    raise InputError(f"method is {shown(given)}; give one of {', '.join(METHODS)}, or its settings, such as xai.Rise()")


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
