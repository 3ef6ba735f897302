"""Bundles of the MONAI Model Zoo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from XAICLIPLib.models.installed.machine import Machine, folders_in, size_of
from XAICLIPLib.models.installed.model import InstalledModel
from XAICLIPLib.models.installed.nnunet import read_json
from XAICLIPLib.weights.licence import NO_COMMERCE, licence_in


def find(machine: Machine) -> Iterator[InstalledModel]:
    """The bundles where `monai.bundle.download` puts them.

    Parameters
    ----------
    machine : Machine

    Yields
    ------
    InstalledModel
    """
    for root in (machine.variable("MONAI_BUNDLE_DIR"), machine.torch_hub / "hub" / "bundle"):
        for folder in folders_in(root) if root else ():
            if is_bundle(folder):
                yield described(folder, "MONAI bundle")


def is_bundle(folder: Path) -> bool:
    """Whether a folder is a bundle.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    bool
    """
    return (folder / "configs" / "metadata.json").is_file()


def described(folder: Path, program: str) -> InstalledModel:
    """A bundle as it is listed.

    Parameters
    ----------
    folder : Path
    program : str

    Returns
    -------
    InstalledModel
        Its structures are the channels that metadata.json names.
    """
    shape = read_json(folder / "configs" / "metadata.json").get("network_data_format")
    outputs = shape.get("outputs") if isinstance(shape, dict) else None
    entry = next(iter(outputs.values()), None) if isinstance(outputs, dict) else None
    channels = entry.get("channel_def", entry.get("label_def")) if isinstance(entry, dict) else None
    names = [str(name) for name in channels.values()] if isinstance(channels, dict) else []
    structures = tuple(name for name in names if name.lower() != "background")
    licence = licence_in(folder)
    notes = (licence,) if licence and licence.endswith(NO_COMMERCE) else ()
    return InstalledModel(program, folder.name, folder, f"monai:{folder}", structures, size_of(folder), notes=notes)
