"""What a model that works in tiles takes for an image, and what the evaluations of a method cost one that pays by the
tiles that change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from XAICLIPLib.attribution.methods import Method
from XAICLIPLib.attribution.perturbations import bounding_box
from XAICLIPLib.message import Message
from XAICLIPLib.models.base import Prepared
from XAICLIPLib.report.wording import duration


@dataclass(frozen=True)
class Foretold:
    """What the prediction of an image will take, known from one of its tiles.

    Attributes
    ----------
    tiles : int
    seconds_each : float
        Of one tile.
    """

    tiles: int
    seconds_each: float

    @property
    def seconds(self) -> float:
        """Of all tiles."""
        return self.tiles * self.seconds_each

    @property
    def text(self) -> Message:
        """What is said of it before all tiles are run."""
        return Message(
            "{count} tiles, one of which takes {each}: about {time} for the model's own prediction",
            count=self.tiles, each=duration(self.seconds_each), time=duration(self.seconds),
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.text)


def foretell_tiles(prepared: Prepared) -> Foretold | None:
    """Run the model on one tile, before all of them are run.

    Parameters
    ----------
    prepared : Prepared

    Returns
    -------
    Foretold or None
        None for a model that does not work in tiles, or has one tile for all of the image.
    """
    tiling = prepared.tiling
    return None if tiling is None else Foretold(tiling.count, tiling.seconds_each())


def share_of_tiles(method: Method, prepared: Prepared, region: np.ndarray) -> float:
    """What one evaluation of a method costs, told by a run of the model on all of the image.

    Parameters
    ----------
    method : Method
        In pixels of the prepared image.
    prepared : Prepared
    region : ndarray, shape (*S), bool
        On its grid.

    Returns
    -------
    float
        The mean over the method's evaluations; 1 for a model that does not work in tiles. More than 1 where what other
        tiles add has to be run again for want of memory.
    """
    tiling = prepared.tiling
    if tiling is None or not region.any():
        return 1.0
    rounds = method.rounds(region)
    if rounds is None:
        inside = [(int(s.start), int(s.stop)) for s in bounding_box(torch.as_tensor(region))]
        return tiling.runs([tiling.touched(tuple(inside))]) / tiling.count
    changes = [touched for boxes in rounds for touched in sorted(map(tiling.touched, boxes))]
    return tiling.runs(changes) / max(1, len(changes)) / tiling.count
