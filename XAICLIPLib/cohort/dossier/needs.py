"""What the model needs and what it ignores: whole organs that were hidden, and how much was lost where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from XAICLIPLib.cohort.across import Across
from XAICLIPLib.cohort.dossier.identity import label
from XAICLIPLib.cohort.dossier.intervals import mean_interval
from XAICLIPLib.cohort.dossier.measured import summary, values_of
from XAICLIPLib.metrics.findings import REMOTE

NEEDED = REMOTE  # loss of mean probability, the whole interval of whose mean lies above it where an organ is needed
IGNORED = 0.01  # and on both sides of 0 no farther than this where it is ignored, and no case loses more than NEEDED
NEEDS, IGNORES, DISTURBED, OPEN, FEW = "needs", "ignores", "is surer without", "between", "too few cases"


def matrix(found: Across) -> list[dict[str, Any]]:
    """What each structure loses when each organ is hidden, over the cases.

    Parameters
    ----------
    found : Across

    Returns
    -------
    list of dict
        ``hidden`` and ``structure`` (labels), ``itself``, ``cases``, ``mean``, ``deviation`` (None of one case),
        ``low`` and ``high`` (95 % interval of the mean), ``above`` (cases that lose more than `NEEDED`) and ``verdict``
        (`NEEDS`, `IGNORES`, `DISTURBED`, `OPEN` or `FEW`).
    """
    rows = []
    for player, structure in sorted(found.losses):
        losses = found.losses[player, structure]
        interval, above = mean_interval(losses), sum(loss > NEEDED for loss in losses)
        rows.append(
            {
                "hidden": label(player), "structure": label(structure), "itself": player == structure,
                "cases": len(losses), "mean": float(np.mean(losses)),
                "deviation": float(np.std(losses, ddof=1)) if len(losses) > 1 else None,
                "low": interval[0] if interval else None, "high": interval[1] if interval else None,
                "above": above, "verdict": _verdict(interval, above),
            }
        )  # fmt: skip
    return rows


def _verdict(interval: tuple[float, float] | None, above: int) -> str:
    if interval is None:
        return FEW
    low, high = interval
    if low > NEEDED:
        return NEEDS
    if -IGNORED < low and high < IGNORED and not above:  # a few patients who need it move no mean
        return IGNORES
    return DISTURBED if high < -NEEDED else OPEN


def shares(found: Across) -> list[dict[str, Any]]:
    """Where what is lost is lost: in the hidden place itself, elsewhere, or not at all.

    Parameters
    ----------
    found : Across

    Returns
    -------
    list of dict
        ``structure``, and ``own``, ``remote`` and ``unseen``, each as of `measured.summary`; empty ones were not
        recorded.
    """
    rows = []
    for structure in sorted({line.structure for line in found.lines}):
        alike = [line for line in found.lines if line.structure == structure]
        remote = values_of(alike, "remote_share")
        rows.append(
            {
                "structure": label(structure), "own": summary([1 - value for value in remote]),
                "remote": summary(remote), "unseen": summary(values_of(alike, "unseen_share")),
            }
        )  # fmt: skip
    return [row for row in rows if row["own"] or row["unseen"]]


def judged(rows: Sequence[Mapping[str, Any]], structure: str, verdict: str) -> list[Mapping[str, Any]]:
    """Organs beside a structure itself of which the same was found for it, those that matter most first.

    Parameters
    ----------
    rows : sequence of mapping
        Of `matrix`.
    structure : str
        Its label.
    verdict : str

    Returns
    -------
    list of mapping
    """
    own = [row for row in rows if row["structure"] == structure and row["verdict"] == verdict and not row["itself"]]
    return sorted(own, key=lambda row: (-row["mean"], row["hidden"]))
