"""open_clip's own vision transformer, opened up."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from XAICLIPLib.vlm.dense.transformer import Transformer, interpolated


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
