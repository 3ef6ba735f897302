"""The vision-language models that are known by name, as data; any other of open_clip's can be opened as well."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from XAICLIPLib.weights import WEIGHTS
from XAICLIPLib.weights.download import downloads_folder, noted
from XAICLIPLib.weights.hub import Repository

BUNDLED = "bundled"
TRANSFORMER = ("patch", "maskclip", "clearclip", "sclip", "gem", "gradeclip", "m2ib", "window")
CONVOLUTIONAL = ("patch", "window")

# the text towers that open_clip's configurations refer to by name: their shape and vocabulary, pinned
TEXT_TOWERS = {
    "microsoft/BiomedNLP-BiomedBERT-base-uncased-abstract": "d673b8835373c6fa116d6d8006b33d48734e305d",
    # its name until 2023
    "microsoft/BiomedNLP-PubMedBERT-base-uncased-abstract": "d673b8835373c6fa116d6d8006b33d48734e305d",
}


@dataclass(frozen=True)
class Entry:
    """A model that can be named in a request, and where it comes from.

    Attributes
    ----------
    name : str
        What `open_vision_language_model` is given.
    title : str
    licence : str
        SPDX identifier, as its repository states it.
    megabytes : float
        Size of the weights.
    source : str
        Where a person reads about it.
    context_length : int
        How many tokens its text tower reads.
    strategies : tuple of str
        The ways of finding a place (see `vlm.dense`) that its image tower has.
    repository : Repository, optional
        Where its files are; None for what comes with the program.
    weights : str
        The file of the weights.
    sha256 : str, optional
        Of the weights. Without it, a download is checked against what the hub announces.
    needs : tuple of str
        Extras of the program's distribution that its text tower needs.
    """

    name: str
    title: str
    licence: str
    megabytes: float
    source: str
    context_length: int
    strategies: tuple[str, ...]
    repository: Repository | None = None
    weights: str = "open_clip_model.safetensors"
    sha256: str | None = None
    needs: tuple[str, ...] = ()

    def where(self) -> Path | None:
        """The weights on this machine; None if they are not here."""
        if self.repository is None:
            return WEIGHTS / "clip" / self.weights
        return self.repository.present(self.weights)


def _bundled() -> Entry:
    shipped = json.loads((WEIGHTS / "manifest.json").read_text(encoding="utf-8"))["clip/open_clip_model.safetensors"]
    return Entry(
        BUNDLED,
        "Small CLIP for CT of the abdomen, made for this program",
        "Apache-2.0",
        round(shipped["bytes"] / 1e6, 1),
        "part of this program",
        32,
        CONVOLUTIONAL,
        sha256=shipped["sha256"],
    )


CATALOGUE: tuple[Entry, ...] = (
    _bundled(),
    Entry(
        "biomedclip",
        "BiomedCLIP: ViT-B/16 and PubMedBERT, 15 million figures of biomedical articles",
        "MIT",
        784,
        "https://huggingface.co/microsoft/BiomedCLIP-PubMedBERT_256-vit_base_patch16_224",
        256,
        TRANSFORMER,
        Repository(
            "microsoft/BiomedCLIP-PubMedBERT_256-vit_base_patch16_224", "9f341de24bfb00180f1b847274256e9b65a3a32e"
        ),
        "open_clip_pytorch_model.bin",
        "52cc993c5c5ff962bd0c60931874bc001e7e9b41666a385530f4a036294576be",
        ("biomedclip",),
    ),
    Entry(
        "ViT-B-16:openai",
        "OpenAI's CLIP ViT-B/16, 400 million pictures of the web",
        "Apache-2.0",
        599,
        "https://huggingface.co/timm/vit_base_patch16_clip_224.openai",
        77,
        TRANSFORMER,
        Repository("timm/vit_base_patch16_clip_224.openai", "977e3dd0ec55ab8da155f2fbeb6b5f54948b6e3d"),
    ),
    Entry(
        "ViT-L-14:openai",
        "OpenAI's CLIP ViT-L/14, 400 million pictures of the web",
        "Apache-2.0",
        1710,
        "https://huggingface.co/timm/vit_large_patch14_clip_224.openai",
        77,
        TRANSFORMER,
        Repository("timm/vit_large_patch14_clip_224.openai", "18d0535469bb561bf468d76c1d73aa35156c922b"),
    ),
)
KNOWN = {entry.name: entry for entry in CATALOGUE}


def listed() -> list[dict]:
    """The catalogue as plain data, with `present` and `path` for what is on this machine; nothing is opened or checked.

    `sha256` is the authors' where it is known, else that of the file that was downloaded; `folder` is where downloads
    are kept.
    """
    rows = []
    for entry in CATALOGUE:
        path = entry.where()
        rows.append(
            {
                "name": entry.name,
                "title": entry.title,
                "licence": entry.licence,
                "megabytes": entry.megabytes,
                "source": entry.source,
                "revision": entry.repository.revision if entry.repository else None,
                "sha256": entry.sha256 or (noted(path) if path else None),
                "needs": list(entry.needs),
                "context_length": entry.context_length,
                "strategies": list(entry.strategies),
                "present": path is not None,
                "path": str(path) if path else None,
                "folder": str(downloads_folder()),
            }
        )
    return rows
