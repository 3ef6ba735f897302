"""Deletion, insertion, pointing game, relevance rank and mass accuracy against Quantus, on the same inputs."""

import numpy as np
import pytest
import torch

from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.metrics.faithfulness import curves
from XAICLIPLib.metrics.localisation import pointing_game, relevance_metrics, relevance_rank_accuracy

pytest.importorskip("quantus", reason="pip install --no-deps -r .ci/no-dependencies.txt (`make test` does)")

from Testing.unit import quantuspeer as peer  # noqa: E402

SHAPE = (32, 40)
RNG = np.random.default_rng(11)
IMAGE = RNG.uniform(0.2, 1, (1, *SHAPE)).astype(np.float32)
EVERYWHERE = np.ones(SHAPE, bool)
REGION = np.zeros(SHAPE, bool)
REGION[6:22, 4:24] = True  # 320 pixels: 20 steps of 16
MAP = RNG.normal(size=SHAPE)  # no two values are equal
REFERENCE = torch.zeros(SHAPE, dtype=torch.bool)
REFERENCE[9:25, 8:28] = True
KERNEL = torch.from_numpy(RNG.normal(0, 0.4, (1, 1, 7, 7)).astype(np.float32))
FILLS = (0.0, 0.55)


def predict(batch):
    """A network that looks at a neighbourhood, and is anything but linear."""
    return torch.sigmoid(3 * torch.tanh(torch.nn.functional.conv2d(batch, KERNEL, padding=3)))


def model():
    return peer.Confidence(predict, REFERENCE).eval()


def ours(region, values, fill, steps):
    scorer = Scorer(predict, torch.from_numpy(IMAGE), reference=REFERENCE[None], score="confidence")
    return curves(scorer, 0, values, region, torch.full((1, *SHAPE), fill), steps=steps, seeds=())


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("region", [EVERYWHERE, REGION], ids=["image", "region"])
def test_deletion_is_pixel_flipping(region, fill):
    found = ours(region, MAP, fill, 20)
    theirs, their_area = peer.deletion(model(), IMAGE, MAP, region, fill, 20)
    assert np.ptp(theirs) > 0.01
    assert np.abs(found.deletion[1:] - theirs).max() < 1e-6
    assert found.deletion_auc == pytest.approx(peer.area(their_area, theirs[0], found.deletion[0], 20), abs=1e-6)


@pytest.mark.parametrize("fill", FILLS)
@pytest.mark.parametrize("region", [EVERYWHERE, REGION], ids=["image", "region"])
def test_insertion_is_pixel_flipping_back_to_the_image(region, fill):
    found = ours(region, MAP, fill, 20)
    theirs, their_area = peer.insertion(model(), IMAGE, MAP, region, fill, 20)
    assert np.abs(found.insertion[1:] - theirs).max() < 1e-6
    assert found.insertion_auc == pytest.approx(peer.area(their_area, theirs[0], found.insertion[0], 20), abs=1e-6)


def test_insertion_backwards_is_pixel_flipping_of_the_inverted_map():
    found = ours(REGION, MAP, 0.0, 20)
    theirs, _ = peer.deletion(model(), IMAGE, -MAP, REGION, 0.0, 20)
    assert np.abs(found.insertion[::-1][1:] - theirs).max() < 1e-6


def test_deletion_of_a_map_of_patches_is_region_perturbation():
    """With the sums over the patches as the map: a step is then a patch, whatever the order inside it."""
    edge, count = 8, MAP.size // 64
    sums = MAP.reshape(4, edge, 5, edge).sum((1, 3)).repeat(edge, 0).repeat(edge, 1)
    found = ours(EVERYWHERE, sums, 0.0, count)
    theirs = peer.patches(model(), IMAGE, MAP, edge, 0.0)
    assert len(theirs) == count and np.abs(found.deletion[0] - found.deletion[1:] - theirs).max() < 1e-6


@pytest.mark.parametrize("seed", range(5))
def test_localisation(seed):
    rng = np.random.default_rng(seed)
    values, target = rng.normal(size=SHAPE), np.zeros(SHAPE, bool)
    target[5 + seed : 20, 3 : 30 - seed] = True
    values += target  # it hits in some of the seeds
    found = relevance_metrics(values, EVERYWHERE, target, 1.0)
    for name, theirs in peer.localisation(values, target).items():
        assert found[name] == pytest.approx(theirs, abs=1e-6), name


def test_where_the_definitions_of_localisation_differ():
    """Equal values; a map that is level everywhere, Quantus refuses."""
    target = np.zeros((4, 4), bool)
    target[:2] = True
    values = np.zeros((4, 4))
    values[0, 0] = values[3, 3] = 1.0  # the maxima: one in the target, one beside it
    found, theirs = relevance_metrics(values, np.ones((4, 4), bool), target, 1.0), peer.localisation(values, target)
    assert theirs["pointing_game"] == 1 and found["pointing_game"] == 0.5
    beside = peer.localisation(values, ~target)["rank_accuracy"]
    assert theirs["rank_accuracy"] + beside == 1  # of the two, and six zeros that happen to be sorted first
    assert found["rank_accuracy"] == relevance_rank_accuracy(values, ~target) == 0.5
    with pytest.raises(AssertionError, match="uniformly distributed"):
        peer.localisation(np.full((4, 4), 0.5), target)
    assert pointing_game(np.full((4, 4), 0.5), target) == 0.5


def test_mass_accuracy_of_a_signed_map_has_no_bounds_in_quantus():
    """Why ours is of the positive part."""
    import quantus

    target = np.zeros((4, 4), bool)
    target[0] = True
    values = np.where(target, 1.0, -0.25)  # 4 inside, −3 outside
    signed = quantus.RelevanceMassAccuracy(normalise=False, disable_warnings=True)
    (theirs,) = peer.ask(signed, None, np.zeros((1, 4, 4), np.float32), values, target)
    assert theirs == pytest.approx(4.0)
    assert relevance_metrics(values, np.ones((4, 4), bool), target, 1.0)["mass_accuracy"] == 1.0


def test_numpy_is_left_as_it_was():
    before = hasattr(np, "trapz")
    with peer.numpy_as_it_was():
        assert np.trapz([1.0, 3.0]) == 2.0
    assert hasattr(np, "trapz") == before
