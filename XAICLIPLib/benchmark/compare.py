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
from XAICLIPLib.pipeline.opened import SliceResult, Stopwatch, on_work_grid, open_scorer
from XAICLIPLib.pipeline.slicewise import explain_slice
from XAICLIPLib.roi.region import region_recall

BAND_MM = 5.0  # to either side of the structure's border
LEAST_SAMPLES = 8  # RISE and LIME take no fewer


@dataclass(frozen=True)
class Arm:
    """One way to explain a slice: its name in the tables, where it may perturb, and how."""

    name: str
    region: str
    method: Method


def compare_slice(
    case: Case, z: int, method: Method, turn: int = 0, tell: Callable[[float], None] | None = None
) -> list[dict] | str:
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
    tell : callable, optional
        Called with the share done; raise `Cancelled` in it to stop.

    Returns
    -------
    list of dict, or str
        A row of numbers per arm, or why there is nothing to compare.
    """
    tell = tell or (lambda share: None)
    case = case.vary(method=method, slices=str(z), evidence="none")
    if case.promptable and case.request.prompt.points is None:
        case = case.vary(prompt_box=box_in_space(case, z))  # the same for all arms, whatever their region
    prepared = case.prepare(z)
    scorer = open_scorer(case, prepared, case.references[:, z], None)
    prediction = prepared.grid.to_slice(scorer.prediction.cpu().numpy())[0] > 0.5
    truth = case.references[0, z]
    if not scorer.present[0]:
        return "too small for the model's grid"
    if not float(scorer.baseline[0]):
        return "the model does not find it (Dice 0)"
    found = case.region(z, {case.structures[0].name: prediction})
    work_region = prepared.grid.mask_to_work(found.mask)
    if not work_region.any():
        return f"the {found.source} region is empty"
    warm_up(scorer)
    arms = arms_of(case, prepared, work_region)
    first = turn % len(arms)
    order = arms[first:] + arms[:first]
    explained: dict[str, tuple[SliceResult, Stopwatch]] = {}
    stopped: list[Cancelled] = []
    for number, arm in enumerate(order):

        def within(done: int, total: int, number: int = number) -> None:
            try:
                tell((number + done / max(1, total)) / (len(order) + 1))
            except Cancelled as stop:
                stopped.append(stop)
                raise

        watch = Stopwatch()
        result = explain_slice(case.vary(region=arm.region, method=arm.method), z, watch, within)
        if stopped:
            raise stopped[0]  # a map of the samples until then is a result elsewhere, but no arm of a comparison
        if isinstance(result, str):
            return result
        explained[arm.name] = result, watch
    tell(len(order) / (len(order) + 1))
    faithful = in_common(case, prepared, scorer, {name: result for name, (result, _) in explained.items()})
    rows = []
    for arm in arms:
        result, watch = explained[arm.name]
        attribution = result.attribution
        rows.append(
            {
                "arm": arm.name,
                "turn": order.index(arm),
                "seconds": result.seconds,
                "region_seconds": watch.seconds["region"],
                "model_seconds": watch.seconds["model"],
                "evaluations": attribution.evaluations,
                "rho": attribution.rho,
                "region": result.region.source,
                "region_share": result.region.coverage,
                "target_recall": region_recall(result.region.mask, truth),
                "prediction_dice": dice(prediction, truth),
                "score": float(attribution.baseline[0]),
                "largest_drop": float(result.drop[0].max()),
                "flat": bool(attribution.flat[0]),
                "window_share": attribution.details.get("window_share", 1.0),
                **map_metrics(result.saliency[0], result.evaluated, truth, case.spacing, band_mm=BAND_MM),
                **faithful[arm.name],
                "warnings": [*result.region.warnings, *attribution.warnings],
            }
        )
    return rows


def warm_up(scorer: Scorer) -> None:
    """Run the model once in a batch, so that what it does at its first does not fall on the first arm, nor does the
    question whether it repeats itself."""
    scorer.evaluate(PixelSets(scorer.image, scorer.image, [np.zeros(0, int)] * LEAST_SAMPLES))
    scorer.try_repeats(torch.zeros_like(scorer.image))


def arms_of(case: Case, prepared: Prepared, work_region: np.ndarray) -> list[Arm]:
    """Brute force, the same in the region, and, where that would cost as much, the same with fewer samples."""
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
    """Deletion and insertion of each arm's map in the area where all of them have values."""
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
    """The box of the ground truth in slice z in LPS mm, for models that want to be pointed at a structure."""
    rows, columns = np.nonzero(case.references[0, z])
    axial = case.axial
    turn = np.array(axial.direction).reshape(3, 3)
    corners = np.array([[x, y, z] for x in (columns.min(), columns.max()) for y in (rows.min(), rows.max())])
    places = np.array(axial.origin) + (corners * axial.spacing) @ turn.T
    return tuple(float(v) for low, high in zip(places.min(0), places.max(0)) for v in (low, high))
