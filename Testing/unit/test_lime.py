"""LIME against the package `lime`, against scikit-image, and on an additive score whose answer is known."""

import numpy as np
import pytest
import torch
from lime import lime_base
from skimage.segmentation import felzenszwalb
from sklearn.metrics import pairwise_distances

import XAICLIPLib as xai
from XAICLIPLib.attribution.lime import locality
from XAICLIPLib.attribution.repeats import TRIED
from XAICLIPLib.attribution.ridge import fit_ridge
from XAICLIPLib.attribution.superpixels import kept_superpixels, superpixels
from XAICLIPLib.errors import InputError

BLOCKS = np.arange(5)[:, None].repeat(12, 0).repeat(48, 1) * 4 + np.arange(4).repeat(12)[None]  # 20 blocks of 12 x 12


def lime_package(on, scores, width):
    """The coefficients of LIME's own fit: its kernel on its distances, Ridge(alpha=1) with an intercept."""
    base = lime_base.LimeBase(lambda d: np.sqrt(np.exp(-(d**2) / width**2)), random_state=0)
    distances = pairwise_distances(on, on[:1], metric="cosine").ravel()
    _, found, _, _ = base.explain_instance_with_data(
        on, scores[:, None], distances, 0, on.shape[1], feature_selection="none"
    )
    return np.array([value for _, value in sorted(found)])


@pytest.mark.parametrize("width", [0.25, 1.0, 1e6])
def test_the_fit_is_that_of_the_package_lime(width):
    rng = np.random.default_rng(0)
    on = rng.integers(0, 2, (120, 9))
    on[0], on[5] = 1, 0  # all on, as in LIME; and one with nothing on, whose distance is 1
    scores = np.tanh(on @ rng.normal(size=9)) + rng.normal(0, 0.1, 120)
    ours, _ = fit_ridge(on, scores[:, None], 1.0, locality(on, width))
    assert np.abs(ours[0] - lime_package(on, scores, width)).max() < 1e-6


def test_without_a_width_all_samples_weigh_the_same():
    on = np.random.default_rng(0).integers(0, 2, (50, 4))
    assert locality(on, None) is None
    on = np.array([[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]])
    assert np.allclose(locality(on, 0.25), [1, 0.866, 0.503, 0.135], atol=1e-3)  # LIME's own weights of 4 features


def test_every_target_is_fitted_on_its_own():
    rng = np.random.default_rng(0)
    on, scores = rng.integers(0, 2, (60, 5)), rng.normal(size=(60, 3))
    together, errors = fit_ridge(on, scores, 1.0)
    for k in range(3):
        alone, error = fit_ridge(on, scores[:, [k]], 1.0)
        assert np.allclose(together[k], alone[0]) and np.allclose(errors[k], error[0])


def test_the_standard_error_is_that_of_a_regression():
    """Against ordinary least squares, whose errors are textbook, with a penalty of next to nothing."""
    rng = np.random.default_rng(0)
    on = rng.integers(0, 2, (200, 4)).astype(float)
    scores = on @ [1.0, -2.0, 0.5, 0.0] + rng.normal(0, 0.3, 200)
    found, errors = fit_ridge(on, scores[:, None], 1e-9)
    design = np.column_stack([np.ones(200), on])
    best, residual, *_ = np.linalg.lstsq(design, scores, rcond=None)
    covariance = np.linalg.inv(design.T @ design) * residual[0] / (200 - 5)
    assert np.allclose(found[0], best[1:], atol=1e-6) and np.allclose(errors[0], covariance[1:, 1:], atol=1e-6)


@pytest.fixture
def scene():
    rng = np.random.default_rng(3)
    image = rng.random((60, 48)).astype(np.float32)
    reference = rng.random((60, 48)) < 0.5
    region = np.zeros((60, 48), bool)
    region[12:60, 5:40] = True  # cuts the blocks of the first and the last column
    return image, reference, region


def brightness(batch):
    """The image itself as the probability: its mean inside a reference is additive over the pixels."""
    return batch


@pytest.mark.parametrize("sign", [1, -1])
def test_known_answer_of_an_additive_score(scene, sign):
    image, reference, region = scene
    method = xai.Lime(samples=200, alpha=1e-9, segments=BLOCKS)
    found = xai.attribute(image, brightness if sign == 1 else lambda b: 1 - b, region, method, "confidence", reference)
    for block in range(20):
        inside = (BLOCKS == block) & region
        worth = sign * (image * reference)[inside].sum() / reference.sum()
        assert np.allclose(found.drop[0][inside], worth, atol=1e-5)
    assert np.array_equal(found.evaluated, region) and found.details["superpixels"] == 16
    assert not found.drop[0][~region].any() and found.evaluations == 200
    assert np.nanmax(found.stderr) < 1e-4  # nothing is left unexplained


@pytest.mark.parametrize("width", [None, 0.25])
def test_end_to_end_equals_the_package_lime(scene, width):
    """The same on/off patterns, read off the images that the model was given, and the same scores."""
    image, reference, region = scene
    image = image + 0.1  # no pixel is 0 by itself
    seen = []

    def predict(batch):
        seen.append(batch.clone())
        return torch.sigmoid(6 * (torch.nn.functional.avg_pool2d(batch, 5, 1, 2) - 0.5))

    found = xai.attribute(
        image, predict, region, xai.Lime(samples=80, kernel_width=width, segments=BLOCKS), "soft_dice", reference
    )
    copies = torch.cat(seen)[1 + TRIED :, 0].numpy()
    features = [block for block in range(20) if ((BLOCKS == block) & region).any()]
    on = np.array([[copy[(BLOCKS == b) & region].any() for b in features] for copy in copies]).astype(int)
    assert on[0].all() and 0.4 < on[1:].mean() < 0.6
    output = predict(torch.cat(seen)[1 + TRIED :])[:, 0].numpy()
    scores = 2 * (output * reference).sum((1, 2)) / (output.sum((1, 2)) + reference.sum())
    expected = lime_package(on, scores, width or 1e6)
    for block, value in zip(features, expected):
        assert np.allclose(found.drop[0][(BLOCKS == block) & region], value, atol=1e-5)


def shrunk(on, values, weights, alpha):
    """What a ridge makes of an additive score's terms: (G + αI)⁻¹ G β, with G the weighted, centred Gram matrix."""
    weights = np.ones(len(on)) if weights is None else weights
    centred = on - np.average(on, axis=0, weights=weights)
    gram = centred.T @ (weights[:, None] * centred)
    return np.linalg.solve(gram + alpha * np.eye(len(gram)), gram @ values)


@pytest.mark.parametrize("width", [None, 0.25])
@pytest.mark.parametrize("alpha", [1.0, 30.0])
def test_an_additive_score_is_shrunk_by_as_much_as_is_known(scene, width, alpha):
    image, reference, _ = scene
    method = xai.Lime(samples=90, alpha=alpha, kernel_width=width, segments=BLOCKS)
    found = xai.attribute(image, brightness, None, method, "confidence", reference, seed=4)
    worth = np.array([(image * reference)[BLOCKS == block].sum() / reference.sum() for block in range(20)])
    on = np.random.default_rng(4).integers(0, 2, (90, 20))
    on[0] = 1
    expected = shrunk(on, worth, locality(on, width), alpha)
    assert np.allclose(found.drop[0], expected[BLOCKS], atol=1e-5)
    assert np.abs(expected).sum() < np.abs(worth).sum()


def test_it_is_the_image_explainer_of_the_package_lime_on_the_same_data():
    """Its own patterns, labels, distances, kernel and fit; ours on the same patterns and labels."""
    from lime.lime_image import LimeImageExplainer

    picture = np.random.default_rng(0).random((60, 48, 3))
    weights = np.random.default_rng(1).normal(size=(60, 48, 3))

    def classify(copies):
        score = (np.asarray(copies) * weights).sum((1, 2, 3)) / 1000
        return np.column_stack([score, 1 - score])

    explainer = LimeImageExplainer(kernel_width=0.25, feature_selection="none", random_state=7)
    theirs = explainer.explain_instance(
        picture, classify, labels=(0,), top_labels=None, hide_color=0, num_samples=150,
        segmentation_fn=lambda _: BLOCKS, random_seed=0,
    )  # fmt: skip
    on = np.random.RandomState(7).randint(0, 2, 150 * 20).reshape(150, 20)
    on[0] = 1
    copies = picture * on[:, BLOCKS][..., None]
    ours, _ = fit_ridge(on, classify(copies)[:, :1], 1.0, locality(on, 0.25))
    package = dict(theirs.local_exp[0])
    assert np.abs(ours[0] - [package[block] for block in range(20)]).max() < 1e-6
    terms = np.array([(picture * weights)[BLOCKS == block].sum() / 1000 for block in range(20)])
    assert np.abs(ours[0] - shrunk(on, terms, locality(on, 0.25), 1.0)).max() < 1e-6
    assert np.abs(ours[0] - terms).max() > 1e-3  # it does shrink


def test_superpixels_are_felzenszwalbs_of_the_image_scaled_to_one():
    image = np.random.default_rng(0).normal(40, 100, (1, 80, 90)).astype(np.float32)
    unit = (image[0] - image.min()) / np.ptp(image)
    expected = felzenszwalb(unit, scale=100, sigma=0.5, min_size=50)
    assert np.array_equal(superpixels(image, xai.Lime()), expected)
    assert superpixels(image, xai.Lime(scale=1, min_size=10)).max() > expected.max()


def test_superpixels_with_less_than_a_tenth_in_the_region_are_dropped():
    labels = np.repeat(np.arange(4), 100).reshape(20, 20)  # of 100 pixels each
    region = np.zeros((20, 20), bool)
    flat = region.ravel()
    flat[:100], flat[100:110], flat[200:209] = True, True, True  # 100 %, 10 %, 9 %, none
    assert kept_superpixels(labels, region, 0.1).tolist() == [0, 1]
    assert kept_superpixels(labels, region, 0.05).tolist() == [0, 1, 2]
    found = xai.attribute(
        np.random.default_rng(0).random((20, 20)),
        brightness,
        region,
        xai.Lime(samples=20, segments=labels),
        "confidence",
    )
    assert found.evaluated.ravel()[:110].all() and not found.evaluated.ravel()[110:].any()
    assert any("only 2 superpixels" in w for w in found.warnings)


def test_a_region_thinner_than_a_tenth_of_its_superpixels_is_still_explained():
    labels = np.repeat(np.arange(4), 100).reshape(20, 20)
    region = np.zeros((20, 20), bool)
    region[2, 3:6] = True
    found = xai.attribute(
        np.random.default_rng(0).random((20, 20)),
        brightness,
        region,
        xai.Lime(samples=20, segments=labels),
        "confidence",
    )
    assert np.array_equal(found.evaluated, region)
    assert any("less than 10% in the region" in w for w in found.warnings)


def test_superpixels_of_the_users_own_must_fit():
    with pytest.raises(InputError, match=r"segments have shape \(3, 3\)"):
        xai.attribute(np.zeros((20, 20)), brightness, method=xai.Lime(segments=np.zeros((3, 3), int)))


def test_supervoxels_in_3d():
    rng = np.random.default_rng(0)
    image = np.zeros((1, 12, 24, 24), np.float32)
    image[0, 3:9, 6:14, 12:20] = 1
    image += rng.normal(0, 0.02, image.shape).astype(np.float32)
    region = np.zeros(image.shape[1:], bool)
    region[1:11, 2:22, 2:22] = True
    found = xai.attribute(
        np.clip(image, 0, 1),
        brightness,
        region,
        xai.Lime(samples=150, min_size=30, alpha=1e-6),
        "confidence",
        image[0] > 0.5,
    )
    assert found.drop.shape == (1, 12, 24, 24) and found.details["superpixels"] > 5
    inside = image[0] > 0.5
    assert found.drop[0][inside].mean() > 20 * np.abs(found.drop[0][~inside & found.evaluated]).mean()
    # the supervoxels' drops add up to everything that can be lost
    labels = np.unique(np.round(found.drop[0][found.evaluated], 7))
    assert labels.sum() == pytest.approx(float(np.clip(image, 0, 1)[0][inside].mean()), abs=0.02)


@pytest.mark.slow
def test_superpixels_of_a_slice_512_wide_are_as_many_on_any_grid():
    """The same picture at a quarter of the width: with literal pixels there are few superpixels left, with the unit
    about as many, and some more on its blocks' borders, which are a larger share of it."""
    rng = np.random.default_rng(0)
    fine = np.kron(rng.uniform(0.1, 0.9, (32, 32)), np.ones((16, 16))).astype(np.float32)
    fine += rng.normal(0, 0.001, fine.shape).astype(np.float32)
    coarse = fine[::4, ::4]
    of_fine = len(np.unique(superpixels(fine[None], xai.Lime())))
    literal = len(np.unique(superpixels(coarse[None], xai.Lime())))
    found = xai.attribute(coarse, brightness, None, xai.Lime(samples=20, unit="px512"), "confidence")
    assert literal < 0.6 * of_fine < found.details["superpixels"] < 2.5 * of_fine
    with pytest.raises(InputError, match="no unit 'mm' of superpixels"):
        xai.Lime(unit="mm")
