"""Changes of many cells by many places, kept small: eight bits each, compressed by groups of cells."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

import numpy as np

STEPS = 127  # of eight bits with a sign
SMALLEST = 1e-6  # a change of probability below this is the rounding of the model itself
GROUP = 256  # cells that are compressed together: a question about a small place unpacks only those that it touches
KEPT_BYTES = 96 * 2**20  # of unpacked groups, in all records together: 100 slices of 512 pixels have 78 million
LEVEL = 1  # of zlib: most of it is zeros, and higher levels take longer than the model


class _Unpacked:
    """Groups that were unpacked, the least recently used first, as many as `KEPT_BYTES` hold."""

    def __init__(self) -> None:
        self._groups: OrderedDict[tuple[object, int], bytes] = OrderedDict()
        self._bytes, self._lock = 0, Lock()

    def take(self, key: tuple[object, int]) -> bytes | None:
        """Take a group out; None where it is not kept."""
        with self._lock:
            kept = self._groups.pop(key, None)
            self._bytes -= len(kept or b"")
            return kept

    def keep(self, key: tuple[object, int], group: bytes) -> None:
        """Put a group in as the one that was used last, and drop the oldest beyond what is kept."""
        with self._lock:
            self._bytes += len(group) - len(self._groups.pop(key, b""))
            self._groups[key] = group
            while self._bytes > KEPT_BYTES and len(self._groups) > 1:
                self._bytes -= len(self._groups.popitem(last=False)[1])


_unpacked = _Unpacked()


def quantised(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Changes as eight-bit steps of each row's own largest.

    Parameters
    ----------
    rows : ndarray, shape (B, J), float32

    Returns
    -------
    steps : ndarray, shape (B, J), int8
    scale : ndarray, shape (B,), float32
        What a step is worth; 0 for a row in which nothing changed.
    """
    largest = np.abs(rows).max(1, initial=0.0)
    scale = np.where(largest > SMALLEST, largest / STEPS, 0.0).astype(np.float32)
    steps = np.rint(rows / np.maximum(scale, SMALLEST / STEPS)[:, None]).astype(np.int8)
    steps[scale == 0] = 0
    return steps, scale


@dataclass(frozen=True, eq=False)
class Packed:
    """Changes (N, J) by place and cell.

    Attributes
    ----------
    scale : ndarray, shape (N,), float32
    cells : int
        J.
    groups : ndarray, shape (G,), int32
        Which groups of cells hold anything but zeros.
    ends : ndarray, shape (G,), int64
        Where each of them ends in `data`.
    data : ndarray, uint8
        They themselves, (cells of the group, N) int8 each, compressed.
    """

    scale: np.ndarray
    cells: int
    groups: np.ndarray
    ends: np.ndarray
    data: np.ndarray

    @classmethod
    def of(cls, steps: np.ndarray, scale: np.ndarray) -> Packed:
        """Compress quantised changes.

        Parameters
        ----------
        steps : ndarray, shape (N, J), int8
        scale : ndarray, shape (N,), float32

        Returns
        -------
        Packed
        """
        by_cell = np.ascontiguousarray(steps.T)
        groups, pieces = [], []
        for group, start in enumerate(range(0, len(by_cell), GROUP)):
            part = by_cell[start : start + GROUP]
            if part.any():
                groups.append(group)
                pieces.append(zlib.compress(part.tobytes(), LEVEL))
        ends = np.cumsum([len(p) for p in pieces], dtype=np.int64) if pieces else np.zeros(0, np.int64)
        data = np.frombuffer(b"".join(pieces), np.uint8)
        return cls(scale, len(by_cell), np.array(groups, np.int32), ends, data)

    @property
    def nbytes(self) -> int:
        """What it takes, in bytes."""
        return self.data.nbytes + self.scale.nbytes + self.groups.nbytes + self.ends.nbytes

    def _parts(self, wanted: np.ndarray):
        """(start of the cells, steps (cells of the group, N)) of those groups that hold a wanted cell (J,), bool."""
        for number, group in enumerate(self.groups.tolist()):
            start = group * GROUP
            if wanted[start : start + GROUP].any():
                yield start, np.frombuffer(self._group(number), np.int8).reshape(-1, len(self.scale))

    def _group(self, number: int) -> bytes:
        """One group of cells, unpacked; those that were used last are kept, for the next question is about them too."""
        kept = _unpacked.take((self._key, number))
        if kept is None:
            begin = int(self.ends[number - 1]) if number else 0
            kept = zlib.decompress(self.data[begin : int(self.ends[number])].tobytes())
        _unpacked.keep((self._key, number), kept)
        return kept

    @cached_property
    def _key(self) -> object:
        """Tells the groups of one record from those of another that has taken its place in memory."""
        return object()

    def over_cells(self, weights: np.ndarray) -> np.ndarray:
        """Weighted sums over the cells.

        Parameters
        ----------
        weights : ndarray, shape (J,)

        Returns
        -------
        ndarray, shape (N,), float64
        """
        weights = np.asarray(weights, np.float32)
        total = np.zeros(len(self.scale))
        for start, steps in self._parts(weights != 0):
            along = weights[start : start + len(steps)]
            used = np.flatnonzero(along)
            if len(used) < len(along):
                along, steps = along[used], steps[used]
            total += along @ steps.astype(np.float32)
        return total * self.scale

    def over_places(self, weights: np.ndarray) -> np.ndarray:
        """Weighted sums over the places.

        Parameters
        ----------
        weights : ndarray, shape (N,)

        Returns
        -------
        ndarray, shape (J,), float64
        """
        weights = np.asarray(weights * self.scale, np.float32)
        used = np.flatnonzero(weights)
        total = np.zeros(self.cells)
        if len(used):
            for start, steps in self._parts(np.ones(self.cells, bool)):
                total[start : start + len(steps)] = steps[:, used].astype(np.float32) @ weights[used]
        return total
