"""Models of lungmask (Hofmanninger et al. 2020): lungs or lobes in slices of CT, from its own checkpoints."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from XAICLIPLib.errors import WeightsError
from XAICLIPLib.models.base import Context, NetworkSegmenter, Prepared
from XAICLIPLib.models.device import on_device
from XAICLIPLib.models.files.modelfile import existing
from XAICLIPLib.models.installed.lungmask import FILES, LOBES, LUNGS
from XAICLIPLib.models.lungmask.network import FusedNetwork, LungUNet, build
from XAICLIPLib.models.lungmask.prepare import HIGHEST, LOWEST, SIZE, BodyBox, body_box, unit
from XAICLIPLib.weights import sha256
from XAICLIPLib.weights.checkpoint import read_checkpoint, state_of

FUSED = "LTRCLobes_R231"
_NOT_APPLIED = (
    "lungmask keeps only the largest piece of each structure in the whole scan, gives small pieces to a neighbour and "
    "fills holes; that is done to volumes, not to slices, and is not applied"
)
_NOT_FILLED = (
    "lungmask gives what R231 calls lung and LTRCLobes does not to the lobe next to it, which is found in the whole "
    "scan; that is not applied: such places belong to no lobe here"
)


@dataclass(frozen=True)
class _Checkpoint:
    """A checkpoint of lungmask, opened."""

    file: Path
    digest: str
    network: LungUNet

    @property
    def is_as_published(self) -> bool:
        """False where the name ends in the beginning of another SHA-256 than the file's."""
        promised = re.search(r"-([0-9a-f]{8})$", self.file.stem)
        return promised is None or self.digest.startswith(promised[1])


class LungmaskSegmenter(NetworkSegmenter):
    """lungmask on axial slices: R231, R231CovidWeb, LTRCLobes, or LTRCLobes where R231 sees lung.

    A slice is cut to the box round the body, brought to 256 x 256 pixels and from −1024…600 HU to [0, 1], as the
    package `lungmask` does it; labels come back by the nearest pixel, as there.

    Parameters
    ----------
    network : torch.nn.Module
        (B, 1, 256, 256) -> probabilities (B, K, 256, 256).
    targets : tuple of str
        Its K structures.
    name : str
    device : torch.device
    notes : tuple of str
        What is to be said with every slice.
    """

    trained_on = "CT"

    def __init__(
        self, network: nn.Module, targets: tuple[str, ...], name: str, device: torch.device, notes: tuple[str, ...] = ()
    ) -> None:
        self.name = name
        self.targets = targets
        self._device = device
        self._network = on_device(network, device, name)
        self._notes = (*notes, _NOT_APPLIED)
        self.provenance = {
            "family": "lungmask",
            "image_size": SIZE,
            "window_hu": [LOWEST, HIGHEST],
            "postprocessing": "none",
            "precision": "fp32",
            "parameters": sum(p.numel() for p in network.parameters()),
        }

    def prepare(self, image: np.ndarray, context: Context) -> Prepared:
        """The box round the body, 256 x 256 pixels, −1024 to 600 HU as [0, 1].

        Parameters
        ----------
        image : ndarray, shape (H, W)
            HU.
        context : Context
            Where its volume holds whole numbers, those of the resized slice are whole too, as in lungmask.

        Returns
        -------
        Prepared
            Its image has the shape (1, 256, 256), values in [0, 1].
        """
        notes = self._notes
        if context.modality in ("CT", "MR") and context.modality != self.trained_on:
            notes = (f"the model was trained on CT; this scan is {context.modality}", *notes)
        whole = context.volume is not None and np.issubdtype(context.volume.dtype, np.integer)
        values = np.clip(image.astype(np.int32 if whole else np.float32), LOWEST, HIGHEST)
        grid = BodyBox((image.shape[0], image.shape[1]), body_box(values))
        tensor = torch.from_numpy(unit(grid.to_work(values))).to(self._device)[None]
        return Prepared(tensor, grid, lambda hu: float(unit(np.float32(hu))), notes=notes)

    @torch.inference_mode()
    def predict(self, batch: Tensor) -> Tensor:
        """A softmax without the background's channel.

        Parameters
        ----------
        batch : Tensor, shape (B, 1, 256, 256), float32
            In [0, 1].

        Returns
        -------
        Tensor, shape (B, K, 256, 256)
            Probabilities in [0, 1].
        """
        return self._network(batch)


def folder() -> Path:
    """Where lungmask keeps its checkpoints: PyTorch's own folder of downloads.

    Returns
    -------
    Path
        `$TORCH_HOME/hub/checkpoints`, by default `~/.cache/torch/hub/checkpoints`; it need not be there.
    """
    return Path(torch.hub.get_dir()) / "checkpoints"


def open_model(family: str, argument: str, device: torch.device, targets: tuple[str, ...] = ()) -> LungmaskSegmenter:
    """A model of lungmask by its name, or a checkpoint of it.

    Parameters
    ----------
    family : str
        "lungmask".
    argument : str
        "R231", "LTRCLobes", "R231CovidWeb", "LTRCLobes_R231", or the path of a checkpoint; empty for "R231".
    device : torch.device
    targets : tuple of str
        Not used: the model names its structures.

    Returns
    -------
    LungmaskSegmenter

    Raises
    ------
    WeightsError
        If the file is missing, damaged, or none of lungmask's.
    ResourceError
        If it does not fit in memory.
    """
    known = {name.casefold(): name for name in (*FILES, FUSED)}
    name = known.get((argument.strip() or "R231").casefold(), "")
    if name == FUSED:
        lobes, lungs = _named("LTRCLobes"), _named("R231")
        network: nn.Module = FusedNetwork(_of(lobes, LOBES), _of(lungs, LUNGS))
        opened, structures = (lobes, lungs), LOBES
    else:
        checkpoint = _named(name) if name else _read(argument)
        classes = checkpoint.network.last.out_channels
        structures = {1 + len(LUNGS): LUNGS, 1 + len(LOBES): LOBES}.get(
            classes, tuple(f"label_{k}" for k in range(1, classes))
        )
        network, opened = checkpoint.network, (checkpoint,)
    notes = tuple(
        f"the SHA-256 of {c.file.name} is not the one in its name: it is not the file that lungmask published"
        for c in opened
        if not c.is_as_published
    )
    title = f"lungmask {name or opened[0].file.name}"
    segmenter = LungmaskSegmenter(network, structures, title, device, notes + (_NOT_FILLED,) * (name == FUSED))
    segmenter.provenance.update(
        file=" + ".join(c.file.name for c in opened), sha256=" + ".join(c.digest for c in opened)
    )
    return segmenter


def _named(name: str) -> _Checkpoint:
    """A published model, where lungmask itself has put it."""
    published, _ = FILES[name]
    file = folder() / published
    if not file.is_file():
        raise WeightsError(
            f"lungmask {name} is not on this machine ({file}): run lungmask once with --modelname {name}, which "
            f"downloads it, or give the path of {published} as lungmask:FILE"
        )
    return _read(str(file))


def _read(path: str) -> _Checkpoint:
    file = existing(
        path, f"a checkpoint of lungmask, such as {FILES['R231'][0]}, or one of {', '.join((*FILES, FUSED))}"
    )
    return _Checkpoint(file, sha256(file), build(state_of(read_checkpoint(file), file.name), file.name))


def _of(checkpoint: _Checkpoint, structures: tuple[str, ...]) -> LungUNet:
    """The network of a checkpoint that must have these structures."""
    classes = checkpoint.network.last.out_channels - 1
    if classes != len(structures):
        raise WeightsError(
            f"{checkpoint.file.name} segments {classes} structures instead of {len(structures)}; delete it and run "
            f"lungmask once with --modelname {FUSED}, which downloads it again"
        )
    return checkpoint.network
