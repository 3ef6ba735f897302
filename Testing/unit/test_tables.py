"""The page of tables says what the rows say, and the figure shows them."""

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest

from XAICLIPLib.benchmark.figure import COLOURS, draw_bars
from XAICLIPLib.benchmark.statistics import (
    BRUTE,
    FEWER,
    ROI,
    pairs,
    summary,
)
from XAICLIPLib.benchmark.tables import (
    by_threshold,
    glance,
    grid,
    of_method,
    share,
    signed,
    write_tables,
)
from XAICLIPLib.errors import InputError
from XAICLIPLib.results.rows import ArmRow


def row(arm, seconds, evaluations, iou, structure="kidney_left", method="rise", case="a"):
    overlaps = {
        f"{name}_{t}": iou for t in ("0.3", "0.4", "0.5") for name in ("iou", "fidelity_dice", "band_iou", "band_dice")
    }
    return ArmRow.from_dict({
        "case": case, "slice": 3, "structure": structure, "method": method, "arm": arm, "seconds": seconds,
        "evaluations": evaluations, **overlaps, "deletion_auc": 0.4, "insertion_auc": 0.6, "gap": 0.2, "roi_iou": 0.8,
    })  # fmt: skip


@pytest.fixture
def rows():
    return [row(BRUTE, 10.0, 2000, 0.2), row(ROI, 10.0, 2000, 0.5), row(FEWER, 1.0, 200, 0.4)]


def test_shares_and_differences_as_people_read_them():
    assert [share(v) for v in (0.848, -0.001, math.inf, math.nan, None)] == ["85%", "0%", "∞", "–", "–"]
    assert [share(v, signed=True) for v in (0.5, -0.25, 0.0, 0.001)] == ["+50%", "-25%", "0%", "0%"]
    assert [signed(v) for v in (0.0213, -0.5, -0.0001, math.nan)] == ["+0.021", "-0.500", "0", "–"]


def test_the_medians_at_a_glance(rows):
    heading, lines = glance(summary(rows, pairs(rows)))
    assert lines == [
        ["rise", "left kidney", ROI, "1", "0%", "0%", "+150%", "+150%", "+150%", "0", "0"],
        ["rise", "left kidney", FEWER, "1", "90%", "90%", "+100%", "+100%", "+100%", "0", "0"],
    ]
    assert len(heading) == len(lines[0]) and heading[4] == "runtime saved"
    assert by_threshold(summary(rows, pairs(rows)))[1][0] == ["rise", "left kidney", ROI, "+150%", "+150%", "+150%"]


def test_means_with_their_deviation(rows):
    rows = [*rows, row(BRUTE, 20.0, 2000, 0.4, case="b"), row(ROI, 12.0, 2000, 0.5, case="b")]
    _, lines = of_method(summary(rows, pairs(rows)), "rise")
    assert [line[:5] for line in lines] == [
        ["left kidney", BRUTE, "2", "15.00 ± 7.07", "2000 ± 0"],
        ["left kidney", ROI, "2", "11.00 ± 1.41", "2000 ± 0"],
        ["left kidney", FEWER, "1", "1.00", "200"],
    ]
    assert lines[0][7] == "–" and lines[1][7] == "0.80 ± 0.00"  # brute force has no region of its own


def test_the_page_and_the_files(rows, tmp_path):
    paired = pairs(rows)
    write_tables(
        tmp_path, "A title", rows, paired, summary(rows, paired), facts={"seed": "0"}, remarks=["spleen: not there"],
        figure="figure.png",
    )  # fmt: skip
    text = (tmp_path / "tables.md").read_text(encoding="utf-8")
    assert text.startswith("# A title\n") and "![A title](figure.png)" in text
    assert "- seed: 0" in text and "- spleen: not there" in text and "Research use only" in text
    assert grid(*glance(summary(rows, paired))) in text
    assert len((tmp_path / "rows.csv").read_text().splitlines()) == 4
    assert len((tmp_path / "pairs.csv").read_text().splitlines()) == 3
    with pytest.raises(InputError, match="can't be written"):
        write_tables(tmp_path / "nowhere", "t", rows, paired, [], facts={})


def share_of_colour(picture, colour):
    wanted = [int(colour[i : i + 2], 16) for i in (5, 3, 1)]  # OpenCV has blue first
    return float((np.abs(picture.astype(int) - wanted).max(-1) < 3).mean())


@pytest.mark.slow
def test_the_figure_has_a_row_per_method_and_a_colour_per_arm(rows, tmp_path):
    more = [row(arm, 1.0, 100, 0.3, method="occlusion") for arm in (BRUTE, ROI)]
    two = cv2.imread(str(draw_bars(tmp_path / "two.png", [*rows, *more], "Both")))
    one = cv2.imread(str(draw_bars(tmp_path / "one.png", more, "One")))
    assert two.shape[0] > 1.5 * one.shape[0] and two.shape[1] == one.shape[1] == 1800
    assert all(share_of_colour(two, colour) > 0.005 for colour in COLOURS)
    assert share_of_colour(one, COLOURS[2]) == 0  # no third arm, neither as a bar nor in the legend
    many = [replace(r, structure=name) for r in rows for name in ("liver", "spleen", "pancreas", "aorta", "stomach")]
    assert cv2.imread(str(draw_bars(tmp_path / "many.png", many, "Many"))).shape[1] > 1800


@pytest.mark.slow
def test_a_figure_without_values_is_drawn(rows, tmp_path):
    empty = [replace(r, iou_04=None, band_iou_04=None, gap=None, roi_iou=None) for r in rows]
    assert draw_bars(tmp_path / "empty.png", empty, "Nothing measured").stat().st_size > 1000
