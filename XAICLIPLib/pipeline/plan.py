"""What a request would cost, before it is carried out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.message import Message
from XAICLIPLib.pipeline.examine import expected_evaluations
from XAICLIPLib.pipeline.opened import Progress, open_image
from XAICLIPLib.pipeline.slicewise import Sizes
from XAICLIPLib.pipeline.volumetric import open_volume, stack_regions
from XAICLIPLib.results.plan import Plan


def plan(
    request: Request,
    *,
    models: Models | None = None,
    case: Case | None = None,
    progress: Progress | None = None,
    **given: Any,
) -> Plan:
    """How many evaluations the maps of a request need, and about how long it takes with the tests of the maps: its
    regions are found and the model is timed once.

    Parameters
    ----------
    request : Request
    models : Models, optional
        Keep one to keep models loaded between calls.
    case : Case, optional
        The request where it is open already.
    progress : callable, optional
        Called with (done, total, message); raise `Cancelled` in it to stop.
    **given
        What `Case` takes in memory: scan, reference, region, model.

    Returns
    -------
    Plan

    Raises
    ------
    XAICLIPError
        If the scan or the model can't be used.
    """
    case = case or Case(request, models or Models(), **given)
    progress = progress or (lambda done, total, message: None)
    if case.volumetric:
        return _plan_volume(case, progress)
    sizes = Sizes(case)
    cost = _plan_slices(case, case.slices, progress, sizes)
    if not cost.slices and (small := sizes.again()):
        cost = _plan_slices(case, small, progress, sizes, 0.0)
    return cost


def _plan_slices(
    case: Case, chosen: Sequence[int], progress: Progress, sizes: Sizes, smallest: float | None = None
) -> Plan:
    """What explaining some slices would cost; those that are passed over are remembered in `sizes`."""
    evaluations = full = slices = 0
    seconds = per_evaluation = 0.0
    for number, z in enumerate(chosen):
        progress(number * len(case.slices) / len(chosen), len(case.slices), Message("slice {slice}", slice=z))
        start = time.perf_counter()
        opened = open_image(case, z)
        if opened.nothing_to_explain(smallest):
            sizes.add(z, opened.prediction)
            continue
        region = opened.on_work_grid(opened.region().mask)
        needed, whole = opened.method.plan(region)
        if slices == 0:
            per_evaluation = opened.seconds_needed(region) / max(1, needed)
        slices += 1
        evaluations += needed * case.maps
        full += whole * case.maps
        seconds += time.perf_counter() - start
    tests = expected_evaluations(case, slices, evaluations)
    return Plan(slices, evaluations, full, seconds + (evaluations + tests) * per_evaluation)


def _plan_volume(case: Case, progress: Progress) -> Plan:
    """What explaining the volume would cost: its regions are found and the model is timed once."""
    start = time.perf_counter()
    opened = open_volume(case, progress)
    stacked = stack_regions(opened, progress)
    ahead = opened.foretold
    tiles = {} if ahead is None else {"tiles": ahead.tiles, "seconds_each_tile": ahead.seconds_each}
    if not stacked.regions:
        return Plan(0, 0, 0, time.perf_counter() - start, **tiles)
    evaluations, full = (case.maps * count for count in opened.method.plan(stacked.work))
    spent = time.perf_counter() - start
    tests = expected_evaluations(case, len(stacked.regions), evaluations) / max(1, evaluations)
    seconds = spent + (1 + tests) * case.maps * opened.seconds_needed(stacked.work)
    return Plan(len(stacked.regions), evaluations, full, seconds, **tiles)
