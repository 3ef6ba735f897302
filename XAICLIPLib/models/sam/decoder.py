"""SAM's prompt encoder and mask decoder for a batch of images, each with the same prompts."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from XAICLIPLib.models.base import Prompt
from XAICLIPLib.models.sam.prepare import Recipe, Square


def prompt_tokens(encoder: nn.Module, prompt: Prompt, recipe: Recipe, square: Square, device: torch.device) -> Tensor:
    """The embedding of one prompt; its coordinates are scaled as the family's own program scales them.

    Parameters
    ----------
    encoder : segment_anything.modeling.PromptEncoder
    prompt : Prompt
        In slice pixels; with a box, points, or both.
    recipe : Recipe
        The family's: how it brings a box into the square.
    square : Square
        Where the slice lies in the network's image.
    device : torch.device
        The encoder's.

    Returns
    -------
    Tensor, shape (tokens, C)
        Two tokens for a box and one for each point; points without a box have one more, SAM's padding.
    """
    boxes = points = None
    if prompt.box is not None:
        boxes = torch.tensor([recipe.box(prompt.box, square)], device=device)
    if prompt.points:
        down, across = square.scale
        places = torch.tensor([[(x * across, y * down) for x, y, _ in prompt.points]], device=device)
        points = (places, torch.tensor([[inside for *_, inside in prompt.points]], device=device))
    return encoder(points=points, boxes=boxes, masks=None)[0][0]


def decode(decoder: nn.Module, embeddings: Tensor, tokens: Tensor, no_mask: Tensor, positions: Tensor) -> Tensor:
    """The mask of every prompt in every image.

    The modules are those of `segment_anything.modeling.MaskDecoder`, called once for all pairs; its own `forward`
    repeats the embeddings of B images B times and fails for more than one. The mask is that of its first token, the
    one it answers with where a single mask is asked for: choosing among the others by their predicted quality would
    let a perturbation change which mask is looked at.

    Parameters
    ----------
    decoder : MaskDecoder
    embeddings : Tensor, shape (B, C, g, g)
    tokens : Tensor, shape (K, N, C)
        K prompts of N tokens each.
    no_mask : Tensor, shape (1, C, 1, 1)
        The prompt encoder's embedding of "no mask given".
    positions : Tensor, shape (1, C, g, g)
        Its encoding of the places of the grid.

    Returns
    -------
    Tensor, shape (B, K, 4 g, 4 g)
        Logits.
    """
    images, prompts = len(embeddings), len(tokens)
    own = torch.cat([decoder.iou_token.weight, decoder.mask_tokens.weight])
    queries = torch.cat([own.expand(prompts, -1, -1), tokens], 1).repeat(images, 1, 1)
    places = (embeddings + no_mask).repeat_interleave(prompts, 0)
    found, places = decoder.transformer(places, positions, queries)
    places = places.transpose(1, 2).reshape(images * prompts, -1, *embeddings.shape[2:])
    features = decoder.output_upscaling(places)
    weights = decoder.output_hypernetworks_mlps[0](found[:, 1])
    logits = torch.bmm(weights[:, None], features.flatten(2))
    return logits.view(images, prompts, *features.shape[2:])
