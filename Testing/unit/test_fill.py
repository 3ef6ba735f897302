"""What shows through where the image is taken away: known answers of every fill."""

import cv2
import numpy as np
import pytest
import torch
from scipy import ndimage

import XAICLIPLib as xai
from XAICLIPLib.attribution.fill import make_fill
from XAICLIPLib.attribution.repeats import TRIED
from XAICLIPLib.errors import InputError


@pytest.fixture
def image():
    return (
        torch.from_numpy(np.random.default_rng(0).random((2, 24, 32)).astype(np.float32))
        + torch.tensor([0.0, 5.0])[:, None, None]
    )


@pytest.fixture
def region():
    region = torch.zeros(24, 32, dtype=torch.bool)
    region[8:16, 10:20] = True
    return region


def test_zero_number_and_image(image, region):
    assert torch.equal(make_fill(image, "zero", region), torch.zeros(2, 24, 32))
    assert torch.equal(make_fill(image, -0.25, region), torch.full((2, 24, 32), -0.25))
    assert torch.equal(make_fill(image, 3, region), torch.full((2, 24, 32), 3.0))
    given = np.arange(2 * 24 * 32, dtype=np.float64).reshape(2, 24, 32)
    assert torch.equal(make_fill(image, given, region), torch.from_numpy(given).float())


def test_mean_is_each_channels_own(image, region):
    made = make_fill(image, "mean", region)
    assert made.shape == image.shape
    for channel, mean in zip(made, image.mean((1, 2))):
        assert torch.allclose(channel, mean.expand(24, 32))


def test_local_mean_is_the_mean_of_an_eighth_of_the_image(region):
    image = torch.zeros(1, 24, 32)
    image[0, 12, 16] = 16.0
    expected = torch.zeros(1, 24, 32)
    expected[0, 11:15, 15:19] = 1.0  # a window of 32/8 = 4 pixels
    assert torch.allclose(make_fill(image, "local_mean", region), expected, atol=1e-6)


def test_blur_is_a_gaussian_of_a_thirty_second(image, region):
    expected = np.stack([ndimage.gaussian_filter(c.numpy(), 32 / 32, mode="nearest") for c in image])
    assert np.allclose(make_fill(image, "blur", region), expected, atol=1e-6)
    ramp = torch.arange(64.0).repeat(64, 1)[None]
    assert torch.allclose(make_fill(ramp, "blur", torch.ones(64, 64))[0, :, 10:-10], ramp[0, :, 10:-10], atol=1e-3)


def test_noise_has_the_images_mean_and_deviation_and_the_seed(region):
    rng = np.random.default_rng(3)
    image = torch.from_numpy(rng.normal(-2, 3, (1, 200, 200)).astype(np.float32))
    made = make_fill(image, "noise", region, seed=5)
    assert abs(made.mean() + 2) < 0.1 and abs(made.std() - 3) < 0.1
    assert abs(np.corrcoef(made.ravel(), image.ravel())[0, 1]) < 0.03
    assert torch.equal(made, make_fill(image, "noise", region, seed=5))
    assert not torch.equal(made, make_fill(image, "noise", region, seed=6))


def test_inpainting_paints_the_region_from_its_surroundings(region):
    ramp = torch.arange(32.0).repeat(24, 1)[None] / 10
    spoilt = ramp.clone()
    spoilt[0][region] = 2.9
    made = make_fill(spoilt, "inpaint", region)
    assert torch.equal(made[0][~region], spoilt[0][~region])  # outside not a single pixel changes
    assert (made[0][region] - ramp[0][region]).abs().max() < 0.35  # inside the ramp goes on; before it was off by 1.9
    grey = np.round(spoilt[0].numpy() / spoilt.max().item() * 255).astype(np.uint8)
    expected = cv2.inpaint(grey, region.numpy().astype(np.uint8), 3, cv2.INPAINT_TELEA) / 255 * spoilt.max().item()
    assert np.allclose(made[0][region], expected[region.numpy()], atol=1e-5)


def test_inpainting_needs_something_to_paint_from(image):
    with pytest.raises(InputError, match="surroundings"):
        make_fill(image, "inpaint", torch.ones(24, 32, dtype=torch.bool))
    with pytest.raises(InputError, match="works on slices"):
        make_fill(torch.zeros(1, 4, 5, 6), "inpaint", torch.zeros(4, 5, 6, dtype=torch.bool))


@pytest.mark.parametrize("fill", ["mean", "local_mean", "blur", "noise"])
def test_fills_work_in_3d(fill):
    volume = torch.from_numpy(np.random.default_rng(0).random((1, 8, 16, 24)).astype(np.float32))
    made = make_fill(volume, fill, torch.ones(8, 16, 24, dtype=torch.bool))
    assert made.shape == volume.shape and abs(made.mean() - volume.mean()) < 0.02


def test_unknown_fill_and_wrong_shape(image, region):
    with pytest.raises(InputError, match="no fill 'black'; choose zero, mean"):
        make_fill(image, "black", region)
    with pytest.raises(InputError, match=r"\(2, 2\); expected the image's \(2, 24, 32\)"):
        make_fill(image, np.zeros((2, 2)), region)


@pytest.mark.parametrize("fill, value", [("zero", 0.0), (0.75, 0.75), ("mean", None)])
def test_the_fill_is_what_the_model_gets_in_the_patch_and_nowhere_else(fill, value):
    image = np.random.default_rng(0).random((8, 8)).astype(np.float32)
    region = np.zeros((8, 8), bool)
    region[2:6, 3:7] = True
    seen = []

    def predict(batch):
        seen.extend(batch.clone())
        return batch.clamp(0, 1)

    xai.attribute(image, predict, region, xai.Occlusion(4, 4, fill=fill))
    value = image.mean() if value is None else value
    assert (
        len(seen) == 1 + TRIED + 4
    )  # the image itself, again with another beside it, and the four patches, all of which meet the region
    for copy, (top, left) in zip(seen[1 + TRIED :], [(0, 0), (0, 4), (4, 0), (4, 4)]):
        expected = image.copy()
        patch = np.zeros((8, 8), bool)
        patch[top : top + 4, left : left + 4] = True
        expected[patch & region] = value
        assert np.allclose(copy[0], expected, atol=1e-6)
        assert np.array_equal(copy[0].numpy()[~(patch & region)], image[~(patch & region)])
