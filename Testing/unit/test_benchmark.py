"""Brute force against ROI-guided: what is compared is alike in both arms, and nothing that was finished is lost."""

import csv
import json
import os
import signal
import sys
import textwrap
import time
from dataclasses import replace

import numpy as np
import pytest
import torch

from Testing.unit.publishedlayouts import write_chaos_ct, write_chaos_mr, write_flare
from XAICLIPLib.attribution.methods import Lime, Occlusion, Rise
from XAICLIPLib.benchmark.compare import box_in_space, compare_slice
from XAICLIPLib.benchmark.rowsfile import RowsFile
from XAICLIPLib.benchmark.run import choose_slices, run_benchmark, settings_of
from XAICLIPLib.benchmark.statistics import BRUTE, FEWER, ROI
from XAICLIPLib.case.case import Case, box_of
from XAICLIPLib.case.request import Request
from XAICLIPLib.cli import main
from XAICLIPLib.datasets import Labelled, LabelledCase, flare22
from XAICLIPLib.errors import Cancelled, InputError
from XAICLIPLib.models.base import Prepared, SliceGrid
from XAICLIPLib.phantom import PHANTOM_LABELS
from XAICLIPLib.pipeline import explain
from XAICLIPLib.roi.given import mask_of_box
from XAICLIPLib.volume import Volume

pytestmark = pytest.mark.slow

OCCLUSION = Occlusion(128, 64, unit="px512")
THEIRS = textwrap.dedent(
    """
    import os, signal, torch

    calls = 0

    def bright(batch):
        "What is brighter than 90 HU; Ctrl-C at a given call."
        global calls
        calls += 1
        if calls == int(os.environ.get("INTERRUPT_AT", 0)):
            os.kill(os.getpid(), signal.SIGINT)
        return torch.sigmoid((batch - 90) / 5)

    def volumes(batch):
        return batch
    volumes.spatial_dims = 3
    """
)


@pytest.fixture
def theirs(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("theirs")
    (folder / "xaiclip_bright_model.py").write_text(THEIRS)
    monkeypatch.syspath_prepend(str(folder))
    yield "function:xaiclip_bright_model:bright"
    sys.modules.pop("xaiclip_bright_model", None)


def bright(batch):
    """A model that costs nothing: what is brighter than 90 HU, of which the liver is a part."""
    return torch.sigmoid((batch - 90) / 5)


@pytest.fixture
def case(phantom, organ, models):
    """The phantom's liver with its ground truth."""
    given = {"scan": phantom[0], "reference": organ("liver"), "model": bright}
    return Case(Request("phantom", ("liver",), device="cpu"), models, **given)


@pytest.fixture(scope="module")
def listed(phantom):
    """The coarse phantom as a case of a data set."""
    numbers = {name: PHANTOM_LABELS[name] for name in ("liver", "spleen", "kidney_left")}
    return LabelledCase("coarse", tuple(numbers), lambda: Labelled(*phantom, numbers))


def masks_of(phantom):
    return {n: phantom[1].voxels == PHANTOM_LABELS[n] for n in ("liver", "kidney_right", "kidney_left", "spleen")}


def by_arm(rows):
    return {row["arm"]: row for row in rows}


def test_each_arm_is_what_a_run_of_its_own_gives(case, models, phantom, organ, liver_slice):
    """The same numbers as `xaiclip explain` with the region "full", and with that of the words."""
    rows = by_arm(compare_slice(case, liver_slice, OCCLUSION))
    assert set(rows) == {BRUTE, ROI}
    for arm, region in ((BRUTE, "full"), (ROI, "clip")):
        request = case.request.changed(
            region=region, method=OCCLUSION, slices=str(liver_slice), evidence="none"
        )  # fmt: skip
        given = {"scan": phantom[0], "reference": organ("liver"), "model": bright}
        [expected] = explain.run(request, models=models, **given).rows
        assert rows[arm]["region"] == expected["region"] == region
        assert rows[arm]["evaluations"] == expected["evaluations"]
        for name in ("iou_0.4", "band_iou_0.4", "fidelity_dice_0.3", "roi_iou", "score", "largest_drop"):
            assert rows[arm][name] == pytest.approx(expected[name], abs=1e-9), (arm, name)
    assert rows[ROI]["evaluations"] < 0.7 * rows[BRUTE]["evaluations"]
    assert rows[ROI]["region_seconds"] > 10 * rows[BRUTE]["region_seconds"]  # finding it is counted
    assert rows[ROI]["seconds"] > rows[ROI]["region_seconds"] + rows[ROI]["model_seconds"] * 0.9


def test_with_the_whole_slice_as_the_region_nothing_is_gained(case, liver_slice):
    for method in (OCCLUSION, Rise(masks=16), Lime(samples=16)):
        rows = by_arm(compare_slice(case.vary(region="full"), liver_slice, method))
        assert set(rows) == {BRUTE, ROI}  # no fewer samples either
        for name in ("evaluations", "iou_0.4", "band_dice_0.4", "deletion_auc", "insertion_auc", "random_auc"):
            assert rows[BRUTE][name] == rows[ROI][name], (method.name, name)
        assert rows[ROI]["drop_outside"] == 0 or method.name == "lime"


def test_deletion_is_measured_in_one_area_for_all_arms(case, liver_slice):
    rows = by_arm(compare_slice(case, liver_slice, OCCLUSION))
    for name in ("common_share", "common_effect", "random_auc", "random_gap"):
        assert rows[BRUTE][name] == rows[ROI][name], name
    assert 0 < rows[ROI]["common_share"] and rows[ROI]["drop_outside"] == 0 < rows[BRUTE]["drop_outside"] < 1
    assert rows[ROI]["common_share"] == pytest.approx(rows[ROI]["region_share"])  # all of the region has a value


def test_who_goes_first_alternates(case, liver_slice):
    orders = [[row["turn"] for row in compare_slice(case, liver_slice, OCCLUSION, turn)] for turn in range(3)]
    assert orders == [[0, 1], [1, 0], [0, 1]]
    three = [[row["turn"] for row in compare_slice(case, liver_slice, Rise(masks=16), turn)] for turn in range(3)]
    assert three == [[0, 1, 2], [2, 0, 1], [1, 2, 0]]


def test_the_third_arm_has_as_many_samples_for_each_cell(case, liver_slice):
    rows = by_arm(compare_slice(case, liver_slice, Rise(masks=64, grid=7)))
    assert rows[BRUTE]["evaluations"] == rows[ROI]["evaluations"] == 64
    assert 8 <= rows[FEWER]["evaluations"] < 40
    prepared = case.prepare(liver_slice)
    region = np.zeros(prepared.image.shape[1:], bool)
    edge = -(-region.shape[0] // 7)
    region[edge - 1 : edge + 1, :2] = True  # two of 49 cells
    assert Rise(grid=7).share_of_features(prepared.image, region) == pytest.approx(2 / 49)
    halves = np.arange(region.size).reshape(region.shape) % 4
    region[:] = True
    assert Lime(segments=halves).share_of_features(prepared.image, region) == 1
    assert Lime(segments=halves).share_of_features(prepared.image, halves == 2) == pytest.approx(1 / 4)
    assert OCCLUSION.share_of_features(prepared.image, region) == 1


def test_a_map_that_was_cut_short_is_no_arm(phantom, organ, models, liver_slice):
    """`explain` keeps what a sampler has when it is stopped; in a table it would pass for a whole map."""

    def slow(batch):
        time.sleep(0.03)
        return bright(batch)

    given = {"scan": phantom[0], "reference": organ("liver"), "model": slow}
    case = Case(Request("phantom", ("liver",), device="cpu", region="prediction"), models, **given)
    start, raised = time.monotonic(), []

    def once(share):
        if time.monotonic() - start > 1.8 and not raised:
            raised.append(share)
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        compare_slice(case, liver_slice, Rise(masks=400), 0, once)
    assert len(raised) == 1 and raised[0] < 0.25  # in the first arm


def test_slices_without_anything_to_compare_say_why(phantom, organ, models, liver_slice):
    def nothing(batch):
        return batch.clamp(0, 0)

    blind = Case(
        Request("phantom", ("liver",), device="cpu"), models, scan=phantom[0], reference=organ("liver"), model=nothing
    )
    assert compare_slice(blind, liver_slice, OCCLUSION) == "the model does not find it (Dice 0)"


def test_the_prompt_is_the_box_of_the_ground_truth_in_space(phantom, models):
    tilt = np.deg2rad(20)
    turned = (np.cos(tilt), -np.sin(tilt), 0.0, np.sin(tilt), np.cos(tilt), 0.0, 0.0, 0.0, 1.0)
    scan = replace(phantom[0], origin=(7.0, -50.0, 30.0))
    mask = np.zeros(scan.shape, np.uint8)
    mask[4, 30:50, 20:80] = 1
    case = Case(Request("s", ("liver",), device="cpu"), models, scan=scan, reference=scan.like(mask))
    assert box_of(mask_of_box(box_in_space(case, 4), case.scan.axial)[4]) == (20.0, 30.0, 80.0, 50.0)
    oblique = replace(scan, direction=turned)
    case = Case(Request("s", ("liver",), device="cpu"), models, scan=oblique, reference=oblique.like(mask))
    x0, y0, x1, y1 = box_of(mask_of_box(box_in_space(case, 4), case.scan.axial)[4])
    assert x0 <= 20 and y0 <= 30 and x1 >= 80 and y1 >= 50  # upright in the patient, it holds the mask


class Pointed:
    """A model that segments what is bright in the box it is pointed at, as MedSAM is."""

    name, targets, spatial_dims, promptable, provenance = "pointed", ("liver",), 2, True, {}

    def __init__(self):
        self.boxes = []

    def prepare(self, image, context):
        [prompt] = context.prompts
        self.boxes.append(prompt.box)
        x0, y0, x1, y1 = (int(v) for v in prompt.box)
        inside = torch.zeros(image.shape)
        inside[y0:y1, x0:x1] = 1
        return Prepared(torch.as_tensor(image)[None], SliceGrid(), float, predict=lambda batch: bright(batch) * inside)

    def predict(self, batch):
        raise AssertionError("each slice has a function of its own")


def test_a_model_that_wants_a_prompt_gets_the_same_in_both_arms(phantom, organ, models, liver_slice):
    model = Pointed()
    given = {"scan": phantom[0], "reference": organ("liver"), "model": model}
    case = Case(Request("phantom", ("liver",), device="cpu"), models, **given)
    rows = by_arm(compare_slice(case, liver_slice, OCCLUSION))
    assert rows[BRUTE]["region"] == "full" and rows[ROI]["region"] == "clip"
    assert set(model.boxes) == {box_of(organ("liver").voxels[liver_slice] > 0)} and len(model.boxes) == 3
    assert rows[BRUTE]["score"] == rows[ROI]["score"] > 0.5
    assert rows[ROI]["evaluations"] < rows[BRUTE]["evaluations"]


def test_the_largest_slices_are_taken():
    mask = np.zeros((12, 10, 10), bool)
    for z, size in enumerate((0, 1, 2, 4, 6, 8, 10, 9, 7, 5, 1, 0)):
        mask[z, :size, :size] = True
    assert choose_slices(mask, 1) == [6]
    some = choose_slices(mask, 3)
    assert some[0] == 6 and len(some) == 3 and all(mask[z].sum() >= 30 for z in some)
    assert sorted(choose_slices(mask, 99)) == [4, 5, 6, 7, 8]  # no more than there are


def test_a_data_set_is_walked_and_what_is_missing_is_said(listed, models, phantom, theirs):
    without = phantom[1].like(np.where(phantom[1].voxels == PHANTOM_LABELS["spleen"], 0, phantom[1].voxels))
    second = LabelledCase("no spleen", listed.structures, lambda: Labelled(phantom[0], without, listed.open().numbers))
    third = LabelledCase("liver only", ("liver",), listed.read)
    heard = []
    found = run_benchmark(
        [listed, second, third], ("liver", "spleen"), [OCCLUSION], Request("x", ("liver",), device="cpu", model=theirs),
        models=models, progress=lambda done, total, message: heard.append((done, total)),
    )  # fmt: skip
    assert [(row["case"], row["structure"]) for row in found.rows if row["arm"] == ROI] == [
        ("coarse", "liver"), ("coarse", "spleen"), ("no spleen", "liver"), ("liver only", "liver")
    ]  # fmt: skip
    assert found.skipped == [
        {"case": "no spleen", "structure": "spleen", "reason": "this case does not hold it"},
        {"case": "liver only", "structure": "spleen", "reason": "the labels of this case are of liver alone"},
    ]
    assert [row["turn"] for row in found.rows if row["arm"] == BRUTE and row["structure"] == "liver"] == [0, 1, 0]
    assert all(a[0] <= b[0] + 1e-9 for a, b in zip(heard, heard[1:])) and heard[-1][0] <= 3
    assert found.comparisons == 4 and {line["structure"] for line in found.summary} == {"liver", "spleen", "all"}
    assert all(pair["evaluations_saved"] > 0.3 for pair in found.pairs)
    assert found.doubts("clip") == []
    found.rows[1] = replace(found.rows[1], flat=True, target_recall=0.2, region="box")  # the first ROI-guided
    assert [doubt.partition(":")[0] for doubt in found.doubts("clip")] == ["ROI"] * 3
    assert found.doubts("clip")[2] == "ROI: in 1 of 4 rows the region is a fallback, because clip found nothing"


def test_what_the_model_does_not_segment(listed, models):
    request = Request("x", ("liver",), device="cpu")
    numbers = {"liver": 5, "spine": 31, "gallbladder": 4}
    odd = LabelledCase("odd", tuple(numbers), listed.read)
    with pytest.raises(InputError, match="the model bundled does not segment 'gallbladder'; it segments"):
        run_benchmark([odd], ("spine", "gallbladder"), [OCCLUSION], request, models=models)
    with pytest.raises(InputError, match="give 1 or more"):
        run_benchmark([listed], (), [OCCLUSION], request, models=models, slices_per_case=0)


def test_a_model_of_volumes_is_refused(listed, models, theirs):
    request = Request("x", ("liver",), device="cpu", model=theirs.removesuffix("bright") + "volumes")
    with pytest.raises(InputError, match="the comparison is made slice by slice"):
        run_benchmark([listed], ("liver",), [OCCLUSION], request, models=models)


FAST = ["--methods", "occlusion", "--patch", "128", "--device", "cpu"]


@pytest.fixture
def chaos(phantom, tmp_path):
    """One CT and one MR of CHAOS, from the coarse phantom."""
    scan, masks = phantom[0], masks_of(phantom)
    write_chaos_ct(tmp_path / "CHAOS", "5", scan, masks, True)
    write_chaos_mr(tmp_path / "CHAOS", "2", replace(scan, modality="MR"), masks, False)
    return tmp_path / "CHAOS"


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_command_writes_its_tables_and_does_nothing_twice(chaos, tmp_path, capsys):
    out = tmp_path / "out"
    command = ["benchmark", "--dataset", "chaos", "--root", str(chaos), "--only", "CT-*", "--out", str(out), *FAST]
    assert main(command) == 0
    printed = capsys.readouterr()
    assert "1 comparisons in 1 cases" in printed.out and "| occlusion | liver | ROI | 1 |" in printed.out
    assert {p.name for p in out.iterdir()} == {
        "rows.jsonl", "settings.json", "rows.csv", "pairs.csv", "summary.csv", "tables.md", "figure.png"
    }  # fmt: skip
    rows = read_csv(out / "rows.csv")
    assert [(r["case"], r["structure"], r["method"], r["arm"]) for r in rows] == [
        ("CT-5", "liver", "occlusion", BRUTE), ("CT-5", "liver", "occlusion", ROI)
    ]  # fmt: skip
    # the phantom's liver is found, in the slice where the labels were put by file name and not by index
    assert float(rows[1]["prediction_dice"]) > 0.8 and float(rows[1]["target_recall"]) > 0.7
    text = (out / "tables.md").read_text()
    assert "Research use only" in text and "![Brute force" in text and "region alone" in text
    held = (out / "rows.jsonl").read_bytes()
    assert main(command) == 0
    assert "1 comparisons are in" in capsys.readouterr().err
    assert (out / "rows.jsonl").read_bytes() == held and read_csv(out / "rows.csv") == rows
    assert main([*command, "--seed", "3"]) == 2
    assert "seed was 0, now 3" in capsys.readouterr().err
    assert (out / "rows.jsonl").read_bytes() == held


def test_an_interrupted_benchmark_goes_on(chaos, tmp_path, monkeypatch, capsys, theirs):
    out = tmp_path / "out"
    command = [
        "benchmark", "--dataset", "chaos", "--root", str(chaos), "--out", str(out), "--structures", "liver",
        "--model", theirs, "--region", "prediction", *FAST,
    ]  # fmt: skip
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setenv("INTERRUPT_AT", "120")  # in the second of four series
    assert main(command) == 130
    assert signal.getsignal(signal.SIGINT) is before
    printed = capsys.readouterr()
    first = (out / "rows.jsonl").read_text().splitlines()
    assert 1 <= len(first) < 4
    assert f"stopped; the {len(first)} comparisons that are finished are kept in {out}" in printed.err
    assert "stopped by the user before everything was compared" in (out / "tables.md").read_text()
    assert len(read_csv(out / "rows.csv")) == 2 * len(first)
    monkeypatch.setenv("INTERRUPT_AT", "0")
    assert main(command) == 0
    lines = (out / "rows.jsonl").read_text().splitlines()
    assert lines[: len(first)] == first and [json.loads(line)["of"][0] for line in lines] == [
        "CT-5", "MR-2-T1DUAL-InPhase", "MR-2-T1DUAL-OutPhase", "MR-2-T2SPIR"
    ]  # fmt: skip
    assert "stopped by the user" not in (out / "tables.md").read_text()


def test_bad_ground_truth_in_the_middle_keeps_what_is_finished(phantom, tmp_path, capsys, theirs):
    scan, masks = phantom[0], masks_of(phantom)
    good = scan.like((masks["liver"] * flare22.NUMBERS["liver"]).astype(np.uint8))
    write_flare(tmp_path / "F", 1, scan, good)
    write_flare(tmp_path / "F", 2, scan, scan.like(good.voxels * np.uint8(20)))
    command = [
        "benchmark", "--dataset", "flare22", "--root", str(tmp_path / "F"), "--out", str(tmp_path / "out"),
        "--model", theirs, "--region", "prediction", *FAST,
    ]  # fmt: skip
    assert main([*command, "--structures", "liver"]) == 2
    message = capsys.readouterr().err
    assert "FLARE22_Tr_0002: " in message and "holds the labels 20, which FLARE22 does not have" in message
    assert "the 1 comparisons that are finished are kept" in message
    assert main([*command, "--structures", "liver,spleen", "--cases", "1"]) == 0
    assert "note: FLARE22_Tr_0001, spleen: this case does not hold it" in capsys.readouterr().err


def test_bad_input_ends_with_one_line(chaos, tmp_path, capsys):
    out = tmp_path / "out"

    def fails(words, *more, root=chaos, dataset="chaos", to=out):
        command = ["benchmark", "--dataset", dataset, "--out", str(to), *(["--root", str(root)] if root else []), *more]
        assert main(command) == 2
        lines = capsys.readouterr().err.strip().splitlines()
        assert len(lines) == 1 and words in lines[0], lines

    fails("Give its folder with --root", root=None)
    fails("holds no case of FLARE22", dataset="flare22")
    fails("whose name matches 'XX*'", "--only", "XX*")
    fails("no case has labels for 'colon'", "--structures", "colon")
    fails("there is no method 'gradcam'", "--methods", "gradcam")
    fails("name each once", "--methods", "rise,rise")
    fails("masks: none of lime has this setting", "--methods", "lime", "--masks", "64")
    fails("give 1 or more", "--slices-per-case", "0")
    (tmp_path / "file").write_text("")
    fails("can't be made (Not a directory); choose another folder", to=tmp_path / "file" / "out")
    (chaos / "CT" / "5" / "Ground" / "liver_GT_003.png").unlink()
    fails("CT-5: 10 DICOM files", "--only", "CT-*")
    fails("but 9 PNG files", "--only", "CT-*")
    fails("no case of CHAOS", "--only", "CT-*", "--skip-incomplete")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_read_only_folder_is_refused_before_anything_is_computed(tmp_path, capsys):
    (tmp_path / "out").mkdir(mode=0o500)
    assert main(["benchmark", "--dataset", "phantom", "--out", str(tmp_path / "out")]) == 2
    assert "no folder that can be written to" in capsys.readouterr().err


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="/proc, where even the superuser can't write, is Linux's")
def test_a_folder_on_a_read_only_system_is_refused(capsys):
    assert main(["benchmark", "--dataset", "phantom", "--out", "/proc/xaiclip"]) == 2
    assert "/proc/xaiclip can't be" in capsys.readouterr().err


def test_settings_say_everything_that_rows_depend_on(tmp_path):
    base = Request("x", ("liver",), device="cpu")
    kept = settings_of(base, [Rise()], dataset="phantom")
    assert kept["methods"]["rise"]["masks"] == 2000 and kept["device"] == "cpu"
    changes = {"model": "onnx:m", "region": "prediction", "score": "soft_dice", "seed": 1, "threshold": 0.6}
    for change in changes.items():
        assert settings_of(base.changed(**dict([change])), [Rise()], dataset="phantom") != kept, change
    assert settings_of(base.changed(structures=("spleen",), scan="y"), [Rise()], dataset="phantom") == kept
    RowsFile(tmp_path, kept)  # plain enough to be written


def test_volume_is_given_back_on_the_scan_s_grid(listed):
    opened = listed.open()
    assert isinstance(opened.mask("liver"), Volume) and opened.mask("liver").same_grid(opened.scan)
