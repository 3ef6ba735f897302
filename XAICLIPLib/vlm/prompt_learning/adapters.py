"""MediCLIP's decoder: features from several depths of a frozen image tower, brought to the texts by 1x1 layers."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from XAICLIPLib.errors import ModelError
from XAICLIPLib.vlm.dense.convolution import FeatureMap
from XAICLIPLib.vlm.dense.tower import Tower
from XAICLIPLib.vlm.dense.transformer import Transformer

SHARES = (1 / 2, 3 / 4, 1)  # of a transformer's blocks: MediCLIP's layers 12, 18 and 24 of 24


@torch.no_grad()
def depths(tower: Tower, pixels: Tensor) -> list[Tensor]:
    """Features of images at several depths: blocks of a transformer, stages of a convolutional network.

    Parameters
    ----------
    tower : Tower
    pixels : Tensor, shape (B, 3, H, W)
        Normalised as the model wants it.

    Returns
    -------
    list of Tensor, shape (B, h, w, C)
        Each with its own grid and channels.

    Raises
    ------
    ModelError
        If nothing is known of the tower's inside.
    """
    if isinstance(tower, Transformer):
        return tower.depths(pixels, [max(1, round(share * len(tower.blocks))) for share in SHARES])
    stages = getattr(tower.trunk, "stages", None) if isinstance(tower, FeatureMap) else None
    if stages is None:
        raise ModelError(
            f"the image tower {type(tower.visual).__name__} shows no depths that adapters could be put on; "
            "learn without adapters"
        )
    outputs: list[Tensor] = []
    handles = [stage.register_forward_hook(lambda module, given, out: outputs.append(out)) for stage in stages]
    try:
        tower.trunk.forward_features(pixels)
    finally:
        for handle in handles:
            handle.remove()
    if getattr(tower.trunk, "output_fmt", "NCHW") == "NHWC":
        return outputs
    return [features.permute(0, 2, 3, 1) for features in outputs]


class Adapters(nn.ModuleList):
    """One linear layer per depth, the same at every place: a 1x1 convolution into the space of the texts.

    MediCLIP (Zhang et al., MICCAI 2024, arXiv 2405.11315): the image tower stays as it is, and features that its last
    layer has mixed up are used from where they are still sharp.

    Parameters
    ----------
    channels : sequence of int
        Of each depth.
    dimensions : int
        Of the texts.
    """

    def __init__(self, channels: Sequence[int], dimensions: int) -> None:
        super().__init__(nn.Linear(count, dimensions, bias=False) for count in channels)

    def forward(self, features: Sequence[Tensor]) -> list[Tensor]:
        """Features of every depth as embeddings in the space of the texts.

        Parameters
        ----------
        features : sequence of Tensor, shape (B, h, w, C)
            One per depth, each with its own grid and channels.

        Returns
        -------
        list of Tensor, shape (B, h, w, E)
            Normalised.
        """
        return [nn.functional.normalize(layer(x), dim=-1) for layer, x in zip(self, features)]
