"""Differences of pairs: their mean with an interval, and whether they are more than chance when all tests are counted.

A test takes the sign of each pair's difference as chance would have it, + or −, the same for all numbers of a pair. So
what the numbers of one patient have in common is counted once, and not against each of them as Holm's correction would:
eight pairs that all point one way can be found among any number of tests.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from XAICLIPLib.cohort.dependence import ALPHA, FEWEST

Key = TypeVar("Key", bound=Hashable)
EXACT = 13  # pairs up to which all signs are tried
_SIGNS = 10_000  # that are tried where there are more pairs
_RESAMPLES = 5_000
_AT_ONCE = 500  # rows of signs or draws: with ten thousand pairs 40 MB
_ALIKE = 1e-9  # share of a statistic below which two of them are the same


@dataclass(frozen=True)
class Difference:
    """What the second of two has more than the first, over the pairs that have the number in both.

    Attributes
    ----------
    pairs : int
    first, second : float
        Means.
    mean : float
        Of second − first.
    low, high : float
        Its 95 % bootstrap interval; nan with fewer than five pairs.
    higher, lower : int
        Pairs in which the second has more, and less.
    effect : float
        Matched-pairs rank-biserial correlation, -1 … 1: 1 where the second always has more. 0 where all are alike.
    p, corrected : float
        Of the test that the signs are chance, alone and when all tests are counted; nan with fewer than five pairs.
    """

    pairs: int
    first: float
    second: float
    mean: float
    higher: int
    lower: int
    effect: float
    low: float = float("nan")
    high: float = float("nan")
    p: float = float("nan")
    corrected: float = float("nan")

    @property
    def is_tested(self) -> bool:
        """Whether there were pairs enough."""
        return not np.isnan(self.corrected)

    @property
    def is_found(self) -> bool:
        """Whether it holds when all tests are counted."""
        return self.corrected < ALPHA


def differences(values: Mapping[Key, Sequence[tuple[float | None, float | None]]]) -> dict[Key, Difference]:
    """All differences, tested together.

    Parameters
    ----------
    values : mapping of key to sequence of (first, second), length N
        Of each pair, in one order for all keys; None or nan where one has no number.

    Returns
    -------
    dict of key to Difference
        Those with at least one pair, in the order of the keys.

    Notes
    -----
    Intervals: percentiles of 5,000 means of pairs drawn again, wider than 2.5 and 97.5 by what Student's t is wider
    than the normal distribution (Hesterberg, "What teachers should know about the bootstrap", The American Statistician
    2015): with few pairs plain percentiles are too narrow. Tests: sign flips, exact up to 13 pairs; corrected by the
    step-down maximum of Westfall & Young ("Resampling-based multiple testing", 1993). Same values, same numbers.

    Examples
    --------
    >>> found = differences({"dice": [(0.8, 0.9)] * 8, "volume": [(1.0, 1.0)] * 8})
    >>> found["dice"].higher, found["dice"].corrected, found["dice"].is_found, found["volume"].is_found
    (8, 0.0078125, True, False)
    """
    pairs = {key: np.array([_both(pair) for pair in given], float).reshape(-1, 2) for key, given in values.items()}
    pairs = {key: given for key, given in pairs.items() if np.isfinite(given[:, 0]).any()}
    plain = {key: _plain(given[np.isfinite(given[:, 0])]) for key, given in pairs.items()}
    tested = [key for key, found in plain.items() if found.pairs >= FEWEST]
    if not tested:
        return plain
    apart = np.stack([pairs[key][:, 1] - pairs[key][:, 0] for key in tested], axis=1)  # (N, tests)
    low, high = _intervals(apart)
    p, corrected = _tests(np.nan_to_num(apart))
    for i, key in enumerate(tested):
        numbers = (low[i], high[i], p[i], corrected[i])
        first = plain[key]
        plain[key] = Difference(
            first.pairs, first.first, first.second, first.mean, first.higher, first.lower, first.effect,
            *map(float, numbers),
        )  # fmt: skip
    return plain


def smallest_p(pairs: int) -> float:
    """The smallest p that a test of so many pairs can have.

    Parameters
    ----------
    pairs : int

    Returns
    -------
    float
    """
    return 2.0 ** (1 - pairs) if pairs <= EXACT else 1 / _SIGNS


def _both(pair: tuple[float | None, float | None]) -> tuple[float, float]:
    """Both numbers, or nan twice where one of them is missing."""
    first, second = (np.nan if value is None else float(value) for value in pair)
    return (first, second) if np.isfinite(first) and np.isfinite(second) else (np.nan, np.nan)


def _plain(known: np.ndarray) -> Difference:
    """What needs no chance, of pairs (n, 2)."""
    from scipy.stats import rankdata

    apart = known[:, 1] - known[:, 0]
    moved = apart[apart != 0]
    ranks = rankdata(np.abs(moved))
    effect = float((ranks * np.sign(moved)).sum() / ranks.sum()) if len(moved) else 0.0
    first, second = (float(v) for v in known.mean(0))
    return Difference(len(known), first, second, float(apart.mean()), int((apart > 0).sum()), int((apart < 0).sum()),
                      effect)  # fmt: skip


def _intervals(apart: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both ends of each mean's interval, of differences (N, tests) with nan where there is none."""
    from scipy.stats import norm, t

    known = np.isfinite(apart)
    filled, weights = np.where(known, apart, 0), known.astype(float)
    means = np.concatenate([(d @ filled) / np.maximum(d @ weights, 1) for d in _draws(len(apart))])
    counts = known.sum(0)
    tails = norm.cdf(-np.sqrt(counts / (counts - 1)) * t.ppf(0.975, counts - 1))
    ends = [np.quantile(means[:, i], (tail, 1 - tail)) for i, tail in enumerate(tails)]
    return np.array([low for low, _ in ends]), np.array([high for _, high in ends])


def _draws(count: int) -> Iterator[np.ndarray]:
    """How often each pair is drawn, (rows, pairs): as many pairs as there are, with putting back."""
    rng = np.random.default_rng(0)
    for start in range(0, _RESAMPLES, _AT_ONCE):
        yield rng.multinomial(count, np.full(count, 1 / count), min(_AT_ONCE, _RESAMPLES - start)).astype(float)


def _signs(count: int) -> Iterator[np.ndarray]:
    """Signs that chance could have given, (rows, pairs), the real ones first; of two opposite ones one, as both say the
    same."""
    if count <= EXACT:
        numbers = np.arange(2 ** (count - 1))
        yield 1.0 - 2.0 * (numbers[:, None] >> np.arange(count) & 1)
        return
    rng = np.random.default_rng(0)
    yield np.ones((1, count))
    for start in range(1, _SIGNS, _AT_ONCE):
        yield 1.0 - 2.0 * rng.integers(0, 2, (min(_AT_ONCE, _SIGNS - start), count))


def _tests(apart: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """p of each test and corrected, of differences (N, tests) with 0 where there is none."""
    size = np.sqrt((apart**2).sum(0))
    scaled = apart / np.where(size > 0, size, 1)
    real = np.abs(scaled.sum(0))
    order = np.argsort(-real, kind="stable")
    real, scaled = real[order], scaled[:, order]
    bars = real * (1 - _ALIKE) - 1e-12
    alone, together, count = np.zeros(len(real)), np.zeros(len(real)), 0
    for signs in _signs(len(apart)):
        drawn = np.abs(signs @ scaled)
        alone += (drawn >= bars).sum(0)
        # the largest of a test and of all weaker ones: what was found already is out of the running
        together += (np.maximum.accumulate(drawn[:, ::-1], 1)[:, ::-1] >= bars).sum(0)
        count += len(signs)
    p, corrected = np.empty(len(real)), np.empty(len(real))
    p[order] = alone / count
    corrected[order] = np.maximum.accumulate(together / count)
    return p, corrected
