"""A model that segments what a prompt points at: SAM and its relatives, of any encoder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from XAICLIPLib.errors import ModelError, ResourceError
from XAICLIPLib.models.base import Context, NetworkSegmenter, Prepared, Prompt
from XAICLIPLib.models.device import on_device
from XAICLIPLib.models.memory import out_of_memory
from XAICLIPLib.models.precision import recalled
from XAICLIPLib.models.sam import precision as sam_precision
from XAICLIPLib.models.sam.checkpoint import TITLES, PromptedNetwork
from XAICLIPLib.models.sam.decoder import decode, prompt_tokens
from XAICLIPLib.models.sam.prepare import PIXEL_MEAN, PIXEL_STD, RECIPES, Square, grey_scale
from XAICLIPLib.weights import sha256

Embeddings = Tensor | tuple[Tensor, ...]
Group = list[tuple[int, Tensor]]  # targets, by number, and the tokens of their prompts, as many for each


class PromptedSegmenter(NetworkSegmenter):
    """SAM, MedSAM, LiteMedSAM or MobileSAM on slices, with one prompt per target.

    A prepared image is one grey channel in [0, 1], 0 being black: the window or percentiles, the resizing and, where
    the family has it, the stretch from minimum to maximum are done before it is perturbed. What is left, the repetition
    to three channels and SAM's fixed pixel mean and deviation, is done inside `predict` and is the same whatever a copy
    holds: a perturbed grey value is the one that the network gets. Padding stays what the family pads with.

    Parameters
    ----------
    network : PromptedNetwork
    encode : callable
        The network, images (B, 3, S, S) -> embeddings (B, C, g, g), or a tuple of several.
    family : str
        Key of `RECIPES`.
    size : int
        S, the edge of the network's image.
    device : torch.device
    targets : tuple of str
        The structures it is opened for.

    Attributes
    ----------
    precision : str or None
        Of the encoder: "fp32" or "bf16"; None until it was chosen, before the first image is prepared. An image whose
        masks bfloat16 would change is run in fp32 all the same.
    """

    promptable = True

    def __init__(
        self,
        network: PromptedNetwork,
        encode: Callable[[PromptedNetwork, Tensor], Embeddings],
        family: str,
        size: int,
        device: torch.device,
        targets: tuple[str, ...] = (),
    ) -> None:
        self.name = TITLES[family]
        self.targets = tuple(targets) or ("target",)
        self.precision: str | None = None
        self._notes: tuple[str, ...] = ()
        self._scale: tuple[np.ndarray, Callable] | None = None
        parameters = sum(p.numel() for p in network.parameters())
        self.provenance = {"family": family, "image_size": size, "parameters": parameters}
        self._recipe = RECIPES[family]
        self._size = size
        self._device = device
        self._encoder = encode
        self._take(on_device(network, device, self.name))
        shape = (1, 3, 1, 1)
        self._mean = torch.tensor(PIXEL_MEAN, device=device).view(shape) / 255
        self._std = torch.tensor(PIXEL_STD, device=device).view(shape) / 255

    def _take(self, network: nn.Module) -> None:
        """Run this network from now on, and what follows from its weights."""
        self._network = network
        self._encode = partial(self._encoder, network)
        self._positions = network.prompt_encoder.get_dense_pe()
        self._no_mask = network.prompt_encoder.no_mask_embed.weight[..., None, None]

    def with_network(self, network: nn.Module) -> PromptedSegmenter:
        """See `Segmenter.with_network`."""
        other = super().with_network(network)
        assert isinstance(other, PromptedSegmenter)
        other._take(network)
        return other

    def of_file(self, path: str, variant: str) -> PromptedSegmenter:
        """The same, with its file in the name and in the provenance.

        Parameters
        ----------
        path : str
            Of the checkpoint, `~` allowed; it is read for its SHA-256.
        variant : str
            For provenance: which encoder the checkpoint has, such as "vit_b".

        Returns
        -------
        PromptedSegmenter
            Itself.
        """
        file = Path(path).expanduser()
        self.name = f"{self.name} ({file.name})"
        self.provenance.update(file=file.name, sha256=sha256(file), variant=variant)
        if self.provenance["family"] == "sam" and "medsam" in file.name.lower():
            self._notes = (f"{file.name} was opened with SAM's preprocessing; if it is MedSAM, open it as medsam:FILE",)
        return self

    def prepare(self, image: np.ndarray, context: Context) -> Prepared:
        """A slice and its prompts.

        Parameters
        ----------
        image : ndarray, shape (H, W)
            In the scan's own values, HU on CT.
        context : Context
            `prompts` has one prompt (or None) per target, or is empty: then each target's is the box of the whole
            slice. Outside CT the grey values come from `volume`, or from the slice alone where that is None.

        Returns
        -------
        Prepared
            Its image has the shape (1, S, S), values in [0, 1]; its `predict` has the prompts in it, and gives a target
            whose prompt is None 0 everywhere.

        Raises
        ------
        ModelError
            If there are prompts, but not one (or None) per target.
        ResourceError
            If the device has no room for one image.
        """
        self._choose_precision()
        if context.prompts and len(context.prompts) != len(self.targets):
            raise ModelError(
                f"{self.name} was given {len(context.prompts)} prompts for {len(self.targets)} structures "
                f"({', '.join(self.targets)}); give one for each, None where there is none"
            )
        grey, square, value = self._recipe.prepare(image, self._grey_scale(image, context), self._size)
        height, width = image.shape
        prompts = context.prompts or (Prompt((0.0, 0.0, float(width), float(height))),) * len(self.targets)
        self.provenance["prompt"] = _kind(prompts) if context.prompts else "the whole slice"
        notes = self._notes
        if context.modality != "CT" and context.volume is None:
            notes += (f"{self.name}: the contrast is that of the slice alone, from its 0.5th to 99.5th percentile",)
        tensor = torch.from_numpy(grey).to(self._device)[None]
        run = self._bound(prompts, square, tensor)
        precision, drifts = self._without_drift(run, tensor)
        return Prepared(tensor, square, value, partial(run, precision=precision), notes + drifts)

    def predict(self, batch: Tensor) -> Tensor:
        """The model with the box of the whole square as prompt, the same for every target.

        What `prepare` gives has a `predict` of its own, with its prompts.

        Parameters
        ----------
        batch : Tensor, shape (B, 1, S, S)
            Grey values in [0, 1].

        Returns
        -------
        Tensor, shape (B, K, m, m)
            Probabilities; m is S where the family interpolates its logits, else four times the edge of the embeddings.
        """
        self._choose_precision()
        whole = Square((self._size, self._size), (self._size, self._size), self._size)
        run = self._bound((Prompt((0.0, 0.0, float(self._size), float(self._size))),), whole)
        found = run(batch, self.precision)
        return found.expand(-1, len(self.targets), -1, -1)

    def _grey_scale(self, image: np.ndarray, context: Context) -> Callable[[np.ndarray], np.ndarray]:
        """That of the slice's scan, where it is known; found once for each scan."""
        if context.volume is None:
            return grey_scale(image, context.modality)
        if self._scale is None or self._scale[0] is not context.volume:
            self._scale = context.volume, grey_scale(context.volume, context.modality)
        return self._scale[1]

    def _bound(
        self, prompts: tuple[Prompt | None, ...], square: Square, image: Tensor | None = None
    ) -> Callable[[Tensor, str], Tensor]:
        """The model with these prompts: (B, 1, S, S) and a precision -> probabilities (B, K, h', w'), 0 where there is
        no prompt. The unperturbed image (1, S, S) may decide which of several masks a prompt stands for."""
        by_length: dict[int, list[tuple[int, Tensor]]] = defaultdict(list)
        with torch.inference_mode():
            for k, prompt in enumerate(prompts):
                if prompt is not None and (prompt.box is not None or prompt.points):
                    tokens = self._tokens(prompt, square)
                    by_length[len(tokens)].append((k, tokens))
            choices = self._choices(by_length.values(), square, image)
        edge = self._size if self._recipe.upscale else 4 * self._positions.shape[-1]

        @torch.inference_mode()
        def predict(batch: Tensor, precision: str) -> Tensor:
            out = torch.zeros(len(batch), len(prompts), edge, edge, device=batch.device)
            if not by_length:
                return out
            embeddings = self._embed(batch, square, precision)
            # prompts of as many tokens share one call; a token more for padding would change the answer
            for group in by_length.values():
                places, tokens = zip(*group)
                logits = self._logits(embeddings, torch.stack(tokens), [choices.get(k, 0) for k in places])
                if logits.shape[-1] != edge:
                    logits = functional.interpolate(logits, (edge, edge), mode="bilinear", align_corners=False)
                out[:, list(places)] = logits.sigmoid_()
            return out

        return predict

    def _tokens(self, prompt: Prompt, square: Square) -> Tensor:
        """The embedding of a prompt (tokens, C)."""
        return prompt_tokens(self._network.prompt_encoder, prompt, self._recipe, square, self._device)

    def _choices(self, groups: Iterable[Group], square: Square, image: Tensor | None) -> dict[int, int]:
        """Which of the decoder's masks a target's prompt stands for; its first, where it is not named."""
        return {}

    def _logits(self, embeddings: Embeddings, tokens: Tensor, masks: list[int]) -> Tensor:
        """The mask of every prompt (K, N, C) in every image: (B, K, m, m)."""
        return decode(self._network.mask_decoder, embeddings, tokens, self._no_mask, self._positions)

    def _embed(self, batch: Tensor, square: Square, precision: str) -> Embeddings:
        """Grey images (B, 1, S, S) -> embeddings (B, C, g, g), or a tuple of several, float32."""
        images = (batch - self._mean) / self._std if self._recipe.standardise else batch.repeat(1, 3, 1, 1)
        images[..., square.inner[0] :, :] = 0
        images[..., square.inner[1] :] = 0
        reduced = precision == "bf16"
        with torch.autocast(self._device.type, dtype=torch.bfloat16) if reduced else nullcontext():
            found = self._encode(images)
        return tuple(part.float() for part in found) if isinstance(found, tuple) else found.float()

    def _choose_precision(self) -> None:
        """Settle the encoder's precision, once per machine, unless it was set."""
        if self.precision is None:
            key = f"{self.provenance['family']} {self.provenance.get('sha256', self.name)}"
            with self._room_for_one_image():
                chosen = recalled(key, self._device, self._measured, ("fp32", "bf16"))
            if "(" in chosen:
                self._notes += (f"{self.name} runs in {chosen}",)
            self.precision, self.provenance["precision"] = chosen.partition(" ")[0], chosen
        self.provenance.setdefault("precision", self.precision)

    def _measured(self) -> str:
        """The precision that the phantom allows."""
        image, prompts = sam_precision.phantom_prompts()
        grey, square, _ = self._recipe.prepare(image, grey_scale(image, "CT"), self._size)
        batch = torch.from_numpy(grey).to(self._device)[None, None]
        return sam_precision.choose(partial(self._bound(prompts, square), batch), self._device)

    def _without_drift(self, run: Callable[[Tensor, str], Tensor], image: Tensor) -> tuple[str, tuple[str, ...]]:
        """The precision that leaves the masks of this very image (1, S, S) as they are, and what to say of it."""
        if self.precision != "bf16":
            return self.precision, ()
        with self._room_for_one_image():
            dice = sam_precision.agreement(*(run(image[None], precision) > 0.5 for precision in ("fp32", "bf16")))
        if dice >= sam_precision.SAME_DICE:
            return "bf16", ()
        return "fp32", (f"{self.name} runs in fp32 (bf16 changes the masks of this slice: Dice {dice:.3f})",)

    @contextmanager
    def _room_for_one_image(self) -> Iterator[None]:
        try:
            yield
        except (MemoryError, RuntimeError) as error:
            if not out_of_memory(error):
                raise
            raise ResourceError(
                f"{self.name}: out of memory with one image of {self._size} x {self._size}; "
                "use another device or a smaller variant"
            ) from error


def _kind(prompts: tuple[Prompt | None, ...]) -> str:
    """What the prompts of a slice are, in words."""
    kinds = {
        " and ".join(["box"] * (p.box is not None) + ["points"] * bool(p.points)) or "none"
        for p in prompts
        if p is not None
    }
    return ", ".join(sorted(kinds)) or "none"
