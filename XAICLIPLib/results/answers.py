"""Answers in words: what a run says about why a structure is drawn, each sentence with its number and its test.

A sentence is only said where what was measured again, in other slices and with another fill, agrees with it. Where it
does not, the sentence says that it cannot be told, and by how much the measurements differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import isfinite, isnan, nan
from typing import Any

from XAICLIPLib.message import Message, Term
from XAICLIPLib.metrics.findings import REMOTE, SHAPE, is_repeated

SEEN, BLIND = 0.25, 0.5  # share left where hidden, up to which it is drawn from what is there, and from which it is not
APART = 0.25  # by which two measurements of a share may differ


@dataclass(frozen=True)
class Measured:
    """What the answers about one structure rest on.

    Attributes
    ----------
    label : str
        The structure in words.
    fill, other_fill : str
        With what places were hidden: the run's own, and that of the test; the latter empty where none was made.
    slices : tuple of int
        In which the test was made.
    unseen, other_unseen : float
        Which share of what was hidden is still drawn; under the other fill.
    remote, other_remote : float
        Loss of mean probability in the rest of the structure when the place that matters most for it is hidden; of the
        same place under the other fill, nan where its slice was not tested.
    remote_at_most : float
        The same with one standard error, for methods that sample.
    elsewhere : float
        The same of the other slices that were tested, each with its own place: the largest; nan without such slices.
    place : str
        Where that place lies, in words: "32 mm right of its middle, near the spleen".
    size_mm : float
        Its edge.
    players : tuple of (str, float)
        Other structures and the loss of this one when each is hidden, the largest first; empty where none was hidden.
    shape : float
        Rank correlation of the map of the drop with the map that needs no model.
    unseen_place : str
        Which part of it is drawn without being seen, in words.
    """

    label: str
    fill: str
    other_fill: str = ""
    slices: tuple[int, ...] = ()
    unseen: float = nan
    other_unseen: float = nan
    remote: float = nan
    remote_at_most: float = nan
    other_remote: float = nan
    elsewhere: float = nan
    place: str = ""
    size_mm: float = nan
    players: tuple[tuple[str, float], ...] = ()
    shape: float = nan
    unseen_place: str = ""


@dataclass(frozen=True)
class Answer:
    """One sentence about one structure.

    Attributes
    ----------
    structure : str
        Its name.
    question : str
        What it answers: "source", "place", "organs", "unseen", "shape".
    text : str
        The sentence.
    value : float
        Its number; nan where there is none.
    test : str
        What was measured again, and what came out.
    is_held : bool
        Whether the test agrees; where not, the text says that it cannot be told.
    """

    structure: str
    question: str
    text: str
    value: float
    test: str
    is_held: bool

    def to_json(self) -> dict[str, Any]:
        """Plain data for the report.

        Returns
        -------
        dict
            nan as None.
        """
        return {**asdict(self), "value": self.value if isfinite(self.value) else None}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Answer:
        """Undo `to_json`.

        Parameters
        ----------
        data : dict

        Returns
        -------
        Answer
        """
        value = data.get("value")
        return cls(
            str(data["structure"]),
            str(data["question"]),
            data["text"],
            nan if value is None else float(value),
            data.get("test", ""),
            bool(data.get("is_held", False)),
        )


def answers_of(structure: str, measured: Measured) -> list[Answer]:
    """The sentences about one structure.

    Parameters
    ----------
    structure : str
        Its name.
    measured : Measured

    Returns
    -------
    list of Answer
        Three to five; fewer where little was measured.
    """
    said = [_source(measured), _place(measured), _organs(measured), _unseen(measured), _shape(measured)]
    return [Answer(structure, *parts) for parts in said if parts is not None]


Parts = tuple[str, str, float, str, bool]


def with_fill(fill: str, slices: Sequence[int] = ()) -> Message:
    """With what places were hidden in a test, and where.

    Parameters
    ----------
    fill : str
    slices : sequence of int
        Empty for a volume that was tested at once.

    Returns
    -------
    Message
    """
    if not slices:
        return Message("with the fill {fill}", fill=fill)
    if len(slices) == 1:
        return Message("with the fill {fill} on slice {slice}", fill=fill, slice=slices[0])
    return Message("with the fill {fill} on slices {slices}", fill=fill, slices=[str(z) for z in slices])


def _where_tested(m: Measured) -> Message:
    return with_fill(m.other_fill, m.slices) if m.other_fill else Message("not tested under another fill")


def _untold(claim: Message, numbers: Message) -> Message:
    """What cannot be told, and the measurements that disagree, which a face may leave out."""
    return Message("{claim}: {numbers}", claim=claim, numbers=numbers)


def _source(m: Measured) -> Parts | None:
    """Is it drawn from what is there, or from what lies around it?"""
    if not isfinite(m.unseen):
        return None
    tested = isfinite(m.other_unseen)
    test = where = _where_tested(m)
    if tested:
        test = Message("{share:.0%} still drawn {where}", share=m.other_unseen, where=where)
    if tested and abs(m.unseen - m.other_unseen) > APART:
        text = _untold(
            Message("Whether the {structure} is drawn from what is there or from its surroundings cannot be told",
                    structure=m.label),
            Message("of what is hidden {share:.0%} is still drawn with the fill {fill}, {other_share:.0%} with "
                    "{other_fill}", share=m.unseen, fill=m.fill, other_share=m.other_unseen, other_fill=m.other_fill),
        )  # fmt: skip
        return "source", text, m.unseen, test, False
    if m.unseen < SEEN:
        text = Message(
            "The {structure} is drawn from what is there: where it is hidden, {share:.0%} of it goes",
            structure=m.label, share=1 - m.unseen,
        )  # fmt: skip
    elif m.unseen > BLIND:
        text = Message(
            "The {structure} is drawn from its surroundings: where it is hidden, {share:.0%} of it is still drawn",
            structure=m.label, share=m.unseen,
        )  # fmt: skip
    else:
        text = Message(
            "The {structure} is drawn in part from its surroundings: where it is hidden, {share:.0%} of it is still "
            "drawn",
            structure=m.label, share=m.unseen,
        )  # fmt: skip
    return "source", text, m.unseen, test, tested


def _test_of_place(m: Measured) -> Message:
    """What became of the place that matters most under another fill."""
    if isfinite(m.other_remote):
        return Message("the same place takes away {share:.0%} with the fill {fill}",
                       share=m.other_remote, fill=m.other_fill)  # fmt: skip
    if not isfinite(m.elsewhere):
        return _where_tested(m)
    if not m.slices:
        return Message("not tested in that slice; the place that matters most there takes away up to {share:.0%} with "
                       "the fill {fill}", share=m.elsewhere, fill=m.other_fill)  # fmt: skip
    if len(m.slices) == 1:
        return Message("not tested in that slice; on slice {slice} the place that matters most there takes away up to "
                       "{share:.0%} with the fill {fill}", slice=m.slices[0], share=m.elsewhere,
                       fill=m.other_fill)  # fmt: skip
    return Message("not tested in that slice; on slices {slices} the place that matters most there takes away up to "
                   "{share:.0%} with the fill {fill}", slices=[str(z) for z in m.slices], share=m.elsewhere,
                   fill=m.other_fill)  # fmt: skip


def _place(m: Measured) -> Parts | None:
    """Which place matters most for the rest of it?"""
    if not isfinite(m.remote):
        return None
    tested = isfinite(m.other_remote)
    test = _test_of_place(m)
    both = Message("hiding it takes away {share:.1%} of the rest with the fill {fill}, {other_share:.1%} with "
                   "{other_fill}",
                   share=m.remote, fill=m.fill, other_share=m.other_remote, other_fill=m.other_fill)  # fmt: skip
    whether = Message("Whether one place matters for the rest of the {structure} cannot be told", structure=m.label)
    most = max(m.remote, 0)
    if m.remote < REMOTE:
        if tested and m.other_remote >= REMOTE:
            return "place", _untold(whether, both), m.remote, test, False
        if m.remote_at_most >= REMOTE:
            numbers = Message("hiding one takes away {share:.1%} of the rest, or {most:.1%} with the standard error",
                              share=most, most=m.remote_at_most)  # fmt: skip
            return "place", _untold(whether, numbers), m.remote, test, False
        text = Message("No place matters for the rest of the {structure}: hiding one takes away {share:.1%} of the "
                       "rest at most", structure=m.label, share=most)  # fmt: skip
        return "place", text, m.remote, test, tested
    if tested and not is_repeated(m.remote, m.other_remote):
        which = Message("Which place matters most for the rest of the {structure} cannot be told", structure=m.label)
        both = Message(
            "hiding one takes away {share:.1%} of the rest with the fill {fill}, {other_share:.1%} with {other_fill}",
            share=m.remote, fill=m.fill, other_share=m.other_remote, other_fill=m.other_fill,
        )  # fmt: skip
        return "place", _untold(which, both), m.remote, test, False
    text = Message("The place that matters most for the rest of the {structure} lies {place}: hiding it takes away "
                   "{share:.0%} of what is not hidden", structure=m.label, place=m.place, share=m.remote)  # fmt: skip
    if isfinite(m.size_mm):
        text = Message(
            "The place that matters most for the rest of the {structure} lies {place}: hiding a place of {size:.0f} "
            "mm there takes away {share:.0%} of what is not hidden",
            structure=m.label, place=m.place, size=m.size_mm, share=m.remote,
        )  # fmt: skip
    return "place", text, m.remote, test, tested


def _organs(m: Measured) -> Parts | None:
    """Which other structures does it need?"""
    if not m.players:
        return None
    needed = [(name, loss) for name, loss in m.players if loss >= REMOTE]
    test = Message("hidden with the fill {fill}: 1 other structure", fill=m.fill)
    if len(m.players) > 1:
        test = Message("hidden with the fill {fill}: {count} other structures one at a time",
                       fill=m.fill, count=len(m.players))  # fmt: skip
    (name, most), *others = needed or m.players
    said = {"structure": m.label, "other": Term(name), "share": most if needed else max(most, 0)}
    if not needed and not others:
        text = Message(
            "The {structure} needs no other structure: hiding the {other} takes away {share:.1%} of it", **said
        )
    elif not needed:
        text = Message("The {structure} needs no other structure: hiding the {other} takes away {share:.1%} of it, "
                       "and no other more", **said)  # fmt: skip
    else:
        text = _needed(said, others)
    return "organs", text, most, test, True


def _needed(said: dict[str, Any], others: Sequence[tuple[str, float]]) -> Message:
    """The structures that one needs, up to three."""
    if not others:
        return Message(
            "The {structure} needs other structures: hiding the {other} takes away {share:.0%} of it", **said
        )
    said |= {"second": Term(others[0][0]), "second_share": others[0][1]}
    if len(others) == 1:
        return Message("The {structure} needs other structures: hiding the {other} takes away {share:.0%} of it, the "
                       "{second} {second_share:.0%}", **said)  # fmt: skip
    return Message("The {structure} needs other structures: hiding the {other} takes away {share:.0%} of it, the "
                   "{second} {second_share:.0%}, the {third} {third_share:.0%}", third=Term(others[1][0]),
                   third_share=others[1][1], **said)  # fmt: skip


def _unseen(m: Measured) -> Parts | None:
    """What of it is drawn without being seen?"""
    if not m.unseen_place or not isfinite(m.unseen) or m.unseen < SEEN:
        return None
    if isfinite(m.other_unseen) and (m.other_unseen < SEEN or abs(m.unseen - m.other_unseen) > APART):
        return None  # said already: cannot be told
    text = Message("What is drawn of the {structure} without being seen lies mostly {place}",
                   structure=m.label, place=m.unseen_place)  # fmt: skip
    return "unseen", text, m.unseen, _where_tested(m), isfinite(m.other_unseen)


def _shape(m: Measured) -> Parts | None:
    """Does the map of the score's drop say more than the shape?"""
    if not isfinite(m.shape):
        return None
    test = Message("the same run on a model that only loses what is hidden")
    said = {"structure": m.label, "value": m.shape}
    if m.shape >= SHAPE:
        text = Message("The map of the drop is the {structure}'s shape (rank correlation {value:.2f} with a map that "
                       "needs no model): it says where it is, not why", **said)  # fmt: skip
        return "shape", text, m.shape, test, True
    if not is_repeated(
        m.remote, m.elsewhere if isnan(m.other_remote) else m.other_remote
    ):  # it may as well be about the fill, or about single pixels
        text = Message("Whether the map of the drop is more than the {structure}'s shape cannot be told (rank "
                       "correlation {value:.2f} with a map that needs no model)", **said)  # fmt: skip
        unknown = Message("no place is known to matter for the rest, {where}", where=_where_tested(m))
        return "shape", text, m.shape, unknown, False
    text = Message("The map of the drop is more than the {structure}'s shape (rank correlation {value:.2f} with a map "
                   "that needs no model)", **said)  # fmt: skip
    return "shape", text, m.shape, test, True


def sentences(answers: Sequence[Answer]) -> list[str]:
    """Answers as lines of text, what was not tested marked so.

    Parameters
    ----------
    answers : sequence of Answer

    Returns
    -------
    list of str
    """
    return [f"{a.text} ({a.test})." for a in answers]
