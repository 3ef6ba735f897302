"""The bundled checkpoints, and how any checkpoint is identified."""

from __future__ import annotations

import hashlib
from pathlib import Path

from XAICLIPLib.errors import InputError

WEIGHTS = Path(__file__).parent


def sha256(path: str | Path) -> str:
    """The SHA-256 of a file, read in pieces so that large checkpoints need no memory.

    Raises
    ------
    InputError
        If the file can't be read.
    """
    digest = hashlib.sha256()
    try:
        with open(path, "rb") as file:
            while piece := file.read(2**20):
                digest.update(piece)
    except OSError as error:
        raise InputError(f"{path} can't be read ({error.strerror}); give a file") from error
    return digest.hexdigest()
