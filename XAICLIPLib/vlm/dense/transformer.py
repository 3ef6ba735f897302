"""Vision transformers opened up: tokens, blocks, queries, keys and values, for open_clip's own and timm's."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from XAICLIPLib.vlm.dense.tower import Grid, pooled_alone

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


class OpenClipTransformer(Transformer):
    """open_clip's own ``VisionTransformer``, OpenAI's checkpoints included."""

    prefix = 1

    def __init__(self, visual: nn.Module) -> None:
        super().__init__(visual)
        self.patch = int(visual.patch_size[0])
        self.blocks = visual.transformer.resblocks
        self._offer(class_token=visual.pool_type == "tok")

    @staticmethod
    def fits(visual: nn.Module) -> bool:
        """Whether an image tower is one, with plain attention in its blocks and no learned pooling after them.

        Parameters
        ----------
        visual : nn.Module

        Returns
        -------
        bool
        """
        blocks = getattr(getattr(visual, "transformer", None), "resblocks", ())
        return (
            hasattr(visual, "positional_embedding")
            and getattr(visual, "attn_pool", None) is None
            and visual.pool_type in ("tok", "avg")
            and len(blocks) > 0
            and all(isinstance(getattr(b, "attn", None), nn.MultiheadAttention) for b in blocks)
        )

    def enter(self, pixels: Tensor) -> Tensor:
        visual, positions = self.visual, self.visual.positional_embedding
        patches = visual.conv1(pixels).flatten(2).transpose(1, 2)
        tokens = torch.cat([visual.class_embedding.expand(len(pixels), 1, -1), patches], 1)
        return visual.ln_pre(tokens + interpolated(positions[None], visual.grid_size, self.shape(pixels), 1))

    def normed(self, block: nn.Module, tokens: Tensor) -> Tensor:
        return block.ln_1(tokens)

    def qkv(self, block: nn.Module, normed: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        attention = block.attn
        stacked = nn.functional.linear(normed, attention.in_proj_weight, attention.in_proj_bias)
        return tuple(x.unflatten(-1, (attention.num_heads, -1)).transpose(1, 2) for x in stacked.chunk(3, -1))

    def attended(self, block: nn.Module, heads: Tensor) -> Tensor:
        return block.ls_1(block.attn.out_proj(heads.transpose(1, 2).flatten(2)))

    def feed_forward(self, block: nn.Module, tokens: Tensor) -> Tensor:
        return block.ls_2(block.mlp(block.ln_2(tokens)))

    def project(self, tokens: Tensor) -> Tensor:
        normed = self.visual.ln_post(tokens)
        return normed if self.visual.proj is None else normed @ self.visual.proj

    def pooled(self, tokens: Tensor) -> Tensor:
        if self.visual.pool_type == "tok":
            return self.project(tokens[:, :1])[:, 0]
        if self.visual.final_ln_after_pool:
            return self.project(tokens[:, 1:].mean(1))
        return self.project(tokens[:, 1:]).mean(1)


class TimmTokens(Grid):
    """Any timm network that gives tokens, at its own size; nothing is known of its blocks."""

    strategies = ("patch", "window")
    lacks = "its blocks are not plain self-attention"

    def __init__(self, visual: nn.Module) -> None:
        super().__init__(visual)
        self.trunk, self.prefix = visual.trunk, int(visual.trunk.num_prefix_tokens)
        self.patch = self.size // int(self.trunk.patch_embed.grid_size[0])

    def project(self, tokens: Tensor) -> Tensor:
        """Normed tokens, each pooled alone.

        Parameters
        ----------
        tokens : Tensor, shape (B, N, D)

        Returns
        -------
        Tensor, shape (B, N, E)
            Not normalised.
        """

        def head(vectors: Tensor) -> Tensor:
            # a sequence of nothing but this token: each of timm's poolings gives the token back
            alone = vectors[:, None].expand(-1, self.prefix + 1, -1)
            return self.visual.head(self.trunk.forward_head(alone))

        return pooled_alone(tokens, head)

    def places(self, pixels: Tensor) -> Tensor:
        return self.project(self.trunk.forward_features(pixels))[:, self.prefix :]


class TimmTransformer(TimmTokens, Transformer):
    """timm's ``VisionTransformer`` behind open_clip's adapter: BiomedCLIP, SigLIP, EVA's plain relatives."""

    resizable = True

    def __init__(self, visual: nn.Module) -> None:
        super().__init__(visual)
        self.blocks = self.trunk.blocks
        self._offer(class_token=self.trunk.attn_pool is None and self.trunk.global_pool == "token")

    @staticmethod
    def fits(visual: nn.Module) -> bool:
        """Whether an image tower is one: a patch embedding by one convolution, and plain attention in every block.

        Parameters
        ----------
        visual : nn.Module
            Behind open_clip's adapter, so that it has a ``trunk``.

        Returns
        -------
        bool
        """
        from timm.layers import Attention, PatchEmbed
        from timm.models.vision_transformer import Block, VisionTransformer

        trunk = visual.trunk
        return (
            isinstance(trunk, VisionTransformer)
            and type(trunk.patch_embed) is PatchEmbed
            and all(type(b) is Block and type(b.attn) is Attention for b in trunk.blocks)
            and all(getattr(b.attn, "gate", None) is None for b in trunk.blocks)
        )

    def enter(self, pixels: Tensor) -> Tensor:
        trunk = self.trunk
        tokens = trunk.patch_embed.norm(trunk.patch_embed.proj(pixels).flatten(2).transpose(1, 2))
        first = [t.expand(len(pixels), -1, -1) for t in (trunk.cls_token, trunk.reg_token) if t is not None]
        if trunk.pos_embed is not None:
            known = 0 if trunk.no_embed_class else self.prefix
            positions = interpolated(trunk.pos_embed, trunk.patch_embed.grid_size, self.shape(pixels), known)
            tokens = tokens + positions[:, known:]
            if known:
                first = [torch.cat(first, 1) + positions[:, :known]]
        return trunk.norm_pre(torch.cat([*first, tokens], 1))

    def normed(self, block: nn.Module, tokens: Tensor) -> Tensor:
        return block.norm1(tokens)

    def qkv(self, block: nn.Module, normed: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        attention = block.attn
        stacked = attention.qkv(normed).unflatten(-1, (3, attention.num_heads, -1)).permute(2, 0, 3, 1, 4)
        return attention.q_norm(stacked[0]), attention.k_norm(stacked[1]), stacked[2]

    def attended(self, block: nn.Module, heads: Tensor) -> Tensor:
        attention = block.attn
        return block.ls1(attention.proj(attention.norm(heads.transpose(1, 2).flatten(2))))

    def feed_forward(self, block: nn.Module, tokens: Tensor) -> Tensor:
        return block.ls2(block.mlp(block.norm2(tokens)))

    def project(self, tokens: Tensor) -> Tensor:
        return super().project(self.trunk.norm(tokens))

    def pooled(self, tokens: Tensor) -> Tensor:
        return self.visual.head(self.trunk.forward_head(self.trunk.norm(tokens)))

    def places(self, pixels: Tensor) -> Tensor:
        return Transformer.places(self, pixels)


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
