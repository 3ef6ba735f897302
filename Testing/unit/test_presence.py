"""Whether a structure is in a scan at all: what is denied, what is not, and what is said."""

import numpy as np
import pytest

import XAICLIPLib as xai
from XAICLIPLib.errors import Unsuitable
from XAICLIPLib.phantom import make_phantom
from XAICLIPLib.pipeline.locate import locate
from XAICLIPLib.roi.presence import agreement, evidence_of_map, presence_in_volume, probability_of


def test_evidence_of_a_map_is_area_sureness_and_what_one_square_centimetre_exceeds():
    probability = np.zeros((20, 20))
    probability[:4, :5] = 0.9  # 20 pixels of 10 mm2: 2 cm2
    probability[10, 10] = 1.0  # one pixel is no square centimetre
    area, sure, high = evidence_of_map(probability, 10.0)
    assert area == pytest.approx(np.log1p(2.1))
    assert sure == pytest.approx((20 * 0.9 + 1) / 21) and high == pytest.approx(0.9)
    assert evidence_of_map(np.zeros((8, 8)), 4.0) == (0.0, 0.0, 0.0)


def test_agreement_is_dice_and_nothing_agrees_with_nothing():
    a, b = np.zeros((2, 10, 10))
    a[:5], b[:, :5] = 0.8, 0.7
    assert agreement(a, b) == pytest.approx(0.5)
    assert agreement(a * 0, b * 0) == 0


def test_one_slice_alone_is_not_believed_where_slices_are_thin():
    thin = {z: 0.01 for z in range(20)} | {7: 1.0}
    assert presence_in_volume(thin, 3.0) == pytest.approx((1 + 3 * 0.01) / 4)
    assert presence_in_volume(thin, 12.0) == pytest.approx(1.0)
    assert presence_in_volume({3: 0.7}, 3.0) == pytest.approx(0.7) and presence_in_volume({}, 3.0) == 0.0


def test_the_probability_is_a_sigmoid_of_the_weighted_sum():
    assert probability_of([1.0, 2.0], [0.5, -1.0, 1.5]) == pytest.approx(0.5)
    assert probability_of([100.0], [9.0, 0.0]) == pytest.approx(1.0)


@pytest.fixture(scope="module")
def head():
    scan, _ = make_phantom(9003, (10, 128, 128), (3.0, 3.0, 18.0), part="head", varied_anatomy=True)
    return scan


@pytest.fixture(scope="module")
def pelvis():
    scan, _ = make_phantom(9001, (8, 128, 128), (3.2, 3.2, 20.0), part="pelvis", varied_anatomy=True)
    return scan


def test_who_asks_for_a_liver_in_a_pelvis_is_told_that_there_is_none(pelvis):
    with pytest.raises(
        Unsuitable, match=r"no liver in this scan: presence 0\.0\d, as the bundled models see it;.*--anyway"
    ):
        xai.explain(pelvis, "liver", evidence="none")


def test_a_structure_that_is_there_beside_one_that_is_not_goes_on_with_a_warning(phantom):
    scan = phantom[0]
    found = locate(xai.Request("phantom", ("lung", "liver"), slices="0:4"), scan=scan)
    presence = found.report["presence"]
    assert presence["lung"]["volume"] < 0.1 < 0.5 < presence["liver"]["volume"] or presence["lung"]["volume"] > 0.5
    if presence["lung"]["volume"] < 0.1:
        assert any(w.startswith("probably no lungs in these slices: presence 0.0") for w in found.report["warnings"])
    assert not found.report["unsuitable"]


def test_words_alone_locate_and_nothing_is_said_of_what_the_pair_was_not_taught(phantom):
    found = locate(xai.Request("phantom", ("liver", "pancreas"), slices="5"), scan=phantom[0])
    assert list(found.report["presence"]) == ["liver"]
    liver = found.report["presence"]["liver"]
    assert liver["volume"] > 0.9 and liver["words"] == liver["volume"] and "model" not in liver
    assert list(liver["slices"]) == ["5"]


def test_other_models_are_not_asked(phantom):
    explanation = xai.explain(
        phantom[0], "liver", model=lambda b: (b > 0.6).float(), region="prediction", slices=5, evidence="none",
    )  # fmt: skip
    assert explanation.report["presence"] == {}
