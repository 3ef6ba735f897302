"""The deletion and insertion curves of a run as plots: a chart with its table for each structure and fill.

They are nodes of the run: saved with the scene, found again in it, and removed with the run.
"""

from collections.abc import Iterator

import vtk
from slicer.i18n import tr as _

from XAICLIPSlicer.scene.names import nameOf
from XAICLIPSlicer.scene.nodes import addNode
from XAICLIPSlicer.scene.runs import (
    CHART,
    SCORES,
    SERIES,
    RunNodes,
    removeNode,
)

# key in the report -> red, green, blue and the name of the line's style, as in the page of the report
LINES = {
    "deletion": ((0.70, 0.15, 0.12), "Solid"),
    "insertion": ((0.11, 0.37, 0.61), "Solid"),
    "random_deletion": ((0.47, 0.47, 0.47), "Dash"),
    "roi_deletion": ((0.70, 0.15, 0.12), "Dot"),
    "roi_insertion": ((0.11, 0.37, 0.61), "Dot"),
    "shape_deletion": ((0.70, 0.15, 0.12), "DashDot"),
    "shape_insertion": ((0.11, 0.37, 0.61), "DashDot"),
}
AREA = "area"


def lineTitle(key: str) -> str:
    """What a line is called in the legend and in the table.

    Parameters
    ----------
    key : str
        A key of `LINES`, or `AREA`.

    Returns
    -------
    str
        In the user's language.
    """
    return {
        AREA: _("Share of the region"),
        "deletion": _("Deletion"),
        "insertion": _("Insertion"),
        "random_deletion": _("Random order"),
        "roi_deletion": _("Deletion, bare region"),
        "roi_insertion": _("Insertion, bare region"),
        "shape_deletion": _("Deletion, organ's shape"),
        "shape_insertion": _("Insertion, organ's shape"),
    }[key]


def addChartsInSteps(run: RunNodes, report: dict) -> Iterator:
    """Make the charts of a run from its report, node by node; those of before go.

    Of several slices, the one in which the region matters most is drawn.

    Parameters
    ----------
    run : RunNodes
        Owner of the charts.
    report : dict
        The run's report.json.

    Returns
    -------
    iterator
        A piece of work for each step.
    """
    volumeNode = run.volumeNode
    for node in run.curveNodes:
        removeNode(node)
    evidence = report.get("evidence", {}).get("structures", {})
    labels = {s["name"]: nameOf(s["label"]) for s in run.structures}
    for name, rows in evidence.items():
        drawn = [row for row in rows if row.get("curves")]
        if name in labels and drawn and volumeNode is not None:
            best = max(drawn, key=lambda row: abs(row["numbers"].get("region_drop") or 0.0))
            for fill, curves in best["curves"].items():
                title = _("{structure}, filled with {fill}").format(
                    structure=labels[name].capitalize(), fill=fill.replace("_", " ")
                )
                where = "" if best["slice"] == "all" else _(", slice {slice}").format(slice=best["slice"])
                score = report["request"]["score"].replace("_", " ").replace("dice", "Dice")
                score = score[:1].upper() + score[1:]
                yield from _addChartInSteps(run, volumeNode, name, fill, curves, title, where, score)


def _addChartInSteps(run: RunNodes, volumeNode, structure, fill, curves, title, where, score) -> Iterator:
    keys = [key for key in LINES if curves.get(key) is not None]
    folder = run.folderItem

    def make(kind: str, suffix: str, role: str, prepare):
        return addNode(run, volumeNode, folder, kind, suffix, role, structure, prepare)

    table = make("vtkMRMLTableNode", title, f"{SCORES} {fill}", lambda node: _fill(node, curves, (AREA, *keys)))
    yield
    series = []
    for key in keys:

        def prepare(node, key=key) -> None:
            colour, style = LINES[key]
            node.SetName(lineTitle(key))  # the legend shows it
            node.SetAndObserveTableNodeID(table.GetID())
            node.SetXColumnName(lineTitle(AREA))
            node.SetYColumnName(lineTitle(key))
            node.SetPlotType(node.PlotTypeScatter)  # the plot type "line" takes no notice of the values of x
            node.SetMarkerStyle(node.MarkerStyleNone)
            node.SetLineStyle(getattr(node, f"LineStyle{style}"))
            node.SetLineWidth(2.0)
            node.SetColor(*colour)

        series.append(make("vtkMRMLPlotSeriesNode", key, f"{SERIES} {fill} {key}", prepare))
        yield

    def prepareChart(node) -> None:
        node.SetName(title)
        node.SetTitle(title + where)
        node.SetXAxisTitle(_("Share of the region taken away or put back"))
        node.SetYAxisTitle(score)
        node.SetXAxisRangeAuto(False)
        node.SetXAxisRange(0.0, 1.0)
        node.SetYAxisRangeAuto(False)
        node.SetYAxisRange(0.0, 1.0)
        node.SetLegendVisibility(True)
        for line in series:
            node.AddAndObservePlotSeriesNodeID(line.GetID())

    make("vtkMRMLPlotChartNode", title, f"{CHART} {fill}", prepareChart)
    yield


def _fill(table, curves: dict, keys) -> None:
    """A column of numbers for each line."""
    for key in keys:
        column = vtk.vtkDoubleArray()
        column.SetName(lineTitle(key))
        for value in curves[key]:
            column.InsertNextValue(float("nan") if value is None else value)
        table.AddColumn(column)
    table.SetUseColumnTitleAsColumnHeader(True)
