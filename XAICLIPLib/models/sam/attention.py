"""SAM's image encoder with fused attention: the weights are those of `segment_anything`, the attention is PyTorch's.

SAM adds to each attention score a bias that depends on the query and, decomposed, on the row and the column of the key
(Li et al., MViTv2, CVPR 2022). Written out, queries x keys of a global block at 1024 pixels are 805 MB per image. Here
they never exist as a whole: on a GPU the bias rides along as extra channels of queries and keys, which any flash kernel
takes; elsewhere it is an additive mask for a few queries at a time, small enough to stay in the cache.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

# measured: 256 queries of one head at a time were the fastest, masks of 50 MB took half as long again
MASK_BYTES = 4 * 2**20


def encode(encoder: nn.Module, images: Tensor) -> Tensor:
    """What `segment_anything.modeling.ImageEncoderViT` computes.

    Parameters
    ----------
    encoder : ImageEncoderViT
    images : Tensor, shape (B, 3, S, S)

    Returns
    -------
    Tensor, shape (B, C, S / 16, S / 16)
    """
    x = encoder.patch_embed(images)
    if encoder.pos_embed is not None:
        x = x + encoder.pos_embed
    for block in encoder.blocks:
        x = x + attention(block.attn, block.norm1(x), block.window_size)
        x = x + block.mlp(block.norm2(x))
    return encoder.neck(x.permute(0, 3, 1, 2))


def attention(layer: nn.Module, x: Tensor, window: int = 0) -> Tensor:
    """One attention layer on a grid of tokens (B, H, W, C), in windows of that edge, or global for 0.

    Windows that reach over the edge are padded after the projection to queries, keys and values, with the projection of
    zero: what the tokens of the padding are in the original, without computing them.

    Parameters
    ----------
    layer : segment_anything.modeling.image_encoder.Attention
        Its `rel_pos_h` and `rel_pos_w` may be of another grid: they are interpolated.
    x : Tensor, shape (B, H, W, C)
        Tokens after the block's first normalisation.
    window : int
        Edge of a window, tokens; 0 lets every token attend to all others.

    Returns
    -------
    Tensor, shape (B, H, W, C)
        Projected, not yet added to the block's input.
    """
    count, height, width, channels = x.shape
    qkv = layer.qkv(x)
    edges = (window, window) if window else (height, width)
    rows, columns = -(-height // edges[0]), -(-width // edges[1])
    if (rows * edges[0], columns * edges[1]) != (height, width):
        bias = layer.qkv.bias if layer.qkv.bias is not None else qkv.new_zeros(qkv.shape[-1])
        padded = bias.to(qkv.dtype).expand(count, rows * edges[0], columns * edges[1], -1).clone()
        padded[:, :height, :width] = qkv
        qkv = padded
    # (3, windows, heads, h, w, channels of a head)
    split = (count, rows, edges[0], columns, edges[1], 3, layer.num_heads, channels // layer.num_heads)
    q, k, v = qkv.reshape(split).permute(5, 0, 1, 3, 6, 2, 4, 7).flatten(1, 3).contiguous().unbind(0)
    if layer.use_rel_pos:
        row_bias, column_bias = relative_bias(q, layer.rel_pos_h, layer.rel_pos_w)
        attend = attend_with_channels if q.is_cuda else attend_with_masks
        out = attend(q, k, v, row_bias, column_bias, layer.scale)
    else:
        q, k, v = (t.flatten(2, 3) for t in (q, k, v))
        out = functional.scaled_dot_product_attention(q, k, v, scale=layer.scale)
    joined = out.reshape(count, rows, columns, layer.num_heads, *edges, -1).permute(0, 1, 4, 2, 5, 3, 6)
    joined = joined.reshape(count, rows * edges[0], columns * edges[1], channels)
    return layer.proj(joined[:, :height, :width])


def relative_bias(q: Tensor, rows: Tensor, columns: Tensor) -> tuple[Tensor, Tensor]:
    """The two parts of the bias of each query.

    Parameters
    ----------
    q : Tensor, shape (N, heads, h, w, C)
        Queries, not yet scaled.
    rows, columns : Tensor, shapes (2 h' - 1, C) and (2 w' - 1, C)
        The embedding of each distance between two rows and between two columns.

    Returns
    -------
    Tensor, shape (N, heads, h, w, h)
        By the key's row.
    Tensor, shape (N, heads, h, w, w)
        By the key's column.
    """
    by_row, by_column = (_by_distance(t, n).to(q.dtype) for t, n in zip((rows, columns), q.shape[2:4]))
    row_bias = torch.einsum("nahwc,hkc->nahwk", q, by_row)
    return row_bias.contiguous(), torch.einsum("nahwc,wkc->nahwk", q, by_column).contiguous()


def _by_distance(embedding: Tensor, size: int) -> Tensor:
    """The embedding (2 size' - 1, C) for each pair of positions: (size, size, C)."""
    if len(embedding) != 2 * size - 1:  # made for another grid
        embedding = functional.interpolate(embedding.t()[None], size=2 * size - 1, mode="linear")[0].t()
    places = torch.arange(size, device=embedding.device)
    return embedding[places[:, None] - places[None] + size - 1]


def attend_with_masks(q: Tensor, k: Tensor, v: Tensor, row_bias: Tensor, column_bias: Tensor, scale: float) -> Tensor:
    """Attention with the bias as masks of `MASK_BYTES` per thread, so that queries x keys never exist as a whole.

    Parameters
    ----------
    q, k, v : Tensor, shape (N, heads, h, w, C)
        Queries, not yet scaled, keys and values of N windows; C channels per head.
    row_bias : Tensor, shape (N, heads, h, w, h)
        Of each query, by the key's row, see `relative_bias`.
    column_bias : Tensor, shape (N, heads, h, w, w)
        Of each query, by the key's column.
    scale : float
        What the product of query and key is multiplied by.

    Returns
    -------
    Tensor, shape (N, heads, h w, C)
    """
    count, heads, height, width, channels = q.shape
    keys = height * width
    grids = [t.reshape(count * heads, *t.shape[2:]) for t in (q, row_bias, column_bias)]
    k, v = (t.reshape(count * heads, keys, channels) for t in (k, v))
    row_bytes = width * keys * q.element_size()
    lines = max(1, min(height, MASK_BYTES // row_bytes))
    together = max(1, torch.get_num_threads() * MASK_BYTES // (row_bytes * lines))
    out = torch.empty_like(v)
    for first in range(0, count * heads, together):
        some = slice(first, first + together)
        for top in range(0, height, lines):
            queries, by_row, by_column = (t[some, top : top + lines] for t in grids)
            mask = (by_row[..., :, None] + by_column[..., None, :]).reshape(len(queries), -1, keys)
            out[some, top * width : (top + lines) * width] = functional.scaled_dot_product_attention(
                queries.flatten(1, 2)[:, None], k[some, None], v[some, None], attn_mask=mask[:, None], scale=scale
            )[:, 0]
    return out.view(count, heads, keys, channels)


def attend_with_channels(
    q: Tensor, k: Tensor, v: Tensor, row_bias: Tensor, column_bias: Tensor, scale: float
) -> Tensor:
    """What `attend_with_masks` computes, without any mask: the query carries its h + w biases, the key says by ones
    which two of them it takes.

    Exact, for q'k' = scale qk + row_bias[row of k] + column_bias[column of k]; flash kernels want all three of one
    width, so v is padded with zeros.

    Parameters
    ----------
    q, k, v : Tensor, shape (N, heads, h, w, C)
        Queries, not yet scaled, keys and values of N windows; C channels per head.
    row_bias : Tensor, shape (N, heads, h, w, h)
        Of each query, by the key's row, see `relative_bias`.
    column_bias : Tensor, shape (N, heads, h, w, w)
        Of each query, by the key's column.
    scale : float
        What the product of query and key is multiplied by.

    Returns
    -------
    Tensor, shape (N, heads, h w, C)
    """
    count, heads, height, width, channels = q.shape
    rows = torch.eye(height, dtype=q.dtype, device=q.device).repeat_interleave(width, 0)
    columns = torch.eye(width, dtype=q.dtype, device=q.device).repeat(height, 1)
    spare = -(channels + height + width) % 8  # the kernels' granularity
    chosen = functional.pad(torch.cat([rows, columns], 1), (0, spare)).expand(count, heads, -1, -1)
    q = functional.pad(torch.cat([q * scale, row_bias, column_bias], -1).flatten(2, 3), (0, spare))
    k = torch.cat([k.flatten(2, 3), chosen], -1)
    v = functional.pad(v.flatten(2, 3), (0, q.shape[-1] - channels))
    return functional.scaled_dot_product_attention(q, k, v, scale=1.0)[..., :channels]
