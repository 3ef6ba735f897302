"""MONAI bundles: ``monai:FOLDER``, a folder with ``configs`` and ``models`` as the MONAI model zoo has them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn

from XAICLIPLib.errors import MissingPackage, ModelError, ResourceError, WeightsError
from XAICLIPLib.models.device import on_device
from XAICLIPLib.models.files.vetting import vet_torchscript
from XAICLIPLib.models.memory import check_room, out_of_memory
from XAICLIPLib.models.monai.build import build_inferer, build_network, dimensions
from XAICLIPLib.models.monai.config import UNREAD, BundleConfig, Component
from XAICLIPLib.models.monai.segmenter import Recipe, RecipeSegmenter
from XAICLIPLib.models.monai.steps import (
    activation,
    build_transforms,
    channel_names,
    clicks,
    code_before_activation,
    joined_images,
)
from XAICLIPLib.models.monai.vista import classes_of, inferer_of, is_vista
from XAICLIPLib.weights import sha256
from XAICLIPLib.weights.checkpoint import load_weights, read_checkpoint, state_of
from XAICLIPLib.weights.licence import NO_COMMERCE, forbids_commerce, licence_in

BACKGROUND = ("background", "bg")
COLOURS = {"r", "g", "b", "red", "green", "blue"}


def recipe_of(folder: Path, device: torch.device) -> Recipe:
    """How the bundle in a folder feeds its network.

    Parameters
    ----------
    folder : Path
    device : torch.device

    Returns
    -------
    Recipe

    Raises
    ------
    WeightsError
        If the folder is no bundle, or the weights are missing or not the network's.
    ModelError
        If the config holds code, or a network, inferer or transform that XAICLIP does not know.
    ResourceError
        If the weights do not fit in memory.
    """
    config = BundleConfig(folder)
    name = folder.resolve().name
    component, refused = _network_of(config, folder)
    dims = dimensions(config, component)
    network, weights, why = _network(config, component, folder, device, refused)
    before = config.read_around("preprocessing") if "preprocessing" in config else None
    before = before if isinstance(before, Component) else _component(config, "preprocessing")
    zeros = clicks(config, before)
    joined, one = joined_images(config, before)
    key, images, channels = (one, joined, 1) if joined else _input(config, zeros)
    steps = build_transforms(config, before, key, joined)
    names = channel_names(config.metadata)
    background = [i for i, one in enumerate(names) if one.strip().lower() in BACKGROUND]
    taken = tuple(i for i in range(len(names)) if i not in background)
    notes: tuple[str, ...] = ()
    asked = is_vista(component)
    if asked:
        inferer: Any = inferer_of(config)
        taken, chosen, reason = classes_of(config, names), "sigmoid", "each class is asked for on its own"
    else:
        inferer = build_inferer(config, _component(config, "inferer"), dims)
        after = config.read_around("postprocessing") if "postprocessing" in config else None
        after = after if isinstance(after, Component) else None
        chosen, reason = activation(config, after, bool(background))
        notes = code_before_activation(config, after, chosen)
    return Recipe(
        name,
        network,
        dims,
        inferer,
        steps,
        key,
        tuple(names),
        taken,
        chosen,
        images=images,
        channels=channels,
        clicks=zeros,
        sliced=_is_sliced(config, steps),
        asked=asked,
        notes=notes,
        provenance={
            "family": "monai",
            "bundle": name,
            "version": config.metadata.get("version"),
            "task": config.metadata.get("task"),
            "file": weights.name,
            "sha256": sha256(weights),
            "weights": why,
            "config": config.name,
            "activation": f"{chosen}: {reason}",
            "copyright": config.metadata.get("copyright"),
            "licence": _licence(config, folder),
        },
    )


def _component(config: BundleConfig, *names: str) -> Component | None:
    """The first of these entries that is a component."""
    for name in names:
        if name in config:
            found = config.get(name)
            if isinstance(found, Component):
                return found
    return None


def _input(config: BundleConfig, zeros: int) -> tuple[str, tuple[str, ...], int]:
    """What the steps call the image, the names of the images that the network wants, and how many of its channels get
    the same image; channels of clicks left out.

    Raises
    ------
    ModelError
        If the network wants several inputs, or channels of which nobody says what they are.
    """
    inputs = config.metadata.get("network_data_format", {}).get("inputs", {})
    if len(inputs) > 1:
        raise ModelError(f"the bundle wants {len(inputs)} inputs ({', '.join(inputs)}); XAICLIP gives it one image")
    key, entry = next(iter(inputs.items()), ("image", {}))
    channels = int(entry.get("num_channels", 1)) - zeros
    names = tuple(str(name) for name in entry.get("channel_def", {}).values())[:channels]
    if channels > 1 and len(set(names)) == channels and not COLOURS.issuperset(map(str.lower, names)):
        return key, names, 1
    if channels not in (1, 3):
        raise ModelError(
            f"the bundle wants {channels} images as channels, and its metadata do not name each ({', '.join(names)}); "
            "name them in channel_def of the input"
        )
    return key, ("image",), channels


def _is_sliced(config: BundleConfig, steps: list) -> bool:
    """Whether a network of slices is run through a scan that was preprocessed as a whole, and stayed on its grid."""
    inferer = config.read_around("inferer") if "inferer" in config else None
    named = isinstance(inferer, Component) and inferer.target.rpartition(".")[2] == "SliceInferer"
    return named and not any(kind == "spatial" for kind, _ in steps)


def _network_of(config: BundleConfig, folder: Path) -> tuple[Component | None, ModelError | WeightsError | None]:
    """What the config says of the network; where that is code and TorchScript is there as well, why it is not read."""
    try:
        return _component(config, "network_def", "network"), None
    except (ModelError, WeightsError) as error:
        if not (folder / "models" / "model.ts").is_file():
            raise
        return None, error


def _weights_of(config: BundleConfig, folder: Path) -> Path:
    """The file that the config's own loader of checkpoints reads, else models/model.pt."""
    usual = folder / "models" / "model.pt"
    place = config.find("CheckpointLoader")
    said = config.read_around(f"{place}#load_path") if place else UNREAD
    if not isinstance(said, str):
        return usual
    try:
        found = config.file(said, f"{place}#load_path")
    except ModelError:  # where it lay on the machine that made the bundle
        return usual
    return found if found.is_file() else usual


def _network(
    config: BundleConfig,
    component: Component | None,
    folder: Path,
    device: torch.device,
    refused: ModelError | WeightsError | None,
) -> tuple[nn.Module, Path, str]:
    """The network with its weights, the file they come from, and why that one.

    MONAI's own network with plain weights is taken where the config allows it, for nothing of the bundle runs then;
    TorchScript otherwise.
    """
    weights, script = _weights_of(config, folder), folder / "models" / "model.ts"
    refused = refused or ModelError(f"{config.name} has no network_def")
    if component is not None and weights.is_file():
        try:
            check_room(weights)
            network = build_network(config, component)
            load_weights(network, state_of(read_checkpoint(weights), weights.name), weights.name, component.target)
            return on_device(network, device, folder.name), weights, f"{component.target} by network_def, weights alone"
        except (ModelError, WeightsError) as error:
            if not script.is_file():
                raise
            refused = error
    if script.is_file():
        check_room(script)
        vet_torchscript(script)
        try:
            network = torch.jit.load(str(script), map_location=device)
        except RuntimeError as error:
            if out_of_memory(error):
                raise ResourceError(
                    f"{script.name} does not fit in the memory of {device}; choose another device"
                ) from error
            raise WeightsError(f"{script.name} can't be opened ({str(error).splitlines()[0]}); get it again") from error
        why = f"TorchScript, because {refused}" if weights.is_file() else "TorchScript"
        return network, script, why
    if component is None:
        raise refused
    held = sorted(p.name for p in (folder / "models").glob("*")) if (folder / "models").is_dir() else []
    raise WeightsError(
        f"{folder} has neither models/model.pt nor models/model.ts (models holds {', '.join(held) or 'nothing'}); "
        "download the bundle's weights"
    )


def _licence(config: BundleConfig, folder: Path) -> str | None:
    """What the metadata say, else the first line of the bundle's licence file."""
    said = config.metadata.get("license") or config.metadata.get("licence")
    if not said:
        return licence_in(folder)
    return f"{said}: {NO_COMMERCE}" if forbids_commerce(str(said)) else str(said)


def open_model(family: str, argument: str, device: torch.device, targets: tuple[str, ...] = ()) -> RecipeSegmenter:
    """The bundle in a folder.

    Parameters
    ----------
    family : str
        "monai".
    argument : str
        Path of the bundle's folder, `~` allowed.
    device : torch.device
    targets : tuple of str
        Names of the output's channels where the metadata has none.

    Returns
    -------
    RecipeSegmenter

    Raises
    ------
    MissingPackage
        If MONAI is not installed.
    WeightsError, ModelError, ResourceError
        See `recipe_of`.
    """
    try:
        import monai  # noqa: F401
    except ImportError as error:
        raise MissingPackage("a MONAI bundle", "monai", "monai") from error
    folder = Path(argument).expanduser()
    if not argument or not folder.is_dir():
        raise WeightsError(
            f"there is no folder {argument or '(none given)'}; write monai:FOLDER with a bundle's folder"
        )
    return RecipeSegmenter(recipe_of(folder, device), device, targets)
