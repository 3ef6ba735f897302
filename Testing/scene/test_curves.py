"""The deletion and insertion curves as plots in the scene, and the layouts that show them."""

import json

import numpy as np
import pytest
import slicer
import slicer.util
from XAICLIPSlicer.scene import curves
from XAICLIPSlicer.scene.display import showSaliency
from XAICLIPSlicer.scene.layout import closeLayout, hideCurves, restoreLayout, showCurves, showLayout
from XAICLIPSlicer.scene.nodes import createRun
from XAICLIPSlicer.scene.results import completeRun
from XAICLIPSlicer.scene.runs import existingRuns, removeRun
from XAICLIPSlicer.scene.views import BOTH_LAYOUT_ID, CURVES_LAYOUT_ID, CURVES_VIEW, LAYOUT_ID

from Testing.scene.scenery import STRUCTURES


@pytest.fixture(scope="session")
def told(explained):
    """What the report says of the curves: structure -> fill -> points."""
    report = json.loads((explained[0] / "report.json").read_text(encoding="utf-8"))
    found = {name: exhibits[0]["curves"] for name, exhibits in report["evidence"]["structures"].items()}
    assert set(found) == {"liver", "spleen"} and all(len(fills) == 2 for fills in found.values())
    return found


@pytest.fixture
def run(scan, explained):
    run = createRun(scan, "Liver, spleen", STRUCTURES)
    assert completeRun(run, str(explained[0]), explained[1])
    return run


def column(table, title):
    return slicer.util.arrayFromTableColumn(table, title)


def test_a_chart_for_each_structure_and_fill_has_the_points_of_the_report(run, told):
    charts = {chart.GetName(): chart for chart in run.charts}
    names = [f"{s.capitalize()}, filled with {f.replace('_', ' ')}" for s, fills in told.items() for f in fills]
    assert sorted(charts) == sorted(names)
    for (structure, fill), name in zip([(s, f) for s, fills in told.items() for f in fills], names):
        chart, points = charts[name], told[structure][fill]
        assert chart.GetTitle().startswith(name) and "slice" in chart.GetTitle()
        assert chart.GetYAxisTitle() == "Dice" and "region" in chart.GetXAxisTitle()
        drawn = [chart.GetNthPlotSeriesNode(i) for i in range(chart.GetNumberOfPlotSeriesNodes())]
        assert {series.GetName() for series in drawn} >= {"Deletion", "Insertion"}
        for key, title in (("deletion", "Deletion"), ("insertion", "Insertion"), ("random_deletion", "Random order")):
            series = [one for one in drawn if one.GetName() == title]
            assert bool(series) == (points.get(key) is not None)
            if series:
                table = series[0].GetTableNode()
                np.testing.assert_allclose(column(table, series[0].GetXColumnName()), points["area"])
                np.testing.assert_allclose(column(table, series[0].GetYColumnName()), points[key])
                assert series[0].GetPlotType() == series[0].PlotTypeScatter, "a line would ignore the values of x"


def test_of_several_slices_the_one_where_the_region_matters_most_is_drawn(scan):
    run = createRun(scan, "liver", STRUCTURES[:1])

    def exhibit(number, drop):
        points = {"area": [0, 0.5, 1], "deletion": [1, 0.5, 1 - drop], "insertion": [1 - drop, None, 1]}
        return {"slice": number, "numbers": {"region_drop": drop}, "curves": {"zero": points}}

    report = {"request": {"score": "soft_dice"}}
    report["evidence"] = {"structures": {"liver": [exhibit(3, 0.2), exhibit(7, 0.9), exhibit(8, 0.4)]}}
    for _again in range(2):  # those of before go
        for _piece in curves.addChartsInSteps(run, report):
            pass
    [chart] = run.charts
    assert chart.GetTitle().endswith("slice 7") and chart.GetYAxisTitle() == "Soft Dice"
    table = chart.GetNthPlotSeriesNode(0).GetTableNode()
    np.testing.assert_allclose(column(table, "Deletion"), [1, 0.5, 0.1])
    np.testing.assert_array_equal(np.isnan(column(table, "Insertion")), [False, True, False])
    assert len(run.curveNodes) == 4


def test_they_hang_in_the_folder_of_the_run(run):
    hierarchy = slicer.mrmlScene.GetSubjectHierarchyNode()
    for node in run.curveNodes:
        assert hierarchy.GetItemParent(hierarchy.GetItemByDataNode(node)) == run.folderItem


def test_a_run_without_evidence_has_no_curves(scan):
    run = createRun(scan, "liver", STRUCTURES[:1])
    assert list(curves.addChartsInSteps(run, {"evidence": {"structures": {}}})) == [] and run.charts == []


def test_they_are_saved_with_the_scene_and_removed_with_the_run(run, tmp_path):
    first = run.charts[0]
    name, points = first.GetName(), column(first.GetNthPlotSeriesNode(0).GetTableNode(), "Deletion").copy()
    assert slicer.mrmlScene.WriteToMRB(str(tmp_path / "saved.mrb"))
    del first
    slicer.mrmlScene.Clear(0)
    assert existingRuns() == []  # asks for the subject hierarchy, which Slicer's window makes anew by itself
    assert slicer.mrmlScene.ReadFromMRB(str(tmp_path / "saved.mrb"))
    [found] = existingRuns()
    [chart] = [one for one in found.charts if one.GetName() == name]
    series = chart.GetNthPlotSeriesNode(0)
    np.testing.assert_allclose(column(series.GetTableNode(), series.GetYColumnName()), points, atol=1e-5)
    removeRun(found)
    for kind in ("PlotChart", "PlotSeries", "Table"):
        assert not slicer.util.getNodesByClass(f"vtkMRML{kind}Node")


def coloured(app, rgb):
    """Share of the plot's pixels that have a color."""
    picture = app.plotView(CURVES_VIEW).image().astype(float) / 255
    return (np.abs(picture - rgb).max(2) < 0.08).mean()


def test_they_are_drawn_under_the_users_own_views(app, run):
    before = app.layout
    showSaliency(run)
    shown = [view.node.GetLayoutName() for view in app.shownViews()]
    showCurves(run, run.charts[0])
    assert app.layout == CURVES_LAYOUT_ID
    assert [view.node.GetLayoutName() for view in app.shownViews()] == [*shown, CURVES_VIEW]
    red, blue = (curves.LINES[key][0] for key in ("deletion", "insertion"))
    assert coloured(app, red) > 5e-4 and coloured(app, blue) > 5e-4
    hideCurves(run)
    assert app.layout == before and coloured(app, red) == 0


def test_they_go_with_the_comparison_and_each_can_be_left_alone(app, run):
    before = app.layout
    showLayout(run)
    showCurves(run, run.charts[1])
    assert app.layout == BOTH_LAYOUT_ID and len(app.shownViews()) == 5
    assert app.plotView(CURVES_VIEW).node.GetPlotChartNode() is run.charts[1]
    closeLayout(run)
    assert app.layout == CURVES_LAYOUT_ID
    showLayout(run)
    hideCurves(run)
    assert app.layout == LAYOUT_ID
    showCurves(run, run.charts[0])
    restoreLayout()
    assert app.layout == before


@pytest.mark.parametrize("layout", [6, 15])  # one view; a table of its own kind
def test_they_fit_under_other_layouts_of_the_users(app, run, layout):
    app.setLayout(layout)
    showCurves(run, run.charts[0])
    assert CURVES_VIEW in [view.node.GetLayoutName() for view in app.shownViews()]
    restoreLayout()
    assert app.layout == layout
