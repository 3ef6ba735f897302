"""TotalSegmentator's tasks that are on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from XAICLIPLib.models.installed.machine import Machine, size_of
from XAICLIPLib.models.installed.model import InstalledModel
from XAICLIPLib.models.totalsegmentator.place import default_root, missing_of, trained_folder
from XAICLIPLib.models.totalsegmentator.tasks import RESTRICTED, Task, all_tasks, find_task

PROGRAM = "TotalSegmentator"


def find(machine: Machine) -> Iterator[InstalledModel]:
    """Every task of which a data set is there.

    Parameters
    ----------
    machine : Machine

    Yields
    ------
    InstalledModel
    """
    root = default_root(machine.environment, machine.home)
    for task in all_tasks():
        found = _task(root, task)
        if found is not None:
            yield found


def _task(root: Path, task: Task) -> InstalledModel | None:
    whole: dict[int, Path] = {}
    lacking, absent = [], []
    for number in task.datasets:
        folder = trained_folder(root, number, task.trainer, task.plans, task.configuration)
        missing = missing_of(folder, task.folds) if folder is not None else ()
        if folder is None:
            absent.append(number)
        elif missing:
            lacking.append(f"data set {number} lacks {', '.join(missing)}")
        else:
            whole[number] = folder
    if not whole and not lacking:
        return None
    name = " ".join(filter(None, (task.name, task.mode)))
    notes = [f"the data sets {', '.join(map(str, absent))} of the task are not here"] if absent else []
    notes += lacking if whole else []
    notes += [RESTRICTED] if task.licensed else []
    crop = find_task(task.crop.task, task.crop.mode) if task.crop else None
    needed = [] if crop is None else [n for n in crop.datasets if _lacks(root, crop, n)]
    refused = "" if whole else f"{'; '.join(lacking)}: download the task again with TotalSegmentator"
    if whole and needed:
        refused = (
            f"it looks round the {' and '.join(task.crop.organs[:2])}, which data set {needed[0]} finds, and that is "
            f"not here: run TotalSegmentator's task {task.name} once"
        )
    return InstalledModel(
        PROGRAM,
        name,
        next(iter(whole.values())).parent if len(task.datasets) == 1 and whole else root,
        task.spec,
        tuple(structure for number in whole for structure in task.parts[number]),
        sum(size_of(folder) for folder in whole.values()),
        refused,
        tuple(notes),
    )


def _lacks(root: Path, task: Task, number: int) -> bool:
    folder = trained_folder(root, number, task.trainer, task.plans, task.configuration)
    return folder is None or bool(missing_of(folder, task.folds))
