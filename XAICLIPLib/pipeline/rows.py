"""Rows of numbers: of an explained slice, of the whole volume, and of a located region."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import Any, TypedDict

import numpy as np

from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.cautions import Caution
from XAICLIPLib.metrics import dice, iou, map_metrics, prediction_metrics
from XAICLIPLib.metrics.map_overlap import BAND_MM
from XAICLIPLib.pipeline.opened import SliceResult, attributions_of
from XAICLIPLib.results.evidence import Evidence
from XAICLIPLib.results.rows import LocationRow, SliceRow, SummaryRow
from XAICLIPLib.roi.masks import dilate
from XAICLIPLib.roi.quality import quality
from XAICLIPLib.roi.region import BOX_MARGIN_MM, Region, region_recall

Planner = Callable[[np.ndarray], tuple[int, int]]


def summary_row(
    case: Case,
    results: Sequence[SliceResult],
    rows: Sequence[SliceRow],
    k: int,
    evidence: Evidence,
    cautions: tuple[Caution, ...],
) -> SummaryRow | None:
    """The numbers of structure k over the slices that hold it, or over all where the volume was explained at once.

    Parameters
    ----------
    case : Case
    results : sequence of SliceResult
        The slices that were explained.
    rows : sequence of SliceRow
        Their numbers, of all structures.
    k : int
        Which of the case's structures, from 0.
    evidence : Evidence
        What the verdict rests on.
    cautions : tuple of Caution
        About models and region.

    Returns
    -------
    SummaryRow, or None
        None where no slice holds the structure.
    """
    name = case.structures[k].name
    own = [row for row in rows if row.structure == name]
    if not own:
        return None
    results = [r for r in results if r.attribution.present[k]]
    attributions = attributions_of(results)
    prediction = np.stack([r.prediction[k] for r in results])
    target = prediction if case.references is None else np.stack([r.target(k) for r in results])
    spacing = (case.scan.axial.spacing[2], *case.scan.spacing)
    overlap = {} if case.references is None else prediction_metrics(prediction, target, spacing)
    evaluations = sum(a.evaluations for a in attributions)
    full = sum(a.full_evaluations for a in attributions)
    seconds = sum(r.seconds for r in results)
    peaks = [float(r.drop[k].max()) for r in results]  # each is read from the disk
    best = results[int(np.argmax(peaks))]
    row = SummaryRow(
        slice="all",
        structure=name,
        region="+".join(sorted({r.region for r in own})),
        region_share=float(np.mean([r.region_share for r in own])),
        target_recall=region_recall(np.stack([r.region.mask for r in results]), target),
        baseline_share=float(np.mean([r.baseline_share for r in own])),
        baseline_recall=region_recall(np.stack([r.baseline for r in results]), target),
        baseline_evaluations=sum({id(r.attribution): r.baseline_evaluations for r in results}.values()),
        evaluations=evaluations,
        full_evaluations=full,
        rho=evaluations / full,
        seconds=seconds,
        evaluations_per_second=evaluations / seconds,
        score=float(np.mean([a.baseline[k] for a in attributions])),
        largest_drop=max(peaks),
        largest_drop_slice=best.z,
        largest_drop_score=float(best.attribution.baseline[k]),
        smallest_drop=min(float(r.drop[k].min()) for r in results),
        flat=all(bool(a.flat[k]) for a in attributions),
        predicted_mm2=sum(r.predicted_mm2 for r in own),
        **_kept(results, k, own),
        **_of_images(case, results, k),
        **SummaryRow.attributes(overlap | _map_of_all(results, k, target, spacing)),
    )
    by_slice: dict[int | str, Attribution]
    by_slice = {"all": results[0].attribution} if case.volumetric else {r.z: r.attribution for r in results}
    return evidence.judged(row, own, by_slice, k, cautions)


def _map_of_all(
    results: Sequence[SliceResult], k: int, target: np.ndarray, spacing: tuple[float, float, float]
) -> dict[str, float]:
    """`map_metrics` of all slices at once, with the target's masks (Z, H, W)."""
    part = _part([r.evaluated for r in results], target, spacing[1:])
    saliency = np.stack([r.saliency[k][part] for r in results])
    evaluated = np.stack([r.evaluated[part] for r in results])
    numbers = map_metrics(saliency, evaluated, target[:, part[0], part[1]], spacing)
    return numbers | {"evaluated_share": np.count_nonzero(evaluated) / target.size}  # of the slices, not of the part


def _part(evaluated: Iterable[np.ndarray], target: np.ndarray, spacing: tuple[float, float]) -> tuple[slice, slice]:
    """The rows and columns in which all that a map's numbers count lies: what was evaluated, and the target with the
    band round its border. Beyond it nothing is but zeros, a float for each of a scan's voxels."""
    held = np.logical_or.reduce([*evaluated, target.any(0)])
    part = []
    for axis, step in enumerate(spacing):
        places = np.flatnonzero(held.any(1 - axis))
        margin = math.ceil(BAND_MM / step) + 1
        part.append(slice(max(int(places[0]) - margin, 0), int(places[-1]) + 1 + margin))
    return part[0], part[1]


def location_rows(
    case: Case, z: int, region: Region, prediction: dict[str, np.ndarray] | None = None, plan: Planner | None = None
) -> list[LocationRow]:
    """How good the region of each structure in slice z is.

    Parameters
    ----------
    case : Case
    z : int
        Axial slice.
    region : Region
        What was found in it.
    prediction : dict of structure to bool (H, W), optional
        The model's own masks.
    plan : callable, optional
        From a mask (H, W) to the evaluations that explaining it takes, and those of the whole slice.

    Returns
    -------
    list of LocationRow
        One per structure. The region is held against the reference, or else the prediction, where there is one. With a
        prediction the row has the same numbers of the dilated prediction, which needs no vision-language model.
    """
    body = case.scan.body(z)
    rows = []
    for k, structure in enumerate(case.structures):
        name = structure.name
        mask = region.masks.get(name, region.mask)
        own = None if prediction is None else prediction[name]
        target, whose = (own, "prediction") if case.references is None else (case.references[k, z], "reference")
        numbers = {"threshold": region.thresholds.get(name), **quality(mask, body, region.similarity.get(name))}
        if target is not None:
            numbers |= {"compared_with": whose, **_compared(mask, target)}
        if plan is not None:
            numbers["evaluations"], numbers["full_evaluations"] = plan(mask)
        if own is not None and target is not None:
            dilated = dilate(own, BOX_MARGIN_MM, case.scan.spacing)
            numbers |= {f"baseline_{key}": value for key, value in _compared(dilated, target).items()}
            numbers["baseline_area_mm2"] = _area(case, dilated)
            if plan is not None:
                numbers["baseline_evaluations"] = plan(dilated)[0]
        rows.append(
            LocationRow(
                slice=z,
                structure=name,
                source=region.source,
                reason=region.reason,
                area_mm2=_area(case, mask),
                warnings="; ".join(region.warnings),
                **LocationRow.attributes(numbers),
            )
        )
    return rows


def _area(case: Case, mask: np.ndarray) -> float:
    return float(mask.sum()) * case.scan.spacing[0] * case.scan.spacing[1]


def _compared(mask: np.ndarray, target: np.ndarray) -> dict[str, float]:
    """Recall, Dice and IoU of a region; nan where there is no target to find."""
    if not target.any():
        return dict.fromkeys(("recall", "dice", "iou"), float("nan"))
    return {"recall": region_recall(mask, target), "dice": dice(mask, target), "iou": iou(mask, target)}


def slice_rows(case: Case, result: SliceResult) -> list[SliceRow]:
    """One row of numbers per structure that an explained slice holds.

    Parameters
    ----------
    case : Case
    result : SliceResult
        The explained slice.

    Returns
    -------
    list of SliceRow
        Without the evidence. Where a volume was explained at once, evaluations and scores are those of the volume, and
        no slice has them.
    """
    rows = []
    for k, structure in enumerate(case.structures):
        prediction, target = result.prediction[k], result.target(k)
        if not result.attribution.present[k] or (case.volumetric and not target.any()):
            continue
        overlap = {} if result.reference is None else prediction_metrics(prediction, target, case.scan.spacing)
        map_overlap = map_metrics(result.saliency[k], result.evaluated, target, case.scan.spacing)
        rows.append(
            SliceRow(
                slice=result.z,
                structure=structure.name,
                region=result.region.source,
                region_threshold=result.region.thresholds.get(structure.name),
                region_share=result.region.coverage,
                region_recall=region_recall(result.region.mask, prediction),
                target_recall=region_recall(result.region.mask, target),
                baseline_share=float(result.baseline.mean()),
                baseline_recall=region_recall(result.baseline, target),
                largest_drop=float(result.drop[k].max()),
                smallest_drop=float(result.drop[k].min()),
                predicted_mm2=_area(case, prediction),
                **({} if case.volumetric else _spent(result, k)),
                **({} if case.volumetric or result.kept is None else _kept([result], k)),
                **({} if case.volumetric else _of_images(case, [result], k)),
                **SliceRow.attributes(overlap | map_overlap),
            )
        )
    return rows


class _Recorded(TypedDict, total=False):
    """What a run's record says of a structure; nan where nothing can be said."""

    shape_correlation: float
    unseen_share: float
    remote_loss: float


def _kept(results: Sequence[SliceResult], k: int, rows: Sequence[SliceRow] = ()) -> _Recorded:
    """What was recorded of structure k, over some slices: by their areas where these are given as rows."""
    kept = [(r.kept, row) for r, row in zip_longest(results, rows) if r.kept is not None]
    shapes = [float(each.shape[k]) for each, _ in kept if np.isfinite(each.shape[k])]
    remote = [float(each.remote[k]) for each, _ in kept if np.isfinite(each.remote[k])]
    unseen = [(float(each.unseen[k]), 1.0 if row is None else row.predicted_mm2) for each, row in kept]
    unseen = [(share, area) for share, area in unseen if np.isfinite(share) and area]
    shares, areas = zip(*unseen) if unseen else ((), ())
    return {
        "shape_correlation": float(np.mean(shapes)) if shapes else np.nan,
        "unseen_share": float(np.average(shares, weights=areas)) if shares else np.nan,
        "remote_loss": max(remote, default=np.nan),
    }


def _of_images(case: Case, results: Sequence[SliceResult], k: int) -> dict[str, list]:
    """What each of several images is worth for structure k, mean over some slices."""
    known = [r.images.shapley[:, k] for r in results if r.images is not None and r.images.shapley is not None]
    if not known:
        return {}
    return {"images": list(case.image_names), "image_shapley": [float(v) for v in np.mean(known, 0)]}


def _spent(result: SliceResult, k: int) -> dict[str, Any]:
    """What the map of a slice took, and the score of structure k that it is of."""
    attribution = result.attribution
    return {
        "evaluations": attribution.evaluations,
        "full_evaluations": attribution.full_evaluations,
        "baseline_evaluations": result.baseline_evaluations,
        "rho": attribution.rho,
        "seconds": result.seconds,
        "evaluations_per_second": attribution.evaluations / result.seconds,
        "score": float(attribution.baseline[k]),
        "flat": bool(attribution.flat[k]),
    }
