"""A voxel has one place in the patient: does it keep it through every orientation, format and resampling?"""

import itertools

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume import Volume, check_scan, read_volume, write_volume

SHAPE, SPACING, ORIGIN = (4, 5, 6), (0.7, 1.5, 3.1), (-12.5, 40.25, -7.0)
# every way to lay the patient's axes along a file's: 6 permutations x 8 flips
STORED = [
    np.eye(3)[list(axes)].T * np.array(signs)
    for axes in itertools.permutations(range(3))
    for signs in itertools.product((1, -1), repeat=3)
]


def rotation(x: float, y: float, z: float) -> np.ndarray:
    """Rotation by degrees about x, then y, then z."""
    turn = sitk.Euler3DTransform((0, 0, 0), *np.deg2rad((x, y, z)))
    return np.reshape(turn.GetMatrix(), (3, 3))


def places(volume: Volume) -> np.ndarray:
    """The place of every voxel centre in the patient (Z, Y, X, 3), from the header alone."""
    index = np.stack(np.meshgrid(*(np.arange(n) for n in volume.shape), indexing="ij"), -1)[..., ::-1]
    step = np.reshape(volume.direction, (3, 3)) * np.array(volume.spacing)
    return np.array(volume.origin) + index @ step.T


def code(at: np.ndarray) -> np.ndarray:
    """A value that tells one place in the patient from every other."""
    return at @ np.array([1.0, 100.0, 10000.0])


def coded(direction, spacing=SPACING, shape=SHAPE) -> Volume:
    """A volume whose voxels hold the code of their place."""
    empty = Volume(np.zeros(shape), spacing, ORIGIN, tuple(np.ravel(direction)))
    return empty.like(code(places(empty)))


def header(volume: Volume):
    return volume.shape, volume.spacing, volume.origin, volume.direction


@pytest.mark.parametrize("direction", STORED, ids=lambda d: "".join(f"{v:+.0f}" for v in d.sum(0)))
def test_every_orientation_becomes_axial_and_comes_back(direction):
    stored = coded(direction)
    axial = stored.axial()
    assert np.allclose(np.reshape(axial.direction, (3, 3)), np.eye(3))  # rows to the back, columns to the left
    assert np.allclose(axial.voxels, code(places(axial)))
    assert sorted(axial.spacing) == sorted(stored.spacing) and sorted(axial.shape) == sorted(stored.shape)
    back = stored.restore(axial)
    assert header(back) == header(stored)  # equal to the last bit, not nearly
    assert np.array_equal(back.voxels, stored.voxels)


@pytest.mark.parametrize("angles", [(12, 0, 0), (0, -18, 0), (0, 0, 25), (15, -10, 20), (-30, 25, 12), (40, 8, -35)])
@pytest.mark.parametrize("direction", STORED[::7], ids=lambda d: "".join(f"{v:+.0f}" for v in d.sum(0)))
def test_oblique_scans_keep_their_own_grid(direction, angles):
    stored = coded(rotation(*angles) @ direction)
    axial = stored.axial()
    assert np.allclose(axial.voxels, code(places(axial)))
    assert sorted(axial.voxels.ravel()) == sorted(stored.voxels.ravel())  # moved, never interpolated
    own = np.reshape(axial.direction, (3, 3))
    nearest = max(itertools.permutations(range(3)), key=lambda axes: np.abs(own[:, axes]).trace())
    assert nearest == (0, 1, 2) and (np.diag(own) > 0).all()
    back = stored.restore(axial)
    assert header(back) == header(stored) and np.array_equal(back.voxels, stored.voxels)


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int16, np.uint16, np.int32, np.float32, np.float64])
def test_a_result_drawn_on_the_axial_grid_lands_at_the_same_place_of_the_scan(dtype):
    scan = coded(rotation(5, 8, -10) @ STORED[29])
    axial = scan.axial()
    drawn = np.zeros(axial.shape, dtype)
    drawn[2, 1, 0] = drawn[0, 3, 1] = 1
    result = scan.restore(axial.like(drawn, "map"))
    assert result.voxels.dtype == dtype and result.name == "map" and header(result) == header(scan)
    marked = {tuple(p) for p in np.round(places(axial)[drawn.astype(bool)], 6)}
    assert {tuple(p) for p in np.round(places(result)[result.voxels.astype(bool)], 6)} == marked


@pytest.mark.parametrize("direction", STORED[::5])
def test_a_single_slice_is_a_volume(direction):
    stored = coded(direction, shape=(1, 5, 6))
    axial = stored.axial()
    assert np.allclose(axial.voxels, code(places(axial)))
    assert np.array_equal(stored.restore(axial).voxels, stored.voxels)


def test_a_plane_image_is_read_as_one_slice(tmp_path):
    image = sitk.GetImageFromArray(np.arange(20, dtype=np.int16).reshape(4, 5))
    image.SetSpacing((0.5, 2.0))
    sitk.WriteImage(image, str(tmp_path / "plane.mha"))
    volume = read_volume(tmp_path / "plane.mha")
    assert volume.shape == (1, 4, 5) and volume.spacing[:2] == (0.5, 2.0)
    assert np.array_equal(volume.voxels[0], np.arange(20).reshape(4, 5))


@pytest.mark.parametrize("ending", [".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd"])
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32])
def test_every_format_keeps_voxels_and_geometry(tmp_path, ending, dtype):
    rng = np.random.default_rng(0)
    scan = coded(rotation(10, -20, 30) @ STORED[13]).like(rng.integers(0, 250, SHAPE).astype(dtype))
    read = read_volume(write_volume(scan, tmp_path / f"scan{ending}"))
    assert read.voxels.dtype == dtype and np.array_equal(read.voxels, scan.voxels)
    assert read.name == f"scan{ending}"
    assert np.allclose(places(read), places(scan), atol=1e-4)  # NIfTI keeps the direction in single precision
    assert read.same_grid(scan)


def test_masks_are_written_as_zero_and_one(tmp_path):
    mask = np.zeros(SHAPE, bool)
    mask[1, 2, 3] = True
    read = read_volume(write_volume(Volume(mask), tmp_path / "mask.nrrd"))
    assert read.voxels.dtype == np.uint8 and np.array_equal(read.voxels, mask)


# ---- DICOM


def write_series(folder, voxels, *, z0=0.0, step=2.5, uid=None, skip=(), description="", intercept=-1024):
    """A CT series as a scanner writes it, one file per slice, the file names in no order."""
    folder.mkdir(parents=True, exist_ok=True)
    uid = uid or generate_uid()
    study, frame = generate_uid(), generate_uid()
    for z, plane in enumerate(voxels):
        if z in skip:
            continue
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID, meta.TransferSyntaxUID = CTImageStorage, ExplicitVRLittleEndian
        meta.MediaStorageSOPInstanceUID = generate_uid()
        data = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
        data.SOPClassUID, data.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
        data.StudyInstanceUID, data.SeriesInstanceUID, data.FrameOfReferenceUID = study, uid, frame
        data.Modality, data.SeriesDescription, data.InstanceNumber = "CT", description, z + 1
        data.PatientName, data.PatientID, data.SeriesNumber = "Nobody", "0", 1
        data.ImagePositionPatient = [-10.0, -20.0, z0 + step * z]
        data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        data.PixelSpacing, data.SliceThickness = [0.8, 0.6], step
        data.Rows, data.Columns = plane.shape
        data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
        data.BitsAllocated = data.BitsStored = 16
        data.HighBit, data.PixelRepresentation = 15, 0
        data.RescaleIntercept, data.RescaleSlope = intercept, 1
        data.PixelData = (plane - intercept).astype(np.uint16).tobytes()
        data.save_as(folder / f"{(z * 7) % 11:02d}-{uid[-4:]}.dcm", enforce_file_format=True)
    return uid


@pytest.fixture
def hounsfield():
    return np.random.default_rng(1).integers(-1000, 1500, (6, 8, 10))


def test_a_dicom_series_is_read_in_hounsfield_units_from_the_feet(tmp_path, hounsfield):
    write_series(tmp_path / "ct", hounsfield, z0=-30)
    scan = read_volume(tmp_path / "ct")
    assert np.array_equal(scan.voxels, hounsfield)
    assert scan.modality == "CT" and scan.notes == ()
    assert np.allclose(scan.spacing, (0.6, 0.8, 2.5)) and np.allclose(scan.origin, (-10, -20, -30))


def test_a_series_is_found_below_the_folder(tmp_path, hounsfield):
    write_series(tmp_path / "patient" / "study" / "series", hounsfield)
    assert np.array_equal(read_volume(tmp_path / "patient").voxels, hounsfield)


def test_one_dicom_file_is_one_slice(tmp_path, hounsfield):
    write_series(tmp_path, hounsfield[:1])
    (file,) = tmp_path.glob("*.dcm")
    scan = read_volume(file)
    assert scan.shape == (1, 8, 10) and np.array_equal(scan.voxels, hounsfield[:1]) and scan.modality == "CT"


def test_several_series_are_listed_and_one_can_be_chosen(tmp_path, hounsfield):
    first = write_series(tmp_path / "ct", hounsfield, description="portal venous")
    second = write_series(tmp_path / "ct", hounsfield[:4] + 1, description="late")
    with pytest.raises(InputError) as caught:
        read_volume(tmp_path / "ct")
    text = str(caught.value)
    assert "\n" not in text and "2 series" in text and "--series" in text
    assert first in text and second in text and "portal venous, 6 images" in text and "late, 4 images" in text
    assert np.array_equal(read_volume(tmp_path / "ct", first).voxels, hounsfield)
    assert np.array_equal(read_volume(tmp_path / "ct", second[-12:]).voxels, hounsfield[:4] + 1)
    with pytest.raises(InputError, match="choose one"):
        read_volume(tmp_path / "ct", "1.2.3.4.5")


def test_a_missing_slice_is_said(tmp_path, hounsfield):
    write_series(tmp_path / "ct", hounsfield, skip=(2,))
    (note,) = read_volume(tmp_path / "ct").notes
    assert "unevenly spaced" in note and "2.50 to 5.00 mm" in note


# ---- labels on another grid


def labelled(direction, spacing, shape, origin):
    """A label map that holds 1 left of x = 0 and 2 in front of y = 0, at that place in the patient."""
    empty = Volume(np.zeros(shape, np.uint8), spacing, origin, tuple(np.ravel(direction)), name="labels")
    x, y, _ = np.moveaxis(places(empty), -1, 0)
    return empty.like((np.uint8(1) * (x > 0) + np.uint8(2) * (y < 0)).astype(np.uint8))


@pytest.mark.parametrize("direction", STORED[::5])
def test_labels_are_aligned_in_space_not_by_index(direction):
    grid = labelled(np.eye(3), (1.0, 1.0, 2.0), (5, 20, 20), (-9.5, -9.5, -4.0))
    shape = np.abs(direction).T @ np.array([20, 20, 5])  # x, y, z along the stored axes
    extent = np.abs(direction).T @ np.array([1.0, 1.0, 2.0])
    low, high = np.array([-9.5, -9.5, -4.0]), np.array([9.5, 9.5, 4.0])
    origin = np.where(direction.sum(1) > 0, low, high)
    stored = labelled(direction, tuple(extent), tuple(shape.astype(int)[::-1]), tuple(origin))
    aligned = stored.labels_on(grid)
    assert np.array_equal(aligned.voxels, grid.voxels)
    assert header(aligned) == header(grid) and aligned.name == "labels"


def test_labels_on_a_part_of_the_scan_and_with_other_spacing():
    grid = labelled(np.eye(3), (1.0, 1.0, 2.0), (5, 20, 20), (-9.5, -9.5, -4.0))
    part = labelled(np.eye(3), (0.5, 0.5, 1.0), (9, 20, 20), (-4.75, -4.75, -4.0))  # covers −5…5 mm
    aligned = part.labels_on(grid).voxels
    inside = (slice(None), slice(5, 15), slice(5, 15))
    assert np.array_equal(aligned[inside], grid.voxels[inside])
    aligned = aligned.copy()
    aligned[inside] = 0
    assert not aligned.any()


def test_labels_elsewhere_are_an_error():
    grid = Volume(np.zeros((5, 20, 20), np.int16), name="scan")
    away = Volume(np.ones((5, 20, 20), np.uint8), origin=(500.0, 0.0, 0.0), name="mask")
    with pytest.raises(InputError, match="mask does not overlap scan"):
        away.labels_on(grid)
    empty = away.like(np.zeros_like(away.voxels))
    assert not empty.labels_on(grid).voxels.any()  # an empty mask overlaps nothing, and says nothing wrong


# ---- bad input


def test_what_is_no_image_is_said_in_one_line(tmp_path):
    (tmp_path / "text.nrrd").write_text("not an image")
    (tmp_path / "cut.nii.gz").write_bytes(b"\x1f\x8b\x08")
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("hello")
    for name, says in {
        "missing.nrrd": "does not exist",
        "text.nrrd": "can't be read",
        "cut.nii.gz": "can't be read",
        "empty": "no DICOM series",
        "other": "no DICOM series",
    }.items():
        with pytest.raises(InputError, match=says) as caught:
            read_volume(tmp_path / name)
        assert "\n" not in str(caught.value) and (name in str(caught.value) or "the folder" in str(caught.value))


def test_images_that_are_not_one_scalar_volume(tmp_path):
    colour = sitk.GetImageFromArray(np.zeros((3, 4, 5, 3), np.uint8), isVector=True)
    sitk.WriteImage(colour, str(tmp_path / "rgb.nrrd"))
    with pytest.raises(InputError, match="3 components per pixel"):
        read_volume(tmp_path / "rgb.nrrd")
    frames = sitk.JoinSeries([sitk.GetImageFromArray(np.zeros((3, 4, 5), np.int16))] * 2)
    sitk.WriteImage(frames, str(tmp_path / "frames.nii.gz"))
    with pytest.raises(InputError, match=r"4 dimensions, size \(5, 4, 3, 2\)"):
        read_volume(tmp_path / "frames.nii.gz")
    sitk.WriteImage(frames[..., :1], str(tmp_path / "one.mha"))
    assert read_volume(tmp_path / "one.mha").shape == (3, 4, 5)  # a 4D file with one time point is a volume
    with pytest.raises(InputError, match="3 dimensions"):
        Volume(np.zeros((4, 5)))


def test_scans_that_nothing_can_be_computed_from():
    voxels = np.random.default_rng(0).normal(size=(3, 4, 5)).astype(np.float32)
    assert check_scan(Volume(voxels)).voxels is voxels
    for value, count in ((np.nan, 2), (np.inf, 2)):
        spoilt = voxels.copy()
        spoilt[0, 0, :2] = value
        with pytest.raises(InputError, match=f"{count} voxels that are NaN or infinite"):
            check_scan(Volume(spoilt))
    with pytest.raises(InputError, match="every voxel is 7"):
        check_scan(Volume(np.full((3, 4, 5), 7, np.int16)))


def test_zero_size_is_refused(tmp_path):
    (tmp_path / "zero.nrrd").write_text(
        "NRRD0004\ntype: short\ndimension: 3\nsizes: 0 4 5\nencoding: raw\nendian: little\n\n"
    )
    with pytest.raises(InputError) as caught:
        read_volume(tmp_path / "zero.nrrd")
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="empty"):
        Volume.from_sitk(sitk.Image(0, 4, 5, sitk.sitkInt16))


def test_writing_where_it_can_not_be_written(tmp_path):
    scan = Volume(np.zeros((2, 3, 4), np.int16))
    for name in ("scan.png", "scan", "scan.dcm"):
        with pytest.raises(InputError, match="can't write this format"):
            write_volume(scan, tmp_path / name)
    with pytest.raises(InputError, match="can't be written"):
        write_volume(scan, tmp_path / "nowhere" / "scan.nrrd")
    assert not list(tmp_path.iterdir())
    with pytest.raises(InputError, match=r"\(2, 2, 2\) does not fit the grid \(2, 3, 4\)"):
        scan.like(np.zeros((2, 2, 2)))


def test_pydicom_agrees_on_what_was_written(tmp_path, hounsfield):
    """The series that these tests read is DICOM by somebody else's word too."""
    write_series(tmp_path, hounsfield[:1])
    (file,) = tmp_path.glob("*.dcm")
    data = pydicom.dcmread(file)
    assert np.array_equal(data.pixel_array + float(data.RescaleIntercept), hounsfield[0])


@pytest.mark.parametrize("direction", [*STORED[::7], rotation(10, -20, 30) @ STORED[13]])
def test_one_axial_slice_finds_its_slab_in_the_scan(direction):
    """What is handed out slice by slice while a run goes on must come to lie where the whole result does."""
    scan = coded(direction)
    axial = scan.axial()
    whole = np.zeros(scan.shape)
    for z in range(axial.shape[0]):
        slab, (k, j, i) = scan.restore_slice(axial, z, axial.voxels[z])
        a, b, c = slab.shape
        whole[k : k + a, j : j + b, i : i + c] = slab.voxels
        assert np.allclose(slab.voxels, code(places(slab))) and min(slab.shape) == 1
    assert np.array_equal(whole, scan.voxels)
