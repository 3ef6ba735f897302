"""MONAI bundles: ``monai:FOLDER``, a folder with ``configs`` and ``models`` as the MONAI model zoo has them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from XAICLIPLib.errors import MissingPackage, ModelError, ResourceError, WeightsError
from XAICLIPLib.models.base import Context, NetworkSegmenter, Prepared
from XAICLIPLib.models.device import on_device
from XAICLIPLib.models.files.vetting import vet_torchscript
from XAICLIPLib.models.memory import check_room, out_of_memory
from XAICLIPLib.models.monai.build import (
    activation,
    build_inferer,
    build_network,
    build_transforms,
    channel_names,
    code_before_activation,
    dimensions,
)
from XAICLIPLib.models.monai.config import BundleConfig, Component
from XAICLIPLib.models.monai.grid import BundleGrid
from XAICLIPLib.weights import sha256
from XAICLIPLib.weights.checkpoint import load_weights, read_checkpoint, state_of

BACKGROUND = ("background", "bg")
LICENCES = ("LICENSE", "LICENSE.txt", "docs/LICENSE", "docs/license.txt")


class BundleSegmenter(NetworkSegmenter):
    """A network with the preprocessing, the inferer and the activation of its bundle, in 2D or 3D.

    The scan is preprocessed once; each perturbed copy then goes through the inferer, in fp32. What the bundle does
    after the activation, such as keeping the largest component, is left out: a drop is measured on the probabilities.

    Parameters
    ----------
    folder : Path
    device : torch.device
    targets : tuple of str
        Names of the output's channels where the metadata has none.

    Raises
    ------
    WeightsError
        If the folder is no bundle, or the weights are missing or not the network's.
    ModelError
        If the config holds code, or a network, inferer or transform that XAICLIP does not know.
    ResourceError
        If the weights do not fit in memory.
    """

    def __init__(self, folder: Path, device: torch.device, targets: tuple[str, ...] = ()) -> None:
        config = BundleConfig(folder)
        self._device = device
        self.name = folder.resolve().name
        component, refused = _network_of(config, folder)
        self.spatial_dims = dimensions(config, component)
        self._network, weights, why = _network(config, component, folder, device, refused)
        self._network.eval()
        for parameter in self._network.parameters():  # TorchScript has no requires_grad_ of its own
            parameter.requires_grad_(False)
        self._inferer = build_inferer(config, _component(config, "inferer"), self.spatial_dims)
        self._key, self._channels = _input(config)
        self._steps = build_transforms(config, _component(config, "preprocessing"), self._key)
        names = channel_names(config.metadata)
        background = [i for i, name in enumerate(names) if name.strip().lower() in BACKGROUND]
        after = config.read_around("postprocessing") if "postprocessing" in config else None
        after = after if isinstance(after, Component) else None
        self._activation, reason = activation(config, after, bool(background))
        self._notes = code_before_activation(config, after, self._activation)
        self._outputs = len(names) or None
        self._taken = [i for i in range(len(names)) if i not in background]
        self.targets = tuple(names[i] for i in self._taken) or targets
        self.named_by_request = not names
        if not self.targets:
            raise ModelError(
                f"{folder.name} does not say what its output's channels are; add channel_def to the outputs in "
                "metadata.json"
            )
        self.provenance = {
            "family": "monai",
            "bundle": self.name,
            "version": config.metadata.get("version"),
            "task": config.metadata.get("task"),
            "file": weights.name,
            "sha256": sha256(weights),
            "weights": why,
            "config": config.file.name,
            "inferer": type(self._inferer).__name__,
            "activation": f"{self._activation}: {reason}",
            "copyright": config.metadata.get("copyright"),
            "licence": _licence(config, folder),
            "precision": "fp32",
        }

    def prepare(self, image: np.ndarray, context: Context) -> Prepared:
        """The bundle's preprocessing of an image.

        Parameters
        ----------
        image : ndarray, shape (H, W) or (Z, H, W)
            A slice or a volume, as the network has it; in the scan's own values, HU on CT.
        context : Context
            Of which the spacing is used, mm.

        Returns
        -------
        Prepared
            Its image has the shape (C, h, w) or (C, d, h, w), with the same values in every channel.

        Raises
        ------
        ModelError
            If a transform fails on it, or turns it so that its axes can't be told apart.
        """
        grid = BundleGrid(self._steps, image, context.spacing, self._key)
        tensor = grid.prepared.to(self._device)
        notes = self._notes
        if self._channels > 1:
            tensor = tensor.repeat(self._channels, *[1] * self.spatial_dims)
            notes += (f"{self.name} takes {self._channels} channels: each gets the same image",)
        if not any(type(step).__name__ == "Orientationd" for _, step in self._steps):
            notes += (f"{self.name} does not say how its images lie: it gets them in axial LPS order",)

        def predict(batch: Tensor) -> Tensor:
            return grid.from_monai(self._probabilities(grid.to_monai(batch)))

        return Prepared(tensor, grid, value=grid.value_of, predict=predict, notes=notes)

    def predict(self, batch: Tensor) -> Tensor:
        """The network, its inferer and its activation, for images whose axes are in the order of axial LPS.

        What `prepare` gives has a `predict` of its own, which knows the order that the transforms leave.

        Parameters
        ----------
        batch : Tensor, shape (B, C, h, w) or (B, C, d, h, w), float32
            Preprocessed.

        Returns
        -------
        Tensor, shape (B, K, h, w) or (B, K, d, h, w)
            Probabilities in [0, 1], without the background.

        Raises
        ------
        ModelError
            If the network fails on it, or returns other channels than the metadata name.
        """
        turned = batch.permute(0, 1, *range(batch.dim() - 1, 1, -1)).contiguous()
        return self._probabilities(turned).permute(0, 1, *range(batch.dim() - 1, 1, -1)).contiguous()

    @torch.inference_mode()
    def _probabilities(self, batch: Tensor) -> Tensor:
        """Inferer, activation and choice of channels, in MONAI's order of axes."""
        try:
            output = self._inferer(batch, self._network)
        except Exception as error:
            if out_of_memory(error):  # which a smaller batch may cure
                raise
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise ModelError(f"{self.name} failed on a batch {tuple(batch.shape)}: {reason}") from error
        if isinstance(output, (tuple, list)):
            output = output[0]  # networks with deep supervision give the full resolution first
        expected = self._outputs or len(self.targets)
        if not isinstance(output, Tensor) or output.shape[1] != expected:
            found = tuple(output.shape) if isinstance(output, Tensor) else type(output).__name__
            raise ModelError(
                f"{self.name} returned {found} for a batch {tuple(batch.shape)}; its metadata name {expected} channels "
                "(channel_def): correct them"
            )
        output = output.float()
        found = output.softmax(1) if self._activation == "softmax" else output.sigmoid()
        return found[:, self._taken] if self._taken else found


def _component(config: BundleConfig, *names: str) -> Component | None:
    """The first of these entries that is a component."""
    for name in names:
        if name in config:
            found = config.get(name)
            if isinstance(found, Component):
                return found
    return None


def _input(config: BundleConfig) -> tuple[str, int]:
    """What the image is called, and how many channels it has.

    Raises
    ------
    ModelError
        If the network wants several different images.
    """
    inputs = config.metadata.get("network_data_format", {}).get("inputs", {})
    if len(inputs) > 1:
        raise ModelError(f"the bundle wants {len(inputs)} inputs ({', '.join(inputs)}); XAICLIP gives it one image")
    key, entry = next(iter(inputs.items()), ("image", {}))
    channels = int(entry.get("num_channels", 1))
    if channels not in (1, 3):
        names = ", ".join(str(name) for name in entry.get("channel_def", {}).values())
        raise ModelError(
            f"the bundle wants {channels} images as channels ({names}); XAICLIP explains one scan at a time"
        )
    return key, channels


def _network_of(config: BundleConfig, folder: Path) -> tuple[Component | None, ModelError | None]:
    """What the config says of the network; where that is code and TorchScript is there as well, why it is not read."""
    try:
        return _component(config, "network_def", "network"), None
    except ModelError as error:
        if not (folder / "models" / "model.ts").is_file():
            raise
        return None, error


def _network(
    config: BundleConfig, component: Component | None, folder: Path, device: torch.device, refused: ModelError | None
) -> tuple[nn.Module, Path, str]:
    """The network with its weights, the file they come from, and why that one.

    MONAI's own network with plain weights is taken where the config allows it, for nothing of the bundle runs then;
    TorchScript otherwise.
    """
    weights, script = folder / "models" / "model.pt", folder / "models" / "model.ts"
    refused = refused or ModelError(f"{config.file.name} has no network_def")
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
    if said := config.metadata.get("license") or config.metadata.get("licence"):
        return str(said)
    for name in LICENCES:
        if (folder / name).is_file():
            text = (folder / name).read_text(encoding="utf-8", errors="replace")
            first = next((line.strip() for line in text.splitlines() if line.strip()), "")
            return f"{first} ({name})" if first else name
    return None


def open_model(family: str, argument: str, device: torch.device, targets: tuple[str, ...] = ()) -> BundleSegmenter:
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
    BundleSegmenter

    Raises
    ------
    MissingPackage
        If MONAI is not installed.
    WeightsError, ModelError, ResourceError
        See `BundleSegmenter`.
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
    return BundleSegmenter(folder, device, targets)
