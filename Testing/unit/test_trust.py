"""The line of trust: its rule, and what it says about runs whose truth is known."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
import torch

import XAICLIPLib as xai
from XAICLIPLib.errors import Cancelled, InputError
from XAICLIPLib.metrics.findings import Findings
from XAICLIPLib.metrics.randomisation import randomised
from XAICLIPLib.metrics.trust import judge, judge_run
from XAICLIPLib.models.bundled import BundledSegmenter
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.volume import Volume

FAST = xai.Occlusion(64, 32, unit="px512")
GOOD = Findings(
    largest_drop=0.6, evaluations=60, effect=0.9, gap=0.4, random_gap=0.1, second_gap=0.2, second_effect=0.5,
    outside=0.05, region_recall=0.95, error=0.02, dice=0.9, fills=0.8, seeds=0.9, random_weights=0.1,
)  # fmt: skip


# ---- the rule


def test_nothing_against_a_map_is_strong():
    trust = judge(GOOD)
    assert trust.level == "strong" and "44%" in str(trust) and "Dice 0.90" in str(trust)
    assert "random orders reached 11%" in str(trust), "as it was measured: 0.1 of a room of 0.9"
    assert "random" not in str(judge(replace(GOOD, random_gap=float("nan"), roi_gap=0.0)))
    bare = Findings(largest_drop=0.6, evaluations=60, effect=0.9, gap=0.4)
    assert judge(bare).level == "strong"  # what was not looked at is not held against it


@pytest.mark.parametrize(
    "found, reason",
    [
        ({"largest_drop": 0.0005}, "flat"),
        ({"largest_drop": 7.3}, "no score can change by more than 1"),
        ({"error": 2.14}, "standard error is 214%"),
        ({"unrepeatable": 0.3}, "run again, 50% of the largest drop"),
        ({"neighbours": 0.6}, "beside others in its batch"),
        ({"unsuitable": ("made for CT of the abdomen",)}, "made for CT of the abdomen"),
        ({"effect": -0.005}, "changes the score by -0.005"),
        ({"gap": 0.02}, "no better than a random order"),
        ({"gap": -0.4}, "no better than a random order"),
        ({"outside": 1.2}, "1.2 times the whole region"),
        ({"outside": float("inf")}, "more than the whole region"),
        ({"region_recall": 0.3}, "holds only 30%"),
        ({"dice": 0.2}, "does not find it"),
        ({"random_weights": 0.9}, "random weights"),
    ],
)
def test_what_forbids_to_read_a_map(found, reason):
    trust = judge(replace(GOOD, **found))
    assert trust.level == "not supported" and reason in str(trust)
    assert judge(replace(GOOD, untested="stopped by the user", **found)).level == "not supported"


@pytest.mark.parametrize(
    "found, reason",
    [
        ({"gap": 0.1}, "little better"),
        ({"score": 1.0, "largest_drop": 0.06}, "effects are small: the largest drop is 0.060 of a score of 1.00"),
        ({"score": 1.0, "effect": 0.05, "gap": 0.04, "random_gap": 0.0}, "filling the whole region changes a score"),
        ({"unrepeatable": 0.06}, "10% of the largest drop"),
        ({"doubts": ("MR is untried",)}, "MR is untried"),
        ({"untested": "stopped by the user"}, "not all tests were made: stopped by the user"),
        ({"random_gap": 0.45}, "random orders reach as much"),
        ({"roi_gap": 0.4}, "bare region"),
        ({"shape_gap": 0.4}, "its order is no better than the organ's shape"),
        ({"shape": 0.95, "remote": 0.3, "other_remote": 0.15}, "`xaiclip ask`"),
        ({"second_gap": 0.01}, "does not hold under another fill"),
        ({"second_effect": 0.01}, "may be about the fill"),
        ({"fills": 0.2}, "another fill gives another map"),
        ({"outside": 0.4}, "matters 40%"),
        ({"error": 0.3}, "standard error is 30%"),
        ({"seeds": 0.5}, "another seed"),
        ({"evaluations": 9}, "9 evaluations are few"),
        ({"dice": 0.6}, "in part"),
    ],
)
def test_what_makes_a_map_weak(found, reason):
    trust = judge(replace(GOOD, **found))
    assert trust.level == "weak" and len(trust.reasons) == 1 and reason in trust.reasons[0]


@pytest.mark.parametrize(
    "found",
    [
        {"shape": 0.9},
        {"shape": 0.97, "remote": 0.04, "other_remote": 0.04},
        {"shape": 0.97, "remote": 0.3, "other_remote": 0.14},
        {"shape": 0.97, "gap": float("nan"), "untested": "the evidence was switched off"},
    ],
)
def test_a_map_that_needs_no_model_is_the_organs_shape(found):
    trust = judge(replace(GOOD, **found))
    assert trust.level == "the organ's shape"
    like = f"rank correlation {found['shape']:.2f} with a map that needs no model"
    assert str(trust).startswith(f"the organ's shape: this says where the organ is, not why ({like})")
    assert judge(replace(GOOD, **found | {"gap": 0.0})).level == "not supported", "a worse reason comes first"
    assert judge(replace(GOOD, **found | {"shape": 0.89})).level in ("strong", "not tested")


def test_what_matters_for_the_rest_has_to_be_asked_again():
    untested = {"gap": float("nan"), "untested": "stopped by the user"}
    assert judge(replace(GOOD, shape=0.97, remote=0.3, **untested)).level == "not tested"
    trust = judge(replace(GOOD, shape=0.97, remote=0.3, other_remote=0.2))
    assert trust.level == "weak" and "the remote map" in trust.reasons[0]


def test_all_reasons_are_given():
    assert len(judge(replace(GOOD, dice=0.1, outside=2.0, gap=0.0)).reasons) == 3
    untested = Findings(largest_drop=0.6, evaluations=60, untested="stopped by the user")
    assert judge(untested).level == "not tested" and judge(untested).reasons == ("stopped by the user",)
    wrong = judge(replace(GOOD, unsuitable=("made for CT",), dice=0.1))
    assert wrong.reasons[0] == "made for CT" and "Dice 0.10" in wrong.reasons[1]


def test_what_matters_outside_is_said_beside_a_worse_reason():
    trust = judge(replace(GOOD, gap=0.0, outside=0.54))
    assert trust.level == "not supported" and "no better than a random order" in trust.reasons[0]
    assert "54% as much as the whole region: take a larger region, or the whole image" in trust.reasons[1]


RUN = Findings(largest_drop=0.6, evaluations=60, region_recall=0.95, dice=0.9)
SLICE = replace(GOOD, dice=float("nan"), region_recall=float("nan"))
WEAK, WRONG = replace(SLICE, gap=0.1), replace(SLICE, gap=0.0)


@pytest.mark.parametrize(
    "slices, level",
    [
        ((SLICE, SLICE, SLICE), "strong"),
        ((SLICE, SLICE, WEAK), "weak"),
        ((WRONG, SLICE, SLICE), "weak"),
        ((WRONG, WRONG, SLICE), "not supported"),
        ((WRONG, SLICE), "not supported"),
        ((WRONG,), "not supported"),
    ],
)
def test_one_flattering_slice_does_not_make_a_run_strong(slices, level):
    found = dict(zip((12, 20, 31), slices))
    trust = judge_run(RUN, found)
    assert trust.level == level
    assert trust.reasons[-1].startswith(f"tested on slice{'s' * (len(found) > 1)} {', '.join(map(str, found))}")
    if len(found) == 3:
        counts = [f"{n} of 3 {word}" for word, one in (("strong", SLICE), ("weak", WEAK), ("not supported", WRONG))
                  if (n := slices.count(one))]  # fmt: skip
        assert trust.reasons[-1].endswith(": " + ", ".join(counts))


def test_a_reason_names_its_slices_and_the_worst_of_them_first():
    trust = judge_run(RUN, {12: replace(WEAK, gap=0.15), 20: SLICE, 31: replace(WEAK, gap=0.08)})
    assert trust.reasons[0] == (
        "slice 31 (and less in 12): little better than a random order: insertion − deletion 9% of the room"
    )
    least = judge_run(RUN, {12: SLICE, 20: replace(SLICE, gap=0.3, random_gap=0.2), 31: SLICE})
    assert least.reasons[0] == "insertion − deletion at least 33% of the room (random orders reached at most 22%)"


def test_what_holds_for_the_whole_run_caps_every_slice():
    good = {12: SLICE, 20: SLICE, 31: SLICE}
    assert judge_run(replace(RUN, unsuitable=("made for CT",)), good).level == "not supported"
    assert judge_run(replace(RUN, unsuitable=("made for CT",)), {}).reasons == ("made for CT",)
    assert judge_run(replace(RUN, doubts=("MR is untried",)), good).level == "weak"
    assert judge_run(replace(RUN, dice=0.3), good).level == "not supported"
    assert judge_run(RUN, {}).level == "not tested"


def test_a_run_of_shapes_is_the_organs_shape():
    shape = replace(SLICE, shape=0.96)
    for slices, level in (
        ((shape, shape, SLICE), "the organ's shape"),
        ((shape, WRONG), "not supported"),
        ((shape, SLICE, SLICE), "weak"),
        ((shape, shape, WRONG), "the organ's shape"),
    ):
        trust = judge_run(RUN, dict(enumerate(slices)))
        assert trust.level == level
        assert trust.reasons[0].startswith("slice 0") and "not why" in trust.reasons[0] or level == "not supported"
    of_all = replace(RUN, shape=0.93)
    trust = judge_run(of_all, {12: SLICE, 20: SLICE})
    assert trust.level == "the organ's shape" and "(rank correlation 0.93 with" in trust.reasons[0]
    assert judge_run(of_all, {}).level == "the organ's shape"
    assert judge_run(replace(of_all, remote=0.2, other_remote=0.2), {12: SLICE, 20: SLICE}).level == "weak"


# ---- runs whose truth is known

ORGAN = (slice(20, 40), slice(24, 44))


@pytest.fixture(scope="module")
def scan() -> Volume:
    """Two slices of noise with a bright square that is brighter to one side."""
    voxels = np.random.default_rng(0).normal(0, 3, (2, 64, 64)).astype(np.float32)
    voxels[(slice(None), *ORGAN)] += 100 + 4 * np.arange(20)
    return Volume(voxels, (2.0, 2.0, 5.0), modality="CT", name="square")


def drawn(score):
    """A model that draws the square with a probability that its input decides."""

    def model(batch):
        out = torch.zeros_like(batch)
        out[(slice(None), slice(None), *ORGAN)] = score(batch).clamp(0, 1)[:, None, None, None]
        return out

    model.targets = ("liver",)
    return model


def by_a_part(batch):
    """What the square's brighter quarter says."""
    return batch[:, 0, 20:40, 39:44].mean((1, 2)) / 240


def by_elsewhere(batch):
    """What a corner of the image says, and hardly the square."""
    return 0.2 * by_a_part(batch) + 0.8 * batch[:, 0, 2:8, 2:8].mean((1, 2)) / 100


def box_of(scan, low, high):
    mask = np.zeros(scan.voxels.shape, np.uint8)
    mask[:, low:high, low:high] = 1
    return scan.like(mask)


def explain(scan, model, **options):
    options = {
        "method": xai.Occlusion(10, 5, unit="pixel"), "score": "confidence", "region": box_of(scan, 12, 52),
        "slices": "all", "device": "cpu",
    } | options  # fmt: skip
    return xai.explain(scan, ["liver"], model=model, **options)


@pytest.mark.slow
def test_a_map_of_what_the_model_looks_at_is_strong(scan, tmp_path):
    found = explain(scan, drawn(by_a_part))
    (row,) = found.summary
    assert row["trust"] == "strong", row["trust_reasons"]
    assert row["gap"] > row["random_gap"] and row["outside_share"] < 0.01 and row["pointing_game"] > 0.5
    assert found.warnings == explain(scan, drawn(by_a_part), evidence="none").warnings

    report = json.loads((found.save(tmp_path / "run") / "report.json").read_text())
    assert report["summary"][0]["trust"] == "strong" and report["request"]["evidence"] == {"level": "quick"}
    shown, _ = report["evidence"]["structures"]["liver"]  # the scan has two slices
    zero = shown["curves"]["zero"]
    assert zero["area"][0] == 0 and zero["area"][-1] == 1 and zero["deletion"][0] == zero["insertion"][-1]
    assert len(shown["curves"]) == 2 and zero["random_deletion"] == zero["random_insertion"][::-1]
    loaded = Explanation.load(tmp_path / "run")
    assert loaded.summary[0]["trust_reasons"] == row["trust_reasons"]


def test_an_influence_outside_the_region_is_said(scan):
    voxels = scan.voxels.copy()
    voxels[:, 2:8, 2:8] += 90
    found = explain(scan.like(voxels), drawn(by_elsewhere))
    (row,) = found.summary
    assert row["trust"] == "not supported" and row["outside_share"] > 1
    assert any("was not perturbed matters" in w for w in found.warnings)


@pytest.fixture(scope="module")
def tall():
    """Nine slices whose square grows: the first, smallest ones fall with a single patch."""
    voxels = np.random.default_rng(0).normal(0, 3, (9, 64, 64)).astype(np.float32)
    for z in range(9):
        voxels[z, 20:40, 24 : 28 + 2 * z] += 100
    return Volume(voxels, (2.0, 2.0, 5.0), modality="CT", name="square")


def above(batch):
    return torch.sigmoid((batch - 50) / 2)


above.targets = ("liver",)


@pytest.mark.slow
def test_three_slices_are_tested_and_the_most_flattering_is_none_of_them(tall):
    method = xai.Occlusion(12, 6, unit="pixel", fill=0)
    found = explain(tall, above, region=box_of(tall, 12, 64), score="dice", method=method)
    (row,) = found.summary
    area = {r["slice"]: r["predicted_mm2"] for r in found.rows}
    median = sorted(area, key=area.get)[4]
    assert row["evidence_slices"] == [1, 4, 7] and median in row["evidence_slices"]
    assert row["largest_drop_slice"] == 0 and row["largest_drop"] == found.rows[0]["largest_drop"]
    assert "tested on slices 1, 4, 7: " in row["trust_reasons"][-1]
    assert [e["slice"] for e in found.report["evidence"]["structures"]["liver"]] == [1, 4, 7]
    full = explain(tall, above, region=box_of(tall, 12, 64), score="dice", method=method, evidence="full")
    assert full.summary[0]["evidence_slices"] == list(range(9))
    assert [r["slice"] for r in full.rows if "fill_agreement" in r] == [4], "explained again where the area is median"


def gated(batch):
    """The square, and nothing of it where a place in its upper left is not bright."""
    return above(batch) * torch.sigmoid((batch[:, :, 22:30, 25:33].mean((2, 3), keepdim=True) - 60) / 5)


gated.targets = ("liver",)


@pytest.mark.parametrize("score", ["dice", "confidence"])
def test_what_only_thresholds_has_the_organs_shape_and_what_hangs_on_a_place_has_not(scan, score):
    """Two models that draw the same: the first knows no more than the pixels it hides, the second needs a place."""
    method = xai.Occlusion(10, 5, unit="pixel", fill=0)
    shape, gate = (explain(scan, model, score=score, method=method) for model in (above, gated))
    (row,), (other,) = shape.summary, gate.summary
    assert row["trust"] == "the organ's shape" and row["shape_correlation"] > 0.97 and row["remote_loss"] < 0.01
    assert row["trust_reasons"][0].startswith("this says where the organ is, not why")
    assert row["gap"] <= row["shape_gap"] + 0.02, "in its order it is no better than the map without a model"
    assert other["remote_loss"] > 0.5 and other["second_remote_loss"] > 0.25
    assert other["trust"] in ("weak", "strong")
    if other["shape_correlation"] >= 0.9:
        assert other["trust"] == "weak" and "`xaiclip ask`" in other["trust_reasons"][0]


@pytest.mark.slow
def test_every_slice_is_shown_on_one_scale(tall):
    found = explain(tall, above, region=box_of(tall, 12, 64), score="dice", evidence="none")
    drop, shown = found.drop.voxels, found.saliency.voxels
    assert np.allclose(shown, np.maximum(drop, 0) / drop.max()) and shown.max() == 1
    ratio = drop[8].max() / drop.max()
    assert ratio < 0.6 and shown[8].max() == pytest.approx(ratio)
    assert found.rows[8]["precision_0.5"] > 0, "what is high in a slice is measured on the slice's own scale"


def test_a_model_that_ignores_the_image_is_not_supported(scan):
    found = explain(scan, drawn(lambda batch: torch.full((len(batch),), 0.9)))
    (row,) = found.summary
    assert row["trust"] == "not supported" and "the map is flat" in row["trust_reasons"][0]


def test_a_map_that_is_mostly_noise_is_not_supported(scan):
    rng = torch.Generator().manual_seed(0)

    def noisy(batch):
        return 0.5 + 0.2 * torch.randn(len(batch), generator=rng)

    found = explain(scan, drawn(noisy), method=xai.KernelShap(samples=40, scale=1, min_size=4))
    assert found.summary[0]["trust"] == "not supported"


def test_the_outside_is_warned_of_with_its_slices(scan):
    voxels = np.concatenate([scan.voxels, scan.voxels[:1]])
    voxels[1:, 2:8, 2:8] += 90
    three = Volume(voxels, scan.spacing, modality="CT")
    found = explain(three, drawn(by_elsewhere), region=box_of(three, 12, 52))
    [warning] = [w for w in found.warnings if "was not perturbed matters" in w]
    assert "in slices 1, 2, up to" in warning


@pytest.mark.slow
def test_evidence_has_its_own_count_and_its_bound(scan):
    runs = []

    def counting(score):
        def model(batch):
            runs.append(len(batch))
            return drawn(score)(batch)

        model.targets = ("liver",)
        return model

    costs = {}
    for level in ("none", "quick", "full"):
        runs.clear()
        found = explain(scan, counting(by_a_part), evidence=level, method=xai.Occlusion(10, 2, unit="pixel"))
        costs[level] = (sum(runs), found.report["evidence"]["evaluations"], found.summary[0]["evaluations"])
    none, quick, full = costs.values()
    assert none[2] == quick[2] == full[2] and none[1] == 0
    assert quick[0] - none[0] - quick[1] in range(5)  # the unperturbed slice once more, and the tries of a window
    assert 2 * 35 < quick[1] <= max(0.25 * none[2], 2 * 48) and full[1] > none[2]


def test_none_computes_nothing_and_says_so(scan):
    found = explain(scan, drawn(by_a_part), evidence="none")
    (row,) = found.summary
    assert row["trust"] == "not tested" and row["trust_reasons"] == ["the evidence was switched off"]
    assert found.report["evidence"]["level"] == "none" and not found.report["evidence"]["structures"]
    assert "gap" not in row and not any("gap" in r for r in found.rows)
    with pytest.raises(InputError, match="no evidence 'some'"):
        explain(scan, drawn(by_a_part), evidence="some")


def test_stopped_during_the_evidence_the_maps_are_kept(scan):
    def stop(done, total, message):
        if message == "evidence":
            assert done < total  # the worker does not stop at the end
            raise Cancelled("enough")

    found = explain(scan, drawn(by_a_part), progress=stop)
    whole = explain(scan, drawn(by_a_part), evidence="none")
    assert np.array_equal(found.drop.voxels, whole.drop.voxels) and len(found.rows) == 2
    assert found.summary[0]["trust"] == "not tested" and "evidence: stopped by the user" in found.warnings


def test_a_model_that_fails_under_a_test_does_not_cost_the_maps(scan):
    def model(batch):
        out = drawn(by_a_part)(batch)
        corner = (batch[:, 0, :4, :4] == 0).all((1, 2))  # filled by the probe alone
        out[corner] = float("nan")
        return out

    model.targets = ("liver",)
    found = explain(scan, model)
    assert found.summary[0]["trust"] == "not tested" and "a test failed" in found.summary[0]["trust_reasons"][0]
    assert found.drop.voxels.max() > 0.05


@pytest.mark.slow
def test_everything_on_every_slice(scan):
    found = explain(scan, drawn(by_a_part), evidence="full", method=xai.Rise(80, 6, estimator="ridge"))
    (row,) = found.summary
    assert row["evidence_slices"] == [0, 1]
    assert row["seed_agreement"] > 0.5 and row["fill_agreement"] > 0.5 and row["sensitivity_n"] > 0.5
    assert row["gap"] == pytest.approx(np.mean([r["gap"] for r in found.rows]))
    assert "random_weights_agreement" not in row  # a callable shows no network


def test_a_volume_is_judged_as_a_whole(scan):
    def model(batch):
        out = torch.zeros_like(batch)
        score = (batch[:, 0, :, 20:40, 39:44].mean((1, 2, 3)) / 240).clamp(0, 1)
        out[(slice(None), slice(None), slice(None), *ORGAN)] = score[:, None, None, None, None]
        return out

    model.targets, model.spatial_dims = ("liver",), 3
    found = explain(scan, model, method=xai.Occlusion((2, 10, 10), (1, 5, 5)))
    (row,) = found.summary
    assert row["trust"] == "strong" and row["evidence_slices"] == ["all"] and not any("gap" in r for r in found.rows)


# ---- the bundled model and its randomised twin


@pytest.fixture(scope="module")
def slices(phantom, liver_slice):
    """The middle of the liver and its truth, as volumes of one slice."""
    return tuple(
        Volume(v.voxels[liver_slice : liver_slice + 1], v.spacing, modality=v.modality, name=v.name) for v in phantom
    )


@pytest.mark.slow
@pytest.mark.parametrize("method", [FAST, xai.Rise(64), xai.Lime(64)], ids=lambda m: m.name)
def test_a_randomised_twin_is_not_supported(slices, organ, liver_slice, method):
    truth = slices[1].like(organ("liver").voxels[liver_slice : liver_slice + 1], "liver")
    twin = randomised(BundledSegmenter(torch.device("cpu")))
    (row,) = xai.explain(slices[0], ["liver"], method, model=twin, reference=truth, slices="0", device="cpu").summary
    assert row["trust"] == "not supported"
    assert any("does not find it" in reason for reason in row["trust_reasons"])


@pytest.mark.slow
def test_the_true_model_is_supported_and_its_map_falls_with_its_weights(slices, organ, liver_slice):
    truth = slices[1].like(organ("liver").voxels[liver_slice : liver_slice + 1], "liver")
    found = xai.explain(slices[0], ["liver"], FAST, reference=truth, device="cpu", evidence="full")
    (row,) = found.summary
    assert row["trust"] in ("strong", "weak") and row["dice"] > 0.8
    assert row["random_weights_agreement"] < 0.5 and row["random_weights_ssim"] < 0.7
    assert {name for name in row if re.match(r"random_weights_\d", name)} == {
        "random_weights_0%", "random_weights_34%", "random_weights_67%", "random_weights_100%",
    }  # fmt: skip


def test_points_say_what_speaks_against_a_map():
    """For faces with words of their own: a name for each reason that speaks against it, with its slice."""
    assert judge(GOOD).points == ()
    assert judge(replace(GOOD, dice=0.1, outside=2.0)).points == ("dice", "outside")
    worse = {18: replace(GOOD, fills=0.4), 19: replace(GOOD, fills=0.1), 20: GOOD}
    trust = judge_run(RUN, worse)
    assert trust.level == "weak" and trust.points == ("fills:19",)
    assert len(trust.reasons) == 2, "and which slices were tested"
    assert judge_run(replace(RUN, unsuitable=("made for CT",)), {}).points == ("unsuitable 0",)
