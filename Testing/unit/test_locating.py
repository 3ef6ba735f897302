"""How a case finds its regions: many slices at once as each alone, the options of a request, and their numbers."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

import XAICLIPLib as xai
from XAICLIPLib.case.cache import Cache
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.cautions import cautions
from XAICLIPLib.case.request import Request
from XAICLIPLib.cli import main
from XAICLIPLib.errors import InputError
from XAICLIPLib.metrics import dice, iou
from XAICLIPLib.pipeline.explain import run
from XAICLIPLib.pipeline.locate import locate
from XAICLIPLib.preprocess import PRESETS
from XAICLIPLib.results.rows import LocationRow, is_known
from XAICLIPLib.volume import read_volume, write_volume

WORDS = Request("phantom", ("liver", "left kidney"), device="cpu")


@pytest.fixture
def counted(models, monkeypatch):
    """How many slices the language model was shown, call by call."""
    import torch

    calls = []
    model = models.vision_language("bundled", torch.device("cpu"))
    encode = model.encode
    monkeypatch.setattr(model, "encode", lambda images, *more: calls.append(len(images)) or encode(images, *more))
    return calls


# ---- one slice and many


@pytest.mark.slow
def test_slices_seen_together_have_the_similarities_of_slices_seen_alone(phantom, models, counted):
    case = Case(WORDS, models, scan=phantom[0], cache=Cache(0))
    together = case.similarities.of(range(4, 8))
    assert counted == [4]
    for z, maps in zip(range(4, 8), together):
        alone = case.similarities.of([z])[0]
        assert list(alone) == list(maps) == ["liver", "kidney_left"]
        assert all(np.abs(alone[name] - maps[name]).max() < 1e-5 for name in alone)


@pytest.mark.slow
def test_locate_shows_the_model_eight_slices_at_a_time(phantom, models, counted):
    found = locate(WORDS, models=models, scan=phantom[0])
    assert counted == [8, 2, 8, 2], "for places, and for whether they are there at all"
    assert [row["slice"] for row in found.rows] == sorted(2 * list(range(10)))


def test_locate_can_be_stopped(phantom, models):
    def stop(done, total, message):
        if done >= 3:
            raise xai.XAICLIPError("enough")

    with pytest.raises(xai.XAICLIPError, match="enough"):
        locate(WORDS, models=models, scan=phantom[0], progress=stop)


def test_a_slice_that_is_asked_for_twice_is_seen_once(phantom, models, liver_slice, counted):
    """As by a model that wants a prompt: its box first, then the region that is perturbed."""
    case = Case(WORDS, models, scan=phantom[0])
    first = case.region(liver_slice)
    predictions = {"liver": first.masks["liver"], "kidney_left": first.masks["kidney_left"]}
    assert case.region(liver_slice, predictions) is first and counted == [1]
    case.regions.of([liver_slice, liver_slice + 1])
    assert counted == [1, 1]
    other = case.under(WORDS.changed(threshold=0.7))
    assert other.region(liver_slice).threshold == 0.7 and case.region(liver_slice) is first


def test_a_promptable_model_needs_the_words_once_per_slice(phantom, models, liver_slice, counted):
    class Box:
        """Segments the box it is given."""

        name, targets, spatial_dims, provenance, promptable = "box", ("liver",), 2, {}, True

        def prepare(self, image, context):
            import torch

            from XAICLIPLib.models.base import Prepared
            from XAICLIPLib.preprocess import Frame

            (prompt,) = context.prompts
            x0, y0, x1, y1 = (round(v) for v in prompt.box)
            inside = torch.zeros(1, 1, *image.shape)
            inside[..., y0:y1, x0:x1] = 1
            frame = Frame(0, 0, image.shape[1], image.shape[1], image.shape)
            picture = torch.from_numpy((image[None] > 0).astype(np.float32))
            return Prepared(picture, frame, float, predict=lambda batch: 0.9 * inside * batch)

        def predict(self, batch):
            raise AssertionError("the prepared image predicts")

    request = WORDS.changed(structures=("liver",), method=xai.Occlusion(96, 96, unit="px512"), slices=str(liver_slice))
    run(request, models=models, model=Box(), scan=phantom[0])
    assert counted == [1, 1], "for the region, and before for whether there is a liver at all"


# ---- what is remembered


@pytest.mark.parametrize(
    "change",
    [
        {"threshold": 0.7},
        {"sigma": 1.0},
        {"dilation_mm": 5.0},
        {"cut": "otsu"},
        {"components": "auto"},
        {"fill_holes": True},
    ],
    ids=lambda c: next(iter(c)),
)
def test_a_moved_slider_asks_no_model(phantom, models, counted, change):
    case = Case(WORDS, models, scan=phantom[0])
    case.region(6)
    revised = case.under(WORDS.changed(**change))
    fresh = Case(revised.request, models, scan=phantom[0])
    assert np.array_equal(revised.region(6).mask, fresh.region(6).mask)
    assert counted == [1, 1]  # the second is that of the fresh case


@pytest.mark.parametrize(
    "change",
    [{"negatives": ("spleen",)}, {"vlm_windows": "three"}, {"probability": "minmax"}, {"preset": "ct-liver"}],
    ids=lambda c: next(iter(c)),
)
def test_another_look_asks_the_model_again_and_the_first_one_is_kept(phantom, models, counted, change):
    case = Case(WORDS, models, scan=phantom[0])
    first = case.similarities.of([6])[0]
    other = case.under(WORDS.changed(**change))
    again = other.similarities.of([6])[0]
    fresh = Case(other.request, models, scan=phantom[0]).similarities.of([6])[0]
    assert all(np.array_equal(again[name], fresh[name]) for name in fresh) and counted == [1, 1, 1]
    assert other.under(WORDS).similarities.of([6])[0] is first and counted == [1, 1, 1]


def test_only_slices_that_are_not_remembered_are_seen(phantom, models, counted):
    case = Case(WORDS, models, scan=phantom[0])
    one = case.similarities.of([5])[0]
    assert case.similarities.of([4, 5, 6])[1] is one and counted == [1, 2]


def test_prompts_that_were_learned_anew_are_another_look(phantom, models, tmp_path):
    file = tmp_path / "contexts.safetensors"
    file.write_bytes(b"old")
    case = Case(WORDS.changed(prompts=str(file)), models, scan=phantom[0])
    key = case.similarities.key(6)
    file.write_bytes(b"newer")
    assert case.similarities.key(6) != key


# ---- what the model is shown


def test_three_windows_are_three_channels_by_hand(phantom, models, liver_slice):
    case = Case(WORDS.changed(vlm_windows="three"), models, scan=phantom[0])
    hounsfield = phantom[0].voxels[liver_slice].astype(float)
    shown = case.similarities.contrasted(liver_slice)
    for channel, (low, high) in zip(shown, ((-160, 240), (-20, 180), (-1000, 1000))):
        assert np.allclose(channel, ((hounsfield - low) / (high - low)).clip(0, 1), atol=1e-6)
    one = Case(WORDS, models, scan=phantom[0]).similarities.contrasted(liver_slice)
    assert one.shape == (128, 128) and np.array_equal(one, shown[0])


def test_without_a_unit_the_three_windows_are_percentiles_of_the_body(phantom, models, liver_slice):
    mr = replace(phantom[0], voxels=(phantom[0].voxels + 1024).clip(0), modality="MR")
    case = Case(WORDS.changed(vlm_windows="three"), models, scan=mr)
    shown = case.similarities.contrasted(liver_slice)
    for channel, ends in zip(shown, ((1, 99), (1, 75), (25, 99.9))):
        low, high = np.percentile(case.scan.body_values, ends)
        assert np.allclose(channel, ((case.scan.image(liver_slice) - low) / (high - low)).clip(0, 1), atol=1e-5)
    assert case.similarities.model.preset_for("MR", case.preset) is PRESETS["mr"]


@pytest.mark.slow
def test_what_the_bundled_model_was_not_made_for_is_said_wherever_it_is_used(phantom, models, liver_slice):
    """By words alone, too; and not where neither the words nor the model are the bundled ones."""
    request = WORDS.changed(structures=("liver",), slices=str(liver_slice))
    pet = replace(phantom[0], voxels=(phantom[0].voxels + 1024).clip(0), modality="PT")
    thin = replace(phantom[0], spacing=(1.5, 1.5, 18.0))
    for scan, says in ((pet, "made for CT of the abdomen; this scan is PT"), (thin, "mm wide: no abdomen")):
        found = locate(request, models=models, scan=scan)
        assert sum(says in warning for warning in found.report["warnings"]) == 1
        both = cautions(Case(request, models, scan=scan))
        assert sum(says in str(caution) for caution in both) == 1, "once, though two bundled models take part"
        theirs = Case(request.changed(region="full", model="theirs"), models, scan=scan, model=lambda batch: batch)
        assert not cautions(theirs)
    assert not locate(request, models=models, scan=phantom[0]).report["warnings"]


# ---- the options of a request


def test_components_and_holes_reach_the_region(phantom, models, liver_slice):
    plain = Case(WORDS.changed(threshold=0.1), models, scan=phantom[0]).region(liver_slice)
    cleaned = Case(
        WORDS.changed(threshold=0.1, components="auto", fill_holes=True), models, scan=phantom[0]
    ).region(liver_slice)  # fmt: skip
    for name, mask in plain.masks.items():
        labels, count = ndimage.label(mask, np.ones((3, 3)))
        largest = labels == 1 + np.argmax(ndimage.sum(mask, labels, range(1, count + 1))) if count else mask
        assert np.array_equal(cleaned.masks[name], ndimage.binary_fill_holes(largest)), name


def test_otsu_reaches_the_region(phantom, models, liver_slice):
    region = Case(WORDS.changed(cut="otsu"), models, scan=phantom[0]).region(liver_slice)
    level = region.thresholds["liver"]
    assert 0.2 < level < 0.8 and np.array_equal(region.masks["liver"], region.similarity["liver"] >= level)


# ---- the numbers


@pytest.fixture(scope="module")
def compared(phantom, models, organ):
    """The liver, with the bundled model's prediction and the truth."""
    request = WORDS.changed(structures=("liver",))
    return (
        locate(request, models=models, compare=True, scan=phantom[0]),
        locate(request, models=models, compare=True, scan=phantom[0], reference=organ("liver")),
    )


@pytest.mark.slow
def test_a_region_is_compared_with_the_reference_or_else_the_prediction(compared, organ):
    truth = organ("liver").voxels > 0
    for found, whose in zip(compared, ("prediction", "reference")):
        predicted = found.prediction.voxels > 0
        for row in found.rows:
            z = row["slice"]
            region, target = found.rois["liver"].voxels[z] > 0, (predicted, truth)[whose == "reference"][z]
            widened = ndimage.distance_transform_edt(~predicted[z]) * 3 <= 10 if predicted[z].any() else predicted[z]
            assert row["compared_with"] == whose
            if not target.any():
                assert not any(is_known(row[name]) for name in ("recall", "dice", "baseline_recall"))
                continue
            assert row["recall"] == pytest.approx((region & target).sum() / target.sum())
            assert row["dice"] == pytest.approx(dice(region, target)) and row["iou"] == pytest.approx(
                iou(region, target)
            )
            assert row["baseline_recall"] == pytest.approx((widened & target).sum() / target.sum())
            assert row["baseline_dice"] == pytest.approx(dice(widened, target))
            assert row["baseline_area_mm2"] == pytest.approx(widened.sum() * 9)
    assert compared[0].reference is None and np.array_equal(compared[1].reference.voxels > 0, truth)


@pytest.mark.slow
def test_the_evaluations_of_the_rows_are_those_of_a_run(compared, phantom, models, liver_slice):
    (row,) = [row for row in compared[0].rows if row["slice"] == liver_slice]
    request = WORDS.changed(structures=("liver",), slices=str(liver_slice), evidence="none")
    words, widened = (
        run(request.changed(region=region), models=models, scan=phantom[0]).rows[0] for region in ("clip", "prediction")
    )
    assert row["evaluations"] == words["evaluations"] and row["full_evaluations"] == words["full_evaluations"]
    assert row["baseline_evaluations"] == widened["evaluations"] == words["baseline_evaluations"]
    assert words["baseline_share"] == pytest.approx(widened["region_share"])
    assert words["baseline_recall"] == widened["target_recall"] == 1.0
    assert words["target_recall"] == words["region_recall"] == pytest.approx(row["recall"])


@pytest.mark.slow
def test_the_whole_has_the_baseline_beside_the_region(phantom, models, organ, liver_slice):
    request = WORDS.changed(
        structures=("liver",), slices=f"{liver_slice - 1}:{liver_slice + 1}",
        method=xai.Occlusion(96, 96, unit="px512"), evidence="none",
    )  # fmt: skip
    found = run(request, models=models, scan=phantom[0], reference=organ("liver"))
    (whole,), truth = found.summary, organ("liver").voxels > 0
    slices = found.report["slices"]["explained"]
    widened = [ndimage.distance_transform_edt(found.prediction.voxels[z] == 0) * 3 <= 10 for z in slices]
    assert whole["baseline_recall"] == pytest.approx((widened & truth[slices]).sum() / truth[slices].sum())
    assert whole["target_recall"] == pytest.approx((truth & (found.roi.voxels > 0))[slices].sum() / truth[slices].sum())
    assert whole["baseline_evaluations"] == sum(row["baseline_evaluations"] for row in found.rows)


@pytest.mark.slow
def test_why_another_source_was_used_is_in_the_row(phantom, models, liver_slice):
    request = WORDS.changed(structures=("liver",), threshold=0.999999, slices=str(liver_slice))
    (row,) = locate(request, models=models, compare=True, scan=phantom[0]).rows
    assert (row["source"], row["reason"]) == ("box", "the clip region is empty")
    (row,) = locate(request, models=models, scan=phantom[0]).rows
    assert (row["source"], row["reason"], row["area_mm2"]) == ("clip", "as requested", 0)


@pytest.mark.slow
def test_the_prediction_itself_needs_the_model(phantom, models):
    request = WORDS.changed(structures=("liver",), region="prediction")
    with pytest.raises(InputError, match="the region 'prediction' needs a model"):
        locate(request, models=models, scan=phantom[0])
    found = locate(request, models=models, compare=True, scan=phantom[0])
    assert all(row["source"] == "prediction" for row in found.rows) and found.roi.voxels.any()
    assert all(row["area_mm2"] == pytest.approx(row["baseline_area_mm2"]) for row in found.rows)
    with pytest.raises(InputError, match="does not segment 'purple umbrella'"):
        locate(WORDS.changed(structures=("purple umbrella",)), models=models, compare=True, scan=phantom[0])


# ---- the command


@pytest.mark.slow
def test_the_command_prints_saves_and_draws(phantom_file, organ, liver_slice, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    truth = write_volume(organ("liver"), tmp_path / "truth.nrrd")
    arguments = ["locate", phantom_file, "--structure", "liver", "--slices", f"{liver_slice}:{liver_slice + 2}"]
    assert main([*arguments, "--reference", str(truth), "--model", "bundled", "--out", "where", "--device", "cpu"]) == 0
    presence, heading, first, second, last = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"presence in these slices: liver (1\.00|0\.[89]\d)", presence)
    assert heading.split()[:4] == ["source", "cm2", "body", "pieces"] and "dilated: recall" in heading
    assert first.startswith(f"liver slice {liver_slice}:") and len(first) == len(second) == len(heading)
    assert last.startswith("found in 2 of 2 slices")
    assert {p.name for p in (tmp_path / "where").iterdir()} == {
        "roi.nrrd", "roi-liver.nrrd", "similarity-liver.nrrd", "prediction.nrrd", "reference.nrrd", "metrics.csv",
        "report.json", "panels", "montage.png",
    }  # fmt: skip
    assert len(list((tmp_path / "where" / "panels").iterdir())) == 2
    header = (tmp_path / "where" / "metrics.csv").read_text().splitlines()[0].split(",")
    assert {"source", "reason", "share_of_body", "components", "similarity_inside", "recall", "dice", "iou",
            "baseline_recall", "evaluations", "baseline_evaluations"} <= set(header)  # fmt: skip
    report = json.loads((tmp_path / "where" / "report.json").read_text())
    assert report["model"]["name"] == "bundled" and report["reference_given"]
    assert (read_volume(tmp_path / "where" / "prediction.nrrd").voxels[liver_slice] == 1).any()
    assert main([*arguments, "--no-pictures", "--out", "where", "--device", "cpu"]) == 0
    out = capsys.readouterr().out
    assert "recall" not in out and not (tmp_path / "where" / "panels").exists()


@pytest.mark.slow
def test_the_table_leaves_out_what_is_not_known():
    from XAICLIPLib.cli.locate import slice_table

    row = {"structure": "liver", "source": "clip", "area_mm2": 1234.0, "share_of_body": 0.051, "components": 1}
    row |= {"threshold": 0.5, "similarity_inside": 0.91, "similarity_outside": None}
    sizes = ((9, 1234.0), (100, 12.0), (101, 0.0))
    rows = [LocationRow.from_dict(row | {"slice": z, "area_mm2": area}) for z, area in sizes]
    assert slice_table(rows) == [
        "                  source   cm2  body  pieces  cut at  inside",
        "liver slice 9:    clip    12.3  5.1%       1    0.50    0.91",
        "liver slice 100:  clip     0.1  5.1%       1    0.50    0.91",
    ]
    assert slice_table(rows[2:]) == []
