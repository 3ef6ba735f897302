"""How good a region is by itself, and whether the similarity it was cut from is upside down.

CLIP's patch similarities can be swapped, high everywhere but at what the words mean. Such a map is never flipped
here: where foreground and background may change places, neither of the two can be trusted.
"""

from __future__ import annotations

import cv2
import numpy as np
from scipy import ndimage

MARGIN = 0.1  # probability; a smaller difference between two places says nothing
SMALLEST_AIR = 0.02  # of what the model was given: less of it is the blur of the body's edge
SMALLEST_MM2 = 100.0  # of a prediction; a few stray pixels are no structure
RING_MM = (5.0, 20.0)  # from the prediction: its own uncertain edge is left out


def pieces(mask: np.ndarray) -> int:
    """The number of connected pieces; pixels that touch at a corner are connected.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W)

    Returns
    -------
    int
    """
    return cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)[0] - 1


def share(mask: np.ndarray, within: np.ndarray) -> float:
    """How much of a place a mask covers.

    Parameters
    ----------
    mask, within : ndarray of bool
        Of one shape.

    Returns
    -------
    float
        In [0, 1]; 0 where there is nothing to cover.
    """
    return int(np.count_nonzero(mask & within)) / max(1, int(np.count_nonzero(within)))


def quality(mask: np.ndarray, body: np.ndarray, probability: np.ndarray | None = None) -> dict:
    """What can be said of a region without knowing the truth.

    Parameters
    ----------
    mask, body : ndarray of bool, shape (H, W)
        The region of one structure, and the body without holes.
    probability : ndarray, shape (H, W), optional
        The smoothed similarity that it was cut from.

    Returns
    -------
    dict
        ``share_of_slice``, ``share_of_body``, ``components`` (connected pieces), and with a similarity
        ``largest_similarity`` and its mean over the region (``similarity_inside``) and over the rest of the body
        (``similarity_outside``). None where there are no pixels to say it of.
    """
    row = {"share_of_slice": float(mask.mean()), "share_of_body": share(mask, body), "components": pieces(mask)}
    if probability is None:
        return row | dict.fromkeys(("largest_similarity", "similarity_inside", "similarity_outside"))
    rest = body & ~mask
    return row | {
        "largest_similarity": float(probability.max()),
        "similarity_inside": float(probability[mask].mean()) if mask.any() else None,
        "similarity_outside": float(probability[rest].mean()) if rest.any() else None,
    }


def prefers_air(probability: np.ndarray, body: np.ndarray, in_frame: np.ndarray, level: float) -> bool:
    """Whether a similarity is higher in the air round the patient than in the patient.

    Parameters
    ----------
    probability : ndarray, shape (H, W)
    body, in_frame : ndarray of bool, shape (H, W)
        The body without holes, and the part of the slice that the vision-language model was given.
    level : float
        Where the similarity is cut.

    Returns
    -------
    bool
        True where the mean over the air exceeds that over the body by more than `MARGIN`, or where more than half
        of the air, and a larger share of it than of the body, lies above the level: the swapped map of a small organ
        is high in the whole body too. False where hardly any air is in the frame.
    """
    air, inside = in_frame & ~body, in_frame & body
    if np.count_nonzero(air) < SMALLEST_AIR * np.count_nonzero(in_frame) or not inside.any():
        return False
    above = probability >= level
    return bool(
        probability[air].mean() > probability[inside].mean() + MARGIN
        or share(above, air) > max(0.5, share(above, inside))
    )


def avoids(probability: np.ndarray, prediction: np.ndarray, spacing: tuple[float, ...]) -> bool:
    """Whether a similarity is higher nearly everywhere around a predicted structure than nearly everywhere in it.

    Parameters
    ----------
    probability : ndarray, shape (H, W)
    prediction : ndarray of bool, shape (H, W)
        The model's own mask of the structure.
    spacing : tuple of 2 floats
        Pixel edge along rows and columns, mm.

    Returns
    -------
    bool
        True where the lower quartile of the ring around the prediction exceeds the upper quartile inside by more
        than `MARGIN`. A region that merely missed the structure, or found its neighbour, leaves most of the ring low.
        False where hardly anything is predicted.
    """
    if prediction.sum() * spacing[0] * spacing[1] < SMALLEST_MM2:
        return False
    part = crop_around(prediction, RING_MM[1], spacing)
    prediction, probability = prediction[part], probability[part]
    distance = ndimage.distance_transform_edt(~prediction, sampling=spacing)
    ring = (distance > RING_MM[0]) & (distance <= RING_MM[1])
    if not ring.any():
        return False
    return bool(np.percentile(probability[ring], 25) > np.percentile(probability[prediction], 75) + MARGIN)


def crop_around(mask: np.ndarray, millimetres: float, spacing: tuple[float, ...]) -> tuple[slice, ...]:
    """The bounding box of a mask, grown on every side as far as the image goes.

    Parameters
    ----------
    mask : ndarray of bool, shape (H, W) or (Z, H, W)
        Not empty.
    millimetres : float
        By how much.
    spacing : tuple of float
        mm along the mask's axes.

    Returns
    -------
    tuple of slices
        One along each axis.
    """
    crop: list[slice] = []
    for places, length, edge in zip(np.nonzero(mask), mask.shape, spacing):
        grow = int(np.ceil(millimetres / edge))
        crop.append(slice(max(0, int(places.min()) - grow), min(length, int(places.max()) + 1 + grow)))
    return tuple(crop)
