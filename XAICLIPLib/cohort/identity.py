"""By what a case is known again: the content of its files, and everything that was asked of it.

Reading every scan only to see that nothing has changed would take as long as it takes to copy them. So the size and the
times of a file stand for its content as long as they are the same, as they do for git; where they differ, the content
decides.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from XAICLIPLib import __version__
from XAICLIPLib.case.request import Request
from XAICLIPLib.cohort.manifest import CohortCase
from XAICLIPLib.report.owned import hash_of
from XAICLIPLib.roi.labelchoice import parse_label_spec

FORMAT = 3  # of what is kept of a case; another number makes all cases anew
_PER_CASE = ("scan", "reference", "label", "series", "keep_paths")  # settings of a request that each case has its own
_HEADERS = (".mhd", ".nhdr", ".hdr", ".img")  # files whose voxels may lie in another beside them
ID_DIGITS = 12  # of a SHA-256: of a million cases two have the same in one of 560 cohorts, which is found and said


def program_key(request: Request) -> str:
    """What every case of a cohort depends on alike: the program, the request, and the files that it names.

    Parameters
    ----------
    request : Request
        Its scan, reference and label don't matter.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    said = {name: value for name, value in request.to_json().items() if name not in _PER_CASE}
    words = request.vlm
    specs = (request.model, request.region.source, words.model, words.learned_prompts, request.influence.players)
    files = [content_of(path) for spec in specs if spec for path in [*_paths_in(spec), *_sources_of(spec)]]
    return _digest({"format": FORMAT, "xaiclip": __version__, "request": said, "files": files})


def asked_of(case: CohortCase, program: str) -> str:
    """What was asked of a case, whatever its files hold.

    Parameters
    ----------
    case : CohortCase
    program : str
        See `program_key`.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    labels = None
    if case.reference:
        spec = parse_label_spec(case.reference)
        labels = case.reference.removeprefix(spec.path)
    return _digest([program, case.id, case.series, labels, len(case.images), case.dataset])


def stat_of(case: CohortCase) -> str | None:
    """The sizes and times of a case's files, as one word.

    Parameters
    ----------
    case : CohortCase

    Returns
    -------
    str or None
        None where nothing but the content tells whether it is the same.
    """
    if case.dataset == "phantom":
        return f"{case.scan} of {__version__}"
    if case.dataset:
        return None
    try:
        return _digest([[_stat(file) for file in _files_of(path)] for path in _paths(case)])
    except OSError:
        return None


def content_of(path: str | Path) -> str:
    """SHA-256 of a file's content, or of those of all files in a folder in whatever order.

    Parameters
    ----------
    path : path

    Returns
    -------
    str
        64 hexadecimal digits.

    Raises
    ------
    OSError
        If a file can't be read.
    """
    hashes = sorted(hash_of(file) for file in _files_of(path))
    return hashes[0] if len(hashes) == 1 else _digest(hashes)


def contents_of(case: CohortCase) -> tuple[str, ...]:
    """SHA-256 of the scan, the reference and the further images of a case that are files.

    Parameters
    ----------
    case : CohortCase

    Returns
    -------
    tuple of str

    Raises
    ------
    OSError
        If a file can't be read.
    """
    return tuple(content_of(path) for path in _paths(case))


def name_of(case: CohortCase, content: str) -> str:
    """What a case is called.

    Parameters
    ----------
    case : CohortCase
    content : str
        SHA-256 of its scan.

    Returns
    -------
    str
        Its id; where it has none the first digits of the SHA-256, never the name of its file. Of several series in a
        folder each has another.
    """
    if case.id:
        return case.id
    return (content if case.series is None else _digest([content, case.series]))[:ID_DIGITS]


def _paths(case: CohortCase) -> list[str]:
    reference = [parse_label_spec(case.reference).path] if case.reference else []
    return [case.scan, *reference, *case.images]


def _files_of(path: str | Path) -> list[Path]:
    """A file, with that of its voxels where they lie in another; or all files of a folder."""
    place = Path(path)
    if place.is_dir():
        return sorted(file for file in place.rglob("*") if file.is_file())
    if place.suffix.lower() in _HEADERS:
        return sorted(file for file in place.parent.glob(f"{glob.escape(place.stem)}.*") if file.is_file())
    return [place]


def _stat(file: Path) -> list[int]:
    about = os.stat(file)
    return [about.st_size, about.st_mtime_ns, about.st_ctime_ns]  # whoever sets the time back changes the other


def _paths_in(spec: str) -> list[Path]:
    """The files that a specification such as FAMILY:PATH or PATH:liver=5 names, as far as they are there."""
    pieces = spec.split(":")
    for first in range(len(pieces)):
        for last in range(len(pieces), first, -1):
            part = ":".join(pieces[first:last])
            with suppress(OSError, ValueError):
                if part not in ("", ".") and os.path.exists(part):
                    return [Path(part)]
    return []


def _sources_of(spec: str) -> list[Path]:
    """The source of a function such as function:package.module:name, found without running any of it."""
    family, _, rest = spec.partition(":")
    if family != "function":
        return []
    module = rest.partition(":")[0].replace(".", "/")
    found = (Path(place, ending) for place in sys.path for ending in (f"{module}.py", f"{module}/__init__.py"))
    return [path for path in found if path.is_file()][:1]


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()
