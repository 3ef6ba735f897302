"""Stack the slices of a run into volumes on the scan's own grid, with the numbers of the whole."""

from __future__ import annotations

import numpy as np

from XAICLIPLib.case import Case
from XAICLIPLib.explanation import KIND, Explanation, Location
from XAICLIPLib.measure import map_metrics, prediction_metrics
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY, environment
from XAICLIPLib.roi.mask import Region
from XAICLIPLib.volume import Volume


class _Stack:
    """Slices put into volumes on the axial grid, handed out on the scan's own."""

    def __init__(self, case: Case) -> None:
        self._case = case

    def __call__(self, slices: dict[int, np.ndarray], dtype, name: str) -> Volume:
        voxels = np.zeros(self._case.axial.shape, dtype)
        for z, values in slices.items():
            voxels[z] = values
        return self._case.scan.restore(self._case.axial.like(voxels, name))


def labels_of(masks: np.ndarray) -> np.ndarray:
    """Masks (K, …) as one label map with 1…K; where they overlap the later one shows."""
    out = np.zeros(masks.shape[1:], np.uint8)
    for label, mask in enumerate(masks, start=1):
        out[mask] = label
    return out


def picture_of(case: Case) -> Volume:
    """The scan as it is shown, in [0, 1]."""
    return _Stack(case)({z: case.picture(z) for z in range(case.axial.shape[0])}, np.float32, "picture")


def best_similarity(region: Region) -> np.ndarray:
    """The largest probability (H, W) of any of the words."""
    return np.maximum.reduce(list(region.similarity.values()))


def _structures(case: Case) -> list[dict]:
    return [
        {"name": s.name, "label": s.label, "colour": list(s.colour), "snomed_ct": s.code, "value": value}
        for value, s in enumerate(case.structures, start=1)
    ]


def _common(case: Case, warnings: list[str]) -> dict:
    return {
        "version": 1,
        "notice": RESEARCH_USE_ONLY,
        "request": case.request.to_json(),
        "scan": case.provenance(),
        "structures": _structures(case),
        "device": str(case.device),
        "environment": environment(),
        "warnings": list(dict.fromkeys([*case.scan.notes, *warnings])),
    }


def assemble_explanation(
    case: Case, results: list, rows: list[dict], skipped: dict, warnings: list[str], watch
) -> Explanation:
    """The explanation of the slices that were explained (`pipeline.SliceResult`)."""
    stack = _Stack(case)
    names = [s.name for s in case.structures]

    def named(kind: str) -> dict[str, Volume]:
        return {
            name: stack({r.z: getattr(r, kind)[k] for r in results}, np.float32, f"{kind} {name}")
            for k, name in enumerate(names)
        }

    with watch("stack"):
        drops, saliencies = named("drop"), named("saliency")
        stderrs = named("stderr") if all(r.stderr is not None for r in results) else {}
        found = {r.z: best_similarity(r.region) for r in results if r.region.similarity}
        volumes = {
            "saliency": stack({r.z: r.saliency.max(0) for r in results}, np.float32, "saliency"),
            "evaluated": stack({r.z: r.evaluated for r in results}, np.uint8, "evaluated"),
            "roi": stack({r.z: r.region.mask for r in results}, np.uint8, "roi"),
            "prediction": stack({r.z: labels_of(r.prediction) for r in results}, np.uint8, "prediction"),
            "similarity": stack(found, np.float32, "similarity") if found else None,
            "picture": picture_of(case),
        }
        if case.references is not None:
            volumes["reference"] = stack(
                dict(enumerate(labels_of(case.references[:, z]) for z in range(case.axial.shape[0]))),
                np.uint8,
                "reference",
            )
    with watch("measure"):
        summary = [row for k in range(len(names)) if (row := _whole(case, results, rows, k))]
    missing = [s.label for s in case.structures if s.name not in {row["structure"] for row in summary}]
    every = [w for r in results for w in (*r.region.warnings, *r.attribution.warnings)]
    flat = [row for row in rows if row["flat"]]
    if missing:
        every.append(f"found in no slice: {', '.join(missing)}")
    if flat:
        every.append(
            f"{len(flat)} of {len(rows)} maps are flat: "
            + ", ".join(f"{r['structure']} in {r['slice']}" for r in flat[:8])
        )
    report = {
        "kind": KIND,
        **_common(case, [*warnings, *_counted(every), *case.cautions()]),
        "model": {"name": case.segmenter.name, "targets": list(case.segmenter.targets), **case.segmenter.provenance},
        "vision_language_model": case.vision_language.provenance if found else None,
        "reference_given": case.references is not None,
        "slices": {
            "explained": [r.z for r in results],
            "skipped": {str(z): reason for z, reason in skipped.items()},
            "numbering": "axial order, from the feet, first slice 0",
        },
        "seconds": {stage: round(seconds, 4) for stage, seconds in watch.seconds.items()},
        "summary": summary,
    }
    return Explanation(drops=drops, saliencies=saliencies, stderrs=stderrs, rows=rows, report=report, **volumes)


def _counted(warnings: list[str]) -> list[str]:
    """Each warning once, with the number of slices it was given for."""
    counts: dict[str, int] = {}
    for warning in warnings:
        counts[warning] = counts.get(warning, 0) + 1
    return [w if n == 1 else f"{w} ({n} slices)" for w, n in counts.items()]


def _whole(case: Case, results: list, rows: list[dict], k: int) -> dict | None:
    """The numbers of the whole volume for structure k, over the slices that hold it; None where none does."""
    name = case.structures[k].name
    own = [row for row in rows if row["structure"] == name]
    if not own:
        return None
    results = [r for r in results if r.attribution.present[k]]
    spacing = (case.axial.spacing[2], *case.spacing)
    prediction = np.stack([r.prediction[k] for r in results])
    evaluations, full = (sum(row[key] for row in own) for key in ("evaluations", "full_evaluations"))
    seconds = sum(row["seconds"] for row in own)
    row = {
        "slice": "all",
        "structure": name,
        "region": "+".join(sorted({r["region"] for r in own})),
        "region_share": float(np.mean([r["region_share"] for r in own])),
        "evaluations": evaluations,
        "full_evaluations": full,
        "rho": evaluations / full,
        "seconds": seconds,
        "evaluations_per_second": evaluations / seconds,
        "score": float(np.mean([r["score"] for r in own])),
        "largest_drop": max(r["largest_drop"] for r in own),
        "smallest_drop": min(r["smallest_drop"] for r in own),
        "flat": all(r["flat"] for r in own),
        "predicted_mm2": sum(r["predicted_mm2"] for r in own),
    }
    compared = prediction
    if case.references is not None:
        compared = np.stack([r.reference[k] for r in results])
        row |= prediction_metrics(prediction, compared, spacing)
    saliency = np.stack([r.saliency[k] for r in results])
    evaluated = np.stack([r.evaluated for r in results])
    return row | map_metrics(saliency, evaluated, compared, spacing)


def location_rows(case: Case, z: int, region: Region) -> list[dict]:
    """One row per structure about where it was located in slice z."""
    rows = []
    for structure in case.structures:
        mask = region.masks.get(structure.name, region.mask)
        probability = region.similarity.get(structure.name)
        rows.append(
            {
                "slice": z,
                "structure": structure.name,
                "source": region.source,
                "threshold": region.threshold,
                "share_of_slice": float(mask.mean()),
                "area_mm2": float(mask.sum()) * case.spacing[0] * case.spacing[1],
                "largest_similarity": None if probability is None else float(probability.max()),
                "warnings": "; ".join(region.warnings),
            }
        )
    return rows


def assemble_location(case: Case, regions: dict[int, Region]) -> Location:
    """The located regions of all slices."""
    stack = _Stack(case)
    rows = [row for z, region in regions.items() for row in location_rows(case, z, region)]
    names = [s.name for s in case.structures]
    clip = all(region.similarity for region in regions.values())
    report = {
        "kind": "xaiclip location",
        **_common(case, _counted([w for region in regions.values() for w in region.warnings])),
        "vision_language_model": case.vision_language.provenance if clip else None,
    }
    return Location(
        roi=stack({z: r.mask for z, r in regions.items()}, np.uint8, "roi"),
        rois={n: stack({z: r.masks.get(n, r.mask) for z, r in regions.items()}, np.uint8, f"roi {n}") for n in names},
        similarities={
            n: stack({z: r.similarity[n] for z, r in regions.items()}, np.float32, f"similarity {n}")
            for n in names
            if clip
        },
        rows=rows,
        report=report,
    )
