"""Rows of numbers: of an explained slice, of the whole volume, and of a located region."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np

from XAICLIPLib.case import regions
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.cautions import Caution
from XAICLIPLib.metrics import dice, iou, map_metrics, prediction_metrics
from XAICLIPLib.metrics.overlap import BAND_MM
from XAICLIPLib.pipeline.opened import SliceResult, attributions_of
from XAICLIPLib.roi.quality import quality
from XAICLIPLib.roi.region import BOX_MARGIN_MM, Region, dilate, region_recall

Planner = Callable[[np.ndarray], tuple[int, int]]


def whole_volume_row(
    case: Case, results: list, rows: list[dict], k: int, evidence, found: tuple[Caution, ...]
) -> dict | None:
    """The numbers of the whole volume for structure k, over the slices that hold it, or over all where the volume was
    explained at once; None where no slice holds it."""
    name = case.structures[k].name
    own = [row for row in rows if row["structure"] == name]
    if not own:
        return None
    results = [r for r in results if r.attribution.present[k]]
    attributions = attributions_of(results)
    spacing = (case.axial.spacing[2], *case.spacing)
    prediction = np.stack([r.prediction[k] for r in results])
    compared = prediction if case.references is None else np.stack([r.reference[k] for r in results])
    evaluations = sum(a.evaluations for a in attributions)
    full = sum(a.full_evaluations for a in attributions)
    seconds = sum(r.seconds for r in results)
    peaks = [float(r.drop[k].max()) for r in results]  # each is read from the disk
    best = results[int(np.argmax(peaks))]
    row = {
        "slice": "all",
        "structure": name,
        "region": "+".join(sorted({r["region"] for r in own})),
        "region_share": float(np.mean([r["region_share"] for r in own])),
        "target_recall": region_recall(np.stack([r.region.mask for r in results]), compared),
        "baseline_share": float(np.mean([r["baseline_share"] for r in own])),
        "baseline_recall": region_recall(np.stack([r.baseline for r in results]), compared),
        "baseline_evaluations": sum({id(r.attribution): r.baseline_evaluations for r in results}.values()),
        "evaluations": evaluations,
        "full_evaluations": full,
        "rho": evaluations / full,
        "seconds": seconds,
        "evaluations_per_second": evaluations / seconds,
        "score": float(np.mean([a.baseline[k] for a in attributions])),
        "largest_drop": max(peaks),
        "largest_drop_slice": best.z,
        "largest_drop_score": float(best.attribution.baseline[k]),
        "smallest_drop": min(float(r.drop[k].min()) for r in results),
        "flat": all(bool(a.flat[k]) for a in attributions),
        "predicted_mm2": sum(r["predicted_mm2"] for r in own),
    }
    if case.references is not None:
        row |= prediction_metrics(prediction, compared, spacing)
    cut = _part([r.evaluated for r in results], compared, case.spacing)
    saliency = np.stack([r.saliency[k][cut] for r in results])
    evaluated = np.stack([r.evaluated[cut] for r in results])
    row |= map_metrics(saliency, evaluated, compared[:, cut[0], cut[1]], spacing)
    row["evaluated_share"] = np.count_nonzero(evaluated) / prediction.size  # of the slices, not of the part
    by = {"all": results[0].attribution} if case.volumetric else {r.z: r.attribution for r in results}
    return row | evidence.verdict(row, own, by, k, found)


def _part(evaluated: Iterable[np.ndarray], compared: np.ndarray, spacing: tuple[float, float]) -> tuple[slice, slice]:
    """The rows and columns in which all that a map's numbers count lies: what was evaluated, and the target with the
    band round its border. Beyond it nothing is but zeros, a float for each of a scan's voxels."""
    held = np.logical_or.reduce([*evaluated, compared.any(0)])
    part = []
    for axis, step in enumerate(spacing):
        found = np.flatnonzero(held.any(1 - axis))
        margin = math.ceil(BAND_MM / step) + 1
        part.append(slice(max(int(found[0]) - margin, 0), int(found[-1]) + 1 + margin))
    return tuple(part)


def location_rows(
    case: Case, z: int, region: Region, prediction: dict[str, np.ndarray] | None = None, plan: Planner | None = None
) -> list[dict]:
    """How good the region of each structure in slice z is.

    Parameters
    ----------
    case : Case
    z : int
    region : Region
    prediction : dict of structure to bool (H, W), optional
        The model's own masks.
    plan : callable, optional
        From a mask (H, W) to the evaluations that explaining it takes, and those of the whole slice.

    Returns
    -------
    list of dict
        Where the region comes from and why, what `quality` says of it, and, where the reference or else the prediction
        holds the structure, how well they agree: ``recall``, ``dice``, ``iou``. With a prediction, the same of the
        baseline: the dilated prediction, which needs no vision-language model.
    """
    rows = []
    body = regions.body(case, z)
    for k, structure in enumerate(case.structures):
        name = structure.name
        mask = region.masks.get(name, region.mask)
        row = {
            "slice": z,
            "structure": name,
            "source": region.source,
            "reason": region.reason,
            "threshold": region.thresholds.get(name),
            "area_mm2": _area(case, mask),
            **quality(mask, body, region.similarity.get(name)),
        }
        own = None if prediction is None else prediction[name]
        target, whose = (own, "prediction") if case.references is None else (case.references[k, z], "reference")
        if target is not None:
            row |= {"compared_with": whose, **_compared(mask, target)}
        if plan is not None:
            row["evaluations"], row["full_evaluations"] = plan(mask)
        if own is not None:
            baseline = dilate(own, BOX_MARGIN_MM, case.spacing)
            row |= {f"baseline_{key}": value for key, value in _compared(baseline, target).items()}
            row["baseline_area_mm2"] = _area(case, baseline)
            if plan is not None:
                row["baseline_evaluations"] = plan(baseline)[0]
        rows.append(row | {"warnings": "; ".join(region.warnings)})
    return rows


def _area(case: Case, mask: np.ndarray) -> float:
    return float(mask.sum()) * case.spacing[0] * case.spacing[1]


def _compared(mask: np.ndarray, target: np.ndarray) -> dict:
    """Recall, Dice and IoU of a region; None where there is no target to find."""
    if not target.any():
        return dict.fromkeys(("recall", "dice", "iou"))
    return {"recall": region_recall(mask, target), "dice": dice(mask, target), "iou": iou(mask, target)}


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
            "region_recall": region_recall(result.region.mask, prediction),
            "target_recall": region_recall(result.region.mask, compared),
            "baseline_share": float(result.baseline.mean()),
            "baseline_recall": region_recall(result.baseline, compared),
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
