"""Brute force against ROI-guided: one slice explained with the whole image as its region, and with the structure's.

Both arms are the same call with the same model, method, settings, seed, score and ground truth; the region alone is
another. The time of an arm runs from the slice as it was read to its map, so that finding the region counts where there
is one to find. Who goes first alternates from slice to slice.

Occlusion evaluates fewer patches in a smaller region. RISE and LIME take a fixed number of samples in the paper,
whatever the region: their second arm is as expensive as the first, except that of equal patterns, which a few
superpixels soon give, LIME runs one. For them there is a third arm, which takes as many samples *for each cell or
superpixel it can tell apart* as brute force does, and so fewer where the region has fewer of them.

Deletion and insertion are measured in one area for all arms of a slice: where every arm has a value. Each map then says
in which order the same pixels are taken away, with the same fill, steps and ties. In the whole image a map that ends at
the region would look good for the region alone, and in areas of their own the curves would not be comparable. What the
common area can't show, drops that only brute force saw outside it, is a number of its own (`drop_outside`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch

from XAICLIPLib.attribution.fill import make_fill
from XAICLIPLib.attribution.methods import Method
from XAICLIPLib.attribution.perturbations import PixelSets
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.benchmark.statistics import BRUTE, FEWER, ROI
from XAICLIPLib.case.case import Case
from XAICLIPLib.errors import Cancelled
from XAICLIPLib.metrics import dice, map_metrics
from XAICLIPLib.metrics.faithfulness import SEEDS, STEPS, curves
from XAICLIPLib.models.base import Prepared
from XAICLIPLib.pipeline.opened import Opened, SliceResult, Stopwatch, on_work_grid, open_image
from XAICLIPLib.pipeline.slicewise import explain_slice
from XAICLIPLib.results.rows import ArmRow
from XAICLIPLib.roi.region import region_recall

BAND_MM = 5.0  # to either side of the structure's border
LEAST_SAMPLES = 8  # RISE and LIME take no fewer


@dataclass(frozen=True)
class Arm:
    """One way to explain a slice.

    Attributes
    ----------
    name : str
        In the tables.
    region : str
        Where it may perturb, as in a request.
    method : Method
        How.
    """

    name: str
    region: str
    method: Method


@dataclass(frozen=True, eq=False)
class _Comparable:
    """A slice that can be compared: the model run on it once, and its region (h, w) on the model's grid."""

    slice: Opened
    z: int
    work_region: np.ndarray

    @property
    def truth(self) -> np.ndarray:
        """The structure's ground truth, (H, W)."""
        return self.slice.case.ground_truth[0, self.z]


def compare_slice(
    case: Case, z: int, method: Method, turn: int = 0, progress: Callable[[float], None] | None = None
) -> list[ArmRow] | str:
    """Explain one slice by every arm, and measure the maps.

    Parameters
    ----------
    case : Case
        Of one structure, with its ground truth; the request's region is that of the ROI-guided arms.
    z : int
        Axial slice.
    method : Method
        As the user gave it.
    turn : int
        The first arm to go is that of this number, modulo their count.
    progress : callable, optional
        Called with the share done; raise `Cancelled` in it to stop.

    Returns
    -------
    list of ArmRow, or str
        A row of numbers per arm, or why there is nothing to compare.
    """
    progress = progress or (lambda share: None)
    opened = _open(case, z, method)
    if isinstance(opened, str):
        return opened
    warm_up(opened.slice.scorer)
    arms = arms_of(opened.slice.case, opened.slice.prepared, opened.work_region)
    first = turn % len(arms)
    order = arms[first:] + arms[:first]
    explained = {}
    for number, arm in enumerate(order):

        def within(share: float, number: int = number) -> None:
            progress((number + share) / (len(order) + 1))

        result = _explain(opened, arm, within)
        if isinstance(result, str):
            return result
        explained[arm.name] = result
    progress(len(order) / (len(order) + 1))
    curves_of = in_common(
        opened.slice.case, opened.slice.prepared, opened.slice.scorer, {n: r for n, (r, _) in explained.items()}
    )
    return [_row(opened, arm, order.index(arm), *explained[arm.name], curves_of[arm.name]) for arm in arms]


def _open(case: Case, z: int, method: Method) -> _Comparable | str:
    """The slice with what all arms share, or why there is nothing to compare in it."""
    case = case.vary(method=method, slices=str(z), evidence="none")
    if case.promptable and case.request.prompt.points is None:
        case = case.vary(prompt_box=box_in_space(case, z))  # the same for all arms, whatever their region
    opened = open_image(case, z)
    if not opened.scorer.present[0]:
        return "too small for the model's grid"
    if not float(opened.scorer.baseline[0]):
        return "the model does not find it (Dice 0)"
    region = opened.region()
    work_region = opened.on_work_grid(region.mask)
    if not work_region.any():
        return f"the {region.source} region is empty"
    return _Comparable(opened, z, work_region)


def _explain(opened: _Comparable, arm: Arm, progress: Callable[[float], None]) -> tuple[SliceResult, Stopwatch] | str:
    """The slice explained by one arm, with what its parts took; or why it can't be."""
    stopped: list[Cancelled] = []

    def within(done: int, total: int) -> None:
        try:
            progress(done / max(1, total))
        except Cancelled as stop:
            stopped.append(stop)
            raise

    stopwatch = Stopwatch()
    # nothing kept of the slice: the time of an arm holds that of finding its region
    case = opened.slice.case.vary(region=arm.region, method=arm.method).without_cache()
    result = explain_slice(case, opened.z, stopwatch, within)
    if stopped:
        raise stopped[0]  # a map of the samples until then is a result elsewhere, but no arm of a comparison
    return result if isinstance(result, str) else (result, stopwatch)


def _row(
    opened: _Comparable, arm: Arm, turn: int, result: SliceResult, stopwatch: Stopwatch, curve_numbers: dict[str, float]
) -> ArmRow:
    """The numbers of one arm."""
    case, attribution = opened.slice.case, result.attribution
    localised = map_metrics(result.saliency[0], result.evaluated, opened.truth, case.scan.spacing, band_mm=BAND_MM)
    return ArmRow(
        case=case.request.scan,
        structure=case.structures[0].name,
        slice=result.z,
        modality=case.scan.modality,
        method=case.request.method.name,
        arm=arm.name,
        turn=turn,
        seconds=result.seconds,
        region_seconds=stopwatch.seconds["region"],
        model_seconds=stopwatch.seconds["model"],
        evaluations=attribution.evaluations,
        rho=attribution.rho,
        region=result.region.source,
        region_share=result.region.coverage,
        target_recall=region_recall(result.region.mask, opened.truth),
        prediction_dice=dice(opened.slice.prediction[0], opened.truth),
        score=float(attribution.baseline[0]),
        largest_drop=float(result.drop[0].max()),
        flat=bool(attribution.flat[0]),
        window_share=attribution.details.get("window_share", 1.0),
        warnings=[*result.region.warnings, *attribution.warnings],
        **ArmRow.attributes(localised | curve_numbers),
    )


def warm_up(scorer: Scorer) -> None:
    """Run the model once in a batch, so that what it does at its first does not fall on the first arm, nor does the
    question whether it repeats itself.

    Parameters
    ----------
    scorer : Scorer
        Of the slice.
    """
    scorer.evaluate(PixelSets(scorer.image, scorer.image, [np.zeros(0, int)] * LEAST_SAMPLES))
    scorer.try_repeats(torch.zeros_like(scorer.image))


def arms_of(case: Case, prepared: Prepared, work_region: np.ndarray) -> list[Arm]:
    """Brute force, the same in the region, and, where that would cost as much, the same with fewer samples.

    Parameters
    ----------
    case : Case
        Its request has the method, and the region of the ROI-guided arms.
    prepared : Prepared
        The slice as the model gets it.
    work_region : ndarray of bool, shape (*S)
        The region on the prepared image.

    Returns
    -------
    list of Arm
        Two or three, brute force first.
    """
    method = case.request.method
    arms = [Arm(BRUTE, "full", method), Arm(ROI, case.request.region.source, method)]
    name = method.drawn
    if name is None:
        return arms
    share = on_work_grid(case, prepared).share_of_features(prepared.image, work_region)
    if share >= 1:
        return arms
    fewer = max(LEAST_SAMPLES, round(share * getattr(method, name)))
    return [*arms, Arm(FEWER, case.request.region.source, replace(method, **{name: fewer}))]


def in_common(case: Case, prepared: Prepared, scorer: Scorer, results: dict[str, SliceResult]) -> dict[str, dict]:
    """Deletion and insertion of each arm's map in the area where all of them have values.

    Parameters
    ----------
    case : Case
    prepared : Prepared
        The slice as the model gets it.
    scorer : Scorer
        The model on it.
    results : dict of arm to SliceResult

    Returns
    -------
    dict of arm to dict of column to float
        ``common_share`` alone where there is no such area.
    """
    attributions = {name: result.attribution for name, result in results.items()}
    common = np.logical_and.reduce([a.evaluated for a in attributions.values()])
    if not common.any():
        return {name: {"common_share": 0.0} for name in results}
    inside = torch.as_tensor(common, device=prepared.image.device)
    seed = case.request.seed
    fill = make_fill(prepared.image, on_work_grid(case, prepared).fill, inside, seed)
    numbers = {}
    for name, attribution in attributions.items():
        drop = attribution.drop[0]
        drawn = curves(scorer, 0, drop, common, fill, steps=STEPS, seeds=range(seed, seed + SEEDS))
        positive = np.maximum(drop, 0)
        total = float(positive.sum())
        numbers[name] = {
            "deletion_auc": drawn.deletion_auc,
            "insertion_auc": drawn.insertion_auc,
            "gap": drawn.gap,
            "random_auc": drawn.random_auc,
            "random_gap": drawn.random_gap,
            "common_effect": drawn.effect,
            "common_share": float(common.mean()),
            "drop_outside": float(positive[~common].sum()) / total if total else float("nan"),
        }
    return numbers


def box_in_space(case: Case, z: int) -> tuple[float, ...]:
    """The box of the ground truth in a slice, for models that want to be pointed at a structure.

    Parameters
    ----------
    case : Case
        With a reference.
    z : int
        Axial slice that holds the first structure.

    Returns
    -------
    tuple of 6 floats
        x, y and z in LPS mm, each from low to high.
    """
    rows, columns = np.nonzero(case.ground_truth[0, z])
    axial = case.scan.axial
    turn = np.array(axial.direction).reshape(3, 3)
    corners = np.array([[x, y, z] for x in (columns.min(), columns.max()) for y in (rows.min(), rows.max())])
    places = np.array(axial.origin) + (corners * axial.spacing) @ turn.T
    return tuple(float(v) for low, high in zip(places.min(0), places.max(0)) for v in (low, high))
