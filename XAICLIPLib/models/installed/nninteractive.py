"""nnInteractive's models: nnU-Nets whose further input channels are clicks, scribbles and boxes."""

from __future__ import annotations

from collections.abc import Iterator

from XAICLIPLib.models.installed.machine import Machine, folders_in, size_of
from XAICLIPLib.models.installed.model import InstalledModel
from XAICLIPLib.models.installed.nnunet import is_trained

LICENCE = "CC BY-NC-SA 4.0: no commercial use"


def find(machine: Machine) -> Iterator[InstalledModel]:
    """What lies in `NNINTERACTIVE_MODEL_DIR`, or in ~/.nninteractive/models.

    Parameters
    ----------
    machine : Machine

    Yields
    ------
    InstalledModel
    """
    root = machine.variable("NNINTERACTIVE_MODEL_DIR") or machine.home / ".nninteractive" / "models"
    for folder in [root, *folders_in(root)]:
        if is_trained(folder):
            spec = f"nninteractive:{folder}"
            yield InstalledModel("nnInteractive", folder.name, folder, spec, (), size_of(folder), notes=(LICENCE,))
