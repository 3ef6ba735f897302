"""What a scan is: said by the user before the file, by the file before the values; a guess is called a guess."""

import numpy as np
import pytest

from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import CHOICES, Request
from XAICLIPLib.cli.options import add_scan, scan_of
from XAICLIPLib.errors import InputError
from XAICLIPLib.volume import MODALITIES, Volume, as_modality, is_offset_ct, modality_of


def patient(air=-1000.0, soft=40.0, noise=12.0) -> np.ndarray:
    """A cylinder of soft tissue with fat round it, in air; HU with noise."""
    rng = np.random.default_rng(0)
    z, y, x = np.mgrid[:6, :48, :48]
    radius = np.hypot(y - 23.5, x - 23.5)
    values = np.where(radius < 16, soft, np.where(radius < 19, -100.0, air))
    return np.rint(values + rng.normal(0, noise, values.shape))


def magnetic(top=900) -> np.ndarray:
    """An MR: noise, dark and bright tissue without a hole between."""
    rng = np.random.default_rng(1)
    smooth = np.linspace(0, 1, 6 * 48 * 48).reshape(6, 48, 48)
    return np.rint(np.abs(smooth * top + rng.normal(0, 40, smooth.shape))).astype(np.uint16)


OFFSET = np.clip(patient() + 1024, 0, 4095).astype(np.uint16)


@pytest.mark.parametrize("dtype", [np.uint16, np.int16, np.int32, np.float32])
def test_a_ct_with_an_offset_is_known_by_its_values(dtype):
    assert is_offset_ct(OFFSET.astype(dtype))


@pytest.mark.parametrize(
    "values",
    [
        magnetic(), magnetic(3000), patient().astype(np.int16), np.clip(patient(), -160, 240) + 160,
        (np.clip(patient(), -160, 240) + 160) * (255 / 400), OFFSET + np.float32(0.25), np.zeros((3, 4, 5), np.uint16),
        np.where(OFFSET > 800, OFFSET, 850),  # no air
    ],
    ids=["mr", "bright mr", "hu", "window", "window of 8 bit", "not whole", "empty", "no air"],
)  # fmt: skip
def test_what_is_no_ct_with_an_offset(values):
    assert not is_offset_ct(values)


def test_the_offset_is_taken_off_only_where_it_is_asked_for_and_sure():
    guessed = as_modality(Volume(OFFSET))
    assert np.array_equal(guessed.voxels, OFFSET) and guessed.modality == "" and modality_of(guessed).name == "MR"
    (note,) = guessed.notes
    assert "taken for MR from its values" in note and "--modality CT" in note and "1024" in note
    said = as_modality(Volume(OFFSET), "CT")
    assert said.modality == "CT" and said.voxels.dtype == np.int16
    assert np.array_equal(said.voxels, OFFSET.astype(int) - 1024)
    assert "1024 was taken off" in said.notes[0] and "air near 0" in said.notes[0]
    for values in (magnetic(), (np.clip(patient(), -160, 240) + 160).astype(np.uint8)):
        with pytest.raises(InputError, match="no Hounsfield units.*convert it"):
            as_modality(Volume(values), "CT")


def test_plain_hounsfield_units_stay_as_they_are():
    values = patient().astype(np.int16)
    for volume, said in ((Volume(values), "auto"), (Volume(values), "CT"), (Volume(values, modality="CT"), "auto")):
        found = as_modality(volume, said)
        assert found.voxels is values and found.notes == () and modality_of(found).name == "CT"
    window = as_modality(Volume(np.clip(values, -160, 240)), "CT")
    assert window.modality == "CT" and "cut to a window" in window.notes[0]


@pytest.mark.parametrize("said", MODALITIES)
def test_the_user_is_believed_before_the_file_and_the_file_before_the_values(said):
    values = patient().astype(np.int16)
    assert as_modality(Volume(values, modality="MR")).modality == "MR"  # although these are Hounsfield units
    assert modality_of(as_modality(Volume(values, modality="MR"))).guessed is False
    found = as_modality(Volume(values, modality="MR"), said)
    assert found.modality == said
    assert sum("the file says that the scan is MR" in note for note in found.notes) == (said != "MR")


def test_a_ct_by_its_header_that_lacks_its_offset_is_said():
    (note,) = as_modality(Volume(OFFSET, modality="CT")).notes
    assert "--modality CT takes that off" in note


def test_a_guess_is_said_and_a_word_of_the_user_ends_it():
    volume = Volume(magnetic(), name="scan")
    case = Case(Request("scan", ("liver",), device="cpu"), Models(), scan=volume)
    assert case.scan.modality == "MR" and case.scan.taken_for.guessed and "--modality" in case.scan.taken_for.words
    assert any("taken for MR" in note for note in case.scan.notes)
    case = Case(Request("scan", ("liver",), modality="PT", device="cpu"), Models(), scan=volume)
    assert case.scan.modality == "PT" == case.scan.taken_for.words and case.scan.notes == ()
    case = Case(Request("scan", ("liver",), modality="CT", device="cpu"), Models(), scan=Volume(OFFSET))
    assert case.scan.modality == "CT" and case.scan.axial.voxels.min() <= -1000 and case.preset.name == "ct-soft-tissue"


def test_the_request_and_the_command_line_carry_it():
    import argparse

    assert CHOICES["modality"] == ("auto", *MODALITIES)
    with pytest.raises(InputError, match="no modality 'MRI'; choose one of auto, CT, MR"):
        Request("scan", ("liver",), modality="MRI")
    request = Request("scan", ("liver",), modality="US")
    assert Request.from_json(request.to_json()) == request
    parser = argparse.ArgumentParser()
    add_scan(parser)
    given = parser.parse_args(["scan.nii", "--structure", "liver", "--modality", "PT"])
    assert scan_of(given)["modality"] == "PT"
