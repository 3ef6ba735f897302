"""A region before a run: the mask and the similarity map over the scan, in the same two nodes each time."""

from dataclasses import dataclass

import numpy as np
import slicer
import slicer.util
from slicer.i18n import tr as _

from XAICLIPSlicer.scene import views
from XAICLIPSlicer.scene.colours import colourNode
from XAICLIPSlicer.scene.legends import isOnImagesRight, removeLegend, showLegend
from XAICLIPSlicer.scene.nodes import REGION_COLOUR, REGION_ID, prepareSegmentation
from XAICLIPSlicer.scene.runs import ROLE, SCAN_REFERENCE, removeNode
from XAICLIPSlicer.scene.volumes import (
    SceneError,
    checkVolume,
    ijkToRAS,
    readArray,
    setSegment,
)

_REGION, _SIMILARITY = "preview region", "preview similarity"


@dataclass(frozen=True)
class Preview:
    """The nodes of the preview.

    Attributes
    ----------
    roiSegmentation : vtkMRMLSegmentationNode
        One segment, `REGION_ID`; can be edited in the Segment Editor, see `keepRegion`.
    similarityNode : vtkMRMLScalarVolumeNode or None
        Probability of the words, where a vision-language model found the region; as large as the slices it covers.
    """

    roiSegmentation: object
    similarityNode: object


def regionPreview(volumeNode, locateResult: dict, opacity: float = 0.4, show: bool = True) -> Preview:
    """Show what `locate` found over the scan, in place of what was shown before.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
        The scan.
    locateResult : dict
        "slices": each with "roi", "similarity" (path or None) and "offset" (k, j, i).
    opacity : float
        Of the similarity map.
    show : bool
        False leaves the views as they are.

    Returns
    -------
    Preview
        The nodes, the same ones each time.

    Raises
    ------
    SceneError
        If the volume can't be used, or a file can't be read.
    """
    checkVolume(volumeNode)
    slices = locateResult["slices"]
    if not slices:
        raise SceneError(_("No slice was looked at. Choose slices that lie inside the scan."))
    segmentation = _regionNode(volumeNode)
    matrix = ijkToRAS(volumeNode)
    roi, offset = _joined([(readArray(s["roi"]), s["offset"]) for s in slices])
    setSegment(segmentation, REGION_ID, roi > 0, offset, matrix)
    similarity = None
    if all(s.get("similarity") for s in slices):
        voxels, offset = _joined([(readArray(s["similarity"]), s["offset"]) for s in slices])
        similarity = _similarityNode(volumeNode)
        slicer.util.updateVolumeFromArray(similarity, voxels.astype(np.float32))
        moved = matrix.copy()
        moved[:, 3] = matrix @ [*offset[::-1], 1.0]
        similarity.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(moved))
    elif _find(_SIMILARITY):
        removeLegend(_find(_SIMILARITY))
        removeNode(_find(_SIMILARITY))
    if show:
        segmentation.GetDisplayNode().SetVisibility(True)
        if similarity is not None:
            views.showInUserViews(volumeNode, similarity, opacity)
            title = _("Likeness to the words")
            showLegend(similarity, title, onLeft=isOnImagesRight(segmentation, volumeNode))
    return Preview(segmentation, similarity)


def keepRegion(name: str):
    """Make the previewed region the user's own segmentation, which later previews leave alone; None if there is none.

    The similarity map, which an edited region no longer follows from, is removed.

    Parameters
    ----------
    name : str
        Of the segmentation and of its segment.

    Returns
    -------
    vtkMRMLSegmentationNode or None
        None where there is no preview.
    """
    node = _find(_REGION)
    if node is not None:
        node.RemoveAttribute(ROLE)
        node.SetName(slicer.mrmlScene.GenerateUniqueName(name))
        node.GetSegmentation().GetSegment(REGION_ID).SetName(name)
        removeRegionPreview()
    return node


def hidePreview() -> None:
    """Hide the preview; its nodes stay."""
    if _find(_REGION) is not None:
        _find(_REGION).GetDisplayNode().SetVisibility(False)
    if _find(_SIMILARITY) is not None:
        removeLegend(_find(_SIMILARITY))
        views.removeOverlay([_find(_SIMILARITY)])


def removeRegionPreview() -> None:
    """Take the preview out of the scene."""
    hidePreview()
    for node in (_find(_REGION), _find(_SIMILARITY)):
        if node is not None:
            removeNode(node)


def _find(role: str):
    kind = "vtkMRMLSegmentationNode" if role == _REGION else "vtkMRMLScalarVolumeNode"
    return next((n for n in slicer.util.getNodesByClass(kind) if n.GetAttribute(ROLE) == role), None)


def _regionNode(volumeNode):
    """The preview's segmentation, on this scan's grid and under its transform."""
    node = _find(_REGION)
    if node is not None and node.GetNodeReferenceID(SCAN_REFERENCE) != volumeNode.GetID():
        removeNode(node)
        node = None
    if node is None:
        node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", _("Region preview"))
        node.SetAttribute(ROLE, _REGION)
        node.SetNodeReferenceID(SCAN_REFERENCE, volumeNode.GetID())
        prepareSegmentation(node, volumeNode)
        node.GetSegmentation().AddEmptySegment(REGION_ID, _("Region"), REGION_COLOUR)
    node.SetAndObserveTransformNodeID(volumeNode.GetTransformNodeID())
    return node


def _similarityNode(volumeNode):
    node = _find(_SIMILARITY)
    if node is None:
        node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", _("Similarity preview"))
        node.SetAttribute(ROLE, _SIMILARITY)
        node.SetSaveWithScene(False)  # it comes back with the next preview
        node.CreateDefaultDisplayNodes()
        shown = node.GetDisplayNode()
        shown.AutoWindowLevelOff()
        shown.SetWindowLevelMinMax(0.0, 1.0)
        shown.SetAndObserveColorNodeID(colourNode("viridis").GetID())
        shown.AutoThresholdOff()
        shown.SetThreshold(0.05, 1.0)
        shown.ApplyThresholdOn()
    node.SetNodeReferenceID(SCAN_REFERENCE, volumeNode.GetID())
    node.SetAndObserveTransformNodeID(volumeNode.GetTransformNodeID())
    return node


def _joined(slabs: list) -> tuple[np.ndarray, tuple[int, int, int]]:
    """Slabs (array, offset) in one array that holds them all, zero in between, and its offset."""
    low = np.min([offset for _array, offset in slabs], axis=0)
    high = np.max([np.add(offset, array.shape) for array, offset in slabs], axis=0)
    whole = np.zeros(high - low, slabs[0][0].dtype)
    for array, offset in slabs:
        start = np.subtract(offset, low)
        whole[tuple(slice(s, s + n) for s, n in zip(start, array.shape))] = array
    return whole, tuple(int(v) for v in low)
