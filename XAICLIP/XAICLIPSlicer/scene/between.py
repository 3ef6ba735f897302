"""Which structure needs which: a table, and bars in a plot view, as nodes of the run."""

import slicer
import vtk
from slicer.i18n import tr as _

from XAICLIPSlicer.scene.names import nameOf
from XAICLIPSlicer.scene.nodes import addNode
from XAICLIPSlicer.scene.runs import BETWEEN, CHART, SCORES, SERIES, RunNodes, removeNode

COLOURS = (
    (0.90, 0.62, 0.0),
    (0.34, 0.71, 0.91),
    (0.0, 0.62, 0.45),
    (0.84, 0.37, 0.0),
    (0.80, 0.47, 0.65),
)  # Okabe, Ito
KEY = f"{CHART} {BETWEEN} "  # of the chart, as the list of curves names it


def showBetween(run: RunNodes, answer: dict):
    """Write the matrix of losses into a table and a chart; those of before go.

    Parameters
    ----------
    run : RunNodes
        Owner of the nodes.
    answer : dict
        "players" (what was hidden), "structures" (what was lost) and "losses" (players x structures, 0 to 1).

    Returns
    -------
    vtkMRMLPlotChartNode
        Bars: a group for each structure that was hidden, a bar for each that lost by it.
    """
    for node in run.curveNodes:
        if node.GetAttribute("XAICLIP.Role").split(" ")[1] == BETWEEN:
            removeNode(node)
    columns = [nameOf(name) for name in answer["structures"]]
    hidden = _("hidden")

    def make(kind: str, suffix: str, role: str, prepare):
        return addNode(run, run.volumeNode, run.folderItem, kind, suffix, role, prepare=prepare)

    def fill(table) -> None:
        names = vtk.vtkStringArray()
        names.SetName(hidden)
        for player in answer["players"]:
            names.InsertNextValue(nameOf(player))
        table.AddColumn(names)
        for number, column in enumerate(columns):
            values = vtk.vtkDoubleArray()
            values.SetName(column)
            for row in answer["losses"]:
                values.InsertNextValue(round(row[number], 3))
            table.AddColumn(values)
        table.SetUseColumnTitleAsColumnHeader(True)

    title = _("Between organs")
    table = make("vtkMRMLTableNode", title, f"{SCORES} {BETWEEN}", fill)
    bars = []
    for number, column in enumerate(columns):

        def prepare(node, number=number, column=column) -> None:
            node.SetName(_("loss of the {structure}").format(structure=column))
            node.SetAndObserveTableNodeID(table.GetID())
            node.SetLabelColumnName(hidden)
            node.SetYColumnName(column)
            node.SetPlotType(node.PlotTypeBar)
            node.SetColor(*COLOURS[number % len(COLOURS)])

        bars.append(make("vtkMRMLPlotSeriesNode", column, f"{SERIES} {BETWEEN} {number}", prepare))

    def prepareChart(node) -> None:
        node.SetName(title)
        node.SetTitle(_("What each structure loses when another is hidden"))
        node.SetXAxisTitle(_("Hidden"))
        node.SetYAxisTitle(_("Share that is lost"))
        node.SetYAxisRangeAuto(False)
        node.SetYAxisRange(0.0, 1.0)
        node.SetLegendVisibility(True)
        for series in bars:
            node.AddAndObservePlotSeriesNodeID(series.GetID())

    return make("vtkMRMLPlotChartNode", title, f"{CHART} {BETWEEN}", prepareChart)


def tableOf(run: RunNodes):
    """The table of a run's matrix.

    Parameters
    ----------
    run : RunNodes
        Any run.

    Returns
    -------
    vtkMRMLTableNode or None
        None before it was asked for.
    """
    found = (n for n in run.curveNodes if n.GetAttribute("XAICLIP.Role") == f"{SCORES} {BETWEEN}")
    node = next(found, None)
    return node if node is not None and slicer.mrmlScene.IsNodePresent(node) else None
