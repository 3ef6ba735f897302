"""A case that remembers what the models said of a slice, so that moving a threshold asks them nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable

import numpy as np

from XAICLIPLib.case import Case

CAPACITY_BYTES = 256 * 2**20

Maps = dict[str, np.ndarray]


class Memory:
    """Maps by key; those not used for longest are forgotten once they take more than `capacity` bytes."""

    def __init__(self, capacity: int = CAPACITY_BYTES) -> None:
        self._capacity, self._size = capacity, 0
        self._kept: OrderedDict[Hashable, Maps] = OrderedDict()

    def __call__(self, key: Hashable, make: Callable[[], Maps]) -> Maps:
        """The maps under that key, made if they are not there."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        maps = self._kept[key] = make()
        self._size += _size(maps)
        while self._size > self._capacity and len(self._kept) > 1:
            _, forgotten = self._kept.popitem(last=False)
            self._size -= _size(forgotten)
        return maps


def _size(maps: Maps) -> int:
    return sum(values.nbytes for values in maps.values())


class RememberingCase(Case):
    """A `Case` that keeps similarities and predictions, also for the cases that are made from it by `revise`."""

    def __init__(self, *given, **named) -> None:
        super().__init__(*given, **named)
        self._memory = Memory()

    def _key(self, z: int, *others: Hashable) -> tuple:
        return (z, str(self.device), tuple(s.name for s in self.structures), *others)

    def similarity(self, z: int) -> Maps:
        """As `Case.similarity`."""
        key = self._key(z, "similarity", self.request.vlm, self.preset.name)
        return self._memory(key, lambda: super(RememberingCase, self).similarity(z))

    def predicted(self, z: int) -> Maps:
        """As `Case.predicted`."""
        key = self._key(z, "predicted", self.request.model)
        return self._memory(key, lambda: super(RememberingCase, self).predicted(z))
