"""One case of a cohort made in a worker process: read, explained, and kept whole; its models stay loaded."""

from __future__ import annotations

import errno
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from XAICLIPLib import __version__
from XAICLIPLib.case.request import Request
from XAICLIPLib.cohort.identity import asked_of, name_of
from XAICLIPLib.cohort.input import Input, input_of
from XAICLIPLib.cohort.manifest import CohortCase
from XAICLIPLib.cohort.privacy import Nameless
from XAICLIPLib.cohort.store import (
    EXPLAINED,
    FAILED,
    KEEP,
    REFUSED,
    Finished,
    finished_in,
    folder_of,
    renew_stat,
    whole_case,
    write_head,
    write_rows,
)
from XAICLIPLib.errors import InputError, MissingPackage, OverTime, WeightsError, XAICLIPError
from XAICLIPLib.report.colormap import COLORMAP

if TYPE_CHECKING:
    from XAICLIPLib.case.models import Models
    from XAICLIPLib.results.explanation import Explanation

_FULL = {errno.ENOSPC, errno.EROFS, getattr(errno, "EDQUOT", errno.ENOSPC)}


@dataclass(frozen=True)
class Job:
    """What a worker needs to know to make any case.

    Attributes
    ----------
    request : Request
        Its scan, reference and label are each case's own.
    program : str
        See `identity.program_key`.
    out : str
        The folder of the cohort, as workers see it.
    keep : str
        Of `store.KEEP`.
    colormap : str
        Of the pictures.
    download : bool
        Whether the user agreed to download weights.
    version : str
        Of the program that asks.
    """

    request: Request
    program: str
    out: str
    keep: str = "maps"
    colormap: str = COLORMAP
    download: bool = False
    version: str = __version__


@dataclass(frozen=True)
class Outcome:
    """How a case ended; small, because the one who asked keeps all of them.

    Attributes
    ----------
    position : int
        Of the case.
    id : str
        What it is called; empty where not even its content could be read.
    status : str
        `EXPLAINED`, `REFUSED`, or `FAILED`, which is tried again by the next run.
    reason : str
        In one line.
    is_new : bool
        Whether it was made now, and not before.
    ends_all : bool
        Whether no other case can be made either: the disk is full, or the model does not open.
    is_spent : bool
        Whether its worker still computes at a model that took too long, and another is to take its place.
    """

    position: int
    id: str
    status: str
    reason: str = ""
    is_new: bool = True
    ends_all: bool = False
    is_spent: bool = False


class CaseExplainer:
    """Makes cases, one after the other.

    Parameters
    ----------
    job : Job
    """

    def __init__(self, job: Job) -> None:
        self._job, self._out = job, Path(job.out)
        self._models: Models | None = None

    def ready(self) -> str:
        """Open the model under explanation, so that what is wrong with it is said once and before all cases.

        Returns
        -------
        str
            Why it can't be opened, in one line; empty where it can.
        """
        from XAICLIPLib.models.device import choose_device

        request = self._job.request
        try:
            if self._job.version != __version__:
                return (
                    f"a worker has XAICLIP {__version__}, and this is {self._job.version}; install the same everywhere"
                )
            if not self._out.is_dir():
                return f"this worker does not see the folder {self._out.name}; all machines need the same disk"
            self._loaded().segmenter(request.model, choose_device(request.device), request.structures)
        except XAICLIPError as error:
            return _line(error)
        except Exception as error:  # what a package of somebody else's raises
            return f"the model does not open ({type(error).__name__}: {_line(error)})"
        return ""

    def __call__(self, case: CohortCase) -> Outcome:
        """Make a case, or find it made.

        Parameters
        ----------
        case : CohortCase

        Returns
        -------
        Outcome
            Never an error: what went wrong is its reason.
        """
        name = case.id
        try:
            with input_of(case) as given:
                name = name_of(case, given.content[0])
                return self._made(case, name, given)
        except BaseException as error:
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
            return self._failed(case, name, error)

    def _loaded(self) -> Models:
        from XAICLIPLib.case.models import Models

        self._models = self._models or Models(self._job.download)
        return self._models

    def _made(self, case: CohortCase, name: str, given: Input) -> Outcome:
        program = self._job.program
        finished = Finished(
            name, asked_of(case, program), ":".join(given.content), given.stat, self._job.keep, EXPLAINED,
            program=program,
        )  # fmt: skip
        folder = folder_of(self._out, name)
        before = finished_in(folder)
        if before and (before.asked, before.content) == (finished.asked, finished.content):
            if before.status == REFUSED or KEEP.index(before.keep) >= KEEP.index(finished.keep):
                renew_stat(folder, before, given.stat)
                return Outcome(case.position, name, before.status, before.reason, is_new=False)
        nameless = Nameless(case, name)
        try:
            explanation = self._explained(case, name, given)
        except (WeightsError, MissingPackage):
            raise
        except InputError as error:
            if _is_disk(error):
                raise
            reason = nameless.text(_line(error))
            with whole_case(self._out, name) as part:
                write_rows(part, [], [])
                write_head(part, replace(finished, status=REFUSED, reason=reason))
            return Outcome(case.position, name, REFUSED, reason)
        if not self._job.request.keep_paths:
            explanation = replace(explanation, report=nameless.plain(explanation.report))
        with whole_case(self._out, name) as part:
            self._keep(explanation, part)
            warnings = tuple(nameless.text(str(w)) for w in explanation.warnings)
            write_head(part, replace(finished, scan=_facts(explanation), warnings=warnings))
        return Outcome(case.position, name, EXPLAINED)

    def _explained(self, case: CohortCase, name: str, given: Input) -> Explanation:
        from XAICLIPLib.models.timelimit import left_behind
        from XAICLIPLib.pipeline import explain

        request = self._job.request.changed(
            scan=case.scan, series=case.series, label=name, reference=given.reference, images=case.images
        )
        explanation = explain.run(request, models=self._loaded(), scan=given.scan)
        if request.time_limit is not None and left_behind():  # a thread of somebody else in this process is not ours
            raise OverTime(f"the model took longer than the time limit of {request.time_limit:g} s")
        return explanation

    def _keep(self, explanation: Explanation, folder: Path) -> None:
        """Write what is to be kept of a case."""
        from XAICLIPLib.cohort.casemaps import write_case_maps
        from XAICLIPLib.cohort.needs import between_of, remote_shares
        from XAICLIPLib.cohort.numbers import REMOTE_SHARE
        from XAICLIPLib.cohort.thumbnail import write_thumbnails
        from XAICLIPLib.report.folder import write_report
        from XAICLIPLib.report.provenance import write_csv
        from XAICLIPLib.results.inputs import IN_MEMORY

        # a data set has its scans already
        explanation = replace(explanation, inputs={}, report={**explanation.report, IN_MEMORY: {}})
        if self._job.keep == "numbers":
            write_csv(folder / "metrics.csv", [*explanation.rows, *explanation.summary])
            write_report(folder, explanation.report)
        else:
            kept = explanation if self._job.keep == "all" else replace(explanation, records={})
            kept.save(folder, self._job.colormap)
        write_thumbnails(explanation, folder, self._job.colormap)
        write_case_maps(explanation, folder)
        shares = remote_shares(explanation)
        structures = [{**row, REMOTE_SHARE: shares[row.structure]} for row in explanation.summary]
        write_rows(folder, explanation.rows, structures, between_of(explanation))

    def _failed(self, case: CohortCase, name: str, error: BaseException) -> Outcome:
        reason = Nameless(case, name or "this case").text(_line(error))
        if not isinstance(error, (XAICLIPError, OSError, MemoryError)):
            reason = f"a fault of the program ({type(error).__name__}: {reason})"
        elif isinstance(error, MemoryError):
            reason = "the memory of the machine is used up"
        ends_all = isinstance(error, (WeightsError, MissingPackage)) or _is_disk(error)
        return Outcome(case.position, name, FAILED, reason, ends_all=ends_all, is_spent=isinstance(error, OverTime))


def _facts(explanation: Explanation) -> dict[str, Any]:
    """What the tables say of a scan."""
    scan = explanation.report["scan"]
    across, down, along = scan["spacing_mm_xyz"]
    return {
        "modality": scan["modality"],
        "slices": scan["shape_zyx"][0],
        "spacing_x_mm": across,
        "spacing_y_mm": down,
        "spacing_z_mm": along,
    }


def _is_disk(error: BaseException) -> bool:
    """Whether an error, or one behind it, says that nothing can be written any more."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in _FULL:
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    if isinstance(error, OSError) and not text:
        text = error.strerror or type(error).__name__
    return text[:1000]
