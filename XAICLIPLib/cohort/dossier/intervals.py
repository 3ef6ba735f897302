"""How sure numbers of a few cases are: 95 % intervals that draw nothing at random, and no interval of too few cases."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

FEWEST = 6  # cases: of fewer no two of them hold the median between them with 95 %
LEVEL = 0.95

Interval = tuple[float, float]


def median_interval(values: Sequence[float]) -> Interval | None:
    """The interval of the median, by order: two of the values, whatever their distribution.

    Parameters
    ----------
    values : sequence of float, length N

    Returns
    -------
    (float, float) or None
        None where N is below `FEWEST`.

    Notes
    -----
    How many values lie below the median is binomial with N and 1/2; of equal ranks from both ends the innermost are
    taken that hold the median with at least `LEVEL`.
    """
    from scipy.stats import binom

    count = len(values)
    if count < FEWEST:
        return None
    rank = int(binom.ppf((1 - LEVEL) / 2, count, 0.5))  # as few as lie below the median in fewer than 2.5 % of draws
    ordered = sorted(values)
    return float(ordered[rank - 1]), float(ordered[count - rank])


def mean_interval(values: Sequence[float]) -> Interval | None:
    """The interval of the mean, by Student's t.

    Parameters
    ----------
    values : sequence of float, length N

    Returns
    -------
    (float, float) or None
        None where N is below `FEWEST`.
    """
    from scipy.stats import t

    count = len(values)
    if count < FEWEST:
        return None
    mean, error = float(np.mean(values)), float(np.std(values, ddof=1)) / count**0.5
    half = float(t.ppf((1 + LEVEL) / 2, count - 1)) * error
    return mean - half, mean + half


def share_interval(part: int, whole: int) -> Interval | None:
    """The interval of a share of cases, exact (Clopper and Pearson 1934).

    Parameters
    ----------
    part, whole : int

    Returns
    -------
    (float, float) or None
        None where `whole` is 0.
    """
    from scipy.stats import binomtest

    if not whole:
        return None
    found = binomtest(part, whole).proportion_ci(LEVEL, method="exact")
    return float(found.low), float(found.high)
