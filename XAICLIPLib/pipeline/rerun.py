"""A saved run made again from its report, and held against what was saved."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from XAICLIPLib.case.arguments import check_calls
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import InputError
from XAICLIPLib.pipeline.explain import run
from XAICLIPLib.pipeline.opened import Progress
from XAICLIPLib.report.names import REPORT
from XAICLIPLib.report.saved import load_report
from XAICLIPLib.results.differences import Differences, compare_runs
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.results.sources import Sources

_GRID = {"shape_zyx": "size", "spacing_mm_xyz": "spacing", "origin_lps_mm": "place", "direction_lps": "direction"}


@dataclass(frozen=True, eq=False)
class Rerun:
    """A run that was made again.

    Attributes
    ----------
    explanation : Explanation
        What came out now.
    differences : Differences
        In what it is not what was saved.
    """

    explanation: Explanation
    differences: Differences

    @property
    def same(self) -> bool:
        """Whether all maps and numbers are equal bit by bit, times aside."""
        return self.differences.same

    def __str__(self) -> str:
        return str(self.differences)


@dataclass(frozen=True, eq=False)
class SavedRun:
    """A saved run with all that is needed to make it again.

    Attributes
    ----------
    report : dict
    folder : Path
        In which the report lies.
    request : Request
        Of the run, with what was given anew, and paths at which its files are.
    held : dict
        What `run` takes in memory.
    """

    report: dict[str, Any]
    folder: Path
    request: Request
    held: dict[str, Any]

    @classmethod
    def open(cls, report: str | PathLike, search: str | PathLike | None = None, **anew: Any) -> SavedRun:
        """Read a report, and find everything that its run was made from.

        Parameters
        ----------
        report : path
            A report.json, or the folder in which it lies.
        search : path, optional
            See `Sources`.
        **anew
            See `Sources.find`.

        Returns
        -------
        SavedRun

        Raises
        ------
        InputError
            If the report can't be read, is of another version, or something is not found.
        """
        path = Path(report)
        folder, name = (path.parent, path.name) if path.is_file() or path.suffix == ".json" else (path, REPORT)
        content = load_report(folder, name)
        return cls(content, folder, *Sources(content, folder, None if search is None else Path(search)).find(**anew))

    def again(self, models: Models | None = None, progress: Progress | None = None, force: bool = False) -> Rerun:
        """Make the run again.

        Parameters
        ----------
        models : Models, optional
            Keep one to keep models loaded between runs.
        progress : callable, optional
            Called with (done, total, message); raise `Cancelled` in it to stop.
        force : bool
            Whether to go on where the scan is not the one that the report is of.

        Returns
        -------
        Rerun

        Raises
        ------
        XAICLIPError
            As `run`; `InputError` if the scan lies on another grid than that in the report.
        """
        case = Case(self.request, models or Models(), **self.held)
        scan = case.provenance()
        other = [word for name, word in _GRID.items() if _differs(self.report["scan"].get(name), scan[name])]
        if other and not force:
            raise InputError(
                f"the scan is not that of the report: it has another {' and '.join(other)}; give the right one with "
                "--scan, or run it all the same with --force (in Python force=True)"
            )
        explanation = run(self.request, case=case, progress=progress, **self.held)
        return Rerun(explanation, compare_runs(self.report, self.folder, explanation))


def rerun(
    report: str | PathLike,
    *,
    search: str | PathLike | None = None,
    force: bool = False,
    models: Models | None = None,
    progress: Progress | None = None,
    **anew: Any,
) -> Rerun:
    """Make a saved run again, and say what differs.

    Parameters
    ----------
    report : path
        A report.json, or the folder in which it lies.
    search : path, optional
        A folder with the files that the report names. Without it they are taken from where the report says, else from
        beside the report, the folder around it, or the current one. What was given in memory was kept with the result.
    force : bool
        Whether to go on where the scan has another size or place than the report says.
    models : Models, optional
        Keep one to keep models loaded between calls; ``Models(download=True)`` is your consent to download weights.
    progress : callable, optional
        Called with (done, total, message); raise `Cancelled` in it to stop.
    **anew
        Scan, reference, region or model instead of the run's, as `explain` takes them; any other setting of a
        `Request` by its own name.

    Returns
    -------
    Rerun
        With the new `explanation` and its `differences`.

    Raises
    ------
    XAICLIPError
        With a message that says what to do: what is missing, and how to give it.
    """
    check_calls(progress, models)
    return SavedRun.open(report, search, **anew).again(models, progress, force)


def _differs(before: Any, now: list[float]) -> bool:
    try:
        return not np.allclose(before, now, rtol=1e-5, atol=1e-4)
    except (TypeError, ValueError):  # another length, or no numbers
        return True
