"""Dose and response of one scan or of several: each scan alone, and all of them in one table."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from XAICLIPLib.case.case import Case
from XAICLIPLib.case.cautions import model_and_region_cautions, refuse_unsuitable
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.naming import bare, scan_label, without_paths
from XAICLIPLib.case.request import Request
from XAICLIPLib.cohort.identity import name_of
from XAICLIPLib.cohort.input import input_of
from XAICLIPLib.cohort.manifest import CohortCase
from XAICLIPLib.cohort.privacy import Nameless
from XAICLIPLib.cohort.sources import TABLES, find_cases
from XAICLIPLib.datasets import DATASETS
from XAICLIPLib.errors import Cancelled, InputError, ResourceError, XAICLIPError
from XAICLIPLib.pipeline.doses import Dose
from XAICLIPLib.pipeline.stress import stress
from XAICLIPLib.pipeline.stress_words import stress_answers
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY, environment
from XAICLIPLib.results.rows import StressRow
from XAICLIPLib.results.stress import Stressed

Progress = Callable[[float, float, str], None]


def cases_of(sources: Sequence[str], request: Request) -> tuple[list[CohortCase], tuple[str, ...]]:
    """The scans that are meant.

    Parameters
    ----------
    sources : sequence of str
        Files, DICOM folders, folders of scans, tables or data sets, see `find_cases`.
    request : Request
        Its label, reference, series and further images are those of a single scan.

    Returns
    -------
    cases : list of CohortCase
        A single file is called by its name; all others as in a cohort.
    notes : tuple of str
        What was left out.

    Raises
    ------
    InputError
        If there is no scan, or settings of one scan are given for several.
    """
    found: list[CohortCase] = []
    notes: list[str] = []
    for source in sources:
        if os.path.isfile(source) and not source.lower().endswith(TABLES):
            name = scan_label(replace(request, scan=source), bare(source)) if len(sources) == 1 else ""
            found.append(CohortCase(0, os.path.abspath(source), name))
        elif request.series and len(sources) == 1 and source not in DATASETS:
            found.append(CohortCase(0, os.path.abspath(source), scan_label(replace(request, scan=source), source)))
        else:
            cohort = find_cases(source)
            found += cohort.cases
            notes += cohort.notes
    of_one = {
        "--label": request.label, "--reference": request.reference, "--series": request.series,
        "--channel": request.images.paths,
    }  # fmt: skip
    if len(found) == 1:
        [one] = found
        reference = None if request.reference is None else request.reference
        one = replace(
            one, id=request.label or one.id, reference=reference or one.reference, series=request.series or one.series,
            images=request.images.paths or one.images,
        )  # fmt: skip
        return [one], tuple(notes)
    if wrong := [name for name, value in of_one.items() if value]:
        raise InputError(
            f"{', '.join(wrong)} is of one scan, and there are {len(found)}; give a table with the columns scan, id, "
            "reference, series, image-2"
        )
    return [replace(case, position=number) for number, case in enumerate(found)], tuple(notes)


def stress_all(
    cases: Sequence[CohortCase], request: Request, doses: Sequence[Dose], models: Models, progress: Progress
) -> Stressed:
    """Stress the model on one scan after the other; one that can't be looked at is left out with its reason.

    Parameters
    ----------
    cases : sequence of CohortCase
    request : Request
        What all have alike.
    doses : sequence of Dose
    models : Models
    progress : callable
        Called with (done, total, message); what is finished when it raises `Cancelled` is the result.

    Returns
    -------
    Stressed

    Raises
    ------
    XAICLIPError
        If there is one scan only, and it can't be looked at.
    Cancelled
        If it was stopped before the first step.
    """
    run = _Run(request, doses, models)
    stopped = False
    for number, case in enumerate(cases):
        try:
            run.add(case, _part_of(progress, number, len(cases)))
        except Cancelled:
            if not run.rows:
                raise
            stopped = True
            break
        except ResourceError:
            raise
        except (XAICLIPError, OSError) as error:
            if len(cases) == 1:
                raise
            run.fail(case, error)
    if not run.rows:
        name, reason = next(iter(run.failed.items()))
        raise InputError(f"none of the {len(cases)} scans can be looked at; {name}: {reason}")
    report = {
        "version": 1, "notice": RESEARCH_USE_ONLY, "title": run.title, "request": run.asked(), "model": run.model,
        "doses": {dose.name: list(dose.steps) for dose in doses}, "scans": run.scans, "environment": environment(),
        "warnings": list(dict.fromkeys(run.warnings)),
    }  # fmt: skip
    return Stressed(run.rows, stress_answers(run.rows), report, run.failed, stopped)


def _part_of(progress: Progress, number: int, count: int) -> Progress:
    """The progress of one scan of several."""
    return lambda done, total, message: progress(number + done / total, count, message)


def _nameless(case: CohortCase, name: str) -> Nameless:
    """What takes names of files out of texts; where a single scan is called by its file's name, that may stay."""
    if bare(case.scan) in name:
        return Nameless(CohortCase(case.position, name, dataset="itself"), name)
    return Nameless(case, name)


class _Run:
    """What was found so far."""

    def __init__(self, request: Request, doses: Sequence[Dose], models: Models) -> None:
        self._request, self._doses, self._models = request, doses, models
        self.rows: list[StressRow] = []
        self.scans: list[dict[str, Any]] = []
        self.failed: dict[str, str] = {}
        self.warnings: list[str] = []
        self.model: dict[str, Any] = {}
        self._asked: dict[str, Any] = {}

    def add(self, case: CohortCase, progress: Progress) -> None:
        """Stress the model on one scan."""
        if case.problem:
            raise InputError(case.problem)
        progress(0, 1, "reading")
        with input_of(case) as given:
            name = name_of(case, given.content[0])
            nameless = _nameless(case, name)
            request = self._request.changed(
                scan=case.scan, series=case.series, label=name, reference=given.reference, images=case.images
            )
            opened = Case(request, self._models, scan=given.scan)
            opened.open_model()
            refuse_unsuitable(opened)
            warnings = [*opened.scan.notes, *opened.label_notes, *map(str, model_and_region_cautions(opened))]
            self._tell(opened, given.content[0], warnings, nameless)
            before = len(self.rows)
            try:
                for row in stress(opened, self._doses, name, progress):
                    self.rows.append(replace(row, reason=nameless.text(row.reason)))
            except Cancelled:
                raise
            except BaseException:
                del self.rows[before:]  # half a scan in a table of whole ones would be taken for one
                raise

    def _tell(self, case: Case, content: str, warnings: list[str], nameless: Nameless) -> None:
        """What the report says of a scan and of the model, without folders and names of files."""
        model = case.segmenter
        about = {
            "scan": {**case.provenance(), "sha256": content}, "request": case.request.to_json(), "warnings": warnings,
            "model": {"name": model.name, "targets": list(model.targets), **model.provenance},
        }  # fmt: skip
        told = nameless.plain(without_paths(about, case.request))
        self.model, self._asked = told["model"], told["request"]
        self.scans.append(told["scan"])
        self.warnings += told["warnings"]

    def fail(self, case: CohortCase, error: Exception) -> None:
        """Keep why a scan is left out."""
        name = case.id or f"scan-{case.position + 1}"
        self.failed[name] = _nameless(case, name).text(" ".join(str(error).split()))

    @property
    def title(self) -> str:
        """Above the curves."""
        names = dict.fromkeys(row.scan for row in self.rows)
        return f"Dose and response: {next(iter(names)) if len(names) == 1 else f'{len(names)} scans'}"

    def asked(self) -> dict[str, Any]:
        """The request without what is of a single scan, and without what no step asks about."""
        return {key: value for key, value in self._asked.items() if key not in _OF_ONE}


_OF_ONE = ("scan", "reference", "label", "series", "images", "method", "keep_paths", "region", "vlm", "evidence",
           "influence", "prompt")  # fmt: skip
