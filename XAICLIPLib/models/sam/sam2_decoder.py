"""SAM 2's mask decoder for a batch of images, each with the same prompts."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

_BEFORE = 2  # tokens before those of the masks: whether there is anything, and the predicted quality


@dataclass(frozen=True, eq=False)
class AllMasks:
    """What the decoder says of K prompts in B images.

    Attributes
    ----------
    logits : Tensor, shape (B, K, M, m, m)
        Of the M masks that were asked for.
    quality : Tensor, shape (B, K, 4)
        Higher for a mask that is expected to overlap better; only their order means something.
    presence : Tensor, shape (B, K)
        Above 0 where there is something at the prompt.
    """

    logits: Tensor
    quality: Tensor
    presence: Tensor


def decode(
    decoder: nn.Module,
    embeddings: tuple[Tensor, ...],
    tokens: Tensor,
    no_mask: Tensor,
    positions: Tensor,
    masks: list[int] | None,
) -> AllMasks:
    """The masks of every prompt in every image.

    Parameters
    ----------
    decoder : MaskDecoder
        That of `segment_anything`, with what SAM 2 has beside it.
    embeddings : tuple of 3 Tensors, shape (B, C, g, g), (B, C / 4, 2 g, 2 g) and (B, C / 8, 4 g, 4 g)
        Of the images, and two finer levels.
    tokens : Tensor, shape (K, N, C)
        K prompts of N tokens each.
    no_mask : Tensor, shape (1, C, 1, 1)
        The prompt encoder's embedding of "no mask given".
    positions : Tensor, shape (1, C, g, g)
        Its encoding of the places of the grid.
    masks : list of int, optional
        Which one of the four is wanted of each prompt; all without it.

    Returns
    -------
    AllMasks
    """
    coarse, finer, finest = embeddings
    images, prompts = len(coarse), len(tokens)
    own = torch.cat([decoder.obj_score_token.weight, decoder.iou_token.weight, decoder.mask_tokens.weight])
    queries = torch.cat([own.expand(prompts, -1, -1), tokens], 1).repeat(images, 1, 1)
    found, places = decoder.transformer((coarse + no_mask).repeat_interleave(prompts, 0), positions, queries)
    places = places.transpose(1, 2).reshape(images * prompts, -1, *coarse.shape[2:])
    first, norm, activation, second, last = decoder.output_upscaling
    features = activation(norm(first(places) + finer.repeat_interleave(prompts, 0)))
    features = last(second(features) + finest.repeat_interleave(prompts, 0))
    found = found.view(images, prompts, *found.shape[1:])
    networks = decoder.output_hypernetworks_mlps
    if masks is None:
        weights = torch.stack([networks[m](found[:, :, _BEFORE + m]) for m in range(len(networks))], 2)
    else:
        weights = torch.stack([networks[m](found[:, k, _BEFORE + m]) for k, m in enumerate(masks)], 1)[:, :, None]
    logits = torch.bmm(weights.flatten(0, 1), features.flatten(2))
    return AllMasks(
        logits.view(images, prompts, -1, *features.shape[2:]),
        decoder.iou_prediction_head(found[:, :, 1]),
        decoder.pred_obj_score_head(found[:, :, 0])[..., 0],
    )
