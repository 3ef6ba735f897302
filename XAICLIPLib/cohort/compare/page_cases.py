"""The parts of a comparison's page about single scans: which to look at first, and the table of all of them."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from XAICLIPLib.cohort.compare.maps import REST, MapRow
from XAICLIPLib.cohort.compare.numbers import NEEDS, NUMBERS, OWN_SHARE, REMOTE_SHARE, VOLUME, Key, short, with_unit
from XAICLIPLib.cohort.compare.pairs import Case, Pair
from XAICLIPLib.cohort.compare.statistics import Difference
from XAICLIPLib.cohort.outliers import FAR, modified_z
from XAICLIPLib.cohort.page_table import MOST_ROWS, TableRow, left_out, sortable_table
from XAICLIPLib.cohort.store import thumbnail_file
from XAICLIPLib.pipeline.compare import ALIKE
from XAICLIPLib.report.names import PAGE

FELL = 0.05  # of Dice with the reference, from which a scan is looked at first
_CARDS = 12
_TOLD = 3  # numbers of a card beside Dice
_WHOLE = ("dice", VOLUME)  # of which both are shown beside the difference
_SHOWN = ("dice", VOLUME, REMOTE_SHARE, "remote_loss", "unseen_share")  # of the table of all pairs

Values = Mapping[Key, Sequence[tuple[float | None, float | None]]]


class Look(NamedTuple):
    """A structure of a scan to look at.

    Attributes
    ----------
    pair : int
        Its place among the pairs.
    structure : str
    outliers : list of str
        The numbers whose change lies outside those of the other pairs.
    """

    pair: int
    structure: str
    outliers: list[str]


def ranked(
    pairs: Sequence[Pair], structures: Sequence[str], values: Values, found: Mapping[Key, Difference]
) -> list[Look]:
    """Scans and structures in the order in which to look at them: where B is worse, then where most has changed.

    Parameters
    ----------
    pairs : sequence of Pair
    structures : sequence of str
    values : mapping of Key to sequence of (first, second)
    found : mapping of Key to Difference

    Returns
    -------
    list of Look
        Where Dice with the reference fell by `FELL` first, most of all first; then by the largest change of any number
        that was found to differ (of all, where none was), in units of its root mean square.
    """
    lines = []
    known = {key for key, d in found.items() if d.is_found} or set(values)
    for structure in structures:
        own = {key: _apart(given) for key, given in values.items() if key.structure == structure}
        sizes = {key: _scaled(given) for key, given in own.items()}
        far = {key: modified_z(given) for key, given in own.items()}
        dice = own.get(Key(structure, "dice"), [None] * len(pairs))
        for i in range(len(pairs)):
            if all(given[i] is None for given in own.values()):
                continue
            outliers = [key.number for key, z in far.items() if abs(z[i]) > FAR and key.number != NEEDS]
            own_known = [key for key in sizes if key in known] or list(sizes)
            change = max((sizes[key][i] for key in own_known), default=0.0)
            worse = dice[i]
            fell = worse if worse is not None and worse <= -FELL else 0.0
            lines.append(((fell, -change, i, structure), outliers))
    lines.sort(key=lambda line: line[0])
    return [Look(key[2], key[3], outliers) for key, outliers in lines]


def _apart(given: Sequence[tuple[float | None, float | None]]) -> list[float | None]:
    return [None if a is None or b is None else b - a for a, b in given]


def _scaled(given: Sequence[float | None]) -> list[float]:
    """Changes without their sign in units of their root mean square; 0 where there is none."""
    known = [v for v in given if v is not None]
    size = (sum(v * v for v in known) / len(known)) ** 0.5 if known else 0.0
    return [abs(v) / size if v is not None and size > 0 else 0.0 for v in given]


def cards(order: Sequence[Look]) -> Sequence[Look]:
    """Those that get a picture.

    Parameters
    ----------
    order : sequence of Look
        See `ranked`.

    Returns
    -------
    sequence of Look
    """
    return order[:_CARDS]


def cards_section(
    order: Sequence[Look], pairs: Sequence[Pair], values: Values,
    rows: Mapping[tuple[str, str], MapRow], out: Path,
) -> str:  # fmt: skip
    """The scans to look at first: both pictures, the difference of the maps, links to both reports.

    Parameters
    ----------
    order : sequence
        See `ranked`.
    pairs : sequence of Pair
    values : mapping of Key to sequence of (first, second)
    rows : mapping of (pair, structure) to MapRow
    out : Path
        Where the page will lie; links are relative to it.

    Returns
    -------
    str
        HTML.
    """
    referred = any(key.number == "dice" for key in values)
    why = "Those that changed most first"
    if referred:
        why = f"Where Dice with the reference fell by {FELL:g} or more first, then those that changed most"
    made = []
    for i, structure, _ in cards(order):
        pair, row = pairs[i], rows.get((pairs[i].id, structure))
        figures = [_figure(case, structure, letter, out) for letter, case in zip("AB", (pair.first, pair.second))]
        if row and row.picture:
            largest, z = (row.remote, row.remote_slice) if row.shown == REST else (row.largest, row.slice)
            said = f"B − A of the {row.shown}: alike (below {ALIKE:g})"
            if z is not None:
                said = f"B − A of the {row.shown}, slice {z}; at most {short(largest)}"
            figures.append(_image(row.picture, f"difference of the maps of {pair.id}", escape(said)))
        told = "; ".join(_change(key, values, i) for key in _told(structure, values, i))
        alike = f"; Dice of both drawings {short(row.overlap)}" if row and not row.reason else ""
        name = escape(f"{pair.id}, {structure.replace('_', ' ')}")
        made.append(
            f'<div class="card"><strong>{name}</strong><div>{"".join(figures)}</div>{escape(told + alike)}</div>'
        )
    key = (
        f'<p class="small">{why}. Left and middle: the map of each over the scan, with the outline of what it draws, '
        "in the slice where that map is largest. Right, where both kept their maps: orange where B hangs more on a "
        "place than A, blue where less, faint where samples explain it; white outlines what A draws, yellow what B "
        "draws. The patient's right is on the left.</p>"
    )
    return f'<h2>Cases to look at</h2>{key}<div class="three">{"".join(made)}</div>'


def _told(structure: str, values: Values, i: int) -> list[Key]:
    """The numbers that a card tells: Dice with the reference, and those that changed most."""
    own = {key: _scaled(_apart(given))[i] for key, given in values.items() if key.structure == structure}
    moved = sorted(
        (key for key in own if own[key] > 0 and key.number not in ("dice", OWN_SHARE)), key=lambda key: (-own[key], key)
    )
    return [key for key in (Key(structure, "dice"),) if key in values] + moved[:_TOLD]


def _change(key: Key, values: Values, i: int) -> str:
    first, second = values[key][i]
    what = f"{key.player.replace('_', ' ')} hidden: loss" if key.number == NEEDS else with_unit(key.number)
    return f"{what} {short(first)} → {short(second)}"


def _figure(case: Case, structure: str, letter: str, out: Path) -> str:
    link = link_to(case.folder / PAGE, out)
    text = f'<a href="{escape(link, quote=True)}">{letter}</a>' if link else letter
    try:
        data = (case.folder / thumbnail_file(structure)).read_bytes()
    except OSError:
        return f"<figure><figcaption>{text}</figcaption></figure>"
    return _image(data, f"{structure} of {case.id} in {letter}", text)


def _image(data: bytes, about: str, caption: str) -> str:
    encoded = base64.b64encode(data).decode("ascii")
    return (
        f'<figure><img src="data:image/jpeg;base64,{encoded}" alt="{escape(about, quote=True)}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def link_to(page: Path, out: Path) -> str:
    """A link from the page to another.

    Parameters
    ----------
    page : Path
        Such as the report of a case.
    out : Path
        The folder in which the linking page will lie.

    Returns
    -------
    str
        Relative; empty where there is no such page, or it lies on another drive.
    """
    if not page.is_file():
        return ""
    try:
        return quote(os.path.relpath(page.resolve(), out.resolve()).replace(os.sep, "/"))
    except ValueError:
        return ""


def all_section(
    order: Sequence[Look], pairs: Sequence[Pair], values: Values,
    rows: Mapping[tuple[str, str], MapRow], out: Path,
) -> str:  # fmt: skip
    """The table of all pairs, which sorts and filters.

    Parameters
    ----------
    order, pairs, values, rows, out
        As for `cards_section`.

    Returns
    -------
    str
        HTML.
    """
    shown = [name for name in _SHOWN if any(key.number == name for key in values)]
    players = sorted({key.player for key in values if key.number == NEEDS})
    names = ["case", "structure"]
    for name in shown:
        number = NUMBERS[name]
        unit = f", {number.unit}" if number.unit else ""
        names += [f"{number.brief} {what}{unit}" for what in (("A", "B", "B − A") if name in _WHOLE else ("B − A",))]
    names += [f"{player.replace('_', ' ')} hidden: B − A" for player in players]
    names += ["Dice of B with A", "correlation of maps"] if rows else []
    lines = []
    for i, structure, outliers in order[:MOST_ROWS]:
        cells: list = [pairs[i].id, structure]
        far = []
        for name in shown:
            first, second = _both(values, Key(structure, name), i)
            apart = None if first is None or second is None else second - first
            cells += [_digits(first), _digits(second)] if name in _WHOLE else []
            far += [len(cells)] if name in outliers else []
            cells.append(_digits(apart))
        for player in players:
            first, second = _both(values, Key(structure, NEEDS, player), i)
            cells.append(None if first is None or second is None else _digits(second - first))
        if rows:
            row = rows[pairs[i].id, structure]
            cells += [_digits(row.overlap), _digits(row.correlation)]
        lines.append(TableRow(cells, link_to(pairs[i].second.folder / PAGE, out), far))
    chosen = {"structure": ("all structures", sorted({line.cells[1] for line in lines}))}
    said = (
        f"Marked: changes more than {FAR:g} robust standard deviations from the median change. The link opens B's "
        "report. Dice of B with A is that of both drawings, the correlation that of the ranks of both maps. Every "
        f"number of every pair: pairs.parquet.{left_out(len(order))}"
    )
    return f'<h2>All pairs</h2><p class="small">{said}</p>{sortable_table(names, 2, lines, chosen)}'


def _both(values: Values, key: Key, i: int) -> tuple[float | None, float | None]:
    return values[key][i] if key in values else (None, None)


def _digits(value: float | None) -> float | None:
    return None if value is None or value != value else float(f"{value:.3g}")
