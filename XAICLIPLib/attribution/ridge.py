"""The linear surrogate shared by LIME and RISE's ridge estimator."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import Ridge, RidgeCV


def fit_ridge(
    features: np.ndarray,
    scores: np.ndarray,
    alpha: float | Sequence[float],
    weights: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Ridge regression with an intercept of every target's scores on the same features.

    Parameters
    ----------
    features : ndarray, shape (N, F)
    scores : ndarray, shape (N, K)
    alpha : float, or several
        The penalty; of several, the one with the smallest leave-one-out error, per target.
    weights : ndarray, shape (N,), optional
        Sample weights.

    Returns
    -------
    coefficients : ndarray, shape (K, F)
    covariance : ndarray, shape (K, F, F)
        Their covariance, from the residuals' variance; the roots of its diagonal are the standard errors.
    """
    weights = np.ones(len(features)) if weights is None else weights
    several = np.ndim(alpha) > 0
    model = RidgeCV(alphas=alpha, alpha_per_target=True) if several else Ridge(alpha=alpha)
    model.fit(features, scores, sample_weight=weights)
    coefficients = np.atleast_2d(model.coef_)
    residuals = scores - model.predict(features).reshape(scores.shape)
    freedom = max(1, len(features) - features.shape[1] - 1)
    variance = (weights[:, None] * residuals**2).sum(0) / freedom

    centred = features - np.average(features, axis=0, weights=weights)
    gram = centred.T @ (weights[:, None] * centred)
    penalties = np.broadcast_to(model.alpha_ if several else alpha, len(coefficients))
    inverses = [_inverse(gram, penalty) for penalty in penalties]
    covariance = np.stack([v * inverse @ gram @ inverse for v, inverse in zip(variance, inverses)])
    return coefficients, covariance


def _inverse(gram: np.ndarray, penalty: float) -> np.ndarray:
    """Without a penalty, features that always go together, or fewer samples than features, leave no plain inverse."""
    if penalty > 0:
        return np.linalg.inv(gram + penalty * np.eye(len(gram)))
    return np.linalg.pinv(gram, hermitian=True)


def ridge_slopes(
    features: np.ndarray, outputs: np.ndarray, alpha: float, weights: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The same regression for thousands of outputs: slopes and standard errors alone, by one factorisation.

    Parameters
    ----------
    features : ndarray, shape (N, F)
    outputs : ndarray, shape (N, J)
    alpha : float
        The penalty.
    weights : ndarray, shape (N,), optional
        Sample weights.

    Returns
    -------
    slopes, errors : ndarray, shape (F, J)
    """
    weights = np.ones(len(features)) if weights is None else weights
    centred = features - np.average(features, axis=0, weights=weights)
    moved = outputs - np.average(outputs, axis=0, weights=weights)
    weighted = weights[:, None] * centred
    gram = centred.T @ weighted
    inverse = _inverse(gram, alpha)
    slopes = inverse @ (weighted.T @ moved)
    residuals = moved - centred @ slopes
    freedom = max(1, len(features) - features.shape[1] - 1)
    variance = (weights[:, None] * residuals**2).sum(0) / freedom
    spread = np.maximum((inverse @ gram @ inverse).diagonal(), 0)
    return slopes, np.sqrt(spread[:, None] * variance)


def slopes_alone(features: np.ndarray, outputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The slope of each output on each feature by itself, the others being left out.

    Parameters
    ----------
    features : ndarray, shape (N, F)
    outputs : ndarray, shape (N, J)

    Returns
    -------
    slopes, errors : ndarray, shape (F, J)
    """
    count = len(features)
    centred, moved = features - features.mean(0), outputs - outputs.mean(0)
    variance = np.maximum((centred**2).mean(0), 1e-6)[:, None]
    slopes = centred.T @ moved / count / variance
    unexplained = np.maximum((moved**2).mean(0) - slopes**2 * variance, 0)
    return slopes, np.sqrt(unexplained / max(1, count - 2) / variance)
