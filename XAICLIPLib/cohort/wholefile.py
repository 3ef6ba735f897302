"""Files of a cohort that are there as a whole or not at all, whenever a run is killed."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A place to write a file to, which is moved to its own when nothing went wrong.

    Parameters
    ----------
    path : Path
        Where it goes; what is there is replaced.

    Yields
    ------
    Path
        Beside it; gone afterwards in any case.
    """
    scratch = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    try:
        yield scratch
        os.replace(scratch, path)
    finally:
        with suppress(OSError):
            scratch.unlink()
