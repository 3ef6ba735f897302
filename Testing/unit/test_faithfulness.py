"""Numbers for and against a map: known answers, and the same by slow loops that copy the whole image each time."""

import numpy as np
import pytest
import torch

from XAICLIPLib.attribution.features import cells_of
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.errors import InputError
from XAICLIPLib.metrics.faithfulness import CELLS, Baselines, auc, curves, random_order, removal_order
from XAICLIPLib.metrics.fidelity import SHARES, Subsets, fidelity, infidelity, random_subsets
from XAICLIPLib.metrics.localisation import (
    leakage,
    pointing_game,
    relevance_mass_accuracy,
    relevance_metrics,
    relevance_rank_accuracy,
)
from XAICLIPLib.metrics.off_roi import probe_outside

SHAPE = (20, 24)
RNG = np.random.default_rng(5)
IMAGE = RNG.uniform(0.5, 1, SHAPE).astype(np.float32)
WEIGHTS = RNG.gamma(0.3, size=SHAPE)
WEIGHTS /= WEIGHTS.sum()
REGION = np.zeros(SHAPE, bool)
REGION[3:17, 4:22] = True
REGION[3:6, 4:8] = False
TRUE_MAP = WEIGHTS * IMAGE  # what a pixel adds to the score


def additive(batch):
    """The same probability everywhere: a weighted sum of the pixels."""
    score = (batch[:, 0].double() * torch.from_numpy(WEIGHTS)).sum((1, 2))
    return score.float()[:, None, None, None].expand(-1, 1, *SHAPE)


def scorer_of(predict=additive, image=IMAGE, **options):
    reference = torch.ones(1, *image.shape, dtype=torch.bool)
    options = {"score": "confidence", "batch_size": 3} | options
    return Scorer(predict, torch.from_numpy(image)[None], reference=reference, **options)


def zero():
    return torch.zeros(1, *SHAPE)


def slowly(sets):
    """The score of each copy with a set of pixels at 0, one whole copy after the other."""
    scores = []
    for pixels in sets:
        copy = IMAGE.copy()
        copy.ravel()[pixels] = 0
        scores.append(float(additive(torch.from_numpy(copy)[None, None])[0, 0, 0, 0]))
    return np.array(scores)


# ---- orders


def test_cells_number_the_region_without_gaps():
    cells = cells_of(REGION, 5).number
    assert (cells >= 0).sum() == REGION.sum() and not (cells[~REGION] >= 0).any()
    assert sorted(set(cells[REGION])) == list(range(cells.max() + 1))
    for number in range(cells.max() + 1):
        rows, columns = np.nonzero(cells == number)
        assert np.ptp(rows) < 4 and np.ptp(columns) < 4  # 18 columns in 5 cells: an edge of 4


def test_an_order_falls_and_is_a_random_order_where_the_map_is_level():
    order = removal_order(TRUE_MAP, REGION)
    assert sorted(order) == sorted(np.flatnonzero(REGION)) and (np.diff(TRUE_MAP.ravel()[order]) <= 0).all()
    assert np.array_equal(removal_order(np.full(SHAPE, 0.3), REGION, 4), random_order(REGION, 4))
    assert not np.array_equal(random_order(REGION, 4), random_order(REGION, 5))
    cells = cells_of(REGION, CELLS).number.ravel()[random_order(REGION, 1)]
    assert (np.diff(cells) != 0).sum() == cells.max()  # each cell at a stretch


# ---- deletion and insertion


def test_the_true_map_deletes_faster_than_chance_and_chance_faster_than_the_inverted_map():
    true, inverted = (curves(scorer_of(), 0, m, REGION, zero()) for m in (TRUE_MAP, -TRUE_MAP))
    assert true.deletion_auc < true.random_auc < inverted.deletion_auc
    assert true.insertion_auc > true.random_auc > inverted.insertion_auc
    assert true.gap > 3 * true.random_gap and inverted.gap == pytest.approx(-true.gap, abs=2e-4)
    assert len(true.area) == 21 and np.allclose(np.diff(true.area), 0.05)


def test_no_order_of_an_additive_score_beats_the_true_map():
    best = curves(scorer_of(), 0, TRUE_MAP, REGION, zero(), seeds=())
    for seed in range(5):
        other = np.random.default_rng(seed).normal(size=SHAPE)
        assert curves(scorer_of(), 0, other, REGION, zero(), seeds=()).gap < best.gap


def test_curves_are_those_of_a_slow_loop():
    values = RNG.normal(size=SHAPE).round(1)  # with ties
    found = curves(scorer_of(), 0, values, REGION, zero(), steps=7, seeds=(3, 4))
    counts = np.rint(np.linspace(0, REGION.sum(), 8)).astype(int)
    order, back = removal_order(values, REGION, 3), removal_order(-values, REGION, 3)[::-1]
    assert (np.diff(values.ravel()[back]) <= 0).all()
    assert np.abs(found.deletion - slowly([order[:n] for n in counts])).max() < 1e-5
    assert np.abs(found.insertion - slowly([back[n:] for n in counts])).max() < 1e-5
    for curve, seed in zip(found.random, (3, 4)):
        assert np.abs(curve - slowly([random_order(REGION, seed)[:n] for n in counts])).max() < 1e-5
    x = np.linspace(0, 1, 8)
    assert auc(found.deletion) == pytest.approx(np.sum(np.diff(x) * (found.deletion[1:] + found.deletion[:-1]) / 2))
    assert np.array_equal(IMAGE, scorer_of().image[0].numpy())


def test_to_insert_is_to_delete_in_reverse():
    """Why random orders need no insertion curve of their own."""
    one = curves(scorer_of(), 0, TRUE_MAP, REGION, zero(), steps=6, seeds=())
    other = curves(scorer_of(), 0, -TRUE_MAP, REGION, zero(), steps=6, seeds=())
    assert np.allclose(one.insertion[::-1], other.deletion, atol=1e-6)
    assert np.isnan(one.random_auc) and np.isnan(one.random_gap)


def test_the_bare_region_has_a_gap_of_its_own_where_it_is_a_part_of_what_was_perturbed():
    whole = curves(scorer_of(), 0, TRUE_MAP, REGION, zero(), baselines=Baselines(REGION))
    assert whole.roi_deletion is None and whole.roi_gap == 0
    assert curves(scorer_of(), 0, REGION * 0.4, REGION, zero()).gap == pytest.approx(0, abs=1e-6)
    heavy = REGION & (TRUE_MAP > np.quantile(TRUE_MAP[REGION], 0.7))
    part = curves(scorer_of(), 0, TRUE_MAP, REGION, zero(), baselines=Baselines(heavy))
    assert 0 < part.roi_gap < part.gap
    assert curves(scorer_of(), 0, heavy * 1.0, REGION, zero()).gap == pytest.approx(part.roi_gap, abs=1e-5)


def test_the_map_that_needs_no_model_is_a_baseline_too():
    flat = REGION * np.linspace(0, 1, SHAPE[1])
    found = curves(scorer_of(), 0, TRUE_MAP, REGION, zero(), baselines=Baselines(shape=flat))
    gap = curves(scorer_of(), 0, flat, REGION, zero()).gap
    assert found.shape_gap == pytest.approx(gap, abs=1e-6) and gap < found.gap
    assert np.isnan(curves(scorer_of(), 0, TRUE_MAP, REGION, zero()).shape_gap)


def test_a_curve_needs_a_region_and_steps():
    for region, steps in ((np.zeros(SHAPE, bool), 20), (REGION, 1)):
        with pytest.raises(InputError, match="at least 2 steps"):
            curves(scorer_of(), 0, TRUE_MAP, region, zero(), steps=steps)


def test_curves_of_a_volume():
    weights = torch.from_numpy(np.random.default_rng(2).gamma(0.3, size=(5, 8, 9)))
    weights /= weights.sum()

    def predict(batch):
        return (batch[:, 0] * weights).sum((1, 2, 3)).float()[:, None, None, None, None].expand(-1, 1, 5, 8, 9)

    region = np.ones((5, 8, 9), bool)
    found = curves(
        scorer_of(predict, np.ones((5, 8, 9), np.float32)), 0, weights.numpy(), region, torch.zeros(1, 5, 8, 9)
    )
    assert found.deletion[0] == pytest.approx(1) and found.deletion[-1] == pytest.approx(0)
    assert found.gap > found.random_gap


# ---- correlations


def test_an_additive_game_has_sensitivity_n_of_one_and_no_infidelity():
    found = fidelity(scorer_of(), 0, TRUE_MAP, REGION, zero())
    assert found["sensitivity_n"] == pytest.approx(1, abs=1e-5)
    assert found["mu_fidelity"] == pytest.approx(1, abs=1e-5)
    assert found["infidelity"] == pytest.approx(0, abs=1e-5)
    assert fidelity(scorer_of(), 0, -TRUE_MAP, REGION, zero())["sensitivity_n"] == pytest.approx(-1, abs=1e-5)
    assert fidelity(scorer_of(), 0, 5 * TRUE_MAP, REGION, zero())["infidelity"] == pytest.approx(0, abs=1e-5)


def test_a_map_at_random_has_little_fidelity():
    values = [np.abs(np.random.default_rng(seed).normal(size=SHAPE)) for seed in range(4)]
    found = [fidelity(scorer_of(), 0, v, REGION, zero()) for v in values]
    assert np.abs(np.mean([f["sensitivity_n"] for f in found])) < 0.5
    assert all(0 < f["infidelity"] <= 1 for f in found)


def test_fidelity_is_that_of_a_slow_loop():
    values = RNG.normal(size=SHAPE)
    found = fidelity(scorer_of(), 0, values, REGION, zero(), subsets=Subsets(8, 15, count=4), seed=7)
    cells = cells_of(REGION, 4).number
    count = cells.max() + 1

    def both(subsets):
        places = [np.flatnonzero(np.isin(cells, np.flatnonzero(s))) for s in subsets]
        return np.array([values.ravel()[p].sum() for p in places]), slowly([[]])[0] - slowly(places)

    each = []
    for share in range(len(SHARES)):
        subsets = random_subsets(count, SHARES, 8, 7)[8 * share : 8 * share + 8]
        assert {int(s.sum()) for s in subsets} == {min(count - 1, max(1, round(SHARES[share] * count)))}
        each.append(np.corrcoef(*both(subsets))[0, 1])
    assert found["sensitivity_n"] == pytest.approx(np.mean(each), abs=1e-4)
    said, seen = both(random_subsets(count, (0.2,), 15, 8))
    assert found["mu_fidelity"] == pytest.approx(np.corrcoef(said, seen)[0, 1], abs=1e-4)
    scale = np.linalg.lstsq(said[:, None], seen, rcond=None)[0][0]
    assert found["infidelity"] == pytest.approx(((seen - scale * said) ** 2).sum() / (seen**2).sum(), abs=1e-4)


def test_fidelity_of_nothing_is_no_number():
    tiny = np.zeros(SHAPE, bool)
    tiny[4, 4:6] = True
    assert all(np.isnan(v) for v in fidelity(scorer_of(), 0, TRUE_MAP, tiny, zero()).values())
    blank = fidelity(scorer_of(lambda b: b[:, :1] * 0 + 0.7), 0, TRUE_MAP, REGION, zero())
    assert all(np.isnan(v) for v in blank.values())
    assert infidelity(np.zeros(4), np.ones(4)) == 1


# ---- where the map lies


def test_localisation_of_a_known_map():
    target = np.zeros((10, 10), bool)
    target[2:4, 2:4] = True
    values = np.zeros((10, 10))
    values[2:4, 2] = 3.0, 4.0
    values[8, 8], values[3, 3], values[0, 0] = 2.0, 1.0, -50.0
    assert pointing_game(values, target) == 1
    assert relevance_rank_accuracy(values, target) == 0.75  # three of its four pixels are among the four highest
    assert relevance_mass_accuracy(values, target) == 0.8  # the negative part does not count
    assert leakage(values, target, 1.0, 5.0) == pytest.approx(0.2) and leakage(values, target, 1.0, 20.0) == 0
    assert leakage(values, target, (2.0, 0.5), 9.0) == pytest.approx(0.2)  # 5 rows down are 10 mm
    assert leakage(values, target, (0.5, 1.0), 9.0) == 0


def test_ties_count_by_their_share():
    target = np.zeros((4, 4), bool)
    target[:2] = True
    level = np.ones((4, 4))
    assert pointing_game(level, target) == relevance_rank_accuracy(level, target) == 0.5
    assert relevance_mass_accuracy(level, target) == 0.5


@pytest.mark.parametrize("seed", range(4))
def test_rank_and_mass_accuracy_are_those_of_sorting(seed):
    rng = np.random.default_rng(seed)
    values, target = rng.normal(size=(15, 17)), rng.random((15, 17)) < 0.3
    ranked = np.argsort(-values.ravel())[: target.sum()]
    assert relevance_rank_accuracy(values, target) == pytest.approx(target.ravel()[ranked].mean())
    positive = values.clip(min=0)
    assert relevance_mass_accuracy(values, target) == pytest.approx(positive[target].sum() / positive.sum())


def test_nothing_to_find_is_no_number():
    target = np.zeros((5, 5), bool)
    numbers = relevance_metrics(np.ones((5, 5)), ~target, target, 1.0)
    assert all(np.isnan(v) for v in numbers.values())
    flat = relevance_metrics(np.zeros((5, 5)), ~target, ~target, 1.0)
    assert np.isnan(flat["pointing_game"]) and np.isnan(flat["mass_accuracy"]) and flat["roi_mass_accuracy"] == 1
    with pytest.raises(InputError, match="threshold"):
        pointing_game(np.ones((5, 5)), np.ones((5, 5)))


def test_a_level_map_scores_what_the_bare_region_scores():
    target = np.zeros(SHAPE, bool)
    target[5:12, 6:15] = True
    numbers = relevance_metrics(REGION * 0.4, REGION, target, 1.0)
    for name in ("pointing_game", "rank_accuracy", "mass_accuracy", "leakage"):
        assert numbers[name] == pytest.approx(numbers[f"roi_{name}"])
    assert numbers["roi_mass_accuracy"] == pytest.approx((REGION & target).sum() / REGION.sum())


# ---- outside the region


def with_influence(place, weight):
    """A score that hangs on the region, and on a place outside it."""

    def predict(batch):
        inside = batch[:, 0][:, torch.from_numpy(REGION)].mean(1)
        score = (1 - weight) * inside + weight * batch[:, 0, place[0], place[1]]
        return score[:, None, None, None].expand(-1, 1, *SHAPE)

    return predict


@pytest.mark.parametrize("place", [(0, 0), (19, 23), (4, 5), (18, 12)])
def test_a_planted_influence_outside_is_found_wherever_it_is(place):
    image = np.ones(SHAPE, np.float32)
    found = probe_outside(scorer_of(with_influence(place, 0.4), image), REGION, zero())
    assert found.largest(0) == pytest.approx(0.4, abs=1e-5)
    assert found.share(0) == pytest.approx(0.4 / 0.6, abs=1e-5)
    (box,) = [found.boxes[i] for i in np.flatnonzero(np.abs(found.drops[:, 0]) > 0.1)]
    assert all(s.start <= p < s.stop for s, p in zip(box, place))


def test_without_influence_outside_the_probe_finds_nothing():
    found = probe_outside(scorer_of(with_influence((0, 0), 0.0), np.ones(SHAPE, np.float32)), REGION, zero())
    assert found.largest(0) == 0 and found.share(0) == 0


@pytest.mark.parametrize("most", [1, 4, 7, 16])
def test_the_patches_cover_everything_outside_once(most):
    scorer = scorer_of()
    found = probe_outside(scorer, REGION, zero(), most)
    count = np.zeros(SHAPE, int)
    for box in found.boxes:
        count[box] += 1
    assert (count == 1).all() and min(4, most) <= len(found.boxes) <= max(4, most)
    assert scorer.evaluations == len(found.boxes) + 1
    # what is outside is filled, and nothing of the region: the drops of an additive score add up
    assert found.drops.sum() == pytest.approx(TRUE_MAP[~REGION].sum(), abs=1e-5)
    assert found.region_drop[0] == pytest.approx(TRUE_MAP[REGION].sum(), abs=1e-5)


def test_what_the_fill_does_not_change_is_not_evaluated():
    image = np.zeros(SHAPE, np.float32)
    image[REGION] = 1
    scorer = scorer_of(image=image)
    found = probe_outside(scorer, REGION, zero(), 16)
    assert scorer.evaluations == 1 and not found.boxes and found.share(0) == 0


def test_where_only_the_outside_matters_the_share_is_infinite():
    found = probe_outside(
        scorer_of(lambda b: b[:, :1, :1, :1].expand(-1, 1, *SHAPE), np.ones(SHAPE, np.float32)), REGION, zero()
    )
    assert found.share(0) == float("inf")
