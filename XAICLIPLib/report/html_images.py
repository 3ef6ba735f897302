"""The part of `report.html` about several registered images: what each is worth for a structure."""

from __future__ import annotations

from collections.abc import Mapping

from XAICLIPLib.report.markup import number_table


def images_section(summary: Mapping) -> str:
    """A row for each image.

    Parameters
    ----------
    summary : mapping
        The numbers of the structure, see `results.rows.SummaryRow`.

    Returns
    -------
    str
        HTML; empty where there is one image, or too many.
    """
    names, worth = summary.get("images"), summary.get("image_shapley")
    if not names or not worth:
        return ""
    others = summary.get("second_image_shapley") or [None] * len(names)
    total = sum(worth)
    body = [[name, value, value / total if total else None, other] for name, value, other in zip(names, worth, others)]
    head = ["image", "what of the score goes with it", "share", "with another fill"]
    return (
        "<h3>Images</h3>"
        + number_table(head, body)
        + '<p class="small">Exact Shapley values: each image is hidden in the whole region, in every combination with '
        "the others, and what goes is shared out among them.</p>"
    )
