"""The trained data sets of a task, opened when they are needed."""

from __future__ import annotations

from pathlib import Path

import torch

from XAICLIPLib.errors import WeightsError
from XAICLIPLib.models.nnunet.folder import find_model
from XAICLIPLib.models.nnunet.segmenter import NnunetSegmenter
from XAICLIPLib.models.totalsegmentator.place import dataset_folder, missing_of, trained_folder
from XAICLIPLib.models.totalsegmentator.tasks import LICENCE, Task


def parts_here(root: Path, task: Task) -> tuple[int, ...]:
    """The data sets of a task that are on this machine.

    Parameters
    ----------
    root : Path
        See `place.default_root`.
    task : Task

    Returns
    -------
    tuple of int
        Also those that are not whole.
    """
    return tuple(number for number in task.datasets if dataset_folder(root, number) is not None)


def is_whole(root: Path, task: Task) -> bool:
    """Whether every data set of a task is there as a whole.

    Parameters
    ----------
    root : Path
    task : Task

    Returns
    -------
    bool
    """
    folders = [trained_folder(root, n, task.trainer, task.plans, task.configuration) for n in task.datasets]
    return all(folder is not None and not missing_of(folder, task.folds) for folder in folders)


def open_part(root: Path, task: Task, number: int, device: torch.device, step: float) -> NnunetSegmenter:
    """A data set of a task.

    Parameters
    ----------
    root : Path
    task : Task
    number : int
        One of its data sets.
    device : torch.device
    step : float
        Of the sliding window, in tiles.

    Returns
    -------
    NnunetSegmenter
        Of several folds, their mean.

    Raises
    ------
    WeightsError
        If it is not there, or not whole.
    """
    folder = trained_folder(root, number, task.trainer, task.plans, task.configuration)
    if folder is None:
        raise WeightsError(f"TotalSegmentator's task {task.name} needs data set {number}, which is not in {root}; "
                           + how_to_get(task))  # fmt: skip
    missing = missing_of(folder, task.folds)
    if missing:
        raise WeightsError(
            f"data set {number} of TotalSegmentator's task {task.name} is not whole, {', '.join(missing)} is missing "
            f"in {folder.parent}; delete that folder, then {how_to_get(task)}"
        )
    folds = task.folds or find_model(str(folder)).folds
    first, *others = (find_model(str(folder / f"fold_{fold}")) for fold in folds)
    return NnunetSegmenter(first, device, step, others)


def how_to_get(task: Task) -> str:
    """What brings a task's data sets onto this machine.

    Parameters
    ----------
    task : Task

    Returns
    -------
    str
    """
    mode = f" --{task.mode}" if task.mode else ""
    run = f"run TotalSegmentator --task {task.name}{mode} once, which downloads it"
    if task.licensed:
        return (
            f"its weights are given to licence holders only (free where no money is earned: {LICENCE}): get one, {run}"
        )
    return run
