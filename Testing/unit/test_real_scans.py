"""Real CT and MR: the phantom can only be as surprising as we made it."""

import shutil

import numpy as np
import pydicom
import pytest
from pydicom.uid import generate_uid

import XAICLIPLib as xai
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.cautions import cautions
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import InputError, Unsuitable
from XAICLIPLib.pipeline.explain import run
from XAICLIPLib.pipeline.locate import locate
from XAICLIPLib.preprocess import choose_preset
from XAICLIPLib.roi.given import labelled
from XAICLIPLib.volume import Volume, modality_of, read_volume

pytestmark = pytest.mark.slow

FAST = xai.Occlusion(128, 64, unit="px512")


def dice(a, b):
    return 2 * (a & b).sum() / (a.sum() + b.sum())


@pytest.fixture(scope="module")
def series(real_scan):
    """The DICOM series, and its labels as they are stored: with another direction."""
    return read_volume(real_scan("ct_series")), read_volume(real_scan("ct_series_labels.nii.gz"))


@pytest.fixture(scope="module")
def coarse(real_scan):
    """The 3 mm CT; stored from left to right and from back to front."""
    return read_volume(real_scan("ct_3mm.nii.gz")), read_volume(real_scan("ct_3mm_labels.nii.gz"))


def test_the_dicom_series(series):
    scan, _ = series
    assert scan.shape == (20, 512, 512) and scan.modality == "CT" and scan.notes == ()
    assert np.allclose(scan.spacing, (0.98, 0.98, 2.0), atol=0.01)
    assert scan.voxels.min() < -900 and scan.voxels.max() > 300
    assert np.allclose(scan.direction, np.eye(3).ravel())


def test_two_series_in_one_folder_are_listed(series, real_scan, tmp_path):
    """The same images under two other series UIDs: ours to choose from, and not mixed into one scan."""
    uids = []
    for description in ("first look", "second look"):
        uids.append(generate_uid())
        for number, file in enumerate(sorted(real_scan("ct_series").glob("*.dcm"))):
            data = pydicom.dcmread(file)
            data.SeriesInstanceUID, data.SeriesDescription = uids[-1], description
            data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = generate_uid()
            data.save_as(tmp_path / f"{description[:3]}{number}.dcm")
    with pytest.raises(InputError) as caught:
        read_volume(tmp_path)
    text = str(caught.value)
    assert "holds 2 series" in text and "--series" in text and "\n" not in text
    assert all(uid in text for uid in uids) and "first look, 20 images" in text and "second look, 20 images" in text
    chosen = read_volume(tmp_path, uids[1])
    assert np.array_equal(chosen.voxels, series[0].voxels) and chosen.same_grid(series[0])


def test_a_slice_missing_from_the_series_is_noted(real_scan, tmp_path):
    shutil.copytree(real_scan("ct_series"), tmp_path / "gap")
    files = sorted((tmp_path / "gap").glob("*.dcm"), key=lambda f: float(pydicom.dcmread(f).ImagePositionPatient[2]))
    files[9].unlink()
    (note,) = read_volume(tmp_path / "gap").notes
    assert "unevenly spaced (2.00 to 4.00 mm)" in note


def test_labels_stored_with_another_direction_are_aligned_in_space(series):
    scan, labels = series
    assert labels.direction[4] * scan.direction[4] < 0  # the trap: rows run the other way
    aligned = labels.labels_on(scan)
    assert aligned.same_grid(scan)
    liver, spine = (labelled(aligned, name, {}, "CT") for name in ("liver", "spine"))
    values = scan.voxels[liver]
    assert 60 < values.mean() < 150 and values.std() < 40  # liver, and nothing but liver
    assert scan.voxels[spine].mean() > 120  # a word that stands for many label numbers
    by_index = scan.voxels[labelled(labels, "liver", {}, "CT")]
    assert by_index.std() > 2 * values.std()  # laid over by index it is not


def test_the_modality_and_the_preset_of_each_scan(series, coarse, real_scan):
    known = modality_of(series[0])
    assert (known.name, known.reason) == ("CT", "the file says so")
    assert modality_of(coarse[0]).name == "CT"
    for name in ("mr_3mm.nii.gz", "mr_brain.nrrd"):
        scan = read_volume(real_scan(name))
        assert modality_of(scan).name == "MR" and choose_preset(scan)[0].name == "mr"


@pytest.mark.parametrize("which, least", [("series", 0.85), ("coarse", 0.85)])
def test_the_bundled_pair_on_real_ct(which, least, request, models):
    """Mean over slices through the liver: Dice of the U-Net, recall and precision of the words' region."""
    scan, labels = request.getfixturevalue(which)
    case = Case(Request("scan", ("liver",), device="cpu"), models, scan=scan, reference=labels)
    truth = case.references[0]
    area = truth.sum((1, 2))
    slices = np.flatnonzero(area > 0.3 * area.max())[1::4]
    scores, recalls, precisions = [], [], []
    for z in slices:
        scores.append(dice(case.predicted(z)["liver"], truth[z]))
        region = case.region(z).mask
        recalls.append((region & truth[z]).sum() / truth[z].sum())
        precisions.append((region & truth[z]).sum() / max(1, region.sum()))
    assert len(slices) >= 3
    assert np.mean(scores) >= least and np.mean(recalls) >= 0.85 and np.mean(precisions) >= 0.75


def middle_of(scan: Volume, labels: Volume, name: str, thickness: int = 3) -> tuple[Volume, Volume]:
    """A few axial slices where there is most of a structure, on the scan's own storage order."""
    on = labels.labels_on(scan).axial()
    axial = scan.axial()
    z = int(labelled(on, name, {}, "CT").sum((1, 2)).argmax())
    low = max(0, z - thickness // 2)
    origin = np.array(axial.origin) + low * axial.spacing[2] * np.reshape(axial.direction, (3, 3))[:, 2]
    return tuple(
        Volume(v.voxels[low : low + thickness], v.spacing, tuple(origin), v.direction, "CT", v.name)
        for v in (axial, on)
    )


def test_the_map_lies_on_the_liver_on_the_patients_right(series, models):
    scan, labels = middle_of(*series, "liver", 1)
    request = Request.of("s", ("liver",), device="cpu", evidence="none")
    found = run(request, models=models, scan=scan, reference=labels)
    drop = np.maximum(found.drop.voxels[0], 0)
    truth = found.reference.voxels[0] > 0
    body = np.argwhere(scan.voxels[0] > -300)
    centre = body[:, 1].mean()
    assert (
        drop.sum(0) * np.arange(drop.shape[1])
    ).sum() / drop.sum() < centre - 30  # columns run to the patient's left
    evaluated = found.evaluated.voxels[0] > 0
    assert drop[truth & evaluated].mean() > drop[~truth & evaluated].mean()
    (row,) = found.rows
    assert row["dice"] > 0.85 and row["region_recall"] > 0.85 and row["rho"] < 0.6


def reversed_along(volume: Volume, axis: int) -> Volume:
    """The same patient stored the other way along an array axis (0: z, 1: y, 2: x)."""
    step = np.reshape(volume.direction, (3, 3)).copy()
    column = 2 - axis
    origin = np.array(volume.origin) + step[:, column] * volume.spacing[column] * (volume.shape[axis] - 1)
    step[:, column] *= -1
    return Volume(
        np.ascontiguousarray(np.flip(volume.voxels, axis)),
        volume.spacing,
        tuple(origin),
        tuple(step.ravel()),
        "CT",
        volume.name,
    )


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_flipped_file_gives_the_identical_result(coarse, models, axis):
    scan, _ = middle_of(*coarse, "liver")
    request = Request.of("s", ("liver",), method=FAST, device="cpu", slices="1", evidence="none")
    one, other = (run(request, models=models, scan=one) for one in (scan, reversed_along(scan, axis)))
    for (name, a), (_, b) in zip(one._volumes(), other._volumes()):
        assert np.array_equal(np.flip(a.voxels, axis), b.voxels), name
    assert one.drop.voxels.max() > 0.02
    # x runs to the patient's left: the liver's saliency lies on the right, whichever way the file runs
    for found in (one, other):
        index = np.argwhere(found.saliency.voxels > 0.5)
        step = np.reshape(found.saliency.direction, (3, 3)) * np.array(found.saliency.spacing)
        places = np.array(found.saliency.origin) + index[:, ::-1] @ step.T
        body = np.argwhere(found.picture.voxels > 0.3)
        centre = np.array(found.saliency.origin) + body[:, ::-1].mean(0) @ step.T
        assert places[:, 0].mean() < centre[0] - 20


def test_the_words_keep_the_kidneys_apart(coarse, models):
    scan, labels = middle_of(*coarse, "kidney_left", 5)
    found = locate(Request("s", ("left kidney", "right kidney"), device="cpu"), models=models, scan=scan)
    for own, other in (("kidney_left", "kidney_right"), ("kidney_right", "kidney_left")):
        region, opposite = found.rois[own].voxels > 0, labelled(labels, other, {}, "CT")
        assert (region & labelled(labels, own, {}, "CT")).sum() > 0.5 * labelled(labels, own, {}, "CT").sum()
        assert (region & opposite).sum() <= 0.05 * opposite.sum()


def test_labels_of_another_patient_do_not_overlap_or_do_not_fit(series, real_scan):
    """A label map of another scan: in the same place in space it can't be told, elsewhere it is refused."""
    scan, _ = series
    elsewhere = read_volume(real_scan("mr_brain_tumour.nrrd"))
    moved = Volume(elsewhere.voxels, elsewhere.spacing, (9000.0, 0.0, 0.0), elsewhere.direction, name="tumour")
    with pytest.raises(InputError, match="does not overlap"):
        run(Request("s", ("liver",), device="cpu"), scan=scan, reference=moved)


def test_a_tumour_in_a_brain_with_a_model_and_a_region_of_ones_own(real_scan):
    """Nothing bundled: MR, a word that no table knows, a mask as region, a function as model."""
    import torch

    scan, tumour = read_volume(real_scan("mr_brain.nrrd")), read_volume(real_scan("mr_brain_tumour.nrrd"))
    axial = tumour.labels_on(scan).axial().voxels > 0
    z = int(axial.sum((1, 2)).argmax())
    values = scan.axial().voxels[z]
    level = float(np.percentile(values[axial[z]], 30))

    def bright(batch):
        return torch.sigmoid((batch - level) / 20)

    found = xai.explain(
        scan,
        ["a ring-enhancing lesion"],
        xai.Lime(samples=60),
        region=tumour,
        model=bright,
        reference=tumour,
        device="cpu",
        evidence="none",
        slices=str(z),
    )
    (name,) = found.structures
    assert found.drop.same_grid(scan)
    evaluated = found.evaluated.axial().voxels > 0
    assert evaluated[z].sum() > 0.5 * axial[z].sum() and not (evaluated & ~axial).any()
    assert found.report["request"]["region"]["source"] == "segment" and found.report["scan"]["modality"] == "MR"


def test_the_bundled_models_are_not_for_a_brain(real_scan, models):
    brain = read_volume(real_scan("mr_brain.nrrd"))
    asked = Request("brain", ("liver",), device="cpu", slices="8:12", evidence="none")
    with pytest.raises(Unsuitable, match="194 mm wide: no abdomen.*--anyway"):
        run(asked, models=models, scan=brain)
    found = run(asked.changed(anyway=True, slices="10"), models=models, scan=brain)
    assert found.summary[0]["trust"] == "not supported" and "made for CT" in found.summary[0]["trust_reasons"][0]
    assert found.report["unsuitable"] and "made for CT of the abdomen" in found.warnings[0]


def test_what_the_bundled_models_say_of_mr(real_scan, models):
    """A scan that is only taken for MR may be anything; one that is said to be MR is asked for what they know there."""
    scan, labels = read_volume(real_scan("mr_3mm.nii.gz")), read_volume(real_scan("mr_3mm_labels.nii.gz"))
    case = Case(Request("mr", ("liver",), device="cpu"), models, scan=scan, reference=labels)
    assert "made for CT of the abdomen; this scan is taken for MR" in cautions(case)[0].text
    with pytest.raises(Unsuitable, match="or say what the scan is"):
        run(Request("mr", ("liver",), device="cpu"), models=models, scan=scan)
    said = Request("mr", ("liver",), xai.Occlusion(patch=12), device="cpu", modality="MR", slices="10", evidence="none")
    found = run(said, models=models, scan=scan, reference=labels)
    assert found.summary[0]["dice"] > 0.8 and not found.report["unsuitable"]
    assert any("the model reached a Dice of 0.77" in w for w in found.warnings)
    heart = cautions(Case(said.changed(structures=("heart",)), models, scan=scan))[0]
    assert heart.kind == "unsuitable" and "not to be asked for heart" in heart.text
    truth = case.references[0]  # MR has its own label numbers; the liver's is 5 in both, the aorta's is not
    assert truth.any()
    aorta = Case(Request("mr", ("aorta",), device="cpu"), models, scan=scan, reference=labels).references[0]
    assert np.array_equal(aorta, labels.labels_on(scan).axial().voxels == 23)
