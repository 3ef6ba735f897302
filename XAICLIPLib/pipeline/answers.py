"""The answers of a run in words: what was recorded, where it lies, and what its test under another fill says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

import numpy as np
from scipy import ndimage

from XAICLIPLib import anatomy
from XAICLIPLib.attribution.fill import called
from XAICLIPLib.case.case import Case
from XAICLIPLib.influence.question import Influence
from XAICLIPLib.message import Message, either
from XAICLIPLib.pipeline.direction import direction
from XAICLIPLib.results.answers import Answer, Measured, answers_of
from XAICLIPLib.results.evidence import Evidence, MapEvidence
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.results.rows import SummaryRow, is_known

NEAR_MM = 15.0  # from another structure, within which a place is near it


@dataclass(frozen=True)
class Place:
    """A place in words.

    Attributes
    ----------
    text : str
    size_mm : float
        Its longest edge.
    """

    text: str
    size_mm: float


def answers_in_words(case: Case, explanation: Explanation, evidence: Evidence) -> list[Answer]:
    """What a run says about why each structure is drawn.

    Parameters
    ----------
    case : Case
    explanation : Explanation
        Of the same run.
    evidence : Evidence

    Returns
    -------
    list of Answer
        Empty where the run kept no record.
    """
    if not explanation.records:
        return []
    said: list[Answer] = []
    for row in explanation.summary:
        k = explanation.structures.index(row.structure)
        said += answers_of(row.structure, _measured(case, explanation, row, k, evidence.of(row.structure)))
    return said


def _measured(case: Case, explanation: Explanation, row: SummaryRow, k: int, tests: Sequence[MapEvidence]) -> Measured:
    fill = case.request.method.fill
    others = [t for t in tests if is_known(t.numbers.second_unseen_share) or is_known(t.numbers.second_remote_loss)]
    fills = list(dict.fromkeys(list(t.curves)[1] for t in others))
    known = explanation.influence
    most, z = _largest(explanation, k)
    place = None if z is None else _place(case, explanation, known_of(explanation, z), k, z)
    remote_again = {t.slice: t.numbers.second_remote_loss for t in others if is_known(t.numbers.second_remote_loss)}
    if known.whole is not None:
        remote_again = dict.fromkeys([z], remote_again.pop("all", nan))
    return Measured(
        label=case.structures[k].label,
        fill=called(fill),
        other_fill=either([called(name) for name in fills]),
        slices=tuple(t.slice for t in others if isinstance(t.slice, int)),
        unseen=known.unseen_share(k),
        other_unseen=_mean([t.numbers.second_unseen_share for t in others]),
        remote=most,
        remote_at_most=nan if z is None else known_of(explanation, z).largest_loss_at_most(k),
        other_remote=remote_again.pop(z, nan),
        elsewhere=max(remote_again.values(), default=nan),
        place="" if place is None else place.text,
        size_mm=nan if place is None else place.size_mm,
        players=_players(explanation, k),
        shape=nan if row.shape_correlation is None else row.shape_correlation,
        unseen_place=_unseen_place(case, explanation, k),
    )


def known_of(explanation: Explanation, z: int) -> Influence:
    """What is known of one slice, or of the volume where that was explained at once.

    Parameters
    ----------
    explanation : Explanation
    z : int

    Returns
    -------
    Influence
    """
    known = explanation.influence
    return known.whole if known.whole is not None else known.slice(z)


def _largest(explanation: Explanation, k: int) -> tuple[float, int | None]:
    """The most that the rest of structure k loses anywhere, and in which slice."""
    known, best = explanation.influence, (nan, None)
    for z in known.slices[:1] if known.whole is not None else known.slices:
        influence = known_of(explanation, z)
        if influence.target(k).prediction.any() and len(influence.record.sources):
            most = float(influence.losses_of_rest(k).max())
            if not best[0] >= most:
                best = (most, z)
    return best


def _mean(values: Sequence[float | None]) -> float:
    numbers = [v for v in values if is_known(v)]
    return float(np.mean(numbers)) if numbers else nan


def _place(case: Case, explanation: Explanation, influence: Influence, k: int, z: int) -> Place:
    """Where the place lies that matters most for the rest of structure k."""
    sources = influence.record.sources
    mask = sources.mask(int(influence.losses_of_rest(k).argmax()))
    there = influence.grid.to_image(mask.astype(np.float32), np.ones(mask.shape, bool)) > 0.5
    if not there.any():
        return Place(Message("inside it"), nan)
    middle = np.array([(p.min() + p.max()) / 2 for p in np.nonzero(there)])
    spacing = np.array(influence.grid.spacing)
    size = float(max((np.ptp(p) + 1) * s for p, s in zip(np.nonzero(there), spacing)))
    drawn = _drawn(explanation, k, z, there.ndim)
    text = direction(middle - np.array(ndimage.center_of_mass(drawn)), spacing)
    if there.ndim == 2:
        text = Message("{place} in slice {slice}", place=text, slice=z)
    near = [
        case.structures[other].label
        for other in range(len(case.structures))
        if other != k and _distance(_drawn(explanation, other, z, there.ndim), middle, spacing) <= NEAR_MM
    ]
    if near:
        text = Message("{place}, near the {structure}", place=text, structure=near[0])
    return Place(text, size)


def _drawn(explanation: Explanation, k: int, z: int, dimensions: int) -> np.ndarray:
    """What the model draws of structure k, in a slice or in the volume."""
    if dimensions == 2:
        return explanation.prediction.slices[z] == k + 1
    return explanation.prediction.axial().voxels == k + 1


def _distance(mask: np.ndarray, place: np.ndarray, spacing: np.ndarray) -> float:
    """From a place (in pixels) to a mask, mm."""
    places = np.argwhere(mask)
    return float(np.sqrt((((places - place) * spacing) ** 2).sum(1)).min(initial=np.inf))


def _players(explanation: Explanation, k: int) -> tuple[tuple[str, float], ...]:
    """Other structures, and what structure k loses when each is hidden, the largest loss first."""
    names = explanation.influence.players
    if not names:
        return ()
    losses = explanation.influence.between(targets=[k])[:, 0]
    own = {explanation.structures[k], explanation.structures[k].replace("_", " ")}
    pairs = [(anatomy.describe(name).label, float(loss)) for name, loss in zip(names, losses) if name not in own]
    return tuple(sorted(pairs, key=lambda pair: -pair[1]))


def _unseen_place(case: Case, explanation: Explanation, k: int) -> str:
    """Which part of structure k is drawn without being seen, in the slice where there is most of that."""
    known = explanation.influence
    unseen = known.unseen(k)
    axial = explanation.evaluated.like(unseen).axial()
    if not axial.voxels.any():
        return ""
    if known.whole is not None:
        values, drawn = axial.voxels, _drawn(explanation, k, 0, 3)
        spacing = np.array(axial.spacing[::-1])
    else:
        z = int(axial.voxels.sum((1, 2)).argmax())
        values, drawn, spacing = axial.voxels[z], _drawn(explanation, k, z, 2), np.array(axial.spacing[1::-1])
    if not drawn.any():
        return ""
    offset = np.array(ndimage.center_of_mass(values)) - np.array(ndimage.center_of_mass(drawn))
    return direction(offset, spacing)
