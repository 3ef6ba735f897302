"""A vision-language model found by one string: bundled, in a folder, on a hub, or by open_clip's own names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from XAICLIPLib.errors import NotDownloaded, WeightsError, XAICLIPError
from XAICLIPLib.vlm.catalogue import (
    BUNDLED,
    KNOWN,
    Entry,
)
from XAICLIPLib.vlm.files import CONFIG, Source, read_json
from XAICLIPLib.weights import WEIGHTS
from XAICLIPLib.weights.download import NotThere, Progress
from XAICLIPLib.weights.hub import Repository

# open_clip's own names, the safe formats first
WEIGHT_NAMES = (
    "open_clip_model.safetensors", "open_clip_pytorch_model.safetensors", "open_clip_pytorch_model.bin",
    "open_clip_pytorch_model.pth", "model.safetensors", "pytorch_model.bin",
)  # fmt: skip
WEIGHT_ENDINGS = (".safetensors", ".bin", ".pt", ".pth")
FORMS = "bundled, biomedclip, hf-hub:OWNER/NAME, local-dir:FOLDER, ARCHITECTURE:TAG or ARCHITECTURE:CHECKPOINT"


def find_source(spec: str, *, consent: bool, progress: Progress | None = None) -> Source:
    """Find every file of a model, offline first.

    Parameters
    ----------
    spec : str
        As `open_vision_language_model` takes it.
    consent : bool
        Whether the user agreed to download what is missing.
    progress : callable, optional
        Called with (done, total, message) of a download in MB; it may raise `Cancelled`.

    Returns
    -------
    Source

    Raises
    ------
    NotDownloaded
        If a file is missing, and the user did not agree to download it.
    WeightsError
        If the model is unknown, or a file of it is missing and can't be downloaded.
    """
    if spec == BUNDLED:
        return _from_folder(spec, WEIGHTS / "clip")
    try:
        return _found(spec, consent, progress)
    except XAICLIPError:
        raise
    except (OSError, ValueError, RuntimeError, LookupError, TypeError, AttributeError) as error:
        # a path that no system has, or a configuration of another shape than open_clip's
        raise WeightsError(
            f"{spec[:200]!r} names no model that can be opened ({type(error).__name__}: {error}); give {FORMS}"
        ) from error


def _found(spec: str, consent: bool, progress: Progress | None) -> Source:
    if spec.startswith("local-dir:"):
        source = _from_folder(spec, Path(spec.removeprefix("local-dir:")).expanduser())
    elif spec.startswith("hf-hub:"):
        source = _from_hub(spec, Repository.parse(spec.removeprefix("hf-hub:")), None, consent, progress)
    elif spec in KNOWN and ":" not in spec:
        source = _from_hub(spec, KNOWN[spec].repository, KNOWN[spec], consent, progress)
    else:
        source = _from_architecture(spec, consent, progress)
    source.find_text_files(consent=consent, progress=progress)
    return source


def download(spec: str, progress: Progress | None = None) -> Path:
    """Download what a model needs, its text tower's files included, unless it is here.

    Whoever calls this has the user's consent.

    Parameters
    ----------
    spec : str
        As `open_vision_language_model` takes it.
    progress : callable, optional
        Called with (done, total, message) of each file in MB; it may raise `Cancelled`.

    Returns
    -------
    Path
        Its weights.

    Raises
    ------
    WeightsError
        As `find_source`, and for a model that is a file of the user's own.
    """
    source = find_source(spec, consent=True, progress=progress)
    if source.repository is None and source.spec != BUNDLED:
        raise WeightsError(
            f"{spec} names files on this machine, and nothing is to be downloaded; give biomedclip, hf-hub:OWNER/NAME "
            "or ARCHITECTURE:TAG"
        )
    return source.weights


def _configured(spec: str, config: Path, weights: Path, repository: Repository | None = None) -> Source:
    content = read_json(config)
    model_cfg = content.get("model_cfg", content)
    if not isinstance(model_cfg, dict) or not all(
        isinstance(model_cfg.get(part), dict) for part in ("vision_cfg", "text_cfg")
    ):
        raise WeightsError(f"{spec}: {config} describes no model of open_clip (it has no vision_cfg and text_cfg)")
    return Source(spec, model_cfg, content.get("preprocess_cfg", {}), weights, config.parent, repository)


def _from_folder(spec: str, folder: Path) -> Source:
    if not folder.is_dir():
        raise WeightsError(f"{spec}: there is no folder {folder}, so there is no checkpoint; give one on this machine")
    if not (folder / CONFIG).is_file():
        raise WeightsError(f"{spec}: {folder} has no {CONFIG}; save the model with open_clip, or give {FORMS}")
    files = sorted(file for file in folder.iterdir() if file.suffix in WEIGHT_ENDINGS)
    named = sorted((f for f in files if f.name in WEIGHT_NAMES), key=lambda file: WEIGHT_NAMES.index(file.name))
    if not files:
        raise WeightsError(f"{spec}: there is no checkpoint in {folder}; put {WEIGHT_NAMES[0]} there")
    if not named and len(files) > 1:
        raise WeightsError(
            f"{spec}: {folder} holds {len(files)} checkpoints ({', '.join(f.name for f in files)}); keep one of them, "
            f"or call it {WEIGHT_NAMES[0]}"
        )
    return _configured(spec, folder / CONFIG, (named or files)[0])


def _from_hub(
    spec: str, repository: Repository, entry: Entry | None, consent: bool, progress: Progress | None
) -> Source:
    names = (entry.weights,) if entry else (WEIGHT_NAMES[0], WEIGHT_NAMES[2])
    config, weights = repository.find(CONFIG), _find_weights(repository, names, entry)
    if not consent and not (config and weights):
        raise _not_here(spec, repository, () if weights else names, entry)
    try:
        config = config or repository.get(CONFIG, consent=True, progress=progress)
        weights = weights or _get_weights(repository, names, entry, progress)
    except NotThere as error:
        raise WeightsError(f"{spec} is no model of open_clip's: {error}") from error
    return _configured(spec, config, weights, repository)


def _from_architecture(spec: str, consent: bool, progress: Progress | None) -> Source:
    import open_clip

    name, _, rest = spec.partition(":")
    architectures = open_clip.list_models()
    if name not in architectures:
        near = _nearest(name, (*KNOWN, *architectures))
        hint = f"; there is a folder of that name: write local-dir:{spec}" if Path(spec).is_dir() else ""
        raise WeightsError(f"open_clip knows no architecture {name!r}{near}{hint}; give {FORMS}")
    model_cfg = open_clip.get_model_config(name)
    tags = open_clip.list_pretrained_tags_by_model(name)
    if rest and Path(rest).expanduser().is_file():
        file = Path(rest).expanduser()
        return Source(spec, model_cfg, _usual_preprocess(name, tags), file, file.resolve().parent)
    if not open_clip.is_pretrained_cfg(name, rest):
        what = f"there is no checkpoint {rest}, and no published weights have that name" if rest else "name its weights"
        raise WeightsError(
            f"{spec}: {what}{_nearest(rest, tags)}; give {name}:FILE with a file on this machine"
            + (f", or one of {', '.join(f'{name}:{tag}' for tag in tags)}" if tags else "")
        )
    published = open_clip.get_pretrained_cfg(name, rest)
    # open_clip only warns of it; with the wrong activation every embedding is slightly off
    model_cfg["quick_gelu"] = published.get("quick_gelu", model_cfg.get("quick_gelu", False))
    folder, _, file = published.get("hf_hub", "").rpartition("/")
    if not folder:
        raise WeightsError(f"{spec} is not on a hub; download {published.get('url')} and give {name}:CHECKPOINT")
    entry = KNOWN.get(spec)
    repository = entry.repository if entry else Repository(folder)
    names = (f"{Path(file).stem}.safetensors", file) if file else (WEIGHT_NAMES[0], WEIGHT_NAMES[2])
    weights = _find_weights(repository, names, entry)
    if not consent and not weights:
        raise _not_here(spec, repository, names, entry)
    weights = weights or _get_weights(repository, names, entry, progress)
    return Source(spec, model_cfg, published, weights, weights.parent, repository)


def _usual_preprocess(name: str, tags: Iterable[str]) -> dict:
    """How images of an architecture are normalised, where all its published weights agree; else CLIP's own way."""
    import open_clip

    ways = {tuple(map(tuple, (p["mean"], p["std"]))) for p in (open_clip.get_pretrained_cfg(name, tag) for tag in tags)}
    return dict(zip(("mean", "std"), ways.pop())) if len(ways) == 1 else {}


def _find_weights(repository: Repository, names: tuple[str, ...], entry: Entry | None) -> Path | None:
    return next(filter(None, (repository.find(name, entry.sha256 if entry else None) for name in names)), None)


def _get_weights(repository: Repository, names: tuple[str, ...], entry: Entry | None, progress) -> Path:
    options = {"megabytes": entry.megabytes, "sha256": entry.sha256} if entry else {}
    for name in names[:-1]:
        try:
            return repository.get(name, consent=True, progress=progress, **options)
        except NotThere:
            continue  # the hub has no such file; it then has the next one
    return repository.get(names[-1], consent=True, progress=progress, **options)


def _not_here(spec: str, repository: Repository, names: tuple[str, ...], entry: Entry | None) -> NotDownloaded:
    damaged = next(filter(None, map(repository.present, names)), None)
    state = f"is damaged (the checksum of {damaged} is wrong)" if damaged else "is not on this machine"
    size = f"{entry.megabytes:g} MB, {entry.licence}, " if entry else ""
    return NotDownloaded(
        f"{spec} {state}, and nothing is downloaded unless you agree ({size}from "
        f"{repository.page}): add --download, or use `xaiclip models download {spec}`",
        repository.page,
    )


def _nearest(word: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(names), cutoff=0.5)
    return f" (did you mean {' or '.join(near)}?)" if near else ""
