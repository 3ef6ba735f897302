"""The folder of a result: written as a whole or not at all, and nothing in it is touched that is not of this program.

New files are made in a scratch folder inside the target, so that a mount point and a folder in a read-only parent will
do. A journal in it says what is to be moved: after a kill in the middle the next run ends what this one began.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from XAICLIPLib.errors import InputError, ResourceError
from XAICLIPLib.report.lock import locked, signals_held
from XAICLIPLib.report.owned import (
    PICTURES,
    PLACES,
    files_in,
    foreign,
    is_folder,
    is_name,
    is_owned,
    owned,
    read_listing,
    write_listing,
)  # fmt: skip

_PREFIX = ".xaiclip-"
_SCRATCH = re.compile(r"\.xaiclip-[a-z0-9_]{8}")
_MARK, _JOURNAL, _OLD = ".xaiclip-scratch", ".xaiclip-journal", ".xaiclip-old"
_LONGEST = "panels/slice_0000_" + "x" * 60 + ".png"


def write_report(place: Path, report: Mapping) -> None:
    """Write the report, the last file of a result, with the names of all others and their SHA-256."""
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

    Raises
    ------
    InputError
        If the folder can't be made or written to, another run is writing to it, it holds files that would be replaced
        and were not written by this program, or an input would be written over.
    """
    target = Path(folder)
    with _made(target), locked(target):
        _recover(target)
        known = owned(target, listing)
        wanted = [*names, *(name for name in _pictures(target) if "panels/" in "".join(names))]
        _refuse_foreign(target, foreign(target, wanted, known))
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

    Raises
    ------
    InputError
        If the folder can't be written to, or holds files of these names that this program did not write.
    ResourceError
        If the disk is full.
    """
    target = Path(folder)
    with _made(target), locked(target):
        _recover(target)
        place = _scratch(target)
        try:
            yield place
            if pictures:
                _take_over(target, place, listing)
            journal = _journal(target, place, listing, pictures)
            (place / _JOURNAL).write_text(json.dumps(journal), encoding="utf-8")
            with signals_held():
                _move(target, place, journal)
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


def _scratch(target: Path) -> Path:
    try:
        place = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=target))
        (place / _MARK).write_text(json.dumps({"kind": "xaiclip scratch", "pid": os.getpid()}), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{target} can't be written to ({error.strerror}); choose another folder") from error
    return place


def _try(target: Path) -> None:
    """Write what a result needs most of, the longest name, and remove it."""
    place = _scratch(target)
    try:
        (place / "panels").mkdir()
        (place / _LONGEST).write_bytes(b"tried")
    except OSError as error:
        raise InputError(f"{_short(target)} can't hold a result ({error.strerror}); choose another folder") from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _pictures(target: Path) -> list[str]:
    """The panels in a folder by this program's names, whoever made them."""
    place = target / "panels"
    if not is_folder(place):
        return ["panels/slice_0000.png"] if os.path.lexists(place) else []
    return [name for path in place.iterdir() if PICTURES.fullmatch(name := f"panels/{path.name}")]


def _refuse_foreign(target: Path, names: list[str]) -> None:
    if names:
        listed = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        raise InputError(
            f"{target} holds {listed}, which would be replaced and which this program did not write, or somebody has "
            "changed since; choose another folder, or move it away"
        )


def _refuse_inputs(target: Path, names: set[str], inputs: Iterable[str | Path]) -> None:
    """Refuse to write over what the run reads."""
    for given in inputs:
        for path in _paths(str(given)):
            for name in names:
                with suppress(OSError, ValueError):
                    if os.path.samefile(path, target / name):
                        raise InputError(
                            f"{name} in {target} is an input of this run and would be written over; choose another "
                            "folder"
                        )


def _paths(text: str) -> Iterator[str]:
    """The paths that a specification may hold: FAMILY:PATH, PATH:liver=5, PATH."""
    yield text
    parts = text.split(":")
    for first in range(len(parts)):
        for last in range(first + 1, len(parts) + 1):
            yield ":".join(parts[first:last])


def _take_over(target: Path, place: Path, listing: str) -> None:
    """Write the listing of the result that is there anew, with the new pictures for the old ones."""
    known, report = owned(target, listing), read_listing(target / listing)
    if not known or report is None:
        if not (target / listing).exists():
            raise InputError(f"{target} holds no finished result any more; run it again")
        _refuse_foreign(target, [listing])
    of_numbers = [name for name in known if name != listing and not PICTURES.fullmatch(name)]
    write_listing(place, listing, report, {name: next(iter(known[name])) for name in of_numbers})


def _journal(target: Path, place: Path, listing: str, pictures: bool) -> dict:
    """What is to be moved, and what goes; everything in the way is refused before anything is touched."""
    new = sorted(files_in(place))
    known = {name: sorted(hashes) for name, hashes in owned(target, listing).items()}
    _refuse_foreign(target, foreign(target, new, known))
    gone = [name for name in known if (not pictures or PICTURES.fullmatch(name)) or name == listing]
    return {"listing": listing, "new": new, "known": known, "gone": gone}


def _move(target: Path, place: Path, journal: Mapping) -> None:
    """Put the new files in the place of the old; where one can't be moved all goes back. The listing goes first and
    comes last, so that it never stands beside files of another result."""
    listing, old = journal["listing"], place / _OLD
    moved: list[tuple[Path, Path]] = []

    def move(source: Path, goal: Path) -> None:
        goal.parent.mkdir(exist_ok=True)
        os.replace(source, goal)
        moved.append((source, goal))

    known = journal["known"]
    leaving = [name for name in dict.fromkeys([listing, *journal["gone"], *journal["new"]]) if name in known]
    try:
        old.mkdir(exist_ok=True)
        for number, name in enumerate(leaving):
            if (place / name).exists() or name not in journal["new"]:  # else it is the new one already
                if is_owned(target, name, known):
                    move(target / name, old / str(number))
        for place_name in PLACES:
            with suppress(OSError):
                if is_folder(target / place_name):
                    (target / place_name).rmdir()  # fails where somebody has put something there
        coming = sorted((name for name in journal["new"] if name != listing), key=lambda name: "/" in name)
        for name in [*coming, listing]:
            if (place / name).exists():
                if os.path.lexists(target / name):
                    raise FileExistsError(17, f"{name} has appeared meanwhile")
                move(place / name, target / name)
    except OSError:
        for source, goal in reversed(moved):
            with suppress(OSError):
                source.parent.mkdir(exist_ok=True)
                os.replace(goal, source)
        for place_name in PLACES:
            with suppress(OSError):
                (target / place_name).rmdir()
        raise


def _recover(target: Path) -> None:
    """End what a killed run began, and remove its scratch folder. The caller holds the lock: no run is alive."""
    for place in sorted(target.iterdir()):
        if not (_SCRATCH.fullmatch(place.name) and is_folder(place)):
            continue
        mark = read_listing(place / _MARK)
        if mark is None or mark.get("kind") != "xaiclip scratch":
            with suppress(OSError):
                place.rmdir()  # killed before it was marked; anything else is not known to be of this program
            continue
        journal = read_listing(place / _JOURNAL)
        if journal is not None and _is_journal(journal):
            try:
                with signals_held():
                    _move(target, place, journal)
            except OSError:
                continue
        _remove_scratch(place)


def _is_journal(journal: Mapping) -> bool:
    new, known, gone = (journal.get(key) for key in ("new", "known", "gone"))
    return (
        isinstance(new, list)
        and isinstance(gone, list)
        and isinstance(known, dict)
        and journal.get("listing") in ("report.json", "export.json")
        and all(isinstance(name, str) and is_name(name) for name in (*new, *gone, *known))
        and all(isinstance(hashes, list) for hashes in known.values())
    )


def _remove_scratch(place: Path) -> None:
    """Remove the scratch folder of a dead run; one with files of other names than this program's stays."""
    folders = [place, *(place / name for name in (*PLACES, _OLD) if is_folder(place / name))]
    files = []
    for folder in folders:
        for path in folder.iterdir():
            name = path.name if folder == place else f"{folder.name}/{path.name}"
            if path in folders:
                continue
            known = is_name(name) or path.name in (_MARK, _JOURNAL) or (folder.name == _OLD and path.name.isdigit())
            if not known or path.is_dir():
                return
            files.append(path)
    with ExitStack() as stack:
        stack.enter_context(suppress(OSError))
        for path in sorted(files, key=lambda path: path.name == _MARK):  # the mark last: it says whose the rest is
            path.unlink()
        for folder in reversed(folders):
            folder.rmdir()
