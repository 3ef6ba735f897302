"""How a task of TotalSegmentator is opened by one string, or by a path."""

from __future__ import annotations

from pathlib import Path

import torch

from XAICLIPLib.errors import InputError, WeightsError
from XAICLIPLib.models.packed import unpack_first
from XAICLIPLib.models.totalsegmentator.parts import is_whole, parts_here
from XAICLIPLib.models.totalsegmentator.place import INSIDE, dataset_number, default_root, root_of
from XAICLIPLib.models.totalsegmentator.segmenter import TotalSegmentator
from XAICLIPLib.models.totalsegmentator.tasks import Task, all_tasks, find_task, parse_spec


def open_model(family: str, argument: str, device: torch.device, targets: tuple[str, ...] = ()) -> TotalSegmentator:
    """A task of TotalSegmentator.

    Parameters
    ----------
    family : str
        "totalsegmentator".
    argument : str
        "TASK[:fast|fastest][:whole]", where the weights lie elsewhere after "PATH:", or a path alone.
    device : torch.device
    targets : tuple of str
        Not used: the task names the structures.

    Returns
    -------
    TotalSegmentator

    Raises
    ------
    InputError
        If it names no task, or a path that holds several.
    WeightsError
        If the task's data sets are not there, or not whole.
    MissingPackage
        If nnU-Net is not installed.
    """
    path, name, mode, whole = parse_spec(argument)
    root = default_root() if not path else root_of(Path(path).expanduser())
    if root is None:
        packed = unpack_first(Path(path).expanduser() / INSIDE) or unpack_first(Path(path).expanduser())
        if packed:
            raise WeightsError(f"{packed}, or let TotalSegmentator download the task again")
        raise WeightsError(f"{path} holds no data sets of TotalSegmentator; give ~/.totalsegmentator, or one of them")
    task = find_task(name, mode) if name else task_of(Path(path).expanduser(), root)
    return TotalSegmentator(root, task, device, whole=whole)


def task_of(path: Path, root: Path) -> Task:
    """The task that a path means: that of its data set, or the one that people use most of those that are there.

    Parameters
    ----------
    path : Path
    root : Path
        The folder of the data sets.

    Returns
    -------
    Task

    Raises
    ------
    InputError
        If it can't be told.
    """
    number = next((n for p in (path, *path.parents) if (n := dataset_number(p.name)) is not None), None)
    there = [task for task in all_tasks() if parts_here(root, task)]
    if number is not None:
        there = [task for task in there if number in task.datasets]
    whole = [task for task in there if is_whole(root, task)] or there
    if not whole:
        raise InputError(f"{path} holds no data set of a task of TotalSegmentator that is known; give one of its tasks")
    order = {name: k for k, name in enumerate(("total", "total_v3", "total_mr"))}
    first = min(whole, key=lambda task: order.get(task.name, len(order)))
    if first.name in order or len(whole) == 1 or number is not None:
        return first
    raise InputError(f"{path} holds several tasks; give one of them: {', '.join(task.spec for task in whole)}")
