"""The report of a saved explanation, read back and held against what it must be."""

from __future__ import annotations

import json
from pathlib import Path

from XAICLIPLib.errors import InputError
from XAICLIPLib.message import Message, restored
from XAICLIPLib.report.names import REPORT
from XAICLIPLib.report.owned import KINDS

_WORDS: dict[type, str] = {dict: "an object", list: "a list"}


def load_report(folder: Path, name: str = REPORT) -> dict:
    """Read the report of an explanation, and hold its parts against what they must be.

    Parameters
    ----------
    folder : path
        Of a finished run.
    name : str
        Of the report's file.

    Returns
    -------
    dict

    Raises
    ------
    InputError
        If there is none, or it is damaged or of another program.
    """
    try:
        report = json.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or f"{name} is no JSON that can be read"
        raise InputError(
            Message(
                "{folder} holds no explanation ({reason}); give the folder of a finished run",
                folder=str(folder),
                reason=reason,
            )
        ) from error
    kind = report.get("kind") if isinstance(report, dict) else None
    if kind not in KINDS["report.json"][:1]:
        held = f"a {kind}" if kind in KINDS["report.json"] else "the report of another program"
        raise InputError(f"{folder} holds {held}, not an explanation; give the folder that `xaiclip explain` wrote")
    wrong = _damage(report)
    if wrong:
        raise InputError(Message(
            "{file} in {folder} is damaged ({reason}); run it again, or get the folder again",
            file=name, folder=str(folder), reason=wrong,
        ))  # fmt: skip
    return restored(report)


def _damage(report: dict) -> str:
    """What of a report is not as it is written; empty where nothing is."""
    parts: dict[str, type] = {
        "request": dict,
        "scan": dict,
        "model": dict,
        "slices": dict,
        "environment": dict,
        "seconds": dict,
    }
    parts |= {"structures": list, "summary": list, "warnings": list, "files": list}
    for name, kind in parts.items():
        if not isinstance(report.get(name), kind):
            return f"{name} is not there" if name not in report else f"{name} is not {_WORDS[kind]}"
    entries = report["structures"]
    valid = all(isinstance(e, dict) and all(isinstance(e.get(key), str) for key in ("name", "label")) for e in entries)
    if not entries or not valid or any(set("/\\\0") & set(e["name"]) for e in entries):
        return "the structures have no names"
    if not all(_is_colour(entry.get("colour")) for entry in entries):
        return "the structures have no colours"
    if not all(isinstance(name, str) for name in report["files"]):
        return "the files have no names"
    if not all(isinstance(warning, str) for warning in report["warnings"]):
        return "the warnings are no texts"
    if not all(isinstance(row, dict) and isinstance(row.get("structure"), str) for row in report["summary"]):
        return "the summary has no rows"
    method, explained = report["request"].get("method"), report["slices"].get("explained")
    if not isinstance(method, dict) or not isinstance(method.get("name"), str):
        return "the request has no method"
    region = report["request"].get("region")
    source = region.get("source") if isinstance(region, dict) else region  # a text alone in version 1
    if not all(isinstance(text, str) for text in (report["request"].get("score"), source)):
        return "the request has no score or region"
    if not isinstance(explained, list) or not all(type(z) is int and z >= 0 for z in explained):
        return "the slices are no numbers"
    if not isinstance(report["model"].get("name"), str) or not isinstance(report["scan"].get("name"), str):
        return "the model or the scan has no name"
    if not isinstance(report["environment"].get("xaiclip"), str):
        return "the version of the program is not there"
    return ""


def _is_colour(value) -> bool:
    return isinstance(value, list) and len(value) == 3 and all(type(v) is int and 0 <= v <= 255 for v in value)
