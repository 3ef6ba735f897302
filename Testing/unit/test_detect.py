"""A path alone: which family it belongs to, and what is said of what is none."""

import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from XAICLIPLib.errors import InputError, WeightsError, XAICLIPError
from XAICLIPLib.models.detect import family_of, recognise
from XAICLIPLib.models.families import FAMILIES
from XAICLIPLib.models.load import open_segmenter

CPU = torch.device("cpu")


def fails(error, says, run):
    with pytest.raises(error, match=says) as caught:
        run()
    assert "\n" not in str(caught.value)


@pytest.fixture
def empty(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Bright(nn.Module):
    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return (image * 4 - 2).sigmoid()


@pytest.mark.slow
def test_files_that_programs_write(empty):
    image = torch.rand(1, 1, 32, 32)
    script = torch.jit.trace(Bright(), image)
    for name in ("a.pt", "b.ts", "c.pth", "d.torchscript", "e.model"):
        torch.jit.save(script, empty / name)
        assert family_of(empty / name) == f"torchscript:{empty / name}"
    program = torch.export.export(Bright(), (image,))
    torch.export.save(program, empty / "f.pt2")
    (empty / "g.pt").write_bytes((empty / "f.pt2").read_bytes())
    assert family_of(empty / "f.pt2") == f"torchexport:{empty / 'f.pt2'}"
    assert family_of("g.pt") == "torchexport:g.pt"
    (empty / "h.ONNX").write_bytes(b"")
    assert family_of(empty / "h.ONNX") == f"onnx:{empty / 'h.ONNX'}"


def test_a_path_alone_opens_the_model(empty):
    torch.jit.save(torch.jit.trace(Bright(), torch.rand(1, 1, 32, 32)), "bright.pt")
    for spec in ("bright.pt", str(empty / "bright.pt"), "./bright.pt"):
        model = open_segmenter(spec, CPU, ("liver",))
        assert model.targets == ("liver",) and model.provenance["family"] == "torchscript"
        assert model.provenance["recognised"] == "torchscript: an archive with TorchScript code"
    # in a folder with a colon in its name, as a drive letter has one
    Path("C:").mkdir()
    Path("bright.pt").rename("C:/bright.pt")
    assert open_segmenter("C:/bright.pt", CPU, ("liver",)).name == "bright.pt"
    assert open_segmenter("torchscript:C:/bright.pt", CPU, ("liver",)).name == "bright.pt"


SAM_KEYS = {
    "prompt_encoder.no_mask_embed.weight": (1, 256),
    "image_encoder.patch_embed.proj.weight": (8, 3, 16, 16),
    "image_encoder.blocks.0.attn.qkv.weight": (24, 8),
    "mask_decoder.iou_token.weight": (1, 256),
}
TINY_KEYS = {
    "prompt_encoder.no_mask_embed.weight": (1, 256),
    "image_encoder.layers.1.blocks.0.attn.attention_biases": (4, 49),
}


def weights(path, shapes, wrapper=None):
    state = {name: torch.zeros(shape) for name, shape in shapes.items()}
    torch.save({wrapper: state} if wrapper else state, path)
    return path


def test_sam_and_its_relatives_by_their_weights(empty):
    """MedSAM and SAM have the same weights' names: the file's name tells them apart, and that is said."""
    sam = recognise(weights(empty / "sam_vit_b_01ec64.pth", SAM_KEYS))
    assert sam.spec == f"sam:{empty / 'sam_vit_b_01ec64.pth'}" and "if it is, write medsam:" in sam.reason
    assert family_of(weights(empty / "medsam_vit_b.pth", SAM_KEYS)).startswith("medsam:")
    assert family_of(weights(empty / "finetuned_MedSAM.pt", SAM_KEYS, wrapper="model")).startswith("medsam:")
    lite = TINY_KEYS | {"image_encoder.patch_embed.seq.0.c.weight": (32, 3, 1, 1)}
    mobile = TINY_KEYS | {"image_encoder.patch_embed.seq.0.c.weight": (32, 3, 3, 3)}
    assert family_of(weights(empty / "lite_medsam.pth", lite)) == f"litemedsam:{empty / 'lite_medsam.pth'}"
    assert family_of(weights(empty / "mobile_sam.pt", mobile)) == f"mobilesam:{empty / 'mobile_sam.pt'}"
    transformers = {"vision_encoder.layers.0.attn.qkv.weight": (24, 8), "mask_decoder.iou_token.weight": (1, 256)}
    (empty / "medsam-vit-base").mkdir()
    found = family_of(weights(empty / "medsam-vit-base" / "pytorch_model.bin", transformers))
    assert found.startswith("medsam:")


def nnunet(folder):
    (folder / "fold_0").mkdir(parents=True)
    for name in ("dataset.json", "plans.json"):
        (folder / name).write_text("{}")
    (folder / "fold_0" / "checkpoint_final.pth").write_bytes(b"")
    return folder


def bundle(folder):
    (folder / "configs").mkdir(parents=True)
    (folder / "models").mkdir()
    (folder / "configs" / "metadata.json").write_text("{}")
    (folder / "models" / "model.ts").write_bytes(b"")
    return folder


def test_folders(empty):
    trained = nnunet(empty / "results" / "Dataset001" / "nnUNetTrainer__nnUNetPlans__2d")
    assert family_of(trained) == f"nnunet:{trained}"
    assert family_of(trained / "fold_0") == f"nnunet:{trained / 'fold_0'}"
    assert family_of(empty / "results") == f"nnunet:{trained}"  # the only one below
    assert family_of(trained / "fold_0" / "checkpoint_final.pth") == f"nnunet:{trained}"
    assert family_of(trained / "plans.json") == f"nnunet:{trained}"
    spleen = bundle(empty / "spleen_ct")
    assert family_of(spleen) == f"monai:{spleen}"
    assert family_of(spleen / "configs") == f"monai:{spleen}"
    assert family_of(spleen / "models" / "model.ts") == f"monai:{spleen}"
    other = nnunet(empty / "results" / "Dataset002" / "nnUNetTrainer__nnUNetPlans__3d_fullres")
    fails(InputError, f"holds 2 trained models.*nnunet:{trained}, nnunet:{other}", lambda: family_of(empty / "results"))
    fails(InputError, "holds 3 trained models", lambda: family_of(empty))


def test_folders_that_hold_files(empty):
    inside = empty / "inside"
    inside.mkdir()
    fails(InputError, "no trained nnU-Net .*, no MONAI bundle .* and no model file", lambda: family_of(inside))
    (inside / "a.onnx").write_bytes(b"")
    (inside / "a.onnx.json").write_text("{}")
    assert family_of(inside) == f"onnx:{inside / 'a.onnx'}"
    (inside / "b.onnx").write_bytes(b"")
    fails(InputError, "several model files; give one of them: .*a.onnx, .*b.onnx", lambda: family_of(inside))


@pytest.mark.parametrize("name", ["organs.seg.nrrd", "labels.nii.gz", "Segmentation.seg.nii.gz", "mask.mha"])
def test_a_segmentation_is_no_model(empty, phantom, name):
    (empty / name).write_bytes(b"")
    says = rf"{name} is a segmentation, not a model.*--reference FILE.*--region FILE"
    fails(InputError, says, lambda: family_of(empty / name))
    fails(InputError, says, lambda: open_segmenter(str(empty / name), CPU))
    (empty / "ct.nrrd").write_bytes(b"")
    fails(InputError, "ct.nrrd is an image, not a model", lambda: family_of(empty / "ct.nrrd"))


@pytest.mark.parametrize("family", ["", "nnunet:", "monai:", "auto3dseg:", "voxtell:", "totalsegmentator:"])
def test_an_archive_that_is_not_unpacked_is_named(empty, family):
    """Also one that came out of another."""
    for package in {"nnunet:": ["nnunetv2"], "monai:": ["monai"], "auto3dseg:": ["monai"]}.get(family, []):
        pytest.importorskip(package)
    (empty / "download" / "inside").mkdir(parents=True)
    with zipfile.ZipFile(empty / "download" / "inside" / "model.zip", "w") as archive:
        archive.writestr("model/plans.json", "{}")
    with pytest.raises(XAICLIPError, match=r"holds (the|an) archive.*model\.zip.* (unpack|unzip) it") as told:
        open_segmenter(f"{family}{empty / 'download'}", "cpu")
    assert "\n" not in str(told.value)
    if not family:
        fails(InputError, "model.zip is an archive; unpack it", lambda: family_of(empty / "download/inside/model.zip"))


def test_weights_without_a_network(empty):
    weights(empty / "net.pth", {"encoder.weight": (3, 3), "head.bias": (3,)}, wrapper="state_dict")
    says = "net.pth holds weights .encoder.weight, head.bias, …. without.*torch.jit.save.*torch.onnx.export"
    fails(InputError, says, lambda: family_of(empty / "net.pth"))
    torch.save(Bright(), empty / "whole.pt")
    fails(WeightsError, "refused: it holds the Python object .*Bright", lambda: family_of(empty / "whole.pt"))
    torch.save({"epoch": 3}, empty / "odd.ckpt")
    fails(WeightsError, "holds no named tensors", lambda: family_of(empty / "odd.ckpt"))
    (empty / "junk.pt").write_bytes(b"no archive")
    fails(WeightsError, "junk.pt is refused: it holds no weights", lambda: family_of(empty / "junk.pt"))


FUNCTION = """
import torch
LEFT_BEHIND = open("it-ran", "w")
def _private(batch): return batch
def tissue(batch):
    return ((batch + 200) / 400).clamp(0, 1)
"""


def test_a_python_file_is_read_and_run_only_when_it_is_opened(empty):
    path = empty / "their_model.py"
    path.write_text(FUNCTION)
    assert family_of(path) == f"function:{path}:tissue"
    assert not (empty / "it-ran").exists()
    model = open_segmenter(str(path), CPU, ("liver",))
    prepared = model.prepare(np.zeros((4, 5), np.float32), None)
    assert torch.equal(model.predict(prepared.image[None]), torch.full((1, 1, 4, 5), 0.5))
    assert open_segmenter(f"function:{path}:_private", CPU, ("liver",)).name == "_private"
    path.write_text("def one(b): return b\nclass Two: pass\n")
    fails(InputError, r"which function is the model\? .*it has one, Two", lambda: family_of(path))
    path.write_text("def broken(:")
    fails(InputError, "is no Python that can be read", lambda: family_of(path))


@pytest.mark.parametrize(
    "spec, says",
    [
        ("medsamm", "no model 'medsamm'; give one of .*; did you mean 'medsam'"),
        ("onx:model.onnx", "no model 'onx:model.onnx'.*no such file.*did you mean 'onnx'"),
        ("models/unet.pt", "no such file or folder here"),
        ("C:\\models\\unet.onnx", "no such file or folder here"),
        ("unet.onnx", "no such file or folder here"),
        ("   ", "give one of bundled"),
    ],
)
def test_what_is_neither_a_family_nor_a_path(empty, spec, says):
    fails(InputError, says, lambda: open_segmenter(spec, CPU))


def test_the_documentation_says_how_to_open_every_family():
    """Each row's strings are of a family that there is, and its proof is a test that there is."""
    root = Path(__file__).parents[2]
    text = (root / "docs" / "models.md").read_text(encoding="utf-8")
    rows = [row.split("|")[1:-1] for row in text.splitlines() if row.startswith("| ")][2:]
    named = {spec for _, string, _, _ in rows for spec in re.findall(r"`(\w+)(?::[^`]*)?`", string)}
    assert named == {family.name for family in FAMILIES}
    for *_, proof in rows:
        for file in re.findall(r"`(test_\w+\.py)`", proof) or ["none"]:
            assert (root / "Testing" / "unit" / file).is_file(), proof


def test_what_looks_like_nothing(empty):
    (empty / "notes.txt").write_text("hello")
    fails(InputError, "notes.txt is none of the files that models come as", lambda: family_of("notes.txt"))
    (empty / "data.json").write_text(json.dumps({}))
    fails(InputError, "say what it is with FAMILY:PATH", lambda: family_of("data.json"))
    fails(InputError, "there is no file or folder nowhere", lambda: family_of("nowhere"))
