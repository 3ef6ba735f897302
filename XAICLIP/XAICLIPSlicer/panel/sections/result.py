"""The result: the runs of the scene, one of them chosen, and its answer in one sentence. Its parts are pages."""

import qt

from XAICLIPLib.results.run_names import distinct_names
from XAICLIPSlicer.panel.answers import headline
from XAICLIPSlicer.panel.sections.section import Section, setText
from XAICLIPSlicer.scene.runs import listRuns, readNumbers, removeRun
from XAICLIPSlicer.scene.words import told


class ResultSection(Section):
    """The list of runs and the sentence under it."""

    def __init__(self, panel) -> None:
        super().__init__(panel)
        self.runs: dict[str, object] = {}
        ui = self.ui
        ui.runComboBox.connect("activated(int)", self.onRunChosen)
        ui.removeRunButton.connect("clicked(bool)", self.onRemove)

    @property
    def run(self):
        """The run that is shown; None where there is none."""
        return self.runs.get(self.parameters.run) if self.parameters is not None else None

    def update(self) -> None:
        """The list of runs; nothing of the result is seen before there is one."""
        self.findRuns()
        run = self.run
        self.ui.resultWidget.setVisible(run is not None)
        setText(self.ui.headlineLabel, headline(run) if run else "")

    def findRuns(self) -> None:
        """Bring the list in line with the scene, also after one was loaded or undone."""
        job = self.panel.runner.job
        unfinished = job.unfinished.id if job is not None and job.unfinished is not None else None
        present = {run.id: run for run in listRuns(self.parameters.inputVolume) if run.id != unfinished}
        for identifier, run in present.items():
            if identifier in self.runs:  # it knows more, such as its folder
                present[identifier] = self.runs[identifier]
            else:
                readNumbers(run)
        self.runs = present
        names, combo = self.names(), self.ui.runComboBox
        if [(combo.itemData(i), combo.itemText(i)) for i in range(combo.count)] != names:
            with self.updating():
                combo.clear()
                for place, (identifier, name) in enumerate(names):
                    combo.addItem(name, identifier)
                    combo.setItemData(place, name, qt.Qt.ToolTipRole)  # a long name is cut in the list
        if self.parameters.run not in present:
            with self.panel.changing():
                self.parameters.run = names[0][0] if names else ""
        with self.updating():
            self.ui.runComboBox.setCurrentIndex(
                next((i for i, (n, _name) in enumerate(names) if n == self.parameters.run), -1)
            )

    def names(self) -> list[tuple[str, str]]:
        """The runs by names that tell them apart.

        Returns
        -------
        list of tuple of str and str
            Identifier and name, the newest first.
        """
        facts = [run.facts if run.facts.get("structures") else {"structures": run.name} for run in self.runs.values()]
        return list(reversed(list(zip(self.runs, distinct_names(facts, told)))))

    def show(self, run) -> None:
        """Show a run that is being made or was just finished.

        Parameters
        ----------
        run : RunNodes
            The run to choose.
        """
        self.runs[run.id] = run
        self.panel.display.again()
        with self.panel.changing():
            self.parameters.run = run.id
        self._updateAll()

    def _updateAll(self) -> None:
        for section in (self, self.panel.curves, *self.panel.parts.parts):
            section.update()

    def onRunChosen(self, index: int) -> None:
        if self.isUserEvent():
            self.parameters.run = self.ui.runComboBox.itemData(index)

    def onRemove(self) -> None:
        run = self.run
        if run is None or (
            self.panel.runner.job is not None and self.panel.runner.job.run is run and self.panel.isBusy
        ):
            return
        self.panel.display.giveBack()
        self.runs.pop(self.parameters.run, None)
        removeRun(run)
        self._updateAll()

    def forget(self) -> None:
        """The scene is going: its nodes must not be touched any more."""
        self.runs = {}
        with self.updating():
            self.ui.runComboBox.clear()
