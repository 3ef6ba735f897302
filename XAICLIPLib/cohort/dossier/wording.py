"""Numbers of the document in words: two digits, with their unit and their interval."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any


def number(value: float | None, unit: str = "") -> str:
    """A number with two digits.

    Parameters
    ----------
    value : float, optional
    unit : str
        Where there is one two digits count from the first that is not 0; shares and scores have two decimals.

    Returns
    -------
    str
        A dash where there is none.
    """
    if value is None or not math.isfinite(value):
        return "–"
    if not unit:
        return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")
    near = float(f"{value:.2g}")
    decimals = max(0, 1 - math.floor(math.log10(abs(near)))) if near else 0
    rounded = f"{near:.{decimals}f}"
    return f"{rounded.replace('-', '−')} {unit}"


def between(low: float | None, high: float | None, unit: str = "") -> str:
    """Two ends of an interval.

    Parameters
    ----------
    low, high : float, optional
    unit : str

    Returns
    -------
    str
        A dash where there is none.
    """
    if low is None or high is None:
        return "–"
    first = number(low, unit).removesuffix(f" {unit}") if unit else number(low)
    return f"{first} to {number(high, unit)}"


def share(value: float | None) -> str:
    """A share as per cent.

    Parameters
    ----------
    value : float, optional

    Returns
    -------
    str
    """
    if value is None:
        return "–"
    return "< 1 %" if 0 < value < 0.005 else f"{100 * value:.0f} %"


def cases(count: int) -> str:
    """A number of cases.

    Parameters
    ----------
    count : int

    Returns
    -------
    str
    """
    return "1 case" if count == 1 else f"{count} cases"


def of_cases(part: int, whole: int) -> str:
    """How many of some cases.

    Parameters
    ----------
    part, whole : int

    Returns
    -------
    str
    """
    return f"none of {whole}" if part == 0 else f"all {whole}" if part == whole else f"{part} of {whole}"


def median_of(row: Mapping[str, Any], unit: str = "") -> str:
    """A median with its interval and the number of cases.

    Parameters
    ----------
    row : mapping
        Of `measured.summary`.
    unit : str

    Returns
    -------
    str
    """
    if row["median_low"] is None:
        return f"median {number(row['median'], unit)} ({cases(row['cases'])}, too few for an interval)"
    ends = between(row["median_low"], row["median_high"], unit)
    return f"median {number(row['median'], unit)} (95 % interval {ends}, {cases(row['cases'])})"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words as a list in a sentence.

    Parameters
    ----------
    words : sequence of str
    last : str
        Before the last of them.

    Returns
    -------
    str
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""
