"""The model's own prediction against a mask that somebody has: is the model that is asked the one that drew it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import InputError
from XAICLIPLib.message import Message
from XAICLIPLib.metrics.overlap import dice
from XAICLIPLib.pipeline.opened import Progress
from XAICLIPLib.volume import Volume

SAME = 0.95  # Dice from which two masks are called the same: a voxel of resampling at the border costs that much
MOST_SLICES = 12  # that a model of slices is asked for


@dataclass(frozen=True)
class Agreement:
    """How alike a mask and the model's prediction of one structure are.

    Attributes
    ----------
    structure : str
    dice : float
        In [0, 1], over the slices that were compared.
    slices : tuple of int
        Axial slices that were compared.
    total : int
        Axial slices that the mask is in.
    mask_voxels, predicted_voxels : int
        In these slices.
    """

    structure: str
    dice: float
    slices: tuple[int, ...]
    total: int
    mask_voxels: int
    predicted_voxels: int

    @property
    def is_same(self) -> bool:
        """Whether the two may be called the same."""
        return self.dice >= SAME


def agreement(
    request: Request, mask: Volume, *, models: Models | None = None, case: Case | None = None,
    progress: Progress | None = None, **given: Any,
) -> Agreement:  # fmt: skip
    """Predict the first structure of a request where a mask is, and compare the two.

    A model of volumes is asked once; its prediction is kept, and explaining it afterwards takes it over. A model of
    slices is asked in at most `MOST_SLICES` slices that are evenly spread over the mask.

    Parameters
    ----------
    request : Request
        Model, scan and structure.
    mask : Volume
        Not zero inside; on the scan's grid.
    models : Models, optional
        Keep one to keep models loaded between calls.
    case : Case, optional
        The request where it is open already.
    progress : callable, optional
        Called with (done, total, message); raise `Cancelled` in it to stop.
    **given
        What `Case` takes in memory.

    Returns
    -------
    Agreement

    Raises
    ------
    InputError
        If the mask is empty or lies on another grid, or the model can't be used.
    """
    progress = progress or (lambda done, total, message: None)
    case = case or Case(request, models or Models(), **given)
    if not mask.same_grid(case.scan.volume):
        raise InputError(Message("the mask lies on another grid than the scan; resample it to the scan first"))
    drawn = mask.axial().voxels > 0
    there = np.flatnonzero(drawn.any((1, 2)))
    if not len(there):
        raise InputError(Message("the mask is empty, so that there is nothing to compare; draw something in it"))
    case.open_model()
    name = case.structures[0].name
    chosen = there
    if not case.volumetric and len(there) > MOST_SLICES:
        chosen = there[np.round(np.linspace(0, len(there) - 1, MOST_SLICES)).astype(int)]
    predicted = []
    for number, z in enumerate(chosen):
        progress(number, len(chosen), Message("comparing in slice {slice}", slice=z))
        predicted.append(np.asarray(case.predicted(int(z))[name], bool))
    ours, theirs = np.stack(predicted), drawn[chosen]
    return Agreement(
        name, float(dice(ours, theirs)), tuple(int(z) for z in chosen), len(there), int(theirs.sum()), int(ours.sum())
    )
