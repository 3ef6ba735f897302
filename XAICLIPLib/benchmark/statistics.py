"""What one way of explaining gains over another: pair by pair, then over all pairs.

A pair is one structure in one slice, explained by one method in two ways. A ratio of two means would let the slow and
the large pairs speak for all, so that savings and gains are taken pair by pair, and their median is the number to
quote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from XAICLIPLib.metrics.overlap import THRESHOLDS

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
    """A number as rows have it, where None stands for nan."""
    return float("nan") if value is None else float(value)


def gain(before: float | None, after: float | None) -> float:
    """By how much a number grew, as a share of what it was; infinite from nothing to something, nan from nothing to
    nothing."""
    before, after = number(before), number(after)
    if before == 0:
        return float("inf") if after > 0 else float("nan")
    return after / before - 1


def pairs(rows: Sequence[Mapping], base: str = BRUTE) -> list[dict]:
    """Every other arm's rows held against those of the arm `base`.

    Returns
    -------
    list of dict
        ``seconds_saved`` and ``evaluations_saved`` (shares), ``speed_up``, ``…_gain`` of each overlap (shares, see
        `gain`) and ``…_change`` of the areas under the curves (differences).
    """
    by_unit = {_key(row): row for row in rows if row["arm"] == base}
    found = []
    for row in rows:
        before = by_unit.get(_key(row))
        if row["arm"] == base or before is None:
            continue
        found.append(
            {
                **{name: row[name] for name in _UNIT},
                "arm": row["arm"],
                **{f"{name}_saved": -gain(before[name], row[name]) for name in _SAVED},
                "speed_up": before["seconds"] / row["seconds"],
                **{f"{name}_gain": gain(before.get(name), row.get(name)) for name in _GAINED},
                **{f"{name}_change": number(row.get(name)) - number(before.get(name)) for name in _CHANGED},
            }
        )
    return found


def _key(row: Mapping) -> tuple:
    return tuple(row[name] for name in _UNIT)


def summary(rows: Sequence[Mapping], paired: Sequence[Mapping]) -> list[dict]:
    """Mean and standard deviation per method, structure and arm, and the medians of the pairs; then of all structures.

    Returns
    -------
    list of dict
        ``n``, ``NAME_mean`` and ``NAME_std`` (of the sample; nan for a single row) over the rows, ``NAME_median`` over
        the pairs.
    """
    methods = list(dict.fromkeys(row["method"] for row in rows))
    structures = list(dict.fromkeys(row["structure"] for row in rows))
    arms = list(dict.fromkeys(row["arm"] for row in rows))
    found = []
    for method in methods:
        for structure in (*structures, "all") if len(structures) > 1 else structures:
            for arm in arms:

                def chosen(items: Sequence[Mapping], wanted=(method, structure, arm)) -> list[Mapping]:
                    return [
                        item for item in items
                        if (item["method"], item["arm"]) == (wanted[0], wanted[2])
                        and wanted[1] in ("all", item["structure"])
                    ]  # fmt: skip

                mine = chosen(rows)
                if mine:
                    head = {"method": method, "structure": structure, "arm": arm, "n": len(mine)}
                    found.append(head | _moments(mine) | _medians(chosen(paired)))
    return found


def _moments(rows: Sequence[Mapping]) -> dict[str, float]:
    found = {}
    for name in _AVERAGED:
        values = _finite([number(row.get(name)) for row in rows])
        found[f"{name}_mean"] = float(values.mean()) if len(values) else float("nan")
        found[f"{name}_std"] = float(values.std(ddof=1)) if len(values) > 1 else float("nan")
    return found


def _medians(paired: Sequence[Mapping]) -> dict[str, float]:
    """Infinite gains count: they are above the median, wherever it is."""
    names = [name for name in paired[0] if name not in (*_UNIT, "arm")] if paired else []
    values = {name: np.array([number(pair[name]) for pair in paired]) for name in names}
    return {f"{name}_median": _median(v[~np.isnan(v)]) for name, v in values.items()}


def _median(values: np.ndarray) -> float:
    """The median; between a finite and an infinite middle value it is the finite one, not an infinite mean."""
    if not len(values):
        return float("nan")
    ordered = np.sort(values)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return float(low if np.isinf(high) else (low + high) / 2)


def _finite(values: Sequence[float]) -> np.ndarray:
    values = np.asarray(values, float)
    return values[np.isfinite(values)]
