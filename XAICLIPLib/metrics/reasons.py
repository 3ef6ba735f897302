"""What speaks against a map, point by point: the limits of the rule of `trust`, and its points in words."""

from __future__ import annotations

import math
from dataclasses import dataclass

from XAICLIPLib.attribution.reference import FLAT
from XAICLIPLib.message import Message
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
        text = Message("the map is flat (largest drop {drop:.4f})", drop=findings.largest_drop)
        reasons.append(Reason("flat", text, -findings.largest_drop))
    if findings.largest_drop > RANGE + ROUNDING:
        text = Message("values of the map reach {drop:.2f}, where no score can change by more than {most:g}",
                       drop=findings.largest_drop, most=RANGE)  # fmt: skip
        reasons.append(Reason("range", text, findings.largest_drop))
    if findings.error >= ERROR:
        text = Message(
            "the standard error is {share:.0%} of the largest drop, as large as the effect itself: take more samples",
            share=findings.error,
        )
        reasons.append(Reason("error", text, findings.error))
    reasons += [r for r, share in _unsteady(findings) if share >= UNSTEADY]
    if findings.region_recall < HELD:
        text = Message("the region holds only {share:.0%} of what is explained", share=findings.region_recall)
        reasons.append(Reason("held", text, -findings.region_recall))
    if findings.dice < DICE:
        text = Message("the model does not find it: Dice {dice:.2f} of prediction and reference", dice=findings.dice)
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
        text = Message("filling the whole region changes the score by {change:.3f} only", change=findings.effect)
        reasons.append(Reason("effect", text, -abs(findings.effect)))
    elif findings.gap / abs(findings.effect) <= RANDOM_GAP:
        share = findings.gap / abs(findings.effect)
        text = Message(
            "inside the region no better than a random order (insertion − deletion {share:.0%} of the room): it says "
            "no more than the region does; smaller patches may",
            share=share,
        )
        reasons.append(Reason("order", text, -share))
    if findings.random_weights >= RANDOM_WEIGHTS:
        text = Message("with random weights the map looks the same (rank correlation {value:.2f})",
                       value=findings.random_weights)  # fmt: skip
        reasons.append(Reason("random weights", text, findings.random_weights))
    if findings.outside >= OUTSIDE:
        text = Message(
            "a place outside the region matters {times:.1f} times the whole region: take a larger region, or the "
            "whole image (--region full), to see it",
            times=findings.outside,
        )
        if not math.isfinite(findings.outside):
            text = Message(
                "a place outside the region matters more than the whole region: take a larger region, or the whole "
                "image (--region full), to see it"
            )
        reasons.append(Reason("outside", text, findings.outside))
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
    text = Message(
        "a place outside the region matters {share:.0%} as much as the whole region: take a larger region, or the "
        "whole image (--region full), to see it",
        share=findings.outside,
    )
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
    text = Message("this says where the organ is, not why (rank correlation {value:.2f} with a map that needs no "
                   "model)",
                   value=findings.shape)  # fmt: skip
    if findings.is_remote:
        text = Message(
            "this says where the organ is, not why (rank correlation {value:.2f} with a map that needs no model): the "
            "remote map and `xaiclip ask` show what the rest of it hangs on",
            value=findings.shape,
        )
    return [Reason("shape", text, findings.shape)]


def _unsteady(findings: Findings) -> list[tuple[Reason, float]]:
    """How far the model's answer to the same image moves, with its share of the largest drop."""
    found = []
    for point, change in (("unrepeatable", findings.unrepeatable), ("neighbours", findings.neighbours)):
        if not (change > 0 and findings.largest_drop > 0):
            continue
        share = change / findings.largest_drop
        text = Message(
            "the score of the same image changes by {change:.3g} when it is run again, {share:.0%} of the largest drop",
            change=change, share=share,
        )  # fmt: skip
        if point == "neighbours":
            text = Message(
                "the score of the same image changes by {change:.3g} beside others in its batch (--batch-size 1 "
                "avoids that), {share:.0%} of the largest drop",
                change=change, share=share,
            )  # fmt: skip
        found.append((Reason(point, text, share), share))
    return found


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
        text = Message(
            "the effects are small: the largest drop is {drop:.3f} of a score of {score:.2f}, so that the map has "
            "little to say",
            drop=findings.largest_drop, score=findings.score,
        )  # fmt: skip
        reasons.append(Reason("small", text, -findings.largest_drop))
    reasons += [r for r, share in _unsteady(findings) if UNSTEADY_WEAK <= share < UNSTEADY]
    if ERROR_WEAK < findings.error < ERROR:
        text = Message("the standard error is {share:.0%} of the largest drop", share=findings.error)
        reasons.append(Reason("error", text, findings.error))
    if findings.evaluations < EVALUATIONS:
        text = Message("{count} evaluations are few for a map", count=findings.evaluations)
        reasons.append(Reason("few", text, -findings.evaluations))
    if DICE <= findings.dice < DICE_WEAK:
        text = Message("the model finds it in part: Dice {dice:.2f} of prediction and reference", dice=findings.dice)
        reasons.append(Reason("dice", text, -findings.dice))
    if findings.untested:
        text = Message("not all tests were made: {reason}", reason=findings.untested)
        reasons.append(Reason("untested", text))
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
        text = Message(
            "the effects are small: filling the whole region changes a score of {score:.2f} by {change:.3f}",
            score=findings.score, change=findings.effect,
        )  # fmt: skip
        reasons.append(Reason("small effect", text, -abs(findings.effect)))
    if RANDOM_GAP < share < WEAK_GAP:
        text = Message("little better than a random order: insertion − deletion {share:.0%} of the room", share=share)
        reasons.append(Reason("order", text, -share))
    elif WEAK_GAP <= share and findings.gap <= findings.random_gap:
        random = findings.random_gap / abs(findings.effect)
        text = Message("random orders reach as much: {random:.0%} of the room, the map {share:.0%}",
                       random=random, share=share)  # fmt: skip
        reasons.append(Reason("random", text, -share))
    if findings.gap <= findings.roi_gap and share > RANDOM_GAP:
        reasons.append(Reason("bare", Message("no better than the bare region")))
    if findings.gap <= findings.shape_gap and share > RANDOM_GAP:
        reasons.append(Reason("shape order", Message("its order is no better than the organ's shape")))
    if abs(findings.second_effect) < OTHER_FILL * abs(findings.effect):
        text = Message("another fill changes the score by {change:.3f} only: the map may be about the fill",
                       change=findings.second_effect)  # fmt: skip
        reasons.append(Reason("fill", text, -abs(findings.second_effect)))
    elif findings.second_gap <= RANDOM_GAP * abs(findings.second_effect):
        reasons.append(Reason("second", Message("the order does not hold under another fill")))
    if findings.fills < FILLS:
        text = Message("another fill gives another map (rank correlation {value:.2f})", value=findings.fills)
        reasons.append(Reason("fills", text, -findings.fills))
    if findings.seeds < SEEDS:
        text = Message("another seed gives another map (rank correlation {value:.2f})", value=findings.seeds)
        reasons.append(Reason("seeds", text, -findings.seeds))
    return reasons
