"""How the numbers of a cohort are spread, and which cases lie outside, robustly: a few wild values hide no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FAR = 3.5  # modified z-score from which a value is an outlier: Iglewicz & Hoaglin, ASQC 1993
FEWEST = 10  # values of which one can be said to lie outside
_MAD, _MEAN = 1.4826, 1.2533  # by which a deviation is a standard deviation, for normal values


@dataclass(frozen=True, eq=False)
class Spread:
    """How a number is spread over the cases.

    Attributes
    ----------
    count : int
        Cases that have it.
    low, quarter, median, three_quarters, high : float
        Lowest, quartiles and highest.
    counts : ndarray of int, shape (bins,)
        Cases in bins of one width from `low` to `high`.
    """

    count: int
    low: float
    quarter: float
    median: float
    three_quarters: float
    high: float
    counts: np.ndarray


def spread(values: Sequence[float | None], bins: int = 24) -> Spread | None:
    """How a number is spread.

    Parameters
    ----------
    values : sequence of float
        None and what is not finite is left out.
    bins : int

    Returns
    -------
    Spread or None
        None where there is no value.
    """
    known = _finite(values)
    known = known[np.isfinite(known)]
    if not known.size:
        return None
    low, quarter, median, three_quarters, high = (float(v) for v in np.percentile(known, (0, 25, 50, 75, 100)))
    counts, _ = np.histogram(known, bins, (low, high if high > low else low + 1))
    return Spread(known.size, low, quarter, median, three_quarters, high, counts)


def modified_z(values: Sequence[float | None]) -> np.ndarray:
    """How far each value lies from the median, in robust standard deviations.

    Parameters
    ----------
    values : sequence of float, length N

    Returns
    -------
    ndarray of float, shape (N,)
        Signed; 0 where there is no value, where there are fewer than `FEWEST`, and where all are alike.

    Notes
    -----
    Iglewicz & Hoaglin, "How to detect and handle outliers", ASQC 1993: (x - median) / (1.4826 MAD); where more than
    half of the values are alike the mean absolute deviation, times 1.2533, stands for the median one.
    """
    given = _finite(values)
    known = np.isfinite(given)
    scores = np.zeros(len(given))
    if known.sum() < FEWEST:
        return scores
    from_median = given[known] - np.median(given[known])
    size = _MAD * np.median(np.abs(from_median)) or _MEAN * np.mean(np.abs(from_median))
    if size > 0:
        scores[known] = from_median / size
    return scores


def _finite(values: Sequence[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], float)
