"""The numbers of a cohort, as a reader calls them, and how each is spread over the cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from XAICLIPLib.cohort.across import Across
from XAICLIPLib.cohort.dossier.identity import label
from XAICLIPLib.cohort.dossier.intervals import median_interval
from XAICLIPLib.cohort.lines import SHOWN, Line
from XAICLIPLib.cohort.outliers import spread


@dataclass(frozen=True)
class Measured:
    """A number as a reader calls it.

    Attributes
    ----------
    title, meaning : str
    unit : str
        Empty for shares and scores.
    factor : float
        By which the table's number becomes one of that unit.
    """

    title: str
    meaning: str
    unit: str = ""
    factor: float = 1.0


MEASURED = {
    "dice": Measured("Dice with the reference", "overlap of drawing and reference: 1 is the same, 0 is nothing shared"),
    "hd95_mm": Measured("HD95", "95 % of the drawing's edge lies nearer to the reference's than this", "mm"),
    "score": Measured("undisturbed score", "the score before anything is hidden, mean over the slices"),
    "largest_drop": Measured("largest drop", "most that the score loses when one place is hidden"),
    "remote_loss": Measured(
        "largest loss of the rest",
        "most that the drawing loses elsewhere, as mean probability, when one place is hidden",
    ),
    "remote_share": Measured(
        "remote share", "of all that is lost, the share that is lost elsewhere than in the hidden place"
    ),
    "unseen_share": Measured(
        "unseen share", "of what was hidden of the structure, the share that is drawn nevertheless, without a look"
    ),
    "shape_correlation": Measured(
        "likeness to mere shape",
        "rank correlation of the map with one that needs no model; near 1 the map says where the organ is, not why",
    ),
    "gap": Measured("insertion − deletion", "how well the map's order works: above that of chance it says something"),
    "predicted_mm2": Measured("area drawn", "sum over the slices", "cm²", 0.01),
    "rho": Measured("share of model runs", "runs that were needed, as a share of those for the whole image"),
}


def statistics(found: Across) -> list[dict[str, Any]]:
    """How each number of each structure is spread over the cases.

    Parameters
    ----------
    found : Across

    Returns
    -------
    list of dict
        ``structure``, ``number`` (its column), ``title``, ``unit``, ``cases``, ``median``, ``median_low`` and
        ``median_high`` (95 %; None of too few cases), ``quarter``, ``three_quarters``, ``low``, ``high``; in ``unit``.
    """
    rows = []
    for structure in sorted({line.structure for line in found.lines}):
        alike = [line for line in found.lines if line.structure == structure]
        for name, about in MEASURED.items():
            row = summary([one * about.factor for one in values_of(alike, name)])
            if row:
                rows.append({"structure": label(structure), "number": name, "title": about.title, "unit": about.unit,
                             **row})  # fmt: skip
    return rows


def summary(values: Sequence[float]) -> dict[str, Any]:
    """Count, median with its interval, quartiles and ends of some values.

    Parameters
    ----------
    values : sequence of float

    Returns
    -------
    dict
        Empty where there are none.
    """
    found = spread(values)
    if found is None:
        return {}
    low, high = median_interval(values) or (None, None)
    return {
        "cases": found.count, "median": found.median, "median_low": low, "median_high": high,
        "quarter": found.quarter, "three_quarters": found.three_quarters, "low": found.low, "high": found.high,
    }  # fmt: skip


def values_of(lines: Sequence[Line], name: str) -> list[float]:
    """A number of some structures of cases, without those that lack it.

    Parameters
    ----------
    lines : sequence of Line
    name : str
        Of `SHOWN`.

    Returns
    -------
    list of float
    """
    place = SHOWN.index(name)
    return [float(value) for line in lines if (value := line.values[place]) is not None]
