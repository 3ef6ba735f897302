"""What the views show: the overlay of a run or a preview, in the user's own views or in those of the 2x2 layout.

Of the user's views only what they show is changed (background, foreground, its opacity). Each change is remembered with
the value it replaced, and undone by `layout.restoreLayout` unless the user changed it again meanwhile.
"""

from collections.abc import Callable

import slicer
import slicer.util

# Slicer's own layouts are below 100, other extensions like to take round numbers
LAYOUT_ID, CURVES_LAYOUT_ID, BOTH_LAYOUT_ID = 15201, 15202, 15203
# a layout of the module's own -> whether it has the 2x2 comparison, else the user's views, and the curves under them
ARRANGEMENTS = {LAYOUT_ID: (True, False), CURVES_LAYOUT_ID: (False, True), BOTH_LAYOUT_ID: (True, True)}
PAIR_LAYOUT_ID = 15204  # of two runs side by side, see `pair`
CURVES_VIEW = "XAICLIPCurves"
OUTLINE_MARK = "XAICLIP.Outline"  # of the display of a region that is an outline round the map
VIEWS = {
    "image": "XAICLIPImage",
    "region": "XAICLIPRegion",
    "saliency": "XAICLIPSaliency",
    "prediction": "XAICLIPPrediction",
}
PAIR_VIEWS = {
    "first": "XAICLIPFirst",
    "second": "XAICLIPSecond",
    "difference": "XAICLIPDifference",
    "both": "XAICLIPBoth",
}


class Changes:
    """What was changed in the user's views: per node and field the value before and the one set."""

    def __init__(self) -> None:
        self.fields: dict = {}
        self.arrangement: int | None = None
        self.marks: dict = {}  # of the views of the 2x2 layout: per node and field the value before
        self.onSceneClose: Callable[[], None] = self.undo
        self._observed: tuple | None = None

    def set(self, node, name: str, value) -> None:
        """Set a field of a node and remember what it was.

        Parameters
        ----------
        node : vtkMRMLNode
            A node of one of the user's views.
        name : str
            The field, as in its Get and Set methods.
        value : object
            What is set.
        """
        before = getattr(node, f"Get{name}")()
        if before == value:
            return
        self.observeScene()
        first, _ours = self.fields.get((node, name), (before, None))
        self.fields[node, name] = (first, value)
        getattr(node, f"Set{name}")(value)

    def undo(self) -> None:
        """Put every field back that still has the value set here."""
        for (node, name), (before, ours) in self.fields.items():
            if not slicer.mrmlScene.IsNodePresent(node) or not self._isOurs(getattr(node, f"Get{name}")(), ours):
                continue
            if name.endswith("ID") and before and slicer.mrmlScene.GetNodeByID(before) is None:
                before = None
            getattr(node, f"Set{name}")(before)
        self.fields.clear()

    @staticmethod
    def _isOurs(value, ours) -> bool:
        # a volume that was removed from the scene leaves no ID behind
        return value is None or (abs(value - ours) < 1e-9 if isinstance(ours, float) else value == ours)

    def observeScene(self) -> None:
        """Put everything back before the scene closes: nodes of the next scene may get the IDs of this one's."""
        scene = slicer.mrmlScene
        if self._observed is not None and self._observed[0] is not scene:  # the application has another scene now
            self.unobserveScene()
        if self._observed is None:
            self._observed = scene, scene.AddObserver(scene.StartCloseEvent, lambda *_: self.onSceneClose())

    def unobserveScene(self) -> None:
        """The scene's closing does not matter any more."""
        if self._observed is not None:
            scene, tag = self._observed
            scene.RemoveObserver(tag)
            self._observed = None


changes = Changes()


def arrangement() -> tuple[bool, bool]:
    """Whether the 2x2 comparison is shown, and whether the curves are."""
    node = layoutNode()
    return ARRANGEMENTS.get(node.GetViewArrangement() if node is not None else None, (False, False))


def isComparison() -> bool:
    """Whether the 2x2 comparison is shown."""
    return arrangement()[0]


def showOverlay(run, mapNode, opacity: float, fit: bool = False) -> None:
    """Put the scan and a map into the views: of the 2x2 layout when that is shown, else into all of the user's.

    Parameters
    ----------
    run : RunNodes
        With its scan.
    mapNode : vtkMRMLScalarVolumeNode or None
        One of its maps; nothing happens without one.
    opacity : float
        Of the map over the scan, 0 to 1.
    fit : bool
        Whether the views of the 2x2 layout turn to the scan and zoom to it.
    """
    scan = run.volumeNode
    if scan is None or mapNode is None:
        return
    if not isComparison():
        restrict(run, {})
        showInUserViews(scan, mapNode, opacity)
        return
    views = comparisonViews()
    for part, view in views.items():
        showIn(view, scan, mapNode if part == "saliency" else None, opacity, fit)
    restrict(run, views)


def showIn(view, scan, mapNode, opacity: float, turn: bool = False) -> None:
    """Put a scan and a map into one of the module's own views, linked with the others of its group.

    Parameters
    ----------
    view : vtkMRMLSliceNode
        Nothing happens where the window does not show it yet.
    scan : vtkMRMLScalarVolumeNode
        The background.
    mapNode : vtkMRMLScalarVolumeNode or None
        What lies over it.
    opacity : float
        Of the map, 0 to 1.
    turn : bool
        Whether the view turns to the scan and zooms to it, also where it shows that scan already.
    """
    composite = _composite(view)
    if composite is None:  # a window that does not show the layout has not made its views
        return
    # after the region preview of another scan, or a new run of another scan, the views must turn to this one
    turn = turn or composite.GetBackgroundVolumeID() != scan.GetID()
    composite.SetBackgroundVolumeID(scan.GetID())
    composite.SetForegroundVolumeID(None if mapNode is None else mapNode.GetID())
    composite.SetForegroundOpacity(0.0 if mapNode is None else opacity)
    composite.SetLabelVolumeID(None)
    if turn:
        # the engine's slices are planes of the scan's voxels, also in an oblique scan
        view.SetOrientation("Axial")
        view.RotateToVolumePlane(scan)
        logic = _sliceLogic(view)
        if logic is not None:
            logic.FitSliceToBackground()
            logic.SnapSliceOffsetToIJK()
    composite.SetLinkedControl(True)
    composite.SetHotLinkedControl(True)


def isShown(mapNode) -> bool:
    """Whether any slice view shows a map over the scan.

    Parameters
    ----------
    mapNode : vtkMRMLScalarVolumeNode
        Any map.

    Returns
    -------
    bool
    """
    composites = slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")
    return any(composite.GetForegroundVolumeID() == mapNode.GetID() for composite in composites)


def fitViews() -> None:
    """Zoom the views of the layout to the scan, where they are; they have their size only after they were shown."""
    for view in [*comparisonViews().values(), *pairViews().values()]:
        logic = _sliceLogic(view)
        if logic is not None:
            offset = logic.GetSliceOffset()
            logic.FitSliceToBackground()
            logic.SetSliceOffset(offset)


def showInUserViews(background, foreground, opacity: float) -> None:
    """Show a volume over another in the user's slice views, to be undone by `restoreLayout`.

    Parameters
    ----------
    background : vtkMRMLScalarVolumeNode
        The scan.
    foreground : vtkMRMLScalarVolumeNode
        What lies over it.
    opacity : float
        Of the foreground, 0 to 1.
    """
    for composite in _userComposites():
        changes.set(composite, "BackgroundVolumeID", background.GetID())
        changes.set(composite, "ForegroundVolumeID", foreground.GetID())
        changes.set(composite, "ForegroundOpacity", float(opacity))


def removeOverlay(mapNodes: list) -> None:
    """Take maps out of the views again.

    Parameters
    ----------
    mapNodes : list of vtkMRMLScalarVolumeNode
        What must not be shown any more.
    """
    ids = {n.GetID() for n in mapNodes}
    mine = [_composite(v) for v in [*comparisonViews().values(), *pairViews().values()]]
    for composite in (c for c in mine if c is not None and c.GetForegroundVolumeID() in ids):
        composite.SetForegroundVolumeID(None)
    for composite in (c for c in _userComposites() if c.GetForegroundVolumeID() in ids):
        for name, nothing in (("ForegroundVolumeID", None), ("ForegroundOpacity", 0.0)):
            before, _ours = changes.fields.pop((composite, name), (nothing, None))
            gone = name.endswith("ID") and before and slicer.mrmlScene.GetNodeByID(before) is None
            getattr(composite, f"Set{name}")(None if gone else before)


def placeLegend(legend, size: tuple[float, float], position: tuple[float, float]) -> None:
    """Put a colour legend where it hides little: in a corner, where an axial slice has air; in 2x2 in one view.

    Parameters
    ----------
    legend : vtkMRMLColorLegendDisplayNode
    size, position : tuple of 2 floats
        Shares of a view.
    """
    legend.SetSize(*size)
    legend.SetPosition(*position)
    shown = [comparisonViews()["saliency"].GetID()] if isComparison() and "saliency" in comparisonViews() else []
    legend.SetViewNodeIDs(shown + _threeDViews() if shown else [])


def layoutNode():
    """The scene's layout node."""
    return slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLLayoutNode")


def comparisonViews() -> dict:
    """The slice nodes of the 2x2 layout that exist."""
    return _viewsOf(VIEWS)


def isPair() -> bool:
    """Whether two runs are shown side by side."""
    node = layoutNode()
    return node is not None and node.GetViewArrangement() == PAIR_LAYOUT_ID


def pairViews() -> dict:
    """The slice nodes of the layout of two runs that exist."""
    return _viewsOf(PAIR_VIEWS)


def _viewsOf(tags: dict) -> dict:
    nodes = {part: slicer.mrmlScene.GetSingletonNode(tag, "vtkMRMLSliceNode") for part, tag in tags.items()}
    return {part: node for part, node in nodes.items() if node is not None}


def _threeDViews() -> list[str]:
    return [n.GetID() for n in slicer.util.getNodesByClass("vtkMRMLViewNode")]


def _composite(view):
    return slicer.vtkMRMLSliceLogic.GetSliceCompositeNode(view)


def _userComposites() -> list:
    own = {*VIEWS.values(), *PAIR_VIEWS.values()}
    composites = slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode")
    return [c for c in composites if c.GetLayoutName() not in own]


def _sliceLogic(view):
    return slicer.modules.volumes.logic().GetMRMLApplicationLogic().GetSliceLogic(view)


def restrict(run, views: dict) -> None:
    """Region and prediction each in their own view of the 2x2 layout, filled; as outlines in all views otherwise.

    Parameters
    ----------
    run : RunNodes
        Whose segmentations are meant.
    views : dict of str to vtkMRMLSliceNode
        "region" and "prediction" of the 2x2 layout; empty for all views.
    """
    for part, segmentation in (("region", run.roiSegmentation), ("prediction", run.predictionSegmentation)):
        if segmentation is None:
            continue
        display = segmentation.GetDisplayNode()
        display.SetViewNodeIDs([views[part].GetID(), *_threeDViews()] if part in views else [])
        display.SetVisibility2DFill(part in views)
        display.SetOpacity2DFill(0.35)
    _outlineEvaluated(run.roiSegmentation, views.get("saliency"))


def _outlineEvaluated(segmentation, view) -> None:
    """The outline of the region, outside which nothing was tried, round the map of the 2x2 layout too."""
    if segmentation is None:
        return
    others = [segmentation.GetNthDisplayNode(n) for n in range(1, segmentation.GetNumberOfDisplayNodes())]
    outline = next((d for d in others if d is not None and d.GetAttribute(OUTLINE_MARK)), None)
    if view is None:
        if outline is not None:
            outline.SetVisibility(False)
        return
    if outline is None:
        outline = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationDisplayNode")
        outline.SetAttribute(OUTLINE_MARK, "1")
        segmentation.AddAndObserveDisplayNodeID(outline.GetID())
        outline.SetVisibility2DFill(False)
        outline.SetVisibility3D(False)
    outline.SetViewNodeIDs([view.GetID()])
    outline.SetVisibility(segmentation.GetDisplayNode().GetVisibility())


def markViews() -> None:
    """Which side is which, and how large things are, in the views of the 2x2 layout; see `unmarkViews`."""
    kind = slicer.vtkMRMLSliceNode
    wanted = {
        "OrientationMarkerType": kind.OrientationMarkerTypeAxes,
        "OrientationMarkerSize": kind.OrientationMarkerSizeSmall,
        "RulerType": kind.RulerTypeThin,
    }
    for view in comparisonViews().values():
        for name, value in wanted.items():
            changes.marks.setdefault((view, name), getattr(view, f"Get{name}")())
            getattr(view, f"Set{name}")(value)


def unmarkViews() -> None:
    """Orientation markers and rulers of the 2x2 layout's views as they were before it was opened."""
    for (view, name), before in changes.marks.items():
        if slicer.mrmlScene.IsNodePresent(view):
            getattr(view, f"Set{name}")(before)
    changes.marks.clear()
