"""The radiology segmenters of MONAI's model zoo, by their real configurations: the same numbers as MONAI's own run."""

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from scipy import ndimage

from Testing.unit.agreement import differs

pytest.importorskip("monai")
pytest.importorskip("yaml")
from zoobundles import PHASES, ZOO, brats_mri, by_monai, parser_of, renal_cect, write_zoo

import XAICLIPLib as xai
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import ModelError, WeightsError, XAICLIPError
from XAICLIPLib.models.base import Context
from XAICLIPLib.volume import Volume, write_volume

VISTA = ("liver", "spleen", "left kidney")


@pytest.fixture(scope="module")
def scan() -> Volume:
    """A body of smooth blobs in air, as its file stores it: voxels of 2 x 3 x 5 mm, left to right."""
    noise = np.random.default_rng(0).normal(0, 900, (14, 44, 52))
    voxels = np.full(noise.shape, -1000.0, np.float32)
    body = (slice(2, 12), slice(8, 40), slice(4, 44))
    voxels[body] = ndimage.gaussian_filter(noise, 1.5)[body] + 60
    axial = Volume(voxels, (2.0, 3.0, 5.0), (-40.0, 10.0, 5.0), modality="CT", name="blobs")
    return Volume.from_sitk(sitk.DICOMOrient(axial.to_sitk(), "LAS"), modality="CT", name="stored")


def predicted(spec, scan, structures):
    """Probabilities (K, x, y, z) on the file's own grid."""
    case = Case(Request("s", structures, model=spec, device="cpu"), Models(), scan=scan)
    if case.segmenter.spatial_dims == 2:
        slices = [case.prepare(z) for z in range(len(case.scan.axial.voxels))]
        maps = np.stack([p.grid.to_slice(case.predictor(p)(p.image[None])[0].numpy()) for p in slices], 1)
        return on_file(case, scan, maps), slices[0]
    prepared = case.prepare(None)
    maps = prepared.grid.to_slice(case.predictor(prepared)(prepared.image[None])[0].numpy())
    return on_file(case, scan, maps), prepared


def on_file(case, scan, maps):
    return np.stack([scan.restore(case.scan.axial.like(one)).voxels.transpose(2, 1, 0) for one in maps])


@pytest.mark.slow
@pytest.mark.parametrize("name", ZOO)
def test_a_bundle_of_the_zoo_makes_the_same_prediction(scan, tmp_path, name):
    folder = write_zoo(tmp_path, name)
    file = write_volume(scan, tmp_path / "scan.nii.gz")
    if name == "vista3d":
        structures, expected = VISTA, by_monai(folder, file, (1, 3, 14))
    else:
        structures = xai.open_segmenter(f"monai:{folder}", "cpu").targets
        expected = by_monai(folder, file)[1:]
    found, prepared = predicted(f"monai:{folder}", scan, structures)
    assert found.shape == tuple(expected.shape) and len(prepared.image) == 1
    assert differs(found, expected) <= 1e-4 and float(np.ptp(expected)) > 0.02


@pytest.mark.slow
def test_four_images_are_what_monai_makes_of_them(scan, tmp_path, monkeypatch):
    monkeypatch.setitem(ZOO, "brats_mri_segmentation", brats_mri)
    folder = write_zoo(tmp_path, "brats_mri_segmentation")
    model = xai.open_segmenter(f"monai:{folder}", "cpu")
    assert model.images == ("T1c", "T1", "T2", "FLAIR")
    rng = np.random.default_rng(3)
    others = [
        Volume((scan.voxels * 0.1 * i + 30 * rng.random(scan.voxels.shape)).astype(np.float32), scan.spacing,
               scan.origin, scan.direction, modality="MR", name=f"image {i}")
        for i in range(2, 5)
    ]  # fmt: skip
    files = [write_volume(volume, tmp_path / f"{i}.nii.gz") for i, volume in enumerate([scan, *others])]
    expected = by_monai(folder, files).numpy()
    request = Request("s", model.targets, model=f"monai:{folder}", device="cpu", images=[str(f) for f in files[1:]])
    case = Case(request, Models(), scan=scan, images=others)
    prepared = case.prepare(None)
    maps = prepared.grid.to_slice(case.predictor(prepared)(prepared.image[None])[0].numpy())
    assert differs(on_file(case, scan, maps), expected) <= 1e-4 and float(np.ptp(expected)) > 0.02


@pytest.mark.slow
def test_three_phases_that_a_script_joins_are_what_monai_makes_of_them(scan, tmp_path, monkeypatch):
    """The zoo's renalStructures_CECT: its script is not run, only what its arguments say is done."""
    from monai.data import decollate_batch, list_data_collate
    from monai.transforms import Compose, Invertd

    monkeypatch.setitem(ZOO, "renalStructures_CECT_segmentation", renal_cect)
    folder = write_zoo(tmp_path, "renalStructures_CECT_segmentation")
    (folder / "scripts").mkdir()
    (folder / "scripts" / "__init__.py").write_text("raise SystemExit('this is never run')\n")
    spec = f"monai:{folder}"
    model = xai.open_segmenter(spec, "cpu")
    assert model.images == PHASES and model.targets == ("artery", "vein", "ureter", "neoplasm", "parenchyma")
    rng = np.random.default_rng(3)
    others = [scan.like((scan.voxels + 90 * i * rng.random(scan.voxels.shape)).astype(np.float32), f"phase {i}")
              for i in (2, 3)]  # fmt: skip
    files = [write_volume(volume, tmp_path / f"{i}.nii.gz") for i, volume in enumerate([scan, *others])]
    parser = parser_of(folder)
    steps = parser["preprocessing"]["transforms"]
    steps[4] = {"_target_": "ConcatItemsd", "keys": list(PHASES), "name": "image"}  # as the script does it
    network = parser.get_parsed_content("network").eval()
    network.load_state_dict(torch.load(folder / "models" / "model.pt", weights_only=True))
    transform = parser.get_parsed_content("preprocessing")
    data = list_data_collate([transform(dict(zip(PHASES, map(str, files))))])
    with torch.no_grad():
        data["pred"] = parser.get_parsed_content("inferer")(data["image"], network).sigmoid()
    back = Invertd(keys="pred", orig_keys="artery", transform=Compose(transform.transforms), nearest_interp=False)
    expected = back(decollate_batch({k: data[k] for k in ("artery", "pred")})[0])["pred"].numpy()[1:]
    request = Request("s", model.targets, model=spec, device="cpu", images=[str(f) for f in files[1:]])
    case = Case(request, Models(), scan=scan, images=others)
    prepared = case.prepare(None)
    maps = prepared.grid.to_slice(case.predictor(prepared)(prepared.image[None])[0].numpy())
    assert len(prepared.image) == 3 and differs(on_file(case, scan, maps), expected) <= 1e-4
    assert float(np.ptp(expected)) > 0.02
    with pytest.raises(XAICLIPError, match="3 images"):
        Case(Request("s", model.targets, model=spec, device="cpu"), Models(), scan=scan).prepare(None)


@pytest.mark.parametrize(
    ("number", "changes"),
    [
        (4, {"keys_merge": "@preprocessing#nowhere"}),
        (4, {"keys_merge": ["artery", "artery"]}),
        (4, {"_target_": "scripts.my_transforms.Another"}),
        (3, {"keys": ["artery", "vein"]}),
        (3, {"mode": ["bilinear", "nearest", "bilinear"]}),
    ],
)
def test_phases_that_are_not_treated_alike_are_refused(tmp_path, monkeypatch, number, changes):
    import json

    monkeypatch.setitem(ZOO, "renal", renal_cect)
    folder = write_zoo(tmp_path, "renal")
    file = folder / "configs" / "inference.json"
    config = json.loads(file.read_text())
    config["preprocessing"]["transforms"][number] |= changes
    file.write_text(json.dumps(config))
    with pytest.raises(XAICLIPError, match="transforms") as error:
        xai.open_segmenter(f"monai:{folder}", "cpu")
    assert "\n" not in str(error.value)


@pytest.mark.slow
def test_only_the_classes_that_are_asked_for_are_computed(scan, tmp_path):
    model = xai.open_segmenter(f"monai:{write_zoo(tmp_path, 'vista3d')}", "cpu")
    assert "kidney" not in model.targets and "left kidney" in model.targets and len(model.targets) == 129
    prepared = model.prepare(scan.axial().voxels, Context("CT", scan.axial().spacing[::-1]))
    numbers = [model.targets.index(name) for name in VISTA]
    found = prepared.predict(prepared.image[None], numbers)
    again = torch.cat([prepared.predict(prepared.image[None], [i]) for i in numbers], 1)
    assert found.shape[1] == 3 and (found - again).abs().max() <= 1e-6
    assert "each class is asked for on its own" in model.provenance["activation"]


def test_clicks_are_none_and_it_is_said(scan, tmp_path):
    model = xai.open_segmenter(f"monai:{write_zoo(tmp_path, 'spleen_deepedit_annotation')}", "cpu")
    prepared = model.prepare(scan.axial().voxels, Context("CT", scan.axial().spacing[::-1]))
    assert prepared.image.shape == (1, 32, 32, 32)  # what is perturbed is the image, and no map of clicks
    assert any("without clicks" in note for note in prepared.notes)


def test_weights_are_those_that_the_config_loads(tmp_path):
    for name, file in (
        ("wholeBody_ct_segmentation", "model_lowres.pt"),
        ("pediatric_abdominal_ct_segmentation", "dynunet_FT.pt"),
    ):
        folder = write_zoo(tmp_path, name)
        (folder / "models" / "model.pt").write_bytes(b"another one")
        assert xai.open_segmenter(f"monai:{folder}", "cpu").provenance["file"] == file


def test_a_network_prints_nothing_where_results_are_read(tmp_path, capsys):
    folder = write_zoo(tmp_path, "pancreas_ct_dints_segmentation")
    assert capsys.readouterr().out  # MONAI's own
    xai.open_segmenter(f"monai:{folder}", "cpu")
    assert capsys.readouterr().out == ""


@pytest.mark.slow
def test_torchscript_stands_in_where_the_architecture_is_not_there(tmp_path):
    folder = write_zoo(tmp_path, "multi_organ_segmentation")
    network = xai.open_segmenter(f"monai:{folder}", "cpu").network
    (folder / "models" / "search_code_18590.pt").unlink()
    with pytest.raises(WeightsError, match=r"search_code_18590.pt, which is not there; download the bundle's files"):
        xai.open_segmenter(f"monai:{folder}", "cpu")
    torch.jit.trace(network, torch.rand(1, 1, 32, 32, 32), check_trace=False).save(str(folder / "models" / "model.ts"))
    told = xai.open_segmenter(f"monai:{folder}", "cpu").provenance
    assert told["file"] == "model.ts" and "search_code_18590.pt" in told["weights"]


# ---- what an architecture's file, and an expression, may not do


def test_the_file_of_an_architecture_is_read_as_data(tmp_path):
    folder = write_zoo(tmp_path, "multi_organ_segmentation")
    torch.save({"arch_code_a": torch.nn.Conv2d(1, 1, 1)}, folder / "models" / "search_code_18590.pt")
    with pytest.raises(WeightsError, match="search_code_18590.pt is refused: it holds the Python object"):
        xai.open_segmenter(f"monai:{folder}", "cpu")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("$torch.load('/etc/passwd')", "a file outside the bundle"),
        ("$torch.load('../other.pt')", "a file outside the bundle"),
        ("$torch.load(@arch_ckpt_path, weights_only=False, pickle_module=os)", "Python code"),
        ("$torch.load(open('x'))", "Python code"),
        ("$torch.hub.load('a/b', 'c')", "Python code"),
        ("$torch.load(*['a'])", "Python code"),
        ("$monai.bundle.download('x')", "Python code"),
        ("$monai.networks.nets.vista3d132(**@dints_space)", "Python code"),
        ("$monai.networks.nets.DiNTS.__init__(x=1)", "Python code"),
        ("$list(range(1000000000))", "has no value"),
    ],
)
def test_other_calls_are_refused(tmp_path, text, words):
    import yaml

    folder = write_zoo(tmp_path, "multi_organ_segmentation")
    file = folder / "configs" / "inference.yaml"
    config = yaml.safe_load(file.read_text())
    config["arch_ckpt"] = text
    file.write_text(yaml.safe_dump(config))
    with pytest.raises(ModelError, match=words) as error:
        xai.open_segmenter(f"monai:{folder}", "cpu")
    assert "\n" not in str(error.value)


def test_a_script_in_a_bundle_is_named_and_not_run(tmp_path):
    """The networks of the two UNEST bundles are their own Python."""
    import json

    folder = write_zoo(tmp_path, "spleen_ct_segmentation")
    file = folder / "configs" / "inference.json"
    config = json.loads(file.read_text())
    config["network_def"] = {"_target_": "scripts.networks.unest.UNesT", "in_channels": 1, "out_channels": 4}
    file.write_text(json.dumps(config))
    (folder / "scripts").mkdir()
    (folder / "scripts" / "__init__.py").write_text("raise SystemExit('this is never run')\n")
    with pytest.raises(ModelError, match="'scripts.networks.unest.UNesT', which is none of the networks .*TorchScript"):
        xai.open_segmenter(f"monai:{folder}", "cpu")
