"""Sliding windows: the whole tower on crops of several sizes; for every CLIP there is."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import interpolate, normalize

from XAICLIPLib.vlm.dense.tower import Tower

SCALES = (1, 2, 4)
"""Crops per edge of the image, without overlap; they are laid half over each other."""
FEWEST_CELLS = 2 * max(SCALES)
"""Cells per edge of the map where the tower has a coarser grid or none: half a crop of the smallest size."""
CROPS_AT_ONCE = 16


def sliding_window(tower: Tower, canvas: Tensor) -> Tensor:
    """Image embeddings of crops, averaged at every place over the crops that cover it.

    What a CLIP was trained for is the embedding of a whole image; a crop is one. Crops of the whole, a half and a
    quarter of the edge overlap by half: 59 forward passes, in batches. No paper is behind it: it is how a classifier
    was made to localise before there were feature maps.

    Parameters
    ----------
    tower : Tower
    canvas : Tensor, shape (B, 3, 4 · S, 4 · S)
        Images of edge S at the resolution of the smallest crop, so that with the tower's own S it is not blown up.

    Returns
    -------
    Tensor, shape (B, n, n, E)
        On the grid that the tower has for images of edge S, but of 8 cells at least; a larger S gives a finer grid, and
        no other crops. Means of normalised embeddings, not normalised again: their product with a text is the mean
        similarity of the crops.
    """
    cells = max(FEWEST_CELLS, canvas.shape[-1] // max(SCALES) // tower.patch)
    total, weight = 0.0, 0.0
    for scale in SCALES:
        edge, count = canvas.shape[-1] // scale, 2 * scale - 1
        crops = [
            canvas[..., i * edge // 2 :, j * edge // 2 :][..., :edge, :edge] for i in range(count) for j in range(count)
        ]
        small = interpolate(
            torch.stack(crops, 1).flatten(0, 1), (tower.size, tower.size), mode="bilinear", antialias=True
        )
        embeddings = torch.cat([tower.image(chunk) for chunk in small.split(CROPS_AT_ONCE)])
        embeddings = normalize(embeddings, dim=-1).unflatten(0, (len(canvas), count, count))
        covers = covered(scale, cells).to(embeddings)
        total = total + torch.einsum("ri,cj,brce->bije", covers, covers, embeddings)
        weight = weight + torch.outer(covers.sum(0), covers.sum(0))
    return total / weight[..., None]


def covered(scale: int, cells: int) -> Tensor:
    """The share of each cell of an edge that each crop of a scale covers.

    Crops of 1 / scale of the edge start half a crop apart.

    Parameters
    ----------
    scale : int
        Crops per edge without overlap.
    cells : int
        Cells per edge of the map.

    Returns
    -------
    Tensor, shape (2 · scale − 1, cells)
        In [0, 1].
    """
    start, cell = torch.arange(2 * scale - 1)[:, None] / (2 * scale), torch.arange(cells) / cells
    end = torch.minimum(start + 1 / scale, cell + 1 / cells)
    return ((end - torch.maximum(start, cell)) * cells).clamp(0, 1)
