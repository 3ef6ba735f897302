"""From a similarity to a region: thresholds, connected pieces, holes, fallbacks, and maps that are upside down."""

import numpy as np
import pytest
from scipy import ndimage

from XAICLIPLib.anatomy import describe
from XAICLIPLib.roi.masks import box_around, dilate, filled, hull, largest_pieces, smooth
from XAICLIPLib.roi.region import Cut, checked, from_prediction, from_similarity, how_many
from XAICLIPLib.roi.thresholds import otsu

BODY = np.zeros((64, 64), bool)
BODY[4:60, 4:60] = True


def blob(value, centre=(20, 40), radius=8):
    rows, columns = np.mgrid[:64, :64]
    return np.where((rows - centre[0]) ** 2 + (columns - centre[1]) ** 2 <= radius**2, value, 0.05).astype(np.float32)


def test_the_threshold_cuts_and_the_union_is_over_the_prompts():
    region = from_similarity({"a": blob(0.9), "b": blob(0.6, (45, 15))}, BODY, (1.0, 1.0), Cut(threshold=0.5, sigma=0))
    assert np.array_equal(region.masks["a"], blob(1) == 1) and np.array_equal(region.masks["b"], blob(1, (45, 15)) == 1)
    assert np.array_equal(region.mask, region.masks["a"] | region.masks["b"])
    assert region.coverage == region.mask.sum() / 64**2
    assert (region.source, region.threshold, region.warnings) == ("clip", 0.5, ())
    assert not from_similarity({"b": blob(0.6)}, BODY, (1.0, 1.0), Cut(threshold=0.7, sigma=0)).mask.any()
    exact = from_similarity({"a": blob(0.5)}, BODY, (1.0, 1.0), Cut(threshold=0.5, sigma=0))
    assert exact.mask.any()  # "at least" the threshold


def test_smoothing_is_a_gaussian_whose_sigma_means_pixels_of_a_slice_512_wide():
    for width in (128, 512, 1024):
        spike = np.zeros((width, width), np.float32)
        spike[width // 2, width // 2] = 1
        sigma = 4 * width / 512
        expected = ndimage.gaussian_filter(spike.astype(float), sigma, truncate=6)
        assert np.abs(smooth(spike, 4.0) - expected).max() < 0.03 * expected.max()
    noise = np.random.default_rng(0).random((64, 64)).astype(np.float32)
    assert np.array_equal(smooth(noise, 0), noise)


def test_dilation_is_in_millimetres_whatever_the_spacing():
    mask = np.zeros((41, 41), bool)
    mask[20, 20] = True
    grown = dilate(mask, 6.0, (2.0, 1.0))
    rows, columns = np.mgrid[-20:21, -20:21]
    assert np.array_equal(grown, (2.0 * rows) ** 2 + columns**2 <= 36)
    assert np.array_equal(dilate(mask, 0.0, (1, 1)), mask) and not dilate(mask * False, 5.0, (1, 1)).any()
    region = from_similarity({"a": blob(0.9)}, BODY, (1.0, 1.0), Cut(sigma=0, dilation_mm=3))
    assert np.array_equal(region.mask, ndimage.distance_transform_edt(blob(1) != 1) <= 3)


@pytest.mark.parametrize("value, level", [(0.55, 0.6), (0.65, 0.7), (0.9, 0.7)])
def test_a_region_that_covers_nearly_everything_raises_the_threshold(value, level):
    """0.5, then 0.6, then 0.7; after that it is kept as it is, and said."""
    probability = np.where(BODY, value, 0).astype(np.float32)
    probability[10:20, 10:20] = 0.95
    region = from_similarity({"a": probability}, BODY, (1.0, 1.0), Cut(sigma=0))
    assert region.threshold == level
    assert any("covers 100% of the body at threshold 0.5" in w for w in region.warnings)
    assert any(f"threshold raised from 0.5 to {level}" in w for w in region.warnings)
    if value < level:
        assert np.array_equal(region.mask, probability > 0.9)


def test_a_region_of_half_the_body_is_left_alone():
    probability = np.where(BODY, 0.9, 0).astype(np.float32)
    probability[:, 40:] = 0
    assert from_similarity({"a": probability}, BODY, (1.0, 1.0), Cut(sigma=0)).warnings == ()


@pytest.mark.parametrize("threshold, warned", [(0.2, True), (0.29, True), (0.3, False), (0.5, False)])
def test_a_low_threshold_is_warned_of(threshold, warned):
    region = from_similarity({"a": blob(0.9)}, BODY, (1.0, 1.0), Cut(threshold=threshold))
    assert any("is below 0.3" in w for w in region.warnings) == warned


def test_an_empty_region_becomes_the_box_of_the_prediction():
    empty = from_similarity({"a": blob(0.1)}, BODY, (1.0, 2.0))
    prediction = np.zeros((64, 64), bool)
    prediction[20:30, 31:40] = True
    prediction[5, 5] = False
    region = checked(empty, {"a": prediction}, (1.0, 2.0))
    expected = np.zeros((64, 64), bool)
    expected[10:40, 26:45] = True  # 10 mm to every side: 10 rows, 5 columns
    assert np.array_equal(region.mask, expected) and region.source == "box"
    assert any(
        "clip region is empty" in w and "box of the model's prediction, 10 mm wider" in w for w in region.warnings
    )
    nothing = checked(empty, {"a": prediction & False}, (1.0, 2.0))
    assert not nothing.mask.any()  # and the slice is skipped


def test_a_region_is_not_replaced_because_the_model_disagrees():
    region = from_similarity({"a": blob(0.9)}, BODY, (1.0, 1.0), Cut(sigma=0))
    elsewhere = np.roll(region.mask, 30, axis=0)
    kept = checked(region, {"a": elsewhere}, (1.0, 1.0))
    assert np.array_equal(kept.mask, region.mask) and kept.source == "clip"
    assert any("of the prediction" in w for w in kept.warnings)
    assert checked(region, {"a": region.mask}, (1.0, 1.0)) is region


def test_the_box_stays_inside_the_slice():
    mask = np.zeros((20, 20), bool)
    mask[1:3, 17:20] = True
    box = box_around(mask, 4.0, (1.0, 2.0))
    expected = np.zeros((20, 20), bool)
    expected[0:7, 15:20] = True
    assert np.array_equal(box, expected)


def test_a_region_from_the_prediction():
    masks = {"a": blob(1) == 1, "b": blob(1, (45, 15)) == 1}
    region = from_prediction(masks, (1.0, 1.0), 4.0)
    assert np.array_equal(region.mask, ndimage.distance_transform_edt(~(masks["a"] | masks["b"])) <= 4)
    assert region.source == "prediction"


# ---- Otsu's threshold


def test_otsus_threshold_is_the_one_that_separates_best_by_definition():
    """Among all thresholds none has more of the variance between its two classes."""
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(0.2, 0.05, 3000), rng.normal(0.7, 0.08, 400)]).clip(0, 1)

    def between(level):
        high = values > level
        return high.mean() * (~high).mean() * (values[high].mean() - values[~high].mean()) ** 2

    best = max(between(level) for level in np.linspace(0.1, 0.8, 300))
    assert between(otsu(values)) > 0.998 * best  # as finely as a histogram tells
    assert 0.35 < otsu(values) < 0.55


@pytest.mark.parametrize(
    "values",
    [
        np.full(5000, 0.3),
        np.random.default_rng(1).normal(0.5, 0.15, 5000),
        np.random.default_rng(2).random(5000),
        np.random.default_rng(3).exponential(0.1, 5000),
        np.concatenate([np.full(4000, 0.01), np.full(1000, 0.05)]),  # two levels, but none that means anything
        np.zeros(0),
    ],
    ids=["flat", "normal", "uniform", "exponential", "faint", "nothing"],
)
def test_otsu_is_refused_where_there_are_no_two_levels(values):
    assert otsu(values) is None


def test_otsu_cuts_each_structure_in_the_body_at_its_own_level():
    faint, strong = np.where(blob(1) == 1, 0.4, 0.05), np.where(blob(1, (45, 15)) == 1, 0.9, 0.3)
    outside = ~BODY
    faint[outside] = 1.0  # air must not decide where the body is cut
    region = from_similarity(
        {"a": faint, "b": strong}, BODY, (1.0, 1.0), Cut(method="otsu", sigma=0), in_frame=ndimage.binary_dilation(BODY)
    )
    assert np.array_equal(region.masks["a"] & BODY, blob(1) == 1)
    assert np.array_equal(region.masks["b"], blob(1, (45, 15)) == 1)
    assert 0.05 < region.thresholds["a"] < 0.4 and 0.3 < region.thresholds["b"] < 0.9
    assert region.threshold is None  # there is no one threshold


def test_a_refused_otsu_is_said_and_invents_nothing():
    rng = np.random.default_rng(0)
    noise = (0.2 + 0.05 * rng.random((64, 64))).astype(np.float32)
    region = from_similarity({"left_kidney": noise}, BODY, (1.0, 1.0), Cut(method="otsu", sigma=0))
    assert not region.mask.any() and region.thresholds == {"left_kidney": 0.5}
    assert region.warnings == (
        "Otsu's threshold is refused for left kidney, whose similarity has no two levels: 0.5 is used",
    )


def test_a_refused_otsu_falls_back_to_a_threshold_that_is_raised_like_any_other():
    rng = np.random.default_rng(0)
    everywhere = (0.61 + 0.04 * rng.random((64, 64))).astype(np.float32)
    parts = {"a": everywhere, "b": np.where(blob(1) == 1, 0.9, 0.3)}
    region = from_similarity(parts, BODY, (1.0, 1.0), Cut(method="otsu", sigma=0))
    assert region.thresholds["a"] == 0.7 and not region.masks["a"].any()
    assert 0.3 < region.thresholds["b"] < 0.9 and np.array_equal(region.masks["b"], blob(1) == 1)
    assert "no two levels: 0.7 is used" in region.warnings[0]
    assert "threshold raised from 0.5 to 0.7" in region.warnings


# ---- connected pieces and holes


def pieces():
    """Three pieces of 60, 30 and 10 pixels, the largest with a hole of 4."""
    mask = np.zeros((40, 40), bool)
    mask[2:10, 2:10] = True
    mask[5:7, 5:7] = False
    mask[20:25, 20:26] = True
    mask[35, 10:20] = True
    return mask


def test_the_largest_pieces_are_kept():
    mask = pieces()
    assert np.array_equal(largest_pieces(mask, 1), mask & (np.indices(mask.shape)[0] < 15))
    assert np.array_equal(largest_pieces(mask, 2), mask & (np.indices(mask.shape)[0] < 30))
    for count in (3, 9, None):
        assert np.array_equal(largest_pieces(mask, count), mask)
    assert not largest_pieces(mask & False, 1).any()
    corner = np.eye(6, dtype=bool)
    assert np.array_equal(largest_pieces(corner, 1), corner)  # pixels that touch at a corner are one piece


def test_holes_are_filled_and_bays_are_not():
    mask = pieces()
    assert filled(mask).sum() == mask.sum() + 4
    bay = mask.copy()
    bay[5:7, 0:7] = False
    assert np.array_equal(filled(bay), bay)


@pytest.mark.parametrize(
    "text, kept",
    [
        ("liver", 1), ("left kidney", 1), ("kidneys", 2), ("lungs", 2), ("adrenal glands", 2), ("sternum", 1),
        ("ribs", None), ("bowel", None), ("colon", None), ("bone", None), ("aorta", None), ("brain tumour", None),
        ("purple umbrella", None),
    ],
)  # fmt: skip
def test_how_many_pieces_a_structure_has(text, kept):
    assert how_many("auto", describe(text)) == kept
    assert how_many("all", describe(text)) is None and how_many("3", describe(text)) == 3


def test_pieces_are_counted_per_structure_before_holes_are_filled_and_the_region_grows():
    ring = blob(0.9, (20, 20), 9)
    ring[blob(1, (20, 20), 4) == 1] = 0.1  # a hole, with a speck in it
    ring[20, 20] = 0.9
    ring[50:52, 50:52] = 0.9
    other = blob(0.9, (45, 20), 6)
    given = {"a": ring, "b": np.maximum(other, blob(0.9, (20, 50), 5))}
    region = from_similarity(
        given, BODY, (1.0, 1.0), Cut(sigma=0, components={"a": 1, "b": None}, fill_holes=True, dilation_mm=2)
    )
    disc = blob(1, (20, 20), 9) == 1
    assert np.array_equal(region.masks["a"], ndimage.distance_transform_edt(~disc) <= 2)
    both = (blob(1, (45, 20), 6) == 1) | (blob(1, (20, 50), 5) == 1)
    assert np.array_equal(region.masks["b"], ndimage.distance_transform_edt(~both) <= 2)
    plain = from_similarity(given, BODY, (1.0, 1.0), Cut(sigma=0))
    assert np.array_equal(plain.masks["a"], ring > 0.5)  # nothing is cleaned up unasked


def test_the_hull_closes_an_open_outline():
    ring = np.zeros((40, 40), bool)
    ring[5:35, 5:35], ring[8:32, 8:32], ring[30:, 15:25] = True, False, False
    assert np.array_equal(filled(ring), ring)
    assert hull(ring)[6:34, 6:34].all() and not hull(ring)[:5].any()
    assert not hull(ring & False).any()


# ---- maps that are upside down

ORGAN = (30, 40)


@pytest.mark.parametrize("radius", [3, 8, 15])
def test_a_swapped_map_is_found_by_the_air_whatever_the_organs_size(radius):
    """Everything is the organ, but the organ itself."""
    right_way = blob(0.9, ORGAN, radius)
    assert from_similarity({"liver": right_way}, BODY, (1.0, 1.0), Cut(sigma=1.0)).warnings == ()
    swapped = from_similarity({"liver": 1 - right_way}, BODY, (1.0, 1.0), Cut(sigma=1.0))
    (warning,) = [w for w in swapped.warnings if "inverted" in w]
    assert "similarity to liver looks inverted, higher in the air round the patient" in warning
    assert all(what in warning for what in ("another strategy", "other words", "negative prompts"))
    assert swapped.mask[50, 10] and not swapped.mask[ORGAN]  # it is said, not flipped


def test_a_swapped_map_is_found_by_the_prediction_where_no_air_is_seen():
    prediction = blob(1, ORGAN, 8) == 1
    whole = np.ones((64, 64), bool)
    for level, inside in ((0.45, 0.05), (0.9, 0.1)):  # cut or not, the map is swapped
        swapped = np.where(prediction, inside, level).astype(np.float32)
        region = checked(
            from_similarity({"liver": swapped}, whole, (1.0, 1.0), Cut(sigma=1.0)), {"liver": prediction}, (1.0, 1.0)
        )
        assert any("inverted, higher around the model's prediction than in it" in w for w in region.warnings)
    right_way = from_similarity({"liver": blob(0.9, ORGAN)}, whole, (1.0, 1.0), Cut(sigma=1.0))
    assert checked(right_way, {"liver": prediction}, (1.0, 1.0)).warnings == ()


def test_another_place_is_no_swap():
    """The words are found in the organ's neighbour: that may be the finding, and the map is the right way up."""
    prediction = blob(1, ORGAN, 8) == 1
    beside = from_similarity({"liver": blob(0.9, (30, 22), 9)}, BODY, (1.0, 1.0), Cut(sigma=1.0))
    assert not any("inverted" in w for w in checked(beside, {"liver": prediction}, (1.0, 1.0)).warnings)
