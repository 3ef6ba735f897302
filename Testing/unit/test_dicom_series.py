"""A folder of DICOM images becomes the one volume they were taken as, or is refused with the reason."""

import shutil

import numpy as np
import pydicom
import pytest
from pydicom.uid import RLELossless, generate_uid

from Testing.unit.dicomfiles import AXIAL, PIXEL, PT, image, save, series_uids, write_stack
from XAICLIPLib.errors import InputError
from XAICLIPLib.volume import Volume, read_slices, read_volume


@pytest.fixture
def stored():
    return np.random.default_rng(3).integers(0, 3000, (12, 9, 10)).astype(np.uint16)


def place(volume: Volume, z: int, y: int = 0, x: int = 0) -> np.ndarray:
    """Where a voxel's centre lies, LPS mm."""
    return np.array(volume.origin) + np.reshape(volume.direction, (3, 3)) @ (np.array(volume.spacing) * (x, y, z))


# ---- which images belong together


@pytest.mark.parametrize("where", [lambda k: "A" if k < 7 else "B", lambda k: "AB"[k % 2], lambda k: f"{k}/deep"])
def test_a_series_in_several_folders_is_one(tmp_path, stored, where):
    uids = series_uids()
    for k, plane in enumerate(stored):
        write_stack(tmp_path / where(k), plane[None], uids=uids, start=(-10, -20, 2.5 * k), name=f"{k}", first=k + 1)
    scan = read_volume(tmp_path)
    assert np.array_equal(scan.voxels, stored) and scan.spacing == (0.6, 0.8, 2.5) and scan.notes == ()


def test_copies_are_read_once_also_from_another_folder(tmp_path, stored):
    write_stack(tmp_path / "ct" / "A", stored[:6], uids=(uids := series_uids()))
    write_stack(tmp_path / "ct" / "B", stored[6:], uids=uids, start=(-10, -20, -15), first=7)
    shutil.copytree(tmp_path / "ct" / "A", tmp_path / "ct" / "copy of A")
    shutil.copy(tmp_path / "ct" / "B" / "003.dcm", tmp_path / "ct" / "B" / "other name")
    scan = read_volume(tmp_path / "ct")
    assert np.array_equal(scan.voxels, stored) and scan.spacing[2] == 2.5
    (note,) = scan.notes
    assert "7 of 19 images are there twice" in note


def test_a_changed_copy_is_not_taken_for_a_copy(tmp_path, stored):
    write_stack(tmp_path / "ct", stored)
    data = pydicom.dcmread(tmp_path / "ct" / "004.dcm")
    data.PixelData = bytes(len(data.PixelData))
    data.save_as(tmp_path / "ct" / "blurred.dcm")
    with pytest.raises(InputError, match="004.dcm and blurred.dcm are different images with one identity"):
        read_volume(tmp_path / "ct")


@pytest.mark.slow
def test_copies_with_new_identities_are_known_by_their_pixels(tmp_path, stored):
    uids = write_stack(tmp_path / "ct", stored)
    write_stack(tmp_path / "ct", stored, uids=uids, name="again{:03d}.dcm")
    scan = read_volume(tmp_path / "ct")
    assert np.array_equal(scan.voxels, stored) and "12 of 24 images are copies" in scan.notes[0]


def test_one_identity_for_all_images_as_bad_anonymisers_write_it(tmp_path, stored):
    write_stack(tmp_path / "ct", stored, SOPInstanceUID=generate_uid())
    assert np.array_equal(read_volume(tmp_path / "ct").voxels, stored)


@pytest.mark.parametrize("rows", [9, 7])
@pytest.mark.parametrize("kind", ["other orientation", "says so"])
def test_localizers_are_left_out_and_said(tmp_path, stored, rows, kind):
    uids = write_stack(tmp_path / "ct", stored)
    along = (1, 0, 0, 0, 0, -1) if kind == "other orientation" else AXIAL
    more = {} if kind == "other orientation" else {"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}
    write_stack(tmp_path / "ct", stored[:1, :rows], uids=uids, along=along, start=(0, 0, 200), name="scout", **more)
    scan = read_volume(tmp_path / "ct")
    assert np.array_equal(scan.voxels, stored) and scan.spacing[2] == 2.5
    assert len(scan.notes) == 1 and "1 image of another orientation or size is left out" in scan.notes[0]


def test_a_series_of_three_orientations_is_to_be_chosen_from(tmp_path, stored):
    uids = write_stack(tmp_path / "loc", stored[:3], name="a{}")
    write_stack(tmp_path / "loc", stored[3:6], uids=uids, along=(1, 0, 0, 0, 0, -1), step=(0, 4, 0), name="b{}")
    write_stack(tmp_path / "loc", stored[6:9], uids=uids, along=(0, 1, 0, 0, 0, -1), step=(4, 0, 0), name="c{}")
    with pytest.raises(InputError, match="images of 3 orientations") as caught:
        read_volume(tmp_path / "loc")
    uid = uids["SeriesInstanceUID"]
    for n, what in enumerate(("axial", "coronal", "sagittal")):
        assert f"{uid}/{n + 1} (series, {what}, 10 x 9 pixels of 0.6 mm, 3 images)" in str(caught.value)
    for n, orientation in enumerate(("LPS", "LIP", "PIL")):
        chosen = read_volume(tmp_path / "loc", f"{uid[-6:]}/{n + 1}")
        assert chosen.orientation[:2] == orientation[:2]
        assert {p.tobytes() for p in chosen.voxels} == {p.tobytes() for p in stored[3 * n : 3 * n + 3]}


APART = [
    lambda t: {"AcquisitionNumber": t + 1},
    lambda t: {"TemporalPositionIdentifier": t + 1},
    lambda t: {"EchoNumbers": t + 1, "EchoTime": 2.3 * (t + 1)},
    lambda t: {"TriggerTime": 40 * t},
    lambda t: {"ImageType": ["DERIVED", "PRIMARY", "WATER" if t else "FAT"]},
    lambda t: {"AcquisitionTime": f"12000{t}"},
    lambda t: {},
]


@pytest.mark.slow
@pytest.mark.parametrize("interleaved", [False, True])
@pytest.mark.parametrize("told", APART, ids=["acquisition", "time", "echo", "trigger", "type", "clock", "number"])
def test_two_time_points_are_refused_and_can_be_chosen(tmp_path, stored, told, interleaved):
    uids = series_uids()
    for t, voxels in enumerate((stored, stored // 2)):

        def each(k, t=t):
            return {**told(t), "InstanceNumber": 2 * k + t + 1 if interleaved else 12 * t + k + 1}

        write_stack(tmp_path / "ct", voxels, uids=uids, name=f"{t}-{{:03d}}", each=each)
    with pytest.raises(InputError, match="12 of its 12 places hold up to 2 images in the same place") as caught:
        read_volume(tmp_path / "ct")
    assert "--series" in str(caught.value) and str(caught.value).count("12 images") == 2
    uid = uids["SeriesInstanceUID"]
    found = [read_volume(tmp_path / "ct", f"{uid}/{n}") for n in (1, 2)]
    expected = [stored, stored // 2]
    assert all(scan.spacing[2] == 2.5 for scan in found)
    assert any(all(np.array_equal(f.voxels, e) for f, e in zip(found, order)) for order in (expected, expected[::-1]))


def test_places_that_only_some_images_share_are_refused(tmp_path, stored):
    uids = write_stack(tmp_path / "ct", stored)
    write_stack(tmp_path / "ct", stored[:3] + 1, uids=uids, name="x{}", first=40)
    with pytest.raises(InputError, match="3 of its 12 places hold up to 2 images in the same place, and nothing tells"):
        read_volume(tmp_path / "ct")


def test_what_is_no_image_is_passed_over(tmp_path, stored):
    write_stack(tmp_path / "ct", stored)
    report = image(stored[0], SOPClassUID="1.2.840.10008.5.1.4.1.1.88.11", Modality="SR")
    del report.PixelData, report.Rows, report.Columns
    save(report, tmp_path / "ct" / "report.dcm")
    (tmp_path / "ct" / "readme.txt").write_text("hello")
    (tmp_path / "ct" / "empty.dcm").write_bytes(b"")
    assert np.array_equal(read_volume(tmp_path / "ct").voxels, stored)
    with pytest.raises(InputError, match="holds no image that DICOM"):
        read_volume(tmp_path / "ct" / "report.dcm")


@pytest.mark.slow
def test_which_series_is_meant(tmp_path, stored):
    uids = [series_uids() | {"SeriesInstanceUID": f"1.2.3.{n}.77"} for n in (4, 5)]
    for n, own in enumerate(uids):
        write_stack(tmp_path / "two", stored + n, uids=own, name=f"{n}-{{}}")
    for wanted, says in (("9.9", "holds no series whose UID is or ends in '9.9'"), (".77", "ends the UIDs of 2 series"),
                         ("4.77/3", "holds no '4.77/3'"), (None, "holds 2 series; choose one")):  # fmt: skip
        with pytest.raises(InputError, match=says) as caught:
            read_volume(tmp_path / "two", wanted)
        assert all(own["SeriesInstanceUID"] in str(caught.value) for own in uids)
    assert np.array_equal(read_volume(tmp_path / "two", "5.77").voxels, stored + 1)


def test_no_control_characters_reach_the_terminal(tmp_path, stored):
    for n in range(2):
        write_stack(tmp_path / "two", stored, name=f"{n}-{{}}", SeriesDescription="evil\x1b[2J\x07name")
    with pytest.raises(InputError) as caught:
        read_volume(tmp_path / "two")
    assert str(caught.value).isprintable() and "evil [2J name" in str(caught.value)


# ---- where the slices lie


@pytest.mark.parametrize("degrees", [20, -20, 5])
def test_a_tilted_gantry_is_straightened_by_whole_pixels(tmp_path, stored, degrees):
    """The table moves along z, the planes are tilted about x: every pixel must come to lie where its header says."""
    turn = np.radians(degrees)
    along = (1, 0, 0, 0, np.cos(turn), -np.sin(turn))
    write_stack(tmp_path / "tilt", stored, along=along, step=(0, 0, 5.0))
    scan = read_volume(tmp_path / "tilt")
    assert np.isclose(scan.spacing[2], 5 * np.cos(turn), atol=1e-4)
    axes = np.reshape(scan.direction, (3, 3))
    assert np.allclose(axes.T @ axes, np.eye(3), atol=1e-6)
    for k in range(12):
        header = np.array([-10, -20, -30 + 5.0 * k])
        index = axes.T @ (header - scan.origin) / scan.spacing
        x, y, z = np.rint(index).astype(int)
        assert z == k and np.abs(index - (x, y, z)).max() <= 0.501  # half a pixel
        assert np.array_equal(scan.voxels[k, y : y + 9, x : x + 10], stored[k])
        outside = np.ones(scan.shape[1:], bool)
        outside[y : y + 9, x : x + 10] = False
        assert (scan.voxels[k][outside] == stored.min()).all()
    assert any("tilted gantry" in note and f"{abs(degrees)}.0 degrees" in note for note in scan.notes)


@pytest.mark.parametrize(
    "along, step",
    [
        ((0, 1, 0, 0, 0, -1), (3.0, 0, 0)),
        ((0, 1, 0, 0, 0, -1), (-3.0, 0, 0)),
        ((1, 0, 0, 0, 0, -1), (0, 3.0, 0)),
        ((1, 0, 0, 0, 0, -1), (0, -3.0, 0)),
        ((0.8, 0.6, 0, -0.6, 0.8, 0), (0, 0, -3.0)),
    ],
)
def test_sagittal_coronal_and_turned_series_lie_where_they_say(tmp_path, stored, along, step):
    write_stack(tmp_path / "mr", stored, along=along, step=step)
    scan = read_volume(tmp_path / "mr")
    assert scan.notes == () and np.isclose(scan.spacing[2], 3.0)
    for k, plane in enumerate(stored):
        z = int(np.flatnonzero([np.array_equal(p, plane) for p in scan.voxels])[0])
        corner = np.array([-10, -20, -30]) + k * np.array(step)
        assert np.allclose(place(scan, z), corner, atol=1e-4)
        far = corner + 8 * PIXEL[0] * np.array(along[3:]) + 9 * PIXEL[1] * np.array(along[:3])
        assert np.allclose(place(scan, z, 8, 9), far, atol=1e-4)


@pytest.mark.slow
def test_missing_slices_are_said_or_refused(tmp_path, stored):
    write_stack(tmp_path / "one", stored)
    (tmp_path / "one" / "005.dcm").unlink()
    (note,) = read_volume(tmp_path / "one").notes
    assert "unevenly spaced (2.50 to 5.00 mm)" in note and "up to 1.2 mm from its place" in note
    write_stack(tmp_path / "many", np.concatenate([stored] * 3))
    for k in range(10, 24):
        (tmp_path / "many" / f"{k:03d}.dcm").unlink()
    with pytest.raises(InputError, match=r"after slice 10 of 22 the next lies 37.5 mm on"):
        read_volume(tmp_path / "many")


def test_images_that_do_not_say_where_they_lie(tmp_path, stored):
    uids = series_uids()
    for k in range(2):
        made = image(stored[k], uids, InstanceNumber=k)
        save(made, tmp_path / "bare" / f"{k}.dcm")
    with pytest.raises(InputError, match="2 images of DICOM series do not say where they lie"):
        read_volume(tmp_path / "bare")
    one = read_volume(tmp_path / "bare" / "1.dcm")
    assert np.array_equal(one.voxels, stored[1:2]) and "does not say where it lies" in one.notes[0]
    assert "1 mm is taken" in one.notes[0]


def test_impossible_numbers_in_headers_are_refused(tmp_path, stored):
    write_stack(tmp_path / "flat", stored, PixelSpacing=[0, 0.6])
    with pytest.raises(InputError, match="impossible"):
        read_volume(tmp_path / "flat")
    write_stack(tmp_path / "slope", stored, RescaleSlope=0)
    with pytest.raises(InputError, match="multiplied by 0"):
        read_volume(tmp_path / "slope")


# ---- what they hold


def by_pydicom(folder) -> np.ndarray:
    """Stored value x slope + intercept of every file, in the order of their places."""
    images = sorted((pydicom.dcmread(p) for p in folder.iterdir()), key=lambda d: float(d.ImagePositionPatient[2]))
    return np.stack([d.pixel_array * float(d.RescaleSlope) + float(d.RescaleIntercept) for d in images])


@pytest.mark.parametrize("first", [1.0, 0.5])
def test_pet_has_a_slope_of_its_own_in_each_slice(tmp_path, stored, first):
    def each(k):
        return {"RescaleSlope": f"{first if k == 0 else 0.37 + 0.11 * k:.6g}", "RescaleIntercept": 0}

    write_stack(tmp_path / "pt", stored, each=each, SOPClassUID=PT, Modality="PT")
    scan = read_volume(tmp_path / "pt")
    assert scan.modality == "PT" and np.allclose(scan.voxels, by_pydicom(tmp_path / "pt"), rtol=1e-6)


@pytest.mark.parametrize("interpretation", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize(
    "dtype, bits, intercept",
    [("u2", 16, -1024), ("u2", 12, -1024), ("i2", 16, 0), ("i2", 12, -24), ("u1", 8, 0)],
)
def test_values_do_not_depend_on_how_they_are_shown(tmp_path, interpretation, dtype, bits, intercept):
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1)) if dtype == "i2" else (0, 2**bits)
    stored = np.random.default_rng(1).integers(low, high, (4, 9, 10)).astype(dtype)
    write_stack(tmp_path / "ct", stored, PhotometricInterpretation=interpretation, BitsStored=bits, HighBit=bits - 1,
                RescaleIntercept=intercept)  # fmt: skip
    scan = read_volume(tmp_path / "ct")
    assert np.array_equal(scan.voxels, by_pydicom(tmp_path / "ct"))
    one = read_volume(tmp_path / "ct" / "002.dcm")
    assert np.array_equal(one.voxels[0], scan.voxels[2])
    assert any("MONOCHROME1" in note for note in scan.notes) == (interpretation == "MONOCHROME1")


def test_both_ways_of_decoding_choose_the_same_type(tmp_path, stored):
    for n, (bits, intercept, slope) in enumerate([(16, -1024, 1), (12, -1024, 1), (12, 3, 0.5)]):
        types = []
        for shown in ("MONOCHROME1", "MONOCHROME2"):
            where = tmp_path / f"{n}{shown}"
            write_stack(where, stored[:2], PhotometricInterpretation=shown, BitsStored=bits, HighBit=bits - 1,
                        RescaleIntercept=intercept, RescaleSlope=slope)  # fmt: skip
            types.append(read_volume(where).voxels.dtype)
        assert types[0] == types[1], (bits, intercept, slope)


@pytest.mark.parametrize("shown", ["MONOCHROME1", "MONOCHROME2"])
def test_compressed_images_are_decoded(tmp_path, stored, shown):
    write_stack(tmp_path / "ct", stored, PhotometricInterpretation=shown)
    for path in (tmp_path / "ct").iterdir():
        data = pydicom.dcmread(path)
        data.compress(RLELossless)
        data.save_as(path)
    assert np.array_equal(read_volume(tmp_path / "ct").voxels, stored)


def test_colour_is_no_scan(tmp_path, stored):
    colour = np.random.default_rng(0).integers(0, 255, (9, 30)).astype(np.uint8)
    made = image(colour, Columns=10, SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=0)
    path = save(made, tmp_path / "shot.dcm")
    with pytest.raises(InputError, match="colour images"):
        read_volume(path)
    uids = write_stack(tmp_path / "ct", stored)
    save(image(colour, uids, Columns=10, SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=0),
         tmp_path / "ct" / "shot.dcm")  # fmt: skip
    scan = read_volume(tmp_path / "ct")
    assert np.array_equal(scan.voxels, stored) and "1 image of another orientation or size" in scan.notes[0]


def test_damaged_files_are_one_sentence(tmp_path, stored):
    write_stack(tmp_path / "ct", stored)
    raw = (tmp_path / "ct" / "006.dcm").read_bytes()
    (tmp_path / "ct" / "006.dcm").write_bytes(raw[: len(raw) - 60])
    with pytest.raises(InputError, match="006.dcm") as caught:
        read_volume(tmp_path / "ct")
    assert "\n" not in str(caught.value)
    (tmp_path / "ct" / "006.dcm").write_bytes(raw[:400])
    with pytest.raises(InputError) as caught:
        read_volume(tmp_path / "ct" / "006.dcm")
    assert "\n" not in str(caught.value)


def test_slices_in_any_order_are_bound_to_their_files(tmp_path, stored):
    write_stack(tmp_path / "ct", stored)
    files = [tmp_path / "ct" / f"{k:03d}.dcm" for k in (3, 0, 2, 1)]
    scan, order = read_slices(files, "case")
    assert order == [1, 3, 2, 0] and np.array_equal(scan.voxels, stored[:4]) and scan.name == "case"
