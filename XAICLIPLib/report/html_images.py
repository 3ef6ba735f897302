"""The part of `report.html` about several registered images: what each is worth for a structure, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from XAICLIPLib.report.markup import number_table, picture
from XAICLIPLib.report.names import by_image_file

WIDTH_PX = 1200  # of a picture


def images_section(summary: Mapping, folder: Path, slices: Iterable[int] = (), structure: str | None = None) -> str:
    """A row for each image, and the maps with places hidden in each alone.

    Parameters
    ----------
    summary : mapping
        The numbers of the structure, see `results.rows.SummaryRow`.
    folder : Path
        Holds the pictures of the maps, as far as they were drawn; their copies become part of it.
    slices : iterable of int
        Whose maps are shown.
    structure : str, optional
        The structure's name in the names of files; None of a run's only one.

    Returns
    -------
    str
        HTML; empty where there is one image, or too many for the numbers and no maps.
    """
    table = _table(summary)
    maps = "".join(
        picture(folder / by_image_file(z, structure), WIDTH_PX, f"slice {z}: the map of all images and of each alone")
        for z in slices
    )
    return f"<h3>Images</h3>{table}{maps}" if table or maps else ""


def _table(summary: Mapping) -> str:
    names, worth = summary.get("images"), summary.get("image_shapley")
    if not names or not worth:
        return ""
    others = summary.get("second_image_shapley") or [None] * len(names)
    total = sum(worth)
    body = [[name, value, value / total if total else None, other] for name, value, other in zip(names, worth, others)]
    head = ["image", "what of the score goes with it", "share", "with another fill"]
    return (
        number_table(head, body)
        + '<p class="small">Exact Shapley values: each image is hidden in the whole region, in every combination with '
        "the others, and what goes is shared out among them.</p>"
    )
