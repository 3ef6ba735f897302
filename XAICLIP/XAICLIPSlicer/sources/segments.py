"""A segment that somebody made: on which scan it lies, and which structure it is."""

import slicer
import vtk

from XAICLIPLib import anatomy
from XAICLIPSlicer.scene.labels import codesOf
from XAICLIPSlicer.scene.runs import RUN


def segmentOf(segmentation, segmentId: str):
    """The segment with an ID.

    Parameters
    ----------
    segmentation : vtkMRMLSegmentationNode or None
    segmentId : str

    Returns
    -------
    vtkSegment or None
        None where there is none of that ID.
    """
    return segmentation.GetSegmentation().GetSegment(segmentId) if segmentation is not None and segmentId else None


def scanOf(segmentation):
    """The scan that a segmentation says it was drawn on.

    Parameters
    ----------
    segmentation : vtkMRMLSegmentationNode

    Returns
    -------
    vtkMRMLScalarVolumeNode or None
        None where it does not say it, or that scan is gone.
    """
    node = segmentation.GetNodeReference(segmentation.GetReferenceImageGeometryReferenceRole())
    return node if node is not None and node.GetClassName() == "vtkMRMLScalarVolumeNode" else None


def isOn(segmentation, volumeNode) -> bool:
    """Whether a segmentation lies on a scan: it says so, or it says nothing and the two meet in space.

    Parameters
    ----------
    segmentation : vtkMRMLSegmentationNode
    volumeNode : vtkMRMLScalarVolumeNode

    Returns
    -------
    bool
    """
    scan = scanOf(segmentation)
    if scan is not None:
        return scan is volumeNode
    drawn, around = [0.0] * 6, [0.0] * 6
    segmentation.GetRASBounds(drawn)
    volumeNode.GetRASBounds(around)
    return all(drawn[2 * a] <= around[2 * a + 1] and around[2 * a] <= drawn[2 * a + 1] for a in range(3))


def structureOf(segmentation, segmentId: str) -> str:
    """What a segment is, in the words that a request takes: by its terminology, its name, or the ID that the program
    which made it has given it.

    Parameters
    ----------
    segmentation : vtkMRMLSegmentationNode
    segmentId : str

    Returns
    -------
    str
        Its own name where no structure is known by any of them.
    """
    segment = segmentOf(segmentation, segmentId)
    entry = vtk.reference("")
    segment.GetTag(segment.GetTerminologyEntryTagName(), entry)
    codes = codesOf(str(entry))
    coded = [s for s in anatomy.STRUCTURES if codes and codesOf(s.terminology()) == codes]
    if len(coded) == 1:
        return coded[0].name
    for text in (segment.GetName() or "", segmentId):
        known = anatomy.find(text)
        if known is not None:
            return known.name
    return segment.GetName() or segmentId


def isOurs(node) -> bool:
    """Whether a node belongs to a run of this module.

    Parameters
    ----------
    node : vtkMRMLNode

    Returns
    -------
    bool
    """
    return bool(node.GetAttribute(RUN))


def segmentIn(item: int):
    """What an item of the subject hierarchy stands for, where that is a segmentation or a segment of others.

    Parameters
    ----------
    item : int

    Returns
    -------
    tuple of vtkMRMLSegmentationNode and str, or None
        The ID is empty for a segmentation of several segments.
    """
    hierarchy = slicer.mrmlScene.GetSubjectHierarchyNode()
    if not item or hierarchy is None:
        return None
    segmentId = hierarchy.GetItemAttribute(item, slicer.vtkMRMLSegmentationNode.GetSegmentIDAttributeName())
    node = hierarchy.GetItemDataNode(hierarchy.GetItemParent(item) if segmentId else item)
    if node is None or not node.IsA("vtkMRMLSegmentationNode") or isOurs(node):
        return None
    ids = list(node.GetSegmentation().GetSegmentIDs())
    if not segmentId and len(ids) == 1:
        segmentId = ids[0]
    return node, segmentId
