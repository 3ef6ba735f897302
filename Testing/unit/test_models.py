"""Models under explanation: the bundled U-Net, functions, and what is said of those that are none."""

import json
import types

import numpy as np
import pytest
import torch

from XAICLIPLib.case.models import Models
from XAICLIPLib.errors import InputError, ModelError, ResourceError, WeightsError
from XAICLIPLib.models import bundled
from XAICLIPLib.models.base import Context, Segmenter
from XAICLIPLib.models.device import choose_device
from XAICLIPLib.models.load import open_segmenter
from XAICLIPLib.models.precision import VARIANTS, fastest, remembered

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def unet():
    return open_segmenter("bundled", CPU)


def test_the_bundled_model_knows_the_abdomen(unet):
    assert isinstance(unet, Segmenter) and unet.spatial_dims == 2
    assert {"liver", "spleen", "kidney_right", "kidney_left"} <= set(unet.targets) and "background" not in unet.targets
    assert len(unet.provenance["sha256"]) == 64 and unet.provenance["file"] == "model.safetensors"


def dice(a, b):
    return 2 * (a & b).sum() / (a.sum() + b.sum())


def predicted(unet, volume, name):
    masks = []
    for plane in volume.voxels:
        prepared = unet.prepare(plane.astype(np.float32), Context())
        output = prepared.grid.to_slice(unet.predict(prepared.image[None])[0].numpy())
        masks.append(output[unet.targets.index(name)] > 0.5)
    return np.stack(masks)


@pytest.mark.slow
@pytest.mark.parametrize("name, least", [("liver", 0.8), ("spleen", 0.7), ("kidney_right", 0.6), ("kidney_left", 0.6)])
def test_it_segments_the_phantom(unet, phantom, organ, name, least):
    assert dice(predicted(unet, phantom[0], name), organ(name).voxels > 0) >= least


@pytest.mark.slow
def test_a_mirrored_patient_fails(unet, phantom, organ):
    """If a mirror image did as well, nothing here could tell left from right."""
    mirrored = phantom[0].like(phantom[0].voxels[:, :, ::-1].copy())
    assert dice(predicted(unet, mirrored, "spleen"), organ("spleen").voxels[:, :, ::-1] > 0) < 0.3


def test_the_prepared_image_is_the_window_on_the_body_frame(unet, phantom, liver_slice):
    plane = phantom[0].voxels[liver_slice].astype(np.float32)
    prepared = unet.prepare(plane, Context())
    assert prepared.image.shape == (1, 160, 160) and prepared.image.dtype == torch.float32
    assert prepared.image.min() == 0 and prepared.image.max() == 1
    for hounsfield, value in ((-160, 0.0), (40, 0.5), (240, 1.0), (-1000, 0.0)):
        assert prepared.value(hounsfield) == pytest.approx(value)
    assert torch.allclose(unet.prepare(plane * 1.0, Context()).image, prepared.image)
    # without Hounsfield units the scan's own percentiles take their place
    other = unet.prepare(plane * 3 + 5000, Context("MR", window=(5000 - 480, 5000 + 720)))
    assert other.value(5000 + 120) == pytest.approx(0.5)


@pytest.mark.slow
def test_its_probabilities_do_not_depend_on_the_batch(unet, phantom, liver_slice):
    prepared = unet.prepare(phantom[0].voxels[liver_slice].astype(np.float32), Context())
    images = torch.stack([prepared.image, prepared.image.flip(-1), prepared.image * 0.5])
    together = unet.predict(images)
    assert together.shape == (3, len(unet.targets), 160, 160)
    assert 0 <= together.min() and together.max() <= 1 and (together.sum(1) <= 1 + 1e-2).all()
    if unet.provenance["precision"].startswith("fp32"):
        for alone, row in zip(images, together):
            assert (unet.predict(alone[None])[0] - row).abs().max() <= 1e-5


def test_a_damaged_or_missing_checkpoint(monkeypatch, tmp_path):
    from safetensors.torch import load_file, save_file

    (tmp_path / "config.json").write_text((bundled.FOLDER / "config.json").read_text())
    weights = load_file(bundled.FOLDER / "model.safetensors")
    original = bundled.FOLDER
    monkeypatch.setattr(bundled, "FOLDER", tmp_path)
    with pytest.raises(WeightsError, match="missing"):
        open_segmenter("bundled", CPU)
    save_file({k: v for k, v in weights.items() if not k.startswith("head")}, tmp_path / "model.safetensors")
    with pytest.raises(WeightsError, match="is not the bundled U-Net"):
        open_segmenter("bundled", CPU)
    (tmp_path / "model.safetensors").write_bytes((original / "model.safetensors").read_bytes()[:1000])
    with pytest.raises(WeightsError) as caught:
        open_segmenter("bundled", CPU)
    assert "\n" not in str(caught.value)


# ---- the fastest precision that changes nothing


class Slow(torch.nn.Module):
    """Changes its answer under bfloat16, as a network whose result hangs on small differences does."""

    def forward(self, batch):
        fine = torch.is_autocast_enabled("cpu")
        return batch * (0.0 if fine else 1.0)


def test_the_choice_is_remembered_so_that_every_process_gives_the_same_map(tmp_path, monkeypatch):
    monkeypatch.setenv("XAICLIP_CACHE", str(tmp_path))
    network, image = torch.nn.Conv2d(1, 2, 3, padding=1), torch.rand(1, 1, 8, 8)
    name, _ = remembered(network, image, lambda a, b: 1.0, "weights")
    kept = tmp_path / "precision.json"
    (place,) = json.loads(kept.read_text())
    other = next(variant for variant in VARIANTS if variant != name)
    kept.write_text(json.dumps({place: other}))
    assert remembered(network, image, lambda a, b: 1.0, "weights")[0] == other
    assert len(json.loads(kept.read_text())) == 1
    remembered(network, image, lambda a, b: 1.0, "other weights")
    assert len(json.loads(kept.read_text())) == 2


def test_a_precision_that_changes_the_prediction_is_never_chosen():
    def same(a, b):
        return 1.0 if torch.equal(a, b) else 0.0

    name, forward = fastest(Slow(), torch.rand(1, 1, 8, 8), same)
    assert name != "bf16 channels_last"
    image = torch.rand(2, 1, 8, 8)
    assert torch.equal(forward(image), image)


# ---- functions


def halves(batch):
    """Two targets: left and right of the middle."""
    left = torch.zeros_like(batch)
    left[..., : batch.shape[-1] // 2] = 1
    return torch.cat([left, 1 - left], 1)


halves.targets = ("liver", "spleen")


class Ready:
    """A `Segmenter` of the user's own, made without arguments."""

    name, targets, spatial_dims, provenance = "ready", ("liver",), 2, {}

    def prepare(self, image, context):
        raise NotImplementedError

    def predict(self, batch):
        raise NotImplementedError


@pytest.fixture
def module(monkeypatch):
    found = types.ModuleType("their_models")
    found.halves, found.Ready, found.number, found.anonymous = halves, Ready, 7, lambda b: b
    monkeypatch.setitem(__import__("sys").modules, "their_models", found)


def test_a_function_by_name_sees_the_slice_in_the_scans_own_values(module):
    model = open_segmenter("function:their_models:halves", CPU)
    assert model.targets == ("liver", "spleen")
    prepared = model.prepare(np.full((5, 7), -1000.0), Context())
    assert prepared.image.shape == (1, 5, 7) and (prepared.image == -1000).all()
    assert prepared.grid.scale == (1, 1) and prepared.value(-1000.0) == -1000.0
    assert model.predict(prepared.image[None]).shape == (1, 2, 5, 7)


def test_a_function_that_names_its_channels_is_believed(module):
    """Asked for the spleen alone, it still has the two channels that it says it has."""
    assert open_segmenter("function:their_models:halves", CPU, ("spleen",)).targets == ("liver", "spleen")
    assert open_segmenter(halves, CPU, ("spleen",)).targets == ("liver", "spleen")
    assert open_segmenter("function:their_models:anonymous", CPU, ("spleen",)).targets == ("spleen",)
    assert open_segmenter(lambda b: b, CPU).targets == ("target",)


def test_a_segmenter_of_the_users_own(module):
    """What it does not say of itself is as it is for most; what it says is believed."""
    ready = Ready()
    for opened in (open_segmenter(ready, CPU), open_segmenter("function:their_models:Ready", CPU)):
        assert (opened.name, opened.targets, opened.spatial_dims) == ("ready", ("liver",), 2)
        assert not (opened.promptable or opened.named_by_request or opened.can_be_oriented or opened.trained_on)
        assert opened.network is None and opened.sees_all is None
        with pytest.raises(ModelError, match="ready says itself how its images lie"):
            opened.oriented("RAS", "xyz")
        with pytest.raises(NotImplementedError):
            opened.predict(torch.zeros(1, 1, 2, 2))
    ready.promptable, ready.trained_on, ready.oriented = True, "MR", lambda orientation, axes: Ready()
    opened = open_segmenter(ready, CPU)
    assert opened.promptable and opened.trained_on == "MR" and opened.oriented("RAS", "xyz").name == "ready"
    assert opened.provenance is ready.provenance


def test_a_segmenter_that_inherits_the_contract_is_taken_as_it_is():
    class Mine(Segmenter):
        name, targets, promptable = "mine", ("liver",), True

    mine = Mine()
    assert open_segmenter(mine, CPU) is mine and mine.spatial_dims == 2 and mine.trained_on == ""


@pytest.mark.parametrize(
    "spec, error, says",
    [
        ("unet", InputError, "no model 'unet'; give one of"),
        ("", InputError, "no model ''"),
        ("function:no_such_module:f", ModelError, "can't be imported"),
        ("function:their_models:absent", ModelError, "can't be imported"),
        ("function:their_models", ModelError, "can't be imported"),
        ("function:", ModelError, "can't be imported"),
        ("function:their_models:number", ModelError, "is a int, not a callable"),
        (42, ModelError, "not int"),
    ],
)
def test_what_is_no_model(module, spec, error, says):
    with pytest.raises(error, match=says) as caught:
        open_segmenter(spec, CPU)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "function, says",
    [
        (
            lambda b: b.repeat(1, 3, 1, 1),
            r"returned \(2, 3, 4, 5\) for a batch \(2, 1, 4, 5\); expected \(2, 2, H, W\)",
        ),
        (lambda b: b[0], r"returned \(1, 4, 5\)"),
        (lambda b: b.numpy(), r"returned ndarray \(2, 1, 4, 5\) .wrap it in torch.from_numpy."),
        (lambda b: {"out": b, "aux": b}, "returned dict with the keys 'out', 'aux' .return the one that"),
        (lambda b: (b, [b]), r"returned tuple of \(2, 1, 4, 5\), list .return the one that"),
        (lambda b: None, "returned NoneType for a batch"),
        (lambda b: torch.cat([b, b, b], 1), r"expected \(2, 2, H, W\).*leave out the background's channel"),
        (lambda b: b, r"returned \(2, 1, 4, 5\).*attribute `targets` of the function may name its channels"),
        (lambda b: torch.cat([b, b], 1)[:1], r"returned \(1, 2, 4, 5\) for a batch \(2, 1, 4, 5\)"),
        (lambda b: torch.cat([b, b], 1).long(), "returned int64: labels, not probabilities"),
        (lambda b: torch.cat([b, b], 1) > 0, "returned bool: labels, not probabilities"),
        (lambda b: torch.cat([b, b], 1).to("meta"), "returned a tensor on meta for a batch on cpu"),
        (lambda b: torch.cat([b, b], 1) / 0, "returned NaN or infinite values for the first batch"),
        (lambda b: b @ torch.zeros(9, 9), r"failed on a batch \(2, 1, 4, 5\) of float32: RuntimeError"),
        (lambda b: torch.nn.Conv2d(3, 2, 1)(b), "expected input.* to have 3 channels, but got 1 channels"),
        (lambda b: torch.nn.Conv2d(1, 2, 1).half()(b), "failed on a batch .2, 1, 4, 5. of float32"),
        (lambda b: {}["x"], "failed on a batch"),
    ],
)
def test_a_function_that_does_not_do_what_it_must(function, says):
    with pytest.raises(ModelError, match=says) as caught:
        open_segmenter(function, CPU, ("liver", "spleen")).predict(torch.zeros(2, 1, 4, 5))
    assert "\n" not in str(caught.value)


def test_maps_smaller_than_the_slice_and_in_half_precision_are_taken():
    def coarse(batch):
        small = torch.nn.functional.avg_pool2d(batch, 2)
        return torch.cat([small, 1 - small], 1).half()

    model = open_segmenter(coarse, CPU, ("liver", "spleen"))
    found = model.predict(torch.full((2, 1, 8, 10), 0.25))
    assert found.dtype == torch.float32 and found.shape == (2, 2, 8, 10)
    assert (found[:, 0] == 0.25).all() and (found[:, 1] == 0.75).all()


def test_memory_that_runs_out_inside_a_function_stays_an_out_of_memory():
    def full(batch):
        raise torch.OutOfMemoryError("CUDA out of memory")

    with pytest.raises(torch.OutOfMemoryError):
        open_segmenter(full, CPU, ("liver",)).predict(torch.zeros(2, 1, 4, 5))


def test_models_are_opened_once(module):
    models = Models()
    assert models.segmenter("bundled", CPU, ("liver",)) is models.segmenter("bundled", CPU, ("spleen",))
    first = models.segmenter("function:their_models:anonymous", CPU, ("liver",))
    assert models.segmenter("function:their_models:anonymous", CPU, ("liver",)) is first
    # a function that does not say what its channels are gets its names from the request: another request, other names
    assert models.segmenter("function:their_models:anonymous", CPU, ("spleen",)).targets == ("spleen",)
    # … also where it was looked at before anything was asked for, as the panel's check does
    assert models.segmenter("function:their_models:anonymous", CPU).targets == ("target",)
    assert models.segmenter("function:their_models:anonymous", CPU, ("aorta",)).targets == ("aorta",)


def test_devices():
    assert choose_device("cpu") == CPU
    assert choose_device("auto").type in ("cuda", "mps", "cpu")
    for name in ("cuda:97", "tpu", "gpu"):
        with pytest.raises(ResourceError, match=f"'{name}'.*cpu") as caught:
            choose_device(name)
        assert "\n" not in str(caught.value)
