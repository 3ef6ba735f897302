"""What a run can be asked, as a list of sentences; and what a finding is about, as a question."""

from slicer.i18n import tr as _

from XAICLIPSlicer.scene.names import spelled

MOST_ISLANDS = 9
RADIUS_MM = 5.0


def listed(can: dict) -> list[tuple[str, dict]]:
    """The questions that a run can be asked, beside those about places.

    Parameters
    ----------
    can : dict
        The worker's answer to `askable`; empty for a run that can't be asked.

    Returns
    -------
    list of tuple of str and dict
        What is asked, and the question with fields of `XAICLIPLib.pipeline.ask.Question`; an empty one is the matrix
        of structures.
    """
    found: list[tuple[str, dict]] = []
    texts = {
        "drawn": _("{structure}: what does all that is drawn depend on?"),
        "boundary": _("{structure}: what does its boundary depend on?"),
        "missing": _("{structure}: what holds the missing part back?"),
        "extra": _("{structure}: why is a part drawn outside the reference?"),
    }
    for name in can.get("structures", ()):
        label = spelled(name)
        for part, text in texts.items():
            if part in can["parts"]:
                found.append((text.format(structure=label), {"structure": name, "part_of": part}))
        for number in range(2, min(can["islands"].get(name, 0), MOST_ISLANDS) + 1):
            text = _("{structure}: why is island {number} drawn?").format(structure=label, number=number)
            found.append((text, {"structure": name, "island": number}))
    if can.get("between"):
        found.append((_("Between organs: which one needs which?"), {}))
    return found


def questionOf(finding: dict) -> tuple[dict, bool]:
    """What a click on a finding asks.

    Parameters
    ----------
    finding : dict
        See `XAICLIPLib.results.matters.Finding.to_json`.

    Returns
    -------
    dict
        A question; empty for a slice, of which the run's own map tells all.
    bool
        Whether it is about one slice alone.
    """
    kind, structure = finding["kind"], finding["structure"]
    radius = max(RADIUS_MM, (finding.get("size_mm") or 0.0) / 4)
    place = {"at": list(finding["at"]), "radius_mm": radius, "structure": structure}
    if kind == "hot spot":
        return {**place, "reach": True, "part": "total"}, True
    if kind == "island":
        return {"island": finding["number"], "structure": structure}, False
    return ({}, False) if kind == "slice" else (place, True)
