"""Results that are kept for another question: an LRU cache that is as large as it is told to be, in bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

import numpy as np

SMALL_BYTES = 32 * 2**20

Value = TypeVar("Value")


class Cache:
    """Arrays, or dicts of arrays, by key; those not used for longest go once all take more than the capacity.

    Parameters
    ----------
    capacity : int
        Bytes. The newest entry stays, however large it is; with 0 nothing is kept, so that everything is computed anew.

    Example
    -------
    >>> import numpy as np
    >>> cache = Cache(3000)
    >>> maps = cache.get_or_make("slice 7", lambda: {"liver": np.zeros((20, 20), np.float32)})
    >>> cache.get("slice 7") is maps
    True
    """

    def __init__(self, capacity: int = SMALL_BYTES) -> None:
        self.capacity, self._size = capacity, 0
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def get(self, key: Hashable) -> Any | None:
        """What is kept under a key.

        Parameters
        ----------
        key : hashable
            Everything that the value depends on.

        Returns
        -------
        object or None
            None where nothing is kept.
        """
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key]

    def put(self, key: Hashable, value: Value) -> Value:
        """Keep a value in the place of an older one.

        Parameters
        ----------
        key : hashable
        value : ndarray, or mapping of str to ndarray

        Returns
        -------
        ndarray or mapping
            The value.
        """
        if self.capacity <= 0:
            return value
        self._size += _bytes(value) - _bytes(self._kept.pop(key, ()))
        self._kept[key] = value
        while self._size > self.capacity and len(self._kept) > 1:
            self._size -= _bytes(self._kept.popitem(last=False)[1])
        return value

    def get_or_make(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What is kept under a key, made and kept where nothing is.

        Parameters
        ----------
        key : hashable
        make : callable
            Gives the value; called where it is not there.

        Returns
        -------
        ndarray or mapping
        """
        kept = self.get(key)
        return self.put(key, make()) if kept is None else kept


def _bytes(value: Any) -> int:
    arrays = value.values() if isinstance(value, Mapping) else [value]
    return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))
