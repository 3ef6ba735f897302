"""The tasks of TotalSegmentator 2: data sets, spacing, crop, classes. A test holds them against the package."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from XAICLIPLib.errors import InputError, did_you_mean

FORM = "totalsegmentator:TASK[:fast|fastest][:whole]"
ROI_MARGIN = 20.0  # mm round the organs that a scan is cropped to
LICENCE = "https://backend.totalsegmentator.com/license-academic/"
WHOLE = "whole"
MODES = ("", "fast", "fastest")
OPEN, RESTRICTED = "Apache-2.0", "no commercial use without a licence of its own"


@dataclass(frozen=True)
class Crop:
    """What a task looks at: the box round organs that another task has found roughly.

    Attributes
    ----------
    organs : tuple of str
    task : str
        That finds them, with `mode`.
    mode : str
    margin : float
        Round them, mm.
    """

    organs: tuple[str, ...]
    task: str
    mode: str
    margin: float = ROI_MARGIN


@dataclass(frozen=True)
class Task:
    """A task in one of its modes.

    Attributes
    ----------
    name : str
        As TotalSegmentator's `--task` has it.
    mode : str
        "", "fast" or "fastest".
    datasets : tuple of int
        Numbers of the trained data sets; where there are several, each labels a part of the structures.
    spacing : tuple of 3 floats or None
        Of the grid that the networks see along x, y and z, mm; None leaves the scan's own.
    trainer, configuration, plans : str
        Which trained model of a data set is meant.
    folds : tuple of str
        Those whose outputs are averaged; empty for all that are there.
    modality : str
        "CT" or "MR".
    crop : Crop or None
    licensed : bool
        Whether the weights are given to licence holders only.
    cut : tuple of str
        Organs of the crop's task outside which the program itself deletes what was found.
    cut_mm : float
        How far outside.
    """

    name: str
    mode: str
    datasets: tuple[int, ...]
    spacing: tuple[float, float, float] | None
    trainer: str
    configuration: str = "3d_fullres"
    plans: str = "nnUNetPlans"
    folds: tuple[str, ...] = ("0",)
    modality: str = "CT"
    crop: Crop | None = None
    licensed: bool = False
    cut: tuple[str, ...] = ()
    cut_mm: float = 0.0

    @property
    def spec(self) -> str:
        """What opens it."""
        return ":".join(filter(None, ("totalsegmentator", self.name, self.mode)))

    @property
    def parts(self) -> dict[int, tuple[str, ...]]:
        """By data set, the names of its labels from 1 on."""
        return {number: names_of(number) for number in self.datasets}

    @property
    def structures(self) -> tuple[str, ...]:
        """The names of all structures, part after part."""
        return tuple(name for names in self.parts.values() for name in names)

    @property
    def is_total(self) -> bool:
        """Whether it segments the whole body, so that one organ of it can be asked for alone."""
        return self.name in ("total", "total_v3", "total_mr")

    @property
    def roi_crop(self) -> tuple[str, str]:
        """The task and mode that find an organ roughly when it alone is asked for, as `--roi_subset` does."""
        return ("total_mr", "fast") if self.modality == "MR" else ("total", "fastest")


@lru_cache(maxsize=1)
def _facts() -> Mapping[str, Any]:
    return json.loads(Path(__file__).with_name("tasks.json").read_text(encoding="utf-8"))


def names_of(number: int) -> tuple[str, ...]:
    """The structures that a data set labels.

    Parameters
    ----------
    number : int

    Returns
    -------
    tuple of str
        In the order of their labels, from 1 on; empty for a data set that no task has.
    """
    found = _facts()["datasets"].get(str(number))
    return tuple(found["names"].split()) if found else ()


def folder_of(number: int) -> str:
    """What the folder of a data set is called.

    Parameters
    ----------
    number : int
        Of a data set that a task has.

    Returns
    -------
    str
    """
    return _facts()["datasets"][str(number)]["folder"]


def task_names() -> tuple[str, ...]:
    """All tasks."""
    return tuple(_facts()["tasks"])


def modes_of(name: str) -> tuple[str, ...]:
    """The modes that a task has.

    Parameters
    ----------
    name : str
        Of a task.

    Returns
    -------
    tuple of str
        Of `MODES`.
    """
    return tuple(mode for mode in MODES if mode in _facts()["tasks"][name]["modes"])


def find_task(name: str, mode: str = "") -> Task:
    """A task in one of its modes.

    Parameters
    ----------
    name : str
    mode : str
        "", "fast" or "fastest".

    Returns
    -------
    Task

    Raises
    ------
    InputError
        If there is no such task, or it has no such mode.
    """
    facts = _facts()["tasks"].get(name)
    if facts is None:
        hint = did_you_mean(name, task_names())
        raise InputError(
            f"TotalSegmentator has no task {name!r}{hint}; give one such as {FORM.replace('TASK', 'total')}, see "
            "`xaiclip models installed`"
        )
    if mode not in facts["modes"]:
        has = ", ".join(filter(None, modes_of(name))) or "only one resolution"
        raise InputError(f"TotalSegmentator's task {name} has no mode {mode!r}, it has {has}")
    found = facts["modes"][mode]
    folds = facts.get("folds", [0])
    return Task(
        name,
        mode,
        tuple(found["datasets"]),
        None if found["spacing"] is None else tuple(found["spacing"]),
        found["trainer"],
        facts.get("configuration", "3d_fullres"),
        folds=() if folds == "all found" else tuple(map(str, folds)),
        modality=facts.get("modality", "CT"),
        crop=_crop(name, facts),
        licensed=facts.get("licensed", False),
        cut=tuple(facts.get("remove_outside", ())),
        cut_mm=float(facts.get("remove_outside_dilation", 0)),
    )


def all_tasks() -> tuple[Task, ...]:
    """Every task in each of its modes."""
    return tuple(find_task(name, mode) for name in task_names() for mode in modes_of(name))


def _crop(name: str, facts: Mapping[str, Any]) -> Crop | None:
    """The package takes 20 mm for whatever `total` crops to, whatever the task's own table says."""
    organs = tuple(facts.get("crop", ()))
    if not organs:
        return None
    if "crop_model" in facts:
        return Crop(organs, facts["crop_model"], "", float(facts["crop_addon"][0]))
    if "body_trunc" in organs:
        return Crop(organs, "body", "fast")
    if name.endswith("_mr"):
        return Crop(organs, "total_mr", "fast")
    return Crop(organs, "total", "fast" if facts.get("robust_crop") else "fastest")


def parse_spec(argument: str) -> tuple[str, str, str, bool]:
    """What stands behind "totalsegmentator:".

    Parameters
    ----------
    argument : str
        "TASK", "TASK:fast", "TASK:whole", each after "PATH:" where the weights lie elsewhere; a path alone where the
        task follows from its folder.

    Returns
    -------
    path : str
        Empty for TotalSegmentator's own place.
    task : str
        Empty where the path has to say it.
    mode : str
    whole : bool
        Whether the scan is left uncropped.

    Raises
    ------
    InputError
        If it names neither a task nor a path.
    """
    words = argument.split(":")
    if len(words) > 1 and re.fullmatch("[A-Za-z]", words[0]) and words[1][:1] in "/\\":
        words[:2] = [":".join(words[:2])]  # a drive of Windows
    whole = len(words) > 1 and words[-1] == WHOLE
    words = words[:-1] if whole else words
    mode = words.pop() if len(words) > 1 and words[-1] in MODES[1:] else ""
    task = words.pop() if words and words[-1] in task_names() else ""
    path = ":".join(words)
    if not task and not path:
        raise InputError(f"which task of TotalSegmentator? Write {FORM}, see `xaiclip models installed`")
    if not task and not re.search(r"[/\\~.]", path):
        find_task(path)  # a task that is not there, by name
    return path, task, mode, whole
