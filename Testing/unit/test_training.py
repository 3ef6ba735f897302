"""The scripts that made the bundled models still run: a few iterations on two small labelled phantoms, then export."""

import json
import sys

import numpy as np
import pytest
import torch

import XAICLIPLib.models.bundled as bundled
import XAICLIPLib.vlm.source as source
from XAICLIPLib.models.base import Context
from XAICLIPLib.phantom import make_phantom
from XAICLIPLib.training import evaluate, export, train_clip, train_unet
from XAICLIPLib.volume import write_volume
from XAICLIPLib.weights import sha256

ITERATIONS = 3


def command(monkeypatch, module, *words):
    """Run a training script as its command line does."""
    monkeypatch.setattr(sys, "argv", [module.__name__, *map(str, words)])
    module.main()


@pytest.fixture(scope="module")
def patients(tmp_path_factory):
    """A folder of two labelled phantoms, as `XAICLIPLib.training.data` wants it."""
    folder = tmp_path_factory.mktemp("patients")
    for seed, name in enumerate(("ct_first", "ct_second")):
        scan, labels = make_phantom(seed, shape=(6, 80, 80), spacing=(4.8, 4.8, 30.0))
        write_volume(scan, folder / f"{name}.nii.gz")
        write_volume(labels, folder / f"{name}_labels.nii.gz")
    return folder


@pytest.fixture(scope="module")
def weights(patients, tmp_path_factory):
    """A folder like `XAICLIPLib/weights`, trained for a moment with one of the patients left out."""
    runs, out = tmp_path_factory.mktemp("runs"), tmp_path_factory.mktemp("weights")
    threads = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as monkeypatch:
        given = ("--data", patients, "--holdout", "ct_second", "--out", runs)
        given = (*given, "--iterations", ITERATIONS, "--batch-size", 2)
        command(monkeypatch, train_unet, *given)
        command(monkeypatch, train_clip, *given)
        command(monkeypatch, export, "--unet", runs / "unet.pt", "--clip", runs / "clip.pt", "--out", out)
    torch.set_num_threads(threads)
    return out


def test_the_bundled_loaders_open_what_was_exported(weights, monkeypatch, phantom, liver_slice):
    scan = phantom[0]
    image = scan.voxels[liver_slice].astype(np.float32)
    monkeypatch.setattr(bundled, "FOLDER", weights / "unet")
    segmenter = bundled.BundledSegmenter(torch.device("cpu"))
    prepared = segmenter.prepare(image, Context("CT", scan.spacing[:2]))
    # a few iterations make no network worth a precision of its own
    probability = segmenter._network(prepared.image[None]).softmax(1)
    assert probability.shape == (1, len(segmenter.targets) + 1, 160, 160) and segmenter.targets[0] == "liver"
    assert torch.isfinite(probability).all()

    monkeypatch.setattr(source, "WEIGHTS", weights)
    from XAICLIPLib.vlm.load import open_vision_language_model

    opened = open_vision_language_model("bundled")
    assert opened.provenance["sha256"] == sha256(weights / "clip/open_clip_model.safetensors")


def test_the_files_say_what_they_are_of(weights):
    config = json.loads((weights / "unet/config.json").read_text())
    assert (config["iterations"], config["holdout"]) == (ITERATIONS, "ct_second")
    manifest = json.loads((weights / "manifest.json").read_text())
    assert len(manifest) == 5
    for name, entry in manifest.items():
        assert entry == {"bytes": (weights / name).stat().st_size, "sha256": sha256(weights / name)}
    assert set(config) == set(json.loads((bundled.FOLDER / "config.json").read_text())), "as the shipped file has it"


def test_the_left_out_patient_can_be_looked_at(weights, patients):
    figures = evaluate.evaluate_unet(evaluate.Pair(weights), evaluate.load_case(patients, "ct_second"))
    assert 0 <= figures["dice"]["liver"] <= 1 and figures["liver_free_slices"] >= 1


def test_a_training_does_not_go_on_with_another_patient_left_out(weights, patients, tmp_path, monkeypatch):
    torch.save({"model": {}, "iteration": 1, "holdout": "ct_second", "seed": 0}, tmp_path / "unet.pt")
    given = ("--data", patients, "--out", tmp_path, "--init", tmp_path / "unet.pt", "--iterations", 1)
    with pytest.raises(ValueError, match="trained holding out 'ct_second', not 'ct_first'"):
        command(monkeypatch, train_unet, *given, "--holdout", "ct_first")
    with pytest.raises(ValueError, match="cannot hold out 'nobody'"):
        command(monkeypatch, train_unet, *given, "--holdout", "nobody")
