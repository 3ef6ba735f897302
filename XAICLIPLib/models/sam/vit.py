"""MedSAM (Ma et al., Nature Communications 2024) and SAM (Kirillov et al., ICCV 2023) with ViT-B, ViT-L or ViT-H."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from XAICLIPLib.models.sam.attention import encode
from XAICLIPLib.models.sam.checkpoint import PromptedNetwork, build_vit, modeling, read_state
from XAICLIPLib.models.sam.segmenter import PromptedSegmenter


def open_model(family: str, argument: str, device: torch.device, targets: tuple[str, ...] = ()) -> PromptedSegmenter:
    """A checkpoint of MedSAM or SAM: `medsam_vit_b.pth`, `sam_vit_b_01ec64.pth`, …, or transformers' `.safetensors`.

    Parameters
    ----------
    family : str
        "medsam" or "sam": the weights have the same shapes, the preprocessing is another.
    argument : str
        Path of the checkpoint. Its shapes say which variant it is.
    device : torch.device
    targets : tuple of str
        The structures that prompts will point at.

    Returns
    -------
    PromptedSegmenter

    Raises
    ------
    MissingPackage
        If `segment_anything` is not installed.
    WeightsError
        If the file is missing, unsafe, or not of this family.
    """
    modeling(family)
    network, size, variant = build_vit(read_state(argument, family), Path(argument).name, family)
    segmenter = PromptedSegmenter(network, _encoded, family, size, device, targets)
    return segmenter.of_file(argument, variant)


def _encoded(network: PromptedNetwork, images: Tensor) -> Tensor:
    return encode(network.image_encoder, images)
