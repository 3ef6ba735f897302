"""The trained data sets of a task, opened when they are needed."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from XAICLIPLib.errors import WeightsError
from XAICLIPLib.models.nnunet.folder import find_model
from XAICLIPLib.models.nnunet.segmenter import NnunetSegmenter
from XAICLIPLib.models.totalsegmentator.place import dataset_folder, missing_of, trained_folder
from XAICLIPLib.models.totalsegmentator.tasks import LICENCE, Task


class MeanOfFolds(nn.Module):
    """Networks of several folds; the mean of what they give.

    Parameters
    ----------
    networks : list of torch.nn.Module
    """

    def __init__(self, networks: list[nn.Module]) -> None:
        super().__init__()
        self.folds = nn.ModuleList(networks)

    def forward(self, tiles: Tensor) -> Tensor:
        """The mean of the folds' outputs.

        Parameters
        ----------
        tiles : Tensor, shape (n, 1, *tile)

        Returns
        -------
        Tensor, shape (n, heads, *tile)
        """
        total = self.folds[0](tiles)
        for network in self.folds[1:]:
            total = total + network(tiles)
        return total / len(self.folds)


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
    opened = NnunetSegmenter(find_model(str(folder / f"fold_{folds[0]}")), device, step)
    if len(folds) == 1:
        return opened
    others = [find_model(str(folder / f"fold_{fold}")).network()[0].to(device) for fold in folds[1:]]
    return opened.with_network(MeanOfFolds([opened.network, *others]))


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
