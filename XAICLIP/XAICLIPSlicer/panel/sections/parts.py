"""The parts of the result: pages of their own, of which one is shown, chosen by a row of buttons above them.

A part is a class that derives from `Part` and a file in `Resources/UI`; `panel.PARTS` lists them in the order of their
buttons. The panel gets no higher by one more.
"""

from abc import ABC, abstractmethod
from pathlib import Path

import qt
import slicer

from XAICLIPSlicer.panel.sections.section import Section

UI = Path(__file__).parents[3] / "Resources" / "UI"
WIDTH = 390  # of the row of buttons in a panel that is 420 pixels wide


class Part(Section, ABC):
    """A page of the result.

    Attributes
    ----------
    uiFile : str
        In `Resources/UI`; its root is a `qMRMLWidget`, and the names of its widgets are unique in the whole panel: they
        are attributes of `panel.ui` before the part is made.
    """

    uiFile = ""

    @abstractmethod
    def title(self) -> str:
        """What its button says, with a mnemonic; translated."""

    @abstractmethod
    def tip(self) -> str:
        """What the page is for; translated."""

    def onShown(self, isShown: bool) -> None:
        """The page is opened, or another one is."""


class ResultParts:
    """The pages, and the buttons that choose one.

    Parameters
    ----------
    panel : Panel
        Its `ui` gets the widgets of every page.
    kinds : sequence of type
        Classes that derive from `Part`, in the order of their buttons.
    """

    def __init__(self, panel, kinds) -> None:
        self._panel = panel
        self._pages: list = []
        self.buttons: list = []
        self.parts: list[Part] = [self._add(kind) for kind in kinds]
        self._arrange()
        self.show(self.parts[0])

    def _add(self, kind: type) -> Part:
        ui = self._panel.ui
        page = slicer.util.loadUI(str(UI / kind.uiFile))
        page.setMRMLScene(slicer.mrmlScene)
        ui.partsLayout.addWidget(page)
        for name, child in vars(slicer.util.childWidgetVariables(page)).items():
            setattr(ui, name, child)
        part = kind(self._panel)
        button = qt.QPushButton(part.title(), ui.partButtonsWidget)
        button.objectName = f"{kind.__name__}Button"
        button.checkable = button.autoExclusive = True
        button.toolTip = part.tip()
        button.connect("toggled(bool)", lambda on: _mark(button, page, on))
        button.connect("toggled(bool)", part.onShown)
        self._pages.append(page)
        self.buttons.append(button)
        return part

    def _arrange(self) -> None:
        """The buttons in one row where they fit, else in two: words are longer in other languages."""
        count, layout = len(self.buttons), self._panel.ui.partButtonsLayout
        isWide = sum(_width(button) for button in self.buttons) + 6 * (count - 1) > WIDTH
        columns = (count + 1) // 2 if isWide else count
        for place, button in enumerate(self.buttons):
            layout.addWidget(button, place // columns, place % columns)

    def show(self, part: Part) -> None:
        """Choose a part, as its button does.

        Parameters
        ----------
        part : Part
            One of `parts`.
        """
        chosen = self.parts.index(part)
        self.buttons[chosen].checked = True
        for place, page in enumerate(self._pages):
            _mark(self.buttons[place], page, place == chosen)


def _mark(button, page, isChosen: bool) -> None:
    """The chosen one is seen by more than its shade, which says little on a dark screen."""
    font = button.font
    font.setBold(isChosen)
    button.font = font
    page.setVisible(isChosen)


def _width(button) -> int:
    """What a button needs, in pixels; `sizeHint` is a property in PythonQt and a function in other bindings."""
    hint = button.sizeHint
    return (hint() if callable(hint) else hint).width()
