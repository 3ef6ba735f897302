"""MetaImage and NRRD: whole, possible, from the file's own folder, or refused in a sentence before ITK sees them."""

import re
import subprocess
import sys

import numpy as np
import pytest
import SimpleITK as sitk

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume import read_volume


@pytest.fixture
def voxels():
    return np.random.default_rng(4).integers(-1000, 1000, (10, 12, 14)).astype(np.int16)


def save(path, voxels, packed=False, spacing=(1.0, 2.0, 3.0), direction=None):
    image = sitk.GetImageFromArray(voxels)
    image.SetSpacing(spacing)
    if direction is not None:
        image.SetDirection(direction)
    sitk.WriteImage(image, str(path), useCompression=packed)
    return path


def changed(path, pattern: bytes, by: bytes):
    """The file with a part of its header replaced."""
    raw = path.read_bytes()
    assert re.search(pattern, raw), pattern
    path.write_bytes(re.sub(pattern, lambda _: by, raw, count=1))
    return path


def refused(path, says: str) -> str:
    with pytest.raises(InputError, match=says) as caught:
        read_volume(path)
    assert str(caught.value).isprintable() and "No such file" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
@pytest.mark.parametrize("ending", ["mha", "mhd", "nrrd", "nhdr"])
def test_what_was_cut_off_is_refused(tmp_path, voxels, ending, packed, share):
    path = save(tmp_path / f"a.{ending}", voxels, packed)
    assert np.array_equal(read_volume(path).voxels, voxels)
    data = max(tmp_path.iterdir(), key=lambda p: p.stat().st_size)
    raw = data.read_bytes()
    data.write_bytes(raw[: int(share * len(raw))])
    with pytest.raises(InputError) as caught:
        read_volume(path)
    assert "No such file" not in str(caught.value) and "\n" not in str(caught.value)
    if ending.startswith("mh") and share > 0.1:
        assert "cut off" in str(caught.value)


def test_a_damaged_compressed_file_is_refused(tmp_path, voxels):
    path = save(tmp_path / "a.mha", voxels, packed=True)
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 0xFF
    path.write_bytes(raw)
    refused(path, "damaged|cut off")


@pytest.mark.parametrize("place", ["/etc/passwd", "../../etc/passwd", "../a.raw", "sub/a.raw", "..", "C:\\a.raw", ""])
@pytest.mark.parametrize("ending", ["mhd", "nhdr", "mha"])
def test_the_data_file_lies_beside_the_header_or_is_not_read(tmp_path, voxels, ending, place):
    here = tmp_path / "here"
    here.mkdir()
    (here / "sub").mkdir()
    for other in (tmp_path / "a.raw", here / "sub" / "a.raw"):
        other.write_bytes(voxels.tobytes())
    path = save(here / f"a.{ending}", voxels)
    key = b"data file:" if ending == "nhdr" else b"ElementDataFile ="
    changed(path, key + rb"[^\n]*", key + b" " + place.encode())
    refused(path, "beside|data file")


def test_links_and_lists_lead_nowhere_else_either(tmp_path, voxels):
    here = tmp_path / "here"
    here.mkdir()
    (tmp_path / "secret.raw").write_bytes(voxels.tobytes())
    (here / "link.raw").symlink_to(tmp_path / "secret.raw")
    path = save(here / "a.mhd", voxels)
    original = path.read_bytes()
    changed(path, rb"ElementDataFile =[^\n]*", b"ElementDataFile = link.raw")
    refused(path, "not beside it")
    path.write_bytes(re.sub(rb"ElementDataFile =[^\n]*\n", b"ElementDataFile = LIST\n../secret.raw\n", original))
    refused(path, "not beside it")
    path.write_bytes(re.sub(rb"ElementDataFile =[^\n]*", b"ElementDataFile = ../s%02d.raw 1 10 1", original))
    refused(path, "not beside it")
    path = save(here / "a.nhdr", voxels)
    changed(path, rb"data file:[^\n]*", b"data file: LIST\n../secret.raw")
    refused(path, "not beside it")


def test_slices_in_files_of_their_own_beside_the_header_are_read(tmp_path, voxels):
    path = save(tmp_path / "a.mhd", voxels)
    for k, plane in enumerate(voxels):
        (tmp_path / f"s{k:02d}.raw").write_bytes(plane.tobytes())
    changed(path, rb"ElementDataFile =[^\n]*", b"ElementDataFile = s%02d.raw 0 9 1")
    assert np.array_equal(read_volume(path).voxels, voxels)
    (tmp_path / "s04.raw").write_bytes(voxels[4].tobytes()[:-9])
    refused(path, "cut off")


DIMS = ["", "14", "14 12", "14 12 10 1", "14 -12 10", "0 12 10", "a b c", "1e9 1e9 1e9", "2147483647 2147483647 9",
        "14 12 1000000", "99999999999999999999 1 1", "nan 12 10", "14 12 10 " + "1 " * 40]  # fmt: skip


@pytest.mark.slow
def test_dimension_lists_end_no_process(tmp_path, voxels):
    """In another process, because what is tested for ends it."""
    files = []
    for number, dims in enumerate(DIMS):
        path = changed(save(tmp_path / f"d{number}.mha", voxels), rb"DimSize =[^\n]*", b"DimSize = " + dims.encode())
        files.append(path)
        path = changed(save(tmp_path / f"s{number}.nrrd", voxels), rb"sizes:[^\n]*", b"sizes: " + dims.encode())
        files.append(path)
    for number, (key, value) in enumerate(
        [("NDims", "-1"), ("NDims", "2"), ("NDims", "4"), ("NDims", "100"), ("NDims", "3 3"), ("ElementSpacing", "1 2"),
         ("Offset", "1"), ("TransformMatrix", "1 0 0"), ("TransformMatrix", "nan " * 9), ("ElementSpacing", "0 0 0"),
         ("ElementType", "MET_OTHER"), ("CompressedData", "True")]
    ):  # fmt: skip
        raw = key.encode()
        files.append(
            changed(save(tmp_path / f"k{number}.mha", voxels), raw + rb" =[^\n]*", raw + b" = " + value.encode())
        )
    program = (
        "import sys\nfrom XAICLIPLib.errors import InputError\nfrom XAICLIPLib.volume import read_volume\n"
        "for path in sys.argv[1:]:\n"
        "    try: read_volume(path); print('read', path)\n"
        "    except InputError as error: print('refused', str(error).count(chr(10)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, files)], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0 and done.stdout.split() == ["refused", "0"] * len(files), done.stdout + done.stderr


@pytest.mark.parametrize("size", ["0", "nan", "inf", "-3", "1e30", "1e-30"])
@pytest.mark.parametrize("ending", ["mha", "nrrd"])
def test_impossible_voxel_sizes_are_refused(tmp_path, voxels, ending, size):
    path = save(tmp_path / f"a.{ending}", voxels)
    if ending == "mha":
        changed(path, rb"ElementSpacing =[^\n]*", f"ElementSpacing = 1 {size} 1".encode())
    elif size == "-3":
        return  # in an NRRD that is a direction
    else:
        changed(path, rb"space directions:[^\n]*", f"space directions: (1,0,0) (0,{size},0) (0,0,1)".encode())
    refused(path, "impossible|damaged")


@pytest.mark.parametrize("ending", ["mha", "nrrd"])
def test_shear_is_squared_or_refused(tmp_path, voxels, ending):
    path = save(tmp_path / f"a.{ending}", voxels, spacing=(1, 1, 1), direction=(1, 0, 0, 0, 1, 0.005, 0, 0, 1))
    scan = read_volume(path)
    axes = np.reshape(scan.direction, (3, 3))
    assert np.allclose(axes.T @ axes, np.eye(3), atol=1e-9) and "0.29 degrees off right angles" in scan.notes[0]
    path = save(tmp_path / f"a.{ending}", voxels, spacing=(1, 1, 1), direction=(1, 0, 0, 0, 1, 0.3, 0, 0, 1))
    refused(path, "sheared.*resample")


def test_a_place_that_is_not_said_is_a_note(tmp_path, voxels):
    path = changed(save(tmp_path / "a.mha", voxels), rb"TransformMatrix =[^\n]*\n", b"")
    assert "does not say how the patient lies" in read_volume(path).notes[0]
    path.with_name("a.nrrd").write_bytes(
        b"NRRD0004\ntype: short\ndimension: 3\nsizes: 14 12 10\nencoding: raw\nendian: little\n\n" + voxels.tobytes()
    )
    scan = read_volume(path.with_name("a.nrrd"))
    assert np.array_equal(scan.voxels, voxels) and "does not say how the patient lies" in scan.notes[0]


@pytest.mark.parametrize("ending", ["mha", "nrrd"])
def test_other_byte_orders_are_read(tmp_path, voxels, ending):
    path = save(tmp_path / f"a.{ending}", voxels)
    raw = path.read_bytes()
    head = raw[: -voxels.nbytes].replace(b"MSB = False", b"MSB = True").replace(b"endian: little", b"endian: big")
    assert head != raw[: -voxels.nbytes]
    path.write_bytes(head + voxels.astype(">i2").tobytes())
    found = read_volume(path).voxels
    assert found.dtype.isnative and np.array_equal(found, voxels)
