"""``auto3dseg:ID|FOLDER``: models of Slicer's MONAIAuto3DSeg, and segresnets that MONAI's own Auto3DSeg trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch

from XAICLIPLib.errors import MissingPackage, ModelError, WeightsError
from XAICLIPLib.models.auto3dseg.folder import Model, find_model
from XAICLIPLib.models.auto3dseg.labels import read_labels
from XAICLIPLib.models.auto3dseg.steps import KEY, steps_of
from XAICLIPLib.models.device import on_device
from XAICLIPLib.models.memory import check_room
from XAICLIPLib.models.monai.build import build_inferer, build_network
from XAICLIPLib.models.monai.config import Component, Config
from XAICLIPLib.models.monai.segmenter import Recipe, RecipeSegmenter
from XAICLIPLib.weights import sha256
from XAICLIPLib.weights.checkpoint import load_weights, read_checkpoint
from XAICLIPLib.weights.licence import licence_in

# what the module's inputs are called, for models that are told by a word in their path
INPUTS = {"brats": ("T2F", "T1C", "T1N", "T2W"), "prostate": ("T2", "ADC")}
OVERLAP = 0.625  # of windows, both programs'
MODALITIES = {"ct": ("CT", ("ct", "range")), "mr": ("MR", ("mri", "meanstd", "meanstdtanh"))}


def recipe_of(model: Model, device: torch.device) -> Recipe:
    """How a model feeds its network.

    Parameters
    ----------
    model : Model
    device : torch.device

    Returns
    -------
    Recipe

    Raises
    ------
    WeightsError
        If its file is damaged or refused, or its names do not fit its network.
    ModelError
        If it wants several images, or steps of its own.
    ResourceError
        If the weights do not fit in memory.
    """
    check_room(model.weights)
    checkpoint = read_checkpoint(model.weights)
    config = checkpoint.get("config")
    if not isinstance(config, Mapping) or not isinstance(config.get("network"), Mapping):
        raise WeightsError(
            f"{model.weights.name} holds no config with a network, so it is no model of Auto3DSeg; get the model again"
        )
    entries = Config(config, model.weights.name)
    component = _network(entries)
    channels = int(component.arguments.get("in_channels", 1))
    images = _images(config, channels, model)
    _check(config, component, channels, model)
    names, taken = _names(config, component, model)
    network = build_network(entries, component)
    if not isinstance(state := checkpoint.get("state_dict"), Mapping):
        raise WeightsError(f"{model.weights.name} holds no state_dict; get the model again")
    load_weights(network, state, model.weights.name, component.target)
    by_slicer = model.labels is not None
    # the module tells BraTS by its path, and steps in another order then
    brats = by_slicer and "brats" in str(model.weights.resolve())
    normalised_last = not by_slicer or brats
    sigmoid = bool(config.get("sigmoid", False))
    return Recipe(
        model.name,
        on_device(network, device, model.name),
        3,
        _inferer(entries, config),
        steps_of(config, by_slicer, normalised_last),
        KEY,
        names,
        taken,
        "sigmoid" if sigmoid else "softmax",
        images=images,
        combine=brats_labels if brats and sigmoid and len(names) == 3 else None,
        notes=_notes(config, model, normalised_last),
        provenance={
            "family": "auto3dseg",
            "model": model.name,
            "program": "SlicerMONAIAuto3DSeg" if by_slicer else "MONAI Auto3DSeg",
            "file": model.weights.name,
            "sha256": sha256(model.weights),
            "weights": f"{component.target} by the checkpoint's config, weights alone",
            "epoch": _number(checkpoint.get("epoch")),
            "activation": "sigmoid: the config says so" if sigmoid else "softmax: the config says so",
            "licence": licence_in(model.weights.parent, *model.weights.parents[1:3]),
        },
        nearest=by_slicer,
        trained_on=_modality(config),
    )


def _network(entries: Config) -> Component:
    component = entries.get("network")
    if not isinstance(component, Component):
        raise ModelError(f"{entries.name}: its config's network names no class; get the model again")
    norm = component.arguments.get("norm")
    first = norm[0] if isinstance(norm, list) and norm else norm
    if isinstance(first, str) and first.upper() == "INSTANCE_NVFUSER":
        # the same layer by a kernel of apex, with the same weights
        fused = ["INSTANCE", *norm[1:]] if isinstance(norm, list) else "INSTANCE"
        component = replace(component, arguments={**component.arguments, "norm": fused})
    return component


def _check(config: Mapping, component: Component, channels: int, model: Model) -> None:
    """Refuse what can't be run as its own program runs it."""
    if int(component.arguments.get("spatial_dims", 3)) != 3:
        raise ModelError(
            f"{model.name} is a network of slices; XAICLIP opens the segresnet of Auto3DSeg, which sees volumes"
        )
    if config.get("custom_data_transforms"):
        raise ModelError(
            f"{model.name} has transforms of its own (custom_data_transforms), which are Python code and not run; "
            "export the network as TorchScript"
        )
    if channels != 1 and model.labels is None:
        raise ModelError(
            f"{model.name} wants {channels} images (image, {', '.join(map(str, config.get('extra_modalities') or ()))})"
            ", and of those that MONAI's own Auto3DSeg trained XAICLIP runs networks of one; put labels.csv beside its "
            "model.pt and run it as 3D Slicer's module does"
        )


def _images(config: Mapping, channels: int, model: Model) -> tuple[str, ...]:
    """What the network takes of one patient, in the module's order of inputs."""
    known = next((names for word, names in INPUTS.items() if word in str(model.weights.resolve())), ())
    extra = tuple(str(name) for name in config.get("extra_modalities") or ())
    for names in (known, ("image", *extra)):
        if len(names) == channels:
            return names
    return tuple(f"image {i}" for i in range(1, channels + 1))


def brats_labels(probabilities: torch.Tensor) -> torch.Tensor:
    """What the module draws of the regions of a brain tumour, which lie in each other: labels that exclude each other.

    Parameters
    ----------
    probabilities : Tensor, shape (B, 3, *S)
        Of the whole tumour, its core, and what enhances.

    Returns
    -------
    Tensor, shape (B, 3, *S)
        Of the labels 1 (core that does not enhance), 2 (the rest of the tumour) and 3 (what enhances), each above a
        half where the module draws it.
    """
    whole, core, enhancing = probabilities.unbind(1)
    rest = torch.minimum(whole, torch.minimum(1 - core, 1 - enhancing))
    return torch.stack([torch.minimum(core, 1 - enhancing), rest, enhancing], 1)


def _names(config: Mapping, component: Component, model: Model) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The names of the output's channels, and which of them are structures."""
    outputs = int(component.arguments.get("out_channels", 2))
    first = 0 if config.get("sigmoid", False) else 1
    found: dict[int, str] = {}
    if model.labels is not None:
        found = {value - 1 + first: name for value, name in read_labels(model.labels).items()}
        if max(found) >= outputs:
            raise WeightsError(
                f"{model.labels} names label {max(found) + 1 - first}, and the network has {outputs - first}: it "
                "belongs to another model; let 3D Slicer download the model again"
            )
    else:
        names = [str(name) for name in config.get("class_names") or ()]
        if not all(name == f"acc_{i}" for i, name in enumerate(names)):  # what stands there where nobody named them
            found = dict(enumerate(names, first if len(names) == outputs - first else 0))
    all_names = [found.get(i, f"label {i + 1 - first}") for i in range(outputs)]
    if first:
        all_names[0] = "background"
    again = {name for name in all_names if all_names.count(name) > 1}
    all_names = [f"{name} (label {i + 1 - first})" if name in again else name for i, name in enumerate(all_names)]
    return tuple(all_names), tuple(range(first, outputs))


def _inferer(entries: Config, config: Mapping) -> Any:
    if config.get("sliding_inferrer") is not None:
        found = entries.get("sliding_inferrer")
        if isinstance(found, Component):
            return build_inferer(entries, found, 3)
    windows = {
        "roi_size": [int(n) for n in config["roi_size"]], "sw_batch_size": 1, "overlap": OVERLAP, "mode": "gaussian",
        "cache_roi_weight_map": False,
    }  # fmt: skip
    return build_inferer(entries, Component("roi_size", "SlidingWindowInfererAdapt", windows), 3)


def _notes(config: Mapping, model: Model, normalised_last: bool) -> tuple[str, ...]:
    """In what the program's own result may differ, and what of it may surprise."""
    if model.labels is None:
        return ()
    notes = []
    if not normalised_last and config.get("orientation_ras", False) and config.get("crop_foreground", True):
        notes.append(
            "as 3D Slicer's module does it, the body is looked for in the scan as it is stored, and cut out at that "
            "place of the scan turned to RAS: one that lies off the middle may lose a part"
        )
    if "whole-head" in str(model.weights):
        notes.append("3D Slicer's module keeps the two largest parts of what is drawn; here all of it is explained")
    return tuple(notes)


def _modality(config: Mapping) -> str:
    """The modality that it was trained on, where its config says so twice."""
    said, mode = str(config.get("modality", "")).lower(), config.get("normalize_mode")
    name, modes = MODALITIES.get(said[:2], ("", ()))
    return name if mode in modes else ""


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, (int, float)) else None


def open_model(family: str, argument: str, device: torch.device, targets: tuple[str, ...] = ()) -> RecipeSegmenter:
    """A model of Auto3DSeg.

    Parameters
    ----------
    family : str
        "auto3dseg".
    argument : str
        An id of Slicer's module with or without its version, or a path, see `folder.find_model`.
    device : torch.device
    targets : tuple of str
        Not used: the model names its structures.

    Returns
    -------
    RecipeSegmenter

    Raises
    ------
    MissingPackage
        If MONAI is not installed.
    InputError, WeightsError, ModelError, ResourceError
        See `folder.find_model` and `recipe_of`.
    """
    try:
        import monai  # noqa: F401
    except ImportError as error:
        raise MissingPackage("a model of Auto3DSeg", "monai", "monai") from error
    return RecipeSegmenter(recipe_of(find_model(argument), device), device)
