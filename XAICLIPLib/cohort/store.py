"""What is finished, on the disk: a folder for each case, which is whole or not there, whatever happens under way."""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from XAICLIPLib.cohort.identity import FORMAT
from XAICLIPLib.cohort.wholefile import whole_file
from XAICLIPLib.errors import InputError
from XAICLIPLib.report.provenance import plain, write_json

CASES, HEAD, ROWS, SETTINGS = "cases", "case.json", "rows.json", "cohort.json"
KIND = "xaiclip cohort"
KEEP = ("numbers", "maps", "all")  # each keeps what those before it keep
EXPLAINED, REFUSED, FAILED = "explained", "can't be explained", "failed"
_PART, _OLD = ".part-", ".old-"


@dataclass(frozen=True)
class Finished:
    """What is known of a case that is finished, beside its rows.

    Attributes
    ----------
    id : str
    asked, content, stat : str
        By which it is known again, see `identity`.
    keep : str
        Of `KEEP`: what of it is on the disk.
    status : str
        `EXPLAINED`, or `REFUSED` where it can't be, however often one tries.
    reason : str
        Why it can't be.
    scan : mapping of str to number or text
        Modality, edges of a voxel, slices.
    warnings : tuple of str
        What a reader of its map must know.
    program : str
        See `identity.program_key`; empty where an earlier version kept it.
    """

    id: str
    asked: str
    content: str
    stat: str | None
    keep: str
    status: str
    reason: str = ""
    scan: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    program: str = ""


def folder_of(out: Path, name: str) -> Path:
    """The folder of a case.

    Parameters
    ----------
    out : Path
        Of the cohort.
    name : str
        What the case is called; what no file system takes is left out, and told apart by a few digits.

    Returns
    -------
    Path
    """
    plain_name = re.sub(r"[^A-Za-z0-9._-]+", "_", name)[:80].strip("._ ")
    devices = re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", plain_name)
    if plain_name != name or devices:
        plain_name = f"{plain_name or 'case'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return out / CASES / plain_name


def thumbnail_file(structure: str) -> str:
    """The file of a structure's small picture.

    Parameters
    ----------
    structure : str
        Its name.

    Returns
    -------
    str
    """
    return f"thumbnail-{structure}.jpg"


def finished_in(folder: Path) -> Finished | None:
    """What is known of a case, from its folder.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    Finished or None
        None where there is none, or it is not one of this program's.
    """
    try:
        said = json.loads((folder / HEAD).read_text(encoding="utf-8"))
        if said.pop("kind") != KIND or said.pop("format") != FORMAT:
            return None
        return Finished(**{**said, "warnings": tuple(said["warnings"])})
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def finished_below(out: Path) -> Iterator[tuple[Path, Finished]]:
    """Every finished case of a cohort.

    Parameters
    ----------
    out : Path

    Yields
    ------
    folder : Path
    finished : Finished
    """
    with suppress(FileNotFoundError), os.scandir(out / CASES) as places:
        for place in places:
            if not place.name.startswith(".") and (head := finished_in(Path(place.path))):
                yield Path(place.path), head


@contextmanager
def whole_case(out: Path, name: str) -> Iterator[Path]:
    """A scratch folder that becomes the folder of a case once the block ends without an error.

    Parameters
    ----------
    out : Path
        Of the cohort.
    name : str
        What the case is called.

    Yields
    ------
    Path
        To be written to; what is known of the case last, with `write_head`.

    Raises
    ------
    InputError
        If the folder of the case is there and not this program's.
    OSError
        If the disk is full, or can't be written to.
    """
    target = folder_of(out, name)
    if os.path.lexists(target) and finished_in(target) is None:
        raise InputError(f"{CASES}/{target.name} is not of this program; move it away, or choose another --out")
    part = out / CASES / f"{_PART}{uuid.uuid4().hex}"
    part.mkdir(parents=True)
    try:
        yield part
        _to_disk(part)
        old = out / CASES / f"{_OLD}{uuid.uuid4().hex}"
        if target.exists():
            os.rename(target, old)
        os.rename(part, target)
        _to_disk(target.parent, deep=False)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_head(folder: Path, finished: Finished) -> None:
    """Write what is known of a case, in one step.

    Parameters
    ----------
    folder : Path
    finished : Finished
    """
    text = json.dumps({"kind": KIND, "format": FORMAT, **plain(asdict(finished))}, ensure_ascii=False, indent=1)
    with whole_file(folder / HEAD) as scratch:
        scratch.write_bytes(text.encode("utf-8"))


def renew_stat(folder: Path, finished: Finished, stat: str | None) -> None:
    """Keep the times of files whose content turned out to be the same.

    Parameters
    ----------
    folder : Path
    finished : Finished
    stat : str, optional
    """
    with suppress(OSError):  # without it they are read again next time, no more
        write_head(folder, replace(finished, stat=stat))


def write_rows(
    folder: Path, slices: Sequence[Mapping], structures: Sequence[Mapping], between: Sequence[Mapping] = ()
) -> None:
    """Write the rows of a case.

    Parameters
    ----------
    folder : Path
    slices, structures, between : sequence of mapping
        By column.
    """
    tables = {"slices": slices, "structures": structures, "between": between}
    kept = {name: [_kept(row) for row in rows] for name, rows in tables.items()}
    (folder / ROWS).write_bytes(json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))


def rows_in(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of a finished case.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    dict of str to list of dict
        Under "slices", "structures" and "between", by column.

    Raises
    ------
    InputError
        If they can't be read.
    """
    try:
        said = json.loads((folder / ROWS).read_text(encoding="utf-8"))
        return {name: [_read(row) for row in said[name]] for name in ("slices", "structures", "between")}
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise InputError(
            f"the case in {CASES}/{folder.name} is damaged; delete that folder and run the same command again"
        ) from error


def make_folder(out: Path) -> None:
    """Make the folder of a cohort where it is not there.

    Parameters
    ----------
    out : Path

    Raises
    ------
    InputError
        If it can't be made or written to.
    """
    try:
        (out / CASES).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(out, error) from error


def begin(out: Path, settings: Mapping[str, Any]) -> None:
    """Take a folder for a cohort, and remove what a run that was ended has left half-written.

    Parameters
    ----------
    out : Path
        That no other run writes to now: what is half-written may be that run's.
    settings : mapping
        Of the cohort, for readers; kept as cohort.json.

    Raises
    ------
    InputError
        If it can't be made or written to.
    """
    make_folder(out)
    try:
        for place in (out / CASES).iterdir():
            if place.name.startswith((_PART, _OLD)):
                shutil.rmtree(place, ignore_errors=True)
    except OSError as error:
        raise _unusable(out, error) from error
    write_json(out / SETTINGS, {"kind": KIND, **settings})


def _unusable(out: Path, error: OSError) -> InputError:
    return InputError(f"{out} can't be used ({error.strerror or error}); choose another folder with --out")


def refuse_foreign(out: Path, names: Sequence[str]) -> None:
    """Refuse a folder with files of the names that will be written, in which no cohort was begun.

    Parameters
    ----------
    out : Path
    names : sequence of str

    Raises
    ------
    InputError
    """
    there = [name for name in (*names, SETTINGS, CASES) if os.path.lexists(out / name)]
    links = [name for name in there if (out / name).is_symlink()]
    try:
        ours = json.loads((out / SETTINGS).read_text(encoding="utf-8")).get("kind") == KIND
    except (OSError, ValueError, AttributeError, RecursionError):
        ours = False
    if links or (there and not ours):
        raise InputError(
            f"{out} holds {', '.join(links or there)}, which no cohort is known to have written; choose another "
            "folder with --out"
        )


def _kept(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON can hold it: what there is no value of is null, infinity a word."""
    infinite = {name: str(v) for name, v in row.items() if isinstance(v, float) and math.isinf(v)}
    return {**plain(dict(row)), **infinite}


def _read(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: float(v) if v in ("inf", "-inf") else v for name, v in row.items()}


def _to_disk(folder: Path, deep: bool = True) -> None:
    """Have the system write a folder to the disk, so that a power cut leaves no whole folder of empty files."""
    if os.name == "nt":
        return
    places = [folder, *(folder.rglob("*") if deep else ())]
    for place in places:
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
