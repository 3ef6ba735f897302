"""What differs between a saved run and the same run made again: settings, versions, numbers and maps."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from XAICLIPLib.case.grouping import renewed
from XAICLIPLib.errors import InputError
from XAICLIPLib.report.names import NUMBERS
from XAICLIPLib.report.provenance import plain
from XAICLIPLib.results.explained import Explained
from XAICLIPLib.results.rows import Row, SliceRow, SummaryRow, columns_of
from XAICLIPLib.results.saved import read_rows, volumes_of
from XAICLIPLib.volume import read_volume

_TIMES = {  # they differ from run to run
    about.name for kind in (SliceRow, SummaryRow) for about in columns_of(kind).values() if about.unit in ("s", "1/s")
}
_MADE_WITH = ("device", "environment", "model", "vision_language_model", "scan", "slices")


@dataclass(frozen=True)
class Change:
    """A setting, a version or another fact that is not the same.

    Attributes
    ----------
    name : str
        With its groups, such as "region.threshold" or "environment.libraries.torch".
    before, now : value
        As in the two reports; None where one does not have it.
    """

    name: str
    before: Any
    now: Any

    def __str__(self) -> str:
        return f"{self.name}: {_word(self.before)} before, {_word(self.now)} now"


@dataclass(frozen=True)
class NumberGap:
    """A column of `metrics.csv` that is not the same.

    Attributes
    ----------
    column : str
    structure : str
    slice : int or str
        "all" for the row of the whole volume.
    before, now : value
        In the row where they are farthest apart.
    rows : int
        In how many rows the column differs.
    """

    column: str
    structure: str
    slice: int | str
    before: Any
    now: Any
    rows: int

    @property
    def size(self) -> float:
        """How far the two are apart; infinite where one is no number."""
        return _gap(self.before, self.now)

    def __str__(self) -> str:
        largest = f"at most {self.size:.3g} apart, " if math.isfinite(self.size) else ""
        rows = f"{self.rows} row{'s' * (self.rows != 1)}"
        return (
            f"{self.column}: {largest}{_word(self.before)} before, {_word(self.now)} now "
            f"({self.structure}, slice {self.slice}; {rows})"
        )


@dataclass(frozen=True)
class MapGap:
    """A volume that is not the same.

    Attributes
    ----------
    name : str
        Of its file, without the ending.
    size : float
        The largest difference of two voxels; nan where they can't be compared.
    voxels : int
        How many differ.
    reason : str
        Why they can't be compared; empty where they can.
    """

    name: str
    size: float
    voxels: int
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.reason or f'at most {self.size:.3g} apart, in {self.voxels} voxels'}"


@dataclass(frozen=True)
class Differences:
    """Everything that differs between two runs.

    Attributes
    ----------
    settings, made_with : tuple of Change
        What was asked for; and versions, device, models and the scan.
    numbers : tuple of NumberGap
        One per column that differs, times aside.
    maps : tuple of MapGap
        One per volume that differs.
    compared : tuple of str
        The volumes that were compared.
    missing : tuple of str
        What of the saved run is not there any more, so that it was not compared.
    """

    settings: tuple[Change, ...] = ()
    made_with: tuple[Change, ...] = ()
    numbers: tuple[NumberGap, ...] = ()
    maps: tuple[MapGap, ...] = ()
    compared: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether all maps and numbers are equal bit by bit. Settings and versions may differ all the same."""
        return not self.numbers and not self.maps

    def lines(self) -> Iterator[str]:
        """What differs, one thing per line.

        Yields
        ------
        str
        """
        for kind, entries in (
            ("setting", self.settings),
            ("made with", self.made_with),
            ("map", self.maps),
            ("number", self.numbers),
            ("not compared", self.missing),
        ):
            yield from (f"{kind} {entry}" for entry in entries)

    def __str__(self) -> str:
        verdict = (
            f"the same: {len(self.compared)} volumes and all numbers are equal, bit by bit"
            if self.same
            else f"different: {len(self.maps)} volumes and {len(self.numbers)} columns of {NUMBERS}"
        )
        return "\n".join([verdict, *self.lines()])


def compare_runs(report: Mapping[str, Any], folder: Path, now: Explained) -> Differences:
    """Hold a run that was made again against the one that was saved.

    Parameters
    ----------
    report : mapping
        Of the saved run.
    folder : path
        Of the saved run: its volumes and numbers, as far as they are there.
    now : Explained

    Returns
    -------
    Differences

    Raises
    ------
    InputError
        If a file of the saved run is damaged.
    """
    missing: list[str] = []
    maps, compared = _compare_maps(folder, now, set(report["files"]), missing)
    return Differences(
        settings=tuple(_changes(renewed(report["request"]), now.report["request"])),
        made_with=tuple(c for part in _MADE_WITH for c in _changes(report.get(part), now.report[part], part)),
        numbers=_compare_numbers(report, folder, now, missing),
        maps=tuple(maps),
        compared=tuple(compared),
        missing=tuple(missing),
    )


def settings_apart(before: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[Change, ...]:
    """What the requests of two runs say otherwise, with the models that answered.

    Parameters
    ----------
    before, now : mapping
        What the `report.json` of either holds.

    Returns
    -------
    tuple of Change
        Empty where the same was asked for.
    """
    requests = _changes(renewed(before["request"]), renewed(now["request"]))
    models = _changes(before["model"].get("name"), now["model"].get("name"), "model.name")
    return (*requests, *models)


def _changes(before: Any, now: Any, name: str = "") -> Iterator[Change]:
    """Where two pieces of plain data differ, by the names on the way there."""
    before, now = plain(before), plain(now)
    if isinstance(before, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*before, *now)):
            yield from _changes(before.get(key), now.get(key), f"{name}.{key}" if name else key)
    elif before != now:
        yield Change(name, before, now)


def _compare_maps(
    folder: Path, now: Explained, written: set[str], missing: list[str]
) -> tuple[list[MapGap], list[str]]:
    """Volume by volume; what is no longer in the folder is added to `missing`."""
    gaps, compared, names = [], [], set()
    for name, volume in volumes_of(now):
        names.add(f"{name}.nrrd")
        if f"{name}.nrrd" not in written:
            gaps.append(MapGap(name, math.nan, 0, "the saved run has none"))
            continue
        if not (folder / f"{name}.nrrd").is_file():
            missing.append(f"{name}.nrrd, which is not beside the report")
            continue
        compared.append(name)
        before, voxels = read_volume(folder / f"{name}.nrrd"), volume.voxels
        if before.shape != volume.shape:
            gaps.append(MapGap(name, math.nan, 0, f"{before.shape} voxels before, {volume.shape} now"))
            continue
        apart = before.voxels != voxels
        if apart.any():
            size = np.abs(before.voxels[apart].astype(float) - voxels[apart].astype(float)).max()
            gaps.append(MapGap(name, float(size), int(apart.sum())))
    gone = sorted(f for f in written - names if f.endswith(".nrrd") and not f.startswith("input-"))
    return gaps + [MapGap(f.removesuffix(".nrrd"), math.nan, 0, "this run has none") for f in gone], compared


def _compare_numbers(
    report: Mapping[str, Any], folder: Path, now: Explained, missing: list[str]
) -> tuple[NumberGap, ...]:
    """Column by column, in the order of the table."""
    if (folder / NUMBERS).is_file():
        columns = _header(folder / NUMBERS)
        gaps = _compare_rows(_keyed(read_rows(folder / NUMBERS)), _keyed(now.rows), columns)
    else:
        missing.append(f"{NUMBERS}, which is not beside the report")
        gaps = {}
    columns = {name for row in report["summary"] for name in row}
    before = _keyed(SummaryRow.from_dict(row) for row in report["summary"])
    for name, gap in _compare_rows(before, _keyed(now.summary), columns).items():
        gaps.setdefault(name, []).extend(gap)
    return tuple(_largest(name, found) for name, found in gaps.items())


def _header(path: Path) -> set[str]:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return set(next(csv.reader(file), ()))
    except (OSError, ValueError, csv.Error) as error:
        raise InputError(f"{path} can't be read; run it again") from error


def _keyed(rows: Iterable[Row]) -> dict[tuple[Any, str], Row]:
    return {(row.get("slice", "all"), row["structure"]): row for row in rows}


Gaps = dict[str, list[tuple[Any, str, Any, Any]]]  # column -> slice, structure, before, now


def _compare_rows(before: Mapping[tuple, Row], now: Mapping[tuple, Row], columns: set[str]) -> Gaps:
    """Where the columns that the saved run had differ; a row that one of the two lacks differs in itself."""
    gaps: Gaps = {}
    for key in dict.fromkeys((*before, *now)):
        if key not in before or key not in now:
            told = ("a row", "no row") if key in before else ("no row", "a row")
            gaps.setdefault("slice", []).append((*key, *told))
            continue
        old, new = before[key], now[key]
        for name in dict.fromkeys((*old, *new)):
            if name in columns and name not in _TIMES:
                pair = plain(old.get(name)), plain(new.get(name))
                if pair[0] != pair[1]:
                    gaps.setdefault(name, []).append((*key, *pair))
    return gaps


def _largest(name: str, found: list[tuple[Any, str, Any, Any]]) -> NumberGap:
    """The row where a column is farthest apart."""
    z, structure, before, now = max(found, key=lambda entry: _gap(*entry[2:]))
    return NumberGap(name, structure, z, before, now, len(found))


def _gap(before: Any, now: Any) -> float:
    numbers = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in (before, now))
    return abs(before - now) if numbers else math.inf


def _word(value: Any) -> str:
    if value is None:
        return "nothing"
    text = f"{value:.6g}" if isinstance(value, float) else " ".join(str(value).split())
    return text if len(text) <= 60 else f"{text[:57]}…"
