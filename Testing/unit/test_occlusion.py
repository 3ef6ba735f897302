"""Occlusion against Captum, against its own definition, and on functions whose answer is known."""

import numpy as np
import pytest
import torch
from captum.attr import Occlusion as CaptumOcclusion

import XAICLIPLib as xai
from XAICLIPLib.attribution.methods import WorkGrid
from XAICLIPLib.attribution.repeats import TRIED
from XAICLIPLib.errors import InputError

pytestmark = pytest.mark.slow


def network(channels=1, targets=1, dims=2, seed=0):
    """A small random convolution network: not additive, so windows interact."""
    torch.manual_seed(seed)
    conv = {2: torch.nn.Conv2d, 3: torch.nn.Conv3d}[dims]
    layers = torch.nn.Sequential(
        conv(channels, 6, 5, padding=2), torch.nn.Tanh(), conv(6, targets, 3, padding=1), torch.nn.Sigmoid()
    )
    with torch.no_grad():
        layers[0].weight.mul_(3)
        layers[2].weight.mul_(4)
    return layers.requires_grad_(False).eval()


def blurred(batch):
    """Near free, for the large image: every output pixel depends on a neighbourhood, and not linearly."""
    mean = torch.nn.functional.avg_pool2d(batch, 9, 1, 4)
    return torch.sigmoid(40 * (mean - 0.5))


def soft_dice(probabilities, reference):
    """Written down once more, for the peer."""
    flat, mask = probabilities.flatten(1), reference.flatten().float()
    return 2 * (flat * mask).sum(1) / (flat.sum(1) + mask.sum())


def captum(model, image, patch, stride, baseline=0.0, per_eval=25):
    """Captum's map (*S) of the same model, score and reference (the model's own mask)."""
    reference = model(image[None])[0, 0] > 0.5
    channels = image.shape[0]
    found = CaptumOcclusion(lambda batch: soft_dice(model(batch)[:, 0], reference)).attribute(
        image[None],
        sliding_window_shapes=(channels, *patch),
        strides=(channels, *stride),
        baselines=baseline,
        perturbations_per_eval=per_eval,
    )
    return found[0, 0].numpy()


def test_equals_captum_at_the_papers_setting():
    image = torch.rand(1, 512, 512, generator=torch.Generator().manual_seed(1))
    ours = xai.attribute(image, blurred, score="soft_dice")
    assert ours.evaluations == 225
    assert np.abs(ours.drop[0] - captum(blurred, image, (64, 64), (32, 32), per_eval=5)).max() <= 1e-5
    assert np.ptp(ours.drop) > 1e-3


@pytest.mark.parametrize(
    "shape, patch, stride",
    [
        ((97, 131), (24, 24), (12, 12)),  # odd sizes: the last row and column are cut at the border
        ((61, 50), (17, 9), (5, 9)),
        ((40, 33), (64, 64), (32, 32)),  # a patch larger than the image
        ((48, 48), (16, 16), (16, 16)),  # no overlap
    ],
)
def test_equals_captum_over_the_full_image(shape, patch, stride):
    image = torch.rand(1, *shape, generator=torch.Generator().manual_seed(1))
    model = network()
    ours = xai.attribute(image, model, method=xai.Occlusion(patch, stride), score="soft_dice")
    if min(p <= s for p, s in zip(patch, shape)):
        peer = captum(model, image, patch, stride)
    else:  # Captum refuses windows larger than the image; the whole image is one window then
        peer = captum(
            model,
            image,
            tuple(min(p, s) for p, s in zip(patch, shape)),
            tuple(min(p, s) for p, s in zip(stride, shape)),
        )
    assert np.abs(ours.drop[0] - peer).max() <= 1e-5
    assert np.abs(peer).max() > 1e-3  # there is something to agree on
    assert ours.evaluated.all() and ours.evaluations == ours.full_evaluations


def test_equals_captum_with_several_channels_and_a_fill():
    image = torch.rand(3, 70, 45, generator=torch.Generator().manual_seed(2))
    model = network(channels=3)
    ours = xai.attribute(image, model, method=xai.Occlusion(20, 8, fill=0.5), score="soft_dice")
    assert np.abs(ours.drop[0] - captum(model, image, (20, 20), (8, 8), baseline=0.5)).max() <= 1e-5


def test_equals_captum_in_3d():
    image = torch.rand(1, 11, 20, 17, generator=torch.Generator().manual_seed(3))
    model = network(dims=3)
    ours = xai.attribute(image, model, method=xai.Occlusion((4, 6, 6), (3, 4, 4)), score="soft_dice")
    assert ours.drop.shape == (1, 11, 20, 17)
    assert np.abs(ours.drop[0] - captum(model, image, (4, 6, 6), (3, 4, 4))).max() <= 1e-5


def brightness(batch):
    """The image itself as the probability: its mean inside a reference is additive over the pixels."""
    return batch


def additive_truth(image, reference, region, patch, stride, sign=1):
    """What occlusion must find for an additive score, written as the definition says it, with plain loops."""
    total, count = np.zeros(image.shape), np.zeros(image.shape)
    for starts in np.ndindex(*(max(1, -(-(s - patch) // stride) + 1) for s in image.shape)):
        window = tuple(slice(i * stride, i * stride + patch) for i in starts)
        if region[window].any():
            total[window] += sign * (image * reference * region)[window].sum() / reference.sum()
            count[window] += 1
    return np.where(region & (count > 0), total / np.maximum(count, 1), 0), region & (count > 0)


@pytest.mark.parametrize("shape", [(40, 52), (12, 20, 18)])
@pytest.mark.parametrize("sign", [1, -1])
def test_known_answer_of_an_additive_score_inside_a_region(shape, sign):
    rng = np.random.default_rng(4)
    image = rng.random(shape).astype(np.float32)
    reference = rng.random(shape) < 0.3
    region = np.zeros(shape, bool)
    region[tuple(slice(s // 4, s - s // 5) for s in shape)] = True
    region &= rng.random(shape) < 0.8
    predict = brightness if sign == 1 else (lambda batch: 1 - batch)
    ours = xai.attribute(image[None], predict, region, xai.Occlusion(9, 4), "confidence", reference)
    truth, evaluated = additive_truth(image, reference, region, 9, 4, sign)
    assert np.abs(ours.drop[0] - truth).max() < 1e-5
    assert np.array_equal(ours.evaluated, evaluated)
    assert np.sign(ours.drop.sum()) == sign  # a place that the model does better without has a negative drop


def test_only_patches_that_meet_the_region_are_evaluated():
    image = torch.rand(1, 512, 512)
    region = np.zeros((512, 512), bool)
    region[70:90, 300:420] = True  # rows of windows 1 and 2, columns 8 to 13 (the ends included)
    calls = []

    def predict(batch):
        calls.append(len(batch))
        return batch

    ours = xai.attribute(image, predict, region, xai.Occlusion())
    assert ours.full_evaluations == 15 * 15 and xai.Occlusion().plan(region) == (2 * 6, 15 * 15)
    # both rows of windows hold the region from top to bottom: a window and the one below it give the same copy
    assert ours.evaluations == sum(calls) - 1 - TRIED == 6
    assert ours.rho == 6 / 225
    assert np.array_equal(ours.evaluated, region) and not ours.drop[:, ~region].any()


@pytest.mark.parametrize("method", [xai.Occlusion(16, 8), xai.Hierarchical(16, 2, budget=1.0)], ids=lambda m: m.name)
def test_patches_that_change_nothing_are_not_evaluated_and_equal_copies_once(method):
    """Against every window tried by hand, on an image that is mostly what it is filled with."""
    rng = np.random.default_rng(0)
    image = np.zeros((60, 52), np.float32)
    image[20:31, 18:40] = rng.random((11, 22)) + 0.1
    image[50, 3] = 0.7
    region = np.ones((60, 52), bool)
    region[25, :] = False
    seen = []

    def predict(batch):
        seen.extend(copy.numpy().tobytes() for copy in batch)
        return batch / 2

    ours = xai.attribute(image, predict, region, method, "confidence", rng.random((60, 52)) < 0.4)
    copies = set()
    for window in method.windows(image.shape):
        copy = image.copy()
        copy[window][region[window]] = 0
        copies.add(copy.tobytes())
    copies.discard(image.tobytes())
    assert sorted(seen[1 + TRIED :]) == sorted(copies) and ours.evaluations == len(copies)
    assert ours.evaluations < 0.5 * len(method.windows(image.shape))
    assert ours.evaluated.sum() == region.sum(), "a place that changes nothing is known, not unknown"


def test_gaps_between_patches_are_not_called_evaluated():
    ours = xai.attribute(torch.rand(1, 20, 20), brightness, method=xai.Occlusion(2, 5), score="confidence")
    expected = np.zeros((20, 20), bool)
    at = np.arange(20) % 5 < 2
    expected[np.ix_(at, at)] = True
    # the last window starts at 20, outside: ceil((20 − 2)/5) + 1 = 5 windows start at 0, 5, 10, 15 and 20
    assert np.array_equal(ours.evaluated, expected)
    assert any("stride 5 is above half of patch 2" in w for w in ours.warnings)


def test_the_papers_cautions():
    assert xai.Occlusion().cautions() == ()
    assert any("patch 16 is below 32" in w for w in xai.Occlusion(16, 8).cautions())
    assert xai.Occlusion(16, 8, unit="mm").cautions() == ()
    assert any("stride 48 is above half of patch 64" in w for w in xai.Occlusion(64, 48).cautions())


@pytest.mark.parametrize("size, patch, stride", [(512, 64, 32), (256, 32, 16), (128, 16, 8), (1024, 128, 64)])
def test_pixels_of_a_slice_512_wide_cover_the_same_part_of_any_slice(size, patch, stride):
    ours = xai.attribute(torch.rand(1, size, size), brightness, method=xai.Occlusion(unit="px512"))
    assert ours.details["patch"] == [patch, patch] and ours.full_evaluations == 225


def test_a_rounded_patch_stays_a_multiple_of_its_stride():
    for factor in np.linspace(0.1, 3, 30):
        method = xai.Occlusion(unit="px512").on_grid(WorkGrid((99, 99), {"px512": (factor, factor)}))
        assert method.patch[0] == 2 * method.stride[0] and method.unit == "pixel"
        assert abs(method.stride[0] - 32 * factor) <= 0.5 or method.stride[0] == 1


def test_millimetres_need_a_scan():
    with pytest.raises(InputError, match="no spacing"):
        xai.attribute(torch.rand(1, 8, 8), brightness, method=xai.Occlusion(unit="mm"))
    with pytest.raises(InputError, match="patch is 0"):
        xai.Occlusion(patch=0)
