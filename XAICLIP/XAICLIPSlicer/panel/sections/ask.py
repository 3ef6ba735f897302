"""Ask, a part of the result: why is this drawn here, and what hangs on this place? Answered while the mouse moves."""

import qt
from slicer.i18n import tr as _

from XAICLIPSlicer.panel.questions import listed
from XAICLIPSlicer.panel.sections.parts import Part
from XAICLIPSlicer.panel.sections.section import setText
from XAICLIPSlicer.scene.answers import hideAnswer, showAnswer, titleOf
from XAICLIPSlicer.scene.between import KEY, showBetween
from XAICLIPSlicer.scene.crosshair import MouseFollower, isInside, toEngine
from XAICLIPSlicer.scene.names import spelled
from XAICLIPSlicer.scene.runs import ANSWER
from XAICLIPSlicer.worker.asker import Asked, Asker
from XAICLIPSlicer.worker.errors import EXPECTED, beginning, errorText, inPanelWords

WHY, REACH = "why", "reach"
RADIUS_MM = 5.0  # round the mouse


class AskPart(Part):
    """The tool that follows the mouse, the list of questions, and the answer."""

    uiFile = "Ask.ui"

    def __init__(self, panel) -> None:
        super().__init__(panel)
        self.asker = Asker(panel.runner, self.say)
        self._follower = MouseFollower(self.onMoved)
        self._run = None
        self._can: dict | None = None
        self._opening: int | None = None
        self._questions: list[tuple[str, dict]] = []
        ui = self.ui
        with self.updating():
            ui.askKindComboBox.addItem(_("Why is this drawn here?"), WHY)
            ui.askKindComboBox.addItem(_("What hangs on this place?"), REACH)
        ui.askButton.connect("toggled(bool)", self.onFollow)
        ui.askShiftCheckBox.connect("toggled(bool)", self.onShift)
        ui.hideAnswerButton.connect("clicked(bool)", self.onBack)
        ui.questionsComboBox.connect("activated(int)", self.onQuestion)
        ui.barsButton.connect("toggled(bool)", self.onBars)
        ui.betweenTable.setVisible(False)
        ui.barsButton.setVisible(False)
        ui.hideAnswerButton.setVisible(False)
        self.say("")

    def title(self) -> str:
        """The words of its button."""
        return _("As&k")

    def tip(self) -> str:
        """What the page is for."""
        return _("Ask about any place: why it is drawn, and what hangs on it. No model is run.")

    # -- which run ----------------------------------------------------------------------------------------------------

    def update(self) -> None:
        """Another run is chosen: its questions, and nothing of the one before."""
        run = self.panel.result.run
        if run is not self._run:
            self._leaveRun()
            self._run = run
            self._fillStructures()
        if self._can is None and (self.ui.askButton.checked or self.ui.questionsComboBox.visible):
            self._open()
        possible = run is not None and not self.panel.isBusy
        self.ui.askButton.setEnabled(possible)
        if not possible and self.ui.askButton.checked:
            self.ui.askButton.setChecked(False)

    def onShown(self, isShown: bool) -> None:
        """The page is opened: the run is opened for questions too, which takes the worker a moment."""
        if isShown and self.parameters is not None and self._can is None:
            self._open()

    def _open(self) -> None:
        """Ask the worker what can be asked; it keeps the run open from then on."""
        run = self._run
        if run is None or self.panel.isBusy or self._opening is not None:
            return

        def opened(answer: dict) -> None:
            self._opening = None
            if run is self._run:
                self._can = answer
                self._fillQuestions()

        def refused(error) -> None:
            self._opening = None
            if run is self._run:
                self.say(errorText(error))

        try:
            self._opening = self.panel.runner.askable(run, opened, refused)
        except EXPECTED as error:
            self._can = {}  # it would be refused again
            self.say(errorText(error))

    def _fillStructures(self) -> None:
        with self.updating():
            combo = self.ui.askStructureComboBox
            combo.clear()
            combo.addItem(_("What is drawn there"), "")
            for structure in self._run.structures if self._run is not None else ():
                combo.addItem(spelled(structure["name"]), structure["name"])

    def _fillQuestions(self) -> None:
        self._questions = listed(self._can or {})
        with self.updating():
            combo = self.ui.questionsComboBox
            combo.clear()
            combo.addItem(_("Choose a question…") if self._questions else "")
            for place, (text, _question) in enumerate(self._questions, start=1):
                combo.addItem(text)
                combo.setItemData(place, text, qt.Qt.ToolTipRole)  # a long one is cut in the list

    def _leaveRun(self) -> None:
        """Nothing of a run is shown or asked any more."""
        self.asker.forget()
        if self._run is not None and self._run.node(ANSWER) is not None:
            hideAnswer(self._run, isMapShown=False)
            self.panel.display.again()
        self._run, self._can = None, None
        self.panel.runner.withdraw(self._opening)
        self._opening = None
        self._questions = []
        ui = self.ui
        with self.updating():
            ui.questionsComboBox.clear()
        for widget in (ui.betweenTable, ui.barsButton, ui.hideAnswerButton):
            widget.setVisible(False)
        self.say("")

    # -- the mouse ----------------------------------------------------------------------------------------------------

    def onFollow(self, isOn: bool) -> None:
        """The tool is switched on or off; the last answer stays."""
        if not isOn:
            self._follower.stop()
            return
        if self.parameters is None or self._run is None:
            self.ui.askButton.setChecked(False)
            self.say(_("There is no run yet. Press Explain first."))
            return
        if self._can is None:
            self._open()
        self._follower.start(onlyCrosshair=self.ui.askShiftCheckBox.checked)
        self.say(_("Move the mouse over a slice view."))

    def onShift(self, isOn: bool) -> None:
        """The mouse itself is followed, or the crosshair that it moves while Shift is held."""
        if self._follower.isFollowing:
            self._follower.stop()
            self._follower.start(onlyCrosshair=isOn)

    def onMoved(self, position) -> None:
        """The mouse is at another place of the scene."""
        run = self._run
        if run is None or self.panel.isBusy or not self.panel.isEntered:
            return
        scan = run.volumeNode
        if scan is None or not isInside(scan, position):
            self.asker.forget()
            self.say(_("This place lies outside the scan. Move the mouse over the patient."))
            return
        kind = self.ui.askKindComboBox.itemData(self.ui.askKindComboBox.currentIndex)
        structure = self.ui.askStructureComboBox.itemData(self.ui.askStructureComboBox.currentIndex)
        question = {"at": toEngine(scan, position), "radius_mm": RADIUS_MM}
        question |= {"structure": structure} if structure else {}
        question |= {"reach": True, "part": "total"} if kind == REACH else {}
        self.ask(question, inSlice=True)

    # -- questions and answers ----------------------------------------------------------------------------------------

    def ask(self, question: dict, inSlice: bool = False, onText=None) -> None:
        """Ask the run that is shown, and show the answer.

        Parameters
        ----------
        question : dict
            Fields of `XAICLIPLib.pipeline.ask.Question` by name.
        inSlice : bool
            Whether the answer is about one slice alone.
        onText : callable, optional
            Gets the sentence once it is there.
        """
        if self.panel.isBusy:
            self.say(_("A run is under way. Ask again when it has ended."))
            return

        def answered(run, answer: dict) -> None:
            self._answered(run, answer, titleOf(question))
            if onText is not None and run is self._run:
                onText(beginning(inPanelWords(answer["text"])))

        self.asker.ask(Asked(self._run, question, answered, inSlice))

    def onQuestion(self, index: int) -> None:
        """A question of the list is chosen."""
        if not self.isUserEvent() or not 1 <= index <= len(self._questions):
            return
        question = self._questions[index - 1][1]
        if question:
            self.ask(question)
        elif self.panel.isBusy:
            self.say(_("A run is under way. Ask again when it has ended."))
        else:
            self.asker.ask(Asked(self._run, {}, self._answeredBetween, between=True))

    def _answered(self, run, answer: dict, title: str) -> None:
        if run is not self._run or self.parameters is None or not self.panel.isEntered:
            return
        showAnswer(run, answer, title, self.parameters.opacity)
        self.ui.hideAnswerButton.setVisible(True)
        self.say(beginning(inPanelWords(answer["text"])))

    def _answeredBetween(self, run, answer: dict) -> None:
        if run is not self._run or self.parameters is None:
            return
        showBetween(run, answer)
        self._fillBetween(answer)
        self.ui.betweenTable.setVisible(True)
        self.ui.barsButton.setVisible(True)
        self.say(_("Rows were hidden, columns show what share of each structure was lost."))
        self.panel.curves.update()

    def _fillBetween(self, answer: dict) -> None:
        """The matrix with a colour for each share: white for nothing, dark for all."""
        table = self.ui.betweenTable
        table.clear()
        table.setRowCount(len(answer["players"]))
        table.setColumnCount(len(answer["structures"]))
        table.setHorizontalHeaderLabels([spelled(name) for name in answer["structures"]])
        table.setVerticalHeaderLabels([spelled(name) for name in answer["players"]])
        for row, losses in enumerate(answer["losses"]):
            for column, loss in enumerate(losses):
                item = qt.QTableWidgetItem(f"{round(loss, 2) + 0.0:.0%}")  # no "-0%"
                share = min(1.0, max(0.0, loss))
                red, green, blue = (255 - int(depth * share) for depth in (77, 231, 212))
                item.setBackground(qt.QBrush(qt.QColor(red, green, blue)))
                item.setForeground(qt.QBrush(qt.QColor("white" if share > 0.5 else "black")))
                table.setItem(row, column, item)
        table.resizeColumnsToContents()

    def onBars(self, isOn: bool) -> None:
        """The matrix as bars in a plot view under the views."""
        if self.parameters is not None:
            with self.panel.changing():
                self.parameters.chart = KEY
                self.parameters.curves = isOn

    def onBack(self) -> None:
        """The run's own map again."""
        self.ui.askButton.setChecked(False)
        self.asker.forget()
        if self._run is not None:
            hideAnswer(self._run, isMapShown=False)
            self.panel.display.again()
        self.ui.hideAnswerButton.setVisible(False)
        self.say("")

    def say(self, text: str) -> None:
        """The line of the answer, or of what is wrong.

        Parameters
        ----------
        text : str
            Empty hides it.
        """
        setText(self.ui.askAnswerLabel, text)

    def leave(self) -> None:
        """The module is left, or the scene is closing: nothing is followed, asked or shown any more."""
        self.ui.askButton.setChecked(False)
        self.ui.barsButton.setChecked(False)
        self._leaveRun()

    def forget(self) -> None:
        """The scene is going: its nodes must not be touched any more."""
        self._follower.stop()
        self.asker.forget()
        self._run, self._can = None, None
