"""A segment in the scene is to be explained: its model is found, and held against the segment before it is asked."""

from slicer.i18n import tr as _

from XAICLIPLib.errors import XAICLIPError
from XAICLIPSlicer.panel.choices import ModelSource, RegionSource
from XAICLIPSlicer.panel.request import modelOf
from XAICLIPSlicer.panel.sections.region import chosenSegment
from XAICLIPSlicer.panel.sections.section import Section, setText
from XAICLIPSlicer.sources.found import Found, modelsOf
from XAICLIPSlicer.sources.segments import isOn, isOurs, scanOf, segmentOf, structureOf
from XAICLIPSlicer.worker.errors import CANCELLED, MissingDependencies, errorCode, errorText, inPanelWords


class SceneSourceSection(Section):
    def __init__(self, panel) -> None:
        super().__init__(panel)
        self._looked: tuple | None = None  # the segment and scan that a model was looked for
        self._compared: tuple | None = None  # these and the model that was held against the segment
        self._request: int | None = None
        self._found: Found | None = None
        self._isLooking = False
        self._said = ""
        selector = self.ui.sourceSegmentSelector
        selector.connect("currentNodeChanged(vtkMRMLNode*)", self.onSegmentChosen)
        selector.connect("currentSegmentChanged(QString)", self.onSegmentChosen)
        setText(self.ui.sceneInfoLabel, "")

    @property
    def isChosen(self) -> bool:
        """Whether a segment of the scene is what is explained."""
        return self.parameters is not None and self.parameters.modelSource is ModelSource.SCENE

    @property
    def asksForModel(self) -> bool:
        """Whether no model is known that made the segment, so that the user has to name one."""
        return self.isChosen and not (self._isLooking or self.wrong() or self.parameters.foundModel)

    @property
    def segment(self) -> tuple | None:
        """The segmentation and the ID of the segment; None where none is chosen."""
        parameters = self.parameters
        segment = segmentOf(parameters.sourceSegmentation, parameters.sourceSegment)
        return None if segment is None else (parameters.sourceSegmentation, parameters.sourceSegment)

    def update(self) -> None:
        """The row, the model that belongs to the segment, and how alike its prediction is."""
        parameters, selector = self.parameters, self.ui.sourceSegmentSelector
        self.showRow("sourceSegment", self.isChosen)
        if not self.isChosen:
            self._looked = None
            self.withdraw()
            setText(self.ui.sceneInfoLabel, "")
            return
        with self.updating():
            if selector.currentNode() is not parameters.sourceSegmentation:
                selector.setCurrentNode(parameters.sourceSegmentation)
            if selector.currentSegmentID() != parameters.sourceSegment:
                selector.setCurrentSegmentID(parameters.sourceSegment)
        wrong = self.wrong()
        if wrong:
            self._looked = None
            self.withdraw()
            setText(self.ui.sceneInfoLabel, wrong)
            return
        segmentation, segmentId = self.segment
        looked = segmentation.GetID(), segmentId, parameters.inputVolume.GetID()
        if looked != self._looked:
            self._looked = looked
            self._lookForModel()
        elif not self._isLooking:
            self._compare()
        setText(self.ui.sceneInfoLabel, self._said)

    def wrong(self) -> str:
        """What keeps the chosen segment from being explained; empty where nothing does."""
        parameters = self.parameters
        if self.segment is None:
            return _("Choose the segment that is to be explained.")
        segmentation, name = parameters.sourceSegmentation, parameters.sourceSegmentation.GetName()
        if isOurs(segmentation):
            return _("{segmentation} is a result of XAICLIP; choose what a model of yours has made.").format(
                segmentation=name
            )
        volumeNode = parameters.inputVolume
        if volumeNode is None:
            return _("Choose a scan first.")
        if not isOn(segmentation, volumeNode):
            scan = scanOf(segmentation)
            if scan is None:
                text = _("{segmentation} lies on another scan than {scan}. Choose its scan, or another segmentation.")
                return text.format(segmentation=name, scan=volumeNode.GetName())
            text = _("{segmentation} lies on {its}, not on {scan}. Choose {its} as the scan, or another segmentation.")
            return text.format(segmentation=name, its=scan.GetName(), scan=volumeNode.GetName())
        return ""

    def missing(self) -> str:
        """What must be chosen before there can be an explanation; empty where nothing is missing."""
        if not self.isChosen:
            return ""
        if self.wrong():
            return self.wrong()
        if self._isLooking:
            return _("Looking for the model that made the segment…")
        return "" if modelOf(self.parameters) else self._askingText()

    def choose(self, segmentation, segmentId: str) -> None:
        """Explain a segment of the scene, on its own scan.

        Parameters
        ----------
        segmentation : vtkMRMLSegmentationNode
        segmentId : str
            Empty where the user has to choose one.
        """
        parameters = self.parameters
        scan = scanOf(segmentation)
        with self.panel.changing():
            if scan is not None:
                parameters.inputVolume = scan
            parameters.modelSource = ModelSource.SCENE
            parameters.sourceSegmentation, parameters.sourceSegment = segmentation, segmentId
        self.panel.update()

    def onSegmentChosen(self, *_arguments) -> None:
        if self.isUserEvent():
            selector = self.ui.sourceSegmentSelector
            node = selector.currentNode()
            with self.panel.changing():
                self.parameters.sourceSegmentation = node
                self.parameters.sourceSegment = chosenSegment(node, selector.currentSegmentID())

    # -- the model ----------------------------------------------------------------------------------------------------

    def _lookForModel(self) -> None:
        """Find the model that made the segment; what is explained is the structure that the segment is."""
        segmentation, segmentId = self.segment
        self.withdraw()
        self._found, self._isLooking, self._compared = None, True, None
        self._said = _("Looking for the model that made the segment…")
        structure = structureOf(segmentation, segmentId)
        looked = self._looked
        with self.panel.changing():
            self.parameters.foundModel = ""
            self.parameters.structures = [structure]
            self.parameters.regionSource = RegionSource.PREDICTION  # words may not be known for every structure

        def listed(models: list[dict]) -> None:
            if looked != self._looked or not self.isChosen or self.segment is None:
                return
            self._isLooking = False
            found = modelsOf(segmentation, models)
            self._found = found[0] if found else None
            self._said = self._foundText()
            self.parameters.foundModel = found[0].model if found else ""
            self.panel.update()

        self.panel.installed.ask(listed)

    def _foundText(self) -> str:
        found = self._found
        if found is None:
            return self._askingText()
        name = " ".join(part for part in (found.program, found.task) if part)
        if found.isSaid:
            return _("Made by {model}, as its panel says.").format(model=name)
        return _("Probably made by {model}, by the names of its segments or the last run on this scan.").format(
            model=name
        )

    def _askingText(self) -> str:
        name = self.parameters.sourceSegmentation.GetName()
        text = _("Nothing in the scene says which model made {segmentation}: choose its file or folder above.")
        return text.format(segmentation=name)

    # -- the comparison -----------------------------------------------------------------------------------------------

    def _compare(self) -> None:
        """Hold the model's own prediction against the segment, once for each model."""
        model = modelOf(self.parameters)
        state = (*self._looked, model, tuple(self.parameters.structures))
        if not model or state == self._compared or self.panel.isBusy:
            return
        self.withdraw()
        self._compared = state
        try:
            request, _segment = self.panel.request("auto")
            self._request = self.panel.runner.agreement(
                self.parameters.inputVolume, request, self.segment, self._agreed, self._refused, self._progressed
            )
        except MissingDependencies as error:
            self.panel.explaining.offerInstallation(error.missing, self.panel.update)
            return
        except (ValueError, XAICLIPError) as error:
            self._said = f"{self._beginning()} {errorText(error)}".strip()
            return
        self._said = f"{self._beginning()} {_('Comparing its prediction with the segment…')}".strip()

    def _beginning(self) -> str:
        return self._foundText() if self._found is not None else ""

    def _progressed(self, progress: dict) -> None:
        message = progress.get("message", "")
        if message and self._request is not None:
            self.panel.messages.status(inPanelWords(message))

    def _agreed(self, answer: dict) -> None:
        self._request = None
        if self.isChosen:
            self._said = f"{self._beginning()} {agreementText(answer)}".strip()
            setText(self.ui.sceneInfoLabel, self._said)
            self.panel.messages.status("")

    def _refused(self, error) -> None:
        self._request = None
        if errorCode(error) == CANCELLED:
            return
        if self.isChosen and not self.panel.explaining.offerMissing(error, self._compareAgain):
            self._said = f"{self._beginning()} {errorText(error)}".strip()
            setText(self.ui.sceneInfoLabel, self._said)

    def _compareAgain(self) -> None:
        self._compared = None
        self.panel.update()

    def withdraw(self) -> None:
        """The comparison under way is not wanted any more."""
        if self._request is not None:
            self.panel.runner.withdraw(self._request)
            self._request = None

    def leave(self) -> None:
        """A comparison under way ends with the module."""
        if self._request is not None:
            self.withdraw()
            self._compared = None

    def forget(self) -> None:
        """The scene is going."""
        self.withdraw()
        self._looked = self._compared = self._found = None
        self._isLooking, self._said = False, ""


def agreementText(answer: dict) -> str:
    """How alike the model's prediction and the segment are, in one sentence.

    Parameters
    ----------
    answer : dict
        The worker's: "dice", "is_same", "slices", "total".

    Returns
    -------
    str
    """
    places = _("{count} of its {total} slices").format(count=len(answer["slices"]), total=answer["total"])
    if answer["is_same"]:
        text = _("Its prediction today is the segment: Dice {dice} in {places}.")
    else:
        text = _(
            "Its prediction today is not the segment: Dice {dice} in {places}. What is explained is the prediction; "
            "the segment was made otherwise, or edited since."
        )
    return text.format(dice=f"{answer['dice']:.2f}", places=places)
