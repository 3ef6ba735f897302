"""The maps of one run that are held against a planted cause, all from the same evaluations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from XAICLIPLib.attribution.attribute import explain
from XAICLIPLib.attribution.methods import Method, WorkGrid
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.errors import InputError
from XAICLIPLib.influence.grid import ImageGrid
from XAICLIPLib.influence.question import Influence
from XAICLIPLib.influence.recorder import Recorder
from XAICLIPLib.influence.run import CELL
from XAICLIPLib.influence.shape import shape_null
from XAICLIPLib.metrics.planted.case import Planted

MAPS = ("drop", "total", "remote", "shape")
TOGETHER = 32  # perturbed copies at a time: the models are small, and the map is the same whatever the number


@dataclass(frozen=True)
class Answered:
    """What one run says.

    Attributes
    ----------
    maps : dict of str to ndarray, shape (H, W)
        By the names in `MAPS`: the paper's drop of Dice; why the drawing that is asked about is there, in total and
        without what was hidden itself; and the map that needs no model.
    known : Influence
    evaluated : ndarray, shape (H, W), bool
    evaluations : int
    """

    maps: dict[str, np.ndarray]
    known: Influence
    evaluated: np.ndarray
    evaluations: int


def scorer_of(planted: Planted) -> Scorer:
    """The loop over a planted model's runs, with Dice as its score.

    Parameters
    ----------
    planted : Planted

    Returns
    -------
    Scorer
    """
    return Scorer(planted.predict, torch.from_numpy(planted.image), batch_size=TOGETHER)


def recorded(scorer: Scorer, region: np.ndarray, method: Method, seed: int = 0) -> tuple[Influence, np.ndarray, int]:
    """Run a method and keep where the output changed.

    Parameters
    ----------
    scorer : Scorer
    region : ndarray, shape (H, W), bool
    method : Method
        In pixels of the image.
    seed : int

    Returns
    -------
    known : Influence
    drop : ndarray, shape (K, H, W)
    evaluations : int

    Raises
    ------
    InputError
        If the method does not say what it hid.
    """
    edge = max(scorer.image.shape[1:]) * CELL
    recorder = Recorder(scorer.prediction, scorer.reference, (edge, edge), [str(k) for k in range(scorer.targets)])
    scorer.listener = recorder
    found = explain(scorer, torch.from_numpy(region), method, seed)
    scorer.listener = None
    if recorder.record is None:
        raise InputError(f"{method.title} does not say what it hid; choose another method")
    return Influence(recorder.record, ImageGrid.same(region)), found.drop, found.evaluations


def answered(planted: Planted, method: Method, seed: int = 0) -> Answered:
    """Explain a planted model, and ask what it was built to answer.

    Parameters
    ----------
    planted : Planted
    method : Method
    seed : int

    Returns
    -------
    Answered
    """
    scorer = scorer_of(planted)
    method = method.on_grid(WorkGrid.of_array(planted.region.shape))
    known, drop, evaluations = recorded(scorer, planted.region, method, seed)
    null = shape_null(scorer, torch.from_numpy(planted.region), method, seed)
    maps = {
        "drop": drop[0],
        "total": known.why(planted.where, part="total"),
        "remote": known.why(planted.where, part="remote"),
        "shape": null.drop[0],
    }
    return Answered(maps, known, planted.region, evaluations)
