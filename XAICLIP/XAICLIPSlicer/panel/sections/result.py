"""5. Result: the runs of the scene, how they are shown, and where they are saved."""

import math

import qt
import slicer
from slicer.i18n import tr as _

from XAICLIPSlicer.panel.sections.section import Section, setText
from XAICLIPSlicer.scene.display import showSaliency
from XAICLIPSlicer.scene.layout import closeLayout, hideCurves, restoreLayout, showCurves, showLayout
from XAICLIPSlicer.scene.rendering import showSurface, showVolumeRendering
from XAICLIPSlicer.scene.runs import ROLE, STRUCTURE, listRuns, readNumbers, removeRun
from XAICLIPSlicer.scene.views import fitViews

FIRST_COLUMNS = ("slice", "structure", "score", "largest_drop", "dice", "evaluations", "seconds")


class ResultSection(Section):
    def __init__(self, panel) -> None:
        super().__init__(panel)
        self._runs: dict[str, object] = {}
        self._displayed = None
        self._layoutShown = False
        self._rendered: str | None = None
        self._curvesShown = None
        self._ordered: tuple | None = None
        ui = self.ui
        ui.runComboBox.connect("activated(int)", self.onRunChosen)
        ui.shownComboBox.connect("activated(int)", self.onShownChosen)
        ui.removeRunButton.connect("clicked(bool)", self.onRemove)
        ui.curvesComboBox.connect("activated(int)", self.onChartChosen)

    # -- which run ----------------------------------------------------------------------------------------------------

    @property
    def run(self):
        """The run that is shown; None where there is none."""
        return self._runs.get(self.parameters.run) if self.parameters is not None else None

    def update(self) -> None:
        """The list of runs, its maps, curves and numbers, and the views."""
        self.findRuns()
        ui, run = self.ui, self.run
        ui.resultWidget.setEnabled(run is not None)
        ui.resultCollapsibleButton.setToolTip("" if run else _("Press Explain to get a result."))
        setText(ui.resultInfoLabel, summaryText(run) if run else _("No run yet."))
        ui.metricsTableView.setVisible(run is not None)
        setText(ui.saliencyThresholdInfoLabel, hiddenText(run, self.parameters.saliencyThreshold) if run else "")
        self._updateShown()
        self._updateCurves()
        self.display()

    def _updateShown(self) -> None:
        """The maps that the run has: its saliency, and the signed drop of each structure."""
        run, combo = self.run, self.ui.shownComboBox
        structures = run.structures if run else []
        maps = [(saliencyText(run), "")]
        maps += [
            (_("Signed drop of the score: {structure}").format(structure=s["label"]), s["name"]) for s in structures
        ]
        with self.updating():
            if [(combo.itemText(i), combo.itemData(i)) for i in range(combo.count)] != maps:
                combo.clear()
                for text, name in maps:
                    combo.addItem(text, name)
            combo.setCurrentIndex(max(0, combo.findData(self.parameters.shown)))

    def _charts(self) -> dict:
        """The charts of the run by what is written on them."""
        charts = self.run.charts if self.run else []
        return {f"{c.GetAttribute(ROLE)} {c.GetAttribute(STRUCTURE)}": c for c in charts}

    def _updateCurves(self) -> None:
        """The curves that the run has, a chart for each structure and fill."""
        ui, charts = self.ui, self._charts()
        ui.curvesButton.setEnabled(bool(charts) or ui.curvesButton.checked)
        if charts or self.run is None:
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
            if [(combo.itemData(i), combo.itemText(i)) for i in range(combo.count)] != [
                (key, chart.GetName()) for key, chart in charts.items()
            ]:
                combo.clear()
                for key, chart in charts.items():
                    combo.addItem(chart.GetName(), key)
            combo.setCurrentIndex(max(0, combo.findData(self.parameters.chart)))

    def onChartChosen(self, index: int) -> None:
        if self.isUserEvent():
            self.parameters.chart = self.ui.curvesComboBox.itemData(index)

    def onShownChosen(self, index: int) -> None:
        if self.isUserEvent():
            self.parameters.shown = self.ui.shownComboBox.itemData(index)

    def findRuns(self) -> None:
        """Bring the list in line with the scene, also after one was loaded or undone."""
        job = self.panel.runner.job
        unfinished = job.unfinished.id if job is not None and job.unfinished is not None else None
        present = {run.id: run for run in listRuns(self.parameters.inputVolume) if run.id != unfinished}
        for identifier, run in present.items():
            if identifier in self._runs:  # it knows more, such as its folder
                present[identifier] = self._runs[identifier]
            else:
                readNumbers(run)
        names = [(identifier, present[identifier].name) for identifier in reversed(present)]
        if list(present) != list(self._runs) or self.ui.runComboBox.count != len(names):
            with self.updating():
                self.ui.runComboBox.clear()
                for identifier, name in names:
                    self.ui.runComboBox.addItem(name, identifier)
        self._runs = present
        if self.parameters.run not in present:
            with self.panel.changing():
                self.parameters.run = names[0][0] if names else ""
        with self.updating():
            self.ui.runComboBox.setCurrentIndex(
                next((i for i, (n, _name) in enumerate(names) if n == self.parameters.run), -1)
            )

    def show(self, run) -> None:
        """Show a run that is being made or was just finished.

        Parameters
        ----------
        run : RunNodes
            The run to choose.
        """
        self._runs[run.id] = run
        self._displayed = None
        self.ui.resultCollapsibleButton.collapsed = False
        with self.panel.changing():
            self.parameters.run = run.id
        self.update()

    def onRunChosen(self, index: int) -> None:
        if self.isUserEvent():
            self.parameters.run = self.ui.runComboBox.itemData(index)

    def onRemove(self) -> None:
        run = self.run
        if run is None or (
            self.panel.runner.job is not None and self.panel.runner.job.run is run and self.panel.isBusy
        ):
            return
        self.giveBack()
        self._runs.pop(self.parameters.run, None)
        removeRun(run)
        self.update()

    # -- display ------------------------------------------------------------------------------------------------------

    def display(self) -> None:
        """Show the run as the parameters say; nothing is touched while the module is not entered."""
        run, parameters = self.run, self.parameters
        if run is None or not self.panel.isEntered:
            if run is None:
                self.giveBack()
            return
        state = (
            parameters.run, parameters.opacity, parameters.saliencyThreshold, parameters.colorMap, parameters.shown,
            parameters.legend,
        )  # fmt: skip
        if state != self._displayed:
            self._displayed = state
            showSaliency(
                run,
                opacity=parameters.opacity,
                threshold=parameters.saliencyThreshold,
                colormap=parameters.colorMap.value,
                signed=bool(parameters.shown),
                structure=parameters.shown,
                legend=parameters.legend,
            )
        self._showTable(run)
        wanted = parameters.run if parameters.comparison else None
        if wanted != self._layoutShown and (wanted or self._layoutShown):
            self._layoutShown = wanted
            if wanted:
                showLayout(run)
                qt.QTimer.singleShot(0, self._fit)
            else:
                closeLayout(run)
        self._displayCurves(run)
        wanted = parameters.run if parameters.volumeRendering else None
        if wanted != self._rendered:
            before = self._runs.get(self._rendered)
            if before is not None:
                self._show3D(before, False)
            self._rendered = wanted
            if wanted:
                self._show3D(run, True)

    def _fit(self) -> None:
        if self._layoutShown and self.run is not None:
            fitViews()

    def _displayCurves(self, run) -> None:
        charts = self._charts() if self.parameters.curves else {}
        chart = charts.get(self.parameters.chart, next(iter(charts.values()), None))
        wanted = chart.GetID() if chart is not None else None
        if wanted == self._curvesShown:
            return
        self._curvesShown = wanted
        if wanted:
            showCurves(run, chart)
        else:
            hideCurves(run)

    def _showTable(self, run) -> None:
        """The table of the run, with the columns that are read most in front; the node keeps its order."""
        view, table = self.ui.metricsTableView, run.metricsTable
        if table is None:
            return
        if view.mrmlTableNode() is not table:
            view.setMRMLTableNode(table)
        names = [table.GetColumnName(column) for column in range(table.GetNumberOfColumns())]
        if (table.GetID(), names) == self._ordered:
            return
        self._ordered = (table.GetID(), names)
        header = view.horizontalHeader()
        for place, name in enumerate(name for name in FIRST_COLUMNS if name in names):
            header.moveSection(header.visualIndex(names.index(name)), place)
        view.resizeColumnsToContents()

    @staticmethod
    def _show3D(run, on: bool) -> None:
        with slicer.util.RenderBlocker():  # Slicer's own ramp, which comes first, takes seconds to draw
            showVolumeRendering(run, on)
            showSurface(run, on)

    def displayAgain(self) -> None:
        """Something else was shown in the same views meanwhile."""
        self._displayed = None
        if self.parameters is not None:
            self.display()

    def giveBack(self) -> None:
        """Hide everything and put the user's layout and display back as they were."""
        rendered = self._runs.get(self._rendered)
        if rendered is not None:
            self._show3D(rendered, False)
        if self._displayed is not None or self._layoutShown or self._curvesShown:
            restoreLayout()
        self._displayed, self._layoutShown, self._rendered, self._curvesShown = None, None, None, None

    def leave(self) -> None:
        """The user's layout and display come back."""
        self.giveBack()

    def forget(self) -> None:
        """The scene is going: its nodes must not be touched any more."""
        self._runs, self._displayed, self._layoutShown, self._rendered, self._curvesShown = {}, None, None, None, None
        with self.updating():
            self.ui.runComboBox.clear()


def saliencyText(run) -> str:
    """What the saliency of a run is, in a few words.

    Parameters
    ----------
    run : RunNodes, optional

    Returns
    -------
    str
    """
    shows = {shown["shows"] for shown in run.saliencyShows.values()} if run else set()
    if shows == {"remote"}:
        return _("Saliency: what the rest of the structure depends on")
    if "remote" in shows:
        return _("Saliency: what each structure depends on")
    return _("Saliency: what supports the prediction")


def hiddenText(run, threshold: float) -> str:
    """What the threshold hides, in the unit of the map: a share alone says nothing of how much that is.

    Parameters
    ----------
    run : RunNodes
        Whose largest value is the scale.
    threshold : float
        Share of it, 0 to 1.

    Returns
    -------
    str
        In the unit of what is shown.
    """
    remote = [shown["largest"] for shown in run.saliencyShows.values() if shown["shows"] == "remote"]
    if remote:
        return _("below a loss of {loss} of the rest; one scale for all slices").format(
            loss=f"{threshold * max(remote):.1%}"
        )
    largest = max((row["largest_drop"] for row in run.metrics), default=0.0)
    return _("below a drop of {drop}; one scale for all slices").format(drop=f"{threshold * largest:.2f}")


def summaryText(run) -> str:
    """The run in a few lines: answers, score and largest drop of each structure, how far to trust its map, warnings.

    Parameters
    ----------
    run : RunNodes
        With its `answers`, `metrics` and `warnings`.

    Returns
    -------
    str
        One or more lines.
    """
    parts = [
        (
            _("{structure}: Dice with the reference {dice}, mean score {score}, largest drop {drop} in slice {slice}")
            if row.get("dice") is not None
            else _("{structure}: mean score {score}, largest drop {drop} in slice {slice}")
        ).format(
            structure=str(row["structure"]).replace("_", " ").capitalize(),
            dice=f"{row.get('dice') or 0.0:.2f}",
            score=f"{row['score']:.2f}",
            drop=f"{row['largest_drop']:.2f}",
            slice=row.get("largest_drop_slice", "–"),
        )
        for row in run.metrics
    ]
    trust = [trustText(row) for row in run.metrics if row.get("trust")]
    warnings = [f"⚠ {warning[:1].upper()}{warning[1:]}." for warning in run.warnings]
    answers = [_("{answer} (tested: {test}).").format(answer=a["text"], test=a["test"]) for a in run.answers]
    said = {a["structure"] for a in run.answers if a["question"] == "shape"}
    shapes = [
        _("{structure}: rank correlation {value} with a map that needs no model.").format(
            structure=str(row["structure"]).replace("_", " ").capitalize(), value=f"{row['shape_correlation']:.2f}"
        )
        for row in run.metrics
        if row["structure"] not in said and math.isfinite(row.get("shape_correlation") or math.nan)
    ]
    return "\n".join([*answers, "; ".join(parts), *shapes, *trust, *warnings]).strip()


def trustText(row: dict) -> str:
    """How far the map of a structure can be trusted, and why.

    Parameters
    ----------
    row : dict
        "structure", "trust", "trust_reasons" of the summary.

    Returns
    -------
    str
        One sentence.
    """
    verdicts = {
        "strong": _("Well supported"),
        "weak": _("Weakly supported"),
        "the organ's shape": _("The organ's shape"),
        "not supported": _("Not supported"),
    }
    structure = str(row["structure"]).replace("_", " ").capitalize()
    verdict = verdicts.get(row["trust"], _("Not tested"))
    return _("{structure}: {verdict} ({reasons}).").format(
        structure=structure, verdict=verdict.lower(), reasons="; ".join(row.get("trust_reasons") or [])
    )
