"""Files of a finished result moved from a scratch folder into their place: all of them, or none, even after a kill.

A journal in the scratch folder says what is to be moved. The next run in the same folder ends what one that was killed
had begun.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from XAICLIPLib.errors import InputError
from XAICLIPLib.report.lock import signals_held
from XAICLIPLib.report.owned import (
    KINDS,
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
)

_PREFIX = ".xaiclip-"
_SCRATCH = re.compile(r"\.xaiclip-[a-z0-9_]{8}")
_MARK, _JOURNAL, _OLD = ".xaiclip-scratch", ".xaiclip-journal", ".xaiclip-old"


def make_scratch(target: Path) -> Path:
    """A new scratch folder inside a folder, marked as this program's.

    Parameters
    ----------
    target : Path

    Returns
    -------
    Path

    Raises
    ------
    InputError
        If the folder can't be written to.
    """
    try:
        place = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=target))
        (place / _MARK).write_text(json.dumps({"kind": "xaiclip scratch", "pid": os.getpid()}), encoding="utf-8")
    except OSError as error:
        raise InputError(f"{target} can't be written to ({error.strerror}); choose another folder") from error
    return place


def foreign_error(target: Path, names: Sequence[str]) -> InputError:
    """What is said of files that would be replaced and that this program did not write.

    Parameters
    ----------
    target : Path
        The folder.
    names : sequence of str
        Such files in it; some are named.

    Returns
    -------
    InputError
        To be raised.
    """
    listed = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return InputError(
        f"{target} holds {listed}, which would be replaced and which this program did not write, or somebody has "
        "changed since; choose another folder, or move it away"
    )


def renew_listing(target: Path, place: Path, listing: str) -> None:
    """Write the listing of the result that is there anew, with the new pictures for the old ones.

    Parameters
    ----------
    target : Path
        The folder of the result.
    place : Path
        The scratch folder, with the new pictures.
    listing : str
        "report.json" or "export.json".

    Raises
    ------
    InputError
        If the folder holds no finished result, or one that somebody changed.
    """
    known, report = owned(target, listing), read_listing(target / listing)
    if not known or report is None:
        if not (target / listing).exists():
            raise InputError(f"{target} holds no finished result any more; run it again")
        raise foreign_error(target, [listing])
    of_numbers = [name for name in known if name != listing and not PICTURES.fullmatch(name)]
    write_listing(place, listing, report, {name: next(iter(known[name])) for name in of_numbers})


def write_journal(place: Path, journal: Mapping) -> None:
    """Write down what is to be moved, before anything is.

    Parameters
    ----------
    place : Path
        The scratch folder.
    journal : mapping
        What `journal_of` gave.
    """
    (place / _JOURNAL).write_text(json.dumps(journal), encoding="utf-8")


def journal_of(target: Path, place: Path, listing: str, pictures: bool) -> dict:
    """What is to be moved, and what goes; everything in the way is refused before anything is touched.

    Parameters
    ----------
    target : Path
    place : Path
        The scratch folder, with all new files.
    listing : str
        "report.json" or "export.json".
    pictures : bool
        Whether only older pictures go.

    Returns
    -------
    dict
        Plain data: the listing's name, the ``new`` files, the ``known`` ones with their SHA-256, those that are
        ``gone``.

    Raises
    ------
    InputError
        If a file in the way is not of this program.
    """
    new = sorted(files_in(place))
    known = {name: sorted(hashes) for name, hashes in owned(target, listing).items()}
    if strangers := foreign(target, new, known):
        raise foreign_error(target, strangers)
    gone = [name for name in known if (not pictures or PICTURES.fullmatch(name)) or name == listing]
    return {"listing": listing, "new": new, "known": known, "gone": gone}


def move_into_place(target: Path, place: Path, journal: Mapping) -> None:
    """Put the new files in the place of the old; where one can't be moved all goes back.

    The listing goes first and comes last, so that it never stands beside files of another result.

    Parameters
    ----------
    target : Path
    place : Path
        The scratch folder.
    journal : mapping
        What `journal_of` gave.

    Raises
    ------
    OSError
        If a file can't be moved; everything is then as it was.
    """
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


def recover(target: Path) -> None:
    """End what a killed run began, and remove its scratch folder. The caller holds the lock: no run is alive.

    Parameters
    ----------
    target : Path
    """
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
                    move_into_place(target, place, journal)
            except OSError:
                continue
        _remove_scratch(place)


def _is_journal(journal: Mapping) -> bool:
    new, known, gone = (journal.get(key) for key in ("new", "known", "gone"))
    return (
        isinstance(new, list)
        and isinstance(gone, list)
        and isinstance(known, dict)
        and journal.get("listing") in KINDS
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
