"""What the evaluations of a method cost a model that pays by the tiles that change."""

from __future__ import annotations

import numpy as np
import torch

from XAICLIPLib.attribution.methods import Method
from XAICLIPLib.attribution.perturbations import bounding_box
from XAICLIPLib.models.base import Prepared


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
