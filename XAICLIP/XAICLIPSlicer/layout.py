"""The 2x2 layout: scan, region, saliency and prediction side by side, and the way back to what the user had."""

import numpy as np
import slicer
import slicer.util
from slicer.i18n import tr as _

from XAICLIPSlicer.display import hideRun, shownNode, shownSettings, showSaliency
from XAICLIPSlicer.preview import hidePreview
from XAICLIPSlicer.runs import listRuns
from XAICLIPSlicer.slices import axialAxis, shownSlice, voxelToWorld, worldToVoxel
from XAICLIPSlicer.views import LAYOUT_ID, VIEWS, changes, isShown, layoutNode, ownViews, restrict, showOverlay

_VIEW_GROUP = 15  # scrolling is linked within a group, so that the user's other views stay where they are


def showLayout(run) -> None:
    """Show scan, region, saliency and prediction side by side, linked; remembers the layout that was there."""
    node = layoutNode()
    if not node.IsLayoutDescription(LAYOUT_ID):
        node.AddLayoutDescription(LAYOUT_ID, _description())
    opened = node.GetViewArrangement() != LAYOUT_ID
    position = _position(run)
    if opened:
        changes.arrangement = node.GetViewArrangement()
        changes.watch()
        node.SetViewArrangement(LAYOUT_ID)
    showOverlay(run, shownNode(run), shownSettings(run)["opacity"], fit=opened)
    if position is not None:
        for view in ownViews().values():
            view.JumpSliceByOffsetting(*position)
    showSaliency(run, **shownSettings(run))


def restoreLayout() -> None:
    """Bring back the user's layout and what their views showed; the runs and the region preview are hidden."""
    changes.unwatch()
    for run in listRuns():
        hideRun(run)
        restrict(run, {})
    hidePreview()
    changes.undo()
    _leaveArrangement()


def closeLayout(run) -> None:
    """Go back from the 2x2 layout to the user's own, and show the run there."""
    _leaveArrangement()
    showSaliency(run, **shownSettings(run))


def _leaveArrangement() -> None:
    if changes.arrangement is not None and isShown():
        layoutNode().SetViewArrangement(changes.arrangement)
    changes.arrangement = None


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
    if isShown() and ownViews():
        plane = next(iter(ownViews().values())).GetSliceToRAS()
        seen = axis.slice(worldToVoxel(scan, [plane.GetElement(row, 3) for row in range(3)]))
    else:
        seen = shownSlice(scan)
    index = axis.voxel(seen)
    if per.any() and per[index] <= 0:
        index = int(np.argmax(per))
    ijk = (np.array(voxels.shape[::-1]) - 1) / 2
    ijk[axis.index] = index
    return voxelToWorld(scan, ijk)


changes.onSceneClose = restoreLayout
