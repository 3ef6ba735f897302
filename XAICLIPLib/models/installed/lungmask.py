"""The networks of lungmask, where torch.hub keeps what it has downloaded."""

from __future__ import annotations

from collections.abc import Iterator

from XAICLIPLib.models.installed.machine import Machine, size_of
from XAICLIPLib.models.installed.model import InstalledModel

LUNGS = ("lung_right", "lung_left")
LOBES = (
    *("lung_upper_lobe_left", "lung_lower_lobe_left"),
    *("lung_upper_lobe_right", "lung_middle_lobe_right", "lung_lower_lobe_right"),
)
FILES = {
    "R231": ("unet_r231-d5d2fc3d.pth", LUNGS),
    "LTRCLobes": ("unet_ltrclobes-3a07043d.pth", LOBES),
    "R231CovidWeb": ("unet_r231covid-0de78a7e.pth", LUNGS),
}


def find(machine: Machine) -> Iterator[InstalledModel]:
    """Those of `FILES` that are there.

    Parameters
    ----------
    machine : Machine

    Yields
    ------
    InstalledModel
    """
    for name, (file, structures) in FILES.items():
        path = machine.torch_hub / "hub" / "checkpoints" / file
        if path.is_file():
            yield InstalledModel("lungmask", name, path, f"lungmask:{name}", structures, size_of(path))
