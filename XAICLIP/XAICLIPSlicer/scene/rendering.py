"""A run in 3D: its map as a cloud with the colours of the slices, and the model's masks as surfaces."""

import numpy as np
import slicer

from XAICLIPSlicer.scene.colours import COLOURS, colourNode, coloursOf, interpolated
from XAICLIPSlicer.scene.display_settings import displayedMap, displaySettings, limitOf, mapsOf
from XAICLIPSlicer.scene.runs import RunNodes


def showVolumeRendering(run: RunNodes, on: bool) -> None:
    """Show the map as a cloud in 3D, with the colours and the threshold of the slices: low values are not there.

    Parameters
    ----------
    run : RunNodes
        Whose displayed map is rendered.
    on : bool
        False takes it away.
    """
    for node in mapsOf(run):
        setRendering(node, False)
    node = displayedMap(run)
    if not on or node is None:
        return
    if _renderingOf(node) is None:
        slicer.modules.volumerendering.logic().CreateDefaultVolumeRenderingNodes(node)
    rendering = _renderingOf(node)
    rendering.SetFollowVolumeDisplayNode(False)  # Slicer's own ramp would make every voxel above the threshold opaque
    _applyTransferFunctions(node, run)
    rendering.SetVisibility(True)


def showSurface(run: RunNodes, on: bool, opacity: float = 0.35) -> None:
    """Show what the model segmented as translucent surfaces in 3D; the region stays in the slices.

    Parameters
    ----------
    run : RunNodes
        Whose prediction is shown.
    on : bool
        False removes the surfaces again, which take memory.
    opacity : float
        0 to 1.
    """
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


def isRendered(node) -> bool:
    """Whether a map is visible in 3D.

    Parameters
    ----------
    node : vtkMRMLScalarVolumeNode
        A map.

    Returns
    -------
    bool
        False where it was never rendered.
    """
    rendering = _renderingOf(node)
    return rendering is not None and bool(rendering.GetVisibility())


def setRendering(node, on: bool) -> None:
    """Show or hide the rendering of a map, where it has one.

    Parameters
    ----------
    node : vtkMRMLScalarVolumeNode
        A map.
    on : bool
        Whether it is visible.
    """
    rendering = _renderingOf(node)
    if rendering is not None:
        rendering.SetVisibility(on)


def _renderingOf(node):
    return slicer.modules.volumerendering.logic().GetFirstVolumeRenderingDisplayNode(node)


def _applyTransferFunctions(node, run: RunNodes) -> None:
    """Colours and opacities of the volume rendering from those of the slices."""
    settings = displaySettings(run)
    threshold = max(settings["threshold"], 0.02)
    limit = limitOf(node) if settings["signed"] else 1.0
    table = COLOURS["diverging"][1] if settings["signed"] else None
    colours = interpolated(table)[:, :3] if table else coloursOf(colourNode(settings["colormap"]))
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
