"""A case that remembers what the models said of a slice, so that moving a threshold asks them nothing."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence

import numpy as np

from XAICLIPLib.case.case import Case
from XAICLIPLib.roi.labelchoice import parse_label_spec

CAPACITY_BYTES = 256 * 2**20

Maps = dict[str, np.ndarray]


class Memory:
    """Maps by key; those not used for longest are forgotten once they take more than `capacity` bytes."""

    def __init__(self, capacity: int = CAPACITY_BYTES) -> None:
        self._capacity, self._size = capacity, 0
        self._kept: OrderedDict[Hashable, Maps] = OrderedDict()

    def get(self, key: Hashable) -> Maps | None:
        """The maps under that key, if they are there."""
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key]

    def __call__(self, key: Hashable, make: Callable[[], Maps]) -> Maps:
        """The maps under that key, made if they are not there."""
        maps = self.get(key)
        if maps is not None:
            return maps
        maps = self._kept[key] = make()
        self._size += _size(maps)
        while self._size > self._capacity and len(self._kept) > 1:
            _, forgotten = self._kept.popitem(last=False)
            self._size -= _size(forgotten)
        return maps


def _size(maps: Maps) -> int:
    return sum(values.nbytes for values in maps.values())


def _state(path: str | None) -> tuple[int, int] | None:
    """What changes when a file is written anew; None where there is none, which is said by whoever reads it."""
    try:
        state = os.stat(path)
    except (OSError, TypeError):
        return None
    return state.st_mtime_ns, state.st_size


class RememberingCase(Case):
    """A `Case` that keeps similarities and predictions, also for the cases that are made from it by `revise`."""

    def __init__(self, *given, **named) -> None:
        super().__init__(*given, **named)
        self._memory = Memory()

    def _key(self, kind: str, z: int, *names: str) -> Hashable:
        """Everything that the models' answer about slice z depends on, with those fields of the request."""
        request = self.request
        words = (str(self.device), request.structures)
        return (kind, z, *words, *(getattr(request, name) for name in names))

    def _look(self, z: int, *others: str) -> Hashable:
        key = self._key("look", z, "vlm", *others)
        return key, self.preset.name, _state(self.request.vlm.learned_prompts)

    def similarities(self, slices: Sequence[int]) -> list[Maps]:
        """As `Case.similarities`."""
        kept = {z: self._memory.get(self._look(z)) for z in slices}
        missing = [z for z, maps in kept.items() if maps is None]
        for z, maps in zip(missing, super().similarities(missing) if missing else ()):
            kept[z] = self._memory(self._look(z), lambda maps=maps: maps)
        return [kept[z] for z in slices]

    def predicted(self, z: int) -> Maps:
        """As `Case.predicted`."""
        key = self._key("predicted", z, "model")
        if self.promptable:  # then it depends on the region as well
            region = self.request.region.source
            key = (key, self._look(z, "region", "prompt"), _state(parse_label_spec(region).path))
        return self._memory(key, lambda: super(RememberingCase, self).predicted(z))
