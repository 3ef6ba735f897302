"""Stack the slices of a run into volumes on the scan's own grid, with the numbers of the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np

from XAICLIPLib.case.case import Case
from XAICLIPLib.case.cautions import UNSUITABLE, Caution, cautions, model_and_region_cautions, region_cautions, unmet
from XAICLIPLib.case.naming import without_paths
from XAICLIPLib.case.scan import Scan
from XAICLIPLib.message import Message, Term
from XAICLIPLib.pipeline.answers import answers_in_words
from XAICLIPLib.pipeline.matters import what_matters
from XAICLIPLib.pipeline.opened import attributions_of
from XAICLIPLib.pipeline.rows import summary_row
from XAICLIPLib.pipeline.shown import Saliency
from XAICLIPLib.preprocess import Preset
from XAICLIPLib.report.names import record_file
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY, environment
from XAICLIPLib.results.explanation import KIND, Explanation
from XAICLIPLib.results.location import KIND as LOCATION
from XAICLIPLib.results.location import Location
from XAICLIPLib.results.rows import LocationRow, SliceRow
from XAICLIPLib.roi.region import Region
from XAICLIPLib.volume import SliceStack, Volume
from XAICLIPLib.volume.ranges import ranges


class _Stack:
    """Slices made into volumes on the scan's own grid, each slice when somebody wants it."""

    def __init__(self, scan: Scan) -> None:
        self._axial, self._volume = scan.axial, scan.volume

    def __call__(self, slices: dict[int, Callable[[], np.ndarray]], dtype, name: str) -> Volume:
        stack = SliceStack(self._axial.shape, np.dtype(dtype), slices)
        return self._volume.restore(self._axial.like(stack, name))


def labels_of(masks: np.ndarray) -> np.ndarray:
    """Masks (K, …) as one label map with 1…K; where they overlap the later one shows.

    Parameters
    ----------
    masks : ndarray, shape (K, ...), bool

    Returns
    -------
    ndarray, shape (...), uint8
    """
    out = np.zeros(masks.shape[1:], np.uint8)
    for label, mask in enumerate(masks, start=1):
        out[mask] = label
    return out


def picture_of(scan: Scan, preset: Preset) -> Volume:
    """A scan as it is shown, in [0, 1].

    Parameters
    ----------
    scan : Scan
    preset : Preset
        Its grey window.

    Returns
    -------
    Volume of float32
        Its slices are made when they are looked at.
    """
    slices = {z: partial(scan.picture, z, preset) for z in range(scan.axial.shape[0])}
    return _Stack(scan)(slices, np.float32, "picture")


def best_similarity(region: Region) -> np.ndarray:
    """The largest probability (H, W) of any of the words.

    Parameters
    ----------
    region : Region
        Found in words.

    Returns
    -------
    ndarray, shape (H, W), float32 in [0, 1]
    """
    return np.maximum.reduce(list(region.similarity.values()))


def _structures(case: Case) -> list[dict]:
    return [
        {"name": s.name, "label": s.label, "colour": list(s.colour), "snomed_ct": s.code, "value": value}
        for value, s in enumerate(case.structures, start=1)
    ]


def _common(case: Case, warnings: list[str], found: tuple[Caution, ...]) -> dict:
    """What the reports of all results hold. That models or words were made for something else comes first of all."""
    unsuitable = [c.text for c in found if c.kind == UNSUITABLE]
    warnings = [*unsuitable, *case.scan.notes, *case.label_notes, *warnings, *map(str, found)]
    return {
        "version": 1,
        "notice": RESEARCH_USE_ONLY,
        "request": case.request.to_json(),
        "scan": case.provenance(),
        "structures": _structures(case),
        "device": str(case.device),
        "environment": environment(),
        "warnings": list(dict.fromkeys(warnings)),
        "unsuitable": bool(unsuitable),
        "presence": {p.structure.name: p.to_json() for p in case.presence},
    }


def assemble_explanation(
    case: Case, results: list, rows: list[SliceRow], skipped: dict, warnings: list[str], watch, evidence
) -> Explanation:
    """The explanation of the slices that were explained (`opened.SliceResult`), with the `evidence.Evidence`.

    Parameters
    ----------
    case : Case
    results : list of SliceResult
        In axial order.
    rows : list of SliceRow
        Their numbers, with those of the evidence.
    skipped : dict of int to str
        Why other slices were passed over.
    warnings : list of str
        About the run.
    watch : Stopwatch
    evidence : Evidence

    Returns
    -------
    Explanation
    """
    with watch("stack"):
        saliency = Saliency(case, results)
        volumes = _volumes(case, results, saliency)
    with watch("measure"):
        found_out = cautions(case)
        structures = range(len(case.structures))
        summary = [row for k in structures if (row := summary_row(case, results, rows, k, evidence, found_out))]
    every = _told_of_maps(case, results, rows, {row.structure for row in summary})
    report = {
        "kind": KIND,
        **_common(case, [*warnings, *every, *evidence.warnings, *_unmet(case, results)], found_out),
        "model": {"name": case.segmenter.name, "targets": list(case.segmenter.targets), **case.segmenter.provenance},
        "vision_language_model": case.similarities.provenance if volumes["similarity"] else None,
        "dimensions": case.segmenter.spatial_dims,
        "saliency": saliency.to_json([s.name for s in case.structures]),
        "reference_given": case.references is not None,
        "slices": {
            "explained": [r.z for r in results],
            "skipped": {str(z): reason for z, reason in skipped.items()},
            "numbering": "axial order, from the feet, first slice 0",
        },
        "seconds": {stage: round(seconds, 4) for stage, seconds in watch.seconds.items()},
        "summary": [row.as_dict() for row in summary],
        "evidence": evidence.to_json(),
    }
    report = without_paths(report, case.request)
    explanation = Explanation(rows=rows, report=report, records=_records(case, results), **volumes)
    with watch("answers"):
        answers = [answer.to_json() for answer in answers_in_words(case, explanation, evidence)]
        matters = [finding.to_json() for finding in what_matters(explanation)]
    report |= {"answers": answers, "matters": matters}
    report |= {"seconds": {**report["seconds"], "answers": round(watch.seconds["answers"], 4)}}
    return explanation


def _volumes(case: Case, results: list, shown: Saliency) -> dict[str, Any]:
    """All volumes of an explanation by the names of its fields; each slice is made when somebody wants it."""
    stack, names = _Stack(case.scan), [s.name for s in case.structures]

    def named(kind: str, values: Callable) -> dict[str, Volume]:
        return {
            name: stack({r.z: lambda r=r, k=k: values(r)[k] for r in results}, np.float32, f"{kind} {name}")
            for k, name in enumerate(names)
        }

    similar = {r.z: lambda r=r: best_similarity(r.region) for r in results if r.region.similarity}
    has_errors = all(r.stderr is not None for r in results)
    volumes: dict[str, Any] = {
        "drops": named("drop", lambda r: r.drop),
        "saliencies": named("saliency", shown),
        "stderrs": named("stderr", lambda r: r.stderr) if has_errors else {},
        "saliency": stack({r.z: lambda r=r: shown(r).max(0) for r in results}, np.float32, "saliency"),
        "evaluated": stack({r.z: lambda r=r: r.evaluated for r in results}, np.uint8, "evaluated"),
        "roi": stack({r.z: lambda r=r: r.region.mask for r in results}, np.uint8, "roi"),
        "prediction": stack({r.z: lambda r=r: labels_of(r.prediction) for r in results}, np.uint8, "prediction"),
        "similarity": stack(similar, np.float32, "similarity") if similar else None,
        "picture": picture_of(case.scan, case.preset),
    }
    if case.references is not None:
        truth = {z: lambda z=z: labels_of(case.references[:, z]) for z in range(case.scan.axial.shape[0])}
        volumes["reference"] = stack(truth, np.uint8, "reference")
    return volumes


def _told_of_maps(case: Case, results: list, rows: list[SliceRow], held: set[str]) -> list[str]:
    """Warnings about regions and maps, with their slices; `held` are the structures that any slice holds."""
    every = _told_of_slices(((r.z, r.region.warnings) for r in results), len(results))
    if case.volumetric:
        every += [w for a in attributions_of(results) for w in a.warnings]
    else:
        every += _told_of_slices(((r.z, r.attribution.warnings) for r in results), len(results))
    if missing := [s.label for s in case.structures if s.name not in held]:
        every.append(Message("found in no explained slice: {structures}", structures=missing))
    for name in (s.name for s in case.structures):
        if flat := [row.slice for row in rows if row.flat and row.structure == name]:
            own = sum(row.structure == name for row in rows)
            said: dict[str, Any] = {"count": len(flat), "total": own, "structure": Term(name), "slices": ranges(flat)}
            if len(flat) == 1:
                every.append(Message("{count} of {total} maps of {structure} are flat: slice {slices}", **said))
            else:
                every.append(Message("{count} of {total} maps of {structure} are flat: slices {slices}", **said))
    return every


def _records(case: Case, results: list) -> dict[str, Callable[[], bytes]]:
    """What is kept of where the output changed: per file, what reads it from where it waits."""
    records = {}
    for result in results[:1] if case.volumetric else results:
        for kind in ("changes", "players"):
            if result.kept is not None and getattr(result.kept, kind) is not None:
                file = record_file(None if case.volumetric else result.z, players=kind == "players")
                records[file] = lambda kept=result.kept, kind=kind: getattr(kept, kind).tobytes()
    return records


def _unmet(case: Case, results: list) -> tuple[str, ...]:
    """`cautions.unmet` of the explained slices."""
    return unmet(case, ((r.prediction, r.reference, _own(case, r.region)) for r in results))


def _unmet_regions(case: Case, regions: dict, predictions: dict) -> tuple[str, ...]:
    """The same of located slices whose prediction is known."""
    return unmet(
        case,
        (
            (
                np.stack([masks[s.name] for s in case.structures]),
                None if case.references is None else case.references[:, z],
                _own(case, regions[z]),
            )
            for z, masks in predictions.items()
        ),
    )


def _own(case: Case, region: Region) -> np.ndarray:
    """The region of each structure (K, H, W)."""
    return np.stack([region.masks.get(s.name, region.mask) for s in case.structures])


def _told_of_slices(found: Iterable[tuple[int, Iterable[str]]], total: int) -> list[str]:
    """Each warning once, with the slices it was given for where these are not all."""
    slices: dict[str, list[int]] = {}
    for z, warnings in found:
        for warning in dict.fromkeys(warnings):
            slices.setdefault(warning, []).append(z)
    return [w if len(numbers) == total else _in_slices(w, numbers) for w, numbers in slices.items()]


def _in_slices(warning: str, slices: list[int]) -> Message:
    """A warning with the slices that it was given for."""
    if len(slices) == 1:
        return Message("slice {slice}: {reason}", slice=slices[0], reason=warning)
    return Message("slices {slices}: {reason}", slices=ranges(slices), reason=warning)


def assemble_location(
    case: Case,
    regions: dict[int, Region],
    predictions: dict[int, dict[str, np.ndarray]],
    rows: list[LocationRow],
    warnings: Iterable[str] = (),
) -> Location:
    """The located regions of all slices, with the predictions that they were compared with, if any.

    Parameters
    ----------
    case : Case
    regions : dict of int to Region
        Per axial slice.
    predictions : dict of int to (dict of structure name to ndarray (H, W), bool)
        Empty where the model was not asked.
    rows : list of LocationRow
    warnings : iterable of str
        About the run.

    Returns
    -------
    Location
    """
    stack = _Stack(case.scan)
    names = [s.name for s in case.structures]
    clip = all(region.similarity for region in regions.values())
    told = _told_of_slices(((z, region.warnings) for z, region in regions.items()), len(regions))
    report = {
        "kind": LOCATION,
        **_common(
            case,
            [*warnings, *told, *_unmet_regions(case, regions, predictions)],
            model_and_region_cautions(case) if predictions else region_cautions(case),
        ),
        "vision_language_model": case.similarities.provenance if clip else None,
        "model": {"name": case.segmenter.name, **case.segmenter.provenance} if predictions else None,
        "reference_given": case.references is not None,
    }
    labels = {z: lambda z=z: labels_of(np.stack([predictions[z][n] for n in names])) for z in predictions}
    truth = {} if case.references is None else {z: lambda z=z: labels_of(case.references[:, z]) for z in regions}

    def region_of(n: str) -> dict[int, Callable[[], np.ndarray]]:
        return {z: lambda r=r: r.masks.get(n, r.mask) for z, r in regions.items()}

    return Location(
        roi=stack({z: lambda r=r: r.mask for z, r in regions.items()}, np.uint8, "roi"),
        rois={n: stack(region_of(n), np.uint8, f"roi {n}") for n in names},
        similarities={
            n: stack({z: lambda r=r, n=n: r.similarity[n] for z, r in regions.items()}, np.float32, f"similarity {n}")
            for n in names
            if clip
        },
        rows=rows,
        report=without_paths(report, case.request),
        prediction=stack(labels, np.uint8, "prediction") if labels else None,
        reference=stack(truth, np.uint8, "reference") if truth else None,
        picture=picture_of(case.scan, case.preset),
    )
