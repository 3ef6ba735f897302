"""What the cases say together: the mean organ × organ matrix, and on which attributes the numbers depend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from XAICLIPLib.cohort.casemaps import case_maps_in
from XAICLIPLib.cohort.dependence import Effect, effects
from XAICLIPLib.cohort.lines import SHOWN, Line, judge
from XAICLIPLib.cohort.meanmaps import MeanMap, mean_of
from XAICLIPLib.cohort.numbers import REMOTE_SHARE
from XAICLIPLib.cohort.store import EXPLAINED, finished_in, rows_in
from XAICLIPLib.cohort.table import Told, manifest_fields, typed
from XAICLIPLib.cohort.tablefiles import Field, ParquetFile

DEPENDENCE = "dependence.parquet"
# numbers that are asked what they depend on; not how large an organ is, which hangs on every patient
ASKED = ("dice", "score", "largest_drop", "remote_loss", REMOTE_SHARE, "unseen_share", "shape_correlation")
SCAN = ("modality", "spacing_x_mm", "spacing_z_mm")  # attributes that every scan has


@dataclass(frozen=True, eq=False)
class Across:
    """What the cases say together.

    Attributes
    ----------
    lines : list of Line
        A structure of a case each, outliers marked.
    losses : dict of (player, structure) to list of float
        What the structure lost when the player was hidden, case by case.
    effects : list of Effect
        Of attributes on numbers, all that were tested.
    maps : list of MeanMap
        Of each structure in the frame of its organ.
    """

    lines: list[Line] = field(default_factory=list)
    losses: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    maps: list[MeanMap] = field(default_factory=list)


def across(told: Sequence[Told], columns: Sequence[str]) -> Across:
    """Read all finished cases, one after the other, and say what they have in common.

    Parameters
    ----------
    told : sequence of Told
    columns : sequence of str
        What the manifest says beside.

    Returns
    -------
    Across

    Raises
    ------
    InputError
        If a case is damaged.
    """
    lines: list[Line] = []
    losses: dict[tuple[str, str], list[float]] = defaultdict(list)
    numbers: dict[tuple[str, str], list[float | None]] = {}
    said = manifest_fields(told, columns)
    attributes: dict[str, list[Any]] = {name: [] for name in (*SCAN, *(f.name for f in said))}
    for one in told:
        if one.status != EXPLAINED or one.folder is None:
            continue
        rows = rows_in(one.folder)
        count = len(attributes[SCAN[0]])
        for row in rows["structures"]:
            lines.append(line := Line(one, row))
            for name in ASKED:
                values = numbers.setdefault((line.structure, name), [])
                values += [None] * (count - len(values))
                values.append(line.values[SHOWN.index(name)])
        for row in rows["between"]:
            losses[row["player"], row["structure"]].append(row["loss"])
        head = finished_in(one.folder)
        for name in SCAN:
            attributes[name].append((head.scan or {}).get(name) if head else None)
        for column, (_, cell) in zip(said, one.case.columns):
            attributes[column.name].append(typed(cell, column))
    count = len(attributes[SCAN[0]])
    for values in numbers.values():
        values += [None] * (count - len(values))
    judge(lines)
    explained = sorted((one.id, one.folder) for one in told if one.status == EXPLAINED and one.folder is not None)
    maps = mean_of(case_maps_in(folder) for _, folder in explained)
    return Across(lines, dict(losses), effects(numbers, attributes), maps)


def write_dependence(out: Path, found: Across) -> None:
    """Write every effect that was tested.

    Parameters
    ----------
    out : Path
        Of the cohort.
    found : Across
    """
    kinds = {"cases": "int", "others": "int"}
    words = ("structure", "number", "column", "value", "kind")
    names = [*words, "effect", "low", "high", "cases", "others", "p", "corrected"]
    fields = [Field(name, "str" if name in words else kinds.get(name, "float")) for name in names]
    with ParquetFile(out / DEPENDENCE, fields) as table:
        table.write(_row(effect) for effect in found.effects)


def _row(effect: Effect) -> dict[str, Any]:
    return {name: None if isinstance(v, float) and np.isnan(v) else v for name, v in asdict(effect).items()}
