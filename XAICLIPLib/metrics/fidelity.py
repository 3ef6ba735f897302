"""Whether the sums of a map over random places are what taking those places away costs: sensitivity-n, muFidelity and
infidelity.

As in `faithfulness`, every number comes from perturbed copies of the image, all inside the region that the map was made
for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from XAICLIPLib.attribution.features import cells_of
from XAICLIPLib.attribution.perturbations import PixelSets
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.metrics.faithfulness import CELLS

SHARES = (0.1, 0.2, 0.3, 0.5, 0.7)  # of the cells, for sensitivity-n
SHARE = 0.2  # of the cells, for muFidelity
ROUNDING = 1e-6  # of a score, in single precision


def random_subsets(cells: int, shares: Sequence[float], samples: int, seed: int) -> list[np.ndarray]:
    """Random subsets of the cells.

    Parameters
    ----------
    cells : int
        How many there are.
    shares : sequence of float
        Of the cells that a subset has; at least one cell, and not all of them.
    samples : int
        Subsets per share.
    seed : int

    Returns
    -------
    list of ndarray of bool, shape (cells,)
        One share after the other.
    """
    rng = np.random.default_rng(seed)
    chosen = []
    for share in shares:
        count = min(cells - 1, max(1, round(share * cells)))
        for _ in range(samples):
            subset = np.zeros(cells, bool)
            subset[rng.permutation(cells)[:count]] = True
            chosen.append(subset)
    return chosen


def correlation(predicted: np.ndarray, measured: np.ndarray) -> float:
    """Pearson's correlation.

    Parameters
    ----------
    predicted, measured : ndarray, shape (N,)

    Returns
    -------
    float
        -1 to 1; nan where one of the two does not vary.
    """
    predicted, measured = np.asarray(predicted, float), np.asarray(measured, float)
    scale = predicted.std() * measured.std()
    # rounding leaves a deviation of about this size in values that are all equal
    if scale <= 1e-14 * max(1e-12, np.abs(predicted).max() * np.abs(measured).max()):
        return float("nan")
    return float(((predicted - predicted.mean()) * (measured - measured.mean())).mean() / scale)


@dataclass(frozen=True)
class Subsets:
    """Which random places a map is tried on.

    Attributes
    ----------
    samples : int
        Subsets per share of `SHARES`, for sensitivity-n.
    mu_samples : int
        Subsets for muFidelity and infidelity.
    count : int
        Cells along the region's longer edge: the features of which subsets are drawn.
    """

    samples: int = 20
    mu_samples: int = 60
    count: int = CELLS


def fidelity(
    scorer: Scorer,
    target: int,
    values: np.ndarray,
    region: np.ndarray,
    fill: Tensor,
    *,
    subsets: Subsets = Subsets(),
    seed: int = 0,
) -> dict[str, float]:
    """How the sums of a map over random places agree with what taking those places away does to the score.

    Parameters
    ----------
    scorer, target, values, region, fill
        As in `faithfulness.curves`.
    subsets : Subsets
        How many places are tried, and of what size their cells are.
    seed : int
        Of the draw.

    Returns
    -------
    dict of str to float
        `sensitivity_n`
            Pearson's correlation of the map's sum over n features with the change of the score when they are taken
            away, the mean over several n (Ancona et al., ICLR 2018). 1 for every n where the score is additive and the
            map says its terms.
        `mu_fidelity`
            The same for random subsets of 20 % of the features (Bhatt et al., IJCAI 2020).
        `infidelity`
            Mean squared difference of the change of the score and the map's sum over the places taken away, here the
            subsets of muFidelity, as a share of the mean squared change (Yeh et al., NeurIPS 2019). The map is scaled
            by the factor that fits best, as there: 0 is perfect, and 1 is a map that says nothing.

        nan where there are fewer than 3 features, or nothing varies.
    """
    cells = cells_of(region, subsets.count).number
    inside = cells[region]
    total = int(inside.max()) + 1
    if total < 3:
        return dict.fromkeys(("sensitivity_n", "mu_fidelity", "infidelity"), float("nan"))
    samples = subsets.samples
    mass = np.bincount(inside, weights=np.asarray(values, float)[region], minlength=total)
    chosen = random_subsets(total, SHARES, samples, seed) + random_subsets(
        total, (SHARE,), subsets.mu_samples, seed + 1
    )
    flat = cells.ravel()
    places = np.flatnonzero(flat >= 0)
    sets = [places[subset[flat[places]]] for subset in chosen]
    scores = scorer.evaluate(PixelSets(scorer.image, fill, sets))[:, target].double().numpy()
    drops = float(scorer.baseline[target]) - scores
    drops[np.abs(drops) < ROUNDING] = 0.0
    sums = np.array([mass[subset].sum() for subset in chosen])
    parts = [slice(i * samples, (i + 1) * samples) for i in range(len(SHARES))]
    each = np.array([correlation(sums[part], drops[part]) for part in parts])
    last = slice(len(SHARES) * samples, None)
    return {
        "sensitivity_n": float(np.nanmean(each)) if np.isfinite(each).any() else float("nan"),
        "mu_fidelity": correlation(sums[last], drops[last]),
        "infidelity": infidelity(sums[last], drops[last]),
    }


def infidelity(sums: np.ndarray, drops: np.ndarray) -> float:
    """Mean squared difference of drops and scaled sums of the map, as a share of the mean squared drop.

    Parameters
    ----------
    sums : ndarray, shape (N,)
        Of the map over N places.
    drops : ndarray, shape (N,)
        Of the score, each with one of them taken away.

    Returns
    -------
    float
        0 to 1; nan where nothing dropped.
    """
    power, dropped = float((sums**2).mean()), float((drops**2).mean())
    if not dropped:
        return float("nan")
    scale = float((sums * drops).mean()) / power if power else 0.0
    return float(((drops - scale * sums) ** 2).mean()) / dropped
