"""NumPy's numbers in a checkpoint, made of what a pickle says about them and of nothing else that it says.

NumPy's own functions believe a file: a type's state may say that plain bytes are pointers to objects, or that a number
is as long as two, and an array may be of any size without any data. Here a type is one of numbers or text, and an array
is as large as its data.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

_PLAIN = re.compile(r"[<>=|]?([?b]1?|[iufc](1|2|4|8|16)|[SU]\d{1,9})")
_UNSPOKEN = "\n"  # no pickle can spell the name of such a class, as its names end there


class NotPlain(ValueError):
    """What a pickle wants is neither numbers nor text; the message says what it holds."""


class Kind:
    """A type, until the whole file is read."""

    def __init__(self, code: str) -> None:
        if not isinstance(code, str) or not _PLAIN.fullmatch(code):
            raise NotPlain(f"it holds an array of {str(code)[:40]!r}, which is neither numbers nor text")
        self.dtype = np.dtype(code)

    def __setstate__(self, state: Sequence) -> None:
        """Of a type's state only the order of its bytes is taken, and nothing but numbers and text has more."""
        if len(state) != 8 or state[0] != 3 or state[1] not in ("<", ">", "|", "=") or state[2:5] != (None,) * 3:
            raise NotPlain("it holds an array of fields or with notes, which is neither numbers nor text")
        if state[1] in "<>":
            self.dtype = self.dtype.newbyteorder(state[1])


class Array(np.ndarray):
    """An array, until the whole file is read."""

    def __setstate__(self, state: Sequence) -> None:
        version, shape, kind, by_columns, data = state
        if version != 1 or not isinstance(kind, Kind) or not isinstance(data, bytes):
            raise NotPlain("it holds an array of neither numbers nor text")
        whole = all(isinstance(n, int) and n >= 0 for n in shape)
        if not whole or math.prod(shape) * kind.dtype.itemsize != len(data) or not kind.dtype.itemsize:
            raise NotPlain(f"it holds an array of shape {str(tuple(shape))[:60]} with {len(data)} bytes of data")
        super().__setstate__((1, tuple(shape), kind.dtype, by_columns is True, data))


class _Name:
    """What stands for `numpy.ndarray` where a pickle names it; it is asked for nothing."""


def _kind(code: str, align: bool = False, copy: bool = False) -> Kind:
    return Kind(code)


def _empty(kind: Any, shape: Any, code: Any) -> Array:
    """An array that is about to get its state; whatever size is said, it has none yet."""
    return np.ndarray.__new__(Array, (0,), np.int8)


def _scalar(kind: Kind, data: bytes) -> np.generic:
    if not isinstance(kind, Kind) or not isinstance(data, bytes) or len(data) != kind.dtype.itemsize:
        raise NotPlain("it holds a number that is none")
    if not data:  # an empty text
        return kind.dtype.type()
    return np.frombuffer(data, kind.dtype)[0]


def allowed() -> list:
    """What a pickle of NumPy's scalars, arrays and types may name, under the names of NumPy 1 and 2."""
    pairs: list = [(_kind, "numpy.dtype"), (_Name, "numpy.ndarray"), (_latin1, "_codecs.encode")]
    pairs += [(_no_bytes, f"{builtins}.bytes") for builtins in ("builtins", "__builtin__")]
    for core in ("core", "_core"):
        pairs += [(_scalar, f"numpy.{core}.multiarray.scalar"), (_empty, f"numpy.{core}.multiarray._reconstruct")]
    return [*pairs, (Kind, f"{_UNSPOKEN}kind"), (Array, f"{_UNSPOKEN}array")]


def _latin1(text: str, encoding: str) -> bytes:
    """How pickles of Python 2's protocol write bytes; newer PyTorch takes its own function, which does the same."""
    if encoding != "latin1":
        raise NotPlain(f"it holds bytes written as {encoding}")
    return text.encode("latin1")


def _no_bytes() -> bytes:
    """How the same protocol writes no bytes at all."""
    return b""


def finished(content: Any) -> Any:
    """What was read, with arrays and types as NumPy's own; dictionaries and lists are changed in place.

    Parameters
    ----------
    content : object
        What `torch.load` gave with `allowed`.

    Returns
    -------
    object
        The same, with NumPy's arrays and types.
    """
    done: set[int] = set()

    def plain(value: Any) -> Any:
        if isinstance(value, Kind):
            return value.dtype
        if isinstance(value, Array):
            return value.view(np.ndarray)
        if isinstance(value, tuple) and type(value) is tuple:
            return tuple(map(plain, value))
        if id(value) in done:
            return value
        if isinstance(value, dict):
            done.add(id(value))
            for key in value:
                value[key] = plain(value[key])
        elif isinstance(value, list):
            done.add(id(value))
            value[:] = map(plain, value)
        return value

    return plain(content)
