"""Voxels out of the scene and back: scans, segments and boxes as the engine reads them, and what it writes.

The engine works in the scan's own frame: a parent transform moves the scan in the scene, not its voxels, so it is never
applied on the way out, and results get the same transform on the way in.
"""

from pathlib import Path

import numpy as np
import slicer
import slicer.util
import vtk
from slicer.i18n import tr as _
from vtk.util.numpy_support import numpy_to_vtk

LPS_FROM_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])


class SceneError(ValueError):
    """Something in the scene that can't be used as it is; the text says what to do."""


def checkVolume(volumeNode) -> None:
    """Refuse a node that can't be explained.

    Parameters
    ----------
    volumeNode : vtkMRMLNode or None
        What was chosen.

    Raises
    ------
    SceneError
        If it is no scan, has no voxels or several values per voxel, or is bent by a transform.
    """
    if volumeNode is None:
        raise SceneError(_("No scan is chosen. Load a CT or MR volume and choose it as the scan."))
    name = volumeNode.GetName()
    if not volumeNode.IsA("vtkMRMLScalarVolumeNode") or volumeNode.IsA("vtkMRMLLabelMapVolumeNode"):
        raise SceneError(
            _("{name} is no scan (it is a {kind}). Choose a CT or MR volume.").format(
                name=name, kind=volumeNode.GetNodeTagName()
            )
        )
    image = volumeNode.GetImageData()
    if image is None or 0 in image.GetDimensions() or image.GetPointData().GetScalars() is None:
        raise SceneError(
            _("{name} is empty: it has no voxels. Choose another scan or load it again.").format(name=name)
        )
    components = image.GetNumberOfScalarComponents()
    if components != 1:
        raise SceneError(
            _(
                "{name} has {count} values per voxel (a colour, vector or time series). "
                "Extract one channel or time point as a scalar volume and choose that."
            ).format(name=name, count=components)
        )
    transform = volumeNode.GetParentTransformNode()
    if transform is not None and not transform.IsTransformToWorldLinear():
        raise SceneError(
            _(
                "{name} is under a non-linear transform ({transform}). Harden the transform on a copy of the scan "
                "(Transforms module), or take the scan out of it."
            ).format(name=name, transform=transform.GetName())
        )
    axes = ijkToRAS(volumeNode)[:3, :3]
    directions = axes / np.linalg.norm(axes, axis=0)
    if not np.allclose(directions.T @ directions, np.eye(3), atol=1e-3):
        raise SceneError(
            _("{name} has axes that are not at right angles. Resample it (Resample Scalar Volume) first.").format(
                name=name
            )
        )


def ijkToRAS(volumeNode) -> np.ndarray:
    """The volume's own geometry (4, 4), without its parent transform.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
        Any volume.

    Returns
    -------
    ndarray (4, 4)
        Voxel index to mm.
    """
    matrix = vtk.vtkMatrix4x4()
    volumeNode.GetIJKToRASMatrix(matrix)
    return slicer.util.arrayFromVTKMatrix(matrix)


def localToWorld(node) -> np.ndarray:
    """The linear transform (4, 4) that a node is under, RAS to RAS.

    Parameters
    ----------
    node : vtkMRMLTransformableNode
        Any node; the unit matrix where it is under no transform.

    Returns
    -------
    ndarray (4, 4)
        In mm.
    """
    matrix = vtk.vtkMatrix4x4()
    if node.GetParentTransformNode() is not None:
        node.GetParentTransformNode().GetMatrixTransformToWorld(matrix)
    return slicer.util.arrayFromVTKMatrix(matrix)


def exportVolume(volumeNode, path: str) -> None:
    """Write a scan for the engine: its voxels as they are, in its own geometry, as uncompressed NRRD.

    Parameters
    ----------
    volumeNode : vtkMRMLScalarVolumeNode
        The scan.
    path : str
        The file, ending in .nrrd.

    Raises
    ------
    SceneError
        If the volume can't be used, or the file can't be written.
    """
    checkVolume(volumeNode)
    writeArray(slicer.util.arrayFromVolume(volumeNode), ijkToRAS(volumeNode), path)


def writeArray(array: np.ndarray, matrix: np.ndarray, path: str) -> None:
    """Write voxels (K, J, I) with an IJK-to-RAS matrix as uncompressed NRRD.

    Parameters
    ----------
    array : ndarray (K, J, I)
        Voxels of any type that NRRD has.
    matrix : ndarray (4, 4)
        IJK to RAS, mm.
    path : str
        The file, ending in .nrrd.

    Raises
    ------
    SceneError
        If the file can't be written.
    """
    import SimpleITK as sitk  # half a second: not before it is needed

    lps = LPS_FROM_RAS @ matrix
    spacing = np.linalg.norm(lps[:3, :3], axis=0)
    image = sitk.GetImageFromArray(array)
    image.SetSpacing(spacing.tolist())
    image.SetOrigin(lps[:3, 3].tolist())
    image.SetDirection((lps[:3, :3] / spacing).ravel().tolist())
    try:
        sitk.WriteImage(image, str(path), False)
        complete = Path(path).stat().st_size >= array.nbytes  # a full disk is not always reported
    except (RuntimeError, OSError):
        complete = False
    if not complete:
        raise SceneError(
            _(
                "{path} could not be written. Free some disk space, or set another temporary folder in the settings."
            ).format(path=path)
        )


def readArray(path: str) -> np.ndarray:
    """The voxels (K, J, I) of a file that the engine wrote.

    Parameters
    ----------
    path : str
        The file.

    Returns
    -------
    ndarray (K, J, I)
        Of the type in the file.

    Raises
    ------
    SceneError
        If the file is missing or can't be read.
    """
    import SimpleITK as sitk

    try:
        image = sitk.ReadImage(str(path))
    except RuntimeError as error:
        raise SceneError(_("{path} could not be read. Explain again.").format(path=path)) from error
    return sitk.GetArrayFromImage(image)


def segmentToMask(segmentationNode, segmentId: str, volumeNode, path: str) -> None:
    """Write a segment as a mask (0, 1) on a scan's grid; see `segmentMask`.

    Parameters
    ----------
    segmentationNode : vtkMRMLSegmentationNode
        Holds the segment.
    segmentId : str
        Its ID, not its name.
    volumeNode : vtkMRMLScalarVolumeNode
        The scan.
    path : str
        The file, ending in .nrrd.

    Raises
    ------
    SceneError
        If the segment is missing or empty inside the scan, or the file can't be written.
    """
    writeArray(segmentMask(segmentationNode, segmentId, volumeNode), ijkToRAS(volumeNode), path)


def segmentMask(segmentationNode, segmentId: str, volumeNode) -> np.ndarray:
    """A segment as a mask (0, 1) on a scan's grid; transforms of either are taken into account.

    Parameters
    ----------
    segmentationNode : vtkMRMLSegmentationNode or None
        Holds the segment.
    segmentId : str
        Its ID, not its name.
    volumeNode : vtkMRMLScalarVolumeNode
        The scan.

    Returns
    -------
    ndarray (K, J, I), uint8
        1 inside the segment.

    Raises
    ------
    SceneError
        If the segment is missing, or empty inside the scan.
    """
    checkVolume(volumeNode)
    segment = segmentationNode.GetSegmentation().GetSegment(segmentId) if segmentationNode else None
    if segment is None:
        raise SceneError(_("No segment is chosen as the region. Choose a segmentation and a segment."))
    ids = vtk.vtkStringArray()
    ids.InsertNextValue(segmentId)
    labels = slicer.vtkMRMLLabelMapVolumeNode()
    labels.SetHideFromEditors(True)
    slicer.mrmlScene.AddNode(labels)
    try:
        export = slicer.modules.segmentations.logic().ExportSegmentsToLabelmapNode
        done = export(segmentationNode, ids, labels, volumeNode)
        mask = (slicer.util.arrayFromVolume(labels) > 0).astype(np.uint8) if done and labels.GetImageData() else None
    finally:
        display = labels.GetDisplayNode()
        colours = display.GetColorNode() if display else None
        for node in (labels, display, colours):
            # the export makes a colour table of its own; one of Slicer's must stay
            if node is not None and not node.GetSingletonTag() and slicer.mrmlScene.IsNodePresent(node):
                slicer.mrmlScene.RemoveNode(node)
    if mask is None or not mask.any():
        raise SceneError(
            _(
                "The segment {segment} is empty inside {scan}. Paint it in the Segment Editor or choose another region."
            ).format(segment=segment.GetName(), scan=volumeNode.GetName())
        )
    return mask


def boxOf(markupsROINode, volumeNode=None) -> tuple[float, float, float, float, float, float]:
    """A markups ROI as a box x0, x1, y0, y1, z0, z1 in mm, LPS, in the scan's own frame.

    A box of the engine is upright in the patient; for a turned ROI it is the upright box that holds it.

    Parameters
    ----------
    markupsROINode : vtkMRMLMarkupsROINode
        The box.
    volumeNode : vtkMRMLScalarVolumeNode, optional
        The scan in whose own frame it is wanted; else the scene's.

    Returns
    -------
    tuple of 6 floats
        x0, x1, y0, y1, z0, z1 in mm, LPS.

    Raises
    ------
    SceneError
        If there is no ROI, or it is not placed yet.
    """
    size = markupsROINode.GetSize() if markupsROINode else None
    if size is None or markupsROINode.GetNumberOfControlPoints() == 0 or min(size) <= 0:
        raise SceneError(_("The region box is not placed yet. Place a markups ROI around the region."))
    signs = np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1])).reshape(3, -1)
    corners = np.vstack([signs * np.array(size)[:, None] / 2, np.ones((1, 8))])
    world = slicer.util.arrayFromVTKMatrix(markupsROINode.GetObjectToWorldMatrix()) @ corners
    local = np.linalg.inv(localToWorld(volumeNode)) @ world if volumeNode else world
    lps = (LPS_FROM_RAS @ local)[:3]
    return tuple(float(v) for pair in zip(lps.min(axis=1), lps.max(axis=1)) for v in pair)


def pointsOf(pointListNode, volumeNode=None) -> tuple[float, ...]:
    """The points of a markups point list, four numbers each: x, y, z in mm, LPS, in the scan's own frame, and 1.

    A point that the user has deselected means what the structure is not; its last number is 0.

    Parameters
    ----------
    pointListNode : vtkMRMLMarkupsNode or None
        The points.
    volumeNode : vtkMRMLScalarVolumeNode, optional
        The scan in whose own frame they are wanted; else the scene's.

    Returns
    -------
    tuple of float
        Four numbers for each point.

    Raises
    ------
    SceneError
        If no point is placed yet.
    """
    count = pointListNode.GetNumberOfControlPoints() if pointListNode else 0
    status = pointListNode.GetNthControlPointPositionStatus if count else None
    defined = [i for i in range(count) if status(i) == pointListNode.PositionDefined]
    if not defined:
        raise SceneError(_("No point is placed yet. Place a markups point inside the structure."))
    world = np.array([[*pointListNode.GetNthControlPointPositionWorld(i), 1.0] for i in defined]).T
    local = np.linalg.inv(localToWorld(volumeNode)) @ world if volumeNode else world
    inside = [float(pointListNode.GetNthControlPointSelected(i)) for i in defined]
    return tuple(float(v) for place, flag in zip((LPS_FROM_RAS @ local)[:3].T, inside) for v in (*place, flag))


def setSegment(
    segmentationNode, segmentId: str, mask: np.ndarray, offset, matrix: np.ndarray, add: bool = False
) -> None:
    """Set the voxels of a segment from a mask (K, J, I) that covers a part of a grid.

    Only the part is handed over, so that the cost does not grow with the scan.

    Parameters
    ----------
    segmentationNode : vtkMRMLSegmentationNode
        Holds the segment.
    segmentId : str
        Its ID, not its name.
    mask : ndarray (K, J, I), bool
        What is inside.
    offset : sequence of 3 ints
        Index (k, j, i) of the mask's first voxel on the grid.
    matrix : ndarray (4, 4)
        The grid's IJK-to-RAS matrix.
    add : bool
        Add to what the segment holds already, instead of replacing it.

    Raises
    ------
    RuntimeError
        If Slicer refuses, such as for a segment that is not there.
    """
    start, mask = crop(mask)
    low = [int(o + s) for o, s in zip(offset, start)][::-1]
    extent = [v for first, n in zip(low, mask.shape[::-1]) for v in (first, first + n - 1)]
    image = slicer.vtkOrientedImageData()
    image.SetExtent(*extent)
    image.SetGeometryFromImageToWorldMatrix(slicer.util.vtkMatrixFromArray(matrix))
    # when adding, the voxels go as they are into the layer that segments share, where each has its own number
    number = segmentationNode.GetSegmentation().GetSegment(segmentId).GetLabelValue() if add else 1
    values = np.where(mask, number, 0).astype(np.uint8 if number < 256 else np.int16)
    image.GetPointData().SetScalars(numpy_to_vtk(values.ravel(), deep=1))
    logic = slicer.vtkSlicerSegmentationsModuleLogic
    mode = logic.MODE_MERGE_MAX if add else logic.MODE_REPLACE
    if not logic.SetBinaryLabelmapToSegment(image, segmentationNode, segmentId, mode):
        raise RuntimeError(f"the segment {segmentId} of {segmentationNode.GetName()} could not be set")


def crop(mask: np.ndarray) -> tuple[tuple[int, int, int], np.ndarray]:
    """A mask cut to the box that holds it, and where the box starts; one empty voxel for an empty mask.

    Parameters
    ----------
    mask : ndarray (K, J, I)
        Whatever is not 0 is inside.

    Returns
    -------
    tuple of 3 ints
        Index (k, j, i) of the first voxel of the box.
    ndarray
        The part of the mask, as a view.
    """
    box = []
    for axis in range(3):
        inside = np.flatnonzero(mask.any(axis=tuple(a for a in range(3) if a != axis)))
        if not len(inside):
            return (0, 0, 0), np.zeros((1, 1, 1), mask.dtype)
        box.append(slice(int(inside[0]), int(inside[-1]) + 1))
    return tuple(s.start for s in box), mask[tuple(box)]
