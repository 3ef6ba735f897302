"""Two runs of one scan that kept where the output changed: what the rest of the second's drawing depends on, and of the
first's not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.pipeline.compare import ALIKE, words_for
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.volume import Volume


@dataclass(frozen=True, eq=False)
class RemoteDifference:
    """How two runs differ in what a structure depends on elsewhere than where something is hidden.

    Attributes
    ----------
    structure : str
    difference : Volume of float32
        The second run's map minus the first's: the loss of mean probability over what each draws, without what is
        hidden itself, when a place round the voxel is hidden. 0 where not both say something.
    largest : float
        Without its sign.
    slice : int, or None
        Where that is; None where the maps are alike.
    is_exact : bool
        Whether neither method samples.
    text : str
        One sentence.
    """

    structure: str
    difference: Volume
    largest: float
    slice: int | None
    is_exact: bool
    text: str


def remote_difference(first: Explanation, second: Explanation, structure: str) -> RemoteDifference | None:
    """Hold what two runs know of one structure against each other; no model is run.

    Parameters
    ----------
    first, second : Explanation
        Of one scan, see `pipeline.compare.compare`.
    structure : str
        Its name; both explain it.

    Returns
    -------
    RemoteDifference or None
        None where one of them kept no record, draws nothing, or hid places by another method.

    Raises
    ------
    InputError
        If a record is damaged.
    """
    runs = first, second
    methods = {run.report["request"]["method"]["name"] for run in runs}
    drawn = [run.prediction.axial().voxels == run.structures.index(structure) + 1 for run in runs]
    both = sorted({*first.report["slices"]["explained"]} & {*second.report["slices"]["explained"]})
    if len(methods) > 1 or not all(run.records for run in runs) or not all(mask[both].any() for mask in drawn):
        return None
    try:
        maps = [run.evaluated.like(run.influence.why("drawn", structure, "remote")).axial().voxels for run in runs]
    except InputError as error:
        if "damaged" in str(error):
            raise
        return None
    seen = np.zeros(drawn[0].shape, bool)
    seen[both] = np.logical_and(*(run.evaluated.axial().voxels[both] > 0 for run in runs))
    apart = np.where(seen, maps[1] - maps[0], 0).astype(np.float32)
    axial = first.evaluated.axial()
    ends = [(int(place), float(apart.flat[place])) for place in (apart.argmax(), apart.argmin())]
    said = []
    for (place, value), way in zip(ends, ("more", "less")):
        if abs(value) >= ALIKE and (value > 0) == (way == "more"):
            z, row, column = (int(v) for v in np.unravel_index(place, apart.shape))
            where = words_for(drawn[0][z] | drawn[1][z], (row, column), axial, structure, z)
            said.append(f"{abs(value):.2g} {way} in the second than in the first ({where})")
    label, largest = structure.replace("_", " "), max(abs(value) for _, value in ends)
    text = f"The rest of the {label} hangs on the same places in both"
    if said:
        text = f"Hiding one place takes away of the rest of the {label} up to {', and up to '.join(said)}"
    at = int(np.unravel_index(int(np.abs(apart).argmax()), apart.shape)[0]) if said else None
    return RemoteDifference(
        structure, first.evaluated.restore(axial.like(apart, "difference")), largest, at,
        not any(structure in run.stderrs for run in runs), f"{text}.",
    )  # fmt: skip
