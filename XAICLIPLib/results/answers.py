"""Answers in words: what a run says about why a structure is drawn, each sentence with its number and its test.

A sentence is only said where what was measured again, in other slices and with another fill, agrees with it. Where it
does not, the sentence says that it cannot be told, and by how much the measurements differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import isfinite, isnan, nan
from typing import Any

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
            str(data["text"]),
            nan if value is None else float(value),
            str(data.get("test", "")),
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


def _where_tested(m: Measured) -> str:
    if not m.other_fill:
        return "not tested under another fill"
    return f"with the fill {m.other_fill}{_on_slices(m)}"


def _on_slices(m: Measured) -> str:
    return f" on slice{'s' * (len(m.slices) != 1)} {', '.join(map(str, m.slices))}" if m.slices else ""


def _source(m: Measured) -> Parts | None:
    """Is it drawn from what is there, or from what lies around it?"""
    if not isfinite(m.unseen):
        return None
    tested = isfinite(m.other_unseen)
    test = f"{m.other_unseen:.0%} still drawn {_where_tested(m)}" if tested else _where_tested(m)
    if tested and abs(m.unseen - m.other_unseen) > APART:
        text = (
            f"Whether the {m.label} is drawn from what is there or from its surroundings cannot be told: "
            f"of what is hidden {m.unseen:.0%} is still drawn with the fill {m.fill}, "
            f"{m.other_unseen:.0%} with {m.other_fill}"
        )
        return "source", text, m.unseen, test, False
    left = f"where it is hidden, {m.unseen:.0%} of it is still drawn"
    if m.unseen < SEEN:
        text = f"The {m.label} is drawn from what is there: where it is hidden, {1 - m.unseen:.0%} of it goes"
    elif m.unseen > BLIND:
        text = f"The {m.label} is drawn from its surroundings: {left}"
    else:
        text = f"The {m.label} is drawn in part from its surroundings: {left}"
    return "source", text, m.unseen, test, tested


def _place(m: Measured) -> Parts | None:
    """Which place matters most for the rest of it?"""
    if not isfinite(m.remote):
        return None
    tested = isfinite(m.other_remote)
    test = _where_tested(m)
    if tested:
        test = f"the same place takes away {m.other_remote:.0%} with the fill {m.other_fill}"
    elif isfinite(m.elsewhere):
        place = f"the place that matters most there takes away up to {m.elsewhere:.0%}"
        test = f"not tested in that slice;{_on_slices(m)} {place} with the fill {m.other_fill}"
    both = f"{m.remote:.1%} of the rest with the fill {m.fill}, {m.other_remote:.1%} with {m.other_fill}"
    if m.remote < REMOTE:
        if tested and m.other_remote >= REMOTE:
            text = (
                f"Whether one place matters for the rest of the {m.label} cannot be told: hiding it takes away {both}"
            )
            return "place", text, m.remote, test, False
        if m.remote_at_most >= REMOTE:
            text = (
                f"Whether one place matters for the rest of the {m.label} cannot be told: hiding one takes away "
                f"{max(m.remote, 0):.1%} of the rest, or {m.remote_at_most:.1%} with the standard error"
            )
            return "place", text, m.remote, test, False
        most = f"hiding one takes away {max(m.remote, 0):.1%} of the rest at most"
        return "place", f"No place matters for the rest of the {m.label}: {most}", m.remote, test, tested
    if tested and not is_repeated(m.remote, m.other_remote):
        text = f"Which place matters most for the rest of the {m.label} cannot be told: hiding one takes away {both}"
        return "place", text, m.remote, test, False
    size = f"a place of {m.size_mm:.0f} mm" if isfinite(m.size_mm) else "it"
    text = (
        f"The place that matters most for the rest of the {m.label} lies {m.place}: "
        f"hiding {size}{' there' * isfinite(m.size_mm)} takes away {m.remote:.0%} of what is not hidden"
    )
    return "place", text, m.remote, test, tested


def _organs(m: Measured) -> Parts | None:
    """Which other structures does it need?"""
    if not m.players:
        return None
    needed = [(name, loss) for name, loss in m.players if loss >= REMOTE]
    others = "1 other structure" if len(m.players) == 1 else f"{len(m.players)} other structures one at a time"
    test = f"hidden with the fill {m.fill}: {others}"
    if not needed:
        name, most = m.players[0]
        least = f"hiding the {name} takes away {max(most, 0):.1%} of it"
        least += ", and no other more" if len(m.players) > 1 else ""
        return "organs", f"The {m.label} needs no other structure: {least}", most, test, True
    name, most = needed[0]
    text = f"The {m.label} needs other structures: hiding the {name} takes away {most:.0%} of it"
    text += "".join(f", the {other} {loss:.0%}" for other, loss in needed[1:3])
    return "organs", text, most, test, True


def _unseen(m: Measured) -> Parts | None:
    """What of it is drawn without being seen?"""
    if not m.unseen_place or not isfinite(m.unseen) or m.unseen < SEEN:
        return None
    if isfinite(m.other_unseen) and (m.other_unseen < SEEN or abs(m.unseen - m.other_unseen) > APART):
        return None  # said already: cannot be told
    text = f"What is drawn of the {m.label} without being seen lies mostly {m.unseen_place}"
    return "unseen", text, m.unseen, _where_tested(m), isfinite(m.other_unseen)


def _shape(m: Measured) -> Parts | None:
    """Does the map of the score's drop say more than the shape?"""
    if not isfinite(m.shape):
        return None
    test = "the same run on a model that only loses what is hidden"
    like = f"rank correlation {m.shape:.2f} with a map that needs no model"
    if m.shape >= SHAPE:
        text = f"The map of the drop is the {m.label}'s shape ({like}): it says where it is, not why"
        return "shape", text, m.shape, test, True
    if not is_repeated(
        m.remote, m.elsewhere if isnan(m.other_remote) else m.other_remote
    ):  # it may as well be about the fill, or about single pixels
        text = f"Whether the map of the drop is more than the {m.label}'s shape cannot be told ({like})"
        return "shape", text, m.shape, f"no place is known to matter for the rest, {_where_tested(m)}", False
    text = f"The map of the drop is more than the {m.label}'s shape ({like})"
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
