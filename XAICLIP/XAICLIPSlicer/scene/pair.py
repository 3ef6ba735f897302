"""Two runs of one scan side by side: both maps on one scale, their difference and both predictions, in linked views."""

import slicer
from slicer.i18n import tr as _

from XAICLIPSlicer.scene import views
from XAICLIPSlicer.scene.answers import addMap, scaleOf, setBox
from XAICLIPSlicer.scene.colours import colourNode, signedTable
from XAICLIPSlicer.scene.crosshair import jumpTo, toScene
from XAICLIPSlicer.scene.display import hideRun
from XAICLIPSlicer.scene.display_settings import displaySettings, limitOf
from XAICLIPSlicer.scene.legends import dropText, showLegend
from XAICLIPSlicer.scene.runs import DIFFERENCE, RunNodes, listRuns, removeNode
from XAICLIPSlicer.scene.views import PAIR_LAYOUT_ID, PAIR_VIEWS, isPair, layoutNode, pairViews, showIn
from XAICLIPSlicer.scene.volumes import SceneError, readArray

_VIEW_GROUP = 16  # of its own, as the 2x2 layout of one run has 15
_COLOURS = {"first": "#E69F00", "second": "#56B4E9", "difference": "#EDD54C", "both": "#6EB04B"}


class _Shown:
    """What is shown side by side, and the layout that was there before."""

    def __init__(self) -> None:
        self.arrangement: int | None = None
        self.runs: tuple[RunNodes, ...] = ()


_shown = _Shown()


def checkPair(first: RunNodes, second: RunNodes) -> None:
    """Refuse two runs that can't be shown side by side.

    Parameters
    ----------
    first, second : RunNodes
        Runs of the scene.

    Raises
    ------
    SceneError
        If they are one, of different scans, or share no structure.
    """
    if first.id == second.id:
        raise SceneError(_("These are one run. Choose another one to put beside it."))
    scans = [run.volumeNode for run in (first, second)]
    if scans[0] is None or scans[0] is not scans[1]:
        names = [_("a scan that is gone") if scan is None else scan.GetName() for scan in scans]
        raise SceneError(
            _("These are runs on different scans ({first}, {second}). Choose two runs on one scan.").format(
                first=names[0], second=names[1]
            )
        )
    if not {s["name"] for s in first.structures} & {s["name"] for s in second.structures}:
        raise SceneError(_("These two runs share no structure. Choose two runs on the same one."))


def showPair(first: RunNodes, second: RunNodes, answer: dict, names: tuple[str, str] | None = None) -> None:
    """Show two runs side by side: their maps above, the difference and the predictions below.

    Parameters
    ----------
    first, second : RunNodes
        Two runs on one scan.
    answer : dict
        Of the worker's `compare`: "structure", "unit", "map", "offset", "largest", "at".
    names : tuple of 2 str, optional
        What the views are called; the names of the runs by default.

    Raises
    ------
    SceneError
        If the runs can't be shown together, or the map of their difference can't be read.
    """
    checkPair(first, second)
    values = readArray(answer["map"])
    closePair()
    scan = first.volumeNode
    for run in listRuns():
        hideRun(run)
    difference = addMap(second, DIFFERENCE, _("difference"))
    setBox(difference, scan, values, answer["offset"])
    node = layoutNode()
    _shown.arrangement, _shown.runs = node.GetViewArrangement(), (first, second)
    views.changes.observeScene()
    text = _description(names or (first.name, second.name))
    put = node.SetLayoutDescription if node.IsLayoutDescription(PAIR_LAYOUT_ID) else node.AddLayoutDescription
    put(PAIR_LAYOUT_ID, text)
    node.SetViewArrangement(PAIR_LAYOUT_ID)
    maps, legends = _maps(first, second, answer)
    opacity = displaySettings(first)["opacity"]
    shown = {"first": maps[0], "second": maps[1], "difference": difference, "both": None}
    for part, view in pairViews().items():
        showIn(view, scan, shown[part], opacity, turn=True)
    for mapNode, part, title in zip(maps, ("first", "second"), legends):  # they are drawn where their map is already
        if mapNode is not None:
            _legend(mapNode, title, "%+.2f" if answer["unit"] == "drop" else "%.2f", part)
    _predictions(first, second)
    scale = scaleOf(values)
    difference.GetDisplayNode().SetWindowLevelMinMax(-scale, scale)
    _legend(difference, _("Second minus first"), "%+.2f", "difference")
    if answer.get("at") is not None:
        jumpTo(toScene(scan, answer["at"]))


def closePair() -> None:
    """Back to the layout that was there before; the difference goes. Nothing happens where no two runs are shown."""
    for run in _shown.runs:
        node = run.node(DIFFERENCE)
        if node is not None:
            views.removeOverlay([node])
            removeNode(node)
        if run.predictionSegmentation is not None:
            display = run.predictionSegmentation.GetDisplayNode()
            display.SetVisibility2DOutline(True)
            display.SetVisibility2DFill(False)
            display.SetViewNodeIDs([])
        hideRun(run)
    if isPair():
        users = _shown.arrangement
        layoutNode().SetViewArrangement(layoutNode().SlicerLayoutFourUpView if users is None else users)
    _shown.arrangement, _shown.runs = None, ()


def _maps(first: RunNodes, second: RunNodes, answer: dict) -> tuple[list, list[str]]:
    """Both maps on one scale, and what they are: the drops in their own unit, or shares of their largest values."""
    if answer["unit"] == "drop":
        nodes = [run.dropNodes.get(answer["structure"]) for run in (first, second)]
        if None not in nodes:
            limit = max(limitOf(node) for node in nodes)
            for run, node in zip((first, second), nodes):
                _display(node, signedTable(run, displaySettings(run)["threshold"]), -limit, limit)
                node.GetDisplayNode().ApplyThresholdOff()
            return nodes, [dropText(run) for run in (first, second)]
    nodes = [run.saliencyNode for run in (first, second)]
    for run, node in zip((first, second), nodes):
        if node is not None:
            settings = displaySettings(run)
            _display(node, colourNode(settings["colormap"]), 0.0, 1.0)
            node.GetDisplayNode().SetThreshold(max(settings["threshold"], 1e-6), 1.0)
            node.GetDisplayNode().ApplyThresholdOn()
    return nodes, [_("Share of its own\nlargest value")] * 2


def _display(node, table, low: float, high: float) -> None:
    display = node.GetDisplayNode()
    display.AutoWindowLevelOff()
    display.SetAndObserveColorNodeID(table.GetID())
    display.SetWindowLevelMinMax(low, high)


def _legend(node, title: str, labelFormat: str, part: str) -> None:
    """A legend in the view of its map alone."""
    showLegend(node, title, labelFormat, 5)
    view = pairViews().get(part)
    if view is not None:
        slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(node).SetViewNodeIDs([view.GetID()])


def _predictions(first: RunNodes, second: RunNodes) -> None:
    """The first as outlines, the second filled, so that both can be seen in one view."""
    shown = pairViews()
    for run, part in ((first, "first"), (second, "second")):
        if run.predictionSegmentation is None:
            continue
        display = run.predictionSegmentation.GetDisplayNode()
        display.SetViewNodeIDs([shown[p].GetID() for p in (part, "both") if p in shown])
        display.SetVisibility2DOutline(part == "first")
        display.SetVisibility2DFill(part == "second")
        display.SetOpacity2DFill(0.35)
        display.SetVisibility(True)


def _description(names: tuple[str, str]) -> str:
    """The layout as Slicer's layout manager reads it."""
    from xml.sax.saxutils import escape

    titles = {
        "first": _("1: {name}").format(name=names[0]),
        "second": _("2: {name}").format(name=names[1]),
        "difference": _("2 minus 1"),
        "both": _("Predictions: 1 outlined, 2 filled"),
    }

    def view(part: str) -> str:
        properties = {"orientation": "Axial", "viewlabel": titles[part], "viewcolor": _COLOURS[part]}
        properties["viewgroup"] = str(_VIEW_GROUP)
        lines = "".join(
            f'<property name="{name}" action="default">{escape(value)}</property>' for name, value in properties.items()
        )
        return f'<item><view class="vtkMRMLSliceNode" singletontag="{PAIR_VIEWS[part]}">{lines}</view></item>'

    rows = (("first", "second"), ("difference", "both"))
    inner = "".join(
        f'<item><layout type="horizontal" split="true">{"".join(view(part) for part in row)}</layout></item>'
        for row in rows
    )
    return f'<layout type="vertical" split="true">{inner}</layout>'
