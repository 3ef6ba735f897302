"""Where a result will be written: its files by name, and a folder that is held for it before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from XAICLIPLib import anatomy
from XAICLIPLib.case.request import Request
from XAICLIPLib.report.colormap import COLORMAP
from XAICLIPLib.report.folder import reserved
from XAICLIPLib.report.names import (
    MAPS,
    NUMBERS,
    PAGE,
    RECORDS,
    REPORT,
    SCAN_VOLUMES,
    montage_file,
    panel_file,
    record_file,
    volume_file,
)


def result_files(structures: Iterable[str]) -> list[str]:
    """The files that an explanation may consist of, the panels but for their first.

    Parameters
    ----------
    structures : iterable of str
        In words.

    Returns
    -------
    list of str
        Relative to its folder.
    """
    names = _parts(structures)
    kinds = MAPS if len(names) > 1 else [kind for kind in MAPS if kind != "saliency"]
    volumes = [volume_file("saliency"), *(volume_file(kind, name) for kind in kinds for name in names)]
    volumes += [volume_file(kind) for kind in SCAN_VOLUMES]
    pictures = [PAGE, *(montage_file(name) for name in names), panel_file(0)]
    return [*volumes, NUMBERS, REPORT, record_file(0), record_file(0, players=True), *pictures]


def location_files(structures: Iterable[str]) -> list[str]:
    """The files that a location may consist of, the panels but for their first.

    Parameters
    ----------
    structures : iterable of str
        In words.

    Returns
    -------
    list of str
        Relative to its folder.
    """
    names = [anatomy.describe(text).name for text in structures]
    volumes = [volume_file("roi"), *(volume_file(kind, name) for kind in ("roi", "similarity") for name in names)]
    volumes += [volume_file(kind) for kind in ("prediction", "reference")]
    return [*volumes, NUMBERS, REPORT, *(montage_file(name) for name in _parts(structures)), panel_file(0)]


def _parts(structures: Iterable[str]) -> list[str | None]:
    """The names of structures as they stand in files; a single one needs none."""
    names: list[str | None] = [anatomy.describe(text).name for text in structures]
    return names if len(names) > 1 else [None]


def reserve_output(
    folder: str | Path, request: Request, files: Iterable[str], colormap: str = COLORMAP
) -> AbstractContextManager[Path]:
    """Hold the folder of a result for a run, see `reserved`: what would keep it from being saved is said now.

    Parameters
    ----------
    folder : path
    request : Request
        What is run; none of the files that it names is written over.
    files : iterable of str
        What may be written, see `result_files`.
    colormap : str
        Of the pictures.

    Returns
    -------
    context manager
        That holds the folder.

    Raises
    ------
    InputError
        See `reserved`; or if there is no such colour map.
    """
    from XAICLIPLib.report.colours import colour_table  # matplotlib, which nothing else needs

    colour_table(colormap)
    region, words = request.region.source, request.vlm
    players = request.influence.players
    given = (
        request.scan, request.reference, region, request.model, words.learned_prompts, words.model, players,
        *request.images.paths,
    )  # fmt: skip
    read = [path for path in given if path]
    return reserved(folder, [f for f in files if _is_written(f, request)], read)


def _is_written(file: str, request: Request) -> bool:
    """Whether a request can lead to such a file at all."""
    if file.startswith("reference."):
        return request.reference is not None
    if file.startswith(f"{RECORDS}/"):
        return request.influence.record
    return not file.startswith("similarity") or request.region.source == "clip"


def check_output(folder: str | Path, colormap: str = COLORMAP) -> None:
    """Say before a run, not after it, why its result could not be saved.

    Parameters
    ----------
    folder : path
    colormap : str
        Of the pictures.

    Raises
    ------
    InputError
        If the folder can't be made or written to, or there is no such colour map.
    """
    from XAICLIPLib.report.colours import colour_table  # matplotlib, which nothing else needs

    colour_table(colormap)
    with reserved(folder):
        pass
