"""Places of the patient: where the mouse is, and all views brought to a place."""

import numpy as np
import slicer
import vtk

from XAICLIPSlicer.scene.slices import worldToVoxel
from XAICLIPSlicer.scene.volumes import LPS_FROM_RAS, ijkToRAS, localToWorld


def crosshairNode():
    """Slicer's own crosshair node, which also knows where the mouse is.

    Returns
    -------
    vtkMRMLCrosshairNode
        Made where there is none, such as in a scene without a window.
    """
    node = slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLCrosshairNode")
    if node is None:
        node = slicer.vtkMRMLCrosshairNode()
        node.SetSingletonTag("default")
        slicer.mrmlScene.AddNode(node)
    return node


def mousePosition():
    """Where the mouse is over a slice view.

    Returns
    -------
    tuple of 3 floats, or None
        RAS in mm, in the scene; None while it is over none.
    """
    position = [0.0, 0.0, 0.0]
    return tuple(position) if crosshairNode().GetCursorPositionRAS(position) else None


def isInside(volumeNode, position) -> bool:
    """Whether a place of the scene lies inside a scan.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
        The scan.
    position : sequence of 3 floats
        RAS in mm.

    Returns
    -------
    bool
    """
    ijk = worldToVoxel(volumeNode, position)
    return bool(np.all(ijk >= -0.5) and np.all(ijk < np.array(volumeNode.GetImageData().GetDimensions()) - 0.5))


def toEngine(volumeNode, position) -> list[float]:
    """A place of the scene as the engine knows it: in the scan's own frame.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
        The scan, whose transform is taken off.
    position : sequence of 3 floats
        RAS in mm, in the scene.

    Returns
    -------
    list of 3 floats
        LPS in mm.
    """
    local = ijkToRAS(volumeNode) @ [*worldToVoxel(volumeNode, position), 1.0]
    return [float(v) for v in (LPS_FROM_RAS @ local)[:3]]


def toScene(volumeNode, at) -> np.ndarray:
    """A place that the engine names, in the scene.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
        The scan, whose transform is put on.
    at : sequence of 3 floats
        LPS in mm, in the scan's own frame.

    Returns
    -------
    ndarray (3,)
        RAS in mm.
    """
    return (localToWorld(volumeNode) @ LPS_FROM_RAS @ [*(float(v) for v in at), 1.0])[:3]


def jumpTo(position) -> None:
    """Bring all slice views to a place, and mark it with Slicer's crosshair.

    Parameters
    ----------
    position : sequence of 3 floats
        RAS in mm.
    """
    place = [float(v) for v in position]
    slicer.vtkMRMLSliceNode.JumpAllSlices(slicer.mrmlScene, *place, slicer.vtkMRMLSliceNode.OffsetJumpSlice)
    node = crosshairNode()
    node.SetCrosshairRAS(place)
    if node.GetCrosshairMode() == node.NoCrosshair:
        node.SetCrosshairMode(node.ShowSmallBasic)


class MouseFollower:
    """Calls back whenever the mouse, or the crosshair, moves over a slice view.

    Parameters
    ----------
    onMoved : callable
        Gets the position, RAS in mm.
    """

    def __init__(self, onMoved) -> None:
        self._onMoved = onMoved
        self._observed: tuple | None = None
        self._onlyCrosshair = False

    @property
    def isFollowing(self) -> bool:
        """Whether it is on."""
        return self._observed is not None

    def start(self, onlyCrosshair: bool = False) -> None:
        """Follow the mouse from now on.

        Parameters
        ----------
        onlyCrosshair : bool
            Whether only the crosshair is followed, which Slicer moves with the mouse while Shift is held.
        """
        if self._observed is None:
            self._onlyCrosshair = onlyCrosshair
            node = crosshairNode()
            moved = slicer.vtkMRMLCrosshairNode.CursorPositionModifiedEvent
            event = vtk.vtkCommand.ModifiedEvent if onlyCrosshair else moved
            self._observed = node, node.AddObserver(event, self._moved)

    def stop(self) -> None:
        """Follow it no more."""
        if self._observed is not None:
            node, tag = self._observed
            node.RemoveObserver(tag)
            self._observed = None

    def _moved(self, _caller: vtk.vtkObject = None, _event: str = "") -> None:
        position = tuple(crosshairNode().GetCrosshairRAS()) if self._onlyCrosshair else mousePosition()
        if position is not None:
            self._onMoved(position)
