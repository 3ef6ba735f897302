"""Every family on every device that is here: the same answer as on the CPU, in its own place, for any batch.

On a machine without a graphics card the CPU's half still runs, so that these tests are known to work.
"""

import numpy as np
import pytest
import torch
from modelfiles import DECLARED, bundled_unet, declare, to_onnx

from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.errors import ResourceError
from XAICLIPLib.models import memory
from XAICLIPLib.models.base import Context, Prompt
from XAICLIPLib.models.device import available_devices, choose_device, on_device
from XAICLIPLib.models.load import open_segmenter
from XAICLIPLib.models.lungmask.network import LungUNet
from XAICLIPLib.models.sam import attention as sam_attention
from XAICLIPLib.models.sam import precision as sam_precision
from XAICLIPLib.phantom import make_phantom

pytestmark = pytest.mark.slow

CUDA = pytest.param(
    "cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device here")
)
DEVICES = ["cpu", CUDA]
FAMILIES = (
    "bundled",
    "sam",
    "medsam",
    "litemedsam",
    "nnunet",
    "monai",
    "lungmask",
    "medsam2",
    "torchscript",
    "torchexport",
    "onnx",
)


@pytest.fixture(autouse=True)
def exact():
    """Convolutions in full single precision: TF32 alone would differ by 1e-3."""
    before = torch.backends.cudnn.allow_tf32
    torch.backends.cudnn.allow_tf32 = False
    yield
    torch.backends.cudnn.allow_tf32 = before


def write_sam(place):
    pytest.importorskip("segment_anything")
    from test_sam import small_sam

    torch.save(small_sam().state_dict(), place / "sam.pth")
    return place / "sam.pth"


def write_litemedsam(place):
    pytest.importorskip("segment_anything")
    from test_tinyvit import NARROW, network_of

    torch.save(network_of("litemedsam", NARROW).state_dict(), place / "lite.pth")
    return place / "lite.pth"


def write_medsam2(place):
    pytest.importorskip("segment_anything")
    from test_sam2 import tiny_state

    torch.save({"model": tiny_state()}, place / "MedSAM2_latest.pt")
    return place / "MedSAM2_latest.pt"


def write_nnunet(place):
    pytest.importorskip("nnunetv2")
    from nnunetfolder import make_plans, write_model

    return write_model(place, make_plans((64, 64), (2.5, 2.5)))


def write_monai(place):
    pytest.importorskip("monai")
    from monaibundle import inference, metadata, write_bundle

    return write_bundle(place / "organs", inference(2, 2), metadata(2, ["background", "liver"]))


def write_lungmask(place):
    torch.manual_seed(0)
    torch.save(LungUNet(3, 8).state_dict(), place / "unet_r231.pth")
    return place / "unet_r231.pth"


def write_torchscript(place):
    torch.jit.save(torch.jit.trace(bundled_unet(), torch.rand(2, 1, 160, 160), check_trace=False), place / "unet.pt")
    declare(place / "unet.pt", **DECLARED)
    return place / "unet.pt"


def write_torchexport(place):
    shapes = ({0: torch.export.Dim("batch", min=1, max=32)},)
    program = torch.export.export(bundled_unet(), (torch.rand(2, 1, 160, 160),), dynamic_shapes=shapes)
    torch.export.save(program, place / "unet.pt2")
    declare(place / "unet.pt2", **DECLARED)
    return place / "unet.pt2"


def write_onnx(place):
    path = to_onnx(bundled_unet(), place / "unet.onnx", (1, 1, 160, 160), free=[0])
    declare(path, **{k: v for k, v in DECLARED.items() if k != "size"})
    return path


def write_totalsegmentator(place):
    pytest.importorskip("nnunetv2")
    pytest.importorskip("nibabel")
    from totalsegfolder import write_task

    from XAICLIPLib.models.totalsegmentator.tasks import find_task

    write_task(place / "nnunet" / "results", find_task("total", "fastest"), (16, 16, 16))
    return f"{place}:total:fastest"


def write_auto3dseg(place):
    pytest.importorskip("monai")
    from auto3dsegmodels import config_of, write_slicers

    return write_slicers(place / "organs-v1.0.0", config_of())


def write_monailabel(place):
    pytest.importorskip("monai")
    from test_monailabel import CASES, network_of, write_app

    name = "segmentation"
    labels, said = CASES[name]
    numbers = {label: number for number, label in enumerate(labels, 1)}
    app = write_app(place, name, network_of(name, len(labels) + 1), LABELS=numbers, **said)
    return f"{app}/{name}"


@pytest.fixture(scope="module")
def specs(tmp_path_factory):
    """The string of each family's model, written when it is first asked for."""
    found = {"bundled": "bundled"}

    def spec(family):
        if family not in found:
            write = globals()[f"write_{'sam' if family == 'medsam' else family}"]
            found[family] = f"{family}:{write(tmp_path_factory.mktemp(family))}"
        return found[family]

    return spec


def prepared_on(device, spec, image, precision="fp32"):
    model = open_segmenter(spec, device, ("liver",))
    if getattr(model, "promptable", False):
        model.precision = precision
    prepared = model.prepare(image, Context("CT", (3.0, 3.0), prompts=(Prompt((10.0, 20.0, 60.0, 90.0)),)))
    batch = prepared.image[None].repeat(3, *[1] * prepared.image.dim())
    batch[1, ..., 20:40, 30:50] = 0.0
    batch[2] *= 0.5
    return model, prepared, batch


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_model_computes_where_it_is_told_to_as_on_the_cpu_and_in_any_batch(
    family, device, specs, phantom, liver_slice
):
    image = phantom[0].voxels[liver_slice].astype(np.float32)
    model, prepared, batch = prepared_on(device, specs(family), image)
    assert prepared.image.device.type == device
    predict = prepared.predict or model.predict
    found = predict(batch)
    assert found.device.type == device and found.dtype == torch.float32
    assert 0 <= found.min() and found.max() <= 1 and torch.isfinite(found).all()
    alone = torch.cat([predict(copy[None].clone()) for copy in batch])
    # nnU-Net computes in half precision on a GPU, and so does a model that chose to
    precise = model.provenance["precision"].startswith("fp32")
    assert (found - alone).abs().max() <= (1e-5 if precise else 2e-2)
    if device != "cpu":
        other, expected, copies = prepared_on("cpu", specs(family), image)
        assert torch.allclose(batch.cpu(), copies)
        precise = precise and other.provenance["precision"].startswith("fp32")
        differences = (found.cpu() - (expected.predict or other.predict)(copies)).abs()
        assert differences.max() <= (1e-4 if precise else 0.15) and differences.mean() <= 1e-2


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("family", ["totalsegmentator", "auto3dseg", "monailabel"])
def test_a_model_of_volumes_computes_where_it_is_told_to(family, device, specs):
    def answer(device):
        volume = make_phantom(0, shape=(10, 24, 24), spacing=(8.0, 8.0, 9.0))[0].axial()
        model = open_segmenter(specs(family), device)
        prepared = model.prepare(volume.voxels.astype(np.float32), Context("CT", volume.spacing[::-1]))
        copies = prepared.image[None].repeat(2, 1, 1, 1, 1)
        z, y, x = (n // 2 for n in prepared.image.shape[1:])
        copies[1, ..., z - 2 : z + 2, y - 4 : y + 4, x - 4 : x + 4] = 0.0
        found = (prepared.predict or model.predict)(copies)
        alone = torch.cat([(prepared.predict or model.predict)(copy[None].clone()) for copy in copies])
        return model, prepared, found, alone

    model, prepared, found, alone = answer(device)
    assert prepared.image.device.type == found.device.type == device and found.dtype == torch.float32
    assert 0 <= found.min() and found.max() <= 1 and (found[0] - found[1]).abs().max() > 1e-3
    precise = model.provenance.get("precision", "fp32").startswith("fp32")
    assert (found - alone).abs().max() <= (1e-5 if precise else 2e-2)
    if device != "cpu":
        _, expected, there, _ = answer("cpu")
        assert torch.allclose(prepared.image.cpu(), expected.image, atol=1e-5)
        # TotalSegmentator's stand-ins decide sharply, and half precision moves their edges
        assert (found.cpu() - there).abs().mean() <= (1e-4 if precise else 1e-2)


@pytest.mark.parametrize("device", DEVICES)
def test_kept_tiles_change_no_bit(device, specs, phantom, liver_slice):
    """Exact in half precision too: a tile is always run among as many others."""
    image = phantom[0].voxels[liver_slice].astype(np.float32)
    model, prepared, batch = prepared_on(device, specs("nnunet"), image)
    assert torch.equal(prepared.predict(batch), model.predict(batch))
    before = prepared.predict.window.tiles_run
    prepared.predict(batch[1:2])
    assert 0 < prepared.predict.window.tiles_run - before < 9


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("window", [0, 5])
def test_attention_is_upstreams_on_every_device(device, window):
    """On a GPU the bias rides in the channels; that path is taken here, whatever the device."""
    pytest.importorskip("segment_anything")
    from test_sam import small_sam

    block = small_sam().image_encoder.blocks[0 if window else 1].to(device)
    x = torch.randn(2, 16, 16, 96, device=device)
    expected = block(x) - x
    attended = sam_attention.attention(block.attn, block.norm1(x), window)
    found = attended + block.mlp(block.norm2(x + attended))
    assert (found - expected).abs().max() <= 1e-4


@pytest.mark.parametrize("device", DEVICES)
def test_the_precision_is_chosen_and_the_masks_stay(device, specs, phantom, liver_slice, tmp_path, monkeypatch):
    """Whatever was chosen, the masks of the slice are those of single precision: Dice of 0.995 or more."""
    monkeypatch.setenv("XAICLIP_CACHE", str(tmp_path))
    image = phantom[0].voxels[liver_slice].astype(np.float32)
    _, chosen, batch = prepared_on(device, specs("sam"), image, precision=None)
    _, single, _ = prepared_on(device, specs("sam"), image)
    masks = [p.predict(batch[:1]) > 0.5 for p in (single, chosen)]
    assert masks[0].any() and sam_precision.agreement(*masks) >= sam_precision.SAME_DICE


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device here")
def test_bfloat16_is_tried_on_a_card_that_has_it(specs, phantom, liver_slice):
    device = torch.device("cuda", torch.cuda.current_device())
    assert sam_precision.fast_bfloat16(device) == (torch.cuda.get_device_capability(device)[0] >= 8)
    image = phantom[0].voxels[liver_slice].astype(np.float32)
    model, prepared, batch = prepared_on("cuda", specs("sam"), image, precision="bf16")
    seen, encode = [], model._encode
    model._encode = lambda images: (seen.append(torch.is_autocast_enabled("cuda")), encode(images))[1]
    prepared.predict(batch)
    assert seen == [not any("runs in fp32" in note for note in prepared.notes)]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device here")
def test_memory_of_the_card_that_runs_out_halves_the_batch():
    free, _ = torch.cuda.mem_get_info()
    image = torch.rand(1, 64, 64, device="cuda")
    sizes = []

    def greedy(batch):
        sizes.append(len(batch))
        torch.empty(int(free * 0.4) * len(batch), dtype=torch.uint8, device="cuda")
        return batch

    scorer = Scorer(greedy, image, batch_size=4)
    copies = type("Copies", (), {"__len__": lambda s: 4, "write": lambda *a: None, "undo": lambda *a: None})()
    assert len(scorer.evaluate(copies)) == 4 and scorer.evaluations == 4
    assert sizes[:4] == [1, 4, 2, 2]


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory"),
        RuntimeError(
            "The following operation failed in the TorchScript interpreter.\nRuntimeError: CUDA out of memory."
        ),
        RuntimeError("[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory"),
        RuntimeError("std::bad_alloc"),
    ],
)
def test_every_librarys_way_of_running_out_of_memory_is_known(error):
    """TorchScript and onnxruntime have no class of their own for it; a smaller batch goes on."""
    assert memory.out_of_memory(error) and not memory.out_of_memory(RuntimeError("shapes do not match"))

    def small(batch):
        if len(batch) > 1:
            raise error
        return batch

    scorer = Scorer(small, torch.rand(1, 8, 8), batch_size=2)
    copies = type("Copies", (), {"__len__": lambda s: 2, "write": lambda *a: None, "undo": lambda *a: None})()
    assert len(scorer.evaluate(copies)) == 2


def test_a_network_that_the_device_has_no_room_for(monkeypatch):
    network = torch.nn.Linear(1024, 1024)

    def full(self, *args):
        raise RuntimeError("CUDA error: out of memory")

    monkeypatch.setattr(torch.nn.Linear, "to", full)
    with pytest.raises(ResourceError, match="their model needs 4 MB for its weights, more than cpu has free"):
        on_device(network, torch.device("cpu"), "their model")


@pytest.mark.parametrize("family", ["nnunet", "monai", "sam", "litemedsam"])
def test_weights_larger_than_the_memory_are_refused_before_they_are_read(family, specs, monkeypatch):
    spec = specs(family)
    monkeypatch.setattr(memory, "free_memory", lambda: 1000)
    with pytest.raises(ResourceError, match="more than the 0.0 GiB of memory that are free; close other programs"):
        open_segmenter(spec, "cpu")


def test_the_best_device_comes_first():
    assert str(choose_device("auto")) == available_devices()[0] and available_devices()[-1] == "cpu"
    if torch.cuda.is_available():
        assert choose_device("cuda") == torch.device("cuda", 0) == choose_device("auto")
