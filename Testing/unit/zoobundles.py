"""Bundles of MONAI's model zoo (October 2024), small: the entries of their configurations, with fewer features.

What a configuration says in code stands here as it stands there: ``$torch.load``, ``$len``, lists that are joined, a
network that is called, names of scripts. `by_monai` runs a bundle by MONAI's own parser, transforms and inferers.
"""

import json
from pathlib import Path

import numpy as np
import torch

DEVICE = "$torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')"
IMAGE = "@image_key"


def step(name: str, **arguments) -> dict:
    return {"_target_": name, "keys": IMAGE, **arguments}


RANGES = {"b_min": 0.0, "b_max": 1.0, "clip": True}
READ = [step("LoadImaged"), step("EnsureChannelFirstd")]
RAS = step("Orientationd", axcodes="RAS")
TYPED = step("EnsureTyped")


def config_of(network: dict | str, steps: list, inferer: dict, **changes) -> dict:
    """Entries that all of them have."""
    return {
        "imports": ["$import glob", "$import numpy", "$import os"],
        "bundle_root": ".",
        "image_key": "image",
        "output_dir": "$@bundle_root + '/eval'",
        "output_dtype": "$numpy.float32",
        "load_pretrain": True,
        "dataset_dir": "/workspace/data",
        "datalist": "$list(sorted(glob.glob(@dataset_dir + '/imagesTs/*.nii.gz')))",
        "device": DEVICE,
        "network_def": network,
        "network": "$@network_def.to(@device)",
        "preprocessing": {"_target_": "Compose", "transforms": steps},
        "dataset": {"_target_": "Dataset", "data": "$[{'image': i} for i in @datalist]", "transform": "@preprocessing"},
        "inferer": inferer,
        "postprocessing": {
            "_target_": "Compose",
            "transforms": [
                {"_target_": "Activationsd", "keys": "pred", "softmax": True},
                {"_target_": "Invertd", "keys": "pred", "transform": "@preprocessing", "orig_keys": IMAGE,
                 "nearest_interp": False, "to_tensor": True},
                {"_target_": "AsDiscreted", "keys": "pred", "argmax": True},
                {"_target_": "SaveImaged", "keys": "pred", "output_dir": "@output_dir"},
            ],
        },
        "handlers": [{"_target_": "StatsHandler", "iteration_log": False}],
        "evaluator": {"_target_": "SupervisedEvaluator", "network": "@network", "inferer": "@inferer", "amp": True},
        "checkpointloader": {
            "_target_": "CheckpointLoader", "load_path": "$@bundle_root + '/models/model.pt'",
            "load_dict": {"model": "@network"},
        },
        "initialize": ["$monai.utils.set_determinism(seed=123)", "$@checkpointloader(@evaluator) if @load_pretrain"],
        "run": ["$@evaluator.run()"],
        **changes,
    }  # fmt: skip


def windows(*roi: int, **arguments) -> dict:
    return {"_target_": "SlidingWindowInferer", "roi_size": list(roi), "sw_batch_size": 4, "overlap": 0.5, **arguments}


def spleen_ct() -> tuple[dict, dict]:
    network = {
        "_target_": "UNet", "spatial_dims": 3, "in_channels": 1, "out_channels": 2, "channels": [4, 8, 8, 16, 16],
        "strides": [2, 2, 2, 2], "num_res_units": 2, "norm": "batch",
    }  # fmt: skip
    steps = [*READ, RAS, step("Spacingd", pixdim=[3.0, 3.0, 4.0], mode="bilinear"),
             step("ScaleIntensityRanged", a_min=-57, a_max=164, **RANGES), TYPED]  # fmt: skip
    return config_of(network, steps, windows(32, 32, 16)), {"channel_def": {"0": "background", "1": "spleen"}}


def prostate_mri() -> tuple[dict, dict]:
    """Its postprocessing has no activation, only the largest channel; its voxels are cubes."""
    config, _ = spleen_ct()
    config["network_def"] |= {
        "out_channels": 3, "channels": [4, 8, 8, 16, 16, 16], "strides": [2] * 5, "num_res_units": 4, "act": "prelu",
        "dropout": 0.15,
    }  # fmt: skip
    config["inferer"] = windows(32, 32, 32)
    config["preprocessing"]["transforms"] = [
        *READ, RAS, step("Spacingd", pixdim=[3.5] * 3, mode="bilinear"), step("ScaleIntensityd", minv=0, maxv=1),
        step("NormalizeIntensityd"), TYPED,
    ]  # fmt: skip
    config["postprocessing"]["transforms"] = [
        {"_target_": "AsDiscreted", "keys": "pred", "argmax": True},
        {"_target_": "KeepLargestConnectedComponentd", "keys": "pred", "applied_labels": [1, 2]},
        *config["postprocessing"]["transforms"][1:2],
    ]
    return config, {"channel_def": {"0": "background", "1": "central gland", "2": "peripheral zone"}}


def swin_unetr_btcv() -> tuple[dict, dict]:
    network = {
        "_target_": "SwinUNETR", "spatial_dims": 3, "img_size": 96, "in_channels": 1, "out_channels": 3,
        "feature_size": 12, "use_checkpoint": False,
    }  # fmt: skip
    config, about = config_of(network, [], windows(32, 32, 64)), {"0": "background", "1": "spleen", "2": "Liver"}
    config["preprocessing"]["transforms"] = [
        step("LoadImaged", reader="ITKReader"), step("EnsureChannelFirstd"), RAS,
        step("Spacingd", pixdim=[4.0, 4.0, 4.0], mode="bilinear"),
        step("ScaleIntensityRanged", a_min=-175, a_max=250, **RANGES), TYPED,
    ]  # fmt: skip
    return config, {"channel_def": about}


def whole_body_ct() -> tuple[dict, dict]:
    """Settings that a user may turn are a group of entries; which weights are loaded hangs on one of them."""
    network = {
        "_target_": "SegResNet", "spatial_dims": 3, "in_channels": 1, "out_channels": 4, "init_filters": 8,
        "blocks_down": [1, 2, 2, 4], "blocks_up": [1, 1, 1], "dropout_prob": 0.2,
    }  # fmt: skip
    steps = [
        step("LoadImaged"), TYPED, step("EnsureChannelFirstd"), RAS,
        step("Spacingd", pixdim="@pixdim", mode="bilinear"), step("NormalizeIntensityd", nonzero=True),
        step("ScaleIntensityd", minv=-1.0, maxv=1.0),
    ]  # fmt: skip
    inferer = windows(
        32, 32, 32, overlap="@displayable_configs#sw_overlap", sw_batch_size="@displayable_configs#sw_batch_size",
        padding_mode="replicate", mode="gaussian", device=DEVICE,
    )  # fmt: skip
    config = config_of(
        network, steps, inferer,
        displayable_configs={"highres": False, "sw_overlap": 0.25, "sw_batch_size": 1},
        pixdim="$[1.5, 1.5, 1.5] if @displayable_configs#highres else [3.0, 3.0, 3.0]",
        modelname="$'model.pt' if @displayable_configs#highres else 'model_lowres.pt'",
    )  # fmt: skip
    config["checkpointloader"]["load_path"] = "$@bundle_root + '/models/' + @modelname"
    names = ["background", "spleen", "kidney_right", "kidney_left"]
    return config, {"channel_def": {str(i): name for i, name in enumerate(names)}, "weights": "model_lowres.pt"}


def _dynunet(inputs: str | int, outputs: str | int) -> dict:
    return {
        "_target_": "DynUNet", "spatial_dims": 3, "in_channels": inputs, "out_channels": outputs,
        "kernel_size": [3] * 6, "strides": [1, 2, 2, 2, 2, [2, 2, 1]], "upsample_kernel_size": [2, 2, 2, 2, [2, 2, 1]],
        "filters": [4, 4, 8, 8, 8, 8], "norm_name": "instance", "deep_supervision": False, "res_block": True,
    }  # fmt: skip


def pediatric_abdominal_ct() -> tuple[dict, dict]:
    """YAML; weights by another name, said by a handler; a crop to what is there; labels in the place of channels."""
    network = _dynunet("@input_channels", "@output_channels") | {
        "_target_": "monai.networks.nets.DynUNet", "spatial_dims": "@spatial_dims",
    }  # fmt: skip
    steps = [
        step("LoadImaged", reader="ITKReader"), step("EnsureChannelFirstd"),
        {"_target_": "Orientationd", "keys": "image", "axcodes": "RAS"},
        {"_target_": "Spacingd", "keys": [IMAGE], "pixdim": [3.0, 3.0, 4.0], "mode": ["bilinear"]},
        step("ScaleIntensityRanged", a_min=-250, a_max=400, b_min=0, b_max=1, clip=True),
        {"_target_": "CropForegroundd", "keys": [IMAGE], "source_key": IMAGE, "mode": ["minimum"]},
        TYPED, step("CastToTyped", dtype="$torch.float32"),
    ]  # fmt: skip
    config = config_of(
        network, steps, windows(32, 32, 32, overlap=0.75), imports=["$import scripts.monai_utils"], input_channels=1,
        output_channels=4, spatial_size=[96, 96, 96], spatial_dims="$len(@spatial_size)",
    )  # fmt: skip
    config["handlers"].insert(0, config.pop("checkpointloader"))
    config["handlers"][0]["load_path"] = "$@bundle_root + '/models/dynunet_FT.pt'"
    names = {"0": "background", "1": "liver", "2": "spleen", "3": "pancreas"}
    return config, {"label_def": names, "weights": "dynunet_FT.pt", "yaml": True}


def dints(names: dict, low: float, high: float) -> tuple[dict, dict]:
    """A network whose architecture lies in a file beside its weights."""
    network = {
        "_target_": "monai.networks.nets.DiNTS", "dints_space": "@dints_space", "in_channels": "@input_channels",
        "num_classes": "@output_classes", "use_downsample": True, "node_a": "$torch.from_numpy(@arch_ckpt['node_a'])",
    }  # fmt: skip
    steps = [*READ, RAS, step("Spacingd", pixdim=[4, 4, 4], mode="bilinear"),
             step("ScaleIntensityRanged", a_min=low, a_max=high, b_min=0, b_max=1, clip=True), TYPED]  # fmt: skip
    config = config_of(
        network, steps, windows(32, 32, 32, overlap=0.625), input_channels=1, output_classes=len(names),
        arch_ckpt_path="$@bundle_root + '/models/search_code_18590.pt'",
        arch_ckpt="$torch.load(@arch_ckpt_path, map_location=torch.device('cuda'))",
        dints_space={
            "_target_": "monai.networks.nets.TopologyInstance", "channel_mul": 0.125, "num_blocks": 4, "num_depths": 4,
            "use_downsample": True, "arch_code": ["$@arch_ckpt['arch_code_a']", "$@arch_ckpt['arch_code_c']"],
            "device": "$torch.device('cuda')",
        },
    )  # fmt: skip
    return config, {"channel_def": names, "search": True, "yaml": True}


def search_code() -> dict:
    """What a search of an architecture leaves: which cells there are, which operation each has, and its nodes."""
    generator = np.random.default_rng(0)
    cells = np.zeros((4, 10), np.int64)
    cells[:, [0, 3, 6, 9]] = 1  # each depth to itself
    cells[1, 2] = cells[2, 7] = cells[3, 4] = 1
    return {"arch_code_a": cells, "arch_code_c": generator.integers(0, 5, (4, 10)), "node_a": np.ones((5, 4))}


def multi_organ() -> tuple[dict, dict]:
    return dints({"0": "background", "1": "artery", "2": "portal vein", "3": "liver"}, -500, 500)


def pancreas_ct_dints() -> tuple[dict, dict]:
    return dints({"0": "background", "1": "pancreas", "2": "pancreatic tumor"}, -87, 199)


def spleen_deepedit() -> tuple[dict, dict]:
    """Further channels are maps of clicks; one of the steps is a script's; the steps are lists that are joined."""
    config = config_of(
        _dynunet("$len(@label_names) + @number_intensity_ch", "$len(@label_names)"), [],
        {"_target_": "SimpleInferer"}, label_names={"spleen": 1, "background": 0}, spatial_size=[32, 32, 32],
        number_intensity_ch=1,
        preprocessing_transforms=[
            step("LoadImaged", reader="ITKReader"), step("EnsureChannelFirstd"), RAS,
            step("ScaleIntensityRanged", a_min=-175, a_max=250, **RANGES),
        ],
        deepedit_transforms=[
            {"_target_": "scripts.transforms.OrientationGuidanceMultipleLabelDeepEditd", "ref_image": IMAGE,
             "label_names": "@label_names"},
            {"_target_": "AddGuidanceFromPointsDeepEditd", "ref_image": IMAGE, "guidance": "guidance",
             "label_names": "@label_names"},
            step("Resized", spatial_size="@spatial_size", mode="area"),
            {"_target_": "ResizeGuidanceMultipleLabelDeepEditd", "guidance": "guidance", "ref_image": IMAGE},
            step("AddGuidanceSignalDeepEditd", guidance="guidance", number_intensity_ch="@number_intensity_ch"),
        ],
        extra_transforms=[TYPED],
    )  # fmt: skip
    config["preprocessing"]["transforms"] = "$@preprocessing_transforms + @deepedit_transforms + @extra_transforms"
    return config, {"channel_def": {"0": "background", "1": "spleen"}, "channels": 3}


def ventricular_short_axis() -> tuple[dict, dict]:
    """A network of slices, run through a scan whose intensities are scaled as a whole."""
    network = {
        "_target_": "UNet", "spatial_dims": 2, "in_channels": 1, "out_channels": 4, "channels": [4, 8, 8, 16, 16],
        "strides": [2, 2, 2, 2], "num_res_units": 2,
    }  # fmt: skip
    inferer = {"_target_": "SliceInferer", "roi_size": [64, 64], "spatial_dim": 2}
    config = config_of(network, [*READ, step("ScaleIntensityd"), step("EnsureTyped", device="@device")], inferer)
    names = ["background", "lv_pool", "myocardium", "rv_pool"]
    return config, {"channel_def": {str(i): name for i, name in enumerate(names)}, "shape": [256, 256]}


def brats_mri() -> tuple[dict, dict]:
    """Four images, read from a list of files; regions that lie in each other."""
    network = {
        "_target_": "SegResNet", "blocks_down": [1, 2, 2, 4], "blocks_up": [1, 1, 1], "init_filters": 8,
        "in_channels": 4, "out_channels": 3, "dropout_prob": 0.2,
    }  # fmt: skip
    steps = [step("LoadImaged", image_only=False), step("NormalizeIntensityd", nonzero=True, channel_wise=True)]
    config = config_of(network, steps, windows(32, 32, 16))
    config["postprocessing"]["transforms"][0] = {"_target_": "Activationsd", "keys": "pred", "sigmoid": True}
    config["postprocessing"]["transforms"][2:3] = [
        {"_target_": "AsDiscreted", "keys": "pred", "threshold": 0.5},
        {"_target_": "Lambdad", "keys": "pred", "func": "$lambda x: torch.where(x[[2]] > 0, 4, 0)"},
    ]
    names = {"0": "Tumor core", "1": "Whole tumor", "2": "Enhancing tumor"}
    return config, {"channel_def": names, "channels": 4, "images": {"0": "T1c", "1": "T1", "2": "T2", "3": "FLAIR"}}


PHASES = ("artery", "vein", "excret")


def renal_cect() -> tuple[dict, dict]:
    """Three phases that a script makes the channels of one image; a sigmoid although one channel is the background."""
    network = {
        "_target_": "SegResNet", "in_channels": 3, "out_channels": 6, "init_filters": 8, "upsample_mode": "deconv",
        "dropout_prob": 0.2, "norm_name": "group", "blocks_down": [1, 2, 2, 4], "blocks_up": [1, 1, 1],
    }  # fmt: skip
    phases = list(PHASES)
    steps = [
        {"_target_": "LoadImaged", "keys": phases}, {"_target_": "EnsureChannelFirstd", "keys": phases},
        {"_target_": "Orientationd", "keys": phases, "axcodes": "LPS"},
        {"_target_": "Spacingd", "keys": phases, "pixdim": [3.0, 3.0, 4.0], "mode": "bilinear"},
        {"_target_": "scripts.my_transforms.ConcatImages", "keys_merge": phases, "keys_out": "image"},
        {"_target_": "ScaleIntensityRanged", "keys": "image", "a_min": -1000, "a_max": 1000, **RANGES},
        {"_target_": "EnsureTyped", "keys": "image"},
    ]  # fmt: skip
    config = config_of(network, steps, windows(32, 32, 16, overlap=0.25))
    config["postprocessing"]["transforms"] = [
        {"_target_": "Invertd", "transform": "$@preprocessing", "keys": "pred", "orig_keys": "artery"},
        {"_target_": "Activationsd", "keys": "pred", "softmax": False, "sigmoid": True},
        {"_target_": "AsDiscreted", "keys": "pred", "argmax": False, "threshold": 0.5},
    ]
    names = ["background", "artery", "vein", "ureter", "neoplasm", "parenchyma"]
    return config, {"channel_def": {str(i): name for i, name in enumerate(names)}, "channels": 3}


VISTA_CLASSES = {"0": "background", "1": "liver", "2": "kidney", "3": "spleen", "4": "pancreas", "5": "right kidney",
                 "14": "left kidney"}  # fmt: skip


def vista3d() -> tuple[dict, dict]:
    """A network that is called in an expression, asked for classes by number; inferer and evaluator are scripts."""
    steps = [
        *READ, step("EnsureTyped", device="@device", track_meta=True),
        step("Spacingd", pixdim="@resample_spacing", mode="bilinear"),
        step("CropForegroundd", allow_smaller=True, margin=10, source_key=IMAGE),
        step("monai.apps.vista3d.transforms.VistaPreTransformd", subclass="@subclass", labels_dict="@labels_dict"),
        step("ScaleIntensityRanged", a_min=-963.8247715525971, a_max=1053.678477684517, **RANGES), RAS,
        step("CastToTyped", dtype="$torch.float32"),
    ]  # fmt: skip
    config = config_of(
        "$monai.networks.nets.vista3d132(in_channels=@input_channels, encoder_embed_dim=8)", [],
        {"_target_": "scripts.inferer.Vista3dInferer", "roi_size": "@patch_size", "overlap": 0.3,
         "sw_batch_size": "@sw_batch_size", "use_point_window": "@use_point_window"},
        input_channels=1, sw_batch_size=1, patch_size=[32, 32, 32], use_point_window=True,
        resample_spacing=[4.0, 4.0, 4.0], metadata_path="$@bundle_root + '/configs/metadata.json'",
        metadata="$json.loads(pathlib.Path(@metadata_path).read_text())",
        labels_dict="$@metadata['network_data_format']['outputs']['pred']['channel_def']",
        everything_labels="$list(set([i+1 for i in range(132)]) - set([2,16,18]))",
        subclass={"2": [14, 5], "20": [28, 29], "21": "$list(range(33, 57)) + list(range(63, 98)) + [114, 120, 122]"},
        preprocessing_transforms=steps,
    )  # fmt: skip
    config["preprocessing"]["transforms"] = "$@preprocessing_transforms "
    config["postprocessing"]["transforms"] = [
        {"_target_": "ToDeviced", "keys": "pred", "device": "cpu", "_disabled_": True},
        {"_target_": "monai.apps.vista3d.transforms.VistaPostTransformd", "keys": "pred"},
        {"_target_": "Invertd", "keys": "pred", "transform": "$copy.deepcopy(@preprocessing)", "orig_keys": IMAGE},
        {"_target_": "Lambdad", "func": "$lambda x: torch.nan_to_num(x, nan=255)", "keys": "pred"},
    ]
    names = {str(i): VISTA_CLASSES.get(str(i), f"class {i}") for i in range(133)}
    return config, {"channel_def": names}


ZOO = {
    "spleen_ct_segmentation": spleen_ct, "prostate_mri_anatomy": prostate_mri,
    "swin_unetr_btcv_segmentation": swin_unetr_btcv, "wholeBody_ct_segmentation": whole_body_ct,
    "pediatric_abdominal_ct_segmentation": pediatric_abdominal_ct, "multi_organ_segmentation": multi_organ,
    "pancreas_ct_dints_segmentation": pancreas_ct_dints, "spleen_deepedit_annotation": spleen_deepedit,
    "ventricular_short_axis_3label": ventricular_short_axis, "vista3d": vista3d,
}  # fmt: skip


def metadata_of(about: dict) -> dict:
    outputs = {key: about[key] for key in ("channel_def", "label_def") if key in about}
    image = {"type": "image", "num_channels": about.get("channels", 1), "spatial_shape": about.get("shape", [32] * 3),
             "channel_def": about.get("images", {"0": "image"})}  # fmt: skip
    return {"version": "0.5.0", "network_data_format": {"inputs": {"image": image}, "outputs": {"pred": outputs}}}


def parser_of(folder: Path):
    """MONAI's own parser of a bundle, told where it lies and that there is no CUDA and no ITK here."""
    from monai.bundle import ConfigParser

    parser = ConfigParser()
    parser.read_config(str(next((folder / "configs").glob("inference.*"))))
    config = parser.get()
    config["bundle_root"] = str(folder)
    if "arch_ckpt" in config:
        config["arch_ckpt"] = "$torch.load(@arch_ckpt_path, weights_only=False)"
        config["dints_space"]["device"] = "cpu"
    if isinstance(config["network_def"], dict):
        config["network_def"].pop("img_size", None)  # which MONAI has no longer
    for steps in (config["preprocessing"]["transforms"], config.get("preprocessing_transforms", [])):
        for one in steps if isinstance(steps, list) else []:
            one.pop("reader", None)
    return ConfigParser(config)


def write_zoo(place: Path, name: str) -> Path:
    """The folder of a bundle, with weights that say something of the image."""
    config, about = ZOO[name]()
    folder = place / name
    for part in ("configs", "models"):
        (folder / part).mkdir(parents=True)
    (folder / "configs" / "metadata.json").write_text(json.dumps(metadata_of(about), indent=4))
    if about.get("yaml"):
        import yaml

        (folder / "configs" / "inference.yaml").write_text(yaml.safe_dump(config))
    else:
        (folder / "configs" / "inference.json").write_text(json.dumps(config, indent=4))
    if about.get("search"):
        torch.save(search_code(), folder / "models" / "search_code_18590.pt")
    torch.manual_seed(0)
    network = parser_of(folder).get_parsed_content("network")
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(1.6)
    torch.save(network.state_dict(), folder / "models" / about.get("weights", "model.pt"))
    return folder


def by_monai(folder: Path, file: Path | list[Path], classes: tuple[int, ...] = ()) -> torch.Tensor:
    """A bundle's probabilities (K, …) on the file's own grid."""
    from monai.data import decollate_batch, list_data_collate
    from monai.transforms import Compose, Invertd

    parser = parser_of(folder)
    network = parser.get_parsed_content("network").eval()
    weights = next(path for path in (folder / "models").iterdir() if "search" not in path.name)
    network.load_state_dict(torch.load(weights, weights_only=True))
    data = {"image": [str(f) for f in file] if isinstance(file, list) else str(file)}
    if "deepedit_transforms" in parser.get():  # of a script, about clicks
        parser["deepedit_transforms"] = parser["deepedit_transforms"][1:]
        data |= {"spleen": [], "background": []}
    if classes:
        parser["preprocessing_transforms"] = [
            one for one in parser["preprocessing_transforms"] if not one["_target_"].endswith("VistaPreTransformd")
        ]
    steps = parser.get_parsed_content("preprocessing")
    data = list_data_collate([steps(data)])
    with torch.no_grad():
        if classes:
            from monai.inferers import SlidingWindowInfererAdapt

            inferer = SlidingWindowInfererAdapt(roi_size=[32, 32, 32], sw_batch_size=1, with_coord=True)
            asked = torch.tensor(classes)[:, None]
            found = inferer(data["image"], network, transpose=True, class_vector=asked, prompt_class=asked).sigmoid()
        else:
            found = parser.get_parsed_content("inferer")(data["image"], network)
            found = found.sigmoid() if isinstance(file, list) else found.softmax(1)
    data = {"image": data["image"], "pred": found}
    back = Invertd(keys="pred", orig_keys="image", transform=Compose(steps.transforms), nearest_interp=False)
    (one,) = [back(sample)["pred"] for sample in decollate_batch(data)]
    return one.as_tensor()
