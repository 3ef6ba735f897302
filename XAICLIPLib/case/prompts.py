"""What a promptable model is pointed at in a slice: a box, or points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.message import Message
from XAICLIPLib.models.base import Prompt
from XAICLIPLib.volume import Volume

Box = tuple[float, float, float, float]


def box_of(mask: np.ndarray) -> Box | None:
    """The box of a mask, by its pixels' edges.

    Parameters
    ----------
    mask : ndarray, shape (H, W), bool

    Returns
    -------
    tuple of 4 floats, or None
        (x0, y0, x1, y1) in pixels; None for an empty mask.
    """
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return None
    return float(columns.min()), float(rows.min()), float(columns.max() + 1), float(rows.max() + 1)


def prompts_from_boxes(boxes: Sequence[Box | None]) -> tuple[Prompt | None, ...]:
    """A prompt per structure from its box.

    Parameters
    ----------
    boxes : sequence of boxes, or None
        As `box_of` gives them, one per structure.

    Returns
    -------
    tuple of Prompt or None
        None where there is no box.
    """
    return tuple(None if box is None else Prompt(box) for box in boxes)


def prompts_from_region(
    masks: Mapping[str, np.ndarray], whole: np.ndarray, names: Sequence[str]
) -> tuple[Prompt | None, ...]:
    """A prompt per structure: the box of its own region.

    Parameters
    ----------
    masks : mapping of structure to ndarray, shape (H, W), bool
    whole : ndarray, shape (H, W), bool
        The region of a structure that has none of its own.
    names : sequence of str
        The structures.

    Returns
    -------
    tuple of Prompt or None
    """
    return prompts_from_boxes([box_of(masks.get(name, whole)) for name in names])


def points_in_slice(points: Sequence[float], axial: Volume, z: int) -> tuple[tuple[float, float, int], ...]:
    """Those of the points in space that lie in a slice.

    Parameters
    ----------
    points : sequence of floats
        Four numbers each: x, y, z in LPS mm, and 1 for inside or 0 for outside.
    axial : Volume
        The scan in axial order.
    z : int
        Axial slice.

    Returns
    -------
    tuple of (x, y, inside)
        Pixel positions by the pixels' edges.

    Raises
    ------
    InputError
        If a point lies outside the scan.
    """
    inside_slice = []
    image = axial.to_sitk()
    for x, y, height, inside in np.reshape(points, (-1, 4)).tolist():
        place = image.TransformPhysicalPointToContinuousIndex((x, y, height))
        if not all(-0.5 <= i < n - 0.5 for i, n in zip(place, axial.shape[::-1])):
            raise InputError(Message(
                "the point {x:g}, {y:g}, {z:g} lies outside the scan; give LPS mm inside it",
                x=x, y=y, z=height,
            ))  # fmt: skip
        if round(place[2]) == z:
            inside_slice.append((place[0] + 0.5, place[1] + 0.5, int(inside > 0)))
    return tuple(inside_slice)
