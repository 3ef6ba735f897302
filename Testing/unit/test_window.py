"""The evaluation window: found where a model is local, exact, and never used where it is not."""

import numpy as np
import pytest
import torch
from torch import nn

import XAICLIPLib as xai
from XAICLIPLib.attribution.receptive_field import receptive_radius, window_round, windowed
from XAICLIPLib.models.unet import UNet

torch.manual_seed(0)


def network(*layers):
    model = nn.Sequential(*layers, nn.Sigmoid()).eval().requires_grad_(False)
    return lambda batch: model(batch)


def conv(kernel, dilation=1, padding=None):
    padding = dilation * (kernel // 2) if padding is None else padding
    return nn.Conv2d(1, 1, kernel, padding=padding, dilation=dilation)


@pytest.mark.parametrize(
    "model, radius",
    [
        (network(conv(3)), 1),
        (network(conv(3), conv(5), nn.ReLU(), conv(3)), 4),
        (network(conv(3, dilation=4)), 4),
        (lambda batch: torch.sigmoid(batch), 0),
    ],
)
def test_the_radius_is_that_of_the_architecture(model, radius):
    assert receptive_radius(model, torch.rand(1, 128, 160)) == (radius, radius)


@pytest.mark.parametrize(
    "model",
    [
        network(conv(3), nn.GroupNorm(1, 1)),
        network(conv(3), nn.InstanceNorm2d(1)),
        lambda batch: torch.sigmoid(batch - batch.mean((2, 3), keepdim=True)),
        lambda batch: torch.sigmoid(batch[:, :, ::2, ::2]),
        lambda batch: torch.sigmoid(torch.nan_to_num(batch)),
        network(*[conv(31) for _ in range(6)]),
    ],
    ids=["group-norm", "instance-norm", "mean", "smaller-output", "hides-nan", "wider-than-the-image"],
)
def test_a_model_that_is_not_local_has_none(model):
    assert receptive_radius(model, torch.rand(1, 128, 128)) is None


def test_what_the_window_holds():
    region = torch.zeros(512, 512, dtype=torch.bool)
    region[100:140, 300:360] = True
    window = window_round(region, (10, 20))
    # the blocks of 32 that hold the region are 96 to 160 and 288 to 384
    assert window.affected == (slice(86, 170), slice(268, 404))
    assert window.crop == (slice(64, 192), slice(224, 448))
    region[0, 511] = True
    assert window_round(region, (10, 20)).crop == (slice(0, 192), slice(224, 512))


@pytest.mark.slow
def test_a_deep_network_is_exact_where_a_region_is_not_aligned():
    """Five levels: a pixel at the end of a block of 16 reaches 15 further to the left than one at its start."""
    torch.manual_seed(3)
    small = UNet(2, widths=(4, 4, 4, 4, 4)).eval().requires_grad_(False).double()
    with torch.no_grad():
        for parameter in small.parameters():
            parameter.mul_(2)  # so that what is far away can still be felt

    def model(batch):
        return small(batch).softmax(1)

    image = torch.rand(1, 640, 640, dtype=torch.float64)
    region = torch.zeros(640, 640, dtype=torch.bool)
    region[271:291, 303:334] = True
    radius = receptive_radius(model, image)
    with torch.inference_mode():
        prediction = model(image[None])[0]
        filled = torch.where(region, 3.0, image)
        changed = (model(filled[None])[0] - prediction).abs().amax(0) > 1e-12
        window = window_round(region, radius)
        outside = changed.clone()
        outside[window.affected] = False
        assert changed.sum() > 5 * region.sum() and not outside.any()
    found = windowed(model, prediction, filled, region, radius)
    with torch.inference_mode():
        assert found is not None and (found(filled[None]) - model(filled[None])).abs().max() < 1e-12


@pytest.mark.slow
@pytest.mark.parametrize("place", [(40, 60), (0, 0), (200, 232)])
@pytest.mark.parametrize("size", [(256, 256), (250, 270)], ids=["aligned", "odd"])
def test_it_is_exact_for_strided_networks_wherever_the_region_is(place, size):
    if size == (256, 256):
        small = UNet(3, widths=(4, 8, 8)).eval().requires_grad_(False)
        model = lambda batch: small(batch).softmax(1)  # noqa: E731
    else:
        model = network(conv(3), nn.MaxPool2d(3, 1, 1), conv(5))
    image = torch.rand(1, *size)
    region = torch.zeros(size, dtype=torch.bool)
    region[place[0] : place[0] + 24, place[1] : place[1] + 20] = True
    with torch.inference_mode():
        prediction = model(image[None])[0]
    radius = receptive_radius(model, image)
    found = windowed(model, prediction, torch.where(region, 0.0, image), region, radius)
    assert found is not None
    rng = np.random.default_rng(0)
    for _ in range(5):
        changed = torch.where(region & torch.from_numpy(rng.random(size) < 0.5), torch.rand(1), image)
        with torch.inference_mode():
            assert (found(changed[None]) - model(changed[None])).abs().max() <= 1e-6


def test_it_is_refused_where_it_saves_nothing_or_is_wrong():
    image = torch.rand(1, 128, 128)
    region = torch.zeros(128, 128, dtype=torch.bool)
    region[20:110, 20:110] = True
    model = network(conv(3))
    prediction = model(image[None])[0]
    assert windowed(model, prediction, image * 0, region, (1, 1)) is None  # nearly the whole image
    region[:] = False
    region[40:50, 40:50] = True
    wide = network(conv(31))
    filled = torch.where(region, 0.0, image)
    assert windowed(wide, wide(image[None])[0], filled, region, (15, 15)) is not None
    assert windowed(wide, wide(image[None])[0], filled, region, (3, 3)) is None  # a radius that is too small


@pytest.mark.slow
@pytest.mark.parametrize(
    "method", [xai.Occlusion(16, 8), xai.Rise(32, estimator="ridge"), xai.Lime(32)], ids=lambda m: m.name
)
def test_an_explanation_is_the_same_with_and_without(method):
    torch.manual_seed(1)
    small = UNet(2, widths=(4, 8)).eval().requires_grad_(False)
    seen = []

    def model(batch):
        seen.append(tuple(batch.shape[2:]))
        return small(batch).softmax(1)[:, 1:]

    image = np.random.default_rng(0).random((1, 224, 224)).astype(np.float32)
    region = np.zeros((224, 224), bool)
    region[66:94, 130:158] = True
    whole = xai.attribute(image, model, region, method, "soft_dice", np.ones((224, 224), bool))
    assert set(seen) == {(224, 224)} and whole.details["window_share"] == 1
    seen.clear()
    part = xai.attribute(image, model, region, method, "soft_dice", np.ones((224, 224), bool), window=True)
    assert part.details["window_share"] < 0.3 and seen.count((224, 224)) == 3  # the image, the probe, the proof
    np.testing.assert_allclose(part.drop, whole.drop, atol=2e-6)
    assert part.evaluations == whole.evaluations
