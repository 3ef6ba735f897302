"""The library's sentences in the user's language."""

import re

from slicer.i18n import tr as _
from slicer.i18n import translate

from XAICLIPLib.message import Message, Term, filled
from XAICLIPSlicer.scene.names import nameOf

CONTEXT = "Library"  # of the translations, see Testing/translations.py


def told(text: str) -> str:
    """A text of the library in the user's language.

    Parameters
    ----------
    text : str
        A message is put together anew, with the names of structures in the user's language; what has no parts, such as
        in a run of an earlier version, stays as it is.

    Returns
    -------
    str
        The English text where there is no translation, or one that does not fit.
    """
    if isinstance(text, Term):
        return nameOf(text)
    if not isinstance(text, Message):
        return text
    template = translate(CONTEXT, text.template)
    hasWords = re.search(r"\w", re.sub(r"\{[^{}]*\}", "", text.template))
    if template == text.template and hasWords:
        return str(text)
    try:
        return filled(template, {name: _value(value) for name, value in text.values.items()})
    except (KeyError, ValueError, TypeError):  # another program's message, or a damaged one
        return str(text)


def methodName(name: str) -> str:
    """A method as it stands in the name of a run.

    Parameters
    ----------
    name : str
        As the library calls it: "occlusion", "rise".

    Returns
    -------
    str
        In the user's language, unless it is an acronym.
    """
    return {"occlusion": _("occlusion"), "hierarchical": _("hierarchical")}.get(name, name)


def fillName(name: str) -> str:
    """With what places were hidden, as it stands in the name of a run.

    Parameters
    ----------
    name : str
        As a request has it: "blur", "-1000".

    Returns
    -------
    str
        In the user's language, where it is a word of the library.
    """
    return translate(CONTEXT, name) if name else ""


def _value(value):
    """What stands in a message, in the user's language."""
    if isinstance(value, str):
        return told(value)
    return tuple(_value(item) for item in value) if isinstance(value, tuple) else value
