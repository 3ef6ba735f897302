"""Published layouts, built in small: each label lies on its organ in space, whatever order the files are in."""

import shutil
from dataclasses import replace

import cv2
import numpy as np
import pytest

from Testing.unit.publishedlayouts import (
    CT_GREYS,
    write_chaos_ct,
    write_chaos_mr,
    write_dicom,
    write_flare,
    write_ground,
)
from XAICLIPLib.datasets import choose_cases, find_structures, flare22
from XAICLIPLib.errors import InputError
from XAICLIPLib.phantom import PHANTOM_LABELS
from XAICLIPLib.volume import Volume, read_volume

ORGANS = ("liver", "kidney_right", "kidney_left", "spleen")


@pytest.fixture(scope="module")
def small(phantom):
    """The phantom on a grid of 10 x 64 x 64, turned askew in space: scan, and masks by organ."""
    tilt = np.deg2rad(8)
    turned = (1.0, 0.0, 0.0, 0.0, np.cos(tilt), -np.sin(tilt), 0.0, np.sin(tilt), np.cos(tilt))
    scan, labels = (
        Volume(v.voxels[:, ::2, ::2], (6.0, 6.0, 18.0), (-190.0, -180.0, -80.0), turned, "CT", "small") for v in phantom
    )
    return scan, {name: labels.voxels == PHANTOM_LABELS[name] for name in ORGANS}


def places(mask, grid):
    """The positions in space of a mask's voxels, as a set of mm."""
    at = np.argwhere(mask)[:, ::-1] * grid.spacing @ np.array(grid.direction).reshape(3, 3).T + grid.origin
    return {tuple(p) for p in at.round(2)}


@pytest.mark.parametrize("descending", [False, True])
def test_a_chaos_ct_has_its_liver_where_it_lies(small, tmp_path, descending):
    scan, masks = small
    write_chaos_ct(tmp_path / "Train_Sets", "5", scan, masks, descending)
    [case], left_out = choose_cases("chaos", tmp_path)
    assert (case.name, case.structures, left_out) == ("CT-5", ("liver",), ())
    opened = case.open()
    assert opened.scan.modality == "CT"
    assert np.allclose(opened.scan.spacing, scan.spacing) and np.allclose(opened.scan.origin, scan.origin, atol=1e-3)
    found = opened.mask("liver")
    assert found.same_grid(opened.scan)
    assert places(found.voxels > 0, found) == places(masks["liver"], scan)
    # and on the scan's own voxels: the liver's HU are alike, those under the upside-down mask are not
    values = opened.scan.voxels
    right, wrong = values[found.voxels > 0], values[found.voxels[::-1] > 0]
    assert right.std() < 40 < 100 < wrong.std()


@pytest.mark.slow
@pytest.mark.parametrize("descending", [False, True])
def test_a_chaos_mr_has_four_organs_in_three_series(small, tmp_path, descending):
    scan, masks = small
    write_chaos_mr(tmp_path, "1", replace(scan, modality="MR"), masks, descending)
    cases, _ = choose_cases("chaos", tmp_path)
    assert [c.name for c in cases] == ["MR-1-T1DUAL-InPhase", "MR-1-T1DUAL-OutPhase", "MR-1-T2SPIR"]
    for case in cases:
        opened = case.open()
        assert opened.scan.modality == "MR"
        for name in ORGANS:
            assert places(opened.mask(name).voxels > 0, opened.scan) == places(masks[name], scan), (case.name, name)


@pytest.mark.slow
@pytest.mark.parametrize("descending", [False, True])
def test_a_real_series_as_chaos_lays_it_out(real_scan, tmp_path, descending):
    """The real CT's own DICOM files under CHAOS's names, and its liver as PNG in their order."""
    labels = read_volume(real_scan("ct_series_labels.nii.gz"))
    scan = read_volume(real_scan("ct_series"))
    liver = labels.labels_on(scan).voxels == 5
    files = {}
    for path in real_scan("ct_series").iterdir():
        files[read_volume(path).origin[2]] = path
    folder = tmp_path / "CT" / "1"
    (folder / "DICOM_anon").mkdir(parents=True)
    order = sorted(files, reverse=descending)
    for number, height in enumerate(order):
        shutil.copy(files[height], folder / "DICOM_anon" / f"i{number:04d},0000b.dcm")
    write_ground(folder / "Ground", {"liver": liver}, CT_GREYS, descending)
    [case], _ = choose_cases("chaos", tmp_path)
    opened = case.open()
    assert opened.scan.same_grid(scan) and np.array_equal(opened.scan.voxels, scan.voxels)
    assert np.array_equal(opened.mask("liver").voxels > 0, liver)


def test_the_files_come_in_the_order_of_their_numbers(small, tmp_path):
    """1.png … 10.png: by letters, 10 would come before 2."""
    scan, masks = small
    folder = write_chaos_ct(tmp_path, "1", scan, masks, False)
    for k, path in enumerate(sorted((folder / "Ground").iterdir())):
        path.rename(path.with_name(f"{k + 1}.png"))
    for k, path in enumerate(sorted((folder / "DICOM_anon").iterdir())):
        path.rename(path.with_name(f"{k + 1}.dcm"))
    [case], _ = choose_cases("chaos", tmp_path)
    assert places(case.open().mask("liver").voxels > 0, scan) == places(masks["liver"], scan)


def test_flare22_is_aligned_in_space_not_by_index(small, tmp_path):
    scan, masks = small
    voxels = np.zeros(scan.shape, np.uint8)
    for name, mask in masks.items():
        voxels[mask] = flare22.NUMBERS[name]
    turn = np.array(scan.direction).reshape(3, 3)
    # the same labels, stored with rows from back to front
    far = np.array(scan.origin) + (scan.shape[1] - 1) * scan.spacing[1] * turn[:, 1]
    other = tuple((turn * [1, -1, 1]).ravel())
    labels = replace(scan, voxels=np.ascontiguousarray(voxels[:, ::-1]), origin=tuple(far), direction=other)
    write_flare(tmp_path / "FLARE22_LabeledCase50", 1, scan, labels)
    [case], _ = choose_cases("flare22", tmp_path)
    assert case.name == "FLARE22_Tr_0001" and len(case.structures) == 13
    opened = case.open()
    for name in ORGANS:
        assert np.array_equal(opened.mask(name).voxels > 0, masks[name]), name
    assert not opened.mask("duodenum").voxels.any()


def test_flare22_has_the_published_numbers():
    assert list(flare22.NUMBERS.values()) == list(range(1, 14))
    assert [n for n in flare22.NUMBERS if "kidney" in n] == ["kidney_right", "kidney_left"]


def test_the_phantom_is_one_patient_per_seed():
    cases, _ = choose_cases("phantom", count=2, only="phantom-1?")
    assert [c.name for c in cases] == ["phantom-10", "phantom-11"]
    assert {"liver", "kidney_right", "spleen"} <= set(cases[0].structures)
    assert len(choose_cases("phantom")[0]) == 2


def test_structures_are_found_by_any_of_their_names(small, tmp_path):
    scan, masks = small
    write_chaos_ct(tmp_path, "1", scan, masks, False)
    write_chaos_mr(tmp_path, "2", scan, masks, False)
    cases, _ = choose_cases("chaos", tmp_path)
    assert find_structures(("Liver", "right kidney"), cases) == ("liver", "kidney_right")
    assert find_structures(("kidneys", "left kidney"), cases) == ("kidney_right", "kidney_left")
    assert set(find_structures(("all",), cases)) == set(ORGANS)
    with pytest.raises(InputError, match="no case has labels for 'colon'; they have labels for liver"):
        find_structures(("colon",), cases)


def test_half_a_download_is_said_case_by_case(small, tmp_path):
    scan, masks = small
    whole = write_chaos_ct(tmp_path, "1", scan, masks, False)
    without = write_chaos_ct(tmp_path, "2", scan, masks, False)
    shutil.rmtree(without / "Ground")
    fewer = write_chaos_ct(tmp_path, "10", scan, masks, False)
    for path in sorted((fewer / "DICOM_anon").iterdir())[-3:]:
        path.unlink()
    with pytest.raises(InputError) as error:
        choose_cases("chaos", tmp_path)
    message = str(error.value)
    assert "2 of 3 cases" in message and "--skip-incomplete" in message
    assert f"CT-2: {without / 'Ground'} is not there" in message
    assert "CT-10: 7 DICOM files" in message and "but 10 PNG files" in message
    cases, left_out = choose_cases("chaos", tmp_path, skip_incomplete=True)
    assert [c.name for c in cases] == ["CT-1"] and len(left_out) == 2
    assert choose_cases("chaos", tmp_path, only="CT-1")[0][0].name == "CT-1"  # a case that was not asked for may be bad
    shutil.rmtree(whole)
    with pytest.raises(InputError, match="no case of CHAOS in .* is complete"):
        choose_cases("chaos", tmp_path, skip_incomplete=True)


def test_one_phase_that_is_not_there_is_said(small, tmp_path):
    scan, masks = small
    folder = write_chaos_mr(tmp_path, "3", scan, masks, False)
    shutil.rmtree(folder / "T1DUAL" / "DICOM_anon" / "OutPhase")
    with pytest.raises(InputError, match="MR-3-T1DUAL-OutPhase: .*OutPhase is not there"):
        choose_cases("chaos", tmp_path)


def test_flare22_without_a_label_file(small, tmp_path):
    scan, masks = small
    write_flare(tmp_path, 1, scan, scan.like(masks["liver"].astype(np.uint8)))
    (tmp_path / "labels" / "FLARE22_Tr_0001.nii.gz").unlink()
    with pytest.raises(InputError, match=r"FLARE22_Tr_0001: there is no labels/FLARE22_Tr_0001\.nii\.gz"):
        choose_cases("flare22", tmp_path)


@pytest.mark.slow
def test_the_labels_of_another_data_set_are_refused(small, tmp_path):
    scan, masks = small
    amos = masks["liver"] * np.uint8(6) + masks["spleen"] * np.uint8(15)
    write_flare(tmp_path / "f", 1, scan, scan.like(amos.astype(np.uint8)))
    with pytest.raises(InputError, match=r"FLARE22_Tr_0001\.nii\.gz holds the labels 15, which FLARE22 does not have"):
        choose_cases("flare22", tmp_path / "f")[0][0].open()
    folder = write_chaos_mr(tmp_path / "m", "1", scan, masks, False)
    path = folder / "T2SPIR" / "Ground" / "liver_GT_004.png"
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    image[:3] = 30
    cv2.imwrite(str(path), image)
    with pytest.raises(InputError, match=r"liver_GT_004\.png holds the labels 30, which CHAOS MR does not have"):
        choose_cases("chaos", tmp_path / "m", only="*T2SPIR")[0][0].open()
    write_dicom(tmp_path / "c" / "CT" / "1" / "DICOM_anon", scan, False)
    shutil.copytree(folder / "T1DUAL" / "Ground", tmp_path / "c" / "CT" / "1" / "Ground")
    with pytest.raises(InputError, match="the labels of CHAOS CT have one, for the liver"):
        choose_cases("chaos", tmp_path / "c")[0][0].open()


@pytest.mark.slow
def test_labels_of_another_size_or_place_are_refused(small, tmp_path):
    scan, masks = small
    folder = write_chaos_ct(tmp_path / "c", "1", scan, masks, False)
    cv2.imwrite(str(folder / "Ground" / "liver_GT_000.png"), np.zeros((32, 64), np.uint8))
    with pytest.raises(
        InputError, match=r"liver_GT_000\.png has 32 x 64 pixels, and the DICOM files of CT-1 have 64 x 64"
    ):
        choose_cases("chaos", tmp_path / "c")[0][0].open()
    (folder / "Ground" / "liver_GT_000.png").write_bytes(b"")
    with pytest.raises(InputError, match="can't be read as an image"):
        choose_cases("chaos", tmp_path / "c")[0][0].open()
    elsewhere = replace(scan, voxels=masks["liver"].astype(np.uint8), origin=(9000.0, 0.0, 0.0))
    write_flare(tmp_path / "f", 1, scan, elsewhere)
    with pytest.raises(InputError, match="does not overlap"):
        choose_cases("flare22", tmp_path / "f")[0][0].open()


def test_files_of_two_series_in_one_folder(small, tmp_path):
    scan, masks = small
    folder = write_chaos_ct(tmp_path, "1", scan, masks, False)
    again = tmp_path / "again"
    write_dicom(again, scan, False)
    (again / "IMG-0004-00003.dcm").rename(folder / "DICOM_anon" / "IMG-0005-00003.dcm")
    cv2.imwrite(str(folder / "Ground" / "liver_GT_010.png"), np.zeros((64, 64), np.uint8))
    with pytest.raises(InputError, match=r"IMG-0004-00003\.dcm and IMG-0005-00003\.dcm lie in the same place"):
        choose_cases("chaos", tmp_path)[0][0].open()
    (folder / "DICOM_anon" / "IMG-0005-00003.dcm").write_bytes(b"no image")
    with pytest.raises(InputError, match="is no DICOM file that says where its slice lies"):
        choose_cases("chaos", tmp_path)[0][0].open()


@pytest.mark.parametrize(
    ("dataset", "words"),
    [
        ("chaos", "holds no case of CHAOS; it has CT/ID/DICOM_anon and Ground"),
        ("flare22", "holds no case of FLARE22; it has images/NAME_0000.nii.gz"),
    ],
)
def test_an_empty_or_missing_folder(tmp_path, dataset, words):
    with pytest.raises(InputError, match=words):
        choose_cases(dataset, tmp_path)
    with pytest.raises(InputError, match="is no folder"):
        choose_cases(dataset, tmp_path / "nowhere")
    with pytest.raises(InputError, match="Give its folder with --root"):
        choose_cases(dataset)
    with pytest.raises(InputError, match="give 1 or more"):
        choose_cases(dataset, tmp_path, count=0)
