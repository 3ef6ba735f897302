"""Where a place lies from another, in words, as the patient has right and left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from XAICLIPLib.message import Message

CLOSE_MM = 5.0  # from a middle, within which a place is at the middle

Framed = Callable[[Sequence[Message]], Message]  # up to two ways from something, and what that is


def direction(offset: np.ndarray, spacing: np.ndarray, framed: Framed | None = None) -> Message:
    """An offset on the axial grid in words.

    Parameters
    ----------
    offset : ndarray, shape (2,) or (3,)
        In pixels, along (slices,) rows and columns.
    spacing : ndarray, same shape
        mm.
    framed : callable, optional
        Says what the offset is from; `from_its_middle` by default.

    Returns
    -------
    Message
        Such as "32 mm right of and 12 mm behind its middle".
    """
    millimetres = np.asarray(offset) * spacing
    axes = range(3 - len(millimetres), 3)
    far = [(axis, float(mm)) for axis, mm in zip(axes, millimetres) if abs(mm) >= CLOSE_MM]
    ways = [_way(axis, mm) for axis, mm in sorted(far, key=lambda pair: -abs(pair[1]))]
    return (framed or from_its_middle)(ways[:2])


def from_its_middle(ways: Sequence[Message]) -> Message:
    """The frame "its middle".

    Parameters
    ----------
    ways : sequence of Message
        None, one or two.

    Returns
    -------
    Message
    """
    if not ways:
        return Message("at its middle")
    if len(ways) == 1:
        return Message("{way} its middle", way=ways[0])
    return Message("{way} and {other} its middle", way=ways[0], other=ways[1])


def from_this_place(ways: Sequence[Message]) -> Message:
    """The frame "this place".

    Parameters
    ----------
    ways : sequence of Message
        None, one or two.

    Returns
    -------
    Message
    """
    if not ways:
        return Message("at this place")
    if len(ways) == 1:
        return Message("{way} this place", way=ways[0])
    return Message("{way} and {other} this place", way=ways[0], other=ways[1])


def from_middle_of(structure: str) -> Framed:
    """The frame "the middle of the liver".

    Parameters
    ----------
    structure : str
        In words.

    Returns
    -------
    callable
        As `from_its_middle`.
    """

    def framed(ways: Sequence[Message]) -> Message:
        if not ways:
            return Message("at the middle of the {structure}", structure=structure)
        if len(ways) == 1:
            return Message("{way} the middle of the {structure}", way=ways[0], structure=structure)
        return Message("{way} and {other} the middle of the {structure}",
                       way=ways[0], other=ways[1], structure=structure)  # fmt: skip

    return framed


def _way(axis: int, mm: float) -> Message:
    """How far along an axis of the axial grid, which runs from feet to head, front to back and right to left."""
    if axis == 0:
        return Message("{mm:.0f} mm above", mm=mm) if mm > 0 else Message("{mm:.0f} mm below", mm=-mm)
    if axis == 1:
        return Message("{mm:.0f} mm behind", mm=mm) if mm > 0 else Message("{mm:.0f} mm in front of", mm=-mm)
    return Message("{mm:.0f} mm left of", mm=mm) if mm > 0 else Message("{mm:.0f} mm right of", mm=-mm)
