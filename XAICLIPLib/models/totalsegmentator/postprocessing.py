"""What TotalSegmentator does to a finished label map of some tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from XAICLIPLib.models.totalsegmentator.tasks import Task

SMALLEST_MM3 = 50_000  # of a part of the limbs that is kept
SAID = {
    "body": "as TotalSegmentator does it, the drawing keeps the largest part of body_trunc, of body_extremities parts "
    "above 50 ml, where one of the two is asked for",
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
        told = (
            f"as TotalSegmentator does it, the drawing has nothing that lies more than {task.cut_mm:g} mm outside the "
            f"{', '.join(task.cut)}"
        )
    return (f"{told}; what is explained is the network's own answer before that",) if told else ()


def near(mask: np.ndarray, margin: float, spacing: Sequence[float]) -> np.ndarray:
    """Where TotalSegmentator leaves what was found.

    Parameters
    ----------
    mask : ndarray of bool, shape (Z, H, W)
        The organs.
    margin : float
        Round them, mm.
    spacing : sequence of 3 floats
        Edges of a voxel, mm.

    Returns
    -------
    ndarray of bool, shape (Z, H, W)
        In steps of one voxel along the axes; a margin below a voxel is no bound, as there.
    """
    from scipy import ndimage

    return ndimage.binary_dilation(mask, iterations=int(margin / np.mean(np.asarray(spacing, np.float32))))


def finished(
    draw: Callable[[np.ndarray], np.ndarray], task: Task, asked: Sequence[int], voxel: float, keep: np.ndarray | None
) -> Callable[[np.ndarray], np.ndarray]:
    """How probabilities become what TotalSegmentator draws.

    Parameters
    ----------
    draw : callable
        Probabilities (..., d, h, w) to masks (..., Z, H, W), before those steps.
    task : Task
    asked : sequence of int
        Which of its targets the probabilities are of.
    voxel : float
        Volume of a voxel of the work grid, mm³.
    keep : ndarray of bool, shape (Z, H, W), optional
        Outside of which nothing is drawn.

    Returns
    -------
    callable
    """

    def masks(probabilities: np.ndarray) -> np.ndarray:
        if task.name == "body" and len(asked) == 1:  # of several it is not known which is which
            label, size = asked[0] + 1, probabilities.shape[-3:]
            there = (probabilities > 0.5).reshape(-1, *size)
            kept = [cleaned(np.where(one, label, 0), task, voxel) == label for one in there]
            probabilities = np.stack(kept).reshape(probabilities.shape).astype(np.float32)
        drawn = draw(probabilities)
        return drawn if keep is None else drawn & keep

    return masks


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
