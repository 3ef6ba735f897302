"""Words as VoxTell gets them: vectors from a bank that was saved, or from its text tower where that is on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from XAICLIPLib import anatomy
from XAICLIPLib.errors import MissingPackage, WeightsError, did_you_mean
from XAICLIPLib.models.installed.machine import Machine, folders_in
from XAICLIPLib.models.memory import check_room
from XAICLIPLib.models.voxtell.folder import BANK, SOURCE, banks

TOWER = "Qwen/Qwen3-Embedding-4B"
# what the tower was told before each text when VoxTell was trained
INSTRUCTION = (
    "Instruct: Given an anatomical term query, retrieve the precise anatomical entity and location it represents\n"
    "Query: "
)
LONGEST = 8192  # tokens


def words_of(target: str) -> str:
    """What VoxTell is told of a structure: lower case, as it was trained.

    Parameters
    ----------
    target : str
        A structure's name, or a text of one's own.

    Returns
    -------
    str
    """
    known = anatomy.find(target)
    return (known.label if known else target.replace("_", " ")).strip().lower()


def read_bank(path: Path) -> dict[str, np.ndarray]:
    """The vectors of a file that VoxTell publishes or writes.

    Parameters
    ----------
    path : Path
        `.npz` with `labels` (N texts) and `embeddings` (N, D).

    Returns
    -------
    dict of str to ndarray, shape (D,)
        By texts in lower case.

    Raises
    ------
    WeightsError
        If it is damaged, or holds something else; nothing in it is unpickled.
    """
    try:
        with np.load(path, allow_pickle=False) as held:
            labels, vectors = held["labels"], held["embeddings"]
        if labels.dtype.kind != "U" or vectors.ndim != 2 or len(labels) != len(vectors) or vectors.dtype.kind != "f":
            raise ValueError(f"labels {labels.shape} and embeddings {vectors.shape} of {vectors.dtype}")
    except Exception as error:  # a damaged archive is told in many ways
        raise WeightsError(
            f"{path.name} can't be read as vectors of texts ({type(error).__name__}: {error}); download it again from "
            f"{SOURCE}"
        ) from error
    return {str(label).lower(): vector for label, vector in zip(labels, vectors)}


def vectors_of(
    texts: Sequence[str], folder: Path, width: int, device: torch.device, tower: Path | None = None
) -> tuple[Tensor, str]:
    """The vectors of some texts, and where they come from.

    Parameters
    ----------
    texts : sequence of N str
        In lower case.
    folder : Path
        Of the model, which its bank lies in or beside.
    width : int
        D, what the network takes.
    device : torch.device
        Where the tower runs, if it has to.
    tower : Path, optional
        The folder of the text tower; that in the hub's cache by default.

    Returns
    -------
    vectors : Tensor, shape (N, D), float32
        On the device.
    source : str

    Raises
    ------
    WeightsError
        If a text is in no bank and the tower is not on this machine, or vectors are of another width.
    MissingPackage
        If the tower is needed, and `transformers` is not installed.
    """
    bank: dict[str, np.ndarray] = {}
    files = list(banks(folder))
    for file in reversed(files):
        bank.update(read_bank(file))
    unknown = [text for text in texts if text not in bank]
    found = {text: torch.from_numpy(bank[text].astype(np.float32)) for text in texts if text in bank}
    if unknown:
        place = tower or _tower()
        if place is None:
            raise WeightsError(_no_vector(unknown[0], files, bank))
        found.update(zip(unknown, _embedded(unknown, place, device)))
    wrong = next((text for text, vector in found.items() if vector.shape != (width,)), None)
    if wrong is not None:
        raise WeightsError(
            f"the vector of {wrong!r} has {found[wrong].numel()} numbers and {folder.name} takes {width}: give the "
            f"{BANK} of this model"
        )
    sources = [BANK] * (len(unknown) < len(texts)) + [TOWER] * bool(unknown)
    return torch.stack([found[text] for text in texts]).to(device), " and ".join(sources)


def _no_vector(text: str, files: list[Path], bank: dict) -> str:
    """What to do where a text has no vector."""
    tower = f"download its text tower {TOWER} (8 GB, huggingface-cli download {TOWER})"
    if not files:
        return (
            f"VoxTell has no vector for {text!r}: put embeddings/voxtell_v1.1/{BANK} of {SOURCE} into the model's "
            f"folder, or {tower}"
        )
    return f"VoxTell's {BANK} has no vector for {text!r}{did_you_mean(text, bank)}; use words that it has, or {tower}"


def _tower() -> Path | None:
    """The text tower in the hub's cache, if all of it is there."""
    snapshots = folders_in(Machine().hugging_face / f"models--{TOWER.replace('/', '--')}" / "snapshots")
    whole = (s for s in snapshots if (s / "config.json").is_file() and list(s.glob("*.safetensors")))
    return next(whole, None)


@torch.inference_mode()
def _embedded(texts: Sequence[str], tower: Path, device: torch.device) -> Tensor:
    """Texts by the tower: the last token of its last layer (N, D), in bfloat16 on CUDA as VoxTell itself has it."""
    try:
        from transformers import AutoModel, AutoTokenizer
    except ImportError as error:
        raise MissingPackage("VoxTell's text tower", "transformers", "biomedclip") from error
    check_room(*sorted(tower.glob("*.safetensors")))
    offline = {"local_files_only": True, "trust_remote_code": False}
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    try:
        tokenizer = AutoTokenizer.from_pretrained(str(tower), padding_side="left", **offline)
        model = AutoModel.from_pretrained(str(tower), dtype=dtype, use_safetensors=True, **offline).eval().to(device)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise WeightsError(f"VoxTell's text tower in {tower} can't be read ({reason}); download it again") from error
    told = [INSTRUCTION + text for text in texts]
    tokens = tokenizer(told, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt").to(device)
    return model(**tokens).last_hidden_state[:, -1].float().cpu()  # padded on the left: the last is the text's own
