"""The whole row for one request: words → region → model → map → numbers, stacked into the volume."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, nullcontext, suppress
from os import PathLike

from XAICLIPLib.attribution.methods import Method
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.case.arguments import check_calls, made
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.cautions import refuse_unsuitable
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.regions import BATCH
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import Cancelled, InputError, OverTime
from XAICLIPLib.metrics import map_metrics, prediction_metrics
from XAICLIPLib.pipeline.assemble import (
    Planner,
    assemble_explanation,
    assemble_location,
    location_rows,
)
from XAICLIPLib.pipeline.examine import gather
from XAICLIPLib.pipeline.slicewise import (
    Sizes,
    SliceResult,
    Stopwatch,
    explain_slice,
    nothing_to_explain,
    on_work_grid,
)
from XAICLIPLib.pipeline.spool import Spool
from XAICLIPLib.pipeline.volumetric import explain_volume, plan_volume
from XAICLIPLib.results.evidence import Evidence
from XAICLIPLib.results.explanation import Explanation, Plan
from XAICLIPLib.results.location import Location
from XAICLIPLib.results.notebook import ProgressBar
from XAICLIPLib.roi.region import agreement
from XAICLIPLib.volume import Volume

Progress = Callable[[float, float, str], None]
TESTING = 0.01  # share of the progress bar that is left for the evidence


def explain(
    scan: str | PathLike | Volume,
    structures: str | Iterable[str],
    method: str | Method | type[Method] = "occlusion",
    region: str | PathLike | Volume = "clip",
    model="bundled",
    slices: str | int | slice | Iterable[int] = "auto",
    reference: str | PathLike | Volume | None = None,
    device="auto",
    seed: int = 0,
    progress: Progress | bool | None = None,
    models: Models | None = None,
    **options,
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
    slices : str, int, slice, range or several ints
        "auto", "all", "40:60", "45"; 45, [40, 41], range(40, 60).
    reference : path, Volume or SimpleITK image, optional
        Ground truth; the model's own prediction stands in without it.
    device : str or torch.device
    seed : int
    progress : callable or bool, optional
        Called with (done, total, message); raise `Cancelled` in it to stop. What was finished is returned. True shows a
        bar, in a notebook too.
    models : Models, optional
        Keep one to keep models loaded between calls; ``Models(download=True)`` is your consent to download weights.
    **options
        Further fields of `Request`.

    Returns
    -------
    Explanation

    Raises
    ------
    XAICLIPError
        With a message that says what to do.
    """
    options = {**options, "slices": slices, "device": device, "seed": seed}
    request, held = made(scan, structures, method, region, model, reference, options)
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
    **given,
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
        Gets each slice as soon as it is finished.
    on_early : callable, optional
        Gets a slice that takes long while its map is still coarse, once a second at most; `on_slice` gets it later.
    **given
        What `Case` takes in memory: scan, reference, region, model.

    Raises
    ------
    XAICLIPError
        `Unsuitable` before anything is computed where models or words were made for another body part or modality,
        unless the request goes on anyway. `Cancelled` only where there was no slice to see, neither finished nor
        coarse.
    """
    watch = Stopwatch()
    tell = progress or (lambda done, total, message: None)
    with watch("open"):
        case = case or Case(request, models or Models(), **given)
        case.channels  # noqa: B018  an unknown structure or a missing model is said before anything is computed
        refuse_unsuitable(case)
    finished = on_slice or (lambda result: None)
    slices = len(case.slices)

    def explaining(done: float, total: float, message: str) -> None:
        tell(min(done, slices * (1 - TESTING)), total, message)

    sizes = Sizes(case)
    if case.volumetric:
        results, skipped = explain_volume(case, watch, explaining, on_early and (lambda seen: [*map(on_early, seen)]))
        for result in results:
            finished(result)
        warnings = _left_coarse(results, "the volume") if results else []
    else:
        results, skipped, warnings = _explain_slices(case, case.slices, watch, explaining, finished, on_early, sizes)
        if not results and not warnings and (small := sizes.again()):
            results, _, warnings = _explain_slices(case, small, watch, explaining, finished, on_early, sizes, 0.0)
            skipped = {z: reason for z, reason in skipped.items() if z not in {r.z for r in results}}
    results.sort(key=lambda result: result.z)  # whoever opened the case may have wanted some slices first
    with watch("evidence"):
        if results and not warnings:
            evidence = gather(
                case, results, lambda share: tell(slices * (1 - TESTING * (1 - share)), slices, "evidence")
            )
        else:
            why = "the model took too long" if case.time_limit.exceeded else "stopped by the user"
            evidence = Evidence(request.evidence, missing=why)
    with suppress(Cancelled):  # what is finished is kept, also when the user stops now
        tell(slices, slices, "measuring")
    if not results:
        reasons = "; ".join(dict.fromkeys(skipped.values()))
        raise InputError(
            f"no slice could be explained: {reasons}. Name another structure, region or slices "
            f"(the model is {case.segmenter.name}, the scan is {case.taken_for.words})"
            + "".join(f"; {note}" for note in case.label_notes)
        )
    notes = sizes.notes(results)
    with watch("measure"):
        rows = [row for result in results for row in slice_rows(case, result)]
        evidence.add_to(rows)
    return assemble_explanation(case, results, rows, skipped, [*warnings, *notes], watch, evidence)


def _explain_slices(
    case: Case,
    slices: Sequence[int],
    watch: Stopwatch,
    tell: Progress,
    finished: Callable[[SliceResult], None],
    on_early: Callable[[SliceResult], None] | None,
    sizes: Sizes,
    smallest: float | None = None,
) -> tuple[list[SliceResult], dict[int, str], list[str]]:
    """Explain slice after slice: the results, why the others were passed over, and warnings."""
    results: list[SliceResult] = []
    skipped: dict[int, str] = {}
    spool = Spool()
    for number, z in enumerate(slices):

        def within(done: int, total: int, number: int = number, z: int = z) -> None:
            part = len(case.slices) / len(slices)
            tell((number + done / max(1, total)) * part, len(case.slices), f"slice {z}")

        stopped = f"stopped by the user after {number} of {len(slices)} slices"
        try:
            within(0, 1)
            result = explain_slice(case, z, watch, within, on_early, sizes, smallest)
        except Cancelled:
            if not results:
                raise
            return results, skipped, [stopped]
        except OverTime as error:
            if not results:
                raise
            return results, skipped, [f"ended after {number} of {len(slices)} slices: {error}"]
        if isinstance(result, str):
            skipped[z] = result
            continue
        results.append(spool.keep(result))
        finished(result)
        if coarse := _left_coarse([result], f"slice {z}"):
            return results, skipped, [stopped, *coarse]
    return results, skipped, []


def _left_coarse(results: list[SliceResult], what: str) -> list[str]:
    """What to say of a map that the user stopped; nothing of a complete one."""
    attribution = results[0].attribution
    if attribution.is_complete:
        return []
    return [f"the map of {what} is coarse: it was stopped by the user after {attribution.evaluations} evaluations"]


def slice_rows(case: Case, result: SliceResult) -> list[dict]:
    """One row of numbers per structure that an explained slice holds.

    Where a volume was explained at once, its evaluations and scores are those of the volume, not of a slice. The
    baseline is the dilated prediction, the region that needs no vision-language model; the target is the reference, or
    the prediction where there is none.
    """
    rows = []
    attribution = result.attribution
    for k, structure in enumerate(case.structures):
        prediction = result.prediction[k]
        compared = prediction if result.reference is None else result.reference[k]
        if not attribution.present[k] or (case.volumetric and not compared.any()):
            continue
        row = {
            "slice": result.z,
            "structure": structure.name,
            "region": result.region.source,
            "region_threshold": result.region.thresholds.get(structure.name),
            "region_share": result.region.coverage,
            "region_recall": agreement(result.region.mask, prediction),
            "target_recall": agreement(result.region.mask, compared),
            "baseline_share": float(result.baseline.mean()),
            "baseline_recall": agreement(result.baseline, compared),
        }
        if not case.volumetric:
            row |= {
                "evaluations": attribution.evaluations,
                "full_evaluations": attribution.full_evaluations,
                "baseline_evaluations": result.baseline_evaluations,
                "rho": attribution.rho,
                "seconds": result.seconds,
                "evaluations_per_second": attribution.evaluations / result.seconds,
                "score": float(attribution.baseline[k]),
                "flat": bool(attribution.flat[k]),
            }
        row |= {
            "largest_drop": float(result.drop[k].max()),
            "smallest_drop": float(result.drop[k].min()),
            "predicted_mm2": float(prediction.sum()) * case.spacing[0] * case.spacing[1],
        }
        if result.reference is not None:
            row |= prediction_metrics(prediction, result.reference[k], case.spacing)
        row |= map_metrics(result.saliency[k], result.evaluated, compared, case.spacing)
        rows.append(row)
    return rows


def locate(
    request: Request,
    *,
    models: Models | None = None,
    compare: bool = False,
    progress: Progress | None = None,
    **given,
) -> Location:
    """Find the structures' region in every slice, without explaining anything.

    Parameters
    ----------
    request, models, progress, **given
        As in `run`.
    compare : bool
        Whether the model is asked as well. Then a region is what `run` would perturb, with the same fallbacks, and it
        is held against the model's own prediction, unless the request has a reference.

    Raises
    ------
    InputError
        If the scan can't be used, or the region's source or the comparison needs what the model does not give.
    """
    case = Case(request, models or Models(), **given)
    if compare:
        case.channels  # noqa: B018  an unknown structure is said before anything is computed
    tell = progress or (lambda done, total, message: None)
    regions, predictions, rows, spool = {}, {}, [], Spool()
    for start in range(0, len(case.slices), BATCH):
        some = case.slices[start : start + BATCH]
        tell(start, len(case.slices), f"slice {some[0]}")
        if not (compare and request.region == "prediction"):
            case.regions(some)
        for number, z in enumerate(some, start):
            tell(number, len(case.slices), f"slice {z}")
            predicted = case.predicted(z) if compare else None
            region = case.region(z, predicted)
            rows += location_rows(case, z, region, predicted, planner(case, z) if compare else None)
            regions[z] = spool.keep(region)
            if compare:
                predictions[z] = spool.keep(predicted)
    return assemble_location(case, regions, predictions, rows)


def planner(case: Case, z: int) -> Planner | None:
    """How many evaluations a mask of slice z takes to be explained; None where only volumes are."""
    if case.volumetric:
        return None
    prepared = case.prepare(z)
    method = on_work_grid(case, prepared)
    return lambda mask: method.plan(prepared.grid.mask_to_work(mask))


def plan(
    request: Request,
    *,
    models: Models | None = None,
    case: Case | None = None,
    progress: Progress | None = None,
    **given,
) -> Plan:
    """How many evaluations a request needs, and about how long: its regions are found and the model is timed once."""
    case = case or Case(request, models or Models(), **given)
    tell = progress or (lambda done, total, message: None)
    if case.volumetric:
        return plan_volume(case, tell)
    sizes = Sizes(case)
    found = _plan_slices(case, case.slices, tell, sizes)
    if not found.slices and (small := sizes.again()):
        found = _plan_slices(case, small, tell, sizes, 0.0)
    return found


def _plan_slices(
    case: Case, chosen: Sequence[int], tell: Progress, sizes: Sizes, smallest: float | None = None
) -> Plan:
    """What explaining some slices would cost; those that are passed over are remembered in `sizes`."""
    evaluations = full = slices = 0
    seconds = 0.0
    for number, z in enumerate(chosen):
        tell(number * len(case.slices) / len(chosen), len(case.slices), f"slice {z}")
        start = time.perf_counter()
        prepared = case.prepare(z)
        scorer = Scorer(case.predictor(prepared), prepared.image, batch_size=case.request.batch_size)
        prediction = prepared.grid.to_slice(scorer.prediction.cpu().numpy()) > 0.5
        if nothing_to_explain(case, z, prediction, smallest):
            sizes.add(z, prediction if case.references is None else case.references[:, z])
            continue
        region = case.region(z, {s.name: m for s, m in zip(case.structures, prediction)})
        method = on_work_grid(case, prepared)
        needed, whole = method.plan(prepared.grid.mask_to_work(region.mask))
        if slices == 0:
            per_evaluation = scorer.seconds_each()
        slices += 1
        evaluations += needed
        full += whole
        seconds += time.perf_counter() - start
    return Plan(slices, evaluations, full, seconds + evaluations * (per_evaluation if slices else 0.0))
