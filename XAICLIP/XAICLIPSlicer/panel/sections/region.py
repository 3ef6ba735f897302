"""Region: where the scan may be perturbed, seen before anything is computed."""

import qt
import slicer
from slicer.i18n import tr as _

from XAICLIPLib.errors import XAICLIPError
from XAICLIPSlicer.panel.choices import RegionSource
from XAICLIPSlicer.panel.sections.section import Section, setText
from XAICLIPSlicer.scene import slices
from XAICLIPSlicer.scene.markups import isPlaced, startMarkup
from XAICLIPSlicer.scene.preview import regionPreview, removeRegionPreview
from XAICLIPSlicer.worker.errors import MissingDependencies, errorText, sentenceOf

PREVIEW_DELAY_MS = 40


class RegionSection(Section):
    """The region's sources and its live preview."""

    def __init__(self, panel) -> None:
        super().__init__(panel)
        self._request: int | None = None
        self._question: object = None
        self._waiting = False  # something changed while the worker was busy with the slice before
        self._asked = None
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(PREVIEW_DELAY_MS)
        self._timer.connect("timeout()", self.askPreview)
        ui = self.ui
        ui.regionSegmentSelector.connect("currentNodeChanged(vtkMRMLNode*)", self.onSegmentChosen)
        ui.regionSegmentSelector.connect("currentSegmentChanged(QString)", self.onSegmentChosen)
        ui.regionBoxSelector.connect("nodeAddedByUser(vtkMRMLNode*)", self.onBoxMade)
        ui.previewButton.connect("toggled(bool)", self.onPreviewToggled)
        setText(ui.regionInfoLabel, "")

    # -- parameters ---------------------------------------------------------------------------------------------------

    def update(self) -> None:
        """The rows of the chosen source, the buttons and the preview."""
        parameters, ui = self.parameters, self.ui
        source = parameters.regionSource
        self.showRow("threshold", source is RegionSource.WORDS)
        self.showRow("smoothing", source is RegionSource.WORDS)
        self.showRow("regionSegment", source is RegionSource.SEGMENT)
        self.showRow("regionBox", source is RegionSource.BOX)
        self.showRow("margin", source in (RegionSource.WORDS, RegionSource.PREDICTION, RegionSource.SEGMENT))
        with self.updating():
            if source is RegionSource.SEGMENT:
                if ui.regionSegmentSelector.currentNode() is not parameters.regionSegmentation:
                    ui.regionSegmentSelector.setCurrentNode(parameters.regionSegmentation)
                if ui.regionSegmentSelector.currentSegmentID() != parameters.regionSegment:
                    ui.regionSegmentSelector.setCurrentSegmentID(parameters.regionSegment)
        ready = self.missingForRegion() == ""
        ui.previewButton.setEnabled(ready or ui.previewButton.checked)
        self.refresh()

    def onSegmentChosen(self, *_arguments) -> None:
        if self.isUserEvent():
            selector = self.ui.regionSegmentSelector
            node = selector.currentNode()
            with self.panel.changing():
                self.parameters.regionSegmentation = node
                self.parameters.regionSegment = chosenSegment(node, selector.currentSegmentID())

    def onBoxMade(self, node) -> None:
        """A new box has no size, hence nothing to drag: it starts round the scan."""
        if self.parameters is not None:
            startMarkup(node, self.parameters.inputVolume)

    def missingForRegion(self) -> str:
        """What must be chosen before there can be a region; empty where nothing is missing."""
        parameters = self.parameters
        if parameters.inputVolume is None:
            return _("Choose a scan first.")
        if not len(parameters.structures):
            return _("Tick at least one structure.")
        if parameters.regionSource is RegionSource.WORDS:
            return self.panel.languageModel.missing()
        if parameters.regionSource is RegionSource.SEGMENT:
            segmentation = parameters.regionSegmentation
            if segmentation is None or segmentation.GetSegmentation().GetSegment(parameters.regionSegment) is None:
                return _("Choose the segment that is the region.")
        if parameters.regionSource is RegionSource.BOX:
            if parameters.regionBox is None:
                return _("Choose or create the box that is the region.")
            if not isPlaced(parameters.regionBox):
                return _("Draw the box first: it has no size yet.")
        return ""

    # -- preview ------------------------------------------------------------------------------------------------------

    @property
    def isAsking(self) -> bool:
        """Whether the worker is looking for a region."""
        return self._request is not None

    def onPreviewToggled(self, on: bool) -> None:
        self._asked = None
        if on:
            self.panel.messages.clear()
            if self.parameters is not None:
                self.parameters.comparison = False  # the region is shown in the user's own views
            self.refresh()
        else:
            self.stopPreview()

    def stopPreview(self) -> None:
        """Take the preview out of the scene; the user's display comes back."""
        self._timer.stop()
        self._waiting = False
        if self._request is not None:
            self.panel.runner.withdraw(self._request)
            self._request = self._question = None
        if self.ui.previewButton.checked:
            self.ui.previewButton.setChecked(False)  # comes back here once
            return
        removeRegionPreview()
        setText(self.ui.regionInfoLabel, "")
        self.panel.display.again()

    def refresh(self) -> None:
        """Bring the preview up to date soon, if it is on and something that it shows has changed."""
        if not self.ui.previewButton.checked or self.parameters is None:
            return
        state = self._state()
        if state != self._asked:
            self._asked = state
            self._timer.start()

    def askAgain(self) -> None:
        """What the preview shows is out of date, although nothing that was chosen has changed."""
        self._asked = None
        self.refresh()

    def _state(self) -> tuple:
        parameters = self.parameters
        volumeNode, box, prompt = parameters.inputVolume, parameters.regionBox, self.panel.model.prompt
        segmentation = parameters.regionSegmentation if parameters.regionSource is RegionSource.SEGMENT else None
        return (
            None if volumeNode is None else (volumeNode.GetID(), slices.currentSlice(volumeNode)),
            tuple(parameters.structures),
            parameters.modality,
            parameters.contrast,
            parameters.regionSource,
            parameters.languageModel,
            parameters.strategy,
            parameters.learnedPrompts,
            None if segmentation is None else (segmentation.GetID(), segmentation.GetSegmentation().GetMTime()),
            parameters.regionSegment,
            None if box is None else (box.GetID(), box.GetMTime()),
            parameters.threshold,
            parameters.smoothing,
            parameters.margin,
            parameters.modelSource,
            parameters.modelKind,
            parameters.modelPath,
            None if prompt is None else (prompt.GetID(), prompt.GetMTime()),
            parameters.device,
        )

    def askPreview(self) -> None:
        """Ask for the region of the slice in the axial view; one question at a time, the last one counts."""
        if self.parameters is None or not self.ui.previewButton.checked:
            return
        if self._request is not None:
            self._waiting = True
            return
        missing = self.missingForRegion()
        if missing:
            self.say(missing, isError=True)
            return
        panel, volumeNode = self.panel, self.parameters.inputVolume
        try:
            axialSlice = slices.currentSlice(volumeNode)
            request, segment = panel.request(str(axialSlice))
            if not panel.runner.isStarted:
                self.say(_("Starting the worker; the first region takes a few seconds…"))
            panel.method.withdraw()
            self._question = question = object()
            self._request = panel.runner.locate(
                volumeNode,
                request,
                axialSlice,
                lambda answer: self._located(question, volumeNode, answer),
                lambda error: self._failed(question, error),
                segment,
            )
        except MissingDependencies as error:
            self.ui.previewButton.setChecked(False)
            panel.explaining.offerInstallation(error.missing, lambda: self.ui.previewButton.setChecked(True))
        except (ValueError, XAICLIPError) as error:
            self.say(errorText(error), isError=True)

    def _located(self, question: object, volumeNode, answer: dict) -> None:
        if question is not self._question:  # withdrawn meanwhile
            return
        self._request = self._question = None
        if self.parameters is not None and self.ui.previewButton.checked:
            if slicer.mrmlScene.IsNodePresent(volumeNode):
                regionPreview(volumeNode, answer)
                self.say(qualityText(answer), isError=bool(answer["warnings"]))
        self._next()

    def _failed(self, question: object, error) -> None:
        if question is not self._question:
            return
        self._request = self._question = None
        if self.ui.previewButton.checked:
            removeRegionPreview()
            offered = self.panel.explaining.offerMissing(error, self.askPreview)
            self.say("" if offered else errorText(error), isError=not offered)
        self._next()

    def _next(self) -> None:
        if self._waiting:
            self._waiting = False
            self._timer.start()
        elif self.parameters is not None:
            self.panel.method.update()

    def say(self, text: str, isError: bool = False) -> None:
        """The line under the buttons.

        Parameters
        ----------
        text : str
            Empty hides the line.
        isError : bool
            Whether it is marked as a warning.
        """
        setText(self.ui.regionInfoLabel, f"⚠ {text}" if isError else text)

    def leave(self) -> None:
        """The preview is taken out of the scene."""
        if self.ui.previewButton.checked:
            self.ui.previewButton.setChecked(False)
        self.stopPreview()


def chosenSegment(segmentation, segmentId: str) -> str:
    """The segment that a selector means: the selector keeps the ID of a segment that is gone, and of several segments
    it chooses none; where there is one alone, there is nothing to choose.

    Parameters
    ----------
    segmentation : vtkMRMLSegmentationNode or None
        What is chosen in the selector.
    segmentId : str
        What the selector says, which may belong to a segmentation of before.

    Returns
    -------
    str
        Empty where no segment of this segmentation is chosen.
    """
    ids = list(segmentation.GetSegmentation().GetSegmentIDs()) if segmentation is not None else []
    if segmentId in ids:
        return segmentId
    return ids[0] if len(ids) == 1 else ""


def qualityText(answer: dict) -> str:
    """One line about the region of a slice: its share, its agreement with the model's prediction, and warnings.

    Parameters
    ----------
    answer : dict
        The worker's answer: "slices", one of them, and "warnings".

    Returns
    -------
    str
        One line.
    """
    [located] = answer["slices"]
    share = max((row["share_of_slice"] for row in located["rows"]), default=0.0)
    if not share:
        text = _("Found nothing in slice {slice}.").format(slice=located["z"])
    else:
        text = _("Slice {slice}: {share} of the slice").format(slice=located["z"], share=f"{share:.0%}")
        if located.get("prediction_recall") is not None:
            text += _(", holds {recall} of the model's prediction").format(recall=f"{located['prediction_recall']:.0%}")
        text += "."
    return " ".join([text, *map(sentenceOf, answer["warnings"])])
