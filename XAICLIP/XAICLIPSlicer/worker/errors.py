"""What can go wrong between Slicer and its worker, as text for the user."""

import re

from slicer.i18n import tr as _

from XAICLIPLib.errors import XAICLIPError
from XAICLIPLib.message import Message
from XAICLIPSlicer.scene.words import told

CANCELLED = -32800
EXPECTED = (OSError, ValueError, RuntimeError, XAICLIPError)  # their text says what to do


class MissingDependencies(RuntimeError):
    """Python packages that the worker needs are not installed yet."""

    def __init__(self, missing: list) -> None:
        names = ", ".join(package.name for package in missing)
        text = _("these Python packages are missing: {names}; install them in the panel of XAICLIP")
        super().__init__(text.format(names=names))
        self.missing = missing


def errorText(error) -> str:
    """The line of text of an error, whether it came as a message of the worker or as a text.

    Parameters
    ----------
    error : dict, WorkerError, str or Exception
        What went wrong.

    Returns
    -------
    str
        Begins with a capital, never empty.
    """
    text = error.get("message", "") if isinstance(error, dict) else getattr(error, "text", None) or error
    if not isinstance(text, Message):
        text = str(text)
    text = inPanelWords(text).strip() or _("the worker failed without a message; see the log")
    isWord = re.match(r"[a-z]+[ ,:]", text)  # a file or a method keeps its name
    return text[0].upper() + text[1:] if isWord else text


def inPanelWords(text: str) -> str:
    """A text of the library in the user's language, with the panel's controls in the place of command line options.

    Parameters
    ----------
    text : str
        Such as "a larger region (--region full)".

    Returns
    -------
    str
        Such as "a larger region (Look in: The whole slice)". Options that the panel does not have stay as they are.
    """
    controls = {
        "--region full": _("Look in: The whole slice"),
        "--region prediction": _("Look in: The model's own prediction"),
        "--region": _("Look in"),
        "--modality": _("Modality under Advanced"),
        "--vlm bundled": _("Language model: bundled"),
        "--model": _("Model"),
        "--slices": _("Slices"),
        "--structure": _("Structures"),
        "--reference": _("Reference"),
        "--prompt-box": _("Prompt"),
        "--anyway": _("Explain anyway"),
        "`xaiclip ask`": _("Ask"),
    }
    text = told(text)
    options = "|".join(re.escape(option) for option in controls)
    return re.sub(f"({options})(?![a-z-])", lambda match: controls[match[1]], text)


def sentenceOf(text: str) -> str:
    """A text of the library as a sentence in the user's language: its own have no capital letter and no full stop.

    Parameters
    ----------
    text : str
        A message, or a text without parts.

    Returns
    -------
    str
        One line or more.
    """
    text = beginning(inPanelWords(text)).rstrip(".。")
    return _("{sentence}.").format(sentence=text)


def beginning(text: str) -> str:
    """A text with a capital letter at its beginning.

    Parameters
    ----------
    text : str
        May be empty.

    Returns
    -------
    str
        The same otherwise.
    """
    return text[:1].upper() + text[1:]


def errorCode(error) -> int | None:
    """The JSON-RPC code of an error.

    Parameters
    ----------
    error : dict, WorkerError, str or Exception
        What went wrong.

    Returns
    -------
    int or None
        None where it has none.
    """
    return error.get("code") if isinstance(error, dict) else getattr(error, "code", None)
