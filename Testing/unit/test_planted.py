"""Planted causes: each cause is really the cause, and our default finds it."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from XAICLIPLib.benchmark.planted import METHODS, run_planted
from XAICLIPLib.cli import main
from XAICLIPLib.errors import InputError
from XAICLIPLib.metrics.planted import FAMILIES, auc_of, finding, phantom_scene, scan_scene
from XAICLIPLib.metrics.planted.gradients import gradient_maps
from XAICLIPLib.metrics.planted.maps import answered
from XAICLIPLib.phantom import PHANTOM_LABELS, make_phantom

SEEDS = (0, 4)
SCENES = {seed: phantom_scene(seed) for seed in SEEDS}
CAUSED = [name for name, family in FAMILIES.items() if family.plant(SCENES[0]).cause is not None]
LEARNED = [name for name in CAUSED if name.startswith("network")]
each_seed = pytest.mark.parametrize("seed", SEEDS)


def drawn(planted, hidden):
    image = np.where(hidden, 0.0, planted.image).astype(np.float32)
    with torch.no_grad():
        return planted.predict(torch.from_numpy(image)[None])[0, 0].numpy()


@each_seed
@pytest.mark.parametrize("name", CAUSED)
def test_the_cause_is_the_cause(name, seed):
    """Hide it: what is asked about goes. Hide as much elsewhere: nothing else changes."""
    planted = FAMILIES[name].plant(SCENES[seed])
    before = drawn(planted, np.zeros_like(planted.cause))
    where = before > 0.5 if isinstance(planted.where, str) else planted.where & ~planted.cause
    rest = where & ~planted.cause
    after = drawn(planted, planted.cause)
    assert (before - after)[rest].mean() >= 0.1
    rng, most = np.random.default_rng(0), 0.0
    for _ in range(12):
        elsewhere = np.roll(planted.cause, tuple(rng.integers(-50, 50, 2)), (0, 1))
        near = np.zeros_like(elsewhere)
        near[1:, 1:] = planted.cause[:-1, :-1]
        if (elsewhere & (planted.cause | near)).any() or not (elsewhere & planted.region).any():
            continue
        left = rest & ~elsewhere
        most = max(most, abs(float((before - drawn(planted, elsewhere))[left].mean())))
    assert most <= (0.5 * (before - after)[rest].mean() if name in LEARNED else 0.02)


@each_seed
def test_a_threshold_and_a_prior_hang_on_no_place(seed):
    threshold, prior = (FAMILIES[name].plant(SCENES[seed]) for name in ("threshold", "prior"))
    hidden = SCENES[seed].organ & (np.arange(128) < 60)[None]
    for planted, left in ((threshold, 0.0), (prior, 0.95)):
        before, after = drawn(planted, np.zeros_like(hidden)), drawn(planted, hidden)
        assert np.array_equal(before[~hidden], after[~hidden])
        assert after[hidden].mean() == pytest.approx(left, abs=0.01) and planted.unseen == left


@each_seed
def test_organs_need_each_other_by_the_matrix(seed):
    planted = FAMILIES["organs"].plant(SCENES[seed])
    image = torch.from_numpy(planted.image)[None]
    before = planted.predict(image)[0].numpy()
    for row, mask in zip(planted.needs, planted.players.values()):
        after = planted.predict(torch.where(torch.from_numpy(mask), 0.0, image))[0].numpy()
        loss = [(b - a)[b > 0.5].mean() for b, a in zip(before, after)]
        assert np.allclose(loss, row, atol=1e-5)


def test_seeds_change_the_image_and_the_place_and_the_same_seed_changes_nothing():
    for name in CAUSED:
        again = FAMILIES[name].plant(phantom_scene(0))
        first, other = (FAMILIES[name].plant(SCENES[seed]) for seed in SEEDS)
        assert np.array_equal(first.image, again.image) and np.array_equal(first.cause, again.cause)
        assert not np.array_equal(first.image, other.image) and not np.array_equal(first.cause, other.cause)


@pytest.mark.slow
def test_the_best_default_finds_the_causes():
    """The bars, on one seed; `xaiclip benchmark --dataset planted` reports ten."""
    found = run_planted(SEEDS[1:], methods=["hierarchical"], fills=["mean"], gradients=False)
    whole = next(r for r in found.summary if (r.family, r.map) == ("all", "remote"))
    assert whole.n == len(CAUSED) and whole.auc_median >= 0.98 and whole.auc_worst >= 0.9
    drop = next(r for r in found.summary if (r.family, r.map) == ("all", "drop"))
    assert drop.auc_worst < whole.auc_worst
    by_family = {r.family: r for r in found.summary if r.auc_median is None}
    assert by_family["threshold"].largest_remote <= 1e-6
    assert by_family["prior"].unseen_error <= 0.01 and by_family["organs"].matrix_error <= 0.01
    assert len(found.statements) >= 3 * len(FAMILIES) and found.false_share <= 0.01
    verdicts = [r.verdict for r in found.statements]
    assert verdicts.count("true") >= len(FAMILIES)


def test_gradients_answer_the_same_question():
    pytest.importorskip("captum")
    planted = FAMILIES["network front"].plant(SCENES[0])
    maps = gradient_maps(planted, "mean", 16, 8)
    assert set(maps) == {"input gradient", "integrated gradients", "Grad-CAM", "Captum occlusion"}
    assert all(m.shape == planted.cause.shape and np.isfinite(m).all() for m in maps.values())
    gate = FAMILIES["gate outside"].plant(SCENES[0])
    ours = answered(gate, replace(METHODS["occlusion"], fill="mean")).maps["total"]
    theirs = gradient_maps(gate, "mean", 16, 8)["Captum occlusion"]
    inside = gate.region
    assert np.corrcoef(ours[inside], theirs[inside])[0, 1] > 0.8  # ours are filled in the region alone


@pytest.mark.parametrize("fill", ["zero", "mean", "blur"])
def test_what_is_said_of_a_threshold_and_of_a_prior_is_not_false(fill):
    """A blurred organ looks like the organ to a threshold: that it is still drawn then does not say that it is drawn
    without being seen, as it is by a prior."""
    said = {"threshold": {}, "prior": {}}
    for row in run_planted((4,), tuple(said), ("occlusion",), (fill,)).statements:
        said[row.family][row.question] = row
        assert row.verdict != "false", row.text
    assert said["prior"]["source"].text.startswith("The organ is drawn from its surroundings")
    seen = said["threshold"]["source"].text
    assert seen.startswith("The organ is drawn from what is there") or (fill == "blur" and "cannot be told" in seen)


def test_an_auc_by_hand():
    values, cause = np.array([[3.0, 1.0], [2.0, 0.0]]), np.array([[True, False], [False, False]])
    assert finding(values, cause, np.ones((2, 2), bool)).auc == 1.0
    assert auc_of(np.zeros(4), np.array([True, False, False, True])) == 0.5
    assert np.isnan(auc_of(np.zeros(2), np.ones(2, bool)))
    assert finding(-values, cause, np.ones((2, 2), bool)).rank == 1.0


def test_a_real_slice_can_be_planted_in():
    hu = np.full((200, 160), -1000.0)
    liver = np.zeros((200, 160), bool)
    liver[50:120, 30:100] = True
    hu[20:180, 10:150], hu[liver] = -80, 110
    scene = scan_scene(hu, {"liver": liver}, "liver", 3)
    planted = FAMILIES["gate inside"].plant(scene)
    assert max(scene.image.shape) == 128 and planted.cause.any() and scene.organ.sum() > 400
    with pytest.raises(InputError, match="the liver has 0 pixels in this slice"):
        scan_scene(hu, {"liver": np.zeros_like(liver)}, "liver", 0)


def test_planted_in_a_scan_on_the_command_line(tmp_path, capsys):
    scan, labels = make_phantom(3, (4, 96, 96), (4.0, 4.0, 12.0))
    scan.save(tmp_path / "scan.nrrd")
    labels.save(tmp_path / "labels.nrrd")
    given = ["benchmark", "--dataset", "planted", "--seeds", "1:2", "--families", "part", "--fills", "mean"]
    given += ["--methods", "occlusion", "--scan", str(tmp_path / "scan.nrrd"), "--out", str(tmp_path / "out")]
    numbered = f"{tmp_path / 'labels.nrrd'}"
    name = f"label {PHANTOM_LABELS['liver']}"
    assert main([*given, "--labels", numbered, "--structures", name]) == 0, capsys.readouterr().err
    rows = list(csv.DictReader((tmp_path / "out" / "rows.csv").open()))
    assert max(float(row["auc"]) for row in rows if row["map"] == "remote") > 0.9
    for wrong, says in (
        ([], "--scan and --labels belong together"),
        (["--labels", numbered, "--structures", "pancreas"], "there is no pancreas in the labels; they hold"),
    ):
        assert main([*given, *wrong]) != 0
        assert says in capsys.readouterr().err


def test_the_command_writes_its_tables(tmp_path, capsys):
    out = tmp_path / "planted"
    options = ["--families", "threshold,part", "--seeds", "0:1", "--fills", "zero", "--methods", "occlusion"]
    assert main(["benchmark", "--dataset", "planted", *options, "--out", str(out)]) == 0
    assert "All families" in capsys.readouterr().out
    rows = list(csv.DictReader((out / "rows.csv").open()))
    assert {r["family"] for r in rows} == {"threshold", "part"} and {"remote", "drop", "shape"} <= {
        r["map"] for r in rows
    }
    assert json.loads((out / "summary.json").read_text())["false_statements"] == 0
    for wrong, message in (
        (["--families", "gates"], "no family 'gates'"),
        (["--seeds", "5:2"], "seeds '5:2'"),
        (["--methods", "shap"], "no method 'shap'"),
    ):
        assert main(["benchmark", "--dataset", "planted", *wrong, "--out", str(out)]) != 0
        assert message in capsys.readouterr().err
    assert main(["benchmark", "--dataset", "phantom", "--seeds", "0:2", "--out", str(out / "other")]) != 0
    assert "--seeds: for --dataset planted alone" in capsys.readouterr().err


def test_training_runs_and_repeats_itself():
    from XAICLIPLib.metrics.planted.networks import NETWORKS
    from XAICLIPLib.training.train_planted import train

    first, again = (train(NETWORKS[0], iterations=2, scenes=2).state_dict() for _ in range(2))
    assert all(torch.equal(first[key], again[key]) for key in first)
