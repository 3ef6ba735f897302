"""How a run looks: saliency over the scan with its colours and legend, low values hidden, and the same in 3D."""

import json

import numpy as np
import slicer
import slicer.util

from XAICLIPLib.report.colormap import COLORMAP
from XAICLIPSlicer.scene import slices, views
from XAICLIPSlicer.scene.colours import colourNode, signedTable
from XAICLIPSlicer.scene.display_settings import SETTINGS, displayedMap, displaySettings, limitOf, mapsOf
from XAICLIPSlicer.scene.legends import isOnImagesRight, removeLegend, showLegend, titleOf
from XAICLIPSlicer.scene.rendering import isRendered, setRendering, showVolumeRendering
from XAICLIPSlicer.scene.runs import RunNodes, listRuns


def showSaliency(
    run: RunNodes,
    opacity: float = 0.6,
    threshold: float = 0.1,
    colormap: str = COLORMAP,
    signed: bool = False,
    structure: str = "",
    legend: bool = True,
    ownScales: bool = False,
) -> None:
    """Show a run over its scan, in the views of the present layout; other runs are hidden.

    Parameters
    ----------
    opacity : float
        Of the map over the scan.
    threshold : float
        Lower values are hidden: of the saliency itself, or as a share of the largest drop where `signed`.
    colormap : str
        A name of `COLOURS`; a signed map is always diverging.
    signed : bool
        The drop of one structure's score with its sign instead of the positive saliency of all.
    structure : str
        Which structure's drop; the first one's by default.
    legend : bool
    ownScales : bool
        Whether the colours belong to the slice in the axial view alone, see `rescale`; else to all slices of the run.
    """
    structure = structure if structure in run.dropNodes else next(iter(run.dropNodes), "")
    node = run.dropNodes.get(structure) if signed else run.saliencyNode
    if node is None:
        return
    for other in listRuns():
        if other.id != run.id:
            hideRun(other)
    settings = {
        "opacity": opacity,
        "threshold": threshold,
        "colormap": colormap,
        "signed": signed,
        "structure": structure,
        "legend": legend,
        "ownScales": ownScales,
    }
    marked = run.saliencyNode or node
    marked.SetAttribute(SETTINGS, json.dumps(settings))
    display = node.GetDisplayNode()
    modified = display.StartModify()
    display.AutoWindowLevelOff()
    display.SetInterpolate(False)  # values between two patches were never measured
    table = signedTable(run, threshold) if signed else colourNode(colormap)
    display.SetAndObserveColorNodeID(table.GetID())
    _scale(run, node, settings)
    display.EndModify(modified)
    rendered = any(isRendered(n) for n in mapsOf(run))
    for segmentation in (run.roiSegmentation, run.predictionSegmentation):
        if segmentation is not None:
            segmentation.GetDisplayNode().SetVisibility(True)
    views.showOverlay(run, node, opacity)
    for other in mapsOf(run):
        if legend and other is node:
            onLeft = isOnImagesRight(run.roiSegmentation, run.volumeNode)
            showLegend(node, titleOf(run, signed), "%+.3f" if signed else "%.2f", 5 if signed else 6, onLeft)
        else:
            removeLegend(other)
    if rendered:
        showVolumeRendering(run, True)


def rescale(run: RunNodes) -> None:
    """The user looks at another slice: where each slice has a scale of its own, the colours are those of this one.

    Parameters
    ----------
    run : RunNodes
        A run that is shown.
    """
    settings, node = displaySettings(run), displayedMap(run)
    if settings["ownScales"] and node is not None:
        _scale(run, node, settings)


def _scale(run: RunNodes, node, settings: dict) -> None:
    """What the ends of the colours stand for, and what is too low to be shown."""
    display, signed = node.GetDisplayNode(), settings["signed"]
    top = limitOf(node) if signed else 1.0
    if settings["ownScales"] and run.volumeNode is not None:
        top = _peak(node, slices.currentSlice(run.volumeNode)) or top
    modified = display.StartModify()
    display.SetWindowLevelMinMax(-top if signed else 0.0, top)
    if signed:
        # a display node hides what is outside a range; here the middle must go, so it is transparent in the table
        display.ApplyThresholdOff()
    else:
        display.AutoThresholdOff()
        display.SetThreshold(max(settings["threshold"] * top, 1e-6), 1.0)  # nothing at all is never shown
        display.ApplyThresholdOn()
    display.EndModify(modified)


def _peak(node, axialSlice: int) -> float:
    """The largest value of a map in an axial slice, without its sign."""
    axis = slices.axialAxis(node)
    voxels = slicer.util.arrayFromVolume(node)  # k, j, i
    return float(np.abs(voxels.take(axis.voxel(axialSlice), axis=2 - axis.index)).max(initial=0.0))


def hideRun(run: RunNodes) -> None:
    """Hide everything of a run, in slice and 3D views; its nodes stay.

    Parameters
    ----------
    run : RunNodes
        Any run of the scene.
    """
    for node in mapsOf(run):
        setRendering(node, False)
        removeLegend(node)
    for segmentation in (run.roiSegmentation, run.predictionSegmentation):
        for n in range(segmentation.GetNumberOfDisplayNodes() if segmentation is not None else 0):
            segmentation.GetNthDisplayNode(n).SetVisibility(False)
    views.removeOverlay(mapsOf(run))
