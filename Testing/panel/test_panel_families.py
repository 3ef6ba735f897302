"""Every family of models in the panel, as a user has it on disk: chosen, checked, explained.

MedSAM is in `test_panel_models.py`. LiteMedSAM and MobileSAM, whose evaluations are slow, share SAM's way through the
panel: they are checked here and not explained.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import slicer

from Testing.panel.lazy import Lazy

choices = Lazy("XAICLIPSlicer.panel.choices")  # only importable once the stand-in for Slicer runs
costs = Lazy("XAICLIPSlicer.panel.sections.method")

ROOT = Path(__file__).parents[2]
# PyTorch stays out of this process, as it stays out of Slicer's
MAKE_FILES = """
import sys, torch
from pathlib import Path
from Testing.unit.modelfiles import DECLARED, Deep, bundled_unet, declare, to_onnx
from Testing.unit.monaibundle import inference, metadata, write_bundle
from Testing.unit.nnunetfolder import make_plans, write_model
from Testing.unit.test_sam import small_sam
from Testing.unit.test_tinyvit import NARROW, network_of
place = Path(sys.argv[1])
unet = bundled_unet()
torch.export.save(torch.export.export(unet, (torch.rand(1, 1, 160, 160),)), place / "unet.pt2")
declare(place / "unet.pt2", **DECLARED)
to_onnx(unet, place / "unet.onnx", (1, 1, 160, 160))
declare(place / "unet.onnx", **{k: v for k, v in DECLARED.items() if k != "size"})
torch.jit.save(torch.jit.trace(Deep(), torch.rand(1, 1, 16, 16, 16), check_trace=False), place / "deep.pt")
declare(place / "deep.pt", spatial_dims=3, activation="none", classes=["background", "liver"], resize="native",
        multiple=8, window=[-160, 240])
torch.save(small_sam().state_dict(), place / "sam.pth")
for family, name in {"litemedsam": "lite_medsam.pth", "mobilesam": "mobile_sam.pt"}.items():
    torch.save(network_of(family, NARROW).state_dict(), place / name)
write_model(place / "nnunet", make_plans((64, 64), (4.0, 4.0)))
plans = make_plans((8, 16, 16), (16.0, 9.0, 9.0), configuration="3d_fullres", features=(2, 4))
write_model(place / "tiles", plans)
write_bundle(place / "bundle", inference(2, 2), metadata(2, ["background", "liver"]))
(place / "tissue.py").write_text("def tissue(batch):\\n    return ((batch + 160) / 400).clamp(0, 1)\\n")
"""
# what a user chooses -> the family that it turns out to be, and whether it is trained
MODELS = {
    "unet.pt2": ("torchexport", True),
    "unet.onnx": ("onnx", True),
    "deep.pt": ("torchscript", True),
    "tissue.py": ("function", True),
    "nnunet": ("nnunet", False),
    "bundle": ("monai", False),
    "sam.pth": ("sam", False),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    place = tmp_path_factory.mktemp("families")
    path = os.pathsep.join(str(p) for p in (ROOT, ROOT / "Testing" / "unit"))
    subprocess.run(
        [sys.executable, "-c", MAKE_FILES, str(place)], check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": path},
        timeout=200, capture_output=True,
    )  # fmt: skip
    return place


def checked(window, path):
    """What the panel says of a model after a look at it."""
    window.parameters.modelSource = choices.ModelSource.FILE
    window.ui.modelPathLineEdit.setCurrentPath(str(path))
    window.ui.checkModelButton.click()
    window.wait(lambda: "Opening" not in window.ui.modelInfoLabel.text, "the check")
    return window.ui.modelInfoLabel.text


@pytest.mark.parametrize("name", MODELS)
def test_modelIsChosenCheckedAndExplained(window, files, name):
    family, isTrained = MODELS[name]
    text, isPromptable = checked(window, files / name), family == "sam"
    assert ("points at" in text) == isPromptable, text
    assert ("chosen structures" if family == "function" else "Segments") in text
    assert window.ui.promptSelector.isVisible() == isPromptable
    run = window.explain(score=choices.Score.SOFT_DICE)
    report = json.loads((Path(run.folder) / "report.json").read_text(encoding="utf-8"))
    assert report["model"]["family"] == family and report["dimensions"] == (3 if name == "deep.pt" else 2)
    (row,) = run.metrics
    assert row["evaluations"] > 0 and np.isfinite(row["largest_drop"])
    if isTrained:  # a random network may not care what it is shown
        assert np.count_nonzero(slicer.util.arrayFromVolume(run.saliencyNode)) > 20


def test_aModelInTilesSaysWhatAllOfThemTakeBeforeTheyAreRun(window, files):
    """First by one tile, while the rest is not known yet; then beside the evaluations."""
    checked(window, files / "tiles")
    said = []
    told = window.panel.method._isAsking

    def asking(question, message):
        told(question, message)
        said.append(window.ui.costDetailLabel.text)

    window.panel.method._isAsking = asking
    window.parameters.quality = choices.Quality.PREVIEW
    window.wait(lambda: window.ui.costLabel.text.startswith(("About", "Nothing")), "the cost")
    assert any("tiles, one of which takes" in text and text.startswith("First run") for text in said), said
    plan = {"slices": 2, "evaluations": 20, "full_evaluations": 40, "tiles": 27, "seconds_each_tile": 12.0}
    text = costs.costDetailText(plan, choices.MethodChoice.OCCLUSION)
    assert text == "10 of 20 patches in each slice; the model's own prediction is 27 tiles, about 5 min"
    assert ";" not in costs.costDetailText({**plan, "tiles": 0}, choices.MethodChoice.OCCLUSION)


@pytest.mark.parametrize("name, title", [("lite_medsam.pth", "LiteMedSAM"), ("mobile_sam.pt", "MobileSAM")])
def test_smallRelativesOfSamAreKnownByTheirWeights(window, files, name, title):
    text = checked(window, files / name)
    assert text.startswith(title) and "points at" in text and window.ui.promptSelector.isVisible()
    assert window.ui.explainButton.enabled


def test_labelMapIsNoModel(window, files):
    """It is told where it belongs: to the reference, or to the region."""
    (files / "liver.seg.nrrd").write_bytes(b"")
    text = checked(window, files / "liver.seg.nrrd")
    assert "is a segmentation, not a model" in text and "reference" in text and "region" in text
