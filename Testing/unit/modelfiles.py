"""Model files as users have them on disk, with their sidecars."""

import json

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from XAICLIPLib.models import bundled
from XAICLIPLib.models.load import open_segmenter
from XAICLIPLib.models.unet import UNet

CONFIG = json.loads((bundled.FOLDER / "config.json").read_text())
TARGETS = tuple(CONFIG["targets"])
DECLARED = {
    "name": "their U-Net",
    "resize": "body",
    "size": 160,
    "orientation": "LPS",
    "window": [-160, 240],
    "activation": "softmax",
    "classes": list(TARGETS),
    "licence": "Apache-2.0",
}
# what it is called here -> family and file
FILES = {
    "traced": ("torchscript", "traced.pt"),
    "scripted": ("torchscript", "scripted.ts"),
    "exported": ("torchexport", "exported.pt2"),
    "exported-1": ("torchexport", "exported1.pt2"),
    "onnx": ("onnx", "unet.onnx"),
    "onnx-1": ("onnx", "unet1.onnx"),
    "onnx-4": ("onnx", "unet4.onnx"),
}


class Finished(nn.Module):
    """The U-Net with its softmax, as a model that gives probabilities."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.network(image).softmax(1)


def bundled_unet():
    """The bundled U-Net in single precision, logits out."""
    network = UNet.of_config(CONFIG)
    network.load_state_dict({k: v.float() for k, v in load_file(bundled.FOLDER / "model.safetensors").items()})
    return network.eval()


def declare(path, **keys):
    path.with_name(path.name + ".json").write_text(json.dumps(keys))


def to_onnx(network, path, shape, free=()):
    """Export with PyTorch's older exporter: the newer one takes twenty times as long."""
    axes = {"image": dict.fromkeys(free, "n"), "out": dict.fromkeys(free, "n")} if free else None
    names = {"input_names": ["image"], "output_names": ["out"]}
    torch.onnx.export(network, (torch.rand(shape),), path, dynamo=False, dynamic_axes=axes, **names)
    return path


def write_files(place, unet):
    """The U-Net in all its files, each with its sidecar."""
    image = torch.rand(2, 1, 160, 160)
    traced = torch.jit.trace(unet, image, check_trace=False)
    torch.jit.save(traced, place / "traced.pt")
    torch.jit.save(torch.jit.script(Finished(traced)), place / "scripted.ts")
    batch = torch.export.Dim("batch", min=1, max=32)
    torch.export.save(torch.export.export(unet, (image,), dynamic_shapes=({0: batch},)), place / "exported.pt2")
    torch.export.save(torch.export.export(unet, (image[:1],)), place / "exported1.pt2")
    to_onnx(unet, place / "unet.onnx", (1, 1, 160, 160), free=[0])
    to_onnx(unet, place / "unet1.onnx", (1, 1, 160, 160))
    to_onnx(unet, place / "unet4.onnx", (4, 1, 160, 160))
    for family, name in FILES.values():
        # an ONNX file says its own size; a scripted module ends with its softmax
        own = {k: v for k, v in DECLARED.items() if k != "size" or family != "onnx"}
        declare(place / name, **own | ({"activation": "none"} if name == "scripted.ts" else {}))
    return place


class Copy(nn.Module):
    """Gives back what it sees: the sum of the channels, as two probabilities."""

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        seen = image.sum(1, keepdim=True).sigmoid()
        return torch.cat([1 - seen, seen], 1)


def copying(tmp_path, network=None, shape=(1, 1, 32, 32), **keys):
    path = tmp_path / "copy.pt"
    torch.jit.save(torch.jit.trace(network or Copy(), torch.rand(shape), check_trace=False), path)
    declare(path, **{"activation": "none", "classes": ["background", "liver"]} | keys)
    return open_segmenter(f"torchscript:{path}", "cpu")


class Deep(nn.Module):
    """A model of volumes: bright tissue that has bright neighbours."""

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        seen = ((nn.functional.avg_pool3d(image, 3, 1, 1) - 0.55) * 40).sigmoid()
        return torch.cat([1 - seen, seen], 1)


def fails(error, says, run):
    with pytest.raises(error, match=says) as caught:
        run()
    assert "\n" not in str(caught.value)
