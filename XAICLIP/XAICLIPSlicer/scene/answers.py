"""The answer to a question as a map over the scan: a node of the run that holds no more voxels than the answer has."""

import numpy as np
import slicer
import slicer.util
import vtk
from slicer.i18n import tr as _
from vtk.util.numpy_support import numpy_to_vtk

from XAICLIPSlicer.scene import views
from XAICLIPSlicer.scene.colours import changesTable
from XAICLIPSlicer.scene.display import showSaliency
from XAICLIPSlicer.scene.display_settings import displaySettings
from XAICLIPSlicer.scene.legends import isOnImagesRight, showLegend
from XAICLIPSlicer.scene.nodes import addNode
from XAICLIPSlicer.scene.runs import ANSWER, RunNodes, removeNode
from XAICLIPSlicer.scene.volumes import SceneError, ijkToRAS, readArray

SCALES = (0.05, 0.1, 0.2, 0.5, 1.0)  # ends of the colours; one of few, so that they do not change with every pixel


def showAnswer(run: RunNodes, answer: dict, title: str, opacity: float | None = None):
    """Show an answer of the worker over the run's scan, in the place of the run's own map.

    Parameters
    ----------
    run : RunNodes
        The run that was asked.
    answer : dict
        "map" (a file) and "offset" (k, j, i), see `XAICLIPLib.worker.run_methods.RunMethods.ask`.
    title : str
        Of the legend: what the colours mean.
    opacity : float, optional
        Of the answer over the scan; as the run's own map by default.

    Returns
    -------
    vtkMRMLScalarVolumeNode
        The answer, in the scene.

    Raises
    ------
    SceneError
        If the file can't be read, or the scan is gone.
    """
    values = readArray(answer["map"])
    node = run.node(ANSWER) or addMap(run, ANSWER, _("answer"))
    setBox(node, run.volumeNode, values, answer["offset"])
    scale = scaleOf(values)
    display = node.GetDisplayNode()
    if display.GetWindowLevelMax() != scale:
        display.SetWindowLevelMinMax(-scale, scale)
    isShown, legend = views.isShown(node), slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(node)
    if not isShown:
        views.showOverlay(run, node, displaySettings(run)["opacity"] if opacity is None else opacity)
    if not isShown or legend is None or legend.GetTitleText() != title:
        showLegend(node, title, "%+.2f", 5, isOnImagesRight(run.roiSegmentation, run.volumeNode))
    return node


def titleOf(question: dict) -> str:
    """What the colours of an answer mean.

    Parameters
    ----------
    question : dict
        Fields of `XAICLIPLib.pipeline.ask.Question` by name.

    Returns
    -------
    str
        Two lines.
    """
    if question.get("reach"):
        return _("Lost when the\nplace is hidden")
    return _("Lost of what is asked\nabout, hidden here")


def hideAnswer(run: RunNodes, isMapShown: bool = True) -> None:
    """Take the answer away and show the run's own map again.

    Parameters
    ----------
    run : RunNodes
        Nothing happens where it has no answer.
    isMapShown : bool
        Whether the run's own map takes its place.
    """
    node = run.node(ANSWER)
    if node is None:
        return
    views.removeOverlay([node])
    removeNode(node)
    if isMapShown and run.saliencyNode is not None:
        showSaliency(run, **displaySettings(run))


def scaleOf(values: np.ndarray) -> float:
    """Both ends of the colours of an answer.

    Parameters
    ----------
    values : ndarray
        Shares, from -1 to 1.

    Returns
    -------
    float
        The least of `SCALES` that holds all values.
    """
    largest = max(float(values.max(initial=0.0)), -float(values.min(initial=0.0)))
    return next((scale for scale in SCALES if largest <= scale), max(largest, SCALES[-1]))


def addMap(run: RunNodes, role: str, suffix: str):
    """Add a map of changes to a run: without voxels yet, in diverging colours, and not saved with the scene.

    Parameters
    ----------
    run : RunNodes
        Owner of the node.
    role : str
        What `RunNodes.node` finds it by.
    suffix : str
        Of its name, after the run's.

    Returns
    -------
    vtkMRMLScalarVolumeNode
        The node.

    Raises
    ------
    SceneError
        If the scan is gone.
    """
    scan = run.volumeNode
    if scan is None:
        raise SceneError(_("The scan of this run is not in the scene any more, so that nothing can be shown on it."))

    def prepare(node) -> None:
        display = slicer.vtkMRMLScalarVolumeDisplayNode()
        display.AutoWindowLevelOff()
        display.SetWindowLevelMinMax(-1.0, 1.0)
        display.SetInterpolate(False)
        display.SetAndObserveColorNodeID(changesTable().GetID())
        display.ApplyThresholdOff()
        slicer.mrmlScene.AddNode(display)
        node.SetAndObserveDisplayNodeID(display.GetID())
        node.SetSaveWithScene(False)  # it is asked for again in a moment
        display.SetSaveWithScene(False)

    return addNode(run, scan, run.folderItem, "vtkMRMLScalarVolumeNode", suffix, role, prepare=prepare)


def setBox(node, volumeNode, values: np.ndarray, offset) -> None:
    """Give a volume node the voxels of a box of the scan, in their place.

    Parameters
    ----------
    node : vtkMRMLScalarVolumeNode
        The map.
    volumeNode : vtkMRMLScalarVolumeNode
        The scan.
    values : ndarray (K, J, I)
        Of the box.
    offset : sequence of 3 ints
        k, j, i of its first voxel in the scan.

    Raises
    ------
    SceneError
        If the box does not lie inside the scan.
    """
    size = volumeNode.GetImageData().GetDimensions()[::-1]
    if any(o < 0 or o + n > whole for o, n, whole in zip(offset, values.shape, size)):
        raise SceneError(_("A result does not lie inside the scan; was the scan changed meanwhile? Explain again."))
    matrix = ijkToRAS(volumeNode)
    matrix[:3, 3] += matrix[:3, :3] @ np.array(offset[::-1], float)
    image = vtk.vtkImageData()
    image.SetDimensions(values.shape[::-1])
    flat = np.ascontiguousarray(values, np.float32).ravel()
    image.GetPointData().SetScalars(numpy_to_vtk(flat, deep=True))
    modified = node.StartModify()
    node.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(matrix))
    node.SetAndObserveImageData(image)
    node.EndModify(modified)
