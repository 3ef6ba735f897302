"""VoxTell's models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from XAICLIPLib.models.installed.machine import Machine, folders_in, size_of
from XAICLIPLib.models.installed.model import InstalledModel

PROGRAM = "VoxTell"


def find(machine: Machine) -> Iterator[InstalledModel]:
    """What `VOXTELL_MODEL` names, and the releases in Slicer's application data and the hub's cache.

    Parameters
    ----------
    machine : Machine

    Yields
    ------
    InstalledModel
    """
    for folder in _folders(machine):
        missing = [n for n in ("plans.json", "fold_0/checkpoint_final.pth") if not (folder / n).is_file()]
        refused = f"it lacks {' and '.join(missing)}: download it again" if missing else ""
        yield InstalledModel(PROGRAM, folder.name, folder, f"voxtell:{folder}", (), size_of(folder), refused)


def _folders(machine: Machine) -> Iterator[Path]:
    given = machine.variable("VOXTELL_MODEL")
    if given and given.is_dir():
        yield given
    roots = [data / "voxtell" for data in machine.application_data]
    roots += folders_in(machine.hugging_face / "models--mrokuss--VoxTell" / "snapshots")
    for root in roots:
        yield from (folder for folder in folders_in(root) if folder.name.startswith("voxtell_"))
