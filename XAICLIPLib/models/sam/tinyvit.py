"""LiteMedSAM (Ma et al., CVPR 2024 challenge) and MobileSAM (Zhang et al., 2023): SAM's decoder on a TinyViT."""

from __future__ import annotations

from collections.abc import Mapping
from math import isqrt
from pathlib import Path

import torch
from torch import Tensor

from XAICLIPLib.errors import WeightsError
from XAICLIPLib.models.sam.checkpoint import (
    ENCODER,
    TITLES,
    PromptedNetwork,
    count_of,
    filled,
    modeling,
    prompt_modules,
    read_state,
)
from XAICLIPLib.models.sam.segmenter import PromptedSegmenter
from XAICLIPLib.models.sam.tinyvit_network import MERGING_STRIDES, TinyVit, TinyVitShape

SIZES = {"litemedsam": 256, "mobilesam": 1024}
# the head of the classifier that a TinyViT was before, and tables that follow from the window
LEFT_OVER = ("norm_head.weight", "norm_head.bias", "head.weight", "head.bias", "attention_bias_idxs", ".ab")


def shape_of(state: Mapping[str, Tensor]) -> TinyVitShape:
    """The TinyViT that these weights belong to.

    Parameters
    ----------
    state : mapping of str to Tensor
        Under the checkpoint's names, of which the shapes are looked at.

    Returns
    -------
    TinyVitShape

    Raises
    ------
    KeyError
        If one that tells is missing.
    """
    stages = range(len(MERGING_STRIDES) + 1)
    layer = ENCODER + "layers.{}."
    biases = [state[layer.format(i) + "blocks.0.attn.attention_biases"] for i in stages[1:]]
    first = state[layer.format(0) + "blocks.0.conv1.c.weight"]
    widths = [first.shape[1], *(state[layer.format(i) + "blocks.0.attn.proj.weight"].shape[0] for i in stages[1:])]
    return TinyVitShape(
        widths=tuple(widths),
        depths=tuple(count_of(state, rf"image_encoder\.layers\.{i}\.blocks\.(\d+)\.") for i in stages),
        heads=tuple(len(bias) for bias in biases),
        windows=tuple(isqrt(bias.shape[1]) for bias in biases),
        expansion=first.shape[0] // first.shape[1],
        out=state[f"{ENCODER}neck.0.weight"].shape[0],
        pixel_stem=state[f"{ENCODER}patch_embed.seq.0.c.weight"].shape[-1] == 1,
    )


def open_model(family: str, argument: str, device: torch.device, targets: tuple[str, ...] = ()) -> PromptedSegmenter:
    """A checkpoint of LiteMedSAM (`lite_medsam.pth`) or MobileSAM (`mobile_sam.pt`).

    Parameters
    ----------
    family : str
        "litemedsam" or "mobilesam".
    argument : str
        Path of the checkpoint.
    device : torch.device
    targets : tuple of str
        The structures that prompts will point at.

    Returns
    -------
    PromptedSegmenter

    Raises
    ------
    MissingPackage
        If `segment_anything`, which has the decoder, is not installed.
    WeightsError
        If the file is missing, unsafe, or not of this family.
    """
    modeling(family)
    name, size = Path(argument).name, SIZES[family]
    state = {k: v for k, v in read_state(argument, family).items() if not k.endswith(LEFT_OVER)}
    try:
        shape = shape_of(state)
        with torch.device("meta"):
            network = PromptedNetwork(TinyVit(shape), *prompt_modules(state, family, size // shape.stride, size))
    except (KeyError, IndexError) as error:
        raise WeightsError(f"{name} is no whole checkpoint of {TITLES[family]}: it lacks {error}") from error
    network = filled(network, state, name, family)
    network.image_encoder.fold()
    segmenter = PromptedSegmenter(network, _encoded, family, size, device, targets)
    return segmenter.of_file(argument, f"TinyViT of widths {'/'.join(map(str, shape.widths))}")


def _encoded(network: PromptedNetwork, images: Tensor) -> Tensor:
    return network.image_encoder(images)
