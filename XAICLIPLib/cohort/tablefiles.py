"""Files of tables, written row by row and moved into their place when they are whole."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from XAICLIPLib.cohort.wholefile import whole_file
from XAICLIPLib.errors import InputError, MissingPackage

_GROUP = 2_000  # rows that are written at once


@dataclass(frozen=True)
class Field:
    """A column of a table.

    Attributes
    ----------
    name, kind : str
        Kind is "str", "int", "float", "bool", "strings" or "floats".
    meaning, unit : str
    """

    name: str
    kind: str
    meaning: str = ""
    unit: str = ""


class ParquetFile:
    """A Parquet file that is there as a whole or not at all; a context manager.

    Parameters
    ----------
    path : Path
    fields : sequence of Field
        Its columns.

    Raises
    ------
    MissingPackage
        If pyarrow is not installed.
    """

    def __init__(self, path: Path, fields: Sequence[Field]) -> None:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError as error:
            raise MissingPackage("the tables of a cohort", "pyarrow", "cohort") from error
        self._arrow, self._path, self._rows = pyarrow, path, list[Mapping[str, Any]]()
        kinds = {
            "str": pyarrow.string(), "int": pyarrow.int64(), "float": pyarrow.float64(), "bool": pyarrow.bool_(),
            "strings": pyarrow.list_(pyarrow.string()), "floats": pyarrow.list_(pyarrow.float64()),
        }  # fmt: skip
        self._fields = list(fields)
        self._schema = pyarrow.schema(
            [
                pyarrow.field(f.name, kinds[f.kind], metadata={"meaning": f.meaning, "unit": f.unit})
                for f in self._fields
            ]
        )

    def __enter__(self) -> ParquetFile:
        with ExitStack() as stack:
            scratch = stack.enter_context(whole_file(self._path))
            self._writer = self._arrow.parquet.ParquetWriter(scratch, self._schema, compression="zstd")
            stack.push(self._ended)
            self._stack = stack.pop_all()
        return self

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows.

        Parameters
        ----------
        rows : iterable of mapping
            By the names of columns; those that a row lacks are empty.
        """
        for row in rows:
            self._rows.append({field.name: _value(row.get(field.name), field.kind) for field in self._fields})
            if len(self._rows) >= _GROUP:
                self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(self._arrow.Table.from_pylist(self._rows, self._schema))
            self._rows.clear()

    def _ended(self, kind: type | None, *error: object) -> None:
        if kind is None:
            self._flush()
        self._writer.close()

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)


class CsvFile:
    """The same as text: UTF-8, empty cells where there is nothing, "; " between several values.

    Parameters
    ----------
    path : Path
    fields : sequence of Field
        Its columns.
    """

    def __init__(self, path: Path, fields: Sequence[Field]) -> None:
        self._path, self._fields = path, list(fields)

    def __enter__(self) -> CsvFile:
        with ExitStack() as stack:
            scratch = stack.enter_context(whole_file(self._path))
            file = stack.enter_context(scratch.open("w", encoding="utf-8", newline=""))
            self._stack = stack.pop_all()
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow(field.name for field in self._fields)
        return self

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows.

        Parameters
        ----------
        rows : iterable of mapping
            By the names of columns; those that a row lacks are empty.
        """
        for row in rows:
            cells = (_value(row.get(field.name), field.kind) for field in self._fields)
            self._writer.writerow(self._text(cell) for cell in cells)

    @staticmethod
    def _text(cell: Any) -> Any:
        if isinstance(cell, list):
            return "; ".join("" if item is None else str(item) for item in cell)
        return "" if cell is None else cell

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)


def rows_of_table(path: Path) -> list[dict[str, Any]]:
    """The rows of a Parquet file that `ParquetFile` wrote.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of dict
        By the names of columns.

    Raises
    ------
    MissingPackage
        If pyarrow is not installed.
    FileNotFoundError
        If there is no such file.
    InputError
        If it can't be read.
    """
    with path.open("rb") as file:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError as error:
            raise MissingPackage("the tables of a cohort", "pyarrow", "cohort") from error
        try:
            return pyarrow.parquet.read_table(file).to_pylist()
        except pyarrow.ArrowException as error:
            raise InputError(f"{path.name} in {path.parent} is damaged; run the same cohort again") from error


def _value(value: Any, kind: str) -> Any:
    """A value as its column keeps it."""
    if value is None:
        return None
    if kind in ("strings", "floats"):
        return [_value(item, "str" if kind == "strings" else "float") for item in value]
    if kind == "float":
        return float(value)
    return str(value) if kind == "str" else value
