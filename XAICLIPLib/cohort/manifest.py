"""Which cases a cohort has: what is known of each before its scan is read, and a table that lists them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from XAICLIPLib.cohort.csvfile import read_table
from XAICLIPLib.errors import InputError, did_you_mean
from XAICLIPLib.report.names import IMAGES
from XAICLIPLib.roi.labelchoice import parse_label_spec

OWN = ("scan", "reference", "id", "series", *IMAGES)  # columns of a manifest that say what is explained
_PRIVATE = re.compile(
    r"(^|[^a-z])(sur|last|first|given|patients?|vor|nach)?[ _-]?(name|names|nom|prenom|nombre|apellido)s?$"
    r"|birth|geburt|(^|[^a-z])dob$|naissance|address|adresse|phone|telefon|e-?mail|insurance|(^|[^a-z])(ssn|mrn)$",
    re.IGNORECASE,
)
_PATHLIKE = re.compile(r"[/\\].*\.\w{2,4}$|\.(nii|nii\.gz|nrrd|nhdr|mha|mhd|dcm)$", re.IGNORECASE)


@dataclass(frozen=True)
class CohortCase:
    """One case of a cohort, not read yet.

    Attributes
    ----------
    position : int
        Its place in all tables, from 0.
    scan : str
        Path of its scan; in a data set the name of the case.
    id : str
        What it is called; empty where it is to be called by its scan's content.
    reference : str, optional
        Ground truth, as `parse_label_spec` takes it apart.
    series : str, optional
        UID of the DICOM series where a folder holds several.
    images : tuple of str
        Further registered images.
    columns : tuple of (str, str)
        What else the manifest says of it, by column; empty where it says nothing.
    dataset, root : str
        Where the case is one of a data set.
    problem : str
        Why it can't be explained; empty where nothing is known against it.
    """

    position: int
    scan: str
    id: str = ""
    reference: str | None = None
    series: str | None = None
    images: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    dataset: str = ""
    root: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Cohort:
    """The cases of a cohort, and what to know about how they were found.

    Attributes
    ----------
    cases : tuple of CohortCase
    columns : tuple of str
        Names of what the manifest says beside.
    notes : tuple of str
        What was left out, and why.
    """

    cases: tuple[CohortCase, ...]
    columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_manifest(path: Path) -> Cohort:
    """The cases that a table lists, one a line.

    Parameters
    ----------
    path : Path
        A text file of columns. `scan` is needed; `reference`, `id`, `series`, `image-2`, … are known; all others go
        into the tables as they are. Paths are relative to the file.

    Returns
    -------
    Cohort

    Raises
    ------
    InputError
        If it can't be read, has no column `scan`, or no line.
    """
    header, lines = read_table(path)
    names = [name.strip() for name in header]
    own = {name.lower().replace("_", "-"): i for i, name in reversed([*enumerate(names)]) if _own(name)}
    if "scan" not in own:
        guess = did_you_mean("scan", names, 0.5) or next(
            (f"; is it {n}? Call it scan" for n in names if n.lower() in ("image", "path", "file", "volume", "ct")), ""
        )
        raise InputError(
            f"{path.name} has no column scan{guess}; it has {', '.join(map(repr, names[:12]))}. Give one with the path "
            "of each scan, and beside it, as you like, reference, id, series and any others"
        )
    others = [i for i in range(len(names)) if i not in own.values() and names[i]]
    kept, notes = _kept(names, others, [cells for _, cells in lines])
    cases = [_case(position, number, cells, own, path.parent) for position, (number, cells) in enumerate(lines)]
    if not cases:
        raise InputError(f"{path.name} lists no case; give a line for each scan below the names of the columns")
    columns = tuple(names[i] for i in kept)
    cases = [
        replace(case, columns=tuple((names[i], cells[i].strip()) for i in kept))
        for case, (_, cells) in zip(cases, lines)
    ]
    return Cohort(tuple(_once(cases, [number for number, _ in lines])), columns, tuple(notes))


def _own(name: str) -> bool:
    return name.lower().replace("_", "-") in OWN


def _kept(names: Sequence[str], others: Sequence[int], lines: Sequence[Sequence[str]]) -> tuple[list[int], list[str]]:
    """Which further columns go into the tables, and why others do not: they could name a patient."""
    kept: list[int] = []
    notes = []
    for i in others:
        if _PRIVATE.search(names[i]):
            notes.append(f"column {names[i]} is left out of the tables: it may name a patient")
        elif any(_PATHLIKE.search(cells[i].strip()) for cells in lines):
            notes.append(f"column {names[i]} is left out of the tables: it holds paths, which may name a patient")
        elif names[i] in [names[k] for k in kept]:
            notes.append(f"there are two columns {names[i]}; the first is taken")
        else:
            kept.append(i)
    return kept, notes


def _case(position: int, number: int, cells: Sequence[str], own: Mapping[str, int], folder: Path) -> CohortCase:
    """A line as a case, with what is wrong about it."""
    said = {name: cells[i].strip() for name, i in own.items()}
    problem = ""
    scan = _beside(said["scan"], folder)
    reference = _beside(said.get("reference", ""), folder)
    images = tuple(_beside(said[name], folder) for name in IMAGES if said.get(name))
    if not said["scan"]:
        problem = f"line {number} names no scan"
    elif not os.path.exists(scan):
        problem = f"the scan of line {number} does not exist"
    elif reference and not os.path.exists(parse_label_spec(reference).path):
        problem = f"the reference of line {number} does not exist"
    elif any(not os.path.exists(image) for image in images):
        problem = f"an image of line {number} does not exist"
    name = said.get("id", "")
    if "id" in own and not name:
        problem = problem or f"line {number} has no id"
    if problem and not name:
        name = f"line-{number}"
    return CohortCase(position, scan, name, reference or None, said.get("series") or None, images, problem=problem)


def _beside(text: str, folder: Path) -> str:
    """A path as the manifest means it: absolute, or relative to the manifest."""
    return os.path.abspath(os.path.join(folder, os.path.expanduser(text))) if text else ""


def _once(cases: Sequence[CohortCase], numbers: Sequence[int]) -> list[CohortCase]:
    """The cases, of which a later one with an id that is taken can't be explained."""
    lines: dict[str, int] = {}
    found = []
    for case, number in zip(cases, numbers):
        first = lines.setdefault(case.id.casefold(), number) if case.id else number
        if first != number and not case.problem:
            problem = f"line {number} has the id of line {first}; each case needs its own"
            case = replace(case, id=f"line-{number}", problem=problem)
        found.append(case)
    return found
