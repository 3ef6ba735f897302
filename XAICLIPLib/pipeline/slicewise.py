"""One slice explained: region → model → map, back on the slice."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from XAICLIPLib.attribution.result import Attribution
from XAICLIPLib.case.case import Case
from XAICLIPLib.pipeline.opened import (
    MIN_AREA_MM2,
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
from XAICLIPLib.roi.region import from_prediction

STRAY = 0.1  # of the largest slice: what is less is stray in a structure that is small everywhere


class Sizes:
    """How large the structures are in the slices that were passed over, so that what is small everywhere is not denied.

    Parameters
    ----------
    case : Case
    """

    def __init__(self, case: Case) -> None:
        self._case = case
        self._areas: dict[int, np.ndarray] = {}
        self._taken: set[int] = set()

    def add(self, z: int, wanted: np.ndarray) -> None:
        """Remember the areas of a slice's masks (K, H, W)."""
        self._areas[z] = wanted.sum((1, 2)) * self._case.spacing[0] * self._case.spacing[1]

    def again(self) -> list[int]:
        """The slices to explain although they are small, where no slice is large enough: those that hold at least a
        tenth of a structure's largest slice, in the order of the case."""
        if self._case.request.slices != "auto" or not self._areas:
            return []
        areas = np.stack(list(self._areas.values()))
        largest = areas.max(0)
        chosen = ((areas > 0) & (areas >= STRAY * largest)).any(1)
        self._taken = {z for z, take in zip(self._areas, chosen) if take}
        return [z for z in self._case.slices if z in self._taken]

    def notes(self, results: Sequence[SliceResult]) -> list[str]:
        """What to say of each structure that is in no slice larger than the limit."""
        if self._case.request.slices != "auto":
            return []
        whose = "prediction" if self._case.references is None else "reference"
        found = []
        for k, structure in enumerate(self._case.structures):
            areas = {z: float(a[k]) for z, a in self._areas.items() if a[k] > 0}
            if not areas or not self._taken and any(r.attribution.present[k] for r in results):
                continue
            largest = max(areas, key=areas.get)
            done = "the slices that hold at least a tenth of that were explained; stray pixels look like this as well"
            todo = f"to explain it, name its slices: slices {largest}, or {min(areas)}:{max(areas) + 1}"
            found.append(
                f"{structure.label}: the {whose} is no larger than {areas[largest]:.3g} mm2 in any slice, and slices "
                f"auto asks for {MIN_AREA_MM2:g} mm2; {done if self._taken else todo}"
            )
        return found


def explain_slice(
    case: Case,
    z: int,
    watch: Stopwatch,
    progress: Callable[[int, int], None] | None = None,
    on_early: Callable[[SliceResult], None] | None = None,
    sizes: Sizes | None = None,
    smallest: float | None = None,
) -> SliceResult | str:
    """Explain one slice, or say why there is nothing to explain in it.

    Where it is passed over, `sizes` remembers how large the structures are; `smallest` as in `nothing_to_explain`.
    `on_early` gets the slice with its map while that is still coarse. Where the user stops it then, the result is what
    there was.
    """
    start = time.perf_counter()
    with watch("prepare"):
        prepared = case.prepare(z)
        truth = None if case.references is None else case.references[:, z]
    scorer = open_scorer(case, prepared, truth, progress)
    with watch("prepare"):
        probabilities = prepared.grid.to_slice(scorer.prediction.cpu().numpy())
        prediction = probabilities > 0.5
    masks = {s.name: m for s, m in zip(case.structures, prediction)}
    if reason := nothing_to_explain(case, z, prediction, smallest):
        if sizes is not None:
            sizes.add(z, prediction if truth is None else truth)
        return reason
    with watch("region"):
        region = case.region(z, masks)
        work_region = prepared.grid.mask_to_work(region.mask)
    if not work_region.any():
        return f"the {region.source} region is empty"
    with watch("prepare"):
        baseline = from_prediction(masks, case.spacing).mask
        needed, _ = on_work_grid(case, prepared).plan(prepared.grid.mask_to_work(baseline))

    def result(found: Attribution) -> SliceResult:
        with watch("prepare"):
            evaluated, drop, stderr = on_slice_grid(found, prepared, region.mask)
        seconds = time.perf_counter() - start
        return SliceResult(
            z, drop, normalised(drop), stderr, evaluated, region, prediction, truth, found, seconds, baseline, needed
        )

    early = Early(on_early and (lambda found: on_early(result(found))))
    return result(perturbed(case, prepared, scorer, work_region, watch, early))
