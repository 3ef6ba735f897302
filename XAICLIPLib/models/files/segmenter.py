"""A network from a file, as a model under explanation: what its sidecar says, and what its first outputs show."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from XAICLIPLib.errors import ModelError
from XAICLIPLib.models.base import Context, Prepared
from XAICLIPLib.models.files.declared import MULTIPLE, assumptions, edges, normalisation, resize, work_grid
from XAICLIPLib.models.files.sidecar import Sidecar, beside, read_sidecar
from XAICLIPLib.weights import sha256

TOLERANCE = 1e-4  # by which a probability may leave [0, 1]: rounding, not logits


@dataclass(frozen=True, eq=False)
class Network:
    """A network as its file holds it.

    Attributes
    ----------
    forward : callable
        (b, C, *S) float32 on the device -> a tensor, or several in a tuple or a dict. Raises `ModelError`, or what a
        smaller batch may cure.
    says : Sidecar
        What the file itself says.
    fewest, most : int, int or None
        How many images it takes at once; None is any number.
    channels_out : int, optional
        How many channels come out, where the file says that.
    details : dict
        For provenance: precision, parameters, where it runs, ….
    notes : tuple of str
    """

    forward: Callable[[Tensor], Any]
    says: Sidecar = field(default_factory=Sidecar)
    fewest: int = 1
    most: int | None = None
    channels_out: int | None = None
    details: dict = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class FileSegmenter:
    """A TorchScript, `torch.export` or ONNX file.

    A network with several input channels gets the grey image in each of them. `Prepared.image` keeps one: there is one
    image to perturb, and copies of it would be filled with noise of their own.

    Parameters
    ----------
    family : str
    path : Path
    network : Network
    device : torch.device
    targets : tuple of str
        The structures that were asked about, which name the channels where nothing else does.

    Raises
    ------
    InputError
        If the sidecar is no sidecar.
    ModelError
        If the sidecar and the file contradict each other, or the output's channels have no names.
    """

    def __init__(
        self, family: str, path: Path, network: Network, device: torch.device, targets: tuple[str, ...] = ()
    ) -> None:
        given = read_sidecar(path)
        self._file = beside(path).name
        self._says = (given or Sidecar()).or_else(network.says)
        _agree(self._file, given or Sidecar(), network.says)
        self._network, self._device = network, device
        self._channels = self._says.channels or 1
        self._activation = self._says.activation
        self._settled = False  # with the first real output
        self.spatial_dims = self._says.dims
        self.name = self._says.name or path.name
        self._assumed: list[str] = []
        self._notes = list(network.notes)
        if self._channels > 1:
            self._notes.append(f"{self.name} takes {self._channels} channels: the grey image is in each of them")
        count = network.channels_out or self._raw(self._blank()).shape[1]
        self.targets, self._keep = self._name_channels(count, targets)
        self.named_by_request = not self._says.classes
        self._assumed += assumptions(self._says)
        self.provenance = {
            "family": family,
            "file": path.name,
            "sha256": sha256(path),
            "megabytes": round(path.stat().st_size / 1e6, 1),
            "sidecar": self._file if given else "none",
            "licence": self._says.licence or "not said",
            "input": {
                "channels": self._channels,
                "size": list(edges(self._says) or ()) or "any",
                "resize": resize(self._says),
            },
            "activation": self._activation or "by the first output",
            **network.details,
            "assumed": self._assumed,
        }

    # ---- input

    def prepare(self, image: np.ndarray, context: Context) -> Prepared:
        """A slice (H, W) or a volume (Z, H, W) as the sidecar says: one channel on the work grid.

        Raises
        ------
        InputError
            If the image does not fit the size that the sidecar asks for.
        ModelError
            If the model fails on it, or its output is not what the sidecar says.
        """
        if image.ndim != self.spatial_dims:
            raise ModelError(
                f"{self.name} takes images with {self.spatial_dims} dimensions, this one has {image.ndim}; "
                f'"spatial_dims" in {self._file} says which'
            )
        image = np.asarray(image, np.float32)
        grid = work_grid(self._says, image, context, self._file)
        normalise, outside = normalisation(self._says, image, context)
        work = np.ascontiguousarray(normalise(grid.to_work(image, pad=outside)), np.float32)
        tensor = torch.from_numpy(work).to(self._device)[None]
        if not self._settled:
            self.predict(tensor[None])
        notes = (*self._notes, *(f"{self.name}: assumed: {what}" for what in self._assumed))
        if self._says.window and context.modality != "CT":
            low, high = self._says.window
            notes += (
                f"{self.name}: its window {low:g}…{high:g} meets the values of this {context.modality} as they are",
            )
        # a network of one size takes this image as it is, and no crop of it
        own = self.predict if edges(self._says) else None
        return Prepared(tensor, grid, value=lambda v: float(normalise(np.float32(v))), predict=own, notes=notes)

    # ---- output

    @torch.inference_mode()
    def predict(self, batch: Tensor) -> Tensor:
        """(B, 1, *S) or (B, channels, *S) -> probabilities (B, K, *S) of the targets, on the input's grid.

        Raises
        ------
        ModelError
            If the model fails on it, or its output is not what the sidecar says.
        """
        raw = self._raw(batch)
        if not self._settled:
            self._settle(raw)
        output = raw.float()
        if self._activation == "softmax":
            output = output.softmax(1)
        elif self._activation == "sigmoid":
            output = output.sigmoid()
        if self._keep != list(range(output.shape[1])):
            output = output[:, self._keep]
        if output.shape[2:] != batch.shape[2:]:
            mode = "bilinear" if self.spatial_dims == 2 else "trilinear"
            output = functional.interpolate(output, batch.shape[2:], mode=mode, align_corners=False)
        return output

    def _raw(self, batch: Tensor) -> Tensor:
        """The network's own output, whatever number of images it takes at a time."""
        if batch.shape[1] == 1 and self._channels > 1:
            batch = batch.expand(-1, self._channels, *batch.shape[2:])
        if isinstance(self._says.mean, tuple) and max(len(self._says.mean), len(self._says.std)) > 1:
            shape = (1, -1, *[1] * self.spatial_dims)
            mean, std = (batch.new_tensor(v).view(shape) for v in (self._says.mean, self._says.std))
            batch = (batch - mean) / std
        fixed = self._says.batch
        fewest, most = (fixed, fixed) if fixed else (self._network.fewest, self._network.most)
        parts = []
        for part in batch.split(most or max(len(batch), 1)):
            missing = max(0, fewest - len(part))
            padded = torch.cat([part, part[-1:].expand(missing, *part.shape[1:])]) if missing else part
            output = self._one_output(self._network.forward(padded.contiguous()))
            self._check_shape(output, padded)
            parts.append(output[: len(part)])
        return parts[0] if len(parts) == 1 else torch.cat(parts)

    def _one_output(self, found: Any) -> Tensor:
        """The output that is meant, where a network has several."""
        wanted = self._says.output
        if isinstance(found, dict):
            outputs = dict(found)
        elif isinstance(found, (tuple, list)):
            outputs = {str(i): value for i, value in enumerate(found)}
        else:
            outputs = {"0": found}
        key = next(iter(outputs), None) if wanted is None else wanted
        if isinstance(key, int):
            key = list(outputs)[key] if key < len(outputs) else None
        if not isinstance(outputs.get(key), Tensor):
            kinds = ", ".join(f"{k} ({type(v).__name__})" for k, v in outputs.items()) or "nothing"
            raise ModelError(
                f"{self.name} returned {kinds}; name the output that is a tensor (B, K, H, W) with "
                f'"output" in {self._file}'
            )
        if wanted is None and len(outputs) > 1:
            self._note(f"the model has {len(outputs)} outputs; {key!r} is used")
        return outputs[key]

    def _check_shape(self, output: Tensor, batch: Tensor) -> None:
        if not output.is_floating_point():
            raise ModelError(
                f"{self.name} returned {str(output.dtype).removeprefix('torch.')}: labels, not probabilities; export "
                "it without its last argmax or threshold"
            )
        axes = "H, W" if self.spatial_dims == 2 else "D, H, W"
        if output.dim() != self.spatial_dims + 2 or len(output) != len(batch):
            raise ModelError(
                f"{self.name} returned shape {tuple(output.shape)} for an input {tuple(batch.shape)}; expected "
                f"({len(batch)}, K, {axes}), one channel per class. A model of fixed batch size says so with "
                f'"batch" in {self._file}, one of volumes with "spatial_dims": 3'
            )

    def _settle(self, raw: Tensor) -> None:
        """Take from the first output what nobody said, and hold it against what was said."""
        if not torch.isfinite(raw).all():
            raise ModelError(f"{self.name} returned NaN or infinite values; check window, mean and std in {self._file}")
        low, high = float(raw.min()), float(raw.max())
        within = low >= -TOLERANCE and high <= 1 + TOLERANCE
        many = raw.shape[1] > 1
        if self._activation is None:
            self._activation = "none" if within else "softmax" if many else "sigmoid"
            how = "are probabilities" if within else f"are logits, so {self._activation}"
            self._assumed.append(f"outputs from {low:.3g} to {high:.3g} {how}")
            self.provenance["activation"] = self._activation
        elif self._activation == "none" and not within:
            raise ModelError(
                f"{self.name} returned values from {low:.3g} to {high:.3g}, which are no probabilities; declare "
                f'"activation": "softmax" or "sigmoid" in {self._file}'
            )
        elif self._activation == "softmax" and not many:
            raise ModelError(
                f'{self.name} has one output channel, whose softmax is 1 everywhere; declare "activation": "sigmoid" '
                f"in {self._file}"
            )
        elif self._activation == "softmax" and within and (raw.sum(1) - 1).abs().max() < 1e-3:
            self._note(
                "the outputs sum to 1 before the softmax that was declared: they look like probabilities already; "
                f'declare "activation": "none" in {self._file}'
            )
        self._settled = True

    def _note(self, text: str) -> None:
        if text not in self._notes:
            self._notes.append(text)

    # ---- names of the channels

    def _blank(self) -> Tensor:
        """An empty input, to see how many channels come out."""
        step = self._says.multiple or MULTIPLE
        edge = math.ceil((128 if self.spatial_dims == 2 else 64) / step) * step
        return torch.zeros(1, 1, *(edges(self._says) or (edge,) * self.spatial_dims), device=self._device)

    def _name_channels(self, count: int, targets: tuple[str, ...]) -> tuple[tuple[str, ...], list[int]]:
        """The targets and their output channels, of `count`."""
        classes, background = self._says.classes, self._says.background
        names = classes or targets or tuple(f"channel_{i}" for i in range(count))
        if len(names) == count - 1 and self._activation != "sigmoid" and "background" not in names:
            extra = 0 if background is None else background
            names, background = (*names[:extra], "background", *names[extra:]), extra
            self._assumed.append(f"channel {extra} of {count} is the background")
        if len(names) != count:
            known = f"{self._file} names {len(names)}" if classes else f"{len(names)} structures were asked about"
            raise ModelError(
                f"{self.name} returns {count} channels and {known} ({', '.join(names)}); name them all in order in "
                f'{self._file}, background included: {{"classes": ["background", "liver", …]}}'
            )
        if not classes:
            self._assumed.append(f"the output channels are, in order, {', '.join(names)}")
        if background is None:
            background = next((i for i, name in enumerate(names) if name.casefold() == "background"), None)
        keep = [i for i in range(count) if i != background]
        return tuple(names[i] for i in keep), keep


def _agree(file: str, given: Sidecar, found: Sidecar) -> None:
    """The sidecar may add to what a model file says, not deny it."""
    for key in ("spatial_dims", "channels", "size", "batch"):
        wanted, own = getattr(given, key), getattr(found, key)
        if key == "size" and wanted and own and len(wanted) == 1:
            wanted = wanted * len(own)
        if wanted is not None and own is not None and wanted != own:
            shown = [list(v) if isinstance(v, tuple) else v for v in (wanted, own)]
            raise ModelError(f"{file} says {key} {shown[0]}, the model file {shown[1]}; correct the sidecar")
