"""A mask that somebody has against the model's own prediction: the numbers of two discs, and what is refused."""

import numpy as np
import pytest
import torch

from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import Cancelled, InputError
from XAICLIPLib.metrics.overlap import dice
from XAICLIPLib.pipeline.agreement import MOST_SLICES, agreement
from XAICLIPLib.volume import Volume

SHAPE = (20, 32, 32)


def bright(batch):
    return torch.sigmoid((batch - 90) / 2)


bright.targets = ("liver",)


def block(rows):
    """A scan with something bright in it, and where that is."""
    there = np.zeros(SHAPE, bool)
    there[2:18, rows[0] : rows[1], 8:20] = True
    return there


@pytest.fixture
def scan():
    return Volume(np.where(block((8, 20)), 150, 0).astype(np.int16), spacing=(2, 2, 4), modality="CT")


def ask(scan, mask, **more):
    request = Request.of(scan="scan", structures=("liver",), region="full", device="cpu", slices="auto")
    return agreement(request, scan.like(mask.astype(np.uint8)), scan=scan, model=bright, **more)


def test_the_same_mask_is_the_same(scan):
    found = ask(scan, block((8, 20)))
    assert found.dice == 1.0 and found.is_same and found.structure == "liver"
    assert found.total == 16 and len(found.slices) == MOST_SLICES and found.mask_voxels == found.predicted_voxels
    assert found.slices[0] == 2 and found.slices[-1] == 17, "spread over the whole mask"


def test_another_mask_has_the_dice_of_the_two(scan):
    other = block((12, 24))
    found = ask(scan, other)
    chosen = list(found.slices)
    assert found.dice == pytest.approx(dice(block((8, 20))[chosen], other[chosen])) and not found.is_same


def test_a_scan_stored_from_the_head_is_compared_in_its_place(scan):
    turned = Volume(
        scan.voxels[::-1].copy(), spacing=scan.spacing, origin=scan.origin,
        direction=(1, 0, 0, 0, 1, 0, 0, 0, -1), modality="CT",
    )  # fmt: skip
    half = block((8, 20))
    half[10:] = False
    assert ask(turned, half[::-1]).dice == 1.0
    assert ask(turned, half[::-1]).slices == tuple(range(2, 10)), "counted from the feet"


def test_what_can_not_be_compared_is_said(scan):
    with pytest.raises(InputError, match="empty"):
        ask(scan, np.zeros(SHAPE))
    request = Request.of(scan="scan", structures=("liver",), region="full", device="cpu")
    with pytest.raises(InputError, match="another grid"):
        agreement(request, Volume(np.ones((2, 3, 4), np.uint8)), scan=scan, model=bright)


def test_it_can_be_stopped(scan):
    def stop(done, total, message):
        if done:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        ask(scan, block((8, 20)), progress=stop)
