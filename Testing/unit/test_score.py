"""The one loop over model runs: scores by hand, batches of any size, memory that runs out, models that misbehave."""

import numpy as np
import pytest
import torch

import XAICLIPLib as xai
from XAICLIPLib.attribution.repeats import TRIED
from XAICLIPLib.attribution.scorer import Reference, Scorer
from XAICLIPLib.errors import Cancelled, InputError, ModelError, ResourceError


def probabilities(*rows):
    return torch.tensor(rows, dtype=torch.float32)[None, None]


REFERENCE = torch.tensor([[[True, True, False, False], [True, False, False, False]]])


@pytest.mark.parametrize(
    "score, expected",
    [
        ("dice", 2 * 2 / (4 + 3)),  # above 0.5: 4 pixels, 2 of them among the reference's 3
        ("soft_dice", 2 * (0.9 + 0.8 + 0.2) / (0.9 + 0.8 + 0.6 + 0.1 + 0.2 + 0.5 + 0.7 + 0 + 3)),
        ("confidence", (0.9 + 0.8 + 0.2) / 3),
    ],
)
def test_scores_by_hand(score, expected):
    found = Reference(REFERENCE, score)(probabilities([0.9, 0.8, 0.6, 0.1], [0.2, 0.5, 0.7, 0.0]))
    assert found.shape == (1, 1) and found.item() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("score", ["dice", "soft_dice", "confidence"])
def test_scores_of_many_targets_in_3d_by_brute_force(score):
    rng = np.random.default_rng(0)
    found = rng.random((3, 4, 5, 6, 7)).astype(np.float32)
    reference = rng.random((4, 5, 6, 7)) < 0.4
    reference[2] = False  # a target that the reference does not hold
    scorer = Reference(torch.from_numpy(reference), score)
    scores = scorer(torch.from_numpy(found))
    for b, k in np.ndindex(3, 4):
        p, r = found[b, k].astype(float), reference[k]
        p = p > 0.5 if score == "dice" else p
        shared = (p * r).sum()
        expected = shared / max(1, r.sum()) if score == "confidence" else 2 * shared / (p.sum() + r.sum())
        assert scores[b, k].item() == pytest.approx(expected, abs=1e-5)
    assert scorer.present.tolist() == [True, True, False, True]


@pytest.mark.parametrize("score", Reference.SCORES)
def test_nothing_predicted_and_nothing_referenced_is_no_score(score):
    scorer = Reference(torch.zeros(1, 4, 4, dtype=torch.bool), score)
    assert scorer(torch.zeros(2, 1, 4, 4)).tolist() == [[0.0], [0.0]] and not scorer.present.any()


@pytest.mark.parametrize("score", ["soft_dice", "confidence"])
def test_soft_scores_of_a_large_image_are_not_rounded(score):
    """A million single-precision numbers in one sum would be off by more than many an effect is large."""
    found, mask = torch.rand(2, 1, 1024, 1024), torch.rand(1, 1024, 1024) < 0.5
    exact = found.double()[:, 0] * mask
    sizes = (found.double().sum((1, 2, 3)) + mask.sum()) / 2 if score == "soft_dice" else mask.sum()
    assert (Reference(mask, score)(found)[:, 0] - exact.sum((1, 2)) / sizes).abs().max() < 1e-6


def test_an_unknown_score_is_refused():
    with pytest.raises(InputError, match="no score 'iou'"):
        Reference(REFERENCE, "iou")


def network(targets=3, seed=0):
    torch.manual_seed(seed)
    layers = torch.nn.Sequential(
        torch.nn.Conv2d(1, 8, 5, padding=2),
        torch.nn.ReLU(),
        torch.nn.Conv2d(8, targets, 3, padding=1),
        torch.nn.Sigmoid(),
    )
    with torch.no_grad():
        layers[2].weight.mul_(6)
    return layers.requires_grad_(False).eval()


IMAGE = torch.rand(1, 48, 40, generator=torch.Generator().manual_seed(5))
REGION = np.zeros((48, 40), bool)
REGION[8:40, 6:34] = True
METHODS = [
    xai.Occlusion(12, 6),
    xai.Rise(masks=40, estimator="raw"),
    xai.Rise(masks=40),
    xai.Rise(masks=60, grid=3, estimator="ridge"),
    xai.Lime(samples=40),
]
each_method = pytest.mark.parametrize("method", METHODS, ids=lambda m: f"{m.name}-{getattr(m, 'estimator', '')}")


def run(predict, method, **more):
    return xai.attribute(IMAGE, predict, REGION, method, **{"score": "soft_dice", **more})


@pytest.mark.slow
@each_method
def test_a_batch_of_any_size_gives_the_same_as_one_by_one(method):
    model = network()
    alone = run(model, method, batch_size=1)
    for size in (2, 7, 16, 1000):
        together = run(model, method, batch_size=size)
        assert np.abs(together.drop - alone.drop).max() <= 1e-5
        assert together.evaluations == alone.evaluations
        if alone.stderr is not None:
            assert np.abs(together.stderr - alone.stderr).max() <= 1e-5
    assert np.abs(alone.drop).max() > 1e-3


@pytest.mark.slow
@each_method
def test_all_targets_in_one_pass_equal_one_by_one(method):
    model = network()
    together = run(model, method)
    runs = []
    for k in range(3):

        def single(batch, k=k):
            runs.append(len(batch))
            return model(batch)[:, [k]]

        alone = run(single, method)
        assert np.abs(together.drop[k] - alone.drop[0]).max() <= 1e-5
        assert together.baseline[k] == pytest.approx(alone.baseline[0], abs=1e-6)
    assert sum(runs) == 3 * (1 + TRIED + together.evaluations)  # one by one costs three times as many


@pytest.mark.slow
@each_method
def test_the_same_seed_gives_the_same_map(method):
    model = network()
    first, again = (run(model, method, seed=3) for _ in range(2))
    assert np.array_equal(first.drop, again.drop)
    other = run(model, method, seed=4)
    assert np.array_equal(first.drop, other.drop) == (method.name == "occlusion")  # occlusion has nothing random


@each_method
def test_the_model_may_work_in_place(method):
    model = network()

    def careless(batch):
        output = model(batch)
        batch.mul_(0).sub_(3)  # as a first layer with inplace=True would
        return output

    assert np.abs(run(careless, method).drop - run(model, method).drop).max() <= 1e-6


@each_method
def test_outside_the_region_no_pixel_ever_changes(method):
    model = network()
    different = torch.zeros(48, 40, dtype=torch.bool)

    def watching(batch):
        nonlocal different
        different |= (batch != IMAGE).any(0).any(0)
        return model(batch)

    found = run(watching, method)
    assert not different[~torch.from_numpy(REGION)].any()
    assert different.any() and not found.drop[:, ~REGION].any() and not found.evaluated[~REGION].any()


@each_method
@pytest.mark.parametrize(
    "error", [torch.OutOfMemoryError("out of memory"), MemoryError(), RuntimeError("can't allocate memory: 9")]
)
def test_out_of_memory_halves_the_batch_and_goes_on(method, error):
    model, sizes = network(), []

    def tight(batch):
        sizes.append(len(batch))
        if len(batch) > 3:
            raise error
        return model(batch)

    found = run(tight, method, batch_size=16)
    assert np.abs(found.drop - run(model, method).drop).max() <= 1e-5
    assert sizes[:6] == [1, TRIED, 16, 8, 4, 2] and max(sizes[6:]) <= 2
    assert sum(s for s in sizes if s <= 3) == 1 + TRIED + found.evaluations  # nothing was run twice or left out


def test_memory_that_runs_out_at_one_image_is_said():
    model = network()

    def full(batch):
        if not torch.equal(batch[0], IMAGE):
            raise torch.OutOfMemoryError("CUDA out of memory")
        return model(batch)

    with pytest.raises(ResourceError, match=r"out of memory with one image of shape \(1, 48, 40\)"):
        run(full, METHODS[0])

    def never(batch):
        raise torch.OutOfMemoryError("CUDA out of memory")

    with pytest.raises(ResourceError, match="out of memory with one image"):
        run(never, METHODS[0])


@each_method
def test_the_run_can_be_cancelled_between_two_batches(method):
    model, sizes, told = network(), [], []

    def counting(batch):
        sizes.append(len(batch))
        return model(batch)

    def progress(done, total):
        told.append((done, total))
        if done >= 16:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        run(counting, method, batch_size=8, progress=progress)
    assert sizes == [1, TRIED, 8, 8]
    assert [done for done, _ in told] == [8, 16] and len({total for _, total in told}) == 1


def test_progress_counts_to_the_end():
    told = []
    found = run(network(), METHODS[0], batch_size=16, progress=lambda *step: told.append(step))
    assert told[-1] == (found.evaluations, found.evaluations)
    assert told == sorted(told)


@pytest.mark.parametrize(
    "predict, says",
    [
        (lambda b: b * 20 - 10, "values from .* to .*; return probabilities in .0, 1."),
        (lambda b: b[:, 0], r"shape \(1, 48, 40\) .* expected \(B, K, Y, X\)"),
        (lambda b: b.mean((2, 3)), r"shape \(1, 1\)"),
        (lambda b: b.repeat(2, 1, 1, 1), r"shape \(2, 1, 48, 40\)"),
        (lambda b: b / 0 * 0, "NaN or infinite values for the unperturbed image"),
        (lambda b: b.numpy(), "returned ndarray; return one tensor"),
        (lambda b: (b, b), "returned tuple; return one tensor"),
        (lambda b: None, "returned NoneType"),
    ],
    ids=["logits", "no-channels", "classifier", "batch-doubled", "nan", "numpy", "tuple", "none"],
)
def test_a_model_that_does_not_do_what_it_must(predict, says):
    with pytest.raises(ModelError, match=says) as caught:
        run(predict, METHODS[0])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("score", ["dice", "soft_dice", "confidence"])
def test_a_model_that_breaks_on_a_perturbed_image(score):
    model = network()

    def fragile(batch):
        output = model(batch).clone()
        output[(batch.flatten(1) == 0).any(1)] = float("nan")
        return output

    with pytest.raises(ModelError, match="NaN or infinite values for a perturbed image; choose another fill"):
        run(fragile, METHODS[0], score=score)


def test_a_model_may_answer_on_another_grid():
    """A reference on the image's grid is brought to the output's: half of a pixel is enough."""
    reference = np.zeros((48, 40), bool)
    reference[10:30, 8:20] = True
    seen = Scorer(
        lambda b: torch.nn.functional.avg_pool2d(b, 2),
        IMAGE,
        reference=torch.from_numpy(reference)[None],
        score="confidence",
    )
    expected = torch.nn.functional.avg_pool2d(IMAGE[None], 2)[0, 0, 5:15, 4:10].mean()
    assert seen.prediction.shape == (1, 24, 20) and seen.baseline.item() == pytest.approx(expected.item(), abs=1e-6)


def test_the_reference_must_fit():
    for wrong in (np.zeros((2, 48, 40), bool), np.zeros((48, 39), bool)):
        with pytest.raises(InputError, match="the reference has shape"):
            run(network(1), METHODS[0], reference=wrong)
