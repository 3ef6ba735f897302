"""A network with MONAI's own preprocessing, inferer and activation: what bundles, Auto3DSeg and MONAI Label come to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from XAICLIPLib.errors import ModelError
from XAICLIPLib.models.base import Context, NetworkSegmenter, Prepared
from XAICLIPLib.models.memory import out_of_memory
from XAICLIPLib.models.monai.grid import BundleGrid
from XAICLIPLib.weights.licence import NO_COMMERCE

LEAST, FAR = 1e-7, -16.0  # a probability that still has odds, and their logarithm where nothing is drawn


@dataclass(frozen=True, eq=False)
class Recipe:
    """How a network is fed, and what its output means.

    Attributes
    ----------
    name : str
    network : torch.nn.Module
        On its device, with its weights.
    dims : int
        2: slices, 3: volumes.
    inferer : callable
        (images (B, C, *S), network) -> output (B, outputs, *S), on MONAI's axes; where the network is `asked`, with the
        numbers of the wanted channels after these, of which alone it gives the output.
    steps : list of (kind, transform)
        See `build.build_transforms`.
    key : str
        What the steps call the image.
    names : tuple of str
        Of the output's channels, in order; empty where they are not known.
    taken : tuple of int
        The channels that are structures, the background left out; all of them where `names` is empty.
    activation : str
        "softmax" or "sigmoid".
    images : tuple of str
        What the network takes of one patient, in the order of its channels.
    channels : int
        How many channels of the network get the one image.
    clicks : int
        How many further channels are maps of a user's clicks; there are none, so they are zero.
    sliced : bool
        Whether the network sees the slices of a whole scan that was preprocessed at once.
    combine : callable, optional
        (B, outputs, *S) -> the same shape: what a program makes of its network's probabilities before it draws.
    asked : bool
        Whether the network is told which structures to segment.
    notes : tuple of str
        What a reader must know about every image that is prepared.
    provenance : dict
        See `models.base.Segments`.
    nearest : bool
        Whether its own program brings what it drew back to the scan by the nearest voxel; maps are interpolated all the
        same, as nobody drew them.
    logits_first : bool
        Whether its own program brings the network's raw output back to the scan, and takes the activation there.
    trained_on : str
        The only modality it was made for, see `models.base.Segmenter`.
    """

    name: str
    network: nn.Module
    dims: int
    inferer: Callable[..., Any]
    steps: list[tuple[str, Any]]
    key: str
    names: tuple[str, ...]
    taken: tuple[int, ...]
    activation: str
    images: tuple[str, ...] = ("image",)
    channels: int = 1
    clicks: int = 0
    sliced: bool = False
    combine: Callable[[Tensor], Tensor] | None = None
    asked: bool = False
    notes: tuple[str, ...] = ()
    provenance: dict = field(default_factory=dict)
    nearest: bool = False
    logits_first: bool = False
    trained_on: str = ""


class RecipeSegmenter(NetworkSegmenter):
    """A network with MONAI's preprocessing, inferer and activation, in 2D or 3D.

    The scan is preprocessed once; each perturbed copy then goes through the inferer, in fp32. What its own program does
    after the activation, such as keeping the largest component, is left out: a drop is measured on the probabilities.

    Parameters
    ----------
    recipe : Recipe
    device : torch.device
    targets : tuple of str
        Names of the output's channels where the recipe has none.

    Raises
    ------
    ModelError
        If nothing says what the output's channels are.
    """

    selects_targets = True

    def __init__(self, recipe: Recipe, device: torch.device, targets: tuple[str, ...] = ()) -> None:
        self._recipe, self._device = recipe, device
        self.name, self.spatial_dims, self.images = recipe.name, recipe.dims, recipe.images
        self._network = recipe.network.eval()
        for parameter in self._network.parameters():  # TorchScript has no requires_grad_ of its own
            parameter.requires_grad_(False)
        self._inferer = recipe.inferer
        self.trained_on = recipe.trained_on
        self._whole: tuple[np.ndarray, BundleGrid] | None = None
        self.targets = tuple(recipe.names[i] for i in recipe.taken) or targets
        self.named_by_request = not recipe.names
        if not self.targets:
            raise ModelError(
                f"{recipe.name} does not say what its output's channels are; add channel_def to the outputs in "
                "metadata.json"
            )
        self.provenance = {
            **recipe.provenance,
            "inferer": type(recipe.inferer).__name__,
            "precision": "fp32",
        }

    def prepare(self, image: np.ndarray, context: Context) -> Prepared:
        """The model's own preprocessing of an image.

        Parameters
        ----------
        image : ndarray, shape (H, W) or (Z, H, W)
            A slice or a volume, as the network has it; in the scan's own values, HU on CT. For a network of several
            `images` with those first, (C, H, W) or (C, Z, H, W).
        context : Context
            Of which the spacing is used, mm, and for a volume the orientation of its file.

        Returns
        -------
        Prepared
            Its image has the shape (C, h, w) or (C, d, h, w); where one image is given to several channels, with the
            same values in each.

        Raises
        ------
        ModelError
            If a transform fails on it, or turns it so that its axes can't be told apart.
        """
        recipe = self._recipe
        several = len(recipe.images) > 1
        stack = image if several else image[None]
        if len(stack) != len(recipe.images):
            wanted = f"{len(recipe.images)} images ({', '.join(recipe.images)})"
            raise ModelError(f"{self.name} wants {wanted}, and {len(stack)} were given")
        grid, value_of = self._grid(stack, context)
        tensor = grid.prepared.to(self._device)
        notes = recipe.notes
        licence = str(recipe.provenance.get("licence") or "")
        if licence.endswith(NO_COMMERCE):
            notes = (f"the licence of {self.name} forbids commercial use: {licence}", *notes)
        if recipe.channels > 1:
            tensor = tensor.repeat(recipe.channels, *[1] * recipe.dims)
            notes += (f"{self.name} takes {recipe.channels} channels: each gets the same image",)
        if recipe.clicks:
            notes += (f"{self.name} is run without clicks, as its program does for a first segmentation",)
        if not any(type(step).__name__ == "Orientationd" for _, step in recipe.steps):
            as_stored = recipe.dims == 3 or context.orientation[2] in "SI"
            how = f"as its file is stored ({context.orientation})" if as_stored else "in axial LPS order"
            notes += (f"{self.name} does not say how its images lie: it gets them {how}",)

        def predict(batch: Tensor, targets: Sequence[int] | None = None) -> Tensor:
            return grid.from_monai(self._probabilities(grid.to_monai(batch), targets))

        values = tuple(partial(value_of, channel=c) for c in range(len(stack)))
        prepared = Prepared(tensor, grid, value=values[0], predict=predict, notes=notes)
        if recipe.logits_first:
            prepared = replace(prepared, to_masks=lambda found: grid.to_slice(_log_odds(found), FAR) > 0)
        elif recipe.nearest:
            prepared = replace(prepared, to_masks=lambda found: grid.to_slice(found, nearest=True) > 0.5)
        return replace(prepared, values=values) if several else prepared

    def _grid(self, stack: np.ndarray, context: Context) -> tuple[BundleGrid, Callable[..., float]]:
        """The grid of images (C, …) with what they become on it, and what becomes of a single intensity."""
        recipe = self._recipe
        whole, index = context.volume, context.index
        if recipe.sliced and whole is not None and index is not None:
            if self._whole is None or self._whole[0] is not whole:
                volume = whole if whole.ndim == 4 else whole[None]
                # slices are never mixed by steps that move nothing, so how far apart they lie is no matter
                self._whole = whole, BundleGrid(recipe.steps, volume, (1.0, *context.spacing), recipe.key)
            done = self._whole[1]
            one = done.prepared[:, index].numpy()
            return BundleGrid([], one, context.spacing, recipe.key, context.orientation), done.value_of
        grid = BundleGrid(recipe.steps, stack, context.spacing, recipe.key, context.orientation)
        return grid, grid.value_of

    def predict(self, batch: Tensor, targets: Sequence[int] | None = None) -> Tensor:
        """The network, its inferer and its activation, for images whose axes are in the order of axial LPS.

        What `prepare` gives has a `predict` of its own, which knows the order that the transforms leave.

        Parameters
        ----------
        batch : Tensor, shape (B, C, h, w) or (B, C, d, h, w), float32
            Preprocessed.
        targets : sequence of int, optional
            Numbers of the targets that are asked for; all of them by default.

        Returns
        -------
        Tensor, shape (B, K, h, w) or (B, K, d, h, w)
            Probabilities in [0, 1], without the background.

        Raises
        ------
        ModelError
            If the network fails on it, or returns other channels than its description names.
        """
        turned = batch.permute(0, 1, *range(batch.dim() - 1, 1, -1)).contiguous()
        return self._probabilities(turned, targets).permute(0, 1, *range(batch.dim() - 1, 1, -1)).contiguous()

    @torch.inference_mode()
    def _probabilities(self, batch: Tensor, targets: Sequence[int] | None) -> Tensor:
        """Inferer, activation and choice of channels, in MONAI's order of axes."""
        recipe = self._recipe
        taken = recipe.taken or tuple(range(len(self.targets)))
        wanted = list(taken if targets is None else [taken[i] for i in targets])
        if recipe.clicks:
            batch = torch.cat([batch, batch.new_zeros(len(batch), recipe.clicks, *batch.shape[2:])], 1)
        try:
            output = self._inferer(batch, self._network, *([wanted] if recipe.asked else []))
        except Exception as error:
            if out_of_memory(error):  # which a smaller batch may cure
                raise
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise ModelError(f"{self.name} failed on a batch {tuple(batch.shape)}: {reason}") from error
        if isinstance(output, (tuple, list)):
            output = output[0]  # networks with deep supervision give the full resolution first
        expected = len(wanted) if recipe.asked else len(recipe.names) or len(self.targets)
        if not isinstance(output, Tensor) or output.shape[1] != expected:
            found = tuple(output.shape) if isinstance(output, Tensor) else type(output).__name__
            raise ModelError(
                f"{self.name} returned {found} for a batch {tuple(batch.shape)}; its metadata name {expected} channels "
                "(channel_def): correct them"
            )
        output = output.float()
        if recipe.asked:
            return output.sigmoid()
        if recipe.combine is not None:
            return recipe.combine(output.sigmoid())[:, wanted]
        if recipe.activation == "sigmoid":
            return output[:, wanted].sigmoid()
        return (output[:, wanted] - output.logsumexp(1, keepdim=True)).exp()


def _log_odds(probabilities: np.ndarray) -> np.ndarray:
    """What a network of a structure and its background says before the softmax, of which only the difference counts."""
    found = np.clip(probabilities.astype(np.float64), LEAST, 1 - LEAST)
    return np.log(found / (1 - found)).astype(np.float32)
