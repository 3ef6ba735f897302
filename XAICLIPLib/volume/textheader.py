"""What MetaImage and NRRD share: a header in words, and data in the file itself or in others beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from XAICLIPLib.errors import InputError

UNPLACED = (
    "the file does not say how the patient lies in it: rows are taken to run to the patient's left, columns to the "
    "back, slices to the head"
)
LARGEST_HEADER = 1 << 20  # bytes
_MOST_FILES = 100_000


def printed(text: str) -> str:
    """Text from a header as it may be printed.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Its first 60 characters, with question marks for those that have no shape.
    """
    return "".join(c if c.isprintable() else "?" for c in text[:60])


def data_files(path: Path, key: str, place: str, listed: Sequence[str], numbered: re.Pattern) -> list[Path]:
    """The files with the voxels that a header names, if all of them lie beside it.

    Parameters
    ----------
    path : Path
        The header.
    key : str
        The field that names them, for messages.
    place : str
        What it says: a name, a pattern with numbers, or "LIST".
    listed : sequence of str
        The names, where they are listed.
    numbered : re.Pattern
        How a pattern is written: its groups are the pattern, the first and the last number and, optionally, the step.

    Returns
    -------
    list of Path
        In the order of their data.

    Raises
    ------
    InputError
        If a name leads out of the header's folder, there is no such file, or the pattern makes no sense.
    """
    if place.upper().startswith("LIST"):
        names = listed
    elif match := numbered.fullmatch(place):
        pattern, first, last, step = match[1], int(match[2]), int(match[3]), int(match[4] or 1)
        numbers = range(first, last + (1 if step > 0 else -1), step) if step else ()
        if not 0 < len(numbers) <= _MOST_FILES or pattern.count("%") != 1:
            raise InputError(f"{path.name}: its header is damaged ({key} is {printed(place)!r})")
        names = [pattern % number for number in numbers]
    else:
        names = [place]
    return [file_beside(path, name) for name in names]


def file_beside(path: Path, name: str) -> Path:
    """A data file that a header names, if it lies in the header's own folder.

    Parameters
    ----------
    path : Path
        The header.
    name : str
        As it stands in it.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If the name leads elsewhere, or there is no such file.
    """
    file = path.parent / name
    if (
        not name
        or re.search(r"[/\\:\0]", name)
        or name in (".", "..")
        or file.resolve().parent != path.parent.resolve()
    ):
        raise InputError(
            f"{path.name} names the data file {printed(name)!r}, which is not beside it: only a file in the same "
            "folder is read; put the two together and correct the header"
        )
    if not file.is_file():
        raise InputError(f"{path.name} needs the data file {printed(name)!r}, which is not beside it; copy both files")
    return file
