"""How a run looks: saliency over the scan with its colours and legend, low values hidden, and the same in 3D."""

import json

import numpy as np
import slicer
import slicer.util
from slicer.i18n import tr as _

from XAICLIPSlicer.scene import views
from XAICLIPSlicer.scene.runs import (
    LIMIT,
    ROLE,
    RUN,
    RunNodes,
    listRuns,
)

COLOURS_MARK, SETTINGS, LAYOUT_MARK = "XAICLIP.Colours", "XAICLIP.Display", "XAICLIP.Layout"
# Name to the ID of Slicer's own table, and the colours to build one from where there is none: evenly spaced, 0 to 255.
COLOURS: dict[str, tuple[str, tuple[tuple[int, int, int], ...]]] = {
    "jet": (
        "vtkMRMLColorTableNodeFileColdToHotRainbow.txt",
        (
            (0, 0, 143), (0, 0, 255), (0, 127, 255), (0, 255, 255), (127, 255, 127), (255, 255, 0),
            (255, 127, 0), (255, 0, 0), (128, 0, 0),
        ),
    ),
    "inferno": (
        "vtkMRMLColorTableNodeFileInferno.txt",
        (
            (0, 0, 4), (22, 11, 57), (66, 10, 104), (106, 23, 110), (147, 38, 103), (188, 55, 84),
            (221, 81, 58), (243, 120, 25), (252, 165, 10), (246, 215, 70), (252, 255, 164),
        ),
    ),
    "viridis": (
        "vtkMRMLColorTableNodeFileViridis.txt",
        (
            (68, 1, 84), (72, 36, 117), (65, 68, 135), (53, 95, 141), (42, 120, 142), (33, 145, 140),
            (34, 168, 132), (68, 191, 112), (122, 209, 81), (189, 223, 38), (253, 231, 37),
        ),
    ),
    "diverging": (
        "vtkMRMLColorTableNodeFileDivergingBlueRed.txt",
        (
            (5, 48, 97), (33, 102, 172), (67, 147, 195), (146, 197, 222), (247, 247, 247), (244, 165, 130),
            (214, 96, 77), (178, 24, 43), (103, 0, 31),
        ),
    ),
}  # fmt: skip
_STEPS = 256
_DEFAULTS = {"opacity": 0.6, "threshold": 0.1, "colormap": "jet", "signed": False, "structure": "", "legend": True}


def colourNode(name: str):
    """The colour table of a name: Slicer's own where it has one, else one built once per scene.

    Raises
    ------
    KeyError
        If there is no such name in `COLOURS`.
    """
    slicersOwn, anchors = COLOURS[name]
    node = slicer.mrmlScene.GetNodeByID(slicersOwn)
    if node is None:
        tables = slicer.util.getNodesByClass("vtkMRMLColorTableNode")
        node = next((t for t in tables if t.GetAttribute(COLOURS_MARK) == name), None)
    if node is None:
        node = _makeTable(f"XAICLIP {name}", _interpolated(anchors))
        node.SetAttribute(COLOURS_MARK, name)
    return node


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
        limit = _limit(node)
        display.SetWindowLevelMinMax(-limit, limit)
        # a display node hides what is outside a range; here the middle must go, so it is transparent in the table
        display.SetAndObserveColorNodeID(_signedTable(run, threshold).GetID())
        display.ApplyThresholdOff()
    else:
        display.SetWindowLevelMinMax(0.0, 1.0)
        display.SetAndObserveColorNodeID(colourNode(colormap).GetID())
        display.AutoThresholdOff()
        display.SetThreshold(max(threshold, 1e-6), 1.0)  # nothing at all is never shown, whatever the threshold
        display.ApplyThresholdOn()
    display.EndModify(modified)
    rendered = any(_isRendered(n) for n in _maps(run))
    for segmentation in (run.roiSegmentation, run.predictionSegmentation):
        if segmentation is not None:
            segmentation.GetDisplayNode().SetVisibility(True)
    views.showOverlay(run, node, opacity)
    for other in _maps(run):
        _showLegend(other, legend and other is node, signed)
    if rendered:
        showVolumeRendering(run, True)


def shownSettings(run: RunNodes) -> dict:
    """How a run was last shown: opacity, threshold, colormap, signed, structure. Saved with the scene."""
    node = run.saliencyNode
    text = node.GetAttribute(SETTINGS) if node else None
    return {**_DEFAULTS, **(json.loads(text) if text else {})}


def shownNode(run: RunNodes):
    """The volume that is shown of a run: its saliency, or the drop of a structure."""
    settings = shownSettings(run)
    return run.dropNodes.get(settings["structure"]) if settings["signed"] else run.saliencyNode


def hideRun(run: RunNodes) -> None:
    """Hide everything of a run, in slice and 3D views; its nodes stay."""
    for node in _maps(run):
        _setRendering(node, False)
        _showLegend(node, False)
    for segmentation in (run.roiSegmentation, run.predictionSegmentation):
        if segmentation is not None:
            segmentation.GetDisplayNode().SetVisibility(False)
    views.removeOverlay(_maps(run))


def showVolumeRendering(run: RunNodes, on: bool) -> None:
    """Show the map as a cloud in 3D, with the colours and the threshold of the slices: low values are not there."""
    for node in _maps(run):
        _setRendering(node, False)
    node = shownNode(run)
    if not on or node is None:
        return
    if _renderingOf(node) is None:
        slicer.modules.volumerendering.logic().CreateDefaultVolumeRenderingNodes(node)
    rendering = _renderingOf(node)
    rendering.SetFollowVolumeDisplayNode(False)  # Slicer's own ramp would make every voxel above the threshold opaque
    _applyTransferFunctions(node, run)
    rendering.SetVisibility(True)


def showSurface(run: RunNodes, on: bool, opacity: float = 0.35) -> None:
    """Show what the model segmented as translucent surfaces in 3D; the region stays in the slices."""
    if run.roiSegmentation is not None:
        run.roiSegmentation.GetDisplayNode().SetVisibility3D(False)
    if run.predictionSegmentation is None:
        return
    if on:
        run.predictionSegmentation.CreateClosedSurfaceRepresentation()
    elif run.predictionSegmentation.GetSegmentation().ContainsRepresentation("Closed surface"):
        run.predictionSegmentation.RemoveClosedSurfaceRepresentation()
    display = run.predictionSegmentation.GetDisplayNode()
    display.SetOpacity3D(opacity)
    display.SetVisibility3D(on)


# What it is made of ---------------------------------------------------------------------------------------------------


def _maps(run: RunNodes) -> list:
    return [n for n in (run.saliencyNode, *run.dropNodes.values()) if n is not None]


def _limit(node) -> float:
    """The largest drop without its sign: both ends of the colours; 1 for an empty map."""
    noted = node.GetAttribute(LIMIT)
    return (float(noted) if noted else max(abs(v) for v in node.GetImageData().GetScalarRange())) or 1.0


def _interpolated(anchors) -> np.ndarray:
    """Colours (_STEPS, 4) in [0, 1] between evenly spaced anchors, opaque."""
    places = np.linspace(0, len(anchors) - 1, _STEPS)
    channels = [np.interp(places, np.arange(len(anchors)), channel) / 255 for channel in zip(*anchors)]
    return np.stack([*channels, np.ones(_STEPS)], axis=1)


def _makeTable(name: str, colours: np.ndarray):
    node = slicer.vtkMRMLColorTableNode()
    node.SetTypeToUser()
    node.SetName(name)
    node.SetHideFromEditors(False)  # a hidden table would not be saved with the scene
    _fill(node, colours)
    slicer.mrmlScene.AddNode(node)
    return node


def _fill(node, colours: np.ndarray) -> None:
    modified = node.StartModify()
    node.SetNumberOfColors(len(colours))
    for index, colour in enumerate(colours.tolist()):
        node.SetColor(index, str(index), *colour)
    node.EndModify(modified)


def _signedTable(run: RunNodes, threshold: float):
    """The run's own diverging table: transparent where the drop is below the threshold, either way."""
    colours = _interpolated(COLOURS["diverging"][1])
    share = np.abs(np.linspace(-1, 1, _STEPS))
    colours[share < max(threshold, 1.5 / _STEPS), 3] = 0.0
    tables = slicer.util.getNodesByClass("vtkMRMLColorTableNode")
    node = next((t for t in tables if t.GetAttribute(RUN) == run.id), None)
    if node is None:
        node = _makeTable(f"XAICLIP {_('signed')} {run.name}", colours)
        node.SetAttribute(RUN, run.id)
        node.SetAttribute(ROLE, "own colours")  # goes with the run
    else:
        _fill(node, colours)
    return node


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


def _renderingOf(node):
    return slicer.modules.volumerendering.logic().GetFirstVolumeRenderingDisplayNode(node)


def _isRendered(node) -> bool:
    rendering = _renderingOf(node)
    return rendering is not None and bool(rendering.GetVisibility())


def _setRendering(node, on: bool) -> None:
    rendering = _renderingOf(node)
    if rendering is not None:
        rendering.SetVisibility(on)


def _applyTransferFunctions(node, run: RunNodes) -> None:
    """Colours and opacities of the volume rendering from those of the slices."""
    settings = shownSettings(run)
    threshold = max(settings["threshold"], 0.02)
    limit = _limit(node) if settings["signed"] else 1.0
    table = COLOURS["diverging"][1] if settings["signed"] else None
    colours = _interpolated(table)[:, :3] if table else _coloursOf(colourNode(settings["colormap"]))
    properties = _renderingOf(node).GetVolumePropertyNode().GetVolumeProperty()
    low = -limit if settings["signed"] else 0.0
    transfer = properties.GetRGBTransferFunction(0)
    transfer.RemoveAllPoints()
    for value, colour in zip(np.linspace(low, limit, len(colours)), colours.tolist()):
        transfer.AddRGBPoint(float(value), *colour)
    opacity = properties.GetScalarOpacity(0)
    opacity.RemoveAllPoints()
    edge, nearly = threshold * limit, threshold * limit * 0.98
    for sign in (-1, 1) if settings["signed"] else (1,):
        for value, alpha in ((0.0, 0.0), (nearly, 0.0), (edge, 0.04), (limit, 0.5)):
            opacity.AddPoint(sign * value, alpha)
    properties.ShadeOff()  # a map has no surface that light could fall on
    properties.SetInterpolationTypeToLinear()
    properties.SetScalarOpacityUnitDistance(4.0)  # mm; deep structures stay visible through what lies before them


def _coloursOf(node) -> np.ndarray:
    colours = np.zeros((node.GetNumberOfColors(), 4))
    for index in range(len(colours)):
        node.GetColor(index, colours[index])
    return colours[:, :3]
