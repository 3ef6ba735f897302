"""What the scene suggests: the scan that the user looks at, and the segmentation that lies on it."""

import slicer
import slicer.util

from XAICLIPSlicer.scene.runs import RUN


def suggestedScan():
    """The scan that the user already looks at, else the only one that there is.

    Returns
    -------
    vtkMRMLScalarVolumeNode or None
        None where the views are empty and the scene has none or several.
    """
    for composite in slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode"):
        identifier = composite.GetBackgroundVolumeID()
        node = slicer.mrmlScene.GetNodeByID(identifier) if identifier else None
        if node is not None and _isScan(node):
            return node
    scans = [node for node in slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode") if _isScan(node)]
    return scans[0] if len(scans) == 1 else None


def _isScan(node) -> bool:
    """Whether a volume is a scan: neither a label map nor a map of ours."""
    return node.GetClassName() == "vtkMRMLScalarVolumeNode" and not node.GetAttribute(RUN)


def suggestedSegmentation(volumeNode):
    """The segmentation that was drawn on a scan, by its own reference geometry, else the only one that there is.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
        The scan.

    Returns
    -------
    vtkMRMLSegmentationNode or None
        None where there is none, or where it can't be told which of several is meant.
    """
    role = slicer.vtkMRMLSegmentationNode.GetReferenceImageGeometryReferenceRole()
    nodes = [n for n in slicer.util.getNodesByClass("vtkMRMLSegmentationNode") if not n.GetAttribute(RUN)]
    nodes = [n for n in nodes if n.GetSegmentation().GetNumberOfSegments() and not n.GetHideFromEditors()]
    drawn = [n for n in nodes if n.GetNodeReference(role) is volumeNode]
    others = [n for n in nodes if n.GetNodeReference(role) is None]
    return next((found[0] for found in (drawn, others) if len(found) == 1), None)
