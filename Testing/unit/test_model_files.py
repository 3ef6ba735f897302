"""Models as files: TorchScript, torch.export and ONNX give what their own runtimes give, and say what is wrong."""

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from modelfiles import DECLARED, FILES, TARGETS, bundled_unet, copying, declare, fails, to_onnx, write_files
from torch import nn

from XAICLIPLib.attribution.methods import Occlusion
from XAICLIPLib.errors import MissingPackage, ModelError, ResourceError, WeightsError
from XAICLIPLib.models import memory
from XAICLIPLib.models.base import Context
from XAICLIPLib.models.load import open_segmenter
from XAICLIPLib.pipeline import explain

pytestmark = pytest.mark.slow

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def unet():
    return bundled_unet()


@pytest.fixture(scope="module")
def folder(unet, tmp_path_factory):
    return write_files(tmp_path_factory.mktemp("files"), unet)


@pytest.fixture(scope="module")
def slice_(phantom, organ):
    z = int(organ("liver").voxels.sum((1, 2)).argmax())
    return phantom[0].voxels[z].astype(np.float32)


def directly(kind, path, batch):
    """What the file's own runtime says, as probabilities of all classes."""
    if kind == "scripted":
        return torch.jit.load(path)(batch)
    if kind == "traced":
        return torch.jit.load(path)(batch).softmax(1)
    if kind.startswith("exported"):
        return torch.export.load(path).module()(batch).softmax(1)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    rows = batch if kind != "onnx-4" else batch.repeat(4, 1, 1, 1)
    return torch.from_numpy(session.run(None, {"image": rows.numpy()})[0]).softmax(1)[: len(batch)]


@pytest.mark.parametrize("kind", FILES)
def test_it_gives_what_its_own_runtime_gives(kind, folder, unet, slice_):
    family, name = FILES[kind]
    model = open_segmenter(f"{family}:{folder / name}", CPU)
    assert model.name == "their U-Net" and model.targets == TARGETS[1:] and model.spatial_dims == 2
    prepared = model.prepare(slice_, Context())
    own = open_segmenter("bundled", CPU).prepare(slice_, Context())
    assert torch.equal(prepared.image, own.image)
    assert prepared.value(40) == pytest.approx(0.5) and prepared.notes == ()
    with torch.inference_mode():
        expected = directly(kind, str(folder / name), prepared.image[None])
        original = unet(prepared.image[None]).softmax(1)
    found = model.predict(prepared.image[None])
    assert (found - expected[:, 1:]).abs().max() <= 1e-4
    assert (found - original[:, 1:]).abs().max() <= 1e-4
    assert (found > 0.5).any()
    # batched, whatever number the file takes at a time
    images = torch.stack([prepared.image, prepared.image.flip(-1), prepared.image * 0.5, 1 - prepared.image, own.image])
    together = model.predict(images)
    for alone, row in zip(images, together):
        assert (model.predict(alone[None])[0] - row).abs().max() <= 1e-5
    assert model.provenance["licence"] == "Apache-2.0" and model.provenance["assumed"] == []
    assert len(model.provenance["sha256"]) == 64 and model.provenance["precision"] == "fp32"


@pytest.fixture(scope="module")
def on_ct(real_scan):
    """Explain the liver in one slice of a real CT."""
    scan = str(real_scan("ct_3mm.nii.gz"))
    method = Occlusion(96, 48, unit="px512")
    options = {"slices": "95", "region": "prediction", "device": "cpu", "method": method}
    return lambda model: explain.explain(scan, ["liver"], model=model, **options)


@pytest.fixture(scope="module")
def own_map(on_ct):
    """The bundled model's map."""
    return on_ct("bundled").drop.voxels


@pytest.mark.parametrize("kind", ["traced", "onnx-4"])
def test_it_is_explained_on_a_real_scan(kind, folder, on_ct, own_map):
    """From a string to a map that is the bundled model's own."""
    family, name = FILES[kind]
    theirs = on_ct(f"{family}:{folder / name}")
    assert np.abs(own_map).max() > 0.01
    # the bundled model may run in bfloat16
    assert np.corrcoef(theirs.drop.voxels.ravel(), own_map.ravel())[0, 1] > 0.99
    assert theirs.report["model"]["file"] == name


def test_a_network_of_one_size_is_explained_in_a_small_region(tmp_path, phantom, organ):
    """It looks at few pixels around each, and still takes no crop round the region."""

    class Near(nn.Module):
        def forward(self, image: torch.Tensor) -> torch.Tensor:
            seen = ((nn.functional.avg_pool2d(image, 3, 1, 1) - 0.55) * 40).sigmoid()
            return torch.cat([1 - seen, seen], 1)

    path = to_onnx(Near(), tmp_path / "near.onnx", (1, 1, 128, 128))
    declare(path, activation="none", classes=["background", "spleen"], window=[-160, 240])
    z = int(organ("spleen").voxels.sum((1, 2)).argmax())
    found = explain.explain(
        phantom[0], ["spleen"], model=str(path), region=organ("spleen"), slices=str(z), device="cpu"
    )
    assert found.drop.voxels.max() > 0


# ---- what is wrong


@pytest.mark.parametrize("kind", ["traced", "onnx"])
def test_outputs_that_are_not_what_was_declared(kind, folder, slice_):
    family, name = FILES[kind]
    path = folder / name
    before = path.with_name(name + ".json").read_text()
    try:
        declare(path, **DECLARED | {"activation": "none"})
        model = open_segmenter(f"{family}:{path}", CPU)
        says = rf'values from -\d.* to \d.*"activation": "softmax" or "sigmoid" in {name}.json'
        fails(ModelError, says, lambda: model.prepare(slice_, Context()))
        fails(ModelError, says, lambda: model.predict(torch.rand(1, 1, 160, 160)))
        declare(path, **DECLARED | {"classes": ["background", "liver", "spleen"]})
        says = r"returns 10 channels and .*json names 3 \(background, liver, spleen\); name them all"
        fails(ModelError, says, lambda: open_segmenter(f"{family}:{path}", CPU))
    finally:
        path.with_name(name + ".json").write_text(before)


@pytest.mark.parametrize("family", ["torchscript", "torchexport", "onnx"])
def test_a_file_that_is_not_there_or_not_of_this_family(family, folder, tmp_path):
    fails(WeightsError, "nothing.bin is not there", lambda: open_segmenter(f"{family}:nothing.bin", CPU))
    fails(WeightsError, "no file is given", lambda: open_segmenter(f"{family}:", CPU))
    fails(WeightsError, "is a folder", lambda: open_segmenter(f"{family}:{tmp_path}", CPU))
    for content in (b"", b"no model at all" * 100):
        (tmp_path / "junk.pt2").write_bytes(content)
        fails(WeightsError, "junk.pt2", lambda: open_segmenter(f"{family}:{tmp_path / 'junk.pt2'}", CPU))
    for other, name in FILES.values():
        if other != family:
            fails(WeightsError, name, lambda n=name: open_segmenter(f"{family}:{folder / n}", CPU))


def test_a_truncated_file(folder, tmp_path):
    for kind in ("traced", "exported", "onnx"):
        family, name = FILES[kind]
        whole = (folder / name).read_bytes()
        (tmp_path / name).write_bytes(whole[: len(whole) // 2])
        fails(WeightsError, name, lambda f=family, n=name: open_segmenter(f"{f}:{tmp_path / n}", CPU))


def test_weights_alone_and_whole_pickled_models(unet, tmp_path):
    torch.save(unet.state_dict(), tmp_path / "weights.pth")
    torch.save(unet, tmp_path / "model.pth")
    run = lambda name: open_segmenter(f"torchscript:{tmp_path / name}", CPU)  # noqa: E731
    fails(WeightsError, "weights alone.*torch.jit.trace.*torch.onnx.export", lambda: run("weights.pth"))
    fails(WeightsError, "refused: it holds the Python object XAICLIPLib.models.unet.UNet", lambda: run("model.pth"))


def test_what_onnxruntime_can_not_run(folder, tmp_path, monkeypatch):
    def changed(name, change, **how):
        model = onnx.load(folder / "unet.onnx")
        change(model)
        onnx.save(model, tmp_path / name, **how)
        return f"onnx:{tmp_path / name}"

    def opset(model):
        model.opset_import[0].version = 99

    def version(model):
        model.ir_version = 50

    def operator(model):
        next(node for node in model.graph.node if node.op_type == "MaxPool").op_type = "Telepathy"

    def domain(model):
        next(node for node in model.graph.node if node.op_type == "MaxPool").domain = "com.acme"

    for change, says in (
        (opset, "written for ONNX opset 99.*opset_version=17, or update onnxruntime"),
        (version, "written for ONNX IR version 50"),
        (operator, "uses the operator Telepathy"),
        (domain, "uses operators of com.acme"),
    ):
        spec = changed(f"{change.__name__}.onnx", change)
        fails(ModelError, says, lambda s=spec: open_segmenter(s, CPU))
    apart = {"save_as_external_data": True, "location": "apart.onnx.data", "size_threshold": 100}
    spec = changed("apart.onnx", lambda model: None, **apart)
    opened = open_segmenter(spec, CPU, TARGETS[1:])
    assert len(opened.targets) == 9 and opened.provenance["weights"].startswith("apart.onnx.data, SHA-256 ")
    assert opened.provenance["megabytes"] == pytest.approx(3.7, abs=0.2)
    (tmp_path / "apart.onnx.data").unlink()
    fails(WeightsError, "lie in another file, apart.onnx.data", lambda: open_segmenter(spec, CPU))
    model = onnx.load(tmp_path / "apart.onnx", load_external_data=False)
    for tensor in model.graph.initializer:
        for entry in tensor.external_data:
            entry.value = "../../etc/passwd" if entry.key == "location" else entry.value
    (tmp_path / "apart.onnx").write_bytes(model.SerializeToString())
    fails(WeightsError, "lie in ../../etc/passwd, outside its own folder", lambda: open_segmenter(spec, CPU))
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    fails(MissingPackage, "pip install .*onnxruntime", lambda: open_segmenter(f"onnx:{folder / 'unet.onnx'}", CPU))


def test_a_model_that_computes_on_a_gpu_alone_says_so(tmp_path):
    class OnCuda(nn.Module):
        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return torch.sigmoid(image + torch.zeros(1, device="cuda:0"))

    if torch.cuda.is_available():
        pytest.skip("there is one here")
    torch.jit.script(OnCuda()).save(str(tmp_path / "gpu.pt"))
    declare(tmp_path / "gpu.pt", window=[0, 100], resize="native", classes=["liver"], activation="none")
    says = "gpu.pt computes on an NVIDIA GPU.*--device cuda, or export it again"
    fails(ModelError, says, lambda: open_segmenter(f"torchscript:{tmp_path / 'gpu.pt'}", CPU))


def test_onnx_inputs_that_are_no_one_image(tmp_path):
    class Two(nn.Module):
        def forward(self, image, other):
            return image + other

    class Last(nn.Module):
        def forward(self, image):
            return image * 2

    two, last = tmp_path / "two.onnx", tmp_path / "last.onnx"
    image = torch.rand(1, 1, 8, 8)
    torch.onnx.export(Two(), (image, image), two, dynamo=False, input_names=["image", "other"])
    torch.onnx.export(Last(), (torch.rand(1, 64, 64, 3),), last, dynamo=False)
    fails(ModelError, r"takes 2 inputs \(image, other\)", lambda: open_segmenter(f"onnx:{two}", CPU))
    fails(ModelError, "takes channels last", lambda: open_segmenter(f"onnx:{last}", CPU))


def test_a_model_larger_than_the_memory(folder, monkeypatch):
    assert memory.free_memory() is None or memory.free_memory() > 2**20
    monkeypatch.setattr(memory, "free_memory", lambda: 1000)
    for family, name in FILES.values():
        run = lambda f=family, n=name: open_segmenter(f"{f}:{folder / n}", CPU)  # noqa: E731
        fails(ResourceError, "more than the 0.0 GiB of memory that are free; close other programs", run)


def test_memory_that_runs_out_in_a_run_stays_one_that_a_smaller_batch_may_cure(tmp_path):
    model = copying(tmp_path, resize="native", multiple=2)
    with pytest.raises((MemoryError, RuntimeError)) as caught:
        model.predict(torch.zeros(1, 1, 1, 1).expand(2**22, 1, 2**12, 2**12))
    assert memory.out_of_memory(caught.value)
