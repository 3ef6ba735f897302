"""A question to a run that is over: the answer as a map on the scan's grid and as one sentence; no model is run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from XAICLIPLib import anatomy
from XAICLIPLib.errors import InputError
from XAICLIPLib.influence.place import Island, Point, Where, islands
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.roi.given import segments_on
from XAICLIPLib.volume import Volume

RADIUS_MM = 5.0  # round a point


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
        One sentence.
    values : Volume of float32
        On the scan's grid: change of the mean probability of what is asked about when a place is hidden (why), or of
        each voxel's probability when the place is hidden (reach).
    structure : str
        Whose drawing it is about.
    """

    text: str
    values: Volume
    structure: str


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
        width = max(len(name) for name in (*self.players, "hidden"))
        head = "  ".join([f"{'hidden':{width}}", *(f"{name:>12}" for name in self.structures)])
        lines = [
            "  ".join([f"{name:{width}}", *(f"{loss:>12.0%}" for loss in row)])
            for name, row in zip(self.players, self.losses.tolist())
        ]
        return "\n".join([head, *lines])


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
    structure = _structure(explanation, question.structure)
    where, called = _where(explanation, question)
    label = _label(explanation, structure)
    known = explanation.influence
    if question.reach:
        if isinstance(where, (str, Island)):
            where = _mask_of(explanation, structure, where)
        values = explanation.evaluated.like(known.reach(where, structure), "what changes")
        return Reply(_reach_sentence(values, label, called), values, structure)
    values = explanation.evaluated.like(known.why(where, structure, question.part), f"why, {question.part}")
    return Reply(_why_sentence(values, label, called, question.part), values, structure)


def _structure(explanation: Explanation, wanted: str | None) -> str:
    if wanted is None:
        return explanation.structures[0]
    names = anatomy.match(wanted, explanation.structures)
    if not names:
        raise InputError(anatomy.no_match(wanted, explanation.structures, "this run does not explain", "it explains"))
    return names[0]


def _label(explanation: Explanation, structure: str) -> str:
    return next(entry["label"] for entry in explanation.report["structures"] if entry["name"] == structure)


def _where(explanation: Explanation, question: Question) -> tuple[Where | np.ndarray, str]:
    """What is asked about, and what it is called."""
    given = [name for name in ("at", "mask", "island", "part_of") if getattr(question, name) is not None]
    if len(given) > 1:
        raise InputError(f"the question is about {' and '.join(given)}; ask about one of them at a time")
    if question.at is not None:
        said = ", ".join(f"{v:g}" for v in question.at)
        return Point(question.at, question.radius_mm), f"round {said}"
    if question.mask is not None:
        segments = segments_on(question.mask, explanation.evaluated)
        axial = np.logical_or.reduce(list(segments.values()))
        grid = explanation.evaluated
        back = grid.restore(grid.axial().like(axial.astype(np.uint8), "mask")).voxels > 0
        return back, f"in {Path(question.mask).name}"
    if question.island is not None:
        return Island(question.island), f"in island {question.island}"
    part = question.part_of or "drawn"
    words = {"drawn": "", "reference": "inside the reference", "missing": "where it is missing"}
    words |= {"extra": "where there is too much of it", "boundary": "along its edge"}
    return part, words.get(part, part)


def _mask_of(explanation: Explanation, structure: str, where: str | Island) -> np.ndarray:
    """A named place as a mask on the scan's grid."""
    label = explanation.structures.index(structure) + 1
    drawn = explanation.prediction.voxels == label
    if isinstance(where, Island):
        return islands(drawn)[0] == where.number
    if where == "drawn":
        return drawn
    if explanation.reference is None:
        raise InputError(f"{where} needs a reference, which this run had none of; ask about a mask or a point")
    truth = explanation.reference.voxels == label
    masks = {"reference": truth, "missing": truth & ~drawn, "extra": drawn & ~truth}
    if where not in masks:
        raise InputError(f"what changes when the {where} is hidden can't be asked; ask about a mask or a point")
    return masks[where]


def _peak(values: Volume) -> tuple[float, np.ndarray, int]:
    """The largest value, its place on the axial grid (the middle of all voxels that have it), and its slice."""
    axial = values.axial().voxels
    largest = float(axial.max(initial=0.0))
    places = np.argwhere(axial >= largest * (1 - 1e-6)) if largest > 0 else np.zeros((0, 3))
    middle = np.median(places, 0) if len(places) else np.zeros(3)
    return largest, middle, int(middle[0])


def _why_sentence(values: Volume, label: str, called: str, part: str) -> str:
    largest, middle, z = _peak(values)
    what = f"the {label} {called}".rstrip()
    kinds = {"remote": "another place", "own": "the place itself", "total": "a place"}
    if largest < 0.01:
        return f"What is drawn of {what} depends on no place: hiding {kinds[part]} takes {largest:.1%} of it at most."
    return (
        f"What is drawn of {what} depends most on {_lps(values, middle)} in slice {z}: "
        f"hiding {kinds[part]} there takes {largest:.0%} of it."
    )


def _reach_sentence(values: Volume, label: str, called: str) -> str:
    lost = float(np.maximum(values.voxels, 0).sum()) * float(np.prod(values.spacing)) / 1000
    gained = float(np.maximum(-values.voxels, 0).sum()) * float(np.prod(values.spacing)) / 1000
    more = f", and adds {gained:.1f} ml" if gained >= 0.05 else ""
    return f"Hiding what lies {called or 'there'} takes {lost:.1f} ml of the {label} away{more}."


def _lps(values: Volume, middle: np.ndarray) -> str:
    """A place on the axial grid in LPS mm."""
    axial = values.axial()
    offset = np.array(axial.direction).reshape(3, 3) @ (middle[::-1] * np.array(axial.spacing))
    return "LPS " + ", ".join(f"{v:.0f}" for v in np.array(axial.origin) + offset) + " mm"
