"""What somebody drew in the scene, as labels on a scan's grid: the reference, and what prompts are learned from.

Segments are found by their terminology, else by their names, so that nobody has to tell which is which.
"""

import numpy as np
import slicer
import slicer.util
import vtk
from slicer.i18n import tr as _

from XAICLIPLib import anatomy
from XAICLIPSlicer.scene.runs import removeNode
from XAICLIPSlicer.scene.volumes import (
    SceneError,
    checkVolume,
    ijkToRAS,
    segmentMask,
    writeArray,
)


def match(node, structures) -> dict[str, dict[str, str]]:
    """Which segments of a segmentation, or labels of a label map, are each structure.

    The only segment of a segmentation may be called anything, unless that is the name of another structure.

    Parameters
    ----------
    node : vtkMRMLSegmentationNode or vtkMRMLLabelMapVolumeNode
    structures : sequence of str
        In words.

    Returns
    -------
    dict of structure to dict of str to str
        By the structure's label: IDs of segments (of a label map: numbers), and their names. A pair may have several.

    Raises
    ------
    SceneError
        If a structure is not found; the text says what there is.
    """
    known = _segments(node)
    matches = {}
    for text in structures:
        structure = anatomy.describe(text)
        code, names = codesOf(structure.terminology()), [name for name, _code in known.values()]
        chosen = [i for i, (_name, other) in known.items() if code and other == code]
        if not chosen:
            meant = anatomy.match(structure.name, names) or anatomy.match(structure.label, names)
            chosen = [i for i, (name, _code) in known.items() if name in meant]
        if not chosen and len(known) == len(structures) == 1 and anatomy.find(names[0]) is None:
            chosen = list(known)
        if not chosen:
            raise SceneError(
                _(
                    "{node} has no segment called {structure}; it has {names}. "
                    "Rename the segment, or untick {structure}."
                ).format(node=node.GetName(), structure=structure.label, names=", ".join(names) or _("none"))
            )
        matches[structure.label] = {i: known[i][0] for i in chosen}
    return matches


def exportLabels(node, structures, volumeNode, path: str, others: bool = False) -> str:
    """Write what is drawn of some structures as one label map on a scan's grid.

    Parameters
    ----------
    others : bool
        Whether everything else that is drawn gets a number as well.

    Returns
    -------
    str
        The file as the engine wants it, with the numbers: ``FILE:liver=1,spleen=2``.

    Raises
    ------
    SceneError
        If a structure is not found or not drawn inside the scan, or two of them overlap.
    """
    checkVolume(volumeNode)
    if node.IsA("vtkMRMLLabelMapVolumeNode"):
        segmentation = _asSegmentation(node)
        try:
            return exportLabels(segmentation, structures, volumeNode, path, others)
        finally:
            removeNode(segmentation)
    matches = match(node, structures)
    values = np.zeros(slicer.util.arrayFromVolume(volumeNode).shape, np.uint8)
    for number, (label, segments) in enumerate(matches.items(), start=1):
        mask = np.logical_or.reduce([segmentMask(node, segmentId, volumeNode) > 0 for segmentId in segments])
        if values[mask].any():
            other = list(matches)[int(values[mask].max()) - 1]
            text = _("{one} and {other} overlap in {node}. Tick only one of them.")
            raise SceneError(text.format(one=label, other=other, node=node.GetName()))
        values[mask] = number
    taken = {segmentId for segments in matches.values() for segmentId in segments}
    for segmentId in _segments(node) if others else ():
        if segmentId not in taken:
            try:
                mask = segmentMask(node, segmentId, volumeNode) > 0
            except SceneError:  # nothing is drawn of it
                continue
            values[mask & (values == 0)] = len(matches) + 1
    writeArray(values, ijkToRAS(volumeNode), path)
    numbers = [f"{anatomy.describe(label).name}={number}" for number, label in enumerate(matches, start=1)]
    return f"{path}:{','.join(numbers)}"


def _segments(node) -> dict[str, tuple[str, tuple]]:
    """ID -> name and codes of what a node holds."""
    if node.IsA("vtkMRMLLabelMapVolumeNode"):
        colours = node.GetDisplayNode().GetColorNode() if node.GetDisplayNode() else None
        numbers = np.unique(slicer.util.arrayFromVolume(node)) if node.GetImageData() is not None else ()
        named = {int(n): colours.GetColorName(int(n)) if colours else "" for n in numbers if n}
        return {str(n): (name or str(n), ()) for n, name in named.items()}
    segmentation, segments = node.GetSegmentation(), {}
    for segmentId in segmentation.GetSegmentIDs():
        segment, entry = segmentation.GetSegment(segmentId), vtk.reference("")
        segment.GetTag(segment.GetTerminologyEntryTagName(), entry)
        segments[segmentId] = (segment.GetName() or "", codesOf(str(entry)))
    return segments


def codesOf(entry: str) -> tuple:
    """The values of the type and its modifier, such as the side, of a terminology entry.

    The names of the lists that they were chosen from don't matter.

    Parameters
    ----------
    entry : str
        As a segment's tag has it.

    Returns
    -------
    tuple of 2 str
        Empty where it has none.
    """
    parts = [part.split("^") for part in entry.split("~")]
    if len(parts) < 4 or len(parts[2]) < 2:
        return ()
    return parts[2][1], parts[3][1] if len(parts[3]) > 1 else ""


def _asSegmentation(labelmapNode):
    """A label map as a segmentation beside it, to be removed afterwards; it has the names of the colour table."""
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", labelmapNode.GetName())
    node.SetHideFromEditors(True)
    node.SetAndObserveTransformNodeID(labelmapNode.GetTransformNodeID())  # first: it is taken into account
    slicer.modules.segmentations.logic().ImportLabelmapToSegmentationNode(labelmapNode, node)
    return node
