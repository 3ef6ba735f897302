"""How far a map can be trusted: one verdict per structure, by a rule that is written down here.

A slice that was tested (or the volume, where it was explained at once) is "not supported" if one of these holds, and so
is the whole run where one of them holds for all of it; nothing may be concluded from the map then:

- models or words were made for another body part or modality, see `cautions`;
- the map is flat, or filling the whole region changes the score by less than 0.01;
- values lie beyond the score's range: no place can cost more than 1, the whole score;
- the standard error is as large as the effect: its median is not below the largest drop;
- the same image gets another answer when it is run again, or beside others in a batch, by half of the largest drop;
- its order of the region is no better than a random one, whose insertion minus deletion AUC (the gap) is 0 by
  expectation: the map's is not above 5 % of what the score loses with the whole region (the room). So it is with a map
  that is level, such as that of a patch as large as the organ: it says no more than the region does;
- something outside the region matters as much as the whole region does (off-ROI probe, share ≥ 1);
- the region holds less than half of what is explained;
- the model does not find the structure: Dice below 0.5 against the reference, where one was given;
- with everything evaluated: the map of a model with random weights looks the same (rank correlation ≥ 0.7).

"weak" if none of those, but one of these holds; read it with the reason in mind:

- a caution about the model or the region, see `cautions`;
- the effects are small: the largest drop, or that of the whole region, is below a tenth of the score;
- the same image gets another answer when it is run again, or beside others in a batch, by a tenth of the largest drop;
- the gap is below 20 % of the room, or not above the largest of three random orders, or not above the bare region's;
- no other fill changes the score by a tenth as much as the run's own, so that the map may be about the fill; or the
  order does not hold under another fill (gap not above 5 % of the room there); or the maps of two fills differ (rank
  correlation below 0.5);
- something outside matters: an off-ROI share of 0.25 or more;
- the standard error's median is above 20 % of the largest drop, or another seed gives another map (rank correlation
  below 0.7);
- fewer than 16 evaluations per map;
- Dice against the reference below 0.7;
- the tests were stopped, or failed, before all of them were made.

"strong" otherwise. It means that nothing spoke against the map, for the model as it is: a map can be right about a
model that is wrong. Without a reference nothing here can tell whether the model draws the anatomy.

Of several tested slices: the run is "not supported" where at least half of them are, "strong" where all of them are,
and "weak" else. Each reason names its slices, and the last one says which were tested with what outcome.

"not tested" where nothing forbids to read the map, but there are no curves: the evidence was switched off, or the run
was stopped before it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from XAICLIPLib.attribution.reference import FLAT

STRONG, WEAK, UNSUPPORTED, UNTESTED = "strong", "weak", "not supported", "not tested"

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
EVALUATIONS = 16
WIDER = "take a larger region, or the whole image (--region full), to see it"


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
    unrepeatable, neighbours : float
        By how much a score of the unperturbed image changes when it is run again, and beside others in a batch.
    dice : float
        Prediction against the reference.
    fills, seeds, random_weights : float
        Rank correlation with the map of another fill, of another seed, and of the model with random weights.
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
    unsuitable: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
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


@dataclass(frozen=True)
class _Reason:
    """Something that speaks against a map: which of the rule's points, in words, and the larger the worse."""

    point: str
    text: str
    weight: float = 0.0


def judge(found: Findings) -> Trust:
    """Apply the rule at the head of this module to one map."""
    against = [*_against(found), *_against_order(found)]
    if against:
        return Trust(UNSUPPORTED, tuple(r.text for r in [*against, *_outside(found)]))
    if found.untested and math.isnan(found.gap):
        return Trust(UNTESTED, (found.untested,))
    doubts = [*_doubts(found), *_doubts_of_order(found), *_outside(found)]
    if doubts:
        return Trust(WEAK, tuple(r.text for r in doubts))
    return Trust(STRONG, _grounds([found], found.dice))


def judge_run(run: Findings, slices: Mapping[int | str, Findings]) -> Trust:
    """Apply the rule to a structure of a run.

    Parameters
    ----------
    run : Findings
        What is known of all of it.
    slices : mapping of slice number to Findings
        What was found out about the slices that were tested; "all" for a volume that was explained at once.

    Returns
    -------
    Trust
        Its reasons name the slices that they are about, those that were tested last.
    """
    levels = {z: judge(found).level for z, found in slices.items()}
    failed = [z for z, level in levels.items() if level == UNSUPPORTED]
    tested = _tested(levels)
    against = _against(run)
    if against or (failed and 2 * len(failed) >= len(levels)):
        held = {z: [*_against(f), *_against_order(f), *_outside(f)] for z, f in slices.items()}
        return Trust(UNSUPPORTED, _joined(against, held) + tested)
    if not slices:
        return Trust(UNTESTED, (run.untested or "nothing to test",))
    held = {
        z: [*_against(f), *_against_order(f), *_doubts(f), *_doubts_of_order(f), *_outside(f)]
        for z, f in slices.items()
    }
    doubts = _doubts(run)
    if doubts or any(held.values()):
        return Trust(WEAK, _joined(doubts, held) + tested)
    return Trust(STRONG, _grounds(list(slices.values()), run.dice) + tested)


def _tested(levels: Mapping[int | str, str]) -> tuple[str, ...]:
    """Which slices were tested, and what came out in each."""
    if not levels:
        return ()
    if list(levels) == ["all"]:
        return ("tested on the volume at once",)
    names = ", ".join(map(str, levels))
    if len(levels) == 1:
        return (f"tested on slice {names}",)
    counts = {level: list(levels.values()).count(level) for level in (STRONG, WEAK, UNSUPPORTED, UNTESTED)}
    said = ", ".join(f"{n} of {len(levels)} {level}" for level, n in counts.items() if n)
    return (f"tested on slices {names}: {said}",)


def _joined(run: Iterable[_Reason], slices: Mapping[int | str, list[_Reason]]) -> tuple[str, ...]:
    """The reasons of a run, then those of its slices: each point once, in the words of the slice where it is worst."""
    said = {r.point: r.text for r in run}
    points: dict[str, dict[int | str, _Reason]] = {}
    for z, reasons in slices.items():
        for reason in reasons:
            if reason.point not in said:
                points.setdefault(reason.point, {})[z] = reason
    texts = list(said.values())
    for found in points.values():
        worst = max(found, key=lambda z: found[z].weight)
        where = ""
        if len(slices) > 1:
            others = [str(z) for z in found if z != worst]
            where = f"slice {worst}{f' (and less in {_listed(others)})' if others else ''}: "
        texts.append(where + found[worst].text)
    return tuple(texts)


def _listed(names: list[str]) -> str:
    return ", ".join(names) if len(names) <= 6 else f"{', '.join(names[:5])} and {len(names) - 5} more"


def _against(f: Findings) -> list[_Reason]:
    """What forbids to read the map, its order apart. nan compares false, so that nothing is held against it that was
    not looked at."""
    reasons = [_Reason(f"unsuitable {n}", text) for n, text in enumerate(f.unsuitable)]
    if f.largest_drop < FLAT:
        reasons.append(_Reason("flat", f"the map is flat (largest drop {f.largest_drop:.4f})", -f.largest_drop))
    if f.largest_drop > RANGE + ROUNDING:
        text = f"values of the map reach {f.largest_drop:.2f}, where no score can change by more than {RANGE:g}"
        reasons.append(_Reason("range", text, f.largest_drop))
    if f.error >= ERROR:
        text = (
            f"the standard error is {f.error:.0%} of the largest drop, as large as the effect itself: take more samples"
        )
        reasons.append(_Reason("error", text, f.error))
    reasons += [r for r, share in _unsteady(f) if share >= UNSTEADY]
    if f.region_recall < HELD:
        text = f"the region holds only {f.region_recall:.0%} of what is explained"
        reasons.append(_Reason("held", text, -f.region_recall))
    if f.dice < DICE:
        text = f"the model does not find it: Dice {f.dice:.2f} of prediction and reference"
        reasons.append(_Reason("dice", text, -f.dice))
    return reasons


def _against_order(f: Findings) -> list[_Reason]:
    """What the tests say against it."""
    reasons = []
    if abs(f.effect) < EFFECT:
        text = f"filling the whole region changes the score by {f.effect:.3f} only"
        reasons.append(_Reason("effect", text, -abs(f.effect)))
    elif f.gap / abs(f.effect) <= RANDOM_GAP:
        share = f.gap / abs(f.effect)
        text = (
            f"inside the region no better than a random order (insertion − deletion {share:.0%} of the room): it says "
            "no "
            "more than the region does; smaller patches may"
        )
        reasons.append(_Reason("order", text, -share))
    if f.random_weights >= RANDOM_WEIGHTS:
        text = f"with random weights the map looks the same (rank correlation {f.random_weights:.2f})"
        reasons.append(_Reason("random weights", text, f.random_weights))
    if f.outside >= OUTSIDE:
        share = f"{f.outside:.1f} times" if math.isfinite(f.outside) else "more than"
        reasons.append(
            _Reason("outside", f"a place outside the region matters {share} the whole region: {WIDER}", f.outside)
        )
    return reasons


def _outside(f: Findings) -> list[_Reason]:
    """What matters outside, where it does not forbid to read the map: to be said whatever the verdict is."""
    if not OUTSIDE_WEAK <= f.outside < OUTSIDE:
        return []
    text = f"a place outside the region matters {f.outside:.0%} as much as the whole region: {WIDER}"
    return [_Reason("outside", text, f.outside)]


def _unsteady(f: Findings) -> list[tuple[_Reason, float]]:
    """How far the model's answer to the same image moves, with its share of the largest drop."""
    found = []
    for point, value, how in (
        ("unrepeatable", f.unrepeatable, "when it is run again"),
        ("neighbours", f.neighbours, "beside others in its batch (--batch-size 1 avoids that)"),
    ):
        if value > 0 and f.largest_drop > 0:
            share = value / f.largest_drop
            text = f"the score of the same image changes by {value:.3g} {how}, {share:.0%} of the largest drop"
            found.append((_Reason(point, text, share), share))
    return found


def _doubts(f: Findings) -> list[_Reason]:
    """What makes a map weak, its order apart."""
    reasons = [_Reason(f"doubt {n}", text) for n, text in enumerate(f.doubts)]
    if f.largest_drop < SMALL * abs(f.score):
        text = (
            f"the effects are small: the largest drop is {f.largest_drop:.3f} of a score of {f.score:.2f}, so that "
            "the map "
            "has little to say"
        )
        reasons.append(_Reason("small", text, -f.largest_drop))
    reasons += [r for r, share in _unsteady(f) if UNSTEADY_WEAK <= share < UNSTEADY]
    if ERROR_WEAK < f.error < ERROR:
        reasons.append(_Reason("error", f"the standard error is {f.error:.0%} of the largest drop", f.error))
    if f.evaluations < EVALUATIONS:
        reasons.append(_Reason("few", f"{f.evaluations} evaluations are few for a map", -f.evaluations))
    if DICE <= f.dice < DICE_WEAK:
        text = f"the model finds it in part: Dice {f.dice:.2f} of prediction and reference"
        reasons.append(_Reason("dice", text, -f.dice))
    if f.untested:
        reasons.append(_Reason("untested", f"not all tests were made: {f.untested}"))
    return reasons


def _doubts_of_order(f: Findings) -> list[_Reason]:
    """What the tests hold against it."""
    if not abs(f.effect) >= EFFECT:
        return []
    reasons = []
    share = f.gap / abs(f.effect)
    if abs(f.effect) < SMALL * abs(f.score):
        text = f"the effects are small: filling the whole region changes a score of {f.score:.2f} by {f.effect:.3f}"
        reasons.append(_Reason("small effect", text, -abs(f.effect)))
    if RANDOM_GAP < share < WEAK_GAP:
        text = f"little better than a random order: insertion − deletion {share:.0%} of the room"
        reasons.append(_Reason("order", text, -share))
    elif WEAK_GAP <= share and f.gap <= f.random_gap:
        text = f"random orders reach as much: {f.random_gap / abs(f.effect):.0%} of the room, the map {share:.0%}"
        reasons.append(_Reason("random", text, -share))
    if f.gap <= f.roi_gap and share > RANDOM_GAP:
        reasons.append(_Reason("bare", "no better than the bare region"))
    if abs(f.second_effect) < OTHER_FILL * abs(f.effect):
        text = f"another fill changes the score by {f.second_effect:.3f} only: the map may be about the fill"
        reasons.append(_Reason("fill", text, -abs(f.second_effect)))
    elif f.second_gap <= RANDOM_GAP * abs(f.second_effect):
        reasons.append(_Reason("second", "the order does not hold under another fill"))
    if f.fills < FILLS:
        reasons.append(_Reason("fills", f"another fill gives another map (rank correlation {f.fills:.2f})", -f.fills))
    if f.seeds < SEEDS:
        reasons.append(_Reason("seeds", f"another seed gives another map (rank correlation {f.seeds:.2f})", -f.seeds))
    return reasons


def _grounds(found: list[Findings], dice: float) -> tuple[str, ...]:
    """What speaks for a map, as it was measured: of several slices the least of it."""
    least, most = (" at least", " at most") if len(found) > 1 else ("", "")
    share = min(f.gap / abs(f.effect) for f in found)
    chance = max((f.random_gap / abs(f.effect) for f in found if not math.isnan(f.random_gap)), default=math.nan)
    random = "" if math.isnan(chance) else f" (random orders reached{most} {chance:.0%})"
    grounds = [f"insertion − deletion{least} {share:.0%} of the room{random}"]
    if not any(math.isnan(f.second_gap) for f in found):
        grounds.append("holds under another fill")
    if outside := [f.outside for f in found if not math.isnan(f.outside)]:
        grounds.append(f"of the places tried outside the region none matters more than {max(outside):.0%} as much")
    if not math.isnan(dice):
        grounds.append(f"Dice {dice:.2f} of prediction and reference")
    return tuple(grounds)
