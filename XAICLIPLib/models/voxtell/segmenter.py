"""VoxTell under explanation, and as what finds words in a scan: structures are named by the request."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from XAICLIPLib.models.axes import Axes
from XAICLIPLib.models.base import Context, NetworkSegmenter, Prepared
from XAICLIPLib.models.device import on_device
from XAICLIPLib.models.nnunet.case import Cropped
from XAICLIPLib.models.resize import stretched
from XAICLIPLib.models.tiles import Place, SlidingWindow
from XAICLIPLib.models.voxtell.folder import CHECKPOINT, SOURCE, build, find_folder
from XAICLIPLib.models.voxtell.text import vectors_of, words_of
from XAICLIPLib.weights import sha256
from XAICLIPLib.weights.licence import licence_in

STEP = 0.5  # of a tile
WITHOUT_NAME = ("liver",)  # what is looked for where nothing was asked for
SEEN = Axes.of("RAS", (0, 1, 2))  # whatever the scan's own orientation is


class VoxTellSegmenter(NetworkSegmenter):
    """VoxTell on whole volumes: a structure is what its words say.

    A prediction is that of the package `voxtell`: the scan as RAS, cut to what is not zero, its z-scores, without
    resampling, in tiles in steps of half a tile, the mean of their logits weighted by a Gaussian and summed in half
    precision. A copy costs only the tiles that its perturbation touches. Words look at each other: what else is asked
    for may change what is found, here as there.

    Parameters
    ----------
    network : torch.nn.Module
        See `folder.build`.
    tile : tuple of 3 ints
    targets : tuple of N str
    vectors : Tensor, shape (N, D)
        Of their texts.
    device : torch.device
    """

    spatial_dims = 3
    named_by_request = True

    def __init__(
        self,
        network: nn.Module,
        tile: tuple[int, ...],
        targets: tuple[str, ...],
        vectors: Tensor,
        device: torch.device,
    ) -> None:
        self.name = "VoxTell"
        self.targets = targets
        self._tile = tile
        self._device = device
        self._network = on_device(network, device, self.name)
        self._vectors = vectors.to(device)[None]
        self._weight: Tensor | None = None
        self.provenance = {
            "family": "voxtell",
            "patch_size": list(tile),
            "tile_step": STEP,
            "parameters": sum(p.numel() for p in network.parameters()),
            "precision": "fp16 autocast" if device.type == "cuda" else "fp32",
        }

    def prepare(self, image: np.ndarray, context: Context) -> Prepared:
        """The z-scores of what is not zero.

        Parameters
        ----------
        image : ndarray of float32, shape (Z, H, W)
            In the scan's own values, HU on CT.
        context : Context
            Not looked at: VoxTell resamples nothing.

        Returns
        -------
        Prepared
            Its image has the shape (1, d, h, w) of the cut, on axial axes; its `predict` runs only the tiles that a
            perturbation touches.
        """
        box = _box_of_nonzero(image)
        voxels = np.ascontiguousarray(SEEN.to_network(image[box]), np.float32)
        mean, deviation = float(voxels.mean()), max(float(voxels.std()), 1e-8)
        scores = SEEN.to_axial((voxels - np.float32(mean)) / np.float32(deviation))
        tensor = torch.from_numpy(np.ascontiguousarray(scores))[None].to(self._device)
        grid = Cropped(image.shape, box, stretched(scores.shape, scores.shape))
        notes = ("VoxTell gets the scan as RAS, whatever its file has, and in its own spacing",)
        if self._device.type == "cpu":
            size = " x ".join(map(str, self._tile))
            notes += (f"VoxTell was made for a GPU: on a CPU each of its tiles of {size} voxels takes long",)
        case = TextCase(self, tensor)
        return Prepared(tensor, grid, lambda v: (float(v) - mean) / deviation, case, notes)

    def predict(self, batch: Tensor) -> Tensor:
        """Every tile of every image.

        Parameters
        ----------
        batch : Tensor, shape (B, 1, d, h, w), float32
            z-scores, on axial axes.

        Returns
        -------
        Tensor, shape (B, N, d, h, w)
            Probabilities in [0, 1].
        """
        return TextCase(self, batch[0], reuse=False)(batch)

    def window(self, image: Tensor, reuse: bool) -> SlidingWindow:
        """Tiles over an image, no smaller than a tile.

        Parameters
        ----------
        image : Tensor, shape (1, *S)
            Unperturbed, on VoxTell's axes, see `padded`.
        reuse : bool
            Whether the tiles that a perturbation leaves alone are taken from those of the image.

        Returns
        -------
        SlidingWindow
            (B, 1, *S) -> logits (B, N, *S) in half precision.
        """
        from nnunetv2.inference.sliding_window_prediction import compute_gaussian, compute_steps_for_sliding_window

        if self._weight is None:
            self._weight = compute_gaussian(self._tile, sigma_scale=1 / 8, value_scaling_factor=10, device=image.device)
        steps = compute_steps_for_sliding_window(tuple(image.shape[1:]), self._tile, STEP)
        places: list[Place] = [tuple(slice(a, a + n) for a, n in zip(start, self._tile)) for start in product(*steps)]
        return SlidingWindow(self._logits, image, places, self._weight, dtype=torch.half, reuse=reuse)

    def padded(self, batch: Tensor) -> tuple[Tensor, Place]:
        """Images with zeros round them up to the size of a tile, and where they lie in it.

        Parameters
        ----------
        batch : Tensor, shape (B, 1, *S)
            On VoxTell's axes.

        Returns
        -------
        padded : Tensor, shape (B, 1, *S')
            No edge shorter than a tile's; the batch itself where none was.
        inside : tuple of slices
            Where the images lie in S'.
        """
        missing = [max(0, tile - n) for tile, n in zip(self._tile, batch.shape[2:])]
        before = [m // 2 for m in missing]
        pads = [n for m, b in zip(missing[::-1], before[::-1]) for n in (b, m - b)]
        inside = tuple(slice(b, b + n) for b, n in zip(before, batch.shape[2:]))
        return (functional.pad(batch, pads) if any(missing) else batch), inside

    def _logits(self, tiles: Tensor) -> Tensor:
        with torch.autocast(tiles.device.type, enabled=tiles.is_cuda):
            return self._network(tiles, self._vectors.expand(len(tiles), -1, -1))


class TextCase:
    """VoxTell on perturbed copies of one prepared volume.

    Parameters
    ----------
    segmenter : VoxTellSegmenter
    image : Tensor, shape (1, d, h, w)
        On axial axes.
    reuse : bool
        False runs all tiles of every copy; the result is the same.
    """

    def __init__(self, segmenter: VoxTellSegmenter, image: Tensor, reuse: bool = True) -> None:
        self._segmenter = segmenter
        turned, self._inside = segmenter.padded(SEEN.to_network(image[None]))
        self.window = segmenter.window(turned[0], reuse)

    @torch.inference_mode()
    def __call__(self, batch: Tensor) -> Tensor:
        """(B, 1, d, h, w) -> (B, N, d, h, w), probabilities in [0, 1]."""
        turned, _ = self._segmenter.padded(SEEN.to_network(batch))
        logits = self.window(turned)[(..., *self._inside)]
        return SEEN.to_axial(logits.float().sigmoid()).contiguous()


def _box_of_nonzero(volume: np.ndarray) -> tuple[slice, ...]:
    """The box round all voxels that are not zero; all of it where there are none."""
    there = volume != 0
    box = []
    for axis in range(volume.ndim):
        found = np.flatnonzero(there.any(tuple(k for k in range(volume.ndim) if k != axis)))
        box.append(slice(int(found[0]), int(found[-1]) + 1) if len(found) else slice(0, volume.shape[axis]))
    return tuple(box)


def open_model(family: str, argument: str, device: torch.device, targets: tuple[str, ...] = ()) -> VoxTellSegmenter:
    """A model's folder, with the words for what it is asked for.

    Parameters
    ----------
    family : str
        "voxtell".
    argument : str
        Path of the folder that holds plans.json and fold_0; empty for `$VOXTELL_MODEL` or what Slicer or the hub have
        kept.
    device : torch.device
    targets : tuple of str
        The structures, by name or in words of one's own; the liver where there are none.

    Returns
    -------
    VoxTellSegmenter

    Raises
    ------
    MissingPackage
        If `voxtell`, which has the network, is not installed.
    WeightsError
        If a file is missing or damaged, or there is no vector for a text.
    ModelError
        If its plans want something else called than parts of networks.
    ResourceError
        If it does not fit in memory.
    """
    folder = find_folder(argument)
    network, tile = build(folder)
    targets = tuple(targets) or WITHOUT_NAME
    texts = tuple(words_of(target) for target in targets)
    width = network.text_embedding_dim
    vectors, source = vectors_of(texts, folder, width, device)
    segmenter = VoxTellSegmenter(network, tile, targets, vectors, device)
    segmenter.name = f"VoxTell ({folder.name})"
    segmenter.provenance.update(
        file=f"{folder.name}/{CHECKPOINT}",
        sha256=sha256(folder / CHECKPOINT),
        texts=list(texts),
        text_vectors=source,
        licence=_licence(folder),
    )
    return segmenter


def _licence(folder: Path) -> str:
    return licence_in(folder, folder.parent) or f"not said beside the weights; see {SOURCE}"
