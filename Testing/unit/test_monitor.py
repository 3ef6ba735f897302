"""Maps looked at while they are made: what is shown early, and when a run may end."""

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr

import XAICLIPLib as xai
from XAICLIPLib.attribution.repeats import TRIED
from XAICLIPLib.errors import InputError

pytestmark = pytest.mark.slow

SHAPE = (128, 128)
REGION = np.zeros(SHAPE, bool)
REGION[10:118, 16:112] = True
FEW = np.arange(np.prod(SHAPE)).reshape(SHAPE) < 8


def smooth(batch):
    """Confidence that is linear in the image, with smooth weights of both signs."""
    y, x = torch.meshgrid(torch.arange(128.0), torch.arange(128.0), indexing="ij")
    weights = torch.exp(-((y - 40) ** 2 + (x - 50) ** 2) / 600) - 0.6 * torch.exp(
        -((y - 90) ** 2 + (x - 85) ** 2) / 400
    )
    value = 0.3 + 2e-4 * (batch[:, 0] * weights).sum((1, 2))
    return value.view(-1, 1, 1, 1).expand(-1, 1, *SHAPE)


METHODS = [
    xai.Occlusion(16, 4),
    xai.Hierarchical(16, 2),
    xai.Rise(masks=600),
    xai.Rise(masks=600, estimator="ridge"),
    xai.Lime(samples=300, segments=np.kron(np.arange(64).reshape(8, 8), np.ones((16, 16), int))),
    xai.KernelShap(samples=300, segments=np.kron(np.arange(64).reshape(8, 8), np.ones((16, 16), int))),
    xai.Hsic(samples=400),
]
names = pytest.mark.parametrize("method", METHODS, ids=lambda m: f"{m.name}-{getattr(m, 'estimator', '')}".strip("-"))


def explained(method, **more):
    return xai.attribute(np.ones((1, *SHAPE)), smooth, REGION, method, "confidence", FEW, **more)


@names
def test_early_maps_cover_the_region_and_come_closer_to_the_whole(method):
    early = []
    whole = explained(method, on_map=early.append)
    assert len(early) >= 2
    done = [found.evaluations for found in early]
    assert done == sorted(set(done)) and done[-1] < whole.evaluations
    assert all(np.array_equal(found.evaluated, whole.evaluated) for found in early)
    alike = [spearmanr(found.drop[0][REGION], whole.drop[0][REGION]).statistic for found in early]
    assert alike[-1] > 0.75 and alike[-1] >= alike[0]
    away = [np.abs(found.drop - whole.drop).mean() for found in early]
    assert away[-1] < away[0]


@names
def test_looking_at_the_map_does_not_change_it(method):
    assert np.array_equal(explained(method, on_map=lambda found: None).drop, explained(method).drop)


def test_the_first_look_at_occlusion_is_useful_after_a_twentieth_of_the_evaluations():
    early = []
    whole = explained(xai.Occlusion(16, 4), on_map=early.append)
    first = early[0]
    assert first.evaluations <= 0.07 * whole.evaluations
    assert spearmanr(first.drop[0][REGION], whole.drop[0][REGION]).statistic > 0.85
    assert not first.drop[0][~REGION].any()


@pytest.mark.parametrize("method", [m for m in METHODS[2:]], ids=lambda m: f"{m.name}-{getattr(m, 'estimator', '')}")
def test_every_sampler_ends_once_its_error_is_small(method):
    from dataclasses import replace

    plenty = {"masks": 4000} if method.name == "rise" else {"samples": 4000}
    loose, strict = (explained(replace(method, tolerance=t, **plenty)) for t in (0.4, 0.15))
    for found, tolerance in ((loose, 0.4), (strict, 0.15)):
        if found.evaluations < 4000:
            inside = found.evaluated
            assert np.median(found.stderr[0][inside]) <= tolerance * np.abs(found.drop[0][inside]).max()
    assert 128 <= loose.evaluations <= strict.evaluations and loose.evaluations < 4000


def test_no_error_is_believed_before_there_are_more_samples_than_features():
    """As many samples as superpixels are fitted without residuals, which is no sign of certainty."""
    labels = np.arange(np.prod(SHAPE)).reshape(SHAPE) // 128  # 128 strips
    image = np.random.default_rng(0).random((1, *SHAPE)).astype(np.float32)
    truth = np.random.default_rng(1).random(SHAPE) < 0.5
    method = xai.KernelShap(samples=2000, segments=labels, tolerance=0.5)
    found = xai.attribute(image, lambda b: b, None, method, "soft_dice", truth)
    assert found.evaluations >= 256


def test_patterns_are_evaluated_once():
    """Three superpixels have eight patterns, however many samples are drawn."""
    labels = np.repeat([0, 1, 2], [40, 40, 48])[None].repeat(128, 0)
    seen = []

    def predict(batch):
        seen.append(len(batch))
        return smooth(batch)

    image = np.ones((1, *SHAPE))
    found = xai.attribute(image, predict, None, xai.Lime(samples=200, segments=labels), "confidence", FEW)
    assert sum(seen) - 1 - TRIED == found.evaluations == 8 and found.details["samples"] == 200
    assert found.full_evaluations == 200


@pytest.mark.parametrize("kind", [xai.Rise, xai.Lime, xai.KernelShap, xai.Hsic])
def test_a_tolerance_of_nothing_is_refused(kind):
    with pytest.raises(InputError, match="tolerance is 0"):
        kind(tolerance=0)
