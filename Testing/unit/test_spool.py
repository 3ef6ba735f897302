"""Results that wait on the disk come back as they were, and hold no memory meanwhile."""

import errno
import tracemalloc
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from XAICLIPLib.errors import ResourceError
from XAICLIPLib.pipeline.spool import LARGE, Spool


@dataclass(frozen=True, eq=False)
class Inner:
    values: np.ndarray
    small: np.ndarray
    note: str = "as it is"


@dataclass(frozen=True, eq=False)
class Outer:
    z: int
    mask: np.ndarray
    inner: Inner
    nothing: np.ndarray | None = None
    maps: dict = field(default_factory=dict)

    @property
    def size(self) -> int:
        return int(self.mask.sum())


def made(rng, edge=256):
    mask = rng.random((edge, edge)) > 0.5
    inner = Inner(rng.random((2, edge, edge)).astype(np.float32), np.arange(3))
    return Outer(4, mask, inner, maps={"liver": rng.random((edge, edge)), "few": np.arange(2)})


def test_what_is_kept_is_what_was_given():
    rng, spool = np.random.default_rng(0), Spool()
    given = [made(rng) for _ in range(3)]
    kept = [spool.keep(one) for one in given]
    for one, back in zip(given, kept):
        assert (
            isinstance(back, Outer) and isinstance(back.inner, Inner) and (back.z, back.inner.note) == (4, "as it is")
        )
        assert back.mask.dtype == bool and np.array_equal(back.mask, one.mask) and back.size == one.size
        assert np.array_equal(back.inner.values, one.inner.values) and back.inner is back.inner
        assert list(back.maps) == ["liver", "few"] and np.array_equal(back.maps["liver"], one.maps["liver"])
        assert back.nothing is None and one.inner.small.nbytes < LARGE and back.inner.small is one.inner.small
    assert given[0].mask is not kept[0].mask  # what was given is left as it is


def test_views_and_changed_copies():
    spool, values = Spool(), np.arange(64 * 1024, dtype=">i2").reshape(256, 256)
    kept = spool.keep(Inner(values[::-1, ::2].T, np.arange(3)))
    assert np.array_equal(kept.values, values[::-1, ::2].T) and kept.values.dtype == values.dtype
    other = replace(kept, note="another")
    assert other.note == "another" and np.array_equal(other.values, kept.values)


def test_memory_does_not_grow_with_what_is_kept():
    rng, spool = np.random.default_rng(0), Spool()
    tracemalloc.start()
    kept = [spool.keep(made(rng, 512)) for _ in range(20)]
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(kept) == 20 and held < 2**20  # each has 4.4 MB of arrays


def test_a_full_disk_is_said(monkeypatch):
    spool = Spool()

    class Full:
        def seek(self, *place):
            return 0

        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(spool, "_file", Full())
    with pytest.raises(
        ResourceError, match="can't be written to .*No space left on device.*free some space there, or set"
    ):
        spool.keep(made(np.random.default_rng(0)))
