"""One run at a time in a folder, and signals that wait while its files are moved."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from XAICLIPLib.errors import InputError

NAME = ".xaiclip-lock"
_KIND = "xaiclip lock"
_held: dict[tuple[int, int], tuple[int, int]] = {}  # folder -> thread, how often
_guard = threading.Lock()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder; a second run into it is refused. The lock of a run that died holds nobody up.

    The same thread may hold it several times.

    Parameters
    ----------
    folder : Path

    Yields
    ------
    None

    Raises
    ------
    InputError
        If somebody else holds it, or a file of the lock's name is not of this program.
    """
    state = os.stat(folder)
    key, thread = (state.st_dev, state.st_ino), threading.get_ident()
    with _guard:
        owner, count = _held.get(key, (thread, 0))
        if owner != thread:
            raise InputError(
                f"{folder} is written by another run in this program; wait for it, or choose another folder"
            )
        handle = _taken(folder) if count == 0 else None
        _held[key] = thread, count + 1
    try:
        yield
    finally:
        with _guard:
            count = _held[key][1] - 1
            if count:
                _held[key] = thread, count
            else:
                del _held[key]
        if handle is not None:
            _left(handle, folder / NAME)


def _taken(folder: Path) -> int:
    """The open lock file, held."""
    path = folder / NAME
    for _ in range(100):
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
        except OSError as error:
            raise InputError(
                f"{folder} can't be written to ({error.strerror or error}); choose another folder"
            ) from error
        try:
            if _hold(handle, path, folder):
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # the one before removed the file as we opened it
    raise InputError(f"{folder} is written by other runs; choose another folder")


def _hold(handle: int, path: Path, folder: Path) -> bool:
    """Hold the open file for this run; False where it is not the file of that name any more."""
    text = os.read(handle, 4096)
    written = _owner(text)
    if not stat.S_ISREG(os.fstat(handle).st_mode) or (text and written is None):
        raise InputError(f"{path} is not a file of this program; choose another folder, or move it away")
    free = _system_lock(handle)
    if free is False or (free is None and written and _alive(written)):
        who = f", process {written['pid']} on {written['host']}" if written else ""
        raise InputError(f"{folder} is written by another run{who}; wait for it, or choose another folder")
    with suppress(OSError):
        if not os.path.samestat(os.stat(path), os.fstat(handle)):
            return False
        os.lseek(handle, 0, os.SEEK_SET)
        os.ftruncate(handle, 0)
        os.write(handle, json.dumps({"kind": _KIND, "pid": os.getpid(), "host": socket.gethostname()}).encode())
        return True
    return False


def _owner(text: bytes) -> dict | None:
    """Whose lock it is; None where it is no lock of this program."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    valid = isinstance(content, dict) and content.get("kind") == _KIND
    return content if valid and isinstance(content.get("pid"), int) and isinstance(content.get("host"), str) else None


def _system_lock(handle: int) -> bool | None:
    """Ask the system for the lock, which ends with its process: True, False where another has it, None unknown."""
    try:
        if sys.platform == "win32":  # so that type checkers know it as well
            import msvcrt

            os.lseek(handle, 1 << 20, os.SEEK_SET)  # far behind the text, which others must be able to read
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except (OSError, ImportError):  # some network shares know no locks
        return None
    return True


def _alive(owner: dict) -> bool:
    """Whether the process that wrote the lock may still be there."""
    if owner["host"] != socket.gethostname():
        return True
    if owner["pid"] == os.getpid():
        return False  # of an earlier process with the number of this one, which holds nothing here
    if os.name == "nt":
        return True
    try:
        os.kill(owner["pid"], 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass
    return True


def _left(handle: int, path: Path) -> None:
    """Give the lock back and remove its file."""
    if os.name != "nt":
        with suppress(OSError):  # while it is held: else it may be the next run's
            path.unlink()
    os.close(handle)
    if os.name == "nt":
        with suppress(OSError):
            path.unlink()


@contextmanager
def signals_held() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM wait until the block has ended; then they come as they would have."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    numbers = [signal.SIGINT, signal.SIGTERM]
    before = {n: signal.getsignal(n) for n in numbers}
    mine = [n for n in numbers if before[n] is not None]  # None: set by another language's code
    for number in mine:
        signal.signal(number, lambda number, frame: came.append(number))
    try:
        yield
    finally:
        for number in mine:
            signal.signal(number, before[number])
    if came:
        signal.raise_signal(came[0])
