"""What is compared of each structure: which numbers, what they are called, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import Any, NamedTuple

from XAICLIPLib.cohort.numbers import REMOTE_SHARE

NEEDS = "loss_when_hidden"
OWN_SHARE, VOLUME = "own_share", "volume_ml"


class Key(NamedTuple):
    """Which number.

    Attributes
    ----------
    structure : str
    number : str
        Of `NUMBERS`.
    player : str
        The segment that was hidden, of `NEEDS`; empty for all others.
    """

    structure: str
    number: str
    player: str = ""


@dataclass(frozen=True)
class Number:
    """A number that is compared.

    Attributes
    ----------
    name : str
        Of its column.
    words : str
        What it is called in a sentence about a structure.
    brief : str
        The same as the head of a column.
    unit : str
    """

    name: str
    words: str
    brief: str
    unit: str = ""


NUMBERS: dict[str, Number] = {
    number.name: number
    for number in (
        Number("dice", "Dice with the reference", "Dice"),
        Number("hd95_mm", "Hausdorff distance to the reference (95 %)", "HD95", "mm"),
        Number(VOLUME, "volume of what is drawn", "volume", "ml"),
        Number(OWN_SHARE, "own share of what is lost", "own share"),
        Number(REMOTE_SHARE, "remote share of what is lost", "remote share"),
        Number("remote_loss", "largest loss of the rest by one place", "loss of the rest"),
        Number("unseen_share", "share that is drawn unseen", "unseen"),
        Number(NEEDS, "loss when hidden", "loss"),
    )
}


def numbers_of(
    structures: Sequence[Mapping[str, Any]], between: Sequence[Mapping[str, Any]], spacing_z: float | None
) -> dict[Key, float]:
    """The numbers of a case that are compared.

    Parameters
    ----------
    structures : sequence of mapping
        Rows of `SummaryRow` with the remote share, one a structure.
    between : sequence of mapping
        ``player``, ``structure`` and ``loss``.
    spacing_z : float, optional
        mm between slices; without it there is no volume.

    Returns
    -------
    dict of Key to float
        Those that are known.
    """
    found: dict[Key, float] = {}
    for row in structures:
        values: dict[str, Any] = {name: row.get(name) for name in NUMBERS}
        if _is_number(row.get(REMOTE_SHARE)):
            values[OWN_SHARE] = 1 - row[REMOTE_SHARE]
        if _is_number(row.get("predicted_mm2")) and spacing_z:
            values[VOLUME] = row["predicted_mm2"] * spacing_z / 1000
        found |= {Key(row["structure"], name): float(v) for name, v in values.items() if _is_number(v)}
    for row in between:
        if _is_number(row.get("loss")):
            found[Key(row["structure"], NEEDS, row["player"])] = float(row["loss"])
    return found


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)


def with_unit(name: str) -> str:
    """What a number is called, with its unit.

    Parameters
    ----------
    name : str
        Of `NUMBERS`.

    Returns
    -------
    str
    """
    number = NUMBERS[name]
    return f"{number.words}, {number.unit}" if number.unit else number.words


def interval(low: float, high: float) -> str:
    """An interval in two digits, or as many as tell its ends apart.

    Parameters
    ----------
    low, high : float

    Returns
    -------
    str
        "+0.18 … +0.22".
    """
    digits = 2
    while digits < 4 and low != high and short(low, True, digits) == short(high, True, digits):
        digits += 1
    return f"{short(low, True, digits)} … {short(high, True, digits)}"


def short(value: float | None, sign: bool = False, digits: int = 2) -> str:
    """A number in two digits, as a reader wants it.

    Parameters
    ----------
    value : float, optional
    sign : bool
        Whether + is written too.
    digits : int
        Others than two.

    Returns
    -------
    str
        "0.21", "0.0034", "1.2", "1480", with sign "+0.21"; a dash where there is none.
    """
    if value is None or not isfinite(value):
        return "–"
    size = abs(value)
    places = 0 if size < 1e-6 else max(digits - 1 - floor(log10(size)), 0)
    text = f"{size:.{places}f}"
    mark = "" if float(text) == 0 else "−" if value < 0 else "+" if sign else ""
    return mark + text
