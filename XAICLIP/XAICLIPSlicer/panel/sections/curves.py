"""The curves of a run: which chart is shown under the views."""

from slicer.i18n import tr as _

from XAICLIPSlicer.panel.sections.section import Section
from XAICLIPSlicer.scene.layout import hideCurves, showCurves
from XAICLIPSlicer.scene.runs import ROLE, STRUCTURE


class CurvesSection(Section):
    """The button Curves and the list of charts, one for each structure and fill."""

    def __init__(self, panel) -> None:
        super().__init__(panel)
        self.shown: str | None = None
        self.ui.curvesComboBox.connect("activated(int)", self.onChosen)

    def charts(self) -> dict:
        """The charts of the run by what is written on them."""
        run = self.panel.result.run
        charts = run.charts if run else []
        return {f"{c.GetAttribute(ROLE)} {c.GetAttribute(STRUCTURE)}": c for c in charts}

    def update(self) -> None:
        """The list, the button and the view."""
        ui, charts = self.ui, self.charts()
        ui.curvesButton.setEnabled(bool(charts) or ui.curvesButton.checked)
        if charts or self.panel.result.run is None:
            tip = _(
                "Deletion and insertion curves under the views: the score while the region is taken away, or put back, "
                "in the order of the map. Release to get your own layout back."
            )
        else:
            tip = _("This run was stopped before its map was tested, so that there are no curves.")
        ui.curvesButton.setToolTip(tip)
        self.showRow("curves", self.parameters.curves and len(charts) > 0)
        with self.updating():
            combo = ui.curvesComboBox
            names = [(key, chart.GetName()) for key, chart in charts.items()]
            if [(combo.itemData(i), combo.itemText(i)) for i in range(combo.count)] != names:
                combo.clear()
                for key, name in names:
                    combo.addItem(name, key)
            combo.setCurrentIndex(max(0, combo.findData(self.parameters.chart)))
        self._display()

    def onChosen(self, index: int) -> None:
        if self.isUserEvent():
            self.parameters.chart = self.ui.curvesComboBox.itemData(index)

    def _display(self) -> None:
        run = self.panel.result.run
        if run is None or not self.panel.isEntered:
            return
        charts = self.charts() if self.parameters.curves else {}
        chart = charts.get(self.parameters.chart, next(iter(charts.values()), None))
        wanted = chart.GetID() if chart is not None else None
        if wanted == self.shown:
            return
        self.shown = wanted
        if wanted:
            showCurves(run, chart)
        else:
            hideCurves(run)

    def leave(self) -> None:
        """The layout is given back by the display, with the curves in it."""
        self.shown = None

    def forget(self) -> None:
        """The scene is going."""
        self.shown = None
