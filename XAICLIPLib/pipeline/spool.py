"""Results that wait on the disk: arrays in a file that has no name, read back when somebody looks at them.

The slices of a run are explained one by one and looked at again when all are finished. Kept in memory, they grow with
the scan; a hospital's laptop has 8 GB.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import fields, is_dataclass
from functools import cache
from threading import Lock
from typing import Any, TypeVar

import numpy as np

from XAICLIPLib.errors import ResourceError

LARGE = 16 * 2**10  # bytes; smaller arrays stay in memory

T = TypeVar("T")


class _Kept:
    """An array in a spool."""

    def __init__(self, spool: Spool, at: int, shape: tuple[int, ...], dtype: np.dtype) -> None:
        self._spool, self._at, self._shape, self._dtype = spool, at, shape, dtype

    def read(self) -> np.ndarray:
        """The array as it was, a new one each time."""
        return self._spool.read(self._at, self._shape, self._dtype)


class _KeptMaps(Mapping):
    """A dict whose large arrays are in a spool."""

    def __init__(self, kept: dict[str, Any]) -> None:
        self._kept = kept

    def __getitem__(self, key: str) -> Any:
        value = self._kept[key]
        return value.read() if isinstance(value, _Kept) else value

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)


class Spool:
    """A file without a name for the arrays of one run; it goes with the last result that is in it.

    Example
    -------
    >>> spool = Spool()
    >>> result = spool.keep(result)     # a dataclass: the same fields, read from the disk when they are looked at
    """

    def __init__(self) -> None:
        self._file, self._lock = tempfile.TemporaryFile(prefix="xaiclip-"), Lock()  # noqa: SIM115  lives with the spool

    def keep(self, result: T) -> T:
        """A dataclass of the same type and values, its large arrays, and those of the dataclasses and dicts in it, on
        the disk.

        Parameters
        ----------
        result : dataclass

        Returns
        -------
        dataclass

        Raises
        ------
        ResourceError
            If the disk is full.
        """
        return self._keep(result)

    def _keep(self, value: Any) -> Any:
        if isinstance(value, np.ndarray) and value.nbytes >= LARGE:
            return self._write(value)
        if isinstance(value, dict) and value and all(isinstance(v, np.ndarray) for v in value.values()):
            return _KeptMaps({key: self._keep(v) for key, v in value.items()})
        if is_dataclass(value) and not isinstance(value, type):
            return self._keep_dataclass(value)
        return value

    def _keep_dataclass(self, value: Any) -> Any:
        kept = {field.name: self._keep(getattr(value, field.name)) for field in fields(value)}
        large = frozenset(name for name, v in kept.items() if isinstance(v, _Kept))
        waiting = copy(value)
        object.__setattr__(waiting, "__class__", _waiting(value.__class__, large))
        for name, v in kept.items():
            waiting.__dict__.pop(name, None)
            waiting.__dict__[f"_kept_{name}" if name in large else name] = v
        return waiting

    def _write(self, array: np.ndarray) -> _Kept:
        data = np.ascontiguousarray(array)
        try:
            with self._lock:
                at = self._file.seek(0, 2)
                self._file.write(data.data.cast("B"))
        except OSError as error:
            raise ResourceError(
                f"results can't be written to {tempfile.gettempdir()} meanwhile ({error.strerror}); free some space "
                "there, "
                "or set TMPDIR to another folder"
            ) from error
        return _Kept(self, at, array.shape, array.dtype)

    def read(self, at: int, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
        """The array that was written at that place.

        Parameters
        ----------
        at : int
            Byte of the file.
        shape : tuple of int
        dtype : dtype

        Returns
        -------
        ndarray
        """
        out = np.empty(shape, dtype)
        with self._lock:
            self._file.seek(at)
            self._file.readinto(out.data.cast("B"))
        return out


@cache
def _waiting(kind: type, names: frozenset[str]) -> type:
    """The dataclass with these fields read from where they are kept."""
    if not names:
        return kind
    fields_on_disk = {name: _OnDisk() for name in names}
    return type(kind.__name__, (kind,), {**fields_on_disk, "__module__": kind.__module__, "__doc__": kind.__doc__})


class _OnDisk:
    """A field that reads its array anew each time; one that is set, as `dataclasses.replace` does, stays in memory."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = f"_kept_{name}"

    def __get__(self, result, owner: type | None = None):
        if result is None:
            return self
        kept = result.__dict__[self._name]
        return kept.read() if isinstance(kept, _Kept) else kept

    def __set__(self, result, value) -> None:
        result.__dict__[self._name] = value
