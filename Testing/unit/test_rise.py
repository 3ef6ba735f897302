"""RISE against its authors' code (eclique/RISE), against the textbook, and against a truth that is known."""

import subprocess
import sys
import textwrap

import numpy as np
import pytest
import torch
from skimage.transform import resize

import XAICLIPLib as xai
from XAICLIPLib.attribution.random_masks import MaskSource
from XAICLIPLib.attribution.repeats import TRIED
from XAICLIPLib.errors import InputError

pytestmark = pytest.mark.slow

EVERYWHERE = torch.ones(64, 52, dtype=torch.bool)


def masks_of(settings, region, seed=0):
    source = MaskSource(settings, tuple(region.shape), region, seed)
    return source, source(0, settings.masks)


def brightness(batch):
    """The image itself as the probability: its mean inside a reference is additive over the pixels."""
    return batch


@pytest.mark.parametrize("shape, grid", [((64, 52), 7), ((70, 91), (5, 8)), ((56, 56), 7)])
def test_masks_are_those_of_the_published_code(shape, grid):
    """eclique/RISE, `generate_masks`: the grid enlarged to one cell more than the image and cut out at a shift.

    scikit-image, which it uses, mirrors the grid in the outer half of the outer cells, where torch goes on with the
    cell's own value, as we do; everywhere else the three agree.
    """
    region = torch.ones(shape, dtype=torch.bool)
    _, ours = masks_of(xai.Rise(masks=20, grid=grid), region)
    rng = np.random.default_rng(0)
    cells = np.broadcast_to(grid, 2)
    cell = np.ceil(np.array(shape) / cells).astype(int)
    kept = rng.random((20, *cells)) < 0.5
    shifts = np.stack([rng.integers(0, c, 20) for c in cell], axis=1)
    size = tuple(int(n) for n in (cells + 1) * cell)
    half = [int(np.ceil(n / c / 2)) for n, c in zip(size, cells)]
    for mask, coarse, (y, x) in zip(ours, kept.astype(np.float32), shifts):
        cut = (slice(y, y + shape[0]), slice(x, x + shape[1]))
        bilinear = torch.nn.functional.interpolate(torch.from_numpy(coarse)[None, None], size, mode="bilinear")[0, 0]
        assert (mask - bilinear[cut]).abs().max() < 1e-5
        published = resize(coarse, size, order=1, mode="reflect", anti_aliasing=False)
        rows, columns = np.mgrid[cut]
        inner = (rows >= half[0]) & (rows < size[0] - half[0]) & (columns >= half[1]) & (columns < size[1] - half[1])
        assert np.abs(mask.numpy() - published[cut])[inner].max() < 1e-5
        assert inner.mean() > 0.7


@pytest.mark.parametrize("keep", [0.3, 0.5, 0.8])
@pytest.mark.parametrize("shape", [(48, 40), (12, 20, 16)])
def test_every_pixel_is_kept_with_the_probability_asked_for(keep, shape):
    region = torch.ones(shape, dtype=torch.bool)
    _, masks = masks_of(xai.Rise(masks=3000, keep=keep, grid=5), region)
    error = masks.mean(0) - keep
    # 6 standard errors of a Bernoulli mean, the most a bilinear mask can have
    assert error.abs().max() < 6 * (keep * (1 - keep) / 3000) ** 0.5
    assert masks.min() >= 0 and masks.max() <= 1 + 1e-6
    assert abs(error.mean()) < 2e-2


def test_masks_on_a_region_are_the_cut_of_the_masks_on_the_image():
    region = torch.zeros(64, 52, dtype=torch.bool)
    region[20:41, 7:30] = True
    settings = xai.Rise(masks=12)
    source, ours = masks_of(settings, region)
    _, whole = masks_of(settings, EVERYWHERE)
    assert source.box == (slice(20, 41), slice(7, 30))
    assert torch.allclose(ours, whole[:, 20:41, 7:30], atol=1e-6)


def test_outside_the_region_the_multiplier_is_exactly_one():
    """The paper's 1 − roi·(1 − m): what the model sees is image·m inside and the very image outside."""
    image = torch.rand(1, 64, 52) + 0.25
    region = torch.rand(64, 52) < 0.3
    region[:10] = False
    seen = []

    def predict(batch):
        seen.extend(batch.clone())
        return batch.clamp(0, 1)

    settings = xai.Rise(masks=16)
    xai.attribute(image, predict, region, settings, seed=9)
    _, masks = masks_of(settings, EVERYWHERE, seed=9)
    assert len(seen) == 1 + TRIED + 16
    for copy, mask in zip(seen[1 + TRIED :], masks):
        assert torch.equal(copy[0][~region], image[0][~region])
        assert torch.allclose(copy[0][region], (image[0] * mask)[region], atol=1e-6)


def test_a_fill_shows_through_where_the_mask_is_dark():
    image, seen = torch.rand(1, 64, 52), []

    def predict(batch):
        seen.extend(batch.clone())
        return batch

    xai.attribute(image, predict, method=xai.Rise(masks=8, fill=0.5), score="confidence")
    _, masks = masks_of(xai.Rise(masks=8), EVERYWHERE)
    for copy, mask in zip(seen[1 + TRIED :], masks):
        assert torch.allclose(copy[0], image[0] * mask + 0.5 * (1 - mask), atol=1e-6)


@pytest.fixture(scope="module")
def experiment():
    """A non-linear model inside an odd region; all scores and masks at hand."""
    rng = np.random.default_rng(1)
    image = torch.from_numpy(rng.random((1, 64, 52)).astype(np.float32))
    region = torch.zeros(64, 52, dtype=torch.bool)
    region[9:50, 5:47] = True
    region &= torch.from_numpy(rng.random((64, 52)) < 0.9)
    weights = torch.from_numpy(rng.normal(size=(2, 1, 7, 7)).astype(np.float32))
    reference = torch.from_numpy(rng.random((2, 64, 52)) < 0.4)

    def predict(batch):
        return torch.sigmoid(torch.nn.functional.conv2d(batch, weights, padding=3))

    settings = xai.Rise(masks=150, estimator="raw", keep=0.4)
    _, masks = masks_of(settings, EVERYWHERE, seed=2)
    multiplier = torch.where(region, masks, 1.0)
    output = predict(image * multiplier[:, None])
    scores = (output * reference).sum((2, 3)) / reference.sum((1, 2))

    def run(**more):
        return xai.attribute(
            image, predict, region, xai.Rise(**{"masks": 150, "keep": 0.4, **more}), "confidence", reference, seed=2
        )

    return run, masks.numpy(), scores.numpy(), region.numpy()


def test_raw_is_the_published_formula(experiment):
    """sal = Σ score·mask / N / p (eclique/RISE, `explanations.py`)."""
    run, masks, scores, region = experiment
    expected = np.einsum("nk,nhw->khw", scores, masks) / 150 / 0.4
    found = run(estimator="raw")
    assert np.abs(found.drop - np.where(region, expected, 0)).max() < 1e-5
    assert np.array_equal(found.evaluated, region)


def test_centred_is_covariance_over_variance(experiment):
    run, masks, scores, region = experiment
    expected = np.zeros((2, 64, 52))
    for row, column in np.argwhere(region)[::37]:
        kept = masks[:, row, column]
        for k in range(2):
            expected[k, row, column] = np.cov(scores[:, k], kept)[0, 1] / np.var(kept, ddof=1)
    found = run(estimator="centred")
    at = expected[0] != 0
    assert np.abs(found.drop - expected)[:, at].max() < 1e-4 * np.abs(expected).max()
    # and its standard error is that of the slope of a regression line
    row, column = np.argwhere(region)[37]
    slope, cut = np.polyfit(masks[:, row, column], scores[:, 0], 1)
    left = scores[:, 0] - slope * masks[:, row, column] - cut
    error = np.sqrt((left**2).sum() / 148 / ((masks[:, row, column] - masks[:, row, column].mean()) ** 2).sum())
    assert found.stderr[0, row, column] == pytest.approx(error, rel=1e-3)


def additive(estimator, masks, seed=0, offset=True):
    """A smooth additive truth: the drop of a pixel's cell when it is taken away, and what is found of it."""
    rows, columns = np.mgrid[:70, :70] / 70
    image = np.exp(-((rows - 0.35) ** 2 + (columns - 0.6) ** 2) / 0.03) * 0.8
    image = np.where(rows > 0.8, 0.05, image).astype(np.float32)[None]

    def predict(batch):
        return 0.2 + batch if offset else batch

    found = xai.attribute(
        image,
        predict,
        None,
        xai.Rise(masks=masks, estimator=estimator),
        "confidence",
        np.ones((70, 70), bool),
        seed=seed,
    )
    return image[0], found


@pytest.mark.parametrize("estimator, masks, least", [("raw", 2000, 0.5), ("centred", 1000, 0.9), ("ridge", 128, 0.95)])
def test_the_map_follows_a_known_truth(estimator, masks, least):
    truth, found = additive(estimator, masks, offset=estimator != "raw")  # raw drowns in an offset, see below
    assert np.corrcoef(truth.ravel(), found.drop[0].ravel())[0, 1] > least


def test_ridge_needs_fewer_masks_than_centred_and_centred_fewer_than_raw():
    agreement = []
    for estimator in ("ridge", "centred", "raw"):
        truth, found = additive(estimator, 128)
        agreement.append(np.corrcoef(truth.ravel(), found.drop[0].ravel())[0, 1])
    assert agreement[0] > agreement[1] > agreement[2]


def test_ridge_gives_what_centred_gives_in_the_end():
    """One cell of the unshifted grid holds all the score; both estimate the score's slope on the mask at a pixel."""
    image = np.zeros((1, 70, 70), np.float32)
    image[0, 20:30, 40:50] = 1.0
    found, limit = (
        xai.attribute(
            image, brightness, None, xai.Rise(masks, estimator=estimator), "confidence", image[0] > 0, seed=seed
        )
        for estimator, masks, seed in (("ridge", 600, 0), ("centred", 6000, 1))
    )
    assert found.baseline[0] == 1.0
    assert np.abs(found.drop - limit.drop).max() < 0.1 and found.drop[0, 25, 45] > 0.75
    assert np.abs(found.drop[0][:, :25]).max() < 0.1 and np.abs(found.drop[0][50:]).max() < 0.1


def test_a_place_that_the_model_does_better_without_is_negative():
    image = np.full((1, 64, 64), 0.1, np.float32)
    image[0, 10:25, 10:25] = 0.9
    for estimator in ("centred", "ridge"):
        found = xai.attribute(
            image,
            lambda b: 1 - b,
            None,
            xai.Rise(masks=400, estimator=estimator),
            "confidence",
            np.ones((64, 64), bool),
        )
        assert found.drop[0, 17, 17] < -0.02 and found.drop[0].argmin() // 64 in range(5, 30)


@pytest.mark.parametrize("estimator", ["raw", "centred", "ridge"])
def test_the_standard_error_is_the_spread_from_seed_to_seed(estimator):
    runs = [additive(estimator, 200, seed)[1] for seed in range(12)]
    spread = np.std([r.drop[0] for r in runs], axis=0, ddof=1)
    told = np.mean([r.stderr[0] for r in runs], axis=0)
    inside = np.s_[10:60, 10:60]
    ratio = np.median(told[inside] / spread[inside])
    assert 0.7 < ratio < (2.0 if estimator == "ridge" else 1.4)  # ridge also shrinks, which its error does not count


def test_it_stops_once_the_error_is_small_enough():
    run = []

    def predict(batch):
        run.append(len(batch))
        return batch

    image = np.zeros((1, 70, 70), np.float32)
    image[0, 20:40, 40:60] = 1.0
    full = xai.Rise(masks=2000, tolerance=0.2)
    found = xai.attribute(image, predict, None, full, "confidence", image[0] > 0)
    assert 128 <= found.evaluations < 2000 and sum(run) == 1 + TRIED + found.evaluations
    assert found.full_evaluations == 2000 and found.details["masks"] == found.evaluations
    assert np.median(found.stderr[0]) <= 0.2 * np.abs(found.drop[0]).max()
    strict = xai.attribute(image, predict, None, xai.Rise(masks=400, tolerance=1e-6), "confidence", image[0] > 0)
    assert strict.evaluations == 400


def test_stopping_early_is_the_same_as_having_asked_for_fewer():
    """The masks seen up to the stop are the first of the same sequence, not others."""
    image = torch.rand(1, 64, 52)
    found = xai.attribute(image, brightness, None, xai.Rise(masks=2000, tolerance=0.9), "confidence", batch_size=16)
    n = found.evaluations
    assert n < 2000
    source, masks = masks_of(xai.Rise(masks=2000), EVERYWHERE)
    scores = ((image * masks[:n]) * (image > 0.5)).sum((1, 2)).numpy() / (image > 0.5).sum().item()
    kept = masks[:n, 30, 30].numpy()
    assert found.drop[0, 30, 30] == pytest.approx(np.cov(scores, kept)[0, 1] / np.var(kept, ddof=1), rel=1e-3)


def test_raw_says_that_it_is_no_drop():
    _, found = additive("raw", 16)
    assert any("not a drop" in w for w in found.warnings)
    assert not any("not a drop" in w for w in additive("centred", 16)[1].warnings)


def test_memory_does_not_grow_with_the_number_of_masks():
    """1,200 masks of 256 x 256 are 315 MB; the peak of the whole process may not follow them."""
    program = textwrap.dedent(
        """
        import resource, numpy as np, torch
        torch.set_num_threads(1)
        import XAICLIPLib as xai
        image = torch.rand(1, 256, 256)
        def peak(masks, estimator):
            method = xai.Rise(masks=masks, estimator=estimator)
            xai.attribute(image, lambda b: b, None, method, "confidence", batch_size=16)
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        for estimator in ("raw", "centred", "ridge"):
            few = peak(64, estimator)
            print(peak(1200, estimator) - few)
        """
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=280)
    assert result.returncode == 0, result.stderr
    assert max(map(float, result.stdout.split())) < 100  # MB


def test_settings_that_make_no_sense():
    for wrong in (dict(masks=4), dict(grid=1), dict(keep=0), dict(estimator="median")):
        with pytest.raises(InputError):
            xai.Rise(**wrong)
