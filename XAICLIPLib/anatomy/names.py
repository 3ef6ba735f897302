"""Structures found by their names in any common spelling, also among the targets of a model or the labels of a file."""

from __future__ import annotations

import colorsys
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from XAICLIPLib.anatomy.table import STRUCTURES, Structure
from XAICLIPLib.errors import InputError
from XAICLIPLib.message import Message, either

_SHOWN = 24  # names in one message
_SIDE_WORDS = {"right": "right", "rt": "right", "r": "right", "left": "left", "lt": "left", "l": "left"}
# What adds nothing to a name. "lobe", "segment", "tumour" and the like do: "liver tumour" is not the liver.
_FILLERS = frozenset("the a an of organ parenchyma structure whole entire both bilateral side sided patient s".split())


def _stem(word: str) -> str:
    """A word in singular and American spelling, as far as rules go; only ever compared, never shown."""
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-3] + "y" if word.endswith("ies") else word[:-1]
    word = re.sub("ae$", "a", word)  # vertebrae
    return re.sub("our$", "or", word).replace("ae", "e").replace("oe", "e")


@lru_cache(maxsize=4096)
def key_of(text: str) -> tuple[tuple[str, ...], str]:
    """What two spellings of one name have in common.

    Parameters
    ----------
    text : str
        A name in any spelling.

    Returns
    -------
    words : tuple of str
        Its words, singular and in order of the alphabet, without those that add nothing.
    side : str
        "right", "left", or empty.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    words = re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain).casefold())  # also KidneyRight
    sides = {_SIDE_WORDS[w] for w in words if w in _SIDE_WORDS}
    ignored = _FILLERS | {"and"} if len(sides) == 2 else _FILLERS  # left and right kidney
    kept = sorted(_stem(w) for w in words if w not in ignored and w not in _SIDE_WORDS)
    return tuple(kept), sides.pop() if len(sides) == 1 else ""


_INDEX: dict[tuple[tuple[str, ...], str], Structure] = {}
for _structure in STRUCTURES:
    for _text in (_structure.name, _structure.label, *_structure.synonyms, *_structure.aliases):
        _INDEX.setdefault(key_of(_text), _structure)  # the first in the table wins


def find(text: str) -> Structure | None:
    """The structure that a text names: "Kidney, right", "the R kidney", "hepatic", "oesophagus".

    All words of the text must belong to the name, so "liver tumour", "left liver lobe" and "delivery" are not the
    liver. A pair without a side is both sides.

    Parameters
    ----------
    text : str
        A name in any common spelling.

    Returns
    -------
    Structure or None
        None where the table has no such name.

    Examples
    --------
    >>> find("the R kidney").name
    'kidney_right'
    >>> find("liver tumour") is None
    True
    """
    return _INDEX.get(key_of(text))


def describe(text: str) -> Structure:
    """The structure that a text names or, for any other text, a structure made of the text itself.

    Parameters
    ----------
    text : str
        A name in any common spelling, or a description in words.

    Returns
    -------
    Structure

    Raises
    ------
    InputError
        If the text has no word in it.
    """
    known = find(text)
    if known is not None:
        return known
    label = re.sub(r"^(the|an?)\s+(?=\w)", "", " ".join(text.replace("_", " ").split()), flags=re.IGNORECASE)
    name = "_".join(re.findall(r"[^\W_]+", label.casefold()))[:60].rstrip("_")
    if not name:
        raise InputError(f"{text!r} names no structure; write a name such as liver, or a short description")
    digest = hashlib.sha256(name.encode()).digest()  # not hash(), which is another one in every process
    red, green, blue = colorsys.hls_to_rgb(digest[0] / 256, 0.45 + 0.2 * digest[1] / 255, 0.75)
    colour = round(255 * red), round(255 * green), round(255 * blue)
    return Structure(name, label, (), key_of(text)[1], colour=colour)


def match(requested: str, targets: Sequence[str]) -> tuple[str, ...]:
    """Which of a model's targets a text means.

    A target of that very name comes first, then one that is another spelling of it, then those of its parts that the
    model has: "kidneys" gives both sides. A side is never answered with both: "right lung" does not match "lung".

    Parameters
    ----------
    requested : str
        A name in any common spelling.
    targets : sequence of str
        Names of what there is.

    Returns
    -------
    tuple of str
        In the model's order; empty where none is meant.

    Examples
    --------
    >>> match("kidneys", ["liver", "kidney_left", "kidney_right"])
    ('kidney_left', 'kidney_right')
    """
    wanted, structure = requested.strip().casefold(), find(requested)
    key = key_of(requested)
    matching = tuple(t for t in targets if t.strip().casefold() == wanted)
    if not matching and key[0]:
        matching = tuple(t for t in targets if key_of(t) == key or (structure is not None and find(t) is structure))
    if not matching and structure is not None:
        parts = {t for member in structure.members for t in match(member, targets)}
        matching = tuple(t for t in targets if t in parts)
    return matching


def nearest(requested: str, targets: Sequence[str], count: int = 3) -> tuple[str, ...]:
    """The targets whose names or synonyms are most like a text.

    What is on the other side of the patient is never near.

    Parameters
    ----------
    requested : str
    targets : sequence of str
    count : int
        How many, at most.

    Returns
    -------
    tuple of str
        Best first; empty where none is much like it.
    """
    words, side = key_of(requested)
    if not words:
        return ()

    def likeness(target: str) -> float:
        known = find(target)
        other = key_of(target)[1]
        if side and other and side != other:
            return 0.0
        keys = [key_of(n) for n in (target, *((known.label, *known.synonyms, *known.aliases) if known else ()))]
        best = max(SequenceMatcher(None, " ".join(words), " ".join(k[0])).ratio() for k in keys)
        return best * (1 if other == side else 0.9)  # "left lung" is near "lung" too, but nearer "lung_left"

    ranked = sorted(((likeness(t), -i, t) for i, t in enumerate(targets)), reverse=True)
    return tuple(t for score, _, t in ranked[:count] if score >= 0.6)


def no_match(
    requested: str | Sequence[str],
    targets: Sequence[str],
    refusal: str = Message("this model has no structure"),
    holds: str = Message("it segments:"),
) -> str:
    """One line for a user whose text matches none of a model's targets, a file's labels or the like: what is near, and
    what there is.

    Parameters
    ----------
    requested : str or sequence of str
        What was asked for.
    targets : sequence of str
        What there is; of more than 24 the rest is counted.
    refusal : str
        How the line begins, up to what was asked for.
    holds : str
        What comes before the list.

    Returns
    -------
    str
    """
    names = [requested] if isinstance(requested, str) else list(requested)
    near = dict.fromkeys(n for name in names for n in nearest(name, targets, 3 if len(names) == 1 else 1))
    guess: str = Message("did you mean {names}? ", names=either(tuple(near))) if near else ""
    known: str = Message("nothing")
    if targets:
        known = Message("{names}", names=tuple(targets[:_SHOWN]))
    if len(targets) > _SHOWN:
        known = Message("{names} and {count} more", names=tuple(targets[:_SHOWN]), count=len(targets) - _SHOWN)
    return Message(
        "{refusal} {names}; {guess}{holds} {known}",
        refusal=refusal, names=tuple(map(repr, names)), guess=guess, holds=holds, known=known,
    )  # fmt: skip
