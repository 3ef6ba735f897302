"""Where a result will be written: its files by name, and a folder that is held for it before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from XAICLIPLib import anatomy
from XAICLIPLib.case.request import Request
from XAICLIPLib.report.folder import reserved


def result_files(structures: Iterable[str]) -> list[str]:
    """The files that an explanation of structures, in words, may consist of, the panels but for their first."""
    names = [anatomy.describe(text).name for text in structures]
    kinds = ("drop", "saliency", "stderr")
    each = ["drop", "stderr"] if len(names) == 1 else [f"{kind}-{name}" for kind in kinds for name in names]
    volumes = ["saliency", *each, "evaluated", "roi", "prediction", "reference", "similarity"]
    montages = ["montage.png"] if len(names) == 1 else [f"montage-{name}.png" for name in names]
    pictures = [*montages, "panels/slice_0000.png"]
    return [*(f"{v}.nrrd" for v in volumes), "metrics.csv", "report.json", "report.html", *pictures]


def location_files(structures: Iterable[str]) -> list[str]:
    """The files that a location of structures, in words, may consist of, the panels but for their first."""
    names = [anatomy.describe(text).name for text in structures]
    volumes = ["roi", *(f"{kind}-{n}" for kind in ("roi", "similarity") for n in names), "prediction", "reference"]
    montages = ["montage.png"] if len(names) == 1 else [f"montage-{name}.png" for name in names]
    return [*(f"{v}.nrrd" for v in volumes), "metrics.csv", "report.json", *montages, "panels/slice_0000.png"]


def reserve_output(
    folder: str | Path, request: Request, files: Iterable[str], colormap: str = "jet"
) -> AbstractContextManager[Path]:
    """Hold the folder of a result for a run, see `reserved`: what would keep it from being saved is said now.

    Raises
    ------
    InputError
        See `reserved`; or if there is no such colour map.
    """
    from XAICLIPLib.report.page import colour_table  # matplotlib, which nothing else needs

    colour_table(colormap)
    region, words = request.region.source, request.vlm
    given = (request.scan, request.reference, region, request.model, words.learned_prompts, words.model)
    read = [path for path in given if path]
    return reserved(folder, [f for f in files if _is_written(f, request)], read)


def _is_written(file: str, request: Request) -> bool:
    """Whether a request can lead to such a file at all."""
    if file.startswith("reference."):
        return request.reference is not None
    return not file.startswith("similarity") or request.region.source == "clip"


def check_output(folder: str | Path, colormap: str = "jet") -> None:
    """Say before a run, not after it, why its result could not be saved.

    Raises
    ------
    InputError
        If the folder can't be made or written to, or there is no such colour map.
    """
    from XAICLIPLib.report.page import colour_table  # matplotlib, which nothing else needs

    colour_table(colormap)
    with reserved(folder):
        pass
