"""Where the files of a vision-language model are: its configuration, weights, and what its texts need."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from XAICLIPLib.errors import NotDownloaded, WeightsError, XAICLIPError
from XAICLIPLib.vlm.catalogue import (
    BUNDLED,
    KNOWN,
    TEXT_TOWERS,
    Entry,
)
from XAICLIPLib.weights import WEIGHTS
from XAICLIPLib.weights.download import NotThere, Progress
from XAICLIPLib.weights.hub import Repository

CONFIG = "open_clip_config.json"
# open_clip's own names, the safe formats first
WEIGHT_NAMES = (
    "open_clip_model.safetensors", "open_clip_pytorch_model.safetensors", "open_clip_pytorch_model.bin",
    "open_clip_pytorch_model.pth", "model.safetensors", "pytorch_model.bin",
)  # fmt: skip
WEIGHT_ENDINGS = (".safetensors", ".bin", ".pt", ".pth")
# numbers in a configuration beyond which nothing is built; by what is in the entry's name, the narrow ones first
LIMITS = {"layers": 512, "depth": 512, "heads": 4096, "vocab_size": 10_000_000}
LARGEST = 1_000_000
VOCABULARIES = ("tokenizer.json", "vocab.txt", "spiece.model", "sentencepiece.bpe.model", "vocab.json")
# the vocabulary last: where it is, a download that was stopped has left nothing out
TOKENIZER_FILES = ("tokenizer_config.json", "special_tokens_map.json", "merges.txt", *VOCABULARIES)
FORMS = "bundled, biomedclip, hf-hub:OWNER/NAME, local-dir:FOLDER, ARCHITECTURE:TAG or ARCHITECTURE:CHECKPOINT"


@dataclass
class Source:
    """A vision-language model's files, all of them on this machine.

    Attributes
    ----------
    spec : str
        How it was asked for.
    model_cfg : dict
        What open_clip builds it from, as in ``open_clip_config.json``.
    preprocess : dict
        "mean" and "std" of its images, where they are known.
    weights : Path
    near : Path
        The folder where more of its files are looked for first.
    repository : Repository, optional
        Where it came from.
    text_config : Path, optional
        ``config.json`` of a text tower of `transformers`.
    tokenizer : Path, optional
        Folder of a tokenizer of `transformers`.
    """

    spec: str
    model_cfg: dict
    preprocess: dict
    weights: Path
    near: Path
    repository: Repository | None = None
    text_config: Path | None = None
    tokenizer: Path | None = None
    _text: dict = field(init=False)

    def __post_init__(self) -> None:
        check_config(self.model_cfg, self.spec)
        if not isinstance(self.preprocess, dict):
            raise WeightsError(f"{self.spec}: its preprocess_cfg is no JSON object; get {CONFIG} again")
        self._text = self.model_cfg.get("text_cfg", {})
        if "hf_model_name" in self._text:  # the names of 2023, still in older revisions of BiomedCLIP
            for old, new in (("proj", "hf_proj_type"), ("pooler_type", "hf_pooler_type")):
                if old in self._text:
                    self._text.setdefault(new, self._text.pop(old))
        for name in (self.text_tower, self.text_tokenizer):  # they become folders of the cache
            if name:
                _text_repository(name)

    @property
    def text_tower(self) -> str | None:
        """The model of `transformers` that reads its texts, by name; None for one of open_clip's own."""
        return self._text.get("hf_model_name")

    @property
    def text_tokenizer(self) -> str | None:
        """The tokenizer of `transformers`, by name; None for CLIP's own."""
        return self._text.get("hf_tokenizer_name")

    def find_text_files(self, *, consent: bool, progress: Progress | None) -> None:
        """Fill in `text_config` and `tokenizer`; without `transformers` they may be missing.

        Parameters
        ----------
        consent : bool
            Whether the user agreed to download them.
        progress : callable, optional
            Called with (done, total, message) of a download in MB.

        Raises
        ------
        NotDownloaded
            If one is missing and needed, and the user did not agree.
        WeightsError
            If one can't be downloaded or read.
        """
        needed = has_transformers()
        if self.text_tower:
            self.text_config = self._find_text_config(needed, consent, progress)
        if self.text_tokenizer:
            self.tokenizer = self._find_tokenizer(needed, consent, progress)

    def _find_text_config(self, needed: bool, consent: bool, progress: Progress | None) -> Path | None:
        for folder in (self.near, self.near / self.text_tower):
            file = folder / "config.json"
            if file.is_file() and read_json(file).get("model_type") in _text_kinds():
                return file
        repository = _text_repository(self.text_tower)
        if path := repository.find("config.json"):
            return path
        if consent:
            return repository.get("config.json", consent=True, progress=progress)
        if not needed:
            return None
        raise NotDownloaded(
            f"{self.spec}: config.json of its text tower {self.text_tower} is not on this machine; put it into "
            f"{self.near} (from {repository.url('config.json')}), or agree to download it with --download",
            repository.page,
        )

    def _find_tokenizer(self, needed: bool, consent: bool, progress: Progress | None) -> Path | None:
        for folder in (self.near, self.near / self.text_tokenizer):
            if any((folder / name).is_file() for name in VOCABULARIES):
                return folder
        repositories = [*([self.repository] if self.repository else []), _text_repository(self.text_tokenizer)]
        for repository in repositories:
            if path := next(filter(None, map(repository.find, VOCABULARIES)), None):
                return path.parent
        if consent:
            for repository in repositories:
                there = list(_download_all(repository, TOKENIZER_FILES, progress))
                if path := next((file for file in there if file.name in VOCABULARIES), None):
                    return path.parent
        if not needed:
            return None
        raise NotDownloaded(
            f"{self.spec}: there is no tokenizer: {self.near} holds none of {', '.join(VOCABULARIES)}; put the files "
            f"of {self.text_tokenizer} there, or agree to download them with --download",
            repositories[-1].page,
        )


def check_config(model_cfg: dict, spec: str) -> None:
    """Refuse a configuration whose network could never be built.

    Each number is looked at before any is used.

    Parameters
    ----------
    model_cfg : dict
        As in ``open_clip_config.json``.
    spec : str
        How the model was asked for, for messages.

    Raises
    ------
    WeightsError
        Naming the entry.
    """
    open_ends = [((), model_cfg)]
    while open_ends:
        path, node = open_ends.pop()
        if isinstance(node, (dict, list)):
            if len(path) > 12 or len(node) > 1000:
                raise WeightsError(f"{spec}: {'.'.join(path) or CONFIG} is too large; get {CONFIG} again")
            pairs = node.items() if isinstance(node, dict) else enumerate(node)
            open_ends += [((*path, str(key)), value) for key, value in pairs]
        elif isinstance(node, (int, float)) and not isinstance(node, bool):
            most = next((limit for word, limit in LIMITS.items() if any(word in part for part in path)), LARGEST)
            if not abs(node) <= most:
                raise WeightsError(
                    f"{spec}: {'.'.join(path)} is {node:.6g} in its configuration, and no network has more than "
                    f"{most:,}; get {CONFIG} again"
                )


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


def has_transformers() -> bool:
    """Whether text towers and tokenizers of `transformers` can be opened."""
    return find_spec("transformers") is not None


def read_json(file: Path) -> dict:
    """The JSON object in a file.

    Parameters
    ----------
    file : Path

    Returns
    -------
    dict

    Raises
    ------
    WeightsError
        If the file holds none.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise WeightsError(f"{file} can't be read as JSON ({error}); get the file again") from error
    if not isinstance(content, dict):
        raise WeightsError(f"{file} holds no JSON object; get the file again")
    return content


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


def _download_all(repository: Repository, names: Iterable[str], progress: Progress | None) -> Iterable[Path]:
    for name in names:
        try:
            yield repository.get(name, consent=True, progress=progress)
        except NotThere:
            continue  # no tokenizer has all of them


def _not_here(spec: str, repository: Repository, names: tuple[str, ...], entry: Entry | None) -> NotDownloaded:
    damaged = next(filter(None, map(repository.present, names)), None)
    state = f"is damaged (the checksum of {damaged} is wrong)" if damaged else "is not on this machine"
    size = f"{entry.megabytes:g} MB, {entry.licence}, " if entry else ""
    return NotDownloaded(
        f"{spec} {state}, and nothing is downloaded unless you agree ({size}from "
        f"{repository.page}): add --download, or use `xaiclip models download {spec}`",
        repository.page,
    )


def _text_repository(name: str) -> Repository:
    try:
        return Repository(name, TEXT_TOWERS.get(name, "main"))
    except (TypeError, WeightsError) as error:
        raise WeightsError(
            f"the configuration names {str(name)[:80]!r} as its text tower or tokenizer, and that is no repository of "
            f"a hub; get {CONFIG} again"
        ) from error


def _text_kinds() -> Iterable[str]:
    from open_clip.hf_configs import arch_dict

    return arch_dict


def _nearest(word: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(names), cutoff=0.5)
    return f" (did you mean {' or '.join(near)}?)" if near else ""
