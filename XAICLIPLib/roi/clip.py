"""Load a vision-language model and ask it where words are in a slice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from pickle import UnpicklingError

import numpy as np
import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from XAICLIPLib.anatomy import BACKGROUND_PROMPTS
from XAICLIPLib.errors import WeightsError
from XAICLIPLib.preprocess import PRESETS, Frame, Preset
from XAICLIPLib.roi.dense import patch_embeddings, similarity
from XAICLIPLib.weights import WEIGHTS, sha256


@dataclass(frozen=True, eq=False)
class Seen:
    """A slice as a vision-language model sees it; any number of prompts can be asked of it.

    Attributes
    ----------
    patches : Tensor, shape (h, w, D)
        One normalised embedding per patch.
    frame : Frame
        Where the patches lie in the slice.
    """

    patches: Tensor
    frame: Frame


class VisionLanguageModel:
    """An open_clip model with one verb: how probable is it that this patch shows what these words say?

    Parameters
    ----------
    model : nn.Module
        An open_clip ``CLIP`` or ``CustomTextCLIP`` in evaluation mode.
    tokenizer : callable
        Texts to token ids.
    mean, std : sequence of 3 floats
        The normalisation of its images.
    name : str
    provenance : dict
    presets : mapping of modality to Preset, optional
        The contrast the model was trained with; without it, the scan's preset is used.
    """

    def __init__(
        self,
        model: nn.Module,
        tokenizer,
        mean: Sequence[float],
        std: Sequence[float],
        *,
        name: str,
        provenance: dict,
        presets: Mapping[str, Preset] | None = None,
    ) -> None:
        self.name, self.provenance, self._presets = name, provenance, presets or {}
        self._model, self._tokenizer = model, tokenizer
        size = model.visual.image_size
        self.size = int(size if isinstance(size, int) else size[0])
        self._mean, self._std = (torch.tensor(v).view(3, 1, 1) for v in (mean, std))
        self._texts: dict[tuple[str, ...], Tensor] = {}

    @property
    def device(self) -> torch.device:
        """Where the model computes."""
        return self._model.logit_scale.device

    def preset_for(self, modality: str, otherwise: Preset) -> Preset:
        """The contrast to show it a scan of this modality in."""
        return self._presets.get(modality, otherwise)

    @torch.inference_mode()
    def see(self, image: np.ndarray, frame: Frame) -> Seen:
        """Embed the patches of a slice (H, W) in [0, 1], cut out by `frame` (of edge `self.size`)."""
        grey = torch.from_numpy(frame.to_work(image, pad=0.0))
        pixels = ((grey.expand(3, -1, -1) - self._mean) / self._std).to(self.device)
        return Seen(patch_embeddings(self._model.visual, pixels[None])[0], frame)

    @torch.inference_mode()
    def embed(self, prompts: Sequence[str]) -> Tensor:
        """The normalised mean of the prompts' embeddings, (D,); kept for the next slice."""
        key = tuple(prompts)
        if key not in self._texts:
            features = self._model.encode_text(self._tokenizer(list(key)).to(self.device), normalize=True)
            self._texts[key] = nn.functional.normalize(features.mean(0), dim=0)
        return self._texts[key]

    @torch.inference_mode()
    def locate(
        self,
        seen: Seen,
        prompts: Mapping[str, Sequence[str]],
        against: Mapping[str, Sequence[str]] | None = None,
    ) -> dict[str, np.ndarray]:
        """The probability of each structure at each pixel of the slice.

        A model trained with a sigmoid loss (it has a logit bias, as SigLIP and the bundled one) says for itself how
        probable a text is. All others only rank texts: there the structure competes with background prompts in a
        softmax with the model's own logit scale.

        Parameters
        ----------
        seen : Seen
        prompts : mapping of structure to its prompts
            Their embeddings are averaged.
        against : mapping of structure to background prompts, optional
            What each structure competes with, one by one; by default all of `BACKGROUND_PROMPTS`.

        Returns
        -------
        dict of structure to ndarray, shape (H, W), float32 in [0, 1]
        """
        scale = float(self._model.logit_scale.exp())
        texts = torch.stack([self.embed(p) for p in prompts.values()])
        logits = similarity(seen.patches, texts, scale)
        bias = getattr(self._model, "logit_bias", None)
        if bias is not None:
            probabilities = torch.sigmoid(logits + bias)
        else:
            rivals = [(against or {}).get(name, BACKGROUND_PROMPTS) for name in prompts]
            others = [torch.stack([self.embed([text]) for text in texts]) for texts in rivals]
            strongest = [similarity(seen.patches, texts, scale).logsumexp(0) for texts in others]
            probabilities = torch.sigmoid(logits - torch.stack(strongest))
        upsampled = nn.functional.interpolate(
            probabilities[None].float(), (self.size, self.size), mode="bilinear", align_corners=False
        )
        maps = seen.frame.to_slice(upsampled[0].cpu().numpy())
        return dict(zip(prompts, maps))


def open_vision_language_model(spec: str = "bundled", device: torch.device | None = None) -> VisionLanguageModel:
    """Open a vision-language model by one string; nothing is downloaded.

    Parameters
    ----------
    spec : str
        "bundled"; "local-dir:FOLDER" with an ``open_clip_config.json`` and weights; or "ARCHITECTURE:CHECKPOINT",
        such as ``ViT-B-16:/models/openclip.safetensors``, with any architecture name of open_clip.
    device : torch.device, optional

    Raises
    ------
    WeightsError
        If the architecture is unknown, or the checkpoint is missing, damaged or of another architecture.
    """
    import open_clip

    device = device or torch.device("cpu")
    if spec == "bundled":
        import XAICLIPLib.roi.tower  # noqa: F401  registers the image trunk that the bundled config names

        folder, weights = WEIGHTS / "clip", WEIGHTS / "clip" / "open_clip_model.safetensors"
        name, tokenizer_options = f"local-dir:{folder}", {"bpe_path": str(folder / "bpe_small.txt.gz")}
        pretrained, presets = None, {"CT": PRESETS["ct-soft-tissue"], "MR": PRESETS["mr"]}
    elif spec.startswith("local-dir:"):
        folder = Path(spec.removeprefix("local-dir:"))
        name, pretrained, presets, tokenizer_options = spec, None, None, {}
        weights = next((p for p in sorted(folder.glob("*")) if p.suffix in (".safetensors", ".bin", ".pt")), folder)
    else:
        name, _, path = spec.partition(":")
        if name not in open_clip.list_models():
            raise WeightsError(
                f"open_clip knows no architecture {name!r}; give bundled, local-dir:FOLDER or ARCHITECTURE:CHECKPOINT "
                "with a name from open_clip.list_models()"
            )
        weights = Path(path)
        pretrained, presets, tokenizer_options = path, None, {}
    if not weights.is_file():
        raise WeightsError(f"{spec}: there is no checkpoint {weights}; give the path of a file on this machine")
    try:
        model, _, preprocess = open_clip.create_model_and_transforms(
            name, pretrained=pretrained, precision="fp32", device=device, weights_only=True
        )
        tokenizer = open_clip.get_tokenizer(name, **tokenizer_options)
    except UnpicklingError as error:
        raise WeightsError(
            f"{spec} can't be loaded: {weights.name} holds more than weights, or none; give a .safetensors file"
        ) from error
    except (
        AttributeError, EOFError, ImportError, LookupError, OSError, RuntimeError, SafetensorError, ValueError,
    ) as error:  # fmt: skip
        reason = (str(error).splitlines() or ["the file is empty"])[0]
        raise WeightsError(f"{spec} can't be loaded: {reason}") from error
    normalise = preprocess.transforms[-1]
    return VisionLanguageModel(
        model.eval().requires_grad_(False),
        tokenizer,
        [float(v) for v in normalise.mean],
        [float(v) for v in normalise.std],
        name=spec,
        provenance={"model": spec, "file": weights.name, "sha256": sha256(weights)},
        presets=presets,
    )
