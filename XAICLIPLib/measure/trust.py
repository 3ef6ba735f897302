"""How far a map can be trusted: one line per structure, by a rule that is written down here.

"not supported" if one of these holds; nothing may be concluded from the map:

- the map is flat, or filling the whole region changes the score by less than 0.01;
- its order of the region is no better than a random one, whose insertion minus deletion AUC (the gap) is 0 by
  expectation: the map's is not above 5 % of what the score loses with the whole region (the room). So it is with a map
  that is level, such as that of a patch as large as the organ: it says no more than the region does;
- something outside the region matters as much as the whole region does (off-ROI probe, share ≥ 1);
- the region holds less than half of what is explained;
- the model does not find the structure: Dice below 0.5 against the reference, where one was given;
- with everything evaluated: the map of a model with random weights looks the same (rank correlation ≥ 0.7).

"weak" if none of those, but one of these holds; read it with the reason in mind:

- the gap is below 20 % of the room, or not above the largest of three random orders, or not above the bare region's;
- no other fill changes the score by a tenth as much as the run's own, so that the map may be about the fill; or the
  order does not hold under another fill (gap not above 5 % of the room there); or the maps of two fills differ (rank
  correlation below 0.5);
- something outside matters: an off-ROI share of 0.25 or more;
- the standard error's median is above 20 % of the largest drop, or another seed gives another map (rank correlation
  below 0.7);
- fewer than 16 evaluations per map;
- Dice against the reference below 0.7.

"not tested" where none of the first list holds, but curves and probe are missing: the evidence was switched off, or the
run was stopped before it.

"strong" otherwise. It means that nothing spoke against the map, for the model as it is: a map can be right about a
model that is wrong. Without a reference nothing here can tell whether the model draws the anatomy.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from XAICLIPLib.explain.attribution import FLAT

STRONG, WEAK, UNSUPPORTED, UNTESTED = "strong", "weak", "not supported", "not tested"

EFFECT = 0.01
RANDOM_GAP, WEAK_GAP = 0.05, 0.2
OTHER_FILL = 0.1  # of the effect of the own fill
HELD = 0.5
OUTSIDE, OUTSIDE_WEAK = 1.0, 0.25
DICE, DICE_WEAK = 0.5, 0.7
RANDOM_TWIN = 0.7
FILLS = 0.5
ERROR = 0.2
SEEDS = 0.7
EVALUATIONS = 16


@dataclass(frozen=True)
class Findings:
    """What speaks for or against the map of one structure; nan, or None, for what was not looked at.

    Attributes
    ----------
    largest_drop : float
        Of the map, in absolute value.
    evaluations : int
        Model runs per map.
    effect : float
        What the score loses with the whole region.
    gap, random_gap, roi_gap : float
        See `faithfulness.Curves`, with the run's own fill.
    second_gap, second_effect : float
        Gap and effect under the other fill that changes the score most.
    outside : float
        See `probe.Outside.share`.
    region_recall : float
        Share of what is explained inside the region.
    error : float
        Median standard error as a share of the largest drop.
    dice : float
        Prediction against the reference.
    fills, seeds, twin : float
        Rank correlation with the map of another fill, of another seed, and of the model with random weights.
    untested : str
        Why curves and probe were not computed; empty where they were.
    """

    largest_drop: float
    evaluations: int
    effect: float = math.nan
    gap: float = math.nan
    random_gap: float = math.nan
    roi_gap: float = 0.0
    second_gap: float = math.nan
    second_effect: float = math.nan
    outside: float = math.nan
    region_recall: float = math.nan
    error: float = math.nan
    dice: float = math.nan
    fills: float = math.nan
    seeds: float = math.nan
    twin: float = math.nan
    untested: str = ""


@dataclass(frozen=True)
class Trust:
    """The verdict on a map.

    Attributes
    ----------
    level : str
        "strong", "weak", "not supported" or "not tested".
    reasons : tuple of str
        What it rests on: what speaks against the map, or, where nothing does, what speaks for it.
    """

    level: str
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.level}: {'; '.join(self.reasons)}"


def judge(found: Findings) -> Trust:
    """Apply the rule at the head of this module."""
    against = _against(found)
    if against:
        return Trust(UNSUPPORTED, tuple(against))
    if found.untested:
        return Trust(UNTESTED, (found.untested,))
    doubts = _doubts(found)
    if doubts:
        return Trust(WEAK, tuple(doubts))
    return Trust(STRONG, _grounds(found))


def _against(f: Findings) -> list[str]:
    """What forbids to read the map. nan compares false, so that nothing is held against it that was not looked at."""
    reasons = []
    if f.largest_drop < FLAT:
        reasons.append(f"the map is flat (largest drop {f.largest_drop:.4f})")
    if abs(f.effect) < EFFECT:
        reasons.append(f"filling the whole region changes the score by {f.effect:.3f} only")
    elif f.gap / abs(f.effect) <= RANDOM_GAP:
        share = f.gap / abs(f.effect)
        reasons.append(
            f"inside the region no better than a random order (insertion − deletion {share:.0%} of the room): "
            "it says no more than the region does"
        )
    if f.outside >= OUTSIDE:
        share = f"{f.outside:.1f} times" if math.isfinite(f.outside) else "more than"
        reasons.append(f"a place outside the region matters {share} the whole region")
    if f.region_recall < HELD:
        reasons.append(f"the region holds only {f.region_recall:.0%} of what is explained")
    if f.dice < DICE:
        reasons.append(f"the model does not find it: Dice {f.dice:.2f} against the reference")
    if f.twin >= RANDOM_TWIN:
        reasons.append(f"with random weights the map looks the same (rank correlation {f.twin:.2f})")
    return reasons


def _doubts(f: Findings) -> list[str]:
    reasons = []
    share = f.gap / abs(f.effect)  # the effect is not 0, or the map is not supported
    if share < WEAK_GAP:
        reasons.append(f"little better than a random order: insertion − deletion {share:.0%} of the room")
    elif f.gap <= f.random_gap:
        reasons.append(
            f"random orders reach as much: {f.random_gap / abs(f.effect):.0%} of the room, the map {share:.0%}"
        )
    if f.gap <= f.roi_gap:
        reasons.append("no better than the bare region")
    if abs(f.second_effect) < OTHER_FILL * abs(f.effect):
        reasons.append(f"another fill changes the score by {f.second_effect:.3f} only: the map may be about the fill")
    elif f.second_gap <= RANDOM_GAP * abs(f.second_effect):
        reasons.append("the order does not hold under another fill")
    if f.fills < FILLS:
        reasons.append(f"another fill gives another map (rank correlation {f.fills:.2f})")
    if f.outside >= OUTSIDE_WEAK:
        reasons.append(f"a place outside the region matters {f.outside:.0%} as much as the whole region")
    if f.error > ERROR:
        reasons.append(f"the standard error is {f.error:.0%} of the largest drop")
    if f.seeds < SEEDS:
        reasons.append(f"another seed gives another map (rank correlation {f.seeds:.2f})")
    if f.evaluations < EVALUATIONS:
        reasons.append(f"{f.evaluations} evaluations are few for a map")
    if f.dice < DICE_WEAK:
        reasons.append(f"the model finds it in part: Dice {f.dice:.2f} against the reference")
    return reasons


def _grounds(f: Findings) -> tuple[str, ...]:
    grounds = [f"insertion − deletion {f.gap / abs(f.effect):.0%} of the room (random order 0 %)"]
    if not math.isnan(f.second_gap):
        grounds.append("holds under another fill")
    if not math.isnan(f.outside):
        grounds.append(f"outside the region no place matters more than {f.outside:.0%} as much")
    if not math.isnan(f.dice):
        grounds.append(f"Dice {f.dice:.2f} against the reference")
    return tuple(grounds)
