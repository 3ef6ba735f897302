"""What a case is made of, as files or in memory, with what it is known by."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from XAICLIPLib.cohort.identity import contents_of, stat_of
from XAICLIPLib.cohort.manifest import CohortCase
from XAICLIPLib.datasets import choose_cases

if TYPE_CHECKING:
    from XAICLIPLib.datasets import LabelledCase
    from XAICLIPLib.volume import Volume


@dataclass(frozen=True)
class Input:
    """What a case is made of.

    Attributes
    ----------
    content : tuple of str
        SHA-256 of the scan, the reference and the further images.
    stat : str, optional
        See `identity.stat_of`.
    reference : str, optional
        The ground truth, as a request takes it.
    scan : Volume, optional
        Where it is no file.
    """

    content: tuple[str, ...]
    stat: str | None
    reference: str | None
    scan: Volume | None = None


@contextmanager
def input_of(case: CohortCase) -> Iterator[Input]:
    """The input of a case; that of a data set lies in memory and in a scratch file for as long as the block runs.

    Parameters
    ----------
    case : CohortCase

    Yields
    ------
    Input
    """
    if not case.dataset:
        stat = stat_of(case)  # before the content: what changes in between is found next time
        yield Input(contents_of(case), stat, case.reference)
        return
    from XAICLIPLib.volume import write_volume

    labelled = _case_of(case).open()
    content = tuple(_hash_of(volume) for volume in (labelled.scan, labelled.labels))
    with tempfile.TemporaryDirectory(prefix="xaiclip-") as scratch:
        file = write_volume(labelled.labels, Path(scratch) / "labels.nrrd", compress=False)
        numbers = ",".join(f"{name}={number}" for name, number in labelled.numbers.items())
        yield Input(content, stat_of(case), f"{file}:{numbers}", labelled.scan)


def _case_of(case: CohortCase) -> LabelledCase:
    (found,), _ = choose_cases(case.dataset, case.root or None, count=1, only=case.scan)
    return found


def _hash_of(volume: Volume) -> str:
    digest = hashlib.sha256(repr((volume.spacing, volume.origin, volume.direction, volume.modality)).encode())
    digest.update(volume.voxels.tobytes())
    return digest.hexdigest()
