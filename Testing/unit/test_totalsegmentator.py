"""TotalSegmentator: its facts and its predictions against the package's own, and what is said where weights lack."""

import re

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk
import torch

import XAICLIPLib as xai
from XAICLIPLib.errors import InputError, WeightsError
from XAICLIPLib.models.base import Context
from XAICLIPLib.models.detect import family_of
from XAICLIPLib.models.load import open_segmenter
from XAICLIPLib.models.totalsegmentator.rules import Rules
from XAICLIPLib.models.totalsegmentator.tasks import all_tasks, find_task, folder_of
from XAICLIPLib.phantom import make_phantom
from XAICLIPLib.volume import Volume

pytestmark = pytest.mark.slow

pytest.importorskip("nnunetv2")
from totalsegfolder import answer_of_totalsegmentator, dice, make_rare, write_dataset, write_task  # noqa: E402

COARSE, PATCH = (16, 16, 16), (32, 32, 32)
FAST, FASTEST = find_task("total", "fast"), find_task("total", "fastest")


@pytest.fixture(scope="module")
def scan():
    """The phantom's body on few voxels, with numbers behind the point, stored as RAS."""
    volume, _ = make_phantom(0, shape=(44, 12, 13), spacing=(30.0, 24.0, 6.0))
    voxels = volume.voxels.astype(np.float32) + 0.25
    return Volume(voxels, (3.0, 2.5, 2.75), (10.0, -20.0, 5.0), (-1.0, 0, 0, 0, -1.0, 0, 0, 0, 1.0), name="scan")


def context_of(scan, modality="CT", targets=None):
    return Context(modality, scan.spacing[::-1], targets=targets)


def nifti(scan):
    """A volume as nibabel has it: x, y and z, and an affine from voxels to RAS."""
    direction = np.array(scan.direction).reshape(3, 3)
    affine = np.eye(4)
    affine[:3, :3] = np.diag([-1, -1, 1]) @ direction @ np.diag(scan.spacing)
    affine[:3, 3] = np.diag([-1, -1, 1]) @ np.array(scan.origin)
    return nib.Nifti1Image(scan.voxels.transpose(2, 1, 0), affine)


def axial(labels, scan):
    image = sitk.GetImageFromArray(labels.transpose(2, 1, 0))
    image.CopyInformation(scan.to_sitk())
    return sitk.GetArrayFromImage(sitk.DICOMOrient(image, "LPS"))


@pytest.fixture(scope="module")
def home(tmp_path_factory, scan):
    """~/.totalsegmentator with some tasks; the coarse one finds its liver in a part of the scan."""
    home = tmp_path_factory.mktemp("home") / ".totalsegmentator"
    root = home / "nnunet/results"
    write_task(root, FASTEST, COARSE, compact={"liver": 24})
    image = scan.axial().voxels.astype(np.float32)
    make_rare(root, FASTEST, "liver", image, context_of(scan.axial()))
    write_task(root, FAST, COARSE)
    write_task(root, find_task("total"), PATCH, datasets=(291, 292), compact={"liver": 10, "sacrum": 11})
    write_task(root, find_task("liver_segments"), PATCH)
    return home


def masks_of(model, scan, targets=None):
    volume = scan.axial()
    prepared = model.prepare(volume.voxels.astype(np.float32), context_of(volume, model.trained_on, targets))
    asked = range(len(model.targets)) if targets is None else targets
    maps = prepared.predict(prepared.image[None], list(asked))[0].numpy()
    return prepared, dict(zip([model.targets[k] for k in asked], prepared.masks(maps)))


@pytest.mark.parametrize(
    "name, mode, alone", [("total", "fast", ""), ("liver_segments", "", ""), ("total", "", "liver")]
)
def test_it_draws_what_the_package_draws(home, scan, name, mode, alone):
    pytest.importorskip("totalsegmentator")
    from totalsegmentator.map_to_binary import class_map

    task = find_task(name, mode)
    options = {"roi_subset": [alone], "datasets": (291, 292)} if alone else {}
    theirs = axial(answer_of_totalsegmentator(home, nifti(scan), task, **options), scan)
    model = open_segmenter(f"totalsegmentator:{home}:{':'.join(filter(None, (name, mode)))}", "cpu")
    prepared, ours = masks_of(model, scan, (model.targets.index(alone),) if alone else None)
    known = {name: number for number, name in class_map[name].items()}
    there = {name: mask for name, mask in ours.items() if mask.any() or (theirs == known[name]).any()}
    assert len(there) >= (1 if alone else 3) and len(np.unique(theirs)) > len(there)
    assert {name: dice(mask, theirs == known[name]) for name, mask in there.items()} == pytest.approx(
        dict.fromkeys(there, 1.0), abs=0.01
    )
    cropped = prepared.grid.box != tuple(slice(0, n) for n in scan.axial().shape)
    assert cropped == (task.crop is not None or bool(alone)) and (model.provenance["tile_step"] == 0.8) == task.is_total


def test_the_facts_are_the_package_s():
    """All tasks but those for its own tests; `crop_addon` is what the program really takes, 20 mm."""
    pytest.importorskip("totalsegmentator")
    from totalsegmentator.map_tasks_config import TASK_CONFIGS, TASK_ID_WEIGHTS_CONFIGS
    from totalsegmentator.map_to_binary import class_map, commercial_models
    from totalsegmentator.python_api import get_task_config

    mine = {task.name for task in all_tasks()}
    assert mine == set(TASK_CONFIGS) - {"test", "total_highres_test"}
    for task in all_tasks():
        raw = TASK_CONFIGS[task.name]
        given = dict(raw, commercial=False) if raw.get("commercial") else raw
        TASK_CONFIGS[task.name] = given  # without a licence's number
        try:
            facts = get_task_config(task.name, task.mode == "fast", task.mode == "fastest", quiet=True)
        finally:
            TASK_CONFIGS[task.name] = raw
        number = facts["task_id"]
        assert task.datasets == tuple(number if isinstance(number, list) else [number])
        spacing = facts["resample"]
        assert task.spacing == (None if spacing is None else tuple(np.broadcast_to(spacing, 3).tolist()))
        assert (task.trainer, task.configuration) == (facts["trainer"], facts["model"])
        assert task.folds == tuple(map(str, facts["folds"] or ()))
        assert (task.crop.organs if task.crop else ()) == tuple(facts["crop"] or ())
        assert task.licensed == (task.name in commercial_models)
        assert task.cut == tuple(facts["remove_outside"] or ())
        if task.crop:
            assert set(task.crop.organs) <= set(class_map[task.crop.task].values())
            assert task.crop.task == facts["crop_model"] or task.crop.margin == 20
        assert sorted(task.structures) == sorted(class_map[task.name].values())
        assert all(folder_of(n) == TASK_ID_WEIGHTS_CONFIGS[n]["foldername"] for n in task.datasets)
    assert "vertebrae_L6" in find_task("total_v3").structures and "vertebrae_S1" in find_task("total").structures


def test_only_the_data_set_of_the_structure_is_opened(home, scan):
    model = open_segmenter(f"totalsegmentator:{home}:total:whole", "cpu")
    assert len(model.targets) == 50 and not model._parts
    prepared, masks = masks_of(model, scan, (model.targets.index("sacrum"),))
    assert list(model._parts) == [292] and "of data set 292 alone" in prepared.notes[0]
    both = (model.targets.index("liver"), model.targets.index("sacrum"))
    together, also = masks_of(model, scan, both)
    assert len(together.image) == 2 and np.array_equal(also["sacrum"], masks["sacrum"])
    assert any("overlap" in note for note in together.notes)
    other = model.with_network(model.network)
    assert torch.equal(masks_of(other, scan, both)[0].image, together.image)


def test_an_organ_is_explained_from_one_string(home, scan):
    """The crop, the tiles, and the way back, in one run; the map lies on the scan's own grid."""
    found = xai.explain(
        scan, ["liver"], model=f"totalsegmentator:{home}:total", region="full", method="occlusion", patch="60mm",
        stride="60mm", evidence="none", device="cpu",
    )  # fmt: skip
    drop = found.drop
    assert drop.voxels.shape == scan.voxels.shape and drop.spacing == scan.spacing and drop.voxels.max() > 0
    assert found.prediction.voxels.any()
    said = " ".join(found.warnings)
    assert "prepared as TotalSegmentator" in said and "20 mm round the liver of TotalSegmentator total fastest" in said


@pytest.mark.parametrize("size, part", [(7, 20), (20, 7), (1, 5), (5, 1), (13, 13), (31, 64)])
def test_labels_come_back_as_by_scipy_s_zoom(size, part):
    from scipy import ndimage

    from XAICLIPLib.models.totalsegmentator.grid import nearest

    expected = ndimage.zoom(np.arange(size), part / size, order=0, mode="nearest")
    assert np.array_equal(nearest(size, part), expected)


def test_a_path_is_enough(home):
    results = home / "nnunet/results"
    for path in (home, home / "nnunet", results):
        assert family_of(path) == f"totalsegmentator:{path}"
        assert open_segmenter(str(path), "cpu").provenance["task"] == "total fast"  # the first that is whole
    dataset = results / folder_of(297)
    (trained,) = dataset.iterdir()
    for path in (dataset, trained, trained / "fold_0", trained / "plans.json"):
        assert open_segmenter(str(path), "cpu").provenance["task"] == "total fast"


def test_the_releases_differ_in_order_and_step():
    total, fast, mr = find_task("total"), FAST, find_task("total_mr")
    steps = {
        r: [Rules(r).step(t) for t in (total, fast, mr, find_task("body"))] for r in ("2.13.0", "2.15.0", "2.18.0")
    }
    assert steps == {"2.13.0": [0.8, 0.5, 0.5, 0.5], "2.15.0": [0.8, 0.5, 0.5, 0.5], "2.18.0": [0.8, 0.8, 0.8, 0.5]}
    assert [Rules(r).order for r in ("2.13.0", "2.14.0", "2.15.0", "2.18.0", "3.0.0")] == [3, 3, 1, 1, 1]


def test_a_drawing_is_finished_as_the_package_finishes_it():
    pytest.importorskip("totalsegmentator")
    from totalsegmentator.postprocessing import (
        keep_largest_blob_multilabel,
        remove_outside_of_mask,
        remove_small_blobs_multilabel,
    )

    from XAICLIPLib.models.totalsegmentator.postprocessing import finished, near

    body, chambers = find_task("body"), find_task("heartchambers_highres")
    noise = np.random.default_rng(0).random((20, 30, 30)) > 0.7
    classes, voxel = dict(enumerate(body.structures, 1)), 4000.0
    for k, name in enumerate(body.structures):
        labels = np.where(noise, k + 1, 0).astype(np.uint8)
        if name == "body_trunc":
            theirs = keep_largest_blob_multilabel(labels, classes, [name], quiet=True)
        else:
            theirs = remove_small_blobs_multilabel(labels, classes, [name], interval=[50_000 / voxel, 1e10], quiet=True)
        ours = finished(lambda p: p > 0.5, body, (k,), voxel, None)(noise[None].astype(np.float32))
        assert np.array_equal(ours[0], theirs == k + 1) and 0 < ours.sum() < noise.sum()
    heart = np.zeros(noise.shape, bool)
    heart[8:12, 10:16, 10:16] = True
    spacing = (2.5, 1.5, 1.5)
    theirs = remove_outside_of_mask(noise.astype(np.uint8), heart, addon=int(chambers.cut_mm / np.mean(spacing)))
    keep = near(heart, chambers.cut_mm, spacing)
    ours = finished(lambda p: p > 0.5, chambers, (0, 1), 1.0, keep)(noise[None].astype(np.float32))
    assert np.array_equal(ours[0], theirs > 0) and 0 < ours.sum() < noise.sum()


# What is said where something lacks -----------------------------------------------------------------------------------


def test_what_lacks_is_said(home, tmp_path, scan):
    def why(spec):
        with pytest.raises(WeightsError) as error:
            open_segmenter(spec, "cpu")
        assert "\n" not in str(error.value)
        return str(error.value)

    assert re.search("needs data set 299, which is not in .*run TotalSegmentator --task body once",
                     why(f"totalsegmentator:{home}:body"))  # fmt: skip
    licensed = why(f"totalsegmentator:{home}:tissue_types")
    assert "licence holders only" in licensed and "https://backend.totalsegmentator.com" in licensed
    assert "holds no data sets" in why(f"totalsegmentator:{tmp_path}:total")
    root = tmp_path / "nnunet/results"
    write_task(root, find_task("lung_nodules"), PATCH)
    assert "looks round the lung_upper_lobe_left and lung_lower_lobe_left" in why(
        f"totalsegmentator:{tmp_path}:lung_nodules"
    )
    broken = write_dataset(root, FAST, 297, COARSE, 0)
    (broken / "fold_0/checkpoint_final.pth").write_bytes(b"")
    assert "is not whole, fold_0/checkpoint_final.pth is missing" in why(f"totalsegmentator:{tmp_path}:total:fast")


def test_a_scan_without_the_organ_is_refused_by_name(home, scan):
    empty = np.full(scan.axial().shape, -1000, np.float32)
    model = open_segmenter(f"totalsegmentator:{home}:liver_segments", "cpu")
    network = model._coarse.network["298"].decoder.seg_layers[-1]
    kept = network.bias.clone()
    try:
        network.bias[model._coarse.targets.index("liver") + 1] = -1000.0
        with pytest.raises(
            InputError, match="finds no liver in this scan, round which TotalSegmentator liver_segments"
        ):
            model.prepare(empty, context_of(scan.axial()))
    finally:
        network.bias.copy_(kept)


def test_its_own_trainers_are_known_without_its_code(tmp_path, scan):
    root = tmp_path / "nnunet/results"
    task = find_task("pleural_pericard_effusion")  # with all folds
    write_task(root, task, PATCH)
    write_task(root, FASTEST, COARSE, compact={"liver": 24})
    write_task(root, find_task("lung_nodules"), PATCH)
    nodules = open_segmenter(f"totalsegmentator:{tmp_path}:lung_nodules", "cpu")
    assert not nodules._part(913).built and nodules.provenance["trainer"].startswith("nnUNetTrainer_MOSAIC")
    both = open_segmenter(f"totalsegmentator:{tmp_path}:{task.name}", "cpu")
    assert len(both._part(315)._network.folds) == 2
