"""What the scene tests work with: scans as nodes, and slices as the worker hands them over."""

from pathlib import Path

import numpy as np
import SimpleITK as sitk
import slicer.util

STRUCTURES = [
    {"name": "liver", "label": "liver", "colour": [221, 130, 101], "snomed_ct": "10200004"},
    {"name": "spleen", "label": "spleen", "colour": [157, 108, 162], "snomed_ct": "78961009"},
]
SHAPE, SPACING = (12, 128, 128), (3.0, 3.0, 10.0)
SLICES = range(6, 8)


def addVolume(volume, matrix=None):
    """A Volume of the library as a node; with `matrix` (IJK to RAS) instead of its own geometry."""
    if matrix is None:
        lps = np.eye(4)
        lps[:3, :3] = np.reshape(volume.direction, (3, 3)) @ np.diag(volume.spacing)
        lps[:3, 3] = volume.origin
        matrix = np.diag([-1.0, -1.0, 1.0, 1.0]) @ lps
    return slicer.util.addVolumeFromArray(volume.voxels.copy(), matrix, volume.name)


def writePartial(folder, files: dict, offset, z: int) -> dict:
    """What the worker says of one finished slice: slabs as files, and where they lie."""
    paths = {}
    for name, slab in files.items():
        paths[name] = str(Path(folder) / f"partial-{z}-{name}.nrrd")
        sitk.WriteImage(sitk.GetImageFromArray(slab), paths[name], False)
    return {"z": z, "files": paths, "offset": list(offset)}


def world(node, ijk) -> np.ndarray:
    """Where a voxel is in the scene (RAS), through the node's transform."""
    import vtk

    matrix, transform = vtk.vtkMatrix4x4(), vtk.vtkMatrix4x4()
    node.GetIJKToRASMatrix(matrix)
    if node.GetParentTransformNode():
        node.GetParentTransformNode().GetMatrixTransformToWorld(transform)
    return np.array(transform.MultiplyPoint(matrix.MultiplyPoint((*(float(v) for v in ijk), 1.0)))[:3])
