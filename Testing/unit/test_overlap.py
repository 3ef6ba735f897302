"""Overlap, distance and localisation: known answers, MONAI, and the published code of Boundary IoU."""

import math
import warnings

import cv2
import numpy as np
import pytest
from scipy import ndimage

from XAICLIPLib.errors import InputError
from XAICLIPLib.metrics import (
    boundary_band,
    boundary_iou,
    dice,
    hausdorff95,
    high_attribution,
    iou,
    localisation_metrics,
    map_metrics,
    prediction_metrics,
)


def rectangle(shape, *bounds):
    mask = np.zeros(shape, bool)
    mask[tuple(slice(*b) for b in bounds)] = True
    return mask


def blob(shape, seed):
    """A smooth random mask with several pieces and holes."""
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=shape), 2.5)
    return noise > np.percentile(noise, 70)


@pytest.mark.parametrize("lead", [(), (3,)], ids=["slice", "volume"])
def test_dice_and_iou_of_half_overlapping_rectangles(lead):
    full = [(0, n) for n in lead]
    a = rectangle((*lead, 10, 10), *full, (2, 6), (2, 6))
    b = rectangle((*lead, 10, 10), *full, (2, 6), (4, 8))
    assert dice(a, b) == 0.5
    assert iou(a, b) == pytest.approx(1 / 3)


def test_overlap_with_nothing():
    empty, full = np.zeros((5, 5), bool), np.ones((5, 5), bool)
    for measure in (dice, iou, boundary_iou):
        assert math.isnan(measure(empty, empty))
        assert measure(empty, full) == 0
        assert measure(full, full) == 1
    assert math.isnan(hausdorff95(empty, full, 1.0))


def test_a_label_map_of_integers_counts_as_a_mask_but_grey_values_do_not():
    mask = rectangle((6, 6), (1, 4), (1, 4))
    assert dice(mask.astype(np.uint8) * 5, mask) == 1
    with pytest.raises(InputError, match="threshold"):
        dice(mask.astype(float), mask)
    with pytest.raises(InputError, match=r"\(6, 6\) and \(5, 6\)"):
        dice(mask, mask[1:])
    with pytest.raises(InputError, match="2 axes"):
        hausdorff95(mask, mask, (1, 1, 1))


def test_boundary_band_reaches_the_same_number_of_mm_to_both_sides_on_anisotropic_pixels():
    mask = rectangle((40, 40), (10, 30), (10, 30))
    band = boundary_band(mask, 3.0, (3.0, 1.0))
    assert np.flatnonzero(band[:, 20]).tolist() == [9, 10, 29, 30]  # 3 mm are one row
    assert np.flatnonzero(band[20]).tolist() == [7, 8, 9, 10, 11, 12, 27, 28, 29, 30, 31, 32]  # and three columns


def test_boundary_band_ignores_the_edge_of_the_image():
    mask = rectangle((20, 20), (0, 20), (0, 10))
    assert np.flatnonzero(boundary_band(mask, 2.0, 1.0).all(0)).tolist() == [8, 9, 10, 11]
    assert not boundary_band(np.ones((5, 5), bool), 2.0, 1.0).any()
    assert not boundary_band(np.zeros((5, 5), bool), 2.0, 1.0).any()


def test_boundary_band_is_the_distance_to_the_other_side_computed_by_hand():
    mask, steps = blob((24, 28), 3), np.array([1.5, 0.8])
    here = np.argwhere(np.ones(mask.shape)) * steps
    expected = np.zeros(mask.shape, bool)
    for point, (row, column) in zip(here, np.argwhere(np.ones(mask.shape))):
        others = np.argwhere(mask != mask[row, column]) * steps
        expected[row, column] = np.linalg.norm(others - point, axis=1).min() <= 3.3
    np.testing.assert_array_equal(boundary_band(mask, 3.3, steps), expected)


def published_boundary(mask):
    """`mask_to_boundary` of github.com/bowenc0221/boundary-iou-api, as published."""
    height, width = mask.shape
    dilation = max(1, int(round(0.02 * np.sqrt(height**2 + width**2))))
    padded = cv2.copyMakeBorder(mask.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    return mask & ~cv2.erode(padded, np.ones((3, 3), np.uint8), iterations=dilation)[1:-1, 1:-1].astype(bool)


@pytest.mark.parametrize("shape", [(60, 90), (122, 101), (300, 400)])
def test_boundary_iou_is_the_published_one_on_straight_borders(shape):
    height, width = shape
    a = rectangle(shape, (height // 5, height // 2), (width // 5, width // 2))
    b = rectangle(shape, (height // 4, height), (width // 5 + 1, width // 2))  # reaches the image's edge
    expected = iou(published_boundary(a), published_boundary(b))
    assert 0 < expected < 1
    assert boundary_iou(a, b) == expected
    assert boundary_iou(a, b, spacing=0.7) == expected  # 2 % of the diagonal, whatever the unit


@pytest.mark.parametrize("seed", range(3))
def test_boundary_iou_is_the_published_one_on_any_shape(seed):
    a, b = blob((180, 140), seed), blob((180, 140), seed + 100)
    a, b = (cv2.resize(m[::4, ::4].astype(np.uint8), (140, 180), interpolation=cv2.INTER_NEAREST) > 0 for m in (a, b))
    assert boundary_iou(a, b, spacing=(0.9, 0.9)) == iou(published_boundary(a), published_boundary(b))


def test_boundary_iou_of_a_volume_takes_the_same_mm_along_each_axis():
    a = rectangle((12, 40, 40), (2, 10), (5, 35), (5, 35))
    core = rectangle((12, 40, 40), (3, 9), (10, 30), (10, 30))  # less 5 mm: one slice, five pixels
    assert boundary_iou(a, core, 5.0, (5.0, 1.0, 1.0)) == pytest.approx(
        iou(a & ~core, core & ~rectangle((12, 40, 40), (4, 8), (15, 25), (15, 25)))
    )
    assert boundary_iou(a, a & ~core, 5.0, (5.0, 1.0, 1.0)) == 1


def test_boundary_iou_of_a_width_in_mm():
    a = rectangle((30, 30), (5, 25), (5, 25))
    b = rectangle((30, 30), (5, 25), (6, 26))
    inner = [rectangle((30, 30), (7, 23), (7, 23)), rectangle((30, 30), (7, 23), (8, 24))]
    assert boundary_iou(a, b, 1.0, 0.5) == iou(a & ~inner[0], b & ~inner[1])


def test_hausdorff95_of_a_shifted_cube_is_the_shift_in_mm():
    a = rectangle((20, 20, 20), (5, 10), (5, 10), (5, 10))
    assert hausdorff95(a, a, (2.0, 1.0, 0.5)) == 0
    assert hausdorff95(a, np.roll(a, 3, 0), (2.0, 1.0, 0.5)) == 6.0
    assert hausdorff95(a, np.roll(a, 3, 2), (2.0, 1.0, 0.5)) == 1.5


@pytest.mark.parametrize(
    "shape, spacing", [((40, 50), (1.0, 1.0)), ((40, 50), (3.0, 0.7)), ((14, 24, 20), (5.0, 0.8, 1.0))]
)
@pytest.mark.parametrize("seed", range(3))
def test_hausdorff95_is_monais(shape, spacing, seed):
    metrics = pytest.importorskip("monai.metrics")
    a, b = blob(shape, seed), blob(shape, seed + 100)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        theirs = metrics.compute_hausdorff_distance(
            a[None, None], b[None, None], include_background=True, percentile=95, spacing=list(spacing)
        )
    assert hausdorff95(a, b, spacing) == pytest.approx(float(theirs), rel=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_dice_and_iou_are_monais(seed):
    metrics = pytest.importorskip("monai.metrics")
    torch = pytest.importorskip("torch")
    a, b = blob((30, 40), seed), blob((30, 40), seed + 100)
    pair = [torch.from_numpy(m[None, None].astype(np.float32)) for m in (a, b)]
    assert dice(a, b) == pytest.approx(float(metrics.compute_dice(*pair)), rel=1e-6)
    assert iou(a, b) == pytest.approx(float(metrics.compute_iou(*pair)), rel=1e-6)


def test_high_attribution_includes_its_threshold_and_leaves_nan_out():
    saliency = np.array([0.0, 0.39, 0.4, 1.0, np.nan])
    assert high_attribution(saliency).tolist() == [False, False, True, True, False]
    for threshold in (0, -0.1, 1.1):
        with pytest.raises(InputError):
            high_attribution(saliency, threshold)


def test_localisation_of_a_known_map():
    reference = rectangle((20, 20), (0, 20), (0, 10))
    saliency = np.zeros((20, 20))
    saliency[:, :10] = 0.35  # the whole reference
    saliency[:, 8:12] = 0.8  # its border to either side
    values = localisation_metrics(saliency, reference, 1.0, thresholds=(0.3, 0.5), band_mm=2.0)
    assert values["fidelity_dice_0.3"] == pytest.approx(2 * 10 / (12 + 10))
    assert values["iou_0.3"] == pytest.approx(10 / 12)
    assert values["recall_0.3"] == 1 and values["precision_0.3"] == pytest.approx(10 / 12)
    assert values["band_dice_0.5"] == 1 and values["band_iou_0.5"] == 1
    assert values["recall_0.5"] == pytest.approx(0.2) and values["precision_0.5"] == 0.5


def test_a_flat_map_scores_nothing():
    values = localisation_metrics(np.zeros((20, 20)), rectangle((20, 20), (5, 15), (5, 15)), 1.0)
    assert values["fidelity_dice_0.4"] == values["iou_0.4"] == values["recall_0.4"] == 0
    assert math.isnan(values["precision_0.4"])


def test_map_metrics_shows_what_the_bare_region_would_have_scored():
    reference = rectangle((30, 30), (10, 20), (10, 20))
    evaluated = rectangle((30, 30), (8, 22), (8, 22))
    row = map_metrics(evaluated * 1.0, evaluated, reference, 1.0)
    for name in ("fidelity_dice", "iou", "band_dice", "band_iou", "recall", "precision"):
        for threshold in ("0.3", "0.4", "0.5"):
            assert row[f"{name}_{threshold}"] == row[f"roi_{name}"]
    assert row["roi_fidelity_dice"] == pytest.approx(2 * 100 / (100 + 196))
    assert row["roi_iou"] == pytest.approx(100 / 196)
    assert row["evaluated_share"] == pytest.approx(196 / 900)


def test_map_metrics_takes_nothing_from_outside_what_was_evaluated():
    reference = rectangle((30, 30), (10, 20), (10, 20))
    evaluated = rectangle((30, 30), (10, 20), (10, 15))
    row = map_metrics(np.ones((30, 30)), evaluated, reference, 1.0)
    assert row["precision_0.5"] == 1 and row["recall_0.5"] == 0.5
    with pytest.raises(InputError, match=r"\(30, 29\)"):
        map_metrics(np.ones((30, 29)), evaluated, reference, 1.0)


def test_prediction_metrics_of_a_volume_are_the_measures_of_this_module():
    a, b, spacing = blob((10, 30, 30), 1), blob((10, 30, 30), 2), (3.0, 1.0, 1.0)
    assert prediction_metrics(a, b, spacing) == {
        "dice": dice(a, b),
        "iou": iou(a, b),
        "boundary_iou": boundary_iou(a, b, spacing=spacing),
        "hd95_mm": hausdorff95(a, b, spacing),
    }
    assert all(isinstance(value, float) for value in prediction_metrics(a, b, spacing).values())
