"""The bundled checkpoints, and how any checkpoint is identified."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from XAICLIPLib.errors import InputError

WEIGHTS = Path(__file__).parent


def cache_folder() -> Path:
    """Where the program keeps what it would otherwise have to find out or fetch again; it may be emptied at any time.

    The environment variable ``XAICLIP_CACHE``, else ``.cache/xaiclip`` in the user's home.
    """
    return Path(os.environ.get("XAICLIP_CACHE") or Path.home() / ".cache" / "xaiclip")


def sha256(path: str | Path) -> str:
    """The SHA-256 of a file, read in pieces so that large checkpoints need no memory.

    Parameters
    ----------
    path : path

    Returns
    -------
    str
        64 hexadecimal digits.

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
