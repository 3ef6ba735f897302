"""What a network from a file gives back is what it is taken for, or it is refused with what to do."""

import json

import numpy as np
import onnx
import pytest
import torch
from modelfiles import declare, fails
from onnx import TensorProto as T
from onnx import helper, numpy_helper
from torch import nn

from XAICLIPLib.errors import ModelError
from XAICLIPLib.models.base import Context
from XAICLIPLib.models.load import open_segmenter

SIZE = 32
IMAGE = np.linspace(-200, 300, SIZE * SIZE, dtype=np.float32).reshape(SIZE, SIZE)
SEEN = np.clip((IMAGE + 160) / 400, 0, 1)


class Gives(nn.Module):
    """A network of one's own."""

    def __init__(self, forward):
        super().__init__()
        self.run = forward

    def forward(self, x):
        return self.run(x)


def traced(tmp_path, forward, targets=("liver",), **keys):
    path = tmp_path / "m.pt"
    torch.jit.save(torch.jit.trace(Gives(forward), torch.rand(1, 1, SIZE, SIZE), strict=False, check_trace=False), path)
    if keys:
        declare(path, **keys)
    return open_segmenter(f"torchscript:{path}", "cpu", targets)


def predicted(model):
    prepared = model.prepare(IMAGE, Context())
    return model.predict(prepared.image[None])[0].numpy(), " ".join(prepared.notes)


def two(x):
    return torch.cat([1 - x, x], 1)


LABELS = "labels, not probabilities"


@pytest.mark.parametrize(
    "forward, says",
    [
        (lambda x: torch.cat([x * 0 + 0.4, x], 1).argmax(1, keepdim=True).float(), LABELS),
        (lambda x: torch.cat([x * 0 + 0.4, x, x * 3 - 2], 1).argmax(1, keepdim=True).half(), LABELS),
        (lambda x: (x * 3).round().double(), LABELS),
        (lambda x: (x > 0.5).float(), LABELS + '.*"activation": "none"'),
        (lambda x: (x * 200).round(), LABELS + r'.*"output_range": \[0, 200\]'),
        (lambda x: x * 255, r'never|fall below 0.*"output_range": \[0, 255\]'),
        (lambda x: x * 100, r'fall below 0.*"output_range": \[0, 100\]'),
        (lambda x: (x * 40 - 20).tanh(), r'as a tanh does.*"output_range": \[-1, 1\]'),
    ],
)
def test_values_that_are_neither_probabilities_nor_logits(tmp_path, forward, says):
    fails(ModelError, says, lambda: traced(tmp_path, forward).prepare(IMAGE, Context()))


@pytest.mark.parametrize(
    "forward, says",
    [
        (lambda x: torch.cat([x, x], 1).argmax(1, keepdim=True), LABELS),
        (lambda x: x > 0.5, "bool: " + LABELS),
        (lambda x: (x * 255).to(torch.uint8), "uint8: " + LABELS),
        (lambda x: torch.cat([x] * 3, 1).permute(0, 2, 3, 1), "its channels come last"),
        (lambda x: x.mean((2, 3), keepdim=True), "no map of the image"),
        (lambda x: x[..., ::4], "rows and columns are not scaled alike"),
        (lambda x: x.mean((2, 3)), r"expected \(1, K, H, W\)"),
        (lambda x: (x.mean((2, 3)), x.mean()), 'none of which is a map.*"output"'),
    ],
)
def test_outputs_that_are_no_map(tmp_path, forward, says):
    fails(ModelError, says, lambda: traced(tmp_path, forward))


@pytest.mark.parametrize("low, high", [(0, 255), (0, 100), (-1, 1)])
def test_a_range_that_is_declared_is_brought_to_probabilities(tmp_path, low, high):
    found, _ = predicted(
        traced(tmp_path, lambda x: x * (high - low) + low, output_range=[low, high], classes=["liver"])
    )
    assert np.allclose(found[0], SEEN, atol=1e-5)


@pytest.mark.parametrize(
    "forward, named",
    [
        (lambda x: (x.mean((2, 3)), two(x)), "'1'"),
        (lambda x: [two(nn.functional.avg_pool2d(x, 4)), two(nn.functional.avg_pool2d(x, 2)), two(x)], "'2'"),
        (lambda x: {"aux": two(x * 0.5), "out": two(x)}, "'out'"),
        (lambda x: (x.mean((2, 3)), (x.mean(), two(x))), "'1.1'"),
        (lambda x: (two(x).argmax(1, keepdim=True).float() * 2, two(x)), "'1'"),
    ],
)
def test_the_map_is_found_among_several_outputs(tmp_path, forward, named):
    found, notes = predicted(traced(tmp_path, forward))
    assert np.allclose(found[0], SEEN, atol=1e-6)
    assert f"{named} is used" in notes


def test_values_that_leave_their_range_later(tmp_path):
    model = traced(tmp_path, lambda x: two(x) * 1.0)
    predicted(model)
    fails(ModelError, r"from -1 to 2 after others in \[0, 1\]", lambda: model.predict(torch.full((1, 1, 32, 32), 2.0)))


def test_a_slice_in_which_nothing_is_found_settles_nothing(tmp_path):
    """Its zeros may be probabilities or the labels of a background."""
    model = traced(tmp_path, lambda x: (x * 2.4).floor())
    model.prepare(np.full((SIZE, SIZE), -1000, np.float32), Context())
    fails(ModelError, LABELS, lambda: model.prepare(IMAGE, Context()))


def onnx_file(tmp_path, nodes, channels=1, kind=T.FLOAT, outputs=("y",), constants=()):
    dtype = helper.tensor_dtype_to_np_dtype(kind)
    weight = np.zeros((2, channels, 1, 1), dtype)
    weight[1], bias = 40.0 / channels, np.array([0, -20], dtype)
    held = [numpy_helper.from_array(weight, "w"), numpy_helper.from_array(bias, "b"), *constants]
    ends = [helper.make_tensor_value_info(o, T.FLOAT if kind == T.FLOAT else kind, None) for o in outputs]
    start = helper.make_tensor_value_info("x", kind, ["N", channels, "H", "W"])
    graph = helper.make_graph([helper.make_node("Conv", ["x", "w", "b"], ["y"]), *nodes], "g", [start], ends, held)
    path = tmp_path / "m.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))
    return path


@pytest.mark.parametrize("channels", [2, 4, 5])
def test_several_sequences_are_not_one_scan_repeated(tmp_path, channels):
    path = onnx_file(tmp_path, [], channels)
    says = rf'takes {channels} channels; name its images in m.onnx.json, "images".*write "channels": {channels} instead'
    fails(ModelError, says, lambda: open_segmenter(f"onnx:{path}", "cpu", ("liver",)))
    declare(path, channels=channels)  # what the message says works
    found, notes = predicted(open_segmenter(f"onnx:{path}", "cpu", ("liver",)))
    assert np.allclose(found[0], torch.from_numpy(SEEN * 40 - 20).sigmoid(), atol=1e-4)
    assert f"takes {channels} channels: the grey image is in each of them, as its sidecar has it" in notes


def test_a_model_of_colour_pictures_gets_grey_with_a_note(tmp_path):
    _, notes = predicted(open_segmenter(f"onnx:{onnx_file(tmp_path, [], 3)}", "cpu", ("liver",)))
    assert "takes 3 channels: the grey image is in each of them, as in models of colour pictures" in notes


def test_torchscript_of_four_channels_says_so(tmp_path):
    path = tmp_path / "m.pt"
    torch.jit.save(torch.jit.trace(nn.Conv2d(4, 2, 1), torch.rand(1, 4, 8, 8)), path)
    fails(
        ModelError,
        'images in m.pt.json.*"channels": 4 instead',
        lambda: open_segmenter(f"torchscript:{path}", "cpu", ("liver",)),
    )
    path.with_name("m.pt.json").write_text(json.dumps({"channels": 4}))
    assert open_segmenter(f"torchscript:{path}", "cpu", ("liver",)).targets == ("liver",)


def test_half_and_double_precision(tmp_path):
    half = open_segmenter(f"onnx:{onnx_file(tmp_path, [], kind=T.FLOAT16)}", "cpu", ("liver",))
    assert half.provenance["precision"] == "fp16"
    assert np.allclose(predicted(half)[0][0], torch.from_numpy(SEEN * 40 - 20).sigmoid(), atol=5e-3)
    path = onnx_file(tmp_path, [], kind=T.DOUBLE)
    fails(
        ModelError,
        r"Conv .*double precision.*model.float\(\)",
        lambda: open_segmenter(f"onnx:{path}", "cpu", ("liver",)),
    )
    double = nn.Conv2d(1, 2, 1).double()
    torch.jit.save(torch.jit.trace(double, torch.rand(1, 1, 8, 8).double()), tmp_path / "d.pt")
    declare(tmp_path / "d.pt", activation="softmax")
    model = open_segmenter(f"torchscript:{tmp_path / 'd.pt'}", "cpu", ("liver",))
    expected = double(torch.from_numpy(SEEN)[None, None].double()).softmax(1)[0, 1]
    assert np.allclose(predicted(model)[0][0], expected.detach(), atol=1e-6)


def test_onnx_labels_beside_probabilities(tmp_path):
    nodes = [
        helper.make_node("ArgMax", ["y"], ["labels"], axis=1),
        helper.make_node("Cast", ["labels"], ["f"], to=T.FLOAT),
    ]
    found, notes = predicted(
        open_segmenter(f"onnx:{onnx_file(tmp_path, nodes, outputs=('f', 'y'))}", "cpu", ("liver",))
    )
    assert np.allclose(found[0], torch.from_numpy(SEEN * 40 - 20).sigmoid(), atol=1e-4) and "'y' is used" in notes
    path = onnx_file(tmp_path, nodes, outputs=("f",))
    fails(ModelError, LABELS, lambda: open_segmenter(f"onnx:{path}", "cpu", ("liver",)).prepare(IMAGE, Context()))
