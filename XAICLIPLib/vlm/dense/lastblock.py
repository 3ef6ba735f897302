"""Three ways to rewrite a vision transformer's last block, so that its tokens say where and not only what.

A CLIP is trained on whole images: the attention of its last block gathers what the class token needs, and a patch ends
up with what others saw. All three leave the other blocks and all weights alone.
"""

from __future__ import annotations

import torch
from torch import Tensor

from XAICLIPLib.vlm.dense.convolution import ModifiedResNet
from XAICLIPLib.vlm.dense.transformer import Transformer


def self_attention(queries: Tensor, keys: Tensor, values: Tensor) -> Tensor:
    """softmax(queries · keysᵀ / √d) · values.

    Parameters
    ----------
    queries, keys, values : Tensor, shape (B, heads, N, d)

    Returns
    -------
    Tensor, shape (B, heads, N, d)
    """
    return torch.nn.functional.scaled_dot_product_attention(queries, keys, values)


def maskclip(tower: Transformer | ModifiedResNet, pixels: Tensor) -> Tensor:
    """MaskCLIP (Zhou, Loy and Dai, ECCV 2022): the last attention uses its values only, each place its own.

    Residual connection and feed-forward network stay. In a ResNet, whose one attention is the pool, the value and
    output projections become convolutions of 1 x 1.

    Parameters
    ----------
    tower : Transformer or ModifiedResNet
    pixels : Tensor, shape (B, 3, H, W)
        Normalised as the model wants it.

    Returns
    -------
    Tensor, shape (B, h, w, E), normalised
    """
    if isinstance(tower, ModifiedResNet):
        return tower.as_map(tower.values(pixels), pixels)
    tokens, block, (_, _, values) = _before_last(tower, pixels)
    tokens = tokens + tower.attended(block, values)
    return _finish(tower, tokens + tower.feed_forward(block, tokens), pixels)


def sclip(tower: Transformer, pixels: Tensor) -> Tensor:
    """SCLIP (Wang, Mei and Yuille, arXiv 2312.01597): attention is softmax(q qᵀ) + softmax(k kᵀ).

    Residual connection and feed-forward network stay; as in the paper, the two are added, not averaged.

    Parameters
    ----------
    tower : Transformer
    pixels : Tensor, shape (B, 3, H, W)
        Normalised as the model wants it.

    Returns
    -------
    Tensor, shape (B, h, w, E), normalised
    """
    tokens, block, (q, k, v) = _before_last(tower, pixels)
    tokens = tokens + tower.attended(block, self_attention(q, q, v) + self_attention(k, k, v))
    return _finish(tower, tokens + tower.feed_forward(block, tokens), pixels)


def clearclip(tower: Transformer, pixels: Tensor) -> Tensor:
    """ClearCLIP (Lan et al., arXiv 2407.12442): attention is softmax(q qᵀ); no residual, no feed-forward network.

    The paper finds the residual connection to be the source of noise.

    Parameters
    ----------
    tower : Transformer
    pixels : Tensor, shape (B, 3, H, W)
        Normalised as the model wants it.

    Returns
    -------
    Tensor, shape (B, h, w, E), normalised
    """
    _, block, (q, _, v) = _before_last(tower, pixels)
    return _finish(tower, tower.attended(block, self_attention(q, q, v)), pixels)


def _before_last(tower: Transformer, pixels: Tensor):
    tokens, block = tower.through(tower.blocks[:-1], tower.enter(pixels)), tower.blocks[-1]
    return tokens, block, tower.qkv(block, tower.normed(block, tokens))


def _finish(tower: Transformer, tokens: Tensor, pixels: Tensor) -> Tensor:
    return tower.as_map(tower.project(tokens[:, tower.prefix :]), pixels)
