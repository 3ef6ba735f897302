"""The multi-organ U-Net that comes with XAICLIP: for trying out and for tests, on CT of the abdomen."""

from __future__ import annotations

import json

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from XAICLIPLib.errors import WeightsError
from XAICLIPLib.models.base import Context, NetworkSegmenter, Prepared
from XAICLIPLib.models.precision import remembered
from XAICLIPLib.models.unet import UNet
from XAICLIPLib.phantom import make_phantom
from XAICLIPLib.preprocess import body_frame, unit_window
from XAICLIPLib.weights import WEIGHTS, sha256

FOLDER = WEIGHTS / "unet"


class BundledSegmenter(NetworkSegmenter):
    """The bundled U-Net (see its model card in `weights/unet`).

    A slice is cut to the square round the body and windowed to −160…240 HU; scans without Hounsfield units are
    scaled from their 1st to their 99th percentile instead. Before the first prediction the fastest precision is chosen
    that leaves the masks of the phantom as they are.

    Raises
    ------
    WeightsError
        If the checkpoint is not there or is not this network's.
    """

    def __init__(self, device: torch.device) -> None:
        weights = FOLDER / "model.safetensors"
        if not weights.is_file():
            raise WeightsError(f"the bundled U-Net is missing ({weights}); install XAICLIP again")
        config = json.loads((FOLDER / "config.json").read_text())
        self.name = "bundled"
        self.targets = tuple(config["targets"][1:])
        self._size, self._window = config["size"], tuple(config["window"])
        self._device = device
        self._network = UNet.of_config(config)
        try:
            self._network.load_state_dict({k: v.float() for k, v in load_file(weights).items()})
        except (RuntimeError, SafetensorError) as error:
            raise WeightsError(f"{weights} is not the bundled U-Net: {str(error).splitlines()[0]}") from error
        self._network.eval().requires_grad_(False).fold()
        self._network.to(device, memory_format=torch.channels_last)
        self._forward = None
        self.provenance = {"family": "bundled", "file": weights.name, "sha256": sha256(weights)}

    def with_network(self, network: nn.Module) -> BundledSegmenter:
        """See `Segmenter.with_network`."""
        other = super().with_network(network)
        assert isinstance(other, BundledSegmenter)
        other._forward = None  # made of the old network on first use; the copy makes its own
        return other

    def prepare(self, image: np.ndarray, context: Context) -> Prepared:
        """The square round the body, windowed to [0, 1].

        Parameters
        ----------
        image : ndarray, shape (H, W)
            In the scan's own values, HU on CT.
        context : Context
            Its modality decides between the fixed window of CT and its own `window`; by its spacing the square is
            square in mm.

        Returns
        -------
        Prepared
            Its image has the shape (1, 160, 160).
        """
        frame = body_frame(image, context.modality, self._size, spacing=context.spacing)
        low, high = self._window if context.modality == "CT" else context.window
        work = unit_window(frame.to_work(image, pad=low), low, high)
        tensor = torch.from_numpy(work).to(self._device)
        return Prepared(tensor[None], frame, value=lambda hu: float(unit_window(np.float32(hu), low, high)))

    @torch.inference_mode()
    def predict(self, batch: Tensor) -> Tensor:
        """A softmax without the background's channel.

        Parameters
        ----------
        batch : Tensor, shape (B, 1, 160, 160), float32
            In [0, 1].

        Returns
        -------
        Tensor, shape (B, K, 160, 160)
            Probabilities in [0, 1].
        """
        if self._forward is None:
            self.provenance["precision"], self._forward = remembered(
                self._network, self._examples(), _dice_of_labels, key=self.provenance["sha256"]
            )
        # a softmax over channels that lie last in memory takes seven times as long
        logits = self._forward(batch).contiguous()
        return logits.softmax(1)[:, 1:]

    def _examples(self) -> Tensor:
        """Slices of the phantom (8, 1, 160, 160): with the scan's own, the choice would hang on which came first."""
        spacing = (2.4, 2.4, 22.0)
        phantom, _ = make_phantom(shape=(8, 160, 160), spacing=spacing)
        context = Context("CT", spacing[:2])
        return torch.stack([self.prepare(s.astype(np.float32), context).image for s in phantom.voxels])


def _dice_of_labels(expected: Tensor, found: Tensor) -> float:
    """Dice of two outputs (B, K, H, W) by their largest channel, pooled over the structures."""
    a, b = expected.argmax(1), found.argmax(1)
    return 2.0 * float(((a == b) & (a > 0)).sum()) / max(1.0, float((a > 0).sum() + (b > 0).sum()))


def open_model(family: str, argument: str, device: torch.device, targets: tuple[str, ...] = ()) -> BundledSegmenter:
    """The bundled model; it takes no argument and has its own targets.

    Parameters
    ----------
    family, argument : str
        "bundled"; what stands behind a colon is not looked at.
    device : torch.device
    targets : tuple of str
        Not used: the model names its structures.

    Returns
    -------
    BundledSegmenter

    Raises
    ------
    WeightsError
        If its weights are missing or damaged.
    """
    return BundledSegmenter(device)
