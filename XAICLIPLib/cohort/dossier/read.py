"""A cohort's folder opened again: its cases, what came out for each, and how each was made."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from XAICLIPLib.cohort.compare.pairs import settings_of
from XAICLIPLib.cohort.dossier.wording import cases
from XAICLIPLib.cohort.manifest import CohortCase
from XAICLIPLib.cohort.store import EXPLAINED, finished_below, finished_in
from XAICLIPLib.cohort.table import NOT_YET, Told, told_in
from XAICLIPLib.errors import InputError
from XAICLIPLib.report.names import REPORT

_SHORTEST = 4  # letters of an id that is looked for wherever it stands
_AGAIN = "run the same `xaiclip cohort` command again to finish it"


@dataclass(frozen=True, eq=False)
class Kept:
    """What a cohort's folder holds.

    Attributes
    ----------
    folder : Path
    settings : mapping
        Of `cohort.json`.
    told : tuple of Told
        In the order of the cases.
    columns : tuple of str
        What the manifest says beside.
    warnings : tuple of str
        What a reader of anything made of it must know: that it is not finished.
    by_id : bool
        Whether cases are called by their ids; else by their place in the table of cases, from 1.
    total : int
        Cases that the cohort has; more than `told` where it ended before its tables were written.
    names : dict of str to str
        What each case is called in the document, by its id.
    """

    folder: Path
    settings: Mapping[str, Any]
    told: tuple[Told, ...]
    columns: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    by_id: bool = False
    total: int = 0
    names: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        names = {one.id: one.id if self.by_id else f"case {number}" for number, one in enumerate(self.told, 1)}
        object.__setattr__(self, "names", names)

    @property
    def explained(self) -> list[Told]:
        """Cases that were explained."""
        return [one for one in self.told if one.status == EXPLAINED and one.folder is not None]

    def text(self, text: str, id: str) -> str:
        """A text about a case, in which the case is called as everywhere in the document.

        Parameters
        ----------
        text : str
        id : str
            Of the case.

        Returns
        -------
        str
        """
        if not id or self.by_id:
            return text
        word = rf"{re.escape(id)}(?!\w)"
        if len(id) < _SHORTEST:  # such as 5, which is a number in every other text
            return re.sub(rf"\b(scan|reference|image \d+) of {word}", r"\1 of this case", text)
        return re.sub(rf"(?<!\w){word}", "this case", text)


def read_cohort(folder: str | Path, by_id: bool = False) -> Kept:
    """Open the folder of a cohort.

    Parameters
    ----------
    folder : path
        What ``xaiclip cohort --out`` wrote.
    by_id : bool
        Whether cases are called by their ids.

    Returns
    -------
    Kept

    Raises
    ------
    InputError
        If it is no cohort, no case of it was run, or a case that its table names is gone.
    MissingPackage
        If pyarrow is not installed.
    """
    out = Path(folder)
    settings = _settings(out)
    warnings = []
    below = {head.id: (place, head) for place, head in finished_below(out)}
    program = settings.get("program", "")
    finished = {id: one for id, one in below.items() if not program or one[1].program in ("", program)}
    if old := len(below) - len(finished):
        warnings.append(f"{cases(old)} left out: made with other settings or another model than the rest.")
    try:
        told, columns = told_in(out)
        later = sum(head.status == EXPLAINED for _, head in finished.values()) - _count(told, EXPLAINED)
        if later > 0:
            warnings.append(f"{cases(later)} more in the folder than in its tables, not in this document; {_AGAIN}.")
    except FileNotFoundError:
        told, columns = _without_tables(finished), ()
        lost = [str(name) for name in settings.get("columns") or ()]
        more = f"; what its list says of the cases ({', '.join(lost)}) is not known here" if lost else ""
        warnings.append(f"The tables of this cohort are not written yet{more}.")
    total = max(len(told), _whole(settings.get("cases")))
    if not (run := len(told) - _count(told, NOT_YET)):
        raise InputError(f"no case of the cohort in {out} was run yet; {_AGAIN}")
    if run < total:
        warnings.insert(0, f"This cohort is not finished: {run} of {total} cases were run; {_AGAIN}.")
    for one in told:
        if one.folder is not None and finished_in(one.folder) is None:
            raise InputError(f"{out} lacks cases/{one.folder.name}, which its tables name; {_AGAIN}")
    return Kept(out, settings, tuple(told), columns, tuple(warnings), by_id, total)


def reports_of(kept: Kept) -> Iterator[tuple[Told, dict[str, Any]]]:
    """How each explained case was made.

    Parameters
    ----------
    kept : Kept

    Yields
    ------
    one : Told
    report : dict
        What its `report.json` holds; cases without one are left out.
    """
    for one in kept.explained:
        assert one.folder is not None
        try:
            report = json.loads((one.folder / REPORT).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(report, dict) and isinstance(report.get("model"), dict):
            yield one, report


def _settings(out: Path) -> dict[str, Any]:
    if not out.exists():
        raise InputError(f"{out} does not exist; give the folder that `xaiclip cohort --out` wrote")
    settings = settings_of(out)
    if settings is None:
        what = "the result of one scan" if (out / REPORT).exists() else "no cohort"
        raise InputError(f"{out} is {what}; give the folder that `xaiclip cohort --out` wrote")
    return settings


def _without_tables(finished: Mapping[str, tuple]) -> list[Told]:
    """What is known of a cohort that ended before its tables were written, by the ids of its cases."""
    return [
        Told(CohortCase(n, "", id), id, head.status, head.reason, place if head.status == EXPLAINED else None)
        for n, (id, (place, head)) in enumerate(sorted(finished.items()))
    ]


def _count(told: list[Told], status: str) -> int:
    return Counter(one.status for one in told)[status]


def _whole(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
