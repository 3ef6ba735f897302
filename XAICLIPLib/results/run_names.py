"""Names that tell runs apart: structure and method, and of the rest only that in which runs of one name differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from XAICLIPLib.message import Message

BASE = ("structures", "method")
FURTHER = ("model", "fill", "slices", "time")  # are added one by one, as long as names are the same


def facts_of(report: Mapping[str, Any], time: str = "") -> dict[str, str]:
    """What a run is named by.

    Parameters
    ----------
    report : mapping
        What `report.json` holds; one that is incomplete has fewer facts.
    time : str
        When it was made, as it is shown.

    Returns
    -------
    dict of str to str
        "structures", "method", "model", "fill", "slices", "time"; empty texts for what is not known.
    """
    request = report.get("request", {})
    method = request.get("method", {})
    fill = method.get("fill", "")
    return {
        "structures": ", ".join(str(s.get("label", s.get("name", ""))) for s in report.get("structures", ())),
        "method": str(method.get("name", "")),
        "model": str(report.get("model", {}).get("name", "")),
        "fill": " and ".join(map(str, fill)) if isinstance(fill, (list, tuple)) else str(fill or ""),
        "slices": str(request.get("slices") or ""),
        "time": time,
    }


def distinct_names(runs: Sequence[Mapping[str, str]], say: Callable[[str], str] = str) -> list[str]:
    """A name for each run, as short as tells it from the others.

    Parameters
    ----------
    runs : sequence of mapping
        See `facts_of`.
    say : callable, optional
        Puts a `Message` in the reader's language.

    Returns
    -------
    list of str
        Such as "liver · occlusion" where there is no other, "liver · occlusion · blur" and "liver · occlusion · zero"
        where two differ in their fill; runs that differ in nothing are numbered.
    """
    parts = [[run.get(key, "") for key in BASE] for run in runs]
    for key in FURTHER:
        groups: dict[tuple[str, ...], list[int]] = {}
        for number, words in enumerate(parts):
            groups.setdefault(tuple(words), []).append(number)
        for members in groups.values():
            if len({runs[n].get(key, "") for n in members}) > 1:
                for n in members:
                    parts[n].append(_said(key, runs[n].get(key, ""), say))
    names = [" · ".join(word for word in words if word) for words in parts]
    counts, met = Counter(names), Counter[str]()
    told = []
    for name in names:
        met[name] += 1
        told.append(name if counts[name] == 1 or met[name] == 1 else f"{name} {met[name]}")
    return told


def _said(key: str, value: str, say: Callable[[str], str]) -> str:
    """A fact as it stands in a name."""
    return say(Message("slices {slices}", slices=value)) if key == "slices" and value else value
