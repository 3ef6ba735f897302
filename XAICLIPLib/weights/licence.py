"""The licence that lies beside a model, and whether the user has accepted one that forbids commercial use."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from XAICLIPLib.errors import LicenceNotAccepted

NAMES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "LICENCE.txt", "docs/LICENSE", "docs/license.txt")
MOST = 100_000  # characters that are read
NO_COMMERCE = "no commercial use"
# how a licence says that it forbids to earn money with what it covers
_FORBIDS = ("non-commercial", "noncommercial", "non commercial", "not for commercial", "by-nc", "nclv1", "ncls")
_accepted_here: dict[str, str] = {}  # also where no file can be written


def licence_in(*folders: Path) -> str | None:
    """The first line of the first licence file in some folders.

    Parameters
    ----------
    *folders : Path

    Returns
    -------
    str or None
        With the file's name, and a warning where its text forbids commercial use; None where there is none.
    """
    for file in (folder / name for folder in folders for name in NAMES):
        if file.is_file():
            text = file.read_text(encoding="utf-8", errors="replace")[:MOST]
            first = next((line.strip() for line in text.splitlines() if line.strip()), "")
            name = file.name if file.parent in folders else f"{file.parent.name}/{file.name}"
            said = f"{first} ({name})" if first else name
            return f"{said}: {NO_COMMERCE}" if forbids_commerce(text) else said
    return None


def forbids_commerce(text: str) -> bool:
    """Whether a licence's text says that what it covers must not be used commercially.

    Parameters
    ----------
    text : str

    Returns
    -------
    bool
    """
    return any(word in text.lower() for word in (NO_COMMERCE, *_FORBIDS))


def accepted_file() -> Path:
    """Where it is kept which licences were accepted on this machine.

    In the folder of the environment variable ``XAICLIP_CONFIG``, else ``.config/xaiclip`` in the user's home.
    """
    return Path(os.environ.get("XAICLIP_CONFIG") or Path.home() / ".config" / "xaiclip") / "licences.json"


def accept(model: str, licence: str) -> None:
    """Keep that the user has accepted a licence; where no file can be written, for this process alone.

    Parameters
    ----------
    model : str
        What it covers.
    licence : str
        What was shown of it.
    """
    _accepted_here[model] = licence
    file = accepted_file()
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_name(f"{file.name}.{os.getpid()}")
        new.write_text(json.dumps({**_accepted(), model: licence}, indent=1, ensure_ascii=False), encoding="utf-8")
        new.replace(file)


def require_accepted(model: str, licence: str, spec: str) -> None:
    """Refuse a model whose licence forbids commercial use, unless the user has accepted it before.

    Parameters
    ----------
    model : str
        What the licence covers.
    licence : str
        What is known of it; empty where nothing is.
    spec : str
        The string that opens the model.

    Raises
    ------
    LicenceNotAccepted
        If it forbids commercial use, and was not accepted on this machine as it is.
    """
    if forbids_commerce(licence) and _accepted().get(model) != licence:
        raise LicenceNotAccepted(model, licence, spec)


def _accepted() -> dict:
    """Licences by model, also those that this process alone knows of."""
    try:
        found = json.loads(accepted_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):  # not there, or damaged: then it is asked for again
        found = {}
    return {**(found if isinstance(found, dict) else {}), **_accepted_here}
