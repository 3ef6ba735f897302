"""What the saliency shows: the drop of the score, or which places the rest of a structure hangs on."""

import numpy as np
import pytest
import torch
from scipy import ndimage

import XAICLIPLib as xai
from XAICLIPLib.errors import InputError

HALF = 8  # pixels of the gate, to either side


@pytest.fixture(scope="module")
def middle(phantom, liver_slice):
    """A pixel deep inside the phantom's liver."""
    inside = ndimage.distance_transform_edt(phantom[1].slices[liver_slice] == 5)  # TotalSegmentator's number
    return np.unravel_index(inside.argmax(), inside.shape)


@pytest.fixture(scope="module")
def runs(phantom, liver_slice, middle):
    at = tuple(slice(m - HALF, m + HALF) for m in middle)

    def gated(batch):
        """What is as bright as the liver, and nothing of it without a small place inside it."""
        drawn = torch.sigmoid((batch - 90) / 5)
        gate = drawn[(..., *at)].mean((2, 3), keepdim=True)
        return drawn * torch.sigmoid(12 * (gate - 0.5))

    def run(**more):
        return xai.explain(
            phantom[0], ["liver"], xai.Occlusion(32, 16, fill=-100), "full", model=gated, slices=str(liver_slice),
            device="cpu", evidence="none", **more,
        )  # fmt: skip

    return run(), run(part="remote"), run(influence=False)


def test_the_drop_is_the_same_whatever_is_shown_or_kept(runs):
    for other in runs[1:]:
        assert np.array_equal(runs[0].drop.voxels, other.drop.voxels)
    assert not runs[2].records and runs[0].records


def test_the_remote_part_shows_the_gate(runs, liver_slice, middle):
    total, remote, _ = (run.saliency.slices[liver_slice] for run in runs)
    rows, columns = np.nonzero(remote >= 0.99 * remote.max())
    assert remote.max() == pytest.approx(1.0) and not np.array_equal(total, remote)
    assert abs(rows.mean() - middle[0]) <= 16 and abs(columns.mean() - middle[1]) <= 16
    assert np.array_equal(runs[2].saliency.voxels, runs[0].saliency.voxels)


def test_what_has_no_remote_effect_shows_its_drop(phantom, liver_slice):
    run = xai.explain(
        phantom[0], ["liver"], xai.Occlusion(64, 64, fill=-100), "full", slices=str(liver_slice), device="cpu",
        evidence="none", model=lambda batch: torch.sigmoid((batch - 90) / 5), part="remote",
    )  # fmt: skip
    assert run.saliency.voxels.max() == pytest.approx(1.0) and run.rows[0].remote_loss <= 1e-6


def test_without_a_record_there_is_nothing_remote_to_show(phantom):
    with pytest.raises(InputError, match="switched off; keep it on"):
        xai.explain(phantom[0], ["liver"], influence=False, part="remote")
    with pytest.raises(InputError, match="choose one of total, remote"):
        xai.explain(phantom[0], ["liver"], part="own")
