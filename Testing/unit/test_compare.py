"""Two runs of one scan side by side: where their maps differ, what was set otherwise, and names to tell them apart."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
import torch

import XAICLIPLib as xai
from XAICLIPLib.cli import main
from XAICLIPLib.errors import InputError
from XAICLIPLib.pipeline.compare import compare
from XAICLIPLib.pipeline.compare_remote import remote_difference
from XAICLIPLib.results.run_names import distinct_names, facts_of
from XAICLIPLib.volume import Volume, read_volume

PLACE = (slice(20, 30), slice(20, 30))


def model(cause):
    """A liver in the middle that hangs on one place."""

    def predict(batch):
        drawn = torch.zeros_like(batch)
        drawn[..., 10:40, 10:40] = torch.sigmoid((batch[(..., *cause)].mean((2, 3), keepdim=True) - 50) / 8)
        return drawn

    predict.targets = ("liver", "spleen")[:1]
    return predict


@pytest.fixture(scope="module")
def scan():
    voxels = np.random.default_rng(0).normal(100, 5, (4, 60, 60)).astype(np.float32)
    return Volume(voxels, (2.0, 2.0, 5.0), (0.0, 0.0, 0.0), modality="CT", name="square")


def explain(scan, cause=(slice(12, 16), slice(12, 16)), method=None, **options):
    method = method or xai.Occlusion(4, 4, fill="zero", unit="pixel")
    options = {"slices": "1:3", "score": "confidence"} | options
    return xai.explain(
        scan, "liver", method, model=model(cause), region="full", evidence="none", device="cpu", **options
    )


@pytest.fixture(scope="module")
def runs(scan):
    return explain(scan), explain(scan, (slice(32, 36), slice(32, 36)))


def test_the_difference_is_the_second_minus_the_first(runs):
    first, second = runs
    found = compare(first, second)
    assert found.unit == "drop" and found.structure == "liver" and found.dice > 0.99
    seen = (first.evaluated.voxels > 0) & (second.evaluated.voxels > 0)
    expected = np.where(seen, second.drop.voxels - first.drop.voxels, 0)
    np.testing.assert_allclose(found.difference.voxels, expected, atol=1e-6)
    assert found.largest == pytest.approx(np.abs(expected).max()) and found.largest > 0.5
    z, y, x = (round(found.at[i] / s) for i, s in ((2, 5.0), (1, 2.0), (0, 2.0)))
    assert abs(found.difference.voxels[z, y, x]) == pytest.approx(found.largest) and found.slice == z
    assert "differ most" in found.text and "put places in" in found.text and "the middle of the liver" in found.text


def test_what_the_rest_hangs_on_in_the_second_and_not_in_the_first(scan, runs):
    """Each liver hangs on a place of its own, of 4 x 4 pixels: with it all of one of the two slices is lost."""
    found = remote_difference(*runs, "liver")
    values = found.difference.voxels
    assert found.is_exact and not values[[0, 3]].any()
    for z in (1, 2):
        assert values[z, 33:35, 33:35].min() > 0.4 and values[z, 13:15, 13:15].max() < -0.4
        others = values[z].copy()
        others[32:36, 32:36] = others[12:16, 12:16] = 0
        assert np.abs(others).max() < 0.01
    assert found.largest == pytest.approx(np.abs(values).max()) and found.slice in (1, 2)
    said = (
        r"Hiding one place takes away of the rest of the liver up to 0\.\d+ more in the second than in the first "
        r"\([^()]* behind [^()]*the middle of the liver in slice [12]\), and up to 0\.\d+ less in the second than in "
        r"the first \([^()]* in front of [^()]* right of the middle of the liver in slice [12]\)\."
    )
    assert re.fullmatch(said, found.text)
    itself = remote_difference(runs[0], runs[0], "liver")
    assert itself.slice is None and not itself.difference.voxels.any() and "same places in both" in itself.text
    assert remote_difference(runs[0], replace(runs[1], records={}), "liver") is None
    assert remote_difference(runs[0], explain(scan, method=xai.Rise(32, 5)), "liver") is None


def test_a_run_and_itself_are_alike(runs):
    found = compare(runs[0], runs[0])
    assert found.correlation == pytest.approx(1) and found.at is None and found.settings == ()
    assert not found.difference.voxels.any() and "nowhere differ by much" in found.text


def test_another_method_is_compared_by_shares_and_its_settings_are_told(scan, runs):
    other = explain(scan, method=xai.Rise(32, 5))
    found = compare(runs[0], other)
    assert found.unit == "share" and np.abs(found.difference.voxels).max() <= 1
    names = {change.name: (change.before, change.now) for change in found.settings}
    assert names["method.name"] == ("occlusion", "rise")


def sampled(scan, cause=(slice(12, 16), slice(12, 16)), seed=0):
    return explain(scan, cause, xai.Rise(150, 6, fill="zero"), slices="1", seed=seed)


@pytest.fixture(scope="module")
def samples(scan):
    """A run by samples, one that differs in its seed alone, and one of a model with another cause."""
    return sampled(scan), sampled(scan, seed=1), sampled(scan, (slice(32, 36), slice(32, 36)), seed=1)


def test_the_difference_of_samples_has_an_interval_that_chance_stays_in_and_another_cause_does_not(samples):
    first, again, other = samples
    by_seed, by_cause = compare(first, again), compare(first, other)
    size = np.hypot(first.stderrs["liver"].voxels, other.stderrs["liver"].voxels)
    seen = (first.evaluated.voxels > 0) & (other.evaluated.voxels > 0)
    np.testing.assert_allclose(by_cause.stderr.voxels, np.where(seen, size, 0), atol=1e-6)
    low, high = (volume.voxels[seen] for volume in by_cause.interval)
    outside = (low > 0) | (high < 0)
    assert by_cause.beyond == pytest.approx(outside.mean(), abs=1e-3) and by_cause.beyond > 3 * by_seed.beyond
    assert by_seed.beyond < 0.15 and "differ by more than the samples of both explain" in by_cause.text
    for place, sign in ((12, -1), (32, 1)):  # B hangs on the second place, A on the first: both are certain
        pixel = (1, place + 2, place + 2)
        ends = [volume.voxels[pixel] * sign for volume in by_cause.interval]
        assert min(ends) > 0


def test_maps_without_samples_are_exact_and_shares_have_no_interval(scan, runs, samples):
    for found in (compare(*runs), compare(runs[0], samples[0])):
        assert found.stderr is None and found.interval is None and np.isnan(found.beyond)
        assert "samples" not in found.text


def test_two_runs_make_a_page_of_their_own(samples, tmp_path, capsys):
    folders = [str(run.save(tmp_path / name, pictures=False)) for name, run in zip(("one", "two"), samples[::2])]
    out = tmp_path / "page"
    assert main(["compare", *folders, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    page = (out / "compare.html").read_text(encoding="utf-8")
    assert said.splitlines()[0] in page and "The two maps of the liver" in page and "p, all counted" not in page
    found = compare(*samples[::2])
    rest = remote_difference(*samples[::2], "liver")
    assert not rest.is_exact and rest.text in page
    maps = {"liver": found.difference, "liver-stderr": found.stderr, "liver-remote": rest.difference}
    for name, volume in maps.items():
        np.testing.assert_array_equal(read_volume(out / f"differences/{name}.nrrd").voxels, volume.voxels)
    told = json.loads((out / "compare.json").read_text())
    (row,) = told["maps"]
    assert row["beyond"] == pytest.approx(found.beyond) and told["compared"] == "runs"
    assert (out / "compare.png").stat().st_size > 10_000 and not (out / "pairs.parquet").exists()
    numbers = {(row["number"], row["a"], row["b"]) for row in told["differences"]}
    shares = [1 - n[1] for n in numbers if n[0] == "own_share"]
    assert shares == pytest.approx([n[1] for n in numbers if n[0] == "remote_share"])


def test_runs_that_can_not_be_compared_are_refused(scan, runs):
    moved = replace(scan, origin=(0.0, 0.0, 40.0))
    with pytest.raises(InputError, match="different scans.*choose two runs of one scan"):
        compare(runs[0], explain(moved))
    with pytest.raises(InputError, match="share no slice: 1-2 and 3"):
        compare(runs[0], explain(scan, slices="3"))
    with pytest.raises(InputError, match="not both runs explain"):
        compare(*runs, "spleen")
    renamed = replace(runs[1], drops={"spleen": runs[1].drop})
    with pytest.raises(InputError, match="share no structure: liver; spleen"):
        compare(runs[0], renamed)


def test_names_tell_runs_apart():
    def run(fill="zero", model="bundled", slices="3", time="10:00", method="occlusion", label="liver"):
        report = {
            "request": {"method": {"name": method, "fill": fill}, "slices": slices},
            "structures": [{"name": label, "label": label}],
            "model": {"name": model},
        }
        return facts_of(report, time)

    assert distinct_names([run(), run(method="rise")]) == ["liver · occlusion", "liver · rise"]
    assert distinct_names([run(), run("blur"), run(label="spleen")]) == [
        "liver · occlusion · zero", "liver · occlusion · blur", "spleen · occlusion",
    ]  # fmt: skip
    named = distinct_names([run(), run(model="medsam", fill="blur"), run(model="medsam")])
    assert named == [
        "liver · occlusion · bundled",
        "liver · occlusion · medsam · blur",
        "liver · occlusion · medsam · zero",
    ]
    assert distinct_names([run(), run(time="10:05")]) == ["liver · occlusion · 10:00", "liver · occlusion · 10:05"]
    assert distinct_names([run(slices="3"), run(slices="4:6")])[1] == "liver · occlusion · slices 4:6"
    assert distinct_names([run(), run(), run()]) == ["liver · occlusion", "liver · occlusion 2", "liver · occlusion 3"]
    assert distinct_names([facts_of({})]) == [""]
    assert facts_of({"request": {"method": {"fill": ["zero", "blur"]}}})["fill"] == "zero and blur"


def test_the_command_line_says_and_writes_the_difference(runs, tmp_path, capsys):
    folders = [str(run.save(tmp_path / name, pictures=False)) for name, run in zip(("one", "two"), runs)]
    out = tmp_path / "difference.nrrd"
    assert main(["compare", *folders, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("The two maps of the liver put places in")
    np.testing.assert_array_equal(read_volume(out).voxels, compare(*runs).difference.voxels)
    assert main(["compare", *folders, "--out", str(out)]) == 2 and "--force" in capsys.readouterr().err
    assert main(["compare", *folders, "--structure", "spleen"]) == 2
    assert "not both runs explain" in capsys.readouterr().err
    assert main(["compare", folders[0], str(tmp_path / "none")]) == 2
    assert main(["compare", *folders, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["structure"] == "liver"
