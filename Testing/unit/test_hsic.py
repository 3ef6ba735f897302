"""HSIC attribution against the criterion's definition, and on scores whose answer is known."""

import numpy as np
import pytest
import torch

import XAICLIPLib as xai
from XAICLIPLib.attribution.features import cells_of
from XAICLIPLib.attribution.hsic import (
    balanced,
    dependence,
    drops_of,
    gaussian_kernel,
)
from XAICLIPLib.errors import InputError

pytestmark = pytest.mark.slow

SHAPE = (32, 48)  # of 4 x 6 cells of 8 x 8
CELLS = cells_of(np.ones(SHAPE, bool), 6).number


def game(values):
    """A model whose confidence depends on which of the 24 cells are on: `values` takes 0/1 vectors (B, 24)."""

    def predict(batch):
        on = torch.stack([batch[:, 0][:, CELLS == f].mean(1) for f in range(24)], 1)
        return values(on).view(-1, 1, 1, 1).expand(-1, 1, *SHAPE)

    return predict


def explained(values, seed=0, **settings):
    truth = np.arange(np.prod(SHAPE)).reshape(SHAPE) < 8
    return xai.attribute(
        np.ones((1, *SHAPE)), game(values), None, xai.Hsic(grid=6, **settings), "confidence", truth, seed=seed
    )


def per_cell(found, field="drop"):
    return np.array([getattr(found, field)[0][CELLS == f].mean() for f in range(24)])


WEIGHTS = torch.zeros(24)
WEIGHTS[[2, 9, 15, 20]] = torch.tensor([0.2, -0.1, 0.05, 0.1])


def additive(on):
    return 0.4 + on @ WEIGHTS


@pytest.mark.parametrize("kernel", [lambda a, b: a == b, lambda a, b: 0.5 - (a - b) ** 2], ids=["agree", "published"])
def test_the_criterion_is_its_definition(kernel):
    rng = np.random.default_rng(0)
    on, scores = rng.integers(0, 2, (40, 3)).astype(float), rng.normal(size=40)
    ours = dependence(on, gaussian_kernel(scores))
    distance = np.abs(scores[:, None] - scores[None])
    width = np.median([distance[i, j] for i in range(40) for j in range(i)])
    centring = np.eye(40) - 1 / 40
    of_scores = np.exp(-(distance**2) / (2 * width**2))
    for feature in range(3):
        of_feature = kernel(on[:, None, feature], on[None, :, feature]).astype(float)
        expected = np.trace(of_feature @ centring @ of_scores @ centring) / 40**2
        assert ours[feature] == pytest.approx(expected, rel=1e-9)


def test_what_chance_gives_is_taken_off():
    """Its mean over all permutations of the scores, here over many of them."""
    rng = np.random.default_rng(1)
    on = balanced(60, 4, rng)
    scores = on @ [0.3, 0.0, 0.1, -0.2] + rng.normal(0, 0.3, 60)
    kernel = gaussian_kernel(scores)
    order = [rng.permutation(60) for _ in range(4000)]
    by_chance = np.mean([dependence(on, kernel[np.ix_(p, p)]) for p in order], axis=0)
    beyond = np.maximum(dependence(on, kernel) - by_chance, 0)
    found = np.abs(drops_of(on, scores[:, None])[0])
    np.testing.assert_allclose(found / found.max(), np.sqrt(beyond / beyond.max()), atol=0.02)
    assert (found**2 * 0.25).sum() == pytest.approx(scores.var()), "the scale is that of the scores"


@pytest.mark.parametrize("seed", range(3))
def test_an_additive_score_gives_its_terms_with_their_signs(seed):
    found = explained(additive, seed=seed)
    drops, errors = per_cell(found), per_cell(found, "stderr")
    weights = WEIGHTS.numpy()
    assert set(np.argsort(-np.abs(drops))[:3]) == {2, 9, 20}
    strong = np.abs(weights) >= 0.1
    np.testing.assert_allclose(
        drops[strong], weights[strong], rtol=0.35
    )  # a Gaussian kernel makes less of the smaller ones
    assert (np.abs(drops[weights == 0]) < 0.05).all() and (errors[strong] < 0.05).all()
    assert found.evaluations == 500 and found.evaluated.all()


def test_it_sees_what_a_linear_method_can_not():
    """Cell 3 decides whether cell 7 matters; alone it changes nothing on average."""
    found = explained(lambda on: 0.5 + 0.3 * on[:, 3] * (2 * on[:, 7] - 1))
    linear = xai.attribute(
        np.ones((1, *SHAPE)), game(lambda on: 0.5 + 0.3 * on[:, 3] * (2 * on[:, 7] - 1)), None,
        xai.Lime(samples=500, segments=CELLS), "confidence", np.arange(np.prod(SHAPE)).reshape(SHAPE) < 8,
    )  # fmt: skip
    others = [f for f in range(24) if f not in (3, 7)]
    drops, of_lime = np.abs(per_cell(found)), np.abs(per_cell(linear))
    assert drops[3] > 3 * drops[others].max() and drops[3] > 0.05
    assert of_lime[3] < 0.02


def test_patterns_have_each_cell_on_in_half_of_them():
    on = balanced(51, 7, np.random.default_rng(0))
    assert on.shape == (51, 7) and (on.sum(0) == 25).all() and len(np.unique(on, axis=1).T) == 7


def test_only_the_region_is_cut_into_cells_and_changed():
    region = np.zeros(SHAPE, bool)
    region[4:20, 10:30] = True
    image = np.random.default_rng(0).random(SHAPE).astype(np.float32)
    seen = []

    def predict(batch):
        seen.append(batch.clone())
        return batch

    found = xai.attribute(image, predict, region, xai.Hsic(samples=40, grid=5), "confidence")
    assert not found.drop[0][~region].any() and np.array_equal(found.evaluated, region)
    assert found.details["cells"] == 20 and found.details["cell"] == 4
    copies = torch.cat(seen)[1:, 0].numpy()
    assert (copies[:, ~region] == image[~region]).all() and (copies[:, region] == 0).any(0).all()


def test_a_score_that_nothing_changes_is_flat():
    found = explained(lambda on: on[:, 0] * 0 + 0.7)
    assert not found.drop.any() and found.flat.all()


def test_a_grid_of_one_cell_is_refused():
    with pytest.raises(InputError, match="grid is 1"):
        xai.Hsic(grid=1)
