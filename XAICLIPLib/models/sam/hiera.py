"""SAM 2's image encoder: Hiera (Ryali et al., ICML 2023) with a pyramid of features (Ravi et al., 2024)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

PATCH, PATCH_STRIDE = 7, 4  # pixels: of a patch, and from one to the next
EXPANSION = 4  # of a block's perceptron


@dataclass(frozen=True)
class HieraShape:
    """One of the published sizes. Heads, windows and global blocks stand in no shape of the weights.

    Attributes
    ----------
    name : str
        As in the name of its checkpoints.
    width : int
        Channels of the first stage; each later one has twice as many.
    heads : int
        Of the first stage; likewise.
    depths : tuple of ints
        Blocks of each stage. The first block of each but the first halves rows and columns.
    everywhere : tuple of ints
        The blocks that look at the whole image, counted through all stages.
    windows : tuple of ints
        Edge of the window that the blocks of a stage look at, tokens; the first block of a stage has that of the stage
        before it.
    """

    name: str
    width: int
    heads: int
    depths: tuple[int, ...]
    everywhere: tuple[int, ...]
    windows: tuple[int, ...] = (8, 4, 14, 7)

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels of each stage."""
        return tuple(self.width * 2**stage for stage in range(len(self.depths)))


PUBLISHED = (
    HieraShape("tiny", 96, 1, (1, 2, 7, 2), (5, 7, 9)),
    HieraShape("small", 96, 1, (1, 2, 11, 2), (7, 10, 13)),
    HieraShape("base_plus", 112, 2, (2, 3, 16, 3), (12, 16, 20)),
    HieraShape("large", 144, 2, (2, 6, 36, 4), (23, 33, 43), (8, 4, 16, 8)),
)


class _Perceptron(nn.Module):
    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(width, hidden), nn.Linear(hidden, width)])

    def forward(self, x: Tensor) -> Tensor:
        return self.layers[1](functional.gelu(self.layers[0](x)))


class _Attention(nn.Module):
    """Attention among tokens (N, H, W, C), whose queries may be pooled to half of the rows and columns."""

    def __init__(self, inputs: int, outputs: int, heads: int, halves: bool) -> None:
        super().__init__()
        self.heads, self.halves = heads, halves
        self.qkv = nn.Linear(inputs, 3 * outputs)
        self.proj = nn.Linear(outputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        queries, keys, values = self.qkv(x).chunk(3, -1)
        if self.halves:
            queries = _halved(queries)
        count, rows, columns, width = queries.shape
        parts = (t.reshape(count, -1, self.heads, width // self.heads).transpose(1, 2) for t in (queries, keys, values))
        found = functional.scaled_dot_product_attention(*parts)
        return self.proj(found.transpose(1, 2).reshape(count, rows, columns, width))


class HieraBlock(nn.Module):
    """Attention in windows (or everywhere) and a perceptron, each on top of what comes in.

    Parameters
    ----------
    inputs, outputs : int
        Channels.
    heads : int
    window : int
        Edge, tokens; 0 for the whole image.
    halves : bool
        Whether rows and columns are halved.
    """

    def __init__(self, inputs: int, outputs: int, heads: int, window: int, halves: bool) -> None:
        super().__init__()
        self.window, self.halves = window, halves
        self.norm1 = nn.LayerNorm(inputs, eps=1e-6)
        self.attn = _Attention(inputs, outputs, heads, halves)
        self.norm2 = nn.LayerNorm(outputs, eps=1e-6)
        self.mlp = _Perceptron(outputs, EXPANSION * outputs)
        if inputs != outputs:
            self.proj = nn.Linear(inputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """What the tokens become.

        Parameters
        ----------
        x : Tensor, shape (B, H, W, inputs)

        Returns
        -------
        Tensor, shape (B, H, W, outputs)
            Half as many rows and columns where they are halved.
        """
        normed = self.norm1(x)
        if self.halves:
            x = _halved(self.proj(normed))
        if self.window:
            windows, grid = _windows(normed, self.window)
            found = _joined(self.attn(windows), grid)[:, : x.shape[1], : x.shape[2]]
        else:
            found = self.attn(normed)
        x = x + found
        return x + self.mlp(self.norm2(x))


class _PatchEmbedding(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(3, width, PATCH, PATCH_STRIDE, PATCH // 2)

    def forward(self, images: Tensor) -> Tensor:
        return self.proj(images).permute(0, 2, 3, 1)


class Hiera(nn.Module):
    """The trunk: images to the tokens that each stage ends with.

    Parameters
    ----------
    shape : HieraShape
    background : tuple of 2 ints
        Rows and columns of the stored positions, which are stretched over the image.
    """

    def __init__(self, shape: HieraShape, background: tuple[int, int]) -> None:
        super().__init__()
        self.patch_embed = _PatchEmbedding(shape.width)
        self.pos_embed = nn.Parameter(torch.zeros(1, shape.width, *background))
        self.pos_embed_window = nn.Parameter(torch.zeros(1, shape.width, shape.windows[0], shape.windows[0]))
        blocks: list[HieraBlock] = []
        self._ends = []
        for stage, depth in enumerate(shape.depths):
            for place in range(depth):
                first = stage > 0 and place == 0
                window = 0 if len(blocks) in shape.everywhere else shape.windows[stage - first]
                widths = shape.widths[stage - first], shape.widths[stage]
                blocks.append(HieraBlock(*widths, shape.heads * 2**stage, window, first))
            self._ends.append(len(blocks) - 1)
        self.blocks = nn.ModuleList(blocks)

    def forward(self, images: Tensor) -> list[Tensor]:
        """The tokens of each stage.

        Parameters
        ----------
        images : Tensor, shape (B, 3, S, S)
            S a multiple of 32.

        Returns
        -------
        list of Tensor, shape (B, C, s, s)
            From the finest (s = S / 4) to the coarsest.
        """
        x = self.patch_embed(images)
        rows, columns = x.shape[1:3]
        edge = self.pos_embed_window.shape[-1]
        tiled = self.pos_embed_window.tile(1, 1, rows // edge, columns // edge)
        positions = functional.interpolate(self.pos_embed, (rows, columns), mode="bicubic") + tiled
        x = x + positions.permute(0, 2, 3, 1)
        found = []
        for number, block in enumerate(self.blocks):
            x = block(x)
            if number in self._ends:
                found.append(x.permute(0, 3, 1, 2))
        return found


class _Lateral(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)


class Neck(nn.Module):
    """Every stage at the decoder's width; only the second coarsest also gets what the coarsest has.

    Parameters
    ----------
    widths : tuple of ints
        Of the stages, from the finest to the coarsest.
    outputs : int
    """

    def __init__(self, widths: tuple[int, ...], outputs: int) -> None:
        super().__init__()
        self.convs = nn.ModuleList(_Lateral(width, outputs) for width in reversed(widths))

    def forward(self, stages: list[Tensor]) -> tuple[Tensor, ...]:
        """The features of all stages but the coarsest.

        Parameters
        ----------
        stages : list of Tensor, shape (B, C, s, s)
            As the trunk gives them.

        Returns
        -------
        tuple of Tensor, shape (B, outputs, s, s)
            From the finest to the coarsest.
        """
        coarsest, *others = (conv(stage) for conv, stage in zip(self.convs, reversed(stages)))
        above = functional.interpolate(coarsest.float(), scale_factor=2.0, mode="nearest")
        others[0] = others[0] + above
        return tuple(reversed(others))


class HieraEncoder(nn.Module):
    """Trunk and neck, under the names of SAM 2's checkpoints.

    Parameters
    ----------
    shape : HieraShape
    background : tuple of 2 ints
        See `Hiera`.
    outputs : int
        Channels of the features.
    """

    def __init__(self, shape: HieraShape, background: tuple[int, int], outputs: int) -> None:
        super().__init__()
        self.trunk = Hiera(shape, background)
        self.neck = Neck(shape.widths, outputs)

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """Features of an image at a quarter, an eighth and a sixteenth of its rows and columns.

        Parameters
        ----------
        images : Tensor, shape (B, 3, S, S)
            S a multiple of 32.

        Returns
        -------
        tuple of 3 Tensors, shape (B, outputs, S / 4, S / 4) and so on
        """
        return self.neck(self.trunk(images))


def _halved(x: Tensor) -> Tensor:
    """The largest of every 2 x 2 tokens (N, H, W, C)."""
    return functional.max_pool2d(x.permute(0, 3, 1, 2), 2).permute(0, 2, 3, 1)


def _windows(x: Tensor, edge: int) -> tuple[Tensor, tuple[int, int, int]]:
    """Tokens (B, H, W, C) as windows (n, edge, edge, C), with zeros at the far ends, and how many there are."""
    count, rows, columns, width = x.shape
    x = functional.pad(x, (0, 0, 0, -columns % edge, 0, -rows % edge))
    down, across = x.shape[1] // edge, x.shape[2] // edge
    parts = x.view(count, down, edge, across, edge, width).transpose(2, 3)
    return parts.reshape(-1, edge, edge, width), (count, down, across)


def _joined(windows: Tensor, grid: tuple[int, int, int]) -> Tensor:
    """Undo `_windows`; the windows may have another edge by now. The zeros stay."""
    count, down, across = grid
    edge, width = windows.shape[1], windows.shape[3]
    return windows.view(*grid, edge, edge, width).transpose(2, 3).reshape(count, down * edge, across * edge, width)
