"""What one way of explaining gains over another: pair by pair, then over all pairs.

A pair is one structure in one slice, explained by one method in two ways. A ratio of two means would let the slow and
the large pairs speak for all, so that savings and gains are taken pair by pair, and their median is the number to
quote.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from XAICLIPLib.metrics.map_overlap import THRESHOLDS
from XAICLIPLib.results.rows import ArmRow, ArmSummaryRow, PairRow

BRUTE, ROI, FEWER = "brute force", "ROI", "ROI, fewer samples"
ARMS = (BRUTE, ROI, FEWER)
THRESHOLD = 0.4  # of the high-attribution region in the tables
_UNIT = ("case", "slice", "structure", "method")
_SAVED = ("seconds", "evaluations")
_GAINED = tuple(f"{name}_{t:g}" for t in THRESHOLDS for name in ("fidelity_dice", "iou", "band_dice", "band_iou"))
_CHANGED = ("deletion_auc", "insertion_auc", "gap")
_AVERAGED = (
    *_SAVED, *_GAINED, *_CHANGED, "roi_iou", "roi_fidelity_dice", "roi_band_iou", "target_recall", "drop_outside",
    "prediction_dice", "region_seconds", "region_share",
)  # fmt: skip


def number(value: float | None) -> float:
    """A number of a row that may not have it.

    Parameters
    ----------
    value : float, or None

    Returns
    -------
    float
        nan for None.
    """
    return float("nan") if value is None else float(value)


def gain(before: float | None, after: float | None) -> float:
    """By how much a number grew, as a share of what it was.

    Parameters
    ----------
    before, after : float, or None

    Returns
    -------
    float
        after / before - 1; infinite from nothing to something, nan from nothing to nothing and where one is missing.
    """
    before, after = number(before), number(after)
    if before == 0:
        return float("inf") if after > 0 else float("nan")
    return after / before - 1


def pairs(rows: Sequence[ArmRow], base: str = BRUTE) -> list[PairRow]:
    """Every other arm's rows held against those of the arm `base`.

    Parameters
    ----------
    rows : sequence of ArmRow
    base : str
        Name of an arm.

    Returns
    -------
    list of PairRow
        One per row that has a counterpart.
    """
    by_unit = {_unit(row): row for row in rows if row.arm == base}
    return [_pair(by_unit[_unit(row)], row) for row in rows if row.arm != base and _unit(row) in by_unit]


def _pair(before: ArmRow, row: ArmRow) -> PairRow:
    numbers = {f"{name}_gain": gain(before.get(name), row.get(name)) for name in _GAINED}
    numbers |= {f"{name}_change": number(row.get(name)) - number(before.get(name)) for name in _CHANGED}
    return PairRow(
        case=row.case,
        slice=row.slice,
        structure=row.structure,
        method=row.method,
        arm=row.arm,
        seconds_saved=-gain(before.seconds, row.seconds),
        evaluations_saved=-gain(before.evaluations, row.evaluations),
        speed_up=before.seconds / row.seconds,
        **PairRow.attributes(numbers),
    )


def _unit(row: ArmRow) -> tuple:
    return row.case, row.slice, row.structure, row.method


def summary(rows: Sequence[ArmRow], paired: Sequence[PairRow]) -> list[ArmSummaryRow]:
    """Mean and standard deviation per method, structure and arm, and the medians of the pairs; then of all structures.

    Parameters
    ----------
    rows : sequence of ArmRow
    paired : sequence of PairRow
        See `pairs`.

    Returns
    -------
    list of ArmSummaryRow
        Those of the structure "all" where there are several.
    """
    methods = list(dict.fromkeys(row.method for row in rows))
    structures = list(dict.fromkeys(row.structure for row in rows))
    arms = list(dict.fromkeys(row.arm for row in rows))
    lines = []
    for method in methods:
        for structure in (*structures, "all") if len(structures) > 1 else structures:
            for arm in arms:
                mine = [r for r in rows if (r.method, r.arm) == (method, arm) and structure in ("all", r.structure)]
                if mine:
                    held = [
                        p for p in paired if (p.method, p.arm) == (method, arm) and structure in ("all", p.structure)
                    ]
                    means, deviations = _moments(mine)
                    lines.append(
                        ArmSummaryRow(
                            method=method,
                            structure=structure,
                            arm=arm,
                            n=len(mine),
                            means=means,
                            deviations=deviations,
                            medians=_medians(held),
                        )
                    )
    return lines


def _moments(rows: Sequence[ArmRow]) -> tuple[dict[str, float], dict[str, float]]:
    """Means, and standard deviations as of a sample."""
    means, deviations = {}, {}
    for name in _AVERAGED:
        values = _finite([number(row.get(name)) for row in rows])
        means[name] = float(values.mean()) if len(values) else float("nan")
        deviations[name] = float(values.std(ddof=1)) if len(values) > 1 else float("nan")
    return means, deviations


def _medians(paired: Sequence[PairRow]) -> dict[str, float]:
    """Infinite gains count: they are above the median, wherever it is."""
    names = [name for name in paired[0] if name not in (*_UNIT, "arm")] if paired else []
    values = {name: np.array([number(pair[name]) for pair in paired]) for name in names}
    return {name: _median(v[~np.isnan(v)]) for name, v in values.items()}


def _median(values: np.ndarray) -> float:
    """The median; between a finite and an infinite middle value it is the finite one, not an infinite mean."""
    if not len(values):
        return float("nan")
    ordered = np.sort(values)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return float(low if np.isinf(high) else (low + high) / 2)


def _finite(values: Sequence[float]) -> np.ndarray:
    numbers = np.asarray(values, float)
    return numbers[np.isfinite(numbers)]
