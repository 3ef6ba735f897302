"""Boxes and points that the user has just made: a box starts round the scan, points are placed with the mouse."""

import slicer


def isPlaced(markupsNode) -> bool:
    """Whether there is anything to use: a box with a size, or a point.

    Parameters
    ----------
    markupsNode : vtkMRMLMarkupsNode
        A box or a point list.

    Returns
    -------
    bool
        False for one that was just created.
    """
    if markupsNode.GetNumberOfDefinedControlPoints() == 0:
        return False
    return not markupsNode.IsA("vtkMRMLMarkupsROINode") or min(markupsNode.GetSize()) > 0


def startMarkup(markupsNode, volumeNode) -> None:
    """Give a new box the size of the scan; begin to place the points of a new point list.

    Parameters
    ----------
    markupsNode : vtkMRMLMarkupsNode
        One that was just created; one in use is left alone.
    volumeNode : vtkMRMLScalarVolumeNode or None
        The scan.
    """
    if isPlaced(markupsNode):
        return
    if markupsNode.IsA("vtkMRMLMarkupsROINode"):
        if volumeNode is not None and volumeNode.GetImageData() is not None:
            bounds = [0.0] * 6
            volumeNode.GetRASBounds(bounds)
            markupsNode.SetCenter(*((bounds[a] + bounds[a + 1]) / 2 for a in (0, 2, 4)))
            markupsNode.SetSize(*(bounds[a + 1] - bounds[a] for a in (0, 2, 4)))
    else:
        logic = slicer.modules.markups.logic()
        logic.SetActiveList(markupsNode)
        logic.StartPlaceMode(True)  # until the user ends it: several points may be meant
