"""The U-Net of lungmask (Hofmanninger et al., European Radiology Experimental 2020), sized by its checkpoint."""

from __future__ import annotations

import re
from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from XAICLIPLib.errors import WeightsError
from XAICLIPLib.weights.checkpoint import load_weights

TITLE = "U-Net of lungmask"
FIRST, LAST = "down_path.0.block.0.weight", "last.weight"
MARKS = (FIRST, "up_path.0.up.1.weight", "up_path.0.conv_block.block.0.weight", LAST)
# layers that lungmask's class makes and its models never run, since they are not residual
_UNUSED = re.compile(r"\.residual_(input_conv|batchnorm)\.")


class _Block(nn.Module):
    """Two 3x3 convolutions, each followed by a ReLU and then by batch normalisation."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for channels in (inputs, outputs):
            layers += [nn.Conv2d(channels, outputs, 3, padding=1), nn.ReLU(inplace=True), nn.BatchNorm2d(outputs)]
        self.block = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        return self.block(x)


class _Up(nn.Module):
    """Twice the size, bilinear, joined with the features of that size on the way down."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.up = nn.Sequential(nn.Upsample(scale_factor=2, mode="bilinear"), nn.Conv2d(inputs, outputs, 1))
        self.conv_block = _Block(inputs, outputs)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        return self.conv_block(torch.cat([self.up(x), skip], 1))


class LungUNet(nn.Module):
    """A U-Net with average pooling and bilinear upsampling, under the names that lungmask's checkpoints give.

    Parameters
    ----------
    classes : int
        Output channels, background included.
    width : int
        Channels of the finest level; each coarser one has twice as many.
    levels : int
    """

    def __init__(self, classes: int, width: int = 64, levels: int = 5) -> None:
        super().__init__()
        widths = [width * 2**i for i in range(levels)]
        self.down_path = nn.ModuleList(_Block(i, o) for i, o in zip([1, *widths[:-1]], widths))
        self.up_path = nn.ModuleList(_Up(i, o) for i, o in zip(widths[:0:-1], widths[-2::-1]))
        self.last = nn.Conv2d(width, classes, 1)

    def forward(self, image: Tensor) -> Tensor:
        """Probabilities of the structures.

        Parameters
        ----------
        image : Tensor, shape (B, 1, H, W)
            In [0, 1]; edges divisible by ``2 ** (levels - 1)``.

        Returns
        -------
        Tensor, shape (B, classes - 1, H, W)
            A softmax without the background.
        """
        skips: list[Tensor] = []
        x = image
        for level, block in enumerate(self.down_path):
            x = block(functional.avg_pool2d(x, 2) if level else x)
            skips.append(x)
        for block, skip in zip(self.up_path, skips[-2::-1]):
            x = block(x, skip)
        return self.last(x).softmax(1)[:, 1:]


class FusedNetwork(nn.Module):
    """Lobes where the other model sees lung: what lungmask's fusion decides for each pixel by itself.

    Parameters
    ----------
    lobes, lungs : LungUNet
        For the same images.
    """

    def __init__(self, lobes: LungUNet, lungs: LungUNet) -> None:
        super().__init__()
        self.lobes = lobes
        self.lungs = lungs

    def forward(self, image: Tensor) -> Tensor:
        """Probabilities of the lobes.

        Parameters
        ----------
        image : Tensor, shape (B, 1, H, W)
            As `LungUNet` has it.

        Returns
        -------
        Tensor, shape (B, lobes, H, W)
            The smaller of a lobe's probability and of what the likelier lung has against the background: above one
            half where a lobe has one half and either lung is likelier than the background.
        """
        lungs = self.lungs(image)
        likelier, background = lungs.amax(1, keepdim=True), 1 - lungs.sum(1, keepdim=True)
        return self.lobes(image).minimum(likelier / (likelier + background))


def is_lungmask(state: Mapping[str, Tensor]) -> bool:
    """Whether weights are named as lungmask's are.

    Parameters
    ----------
    state : mapping of str to Tensor

    Returns
    -------
    bool
    """
    return all(mark in state for mark in MARKS)


def build(state: Mapping[str, Tensor], name: str) -> LungUNet:
    """The network with its weights; number of classes, width and depth are read from their shapes.

    Parameters
    ----------
    state : mapping of str to Tensor
        As lungmask's checkpoint has them.
    name : str
        What an error calls the checkpoint.

    Returns
    -------
    LungUNet
        On the CPU, in evaluation mode and without gradients of its weights.

    Raises
    ------
    WeightsError
        If the weights are another network's, or some are missing.
    """
    if not is_lungmask(state):
        missing = next(mark for mark in MARKS if mark not in state)
        raise WeightsError(
            f"{name} is no checkpoint of lungmask: it has no {missing}; give one of its own files, such as "
            "unet_r231-d5d2fc3d.pth"
        )
    classes, width = state[LAST].shape[0], state[FIRST].shape[0]
    levels = len({found[1] for key in state if (found := re.match(r"down_path\.(\d+)\.", key))})
    with torch.device("meta"):
        network = LungUNet(classes, width, levels)
    network = network.to_empty(device="cpu")
    load_weights(network, {k: v for k, v in state.items() if not _UNUSED.search(k)}, name, TITLE)
    return network.eval().requires_grad_(False)
