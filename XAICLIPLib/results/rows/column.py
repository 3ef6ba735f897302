"""What a row of a table is made of: columns that say what they hold, and the way to and from CSV and JSON."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass
from functools import cache
from typing import Any, TypeGuard, TypeVar, get_args, get_origin, get_type_hints

_KEY = "column"
R = TypeVar("R", bound="Row")


@dataclass(frozen=True)
class Column:
    """What a column of a table holds.

    Attributes
    ----------
    meaning : str
        In one sentence, without a full stop.
    unit : str
        "mm", "s", "mm2"; empty for a plain number or a text.
    range : str
        Which values it can have, such as "0 … 1".
    source : str
        Where the number is defined: a paper, or the function that computes it.
    name : str
        As it is called in files. The attribute has the same name, unless that can't be one: ``iou_0.4`` is `iou_04`.
    """

    meaning: str
    unit: str = ""
    range: str = ""
    source: str = ""
    name: str = ""


def column(
    meaning: str, *, unit: str = "", range: str = "", source: str = "", name: str = "", optional: bool = False
) -> Any:
    """A field of a `Row`.

    Parameters
    ----------
    meaning, unit, range, source, name : str
        See `Column`.
    optional : bool
        Whether some rows of the table do not have it. Such a row holds None and leaves the column out.

    Returns
    -------
    dataclasses.Field
    """
    about = {_KEY: Column(meaning, unit, range, source, name)}
    return dataclasses.field(default=None, metadata=about) if optional else dataclasses.field(metadata=about)


@cache
def columns_of(kind: type[Row]) -> dict[str, Column]:
    """The columns of a table in the order in which they are written.

    Parameters
    ----------
    kind : type
        The dataclass of its rows.

    Returns
    -------
    dict of attribute name to Column
        Each with its name in files.
    """
    columns = {}
    for entry in dataclasses.fields(kind):
        about = entry.metadata[_KEY]
        columns[entry.name] = about if about.name else dataclasses.replace(about, name=entry.name)
    return columns


@cache
def _attributes(kind: type[Row]) -> dict[str, str]:
    """From the name in files to the attribute."""
    return {about.name: attribute for attribute, about in columns_of(kind).items()}


def is_known(value: float | None) -> TypeGuard[float]:
    """Whether a row has a number.

    Parameters
    ----------
    value : float, or None
        Of one of its columns.

    Returns
    -------
    bool
        False where the row does not have the column (None), and where there is no value of it (nan).
    """
    return value is not None and not math.isnan(value)


@dataclass(frozen=True, eq=False, kw_only=True)
class Row(Mapping[str, Any]):
    """A row of a table. Its attributes are typed; as a mapping it has the columns that are written, by their names.

    A number that there is no value of is nan (an empty cell in CSV, null in JSON). A column that a row does not have at
    all, because the run had no reference or no evidence was gathered, is None, and not among the mapping's keys.
    """

    def as_dict(self) -> dict[str, Any]:
        """The columns that the row has, by their names in files and in the order of the table.

        Returns
        -------
        dict of str to value
        """
        return dict(self.items())

    @classmethod
    def attributes(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values by the names of columns in files as arguments of the class, by the names of its attributes.

        Parameters
        ----------
        values : mapping of column name to value
            Such as what `metrics.map_metrics` gives.

        Returns
        -------
        dict of attribute name to value

        Raises
        ------
        KeyError
            If the table has no such column: what is not described here is not written.
        """
        known = _attributes(cls)
        return {known[name]: value for name, value in values.items()}

    @classmethod
    def from_dict(cls: type[R], values: Mapping[str, Any]) -> R:
        """A row from what `as_dict` gave, also after JSON made null of nan.

        Parameters
        ----------
        values : mapping of column name to value
            Columns that this version does not know are left out. Those that an older version did not write are nan
            where they are numbers and every row has them, else None.

        Returns
        -------
        Row
        """
        given = {}
        for attribute, about in columns_of(cls).items():
            known = about.name in values
            value = values[about.name] if known else None
            if value is None and _is_number(cls, attribute) and (known or not _is_optional(cls, attribute)):
                value = float("nan")
            given[attribute] = value
        return cls(**given)

    @classmethod
    def from_cells(cls: type[R], cells: Mapping[str, str]) -> R:
        """A row from the cells of a CSV file.

        Parameters
        ----------
        cells : mapping of column name to text

        Returns
        -------
        Row

        Raises
        ------
        ValueError
            If a cell does not hold what its column is of.
        """
        attributes = _attributes(cls)
        kinds = {name: _kinds(cls)[attributes[name]] for name in cells if name in attributes}
        return cls.from_dict({name: _value_of(cells[name], kind) for name, kind in kinds.items()})

    def __getitem__(self, name: str) -> Any:
        attribute = _attributes(type(self)).get(name)
        if attribute is None or not self._has(attribute):
            raise KeyError(name)
        return getattr(self, attribute)

    def __iter__(self) -> Iterator[str]:
        return (about.name for attribute, about in columns_of(type(self)).items() if self._has(attribute))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _has(self, attribute: str) -> bool:
        return not _is_optional(type(self), attribute) or getattr(self, attribute) is not None


@cache
def _kinds(kind: type[Row]) -> dict[str, tuple[type, ...]]:
    """The types that each attribute may have."""
    hints = get_type_hints(kind)
    return {name: get_args(hints[name]) or (hints[name],) for name in columns_of(kind)}


@cache
def _optionals(kind: type[Row]) -> frozenset[str]:
    return frozenset(entry.name for entry in dataclasses.fields(kind) if entry.default is not MISSING)


def _is_optional(kind: type[Row], attribute: str) -> bool:
    return attribute in _optionals(kind)


def _is_number(kind: type[Row], attribute: str) -> bool:
    """Whether a missing value is nan: not where None says something, such as that there is no threshold."""
    kinds = _kinds(kind)[attribute]
    return float in kinds and (_is_optional(kind, attribute) or type(None) not in kinds)


def _value_of(text: str, kinds: tuple[type, ...]) -> Any:
    """A CSV cell as one of the types that its column may have; None where it is empty."""
    if not text:
        return None
    if bool in kinds:
        if text not in ("True", "False"):
            raise ValueError(f"{text!r} is neither True nor False")
        return text == "True"
    for kind in (int, float):
        if kind in kinds:
            try:
                return kind(text)
            except ValueError:
                continue
    for several in kinds:
        if get_origin(several) is list:
            return [_value_of(part, get_args(several)) for part in text.split("; ")]
    if str in kinds:
        return text
    raise ValueError(f"{text!r} is no number")
