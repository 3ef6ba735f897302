"""An explanation at a notebook's prompt: a line, a short table, a figure, and a bar while it is computed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.results.answers import sentences
from XAICLIPLib.results.explained import Explained

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class ProgressBar:
    """A bar for ``explain(progress=True)``: a widget in a notebook, a line of text elsewhere."""

    def __init__(self) -> None:
        from tqdm.auto import tqdm

        self._bar = tqdm(total=1.0, bar_format="{desc} {percentage:3.0f}%|{bar}| {elapsed} < {remaining}")

    def __call__(self, done: float, total: float, message: str) -> None:
        self._bar.set_description_str(message, refresh=False)
        self._bar.update(done / max(total, 1e-9) - self._bar.n)

    def close(self) -> None:
        """Leave the bar as it is."""
        self._bar.close()


_COLUMNS = (
    ("structure", "structure", "{}"),
    ("score", "score", "{:.3f}"),
    ("largest drop", "largest_drop", "{:.3f}"),
    ("evaluations", "evaluations", "{}"),
    ("trust", "trust", "{}"),
)


def one_line(explanation: Explained) -> str:
    """What `repr` shows: ``<Explanation of liver (largest drop 0.412, weak), 12 slices, occlusion, ct.nrrd>``.

    Parameters
    ----------
    explanation : Explanation

    Returns
    -------
    str
    """
    structures = ", ".join(
        f"{row.structure} (largest drop {row.largest_drop:.3f}, {row.trust})" for row in explanation.summary
    )
    report = explanation.report
    slices = len(report["slices"]["explained"])
    return (
        f"<Explanation of {structures or 'nothing'}, {slices} slice{'s' if slices != 1 else ''}, "
        f"{report['request']['method']['name']}, {report['scan']['name']}>"
    )


def table_html(explanation: Explained) -> str:
    """What a notebook shows: the numbers of each structure, how far to trust them, the answers, and what to know.

    Parameters
    ----------
    explanation : Explanation

    Returns
    -------
    str
        HTML.
    """
    head = "".join(f"<th>{title}</th>" for title, *_ in _COLUMNS)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(form.format(getattr(row, name)))}</td>" for _, name, form in _COLUMNS) + "</tr>"
        "<tr><td></td><td "
        f"colspan={len(_COLUMNS) - 1}><small>{escape('; '.join(row.trust_reasons or ()))}</small></td></tr>"
        for row in explanation.summary
    )
    table = f"<p>{escape(one_line(explanation)[1:-1])}</p><table><tr>{head}</tr>{rows}</table>"
    return table + _list(sentences(explanation.answers)) + _list(explanation.warnings)


def _list(lines: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def plot(explanation: Explained, structure: str | None = None, slice: int | None = None) -> Figure:
    """Scan, signed drop and prediction of one slice, side by side.

    Parameters
    ----------
    explanation : Explanation
    structure : str, optional
        By default the first.
    slice : int, optional
        Axial slice; by default the one with the structure's largest drop.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        If the structure or the slice was not explained.
    """
    from matplotlib.figure import Figure

    name = structure or explanation.structures[0]
    if name not in explanation.drops:
        raise InputError(f"{name!r} was not explained; it holds {', '.join(explanation.structures)}")
    peaks = {row.slice: row.largest_drop for row in explanation.rows if row.structure == name}
    if not peaks or (slice is not None and slice not in peaks):
        raise InputError(
            f"slice {slice} was not explained for {name}; slices {', '.join(map(str, peaks)) or 'none'} were"
        )
    z = max(peaks, key=lambda slice: peaks[slice]) if slice is None else slice
    drop, evaluated = explanation.drops[name].slices[z], explanation.evaluated.slices[z] > 0
    label = explanation.structures.index(name) + 1
    prediction = explanation.prediction.slices[z] == label
    grey = np.zeros(drop.shape) if explanation.picture is None else explanation.picture.slices[z]
    axial = explanation.drops[name].axial()
    aspect = axial.spacing[1] / axial.spacing[0]
    figure = Figure(figsize=(12, 4.2), layout="constrained")
    scan, where, drawn = figure.subplots(1, 3)
    for axes, title in ((scan, f"slice {z}"), (where, f"drop of the score, {name}"), (drawn, "prediction")):
        axes.imshow(grey, cmap="gray", vmin=0, vmax=1, aspect=aspect)
        axes.set(title=title, xticks=[], yticks=[], xlabel="R: left edge")
    largest = max(float(np.abs(drop).max()), 1e-6)
    shown = where.imshow(
        np.ma.masked_where(~evaluated, drop), cmap="coolwarm", vmin=-largest, vmax=largest, alpha=0.6, aspect=aspect
    )
    figure.colorbar(shown, ax=where, shrink=0.8)
    if prediction.any():
        drawn.contour(prediction, levels=[0.5], colors="orange", linewidths=1.2)
    return figure
