"""Whether a map finds the cause that was planted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from XAICLIPLib.metrics.localisation import pointing_game, relevance_rank_accuracy


@dataclass(frozen=True)
class Finding:
    """How well a map finds the cause.

    Attributes
    ----------
    auc : float
        Of the cause's pixels against the rest of what was evaluated; 0.5 by chance.
    pointing : float
        Whether the largest value lies in it.
    rank : float
        Which share of the other pixels has a larger value than the cause's largest; 0 is best.
    overlap : float
        Share of the cause's pixels among as many of the map's highest.
    """

    auc: float
    pointing: float
    rank: float
    overlap: float


def auc_of(values: np.ndarray, positive: np.ndarray) -> float:
    """Area under the ROC curve of some values.

    Parameters
    ----------
    values : ndarray, shape (N,)
    positive : ndarray, shape (N,), bool

    Returns
    -------
    float
        0 to 1, ties counted half; nan where all or none are positive.

    Example
    -------
    >>> auc_of(np.array([0.1, 0.9, 0.3]), np.array([False, True, False]))
    1.0
    """
    count = int(positive.sum())
    if count in (0, len(positive)):
        return float("nan")
    ranks = rankdata(values)[positive].sum() - count * (count + 1) / 2
    return float(ranks / (count * (len(positive) - count)))


def finding(values: np.ndarray, cause: np.ndarray, evaluated: np.ndarray) -> Finding:
    """Hold a map against the cause.

    Parameters
    ----------
    values : ndarray, shape (H, W)
    cause, evaluated : ndarray, shape (H, W), bool

    Returns
    -------
    Finding
    """
    values = np.where(np.isfinite(values), values, 0.0)
    here, inside = values[evaluated], cause[evaluated]
    others = here[~inside]
    pointing = pointing_game(here, inside)
    return Finding(
        auc=auc_of(here, inside),
        pointing=0.0 if np.isnan(pointing) else pointing,
        rank=float((others > here[inside].max()).mean()),
        overlap=relevance_rank_accuracy(here, inside),
    )
