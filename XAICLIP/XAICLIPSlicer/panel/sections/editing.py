"""The way of the region to the Segment Editor: it becomes a segment, which is then used as it is."""

import slicer
from slicer.i18n import tr as _

from XAICLIPLib.errors import XAICLIPError
from XAICLIPSlicer.panel.choices import RegionSource
from XAICLIPSlicer.panel.sections.section import Section
from XAICLIPSlicer.scene.nodes import REGION_ID
from XAICLIPSlicer.scene.preview import keepRegion, regionPreview
from XAICLIPSlicer.worker.errors import MissingDependencies, errorText


class EditingSection(Section):
    """The button that opens the region in the Segment Editor."""

    def __init__(self, panel) -> None:
        super().__init__(panel)
        self.ui.editRegionButton.connect("clicked(bool)", self.onEdit)

    def update(self) -> None:
        """The button, where there is a region to edit."""
        isReady = self.panel.region.missingForRegion() == ""
        self.ui.editRegionButton.setEnabled(isReady and not self.panel.isBusy)

    def onEdit(self) -> None:
        """The region of all chosen slices becomes a segmentation, which the Segment Editor opens."""
        panel, parameters = self.panel, self.parameters
        if parameters.regionSource is RegionSource.SEGMENT:
            openSegmentEditor(parameters.regionSegmentation, parameters.inputVolume, parameters.regionSegment)
            return
        volumeNode = parameters.inputVolume
        self.ui.previewButton.setChecked(False)
        try:
            request, segment = panel.request()
            panel.method.withdraw()
            panel.runner.locate(
                volumeNode, request, None, lambda answer: self._editable(volumeNode, answer), self._notEditable, segment
            )
        except MissingDependencies as error:
            panel.explaining.offerInstallation(error.missing, self.onEdit)
            return
        except (ValueError, XAICLIPError) as error:
            self.panel.region.say(errorText(error), isError=True)
            return
        self.ui.editRegionButton.setEnabled(False)
        self.panel.region.say(_("Finding the region in all chosen slices…"))

    def _editable(self, volumeNode, answer: dict) -> None:
        self.ui.editRegionButton.setEnabled(True)
        parameters = self.parameters
        if parameters is None or not slicer.mrmlScene.IsNodePresent(volumeNode):
            return
        regionPreview(volumeNode, answer, show=False)
        segmentation = keepRegion(_("Region in {scan}").format(scan=volumeNode.GetName()))
        segmentId = REGION_ID
        segmentation.GetDisplayNode().SetVisibility(True)
        with self.panel.changing():
            parameters.regionSegmentation = segmentation
            parameters.regionSegment = segmentId
            parameters.regionSource = RegionSource.SEGMENT
            parameters.margin = 0.0  # it is in the segment already
        self.panel.region.say(
            _("The region is a segment now; edit it in the Segment Editor, then come back and press Explain.")
        )
        openSegmentEditor(segmentation, volumeNode, segmentId)

    def _notEditable(self, error) -> None:
        self.ui.editRegionButton.setEnabled(True)
        if not self.panel.explaining.offerMissing(error, self.onEdit):
            self.panel.region.say(errorText(error), isError=True)


def openSegmentEditor(segmentation, volumeNode, segmentId: str) -> None:
    """Slicer's Segment Editor on a segment, with the scan as its source volume.

    Parameters
    ----------
    segmentation : vtkMRMLSegmentationNode
        What is edited.
    volumeNode : vtkMRMLScalarVolumeNode
        The scan that is drawn on.
    segmentId : str
        The segment that is selected for it.
    """
    slicer.util.selectModule("SegmentEditor")
    editor = slicer.modules.segmenteditor.widgetRepresentation().self().editor
    editor.setSegmentationNode(segmentation)
    editor.setSourceVolumeNode(volumeNode)
    editor.setCurrentSegmentID(segmentId)
