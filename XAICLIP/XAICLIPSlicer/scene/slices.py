"""Axial slices: which one the user looks at, counted as the engine counts them, and where a slice lies in the scene.

The engine permutes and flips a scan's axes to the nearest axial order (from the feet to the head) and never resamples
it, so an axial slice is a plane of voxels of the scan itself.
"""

from dataclasses import dataclass

import numpy as np
import slicer
import vtk

from XAICLIPSlicer.scene import views


@dataclass(frozen=True)
class AxialAxis:
    """The voxel axis that runs along the patient.

    Attributes
    ----------
    index : int
        0: i, 1: j, 2: k.
    upwards : bool
        Whether it runs from the feet to the head.
    count : int
        Number of axial slices.
    """

    index: int
    upwards: bool
    count: int

    def slice(self, ijk: np.ndarray) -> int:
        """The axial slice of a voxel position, inside the scan.

        Parameters
        ----------
        ijk : ndarray (3,)
            Continuous voxel position, may lie outside.

        Returns
        -------
        int
            Counted from the feet.
        """
        position = int(np.clip(np.rint(ijk[self.index]), 0, self.count - 1))
        return position if self.upwards else self.count - 1 - position

    def voxel(self, axialSlice: int) -> int:
        """The index along the axis of an axial slice.

        Parameters
        ----------
        axialSlice : int
            Counted from the feet.

        Returns
        -------
        int
            Voxel index.
        """
        return axialSlice if self.upwards else self.count - 1 - axialSlice


def axialAxis(volumeNode) -> AxialAxis:
    """The axis of a volume that is nearest to the patient's long axis, found as SimpleITK's DICOMOrient finds it.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
        The scan; oblique ones have a nearest axis too.

    Returns
    -------
    AxialAxis
        With `count` 0 for a volume without voxels.
    """
    matrix = vtk.vtkMatrix4x4()
    volumeNode.GetIJKToRASDirectionMatrix(matrix)
    directions = np.array([[matrix.GetElement(row, column) for column in range(3)] for row in range(3)])
    left = np.abs(directions)
    axis = 2
    for _step in range(3):  # the largest cosine first; its axis and direction are then taken
        row, column = np.unravel_index(np.argmax(left), left.shape)
        if row == 2:
            axis = int(column)
        left[row, :] = -1
        left[:, column] = -1
    image = volumeNode.GetImageData()
    count = image.GetDimensions()[axis] if image is not None else 0
    return AxialAxis(axis, bool(directions[2, axis] > 0), count)


def worldToVoxel(volumeNode, position) -> np.ndarray:
    """A position in the scene (RAS, mm) as a continuous voxel position (i, j, k), through the volume's transform.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
        The scan.
    position : sequence of 3 floats
        RAS, mm.

    Returns
    -------
    ndarray (3,)
        i, j, k.
    """
    local = np.array(position, float)
    transformNode = volumeNode.GetParentTransformNode()
    if transformNode is not None:
        transform = vtk.vtkGeneralTransform()
        slicer.vtkMRMLTransformNode.GetTransformBetweenNodes(None, transformNode, transform)
        local = np.array(transform.TransformPoint(*local))
    matrix = vtk.vtkMatrix4x4()
    volumeNode.GetRASToIJKMatrix(matrix)
    return np.array(matrix.MultiplyPoint([*local, 1.0]))[:3]


def voxelToWorld(volumeNode, ijk) -> np.ndarray:
    """A voxel position (i, j, k) as a position in the scene (RAS, mm), through the volume's transform.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
        The scan.
    ijk : sequence of 3 numbers
        May be continuous.

    Returns
    -------
    ndarray (3,)
        RAS, mm.
    """
    matrix = vtk.vtkMatrix4x4()
    volumeNode.GetIJKToRASMatrix(matrix)
    position = np.array(matrix.MultiplyPoint([*(float(v) for v in ijk), 1.0]))[:3]
    transformNode = volumeNode.GetParentTransformNode()
    if transformNode is not None:
        transform = vtk.vtkGeneralTransform()
        slicer.vtkMRMLTransformNode.GetTransformBetweenNodes(transformNode, None, transform)
        position = np.array(transform.TransformPoint(*position))
    return position


def axialViews() -> list:
    """The slice nodes that show axial slices; the one that the user looks at comes first.

    That is a view of the module's own 2x2 layout while it is shown, and Red, the axial view of Slicer's layouts, else.
    """
    comparison, isOpen = set(views.VIEWS.values()), views.isComparison()
    if views.isPair():
        comparison, isOpen = set(views.PAIR_VIEWS.values()), True
    nodes = slicer.util.getNodesByClass("vtkMRMLSliceNode")
    axial = [node for node in nodes if node.GetLayoutName() in comparison or node.GetOrientation() == "Axial"]
    return sorted(
        axial, key=lambda node: ((node.GetLayoutName() in comparison) != isOpen, node.GetLayoutName() != "Red")
    )


def currentSlice(volumeNode) -> int:
    """The axial slice at the middle of the axial view; the scan's middle one where there is no such view.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
        The scan.

    Returns
    -------
    int
        Counted from the feet, always inside the scan.
    """
    axis = axialAxis(volumeNode)
    nodes = axialViews()
    if not nodes:
        return axis.count // 2
    matrix = nodes[0].GetSliceToRAS()
    return axis.slice(worldToVoxel(volumeNode, [matrix.GetElement(row, 3) for row in range(3)]))


def showSlice(volumeNode, axialSlice: int) -> None:
    """Scroll the axial views to a slice; pan, zoom and all other views stay as they are.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
        The scan.
    axialSlice : int
        Counted from the feet.
    """
    axis = axialAxis(volumeNode)
    ijk = (np.array(volumeNode.GetImageData().GetDimensions()) - 1) / 2
    ijk[axis.index] = axis.voxel(axialSlice)
    position = voxelToWorld(volumeNode, ijk)
    for node in axialViews():
        node.JumpSliceByOffsetting(*position)
