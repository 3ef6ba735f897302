"""Axes turned without a copy, volumes that are made of slices, and the NRRD that is written from them."""

import copy
import itertools
import pickle

import numpy as np
import pytest
import SimpleITK as sitk

from XAICLIPLib.volume import SliceStack, Volume, read_volume, write_volume
from XAICLIPLib.volume.turn import Turn

SPACING, ORIGIN = (1.1, 2.2, 3.3), (7.0, -8.0, 9.5)
TILT = np.linalg.qr(np.eye(3) + 0.1 * np.random.default_rng(1).standard_normal((3, 3)))[0]
TILT = TILT * np.sign(np.diag(TILT))
UPRIGHT = []
for order in itertools.permutations(range(3)):
    for signs in itertools.product((1.0, -1.0), repeat=3):
        matrix = np.eye(3)[list(order)] * signs
        if np.linalg.det(matrix) > 0:  # ITK takes no mirrored axes
            UPRIGHT.append(matrix)


def placed(voxels, matrix):
    return Volume(voxels, SPACING, ORIGIN, tuple((TILT @ matrix).ravel()))


@pytest.mark.parametrize("matrix", UPRIGHT)
def test_axes_turn_as_itk_turns_them(matrix):
    volume = placed(np.random.default_rng(0).random((4, 5, 6)), matrix)
    itk = sitk.DICOMOrient(volume.to_sitk(), "LPS")
    axial = volume.axial()
    assert np.array_equal(axial.voxels, sitk.GetArrayFromImage(itk))
    assert np.shares_memory(axial.voxels, volume.voxels)
    assert (axial.spacing, axial.origin) == (itk.GetSpacing(), itk.GetOrigin())
    assert axial.direction == itk.GetDirection()
    back = volume.restore(axial)
    assert np.array_equal(back.voxels, volume.voxels) and back.voxels.flags.c_contiguous
    turn = Turn.between(volume.orientation, "LPS")
    assert turn.shape(volume.shape) == axial.shape and turn.inverse.inverse == turn


@pytest.mark.parametrize("matrix", UPRIGHT)
@pytest.mark.parametrize("compress", [True, False])
def test_a_volume_of_slices_is_the_volume_of_the_array(matrix, compress, tmp_path):
    """Wherever its axes lead: as an array, slice by slice, after pickle, and read back from the disk."""
    scan = placed(np.zeros((4, 5, 6), np.int16), matrix)
    axial = scan.axial()
    values = np.random.default_rng(0).random(axial.shape).astype(np.float32)
    values[1] = 0
    stack = SliceStack(
        axial.shape, np.dtype(np.float32), {z: lambda z=z: values[z] for z in (0, 2, 3) if z < len(values)}
    )
    values[4:] = 0
    made = scan.restore(axial.like(stack, "map"))
    whole = scan.restore(axial.like(values, "map"))
    assert made.stack is not None and made.shape == scan.shape and made.dtype == np.float32 and made.name == "map"
    assert np.array_equal(made.voxels, whole.voxels)
    assert all(np.array_equal(made.slices[z], whole.slices[z]) for z in range(len(values)))
    assert np.array_equal(made.axial().voxels, values) and made.axial().stack is not None
    for other in (pickle.loads(pickle.dumps(copy.deepcopy(whole))), copy.deepcopy(whole)):
        assert np.array_equal(other.voxels, whole.voxels)
    read = read_volume(write_volume(made, tmp_path / "map.nrrd", compress))
    assert np.array_equal(read.voxels, whole.voxels) and read.voxels.dtype == np.float32
    assert read.same_grid(scan, 1e-12)


def test_a_stack_survives_pickle_as_an_array():
    stack = SliceStack((2, 3, 4), np.dtype(np.uint8), {1: lambda: np.ones((3, 4))})
    back = pickle.loads(pickle.dumps(Volume(stack)))
    assert back.stack is None and back.voxels.sum() == 12


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.int32, np.float32, np.float64, bool])
def test_every_type_is_written(dtype, tmp_path):
    voxels = np.arange(24).reshape(2, 3, 4) % 2 if dtype is bool else np.arange(24).reshape(2, 3, 4)
    voxels = voxels.astype(dtype)
    volume = Volume(SliceStack(voxels.shape, np.dtype(dtype), {z: lambda z=z: voxels[z] for z in range(2)}))
    for ending in (".nrrd", ".nii.gz"):
        assert np.array_equal(read_volume(write_volume(volume, tmp_path / f"v{ending}")).voxels, voxels)


def test_a_volume_is_shown_in_one_line_and_saves_itself(tmp_path):
    volume = Volume(np.zeros((3, 20, 10), np.int16), (0.75, 0.75, 2.5), modality="CT", name="ct.nrrd")
    assert repr(volume) == "<Volume 'ct.nrrd' 3 x 20 x 10 int16, 0.75 x 0.75 x 2.5 mm, LPS, CT>"
    assert read_volume(volume.save(tmp_path / "out.nii.gz")).same_grid(volume, 1e-5)
