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

"the organ's shape" if none of those, but the map is one that needs no model: it says where the organ is, not why.

- its rank correlation with the map of a model that only loses what is hidden (`influence.shape`) is 0.9 or more;
- and hiding a place does not repeatably matter for the rest of the organ: no place takes away 5 % of the mean
  probability of what is not hidden, or the same place takes away less than half as much under another fill.

"weak" if none of those, but one of these holds; read it with the reason in mind:

- the map is the shape, but a place does matter for the rest, repeatably: the remote map says which;
- its order is no better than that of the shape's map (gap not above the one of that map's order);

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

Of several tested slices: the run is "not supported" where at least half of them are; else "the organ's shape" where at
least half of them are, or where the mean rank correlation is 0.9 and nothing matters repeatably in any; "strong" where
all of them are; and "weak" else. Each reason names its slices, and the last one says which were tested with what
outcome.

"not tested" where nothing forbids to read the map, but there are no curves: the evidence was switched off, or the run
was stopped before it. A map that is the shape is said to be that even then, unless a place may matter for the rest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from XAICLIPLib.message import Message
from XAICLIPLib.metrics.findings import REMOTE, Findings
from XAICLIPLib.metrics.reasons import (
    Reason,
    against_map,
    against_order,
    doubts_of_map,
    doubts_of_order,
    outside,
    shape,
)

STRONG, WEAK, UNSUPPORTED, UNTESTED = "strong", "weak", "not supported", "not tested"
SHAPE = "the organ's shape"
LEVELS = (STRONG, WEAK, SHAPE, UNSUPPORTED, UNTESTED)


@dataclass(frozen=True)
class Trust:
    """The verdict on a map.

    Attributes
    ----------
    level : str
        "strong", "weak", "the organ's shape", "not supported" or "not tested".
    reasons : tuple of str
        What it rests on: what speaks against the map, or, where nothing does, what speaks for it.
    points : tuple of str
        Which points of the rule speak against it, for faces with words of their own, each with the slice where it is
        worst where it is one of a slice: "fill:18", "dice". Empty where nothing does.
    """

    level: str
    reasons: tuple[str, ...]
    points: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.level}: {'; '.join(self.reasons)}"


def judge(findings: Findings) -> Trust:
    """Apply the rule at the head of this module to one map.

    Parameters
    ----------
    findings : Findings

    Returns
    -------
    Trust
    """
    against = [*against_map(findings), *against_order(findings)]
    if against:
        return _of(UNSUPPORTED, [*against, *outside(findings)])
    doubts = [*shape(findings), *doubts_of_map(findings), *doubts_of_order(findings), *outside(findings)]
    if _is_mere_shape(findings):
        return _of(SHAPE, doubts)
    if findings.untested and math.isnan(findings.gap):
        return Trust(UNTESTED, (findings.untested,))
    if doubts:
        return _of(WEAK, doubts)
    return Trust(STRONG, _grounds([findings], findings.dice))


def _of(level: str, reasons: Sequence[Reason], tested: tuple[str, ...] = ()) -> Trust:
    return Trust(level, tuple(r.text for r in reasons) + tested, tuple(r.point for r in reasons))


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
    levels = {z: judge(findings).level for z, findings in slices.items()}
    failed = [z for z, level in levels.items() if level == UNSUPPORTED]
    tested = _tested(levels)
    against = against_map(run)
    if against or (failed and 2 * len(failed) >= len(levels)):
        held = {z: [*against_map(f), *against_order(f), *outside(f)] for z, f in slices.items()}
        return _of(UNSUPPORTED, _joined(against, held), tested)
    alike = [z for z, level in levels.items() if level == SHAPE]
    is_shape = _is_mere_shape(run) or bool(alike and 2 * len(alike) >= len(levels))
    if not slices and not is_shape:
        return Trust(UNTESTED, (run.untested or Message("nothing to test"),))
    held = {
        z: [*against_map(f), *against_order(f), *doubts_of_map(f), *doubts_of_order(f), *outside(f)]
        for z, f in slices.items()
    }
    shapes = _joined(shape(run), {z: shape(f) for z, f in slices.items()})
    doubts = shapes + _joined(doubts_of_map(run), held)
    if is_shape:
        return _of(SHAPE, doubts, tested)
    if doubts:
        return _of(WEAK, doubts, tested)
    return Trust(STRONG, _grounds(list(slices.values()), run.dice) + tested)


def _is_mere_shape(findings: Findings) -> bool:
    """Whether a map is the shape and nothing is known to matter beyond it; not where that was not asked again."""
    is_open = findings.remote >= REMOTE and math.isnan(findings.other_remote)
    return findings.is_shape and not findings.is_remote and not is_open


def _tested(levels: Mapping[int | str, str]) -> tuple[str, ...]:
    """Which slices were tested, and what came out in each."""
    if not levels:
        return ()
    if list(levels) == ["all"]:
        return (Message("tested on the volume at once"),)
    names = [str(z) for z in levels]
    if len(levels) == 1:
        return (Message("tested on slice {slice}", slice=names[0]),)
    counts = {level: list(levels.values()).count(level) for level in LEVELS}
    said = [_counted(level, n, len(levels)) for level, n in counts.items() if n]
    return (Message("tested on slices {slices}: {outcomes}", slices=names, outcomes=said),)


def _counted(level: str, count: int, total: int) -> Message:
    """How many of the tested slices have a verdict."""
    return {
        STRONG: Message("{count} of {total} strong", count=count, total=total),
        WEAK: Message("{count} of {total} weak", count=count, total=total),
        SHAPE: Message("{count} of {total} the organ's shape", count=count, total=total),
        UNSUPPORTED: Message("{count} of {total} not supported", count=count, total=total),
        UNTESTED: Message("{count} of {total} not tested", count=count, total=total),
    }[level]


def _joined(run: Iterable[Reason], slices: Mapping[int | str, list[Reason]]) -> list[Reason]:
    """The reasons of a run, then those of its slices: each point once, in the words of the slice where it is worst."""
    said = {r.point: r for r in run}
    points: dict[str, dict[int | str, Reason]] = {}
    for z, reasons in slices.items():
        for reason in reasons:
            if reason.point not in said:
                points.setdefault(reason.point, {})[z] = reason
    joined = list(said.values())
    for point, by_slice in points.items():
        worst = max(by_slice, key=lambda z: by_slice[z].weight)
        text = by_slice[worst].text
        if len(slices) > 1:
            text = _of_slices(text, worst, [str(z) for z in by_slice if z != worst])
        named = point if worst == "all" else f"{point}:{worst}"
        joined.append(Reason(named, text, by_slice[worst].weight))
    return joined


def _of_slices(reason: str, worst: int | str, others: Sequence[str]) -> Message:
    """A reason with the slices that it is about."""
    if not others:
        return Message("slice {slice}: {reason}", slice=worst, reason=reason)
    if len(others) <= 6:
        return Message("slice {slice} (and less in {others}): {reason}", slice=worst, others=others, reason=reason)
    return Message("slice {slice} (and less in {others} and {count} more): {reason}",
                   slice=worst, others=others[:5], count=len(others) - 5, reason=reason)  # fmt: skip


def _grounds(tested: list[Findings], dice: float) -> tuple[str, ...]:
    """What speaks for a map, as it was measured: of several slices the least of it."""
    share = min(f.gap / abs(f.effect) for f in tested)
    chance = max((f.random_gap / abs(f.effect) for f in tested if not math.isnan(f.random_gap)), default=math.nan)
    grounds: list[str] = [_gap(share, chance, len(tested) > 1)]
    if not any(math.isnan(f.second_gap) for f in tested):
        grounds.append(Message("holds under another fill"))
    if shares := [f.outside for f in tested if not math.isnan(f.outside)]:
        grounds.append(Message("of the places tried outside the region none matters more than {share:.0%} as much",
                               share=max(shares)))  # fmt: skip
    if not math.isnan(dice):
        grounds.append(Message("Dice {dice:.2f} of prediction and reference", dice=dice))
    return tuple(grounds)


def _gap(share: float, chance: float, several: bool) -> Message:
    """What the order of the map is worth, and random ones, where they were tried; of several slices the least."""
    if math.isnan(chance):
        if several:
            return Message("insertion − deletion at least {share:.0%} of the room", share=share)
        return Message("insertion − deletion {share:.0%} of the room", share=share)
    if several:
        return Message("insertion − deletion at least {share:.0%} of the room (random orders reached at most "
                       "{random:.0%})",
                       share=share, random=chance)  # fmt: skip
    return Message("insertion − deletion {share:.0%} of the room (random orders reached {random:.0%})",
                   share=share, random=chance)  # fmt: skip
