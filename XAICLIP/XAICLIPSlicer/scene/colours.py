"""Colour tables of the maps: Slicer's own where it has them, and a diverging one for each run with signed drops."""

import numpy as np
import slicer
import slicer.util
from slicer.i18n import tr as _

from XAICLIPSlicer.scene.runs import ROLE, RUN, RunNodes

COLOURS_MARK = "XAICLIP.Colours"  # attribute of a table that was built here: the name in `COLOURS`
# Name to the ID of Slicer's own table, and the colours to build one from where there is none: evenly spaced, 0 to 255.
COLOURS: dict[str, tuple[str, tuple[tuple[int, int, int], ...]]] = {
    "jet": (
        "vtkMRMLColorTableNodeFileColdToHotRainbow.txt",
        (
            (0, 0, 143), (0, 0, 255), (0, 127, 255), (0, 255, 255), (127, 255, 127), (255, 255, 0),
            (255, 127, 0), (255, 0, 0), (128, 0, 0),
        ),
    ),
    "inferno": (
        "vtkMRMLColorTableNodeFileInferno.txt",
        (
            (0, 0, 4), (22, 11, 57), (66, 10, 104), (106, 23, 110), (147, 38, 103), (188, 55, 84),
            (221, 81, 58), (243, 120, 25), (252, 165, 10), (246, 215, 70), (252, 255, 164),
        ),
    ),
    "viridis": (
        "vtkMRMLColorTableNodeFileViridis.txt",
        (
            (68, 1, 84), (72, 36, 117), (65, 68, 135), (53, 95, 141), (42, 120, 142), (33, 145, 140),
            (34, 168, 132), (68, 191, 112), (122, 209, 81), (189, 223, 38), (253, 231, 37),
        ),
    ),
    "diverging": (
        "vtkMRMLColorTableNodeFileDivergingBlueRed.txt",
        (
            (5, 48, 97), (33, 102, 172), (67, 147, 195), (146, 197, 222), (247, 247, 247), (244, 165, 130),
            (214, 96, 77), (178, 24, 43), (103, 0, 31),
        ),
    ),
}  # fmt: skip
_STEPS = 256
CHANGES, LEAST_SHOWN = "changes", 0.1  # of answers and differences: the table's mark, and the share from which it shows


def colourNode(name: str):
    """The colour table of a name: Slicer's own where it has one, else one built once per scene.

    Parameters
    ----------
    name : str
        A name of `COLOURS`.

    Returns
    -------
    vtkMRMLColorTableNode
        In the scene.

    Raises
    ------
    KeyError
        If there is no such name in `COLOURS`.
    """
    slicersOwn, anchors = COLOURS[name]
    node = slicer.mrmlScene.GetNodeByID(slicersOwn)
    if node is None:
        tables = slicer.util.getNodesByClass("vtkMRMLColorTableNode")
        node = next((t for t in tables if t.GetAttribute(COLOURS_MARK) == name), None)
    if node is None:
        node = _makeTable(f"XAICLIP {name}", interpolated(anchors))
        node.SetAttribute(COLOURS_MARK, name)
    return node


def signedTable(run: RunNodes, threshold: float):
    """The run's own diverging table: transparent where the drop is below the threshold, either way.

    Parameters
    ----------
    run : RunNodes
        Owner of the table.
    threshold : float
        Share of the largest drop, 0 to 1.

    Returns
    -------
    vtkMRMLColorTableNode
        In the scene; goes with the run.
    """
    colours = interpolated(COLOURS["diverging"][1])
    share = np.abs(np.linspace(-1, 1, _STEPS))
    colours[share < max(threshold, 1.5 / _STEPS), 3] = 0.0
    tables = slicer.util.getNodesByClass("vtkMRMLColorTableNode")
    node = next((t for t in tables if t.GetAttribute(RUN) == run.id), None)
    if node is None:
        node = _makeTable(f"XAICLIP {_('signed')} {run.name}", colours)
        node.SetAttribute(RUN, run.id)
        node.SetAttribute(ROLE, "own colours")  # goes with the run
    else:
        _fill(node, colours)
    return node


def changesTable():
    """The diverging table of answers and differences: transparent in the middle, where nothing changes.

    Returns
    -------
    vtkMRMLColorTableNode
        In the scene, where there is one for all runs.
    """
    tables = slicer.util.getNodesByClass("vtkMRMLColorTableNode")
    node = next((t for t in tables if t.GetAttribute(COLOURS_MARK) == CHANGES), None)
    if node is None:
        colours = interpolated(COLOURS["diverging"][1])
        colours[np.abs(np.linspace(-1, 1, _STEPS)) < LEAST_SHOWN, 3] = 0.0
        node = _makeTable(f"XAICLIP {CHANGES}", colours)
        node.SetAttribute(COLOURS_MARK, CHANGES)
    return node


def interpolated(anchors) -> np.ndarray:
    """Colours (_STEPS, 4) in [0, 1] between evenly spaced anchors, opaque.

    Parameters
    ----------
    anchors : sequence of (int, int, int)
        Red, green, blue, 0 to 255.

    Returns
    -------
    ndarray (256, 4)
        Red, green, blue, alpha.
    """
    places = np.linspace(0, len(anchors) - 1, _STEPS)
    channels = [np.interp(places, np.arange(len(anchors)), channel) / 255 for channel in zip(*anchors)]
    return np.stack([*channels, np.ones(_STEPS)], axis=1)


def coloursOf(node) -> np.ndarray:
    """The colours of a table of the scene.

    Parameters
    ----------
    node : vtkMRMLColorTableNode
        Any table.

    Returns
    -------
    ndarray (N, 3)
        Red, green, blue, 0 to 1.
    """
    colours = np.zeros((node.GetNumberOfColors(), 4))
    for index in range(len(colours)):
        node.GetColor(index, colours[index])
    return colours[:, :3]


def _makeTable(name: str, colours: np.ndarray):
    node = slicer.vtkMRMLColorTableNode()
    node.SetTypeToUser()
    node.SetName(name)
    node.SetHideFromEditors(False)  # a hidden table would not be saved with the scene
    _fill(node, colours)
    slicer.mrmlScene.AddNode(node)
    return node


def _fill(node, colours: np.ndarray) -> None:
    modified = node.StartModify()
    node.SetNumberOfColors(len(colours))
    for index, colour in enumerate(colours.tolist()):
        node.SetColor(index, str(index), *colour)
    node.EndModify(modified)
