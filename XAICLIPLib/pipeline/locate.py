"""Where the words are, in every slice, without explaining anything."""

from __future__ import annotations

from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.regions import BATCH
from XAICLIPLib.case.request import Request
from XAICLIPLib.pipeline.assemble import assemble_location
from XAICLIPLib.pipeline.opened import Progress, on_work_grid
from XAICLIPLib.pipeline.rows import Planner, location_rows
from XAICLIPLib.pipeline.spool import Spool
from XAICLIPLib.results.location import Location


def locate(
    request: Request,
    *,
    models: Models | None = None,
    compare: bool = False,
    progress: Progress | None = None,
    **given,
) -> Location:
    """Find the structures' region in every slice, without explaining anything.

    Parameters
    ----------
    request, models, progress, **given
        As in `run`.
    compare : bool
        Whether the model is asked as well. Then a region is what `run` would perturb, with the same fallbacks, and it
        is held against the model's own prediction, unless the request has a reference.

    Raises
    ------
    InputError
        If the scan can't be used, or the region's source or the comparison needs what the model does not give.
    """
    case = Case(request, models or Models(), **given)
    if compare:
        case.channels  # noqa: B018  an unknown structure is said before anything is computed
    tell = progress or (lambda done, total, message: None)
    regions, predictions, rows, spool = {}, {}, [], Spool()
    for start in range(0, len(case.slices), BATCH):
        some = case.slices[start : start + BATCH]
        tell(start, len(case.slices), f"slice {some[0]}")
        if not (compare and request.region.source == "prediction"):
            case.regions(some)
        for number, z in enumerate(some, start):
            tell(number, len(case.slices), f"slice {z}")
            predicted = case.predicted(z) if compare else None
            region = case.region(z, predicted)
            rows += location_rows(case, z, region, predicted, planner(case, z) if compare else None)
            regions[z] = spool.keep(region)
            if compare:
                predictions[z] = spool.keep(predicted)
    return assemble_location(case, regions, predictions, rows)


def planner(case: Case, z: int) -> Planner | None:
    """How many evaluations a mask of slice z takes to be explained; None where only volumes are."""
    if case.volumetric:
        return None
    prepared = case.prepare(z)
    method = on_work_grid(case, prepared)
    return lambda mask: method.plan(prepared.grid.mask_to_work(mask))
