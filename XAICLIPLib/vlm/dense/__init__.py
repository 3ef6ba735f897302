"""From an image tower to a map of what words are where: eight strategies behind one call.

All but two give every place of a grid an embedding in the space of the texts, once per image and for any text
(`embeddings`); `gradeclip` and `m2ib` explain the match of an image with one text (`relevance`).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from XAICLIPLib.errors import ModelError
from XAICLIPLib.vlm.dense.convolution import FeatureMap, ModifiedResNet
from XAICLIPLib.vlm.dense.gem import gem
from XAICLIPLib.vlm.dense.gradeclip import gradeclip
from XAICLIPLib.vlm.dense.lastblock import clearclip, maskclip, sclip
from XAICLIPLib.vlm.dense.m2ib import m2ib
from XAICLIPLib.vlm.dense.sliding_window import SCALES, sliding_window
from XAICLIPLib.vlm.dense.tower import Tower, patch
from XAICLIPLib.vlm.dense.transformer_openclip import OpenClipTransformer
from XAICLIPLib.vlm.dense.transformer_timm import TimmTokens, TimmTransformer

STRATEGIES = {
    "patch": "the patches of the last layer as they are",
    "maskclip": "the last attention keeps its values only (MaskCLIP, ECCV 2022)",
    "clearclip": "self-self attention in the last block, no residual, no feed-forward (ClearCLIP, ECCV 2024)",
    "sclip": "the last attention compares queries with queries and keys with keys (SCLIP, arXiv 2312.01597)",
    "gem": "self-self attention over the last six blocks (GEM, CVPR 2024)",
    "gradeclip": "values of the last block, weighted by the gradient of the match (Grad-ECLIP, ICML 2024)",
    "m2ib": "the information that must be kept for the match (M2IB, NeurIPS 2023); slow",
    "window": "the whole tower on crops of three sizes; works for every model, coarse and slow",
}
"""What there is, in words. Which of them a tower has: `strategies_of`."""

ZOOM = {"window": max(SCALES)}
"""Strategies that want the image at a multiple of the size that their map is for."""

_EMBED = {
    "patch": patch,
    "maskclip": maskclip,
    "clearclip": clearclip,
    "sclip": sclip,
    "gem": gem,
    "window": sliding_window,
}
_EXPLAIN = {"gradeclip": gradeclip, "m2ib": m2ib}
GRADIENT = tuple(_EXPLAIN)
"""Strategies that need the text together with the image."""


def open_tower(visual: nn.Module) -> Tower:
    """What can be done with an image tower, whatever it is; nothing in it is changed.

    Parameters
    ----------
    visual : nn.Module
        ``model.visual`` of an open_clip model.

    Returns
    -------
    Tower
        Of the class that knows most about it.
    """
    if hasattr(visual, "trunk"):
        if hasattr(visual.head, "pool"):
            return Tower(visual)  # a learned pool in front of the projection: no place stands alone
        if TimmTransformer.fits(visual):
            return TimmTransformer(visual)
        if hasattr(visual.trunk, "num_prefix_tokens") and hasattr(visual.trunk, "patch_embed"):
            return TimmTokens(visual)
        return FeatureMap(visual) if getattr(visual.trunk, "feature_info", None) else Tower(visual)
    for kind in (OpenClipTransformer, ModifiedResNet):
        if kind.fits(visual):
            return kind(visual)
    return Tower(visual)


def strategies_of(tower: Tower) -> tuple[str, ...]:
    """The strategies that an image tower has.

    Parameters
    ----------
    tower : Tower

    Returns
    -------
    tuple of str
        In the order of `STRATEGIES`.
    """
    return tuple(name for name in STRATEGIES if name in tower.strategies)


def choose(tower: Tower, strategy: str = "auto") -> str:
    """The strategy of a name, if the tower has it.

    Parameters
    ----------
    tower : Tower
    strategy : str
        A key of `STRATEGIES`, or "auto" for the tower's default.

    Returns
    -------
    str
        A key of `STRATEGIES`.

    Raises
    ------
    ModelError
        If there is no such strategy, or the tower does not have it.
    """
    if strategy == "auto":
        return tower.strategies[0]
    if strategy not in STRATEGIES:
        raise ModelError(f"there is no strategy {strategy!r}; choose auto, {', '.join(STRATEGIES)}")
    if strategy not in tower.strategies:
        raise ModelError(
            f"the image tower {_name(tower.visual)} can't do {strategy!r}: {tower.lacks}; "
            f"choose auto, {', '.join(strategies_of(tower))}"
        )
    return strategy


@torch.no_grad()
def embeddings(tower: Tower, pixels: Tensor, strategy: str) -> Tensor:
    """An embedding for every place of a grid.

    Parameters
    ----------
    tower : Tower
    pixels : Tensor, shape (B, 3, H, W)
        Normalised as the model wants it; for "window" at ``ZOOM["window"]`` times the edge.
    strategy : str
        One of the tower's, and none of `GRADIENT`.

    Returns
    -------
    Tensor, shape (B, h, w, E)
        Its product with a normalised text is a cosine, for "window" a mean of cosines.
    """
    return _EMBED[choose(tower, strategy)](tower, pixels)


def relevance(tower: Tower, pixels: Tensor, texts: Tensor, strategy: str) -> Tensor:
    """How much every place of one image matters for its match with each text.

    Parameters
    ----------
    tower : Tower
    pixels : Tensor, shape (3, H, W)
        Normalised as the model wants it.
    texts : Tensor, shape (P, E)
    strategy : str
        One of `GRADIENT`.

    Returns
    -------
    Tensor, shape (P, h, w)
        In a unit of its own: only the order of its values has a meaning.
    """
    with torch.inference_mode(False):  # a caller's inference mode would leave nothing to differentiate
        return _EXPLAIN[choose(tower, strategy)](tower, pixels, texts)


def _name(visual: nn.Module) -> str:
    return type(getattr(visual, "trunk", visual)).__name__
