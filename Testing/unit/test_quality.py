"""The numbers of a region, by hand; and maps that are upside down, by hand and never where the organ is found."""

import numpy as np
import pytest

from XAICLIPLib.attribution.methods import Occlusion
from XAICLIPLib.case.request import Request
from XAICLIPLib.pipeline.explain import run
from XAICLIPLib.pipeline.locate import locate
from XAICLIPLib.roi.quality import avoids, pieces, prefers_air, quality, share

BODY = np.zeros((40, 50), bool)
BODY[5:35, 5:45] = True  # 1200 pixels
SEEN = np.ones((40, 50), bool)


def box(top, left, height, width):
    mask = np.zeros(BODY.shape, bool)
    mask[top : top + height, left : left + width] = True
    return mask


def test_the_numbers_of_a_region_by_hand():
    mask = box(10, 10, 6, 10) | box(30, 30, 10, 3)  # 60 pixels in the body; 15 in it and 15 below it
    probability = np.where(mask, 0.8, 0.1).astype(np.float32)
    probability[10, 10] = 0.95
    found = quality(mask, BODY, probability)
    assert found == {
        "share_of_slice": pytest.approx(90 / 2000),
        "share_of_body": pytest.approx(75 / 1200),
        "components": 2,
        "largest_similarity": pytest.approx(0.95),
        "similarity_inside": pytest.approx(0.8 + 0.15 / 90),
        "similarity_outside": pytest.approx(0.1),
    }
    without = quality(mask, BODY)
    assert without["components"] == 2 and without["similarity_inside"] is without["largest_similarity"] is None


def test_a_region_of_nothing_and_of_everything():
    nothing = quality(~SEEN, BODY, np.full(BODY.shape, 0.2, np.float32))
    assert (nothing["components"], nothing["share_of_body"], nothing["similarity_inside"]) == (0, 0.0, None)
    assert nothing["similarity_outside"] == pytest.approx(0.2)
    everything = quality(SEEN, BODY, np.full(BODY.shape, 0.2, np.float32))
    assert (everything["components"], everything["share_of_body"], everything["similarity_outside"]) == (1, 1.0, None)
    assert share(BODY, ~SEEN) == 0 and pieces(~SEEN) == 0


def test_a_map_that_prefers_the_air():
    inside = np.where(BODY, 0.9, 0.1)
    assert not prefers_air(inside, BODY, SEEN, 0.5) and prefers_air(1 - inside, BODY, SEEN, 0.5)
    small = np.where(box(10, 10, 4, 4), 0.0, 0.99)  # swapped: high in the whole body too
    assert prefers_air(small, BODY, SEEN, 0.5)
    assert not prefers_air(np.full(BODY.shape, 0.3), BODY, SEEN, 0.5)  # says nothing about any place
    assert not prefers_air(np.full(BODY.shape, 0.9), BODY, SEEN, 0.5)
    assert not prefers_air(1 - inside, BODY, BODY | box(0, 0, 1, 20), 0.5)  # hardly any air is seen
    assert not prefers_air(1 - inside, ~SEEN, SEEN, 0.5)


def test_a_map_that_avoids_what_the_model_predicts():
    organ = box(12, 15, 14, 16)
    assert avoids(np.where(organ, 0.1, 0.8), organ, (1.0, 1.0))
    assert not avoids(np.where(organ, 0.8, 0.1), organ, (1.0, 1.0))
    assert not avoids(np.where(organ, 0.45, 0.5), organ, (1.0, 1.0))  # too little to tell
    neighbour = np.where(box(12, 34, 14, 10), 0.9, 0.05)
    assert not avoids(neighbour, organ, (1.0, 1.0))
    assert not avoids(np.where(organ, 0.1, 0.8), organ & False, (1.0, 1.0))
    assert not avoids(np.where(box(12, 15, 3, 3), 0.1, 0.8), box(12, 15, 3, 3), (1.0, 1.0))  # stray pixels


ORGANS = ("liver", "spleen", "kidneys")


@pytest.mark.slow
def test_the_bundled_clip_is_the_right_way_up_on_the_phantom(phantom, models):
    found = locate(Request("p", ORGANS, device="cpu"), models=models, compare=True, scan=phantom[0])
    assert not [row["warnings"] for row in found.rows if "inverted" in row["warnings"]]


@pytest.mark.slow
@pytest.mark.parametrize("scan, slices", [("ct_3mm.nii.gz", "60:84"), ("ct_series", "6:10"), ("mr_3mm.nii.gz", "all")])
def test_the_bundled_clip_is_the_right_way_up_on_real_scans(real_scan, models, scan, slices):
    """Whether a slice holds the organs or not."""
    found = locate(Request(str(real_scan(scan)), ORGANS, slices=slices, device="cpu"), models=models, compare=True)
    assert not [(r["slice"], r["warnings"]) for r in found.rows if "inverted" in r["warnings"]]
    assert any(row["area_mm2"] > 1000 for row in found.rows)


@pytest.mark.slow
def test_a_planted_swap_is_found_in_the_whole_row(phantom, models, liver_slice):
    """A language model whose map is upside down: the region is used as it is, and every report says what to do."""

    class Swapped:
        def __init__(self, model):
            self._model = model

        def __getattr__(self, name):
            return getattr(self._model, name)

        def locate(self, seen, *given, **named):
            looked = seen.frame.to_slice(np.ones((seen.frame.size,) * 2, np.float32))
            return {name: looked - p for name, p in self._model.locate(seen, *given, **named).items()}

    class Upside:
        segmenter = models.segmenter

        @staticmethod
        def vision_language(spec, device):
            return Swapped(models.vision_language(spec, device))

    z = str(liver_slice)
    found = locate(Request("p", ("liver",), slices=z, device="cpu"), models=Upside, scan=phantom[0])
    assert "looks inverted" in found.rows[0]["warnings"] and "looks inverted" in found.report["warnings"][0]
    assert found.roi.voxels[liver_slice].mean() > 0.3
    explained = run(
        Request.of("p", ("liver",), method=Occlusion(128, 128, unit="px512"), slices=z, device="cpu", threshold=0.9),
        models=Upside,
        scan=phantom[0],
    ).warnings
    assert any("looks inverted, higher in the air" in w for w in explained)
