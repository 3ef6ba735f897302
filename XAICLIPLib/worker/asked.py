"""Questions of a client to runs that are over: the run that was asked last stays open, with its records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from XAICLIPLib.attribution.fieldtypes import check_fields
from XAICLIPLib.case.settings import check_names
from XAICLIPLib.errors import InputError
from XAICLIPLib.report.names import REPORT

if TYPE_CHECKING:
    from XAICLIPLib.pipeline.ask import Question
    from XAICLIPLib.results.explanation import Explanation
    from XAICLIPLib.volume import Volume


class OpenRun:
    """The run that was asked last, open with what it recorded, so that the next question reads nothing again."""

    def __init__(self) -> None:
        self._key: tuple[str, int] | None = None
        self._explanation: Explanation | None = None

    def open(self, run: str) -> Explanation:
        """A saved run.

        Parameters
        ----------
        run : str
            The folder that `explain` wrote; it is read again where its report changed.

        Returns
        -------
        Explanation

        Raises
        ------
        InputError
            If the folder holds no explanation, or a file of it is missing or damaged.
        """
        from XAICLIPLib.results.explanation import Explanation

        report = Path(run) / REPORT
        key = (run, report.stat().st_mtime_ns if report.is_file() else 0)
        if self._explanation is None or key != self._key:
            self._explanation = None  # its volumes go before those of the next are read
            self._explanation, self._key = Explanation.load(run), key
        return self._explanation


def question_of(asked: Mapping[str, Any]) -> Question:
    """A question from what a client sent.

    Parameters
    ----------
    asked : mapping of str to value
        Fields of `pipeline.ask.Question` by name.

    Returns
    -------
    Question

    Raises
    ------
    InputError
        If there is no field of a name, or a value is of another type.
    """
    from XAICLIPLib.pipeline.ask import Question

    check_names(asked, [field.name for field in fields(Question)], "a question")
    question = Question(**asked)
    check_fields(question)
    if question.at is not None and len(question.at) != 3:
        raise InputError(f"the point has {len(question.at)} numbers; give three: x, y, z in LPS mm")
    return question


def write_answer(values: Volume, path: Path, first: Sequence[int] = (0, 0, 0)) -> tuple[str, list[int]]:
    """Write an answer's map on the scan's own grid: the box that holds all of it that is not 0.

    Parameters
    ----------
    values : Volume of float32
        On the scan's grid, or a part of it.
    path : Path
        Its folder is made where it is missing.
    first : sequence of 3 ints
        The index (z, y, x) of the values' first voxel in the scan, where they are a part of it.

    Returns
    -------
    path : str
    offset : list of 3 ints
        The index (z, y, x) of its first voxel in the scan.

    Raises
    ------
    InputError
        If the folder can't be made, or the file can't be written.
    """
    from XAICLIPLib.influence.grid import box_of
    from XAICLIPLib.volume import Volume, write_volume  # SimpleITK, which the start need not wait for

    holds = values.voxels != 0
    box = box_of(holds) if holds.any() else (slice(0, 1),) * 3
    inside = [side.start for side in box]
    direction = np.array(values.direction).reshape(3, 3)
    origin = np.array(values.origin) + direction @ (np.array(inside[::-1]) * np.array(values.spacing))
    part = Volume(
        np.ascontiguousarray(values.voxels[box]),
        values.spacing,
        tuple(origin.tolist()),
        values.direction,
        name=values.name,
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{path.parent} can't be made ({error.strerror}); choose another folder") from error
    return str(write_volume(part, path, compress=False)), [int(a + b) for a, b in zip(first, inside)]
