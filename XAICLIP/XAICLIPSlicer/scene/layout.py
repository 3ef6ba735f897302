"""The 2x2 layout (scan, region, saliency and prediction side by side), curves under it or under the user's own views,
and the way back to what the user had."""

import numpy as np
import slicer
import slicer.util
from slicer.i18n import tr as _

from XAICLIPSlicer.scene.display import hideRun, showSaliency
from XAICLIPSlicer.scene.display_settings import displayedMap, displaySettings
from XAICLIPSlicer.scene.pair import closePair
from XAICLIPSlicer.scene.preview import hidePreview
from XAICLIPSlicer.scene.runs import listRuns
from XAICLIPSlicer.scene.slices import (
    axialAxis,
    currentSlice,
    voxelToWorld,
    worldToVoxel,
)
from XAICLIPSlicer.scene.views import (
    ARRANGEMENTS,
    CURVES_VIEW,
    VIEWS,
    arrangement,
    changes,
    comparisonViews,
    isComparison,
    layoutNode,
    markViews,
    restrict,
    showOverlay,
    unmarkViews,
)

_VIEW_GROUP = 15  # scrolling is linked within a group, so that the user's other views stay where they are


def showLayout(run) -> None:
    """Show scan, region, saliency and prediction side by side, linked; remembers the layout that was there.

    Parameters
    ----------
    run : RunNodes
        What is shown in it.
    """
    opened = not isComparison()
    position = _position(run)
    _arrange(comparison=True)
    showOverlay(run, displayedMap(run), displaySettings(run)["opacity"], fit=opened)
    if position is not None:
        for view in comparisonViews().values():
            view.JumpSliceByOffsetting(*position)
    showSaliency(run, **displaySettings(run))


def closeLayout(run) -> None:
    """Go back from the 2x2 comparison to the user's own views, and show the run there.

    Parameters
    ----------
    run : RunNodes
        What is shown in the user's views.
    """
    _arrange(comparison=False)
    showSaliency(run, **displaySettings(run))


def showCurves(run, chart) -> None:
    """Show a chart of the run under the present views; remembers the layout that was there.

    Parameters
    ----------
    run : RunNodes
        Owner of the chart.
    chart : vtkMRMLPlotChartNode
        One of `run.charts`.
    """
    opened = not arrangement()[1]
    _arrange(curves=True)
    view = slicer.mrmlScene.GetSingletonNode(CURVES_VIEW, "vtkMRMLPlotViewNode")
    if view is not None:  # a window that does not show the layout has not made its views
        view.SetDoPropagatePlotChartSelection(False)  # other modules' charts belong into other views
        view.SetPlotChartNodeID(chart.GetID())
    if opened:
        showSaliency(run, **displaySettings(run))  # the legend, which is made for a layout


def hideCurves(run=None) -> None:
    """Take the curves out of the views again, and show the run in what is left of the layout.

    Parameters
    ----------
    run : RunNodes, optional
        The run to show in what is left of the layout.
    """
    view = slicer.mrmlScene.GetSingletonNode(CURVES_VIEW, "vtkMRMLPlotViewNode")
    if view is not None:
        view.SetPlotChartNodeID(None)
    _arrange(curves=False)
    if run is not None:
        showSaliency(run, **displaySettings(run))


def restoreLayout() -> None:
    """Bring back the user's layout and what their views showed; the runs and the region preview are hidden."""
    changes.unobserveScene()
    closePair()
    for run in listRuns():
        hideRun(run)
        restrict(run, {})
    hidePreview()
    changes.undo()
    hideCurves()
    _arrange(comparison=False)
    changes.arrangement = None


def _arrange(comparison: bool | None = None, curves: bool | None = None) -> None:
    """Show the 2x2 comparison or the user's own views, with the curves under them or without; None: as it is."""
    node, shown = layoutNode(), arrangement()
    wanted = tuple(before if asked is None else asked for asked, before in zip((comparison, curves), shown))
    if wanted == shown:
        return
    if not any(shown):
        changes.arrangement = node.GetViewArrangement()
        changes.observeScene()
    users = changes.arrangement
    if users is None:  # a scene that was saved in the midst of it
        users = node.SlicerLayoutFourUpView
    if shown[0] and not wanted[0]:
        unmarkViews()
    if not any(wanted):
        changes.arrangement = None
        node.SetViewArrangement(users)
        return
    number = next(number for number, parts in ARRANGEMENTS.items() if parts == wanted)
    text = _description() if wanted[0] else node.GetLayoutDescription(users)
    if wanted[1]:
        text = _overCurves(text)
    put = node.SetLayoutDescription if node.IsLayoutDescription(number) else node.AddLayoutDescription
    put(number, text)
    node.SetViewArrangement(number)
    if wanted[0] and not shown[0]:
        markViews()


def _overCurves(description: str) -> str:
    """A layout with a plot under it; one that is more than a layout, such as of several windows, gives way to 2x2."""
    if not description.lstrip().startswith("<layout"):
        description = _description()
    label = f'<property name="viewlabel" action="default">{_("Curves")}</property>'
    plot = f'<view class="vtkMRMLPlotViewNode" singletontag="{CURVES_VIEW}">{label}</view>'
    return (
        f'<layout type="vertical" split="true"><item splitSize="650">{description}</item>'
        f'<item splitSize="350">{plot}</item></layout>'
    )


def _description() -> str:
    """The layout as Slicer's layout manager reads it."""
    titles = {"image": _("Image"), "region": _("Region"), "saliency": _("Saliency"), "prediction": _("Prediction")}
    colours = {"image": "#B0B0B0", "region": "#00D9F2", "saliency": "#EDD54C", "prediction": "#6EB04B"}

    def view(part: str) -> str:
        properties = {
            "orientation": "Axial",
            "viewlabel": titles[part],
            "viewcolor": colours[part],
            "viewgroup": str(_VIEW_GROUP),
        }
        lines = "".join(
            f'<property name="{name}" action="default">{value}</property>' for name, value in properties.items()
        )
        return f'<item><view class="vtkMRMLSliceNode" singletontag="{VIEWS[part]}">{lines}</view></item>'

    rows = (("image", "region"), ("saliency", "prediction"))
    inner = "".join(
        f'<item><layout type="horizontal" split="true">{"".join(view(part) for part in row)}</layout></item>'
        for row in rows
    )
    return f'<layout type="vertical" split="true">{inner}</layout>'


def _position(run):
    """Where to look (RAS): where the user looks, if the run has something there, else where it has most."""
    scan, saliency = run.volumeNode, run.saliencyNode
    if scan is None or saliency is None:
        return None
    axis = axialAxis(scan)
    voxels = slicer.util.arrayFromVolume(saliency)
    along = 2 - axis.index  # arrays are indexed k, j, i
    per = voxels.sum(axis=tuple(a for a in range(3) if a != along))
    if isComparison() and comparisonViews():
        plane = next(iter(comparisonViews().values())).GetSliceToRAS()
        current = axis.slice(worldToVoxel(scan, [plane.GetElement(row, 3) for row in range(3)]))
    else:
        current = currentSlice(scan)
    index = axis.voxel(current)
    if per.any() and per[index] <= 0:
        index = int(np.argmax(per))
    ijk = (np.array(voxels.shape[::-1]) - 1) / 2
    ijk[axis.index] = index
    return voxelToWorld(scan, ijk)


changes.onSceneClose = restoreLayout
