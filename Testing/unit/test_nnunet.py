"""nnU-Net v2 models: opened from the folder that training leaves, compared with nnU-Net's own predictor."""

import json
import pickle
import shutil
import time
from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from nnunetfolder import build_network, make_dataset, make_plans, write_model

import XAICLIPLib as xai
from Testing.unit.agreement import differs
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.cli import main
from XAICLIPLib.errors import InputError, MissingPackage, ModelError, WeightsError
from XAICLIPLib.models.axes import Axes
from XAICLIPLib.models.base import Context, Segmenter
from XAICLIPLib.models.load import open_segmenter
from XAICLIPLib.models.nnunet.segmenter import NnunetSegmenter, TiledCase
from XAICLIPLib.models.tilesums import SummedWindow
from XAICLIPLib.phantom import PHANTOM_LABELS, make_phantom
from XAICLIPLib.pipeline.check_model import check_model
from XAICLIPLib.pipeline.cost import share_of_tiles
from XAICLIPLib.pipeline.opened import EarlyMaps, Stopwatch, open_image
from XAICLIPLib.pipeline.plan import plan
from XAICLIPLib.volume import Volume, write_volume

pytestmark = pytest.mark.slow

pytest.importorskip("nnunetv2")
PATCH, SPACING = (64, 64), (2.5, 2.5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A 2D model with tiles smaller than the phantom's slices."""
    return write_model(tmp_path_factory.mktemp("nnunet"), make_plans(PATCH, SPACING))


@pytest.fixture(scope="module")
def opened(folder):
    return open_segmenter(f"nnunet:{folder}", "cpu")


def in_order(volume: Volume, code: str) -> sitk.Image:
    """A volume as a file of that orientation would hold it."""
    return sitk.DICOMOrient(volume.to_sitk(), code)


def axial(maps: np.ndarray, direction) -> np.ndarray:
    """Maps (K, *S) on a file's axes, turned to axial ones by SimpleITK."""
    images = [sitk.GetImageFromArray(m) for m in maps]
    for image in images:
        image.SetDirection(direction)
    return np.stack([sitk.GetArrayFromImage(sitk.DICOMOrient(image, "LPS")) for image in images])


def by_nnunet(
    folder, *images: sitk.Image, fold: int | str = 0, folds: tuple[int, ...] = ()
) -> tuple[np.ndarray, np.ndarray]:
    """What nnU-Net itself makes of files, mirroring off: its prepared image and probabilities, on axial axes."""
    from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor

    predictor = nnUNetPredictor(use_mirroring=False, device=torch.device("cpu"), allow_tqdm=False)
    predictor.initialize_from_trained_model_folder(str(folder), folds or (fold,))
    plans, plan = predictor.plans_manager, predictor.configuration_manager
    image = images[0]
    properties = {"spacing": list(image.GetSpacing())[::-1]}
    voxels = np.stack([sitk.GetArrayFromImage(one) for one in images])
    data, _, _ = plan.preprocessor_class(verbose=False).run_case_npy(
        voxels, None, properties, plans, plan, predictor.dataset_json
    )
    logits = predictor.predict_logits_from_preprocessed_data(torch.from_numpy(data))
    probabilities = predictor.label_manager.apply_inference_nonlin(logits).numpy()
    back = plans.transpose_backward
    data, probabilities = (np.ascontiguousarray(a.transpose(0, *(k + 1 for k in back))) for a in (data, probabilities))
    return axial(data, image.GetDirection()), axial(probabilities, image.GetDirection())


@pytest.mark.parametrize("code", ["LPS", "RAS", "PRS"])
def test_slices_are_predicted_as_nnunet_predicts_the_file(folder, opened, phantom, liver_slice, code):
    scan = phantom[0].axial()
    image, probabilities = by_nnunet(folder, in_order(scan, code))
    z = liver_slice
    context = Context("CT", scan.spacing[1::-1], volume=scan.voxels, index=z, orientation=code)
    prepared = opened.prepare(scan.voxels[z].astype(np.float32), context)
    assert prepared.image.shape[1:] == image.shape[2:] and max(prepared.image.shape) > 2 * PATCH[0]
    assert np.abs(prepared.image.numpy() - image[:, z]).max() < 1e-5
    found = prepared.predict(prepared.image[None])[0].numpy()
    assert found.shape == (2, *image.shape[2:]) and found.std() > 0.05
    assert differs(found, probabilities[1:, z]) <= 1e-4
    if code == "LPS":
        assert torch.equal(opened.predict(prepared.image[None])[0], torch.from_numpy(found))


@pytest.mark.parametrize("transpose", [(0, 1, 2), (1, 0, 2)])
def test_volumes_are_predicted_as_nnunet_predicts_the_file(tmp_path, transpose):
    scan = make_phantom(0, shape=(12, 40, 40), spacing=(9.0, 9.0, 16.0))[0].axial()
    spacing = [(14.0, 8.0, 8.0)[k] for k in transpose]
    plans = make_plans((8, 24, 24), spacing, configuration="3d_fullres", transpose=transpose)
    folder = write_model(tmp_path, plans)
    image, probabilities = by_nnunet(folder, in_order(scan, "RAS"))
    model = open_segmenter(f"nnunet:{folder}", "cpu")
    assert model.spatial_dims == 3
    prepared = model.prepare(scan.voxels.astype(np.float32), Context("CT", scan.spacing[::-1], orientation="RAS"))
    assert prepared.image.shape == image.shape
    assert np.abs(prepared.image.numpy() - image).max() < 1e-5
    found = prepared.predict(prepared.image[None])[0].numpy()
    assert differs(found, probabilities[1:]) <= 1e-4
    copies = prepared.image[None].repeat(2, 1, 1, 1, 1)
    copies[1, :, 2:4, 3:9, 3:9] = 1.0
    in_all = prepared.predict.window.tiles_run
    batched = prepared.predict(copies)
    assert prepared.predict.window.tiles_run - in_all < in_all
    assert torch.equal(batched, TiledCase(model, prepared.image, prepared.predict.axes, reuse=False)(copies))
    assert (batched - torch.cat([prepared.predict(copy[None]) for copy in copies])).abs().max() <= 1e-5
    mask = np.zeros(scan.shape, bool)
    mask[4:8, 10:20, 10:20] = True
    work = prepared.grid.mask_to_work(mask)
    assert work.shape == prepared.image.shape[1:]
    assert prepared.grid.to_slice(work[None].astype(np.float32)).shape == (1, *scan.shape)


class SinglePrecision:
    """torch, for a module that would sum in half precision."""

    half = torch.float32

    def __getattr__(self, name: str):
        return getattr(torch, name)


def test_many_heads_are_nnunets_mean_without_its_rounding(tmp_path, monkeypatch):
    """Tiles are summed before the last layer; nnU-Net's sums of logits have half precision."""
    scan = make_phantom(0, shape=(8, 32, 32), spacing=(11.0, 11.0, 16.0))[0].axial()
    labels = {"background": 0, "liver": 1, **{f"part {n}": n for n in range(2, 12)}}
    plans = make_plans((4, 20, 20), (16.0, 11.0, 11.0), configuration="3d_fullres", features=(4, 8))
    folder = write_model(tmp_path, plans, make_dataset(labels))
    model = open_segmenter(f"nnunet:{folder}", "cpu")
    prepared = model.prepare(scan.voxels.astype(np.float32), Context("CT", scan.spacing[::-1]))
    found = prepared.predict(prepared.image[None])[0].numpy()
    assert isinstance(prepared.predict.window, SummedWindow) and found.shape[0] == 11
    _, halves = by_nnunet(folder, scan.to_sitk())
    weight = prepared.predict.window._total.numpy()
    inside = weight > 0.1  # at the scan's outermost edges it is as small as 1e-7, where half precision has no digits
    off = np.abs(found - halves[1:])[:, inside]
    assert inside.mean() > 0.5 and off.max() <= 5e-3 and off.mean() <= 1e-4
    monkeypatch.setattr("nnunetv2.inference.predict_from_raw_data.torch", SinglePrecision())
    _, singles = by_nnunet(folder, scan.to_sitk())
    assert np.abs(found - singles[1:]).max() <= 1e-5
    copies = prepared.image[None].repeat(2, 1, 1, 1, 1)
    copies[1, :, 2:4, 3:9, 3:9] = 1.0
    some = prepared.predict(copies, [4, 0])
    assert (some - model.predict(copies)[:, [4, 0]]).abs().max() < 1e-5
    assert (prepared.predict(copies)[:, [4, 0]] - some).abs().max() < 1e-6


def test_how_long_a_volume_takes_is_said_before_all_tiles_are_run(tmp_path, capsys, monkeypatch):
    """One tile is run, its seconds times the number of tiles are said, and only then the whole prediction is made."""
    scan, _ = make_phantom(0, shape=(8, 40, 40), spacing=(9.0, 9.0, 16.0))
    plans = make_plans((8, 16, 16), (16.0, 9.0, 9.0), configuration="3d_fullres", features=(2, 4))
    spec = f"nnunet:{write_model(tmp_path, plans)}"
    sizes, run = [], NnunetSegmenter._run

    def slow(self, network, tiles):  # a real network's time, at this one's size
        sizes.append(len(tiles))
        time.sleep(0.02)
        return run(self, network, tiles)

    monkeypatch.setattr(NnunetSegmenter, "_run", slow)
    told = []
    found = check_model(spec, scan=scan, device="cpu", tell=lambda text: told.append((text, len(sizes))))
    [(text, before)] = told
    assert before == 2 and found.foretold.tiles == 16 and text.startswith("16 tiles, one of which takes ")
    assert found.foretold.seconds == pytest.approx(found.whole, rel=0.5) and found.whole > 16 * 0.02
    assert dict(found.rows())["tiles"].startswith(text)
    request = xai.Request("s", ("liver",), xai.Occlusion(72, 72, unit="mm"), region="full", slices="all", device="cpu")
    messages, done = [], len(sizes)
    cost = plan(request, scan=scan, model=spec, progress=lambda done, total, said: messages.append((said, len(sizes))))
    first = next(number for said, number in messages if "16 tiles, one of which takes" in said)
    assert first == done + 2 and cost.tiles == 16 and 0.02 < cost.seconds_each_tile < 0.2
    assert "the model sees 16 tiles, one of which takes" in str(cost)
    write_volume(scan, tmp_path / "scan.nrrd")
    monkeypatch.chdir(tmp_path)
    assert main(["models", "check", spec, "scan.nrrd", "--device", "cpu"]) == 0
    shown = capsys.readouterr()
    assert "16 tiles, one of which takes" in shown.err and "for the model's own prediction; it took" in shown.out


def test_a_plan_counts_the_tiles_that_change(tmp_path):
    """A patch reaches a few tiles of many; what the plan says is what the run then needs."""
    scan, _ = make_phantom(0, shape=(8, 40, 40), spacing=(9.0, 9.0, 16.0))
    plans = make_plans((8, 16, 16), (16.0, 9.0, 9.0), configuration="3d_fullres", features=(2, 4))
    folder = write_model(tmp_path, plans)
    method = xai.Occlusion(72, 72, fill="mean", unit="mm")
    request = xai.Request("s", ("liver",), method, region="full", slices="all", device="cpu")
    case = Case(request, Models(), scan=scan, model=f"nnunet:{folder}")
    opened = open_image(case, None)
    everywhere = np.ones(opened.prepared.image.shape[1:], bool)
    share, tiling = share_of_tiles(opened.method, opened.prepared, everywhere), opened.prepared.tiling
    assert 0.02 < share < 0.5 and tiling.count == 16
    window = opened.prepared.predict.window
    before = window.tiles_run
    found = opened.explain(everywhere, Stopwatch(), EarlyMaps())
    run = window.tiles_run - before - tiling.count  # it is tried once whether the model repeats itself
    planned, _ = opened.method.plan(everywhere)
    assert run == pytest.approx(share * planned * tiling.count, rel=0.02) and found.is_complete
    turned = Axes((2, 0, 1), (True, False, True))
    case = TiledCase(case.segmenter, opened.prepared.image, turned)
    copy = opened.prepared.image[None].clone()
    box = ((1, 3), (5, 9), (32, 34))
    copy[(slice(None), slice(None), *(slice(*span) for span in box))] += 1.0
    moved = case.window._changed(case._segmenter.padded(turned.to_network(copy))[0][0])
    assert case.touched(box) == moved and len(moved) < case.count


def test_regions_are_sigmoids_and_ignore_is_no_target(tmp_path, phantom, liver_slice):
    labels = {"background": 0, "whole abdomen": [1, 2], "liver": [1], "ignore": 3}
    dataset = make_dataset(labels, regions_class_order=[2, 1])
    folder = write_model(tmp_path, make_plans(PATCH, SPACING), dataset)
    model = open_segmenter(f"nnunet:{folder}", "cpu")
    assert model.targets == ("whole abdomen", "liver")
    scan = phantom[0].axial()
    _, probabilities = by_nnunet(folder, scan.to_sitk())
    z = liver_slice
    prepared = model.prepare(scan.voxels[z].astype(np.float32), Context("CT", (3.0, 3.0), volume=scan.voxels, index=z))
    found = prepared.predict(prepared.image[None])[0].numpy()
    assert np.abs(found - probabilities[:, z]).max() <= 1e-4
    assert found.sum(0).max() > 1.05  # they overlap


@pytest.mark.parametrize(
    "scheme, masked",
    [("ZScoreNormalization", True), ("ZScoreNormalization", False), ("RescaleTo01Normalization", False)],
)
def test_normalisation_by_the_whole_scan(tmp_path, phantom, liver_slice, scheme, masked):
    body = np.maximum(phantom[0].axial().voxels.astype(np.float32) + 200, 0)
    body[:, :12] = body[:, :, 120:] = 0  # which nnU-Net cuts off
    scan = phantom[0].axial().like(body)
    folder = write_model(tmp_path, make_plans(PATCH, SPACING, scheme=scheme, masked=masked))
    image, probabilities = by_nnunet(folder, scan.to_sitk())
    model = open_segmenter(f"nnunet:{folder}", "cpu")
    z = liver_slice
    prepared = model.prepare(body[z], Context("MR", (3.0, 3.0), volume=body, index=z))
    assert np.abs(prepared.image.numpy() - image[:, z]).max() < 1e-4
    assert np.abs(prepared.predict(prepared.image[None])[0].numpy() - probabilities[1:, z]).max() <= 1e-4
    assert any("trained on CT" in note for note in prepared.notes)
    back = prepared.grid.to_slice(prepared.image.numpy(), outside=-9.0)
    box = np.ix_(*(np.arange(a.min(), a.max() + 1) for a in np.nonzero(body.any(0))))
    assert (back[0][box] > -9).all() and (back[0] > -9).sum() == back[0][box].size
    brightest = np.unravel_index(back[0].argmax(), back[0].shape)
    assert prepared.value(float(body[z][brightest])) == pytest.approx(back[0][brightest], rel=0.15)
    alone = model.prepare(body[z], Context("MR", (3.0, 3.0)))
    assert any("slice alone" in note for note in alone.notes)


@pytest.fixture(scope="module")
def copies(opened, phantom, liver_slice):
    """A prepared slice, and copies of it with a small and a large patch in them."""
    scan = phantom[0].axial()
    prepared = opened.prepare(scan.voxels[liver_slice].astype(np.float32), Context("CT", (3.0, 3.0)))
    batch = prepared.image[None].repeat(4, 1, 1, 1)
    batch[1, :, 5:15, 5:15] = 0.0
    batch[2, :, 60:75, 70:90] = -3.0
    batch[3, :, ::2] = 1.0
    return prepared, batch


def test_a_batch_is_predicted_as_its_images_one_by_one(copies):
    prepared, batch = copies
    together = prepared.predict(batch)
    alone = torch.cat([prepared.predict(copy[None]) for copy in batch])
    assert (together - alone).abs().max() <= 1e-5
    assert (together.sum(1) <= 1 + 1e-5).all()  # the background is the rest


def test_cached_tiles_change_no_bit_and_save_runs(opened, copies):
    prepared, batch = copies
    assert torch.equal(prepared.predict(batch), opened.predict(batch))
    window = prepared.predict.window
    before = window.tiles_run
    prepared.predict(batch[:1])
    assert window.tiles_run == before
    prepared.predict(batch[1:2])
    assert window.tiles_run == before + 1
    prepared.predict(batch[2:3])
    assert before + 1 < window.tiles_run <= before + 1 + 9


def test_an_image_smaller_than_a_tile_is_padded(tmp_path, phantom, liver_slice):
    folder = write_model(tmp_path, make_plans((192, 160), SPACING))
    scan = phantom[0].axial()
    _, probabilities = by_nnunet(folder, scan.to_sitk())
    model = open_segmenter(f"nnunet:{folder}", "cpu")
    prepared = model.prepare(scan.voxels[liver_slice].astype(np.float32), Context("CT", (3.0, 3.0)))
    found = prepared.predict(prepared.image[None])[0].numpy()
    assert np.abs(found - probabilities[1:, liver_slice]).max() <= 1e-4


def test_provenance_and_notes_say_what_was_run(folder, opened, copies):
    assert isinstance(opened, Segmenter) and opened.targets == ("liver", "spleen")
    said = opened.provenance
    assert said["trainer"] == "nnUNetTrainer" and said["configuration"] == "2d" and said["fold"] == "0"
    assert said["mirroring"] == "off" and said["patch_size"] == [64, 64] and len(said["sha256"]) == 64
    json.dumps(said)
    mirroring, stored = copies[0].notes
    assert mirroring == "mirroring is off; nnU-Net itself averages mirrored copies"
    assert "as its file is stored (LPS)" in stored
    # water and air in the values of the image
    assert copies[0].value(0.0) == pytest.approx(-60 / 120) and copies[0].value(-1000.0) == pytest.approx(-460 / 120)


def test_a_slice_is_explained_end_to_end(folder, phantom, organ, liver_slice):
    found = xai.explain(
        phantom[0],
        ["liver"],
        xai.Occlusion(60, 60, fill="air", unit="mm"),
        region="full",
        model=f"nnunet:{folder}",
        reference=organ("liver"),
        slices=str(liver_slice),
        score="soft_dice",
        device="cpu",
        evidence="none",
    )
    (row,) = found.rows
    assert row["full_evaluations"] == 7 * 7 and row["largest_drop"] > 0
    assert 0 < row["evaluations"] < 7 * 7, "what is air already is not filled with air"
    assert found.drops["liver"].same_grid(phantom[0])
    assert found.report["model"]["configuration"] == "2d"


def test_a_volume_is_explained_end_to_end(tmp_path):
    scan, labels = make_phantom(0, shape=(12, 40, 40), spacing=(9.0, 9.0, 16.0))
    folder = write_model(tmp_path, make_plans((8, 24, 24), (16.0, 9.0, 9.0), configuration="3d_fullres"))
    found = xai.explain(
        scan,
        ["liver"],
        xai.Occlusion(120, 120, fill="air", unit="mm"),
        region="full",
        model=f"nnunet:{folder}",
        reference=labels.like(np.uint8(labels.voxels == PHANTOM_LABELS["liver"])),
        score="soft_dice",
        device="cpu",
        evidence="none",
    )
    (row,) = found.summary
    assert (
        row["slice"] == "all"
        and row["evaluations"] < row["full_evaluations"] == 2 * 4 * 4
        and row["largest_drop"] > 0.001
    )
    assert found.drops["liver"].same_grid(scan)


def test_the_first_fold_unless_one_is_named(tmp_path, folder):
    plans = make_plans(PATCH, SPACING)
    for fold, file in (("10", "checkpoint_final.pth"), ("2", "checkpoint_best.pth"), ("all", "checkpoint_final.pth")):
        model = write_model(tmp_path, plans, fold=fold, file=file, mirroring=None)
    first = open_segmenter(f"nnunet:{model}", "cpu")
    assert first.provenance["file"].endswith("fold_2/checkpoint_best.pth")
    image = np.zeros((40, 40), np.float32)
    note = first.prepare(image, Context()).notes[0]
    assert note.startswith("fold 2 alone is asked, of 2, 10, all; nnU-Net itself averages folds (nnunet:")
    assert open_segmenter(f"nnunet:{model / 'fold_all'}", "cpu").provenance["fold"] == "all"
    file = model / "fold_10" / "checkpoint_final.pth"
    assert open_segmenter(f"nnunet:{file}", "cpu").provenance["fold"] == "10"


def test_a_trainer_of_its_own_builds_its_own_network(tmp_path):
    """nnUNetTrainerBN puts batch normalisation where the plans say instance normalisation."""
    plans, dataset = make_plans(PATCH, SPACING), make_dataset()
    from nnunetv2.utilities.plans_handling.plans_handler import PlansManager

    from XAICLIPLib.models.nnunet.trainers import find_trainer

    manager = PlansManager(plans)
    trainer = find_trainer("nnUNetTrainerBN")
    network = trainer.build_network_architecture(manager, manager.get_configuration("2d"), 1, 3, True)
    model = open_segmenter(
        f"nnunet:{write_model(tmp_path, plans, dataset, network=network, trainer='nnUNetTrainerBN')}"
    )
    assert any(isinstance(m, torch.nn.BatchNorm2d) for m in model._network.modules())
    unknown = open_segmenter(f"nnunet:{write_model(tmp_path, plans, dataset, trainer='nnUNetTrainerMine')}", "cpu")
    assert "nnUNetTrainerMine is not installed" in unknown.prepare(np.zeros((40, 40), np.float32), Context()).notes[0]


def test_nothing_is_printed_on_opening(folder, capfd, monkeypatch):
    for name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"):
        monkeypatch.delenv(name, raising=False)
    open_segmenter(f"nnunet:{folder}", "cpu")
    assert capfd.readouterr() == ("", "")


class Program:
    def __reduce__(self):
        return print, ("run",)


def test_a_checkpoint_that_would_run_a_program_is_refused(tmp_path, folder, capsys):
    copy = shutil.copytree(folder, tmp_path / folder.name)
    file = copy / "fold_0" / "checkpoint_final.pth"
    held = torch.load(file, weights_only=False)
    torch.save({**held, "logging": Program()}, file)
    with pytest.raises(WeightsError, match="refused: it holds the Python object print"):
        open_segmenter(f"nnunet:{copy}", "cpu")
    file.write_bytes(pickle.dumps(Program(), protocol=2))
    with pytest.raises(WeightsError, match="refused|can't be read"):
        open_segmenter(f"nnunet:{copy}", "cpu")
    assert "run" not in capsys.readouterr().out


@pytest.mark.parametrize("key, name", [("nonlin", "os.system"), ("nonlin", "torch.nn.functional.warnings.warn")])
def test_plans_that_would_run_a_program_are_refused(tmp_path, key, name):
    plans = make_plans(PATCH, SPACING)
    network = build_network(plans, make_dataset())
    plans["configurations"]["2d"]["architecture"]["arch_kwargs"][key] = name
    with pytest.raises(ModelError, match=name):
        open_segmenter(f"nnunet:{write_model(tmp_path, plans, network=network)}", "cpu")
    plans["configurations"]["2d"]["architecture"]["network_class_name"] = "my_package.Network"
    with pytest.raises(ModelError, match="my_package.Network"):
        open_segmenter(f"nnunet:{write_model(tmp_path, plans, network=network)}", "cpu")


@pytest.mark.parametrize("flat, masked", [(True, False), (False, True)])
def test_several_images_are_predicted_as_nnunet_predicts_their_files(tmp_path, flat, masked):
    """Each image by its own scheme, cropped to what is not zero in either."""
    first = make_phantom(0, shape=(8, 40, 40), spacing=(9.0, 9.0, 16.0))[0].axial()
    values = first.voxels.astype(np.float32)
    ct = np.where(values > -900, values, 0)
    second = np.where(values > -300, 300 + values + 5 * np.arange(8, dtype=np.float32)[:, None, None], 0)
    ct[:, :, :9], second[:, :, :6], second[:, 35:] = 0, 0, 0
    patch, spacing = ((24, 24), (8.0, 8.0)) if flat else ((8, 24, 24), (14.0, 8.0, 8.0))
    plans = make_plans(
        patch, spacing, configuration="2d" if flat else "3d_fullres", masked=masked,
        scheme=("CTNormalization", "ZScoreNormalization"),
    )  # fmt: skip
    folder = write_model(tmp_path, plans, make_dataset(channel_names={"0": "CT", "1": "T2"}))
    pair = [first.like(v) for v in (ct, second)]
    image, probabilities = by_nnunet(folder, *(in_order(v, "RAS") for v in pair))
    model = open_segmenter(f"nnunet:{folder}", "cpu")
    assert model.images == ("CT", "T2")
    both, z = np.stack([ct, second]), 4
    context = Context("CT", first.spacing[1::-1] if flat else first.spacing[::-1], orientation="RAS")
    if flat:
        prepared = model.prepare(both[:, z], replace(context, volume=both, index=z))
        image, probabilities = image[:, z], probabilities[:, z]
    else:
        prepared = model.prepare(both, context)
    assert prepared.image.shape == image.shape and np.abs(prepared.image.numpy() - image).max() < 1e-5
    found = prepared.predict(prepared.image[None])[0].numpy()
    assert found.std() > 0.05 and differs(found, probabilities[1:]) <= 1e-4
    place = tuple(n // 2 for n in image.shape[1:])
    assert prepared.values[0](-1000.0) == pytest.approx((-400 - 60) / 120) and prepared.image[(1, *place)] != 0
    del plans["foreground_intensity_properties_per_channel"]["1"]
    folder = write_model(tmp_path / "b", plans, make_dataset(channel_names={"0": "CT", "1": "T2"}))
    with pytest.raises(WeightsError, match="says of 1 images how they are normalised, and the model takes 2"):
        open_segmenter(f"nnunet:{folder}", "cpu")


def test_a_model_of_several_images_is_explained_with_as_many(tmp_path, phantom):
    dataset = make_dataset(channel_names={"0": "T1", "1": "FLAIR"})
    plans = make_plans(PATCH, SPACING, scheme=("ZScoreNormalization",) * 2)
    model = f"nnunet:{write_model(tmp_path, plans, dataset)}"
    scan, how = phantom[0], {"region": "full", "evidence": "none", "device": "cpu", "patch": 256, "stride": 256}
    with pytest.raises(InputError, match=r"takes 2 images \(T1, FLAIR\), and 1 was given"):
        xai.explain(scan, "liver", model=model, **how)
    found = xai.explain(scan, "liver", model=model, images=[scan.like(-scan.voxels)], slices=8, **how)
    assert found.report["scan"]["images"] == ["T1", "FLAIR"] and found.rows[0].evaluations > 1


def test_the_second_stage_of_a_cascade_is_refused(tmp_path):
    plans = make_plans(PATCH, SPACING)
    plans["configurations"]["2d"]["previous_stage"] = "3d_lowres"
    with pytest.raises(ModelError, match="second stage of a cascade.*3d_lowres"):
        open_segmenter(f"nnunet:{write_model(tmp_path / 'b', plans)}", "cpu")


def test_sagittal_slices_are_not_explained(tmp_path):
    model = open_segmenter(f"nnunet:{write_model(tmp_path, make_plans(PATCH, SPACING, transpose=(2, 0, 1)))}", "cpu")
    with pytest.raises(ModelError, match="sagittal slices.*3d_fullres"):
        model.prepare(np.zeros((40, 40), np.float32), Context())


def broken(folder, tmp_path):
    """Folders that are no trained model, and what is said of them."""
    copy = shutil.copytree(folder, tmp_path / "Dataset" / folder.name)
    yield copy / "fold_3", "there is no nnU-Net model"
    shutil.copytree(folder, copy.with_name("another"))
    yield copy.parent, f"holds 2 trained models; .* another, {folder.name}"
    shutil.rmtree(copy.with_name("another"))
    (copy / "fold_3").mkdir()
    yield copy / "fold_3", "neither checkpoint_final.pth nor checkpoint_best.pth; the folds 0 have one"
    wrong = make_plans(PATCH, SPACING, features=(4, 8, 16))
    write_model(tmp_path, wrong)
    (copy / "plans.json").write_text(json.dumps(wrong))
    yield copy, r"is no nnU-Net 2d; its keys: .*of another shape"
    (copy / "plans.json").write_text(json.dumps(make_plans(PATCH, SPACING, configuration="2d_other")))
    with_other = copy
    yield with_other, "trained as '2d', and plans.json has only 2d_other"
    (copy / "plans.json").write_text("{")
    yield copy, "plans.json can't be read"
    torch.save({"state_dict": {"a": torch.zeros(1)}}, copy / "fold_0" / "checkpoint_final.pth")
    yield copy, "no checkpoint of nnU-Net v2"
    (copy / "fold_0" / "checkpoint_final.pth").unlink()
    yield copy, "holds no fold with checkpoint_final.pth"
    (copy / "plans.json").unlink()
    yield copy, "plans.json is missing"


def test_what_is_no_model_is_refused_with_what_to_do(folder, tmp_path):
    for path, message in broken(folder, tmp_path):
        with pytest.raises((WeightsError, ModelError), match=message):
            open_segmenter(f"nnunet:{path}", "cpu")
    with pytest.raises(WeightsError, match="there is no nnU-Net model ''"):
        open_segmenter("nnunet:", "cpu")


def test_without_nnunet_it_is_said_how_to_install_it(folder, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "nnunetv2", None)
    with pytest.raises(MissingPackage, match=r'pip install "nnunetv2>='):
        open_segmenter(f"nnunet:{folder}", "cpu")
