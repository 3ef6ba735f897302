"""timm's networks of tokens behind open_clip's adapter, and its vision transformer opened up."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from XAICLIPLib.vlm.dense.tower import Grid, pooled_alone
from XAICLIPLib.vlm.dense.transformer import Transformer, interpolated


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
