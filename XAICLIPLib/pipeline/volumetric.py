"""A whole volume explained at once, for models of volumes: regions slice by slice, one map through all of them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.regions import BATCH
from XAICLIPLib.case.settings import REGION_SOURCES
from XAICLIPLib.errors import ResourceError
from XAICLIPLib.influence.recorder import Recorder
from XAICLIPLib.message import Message
from XAICLIPLib.models.base import Prepared
from XAICLIPLib.models.effort import least_memory
from XAICLIPLib.models.memory import free_memory
from XAICLIPLib.pipeline.cost import Foretold, foretell_tiles, share_of_tiles
from XAICLIPLib.pipeline.images import Maps, by_image
from XAICLIPLib.pipeline.opened import (
    EarlyMaps,
    Opened,
    Progress,
    SliceResult,
    Stopwatch,
    normalised,
    nothing_to_explain,
    on_slice_grid,
    open_image,
)
from XAICLIPLib.pipeline.recording import kept_of, start_recording
from XAICLIPLib.pipeline.slicewise import Sizes, with_kept
from XAICLIPLib.report.wording import duration
from XAICLIPLib.roi.region import Region, checked, empty_region, from_prediction

LONG = 600.0  # seconds that a user should hear of before they pass
FASTER = (
    "Larger patches and steps, the hierarchical method, fewer slices (--slices), a smaller region, a GPU, or a model "
    "of slices or of coarser voxels takes less; stopping keeps the map as it is"
)
LOCATING = 0.1  # share of the progress bar that the model's first run and the regions take


@dataclass(frozen=True, eq=False)
class Stacked:
    """The regions of a volume's slices, one upon the other.

    Attributes
    ----------
    regions : dict of slice number to Region
        Of the slices that are perturbed, in axial order.
    mask : ndarray, shape (Z, H, W), bool
        Their union; nothing in the other slices.
    work : ndarray, shape (d, h, w), bool
        The same on the model's grid.
    skipped : dict of slice number to str
        Why the other slices that were asked for are not perturbed.
    warnings : tuple of str
        About the region as a whole.
    """

    regions: dict[int, Region]
    mask: np.ndarray
    work: np.ndarray
    skipped: dict[int, str]
    warnings: tuple[str, ...] = ()


def explain_volume(
    case: Case,
    stopwatch: Stopwatch,
    progress: Progress,
    on_early: Callable[[list[SliceResult]], None] | None = None,
) -> tuple[list[SliceResult], dict[int, str]]:
    """Explain the volume with the slices of the request perturbed.

    The model always gets the whole scan. A patch, a mask or a supervoxel reaches through as many slices as it is thick,
    and the score is that of the structure in the whole volume.

    Parameters
    ----------
    case : Case
    stopwatch : Stopwatch
    progress : callable
        Called with (done, total, message), `total` being the number of slices asked for.
    on_early : callable, optional
        Gets the results while the map is still coarse.

    Returns
    -------
    results : list of SliceResult
        One per perturbed slice, cut out of the one map; empty where there is nothing to explain. Where the user stopped
        it, the map is the last one that was seen.
    skipped : dict of slice number to str
        Why the others are not among them.

    Raises
    ------
    Cancelled
        If `progress` raises it before there was any map to see.
    """
    start = time.perf_counter()
    slices = len(case.slices)

    def batch_done(done: int, total: int) -> None:
        share = LOCATING + (1 - LOCATING) * (done / max(1, total))
        progress(slices * share, slices, Message("{done} of {total} evaluations", done=done, total=total))

    progress(0, slices, Message("preparing the volume"))
    maps = Maps(batch_done, case.maps)
    opened = open_volume(case, progress, maps, stopwatch)
    with stopwatch("region"):
        stacked = stack_regions(opened, progress)
    if not stacked.regions:
        return [], stacked.skipped
    with stopwatch("prepare"):
        baseline = _dilated_predictions(opened, stacked)
        needed, _ = opened.planned(baseline)
    _foretell(opened, stacked, progress)

    def cut(attribution: Attribution) -> list[SliceResult]:
        seconds = (time.perf_counter() - start) / len(stacked.regions)
        with stopwatch("prepare"):
            return _cut(opened, stacked, attribution, baseline, {"seconds": seconds, "baseline_evaluations": needed})

    early = EarlyMaps(on_early and (lambda attribution: on_early(cut(attribution))))
    recorder = start_recording(opened)
    attribution = opened.explain(stacked.work, stopwatch, early)
    results = cut(attribution)
    if not attribution.is_complete:
        return results, stacked.skipped
    with stopwatch("influence"):
        results = _with_kept(opened, recorder, attribution, results)
    with stopwatch("images"):
        images = by_image(opened, stacked.work, stacked.mask, maps)
    return [replace(r, images=images and images.of_slice(r.z)) for r in results], stacked.skipped


def _cut(
    opened: Opened, stacked: Stacked, attribution: Attribution, baseline: np.ndarray, numbers: dict[str, Any]
) -> list[SliceResult]:
    """The perturbed slices, cut out of the one map."""
    attribution = replace(attribution, warnings=stacked.warnings + attribution.warnings)
    evaluated, drop, stderr = on_slice_grid(attribution, opened.prepared, stacked.mask)
    saliency, references = normalised(drop), opened.case.references
    return [
        SliceResult(
            z=z,
            drop=drop[:, z],
            saliency=saliency[:, z],
            stderr=None if stderr is None else stderr[:, z],
            evaluated=evaluated[z],
            region=region,
            prediction=opened.prediction[:, z],
            reference=None if references is None else references[:, z],
            attribution=attribution,
            baseline=baseline[z],
            **numbers,
        )
        for z, region in stacked.regions.items()
    ]


def _with_kept(
    opened: Opened, recorder: Recorder | None, attribution: Attribution, results: list[SliceResult]
) -> list[SliceResult]:
    """The slices with what is kept to be asked afterwards: one for all of them, as the map is."""
    evaluated = np.zeros(opened.case.scan.axial.shape, bool)
    for result in results:
        evaluated[result.z] = result.evaluated
    kept = kept_of(opened, recorder, attribution, evaluated)
    return [with_kept(result, kept, result.z) for result in results]


def open_volume(
    case: Case,
    progress: Progress,
    batch_done: Callable[[int, int], None] | None = None,
    stopwatch: Stopwatch | None = None,
) -> Opened:
    """Prepare the volume and run the model on it once, after it was said how large it is and, of a model that works in
    tiles, how long it takes.

    Parameters
    ----------
    case : Case
    progress : callable
        Called with (done, total, message).
    batch_done, stopwatch
        As in `open_image`.

    Returns
    -------
    Opened

    Raises
    ------
    ResourceError
        If the model can't have the memory that it needs at least.
    """
    ahead: Foretold | None = None

    def before_run(prepared: Prepared) -> None:
        nonlocal ahead
        said = check_memory(case, prepared)
        progress(0, len(case.slices), said)
        ahead = foretell_tiles(prepared)
        if ahead is not None:
            progress(0, len(case.slices), Message("{first}: {second}", first=said, second=ahead.text))
            if ahead.seconds > LONG:
                logging.getLogger(__name__).warning("%s", ahead)

    opened = open_image(case, None, batch_done, stopwatch=stopwatch, before_run=before_run)
    return replace(opened, foretold=ahead)


def _dilated_predictions(opened: Opened, stacked: Stacked) -> np.ndarray:
    """The region that needs no other model: the dilated prediction of every perturbed slice, (Z, H, W)."""
    case = opened.case
    dilated = np.zeros(case.scan.axial.shape, bool)
    for z in stacked.regions:
        masks = {name: mask[z] for name, mask in opened.predictions.items()}
        dilated[z] = from_prediction(masks, case.scan.spacing).mask
    return dilated


def _foretell(opened: Opened, stacked: Stacked, progress: Progress) -> None:
    """Say what the explanation will take, and what would take less where that is long."""
    slices = len(opened.case.slices)
    planned = opened.case.maps * opened.method.plan(stacked.work)[0]
    seconds = opened.scorer.model_seconds * share_of_tiles(opened.method, opened.prepared, stacked.work)
    effort = foretold(planned, seconds, opened.prepared)
    progress(LOCATING * slices, slices, effort)
    if planned * seconds > LONG:
        logging.getLogger(__name__).warning("%s. %s", effort, FASTER)


def check_memory(case: Case, prepared: Prepared) -> str:
    """What to say before a model of volumes is run for the first time.

    Parameters
    ----------
    case : Case
    prepared : Prepared
        The volume.

    Returns
    -------
    str

    Raises
    ------
    ResourceError
        If the model can't have the memory that it needs at least.
    """
    size = " x ".join(str(n) for n in prepared.image.shape[1:])
    voxels = int(np.prod(prepared.image.shape[1:]))
    said = Message(
        "first run of the model, on {size} voxels ({millions:.1f} million)",
        size=size, millions=voxels / 1e6,
    )  # fmt: skip
    least = least_memory(case.segmenter, voxels)
    if least is None:
        return said
    free = free_memory(prepared.image.device)
    if free is not None and least > free:
        raise ResourceError(
            Message(
                "{model} gets {size} voxels at once and needs {least:.1f} GB of memory at least for each evaluation; "
                "{free:.1f} GB are free. Give a larger spacing or a smaller size in its sidecar, crop or resample "
                "the scan, or use a machine with more memory",
                model=case.segmenter.name,
                size=size,
                least=least / 1e9,
                free=free / 1e9,
            )  # fmt: skip
        )
    return Message("{said}, {least:.1f} GB of memory at least", said=said, least=least / 1e9)


def foretold(evaluations: int, seconds: float, prepared: Prepared) -> str:
    """What an explanation of a volume will take, in a sentence.

    Parameters
    ----------
    evaluations : int
    seconds : float
        For each.
    prepared : Prepared
        The volume.

    Returns
    -------
    str
    """
    voxels = np.prod(prepared.image.shape[1:]) / 1e6
    return (
        f"{evaluations} evaluations of {voxels:.1f} million voxels, {duration(seconds)} each: about "
        f"{duration(evaluations * seconds)}"
    )


def stack_regions(opened: Opened, progress: Progress) -> Stacked:
    """The region of every slice that was asked for, found as in a slice alone.

    Slices that the user names are perturbed although they hold nothing: they may be what a structure is drawn by. A
    mask or a box that was drawn ends where it ends, unless it is empty in all of the slices; words alone may be missed
    in a slice that holds the structure.

    Parameters
    ----------
    opened : Opened
        The volume.
    progress : callable
        As in `explain_volume`.

    Returns
    -------
    Stacked
    """
    case, prediction = opened.case, opened.prediction
    if reason := opened.nothing_to_explain(0.0):
        return Stacked({}, np.zeros(0, bool), np.zeros(0, bool), dict.fromkeys(case.slices, reason))
    is_drawn = case.request.region.source not in REGION_SOURCES
    is_drawn = is_drawn and any(region.mask.any() for region in case.regions.of(case.slices))
    sizes = Sizes(case)
    wanted, skipped = _wanted(opened, sizes)
    small = not wanted
    if small:
        wanted = sorted(sizes.again())
        skipped = {z: reason for z, reason in skipped.items() if z not in wanted}
    regions: dict[int, Region] = {}
    for number, z in enumerate(wanted):
        progress(
            LOCATING * len(case.slices) * number / len(wanted),
            len(case.slices),
            Message(
                "slice {slice}",
                slice=z,
            ),
        )
        if number % BATCH == 0 and case.request.region.source == "clip":
            case.regions.of(wanted[number : number + BATCH])  # kept: the model gets several slices at once
        region = case.region(z, None if is_drawn else {name: mask[z] for name, mask in opened.predictions.items()})
        if region.mask.any():
            regions[z] = region
        else:
            skipped[z] = empty_region(region.source)
    mask = np.zeros(case.scan.axial.shape, bool)
    for z, region in regions.items():
        mask[z] = region.mask
    warnings = tuple(sizes.notes([])) if small else ()
    if is_drawn:
        named = list(case.slices)
        asked = {s.name: masks[named] for s, masks in zip(case.structures, prediction)}
        warnings += checked(Region(mask[named]), asked, case.voxel).warnings
    work = opened.on_work_grid(mask)
    if not work.any():
        skipped |= {
            z: Message(
                "the {source} region is thinner than a voxel of the model",
                source=region.source,
            )
            for z, region in regions.items()
        }
        regions = {}
    return Stacked(regions, mask, work, skipped, warnings)


def _wanted(opened: Opened, sizes: Sizes) -> tuple[list[int], dict[int, str]]:
    """The slices to perturb, in axial order, and why the others are passed over, which `sizes` remembers."""
    case, wanted, skipped = opened.case, [], {}
    for z in sorted(case.slices):
        masks = opened.prediction[:, z]
        if case.request.slices == "auto" and (reason := nothing_to_explain(case, z, masks)):
            skipped[z] = reason
            sizes.add(z, masks)
        else:
            wanted.append(z)
    return wanted, skipped
