"""A network from a file, as a model under explanation: what its sidecar says, and what its first outputs show."""

from __future__ import annotations

import math
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from XAICLIPLib.errors import ModelError
from XAICLIPLib.models.axes import FILE, Axes, TurnedGrid
from XAICLIPLib.models.base import Context, Prepared, Segmenter
from XAICLIPLib.models.files.declared import MULTIPLE, assumptions, edges, normalisation, resize, work_grid
from XAICLIPLib.models.files.outputs import TOLERANCE, check_map, chosen, settled
from XAICLIPLib.models.files.sidecar import Sidecar, beside, read_sidecar
from XAICLIPLib.weights import sha256

SAMPLED = 10**6  # voxels of an image that percentiles are taken from
GREY_OR_COLOUR = (1, 3)  # channels that may be copies of one grey image without anyone saying so


@dataclass(frozen=True, eq=False)
class Network:
    """A network as its file holds it.

    Attributes
    ----------
    forward : callable
        (b, C, *S) float32 on the device -> a tensor, or several in a tuple or a dict. Raises `ModelError`, or what a
        smaller batch may cure.
    says : Sidecar
        What the sidecar inside the file says.
    shaped : Sidecar
        What the shapes of its input say.
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
    shaped: Sidecar = field(default_factory=Sidecar)
    fewest: int = 1
    most: int | None = None
    channels_out: int | None = None
    details: dict = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class FileSegmenter(Segmenter):
    """A TorchScript, `torch.export` or ONNX file.

    A network with several input channels gets the grey image in each of them. `Prepared.image` keeps one: there is one
    image to perturb, and copies of it would be filled with noise of their own. Where the sidecar names several images
    each has its own channel, there as well.

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

    can_be_oriented = True

    def __init__(
        self, family: str, path: Path, network: Network, device: torch.device, targets: tuple[str, ...] = ()
    ) -> None:
        given = read_sidecar(path)
        self._file = beside(path).name
        declared = (given or Sidecar()).or_else(network.says)
        self._says = declared.or_else(network.shaped)
        _agree(self._file, given or Sidecar(), network.says.or_else(network.shaped))
        self._network, self._device = network, device
        self.sees_all = network.forward
        self._channels = self._says.channels or 1
        self.images = self._says.images or ("image",)
        self._activation = "none" if self._says.output_range else self._says.activation
        self._settled = False  # with the first real output
        self._output = self._says.output
        self.spatial_dims = self._says.dims
        self.name = self._says.name or path.name
        self._assumed: list[str] = []
        self._notes = list(network.notes)
        self._look_at_channels(declared.channels is not None)
        self._axes = Axes.declared(self._says.orientation, self._says.axes, self.spatial_dims)
        count = network.channels_out or self._count_channels()
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
                **({"images": list(self.images)} if self._says.images else {}),
                "size": list(edges(self._says) or ()) or "any",
                "resize": resize(self._says),
                "orientation": self._says.orientation or "LPS",
                "axes": self._says.axes or "zyx"[-self.spatial_dims :],
            },
            "activation": self._activation or "by the first output",
            **network.details,
            "assumed": self._assumed,
        }

    def _look_at_channels(self, declared: bool) -> None:
        """Refuse several channels of which no one said whose they are, or that they are copies of one grey image."""
        count = self._channels
        if count not in GREY_OR_COLOUR and not declared:
            raise ModelError(
                f"{self.name} takes {count} channels; name its images in {self._file}, "
                '"images": ["T1", "T2", …], and give as many. Only if each channel wants the same grey image, write '
                f'"channels": {count} instead'
            )
        if count > 1 and len(self.images) == 1:
            why = (
                ", as its sidecar has it" if declared else ", as in models of colour pictures that were taken for grey"
            )
            self._notes.append(f"{self.name} takes {count} channels: the grey image is in each of them{why}")

    def oriented(self, orientation: str, axes: str) -> FileSegmenter:
        """See `Segmenter.oriented`; the words are those of the sidecar's keys `orientation` and `axes`."""
        other = copy(self)
        other._says = replace(self._says, orientation=orientation, axes=axes)
        other._axes = Axes.declared(orientation, axes, self.spatial_dims)
        other._assumed, other._notes = list(self._assumed), list(self._notes)
        other.provenance = {**self.provenance, "assumed": other._assumed}
        return other

    # ---- input

    def prepare(self, image: np.ndarray, context: Context) -> Prepared:
        """An image as the sidecar says.

        Parameters
        ----------
        image : ndarray, shape (H, W) or (Z, H, W), with C first for a network of C images
            A slice or a volume, as the network has it; in the scan's own values, HU on CT.
        context : Context
            Its spacing, mm, counts where the sidecar has one, or resizes to the body; its modality and window where the
            sidecar has no window.

        Returns
        -------
        Prepared
            Its image has the shape (1, h, w) or (1, d, h, w), on axial axes, with as many channels as there are images;
            normalised but for a mean and deviation per channel.

        Raises
        ------
        InputError
            If the image does not fit the size that the sidecar asks for.
        ModelError
            If it has other dimensions than the model takes, the model fails on it, or its output is not what the
            sidecar says.
        """
        images = image if len(self.images) > 1 else image[None]
        if images.ndim != self.spatial_dims + 1:
            raise ModelError(
                f"{self.name} takes images with {self.spatial_dims} dimensions, this one has {images.ndim - 1}; "
                f'"spatial_dims" in {self._file} says which'
            )
        axes = self._axes
        if self._says.orientation == FILE:
            axes = Axes.declared(FILE, self._says.axes, self.spatial_dims, context.orientation)
        images = np.ascontiguousarray(axes.to_network(np.asarray(images, np.float32)))
        context = replace(context, spacing=tuple(axes.sorted(context.spacing)))
        grid = work_grid(self._says, images[0], context, self._file)
        steps = [normalisation(self._says, one, _about(number, one, context)) for number, one in enumerate(images)]
        work = np.stack(
            [
                np.ascontiguousarray(normalise(grid.to_work(one, pad=outside)), np.float32)
                for one, (normalise, outside) in zip(images, steps)
            ]
        )
        if not self._settled:
            self._probabilities(torch.from_numpy(work).to(self._device)[None])
        if not axes.same:
            work, grid = np.ascontiguousarray(axes.to_axial(work)), TurnedGrid(axes, grid)
        tensor = torch.from_numpy(work).to(self._device)
        notes = (*self._notes, *(f"{self.name}: assumed: {what}" for what in self._assumed))
        if self._says.window and context.modality != "CT":
            low, high = self._says.window
            notes += (
                f"{self.name}: its window {low:g}…{high:g} meets the values of this {context.modality} as they are",
            )
        own = None
        if axes != self._axes:
            notes += (f"{self.name} gets the scan as its file is stored ({context.orientation})",)
            own = lambda batch: self._turned(batch, axes)  # noqa: E731
        elif edges(self._says):  # a network of one size takes this image as it is, and no crop of it
            own = self.predict
        values = tuple(partial(_value_of, normalise) for normalise, _ in steps)
        several = values if len(values) > 1 else ()
        return Prepared(tensor, grid, value=values[0], predict=own, notes=notes, values=several)

    # ---- output

    def predict(self, batch: Tensor) -> Tensor:
        """Probabilities of the targets on the input's grid.

        The axes are those of an axial slice or volume, however the network's lie.

        Parameters
        ----------
        batch : Tensor, shape (B, 1, *S) or (B, channels, *S), float32
            Prepared; B need not be a number of images that the network takes at once.

        Returns
        -------
        Tensor, shape (B, K, *S), float32
            In [0, 1], without the background.

        Raises
        ------
        ModelError
            If the model fails on it, or its output is not what the sidecar says.
        """
        return self._turned(batch, self._axes)

    def _turned(self, batch: Tensor, axes: Axes) -> Tensor:
        if axes.same:
            return self._probabilities(batch)
        return axes.to_axial(self._probabilities(axes.to_network(batch).contiguous())).contiguous()

    @torch.inference_mode()
    def _probabilities(self, batch: Tensor) -> Tensor:
        """(B, 1 or C, *S) on the network's axes -> (B, K, *S)."""
        raw = self._raw(batch)
        if not self._settled:
            self._settle(raw)
        output = raw.float()
        if self._activation == "softmax":
            output = output.softmax(1)
        elif self._activation == "sigmoid":
            output = output.sigmoid()
        else:
            low, high = (float(v) for v in output.aminmax())
            if low < -TOLERANCE or high > 1 + TOLERANCE:
                raise ModelError(
                    f"{self.name} returned values from {low:.3g} to {high:.3g} after others in [0, 1]: no "
                    f'probabilities; declare "activation": "softmax" or "sigmoid" in {self._file}, or "output_range"'
                )
        if self._keep != list(range(output.shape[1])):
            output = output[:, self._keep]
        if output.shape[2:] != batch.shape[2:]:
            mode = "bilinear" if self.spatial_dims == 2 else "trilinear"
            output = functional.interpolate(output, batch.shape[2:], mode=mode, align_corners=False)
        return output

    def _raw(self, batch: Tensor) -> Tensor:
        """The network's own output, whatever number of images it takes at a time; a declared range is brought to
        [0, 1]."""
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
            found = self._network.forward(padded.contiguous())
            output, said = chosen(found, padded, self._output, self.name, self._file)
            if said is not None:
                key, note = said
                self._output = key  # the same for every image
                self._note(note)
            if self._says.output_range:
                low, high = self._says.output_range
                output = (output.float() - low) / (high - low)
            check_map(output, padded, self.name, self._file)
            parts.append(output[: len(part)])
        return parts[0] if len(parts) == 1 else torch.cat(parts)

    def _settle(self, raw: Tensor) -> None:
        """Take from the first output what nobody said, and hold it against what was said."""
        rescaled = self._says.output_range is not None
        activation, said = settled(raw, self._activation, rescaled, self.name, self._file)
        if activation is None:
            return
        self._settled = True
        self._activation = activation
        self.provenance["activation"] = activation
        if said:
            self._assumed.append(said)

    def _note(self, text: str) -> None:
        if text not in self._notes:
            self._notes.append(text)

    # ---- names of the channels

    @torch.inference_mode()
    def _count_channels(self) -> int:
        return self._raw(self._blank()).shape[1]

    def _blank(self) -> Tensor:
        """A ramp from 0 to 1, to see how many channels come out."""
        step = self._says.multiple or MULTIPLE
        edge = math.ceil((128 if self.spatial_dims == 2 else 64) / step) * step
        size = edges(self._says) or (edge,) * self.spatial_dims
        ramp = torch.linspace(0, 1, size[-1], device=self._device)
        return ramp.expand(1, 1, *size).contiguous()

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


def _value_of(normalise: Callable[[Any], Any], intensity: float) -> float:
    return float(normalise(np.float32(intensity)))


def _about(number: int, image: np.ndarray, context: Context) -> Context:
    """What is known of the scan as it holds for one of its images: of those beside it nobody says what they are."""
    if number == 0:
        return context
    whole = image if context.volume is None else context.volume[number]
    sample = np.ravel(whole)[:: max(1, whole.size // SAMPLED)]
    low, high = (float(v) for v in np.percentile(sample, (1, 99)))
    return replace(context, modality="OT", window=(low, high))


def _agree(file: str, given: Sidecar, found: Sidecar) -> None:
    """The sidecar may add to what a model file says, not deny it."""
    for key in ("spatial_dims", "channels", "size", "batch"):
        wanted, own = getattr(given, key), getattr(found, key)
        if key == "size" and wanted and own and len(wanted) == 1:
            wanted = wanted * len(own)
        if wanted is not None and own is not None and wanted != own:
            shown = [list(v) if isinstance(v, tuple) else v for v in (wanted, own)]
            raise ModelError(f"{file} says {key} {shown[0]}, the model file {shown[1]}; correct the sidecar")
