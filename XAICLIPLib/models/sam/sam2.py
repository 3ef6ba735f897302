"""SAM 2 and 2.1 (Ravi et al., 2024) and MedSAM2 (Ma et al., 2025) on slices."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import torch
from torch import Tensor

from XAICLIPLib.models.base import Prompt
from XAICLIPLib.models.sam.checkpoint import PromptedNetwork, modeling
from XAICLIPLib.models.sam.decoder import prompt_tokens
from XAICLIPLib.models.sam.prepare import Square
from XAICLIPLib.models.sam.sam2_checkpoint import build, read_state
from XAICLIPLib.models.sam.sam2_decoder import AllMasks, decode
from XAICLIPLib.models.sam.segmenter import Embeddings, Group, PromptedSegmenter

SIZES = {"sam2": 1024, "medsam2": 512}  # pixels; the weights fit any
STABLE = 0.98
EMPTY = -1024.0  # the logits of a mask that is not there


class Sam2Segmenter(PromptedSegmenter):
    """SAM 2 or MedSAM2 on slices, with one prompt per target: each slice by itself, without memory of others.

    SAM 2 answers a prompt with one mask of four: its first, unless the edge of that depends on the threshold; then that
    of the other three whose predicted quality is best. Which one it is, is decided once, on the unperturbed image, and
    stays: else a perturbation would change which mask is looked at. MedSAM2 also says whether there is anything at all,
    and its mask is empty where there is not; a perturbation may change that.

    Parameters
    ----------
    As those of `PromptedSegmenter`.
    """

    def _tokens(self, prompt: Prompt, square: Square) -> Tensor:
        """The corners of a box, then points, then a token that is no point, whatever there is."""
        encoder = self._network.prompt_encoder
        parts = []
        if prompt.box is not None:
            parts.append(prompt_tokens(encoder, Prompt(prompt.box), self._recipe, square, self._device))
        if prompt.points:
            points = Prompt(points=prompt.points)
            parts.append(prompt_tokens(encoder, points, self._recipe, square, self._device))
        else:
            parts.append(encoder.not_a_point_embed.weight)
        return torch.cat(parts)

    def _choices(self, groups: Iterable[Group], square: Square, image: Tensor | None) -> dict[int, int]:
        choices: dict[int, int] = {}
        groups = list(groups)
        if image is None or not groups:
            return choices
        with self._room_for_one_image():
            embeddings = self._embed(image[None], square, "fp32")
            for group in groups:
                places, tokens = zip(*group)
                found = self._decoded(embeddings, torch.stack(tokens), None)
                choices.update(zip(places, _chosen(found)))
        return choices

    def _logits(self, embeddings: Embeddings, tokens: Tensor, masks: list[int]) -> Tensor:
        found = self._decoded(embeddings, tokens, masks)
        logits = found.logits[:, :, 0]
        if self.provenance["family"] != "medsam2":
            return logits
        return logits.where(found.presence[..., None, None] > 0, EMPTY)

    def _decoded(self, embeddings: Embeddings, tokens: Tensor, masks: list[int] | None) -> AllMasks:
        assert isinstance(embeddings, tuple)
        return decode(self._network.mask_decoder, embeddings, tokens, self._no_mask, self._positions, masks)


def _chosen(found: AllMasks) -> list[int]:
    """The mask that SAM 2 answers each of K prompts with, in the one image that was decoded."""
    first = found.logits[0, :, 0].flatten(1)
    inner, outer = ((first > edge).sum(1).float() for edge in (0.05, -0.05))
    stable = (outer == 0) | (inner / outer >= STABLE)
    others = 1 + found.quality[0, :, 1:].argmax(1)
    return torch.where(stable, 0, others).tolist()


def encode(network: PromptedNetwork, images: Tensor) -> tuple[Tensor, ...]:
    """Images as the decoder wants them.

    Parameters
    ----------
    network : Sam2Network
    images : Tensor, shape (B, 3, S, S)
        Standardised.

    Returns
    -------
    tuple of 3 Tensors, shape (B, C, S / 16, S / 16), (B, C', S / 8, S / 8) and (B, C'', S / 4, S / 4)
        The embeddings, and two finer levels.
    """
    finest, finer, coarse = network.image_encoder(images)
    decoder = network.mask_decoder
    return coarse + network.no_mem_embed.view(1, -1, 1, 1), decoder.conv_s1(finer), decoder.conv_s0(finest)


def open_model(family: str, argument: str, device: torch.device, targets: tuple[str, ...] = ()) -> Sam2Segmenter:
    """A checkpoint of SAM 2 or 2.1 (`sam2.1_hiera_tiny.pt`, …) or MedSAM2 (`MedSAM2_latest.pt`, …).

    Parameters
    ----------
    family : str
        "sam2" or "medsam2": the weights have the same shapes, size and preprocessing of the image are another.
    argument : str
        Path of the checkpoint. Its shapes say which variant it is.
    device : torch.device
    targets : tuple of str
        The structures that prompts will point at.

    Returns
    -------
    Sam2Segmenter

    Raises
    ------
    MissingPackage
        If `segment_anything`, which has the decoder, is not installed.
    WeightsError
        If the file is missing, unsafe, or not of this family.
    """
    modeling(family)
    name, size = Path(argument).name, SIZES[family]
    network, variant = build(read_state(argument, family), name, family, size)
    return Sam2Segmenter(network, encode, family, size, device, targets).of_file(argument, variant)
