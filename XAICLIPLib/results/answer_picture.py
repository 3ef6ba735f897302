"""A picture of an answer: the slice that it is about, with what is drawn, and the map that answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from XAICLIPLib.results.explained import Explained
from XAICLIPLib.volume import Volume

INCHES = (6.4, 6.4)
DPI = 120


def draw_answer(explained: Explained, values: Volume, structure: str, text: str, path: Path) -> None:
    """Draw the slice with the largest value of an answer.

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
    """
    from matplotlib.figure import Figure  # which nothing else needs

    axial = values.axial()
    z = int(np.abs(axial.voxels).max((1, 2)).argmax())
    answer = axial.voxels[z]
    drawn = explained.prediction.slices[z] == explained.structures.index(structure) + 1
    grey = _under(explained, z, answer.shape)
    figure = Figure(figsize=INCHES, layout="constrained")
    axes = figure.subplots()
    axes.imshow(grey, cmap="gray", vmin=0, vmax=1, aspect=axial.spacing[1] / axial.spacing[0])
    largest = max(float(np.abs(answer).max()), 1e-6)
    over = np.ma.masked_where(np.abs(answer) < 0.02 * largest, answer)
    shown = axes.imshow(
        over, cmap="coolwarm", vmin=-largest, vmax=largest, alpha=0.6, aspect=axial.spacing[1] / axial.spacing[0]
    )
    if drawn.any():
        axes.contour(drawn, levels=[0.5], colors="orange", linewidths=1.4)
    figure.colorbar(shown, ax=axes, shrink=0.8, label="loss of mean probability")
    axes.set(xticks=[], yticks=[], title=f"axial slice {z} (orange: {structure.replace('_', ' ')} as drawn)")
    axes.set_xlabel(f"R: left edge\n{_wrapped(text)}", loc="left")
    figure.savefig(path, dpi=DPI, format="png")


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
