"""The numbers of a comparison as tables: a row per number, and a row per pair and number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import Any

from XAICLIPLib.cohort.compare.numbers import NUMBERS, Key
from XAICLIPLib.cohort.compare.pairs import Pair
from XAICLIPLib.cohort.compare.statistics import Difference
from XAICLIPLib.cohort.tablefiles import CsvFile, Field, ParquetFile
from XAICLIPLib.report.names import COMPARE_TABLES

_OF_KEY = (
    Field("structure", "str", "whose drawing"),
    Field("number", "str", "which number"),
    Field("player", "str", "the segment that was hidden, of loss_when_hidden"),
    Field("unit", "str"),
)
_DIFFERENCES = (
    *_OF_KEY,
    Field("pairs", "int", "that have it in both"),
    Field("a", "float", "mean in the first"),
    Field("b", "float", "mean in the second"),
    Field("difference", "float", "mean of b minus a"),
    Field("low", "float", "end of its 95 % bootstrap interval"),
    Field("high", "float", "the other end"),
    Field("higher", "int", "pairs in which b is higher"),
    Field("lower", "int", "pairs in which b is lower"),
    Field("effect", "float", "matched-pairs rank-biserial correlation, -1 … 1"),
    Field("p", "float", "of the test by sign flips, alone"),
    Field("corrected", "float", "the same when all tests are counted"),
    Field("found", "bool", "whether it holds then; empty where it was not tested"),
)
_PAIRS = (
    Field("pair", "str"),
    Field("a_id", "str", "the case in the first"),
    Field("b_id", "str", "the case in the second"),
    *_OF_KEY,
    Field("a", "float", "the number in the first"),
    Field("b", "float", "the number in the second"),
    Field("difference", "float", "b minus a"),
)

Values = Mapping[Key, Sequence[tuple[float | None, float | None]]]


def difference_rows(found: Mapping[Key, Difference]) -> list[dict[str, Any]]:
    """A row per number.

    Parameters
    ----------
    found : mapping of Key to Difference

    Returns
    -------
    list of dict
        By the columns of `differences.parquet`.
    """
    rows = []
    for key, d in found.items():
        said = {name: _known(value) for name, value in asdict(d).items()}
        said |= {"a": said.pop("first"), "b": said.pop("second"), "difference": said.pop("mean")}
        rows.append({**_of(key), **said, "found": d.is_found if d.is_tested else None})
    return rows


def pair_rows(pairs: Sequence[Pair], values: Values) -> Iterator[dict[str, Any]]:
    """A row per pair and number.

    Parameters
    ----------
    pairs : sequence of Pair
    values : mapping of Key to sequence of (first, second)

    Yields
    ------
    dict
        By the columns of `pairs.parquet`.
    """
    for i, pair in enumerate(pairs):
        ids = {"pair": pair.id, "a_id": pair.first.id, "b_id": pair.second.id}
        for key, given in values.items():
            a, b = given[i]
            if a is not None or b is not None:
                apart = None if a is None or b is None else b - a
                yield {**ids, **_of(key), "a": a, "b": b, "difference": apart}


def write_tables(
    place: Path, pairs: Sequence[Pair], found: Mapping[Key, Difference], values: Values, endings: Sequence[str]
) -> None:
    """Write both tables.

    Parameters
    ----------
    place : Path
    pairs : sequence of Pair
    found : mapping of Key to Difference
    values : mapping of Key to sequence of (first, second)
    endings : sequence of str
        "parquet", "csv".

    Raises
    ------
    MissingPackage
        If Parquet is wanted and pyarrow is not installed.
    OSError
        If the disk is full.
    """
    for name, fields in zip(COMPARE_TABLES, (_DIFFERENCES, _PAIRS)):
        with ExitStack() as stack:
            writers: list[ParquetFile | CsvFile] = []
            if "parquet" in endings:
                writers.append(stack.enter_context(ParquetFile(place / f"{name}.parquet", fields)))
            if "csv" in endings:
                writers.append(stack.enter_context(CsvFile(place / f"{name}.csv", fields)))
            rows = difference_rows(found) if fields is _DIFFERENCES else pair_rows(pairs, values)
            for row in rows:
                for writer in writers:
                    writer.write([row])


def _of(key: Key) -> dict[str, Any]:
    return {**key._asdict(), "player": key.player or None, "unit": NUMBERS[key.number].unit or None}


def _known(value: Any) -> Any:
    return None if isinstance(value, float) and not isfinite(value) else value
