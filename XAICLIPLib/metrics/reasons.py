"""What speaks against a map, point by point: the limits of the rule of `trust`, and its points in words."""

from __future__ import annotations

import math
from dataclasses import dataclass

from XAICLIPLib.attribution.reference import FLAT
from XAICLIPLib.metrics.findings import EVALUATIONS, Findings

EFFECT = 0.01
SMALL = 0.1  # of the score
RANGE = 1.0  # of all scores
ROUNDING = 1e-3
RANDOM_GAP, WEAK_GAP = 0.05, 0.2
OTHER_FILL = 0.1  # of the effect of the own fill
HELD = 0.5
OUTSIDE, OUTSIDE_WEAK = 1.0, 0.25
DICE, DICE_WEAK = 0.5, 0.7
RANDOM_WEIGHTS = 0.7
FILLS = 0.5
ERROR, ERROR_WEAK = 1.0, 0.2
UNSTEADY, UNSTEADY_WEAK = 0.5, 0.1  # of the largest drop
SEEDS = 0.7
HANGS_ON = "the remote map and `xaiclip ask` show what the rest of it hangs on"
WIDER = "take a larger region, or the whole image (--region full), to see it"


@dataclass(frozen=True)
class Reason:
    """Something that speaks against a map.

    Attributes
    ----------
    point : str
        Which of the rule's points it is.
    text : str
        What a reader is told.
    weight : float
        The larger the worse, among reasons of one point.
    """

    point: str
    text: str
    weight: float = 0.0


def against_map(findings: Findings) -> list[Reason]:
    """What forbids to read the map, its order apart. nan compares false, so that nothing is held against it that was
    not looked at.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    list of Reason
    """
    reasons = [Reason(f"unsuitable {n}", text) for n, text in enumerate(findings.unsuitable)]
    if findings.largest_drop < FLAT:
        reasons.append(
            Reason("flat", f"the map is flat (largest drop {findings.largest_drop:.4f})", -findings.largest_drop)
        )
    if findings.largest_drop > RANGE + ROUNDING:
        text = f"values of the map reach {findings.largest_drop:.2f}, where no score can change by more than {RANGE:g}"
        reasons.append(Reason("range", text, findings.largest_drop))
    if findings.error >= ERROR:
        share = f"{findings.error:.0%} of the largest drop"
        text = f"the standard error is {share}, as large as the effect itself: take more samples"
        reasons.append(Reason("error", text, findings.error))
    reasons += [r for r, share in _unsteady(findings) if share >= UNSTEADY]
    if findings.region_recall < HELD:
        text = f"the region holds only {findings.region_recall:.0%} of what is explained"
        reasons.append(Reason("held", text, -findings.region_recall))
    if findings.dice < DICE:
        text = f"the model does not find it: Dice {findings.dice:.2f} of prediction and reference"
        reasons.append(Reason("dice", text, -findings.dice))
    return reasons


def against_order(findings: Findings) -> list[Reason]:
    """What the tests of its order say against it.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    list of Reason
    """
    reasons = []
    if abs(findings.effect) < EFFECT:
        text = f"filling the whole region changes the score by {findings.effect:.3f} only"
        reasons.append(Reason("effect", text, -abs(findings.effect)))
    elif findings.gap / abs(findings.effect) <= RANDOM_GAP:
        share = findings.gap / abs(findings.effect)
        text = (
            f"inside the region no better than a random order (insertion − deletion {share:.0%} of the room): it says "
            "no more than the region does; smaller patches may"
        )
        reasons.append(Reason("order", text, -share))
    if findings.random_weights >= RANDOM_WEIGHTS:
        text = f"with random weights the map looks the same (rank correlation {findings.random_weights:.2f})"
        reasons.append(Reason("random weights", text, findings.random_weights))
    if findings.outside >= OUTSIDE:
        much = f"{findings.outside:.1f} times" if math.isfinite(findings.outside) else "more than"
        reasons.append(
            Reason("outside", f"a place outside the region matters {much} the whole region: {WIDER}", findings.outside)
        )
    return reasons


def outside(findings: Findings) -> list[Reason]:
    """What matters outside, where it does not forbid to read the map: to be said whatever the verdict is.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    list of Reason
    """
    if not OUTSIDE_WEAK <= findings.outside < OUTSIDE:
        return []
    text = f"a place outside the region matters {findings.outside:.0%} as much as the whole region: {WIDER}"
    return [Reason("outside", text, findings.outside)]


def shape(findings: Findings) -> list[Reason]:
    """What is said of a map that needs no model.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    list of Reason
        Empty for a map that is not the shape.
    """
    if not findings.is_shape:
        return []
    text = (
        f"this says where the organ is, not why (rank correlation {findings.shape:.2f} with a map that needs no model)"
    )
    return [Reason("shape", f"{text}: {HANGS_ON}" if findings.is_remote else text, findings.shape)]


def _unsteady(findings: Findings) -> list[tuple[Reason, float]]:
    """How far the model's answer to the same image moves, with its share of the largest drop."""
    reasons = []
    for point, value, how in (
        ("unrepeatable", findings.unrepeatable, "when it is run again"),
        ("neighbours", findings.neighbours, "beside others in its batch (--batch-size 1 avoids that)"),
    ):
        if value > 0 and findings.largest_drop > 0:
            share = value / findings.largest_drop
            text = f"the score of the same image changes by {value:.3g} {how}, {share:.0%} of the largest drop"
            reasons.append((Reason(point, text, share), share))
    return reasons


def doubts_of_map(findings: Findings) -> list[Reason]:
    """What makes a map weak, its order apart.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    list of Reason
    """
    reasons = [Reason(f"doubt {n}", text) for n, text in enumerate(findings.doubts)]
    if findings.largest_drop < SMALL * abs(findings.score):
        drop = f"{findings.largest_drop:.3f} of a score of {findings.score:.2f}"
        text = f"the effects are small: the largest drop is {drop}, so that the map has little to say"
        reasons.append(Reason("small", text, -findings.largest_drop))
    reasons += [r for r, share in _unsteady(findings) if UNSTEADY_WEAK <= share < UNSTEADY]
    if ERROR_WEAK < findings.error < ERROR:
        reasons.append(
            Reason("error", f"the standard error is {findings.error:.0%} of the largest drop", findings.error)
        )
    if findings.evaluations < EVALUATIONS:
        reasons.append(Reason("few", f"{findings.evaluations} evaluations are few for a map", -findings.evaluations))
    if DICE <= findings.dice < DICE_WEAK:
        text = f"the model finds it in part: Dice {findings.dice:.2f} of prediction and reference"
        reasons.append(Reason("dice", text, -findings.dice))
    if findings.untested:
        reasons.append(Reason("untested", f"not all tests were made: {findings.untested}"))
    return reasons


def doubts_of_order(findings: Findings) -> list[Reason]:
    """What the tests of its order make it weak by.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    list of Reason
    """
    if not abs(findings.effect) >= EFFECT:
        return []
    reasons = []
    share = findings.gap / abs(findings.effect)
    if abs(findings.effect) < SMALL * abs(findings.score):
        change = f"a score of {findings.score:.2f} by {findings.effect:.3f}"
        text = f"the effects are small: filling the whole region changes {change}"
        reasons.append(Reason("small effect", text, -abs(findings.effect)))
    if RANDOM_GAP < share < WEAK_GAP:
        text = f"little better than a random order: insertion − deletion {share:.0%} of the room"
        reasons.append(Reason("order", text, -share))
    elif WEAK_GAP <= share and findings.gap <= findings.random_gap:
        random = findings.random_gap / abs(findings.effect)
        text = f"random orders reach as much: {random:.0%} of the room, the map {share:.0%}"
        reasons.append(Reason("random", text, -share))
    if findings.gap <= findings.roi_gap and share > RANDOM_GAP:
        reasons.append(Reason("bare", "no better than the bare region"))
    if findings.gap <= findings.shape_gap and share > RANDOM_GAP:
        reasons.append(Reason("shape order", "its order is no better than the organ's shape"))
    if abs(findings.second_effect) < OTHER_FILL * abs(findings.effect):
        text = f"another fill changes the score by {findings.second_effect:.3f} only: the map may be about the fill"
        reasons.append(Reason("fill", text, -abs(findings.second_effect)))
    elif findings.second_gap <= RANDOM_GAP * abs(findings.second_effect):
        reasons.append(Reason("second", "the order does not hold under another fill"))
    if findings.fills < FILLS:
        reasons.append(
            Reason("fills", f"another fill gives another map (rank correlation {findings.fills:.2f})", -findings.fills)
        )
    if findings.seeds < SEEDS:
        reasons.append(
            Reason("seeds", f"another seed gives another map (rank correlation {findings.seeds:.2f})", -findings.seeds)
        )
    return reasons
