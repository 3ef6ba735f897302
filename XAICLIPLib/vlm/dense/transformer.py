"""Vision transformers opened up: tokens, blocks, queries, keys and values, whoever built them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from XAICLIPLib.vlm.dense.tower import Grid

BLOCKS = ("maskclip", "clearclip", "sclip", "gem", "patch")
BOTTLENECK = 7 / 12  # M2IB's layer 7 of 12


class Transformer(Grid):
    """A vision transformer of pre-norm blocks with plain self-attention.

    `blocks` and the methods below are all that the strategies use; tokens are (B, N, D), the first `prefix` of which
    (class and register tokens) are no places.

    Larger images than the tower was made for get its position embeddings interpolated (bicubic, Dosovitskiy et al.,
    ICLR 2021) on the way; the tower itself is left as it is.
    """

    blocks: Sequence[nn.Module]
    prefix: int
    resizable = True

    def _offer(self, class_token: bool) -> None:
        """The strategies of a transformer with or without a class token.

        No weights of a medical transformer are at hand to measure with, so the default follows what is published:
        ClearCLIP (arXiv 2407.12442) reports better maps than the training-free methods before it on eight benchmarks
        and several backbones, at the cost of `patch`. The only medical evidence is M2IB's (MedCLIP-SAMv2, arXiv
        2409.19483, on a fine-tuned BiomedCLIP), which takes a hundred passes per text. Without a class token
        ClearCLIP's premise was not tested, and the patches are taken as they are.
        """
        if class_token:
            self.strategies = ("clearclip", *(n for n in BLOCKS if n != "clearclip"), "gradeclip", "m2ib", "window")
            self.lacks = ""
        else:
            self.strategies = ("patch", *(n for n in BLOCKS if n != "patch"), "m2ib", "window")
            self.lacks = "it has no class token whose attention could be explained"

    def enter(self, pixels: Tensor) -> Tensor:
        """The tokens that the first block gets.

        Parameters
        ----------
        pixels : Tensor, shape (B, 3, H, W)
            Normalised as the model wants it.

        Returns
        -------
        Tensor, shape (B, N, D)

        Raises
        ------
        NotImplementedError
            In this base class.
        """
        raise NotImplementedError

    def normed(self, block: nn.Module, tokens: Tensor) -> Tensor:
        """Tokens as the block's attention gets them.

        Parameters
        ----------
        block : nn.Module
        tokens : Tensor, shape (B, N, D)

        Returns
        -------
        Tensor, shape (B, N, D)

        Raises
        ------
        NotImplementedError
            In this base class.
        """
        raise NotImplementedError

    def qkv(self, block: nn.Module, normed: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values of normed tokens.

        Parameters
        ----------
        block : nn.Module
        normed : Tensor, shape (B, N, D)

        Returns
        -------
        tuple of 3 Tensors, shape (B, heads, N, D / heads)

        Raises
        ------
        NotImplementedError
            In this base class.
        """
        raise NotImplementedError

    def attended(self, block: nn.Module, heads: Tensor) -> Tensor:
        """What the heads gathered, through the attention's output projection.

        Parameters
        ----------
        block : nn.Module
        heads : Tensor, shape (B, heads, N, D / heads)

        Returns
        -------
        Tensor, shape (B, N, D)
            Not yet added to the tokens.

        Raises
        ------
        NotImplementedError
            In this base class.
        """
        raise NotImplementedError

    def feed_forward(self, block: nn.Module, tokens: Tensor) -> Tensor:
        """The block's second branch.

        Parameters
        ----------
        block : nn.Module
        tokens : Tensor, shape (B, N, D)

        Returns
        -------
        Tensor, shape (B, N, D)
            Not yet added to the tokens.

        Raises
        ------
        NotImplementedError
            In this base class.
        """
        raise NotImplementedError

    def project(self, tokens: Tensor) -> Tensor:
        """Tokens of the last layer, each as if alone, in the space of the texts.

        Parameters
        ----------
        tokens : Tensor, shape (B, N, D)

        Returns
        -------
        Tensor, shape (B, N, E)
            Not normalised.

        Raises
        ------
        NotImplementedError
            In this base class.
        """
        raise NotImplementedError

    def pooled(self, tokens: Tensor) -> Tensor:
        """The image embedding from all tokens of the last layer.

        Parameters
        ----------
        tokens : Tensor, shape (B, N, D)

        Returns
        -------
        Tensor, shape (B, E)
            Not normalised.

        Raises
        ------
        NotImplementedError
            In this base class.
        """
        raise NotImplementedError

    def through(self, blocks: Sequence[nn.Module], tokens: Tensor) -> Tensor:
        """Tokens through blocks, as in the tower's own forward pass.

        Parameters
        ----------
        blocks : sequence of nn.Module
        tokens : Tensor, shape (B, N, D)

        Returns
        -------
        Tensor, shape (B, N, D)
        """
        for block in blocks:
            tokens = block(tokens)
        return tokens

    @property
    def _middle(self) -> int:
        return max(1, round(BOTTLENECK * len(self.blocks)))

    def lower(self, pixels: Tensor) -> Tensor:
        """Images as tokens where M2IB puts its bottleneck.

        Parameters
        ----------
        pixels : Tensor, shape (B, 3, H, W)
            Normalised as the model wants it.

        Returns
        -------
        Tensor, shape (B, N, D)
        """
        return self.through(self.blocks[: self._middle], self.enter(pixels))

    def upper(self, tokens: Tensor) -> Tensor:
        """Image embeddings of tokens that `lower` gave, changed or not.

        Parameters
        ----------
        tokens : Tensor, shape (B, N, D)

        Returns
        -------
        Tensor, shape (B, E)
            Not normalised.
        """
        return self.pooled(self.through(self.blocks[self._middle :], tokens))

    def depths(self, pixels: Tensor, after: Sequence[int]) -> list[Tensor]:
        """The patch tokens after some of the blocks.

        Parameters
        ----------
        pixels : Tensor, shape (B, 3, H, W)
            Normalised as the model wants it.
        after : sequence of int
            Numbers of blocks, counted from 1.

        Returns
        -------
        list of Tensor, shape (B, h, w, D)
            One for each of them.
        """
        tokens, after_block = self.enter(pixels), {}
        for number, block in enumerate(self.blocks[: max(after)], start=1):
            tokens = after_block[number] = block(tokens)
        return [after_block[n][:, self.prefix :].unflatten(1, self.shape(pixels)) for n in after]

    def places(self, pixels: Tensor) -> Tensor:
        return self.project(self.through(self.blocks, self.enter(pixels)))[:, self.prefix :]


def interpolated(positions: Tensor, grid: tuple[int, int], wanted: tuple[int, int], prefix: int) -> Tensor:
    """Position embeddings of one grid on another; bicubic, smoothed where it is coarser.

    Parameters
    ----------
    positions : Tensor, shape (1, prefix + h·w, D)
    grid : tuple of 2 ints
        (h, w), theirs.
    wanted : tuple of 2 ints
        (h', w').
    prefix : int
        How many of them are of no place, and stay as they are.

    Returns
    -------
    Tensor, shape (1, prefix + h'·w', D)
    """
    if tuple(grid) == tuple(wanted):
        return positions
    flat = positions[:, prefix:].unflatten(1, tuple(grid)).permute(0, 3, 1, 2)
    resized = nn.functional.interpolate(flat.float(), wanted, mode="bicubic", antialias=True, align_corners=False)
    return torch.cat([positions[:, :prefix], resized.to(positions.dtype).flatten(2).transpose(1, 2)], 1)
