"""Trained models of nnU-Net v2, wherever a program keeps them; and those of `nnUNet_results`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from XAICLIPLib.models.installed.machine import Machine, folders_in, size_of
from XAICLIPLib.models.installed.model import InstalledModel

CHECKPOINTS = ("checkpoint_final.pth", "checkpoint_best.pth")
LARGEST = 2**24  # bytes of a dataset.json or plans.json that is read


def find(machine: Machine) -> Iterator[InstalledModel]:
    """What `nnUNet_results` names.

    Parameters
    ----------
    machine : Machine

    Yields
    ------
    InstalledModel
    """
    root = machine.variable("nnUNet_results")
    for folder in trained_folders(root) if root else ():
        yield described(folder, "nnU-Net")


def trained_folders(root: Path, depth: int = 3) -> Iterator[Path]:
    """The folders with dataset.json and plans.json at and below a folder.

    Parameters
    ----------
    root : Path
    depth : int
        Levels below it that are looked into.

    Yields
    ------
    Path
    """
    if is_trained(root):
        yield root
    elif depth:
        for inner in folders_in(root):
            yield from trained_folders(inner, depth - 1)


def is_trained(folder: Path) -> bool:
    """Whether a folder is what a training of nnU-Net leaves.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    bool
    """
    return (folder / "dataset.json").is_file() and (folder / "plans.json").is_file()


def described(folder: Path, program: str, family: str = "nnunet", notes: tuple[str, ...] = ()) -> InstalledModel:
    """A trained model as it is listed.

    Parameters
    ----------
    folder : Path
        With dataset.json and plans.json.
    program : str
        Whose it is.
    family : str
        That opens it.
    notes : tuple of str
        What to know of it beside.

    Returns
    -------
    InstalledModel
        Refused where its files can't be read, no fold has a checkpoint, or it is the second stage of a cascade.
    """
    dataset, plans = read_json(folder / "dataset.json"), read_json(folder / "plans.json")
    labels = dataset.get("labels")
    names = [n for n in labels if n not in ("background", "ignore")] if isinstance(labels, dict) else []
    channels = dataset.get("channel_names") or dataset.get("modality") or {}
    configuration = folder.name.rpartition("__")[2]
    settings = plans.get("configurations", {})
    settings = settings.get(configuration, {}) if isinstance(settings, dict) else {}
    folds = [f for f in folders_in(folder) if f.name.startswith("fold_")]
    refused = ""
    if not names:
        refused = "its dataset.json names no labels: copy the folder again"
    elif not any((fold / name).is_file() for fold in folds for name in CHECKPOINTS):
        refused = f"no fold holds {' or '.join(CHECKPOINTS)}: copy it, or wait for the training"
    elif isinstance(settings, dict) and settings.get("previous_stage"):
        refused = f"the second stage of a cascade, which wants the result of {settings['previous_stage']}; open that"
    if isinstance(channels, dict) and len(channels) > 1:
        notes = (f"takes {len(channels)} images: {', '.join(map(str, channels.values()))}", *notes)
    dataset_name = folder.parent.name if folder.parent.name.startswith("Dataset") else folder.name
    task = dataset_name if dataset_name == folder.name else f"{dataset_name} {configuration}"
    return InstalledModel(
        program, task, folder, f"{family}:{folder}", tuple(map(str, names)), size_of(folder), refused, notes
    )


def read_json(path: Path) -> dict:
    """A small JSON file that holds an object.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict
        Empty where it can't be read, or holds something else.
    """
    try:
        if path.stat().st_size > LARGEST:
            return {}
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
