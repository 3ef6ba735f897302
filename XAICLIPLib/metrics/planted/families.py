"""The families: each hangs what it draws on something else, or on nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from scipy import ndimage
from torch import Tensor
from torch.nn import functional

from XAICLIPLib.metrics.planted.case import Family, Planted
from XAICLIPLib.metrics.planted.networks import NETWORKS
from XAICLIPLib.metrics.planted.scene import Scene

RADII = (5, 8)  # of a planted place, pixels
CERTAIN = 0.95  # probability of what is drawn
STEEP = 20.0
SOFT_TISSUE = 0.42  # grey value from which a pixel counts as soft tissue; about 8 HU
WHITE = 1.0


def tensor(mask: np.ndarray) -> Tensor:
    """A mask as numbers that a batch can be multiplied with.

    Parameters
    ----------
    mask : ndarray, shape (H, W), bool

    Returns
    -------
    Tensor, shape (H, W), float32
    """
    return torch.from_numpy(np.ascontiguousarray(mask, np.float32))


def disc(centre: np.ndarray, radius: float, shape: tuple[int, ...]) -> np.ndarray:
    """A round place.

    Parameters
    ----------
    centre : ndarray, shape (2,)
        Row and column.
    radius : float
        Pixels.
    shape : tuple of int
        (H, W).

    Returns
    -------
    ndarray, shape (H, W), bool
    """
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    return (rows - centre[0]) ** 2 + (columns - centre[1]) ** 2 <= radius**2


def place_in(allowed: np.ndarray, radius: float, rng: np.random.Generator) -> np.ndarray:
    """A disc at random that lies in a mask, or as deep in it as one can.

    Parameters
    ----------
    allowed : ndarray, shape (H, W), bool
    radius : float
    rng : numpy.random.Generator

    Returns
    -------
    ndarray, shape (H, W), bool
    """
    depth = ndimage.distance_transform_edt(np.pad(allowed, 1))[1:-1, 1:-1]
    candidates = np.argwhere(depth > min(radius, depth.max() - 1e-6))
    return disc(candidates[rng.integers(len(candidates))], radius, allowed.shape) & allowed


def far_part(organ: np.ndarray, place: np.ndarray, share: float) -> np.ndarray:
    """That share of an organ which lies farthest from a place.

    Parameters
    ----------
    organ, place : ndarray, shape (H, W), bool
    share : float

    Returns
    -------
    ndarray, shape (H, W), bool
    """
    distance = ndimage.distance_transform_edt(~place)
    return organ & (distance >= np.quantile(distance[organ], 1 - share))


def marked(image: np.ndarray, place: np.ndarray) -> np.ndarray:
    """An image with a white mark at a place.

    Parameters
    ----------
    image : ndarray, shape (1, H, W)
    place : ndarray, shape (H, W), bool

    Returns
    -------
    ndarray, shape (1, H, W), float32
    """
    made = image.copy()
    made[0, place] = WHITE
    return made


def _seen(batch: Tensor) -> Tensor:
    """How much each pixel looks like soft tissue: (B, 1, H, W), 0 to 1."""
    return torch.sigmoid(STEEP * (batch - SOFT_TISSUE))


def _whiteness(batch: Tensor, place: Tensor, dark: float) -> Tensor:
    """Which share of a white mark is there: (B, 1, 1, 1), 0 where all of it is as grey as `dark`."""
    there = ((batch - dark) / (WHITE - dark)).clamp(0, 1)
    return (there * place).sum((2, 3), keepdim=True) / place.sum()


def _level(scene: Scene) -> float:
    """The grey value between the organ and a white mark, from which a mark counts."""
    return (float(np.median(scene.image[0][scene.organ])) + WHITE) / 2


@dataclass(frozen=True)
class Threshold:
    """Each pixel by its own grey value, and nothing else."""

    name: str = "threshold"
    about: str = "a pixel is drawn by its own HU: no place has an effect elsewhere"

    def plant(self, scene: Scene) -> Planted:
        """See `Family.plant`."""
        organ = tensor(scene.organ)
        return Planted(self.name, scene.image, lambda batch: _seen(batch) * organ, scene.region, unseen=0.0)


@dataclass(frozen=True)
class Gate:
    """Part of the organ is drawn as far as a white mark is there, which lies elsewhere."""

    name: str
    about: str
    inside: bool
    share: tuple[float, float]
    slack: float = 0.0  # share of the mark that may be missing before anything changes

    def plant(self, scene: Scene) -> Planted:
        """See `Family.plant`."""
        rng = scene.rng(self.name)
        radius = float(rng.uniform(*RADII))
        allowed = scene.organ if self.inside else scene.region & ~ndimage.binary_dilation(scene.organ, iterations=2)
        place = place_in(allowed, radius, rng)
        part = far_part(scene.organ & ~place, place, float(rng.uniform(*self.share)))
        return self.hung(scene, place, part, "drawn")

    def hung(self, scene: Scene, place: np.ndarray, part: np.ndarray, where: np.ndarray | str) -> Planted:
        """A part of the organ that is drawn as far as a place is white.

        Parameters
        ----------
        scene : Scene
        place, part : ndarray, shape (H, W), bool
        where : ndarray of bool, shape (H, W), or str

        Returns
        -------
        Planted
        """
        always, hung, mark, dark = tensor(scene.organ & ~part), tensor(part), tensor(place), _level(scene)

        def predict(batch: Tensor) -> Tensor:
            there = (_whiteness(batch, mark, dark) / (1 - self.slack)).clamp(max=1)
            return CERTAIN * _seen(batch) * (always + hung * there)

        return Planted(self.name, marked(scene.image, place), predict, scene.region, where, place)


@dataclass(frozen=True)
class Part(Gate):
    """A small part of the organ hangs on a mark in another part of it; it is that part that is asked about."""

    def plant(self, scene: Scene) -> Planted:
        """See `Family.plant`."""
        rng = scene.rng(self.name)
        place = place_in(scene.organ, float(rng.uniform(*RADII)), rng)
        part = far_part(scene.organ & ~place, place, float(rng.uniform(*self.share)))
        return self.hung(scene, place, part, part)


@dataclass(frozen=True)
class Prior:
    """The organ is drawn where it always is, whatever the image shows."""

    name: str = "prior"
    about: str = "the organ is drawn without a look: all of it is drawn unseen"

    def plant(self, scene: Scene) -> Planted:
        """See `Family.plant`."""
        organ = tensor(scene.organ)
        return Planted(self.name, scene.image, lambda batch: CERTAIN * organ + 0 * batch, scene.region, unseen=CERTAIN)


@dataclass(frozen=True)
class Neighbour:
    """The organ's edge towards a neighbour is drawn as far as the neighbour is there."""

    name: str = "boundary"
    about: str = "the edge follows the neighbour: asked about the edge, the neighbour is the cause"

    def plant(self, scene: Scene) -> Planted:
        """See `Family.plant`."""
        rng = scene.rng(self.name)
        outside = scene.region & ~ndimage.binary_dilation(scene.organ, iterations=1)
        place = place_in(outside, float(rng.uniform(*RADII)), rng)
        near = scene.organ & (ndimage.distance_transform_edt(~place) <= 26)
        band = near & (ndimage.distance_transform_edt(scene.organ) <= 3)
        always, edge, mark, dark = tensor(scene.organ & ~band), tensor(band), tensor(place), _level(scene)

        def predict(batch: Tensor) -> Tensor:
            return CERTAIN * _seen(batch) * (always + edge * _whiteness(batch, mark, dark))

        return Planted(self.name, marked(scene.image, place), predict, scene.region, band, place)


@dataclass(frozen=True)
class Needs:
    """Organs that need each other by known shares."""

    name: str = "organs"
    about: str = "an organ is drawn as far as another is there, by a known matrix"

    def plant(self, scene: Scene) -> Planted:
        """See `Family.plant`."""
        rng = scene.rng(self.name)
        largest = sorted(scene.others, key=lambda name: -scene.others[name].sum())[:2]
        players = {"organ": scene.organ, **{name: scene.others[name] for name in largest}}
        masks = torch.stack([tensor(mask) for mask in players.values()])
        count = len(masks)
        image = scene.image * 0.5
        image[0, np.logical_or.reduce(list(players.values()))] = WHITE
        shares = np.round(rng.uniform(0, 1, (count, count)), 2) * (rng.random((count, count)) < 0.6)
        np.fill_diagonal(shares, 0)
        weights = torch.from_numpy(shares.astype(np.float32))

        def predict(batch: Tensor) -> Tensor:
            white = ((batch - 0.5) / 0.5).clamp(0, 1)
            there = (white * masks).sum((2, 3)) / masks.sum((1, 2))  # (B, K)
            held = (1 - weights[None] * (1 - there[:, :, None])).prod(1)
            return white * masks * held[:, :, None, None]

        needs = shares + np.eye(count)
        return Planted(self.name, image, predict, np.ones_like(scene.organ), needs=needs, players=players)


@dataclass(frozen=True)
class Texture:
    """Part of the organ is drawn as far as a place elsewhere in it is grained; its mean grey value does not matter."""

    name: str = "texture"
    about: str = "part of the organ is drawn as far as a place is grained: its HU do not matter"

    def plant(self, scene: Scene) -> Planted:
        """See `Family.plant`."""
        rng = scene.rng(self.name)
        place = place_in(scene.organ, float(rng.uniform(*RADII)), rng)
        image = scene.image.copy()
        rows, columns = np.nonzero(place)
        image[0, rows, columns] = np.float32(np.median(image[0][scene.organ])) + 0.15 * (
            1 - 2 * ((rows + columns) % 2)
        ).astype(np.float32)
        part = far_part(scene.organ & ~place, place, float(rng.uniform(0.2, 0.6)))
        always, hung, mark = tensor(scene.organ & ~part), tensor(part), tensor(place)
        board = torch.tensor([[1.0, -1.0], [-1.0, 1.0]])[None, None] / 4  # answers to a chequered grain alone

        def grain(batch: Tensor) -> Tensor:
            return functional.conv2d(functional.pad(batch, (0, 1, 0, 1)), board).abs().clamp(max=0.15)

        with torch.no_grad():
            usual = (grain(torch.from_numpy(image)[None]) * mark).sum()

        def predict(batch: Tensor) -> Tensor:
            there = (grain(batch) * mark).sum((2, 3), keepdim=True) / usual
            return CERTAIN * _seen(batch) * (always + hung * there.clamp(0, 1))

        return Planted(self.name, image, predict, scene.region, "drawn", place)


_ALL: tuple[Any, ...] = (
    Threshold(),
    Gate("gate inside", "part of the organ hangs on a mark inside it", True, (0.15, 0.6)),
    Gate("gate outside", "part of the organ hangs on a mark beside it", False, (0.15, 0.6)),
    Gate(
        "gate saturated",
        "the same; a fifth of the mark may be missing before anything changes",
        False,
        (0.15, 0.6),
        0.2,
    ),
    Prior(),
    Part("part", "a small part hangs on a mark in another part", True, (0.02, 0.05)),
    Neighbour(),
    Needs(),
    Texture(),
    *NETWORKS,
)
FAMILIES: dict[str, Family] = {family.name: family for family in _ALL}
