"""On which of a patient's or scan's attributes the numbers depend: effects with intervals, corrected for many tests.

Two questions for each number and attribute. *Do the numbers shift?* By ranks: Spearman's correlation for an attribute
that is a number, Cliff's delta of each of its values against all others for one that is a word. *Do some patients lie
outside?* The share of outliers among those with a value, minus that among all others: a cause that a few patients of
one scanner have moves no median, and shows here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from XAICLIPLib.cohort.outliers import FAR, modified_z

ALPHA = 0.01  # of all tests together (Holm's correction), from which an effect counts as found
FEWEST = 5  # cases with a value, and without it, of which an effect can be told
MOST_VALUES = 12  # of an attribute in words: more are names, not groups
_NUMBERS = 6  # different values from which an attribute in numbers is one, and not a code of groups
_RESAMPLES = 500
_SHIFT, _CORRELATION, _OUTSIDE = "shift", "correlation", "outside"


@dataclass(frozen=True)
class Effect:
    """How a number depends on an attribute.

    Attributes
    ----------
    structure, number, column : str
        Which number of which structure, and which attribute.
    value : str
        Of the attribute, held against all others; empty for a correlation.
    kind : str
        "correlation" (Spearman), "shift" (Cliff's delta, -1 … 1), "outside" (difference of two shares of outliers).
    effect, low, high : float
        With its 95 % bootstrap interval; nan where that was not made.
    cases, others : int
        With the value, and without it; for a correlation all, and 0.
    p, corrected : float
        Of the test that there is no effect; the second corrected for all tests of the cohort.
    """

    structure: str
    number: str
    column: str
    value: str
    kind: str
    effect: float
    cases: int
    others: int
    p: float
    corrected: float = 1.0
    low: float = float("nan")
    high: float = float("nan")

    @property
    def is_found(self) -> bool:
        """Whether it holds when all tests are counted."""
        return self.corrected < ALPHA

    def sentence(self) -> str:
        """What it says, in words.

        Returns
        -------
        str
        """
        what = f"{self.number.replace('_', ' ')} of {self.structure.replace('_', ' ')}"
        interval = f"{self.effect:.2f} ({self.low:.2f} … {self.high:.2f})"
        if self.kind == _CORRELATION:
            way = "rises" if self.effect > 0 else "falls"
            return f"{what} {way} with {self.column}: rank correlation {interval} in {self.cases} cases"
        if self.kind == _SHIFT:
            way = "higher" if self.effect > 0 else "lower"
            return f"{what} is {way} where {self.column} is {self.value}: Cliff's delta {interval}, {self.cases} cases"
        return (
            f"{what} is an outlier more often where {self.column} is {self.value}: by a share of {interval}, "
            f"{self.cases} cases against {self.others}"
        )


def effects(
    numbers: Mapping[tuple[str, str], Sequence[float | None]], attributes: Mapping[str, Sequence[str | float | None]]
) -> list[Effect]:
    """All effects of attributes on numbers, those that hold first.

    Parameters
    ----------
    numbers : mapping of (structure, name) to sequence of float, length N
        Of each case; None where it has none.
    attributes : mapping of str to sequence, length N
        Words or numbers of each case.

    Returns
    -------
    list of Effect
        By their p; those that are found have intervals.
    """
    tested = []
    for (structure, name), given in numbers.items():
        values = np.array([np.nan if v is None else v for v in given], float)
        far = np.abs(modified_z(given)) > FAR
        for column, attribute in attributes.items():
            known = np.isfinite(values) & np.array([a is not None for a in attribute])
            kept = [a for a, k in zip(attribute, known) if k]
            about = (structure, name, column)
            tested += _of_attribute(about, values[known], far[known], kept)
    held = sorted(_corrected(tested), key=lambda e: (e.p, e.structure, e.number, e.column, e.value, e.kind))
    return [_with_interval(e, numbers, attributes) if e.is_found else e for e in held]


def _of_attribute(about: tuple[str, str, str], values: np.ndarray, far: np.ndarray, kept: Sequence) -> list[Effect]:
    if len(kept) < 2 * FEWEST or len(np.unique(values)) < 2:
        return []
    if _is_number(kept):
        return [_correlation(about, values, np.array(kept, float))]
    words = np.array([str(a) for a in kept])
    found: list[Effect] = []
    levels = sorted(set(words.tolist()))
    if not 2 <= len(levels) <= MOST_VALUES:
        return found
    # of two values each says what the other says
    for level in levels[:1] if len(levels) == 2 else levels:
        found += _shift(about, values, words == level, level)
    for level in levels:
        found += _outside(about, far, words == level, level)
    return found


def _is_number(kept: Sequence) -> bool:
    return all(isinstance(a, (int, float)) and not isinstance(a, bool) for a in kept) and len(set(kept)) >= _NUMBERS


def _correlation(about: tuple[str, str, str], values: np.ndarray, attribute: np.ndarray) -> Effect:
    from scipy.stats import spearmanr

    found = spearmanr(attribute, values)
    return Effect(*about, "", _CORRELATION, float(found.statistic), len(values), 0, float(found.pvalue))


def _shift(about: tuple[str, str, str], values: np.ndarray, has: np.ndarray, level: str) -> list[Effect]:
    from scipy.stats import mannwhitneyu

    count, others = int(has.sum()), int((~has).sum())
    if min(count, others) < FEWEST:
        return []
    found = mannwhitneyu(values[has], values[~has])
    delta = 2 * float(found.statistic) / (count * others) - 1
    return [Effect(*about, level, _SHIFT, delta, count, others, float(found.pvalue))]


def _outside(about: tuple[str, str, str], far: np.ndarray, has: np.ndarray, level: str) -> list[Effect]:
    from scipy.stats import fisher_exact

    count, others = int(has.sum()), int((~has).sum())
    if min(count, others) < FEWEST or not far.any():
        return []
    inside, outside = int(far[has].sum()), int(far[~has].sum())
    table = [[inside, count - inside], [outside, others - outside]]
    p = float(fisher_exact(table, alternative="greater").pvalue)
    return [Effect(*about, level, _OUTSIDE, inside / count - outside / others, count, others, p)]


def _corrected(tested: Sequence[Effect]) -> list[Effect]:
    """Holm's correction: the chance that any at all is found where there is none stays below what is asked."""
    order = sorted(range(len(tested)), key=lambda i: tested[i].p)
    held, largest = list(tested), 0.0
    for place, i in enumerate(order):
        largest = max(largest, min(1.0, tested[i].p * (len(tested) - place)))
        held[i] = replace(tested[i], corrected=largest)
    return held


def _with_interval(effect: Effect, numbers: Mapping, attributes: Mapping) -> Effect:
    """The 95 % interval of an effect, by drawing the cases again."""
    given, attribute = numbers[effect.structure, effect.number], attributes[effect.column]
    values = np.array([np.nan if v is None else v for v in given], float)
    known = np.isfinite(values) & np.array([a is not None for a in attribute])
    far = (np.abs(modified_z(given)) > FAR)[known]
    values, kept = values[known], [a for a, k in zip(attribute, known) if k]
    rng = np.random.default_rng(0)
    drawn = np.array(
        [_again(effect, values, far, kept, rng.integers(0, len(kept), len(kept))) for _ in range(_RESAMPLES)]
    )
    low, high = np.nanpercentile(drawn, (2.5, 97.5))
    return replace(effect, low=float(low), high=float(high))


def _again(effect: Effect, values: np.ndarray, far: np.ndarray, kept: Sequence, drawn: np.ndarray) -> float:
    """An effect in cases that were drawn; nan where one of its sides has none."""
    from scipy.stats import rankdata

    if effect.kind == _CORRELATION:
        ranks = [rankdata(np.asarray(each, float)[drawn]) for each in (kept, values)]
        return float(np.corrcoef(*ranks)[0, 1]) if min(np.ptp(r) for r in ranks) > 0 else float("nan")
    has = np.array([str(a) == effect.value for a in kept])[drawn]
    count, others = has.sum(), (~has).sum()
    if not count or not others:
        return float("nan")
    if effect.kind == _OUTSIDE:
        return float(far[drawn][has].mean() - far[drawn][~has].mean())
    ranks = rankdata(values[drawn])
    return float(2 * (ranks[has].sum() - count * (count + 1) / 2) / (count * others) - 1)
