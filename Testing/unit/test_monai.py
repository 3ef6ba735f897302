"""MONAI bundles: the same numbers as MONAI's own run of the bundle, and nothing of a bundle executed."""

import json
import shutil
import time

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from scipy import ndimage

pytest.importorskip("monai")
import hostilefiles
from monaibundle import CHANNELS, by_monai, inference, metadata, write_bundle

import XAICLIPLib as xai
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import ModelError, WeightsError
from XAICLIPLib.models.base import Context
from XAICLIPLib.models.monai.config import BundleConfig
from XAICLIPLib.volume import Volume, read_volume, write_volume

SEVERAL = CHANNELS["several"]


@pytest.fixture(scope="module")
def scan() -> Volume:
    """Smooth blobs in Hounsfield units, voxels of 2 x 3 x 5 mm."""
    noise = np.random.default_rng(0).normal(0, 800, (12, 40, 48))
    voxels = ndimage.gaussian_filter(noise, 1.5) + 50
    return Volume(voxels.astype(np.float32), (2.0, 3.0, 5.0), (-40.0, 10.0, 5.0), modality="CT", name="blobs")


@pytest.fixture(scope="module")
def deep(tmp_path_factory):
    """A 3D bundle, in windows, with another spacing and orientation than the scan."""
    return write_bundle(tmp_path_factory.mktemp("deep") / "organs", inference(3, 3), metadata(3, SEVERAL))


@pytest.fixture(scope="module")
def flat(tmp_path_factory):
    """A 2D bundle that says how it resizes, pads and normalises."""
    config = inference(2, 2)
    config["preprocessing"]["transforms"][2:5] = [
        {"_target_": "Resized", "keys": ["image"], "spatial_size": [40, 44], "mode": ["bilinear"]},
        {"_target_": "DivisiblePadd", "keys": "image", "k": 16},
        {"_target_": "NormalizeIntensityd", "keys": "image", "nonzero": True},
        {"_target_": "monai.transforms.ScaleIntensityD", "keys": "image", "minv": -1.0, "maxv": 1.0},
    ]
    config["inferer"] = {"_target_": "SimpleInferer"}
    return write_bundle(tmp_path_factory.mktemp("flat") / "spleen", config, metadata(2, ["background", "spleen"]))


def opened(folder, targets=()):
    return xai.open_segmenter(f"monai:{folder}", "cpu", targets)


def predicted(model, image, spacing):
    prepared = model.prepare(image, Context("CT", spacing, (-100.0, 200.0)))
    return prepared, prepared.grid.to_slice(prepared.predict(prepared.image[None])[0].numpy())


@pytest.mark.slow
@pytest.mark.parametrize("direction", ["LPS", "RAS", "PIR"])
def test_a_volume_is_what_monai_makes_of_the_file(deep, scan, tmp_path, direction):
    """However the file stores the scan; a prediction on the scan's own grid."""
    image = sitk.DICOMOrient(scan.to_sitk(), direction)
    stored = Volume.from_sitk(image, modality="CT", name="stored")
    case = Case(Request("s", ("liver", "spleen"), model=f"monai:{deep}", device="cpu"), Models(), scan=stored)
    prepared = case.prepare(None)
    found = prepared.grid.to_slice(case.predictor(prepared)(prepared.image[None])[0].numpy())
    expected = (
        by_monai(deep, write_volume(stored, tmp_path / "scan.nii.gz"))[1:].numpy().transpose(0, 3, 2, 1)
    )  # x, y, z of the file
    for mine, monais in zip(found, expected):
        again = stored.restore(case.scan.axial.like(mine))
        assert np.abs(again.voxels - monais).max() <= 1e-4
    assert 0.05 < found.max() - found.min() and prepared.grid.scale == pytest.approx((5 / 4, 3 / 3.5, 2 / 3))
    assert prepared.image.shape == (1, 15, 34, 32)


def test_a_slice_is_what_monai_makes_of_the_file(flat, scan, tmp_path):
    model = opened(flat)
    image = scan.voxels[5]
    prepared, found = predicted(model, image, (3.0, 2.0))
    plane = sitk.GetImageFromArray(image)
    plane.SetSpacing((2.0, 3.0))
    sitk.WriteImage(plane, str(tmp_path / "scan.nii.gz"))
    expected = by_monai(flat, tmp_path / "scan.nii.gz")[1:].numpy().transpose(0, 2, 1)
    assert np.abs(found - expected).max() <= 1e-4 and np.ptp(found) > 0.05
    assert prepared.image.shape == (1, 48, 48)
    assert prepared.grid.scale == pytest.approx((44 / 40, 40 / 48))
    assert any("does not say how its images lie" in note for note in prepared.notes)
    mask = np.zeros(image.shape, bool)
    mask[10:30, 10:40] = True
    assert prepared.grid.mask_to_work(mask).sum() == pytest.approx(mask.sum() * 44 / 40 * 40 / 48, rel=0.1)
    assert (prepared.grid.to_slice(prepared.grid.mask_to_work(mask).astype(np.float32)) > 0.5)[mask].mean() > 0.9


def test_batched_equals_one_by_one(deep, flat, scan):
    for folder, image, spacing in ((deep, scan.voxels, (5.0, 3.0, 2.0)), (flat, scan.voxels[5], (3.0, 2.0))):
        model = opened(folder)
        prepared = model.prepare(image, Context("CT", spacing))
        batch = prepared.image[None].repeat(3, *[1] * prepared.image.dim())
        batch += 0.3 * torch.randn(batch.shape, generator=torch.Generator().manual_seed(0))
        together = prepared.predict(batch)
        alone = torch.cat([prepared.predict(one[None]) for one in batch])
        assert (together - alone).abs().max() <= 1e-5
        assert (together[0] - together[1]).abs().max() > 1e-3


def test_intensities_become_what_the_steps_make_of_them(deep, flat, scan):
    prepared = opened(deep).prepare(scan.voxels, Context("CT", (5.0, 3.0, 2.0)))
    assert prepared.value(50.0) == pytest.approx(107 / 221, abs=1e-6) and prepared.value(-1000.0) == 0
    image = scan.voxels[5]
    prepared = opened(flat).prepare(image, Context("CT", (3.0, 2.0)))
    inside = prepared.image[0, 2:-2, 4:-4]
    assert inside.min() < prepared.value(float(np.median(image))) < inside.max()


def test_what_is_known_of_a_bundle_is_told(deep):
    model = opened(deep)
    assert model.targets == ("liver", "spleen") and model.spatial_dims == 3 and model.name == "organs"
    told = model.provenance
    assert told["version"] == "0.5.3" and told["licence"] == "Apache License (LICENSE)" and len(told["sha256"]) == 64
    assert told["copyright"] == "Copyright (c) MONAI Consortium" and told["inferer"] == "SlidingWindowInferer"
    assert told["activation"] == "softmax: postprocessing#transforms#0 says so"
    assert told["weights"] == "UNet by network_def, weights alone"


def test_yaml_full_paths_and_new_references(deep, tmp_path, scan):
    import yaml

    config = inference(3, 3)
    config["network_def"]["_target_"] = "monai.networks.nets.UNet"
    config["network_def"]["out_channels"] = "$@classes + 1"
    config["classes"] = 2
    config["sizes"] = {"roi": [32, 32, 16]}
    config["inferer"]["roi_size"] = "@sizes::roi"
    network = opened(deep)._network
    folder = write_bundle(tmp_path / "organs", config, metadata(3, SEVERAL), network)
    text = yaml.safe_dump(config)
    (folder / "configs" / "inference.json").unlink()
    (folder / "configs" / "inference.yaml").write_text(text)
    one, other = (predicted(opened(f), scan.voxels, (5.0, 3.0, 2.0))[1] for f in (deep, folder))
    assert np.array_equal(one, other)


# ---- nothing of a bundle runs


@pytest.mark.parametrize(
    ("entry", "value", "words"),
    [
        ("network_def", "$__import__('os').system('touch {mark}')", ()),
        ("network_def#_target_", "os.system", ("'os.system'", "none of the networks")),
        ("network_def#_target_", "scripts.networks.unest.UNesT", ("scripts.networks", "TorchScript")),
        ("network_def#_target_", "monai.bundle.ckpt_export", ("none of the networks",)),
        ("network_def#_target_", "$__import__('os').system", ("network_def#_target_", "Python code")),
        ("network_def#out_channels", "$__import__('os').system('touch {mark}')", ("network_def#out_channels",)),
        ("network_def#act", "$().__class__.__bases__", ("Python code",)),
        ("network_def#norm", "$'x' * 10**9", ("Python code",)),
        ("network_def#norm", "$[c for c in 'ab']", ("Python code",)),
        ("network_def#act", {"_target_": "subprocess.run", "args": "touch {mark}"}, ("'subprocess.run'",)),
        ("network_def#_mode_", "debug", ("_mode_",)),
        ("network_def#norm", "%other.json#norm", ("text of another file",)),
        ("network_def#norm", "@preprocessing#nowhere", ("no entry @preprocessing#nowhere",)),
        ("network_def#norm", "@network_def#norm", ("circle",)),
        ("network_def#strides", [2], ("can't be made",)),
        ("inferer#_target_", "scripts.inferer.Mine", ("none of the inferers",)),
        ("inferer#roi_size", "$open('{mark}', 'w').write('x')", ("inferer#roi_size",)),
        ("preprocessing#transforms#3#_target_", "Lambdad", ("preprocessing#transforms#3", "'Lambdad'")),
        ("preprocessing#transforms#3#_target_", "RandFlipd", ("'RandFlipd'",)),
        ("preprocessing#transforms#3#pixdim", "$lambda x: x", ("Python code",)),
        ("postprocessing#transforms#0#softmax", "$exec('1')", ("Python code",)),
    ],
)
def test_code_in_a_config_is_refused_by_name(tmp_path, entry, value, words):
    mark = tmp_path / "mark"
    config = inference(3, 3)
    network = write_bundle(tmp_path / "good", config, metadata(3, SEVERAL))
    *path, last = entry.split("#")
    node = config
    for part in path:
        node = node[int(part) if isinstance(node, list) else part]
    node[last] = json.loads(json.dumps(value).replace("{mark}", str(mark)))
    folder = tmp_path / "bad"
    network.rename(folder)
    (folder / "configs" / "inference.json").write_text(json.dumps(config))
    with pytest.raises(ModelError) as error:
        opened(folder)
    for word in words:
        assert word in str(error.value)
    assert "\n" not in str(error.value) and not mark.exists()


def test_what_nothing_needs_is_not_looked_at(deep):
    """The zoo's bundles import, list files and start an evaluator; none of that is evaluated."""
    config = json.loads((deep / "configs" / "inference.json").read_text())
    assert {"imports", "datalist", "evaluator", "run"} <= set(config)
    opened(deep)


def test_a_pickled_model_is_refused(tmp_path):
    folder = write_bundle(tmp_path / "b", inference(3, 3), metadata(3, SEVERAL))
    torch.save(torch.nn.Conv2d(1, 1, 1), folder / "models" / "model.pt")
    with pytest.raises(WeightsError, match="Conv2d, and reading such things can run any program"):
        opened(folder)


def test_weights_of_another_network_are_told(deep, tmp_path):
    config = inference(3, 3)
    config["network_def"]["channels"] = [4, 8, 32]
    network = opened(deep)._network
    folder = write_bundle(tmp_path / "b", config, metadata(3, SEVERAL), network)
    with pytest.raises(WeightsError, match=r"model.pt is no UNet; its keys: .* of another shape"):
        opened(folder)


@pytest.mark.slow
def test_torchscript_stands_in_where_the_network_is_the_bundles_own(deep, tmp_path, scan):
    config = inference(3, 3)
    config["network_def"] = {"_target_": "scripts.networks.Mine", "spatial_dims": 3}
    network = opened(deep)._network
    folder = write_bundle(tmp_path / "b", config, metadata(3, SEVERAL), network)
    torch.jit.trace(network, torch.rand(1, 1, 16, 32, 32)).save(str(folder / "models" / "model.ts"))
    model = opened(folder)
    assert model.provenance["file"] == "model.ts" and "scripts.networks.Mine" in model.provenance["weights"]
    one, other = (predicted(m, scan.voxels, (5.0, 3.0, 2.0))[1] for m in (opened(deep), model))
    assert np.abs(one - other).max() <= 1e-5
    (folder / "models" / "model.pt").unlink()
    assert opened(folder).provenance["weights"] == "TorchScript"
    (folder / "models" / "model.ts").unlink()
    with pytest.raises(WeightsError, match="neither models/model.pt nor models/model.ts"):
        opened(folder)


@pytest.mark.slow
def test_torchscript_in_a_bundle_touches_no_file(deep, tmp_path):
    """Whether it stands in for the bundle's own network, or for weights that fit no network."""
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "secret").mkdir()
    (tmp_path / "made" / "secret" / "file").write_bytes(bytes(16))
    attacks, target = hostilefiles.write_all(tmp_path / "made"), tmp_path / "made" / "target"
    own = inference(3, 3)
    own["network_def"] = {"_target_": "scripts.networks.Mine", "spatial_dims": 3}
    other = inference(3, 3)
    other["network_def"]["channels"] = [4, 8, 32]
    network = opened(deep)._network
    script = {}
    for name, config in (("own", own), ("other", other)):
        script[name] = write_bundle(tmp_path / name, config, metadata(3, SEVERAL), network) / "models" / "model.ts"
    for attack in ("save", "write_file", "read_file", "while it is loaded", "library by another name"):
        for name, file in script.items():
            shutil.copy(attacks[attack], file)
            with pytest.raises(ModelError, match=r"^model.ts is refused: "):
                opened(tmp_path / name)
        assert not target.exists(), attack
        if attack != "read_file":  # it is a real attack
            torch.jit.load(str(file))(torch.rand(1, 1, 8, 8, 8))
            target.unlink()


def test_bad_bundles_are_told(deep, tmp_path):
    with pytest.raises(WeightsError, match="there is no folder"):
        opened(tmp_path / "none")
    (tmp_path / "empty").mkdir()
    with pytest.raises(WeightsError, match="no configs/metadata.json"):
        opened(tmp_path / "empty")
    for change, words in (
        ({"num_channels": 4, "channel_def": {"0": "image"}}, "4 images .*do not name each"),
        ({"num_channels": 1}, None),
    ):
        about = metadata(3, SEVERAL)
        about["network_data_format"]["inputs"]["image"] |= change
        folder = write_bundle(tmp_path / f"b{change['num_channels']}", inference(3, 3), about)
        if words:
            with pytest.raises(ModelError, match=words):
                opened(folder)
    about = metadata(3, ["background", "liver"])
    folder = write_bundle(tmp_path / "two", inference(3, 3), about)
    model = opened(folder)
    with pytest.raises(ModelError, match="its metadata name 2 channels"):
        predicted(model, np.zeros((12, 40, 48), np.float32), (5.0, 3.0, 2.0))


def test_a_network_that_does_not_take_the_images_size_says_so(tmp_path, scan):
    """Its transforms should have padded to a multiple of its strides; no traceback, and no exhausted memory either."""
    config = inference(2, 2)
    config["preprocessing"]["transforms"][2:4] = [
        {"_target_": "Resized", "keys": "image", "spatial_size": [41, 43], "mode": "bilinear"}
    ]
    config["inferer"] = {"_target_": "SimpleInferer"}
    model = opened(write_bundle(tmp_path / "b", config, metadata(2, ["background", "liver"])))
    with pytest.raises(
        ModelError, match=r"b failed on a batch \(1, 1, 41, 43\): RuntimeError: Sizes of tensors"
    ) as error:
        predicted(model, scan.voxels[5], (3.0, 2.0))
    assert "\n" not in str(error.value)

    def full(image, network):
        raise RuntimeError("CUDA out of memory")

    model._inferer = full
    with pytest.raises(RuntimeError, match="out of memory"):  # the scorer goes on with a smaller batch
        predicted(model, scan.voxels[5], (3.0, 2.0))


@pytest.mark.parametrize("direction", ["LPS", "RAS"])
def test_several_images_are_the_channels_that_monai_makes_of_their_files(scan, tmp_path, direction):
    """In the layout of the zoo's brats_mri_segmentation."""
    config, about = inference(3, 2), metadata(3, ["background", "liver"])
    config["network_def"]["in_channels"] = 2
    steps = config["preprocessing"]["transforms"]
    steps[4] = {"_target_": "NormalizeIntensityd", "keys": "image", "nonzero": True, "channel_wise": True}
    about["network_data_format"]["inputs"]["image"] |= {"num_channels": 2, "channel_def": {"0": "T1", "1": "T2"}}
    folder = write_bundle(tmp_path / "b", config, about)
    second = scan.like(np.where(scan.voxels > 0, 40 - 2 * scan.voxels, 0).astype(np.float32))
    stored = [
        Volume.from_sitk(sitk.DICOMOrient(v.to_sitk(), direction), modality="CT", name=f"image{n}")
        for n, v in enumerate((scan, second))
    ]
    files = [write_volume(v, tmp_path / f"{n}.nii.gz") for n, v in enumerate(stored)]
    request = Request.of("s", ("liver",), model=f"monai:{folder}", device="cpu", images=("t2",))
    case = Case(request, Models(), scan=stored[0], images=(stored[1],))
    assert case.segmenter.images == case.image_names == ("T1", "T2")
    prepared = case.prepare(None)
    assert prepared.image.shape[0] == 2 and not any("same image" in note for note in prepared.notes)
    found = prepared.grid.to_slice(case.predictor(prepared)(prepared.image[None])[0].numpy())
    expected = by_monai(folder, [str(f) for f in files])[1:].numpy().transpose(0, 3, 2, 1)
    again = stored[0].restore(case.scan.axial.like(found[0]))
    assert np.abs(again.voxels - expected[0]).max() <= 1e-4 and np.ptp(found) > 0.05
    assert prepared.values[0](50.0) != pytest.approx(prepared.values[1](50.0))


def test_a_colour_network_gets_the_scan_three_times(tmp_path, scan):
    config, about = inference(2, 2), metadata(2, ["background", "liver"])
    config["network_def"]["in_channels"] = 3
    about["network_data_format"]["inputs"]["image"]["num_channels"] = 3
    prepared, found = predicted(opened(write_bundle(tmp_path / "b", config, about)), scan.voxels[5], (3.0, 2.0))
    assert prepared.image.shape[0] == 3 and torch.equal(prepared.image[0], prepared.image[2])
    assert any("each gets the same image" in note for note in prepared.notes) and found.shape == (1, 40, 48)


def test_without_a_postprocessing_the_channels_decide(tmp_path):
    for names, expected in ((["background", "liver"], "softmax"), (["tumour core", "oedema"], "sigmoid")):
        config = inference(3, 2)
        del config["postprocessing"]
        folder = write_bundle(tmp_path / expected, config, metadata(3, names))
        model = opened(folder)
        assert model.provenance["activation"].startswith(expected)
        assert model.targets == tuple(n for n in names if n != "background")


# ---- explained


@pytest.mark.slow
def test_a_volume_is_explained_in_3d_on_the_grid_of_the_bundle(deep, scan):
    method = xai.Occlusion(30, 15, unit="mm")
    found = xai.explain(
        scan, ["liver"], method, "prediction", f"monai:{deep}", slices="all", score="soft_dice", device="cpu",
        evidence="none",
    )  # fmt: skip
    case = Case(Request("s", ("liver",), model=f"monai:{deep}", device="cpu"), Models(), scan=scan)
    prepared = case.prepare(None)
    region = prepared.grid.mask_to_work(found.roi.voxels > 0)
    array = xai.attribute(
        prepared.image, case.predictor(prepared), region, xai.Occlusion((8, 8, 10), (4, 4, 5)), "soft_dice"
    )
    assert found.summary[0]["evaluations"] == array.evaluations
    assert found.summary[0]["largest_drop"] == pytest.approx(array.drop.max(), rel=0.2)
    assert found.report["dimensions"] == 3 and found.drop.voxels.max() > 0.01


def train(network, images, masks, steps=60):
    """A few seconds of learning where the liver is."""
    optimiser = torch.optim.Adam(network.parameters(), 2e-2)
    network.train()
    generator = torch.Generator().manual_seed(0)
    for _ in range(steps):
        chosen = torch.randint(0, len(images), (4,), generator=generator)
        logits = network(images[chosen])
        loss = torch.nn.functional.cross_entropy(logits, masks[chosen], torch.tensor([1.0, 4.0]))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return network.eval()


@pytest.mark.slow
def test_a_trained_bundle_is_explained_on_real_ct(real_scan, tmp_path):
    from monai.networks.nets import UNet

    scan, labels = (read_volume(real_scan(name)).axial() for name in ("ct_3mm.nii.gz", "ct_3mm_labels.nii.gz"))
    liver = labels.voxels == 5
    chosen = np.flatnonzero(liver.sum((1, 2)) > 400)[::2]
    config = inference(2, 2)
    window = config["preprocessing"]["transforms"][4]
    config["preprocessing"]["transforms"][2:5] = [
        {"_target_": "Resized", "keys": "image", "spatial_size": [96, 96], "mode": "bilinear"},
        window,
    ]
    config["inferer"] = {"_target_": "SimpleInferer"}
    torch.manual_seed(1)
    arguments = {k: v for k, v in config["network_def"].items() if k != "_target_"} | {"channels": [8, 16, 32]}
    config["network_def"] |= {"channels": [8, 16, 32]}
    folder = write_bundle(tmp_path / "liver", config, metadata(2, ["background", "liver"]), UNet(**arguments))
    model = opened(folder)
    prepared = [model.prepare(scan.voxels[z].astype(np.float32), Context("CT", (3.0, 3.0))) for z in chosen]
    images = torch.stack([p.grid.to_monai(p.image) for p in prepared])
    masks = torch.stack(
        [torch.from_numpy(p.grid.mask_to_work(liver[z]).T.copy()).long() for p, z in zip(prepared, chosen)]
    )
    network = train(UNet(**arguments), images, masks)
    torch.save(network.state_dict(), folder / "models" / "model.pt")

    z = int(chosen[len(chosen) // 2]) + 1
    found = xai.explain(
        scan, ["liver"], region="prediction", model=f"monai:{folder}", slices=str(z), score="soft_dice",
        reference=labels, device="cpu", evidence="none",
    )  # fmt: skip
    (row,) = found.summary
    assert row["dice"] > 0.6 and not row["flat"] and row["largest_drop"] > 0.05
    drop = np.maximum(found.drop.voxels[z], 0)
    assert drop[liver[z]].mean() > 2 * drop[~liver[z]].mean()
    assert found.report["model"]["family"] == "monai"


def changed(place, **entries):
    """A bundle with entries of its own."""
    return write_bundle(place / "b", {**inference(3, 3), **entries}, metadata(3, SEVERAL))


@pytest.mark.parametrize(
    "text, value",
    [
        ("$len(@size)", 3), ("$monai.utils.CommonKeys.IMAGE", "image"), ("$CommonKeys.PRED", "pred"),
        ("$[@edge] * 3", [96] * 3),
        ("$monai.utils.enums.BlendMode.GAUSSIAN", "gaussian"), ("$max(@size) // 2", 48), ("$Norm.INSTANCE", "INSTANCE"),
        ("$list(@size)[0] if len(@size) == 3 else None", 96), ("$sum([1, 2])", 3),
    ],
)  # fmt: skip
def test_words_and_counts_are_plain_values(tmp_path, text, value):
    folder = changed(tmp_path, size=[96, 96, 96], edge=96, asked=text)
    assert BundleConfig(folder).get("asked") == value


@pytest.mark.parametrize(
    "text", ["$len(open('x'))", "$len(*@size)", "$[0] * 99999999", "$list.__class__",
             "$monai.utils.CommonKeys.__class__", "$getattr(@size, 'pop')", "$monai.utils.set_determinism.IMAGE",
             "$len(@size).bit_length()"],
)  # fmt: skip
def test_other_calls_stay_programs(tmp_path, text):
    folder = changed(tmp_path, size=[96, 96, 96], asked=text)
    with pytest.raises(ModelError, match="Python code, and XAICLIP runs no code"):
        BundleConfig(folder).get("asked")


def test_code_before_the_activation_is_told_and_code_after_it_is_nothing(tmp_path, scan):
    code = {"_target_": "Lambdad", "keys": "pred", "func": "$lambda x: x * 2"}
    softmax = {"_target_": "Activationsd", "keys": "pred", "softmax": True}
    notes = {}
    for name, steps in (("before", [code, softmax]), ("after", [softmax, code])):
        (tmp_path / name).mkdir()
        folder = changed(tmp_path / name, postprocessing={"_target_": "Compose", "transforms": steps})
        model = opened(folder)
        assert model.provenance["activation"].startswith("softmax")
        notes[name] = " ".join(model.prepare(scan.voxels.astype(np.float32), Context(spacing=scan.spacing[::-1])).notes)
    assert "is Python code and not run; the network's output is taken through a softmax" in notes["before"]
    assert "Python code" not in notes["after"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "text, says",
    [
        ("\n".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)), "comes to more than"),
        ("\n".join(f"a{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}]}}" for i in range(1, 40)), "comes to more than"),
        ("b: &b [*b]", "holds an entry that holds itself"),
        ("\n".join(f"r{i}: ['@r{i - 1}', '@r{i - 1}', '@r{i - 1}']" for i in range(1, 20)) + "\nr0: 1\n", "references"),
    ],
    ids=["lists", "merges", "circle", "references"],
)
def test_a_config_that_multiplies_is_refused_at_once(tmp_path, text, says):
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "metadata.json").write_text("{}")
    (tmp_path / "configs" / "inference.yaml").write_text(f"a0: &a0 {{x: 1}}\n{text}\n")
    start = time.perf_counter()
    with pytest.raises((ModelError, WeightsError), match=says):
        BundleConfig(tmp_path).get("r19")
    assert time.perf_counter() - start < 10
