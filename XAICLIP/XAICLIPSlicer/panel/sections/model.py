"""Model: what is being explained, and where it runs."""

import qt
import slicer
from slicer.i18n import tr as _

from XAICLIPLib import anatomy
from XAICLIPSlicer.panel.choices import ModelSource
from XAICLIPSlicer.panel.request import modelOf
from XAICLIPSlicer.panel.sections.section import Section, setText
from XAICLIPSlicer.panel.sections.structures import bundledTargets
from XAICLIPSlicer.scene.markups import startMarkup
from XAICLIPSlicer.scene.names import nameInside
from XAICLIPSlicer.worker.errors import MissingDependencies, errorText

DEVICES = ("auto", "cpu")


class ModelSection(Section):
    def __init__(self, panel) -> None:
        super().__init__(panel)
        self.targets: tuple[str, ...] = ()
        self._isPromptable = False
        self._described: tuple | None = None
        self._devices: list[str] = []
        self.ui.modelPathLineEdit.connect("currentPathChanged(QString)", self.onPathChanged)
        self.ui.modelPathLineEdit.connect(
            "validInputChanged(bool)", self.onPathChanged
        )  # the only word of an empty line
        self.ui.modelFolderButton.connect("clicked(bool)", self.onFolder)
        # not by a connector, which would restrict the selector to one kind of node
        self.ui.promptSelector.connect("currentNodeChanged(vtkMRMLNode*)", self.onPromptChosen)
        self.ui.promptSelector.connect("nodeAddedByUser(vtkMRMLNode*)", self.onPromptMade)
        self.ui.deviceComboBox.connect("activated(int)", self.onDeviceChosen)
        self.ui.checkModelButton.connect("clicked(bool)", self.onCheck)
        self.setDevices(DEVICES)

    def update(self) -> None:
        """The rows of a model of the user's own, its prompt, and what it segments."""
        parameters = self.parameters
        isOwn = parameters.modelSource is not ModelSource.BUNDLED
        isFile = parameters.modelSource is ModelSource.FILE or self.panel.sceneSource.asksForModel
        self.showRow("modelKind", isFile)
        self.showRow("modelPath", isFile)
        self.showRow("prompt", isOwn and self.isPromptable)
        self.ui.modelFolderButton.setVisible(isFile)
        self.ui.checkModelButton.setEnabled(bool(modelOf(parameters)))
        with self.updating():
            if self.ui.modelPathLineEdit.currentPath.strip() != parameters.modelPath:  # a space may be typed
                self.ui.modelPathLineEdit.setCurrentPath(parameters.modelPath)
            if self.ui.promptSelector.currentNode() is not parameters.promptNode:
                self.ui.promptSelector.setCurrentNode(parameters.promptNode)
            if parameters.device not in self._devices:  # a scene from a machine with another graphics card
                self.setDevices([*self._devices, parameters.device])
            self.ui.deviceComboBox.setCurrentIndex(self._devices.index(parameters.device))
        chosen = (parameters.modelSource, modelOf(parameters))
        if chosen != self._described:
            self._described, self.targets, self._isPromptable = chosen, (), False
            self.panel.images.setNames(())
            needsPath = parameters.modelSource is ModelSource.FILE and not parameters.modelPath.strip()
            text = _("Choose the model's file or folder.") if needsPath else ""
            tip = _("The segmentation model that is to be explained.")
            # the list of structures says the same: what is not segmented is grey in it
            self.ui.modelSourceComboBox.toolTip = tip if isOwn else f"{tip} {self._segments(bundledTargets())}"
            setText(self.ui.modelInfoLabel, text)

    @property
    def isPromptable(self) -> bool:
        """Whether the model segments what a prompt points at, as far as is known."""
        return self.parameters.modelKind.isPromptable or self._isPromptable

    @property
    def prompt(self):
        """The markups node that a promptable model is pointed with; None where the region's box does that."""
        isUsed = self.parameters.modelSource is not ModelSource.BUNDLED and self.isPromptable
        return self.parameters.promptNode if isUsed else None

    @property
    def device(self) -> str:
        """Where a run would compute: what was chosen, else the worker's first choice."""
        chosen = self.parameters.device
        return chosen if chosen != "auto" else next((d for d in self._devices if d != "auto"), "cpu")

    def setDevices(self, devices) -> None:
        """What the worker can run on.

        Parameters
        ----------
        devices : sequence of str
            As the worker names them, such as "cuda:0"; "auto" and "cpu" are always there.
        """
        names = {"auto": _("Automatic"), "cpu": _("Processor (CPU)"), "mps": _("Apple graphics (MPS)")}
        wanted = list(dict.fromkeys(("auto", *devices, "cpu")))
        if wanted == self._devices:
            return
        chosen = self.parameters.device if self.parameters is not None else "auto"
        self._devices = wanted
        with self.updating():
            self.ui.deviceComboBox.clear()
            for device in wanted:
                self.ui.deviceComboBox.addItem(names.get(device, _("Graphics card ({device})").format(device=device)))
            if chosen in wanted:
                self.ui.deviceComboBox.setCurrentIndex(wanted.index(chosen))

    def onPathChanged(self) -> None:
        if self.isUserEvent():
            self.parameters.modelPath = self.ui.modelPathLineEdit.currentPath.strip()

    def onFolder(self) -> None:
        folder = qt.QFileDialog.getExistingDirectory(slicer.util.mainWindow(), _("Choose the model's folder"))
        if folder:
            self.ui.modelPathLineEdit.setCurrentPath(folder)

    def onPromptChosen(self, node) -> None:
        if self.isUserEvent():
            self.parameters.promptNode = node

    def onPromptMade(self, node) -> None:
        """A new box holds the scan, so that there is something to drag; new points are placed with the mouse."""
        if self.parameters is not None:
            startMarkup(node, self.parameters.inputVolume)

    def onDeviceChosen(self, index: int) -> None:
        if self.isUserEvent():
            self.parameters.device = self._devices[index]

    def onCheck(self) -> None:
        specification = modelOf(self.parameters)
        try:
            self.panel.runner.checkModel(
                specification, lambda result: self._opened(specification, result), self._refused
            )
        except MissingDependencies as error:
            self.panel.explaining.offerInstallation(error.missing, self.onCheck)
            return
        setText(self.ui.modelInfoLabel, _("Opening the model…"))
        self.ui.checkModelButton.setEnabled(False)

    def offerLicence(self, error, then) -> None:
        """Show the licence of a model that forbids commercial use, with a button to accept it, and then go on.

        Parameters
        ----------
        error : WorkerError
            Says which model, and what is known of its licence.
        then : callable
            What the user wanted; called without arguments once it is accepted.
        """

        def accept() -> None:
            self.panel.runner.checkModel(error.licensed, lambda _result: then(), self._refused, acceptLicence=True)

        text = _("The licence of this model forbids commercial use. {licence}. Your answer is remembered.")
        self.panel.messages.say(text.format(licence=error.licence.rstrip(".")), _("I accept"), accept)
        setText(self.ui.modelInfoLabel, "")

    def _opened(self, specification: str, result: dict) -> None:
        if self.parameters is None or specification != modelOf(self.parameters):
            return
        self.targets = tuple(target for target in result["targets"] if target != "background")
        self._isPromptable = result["promptable"]
        self.panel.images.setNames(result.get("images", ()))
        self.ui.checkModelButton.setEnabled(True)
        with self.updating():  # it opens, so it is worth offering again
            self.ui.modelPathLineEdit.addCurrentPathToHistory()
        if self._isPromptable:
            does = _("Segments what the box of the region, or the prompt, points at.")
        elif not self.targets:
            does = _("Does not name what it segments: its channels are taken for the chosen structures, in order.")
        else:
            does = self._segments(self.targets)
        if len(self.panel.images.names) > 1:
            does += " " + _("Takes {images}.").format(images=", ".join(self.panel.images.names))
        setText(self.ui.modelInfoLabel, f"{result['name']}: {does}")
        self.panel.structures.update()
        self.panel.update()

    def _refused(self, error) -> None:
        self.ui.checkModelButton.setEnabled(True)
        if not self.panel.explaining.offerMissing(error, self.onCheck):
            setText(self.ui.modelInfoLabel, errorText(error))

    @staticmethod
    def _segments(targets) -> str:
        names = [nameInside(anatomy.describe(target)) for target in targets]
        return _("Segments {names}.").format(names=", ".join(names))
