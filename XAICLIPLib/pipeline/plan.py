"""What a request would cost, before it is carried out."""

from __future__ import annotations

import time
from collections.abc import Sequence

from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.pipeline.opened import Progress, nothing_to_explain, on_work_grid
from XAICLIPLib.pipeline.slicewise import Sizes
from XAICLIPLib.pipeline.volumetric import plan_volume
from XAICLIPLib.results.plan import Plan


def plan(
    request: Request,
    *,
    models: Models | None = None,
    case: Case | None = None,
    progress: Progress | None = None,
    **given,
) -> Plan:
    """How many evaluations a request needs, and about how long: its regions are found and the model is timed once."""
    case = case or Case(request, models or Models(), **given)
    tell = progress or (lambda done, total, message: None)
    if case.volumetric:
        return plan_volume(case, tell)
    sizes = Sizes(case)
    found = _plan_slices(case, case.slices, tell, sizes)
    if not found.slices and (small := sizes.again()):
        found = _plan_slices(case, small, tell, sizes, 0.0)
    return found


def _plan_slices(
    case: Case, chosen: Sequence[int], tell: Progress, sizes: Sizes, smallest: float | None = None
) -> Plan:
    """What explaining some slices would cost; those that are passed over are remembered in `sizes`."""
    evaluations = full = slices = 0
    seconds = 0.0
    for number, z in enumerate(chosen):
        tell(number * len(case.slices) / len(chosen), len(case.slices), f"slice {z}")
        start = time.perf_counter()
        prepared = case.prepare(z)
        scorer = Scorer(case.predictor(prepared), prepared.image, batch_size=case.request.batch_size)
        prediction = prepared.grid.to_slice(scorer.prediction.cpu().numpy()) > 0.5
        if nothing_to_explain(case, z, prediction, smallest):
            sizes.add(z, prediction if case.references is None else case.references[:, z])
            continue
        region = case.region(z, {s.name: m for s, m in zip(case.structures, prediction)})
        method = on_work_grid(case, prepared)
        needed, whole = method.plan(prepared.grid.mask_to_work(region.mask))
        if slices == 0:
            per_evaluation = scorer.seconds_each()
        slices += 1
        evaluations += needed
        full += whole
        seconds += time.perf_counter() - start
    return Plan(slices, evaluations, full, seconds + evaluations * (per_evaluation if slices else 0.0))
