"""Grad-ECLIP: which patches' values move the class token towards a text."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import normalize, relu

from XAICLIPLib.vlm.dense.transformer import Transformer


def gradeclip(tower: Transformer, pixels: Tensor, texts: Tensor) -> Tensor:
    """Grad-ECLIP (Zhao et al., ICML 2024): gradient-weighted values of the last block.

    The similarity of image and text is differentiated with respect to what the class token's attention gathered. A
    patch is as relevant as its value points along that gradient, weighted by how much the class token's query agrees
    with its key. For that weight the paper loosens the attention: the cosine, from its lowest to its highest value,
    instead of a softmax that leaves all but a few patches at zero.

    Parameters
    ----------
    tower : Transformer
        One with a class token.
    pixels : Tensor, shape (3, H, W)
    texts : Tensor, shape (P, E)
        Directions to explain; all share one forward pass.

    Returns
    -------
    Tensor, shape (P, h, w)
        Not negative; in no unit.
    """
    pixels, texts = pixels[None].clone(), texts.clone()
    block = tower.blocks[-1]
    with torch.no_grad():
        tokens = tower.through(tower.blocks[:-1], tower.enter(pixels))
        q, k, v = tower.qkv(block, tower.normed(block, tokens))
        gathered = torch.nn.functional.scaled_dot_product_attention(q[:, :, :1], k, v)
        cosine = (_joined(q[:, :, :1]) * _joined(k[:, :, tower.prefix :])).sum(-1)[0]
        loosened = (cosine - cosine.min()) / (cosine.max() - cosine.min()).clamp_min(1e-12)
    with torch.enable_grad():
        gathered.requires_grad_()
        first = tokens[:, :1] + tower.attended(block, gathered)
        first = first + tower.feed_forward(block, first)
        scores = texts @ normalize(tower.project(first)[0, 0], dim=0)
        gradients = [torch.autograd.grad(score, gathered, retain_graph=True)[0] for score in scores]
    # (P, heads, 1, d) against the values (1, heads, N, d)
    along = (torch.cat(gradients) * v[:, :, tower.prefix :]).sum((1, 3))
    return (relu(along) * loosened).unflatten(1, tower.shape(pixels))


def _joined(heads: Tensor) -> Tensor:
    """Heads (B, heads, N, d) side by side and normalised, (B, N, D)."""
    return normalize(heads.transpose(1, 2).flatten(2), dim=-1)
