"""What SlicerNNUNet was last given, and what extensions on top of it, such as DentalSegmentator, bring along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from XAICLIPLib.models.installed.machine import Machine, folders_in
from XAICLIPLib.models.installed.model import InstalledModel
from XAICLIPLib.models.installed.nnunet import described, trained_folders

DENTAL = "DentalSegmentator"


def find(machine: Machine) -> Iterator[InstalledModel]:
    """The folder in SlicerNNUNet's settings, and trained models in the resources of Slicer's modules.

    Parameters
    ----------
    machine : Machine

    Yields
    ------
    InstalledModel
    """
    for text in machine.slicer_settings:
        for path in remembered(text):
            for folder in trained_folders(path):
                yield described(folder, "SlicerNNUNet")
    for module in machine.slicer_modules:
        for resources in _resources(module):
            for folder in trained_folders(resources):
                dental = DENTAL in str(folder)
                notes = ("CC BY 4.0: name its authors",) if dental else ()
                yield described(folder, DENTAL if dental else "SlicerNNUNet", notes=notes)


def remembered(settings: str) -> list[Path]:
    """The folders of models that the settings of Slicer hold for SlicerNNUNet.

    Parameters
    ----------
    settings : str
        The contents of Slicer's .ini file; the key is `SlicerNNUNet/Parameter`, its value JSON with escaped quotes.

    Returns
    -------
    list of Path
    """
    section = re.search(r"^\[SlicerNNUNet\]$(.*?)(?=^\[|\Z)", settings, re.MULTILINE | re.DOTALL)
    lines = re.findall(r"^Parameter=(.*)$", section[1], re.MULTILINE) if section else []
    found = []
    for line in lines:
        text = line.replace("\\\\", "/").replace('\\"', '"')
        found += [
            Path(path) for path in re.findall(r'"_?[mM]odel_?[pP]ath"\s*:\s*\{[^{}]*"_path"\s*:\s*"([^"]+)"', text)
        ]
        found += [Path(path) for path in re.findall(r'"_?[mM]odel_?[pP]ath"\s*:\s*"([^"]+)"', text)]
    return found


def _resources(module: Path) -> Iterator[Path]:
    """Folders named Resources/ML at a module's place, and inside an installed extension."""
    for folder in (module, *(module / "lib").glob("Slicer-*/qt-scripted-modules")):
        yield from (f for f in (folder / "Resources" / "ML",) if folders_in(f))
