"""A cohort from its cases to its tables and its page: what is finished is found, the rest is made, all is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from XAICLIPLib.cohort.across import DEPENDENCE, across, write_dependence
from XAICLIPLib.cohort.cluster import Wanted, started
from XAICLIPLib.cohort.engine import Engine, Lost, Work
from XAICLIPLib.cohort.explainer import CaseExplainer, Job, Outcome
from XAICLIPLib.cohort.identity import asked_of, stat_of
from XAICLIPLib.cohort.manifest import Cohort, CohortCase
from XAICLIPLib.cohort.mapfiles import FOLDER as MAPS
from XAICLIPLib.cohort.mapfiles import TABLE, write_mean_maps, write_table
from XAICLIPLib.cohort.page import PAGE, write_page
from XAICLIPLib.cohort.store import (
    EXPLAINED,
    FAILED,
    KEEP,
    REFUSED,
    Finished,
    begin,
    finished_below,
    folder_of,
    make_folder,
    refuse_foreign,
)
from XAICLIPLib.cohort.table import NOT_YET, TABLES, Told, write_tables
from XAICLIPLib.errors import Cancelled, ResourceError
from XAICLIPLib.report.lock import locked
from XAICLIPLib.report.provenance import environment

FILES = (*(f"{name}{ending}" for name in TABLES for ending in (".parquet", ".csv")), DEPENDENCE, TABLE, MAPS, PAGE)
Progress = Callable[[float, float, str], None]


@dataclass(frozen=True)
class Result:
    """How a run of a cohort ended.

    Attributes
    ----------
    told : tuple of Told
        What came out for each case, in their order.
    made : int
        Cases that were made now, and not found made.
    stopped : bool
        Whether the user stopped it before all were made.
    """

    told: tuple[Told, ...]
    made: int
    stopped: bool

    @property
    def explained(self) -> int:
        """How many were explained."""
        return sum(one.status == EXPLAINED for one in self.told)

    @property
    def failed(self) -> tuple[Told, ...]:
        """Those that were not explained, though they were tried."""
        return tuple(one for one in self.told if one.status not in (EXPLAINED, NOT_YET))


def run_cohort(
    cohort: Cohort, job: Job, wanted: Wanted, *, with_csv: bool = False, progress: Progress | None = None
) -> Result:
    """Explain every case that is not finished, and write tables and page of all of them.

    Parameters
    ----------
    cohort : Cohort
    job : Job
        What is asked of each; its folder is made where it is not there.
    wanted : Wanted
        Which machines.
    with_csv : bool
        Whether the tables are written as CSV too.
    progress : callable, optional
        Called with (done, total, message) several times a second; raise `Cancelled` in it to stop. What is finished is
        kept, and in the tables.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        If the folder can't be used, another run is writing to it, or the cluster can't be reached.
    ResourceError
        If the disk is full, the model does not open, or no worker is left; what is finished is kept.
    """
    out = Path(job.out)
    refuse_foreign(out, FILES)
    make_folder(out)
    with locked(out):
        begin(out, _settings(cohort, job))
        run = _Run(cohort, job, progress or (lambda done, total, message: None))
        run.find()
        try:
            stopped = run.make(wanted)
        except ResourceError as error:
            raise ResourceError(f"{error} ({run.kept})") from error
        told = run.told()
        tell(out, told, cohort, _about(job), with_csv)
    return Result(tuple(told), run.made, stopped)


def tell(out: Path, told: Sequence[Told], cohort: Cohort, about: Mapping[str, Any], with_csv: bool = False) -> None:
    """Write tables, mean maps and page of what came out.

    Parameters
    ----------
    out : Path
    told : sequence of Told
        In the order of the cases.
    cohort : Cohort
    about : mapping of str to object
        What was asked, for the reader.
    with_csv : bool
        Whether the tables are written as CSV too.

    Raises
    ------
    ResourceError
        If the disk is full; the cases are kept.
    """
    try:
        write_tables(out, told, cohort.columns, with_csv)
        found = across(told, cohort.columns)
        write_dependence(out, found)
        write_table(out, found.maps)
        write_mean_maps(out, found.maps)
        write_page(out, told, found, about, _notes(cohort, told))
    except OSError as error:
        raise ResourceError(
            f"tables and page can't be written to {out} ({error.strerror or error}); free some space and run the same "
            "command again: the cases are kept"
        ) from error


class _Run:
    """A cohort that is under way."""

    def __init__(self, cohort: Cohort, job: Job, progress: Progress) -> None:
        self._cases, self._job, self._progress = cohort.cases, job, progress
        self._outcomes: dict[int, Outcome] = {}
        self._left: list[CohortCase] = []
        self._done = 0

    @property
    def made(self) -> int:
        """Cases that were made now."""
        return sum(outcome.is_new and outcome.status != FAILED for outcome in self._outcomes.values())

    @property
    def kept(self) -> str:
        """How far it is, for whoever must end it."""
        done = sum(outcome.status == EXPLAINED for outcome in self._outcomes.values())
        return f"{done} of {len(self._cases)} cases are explained and kept; the same command goes on"

    def find(self) -> None:
        """Take those that are finished as they are."""
        below = finished_below(Path(self._job.out))
        known: dict[tuple[str, str | None], Finished] = {
            (head.asked, head.stat): head for _, head in below if head.stat
        }
        for case in self._cases:
            if case.problem:
                self._outcomes[case.position] = Outcome(case.position, case.id, REFUSED, case.problem, is_new=False)
                continue
            head = known.get((asked_of(case, self._job.program), stat_of(case)))
            if head is not None and self._suffices(head):
                self._outcomes[case.position] = Outcome(case.position, head.id, head.status, head.reason, is_new=False)
            else:
                self._left.append(case)

    def _suffices(self, head: Finished) -> bool:
        return head.status == REFUSED or KEEP.index(head.keep) >= KEEP.index(self._job.keep)

    def make(self, wanted: Wanted) -> bool:
        """Make the others; True where the user stopped it."""
        if not self._left:
            return False
        try:
            self._tick("starting workers")
            with started(wanted) as place:
                make: Callable[[], Work[CohortCase, Outcome]] = partial(CaseExplainer, self._job)
                for ended in Engine(place, make, self._tick).run(self._left):
                    self._take(ended)
        except Cancelled:
            return True
        return False

    def _take(self, ended: Outcome | Lost[CohortCase]) -> None:
        if isinstance(ended, Lost):
            case = ended.task
            ended = Outcome(case.position, case.id or f"scan-{case.position + 1}", FAILED, ended.reason)
        if ended.ends_all:
            raise ResourceError(ended.reason)
        self._outcomes[ended.position] = ended
        self._done += 1

    def _tick(self, message: str = "") -> None:
        failed = sum(outcome.status != EXPLAINED for outcome in self._outcomes.values())
        said = message or f"{self._done} of {len(self._left)} cases" + (f", {failed} can't be" if failed else "")
        self._progress(self._done, len(self._left), said)

    def told(self) -> list[Told]:
        """What came out for each case, in their order."""
        told: list[Told] = []
        taken: dict[str, int] = {}
        for case in self._cases:
            outcome = self._outcomes.get(case.position)
            if outcome is None:
                told.append(
                    Told(case, case.id or f"scan-{case.position + 1}", NOT_YET, "the run was stopped before it")
                )
                continue
            name = outcome.id or case.id or f"scan-{case.position + 1}"
            if taken.setdefault(name, case.position) != case.position:
                reason = f"its scan is that of case {name} as well; give both an id in a manifest to have both"
                told.append(Told(case, f"scan-{case.position + 1}", REFUSED, reason))
                continue
            folder = folder_of(Path(self._job.out), name) if outcome.status == EXPLAINED else None
            told.append(Told(case, name, outcome.status, outcome.reason, folder))
        return told


def _settings(cohort: Cohort, job: Job) -> dict[str, Any]:
    """What `cohort.json` says: how the cases were made, and nothing of where their files are."""
    request = {
        name: value for name, value in job.request.to_json().items() if name not in ("scan", "reference", "label")
    }
    return {
        "version": job.version,
        "program": job.program,
        "environment": environment(),
        "cases": len(cohort.cases),
        "columns": list(cohort.columns),
        "keep": job.keep,
        "request": request,
    }


def _about(job: Job) -> Mapping[str, Any]:
    request = job.request
    method = request.to_json()["method"]
    settings = {name.replace("_", " "): value for name, value in method.items() if value not in (None, "")}
    return {
        "structures": ", ".join(request.structures),
        "model": Path(request.model).name if "/" in request.model else request.model,
        "method": ", ".join(f"{name} {value}" for name, value in settings.items()).removeprefix("name "),
        "region": Path(request.region.source).name,
        "score": request.score,
        "slices": request.slices,
        "seed": request.seed,
        "kept of each case": job.keep,
        "program": f"XAICLIP {job.version}",
    }


def _notes(cohort: Cohort, told: Sequence[Told]) -> list[str]:
    left = Counter(one.status for one in told)[NOT_YET]
    return [*cohort.notes, *([f"{left} cases were not run: the run was stopped"] if left else [])]
