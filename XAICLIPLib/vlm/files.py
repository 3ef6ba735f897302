"""The files of a vision-language model on this machine: its configuration, weights, and what its texts need."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from XAICLIPLib.errors import NotDownloaded, WeightsError
from XAICLIPLib.vlm.catalogue import TEXT_TOWERS
from XAICLIPLib.weights.download import NotThere, Progress
from XAICLIPLib.weights.hub import Repository

CONFIG = "open_clip_config.json"
# numbers in a configuration beyond which nothing is built; by what is in the entry's name, the narrow ones first
LIMITS = {"layers": 512, "depth": 512, "heads": 4096, "vocab_size": 10_000_000}
LARGEST = 1_000_000
VOCABULARIES = ("tokenizer.json", "vocab.txt", "spiece.model", "sentencepiece.bpe.model", "vocab.json")
# the vocabulary last: where it is, a download that was stopped has left nothing out
TOKENIZER_FILES = ("tokenizer_config.json", "special_tokens_map.json", "merges.txt", *VOCABULARIES)


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


def _download_all(repository: Repository, names: Iterable[str], progress: Progress | None) -> Iterable[Path]:
    for name in names:
        try:
            yield repository.get(name, consent=True, progress=progress)
        except NotThere:
            continue  # no tokenizer has all of them
