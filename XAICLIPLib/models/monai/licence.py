"""The licence that lies beside a model."""

from __future__ import annotations

from pathlib import Path

NAMES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "LICENCE.txt", "docs/LICENSE", "docs/license.txt")
MOST = 100_000  # characters that are read
NO_COMMERCE = "no commercial use"
# how a licence says that it forbids to earn money with what it covers
_FORBIDS = ("non-commercial", "noncommercial", "non commercial", "not for commercial", "by-nc", "nclv1", "ncls")


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
    return any(word in text.lower() for word in _FORBIDS)
