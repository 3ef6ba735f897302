"""What TotalSegmentator does to a finished label map of some tasks."""

from __future__ import annotations

import numpy as np

from XAICLIPLib.models.totalsegmentator.tasks import Task

SMALLEST_MM3 = 50_000  # of a part of the limbs that is kept
SAID = {
    "body": "TotalSegmentator then keeps the largest part of body_trunc, and of body_extremities parts above 50 ml",
    "vertebrae_pp": "TotalSegmentator then corrects the labels of the vertebrae along the spine",
    "vertebrae_pp_refined": "TotalSegmentator then corrects the vertebrae's labels, and cuts them to vertebrae_body",
}


def said_of(task: Task) -> tuple[str, ...]:
    """What a reader must know of the steps that come after the network, and are not part of an explanation.

    Parameters
    ----------
    task : Task

    Returns
    -------
    tuple of str
    """
    told = SAID.get(task.name, "")
    if task.cut:
        told = f"TotalSegmentator then deletes what lies outside the {', '.join(task.cut)}"
    return (f"{told}; what is explained is the network's own answer before that",) if told else ()


def cleaned(labels: np.ndarray, task: Task, voxel: float) -> np.ndarray:
    """The label map of the body without stray parts, as it is cropped to; that of any other task as it is.

    Parameters
    ----------
    labels : ndarray of int, shape (d, h, w)
    task : Task
    voxel : float
        Volume of a voxel, mm³.

    Returns
    -------
    ndarray of int, shape (d, h, w)
    """
    if task.name != "body":
        return labels
    from scipy import ndimage

    trunk, limbs = (task.structures.index(name) + 1 for name in ("body_trunc", "body_extremities"))
    out = labels.copy()
    pieces, count = ndimage.label(labels == trunk)
    if count:
        sizes = np.bincount(pieces.ravel())[1:]
        out[(labels == trunk) & (pieces != int(sizes.argmax()) + 1)] = 0
    pieces, count = ndimage.label(labels == limbs)
    if count:
        small = np.flatnonzero(np.bincount(pieces.ravel()) <= SMALLEST_MM3 / voxel)
        out[(labels == limbs) & np.isin(pieces, small)] = 0
    return out
