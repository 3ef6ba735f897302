"""A picture of an answer: the slice that it is about, with what is drawn, and the map that answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from XAICLIPLib.report.colormap import COLORMAP
from XAICLIPLib.results.explained import Explained
from XAICLIPLib.volume import Volume

INCHES = (6.4, 5.6)
MARGIN = 8  # pixels round the body
DPI = 120


def draw_answer(
    explained: Explained,
    values: Volume,
    structure: str,
    text: str,
    path: Path,
    about: Volume | None = None,
    z: int | None = None,
) -> None:
    """Draw the slice that an answer names.

    Parameters
    ----------
    explained : Explained
        The run that was asked. One that was loaded has no picture of the scan unless it kept it.
    values : Volume
        The answer, on the scan's grid: positive where hiding takes something away.
    structure : str
        Whose drawing it is about; its prediction is outlined.
    text : str
        The answer in words, below.
    path : Path
        Ends in ".png".
    about : Volume, optional
        What is asked about; outlined where it is a part of the prediction.
    z : int, optional
        Axial slice; by default the one with the largest value.
    """
    from matplotlib.figure import Figure  # which nothing else needs

    axial = values.axial()
    z = int(np.abs(axial.voxels).max((1, 2)).argmax()) if z is None else z
    answer = axial.voxels[z]
    drawn = explained.prediction.slices[z] == explained.structures.index(structure) + 1
    grey = _under(explained, z, answer.shape)
    asked = np.zeros_like(drawn) if about is None else about.slices[z] > 0
    figure = Figure(figsize=INCHES, layout="constrained")
    axes = figure.subplots()
    aspect = axial.spacing[1] / axial.spacing[0]
    axes.imshow(grey, cmap="gray", vmin=0, vmax=1, aspect=aspect)
    largest = max(float(np.abs(answer).max()), 1e-6)
    over = np.ma.masked_where(np.abs(answer) < 0.02 * largest, answer)
    # blue where hiding a place adds; where nothing does, half of the colours would stand for nothing
    signed = bool(answer.min() < -0.02 * largest)
    colours, least = ("coolwarm", -largest) if signed else (COLORMAP, 0.0)
    shown = axes.imshow(over, cmap=colours, vmin=least, vmax=largest, alpha=0.55, aspect=aspect)
    lines = [(drawn, "orange", f"orange: {structure.replace('_', ' ')} as drawn")]
    if asked.any() and (asked != drawn).any():
        lines.append((asked, "cyan", "cyan: what is asked about"))
    for mask, colour, _ in lines:
        if mask.any():
            axes.contour(mask, levels=[0.5], colors=colour, linewidths=1.4)
    figure.colorbar(shown, ax=axes, fraction=0.035, label="loss of mean probability")
    axes.set(xticks=[], yticks=[])
    axes.set_title(f"axial slice {z} ({', '.join(said for *_, said in lines)})", fontsize=10)
    rows, columns = _body(grey)
    axes.set(ylim=(rows.stop - 0.5, rows.start - 0.5), xlim=(columns.start - 0.5, columns.stop - 0.5))
    axes.set_xlabel("R: left edge", loc="left")
    figure.supxlabel(_wrapped(text), x=0.01, ha="left", fontsize=10)
    figure.savefig(path, dpi=DPI, format="png", bbox_inches="tight")


def _body(grey: np.ndarray) -> tuple[slice, slice]:
    """The rows and columns that are not black, with a margin."""
    seen = grey > 0.05
    if not seen.any():
        return slice(0, grey.shape[0]), slice(0, grey.shape[1])
    places = [np.flatnonzero(seen.any(axis)) for axis in (1, 0)]
    rows, columns = (
        slice(max(int(p[0]) - MARGIN, 0), min(int(p[-1]) + 1 + MARGIN, n)) for p, n in zip(places, grey.shape)
    )
    return rows, columns


def _under(explained: Explained, z: int, shape: tuple[int, ...]) -> np.ndarray:
    """The scan as it is shown, or else its voxels from the 2nd to the 98th percentile; black where neither was kept."""
    if explained.picture is not None:
        return explained.picture.slices[z]
    if "scan" not in explained.inputs:
        return np.zeros(shape)
    values = explained.inputs["scan"].slices[z].astype(np.float32)
    low, high = np.percentile(values, (2, 98))
    return np.clip((values - low) / max(high - low, 1e-6), 0, 1)


def _wrapped(text: str) -> str:
    from textwrap import fill

    return fill(text, 84)
