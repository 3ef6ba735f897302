"""The scripts that made the bundled models still run: a few iterations on two small labelled phantoms, then export."""

import json
import sys

import numpy as np
import pytest
import torch

import XAICLIPLib.models.bundled as bundled
import XAICLIPLib.vlm.source as source
from XAICLIPLib.models.base import Context
from XAICLIPLib.models.unet import UNet
from XAICLIPLib.phantom import make_phantom
from XAICLIPLib.training import data, evaluate, export, magnetic, nothing, scaling, train_clip, train_unet
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
    torch.save({"model": {"x": torch.ones(1)}, "iteration": 1, "holdout": None, "seed": 0}, tmp_path / "unet.pt")
    with pytest.raises(ValueError, match="is of another network"):
        command(monkeypatch, train_unet, *given)


def test_what_is_not_there_is_held_back_and_nothing_else():
    torch.manual_seed(0)
    network, image = UNet(4, widths=(4, 8), presence=True).eval(), torch.rand(2, 1, 16, 16)
    logits, presence = network.parts(image)
    assert torch.allclose(presence, torch.full((2, 3), 3.0)), "before anything was learned nothing is said"
    with torch.no_grad():
        network.presence.bias[:] = torch.tensor([40.0, 0.0, -40.0])
    probability = network(image).softmax(1)
    odds = (probability / probability[:, :1]) / (logits.softmax(1) / logits.softmax(1)[:, :1])
    expected = torch.tensor([1.0, 1.0, 0.5, 0.0])[None, :, None, None].expand_as(odds)
    assert torch.allclose(odds, expected, atol=1e-5), "the odds against the background, times the presence"
    without = UNet(4, widths=(4, 8)).eval()
    without.load_state_dict({k: v for k, v in network.state_dict().items() if not k.startswith("presence")})
    assert torch.equal(without(image), logits) and without.parts(image)[1] is None


def test_presence_is_learned_where_it_is_clear():
    """A liver of 400 pixels, a spleen of 3, and a slice with something unlabelled, which may be lung."""
    labels = torch.zeros(2, 40, 40, dtype=torch.int64)
    labels[0, :20, :20], labels[0, 30, :3], labels[1, 0, 0] = data.LIVER, data.SPLEEN, data.IGNORE
    presence = torch.zeros(2, 9, requires_grad=True)
    train_unet.presence_loss(presence, labels).backward()
    towards = -presence.grad.sign()
    assert towards[0, data.LIVER - 1] == 1 and towards[1, data.LIVER - 1] == -1
    assert towards[0, data.SPLEEN - 1] == 0 and towards[1, data.SPLEEN - 1] == -1
    assert towards[0, data.LUNG - 1] == -1 and towards[1, data.LUNG - 1] == 0


def test_pictures_of_nothing_are_pictures():
    """Each in [0, 1], of its own, and with something in it; the same seed draws the same."""
    drawn = [nothing.picture_of_nothing(np.random.default_rng(seed), 64) for seed in range(60)]
    assert all(p.shape == (64, 64) and p.min() >= 0 and p.max() <= 1 and p.std() > 0.02 for p in drawn)
    assert len({p.tobytes() for p in drawn}) == 60
    assert np.array_equal(drawn[3], nothing.picture_of_nothing(np.random.default_rng(3), 64))


def test_mr_shows_what_physics_says():
    t1, t2, density = magnetic.tissues()
    by_t1 = magnetic.gradient_echo(t1, t2, density, 150, 4.6, 80)
    by_t2 = magnetic.spin_echo(t1, t2, density, 3000, 90)
    liver, spleen, fat, fluid = data.LIVER, data.SPLEEN, data.FAT, data.GALLBLADDER
    assert by_t1[fat] > by_t1[liver] > by_t1[spleen] > by_t1[fluid] > by_t1[data.GAS]
    assert by_t2[fluid] > by_t2[spleen] > by_t2[liver] > by_t2[data.MUSCLE] > by_t2[data.GAS]
    after = magnetic.with_agent(t1, 2.0)
    assert after[data.AORTA] < after[data.LIVER] < t1[data.LIVER] and after[fat] == t1[fat]
    # half of the magnetisation is back after T1 ln 2, and an echo after T2 ln 2 has lost half of it
    one = [np.array([value]) for value in (1000.0, 100.0, 1.0)]
    assert magnetic.spin_echo(*one, 1000 * np.log(2), 100 * np.log(2)) == pytest.approx(0.25)
    assert magnetic.gradient_echo(*one, 1e6, 50 * np.log(2), 90) == pytest.approx(0.5)
    drawn = magnetic.random_signals(40, np.random.default_rng(0))
    assert drawn.shape == (40, len(data.FINE)) and (drawn >= 0).all() and not drawn[:, data.OUTSIDE].any()
    assert magnetic.random_signals(0, np.random.default_rng(0)).shape == (0, len(data.FINE))


def test_probabilities_that_say_too_much_are_scaled_back():
    """Labels drawn by known logits; the network says three times as much, and one class on top."""
    generator = torch.Generator().manual_seed(1)
    true = 1.5 * torch.randn(20_000, 4, generator=generator)
    labels = torch.multinomial(true.softmax(1), 1, generator=generator)[:, 0]
    lower = torch.zeros_like(true)
    said = 3 * (true + torch.tensor([0.0, 0.0, 0.0, 1.0]))
    temperature, bias = scaling.fit(said, lower, labels)
    assert temperature.item() == pytest.approx(3, rel=0.05)
    assert bias.tolist() == pytest.approx([0, 0, 0, -1], abs=0.1)
    head = {"head.weight": torch.randn(4, 2, 1, 1), "head.bias": torch.randn(4), "other": torch.ones(1)}
    folded, features = scaling.fold(head, temperature, bias), torch.randn(5, 2, 1, 1)
    by_head = [torch.nn.functional.conv2d(features, w["head.weight"], w["head.bias"]) for w in (head, folded)]
    assert torch.allclose(by_head[1], by_head[0] / temperature + bias[:, None, None], atol=1e-5)
    assert folded["other"] is head["other"]


def test_scaling_is_one_command(weights, patients, tmp_path, monkeypatch):
    network = UNet(len(data.TARGETS), presence=True)
    saved = {"model": network.state_dict(), "iteration": 5, "holdout": "ct_second", "seed": 0}
    torch.save(saved, tmp_path / "unet.pt")
    threads = torch.get_num_threads()
    command(monkeypatch, scaling, "--data", patients, "--unet", tmp_path / "unet.pt", "--out", tmp_path / "scaled.pt",
            "--batches", 1, "--patients", 1)  # fmt: skip
    torch.set_num_threads(threads)
    scaled = torch.load(tmp_path / "scaled.pt", weights_only=True)
    assert scaled["holdout"] == "ct_second" and scaled["iteration"] == 5
    changed = [k for k, v in scaled["model"].items() if not torch.equal(v, saved["model"][k])]
    assert set(changed) <= {"head.weight", "head.bias"} and changed
