"""A run in the scene: what its nodes hold, where they hang, and that they survive saving and go without a trace."""

import json
import re
import shutil
import time

import numpy as np
import pytest
import slicer
import slicer.util
import vtk
from XAICLIPSlicer.scene.colours import colourNode
from XAICLIPSlicer.scene.display import showSaliency
from XAICLIPSlicer.scene.display_settings import displaySettings
from XAICLIPSlicer.scene.layout import restoreLayout, showLayout
from XAICLIPSlicer.scene.nodes import addNodesInSteps, createRun, newRun
from XAICLIPSlicer.scene.rendering import showSurface, showVolumeRendering
from XAICLIPSlicer.scene.results import completeRun, pasteSlice, pasteSliceInSteps
from XAICLIPSlicer.scene.runs import existingRuns, removeRun
from XAICLIPSlicer.scene.saving import saveRunInSteps
from XAICLIPSlicer.scene.volumes import SceneError

from Testing.scene.scenery import SHAPE, SLICES, STRUCTURES, writePartial
from XAICLIPLib import anatomy
from XAICLIPLib.report.colormap import COLORMAP
from XAICLIPLib.volume import read_volume


@pytest.fixture
def run(scan, explained):
    run = createRun(scan, "Liver, spleen", STRUCTURES)
    folder, result = explained
    assert completeRun(run, str(folder), result)
    return run


def segment(segmentation, name):
    return segmentation.GetSegmentation().GetSegment(name)


def test_the_files_of_the_run_are_in_the_nodes(run, scan, explained):
    folder, _result = explained
    np.testing.assert_array_equal(
        slicer.util.arrayFromVolume(run.saliencyNode), read_volume(folder / "saliency.nrrd").voxels
    )
    labels = read_volume(folder / "prediction.nrrd").voxels
    assert (labels == 1).any() and (labels == 2).any()
    for value, name in enumerate(("liver", "spleen"), start=1):
        drop = read_volume(folder / f"drop-{name}.nrrd").voxels
        np.testing.assert_array_equal(slicer.util.arrayFromVolume(run.dropNodes[name]), drop)
        mask = slicer.util.arrayFromSegmentBinaryLabelmap(run.predictionSegmentation, name, scan)
        np.testing.assert_array_equal(mask > 0, labels == value)
    region = slicer.util.arrayFromSegmentBinaryLabelmap(run.roiSegmentation, "region", scan)
    np.testing.assert_array_equal(region > 0, read_volume(folder / "roi.nrrd").voxels > 0)


def test_maps_of_single_images_are_further_volumes_of_the_run(scan, explained, tmp_path, monkeypatch):
    """They are there once, are saved with the run, are shown by nobody of themselves, and go with it."""
    folder, result = explained
    place = tmp_path / "several"
    shutil.copytree(folder, place)
    for name in ("liver", "spleen"):
        shutil.copy(place / f"drop-{name}.nrrd", place / f"drop-{name}-T2.nrrd")
    report = json.loads((place / "report.json").read_text(encoding="utf-8"))
    report["scan"]["images"] = ["T1", "T2"]  # of the first image there is no map
    (place / "report.json").write_text(json.dumps(report), encoding="utf-8")
    run = createRun(scan, "Liver, spleen", STRUCTURES)
    for _again in range(2):
        assert completeRun(run, str(place), result)
    liver, spleen = run.imageDropNodes
    assert liver.GetName() == "Liver, spleen drop liver, T2 alone" and spleen.GetName().endswith("spleen, T2 alone")
    drop = read_volume(folder / "drop-liver.nrrd").voxels
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(liver), drop)
    assert liver.GetDisplayNode().GetWindowLevelMax() == pytest.approx(np.abs(drop).max())
    assert existingRuns(scan)[0].imageDropNodes == [liver, spleen] and liver in run.nodes
    showSaliency(run)
    written = {}  # Slicer's own writer needs its application
    monkeypatch.setattr(slicer.util, "exportNode", lambda node, path, properties: not written.update({path: node}))
    files = {path.name: written.get(str(path)) for path in saveRunInSteps(run, tmp_path, ".nrrd")}
    assert files["drop-liver-T2.nrrd"] is liver and files["drop-spleen-T2.nrrd"] is spleen
    removeRun(run)
    assert not run.imageDropNodes and not slicer.mrmlScene.IsNodePresent(liver)


def test_a_run_of_one_structure_has_other_file_names(scan, explained, tmp_path):
    folder, result = explained
    shutil.copytree(folder, tmp_path / "one")
    (tmp_path / "one" / "drop-liver.nrrd").rename(tmp_path / "one" / "drop.nrrd")
    run = createRun(scan, "liver", STRUCTURES[:1])
    assert completeRun(run, str(tmp_path / "one"), result)
    np.testing.assert_array_equal(
        slicer.util.arrayFromVolume(run.dropNodes["liver"]), read_volume(folder / "drop-liver.nrrd").voxels
    )


def test_slice_by_slice_comes_to_the_same_as_the_finished_run(run, scan, explained, tmp_path):
    folder, _result = explained
    partial = createRun(scan, "partial", STRUCTURES)
    volumes = {
        n: read_volume(folder / f"{n}.nrrd").voxels
        for n in ("saliency", "drop-liver", "drop-spleen", "roi", "prediction")
    }
    for k in range(SHAPE[0]):
        pasteSlice(partial, writePartial(tmp_path, {n: v[k : k + 1] for n, v in volumes.items()}, (k, 0, 0), k))
    for a, b in zip(partial.nodes, run.nodes):
        if a.IsA("vtkMRMLScalarVolumeNode"):
            np.testing.assert_array_equal(slicer.util.arrayFromVolume(a), slicer.util.arrayFromVolume(b))
    for name in ("liver", "spleen"):
        masks = [
            slicer.util.arrayFromSegmentBinaryLabelmap(r.predictionSegmentation, name, scan) for r in (partial, run)
        ]
        np.testing.assert_array_equal(*masks)
    shutil.copytree(folder, tmp_path / "told")
    for file in (tmp_path / "told").glob("*.nrrd"):
        file.unlink()
    assert completeRun(partial, str(tmp_path / "told"), {}), "what was pasted is not read a second time"
    assert partial.metrics == run.metrics
    assert partial.provenanceNode.GetText() == run.provenanceNode.GetText()


def test_slices_that_were_not_pasted_are_read_at_the_end(run, scan, explained, tmp_path):
    late = createRun(scan, "late", STRUCTURES)
    pasteSlice(
        late, writePartial(tmp_path, {"saliency": np.ones((1, *SHAPE[1:]), np.float32)}, (0, 0, 0), SLICES.start)
    )
    completeRun(late, str(explained[0]), {})
    np.testing.assert_array_equal(*(slicer.util.arrayFromVolume(r.saliencyNode) for r in (late, run)))


def test_a_slice_comes_coarse_first_and_is_what_the_folder_says_in_the_end(run, scan, explained, tmp_path):
    """Coarse looks are replaced by the finished slice; one that never came is read from the folder, or goes."""
    folder, _result = explained
    saliency = read_volume(folder / "saliency.nrrd").voxels
    early = createRun(scan, "early", STRUCTURES)
    rough = np.full((1, *SHAPE[1:]), 0.25, np.float32)
    for k in (SLICES.start, 0):  # the second was stopped before it was worth anything
        look = writePartial(tmp_path, {"saliency": rough}, (k, 0, 0), k)
        pasteSlice(early, {**look, "complete": False})
    assert early.coarse == {SLICES.start, 0} and early.pasted == set()
    voxels = slicer.util.arrayFromVolume(early.saliencyNode)
    assert (voxels[0] == 0.25).all()
    for k in SLICES:
        pasteSlice(early, writePartial(tmp_path, {"saliency": saliency[k : k + 1]}, (k, 0, 0), k))
    assert early.coarse == {0} and early.pasted == set(SLICES)
    completeRun(early, str(folder), {})
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(early.saliencyNode), saliency)


def test_segments_have_names_colours_and_terminology(run):
    for structure in STRUCTURES:
        found = segment(run.predictionSegmentation, structure["name"])
        assert found.GetName() == structure["label"].capitalize()
        np.testing.assert_allclose(found.GetColor(), np.array(structure["colour"]) / 255, atol=1e-6)
        tag, value = slicer.vtkSegment.GetTerminologyEntryTagName(), vtk.reference("")
        assert found.GetTag(tag, value)
        assert str(value) == anatomy.find(structure["name"]).terminology()
        assert f"SCT^{structure['snomed_ct']}^" in str(value)
    assert segment(run.roiSegmentation, "region").GetName() == "Region"


def test_a_structure_of_no_table_has_its_text_and_colour(scan):
    odd = {"name": "bright_spot", "label": "bright spot", "colour": (1, 2, 3), "snomed_ct": None}
    run = createRun(scan, "odd", [odd])
    found = segment(run.predictionSegmentation, "bright_spot")
    assert found.GetName() == "Bright spot"
    np.testing.assert_allclose(found.GetColor(), np.array([1, 2, 3]) / 255, atol=1e-6)


def test_the_table_has_the_numbers_the_whole_volume_first(run, explained):
    _folder, result = explained
    table = run.metricsTable.GetTable()
    columns = [table.GetColumnName(i) for i in range(table.GetNumberOfColumns())]
    assert columns[:2] == ["slice", "structure"]
    assert [table.GetValueByName(row, "slice").ToString() for row in range(2)] == ["all", "all"]
    assert table.GetNumberOfRows() > 2
    first = result["summary"][0]
    assert table.GetValueByName(0, "structure").ToString() == first["structure"]
    assert table.GetValueByName(0, "score").ToDouble() == pytest.approx(first["score"])
    assert table.GetColumnByName("evaluations").IsA("vtkDoubleArray")
    assert run.metrics == result["summary"] and run.warnings == result["warnings"]


def test_the_text_node_says_how_the_map_was_made(run, explained):
    folder, _result = explained
    report = json.loads(run.provenanceNode.GetText())
    assert report == json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert report["request"]["structures"] == ["liver", "spleen"]


def test_nodes_hang_in_a_folder_under_the_scan(run, scan):
    hierarchy = slicer.mrmlScene.GetSubjectHierarchyNode()
    assert hierarchy.GetItemName(run.folderItem) == "Liver, spleen"
    assert hierarchy.GetItemParent(run.folderItem) == hierarchy.GetItemByDataNode(scan)
    assert len(run.nodes) == 7
    for node in run.nodes:
        assert hierarchy.GetItemParent(hierarchy.GetItemByDataNode(node)) == run.folderItem
    assert run.volumeNode is scan


def test_runs_of_the_same_name_get_a_number(scan):
    names = [createRun(scan, "liver", STRUCTURES[:1]).name for _ in range(3)]
    assert names == ["liver", "liver 2", "liver 3"]
    assert [r.name for r in existingRuns(scan)] == names


def test_runs_belong_to_their_scan(run, scan, phantom):
    other = slicer.util.addVolumeFromArray(phantom[0].voxels[:2], name="other")
    mine = createRun(other, "mine", STRUCTURES[:1])
    assert [r.id for r in existingRuns(scan)] == [run.id]
    assert [r.id for r in existingRuns(other)] == [mine.id]
    assert len(existingRuns()) == 2


def test_a_saved_scene_still_knows_its_runs(run, scan, explained, tmp_path):
    showSaliency(run, threshold=0.4, colormap="inferno")
    voxels = slicer.util.arrayFromVolume(run.saliencyNode).copy()
    spleen = slicer.util.arrayFromSegmentBinaryLabelmap(run.predictionSegmentation, "spleen", scan).copy()
    assert slicer.mrmlScene.WriteToMRB(str(tmp_path / "saved.mrb"))
    slicer.mrmlScene.Clear(0)
    assert existingRuns() == [] and run.saliencyNode is None and run.folderItem == 0
    assert slicer.mrmlScene.ReadFromMRB(str(tmp_path / "saved.mrb"))
    (found,) = existingRuns()
    hierarchy = slicer.mrmlScene.GetSubjectHierarchyNode()
    assert (found.id, found.name, found.structures) == (run.id, run.name, run.structures)
    assert len(found.nodes) == 7 and found.volumeNode.GetName() == "CT abdomen"
    assert hierarchy.GetItemName(found.folderItem) == "Liver, spleen"
    assert hierarchy.GetItemDataNode(hierarchy.GetItemParent(found.folderItem)) is found.volumeNode
    assert found.metrics == explained[1]["summary"] and found.warnings == explained[1]["warnings"]
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(found.saliencyNode), voxels)
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(found.predictionSegmentation, "spleen", found.volumeNode)
    np.testing.assert_array_equal(mask, spleen)
    assert displaySettings(found)["threshold"] == 0.4 and displaySettings(found)["colormap"] == "inferno"
    display = found.saliencyNode.GetDisplayNode()
    assert display.GetApplyThreshold() and display.GetLowerThreshold() == pytest.approx(0.4)
    table = found.metricsTable.GetTable()
    assert table.GetValueByName(0, "score").ToDouble() == pytest.approx(found.metrics[0]["score"], abs=1e-6)
    showSaliency(found)  # and it can be shown again
    showLayout(found)


def userNodes():
    """All nodes but views, which a layout leaves behind in Slicer too."""
    nodes = slicer.util.getNodesByClass("vtkMRMLNode")
    return {n.GetID() for n in nodes if not re.search("Slice|View|Camera", f"{n.GetID()} {n.GetName()}")}


def test_a_removed_run_leaves_nothing_behind(scan, explained):
    createRun(scan, "kept", STRUCTURES)
    colourNode(COLORMAP)
    before, hierarchy = userNodes(), slicer.mrmlScene.GetSubjectHierarchyNode()
    items = hierarchy.GetNumberOfItems()
    run = createRun(scan, "gone", STRUCTURES)
    completeRun(run, str(explained[0]), {})
    showSaliency(run)
    showSaliency(run, signed=True)
    showVolumeRendering(run, True)
    showSurface(run, True)
    showLayout(run)
    restoreLayout()
    removeRun(run)
    left = {i: slicer.mrmlScene.GetNodeByID(i).GetName() for i in userNodes() - before}
    assert not left
    assert before <= userNodes()
    assert hierarchy.GetNumberOfItems() == items
    assert [r.name for r in existingRuns()] == ["kept"]


def removeAsSlicer(node):
    """Slicer takes a removed node's item out of the subject hierarchy; a scene without its window does not."""
    hierarchy = slicer.mrmlScene.GetSubjectHierarchyNode()
    item = hierarchy.GetItemByDataNode(node)
    slicer.mrmlScene.RemoveNode(node)
    hierarchy.RemoveItem(item, False, False)


def test_a_run_whose_nodes_the_user_removed_is_left_alone(run, explained, tmp_path):
    partial = writePartial(tmp_path, {"saliency": np.ones((1, *SHAPE[1:]), np.float32)}, (0, 0, 0), 0)
    removeAsSlicer(run.roiSegmentation)
    removeAsSlicer(run.dropNodes["spleen"])
    assert pasteSlice(run, partial) and completeRun(run, str(explained[0]), {})
    assert list(run.dropNodes) == ["liver"] and run.roiSegmentation is None
    showSaliency(run, signed=True, structure="spleen")
    showLayout(run)
    removeAsSlicer(run.saliencyNode)
    assert not pasteSlice(run, partial) and not completeRun(run, str(explained[0]), {})
    showSaliency(run)
    restoreLayout()
    removeRun(run)
    assert existingRuns() == []


def test_nodes_of_a_new_scene_are_not_mistaken_for_the_runs(run, scan, explained):
    """After a scene was closed, its IDs are given again."""
    ids = {n.GetID() for n in run.nodes}
    slicer.mrmlScene.Clear(0)
    fresh = [slicer.util.addVolumeFromArray(np.zeros(SHAPE, np.float32)) for _ in range(6)]
    assert ids & {n.GetID() for n in fresh}, "the test needs a node with the ID of an old one"
    assert run.saliencyNode is None and not completeRun(run, str(explained[0]), {})
    assert not any(slicer.util.arrayFromVolume(n).any() for n in fresh)


def test_undo_of_the_users_own_work_leaves_a_run_alone(scan, explained):
    points = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLMarkupsFiducialNode")
    points.SetUndoEnabled(True)
    slicer.mrmlScene.SetUndoOn()
    slicer.mrmlScene.SaveStateForUndo()
    points.AddControlPoint(1, 2, 3)
    run = createRun(scan, "run", STRUCTURES)
    completeRun(run, str(explained[0]), {})
    showSaliency(run)
    voxels = slicer.util.arrayFromVolume(run.saliencyNode).copy()
    slicer.mrmlScene.Undo()
    assert points.GetNumberOfControlPoints() == 0
    assert len(run.nodes) == 7 and run.folderItem
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(run.saliencyNode), voxels)
    slicer.mrmlScene.SetUndoOff()


@pytest.mark.parametrize("missing", ["saliency.nrrd", "metrics.csv", "report.json", "drop-spleen.nrrd"])
def test_an_incomplete_folder_is_refused(scan, explained, tmp_path, missing):
    shutil.copytree(explained[0], tmp_path / "run")
    (tmp_path / "run" / missing).unlink()
    run = createRun(scan, "run", STRUCTURES)
    with pytest.raises(SceneError, match="Explain again"):
        completeRun(run, str(tmp_path / "run"), {})


def test_the_result_of_another_scan_is_refused(explained):
    other = slicer.util.addVolumeFromArray(np.zeros((3, 4, 5), np.int16), name="other")
    run = createRun(other, "run", STRUCTURES)
    with pytest.raises(SceneError, match="grid of the scan"):
        completeRun(run, str(explained[0]), {})


def test_no_piece_of_the_work_on_a_large_scan_is_long(explained, tmp_path):
    """Slicer's event loop is served between the pieces, so none may be felt; made and pasted whole, it would be."""
    shape = (150, 512, 512)
    large = slicer.util.addVolumeFromArray(np.zeros(shape, np.int16), name="large")
    slicer.util.setSliceViewerLayers(background=large)
    rows, columns = np.mgrid[: shape[1], : shape[2]]
    disk = ((rows - 250) ** 2 + (columns - 200) ** 2 < 140**2)[None]
    slabs = {"roi": disk.astype(np.uint8), "prediction": disk.astype(np.uint8)}
    slabs |= {name: disk.astype(np.float32) for name in ("saliency", "drop-liver", "drop-spleen")}
    longest = []
    for attempt in range(3):  # what else the machine does disturbs one of them or another
        run = newRun(large, f"run {attempt}", STRUCTURES)
        spent = []
        for work in (
            addNodesInSteps(run, large),
            pasteSliceInSteps(run, writePartial(tmp_path, slabs, (70, 0, 0), 70)),
            pasteSliceInSteps(run, writePartial(tmp_path, slabs, (20, 0, 0), 20)),
        ):
            start = time.thread_time()
            for _piece in work:
                spent.append(time.thread_time() - start)
                start = time.thread_time()
        longest.append(max(spent))
        assert len(spent) > 15 and slicer.util.arrayFromVolume(run.saliencyNode)[20].any()
        removeRun(run)
        if longest[-1] < 0.05:
            break
    assert min(longest) < 0.05


def test_a_run_that_is_not_finished_leaves_nothing_behind(scan):
    before = userNodes()
    run = newRun(scan, "half", STRUCTURES)
    work = addNodesInSteps(run, scan)
    for _piece in range(5):
        next(work)
    assert userNodes() > before
    removeRun(run)
    assert userNodes() == before
