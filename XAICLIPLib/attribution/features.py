"""The parts of a region that are kept or taken away together, and how a map is made of what the score says to that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.attribution.design import PartDesign
from XAICLIPLib.attribution.fill import make_fill
from XAICLIPLib.attribution.methods import OnFeatures
from XAICLIPLib.attribution.monitor import FEWEST, Monitor, Show
from XAICLIPLib.attribution.perturbations import Blend, bounding_box
from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.attribution.scorer import Scorer

Fitted = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Fit:
    """How values of features are read off what was measured for patterns of them.

    Attributes
    ----------
    scores : callable
        From the first patterns (n, F) and their scores (n, K), float64, to values and standard errors (K, F).
    outputs : callable
        The linear fit behind it for thousands of outputs: from patterns (n, F) and outputs (n, J) to (F, J) twice.
    """

    scores: Fitted
    outputs: Fitted


@dataclass(frozen=True, eq=False)
class Features:
    """The parts of a region: superpixels, or cells of a grid.

    Attributes
    ----------
    count : int
        How many there are, F.
    number : ndarray, shape (*S), int
        The feature each pixel belongs to; −1 for the pixels of none.
    warnings : tuple of str
    details : dict
    """

    count: int
    number: np.ndarray
    warnings: tuple[str, ...] = ()
    details: dict = field(default_factory=dict)

    @property
    def evaluated(self) -> np.ndarray:
        """Which pixels belong to a feature, bool (*S)."""
        return self.number >= 0

    def on_pixels(self, values: np.ndarray) -> np.ndarray:
        """Values per feature (K, F) on their pixels (K, *S), 0 elsewhere; float32.

        Parameters
        ----------
        values : ndarray, shape (K, F)

        Returns
        -------
        ndarray, shape (K, *S), float32
        """
        padded = np.concatenate([values, np.zeros((len(values), 1))], axis=1)
        return padded[:, self.number].astype(np.float32)


def cells_of(region: np.ndarray, count: int) -> Features:
    """The cells of a grid over a region's box as its features, those that hold none of the region left out.

    Parameters
    ----------
    region : ndarray of bool, shape (*S), not empty
    count : int
        Cells along the box's longest edge; cells are square (cubes), at least one pixel wide.

    Returns
    -------
    Features
    """
    places = np.nonzero(region)
    edge = max(1, -(-max(int(p.max() - p.min()) + 1 for p in places) // count))
    along = [(p - p.min()) // edge for p in places]
    found, number = np.unique(np.ravel_multi_index(along, [int(a.max()) + 1 for a in along]), return_inverse=True)
    cells = np.full(region.shape, -1)
    cells[places] = number.reshape(-1)
    return Features(len(found), cells, details={"cells": len(found), "cell": edge})


def explain_by_patterns(
    scorer: Scorer,
    region: Tensor,
    settings: OnFeatures,
    seed: int,
    features: Features,
    on: np.ndarray,
    fit: Fit,
    show: Show | None = None,
) -> Attribution:
    """Take features away by patterns, and read a value per feature off the scores.

    Parameters
    ----------
    scorer, region, settings, seed, show
        As every explainer gets them.
    features : Features
    on : ndarray, shape (N, F), of 0 and 1
        Which features are kept in each sample. Equal patterns are the same image, which is evaluated once.
    fit : Fit

    Returns
    -------
    Attribution
    """
    patterns, place = _distinct(on)
    fill = make_fill(scorer.image, settings.fill, region, seed)
    perturbed = torch.as_tensor(features.evaluated, device=region.device)
    masks = _Patterns(patterns, features.number, region.device)
    scores = np.zeros((len(patterns), scorer.targets))

    def so_far(done: int) -> Attribution:
        # new patterns are numbered in the order of the samples, so that the first samples need the first patterns only
        known = int(np.searchsorted(np.maximum.accumulate(place), done))
        values, errors = fit.scores(on[:known], scores[place[:known]])
        return Attribution.of(
            scorer,
            features.on_pixels(values),
            features.evaluated,
            done,
            max(settings.samples, len(on)),
            stderr=features.on_pixels(errors),
            warnings=features.warnings,
            details={**features.details, "samples": known},
        )

    # with hardly more samples than features, a fit leaves next to no residuals to tell its error from
    fewest = max(FEWEST, 2 * features.count)
    monitor = Monitor(so_far, len(patterns), show, settings.tolerance, fewest)

    def after(start: int, stop: int, found: Tensor) -> bool:
        scores[start:stop] = found.double().cpu().numpy()
        return monitor(stop)

    copies = Blend(scorer.image, fill, perturbed, masks, len(patterns))
    done = len(scorer.evaluate(copies, after, ends=monitor.checks))

    def design() -> PartDesign:
        known = int(np.searchsorted(np.maximum.accumulate(place), done))
        # an output falls by as much as a part adds to it where it is there
        number = features.number.astype(np.int32)
        return PartDesign(number, features.count, lambda falls: fit.outputs(on[:known], -falls[place[:known]]))

    scorer.conclude(design)
    return so_far(done)


def _distinct(on: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct rows of patterns (N, F), numbered as they first appear; and which of them each row is, (N,)."""
    _, first, place = np.unique(on, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return on[first[order]], rank[place.reshape(-1)]


class _Patterns:
    """Multipliers (B, *box) that follow the on/off patterns (N, F) of the features."""

    def __init__(self, on: np.ndarray, feature: np.ndarray, device: torch.device) -> None:
        box = bounding_box(torch.as_tensor(feature >= 0))
        # one column more, always on, for the pixels of no feature: index −1
        padded = np.concatenate([on, np.ones((len(on), 1), on.dtype)], axis=1)
        self._on = torch.as_tensor(padded, dtype=torch.float32, device=device)
        self._feature = torch.as_tensor(feature[box] % padded.shape[1], device=device)

    def __call__(self, start: int, stop: int) -> Tensor:
        return self._on[start:stop][:, self._feature]
