"""The models of MONAI Label's apps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from XAICLIPLib.models.installed.machine import Machine, files_in, folders_in, size_of
from XAICLIPLib.models.installed.model import InstalledModel
from XAICLIPLib.models.installed.monaibundle import described, is_bundle
from XAICLIPLib.models.monailabel.names import why_not

PROGRAM = "MONAI Label"


def find(machine: Machine) -> Iterator[InstalledModel]:
    """The apps in the usual places: `model/pretrained_NAME.pt`, and the bundles beside.

    Parameters
    ----------
    machine : Machine

    Yields
    ------
    InstalledModel
    """
    for app in _apps(machine):
        for file in files_in(app / "model"):
            if file.suffix == ".pt":
                name = file.stem.removeprefix("pretrained_")
                task, spec, refused = f"{app.name}/{name}", f"monailabel:{app}/{name}", why_not(name)
                yield InstalledModel(PROGRAM, task, file, "" if refused else spec, (), size_of(file), refused)
        for folder in folders_in(app / "model"):
            if is_bundle(folder):
                yield described(folder, PROGRAM)


def _apps(machine: Machine) -> Iterator[Path]:
    given = machine.variable("MONAI_LABEL_APP_DIR")
    roots = [machine.home / "apps", machine.home / "monailabel" / "apps", machine.python / "monailabel" / "sample-apps"]
    for app in ([given] if given else []) + [inner for root in roots for inner in folders_in(root)]:
        if folders_in(app / "model") or files_in(app / "model"):
            yield app
