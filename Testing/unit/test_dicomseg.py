"""DICOM segmentations as reference or region, made by highdicom and pydicom, and placed against what was drawn."""

import subprocess
import sys

import numpy as np
import pytest

from XAICLIPLib import anatomy
from XAICLIPLib.errors import InputError, MissingPackage
from XAICLIPLib.roi import dicomseg
from XAICLIPLib.roi.given import given_masks
from XAICLIPLib.volume import read_volume

highdicom = pytest.importorskip("highdicom")
pydicom = pytest.importorskip("pydicom")

from pydicom.sr.coding import Code  # noqa: E402
from pydicom.uid import generate_uid  # noqa: E402

SHAPE = (8, 16, 20)
SPACING = (3.0, 3.0, 5.0)
CT = "1.2.840.10008.5.1.4.1.1.2"
NAMED = {"liver": Code("10200004", "SCT", "Liver"), "kidney": Code("64033007", "SCT", "Kidney"),
         "old liver": Code("T-62000", "SRT", "Liver"), "other": Code("99", "99X", "Something")}  # fmt: skip


def images():
    """A CT of eight slices, feet first, without pixels of interest."""
    study, series, frame, found = generate_uid(), generate_uid(), generate_uid(), []
    values = np.random.default_rng(0).normal(0, 40, SHAPE).astype(np.int16)
    for z in range(SHAPE[0]):
        one = pydicom.Dataset()
        one.file_meta = pydicom.dataset.FileMetaDataset()
        one.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
        one.SOPClassUID = one.file_meta.MediaStorageSOPClassUID = CT
        one.SOPInstanceUID = one.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        one.StudyInstanceUID, one.SeriesInstanceUID, one.FrameOfReferenceUID = study, series, frame
        for key in ("PatientID", "PatientName", "PatientSex", "PatientBirthDate", "StudyDate", "StudyTime", "StudyID",
                    "AccessionNumber", "ReferringPhysicianName", "PositionReferenceIndicator"):  # fmt: skip
            setattr(one, key, "")
        one.Modality, one.SeriesNumber, one.InstanceNumber = "CT", 1, z + 1
        one.Rows, one.Columns, one.PixelSpacing, one.SliceThickness = *SHAPE[1:], list(SPACING[:2]), SPACING[2]
        one.ImageOrientationPatient, one.ImagePositionPatient = [1, 0, 0, 0, 1, 0], [-30, -20, 7 + z * SPACING[2]]
        one.BitsAllocated, one.BitsStored, one.HighBit, one.PixelRepresentation = 16, 16, 15, 1
        one.SamplesPerPixel, one.PhotometricInterpretation = 1, "MONOCHROME2"
        one.RescaleSlope, one.RescaleIntercept, one.PixelData = 1, 0, values[z].tobytes()
        found.append(one)
    return found


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    folder, found = tmp_path_factory.mktemp("seg") / "ct", images()
    folder.mkdir()
    for n, one in enumerate(found):
        one.save_as(folder / f"{n}.dcm", enforce_file_format=True)
    return folder, found


def described(number, label, kind="other", side=None):
    made = highdicom.seg.SegmentDescription(
        number, label, Code("123037004", "SCT", "Anatomical Structure"), NAMED[kind], algorithm_type="MANUAL"
    )
    if side:
        modifier = pydicom.Dataset()
        code = anatomy.SIDES[side]
        modifier.CodingSchemeDesignator, modifier.CodeValue, modifier.CodeMeaning = code
        made.SegmentedPropertyTypeCodeSequence[0].SegmentedPropertyTypeModifierCodeSequence = [modifier]
    return made


def write(source, masks, segments, path, kind="BINARY", order=None, shuffle=False):
    order = list(order or range(len(source)))
    made = highdicom.seg.Segmentation(
        [source[i] for i in order], masks[order], kind, segments, generate_uid(), 9, generate_uid(), 1, "made", "by",
        "1", "1", fractional_type="PROBABILITY" if kind == "FRACTIONAL" else None,
    )  # fmt: skip
    if shuffle:  # frames of bits that fill whole bytes may change places in the file
        frames = made.NumberOfFrames
        turn = np.random.default_rng(1).permutation(frames)
        pixels = np.frombuffer(made.PixelData, np.uint8).reshape(frames, -1)[turn]
        groups = [made.PerFrameFunctionalGroupsSequence[i] for i in turn]
        made.PixelData, made.PerFrameFunctionalGroupsSequence = pixels.tobytes(), groups
    made.save_as(path)
    return str(path)


def find(folder, path, *names):
    structures = [anatomy.describe(n) for n in names]
    return given_masks(None, path, read_volume(folder), structures, "CT", scan_path=str(folder))


@pytest.fixture
def masks():
    """Two segments that overlap, with slices between that hold nothing."""
    made = np.zeros((*SHAPE, 2), np.uint8)
    made[1, 3:8, 4:12, 0] = made[4, 3:8, 5:12, 0] = made[7, 2:8, 4:12, 0] = 1
    made[3:6, 5:12, 8:15, 1] = 1
    return made


@pytest.mark.slow
@pytest.mark.parametrize("shuffle", [False, True])
def test_segments_overlap_have_gaps_and_come_in_any_order(series, masks, tmp_path, shuffle):
    folder, source = series
    segments = [described(1, "Hepar"), described(2, "Segment 2", "kidney", "left")]
    path = write(source, masks, segments, tmp_path / "a.dcm", order=[5, 2, 7, 0, 1, 6, 3, 4], shuffle=shuffle)
    found = find(folder, path, "liver", "left kidney")
    assert np.array_equal(found.masks, masks.transpose(3, 0, 1, 2) > 0)
    assert np.array_equal(found.anything(), masks.any(-1))
    assert np.array_equal(find(folder, f"{path}:spleen=2", "spleen").masks[0], masks[..., 1] > 0)
    with pytest.raises(InputError, match="has no label 'right kidney'"):
        find(folder, path, "right kidney")


def test_codes_of_the_older_snomed_and_of_nothing_known(series, masks, tmp_path):
    folder, source = series
    path = write(source, masks, [described(1, "a", "old liver"), described(2, "Spleen")], tmp_path / "a.dcm")
    found = find(folder, path, "liver", "spleen")
    assert np.array_equal(found.masks, masks.transpose(3, 0, 1, 2) > 0)


def test_fractions_count_from_one_half_on(series, masks, tmp_path):
    folder, source = series
    parts = masks * 0.75
    parts[7] *= 0.5
    path = write(source, parts, [described(1, "Liver"), described(2, "Spleen")], tmp_path / "a.dcm", "FRACTIONAL")
    found = find(folder, path, "liver")
    assert np.array_equal(found.masks[0], (parts[..., 0] > 0.5)) and any("fractions" in n for n in found.notes)


def test_a_label_map_segmentation(series, masks, tmp_path):
    folder, source = series
    masks[..., 1] &= 1 - masks[..., 0]
    path = write(source, masks, [described(1, "Liver"), described(2, "Spleen")], tmp_path / "a.dcm", "LABELMAP")
    assert np.array_equal(find(folder, path, "spleen", "liver").masks, masks.transpose(3, 0, 1, 2)[::-1] > 0)


def test_another_frame_of_reference_is_refused_and_another_series_is_said(series, masks, tmp_path):
    folder, source = series
    other = images()
    path = write(other, masks, [described(1, "Liver"), described(2, "Spleen")], tmp_path / "a.dcm")
    with pytest.raises(InputError, match="drawn in another frame of reference"):
        find(folder, path, "liver")
    for one in other:
        one.FrameOfReferenceUID = source[0].FrameOfReferenceUID
    path = write(other, masks, [described(1, "Liver"), described(2, "Spleen")], tmp_path / "b.dcm")
    assert any("another series" in note for note in find(folder, path, "liver").notes)


@pytest.mark.slow
def test_a_folder_with_one_segmentation_is_that_one(series, masks, tmp_path):
    folder, source = series
    segments = [described(1, "Liver"), described(2, "Spleen")]
    write(source, masks, segments, tmp_path / "a.dcm")
    assert np.array_equal(find(folder, str(tmp_path), "liver").masks[0], masks[..., 0] > 0)
    write(source, masks, segments, tmp_path / "b.dcm")
    with pytest.raises(InputError, match="holds 2 DICOM segmentations .a.dcm, b.dcm."):
        find(folder, str(tmp_path), "liver")
    with pytest.raises(InputError, match="no label map|is the scan itself"):
        find(folder, str(folder), "liver")


def test_without_highdicom_it_is_said_what_to_install(series, masks, tmp_path, monkeypatch):
    folder, source = series
    path = write(source, masks, [described(1, "Liver"), described(2, "Spleen")], tmp_path / "a.dcm")
    monkeypatch.setitem(sys.modules, "highdicom", None)
    with pytest.raises(MissingPackage, match="a.dcm needs the Python package highdicom; install it with: pip install"):
        find(folder, path, "liver")


@pytest.mark.slow
def test_reading_label_maps_loads_no_dicom_package(tmp_path):
    program = "import sys, XAICLIPLib.roi.given; assert not {'highdicom', 'pydicom'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)


def test_contours_are_refused_with_what_to_do(series, tmp_path):
    folder, source = series
    one = pydicom.Dataset()
    one.file_meta = pydicom.dataset.FileMetaDataset()
    one.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    one.SOPClassUID = one.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.481.3"
    one.SOPInstanceUID = one.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    one.Modality = "RTSTRUCT"
    one.save_as(tmp_path / "rs.dcm", enforce_file_format=True)
    with pytest.raises(InputError, match="RT Structure Set.*SlicerRT"):
        find(folder, str(tmp_path / "rs.dcm"), "liver")
    assert dicomseg.header(tmp_path / "none.dcm") == {}
