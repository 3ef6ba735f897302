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
from XAICLIPLib.pipeline.answers import direction
from XAICLIPLib.pipeline.assemble import picture_of
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
        raise InputError(anatomy.no_match(wanted, explanation.structures, "this run does not explain", "it explains"))
    return names[0]


def _label(explanation: Explanation, structure: str) -> str:
    return next(entry["label"] for entry in explanation.report["structures"] if entry["name"] == structure)


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
        place = f"what lies within {question.radius_mm:g} mm of {_said(question.at)}"
        if not (np.isfinite([*question.at, question.radius_mm]).all() and question.radius_mm >= 0):
            raise InputError(f"the question is about {place}; give numbers, and a radius of 0 or more")
        return _Asked(Point(question.at, question.radius_mm), f"What is drawn of the {label} there", place)
    if question.mask is not None:
        name = Path(question.mask).name
        mask = _labelled(explanation, question.mask)
        return _Asked(mask, f"What is drawn of the {label} in {name}", f"a part of {name}")
    if question.island is not None:
        return _Asked(
            Island(question.island), f"Island {question.island} of the {label}", f"a part of island {question.island}"
        )
    part = question.part_of or "drawn"
    if part not in NAMED:
        raise InputError(f"there is no part {part!r}; choose one of {', '.join(NAMED)}")
    drawn, place = {
        "drawn": (f"The {label} as it is drawn", f"a part of the {label} as it is drawn"),
        "reference": (f"What is drawn of the {label} inside the reference", "a part of the reference"),
        "missing": (f"The missing part of the {label}", "a part of what is missing"),
        "extra": (
            f"What is drawn of the {label} outside the reference",
            "a part of what is drawn outside the reference",
        ),
        "boundary": (f"The edge of the {label} ({BAND_MM:g} mm to either side)", "a part of the edge"),
    }[part]
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
            raise InputError(f"there is no island {where.number} in the prediction; it has {count}")
        return labels == where.number
    if where == "drawn":
        return drawn
    if explanation.reference is None:
        raise InputError(f"{where} needs a reference, which this run had none of; ask about a mask or a point")
    truth = explanation.reference.voxels == label
    masks = {"reference": truth, "missing": truth & ~drawn, "extra": drawn & ~truth}
    if where not in masks:
        raise InputError(f"what changes when the {where} is hidden can't be asked; ask about a mask or a point")
    if not masks[where].any():
        raise InputError(f"nothing is {where} in this run; ask about a mask or a point")
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


def _said(at: tuple[float, float, float]) -> str:
    """A point in words."""
    return "LPS " + ", ".join(f"{v:.0f}" for v in at) + " mm"


def _lies(explanation: Explanation, structure: str, at: tuple[float, float, float], z: int) -> str:
    """Where a point lies: from the middle of what is drawn of the structure in its slice, and in LPS mm."""
    axial, label = explanation.evaluated.axial(), explanation.structures.index(structure) + 1
    drawn = explanation.prediction.slices[z] == label
    if not drawn.any():
        return f"at {_said(at)} in slice {z}"
    offset = np.array(at) - np.array(axial.origin)
    column, row, _ = np.linalg.inv(np.array(axial.direction).reshape(3, 3)) @ offset / np.array(axial.spacing)
    spacing = np.array(axial.spacing[1::-1])
    offset = np.array([row, column]) - np.array(ndimage.center_of_mass(drawn))
    words = direction(offset, spacing, f"the middle of the {_label(explanation, structure)}")
    return f"{words} in slice {z} ({_said(at)})"


COUNTED = {"remote": ", without what is hidden itself", "own": ", of what is hidden itself alone", "total": ""}


def _reasoned(
    values: Volume, structure: str, asked: _Asked, part: str, lies: Callable[[tuple[float, float, float], int], str]
) -> Reply:
    """The answer to why; what is missing has no drawing that could go, and is asked what would bring it back."""
    loss, at, z = _peak(values, 1, asked.mask)
    gain, where, slice_of_gain = _peak(values, -1, asked.mask)
    if asked.is_missing:
        if where is None or slice_of_gain is None:
            text = f"{asked.drawn} is held back by no place: hiding one brings back {gain:.1%} of it at most."
            return Reply(text, values, structure, gain, about=asked.mask)
        text = (
            f"{asked.drawn} is held back most by what lies {lies(where, slice_of_gain)}: hiding a place "
            f"there brings back {gain:.0%} of it{COUNTED[part]}."
        )
        return Reply(text, values, structure, gain, where, slice_of_gain, asked.mask)
    if at is None or z is None:
        text = f"{asked.drawn} depends on no place: hiding one takes away {loss:.1%} of it at most{COUNTED[part]}."
    else:
        text = (
            f"{asked.drawn} depends most on what lies {lies(at, z)}: hiding a place there takes away "
            f"{loss:.0%} of it{COUNTED[part]}."
        )
    if where is not None and slice_of_gain is not None and gain >= 0.05:
        text += f" Hiding a place {lies(where, slice_of_gain)} adds {gain:.0%} instead."
    return Reply(text, values, structure, loss, at, z, asked.mask)


def _reached(values: Volume, structure: str, asked: _Asked) -> Reply:
    """The answer to what changes."""
    each = float(np.prod(values.spacing)) / 1000
    lost, gained = (float(np.maximum(sign * values.voxels, 0).sum()) * each for sign in (1, -1))
    more = f", and adds {gained:.1f} ml elsewhere" if gained >= 0.05 else ""
    label = anatomy.describe(structure).label
    text = f"Hiding a place that holds {asked.place} takes away {lost:.1f} ml of the {label} on average{more}."
    _, at, z = _peak(values, 1, asked.mask)
    return Reply(text, values, structure, lost, at, z, asked.mask)
