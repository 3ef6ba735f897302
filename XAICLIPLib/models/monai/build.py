"""From the components that a MONAI bundle names to MONAI's own objects: known classes only, by a list."""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor, nn

from XAICLIPLib.errors import ModelError
from XAICLIPLib.models.monai.config import INSTEAD, UNREAD, BundleConfig, Component

NETWORKS = (
    "AHNet", "AttentionUnet", "BasicUNet", "BasicUNetPlusPlus", "BasicUnet", "DiNTS", "DynUNet", "DynUnet",
    "FlexibleUNet", "HighResNet", "MedNeXt", "SegResNet", "SegResNetDS", "SegResNetVAE", "SwinUNETR",
    "TopologyInstance", "UNETR", "UNet", "Unet", "VNet",
)  # fmt: skip
INFERERS = ("SimpleInferer", "SlidingWindowInferer", "SlidingWindowInfererAdapt", "SliceInferer")
# of a file, its channels and its type; the scan has been read, has one channel, and is float32
ABOUT_FILES = (
    "AddChanneld", "CastToTyped", "DeleteItemsd", "EnsureChannelFirstd", "EnsureTyped", "Identityd", "LoadImaged",
    "SelectItemsd", "SqueezeDimd", "ToDeviced", "ToTensord",
)  # fmt: skip
SPATIAL = (
    "BorderPadd", "CenterSpatialCropd", "DivisiblePadd", "Flipd", "Orientationd", "ResizeWithPadOrCropd", "Resized",
    "Rotate90d", "Spacingd", "SpatialPadd",
)  # fmt: skip
# more than any network has, and few enough to be built
MOST_FEATURES, MOST_LAYERS = 16384, 256
_REPEATED = re.compile(r"units|layers|depth|blocks|stages|repeat|arch_code|heads")
SMOOTHING = ("GaussianSmoothd", "MedianSmoothd")
INTENSITY = (
    "AdjustContrastd", "ClipIntensityPercentilesd", "NormalizeIntensityd", "ScaleIntensityRanged",
    "ScaleIntensityRangePercentilesd", "ScaleIntensityd", "ThresholdIntensityd", *SMOOTHING,
)  # fmt: skip


def _name(component: Component, package: str) -> str:
    """The class's own name; a full path must lead into MONAI's package of that kind."""
    path, _, name = component.target.rpartition(".")
    return name if not path or f"{path}.".startswith(f"{package}.") else component.target


def _transform(component: Component) -> str:
    """The name of a transform; those of dictionaries have three, such as Resized, ResizeD and ResizeDict."""
    return re.sub(r"(?<=[a-z])(?:D|Dict)$", "d", _name(component, "monai.transforms"))


def _refused(config: BundleConfig, component: Component, kind: str, known: tuple[str, ...]) -> ModelError:
    return ModelError(
        f"{config.name}: {component.where} wants {component.target!r}, which is none of the {kind} that XAICLIP "
        f"takes from a bundle ({', '.join(known)}); {INSTEAD}"
    )


def _made(config: BundleConfig, component: Component, kind: type, arguments: dict[str, Any]) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # what MONAI will change is nothing to its user here
            return kind(**arguments)
    except Exception as error:  # whatever a class says of arguments that do not fit it
        raise ModelError(
            f"{config.name}: {component.where} ({component.target}) can't be made with its arguments: "
            f"{' '.join(str(error).split()) or type(error).__name__}"
        ) from error


def build_network(config: BundleConfig, component: Component) -> nn.Module:
    """MONAI's network of that name, without weights.

    Parameters
    ----------
    config : BundleConfig
        The config that names it, for messages.
    component : Component
        Its class and arguments; a component among these is built as a network too.

    Returns
    -------
    torch.nn.Module
        On the CPU, with the weights that its class starts from; none are fetched.

    Raises
    ------
    ModelError
        If it is none of `NETWORKS`, or its arguments do not fit it.
    """
    from monai.networks import nets

    name = _name(component, "monai.networks.nets")
    if name not in NETWORKS or not hasattr(nets, name):
        raise _refused(config, component, "networks", NETWORKS)
    arguments = {k: _plain_or_network(config, v) for k, v in component.arguments.items()}
    # weights come from the bundle; a network would fetch others from the internet
    arguments = {k: False if k.startswith("pretrained") else v for k, v in arguments.items()}
    _check_numbers(config, component, arguments)
    kind = getattr(nets, name)
    known = inspect.signature(kind).parameters
    if "img_size" in arguments and "img_size" not in known:
        del arguments["img_size"]  # SwinUNETR's, until MONAI 1.5; it never changed the network
    return _made(config, component, kind, arguments)


def _check_numbers(config: BundleConfig, component: Component, arguments: Any, path: tuple[str, ...] = ()) -> None:
    """Refuse numbers with which a network takes for ever to be built."""
    if isinstance(arguments, (Mapping, list, tuple)):
        if len(arguments) > MOST_LAYERS:
            raise ModelError(f"{config.name}: {component.where}#{'#'.join(path)} has {len(arguments)} entries")
        pairs = arguments.items() if isinstance(arguments, Mapping) else enumerate(arguments)
        for key, value in pairs:
            _check_numbers(config, component, value, (*path, str(key)))
    elif isinstance(arguments, (int, float)) and not isinstance(arguments, bool):
        most = MOST_LAYERS if any(_REPEATED.search(part) for part in path) else MOST_FEATURES
        if not abs(arguments) <= most:
            raise ModelError(
                f"{config.name}: {component.where}#{'#'.join(path)} is {arguments:.6g}, and no network has more "
                f"than {most}; get the bundle again"
            )


def _plain_or_network(config: BundleConfig, value: Any) -> Any:
    return build_network(config, value) if isinstance(value, Component) else value


def dimensions(config: BundleConfig, component: Component | None) -> int:
    """2 or 3, by what the network is told, else by what it takes by default, else by the metadata.

    Parameters
    ----------
    config : BundleConfig
    component : Component or None
        The network's; None where the config shows none, and only the metadata can say.

    Returns
    -------
    int
        2 or 3.

    Raises
    ------
    ModelError
        If none of them says.
    """
    found = None
    if component is not None:
        from monai.networks import nets

        kind = getattr(nets, _name(component, "monai.networks.nets"), None)
        default = inspect.signature(kind).parameters.get("spatial_dims") if kind else None
        found = component.arguments.get("spatial_dims", default.default if default else None)
    if found not in (2, 3):
        try:
            found = len(next(iter(config.metadata["network_data_format"]["inputs"].values()))["spatial_shape"])
        except (KeyError, StopIteration, TypeError, AttributeError):
            found = None
    if found not in (2, 3):
        raise ModelError(
            "the bundle does not say whether its network is 2D or 3D; add spatial_shape to the inputs in metadata.json"
        )
    return found


def build_inferer(
    config: BundleConfig, component: Component | None, dims: int
) -> Callable[[Tensor, nn.Module], Tensor]:
    """How the network is run over an image: in windows, or at once.

    A network of slices that is run through a volume slice by slice gets slices anyway, in the same windows.

    Parameters
    ----------
    config : BundleConfig
    component : Component or None
        The config's inferer; None runs the network on the whole image at once.
    dims : int
        Of the network: 2 or 3.

    Returns
    -------
    callable
        (images (B, C, *S), network) -> what the network gives for all of S, on MONAI's axes.

    Raises
    ------
    ModelError
        If it is none of `INFERERS`, or its arguments do not fit it.
    """
    from monai import inferers

    if component is None:
        return inferers.SimpleInferer()
    name = _name(component, "monai.inferers")
    if name not in INFERERS:
        raise _refused(config, component, "inferers", INFERERS)
    arguments = dict(component.arguments)
    for about_place in ("sw_device", "progress"):
        arguments.pop(about_place, None)
    if name == "SliceInferer":
        along = arguments.pop("spatial_dim", 0)
        if dims != 2 or along != 2:
            raise ModelError(
                f"{config.name}: {component.where} runs through slices along axis {along}; XAICLIP explains 2D "
                "networks on axial slices, which is axis 2"
            )
        name = "SlidingWindowInferer"
    return _made(config, component, getattr(inferers, name), arguments)


def build_transforms(config: BundleConfig, component: Component | None, key: str) -> list[tuple[str, Any]]:
    """The steps of a preprocessing that change the image: ("spatial", "intensity" or "smoothing", MONAI's
    transform).

    Parameters
    ----------
    config : BundleConfig
    component : Component or None
        A `Compose`, or a single transform.
    key : str
        What the image is called in it.

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
        steps = [step for step in component.arguments.get("transforms", []) if step is not None]
        return [made for step in steps for made in build_transforms(config, step, key)]
    name = _transform(component)
    keys = component.arguments.get("keys")
    keys = [keys] if isinstance(keys, str) else keys
    if name not in (*ABOUT_FILES, *SPATIAL, *INTENSITY) or not isinstance(keys, list):
        raise _refused(config, component, "transforms", (*SPATIAL, *INTENSITY))
    if name in ABOUT_FILES or key not in keys:
        return []
    place = keys.index(key)
    arguments = {
        # one value for each of several keys, of which one is left
        k: v[place] if len(keys) > 1 and k in ("mode", "padding_mode") and isinstance(v, list) else v
        for k, v in component.arguments.items()
    }
    arguments["keys"] = [key]
    made = _made(config, component, getattr(transforms, name), arguments)
    kind = "spatial" if name in SPATIAL else "smoothing" if name in SMOOTHING else "intensity"
    return [(kind, made)]


def activation(config: BundleConfig, component: Component | None, background: bool) -> tuple[str, str]:
    """Softmax or sigmoid, and how it is known: by the postprocessing, else by the channels.

    Parameters
    ----------
    config : BundleConfig
    component : Component or None
        The postprocessing, see `BundleConfig.read_around`.
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


def code_before_activation(config: BundleConfig, component: Component | None, chosen: str) -> tuple[str, ...]:
    """What to say where code comes before the activation, or the activation hangs on it: it is not run.

    Parameters
    ----------
    config : BundleConfig
    component : Component or None
        The postprocessing, see `BundleConfig.read_around`.
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
        In the order of the numbers in `channel_def`, background included.
    """
    try:
        outputs = metadata["network_data_format"]["outputs"]
        found = outputs.get("pred", next(iter(outputs.values())))["channel_def"]
        return [str(found[key]) for key in sorted(found, key=int)]
    except (KeyError, StopIteration, TypeError, ValueError, AttributeError):
        return []
