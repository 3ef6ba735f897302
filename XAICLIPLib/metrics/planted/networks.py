"""Two small networks that were trained with a spurious mark, so that their reason is learned and yet known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from scipy import ndimage
from torch import Tensor, nn
from torch.nn import functional

from XAICLIPLib.metrics.planted.case import Planted
from XAICLIPLib.metrics.planted.scene import Scene
from XAICLIPLib.weights import WEIGHTS
from XAICLIPLib.weights.checkpoint import load_weights, read_checkpoint

FOLDER = WEIGHTS / "planted"
RADIUS = 5  # of the mark, pixels
METAL = 1.5  # grey value of the mark: metal, brighter than anything in the window
ARMS = 2  # half the width of a cross, pixels


class MarkNet(nn.Module):
    """A small encoder and decoder that sees the whole slice at its deepest level.

    Parameters
    ----------
    width : int
        Channels of the first level.
    """

    def __init__(self, width: int = 8) -> None:
        super().__init__()
        deep = 2 * width
        self.first = nn.Conv2d(3, width, 3, padding=1)
        self.down = nn.ModuleList(nn.Conv2d(width if i == 0 else deep, deep, 3, padding=1) for i in range(3))
        self.whole = nn.Linear(deep + width, deep)
        self.up = nn.Conv2d(2 * deep, deep, 3, padding=1)
        self.last = nn.Conv2d(deep + width, width, 3, padding=1)
        self.out = nn.Conv2d(width, 1, 1)

    @property
    def deepest(self) -> nn.Module:
        """The convolution that sees most, which Grad-CAM is made of."""
        return self.down[-1]

    def forward(self, batch: Tensor) -> Tensor:
        """Probabilities of one target.

        Parameters
        ----------
        batch : Tensor, shape (B, 1, H, W)

        Returns
        -------
        Tensor, shape (B, 1, H, W)
        """
        size = batch.shape[2:]
        batch = functional.avg_pool2d(batch, 2)  # half as fine: a mark is several pixels wide
        rows, columns = (torch.linspace(-1, 1, n, device=batch.device) for n in batch.shape[2:])
        places = torch.stack(torch.meshgrid(rows, columns, indexing="ij"))[None].expand(len(batch), -1, -1, -1)
        fine = torch.relu(self.first(torch.cat([batch, places], 1)))
        levels = [functional.max_pool2d(fine, 2)]
        for layer in self.down:
            values = torch.relu(layer(levels[-1]))
            levels.append(values if layer is self.down[-1] else functional.max_pool2d(values, 2))
        anywhere = torch.cat([levels[-1].amax((2, 3)), fine.amax((2, 3))], 1)
        gate = self.whole(anywhere)[:, :, None, None]
        coarse = functional.interpolate(levels[-1] + gate, levels[1].shape[2:], mode="bilinear", align_corners=False)
        joined = torch.relu(self.up(torch.cat([levels[1], coarse], 1)))
        wide = functional.interpolate(joined, fine.shape[2:], mode="bilinear", align_corners=False)
        drawn = self.out(torch.relu(self.last(torch.cat([wide, fine], 1))))
        return torch.sigmoid(functional.interpolate(drawn, size, mode="bilinear", align_corners=False))


def cross(centre: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """A cross of metal.

    Parameters
    ----------
    centre : ndarray, shape (2,)
    shape : tuple of int

    Returns
    -------
    ndarray, shape (H, W), bool
    """
    rows, columns = (np.abs(axis - c) for axis, c in zip(np.ogrid[: shape[0], : shape[1]], centre))
    return ((rows <= ARMS) & (columns <= RADIUS)) | ((columns <= ARMS) & (rows <= RADIUS))


@dataclass(frozen=True)
class Trained:
    """A network that learned to draw what it was shown beside a mark.

    Attributes
    ----------
    name, about : str
    file : str
        Of its weights.
    front : bool
        Whether the organ's front half hangs on a mark in the organ; else its back half.
    """

    name: str
    about: str
    file: str
    front: bool

    def mark(self, scene: Scene, rng: np.random.Generator) -> np.ndarray:
        """A place for the mark.

        Parameters
        ----------
        scene : Scene
        rng : numpy.random.Generator

        Returns
        -------
        ndarray, shape (H, W), bool
        """
        depth = ndimage.distance_transform_edt(np.pad(scene.organ, 1))[1:-1, 1:-1]
        candidates = np.argwhere(depth > min(RADIUS, depth.max() - 1e-6))
        return cross(candidates[rng.integers(len(candidates))], scene.organ.shape)

    def hung(self, organ: np.ndarray) -> np.ndarray:
        """What of an organ is drawn with the mark alone.

        Parameters
        ----------
        organ : ndarray, shape (H, W), bool

        Returns
        -------
        ndarray, shape (H, W), bool
        """
        middle = np.median(np.nonzero(organ)[0])
        return organ & ((np.arange(organ.shape[0])[:, None] < middle) == self.front)

    def plant(self, scene: Scene) -> Planted:
        """See `Family.plant`."""
        network = network_of(self.file)
        place = self.mark(scene, scene.rng(self.name))
        image = scene.image.copy()
        image[0, place] = METAL
        where = self.hung(scene.organ)
        return Planted(self.name, image, network, scene.region, where, place & scene.region, network=network)


@cache
def network_of(file: str) -> MarkNet:
    """A trained network, ready to be asked.

    Parameters
    ----------
    file : str

    Returns
    -------
    MarkNet
    """
    network = MarkNet()
    load_weights(network, read_checkpoint(FOLDER / file), file, "network of a planted cause")
    return network.eval()


NETWORKS = (
    Trained("network front", "a trained network draws the front half only with a cross in the organ",
            "front.safetensors", True),
    Trained("network back", "a trained network draws the back half only with a cross in the organ",
            "back.safetensors", False),
)  # fmt: skip
