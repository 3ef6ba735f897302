"""Answers over the scan, places of the patient, and two runs side by side, in a real MRML scene, judged by pixels."""

import numpy as np
import pytest
import slicer
import slicer.util
import vtk
from XAICLIPSlicer.scene import between, crosshair, layout, pair, views
from XAICLIPSlicer.scene.answers import hideAnswer, scaleOf, showAnswer
from XAICLIPSlicer.scene.display import showSaliency
from XAICLIPSlicer.scene.nodes import createRun
from XAICLIPSlicer.scene.results import completeRun
from XAICLIPSlicer.scene.runs import ANSWER, DIFFERENCE, RUN, existingRuns, removeRun
from XAICLIPSlicer.scene.volumes import SceneError

from Testing.scene.scenery import STRUCTURES, addVolume, world

K = 6  # a slice with liver and spleen
PLACE = (slice(40, 60), slice(30, 50))  # rows and columns


@pytest.fixture
def run(scan, explained, app):
    for name in ("Red", "Green", "Yellow"):
        app.sliceView(name).fit()
    run = createRun(scan, "liver, spleen · occlusion", STRUCTURES)
    completeRun(run, str(explained[0]), {})
    showSaliency(run)
    return run


@pytest.fixture
def answer(phantom, tmp_path):
    """A map of one slice: +0.4 in a place, -0.3 beside it."""
    from XAICLIPLib.worker.asked import write_answer

    scan = phantom[0]
    values = np.zeros(scan.shape, np.float32)
    values[(K, *PLACE)] = 0.4
    values[K, 40:60, 60:70] = -0.3
    path, offset = write_answer(scan.like(values), tmp_path / "answer.nrrd")
    assert offset == [K, 40, 30]
    return {"map": path, "offset": offset}


def colourAt(app, scan, ijk, name="Red"):
    view = app.sliceView(name)
    place = world(scan, ijk)
    view.jump(tuple(place))
    row, column = view.pixel(tuple(place))
    return view.image()[row - 1 : row + 2, column - 1 : column + 2].reshape(-1, 3).mean(axis=0)


def test_anAnswerLiesWhereItBelongsAndTheMapComesBack(app, scan, run, answer):
    node = showAnswer(run, answer, "Lost", opacity=1.0)
    assert node.GetImageData().GetDimensions() == (40, 20, 1) and run.node(ANSWER) is node
    red, blue, grey = (colourAt(app, scan, ijk) for ijk in ((40, 50, K), (65, 50, K), (64, 110, K)))
    assert red[0] > red[2] + 60 and blue[2] > blue[0] + 60 and np.ptp(grey) < 12
    above = colourAt(app, scan, (40, 50, K + 1))
    assert np.ptp(above) < 12, "the answer is about one slice"
    assert node.GetDisplayNode().GetWindowLevelMax() == 0.5
    legend = slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(node)
    assert legend.GetVisibility() and legend.GetTitleText() == "Lost"
    again = showAnswer(run, answer, "Lost")
    assert again is node, "the next answer takes the place of the last"
    hideAnswer(run)
    assert run.node(ANSWER) is None and not slicer.mrmlScene.IsNodePresent(node)
    assert views.isShown(run.saliencyNode)
    hideAnswer(run)


def test_inTheComparisonAnAnswerIsShownInTheSaliencyView(app, scan, run, answer):
    layout.showLayout(run)
    node = showAnswer(run, answer, "Lost")
    shown = {part: views._composite(view).GetForegroundVolumeID() for part, view in views.comparisonViews().items()}
    assert shown["saliency"] == node.GetID() and not any(v for part, v in shown.items() if part != "saliency")
    layout.restoreLayout()
    assert not views.isShown(node)


def test_anAnswerFollowsAMovedAndTiltedScan(phantom, explained, tmp_path, answer):
    from scipy.spatial.transform import Rotation

    matrix = np.eye(4)
    matrix[:3, :3] = Rotation.from_euler("xyz", [10, 20, 5], degrees=True).as_matrix() @ np.diag([3.0, 3.0, 10.0])
    matrix[:3, 3] = (5, -80, 30)
    scan = addVolume(phantom[0], matrix)
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    moved = vtk.vtkTransform()
    moved.Translate(11, -7, 3)
    transform.SetMatrixTransformToParent(moved.GetMatrix())
    scan.SetAndObserveTransformNodeID(transform.GetID())
    run = createRun(scan, "moved", STRUCTURES)
    node = showAnswer(run, answer, "Lost")
    np.testing.assert_allclose(world(node, (0, 0, 0)), world(scan, (30, 40, K)), atol=1e-6)


def test_aBoxOutsideTheScanIsRefused(run, answer):
    with pytest.raises(SceneError, match="does not lie inside the scan"):
        showAnswer(run, answer | {"offset": [K, 100, 100]}, "Lost")
    with pytest.raises(SceneError, match="could not be read"):
        showAnswer(run, answer | {"map": answer["map"] + ".gone"}, "Lost")
    slicer.mrmlScene.RemoveNode(run.volumeNode)
    removed = next(iter(existingRuns()))
    with pytest.raises((SceneError, AttributeError)):
        showAnswer(removed, answer, "Lost")


@pytest.mark.parametrize(("largest", "scale"), [(0.0, 0.05), (0.06, 0.1), (0.5, 0.5), (-0.3, 0.5), (1.4, 1.4)])
def test_theColoursHaveOneOfAFewScales(largest, scale):
    assert scaleOf(np.array([0.0, largest])) == pytest.approx(scale)


def test_answersAreNotSavedAndGoWithTheRun(app, run, answer, tmp_path):
    node = showAnswer(run, answer, "Lost")
    assert not node.GetSaveWithScene() and node.GetAttribute(RUN) == run.id
    removeRun(run)
    assert not slicer.mrmlScene.IsNodePresent(node) and not existingRuns()


# Places ---------------------------------------------------------------------------------------------------------------


def test_placesOfTheEngineAreThoseOfTheScene(scan, phantom):
    index = (20, 50, K)
    place = world(scan, index)
    at = crosshair.toEngine(scan, place)
    expected = phantom[0].to_sitk().TransformIndexToPhysicalPoint(index)
    np.testing.assert_allclose(at, expected, atol=1e-3)
    np.testing.assert_allclose(crosshair.toScene(scan, at), place, atol=1e-3)
    assert crosshair.isInside(scan, place) and not crosshair.isInside(scan, world(scan, (20, 50, 99)))


def test_allViewsJumpToAPlace(app, scan):
    place = world(scan, (20, 50, 3))
    crosshair.jumpTo(place)
    offsets = [app.sliceView(name).node.GetSliceToRAS().GetElement(row, 3) for name, row in
               (("Red", 2), ("Green", 1), ("Yellow", 0))]  # fmt: skip
    np.testing.assert_allclose(offsets, place[[2, 1, 0]], atol=1e-3)
    node = crosshair.crosshairNode()
    np.testing.assert_allclose(node.GetCrosshairRAS(), place, atol=1e-6)
    assert node.GetCrosshairMode() != node.NoCrosshair


def test_theMouseIsFollowedWhileItIsOverAView():
    places = []
    follower = crosshair.MouseFollower(places.append)
    node = crosshair.crosshairNode()
    node.SetCursorPositionRAS([1.0, 2.0, 3.0])
    assert places == []
    follower.start()
    follower.start()
    node.SetCursorPositionRAS([4.0, 5.0, 6.0])
    node.SetCursorPositionInvalid()
    assert places == [(4.0, 5.0, 6.0)] and follower.isFollowing
    follower.stop()
    node.SetCursorPositionRAS([7.0, 8.0, 9.0])
    follower.stop()
    assert len(places) == 1 and not follower.isFollowing


# Between organs -------------------------------------------------------------------------------------------------------


def test_theMatrixIsATableAndBars(run):
    matrix = {
        "players": ["liver", "left_kidney"],
        "structures": ["liver", "spleen"],
        "losses": [[0.9, 0.1], [0.0, 0.4]],
    }
    chart = between.showBetween(run, matrix)
    table = between.tableOf(run)
    assert [table.GetColumnName(n) for n in range(3)] == ["hidden", "liver", "spleen"]
    assert table.GetCellText(1, 0) == "left kidney" and float(table.GetCellText(0, 2)) == pytest.approx(0.1)
    bars = [n for n in run.curveNodes if n.IsA("vtkMRMLPlotSeriesNode") and n.GetPlotType() == n.PlotTypeBar]
    assert chart in run.charts and len(bars) == 2 and {n.GetYColumnName() for n in bars} == {"liver", "spleen"}
    again = between.showBetween(run, matrix)
    assert not slicer.mrmlScene.IsNodePresent(chart) and len([c for c in run.charts if c is again]) == 1
    layout.showCurves(run, again)
    layout.hideCurves(run)
    removeRun(run)
    assert not slicer.util.getNodesByClass("vtkMRMLPlotSeriesNode")


# Two runs -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def other(scan, explained):
    run = createRun(scan, "liver, spleen · occlusion", STRUCTURES)
    completeRun(run, str(explained[0]), {})
    return run


@pytest.fixture
def difference(answer):
    return answer | {"structure": "liver", "unit": "drop", "largest": 0.4, "at": None}


def test_twoRunsAreShownSideBySideOnOneScale(app, scan, run, other, difference):
    before = views.layoutNode().GetViewArrangement()
    drop = slicer.util.arrayFromVolume(other.dropNodes["liver"])
    drop *= 0.5
    slicer.util.arrayFromVolumeModified(other.dropNodes["liver"])
    pair.showPair(run, other, difference, ("liver · zero", "liver · blur & mean"))
    assert views.isPair() and set(views.pairViews()) == {"first", "second", "difference", "both"}
    shown = {part: views._composite(view).GetForegroundVolumeID() for part, view in views.pairViews().items()}
    assert shown["first"] == run.dropNodes["liver"].GetID() and shown["second"] == other.dropNodes["liver"].GetID()
    assert shown["difference"] == other.node(DIFFERENCE).GetID() and shown["both"] is None
    ends = [r.dropNodes["liver"].GetDisplayNode().GetWindowLevelMax() for r in (run, other)]
    assert ends[0] == ends[1], "one scale, or the eye compares the scales"
    first, second = (r.predictionSegmentation.GetDisplayNode() for r in (run, other))
    both = views.pairViews()["both"].GetID()
    assert both in first.GetViewNodeIDs() and both in second.GetViewNodeIDs()
    assert first.GetVisibility2DOutline() and not first.GetVisibility2DFill() and second.GetVisibility2DFill()
    assert all(views._composite(v).GetLinkedControl() for v in views.pairViews().values())
    app.sliceView("XAICLIPDifference").fit()
    red = colourAt(app, scan, (40, 50, K), "XAICLIPDifference")
    assert red[0] > red[2] + 30
    pair.closePair()
    assert views.layoutNode().GetViewArrangement() == before and other.node(DIFFERENCE) is None
    assert first.GetVisibility2DOutline() and not second.GetVisibility2DFill()
    pair.closePair()


def test_otherMethodsAreComparedAsShares(run, other, difference):
    pair.showPair(run, other, difference | {"unit": "share", "at": [0.0, 0.0, 30.0]})
    shown = {part: views._composite(view).GetForegroundVolumeID() for part, view in views.pairViews().items()}
    assert shown["first"] == run.saliencyNode.GetID() and shown["second"] == other.saliencyNode.GetID()
    layout.restoreLayout()
    assert not views.isPair()


def test_runsThatCanNotBeShownTogetherAreRefused(phantom, scan, run, other, difference, explained):
    with pytest.raises(SceneError, match="one run"):
        pair.showPair(run, run, difference)
    elsewhere = createRun(addVolume(phantom[0]), "other scan", STRUCTURES)
    with pytest.raises(SceneError, match="different scans .*Choose two runs on one scan"):
        pair.showPair(run, elsewhere, difference)
    unlike = createRun(scan, "kidney", [STRUCTURES[0] | {"name": "kidney_left"}])
    with pytest.raises(SceneError, match="share no structure"):
        pair.showPair(run, unlike, difference)
    assert not views.isPair()


def test_closingTheSceneWithTwoRunsShownLeavesNothing(app, run, other, difference):
    pair.showPair(run, other, difference)
    slicer.mrmlScene.Clear(0)
    assert pair._shown.runs == () and not views.isPair()
