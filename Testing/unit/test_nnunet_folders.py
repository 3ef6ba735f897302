"""What nnU-Net leaves on disks: layouts of several programs and years, each against nnU-Net's own predictor."""

import shutil

import numpy as np
import pytest
import torch
from nnunetfolder import build_network, make_dataset, make_plans, write_model

from Testing.unit.agreement import differs
from XAICLIPLib.errors import InputError, ModelError, WeightsError
from XAICLIPLib.models.base import Context
from XAICLIPLib.models.detect import family_of
from XAICLIPLib.models.load import open_segmenter
from XAICLIPLib.phantom import make_phantom

pytestmark = pytest.mark.slow
pytest.importorskip("nnunetv2")
from test_nnunet import SinglePrecision, by_nnunet  # noqa: E402 - needs nnunetv2

PATCH, SPACING = (4, 16, 16), (16.0, 11.0, 11.0)


def small_plans(**more) -> dict:
    return make_plans(PATCH, SPACING, configuration="3d_fullres", features=(4, 8), **more)


def with_residual_encoder(plans: dict) -> dict:
    """As `nnUNetPlannerResEncM` writes them."""
    architecture = plans["configurations"]["3d_fullres"]["architecture"]
    architecture["network_class_name"] = "dynamic_network_architectures.architectures.unet.ResidualEncoderUNet"
    architecture["arch_kwargs"]["n_blocks_per_stage"] = architecture["arch_kwargs"].pop("n_conv_per_stage")
    return plans


def as_of_2023(plans: dict) -> dict:
    """As nnU-Net 2.0 to 2.3 wrote them, which the published TotalSegmentator models have."""
    plan = plans["configurations"]["3d_fullres"]
    kind = plan.pop("architecture")
    inside = kind["arch_kwargs"]
    plan["UNet_class_name"] = kind["network_class_name"].rpartition(".")[2]
    plan["UNet_base_num_features"], plan["unet_max_num_features"] = 4, 320
    plan["n_conv_per_stage_encoder"] = inside.get("n_conv_per_stage") or inside["n_blocks_per_stage"]
    plan["n_conv_per_stage_decoder"] = inside["n_conv_per_stage_decoder"]
    plan["num_pool_per_axis"] = [1, 1, 1]
    plan["pool_op_kernel_sizes"], plan["conv_kernel_sizes"] = inside["strides"], inside["kernel_sizes"]
    return plans


def model_in(root, kind: str):
    """A trained model as a program or a year has it, and its fold."""
    if kind == "ResEnc":
        return write_model(root, with_residual_encoder(small_plans())), 0
    if kind == "plans of 2023":
        network = build_network(small_plans(), make_dataset())
        return write_model(root, as_of_2023(small_plans()), network=network), 0
    if kind == "ResEnc of 2023":
        network = build_network(with_residual_encoder(small_plans()), make_dataset())
        return write_model(root, as_of_2023(with_residual_encoder(small_plans())), network=network), 0
    if kind == "HD-BET":  # release_2.0.0 holds the files themselves, and one fold, all
        plans = small_plans(scheme="ZScoreNormalization")
        dataset = make_dataset({"background": 0, "brain": 1}, channel_names={"0": "MRI"})
        return shutil.move(write_model(root, plans, dataset, fold="all"), root / "release_2.0.0"), "all"
    labels = {"background": 0, "whole": [1, 2], "core": [2]}
    return write_model(root, small_plans(), make_dataset(labels, regions_class_order=[1, 2])), 0


@pytest.mark.parametrize("kind", ["ResEnc", "plans of 2023", "ResEnc of 2023", "HD-BET", "regions"])
def test_each_layout_is_predicted_as_nnunet_predicts_it(tmp_path, kind):
    folder, fold = model_in(tmp_path, kind)
    scan = make_phantom(0, shape=(8, 24, 24), spacing=(14.0, 14.0, 16.0))[0].axial()
    model = open_segmenter(str(folder), "cpu")
    prepared = model.prepare(scan.voxels.astype(np.float32), Context("CT", scan.spacing[::-1]))
    _, probabilities = by_nnunet(folder, scan.to_sitk(), fold=fold)
    expected = probabilities if kind == "regions" else probabilities[1:]
    found = prepared.predict(prepared.image[None])[0].numpy()
    assert found.std() > 0.02 and differs(found, expected) <= 1e-4
    assert model.provenance["fold"] == str(fold)


@pytest.mark.parametrize("kind, wanted", [("labels", ""), ("regions", "=0,2")])
def test_folds_are_averaged_as_nnunet_does_it(tmp_path, monkeypatch, kind, wanted):
    """Without its rounding to half precision, which is coarse where a tile's weights are small, at the edges."""
    plans, dataset = small_plans(), make_dataset()
    if kind == "regions":
        dataset = make_dataset({"background": 0, "whole": [1, 2], "core": [2]}, regions_class_order=[1, 2])
    for fold in (0, 1, 2):
        network = build_network(plans, dataset)
        generator = torch.Generator().manual_seed(fold)
        with torch.no_grad():
            for parameter in network.parameters():
                parameter.add_(0.1 * torch.randn(parameter.shape, generator=generator))
        folder = write_model(tmp_path, plans, dataset, network=network, fold=fold, mirroring=None)
    scan = make_phantom(0, shape=(8, 24, 24), spacing=(14.0, 14.0, 16.0))[0].axial()

    def prediction(spec):
        model = open_segmenter(spec, "cpu")
        prepared = model.prepare(scan.voxels.astype(np.float32), Context("CT", scan.spacing[::-1]))
        return model, prepared.notes, prepared.predict(prepared.image[None])[0].numpy()

    model, notes, found = prediction(f"nnunet:{folder}:folds{wanted}")
    first, folds = (0, (0, 2)) if wanted else (1, (0, 1, 2))
    _, halves = by_nnunet(folder, scan.to_sitk(), folds=folds)
    assert np.quantile(np.abs(found - halves[first:]), 0.95) <= 1e-3
    monkeypatch.setattr("nnunetv2.inference.predict_from_raw_data.torch", SinglePrecision())
    _, singles = by_nnunet(folder, scan.to_sitk(), folds=folds)
    assert differs(found, singles[first:]) <= 1e-4
    assert model.provenance["fold"] == ("0, 2" if wanted else "0, 1, 2") and not any("fold" in note for note in notes)
    _, notes, alone = prediction(f"nnunet:{folder}")
    assert differs(found, alone) > 1e-3 and "of 0, 1, 2" in notes[0] and f"nnunet:{folder}:folds" in notes[0]
    with pytest.raises(WeightsError, match="has no trained fold 7; it has 0, 1, 2"):
        open_segmenter(f"nnunet:{folder}:folds=0,7", "cpu")


@pytest.fixture(scope="module")
def several(tmp_path_factory):
    """nnUNet_results with two data sets, the second trained as two configurations."""
    root = tmp_path_factory.mktemp("results")
    write_model(root, {**small_plans(), "dataset_name": "Dataset007_Pancreas"})
    for configuration in ("2d", "3d_fullres"):
        patch, spacing = ((16, 16), (9.0, 9.0)) if configuration == "2d" else (PATCH, SPACING)
        plans = make_plans(patch, spacing, configuration=configuration, features=(4, 8))
        write_model(root, {**plans, "dataset_name": "Dataset009_Spleen"})
    return root


def test_one_of_several_models_is_opened_by_its_name(several):
    names = (
        "Dataset007_Pancreas/nnUNetTrainer__nnUNetPlans__3d_fullres, "
        "Dataset009_Spleen/nnUNetTrainer__nnUNetPlans__2d, "
        "Dataset009_Spleen/nnUNetTrainer__nnUNetPlans__3d_fullres"
    )
    with pytest.raises(WeightsError, match=f"holds 3 trained models; open one as nnunet:{several}:NAME, .* {names}"):
        open_segmenter(f"nnunet:{several}", "cpu")
    for name in ("Dataset007_Pancreas", "Dataset007", "Dataset007_Pancreas/nnUNetTrainer__nnUNetPlans__3d_fullres"):
        model = open_segmenter(f"nnunet:{several}:{name}", "cpu")
        assert model.provenance["dataset"] == "Dataset007_Pancreas" and model.spatial_dims == 3
    fold = f"nnunet:{several}:Dataset009_Spleen/nnUNetTrainer__nnUNetPlans__2d/fold_0"
    assert open_segmenter(fold, "cpu").spatial_dims == 2
    with pytest.raises(WeightsError, match="several models are called 'Dataset009'; .*__2d, .*__3d_fullres$"):
        open_segmenter(f"nnunet:{several}:Dataset009", "cpu")
    with pytest.raises(WeightsError, match="no model is called 'Dataset1'; open one as .*Dataset007"):
        open_segmenter(f"nnunet:{several}:Dataset1", "cpu")
    assert open_segmenter(f"nnunet:{several / 'Dataset007_Pancreas'}", "cpu").spatial_dims == 3, "the only one there"
    with pytest.raises(InputError, match="holds 3 trained models"):
        family_of(several)


def test_what_is_no_model_of_nnunet_2_is_called_by_its_name(tmp_path):
    model = write_model(tmp_path, small_plans())
    (model / "inference_session_class.json").write_text('{"inference_class": "nnInteractiveInferenceSession"}')
    for spec in (f"nnunet:{model}", str(model), f"nnunet:{model / 'fold_0'}"):
        with pytest.raises(ModelError, match="is a model of nnInteractive, not of nnU-Net: .*--reference"):
            open_segmenter(spec, "cpu")
    (model / "inference_session_class.json").unlink()
    old = tmp_path / "Task003_Liver" / "nnUNetTrainerV2__nnUNetPlansv2.1"
    (old / "fold_0").mkdir(parents=True)
    (old / "plans.pkl").write_bytes(b"")
    (old / "fold_0" / "model_final_checkpoint.model").write_bytes(b"")
    for path in (old, old.parent, old / "fold_0"):
        with pytest.raises(WeightsError, match=r"nnU-Net v1 \(plans.pkl\), .*train it again"):
            open_segmenter(f"nnunet:{path}", "cpu")
    archive = tmp_path / "unzipped"
    archive.mkdir()
    (archive / "Dataset112_Teeth.zip").write_bytes(b"")
    with pytest.raises(WeightsError, match="holds the archive Dataset112_Teeth.zip; unpack it"):
        open_segmenter(f"nnunet:{archive}", "cpu")
    (model / "fold_0" / "checkpoint_final.pth").rename(model / "fold_0" / "checkpoint_final.pth.part")
    with pytest.raises(WeightsError, match="checkpoint_final.pth.part, a download that did not end"):
        open_segmenter(f"nnunet:{model}", "cpu")
    (model / "fold_0" / "checkpoint_final.pth.part").unlink()
    with pytest.raises(WeightsError, match="holds no fold with checkpoint_final.pth"):
        open_segmenter(f"nnunet:{model}", "cpu")
    (model / "plans.json").unlink()
    with pytest.raises(WeightsError, match="plans.json is missing; give the folder"):
        open_segmenter(f"nnunet:{model}", "cpu")


TRAINER = """
from pathlib import Path

from torch import nn
from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer

Path(__file__).with_name("was_run").touch()


class nnUNetTrainerMine(nnUNetTrainer):
    @staticmethod
    def build_network_architecture(plans_manager, configuration, inputs, outputs, enable_deep_supervision=True):
        given = plans_manager, configuration, inputs, outputs, enable_deep_supervision
        network = nnUNetTrainer.build_network_architecture(*given)
        network.decoder.seg_layers[-1] = nn.Conv3d(4, 3, 3, padding=1)
        return network
"""


def test_a_trainer_of_ones_own_is_run_with_consent_alone(tmp_path, monkeypatch):
    place = tmp_path / "trainers" / "deeper"
    place.mkdir(parents=True)
    (place / "mine.py").write_text(TRAINER)
    monkeypatch.setenv("nnUNet_extTrainer", str(tmp_path / "trainers"))
    plans, dataset = small_plans(), make_dataset()
    plain = write_model(tmp_path / "a", plans, dataset, trainer="nnUNetTrainerMine")
    network = build_network(plans, dataset)
    network.decoder.seg_layers[-1] = torch.nn.Conv3d(4, 3, 3, padding=1)
    changed = write_model(tmp_path / "b", plans, dataset, network=network, trainer="nnUNetTrainerMine")
    model = open_segmenter(f"nnunet:{plain}", "cpu")
    note = model.prepare(np.zeros((8, 24, 24), np.float32), Context("CT", SPACING)).notes[0]
    assert "mine.py in nnUNet_extTrainer) was not run" in note and "XAICLIP_RUN_TRAINERS=nnUNetTrainerMine" in note
    with pytest.raises(WeightsError, match="of another shape.*and you trust the file, set XAICLIP_RUN_TRAINERS"):
        open_segmenter(f"nnunet:{changed}", "cpu")
    monkeypatch.setenv("XAICLIP_RUN_TRAINERS", "nnUNetTrainerOther")
    with pytest.raises(WeightsError):
        open_segmenter(f"nnunet:{changed}", "cpu")
    assert not (place / "was_run").exists()
    monkeypatch.setenv("XAICLIP_RUN_TRAINERS", "nnUNetTrainerOther,nnUNetTrainerMine")
    opened = open_segmenter(f"nnunet:{changed}", "cpu")
    assert (place / "was_run").exists() and opened.network.decoder.seg_layers[-1].kernel_size == (3, 3, 3)
    (place / "mine.py").write_text("class nnUNetTrainerMine(Nothing):\n    pass\n")
    with pytest.raises(ModelError, match="mine.py of nnUNet_extTrainer can't be imported .NameError"):
        open_segmenter(f"nnunet:{changed}", "cpu")


def test_the_second_stage_of_a_cascade_names_the_first(tmp_path):
    plans = small_plans()
    plans["configurations"]["3d_fullres"]["previous_stage"] = "3d_lowres"
    with pytest.raises(ModelError, match="second stage of a cascade.*3d_lowres"):
        open_segmenter(f"nnunet:{write_model(tmp_path, plans)}", "cpu")
