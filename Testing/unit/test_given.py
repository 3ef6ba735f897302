"""Masks and label maps that were given: which labels are which structure, where they lie, and what is refused."""

import json
from dataclasses import replace

import nibabel
import numpy as np
import pytest
import SimpleITK as sitk

import XAICLIPLib as xai
from XAICLIPLib import anatomy
from XAICLIPLib.cli.options import LABELS
from XAICLIPLib.errors import InputError
from XAICLIPLib.phantom import make_phantom
from XAICLIPLib.pipeline.explain import run
from XAICLIPLib.roi import labelnames
from XAICLIPLib.roi.given import given_masks
from XAICLIPLib.roi.labelchoice import LabelSpec, parse_label_spec
from XAICLIPLib.roi.labelfile import read_labels
from XAICLIPLib.roi.numberings import KEYS, key_of, numbering
from XAICLIPLib.volume import Volume, write_volume

SHAPE = (6, 20, 24)
SPACING = (3.0, 3.0, 5.0)
ONE, TWO = np.zeros(SHAPE, bool), np.zeros(SHAPE, bool)
ONE[1:4, 3:9, 4:12], TWO[2:5, 11:17, 13:20] = True, True
BOTH = np.zeros(SHAPE, bool)  # overlaps the first
BOTH[2:4, 5:12, 8:18] = True


@pytest.fixture
def scan():
    values = np.random.default_rng(0).normal(0, 30, SHAPE).round().astype(np.int16)
    return Volume(values, SPACING, (-30.0, -20.0, 4.0), modality="CT", name="scan")


def labels_of(**numbered):
    out = np.zeros(SHAPE, np.uint8)
    for mask, number in ((ONE, numbered.get("one")), (TWO, numbered.get("two"))):
        if number:
            out[mask] = number
    return out


def saved(scan, voxels, path, meta=None):
    image = scan.like(voxels).to_sitk()
    for key, value in (meta or {}).items():
        image.SetMetaData(key, str(value))
    sitk.WriteImage(image, str(path), True)
    return str(path)


def find(scan, path, *names, modality="CT", **more):
    return given_masks(None, path, scan, [anatomy.describe(n) for n in names], modality, **more)


def segments(*names, tags=(), layers=None, values=None):
    meta = {}
    for n, name in enumerate(names):
        meta |= {f"Segment{n}_ID": f"Segment_{n}", f"Segment{n}_Name": name, f"Segment{n}_Extent": "0 9 0 9 0 3"}
        meta |= {
            f"Segment{n}_LabelValue": values[n] if values else n + 1,
            f"Segment{n}_Layer": layers[n] if layers else 0,
        }
        meta[f"Segment{n}_Tags"] = f"TerminologyEntry:{tags[n]}|Segmentation.Status:inprogress" if tags else ""
    return meta


# ---- 3D Slicer's segmentations


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        (("Left Kidney", "Spleen"), "kidney_left"),
        (("kidney_left", "splenic parenchyma"), "left kidney"),
        (("Kidney, left", "lien"), "left kidney"),
    ],
)
def test_a_segment_is_found_by_its_name_in_any_spelling(scan, tmp_path, names, asked):
    path = saved(scan, labels_of(one=1, two=2), tmp_path / "a.seg.nrrd", segments(*names))
    found = find(scan, path, asked, "spleen")
    assert np.array_equal(found.masks[0], ONE) and np.array_equal(found.masks[1], TWO)
    assert not found.assumed and not found.notes
    assert np.array_equal(found.anything(), ONE | TWO)


def test_a_segment_is_found_by_its_terminology(scan, tmp_path):
    tags = [anatomy.find(n).terminology() for n in ("kidney_right", "liver")]
    tags[0] = tags[0].replace("DICOM master list", "3D Slicer General Anatomy list")
    path = saved(scan, labels_of(one=1, two=2), tmp_path / "a.seg.nrrd", segments("Segment_1", "kidney", tags=tags))
    with pytest.raises(InputError, match="the segment 'kidney' is the liver by its terminology; rename it"):
        find(scan, path, "liver")
    path = saved(scan, labels_of(one=1, two=2), tmp_path / "b.seg.nrrd", segments("Segment_1", "b", tags=tags))
    found = find(scan, path, "right kidney", "liver")
    assert np.array_equal(found.masks[0], ONE) and np.array_equal(found.masks[1], TWO)
    assert any("'Segment_1' (label 1), by its segments" in note for note in found.notes)


@pytest.mark.parametrize("names", [("Right Kidney", "Liver"), ("Kideny right", "Liver")])
def test_the_other_side_is_never_taken(scan, tmp_path, names):
    path = saved(scan, labels_of(one=1, two=2), tmp_path / "a.seg.nrrd", segments(*names))
    with pytest.raises(InputError, match="has no label 'left kidney'; it has .*FILE:kidney_left=NUMBER") as caught:
        find(scan, path, "left kidney")
    assert "did you mean" not in str(caught.value)
    assert np.array_equal(find(scan, f"{path}:left kidney=1", "left kidney").masks[0], ONE)


def test_a_number_for_a_mistyped_name_is_no_number_for_nothing(scan, tmp_path):
    path = saved(scan, labels_of(one=1, two=2), tmp_path / "a.nrrd")
    with pytest.raises(InputError, match="a.nrrd is given a number for 'livr'; did you mean liver. asked for: liver"):
        find(scan, f"{path}:livr=2", "liver")
    assert np.array_equal(find(scan, f"{path}:liver=2,my lesion=1", "liver").masks[0], TWO), "a name of their own"


def test_a_mistyped_label_is_asked_for_and_half_a_pair_is_said(scan, tmp_path):
    path = saved(scan, labels_of(one=1, two=2), tmp_path / "a.seg.nrrd", segments("Left Kideny", "Right Kidney"))
    with pytest.raises(InputError, match="did you mean Left Kideny"):
        find(scan, path, "left kidney")
    found = find(scan, path, "kidneys")
    assert np.array_equal(found.masks[0], TWO) and any("it has no left kidney" in note for note in found.notes)


def test_a_lone_segment_of_no_name_is_what_was_asked_for_and_one_with_a_name_is_not(scan, tmp_path):
    path = saved(scan, labels_of(one=1), tmp_path / "a.seg.nrrd", segments("Segment_1"))
    found = find(scan, path, "liver")
    assert np.array_equal(found.masks[0], ONE) and "'Segment_1', is taken as the liver" in found.notes[0]
    with pytest.raises(InputError, match="has no label 'liver'"):
        find(scan, path, "liver", "spleen")
    path = saved(scan, labels_of(one=1), tmp_path / "b.seg.nrrd", segments("Lesion"))
    with pytest.raises(InputError, match="has no label 'liver'; it has Lesion"):
        find(scan, path, "liver")


@pytest.mark.parametrize("ending", [".seg.nrrd", ".nrrd"])
def test_overlapping_segments_lie_in_layers(scan, tmp_path, ending):
    voxels = np.stack([labels_of(one=1, two=2), BOTH.astype(np.uint8)], -1)
    image = sitk.GetImageFromArray(voxels, isVector=True)
    image.CopyInformation(scan.to_sitk())
    for key, value in segments("Liver", "Spleen", "Tumour", layers=(0, 0, 1), values=(1, 2, 1)).items():
        image.SetMetaData(key, str(value))
    path = str(tmp_path / f"a{ending}")
    sitk.WriteImage(image, path, True)
    found = find(scan, path, "liver", "tumour", "spleen")
    for mask, wanted in zip(found.masks, (ONE, BOTH, TWO)):
        assert np.array_equal(mask, wanted)
    assert np.array_equal(found.anything(), ONE | TWO | BOTH)
    assert np.array_equal(find(scan, f"{path}:heart=3", "heart").masks[0], BOTH)  # the third of its list
    with pytest.raises(InputError, match="has no segment 4; it has 1 Liver, 2 Spleen, 3 Tumour"):
        find(scan, f"{path}:heart=4", "heart")


def test_files_of_older_slicers_have_a_layer_for_each_segment_and_no_numbers(scan, tmp_path):
    image = sitk.GetImageFromArray(np.stack([ONE, BOTH], -1).astype(np.uint8), isVector=True)
    image.CopyInformation(scan.to_sitk())
    for n, name in enumerate(("Liver", "Spleen")):
        image.SetMetaData(f"Segment{n}_Name", name)
    path = str(tmp_path / "a.seg.nrrd")
    sitk.WriteImage(image, path)
    assert np.array_equal(find(scan, path, "spleen").masks[0], BOTH)


def test_several_values_per_voxel_without_names_are_refused(scan, tmp_path):
    image = sitk.GetImageFromArray(np.stack([ONE, TWO, BOTH], -1).astype(np.uint8), isVector=True)
    image.CopyInformation(scan.to_sitk())
    sitk.WriteImage(image, str(tmp_path / "rgb.nrrd"))
    stack = np.zeros((24, 20, 6, 2), np.uint8)
    stack[3:9, 4:9, 2, 0] = 1
    nibabel.save(nibabel.Nifti1Image(stack, np.eye(4)), tmp_path / "four.nii.gz")
    for name in ("rgb.nrrd", "four.nii.gz"):
        with pytest.raises(InputError, match=f"{name} has several values per voxel.*one number per voxel"):
            find(scan, str(tmp_path / name), "liver")


# ---- names elsewhere

XML = (
    '<?xml version="1.0" encoding="UTF-8"?> <CaretExtension><VolumeInformation Index="0"><LabelTable>'
    '<Label Key="4" Red="1" Green="0" Blue="0" Alpha="1"><![CDATA[spleen]]></Label>\n'
    '<Label Key="9" Red="1" Green="0" Blue="0" Alpha="1"><![CDATA[liver]]></Label>'
    "</LabelTable></VolumeInformation></CaretExtension>\n          "
)


@pytest.mark.parametrize("ending", [".nii", ".nii.gz"])
def test_names_in_a_nifti_header_are_taken(scan, tmp_path, ending):
    affine = np.diag([-3.0, -3.0, 5.0, 1.0])
    affine[:3, 3] = 30, 20, 4
    image = nibabel.Nifti1Image(labels_of(one=9, two=4).transpose(2, 1, 0), affine)
    image.header.extensions.append(nibabel.nifti1.Nifti1Extension(6, b"a comment"))
    image.header.extensions.append(nibabel.nifti1.Nifti1Extension(0, XML.encode()))
    path = tmp_path / f"a{ending}"
    nibabel.save(image, path)
    found = find(scan, str(path), "liver", "spleen")
    assert np.array_equal(found.masks[0], ONE) and np.array_equal(found.masks[1], TWO) and not found.notes
    hostile = XML.replace("<CaretExtension>", '<!DOCTYPE a [<!ENTITY b "c">]><CaretExtension>', 1)
    image.header.extensions[1] = nibabel.nifti1.Nifti1Extension(0, hostile.encode())
    nibabel.save(image, path)
    assert not labelnames.in_nifti(path)


TABLES = {
    "a.ctbl": "# 3D Slicer\n0 Background 0 0 0 0\n4 Spleen 157 108 162 255\n9 Liver 221 130 101 255\n",
    "a_ColorTable.ctbl": "4 Spleen 157 108 162 255\n9 Liver_parenchyma 221 130 101 255\n",
    "other.ctbl": "4 Spleen 157 108 162 255\n9 Liver 221 130 101 255\n",
    "a.csv": "LabelValue,Name,Color_R\n4,spleen,1\n9,liver,2\n",
    "a.label": '0 0 0 0 0 0 0 "Clear Label"\n4 255 0 0 1 1 1 "Spleen"\n9 0 255 0 1 1 1 "liver"\n',
    "dataset.json": json.dumps({"labels": {"background": 0, "spleen": 4, "liver": [9, 10]}}),
    "a.json": json.dumps({"labels": {"0": "background", "4": "spleen", "9": "liver"}}),
    "report.json": json.dumps(
        {"kind": "x", "structures": [{"name": "spleen", "value": 4}, {"name": "liver", "value": 9}]}
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_names_in_a_table_beside_the_file_are_taken(scan, tmp_path, name):
    stem = "prediction" if name == "report.json" else "a"
    path = saved(scan, labels_of(one=9, two=4), tmp_path / f"{stem}.nii.gz")
    (tmp_path / name).write_text(TABLES[name], encoding="utf-8")
    found = find(scan, path, "liver", "spleen")
    assert np.array_equal(found.masks[0], ONE) and np.array_equal(found.masks[1], TWO) and not found.assumed
    assert any(f", by {name} beside it" in note for note in found.notes)
    assert np.array_equal(find(scan, f"{path}:{name}", "liver").masks[0], ONE)  # also where it is named
    assert np.array_equal(find(scan, f"{path}:liver=4", "liver").masks[0], TWO)  # and a number says more


def test_a_table_of_another_map_is_not_taken(scan, tmp_path):
    path = saved(scan, labels_of(one=5, two=1), tmp_path / "a.nii.gz")
    (tmp_path / "dataset.json").write_text(json.dumps({"labels": {"background": 0, "spleen": 5}}), encoding="utf-8")
    (tmp_path / "a.ctbl").write_text("5 Heart 1 2 3 255\n", encoding="utf-8")
    found = find(scan, path, "liver")
    assert np.array_equal(found.masks[0], ONE) and found.assumed
    assert any("a.ctbl does not name the labels 1 of a.nii.gz, and was not used" in note for note in found.notes)


@pytest.mark.slow
def test_a_result_of_this_program_is_read_by_the_names_of_its_report(phantom, models, liver_slice, tmp_path):
    request = xai.Request(
        "p", ("spleen", "liver"), xai.Occlusion(128, 128, unit="px512"), region="prediction", evidence="none",
        slices=str(liver_slice), device="cpu",
    )  # fmt: skip
    found = run(request, models=models, scan=phantom[0])
    found.save(tmp_path, pictures=False)
    mask = find(phantom[0], str(tmp_path / "prediction.nrrd"), "liver").masks[0]
    assert mask.any() and np.array_equal(mask, found.prediction.voxels == 2)


# ---- numberings

KNOWN = [
    ("totalsegmentator", "CT", {"liver": (5,), "aorta": (52,), "kidneys": (2, 3)}),
    ("totalsegmentator", "MR", {"liver": (5,), "aorta": (23,), "lung_left": (10,)}),
    ("totalsegmentator-v3", "CT", {"liver": (5,), "vertebrae_L6": (26,), "aorta": (52,)}),
    ("totalsegmentator-v1", "CT", {"pancreas": (10,), "aorta": (7,), "lung_left": (13, 14), "urinary_bladder": (104,),
                                   "heart": (44, 45, 46, 47, 48), "brain": (50,), "rib_left": tuple(range(58, 70))}),
    ("amos", "CT", {"liver": (6,), "esophagus": (5,), "inferior_vena_cava": (9,), "duodenum": (13,)}),
    ("btcv", "CT", {"liver": (6,), "portal_vein": (10,), "pancreas": (11,), "adrenal_gland_left": (13,)}),
    ("flare22", "CT", {"liver": (1,), "kidneys": (2, 13), "aorta": (5,), "kidney_left": (13,)}),
    ("phantom", "CT", {"liver": (5,), "spine": (31,), "lung": (10, 12)}),
]  # fmt: skip


@pytest.mark.parametrize(("key", "modality", "numbers"), KNOWN)
def test_published_numberings(key, modality, numbers):
    assert {name: numbering(key, modality).numbers(name) for name in numbers} == numbers
    assert not numbering(key, modality).numbers("left atrium of a fish")


def test_a_numbering_is_named_in_any_spelling_and_listed_in_the_help():
    for text, key in (("AMOS22", "amos"), ("TotalSegmentator_v1", "totalsegmentator-v1"), ("Synapse", "btcv")):
        assert key_of(text) == key
    assert key_of("nonsense") is None and all(key in LABELS for key in KEYS)
    assert (
        parse_label_spec("a.nii.gz:amos")
        == parse_label_spec("a.nii.gz@amos")
        == LabelSpec("a.nii.gz", numbering="amos")
    )
    assert parse_label_spec("C:\\scans\\a.nii.gz") == LabelSpec("C:\\scans\\a.nii.gz")
    assert parse_label_spec("C:\\a.nii.gz:liver=5") == LabelSpec("C:\\a.nii.gz", {"liver": 5})


def test_the_numbering_that_is_assumed_is_said_and_another_can_be_named(scan, tmp_path):
    path = saved(scan, labels_of(one=6, two=5), tmp_path / "amos.nii.gz")
    found = find(scan, path, "liver")
    assert np.array_equal(found.masks[0], TWO) and found.assumed
    assert any("liver is label 5, by the numbering of TotalSegmentator 2, which is assumed" in n for n in found.notes)
    assert "FILE:amos" in found.notes[0]
    found = find(scan, f"{path}:amos", "liver")
    assert np.array_equal(found.masks[0], ONE) and not found.assumed
    assert any("liver is label 6, by the numbering of AMOS" in note for note in found.notes)
    with pytest.raises(InputError, match="'amso' is no numbering, no label number and no file of names"):
        find(scan, f"{path}:amso", "liver")
    with pytest.raises(InputError, match="holds nothing of what is asked for: it has the labels 5, 6, and by"):
        find(scan, path, "aorta")
    with pytest.raises(InputError, match="'brain' has no number in the numbering of AMOS"):
        find(scan, f"{path}:amos", "brain")


def test_chaos_is_numbered_by_grey_values_or_from_one(scan, tmp_path):
    path = saved(scan, labels_of(one=63, two=252), tmp_path / "a.nii.gz")
    assert np.array_equal(find(scan, f"{path}:chaos", "liver", modality="MR").masks[0], ONE)
    with pytest.raises(InputError, match="holds the labels 63, 252, which TotalSegmentator 2 for MR does not have"):
        find(scan, path, "liver", modality="MR")


def test_other_modalities_have_no_numbering_until_it_is_named(scan, tmp_path):
    path = saved(scan, labels_of(one=6, two=5), tmp_path / "a.nii.gz")
    with pytest.raises(InputError, match="labels CT and MR, not 'PT'.*FILE:amos"):
        find(scan, path, "liver", modality="PT")
    assert np.array_equal(find(scan, f"{path}:amos", "liver", modality="PT").masks[0], ONE)


@pytest.mark.slow
def test_reference_and_prediction_that_do_not_meet_are_said(tmp_path):
    scan, labels = make_phantom(0, shape=(6, 64, 64), spacing=(6.0, 6.0, 30.0))
    liver, spleen = labels.voxels == 5, labels.voxels == 1
    path = saved(scan, (6 * liver + 5 * spleen).astype(np.uint8), tmp_path / "amos.nrrd")

    def model(batch):
        import torch

        same = [
            [m.any() and np.array_equal(s.round(), v.round()) for v, m in zip(scan.voxels, liver)]
            for s in batch[:, 0].numpy()
        ]
        at = torch.from_numpy(np.array(same))
        found = torch.zeros_like(batch)
        for row, which in enumerate(at):
            if which.any():
                found[row, 0] = torch.from_numpy(liver[int(which.float().argmax())].astype(np.float32))
        return found

    model.targets = ("liver",)
    method = xai.Occlusion(256, 256, unit="px512")
    slices = str(int(np.flatnonzero((liver & 1).any((1, 2)) & spleen.any((1, 2)))[0]))
    more = {"model": model, "evidence": "none", "device": "cpu", "slices": slices}
    wrong = xai.explain(scan, ["liver"], method, region="full", reference=path, **more)
    assert any("reference of the liver does not meet the prediction anywhere" in w and "FILE:amos" in w
               for w in wrong.warnings)  # fmt: skip
    right = xai.explain(scan, ["liver"], method, region="full", reference=f"{path}:amos", **more)
    assert right.summary[0]["score"] == 1 and not any("does not meet" in w for w in right.warnings)
    drawn = xai.explain(scan, ["liver"], method, region=path, **more)
    assert any("region holds nothing of the prediction of the liver" in w and "FILE:amos" in w for w in drawn.warnings)


# ---- masks


@pytest.mark.parametrize("value", [1, 255])
def test_a_mask_is_the_one_structure_that_was_asked_for(scan, tmp_path, value):
    path = saved(scan, labels_of(one=value), tmp_path / "a.nii.gz")
    found = find(scan, path, "spleen")
    assert np.array_equal(found.masks[0], ONE) and not found.notes
    with pytest.raises(InputError, match=f"a mask with one label .{value}., which can't be liver and spleen"):
        find(scan, path, "liver", "spleen")
    both = find(scan, path, "liver", "spleen", together=True)
    assert all(np.array_equal(m, ONE) for m in both.masks) and "the region of liver, spleen" in both.notes[0]
    with pytest.raises(InputError, match="holds|no number|nothing"):
        find(scan, f"{path}:liver=3", "liver")
    memory = scan.like(labels_of(one=value), "m")
    assert np.array_equal(given_masks(memory, None, scan, [anatomy.describe("liver")], "CT").masks[0], ONE)


def test_a_lone_number_that_is_another_structures_is_said(scan, tmp_path):
    path = saved(scan, labels_of(one=5), tmp_path / "a.nii.gz")
    assert "by the numbering of TotalSegmentator 2 that would be liver" in find(scan, path, "spleen").notes[0]
    assert not find(scan, path, "liver").notes


def test_decimals_are_labels_probabilities_or_refused(scan, tmp_path):
    whole = saved(scan, labels_of(one=5, two=1).astype(np.float32), tmp_path / "whole.nii.gz")
    assert np.array_equal(find(scan, whole, "liver", "spleen").masks[1], TWO)
    soft = np.where(ONE, np.float32(0.7), np.where(TWO, np.float32(0.4), np.float32(0)))
    found = find(scan, saved(scan, soft, tmp_path / "soft.nii.gz"), "liver")
    assert np.array_equal(found.masks[0], ONE) and "probabilities between 0 and 1" in found.notes[0]
    blurred = labels_of(one=5, two=1) * np.float32(0.7)
    with pytest.raises(InputError, match="no whole numbers, such as 3.5.*nearest neighbour"):
        find(scan, saved(scan, blurred, tmp_path / "blurred.nii.gz"), "liver")
    blurred[0, 0, 0] = np.nan
    with pytest.raises(InputError, match="NaN"):
        given_masks(scan.like(blurred), None, scan, [anatomy.describe("liver")], "CT")


def images(scan):
    noise = np.random.default_rng(1)
    yield "negative", np.where(ONE, 60, -1000).astype(np.float32)
    yield "negative", scan.voxels
    yield "different values", noise.integers(0, 2000, SHAPE).astype(np.uint16)
    yield "different values", noise.integers(0, 90, SHAPE).astype(np.uint8)


def test_images_are_no_label_maps(scan):
    for why, voxels in images(scan):
        with pytest.raises(InputError, match=f"{why}.*no label map"):
            given_masks(scan.like(voxels, "a"), None, scan, [anatomy.describe("liver")], "CT")
    plain = scan.like(np.where(ONE, 3, np.where(TWO, 2, 1)).astype(np.int16))
    with pytest.raises(InputError, match="is the scan itself"):
        given_masks(plain.like(plain.voxels + 4), None, plain, [anatomy.describe("liver")], "CT")


@pytest.mark.slow
def test_label_maps_with_many_labels_are_label_maps(real_scan):
    assert len(read_labels(real_scan("ct_3mm_labels.nii.gz")).present()) > 50
    with pytest.raises(InputError, match="no label map"):
        read_labels(real_scan("mr_brain.nrrd"))
    with pytest.raises(InputError, match="no label map"):
        read_labels(real_scan("ct_series"))


def test_minus_one_is_not_labelled(scan):
    voxels = labels_of(one=5, two=1).astype(np.int16)
    voxels[0] = -1
    found = given_masks(scan.like(voxels, "a"), None, scan, [anatomy.describe("liver")], "CT")
    assert np.array_equal(found.masks[0], ONE) and "-1, which is taken as not labelled" in found.notes[0]
    assert not found.anything()[0].any()


# ---- places


def test_labels_on_another_grid_are_those_of_the_nearest_voxel(scan, tmp_path):
    """Against the nearest index by hand: anything interpolated makes labels that were not there, or moves the edges."""
    fine = np.random.default_rng(3).choice(np.array([0, 1, 5, 6], np.uint8), (11, 26, 31))
    other = Volume(fine, (2.1, 2.3, 2.9), (-28.0, -22.0, 2.0), name="fine")
    path = str(write_volume(other, tmp_path / "fine.nii.gz"))
    found = find(scan, path, "liver", "spleen", "stomach")
    index = [
        np.rint((np.arange(n) * scan.spacing[a] + scan.origin[a] - other.origin[a]) / other.spacing[a]).astype(int)
        for a, n in zip((2, 1, 0), SHAPE)
    ]
    inside = [(i >= 0) & (i < n) for i, n in zip(index, fine.shape)]
    expected = fine[np.ix_(*(i.clip(0, n - 1) for i, n in zip(index, fine.shape)))]
    keep = inside[0][:, None, None] & inside[1][None, :, None] & inside[2][None, None]
    for mask, number in zip(found.masks, (5, 1, 6)):
        assert np.array_equal(mask, (expected == number) & keep)


def test_a_cropped_segmentation_lies_in_its_place_and_a_map_of_a_part_is_said(scan, tmp_path):
    """Segments with an extent smaller than the image; and a label map that covers a part of the scan."""
    part = labels_of(one=1, two=2)[1:5, 3:17, 4:20]
    origin = tuple(o + s * n for o, s, n in zip(scan.origin, scan.spacing, (4, 3, 1)))
    cropped = replace(scan, voxels=part, origin=origin)
    path = saved(cropped, part, tmp_path / "a.seg.nrrd", segments("Liver", "Spleen"))
    found = find(scan, path, "liver", "spleen")
    assert np.array_equal(found.masks[0], ONE) and np.array_equal(found.masks[1], TWO) and not found.notes
    path = saved(cropped, part, tmp_path / "a.nii.gz")
    found = find(scan, f"{path}:liver=1", "liver")
    assert np.array_equal(found.masks[0], ONE) and any("of the scan; the rest counts as not" in n for n in found.notes)


def test_labels_elsewhere_are_refused_and_partly_outside_are_said(scan, tmp_path):
    moved = replace(scan, origin=(scan.origin[0] + 24.0, *scan.origin[1:]))
    found = find(scan, saved(moved, labels_of(one=1, two=5), tmp_path / "a.nii.gz"), "liver", "spleen")
    shifted = np.zeros_like(TWO)
    shifted[:, :, 8:] = TWO[:, :, :-8]
    assert np.array_equal(found.masks[0], shifted) and any("lies outside the scan" in note for note in found.notes)
    away = replace(scan, origin=(900.0, 0.0, 0.0))
    with pytest.raises(InputError, match="does not overlap scan in space"):
        find(scan, saved(away, labels_of(one=1), tmp_path / "b.nii.gz"), "liver")
