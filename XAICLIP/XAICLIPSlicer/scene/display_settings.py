"""How a run was displayed last, as it is written on its map: saved with the scene."""

import json

from XAICLIPLib.report.colormap import COLORMAP
from XAICLIPSlicer.scene.runs import ANSWER, DIFFERENCE, LIMIT, RunNodes

SETTINGS = "XAICLIP.Display"
_DEFAULTS = {
    "opacity": 0.6, "threshold": 0.1, "colormap": COLORMAP, "signed": False, "structure": "", "legend": True,
    "ownScales": False,
}  # fmt: skip


def displaySettings(run: RunNodes) -> dict:
    """How a run was last shown. Saved with the scene.

    Parameters
    ----------
    run : RunNodes
        A run that may never have been displayed: it then has the defaults.

    Returns
    -------
    dict
        "opacity", "threshold", "colormap", "signed", "structure", "legend", "ownScales".
    """
    node = run.saliencyNode
    text = node.GetAttribute(SETTINGS) if node else None
    return {**_DEFAULTS, **(json.loads(text) if text else {})}


def displayedMap(run: RunNodes):
    """The volume that is shown of a run: its saliency, or the drop of a structure.

    Parameters
    ----------
    run : RunNodes
        See `displaySettings`.

    Returns
    -------
    vtkMRMLScalarVolumeNode or None
        None where the user removed it.
    """
    settings = displaySettings(run)
    return run.dropNodes.get(settings["structure"]) if settings["signed"] else run.saliencyNode


def mapsOf(run: RunNodes) -> list:
    """The maps of a run that are still there: the saliency, then the drops, an answer and a difference.

    Parameters
    ----------
    run : RunNodes
        Any run of the scene.

    Returns
    -------
    list of vtkMRMLScalarVolumeNode
        One to three more than the run has structures.
    """
    others = (run.node(ANSWER), run.node(DIFFERENCE))
    return [n for n in (run.saliencyNode, *run.dropNodes.values(), *others) if n is not None]


def limitOf(node) -> float:
    """The largest drop without its sign: both ends of the colours; 1 for an empty map.

    Parameters
    ----------
    node : vtkMRMLScalarVolumeNode
        A map.

    Returns
    -------
    float
        In the unit of the score.
    """
    noted = node.GetAttribute(LIMIT)
    return (float(noted) if noted else max(abs(v) for v in node.GetImageData().GetScalarRange())) or 1.0
