"""An explanation as files, and read back from them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from XAICLIPLib.case.grouping import renewed
from XAICLIPLib.errors import InputError, ResourceError, XAICLIPError
from XAICLIPLib.message import Message
from XAICLIPLib.report.folder import whole_folder, write_report
from XAICLIPLib.report.names import (
    MAPS,
    NUMBERS,
    RECORDS,
    REPORT,
    SCAN_VOLUMES,
    image_map_name,
    input_file,
    is_record,
    volume_file,
    volume_name,
)
from XAICLIPLib.report.provenance import write_csv
from XAICLIPLib.report.saved import load_report
from XAICLIPLib.results.explained import Explained
from XAICLIPLib.results.inputs import read_inputs
from XAICLIPLib.results.rows import SliceRow
from XAICLIPLib.volume import Volume, read_volume, write_volume


def volumes_of(explained: Explained) -> Iterator[tuple[str, Volume]]:
    """Every volume of an explanation.

    Parameters
    ----------
    explained : Explained

    Yields
    ------
    name : str
        That of its file without the ending. A single structure needs no name in it.
    volume : Volume
    """
    single = len(explained.drops) == 1
    yield volume_name("saliency"), explained.saliency
    for kind, volumes in zip(MAPS, (explained.drops, explained.saliencies, explained.stderrs)):
        for structure, volume in volumes.items():
            if not (single and kind == "saliency"):  # it is the saliency
                yield volume_name(kind, None if single else structure), volume
    for structure, volumes in explained.image_drops.items():
        for image, volume in volumes.items():
            yield image_map_name(image, None if single else structure), volume
    for kind in SCAN_VOLUMES:
        whole = getattr(explained, kind)
        if whole is not None:
            yield volume_name(kind), whole


def write_explanation(explained: Explained, folder: str | Path, compress: bool) -> None:
    """Write volumes, numbers and report: all of them, or nothing.

    Parameters
    ----------
    explained : Explained
    folder : path
        Made where it is not there; see `whole_folder` for what becomes of an earlier result in it.
    compress : bool
        Whether volumes are compressed, which takes longer to write and to read.

    Raises
    ------
    InputError
        If the folder can't be made or written to, or files in it would be replaced that this program did not write.
    ResourceError
        If the disk is full.
    """
    with whole_folder(folder) as place:
        for name, volume in volumes_of(explained):
            write_volume(volume, place / f"{name}.nrrd", compress)
        for kind, volume in explained.inputs.items():
            write_volume(volume, place / input_file(kind), compress)
        if explained.records:
            (place / RECORDS).mkdir()
        for file, read in explained.records.items():
            (place / file).write_bytes(read())
        write_csv(place / NUMBERS, [*explained.rows, *explained.summary])
        write_report(place, explained.report)


def with_pictures(folder: str | Path, draw: Callable[[], None]) -> None:
    """Draw the pictures of a result that is on the disk already.

    Parameters
    ----------
    folder : path
        Where the result is.
    draw : callable
        Draws all of them, or raises.

    Raises
    ------
    ResourceError
        If they can't be written; the message says that the rest is kept.
    """
    try:
        draw()
    except (InputError, ResourceError) as error:
        raise ResourceError(
            Message(
                "the volumes, {numbers} and {report} are in {folder}, the pictures are missing ({reason})",
                numbers=NUMBERS,
                report=REPORT,
                folder=str(folder),
                reason=error,
            )  # fmt: skip
        ) from error


def read_explanation(folder: Path) -> dict[str, Any]:
    """What `write_explanation` wrote, as the fields of an `Explanation`.

    Parameters
    ----------
    folder : path

    Returns
    -------
    dict of field name to value
        All but `picture`.

    Raises
    ------
    InputError
        If the folder holds no explanation, or a file of it is missing or damaged.
    """
    try:
        return _read(folder)
    except XAICLIPError:
        raise
    except Exception as error:  # whatever a damaged report lacks
        reason = " ".join(f"{type(error).__name__}: {error}"[:200].split())
        raise InputError(
            Message(
                "the explanation in {folder} is damaged ({reason}); run it again",
                folder=str(folder),
                reason=reason,
            )
        ) from error


def _read(folder: Path) -> dict[str, Any]:
    report = load_report(folder)
    report["request"] = renewed(report["request"])
    structures = [entry["name"] for entry in report["structures"]]
    written = set(report["files"])

    def maps(kind: str) -> dict[str, Volume]:
        files = {s: volume_file(kind, None if len(structures) == 1 else s) for s in structures}
        return {s: read_volume(folder / file) for s, file in files.items() if file in written}

    def whole(kind: str) -> Volume | None:
        return read_volume(folder / volume_file(kind)) if volume_file(kind) in written else None

    images = report["scan"].get("images", [])
    alone = {
        s: {i: f"{image_map_name(i, None if len(structures) == 1 else s)}.nrrd" for i in images} for s in structures
    }
    rows = read_rows(folder / NUMBERS)
    fields: dict[str, Any] = {"saliency": read_volume(folder / volume_file("saliency")), "rows": rows, "report": report}
    fields |= {"drops": maps("drop"), "saliencies": maps("saliency"), "stderrs": maps("stderr")}
    fields |= {kind: read_volume(folder / volume_file(kind)) for kind in ("evaluated", "roi", "prediction")}
    fields["image_drops"] = {
        s: {i: read_volume(folder / file) for i, file in files.items()}
        for s, files in alone.items()
        if images and written.issuperset(files.values())
    }
    fields["inputs"] = read_inputs(folder, report)
    fields["records"] = {name: (folder / name).read_bytes for name in records_in(folder)} if RECORDS in written else {}
    return fields | {kind: whole(kind) for kind in ("reference", "similarity")}


def records_in(folder: Path) -> list[str]:
    """The files of what is known of where the output changed.

    Parameters
    ----------
    folder : Path
        Of a result.

    Returns
    -------
    list of str
        Relative to it, in the order of the slices.
    """
    place = folder / RECORDS
    names = sorted(path.name for path in place.iterdir()) if place.is_dir() else []
    return [f"{RECORDS}/{name}" for name in names if is_record(f"{RECORDS}/{name}")]


def read_rows(path: Path) -> list[SliceRow]:
    """The rows of the slices from a `metrics.csv`, also from one of an earlier version, which lacks columns.

    Parameters
    ----------
    path : path

    Returns
    -------
    list of SliceRow
        Without the last ones, those of all slices: the report has them too.

    Raises
    ------
    InputError
        If the file can't be read.
    """
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return [SliceRow.from_cells(cells) for cells in csv.DictReader(file) if cells["slice"] != "all"]
    except (OSError, ValueError, KeyError, AttributeError, TypeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or "it is damaged"
        raise InputError(f"{path} can't be read ({reason}); run it again") from error
