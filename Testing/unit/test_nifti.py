"""NIfTI as nibabel reads it, voxel by voxel and in its place; what nibabel would refuse or warn of is refused or "
"said."""

import gzip
import itertools
import struct

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume import check_scan, read_volume

SHAPE = (7, 6, 5)  # x, y, z
LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def turned(x=0.0, y=0.0, z=0.0, spacing=(2.0, 3.0, 4.0), flips=(1, 1, 1)) -> np.ndarray:
    """An affine (RAS)."""
    turn = sitk.Euler3DTransform((0, 0, 0), *np.deg2rad((x, y, z)))
    affine = np.eye(4)
    affine[:3, :3] = np.reshape(turn.GetMatrix(), (3, 3)) * spacing * np.array(flips)
    affine[:3, 3] = 11, -23, 37
    return affine


@pytest.fixture
def voxels():
    return np.random.default_rng(2).integers(-900, 900, SHAPE).astype(np.int16)


def save(path, voxels, sform=None, qform=None, codes=(1, 1), kind=nib.Nifti1Image, **header):
    made = kind(voxels, sform if sform is not None else qform if qform is not None else turned())
    made.set_sform(sform if sform is not None else made.affine, codes[0])
    made.set_qform(qform if qform is not None else made.affine, codes[1], strip_shears=True)
    for name, value in header.items():
        made.header[name] = value
    nib.save(made, path)
    return path


def patched(path, at: int, form: str, *values):
    """The file with other numbers in its header."""
    raw = bytearray(path.read_bytes())
    struct.pack_into(form, raw, at, *values)
    path.write_bytes(raw)
    return path


def affine_of(volume) -> np.ndarray:
    """From voxel (i, j, k) to RAS mm."""
    affine = np.eye(4)
    affine[:3, :3] = np.reshape(volume.direction, (3, 3)) * volume.spacing
    affine[:3, 3] = volume.origin
    return LPS @ affine


def same_as_nibabel(path):
    """Voxels and affine; returns the volume."""
    peer, volume = nib.load(path), read_volume(path)
    assert np.allclose(affine_of(volume), peer.affine, atol=1e-4)
    assert np.allclose(volume.voxels, np.asarray(peer.dataobj).T, rtol=1e-6)
    return volume


@pytest.mark.parametrize("ending", ["nii", "nii.gz", "hdr", "img"])
@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("kind", ["u1", "i1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"])
def test_every_type_in_both_byte_orders(tmp_path, ending, order, kind):
    values = np.random.default_rng(0).integers(0, 120, SHAPE).astype(order + kind)
    pair = ending in ("hdr", "img")
    made = (nib.Nifti1Pair if pair else nib.Nifti1Image)(values, turned(10, -20, 30), dtype=values.dtype)
    made.header.set_data_dtype(values.dtype)
    made = type(made)(values, made.affine, made.header.as_byteswapped(order), dtype=values.dtype)
    nib.save(made, tmp_path / f"a.{ending}")
    volume = same_as_nibabel(tmp_path / f"a.{ending}")
    assert volume.voxels.dtype == np.dtype(kind) and volume.voxels.dtype.isnative and volume.voxels.flags.writeable
    assert np.array_equal(volume.voxels, sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / f"a.{ending}"))))


def test_nifti_2(tmp_path, voxels):
    path = save(tmp_path / "two.nii.gz", voxels, turned(5, 5, 5), kind=nib.Nifti2Image)
    assert np.array_equal(same_as_nibabel(path).voxels, voxels.T)


@pytest.mark.parametrize("slope, inter", [(0.5, 3), (2, -1024), (1, 7), (0.1, 0), (-1, 0)])
@pytest.mark.parametrize("kind", ["i2", "u1", "i4", "f4", "f8"])
def test_slopes_as_nibabel_and_bit_for_bit_as_itk(tmp_path, kind, slope, inter):
    values = np.random.default_rng(0).integers(0, 120, SHAPE).astype(kind)
    path = patched(save(tmp_path / "s.nii", values), 112, "<2f", slope, inter)
    peer = sitk.GetArrayFromImage(sitk.ReadImage(str(path)))
    found = same_as_nibabel(path).voxels
    assert found.dtype == peer.dtype and np.array_equal(found, peer)


def test_slopes_that_mean_none_and_impossible_ones(tmp_path, voxels):
    path = save(tmp_path / "s.nii", voxels)
    assert np.array_equal(same_as_nibabel(patched(path, 112, "<2f", 0, 5)).voxels, voxels.T)
    scan = read_volume(patched(path, 112, "<2f", np.nan, 0))
    assert np.array_equal(scan.voxels, voxels.T) and "slope" in scan.notes[0]
    for slope, inter in ((np.inf, 0), (1e30, 0), (2, np.nan), (1, 1e30)):
        with pytest.raises(InputError, match="scl_slope"):
            read_volume(patched(path, 112, "<2f", slope, inter))


# ---- where it lies


AXES = [(axes, flips) for axes in itertools.permutations(range(3)) for flips in itertools.product((1, -1), repeat=3)][
    ::5
]


@pytest.mark.parametrize("axes, flips", AXES)
@pytest.mark.parametrize("codes", [(1, 0), (0, 1), (1, 1), (4, 2)])
def test_orientation_as_nibabel(tmp_path, voxels, axes, flips, codes):
    affine = turned(0 if codes == (1, 0) else 12, 0, 0)
    affine[:3, :3] = affine[:3, list(axes)] * flips
    scan = same_as_nibabel(save(tmp_path / "a.nii", voxels, affine, affine, codes))
    assert scan.notes == ()
    letters = "".join({"L": "L", "R": "R", "A": "A", "P": "P", "S": "S", "I": "I"}[c] for c in nib.aff2axcodes(affine))
    assert scan.orientation == letters


@pytest.mark.parametrize("other", [turned(flips=(-1, 1, 1)), turned(spacing=(2, 3, 4.5)), turned(z=20)])
def test_the_sform_is_taken_where_the_two_differ(tmp_path, voxels, other):
    scan = same_as_nibabel(save(tmp_path / "a.nii", voxels, other, turned()))
    assert any("sform" in note and "qform" in note and "differ by up to" in note for note in scan.notes)


def test_a_sform_alone_with_other_voxel_sizes_is_said(tmp_path, voxels):
    path = patched(save(tmp_path / "a.nii", voxels, turned(), codes=(1, 0)), 80, "<3f", 1, 1, 1)
    scan = same_as_nibabel(path)
    assert "not those of its sform" in scan.notes[0]


def test_a_file_that_does_not_say_how_the_patient_lies(tmp_path, voxels):
    scan = same_as_nibabel(save(tmp_path / "a.nii", voxels, turned(), codes=(0, 0)))
    assert "does not say how the patient lies" in scan.notes[0] and scan.orientation == "LAS"


def test_slight_shear_is_squared_and_strong_shear_refused(tmp_path, voxels):
    for shear in (0.002, 0.008, -0.015):
        affine = turned()
        affine[1, 2] += 4 * shear
        scan = read_volume(save(tmp_path / "a.nii", voxels, affine, codes=(1, 0)))
        axes = np.reshape(scan.direction, (3, 3))
        assert np.allclose(axes.T @ axes, np.eye(3), atol=1e-9)
        degrees = float(scan.notes[0].split(" degrees")[0].split()[-1])
        assert degrees == pytest.approx(abs(np.degrees(np.arcsin(shear))), rel=0.1)
        corners = np.array([*itertools.product(*[(0, n - 1) for n in SHAPE])]).T
        moved = np.linalg.norm(
            (affine_of(scan) - affine)[:3, :3] @ corners + (affine_of(scan) - affine)[:3, 3:], axis=0
        )
        assert moved.max() <= float(scan.notes[0].split("more than ")[1].split()[0]) * 1.06
        assert moved.max() < abs(shear) * 4 * 4
    affine = turned()
    affine[1, 2] += 1.0
    with pytest.raises(InputError, match="sheared: its axes are 14.0 degrees.*resample"):
        read_volume(save(tmp_path / "a.nii", voxels, affine, codes=(1, 0)))


@pytest.mark.parametrize("size", [0, -3, np.nan, np.inf, 1e30, 1e-30])
@pytest.mark.parametrize("codes", [(0, 1), (0, 0)])
def test_impossible_voxel_sizes_are_refused(tmp_path, voxels, size, codes):
    path = patched(save(tmp_path / "a.nii", voxels, codes=codes), 80, "<f", size)
    with pytest.raises(InputError, match="mm|no place") as caught:
        read_volume(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("at, value", [(280, np.nan), (292, np.inf), (292, 1e30), (280, 0.0)])
def test_impossible_sforms_are_refused(tmp_path, voxels, at, value):
    with pytest.raises(InputError):
        read_volume(patched(save(tmp_path / "a.nii", voxels), at, "<f", value))


def test_lengths_in_micrometres(tmp_path, voxels):
    path = save(tmp_path / "a.nii", voxels, turned(spacing=(50, 50, 80)))
    scan = read_volume(patched(path, 123, "B", 3))
    assert np.allclose(scan.spacing, (0.05, 0.05, 0.08)) and "micrometres" in scan.notes[0]


# ---- whether it is whole


@pytest.mark.parametrize("share", [0.02, 0.3, 0.9, 0.999])
@pytest.mark.parametrize("ending", ["nii", "nii.gz", "img"])
def test_what_was_cut_off_is_refused(tmp_path, ending, share):
    values = np.random.default_rng(0).integers(0, 3000, (20, 20, 20)).astype(np.int16)
    pair = ending == "img"
    nib.save((nib.Nifti1Pair if pair else nib.Nifti1Image)(values, turned()), tmp_path / f"a.{ending}")
    raw = (tmp_path / f"a.{ending}").read_bytes()
    (tmp_path / f"a.{ending}").write_bytes(raw[: int(share * len(raw))])
    with pytest.raises(InputError, match="cut off|damaged") as caught:
        read_volume(tmp_path / f"a.{ending}")
    assert "\n" not in str(caught.value)


def test_other_damage_to_compressed_files(tmp_path, voxels):
    save(tmp_path / "a.nii", voxels)
    raw = (tmp_path / "a.nii").read_bytes()
    (tmp_path / "whole cut.nii.gz").write_bytes(gzip.compress(raw[: len(raw) // 2]))  # a whole archive of half a file
    packed = bytearray(gzip.compress(raw))
    packed[-7] ^= 1
    (tmp_path / "checksum.nii.gz").write_bytes(packed)
    for name in ("whole cut", "checksum"):
        with pytest.raises(InputError, match="cut off|damaged"):
            read_volume(tmp_path / f"{name}.nii.gz")
    for name, whole in {
        "members": gzip.compress(raw[:700]) + gzip.compress(raw[700:]),
        "trailing": gzip.compress(raw) + b"rubbish",
        "longer": gzip.compress(raw + b"more"),
    }.items():
        (tmp_path / f"{name}.nii.gz").write_bytes(whole)
        assert np.array_equal(read_volume(tmp_path / f"{name}.nii.gz").voxels, voxels.T)


def test_voxels_that_begin_inside_the_header_are_refused(tmp_path, voxels):
    path = save(tmp_path / "a.nii", voxels)
    for offset in (0.0, 16.0, 300.0, np.nan, -5.0):
        with pytest.raises(InputError, match="place in the file"):
            read_volume(patched(path, 108, "<f", offset))
    with pytest.raises(InputError, match="in another file"):
        read_volume(patched(save(tmp_path / "a.nii", voxels), 344, "4s", b"ni1\0"))


def test_a_pair_without_its_other_half(tmp_path, voxels):
    nib.save(nib.Nifti1Pair(voxels, turned()), tmp_path / "a.hdr")
    (tmp_path / "a.img").unlink()
    with pytest.raises(InputError, match="the one ending in .img is not beside it"):
        read_volume(tmp_path / "a.hdr")


def test_what_is_not_one_scalar_volume(tmp_path, voxels):
    for values, says in (
        (np.zeros((4, 4, 4, 3), np.int16), r"4 dimensions, size \(4, 4, 4, 3\)"),
        (np.zeros((4, 4, 4, 1, 3), np.float32), "3 components per pixel"),
        (np.zeros((4, 4, 4), np.complex64), "complex"),
        (np.zeros((4, 4, 4), [("R", "u1"), ("G", "u1"), ("B", "u1")]), "colour"),
    ):
        nib.save(nib.Nifti1Image(values, turned()), tmp_path / "a.nii")
        with pytest.raises(InputError, match=says):
            read_volume(tmp_path / "a.nii")
    nib.save(nib.Nifti1Image(voxels[..., None], turned()), tmp_path / "one.nii")
    assert np.array_equal(read_volume(tmp_path / "one.nii").voxels, voxels.T)
    nib.save(nib.Nifti1Image(voxels[..., 0], turned()), tmp_path / "plane.nii")
    assert read_volume(tmp_path / "plane.nii").shape == (1, 6, 7)
    for dims in ((3, 0, 5, 5), (3, -1, 5, 5), (9, 4, 4, 4), (0, 1, 1, 1)):
        with pytest.raises(InputError):
            read_volume(patched(save(tmp_path / "a.nii", voxels), 40, "<4h", *dims))
    with pytest.raises(InputError, match="cut off|memory"):
        read_volume(patched(save(tmp_path / "a.nii", voxels), 40, "<4h", 3, 32000, 32000, 32000))


@pytest.mark.parametrize("ending", ["nii", "nii.gz", "nrrd", "mha"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_nan_is_one_rule_in_every_format(tmp_path, voxels, ending, value):
    values = voxels.astype(np.float32)
    values[1, 2, 3] = value
    path = tmp_path / f"a.{ending}"
    if "nii" in ending:
        save(path, values)
    else:
        sitk.WriteImage(sitk.GetImageFromArray(values.T), str(path))
    scan = read_volume(path)
    assert (~np.isfinite(scan.voxels)).sum() == 1  # read as it is …
    with pytest.raises(InputError, match="1 voxels that are NaN or infinite.*nan_to_num"):
        check_scan(scan)  # … and refused with what to do
