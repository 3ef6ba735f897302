"""Where the words are, in every slice, without explaining anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.presence import find_presence
from XAICLIPLib.case.regions import BATCH
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import Cancelled, ResourceError, XAICLIPError
from XAICLIPLib.message import Message
from XAICLIPLib.pipeline.assemble import assemble_location
from XAICLIPLib.pipeline.opened import Progress, open_image
from XAICLIPLib.pipeline.rows import Planner, location_rows
from XAICLIPLib.pipeline.spool import Spool
from XAICLIPLib.results.location import Location
from XAICLIPLib.results.rows import LocationRow
from XAICLIPLib.roi.region import Region


@dataclass(frozen=True, eq=False)
class LocatedSlice:
    """The region of one slice.

    Attributes
    ----------
    z : int
        Axial slice.
    region : Region
    prediction : dict of structure to ndarray, shape (H, W), bool, or None
        The model's own masks, where it was asked.
    rows : list of LocationRow
        A row of numbers per structure, see `location_rows`.
    warnings : tuple of str
        Why the model was not asked, beside what the region itself warns of.
    """

    z: int
    region: Region
    prediction: dict[str, np.ndarray] | None
    rows: list[LocationRow]
    warnings: tuple[str, ...] = ()


def locate(
    request: Request,
    *,
    models: Models | None = None,
    case: Case | None = None,
    compare: bool = False,
    fallback: bool = False,
    progress: Progress | None = None,
    on_slice: Callable[[LocatedSlice], None] | None = None,
    **given: Any,
) -> Location:
    """Find the structures' region in every slice, without explaining anything.

    Parameters
    ----------
    request : Request
    models : Models, optional
        Keep one to keep models loaded between calls.
    case : Case, optional
        The request where it is open already.
    compare : bool
        Whether the model is asked as well. Then a region is what `run` would perturb, with the same fallbacks, and it
        is held against the model's own prediction, unless the request has a reference.
    fallback : bool
        Whether the model is asked for the fallbacks alone. One that can't be used is left out, which is said.
    progress : callable, optional
        Called with (done, total, message); raise `Cancelled` in it to stop.
    on_slice : callable, optional
        Gets each slice (`LocatedSlice`) as soon as it is located.
    **given
        What `Case` takes in memory: scan, reference, region, model.

    Returns
    -------
    Location

    Raises
    ------
    InputError
        If the scan can't be used, or the region's source or the comparison needs what the model does not give.
    """
    case = case or Case(request, models or Models(), **given)
    if compare:
        case.open_model()  # an unknown structure is said before anything is computed
    regions: dict[int, Region] = {}
    predictions: dict[int, dict[str, np.ndarray]] = {}
    rows: list[LocationRow] = []
    warnings: list[str] = []
    spool = Spool()
    for located in _located(case, compare, fallback, progress or (lambda done, total, message: None)):
        rows += located.rows
        warnings += located.warnings
        regions[located.z] = spool.keep(located.region)
        if compare and located.prediction is not None:
            predictions[located.z] = spool.keep(located.prediction)
        if on_slice:
            on_slice(located)
    case.presence[:] = find_presence(case, ask_model=compare)
    return assemble_location(case, regions, predictions, rows, warnings)


def _located(case: Case, compare: bool, fallback: bool, progress: Progress) -> Iterator[LocatedSlice]:
    """Slice after slice; the words are looked for in several of them at once."""
    total = len(case.slices)
    for start in range(0, total, BATCH):
        batch = case.slices[start : start + BATCH]
        progress(start, total, Message("slice {slice}", slice=batch[0]))
        if case.request.region.source != "prediction" or not (compare or fallback):
            case.regions.of(batch)  # kept until the next batch: `case.region` finds them below
        for number, z in enumerate(batch, start):
            progress(
                number,
                total,
                Message(
                    "slice {slice}",
                    slice=z,
                ),
            )  # the first of a batch again: a model may have been downloaded
            if compare:
                drawn, planner = _opened(case, z)
                region = case.region(z, drawn)
                yield LocatedSlice(z, region, drawn, location_rows(case, z, region, drawn, planner))
            else:
                prediction, warnings = predicted_if_usable(case, z) if fallback else (None, ())
                region = case.region(z, prediction)
                yield LocatedSlice(z, region, prediction, location_rows(case, z, region), warnings)


def _opened(case: Case, z: int) -> tuple[dict[str, np.ndarray], Planner | None]:
    """The model's masks in slice z, and what explaining a mask takes; None for the latter where only volumes are."""
    if case.volumetric:
        return case.predicted(z), None
    opened = open_image(case, z)
    return opened.predictions, opened.planned


def predicted_if_usable(case: Case, z: int) -> tuple[dict[str, np.ndarray] | None, tuple[str, ...]]:
    """The model's masks in a slice, where there is a usable model: the lack of one keeps no words from being found.

    Parameters
    ----------
    case : Case
    z : int
        Axial slice.

    Returns
    -------
    masks : dict of structure to ndarray, shape (H, W), bool, or None
    warnings : tuple of str
        Why there are none.

    Raises
    ------
    XAICLIPError
        If the region is the model's prediction, the user stopped, or memory ran out.
    """
    try:
        return case.predicted(z), ()
    except XAICLIPError as error:
        if case.request.region.source == "prediction" or isinstance(error, (Cancelled, ResourceError)):
            raise
        return None, (Message("not compared with a prediction: {error}", error=error.text),)
