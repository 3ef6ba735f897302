"""Files of a Hugging Face repository: from our own cache, else from the user's (only read), else downloaded."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from XAICLIPLib.errors import WeightsError
from XAICLIPLib.weights.download import Progress, digest, downloads_folder, fetch, kept

_NAME = r"[A-Za-z0-9](?:[\w.-]*\w)?"
_REPOSITORY = re.compile(rf"{_NAME}(?:/{_NAME})?", re.ASCII)
_REVISION = re.compile(rf"{_NAME}(?:/{_NAME})*", re.ASCII)


@dataclass(frozen=True)
class Repository:
    """A repository at a revision; its name becomes folders of our cache, so it is held to what hubs allow.

    Attributes
    ----------
    name : str
        "OWNER/NAME"; a few old ones are "NAME" alone.
    revision : str
        A commit, a tag or a branch; only a commit always means the same files.

    Raises
    ------
    WeightsError
        If it is no name or revision of a hub.
    """

    name: str
    revision: str = "main"

    def __post_init__(self) -> None:
        for text, allowed in ((self.name, _REPOSITORY), (self.revision, _REVISION)):
            if not (isinstance(text, str) and allowed.fullmatch(text)) or ".." in text or len(text) > 200:
                raise WeightsError(
                    f"{str(text)[:80]!r} names no repository; write hf-hub:OWNER/NAME or hf-hub:OWNER/NAME@REVISION"
                )

    @classmethod
    def parse(cls, text: str) -> Repository:
        """``OWNER/NAME`` or ``OWNER/NAME@REVISION``.

        Parameters
        ----------
        text : str

        Returns
        -------
        Repository
            Of revision "main" where none is given.

        Raises
        ------
        WeightsError
            If it is neither.
        """
        name, at, revision = text.partition("@")
        if "/" not in name or at and not revision:
            raise WeightsError(f"{text!r} names no repository; write hf-hub:OWNER/NAME or hf-hub:OWNER/NAME@REVISION")
        return cls(name, revision or "main")

    @property
    def page(self) -> str:
        """Where people read about it; the environment variable ``HF_ENDPOINT`` names a mirror."""
        return f"{(os.environ.get('HF_ENDPOINT') or 'https://huggingface.co').rstrip('/')}/{self.name}"

    def url(self, path: str) -> str:
        """Where a file is downloaded from.

        Parameters
        ----------
        path : str
            Of the file inside the repository.

        Returns
        -------
        str
        """
        return f"{self.page}/resolve/{self.revision}/{path}"

    def present(self, path: str) -> Path | None:
        """Where a file is on this machine, without reading it: in our own cache, else in the user's.

        Parameters
        ----------
        path : str
            Of the file inside the repository.

        Returns
        -------
        Path or None
        """
        mine = downloads_folder() / self._kept_as(path)
        if mine.is_file():
            return mine
        snapshot = self._users_snapshot()
        return snapshot / path if snapshot and (snapshot / path).is_file() else None

    def find(self, path: str, sha256: str | None = None) -> Path | None:
        """Where a file is on this machine, as `present`, if it is right: our own files are checked always, the user's
        where a checksum is given.

        Parameters
        ----------
        path : str
            Of the file inside the repository.
        sha256 : str, optional
            What its SHA-256 is, or begins with.

        Returns
        -------
        Path or None
        """
        if file := kept(self._kept_as(path), sha256):
            return file
        snapshot = self._users_snapshot()
        if snapshot is None or not (snapshot / path).is_file():
            return None
        return snapshot / path if sha256 is None or digest(snapshot / path).startswith(sha256) else None

    def get(
        self,
        path: str,
        sha256: str | None = None,
        *,
        consent: bool,
        progress: Progress | None = None,
        megabytes: float | None = None,
    ) -> Path:
        """A file, downloaded if it is not on this machine and the user agreed.

        Parameters
        ----------
        path : str
            Of the file inside the repository.
        sha256, consent, progress, megabytes
            As in `fetch`, whose errors are raised.

        Returns
        -------
        Path
        """
        return self.find(path, sha256) or fetch(
            self.url(path), self._kept_as(path), sha256, consent=consent, progress=progress, megabytes=megabytes
        )

    def _kept_as(self, path: str) -> str:
        return str(Path("hub", *self.name.split("/"), self.revision.replace("/", "--"), path))

    def _users_snapshot(self) -> Path | None:
        """The folder of this revision in the cache that `huggingface_hub` keeps."""
        repository = _users_cache() / f"models--{self.name.replace('/', '--')}"
        try:
            commit = (repository / "refs" / self.revision).read_text().strip()
        except OSError:  # not a branch or a tag, but a commit
            commit = self.revision
        snapshot = repository / "snapshots" / commit
        return snapshot if snapshot.is_dir() else None


def _users_cache() -> Path:
    """As `huggingface_hub` finds it, without importing it."""
    if cache := os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE"):
        return Path(cache).expanduser()
    home = os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache", "huggingface")
    return Path(home).expanduser() / "hub"
