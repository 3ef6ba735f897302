"""A whole volume explained at once, for models of volumes: regions slice by slice, one map through all of them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.regions import BATCH
from XAICLIPLib.case.settings import REGION_SOURCES
from XAICLIPLib.errors import ResourceError
from XAICLIPLib.models.base import Prepared
from XAICLIPLib.models.effort import least_memory
from XAICLIPLib.models.memory import free_memory
from XAICLIPLib.pipeline.opened import (
    Early,
    SliceResult,
    Stopwatch,
    normalised,
    nothing_to_explain,
    on_slice_grid,
    on_work_grid,
    open_scorer,
    perturbed,
)
from XAICLIPLib.pipeline.slicewise import Sizes
from XAICLIPLib.report.wording import duration
from XAICLIPLib.results.plan import Plan
from XAICLIPLib.roi.region import Region, checked, from_prediction

LONG = 600.0  # seconds that a user should hear of before they pass
FASTER = (
    "Larger patches and steps, the hierarchical method, fewer slices (--slices), a smaller region, a GPU, or a model "
    "of "
    "slices or of coarser voxels takes less; stopping keeps the map as it is"
)
LOCATING = 0.1  # share of the progress bar that the model's first run and the regions take
Tell = Callable[[float, float, str], None]


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
    case: Case, watch: Stopwatch, tell: Tell, on_early: Callable[[list[SliceResult]], None] | None = None
) -> tuple[list[SliceResult], dict[int, str]]:
    """Explain the volume with the slices of the request perturbed.

    The model always gets the whole scan. A patch, a mask or a supervoxel reaches through as many slices as it is thick,
    and the score is that of the structure in the whole volume.

    Parameters
    ----------
    case : Case
    watch : Stopwatch
    tell : callable
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
        If `tell` raises it before there was any map to see.
    """
    start = time.perf_counter()
    slices = len(case.slices)

    def batch_done(done: int, total: int) -> None:
        tell(slices * (LOCATING + (1 - LOCATING) * (done / max(1, total))), slices, f"{done} of {total} evaluations")

    tell(0, slices, "preparing the volume")
    with watch("prepare"):
        prepared = case.prepare_volume()
    tell(0, slices, check_memory(case, prepared))
    scorer = open_scorer(case, prepared, case.references, batch_done)
    with watch("prepare"):
        prediction = prepared.grid.to_slice(scorer.prediction.cpu().numpy()) > 0.5
    with watch("region"):
        stacked = stack_regions(case, prepared, prediction, tell)
    if not stacked.regions:
        return [], stacked.skipped
    with watch("prepare"):
        baseline = np.zeros(case.axial.shape, bool)
        for z in stacked.regions:
            masks = {s.name: mask for s, mask in zip(case.structures, prediction[:, z])}
            baseline[z] = from_prediction(masks, case.spacing).mask
        needed, _ = on_work_grid(case, prepared).plan(prepared.grid.mask_to_work(baseline))
    planned, _ = on_work_grid(case, prepared).plan(stacked.work)
    effort = foretold(planned, scorer.model_seconds, prepared)
    tell(LOCATING * slices, slices, effort)
    if planned * scorer.model_seconds > LONG:
        logging.getLogger(__name__).warning("%s. %s", effort, FASTER)

    def cut(attribution: Attribution) -> list[SliceResult]:
        attribution = replace(attribution, warnings=stacked.warnings + attribution.warnings)
        with watch("prepare"):
            evaluated, drop, stderr = on_slice_grid(attribution, prepared, stacked.mask)
            saliency = normalised(drop)
        seconds = (time.perf_counter() - start) / len(stacked.regions)
        return [
            SliceResult(
                z,
                drop[:, z],
                saliency[:, z],
                None if stderr is None else stderr[:, z],
                evaluated[z],
                region,
                prediction[:, z],
                None if case.references is None else case.references[:, z],
                attribution,
                seconds,
                baseline[z],
                needed,
            )
            for z, region in stacked.regions.items()
        ]

    early = Early(on_early and (lambda found: on_early(cut(found))))
    return cut(perturbed(case, prepared, scorer, stacked.work, watch, early)), stacked.skipped


def check_memory(case: Case, prepared: Prepared) -> str:
    """What to say before a model of volumes is run for the first time.

    Raises
    ------
    ResourceError
        If the model can't have the memory that it needs at least.
    """
    size = " x ".join(str(n) for n in prepared.image.shape[1:])
    voxels = int(np.prod(prepared.image.shape[1:]))
    said = f"first run of the model, on {size} voxels ({voxels / 1e6:.1f} million)"
    least = least_memory(case.segmenter, voxels)
    if least is None:
        return said
    free = free_memory(prepared.image.device)
    if free is not None and least > free:
        raise ResourceError(
            f"{case.segmenter.name} gets {size} voxels at once and needs {least / 1e9:.1f} GB of memory at least for "
            "each "
            f"evaluation; {free / 1e9:.1f} GB are free. Give a larger spacing or a smaller size in its sidecar, crop "
            "or "
            "resample the scan, or use a machine with more memory"
        )
    return f"{said}, {least / 1e9:.1f} GB of memory at least"


def foretold(evaluations: int, seconds: float, prepared: Prepared) -> str:
    """What an explanation of a volume will take, in a sentence."""
    voxels = np.prod(prepared.image.shape[1:]) / 1e6
    return (
        f"{evaluations} evaluations of {voxels:.1f} million voxels, {duration(seconds)} each: about "
        f"{duration(evaluations * seconds)}"
    )


def stack_regions(case: Case, prepared: Prepared, prediction: np.ndarray, tell: Tell) -> Stacked:
    """The region of every slice that was asked for, found as in a slice alone.

    Slices that the user names are perturbed although they hold nothing: they may be what a structure is drawn by. A
    mask or a box that was drawn ends where it ends, unless it is empty in all of the slices; words alone may be missed
    in a slice that holds the structure.

    Parameters
    ----------
    case : Case
    prepared : Prepared
        The volume.
    prediction : ndarray, shape (K, Z, H, W), bool
        The model's own masks.
    tell : callable
        As in `explain_volume`.
    """
    regions: dict[int, Region] = {}
    skipped: dict[int, str] = {}
    if reason := nothing_to_explain(case, slice(None), prediction, 0.0):
        return Stacked({}, np.zeros(0, bool), np.zeros(0, bool), dict.fromkeys(case.slices, reason))
    given = case.request.region.source not in REGION_SOURCES
    given = given and any(region.mask.any() for region in case.regions(case.slices))
    sizes, wanted = Sizes(case), []
    for z in sorted(case.slices):
        if case.request.slices == "auto" and (reason := nothing_to_explain(case, z, prediction[:, z])):
            skipped[z] = reason
            sizes.add(z, prediction[:, z] if case.references is None else case.references[:, z])
        else:
            wanted.append(z)
    small = not wanted
    if small:
        wanted = sorted(sizes.again())
        skipped = {z: reason for z, reason in skipped.items() if z not in wanted}
    for number, z in enumerate(wanted):
        tell(LOCATING * len(case.slices) * number / len(wanted), len(case.slices), f"slice {z}")
        if number % BATCH == 0 and case.request.region.source == "clip":
            case.regions(wanted[number : number + BATCH])  # remembered: the model sees several slices at once
        found = prediction[:, z]
        region = case.region(z, None if given else {s.name: mask for s, mask in zip(case.structures, found)})
        if region.mask.any():
            regions[z] = region
        else:
            skipped[z] = f"the {region.source} region is empty"
    mask = np.zeros(case.axial.shape, bool)
    for z, region in regions.items():
        mask[z] = region.mask
    warnings = tuple(sizes.notes([])) if small else ()
    if given:
        asked = {s.name: masks[case.slices] for s, masks in zip(case.structures, prediction)}
        warnings += checked(Region(mask[case.slices]), asked, case.voxel).warnings
    work = prepared.grid.mask_to_work(mask)
    if not work.any():
        skipped |= {
            z: f"the {region.source} region is thinner than a voxel of the model" for z, region in regions.items()
        }
        regions = {}
    return Stacked(regions, mask, work, skipped, warnings)


def plan_volume(case: Case, tell: Tell) -> Plan:
    """What explaining the volume would cost: its regions are found and the model is timed once."""
    start = time.perf_counter()
    prepared = case.prepare_volume()
    tell(0, len(case.slices), check_memory(case, prepared))
    predict = case.predictor(prepared)
    scorer = Scorer(predict, prepared.image, batch_size=case.request.batch_size)
    prediction = prepared.grid.to_slice(scorer.prediction.cpu().numpy()) > 0.5
    stacked = stack_regions(case, prepared, prediction, tell)
    if not stacked.regions:
        return Plan(0, 0, 0, time.perf_counter() - start)
    evaluations, full = on_work_grid(case, prepared).plan(stacked.work)
    spent = time.perf_counter() - start
    predict(prepared.image[None].clone())  # the first run of a model takes longer, and some write into their input
    return Plan(len(stacked.regions), evaluations, full, spent + evaluations * (time.perf_counter() - start - spent))
