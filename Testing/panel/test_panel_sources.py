"""A segment that a model of another extension has made is explained: found in a scene, compared, asked."""

from types import SimpleNamespace

import numpy as np
import pytest
import slicer

from Testing.panel.lazy import Lazy

choices = Lazy("XAICLIPSlicer.panel.choices")  # only importable once the stand-in for Slicer runs
found, programs, segments, menus = (
    Lazy(f"XAICLIPSlicer.sources.{name}") for name in ("found", "programs", "segments", "menus")
)
TERMINOLOGY = (
    "Segmentation category and type - Total Segmentator~SCT^123037004^Anatomical Structure~SCT^64033007^Kidney"
    "~SCT^7771000^Left~Anatomic codes - DICOM master list~^^~^^"
)


def parameterNode(module, references=None, **parameters):
    """What an extension leaves in the scene."""
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScriptedModuleNode", module)
    node.SetAttribute("ModuleName", module)
    for name, value in parameters.items():
        node.SetParameter(name, value)
    for role, other in (references or {}).items():
        node.SetNodeReferenceID(role, other.GetID())
    return node


def installed(program, task, spec, structures=(), refused=""):
    """As the worker tells of a model on this machine."""
    return {
        "program": program, "task": task, "spec": spec, "path": f"/models/{task}", "structures": list(structures),
        "bytes": 1, "explainable": not refused, "refused": refused, "notes": [],
    }  # fmt: skip


def segmentation(volumeNode, name="segmentation", refers=True, **masks):
    """A segmentation on a scan, as an extension makes one."""
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", name)
    node.CreateDefaultDisplayNodes()
    if refers:
        node.SetReferenceImageGeometryParameterFromVolumeNode(volumeNode)
    for label, mask in masks.items():
        identifier = node.GetSegmentation().AddEmptySegment(label, label)
        slicer.util.updateSegmentBinaryLabelmapFromArray(mask.astype(np.uint8), node, identifier, volumeNode)
    return node


@pytest.fixture
def drawn(window):
    """The bundled model's own liver, as a segmentation of somebody else's."""
    run = window.explain(sliceChoice=choices.SliceChoice.RANGE, firstSlice=2, lastSlice=3)
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(run.predictionSegmentation, "liver", window.scan) > 0
    assert mask.any()
    return mask


@pytest.fixture
def models(window, monkeypatch):
    """What is on this machine."""
    listed = []
    monkeypatch.setattr(
        window.panel.runner, "installedModels", lambda onResult, onError: onResult({"models": list(listed)})
    )
    return listed


# -- what a scene says -------------------------------------------------------------------------------------------------


def test_whatTheExtensionsLeftIsRead(window):
    made = segmentation(window.scan)
    scan = {"InputVolume": window.scan, "OutputSegmentation": made}
    parameterNode("TotalSegmentator", scan, Task="total", Quality="fast", RobustCrop="false")
    parameterNode("MONAIAuto3DSeg", {"InputNode0": window.scan, "OutputSegmentation": made}, Model="abdominal-v2.0.0")
    parameterNode("VoxTell", scan, PromptsText="liver")
    parameterNode("MONAILabel", {"InputVolume": window.scan}, SegmentationModel="segmentation")
    parameterNode("TotalSegmentatorOfSomebodyElse", scan, Task="total")
    ran = {r.program: r for r in programs.lastRuns()}
    assert set(ran) == {"TotalSegmentator", "MONAIAuto3DSeg", "VoxTell", "MONAI Label"}
    assert ran["TotalSegmentator"].model == "totalsegmentator:total:fast"
    assert all(r.volume is window.scan for r in ran.values())
    assert ran["MONAI Label"].segmentation is None and ran["VoxTell"].segmentation is made


@pytest.mark.parametrize("parameters, model", [
    ({"Task": "total", "Quality": "normal"}, "totalsegmentator:total"),
    ({"Task": "total", "Quality": "fastest"}, "totalsegmentator:total:fastest"),
    ({"Task": "body", "Fast": "true"}, "totalsegmentator:body:fast"),
    ({"Task": "lung_vessels", "Fast": "false"}, "totalsegmentator:lung_vessels"),
])  # fmt: skip
def test_theQualityOfTotalSegmentator(window, parameters, model):
    parameterNode("TotalSegmentator", **parameters)
    assert [r.model for r in programs.lastRuns()] == [model]


def test_theFolderOfSlicerNNUNetStandsInTheSettings(window):
    import qt

    parameterNode("SlicerNNUNet", {"inputVolume": window.scan})
    settings = qt.QSettings()
    for text, expected in (
        ('{"modelPath": {"_path": "/models/Dataset009"}, "device": "cpu"}', ["nnunet:/models/Dataset009"]),
        ('{"modelPath": "/models/Dataset010"}', ["nnunet:/models/Dataset010"]),
        ("no JSON", []),
    ):
        settings.setValue("SlicerNNUNet/Parameter", text)
        assert [r.model for r in programs.lastRuns()] == expected
    settings.remove("SlicerNNUNet/Parameter")


def test_theModelThatTheSceneNamesComesFirst(window):
    made, other = segmentation(window.scan), segmentation(window.scan, "another")
    here = [installed("MONAIAuto3DSeg", "abdominal-v2.0.0", "auto3dseg:/a", ["liver"])]
    node = parameterNode("MONAIAuto3DSeg", {"InputNode0": window.scan, "OutputSegmentation": made}, Model="abdominal")
    [model] = found.modelsOf(made, here)
    assert (model.model, model.isSaid) == ("auto3dseg:/a", True)
    assert found.modelsOf(other, here) == [], "it made another one, and nothing is called anything"
    node.SetParameter("Model", "prostate-v1.0.0")
    assert found.modelsOf(made, here) == [], "that model is not on this machine"


def test_withoutAParameterNodeTheNamesOfTheSegmentsTell(window):
    mask = np.zeros(slicer.util.arrayFromVolume(window.scan).shape)
    made = segmentation(window.scan, liver=mask, spleen=mask, **{"Left kidney": mask})
    few = installed("nnU-Net", "Dataset001", "nnunet:/few", ["liver", "spleen", "kidney_left"])
    many = installed("TotalSegmentator", "total", "totalsegmentator:total", ["liver", "spleen", "kidney_left", "heart"])
    other = installed("nnU-Net", "Dataset002", "nnunet:/other", ["liver", "prostate"])
    gone = installed("nnU-Net", "Dataset003", "nnunet:/gone", ["liver", "spleen", "kidney_left"], refused="it lacks")
    models = found.modelsOf(made, [many, other, gone, few])
    assert [m.model for m in models] == ["nnunet:/few", "totalsegmentator:total"] and not any(m.isSaid for m in models)
    # what ran last on this scan is likelier than what merely fits
    parameterNode("TotalSegmentator", {"InputVolume": window.scan}, Task="total")
    assert found.modelsOf(made, [many, few])[0].model == "totalsegmentator:total"


def test_whatASegmentIs(window):
    mask = np.zeros(slicer.util.arrayFromVolume(window.scan).shape)
    made = segmentation(window.scan, kidney_right=mask, Milz=mask, something=mask)
    segment = made.GetSegmentation().GetSegment("something")
    segment.SetTag(segment.GetTerminologyEntryTagName(), TERMINOLOGY)
    made.GetSegmentation().GetSegment("kidney_right").SetName("Niere rechts")
    names = {i: segments.structureOf(made, i) for i in made.GetSegmentation().GetSegmentIDs()}
    assert names == {"kidney_right": "kidney_right", "Milz": "Milz", "something": "kidney_left"}


def test_onWhichScanASegmentationLies(window):
    from XAICLIPSlicer.scene.sampledata import loadPhantom

    mask = np.ones(slicer.util.arrayFromVolume(window.scan).shape)
    [other] = loadPhantom(shape=(6, 96, 96), spacing=(4.0, 4.0, 25.0))
    said, silent = segmentation(window.scan, liver=mask), segmentation(window.scan, refers=False, liver=mask)
    assert segments.isOn(said, window.scan) and not segments.isOn(said, other)
    silent.SetNodeReferenceID(silent.GetReferenceImageGeometryReferenceRole(), None)
    assert segments.scanOf(silent) is None and segments.isOn(silent, window.scan)
    other.SetOrigin(5000, 0, 0)
    assert not segments.isOn(silent, other)


# -- in the panel ------------------------------------------------------------------------------------------------------


def said(window, text):
    window.wait(lambda: text in window.ui.sceneInfoLabel.text, f"{text!r} in the line of the segment")
    return window.ui.sceneInfoLabel.text


def test_aRightClickExplainsASegment(window, drawn, models):
    from Testing.host.subjecthierarchy import menuOf

    models.append(installed("MONAIAuto3DSeg", "abdominal-v2.0.0", "bundled", ["liver"]))
    made = segmentation(window.scan, "CT segmentation", liver=drawn)
    parameterNode("MONAIAuto3DSeg", {"InputNode0": window.scan, "OutputSegmentation": made}, Model="abdominal-v2.0.0")
    menus.register()
    menus.register()  # no second entry
    hierarchy = slicer.mrmlScene.GetSubjectHierarchyNode()
    item = hierarchy.GetItemByDataNode(made) or hierarchy.CreateItem(hierarchy.GetSceneItemID(), made)
    segmentItem = hierarchy.CreateHierarchyItem(item, "liver", "Segments")
    hierarchy.SetItemAttribute(segmentItem, slicer.vtkMRMLSegmentationNode.GetSegmentIDAttributeName(), "liver")
    run = window.panel.result.run
    for ours in (run.predictionSegmentation, run.saliencyNode):
        assert menuOf(hierarchy.GetItemByDataNode(ours)) == []
    window.leave()
    window.parameters.inputVolume = None
    [action] = menuOf(segmentItem)
    assert action.text == "Explain with XAICLIP"
    action.trigger()
    assert slicer.util.selectedModule() == "XAICLIP"
    parameters = window.parameters
    assert parameters.modelSource is choices.ModelSource.SCENE and parameters.inputVolume is window.scan
    assert list(parameters.structures) == ["liver"] and parameters.sourceSegment == "liver"
    text = said(window, "Dice")
    assert "Made by MONAIAuto3DSeg abdominal-v2.0.0" in text
    assert "Its prediction today is the segment: Dice 1.00 in 2 of its 2 slices." in text
    assert window.ui.explainButton.enabled, window.ui.statusLabel.text
    explained = window.explain()
    assert explained.metrics[0]["structure"] == "liver"
    hierarchy.RemoveItem(item)
    slicer.util.moduleSelector().disconnect("moduleSelected(QString)", menus._moduleSelected)


def test_anEditedSegmentIsNotThePrediction(window, drawn, models):
    models.append(installed("nnU-Net", "Dataset001", "bundled", ["liver"]))
    edited = drawn.copy()
    edited[:, :, edited.shape[2] // 3 :] = False
    window.panel.sceneSource.choose(segmentation(window.scan, liver=edited), "liver")
    text = said(window, "Dice")
    assert "Probably made by nnU-Net Dataset001" in text and "is not the segment: Dice 0." in text
    assert "What is explained is the prediction" in text


def test_whereNoModelIsFoundTheUserIsAskedForOne(window, drawn, models):
    made = segmentation(window.scan, "drawn by hand", liver=drawn)
    window.panel.sceneSource.choose(made, "liver")
    assert "Nothing in the scene says which model made drawn by hand" in said(window, "Nothing")
    assert window.ui.modelPathLineEdit.isVisible() and not window.ui.explainButton.enabled
    window.parameters.modelPath = "bundled"
    assert "is the segment: Dice 1.00" in said(window, "Dice")
    window.parameters.modelPath = "/no/such/model.pt"
    assert "/no/such/model.pt" in said(window, "model.pt")


def test_aSegmentationOnAnotherScanIsOneLine(window, drawn, models):
    from XAICLIPSlicer.scene.sampledata import loadPhantom

    models.append(installed("nnU-Net", "Dataset001", "bundled", ["liver"]))
    made = segmentation(window.scan, "CT segmentation", liver=drawn)
    window.ui.modelSourceComboBox.setCurrentIndex(list(choices.ModelSource).index(choices.ModelSource.SCENE))
    assert "Choose the segment" in window.ui.sceneInfoLabel.text
    [other] = loadPhantom(shape=(6, 96, 96), spacing=(4.0, 4.0, 25.0))
    other.SetName("MR")
    window.parameters.inputVolume = other
    window.ui.sourceSegmentSelector.setCurrentNode(made)
    window.ui.sourceSegmentSelector.setCurrentSegmentID("liver")
    window.process(0.05)
    text = said(window, "lies on")
    assert f"CT segmentation lies on {window.scan.GetName()}, not on MR." in text and "\n" not in text
    assert not window.ui.explainButton.enabled
    ours = window.panel.result
    window.parameters.inputVolume = window.scan
    said(window, "Dice")
    assert ours.run is not None
    window.ui.sourceSegmentSelector.setCurrentNode(ours.run.predictionSegmentation)
    window.process(0.05)
    assert "is a result of XAICLIP" in said(window, "result")


def test_theSegmentEditorHasAButton(window, drawn, models, monkeypatch):
    import qt

    models.append(installed("nnU-Net", "Dataset001", "bundled", ["liver", "spleen"]))
    made = segmentation(window.scan, liver=drawn, spleen=drawn)
    editor = slicer.qMRMLSegmentEditorWidget()

    class Representation(qt.QWidget):
        def self(self):
            return SimpleNamespace(editor=editor)

    widget = Representation()
    qt.QVBoxLayout(widget)
    monkeypatch.setattr(
        slicer.modules, "segmenteditor", SimpleNamespace(widgetRepresentation=lambda: widget), raising=False
    )
    menus.register()
    slicer.util.selectModule("SegmentEditor")
    button = menus.addToSegmentEditor()
    assert button is menus.addToSegmentEditor() and len(widget.findChildren(qt.QPushButton)) == 1
    button.click()
    assert slicer.util.selectedModule() == "SegmentEditor", "nothing is selected there"
    editor.setSegmentationNode(made)
    editor.setCurrentSegmentID("liver")
    button.click()
    assert slicer.util.selectedModule() == "XAICLIP"
    assert window.parameters.sourceSegmentation is made and window.parameters.sourceSegment == "liver"
    assert "Dice 1.00" in said(window, "Dice")
    slicer.util.moduleSelector().disconnect("moduleSelected(QString)", menus._moduleSelected)


# -- what is on this machine -------------------------------------------------------------------------------------------


def test_theModelsOnThisMachineAreAList(window, models):
    models += [
        installed("MONAI Label", "radiology/deepedit", "", refused="a click says what it segments"),
        installed("nnU-Net", "Dataset001", "bundled", ["liver", "spleen"]),
    ]
    combo = window.ui.installedComboBox
    assert not combo.isVisible()
    window.ui.modelSourceComboBox.setCurrentIndex(list(choices.ModelSource).index(choices.ModelSource.INSTALLED))
    window.process(0.05)
    assert combo.isVisible()
    texts = [combo.itemText(i) for i in range(combo.count)]
    assert texts == ["Choose a model", "nnU-Net · Dataset001", "✗ MONAI Label · radiology/deepedit"]
    assert not window.ui.explainButton.enabled
    combo.setCurrentIndex(2)
    combo.activated.emit(2)
    assert "a click says what it segments" in window.ui.messageLabel.text and combo.currentIndex == 0
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    assert window.parameters.installedModel == "bundled" and "liver" in combo.toolTip
    run = window.explain()
    assert run.metrics


def test_theWorkerKnowsWhatIsOnThisMachine(window):
    """The real list, whatever is on it."""
    window.ui.modelSourceComboBox.setCurrentIndex(list(choices.ModelSource).index(choices.ModelSource.INSTALLED))
    window.wait(lambda: window.panel.installed.models is not None, "the list")
    assert window.ui.installedComboBox.itemText(0) in ("Choose a model", "No program has left a model here")


# -- scales ------------------------------------------------------------------------------------------------------------


def test_eachSliceCanHaveItsOwnScale(window):
    from XAICLIPSlicer.scene.slices import showSlice

    run = window.explain(sliceChoice=choices.SliceChoice.RANGE, firstSlice=2, lastSlice=3)
    voxels = slicer.util.arrayFromVolume(run.saliencyNode)
    voxels[2] *= 0.2 / max(voxels[2].max(), 1e-6)
    display = run.saliencyNode.GetDisplayNode()
    showSlice(window.scan, 2)
    window.process(0.05)
    assert display.GetWindowLevelMax() == 1.0
    window.ui.ownScalesCheckBox.click()
    window.process(0.05)
    assert display.GetWindowLevelMax() == pytest.approx(0.2, rel=1e-3)
    assert "can't be compared" in window.ui.saliencyThresholdInfoLabel.text
    showSlice(window.scan, 3)
    window.process(0.05)
    assert display.GetWindowLevelMax() == pytest.approx(float(voxels[3].max()), rel=1e-3)
    window.ui.ownScalesCheckBox.click()
    window.process(0.05)
    assert display.GetWindowLevelMax() == 1.0
