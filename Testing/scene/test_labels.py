"""What somebody drew in the scene, as labels on the scan's grid: found by terminology or name, in physical space."""

import numpy as np
import pytest
import slicer
import slicer.util
import vtk
from XAICLIPSlicer.scene import labels
from XAICLIPSlicer.scene.volumes import SceneError

from XAICLIPLib import anatomy
from XAICLIPLib.roi.given import masks_of
from XAICLIPLib.volume import read_volume


@pytest.fixture
def truth(phantom):
    """Masks of the phantom's own labels, liver and spleen (Z, H, W)."""
    names = {"liver": "liver", "spleen": "spleen"}
    found = {}
    for name in names:
        structure = (anatomy.describe(name),)
        found[name] = masks_of(phantom[1], None, phantom[0], structure, "CT")[0]
    return found


def drawn(scan, masks, names, codes=None):
    """A segmentation of the scan with a segment for each mask."""
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "drawn")
    node.CreateDefaultDisplayNodes()
    node.SetReferenceImageGeometryParameterFromVolumeNode(scan)
    for mask, name in zip(masks, names):
        identifier = node.GetSegmentation().AddEmptySegment("", name)
        slicer.util.updateSegmentBinaryLabelmapFromArray(mask.astype(np.uint8), node, identifier, scan)
    for name, code in (codes or {}).items():
        segment = node.GetSegmentation().GetSegment(node.GetSegmentation().GetSegmentIdBySegmentName(name))
        segment.SetTag(segment.GetTerminologyEntryTagName(), code)
    return node


def read(told):
    path, _, numbers = told.rpartition(":")
    voxels = read_volume(path).voxels
    return {n.split("=")[0]: voxels == int(n.split("=")[1]) for n in numbers.split(",")}, voxels


def test_segments_are_found_by_name_and_by_terminology(scan, truth, tmp_path):
    code = anatomy.find("spleen").terminology().replace("DICOM master list", "General Anatomy list")
    node = drawn(scan, [truth["spleen"], truth["liver"]], ["Segment_1", "Hepar"], {"Segment_1": code})
    found, _voxels = read(labels.exportLabels(node, ["liver", "spleen"], scan, str(tmp_path / "l.nrrd")))
    for name, mask in truth.items():
        np.testing.assert_array_equal(found[name], mask)
    assert list(labels.match(node, ["the liver"])["liver"].values()) == ["Hepar"]


def test_a_pair_is_both_of_its_sides(scan, truth, tmp_path):
    node = drawn(scan, [truth["liver"], truth["spleen"]], ["Right kidney", "Left kidney"])
    found, _voxels = read(labels.exportLabels(node, ["kidneys"], scan, str(tmp_path / "l.nrrd")))
    np.testing.assert_array_equal(found["kidneys"], truth["liver"] | truth["spleen"])
    found, _voxels = read(labels.exportLabels(node, ["left kidney"], scan, str(tmp_path / "l.nrrd")))
    np.testing.assert_array_equal(found["kidney_left"], truth["spleen"])


def test_the_only_segment_may_be_called_anything_but_another_structure(scan, truth):
    node = drawn(scan, [truth["liver"]], ["by the reader"])
    assert list(labels.match(node, ["liver"])["liver"].values()) == ["by the reader"]
    with pytest.raises(SceneError, match="no segment called spleen; it has Liver"):
        labels.match(drawn(scan, [truth["liver"]], ["Liver"]), ["spleen"])
    with pytest.raises(SceneError, match="no segment called liver"):
        labels.match(node, ["liver", "spleen"])


def test_what_else_is_drawn_has_a_number_of_its_own_where_it_is_asked_for(scan, truth, tmp_path):
    node = drawn(scan, [truth["spleen"], truth["liver"]], ["Something", "Liver"])
    found, voxels = read(labels.exportLabels(node, ["liver"], scan, str(tmp_path / "l.nrrd"), others=True))
    np.testing.assert_array_equal(found["liver"], truth["liver"])
    np.testing.assert_array_equal(voxels == 2, truth["spleen"])


def test_overlapping_and_empty_segments_are_refused(scan, truth, tmp_path):
    node = drawn(scan, [truth["liver"], truth["liver"]], ["Liver", "Spleen"])
    with pytest.raises(SceneError, match="liver overlap|overlap in drawn"):
        labels.exportLabels(node, ["liver", "spleen"], scan, str(tmp_path / "l.nrrd"))
    node.GetSegmentation().AddEmptySegment("", "Pancreas")
    with pytest.raises(SceneError, match="empty inside"):
        labels.exportLabels(node, ["pancreas"], scan, str(tmp_path / "l.nrrd"))


def test_a_label_map_on_another_grid_and_under_a_transform_lies_where_it_lies(scan, truth, tmp_path):
    matrix = vtk.vtkMatrix4x4()
    scan.GetIJKToRASMatrix(matrix)
    ijkToRAS = slicer.util.arrayFromVTKMatrix(matrix)
    both = (truth["liver"] + 2 * truth["spleen"]).astype(np.int16)
    part = both[:, 20:110, 10:]
    ijkToRAS[:, 3] = ijkToRAS @ [10, 20, 0, 1]
    node = slicer.util.addVolumeFromArray(part, ijkToRAS, "map", "vtkMRMLLabelMapVolumeNode")
    colours = slicer.vtkMRMLColorTableNode()
    colours.SetTypeToUser()
    colours.SetNumberOfColors(3)
    for number, name in enumerate(("background", "liver", "spleen")):
        colours.SetColor(number, name, 1.0, 0.5, 0.1 * number, 1.0)
    slicer.mrmlScene.AddNode(colours)
    node.CreateDefaultDisplayNodes()
    node.GetDisplayNode().SetAndObserveColorNodeID(colours.GetID())
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    moved = vtk.vtkMatrix4x4()
    moved.SetElement(0, 3, 30.0)
    transform.SetMatrixTransformToParent(moved)
    for one in (scan, node):  # both are moved, so nothing changes between them
        one.SetAndObserveTransformNodeID(transform.GetID())
    before = {n.GetID() for n in slicer.util.getNodesByClass("vtkMRMLNode")}
    found, _voxels = read(labels.exportLabels(node, ["spleen", "liver"], scan, str(tmp_path / "l.nrrd")))
    kept = np.zeros_like(truth["liver"])
    kept[:, 20:110, 10:] = True
    for name, mask in truth.items():
        np.testing.assert_array_equal(found[name], mask & kept)
    left = {n for n in slicer.util.getNodesByClass("vtkMRMLNode") if n.GetID() not in before}
    assert not left
