"""The settings of RISE: random masks over the region."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from XAICLIPLib.attribution.fieldtypes import check_fields
from XAICLIPLib.attribution.methods.base import Explained, Fill, WorkGrid, explainer, setting
from XAICLIPLib.attribution.methods.limits import MOST_CELLS, MOST_SAMPLES, STOP_EARLY, check_tolerance
from XAICLIPLib.errors import InputError
from XAICLIPLib.message import Message

if TYPE_CHECKING:
    from torch import Tensor
    from typing_extensions import Self

ESTIMATORS = ("raw", "centred", "ridge")


@explainer
@dataclass(frozen=True)
class Rise(Explained):
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
    fill : str, float, array, or tuple of str and float
        See `make_fill`.
    tolerance : float, optional
        Stop early once the median standard error in the region is below this share of the map's largest value.
    """

    name: ClassVar[str] = "rise"
    title: ClassVar[str] = "RISE"
    algorithm: ClassVar[str] = "rise:rise"
    copies: ClassVar[str] = "masks"
    drawn: ClassVar[str | None] = "masks"
    masks: int = setting(2000, "number of masks", "N", int)
    grid: int | tuple[int, ...] = setting(7, "cells along each axis", "N", int)
    keep: float = setting(0.5, "probability that a cell is kept", "P", float)
    estimator: str = setting("centred", "raw is the paper's", choices=ESTIMATORS)
    fill: Fill = "zero"
    tolerance: float | None = setting(None, STOP_EARLY, "SHARE", float)

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
            return (Message("the raw RISE estimator is the mean score under the masks that keep a pixel, not a drop"),)
        return ()

    def on_grid(self, grid: WorkGrid) -> Self:
        """The same settings for the image that the model gets: in a scan's volume, cells about as long in mm each way.

        Parameters
        ----------
        grid : WorkGrid

        Returns
        -------
        Rise
            Itself for a slice, and where a volume's voxels have no known size.

        Raises
        ------
        InputError
            If the grid of a volume has one value per axis of another number of axes.
        """
        if len(grid.shape) < 3 or "mm" not in grid.factors:
            return self
        if isinstance(self.grid, tuple):
            if len(self.grid) != len(grid.shape):
                raise InputError(
                    f"grid {self.grid} has {len(self.grid)} values; give one, or one per axis: {len(grid.shape)}"
                )
            return self
        lengths = np.multiply(grid.shape, [1 / factor for factor in grid.per("mm")])
        cells = np.clip(np.rint(self.grid * lengths / lengths.max()), 1, grid.shape)
        return replace(self, grid=tuple(int(n) for n in cells))

    def plan(self, region: np.ndarray) -> tuple[int, int]:
        """The number of masks, whatever the region, see `Method.plan`.

        Parameters
        ----------
        region : ndarray of bool, shape (*S)

        Returns
        -------
        needed, full : int
        """
        return (self.masks if region.any() else 0), self.masks

    def share_of_features(self, image: Tensor, region: np.ndarray) -> float:
        """Of the grid's cells, the share that meets the region.

        Parameters
        ----------
        image : Tensor, shape (C, *S)
        region : ndarray of bool, shape (*S)

        Returns
        -------
        float
        """
        cells = np.broadcast_to(self.grid, region.ndim)
        edges = [-(-size // int(count)) for size, count in zip(region.shape, cells)]
        along = [places // edge for places, edge in zip(np.nonzero(region), edges)]
        total = int(np.prod([-(-size // edge) for size, edge in zip(region.shape, edges)]))
        return len(np.unique(np.ravel_multi_index(along, [int(a.max()) + 1 for a in along]))) / total
