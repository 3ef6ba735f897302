"""Which slices are explained, in the ways people write them, and as the one text that a request holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from XAICLIPLib.attribution.fieldtypes import fit, short_repr
from XAICLIPLib.errors import InputError
from XAICLIPLib.message import Message

SLICES_HELP = "write auto, all, a number, or a range such as 40:60; several have commas between them"


def slices_text(which: Any) -> str:
    """Slices as a request holds them: "auto", "all", or numbers and ranges such as "9,11,40:60".

    Parameters
    ----------
    which : str, int, slice, range, sequence of int, or array of int or of bool (one per slice)

    Returns
    -------
    str
        Without spaces; neighbouring numbers as a range, whose end is excluded.

    Raises
    ------
    InputError
        If it is none of these.
    """
    if isinstance(which, slice):
        parts = [which.start, which.stop, *([] if which.step is None else [which.step])]
        which = ":".join("" if part is None else str(part) for part in parts)
    if isinstance(which, str):
        text = "".join(which.split())
        if text not in ("auto", "all"):
            list(_ranges(text))
        return text
    if isinstance(which, Iterable) and not isinstance(which, (bytes, dict)) and getattr(which, "ndim", 1) == 1:
        try:
            numbers = np.asarray(list(which))
        except ValueError as error:
            raise InputError(f"slices are {short_repr(which)}; {SLICES_HELP}") from error
        numbers = np.flatnonzero(numbers) if numbers.dtype == bool else numbers
        if numbers.size and numbers.ndim == 1 and numbers.dtype.kind in "iu":
            return _runs(sorted(set(numbers.tolist())))
        raise InputError(f"slices are {short_repr(which)}; {SLICES_HELP}")
    return str(fit(which, int, "slices"))


def _runs(numbers: list[int]) -> str:
    """Whole numbers in ascending order as text, neighbours as one range."""
    there = set(numbers)
    starts = [n for n in numbers if n - 1 not in there]
    stops = [n + 1 for n in numbers if n + 1 not in there]
    return ",".join(str(a) if b == a + 1 else f"{a}:{b}" for a, b in zip(starts, stops))


def _ranges(text: str) -> Iterator[tuple[int | None, ...]]:
    """The parts of slices as text: (number,), (start, stop) or (start, stop, step); None where left out."""
    for part in text.split(","):
        try:
            numbers = tuple(int(n) if n else None for n in part.split(":"))
        except ValueError as error:
            raise InputError(f"slices {text!r}: {SLICES_HELP}") from error
        if len(numbers) > 3 or numbers == (None,) or (len(numbers) == 3 and (numbers[2] or 1) < 1):
            raise InputError(f"slices {text!r}: {SLICES_HELP}")
        yield numbers


def chosen_slices(text: str, count: int) -> list[int]:
    """Which slices of so many a request names, in ascending order; all of them for "auto" and "all".

    Parameters
    ----------
    text : str
        As `slices_text` gives it.
    count : int
        How many axial slices the scan has.

    Returns
    -------
    list of int

    Raises
    ------
    InputError
        If one lies outside the scan.
    """
    if text in ("auto", "all"):
        return list(range(count))
    chosen: set[int] = set()
    for first, *rest in _ranges(text):
        start = first or 0
        stop = (count if rest[0] is None else rest[0]) if rest else start + 1
        if not 0 <= start < stop <= count:
            raise InputError(Message(
                "slices {slices} lie outside the scan, which has slices 0 to {last} (range 0:{count})",
                slices=text, last=count - 1, count=count,
            ))  # fmt: skip
        chosen.update(range(start, stop, (rest[1] if len(rest) > 1 else None) or 1))
    return sorted(chosen)
