"""Plot views: the charts of the scene, drawn offscreen by VTK as Slicer's plot widget draws them."""

import numpy as np
import vtk
from vtk.util.numpy_support import vtk_to_numpy

from .png import writePng


class PlotView:
    """A plot view; what it shows is read from the scene each time it is drawn.

    Parameters
    ----------
    app : MrmlApp
    node : vtkMRMLPlotViewNode
    """

    def __init__(self, app, node) -> None:
        self.node = node
        self._view = vtk.vtkContextView()
        self.window = self._view.GetRenderWindow()
        self.window.SetOffScreenRendering(1)
        self.window.SetMultiSamples(0)
        self.window.SetSize(*app.size)
        self._view.GetRenderer().SetBackground(1.0, 1.0, 1.0)

    def image(self) -> np.ndarray:
        """Render and return the picture, (rows, columns, 3) uint8, the first row at the top."""
        scene = self._view.GetScene()
        scene.ClearItems()
        chartNode = self.node.GetPlotChartNode()
        if chartNode is not None:
            scene.AddItem(self._chart(chartNode))
        self.window.Render()
        grab = vtk.vtkWindowToImageFilter()
        grab.SetInput(self.window)
        grab.ReadFrontBufferOff()
        grab.Update()
        columns, rows, _ = grab.GetOutput().GetDimensions()
        flat = vtk_to_numpy(grab.GetOutput().GetPointData().GetScalars())
        return flat.reshape(rows, columns, -1)[::-1, :, :3].copy()

    @staticmethod
    def _chart(chartNode):
        chart = vtk.vtkChartXY()
        chart.SetTitle(chartNode.GetTitle() or "")
        chart.SetShowLegend(chartNode.GetLegendVisibility())
        for axis, letter in ((vtk.vtkAxis.BOTTOM, "X"), (vtk.vtkAxis.LEFT, "Y")):
            shown = chart.GetAxis(axis)
            shown.SetTitle(getattr(chartNode, f"Get{letter}AxisTitle")() or "")
            if not getattr(chartNode, f"Get{letter}AxisRangeAuto")():
                shown.SetBehavior(vtk.vtkAxis.FIXED)
                shown.SetRange(*getattr(chartNode, f"Get{letter}AxisRange")())
        for index in range(chartNode.GetNumberOfPlotSeriesNodes()):
            series = chartNode.GetNthPlotSeriesNode(index)
            if series.GetPlotType() == series.PlotTypeBar:
                PlotView._addBars(chart, series)
                continue
            line = chart.AddPlot(vtk.vtkChart.LINE)
            line.SetInputData(series.GetTableNode().GetTable(), series.GetXColumnName(), series.GetYColumnName())
            line.SetLabel(series.GetName())
            line.SetColorF(*series.GetColor())
            line.SetWidth(series.GetLineWidth())
            line.GetPen().SetLineType(series.GetLineStyle())  # the numbers are those of vtkPen
        return chart

    @staticmethod
    def _addBars(chart, series) -> None:
        """Bars over the numbers of the rows, which are called as the column of labels says."""
        table = series.GetTableNode().GetTable()
        labels = table.GetColumnByName(series.GetLabelColumnName() or "")
        bars = chart.AddPlot(vtk.vtkChart.BAR)
        bars.SetUseIndexForXSeries(True)
        bars.SetInputData(table, series.GetYColumnName(), series.GetYColumnName())
        bars.SetLabel(series.GetName())
        bars.SetColorF(*series.GetColor())
        if labels is not None:
            places = vtk.vtkDoubleArray()
            for row in range(table.GetNumberOfRows()):
                places.InsertNextValue(row)
            chart.GetAxis(vtk.vtkAxis.BOTTOM).SetCustomTickPositions(places, labels)

    def png(self, path):
        """Render and write the picture."""
        return writePng(self.image(), path)

    def close(self) -> None:
        self._view.GetScene().ClearItems()
        self.window.Finalize()
