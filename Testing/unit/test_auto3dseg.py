"""Auto3DSeg: the prediction of Slicer's module and of MONAI's own program, and folders as users have them."""

import shutil
import zipfile

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from scipy import ndimage

from Testing.unit.agreement import differs

pytest.importorskip("monai")
from auto3dsegmodels import (
    LABELS,
    NETWORK,
    brats_by_slicer,
    by_monai,
    by_slicer,
    checkpoint_of,
    config_of,
    write_monais,
    write_slicers,
)

import XAICLIPLib as xai
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import InputError, LicenceNotAccepted, ModelError, WeightsError, XAICLIPError
from XAICLIPLib.models.detect import recognise
from XAICLIPLib.volume import Volume, write_volume


@pytest.fixture(scope="module")
def scan() -> Volume:
    """A body of smooth blobs in air, voxels of 2 x 3 x 5 mm; off the middle, so that a wrong crop shows."""
    noise = np.random.default_rng(0).normal(0, 900, (14, 52, 64))
    voxels = np.full(noise.shape, -1000.0, np.float32)
    body = (slice(2, 12), slice(18, 46), slice(4, 40))
    voxels[body] = ndimage.gaussian_filter(noise, 1.5)[body] + 60
    return Volume(voxels, (2.0, 3.0, 5.0), (-40.0, 10.0, 5.0), modality="CT", name="blobs")


@pytest.fixture()
def home(tmp_path, monkeypatch):
    """A home folder in which Slicer keeps its models."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    return tmp_path / ".MONAIAuto3DSeg" / "models"


def stored_as(scan, direction):
    return Volume.from_sitk(sitk.DICOMOrient(scan.to_sitk(), direction), modality="CT", name="stored")


def explained(spec, stored, structures, images=()):
    """Case, prepared image, and probabilities (K, d, h, w) on the work grid."""
    paths = [f"i{i}.nii" for i, _ in enumerate(images)]
    request = Request("s", structures, model=spec, device="cpu", images=paths)
    case = Case(request, Models(), scan=stored, images=list(images))
    prepared = case.prepare(None)
    return case, prepared, case.predictor(prepared)(prepared.image[None])[0]


def on_file(case, stored, maps):
    """Maps on the axial grid as the file's x, y, z."""
    return np.stack([stored.restore(case.scan.axial.like(one)).voxels.transpose(2, 1, 0) for one in maps])


def dice(one, other):
    return 2 * (one & other).sum() / (one.sum() + other.sum())


# ---- the same prediction


@pytest.mark.slow
@pytest.mark.parametrize(
    ("direction", "changes"),
    [
        ("LPS", {}),
        ("RAS", {"normalize_mode": "ct"}),
        ("PIR", {"normalize_mode": "meanstdtanh", "crop_foreground": False}),
        ("LAS", {"orientation_ras": False, "normalize_mode": "meanstd", "crop_foreground": False}),
        ("LPS", {"normalize_mode": "pet", "resample_resolution": None, "sigmoid": True}),
        ("LPS", {"normalize_mode": "none", "resample_resolution": [2.1, 3.1, 5.2]}),
    ],
    ids=["range", "ct", "tanh", "as stored", "pet", "near enough"],
)
def test_slicers_module_makes_the_same_prediction(scan, tmp_path, direction, changes):
    """Probabilities on the model's grid; a turned scan is cropped where the script does it."""
    config = config_of(**changes)
    if config["sigmoid"]:
        config["network"]["out_channels"] = 3
    folder = write_slicers(tmp_path / "abdominal-v1.0.0", config)
    stored = stored_as(scan, direction)
    _, prepared, found = explained(f"auto3dseg:{folder}", stored, LABELS)
    expected, _ = by_slicer(config, write_volume(stored, tmp_path / "scan.nii.gz"))
    expected = expected if config["sigmoid"] else expected[1:]
    expected = prepared.grid.from_monai(expected)
    assert found.shape == expected.shape
    assert differs(found, expected) <= 1e-4 and expected.max() - expected.min() > 0.2


@pytest.mark.slow
def test_the_drawing_on_the_scan_is_the_modules(scan, tmp_path):
    """The script brings its label map back to the scan by the nearest voxel."""
    config = config_of(resample_resolution=[2.6, 3.9, 5.0])
    folder = write_slicers(tmp_path / "abdominal-v1.0.0", config)
    stored = stored_as(scan, "LPS")
    case, prepared, _ = explained(f"auto3dseg:{folder}", stored, LABELS)
    predict = prepared.predict(prepared.image[None])[0].numpy()
    rest = 1 - predict.sum(0, keepdims=True)
    on_scan = prepared.grid.to_slice(np.concatenate([rest, predict]), nearest=True)
    _, labels = by_slicer(config, write_volume(stored, tmp_path / "scan.nii.gz"))
    found = on_file(case, stored, on_scan).argmax(0)
    covered = prepared.grid.to_slice(np.ones((1, *predict.shape[1:]), np.float32), nearest=True)
    inside = on_file(case, stored, covered)[0] > 0.5
    drawn = on_file(case, stored, prepared.masks(predict))
    assert all((found[mask] == value).all() and mask.any() for value, mask in enumerate(drawn > 0, start=1))
    for value in range(1, 4):
        mine, theirs = (found == value) & inside, (labels[0].numpy() == value) & inside
        assert theirs.sum() > 300 and dice(mine, theirs) >= 0.995, value


@pytest.mark.slow
def test_maps_come_back_interpolated(scan, tmp_path):
    """A map that rises evenly with the place rises evenly on the scan: no steps as wide as the network's voxels."""
    config = config_of(resample_resolution=[3.5, 4.5, 7.0])
    folder = write_slicers(tmp_path / "abdominal-v1.0.0", config)
    stored = stored_as(scan, "LPS")
    _, prepared, _ = explained(f"auto3dseg:{folder}", stored, LABELS)
    grid = prepared.grid
    shape = grid.to_monai(prepared.image)[0].shape
    index = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), -1)
    affine = np.asarray(grid._done.affine)
    millimetres = index @ affine[:3, :3].T + affine[:3, 3]  # of each voxel of the network's, to RAS
    work = np.stack([grid.from_monai(torch.as_tensor(millimetres[..., axis])).numpy() for axis in range(3)])
    outside = -1e5
    found = grid.to_slice(work, outside)
    columns, rows, slices = stored.spacing
    k, i, j = np.indices(scan.voxels.shape)
    expected = np.stack([-j * columns, -i * rows, k * slices])  # a file stored as LPS, its first voxel at the origin
    covered = (found > outside).all(0)
    # beyond the middle of the outermost voxels there is nothing to interpolate with
    low, high = (bound.reshape(3, 1, 1, 1) for bound in (work.min((1, 2, 3)), work.max((1, 2, 3))))
    within = covered & ((expected >= low) & (expected <= high)).all(0)
    assert within.sum() > 10000 and np.abs(found - expected)[:, within].max() < 0.05
    by_nearest = grid.to_slice(work, outside, nearest=True)
    assert np.abs(by_nearest - expected)[:, within].max() > 1.2  # half of a voxel


@pytest.mark.slow
@pytest.mark.parametrize(
    ("direction", "changes"),
    [
        ("LPS", {}),
        ("PIR", {"normalize_mode": "meanstd", "sigmoid": True}),
        ("RAS", {"resample": False, "intensity_bounds": None, "orientation_ras": False}),
    ],
    ids=["range", "regions", "not resampled"],
)
def test_monais_own_program_makes_the_same_prediction(scan, tmp_path, direction, changes):
    """On the scan's own grid."""
    config = config_of(class_names=["liver", "spleen", "kidney"], **changes)
    if config["sigmoid"]:
        config["network"]["out_channels"] = 3
    folder = write_monais(tmp_path / "segresnet_0", config)
    stored = stored_as(scan, direction)
    case, prepared, found = explained(f"auto3dseg:{folder}", stored, ("liver", "spleen", "kidney"))
    expected = by_monai(config, write_volume(stored, tmp_path / "scan.nii.gz")).numpy()
    expected = expected if config["sigmoid"] else expected[1:]
    found = on_file(case, stored, prepared.grid.to_slice(found.numpy()))
    assert differs(found, expected) <= 1e-4 and np.ptp(expected) > 0.2


def another(scan, seed):
    """A second image of the same body, on the same grid."""
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).normal(0, 600, scan.voxels.shape), 1.5)
    voxels = np.where(scan.voxels > -900, noise + 40, 0)
    return Volume(voxels.astype(np.float32), scan.spacing, scan.origin, modality="MR", name=f"image {seed}")


@pytest.mark.slow
def test_two_images_are_what_slicers_module_makes_of_them(scan, tmp_path):
    """Each normalised by its own mode; the crop is found in the first of them, normalised."""
    config = config_of(
        network={**NETWORK, "in_channels": 2}, normalize_mode="meanstd", extra_modalities={"image2": "meanstdtanh"}
    )
    folder = write_slicers(tmp_path / "prostate-v1.0.1", config)
    model = xai.open_segmenter(f"auto3dseg:{folder}", "cpu")
    assert model.images == ("T2", "ADC")
    one, other = (stored_as(volume, "LPS") for volume in (another(scan, 1), another(scan, 2)))
    case, prepared, found = explained(f"auto3dseg:{folder}", one, LABELS, [other])
    files = [write_volume(volume, tmp_path / f"{i}.nii.gz") for i, volume in enumerate((one, other))]
    expected, _ = by_slicer(config, *files)
    assert len(prepared.image) == 2 and len(prepared.values) == 2
    assert differs(found, prepared.grid.from_monai(expected[1:])) <= 1e-4
    with pytest.raises(XAICLIPError, match=r"2 images"):
        explained(f"auto3dseg:{folder}", one, LABELS)


@pytest.mark.slow
def test_a_tumour_is_drawn_as_slicers_module_draws_it(scan, tmp_path):
    """Four images; regions that lie in each other become labels that exclude each other."""
    config = config_of(network={**NETWORK, "in_channels": 4, "out_channels": 3}, sigmoid=True, normalize_mode="meanstd")
    names = ("necrosis", "oedema", "enhancing")
    folder = write_slicers(tmp_path / "brats-gli-v1.0.0", config, labels=names)
    volumes = [stored_as(another(scan, i), "LPS") for i in range(1, 5)]
    case, prepared, found = explained(f"auto3dseg:{folder}", volumes[0], names, volumes[1:])
    assert case.segmenter.images == ("T2F", "T1C", "T1N", "T2W")
    files = [write_volume(volume, tmp_path / f"{i}.nii.gz") for i, volume in enumerate(volumes)]
    regions, labels = brats_by_slicer(config, files)
    assert torch.equal(found[2] > 0.5, prepared.grid.from_monai(regions[2:])[0] > 0.5)
    drawn = on_file(case, volumes[0], prepared.masks(found.numpy())) > 0
    for value in (1, 2, 3):
        assert (labels == value).sum() > 50 and dice(drawn[value - 1], labels.numpy() == value) >= 0.995


def test_a_network_for_thick_slices_has_its_own_kernels(tmp_path):
    """`resolution`, which Auto3DSeg writes down for anisotropic scans, changes the shapes of the weights."""
    config = config_of(network={**NETWORK, "resolution": [1.0, 1.0, 5.0], "norm": ["INSTANCE_NVFUSER", {"eps": 1e-4}]})
    config["network"]["norm"] = ["INSTANCE", {"eps": 1e-4}]
    model = xai.open_segmenter(f"auto3dseg:{write_slicers(tmp_path / 'm', config)}", "cpu")
    assert tuple(model.network.encoder.layers[0]["downsample"].weight.shape[2:]) == (3, 3, 1)


# ---- what is found, and what it is called


def test_an_id_is_looked_up_where_slicer_keeps_its_models(home, tmp_path):
    for version in ("1.9.0", "1.10.0"):
        write_slicers(home / f"abdominal-17-v{version}", config_of(), inner="dir/model")
    model = xai.open_segmenter("auto3dseg:abdominal-17", "cpu")
    assert model.name == "abdominal-17-v1.10.0" and model.targets == LABELS and model.trained_on == "CT"
    told = model.provenance
    assert told["program"] == "SlicerMONAIAuto3DSeg" and told["epoch"] == 299 and len(told["sha256"]) == 64
    assert xai.open_segmenter("auto3dseg:abdominal-17-v1.9.0", "cpu").name == "abdominal-17-v1.9.0"
    inner = home / "abdominal-17-v1.9.0" / "dir" / "model"
    for path in (inner, inner / "model.pt", home / "abdominal-17-v1.9.0"):
        assert recognise(path).spec == f"auto3dseg:{inner}", path
    with pytest.raises(InputError, match="no model 'abdominal-18' .*did you mean abdominal-17"):
        xai.open_segmenter("auto3dseg:abdominal-18", "cpu")
    with pytest.raises(InputError, match="holds 2 models of Auto3DSeg; give one of them: auto3dseg:"):
        xai.open_segmenter(f"auto3dseg:{home}", "cpu")
    with pytest.raises(InputError, match="holds 2 trained models; give one of them: auto3dseg:"):
        recognise(home)


def test_structures_are_called_as_the_labels_say(tmp_path):
    folder = write_slicers(tmp_path / "m-v1.0.0", config_of(), labels=("rib", "rib"))
    model = xai.open_segmenter(f"auto3dseg:{folder}", "cpu")
    assert model.targets == ("rib (label 1)", "rib (label 2)", "label 3")
    trained = write_monais(tmp_path / "segresnet_1", config_of())
    model = xai.open_segmenter(str(trained), "cpu")
    assert model.targets == ("label 1", "label 2", "label 3") and model.provenance["program"] == "MONAI Auto3DSeg"
    assert recognise(trained / "model" / "model.pt").spec == f"auto3dseg:{trained}"


def test_a_licence_beside_the_model_is_told(tmp_path):
    folder = write_slicers(tmp_path / "m-v1.0.0", config_of())
    (folder / "LICENSE.txt").write_text("CC BY-NC 4.0\nNonCommercial use alone.\n")
    with pytest.raises(LicenceNotAccepted, match="CC BY-NC 4.0"):
        xai.open_segmenter(f"auto3dseg:{folder}", "cpu")
    told = xai.open_segmenter(f"auto3dseg:{folder}", "cpu", accept_licence=True).provenance["licence"]
    assert told == "CC BY-NC 4.0 (LICENSE.txt): no commercial use"


# ---- bad input


def broken(place, how):
    """A folder that is not whole, in one of the ways in which downloads and hands leave them."""
    folder = write_slicers(place / "aorta-v1.1.0", config_of(), labels=("aorta",))
    if how == "no labels":
        (folder / "labels.csv").unlink()
    elif how == "no weights":
        (folder / "model.pt").unlink()
    elif how == "half":
        content = (folder / "model.pt").read_bytes()
        (folder / "model.pt").write_bytes(content[: len(content) // 2])
    elif how == "archive":
        with zipfile.ZipFile(folder / "aorta-v1.1.0.zip", "w") as archive:
            for name in ("labels.csv", "model.pt"):
                archive.write(folder / name, name)
                (folder / name).unlink()
    elif how == "empty":
        shutil.rmtree(folder)
        folder.mkdir()
    elif how == "other table":
        (folder / "labels.csv").write_text("name;value\naorta;1\n")
    elif how == "too many labels":
        (folder / "labels.csv").write_text("LabelValue,Name\n1,aorta\n7,heart\n")
    elif how == "no config":
        torch.save(checkpoint_of(config_of())["state_dict"], folder / "model.pt")
    elif how == "other weights":
        torch.save({**checkpoint_of(config_of()), "config": config_of(network={**NETWORK, "init_filters": 8})},
                   folder / "model.pt")  # fmt: skip
    else:
        torch.save({**checkpoint_of(config_of()), "config": config_of(**how)}, folder / "model.pt")
    return folder


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("no labels", "has no labels.csv: its download is not whole; delete .* download the model again"),
        ("no weights", "has no model.pt: its download is not whole"),
        ("half", "model.pt can't be read as a checkpoint"),
        ("archive", "holds an archive, aorta-v1.1.0.zip, that is not unpacked; unzip it there"),
        ("empty", "holds no model of Auto3DSeg: it wants model.pt"),
        ("other table", "is no table with the columns LabelValue and Name"),
        ("too many labels", "names label 7, and the network has 3"),
        ("no config", "holds no config with a network"),
        ("other weights", "model.pt is no SegResNetDS; its keys: .*of another shape"),
        ({"normalize_mode": "sqrt"}, "normalises by 'sqrt'"),
        ({"network": {**NETWORK, "_target_": "os.system"}}, "'os.system', which is none of the networks"),
        ({"network": {**NETWORK, "init_filters": "$__import__('os').getpid()"}}, "Python code"),
        ({"custom_data_transforms": [{"path": ".", "transform": {"_target_": "mine.T"}}]}, "transforms of its own"),
        ({"network": {**NETWORK, "spatial_dims": 2}}, "is a network of slices"),
    ],
)
def test_a_model_that_can_not_be_run_says_what_to_do(tmp_path, how, words):
    folder = broken(tmp_path, how)
    with pytest.raises((InputError, ModelError, WeightsError), match=words) as error:
        xai.open_segmenter(f"auto3dseg:{folder}", "cpu")
    assert "\n" not in str(error.value)


def test_several_images_of_monais_own_are_refused(tmp_path):
    config = config_of(network={**NETWORK, "in_channels": 2}, extra_modalities={"adc": "meanstd"})
    with pytest.raises(ModelError, match=r"wants 2 images \(image, adc\), and .* put labels.csv beside"):
        xai.open_segmenter(f"auto3dseg:{write_monais(tmp_path / 'segresnet_0', config)}", "cpu")


def test_other_networks_of_auto3dseg_are_refused_by_name(tmp_path):
    (tmp_path / "dints_0" / "configs").mkdir(parents=True)
    (tmp_path / "dints_0" / "configs" / "hyper_parameters.yaml").write_text("training: {}\n")
    with pytest.raises(WeightsError, match="is a dints of MONAI's Auto3DSeg, and XAICLIP opens its segresnet"):
        xai.open_segmenter(f"auto3dseg:{tmp_path / 'dints_0'}", "cpu")


def test_a_lone_checkpoint_says_what_it_lacks(tmp_path):
    torch.save(checkpoint_of(config_of()), tmp_path / "best.pt")
    with pytest.raises(InputError, match="is a model of Auto3DSeg by its config, but its folder has no labels.csv"):
        recognise(tmp_path / "best.pt")


def test_a_scan_without_foreground_is_told(scan, tmp_path):
    folder = write_slicers(tmp_path / "m-v1.0.0", config_of())
    empty = Volume(np.minimum(scan.voxels, -1) - 10, scan.spacing, scan.origin, modality="CT", name="air")
    with pytest.raises(XAICLIPError, match="crops a scan to what lies above 0, and nothing does"):
        explained(f"auto3dseg:{folder}", empty, ("liver",))
