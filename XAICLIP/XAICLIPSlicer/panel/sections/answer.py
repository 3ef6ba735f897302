"""Answer, a part of the result: what the run says beside its first sentence, how it was tested, and the numbers."""

import qt
from slicer.i18n import tr as _

from XAICLIPSlicer.panel.answers import furtherAnswers, reasons, tested, warnings
from XAICLIPSlicer.panel.numbers import rowsOf
from XAICLIPSlicer.panel.sections.parts import Part
from XAICLIPSlicer.panel.sections.section import setText
from XAICLIPSlicer.scene.slices import showSlice


class AnswerPart(Part):
    """Sentences; the numbers behind a fold."""

    uiFile = "Answer.ui"

    def __init__(self, panel) -> None:
        super().__init__(panel)
        self._filled: tuple | None = None
        self.ui.numbersTable.connect("cellClicked(int,int)", self.onRow)
        self.ui.numbersTable.connect("cellActivated(int,int)", self.onRow)

    def title(self) -> str:
        """The words of its button."""
        return _("A&nswer")

    def tip(self) -> str:
        """What the page is for."""
        return _("What the run says, how it was tested, and the numbers.")

    def update(self) -> None:
        """The sentences and the table of the run that is shown."""
        ui, run = self.ui, self.panel.result.run
        for label, words in (
            (ui.answerLabel, furtherAnswers), (ui.testedLabel, tested), (ui.warningsLabel, warnings),
            (ui.reasonsLabel, reasons),
        ):  # fmt: skip
            setText(label, words(run) if run is not None else "")
        self._fill(run.metricsTable if run is not None else None)

    def _fill(self, table) -> None:
        state = None if table is None else (table.GetID(), table.GetMTime())
        if state == self._filled:
            return
        self._filled = state
        titles, rows = rowsOf(table) if table is not None else ([], [])
        widget = self.ui.numbersTable
        widget.clear()
        widget.setRowCount(len(rows))
        widget.setColumnCount(len(titles))
        widget.setHorizontalHeaderLabels(titles)
        widget.verticalHeader().setVisible(False)
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                widget.setItem(row, column, qt.QTableWidgetItem(text))
        widget.resizeColumnsToContents()

    def onRow(self, row: int, _column: int) -> None:
        """All axial views go to the slice of a row; of a structure's whole, to the slice of its largest drop."""
        run = self.panel.result.run
        table = run.metricsTable if run is not None else None
        if table is None or run.volumeNode is None or not 0 <= row < table.GetNumberOfRows():
            return
        columns = table.GetTable()
        number = columns.GetColumnByName("slice").GetValue(row)
        if number == "all":
            largest = {r["structure"]: r.get("largest_drop_slice") for r in run.metrics}
            number = largest.get(columns.GetColumnByName("structure").GetValue(row))
        if number is not None:
            showSlice(run.volumeNode, int(float(number)))

    def forget(self) -> None:
        """The scene is going."""
        self._filled = None
