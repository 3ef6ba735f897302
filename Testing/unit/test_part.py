"""What the saliency shows: the drop of the score, or which places the rest of a structure hangs on."""

import numpy as np
import pytest
import torch
from scipy import ndimage

import XAICLIPLib as xai
from XAICLIPLib.errors import InputError
from XAICLIPLib.metrics.findings import REMOTE

HALF = 8  # pixels of the gate, to either side


@pytest.fixture(scope="module")
def middle(phantom, liver_slice):
    """A pixel deep inside the phantom's liver."""
    inside = ndimage.distance_transform_edt(phantom[1].slices[liver_slice] == 5)  # TotalSegmentator's number
    return np.unravel_index(inside.argmax(), inside.shape)


@pytest.fixture(scope="module")
def explained(phantom, liver_slice, middle):
    """By a model of two organs: the liver hangs on a small place inside it, the spine on nothing else."""
    at = tuple(slice(m - HALF, m + HALF) for m in middle)

    def gated(batch):
        drawn, bones = torch.sigmoid((batch - 90) / 5), torch.sigmoid((batch - 200) / 5)
        gate = drawn[(..., *at)].mean((2, 3), keepdim=True)
        return torch.cat([drawn * torch.sigmoid(12 * (gate - 0.5)), bones], 1)

    gated.targets = ("liver", "spine")
    runs = {}

    def explain(structures=("liver",), **more):
        key = (structures, *more.items())
        if key not in runs:
            runs[key] = xai.explain(
                phantom[0], list(structures), xai.Occlusion(32, 16, fill=-100), "full", model=gated,
                slices=str(liver_slice), device="cpu", evidence="none", **more,
            )  # fmt: skip
        return runs[key]

    return explain


def test_the_drop_and_its_numbers_are_the_same_whatever_is_shown_or_kept(explained):
    paper = explained(part="total")
    for other in (explained(), explained(part="remote"), explained(influence=False)):
        assert np.array_equal(paper.drop.voxels, other.drop.voxels)
        assert other.rows[0].largest_drop == paper.rows[0].largest_drop
        assert other.rows[0].as_dict()["iou_0.4"] == paper.rows[0].as_dict()["iou_0.4"], "of the drop, as in the paper"
    assert not explained(influence=False).records and paper.records


def test_the_remote_map_is_shown_where_a_place_matters_for_the_rest(explained, liver_slice, middle):
    total, remote = (run.saliency.slices[liver_slice] for run in (explained(part="total"), explained()))
    rows, columns = np.nonzero(remote >= 0.99 * remote.max())
    assert remote.max() == pytest.approx(1.0) and not np.array_equal(total, remote)
    assert abs(rows.mean() - middle[0]) <= 16 and abs(columns.mean() - middle[1]) <= 16
    assert np.array_equal(explained(part="remote").saliency.slices[liver_slice], remote)
    assert np.array_equal(explained(influence=False).saliency.slices[liver_slice], total), "nothing else is known"
    assert explained().report["saliency"]["liver"]["shows"] == "remote"
    assert explained().report["saliency"]["liver"]["largest"] == pytest.approx(
        explained().influence.why("reference").max(), abs=1e-5
    )


def test_what_hangs_on_nothing_else_shows_its_drop_beside_one_that_does(explained):
    both = explained(("liver", "spine"))
    assert [both.report["saliency"][name]["shows"] for name in ("liver", "spine")] == ["remote", "total"]
    paper = explained(("liver", "spine"), part="total")
    assert np.array_equal(both.saliencies["spine"].voxels, paper.saliencies["spine"].voxels)
    assert both.saliencies["liver"].voxels.max() == pytest.approx(1.0)


def test_asked_for_a_remote_map_that_is_empty_it_is_empty_and_never_made_to_look_large(explained):
    run = explained(("liver", "spine"), part="remote")
    loss = run.influence.why("reference", "spine").max()
    assert run.saliencies["spine"].voxels.max() == pytest.approx(loss / REMOTE if loss >= 1e-6 else 0, abs=1e-3)
    assert run.saliencies["spine"].voxels.max() < 0.1 < run.drops["spine"].voxels.max()


def test_without_a_record_there_is_nothing_remote_to_show(phantom):
    with pytest.raises(InputError, match="switched off; keep it on"):
        xai.explain(phantom[0], ["liver"], influence=False, part="remote")
    with pytest.raises(InputError, match="choose one of auto, total, remote"):
        xai.explain(phantom[0], ["liver"], part="own")
