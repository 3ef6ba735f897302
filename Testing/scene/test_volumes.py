"""Out of the scene and back: geometry to a millionth of a millimetre, whatever the scan's orientation and transform."""

import numpy as np
import pytest
import SimpleITK as sitk
import slicer
import slicer.util
import vtk
from XAICLIPSlicer.scene.nodes import createRun
from XAICLIPSlicer.scene.results import pasteSlice
from XAICLIPSlicer.scene.volumes import SceneError, boxOf, exportVolume, segmentToMask

from Testing.scene.scenery import STRUCTURES, world, writePartial

RNG = np.random.default_rng(7)


def rotation(x, y, z):
    """Turns about the three axes in degrees, (3, 3)."""
    turned = np.eye(3)
    for axis, angle in enumerate(np.deg2rad((x, y, z))):
        c, s = np.cos(angle), np.sin(angle)
        one = np.eye(3)
        i, j = [(1, 2), (2, 0), (0, 1)][axis]
        one[[i, i, j, j], [i, j, i, j]] = c, -s, s, c
        turned = one @ turned
    return turned


def geometry(directions, spacing, origin=(-30.125, 41.7, 12.0)):
    matrix = np.eye(4)
    matrix[:3, :3] = np.asarray(directions, float) @ np.diag(spacing)
    matrix[:3, 3] = origin
    return matrix


GEOMETRIES = {
    "axial": geometry(np.diag([-1, -1, 1]), (1, 1, 1)),
    "anisotropic": geometry(np.diag([-1, -1, 1]), (0.7, 0.8, 5.0)),
    "flipped": geometry(np.diag([1, -1, -1]), (0.9, 0.9, 3.0)),
    "left-handed": geometry(np.diag([-1, -1, -1]), (0.9, 0.9, 3.0)),
    "sagittal": geometry([[0, 0, 1], [-1, 0, 0], [0, -1, 0]], (0.9, 1.1, 4.0)),
    "oblique": geometry(rotation(13, -21, 34), (0.7, 0.9, 2.5)),
    "oblique sagittal": geometry(rotation(5, 8, -11) @ [[0, 0, 1], [-1, 0, 0], [0, -1, 0]], (0.7, 0.9, 2.5)),
}


@pytest.fixture(params=GEOMETRIES)
def matrix(request):
    return GEOMETRIES[request.param]


@pytest.fixture
def volume(matrix):
    voxels = RNG.integers(-1000, 1000, (5, 6, 7)).astype(np.int16)
    return slicer.util.addVolumeFromArray(voxels, matrix, "scan")


def transformed(node, matrix=None):
    """Put a node under a linear transform."""
    if matrix is None:
        matrix = geometry(rotation(3, -40, 10), (1, 1, 1), (11, -7, 5))
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    slicer.util.updateTransformMatrixFromArray(transform, matrix)
    node.SetAndObserveTransformNodeID(transform.GetID())
    return matrix


def test_a_scan_is_written_in_its_own_geometry(volume, matrix, tmp_path):
    transformed(volume)
    exportVolume(volume, str(tmp_path / "scan.nrrd"))
    image = sitk.ReadImage(str(tmp_path / "scan.nrrd"))
    assert (sitk.GetArrayFromImage(image) == slicer.util.arrayFromVolume(volume)).all()
    for index in [(0, 0, 0), (6, 0, 0), (0, 5, 0), (0, 0, 4), (3, 2, 1)]:
        lps = np.array(image.TransformIndexToPhysicalPoint(index))
        np.testing.assert_allclose(lps * (-1, -1, 1), (matrix @ [*index, 1])[:3], atol=1e-6)


def test_the_file_is_not_compressed(volume, tmp_path):
    exportVolume(volume, str(tmp_path / "scan.nrrd"))
    header = (tmp_path / "scan.nrrd").read_bytes().split(b"\n\n")[0]
    assert b"encoding: raw" in header


def test_results_lie_on_the_scan_also_under_a_transform(volume):
    transformed(volume)
    run = createRun(volume, "run", STRUCTURES)
    for node in (run.saliencyNode, *run.dropNodes.values()):
        assert slicer.util.arrayFromVolume(node).shape == slicer.util.arrayFromVolume(volume).shape
        assert node.GetTransformNodeID() == volume.GetTransformNodeID()
        for ijk in [(0, 0, 0), (6, 5, 4), (2, 3, 1)]:
            np.testing.assert_allclose(world(node, ijk), world(volume, ijk), atol=1e-6)


def test_a_pasted_slab_lies_where_it_was_computed(volume, tmp_path):
    """Also the segments: they are compared in the scene's space, through the transform."""
    transformed(volume)
    run = createRun(volume, "run", STRUCTURES)
    offset, shape = (1, 2, 3), (2, 3, 2)
    slab = RNG.random(shape).astype(np.float32)
    labels = np.zeros(shape, np.uint8)
    labels[0], labels[1, 1:] = 1, 2
    files = {
        "saliency": slab,
        "drop-liver": -slab,
        "drop-spleen": slab / 2,
        "roi": (labels > 0).astype(np.uint8),
        "prediction": labels,
    }
    assert pasteSlice(run, writePartial(tmp_path, files, offset, 1))
    part = tuple(slice(o, o + n) for o, n in zip(offset, shape))
    expected = np.zeros((5, 6, 7), np.float32)
    expected[part] = slab
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(run.saliencyNode), expected)
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(run.dropNodes["liver"]), -expected)
    for segmentation, segment, mask in (
        (run.predictionSegmentation, "liver", labels == 1),
        (run.predictionSegmentation, "spleen", labels == 2),
        (run.roiSegmentation, "region", labels > 0),
    ):
        whole = np.zeros((5, 6, 7), bool)
        whole[part] = mask
        np.testing.assert_array_equal(
            slicer.util.arrayFromSegmentBinaryLabelmap(segmentation, segment, volume) > 0, whole
        )


def test_slices_come_one_after_the_other_and_add_up(volume, tmp_path):
    run = createRun(volume, "run", STRUCTURES)
    everything = np.zeros((5, 6, 7), np.uint8)
    for k in (3, 1, 2):
        slab = RNG.integers(0, 3, (1, 6, 7)).astype(np.uint8)
        everything[k] = slab[0]
        pasteSlice(run, writePartial(tmp_path, {"prediction": slab, "roi": slab}, (k, 0, 0), k))
    read = slicer.util.arrayFromSegmentBinaryLabelmap
    np.testing.assert_array_equal(read(run.predictionSegmentation, "liver", volume), everything == 1)
    np.testing.assert_array_equal(read(run.predictionSegmentation, "spleen", volume), everything == 2)
    np.testing.assert_array_equal(read(run.roiSegmentation, "region", volume), everything > 0)


def test_a_slab_outside_the_scan_is_refused(volume, tmp_path):
    run = createRun(volume, "run", STRUCTURES)
    with pytest.raises(SceneError, match="inside the scan"):
        pasteSlice(run, writePartial(tmp_path, {"saliency": np.ones((1, 6, 7), np.float32)}, (5, 0, 0), 5))


def test_a_segment_becomes_a_mask_on_the_scans_grid(volume, matrix, tmp_path):
    transformed(volume)
    mask = np.zeros((5, 6, 7), np.uint8)
    mask[1:3, 2:5, 3:6] = 1
    segmentation = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode")
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    segmentation.SetAndObserveTransformNodeID(volume.GetTransformNodeID())
    segmentation.GetSegmentation().AddEmptySegment("mine", "Mine")
    slicer.util.updateSegmentBinaryLabelmapFromArray(mask, segmentation, "mine", volume)
    before = slicer.mrmlScene.GetNumberOfNodes()
    segmentToMask(segmentation, "mine", volume, str(tmp_path / "mask.nrrd"))
    image = sitk.ReadImage(str(tmp_path / "mask.nrrd"))
    np.testing.assert_array_equal(sitk.GetArrayFromImage(image), mask)
    lps = np.array(image.TransformIndexToPhysicalPoint((3, 2, 1)))
    np.testing.assert_allclose(lps * (-1, -1, 1), (matrix @ [3, 2, 1, 1])[:3], atol=1e-6)
    assert slicer.mrmlScene.GetNumberOfNodes() == before, "the temporary label map stayed in the scene"


def test_an_empty_segment_is_refused(volume, tmp_path):
    segmentation = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode")
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    segmentation.GetSegmentation().AddEmptySegment("mine", "Mine")
    with pytest.raises(SceneError, match="Mine is empty"):
        segmentToMask(segmentation, "mine", volume, str(tmp_path / "mask.nrrd"))
    with pytest.raises(SceneError, match="No segment"):
        segmentToMask(segmentation, "other", volume, str(tmp_path / "mask.nrrd"))
    with pytest.raises(SceneError, match="No segment"):
        segmentToMask(None, "", volume, str(tmp_path / "mask.nrrd"))


def box(center, size):
    roi = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLMarkupsROINode")
    roi.SetCenter(*center)
    roi.SetSize(*size)
    return roi


def test_a_box_is_given_in_the_scans_own_frame():
    volume = slicer.util.addVolumeFromArray(np.ones((2, 2, 2), np.int16), GEOMETRIES["axial"], "scan")
    roi = box((10, 20, 30), (2, 4, 6))
    np.testing.assert_allclose(boxOf(roi), (-11, -9, -22, -18, 27, 33), atol=1e-6)
    transformed(volume, geometry(np.eye(3), (1, 1, 1), (100, 0, -5)))
    np.testing.assert_allclose(boxOf(roi, volume), (89, 91, -22, -18, 32, 38), atol=1e-6)


def test_a_turned_box_is_held_by_an_upright_one():
    roi = box((0, 0, 0), (20, 10, 4))
    transformed(roi, geometry(rotation(0, 0, 90), (1, 1, 1), (0, 0, 0)))
    np.testing.assert_allclose(boxOf(roi), (-5, 5, -10, 10, -2, 2), atol=1e-6)


def test_a_box_that_is_not_placed_is_refused():
    roi = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLMarkupsROINode")
    for nothing in (None, roi):
        with pytest.raises(SceneError, match="not placed"):
            boxOf(nothing)


def nonlinear(node):
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLTransformNode", "bent")
    grid = vtk.vtkThinPlateSplineTransform()
    points = vtk.vtkPoints()
    for point in [(0, 0, 0), (9, 0, 0), (0, 9, 0), (0, 0, 9), (9, 9, 9)]:
        points.InsertNextPoint(point)
    moved = vtk.vtkPoints()
    moved.DeepCopy(points)
    moved.SetPoint(4, 12, 8, 3)
    grid.SetSourceLandmarks(points)
    grid.SetTargetLandmarks(moved)
    grid.SetBasisToR()
    transform.SetAndObserveTransformToParent(grid)
    node.SetAndObserveTransformNodeID(transform.GetID())


def bad(kind):
    voxels = np.zeros((3, 4, 5), np.int16)
    if kind == "nothing":
        return None
    if kind == "empty":
        return slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "hollow")
    if kind == "colour":
        return slicer.util.addVolumeFromArray(
            np.zeros((3, 4, 5, 3), np.uint8), name="rgb", nodeClassName="vtkMRMLVectorVolumeNode"
        )
    if kind == "labels":
        return slicer.util.addVolumeFromArray(voxels, name="labels", nodeClassName="vtkMRMLLabelMapVolumeNode")
    if kind == "model":
        return slicer.mrmlScene.AddNewNodeByClass("vtkMRMLModelNode", "surface")
    node = slicer.util.addVolumeFromArray(voxels, name="scan")
    if kind == "bent":
        nonlinear(node)
    if kind == "sheared":
        matrix = np.eye(4)
        matrix[0, 2] = 0.3
        node.SetIJKToRASMatrix(slicer.util.vtkMatrixFromArray(matrix))
    return node


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("nothing", "No scan is chosen"),
        ("empty", "hollow is empty"),
        ("colour", "3 values per voxel"),
        ("labels", "is no scan"),
        ("model", "is no scan"),
        ("bent", "non-linear transform"),
        ("sheared", "right angles"),
    ],
)
def test_what_can_not_be_explained_is_refused_with_what_to_do(kind, text, tmp_path):
    node = bad(kind)
    before = slicer.mrmlScene.GetNumberOfNodes()
    for refuse in (
        lambda: exportVolume(node, str(tmp_path / "x.nrrd")),
        lambda: createRun(node, "run", STRUCTURES),
    ):
        with pytest.raises(SceneError, match=text) as error:
            refuse()
        assert (
            str(error.value).endswith((".", "ent."))
            and str(error.value).count(".") >= 2
            or "first." in str(error.value)
        )
    assert slicer.mrmlScene.GetNumberOfNodes() == before
    assert isinstance(error.value, ValueError)


def test_a_place_that_can_not_be_written_to_is_said(tmp_path):
    node = slicer.util.addVolumeFromArray(np.ones((2, 2, 2), np.int16), name="scan")
    with pytest.raises(SceneError, match="could not be written"):
        exportVolume(node, str(tmp_path / "missing" / "x.nrrd"))
