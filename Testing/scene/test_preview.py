"""The region before a run: two nodes, updated in place, that an edit can be made of."""

import numpy as np
import pytest
import SimpleITK as sitk
import slicer
import slicer.util
from XAICLIPSlicer.scene.preview import hidePreview, keepRegion, regionPreview, removeRegionPreview

from Testing.scene.scenery import SHAPE


@pytest.fixture
def located(tmp_path, phantom):
    """What `locate` answers for a slice: the liver where it is above a threshold."""

    def make(*slices, threshold=0.5, similarity=True):
        found = []
        for z in slices:
            probability = (phantom[1].voxels[z : z + 1] == 5) * np.linspace(1, 0, SHAPE[2], dtype=np.float32)
            files = {"roi": (probability > threshold).astype(np.uint8), "similarity": probability.astype(np.float32)}
            entry = {"z": z, "offset": [z, 0, 0], "rows": []}
            for name, voxels in files.items():
                entry[name] = str(tmp_path / f"{name}-{z}.nrrd")
                sitk.WriteImage(sitk.GetImageFromArray(voxels), entry[name])
            found.append(entry if similarity else {**entry, "similarity": None})
        return {"slices": found, "warnings": [], "milliseconds": 1}

    return make


def region(preview, scan):
    return slicer.util.arrayFromSegmentBinaryLabelmap(preview.roiSegmentation, "region", scan) > 0


def test_region_and_similarity_lie_on_the_slice(scan, located, phantom, app):
    view = app.sliceView("Red").fit()
    liver = phantom[1].voxels == 5
    k = 6
    row, column = (int(v) for v in np.argwhere(liver[k])[len(np.argwhere(liver[k])) // 2])
    matrix = slicer.util.arrayFromVTKMatrix(_matrix(scan))
    ras = (matrix @ [column, row, k, 1])[:3]
    before = view.jump(ras).image()
    preview = regionPreview(scan, located(k, threshold=0.01))
    picture = view.image()
    at = view.pixel(ras)
    assert (picture[at] != before[at]).any() and np.ptp(picture[at].astype(int)) > 20, "the similarity is in colour"
    outside = view.pixel((matrix @ [SHAPE[2] // 2, SHAPE[1] - 20, k, 1])[:3])
    assert (picture[outside] == before[outside]).all()
    voxels = slicer.util.arrayFromVolume(preview.similarityNode)
    assert voxels.shape == (1, *SHAPE[1:])
    np.testing.assert_allclose(
        slicer.util.arrayFromVTKMatrix(_matrix(preview.similarityNode))[:3, 3], (matrix @ [0, 0, k, 1])[:3], atol=1e-6
    )


def test_the_likeness_has_a_legend_that_goes_with_it(scan, located):
    preview = regionPreview(scan, located(6))
    legend = slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode(preview.similarityNode)
    assert legend.GetVisibility() and legend.GetTitleText() == "Likeness to the words"
    regionPreview(scan, located(6, similarity=False))
    assert not slicer.util.getNodesByClass("vtkMRMLColorLegendDisplayNode")
    regionPreview(scan, located(6))
    assert slicer.util.getNodesByClass("vtkMRMLColorLegendDisplayNode")
    hidePreview()
    assert not slicer.util.getNodesByClass("vtkMRMLColorLegendDisplayNode")


def _matrix(node):
    import vtk

    matrix = vtk.vtkMatrix4x4()
    node.GetIJKToRASMatrix(matrix)
    return matrix


def test_a_new_preview_replaces_the_old_one_in_the_same_nodes(scan, located, phantom):
    first = regionPreview(scan, located(6))
    wide = region(first, scan)
    count = slicer.mrmlScene.GetNumberOfNodes()
    second = regionPreview(scan, located(6, threshold=0.7))
    assert second.roiSegmentation is first.roiSegmentation and second.similarityNode is first.similarityNode
    assert slicer.mrmlScene.GetNumberOfNodes() == count
    narrow = region(second, scan)
    assert narrow.sum() < wide.sum() and not (narrow & ~wide).any()
    third = regionPreview(scan, located(4, 5))
    assert sorted(np.flatnonzero(region(third, scan).any(axis=(1, 2)))) == [4, 5]


def test_a_region_without_similarity(scan, located):
    regionPreview(scan, located(6))
    preview = regionPreview(scan, located(6, similarity=False))
    assert preview.similarityNode is None and region(preview, scan).any()
    assert not [n for n in slicer.util.getNodesByClass("vtkMRMLScalarVolumeNode") if n is not scan]


def test_nothing_found_is_an_empty_region(scan, located):
    assert not region(regionPreview(scan, located(6, threshold=2.0)), scan).any()


def test_it_goes_without_a_trace(scan, located, app):
    slicer.util.setSliceViewerLayers(background=scan)
    view = app.sliceView("Red").fit()
    before, nodes = view.image(), {n.GetID() for n in slicer.util.getNodesByClass("vtkMRMLNode")}
    regionPreview(scan, located(5))
    removeRegionPreview()
    left = {n.GetID() for n in slicer.util.getNodesByClass("vtkMRMLNode")} - nodes
    assert all(slicer.mrmlScene.GetNodeByID(i).GetAttribute("XAICLIP.Colours") for i in left)
    assert (view.image() == before).all()


def test_a_kept_region_is_the_users(scan, located):
    preview = regionPreview(scan, located(6))
    kept = keepRegion("My region")
    mine = region(preview, scan)
    assert kept is preview.roiSegmentation and kept.GetName() == "My region"
    again = regionPreview(scan, located(4))
    assert again.roiSegmentation is not kept
    assert (slicer.util.arrayFromSegmentBinaryLabelmap(kept, "region", scan) > 0).tolist() == mine.tolist()
    removeRegionPreview()
    assert slicer.mrmlScene.IsNodePresent(kept)
    assert keepRegion("nothing there") is None


def test_the_preview_of_another_scan_takes_its_place(scan, located, phantom):
    first = regionPreview(scan, located(6))
    other = slicer.util.addVolumeFromArray(phantom[0].voxels, name="other")
    second = regionPreview(other, located(6))
    assert second.roiSegmentation is not first.roiSegmentation
    assert len(slicer.util.getNodesByClass("vtkMRMLSegmentationNode")) == 1
