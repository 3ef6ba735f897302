"""Learned prompts: what `optimise` learned from labelled slices, as a small file that belongs to one model."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import safetensors.torch
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from XAICLIPLib.errors import InputError, WeightsError, XAICLIPError
from XAICLIPLib.vlm import dense
from XAICLIPLib.vlm.model import EncodedSlice, VisionLanguageModel
from XAICLIPLib.vlm.prompt_learning.adapters import Adapters, depths

VERSION = 1
KEY = "xaiclip_contexts"
PARTS = ("texts", "backgrounds", "scales", "offsets", "contexts")
LARGEST = 8192  # edge of an image, pixels
FACTS = ("version", "model", "digest", "structures", "strategy", "size")


def margins(places: Sequence[Tensor], texts: Tensor, backgrounds: Tensor) -> Tensor:
    """How much more each place is like a structure than like its background: a difference of two cosines.

    Times the scale, that is the logit of a softmax over the two. Depths are averaged on the finest grid.

    Parameters
    ----------
    places : sequence of Tensor, shape (B, h, w, E)
        Normalised; one per depth.
    texts, backgrounds : Tensor, shape (K, E)
        Normalised.

    Returns
    -------
    Tensor, shape (B, K, h, w)
    """
    maps = [torch.einsum("bhwe,ke->bkhw", place, texts - backgrounds) for place in places]
    finest = max((f.shape[-2:] for f in maps), key=lambda shape: shape[0])
    resized = [nn.functional.interpolate(f, finest, mode="bilinear", align_corners=False) for f in maps]
    return torch.stack(resized).mean(0)


@dataclass(frozen=True, eq=False)
class LearnedPrompts:
    """Per structure a learned text and a learned text for what is not the structure.

    Attributes
    ----------
    structures : tuple of str
        K names.
    texts, backgrounds : Tensor, shape (K, E)
        Normalised embeddings of the learned prompts; kept with the contexts, so that a slice can be asked without
        the text tower.
    scales, offsets : Tensor, shape (K,)
        What makes a logit of a margin: ``scale * (margin + offset)``. A sigmoid of 0.5 is then the border that was
        drawn, whatever the loss the model itself was trained with.
    contexts : Tensor, shape (G, m, W)
        The learned vectors themselves.
    facts : dict
        How and for which model they were learned, and what came of it; plain data.
    adapters : Adapters, optional
    """

    structures: tuple[str, ...]
    texts: Tensor
    backgrounds: Tensor
    scales: Tensor
    offsets: Tensor
    contexts: Tensor
    facts: dict
    adapters: Adapters | None = None

    @torch.no_grad()
    def logits(self, model: VisionLanguageModel, encoded: EncodedSlice) -> dict[str, Tensor]:
        """How much more likely each place is a structure than its background.

        Parameters
        ----------
        model : VisionLanguageModel
            The one that the prompts were learned with.
        encoded : EncodedSlice
            Encoded again where its strategy is another than they were learned with.

        Returns
        -------
        dict of structure to Tensor, shape (h, w)
            Its logit minus that of the background.

        Raises
        ------
        ModelError
            If the model does not have the strategy that the prompts were learned with.
        WeightsError
            If they are of another size than the model's embeddings.
        """
        patches = encoded.patches
        if encoded.strategy != self.facts["strategy"] or patches is None:
            patches = dense.embeddings(model.tower, encoded.pixels[None], self.facts["strategy"])[0]
        places = [patches[None]]
        if self.adapters is not None:
            places += self.adapters(depths(model.tower, encoded.pixels[None]))
        if places[0].shape[-1] != self.texts.shape[1]:
            raise WeightsError(
                f"the learned prompts have {self.texts.shape[1]} numbers each and {model.name} sees in "
                f"{places[0].shape[-1]}: their file is damaged; learn them again"
            )
        shifted = margins(places, self.texts, self.backgrounds)[0] + self.offsets[:, None, None]
        return dict(zip(self.structures, self.scales[:, None, None] * shifted))

    def only(self, names: Sequence[str]) -> LearnedPrompts:
        """The learned prompts of some structures.

        Parameters
        ----------
        names : sequence of str
            At least one of `structures`.

        Returns
        -------
        LearnedPrompts
        """
        kept = [self.structures.index(name) for name in names]
        facts = self.facts | {"structures": list(names)}
        parts = {part: getattr(self, part)[kept] for part in ("texts", "backgrounds", "scales", "offsets")}
        return replace(self, structures=tuple(names), facts=facts, **parts)

    def save(self, path: str | Path) -> Path:
        """Write a safetensors file; one that was there is replaced once the new one is whole.

        Parameters
        ----------
        path : path
            Ending in ``.safetensors`` by custom.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InputError
            If the file can't be written.
        """
        path = Path(path)
        tensors = {part: getattr(self, part) for part in PARTS}
        tensors |= {f"adapters.{i}": layer.weight for i, layer in enumerate(self.adapters or ())}
        tensors = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
        content = safetensors.torch.save(tensors, {KEY: json.dumps(self.facts)})
        with _writing(path) as part:
            part.write_bytes(content)
            os.replace(part, path)
        return path


def check_place(path: str | Path) -> None:
    """Try, before anything is learned, whether learned prompts can be written there.

    Parameters
    ----------
    path : path
        Where they are to be written.

    Raises
    ------
    InputError
        If they can't, or a file of another kind is there.
    """
    path = Path(path)
    with _writing(path), contextlib.suppress(FileNotFoundError):
        if stat.S_ISDIR(os.stat(path).st_mode):  # which also tries the name itself
            raise IsADirectoryError(0, "it is a folder")
    if os.path.lexists(path) and not _is_learned(path):
        raise InputError(f"{path} is there already and holds no learned prompts; choose another name, or remove it")


def _is_learned(path: Path) -> bool:
    """Whether a file is one of learned prompts, which may be replaced by others."""
    try:
        with safe_open(path, framework="pt") as file:
            return KEY in (file.metadata() or {})
    except (OSError, ValueError, SafetensorError):
        return False


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[Path]:
    """A new file beside `path`, of a name that nobody can have foreseen; gone at the end unless it was moved away."""
    part = path.parent / f".contexts-{secrets.token_hex(8)}.part"
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))  # never through a link
        yield part
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{path} can't be written ({why}); check the folder and the free space") from error
    finally:
        with contextlib.suppress(OSError, ValueError):
            part.unlink(missing_ok=True)


def load_contexts(path: str | Path, model: VisionLanguageModel) -> LearnedPrompts:
    """Read learned prompts for the model that they were learned with.

    Parameters
    ----------
    path : path
        A file of `LearnedPrompts.save`.
    model : VisionLanguageModel

    Returns
    -------
    LearnedPrompts
        On the model's device.

    Raises
    ------
    WeightsError
        If the file is missing, damaged, no such file, of another version, or was learned with another model.
    """
    path = Path(path)
    if not path.is_file():
        raise WeightsError(f"there is no file {path}; learn prompts with: xaiclip learn-prompts")
    try:
        with safe_open(path, framework="pt") as file:
            facts = json.loads((file.metadata() or {})[KEY])
            tensors = {name: file.get_tensor(name) for name in file.keys()}
    except (KeyError, ValueError, RecursionError) as error:
        raise WeightsError(
            f"{path.name} holds no learned prompts; give a file that xaiclip learn-prompts wrote"
        ) from error
    except (OSError, SafetensorError) as error:
        reason = (str(error).splitlines() or ["no reason given"])[0]
        raise WeightsError(
            f"{path.name} is damaged ({reason}); get the file again, or learn the prompts again"
        ) from error
    _check_facts(path.name, facts, model)
    try:
        return _whole(path.name, facts, tensors, model)
    except XAICLIPError:
        raise
    except (AttributeError, IndexError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise WeightsError(
            f"{path.name} is damaged ({type(error).__name__}: {' '.join(str(error).split())}); learn the prompts again"
        ) from error


def _check_facts(name: str, facts: dict, model: VisionLanguageModel) -> None:
    """Refuse what is not for this program or not for this model."""
    if not isinstance(facts, dict) or any(fact not in facts for fact in FACTS):
        raise WeightsError(f"{name} holds no learned prompts; give a file that xaiclip learn-prompts wrote")
    if facts["version"] != VERSION:
        raise WeightsError(f"{name} has version {facts['version']}; this program reads version {VERSION}: learn again")
    structures, size = facts["structures"], facts["size"]
    plain = (
        all(isinstance(facts.get(fact, ""), str) for fact in ("model", "digest", "strategy", "modality", "windows"))
        and isinstance(structures, list)
        and len({name for name in structures if isinstance(name, str) and name.strip()}) == len(structures) > 0
        and (size is None or isinstance(size, int) and 0 < size <= LARGEST)
    )
    if not plain:
        raise WeightsError(f"{name} is damaged: what it says of itself is not what xaiclip learn-prompts writes")
    if facts["digest"] != model.text.digest:
        raise WeightsError(
            f"{name} was learned with the model {facts['model']} (SHA-256 {facts['digest'][:12]}…), and this one is "
            f"{model.name} (SHA-256 {model.text.digest[:12]}…); open that model, or learn again with this one"
        )


def _whole(name: str, facts: dict, tensors: dict[str, Tensor], model: VisionLanguageModel) -> LearnedPrompts:
    """The parts put together, each of the right shape."""
    structures = tuple(facts["structures"])
    layers = sorted(key for key in tensors if key.startswith("adapters."))
    count, texts = len(structures), tensors.get("texts", torch.empty(0))
    shapes = {"texts": (count, *texts.shape[1:2]), "backgrounds": tuple(texts.shape), "scales": (count,)}
    shapes["offsets"] = shapes["scales"]
    wrong = [part for part, shape in shapes.items() if part not in tensors or tuple(tensors[part].shape) != shape]
    wrong += [part for part, value in tensors.items() if not torch.isfinite(value.float()).all()]
    if wrong or "contexts" not in tensors:
        raise WeightsError(
            f"{name} is damaged: its {', '.join(wrong) or 'contexts'} do not fit {count} structures; learn again"
        )
    adapters = None
    if layers:
        adapters = Adapters([tensors[key].shape[1] for key in layers], texts.shape[1])
        with torch.no_grad():
            for layer, key in zip(adapters, layers):
                layer.weight.copy_(tensors[key])
        adapters.requires_grad_(False).to(model.device)
    return LearnedPrompts(
        structures, *(tensors[part].to(model.device) for part in PARTS), facts=facts, adapters=adapters
    )
