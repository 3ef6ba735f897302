"""GEM: self-self attention over the last blocks, beside the tower's own path."""

from __future__ import annotations

from torch import Tensor
from torch.nn.functional import normalize

from XAICLIPLib.vlm.dense.transformer import Transformer

BLOCKS = 6
ITERATIONS = 1


def cluster(values: Tensor, projected: Tensor, sharpness: Tensor) -> Tensor:
    """Values averaged over the tokens that look alike by a projection of theirs.

    The projection itself is averaged so first, which draws alike tokens together.

    Parameters
    ----------
    values : Tensor, shape (B, heads, N, d)
    projected : Tensor, shape (B, heads, N, d)
        Queries, keys or values; normalised here.
    sharpness : Tensor, broadcast with (B, heads, N, N)
        What cosines are multiplied with before the softmax.

    Returns
    -------
    Tensor, shape (B, heads, N, d)
    """
    projected = normalize(projected, dim=-1)
    for _ in range(ITERATIONS):
        projected = normalize((projected @ projected.transpose(-2, -1) * sharpness).softmax(-1) @ projected, dim=-1)
    return (projected @ projected.transpose(-2, -1) * sharpness).softmax(-1) @ values


def gem(tower: Transformer, pixels: Tensor) -> Tensor:
    """GEM, the Grounding Everything Module (Bousselham et al., CVPR 2024).

    In each of the last six blocks (half of them in a shallow tower) the tokens attend to those that look alike, by
    queries, keys and values in turn; the mean of the three is added to a second path without feed-forward networks,
    while the tower's own path goes on as it always does. The temperature follows the tokens' mean norm.

    Parameters
    ----------
    tower : Transformer
    pixels : Tensor, shape (B, 3, H, W)
        Normalised as the model wants it.

    Returns
    -------
    Tensor, shape (B, h, w, E), normalised
    """
    last = min(BLOCKS, max(1, len(tower.blocks) // 2))
    tokens = ensemble = tower.through(tower.blocks[:-last], tower.enter(pixels))
    for block in tower.blocks[-last:]:
        normed = tower.normed(block, tokens)
        q, k, v = tower.qkv(block, normed)
        sharpness = normed.norm(dim=-1).mean(-1).view(-1, 1, 1, 1) * q.shape[-1] ** -0.5
        ensemble = ensemble + tower.attended(block, sum(cluster(v, x, sharpness) for x in (q, k, v)) / 3)
        tokens = block(tokens)
    return tower.as_map(tower.project(ensemble[:, tower.prefix :]), pixels)
