"""What is seen: slice and 3D views drawn offscreen, judged by their pixels at places of the patient."""

import xml.etree.ElementTree as tree

import numpy as np
import pytest
import slicer
import slicer.util
import vtk
from scipy import ndimage
from XAICLIPSlicer.scene import layout
from XAICLIPSlicer.scene import views as comparisonViews
from XAICLIPSlicer.scene.colours import COLOURS, colourNode
from XAICLIPSlicer.scene.display import hideRun, rescale, showSaliency
from XAICLIPSlicer.scene.layout import closeLayout, restoreLayout, showLayout
from XAICLIPSlicer.scene.nodes import createRun
from XAICLIPSlicer.scene.rendering import showSurface, showVolumeRendering
from XAICLIPSlicer.scene.results import completeRun
from XAICLIPSlicer.scene.slices import worldToVoxel
from XAICLIPSlicer.scene.views import LAYOUT_ID
from XAICLIPSlicer.scene.volumes import ijkToRAS, setSegment

from Testing.host.mrml import FOUR_UP
from Testing.scene.scenery import STRUCTURES, addVolume, world

K = 6  # a slice with liver and spleen
USERS = ("Red", "Green", "Yellow")


@pytest.fixture
def views(app, scan):
    """The user's slice views, zoomed to the scan."""
    for name in USERS:
        app.sliceView(name).fit()
    return app


@pytest.fixture
def run(scan, explained):
    run = createRun(scan, "Liver, spleen", STRUCTURES)
    completeRun(run, str(explained[0]), {})
    return run


@pytest.fixture
def synthetic(scan, phantom):
    """A run whose map is known: the liver 0.9, the spleen 0.2, on three slices; the drop of the spleen is negative."""
    run = createRun(scan, "synthetic", STRUCTURES)
    liver, spleen = (phantom[1].voxels == label for label in (5, 1))
    fill(run, phantom, np.where(liver, 0.9, np.where(spleen, 0.2, 0.0)))
    for name, values in (("liver", np.where(liver, 0.3, np.where(spleen, -0.25, 0.0))), ("spleen", 0.05 * spleen)):
        slicer.util.arrayFromVolume(run.dropNodes[name])[:] = values
        slicer.util.arrayFromVolumeModified(run.dropNodes[name])
    return run


def fill(run, phantom, values):
    voxels = slicer.util.arrayFromVolume(run.saliencyNode)
    voxels[:] = 0
    voxels[K - 1 : K + 2] = values[K - 1 : K + 2]
    slicer.util.arrayFromVolumeModified(run.saliencyNode)


def middle(phantom, label, k=K):
    """A voxel (i, j, k) well inside an organ."""
    depth = ndimage.distance_transform_edt(phantom[1].voxels[k] == label)
    j, i = np.unravel_index(np.argmax(depth), depth.shape)
    return int(i), int(j), k


def saturation(picture):
    return np.ptp(picture.astype(int), axis=-1)


def at(view, picture, ras):
    """The mean colour of a few pixels around a place."""
    row, column = view.pixel(ras)
    return picture[row - 1 : row + 2, column - 1 : column + 2].reshape(-1, 3).mean(axis=0)


# Slices -----------------------------------------------------------------------------------------------------------


def test_the_overlay_lies_on_the_organ_and_low_values_are_hidden(views, scan, synthetic, phantom):
    view = views.sliceView("Red")
    liver, spleen, kidney = (world(scan, middle(phantom, label)) for label in (5, 1, 3))
    before = view.jump(liver).image()
    showSaliency(synthetic, opacity=0.7, threshold=0.5, colormap="jet", legend=False)
    picture = view.image()
    red, _green, blue = at(view, picture, liver)
    assert red > blue + 60, "0.9 is red in the jet-like map"
    for place in (spleen, kidney):
        np.testing.assert_array_equal(at(view, picture, place), at(view, before, place))
    showSaliency(synthetic, opacity=0.7, threshold=0.1, colormap="jet", legend=False)
    red, _green, blue = at(view, view.image(), spleen)
    assert blue > red + 60, "0.2 is blue once it is above the threshold"


def test_nothing_is_drawn_where_nothing_was_found_even_without_a_threshold(views, scan, synthetic, phantom):
    view, kidney = views.sliceView("Red"), world(scan, middle(phantom, 3))
    before = view.jump(kidney).image()
    showSaliency(synthetic, threshold=0.0, legend=False)
    np.testing.assert_array_equal(at(view, view.image(), kidney), at(view, before, kidney))


def test_the_coloured_pixels_are_the_organs_pixels(views, scan, synthetic, phantom):
    """Pixel by pixel: what is coloured is liver, what is liver is coloured."""
    view = views.sliceView("Red").jump(world(scan, middle(phantom, 5)))
    showSaliency(synthetic, opacity=1.0, threshold=0.5, legend=False)
    for segmentation in (synthetic.roiSegmentation, synthetic.predictionSegmentation):
        segmentation.GetDisplayNode().SetVisibility(False)
    coloured = saturation(view.image()) > 60
    expected = np.zeros_like(coloured)
    for j, i in np.argwhere(phantom[1].voxels[K] == 5):
        row, column = view.pixel(world(scan, (i, j, K)))
        expected[row, column] = True
    wide = ndimage.binary_dilation(expected, iterations=3)
    assert not (coloured & ~wide).any()
    assert coloured[expected].mean() > 0.97


def test_left_is_left(views, scan, synthetic, phantom):
    """The liver is on the patient's right: at the left edge of an axial and of a coronal view."""
    liver = world(scan, middle(phantom, 5))
    assert liver[0] > 0, "RAS: right is positive"
    showSaliency(synthetic, opacity=1.0, threshold=0.5, legend=False)
    for name in ("Red", "Green"):
        view = views.sliceView(name).jump(liver)
        coloured = saturation(view.image()) > 60
        assert coloured.any()
        columns = np.flatnonzero(coloured.any(axis=0))
        assert columns.mean() < coloured.shape[1] / 2
        assert view.pixel(liver)[1] < coloured.shape[1] / 2


@pytest.mark.parametrize("angles", [(0, 0, 0), (12, -9, 20)])
def test_the_overlay_moves_with_the_scan_under_a_transform(views, scan, synthetic, phantom, angles):
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    moving = vtk.vtkTransform()
    moving.Translate(31, -17, 22)
    for angle, turn in zip(angles, (moving.RotateX, moving.RotateY, moving.RotateZ)):
        turn(angle)
    transform.SetMatrixTransformToParent(moving.GetMatrix())
    scan.SetAndObserveTransformNodeID(transform.GetID())
    run = createRun(scan, "moved", STRUCTURES)
    fill(run, phantom, 0.9 * (phantom[1].voxels == 5))
    showSaliency(run, opacity=1.0, legend=False)
    liver, spleen = (world(scan, middle(phantom, label)) for label in (5, 1))
    view = views.sliceView("Red").fit().jump(liver)
    assert np.ptp(at(view, view.image(), liver)) > 60
    view.jump(spleen)
    assert np.ptp(at(view, view.image(), spleen)) < 20
    showLayout(run)  # turned to the planes of the voxels: one slice of the scan shows whole
    shown = views.sliceView("XAICLIPSaliency")
    picture = shown.image()
    assert np.ptp(at(shown, picture, liver)) > 60 and np.ptp(at(shown, picture, spleen)) < 20
    to = slicer.util.arrayFromVTKMatrix(shown.node.GetSliceToRAS())[:3, 2]
    normal = world(scan, (0, 0, 1)) - world(scan, (0, 0, 0))
    np.testing.assert_allclose(abs(to @ normal) / np.linalg.norm(normal), 1, atol=1e-6)


def test_a_signed_map_shows_both_signs_and_hides_the_middle(views, scan, synthetic, phantom):
    liver, spleen, kidney = (world(scan, middle(phantom, label)) for label in (5, 1, 3))
    view = views.sliceView("Red").jump(liver)
    before = view.image()
    showSaliency(synthetic, opacity=1.0, threshold=0.1, signed=True, legend=False)
    picture = view.image()
    red, _g, blue = at(view, picture, liver)
    assert red > blue, "where taking it away hurts"
    red, _g, blue = at(view, picture, spleen)
    assert blue > red + 30, "where taking it away helps"
    np.testing.assert_array_equal(at(view, picture, kidney), at(view, before, kidney))
    showSaliency(synthetic, opacity=1.0, threshold=0.9, signed=True, legend=False)
    np.testing.assert_array_equal(at(view, view.image(), spleen), at(view, before, spleen))
    assert np.ptp(at(view, view.image(), liver)) > 40


def test_opacity_blends(views, scan, synthetic, phantom):
    liver = world(scan, middle(phantom, 5))
    view = views.sliceView("Red").jump(liver)
    colours = []
    for opacity in (0.0, 0.5, 1.0):
        showSaliency(synthetic, opacity=opacity, legend=False)
        colours.append(at(view, view.image(), liver))
    np.testing.assert_allclose(colours[1], (colours[0] + colours[2]) / 2, atol=3)
    assert np.ptp(colours[0]) < 5


@pytest.mark.parametrize("name", COLOURS)
def test_colour_maps(name):
    node = colourNode(name)
    assert node is colourNode(name), "one table per scene"
    assert node.GetNumberOfColors() == 256 and not node.GetHideFromEditors()
    colours = np.zeros((256, 4))
    for index in range(256):
        node.GetColor(index, colours[index])
    assert (colours[:, 3] == 1).all() and np.abs(np.diff(colours[:, :3], axis=0)).max() < 0.05
    if name in ("jet", "diverging"):
        assert colours[0, 2] > colours[0, 0] and colours[-1, 0] > colours[-1, 2], "low is blue, high is red"
    else:
        assert (np.diff(colours[:, :3].sum(axis=1)) > -0.01).all(), "brighter is more"


def test_slicers_own_colours_are_taken_where_it_has_them():
    own = slicer.vtkMRMLColorTableNode()
    own.SetTypeToUser()
    own.SetName("Inferno")
    slicer.mrmlScene.AddNode(own)
    name = own.GetID()
    COLOURS["test"] = (name, ((0, 0, 0), (1, 1, 1)))
    try:
        assert colourNode("test") is own
    finally:
        del COLOURS["test"]


def test_the_legend_is_in_the_views_that_show_the_map(views, scan, synthetic):
    def legends():
        found = []
        for view in views.shownViews():
            if view.node.IsA("vtkMRMLSliceNode"):
                showSaliency(synthetic, legend=False)
                without = view.image()
                showSaliency(synthetic, legend=True)
                found.append(bool((view.image() != without).any(axis=-1).mean() > 0.003))
        return found

    assert legends() == [True, True, True]
    showLayout(synthetic)
    assert legends() == [False, False, True, False]
    showSaliency(synthetic, signed=True)
    legend = slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(synthetic.dropNodes["liver"])
    assert legend.GetVisibility() and legend.GetTitleText() == "Score drop"
    assert slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(synthetic.saliencyNode) is None


def legendOf(node):
    return slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(node)


def test_the_legend_says_what_its_colours_stand_for(views, scan, run):
    showSaliency(run)  # of two structures
    kinds = {shown["shows"] for shown in run.saliencyShows.values()}
    assert kinds and legendOf(run.saliencyNode).GetTitleText().splitlines()[-1] == "1: the largest of each"
    run.saliencyShows = {"liver": {"shows": "total", "largest": 0.617}}
    showSaliency(run)
    assert legendOf(run.saliencyNode).GetTitleText() == "Drop of Dice\n1 stands for 0.62"
    run.saliencyShows = {"liver": {"shows": "remote", "largest": 0.05}}
    showSaliency(run)
    assert legendOf(run.saliencyNode).GetTitleText() == "Share of the rest of\nthe liver lost\n1 stands for 0.05"
    showSaliency(run, signed=True)
    assert legendOf(run.dropNodes["liver"]).GetTitleText() == "Drop of Dice"


def test_the_legend_stands_beside_the_organ(views, scan, synthetic, phantom):
    """The liver is at the left of an axial picture, the spleen at the right; the legend is at the other side."""
    for label, name in ((5, "liver"), (1, "spleen")):
        mask = (phantom[1].voxels == label).astype(np.uint8)
        mask[: K - 1], mask[K + 2 :] = 0, 0
        setSegment(synthetic.roiSegmentation, "region", mask > 0, (0, 0, 0), ijkToRAS(scan))
        view = views.sliceView("Red").jump(world(scan, middle(phantom, label)))
        showSaliency(synthetic, legend=False)
        without = view.image()
        showSaliency(synthetic, legend=True)
        drawn = np.argwhere((view.image() != without).any(axis=-1))
        organ = np.array([view.pixel(world(scan, (i, j, K))) for j, i in np.argwhere(phantom[1].voxels[K] == label)])
        assert len(drawn) > 100
        assert drawn[:, 1].min() > organ[:, 1].max() or drawn[:, 1].max() < organ[:, 1].min(), name


def test_one_scale_for_all_slices_unless_each_is_to_have_its_own(views, scan, synthetic, phantom):
    voxels = slicer.util.arrayFromVolume(synthetic.saliencyNode)
    voxels[K + 1] *= 0.1
    slicer.util.arrayFromVolumeModified(synthetic.saliencyNode)
    view, display = views.sliceView("Red"), synthetic.saliencyNode.GetDisplayNode()
    weak, strong = (world(scan, (*middle(phantom, 5, k)[:2], k)) for k in (K + 1, K))
    view.jump(weak)
    before = view.image()
    showSaliency(synthetic, threshold=0.1, opacity=1.0, legend=False)
    assert display.GetWindowLevelMax() == 1.0
    np.testing.assert_array_equal(at(view, view.image(), weak), at(view, before, weak))  # below a tenth of the largest
    showSaliency(synthetic, threshold=0.1, opacity=1.0, legend=False, ownScales=True)
    assert display.GetWindowLevelMax() == pytest.approx(0.09)
    own = at(view, view.image(), weak)
    assert np.ptp(own) > 60
    view.jump(strong)
    rescale(synthetic)
    assert display.GetWindowLevelMax() == pytest.approx(0.9)
    np.testing.assert_allclose(at(view, view.image(), strong), own, atol=3)  # the largest of either slice


def test_the_layout_has_sides_and_a_ruler_and_gives_them_back(views, scan, run):
    showLayout(run)
    own = list(comparisonViews.comparisonViews().values())
    assert len(own) == 4
    kind = slicer.vtkMRMLSliceNode
    for view in own:
        assert view.GetOrientationMarkerType() == kind.OrientationMarkerTypeAxes
        assert view.GetRulerType() == kind.RulerTypeThin
    users = [v for v in slicer.util.getNodesByClass("vtkMRMLSliceNode") if v not in own]
    assert all(v.GetRulerType() == kind.RulerTypeNone for v in users)
    own[0].SetRulerType(kind.RulerTypeThick)  # the user's choice while it is open
    showLayout(run)
    assert own[0].GetRulerType() == kind.RulerTypeThick
    restoreLayout()
    assert all(v.GetRulerType() == kind.RulerTypeNone for v in own)
    assert all(v.GetOrientationMarkerType() == kind.OrientationMarkerTypeNone for v in own)


def test_what_was_evaluated_is_outlined_round_the_map_of_the_layout(views, scan, run, phantom):
    showLayout(run)
    view = views.sliceView("XAICLIPSaliency").jump(world(scan, middle(phantom, 5)))
    with_outline = view.image().astype(int)
    run.roiSegmentation.GetNthDisplayNode(1).SetVisibility(False)
    changed = np.abs(with_outline - view.image()).sum(-1) > 60
    assert 0.001 < changed.mean() < 0.1, "a line"
    closeLayout(run)
    assert not run.roiSegmentation.GetNthDisplayNode(1).GetVisibility()
    assert run.roiSegmentation.GetDisplayNode().GetVisibility()


def test_only_one_run_is_shown_at_a_time(views, scan, run, synthetic, phantom):
    showSaliency(run)
    showSaliency(synthetic)
    for name in USERS:
        assert views.sliceView(name).composite.GetForegroundVolumeID() == synthetic.saliencyNode.GetID()
    assert not run.predictionSegmentation.GetDisplayNode().GetVisibility()
    assert synthetic.predictionSegmentation.GetDisplayNode().GetVisibility()


# The 2x2 layout -----------------------------------------------------------------------------------------------------


def test_the_four_views_show_image_region_saliency_and_prediction(views, run, scan, phantom):
    showLayout(run)
    names = [v.node.GetLayoutName() for v in views.shownViews()]
    assert names == ["XAICLIPImage", "XAICLIPRegion", "XAICLIPSaliency", "XAICLIPPrediction"]
    image, region, saliency, prediction = (v.image() for v in views.shownViews())
    assert (saturation(image) == 0).all() and image.max() > 200, "the plain scan"
    for picture in (region, saliency, prediction):
        changed = (picture != image).any(axis=-1)
        assert 0.01 < changed.mean() < 0.5
    view = views.sliceView("XAICLIPPrediction")
    k = round(at_k(view, scan))
    liver, spleen = (world(scan, middle(phantom, label, k)) for label in (5, 1))
    warm, violet = at(view, prediction, liver), at(view, prediction, spleen)
    assert warm[0] > warm[2] and violet[2] > violet[1], "each organ in its own colour"
    cyan = at(views.sliceView("XAICLIPRegion"), region, liver)
    assert cyan[2] > cyan[0]


def at_k(view, scan):
    matrix = view.node.GetSliceToRAS()
    return worldToVoxel(scan, [matrix.GetElement(row, 3) for row in range(3)])[2]


def test_the_layout_opens_where_there_is_something_to_see(views, scan, synthetic, phantom):
    views.sliceView("Red").jump(world(scan, (64, 64, 0)))
    showLayout(synthetic)
    assert K - 1 <= at_k(views.sliceView("XAICLIPImage"), scan) <= K + 1
    restoreLayout()
    views.sliceView("Red").jump(world(scan, (64, 64, K + 1)))
    showLayout(synthetic)
    assert at_k(views.sliceView("XAICLIPImage"), scan) == pytest.approx(K + 1, abs=0.01), "the user's own slice is kept"


def test_another_run_in_the_layout_leaves_the_user_where_he_is(views, scan, run, synthetic):
    showLayout(synthetic)
    for view in views.shownViews():
        view.jump(world(scan, (64, 64, K + 1)))
        view.node.SetFieldOfView(100, 100, 1)
    showLayout(run)
    view = views.sliceView("XAICLIPSaliency")
    assert at_k(view, scan) == pytest.approx(K + 1, abs=0.01) and view.node.GetFieldOfView()[0] == 100
    assert view.composite.GetForegroundVolumeID() == run.saliencyNode.GetID()


def test_back_from_the_layout_the_run_is_still_shown(views, scan, run):
    showSaliency(run, opacity=0.4)
    showVolumeRendering(run, True)
    before = [views.sliceView(name).image() for name in USERS]
    showLayout(run)
    closeLayout(run)
    assert views.layout == FOUR_UP
    for name, picture in zip(USERS, before):
        assert (views.sliceView(name).image() == picture).all()
    assert (views.threeDView().fit().image() != views.threeDView().image()[0, 0]).any()


def test_the_four_views_scroll_and_zoom_together_and_the_users_stay(views, run, scan):
    showLayout(run)
    mine = [views.sliceView(name) for name in ("XAICLIPImage", "XAICLIPRegion", "XAICLIPSaliency", "XAICLIPPrediction")]
    offsets = [views.sliceView(name).logic.GetSliceOffset() for name in USERS]
    logic = mine[1].logic
    logic.StartSliceOffsetInteraction()
    logic.SetSliceOffset(logic.GetSliceOffset() + 20)
    logic.EndSliceOffsetInteraction()
    assert len({round(v.logic.GetSliceOffset(), 4) for v in mine}) == 1
    assert [views.sliceView(name).logic.GetSliceOffset() for name in USERS] == offsets


def test_the_layout_is_well_formed_and_its_number_free():
    node = comparisonViews.layoutNode()
    assert not node.IsLayoutDescription(LAYOUT_ID)
    root = tree.fromstring(layout._description())
    assert [v.get("singletontag") for v in root.iter("view")] == list(comparisonViews.VIEWS.values())


def test_a_change_of_the_threshold_reaches_the_layout(views, scan, synthetic, phantom):
    showLayout(synthetic)
    view = views.sliceView("XAICLIPSaliency")
    liver = world(scan, middle(phantom, 5))
    view.jump(liver)
    assert np.ptp(at(view, view.image(), liver)) > 60
    showSaliency(synthetic, threshold=0.95, legend=False)
    assert np.ptp(at(view, view.image(), liver)) < 5
    assert views.sliceView("XAICLIPImage").composite.GetForegroundVolumeID() is None


# Everything comes back ---------------------------------------------------------------------------------------------


def state(app):
    """What the user's views show, and how it looks."""
    fields = (
        "BackgroundVolumeID",
        "ForegroundVolumeID",
        "LabelVolumeID",
        "ForegroundOpacity",
        "LabelOpacity",
        "LinkedControl",
    )
    shown = [app.sliceView(name) for name in USERS]
    return (
        app.layout,
        [tuple(getattr(v.composite, f"Get{f}")() for f in fields) for v in shown],
        [
            slicer.util.arrayFromVTKMatrix(v.node.GetSliceToRAS()).tolist() + list(v.node.GetFieldOfView())
            for v in shown
        ],
        [v.image().tobytes() for v in shown],
    )


@pytest.mark.parametrize("overlay", [False, True])
def test_the_users_layout_and_display_come_back_exactly(views, scan, run, phantom, overlay):
    if overlay:  # the user has an overlay of his own, differently in each view
        other = addVolume(phantom[1])
        other.SetName("mine")
        for number, name in enumerate(USERS):
            composite = views.sliceView(name).composite
            composite.SetForegroundVolumeID(other.GetID() if number else None)
            composite.SetForegroundOpacity(0.2 * number)
        views.sliceView("Yellow").composite.SetBackgroundVolumeID(other.GetID())
        views.setLayout(2)
    hideRun(run)
    display = scan.GetDisplayNode()
    before, window = state(views), (display.GetWindow(), display.GetLevel(), display.GetColorNodeID())
    showSaliency(run)
    showLayout(run)
    showSaliency(run, signed=True, opacity=0.3)
    showVolumeRendering(run, True)
    showSurface(run, True)
    assert state(views) != before
    restoreLayout()
    assert state(views) == before
    assert (display.GetWindow(), display.GetLevel(), display.GetColorNodeID()) == window
    restoreLayout()
    assert state(views) == before, "twice is as good as once"


def test_what_the_user_changed_meanwhile_stays(views, scan, run, phantom):
    other = addVolume(phantom[1])
    showSaliency(run)
    showLayout(run)
    views.setLayout(6)  # the user goes on to the red view alone, and puts another volume into it
    views.sliceView("Red").composite.SetBackgroundVolumeID(other.GetID())
    restoreLayout()
    assert views.layout == 6
    assert views.sliceView("Red").composite.GetBackgroundVolumeID() == other.GetID()
    assert views.sliceView("Green").composite.GetForegroundVolumeID() is None


def test_a_volume_that_went_meanwhile_is_not_brought_back(views, scan, run, phantom):
    other = addVolume(phantom[1])
    views.sliceView("Red").composite.SetForegroundVolumeID(other.GetID())
    showSaliency(run)
    slicer.mrmlScene.RemoveNode(other)
    restoreLayout()
    assert views.sliceView("Red").composite.GetForegroundVolumeID() is None


def test_closing_the_scene_brings_the_layout_back(views, run):
    showLayout(run)
    slicer.mrmlScene.Clear(0)
    assert views.layout == FOUR_UP
    for name in USERS:
        assert (views.sliceView(name).image() == 0).all()


# 3D -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def space(app):
    view = app.threeDView()
    view.node.SetBackgroundColor(0, 0, 0)
    view.node.SetBackgroundColor2(0, 0, 0)
    return view


def test_the_cloud_lies_on_the_organ_and_low_values_are_not_there(views, scan, synthetic, phantom, space):
    liver, spleen = (world(scan, middle(phantom, label)) for label in (5, 1))
    showSaliency(synthetic, threshold=0.1)
    showVolumeRendering(synthetic, True)
    low = space.fit().image()
    assert np.ptp(at(space, low, liver)) > 40 and np.ptp(at(space, low, spleen)) > 20
    showSaliency(synthetic, threshold=0.5)
    high = space.image()
    assert np.ptp(at(space, high, liver)) > 40, "the threshold of the slices"
    assert at(space, high, spleen).max() == 0
    showVolumeRendering(synthetic, False)
    assert (space.image() == 0).all()


def test_left_is_left_in_3d(views, scan, synthetic, phantom, space):
    """Seen from the front, the liver is at the left of the picture."""
    showSaliency(synthetic, threshold=0.1, colormap="jet")
    showVolumeRendering(synthetic, True)
    picture = space.fit().image().astype(int)
    red, blue = (picture[..., a] > picture[..., b] + 40 for a, b in ((0, 2), (2, 0)))
    assert red.any() and blue.any()
    columns = [np.flatnonzero(mask.any(axis=0)).mean() for mask in (red, blue)]
    assert columns[0] < columns[1]


def test_a_signed_cloud_has_both_signs(views, scan, synthetic, phantom, space):
    liver, spleen = (world(scan, middle(phantom, label)) for label in (5, 1))
    showSaliency(synthetic, threshold=0.3, signed=True, legend=False)
    showVolumeRendering(synthetic, True)
    picture = space.fit().image()
    warm, cold = at(space, picture, liver), at(space, picture, spleen)
    assert warm[0] > warm[2] and cold[2] > cold[0]


def test_surfaces_of_the_prediction(views, scan, run, space):
    showSaliency(run, legend=False)
    assert (space.image() == 0).all(), "nothing in 3D before it is asked for"
    showSurface(run, True)
    picture = space.fit().image()
    assert 0.005 < (picture.max(axis=-1) > 20).mean() < 0.5
    showSurface(run, False)
    assert (space.image() == 0).all()


def test_hiding_a_run_empties_all_views(views, scan, run, space):
    hideRun(run)
    plain = [views.sliceView(name).image() for name in USERS]
    showSaliency(run)
    showVolumeRendering(run, True)
    showSurface(run, True)
    hideRun(run)
    assert (space.image() == 0).all()
    for name, picture in zip(USERS, plain):
        assert (views.sliceView(name).image() == picture).all()
