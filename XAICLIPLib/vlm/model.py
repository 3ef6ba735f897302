"""Ask a vision-language model where words are in a slice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from XAICLIPLib.anatomy import BACKGROUND_TEXTS
from XAICLIPLib.errors import InputError
from XAICLIPLib.preprocess import Frame, Preset
from XAICLIPLib.vlm import dense
from XAICLIPLib.vlm.text import TextEncoder

PIXELS_AT_ONCE = 16 * 224**2
"""Input pixels per forward pass: 16 images of a ViT-B/16 need about 0.5 GB."""


@dataclass(frozen=True, eq=False)
class EncodedSlice:
    """A slice as a vision-language model got it, ready to be compared with any number of texts.

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


class DenseClassifier(Protocol):
    """What tells structures from their backgrounds at each place by itself: `LearnedPrompts`."""

    @property
    def structures(self) -> tuple[str, ...]:
        """What it tells apart."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """How it was learned: "size", and where they are known "modality" and "windows"."""

    def logits(self, model: VisionLanguageModel, encoded: EncodedSlice) -> Mapping[str, Tensor]:
        """How much more likely each place is the structure than its background.

        Parameters
        ----------
        model : VisionLanguageModel
            The one that encoded the slice.
        encoded : EncodedSlice

        Returns
        -------
        mapping of structure to Tensor, shape (h, w)
            Its logit minus that of the background.
        """


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
        Which of `dense.STRATEGIES` its image tower has; `dense.choose` says what "auto" stands for.
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
        self.strategies = dense.strategies_of(self.tower)
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
        """The contrast in which it gets a scan of a modality.

        Parameters
        ----------
        modality : str
            "CT", "MR", …
        otherwise : Preset
            The scan's own, for a modality that the model was not trained with.

        Returns
        -------
        Preset
        """
        return self._presets.get(modality, otherwise)

    def size_for(self, wanted: int | None = None) -> int:
        """The edge of the frames to give it: its own, or a wanted one.

        Parameters
        ----------
        wanted : int, optional
            Edge in pixels; the model's own by default.

        Returns
        -------
        int
            Pixels.

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
    def encode(
        self, images: Sequence[np.ndarray], frames: Sequence[Frame], strategy: str = "auto"
    ) -> list[EncodedSlice]:
        """Encode slices, as many at once as memory allows; the result serves any number of texts.

        Parameters
        ----------
        images : sequence of ndarray, shape (H, W) or (3, H, W)
            In [0, 1]. One grey value per pixel goes to all three channels; three may be three grey windows of a scan.
        frames : sequence of Frame
            Where to look in each; all of one `size`, see `size_for`.
        strategy : str
            One of `strategies`, or "auto".

        Returns
        -------
        list of EncodedSlice
            One per image, in their order.

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
        encoded = []
        for start in range(0, len(frames), at_once):
            chunk = slice(start, start + at_once)
            pixels = torch.stack([self._pixels(*pair) for pair in zip(images[chunk], frames[chunk])])
            if strategy in dense.GRADIENT:
                patches = [None] * len(pixels)
            else:
                canvas = pixels
                if strategy in dense.ZOOM:
                    canvas = torch.stack([self._pixels(*pair) for pair in zip(images[chunk], zoomed[chunk])])
                patches = dense.embeddings(self.tower, canvas, strategy)
            encoded += [
                EncodedSlice(p, frame, strategy, patch) for p, frame, patch in zip(pixels, frames[chunk], patches)
            ]
        return encoded

    def _pixels(self, image: np.ndarray, frame: Frame) -> Tensor:
        """What the model gets of an image (H, W) or (3, H, W): (3, size, size), normalised."""
        channels = image[None] if image.ndim == 2 else image
        work = np.stack([frame.to_work(channel, pad=0.0) for channel in channels])
        return ((torch.from_numpy(work).expand(3, -1, -1) - self._mean) / self._std).to(self.device)

    def embed(self, texts: Sequence[str]) -> Tensor:
        """One embedding for several texts that mean the same.

        Parameters
        ----------
        texts : sequence of str

        Returns
        -------
        Tensor, shape (E,)
            The normalised mean of their normalised embeddings, float32.
        """
        return self.text.embed(texts)

    @torch.no_grad()
    def scores(self, encoded: Sequence[EncodedSlice], texts: Mapping[str, Sequence[str]]) -> list[dict[str, float]]:
        """How well whole slices go with each structure, as the model was trained to say it: without places.

        Parameters
        ----------
        encoded : sequence of EncodedSlice
        texts : mapping of structure to sequence of str
            What says it; their embeddings are averaged.

        Returns
        -------
        list of dict of structure to float
            Logits: scale times cosine, and the bias of a model that was trained with a sigmoid.
        """
        pixels = torch.stack([one.pixels for one in encoded])
        pooled = nn.functional.normalize(self.model.encode_image(pixels).float(), dim=-1)
        cosines = pooled @ torch.stack([self.embed(phrases) for phrases in texts.values()]).T
        return [dict(zip(texts, row)) for row in (self.scale * cosines + (self.bias or 0.0)).tolist()]

    @torch.no_grad()
    def locate(
        self,
        encoded: EncodedSlice,
        texts: Mapping[str, Sequence[str]],
        backgrounds: Mapping[str, Sequence[str]] | None = None,
        *,
        negatives: Sequence[str] = (),
        probability: str = "auto",
        learned: DenseClassifier | None = None,
    ) -> dict[str, np.ndarray]:
        """The probability of each structure at each pixel of the slice.

        A model trained with a sigmoid loss (it has a logit bias, as SigLIP and the bundled one) says for itself how
        probable a text is. All others only rank texts: there the structure competes with background texts in a
        softmax with the model's own logit scale. "minmax" asks for less, an order of the places from 0 to 1 whether
        the structure is there or not (0 everywhere for a map without differences); it is all that the gradient
        strategies give.

        Parameters
        ----------
        encoded : EncodedSlice
        texts : mapping of structure to sequence of str
            What says it; their embeddings are averaged.
        backgrounds : mapping of structure to sequence of str, optional
            Texts that each structure competes with, one by one, in a softmax; by default all of `BACKGROUND_TEXTS`.
        negatives : sequence of str
            Texts for what is not meant. In a softmax each is one more competitor; a sigmoid is multiplied with the
            softmax over the structure and the negatives; for "minmax" their mean is subtracted from the structure's
            embedding.
        probability : str
            "auto", "softmax" or "minmax".
        learned : DenseClassifier, optional
            Its structures are found by what was learned, with a sigmoid of their own, and not by their texts.

        Returns
        -------
        dict of structure to ndarray, shape (H, W), float32 in [0, 1]

        Raises
        ------
        InputError
            If nothing is asked for, a prompt can't be embedded, or a softmax is asked of a gradient strategy.
        """
        if not texts:
            raise InputError("nothing is asked for; name at least one structure, such as liver")
        learned_logits = {} if learned is None else learned.logits(self, encoded)
        maps = {name: torch.sigmoid(logits) for name, logits in learned_logits.items() if name in texts}
        named = {name: phrases for name, phrases in texts.items() if name not in maps}
        if named:
            kind = self._kind(encoded.strategy, probability)
            if kind == "minmax":
                values = self._ordered(encoded, named, negatives)
            else:
                values = self._probabilities(encoded, named, backgrounds or {}, negatives, kind)
            maps.update(zip(named, values))
        return {name: self._on_slice(maps[name], encoded.frame) for name in texts}

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

    def _cosines(self, encoded: EncodedSlice, texts: Tensor) -> Tensor:
        """Texts (P, E) at each place: (P, h, w)."""
        if encoded.patches is None:
            return dense.relevance(self.tower, encoded.pixels, texts, encoded.strategy)
        return torch.einsum("hwe,pe->phw", encoded.patches, texts)

    def _ordered(self, encoded: EncodedSlice, texts: Mapping[str, Sequence[str]], negatives: Sequence[str]) -> Tensor:
        embeddings = torch.stack([self.embed(p) for p in texts.values()])
        if negatives:
            embeddings = embeddings - self.text.embed_each(negatives).mean(0)
        cosines = self._cosines(encoded, embeddings)
        low, high = cosines.amin((1, 2), keepdim=True), cosines.amax((1, 2), keepdim=True)
        # a map without differences but of rounding has no order: 0 everywhere
        real = high - low > 1e-5 * cosines.abs().amax((1, 2), keepdim=True)
        return torch.where(real, (cosines - low) / (high - low), 0.0)

    def _probabilities(
        self,
        encoded: EncodedSlice,
        texts: Mapping[str, Sequence[str]],
        backgrounds: Mapping[str, Sequence[str]],
        negatives: Sequence[str],
        kind: str,
    ) -> Tensor:
        logits = self.scale * self._cosines(encoded, torch.stack([self.embed(p) for p in texts.values()]))
        if kind == "sigmoid":
            probabilities = torch.sigmoid(logits + self.bias)
            return (
                probabilities * torch.sigmoid(logits - self._rivals(encoded, negatives)) if negatives else probabilities
            )
        rivals = [self._rivals(encoded, (*backgrounds.get(name, BACKGROUND_TEXTS), *negatives)) for name in texts]
        return torch.sigmoid(logits - torch.stack(rivals))

    def _rivals(self, encoded: EncodedSlice, texts: Sequence[str]) -> Tensor:
        """The log-sum-exp of the texts' logits at each place, (h, w)."""
        return torch.logsumexp(self.scale * self._cosines(encoded, self.text.embed_each(texts)), 0)

    def _on_slice(self, values: Tensor, frame: Frame) -> np.ndarray:
        """A map (h, w) of a frame on the slice, (H, W)."""
        size = (frame.size, frame.size)
        large = nn.functional.interpolate(values[None, None].float(), size, mode="bilinear", align_corners=False)
        return frame.to_slice(large[0].cpu().numpy())[0]
