"""Sliding windows: the whole tower on crops of several sizes; for every CLIP there is."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import interpolate, normalize

from XAICLIPLib.roi.dense.tower import Tower

SCALES = (1, 2, 4)
"""Crops per edge of the image, without overlap; they are laid half over each other."""
CELLS = 2 * max(SCALES)
CROPS_AT_ONCE = 16


def window(tower: Tower, canvas: Tensor) -> Tensor:
    """Image embeddings of crops, averaged at every place over the crops that cover it.

    What a CLIP was trained for is the embedding of a whole image; a crop is one. Crops of the whole, a half and a
    quarter of the edge overlap by half: 59 forward passes, in batches. No paper is behind it: it is how a classifier
    was made to localise before there were feature maps.

    Parameters
    ----------
    tower : Tower
    canvas : Tensor, shape (B, 3, S, S)
        Images at the resolution of the smallest crop, S = 4 · `tower.size`, so that it is not blown up.

    Returns
    -------
    Tensor, shape (B, 8, 8, E)
        Means of normalised embeddings, not normalised again: their product with a text is the mean similarity of
        the crops.
    """
    total, count = 0.0, torch.zeros(CELLS, CELLS, device=canvas.device)
    for scale in SCALES:
        edge, cells = canvas.shape[-1] // scale, CELLS // scale
        corners = [(i, j) for i in range(2 * scale - 1) for j in range(2 * scale - 1)]
        crops = torch.stack([canvas[..., i * edge // 2 :, j * edge // 2 :][..., :edge, :edge] for i, j in corners], 1)
        small = interpolate(crops.flatten(0, 1), (tower.size, tower.size), mode="bilinear", antialias=True)
        found = torch.cat([tower.image(some) for some in small.split(CROPS_AT_ONCE)])
        found = normalize(found, dim=-1).unflatten(0, (len(canvas), len(corners)))
        if scale == SCALES[0]:
            total = torch.zeros(len(canvas), CELLS, CELLS, found.shape[-1], device=canvas.device)
        for (i, j), embedding in zip(corners, found.unbind(1)):
            rows, columns = (slice(n * cells // 2, n * cells // 2 + cells) for n in (i, j))
            total[:, rows, columns] += embedding[:, None, None]
            count[rows, columns] += 1
    return total / count[..., None]
