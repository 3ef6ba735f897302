"""LIME (Ribeiro et al., KDD 2016) on the superpixels of the region."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from XAICLIPLib.attribution.features import Fit, explain_by_patterns
from XAICLIPLib.attribution.methods import Lime
from XAICLIPLib.attribution.monitor import Show
from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.attribution.ridge import fit_ridge, ridge_slopes
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.attribution.superpixels import superpixels_of


def lime(scorer: Scorer, region: Tensor, settings: Lime, seed: int = 0, show: Show | None = None) -> Attribution:
    """Explain the scorer's image inside the region (*S), bool, not empty.

    Parameters
    ----------
    scorer : Scorer
    region : Tensor, shape (*S), bool
        Not empty; nothing outside it is perturbed.
    settings : Lime
        In pixels of the scorer's image.
    seed : int
        Of everything that is drawn.
    show : callable, optional
        Is offered the map while it is made, see `Monitor`.

    Returns
    -------
    Attribution
    """
    features = superpixels_of(scorer.image, region, settings)
    on = np.random.default_rng(seed).integers(0, 2, (settings.samples, features.count))
    on[0] = 1

    def fit(on: np.ndarray, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        coefficients, covariance = fit_ridge(on, scores, settings.alpha, locality(on, settings.kernel_width))
        return coefficients, np.sqrt(np.maximum(covariance.diagonal(axis1=1, axis2=2), 0))

    def spread(on: np.ndarray, outputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return ridge_slopes(on, outputs, settings.alpha, locality(on, settings.kernel_width))

    return explain_by_patterns(scorer, region, settings, seed, features, on, Fit(fit, spread), show)


def locality(on: np.ndarray, width: float | None) -> np.ndarray | None:
    """The locality kernel for patterns (N, F), or None.

    Parameters
    ----------
    on : ndarray, shape (N, F), of 0 and 1
    width : float, optional
        Of the kernel; without it all samples weigh the same.

    Returns
    -------
    ndarray, shape (N,), or None
        A weight per sample in (0, 1].
    """
    if width is None:
        return None
    distance = 1 - np.sqrt(on.mean(axis=1))  # cosine distance of a 0/1 vector to all ones
    return np.sqrt(np.exp(-(distance**2) / width**2))
