"""A trained nnU-Net v2 model as its own training leaves it on disk; plans and networks are small."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

RESAMPLING = {"is_seg": False, "order": 3, "order_z": 0, "force_separate_z": None}
CT = {"mean": 60.0, "std": 120.0, "percentile_00_5": -400.0, "percentile_99_5": 500.0}


def make_plans(
    patch: tuple[int, ...],
    spacing: tuple[float, ...],
    *,
    configuration: str = "2d",
    scheme: str | tuple[str, ...] = "CTNormalization",
    masked: bool = False,
    transpose: tuple[int, int, int] = (0, 1, 2),
    features: tuple[int, ...] = (4, 8, 8),
    reader: str = "SimpleITKIO",
    fingerprint: dict | None = None,
) -> dict:
    """plans.json as `ExperimentPlanner` writes it, for a `PlainConvUNet`, for as many images as schemes."""
    schemes = [scheme] if isinstance(scheme, str) else list(scheme)
    dims, stages = len(patch), len(features)
    architecture = {
        "network_class_name": "dynamic_network_architectures.architectures.unet.PlainConvUNet",
        "arch_kwargs": {
            "n_stages": stages,
            "features_per_stage": list(features),
            "conv_op": f"torch.nn.modules.conv.Conv{dims}d",
            "kernel_sizes": [[3] * dims] * stages,
            "strides": [[1] * dims] + [[2] * dims] * (stages - 1),
            "n_conv_per_stage": [2] * stages,
            "n_conv_per_stage_decoder": [2] * (stages - 1),
            "conv_bias": True,
            "norm_op": f"torch.nn.modules.instancenorm.InstanceNorm{dims}d",
            "norm_op_kwargs": {"eps": 1e-05, "affine": True},
            "dropout_op": None,
            "dropout_op_kwargs": None,
            "nonlin": "torch.nn.LeakyReLU",
            "nonlin_kwargs": {"inplace": True},
        },
        "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"],
    }
    resample = "resample_data_or_seg_to_shape"
    plan = {
        "data_identifier": f"nnUNetPlans_{configuration}",
        "preprocessor_name": "DefaultPreprocessor",
        "batch_size": 2,
        "patch_size": list(patch),
        "median_image_size_in_voxels": [float(n) for n in patch],
        "spacing": list(spacing),
        "normalization_schemes": schemes,
        "use_mask_for_norm": [masked] * len(schemes),
        "resampling_fn_data": resample,
        "resampling_fn_seg": resample,
        "resampling_fn_data_kwargs": RESAMPLING,
        "resampling_fn_seg_kwargs": {**RESAMPLING, "is_seg": True, "order": 1},
        "resampling_fn_probabilities": resample,
        "resampling_fn_probabilities_kwargs": {**RESAMPLING, "order": 1},
        "architecture": architecture,
        "batch_dice": True,
    }
    return {
        "dataset_name": "Dataset001_Test",
        "plans_name": "nnUNetPlans",
        "original_median_spacing_after_transp": [5.0, 1.0, 1.0],
        "original_median_shape_after_transp": [10, 128, 128],
        "image_reader_writer": reader,
        "transpose_forward": list(transpose),
        "transpose_backward": [int(k) for k in np.argsort(transpose)],
        "configurations": {configuration: plan},
        "experiment_planner_used": "ExperimentPlanner",
        "label_manager": "LabelManager",
        "foreground_intensity_properties_per_channel": {str(c): fingerprint or CT for c in range(len(schemes))},
    }


def make_dataset(labels: dict | None = None, **more) -> dict:
    """dataset.json."""
    labels = labels or {"background": 0, "liver": 1, "spleen": 2}
    return {"channel_names": {"0": "CT"}, "labels": labels, "numTraining": 2, "file_ending": ".nii.gz", **more}


def build_network(plans: dict, dataset: dict) -> torch.nn.Module:
    """The network as nnU-Net trains it, with deep supervision; its random weights make clear decisions."""
    from nnunetv2.utilities.get_network_from_plans import get_network_from_plans
    from nnunetv2.utilities.plans_handling.plans_handler import PlansManager

    manager = PlansManager(plans)
    (name,) = plans["configurations"]
    plan = manager.get_configuration(name)
    torch.manual_seed(0)
    network = get_network_from_plans(
        plan.network_arch_class_name,
        plan.network_arch_init_kwargs,
        plan.network_arch_init_kwargs_req_import,
        len(dataset["channel_names"]),
        manager.get_label_manager(dataset).num_segmentation_heads,
        deep_supervision=True,
    )
    with torch.no_grad():
        network.decoder.seg_layers[-1].weight *= 4
    return network


def write_model(
    root: Path,
    plans: dict,
    dataset: dict | None = None,
    *,
    network: torch.nn.Module | None = None,
    fold: str = "0",
    file: str = "checkpoint_final.pth",
    trainer: str = "nnUNetTrainer",
    mirroring: tuple[int, ...] | None = (0, 1),
) -> Path:
    """A trained model's folder with one fold; its checkpoint has what `nnUNetTrainer.save_checkpoint` puts into it."""
    dataset = dataset or make_dataset()
    (configuration,) = plans["configurations"]
    folder = root / plans["dataset_name"] / f"{trainer}__nnUNetPlans__{configuration}"
    (folder / f"fold_{fold}").mkdir(parents=True, exist_ok=True)
    for name, content in (("plans.json", plans), ("dataset.json", dataset)):
        (folder / name).write_text(json.dumps(content, indent=1))
    network = network or build_network(plans, dataset)
    optimiser = torch.optim.SGD(network.parameters(), 1e-2, momentum=0.99, nesterov=True)
    checkpoint = {
        "network_weights": network.state_dict(),
        "optimizer_state": optimiser.state_dict(),
        "grad_scaler_state": {"scale": 65536.0, "growth_factor": 2.0},
        "logging": {
            "mean_fg_dice": [np.float64(0.5), np.float32(0.6)],
            "dice_per_class_or_region": [[np.float64(0.5), np.float64(0.4)]],
            "train_losses": [np.float32(0.1)],
            "lrs": [0.01],
        },
        "_best_ema": np.float64(0.6),
        "current_epoch": 1,
        "init_args": {
            "plans": plans,
            "configuration": configuration,
            "fold": fold if fold == "all" else int(fold),
            "dataset_json": dataset,
            "device": torch.device("cuda"),
        },
        "trainer_name": trainer,
        "inference_allowed_mirroring_axes": mirroring,
    }
    torch.save(checkpoint, folder / f"fold_{fold}" / file)
    return folder
