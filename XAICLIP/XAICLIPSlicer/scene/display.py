"""How a run looks: saliency over the scan with its colours and legend, low values hidden, and the same in 3D."""

import json

import slicer
import slicer.util
from slicer.i18n import tr as _

from XAICLIPSlicer.scene import views
from XAICLIPSlicer.scene.colours import colourNode, signedTable
from XAICLIPSlicer.scene.display_settings import SETTINGS, limitOf, mapsOf
from XAICLIPSlicer.scene.rendering import isRendered, setRendering, showVolumeRendering
from XAICLIPSlicer.scene.runs import RunNodes, listRuns

LAYOUT_MARK = "XAICLIP.Layout"


def showSaliency(
    run: RunNodes,
    opacity: float = 0.6,
    threshold: float = 0.1,
    colormap: str = "jet",
    signed: bool = False,
    structure: str = "",
    legend: bool = True,
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
    }
    marked = run.saliencyNode or node
    marked.SetAttribute(SETTINGS, json.dumps(settings))
    display = node.GetDisplayNode()
    modified = display.StartModify()
    display.AutoWindowLevelOff()
    display.SetInterpolate(False)  # values between two patches were never measured
    if signed:
        limit = limitOf(node)
        display.SetWindowLevelMinMax(-limit, limit)
        # a display node hides what is outside a range; here the middle must go, so it is transparent in the table
        display.SetAndObserveColorNodeID(signedTable(run, threshold).GetID())
        display.ApplyThresholdOff()
    else:
        display.SetWindowLevelMinMax(0.0, 1.0)
        display.SetAndObserveColorNodeID(colourNode(colormap).GetID())
        display.AutoThresholdOff()
        display.SetThreshold(max(threshold, 1e-6), 1.0)  # nothing at all is never shown, whatever the threshold
        display.ApplyThresholdOn()
    display.EndModify(modified)
    rendered = any(isRendered(n) for n in mapsOf(run))
    for segmentation in (run.roiSegmentation, run.predictionSegmentation):
        if segmentation is not None:
            segmentation.GetDisplayNode().SetVisibility(True)
    views.showOverlay(run, node, opacity)
    for other in mapsOf(run):
        _showLegend(other, legend and other is node, signed)
    if rendered:
        showVolumeRendering(run, True)


def hideRun(run: RunNodes) -> None:
    """Hide everything of a run, in slice and 3D views; its nodes stay.

    Parameters
    ----------
    run : RunNodes
        Any run of the scene.
    """
    for node in mapsOf(run):
        setRendering(node, False)
        _showLegend(node, False)
    for segmentation in (run.roiSegmentation, run.predictionSegmentation):
        if segmentation is not None:
            segmentation.GetDisplayNode().SetVisibility(False)
    views.removeOverlay(mapsOf(run))


# What it is made of ---------------------------------------------------------------------------------------------------


def _showLegend(node, on: bool, signed: bool = False) -> None:
    """Show or remove the legend of a map. Views of a new layout don't draw one from before, so it is then made anew."""
    logic = slicer.vtkSlicerColorLogic
    legend, made = logic.GetColorLegendDisplayNode(node), str(views.layoutNode().GetViewArrangement())
    if legend is not None and not (on and legend.GetAttribute(LAYOUT_MARK) == made):
        slicer.mrmlScene.RemoveNode(legend)
        legend = None
    if not on:
        return
    if legend is None:
        legend = logic.AddDefaultColorLegendDisplayNode(node)
        legend.SetAttribute(LAYOUT_MARK, made)
        for text in (legend.GetTitleTextProperty(), legend.GetLabelTextProperty()):
            text.ShadowOn()  # it lies over the scan
        legend.SetTitleText(_("Score drop") if signed else _("Saliency"))
        legend.SetLabelFormat("%+.3f" if signed else "%.2f")
        legend.SetNumberOfLabels(5 if signed else 6)
        views.placeLegend(legend)
    legend.SetVisibility(True)
    legend.Modified()  # it is drawn where its volume is shown, and does not notice by itself that that changed
