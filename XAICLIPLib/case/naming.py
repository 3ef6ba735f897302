"""What a report says of the files that were given: their names, and not the folders they lie in, which may be named
after a patient or a user."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from XAICLIPLib.message import Message, Term
from XAICLIPLib.volume.dicom_series import SERIES

if TYPE_CHECKING:
    from XAICLIPLib.case.request import Request


def scan_label(request: Request, name: str) -> str:
    """What a scan is called in everything that is written: what the user gave, or the name of its file.

    Parameters
    ----------
    request : Request
        Its label, where it has one, is the answer; a folder's name may be the patient's, and is none.
    name : str
        Of the scan: its path, or what a volume is called.

    Returns
    -------
    str
    """
    if request.label:
        return request.label
    with suppress(OSError, ValueError):
        if Path(request.scan).is_dir():
            return SERIES
    return bare(name)


def bare(name: str) -> str:
    """A name without the folders before it, of this system or another.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
    """
    return re.split(r"[/\\]", name.rstrip("/\\"))[-1] or name


def without_paths(report: Mapping[str, Any], request: Request) -> dict[str, Any]:
    """A report with the names of the files that were given in the place of their paths, and the scan's as its label.

    Parameters
    ----------
    report : mapping
        Plain data, with the scan's name.
    request : Request
        With `keep_paths` only the label is put in.

    Returns
    -------
    dict of str to value
        A copy.
    """
    label = scan_label(request, report["scan"]["name"])
    named = {**report, "scan": {**report["scan"], "name": label}}
    if request.keep_paths:
        return named
    scan_name = label if label in (request.label, SERIES) else bare(request.scan)
    renamed = _replacer(request, scan_name)
    clean = {key: _each(value, renamed) for key, value in named.items()}
    clean["request"] = {**clean["request"], "scan": scan_name}
    clean["scan"]["name"] = label
    return clean


def _replacer(request: Request, scan_name: str) -> Callable[[str], str]:
    """What puts names in the place of paths in a text."""
    names: dict[str, str] = {}
    given = {
        "scan": request.scan,
        "reference": request.reference,
        "region": request.region.source,
        "model": request.model,
        "learned prompts": request.vlm.learned_prompts,
        "vlm": request.vlm.model,
        "players": request.influence.players,
    }
    for number, path in enumerate(request.images.paths, start=2):
        given[f"image {number}"] = path
    for field, text in given.items():
        for path in _parts(text or ""):
            name = scan_name if field == "scan" else _name_of(field, path)
            if field.startswith("image ") and request.label:
                name = f"{request.label}, {field}"
            for form in {path, os.path.abspath(path), os.path.realpath(path), os.path.expanduser(path)}:
                if re.search(r"[/\\]", form):
                    names[form] = name
            if not re.search(r"[/\\]", path) and name != path and len(path) > 2:
                names[path] = name
    home = os.path.expanduser("~")
    ordered = sorted(names, key=len, reverse=True)
    patterns = [re.compile(rf"(?<![\w.\-/\\]){re.escape(form)}(?![\w\-])") for form in ordered]

    def renamed(text: str) -> str:
        for pattern, form in zip(patterns, ordered):
            text = pattern.sub(names[form].replace("\\", r"\\"), text)
        return text.replace(home + os.sep, "~" + os.sep) if len(home) > 2 else text

    return renamed


def _name_of(field: str, path: str) -> str:
    """What a given file is called; a folder of labels may be named after the patient, as that of a scan."""
    with suppress(OSError, ValueError):
        if field.startswith(("reference", "region", "players", "image ")) and Path(path).is_dir():
            return SERIES
    return bare(path)


def _parts(text: str) -> list[str]:
    """A path, or those in a specification such as FAMILY:PATH or PATH:liver=5."""
    pieces = text.split(":")
    paths = {text} if len(pieces) == 1 or os.path.exists(text) else set()
    for first in range(len(pieces)):
        for last in range(first + 1, len(pieces) + 1):
            part = ":".join(pieces[first:last])
            with suppress(OSError, ValueError):
                if part and os.path.exists(part):
                    paths.add(part)
            if re.match(r"[/\\~.]", part) and ":" not in part:
                paths.add(part)
    return sorted(paths - {"", ".", "/"})


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """Plain data with every text in it changed."""
    if isinstance(value, Message):
        return value.changed(change)
    if isinstance(value, str):
        return value if isinstance(value, Term) else change(value)
    if isinstance(value, Mapping):
        return {key: _each(item, change) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_each(item, change) for item in value)
    return value
