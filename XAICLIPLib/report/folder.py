"""The folder of a result: written as a whole or not at all, and nothing in it is touched that is not of this program.

New files are made in a scratch folder inside the target, so that a mount point and a folder in a read-only parent will
do. A journal in it says what is to be moved: after a kill in the middle the next run ends what this one began.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from XAICLIPLib.errors import InputError, ResourceError
from XAICLIPLib.report.journal import (
    foreign_error,
    journal_of,
    make_scratch,
    move_into_place,
    recover,
    renew_listing,
    write_journal,
)
from XAICLIPLib.report.lock import locked, signals_held
from XAICLIPLib.report.names import PANELS, by_image_file, panel_file
from XAICLIPLib.report.owned import (
    PICTURES,
    foreign,
    is_folder,
    owned,
    write_listing,
)  # fmt: skip

_LONGEST = by_image_file(0, "x" * 60)


def write_report(place: Path, report: Mapping) -> None:
    """Write the report, the last file of a result, with the names of all others and their SHA-256.

    Parameters
    ----------
    place : Path
        The scratch folder, with all other files in it.
    report : mapping
        Plain data, and what `plain` makes plain.
    """
    write_listing(place, "report.json", report)


@contextmanager
def reserved(
    folder: str | Path, names: Iterable[str] = (), inputs: Iterable[str | Path] = (), listing: str = "report.json"
) -> Iterator[Path]:
    """Hold a folder for a run, from before it computes until its result is written. It is made where it is not there,
    and is gone again where nothing was written to it.

    Parameters
    ----------
    folder : path
    names : iterable of str
        The files that will be written, relative to the folder.
    inputs : iterable of str
        What the run reads: paths, or specifications with paths in them, such as "medsam:FILE".
    listing : str
        The report that says which files of the folder are this program's.

    Yields
    ------
    Path
        The folder.

    Raises
    ------
    InputError
        If the folder can't be made or written to, another run is writing to it, it holds files that would be replaced
        and were not written by this program, or an input would be written over.
    """
    target = Path(folder)
    with _made(target), locked(target):
        recover(target)
        known = owned(target, listing)
        wanted = [*names, *(name for name in _pictures(target) if f"{PANELS}/" in "".join(names))]
        if strangers := foreign(target, wanted, known):
            raise foreign_error(target, strangers)
        _refuse_inputs(target, {*wanted, *known}, inputs)
        _try(target)
        yield target


@contextmanager
def whole_folder(folder: str | Path, listing: str = "report.json", pictures: bool = False) -> Iterator[Path]:
    """A scratch folder inside `folder`, whose files are moved there once the block ends without an error.

    Parameters
    ----------
    folder : path
    listing : str
        The report, which the block writes last. The files of the result before are removed: those that this program
        wrote and nobody has changed since.
    pictures : bool
        The block draws the pictures of the result that is there: only older pictures are removed, and its listing is
        written anew.

    Yields
    ------
    Path
        The scratch folder, to be written to.

    Raises
    ------
    InputError
        If the folder can't be written to, or holds files of these names that this program did not write.
    ResourceError
        If the disk is full.
    """
    target = Path(folder)
    with _made(target), locked(target):
        recover(target)
        place = make_scratch(target)
        try:
            yield place
            if pictures:
                renew_listing(target, place, listing)
            journal = journal_of(target, place, listing, pictures)
            write_journal(place, journal)
            with signals_held():
                move_into_place(target, place, journal)
                shutil.rmtree(place, ignore_errors=True)
        except OSError as error:
            raise ResourceError(
                f"{target} can't be written ({error.strerror or error}); free some space or choose another folder"
            ) from error
        finally:
            shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _made(target: Path) -> Iterator[None]:
    """Make a folder and its parents; those that are empty in the end, and were not there before, go again."""
    missing = []
    try:
        place = target
        while not os.path.lexists(place) and place != place.parent:
            missing.append(place)
            place = place.parent
        target.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        for folder in missing:
            with suppress(OSError, ValueError):
                folder.rmdir()
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{_short(target)} can't be made ({reason}); choose another folder") from error
    try:
        yield
    finally:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()


def _short(path: Path) -> str:
    text = str(path)
    return text if len(text) <= 200 else f"{text[:100]}…{text[-60:]}"


def _try(target: Path) -> None:
    """Write what a result needs most of, the longest name, and remove it."""
    place = make_scratch(target)
    try:
        (place / PANELS).mkdir()
        (place / _LONGEST).write_bytes(b"tried")
    except OSError as error:
        raise InputError(f"{_short(target)} can't hold a result ({error.strerror}); choose another folder") from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _pictures(target: Path) -> list[str]:
    """The panels in a folder by this program's names, whoever made them."""
    place = target / PANELS
    if not is_folder(place):
        return [panel_file(0)] if os.path.lexists(place) else []
    return [name for path in place.iterdir() if PICTURES.fullmatch(name := f"{PANELS}/{path.name}")]


def _refuse_inputs(target: Path, names: set[str], inputs: Iterable[str | Path]) -> None:
    """Refuse to write over what the run reads."""
    for given in inputs:
        for path in _paths(str(given)):
            for name in names:
                is_same = False
                with suppress(OSError, ValueError):
                    is_same = os.path.samefile(path, target / name)
                if is_same:
                    raise InputError(
                        f"{name} in {target} is an input of this run and would be written over; choose another folder"
                    )


def _paths(text: str) -> Iterator[str]:
    """The paths that a specification may hold: FAMILY:PATH, PATH:liver=5, PATH."""
    yield text
    parts = text.split(":")
    for first in range(len(parts)):
        for last in range(first + 1, len(parts) + 1):
            yield ":".join(parts[first:last])
