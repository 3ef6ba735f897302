"""Models of Auto3DSeg as 3D Slicer and MONAI leave them on disk, small, and the programs that run them.

`by_slicer` and `by_monai` are written from MONAI's own transforms and inferers, in the order in which the module's
script and MONAI's segmenter take them; nothing of XAICLIPLib is in them.
"""

from pathlib import Path

import numpy as np
import torch

NETWORK = {
    "_target_": "SegResNetDS", "init_filters": 4, "blocks_down": [1, 1, 1], "norm": "INSTANCE_NVFUSER",
    "in_channels": 1, "out_channels": 4, "dsdepth": 2,
}  # fmt: skip
LABELS = ("liver", "spleen", "kidney_left")
COLUMNS = (
    "LabelValue,Name,SegmentedPropertyCategoryCodeSequence.CodingSchemeDesignator,"
    "SegmentedPropertyCategoryCodeSequence.CodeValue,SegmentedPropertyCategoryCodeSequence.CodeMeaning"
)


def config_of(**changes) -> dict:
    """The entries of a checkpoint's config that are of use after training, and some that are not."""
    return {
        "bundle_root": "segresnet_0", "ckpt_path": "segresnet_0/model", "modality": "ct", "fold": 0,
        "class_names": ["acc_0", "acc_1", "acc_2"], "class_index": None, "roi_size": [32, 32, 16], "amp": True,
        "orientation_ras": True, "crop_foreground": True, "sigmoid": False, "resample": True,
        "resample_resolution": [3.0, 3.5, 4.0], "normalize_mode": "range", "intensity_bounds": [-200.0, 300.0],
        "extra_modalities": {}, "network": dict(NETWORK), "image_size_mm_median": [350.0, 350.0, 250.0],
        "learning_rate": 0.0002, "input_channels": 1, "output_classes": 4,
        **changes,
    }  # fmt: skip


def network_of(config: dict) -> torch.nn.Module:
    """MONAI's own network of a config, by its parser, with weights that say something of the image."""
    from monai.bundle import ConfigParser

    described = dict(config["network"])
    if described.get("norm") == "INSTANCE_NVFUSER":
        described["norm"] = "INSTANCE"
    torch.manual_seed(0)
    network = ConfigParser(described).get_parsed_content()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(2.5)
    return network.eval()


def checkpoint_of(config: dict) -> dict:
    return {"state_dict": network_of(config).state_dict(), "config": config, "epoch": 299, "best_metric": 0.91}


def write_slicers(place: Path, config: dict, labels=LABELS, inner: str = "") -> Path:
    """A model as 3D Slicer unpacks it; sometimes in a folder of the archive's own."""
    folder = place / inner
    folder.mkdir(parents=True)
    torch.save(checkpoint_of(config), folder / "model.pt")
    rows = [f"{i},{name},SCT,123037004,Anatomical Structure" for i, name in enumerate(labels, 1)]
    (folder / "labels.csv").write_text("\n".join([COLUMNS, "0,background,,,", *rows]) + "\n")
    return place


def write_monais(place: Path, config: dict) -> Path:
    """A folder that MONAI's AutoRunner leaves for one segresnet."""
    import yaml

    for part in ("configs", "model", "scripts"):
        (place / part).mkdir(parents=True)
    (place / "configs" / "hyper_parameters.yaml").write_text(yaml.safe_dump(config))
    torch.save(checkpoint_of(config), place / "model" / "model.pt")
    (place / "scripts" / "segmenter.py").write_text("raise SystemExit('this is never run')\n")
    return place


def _normalisation(key: str, mode: str, bounds: list) -> list:
    from monai.transforms import Lambdad, NormalizeIntensityd, ScaleIntensityRanged

    if mode in ("range", "ct"):
        low, high = bounds
        return [
            ScaleIntensityRanged(keys=key, a_min=low, a_max=high, b_min=-1, b_max=1, clip=False),
            Lambdad(keys=key, func=lambda x: torch.sigmoid(x)),
        ]
    if mode in ("meanstd", "mri"):
        return [NormalizeIntensityd(keys=key, nonzero=True, channel_wise=True)]
    if mode == "meanstdtanh":
        return [
            NormalizeIntensityd(keys=key, nonzero=True, channel_wise=True),
            Lambdad(keys=key, func=lambda x: 3 * torch.tanh(x / 3)),
        ]
    if mode == "pet":
        return [Lambdad(keys=key, func=lambda x: torch.sigmoid((x - x.min()) / x.std()))]
    return []


def _spacing(config: dict) -> list:
    from monai.transforms import Spacingd

    edges = config["resample_resolution"]
    limits = {"min_pixdim": np.array(edges) * 0.75, "max_pixdim": np.array(edges) * 1.25}
    return [Spacingd(keys=["image"], pixdim=list(edges), mode=["bilinear"], dtype=torch.float, **limits)]


def _logits(config: dict, image: torch.Tensor) -> torch.Tensor:
    from monai.inferers import SlidingWindowInfererAdapt

    inferer = SlidingWindowInfererAdapt(
        roi_size=config["roi_size"], sw_batch_size=1, overlap=0.625, mode="gaussian", cache_roi_weight_map=False
    )
    with torch.no_grad():
        found = inferer(inputs=image, network=network_of(config))
    return found[0] if isinstance(found, (list, tuple)) else found


def by_slicer(config: dict, *files: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """Probabilities on the model's grid, and the label map on the file's: what the module's script does."""
    from monai.data import decollate_batch, list_data_collate
    from monai.transforms import (
        Compose,
        ConcatItemsd,
        CropForegroundd,
        EnsureTyped,
        Invertd,
        LoadImaged,
        Orientationd,
    )
    from monai.utils import convert_to_dst_type

    keys = [f"image{i}" for i in range(1, len(files) + 1)]
    loaded = LoadImaged(keys=keys, ensure_channel_first=True, dtype=None, image_only=False)(dict(zip(keys, files)))
    joined = [ConcatItemsd(keys=keys, name="image", dim=0), EnsureTyped(keys="image", dtype=torch.float)]
    bounds = config["intensity_bounds"]
    if len(keys) == 1:
        steps = [*joined, *_normalisation("image", config["normalize_mode"], bounds)]
    else:
        modes = [config["normalize_mode"], *config["extra_modalities"].values()]
        steps = [one for key, mode in zip(keys, modes) for one in _normalisation(key, mode, bounds)] + joined
    if config["orientation_ras"]:
        steps.append(Orientationd(keys="image", axcodes="RAS"))
    if config["crop_foreground"]:
        steps.append(CropForegroundd(keys="image", source_key="image1", margin=10, allow_smaller=True))
    if config["resample_resolution"] is not None:
        steps += _spacing(config)
    transform = Compose(steps)
    data = list_data_collate([transform([loaded])])
    logits = _logits(config, data["image"].as_subclass(torch.Tensor))
    if config["sigmoid"]:
        probabilities = torch.sigmoid(logits)
        drawn = probabilities >= 0.5
    else:
        probabilities = torch.softmax(logits, dim=1)
        drawn = torch.argmax(probabilities, dim=1, keepdim=True).to(torch.uint8)
    data["pred"] = convert_to_dst_type(drawn, data["image"], dtype=drawn.dtype, device=drawn.device)[0]
    back = Invertd(keys="pred", orig_keys="image", transform=transform, nearest_interp=True)
    (one,) = [back(sample)["pred"] for sample in decollate_batch(data)]
    return probabilities[0], one.as_tensor()


def brats_by_slicer(config: dict, files: list[Path]) -> tuple[torch.Tensor, torch.Tensor]:
    """Probabilities of the regions on the model's grid, and the label map on the file's: its branch for BraTS."""
    from monai.data import decollate_batch, list_data_collate
    from monai.transforms import Compose, CropForegroundd, EnsureTyped, Invertd, LoadImaged, Orientationd
    from monai.utils import convert_to_dst_type

    steps = [
        LoadImaged(keys="image", ensure_channel_first=True, dtype=None, image_only=False),
        EnsureTyped(keys="image", data_type="tensor", dtype=torch.float),
        Orientationd(keys="image", axcodes="RAS"),
        CropForegroundd(keys="image", source_key="image", margin=10, allow_smaller=True),
        *_spacing(config),
        *_normalisation("image", config["normalize_mode"], config["intensity_bounds"]),
    ]
    transform = Compose(steps)
    data = list_data_collate([transform([{"image": files}])])
    probabilities = torch.sigmoid(_logits(config, data["image"].as_subclass(torch.Tensor)))
    drawn = probabilities >= 0.5
    data["pred"] = convert_to_dst_type(drawn, data["image"], dtype=drawn.dtype, device=drawn.device)[0]
    back = Invertd(keys="pred", orig_keys="image", transform=transform, nearest_interp=True)
    (one,) = [back(sample)["pred"] for sample in decollate_batch({"image": data["image"], "pred": data["pred"]})]
    regions = one.as_tensor().bool()
    labels = 2 * regions.any(0).to(torch.uint8)
    labels[regions[1:].any(0)] = 1
    labels[regions[2:].any(0)] = 3
    return probabilities[0], labels


def by_monai(config: dict, file: Path) -> torch.Tensor:
    """Probabilities on the file's grid: what the segmenter of MONAI's own folder does in `infer_image`."""
    from monai.data import decollate_batch, list_data_collate
    from monai.transforms import Compose, CropForegroundd, EnsureTyped, Invertd, LoadImaged, Orientationd
    from monai.utils import convert_to_dst_type

    steps = [
        LoadImaged(keys=["image"], ensure_channel_first=True, dtype=None, image_only=True),
        EnsureTyped(keys=["image"], data_type="tensor", dtype=torch.float),
    ]
    if config["orientation_ras"]:
        steps.append(Orientationd(keys=["image"], axcodes="RAS"))
    if config["crop_foreground"]:
        steps.append(CropForegroundd(keys=["image"], source_key="image", margin=10, allow_smaller=True))
    if config["resample"]:
        steps += _spacing(config)
    steps += _normalisation("image", config["normalize_mode"], config["intensity_bounds"] or [-250, 250])
    transform = Compose(steps)
    data = list_data_collate([transform([{"image": file}])])
    logits = _logits(config, data["image"].as_subclass(torch.Tensor))
    found = torch.sigmoid(logits) if config["sigmoid"] else torch.softmax(logits, 1, dtype=torch.double).float()
    data["pred"] = convert_to_dst_type(found, data["image"], dtype=found.dtype, device=found.device)[0]
    back = Invertd(keys="pred", orig_keys="image", transform=transform, nearest_interp=False)
    (one,) = [back(sample)["pred"] for sample in decollate_batch(data)]
    return one.as_tensor()
