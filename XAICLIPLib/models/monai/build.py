"""From the components that a MONAI bundle names to MONAI's own objects: known classes only, by a list."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor, nn

from XAICLIPLib.errors import ModelError
from XAICLIPLib.models.monai.classes import class_name, made, refused
from XAICLIPLib.models.monai.config import Component, Config

NETWORKS = (
    "AHNet", "AttentionUnet", "BasicUNet", "BasicUNetPlusPlus", "BasicUnet", "DiNTS", "DynUNet", "DynUnet",
    "FlexibleUNet", "HighResNet", "MedNeXt", "SegResNet", "SegResNetDS", "SegResNetVAE", "SwinUNETR",
    "TopologyInstance", "UNETR", "UNet", "Unet", "VNet", "vista3d132",
)  # fmt: skip
INFERERS = ("SimpleInferer", "SlidingWindowInferer", "SlidingWindowInfererAdapt", "SliceInferer")
# more than any network has, and few enough to be built
MOST_FEATURES, MOST_LAYERS = 16384, 256
_REPEATED = re.compile(r"units|layers|depth|blocks|stages|repeat|arch_code|heads")


def build_network(config: Config, component: Component) -> nn.Module:
    """MONAI's network of that name, without weights.

    Parameters
    ----------
    config : Config
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

    name = class_name(component, "monai.networks.nets")
    if name not in NETWORKS or not hasattr(nets, name):
        raise refused(config, component, "networks", NETWORKS)
    arguments = {k: _plain_or_network(config, v) for k, v in component.arguments.items()}
    # weights come from the bundle; a network would fetch others from the internet
    arguments = {k: False if k.startswith("pretrained") else v for k, v in arguments.items()}
    _check_numbers(config, component, arguments)
    kind = getattr(nets, name)
    known = inspect.signature(kind).parameters
    if "img_size" in arguments and "img_size" not in known:
        del arguments["img_size"]  # SwinUNETR's, until MONAI 1.5; it never changed the network
    return made(config, component, kind, arguments)


def _check_numbers(config: Config, component: Component, arguments: Any, path: tuple[str, ...] = ()) -> None:
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


def _plain_or_network(config: Config, value: Any) -> Any:
    return build_network(config, value) if isinstance(value, Component) else value


def dimensions(config: Config, component: Component | None) -> int:
    """2 or 3, by what the network is told, else by what it takes by default, else by the metadata.

    Parameters
    ----------
    config : Config
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

        kind = getattr(nets, class_name(component, "monai.networks.nets"), None)
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


def build_inferer(config: Config, component: Component | None, dims: int) -> Callable[[Tensor, nn.Module], Tensor]:
    """How the network is run over an image: in windows, or at once.

    A network of slices that is run through a volume slice by slice gets slices anyway, in the same windows.

    Parameters
    ----------
    config : Config
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
    name = class_name(component, "monai.inferers")
    if name not in INFERERS:
        raise refused(config, component, "inferers", INFERERS)
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
    return made(config, component, getattr(inferers, name), arguments)
