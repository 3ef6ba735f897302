"""Models of nnU-Net v2 (Isensee et al., Nature Methods 2021), opened from the folder that their training leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from itertools import product

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from XAICLIPLib.errors import ModelError
from XAICLIPLib.models.axes import Axes
from XAICLIPLib.models.base import Box, Context, NetworkSegmenter, Prepared
from XAICLIPLib.models.device import on_device
from XAICLIPLib.models.memory import out_of_memory
from XAICLIPLib.models.nnunet.case import Preprocessing
from XAICLIPLib.models.nnunet.folder import ModelFolder
from XAICLIPLib.models.nnunet.folds import MeanOfFolds, find_folds
from XAICLIPLib.models.nnunet.heads import Heads
from XAICLIPLib.models.tilegrid import Place
from XAICLIPLib.models.tiles import CACHE_BYTES, SlidingWindow, TiledNetwork
from XAICLIPLib.models.tilesums import SummedWindow
from XAICLIPLib.weights import sha256

STEP = 0.5  # of a tile, nnU-Net's own
VOXELS_AT_ONCE = 2**20
TILES_AT_ONCE = 8


class NnunetSegmenter(NetworkSegmenter):
    """One fold of a trained model, or the mean of several, in two or three dimensions as its configuration says.

    A prediction is nnU-Net's own, with mirroring off: its preprocessing, tiles in steps of half a tile, the mean of
    their logits weighted by a Gaussian and summed in half precision. A copy of an image costs only the tiles that its
    perturbation touches. Of several folds, where the tiles of a scan do not fit into memory, or the network has more
    heads than features before them, tiles are summed in single precision, and the features instead of the logits where
    those are more: the same mean, without nnU-Net's rounding to half precision.

    Parameters
    ----------
    folder : ModelFolder
    device : torch.device
    step : float
        From a tile to the next, in tiles.
    others : sequence of ModelFolder
        Further folds of the same model: what all give is averaged, as nnU-Net does it.

    Attributes
    ----------
    built : tuple of str
        What to know about how the network was built.
    """

    selects_targets = True

    def __init__(
        self, folder: ModelFolder, device: torch.device, step: float = STEP, others: Sequence[ModelFolder] = ()
    ) -> None:
        network, notes = folder.network()
        if others:
            network = MeanOfFolds([network, *(other.network()[0] for other in others)])
        asked = (folder, *others)
        self.built, self._step = notes, step
        configuration, training = folder.configuration, folder.training
        self.targets = folder.targets
        self.name = f"nnU-Net {folder.plans.dataset_name} {training['init_args']['configuration']}"
        self._tile = tuple(int(n) for n in configuration.patch_size)
        self.spatial_dims = len(self._tile)
        self.images = folder.channels
        self._regions = folder.labels.has_regions
        self._heads = folder.labels.num_segmentation_heads
        self.trained_on = {"CT": "CT", "MR": "MR", "MRI": "MR"}.get(folder.channels[0].upper(), "")
        self.preprocess = Preprocessing(folder.plans, configuration, len(self.images))
        self._device = device
        self._network = on_device(network, device, self.name)
        self._weight: Tensor | None = None
        mirrored = training.get("inference_allowed_mirroring_axes") or ()
        alone = len(folder.folds) > 1 and not others
        said = [] if not mirrored else ["mirroring is off"]
        said += [f"fold {folder.fold} alone is asked, of {', '.join(folder.folds)}"] if alone else []
        advice = f" (nnunet:{folder.path}:folds asks all)" if alone else ""
        averages = " and ".join(["mirrored copies"] * bool(mirrored) + ["folds"] * alone)
        self._notes = (*notes, *([f"{' and '.join(said)}; nnU-Net itself averages {averages}{advice}"] if said else []))
        self.provenance = {
            "family": "nnunet",
            "file": ", ".join(f"{one.path.name}/fold_{one.fold}/{one.checkpoint.name}" for one in asked),
            "sha256": ", ".join(sha256(one.checkpoint) for one in asked),
            "dataset": folder.plans.dataset_name,
            "trainer": training["trainer_name"],
            "plans": folder.plans.plans_name,
            "configuration": training["init_args"]["configuration"],
            "fold": ", ".join(one.fold for one in asked),
            "folds_available": list(folder.folds),
            "mirroring": "off",
            "patch_size": list(self._tile),
            "spacing_mm": [float(s) for s in configuration.spacing],
            "tile_step": step,
            "parameters": sum(p.numel() for p in network.parameters()),
            "precision": "fp16 autocast" if device.type == "cuda" else "fp32",
        }

    def prepare(self, image: np.ndarray, context: Context) -> Prepared:
        """nnU-Net's preprocessing of an image; the axes stay those of an axial scan.

        Parameters
        ----------
        image : ndarray of float32, shape (H, W) or (Z, H, W), with C first for a model of C images
            A slice or a volume, as the configuration has it; in the scan's own values, HU on CT.
        context : Context
            Its spacing, mm, decides the resampling; for a slice its `volume` is what a normalisation over the whole
            scan is taken from, the slice alone where that is None.

        Returns
        -------
        Prepared
            Its image has the shape (C, h, w) or (C, d, h, w); its `predict` runs only the tiles that a perturbation
            touches.

        Raises
        ------
        ModelError
            If a model of slices looks at others than axial ones.
        """
        case = self.preprocess(image, context)
        notes = (*self._notes, *case.notes)
        if self.trained_on and context.modality in ("CT", "MR") and context.modality != self.trained_on:
            notes += (f"the model was trained on {self.trained_on}; this scan is {context.modality}",)
        tensor = case.image.to(self._device)
        predict = TiledCase(self, tensor, case.axes)
        return Prepared(
            tensor,
            case.grid,
            case.values[0],
            predict,
            notes,
            tiling=predict if predict.count > 1 else None,
            values=case.values if len(case.values) > 1 else (),
        )

    def predict(self, batch: Tensor, targets: Sequence[int] | None = None) -> Tensor:
        """Every tile of every image, for scans whose file is stored as LPS.

        What `prepare` gives has a `predict` of its own, which knows how the file was stored.

        Parameters
        ----------
        batch : Tensor, shape (B, C, *S), float32
            Normalised and resampled, on axial axes.
        targets : sequence of int, optional
            Numbers of the K structures that are asked for; by default all.

        Returns
        -------
        Tensor, shape (B, K, *S), float32
            Probabilities in [0, 1].
        """
        axes = Axes(tuple(range(self.spatial_dims)), (False,) * self.spatial_dims)
        return TiledCase(self, batch[0], axes, reuse=False)(batch, targets)

    def window(self, image: Tensor, reuse: bool) -> TiledNetwork:
        """Tiles over an image (C, *S), no smaller than a tile, on nnU-Net's axes.

        Parameters
        ----------
        image : Tensor, shape (C, *S)
            Unperturbed, on nnU-Net's axes and no smaller than a tile, see `padded`.
        reuse : bool
            Whether the tiles that a perturbation leaves alone are taken from those of the image.

        Returns
        -------
        TiledNetwork
            (B, C, *S) -> probabilities (B, K, *S).
        """
        from nnunetv2.inference.sliding_window_prediction import compute_gaussian, compute_steps_for_sliding_window

        if self._weight is None:
            self._weight = compute_gaussian(self._tile, sigma_scale=1 / 8, value_scaling_factor=10, device=image.device)
        steps = compute_steps_for_sliding_window(tuple(image.shape[1:]), self._tile, self._step)
        places: list[Place] = [tuple(slice(a, a + n) for a, n in zip(start, self._tile)) for start in product(*steps)]
        voxels = int(np.prod(self._tile))
        at_once = 1 if image.device.type == "cpu" else max(1, min(TILES_AT_ONCE, VOXELS_AT_ONCE // voxels))
        heads = Heads(self._network, self._heads, self._regions)

        def run(tiles: Tensor) -> Tensor:
            return self._run(heads.body, tiles)

        given = (run, image, places, self._weight)
        several = isinstance(self._network, MeanOfFolds)
        if several or heads.before_last or 4 * self._heads * voxels * len(places) > CACHE_BYTES:
            return SummedWindow(*given, finish=heads, at_once=at_once, reuse=reuse, channels=heads.channels)
        return SlidingWindow(*given, finish=heads, at_once=at_once, reuse=reuse, dtype=torch.half)

    def padded(self, batch: Tensor) -> tuple[Tensor, Place]:
        """Images (B, C, *S) with zeros round them up to the size of a tile, and where they lie in it.

        Parameters
        ----------
        batch : Tensor, shape (B, C, *S)
            On nnU-Net's axes.

        Returns
        -------
        padded : Tensor, shape (B, C, *S')
            No edge shorter than a tile's; the batch itself where none was.
        inside : tuple of slices
            Where the images lie in S'.
        """
        missing = [max(0, tile - n) for tile, n in zip(self._tile, batch.shape[2:])]
        before = [m // 2 for m in missing]
        pads = [n for m, b in zip(missing[::-1], before[::-1]) for n in (b, m - b)]
        inside = tuple(slice(b, b + n) for b, n in zip(before, batch.shape[2:]))
        return (functional.pad(batch, pads) if any(missing) else batch), inside

    def _run(self, network: Callable[[Tensor], Tensor], tiles: Tensor) -> Tensor:
        # as nnU-Net does it
        try:
            with torch.autocast("cuda") if tiles.is_cuda else nullcontext():
                return network(tiles)
        except (RuntimeError, TypeError, ValueError) as error:
            if out_of_memory(error):
                raise
            reason = " ".join(f"{type(error).__name__}: {error}"[:300].split())
            raise ModelError(
                f"{self.name} fails on a tile of {tuple(tiles.shape)} ({reason}); its plans are damaged"
            ) from error


class TiledCase:
    """The model on perturbed copies of one prepared image; tiles that a perturbation leaves alone are not run again.

    Parameters
    ----------
    segmenter : NnunetSegmenter
    image : Tensor, shape (C, *S)
        On axial axes.
    axes : Axes
        Those that the network sees.
    reuse : bool
        False runs all tiles of every copy; the result is the same.
    """

    def __init__(self, segmenter: NnunetSegmenter, image: Tensor, axes: Axes, reuse: bool = True) -> None:
        self._segmenter = segmenter
        self.axes, self._edges = axes, tuple(image.shape[1:])
        turned, self._inside = segmenter.padded(axes.to_network(image[None]))
        self.window = segmenter.window(turned[0], reuse)

    @torch.inference_mode()
    def __call__(self, batch: Tensor, targets: Sequence[int] | None = None) -> Tensor:
        """(B, C, *S) -> (B, K, *S), probabilities in [0, 1] of the targets with these numbers, by default of all."""
        turned, _ = self._segmenter.padded(self.axes.to_network(batch))
        return self.axes.to_axial(self.window(turned, targets)[(..., *self._inside)]).contiguous()

    @property
    def count(self) -> int:
        """See `base.Tiling`."""
        return len(self.window.grid)

    def touched(self, box: Box) -> tuple[int, ...]:
        """See `base.Tiling`."""
        turned = [
            (size - stop, size - start) if flip else (start, stop)
            for (start, stop), size, flip in (
                (box[k], self._edges[k], flip) for k, flip in zip(self.axes.order, self.axes.flipped)
            )
        ]
        place = tuple(slice(inner.start + a, inner.start + b) for inner, (a, b) in zip(self._inside, turned))
        return self.window.grid.reached(place)

    def seconds_each(self) -> float:
        """See `base.Tiling`."""
        return self.window.seconds_each()

    def runs(self, changes: Sequence[tuple[int, ...]]) -> int:
        """See `base.Tiling`."""
        return self.window.runs(changes)


def open_model(family: str, argument: str, device: torch.device, targets: tuple[str, ...] = ()) -> NnunetSegmenter:
    """A trained model's folder, or a fold or checkpoint in it.

    Parameters
    ----------
    family : str
        "nnunet".
    argument : str
        Path of the folder, fold or checkpoint; a folder stands for its first fold, FOLDER:folds for all of them.
    device : torch.device
    targets : tuple of str
        Not used: dataset.json names the structures.

    Returns
    -------
    NnunetSegmenter

    Raises
    ------
    MissingPackage
        If nnU-Net is not installed.
    WeightsError
        If there is no trained model, or its checkpoint would run a program.
    ResourceError
        If it does not fit in memory.
    ModelError
        If the model takes the result of another model, or has an unknown architecture.
    """
    first, *others = find_folds(argument)
    return NnunetSegmenter(first, device, others=others)
