"""Whether a map's order is that in which the model loses its answer: deletion and insertion curves.

Every number here comes from perturbed copies of the image through a `Scorer`, all inside the region that the map was
made for: outside it the map says nothing. Areas are therefore shares of the region, not of the image. On the image, any
map that is limited to a region would delete that region first and look good by it; on the region it has to know more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from XAICLIPLib.attribution.features import cells_of
from XAICLIPLib.attribution.perturbations import PixelSets
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.errors import InputError

STEPS = 20  # of 5 % of the region
SEEDS = 3  # random orders a map is held against
CELLS = 9  # along the longer edge of the region's box, as in the published muFidelity


def removal_order(values: np.ndarray, region: np.ndarray, seed: int = 0, count: int = CELLS) -> np.ndarray:
    """The region's pixels from the highest value to the lowest, as flat positions (P,).

    Equal values, such as those of one superpixel, come in a random order of cells. A constant map is thus a random
    order: that is what the bare region says about its inside. The cells matter: single pixels at random would be noise
    all over the region, which harms a network in ways that no map speaks of, and any map would beat it.

    Parameters
    ----------
    values : ndarray, shape (*S)
    region : ndarray of bool, shape (*S)
    seed : int
        Of the random order.
    count : int
        Cells along the region's longest edge, see `features.cells_of`.

    Returns
    -------
    ndarray of int, shape (P,)
    """
    cells = cells_of(region, count).number.ravel()
    pixels = np.flatnonzero(cells >= 0)
    turn = np.random.default_rng(seed).permutation(cells.max() + 1)
    return pixels[np.lexsort((turn[cells[pixels]], -np.asarray(values, float).ravel()[pixels]))]


def random_order(region: np.ndarray, seed: int = 0, count: int = CELLS) -> np.ndarray:
    """The region's pixels cell by cell in a random order; what a map must beat.

    Parameters
    ----------
    region : ndarray of bool, shape (*S)
    seed : int
        Of the order.
    count : int
        Cells along the region's longest edge.

    Returns
    -------
    ndarray of int, shape (P,)
        Flat positions.
    """
    return removal_order(np.zeros(region.shape), region, seed, count)


def auc(scores: np.ndarray) -> float:
    """Area under a curve over equal steps from 0 to 1, by trapezoids.

    Parameters
    ----------
    scores : ndarray, shape (S + 1,)
        At least two.

    Returns
    -------
    float
        In the range of the scores.
    """
    scores = np.asarray(scores, float)
    return float((scores.sum() - (scores[0] + scores[-1]) / 2) / (len(scores) - 1))


@dataclass(frozen=True, eq=False)
class Baselines:
    """Orders that a map is held against, beside the random ones.

    Attributes
    ----------
    target_part : ndarray of bool, shape (*S), or None
        The target's own part of the region. Its pixels come first in the order of the bare region, in random order of
        cells; that is all that a region says.
    shape : ndarray, shape (*S), or None
        The map that needs no model, see `influence.shape.shape_null`.
    """

    target_part: np.ndarray | None = None
    shape: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Curves:
    """The score of one target while the region is taken away, and while it is put back.

    Attributes
    ----------
    area : ndarray, shape (S + 1,)
        Share of the region that is taken away, or put back: 0 to 1.
    deletion, insertion : ndarray, shape (S + 1,)
        Score with the highest pixels of the map taken away first, and put back first (Petsiuk et al., BMVC 2018).
    random : ndarray, shape (seeds, S + 1)
        Deletion in random orders of the region's cells.
    roi_deletion, roi_insertion : ndarray, shape (S + 1,), or None
        As the structure's own part of the region orders it; None where that part is the whole region, about whose
        inside it says nothing, so that it is the random order.
    shape_deletion, shape_insertion : ndarray, shape (S + 1,), or None
        As the map orders it that needs no model; None where that was not tried.
    """

    area: np.ndarray
    deletion: np.ndarray
    insertion: np.ndarray
    random: np.ndarray
    roi_deletion: np.ndarray | None = None
    roi_insertion: np.ndarray | None = None
    shape_deletion: np.ndarray | None = None
    shape_insertion: np.ndarray | None = None

    @property
    def deletion_auc(self) -> float:
        """Low for a faithful map."""
        return auc(self.deletion)

    @property
    def insertion_auc(self) -> float:
        """High for a faithful map."""
        return auc(self.insertion)

    @property
    def gap(self) -> float:
        """Insertion minus deletion AUC."""
        return self.insertion_auc - self.deletion_auc

    @property
    def random_auc(self) -> float:
        """Mean deletion AUC of the random orders, which is their insertion AUC too: to put pixels back in an order is
        to take them away in the reverse one, read backwards, and the reverse of a random order is a random order. The
        expected gap of a random order is thus 0."""
        return float(np.mean([auc(curve) for curve in self.random])) if len(self.random) else float("nan")

    @property
    def random_gap(self) -> float:
        """The largest gap among the random orders, one of them taken to delete and one to insert: by how much chance
        alone strays from 0."""
        return float(np.ptp([auc(curve) for curve in self.random])) if len(self.random) > 1 else float("nan")

    @property
    def roi_gap(self) -> float:
        """The gap that the bare region has; 0 by expectation where it says nothing about its inside."""
        if self.roi_deletion is None or self.roi_insertion is None:
            return 0.0
        return auc(self.roi_insertion) - auc(self.roi_deletion)

    @property
    def shape_gap(self) -> float:
        """The gap that the order of the map has that needs no model; nan where it was not tried."""
        if self.shape_deletion is None or self.shape_insertion is None:
            return float("nan")
        return auc(self.shape_insertion) - auc(self.shape_deletion)

    @property
    def effect(self) -> float:
        """What the score loses with the whole region: the room that all orders have."""
        return float(self.deletion[0] - self.deletion[-1])


def curves(
    scorer: Scorer,
    target: int,
    values: np.ndarray,
    region: np.ndarray,
    fill: Tensor,
    *,
    steps: int = STEPS,
    seeds: Sequence[int] = range(SEEDS),
    baselines: Baselines | None = None,
) -> Curves:
    """Deletion and insertion curves of a map by equal shares of the region's area.

    Parameters
    ----------
    scorer : Scorer
    target : int
        Which of the scorer's targets.
    values : ndarray, shape (*S)
        The target's signed map on the scorer's image.
    region : ndarray of bool, shape (*S)
        Where the map says something.
    fill : Tensor, shape (C, *S)
        What takes the place of what is taken away, see `attribution.fill.make_fill`.
    steps : int
        20 for steps of 5 %.
    seeds : sequence of int
        One random order each; the first also breaks ties.
    baselines : Baselines, optional
        Other orders beside the random ones.

    Returns
    -------
    Curves
        The two ends are the same in all of them and are evaluated once.

    Raises
    ------
    InputError
        If the region is empty, or there are fewer than 2 steps.
    """
    if steps < 2 or not region.any():
        raise InputError(f"a curve needs at least 2 steps through a region with pixels, not {steps}")
    seeds = list(seeds)
    size = int(region.sum())
    counts = np.rint(np.linspace(0, size, steps + 1)).astype(int)[1:-1]
    first = seeds[0] if seeds else 0
    sets = [np.flatnonzero(region), *_both(values, region, counts, first)]
    for seed in seeds:
        order = random_order(region, seed)
        sets += [order[:count] for count in counts]
    baselines = baselines or Baselines()
    target_part, shape = baselines.target_part, baselines.shape
    bare = target_part is not None and bool((region & ~target_part).any() and (region & target_part).any())
    if bare:
        sets += _both(target_part & region, region, counts, first)
    if shape is not None:
        sets += _both(shape, region, counts, first)
    scores = scorer.evaluate(PixelSets(scorer.image, fill, sets))[:, target].double().numpy()
    start, end = float(scorer.baseline[target]), float(scores[0])
    parts = iter(scores[1:].reshape(-1, steps - 1))

    def curve(first: float, last: float) -> np.ndarray:
        return np.concatenate([[first], next(parts), [last]])

    return Curves(
        area=np.linspace(0, 1, steps + 1),
        deletion=curve(start, end),
        insertion=curve(end, start),
        random=np.array([curve(start, end) for _ in seeds]).reshape(len(seeds), steps + 1),
        roi_deletion=curve(start, end) if bare else None,
        roi_insertion=curve(end, start) if bare else None,
        shape_deletion=curve(start, end) if shape is not None else None,
        shape_insertion=curve(end, start) if shape is not None else None,
    )


def _both(values: np.ndarray, region: np.ndarray, counts: np.ndarray, seed: int) -> list[np.ndarray]:
    """What is away at each step of the deletion, and of the insertion.

    To insert from the highest value on is to delete from the lowest on, read backwards. Equal values thus come in the
    reverse order, and chance cancels out: a level map has a gap of exactly 0.
    """
    values = np.asarray(values, float)
    falling, rising = removal_order(values, region, seed), removal_order(-values, region, seed)
    return [falling[:count] for count in counts] + [rising[: len(rising) - count] for count in counts]
