"""Single values of DICOM headers, which may be anything in the files of this world."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydicom import Dataset


def plain(text: str) -> str:
    """Text from a file as it may be printed.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        On one line, without control characters.
    """
    return re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in text)).strip()


def value_of(data: Dataset | Mapping[str, Any], name: str) -> Any:
    """The value of an attribute as pydicom has it.

    Parameters
    ----------
    data : Dataset or mapping
        A header, or an item of a sequence in it.
    name : str
        The attribute's keyword.

    Returns
    -------
    object or None
        None where it is missing, or pydicom can't take it apart.
    """
    try:
        return data.get(name)
    except Exception:  # a value that pydicom can't take apart is one that is not there
        return None


def text_of(data: Dataset | Mapping[str, Any], name: str) -> str:
    """The value of an attribute as text on one line.

    Parameters
    ----------
    data : Dataset or mapping
        A header, or an item of a sequence in it.
    name : str
        The attribute's keyword.

    Returns
    -------
    str
        Several values with backslashes between them; empty where there is none.
    """
    value = value_of(data, name)
    if value is None:
        return ""
    return plain("\\".join(map(str, value)) if isinstance(value, (list, tuple)) or _many(value) else str(value))


def _many(value: Any) -> bool:
    return not isinstance(value, (str, bytes)) and hasattr(value, "__iter__") and not hasattr(value, "original_string")


def numbers_of(data: Dataset | Mapping[str, Any], name: str, count: int) -> tuple[float, ...] | None:
    """The numbers of an attribute.

    Parameters
    ----------
    data : Dataset or mapping
        A header, or an item of a sequence in it.
    name : str
        The attribute's keyword.
    count : int
        How many there have to be.

    Returns
    -------
    tuple of float, or None
        None where there are not so many, or one is not finite.
    """
    value = value_of(data, name)
    if value in (None, ""):
        return None
    try:
        numbers = tuple(float(v) for v in (value if _many(value) else [value]))
    except (TypeError, ValueError, OverflowError):
        return None
    return numbers if len(numbers) == count and np.isfinite(numbers).all() else None


def number_of(data: Dataset | Mapping[str, Any], name: str) -> float:
    """The one number of an attribute.

    Parameters
    ----------
    data : Dataset or mapping
        A header, or an item of a sequence in it.
    name : str
        The attribute's keyword.

    Returns
    -------
    float
        Infinity where there is none, so that it sorts last.
    """
    numbers = numbers_of(data, name, 1)
    return numbers[0] if numbers else float("inf")


def whole_of(data: Dataset | Mapping[str, Any], name: str) -> int:
    """The one number of an attribute, cut to a whole one.

    Parameters
    ----------
    data : Dataset or mapping
        A header, or an item of a sequence in it.
    name : str
        The attribute's keyword.

    Returns
    -------
    int
        0 where there is none.
    """
    numbers = numbers_of(data, name, 1)
    return int(numbers[0]) if numbers else 0
