"""What each of several registered images does for a structure: a map of each alone, and its exact Shapley value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib.attribution.attribute import explain
from XAICLIPLib.attribution.fill import make_fill
from XAICLIPLib.attribution.perturbations import WholeImages
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.case.case import Case
from XAICLIPLib.errors import Cancelled
from XAICLIPLib.metrics.shapley import MOST_PLAYERS, shapley_values
from XAICLIPLib.pipeline.fills import fills_of
from XAICLIPLib.pipeline.kept import ByImage
from XAICLIPLib.pipeline.opened import Opened, on_slice_grid


class Maps:
    """Progress through one map after another of the same image.

    Parameters
    ----------
    progress : callable or None
        Called with (done, total) evaluations of all.
    count : int
        How many maps there are.
    """

    def __init__(self, progress: Callable[[int, int], None] | None, count: int) -> None:
        self._progress, self._count = progress or (lambda done, total: None), count
        self._number, self._is_waiting = 0, False

    def __call__(self, done: int, total: int) -> None:
        """Tell of the evaluations of one map.

        Parameters
        ----------
        done, total : int
        """
        self._progress(self._number * total + (total if self._is_waiting else done), self._count * total)

    def wait(self) -> None:
        """From now on evaluations belong to no map, and do not count."""
        self._is_waiting = True

    def next(self) -> None:
        """Begin with the next map."""
        self._number += 1
        self._is_waiting = False


def by_image(opened: Opened, work_region: np.ndarray, region: np.ndarray, maps: Maps) -> ByImage | None:
    """What each image does for the structures.

    Parameters
    ----------
    opened : Opened
        A slice or the volume, explained already.
    work_region : ndarray, shape (h, w) or (d, h, w), bool
        Where it was perturbed, on the model's own grid.
    region : ndarray, shape (H, W) or (Z, H, W), bool
        The same on the scan's.
    maps : Maps
        The progress of the scorer.

    Returns
    -------
    ByImage, or None
        None where there is one image.
    """
    case, scorer = opened.case, opened.scorer
    count = len(case.scans)
    if count == 1:
        return None
    inside = torch.as_tensor(work_region, device=opened.prepared.image.device)
    everything = tuple(range(count))
    listener, scorer.listener = scorer.listener, None
    found = ByImage()
    try:
        maps.wait()
        if count <= MOST_PLAYERS:
            fill = make_fill(opened.prepared.image, fills_of(case, opened.prepared, everything), inside, _seed(case))
            found = ByImage(image_shapley(scorer, inside, fill))
        if case.request.images.perturb == "each":
            found = replace(found, drops=_alone(opened, inside, region, maps))
    except Cancelled:
        found = replace(found, is_stopped=True)
    scorer.listener = listener
    return found


def image_shapley(scorer: Scorer, region: Tensor, fill: Tensor) -> np.ndarray:
    """Exact Shapley values of the n channels of the scorer's image: what of the score goes with each where it is
    replaced by a fill in the whole region, averaged over all orders in which they go.

    Parameters
    ----------
    scorer : Scorer
    region : Tensor, shape (*S), bool
    fill : Tensor, shape (n, *S)

    Returns
    -------
    ndarray, shape (n, K), float64
        Their sum is the score of the image less that with all channels replaced.
    """
    count = len(scorer.image)
    copies = WholeImages(scorer.image, torch.where(region, fill, scorer.image), region, range(2**count - 1))
    scores = np.concatenate([scorer.evaluate(copies).numpy(), scorer.baseline.cpu().numpy()[None]])
    return shapley_values(scores)


def _alone(opened: Opened, inside: Tensor, region: np.ndarray, maps: Maps) -> np.ndarray:
    """The signed maps (n, K, *S) with places hidden in one image at a time."""
    case, drops = opened.case, []
    for number in range(len(case.scans)):
        maps.next()
        method = replace(opened.method, fill=fills_of(case, opened.prepared, (number,)))
        attribution = explain(opened.scorer, inside, method, _seed(case))
        drops.append(on_slice_grid(attribution, opened.prepared, region)[1])
    return np.stack(drops)


def _seed(case: Case) -> int:
    return case.request.seed
