"""Files of the mean maps of a cohort: volumes that open in Slicer, arrays with all numbers, and a table."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from XAICLIPLib.cohort.frame import CELL, CELLS
from XAICLIPLib.cohort.meanmaps import MeanMap
from XAICLIPLib.cohort.tablefiles import Field, ParquetFile

FOLDER, TABLE = "frames", "frames.parquet"
ENDINGS = ("-mean.nrrd", "-interval.nrrd", "-found.nrrd", "-organ.nrrd", "-all.npz")
_COLUMNS = {
    "structure": ("", ""),
    "map": ("drop of the score, or remote: loss of mean probability in the rest of the structure", ""),
    "cases": ("that have a map in the frame of the organ", ""),
    "left_out": ("cases in whose scan the organ has no frame", ""),
    "half_left_mm": ("mean half-extent of the organ to the left", "mm"),
    "half_behind_mm": ("mean half-extent of the organ to the back", "mm"),
    "half_above_mm": ("mean half-extent of the organ to the head", "mm"),
    "found_share": ("of the mean organ's cells, those whose mean can be told from 0", ""),
    "largest": ("mean of any cell", ""),
    "low": ("end of its 95 % interval", ""),
    "high": ("end of its 95 % interval", ""),
    "p": ("that it is 0, corrected for all cells", ""),
    "tested": ("cases that were tested in it", ""),
    "at_left": ("where it is, to the left of the organ's middle", "half-extents"),
    "at_behind": ("where it is, behind the organ's middle", "half-extents"),
    "at_above": ("where it is, above the organ's middle", "half-extents"),
}


def write_mean_maps(out: Path, found: Sequence[MeanMap]) -> None:
    """Write mean maps as volumes and arrays, in the place of those of an earlier run.

    Parameters
    ----------
    out : Path
        Of the cohort; files go to its folder `FOLDER`.
    found : sequence of MeanMap

    Raises
    ------
    OSError
        If the disk is full.
    """
    place, part = out / FOLDER, out / f".{FOLDER}-{uuid.uuid4().hex}"
    part.mkdir()
    try:
        write_volumes(part, found)
        if found:
            place.mkdir(exist_ok=True)
        names = {path.name for path in part.iterdir()}
        for ending in ENDINGS:
            for old in place.glob(f"*{ending}"):
                if old.name not in names:
                    old.unlink()
        for name in sorted(names):
            os.replace(part / name, place / name)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_volumes(place: Path, found: Sequence[MeanMap], prefix: str = "") -> None:
    """Write mean maps as volumes and arrays.

    Parameters
    ----------
    place : Path
        A folder that is there.
    found : sequence of MeanMap
    prefix : str
        Of the files' names.

    Raises
    ------
    OSError
        If the disk is full.
    """
    for one in found:
        name = f"{prefix}{one.structure}-{one.kind}"
        for what, values in (("mean", one.mean), ("interval", one.half_width)):
            one.volume(np.nan_to_num(values).astype(np.float32), what).save(place / f"{name}-{what}.nrrd")
        one.volume(one.found.astype(np.uint8), "found").save(place / f"{name}-found.nrrd")
        one.volume((one.organ >= 0.5).astype(np.uint8), "organ").save(place / f"{prefix}{one.structure}-organ.nrrd")
        np.savez_compressed(
            place / f"{name}-all.npz", count=one.count, mean=one.mean, sd=one.sd, half_width=one.half_width, p=one.p,
            found=one.found, organ=one.organ, half_mm=np.array(one.half_mm), cases=np.array(one.cases),
        )  # fmt: skip


def write_table(out: Path, found: Sequence[MeanMap]) -> None:
    """Write the largest mean of each map, with its place, as a table.

    Parameters
    ----------
    out : Path
        Of the cohort.
    found : sequence of MeanMap

    Raises
    ------
    OSError
        If the disk is full.
    """
    kinds = {"structure": "str", "map": "str", "cases": "int", "left_out": "int", "tested": "int"}
    fields = [Field(name, kinds.get(name, "float"), meaning, unit) for name, (meaning, unit) in _COLUMNS.items()]
    with ParquetFile(out / TABLE, fields) as table:
        table.write(_row(one) for one in found)


def _row(one: MeanMap) -> dict[str, Any]:
    row: dict[str, Any] = {
        "structure": one.structure, "map": one.kind, "cases": one.cases, "left_out": sum(one.left_out.values()),
        **dict(zip(("half_left_mm", "half_behind_mm", "half_above_mm"), one.half_mm, strict=True)),
    }  # fmt: skip
    inside = one.organ >= 0.5
    if inside.any():
        row["found_share"] = float(one.found[inside].mean())
    if (peak := one.peak) is not None:
        width = float(one.half_width[peak])
        behind, left = CELL * (peak[1] - CELLS // 2), CELL * (peak[2] - CELLS // 2)
        row |= {"largest": float(one.mean[peak]), "low": float(one.mean[peak]) - width}
        row |= {"high": float(one.mean[peak]) + width, "p": float(one.p[peak]), "tested": int(one.count[peak])}
        row |= {"at_left": left, "at_behind": behind, "at_above": CELL * (peak[0] - CELLS // 2)}
    return row
