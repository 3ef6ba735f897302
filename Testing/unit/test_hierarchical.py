"""Occlusion from coarse to fine: what it costs, what it approaches, and what it must not miss."""

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr

import XAICLIPLib as xai
from XAICLIPLib.attribution.methods import Hierarchical, Occlusion
from XAICLIPLib.errors import InputError

pytestmark = pytest.mark.slow


def blobs(shape=(96, 96), seed=0):
    """An image whose score is the mean of smooth weights times its values: every patch has its own drop."""
    rng = np.random.default_rng(seed)
    grid = np.stack(np.meshgrid(*(np.arange(n) for n in shape), indexing="ij"))
    weights = np.zeros(shape)
    for _ in range(6):
        centre = rng.uniform(0, shape)
        away = ((grid - centre.reshape(-1, *[1] * len(shape))) ** 2).sum(0)
        weights += rng.choice((1, 1, -0.7)) * np.exp(-away / (2 * rng.uniform(6, 14) ** 2))
    return np.ones((1, *shape), np.float32), torch.from_numpy(weights).float()


def linear(weights):
    """A model whose confidence is linear in the image: 0.5 plus the weighted mean."""
    scale = 0.4 / float(weights.abs().sum())

    def predict(batch):
        value = 0.5 + scale * (batch[:, 0] * weights).flatten(1).sum(1)
        return value.view(-1, 1, *[1] * weights.dim()).expand(-1, 1, *weights.shape)

    return predict


@pytest.mark.parametrize("shape, patch, stride", [((96, 96), 24, 3), ((70, 91), 20, 5), ((12, 40, 40), (6, 12, 12), 3)])
def test_with_the_whole_budget_it_is_occlusion(shape, patch, stride):
    image, weights = blobs(shape)
    region = np.zeros(shape, bool)
    region[tuple(slice(n // 5, -n // 6) for n in shape)] = True
    predict = linear(weights)
    few = np.arange(np.prod(shape)).reshape(shape) < 8  # a mean over all of a volume would round at 1e-5
    full = xai.attribute(image, predict, region, Occlusion(patch, stride), "confidence", few)
    found = xai.attribute(image, predict, region, Hierarchical(patch, stride, budget=1.0), "confidence", few)
    assert np.abs(full.drop - found.drop).max() < 1e-6
    assert found.evaluations == full.evaluations and found.full_evaluations == full.full_evaluations


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_sixth_of_the_evaluations_ranks_the_pixels_alike(seed):
    image, weights = blobs(seed=seed)
    region = np.zeros(weights.shape, bool)
    region[8:-8, 8:-8] = True
    predict, truth = linear(weights), np.ones(weights.shape, bool)
    full = xai.attribute(image, predict, region, Occlusion(24, 3), "confidence", truth)
    found = xai.attribute(image, predict, region, Hierarchical(24, 3), "confidence", truth)
    assert found.evaluations <= 0.15 * full.evaluations
    assert spearmanr(found.drop[0][region], full.drop[0][region]).statistic > 0.95
    assert np.abs(found.drop - full.drop).max() < 0.3 * np.abs(full.drop).max()
    strong = np.abs(full.drop[0]) > 0.3 * np.abs(full.drop).max()
    assert (np.sign(found.drop[0]) == np.sign(full.drop[0]))[strong].mean() > 0.95, "the sign is kept"
    assert not found.drop[0][~region].any()


def test_a_small_part_between_the_coarse_places_is_found():
    weights = torch.zeros(96, 96)
    weights[45:48, 51:54] = 1.0  # within reach of the coarse lattice, but its peak is not on it
    weights[20:22, 70:72] = -1.0
    image, truth = np.ones((1, 96, 96), np.float32), np.ones((96, 96), bool)
    full = xai.attribute(image, linear(weights), None, Occlusion(16, 2), "confidence", truth)
    found = xai.attribute(image, linear(weights), None, Hierarchical(16, 2, budget=0.3), "confidence", truth)
    assert np.abs(found.drop - full.drop).max() < 0.25 * np.abs(full.drop).max()
    for best in (np.argmax, np.argmin):
        place = np.unravel_index(best(found.drop[0]), (96, 96))
        assert abs(full.drop[0][place] - full.drop[0].ravel()[best(full.drop[0])]) < 0.1 * np.abs(full.drop).max()


def test_the_plan_is_kept():
    image, weights = blobs()
    region = np.zeros(weights.shape, bool)
    region[10:60, 20:80] = True
    for method in (
        Hierarchical(24, 3),
        Hierarchical(24, 3, budget=0.01),
        Hierarchical(24, 3, budget=0.5),
        Hierarchical(16, 16),
    ):
        found = xai.attribute(image, linear(weights), region, method, "confidence", np.ones(weights.shape, bool))
        most, whole = method.plan(region)
        assert 0.7 * most <= found.evaluations <= most and whole == found.full_evaluations


def test_same_seed_same_map():
    image, weights = blobs()
    maps = [xai.attribute(image, linear(weights), None, Hierarchical(24, 3), "soft_dice", seed=s).drop for s in (3, 3)]
    assert np.array_equal(*maps)


@pytest.mark.parametrize("settings", [{"budget": 0}, {"budget": 1.5}, {"tolerance": 0}])
def test_bad_settings_are_named(settings):
    with pytest.raises(InputError, match=next(iter(settings))):
        Hierarchical(**settings)
