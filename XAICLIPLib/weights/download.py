"""Fetch a file once, after the user agreed, check it, and keep it; afterwards no network is needed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from XAICLIPLib.errors import NotDownloaded, ResourceError, WeightsError
from XAICLIPLib.message import Message
from XAICLIPLib.weights import cache_folder, sha256

Progress = Callable[[float, float, str], None]  # (done, total, message), both in MB; raises Cancelled to stop

TIMEOUT_S = 30
PIECE_BYTES = 2**20
SCRATCH = ".download-"
FORGOTTEN_S = 24 * 3600  # a scratch folder this old belongs to a process that was killed


class NotThere(WeightsError):
    """The server was reached and has no such file."""


def downloads_folder() -> Path:
    """Where downloaded files are; it may be emptied at any time."""
    return cache_folder() / "models"


def offline() -> str | None:
    """The environment variable by which the user forbids programs to ask a hub; None where there is none."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):
        if os.environ.get(name, "").strip().upper() in ("1", "ON", "YES", "TRUE"):
            return name
    return None


def kept(name: str, sha256: str | None = None) -> Path | None:
    """The downloaded file of that name, if it is here and right.

    Parameters
    ----------
    name : str
        Its path inside `downloads_folder`.
    sha256 : str, optional
        What its SHA-256 is, or begins with. Without it, the one that was noted when the file was downloaded counts.

    Returns
    -------
    Path or None
        None where it is not here, or its checksum is wrong.
    """
    target = downloads_folder() / name
    if not target.is_file():
        return None
    expected = sha256 or noted(target)
    return target if expected and digest(target).startswith(expected) else None


def fetch(
    url: str,
    name: str,
    sha256: str | None = None,
    *,
    consent: bool,
    progress: Progress | None = None,
    megabytes: float | None = None,
) -> Path:
    """A file from the cache, else from the network if the user agreed.

    The file gets its name only when it is whole and its checksum right. Without a `sha256` it is checked against the
    checksum that a Hugging Face hub announces with it: the SHA-256 of a large file, the git object id of a small one.

    Parameters
    ----------
    url : str
    name : str
        Its path inside `downloads_folder`.
    sha256 : str, optional
        What its SHA-256 is, or begins with (at least 8 digits).
    consent : bool
        Whether the user agreed to download.
    progress : callable, optional
        Told (done, total, message) in MB; it may raise `Cancelled` at any moment.
    megabytes : float, optional
        Its size, for the question whether to download it.

    Returns
    -------
    Path
        The file on this machine.

    Raises
    ------
    NotDownloaded
        If it is not here, and the user did not agree.
    WeightsError
        If the network or the file is not there, the checksum is wrong, or ``HF_HUB_OFFLINE`` is set.
    ResourceError
        If the disk is full or can't be written to.
    Cancelled
        From `progress`.
    """
    if file := kept(name, sha256):
        return file
    target = downloads_folder() / name
    if by := offline():
        raise WeightsError(
            Message(
                "{name} is not on this machine, and {by} forbids to download it; unset {by}, or download it elsewhere",
                name=name,
                by=by,
            )  # fmt: skip
        )
    size = "" if megabytes is None else f" ({megabytes:g} MB)"
    if not consent:
        said = {"name": name, "url": f"{url}{size}"}
        text = Message(
            "{name} is not on this machine, and nothing is downloaded unless you agree: it comes from {url}; add "
            "--download, or use `xaiclip models download`",
            **said,
        )
        if target.is_file():
            text = Message(
                "{name} is damaged (its checksum is wrong), and nothing is downloaded unless you agree: it comes "
                "from {url}; add --download, or use `xaiclip models download`",
                **said,
            )
        raise NotDownloaded(text, url)
    _into_place(url, target, progress, sha256)
    return target


def _into_place(url: str, target: Path, progress: Progress | None, sha256: str | None) -> None:
    """Download to a scratch folder, check, and move the file and the note of its checksum to their place."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        scratch = Path(tempfile.mkdtemp(prefix=SCRATCH, dir=target.parent))
    except OSError as error:
        raise ResourceError(f"{target.parent} can't be written to ({error.strerror}); set XAICLIP_CACHE") from error
    try:
        part = scratch / "part"
        expected = _download(url, part, progress, target.name, sha256)
        note = scratch / "note"
        note.write_text(f"{digest(part)}  {target.name}\n")
        _check(part, expected, url)
        # a note without its file says nothing; a file without its note would not be trusted
        os.replace(note, _note(target))
        os.replace(part, target)
    except OSError as error:
        raise ResourceError(
            f"{target.name} can't be written to {target.parent} ({error.strerror or error}); make room, or set "
            "XAICLIP_CACHE to another folder"
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def noted(target: Path) -> str | None:
    """The SHA-256 that was noted when a file was downloaded.

    Parameters
    ----------
    target : Path
        The file.

    Returns
    -------
    str or None
        None where there is no note that can be read.
    """
    try:
        words = _note(target).read_text().split()
    except (OSError, UnicodeDecodeError):
        return None
    return words[0] if words and re.fullmatch("[0-9a-f]{64}", words[0]) else None


def digest(path: Path) -> str:
    """The SHA-256 of a file, computed again only when the file has changed.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    state = path.stat()
    return _digest(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=64)
def _digest(path: Path, size: int, modified_ns: int) -> str:
    return sha256(path)


class _Meter:
    """What pooch takes for a progress bar."""

    def __init__(self, progress: Progress, message: str) -> None:
        self.total, self._done, self._progress, self._message = 0, 0, progress, message

    def update(self, count: int) -> None:
        self._done = min(self._done + count, self.total) if self.total else self._done + count
        self._progress(self._done / 1e6, max(self.total, self._done) / 1e6, self._message)

    def reset(self) -> None:
        self._done = 0

    def close(self) -> None:
        pass


def _download(url: str, part: Path, progress: Progress | None, message: str, expected: str | None) -> str:
    """Download to `part`; gives the checksum that it must have."""
    import pooch
    import requests

    announced: list[str] = []

    def listen(response, **_) -> None:
        headers = response.headers
        tag = headers.get("X-Linked-ETag") or (headers.get("ETag") if "X-Repo-Commit" in headers else None) or ""
        if checksum_tag := re.fullmatch(r'(?:W/)?"?([0-9a-f]{40}|[0-9a-f]{64})"?', tag):
            announced.append(checksum_tag[1])

    meter = _Meter(progress, message) if progress else False
    get = pooch.HTTPDownloader(
        progressbar=meter,
        chunk_size=PIECE_BYTES,
        timeout=TIMEOUT_S,
        hooks={"response": listen},
        # compressed on the way, a file has another length than the one that is announced
        headers={"Accept-Encoding": "identity"},
    )
    try:
        get(url, str(part), None)
    except requests.HTTPError as error:
        code = error.response.status_code
        if code == 404:
            raise NotThere(f"{url} does not exist (the server says 404)") from error
        why = " (its owner wants a login; download it yourself and give its path)" if code in (401, 403) else ""
        raise WeightsError(f"{url} can't be downloaded: the server says {code}{why}") from error
    except requests.RequestException as error:
        raise WeightsError(
            f"{url} can't be downloaded ({_reason(error)}); check the network and its proxy, and try again"
        ) from error
    checksum = expected or (announced[0] if announced else None)
    if checksum is None:
        raise WeightsError(f"{url} is refused: no checksum of it is known, and the server announces none")
    return checksum


def _reason(error: Exception) -> str:
    """The innermost cause, which is what a reader understands: "Connection refused", not a pool of connections."""
    text = str(error)
    for known in ("Connection refused", "Name or service not known", "Temporary failure in name resolution"):
        if known in text:
            return known.lower()
    return "timed out" if "timed out" in text.lower() else type(error).__name__


def _check(part: Path, expected: str, url: str) -> None:
    actual = _git_object(part) if len(expected) == 40 else digest(part)
    if not actual.startswith(expected):
        raise WeightsError(
            f"{url} is not what it should be: its checksum is {actual[:16]}… instead of {expected[:16]}…; nothing was "
            "kept. Try again; if it stays so, the file was changed at its source"
        )


def _git_object(path: Path) -> str:
    """The id that git gives a file: the SHA-1 of "blob", its length, and its content."""
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _note(target: Path) -> Path:
    return target.with_name(f"{target.name}.sha256")


def _sweep(folder: Path) -> None:
    """Remove what downloads that were killed left behind."""
    for scratch in folder.glob(f"{SCRATCH}*"):
        with contextlib.suppress(FileNotFoundError):  # another process was faster
            newest = max(file.stat().st_mtime for file in (scratch, *scratch.iterdir()))
            if time.time() - newest > FORGOTTEN_S:
                shutil.rmtree(scratch, ignore_errors=True)
