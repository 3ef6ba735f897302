"""What the page of a cohort says of each structure of each case, and which of it lies outside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from XAICLIPLib.cohort.outliers import FAR, modified_z
from XAICLIPLib.cohort.store import CASES
from XAICLIPLib.cohort.table import Told
from XAICLIPLib.report.names import PAGE

SHOWN = (
    "dice", "hd95_mm", "score", "largest_drop", "remote_loss", "remote_share", "unseen_share", "shape_correlation",
    "gap", "predicted_mm2", "rho",
)  # fmt: skip
_NEVER = ("gap", "rho")  # what is never called an outlier: chance, and the price
JUDGED = tuple(name for name in SHOWN if name not in _NEVER)


class Line:
    """One structure of one case, as the page shows it.

    Parameters
    ----------
    one : Told
    row : mapping
        Of `SummaryRow`.

    Attributes
    ----------
    id, structure, trust : str
    folder : Path
        Of the case.
    values : list of float
        Of the columns `SHOWN`; None where there is none.
    link : str
        To the report of the case; empty where it has none.
    far : list of int
        Which values are outliers.
    z : float
        How far the farthest of them lies, in robust standard deviations.
    """

    __slots__ = ("far", "folder", "id", "link", "structure", "trust", "values", "z")

    def __init__(self, one: Told, row: Mapping[str, Any]) -> None:
        assert one.folder is not None
        self.id, self.structure, self.folder = one.id, row["structure"], one.folder
        self.trust = row.get("trust") or ""
        self.values: list[float | None] = [_number(row.get(name)) for name in SHOWN]
        here = f"{CASES}/{quote(one.folder.name)}"
        self.link = f"{here}/{PAGE}" if (one.folder / PAGE).exists() else ""
        self.far: list[int] = []
        self.z = 0.0


def judge(lines: Sequence[Line]) -> None:
    """Mark the numbers that lie outside those of the other cases, structure by structure.

    Parameters
    ----------
    lines : sequence of Line
        Their `far` and `z` are set.
    """
    by_structure = defaultdict(list)
    for line in lines:
        by_structure[line.structure].append(line)
    for i, name in enumerate(SHOWN):
        if name not in JUDGED:
            continue
        for alike in by_structure.values():
            for line, z in zip(alike, modified_z([line.values[i] for line in alike])):
                line.z = max(line.z, abs(float(z)))
                if abs(z) > FAR:
                    line.far.append(i)


def badness(line: Line) -> tuple:
    """A key by which the worst come first: by Dice where there is a reference, else what is most unlike the others.

    Parameters
    ----------
    line : Line

    Returns
    -------
    tuple
    """
    dice = line.values[SHOWN.index("dice")]
    return (dice is None, dice if dice is not None else -line.z, line.id, line.structure)


def _number(value: Any) -> float | int | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value or abs(value) == float("inf"):
        return None
    return value
