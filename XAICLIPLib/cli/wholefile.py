"""A single file, written aside and put in its place once it is whole."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from XAICLIPLib.errors import InputError, ResourceError


def refuse_existing(*paths: Path, force: str = "--force") -> None:
    """Refuse, before anything is computed, to write over a file, or to a place that can't be written to.

    Raises
    ------
    InputError
    """
    for path in paths:
        if os.path.lexists(path):
            what = "a folder" if path.is_dir() else "there already"
            way = "choose another name" + ("" if path.is_dir() or not force else f", or replace it with {force}")
            raise InputError(f"{path} is {what}; {way}")


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """A place beside `path` that is moved there once the block ends without an error; a link is replaced, not followed.

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
    """The path, or the first of it with -2, -3, … that is not there yet, or is an empty folder where one is wanted."""
    stem, ending = (path.name, "") if folder else (path.stem, path.suffix)
    number, found = 1, path
    while os.path.lexists(found) and not (folder and found.is_dir() and not any(found.iterdir())):
        number += 1
        found = path.with_name(f"{stem}-{number}{ending}")
    return found
