"""The models that MONAIAuto3DSeg, the Slicer extension, has downloaded."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from XAICLIPLib.models.installed.machine import Machine, files_below, folders_in, size_of
from XAICLIPLib.models.installed.model import InstalledModel
from XAICLIPLib.weights.licence import NO_COMMERCE, licence_in

PROGRAM = "MONAIAuto3DSeg"


def find(machine: Machine) -> Iterator[InstalledModel]:
    """What lies in ~/.MONAIAuto3DSeg/models.

    Parameters
    ----------
    machine : Machine

    Yields
    ------
    InstalledModel
    """
    for folder in folders_in(machine.home / ".MONAIAuto3DSeg" / "models"):
        weights = next((f for f in files_below(folder, 3) if f.name == "model.pt"), None)
        if weights is None:
            refused = "it holds no model.pt: download it again in MONAIAuto3DSeg"
            yield InstalledModel(PROGRAM, folder.name, folder, refused=refused, bytes=size_of(folder))
            continue
        if not weights.with_name("labels.csv").is_file():
            refused = "it holds no labels.csv beside its model.pt: download it again in MONAIAuto3DSeg"
            yield InstalledModel(PROGRAM, folder.name, folder, refused=refused, bytes=size_of(folder))
            continue
        structures = label_names(weights.with_name("labels.csv"))
        licence = licence_in(folder, weights.parent)
        notes = (licence,) if licence and licence.endswith(NO_COMMERCE) else ()
        yield InstalledModel(
            PROGRAM, folder.name, folder, f"auto3dseg:{weights.parent}", structures, size_of(folder), notes=notes
        )  # fmt: skip


def label_names(table: Path) -> tuple[str, ...]:
    """The structures of a labels.csv.

    Parameters
    ----------
    table : Path
        Its columns are label value and name, in either order of words.

    Returns
    -------
    tuple of str
        Without the background; empty where it can't be read.
    """
    try:
        with table.open(encoding="utf-8", errors="replace", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, csv.Error):
        return ()
    column = next((c for c in (rows[0] if rows else ()) if c and "name" in c.lower()), None)
    names = [str(row[column] or "").strip() for row in rows] if column else []
    return tuple(name for name in names if name and name.lower() != "background")
