"""Compare, a part of the result: another run on the same scan beside this one, and in what the two differ."""

from slicer.i18n import tr as _

from XAICLIPSlicer.panel.answers import headline
from XAICLIPSlicer.panel.sections.parts import Part
from XAICLIPSlicer.panel.sections.section import setText
from XAICLIPSlicer.scene.pair import closePair, showPair
from XAICLIPSlicer.scene.words import fillName, methodName
from XAICLIPSlicer.worker.errors import EXPECTED, beginning, errorText, inPanelWords


class ComparePart(Part):
    """The other run, the views side by side, and what was set otherwise."""

    uiFile = "Compare.ui"

    def __init__(self, panel) -> None:
        super().__init__(panel)
        self._pair: tuple | None = None  # the runs that are compared
        self._id: int | None = None
        self._isAlone = False
        ui = self.ui
        ui.otherRunComboBox.connect("activated(int)", self.onOther)
        ui.besideButton.connect("toggled(bool)", self.onBeside)
        self._clear()

    def title(self) -> str:
        """The words of its button."""
        return _("C&ompare")

    def tip(self) -> str:
        """What the page is for."""
        return _("Two runs on one scan side by side, with the difference of their maps.")

    @property
    def isOpen(self) -> bool:
        """Whether two runs are shown, or about to be."""
        return self._pair is not None

    def update(self) -> None:
        """The other runs on the scan; another one that is chosen ends the comparison."""
        result, combo = self.panel.result, self.ui.otherRunComboBox
        others = [(i, name) for i, name in result.names() if i != self.parameters.run]
        if [(combo.itemData(n), combo.itemText(n)) for n in range(combo.count)] != others:
            chosen = combo.itemData(combo.currentIndex) if combo.count else None
            with self.updating():
                combo.clear()
                for identifier, name in others:
                    combo.addItem(name, identifier)
                combo.setCurrentIndex(max(0, combo.findData(chosen)) if others else -1)
        possible = bool(others) and not self.panel.isBusy
        self.ui.besideButton.setEnabled(possible or self.ui.besideButton.checked)
        if self._pair is not None and (self._pair[0] is not result.run or self._other() is not self._pair[1]):
            self.close()
        if bool(others) == self._isAlone and not self.isOpen:
            self._isAlone = not others
            alone = _("There is no other run on this scan. Explain once more, with another setting.")
            setText(self.ui.compareLabel, alone if self._isAlone else "")

    def _other(self):
        combo = self.ui.otherRunComboBox
        return self.panel.result.runs.get(combo.itemData(combo.currentIndex)) if combo.count else None

    def onOther(self, _index: int) -> None:
        """Another run is chosen: it takes the place of the one before."""
        if self.isUserEvent() and self.ui.besideButton.checked:
            self.close()
            self.ui.besideButton.setChecked(True)

    def onBeside(self, isOn: bool) -> None:
        """The two runs side by side, or the user's own layout again."""
        if self._updating or self.parameters is None:
            return
        if not isOn:
            self.close()
            return
        first, second = self.panel.result.run, self._other()
        self._pair = first, second

        def answered(answer: dict) -> None:
            if self._pair == (first, second):
                self._id = None
                self._show(first, second, answer)

        def refused(error) -> None:
            if self._pair == (first, second):
                self._id = None
                self._refuse(error)

        try:
            self._id = self.panel.runner.compare(first, second, answered, refused)
        except EXPECTED as error:
            self._refuse(error)
            return
        setText(self.ui.compareLabel, _("Comparing…"))

    def _show(self, first, second, answer: dict) -> None:
        if not self.panel.isEntered:
            self.close()
            return
        names = dict(self.panel.result.names())
        try:
            showPair(first, second, answer, (names.get(first.id, first.name), names.get(second.id, second.name)))
        except EXPECTED as error:
            self._refuse(error)
            return
        ui = self.ui
        setText(ui.compareLabel, beginning(inPanelWords(answer["text"])))
        setText(ui.firstAnswerLabel, _("1: {answer}").format(answer=headline(first)))
        setText(ui.secondAnswerLabel, _("2: {answer}").format(answer=headline(second)))
        setText(
            ui.compareSettingsLabel, "\n".join(_setting(**change) for change in answer["settings"]) or _("Nothing.")
        )
        ui.compareSettingsGroupBox.setVisible(True)

    def _refuse(self, error) -> None:
        self.close()
        setText(self.ui.compareLabel, errorText(error))

    def close(self) -> None:
        """Back to one run."""
        wasOpen, self._pair = self._pair is not None, None
        self.panel.runner.withdraw(self._id)
        self._id = None
        with self.updating():
            self.ui.besideButton.setChecked(False)
        self._clear()
        closePair()
        if wasOpen:
            self.panel.display.again()

    def _clear(self) -> None:
        ui = self.ui
        for label in (ui.compareLabel, ui.firstAnswerLabel, ui.secondAnswerLabel, ui.compareSettingsLabel):
            setText(label, "")
        ui.compareSettingsGroupBox.setVisible(False)

    def leave(self) -> None:
        """The user's layout comes back."""
        if self.isOpen:
            self.close()

    def forget(self) -> None:
        """The scene is going: its nodes must not be touched any more."""
        self._pair, self._id = None, None


def _setting(name: str, first, second) -> str:
    """A setting in which two runs differ, as a line; what one does not have is left out."""
    words = [_("not set") if value in (None, "", []) else _valueText(name, value) for value in (first, second)]
    leaf = name.rpartition(".")[2]
    called = settingWords().get(name) or settingWords().get(leaf) or leaf.replace("_", " ")
    return _("{name}: {first} in 1, {second} in 2").format(name=called, first=words[0], second=words[1])


def _valueText(name: str, value) -> str:
    """The value of a setting in words, where it is one of the library's."""
    if name == "method.name":
        return methodName(str(value))
    return fillName(str(value)) if name == "method.fill" else str(value)


def settingWords() -> dict[str, str]:
    """Settings in the user's language.

    Returns
    -------
    dict of str to str
        By their names in a request, those with a group first; others are called as the request calls them.
    """
    return {
        "method.name": _("method"),
        "model.name": _("model"),
        "region.source": _("region"),
        "dilation_mm": _("margin (mm)"),
        "fill": _("fill"),
        "patch": _("patch"),
        "stride": _("stride"),
        "masks": _("masks"),
        "samples": _("samples"),
        "grid": _("grid"),
        "score": _("score"),
        "slices": _("slices"),
        "structures": _("structures"),
        "reference": _("reference"),
        "threshold": _("threshold"),
        "seed": _("seed"),
        "modality": _("modality"),
        "preset": _("contrast"),
    }
