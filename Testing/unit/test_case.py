"""A case does not change: another request gives another one, of which nothing is stale."""

import numpy as np
import pytest
import torch

from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.regions import Regions
from XAICLIPLib.case.request import Request
from XAICLIPLib.case.settings import RegionSettings
from XAICLIPLib.errors import InputError


@pytest.fixture(scope="module")
def case(phantom):
    return Case(Request("s", ("liver",), device="cpu"), Models(), scan=phantom[0], reference=phantom[1])


def mine(batch):
    return torch.sigmoid(batch)


def test_what_follows_from_a_changed_setting_is_new(case):
    assert len(case.slices) > 1 and case.vary(slices="3").slices == (3,)
    other = case.vary(structures=("spleen",))
    assert other.channels != case.channels and not np.array_equal(other.references, case.references)
    assert case.vary(preset="ct-liver").preset.name == "ct-liver" != case.preset.name


def test_another_model_is_opened_although_the_first_one_is_open(case, phantom):
    assert case.segmenter.name == "bundled" and case.of_model(mine).segmenter.name == "mine"
    given = Case(Request("s", ("liver",), device="cpu", model="mine"), Models(), scan=phantom[0], model=mine)
    assert given.segmenter.name == "mine" and given.vary(model="bundled").segmenter.name == "bundled"


def test_what_a_change_does_not_touch_is_shared(case):
    assert case.vary(seed=3).scan is case.scan and case.vary(threshold=0.6).reference is case.reference
    assert case.vary(seed=3).segmenter is case.segmenter


def test_a_case_refuses_to_be_changed(case):
    with pytest.raises(AttributeError, match="does not change its slices"):
        case.slices = (1,)


def test_a_region_of_masks_needs_masks(case):
    regions = Regions(case.scan, case.structures, RegionSettings(source="labels.nrrd"), case.similarities)
    with pytest.raises(InputError, match="region 'labels.nrrd' needs the masks that it stands for"):
        regions.of([0])
