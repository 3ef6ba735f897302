"""The map that needs no model: the same method on what does nothing but lose the pixels that are hidden.

Hiding a share of an organ lowers its Dice score by that share, whatever the model. A map that ranks places as this one
does shows where the organ is, not why it is drawn.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from scipy.stats import spearmanr
from torch import Tensor
from torch.nn import functional

from XAICLIPLib.attribution.methods import Method, OnSuperpixels
from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.attribution.superpixels import superpixels

FEWEST = 3  # places of different value that a rank correlation needs


def shape_null(scorer: Scorer, region: Tensor, method: Method, seed: int = 0) -> Attribution:
    """The map of a model that draws the reference, less what is hidden of it.

    Parameters
    ----------
    scorer : Scorer
        Of the run; its model is not run.
    region : Tensor, shape (*S), bool
    method : Method
        In pixels of the image; superpixels are those of the image.
    seed : int
        The run's own, so that the same places are hidden together.

    Returns
    -------
    Attribution
        By the scorer's own score.
    """
    reference = scorer.reference.float()
    output = tuple(reference.shape[1:])

    def predict(batch: Tensor) -> Tensor:
        there = batch[:, :1]
        if tuple(there.shape[2:]) != output:
            there = functional.interpolate(there, output, mode="area")
        return reference * there

    image = torch.ones(1, *region.shape, device=reference.device)  # 1 where the image is there, 0 where it is hidden
    method = replace(method, fill=0.0)
    if isinstance(method, OnSuperpixels):
        labels = superpixels(scorer.image.cpu().numpy(), method, region.cpu().numpy())
        method = replace(method, segments=labels)
    null = Scorer(predict, image, reference=scorer.reference, score=scorer.score)
    return method.explain(null, region, seed)


def shape_correlation(drop: np.ndarray, null: np.ndarray, evaluated: np.ndarray) -> float:
    """Spearman's rank correlation of a map with the map that needs no model, over what was evaluated.

    Parameters
    ----------
    drop, null : ndarray, shape (*S)
        Signed drops of one target.
    evaluated : ndarray, shape (*S), bool

    Returns
    -------
    float
        −1 to 1; nan where either of them is the same everywhere.
    """
    first, second = drop[evaluated], null[evaluated]
    if len(first) < FEWEST or np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    return float(spearmanr(first, second).statistic)
