"""The whole row for one request: slice by slice, words → region → model → map → numbers, stacked into the volume."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import numpy as np
import torch

from XAICLIPLib.assemble import assemble_explanation, assemble_location
from XAICLIPLib.case import Case, Models
from XAICLIPLib.errors import Cancelled, InputError
from XAICLIPLib.explain.attribute import explain as explain_image
from XAICLIPLib.explain.attribution import FLAT, Attribution
from XAICLIPLib.explain.fill import HOUNSFIELD
from XAICLIPLib.explain.score import Scorer
from XAICLIPLib.explain.settings import Method, Occlusion
from XAICLIPLib.explanation import Explanation, Location, Plan
from XAICLIPLib.measure import map_metrics, prediction_metrics
from XAICLIPLib.models.base import Prepared
from XAICLIPLib.request import Request, make_method
from XAICLIPLib.roi.mask import Region, agreement
from XAICLIPLib.volume import Volume

MIN_AREA_MM2 = 100.0
Progress = Callable[[float, float, str], None]


@dataclass(frozen=True, eq=False)
class SliceResult:
    """One explained slice, on the axial grid: maps per structure (K, H, W), masks (H, W)."""

    z: int
    drop: np.ndarray
    saliency: np.ndarray
    stderr: np.ndarray | None
    evaluated: np.ndarray
    region: Region
    prediction: np.ndarray
    reference: np.ndarray | None
    attribution: Attribution
    seconds: float


class Stopwatch:
    """Wall time per stage of a run."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str):
        start = time.perf_counter()
        try:
            yield
        finally:
            self.add(stage, time.perf_counter() - start)

    def add(self, stage: str, seconds: float) -> None:
        """Count seconds towards a stage."""
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds


def explain(
    scan: str | Volume,
    structures: list[str] | tuple[str, ...],
    method: str | Method = "occlusion",
    region: str | Volume = "clip",
    model="bundled",
    slices: str = "auto",
    reference: str | Volume | None = None,
    device: str = "auto",
    seed: int = 0,
    progress: Progress | None = None,
    **options,
) -> Explanation:
    """Explain why a model segments structures in a scan as it does.

    Parameters
    ----------
    scan : path or Volume
    structures : sequence of str
        In words: "liver", "right kidney", ….
    method : str, Occlusion, Rise or Lime
        A name takes the paper's settings; for occlusion they are then pixels of a slice 512 pixels wide.
    region : str or Volume
        "clip" (the vision-language model), "prediction", "full", or a mask as path or volume.
    model : str, callable or Segmenter
        See `open_segmenter`.
    slices : str
        "auto", "all", "40:60", "45".
    reference : path or Volume, optional
        Ground truth; the model's own prediction stands in without it.
    device, seed
    progress : callable, optional
        Called with (done, total, message); raise `Cancelled` in it to stop. What was finished is returned.
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
    request = Request(
        scan=str(scan) if not isinstance(scan, Volume) else scan.name,
        structures=tuple([structures] if isinstance(structures, str) else structures),
        method=make_method(method) if isinstance(method, str) else method,
        region="segment" if isinstance(region, Volume) else str(region),
        model=model if isinstance(model, str) else getattr(model, "name", getattr(model, "__name__", "callable")),
        reference=None if reference is None or isinstance(reference, Volume) else str(reference),
        slices=slices,
        device=device,
        seed=seed,
        **options,
    )
    return run(
        request,
        scan=scan if isinstance(scan, Volume) else None,
        reference=reference if isinstance(reference, Volume) else None,
        region=region if isinstance(region, Volume) else None,
        model=None if isinstance(model, str) else model,
        progress=progress,
    )


def run(
    request: Request,
    *,
    models: Models | None = None,
    case: Case | None = None,
    progress: Progress | None = None,
    on_slice: Callable[[SliceResult], None] | None = None,
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
    **given
        What `Case` takes in memory: scan, reference, region, model.

    Raises
    ------
    XAICLIPError
        `Cancelled` only where no slice was finished.
    """
    watch = Stopwatch()
    tell = progress or (lambda done, total, message: None)
    with watch("open"):
        case = case or Case(request, models or Models(), **given)
        case.channels  # noqa: B018  an unknown structure or a missing model is said before anything is computed
    results: list[SliceResult] = []
    skipped: dict[int, str] = {}
    warnings: list[str] = []
    for number, z in enumerate(case.slices):

        def within(done: int, total: int, number: int = number, z: int = z) -> None:
            tell(number + done / max(1, total), len(case.slices), f"slice {z}")

        try:
            within(0, 1)
            result = explain_slice(case, z, watch, within)
        except Cancelled:
            if not results:
                raise
            warnings.append(f"stopped by the user after {number} of {len(case.slices)} slices")
            break
        if isinstance(result, str):
            skipped[z] = result
            continue
        results.append(result)
        if on_slice:
            on_slice(result)
    with suppress(Cancelled):  # what is finished is kept, also when the user stops now
        tell(len(case.slices), len(case.slices), "measuring")
    if not results:
        reasons = "; ".join(dict.fromkeys(skipped.values()))
        raise InputError(
            f"no slice could be explained: {reasons}. Name another structure, region or slices "
            f"(the model is {case.segmenter.name}, the scan {case.modality})"
        )
    results.sort(key=lambda result: result.z)  # whoever opened the case may have wanted some slices first
    with watch("measure"):
        rows = [row for result in results for row in slice_rows(case, result)]
    return assemble_explanation(case, results, rows, skipped, warnings, watch)


def explain_slice(case: Case, z: int, watch: Stopwatch, progress=None) -> SliceResult | str:
    """Explain one slice, or say why there is nothing to explain in it."""
    start = time.perf_counter()
    request = case.request
    with watch("prepare"):
        prepared = case.prepare(z)
        truth = None if case.references is None else case.references[:, z]
        reference = None
        if truth is not None:
            reference = torch.as_tensor(np.stack([prepared.grid.mask_to_work(m) for m in truth]))
    scorer = Scorer(
        case.predict,
        prepared.image,
        reference=reference,
        score=request.score,
        batch_size=request.batch_size,
        progress=progress,
    )
    with watch("prepare"):
        probabilities = prepared.grid.to_slice(scorer.prediction.cpu().numpy())
        prediction = probabilities > 0.5
    masks = {s.name: m for s, m in zip(case.structures, prediction)}
    if reason := nothing_to_explain(case, z, prediction):
        return reason
    with watch("region"):
        region = case.region(z, masks)
        work_region = prepared.grid.mask_to_work(region.mask)
    if not work_region.any():
        return f"the {region.source} region is empty"
    before, spent = time.perf_counter(), scorer.model_seconds
    attribution = explain_image(
        scorer,
        torch.as_tensor(work_region, device=prepared.image.device),
        on_work_grid(case, prepared),
        request.seed,
    )
    watch.add("perturb and score", time.perf_counter() - before - (scorer.model_seconds - spent))
    watch.add("model", scorer.model_seconds)
    with watch("prepare"):
        evaluated, drop, stderr = on_slice_grid(attribution, prepared, region.mask)
    seconds = time.perf_counter() - start
    return SliceResult(z, drop, normalised(drop), stderr, evaluated, region, prediction, truth, attribution, seconds)


def nothing_to_explain(case: Case, z: int, prediction: np.ndarray) -> str:
    """Why slice z is passed over, given the model's masks (K, H, W); empty where it is not.

    Unless the user named the slices, a few stray pixels do not make one worth explaining.
    """
    wanted, whose = (
        (prediction, "model finds") if case.references is None else (case.references[:, z], "reference holds")
    )
    smallest = MIN_AREA_MM2 if case.request.slices == "auto" else 0.0
    largest = max(m.sum() for m in wanted) * case.spacing[0] * case.spacing[1]
    return "" if largest > smallest else f"the {whose} none of the structures"


def on_work_grid(case: Case, prepared: Prepared) -> Method:
    """The request's method in pixels and values of the prepared image."""
    method = case.request.method
    if isinstance(method, Occlusion):
        method = method.on_grid(case.pixels_per_unit(prepared, method.unit))
    if isinstance(method.fill, str) and method.fill in HOUNSFIELD:
        if case.modality != "CT":
            raise InputError(f"fill {method.fill!r} is a CT number; this scan is {case.modality}: choose blur or mean")
        method = type(method)(**{**vars(method), "fill": prepared.value(HOUNSFIELD[method.fill])})
    return method


def on_slice_grid(
    attribution: Attribution, prepared: Prepared, region: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """What was evaluated (H, W), signed drop and standard error (K, H, W) on the slice.

    The map ends at the region's edge; interpolating it as it stands would mix in the zeros outside, so values and
    weights are interpolated and divided.
    """
    inside = attribution.evaluated.astype(np.float32)
    weight = prepared.grid.to_slice(inside)
    evaluated = region & (weight > 1e-3)

    def spread(values: np.ndarray) -> np.ndarray:
        return np.where(evaluated, prepared.grid.to_slice(values * inside) / np.maximum(weight, 1e-3), 0.0).astype(
            np.float32
        )

    stderr = None if attribution.stderr is None else spread(attribution.stderr)
    return evaluated, spread(attribution.drop), stderr


def normalised(drop: np.ndarray) -> np.ndarray:
    """Saliency in [0, 1] for display: the positive drop as a share of the slice's largest, per structure; a flat map
    stays 0 instead of showing its noise."""
    positive = np.maximum(drop, 0)
    largest = positive.reshape(len(drop), -1).max(1)[:, None, None]
    return np.where(largest >= FLAT, positive / np.maximum(largest, FLAT), 0.0).astype(np.float32)


def slice_rows(case: Case, result: SliceResult) -> list[dict]:
    """One row of numbers per structure that an explained slice holds."""
    rows = []
    attribution = result.attribution
    for k, structure in enumerate(case.structures):
        if not attribution.present[k]:
            continue
        prediction = result.prediction[k]
        row = {
            "slice": result.z,
            "structure": structure.name,
            "region": result.region.source,
            "region_threshold": result.region.threshold,
            "region_share": result.region.coverage,
            "region_recall": agreement(result.region.mask, prediction),
            "evaluations": attribution.evaluations,
            "full_evaluations": attribution.full_evaluations,
            "rho": attribution.rho,
            "seconds": result.seconds,
            "evaluations_per_second": attribution.evaluations / result.seconds,
            "score": float(attribution.baseline[k]),
            "largest_drop": float(result.drop[k].max()),
            "smallest_drop": float(result.drop[k].min()),
            "flat": bool(attribution.flat[k]),
            "predicted_mm2": float(prediction.sum()) * case.spacing[0] * case.spacing[1],
        }
        if result.reference is not None:
            row |= prediction_metrics(prediction, result.reference[k], case.spacing)
        compared = prediction if result.reference is None else result.reference[k]
        row |= map_metrics(result.saliency[k], result.evaluated, compared, case.spacing)
        rows.append(row)
    return rows


def locate(request: Request, *, models: Models | None = None, progress: Progress | None = None, **given) -> Location:
    """Find the structures' region in every slice, without explaining anything.

    Raises
    ------
    InputError
        If the scan can't be used, or the region's source needs a model's prediction.
    """
    if request.region == "prediction":
        raise InputError("locate shows where words are found; give region clip, a mask or a box")
    case = Case(request, models or Models(), **given)
    tell = progress or (lambda done, total, message: None)
    regions = {}
    for number, z in enumerate(case.slices):
        tell(number, len(case.slices), f"slice {z}")
        regions[z] = case.region(z)
    return assemble_location(case, regions)


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
    evaluations = full = slices = 0
    seconds = 0.0
    for number, z in enumerate(case.slices):
        tell(number, len(case.slices), f"slice {z}")
        start = time.perf_counter()
        prepared = case.prepare(z)
        scorer = Scorer(case.predict, prepared.image, batch_size=request.batch_size)
        prediction = prepared.grid.to_slice(scorer.prediction.cpu().numpy()) > 0.5
        if nothing_to_explain(case, z, prediction):
            continue
        region = case.region(z, {s.name: m for s, m in zip(case.structures, prediction)})
        method = on_work_grid(case, prepared)
        needed, whole = method.plan(prepared.grid.mask_to_work(region.mask))
        if slices == 0:
            batch = prepared.image[None].repeat(8, 1, 1, 1)
            case.predict(batch)
            before = time.perf_counter()
            case.predict(batch)
            per_evaluation = (time.perf_counter() - before) / len(batch)
        slices += 1
        evaluations += needed
        full += whole
        seconds += time.perf_counter() - start
    return Plan(slices, evaluations, full, seconds + evaluations * (per_evaluation if slices else 0.0))
