"""What a run was given in memory, kept with its result: without it the run could not be repeated from its report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from XAICLIPLib.case.naming import bare
from XAICLIPLib.errors import InputError
from XAICLIPLib.report.names import IMAGES, INPUTS, input_file
from XAICLIPLib.volume import Volume, read_volume

IN_MEMORY = "in_memory"  # the part of the report that says so


def kept_inputs(
    given: Mapping[str, Any], report: Mapping[str, Any]
) -> tuple[dict[str, Volume], dict[str, dict[str, Any]]]:
    """What of the things that a run was given in memory is kept with its result.

    Parameters
    ----------
    given : mapping of str to value
        Scan, reference and region as a `Volume`, a model, and `images` in a sequence, as far as they were no paths;
        None where they were.
    report : mapping
        Of the run.

    Returns
    -------
    volumes : dict of str to Volume
    facts : dict of str to dict
        What the report is to say under "in_memory": of a volume what its file does not hold, of a model nothing,
        because it can't be stored.
    """
    given = {**given, **dict(zip(IMAGES, given.get("images") or ()))}
    there = {kind: given[kind] for kind in (*INPUTS, "model") if given.get(kind) is not None}
    volumes = {kind: there[kind] for kind in INPUTS if kind in there}
    return volumes, {kind: _facts(kind, volumes[kind], report) if kind in volumes else {} for kind in there}


def _facts(kind: str, volume: Volume, report: Mapping[str, Any]) -> dict[str, Any]:
    """What is needed to make the same volume of its file: the grid to the last digit, and what it was called."""
    return {
        "name": report["scan"]["name"] if kind == "scan" else bare(volume.name),
        "modality": volume.modality,
        "spacing_mm_xyz": list(volume.spacing),
        "origin_lps_mm": list(volume.origin),
        "direction_lps": list(volume.direction),
        # only those that the report holds: paths are taken out of it
        "notes": [note for note in volume.notes if note in report["warnings"]],
    }


def read_input(folder: Path, kind: str, facts: Mapping[str, Any]) -> Volume:
    """A volume that was given in memory, as it was.

    Parameters
    ----------
    folder : path
        Of the saved result.
    kind : str
        "scan", "reference", "region", "image-2", ….
    facts : mapping
        What the report says of it.

    Returns
    -------
    Volume

    Raises
    ------
    InputError
        If its file is not there or damaged, or the report is.
    """
    stored = read_volume(folder / input_file(kind))
    try:
        return Volume(
            stored.voxels,
            spacing=tuple(facts["spacing_mm_xyz"]),
            origin=tuple(facts["origin_lps_mm"]),
            direction=tuple(facts["direction_lps"]),
            modality=str(facts["modality"]),
            name=str(facts["name"]),
            notes=tuple(str(note) for note in facts["notes"]),
        )
    except (KeyError, TypeError) as error:
        raise InputError(f"the report does not say how its {kind} lay in space; give the {kind} itself") from error


def read_inputs(folder: Path, report: Mapping[str, Any]) -> dict[str, Volume]:
    """All volumes that a run was given in memory.

    Parameters
    ----------
    folder : path
        Of the saved result.
    report : mapping
        Of an earlier version it may say nothing of what was given in memory.

    Returns
    -------
    dict of str to Volume

    Raises
    ------
    InputError
        As `read_input`.
    """
    facts = in_memory(report)
    return {kind: read_input(folder, kind, facts[kind]) for kind in INPUTS if kind in facts}


def in_memory(report: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What a report says was given in memory.

    Parameters
    ----------
    report : mapping

    Returns
    -------
    dict of str to dict
        By "scan", "reference", "region", "image-2", … and "model"; empty where everything was a path, and for earlier
        versions.
    """
    said = report.get(IN_MEMORY)
    if not isinstance(said, dict):
        return {}
    return {kind: facts for kind, facts in said.items() if isinstance(facts, dict)}
