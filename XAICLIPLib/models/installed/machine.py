"""The places of a machine that programs keep their models in."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

FILES_AT_MOST = 20_000  # that are looked at for the size of one model, or below one folder of Slicer


@dataclass(frozen=True)
class Machine:
    """One machine, or a stand-in of one.

    Attributes
    ----------
    home : Path
        The user's home folder.
    environment : mapping
        Environment variables.
    system : str
        "Linux", "Darwin" or "Windows".
    python : Path
        The prefix of the Python that is asked; inside Slicer it leads to Slicer itself.
    """

    home: Path = field(default_factory=Path.home)
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    system: str = field(default_factory=platform.system)
    python: Path = field(default_factory=lambda: Path(sys.prefix))

    def variable(self, name: str) -> Path | None:
        """The path that an environment variable holds.

        Parameters
        ----------
        name : str

        Returns
        -------
        Path or None
            None where it is not set.
        """
        value = self.environment.get(name, "").strip()
        return self._expanded(value) if value else None

    def _expanded(self, text: str) -> Path:
        return self.home / text[2:] if text.startswith("~/") else Path(text)

    @property
    def torch_hub(self) -> Path:
        """The cache of torch.hub."""
        cache = self.variable("XDG_CACHE_HOME") or self.home / ".cache"
        return self.variable("TORCH_HOME") or cache / "torch"

    @property
    def hugging_face(self) -> Path:
        """The cache of the Hugging Face hub."""
        cache = self.variable("XDG_CACHE_HOME") or self.home / ".cache"
        return self.variable("HF_HUB_CACHE") or (self.variable("HF_HOME") or cache / "huggingface") / "hub"

    @cached_property
    def application_data(self) -> tuple[Path, ...]:
        """Where Qt keeps the data of Slicer and its like, one folder per application."""
        if self.system == "Windows":
            roots = [self.variable("APPDATA") or self.home / "AppData/Roaming", self._local_data]
        elif self.system == "Darwin":
            roots = [self.home / "Library/Application Support"]
        else:
            roots = [self.variable("XDG_DATA_HOME") or self.home / ".local/share"]
        names = ("slicer.org", "NA-MIC")
        found = [f for root in roots for org in names for f in (root / org, *folders_in(root / org))]
        return (*found, *(f for root in roots for f in folders_in(root) if f.name.startswith("Slicer")))

    @property
    def _local_data(self) -> Path:
        return self.variable("LOCALAPPDATA") or self.home / "AppData/Local"

    @cached_property
    def slicer_settings(self) -> tuple[str, ...]:
        """The contents of Slicer's .ini files, the newest first."""
        if self.system == "Windows":
            roots = [(self.variable("APPDATA") or self.home / "AppData/Roaming") / "slicer.org"]
        else:
            config = self.variable("XDG_CONFIG_HOME") or self.home / ".config"
            roots = [config / "slicer.org", config / "NA-MIC"]
        files = [f for root in roots for f in files_in(root) if f.name.startswith("Slicer") and f.suffix == ".ini"]
        return tuple(_text(f) for f in sorted(files, key=_changed, reverse=True))

    @cached_property
    def slicer_modules(self) -> tuple[Path, ...]:
        """Folders that modules of Slicer were loaded from, and those of its extensions."""
        listed = []
        for text in self.slicer_settings:
            for line in re.findall(r"^(?:AdditionalPaths|Modules\\AdditionalPaths)=(.*)$", text, re.MULTILINE):
                listed += [self._expanded(p.strip(' "').replace("\\\\", "/")) for p in line.split(",") if p.strip(' "')]
        homes = [self.python, *self.python.parents[:3], *self._slicer_homes()]
        extensions = [
            extension
            for home in homes
            for org in (home / "slicer.org", home)
            for revision in folders_in(org)
            if revision.name.startswith("Extensions-")
            for extension in folders_in(revision)
        ]
        found = {}
        for folder in (*listed, *extensions):
            if folder.is_dir():
                found.setdefault(folder.resolve(), folder)
        return tuple(found.values())

    def _slicer_homes(self) -> Iterator[Path]:
        """Where Slicer is mostly unpacked or installed."""
        roots = [self.home, self.home / "Applications", self.home / "Downloads", *self.application_data]
        roots += [self._local_data / "slicer.org"] if self.system == "Windows" else [self.home / "opt"]
        for root in roots:
            yield from (f for f in folders_in(root) if f.name.startswith("Slicer"))


def folders_in(path: Path) -> list[Path]:
    """The folders directly in one.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of Path
        By name; empty where it can't be read.
    """
    return [inner for inner in _inside(path) if inner.is_dir()]


def files_in(path: Path) -> list[Path]:
    """The files directly in a folder.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of Path
        By name; empty where it can't be read.
    """
    return [inner for inner in _inside(path) if inner.is_file()]


def files_below(path: Path, depth: int) -> Iterator[Path]:
    """The files in a folder and in those below it.

    Parameters
    ----------
    path : Path
    depth : int
        How many levels of folders are looked into.

    Yields
    ------
    Path
        `FILES_AT_MOST` at most.
    """
    waiting, left = [(path, depth)], FILES_AT_MOST
    while waiting and left > 0:
        folder, levels = waiting.pop(0)
        for inner in _inside(folder):
            left -= 1
            if inner.is_file():
                yield inner
            elif levels > 1 and not inner.is_symlink():
                waiting.append((inner, levels - 1))


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files in and below a folder.

    Parameters
    ----------
    path : Path

    Returns
    -------
    int
        0 for what can't be read.
    """
    try:
        return path.stat().st_size if path.is_file() else sum(f.stat().st_size for f in files_below(path, 8))
    except OSError:
        return 0


def _inside(path: Path) -> list[Path]:
    try:
        return sorted(path.iterdir())
    except OSError:
        return []


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
