"""HD-BET's parameters."""

from __future__ import annotations

from collections.abc import Iterator

from XAICLIPLib.models.installed.machine import Machine
from XAICLIPLib.models.installed.model import InstalledModel
from XAICLIPLib.models.installed.nnunet import described, trained_folders


def find(machine: Machine) -> Iterator[InstalledModel]:
    """The releases in ~/hd-bet_params.

    Parameters
    ----------
    machine : Machine

    Yields
    ------
    InstalledModel
    """
    for folder in trained_folders(machine.home / "hd-bet_params", 2):
        yield described(folder, "HD-BET")
