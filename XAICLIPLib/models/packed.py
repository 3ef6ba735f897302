"""Archives that lie where a model's files are looked for: as they were downloaded, or one inside another."""

from __future__ import annotations

from pathlib import Path

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".7z", ".rar")


def packed_in(folder: Path) -> str:
    """The name of an archive in a folder, or in one of its folders.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    str
        As a path below the folder; empty where there is none, or no folder.
    """
    try:
        inside = sorted(folder.iterdir())
        files = [*inside, *(file for inner in inside if inner.is_dir() for file in sorted(inner.iterdir()))]
    except OSError:
        return ""
    found = next((f for f in files if f.name.lower().endswith(ARCHIVES) and f.is_file()), None)
    return "" if found is None else found.relative_to(folder).as_posix()


def unpack_first(folder: Path) -> str:
    """What to say of a folder in which nothing was found but an archive.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    str
        A whole message; empty where there is no archive.
    """
    found = packed_in(folder)
    return f"{folder} holds the archive {found}; unpack it there, and give the folder that comes out" if found else ""
