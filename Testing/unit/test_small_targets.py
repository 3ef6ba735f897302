"""Small structures are explained in their own slices and not denied: lesions, small animals, single voxels."""

import numpy as np
import pytest
import torch

import XAICLIPLib as xai
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import InputError
from XAICLIPLib.pipeline.plan import plan
from XAICLIPLib.volume import Volume

FAST = xai.Occlusion(128, 128, unit="px512")


def bright(batch):
    """Two structures: what is brighter than 50, and what is brighter than 500."""
    return torch.cat([(batch > 50) & (batch < 500), batch > 500], 1).float()


bright.targets = ("liver", "spleen")


def scan_with(shape, spacing, radius_mm=0.0, voxels=(), value=100.0):
    """A cylinder of water in air, with a ball in its middle, or single voxels, of some value."""
    z, y, x = np.meshgrid(*[np.arange(n) for n in shape], indexing="ij")
    out = np.full(shape, -1000.0, np.float32)
    out[((y - shape[1] / 2) / (0.42 * shape[1])) ** 2 + ((x - shape[2] / 2) / (0.42 * shape[2])) ** 2 <= 1] = 0
    if radius_mm:
        distance = sum(((a - n // 2) * s) ** 2 for a, n, s in zip((z, y, x), shape, spacing[::-1]))
        out[distance <= radius_mm**2] = value
    for place in voxels:
        out[place] = value
    return Volume(out, spacing, modality="CT")


def explain(scan, structures=("liver",), **more):
    return xai.explain(
        scan, list(structures), FAST, region="prediction", model=bright, evidence="none", device="cpu", **more
    )


KINDS = {
    "lesion of 10 mm": ((12, 64, 64), (1.0, 1.0, 3.0), 5.0, ()),
    "mouse": ((12, 64, 64), (0.05, 0.05, 0.05), 0.4, ()),
    "one voxel": ((6, 64, 64), (2.0, 2.0, 5.0), 0.0, ((3, 30, 30),)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_small_target_is_explained_where_it_is(kind):
    shape, spacing, radius, voxels = KINDS[kind]
    scan = scan_with(shape, spacing, radius, voxels)
    areas = ((scan.voxels > 50) & (scan.voxels < 500)).sum((1, 2))
    wanted = np.flatnonzero((areas > 0) & (areas >= 0.1 * areas.max())).tolist()
    found = explain(scan)
    assert found.report["slices"]["explained"] == wanted
    largest = areas.max() * spacing[0] * spacing[1]
    [note] = [w for w in found.warnings if w.startswith("liver: the prediction is no larger than")]
    assert f"{largest:.3g} mm2 in any slice" in note and "100 mm2" in note
    assert any("10 mm round the prediction fill the slice" in w for w in found.warnings) == (kind == "mouse")
    request = Request("s", ("liver",), FAST, region="prediction", device="cpu", evidence="none")
    assert plan(request, scan=scan, model=bright).slices == len(wanted)


def test_stray_pixels_beside_a_small_target_are_left_out():
    scan = scan_with((12, 64, 64), (1.0, 1.0, 3.0), 5.0, ((0, 20, 20),))
    assert 0 not in explain(scan).report["slices"]["explained"]


def test_slices_that_are_large_enough_are_the_only_ones():
    """As before there were small targets: a large structure leaves its own small slices out, and says nothing."""
    scan = scan_with((12, 64, 64), (2.0, 2.0, 4.0), 16.0)
    areas = (scan.voxels > 50).sum((1, 2)) * 4.0
    assert (areas > 100).any() and ((areas > 0) & (areas <= 100)).any()
    found = explain(scan)
    assert found.report["slices"]["explained"] == np.flatnonzero(areas > 100).tolist()
    assert not any("no larger than" in w for w in found.warnings)


def test_a_small_structure_beside_a_large_one_is_named_with_its_slices():
    scan = scan_with((12, 64, 64), (2.0, 2.0, 4.0), 16.0)
    scan.voxels[0, 30:32, 30] = 900.0
    found = explain(scan, ("liver", "spleen"))
    areas = ((scan.voxels > 50) & (scan.voxels < 500)).sum((1, 2)) * 4.0
    assert found.report["slices"]["explained"] == np.flatnonzero(areas > 100).tolist()
    assert any("spleen: the prediction is no larger than 8 mm2 in any slice" in w and "slices 0, or 0:1" in w
               for w in found.warnings)  # fmt: skip
    assert any("found in no explained slice: spleen" in w for w in found.warnings)


def test_a_small_reference_is_explained_and_nothing_at_all_is_refused():
    scan = scan_with((6, 64, 64), (1.0, 1.0, 3.0), 5.0)
    truth = scan.like((scan.voxels > 50).astype(np.uint8), "truth")
    found = explain(scan, reference=truth)
    assert found.summary[0]["score"] == 1 and any("the reference is no larger than" in w for w in found.warnings)
    with pytest.raises(InputError, match="the model finds none of the structures"):
        explain(scan_with((6, 64, 64), (1.0, 1.0, 3.0)))


def test_a_model_of_volumes_is_asked_alike():
    def volume(batch):
        return (batch > 50).float()

    volume.targets, volume.spatial_dims = ("liver",), 3
    scan = scan_with((8, 32, 32), (0.1, 0.1, 0.1), 0.5)
    method = xai.Occlusion(8, 8, unit="pixel")
    found = xai.explain(scan, ["liver"], method, region="prediction", model=volume, evidence="none", device="cpu")
    areas = (scan.voxels > 50).sum((1, 2))
    assert set(found.report["slices"]["explained"]) >= set(np.flatnonzero(areas >= 0.1 * areas.max()).tolist())
    assert any("no larger than" in w for w in found.warnings)
