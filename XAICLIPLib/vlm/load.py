"""Open a vision-language model by one string."""

from __future__ import annotations

import copy
import hashlib
import json
import math
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from XAICLIPLib.errors import ResourceError, WeightsError, XAICLIPError
from XAICLIPLib.preprocess import PRESETS
from XAICLIPLib.vlm.catalogue import BUNDLED
from XAICLIPLib.vlm.files import TOKENIZER_FILES, Source, has_transformers
from XAICLIPLib.vlm.model import VisionLanguageModel
from XAICLIPLib.vlm.source import find_source
from XAICLIPLib.vlm.text import TextEncoder
from XAICLIPLib.weights.checkpoint import load_weights, read_checkpoint, state_of
from XAICLIPLib.weights.download import Progress, digest

# what OpenAI's own files carry besides weights
NO_WEIGHTS = ("input_resolution", "context_length", "vocab_size")
# a buffer that `transformers` saved until version 4.31
POSITION_IDS = "text.transformer.embeddings.position_ids"
TINY_TEXT = {"context_length": 8, "vocab_size": 8, "width": 8, "heads": 1, "layers": 1}


def open_vision_language_model(
    spec: str = BUNDLED,
    device: torch.device | None = None,
    *,
    download: bool = False,
    progress: Progress | None = None,
) -> VisionLanguageModel:
    """Open a vision-language model by one string, offline first.

    Weights are never unpickled. Where the text tower is one of `transformers` and that package is missing, the image
    tower opens all the same; prompts that were embedded on this machine before are then still known.

    Parameters
    ----------
    spec : str
        "bundled"; "biomedclip"; "hf-hub:OWNER/NAME" or "hf-hub:OWNER/NAME@REVISION"; "ARCHITECTURE:TAG" with
        published weights of open_clip, such as "ViT-B-16:openai"; "ARCHITECTURE:CHECKPOINT" with a file;
        "local-dir:FOLDER" with an ``open_clip_config.json``, weights, and the files of its tokenizer.
    device : torch.device, optional
        The CPU by default.
    download : bool
        Whether the user agreed to download what is not on this machine.
    progress : callable, optional
        Called with (done, total, message) of a download in MB; it may raise `Cancelled`.

    Returns
    -------
    VisionLanguageModel
        In evaluation mode, without gradients of its weights.

    Raises
    ------
    WeightsError
        If the model is unknown; if a file of it is missing, and the user did not agree, or there is no network, or
        its checksum is wrong; if the checkpoint is damaged or of another architecture.
    ResourceError
        If it does not fit in memory.
    """
    try:
        return _opened(spec, device, download, progress)
    except XAICLIPError:
        raise
    except MemoryError as error:
        raise ResourceError(f"{spec} does not fit in memory; close other programs, or choose a smaller one") from error
    except Exception as error:  # the last resort: files of a model can be damaged in many ways
        raise WeightsError(
            f"{spec} can't be loaded ({type(error).__name__}: {_reason(error)}): its files are damaged, or belong to "
            "another model; get them again"
        ) from error


def _opened(spec: str, device: torch.device | None, download: bool, progress: Progress | None) -> VisionLanguageModel:
    source = find_source(spec, consent=download, progress=progress)
    readable = source.text_tower is None or source.text_config is not None and has_transformers()
    checkpoint = digest(source.weights)
    with _offline(), _Unfilled():
        model = _build(source, with_text=readable)
    with _offline():
        tokenizer = _open_tokenizer(source) if readable else None
    state = _fitted(model, state_of(read_checkpoint(source.weights), source.weights.name), with_text=readable)
    load_weights(model, state, f"{spec} can't be loaded: {source.weights.name}", _architecture(source))
    model = model.to(device or torch.device("cpu")).eval().requires_grad_(False)
    mean, std = _normalisation(source)
    text_cfg = source.model_cfg["text_cfg"]
    return VisionLanguageModel(
        model,
        TextEncoder(model, tokenizer, _text_digest(source, checkpoint), text_cfg.get("context_length", 77)),
        mean,
        std,
        name=spec,
        provenance=_provenance(source, checkpoint),
        presets={"CT": PRESETS["ct-soft-tissue"], "MR": PRESETS["mr"]} if spec == BUNDLED else None,
    )


@contextmanager
def _offline() -> Iterator[None]:
    """Whatever `transformers` looks for, it looks for on this machine."""
    from huggingface_hub import constants

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before


class _Unfilled(TorchFunctionMode):
    """Networks are built without random weights, which all are replaced: six times faster for BiomedCLIP."""

    RANDOM = {"normal_", "uniform_", "trunc_normal_", "kaiming_uniform_", "xavier_uniform_"}

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if getattr(function, "__name__", "") in self.RANDOM:
            return args[0] if args else kwargs["tensor"]
        return function(*args, **(kwargs or {}))


def _build(source: Source, with_text: bool) -> nn.Module:
    """The network without its weights."""
    try:
        return _built(source, with_text)
    except (
        AttributeError,
        AssertionError,
        ImportError,
        LookupError,
        OSError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:
        raise WeightsError(f"{source.spec} can't be loaded: open_clip can't build it ({_reason(error)})") from error


def _built(source: Source, with_text: bool) -> nn.Module:
    import open_clip

    if source.spec == BUNDLED:
        import XAICLIPLib.vlm.bundled_trunk  # noqa: F401  registers the image trunk that the bundled config names

    config = copy.deepcopy(source.model_cfg)
    custom_text = config.pop("custom_text", False)
    if "timm_model_name" in config["vision_cfg"]:
        config["vision_cfg"]["timm_model_pretrained"] = False
    if not with_text:  # a stand-in, because open_clip builds no image tower alone
        config["text_cfg"] = TINY_TEXT
        config.pop("multimodal_cfg", None)
        custom_text = True
    elif source.text_tower:
        config["text_cfg"] |= {"hf_model_name": str(source.text_config.parent), "hf_model_pretrained": False}
        custom_text = True
    if "multimodal_cfg" in config:
        model = open_clip.CoCa(**config)
    else:
        model = (open_clip.CustomTextCLIP if custom_text else open_clip.CLIP)(**config)
    if not with_text:
        model.text = None
    return model


def _open_tokenizer(source: Source):
    """The tokenizer of open_clip; None where it needs `transformers`, which is not there."""
    from open_clip.tokenizer import HFTokenizer, SimpleTokenizer

    text = source.model_cfg["text_cfg"]
    options = {"context_length": text.get("context_length", 77), **(text.get("tokenizer_kwargs") or {})}
    if source.spec == BUNDLED:
        return SimpleTokenizer(str(source.near / "bpe_small.txt.gz"), **options)
    if not source.text_tokenizer:
        return SimpleTokenizer(**options)
    if source.tokenizer is None or not has_transformers():
        return None
    mode = text.get("tokenizer_mode")
    try:
        return HFTokenizer(
            str(source.tokenizer), tokenizer_mode=mode, local_files_only=True, trust_remote_code=False, **options
        )
    except Exception as error:  # its parts in Rust raise nothing more special
        raise WeightsError(
            f"{source.spec} can't be loaded: the tokenizer in {source.tokenizer} can't be read ({_reason(error)})"
        ) from error


def _fitted(model: nn.Module, state: dict[str, Tensor], with_text: bool) -> dict[str, Tensor]:
    """The weights under the names that this version of open_clip has for them."""
    from open_clip.convert import convert_state_dict
    from open_clip.model import convert_to_custom_text_state_dict

    state = {key: value for key, value in convert_state_dict(model, state).items() if key not in NO_WEIGHTS}
    expected = model.state_dict()
    if not hasattr(model, "positional_embedding"):  # the text tower is a module of its own
        state = convert_to_custom_text_state_dict(state)
    if POSITION_IDS not in expected:
        state.pop(POSITION_IDS, None)
    if not with_text:
        state = {key: value for key, value in state.items() if not key.startswith("text.")}
    for name in ("logit_scale", "logit_bias"):  # a number, or a vector of one
        if name in state and name in expected and state[name].numel() == 1:
            state[name] = state[name].reshape(expected[name].shape)
    return state


def _architecture(source: Source) -> str:
    name = source.spec.partition(":")[0]
    return f"model as {source.near / 'open_clip_config.json'} describes" if name in ("local-dir", "hf-hub") else name


def _normalisation(source: Source) -> tuple[list[float], list[float]]:
    from open_clip import OPENAI_DATASET_MEAN, OPENAI_DATASET_STD

    moments = [source.preprocess.get("mean") or OPENAI_DATASET_MEAN, source.preprocess.get("std") or OPENAI_DATASET_STD]
    mean, std = ([float(value) for value in values] for values in moments)
    if len(mean) != 3 or len(std) != 3 or not all(map(math.isfinite, mean + std)) or min(std) <= 0:
        raise WeightsError(
            f"{source.spec}: its images have the mean {mean} and standard deviation {std}; give three numbers each, "
            "the latter above 0"
        )
    return mean, std


def _text_digest(source: Source, checkpoint: str) -> str:
    """What an embedding of a text depends on: the weights, the configuration, the vocabulary."""
    parts = [checkpoint, json.dumps(source.model_cfg["text_cfg"], sort_keys=True, default=str)]
    if source.tokenizer:
        files = [source.tokenizer / name for name in TOKENIZER_FILES]
        parts += [digest(file) for file in files if file.is_file()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _reason(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def _provenance(source: Source, checkpoint: str) -> dict:
    facts = {"model": source.spec, "file": source.weights.name, "sha256": checkpoint}
    if source.repository:
        facts |= {"repository": source.repository.name, "revision": source.repository.revision}
    return facts
