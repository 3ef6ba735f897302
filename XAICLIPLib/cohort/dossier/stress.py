"""What the model's drawing survives: the result of `xaiclip stress`, as far as it is of the same model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from XAICLIPLib.cohort.dossier.identity import label
from XAICLIPLib.errors import InputError
from XAICLIPLib.pipeline.doses import DOSES
from XAICLIPLib.report.names import REPORT
from XAICLIPLib.results.stress import KIND, MEDIAN

FOLDER = "stress"  # in a cohort's folder, where none is given


def stress_facts(cohort: Path, model: Mapping[str, Any], given: str | Path | None) -> dict[str, Any]:
    """What the drawing survives, in sentences and steps.

    Parameters
    ----------
    cohort : Path
        Where ``stress/`` is looked into when none is given.
    model : mapping
        Of `identity.model_facts`.
    given : path, optional
        What ``xaiclip stress --out`` wrote.

    Returns
    -------
    dict
        ``scans`` (how many), ``left_out`` (scans that could not be looked at), ``stopped``, ``answers`` (sentences by
        label), ``steps`` (rows: ``structure``, ``dose``, ``about``, ``side``, ``unit``, ``holds``, ``below_0.9``,
        ``below_0.5``, ``lowest``, ``furthest``) and ``not_tried`` (doses in words); empty where there is none.

    Raises
    ------
    InputError
        If what was given is no such result, or is of another model.
    """
    place = cohort / FOLDER if given is None else Path(given)
    if given is None and not (place / REPORT).exists():
        return {}
    try:
        report = json.loads((place / REPORT).read_text(encoding="utf-8"))
        if report["kind"] != KIND:
            raise ValueError("another kind")
        rows = [dict(row) for row in report["summary"]]
        facts = _facts(report, [row for row in rows if row["scan"] == MEDIAN] or rows)
        said = str(report["model"].get("sha256") or report["model"]["name"])
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"{place} holds no result of `xaiclip stress`; give the folder of its --out") from error
    known = model["sha256"] if report["model"].get("sha256") else model["name"]
    if said != known:
        raise InputError(
            f"{place} is of another model ({said[:12]}) than this cohort ({known[:12]}); run `xaiclip stress` with the "
            "same --model"
        )
    return facts


def _facts(report: Mapping[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("dose", "side", "unit", "holds", "below_0.9", "below_0.5", "lowest", "furthest")
    steps = [
        {"structure": label(row["structure"]), "about": DOSES[row["dose"]].about, **{name: row[name] for name in names}}
        for row in rows
    ]
    order = list(DOSES)
    tried = {row["dose"] for row in rows}
    return {
        "scans": len(report["scans"]),
        "left_out": len(report["failed"]),
        "stopped": bool(report["stopped"]),
        "answers": {label(name): str(text) for name, text in sorted(report["answers"].items())},
        "steps": sorted(steps, key=lambda row: (row["structure"], order.index(row["dose"]), row["side"])),
        "not_tried": [dose.about for name, dose in DOSES.items() if name not in tried],
    }
