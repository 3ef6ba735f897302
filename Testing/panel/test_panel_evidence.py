"""What speaks for and against a run in the panel: curves, report, reference; and prompts that are learned."""

import os
import shutil
import sys
import types
from pathlib import Path

import numpy as np
import pytest
import slicer

from Testing.panel.lazy import Lazy

# only importable once the stand-in for Slicer runs
views, runs, slices = (Lazy(f"XAICLIPSlicer.scene.{name}") for name in ("views", "runs", "slices"))


@pytest.fixture
def opened(monkeypatch):
    """What the user's web browser is asked to show."""
    import qt

    pages = []
    monkeypatch.setattr(qt.QDesktopServices, "openUrl", lambda url: pages.append(Path(url.toLocalFile())))
    return pages


def drawLabels(window, names):
    """The phantom's own labels as a segmentation."""
    from Testing.panel.conftest import SHAPE, SPACING
    from XAICLIPLib.phantom import make_phantom

    scan, labels = make_phantom(0, SHAPE, SPACING)
    np.testing.assert_array_equal(slicer.util.arrayFromVolume(window.scan), scan.voxels)
    from XAICLIPLib import anatomy
    from XAICLIPLib.roi.given import masks_of

    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "drawn by hand")
    node.CreateDefaultDisplayNodes()
    node.SetReferenceImageGeometryParameterFromVolumeNode(window.scan)
    for name in names:
        mask = masks_of(labels, None, scan, (anatomy.describe(name),), "CT")[0]
        identifier = node.GetSegmentation().AddEmptySegment("", name.capitalize())
        slicer.util.updateSegmentBinaryLabelmapFromArray(mask.astype(np.uint8), node, identifier, window.scan)
    return node


# -- curves ------------------------------------------------------------------------------------------------------------


def test_curvesAreShownUnderTheViewsAndGoAgain(window):
    ui = window.ui
    before = window.display()
    window.evidence = "quick"
    run = window.explain()
    said = {answer["question"]: answer["text"] for answer in run.answers}
    assert said["source"].partition(":")[0] in ui.headlineLabel.text
    assert said["place"].partition(":")[0] in ui.answerLabel.text
    assert "Liver: " in ui.answerLabel.text and "the map" in ui.answerLabel.text and "slice" in ui.testedLabel.text
    shown = "\n".join(label.text for label in (ui.headlineLabel, ui.answerLabel, ui.testedLabel, ui.warningsLabel))
    assert "correlation" not in shown and "deletion" not in shown, "numbers of experts are behind a fold"
    assert "rank correlation" in ui.reasonsLabel.text, "how alike the map is to the organ's shape"
    assert ui.curvesButton.enabled and not ui.curvesComboBox.isVisible()
    ui.curvesButton.click()
    shown = slicer.mrmlScene.GetSingletonNode(views.CURVES_VIEW, "vtkMRMLPlotViewNode").GetPlotChartNode()
    assert views.arrangement() == (False, True) and shown in run.charts
    texts = [ui.curvesComboBox.itemText(i) for i in range(ui.curvesComboBox.count)]
    assert ui.curvesComboBox.isVisible() and len(texts) == 2 and all(text.startswith("Liver, filled") for text in texts)
    other = next(i for i, text in enumerate(texts) if text != shown.GetName())
    ui.curvesComboBox.setCurrentIndex(other)
    ui.curvesComboBox.activated.emit(other)
    view = slicer.mrmlScene.GetSingletonNode(views.CURVES_VIEW, "vtkMRMLPlotViewNode")
    assert view.GetPlotChartNode().GetName() == texts[other]
    ui.comparisonButton.click()
    assert views.arrangement() == (True, True)
    window.leave()
    assert window.display() == before
    window.enter()
    assert views.arrangement() == (True, True)
    ui.removeRunButton.click()
    assert not runs.markedNodes() and window.display() == before


# -- report ------------------------------------------------------------------------------------------------------------


def test_reportIsMadeAndOpened(window, opened, tmp_path):
    window.evidence = "quick"
    run = window.explain()
    window.ui.reportButton.click()
    window.wait(lambda: opened, "the report")
    assert opened[0] == Path(run.folder) / "report.html" and "research" in opened[0].read_text().lower()
    window.ui.reportButton.click()
    assert len(opened) == 2, "what is there is opened at once"
    saved = window.panel.saving.save(str(tmp_path))
    window.wait(lambda: "pictures" in window.ui.statusLabel.text, "the pictures")
    path = tmp_path / "scene.mrb"
    assert slicer.mrmlScene.WriteToMRB(str(path))
    window.clearScene()
    window.loadScene(path)
    window.enter()
    assert window.panel.result.run.folder == str(saved) and window.panel.result.run.charts
    window.ui.reportButton.click()
    assert opened[2] == saved / "report.html", "the saved one, in another session"
    opened[2].unlink()
    window.ui.reportButton.click()
    window.wait(lambda: len(opened) == 4, "the page, drawn anew from what was saved")
    part = window.panel.ask
    window.panel.parts.buttons[window.panel.parts.parts.index(part)].click()
    window.wait(lambda: window.ui.questionsComboBox.count > 1, "the questions: a saved run can be asked")
    shutil.rmtree(saved)
    assert runs.existingRuns()[0].folder == ""
    window.ui.reportButton.click()
    assert len(opened) == 4 and "another session" in window.ui.messageLabel.text
    assert "Explain again" in window.ui.messageLabel.text


def test_dicomIsOneButtonAway(window, monkeypatch, tmp_path):
    import qt

    monkeypatch.setattr(qt.QFileDialog, "getExistingDirectory", lambda *arguments: str(tmp_path / "dicom"))
    window.explain()
    window.ui.dicomButton.click()
    window.wait(lambda: "DICOM objects are in" in window.ui.statusLabel.text, "the objects")
    assert list((tmp_path / "dicom").rglob("*.dcm"))


def test_dicomGoesIntoSlicersOwnDatabase(window, monkeypatch, tmp_path):
    """As DICOMLib does it: a folder is given to the database, which copies what is in it."""
    import pydicom

    taken = []

    def importDicom(dicomDataDir, dicomDatabase=None, copyFiles=False):
        assert dicomDatabase is slicer.dicomDatabase and copyFiles
        taken.append([pydicom.dcmread(path) for path in sorted(Path(dicomDataDir).rglob("*.dcm"))])
        return answers.pop(0)

    answers = [True, False]
    monkeypatch.setattr(slicer, "dicomDatabase", type("Database", (), {"isOpen": True})(), raising=False)
    library = types.ModuleType("DICOMLib")
    library.DICOMUtils = types.SimpleNamespace(importDicom=importDicom)
    monkeypatch.setitem(sys.modules, "DICOMLib", library)
    window.explain()
    window.ui.dicomButton.click()
    window.wait(lambda: "Slicer's database" in window.ui.statusLabel.text, "the database")
    assert {"SEG", "SR", "DOC"} <= {thing.Modality for thing in taken[0]}
    assert len({thing.StudyInstanceUID for thing in taken[0]}) == 1
    assert b"%PDF" in bytes(next(t for t in taken[0] if t.Modality == "DOC").EncapsulatedDocument)[:8]
    window.ui.dicomButton.click()
    window.wait(lambda: "did not take" in window.ui.messageLabel.text, "the refusal")
    slicer.dicomDatabase.isOpen = False
    window.panel.saving.saveDicom("")
    assert "not open" in window.ui.messageLabel.text


# -- reference ---------------------------------------------------------------------------------------------------------


def test_maskIsScoredAgainstTheReference(window):
    node = drawLabels(window, ["liver", "spleen"])
    window.ui.referenceSelector.setCurrentNode(node)
    window.process(0.05)
    assert window.parameters.reference is node and "“Liver”" in window.ui.referenceInfoLabel.text
    run = window.explain()
    assert 0.5 < run.metrics[0]["dice"] < 0.99
    # the score is taken on the model's own grid, the Dice on the scan's
    assert run.metrics[0]["score"] == pytest.approx(run.metrics[0]["dice"], abs=0.03)
    assert "overlap with the reference" in window.ui.answerLabel.text
    window.ui.referenceSelector.setCurrentNode(None)
    assert window.explain().metrics[0]["score"] == pytest.approx(1.0)


def test_referenceWithoutTheStructureIsSaid(window):
    node = drawLabels(window, ["spleen"])
    window.parameters.reference = node
    assert "no segment called liver; it has Spleen" in window.ui.referenceInfoLabel.text
    window.ui.explainButton.click()
    assert window.ui.messageFrame.isVisible() and "Rename the segment" in window.ui.messageLabel.text
    assert not window.panel.isRunning


# -- learned prompts ---------------------------------------------------------------------------------------------------


def test_promptsAreLearnedFromASegmentationAndUsedAtOnce(window, tmp_path):
    ui, parameters = window.ui, window.parameters
    assert not ui.learnButton.enabled and "segmentation" in ui.learnButton.toolTip
    parameters.structures = ["pancreas"]  # which the words hardly find in the phantom
    ui.learnFromSelector.setCurrentNode(drawLabels(window, ["liver", "pancreas"]))
    window.process(0.05)
    assert ui.learnButton.enabled
    parameters.shots = 2
    path = tmp_path / "pancreas.safetensors"
    window.panel.learning.learn(str(path))
    assert ui.learnButton.text == "Cancel"
    window.wait(lambda: not window.panel.learning._isLearning, "the learning")
    assert path.is_file(), ui.messageLabel.text
    assert parameters.learnedPrompts == str(path) and ui.learnedPromptsLineEdit.currentPath == str(path)
    assert "Pancreas: Dice of the region 0." in ui.learnInfoLabel.text
    assert "In use from pancreas.safetensors" in ui.learnInfoLabel.text
    assert window.panel.request()[0].vlm.learned_prompts == str(path)
    slices.showSlice(window.scan, 3)
    ui.previewButton.click()
    window.wait(lambda: "of the slice" in ui.regionInfoLabel.text, "the region by the learned prompts")


def test_nothingIsWrittenWhereNothingIsBetter(window, tmp_path):
    window.parameters.structures = ["spleen"]  # its words find it already
    window.parameters.learnFrom = drawLabels(window, ["liver", "spleen"])
    window.parameters.shots = 3
    window.panel.learning.learn(str(tmp_path / "spleen.safetensors"))
    window.wait(lambda: not window.panel.learning._isLearning, "the learning")
    assert "structure is found better by learned prompts" in window.ui.messageLabel.text
    assert window.parameters.learnedPrompts == "" and not (tmp_path / "spleen.safetensors").exists()


def test_learningCanBeCancelled(window, tmp_path):
    window.parameters.learnFrom = drawLabels(window, ["liver"])
    window.parameters.shots = 2
    window.panel.learning.learn(str(tmp_path / "liver.safetensors"))
    window.process(0.3)
    window.ui.learnButton.click()
    assert "Stopped" in window.ui.learnInfoLabel.text and window.ui.learnButton.text == "Learn…"
    assert window.panel.runner._learner is None
    window.process(0.3)
    assert os.listdir(tmp_path) == [] or not (tmp_path / "liver.safetensors").exists()
