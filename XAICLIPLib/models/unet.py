"""The network of the bundled multi-organ segmenter: a small 2D U-Net.

Only the ``torch.nn.Module`` lives here, so that training and inference share one definition.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval


class ConvBlock(nn.Sequential):
    """Two 3x3 convolutions, each followed by batch normalisation and a leaky ReLU.

    Parameters
    ----------
    in_channels, out_channels : int
        Channels in and out.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        layers: list[nn.Module] = []
        for channels in (in_channels, out_channels):
            layers += [
                nn.Conv2d(channels, out_channels, 3, padding=1, bias=False),
                nn.BatchNorm2d(out_channels),
                nn.LeakyReLU(0.01, inplace=True),
            ]
        super().__init__(*layers)


def held_back(logits: Tensor, presence: Tensor) -> Tensor:
    """Logits of voxels, each class by the logarithm of the probability of its presence lower.

    Parameters
    ----------
    logits : Tensor (B, classes, H, W)
    presence : Tensor (B, classes - 1)
        Logits of whether each class but the background is there.

    Returns
    -------
    Tensor (B, classes, H, W)
    """
    lower = functional.pad(functional.logsigmoid(presence), (1, 0))  # the background never is
    return logits + lower[:, :, None, None]


class UNet(nn.Module):
    """Five-level 2D U-Net with nearest-neighbour upsampling (Ronneberger et al., MICCAI 2015).

    Parameters
    ----------
    classes : int
        Number of output channels, background included.
    channels : int
        Number of input channels.
    widths : sequence of int
        Channels of each level, from the finest to the coarsest.
    presence : bool
        Whether it also asks of the whole image, by the mean and the maximum of its coarsest features, if each class but
        the background is there at all, and holds every voxel's logit back by the logarithm of that probability. A part
        of a brain may look like a part of a liver; the whole never does.

    Notes
    -----
    Height and width of the input must be divisible by ``2 ** (len(widths) - 1)``.
    """

    def __init__(
        self, classes: int, channels: int = 1, widths: Sequence[int] = (16, 32, 64, 96, 128), presence: bool = False
    ) -> None:
        super().__init__()
        self.stride = 2 ** (len(widths) - 1)
        inputs = [channels, *widths[:-1]]
        self.encoder = nn.ModuleList(ConvBlock(i, o) for i, o in zip(inputs, widths))
        self.presence = None
        if presence:
            self.presence = nn.Linear(2 * widths[-1], classes - 1)
            nn.init.zeros_(self.presence.weight)  # nothing is held back before anything was learned
            nn.init.constant_(self.presence.bias, 3.0)
        # The decoder goes from coarse to fine; each block sees the upsampled map and the skip connection.
        self.decoder = nn.ModuleList(
            ConvBlock(coarse + fine, fine) for coarse, fine in zip(widths[:0:-1], widths[-2::-1])
        )
        self.head = nn.Conv2d(widths[0], classes, 1)

    @classmethod
    def of_config(cls, config: Mapping) -> UNet:
        """The network that a ``config.json`` beside weights describes; its weights are random.

        Parameters
        ----------
        config : mapping
            "targets" (the background first), "channels", "widths", and "presence", which older ones lack.

        Returns
        -------
        UNet
        """
        return cls(len(config["targets"]), config["channels"], config["widths"], config.get("presence", False))

    def fold(self) -> None:
        """Fold every batch normalisation into the convolution before it: the same function, a twentieth faster.

        For a network in evaluation mode whose weights are loaded; it can't be trained or loaded into any more.
        """
        for block in (*self.encoder, *self.decoder):
            for i in range(0, len(block), 3):
                block[i], block[i + 1] = fuse_conv_bn_eval(block[i], block[i + 1]), nn.Identity()

    def forward(self, image: Tensor) -> Tensor:
        """Class logits of a batch of images.

        Parameters
        ----------
        image : Tensor
            ``(B, channels, H, W)``, values in [0, 1].

        Returns
        -------
        Tensor
            Logits ``(B, classes, H, W)``; a softmax over axis 1 gives probabilities.

        Raises
        ------
        ValueError
            Where H or W is not divisible by the network's stride.
        """
        logits, presence = self.parts(image)
        return logits if presence is None else held_back(logits, presence)

    def parts(self, image: Tensor) -> tuple[Tensor, Tensor | None]:
        """What `forward` adds up.

        Parameters
        ----------
        image : Tensor
            As for `forward`.

        Returns
        -------
        logits : Tensor
            Of the places alone, ``(B, classes, H, W)``.
        presence : Tensor or None
            Logits of whether each class but the background is in the image, ``(B, classes - 1)``; None where the
            network has no such part.

        Raises
        ------
        ValueError
            As `forward`.
        """
        if image.shape[-2] % self.stride or image.shape[-1] % self.stride:
            raise ValueError(
                f"image is {image.shape[-2]} x {image.shape[-1]} pixels; both sides must be divisible by {self.stride}"
            )
        skips: list[Tensor] = []
        x = image
        for level, block in enumerate(self.encoder):
            x = block(x if level == 0 else functional.max_pool2d(x, 2))
            skips.append(x)
        coarsest = torch.cat([x.mean((2, 3)), x.amax((2, 3))], dim=1)
        for block, skip in zip(self.decoder, reversed(skips[:-1])):
            x = block(torch.cat([functional.interpolate(x, scale_factor=2, mode="nearest"), skip], dim=1))
        return self.head(x), None if self.presence is None else self.presence(coarsest)
