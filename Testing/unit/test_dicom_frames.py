"""Files of many frames: each frame in its own place, with its own slope, or the file is refused with the reason."""

import numpy as np
import pydicom
import pytest
from pydicom.uid import RLELossless

from Testing.unit.dicomfiles import US, enhanced, image, item, save, series_uids
from XAICLIPLib.errors import InputError
from XAICLIPLib.volume import read_volume


@pytest.fixture
def stored():
    return np.random.default_rng(5).integers(0, 3000, (10, 9, 8)).astype(np.uint16)


def shuffled(count: int) -> list[int]:
    return [int(k) for k in np.random.default_rng(0).permutation(count)]


def by_pydicom(path) -> np.ndarray:
    """Every frame's values by its own slope and intercept, in the order of the places."""
    data = pydicom.dcmread(path)
    frames = []
    for plane, own in zip(data.pixel_array, data.PerFrameFunctionalGroupsSequence):
        scale = own.PixelValueTransformationSequence[0]
        height = float(own.PlanePositionSequence[0].ImagePositionPatient[2])
        frames.append((height, plane * float(scale.RescaleSlope) + float(scale.RescaleIntercept)))
    return np.stack([frame for _, frame in sorted(frames, key=lambda pair: pair[0])])


@pytest.mark.parametrize("kind", ["CT", "MR", "PT"])
@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("slopes", ["one", "whole", "each"])
def test_frames_lie_in_their_places_with_their_slopes(tmp_path, stored, kind, mixed, slopes):
    scale = {
        "one": lambda k: (1, -1024),
        "whole": lambda k: (1 + k % 3, -10 * k),
        "each": lambda k: (0.37 + 0.1 * k, 0),
    }
    made = enhanced(stored, kind=kind, order=shuffled(10) if mixed else None, scale=scale[slopes])
    path = save(made, tmp_path / "frames.dcm")
    scan = read_volume(path)
    assert scan.modality == kind and scan.notes == () and np.allclose(scan.voxels, by_pydicom(path), rtol=1e-6)
    assert np.allclose(scan.spacing, (0.6, 0.8, 2.5)) and np.allclose(scan.origin, (-10, -20, -30))
    assert (scan.voxels.dtype.kind == "f") == (slopes == "each")
    assert np.array_equal(read_volume(tmp_path).voxels, scan.voxels)  # in a folder likewise


@pytest.mark.parametrize("interpretation", ["MONOCHROME1", "MONOCHROME2"])
def test_compressed_and_inverted_frames(tmp_path, stored, interpretation):
    made = enhanced(stored, order=shuffled(10), scale=lambda k: (1, -1000), PhotometricInterpretation=interpretation)
    made.compress(RLELossless)
    assert np.array_equal(read_volume(save(made, tmp_path / "f.dcm")).voxels, stored.astype(int) - 1000)


@pytest.mark.parametrize("dtype, low, high", [("u2", 0, 4096), ("i2", -2048, 2048)])
def test_bits_that_are_not_the_values_are_left_out(tmp_path, dtype, low, high):
    """12 bits of 16; old files keep an overlay in the others."""
    values = np.random.default_rng(0).integers(low, high, (4, 9, 8)).astype(dtype)
    dirty = (values & np.array(0xFFF, dtype)) | (np.arange(72).reshape(9, 8) % 2 * 0x1000).astype(dtype)
    made = enhanced(dirty, BitsStored=12, HighBit=11)
    assert np.array_equal(read_volume(save(made, tmp_path / "f.dcm")).voxels, values)
    made = enhanced(values, BitsStored=12, HighBit=11)
    assert np.array_equal(read_volume(save(made, tmp_path / "g.dcm")).voxels, values)


def test_frames_that_were_cut_off_are_refused(tmp_path, stored):
    path = save(enhanced(stored), tmp_path / "f.dcm")
    raw = path.read_bytes()
    for share in (0.3, 0.9, 0.99):
        path.write_bytes(raw[: int(share * len(raw))])
        with pytest.raises(InputError) as caught:
            read_volume(path)
        assert "\n" not in str(caught.value) and "f.dcm" in str(caught.value)


def test_big_endian_and_deflated_files(tmp_path, stored):
    from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian

    made = enhanced(stored, scale=lambda k: (2, -5))
    made.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    assert np.array_equal(read_volume(save(made, tmp_path / "d.dcm")).voxels, stored.astype(int) * 2 - 5)
    made = enhanced(stored, scale=lambda k: (2, -5))
    made.PixelData = stored.astype(">u2").tobytes()
    made.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    made.save_as(tmp_path / "b.dcm", implicit_vr=False, little_endian=False)
    assert np.array_equal(read_volume(tmp_path / "b.dcm").voxels, stored.astype(int) * 2 - 5)


def test_jpeg_2000_is_decoded(tmp_path, stored):
    """The code stream is ITK's, wrapped into a multi-frame file."""
    import SimpleITK as sitk
    from pydicom.encaps import encapsulate
    from pydicom.uid import JPEG2000Lossless

    streams = []
    for k, plane in enumerate(stored):
        sitk.WriteImage(sitk.GetImageFromArray(plane[None]), str(tmp_path / f"{k}.dcm"), useCompression=True)
        data = pydicom.dcmread(tmp_path / f"{k}.dcm")
        assert data.file_meta.TransferSyntaxUID == JPEG2000Lossless
        streams.append(next(pydicom.encaps.generate_frames(data.PixelData, number_of_frames=1)))
    order = shuffled(10)
    made = enhanced(stored, order=order, scale=lambda k: (2, k))
    made.PixelData = encapsulate([streams[k] for k in order])
    made["PixelData"].is_undefined_length = True
    made.file_meta.TransferSyntaxUID = JPEG2000Lossless
    expected = stored.astype(int) * 2 + np.arange(10)[:, None, None]
    assert np.array_equal(read_volume(save(made, tmp_path / "frames" / "f.dcm")).voxels, expected)


@pytest.mark.parametrize("told", ["StackID", "TemporalPositionIndex", "echo", "b-value", "nothing"])
def test_two_volumes_in_one_file_are_refused_and_can_be_chosen(tmp_path, stored, told):
    volumes = np.concatenate([stored, stored // 2])
    places = [(-10, -20, -30 + 2.5 * (k % 10)) for k in range(20)]
    content = {"StackID": lambda k: {"StackID": str(k // 10 + 1)},
               "TemporalPositionIndex": lambda k: {"TemporalPositionIndex": k // 10 + 1}}.get(told)  # fmt: skip
    extra = {
        "echo": lambda k: {"MREchoSequence": [item(EffectiveEchoTime=2.3 * (1 + k // 10))]},
        "b-value": lambda k: {"MRDiffusionSequence": [item(DiffusionBValue=800.0 * (k // 10))]},
    }.get(told)
    order = [k for pair in zip(range(10), range(10, 20)) for k in pair] if told != "nothing" else None
    uids = series_uids()
    made = enhanced(volumes, kind="MR", order=order, places=places, content=content, extra=extra, **uids)
    path = save(made, tmp_path / "two.dcm")
    with pytest.raises(InputError, match="10 of its 10 places hold up to 2 images in the same place") as caught:
        read_volume(path)
    assert "--series" in str(caught.value)
    for n, expected in enumerate((stored, stored // 2)):
        assert np.array_equal(read_volume(path, f"{uids['SeriesInstanceUID']}/{n + 1}").voxels, expected)


def test_one_series_in_several_multi_frame_files(tmp_path, stored):
    """A concatenation: an image cut into files because it was too large for one."""
    uids = series_uids()
    for name, part in (("a", slice(0, 4)), ("b", slice(4, 10))):
        places = [(-10, -20, -30 + 2.5 * k) for k in range(10)][part]
        save(enhanced(stored[part], places=places, **uids), tmp_path / "parts" / f"{name}.dcm")
    assert np.array_equal(read_volume(tmp_path / "parts").voxels, stored)


def test_tilted_frames_are_moved_in_their_planes(tmp_path, stored):
    turn = np.radians(15)
    made = enhanced(stored, along=[1, 0, 0, 0, float(np.cos(turn)), float(-np.sin(turn))])
    scan = read_volume(save(made, tmp_path / "tilt.dcm"))
    assert "tilted gantry" in scan.notes[0] and scan.shape[1] > 9


def test_a_loop_in_time_is_no_volume(tmp_path, stored):
    loop = image(stored.astype(np.uint8), SOPClassUID=US, Modality="US", NumberOfFrames=10, FrameTime=40)
    with pytest.raises(
        InputError, match="10 frames of loop.dcm do not say where they lie in space .they may follow each"
    ):
        read_volume(save(loop, tmp_path / "loop.dcm"))


def test_frames_without_places_or_with_some_missing(tmp_path, stored):
    made = enhanced(stored)
    for frame in made.PerFrameFunctionalGroupsSequence:
        del frame.PlanePositionSequence
    with pytest.raises(InputError, match="do not say where they lie"):
        read_volume(save(made, tmp_path / "none.dcm"))
    made = enhanced(stored)
    del made.PerFrameFunctionalGroupsSequence[-1]
    with pytest.raises(InputError, match="10 frames and describes 9"):
        read_volume(save(made, tmp_path / "fewer.dcm"))
    made = enhanced(stored)
    del made.PerFrameFunctionalGroupsSequence[3].PlanePositionSequence
    with pytest.raises(InputError, match="1 of the 10 frames of one.dcm do not say where they lie"):
        read_volume(save(made, tmp_path / "one.dcm"))


def test_shared_values_hold_for_every_frame(tmp_path, stored):
    made = enhanced(stored)
    for frame in made.PerFrameFunctionalGroupsSequence:
        del frame.PixelValueTransformationSequence
    made.SharedFunctionalGroupsSequence[0].PixelValueTransformationSequence = [
        item(RescaleSlope=2, RescaleIntercept=-7, RescaleType="HU")
    ]
    assert np.array_equal(read_volume(save(made, tmp_path / "s.dcm")).voxels, stored.astype(int) * 2 - 7)


def test_a_dose_distribution_has_its_planes_by_offsets(tmp_path, stored):
    made = image(stored, SOPClassUID="1.2.840.10008.5.1.4.1.1.481.2", Modality="RTDOSE", NumberOfFrames=10,
                 ImagePositionPatient=[-10, -20, -30], ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
                 PixelSpacing=[0.8, 0.6],
                 GridFrameOffsetVector=[2.5 * k for k in range(10)], DoseGridScaling=0.001)  # fmt: skip
    scan = read_volume(save(made, tmp_path / "dose.dcm"))
    assert np.allclose(scan.voxels, stored * 0.001) and np.allclose(scan.spacing, (0.6, 0.8, 2.5))
