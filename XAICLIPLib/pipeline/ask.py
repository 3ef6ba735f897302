"""A question to a run that is over: the answer as a map on the scan's grid and as one sentence; no model is run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from scipy import ndimage

from XAICLIPLib import anatomy
from XAICLIPLib.case.scan import Scan
from XAICLIPLib.errors import InputError
from XAICLIPLib.influence.place import BAND_MM, NAMED, Island, Point, Where, islands
from XAICLIPLib.message import Message, Term
from XAICLIPLib.pipeline.assemble import picture_of
from XAICLIPLib.pipeline.direction import direction, from_middle_of
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.roi.given import segments_on
from XAICLIPLib.volume import Volume

RADIUS_MM = 5.0  # round a point
MATTERS = 0.01  # change of a mean probability below which no place is named
HIDDEN = "hidden"


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes
    ----------
    at : tuple of float, optional
        A point in LPS mm (x, y, z).
    radius_mm : float
        Round it.
    mask : str, optional
        Path of a mask or label map; everything labelled in it is asked about.
    island : int, optional
        A connected part of the prediction, 1 being the largest.
    part_of : str, optional
        "drawn", "reference", "missing", "extra" or "boundary"; "drawn" where nothing else is asked about.
    structure : str, optional
        Whose drawing; by default the run's first.
    part : str
        "remote", "own" or "total".
    reach : bool
        Ask the other way round: what changes when the place is hidden.
    """

    at: tuple[float, float, float] | None = None
    radius_mm: float = RADIUS_MM
    mask: str | None = None
    island: int | None = None
    part_of: str | None = None
    structure: str | None = None
    part: str = "remote"
    reach: bool = False


@dataclass(frozen=True, eq=False)
class Reply:
    """The answer to a question.

    Attributes
    ----------
    text : str
        One sentence or two.
    values : Volume of float32
        On the scan's grid: change of the mean probability of what is asked about when a place is hidden (why), or of
        each voxel's probability when the place is hidden (reach).
    structure : str
        Whose drawing it is about.
    largest : float
        The value that the text names.
    at : tuple of float, or None
        Where it lies, in LPS mm (x, y, z); None where nothing depends on any place.
    slice : int, or None
        In which axial slice that is.
    about : Volume of uint8, or None
        What is asked about as a mask; None for a point and for an edge.
    """

    text: str
    values: Volume
    structure: str
    largest: float
    at: tuple[float, float, float] | None = None
    slice: int | None = None
    about: Volume | None = None


@dataclass(frozen=True, eq=False)
class Between:
    """What each structure loses when each segment is hidden.

    Attributes
    ----------
    players, structures : tuple of str
    losses : ndarray, shape (players, structures), float32
    """

    players: tuple[str, ...]
    structures: tuple[str, ...]
    losses: np.ndarray

    @property
    def text(self) -> str:
        """The matrix as lines of text."""
        first = max(len(name) for name in (*self.players, HIDDEN))
        widths = [max(6, len(name)) for name in self.structures]
        head = "  ".join([f"{HIDDEN:{first}}", *(f"{name:>{w}}" for name, w in zip(self.structures, widths))])
        lines = [
            "  ".join([f"{name:{first}}", *(f"{loss:>{w}.0%}" for loss, w in zip(row, widths))])
            for name, row in zip(self.players, self.losses.tolist())
        ]
        return "\n".join([head, *lines])


def with_scan(explanation: Explanation, path: Path) -> Explanation:
    """A loaded run with the scan that it is about, to be drawn on.

    Parameters
    ----------
    explanation : Explanation
    path : Path

    Returns
    -------
    Explanation
        With its `picture`, in the grey window of the run.

    Raises
    ------
    InputError
        If the scan can't be read, or lies on another grid.
    """
    about, series = explanation.report["scan"], explanation.report["request"].get("series")
    scan = Scan.open(str(path), series, about.get("modality", "auto"))
    if not scan.volume.same_grid(explanation.evaluated):
        raise InputError(f"{path.name} lies on another grid than the run; give the scan that was explained")
    preset, _ = scan.preset(about.get("preset", "auto"))
    return replace(explanation, picture=picture_of(scan, preset))


def ask_between(explanation: Explanation) -> Between:
    """Which structure needs which segment.

    Parameters
    ----------
    explanation : Explanation

    Returns
    -------
    Between

    Raises
    ------
    InputError
        If the run kept no record, or hid no segments.
    """
    known = explanation.influence
    return Between(known.players, explanation.structures, known.between())


def ask(explanation: Explanation, question: Question) -> Reply:
    """Answer a question from what a run recorded.

    Parameters
    ----------
    explanation : Explanation
    question : Question

    Returns
    -------
    Reply

    Raises
    ------
    InputError
        If the run kept no record, or the question is about something that it does not hold.
    """
    structure = structure_asked(explanation, question.structure)
    asked = _asked(explanation, question, structure)
    asked = replace(asked, mask=_about(explanation, structure, asked.where))
    known = explanation.influence
    if question.reach:
        place = asked.where
        if isinstance(place, (str, Island)):
            place = _mask_of(explanation, structure, place)
        values = explanation.evaluated.like(known.reach(place, structure), "what changes")
        return _reached(values, structure, asked)
    values = explanation.evaluated.like(known.why(asked.where, structure, question.part), f"why, {question.part}")
    return _reasoned(values, structure, asked, question.part, partial(_lies, explanation, structure))


def structure_asked(explanation: Explanation, wanted: str | None) -> str:
    """Whose drawing a question is about.

    Parameters
    ----------
    explanation : Explanation
    wanted : str, optional
        In words.

    Returns
    -------
    str
        Its name; the run's first where nothing is wanted.

    Raises
    ------
    InputError
        If the run does not explain it.
    """
    if wanted is None:
        return explanation.structures[0]
    names = anatomy.match(wanted, explanation.structures)
    if not names:
        raise InputError(
            anatomy.no_match(
                wanted, explanation.structures, Message("this run does not explain"), Message("it explains")
            )
        )
    return names[0]


def _label(explanation: Explanation, structure: str) -> Term:
    return Term(next(entry["label"] for entry in explanation.report["structures"] if entry["name"] == structure))


@dataclass(frozen=True, eq=False)
class _Asked:
    """What is asked about: the place, what is drawn there in words, the place itself in words, and as a mask."""

    where: Where
    drawn: str
    place: str
    is_missing: bool = False
    mask: Volume | None = None


def _asked(explanation: Explanation, question: Question, structure: str) -> _Asked:
    """What a question is about."""
    given = [name for name in ("at", "mask", "island", "part_of") if getattr(question, name) is not None]
    if len(given) > 1:
        raise InputError(f"the question is about {' and '.join(given)}; ask about one of them at a time")
    label = _label(explanation, structure)
    if question.at is not None:
        place = Message("what lies within {mm:g} mm of {point}", mm=question.radius_mm, point=_said(question.at))
        if not (np.isfinite([*question.at, question.radius_mm]).all() and question.radius_mm >= 0):
            raise InputError(f"the question is about {place}; give numbers, and a radius of 0 or more")
        return _Asked(
            Point(question.at, question.radius_mm),
            Message("What is drawn of the {structure} there", structure=label),
            place,
        )
    if question.mask is not None:
        name = Path(question.mask).name
        mask = _labelled(explanation, question.mask)
        drawn = Message("What is drawn of the {structure} in {file}", structure=label, file=name)
        return _Asked(mask, drawn, Message("a part of {file}", file=name))
    if question.island is not None:
        drawn = Message("Island {number} of the {structure}", number=question.island, structure=label)
        return _Asked(Island(question.island), drawn, Message("a part of island {number}", number=question.island))
    part = question.part_of or "drawn"
    if part not in NAMED:
        raise InputError(f"there is no part {part!r}; choose one of {', '.join(NAMED)}")
    drawn, place = {
        "drawn": (
            Message("The {structure} as it is drawn", structure=label),
            Message("a part of the {structure} as it is drawn", structure=label),
        ),
        "reference": (
            Message("What is drawn of the {structure} inside the reference", structure=label),
            Message("a part of the reference"),
        ),
        "missing": (
            Message("The missing part of the {structure}", structure=label), Message("a part of what is missing")
        ),
        "extra": (
            Message("What is drawn of the {structure} outside the reference", structure=label),
            Message("a part of what is drawn outside the reference"),
        ),
        "boundary": (
            Message("The edge of the {structure} ({mm:g} mm to either side)", structure=label, mm=BAND_MM),
            Message("a part of the edge"),
        ),
    }[part]  # fmt: skip
    return _Asked(part, drawn, place, part == "missing")


def _labelled(explanation: Explanation, path: str) -> np.ndarray:
    """Where anything is labelled in a file, on the scan's own grid."""
    grid = explanation.evaluated
    axial = np.logical_or.reduce(list(segments_on(path, grid).values()))
    return grid.restore(grid.axial().like(axial.astype(np.uint8), "mask")).voxels > 0


def _mask_of(explanation: Explanation, structure: str, where: str | Island) -> np.ndarray:
    """A named place as a mask on the scan's grid."""
    label = explanation.structures.index(structure) + 1
    drawn = explanation.prediction.voxels == label
    if isinstance(where, Island):
        labels, count = islands(drawn)
        if not 1 <= where.number <= count:
            raise InputError(Message("there is no island {number} in the prediction; it has {count}",
                                     number=where.number, count=count))  # fmt: skip
        return labels == where.number
    if where == "drawn":
        return drawn
    if explanation.reference is None:
        raise InputError(Message("{part} needs a reference, which this run had none of; ask about a mask or a point",
                                 part=where))  # fmt: skip
    truth = explanation.reference.voxels == label
    masks = {"reference": truth, "missing": truth & ~drawn, "extra": drawn & ~truth}
    if where not in masks:
        raise InputError(f"what changes when the {where} is hidden can't be asked; ask about a mask or a point")
    if not masks[where].any():
        raise InputError(Message("nothing is {part} in this run; ask about a mask or a point", part=where))
    return masks[where]


def _about(explanation: Explanation, structure: str, where: Where) -> Volume | None:
    """What is asked about on the scan's grid, where it is a mask, or the name of one."""
    if isinstance(where, Point) or (isinstance(where, str) and where == "boundary"):
        return None
    mask = where if isinstance(where, np.ndarray) else _mask_of(explanation, structure, where)
    return explanation.evaluated.like(mask.astype(np.uint8), "asked about")


def _peak(
    values: Volume, sign: int = 1, about: Volume | None = None
) -> tuple[float, tuple[float, float, float] | None, int | None]:
    """The largest value (of the values with that sign), its place in LPS mm (the middle of all voxels that have it in
    its slice), and the slice; None for these where it is nothing to speak of. Hidden places reach through slices, so
    that several may have that value: of these the one with most of what is asked about."""
    axial = values.axial()
    largest = max(0.0, float((sign * axial.voxels).max(initial=0.0)))
    if largest < MATTERS:
        return largest, None, None
    highest = (sign * axial.voxels).max((1, 2))
    held = np.ones(len(highest)) if about is None else 1 + about.axial().voxels.sum((1, 2), dtype=float)
    z = int(np.where(highest >= largest * (1 - 1e-6), held, 0).argmax())
    middle = np.array([z, *np.median(np.argwhere(sign * axial.voxels[z] >= largest * (1 - 1e-6)), 0)])
    offset = np.array(axial.direction).reshape(3, 3) @ (middle[::-1] * np.array(axial.spacing))
    x, y, w = (float(v) for v in np.array(axial.origin) + offset)
    return largest, (x, y, w), z


def _said(at: tuple[float, float, float]) -> Message:
    """A point in words."""
    return Message("LPS {point} mm", point=[f"{v:.0f}" for v in at])


def _lies(explanation: Explanation, structure: str, at: tuple[float, float, float], z: int) -> Message:
    """Where a point lies: from the middle of what is drawn of the structure in its slice, and in LPS mm."""
    axial, label = explanation.evaluated.axial(), explanation.structures.index(structure) + 1
    drawn = explanation.prediction.slices[z] == label
    if not drawn.any():
        return Message("at {point} in slice {slice}", point=_said(at), slice=z)
    offset = np.array(at) - np.array(axial.origin)
    column, row, _ = np.linalg.inv(np.array(axial.direction).reshape(3, 3)) @ offset / np.array(axial.spacing)
    spacing = np.array(axial.spacing[1::-1])
    offset = np.array([row, column]) - np.array(ndimage.center_of_mass(drawn))
    words = direction(offset, spacing, from_middle_of(_label(explanation, structure)))
    return Message("{place} in slice {slice} ({point})", place=words, slice=z, point=_said(at))


COUNTED = {
    "remote": Message(", without what is hidden itself"),
    "own": Message(", of what is hidden itself alone"),
    "total": "",
}


def _reasoned(
    values: Volume, structure: str, asked: _Asked, part: str, lies: Callable[[tuple[float, float, float], int], Message]
) -> Reply:
    """The answer to why; what is missing has no drawing that could go, and is asked what would bring it back."""
    loss, at, z = _peak(values, 1, asked.mask)
    gain, where, slice_of_gain = _peak(values, -1, asked.mask)
    if asked.is_missing:
        if where is None or slice_of_gain is None:
            text = Message("{drawn} is held back by no place: hiding one brings back {share:.1%} of it at most.",
                           drawn=asked.drawn, share=gain)  # fmt: skip
            return Reply(text, values, structure, gain, about=asked.mask)
        text = Message(
            "{drawn} is held back most by what lies {place}: hiding a place there brings back {share:.0%} of "
            "it{counted}.",
            drawn=asked.drawn, place=lies(where, slice_of_gain), share=gain, counted=COUNTED[part],
        )  # fmt: skip
        return Reply(text, values, structure, gain, where, slice_of_gain, asked.mask)
    said = {"drawn": asked.drawn, "share": loss, "counted": COUNTED[part]}
    if at is None or z is None:
        text = Message("{drawn} depends on no place: hiding one takes away {share:.1%} of it at most{counted}.", **said)
    else:
        text = Message(
            "{drawn} depends most on what lies {place}: hiding a place there takes away {share:.0%} of it{counted}.",
            place=lies(at, z), **said,
        )  # fmt: skip
    if where is not None and slice_of_gain is not None and gain >= 0.05:
        instead = Message("Hiding a place {place} adds {share:.0%} instead.",
                          place=lies(where, slice_of_gain), share=gain)  # fmt: skip
        text = Message("{sentence} {other}", sentence=text, other=instead)
    return Reply(text, values, structure, loss, at, z, asked.mask)


def _reached(values: Volume, structure: str, asked: _Asked) -> Reply:
    """The answer to what changes."""
    each = float(np.prod(values.spacing)) / 1000
    lost, gained = (float(np.maximum(sign * values.voxels, 0).sum()) * each for sign in (1, -1))
    said = {"place": asked.place, "amount": lost, "structure": anatomy.describe(structure).label}
    text = Message(
        "Hiding a place that holds {place} takes away {amount:.1f} ml of the {structure} on average.", **said
    )
    if gained >= 0.05:
        text = Message("Hiding a place that holds {place} takes away {amount:.1f} ml of the {structure} on average, "
                       "and adds {gained:.1f} ml elsewhere.", gained=gained, **said)  # fmt: skip
    _, at, z = _peak(values, 1, asked.mask)
    return Reply(text, values, structure, lost, at, z, asked.mask)
