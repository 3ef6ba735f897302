"""The tables of a cohort: Parquet, and CSV where it is wanted, in the order of the cases.

The same cases give the same bytes, in whatever order and however often they were made. Wall times do not, and so they
have a table of their own.
"""

from __future__ import annotations

import math
import types
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from XAICLIPLib.cohort.manifest import CohortCase
from XAICLIPLib.cohort.numbers import ABOUT_REMOTE_SHARE, REMOTE_SHARE
from XAICLIPLib.cohort.store import EXPLAINED, finished_in, folder_of, rows_in
from XAICLIPLib.cohort.tablefiles import CsvFile, Field, ParquetFile, rows_of_table
from XAICLIPLib.errors import InputError
from XAICLIPLib.results.rows import Row, SliceRow, SummaryRow, columns_of

TABLES = ("cases", "structures", "slices", "between", "times")
NOT_YET = "not run yet"  # a status, of cases that a run was stopped before
TIMES = ("seconds", "evaluations_per_second")  # columns that differ from run to run


@dataclass(frozen=True)
class Told:
    """What came out for a case.

    Attributes
    ----------
    case : CohortCase
    id : str
        What it is called.
    status, reason : str
        See `explainer.Outcome`.
    folder : Path, optional
        Where its rows are; None where it was not explained.
    """

    case: CohortCase
    id: str
    status: str
    reason: str = ""
    folder: Path | None = None


_ID = Field("id", "str", "the case")
_REMOTE = Field(REMOTE_SHARE, "float", ABOUT_REMOTE_SHARE)
_BETWEEN = (
    _ID,
    Field("player", "str", "the segment that was hidden"),
    Field("structure", "str", "the structure that was looked at"),
    Field("loss", "float", "what it loses, as mean probability over its drawing"),
)


def write_tables(out: Path, told: Sequence[Told], columns: Sequence[str], with_csv: bool = False) -> list[Path]:
    """Write all tables.

    Parameters
    ----------
    out : Path
    told : sequence of Told
        In the order of the cases.
    columns : sequence of str
        What the manifest says beside.
    with_csv : bool
        Whether the same is written as CSV too.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    MissingPackage
        If pyarrow is not installed.
    OSError
        If the disk is full.
    """
    said = manifest_fields(told, columns)
    fields = {
        "cases": _with(said, _case_fields()),
        "structures": _with(said, (_ID, *_fields(SummaryRow), _REMOTE)),
        "between": _with(said, _BETWEEN),
        "slices": _with(said, (_ID, *_fields(SliceRow))),
        "times": _time_fields(),
    }
    with ExitStack() as stack:
        writers: dict[str, list[ParquetFile | CsvFile]] = {
            name: [stack.enter_context(ParquetFile(out / f"{name}.parquet", fields[name]))] for name in TABLES
        }
        if with_csv:
            for name in TABLES:
                writers[name].append(stack.enter_context(CsvFile(out / f"{name}.csv", fields[name])))
        for one in told:
            for name, rows in _rows_of(one, said).items():
                for writer in writers[name]:
                    writer.write(rows)
    return [out / f"{name}{ending}" for name in TABLES for ending in (".parquet", *([".csv"] if with_csv else []))]


def told_in(out: Path) -> tuple[list[Told], tuple[str, ...]]:
    """What came out for each case, from the table of cases.

    Parameters
    ----------
    out : Path
        Of the cohort.

    Returns
    -------
    told : list of Told
        In the order of the cases; of how each was found only its id and the manifest's cells are known.
    columns : tuple of str
        What the manifest says beside.

    Raises
    ------
    MissingPackage
        If pyarrow is not installed.
    FileNotFoundError
        If the table is not written yet.
    InputError
        If it is damaged.
    """
    rows = rows_of_table(out / "cases.parquet")
    own = {field.name for field in _case_fields()}
    names = {name: name for row in rows[:1] for name in row if name not in own}
    names |= {_free(name, own): name for name in own if _free(name, own) in names}
    told = []
    for position, row in enumerate(rows):
        try:
            cells = tuple((name, "" if row[key] is None else str(row[key])) for key, name in names.items())
            case = CohortCase(position, "", row["id"], columns=cells)
            folder = folder_of(out, row["id"]) if row["status"] == EXPLAINED else None
            told.append(Told(case, row["id"], row["status"], row["reason"] or "", folder))
        except (LookupError, TypeError) as error:
            raise InputError(f"cases.parquet in {out} is damaged; run the same cohort again") from error
    return told, tuple(names.values())


def _rows_of(one: Told, said: Sequence[Field]) -> dict[str, list[dict[str, Any]]]:
    """The rows that a case has in each table."""
    manifest = {field.name: typed(cell, field) for (_, cell), field in zip(one.case.columns, said)}
    head = None if one.folder is None else finished_in(one.folder)
    facts = dict(head.scan or {}) if head else {}
    case = {"id": one.id, "status": one.status, "reason": one.reason or None, **facts}
    case |= _beside(manifest, _case_fields())
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES} | {"cases": [case]}
    if one.status != EXPLAINED or one.folder is None:
        return found
    rows = rows_in(one.folder)
    more = _beside(manifest, _BETWEEN)
    found["between"] = [{**row, **more, "id": one.id} for row in rows["between"]]
    for table, kind in (("structures", SummaryRow), ("slices", SliceRow)):
        more = _beside(manifest, (_ID, *_fields(kind), *((_REMOTE,) if table == "structures" else ())))
        found[table] = [{**row, **more, "id": one.id} for row in rows[table]]
        found["times"] += [
            {"id": one.id, "structure": row["structure"], "slice": str(row["slice"])} | {k: row.get(k) for k in TIMES}
            for row in rows[table]
        ]
    return found


@cache
def _case_fields() -> tuple[Field, ...]:
    return (
        _ID,
        Field("status", "str", "explained, can't be explained, or failed, which the next run tries again"),
        Field("reason", "str", "why it was not explained"),
        Field("modality", "str", "what the scan is taken for"),
        Field("slices", "int", "axial slices that the scan has"),
        *(Field(f"spacing_{axis}_mm", "float", f"distance of voxels along {axis}", "mm") for axis in "xyz"),
    )


def _time_fields() -> list[Field]:
    about = {column.name: column for column in columns_of(SummaryRow).values()}
    first = [_ID, Field("structure", "str"), Field("slice", "str", "all: of all slices")]
    return [*first, *(Field(name, "float", about[name].meaning, about[name].unit) for name in TIMES)]


@cache
def _fields(kind: type[Row]) -> tuple[Field, ...]:
    """The columns of a table of `docs/metrics.md`, but for the times."""
    hints = get_type_hints(kind)
    return tuple(
        Field(column.name, _kind_of(hints[attribute]), column.meaning, column.unit)
        for attribute, column in columns_of(kind).items()
        if column.name not in TIMES
    )


def _kind_of(hint: Any) -> str:
    """How a column is kept, by its type hint; a column of numbers and words keeps words."""
    either = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
    kinds = [kind for kind in either if kind is not type(None)]
    if get_origin(kinds[0]) is list:
        return "floats" if get_args(kinds[0]) == (float,) else "strings"
    for kind, name in ((str, "str"), (float, "float"), (bool, "bool"), (int, "int")):
        if kind in kinds:
            return name
    return "str"


def manifest_fields(told: Sequence[Told], columns: Sequence[str]) -> list[Field]:
    """The columns of the manifest: whole numbers, numbers, or words, as all of their cells allow.

    Parameters
    ----------
    told : sequence of Told
    columns : sequence of str

    Returns
    -------
    list of Field
    """
    fields = []
    for i, name in enumerate(columns):
        cells = {one.case.columns[i][1] for one in told if i < len(one.case.columns)} - {""}
        kind = "str"
        if cells and all(_is_int(cell) for cell in cells):
            kind = "int"
        elif cells and all(_is_float(cell) for cell in cells):
            kind = "float"
        fields.append(Field(name, kind, "as the manifest has it"))
    return fields


def _is_int(cell: str) -> bool:
    digits = cell.lstrip("+-")
    return digits.isdecimal() and digits.isascii() and (digits == "0" or digits[0] != "0") and len(digits) < 18


def _is_float(cell: str) -> bool:
    try:
        return math.isfinite(float(cell)) and not cell.lstrip("+-").startswith("0" * 2)
    except ValueError:
        return False


def typed(cell: str, field: Field) -> Any:
    """A cell of the manifest as its column is kept.

    Parameters
    ----------
    cell : str
    field : Field

    Returns
    -------
    str, int, float or None
        None where it is empty.
    """
    if not cell:
        return None
    return int(cell) if field.kind == "int" else float(cell) if field.kind == "float" else cell


def _with(said: Sequence[Field], fields: Sequence[Field]) -> list[Field]:
    """The columns of a table with those of the manifest, renamed where the table has one of that name."""
    own = {field.name for field in fields}
    return [*fields, *(replace(field, name=_free(field.name, own)) for field in said)]


def _beside(manifest: Mapping[str, Any], fields: Sequence[Field]) -> dict[str, Any]:
    own = {field.name for field in fields}
    return {_free(name, own): value for name, value in manifest.items()}


def _free(name: str, taken: Iterable[str]) -> str:
    return f"manifest.{name}" if name in taken else name
