"""TinyViT (Wu et al., ECCV 2022) as the image encoder of LiteMedSAM and MobileSAM, under their checkpoints' names.

timm's TinyViT has other names, a last merging step of stride 2 where these two have 1, and no stem of single pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

MERGING_STRIDES = (2, 2, 1)


@dataclass(frozen=True)
class TinyVitShape:
    """What a checkpoint's shapes tell of its TinyViT, one number per stage where there are several.

    Attributes
    ----------
    widths, depths : tuple of ints
    heads, windows : tuple of ints
        Of the stages with attention, all but the first.
    expansion : int
        Of the first stage's convolutions and, alike, of the others' perceptrons.
    out : int
        Channels of the embeddings.
    pixel_stem : bool
        Whether the stem looks at single pixels, at full resolution, or at every fourth.
    """

    widths: tuple[int, ...]
    depths: tuple[int, ...]
    heads: tuple[int, ...]
    windows: tuple[int, ...]
    expansion: int
    out: int
    pixel_stem: bool

    @property
    def stride(self) -> int:
        """Pixels per embedding."""
        stride = 1 if self.pixel_stem else 4
        for step in MERGING_STRIDES:
            stride *= step
        return stride


class ConvNorm(nn.Module):
    """A convolution without bias, then batch normalisation."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 1, stride: int = 1, groups: int = 1) -> None:
        super().__init__()
        self.c = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
        self.bn: nn.Module = nn.BatchNorm2d(outputs)

    def fold(self) -> None:
        """Make one convolution of both; evaluation only."""
        self.c, self.bn = fuse_conv_bn_eval(self.c, self.bn), nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """Convolve and normalise.

        Parameters
        ----------
        x : Tensor, shape (B, inputs, H, W)

        Returns
        -------
        Tensor, shape (B, outputs, H / stride, W / stride)
            Rounded up where the stride does not divide the edge.
        """
        return self.bn(self.c(x))


class InvertedBottleneck(nn.Module):
    """Widen, filter each channel, narrow; added to the input (MobileNetV2's block with GELU)."""

    def __init__(self, width: int, expansion: int) -> None:
        super().__init__()
        inner = width * expansion
        self.conv1 = ConvNorm(width, inner)
        self.conv2 = ConvNorm(inner, inner, 3, groups=inner)
        self.conv3 = ConvNorm(inner, width)

    def forward(self, x: Tensor) -> Tensor:
        """The block's output, its input added.

        Parameters
        ----------
        x : Tensor, shape (B, width, H, W)

        Returns
        -------
        Tensor, shape (B, width, H, W)
        """
        inner = functional.gelu(self.conv2(functional.gelu(self.conv1(x))))
        return functional.gelu(x + self.conv3(inner))


class Merging(nn.Module):
    """From one stage's width and resolution to the next one's."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = ConvNorm(inputs, outputs)
        self.conv2 = ConvNorm(outputs, outputs, 3, stride, groups=outputs)
        self.conv3 = ConvNorm(outputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """The next stage's input.

        Parameters
        ----------
        x : Tensor, shape (B, inputs, H, W)

        Returns
        -------
        Tensor, shape (B, outputs, H / stride, W / stride)
            Rounded up where the stride does not divide the edge.
        """
        return self.conv3(functional.gelu(self.conv2(functional.gelu(self.conv1(x)))))


class WindowAttention(nn.Module):
    """Attention among the tokens of a window, with a learnt bias per head and distance between two tokens."""

    def __init__(self, width: int, heads: int, window: int) -> None:
        super().__init__()
        self.heads, self.window = heads, window
        self.norm = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        # by rows apart, then columns apart, both without sign
        self.attention_biases = nn.Parameter(torch.zeros(heads, window * window))

    def bias(self) -> Tensor:
        """The bias of every pair of tokens: (heads, N, N)."""
        places = torch.arange(self.window, device=self.attention_biases.device)
        apart = (places[:, None] - places[None]).abs()
        index = apart[:, None, :, None] * self.window + apart[None, :, None, :]
        return self.attention_biases[:, index.flatten(2).flatten(0, 1)]

    def forward(self, x: Tensor) -> Tensor:
        """Normalise and attend; not yet added to the input.

        Parameters
        ----------
        x : Tensor, shape (windows, N, width)
            The N = window² tokens of each window, row by row.

        Returns
        -------
        Tensor, shape (windows, N, width)
        """
        count, tokens, width = x.shape
        # each head has its queries, keys and values side by side
        qkv = self.qkv(self.norm(x)).view(count, tokens, self.heads, 3, width // self.heads)
        q, k, v = qkv.permute(3, 0, 2, 1, 4).unbind(0)
        out = functional.scaled_dot_product_attention(q, k, v, attn_mask=self.bias()[None].to(q.dtype))
        return self.proj(out.transpose(1, 2).reshape(count, tokens, width))


class Perceptron(nn.Module):
    """Layer normalisation and two linear layers."""

    def __init__(self, width: int, expansion: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, width * expansion)
        self.fc2 = nn.Linear(width * expansion, width)

    def forward(self, x: Tensor) -> Tensor:
        """The perceptron's output; not yet added to the input.

        Parameters
        ----------
        x : Tensor, shape (..., width)
            Channels last.

        Returns
        -------
        Tensor, shape (..., width)
        """
        return self.fc2(functional.gelu(self.fc1(self.norm(x))))


class WindowBlock(nn.Module):
    """Attention in windows, a convolution over their borders, a perceptron: (B, C, H, W) -> the same."""

    def __init__(self, width: int, heads: int, window: int, expansion: int) -> None:
        super().__init__()
        self.attn = WindowAttention(width, heads, window)
        self.local_conv = ConvNorm(width, width, 3, groups=width)
        self.mlp = Perceptron(width, expansion)

    def forward(self, x: Tensor) -> Tensor:
        """The block's output; a map that its windows do not divide is padded with zeros and cut again.

        Parameters
        ----------
        x : Tensor, shape (B, width, H, W)

        Returns
        -------
        Tensor, shape (B, width, H, W)
        """
        x = self.local_conv(x + self._attention(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2))
        return x + self.mlp(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)

    def _attention(self, x: Tensor) -> Tensor:
        count, height, width, channels = x.shape
        edge = self.attn.window
        below, right = -height % edge, -width % edge
        x = functional.pad(x, (0, 0, 0, right, 0, below))  # these tokens are attended to: so the weights were trained
        rows, columns = (height + below) // edge, (width + right) // edge
        windows = x.view(count, rows, edge, columns, edge, channels).transpose(2, 3).reshape(-1, edge * edge, channels)
        out = self.attn(windows).view(count, rows, columns, edge, edge, channels).transpose(2, 3)
        return out.reshape(count, rows * edge, columns * edge, channels)[:, :height, :width]


class Stage(nn.Module):
    """The blocks of one resolution and, but for the last, the step to the next."""

    def __init__(self, blocks: Sequence[nn.Module], downsample: nn.Module | None) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(blocks)
        self.downsample = downsample

    def forward(self, x: Tensor) -> Tensor:
        """The stage's output, at the next stage's width and resolution unless it is the last.

        Parameters
        ----------
        x : Tensor, shape (B, C, H, W)

        Returns
        -------
        Tensor, shape (B, C', H', W')
        """
        for block in self.blocks:
            x = block(x)
        return x if self.downsample is None else self.downsample(x)


class Stem(nn.Module):
    """Two convolutions from the image to the first stage."""

    def __init__(self, width: int, pixel: bool) -> None:
        super().__init__()
        kernel, stride = (1, 1) if pixel else (3, 2)
        self.seq = nn.Sequential(
            ConvNorm(3, width // 2, kernel, stride), nn.GELU(), ConvNorm(width // 2, width, kernel, stride)
        )

    def forward(self, x: Tensor) -> Tensor:
        """The first stage's input.

        Parameters
        ----------
        x : Tensor, shape (B, 3, S, S)
            The image as the encoder gets it.

        Returns
        -------
        Tensor, shape (B, width, S, S) or (B, width, S / 4, S / 4)
            The former for a stem of single pixels.
        """
        return self.seq(x)


class ChannelNorm(nn.LayerNorm):
    """Layer normalisation over the channels of (B, C, H, W)."""

    def forward(self, x: Tensor) -> Tensor:
        """Normalise the channels of every pixel.

        Parameters
        ----------
        x : Tensor, shape (B, C, H, W)

        Returns
        -------
        Tensor, shape (B, C, H, W)
        """
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class TinyVit(nn.Module):
    """The encoder: images (B, 3, S, S) -> embeddings (B, C, S / stride, S / stride)."""

    def __init__(self, shape: TinyVitShape) -> None:
        super().__init__()
        self.patch_embed = Stem(shape.widths[0], shape.pixel_stem)
        steps = [Merging(*shape.widths[i : i + 2], stride) for i, stride in enumerate(MERGING_STRIDES)] + [None]
        blocks = [[InvertedBottleneck(shape.widths[0], shape.expansion) for _ in range(shape.depths[0])]]
        for width, depth, heads, window in zip(shape.widths[1:], shape.depths[1:], shape.heads, shape.windows):
            blocks.append([WindowBlock(width, heads, window, shape.expansion) for _ in range(depth)])
        self.layers = nn.ModuleList(Stage(some, step) for some, step in zip(blocks, steps))
        self.neck = nn.Sequential(
            nn.Conv2d(shape.widths[-1], shape.out, 1, bias=False),
            ChannelNorm(shape.out, eps=1e-6),
            nn.Conv2d(shape.out, shape.out, 3, padding=1, bias=False),
            ChannelNorm(shape.out, eps=1e-6),
        )

    def fold(self) -> None:
        """Fold every batch normalisation into its convolution; no weights can be loaded any more."""
        for module in list(self.modules()):
            if isinstance(module, ConvNorm):
                module.fold()

    def forward(self, images: Tensor) -> Tensor:
        """Encode a batch of images.

        Parameters
        ----------
        images : Tensor, shape (B, 3, S, S)
            S divisible by the stride; grey values in [0, 1] repeated for LiteMedSAM, standardised for MobileSAM.

        Returns
        -------
        Tensor, shape (B, C, S / stride, S / stride)
            Embeddings.
        """
        x = self.patch_embed(images)
        for stage in self.layers:
            x = stage(x)
        return self.neck(x)
