"""What the parameter nodes of other extensions say about the model that they ran last."""

import json
from dataclasses import dataclass

import qt
import slicer
import slicer.util

VOLUME, SEGMENTATION = "InputVolume", "OutputSegmentation"  # references of most of the parameter nodes
MODES = ("fast", "fastest")  # of TotalSegmentator; the others are its full resolution


@dataclass(frozen=True)
class Ran:
    """What an extension ran last.

    Attributes
    ----------
    program : str
        As it is called in the list of installed models.
    model : str
        What opens it, or the end of it, see `exact`.
    segmentation, volume : vtkMRMLNode or None
        What was made, and of which scan, as far as the parameter node says it.
    isExact : bool
        Whether `model` opens it as it stands; else it is the name of an installed model of the program.
    """

    program: str
    model: str
    segmentation: object = None
    volume: object = None
    isExact: bool = False


def lastRuns() -> list[Ran]:
    """What the extensions whose models can be explained ran last in this scene.

    Returns
    -------
    list of Ran
        At most one for each extension.
    """
    found = []
    for node in slicer.util.getNodesByClass("vtkMRMLScriptedModuleNode"):
        read = READERS.get(node.GetAttribute("ModuleName") or "")
        ran = read(node) if read is not None else None
        if ran is not None:
            found.append(ran)
    return found


def _totalSegmentator(node) -> Ran | None:
    task = node.GetParameter("Task")
    mode = node.GetParameter("Quality").lower()
    if not mode and node.GetParameter("Fast") == "true":  # as it was until 2025
        mode = "fast"
    if not task:
        return None
    model = ":".join(["totalsegmentator", task, *([mode] if mode in MODES else [])])
    return Ran(
        "TotalSegmentator", model, node.GetNodeReference(SEGMENTATION), node.GetNodeReference(VOLUME), isExact=True
    )


def _auto3dseg(node) -> Ran | None:
    model = node.GetParameter("Model")
    if not model:
        return None
    return Ran("MONAIAuto3DSeg", model, node.GetNodeReference(SEGMENTATION), node.GetNodeReference("InputNode0"))


def _voxtell(node) -> Ran | None:
    return Ran("VoxTell", "", node.GetNodeReference(SEGMENTATION), node.GetNodeReference(VOLUME))


def _monaiLabel(node) -> Ran | None:
    model = node.GetParameter("SegmentationModel")
    return Ran("MONAI Label", model, None, node.GetNodeReference(VOLUME)) if model else None


def _nnunet(node) -> Ran | None:
    """The folder stands in the settings of Slicer, or in the parameter node, as JSON with a path in it."""
    text = str(qt.QSettings().value("SlicerNNUNet/Parameter") or "")
    path = _pathIn(text) or node.GetParameter("parameter.modelPath").strip('"')
    volume = node.GetNodeReference("inputVolume")
    return Ran("SlicerNNUNet", f"nnunet:{path}", None, volume, isExact=True) if path else None


def _pathIn(text: str) -> str:
    """The model's folder in the settings of SlicerNNUNet; empty where they have none."""
    try:
        value = json.loads(text)
    except ValueError:
        return ""
    for key in ("modelPath", "_modelPath", "model_path"):
        held = value.get(key) if isinstance(value, dict) else None
        if isinstance(held, dict):
            held = held.get("_path")
        if isinstance(held, str) and held:
            return held
    return ""


READERS = {
    "TotalSegmentator": _totalSegmentator,
    "MONAIAuto3DSeg": _auto3dseg,
    "VoxTell": _voxtell,
    "MONAILabel": _monaiLabel,
    "SlicerNNUNet": _nnunet,
}
