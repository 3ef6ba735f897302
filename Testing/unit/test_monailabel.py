"""MONAI Label: the models of its radiology app, as its own inference tasks run them, and what an app may lack.

`by_task` is written from MONAI's transforms and inferers, in the order in which the app's tasks take them.
"""

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from scipy import ndimage

from Testing.unit.agreement import differs

pytest.importorskip("monai")

import XAICLIPLib as xai
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import InputError, ModelError, WeightsError
from XAICLIPLib.models.detect import recognise
from XAICLIPLib.models.monailabel.app import said_in
from XAICLIPLib.volume import Volume, write_volume

CONFIGURATION = """
import os
raise SystemExit("this is never run")
class It(TaskConfig):
    def init(self, name, model_dir, conf):
        conf_labels = self.conf.get("labels")
        self.labels = {label: i for i, label in enumerate(conf_labels.split(","))} if conf_labels else LABELS
        self.path = [os.path.join(self.model_dir, f"pretrained_{name}.pt")]
        self.target_spacing = SPACING  # target space for image
        self.roi_size = ROI
        self.spatial_size = SIZE
"""


@pytest.fixture(scope="module")
def scan() -> Volume:
    """A body of smooth blobs in air, 2 x 3 x 5 mm, stored left to right."""
    noise = np.random.default_rng(0).normal(0, 1500, (12, 36, 44))
    voxels = np.full(noise.shape, -1000.0, np.float32)
    body = (slice(1, 11), slice(6, 32), slice(4, 40))
    voxels[body] = ndimage.gaussian_filter(noise, 2)[body] + 60
    axial = Volume(voxels, (2.0, 3.0, 5.0), (-40.0, 10.0, 5.0), modality="CT", name="blobs")
    return Volume.from_sitk(sitk.DICOMOrient(axial.to_sitk(), "LAS"), modality="CT", name="stored")


def network_of(name: str, outputs: int) -> torch.nn.Module:
    """As the app's configuration builds it; with fewer features where the app's own are many."""
    from monai.networks.nets import DynUNet, SegResNet, UNet

    torch.manual_seed(0)
    if name == "segmentation":
        network = SegResNet(
            spatial_dims=3, in_channels=1, out_channels=outputs, init_filters=8, blocks_down=(1, 2, 2, 4),
            blocks_up=(1, 1, 1), dropout_prob=0.2,
        )  # fmt: skip
    elif name == "segmentation_spleen":
        network = UNet(
            spatial_dims=3, in_channels=1, out_channels=outputs, channels=[16, 32, 64, 128, 256], strides=[2] * 4,
            num_res_units=2, norm="batch",
        )  # fmt: skip
    else:
        network = DynUNet(
            spatial_dims=3, in_channels=outputs + 1, out_channels=outputs, kernel_size=[3] * 6,
            strides=[1, 2, 2, 2, 2, [2, 2, 1]], upsample_kernel_size=[2, 2, 2, 2, [2, 2, 1]],
            filters=[4, 4, 8, 8, 8, 8], norm_name="instance", deep_supervision=False, res_block=True,
        )  # fmt: skip
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(1.5)
    return network.eval()


def write_app(place, name, network, file="", **said):
    """An app's folder: weights, and a configuration that says some things in plain values."""
    app = place / "radiology"
    (app / "model").mkdir(parents=True, exist_ok=True)
    (app / "lib" / "configs").mkdir(parents=True, exist_ok=True)
    values = {"LABELS": "make()", "SPACING": "make()", "ROI": "make()", "SIZE": "make()"}
    values |= {key: repr(value) for key, value in said.items()}
    text = CONFIGURATION
    for key, value in values.items():
        text = text.replace(key, value)
    (app / "lib" / "configs" / f"{name.partition('_dynunet')[0]}.py").write_text(text)
    torch.save(network.state_dict(), app / "model" / (file or f"pretrained_{name}.pt"))
    return app


def by_task(name, network, file, spacing, roi, size):
    """Probabilities on the network's grid, and on the file's, where what comes before the softmax is brought back."""
    from monai import transforms as t
    from monai.inferers import SimpleInferer, SlidingWindowInferer

    steps = [
        t.LoadImaged(keys="image"),
        t.EnsureChannelFirstd(keys="image"),
        t.Orientationd(keys="image", axcodes="RAS"),
    ]
    if name == "segmentation":
        steps += [
            t.Spacingd(keys="image", pixdim=spacing), t.NormalizeIntensityd(keys="image", nonzero=True),
            t.GaussianSmoothd(keys="image", sigma=0.4), t.ScaleIntensityd(keys="image", minv=-1.0, maxv=1.0),
        ]  # fmt: skip
        inferer = SlidingWindowInferer(
            roi_size=roi, sw_batch_size=2, overlap=0.4, padding_mode="replicate", mode="gaussian"
        )
    elif name == "segmentation_spleen":
        steps += [
            t.Spacingd(keys="image", pixdim=spacing),
            t.ScaleIntensityRanged(keys="image", a_min=-57, a_max=164, b_min=0.0, b_max=1.0, clip=True),
            t.ScaleIntensityd(keys="image", minv=-1.0, maxv=1.0),
        ]
        inferer = SlidingWindowInferer(roi_size=[160, 160, 160], sw_batch_size=1, overlap=0.25)
    else:
        from monai.apps.deepedit.transforms import DiscardAddGuidanced

        labels = dict.fromkeys(range(network.out_channels))
        steps += [
            t.ScaleIntensityRanged(keys="image", a_min=-175, a_max=250, b_min=0.0, b_max=1.0, clip=True),
            t.Resized(keys="image", spatial_size=size, mode="area"),
            DiscardAddGuidanced(keys="image", label_names=labels, number_intensity_ch=1),
            t.EnsureTyped(keys="image"),
        ]
        inferer = SimpleInferer()
    data = {"image": str(file)}
    for one in steps:
        data = one(data)
    with torch.no_grad():
        logits = inferer(data["image"][None], network)[0]
    back = {"image": logits}
    for one in reversed(steps):
        back = one.inverse(back) if hasattr(one, "inverse") else back
    return logits.as_tensor().softmax(0), back["image"].as_tensor().softmax(0)


CASES = {
    "segmentation": (("spleen", "liver", "aorta"), {"SPACING": (3.0, 3.0, 3.0), "ROI": (32, 32, 32)}),
    "segmentation_spleen": (("spleen",), {"SPACING": (3.0, 3.0, 4.0)}),
    "deepedit_dynunet": (("spleen", "liver"), {"SIZE": (32, 32, 32)}),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_an_app_makes_the_same_prediction(scan, tmp_path, name):
    labels, said = CASES[name]
    network = network_of(name, len(labels) + 1)
    numbers = {label: i for i, label in enumerate(labels, 1)} | ({"background": 0} if "edit" in name else {})
    app = write_app(tmp_path, name, network, LABELS=numbers, **said)
    case = Case(Request("s", labels, model=f"monailabel:{app}/{name}", device="cpu"), Models(), scan=scan)
    assert case.segmenter.targets == labels and case.segmenter.trained_on == "CT"
    prepared = case.prepare(None)
    found = case.predictor(prepared)(prepared.image[None])[0]
    file = write_volume(scan, tmp_path / "scan.nii.gz")
    expected, on_scan = by_task(name, network, file, said.get("SPACING"), said.get("ROI"), said.get("SIZE"))
    assert differs(found, prepared.grid.from_monai(expected[1:])) <= 1e-4 and expected.max() > 0.6
    drawn = prepared.masks(found.numpy()).astype(np.float32)
    mine = np.stack([scan.restore(case.scan.axial.like(one)).voxels.transpose(2, 1, 0) for one in drawn]) > 0.5
    theirs = on_scan[1:].numpy() > 0.5
    assert 2 * (mine & theirs).sum() / (mine.sum() + theirs.sum()) >= (0.995 if name == "segmentation_spleen" else 0.9)
    assert any("draws there what is largest" in note for note in prepared.notes)


def test_what_was_trained_here_comes_before_what_was_downloaded(tmp_path):
    """As MONAI Label has it; and labels that a user gave are numbered where the app's Python does not tell them."""
    app = write_app(tmp_path, "segmentation", network_of("segmentation", 26))
    model = xai.open_segmenter(f"monailabel:{app}/segmentation", "cpu")
    assert len(model.targets) == 25 and model.targets[4] == "liver" and model.targets[-1] == "pulmonary_artery"
    assert model.provenance["file"] == "pretrained_segmentation.pt"
    torch.save({"model": network_of("segmentation", 3).state_dict(), "epoch": 4}, app / "model" / "segmentation.pt")
    model = xai.open_segmenter(f"monailabel:{app}/segmentation", "cpu")
    assert model.targets == ("label 1", "label 2") and model.provenance["file"] == "segmentation.pt"
    assert model.trained_on == ""
    old = app / "model" / "pretrained_segmentation.pt"
    assert len(xai.open_segmenter(f"monailabel:{old}", "cpu").targets) == 25
    assert recognise(old).spec == f"monailabel:{app}/segmentation"


def test_the_apps_python_is_read_and_not_run(tmp_path):
    app = write_app(tmp_path, "segmentation", network_of("segmentation", 3), LABELS={"a": 1, "b": 2}, ROI=(64, 64, 32))
    assert said_in(app, "segmentation") == {"labels": {"a": 1, "b": 2}, "roi_size": (64, 64, 32)}
    (app / "lib" / "configs" / "segmentation.py").write_text("def broken(:\n")
    assert said_in(app, "segmentation") == {} == said_in(app, "none")


def test_what_can_not_be_explained_says_why(tmp_path):
    app = write_app(tmp_path, "segmentation", network_of("segmentation", 3))
    weights = (app / "model" / "pretrained_segmentation.pt").read_bytes()
    for name, words in {
        "deepgrow_3d": "segments what clicks point at",
        "segmentation_vertebra": "is a stage of the app's vertebra pipeline",
        "my_own": "none of the segmenters of the radiology app that XAICLIP knows .* export it as TorchScript",
        "segmentation_spleen": "is not of the network that segmentation_spleen of the radiology app has",
    }.items():
        (app / "model" / f"pretrained_{name}.pt").write_bytes(weights)
        with pytest.raises(ModelError, match=words) as error:
            xai.open_segmenter(f"monailabel:{app}/{name}", "cpu")
        assert "\n" not in str(error.value)
    for argument, kind, words in (
        ("", InputError, "write monailabel:APP/MODEL"),
        ("radiology", InputError, "write monailabel:APP/MODEL"),
        (tmp_path / "none" / "segmentation", InputError, "there is no app"),
        (app / "segmentatio", InputError, "it has .*; did you mean segmentation?"),
    ):
        with pytest.raises(kind, match=words):
            xai.open_segmenter(f"monailabel:{argument}", "cpu")
    (app / "model" / "spleen_ct" / "configs").mkdir(parents=True)
    (app / "model" / "spleen_ct" / "configs" / "metadata.json").write_text("{}")
    with pytest.raises(InputError, match="spleen_ct is a bundle in the app radiology; write monai:"):
        xai.open_segmenter(f"monailabel:{app}/spleen_ct", "cpu")
    for file in (app / "model").glob("*.pt"):
        file.unlink()
    with pytest.raises(WeightsError, match="holds no weights: run it once in MONAI Label"):
        xai.open_segmenter(f"monailabel:{app}/segmentation", "cpu")


def test_weights_that_were_changed_are_told(tmp_path):
    network = network_of("segmentation", 3)
    app = write_app(tmp_path, "segmentation", network)
    state = network.state_dict()
    state.pop(next(key for key in state if "down_layers" in key))
    torch.save(state, app / "model" / "pretrained_segmentation.pt")
    with pytest.raises(WeightsError, match="is no SegResNet of segmentation; its keys: 1 missing"):
        xai.open_segmenter(f"monailabel:{app}/segmentation", "cpu")
