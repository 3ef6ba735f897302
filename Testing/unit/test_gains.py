"""Savings and gains, pair by pair, against numbers worked out by hand."""

import math

import pytest

from XAICLIPLib.benchmark.statistics import (
    BRUTE,
    FEWER,
    ROI,
    gain,
    pairs,
    summary,
)
from XAICLIPLib.results.rows import ArmRow


def row(arm, seconds, evaluations, iou, case="a", structure="liver", method="occlusion", **more):
    return ArmRow.from_dict({
        "case": case, "slice": 3, "structure": structure, "method": method, "arm": arm, "seconds": seconds,
        "evaluations": evaluations, "iou_0.4": iou, "fidelity_dice_0.4": 0.5, "deletion_auc": 0.4, "gap": 0.1, **more,
    })  # fmt: skip


def test_a_gain_is_a_share_of_what_was_there():
    assert gain(0.2, 0.3) == pytest.approx(0.5)
    assert gain(0.4, 0.1) == pytest.approx(-0.75)
    assert gain(0.0, 0.1) == math.inf
    assert math.isnan(gain(0.0, 0.0)) and math.isnan(gain(None, 0.1)) and math.isnan(gain(0.1, None))


def test_pairs_hold_each_arm_against_its_own_brute_force():
    rows = [
        row(BRUTE, 10.0, 200, 0.2),
        row(ROI, 2.0, 50, 0.3, deletion_auc=0.35),
        row(FEWER, 1.0, 20, 0.25),
        row(BRUTE, 4.0, 100, 0.5, case="b"),
        row(ROI, 1.0, 25, 0.5, case="c"),  # its brute force is not there
    ]
    first, second = pairs(rows)
    assert (first["arm"], second["arm"]) == (ROI, FEWER)
    assert first["seconds_saved"] == pytest.approx(0.8) and first["speed_up"] == pytest.approx(5)
    assert first["evaluations_saved"] == pytest.approx(0.75)
    assert first["iou_0.4_gain"] == pytest.approx(0.5) and second["iou_0.4_gain"] == pytest.approx(0.25)
    assert first["fidelity_dice_0.4_gain"] == 0 and first["deletion_auc_change"] == pytest.approx(-0.05)
    assert math.isnan(first["iou_0.3_gain"])  # not measured


def test_medians_are_of_the_pairs_and_means_of_the_rows():
    rows = []
    # one slow pair that saves little: a ratio of means would say 0.13, two of three pairs say 0.9
    for case, before, after in (("a", 1.0, 0.1), ("b", 1.0, 0.1), ("c", 100.0, 90.0)):
        rows += [row(BRUTE, before, 100, 0.2, case), row(ROI, after, 10, 0.4, case)]
    brute, roi = summary(rows, pairs(rows))
    assert (brute["arm"], brute["structure"], brute["n"]) == (BRUTE, "liver", 3)
    assert roi["seconds_saved_median"] == pytest.approx(0.9) and roi["iou_0.4_gain_median"] == pytest.approx(1.0)
    assert roi["seconds_mean"] == pytest.approx(90.2 / 3)
    assert roi["evaluations_std"] == 0 and "seconds_saved_median" not in brute
    assert brute["seconds_std"] == pytest.approx(57.1577, abs=1e-3)  # of the sample: n − 1


def test_all_structures_are_summed_up_where_there_are_several():
    rows = [row(arm, 1.0, 10, 0.2, structure=s) for s in ("liver", "spleen") for arm in (BRUTE, ROI)]
    found = summary(rows, pairs(rows))
    assert [(line["structure"], line["arm"], line["n"]) for line in found] == [
        ("liver", BRUTE, 1), ("liver", ROI, 1), ("spleen", BRUTE, 1), ("spleen", ROI, 1),
        ("all", BRUTE, 2), ("all", ROI, 2),
    ]  # fmt: skip
    assert math.isnan(found[0]["seconds_std"])


def test_infinite_gains_count_and_do_not_swallow_the_median():
    rows = []
    for case, before in (("a", 0.0), ("b", 0.2), ("c", 0.4)):
        rows += [row(BRUTE, 1.0, 10, before, case), row(ROI, 1.0, 10, 0.4, case)]
    assert summary(rows, pairs(rows))[1]["iou_0.4_gain_median"] == pytest.approx(1.0)  # of 0, 1 and ∞
    assert summary(rows[:4], pairs(rows[:4]))[1]["iou_0.4_gain_median"] == pytest.approx(1.0)  # of 1 and ∞
    assert summary(rows[:2], pairs(rows[:2]))[1]["iou_0.4_gain_median"] == math.inf
