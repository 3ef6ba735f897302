"""The folder of a result: written as a whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from XAICLIPLib.errors import InputError, ResourceError
from XAICLIPLib.report.provenance import write_json


def write_report(place: Path, report: dict) -> None:
    """Write the report, the last file of a result, with the names of all others."""
    write_json(place / "report.json", {**report, "files": sorted(made.name for made in place.iterdir())})


def _files_of(folder: Path, listing: str) -> Iterator[Path]:
    """The files and folders of the result that a folder holds, as its report lists them."""
    try:
        names = json.loads((folder / listing).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, LookupError, TypeError):
        return
    yield from (folder / name for name in names if Path(name).name == name)


@contextmanager
def whole_folder(folder: str | Path, listing: str = "report.json") -> Iterator[Path]:
    """A temporary folder beside `folder`, whose content is moved there once the block ends without an error.

    A report among it, by the name of `listing`, makes it a new result: the files of the earlier one, which might pass
    for its own, are removed.
    """
    target = Path(folder)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise InputError(f"{target} can't be made ({error.strerror}); choose another folder") from error
    try:
        yield place
        target.mkdir(exist_ok=True)
        new = list(place.iterdir())
        earlier = _files_of(target, listing) if place / listing in new else ()
        for old in {*earlier, *(target / made.name for made in new)}:
            if old.is_dir():
                shutil.rmtree(old)
            elif old.name not in {made.name for made in new}:
                old.unlink(missing_ok=True)
        for made in new:
            os.replace(made, target / made.name)
    except OSError as error:
        raise ResourceError(
            f"{target} can't be written ({error.strerror}); free some space or choose another folder"
        ) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)
