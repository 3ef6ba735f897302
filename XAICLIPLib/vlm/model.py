"""Ask a vision-language model where words are in a slice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from XAICLIPLib.anatomy import BACKGROUND_PROMPTS
from XAICLIPLib.errors import InputError
from XAICLIPLib.preprocess import Frame, Preset
from XAICLIPLib.vlm import dense
from XAICLIPLib.vlm.text import TextEncoder

PIXELS_AT_ONCE = 16 * 224**2
"""Input pixels per forward pass: 16 images of a ViT-B/16 need about 0.5 GB."""


@dataclass(frozen=True, eq=False)
class Seen:
    """A slice as a vision-language model sees it; any number of prompts can be asked of it.

    Attributes
    ----------
    pixels : Tensor, shape (3, size, size)
        Normalised as the model wants it.
    frame : Frame
        Where they lie in the slice.
    strategy : str
        One of `dense.STRATEGIES`.
    patches : Tensor, shape (h, w, E), or None
        An embedding per place; None for the strategies that need the text first.
    """

    pixels: Tensor
    frame: Frame
    strategy: str
    patches: Tensor | None = None


class Learned(Protocol):
    """Prompts that were learned from labelled slices, see `roi.coop`."""

    structures: tuple[str, ...]

    def logits(self, model: VisionLanguageModel, seen: Seen) -> Mapping[str, Tensor]:
        """Per structure its logit minus that of the background, (h, w)."""


class VisionLanguageModel:
    """An open_clip model with one verb: how probable is it that this place shows what these words say?

    Parameters
    ----------
    model : nn.Module
        An open_clip ``CLIP`` or ``CustomTextCLIP`` in evaluation mode.
    text : TextEncoder
    mean, std : sequence of 3 floats
        The normalisation of its images.
    name : str
    provenance : dict
    presets : mapping of modality to Preset, optional
        The contrast the model was trained with; without it, the scan's preset is used.

    Attributes
    ----------
    size : int
        Edge of the images it was made for.
    strategies : tuple of str
        Which of `dense.STRATEGIES` its image tower has.
    default_strategy : str
        What "auto" stands for.
    tower : dense.Tower
    """

    def __init__(
        self,
        model: nn.Module,
        text: TextEncoder,
        mean: Sequence[float],
        std: Sequence[float],
        *,
        name: str,
        provenance: dict,
        presets: Mapping[str, Preset] | None = None,
    ) -> None:
        self.model, self.text = model, text
        self.name, self.provenance, self._presets = name, provenance, presets or {}
        self.tower = dense.open_tower(model.visual)
        self.size = self.tower.size
        self.strategies, self.default_strategy = dense.strategies_of(self.tower), dense.choose(self.tower)
        self._mean, self._std = (torch.tensor(v).view(3, 1, 1) for v in (mean, std))

    @property
    def device(self) -> torch.device:
        """Where the model computes."""
        return self.model.logit_scale.device

    @property
    def scale(self) -> float:
        """What the model multiplies a cosine with."""
        return float(self.model.logit_scale.exp())

    @property
    def bias(self) -> float | None:
        """What a model that was trained with a sigmoid adds to that; None for all others."""
        bias = getattr(self.model, "logit_bias", None)
        return None if bias is None else float(bias)

    def preset_for(self, modality: str, otherwise: Preset) -> Preset:
        """The contrast to show it a scan of this modality in."""
        return self._presets.get(modality, otherwise)

    def size_for(self, wanted: int | None = None) -> int:
        """The edge of the frames to show it: its own, or a wanted one.

        Raises
        ------
        InputError
            If the image tower can't take images of that size.
        """
        if wanted is None or wanted == self.size:
            return self.size
        if not self.tower.resizable:
            raise InputError(f"{self.name} takes images of {self.size} pixels only, not {wanted}; leave the size out")
        step = self.tower.patch
        if wanted < step or wanted % step:
            nearest = max(1, round(wanted / step)) * step
            raise InputError(
                f"{self.name} takes images whose edge is a multiple of {step} pixels, not {wanted}; give {nearest}"
            )
        return wanted

    @torch.no_grad()
    def see(self, images: Sequence[np.ndarray], frames: Sequence[Frame], strategy: str = "auto") -> list[Seen]:
        """Look at slices, as many at once as memory allows; what is seen is kept for any number of prompts.

        Parameters
        ----------
        images : sequence of ndarray, shape (H, W) or (3, H, W)
            In [0, 1]. One grey value per pixel goes to all three channels; three may be three windows of a scan.
        frames : sequence of Frame
            Where to look in each; all of one `size`, see `size_for`.
        strategy : str
            One of `strategies`, or "auto".

        Raises
        ------
        InputError
            If the model can't take images of the frames' size.
        ModelError
            If its image tower does not have the strategy.
        """
        strategy = dense.choose(self.tower, strategy)
        sizes = {self.size_for(frame.size) for frame in frames}
        if len(sizes) > 1 or len(images) != len(frames):
            raise InputError(f"{len(images)} images, {len(frames)} frames of sizes {sorted(sizes)}: give one size")
        zoomed = [replace(frame, size=dense.ZOOM.get(strategy, 1) * frame.size) for frame in frames]
        at_once = max(1, PIXELS_AT_ONCE // max((frame.size**2 for frame in zoomed), default=1))
        seen = []
        for start in range(0, len(frames), at_once):
            some = slice(start, start + at_once)
            pixels = torch.stack([self._pixels(*one) for one in zip(images[some], frames[some])])
            if strategy in dense.GRADIENT:
                patches = [None] * len(pixels)
            else:
                canvas = pixels
                if strategy in dense.ZOOM:
                    canvas = torch.stack([self._pixels(*one) for one in zip(images[some], zoomed[some])])
                patches = dense.embeddings(self.tower, canvas, strategy)
            seen += [Seen(p, frame, strategy, patch) for p, frame, patch in zip(pixels, frames[some], patches)]
        return seen

    def _pixels(self, image: np.ndarray, frame: Frame) -> Tensor:
        """What the model gets to see of an image (H, W) or (3, H, W): (3, size, size), normalised."""
        channels = image[None] if image.ndim == 2 else image
        work = np.stack([frame.to_work(channel, pad=0.0) for channel in channels])
        return ((torch.from_numpy(work).expand(3, -1, -1) - self._mean) / self._std).to(self.device)

    def embed(self, prompts: Sequence[str]) -> Tensor:
        """The normalised mean of the prompts' embeddings, (E,)."""
        return self.text.embed(prompts)

    @torch.no_grad()
    def locate(
        self,
        seen: Seen,
        prompts: Mapping[str, Sequence[str]],
        against: Mapping[str, Sequence[str]] | None = None,
        *,
        negatives: Sequence[str] = (),
        probability: str = "auto",
        learned: Learned | None = None,
    ) -> dict[str, np.ndarray]:
        """The probability of each structure at each pixel of the slice.

        A model trained with a sigmoid loss (it has a logit bias, as SigLIP and the bundled one) says for itself how
        probable a text is. All others only rank texts: there the structure competes with background prompts in a
        softmax with the model's own logit scale. "minmax" asks for less, an order of the places from 0 to 1 whether
        the structure is there or not (0 everywhere for a map without differences); it is all that the gradient
        strategies give.

        Parameters
        ----------
        seen : Seen
        prompts : mapping of structure to its prompts
            Their embeddings are averaged.
        against : mapping of structure to background prompts, optional
            What each structure competes with, one by one, in a softmax; by default all of `BACKGROUND_PROMPTS`.
        negatives : sequence of str
            Prompts for what is not meant. In a softmax each is one more competitor; a sigmoid is multiplied with the
            softmax over the structure and the negatives; for "minmax" their mean is subtracted from the structure's
            embedding.
        probability : str
            "auto", "softmax" or "minmax".
        learned : Learned, optional
            Its structures are found by what was learned, with a sigmoid of their own, and not by their prompts.

        Returns
        -------
        dict of structure to ndarray, shape (H, W), float32 in [0, 1]

        Raises
        ------
        InputError
            If nothing is asked for, a prompt can't be embedded, or a softmax is asked of a gradient strategy.
        """
        if not prompts:
            raise InputError("nothing is asked for; name at least one structure, such as liver")
        own = {} if learned is None else learned.logits(self, seen)
        maps = {name: torch.sigmoid(logits) for name, logits in own.items() if name in prompts}
        named = {name: texts for name, texts in prompts.items() if name not in maps}
        if named:
            kind = self._kind(seen.strategy, probability)
            if kind == "minmax":
                found = self._ordered(seen, named, negatives)
            else:
                found = self._probabilities(seen, named, against or {}, negatives, kind)
            maps.update(zip(named, found))
        return {name: self._on_slice(maps[name], seen.frame) for name in prompts}

    def _kind(self, strategy: str, probability: str) -> str:
        """ "sigmoid", "softmax" or "minmax"."""
        if probability not in ("auto", "softmax", "minmax"):
            raise InputError(f"there is no probability {probability!r}; choose auto, softmax or minmax")
        if strategy in dense.GRADIENT:
            if probability == "softmax":
                raise InputError(
                    f"{strategy} says how much a place matters, which is no logit to take a softmax of; choose the "
                    "probability auto or minmax, or another strategy"
                )
            return "minmax"
        if probability == "auto":
            return "softmax" if self.bias is None else "sigmoid"
        return probability

    def _cosines(self, seen: Seen, texts: Tensor) -> Tensor:
        """Texts (P, E) at each place: (P, h, w)."""
        if seen.patches is None:
            return dense.relevance(self.tower, seen.pixels, texts, seen.strategy)
        return torch.einsum("hwe,pe->phw", seen.patches, texts)

    def _ordered(self, seen: Seen, prompts: Mapping[str, Sequence[str]], negatives: Sequence[str]) -> Tensor:
        texts = torch.stack([self.embed(p) for p in prompts.values()])
        if negatives:
            texts = texts - self.text.embed_each(negatives).mean(0)
        found = self._cosines(seen, texts)
        low, high = found.amin((1, 2), keepdim=True), found.amax((1, 2), keepdim=True)
        # a map without differences but of rounding has no order: 0 everywhere
        real = high - low > 1e-5 * found.abs().amax((1, 2), keepdim=True)
        return torch.where(real, (found - low) / (high - low), 0.0)

    def _probabilities(
        self,
        seen: Seen,
        prompts: Mapping[str, Sequence[str]],
        against: Mapping[str, Sequence[str]],
        negatives: Sequence[str],
        kind: str,
    ) -> Tensor:
        logits = self.scale * self._cosines(seen, torch.stack([self.embed(p) for p in prompts.values()]))
        if kind == "sigmoid":
            probabilities = torch.sigmoid(logits + self.bias)
            return probabilities * torch.sigmoid(logits - self._rivals(seen, negatives)) if negatives else probabilities
        rivals = [self._rivals(seen, (*against.get(name, BACKGROUND_PROMPTS), *negatives)) for name in prompts]
        return torch.sigmoid(logits - torch.stack(rivals))

    def _rivals(self, seen: Seen, prompts: Sequence[str]) -> Tensor:
        """The log-sum-exp of the prompts' logits at each place, (h, w)."""
        return torch.logsumexp(self.scale * self._cosines(seen, self.text.embed_each(prompts)), 0)

    def _on_slice(self, found: Tensor, frame: Frame) -> np.ndarray:
        """A map (h, w) of a frame on the slice, (H, W)."""
        size = (frame.size, frame.size)
        large = nn.functional.interpolate(found[None, None].float(), size, mode="bilinear", align_corners=False)
        return frame.to_slice(large[0].cpu().numpy())[0]
