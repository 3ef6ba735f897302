"""What a config does to an image before its network and to an output after it, as MONAI's transforms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from XAICLIPLib.models.monai.classes import checked, class_name, made, refused
from XAICLIPLib.models.monai.config import UNREAD, Component, Config

# of a file, its channels and its type; the scan has been read, has one channel, and is float32
ABOUT_FILES = (
    "AddChanneld", "CastToTyped", "DeleteItemsd", "EnsureChannelFirstd", "EnsureTyped", "Identityd", "LoadImaged",
    "SelectItemsd", "SqueezeDimd", "ToDeviced", "ToTensord",
)  # fmt: skip
SPATIAL = (
    "BorderPadd", "CenterSpatialCropd", "CropForegroundd", "DivisiblePadd", "Flipd", "Orientationd",
    "ResizeWithPadOrCropd", "Resized", "Rotate90d", "Spacingd", "SpatialPadd",
)  # fmt: skip
SMOOTHING = ("GaussianSmoothd", "MedianSmoothd")
INTENSITY = (
    "AdjustContrastd", "ClipIntensityPercentilesd", "NormalizeIntensityd", "ScaleIntensityRanged",
    "ScaleIntensityRangePercentilesd", "ScaleIntensityd", "ThresholdIntensityd", *SMOOTHING,
)  # fmt: skip
# of clicks, of which there are none: they say where channels of zeros belong, and change nothing of the image
GUIDANCE = (
    "AddGuidanceFromPointsDeepEditd", "AddGuidanceSignalDeepEditd", "DiscardAddGuidanced",
    "OrientationGuidanceMultipleLabelDeepEditd", "ResizeGuidanceMultipleLabelDeepEditd",
)  # fmt: skip
# what makes several images one of as many channels: MONAI's own, and that of the zoo's renalStructures_CECT, a script;
# with the arguments that name the images and what they become
JOINING = {"ConcatItemsd": ("keys", "name"), "ConcatImages": ("keys_merge", "keys_out")}
# what VISTA3D is asked for, not what it is shown
ABOUT_PROMPTS = ("VistaPreTransformd",)


def _transform(component: Component) -> str:
    """The name of a transform; those of dictionaries have three, such as Resized, ResizeD and ResizeDict."""
    return re.sub(r"(?<=[a-z])(?:D|Dict)$", "d", class_name(component, "monai.transforms"))


def joined_images(config: Config, component: Component | None) -> tuple[tuple[str, ...], str]:
    """The images that a preprocessing makes one of.

    Parameters
    ----------
    config : Config
    component : Component or None
        The preprocessing.

    Returns
    -------
    images : tuple of str
        What the steps call them, in the order of the channels; empty where there is one.
    joined : str
        What they are called from then on.

    Raises
    ------
    ModelError
        If Python code says which they are, or they are none that can be told apart.
    """
    if component is None or _transform(component) != "Compose":
        return (), ""
    for step in _steps_of(config, component):
        if (names := JOINING.get(_transform(step).rpartition(".")[2])) is not None:
            images, joined = (checked(config, step).arguments.get(name) for name in names)
            if not isinstance(images, list) or not isinstance(joined, str) or len({*images, joined}) <= len(images):
                raise refused(config, step, "transforms", (*SPATIAL, *INTENSITY))
            return tuple(map(str, images)), joined
    return (), ""


def build_transforms(
    config: Config, component: Component | None, key: str, joined: tuple[str, ...] = ()
) -> list[tuple[str, Any]]:
    """The steps of a preprocessing that change the image: ("spatial", "intensity" or "smoothing", MONAI's
    transform).

    Parameters
    ----------
    config : Config
    component : Component or None
        A `Compose`, or a single transform.
    key : str
        What the image is called in it.
    joined : tuple of str
        What its channels are called before they become it, see `joined_images`; they are changed alike.

    Returns
    -------
    list of (str, callable)
        In their order; MONAI's transforms of dictionaries, each for `key` alone.

    Raises
    ------
    ModelError
        If a step is none of `SPATIAL`, `INTENSITY` and `ABOUT_FILES`, or its arguments do not fit it.
    """
    from monai import transforms

    if component is None:
        return []
    if _transform(component) == "Compose":
        return [one for step in _steps_of(config, component) for one in build_transforms(config, step, key, joined)]
    name = _transform(component)
    if joined and name.rpartition(".")[2] in JOINING:
        return []
    if name.rpartition(".")[2] in GUIDANCE or name.rpartition(".")[2] in ABOUT_PROMPTS:
        return []
    component = checked(config, component)
    keys = component.arguments.get("keys")
    keys = [keys] if isinstance(keys, str) else keys
    if name not in (*ABOUT_FILES, *SPATIAL, *INTENSITY) or not isinstance(keys, list):
        raise refused(config, component, "transforms", (*SPATIAL, *INTENSITY))
    apart = [one for one in joined if one in keys]
    if name in ABOUT_FILES or (key not in keys and not apart):
        return []
    if apart and not _alike(component.arguments, keys, joined):
        raise refused(config, component, "transforms", (*SPATIAL, *INTENSITY))
    place = keys.index(apart[0] if apart else key)
    arguments = {
        # one value for each of several keys, of which one is left
        k: v[place] if len(keys) > 1 and k in ("mode", "padding_mode") and isinstance(v, list) else v
        for k, v in component.arguments.items()
    }
    arguments["keys"] = [key]
    if name == "CropForegroundd" and arguments.get("source_key") != key:
        raise refused(config, component, "transforms", (*SPATIAL, *INTENSITY))
    kind = "spatial" if name in SPATIAL else "smoothing" if name in SMOOTHING else "intensity"
    return [(kind, made(config, component, getattr(transforms, name), arguments))]


def _alike(arguments: Mapping, keys: list, joined: tuple[str, ...]) -> bool:
    """Whether a step does the same to all images that become one."""
    if not set(joined) <= set(keys):
        return False
    places = [keys.index(one) for one in joined]
    several = [v for k, v in arguments.items() if k in ("mode", "padding_mode") and isinstance(v, list)]
    return all(len(v) == len(keys) and len({str(v[place]) for place in places}) == 1 for v in several)


def _steps_of(config: Config, component: Component) -> list[Component]:
    """The steps of a `Compose` that are not switched off."""
    found = component.arguments.get("transforms", [])
    found = found if isinstance(found, list) else [found]
    if any(step is UNREAD for step in found):
        config.get(component.where)  # which tells what can't be read
    return [step for step in found if isinstance(step, Component)]


def clicks(config: Config, component: Component | None) -> int:
    """How many channels of a network are maps of clicks, one for each label of DeepEdit.

    Parameters
    ----------
    config : Config
    component : Component or None
        The preprocessing.

    Returns
    -------
    int
        0 for a network that gets none.

    Raises
    ------
    ModelError
        If Python code says so.
    """
    if component is None or _transform(component) != "Compose":
        return 0
    for step in _steps_of(config, component):
        if step.target.rpartition(".")[2] in GUIDANCE and "label_names" in step.arguments:
            return len(checked(config, step).arguments["label_names"])
    return 0


def activation(config: Config, component: Component | None, background: bool) -> tuple[str, str]:
    """Softmax or sigmoid, and how it is known: by the postprocessing, else by the channels.

    Parameters
    ----------
    config : Config
    component : Component or None
        The postprocessing, see `Config.read_around`.
    background : bool
        Whether one of the output's channels is the background, by the metadata.

    Returns
    -------
    name : str
        "softmax" or "sigmoid".
    reason : str
        For provenance.

    Raises
    ------
    ModelError
        If Python code decides which of the two it is.
    """
    steps = _steps(component)
    for step in steps:
        if isinstance(step, Component) and _transform(step) == "Activationsd":
            for name in ("softmax", "sigmoid"):
                if step.arguments.get(name) is UNREAD:
                    config.get("postprocessing")  # which tells what can't be read
                if _first(step.arguments.get(name)):
                    return name, f"{step.where} says so"
    for step in steps:
        if isinstance(step, Component) and _first(step.arguments.get("argmax")):
            return "softmax", f"{step.where} takes the largest channel"
    if background:
        return "softmax", "one channel is the background"
    return "sigmoid", "no channel is the background"


def code_before_activation(config: Config, component: Component | None, chosen: str) -> tuple[str, ...]:
    """What to say where code comes before the activation, or the activation hangs on it: it is not run.

    Parameters
    ----------
    config : Config
    component : Component or None
        The postprocessing, see `Config.read_around`.
    chosen : str
        "softmax" or "sigmoid", as `activation` has it.

    Returns
    -------
    tuple of str
        One sentence; empty where there is no such code.
    """
    for step in _steps(component):
        if step is UNREAD or (isinstance(step, Component) and UNREAD in step.arguments.values()):
            where = step.where if isinstance(step, Component) else "a step"
            return (
                f"{config.name}: {where} of the postprocessing is Python code and not run; the network's output "
                "is "
                f"taken through a {chosen}",
            )
        if isinstance(step, Component) and (_transform(step) == "Activationsd" or _first(step.arguments.get("argmax"))):
            return ()
    return ()


def _steps(component: Component | None) -> list:
    found = component.arguments.get("transforms", []) if component is not None else []
    return found if isinstance(found, list) else [found]


def _first(value: Any) -> bool:
    if value is UNREAD:
        return False
    return bool(value[0] if isinstance(value, list) and value else value)


def channel_names(metadata: Mapping) -> list[str]:
    """What the output's channels are, in order, by the metadata; empty where it does not say.

    Parameters
    ----------
    metadata : mapping
        The bundle's metadata.json.

    Returns
    -------
    list of str
        In the order of the numbers in `channel_def` (or `label_def`), background included.
    """
    try:
        outputs = metadata["network_data_format"]["outputs"]
        output = outputs.get("pred", next(iter(outputs.values())))
        found = output["channel_def"] if "channel_def" in output else output["label_def"]
        return [str(found[key]) for key in sorted(found, key=int)]
    except (KeyError, StopIteration, TypeError, ValueError, AttributeError):
        return []
