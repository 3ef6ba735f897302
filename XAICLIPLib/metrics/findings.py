"""What was found out about a map, which the rule of `trust` is applied to."""

from __future__ import annotations

import math
from dataclasses import dataclass

EVALUATIONS = 16  # a map of fewer is made of too little
SHAPE = 0.9  # rank correlation with the map that needs no model from which a map is the shape
REMOTE = 0.05  # loss of mean probability in the rest of a structure from which a place matters for it
REPEATED = 0.5  # share of an effect that has to be there under another fill


@dataclass(frozen=True)
class Findings:
    """What speaks for or against the map of one structure; nan, or None, for what was not looked at.

    Attributes
    ----------
    largest_drop : float
        Of the map, in absolute value; nan where the map is no drop of the score.
    evaluations : int
        Model runs per map.
    score : float
        Of the unperturbed image.
    effect : float
        What the score loses with the whole region.
    gap, random_gap, roi_gap, shape_gap : float
        See `faithfulness.Curves`, with the run's own fill.
    second_gap, second_effect : float
        Gap and effect under the other fill that changes the score most.
    outside : float
        See `probe.Outside.share`.
    region_recall : float
        Share of what is explained inside the region.
    error : float
        Median standard error as a share of the largest drop.
    unrepeatable, neighbours : float
        By how much a score of the unperturbed image changes when it is run again, and beside others in a batch.
    dice : float
        Prediction against the reference.
    fills, seeds, random_weights : float
        Rank correlation with the map of another fill, of another seed, and of the model with random weights.
    shape : float
        Rank correlation with the map that needs no model, see `influence.shape`.
    remote, other_remote : float
        Loss of mean probability in the rest of the structure when the place that matters most for it is hidden; of the
        same place under another fill.
    unsuitable, doubts : tuple of str
        Cautions about models and region: those that forbid to read the map, and the others.
    untested : str
        Why curves and probe were not computed, or not all of them; empty where they were.
    """

    largest_drop: float = math.nan
    evaluations: int = EVALUATIONS
    score: float = math.nan
    effect: float = math.nan
    gap: float = math.nan
    random_gap: float = math.nan
    roi_gap: float = math.nan
    shape_gap: float = math.nan
    second_gap: float = math.nan
    second_effect: float = math.nan
    outside: float = math.nan
    region_recall: float = math.nan
    error: float = math.nan
    unrepeatable: float = math.nan
    neighbours: float = math.nan
    dice: float = math.nan
    fills: float = math.nan
    seeds: float = math.nan
    random_weights: float = math.nan
    shape: float = math.nan
    remote: float = math.nan
    other_remote: float = math.nan
    unsuitable: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    untested: str = ""

    @property
    def is_shape(self) -> bool:
        """Whether the map ranks places as one does that needs no model."""
        return self.shape >= SHAPE

    @property
    def is_remote(self) -> bool:
        """Whether a place matters for the rest of the structure, and still does under another fill."""
        return is_repeated(self.remote, self.other_remote)


def is_repeated(remote: float, other_remote: float) -> bool:
    """Whether a place matters for the rest of a structure, and still does under another fill.

    Parameters
    ----------
    remote, other_remote : float
        Loss of mean probability in the rest of the structure; nan where it was not measured.

    Returns
    -------
    bool
    """
    return remote >= REMOTE and other_remote >= REPEATED * remote
