"""HSIC attribution (Novello, Fel & Vigouroux, NeurIPS 2022): how far the score depends on each cell of a grid."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from XAICLIPLib.attribution.features import Fit, cells_of, explain_by_patterns
from XAICLIPLib.attribution.methods import Hsic
from XAICLIPLib.attribution.monitor import Show
from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.attribution.ridge import ridge_slopes
from XAICLIPLib.attribution.scorer import Scorer

GROUPS = 20  # of the samples, one of which is left out at a time, for the standard error
ALIKE = 1e-12  # scores that differ by less do not vary


def hsic(scorer: Scorer, region: Tensor, settings: Hsic, seed: int = 0, show: Show | None = None) -> Attribution:
    """Explain the scorer's image inside the region (*S), bool, not empty.

    The criterion has neither sign nor unit. A map here is a signed drop of the score: it has the order of the
    criterion, a scale that is that of the scores, and the sign of the covariance (see `drops_of`).

    Parameters
    ----------
    scorer : Scorer
    region : Tensor, shape (*S), bool
        Not empty; nothing outside it is perturbed.
    settings : Hsic
        In pixels of the scorer's image.
    seed : int
        Of everything that is drawn.
    show : callable, optional
        Is offered the map while it is made, see `Monitor`.

    Returns
    -------
    Attribution
    """
    features = cells_of(region.cpu().numpy(), settings.grid)
    on = balanced(settings.samples, features.count, np.random.default_rng(seed))

    def fit(on: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        group = np.arange(len(on)) % GROUPS
        without = [drops_of(on[group != g], scores[group != g]) for g in range(min(GROUPS, len(on)))]
        spread = np.var(without, axis=0) * (len(without) - 1)  # delete-a-group jackknife (Quenouille, Tukey)
        return drops_of(on, scores), np.sqrt(spread)

    def spread(on: np.ndarray, outputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return ridge_slopes(
            on, outputs, 0.0
        )  # the criterion itself has no sign and no unit: the patterns' least squares

    return explain_by_patterns(scorer, region, settings, seed, features, on, Fit(fit, spread), show)


def balanced(samples: int, count: int, rng: np.random.Generator) -> np.ndarray:
    """Patterns (N, F) of 0 and 1, each feature on in half of the samples: a Latin hypercube cut at one half.

    Parameters
    ----------
    samples : int
        N.
    count : int
        Features, F.
    rng : Generator

    Returns
    -------
    ndarray, shape (N, F), of 0 and 1
    """
    half = np.arange(samples) % 2
    return np.stack([rng.permutation(half) for _ in range(count)], axis=1)


def gaussian_kernel(scores: np.ndarray) -> np.ndarray:
    """exp(−(y − y')²/(2·width²)) of scores (N,), the width being the median distance of two: the matrix (N, N).

    Parameters
    ----------
    scores : ndarray, shape (N,)

    Returns
    -------
    ndarray, shape (N, N)
    """
    distances = np.abs(scores[:, None] - scores[None])
    between = distances[np.triu_indices(len(scores), 1)]
    width = float(np.median(between) or between.mean())  # most scores can be equal, not all
    return np.exp(-(distances**2) / (2 * width**2))


def dependence(on: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """The Hilbert-Schmidt independence criterion of each feature and the score, tr(KHLH)/n² (Gretton et al., ALT 2005).

    Parameters
    ----------
    on : ndarray, shape (N, F), of 0 and 1
        The kernel K of a feature is 1 where two patterns agree in it, else 0.
    kernel : ndarray, shape (N, N)
        That of the scores, L.

    Returns
    -------
    ndarray, shape (F,)
    """
    # for 0 and 1, "agree" is 1 − (a − b)², of which centring leaves 2ab: no matrix per feature is needed
    centred = on - on.mean(0)
    return 2 * (centred * (kernel @ centred)).sum(0) / len(on) ** 2


def drops_of(on: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """The criterion as signed drops of the score: (K, F) from patterns (N, F) and scores (N, K).

    What independent patterns have by chance, the criterion's mean over all permutations of the scores, is taken off
    first. With a linear kernel the criterion of a feature is 2·cov², so its root is what corresponds to a drop. All are
    scaled by one factor: that with which the drops, as effects that add up, have the variance of the scores.

    Parameters
    ----------
    on : ndarray, shape (N, F), of 0 and 1
        Which features are kept in each sample.
    scores : ndarray, shape (N, K)

    Returns
    -------
    ndarray, shape (K, F)
        In units of the score; 0 for a target that nothing changed.
    """
    drops = np.zeros((scores.shape[1], on.shape[1]))
    centred = on - on.mean(0)
    variance = centred.var(0)
    for k, own in enumerate(scores.T):
        if np.ptp(own) < ALIKE:
            continue
        kernel = gaussian_kernel(own)
        spread = np.trace(kernel) - kernel.sum() / len(own)  # tr(HLH)
        by_chance = 2 * variance * spread / (len(own) * (len(own) - 1))
        size = np.sqrt(np.maximum(dependence(on, kernel) - by_chance, 0)) / np.maximum(variance, ALIKE)
        sign = np.sign((centred * (own - own.mean())[:, None]).sum(0))
        together = (size**2 * variance).sum()
        drops[k] = sign * size * np.sqrt(own.var() / together) if together else 0.0
    return drops
