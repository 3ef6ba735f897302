"""What gradients say about the same questions, through Captum: the peers that a perturbation map is held against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from XAICLIPLib.attribution.fill import make_fill
from XAICLIPLib.errors import MissingPackage
from XAICLIPLib.metrics.planted.case import Planted

GRADIENTS = ("input gradient", "integrated gradients", "Grad-CAM", "Captum occlusion")
STEPS = 32  # of integrated gradients


def gradient_maps(planted: Planted, fill: str, patch: int, stride: int) -> dict[str, np.ndarray]:
    """The maps of Captum for the mean probability of what is asked about.

    Parameters
    ----------
    planted : Planted
    fill : str
        The baseline of integrated gradients and of Captum's occlusion, see `make_fill`.
    patch, stride : int
        Of Captum's occlusion, pixels.

    Returns
    -------
    dict of str to ndarray, shape (H, W)
        By the names in `GRADIENTS`; Grad-CAM for networks alone, from the deepest convolution (Vinogradova et al., AAAI
        2020). Input gradients and integrated gradients are sizes, without a sign.

    Raises
    ------
    MissingPackage
        Without Captum.
    """
    captum = _captum()
    image = torch.from_numpy(planted.image)[None]
    baseline = make_fill(image[0], fill, torch.from_numpy(planted.region), 0)[None]
    ask = _question(planted)
    slope = captum.Saliency(ask).attribute(image.clone().requires_grad_(), abs=True)
    paths = captum.IntegratedGradients(ask).attribute(
        image, baselines=baseline, n_steps=STEPS, internal_batch_size=STEPS
    )
    with torch.no_grad():
        hidden = captum.Occlusion(ask).attribute(
            image, (1, patch, patch), (1, stride, stride), baselines=baseline, perturbations_per_eval=32
        )
    maps = {"input gradient": slope, "integrated gradients": paths.abs(), "Captum occlusion": hidden}
    if planted.network is not None:
        layer = planted.network.deepest
        small = captum.LayerGradCam(ask, layer).attribute(image, relu_attributions=True)
        maps["Grad-CAM"] = functional.interpolate(small, image.shape[2:], mode="bilinear", align_corners=False)
    return {name: values[0].detach().sum(0).numpy() for name, values in maps.items()}


def _captum() -> Any:
    try:
        from captum import attr
    except ImportError as error:
        raise MissingPackage("the comparison with gradients", "captum", "test") from error
    return attr


def _question(planted: Planted) -> Callable[[Tensor], Tensor]:
    """The mean probability, over what is asked about, as a function of the image."""
    if isinstance(planted.where, str):
        with torch.no_grad():
            where = planted.predict(torch.from_numpy(planted.image)[None])[0, 0] > 0.5
    else:
        where = torch.from_numpy(planted.where)
    model = planted.predict if planted.network is None else planted.network

    def ask(batch: Tensor) -> Tensor:
        return (model(batch)[:, 0] * where).sum((1, 2)) / where.sum()

    return ask
