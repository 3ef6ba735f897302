"""Maps against lost weights, other seeds and other fills."""

import numpy as np
import pytest
import torch

from XAICLIPLib.errors import ModelError
from XAICLIPLib.metrics.randomisation import cascade, randomised, rank_correlation, structural_similarity
from XAICLIPLib.models.base import Context, adapted
from XAICLIPLib.models.bundled import BundledSegmenter

RNG = np.random.default_rng(3)
MAP = RNG.normal(size=(16, 18))
EVERYWHERE = np.ones(MAP.shape, bool)


def test_maps_agree_by_rank_where_both_say_something():
    assert rank_correlation(MAP, np.exp(MAP), EVERYWHERE) == pytest.approx(1)
    assert rank_correlation(MAP, -MAP, EVERYWHERE) == pytest.approx(-1)
    half = EVERYWHERE.copy()
    half[8:] = False
    other = np.where(half, MAP, RNG.normal(size=MAP.shape))
    assert rank_correlation(MAP, other, half) == pytest.approx(1)
    assert rank_correlation(MAP, other, EVERYWHERE) < 0.9
    assert abs(rank_correlation(MAP, RNG.normal(size=MAP.shape), EVERYWHERE)) < 0.2
    assert rank_correlation(MAP, MAP * 1e-4, EVERYWHERE) == 0  # a flat map agrees with none


def test_structural_similarity_of_maps():
    assert structural_similarity(MAP, 3 * MAP, EVERYWHERE) == pytest.approx(1)
    assert structural_similarity(MAP, RNG.normal(size=MAP.shape), EVERYWHERE) < 0.3
    assert structural_similarity(MAP, MAP * 0, EVERYWHERE) == 0


@pytest.fixture(scope="module")
def bundled():
    return BundledSegmenter(torch.device("cpu"))


@pytest.fixture(scope="module")
def image(bundled, phantom, liver_slice):
    slice_ = phantom[0].voxels[liver_slice].astype(np.float32)
    return bundled.prepare(slice_, Context("CT", (3.0, 3.0))).image[None]


@pytest.mark.slow
def test_a_randomised_copy_leaves_the_model_as_it_is(bundled, image):
    before = bundled.predict(image)
    weights = {name: w.clone() for name, w in bundled._network.state_dict().items()}
    twin = randomised(bundled, seed=1)
    lost = twin.predict(image)
    assert (lost - before).abs().max() > 0.3
    assert torch.equal(bundled.predict(image), before)
    assert all(torch.equal(w, weights[name]) for name, w in bundled._network.state_dict().items())
    assert torch.equal(randomised(bundled, seed=1).predict(image), lost)
    assert not torch.equal(randomised(bundled, seed=2).predict(image), lost)


def test_the_cascade_goes_from_the_output_to_the_input(bundled):
    before = bundled._network.state_dict()
    lost = []
    for _, twin in cascade(bundled):
        after = twin._network.state_dict()
        lost.append({name for name, w in after.items() if not torch.equal(w, before[name])})
    assert lost[0] == {"head.weight", "head.bias"}
    assert all(a < b for a, b in zip(lost, lost[1:])) and lost[-1] == set(before)
    assert not any(name.startswith("encoder.0") for name in lost[-2])


def test_the_scale_of_a_layer_stays(bundled):
    twin = randomised(bundled)
    for name, weight in bundled._network.state_dict().items():
        if weight.numel() > 1000:
            assert twin._network.state_dict()[name].std() == pytest.approx(float(weight.std()), rel=0.15)


def test_a_black_box_is_not_randomised():
    class Box:
        name, targets, spatial_dims, provenance = "box", ("liver",), 2, {}
        prepare = predict = staticmethod(lambda *given: None)

    box = Box()
    assert adapted(box).network is None and randomised(adapted(box)) is None and list(cascade(adapted(box))) == []
    with pytest.raises(ModelError, match="box does not show its network"):
        adapted(box).with_network(torch.nn.Identity())
    box.network = torch.nn.Identity()  # a network without weights
    assert randomised(adapted(box)) is None


def test_the_network_of_a_users_own_class_is_randomised():
    class Own:
        name, targets, spatial_dims = "own", ("liver",), 2

        def __init__(self):
            self._network, self.provenance = torch.nn.Conv2d(1, 1, 3, padding=1), {"family": "own"}

        def prepare(self, image, context):
            raise NotImplementedError

        def predict(self, batch):
            return self._network(batch).sigmoid()

    own, image = Own(), torch.rand(1, 1, 8, 8)
    before = own.predict(image)
    lost = randomised(adapted(own))
    assert not torch.equal(lost.predict(image), before) and torch.equal(own.predict(image), before)
    assert lost.provenance == own.provenance and lost.provenance is not own.provenance
