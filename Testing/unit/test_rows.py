"""The tables' columns: their names and order stay, each is described, and rows come back from files as they were."""

import csv
import math
from dataclasses import replace
from pathlib import Path

import pytest

from XAICLIPLib.errors import InputError
from XAICLIPLib.metrics import map_metrics, prediction_metrics
from XAICLIPLib.report.provenance import plain, write_csv
from XAICLIPLib.results.document import page
from XAICLIPLib.results.rows import (
    ArmRow,
    ArmSummaryRow,
    EvidenceRow,
    LocationRow,
    PairRow,
    SliceRow,
    SummaryRow,
    columns_of,
    is_known,
)
from XAICLIPLib.results.saved import read_rows

TABLES = (SliceRow, SummaryRow, EvidenceRow, LocationRow, ArmRow, PairRow, ArmSummaryRow)
LEVELS = [
    f"{name}_{t}"
    for t in ("0.3", "0.4", "0.5")
    for name in ("fidelity_dice", "iou", "band_dice", "band_iou", "recall", "precision")
]
MAP = [
    *LEVELS, "roi_fidelity_dice", "roi_iou", "roi_band_dice", "roi_band_iou", "roi_recall", "roi_precision",
    "evaluated_share",
]  # fmt: skip
EVIDENCE = """outside_drop outside_share outside_patches deletion_auc insertion_auc random_auc gap random_gap roi_gap
region_drop second_deletion_auc second_insertion_auc second_gap second_region_drop pointing_game rank_accuracy
mass_accuracy leakage roi_pointing_game roi_rank_accuracy roi_mass_accuracy roi_leakage sensitivity_n mu_fidelity
infidelity fill_agreement seed_agreement random_weights_0% random_weights_agreement random_weights_ssim
random_weights_34% random_weights_67% random_weights_100%""".split()
# as files of earlier versions have them: whoever reads these files must find the same
WRITTEN = {
    SliceRow: """slice structure region region_threshold region_share region_recall target_recall baseline_share
        baseline_recall evaluations full_evaluations baseline_evaluations rho seconds evaluations_per_second score flat
        largest_drop smallest_drop predicted_mm2 dice iou boundary_iou hd95_mm""".split() + MAP + EVIDENCE,
    SummaryRow: """slice structure region region_share target_recall baseline_share baseline_recall
        baseline_evaluations evaluations full_evaluations rho seconds evaluations_per_second score largest_drop
        largest_drop_slice largest_drop_score smallest_drop flat predicted_mm2 dice iou boundary_iou hd95_mm""".split()
    + MAP + EVIDENCE + ["evidence_slices", "trust", "trust_reasons", "trust_points"],
    LocationRow: """slice structure source reason threshold area_mm2 share_of_slice share_of_body components
        largest_similarity similarity_inside similarity_outside compared_with recall dice iou evaluations
        full_evaluations baseline_recall baseline_dice baseline_iou baseline_area_mm2 baseline_evaluations
        warnings""".split(),
    ArmRow: """case structure slice modality method arm turn seconds region_seconds model_seconds evaluations rho
        region region_share target_recall prediction_dice score largest_drop flat window_share""".split() + MAP
    + """deletion_auc insertion_auc gap random_auc random_gap common_effect common_share drop_outside
        warnings""".split(),
    PairRow: "case slice structure method arm seconds_saved evaluations_saved speed_up".split()
    + [f"{name}_{t}_gain" for t in ("0.3", "0.4", "0.5") for name in ("fidelity_dice", "iou", "band_dice", "band_iou")]
    + ["deletion_auc_change", "insertion_auc_change", "gap_change"],
}  # fmt: skip
NEWER = {
    "shape_correlation", "unseen_share", "remote_loss", "second_unseen_share", "second_remote_loss", "shape_gap",
    "images", "image_shapley", "second_image_shapley",
}  # fmt: skip


def test_the_columns_of_files_are_those_they_were():
    for kind, names in WRITTEN.items():
        columns = [about.name for about in columns_of(kind).values()]
        assert [name for name in columns if name not in NEWER] == names, kind.__name__
        assert NEWER <= set(columns) or kind not in (SliceRow, SummaryRow)


@pytest.mark.parametrize("kind", TABLES)
def test_every_column_says_what_it_holds(kind):
    """In a sentence, with a unit where it is a length, an area or a time, and a range or a text where it is neither."""
    for attribute, about in columns_of(kind).items():
        assert len(about.meaning) > 10 and about.meaning[-1] not in ".,;", attribute
        for ending, unit in (("_mm2", "mm2"), ("_mm", "mm"), ("seconds", "s")):
            assert about.unit == unit or not attribute.endswith(ending), attribute


def test_the_page_of_the_numbers_is_made_from_the_rows():
    written = Path(__file__).parents[2] / "docs" / "metrics.md"
    text = written.read_text(encoding="utf-8")
    assert text == page(), "python -m XAICLIPLib.results.document docs/metrics.md"
    for kind, names in WRITTEN.items():
        assert all(f"| `{name}` |" in text for name in names), kind.__name__


def test_what_the_metrics_give_has_its_columns():
    import numpy as np

    mask = np.zeros((20, 20), bool)
    mask[5:12, 5:12] = True
    numbers = prediction_metrics(mask, mask, 1.0) | map_metrics(mask * 0.45, mask, mask, 1.0)
    given = SliceRow.attributes(numbers)
    assert given["iou_04"] == 1 and given["iou_05"] == 0 and given["hd95_mm"] == 0
    assert set(given) == {name for name in columns_of(SliceRow) if columns_of(SliceRow)[name].name in numbers}
    with pytest.raises(KeyError):
        SliceRow.attributes({"iou_0.45": 1.0})  # nobody would know what it is


def slice_row(**more):
    numbers = dict.fromkeys(
        ("region_share", "region_recall", "target_recall", "baseline_share", "baseline_recall", "largest_drop"), 0.25
    )
    numbers |= {"slice": 3, "structure": "12", "region": "clip", "region_threshold": None, "smallest_drop": -0.1}
    return SliceRow(predicted_mm2=4.0, **numbers | more)


def test_a_row_has_its_attributes_and_is_its_columns():
    row = slice_row(iou_04=0.5, gap=math.nan)
    assert row.iou_04 == row["iou_0.4"] == 0.5 and row.region_threshold is row["region_threshold"] is None
    assert "gap" in row and not is_known(row.gap) and "dice" not in row and not is_known(row.dice)
    assert list(row)[:4] == ["slice", "structure", "region", "region_threshold"] and list(row)[-1] == "gap"
    assert dict(row) == row.as_dict() == dict(row.items()) and len(row) == len(dict(row))
    for name in ("dice", "iou_04", "nonsense"):
        with pytest.raises(KeyError):
            row[name]
    assert plain(row)["gap"] is None and "dice" not in plain(row) and plain([row])[0]["iou_0.4"] == 0.5
    assert replace(row, dice=0.5)["dice"] == 0.5


def test_rows_come_back_from_a_file_as_they_were(tmp_path):
    rows = [slice_row(evaluations=9, flat=False, dice=math.nan, gap=0.5), slice_row(region_threshold=0.5, flat=True)]
    path = write_csv(tmp_path / "metrics.csv", rows)
    first, second = read_rows(path)
    assert dict(first) == dict(rows[0]) | {"dice": first.dice} and math.isnan(first.dice)
    assert first.structure == "12" and type(first.evaluations) is int and first.flat is False
    assert second.region_threshold == 0.5 and second.flat is True and second.evaluations is None
    assert write_csv(tmp_path / "again.csv", [first, second]).read_bytes() == path.read_bytes()


def test_a_file_of_another_version_is_read(tmp_path):
    """It lacks columns that every row has now, and has one that nobody knows any more."""
    path = tmp_path / "metrics.csv"
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([
            ("slice", "structure", "largest_drop", "old"), (3, "liver", 0.5, "x"), ("all", "liver", 0.5, "")
        ])  # fmt: skip
    [row] = read_rows(path)
    assert (row.slice, row.structure, row.largest_drop) == (3, "liver", 0.5) and "old" not in row
    assert math.isnan(row.region_share) and row.evaluations is None and row.region_threshold is None


@pytest.mark.parametrize(
    "text", ["structure\nliver\n", "slice,largest_drop\n3,much\n", "slice,flat\n3,maybe\n", "slice\n\0"]
)
def test_a_damaged_file_is_said(tmp_path, text):
    (tmp_path / "metrics.csv").write_text(text)
    with pytest.raises(InputError, match="metrics.csv can't be read"):
        read_rows(tmp_path / "metrics.csv")


def test_the_rows_of_arms_come_back_from_json():
    arm = ArmRow.from_dict({"arm": "ROI", "slice": 3, "seconds": 2.0, "iou_0.4": None, "warnings": ["a", "b"]})
    assert arm.seconds == 2 and math.isnan(arm.iou_04) and arm.warnings == ["a", "b"] and math.isnan(arm.score)
    line = ArmSummaryRow(
        method="rise", structure="all", arm="ROI", n=2, means={"score": 0.5}, deviations={"score": math.nan},
        medians={"iou_0.4_gain": 1.0},
    )  # fmt: skip
    assert list(line) == ["method", "structure", "arm", "n", "score_mean", "score_std", "iou_0.4_gain_median"]
    again = ArmSummaryRow.from_dict(plain(line))
    assert again.means == line.means and again.medians == line.medians and math.isnan(again.deviations["score"])
