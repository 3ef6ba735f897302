"""Sentences with their parts, so that a face can put them in the reader's language.

A `Message` is its English text, and everything that wants text takes it as such. It knows the template that the text
was made of, by which translations are found, and the values that stand in it. JSON holds texts alone: `with_messages`
lays the parts beside them, `restored` puts them together again. `Testing/translations.py` finds every template in the
sources; for that, it is written into `Message(...)` as it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from string import Formatter
from typing import Any

KEY = "messages"  # of a JSON object: the parts of the texts in it, by these


class Term(str):
    """The name of a structure, for which a reader's language has a word of its own."""

    __slots__ = ()


class Message(str):
    """An English text that knows what it was made of.

    Parameters
    ----------
    template : str
        A whole sentence or clause with the names of values in braces, each with a format as `str.format` has it.
    **values
        Numbers, texts, terms, other messages, or sequences of these; of a sequence the format is what stands between
        its items, ", " where there is none.

    Attributes
    ----------
    template : str
    values : dict of str to value
        Sequences as tuples.

    Examples
    --------
    >>> text = Message("the {structure} loses {share:.0%}", structure=Term("right kidney"), share=0.425)
    >>> text
    'the right kidney loses 42%'
    >>> text.values["share"]
    0.425
    """

    template: str
    values: dict[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Message:
        values = {name: _plain(value) for name, value in values.items()}
        return cls._made(filled(template, values), template, values)

    @classmethod
    def _made(cls, text: str, template: str, values: dict[str, Any]) -> Message:
        made = str.__new__(cls, text)
        made.template, made.values = template, values
        return made

    def __reduce__(self) -> tuple:
        return Message._made, (str(self), self.template, self.values)

    def changed(self, change: Callable[[str], str]) -> Message:
        """The same with every text in it changed.

        Parameters
        ----------
        change : callable
            Gets a text, such as one with a path in it, and gives another.

        Returns
        -------
        Message
        """
        values = {name: _changed(value, change) for name, value in self.values.items()}
        return Message._made(change(str(self)), self.template, values)

    def to_json(self) -> dict[str, Any]:
        """The template and the values as plain data.

        Returns
        -------
        dict
        """
        return {"template": self.template, "values": {name: _to_json(value) for name, value in self.values.items()}}


class _Fields(Formatter):
    """Formats sequences too; a field is the name of a value and nothing else."""

    def get_field(self, field_name: str, args: Sequence, kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, tuple):
            return (format_spec or ", ").join(map(str, value))
        return super().format_field(value, format_spec)


def filled(template: str, values: Mapping[str, Any]) -> str:
    """A template with its values.

    Parameters
    ----------
    template : str
    values : mapping of str to value
        As a `Message` holds them.

    Returns
    -------
    str

    Raises
    ------
    KeyError
        If a value is missing.
    ValueError
        If a format does not fit its value.
    """
    return _Fields().vformat(template, (), values)


def either(words: Sequence[str]) -> str:
    """One of some words.

    Parameters
    ----------
    words : sequence of str

    Returns
    -------
    str
        Such as "blur or mean"; empty for none.
    """
    said = words[0] if words else ""
    for word in words[1:]:
        said = Message("{first} or {second}", first=said, second=word)
    return said


def with_messages(data: Mapping[str, Any]) -> dict[str, Any]:
    """Plain data with the parts of all messages in it.

    Parameters
    ----------
    data : mapping
        Such as a report. JSON keeps of its messages the texts alone.

    Returns
    -------
    dict
        A copy, under "messages" the parts by the texts; without where there are none.
    """
    found: dict[str, Any] = {}
    _collect(data, found)
    return {**data, KEY: {**data.get(KEY, {}), **found}} if found else dict(data)


def restored(data: Mapping[str, Any]) -> dict[str, Any]:
    """Undo `with_messages` after a way through JSON.

    Parameters
    ----------
    data : mapping
        Of another program or an earlier version, it may have no parts, or damaged ones: texts are then only texts.

    Returns
    -------
    dict
        A copy with messages in the place of their texts, without "messages".
    """
    table = data.get(KEY)
    rest = {key: value for key, value in data.items() if key != KEY}
    if not isinstance(table, Mapping):
        return rest
    known = {text: made for text, parts in table.items() if (made := _message(text, parts)) is not None}
    return {key: _restored(value, known) for key, value in rest.items()}


def _plain(value: Any) -> Any:
    """A value as a message holds it: NumPy's numbers as Python's, sequences as tuples."""
    if isinstance(value, (list, tuple)):
        return tuple(_plain(item) for item in value)
    if isinstance(value, (str, int, float)):
        return value if isinstance(value, str) or type(value) in (int, bool, float) else value.item()
    return value.item() if hasattr(value, "item") else str(value)


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, Message):
        return value.changed(change)
    if isinstance(value, Term):
        return value
    if isinstance(value, str):
        return change(value)
    return tuple(_changed(item, change) for item in value) if isinstance(value, tuple) else value


def _to_json(value: Any) -> Any:
    if isinstance(value, Message):
        return {"text": str(value), **value.to_json()}
    if isinstance(value, Term):
        return {"term": str(value)}
    if isinstance(value, float) and not math.isfinite(value):
        return {"number": str(value)}
    return [_to_json(item) for item in value] if isinstance(value, tuple) else value


def _from_json(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_from_json(item) for item in value)
    if isinstance(value, Mapping):
        if "term" in value:
            return Term(value["term"])
        return float(value["number"]) if "number" in value else _of(value["text"], value)
    return value


def _of(text: str, parts: Mapping[str, Any]) -> Message:
    values = {str(name): _from_json(value) for name, value in parts["values"].items()}
    return Message._made(text, str(parts["template"]), values)


def _message(text: str, parts: Any) -> Message | None:
    try:
        return _of(text, parts)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):  # damaged by whoever wrote the file
        return None


def _collect(value: Any, found: dict[str, Any]) -> None:
    if isinstance(value, Message):
        found[str(value)] = value.to_json()
    elif isinstance(value, Mapping):
        for item in value.values():
            _collect(item, found)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _collect(item, found)


def _restored(value: Any, known: Mapping[str, Message]) -> Any:
    if isinstance(value, str):
        return known.get(value, value)
    if isinstance(value, Mapping):
        return {key: _restored(item, known) for key, item in value.items()}
    return [_restored(item, known) for item in value] if isinstance(value, list) else value
