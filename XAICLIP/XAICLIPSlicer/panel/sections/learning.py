"""Learning prompts from a segmentation: what is drawn in some slices teaches the language model what to find."""

from pathlib import Path

import qt
import slicer
from slicer.i18n import tr as _

from XAICLIPLib import anatomy
from XAICLIPLib.errors import XAICLIPError
from XAICLIPSlicer.panel.choices import RegionSource
from XAICLIPSlicer.panel.sections.section import Section, setText
from XAICLIPSlicer.scene import labels
from XAICLIPSlicer.scene.names import spelled
from XAICLIPSlicer.worker.errors import MissingDependencies, beginning, errorText, inPanelWords, sentenceOf

ENDING = ".safetensors"


class LearningSection(Section):
    def __init__(self, panel) -> None:
        super().__init__(panel)
        self._isLearning = False
        # not by a connector, which would restrict the selector to one kind of node
        self.ui.learnFromSelector.connect("currentNodeChanged(vtkMRMLNode*)", self.onChosen)
        self.ui.learnButton.connect("clicked(bool)", self.onButton)
        setText(self.ui.learnInfoLabel, "")

    def update(self) -> None:
        """The button and what it lacks."""
        parameters, ui = self.parameters, self.ui
        ui.learnGroupBox.setVisible(parameters.regionSource is RegionSource.WORDS)
        with self.updating():
            if ui.learnFromSelector.currentNode() is not parameters.learnFrom:
                ui.learnFromSelector.setCurrentNode(parameters.learnFrom)
        missing = "" if self._isLearning else self.missing()
        ui.learnButton.setText(_("Cancel") if self._isLearning else _("Learn…"))
        ui.learnButton.setEnabled(not missing)
        if self._isLearning:
            ui.learnButton.setToolTip(_("Stop learning; nothing is written."))
        else:
            ui.learnButton.setToolTip(
                missing or _("Choose where the learned prompts are kept, and learn; they are used at once.")
            )

    def missing(self) -> str:
        """What must be chosen before anything can be learned; empty where nothing is missing."""
        parameters = self.parameters
        if parameters.inputVolume is None:
            return _("Choose a scan first.")
        if not len(parameters.structures):
            return _("Tick at least one structure.")
        if parameters.learnFrom is None:
            return _("Choose the segmentation to learn from.")
        try:
            labels.match(parameters.learnFrom, parameters.structures)
        except (ValueError, XAICLIPError) as error:
            return errorText(error)
        return self.panel.languageModel.missing()

    def onChosen(self, node) -> None:
        if self.isUserEvent():
            self.parameters.learnFrom = node

    def onButton(self) -> None:
        if self._isLearning:
            self.stop()
            setText(self.ui.learnInfoLabel, _("Stopped; nothing was learned."))
            self.panel.update()
            return
        name = "-".join(anatomy.describe(text).name for text in self.parameters.structures)
        path = qt.QFileDialog.getSaveFileName(
            slicer.util.mainWindow(),
            _("Keep the learned prompts in"),
            f"prompts-{name}{ENDING}",
            _("Learned prompts (*.safetensors)"),
        )
        path = path[0] if isinstance(path, tuple) else path  # PythonQt gives the path alone
        if path:
            self.learn(path if path.endswith(ENDING) else path + ENDING)

    def learn(self, path: str) -> None:
        """Learn from what is drawn, write it to a file, and use that.

        Parameters
        ----------
        path : str
            The file to write, ending in .safetensors.
        """
        panel, parameters = self.panel, self.parameters
        panel.messages.clear()
        try:
            request, _segment = panel.request("auto")
            panel.runner.learn(
                parameters.inputVolume,
                request,
                parameters.learnFrom,
                parameters.shots,
                path,
                self._learned,
                self._failed,
                self._progressed,
            )
        except MissingDependencies as error:
            panel.explaining.offerInstallation(error.missing, lambda: self.learn(path))
            return
        except (ValueError, XAICLIPError) as error:
            panel.messages.say(errorText(error))
            return
        self._isLearning = True
        setText(self.ui.learnInfoLabel, _("Learning; this takes some minutes…"))
        panel.update()

    def stop(self) -> None:
        """Give the learning up."""
        if self._isLearning:
            self._isLearning = False
            self.panel.runner.stopLearning()

    def _progressed(self, progress: dict) -> None:
        if self._isLearning:
            share = round(100 * progress["done"] / max(progress["total"], 1e-6))
            what = progress.get("message") or _("learning")
            text = _("{what}, {share} %…").format(what=beginning(inPanelWords(what)), share=share)
            setText(self.ui.learnInfoLabel, text)

    def _learned(self, answer: dict) -> None:
        self._isLearning = False
        setText(self.ui.learnInfoLabel, learnedText(answer))
        for warning in answer["warnings"]:
            self.panel.messages.log(sentenceOf(warning))
        if self.parameters is not None:
            self.parameters.learnedPrompts = answer["path"]
            self.panel.region.askAgain()  # the file may be a new one of the same name
            self.panel.update()

    def _failed(self, error) -> None:
        self._isLearning = False
        setText(self.ui.learnInfoLabel, "")
        self.panel.messages.say(errorText(error))
        self.panel.update()


def learnedText(answer: dict) -> str:
    """What learning brought, measured on slices that were not learned from.

    Parameters
    ----------
    answer : dict
        The worker's answer: "rows" with Dice before and after, "kept", "path".

    Returns
    -------
    str
        A sentence for each structure.
    """
    parts = []
    for row in answer["rows"]:
        name = spelled(str(row["structure"]))
        if row["after"] is None:
            parts.append(_("{name}: learned; no other labelled slice is left to measure on").format(name=name))
        elif row["structure"] not in answer["kept"]:
            parts.append(_("{name}: no better than its words, so the words are used").format(name=name))
        else:
            text = _("{name}: Dice of the region {before} by words, {after} learned, on {count} other slices")
            figures = {"before": f"{row['before']:.2f}", "after": f"{row['after']:.2f}", "count": row["measured"]}
            parts.append(text.format(name=name, **figures))
    return "; ".join(parts) + ". " + _("In use from {file}.").format(file=Path(answer["path"]).name)
