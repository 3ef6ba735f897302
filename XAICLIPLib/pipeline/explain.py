"""The whole row for one request: words → region → model → map → numbers, stacked into the volume."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, nullcontext, suppress
from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING, Any

from XAICLIPLib.attribution.methods import Method
from XAICLIPLib.case.arguments import check_calls, request_of
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.cautions import refuse_unsuitable
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.presence import find_presence
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import Cancelled, InputError, OverTime
from XAICLIPLib.message import Message
from XAICLIPLib.pipeline.assemble import assemble_explanation
from XAICLIPLib.pipeline.examine import gather
from XAICLIPLib.pipeline.image_results import with_images
from XAICLIPLib.pipeline.opened import Progress, SliceResult, Stopwatch
from XAICLIPLib.pipeline.rows import slice_rows
from XAICLIPLib.pipeline.slicewise import Sizes, explain_slice
from XAICLIPLib.pipeline.spool import Spool
from XAICLIPLib.pipeline.volumetric import explain_volume
from XAICLIPLib.results.evidence import Evidence
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.results.inputs import IN_MEMORY, kept_inputs
from XAICLIPLib.results.notebook import ProgressBar
from XAICLIPLib.volume import Volume

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from XAICLIPLib.case.arguments import Options

TESTING = 0.01  # share of the progress bar that is left for the evidence
Explained = tuple[list[SliceResult], dict[int, str], list[str]]  # results, why others were passed over, and warnings


def explain(
    scan: str | PathLike | Volume,
    structures: str | Iterable[str],
    method: str | Method | type[Method] = "occlusion",
    region: str | PathLike | Volume = "clip",
    model: Any = "bundled",
    *,
    progress: Progress | bool | None = None,
    models: Models | None = None,
    **options: Unpack[Options],
) -> Explanation:
    """Explain why a model segments structures in a scan as it does.

    Parameters
    ----------
    scan : path, Volume or SimpleITK image
    structures : str or several
        In words: "liver", "right kidney", ….
    method : str, Occlusion, Hierarchical, Rise, Lime, KernelShap or Hsic
        A name and a class take the papers' settings, sizes being pixels of a slice 512 pixels wide; in settings, other
        sizes than the paper's are pixels of the slice unless their `unit` says otherwise.
    region : str, Volume or SimpleITK image
        "clip" (the vision-language model), "prediction", "full", or a mask as path or volume.
    model : str, callable or Segmenter
        See `open_segmenter`.
    progress : callable or bool, optional
        Called with (done, total, message); raise `Cancelled` in it to stop. What was finished is returned. True shows a
        bar, in a notebook too.
    models : Models, optional
        Keep one to keep models loaded between calls; ``Models(download=True)`` is your consent to download weights.
    **options
        All other settings of a `Request` and of its groups by their own names, and of the method where that is a name
        or a class; see `Options`. The commonest are `slices` ("auto", "all", "40:60", 45, [40, 41], range(40, 60)),
        `reference` (a path, Volume or SimpleITK image: the ground truth; the model's own prediction stands in without
        it), `device` and `seed`.

    Returns
    -------
    Explanation

    Raises
    ------
    XAICLIPError
        With a message that says what to do.
    """
    request, held = request_of(scan, structures, method, region, model, options)
    if not isinstance(progress, bool):
        check_calls(progress, models)
        return run(request, models=models, progress=progress, **held)
    check_calls(None, models)
    with closing(ProgressBar()) if progress else nullcontext() as bar:
        return run(request, models=models, progress=bar, **held)


def run(
    request: Request,
    *,
    models: Models | None = None,
    case: Case | None = None,
    progress: Progress | None = None,
    on_slice: Callable[[SliceResult], None] | None = None,
    on_early: Callable[[SliceResult], None] | None = None,
    **given: Any,
) -> Explanation:
    """Carry out a request.

    Parameters
    ----------
    request : Request
    models : Models, optional
        Keep one to keep models loaded between runs.
    case : Case, optional
        The request where it is open already.
    progress : callable, optional
        Called with (done, total, message); raise `Cancelled` in it to stop.
    on_slice : callable, optional
        Gets each slice (`SliceResult`) as soon as it is finished.
    on_early : callable, optional
        Gets a slice that takes long while its map is still coarse, once a second at most; `on_slice` gets it later.
    **given
        What `Case` takes in memory: scan, reference, region, model.

    Returns
    -------
    Explanation

    Raises
    ------
    XAICLIPError
        `Unsuitable` before anything is computed where models or words were made for another body part or modality,
        unless the request goes on anyway. `Cancelled` only where there was no slice to see, neither finished nor
        coarse.
    """
    request.to_json()  # what no report can hold is said before anything is computed
    stopwatch = Stopwatch()
    progress = progress or (lambda done, total, message: None)
    with stopwatch("open"):
        case = case or Case(request, models or Models(), **given)
        case.open_model()  # an unknown structure or a missing model is said before anything is computed
        refuse_unsuitable(case)
    with stopwatch("presence"):
        case.presence[:] = find_presence(case, lambda done, total: progress(0, len(case.slices), "presence"))
        refuse_unsuitable(case)
    explanation = _Run(case, stopwatch, progress, on_slice or (lambda result: None), on_early).explanation()
    inputs, facts = kept_inputs(given, explanation.report)
    return replace(explanation, inputs=inputs, report={**explanation.report, IN_MEMORY: facts})


class _Run:
    """A request that is being carried out."""

    def __init__(
        self,
        case: Case,
        stopwatch: Stopwatch,
        progress: Progress,
        on_slice: Callable[[SliceResult], None],
        on_early: Callable[[SliceResult], None] | None,
    ) -> None:
        self._case, self._stopwatch, self._progress = case, stopwatch, progress
        self._on_slice, self._on_early = on_slice, on_early
        self._sizes = Sizes(case)
        self._total = len(case.slices)

    def explanation(self) -> Explanation:
        """All slices explained, tested, measured, and put together."""
        case = self._case
        results, skipped, warnings = self._explain_volume() if case.volumetric else self._explain_all_slices()
        results.sort(key=lambda result: result.z)  # whoever opened the case may have wanted some slices first
        evidence = self._evidence(results, is_complete=not warnings)
        with suppress(Cancelled):  # what is finished is kept, also when the user stops now
            self._progress(self._total, self._total, Message("measuring"))
        if not results:
            text = Message(
                "no slice could be explained: {reasons:; }. Name another structure, region or slices (the model is "
                "{model}, the scan is {modality})",
                reasons=tuple(dict.fromkeys(skipped.values())), model=case.segmenter.name,
                modality=case.scan.taken_for.words,
            )  # fmt: skip
            raise InputError(Message("{notes:; }", notes=(text, *case.label_notes)))
        notes = self._sizes.notes(results)
        with self._stopwatch("measure"):
            rows = evidence.added_to([row for result in results for row in slice_rows(case, result)])
        found = assemble_explanation(case, results, rows, skipped, [*warnings, *notes], self._stopwatch, evidence)
        return with_images(case, results, found, evidence)

    def _evidence(self, results: list[SliceResult], is_complete: bool) -> Evidence:
        """What the tests of the maps say; none of a run that ended early."""
        with self._stopwatch("evidence"):
            if results and is_complete:
                return gather(self._case, results, self._testing)
            why = (
                Message("the model took too long") if self._case.time_limit.exceeded else Message("stopped by the user")
            )
            return Evidence(self._case.request.evidence.level, missing=why)

    def _testing(self, share: float) -> None:
        self._progress(self._total * (1 - TESTING * (1 - share)), self._total, Message("evidence"))

    def _explaining(self, done: float, total: float, message: str) -> None:
        self._progress(min(done, self._total * (1 - TESTING)), total, message)

    def _explain_volume(self) -> Explained:
        on_early = self._on_early

        def each(results: list[SliceResult]) -> None:
            for result in results:
                if on_early is not None:
                    on_early(result)

        results, skipped = explain_volume(self._case, self._stopwatch, self._explaining, on_early and each)
        for result in results:
            self._on_slice(result)
        return results, skipped, _left_coarse(results, Message("the volume")) if results else []

    def _explain_all_slices(self) -> Explained:
        """All slices, or those where a structure that is small everywhere is largest."""
        results, skipped, warnings = self._explain_slices(self._case.slices)
        if not results and not warnings and (small := self._sizes.again()):
            results, _, warnings = self._explain_slices(small, smallest=0.0)
            skipped = {z: reason for z, reason in skipped.items() if z not in {r.z for r in results}}
        return results, skipped, warnings

    def _explain_slices(self, slices: Sequence[int], smallest: float | None = None) -> Explained:
        """Slice after slice."""
        results: list[SliceResult] = []
        skipped: dict[int, str] = {}
        spool = Spool()
        for number, z in enumerate(slices):

            def within(done: int, total: int, number: int = number, z: int = z) -> None:
                part = self._total / len(slices)
                self._explaining((number + done / max(1, total)) * part, self._total, Message("slice {slice}", slice=z))

            stopped = Message("stopped by the user after {count} of {total} slices", count=number, total=len(slices))
            try:
                within(0, 1)
                result = explain_slice(self._case, z, self._stopwatch, within, self._on_early, self._sizes, smallest)
            except Cancelled:
                if not results:
                    raise
                return results, skipped, [stopped]
            except OverTime as error:
                if not results:
                    raise
                return results, skipped, [Message(
                    "ended after {count} of {total} slices: {error}",
                    count=number, total=len(slices), error=error.text,
                )]  # fmt: skip
            if isinstance(result, str):
                skipped[z] = result
                continue
            results.append(spool.keep(result))
            self._on_slice(result)
            if coarse := _left_coarse([result], Message("slice {slice}", slice=z)):
                return results, skipped, [stopped, *coarse]
        return results, skipped, []


def _left_coarse(results: list[SliceResult], what: str) -> list[str]:
    """What to say of a map that the user stopped; nothing of a complete one."""
    attribution, images = results[0].attribution, results[0].images
    if images is not None and images.is_stopped:
        return [Message("what each image of {what} does is not complete: it was stopped by the user", what=what)]
    if attribution.is_complete:
        return []
    return [Message(
        "the map of {what} is coarse: it was stopped by the user after {count} evaluations",
        what=what, count=attribution.evaluations,
    )]  # fmt: skip
