"""A volume at once: known answers in 3D, the same numbers as the array's own, and the scan's grid at the end."""

import json
import textwrap
from itertools import product

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from test_worker import Client

import XAICLIPLib as xai
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import Cancelled, InputError, ModelError
from XAICLIPLib.pipeline.explain import run
from XAICLIPLib.pipeline.opened import on_work_grid
from XAICLIPLib.pipeline.plan import plan
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.volume import Volume, read_volume, write_volume

pytestmark = pytest.mark.slow

SHAPE = (9, 40, 48)
CAUSE = (slice(2, 5), slice(10, 20), slice(12, 24))  # what the model looks at
ORGAN = (slice(3, 7), slice(8, 30), slice(8, 30))  # what it draws


def draws_by_cause(batch):
    """One organ, drawn with the probability that the mean of the cause says: 3/4 where it is untouched."""
    drawn = torch.zeros_like(batch)
    cause = batch[(slice(None), slice(None), *CAUSE)].mean((2, 3, 4), keepdim=True)
    drawn[(slice(None), slice(None), *ORGAN)] = (cause / 240).clamp(0, 1)
    return drawn


draws_by_cause.spatial_dims = 3
draws_by_cause.targets = ("liver",)


def blobs(batch):
    """Two targets whose every voxel depends on its neighbours in all three directions."""
    padded = torch.nn.functional.pad(batch, (1,) * 6, mode="replicate")
    mean = torch.nn.functional.avg_pool3d(padded, 3, 1)
    return torch.cat([torch.sigmoid((mean - 60) / 8), torch.sigmoid((-20 - mean) / 8)], 1)


blobs.spatial_dims = 3
blobs.targets = ("liver", "spleen")


@pytest.fixture(scope="module")
def scan() -> Volume:
    """Noise with a bright and a dark blob, voxels of 2 x 3 x 5 mm; the cause is 180 throughout."""
    voxels = np.random.default_rng(3).normal(20, 15, SHAPE).astype(np.float32)
    z, y, x = np.ogrid[:9, :40, :48]
    voxels[(z - 4) ** 2 / 9 + (y - 26) ** 2 / 60 + (x - 34) ** 2 / 80 < 1] += 90
    voxels[(z - 3) ** 2 / 6 + (y - 28) ** 2 / 50 + (x - 10) ** 2 / 40 < 1] -= 80
    voxels[CAUSE] = 180
    return Volume(voxels, (2.0, 3.0, 5.0), (-40.0, 10.0, 5.0), modality="CT", name="blobs")


def explain(scan, model=draws_by_cause, structures=("liver",), **options):
    options = {"method": xai.Occlusion((2, 8, 8), (1, 4, 4)), "score": "confidence", "region": "full"} | options
    options = {"evidence": "none"} | options  # what speaks for a map of a volume is tested in test_trust.py
    return xai.explain(scan, structures, model=model, device="cpu", **{"slices": "all"} | options)


def test_the_drop_is_what_the_windows_say_and_zero_where_the_model_does_not_look(scan):
    found = explain(scan)
    total, count = np.zeros(SHAPE), np.zeros(SHAPE)
    cause = np.zeros(SHAPE, bool)
    cause[CAUSE] = True
    for corner in product(range(0, 8), range(0, 33, 4), range(0, 41, 4)):
        window = tuple(slice(a, a + n) for a, n in zip(corner, (2, 8, 8)))
        total[window] += 0.75 * cause[window].sum() / cause.sum()
        count[window] += 1
    expected = total / count
    assert np.abs(found.drop.voxels - expected).max() < 2e-6
    assert found.drop.voxels[cause].min() > 0 and not found.drop.voxels[expected == 0].any()
    assert found.evaluated.voxels.all()


def test_saliency_is_a_share_of_the_largest_drop_in_the_volume(scan):
    found = explain(scan, blobs, ("liver", "spleen"), part="total")
    for name, drop in found.drops.items():
        positive = np.maximum(drop.voxels, 0)
        assert np.allclose(found.saliencies[name].voxels, positive / positive.max(), atol=1e-6)
        largest = found.saliencies[name].voxels.max((1, 2))
        assert largest.max() == 1 and (largest < 1).sum() >= len(largest) - 2


METHODS = (
    xai.Occlusion((3, 10, 8), (1, 5, 4), fill="blur"),
    xai.Rise(64, (3, 5, 5), estimator="ridge"),
    xai.Lime(64, unit="pixel"),
)


@pytest.mark.parametrize("method", METHODS, ids=lambda m: m.name)
def test_equals_attribute_on_the_array(scan, method):
    region = np.zeros(SHAPE, np.uint8)
    region[2:8, 12:36, 6:44] = 1
    found = explain(
        scan,
        blobs,
        ("liver", "spleen"),
        method=method,
        region=scan.like(region),
        score="soft_dice",
        seed=4,
        slices="2:8",
    )
    array = xai.attribute(scan.voxels[None], blobs, region > 0, method, "soft_dice", seed=4)
    for k, name in enumerate(("liver", "spleen")):
        assert np.array_equal(found.drops[name].voxels, array.drop[k])
        assert array.stderr is None or np.array_equal(found.stderrs[name].voxels, array.stderr[k])
    assert np.array_equal(found.evaluated.voxels > 0, array.evaluated)
    assert found.drop.voxels.max() > 1e-3
    assert {row["evaluations"] for row in found.summary} == {array.evaluations}


def test_evaluations_are_the_windows_that_meet_the_region_once(scan):
    region = np.zeros(SHAPE, np.uint8)
    region[3:6, 10:21, 15:33] = 1
    found = explain(scan, region=scan.like(region), slices="3:6")
    meets = [
        region[z : z + 2, y : y + 8, x : x + 8].any()
        for z, y, x in product(range(0, 8), range(0, 33, 4), range(0, 41, 4))
    ]
    (row,) = found.summary
    assert (row["slice"], row["evaluations"], row["full_evaluations"]) == ("all", sum(meets), len(meets))
    assert row["score"] == 0.75 and row["largest_drop"] == pytest.approx(found.drop.voxels.max())
    assert found.report["dimensions"] == 3
    assert [r["slice"] for r in found.rows] == [3, 4, 5]  # the perturbed slices that hold the organ
    assert not any({"evaluations", "score", "seconds"} & set(r) for r in found.rows)
    assert row["seconds"] > 0 and row["region"] == "segment"


def test_one_slice_in_3d_is_that_slice_in_2d(scan):
    def flat(batch):
        return blobs(batch[:, :, None])[:, :, 0]

    flat.targets = blobs.targets
    plane = Volume(scan.voxels[4:5], scan.spacing, scan.origin, modality="CT")
    for method in (xai.Occlusion(64, 32, unit="px512"), xai.Occlusion(20, 10, unit="mm")):
        deep, slices = (
            explain(plane, model, ("liver",), method=method, score="soft_dice", region="prediction")
            for model in (blobs, flat)
        )
        assert np.array_equal(deep.drop.voxels, slices.drop.voxels) and deep.drop.voxels.max() > 0.01
        for kind in ("evaluations", "full_evaluations", "score", "largest_drop", "region_share", "predicted_mm2"):
            assert deep.summary[0][kind] == pytest.approx(slices.summary[0][kind], rel=1e-6)


def stored(volume: Volume, axes, flips) -> Volume:
    """The same scan with its axes in another order and some of them reversed."""
    image = sitk.Flip(sitk.PermuteAxes(volume.to_sitk(), axes), flips)
    return Volume.from_sitk(image, modality=volume.modality, name=volume.name)


@pytest.mark.parametrize("axes, flips", [((2, 0, 1), (True, False, False)), ((1, 0, 2), (False, True, True))])
def test_the_map_lies_on_the_grid_that_the_file_has(scan, axes, flips):
    turn = np.array([[0.98, 0, -0.199], [0, 1, 0], [0.199, 0, 0.98]])
    turn /= np.linalg.norm(turn, axis=0)
    tilted = Volume(scan.voxels, scan.spacing, scan.origin, tuple(turn.ravel()), "CT", "tilted")
    options = {"method": xai.Occlusion(24, 12, unit="mm"), "slices": "2:7"}
    one = explain(tilted, blobs, ("spleen",), **options)
    other = explain(stored(tilted, axes, flips), blobs, ("spleen",), **options)
    assert one.drop.voxels.max() > 1e-3
    for name in ("drop", "saliency", "evaluated", "roi", "prediction"):
        again = stored(getattr(one, name), axes, flips)
        assert np.array_equal(again.voxels, getattr(other, name).voxels), name
        assert again.same_grid(getattr(other, name), 1e-6)
    assert one.drop.direction == tilted.direction


# ---- regions, slices, sizes


def test_slices_limit_what_is_perturbed_and_the_model_still_sees_all(scan):
    seen = set()

    def watched(batch):
        seen.add(tuple(batch.shape[2:]))
        return draws_by_cause(batch)

    watched.spatial_dims, watched.targets = 3, ("liver",)
    found = explain(scan, watched, slices="1:5", region="prediction")
    assert seen == {SHAPE}
    assert found.report["slices"]["explained"] == [3, 4]
    assert set(found.report["slices"]["skipped"]) == {"1", "2"}
    touched = found.evaluated.voxels.any((1, 2))
    assert touched.tolist() == [z in (3, 4) for z in range(9)]
    cut = np.zeros(SHAPE, bool)
    cut[3:5] = found.roi.voxels[3:5] > 0
    array = xai.attribute(scan.voxels[None], draws_by_cause, cut, xai.Occlusion((2, 8, 8), (1, 4, 4)), "confidence")
    assert np.array_equal(found.drop.voxels, array.drop[0])


def test_a_drawn_region_ends_where_it_ends_unless_it_is_empty(scan):
    region = np.zeros(SHAPE, np.uint8)
    region[4:6, 5:35, 5:35] = 1
    found = explain(scan, region=scan.like(region), slices="all")
    assert found.report["slices"]["explained"] == [4, 5] and np.array_equal(found.roi.voxels, region)
    assert not any("region" in warning for warning in found.warnings)  # it holds half of the prediction

    region[5] = 0
    found = explain(scan, region=scan.like(region), slices="all")
    assert "the region holds less than 50% of the prediction" in found.warnings

    found = explain(scan, region=scan.like(region), slices="5:8")
    assert {row["slice"]: row["region"] for row in found.rows} == {5: "box", 6: "box"}
    grown = found.roi.voxels[5]
    assert grown[8:30, 8:30].all() and not grown[:4].any()  # 10 mm are 4 rows of 3 mm
    assert any("box of the model's prediction" in warning for warning in found.warnings)


def test_nothing_found_is_said(scan):
    def nothing(batch):
        return torch.zeros_like(batch)

    nothing.spatial_dims, nothing.targets = 3, ("liver",)
    with pytest.raises(InputError, match="model finds none of the structures"):
        explain(scan, nothing)


def test_sizes_in_millimetres_are_the_same_along_all_axes(scan):
    def method(given):
        case = Case(Request("s", ("liver",), given, device="cpu"), Models(), scan=scan, model=blobs)
        return on_work_grid(case, case.prepare(None))

    assert method(xai.Occlusion(30, 15, unit="mm")).stride == (3, 5, 8)
    assert method(xai.Occlusion(30, 15, unit="mm")).patch == (6, 10, 16)
    assert method(xai.Occlusion((10, 30, 30), (5, 15, 15), unit="mm")).patch == (2, 10, 16)
    assert method(xai.Occlusion((2, 8, 8), (1, 4, 4))).patch == (2, 8, 8)
    # the slice is 120 mm wide: 64 pixels of 512 are 15 mm
    assert method(xai.Occlusion(64, 32, unit="px512")).stride == (2, 2, 4)
    assert method(xai.Rise(grid=8)).grid == (3, 8, 6)  # 45 x 120 x 96 mm
    assert method(xai.Rise(grid=(2, 5, 5))).grid == (2, 5, 5)
    assert method(xai.Occlusion(fill="air")).fill == -1000.0
    with pytest.raises(InputError, match="one per axis: 3"):
        method(xai.Occlusion((30, 30), (15, 15)))
    with pytest.raises(InputError, match="one per axis: 3"):
        method(xai.Rise(grid=(5, 5)))


def test_a_slab_thinner_than_a_cell_is_masked_through(scan):
    """One cell across: masks do not vary along z, and the map is that of a slice."""
    slab = np.repeat(scan.voxels[4:5], 2, axis=0)[None]
    found = xai.attribute(slab, blobs, None, xai.Rise(200, (1, 5, 5), estimator="ridge"), "soft_dice")
    assert found.drop[0].max() > 0.05
    assert np.allclose(found.drop[:, 0], found.drop[:, 1])


def test_supervoxels_are_few_enough_for_the_samples():
    from XAICLIPLib.attribution.superpixels import superpixels

    image = np.zeros((1, 12, 60, 60), np.float32)
    region = np.zeros(image.shape[1:], bool)
    region[2:10, 10:50, 10:50] = True
    labels = superpixels(image, xai.Lime(samples=160), region)
    assert 20 <= len(np.unique(labels[region])) <= 60 and len(np.unique(labels[~region])) == 1


@pytest.mark.parametrize("fill", ["mean", "local_mean", "blur", "noise"])
def test_fills_work_in_a_volume(scan, fill):
    found = explain(scan, method=xai.Occlusion((3, 16, 16), (3, 16, 16), fill=fill))
    assert found.drop.voxels[CAUSE].max() > 0.05


def test_inpainting_is_for_slices(scan):
    with pytest.raises(InputError, match="choose blur or local_mean for a volume"):
        explain(scan, method=xai.Occlusion((3, 16, 16), (3, 16, 16), fill="inpaint"), region="prediction")


# ---- results, plans, cancelling, refusals


def test_a_reference_is_what_the_volume_is_scored_against(scan):
    truth = np.zeros(SHAPE, np.uint8)
    truth[3:8, 8:30, 8:30] = 1
    found = explain(scan, score="dice", reference=scan.like(truth), method=xai.Occlusion((3, 16, 16), (3, 16, 16)))
    expected = 2 * 4 / (4 + 5)
    (row,) = found.summary
    assert row["score"] == pytest.approx(expected) and row["dice"] == pytest.approx(expected)
    assert [r["slice"] for r in found.rows] == [3, 4, 5, 6, 7]
    assert np.array_equal(found.reference.voxels, truth)


def test_what_is_saved_can_be_read_and_drawn_again(scan, tmp_path):
    found = explain(scan, slices="4:8", region="prediction")
    found.save(tmp_path / "run")
    assert len(list((tmp_path / "run" / "panels").iterdir())) == len(found.rows) == 3
    report = json.loads((tmp_path / "run" / "report.json").read_text())
    assert report["dimensions"] == 3
    loaded = Explanation.load(tmp_path / "run")
    assert np.array_equal(loaded.drop.voxels, found.drop.voxels)
    from XAICLIPLib.results.pictures import panel_caption

    for source in (found, loaded):
        caption = panel_caption(source.rows[0], source.summary[0], source.report)
        (row,) = source.summary
        assert f"{row['evaluations']} of {row['full_evaluations']} evaluations in the volume" in caption
        assert "0.750 in the volume; largest drop in this slice" in caption


def test_the_plan_says_what_the_run_does(scan):
    request = Request("s", ("liver",), xai.Occlusion((2, 8, 8), (1, 4, 4)), region="prediction", device="cpu")
    cost = plan(request, scan=scan, model=draws_by_cause)
    (row,) = run(request, scan=scan, model=draws_by_cause).summary
    assert (cost.slices, cost.full_evaluations) == (4, row["full_evaluations"])
    assert 0.9 * cost.evaluations <= row["evaluations"] <= cost.evaluations  # equal copies are run once
    assert 0 < cost.seconds < 60


def test_cancelling_before_anything_is_seen_leaves_nothing(scan, monkeypatch):
    monkeypatch.setattr("XAICLIPLib.pipeline.opened.EARLY_SECONDS", 1e9)
    told, finished = [], []

    def tell(done, total, message):
        told.append((done, total))
        if len(told) == 15:
            raise Cancelled("enough")

    request = Request("s", ("liver",), xai.Occlusion((2, 8, 8), (1, 4, 4)), region="full", slices="all", device="cpu")
    with pytest.raises(Cancelled):
        run(request, scan=scan, model=draws_by_cause, progress=tell, on_slice=finished.append)
    assert not finished and len(told) == 15
    told.clear()
    run(request, scan=scan, model=draws_by_cause, progress=lambda *a: told.append(a[:2]), on_slice=finished.append)
    assert [result.z for result in finished] == list(range(9))
    assert told == sorted(told) and told[-1] == (9, 9)


def test_a_volume_is_seen_while_it_is_coarse_and_kept_so_when_it_is_stopped(scan, monkeypatch):
    monkeypatch.setattr("XAICLIPLib.pipeline.opened.EARLY_SECONDS", 0.0)
    early = []
    request = Request("s", ("liver",), xai.Occlusion((2, 8, 8), (1, 4, 4)), region="full", slices="all", device="cpu")
    whole = run(request, scan=scan, model=draws_by_cause, on_early=early.append)
    looks = [early[i : i + 9] for i in range(0, len(early), 9)]
    assert len(looks) >= 4 and all([r.z for r in look] == list(range(9)) for look in looks)
    assert not any(r.attribution.is_complete for r in early)
    off = [np.abs(np.stack([r.drop[0] for r in look]) - whole.drop.voxels).mean() for look in looks]
    assert off[-1] < off[0] / 2

    def tell(done, total, message):
        if done > 0.6 * total:
            raise Cancelled("enough")

    found = run(request, scan=scan, model=draws_by_cause, progress=tell)
    (row,) = found.summary
    assert 0 < row["evaluations"] < 0.9 * whole.summary[0]["evaluations"]
    assert any("coarse: it was stopped by the user after" in w for w in found.warnings)
    assert np.corrcoef(found.drop.voxels.ravel(), whole.drop.voxels.ravel())[0, 1] > 0.5 and row["trust"] != "strong"


def test_a_prompt_and_a_volume_do_not_go_together(scan):
    class Pointed:
        name, targets, spatial_dims, promptable, provenance = "pointed", ("liver",), 3, True, {}

        def prepare(self, image, context):
            raise AssertionError

        def predict(self, batch):
            raise AssertionError

    with pytest.raises(ModelError, match="open a model of slices"):
        explain(scan, Pointed())


def test_a_model_that_takes_volumes_without_saying_so_is_told_what_it_got(scan):
    def forgetful(batch):
        return draws_by_cause(batch)

    with pytest.raises(ModelError, match=r"failed on a batch \(1, 1, 40, 48\)"):
        explain(scan, forgetful)


MODELS = """
    import time
    import torch

    def blob(batch):
        padded = torch.nn.functional.pad(batch, (1,) * 6, mode="replicate")
        return torch.sigmoid((torch.nn.functional.avg_pool3d(padded, 3, 1) - 60) / 8)

    def slow(batch):
        time.sleep(0.1)
        return blob(batch)

    blob.spatial_dims = slow.spatial_dims = 3
"""


def test_the_worker_explains_a_volume_and_tells_its_slices_at_the_end(scan, tmp_path):
    (tmp_path / "deep_models.py").write_text(textwrap.dedent(MODELS))
    file = str(write_volume(scan, tmp_path / "scan.nrrd"))
    client = Client(tmp_path)
    try:
        request = {
            "structures": ["target"], "model": "function:deep_models:blob", "region": "prediction", "slices": "2:7",
            "score": "soft_dice", "method": {"name": "occlusion", "patch": 30, "stride": 15, "unit": "mm"},
            "device": "cpu", "evidence": "none",
        }  # fmt: skip
        number = client.send(
            "explain", request=request, scan=file, folder=str(tmp_path / "run"), first=5, pictures=False
        )
        answer, told = client.answer(number)
        expected = explain(
            scan, blobs, ("liver",), method=xai.Occlusion(30, 15, unit="mm"), region="prediction", slices="2:7",
            score="soft_dice",
        )  # fmt: skip
        drop = read_volume(answer["result"]["files"]["drop"]).voxels
        assert np.abs(drop - expected.drop.voxels).max() < 1e-6 and drop.max() > 0.01
        partial = [message["params"]["partial"] for message in told if message["params"]["partial"]]
        partial = [p for p in partial if p["complete"]]
        assert sorted(p["z"] for p in partial) == expected.report["slices"]["explained"]
        for p in partial:
            assert np.array_equal(read_volume(p["files"]["drop-target"]).voxels[0], drop[p["z"]])
        done = [message["params"]["done"] for message in told]
        assert done == sorted(done)

        (slab,) = client.call("locate", request=request, scan=file, slice=4, folder=str(tmp_path))["slices"]
        assert slab["prediction_recall"] == 1.0
        needed = expected.summary[0]["evaluations"]
        assert needed <= client.call("plan", request=request, scan=file)["evaluations"] <= 1.1 * needed

        slow = request | {"model": "function:deep_models:slow", "region": "full"}
        number = client.send("explain", request=slow, scan=file, folder=str(tmp_path / "stopped"))
        while "evaluations" not in client.next()["params"]["message"]:
            pass
        client.send("cancel", id=number)
        assert client.answer(number)[0]["error"]["code"] == -32800
        assert not (tmp_path / "stopped").exists()
    finally:
        client.process.kill()
        client.process.wait()


@pytest.mark.parametrize("wide, kept", [(512, 50), (256, 12)])
def test_supervoxels_follow_the_width_of_the_slices_not_their_thickness(wide, kept):
    """The sizes given are areas of an image 512 pixels wide; a scan of that width takes them as they are."""
    for thickness in (1.0, 5.0):
        voxels = np.arange(2 * wide * wide, dtype=np.float32).reshape(2, wide, wide)
        thin = Volume(voxels, (0.7, 0.7, thickness), modality="CT")
        request = Request("thin", ("liver",), xai.Lime(), device="cpu", region="full")
        case = Case(request, Models(), scan=thin, model=draws_by_cause)
        found = on_work_grid(case, case.prepare(None))
        assert (found.min_size, found.unit) == (kept, "pixel") and found.scale == pytest.approx(100 * (wide / 512) ** 2)
