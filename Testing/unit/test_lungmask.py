"""lungmask's models against the package `lungmask`, on checkpoints that its own class writes.

The weights are random, with the last layer scaled so that every label is the likeliest somewhere.
"""

import numpy as np
import pytest
import torch

from Testing.unit.agreement import differs
from XAICLIPLib import anatomy
from XAICLIPLib.errors import WeightsError
from XAICLIPLib.models.base import Context
from XAICLIPLib.models.detect import family_of
from XAICLIPLib.models.load import open_segmenter
from XAICLIPLib.models.lungmask import segmenter as lungmask_segmenter
from XAICLIPLib.models.lungmask.network import LungUNet
from XAICLIPLib.models.lungmask.prepare import body_box
from XAICLIPLib.phantom import make_phantom

pytestmark = pytest.mark.slow
NARROW = 3  # 8 channels instead of 64: the layers and their names are the same


@pytest.fixture(scope="module")
def scan():
    """Six slices through chest and abdomen, whole HU as most files have them."""
    voxels = make_phantom(0, shape=(6, 150, 170), spacing=(2.4, 2.4, 40.0))[0].voxels
    assert np.issubdtype(voxels.dtype, np.integer)
    return voxels


def network_of(classes, seed, width=NARROW):
    """lungmask's own class, every label the likeliest somewhere in an image of noise and edges."""
    resunet = pytest.importorskip("lungmask.resunet")
    torch.manual_seed(seed)
    settings = {"padding": True, "depth": 5, "up_mode": "upsample", "batch_norm": True, "residual": False}
    network = resunet.UNet(n_classes=classes, wf=width, **settings).eval().requires_grad_(False)
    rows, columns = torch.meshgrid(torch.linspace(0, 1, 64), torch.linspace(0, 1, 64), indexing="ij")
    image = (0.5 * torch.rand(1, 1, 64, 64) + 0.5 * (rows * columns)).round(decimals=1)
    features = []
    network.last.register_forward_pre_hook(lambda _, inputs: features.append(inputs[0]))
    network(image)
    network.last._forward_pre_hooks.clear()
    spread = features[0].std((0, 2, 3), keepdim=True)
    network.last.weight.normal_().div_(spread[0, :, 0, 0][None, :, None, None] + 1e-6)
    network.last.weight.mul_(5)  # as sure of its labels as a trained one
    network.last.bias.sub_(network.last(features[0]).mean((0, 2, 3)))
    return network


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory):
    """Narrow stand-ins of both kinds where lungmask keeps them, as its own package names and writes them."""
    home = tmp_path_factory.mktemp("torch")
    place = home / "hub" / "checkpoints"
    place.mkdir(parents=True)
    networks = {"R231": network_of(3, 1), "LTRCLobes": network_of(6, 2)}
    for name, network in networks.items():
        torch.save(network.state_dict(), place / lungmask_segmenter.FILES[name][0])
    return home, networks


@pytest.fixture
def home(checkpoints, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(checkpoints[0]))
    return checkpoints[0] / "hub" / "checkpoints"


def inferer(network, fill=None, postprocessing=False):
    """The package's own program, without what it reads from the network."""
    from lungmask.mask import LMInferer

    own = LMInferer.__new__(LMInferer)
    own.model, own.fillmodelm, own.fillmodel = network, fill, "R231" if fill else None
    own.batch_size, own.device, own.tqdm_disable = 2, torch.device("cpu"), True
    own.modelname, own.volume_postprocessing = "LTRCLobes" if fill else "R231", postprocessing
    return own


def explained(segmenter, scan, z):
    """Probabilities (K, H, W) of a slice, as a case asks for them."""
    prepared = segmenter.prepare(scan[z].astype(np.float32), Context("CT", (2.4, 2.4), volume=scan, index=z))
    return prepared, prepared.grid.to_slice(segmenter.predict(prepared.image[None])[0].numpy())


@pytest.mark.parametrize("name", ["R231", "LTRCLobes"])
def test_the_labels_are_the_packages_own(name, scan, checkpoints, home):
    """Slice by slice, without its clean-up of whole volumes: the same label wherever one reaches one half."""
    utils = pytest.importorskip("lungmask.utils")
    network = checkpoints[1][name]
    expected = inferer(network)._inference(scan, network)
    segmenter = open_segmenter(f"lungmask:{name}", "cpu")
    assert anatomy.match("lungs", segmenter.targets) == segmenter.targets
    work, boxes = utils.preprocess(scan, [256, 256])
    seen = set()
    for z in range(len(scan)):
        prepared, found = explained(segmenter, scan, z)
        rows, columns = prepared.grid.box
        assert (rows.start, columns.start, rows.stop, columns.stop) == tuple(boxes[z])
        image = torch.as_tensor(np.divide(work[z] + 1024, 1624), dtype=torch.float32)
        assert torch.equal(prepared.image[0], image)
        own = network(image[None, None]).exp()[:, 1:]
        assert differs(segmenter.predict(prepared.image[None]), own) <= 1e-5
        for k in range(len(segmenter.targets)):
            mask = found[k] > 0.5
            assert (expected[z][mask] == k + 1).all()
            seen |= {k} if mask.any() else set()
        # where no label has one half, the likeliest may still be one: the rest must be background in both
        sure = (found.max(0) > 0.5) | (1 - found.sum(0) > 0.5)
        assert np.array_equal((expected[z] > 0)[sure], (found.max(0) > 0.5)[sure])
    assert len(seen) >= 2


def test_the_full_width_is_the_packages_own(scan, tmp_path):
    """The architecture as published, 64 to 1024 channels, read by the package itself."""
    get_model = pytest.importorskip("lungmask.mask").get_model
    torch.save(network_of(3, 3, width=6).state_dict(), tmp_path / "unet_mine.pth")
    segmenter = open_segmenter(str(tmp_path / "unet_mine.pth"), "cpu")
    assert segmenter.provenance["recognised"].startswith("lungmask")
    image = segmenter.prepare(scan[3].astype(np.float32), Context("CT")).image[None, :, 96:144, 96:144]
    with torch.inference_mode():
        own = get_model("", str(tmp_path / "unet_mine.pth"))(image).exp()[:, 1:]
    assert differs(segmenter.predict(image), own) <= 1e-5


def test_the_fusion_is_the_packages_own_but_for_its_volume(scan, checkpoints, home):
    """A lobe where the lobes' model says so and the lungs' model says lung, before volumes are cleaned up."""
    lobes, lungs = checkpoints[1]["LTRCLobes"], checkpoints[1]["R231"]
    by_lobes, by_lungs = (inferer(n)._inference(scan, n) for n in (lobes, lungs))
    segmenter = open_segmenter("lungmask:LTRCLobes_R231", "cpu")
    assert "unet_ltrclobes" in segmenter.provenance["file"] and "unet_r231" in segmenter.provenance["file"]
    agreed, size = 0, 0
    for z in range(len(scan)):
        prepared, found = explained(segmenter, scan, z)
        for k in range(5):
            mine, own = found[k] > 0.5, (by_lobes[z] == k + 1) & (by_lungs[z] > 0)
            assert own[mine].all()
            agreed, size = agreed + 2 * int((mine & own).sum()), size + int(mine.sum() + own.sum())
    assert agreed / size > 0.8
    assert any("belong to no lobe here" in note for note in prepared.notes)


def test_what_is_not_applied_and_what_is_not_as_published_is_said(scan, home):
    segmenter = open_segmenter("lungmask:r231", "cpu")
    notes = segmenter.prepare(scan[2].astype(np.float32), Context("MR")).notes
    assert any("keeps only the largest piece" in note for note in notes)
    assert any("trained on CT; this scan is MR" in note for note in notes)
    assert any("not the file that lungmask published" in note for note in notes)


def test_a_region_and_a_map_lie_where_the_image_does(scan):
    """A mask goes to the work grid and back; outside the box stands what was asked for."""
    segmenter = lungmask_segmenter.LungmaskSegmenter(LungUNet(3, 4), ("a", "b"), "x", torch.device("cpu"))
    prepared = segmenter.prepare(scan[3].astype(np.float32), Context("CT"))
    rows, columns = prepared.grid.box
    mask = np.zeros(scan.shape[1:], bool)
    mask[rows.start + 20 : rows.stop - 30, columns.start + 40 : columns.stop - 20] = True
    back = prepared.grid.to_slice(prepared.grid.mask_to_work(mask).astype(np.float32)[None], outside=7.0)[0]
    inside = np.zeros_like(mask)
    inside[prepared.grid.box] = True
    assert (back[~inside] == 7).all() and ((back == 1) == mask)[inside].mean() > 0.98
    assert prepared.value(-2000) == 0 and prepared.value(600) == 1 and 0.62 < prepared.value(0) < 0.64


def test_an_empty_slice_is_taken_whole():
    assert body_box(np.full((40, 50), -1000)) == (slice(0, 40), slice(0, 50))


def test_what_can_not_be_opened_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    for spec, says in (("R231", "run lungmask once with --modelname R231"), ("no.pth", "no.pth is not there")):
        with pytest.raises(WeightsError, match=says):
            open_segmenter(f"lungmask:{spec}", "cpu")
    state = LungUNet(3, 4).state_dict()
    whole = tmp_path / "unet.pth"
    torch.save(state, whole)
    assert family_of(whole) == f"lungmask:{whole}"
    half = tmp_path / "half.pth"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    other = tmp_path / "other.pth"
    torch.save({"conv.weight": torch.zeros(3, 3)}, other)
    lacking = tmp_path / "lacking.pth"
    torch.save({k: v for k, v in state.items() if not k.startswith("up_path.2")}, lacking)
    for file, says in ((half, "get the file again"), (other, "is no checkpoint of lungmask"), (lacking, "missing")):
        with pytest.raises(WeightsError, match=says):
            open_segmenter(f"lungmask:{file}", "cpu")


def test_the_wrong_file_under_a_published_name_is_not_fused(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    place = tmp_path / "hub" / "checkpoints"
    place.mkdir(parents=True)
    for name in ("R231", "LTRCLobes"):
        torch.save(LungUNet(3, 4).state_dict(), place / lungmask_segmenter.FILES[name][0])
    with pytest.raises(WeightsError, match="segments 2 structures instead of 5"):
        open_segmenter("lungmask:LTRCLobes_R231", "cpu")
