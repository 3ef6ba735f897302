"""The settings of RISE: random masks over the region."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from XAICLIPLib.attribution.fieldtypes import check_fields
from XAICLIPLib.attribution.methods.limits import MOST_CELLS, MOST_SAMPLES, check_tolerance
from XAICLIPLib.errors import InputError

ESTIMATORS = ("raw", "centred", "ridge")


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
                f"RISE takes up to {MOST_SAMPLES} masks on a grid of {MOST_CELLS} cells, not {self.masks} on "
                f"{self.grid}"
            )
        check_tolerance(self.tolerance)

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
