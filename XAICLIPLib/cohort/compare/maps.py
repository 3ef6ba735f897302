"""The maps of both sides, one against the other, scan by scan: how alike they are, and where they differ."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path

from XAICLIPLib.cohort.compare.pairs import Pair
from XAICLIPLib.cohort.compare.picture import Slices, draw_difference, thumbnail
from XAICLIPLib.errors import InputError
from XAICLIPLib.pipeline.compare import Comparison, compare
from XAICLIPLib.pipeline.compare_remote import remote_difference
from XAICLIPLib.report.names import DIFFERENCES, difference_file, volume_file
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.volume import write_volume

REST = "loss of the rest"


@dataclass(frozen=True, eq=False)
class MapRow:
    """How the maps of one structure differ in one scan.

    Attributes
    ----------
    pair, structure : str
    reason : str
        Why they were not compared; empty where they were, and all that follows is known.
    overlap : float
        Dice of both drawings; nan where neither draws anything.
    correlation : float
        Rank correlation of both maps; nan where one is flat.
    unit : str
        "drop" or "share", see `pipeline.compare.Comparison`.
    largest : float
        Largest difference, without its sign.
    slice : int, optional
        Where that is.
    beyond : float
        Share of the places whose 95 % interval leaves out 0; nan where nothing was sampled.
    file : str
        Of the difference, relative to the result.
    remote, remote_slice : float and int, optional
        Largest difference, without its sign, of what the rest of the structure loses when a place is hidden, and
        where; None where not both kept a record.
    remote_file : str
        Of that difference; empty where there is none.
    picture : bytes
        A small JPEG; empty where none was wanted.
    shown : str
        What that shows: the difference of the rest's loss, of the drop, or of shares.
    """

    pair: str
    structure: str
    reason: str = ""
    overlap: float = float("nan")
    correlation: float = float("nan")
    unit: str = ""
    largest: float = float("nan")
    slice: int | None = None
    beyond: float = float("nan")
    file: str = ""
    remote: float | None = None
    remote_slice: int | None = None
    remote_file: str = ""
    picture: bytes = b""
    shown: str = ""


def map_rows(
    pairs: Sequence[Pair],
    structures: Sequence[str],
    place: Path,
    shown: Collection[tuple[str, str]] = (),
    large: Path | None = None,
) -> Iterator[MapRow]:
    """Hold map against map, and write the difference of each, with its standard error where it has one.

    Parameters
    ----------
    pairs : sequence of Pair
    structures : sequence of str
    place : Path
        To which `differences/` is written.
    shown : collection of (pair, structure)
        Those of which a small picture is wanted.
    large : Path, optional
        A PNG to write, with all slices of the first pair and structure.

    Yields
    ------
    MapRow
        For each pair and structure.

    Raises
    ------
    OSError
        If the disk is full.
    """
    for pair in pairs:
        cases = pair.first, pair.second
        kept = [(case.folder / volume_file("evaluated")).is_file() for case in cases]
        missing = [letter for letter, has in zip("AB", kept) if not has]
        if missing:
            reason = f"{' and '.join(missing)} kept no map"
            yield from (MapRow(pair.id, structure, reason) for structure in structures)
            continue
        try:
            runs = tuple(Explanation.load(case.folder) for case in cases)
        except InputError as error:
            yield from (MapRow(pair.id, structure, str(error)) for structure in structures)
            continue
        for structure in structures:
            try:
                found = compare(runs[0], runs[1], structure)
            except InputError as error:
                yield MapRow(pair.id, structure, str(error))
                continue
            name = f"{pair.first.folder.name}-{structure}" if len(pairs) > 1 else structure
            file = write_difference(found, place, name)
            rest = remote_difference(runs[0], runs[1], structure)
            rest_file = difference_file(f"{name}-remote") if rest is not None else ""
            if rest is not None:
                write_volume(rest.difference, place / rest_file)
            # what it hangs on elsewhere says more than what goes with the place itself, but has no standard error
            is_rest = rest is not None and rest.is_exact
            slices = Slices(runs, rest if rest is not None and is_rest else found)
            picture = thumbnail(slices) if (pair.id, structure) in shown else b""
            if large is not None and not large.exists():
                what = "what its rest" if is_rest else "what the drawing"
                unit = REST if is_rest else "drop" if found.unit == "drop" else "share of its own largest"
                draw_difference(large, slices, f"{structure.replace('_', ' ')}: {what} hangs on, B minus A", unit)
            yield MapRow(
                pair.id, structure, "", found.dice, found.correlation, found.unit, found.largest, found.slice,
                found.beyond, file, None if rest is None else rest.largest, None if rest is None else rest.slice,
                rest_file, picture, REST if is_rest else "drop" if found.unit == "drop" else "share",
            )  # fmt: skip


def write_difference(found: Comparison, place: Path, name: str) -> str:
    """Write the difference of two maps, and its standard error where it has one.

    Parameters
    ----------
    found : Comparison
    place : Path
        Of the result.
    name : str
        Of the scan and the structure.

    Returns
    -------
    str
        The file of the difference, relative to the result.
    """
    (place / DIFFERENCES).mkdir(exist_ok=True)
    write_volume(found.difference, place / difference_file(name))
    if found.stderr is not None:
        write_volume(found.stderr, place / difference_file(name, is_error=True))
    return difference_file(name)


def maps_in_words(rows: Sequence[MapRow]) -> list[str]:
    """What the maps say together.

    Parameters
    ----------
    rows : sequence of MapRow

    Returns
    -------
    list of str
        Sentences: how many were compared and why others were not, and whether they have intervals.
    """
    done = [row for row in rows if not row.reason]
    said = []
    if done:
        said.append(
            f"{len(done)} of {len(rows)} pairs of maps were compared; {DIFFERENCES}/ holds B minus A, voxel by voxel "
            "on the scan's own grid."
        )
        if rest := sum(bool(row.remote_file) for row in done):
            said.append(
                f"{rest} have also the difference of what the rest of the structure loses when a place is hidden, "
                "without what is hidden itself (…-remote.nrrd)."
            )
        sampled = [row for row in done if not isnan(row.beyond)]
        if sampled:
            said.append(
                f"{len(sampled)} have a standard error (…-stderr.nrrd): the 95 % interval of a voxel is the difference "
                "± 1.96 of them. By chance alone the intervals of 5 % of the places leave out 0."
            )
        exact = sum(row.unit == "drop" for row in done) - len(sampled)
        if exact:
            said.append(f"{exact} are exact: both methods hide every place and sample none, so there is no interval.")
        if shares := sum(row.unit == "share" for row in done):
            said.append(
                f"{shares} are of maps that were made by other methods or scores: each as a share of its own largest "
                "value, which has no interval."
            )
    reasons = sorted({row.reason for row in rows if row.reason})
    for reason in reasons[:10]:
        said.append(f"Not compared, {sum(row.reason == reason for row in rows)}: {reason}.")
    return said
