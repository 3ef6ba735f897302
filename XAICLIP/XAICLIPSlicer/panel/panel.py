"""The panel: its sections, the parameter node they serve, and the request that they describe together."""

from contextlib import contextmanager

import qt
import slicer
import vtk
from slicer.i18n import tr as _
from slicer.util import VTKObservationMixin

from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import XAICLIPError
from XAICLIPSlicer.panel import question
from XAICLIPSlicer.panel.accessibility import nameControls
from XAICLIPSlicer.panel.room import Room
from XAICLIPSlicer.panel.sections.advanced import AdvancedSection
from XAICLIPSlicer.panel.sections.answer import AnswerPart
from XAICLIPSlicer.panel.sections.ask import AskPart
from XAICLIPSlicer.panel.sections.compare import ComparePart
from XAICLIPSlicer.panel.sections.curves import CurvesSection
from XAICLIPSlicer.panel.sections.display import DisplayPart
from XAICLIPSlicer.panel.sections.editing import EditingSection
from XAICLIPSlicer.panel.sections.explain import ExplainSection
from XAICLIPSlicer.panel.sections.images import ImagesSection
from XAICLIPSlicer.panel.sections.installed import InstalledSection
from XAICLIPSlicer.panel.sections.languagemodel import LanguageModelSection
from XAICLIPSlicer.panel.sections.learning import LearningSection
from XAICLIPSlicer.panel.sections.matters import MattersPart
from XAICLIPSlicer.panel.sections.messages import Messages
from XAICLIPSlicer.panel.sections.method import MethodSection
from XAICLIPSlicer.panel.sections.model import ModelSection
from XAICLIPSlicer.panel.sections.parts import ResultParts
from XAICLIPSlicer.panel.sections.region import RegionSection
from XAICLIPSlicer.panel.sections.result import ResultSection
from XAICLIPSlicer.panel.sections.save import SaveMenu
from XAICLIPSlicer.panel.sections.scan import ScanSection
from XAICLIPSlicer.panel.sections.scenesource import SceneSourceSection
from XAICLIPSlicer.panel.sections.structures import StructureList
from XAICLIPSlicer.panel.suggest import suggest
from XAICLIPSlicer.scene import slices
from XAICLIPSlicer.worker.errors import MissingDependencies, errorText
from XAICLIPSlicer.worker.runner import Runner

PARTS = (AnswerPart, AskPart, MattersPart, ComparePart, DisplayPart)  # of the result, in the order of their buttons


class Panel(VTKObservationMixin):
    """The module's panel.

    Parameters
    ----------
    ui : namespace
        The widgets of `XAICLIP.ui` by name.
    runner : Runner
        Shared with the logic, so that the console and the panel use one worker.
    container : qt.QWidget, optional
        What the widgets lie in; kept as high as they need.
    """

    def __init__(self, ui, runner: Runner, container=None) -> None:
        VTKObservationMixin.__init__(self)
        self.ui = ui
        self.runner = runner
        self.parameters = None
        self.isEntered = False
        self._guiTag = None
        self._isUpdating = self._updateAgain = False
        self._isAsked = self._isNew = False
        self._afterChange = qt.QTimer()  # many changes of the scene in a row are one to the panel
        self._afterChange.setSingleShot(True)
        self._afterChange.setInterval(0)
        self._afterChange.connect("timeout()", self.onAfterChange)
        self.room = Room(container)
        self.messages = Messages(ui)
        self.images = ImagesSection(self)
        self.model = ModelSection(self)
        self.installed = InstalledSection(self)
        self.sceneSource = SceneSourceSection(self)
        self.scan = ScanSection(self)
        self.structures = StructureList(self)
        self.languageModel = LanguageModelSection(self)
        self.learning = LearningSection(self)
        self.region = RegionSection(self)
        self.editing = EditingSection(self)
        self.method = MethodSection(self)
        self.explaining = ExplainSection(self)
        self.result = ResultSection(self)
        self.parts = ResultParts(self, PARTS)
        self.answer, self.ask, self.matters, self.compare, self.display = self.parts.parts
        self.curves = CurvesSection(self)
        self.advanced = AdvancedSection(self)
        nameControls(ui)
        self.saving = SaveMenu(self)
        self.sections = (
            self.scan, self.installed, self.sceneSource, self.model, self.images, self.structures, self.languageModel,
            self.learning, self.region, self.editing, self.method, self.advanced, self.result, *self.parts.parts,
            self.curves, self.explaining,
        )  # fmt: skip
        runner.onLog = self.messages.log
        runner.onCrash = self.onCrash

    # -- life ---------------------------------------------------------------------------------------------------------

    def setParameters(self, parameters) -> None:
        """Serve another parameter node; None where there is none, such as while a scene closes.

        Parameters
        ----------
        parameters : XAICLIPParameterNode or None
            The node to serve from now on.
        """
        if self.parameters is not None:
            self.parameters.disconnectGui(self._guiTag)
            self.removeObservers()
        self.parameters, self._guiTag = parameters, None
        if parameters is None:
            return
        self._guiTag = parameters.connectGui(self.ui)
        self.addObserver(parameters.parameterNode, vtk.vtkCommand.ModifiedEvent, self.onModified)
        self.addObserver(slicer.mrmlScene, slicer.vtkMRMLScene.NodeAddedEvent, self.onNodeAdded)
        self.addObserver(slicer.mrmlScene, slicer.vtkMRMLScene.NodeRemovedEvent, self.onSceneChanged)
        self._observeViews()
        self.update()

    def _observeViews(self) -> None:
        """Follow the axial view: the region's preview and "the one in the axial view" mean its slice."""
        for node in slices.axialViews()[:1]:
            if not self.hasObserver(node, vtk.vtkCommand.ModifiedEvent, self.onSliceModified):
                self.addObserver(node, vtk.vtkCommand.ModifiedEvent, self.onSliceModified)

    def _observeBox(self) -> None:
        """Follow the region's box while it is drawn and dragged."""
        box = self.parameters.regionBox
        if box is not None and not self.hasObserver(box, vtk.vtkCommand.ModifiedEvent, self.onSceneChanged):
            self.addObserver(box, vtk.vtkCommand.ModifiedEvent, self.onSceneChanged)

    def enter(self, parameters) -> None:
        """The user opens the module.

        Parameters
        ----------
        parameters : XAICLIPParameterNode or None
            The node of the scene; gets the scan that the user already looks at where it has none.
        """
        self.isEntered = True
        self.setParameters(parameters)
        self.suggest()

    def leave(self) -> None:
        """The user opens another module: layout and display are given back, a run goes on."""
        if self.parameters is not None:
            for section in self.sections:
                section.leave()
        self.isEntered = False
        self.room.giveBack()

    def closeScene(self) -> None:
        """The scene is about to be closed: whatever is under way belongs to it and ends."""
        wasRunning = self.runner.abandon()
        if self.parameters is not None:
            for section in self.sections:
                section.leave()
        for section in self.sections:
            section.forget()
        self.setParameters(None)
        self.explaining.update()
        self.messages.clear()
        if wasRunning:  # not in the status line, which soon says what the new scene lacks
            self.messages.say(_("The scene was closed, so the run was stopped."))

    def cleanup(self) -> None:
        """The widget is going away."""
        self.leave()
        self.explaining.stopInstallation()
        self.languageModel.stopDownload()
        self.learning.stop()
        self.setParameters(None)
        self.runner.onLog = self.runner.onCrash = None

    @contextmanager
    def changing(self):
        """Several parameters change as one."""
        with slicer.util.NodeModify(self.parameters.parameterNode):
            yield

    def onModified(self, _caller=None, _event=None) -> None:
        self.update()

    def onSceneChanged(self, _caller=None, _event=None) -> None:
        self._afterChange.start()

    def onNodeAdded(self, _caller=None, _event=None) -> None:
        self._isNew = True
        self._afterChange.start()

    def onAfterChange(self) -> None:
        if self._isNew and self.isEntered:
            self.suggest()
        self._isNew = False
        self.update()

    def suggest(self) -> None:
        """Choose what the scene suggests where nothing is chosen."""
        if self.parameters is not None:
            with self.changing():
                suggest(self.parameters)

    def onSliceModified(self, _caller=None, _event=None) -> None:
        if self.parameters is not None and self.isEntered:
            self.region.refresh()
            self.display.onSlice()
            if not self.isBusy:
                self.method.update()

    def update(self) -> None:
        """Bring everything in line with the parameters; what a section changes on the way counts too."""
        if self.parameters is None:
            return
        if self._isUpdating:
            self._updateAgain = True
            return
        self._isUpdating = True
        try:
            for _attempt in range(5):
                self._updateAgain = False
                for section in self.sections:
                    section.update()
                if not self._updateAgain:
                    break
        finally:
            self._isUpdating = False
        if self.isEntered:
            self.room.makeSoon()
        self._observeViews()
        self._observeBox()
        self._warmUp()

    def _warmUp(self) -> None:
        """Start the worker once a scan is chosen in the open module, so that the first answer comes soon."""
        if self._isAsked or not self.isEntered or self.parameters.inputVolume is None:
            return
        self._isAsked = True
        runner = self.runner
        try:
            runner.hello(
                lambda answer: self.model.setDevices(answer["devices"]),
                lambda error: self.messages.log(errorText(error)),
            )
            self.languageModel.ask()
            request, _segment = self.request()
            runner.prepare(
                self.parameters.inputVolume,
                request,
                lambda _done: None,
                lambda error: self.messages.log(errorText(error)),
            )
        except MissingDependencies:
            pass  # said, with a button to install, when something is asked for that needs them
        except (ValueError, XAICLIPError) as error:
            self.messages.log(errorText(error))

    # -- the request --------------------------------------------------------------------------------------------------

    def missing(self) -> str:
        """What must be chosen before there can be an explanation; empty where nothing is missing."""
        return question.missing(self)

    def request(self, chosenSlices: str | None = None) -> tuple[Request, tuple | None]:
        """The request that the panel holds; see `question.asked`.

        Parameters
        ----------
        chosenSlices : str, optional
            As a request says them, such as "3:8"; what the panel holds by default.

        Returns
        -------
        Request
            What the engine is asked.
        tuple of vtkMRMLSegmentationNode and str, or None
            The segment that is the region, and its ID.
        """
        return question.asked(self, chosenSlices)

    def requestState(self) -> tuple | None:
        """All that the cost of a run depends on; None where there can be no run."""
        return question.state(self)

    # -- what is under way --------------------------------------------------------------------------------------------

    @property
    def isRunning(self) -> bool:
        """Whether an explanation is under way."""
        return self.explaining.isRunning

    @property
    def isBusy(self) -> bool:
        """Whether an explanation or an installation is under way."""
        return self.explaining.isRunning or self.explaining.isInstalling

    def onCrash(self, text: str) -> None:
        """The worker ended by itself. The scene is as it was; the next request starts another one."""
        self.region.stopPreview()
        self.method.withdraw()
        self.messages.say(errorText(text))
