"""The segmenters of MONAI Label's radiology app, in the words of a bundle's config, and why the others are refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from XAICLIPLib.errors import ModelError
from XAICLIPLib.models.monailabel.names import why_not

BODY = (
    "spleen", "kidney_right", "kidney_left", "gallbladder", "liver", "stomach", "aorta", "inferior_vena_cava",
    "portal_vein_and_splenic_vein", "pancreas", "adrenal_gland_right", "adrenal_gland_left", "lung_upper_lobe_left",
    "lung_lower_lobe_left", "lung_upper_lobe_right", "lung_middle_lobe_right", "lung_lower_lobe_right", "esophagus",
    "trachea", "heart_myocardium", "heart_atrium_left", "heart_ventricle_left", "heart_atrium_right",
    "heart_ventricle_right", "pulmonary_artery",
)  # fmt: skip
DEEPEDIT = ("spleen", "right kidney", "left kidney", "liver", "stomach", "aorta", "inferior vena cava")


@dataclass(frozen=True)
class Configuration:
    """A segmenter of the app.

    Attributes
    ----------
    file : str
        Of its Python in the app's ``lib/configs``.
    labels : tuple of str
        What its channels after the background are, as the app is delivered.
    entries : dict
        `network_def`, `preprocessing` and `inferer` as a bundle's config has them.
    """

    file: str
    labels: tuple[str, ...]
    entries: dict[str, Any]


def configuration_of(name: str, said: Mapping[str, Any], state: Mapping[str, Tensor], weights: str) -> Configuration:
    """The configuration of a model's name, with the sizes that its weights have.

    Parameters
    ----------
    name : str
        "segmentation", "segmentation_spleen", "deepedit_dynunet", "deepedit_unetr".
    said : mapping
        What the app's own Python says, see `app.said_in`.
    state : mapping of str to Tensor
    weights : str
        What to call their file in messages.

    Returns
    -------
    Configuration

    Raises
    ------
    ModelError
        If it is no segmenter that can be run alone, or its weights are of another network.
    """
    if reason := why_not(name):
        raise ModelError(f"{name} of MONAI Label's radiology app can't be explained: {reason}")
    make = _KNOWN[name]
    labels = said.get("labels")
    labels = labels if isinstance(labels, Mapping) and all(isinstance(key, str) for key in labels) else None
    try:
        return make(said, tuple(labels) if labels else (), state)
    except (KeyError, TypeError) as error:  # weights that are not there, or single numbers
        raise ModelError(
            f"{weights} is not of the network that {name} of the radiology app has ({error}); if the app's "
            "Python was changed, export the network as TorchScript and give torchscript:FILE"
        ) from error


def _names(default: tuple[str, ...], said: tuple[str, ...], outputs: int) -> tuple[str, ...]:
    """What the channels after the background are; numbered, where neither the app nor its delivery fits the weights."""
    for names in (said, default):
        named = tuple(name for name in names if name.lower() != "background")
        if len(named) == outputs - 1:
            return named
    return tuple(f"label {i}" for i in range(1, outputs))


def _step(name: str, **arguments: Any) -> dict[str, Any]:
    return {"_target_": name, "keys": "image", **arguments}


def _entries(network: dict, steps: list[dict], inferer: dict) -> dict[str, Any]:
    return {
        "network_def": network, "preprocessing": {"_target_": "Compose", "transforms": steps}, "inferer": inferer,
    }  # fmt: skip


def _segmentation(said: Mapping, labels: tuple[str, ...], state: Mapping[str, Tensor]) -> Configuration:
    outputs = len(state["conv_final.2.conv.weight"])
    network = {
        "_target_": "SegResNet", "spatial_dims": 3, "in_channels": 1, "out_channels": outputs,
        "init_filters": len(state["convInit.conv.weight"]), "blocks_down": [1, 2, 2, 4], "blocks_up": [1, 1, 1],
        "dropout_prob": 0.2,
    }  # fmt: skip
    steps = [
        _step("Orientationd", axcodes="RAS"), _step("Spacingd", pixdim=_edges(said, "target_spacing", (1.5,) * 3)),
        _step("NormalizeIntensityd", nonzero=True), _step("GaussianSmoothd", sigma=0.4),
        _step("ScaleIntensityd", minv=-1.0, maxv=1.0),
    ]  # fmt: skip
    windows = {
        "_target_": "SlidingWindowInferer", "roi_size": _edges(said, "roi_size", (96,) * 3), "sw_batch_size": 2,
        "overlap": 0.4, "padding_mode": "replicate", "mode": "gaussian",
    }  # fmt: skip
    return Configuration("segmentation", _names(BODY, labels, outputs), _entries(network, steps, windows))


def _spleen(said: Mapping, labels: tuple[str, ...], state: Mapping[str, Tensor]) -> Configuration:
    outputs = len(state["model.2.1.conv.unit0.conv.weight"])
    network = {
        "_target_": "UNet", "spatial_dims": 3, "in_channels": 1, "out_channels": outputs,
        "channels": [16, 32, 64, 128, 256], "strides": [2, 2, 2, 2], "num_res_units": 2, "norm": "batch",
    }  # fmt: skip
    steps = [
        _step("Orientationd", axcodes="RAS"), _step("Spacingd", pixdim=_edges(said, "target_spacing", (1.0,) * 3)),
        _step("ScaleIntensityRanged", a_min=-57, a_max=164, b_min=0.0, b_max=1.0, clip=True),
        _step("ScaleIntensityd", minv=-1.0, maxv=1.0),
    ]  # fmt: skip
    windows = {"_target_": "SlidingWindowInferer", "roi_size": [160] * 3, "sw_batch_size": 1, "overlap": 0.25}
    return Configuration("segmentation_spleen", _names(("spleen",), labels, outputs), _entries(network, steps, windows))


def _deepedit(network: dict, said: Mapping, labels: tuple[str, ...], outputs: int) -> Configuration:
    """Without clicks, as the app's deepedit_seg and a first deepedit do it."""
    steps = [
        _step("Orientationd", axcodes="RAS"),
        _step("ScaleIntensityRanged", a_min=-175, a_max=250, b_min=0.0, b_max=1.0, clip=True),
        _step("Resized", spatial_size=_edges(said, "spatial_size", (128,) * 3), mode="area"),
        _step("DiscardAddGuidanced", label_names={str(i): i for i in range(outputs)}),
    ]
    names = _names(DEEPEDIT, labels, outputs)
    return Configuration("deepedit", names, _entries(network, steps, {"_target_": "SimpleInferer"}))


def _dynunet(said: Mapping, labels: tuple[str, ...], state: Mapping[str, Tensor]) -> Configuration:
    outputs = len(state["output_block.conv.conv.weight"])
    downs = sorted({int(m[1]) for key in state if (m := re.match(r"downsamples\.(\d+)\.", key))})
    stages = ["input_block", *(f"downsamples.{i}" for i in downs), "bottleneck"]
    network = {
        "_target_": "DynUNet", "spatial_dims": 3, "in_channels": outputs + 1, "out_channels": outputs,
        "kernel_size": [3] * 6, "strides": [1, 2, 2, 2, 2, [2, 2, 1]], "upsample_kernel_size": [2, 2, 2, 2, [2, 2, 1]],
        "filters": [len(state[f"{stage}.conv1.conv.weight"]) for stage in stages], "norm_name": "instance",
        "deep_supervision": False, "res_block": True,
    }  # fmt: skip
    return _deepedit(network, said, labels, outputs)


def _unetr(said: Mapping, labels: tuple[str, ...], state: Mapping[str, Tensor]) -> Configuration:
    outputs = len(state["out.conv.conv.weight"])
    network = {
        "_target_": "UNETR", "spatial_dims": 3, "in_channels": outputs + 1, "out_channels": outputs,
        "img_size": _edges(said, "spatial_size", (128,) * 3), "feature_size": 64, "hidden_size": 1536, "mlp_dim": 3072,
        "num_heads": 48, "proj_type": "conv", "norm_name": "instance", "res_block": True,
    }  # fmt: skip
    return _deepedit(network, said, labels, outputs)


def _edges(said: Mapping, name: str, default: tuple[float, ...]) -> list[float]:
    """Three numbers that the app's Python says, where it says them."""
    found = said.get(name)
    plain = isinstance(found, (list, tuple)) and len(found) == 3 and all(isinstance(n, (int, float)) for n in found)
    return list(found) if plain and min(found) > 0 else list(default)


_KNOWN = {
    "segmentation": _segmentation, "segmentation_spleen": _spleen, "deepedit_dynunet": _dynunet,
    "deepedit_unetr": _unetr,
}  # fmt: skip
