"""What was asked of the model, on which data: the request in words, and the cases without names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from XAICLIPLib.attribution.methods import METHODS
from XAICLIPLib.case.naming import bare
from XAICLIPLib.cohort.across import Across
from XAICLIPLib.cohort.dependence import FEWEST, MOST_VALUES
from XAICLIPLib.cohort.dossier.identity import labels
from XAICLIPLib.cohort.dossier.read import Kept
from XAICLIPLib.cohort.lines import SHOWN
from XAICLIPLib.cohort.store import EXPLAINED, finished_in
from XAICLIPLib.cohort.table import NOT_YET, manifest_fields, typed
from XAICLIPLib.report.markup import in_words

_SHARED = 2  # cases that have a value from which it is written: what one patient alone has may tell who it is
_CODES = 1000  # whole numbers from here on, all different, are taken for numbers of patients and not written
_REGIONS = {
    "clip": "where a vision-language model finds the name of a structure",
    "prediction": "what the model draws, and a margin round it",
    "full": "the whole image",
    "box": "a box that was given",
}
_SCORES = {
    "dice": "Dice (overlap: 1 is the same, 0 is nothing shared) of the drawing with the reference where there is one, "
    "else with the undisturbed drawing",
    "soft_dice": "soft Dice, of the probabilities themselves",
    "confidence": "mean probability over the structure",
}
_UNITS = {"px512": "pixels of a slice 512 wide", "pixel": "pixels of the scan", "mm": "mm"}
EVIDENCE = {
    "none": "the maps were not tested",
    "quick": "tested on a few slices of each case",
    "full": "tested on every slice, with other seeds and random weights",
}


def request_in_words(request: Mapping[str, Any], keep: str) -> dict[str, Any]:
    """What was asked of every case.

    Parameters
    ----------
    request : mapping
        As `report.json` has it.
    keep : str
        What was kept of each case.

    Returns
    -------
    dict of str to object
        For a table of two columns.
    """
    method = dict(request.get("method") or {})
    name = str(method.pop("name", ""))
    kind = METHODS.get(name)
    unit = _UNITS.get(str(method.pop("unit", "")), "")
    settings = ", ".join(
        f"{key.replace('_', ' ')} {_setting(value)}" for key, value in method.items() if value not in (None, "")
    )
    influence, region = request.get("influence") or {}, str((request.get("region") or {}).get("source", ""))
    players = influence.get("players")
    series = str(request.get("slices", "all"))
    return {
        "structures": labels([str(one) for one in request.get("structures") or ()]),
        "question": "what the model draws when one place of the scan after another is hidden",
        "method": (kind.title or name) if kind else name,
        "settings": settings + (f"; sizes in {unit}" if unit else ""),
        "places that are hidden": _REGIONS.get(region, bare(region)),
        "score": _SCORES.get(str(request.get("score")), request.get("score")),
        "whole organs hidden as well": "each that the model draws, one at a time" if players else "no",
        "slices": "all that hold a structure" if series == "all" else series,
        "tests of the maps": EVIDENCE.get(str((request.get("evidence") or {}).get("level")), "not known"),
        "seed of what is random": request.get("seed"),
        "kept of each case": keep,
    }


def _setting(value: Any) -> str:
    """A setting of a method, without folders."""
    return bare(value) if isinstance(value, str) else in_words(value)


def data_facts(kept: Kept, made: Mapping[str, Any], found: Across) -> dict[str, Any]:
    """The cases: how many, what kind of scans, and how what the manifest says is spread.

    Parameters
    ----------
    kept : Kept
    made : mapping
        Of `identity.how_made`.
    found : Across

    Returns
    -------
    dict
        ``cases``, ``explained``, ``not_explained``, ``not_run``, ``with_reference`` (int), ``scans`` and ``columns``
        (list of attributes, see `_attribute`).
    """
    counts = Counter(one.status for one in kept.told)
    scans: dict[str, list[Any]] = {"modality": [], "slices": [], "spacing_x_mm": [], "spacing_z_mm": []}
    for one in kept.explained:
        head = finished_in(one.folder) if one.folder else None
        for name, values in scans.items():
            values.append((head.scan or {}).get(name) if head else None)
    words = {
        "modality": "kind of scan", "slices": "axial slices", "spacing_x_mm": "pixel, mm",
        "spacing_z_mm": "distance of slices, mm",
    }  # fmt: skip
    scans["slices explained"] = made["slices"]
    columns = []
    for place, column in enumerate(manifest_fields(kept.told, kept.columns)):
        cells = [typed(one.case.columns[place][1], column) for one in kept.explained if one.case.columns]
        columns.append(_attribute(column.name, cells, column.kind == "int"))
    return {
        "cases": kept.total,
        "explained": counts[EXPLAINED],
        "not_explained": len(kept.told) - counts[EXPLAINED] - counts[NOT_YET],
        "not_run": counts[NOT_YET] + kept.total - len(kept.told),
        "with_reference": len({line.id for line in found.lines if line.values[SHOWN.index("dice")] is not None}),
        "scans": [_attribute(words.get(name, name), values, False) for name, values in scans.items()],
        "columns": columns,
    }


def _attribute(name: str, cells: Sequence[Any], may_be_codes: bool) -> dict[str, Any]:
    """How an attribute is spread over the explained cases, without what a single patient has.

    Its ``kind`` is "number" (lowest, median, highest), "groups" (``values`` with how many cases), "names" (too many
    values to be groups) or "empty"; ``few`` are the groups that are too small to be compared, ``alone`` how many
    values one case alone has.
    """
    known = [cell for cell in cells if cell is not None]
    about = {"name": name, "cases": len(known), "without": len(cells) - len(known), "different": len(set(known))}
    if not known:
        return {**about, "kind": "empty"}
    is_number = all(isinstance(cell, (int, float)) for cell in known)
    if is_number and not (may_be_codes and len(set(known)) == len(known) > 1 and max(known) >= _CODES):
        low, middle, high = (float(v) for v in np.percentile(np.array(known, float), (0, 50, 100)))
        return {**about, "kind": "number", "low": low, "median": middle, "high": high}
    counts = Counter(str(cell) for cell in known)
    if len(counts) > MOST_VALUES or is_number:
        return {**about, "kind": "names"}
    shared = sorted((value, count) for value, count in counts.items() if count >= _SHARED)
    return {
        **about, "kind": "groups", "values": [{"value": value, "cases": count} for value, count in shared],
        "alone": len(counts) - len(shared), "few": [value for value, count in shared if count < FEWEST],
    }  # fmt: skip
