"""The one verb for arrays: what it accepts, what it gives back, in 2D and 3D, and what it refuses."""

import numpy as np
import pytest
import torch

import XAICLIPLib as xai
from XAICLIPLib.errors import InputError

METHODS = [
    xai.Occlusion(4, 2),
    xai.Rise(masks=32, grid=3),
    xai.Rise(masks=64, grid=3, estimator="ridge"),
    xai.Lime(samples=32),
]
each_method = pytest.mark.parametrize("method", METHODS, ids=lambda m: f"{m.name}-{getattr(m, 'estimator', '')}")


def two_targets(batch):
    """Bright and dark, as two structures, from the mean over the channels."""
    grey = batch.mean(1, keepdim=True)
    return torch.cat([torch.sigmoid(20 * (grey - 0.5)), torch.sigmoid(20 * (0.5 - grey))], 1)


@each_method
@pytest.mark.parametrize("shape", [(20, 24), (1, 20, 24), (3, 20, 24), (1, 8, 12, 10), (2, 8, 12, 10)])
def test_shapes_in_and_out(method, shape):
    image = np.random.default_rng(0).random(shape)
    spatial = shape if len(shape) == 2 else shape[1:]
    found = xai.attribute(image, two_targets, None, method, "soft_dice")
    assert found.drop.shape == (2, *spatial) and found.drop.dtype == np.float32
    assert found.evaluated.shape == spatial and found.evaluated.dtype == bool
    assert found.prediction.shape == (2, *spatial)
    assert found.baseline.shape == found.present.shape == (2,)
    assert (found.stderr is None) == (method.name == "occlusion")
    if found.stderr is not None:
        assert found.stderr.shape == found.drop.shape and (found.stderr >= 0).all()
    assert np.isfinite(found.drop).all() and np.abs(found.drop).max() > 0
    assert 0 < found.evaluations <= found.full_evaluations


@each_method
def test_arrays_tensors_and_integer_images_give_the_same(method):
    image = np.random.default_rng(0).integers(0, 2, (16, 18))
    first = xai.attribute(image, two_targets, None, method, "soft_dice").drop
    for other in (torch.from_numpy(image), image.astype(np.float64), torch.from_numpy(image)[None].half()):
        assert np.array_equal(xai.attribute(other, two_targets, None, method, "soft_dice").drop, first)


@pytest.mark.slow
@each_method
@pytest.mark.parametrize("shape", [(24, 20), (8, 12, 10)])
def test_the_map_speaks_of_the_region_and_of_nothing_else(method, shape):
    rng = np.random.default_rng(0)
    region = rng.random(shape) < 0.6
    found = xai.attribute(rng.random(shape)[None], two_targets, region, method, "soft_dice")
    assert not found.drop[:, ~region].any() and not found.evaluated[~region].any()
    if method.name != "lime":  # LIME drops superpixels that hardly meet the region
        assert np.array_equal(found.evaluated, region)
    tensor = xai.attribute(
        rng.random(shape)[None] * 0 + 0.7, two_targets, torch.from_numpy(region).int(), method, "soft_dice"
    )
    assert not tensor.drop[:, ~region].any()  # 0 and 1 are a mask too


@pytest.mark.slow
def test_a_place_that_matters_only_in_one_slice_is_found_in_3d():
    image = np.zeros((1, 10, 20, 20), np.float32)
    image[0, 4:6, 8:12, 10:14] = 1
    for method in (xai.Occlusion((2, 4, 4), (1, 2, 2)), xai.Rise(masks=800, grid=(5, 5, 5), estimator="ridge")):
        found = xai.attribute(image, lambda b: b, None, method, "confidence", image[0] > 0)
        z, y, x = np.unravel_index(found.drop[0].argmax(), found.drop[0].shape)
        assert 3 <= z <= 6 and 7 <= y <= 12 and 9 <= x <= 14
        assert found.drop[0].max() > 0.4 and np.abs(found.drop[0][8:]).max() < 0.1


@each_method
def test_a_flat_map_is_said_with_advice(method):
    image = np.full((1, 20, 24), 0.9)
    flat = xai.attribute(image, lambda b: torch.full_like(b, 0.8), None, method)
    if getattr(method, "estimator", "") != "raw":
        assert flat.flat.tolist() == [True]
        (advice,) = [w for w in flat.warnings if "flat" in w]
        for way_out in ("smaller patches", "another fill", "LIME", "soft score"):
            assert way_out in advice
    moving = xai.attribute(np.random.default_rng(0).random((1, 20, 24)), two_targets, None, method, "soft_dice")
    assert not moving.flat.any() and not any("the map is flat" in w for w in moving.warnings)


def test_an_absent_target_has_no_drop_and_is_not_called_flat():
    found = xai.attribute(np.full((1, 16, 16), 0.9), two_targets, None, METHODS[0])
    assert found.present.tolist() == [True, False] and not found.drop[1].any()
    assert not found.flat[1]
    nothing = xai.attribute(np.full((1, 16, 16), 0.9), lambda b: b * 0, None, METHODS[0])
    assert not nothing.present.any() and any("reference is empty" in w for w in nothing.warnings)


def test_the_reference_is_the_ground_truth_or_else_the_prediction():
    image = np.random.default_rng(0).random((1, 16, 16)).astype(np.float32)
    own = xai.attribute(image, two_targets, None, METHODS[0])
    assert own.baseline.tolist() == [1.0, 1.0]
    truth = np.zeros((2, 16, 16), bool)
    truth[0, :8], truth[1, 8:] = True, True
    given = xai.attribute(image, two_targets, None, METHODS[0], reference=truth)
    for k, mask in enumerate((image[0] > 0.5, image[0] < 0.5)):
        expected = 2 * (mask & truth[k]).sum() / (mask.sum() + truth[k].sum())
        assert given.baseline[k] == pytest.approx(expected, abs=1e-6)
    single = xai.attribute(image, lambda b: b, None, METHODS[0], reference=truth[0])  # (*S) for one target
    assert single.baseline[0] == pytest.approx(given.baseline[0], abs=1e-6)


@pytest.mark.parametrize(
    "image, more, says",
    [
        (np.zeros(5), {}, r"shape \(5,\); expected \(H, W\)"),
        (np.zeros((1, 2, 3, 4, 5)), {}, "expected"),
        (np.full((8, 8), np.nan), {}, "NaN or infinite"),
        (np.full((8, 8), np.inf), {}, "NaN or infinite"),
        (
            np.zeros((8, 8)),
            {"region": np.ones((8, 9), bool)},
            r"region has shape \(8, 9\); expected the image's \(8, 8\)",
        ),
        (np.zeros((8, 8)), {"region": np.zeros((8, 8), bool)}, "region is empty"),
        (np.zeros((8, 8)), {"score": "accuracy"}, "no score 'accuracy'"),
        (np.zeros((8, 8)), {"method": xai.Occlusion(fill="black")}, "no fill 'black'"),
        (np.zeros((8, 8)), {"reference": np.ones((3, 8, 8), bool)}, "reference has shape"),
    ],
)
def test_bad_input_is_named(image, more, says):
    with pytest.raises(InputError, match=says) as caught:
        xai.attribute(image, lambda b: b, **{"method": METHODS[0], **more})
    assert "\n" not in str(caught.value)


def test_the_model_gets_single_precision_without_gradients_and_the_callers_array_stays_as_it_is():
    image = torch.rand(1, 12, 12, dtype=torch.float64, requires_grad=True)
    before = image.detach().clone()

    def predict(batch):
        assert batch.dtype == torch.float32 and not torch.is_grad_enabled()
        return batch.sigmoid_() * 0 + 0.7

    xai.attribute(image.detach(), predict, None, METHODS[0])
    assert torch.equal(image.detach(), before)
