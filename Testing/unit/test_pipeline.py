"""The whole row on a coarse phantom: the right place in the patient, the right numbers, and nothing lost on the way."""

import itertools

import numpy as np
import pytest
import torch

import XAICLIPLib as xai
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import Cancelled, InputError, ModelError, ResourceError
from XAICLIPLib.phantom import make_phantom
from XAICLIPLib.pipeline.examine import expected_evaluations
from XAICLIPLib.pipeline.explain import run
from XAICLIPLib.pipeline.locate import locate
from XAICLIPLib.pipeline.plan import plan
from XAICLIPLib.volume import Volume, read_volume, write_volume

pytestmark = pytest.mark.slow

FAST, COARSE = xai.Occlusion(96, 48, unit="px512"), xai.Occlusion(128, 64, unit="px512")
PLAIN = {"device": "cpu", "evidence": "none"}  # what speaks for a map has tests of its own; it costs twice the map


def bright(batch):
    """A model by hand: contrast-filled organs of the phantom on HU, and fat and air as a second target."""
    return torch.cat([torch.sigmoid((batch - 90) / 5), torch.sigmoid((-50 - batch) / 5)], 1)


bright.targets = ("liver", "lung")


def run_on(volume, structures=("liver",), models=None, **more):
    given = {
        k: more.pop(k)
        for k in ("scan", "reference_volume", "region_volume", "model_object", "progress", "on_slice", "on_early")
        if k in more
    }
    request = Request.of("scan", tuple(structures), **{"device": "cpu", "method": COARSE, "evidence": "none", **more})
    return run(
        request,
        models=models or Models(),
        scan=volume,
        model=given.get("model_object"),
        reference=given.get("reference_volume"),
        region=given.get("region_volume"),
        progress=given.get("progress"),
        on_early=given.get("on_early"),
        on_slice=given.get("on_slice"),
    )


@pytest.fixture(scope="module")
def explained(phantom, models):
    """Liver and spleen of the phantom with everything bundled."""
    return run_on(phantom[0], ("liver", "spleen"), models, method=FAST)


@pytest.fixture(scope="module")
def upright(middle, models):
    """The middle's two upper slices, as the phantom is laid down."""
    return run_on(middle[0], models=models, slices="1:")


@pytest.fixture(scope="module")
def middle(phantom, liver_slice):
    """Three slices through the liver, for tests that need no more."""
    low = liver_slice - 1
    voxels = [v.voxels[low : low + 3] for v in phantom]
    origin = (*phantom[0].origin[:2], phantom[0].origin[2] + low * phantom[0].spacing[2])
    return tuple(
        Volume(v, p.spacing, origin, p.direction, modality=p.modality, name=p.name) for v, p in zip(voxels, phantom)
    )


def mask_of(labels, name):
    from XAICLIPLib.phantom import PHANTOM_LABELS

    return labels.like((labels.voxels == PHANTOM_LABELS[name]).astype(np.uint8), name)


def dice(a, b):
    return 2 * (a & b).sum() / (a.sum() + b.sum())


def test_the_prediction_is_the_phantoms_liver_and_spleen(explained, organ):
    labels = explained.prediction.voxels
    assert explained.structures == ("liver", "spleen")
    explicit = explained.report["slices"]["explained"]
    for value, name, least in ((1, "liver", 0.8), (2, "spleen", 0.7)):
        assert dice(labels[explicit] == value, organ(name).voxels[explicit] > 0) >= least


def test_every_volume_lies_on_the_scans_grid(explained, phantom):
    everything = dict(explained._volumes())
    assert set(everything) == {
        "saliency",
        "drop-liver",
        "drop-spleen",
        "saliency-liver",
        "saliency-spleen",
        "evaluated",
        "roi",
        "prediction",
        "similarity",
    }
    for volume in everything.values():
        assert volume.shape == phantom[0].shape
        assert (volume.spacing, volume.origin, volume.direction) == (
            phantom[0].spacing,
            phantom[0].origin,
            phantom[0].direction,
        )


def test_saliency_is_what_is_shown_as_a_share_of_the_largest_in_all_slices(explained):
    for name in explained.structures:
        shown, saliency = explained.report["saliency"][name], explained.saliencies[name].voxels
        drop = explained.drops[name].voxels
        assert saliency.dtype == drop.dtype == np.float32
        for z in explained.report["slices"]["explained"]:
            known = explained.influence.slice(z)
            if shown["shows"] == "total":
                values = drop[z]
            elif known.target(name).reference.any():
                values = known.why("reference", name)
            else:
                values = np.zeros_like(drop[z])
            expected = np.maximum(values, 0) / shown["largest"] if values.max() >= 1e-3 else np.zeros_like(values)
            assert np.allclose(saliency[z], expected, atol=1e-4), "the largest is told with six digits"
    assert np.array_equal(explained.saliency.voxels, np.maximum(*(v.voxels for v in explained.saliencies.values())))
    assert explained.saliency.voxels.max() == 1.0


def test_the_map_is_the_region_and_says_nothing_elsewhere(explained):
    evaluated, region = explained.evaluated.voxels > 0, explained.roi.voxels > 0
    assert not (evaluated & ~region).any()
    assert evaluated.sum() > 0.97 * region.sum()  # less by what is thinner than half a pixel of the work grid
    for drop in explained.drops.values():
        assert not drop.voxels[~evaluated].any()


def test_taking_the_liver_away_costs_the_liver(explained, organ):
    """The largest drop of each structure lies in it, and a place in the other organ costs less."""
    for name, other in (("liver", "spleen"), ("spleen", "liver")):
        drop = explained.drops[name].voxels
        own, foreign = organ(name).voxels > 0, organ(other).voxels > 0
        evaluated = explained.evaluated.voxels > 0
        assert drop[own & evaluated].mean() > 3 * abs(drop[foreign & evaluated].mean())


def test_the_liver_is_on_the_patients_right(explained, phantom):
    """x grows to the patient's left; the phantom's middle is x = 0."""
    drop = np.maximum(explained.drops["liver"].voxels, 0)
    x = phantom[0].origin[0] + np.arange(drop.shape[2]) * phantom[0].spacing[0]
    assert (drop.sum((0, 1)) * x).sum() / drop.sum() < -15
    spleen = np.maximum(explained.drops["spleen"].voxels, 0)
    assert (spleen.sum((0, 1)) * x).sum() / spleen.sum() > 30


STORED = [(axes, signs) for axes in itertools.permutations(range(3)) for signs in itertools.product((1, -1), repeat=3)]


def stored(volume: Volume, axes, signs) -> Volume:
    """The same patient, laid down in memory another way; written by hand, without the code under test."""
    voxels, step = volume.voxels, np.reshape(volume.direction, (3, 3)) * np.array(volume.spacing)
    origin = np.array(volume.origin)
    for axis, sign in enumerate(signs):  # x, y, z
        if sign < 0:
            origin = origin + step[:, axis] * (voxels.shape[2 - axis] - 1)
            step[:, axis] *= -1
            voxels = np.flip(voxels, 2 - axis)
    voxels = voxels.transpose([2 - a for a in axes[::-1]])
    step = step[:, list(axes)]
    spacing = np.linalg.norm(step, axis=0)
    return Volume(
        np.ascontiguousarray(voxels),
        tuple(spacing),
        tuple(origin),
        tuple((step / spacing).ravel()),
        volume.modality,
        volume.name,
    )


def assert_same_rows(one, other):
    assert one.rows
    for a, b in zip(one.rows, other.rows):
        for key in set(a) - {"seconds", "evaluations_per_second"}:
            assert a[key] == b[key] or (a[key] != a[key] and b[key] != b[key]) or np.isclose(a[key], b[key]), key


@pytest.mark.parametrize("axes, signs", STORED[3::11], ids=str)
def test_the_result_does_not_depend_on_how_the_file_stores_the_patient(middle, models, upright, axes, signs):
    one, other = upright, run_on(stored(middle[0], axes, signs), models=models, slices="1:")
    assert one.drop.voxels.max() > 0.05
    for (name, a), (_, b) in zip(one._volumes(), other._volumes()):
        again = stored(a, axes, signs)
        assert np.array_equal(again.voxels, b.voxels), name
        assert again.same_grid(b, 1e-9)
    assert_same_rows(one, other)


def test_nor_does_what_speaks_for_it(middle, models):
    ways = (middle[0], stored(middle[0], *STORED[3]))
    one, other = (run_on(way, models=models, slices="1", evidence="quick") for way in ways)
    assert one.report["evidence"]["structures"]["liver"] and "evidence" in one.report["seconds"]
    assert_same_rows(one, other)


def test_an_oblique_scan_is_explained_on_its_own_grid(middle, models, upright):
    angle = np.deg2rad(10)
    turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
    tilted = Volume(middle[0].voxels, middle[0].spacing, (5.0, 6.0, 7.0), tuple(turn.ravel()), "CT", "tilted")
    found = run_on(tilted, models=models, slices="1")
    assert found.drop.direction == tilted.direction and found.drop.origin == tilted.origin
    assert np.array_equal(found.drop.voxels[1], upright.drop.voxels[1])


@pytest.mark.parametrize(
    "shape, spacing",
    [((10, 128, 64), (6.0, 3.0, 18.0)), ((10, 64, 128), (3.0, 6.0, 18.0)), ((40, 64, 128), (3.0, 6.0, 5.0))],
)
def test_pixels_need_not_be_square(shape, spacing, models):
    """Coronal and sagittal series have thick pixels in the axial plane."""
    ct, labels = make_phantom(0, shape=shape, spacing=spacing)
    liver = mask_of(labels, "liver").voxels > 0
    z = int(liver.sum((1, 2)).argmax())
    found = run_on(ct, models=models, slices=f"{z}:{z + 1}")
    assert dice(found.prediction.voxels[z] > 0, liver[z]) > 0.8
    assert (found.roi.voxels[z].astype(bool) & liver[z]).sum() / liver[z].sum() > 0.8


def test_a_single_slice(phantom, liver_slice, models):
    plane = Volume(phantom[0].voxels[liver_slice : liver_slice + 1], phantom[0].spacing, modality="CT")
    found = run_on(plane, models=models)
    assert found.drop.shape == (1, 128, 128) and found.drop.voxels.max() > 0.05
    assert found.report["slices"]["explained"] == [0]


# ---- structures, references, regions


def test_all_structures_in_one_pass_equal_one_by_one(middle, models, organ):
    """On one and the same region the model is run once for both, and the maps are those of two runs."""
    body = (middle[0].voxels > -200) & (np.arange(128) < 64)[:, None]
    region = middle[0].like(body.astype(np.uint8), "the front of the body")
    both = run_on(middle[0], ("liver", "spleen"), models, region="segment", region_volume=region, slices="1")
    for name in ("liver", "spleen"):
        alone = run_on(middle[0], (name,), models, region="segment", region_volume=region, slices="1")
        rows = [r for r in both.rows if r["structure"] == name]
        for row in rows:
            z = row["slice"]
            assert np.abs(both.drops[name].voxels[z] - alone.drops[name].voxels[z]).max() <= 1e-5
            (same,) = [r for r in alone.rows if r["slice"] == z]
            assert row["evaluations"] == same["evaluations"] and row["score"] == pytest.approx(same["score"], abs=1e-6)


def test_kidneys_are_both_sides(phantom, models, organ):
    low = int(organ("kidney_left").voxels.sum((1, 2)).argmax())
    found = run_on(phantom[0], ("kidneys",), models, region="prediction", slices=str(low))
    explicit = found.report["slices"]["explained"]
    truth = (organ("kidney_left").voxels + organ("kidney_right").voxels)[explicit] > 0
    assert dice(found.prediction.voxels[explicit] > 0, truth) > 0.6
    sides = run_on(phantom[0], ("left kidney", "right kidney"), models, region="prediction", slices=str(low))
    left, right = (sides.prediction.voxels == value for value in (1, 2))
    assert (left & (organ("kidney_left").voxels > 0)).sum() > 0.5 * left.sum()
    assert (right & (organ("kidney_right").voxels > 0)).sum() > 0.5 * right.sum()


@pytest.mark.parametrize(
    "method", [FAST, xai.Rise(masks=32, estimator="ridge"), xai.Lime(samples=32)], ids=lambda m: m.name
)
def test_each_method_is_deterministic(middle, models, method):
    first, again = (run_on(middle[0], models=models, method=method, slices="1", seed=5) for _ in range(2))
    assert np.array_equal(first.drop.voxels, again.drop.voxels)
    assert first.drop.voxels.max() > 0.05
    assert set(first.stderrs) == (set() if method.name == "occlusion" else {"liver"})
    assert first.report["request"]["method"]["name"] == method.name
    for stderr in first.stderrs.values():
        assert (stderr.voxels[first.evaluated.voxels > 0] >= 0).all()


def test_a_batch_of_any_size_gives_the_same(middle, models):
    maps = [
        run_on(middle[0], models=models, slices="1", batch_size=size, score="soft_dice").drop.voxels
        for size in (1, 5, 16)
    ]
    tolerance = (
        1e-5 if models.segmenter("bundled", torch.device("cpu")).provenance["precision"].startswith("fp32") else 2e-2
    )
    assert np.abs(maps[0] - maps[1]).max() <= tolerance and np.abs(maps[0] - maps[2]).max() <= tolerance


def test_with_a_reference_the_score_is_the_true_dice(middle, models):
    truth = mask_of(middle[1], "liver")
    found = run_on(middle[0], models=models, reference_volume=truth, slices="1:")
    assert np.array_equal(found.reference.voxels > 0, truth.voxels > 0)
    assert found.report["reference_given"] is True
    for row in found.rows:
        expected = dice(found.prediction.voxels[row["slice"]] > 0, truth.voxels[row["slice"]] > 0)
        assert row["dice"] == pytest.approx(expected)
        assert row["score"] == pytest.approx(expected, abs=0.04)  # the score lives on the work grid
        assert row["score"] < 0.999  # against its own prediction it would be 1
    without = run_on(middle[0], models=models, slices="1")
    assert without.reference is None and all(r["score"] == 1 and "dice" not in r for r in without.rows)


def test_a_reference_stored_another_way_is_the_same_reference(middle, models, tmp_path):
    truth = mask_of(middle[1], "liver")
    one = run_on(middle[0], models=models, reference_volume=truth, slices="1")
    file = write_volume(stored(truth, (0, 1, 2), (1, -1, 1)), tmp_path / "flipped.nii.gz")
    other = run_on(middle[0], models=models, reference=str(file), slices="1")
    assert np.array_equal(one.drop.voxels, other.drop.voxels)
    assert np.array_equal(one.reference.voxels, other.reference.voxels)


def test_label_numbers_can_be_given_with_the_file(middle, models, tmp_path):
    from XAICLIPLib.phantom import PHANTOM_LABELS

    file = write_volume(middle[1], tmp_path / "labels.nrrd")
    found = run_on(middle[0], models=models, slices="1", reference=f"{file}:liver={PHANTOM_LABELS['liver']}")
    assert np.array_equal(found.reference.voxels > 0, middle[1].voxels == PHANTOM_LABELS["liver"])
    with pytest.raises(InputError, match="FILE:liver=5"):
        run_on(middle[0], models=models, reference=f"{file}:liver=five")


def test_the_phantoms_labels_need_no_numbers(middle, models):
    """They are TotalSegmentator's."""
    from XAICLIPLib.phantom import PHANTOM_LABELS

    found = run_on(middle[0], ("liver", "spleen"), models, reference_volume=middle[1], slices="1")
    for value, name in ((1, "liver"), (2, "spleen")):
        assert np.array_equal(found.reference.voxels == value, middle[1].voxels == PHANTOM_LABELS[name])


def test_a_given_region_is_the_region(middle, models):
    mask = np.zeros(middle[0].shape, np.uint8)
    mask[:, 40:70, 30:60] = 1
    given = middle[0].like(mask, "roi")
    found = run_on(middle[0], models=models, region="segment", region_volume=given, slices="1:")
    assert np.array_equal(found.roi.voxels[1:], mask[1:]) and not found.roi.voxels[0].any()
    assert {r["region"] for r in found.rows} == {"segment"}


def test_a_box_in_millimetres_holds_the_voxels_whose_centres_it_holds(middle, models):
    scan = middle[0]
    x, y, z = (scan.origin[i] + np.arange(scan.shape[2 - i]) * scan.spacing[i] for i in range(3))
    box = (x[30] - 0.1, x[59] + 0.1, y[40] - 0.1, y[69] + 0.1, z[1] - 0.1, z[1] + 0.1)
    expected = np.zeros(scan.shape, bool)
    expected[1, 40:70, 30:60] = True
    for axes, signs in STORED[::11]:
        request = Request.of("scan", ("liver",), region="box", box=box, device="cpu")
        found = locate(request, scan=stored(scan, axes, signs))
        assert np.array_equal(found.roi.voxels > 0, stored(scan.like(expected), axes, signs).voxels)
    with pytest.raises(InputError, match="outside the scan"):
        locate(Request.of("s", ("liver",), region="box", box=(900, 950, 0, 1, 0, 1), device="cpu"), scan=scan)
    with pytest.raises(InputError, match="needs the box"):
        locate(Request("s", ("liver",), region="box", device="cpu"), scan=scan)


def test_the_full_region_needs_every_evaluation_and_the_words_far_fewer(middle, models):
    full = run_on(middle[0], models=models, slices="1", region="full", method=FAST)
    words = run_on(middle[0], models=models, slices="1", method=FAST)
    (a,), (b,) = full.rows, words.rows
    assert a["full_evaluations"] == b["full_evaluations"] and 0.8 < a["rho"] < 1  # but not those of nothing but air
    assert (
        full.evaluated.voxels[1].all() or full.evaluated.voxels[1].mean() > 0.5
    )  # as far as the model's frame reaches
    assert b["evaluations"] < 0.6 * a["evaluations"]


def test_an_empty_clip_region_falls_back_to_the_predictions_box_and_says_so(middle, models):
    found = run_on(middle[0], models=models, slices="1", threshold=0.999999)
    (row,) = found.rows
    assert row["region"] == "box" and any("clip region is empty" in w for w in found.warnings)
    rows, columns = np.nonzero(found.prediction.voxels[1])
    grow = int(np.ceil(10 / 3))
    expected = np.zeros((128, 128), bool)
    expected[rows.min() - grow : rows.max() + 1 + grow, columns.min() - grow : columns.max() + 1 + grow] = True
    assert np.array_equal(found.roi.voxels[1] > 0, expected)


def test_slices_without_the_structure_are_skipped(phantom, explained, organ):
    skipped = {int(z) for z in explained.report["slices"]["skipped"]}
    explicit = set(explained.report["slices"]["explained"])
    assert skipped | explicit == set(range(10)) and not skipped & explicit
    assert all(not explained.evaluated.voxels[z].any() for z in skipped)
    holds = organ("liver").voxels.sum((1, 2)) + organ("spleen").voxels.sum((1, 2)) > 200
    assert set(np.flatnonzero(holds)) <= explicit


def test_nothing_found_anywhere_is_an_error_that_says_what_to_do(models):
    air = Volume(np.random.default_rng(0).integers(-1010, -990, (2, 64, 64)).astype(np.int16), modality="CT")
    with pytest.raises(InputError, match="no slice could be explained: the model finds none of the structures"):
        run_on(air, models=models, anyway=True)


@pytest.mark.parametrize(
    "text, expected", [("4", [4]), ("3:5", [3, 4]), (":2", [0, 1]), ("8:", [8, 9]), ("all", list(range(10)))]
)
def test_slices_are_counted_from_the_feet(phantom, text, expected):
    upside_down = stored(phantom[0], (0, 1, 2), (1, 1, -1))
    for scan in (phantom[0], upside_down):
        case = Case(Request("s", ("liver",), slices=text, device="cpu"), Models(), scan=scan)
        assert list(case.slices) == expected
        assert np.array_equal(case.scan.image(expected[0]), phantom[0].voxels[expected[0]])


# ---- models


def test_any_function_of_a_batch(middle):
    found = xai.explain(middle[0], ["liver"], FAST, region="prediction", model=bright, slices="1", **PLAIN)
    assert np.array_equal(found.prediction.voxels[1] > 0, middle[0].voxels[1] > 90)
    assert found.report["model"]["name"] == "bright" and found.drop.voxels.max() > 0
    lungs = xai.explain(middle[0], ["lung"], FAST, region="full", model=bright, slices="1", score="confidence", **PLAIN)
    assert np.array_equal(lungs.prediction.voxels[1] > 0, middle[0].voxels[1] < -50)


def test_a_known_answer_through_the_whole_row(middle):
    """Fill with air: in this model what was liver is lost, so a patch costs its share of the reference."""
    scan, truth = middle[0], mask_of(middle[1], "liver")
    method = xai.Occlusion(32, 32, fill="air", unit="pixel")
    found = xai.explain(
        scan,
        ["liver"],
        method,
        region=truth,
        model=bright,
        reference=truth,
        slices="1",
        score="confidence",
        **PLAIN,
    )
    liver = truth.voxels[1] > 0
    for row, column in itertools.product(range(4), repeat=2):
        patch = np.zeros((128, 128), bool)
        patch[row * 32 : row * 32 + 32, column * 32 : column * 32 + 32] = True
        inside = patch & liver
        lost = 1 / (1 + np.exp(-(scan.voxels[1][inside].astype(float) - 90) / 5))
        assert np.allclose(found.drop.voxels[1][inside], lost.sum() / liver.sum(), atol=1e-5)


@pytest.mark.parametrize("method", [FAST, xai.Rise(masks=300), xai.Lime(samples=100)], ids=lambda m: m.name)
def test_what_the_model_draws_wrongly_has_a_negative_drop(middle, method):
    """Everything bright is drawn as liver. Without the spleen, that would be nearer to the truth: Dice rises."""
    scan, truth = middle[0], mask_of(middle[1], "liver")
    found = xai.explain(scan, ["liver"], method, region="full", model=bright, reference=truth, slices="1",
                        part="total", **PLAIN)  # fmt: skip
    liver, spleen = truth.voxels[1] > 0, mask_of(middle[1], "spleen").voxels[1] > 0
    assert spleen.sum() > 50
    assert found.drop.voxels[1][liver].mean() > 0.01 and found.drop.voxels[1][spleen].mean() < -0.003
    assert found.saliency.voxels[1][spleen].mean() < 0.1 * found.saliency.voxels[1][liver].mean()


def test_patch_sizes_in_millimetres_and_pixels(middle, models):
    case = Case(Request("s", ("liver",), device="cpu"), models, scan=middle[0])
    prepared = case.prepare(1)
    _, scale = prepared.grid.scale
    assert case.pixels_per_unit(prepared, "mm") == pytest.approx((scale / 3, scale / 3))
    assert case.pixels_per_unit(prepared, "pixel") == pytest.approx((scale, scale))
    assert case.pixels_per_unit(prepared, "px512") == pytest.approx((scale / 4, scale / 4))


def test_tissue_fills_are_hounsfield_units(middle, models):
    from XAICLIPLib.pipeline.opened import on_work_grid

    for fill, value in (("air", 0.0), ("water", 0.4), ("soft_tissue", 0.525), ("fat", 0.15)):
        case = Case(Request("s", ("liver",), xai.Rise(fill=fill), device="cpu"), models, scan=middle[0])
        assert on_work_grid(case, case.prepare(1)).fill == pytest.approx(value, abs=1e-6)
    mr = Volume(np.abs(middle[0].voxels), middle[0].spacing, modality="MR")
    case = Case(Request("s", ("liver",), xai.Rise(fill="air"), device="cpu"), models, scan=mr)
    with pytest.raises(InputError, match="'air' is a CT number; this scan is MR"):
        on_work_grid(case, case.prepare(1))


def test_an_unknown_structure_is_refused_before_anything_is_computed(phantom, models):
    told = []
    with pytest.raises(InputError, match="bundled does not segment 'brain'; it segments liver") as caught:
        run_on(phantom[0], ("brain",), models, progress=lambda *step: told.append(step))
    assert "\n" not in str(caught.value) and not told
    with pytest.raises(InputError, match="named twice"):
        run_on(phantom[0], ("liver", "hepatic"), models)


def test_a_model_that_fails_inside_the_row(middle):
    def logits(batch):
        return batch * 0.01

    with pytest.raises(ModelError, match="return probabilities"):
        run_on(middle[0], model_object=logits, region="full")

    def full(batch):
        raise torch.OutOfMemoryError("CUDA out of memory")

    with pytest.raises(ResourceError, match="out of memory with one image"):
        run_on(middle[0], model_object=full, region="full")


def test_an_mr_is_said_to_be_none_of_the_bundled_models_business(middle, models):
    mr = Volume(np.clip(middle[0].voxels + 1000, 0, 1400).astype(np.int16), middle[0].spacing, modality="MR")
    try:
        found = run_on(mr, models=models, region="full", slices="1").warnings
    except InputError as error:
        found = (str(error),)
    assert any("MR" in w for w in found)


# ---- progress, cancellation, plan, provenance


def test_cancelled_between_slices_keeps_what_is_finished(phantom, models, explained, monkeypatch):
    monkeypatch.setattr("XAICLIPLib.pipeline.opened.EARLY_SECONDS", 1e9)
    first = explained.report["slices"]["explained"][0]

    def stop(done, total, message):
        if done >= first + 1.2:
            raise Cancelled("enough")

    finished = []
    found = run_on(phantom[0], ("liver", "spleen"), models, method=FAST, progress=stop, on_slice=finished.append)
    assert found.report["slices"]["explained"] == [first] == [r.z for r in finished]
    assert any(w.startswith("stopped by the user") for w in found.warnings)
    for name in ("liver", "spleen"):
        assert np.array_equal(found.drops[name].voxels[first], explained.drops[name].voxels[first])


def test_a_slice_is_seen_while_it_is_coarse_and_kept_so_when_it_is_stopped(middle, models, monkeypatch):
    monkeypatch.setattr("XAICLIPLib.pipeline.opened.EARLY_SECONDS", 0.0)
    early, finished = [], []
    method = xai.Occlusion(96, 24, unit="px512")
    whole = run_on(middle[0], models=models, method=method, slices="1", on_early=early.append, on_slice=finished.append)
    assert len(early) >= 4 and len(finished) == 1 and finished[0].attribution.is_complete
    assert {look.z for look in early} == {1} and not any(look.attribution.is_complete for look in early)
    off = [np.abs(look.drop[0] - whole.drop.voxels[1]).mean() for look in early]
    assert off[-1] < off[0]

    def stop(done, total, message):
        if done > 1.3:
            raise Cancelled("enough")

    found = run_on(middle[0], models=models, method=method, slices="0:3", progress=stop)
    assert found.report["slices"]["explained"] == [0, 1], "one is finished, one is coarse, one was not begun"
    assert "the map of slice 1 is coarse: it was stopped by the user after" in " ".join(found.warnings)
    first, second = found.rows
    assert 0 < second["evaluations"] < whole.rows[0]["evaluations"]


def test_cancelled_before_anything_is_finished(phantom, models):
    def stop(done, total, message):
        raise Cancelled("at once")

    with pytest.raises(Cancelled):
        run_on(phantom[0], models=models, progress=stop)


def test_progress_goes_from_nothing_to_everything(middle, models):
    told = []
    run_on(middle[0], models=models, progress=lambda *step: told.append(step))
    done = [d for d, _, _ in told]
    assert done == sorted(done) and done[0] == 0 and done[-1] == 3 and {t for _, t, _ in told} == {3}
    assert {m for _, _, m in told} >= {"slice 0", "slice 1", "slice 2"}


@pytest.mark.parametrize("level", ["none", "quick", "full"])
def test_the_plan_knows_what_the_tests_of_the_maps_take(middle, models, level):
    request = Request.of("scan", ("liver",), method=FAST, slices="1", **{**PLAIN, "evidence": level})
    case = Case(request, models, scan=middle[0])
    planned = plan(request, models=models, case=case)
    made = run(request, models=models, scan=middle[0]).report["evidence"].get("evaluations", 0)
    expected = expected_evaluations(case, planned.slices, planned.evaluations)
    assert expected == made == 0 if level == "none" else 0.6 * made < expected < 1.6 * made


@pytest.mark.parametrize("method", [FAST, xai.Rise(masks=16), xai.Lime(samples=24)], ids=lambda m: m.name)
def test_the_plan_is_what_the_run_then_needs(middle, models, method):
    request = Request.of("scan", ("liver",), method=method, slices="1:", **PLAIN)
    expected = plan(request, models=models, scan=middle[0])
    found = run(request, models=models, scan=middle[0])
    assert expected.slices == len(found.report["slices"]["explained"])
    needed = sum(r["evaluations"] for r in found.rows)
    # copies that are equal, or equal to the slice, are not run twice, which is only seen once they are made
    assert needed == expected.evaluations if method.name == "rise" else needed <= expected.evaluations <= 1.5 * needed
    assert expected.full_evaluations == sum(r["full_evaluations"] for r in found.rows)
    assert 0 < expected.seconds < 60
    assert f"{expected.evaluations} of {expected.full_evaluations} evaluations" in str(expected)


def test_a_run_can_be_repeated_from_its_report(middle, models, tmp_path, monkeypatch):
    """In the folder of the scan: a report names the files, not where they lie."""
    scan = read_volume(write_volume(middle[0], tmp_path / "scan.nrrd"))
    method = xai.Rise(masks=16)
    request = Request.of(str(tmp_path / "scan.nrrd"), ("liver",), method=method, slices="1", seed=11, **PLAIN)
    first = run(request, models=models)
    monkeypatch.chdir(tmp_path)
    again = run(Request.from_json(first.report["request"]), models=models)
    assert np.array_equal(first.drop.voxels, again.drop.voxels)
    assert scan.shape == first.drop.shape


def test_the_report_says_how_it_was_made(explained):
    report = explained.report
    assert report["notice"].startswith("Research use only")
    assert len(report["model"]["sha256"]) == len(report["vision_language_model"]["sha256"]) == 64
    assert report["scan"]["preset"] == "ct-soft-tissue" and "CT" in report["scan"]["preset_reason"]
    assert report["scan"]["modality"] == "CT" and report["device"] == "cpu"
    assert {"open", "prepare", "region", "model", "perturb and score", "measure"} <= set(report["seconds"])
    assert [s["name"] for s in report["structures"]] == ["liver", "spleen"]
    assert report["environment"]["libraries"]["torch"]


def test_the_numbers_of_the_whole_are_those_of_its_slices(explained):
    for row in explained.summary:
        own = [r for r in explained.rows if r["structure"] == row["structure"]]
        for key in ("evaluations", "full_evaluations"):
            assert row[key] == sum(r[key] for r in own)
        assert row["rho"] == pytest.approx(row["evaluations"] / row["full_evaluations"])
        assert row["largest_drop"] == max(r["largest_drop"] for r in own)
        for r in own:
            drop = explained.drops[r["structure"]].voxels[r["slice"]]
            assert r["largest_drop"] == pytest.approx(drop.max()) and r["smallest_drop"] == pytest.approx(drop.min())
            assert r["region_share"] == pytest.approx(explained.roi.voxels[r["slice"]].mean())
