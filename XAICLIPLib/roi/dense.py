"""From an open_clip image tower to one embedding per patch of the image."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from XAICLIPLib.errors import ModelError


def patch_embeddings(visual: nn.Module, image: Tensor) -> Tensor:
    """Patch tokens of the last layer in the space of the text embeddings, normalised.

    Parameters
    ----------
    visual : nn.Module
        The image tower of an open_clip model: its own ``VisionTransformer``, or a timm network that keeps its
        places (ViT or convolutional).
    image : Tensor, shape (B, 3, H, W)
        Normalised as the model wants it.

    Returns
    -------
    Tensor, shape (B, h, w, D)

    Raises
    ------
    ModelError
        If the tower has no patch tokens.
    """
    if hasattr(visual, "trunk"):
        tokens, grid = _timm_tokens(visual, image)
    elif hasattr(visual, "output_tokens") and hasattr(visual, "proj"):
        tokens, grid = _open_clip_tokens(visual, image)
    else:
        raise ModelError(
            f"the image tower {type(visual).__name__} has no patch tokens to compare with a text; "
            "use a model with a vision transformer"
        )
    return nn.functional.normalize(tokens, dim=-1).unflatten(1, grid)


def _open_clip_tokens(visual: nn.Module, image: Tensor) -> tuple[Tensor, tuple[int, int]]:
    visual.output_tokens = True
    _, tokens = visual(image)
    # open_clip projects the pooled token alone; the patches go through the same matrix here
    return tokens if visual.proj is None else tokens @ visual.proj, tuple(visual.grid_size)


def _timm_tokens(visual: nn.Module, image: Tensor) -> tuple[Tensor, tuple[int, int]]:
    features = visual.trunk.forward_features(image)
    if features.dim() == 4:
        grid = tuple(features.shape[-2:])
        tokens = features.flatten(2).transpose(1, 2)
    else:
        grid = tuple(visual.trunk.patch_embed.grid_size)
        tokens = features[:, visual.trunk.num_prefix_tokens :]
    if any(
        not isinstance(layer, (nn.Linear, nn.Dropout, nn.Identity, nn.Sequential)) for layer in visual.head.children()
    ):
        raise ModelError("this image tower pools before its projection; it has no patch tokens in the text's space")
    return visual.head(tokens), grid


def similarity(patches: Tensor, texts: Tensor, scale: float) -> Tensor:
    """Scaled cosine of every patch (h, w, D) with every text (P, D), both normalised: (P, h, w)."""
    return scale * torch.einsum("hwd,pd->phw", patches, texts)
