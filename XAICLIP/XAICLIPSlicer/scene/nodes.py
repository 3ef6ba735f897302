"""The nodes of a run, made empty on the scan's exact grid."""

import json
import time
import uuid
from collections.abc import Iterator

import numpy as np
import slicer
import slicer.util
import vtk
from slicer.i18n import tr as _
from vtk.util.numpy_support import numpy_to_vtk

from XAICLIPLib import anatomy
from XAICLIPSlicer.scene.names import nameOf
from XAICLIPSlicer.scene.runs import (
    ALONE,
    MADE,
    ROLE,
    RUN,
    SCAN_REFERENCE,
    STRUCTURE,
    STRUCTURES,
    RunNodes,
    listRuns,
)
from XAICLIPSlicer.scene.volumes import checkVolume

REGION_ID = "region"
REGION_COLOUR = (92 / 255, 225 / 255, 242 / 255)  # as in the pictures of the report


def createRun(volumeNode, name: str, structures: list[dict]) -> RunNodes:
    """Make the empty nodes of a run under the scan's subject-hierarchy item, all at once; see `addNodesInSteps`.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
        The scan.
    name : str
        What the run is called.
    structures : list of dict
        See `newRun`.

    Returns
    -------
    RunNodes
        The run with its nodes.
    """
    run = newRun(volumeNode, name, structures)
    for _piece in addNodesInSteps(run, volumeNode):
        pass
    return run


def newRun(volumeNode, name: str, structures: list[dict]) -> RunNodes:
    """A run of a scan that has no nodes yet.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
    name : str
        What the run is called; it gets a number where the scan has a run of that name.
    structures : list of dict
        "name", "label", "colour" (0 to 255), "snomed_ct".

    Returns
    -------
    RunNodes
        The run, of which nothing is in the scene yet.

    Raises
    ------
    SceneError
        If the volume can't be used.
    """
    checkVolume(volumeNode)
    names = {run.name for run in listRuns(volumeNode)}
    tried = (name if n == 1 else f"{name} {n}" for n in range(1, len(names) + 2))
    plain = [{**s, "colour": [int(c) for c in s["colour"]]} for s in structures]
    return RunNodes(uuid.uuid4().hex, next(n for n in tried if n not in names), plain)


def addNodesInSteps(run: RunNodes, volumeNode) -> Iterator:
    """Make the nodes of a run, one after the other: Slicer tells all its lists and trees of each node.

    Parameters
    ----------
    run : RunNodes
        A run of `newRun`.
    volumeNode : vtkMRMLScalarVolumeNode
        The scan.

    Returns
    -------
    iterator
        A node, or a piece of the work on one, for each step.
    """
    hierarchy = slicer.mrmlScene.GetSubjectHierarchyNode()
    scanItem = itemOf(hierarchy, volumeNode, hierarchy.GetSceneItemID())
    folder = hierarchy.CreateFolderItem(scanItem, run.name)
    hierarchy.SetItemAttribute(folder, RUN, run.id)
    hierarchy.SetItemExpanded(folder, False)

    def make(kind: str, suffix: str, role: str, structure: str = "", prepare=None):
        return addNode(run, volumeNode, folder, kind, suffix, role, structure, prepare)

    def asMap(low: float):
        return lambda node: _makeVolume(node, volumeNode, low)

    def asSaliency(node) -> None:
        node.SetAttribute(MADE, time.strftime("%H:%M:%S"))
        _makeVolume(node, volumeNode, 0.0)

    yield make("vtkMRMLScalarVolumeNode", _("saliency"), "saliency", prepare=asSaliency)
    for s in run.structures:
        label = _("drop {label}").format(label=nameOf(s["label"]))
        yield make("vtkMRMLScalarVolumeNode", label, "drop", s["name"], asMap(-1.0))
    region = make("vtkMRMLSegmentationNode", _("region"), "region")
    yield
    prepareSegmentation(region, volumeNode)
    region.GetSegmentation().AddEmptySegment(REGION_ID, _("Region"), REGION_COLOUR)
    yield
    prediction = make("vtkMRMLSegmentationNode", _("prediction"), "prediction")
    yield
    prepareSegmentation(prediction, volumeNode)
    for s in run.structures:
        yield addStructure(prediction, s)
    yield make("vtkMRMLTableNode", _("metrics"), "metrics")
    make("vtkMRMLTextNode", _("provenance"), "provenance", prepare=lambda n: n.SetEncoding(vtk.VTK_ENCODING_UTF_8))


def addNode(
    run: RunNodes, volumeNode, folder: int, kind: str, suffix: str, role: str, structure: str = "", prepare=None
):
    """Add a node of a run to the scene and to the run's folder.

    What belongs to it is written on it before it is added, so that whoever follows the scene is told once.

    Parameters
    ----------
    run : RunNodes
        Owner of the node.
    volumeNode : vtkMRMLScalarVolumeNode
        The scan, whose transform it gets.
    folder : int
        Item of the subject hierarchy.
    kind : str
        Class of the node.
    suffix : str
        Of its name, after the run's.
    role : str
        What `RunNodes.node` finds it by.
    structure : str
        Whose it is, where each structure has one.
    prepare : callable, optional
        Gets the node before it is in the scene.

    Returns
    -------
    vtkMRMLNode
        The node.
    """
    scene, hierarchy = slicer.mrmlScene, slicer.mrmlScene.GetSubjectHierarchyNode()
    node = scene.CreateNodeByClass(kind)
    node.UnRegister(None)
    node.SetName(f"{run.name} {suffix}")
    marks = ((RUN, run.id), (ROLE, role), (STRUCTURE, structure), (STRUCTURES, json.dumps(run.structures)))
    for key, value in marks:
        node.SetAttribute(key, value)
    node.SetNodeReferenceID(SCAN_REFERENCE, volumeNode.GetID())
    if node.IsA("vtkMRMLTransformableNode"):
        node.SetAndObserveTransformNodeID(volumeNode.GetTransformNodeID())
    if prepare is not None:
        prepare(node)
    scene.AddNode(node)
    hierarchy.SetItemParent(itemOf(hierarchy, node, folder), folder)
    run._ids[role, structure] = node.GetID()
    return node


def addImageMap(run: RunNodes, structure: dict, image: str):
    """Add the map of a structure with places hidden in one of several images alone; an empty one, to be shown by hand.

    Parameters
    ----------
    run : RunNodes
        A run with its nodes.
    structure : dict
        Of `run.structures`.
    image : str
        What the image is called.

    Returns
    -------
    vtkMRMLScalarVolumeNode
        The one that is there already, where the run has been completed before.
    """
    role, name, scan = f"{ALONE}{image}", structure["name"], run.volumeNode
    label = _("drop {label}, {image} alone").format(label=nameOf(structure["label"]), image=image)
    return run.node(role, name) or addNode(
        run, scan, run.folderItem, "vtkMRMLScalarVolumeNode", label, role, name, lambda n: _makeVolume(n, scan, -1.0)
    )


def _makeVolume(node, volumeNode, low: float) -> None:
    """Give a volume node zeros on a scan's grid, shown from `low` to 1."""
    # the display first: for one without a window, Slicer would look at every voxel to find one
    display = slicer.vtkMRMLScalarVolumeDisplayNode()
    display.AutoWindowLevelOff()
    display.SetWindowLevelMinMax(low, 1.0)
    display.SetAndObserveColorNodeID("vtkMRMLColorTableNodeGrey")
    slicer.mrmlScene.AddNode(display)
    node.SetAndObserveDisplayNodeID(display.GetID())
    image = vtk.vtkImageData()
    image.SetDimensions(volumeNode.GetImageData().GetDimensions())
    # zeros that the system hands out page by page, as slices are written to: of a large scan, filling takes long
    image.GetPointData().SetScalars(numpy_to_vtk(np.zeros(image.GetNumberOfPoints(), np.float32)))
    matrix = vtk.vtkMatrix4x4()
    volumeNode.GetIJKToRASMatrix(matrix)
    node.SetIJKToRASMatrix(matrix)
    node.SetAndObserveImageData(image)


def prepareSegmentation(node, volumeNode) -> None:
    """Tie a segmentation to a scan's grid and draw it as outlines, so that what lies under it stays visible.

    Parameters
    ----------
    node : vtkMRMLSegmentationNode
        In the scene.
    volumeNode : vtkMRMLScalarVolumeNode
        Whose geometry it gets.
    """
    node.CreateDefaultDisplayNodes()
    node.SetReferenceImageGeometryParameterFromVolumeNode(volumeNode)
    display = node.GetDisplayNode()
    display.SetVisibility2DFill(False)
    display.SetOpacity3D(0.35)


def addStructure(segmentationNode, structure: dict) -> None:
    """Add an empty segment with a structure's name, colour and, where it has a code, terminology.

    Parameters
    ----------
    segmentationNode : vtkMRMLSegmentationNode
        In the scene.
    structure : dict
        "name" (the segment's ID), "label", "colour" (0 to 255).
    """
    colour = [c / 255 for c in structure["colour"]]
    label = structure["label"][:1].upper() + structure["label"][1:]
    segmentation = segmentationNode.GetSegmentation()
    segment = segmentation.GetSegment(segmentation.AddEmptySegment(structure["name"], label, colour))
    known = anatomy.find(structure["name"])
    if known is not None and known.terminology():
        segment.SetTag(segment.GetTerminologyEntryTagName(), known.terminology())
    segment.SetNameAutoGenerated(False)
    segment.SetColorAutoGenerated(False)


def itemOf(hierarchy, node, parent: int) -> int:
    """The subject-hierarchy item of a node; Slicer makes it by itself, a scene without its window does not.

    Parameters
    ----------
    hierarchy : vtkMRMLSubjectHierarchyNode
        The scene's.
    node : vtkMRMLNode
        Any node of the scene.
    parent : int
        The item under which a new one is made.

    Returns
    -------
    int
        The item.
    """
    return hierarchy.GetItemByDataNode(node) or hierarchy.CreateItem(parent, node)
