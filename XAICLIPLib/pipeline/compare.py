"""Two finished runs of one scan held against each other: what was set otherwise, and where their maps differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import ndimage, stats

from XAICLIPLib import anatomy
from XAICLIPLib.errors import InputError
from XAICLIPLib.message import Message, Term
from XAICLIPLib.metrics.overlap import dice
from XAICLIPLib.pipeline.direction import direction, from_middle_of
from XAICLIPLib.results.differences import Change, settings_apart
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.volume import Volume
from XAICLIPLib.volume.ranges import ranges

MOST_PLACES = 100_000  # that a rank correlation is taken over
ALIKE_MAPS, SIMILAR_MAPS = 0.9, 0.4  # rank correlations from which two maps order places alike, and similarly
ALIKE = 0.005  # of a map's values, below which no difference is spoken of
NORMAL = 1.96  # standard errors to either side of a value, of which 95 % of all lie within


@dataclass(frozen=True, eq=False)
class Comparison:
    """How two runs differ in one structure.

    Attributes
    ----------
    structure : str
    difference : Volume of float32
        The second run's map minus the first's, on the scan's grid; 0 where not both say something.
    unit : str
        "drop" where both are drops of the same score, found by the same method; else "share": each map as a share of
        its own largest value.
    correlation : float
        Rank correlation of the two maps over what both evaluated; nan where one of them is flat.
    dice : float
        Of the two predictions; nan where neither draws it.
    largest : float
        The largest difference without its sign.
    at : tuple of float, or None
        Where that is, in LPS mm; None where the maps are alike.
    slice : int, or None
    settings : tuple of Change
        What the two requests say otherwise.
    text : str
        A few sentences.
    stderr : Volume of float32, or None
        Standard error of the difference, as if the two runs drew their samples apart; None where the method samples
        nothing, so that the difference is exact, or where shares are compared.
    beyond : float
        Share of the places whose 95 % interval of the difference, 1.96 standard errors to either side, leaves out 0:
        0.05 of them by chance alone. nan without standard errors.
    """

    structure: str
    difference: Volume
    unit: str
    correlation: float
    dice: float
    largest: float
    at: tuple[float, float, float] | None
    slice: int | None
    settings: tuple[Change, ...]
    text: str
    stderr: Volume | None = None
    beyond: float = float("nan")

    @property
    def interval(self) -> tuple[Volume, Volume] | None:
        """Both ends of the 95 % interval of `difference`, voxel by voxel; None without standard errors."""
        if self.stderr is None:
            return None
        middle, away = self.difference.voxels, NORMAL * self.stderr.voxels
        return self.difference.like(middle - away, "low"), self.difference.like(middle + away, "high")


def compare(first: Explanation, second: Explanation, structure: str | None = None) -> Comparison:
    """Hold two runs of one scan against each other; no model is run.

    Parameters
    ----------
    first, second : Explanation
    structure : str, optional
        In words; the first that both explain by default.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        If they lie on different grids, share no structure or no slice, or do not explain the one that is wanted.
    """
    if not first.evaluated.same_grid(second.evaluated):
        sizes = (" x ".join(str(n) for n in run.evaluated.shape[::-1]) for run in (first, second))
        raise InputError(Message(
            "the two runs are of different scans, or of one that was resampled or moved between them ({first} and "
            "{second} voxels); choose two runs of one scan",
            first=next(sizes), second=next(sizes),
        ))  # fmt: skip
    name = _shared(first, second, structure)
    both = sorted({*first.report["slices"]["explained"]} & {*second.report["slices"]["explained"]})
    if not both:
        explained = [ranges(run.report["slices"]["explained"], "-") for run in (first, second)]
        raise InputError(Message("the two runs share no slice: {first} and {second}; explain the same ones",
                                 first=explained[0], second=explained[1]))  # fmt: skip
    unit = "drop" if _basis(first.report) == _basis(second.report) else "share"
    maps = [_maps(run, name, unit, both) for run in (first, second)]
    seen = np.logical_and(*(_slices(run.evaluated, both) > 0 for run in (first, second)))
    apart = np.where(seen, maps[1] - maps[0], 0).astype(np.float32)
    axial = first.evaluated.axial()
    values = np.zeros(axial.shape, np.float32)
    values[both] = apart
    drawn = [_slices(run.prediction, both) == run.structures.index(name) + 1 for run in (first, second)]
    overlap = dice(*drawn) if drawn[0].any() or drawn[1].any() else float("nan")
    z, row, column = (int(v) for v in np.unravel_index(np.abs(apart).argmax(), apart.shape))
    largest = float(abs(apart[z, row, column]))
    is_apart = largest >= ALIKE
    correlation = _correlation(maps[0][seen], maps[1][seen])
    stderr, beyond = _errors((first, second), name, both, apart, seen) if unit == "drop" else (None, float("nan"))
    first_value, second_value = (round(float(m[z, row, column]), 2) + 0.0 for m in maps)  # no "-0.00"
    pair = (first_value, second_value)
    place = words_for(drawn[0][z] | drawn[1][z], (row, column), axial, name, both[z])
    index = np.array([column, row, both[z]]) * np.array(axial.spacing)
    x, y, w = np.array(axial.origin) + np.array(axial.direction).reshape(3, 3) @ index
    return Comparison(
        name,
        first.evaluated.restore(axial.like(values, "difference")),
        unit,
        correlation,
        overlap,
        largest,
        (float(x), float(y), float(w)) if is_apart else None,
        both[z] if is_apart else None,
        settings_apart(first.report, second.report),
        _text(name, correlation, overlap, unit, place if is_apart else None, pair, beyond),
        stderr,
        beyond,
    )


def _shared(first: Explanation, second: Explanation, wanted: str | None) -> str:
    """The structure that is compared."""
    shared = [name for name in first.structures if name in second.structures]
    if not shared:
        words = [tuple(Term(name.replace("_", " ")) for name in run.structures) for run in (first, second)]
        raise InputError(Message("the two runs share no structure: {first}; {second}. Choose two runs of one structure",
                                 first=words[0], second=words[1]))  # fmt: skip
    if wanted is None:
        return shared[0]
    names = anatomy.match(wanted, shared)
    if not names:
        raise InputError(anatomy.no_match(wanted, shared, Message("not both runs explain"), Message("both explain")))
    return names[0]


def _basis(report: Mapping[str, Any]) -> tuple[str, str]:
    """What the values of a run's drop are: two runs with the same can be taken from each other."""
    return report["request"]["method"]["name"], report["request"]["score"]


def _slices(volume: Volume, slices: list[int]) -> np.ndarray:
    return np.stack([np.asarray(volume.slices[z]) for z in slices])


def _maps(run: Explanation, name: str, unit: str, slices: list[int]) -> np.ndarray:
    if unit == "drop":
        return _slices(run.drops[name], slices).astype(np.float32)
    return _slices(run.saliencies.get(name, run.saliency), slices).astype(np.float32)


def _errors(
    runs: tuple[Explanation, Explanation], name: str, slices: list[int], apart: np.ndarray, seen: np.ndarray
) -> tuple[Volume | None, float]:
    """The standard error of a difference, and which share of the places differs by more than samples do."""
    if not all(name in run.stderrs for run in runs):
        return None, float("nan")
    size = np.hypot(*(_slices(run.stderrs[name], slices) for run in runs))
    size = np.where(seen, size, 0).astype(np.float32)
    axial = runs[0].evaluated.axial()
    values = np.zeros(axial.shape, np.float32)
    values[slices] = size
    beyond = float((np.abs(apart[seen]) > NORMAL * size[seen]).mean()) if seen.any() else float("nan")
    return runs[0].evaluated.restore(axial.like(values, "stderr")), beyond


def _correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Rank correlation; of very many places, of every so many of them."""
    step = max(1, len(a) // MOST_PLACES)
    a, b = a[::step], b[::step]
    if len(a) < 3 or np.ptp(a) == 0 or np.ptp(b) == 0:
        return float("nan")
    return float(stats.spearmanr(a, b).statistic)


def words_for(drawn: np.ndarray, pixel: tuple[int, int], axial: Volume, name: str, z: int) -> Message:
    """Where a pixel lies, from the middle of what either run draws in its slice.

    Parameters
    ----------
    drawn : ndarray of bool, shape (H, W)
        What either draws.
    pixel : tuple of int
        Row and column.
    axial : Volume
        The grid.
    name : str
        Of the structure.
    z : int
        The slice.

    Returns
    -------
    Message
        "40 mm left of the middle of the liver in slice 31".
    """
    if not drawn.any():
        return Message("in slice {slice}", slice=z)
    offset = np.array(pixel) - np.array(ndimage.center_of_mass(drawn))
    place = direction(offset, np.array(axial.spacing[1::-1]), from_middle_of(anatomy.describe(name).label))
    return Message("{place} in slice {slice}", place=place, slice=z)


def _text(
    name: str, correlation: float, overlap: float, unit: str, place: Message | None, pair: tuple[float, float],
    beyond: float,
) -> Message:  # fmt: skip
    label = anatomy.describe(name).label
    told: list[Message] = []
    if not np.isfinite(correlation):
        told.append(Message("Of the two maps of the {structure} one is flat.", structure=label))
    else:
        told.append(_likeness(label, correlation))
    if place is None:
        told.append(Message("The maps nowhere differ by much."))
    elif unit == "drop":
        told.append(Message("They differ most {place}: a drop of {first:.2f} in the first, {second:.2f} in the second.",
                            place=place, first=pair[0], second=pair[1]))  # fmt: skip
    else:
        told.append(Message("They differ most {place}: a share of its own largest value of {first:.2f} in the first, "
                            "{second:.2f} in the second.", place=place, first=pair[0], second=pair[1]))  # fmt: skip
    if np.isfinite(overlap):
        told.append(Message("Dice of the two predictions: {dice:.2f}.", dice=overlap))
    if np.isfinite(beyond):
        told.append(Message("In {share:.1%} of the places they differ by more than the samples of both explain (5% "
                            "would by chance).", share=beyond))  # fmt: skip
    return Message("{sentences: }", sentences=told)


def _likeness(label: str, correlation: float) -> Message:
    """How alike two maps rank the places, in words, with the number."""
    said = {"structure": label, "value": correlation}
    if correlation >= ALIKE_MAPS:
        return Message("The two maps of the {structure} put places in nearly the same order ({value:.2f}; 1 is the "
                       "same, 0 is unrelated).", **said)  # fmt: skip
    if correlation >= SIMILAR_MAPS:
        return Message("The two maps of the {structure} put places in a similar order ({value:.2f}; 1 is the same, 0 "
                       "is unrelated).", **said)  # fmt: skip
    if correlation > -SIMILAR_MAPS:
        return Message("The two maps of the {structure} put places in unrelated orders ({value:.2f}; 1 is the same, 0 "
                       "is unrelated).", **said)  # fmt: skip
    return Message("The two maps of the {structure} put places in opposite orders ({value:.2f}; 1 is the same, −1 is "
                   "reversed).", **said)  # fmt: skip
