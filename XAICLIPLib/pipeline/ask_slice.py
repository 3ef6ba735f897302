"""A question about a place in one axial slice, fast enough to follow a mouse; and what a run can be asked at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from XAICLIPLib import anatomy
from XAICLIPLib.errors import InputError
from XAICLIPLib.influence.grid import box_of
from XAICLIPLib.influence.place import NAMED, Point, islands, within
from XAICLIPLib.message import Message
from XAICLIPLib.pipeline.ask import COUNTED, MATTERS, Question, structure_asked
from XAICLIPLib.pipeline.direction import direction, from_this_place
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.volume import Volume
from XAICLIPLib.volume.ranges import ranges

LEAST = 0.05  # cm² or ml that changes, below which nothing is said to change
TOP = 1e-6  # of the largest value, within which values are the largest too


@dataclass(frozen=True, eq=False)
class SliceReply:
    """The answer to a question about one axial slice.

    Attributes
    ----------
    text : str
        One sentence.
    slab : Volume of float32
        The slice on the scan's own grid, one voxel thick: change of the mean probability of what is asked about when a
        place is hidden (why), or of each voxel's probability when the place is hidden (reach).
    offset : tuple of 3 ints
        The index (z, y, x) of its first voxel in the scan.
    structure : str
        Whose drawing it is about.
    slice : int
    largest : float
        The value that the text names: a share, or cm² (reach; ml of a volume that was explained at once).
    at : tuple of float, or None
        Where it lies, in LPS mm; None where nothing depends on any place.
    """

    text: str
    slab: Volume
    offset: tuple[int, int, int]
    structure: str
    slice: int
    largest: float
    at: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Askable:
    """What a run can be asked.

    Attributes
    ----------
    structures : tuple of str
    slices : tuple of int
        The axial slices of which something is known.
    parts : tuple of str
        What `Question.part_of` may be: without a reference, nothing is missing or extra.
    islands : dict of str to int
        Of each structure the number of connected parts of its drawing.
    between : bool
        Whether segments were hidden one at a time.
    """

    structures: tuple[str, ...]
    slices: tuple[int, ...]
    parts: tuple[str, ...]
    islands: dict[str, int] = field(default_factory=dict)
    between: bool = False


def askable(explanation: Explanation) -> Askable:
    """What a run can be asked; it opens what the run recorded.

    Parameters
    ----------
    explanation : Explanation

    Returns
    -------
    Askable

    Raises
    ------
    InputError
        If the run kept no record.
    """
    known = explanation.influence
    of_reference = ("reference", "missing", "extra")
    parts = tuple(part for part in NAMED if explanation.reference is not None or part not in of_reference)
    labels = explanation.prediction.axial().voxels
    labels = labels[box_of(labels > 0)] if labels.any() else labels[:1]
    counts = {name: islands(labels == k)[1] for k, name in enumerate(explanation.structures, start=1)}
    return Askable(explanation.structures, tuple(known.slices), parts, counts, bool(known.players))


def ask_in_slice(explanation: Explanation, question: Question) -> SliceReply:
    """Answer a question about a point for the axial slice that holds it.

    Parameters
    ----------
    explanation : Explanation
    question : Question
        With a point `at`; without a structure it is about the one that is drawn there, else the run's first.

    Returns
    -------
    SliceReply

    Raises
    ------
    InputError
        If the run kept no record, the point lies outside the scan, its slice was not explained, nothing was hidden at
        the place whose reach is asked about, or the question is about something else than a point.
    """
    if question.at is None or question.mask or question.island is not None or question.part_of:
        raise InputError("a slice is asked about a point; give one in LPS mm (at), and nothing else")
    place = _Place(explanation, question)
    values = place.values()  # (H, W), or of a volume that was explained at once (Z, H, W)
    said = _reached(place, values) if question.reach else _reasoned(place, values, question.part)
    grid = explanation.evaluated
    shown = values if values.ndim == 2 else values[place.z]
    slab, offset = grid.restore_slice(grid.axial(), place.z, shown.astype(np.float32))
    return SliceReply(said[0], slab, offset, place.structure, place.z, *said[1:])


class _Place:
    """The point of a question on the axial grid, and what is drawn round it."""

    def __init__(self, explanation: Explanation, question: Question) -> None:
        self._explanation, self._question = explanation, question
        axial = self._axial = explanation.evaluated.axial()
        if not np.isfinite([*question.at, question.radius_mm]).all() or question.radius_mm < 0:  # type: ignore[misc]
            raise InputError(f"the point is {question.at}; give three numbers in LPS mm, and a radius of 0 or more")
        offset = np.array(question.at) - np.array(axial.origin)
        index = np.linalg.inv(np.array(axial.direction).reshape(3, 3)) @ offset / np.array(axial.spacing)
        self.index = index[::-1]
        if not ((self.index >= -0.5) & (self.index < np.array(axial.shape) - 0.5)).all():
            said = [f"{v:.0f}" for v in question.at]  # type: ignore[union-attr]
            raise InputError(
                Message("the point {point} lies outside the scan; ask about a place inside it", point=said)
            )
        self.z = int(np.rint(self.index[0]))
        self.is_volume = explanation.influence.whole is not None
        self.spacing = np.array(axial.spacing[::-1])[0 if self.is_volume else 1 :]
        labels = np.asarray(explanation.prediction.slices[self.z])
        near = within(Point(tuple(self.index[1:]), question.radius_mm), labels.shape, axial.spacing[1::-1])
        self.structure = structure_asked(explanation, question.structure or self._drawn_here(labels))
        number = explanation.structures.index(self.structure) + 1
        self.drawn = labels == number
        self.is_drawn = bool(self.drawn[near].any())
        self.label = anatomy.describe(self.structure).label

    def _drawn_here(self, labels: np.ndarray) -> str | None:
        """The structure that is drawn at the point itself."""
        row, column = (int(v) for v in np.rint(self.index[1:]))
        number = int(labels[row, column])
        return self._explanation.structures[number - 1] if number else None

    def values(self) -> np.ndarray:
        """The answer as a map of the slice (H, W), or of the volume (Z, H, W) that was explained at once."""
        known, question = self._explanation.influence, self._question
        if self.z not in known.slices:
            raise InputError(Message("slice {slice} was not explained; slices {slices} were",
                                     slice=self.z, slices=ranges(known.slices, "-")))  # fmt: skip
        point = Point(tuple(self.index if self.is_volume else self.index[1:]), question.radius_mm)
        asked = known.whole if known.whole is not None else known.slice(self.z)
        return (asked.reach if question.reach else asked.why)(point, self.structure, question.part)

    def from_here(self, pixel: np.ndarray) -> Message:
        """Where a pixel of the map lies, from the point."""
        return direction(pixel - self.index[-len(pixel) :], self.spacing, from_this_place)

    def lps(self, pixel: np.ndarray) -> tuple[float, float, float]:
        """A pixel of the map in LPS mm."""
        index = np.array([self.z, *pixel][-3:])[::-1] * np.array(self._axial.spacing)
        x, y, z = np.array(self._axial.origin) + np.array(self._axial.direction).reshape(3, 3) @ index
        return float(x), float(y), float(z)

    def peak(self, values: np.ndarray) -> tuple[float, np.ndarray]:
        """The largest value, and the pixel that has it: of several the one nearest to their middle."""
        largest = float(values.max(initial=0.0))
        tops = np.argwhere(values >= largest * (1 - TOP))
        return largest, tops[((tops - tops.mean(0)) ** 2).sum(1).argmin()]


Said = tuple[str, float, tuple[float, float, float] | None]


def _reasoned(place: _Place, values: np.ndarray, part: str) -> Said:
    """The answer to why."""
    said: dict[str, Any] = {"structure": place.label}
    if not place.is_drawn:
        gain, pixel = place.peak(-values)
        if gain < MATTERS:
            return Message("The {structure} is not drawn here, and hiding no place changes that.", **said), gain, None
        text = Message("The {structure} is not drawn here; hiding what lies {place} would draw {share:.0%} of it.",
                       place=place.from_here(pixel), share=gain, **said)  # fmt: skip
        return text, gain, place.lps(pixel)
    loss, pixel = place.peak(values)
    said |= {"share": loss, "counted": COUNTED[part]}
    if loss < MATTERS:
        text = Message("The {structure} here depends on no place: hiding one takes away {share:.1%} of it at "
                       "most{counted}.", **said)  # fmt: skip
        return text, loss, None
    text = Message("The {structure} here depends most on what lies {place}: hiding a place there takes away "
                   "{share:.0%} of it{counted}.", place=place.from_here(pixel), **said)  # fmt: skip
    return text, loss, place.lps(pixel)


def _reached(place: _Place, values: np.ndarray) -> Said:
    """The answer to what hangs on the place."""
    unit, per = ("ml", 1000) if place.is_volume else ("cm²", 100)
    each = float(place.spacing.prod()) / per
    lost, gained = (float(np.maximum(sign * values, 0).sum()) * each for sign in (1, -1))
    if max(lost, gained) < LEAST:
        text = Message("Hiding this place changes nothing of the {structure} in this slice.", structure=place.label)
        if place.is_volume:
            text = Message("Hiding this place changes nothing of the {structure}.", structure=place.label)
        return text, lost, None
    drawn = 0.0 if place.is_volume else place.drawn.sum() * each
    _, pixel = place.peak(values)
    return _lost(place, {"amount": lost, "unit": unit, "gained": gained}, drawn), lost, place.lps(pixel)


def _lost(place: _Place, said: dict[str, Any], drawn: float) -> Message:
    """What goes, of a slice with its share of what is drawn there, and what comes elsewhere."""
    said |= {"structure": place.label, "more": ""}
    if said["gained"] >= LEAST:
        said["more"] = Message(", and adds {amount:.1f} {unit}", amount=said["gained"], unit=said["unit"])
    del said["gained"]
    if place.is_volume:
        return Message("Hiding this place takes away {amount:.1f} {unit} of the {structure}{more}.", **said)
    if not drawn:
        return Message(
            "Hiding this place takes away {amount:.1f} {unit} of the {structure} in this slice{more}.", **said
        )
    return Message("Hiding this place takes away {amount:.1f} {unit} of the {structure} in this slice "
                   "({share:.0%}){more}.",
                   share=said["amount"] / drawn, **said)  # fmt: skip
