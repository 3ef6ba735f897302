"""Single files: written aside and put in their place once they are whole; never over what was there unasked."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from XAICLIPLib.errors import InputError, ResourceError


def refuse_existing(*paths: Path, force: str = "--force") -> None:
    """Refuse, before anything is computed, to write over a file or folder.

    Parameters
    ----------
    *paths : Path
        Files that will be written.
    force : str
        The option that allows it; empty where none does.

    Raises
    ------
    InputError
        If one of them is there.
    """
    for path in paths:
        if os.path.lexists(path):
            what = "a folder" if path.is_dir() else "there already"
            way = "choose another name" + ("" if path.is_dir() or not force else f", or replace it with {force}")
            raise InputError(f"{path} is {what}; {way}")


@contextmanager
def atomic_write(path: str | Path) -> Iterator[Path]:
    """A place beside `path` that is moved there once the block ends without an error; a link is replaced, not followed.

    Parameters
    ----------
    path : str or Path
        The file that is to be written; its folder is made where needed.

    Yields
    ------
    Path
        Where to write, in a hidden folder beside it that is gone afterwards.

    Raises
    ------
    InputError
        If the folder can't be made or written to, or the path is a folder.
    ResourceError
        If the disk is full.
    """
    path = Path(path)
    try:
        if path.is_dir() and not path.is_symlink():
            raise InputError(f"{path} is a folder; give the name of a file")
        path.parent.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix=".xaiclip-", dir=path.parent))
    except InputError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path} can't be written ({reason}); choose another place") from error
    try:
        yield place / path.name
        os.replace(place / path.name, path)
    except OSError as error:
        raise ResourceError(
            f"{path} can't be written ({error.strerror or error}); free some space or choose another place"
        ) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def free_name(path: Path, folder: bool = False) -> Path:
    """The path, or the first of it with -2, -3, … that is not there yet.

    Parameters
    ----------
    path : Path
        What it would be called.
    folder : bool
        Whether it is to be a folder: one that is there and empty will do then.

    Returns
    -------
    Path
    """
    stem, ending = (path.name, "") if folder else (path.stem, path.suffix)
    number, free = 1, path
    while os.path.lexists(free) and not (folder and free.is_dir() and not any(free.iterdir())):
        number += 1
        free = path.with_name(f"{stem}-{number}{ending}")
    return free
