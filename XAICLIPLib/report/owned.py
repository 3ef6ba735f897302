"""Which files in a folder this program has written itself: by the names that it gives, and by their SHA-256."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from XAICLIPLib.message import with_messages
from XAICLIPLib.report.names import (
    COMPARE_PAGE,
    COMPARE_PICTURE,
    COMPARE_REPORT,
    COMPARE_TABLES,
    DIFFERENCES,
    DOSSIER,
    DOSSIER_PAGE,
    INPUTS,
    MAPS,
    NUMBERS,
    PAGE,
    PANELS,
    RECORD_PATTERN,
    RECORDS,
    REPORT,
    SCAN_VOLUMES,
    STRESS_CURVES,
    STRESS_STEPS,
    STRESS_SUMMARY,
    input_file,
)
from XAICLIPLib.report.provenance import plain, write_json

PLACES = (PANELS, RECORDS, "scan", DIFFERENCES)  # folders inside a result
PICTURES = re.compile(rf"{PANELS}/slice_\d{{4,}}(_[^/\\]+)?\.png|montage(-[^/\\]+)?\.png|{re.escape(PAGE)}")
_NAMES = re.compile(
    rf"({'|'.join((*MAPS, *SCAN_VOLUMES))})(-[^/\\]+)?\.nrrd|({'|'.join(map(re.escape, map(input_file, INPUTS)))})"
    rf"|{re.escape(NUMBERS)}"
    rf"|{re.escape(REPORT)}|export\.json|scan/image_\d{{4,}}\.dcm|(saliency|montage|drop)(-[^/\\]+)?\.dcm"
    rf"|segmentation-(prediction|region)\.dcm|(numbers|report)\.dcm|{RECORD_PATTERN}|{PICTURES.pattern}"
    rf"|{'|'.join(map(re.escape, (STRESS_STEPS, STRESS_SUMMARY, STRESS_CURVES)))}"
    rf"|{'|'.join(map(re.escape, (COMPARE_PAGE, COMPARE_PICTURE, COMPARE_REPORT, DOSSIER, DOSSIER_PAGE)))}"
    rf"|({'|'.join(COMPARE_TABLES)})\.(parquet|csv)|{DIFFERENCES}/[^/\\]+\.(nrrd|npz)"
)
KINDS = {
    "report.json": ("xaiclip explanation", "xaiclip location", "xaiclip stress"),
    "export.json": ("xaiclip dicom export",),
    COMPARE_REPORT: ("xaiclip comparison",),
    DOSSIER: ("xaiclip dossier",),
}


def files_in(place: Path) -> dict[str, Path]:
    """The files of a result in a folder and its known sub-folders.

    Parameters
    ----------
    place : Path

    Returns
    -------
    dict of str to Path
        By their names relative to it, with "/".
    """
    files = {path.name: path for path in place.iterdir() if not path.is_dir() and not path.name.startswith(".")}
    for name in PLACES:
        if is_folder(place / name):
            files |= {f"{name}/{path.name}": path for path in (place / name).iterdir()}
    return files


def write_listing(place: Path, listing: str, payload: Mapping[str, Any], kept: Mapping[str, str] | None = None) -> None:
    """Write the listing of a result, its last file, with the names of all others and the SHA-256 of each.

    Parameters
    ----------
    place : Path
        Where the others are.
    listing : str
        "report.json", "export.json" or "compare.json".
    payload : mapping
        What else it says; "files", "sha256" and "seal" are added.
    kept : mapping of str to str, optional
        Files that lie elsewhere and belong to the result as well: SHA-256 by name.
    """
    hashes = {name: hash_of(path) for name, path in files_in(place).items() if name != listing}
    hashes = dict(sorted({**(kept or {}), **hashes}.items()))
    listed_too = [listing] if listing == "export.json" else []
    names = sorted({name.partition("/")[0] for name in (*hashes, *listed_too)})
    content = plain({**with_messages(payload), "files": names, "sha256": hashes})
    content.pop("seal", None)
    write_json(place / listing, {**content, "seal": _seal(content)})


def owned(folder: Path, listing: str) -> dict[str, set[str]]:
    """The files that a folder's listing proves to be of this program.

    Parameters
    ----------
    folder : Path
    listing : str
        "report.json", "export.json" or "compare.json".

    Returns
    -------
    dict of str to set of str
        SHA-256 by name; the listing is among them. Empty where there is no such listing, somebody else wrote or
        changed it, or it names what this program never writes.
    """
    path = folder / listing
    content = read_listing(path)
    if content is None or content.get("kind") not in KINDS[listing]:
        return {}
    hashes, seal = content.get("sha256"), content.pop("seal", None)
    try:
        if not isinstance(hashes, dict) or seal != _seal(content):
            return {}
        if not all(is_name(name) and isinstance(value, str) for name, value in hashes.items()):
            return {}
        return {name: {value} for name, value in hashes.items()} | {listing: {hash_of(path)}}
    except (OSError, ValueError, RecursionError):
        return {}


def read_listing(path: Path) -> dict[str, Any] | None:
    """What a listing holds.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict or None
        None where it can't be read, or is no JSON object.
    """
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return None
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def is_name(name: str) -> bool:
    """Whether this program writes files of a name.

    Parameters
    ----------
    name : str
        Relative to a result's folder, with "/".

    Returns
    -------
    bool
    """
    return _NAMES.fullmatch(name) is not None and ".." not in name.split("/")


def is_folder(path: Path) -> bool:
    """Whether a path is a folder itself, and no link to one.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
    """
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode) and not getattr(os.path, "isjunction", lambda p: False)(path)
    except OSError:
        return False


def is_owned(folder: Path, name: str, known: Mapping[str, Iterable[str]]) -> bool:
    """Whether a file is one of those that are known, unchanged, and neither a link nor behind one.

    Parameters
    ----------
    folder : Path
    name : str
        Relative to it, with "/".
    known : mapping of str to iterable of str
        SHA-256 by name, see `owned`.

    Returns
    -------
    bool
    """
    path = folder / name
    place = name.partition("/")[0] if "/" in name else None
    if name not in known or not is_name(name) or (place and not is_folder(folder / place)):
        return False
    try:
        return stat.S_ISREG(os.lstat(path).st_mode) and hash_of(path) in known[name]
    except OSError:
        return False


def foreign(folder: Path, names: Iterable[str], known: Mapping[str, Iterable[str]]) -> list[str]:
    """Those of some names that a folder has, and that this program can't prove to have written.

    Parameters
    ----------
    folder : Path
    names : iterable of str
        Relative to it, with "/".
    known : mapping of str to iterable of str
        SHA-256 by name, see `owned`.

    Returns
    -------
    list of str
    """
    unproven = []
    for name in names:
        place = name.partition("/")[0] if "/" in name else None
        if place and os.path.lexists(folder / place) and not is_folder(folder / place):
            unproven.append(place)
        elif os.path.lexists(folder / name) and not is_owned(folder, name, known):
            unproven.append(name)
    return list(dict.fromkeys(unproven))


def hash_of(path: Path) -> str:
    """SHA-256 of a file's content.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _seal(content: Mapping[str, Any]) -> str:
    """SHA-256 of a listing's content, however it is laid out."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
