"""MONAI bundles as the model zoo has them, small: written to disk, and run by MONAI's own means."""

import json
from pathlib import Path

import torch

CHANNELS = {"spleen_ct_segmentation": ["background", "spleen"], "several": ["background", "liver", "spleen"]}


def inference(dims: int, outputs: int, **changes) -> dict:
    """The entries of `configs/inference.json`, in the layout of the zoo's spleen_ct_segmentation."""
    roi = [32, 32, 16][:dims]
    return {
        "imports": ["$import glob", "$import os"],
        "bundle_root": ".",
        "image_key": "image",
        "output_dir": "$@bundle_root + '/eval'",
        "dataset_dir": "/workspace/data/Task09_Spleen",
        "datalist": "$list(sorted(glob.glob(@dataset_dir + '/imagesTs/*.nii.gz')))",
        "device": "$torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')",
        "highres": False,
        "pixdim": f"$[1.5] * 3 if @highres else {[3.0, 3.5, 4.0][:dims]}",
        "network_def": {
            "_target_": "UNet",
            "spatial_dims": dims,
            "in_channels": 1,
            "out_channels": outputs,
            "channels": [4, 8, 16],
            "strides": [2, 2],
            "num_res_units": 1,
            "norm": "batch",
        },
        "network": "$@network_def.to(@device)",
        "preprocessing": {
            "_target_": "Compose",
            "transforms": [
                {"_target_": "LoadImaged", "keys": "@image_key"},
                {"_target_": "EnsureChannelFirstd", "keys": "@image_key"},
                {"_target_": "Orientationd", "keys": "@image_key", "axcodes": "RAS"},
                {"_target_": "Spacingd", "keys": "@image_key", "pixdim": "@pixdim", "mode": "bilinear"},
                {
                    "_target_": "ScaleIntensityRanged",
                    "keys": "@image_key",
                    "a_min": -57,
                    "a_max": 164,
                    "b_min": 0,
                    "b_max": 1,
                    "clip": True,
                },
                {"_target_": "EnsureTyped", "keys": "@image_key", "device": "@device"},
            ],
        },
        "inferer": {
            "_target_": "SlidingWindowInferer",
            "roi_size": roi,
            "sw_batch_size": 4,
            "overlap": 0.5,
            "device": "$torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')",
        },
        "postprocessing": {
            "_target_": "Compose",
            "transforms": [
                {"_target_": "Activationsd", "keys": "pred", "softmax": True},
                {
                    "_target_": "Invertd",
                    "keys": "pred",
                    "transform": "@preprocessing",
                    "orig_keys": "@image_key",
                    "nearest_interp": False,
                    "to_tensor": True,
                },
                {"_target_": "AsDiscreted", "keys": "pred", "argmax": True},
                {"_target_": "SaveImaged", "keys": "pred", "output_dir": "@output_dir"},
            ],
        },
        "evaluator": {"_target_": "SupervisedEvaluator", "device": "@device", "network": "@network", "amp": True},
        "run": ["$@evaluator.run()"],
        **changes,
    }


def metadata(dims: int, names: list[str], **changes) -> dict:
    """The entries of `configs/metadata.json` that say what goes in and comes out."""
    shape = [32, 32, 16][:dims]
    return {
        "version": "0.5.3",
        "task": "Decathlon spleen segmentation",
        "copyright": "Copyright (c) MONAI Consortium",
        "network_data_format": {
            "inputs": {
                "image": {
                    "type": "image",
                    "modality": "CT",
                    "num_channels": 1,
                    "spatial_shape": shape,
                    "is_patch_data": True,
                    "channel_def": {"0": "image"},
                }
            },
            "outputs": {
                "pred": {
                    "type": "image",
                    "format": "segmentation",
                    "num_channels": len(names),
                    "spatial_shape": shape,
                    "channel_def": {str(i): name for i, name in enumerate(names)},
                }
            },
        },
        **changes,
    }


def write_bundle(
    folder: Path, config: dict, about: dict, network: torch.nn.Module | None = None, seed: int = 0
) -> Path:
    """A bundle's folder; without a network, MONAI's own by the config with weights that say something of the image."""
    from monai.networks.nets import UNet

    if network is None:
        torch.manual_seed(seed)
        network = UNet(**{k: v for k, v in config["network_def"].items() if k != "_target_"})
        with torch.no_grad():
            for parameter in network.parameters():
                parameter.mul_(2)
    (folder / "configs").mkdir(parents=True)
    (folder / "models").mkdir()
    (folder / "configs" / "inference.json").write_text(json.dumps(config, indent=4))
    (folder / "configs" / "metadata.json").write_text(json.dumps(about, indent=4))
    (folder / "LICENSE").write_text("                                 Apache License\n            Version 2.0\n")
    torch.save(network.state_dict(), folder / "models" / "model.pt")
    return folder


def by_monai(folder: Path, file: Path | list[str]) -> torch.Tensor:
    """The bundle's probabilities (K, …) of a scan, or of several files as channels, on the file's grid, by MONAI."""
    from monai.bundle import ConfigParser
    from monai.data import decollate_batch, list_data_collate

    parser = ConfigParser()
    parser.read_config(str(folder / "configs" / "inference.json"))
    network = parser.get_parsed_content("network")
    network.load_state_dict(torch.load(folder / "models" / "model.pt", weights_only=True))
    network.eval()
    data = list_data_collate(
        [parser.get_parsed_content("preprocessing")({"image": file if isinstance(file, list) else str(file)})]
    )
    with torch.no_grad():
        data["pred"] = parser.get_parsed_content("inferer")(data["image"], network)
    (sample,) = decollate_batch(data)
    for step in parser.get_parsed_content("postprocessing").transforms[:2]:
        sample = step(sample)
    return sample["pred"].as_tensor()
