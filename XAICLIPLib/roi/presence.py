"""How probable it is that a structure is in a slice at all, and in a scan: what two small networks give away about it.

A network that was asked for a liver draws one where anything looks like it. Whether there is one is another question;
it is answered here from how much was drawn, how surely, and from how well words and the whole slice go together, by a
logistic regression that was fitted on scans and drawn patients with and without the structure
(`XAICLIPLib.training.calibrate`). It holds for the bundled models alone: others answer on another scale.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from XAICLIPLib.anatomy import Structure
from XAICLIPLib.message import Message, Term
from XAICLIPLib.weights import WEIGHTS

FILE = WEIGHTS / "presence.json"
THICKNESS_MM = 12.0  # an organ shows in neighbouring slices too; one slice alone is not believed
ABSENT = 0.1  # below which a structure counts as not there
PRESENT = 0.5  # above which it counts as there
# What the pair was taught.
KNOWN = (
    "liver",
    "spleen",
    "kidney_right",
    "kidney_left",
    "kidneys",
    "stomach",
    "aorta",
    "spine",
    "lung",
    "heart",
)


@dataclass(frozen=True)
class Presence:
    """How probable it is that a structure is there.

    Attributes
    ----------
    structure : Structure
    volume : float
        In the slices that the request names, see `presence_in_volume`.
    slices : dict of int to float
        In each axial slice that was looked at.
    words, model : float or None
        The same as `volume` by what the words say alone, and by what the model draws alone; None where it was not
        asked or is not a bundled one.
    """

    structure: Structure
    volume: float
    slices: dict[int, float]
    words: float | None
    model: float | None

    @property
    def is_absent(self) -> bool:
        """Whether it counts as not there."""
        return self.volume < ABSENT

    @property
    def disagreement(self) -> Message | None:
        """What is to be said where the words find what the model does not draw, or the other way round."""
        if self.words is None or self.model is None:
            return None
        if max(self.words, self.model) < PRESENT or min(self.words, self.model) >= ABSENT:
            return None
        said = {"structure": Term(self.structure.label), "words": self.words, "model": self.model}
        if self.words > self.model:
            return Message(
                "the words find {structure} where the model draws none (presence {words:.2f} and {model:.2f})", **said
            )
        return Message(
            "the model draws {structure} where the words find none (presence {model:.2f} and {words:.2f})", **said
        )

    @property
    def absent_slices(self) -> tuple[int, ...]:
        """The slices that were looked at and probably don't show it."""
        return tuple(z for z, probability in sorted(self.slices.items()) if probability < ABSENT)

    def to_json(self) -> dict:
        """For the report."""
        found = {"volume": round(self.volume, 4), "slices": {str(z): round(p, 4) for z, p in self.slices.items()}}
        for name in ("words", "model"):
            if (value := getattr(self, name)) is not None:
                found[name] = round(value, 4)
        return found


@dataclass(frozen=True)
class Calibration:
    """Weights of the regression: one per number of `evidence_of_map`, and for words the score of the whole slice.

    Attributes
    ----------
    words, model, both : tuple of float
        The weights for what the words say, what the segmentation model draws, and the two together; the constant last.
    """

    words: tuple[float, ...]
    model: tuple[float, ...]
    both: tuple[float, ...]


@cache
def shipped(path: Path = FILE) -> Calibration:
    """The calibration of the bundled pair.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Calibration
    """
    facts = json.loads(path.read_text(encoding="utf-8"))
    return Calibration(*(tuple(facts[name]["weights"]) for name in ("words", "model", "both")))


def evidence_of_map(probability: np.ndarray, pixel_mm2: float) -> tuple[float, float, float]:
    """What a map of probabilities says about whether a structure is there.

    Parameters
    ----------
    probability : ndarray (H, W)
        In [0, 1].
    pixel_mm2 : float
        Area of a pixel.

    Returns
    -------
    tuple of 3 floats
        The logarithm of one plus the area above 0.5 in cm2; the mean of the probability over the part that exceeds
        0.2, 0 where there is none; and the largest probability that is exceeded on 1 cm2.
    """
    found = probability > 0.2
    area = float((probability > 0.5).sum()) * pixel_mm2 / 100
    sure = float(probability[found].mean()) if found.any() else 0.0
    rank = min(probability.size, max(1, round(100 / pixel_mm2)))
    high = float(np.partition(probability.ravel(), -rank)[-rank])
    return float(np.log1p(area)), sure, high


def agreement(words: np.ndarray, model: np.ndarray) -> float:
    """Dice of the places that the words find and of those that the model draws; 0 where both find nothing.

    Parameters
    ----------
    words, model : ndarray (H, W)
        Probabilities on one grid.

    Returns
    -------
    float
        In [0, 1].
    """
    a, b = words > 0.5, model > 0.5
    return float(2 * (a & b).sum() / max(1, a.sum() + b.sum()))


def probability_of(evidence: Sequence[float], weights: Sequence[float]) -> float:
    """The probability that a structure is there.

    Parameters
    ----------
    evidence : sequence of float
    weights : sequence of float
        One more: the constant last.

    Returns
    -------
    float
        In (0, 1).
    """
    score = float(np.dot(evidence, weights[:-1]) + weights[-1])
    return float(1 / (1 + np.exp(-np.clip(score, -30, 30))))


def presence_in_volume(by_slice: Mapping[int, float], apart_mm: float) -> float:
    """The probability that a structure is anywhere in a scan.

    Parameters
    ----------
    by_slice : mapping of int to float
        Axial slice to its own probability; neighbours in the mapping are neighbours in the scan.
    apart_mm : float
        From one of them to the next.

    Returns
    -------
    float
        The largest mean over neighbours that are `THICKNESS_MM` together; 0 without slices.
    """
    values = [by_slice[z] for z in sorted(by_slice)]
    if not values:
        return 0.0
    width = min(len(values), max(1, round(THICKNESS_MM / apart_mm)))
    return float(np.convolve(values, np.full(width, 1 / width), mode="valid").max())
