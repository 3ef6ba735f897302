"""What the JSON beside a model file can say, what is assumed without it, and what it can't say."""

import json
import time

import numpy as np
import onnx
import pytest
import torch
from modelfiles import DECLARED, TARGETS, Deep, bundled_unet, copying, declare, fails, to_onnx
from torch import nn

from XAICLIPLib.attribution.methods import Occlusion
from XAICLIPLib.errors import InputError, ModelError
from XAICLIPLib.models.base import Context
from XAICLIPLib.models.load import open_segmenter
from XAICLIPLib.pipeline import explain
from XAICLIPLib.preprocess import body_frame, unit_window

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def unet():
    return bundled_unet()


@pytest.fixture
def file(unet, tmp_path):
    """The U-Net as ONNX, without a sidecar."""
    return to_onnx(unet, tmp_path / "unet.onnx", (1, 1, 160, 160), free=[0])


@pytest.fixture(scope="module")
def slice_(phantom, organ):
    z = int(organ("liver").voxels.sum((1, 2)).argmax())
    return phantom[0].voxels[z].astype(np.float32)


@pytest.fixture
def ramp():
    """A slice that says where each of its pixels is."""
    rows, columns = np.mgrid[:50, :70].astype(np.float32)
    return rows * 10 + columns - 200


def test_native_pixels_are_padded_at_the_far_ends(tmp_path, ramp):
    model = copying(tmp_path, resize="native", multiple=16, window=[-200, 360])
    prepared = model.prepare(ramp, Context())
    assert prepared.image.shape == (1, 64, 80)
    assert torch.allclose(prepared.image[0, :50, :70], torch.from_numpy((ramp + 200) / 560))
    assert (prepared.image[0, 50:] == 0).all() and (prepared.image[0, :, 70:] == 0).all()
    assert prepared.grid.scale == (1, 1)
    maps = model.predict(prepared.image[None])[0].numpy()
    back = prepared.grid.to_slice(maps)
    assert back.shape == (1, 50, 70) and np.array_equal(back[0], maps[0, :50, :70])
    mask = ramp > 100
    assert np.array_equal(prepared.grid.to_slice(prepared.grid.mask_to_work(mask)[None].astype(np.float32))[0], mask)


def test_a_spacing_of_its_own(tmp_path, ramp):
    model = copying(tmp_path, resize="native", multiple=8, spacing=2.0, window=[-200, 360])
    prepared = model.prepare(ramp, Context(spacing=(1.0, 4.0)))
    assert prepared.image.shape == (1, 32, 144) and prepared.grid.scale == (0.5, 2.0)
    assert prepared.grid.to_slice(prepared.image.numpy()).shape == (1, 50, 70)
    back = prepared.grid.to_slice(prepared.image.numpy())[0] * 560 - 200
    assert np.abs(back - ramp)[2:-2, 2:-2].max() < 1  # a plane survives two linear resamplings, but for its edges


def test_the_whole_slice_stretched(tmp_path, ramp):
    prepared = copying(tmp_path, size=[100, 35], window=[-200, 360]).prepare(ramp, Context())
    assert prepared.image.shape == (1, 100, 35) and prepared.grid.scale == (2.0, 0.5)
    back = prepared.grid.to_slice(prepared.image.numpy())[0] * 560 - 200
    assert np.abs(back - ramp)[2:-2, 2:-2].max() < 1


@pytest.mark.parametrize(
    "keys, expected",
    [
        ({"window": [-100, 300]}, lambda x: unit_window(x, -100, 300)),
        ({"window": [-100, 300], "range": [-1, 1]}, lambda x: unit_window(x, -100, 300) * 2 - 1),
        ({"percentiles": [5, 90]}, lambda x: unit_window(x, *np.percentile(x, (5, 90)))),
        ({"mean": 40, "std": 120}, lambda x: (x - 40) / 120),
        ({"mean": "image", "std": "image"}, lambda x: (x - x.mean()) / x.std()),
        ({"window": [-100, 300], "mean": 0.5, "std": 0.25}, lambda x: (unit_window(x, -100, 300) - 0.5) / 0.25),
        ({}, lambda x: unit_window(x, -160, 240)),
    ],
    ids=["window", "range", "percentiles", "mean", "image", "window-mean", "nothing"],
)
def test_normalisation(tmp_path, ramp, keys, expected):
    prepared = copying(tmp_path, resize="native", multiple=1, **keys).prepare(ramp, Context())
    assert np.allclose(prepared.image[0].numpy(), expected(ramp), atol=1e-5)
    assert prepared.value(ramp[7, 9]) == pytest.approx(float(prepared.image[0, 7, 9]), abs=1e-5)
    assert ("CT windowed to" in " ".join(prepared.notes)) == (not keys)


def test_a_scan_without_hounsfield_units_has_its_own_window(tmp_path, ramp):
    prepared = copying(tmp_path, resize="native", multiple=1).prepare(ramp, Context("MR", window=(-50, 150)))
    assert np.allclose(prepared.image[0].numpy(), unit_window(ramp, -50, 150))
    declared = copying(tmp_path, resize="native", multiple=1, window=[0, 80]).prepare(ramp, Context("MR"))
    assert any("its window 0…80 meets the values of this MR as they are" in note for note in declared.notes)


def test_grey_is_repeated_where_a_model_wants_three_channels(tmp_path, ramp):
    mean, std = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    model = copying(
        tmp_path, shape=(1, 3, 32, 32), channels=3, multiple=2, window=[-200, 360], mean=mean, std=std, resize="native"
    )
    prepared = model.prepare(ramp, Context())
    assert prepared.image.shape == (1, 50, 70) and any("3 channels" in note for note in prepared.notes)
    grey = prepared.image.expand(3, -1, -1)
    colour = (grey - torch.tensor(mean)[:, None, None]) / torch.tensor(std)[:, None, None]
    assert torch.allclose(model.predict(prepared.image[None])[0], colour.sum(0).sigmoid(), atol=1e-6)


class Weighted(nn.Module):
    """The first channel and twice the second."""

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        seen = (image[:, :1] + 2 * image[:, 1:2]).sigmoid()
        return torch.cat([1 - seen, seen], 1)


def test_several_images_are_channels_each_normalised_by_itself(tmp_path, ramp):
    keys = {"images": ["T1", "T2"], "resize": "native", "multiple": 2}
    model = copying(tmp_path, Weighted(), shape=(1, 2, 32, 32), **keys)
    assert model.images == ("T1", "T2") and model.provenance["input"]["images"] == ["T1", "T2"]
    pair = np.stack([ramp, 5 * ramp + 3])
    prepared = model.prepare(pair, Context("MR", window=(-50, 150)))
    assert np.allclose(prepared.image[0].numpy(), unit_window(ramp, -50, 150))
    low, high = np.percentile(pair[1], (1, 99))
    assert np.allclose(prepared.image[1].numpy(), unit_window(pair[1], low, high), atol=1e-6)
    seen = prepared.image[0] + 2 * prepared.image[1]
    assert torch.allclose(model.predict(prepared.image[None])[0, 0], seen.sigmoid(), atol=1e-6)
    assert [value(0.0) for value in prepared.values] == [
        pytest.approx(0.25), pytest.approx((0 - low) / (high - low), abs=1e-6)
    ]  # fmt: skip
    whole = np.stack([pair, 2 * pair], 1)  # of a slice, the whole image says what its values are
    other = model.prepare(pair, Context("MR", window=(-50, 150), volume=whole, index=0))
    low, high = np.percentile(whole[1], (1, 99))
    assert np.allclose(other.image[1].numpy(), unit_window(pair[1], low, high), atol=1e-6)
    mean, std = [0.5, 0.2], [0.1, 0.4]
    model = copying(tmp_path, Weighted(), shape=(1, 2, 32, 32), **keys, window=[-200, 360], mean=mean, std=std)
    prepared = model.prepare(pair, Context())
    first, second = ((prepared.image[c] - mean[c]) / std[c] for c in (0, 1))
    assert torch.allclose(model.predict(prepared.image[None])[0, 0], (first + 2 * second).sigmoid(), atol=1e-6)


def test_logits_of_independent_structures(tmp_path, ramp):
    class Two(nn.Module):
        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return torch.cat([image * 4, image * 0 - 3], 1)

    model = copying(tmp_path, Two(), activation="sigmoid", classes=["liver", "spleen"], multiple=2, resize="native")
    prepared = model.prepare(ramp, Context())
    liver, spleen = model.predict(prepared.image[None])[0]
    assert model.targets == ("liver", "spleen")
    assert torch.allclose(liver, (prepared.image[0] * 4).sigmoid()) and torch.allclose(
        spleen, torch.tensor(-3.0).sigmoid()
    )


def test_an_output_smaller_than_the_input_and_one_of_several(tmp_path, ramp):
    class Coarse(nn.Module):
        def forward(self, image: torch.Tensor):
            small = nn.functional.avg_pool2d(image, 4)
            return {"aux": image, "out": torch.cat([1 - small, small], 1)}

    traced = torch.jit.trace(Coarse(), torch.rand(1, 1, 32, 32), strict=False)
    path = tmp_path / "dict.pt"
    torch.jit.save(traced, path)
    declare(path, output="out", classes=["background", "liver"], activation="none", resize="native", multiple=4)
    model = open_segmenter(f"torchscript:{path}", CPU)
    prepared = model.prepare(ramp, Context())
    maps = model.predict(prepared.image[None])
    assert maps.shape == (1, 1, 52, 72) and prepared.grid.to_slice(maps[0].numpy()).shape == (1, 50, 70)
    declare(path, output="mask", activation="none")
    with pytest.raises(
        ModelError,
        match=r"returned aux \(1, 1, 128, 128\), out \(1, 2, 32, 32\), and .output. in dict.pt.json is .mask.",
    ):
        open_segmenter(f"torchscript:{path}", CPU, ("liver",))


def test_a_model_of_volumes(tmp_path, phantom):
    keys = {"resize": "native", "multiple": 8, "window": [-160, 240], "spatial_dims": 3}
    model = copying(tmp_path, Deep(), (1, 1, 16, 16, 16), **keys)
    volume = phantom[0].voxels.astype(np.float32)
    prepared = model.prepare(volume, Context(spacing=(18.0, 3.0, 3.0)))
    assert prepared.image.shape == (1, 16, 128, 128) and prepared.grid.scale == (1, 1, 1)
    back = prepared.grid.to_slice(model.predict(prepared.image[None])[0].numpy())
    assert back.shape == (1, *volume.shape) and 0.02 < (back > 0.5).mean() < 0.5
    assert np.array_equal(prepared.grid.to_slice(prepared.image.numpy())[0], unit_window(volume, -160, 240))
    with pytest.raises(ModelError, match="3 dimensions, this one has 2"):
        model.prepare(volume[0], Context())


def test_a_volume_is_resampled(tmp_path):
    keys = {"resize": "native", "multiple": 4, "window": [0, 1], "spatial_dims": 3, "spacing": [3, 1.5, 1.5]}
    model = copying(tmp_path, Deep(), (1, 1, 16, 16, 16), **keys)
    z, y, x = np.mgrid[:8, :10, :12].astype(np.float32)
    volume = (z / 8 + y / 10 + x / 12) / 3
    prepared = model.prepare(volume, Context(spacing=(6.0, 3.0, 0.75)))
    assert prepared.image.shape == (1, 16, 20, 8) and prepared.grid.scale == (2.0, 2.0, 0.5)
    back = prepared.grid.to_slice(prepared.image.numpy())[0]
    assert np.abs(back - volume)[1:-1, 1:-1, 1:-1].max() < 0.01


@pytest.mark.slow
def test_a_model_of_volumes_is_explained(tmp_path, phantom):
    keys = {"resize": "native", "multiple": 8, "window": [-160, 240], "spatial_dims": 3}
    copying(tmp_path, Deep(), (1, 1, 16, 16, 16), **keys)
    options = {"method": Occlusion(256, 256, unit="px512"), "region": "prediction", "slices": "4:6", "device": "cpu"}
    found = explain.explain(phantom[0], ["liver"], model=f"torchscript:{tmp_path / 'copy.pt'}", **options)
    assert found.drop.voxels.shape == phantom[0].voxels.shape and found.drop.voxels.max() > 0
    assert found.report["model"]["family"] == "torchscript" and found.report["dimensions"] == 3


@pytest.mark.slow
def test_a_sidecar_inside_the_file(unet, tmp_path, slice_):
    text = json.dumps(DECLARED)
    path = tmp_path / "one.pt"
    image = torch.rand(1, 1, 160, 160)
    torch.jit.save(torch.jit.trace(unet, image, check_trace=False), path, _extra_files={"xaiclip.json": text})
    assert open_segmenter(f"torchscript:{path}", CPU).targets == TARGETS[1:]
    other = to_onnx(unet, tmp_path / "one.onnx", (1, 1, 160, 160))
    model = onnx.load(other)
    onnx.helper.set_model_props(model, {"xaiclip.json": text})
    onnx.save(model, other)
    opened = open_segmenter(f"onnx:{other}", CPU)
    assert opened.name == "their U-Net" and opened.prepare(slice_, Context()).notes == ()
    # what training programs write
    onnx.helper.set_model_props(model, {"names": repr(dict(enumerate(TARGETS))), "license": "CC-BY-4.0"})
    onnx.save(model, other)
    opened = open_segmenter(f"onnx:{other}", CPU)
    assert opened.targets == TARGETS[1:] and opened.provenance["licence"] == "CC-BY-4.0"


@pytest.mark.slow
def test_without_a_sidecar_what_is_assumed_is_said(file, slice_):
    model = open_segmenter(f"onnx:{file}", CPU, TARGETS[1:])  # the request's structures, in order
    assert model.targets == TARGETS[1:]
    said = " ".join(model.prepare(slice_, Context()).notes)
    for what in ("channel 0 of 10 is the background", "-160…240 HU", "whole slice brought", "are logits, so softmax"):
        assert what in said
    assert model.provenance["sidecar"] == "none" and len(model.provenance["assumed"]) == 6
    with pytest.raises(ModelError, match=r'returns 10 channels and 1 structures.*unet.onnx.json.*"classes"'):
        open_segmenter(f"onnx:{file}", CPU, ("liver",))


@pytest.mark.parametrize(
    "keys, says",
    [
        ({"clases": ["liver"]}, "unknown key 'clases'; did you mean 'classes'"),
        ({"zzz": 1}, "unknown key 'zzz'; it knows name, licence"),
        ({"size": "large"}, 'size is "large"; give pixels'),
        ({"size": [160, 160, 160]}, "size has 3 numbers, but spatial_dims is 2"),
        ({"window": [240, -160]}, "window is .240, -160.; give two numbers, the lower first"),
        ({"percentiles": [1, 101]}, "numbers from 0 to 100"),
        ({"window": [0, 1], "percentiles": [1, 99]}, "a window or percentiles, not both"),
        ({"range": [0, 255]}, "give window or percentiles too"),
        ({"mean": 0.5}, "mean and std together"),
        ({"mean": 0, "std": 0}, "std is .0.; give a number above 0"),
        ({"activation": "relu"}, "activation is 'relu'; choose softmax, sigmoid, none"),
        ({"resize": "crop"}, "resize is 'crop'; choose stretch, body, native"),
        ({"resize": "body", "spatial_dims": 3}, "a volume has stretch or native"),
        ({"classes": ["liver", "liver"]}, "two classes have the same name"),
        ({"classes": "liver"}, 'classes is "liver"; give a list of names'),
        ({"spatial_dims": 4}, "spatial_dims is 4; give 2 or 3"),
        ({"channels": 0}, "channels is 0; give a whole number from 1"),
        ({"images": ["T1", "T1"]}, "two images have the same name"),
        ({"images": ["T1", "T2"], "channels": 3}, "images names 2, and channels is 3"),
        ({"images": "T1"}, 'images is "T1"; give a list of names'),
        ({"background": 5, "classes": ["a", "b"]}, "background is 5, but there are only 2 classes"),
    ],
)
def test_a_sidecar_that_is_none(tmp_path, keys, says):
    fails(InputError, says, lambda: copying(tmp_path, **keys))


@pytest.mark.slow
def test_a_sidecar_that_is_no_json(file):
    path = file
    for text, says in (("{size: 160}", "is no JSON"), ("[1]", "holds a list")):
        path.with_name("unet.onnx.json").write_text(text)
        fails(InputError, says, lambda: open_segmenter(f"onnx:{path}", CPU))
    for keys, says in (
        ({"channels": 3}, "says channels 3, the model file 1"),
        ({"size": 256}, r"says size \[256, 256\], the model file \[160, 160\]"),
        ({"spatial_dims": 3}, "says spatial_dims 3, the model file 2"),
    ):
        declare(path, **keys)
        fails(ModelError, says, lambda: open_segmenter(f"onnx:{path}", CPU))


def test_probabilities_where_logits_were_declared(tmp_path, ramp):
    model = copying(tmp_path, activation="softmax", resize="native", multiple=2)
    says = 'sum to 1 before the softmax that was declared.*declare "activation": "none" in copy.pt.json'
    fails(ModelError, says, lambda: model.prepare(ramp, Context()))


def test_one_channel_has_no_softmax_and_labels_are_no_probabilities(tmp_path, ramp):
    class Half(nn.Module):
        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return image - 7

    class Labels(nn.Module):
        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return torch.cat([image, image], 1).argmax(1)

    class Broken(nn.Module):
        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return torch.cat([image, image], 1) / 0

    one = copying(tmp_path, Half(), classes=["liver"], activation="softmax", multiple=2)
    fails(ModelError, 'declare "activation": "sigmoid"', lambda: one.prepare(ramp, Context()))
    fails(ModelError, "int64: labels, not probabilities", lambda: copying(tmp_path, Labels()))
    broken = copying(tmp_path, Broken())
    fails(ModelError, "NaN or infinite.*window, mean and std", lambda: broken.prepare(ramp, Context()))
    fails(ModelError, r"failed on an input \(1, 1, 128, 128\).*spatial_dims", lambda: copying(tmp_path, Deep3(), DEEP))


DEEP = (1, 1, 16, 16, 16)


class Deep3(nn.Module):
    """A model of volumes that takes nothing else."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Conv3d(1, 2, 1)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return self.layer(image)


def test_an_image_that_is_larger_than_the_model(tmp_path, ramp):
    model = copying(tmp_path, resize="native", size=32)
    fails(
        InputError, 'the image is 50 x 70 .*32 x 32; give "resize": "stretch"', lambda: model.prepare(ramp, Context())
    )


@pytest.mark.slow
def test_the_body_frame_is_the_bundled_models(file, slice_):
    declare(file, **{k: v for k, v in DECLARED.items() if k != "size"})  # which the ONNX file says itself
    prepared = open_segmenter(f"onnx:{file}", CPU).prepare(slice_, Context())
    assert prepared.grid == body_frame(slice_, "CT", 160)


@pytest.mark.slow
@pytest.mark.parametrize(
    "key, value",
    [
        ("size", 10**9), ("size", [16384, 16385]), ("size", [16384, 16384, 16384]), ("channels", 10**9),
        ("multiple", 10**9),
        ("batch", 10**9), ("classes", ["x"] * 10**5), ("spacing", 1e300), ("mean", 1e300), ("window", [-1e300, 1e300]),
        ("background", 10**9), ("spatial_dims", 10**9), ("std", [1] * 10**5),
    ],
    ids=lambda v: str(v)[:30],
)  # fmt: skip
def test_numbers_that_no_network_has_are_refused_before_anything_is_made(file, key, value):
    extra = {"spatial_dims": 3} if key == "size" and value == [16384] * 3 else {}
    extra |= {"std": 1} if key == "mean" else {"mean": 0} if key == "std" else {}
    declare(file, **{key: value, **extra})
    start = time.monotonic()
    with pytest.raises(InputError, match=f"unet.onnx.json: .*{key}") as error:
        open_segmenter(f"onnx:{file}", CPU, ("liver",))
    assert len(str(error.value)) < 500 and time.monotonic() - start < 5
