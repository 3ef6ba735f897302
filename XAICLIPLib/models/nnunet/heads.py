"""From what a network's last layer gets, or gives, to the probabilities of the structures that are asked for."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn


class Heads:
    """The last step of a prediction: means of logits to probabilities, or means of features to both.

    A last layer that looks at one pixel alone is linear: applied to the mean of what it gets from several tiles, it
    gives the mean of what it would have given. Where it makes many channels of few, as in a network for a hundred
    structures, tiles are summed before it, and it is run once per pixel instead of once per tile.

    Parameters
    ----------
    network : torch.nn.Module
    heads : int
        Channels that it gives.
    overlap : bool
        Whether the structures may overlap (regions: a sigmoid each), or exclude each other and have a background.

    Attributes
    ----------
    body : callable
        (n, C, *S) -> (n, R, *S): the network, without its last layer where tiles are summed before that.
    channels : int
        R.
    before_last : bool
        Whether the last layer is left to `__call__`.
    """

    def __init__(self, network: nn.Module, heads: int, overlap: bool) -> None:
        self._overlap = overlap
        last = _last_layer(network)
        self.before_last = last is not None and last.in_channels < heads == last.out_channels
        self.channels = last.in_channels if last is not None and self.before_last else heads
        self.body: Callable[[Tensor], Tensor] = _without(network) if self.before_last else network
        self._weight = self._bias = None
        if last is not None and self.before_last:
            self._weight, self._bias = last.weight.flatten(1), last.bias

    def __call__(self, means: Tensor, wanted: Sequence[int] | None) -> Tensor:
        """Probabilities of some structures at n pixels.

        Parameters
        ----------
        means : Tensor, shape (R, n)
            Of any floating type.
        wanted : sequence of int, or None
            Numbers of the K structures, the background not counted; None for all.

        Returns
        -------
        Tensor, shape (K, n), float32
            In [0, 1].
        """
        first = 0 if self._overlap else 1  # channel of the first structure
        means = means.float()
        rows = None if wanted is None else [first + number for number in wanted]
        if self._overlap:
            return self._logits(means, rows).sigmoid()
        logits = self._logits(means, None)
        logits = logits - logits.amax(0)
        logits.exp_()
        total = logits[0].clone()
        for row in logits[1:]:  # one by one: the same sum for a pixel, whichever others are beside it
            total += row
        return (logits[first:] if rows is None else logits[rows]) / total

    def _logits(self, means: Tensor, rows: list[int] | None) -> Tensor:
        if self._weight is None:
            return means if rows is None else means[rows]
        weight, bias = self._weight, self._bias
        if rows is not None:
            weight, bias = weight[rows], None if bias is None else bias[rows]
        return weight @ means if bias is None else torch.addmm(bias[:, None], weight, means)


def _last_layer(network: nn.Module) -> nn.modules.conv._ConvNd | None:
    """The last layer of one of nnU-Net's own networks, where it is a convolution of single pixels; None where the
    network is another, of which it is not known what comes after what looks like its last layer."""
    decoder = getattr(network, "decoder", None)
    own = type(network).__module__ == "dynamic_network_architectures.architectures.unet"
    if not own or type(decoder).__name__ not in ("UNetDecoder", "UNetResDecoder") or decoder.deep_supervision:
        return None
    last = decoder.seg_layers[-1]
    single = isinstance(last, (nn.Conv2d, nn.Conv3d)) and not any(last.padding) and last.groups == 1
    return last if single and {*last.kernel_size, *last.stride, *last.dilation} == {1} else None


def _without(network: nn.Module) -> nn.Module:
    """The network up to its last layer, with the same weights."""
    shortened, decoder = _shallow(network), _shallow(network.decoder)
    decoder.seg_layers = nn.ModuleList([*decoder.seg_layers[:-1], nn.Identity()])
    shortened.decoder = decoder
    return shortened.eval()


def _shallow(module: nn.Module) -> nn.Module:
    """A module of its own with the same parts."""
    twin = copy.copy(module)
    twin._modules = dict(module._modules)
    return twin
