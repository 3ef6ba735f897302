"""Where the cases of a cohort come from: a manifest, a folder or pattern of files, DICOM studies, a data set."""

from __future__ import annotations

import glob
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from XAICLIPLib.cohort.manifest import Cohort, CohortCase, read_manifest
from XAICLIPLib.datasets import DATASETS, choose_cases
from XAICLIPLib.errors import InputError
from XAICLIPLib.roi.labelchoice import parse_label_spec
from XAICLIPLib.volume import FORMATS

TABLES = (".csv", ".tsv", ".txt")
PHANTOMS = 12  # without --limit; the phantom has no end
FEWEST = 5  # images of a DICOM series that is taken for a volume: fewer are localizers and reports
_LABELS = ("label", "labels", "seg", "segmentation", "mask", "gt")


@dataclass(frozen=True)
class Choice:
    """Which of the cases of a source are wanted.

    Attributes
    ----------
    only : str
        A pattern for ids, and for names of cases and files below the source.
    sample : int, optional
        So many, drawn at random.
    limit : int, optional
        So many, the first.
    seed : int
        Of the draw.
    """

    only: str = "*"
    sample: int | None = None
    limit: int | None = None
    seed: int = 0


def find_cases(source: str, root: str | Path | None = None, choice: Choice | None = None) -> Cohort:
    """The cases of a source, in the order of its lines or names.

    Parameters
    ----------
    source : str
        A folder, a pattern such as "scans/*.nii.gz", a manifest, or "chaos", "flare22", "phantom".
    root : path, optional
        Where a data set was unpacked.
    choice : Choice, optional
        Which of them.

    Returns
    -------
    Cohort

    Raises
    ------
    InputError
        If there is no such source, it holds no scan, or none that was chosen.
    """
    choice = choice or Choice()
    for name, value in (("--limit", choice.limit), ("--sample", choice.sample)):
        if value is not None and value < 1:
            raise InputError(f"{name} {value} leaves no case; give 1 or more")
    if source in DATASETS and not os.path.exists(source):
        found, named = _dataset(source, root, choice), None
    elif os.path.isfile(source) and source.lower().endswith(TABLES):
        found, named = read_manifest(Path(source)), None
    else:
        found, named = _files(source)
    return _chosen(found, choice, source, named)


def with_references(cohort: Cohort, pattern: str) -> Cohort:
    """A cohort whose cases have the references that a pattern names, where they have none.

    Parameters
    ----------
    cohort : Cohort
    pattern : str
        A path, or FILE:NUMBERS as for one scan, with {name} where the scan's file has its name without ending, or {id}.

    Returns
    -------
    Cohort

    Raises
    ------
    InputError
        If it names the same file for all cases.
    """
    if "{name}" not in pattern and "{id}" not in pattern:
        raise InputError(
            f"--reference {pattern} is of one scan; write {{name}} or {{id}} where the files differ, such as "
            "'labels/{name}.nii.gz', or give a manifest with a column reference"
        )

    def referred(case: CohortCase) -> CohortCase:
        if case.dataset or case.reference or case.problem:
            return case
        if "{id}" in pattern and not case.id:
            raise InputError(
                f"--reference {pattern}: the cases have no ids; write {{name}}, or give a manifest with ids"
            )
        given = os.path.abspath(pattern.replace("{name}", _stem(Path(case.scan).name)).replace("{id}", case.id))
        if os.path.exists(parse_label_spec(given).path):
            return replace(case, reference=given)
        return replace(case, id=case.id or f"scan-{case.position + 1}", problem="its reference does not exist")

    return replace(cohort, cases=tuple(referred(case) for case in cohort.cases))


def _chosen(found: Cohort, choice: Choice, source: str, named: Sequence[str] | None) -> Cohort:
    """The cases that are wanted, in their order, numbered anew."""
    names = named or [case.id or case.scan for case in found.cases]
    kept = [
        case
        for case, name in zip(found.cases, names)
        if fnmatchcase(name, choice.only) or fnmatchcase(os.path.basename(name), choice.only)
    ]
    if not kept:
        raise InputError(f"none of the {len(names)} cases of {source} matches {choice.only!r}; check --only")
    if choice.sample is not None and choice.sample < len(kept):
        drawn = random.Random(choice.seed).sample(range(len(kept)), choice.sample)
        kept = [kept[i] for i in sorted(drawn)]
    kept = kept[: choice.limit]
    return replace(found, cases=tuple(replace(case, position=i) for i, case in enumerate(kept)))


def _dataset(name: str, root: str | Path | None, choice: Choice) -> Cohort:
    """The cases of a data set, whose names are public."""
    count = choice.limit or max(PHANTOMS, choice.sample or 0) if name == "phantom" else None
    listed, left_out = choose_cases(name, root, count=count, only=choice.only, skip_incomplete=True)
    place = "" if root is None else os.path.abspath(root)
    cases = [CohortCase(i, case.name, case.name, dataset=name, root=place) for i, case in enumerate(listed)]
    return Cohort(tuple(cases), notes=tuple(f"left out: {text}" for text in left_out))


def _files(source: str) -> tuple[Cohort, list[str]]:
    """Files and DICOM series of a folder or a pattern, and what each is called there."""
    root = Path(source)
    if root.is_dir():
        places: list[Path] = [root]
    else:
        places = [Path(path) for path in sorted(glob.glob(os.path.expanduser(source), recursive=True))]
    if not places:
        raise InputError(
            f"{source} is no folder, no manifest (.csv) and no data set ({', '.join(DATASETS)}), and no file matches "
            "it; check the path, and put patterns into quotation marks"
        )
    files = [file for place in places for file in ([place] if place.is_file() else _below(place))]
    scans = [file for file in files if _is_scan(file) and not _is_labels(file)]
    labels = sum(_is_scan(file) and _is_labels(file) for file in files)
    base = root if root.is_dir() else Path(os.path.commonpath([os.path.abspath(place) for place in places])).parent
    cases = [(os.path.relpath(file, base), CohortCase(0, str(file.absolute()))) for file in scans]
    small = 0
    for place in places:
        if place.is_dir():
            found, few = _series(place, {file for file in files if _is_scan(file)})
            cases += [(os.path.relpath(case.scan, base), case) for case in found]
            small += few
    cases.sort(key=lambda named: (named[0], named[1].series or ""))
    if not cases:
        raise InputError(f"{source} holds no scan; give files that end in {', '.join(FORMATS)}, or DICOM studies")
    notes = []
    if labels:
        notes.append(f"{labels} file{'s' * (labels > 1)} left out that are labels by their names (…_seg, …_labels, …)")
    if small:
        notes.append(f"{small} DICOM series of fewer than {FEWEST} images left out: localizers and reports")
    return Cohort(tuple(case for _, case in cases), notes=tuple(notes)), [name for name, _ in cases]


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place, name) for name in sorted(files) if not name.startswith("."))


def _is_scan(path: Path) -> bool:
    return path.name.lower().endswith(tuple(ending for ending in FORMATS if ending != ".dcm"))


def _is_labels(path: Path) -> bool:
    stem = _stem(path.name).lower()
    return stem.endswith(tuple(f"{sign}{word}" for sign in "_-." for word in _LABELS)) or stem in _LABELS


def _stem(name: str) -> str:
    """The name of a file without its ending."""
    known = sorted(FORMATS, key=len, reverse=True)
    return next((name[: -len(ending)] for ending in known if name.lower().endswith(ending)), name)


def _series(folder: Path, others: set[Path]) -> tuple[list[CohortCase], int]:
    """The DICOM series below a folder, each a case, and how many were too short for a volume."""
    from XAICLIPLib.volume.dicom_frames import frames_below
    from XAICLIPLib.volume.dicom_stacks import stacks_of

    cases, few = [], 0
    for place in sorted({file.parent for file in _below(folder) if file not in others}):
        frames = [frame for frame in frames_below(place) if frame.path.parent == place]
        for stack in stacks_of(frames):
            if sum(1 for _ in stack.frames) < FEWEST:
                few += 1
                continue
            several = None if stack.name.startswith("without a UID") else stack.name
            cases.append(CohortCase(0, str(place.absolute()), series=several))
    return cases, few
