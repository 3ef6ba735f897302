"""What is exported is read back: the same numbers, in the same places, about the same images, in the same study."""

import json
import re
import shutil
import struct
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

import XAICLIPLib as xai
from XAICLIPLib.cli import main
from XAICLIPLib.errors import InputError, MissingPackage, ResourceError
from XAICLIPLib.report.paper import write_pdf
from XAICLIPLib.report.provenance import plain
from XAICLIPLib.volume import Volume, read_volume, write_volume

pytestmark = pytest.mark.slow

highdicom = pytest.importorskip("highdicom")
pydicom = pytest.importorskip("pydicom")

SHAPE = (7, 20, 24)  # planes, rows, columns
TILT = np.deg2rad(10)  # the patient lies askew: no axis is a coordinate axis
DIRECTION = (1.0, 0.0, 0.0, 0.0, np.cos(TILT), -np.sin(TILT), 0.0, np.sin(TILT), np.cos(TILT))
NAME = "Müller^Zoë"


def write_series(folder, voxels, *, descending=False, uid=None, study=None, origin=(-30.0, -20.0, 50.0), **changed):
    """A CT series whose file names say nothing about where its slices are; numbered from the head if descending."""
    folder.mkdir(parents=True, exist_ok=True)
    direction = np.array(DIRECTION).reshape(3, 3)
    series, study, frame = uid or highdicom.UID(), study or highdicom.UID(), highdicom.UID()
    shuffled = np.random.default_rng(3).permutation(len(voxels))
    for k, pixels in enumerate(voxels):
        image = pydicom.Dataset()
        image.SpecificCharacterSet = "ISO_IR 100"
        image.SOPClassUID, image.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", highdicom.UID()
        image.StudyInstanceUID, image.SeriesInstanceUID, image.FrameOfReferenceUID = study, series, frame
        image.PatientName, image.PatientID, image.PatientBirthDate, image.PatientSex = NAME, "P7", "19500102", "F"
        image.StudyDate, image.StudyTime, image.StudyID, image.AccessionNumber = "20200301", "101500", "S1", "A9"
        image.Modality, image.SeriesNumber, image.SeriesDescription = "CT", 3, "abdomen"
        image.InstanceNumber = len(voxels) - k if descending else k + 1
        image.ImageType, image.KVP, image.AcquisitionNumber = ["ORIGINAL", "PRIMARY", "AXIAL"], "120", 1
        place = np.array(origin) + k * 4.0 * direction[:, 2]
        image.ImagePositionPatient = [f"{v:.8f}" for v in place]
        image.ImageOrientationPatient = [f"{v:.10f}" for v in direction[:, :2].T.ravel()]
        image.PixelSpacing, image.SliceThickness = [2.5, 2.0], "5"
        image.SamplesPerPixel, image.PhotometricInterpretation, image.PixelRepresentation = 1, "MONOCHROME2", 1
        image.Rows, image.Columns, image.BitsAllocated, image.BitsStored, image.HighBit = *pixels.shape, 16, 16, 15
        image.RescaleSlope, image.RescaleIntercept = "1", "-1000"
        image.PixelData = (pixels + 1000).astype("<i2").tobytes()
        for name, value in changed.items():
            if value is None:
                delattr(image, name)
            else:
                setattr(image, name, value)
        image.file_meta = pydicom.dataset.FileMetaDataset()
        image.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
        image.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
        image.file_meta.MediaStorageSOPInstanceUID = image.get("SOPInstanceUID") or highdicom.UID()
        image.save_as(folder / f"im{shuffled[k]:02d}", enforce_file_format=bool(image.get("SOPInstanceUID")))
    return folder


def scan_voxels():
    voxels = np.random.default_rng(0).integers(-200, 300, SHAPE)
    voxels[:, 6:14, 5:15] = 100
    return voxels


def explained(scan, patch=10, **more):
    """A run of a model that needs no weights, on three of the seven slices."""
    import torch

    def bright(batch):
        return torch.cat([torch.sigmoid((batch - 90) / 5), torch.sigmoid((batch - 200) / 5)], 1)

    bright.targets = ("right kidney", "brain tumour")
    settings = {"region": "full", "device": "cpu", "slices": "2:5", "evidence": "none"} | more
    run = xai.explain(scan, list(bright.targets), xai.Occlusion(patch, patch), model=bright, **settings)
    # drops that differ in every voxel, and masks without any symmetry: nothing can be swapped unnoticed
    rng = np.random.default_rng(1)
    axial = scan.axial()
    planes = np.zeros(axial.shape, bool)
    planes[run.report["slices"]["explained"]] = True

    def noise(make):
        return scan.restore(axial.like(make(axial.shape) * planes))

    return replace(
        run,
        drops={name: noise(lambda s: rng.normal(0, 0.2, s).astype(np.float32)) for name in run.drops},
        prediction=noise(lambda s: rng.integers(0, 3, s).astype(np.uint8)),
        roi=noise(lambda s: rng.integers(0, 2, s).astype(np.uint8)),
        evaluated=noise(lambda s: np.ones(s, np.uint8)),
    )


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    return write_series(tmp_path_factory.mktemp("dicom") / "ct", scan_voxels(), descending=True)


@pytest.fixture(scope="module")
def run(series):
    return explained(read_volume(series))


@pytest.fixture(scope="module")
def run_folder(run, tmp_path_factory):
    return run.save(tmp_path_factory.mktemp("dicom") / "run")


@pytest.fixture(scope="module")
def out(run, run_folder, series, tmp_path_factory):
    folder = tmp_path_factory.mktemp("dicom") / "out"
    run.export_dicom(folder, series, pictures=run_folder)
    return folder


def sources(folder):
    """Images of a series by their UID."""
    images = [pydicom.dcmread(p) for p in folder.rglob("*") if p.is_file() and pydicom.misc.is_dicom(p)]
    return {str(image.SOPInstanceUID): image for image in images}


def frames(thing):
    """Position, and UID of the source image, of every frame."""
    for item in thing.PerFrameFunctionalGroupsSequence:
        reference = item.DerivationImageSequence[0].SourceImageSequence[0]
        yield (
            np.array(item.PlanePositionSequence[0].ImagePositionPatient, float),
            str(reference.ReferencedSOPInstanceUID),
        )


def value_at(volume: Volume, place, row, column, measures, orientation):
    """A volume's value at a pixel of an image, by its place in the patient alone."""
    across, down = np.array(orientation, float).reshape(2, 3)
    point = place + column * float(measures[1]) * across + row * float(measures[0]) * down
    index = np.linalg.solve(np.array(volume.direction).reshape(3, 3), point - volume.origin) / volume.spacing
    i, j, k = np.rint(index).astype(int)
    np.testing.assert_allclose(index, (i, j, k), atol=1e-3)
    return volume.voxels[k, j, i]


def check_frames(thing, pixels, volume, series):
    """Every pixel of every frame is the volume's voxel at that point, and refers to the image that lies there."""
    shared = thing.SharedFunctionalGroupsSequence[0]
    orientation = shared.PlaneOrientationSequence[0].ImageOrientationPatient
    measures = shared.PixelMeasuresSequence[0]
    images = sources(series)
    seen = set()
    for (place, uid), frame in zip(frames(thing), pixels, strict=True):
        assert uid in images  # the reference resolves …
        np.testing.assert_allclose(
            np.array(images[uid].ImagePositionPatient, float), place, atol=1e-6
        )  # … to that plane
        seen.add(uid)
        for row, column in [(0, 0), (0, 23), (19, 0), (7, 11), (19, 23)]:
            assert frame[row, column] == value_at(volume, place, row, column, measures.PixelSpacing, orientation)
    referenced = {str(i.ReferencedSOPInstanceUID) for i in thing.ReferencedSeriesSequence[0].ReferencedInstanceSequence}
    assert seen <= referenced <= set(images)
    assert thing.ReferencedSeriesSequence[0].SeriesInstanceUID == images[uid].SeriesInstanceUID
    return seen


def check_file(path, study_of):
    """A file as the standard wants it, in the study and about the patient of the source."""
    thing = pydicom.dcmread(path)
    assert path.read_bytes()[128:132] == b"DICM"
    assert thing.file_meta.MediaStorageSOPInstanceUID == thing.SOPInstanceUID
    assert thing.file_meta.MediaStorageSOPClassUID == thing.SOPClassUID
    assert thing.file_meta.TransferSyntaxUID == pydicom.uid.ExplicitVRLittleEndian
    for name in ("StudyInstanceUID", "PatientID", "PatientBirthDate", "StudyDate", "StudyID", "AccessionNumber"):
        assert thing[name].value == study_of[name].value, name
    assert str(thing.PatientName) == str(study_of.PatientName)
    assert thing.SeriesInstanceUID != study_of.SeriesInstanceUID and thing.SOPInstanceUID != study_of.SOPInstanceUID
    return thing


def raw_floats(path):
    """The float pixels, read from the bytes of the file without any DICOM library."""
    data = path.read_bytes()
    at = data.index(b"\xe0\x7f\x08\x00OF\x00\x00")
    (size,) = struct.unpack("<I", data[at + 8 : at + 12])
    return np.frombuffer(data[at + 12 : at + 12 + size], "<f4")


def test_the_saliency_is_a_parametric_map_of_the_very_numbers(run, out, series):
    first = next(iter(sources(series).values()))
    maps = []
    for name in ("kidney_right", "brain_tumour"):
        path = out / f"saliency-{name}.dcm"
        check_file(path, first)
        thing = highdicom.pm.pmread(path) if hasattr(highdicom.pm, "pmread") else highdicom.imread(path)
        assert thing.SOPClassUID.name == "Parametric Map Storage" and thing.ContentQualification == "RESEARCH"
        pixels = raw_floats(path).reshape(-1, *SHAPE[1:])
        assert np.array_equal(pixels, thing.pixel_array) and pixels.dtype == np.float32
        assert pixels.min() < 0 < pixels.max()  # signed
        assert len(check_frames(thing, pixels, run.drops[name], series)) == 3
        group = thing.SharedFunctionalGroupsSequence[0]
        mapping = group.RealWorldValueMappingSequence[0]
        quantity = mapping.QuantityDefinitionSequence[0].ConceptCodeSequence[0]
        assert (quantity.CodeValue, quantity.CodingSchemeDesignator) == ("130402", "DCM")  # class activation
        assert (mapping.RealWorldValueSlope, mapping.RealWorldValueIntercept) == (1, 0)
        assert mapping.MeasurementUnitsCodeSequence[0].CodeValue == "1"
        assert mapping.DoubleFloatRealWorldValueFirstValueMapped <= pixels.min()
        assert mapping.DoubleFloatRealWorldValueLastValueMapped >= pixels.max()
        assert group.PixelMeasuresSequence[0].SpacingBetweenSlices == pytest.approx(4)  # not the slices' thickness of 5
        window = group.FrameVOILUTSequence[0]
        assert window.WindowCenter + window.WindowWidth / 2 == pytest.approx(pixels.max(), rel=1e-5)
        assert "Research use only" in thing.DerivationDescription and "occlusion" in thing.DerivationDescription
        maps.append(thing)
    assert maps[0].SeriesInstanceUID == maps[1].SeriesInstanceUID and maps[0].SeriesNumber == 301
    assert maps[0].InstanceNumber != maps[1].InstanceNumber


def by_dcmqi(program, file, folder):
    """What dcmqi, with which 3D Slicer reads these objects, makes of one: the images, and what it complained of."""
    folder.mkdir()
    command = [Path(sys.executable).with_name(program), "--inputDICOM", file, "--outputDirectory", folder]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    complaints = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith(("W:", "E:", "ERROR"))]
    return [Volume.from_sitk(sitk.ReadImage(str(p))) for p in sorted(folder.glob("*.nrrd"))], complaints


def check_in_space(seen, volume):
    """A volume that another reader saw lies on the planes of ours, and has its values there."""
    index = np.argwhere(np.ones(seen.shape, bool))[:, ::-1]
    places = index * seen.spacing @ np.array(seen.direction).reshape(3, 3).T + seen.origin
    own = (places - volume.origin) @ np.array(volume.direction).reshape(3, 3) / volume.spacing
    np.testing.assert_allclose(own, np.rint(own), atol=1e-3)
    i, j, k = np.rint(own).astype(int).T
    assert np.array_equal(seen.voxels.ravel(), volume.voxels[k, j, i])
    assert np.count_nonzero(seen.voxels) == np.count_nonzero(volume.voxels)


def test_dcmqi_sees_the_maps_where_they_are(run, out, tmp_path):
    """It stacks the frames as they are stored: in another order the map would be upside down in 3D Slicer."""
    pytest.importorskip("dcmqi")
    for name in ("kidney_right", "brain_tumour"):
        (seen,), complaints = by_dcmqi("paramap2itkimage", out / f"saliency-{name}.dcm", tmp_path / name)
        check_in_space(seen, run.drops[name])
        assert not complaints
        (said,) = (json.loads(p.read_text()) for p in (tmp_path / name).glob("*.json"))
        place, side = ("64033007", "R") if name == "kidney_right" else ("12738006", "U")
        assert said["AnatomicRegionSequence"]["CodeValue"] == place and said["FrameLaterality"] == side
        assert said["QuantityValueCode"]["CodeMeaning"] == "Class activation"


def test_dcmqi_sees_the_segments_where_they_are(run, out, tmp_path):
    pytest.importorskip("dcmqi")
    seen, complaints = by_dcmqi("segimage2itkimage", out / "segmentation-prediction.dcm", tmp_path / "prediction")
    assert len(seen) == 2 and not complaints
    for number, volume in enumerate(seen, start=1):
        mask = run.prediction.like((run.prediction.voxels == number).astype(np.uint8))
        check_in_space(volume.like((volume.voxels > 0).astype(np.uint8)), mask)
    (seen,), complaints = by_dcmqi("segimage2itkimage", out / "segmentation-region.dcm", tmp_path / "region")
    check_in_space(seen.like((seen.voxels > 0).astype(np.uint8)), run.roi)
    assert not complaints


def test_a_plane_that_was_left_out_between_others_leaves_no_gap(run, series, tmp_path):
    """Readers stack frames without a look at gaps."""

    def without(volume):
        voxels = volume.voxels.copy()
        voxels[3] = 0  # of 2, 3 and 4
        return volume.like(voxels)

    holed = replace(
        run, drops={name: without(v) for name, v in run.drops.items()},
        **{name: without(getattr(run, name)) for name in ("evaluated", "roi", "prediction")},
    )  # fmt: skip
    holed.export_dicom(tmp_path / "out", series)
    path = tmp_path / "out" / "saliency-kidney_right.dcm"
    thing = highdicom.imread(path)
    pixels = raw_floats(path).reshape(-1, *SHAPE[1:])
    check_frames(thing, pixels, holed.drops["kidney_right"], series)
    assert [frame.any() for frame in pixels] == [True, False, True]
    heights = [place @ np.array(DIRECTION).reshape(3, 3)[:, 2] for place, _ in frames(thing)]
    np.testing.assert_allclose(np.diff(heights), 4, atol=1e-5)
    numbers = [f.FrameContentSequence[0].DimensionIndexValues for f in thing.PerFrameFunctionalGroupsSequence]
    assert list(map(int, numbers)) == [1, 2, 3]


def test_prediction_is_a_segmentation_with_the_codes_of_the_anatomy(run, out, series):
    check_file(out / "segmentation-prediction.dcm", next(iter(sources(series).values())))
    thing = highdicom.seg.segread(out / "segmentation-prediction.dcm")
    kidney, tumour = (thing.get_segment_description(n) for n in (1, 2))
    kind = kidney.SegmentedPropertyTypeCodeSequence[0]
    assert (kind.CodeValue, kind.CodingSchemeDesignator) == ("64033007", "SCT")
    assert kind.SegmentedPropertyTypeModifierCodeSequence[0].CodeValue == "24028007"  # right
    assert kidney.segmented_property_category.value == "123037004" and kidney.segment_label == "right kidney"
    assert tumour.segmented_property_category.value == "49755003"
    assert tumour.segmented_property_type.value == "108369006"
    assert tumour.AnatomicRegionSequence[0].CodeValue == "12738006"  # brain
    algorithm = kidney.SegmentationAlgorithmIdentificationSequence[0]
    assert algorithm.AlgorithmName == run.report["model"]["name"] and "XAICLIP" in algorithm.AlgorithmVersion
    assert kidney.SegmentAlgorithmType == "AUTOMATIC"
    for number in (1, 2):
        mask = run.prediction.like((run.prediction.voxels == number).astype(np.uint8))
        own = [
            (item.SegmentIdentificationSequence[0].ReferencedSegmentNumber, frame)
            for item, frame in zip(thing.PerFrameFunctionalGroupsSequence, thing.pixel_array)
        ]
        part = pydicom.Dataset()
        part.SharedFunctionalGroupsSequence = thing.SharedFunctionalGroupsSequence
        part.ReferencedSeriesSequence = thing.ReferencedSeriesSequence
        part.PerFrameFunctionalGroupsSequence = [
            item
            for item in thing.PerFrameFunctionalGroupsSequence
            if item.SegmentIdentificationSequence[0].ReferencedSegmentNumber == number
        ]
        assert len(check_frames(part, [frame for n, frame in own if n == number], mask, series)) == 3


def test_the_region_is_a_place_and_a_second_reader_sees_it_there(run, out):
    """GDCM, by SimpleITK: voxel by voxel, in space."""
    image = sitk.ReadImage(str(out / "segmentation-region.dcm"))
    seen = Volume.from_sitk(image)
    assert seen.voxels.any()
    assert np.array_equal(seen.labels_on(run.roi).voxels > 0, run.roi.voxels > 0)
    (segment,) = highdicom.seg.segread(out / "segmentation-region.dcm").SegmentSequence
    assert segment.SegmentedPropertyCategoryCodeSequence[0].CodeValue == "309825002"
    assert "AnatomicRegionSequence" not in segment  # a segment has one at most
    assert segment.SegmentLabel == "Region: right kidney, brain tumour"


def test_the_region_of_one_structure_says_where_that_is(run, series, tmp_path):
    report = {**run.report, "structures": run.report["structures"][:1]}
    replace(run, report=report).export_dicom(tmp_path / "out", series)
    (segment,) = highdicom.seg.segread(tmp_path / "out" / "segmentation-region.dcm").SegmentSequence
    (place,) = segment.AnatomicRegionSequence
    assert place.CodeValue == "64033007" and place.AnatomicRegionModifierSequence[0].CodeValue == "24028007"


def test_the_montages_are_pictures_for_every_viewer(out, run_folder, series):
    for name in ("kidney_right", "brain_tumour"):
        thing = check_file(out / f"montage-{name}.dcm", next(iter(sources(series).values())))
        picture = sitk.GetArrayFromImage(sitk.ReadImage(str(run_folder / f"montage-{name}.png")))[..., :3]
        assert thing.SOPClassUID.name == "Secondary Capture Image Storage" and thing.BurnedInAnnotation == "YES"
        assert np.array_equal(thing.pixel_array, picture)
        assert np.array_equal(sitk.GetArrayFromImage(sitk.ReadImage(str(out / f"montage-{name}.dcm")))[0], picture)
        assert {str(i.ReferencedSOPInstanceUID) for i in thing.SourceImageSequence} <= set(sources(series))


def test_the_numbers_are_a_report_that_a_second_reader_reads(run, out, series, tmp_path):
    """dcmqi's reader of TID 1500 finds each structure's numbers, about its own segment and place."""
    pytest.importorskip("dcmqi")
    check_file(out / "numbers.dcm", next(iter(sources(series).values())))
    command = [Path(sys.executable).with_name("tid1500reader"), "--inputDICOM", out / "numbers.dcm"]
    command += ["--outputMetadata", tmp_path / "numbers.json"]
    subprocess.run(list(map(str, command)), check=True, capture_output=True, timeout=120)
    groups = json.loads((tmp_path / "numbers.json").read_text())["Measurements"]
    assert [g["TrackingIdentifier"] for g in groups] == ["right kidney", "brain tumour"]
    segments = highdicom.seg.segread(out / "segmentation-prediction.dcm")
    for group, row in zip(groups, run.summary):
        named = segments.get_segment_description(group["ReferencedSegment"]).segment_label
        assert named == group["TrackingIdentifier"]
        assert group["segmentationSOPInstanceUID"] == segments.SOPInstanceUID
        values = {m["quantity"]["CodeValue"]: float(m["value"]) for m in group["measurementItems"]}
        assert values["SCORE"] == pytest.approx(row.score, abs=1e-6)
        assert values["LARGEST_DROP"] == pytest.approx(row.largest_drop, abs=1e-6)
        assert values["EVALUATIONS"] == row.evaluations and values["PEAK_SLICE"] == row.largest_drop_slice
        assert "DICE" not in values, "there was no reference"
    assert groups[0]["FindingSite"]["CodeValue"] == "64033007" and groups[0]["Laterality"]["CodeMeaning"] == "Right"


def test_what_was_not_predicted_has_its_numbers_without_a_segment(run, series, tmp_path):
    none = replace(run, prediction=run.prediction.like((run.prediction.voxels == 2) * np.uint8(2)))
    none.export_dicom(tmp_path / "out", series)
    report = highdicom.sr.srread(tmp_path / "out" / "numbers.dcm")
    groups = report.content.get_volumetric_roi_measurement_groups()
    assert [g.tracking_identifier for g in groups] == ["brain tumour"]
    others = report.content.get_image_measurement_groups()
    assert [g.tracking_identifier for g in others] == ["right kidney"]
    assert {m.name.value for m in others[0].get_measurements()} >= {"SCORE", "LARGEST_DROP"}


def test_the_report_is_a_pdf_in_the_study(run, out, run_folder, series):
    thing = check_file(out / "report.dcm", next(iter(sources(series).values())))
    assert thing.SOPClassUID.name == "Encapsulated PDF Storage" and thing.Modality == "DOC"
    assert thing.MIMETypeOfEncapsulatedDocument == "application/pdf"
    pdf = bytes(thing.EncapsulatedDocument)[: thing.EncapsulatedDocumentLength]
    assert pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF")
    assert len(re.findall(rb"/Type /Page\b", pdf)) >= 2
    told = {str(item.ReferencedSOPInstanceUID) for item in thing.SourceInstanceSequence}
    others = {str(pydicom.dcmread(p).SOPInstanceUID) for p in out.glob("*.dcm") if p.name != "report.dcm"}
    assert told == others
    rows = [plain(row) for row in run.rows]
    again = write_pdf(plain(run.report), rows, run_folder)
    assert again == pdf, "the same run, the same pages"
    assert len(write_pdf(plain(run.report), rows, None)) < len(pdf) / 2, "without its pictures"
    if pdftotext := shutil.which("pdftotext"):
        said = subprocess.run([pdftotext, "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
        assert "Research use only" in said and "right kidney" in said and f"{run.summary[0].score:.4g}" in said
        assert "Müller" not in said and "P7" not in said


def test_series_differ_by_kind_and_nothing_of_the_source_is_copied_or_changed(out, series, run):
    things = [pydicom.dcmread(p) for p in out.glob("*.dcm")]
    assert len({t.SOPInstanceUID for t in things}) == len(things) == 8
    assert len({t.SeriesInstanceUID for t in things}) == 6
    assert not (out / "scan").exists()
    listed = json.loads((out / "export.json").read_text())
    assert listed["kind"] == "xaiclip dicom export" and listed["study_is_new"] is False and listed["planes"] == 3
    assert set(listed["files"]) == {p.name for p in out.iterdir()}
    assert listed["objects"] == {p.name: str(pydicom.dcmread(p).SOPInstanceUID) for p in out.glob("*.dcm")}


@pytest.mark.parametrize("code", ["LPS", "RAS", "ASR", "PIR"])
def test_a_result_on_a_turned_grid_goes_to_the_same_places(series, tmp_path, code):
    """The same scan as a file that somebody turned: the result's grid is another order of the same voxels."""
    scan = read_volume(series)
    turned = Volume.from_sitk(sitk.DICOMOrient(scan.to_sitk(), code), modality="CT")
    result = explained(turned)
    result.export_dicom(tmp_path / "out", series)
    for name in ("kidney_right", "brain_tumour"):
        thing = highdicom.imread(tmp_path / "out" / f"saliency-{name}.dcm")
        check_frames(thing, raw_floats(tmp_path / "out" / f"saliency-{name}.dcm").reshape(-1, *SHAPE[1:]),
                     result.drops[name], series)  # fmt: skip


def test_a_scan_that_is_no_dicom_gets_a_study(tmp_path):
    """…that holds the scan itself, so that references resolve; another reader finds the scan in it unchanged."""
    direction = tuple(np.array(DIRECTION).reshape(3, 3)[:, [0, 1, 2]].dot(np.diag([-1.0, 1.0, 1.0])).ravel())
    scan = Volume(scan_voxels().astype(np.int16), (2.0, 2.5, 4.0), (3.0, -7.0, 11.0), direction, "CT", "some.nii")
    file = write_volume(scan, tmp_path / "some.nii.gz")
    result = explained(scan)
    export = result.export_dicom(tmp_path / "out", file)
    assert export.copied == 7 and any("some.nii.gz is no DICOM" in n and "new study" in n for n in export.notes)
    again = read_volume(tmp_path / "out" / "scan")
    order = sitk.DICOMOrient(again.to_sitk(), scan.orientation)
    np.testing.assert_allclose(order.GetOrigin(), scan.origin, atol=1e-4)
    np.testing.assert_allclose(order.GetDirection(), scan.direction, atol=1e-5)
    assert np.array_equal(sitk.GetArrayFromImage(order), scan.voxels)
    images = sources(tmp_path / "out" / "scan")
    assert {i.SOPClassUID.name for i in images.values()} == {"Secondary Capture Image Storage"}
    assert {i.StudyDate for i in images.values()} == {date.today().strftime("%Y%m%d")}
    first = next(iter(images.values()))
    for name in ("kidney_right", "brain_tumour"):
        path = tmp_path / "out" / f"saliency-{name}.dcm"
        thing = check_file(path, first)
        check_frames(thing, raw_floats(path).reshape(-1, *SHAPE[1:]), result.drops[name], tmp_path / "out" / "scan")


def test_values_that_are_no_whole_numbers_are_rounded_and_it_is_said(tmp_path):
    scan = Volume((scan_voxels() + 0.3).astype(np.float32), (2.0, 2.5, 4.0), modality="CT", name="ct.nrrd")
    file = write_volume(scan, tmp_path / "ct.nrrd")
    export = explained(scan).export_dicom(tmp_path / "out", file)
    assert "rounded to steps of 0.00761" in export.notes[0]  # 499 in 65535
    again = read_volume(tmp_path / "out" / "scan")
    assert np.abs(again.voxels - scan.voxels).max() <= 0.00762 / 2


def test_the_real_series_whose_uids_were_removed(real_scan, tmp_path):
    folder = real_scan("ct_series")
    scan = read_volume(folder)
    result = explained(scan, patch=200)
    export = result.export_dicom(tmp_path / "out", folder)
    assert export.copied == 20 and "no study or series UID" in export.notes[0]
    copies = sources(tmp_path / "out" / "scan")
    originals = {
        str(pydicom.dcmread(p, stop_before_pixels=True).file_meta.MediaStorageSOPInstanceUID) for p in folder.iterdir()
    }
    assert set(copies) == originals and len({i.StudyInstanceUID for i in copies.values()} - {""}) == 1
    again = read_volume(tmp_path / "out" / "scan")
    assert again.same_grid(scan) and np.array_equal(again.voxels, scan.voxels)
    name = "kidney_right"
    thing = highdicom.imread(tmp_path / "out" / f"saliency-{name}.dcm")
    by_place = {round(float(place[2]), 3): k for k, (place, _) in enumerate(frames(thing))}
    pixels = raw_floats(tmp_path / "out" / f"saliency-{name}.dcm").reshape(-1, 512, 512)
    for z in (2, 3, 4):
        height = round(scan.origin[2] + z * scan.spacing[2], 3)
        assert np.array_equal(pixels[by_place[height]], result.drops[name].voxels[z])
    for place, uid in frames(thing):
        assert np.allclose(np.array(copies[uid].ImagePositionPatient, float), place)


def test_of_several_series_the_one_on_the_grid_is_taken(run, series, tmp_path):
    write_series(tmp_path / "study" / "a", scan_voxels(), origin=(-30.0, -20.0, 950.0), uid="1.2.3.111")
    write_series(tmp_path / "study" / "b", scan_voxels(), uid="1.2.3.222")
    (tmp_path / "study" / "notes.txt").write_text("no image")
    run.export_dicom(tmp_path / "out", tmp_path / "study")
    thing = pydicom.dcmread(tmp_path / "out" / "segmentation-region.dcm")
    assert thing.ReferencedSeriesSequence[0].SeriesInstanceUID == "1.2.3.222"
    write_series(tmp_path / "study" / "c", scan_voxels(), uid="1.2.3.333")
    with pytest.raises(InputError, match="2 series on the run's grid; choose one with --uid: 1.2.3.222.*1.2.3.333"):
        run.export_dicom(tmp_path / "out", tmp_path / "study")
    run.export_dicom(tmp_path / "out", tmp_path / "study", "333")
    thing = pydicom.dcmread(tmp_path / "out" / "segmentation-region.dcm")
    assert thing.ReferencedSeriesSequence[0].SeriesInstanceUID == "1.2.3.333"
    with pytest.raises(InputError, match="holds no series 444; it holds"):
        run.export_dicom(tmp_path / "out", tmp_path / "study", "444")


@pytest.mark.parametrize(
    "changed, message",
    [
        (
            {"origin": (-30.0, -20.0 - 160 * np.sin(TILT), 50.0 + 160 * np.cos(TILT))},
            "none of its images lies in a plane of the run",
        ),
        ({"origin": (-29.0, -20.0, 50.0)}, "0.5 pixels beside the run's planes"),
        ({"PixelSpacing": [2.5, 2.5]}, "pixels measure 2.5 × 2.5 mm, the run's 2.5 × 2 mm"),
        ({"ImageOrientationPatient": [1, 0, 0, 0, 1, 0]}, "turned against the run's grid"),
        ({"Rows": 24, "Columns": 20}, "24 × 20 pixels, the run's planes 20 × 24"),
    ],
)
def test_another_scan_is_refused_with_the_difference(run, tmp_path, changed, message):
    folder = write_series(tmp_path / "other", scan_voxels(), **changed)
    with pytest.raises(InputError, match="does not hold the scan that was explained.*" + message):
        run.export_dicom(tmp_path / "out", folder)
    assert not (tmp_path / "out").exists()


def test_a_series_with_a_slice_missing_or_twice_is_refused(run, series, tmp_path):
    for path in sorted(write_series(tmp_path / "less", scan_voxels()).iterdir()):
        if abs(float(pydicom.dcmread(path).ImagePositionPatient[2]) - (50 + 3 * 4 * np.cos(TILT))) < 0.01:
            path.unlink()
    with pytest.raises(InputError, match="no image in 1 of 3 explained planes"):
        run.export_dicom(tmp_path / "out", tmp_path / "less")
    write_series(tmp_path / "twice" / "a", scan_voxels(), uid="1.2.3")
    write_series(tmp_path / "twice" / "b", scan_voxels(), uid="1.2.3")
    with pytest.raises(InputError, match="several images in one plane"):
        run.export_dicom(tmp_path / "out", tmp_path / "twice")
    assert not (tmp_path / "out").exists()


def test_what_a_series_lacks_is_made_up_for(run, tmp_path):
    folder = write_series(tmp_path / "ct", scan_voxels(), FrameOfReferenceUID=None, PatientSex=None, StudyTime=None)
    export = run.export_dicom(tmp_path / "out", folder)
    assert any("frame of reference" in note for note in export.notes) and not export.copied
    thing = pydicom.dcmread(tmp_path / "out" / "segmentation-region.dcm")
    assert thing.FrameOfReferenceUID and thing.PatientSex == "" and thing.PatientID == "P7"


def test_images_that_highdicom_refuses_are_said(run, series, tmp_path):
    """Cosines that differ in the last digit are one orientation to us, but not to it."""
    write_series(tmp_path / "ct", scan_voxels())
    for path in (tmp_path / "ct").iterdir():
        image = pydicom.dcmread(path)
        if abs(float(image.ImagePositionPatient[2]) - (50 + 3 * 4 * np.cos(TILT))) < 0.01:
            image.ImageOrientationPatient = [f"{v:.6f}" for v in map(float, image.ImageOrientationPatient)]
            image.save_as(path)
    with pytest.raises(InputError, match="can't be referred to.*orientation"):
        run.export_dicom(tmp_path / "out", tmp_path / "ct")


def test_a_structure_that_only_its_text_describes_has_a_private_code(run, series, tmp_path):
    report = {**run.report, "structures": [dict(entry) for entry in run.report["structures"]]}
    report["structures"][0] |= {"name": "kidney_right", "label": "weiße Stelle im 肝臓", "snomed_ct": ""}
    replace(run, report=report).export_dicom(tmp_path / "out", series)
    segment = highdicom.seg.segread(tmp_path / "out" / "segmentation-prediction.dcm").get_segment_description(1)
    assert segment.segmented_property_type.scheme_designator == "99XAICLIP"
    assert segment.segment_label == "weiße Stelle im 肝臓"


def test_nothing_explained_is_nothing_to_export(run, series, tmp_path):
    empty = replace(run, evaluated=run.evaluated.like(np.zeros(run.evaluated.shape, np.uint8)))
    with pytest.raises(InputError, match="nothing was explained"):
        empty.export_dicom(tmp_path / "out", series)
    assert not (tmp_path / "out").exists()


def test_what_was_not_predicted_is_said(run, series, tmp_path):
    none = replace(run, prediction=run.prediction.like((run.prediction.voxels == 2) * np.uint8(2)))
    export = none.export_dicom(tmp_path / "out", series)
    assert any("right kidney was predicted in no plane" in note for note in export.notes)
    (segment,) = highdicom.seg.segread(tmp_path / "out" / "segmentation-prediction.dcm").SegmentSequence
    assert segment.SegmentLabel == "brain tumour"


def test_the_command_exports_a_saved_run(run, run_folder, series, tmp_path, capsys):
    assert main(["dicom", str(run_folder), "--series", str(series), "--out", str(tmp_path / "out")]) == 0
    printed, said = capsys.readouterr()
    assert "8 DICOM objects ->" in printed and "segmentation-region.dcm" in printed and not said
    before = pydicom.dcmread(tmp_path / "out" / "saliency-kidney_right.dcm")
    assert np.array_equal(np.sort(raw_floats(tmp_path / "out" / "saliency-kidney_right.dcm")),
                          np.sort(run.drops["kidney_right"].voxels[run.drops["kidney_right"].voxels != 0]))  # fmt: skip
    # again: the earlier objects are replaced, what else is there stays
    (tmp_path / "out" / "mine.txt").write_text("mine")
    assert main(["dicom", str(run_folder), "--series", str(series), "--out", str(tmp_path / "out")]) == 0
    after = pydicom.dcmread(tmp_path / "out" / "saliency-kidney_right.dcm")
    assert before.SOPInstanceUID != after.SOPInstanceUID and before.StudyInstanceUID == after.StudyInstanceUID
    assert len(list(tmp_path.joinpath("out").glob("*.dcm"))) == 8 and (tmp_path / "out" / "mine.txt").exists()


def refused(capsys, *arguments):
    assert main(["dicom", *map(str, arguments)]) == 2
    return capsys.readouterr().err


def test_bad_input_is_one_line_that_says_what_to_do(run_folder, series, tmp_path, capsys):
    out = ["--out", tmp_path / "out"]
    assert "holds no explanation" in refused(capsys, tmp_path, "--series", series, *out)
    assert "is not there; give its DICOM folder" in refused(capsys, run_folder, "--series", tmp_path / "gone", *out)
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "x.txt").write_text("x")
    assert "holds no DICOM images" in refused(capsys, run_folder, "--series", tmp_path / "empty", *out)
    other = write_volume(Volume(np.arange(8.0).reshape(2, 2, 2)), tmp_path / "other.nrrd")
    assert "its grid is another one" in refused(capsys, run_folder, "--series", other, *out)
    (tmp_path / "file").write_text("")
    assert "can't be made" in refused(capsys, run_folder, "--series", series, "--out", tmp_path / "file" / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that nobody can write to")
def test_a_folder_that_can_not_be_written_to(run_folder, series, capsys):
    assert "can't be made" in refused(capsys, run_folder, "--series", series, "--out", "/proc/xaiclip")


def test_a_disk_that_fills_up_leaves_nothing_and_loses_nothing(run, series, tmp_path, monkeypatch):
    run.export_dicom(tmp_path / "out", series)
    before = {p: p.read_bytes() for p in tmp_path.joinpath("out").iterdir()}
    calls, real = [], pydicom.Dataset.save_as

    def full(self, *arguments, **more):
        calls.append(1)
        if len(calls) > 2:
            raise OSError(28, "No space left on device")
        real(self, *arguments, **more)

    monkeypatch.setattr(pydicom.Dataset, "save_as", full)
    with pytest.raises(ResourceError, match="No space left on device"):
        run.export_dicom(tmp_path / "out", series)
    assert {p: p.read_bytes() for p in tmp_path.joinpath("out").iterdir()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_without_highdicom_the_extra_is_named(run, series, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "highdicom", None)
    with pytest.raises(MissingPackage, match=r"the DICOM export needs .* highdicom.*pip install \"highdicom>="):
        run.export_dicom(tmp_path / "out", series)


def test_an_old_highdicom_is_named(run, series, tmp_path, monkeypatch):
    monkeypatch.setattr(highdicom, "__version__", "0.22.0")
    with pytest.raises(MissingPackage, match=r"needs .* highdicom 0.28 or later"):
        run.export_dicom(tmp_path / "out", series)
