"""The same scan in two cohorts: found by what the scan holds, whatever its files and its ids are called."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from XAICLIPLib import anatomy
from XAICLIPLib.cohort.compare.numbers import VOLUME, Key, numbers_of
from XAICLIPLib.cohort.store import EXPLAINED, KIND, SETTINGS, finished_below, rows_in
from XAICLIPLib.errors import InputError

CONTENT, ID = "content", "id"
WAYS = (CONTENT, ID)  # by which a case is known again


@dataclass(frozen=True, eq=False)
class Case:
    """A case of one side.

    Attributes
    ----------
    id : str
    folder : Path
    content : str
        SHA-256 of its scan; empty where it is a run.
    numbers : dict of Key to float
    """

    id: str
    folder: Path
    content: str
    numbers: dict[Key, float]


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two that are compared.

    Attributes
    ----------
    folder : Path
    cases : tuple of Case
        Those that were explained, by their ids.
    report : mapping
        "request" and "model", as a `report.json` has them.
    left : dict of str to str
        Cases that have no numbers, and why.
    notes : tuple of str
        What to know about it.
    """

    folder: Path
    cases: tuple[Case, ...]
    report: Mapping[str, Any]
    left: Mapping[str, str]
    notes: tuple[str, ...] = ()

    @property
    def structures(self) -> list[str]:
        """What was explained in any of its cases, sorted."""
        return sorted({key.structure for case in self.cases for key in case.numbers})


@dataclass(frozen=True, eq=False)
class Pair:
    """The same scan on both sides.

    Attributes
    ----------
    id : str
        What it is called; with both ids where they differ.
    first, second : Case
    """

    id: str
    first: Case
    second: Case


def settings_of(folder: Path) -> dict[str, Any] | None:
    """What `cohort.json` of a folder says.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    dict or None
        None where no cohort was begun in it.
    """
    try:
        said = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
        return said if said.get("kind") == KIND else None
    except (OSError, ValueError, AttributeError, RecursionError):
        return None


def read_side(folder: Path, letter: str) -> Side:
    """A cohort, as far as it is finished.

    Parameters
    ----------
    folder : Path
    letter : str
        "A" or "B", for what is said of it.

    Returns
    -------
    Side

    Raises
    ------
    InputError
        If there is no cohort, or no case of it was explained.
    """
    said = settings_of(folder)
    if said is None:
        raise InputError(f"{folder} holds no cohort; give the folder that `xaiclip cohort` wrote with --out")
    program, cases, left, old = said.get("program", ""), [], {}, []
    for place, head in finished_below(folder):
        if head.program and program and head.program != program:
            old.append(head.id)
        elif head.status != EXPLAINED:
            left[head.id] = head.reason
        else:
            try:
                rows = rows_in(place)
            except InputError as error:
                left[head.id] = str(error)
                continue
            numbers = numbers_of(rows["structures"], rows["between"], (head.scan or {}).get("spacing_z_mm"))
            cases.append(Case(head.id, place, head.content.partition(":")[0], numbers))
    if not cases:
        raise InputError(f"no case of the cohort in {folder} is finished; run its command again")
    notes, wanted = [], said.get("cases")
    open_cases = wanted - len(cases) - len(left) if isinstance(wanted, int) else 0
    if open_cases > 0:
        notes.append(
            f"{letter}: {open_cases} of {wanted} cases have no result: not run yet, or their files could not be read "
            "(its cohort.html says which); its command again goes on"
        )
    if old:
        notes.append(
            f"{letter}: {_named(sorted(old))} left out: made with other settings or another model than the rest"
        )
    request = said.get("request", {})
    model = str(request.get("model", ""))
    report = {"request": request, "model": {"name": Path(model).name if "/" in model else model}}
    return Side(
        folder, tuple(sorted(cases, key=lambda case: case.id)), report, dict(sorted(left.items())), tuple(notes)
    )


def paired(first: Side, second: Side, by: str = CONTENT) -> tuple[list[Pair], dict[str, list[str]]]:
    """The cases that both sides have.

    Parameters
    ----------
    first, second : Side
    by : str
        "content": the same scan, whatever it is called; "id": the same id, such as two sequences of one patient.

    Returns
    -------
    pairs : list of Pair
        By their ids.
    unpaired : dict of reason to list of str
        All others.

    Raises
    ------
    InputError
        If there is no pair.
    """
    sides = [_grouped(side.cases, by) for side in (first, second)]
    pairs: list[Pair] = []
    unpaired: dict[str, list[str]] = defaultdict(list)
    for key in sorted({*sides[0], *sides[1]}):
        mine, theirs = (side.get(key, []) for side in sides)
        if len(mine) > 1 or len(theirs) > 1:  # one scan under several ids, or several series of one folder
            known = {case.id: case for case in theirs}
            alike = [case for case in mine if case.id in known]
            pairs += [Pair(case.id, case, known[case.id]) for case in alike]
            others = {case.id for case in (*mine, *theirs)} - {case.id for case in alike}
            unpaired["its scan is there several times, under other ids"] += sorted(others)
        elif mine and theirs:
            ids = mine[0].id, theirs[0].id
            pairs.append(Pair(ids[0] if ids[0] == ids[1] else " / ".join(ids), mine[0], theirs[0]))
        elif mine:
            unpaired[_why(mine[0], second, "B")].append(mine[0].id)
        else:
            unpaired[_why(theirs[0], first, "A")].append(theirs[0].id)
    if not pairs:
        hint = "; where both cohorts have the same ids, --pair id pairs by them" if by == CONTENT else ""
        raise InputError(
            f"the two cohorts have no case in common ({len(first.cases)} and {len(second.cases)} were explained); "
            f"compare two on the same scans{hint}"
        )
    found = {reason: sorted(ids) for reason, ids in sorted(unpaired.items()) if ids}
    return sorted(pairs, key=lambda pair: pair.id), found


def _grouped(cases: Sequence[Case], by: str) -> dict[str, list[Case]]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.content if by == CONTENT else case.id].append(case)
    return groups


def _why(case: Case, other: Side, letter: str) -> str:
    return f"could not be explained in {letter}" if case.id in other.left else f"not in {letter}"


def shared_structures(first: Side, second: Side, wanted: str | None) -> tuple[list[str], list[str]]:
    """The structures that are compared.

    Parameters
    ----------
    first, second : Side
    wanted : str, optional
        One of them in words; all by default.

    Returns
    -------
    shared : list of str
    notes : list of str
        About those that one side alone has.

    Raises
    ------
    InputError
        If none is shared, or not the one that is wanted.
    """
    sides = first.structures, second.structures
    shared = [name for name in sides[0] if name in sides[1]]
    if not shared:
        words = [", ".join(side).replace("_", " ") for side in sides]
        raise InputError(f"the two share no structure: {words[0]}; {words[1]}. Choose two of one structure")
    if wanted is not None:
        names = anatomy.match(wanted, shared)
        if not names:
            raise InputError(anatomy.no_match(wanted, shared, "not both explain", "both explain"))
        return list(names[:1]), []
    notes = [
        f"{', '.join(n for n in mine if n not in shared).replace('_', ' ')} is explained in {letter} alone"
        for letter, mine in zip("AB", sides)
        if set(mine) - set(shared)
    ]
    return shared, notes


def values_of(
    pairs: Sequence[Pair], structures: Sequence[str], with_volume: bool
) -> dict[Key, list[tuple[float | None, float | None]]]:
    """Both values of each number, pair by pair.

    Parameters
    ----------
    pairs : sequence of Pair
    structures : sequence of str
    with_volume : bool
        Whether volumes can be compared: both sides chose slices alike.

    Returns
    -------
    dict of Key to list of (first, second)
        As long as the pairs; the keys sorted.
    """
    keys = {key for pair in pairs for case in (pair.first, pair.second) for key in case.numbers}
    return {
        key: [(pair.first.numbers.get(key), pair.second.numbers.get(key)) for pair in pairs]
        for key in sorted(keys)
        if key.structure in structures and (with_volume or key.number != VOLUME)
    }


def _named(names: Sequence[str], most: int = 10) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"
