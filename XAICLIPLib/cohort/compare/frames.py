"""The mean difference of the maps over all pairs, in the frame that an organ has in everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from XAICLIPLib.cohort.casemaps import ABOUT, OrganMaps, case_maps_in
from XAICLIPLib.cohort.compare.numbers import short
from XAICLIPLib.cohort.compare.pairs import Pair
from XAICLIPLib.cohort.compare.picture import LESS, MORE
from XAICLIPLib.cohort.meanmaps import FEWEST, RATE, MeanMap, mean_of
from XAICLIPLib.cohort.page_maps import Scale, map_picture, place_in_words
from XAICLIPLib.errors import InputError

PREFIX = "frame-"  # of the files
_MOST = 12  # maps that are shown
_COLOURS = LinearSegmentedColormap.from_list("b minus a", [LESS, "#383838", MORE])
_LINE = "#fadc3c"


def mean_differences(pairs: Sequence[Pair], structures: Sequence[str]) -> list[MeanMap]:
    """The mean over the pairs of B's map minus A's, cell by cell of the organ's frame.

    Parameters
    ----------
    pairs : sequence of Pair
        Read one after the other, in their order.
    structures : sequence of str

    Returns
    -------
    list of MeanMap
        By structure, then by kind; empty where the cases kept no maps in frames. Its `left_out` are pairs.
    """
    return mean_of(list(_apart(pair, structures)) for pair in pairs)


def _apart(pair: Pair, structures: Sequence[str]) -> Iterator[OrganMaps]:
    try:
        first, second = (
            {one.structure: one for one in case_maps_in(case.folder)} for case in (pair.first, pair.second)
        )
    except InputError:
        yield from (OrganMaps(structure, None, "its maps are damaged") for structure in structures)
        return
    for structure in structures:
        a, b = first.get(structure), second.get(structure)
        if a is None or b is None:
            continue
        if a.frame is None or b.frame is None:
            yield OrganMaps(structure, None, a.by if a.frame is None else b.by)
            continue
        maps = {kind: b.maps[kind].astype(np.float32) - a.maps[kind] for kind in a.maps if kind in b.maps}
        yield OrganMaps(structure, a.frame, a.by, maps, a.organ)


def strongest(one: MeanMap) -> tuple[int, int, int] | None:
    """The cell in which A and B differ most, of those that were tested often.

    Parameters
    ----------
    one : MeanMap

    Returns
    -------
    tuple of int, or None
        Along z, y, x; None where fewer than five pairs were tested everywhere.
    """
    often = one.count >= max(FEWEST, one.count.max() / 2)
    if not often.any():
        return None
    z, y, x = np.unravel_index(np.argmax(np.where(often, np.abs(one.mean), -1)), one.count.shape)
    return int(z), int(y), int(x)


def sentence(one: MeanMap) -> str:
    """Where B hangs more or less than A, over the pairs.

    Parameters
    ----------
    one : MeanMap

    Returns
    -------
    str
    """
    structure, cell = one.structure.replace("_", " "), strongest(one)
    if cell is None:
        return f"No place of the {structure} was tested in {FEWEST} pairs: a mean difference needs as many."
    left_out = "".join(f" {n} pair{'s' * (n > 1)} left out: {why}." for why, n in sorted(one.left_out.items()))
    share = float(one.found.sum() / (one.count >= FEWEST).sum())
    if not one.mean[cell]:
        return f"B and A are alike in all {one.cases} pairs.{left_out}"
    where = place_in_words(one, cell)
    place = f"{where} from the middle of a mean {structure}" if where else f"in the middle of a mean {structure}"
    told = "can" if one.found[cell] else "cannot"
    mean, width = float(one.mean[cell]), float(one.half_width[cell])
    return (
        f"{one.cases} pairs. B minus A is farthest from 0, {short(mean, True)} ± {short(width)} in {one.count[cell]} "
        f"pairs, {place}; there it {told} be told from 0. It can in {share:.0%} of what was tested.{left_out}"
    )


def frames_section(found: Sequence[MeanMap]) -> str:
    """The mean differences of the maps, as cuts.

    Parameters
    ----------
    found : sequence of MeanMap

    Returns
    -------
    str
        HTML; empty where there are none.
    """
    if not found:
        return ""
    parts = [
        "<h2>Where, across patients: B minus A</h2>"
        "<p class=\"small\">The mean over the pairs of B's map minus A's, in a frame of the organ: its centroid, the "
        "patient's axes, its own half-extents. Cuts through the middle. Above the mean, orange where B hangs more on a "
        "place than A, blue where less; below half of its 95 % interval (Student's t). The yellow line holds what can "
        f"be told from 0 (false discovery rate of all cells at most {RATE:.0%}), the white line what is organ in half "
        f"of the cases; grey: tested in fewer than {FEWEST} pairs.</p>"
    ]
    for one in found[:_MOST]:
        title = f"{one.structure.replace('_', ' ')}: {ABOUT[one.kind]}, B minus A"
        cell = strongest(one)
        picture = ""
        if cell is not None and one.mean[cell]:
            end = abs(float(one.mean[cell]))
            picture = map_picture(one, Scale(-end, end, _COLOURS, "B minus A", _LINE), title)
        parts.append(f"<h3>{escape(title)}</h3>{picture}<p>{escape(sentence(one))}</p>")
    if len(found) > _MOST:
        parts.append(f"<p>{len(found) - _MOST} more are in the files.</p>")
    return "".join(parts)


def frame_rows(found: Sequence[MeanMap]) -> list[dict[str, Any]]:
    """The largest mean difference of each map, as plain data.

    Parameters
    ----------
    found : sequence of MeanMap

    Returns
    -------
    list of dict
    """
    rows = []
    for one in found:
        cell = strongest(one)
        row: dict[str, Any] = {"structure": one.structure, "map": one.kind, "pairs": one.cases, "text": sentence(one)}
        if cell is not None:
            mean, width = float(one.mean[cell]), float(one.half_width[cell])
            row |= {"largest": mean, "low": mean - width, "high": mean + width, "p": float(one.p[cell])}
            row |= {"tested": int(one.count[cell]), "found_cells": int(one.found.sum())}
        rows.append(row)
    return rows
