"""What differs between two, in sentences: what B depends on that A does not, and which numbers shift."""

from __future__ import annotations

from collections.abc import Mapping

from XAICLIPLib.cohort.compare.numbers import NEEDS, NUMBERS, OWN_SHARE, Key, interval, short
from XAICLIPLib.cohort.compare.statistics import Difference, smallest_p
from XAICLIPLib.cohort.dependence import ALPHA, FEWEST
from XAICLIPLib.metrics.findings import REMOTE


def sentences(found: Mapping[Key, Difference]) -> list[str]:
    """What is known to differ: by a test, or, where pairs are too few for one, what is needed by one and not the other.

    Parameters
    ----------
    found : mapping of Key to Difference

    Returns
    -------
    list of str
        What one needs and the other does not first, then the largest effects.
    """
    others = [(key, d) for key, d in found.items() if key.number != OWN_SHARE]  # the remote share says the same
    told = [(key, d) for key, d in others if d.is_found or (not d.is_tested and _is_new(key, d))]
    return [_sentence(key, d) for key, d in sorted(told, key=lambda item: _order(*item))]


def how_tested(found: Mapping[Key, Difference]) -> str:
    """How much could be found, and by what.

    Parameters
    ----------
    found : mapping of Key to Difference

    Returns
    -------
    str
        One or two sentences.
    """
    tested = [d for d in found.values() if d.is_tested]
    if not tested:
        most = max((d.pairs for d in found.values()), default=0)
        pairs = "is one pair" if most == 1 else f"are {most} pairs"
        return f"No test and no interval across cases: there {pairs}, and {FEWEST} are needed."
    most = max(d.pairs for d in tested)
    text = (
        f"{len(tested)} numbers tested pair by pair; found is what stays below {ALPHA:g} when all of them are counted "
        "(sign flips, Westfall and Young's step-down maximum). Intervals are 95 % bootstrap intervals of the mean "
        "difference; the effect is the matched-pairs rank-biserial correlation, 1 where B always has more."
    )
    if smallest_p(most) >= ALPHA:
        text += (
            f" With {most} pairs no test can get below {smallest_p(most):.2g}, so nothing can be found: eight pairs "
            "are needed."
        )
    return text


def _is_new(key: Key, d: Difference) -> bool:
    """Whether one needs a segment that the other does not."""
    return key.number == NEEDS and (d.first < REMOTE) != (d.second < REMOTE)


def _order(key: Key, d: Difference) -> tuple:
    return (not _is_new(key, d), key.number != NEEDS, -abs(d.effect), -abs(d.mean) * (key.number == NEEDS), key)


def _sentence(key: Key, d: Difference) -> str:
    structure = key.structure.replace("_", " ")
    more = d.mean > 0
    who, other = ("B", "A") if more else ("A", "B")
    large, small = (d.second, d.first) if more else (d.first, d.second)
    if key.number == NEEDS:
        player = key.player.replace("_", " ")
        if key.player == key.structure:
            text = f"Hiding the {structure} itself takes more of it away in {who} than in {other}"
        elif _is_new(key, d):
            text = f"{who} depends on the {player} for its {structure}, {other} does not"
        else:
            text = f"{who} depends more on the {player} for its {structure} than {other}"
        what = f": {short(large)} against {short(small)} of its probability when hidden"
    else:
        number = NUMBERS[key.number]
        unit = f" {number.unit}" if number.unit else ""
        text = f"The {structure}'s {number.words} is {'higher' if more else 'lower'} in B"
        what = f": {short(d.second)}{unit} against {short(d.first)}{unit} in A"
    return f"{text}{what}{_certain(d, more if key.number == NEEDS else None)}."


def _certain(d: Difference, flipped_more: bool | None) -> str:
    """In how many pairs, and how sure."""
    same = d.higher if d.mean > 0 else d.lower
    way = "" if same == 0 else "more " if flipped_more is not None else "higher " if d.mean > 0 else "lower "
    count = f"{way}in {same} of {d.pairs} case{'s' * (d.pairs > 1)}"
    if not d.is_tested:
        return ", in one scan (no test)" if d.pairs == 1 else f", {count} (too few for a test)"
    low, high = (d.low, d.high) if flipped_more in (True, None) else (-d.high, -d.low)
    return f", {count} (95 % interval of the difference {interval(low, high)}; p {p_words(d.corrected)})"


def p_words(p: float) -> str:
    """A p as it is written.

    Parameters
    ----------
    p : float

    Returns
    -------
    str
        Two digits, or "< 0.001".
    """
    return "< 0.001" if p < 0.001 else short(p)
