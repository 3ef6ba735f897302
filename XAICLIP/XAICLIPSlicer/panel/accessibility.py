"""Names for screen readers: of every control, from the label that stands beside it on the screen.

Buttons, check boxes and folds have their own text, which Qt reads out. Of the controls that CTK and MRML put together
from several, each piece that takes the keyboard gets the name of the whole.
"""

import re

import qt


def nameControls(ui) -> None:
    """Give each control that has a label the label's words as accessible name, and its tool tip as description.

    Parameters
    ----------
    ui : namespace
        The widgets of the panel by name; the label of a control has it as buddy.
    """
    objects = list(vars(ui).values())  # widgets, and layouts, which have no tool tip
    for label in (each for each in objects if each.className() == "QLabel"):
        control = label.buddy()
        if control is not None and not control.accessibleName:
            control.accessibleName = plain(label.text)
            pieces = control.findChildren(qt.QWidget)
            for piece in (p for p in pieces if p.focusPolicy != qt.Qt.NoFocus and not p.accessibleName):
                piece.accessibleName = control.accessibleName
    for each in objects:
        if getattr(each, "toolTip", "") and not each.accessibleDescription:
            each.accessibleDescription = each.toolTip


def plain(text: str) -> str:
    """A label as it is read out: without its mnemonic and its colon.

    Parameters
    ----------
    text : str
        Such as "S&can:".

    Returns
    -------
    str
        Such as "Scan".
    """
    return re.sub("&(?!&)", "", text).rstrip(":… ")
