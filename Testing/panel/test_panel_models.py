"""Other models in the panel: language models and their download, model files, and prompts."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import slicer

from Testing.panel.lazy import Lazy

# only importable once the stand-in for Slicer runs
choices, qualities, panelRequest = (Lazy(f"XAICLIPSlicer.panel.{name}") for name in ("choices", "qualities", "request"))
client = Lazy("XAICLIPSlicer.worker.client")

ROOT = Path(__file__).parents[2]
# PyTorch stays out of this process, as it stays out of Slicer's
MAKE_FILES = """
import json, sys, open_clip, torch
from pathlib import Path
from safetensors.torch import save_file
from Testing.unit.modelfiles import DECLARED, bundled_unet, declare
from Testing.unit.test_sam import small_sam
place = Path(sys.argv[1])
unet = bundled_unet()
torch.jit.trace(unet, torch.rand(1, 1, 160, 160)).save(str(place / "unet.pt"))
declare(place / "unet.pt", **DECLARED)
class Two(torch.nn.Module):
    def forward(self, image):
        liver = torch.sigmoid((image[:, 1:2] - 0.5) * 40)
        return torch.cat([1 - liver, liver], 1)
torch.jit.trace(Two(), torch.rand(1, 2, 32, 32)).save(str(place / "two.pt"))
declare(place / "two.pt", images=["CT", "T2"], window=[0, 100], resize="native", classes=["background", "liver"])
torch.jit.trace(Two(), torch.rand(1, 2, 32, 32)).save(str(place / "nc.pt"))
declare(place / "nc.pt", images=["CT", "T2"], window=[0, 100], resize="native", classes=["background", "liver"],
        licence="CC-BY-NC-4.0")
torch.save(small_sam().state_dict(), place / "medsam.pth")
clip = {
    "embed_dim": 24,
    "vision_cfg": {"image_size": 64, "layers": 2, "width": 32, "head_width": 16, "patch_size": 16},
    "text_cfg": {"context_length": 32, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1},
}
(place / "open_clip_config.json").write_text(json.dumps({"model_cfg": clip}))
weights = {key: value.contiguous() for key, value in open_clip.CLIP(**clip).state_dict().items()}
save_file(weights, place / "open_clip_model.safetensors")
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    place = tmp_path_factory.mktemp("models")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", MAKE_FILES, str(place)], check=True, cwd=ROOT, env=environment, timeout=200)
    return place


@pytest.fixture
def listed(window):
    window.warm()
    window.panel.languageModel.ask()
    window.wait(lambda: "biomedclip" in window.panel.languageModel._known, "the list of language models")
    return window


# -- language models ---------------------------------------------------------------------------------------------------


def test_languageModelsAreOfferedWithLicenceAndPlace(listed):
    combo = listed.ui.languageModelComboBox
    names = [combo.itemText(i) for i in range(combo.count)]
    assert names[0] == "bundled" and {"biomedclip", "ViT-B-16:openai"} <= set(names)
    assert combo.currentText == "bundled" and "on this computer" in listed.ui.languageModelInfoLabel.text
    assert not listed.ui.languageModelDownloadButton.isVisible()


def test_whatIsNotHereIsNotUsedAndNotFetchedUnasked(listed):
    listed.ui.languageModelComboBox.setEditText("biomedclip")
    listed.process(0.1)
    text, button = listed.ui.languageModelInfoLabel.text, listed.ui.languageModelDownloadButton
    assert "MIT" in text and "not on this computer" in text
    assert button.isVisible() and button.text == "Download 784 MB" and "huggingface.co" in button.toolTip
    assert not listed.ui.explainButton.enabled and "Download the language model" in listed.ui.statusLabel.text
    assert not listed.ui.previewButton.enabled
    listed.ui.languageModelComboBox.setEditText("bundled")
    listed.process(0.1)
    assert listed.ui.explainButton.enabled and not button.isVisible()


def test_downloadThatFailsSaysWhyAndOneThatIsCancelledLeavesNothing(listed, tmp_path, monkeypatch):
    monkeypatch.setenv("XAICLIP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nobody listens there
    listed.ui.languageModelComboBox.setEditText("ViT-B-16:openai")
    listed.process(0.1)
    button = listed.ui.languageModelDownloadButton
    listed.ui.languageModelDownloadButton.click()
    assert button.text == "Cancel" and "Downloading" in listed.ui.languageModelInfoLabel.text
    listed.wait(lambda: listed.ui.messageFrame.isVisible(), "the failure")
    assert "127.0.0.1" in listed.ui.messageLabel.text and button.text.startswith("Download")
    button.click()
    button.click()
    assert button.text.startswith("Download") and listed.panel.runner._downloader is None
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file() and path.stat().st_size > 10_000]


def test_modelOfNoListIsOfferedWhereItIsNeededAndThenUsed(listed, files, monkeypatch):
    from Testing.unit.hubserver import running_hub

    button, name = listed.ui.languageModelDownloadButton, "hf-hub:owner/their-clip@v1"
    with running_hub() as hub:
        hub.serve("owner/their-clip", "v1", files / "open_clip_config.json", files / "open_clip_model.safetensors")
        listed.ui.languageModelComboBox.setEditText(name)
        listed.process(0.1)
        assert not button.isVisible(), "nobody knows yet"
        listed.ui.previewButton.click()
        listed.wait(button.isVisible, "the offer")
        assert button.text == "Download" and "/owner/their-clip" in button.toolTip
        assert name in listed.ui.messageLabel.text and not listed.ui.explainButton.enabled
        assert not hub.asked

        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        button.click()
        listed.wait(lambda: "of the slice" in listed.ui.regionInfoLabel.text, "the region")
        assert not button.isVisible() and not listed.ui.messageFrame.isVisible()
        assert sum("open_clip_model.safetensors" in path for path in hub.asked) == 1
    assert listed.panel.request()[0].vlm.model == name


def test_strategyAndLearnedPromptsReachTheRequest(window, tmp_path):
    window.parameters.strategy = choices.Strategy.WINDOW
    window.ui.learnedPromptsLineEdit.setCurrentPath(str(tmp_path / "contexts.safetensors"))
    request, _segment = window.panel.request()
    assert request.vlm.strategy == "window" and request.vlm.learned_prompts == str(tmp_path / "contexts.safetensors")
    window.parameters.regionSource = choices.RegionSource.PREDICTION
    assert not window.ui.strategyComboBox.isVisible() and not window.ui.learnedPromptsLineEdit.isVisible()


def test_promptsThatAreMissingAreSaid(window, tmp_path):
    window.ui.learnedPromptsLineEdit.setCurrentPath(str(tmp_path / "contexts.safetensors"))
    window.warm()
    window.ui.previewButton.click()
    window.wait(lambda: "contexts.safetensors" in window.ui.regionInfoLabel.text, "the refusal")


# -- model files -------------------------------------------------------------------------------------------------------


def test_modelFileIsRecognisedCheckedAndExplained(window, files):
    window.parameters.modelSource = choices.ModelSource.FILE
    window.ui.modelPathLineEdit.setCurrentPath(str(files / "unet.pt"))
    window.ui.checkModelButton.click()
    window.wait(lambda: "liver" in window.ui.modelInfoLabel.text, "the check")
    assert not window.ui.promptSelector.isVisible()
    run = window.explain()
    assert np.count_nonzero(slicer.util.arrayFromVolume(run.saliencyNode)) > 100


def test_modelOfSeveralImagesAsksForThem(window, files):
    assert not window.ui.image2Selector.isVisible()
    window.parameters.modelSource = choices.ModelSource.FILE
    window.ui.modelPathLineEdit.setCurrentPath(str(files / "two.pt"))
    window.ui.checkModelButton.click()
    window.wait(lambda: "Takes CT, T2" in window.ui.modelInfoLabel.text, "the check")
    assert window.ui.image2Selector.isVisible() and not window.ui.image3Selector.isVisible()
    assert window.ui.image2Label.text == "T2:"
    assert not window.ui.explainButton.enabled and "Choose the image T2" in window.ui.statusLabel.text
    scan = window.parameters.inputVolume
    second = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "T2")
    slicer.util.updateVolumeFromArray(second, slicer.util.arrayFromVolume(scan).astype(np.float32))
    second.SetSpacing(scan.GetSpacing())
    second.SetOrigin(scan.GetOrigin())
    second.SetIJKToRASDirections(*np.ravel(slicer.util.arrayFromVTKMatrix(directionsOf(scan))[:3, :3]).tolist())
    window.ui.image2Selector.setCurrentNode(second)
    window.process(0.05)
    assert window.panel.request()[0].images.paths == (second.GetID(),)
    run = window.explain(regionSource=choices.RegionSource.WHOLE)
    assert np.count_nonzero(slicer.util.arrayFromVolume(run.saliencyNode)) > 10
    window.parameters.modelSource = choices.ModelSource.BUNDLED
    window.process(0.05)
    assert not window.ui.image2Selector.isVisible() and window.panel.request()[0].images.paths == ()


def directionsOf(node):
    import vtk

    matrix = vtk.vtkMatrix4x4()
    node.GetIJKToRASDirectionMatrix(matrix)
    return matrix


def test_promptableModelAsksForAPrompt(window, files):
    window.parameters.modelSource = choices.ModelSource.FILE
    window.ui.modelPathLineEdit.setCurrentPath(str(files / "medsam.pth"))
    assert not window.ui.promptSelector.isVisible()
    window.ui.checkModelButton.click()
    window.wait(lambda: "points at" in window.ui.modelInfoLabel.text, "the check")
    assert window.ui.promptSelector.isVisible() and window.panel.structures.isSegmented("pancreas")
    assert window.panel.request()[0].prompt.box is None

    roi = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLMarkupsROINode")
    roi.SetCenter(10.0, 20.0, 30.0)
    roi.SetSize(20.0, 40.0, 60.0)
    window.ui.promptSelector.setCurrentNode(roi)
    window.process(0.05)
    np.testing.assert_allclose(window.panel.request()[0].prompt.box, (-20, 0, -40, 0, 0, 60), atol=1e-4)

    points = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLMarkupsFiducialNode")
    points.AddControlPoint(1.0, 2.0, 3.0)
    points.AddControlPoint(4.0, 5.0, 6.0)
    points.SetNthControlPointSelected(1, False)
    window.ui.promptSelector.setCurrentNode(points)
    window.process(0.05)
    request = window.panel.request()[0]
    np.testing.assert_allclose(request.prompt.points, (-1, -2, 3, 1, -4, -5, 6, 0), atol=1e-4)
    assert request.prompt.box is None


def test_chosenKindStandsInTheRequest(window, files):
    window.parameters.modelSource = choices.ModelSource.FILE
    window.parameters.modelKind = choices.ModelKind.SAM
    window.ui.modelPathLineEdit.setCurrentPath(str(files / "medsam.pth"))
    assert window.panel.request()[0].model == f"sam:{files / 'medsam.pth'}"
    assert window.ui.promptSelector.isVisible(), "known without opening it"


def test_missingPackagesOfAModelAreOfferedWithAButton(window, monkeypatch):
    from types import SimpleNamespace

    from XAICLIPSlicer.worker import dependencies

    wanted = SimpleNamespace(name="nnunetv2", requirement="nnunetv2>=2.5", size_mb=130)
    monkeypatch.setattr(dependencies, "missing", lambda extra="": [wanted] if extra == "nnunet" else [])
    error = client.WorkerError("an nnU-Net model needs the Python package nnunetv2", -32000, "MissingPackage", "nnunet")
    again = []
    assert window.panel.explaining.offerMissing(error, lambda: again.append(True))
    assert "nnunetv2" in window.ui.messageLabel.text and "130 MB" in window.ui.messageLabel.text
    assert window.ui.messageButton.text == "Install"
    assert not window.panel.explaining.offerMissing(
        client.WorkerError("no such file", -32000, "InputError"), again.clear
    )


def test_licenceWithoutCommercialUseIsAcceptedWithAButton(window, files):
    window.parameters.modelSource = choices.ModelSource.FILE
    window.ui.modelPathLineEdit.setCurrentPath(str(files / "nc.pt"))
    window.ui.checkModelButton.click()
    window.wait(lambda: window.ui.messageFrame.isVisible(), "the licence")
    text = window.ui.messageLabel.text
    assert "forbids commercial use" in text and "CC-BY-NC-4.0" in text and window.ui.messageButton.text == "I accept"
    assert "liver" not in window.ui.modelInfoLabel.text
    window.ui.messageButton.click()
    window.wait(lambda: "liver" in window.ui.modelInfoLabel.text, "the model")
    assert not window.ui.messageFrame.isVisible() and window.ui.checkModelButton.enabled


@pytest.mark.parametrize("method", ["HIERARCHICAL", "KERNELSHAP", "HSIC"])
def test_newerMethodsRunFromThePanel(window, method):
    run = window.explain(method=choices.MethodChoice[method])
    assert np.count_nonzero(slicer.util.arrayFromVolume(run.saliencyNode)) > 100
    assert window.ui.patchLabel.isVisible() == (method == "HIERARCHICAL")
    assert window.ui.samplesLabel.isVisible() == (method != "HIERARCHICAL")
    assert window.ui.gridLabel.isVisible() == (method == "HSIC")


def test_everyMethodOfTheEngineIsOfferedWithItsSettings(window):
    from XAICLIPLib.attribution.methods import METHODS

    assert {choice.value for choice in choices.MethodChoice} == set(METHODS)
    for choice in choices.MethodChoice:
        for quality, settings in qualities.QUALITIES[choice].items():
            assert set(settings) <= set(qualities.SETTINGS[choice]), (choice, quality)
        window.parameters.method = choice
        assert panelRequest.methodOf(window.parameters).name == choice.value
    window.parameters.method = choices.MethodChoice.RISE
    assert panelRequest.methodOf(window.parameters).tolerance is None, "0 is never"
    window.ui.toleranceSpinBox.setValue(0.1)
    assert panelRequest.methodOf(window.parameters).tolerance == 0.1


def test_runBecomesDicomObjects(window, tmp_path):
    import pydicom

    window.explain()
    assert "support" in window.ui.testedLabel.text.lower() or "not tested" in window.ui.testedLabel.text.lower()
    window.panel.saving.saveDicom(str(tmp_path / "dicom"))
    window.wait(lambda: "DICOM objects are in" in window.ui.statusLabel.text, "the objects")
    kinds = {pydicom.dcmread(path, stop_before_pixels=True).Modality for path in (tmp_path / "dicom").rglob("*.dcm")}
    assert "SEG" in kinds and len(kinds) > 1
