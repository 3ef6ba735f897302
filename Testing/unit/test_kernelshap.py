"""KernelSHAP: Shapley's own properties, the definition by permutations, and Captum on the same superpixels."""

from itertools import permutations

import numpy as np
import pytest
import torch

import XAICLIPLib as xai
from XAICLIPLib.attribution.kernelshap import coalitions, shapley_values, shrunken_values

BLOCKS = np.kron(np.arange(6).reshape(2, 3), np.ones((8, 8), int))


def game(values):
    """A model whose confidence depends on which of the six blocks are on: `values` takes 0/1 vectors (B, 6)."""

    def predict(batch):
        on = torch.stack([batch[:, 0][:, BLOCKS == f].mean(1) for f in range(6)], 1)
        return values(on).view(-1, 1, 1, 1).expand(-1, 1, 16, 24)

    return predict


def interacting(on):
    return 0.1 + 0.2 * on[:, 0] + 0.3 * on[:, 1] * on[:, 2] - 0.1 * on[:, 3] * on[:, 0] + 0.05 * on[:, 4]


def by_permutations(values):
    """The definition: the mean gain over all orders."""
    total = np.zeros(6)
    orders = list(permutations(range(6)))
    for order in orders:
        on = torch.zeros(1, 6)
        before = float(values(on))
        for f in order:
            on[0, f] = 1
            after = float(values(on))
            total[f] += after - before
            before = after
    return total / len(orders)


def explained(values, samples, seed=0, **more):
    method = xai.KernelShap(samples=samples, segments=BLOCKS, **more)
    return xai.attribute(
        np.ones((1, 16, 24)), game(values), None, method, "confidence", np.ones((16, 24), bool), seed=seed
    )


def per_block(found):
    return np.array([found.drop[0][BLOCKS == f].mean() for f in range(6)])


@pytest.mark.slow
def test_all_coalitions_give_the_definition():
    found = explained(interacting, samples=64)
    np.testing.assert_allclose(per_block(found), by_permutations(interacting), atol=1e-6)
    assert found.details["exact"] and found.evaluations == 64 and not found.stderr.any()


def test_an_additive_score_is_exact_with_few_samples():
    weights = torch.tensor([0.05, 0.2, -0.1, 0.0, 0.15, 0.01])
    found = explained(lambda on: 0.3 + on @ weights, samples=20)
    np.testing.assert_allclose(per_block(found), weights.numpy(), atol=1e-6)
    assert not found.details["exact"] and found.stderr.max() < 1e-6


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_the_values_add_up_and_the_error_bars_are_honest(seed):
    found = explained(interacting, samples=40, seed=seed)
    whole = float(interacting(torch.ones(1, 6)) - interacting(torch.zeros(1, 6)))
    assert per_block(found).sum() == pytest.approx(whole, abs=1e-6)
    errors = np.array([found.stderr[0][BLOCKS == f].mean() for f in range(6)])
    assert (np.abs(per_block(found) - by_permutations(interacting)) < 4 * errors + 1e-6).all()


@pytest.mark.slow
def test_it_is_captums_on_the_same_superpixels():
    from captum.attr import KernelShap

    torch.manual_seed(0)
    weights = torch.tensor([0.05, 0.2, -0.1, 0.0, 0.15, 0.01])
    predict = game(lambda on: 0.3 + on @ weights)
    theirs = KernelShap(lambda batch: predict(batch).mean((1, 2, 3))).attribute(
        torch.ones(1, 1, 16, 24), feature_mask=torch.from_numpy(BLOCKS)[None, None], n_samples=200, show_progress=False
    )
    ours = explained(lambda on: 0.3 + on @ weights, samples=64)
    np.testing.assert_allclose(ours.drop[0], theirs[0, 0].numpy(), atol=1e-4)


@pytest.mark.parametrize("samples", [20, 64], ids=["drawn", "all coalitions"])
def test_on_an_additive_score_it_is_captums_feature_ablation(samples):
    """Taking away one superpixel alone says the same, and exactly, where nothing interacts; pixel by pixel."""
    from captum.attr import FeatureAblation

    weights = torch.tensor([0.05, 0.2, -0.1, 0.0, 0.15, 0.01])
    predict = game(lambda on: 0.3 + on @ weights)
    theirs = FeatureAblation(lambda batch: predict(batch).mean((1, 2, 3))).attribute(
        torch.ones(1, 1, 16, 24), feature_mask=torch.from_numpy(BLOCKS)[None, None]
    )
    found = explained(lambda on: 0.3 + on @ weights, samples)
    np.testing.assert_allclose(found.drop[0], theirs[0, 0].numpy(), atol=1e-6)
    np.testing.assert_allclose(found.drop[0], weights.numpy()[BLOCKS], atol=1e-6)


def test_where_superpixels_interact_it_is_not_feature_ablation():
    """Each of two that matter only together loses everything alone, and is owed half of it."""
    together = explained(lambda on: 0.1 + 0.8 * on[:, 1] * on[:, 2], samples=64)
    np.testing.assert_allclose(per_block(together), [0, 0.4, 0.4, 0, 0, 0], atol=1e-6)


def test_coalitions_come_in_pairs_and_by_the_kernel():
    on, weights, is_complete = coalitions(30, 4002, np.random.default_rng(0))
    assert not is_complete and (on[::2] + on[1::2] == 1).all() and (weights == 1).all()
    sizes = np.bincount(on.sum(1).astype(int), minlength=31)
    expected = np.array([0, *(1 / (k * (30 - k)) for k in range(1, 30)), 0])
    assert np.abs(sizes / sizes.sum() - expected / expected.sum()).max() < 0.02


@pytest.mark.parametrize("count", [2, 3, 6])
def test_all_coalitions_are_there_once_in_pairs_and_weighted_by_the_kernel(count):
    on, weights, is_complete = coalitions(count, 100, np.random.default_rng(0))
    assert is_complete and len(np.unique(on, axis=0)) == len(on) == 2**count - 2
    assert (on[::2] + on[1::2] == 1).all() and (weights[::2] == weights[1::2]).all()
    kept = on.sum(1)
    assert all(weights[kept == k].sum() == pytest.approx((count - 1) / (k * (count - k))) for k in range(1, count))


def test_one_superpixel_takes_it_all():
    values, variance = shapley_values(
        np.zeros((0, 1)), np.zeros((0, 2)), np.array([0.1, 0.2]), np.array([0.5, 0.9]), np.zeros(0)
    )
    np.testing.assert_allclose(values, [[0.4], [0.7]])
    assert not variance.any()


def test_too_few_samples_are_said():
    labels = np.arange(16 * 24).reshape(16, 24) // 4
    method = xai.KernelShap(samples=20, segments=labels)
    found = xai.attribute(np.ones((1, 16, 24)), lambda b: b * 0.9, None, method, "confidence", np.ones((16, 24), bool))
    assert any("samples are few for 96 superpixels" in w for w in found.warnings)


@pytest.mark.slow
@pytest.mark.parametrize("samples", [20, 60, 118, 122, 124, 130, 160, 238])
def test_as_many_samples_as_superpixels_do_not_explode(samples):
    """Two samples to a superpixel are as many equations as unknowns: least squares made 3 of a score in [0, 1]."""
    count, rng = 60, np.random.default_rng(0)
    weights = rng.exponential(size=count)
    pairs = rng.integers(0, count, (40, 2))

    def score(on):
        together = (on[:, pairs[:, 0]] * on[:, pairs[:, 1]]).mean(1)
        return (0.6 / (1 + np.exp(-12 * (on @ weights / weights.sum() - 0.5))) + 0.4 * (together > 0.25))[:, None]

    ends = score(np.stack([np.zeros(count), np.ones(count)]))
    many, even, _ = coalitions(count, 40000, np.random.default_rng(9))
    truth = shapley_values(many, score(many), *ends, even)[0][0]
    on, even, _ = coalitions(count, samples, np.random.default_rng(1))
    values, variance = shrunken_values(on, score(on), *ends)
    off = np.sqrt(((values[0] - truth) ** 2).mean())
    assert values.sum() == pytest.approx(float(ends[1, 0] - ends[0, 0]), abs=1e-9)
    assert np.abs(values).max() < 0.12 and off < 0.03
    assert 0.3 < off / np.sqrt(variance[0].mean()) < 5  # the error that is told is about the error there is
    if samples in (122, 124):
        plain = shapley_values(on, score(on), *ends, even)[0][0]
        assert np.abs(plain - truth).max() > 5 * np.abs(values[0] - truth).max()


def parity(batch):
    """Probabilities by whether an even number of the 16 squares is kept: to a linear model pure noise."""
    kept = (batch[:, 0, ::2, ::2] > 0.5).flatten(1).sum(1)
    return (0.05 + 0.9 * (kept % 2 == 0)).float().view(-1, 1, 1, 1).expand(-1, 1, 8, 8)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "method, beyond",
    [
        (lambda squares: xai.Lime(samples=17, alpha=0, segments=squares), True),
        (lambda squares: xai.Lime(samples=400, alpha=0, segments=squares), False),
        (lambda squares: xai.KernelShap(samples=17, segments=squares), False),
    ],
    ids=["lime, few", "lime, many", "kernelshap, few"],
)
def test_a_map_beyond_what_a_score_can_lose_is_said(method, beyond):
    squares = np.arange(8)[:, None] // 2 * 4 + np.arange(8) // 2
    everywhere = np.ones((8, 8), bool)
    found = xai.attribute(np.ones((1, 8, 8)), parity, None, method(squares), "confidence", everywhere)
    assert (np.abs(found.drop).max() > 1.01) == beyond
    assert sum("can't change by more than 1" in w for w in found.warnings) == beyond
    assert np.isfinite(found.stderr).all()
