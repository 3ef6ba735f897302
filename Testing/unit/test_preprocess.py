"""From grey values to what a model sees: known answers of the window, of CLAHE, and of the frame's two ways."""

import cv2
import numpy as np
import pytest

from XAICLIPLib.errors import InputError
from XAICLIPLib.preprocess import (
    PRESETS,
    Frame,
    body_frame,
    body_mask,
    choose_preset,
    enhance,
    equalise,
    unit_window,
)
from XAICLIPLib.volume import Volume, modality_of


def volume(low, high, modality=""):
    return Volume(np.linspace(low, high, 64).reshape(4, 4, 4).astype(np.float32), modality=modality)


@pytest.mark.parametrize(
    "low, high, stored, modality, preset",
    [
        (-1024, 1500, "", "CT", "ct-soft-tissue"),
        (0, 900, "", "MR", "mr"),
        (-20, 60, "CT", "CT", "ct-soft-tissue"),
        (-1024, 1500, "MR", "MR", "mr"),
        (0, 255, "US", "US", "ultrasound"),
        (0, 255, "PT", "PT", "paper"),
    ],
)
def test_the_preset_follows_the_modality_or_the_values(low, high, stored, modality, preset):
    scan = volume(low, high, stored)
    assert modality_of(scan).name == modality
    chosen, reason = choose_preset(scan)
    assert chosen is PRESETS[preset]
    assert modality in reason and ("file says so" in reason) == bool(stored)


def test_a_preset_by_name():
    scan = volume(-1024, 1500)
    assert choose_preset(scan, "ct-lung") == (PRESETS["ct-lung"], "chosen by the user")
    with pytest.raises(InputError, match="no preset 'lungs'; choose auto, paper"):
        choose_preset(scan, "lungs")


@pytest.mark.parametrize(
    "name, centre, width",
    [("ct-soft-tissue", 40, 400), ("ct-liver", 80, 200), ("ct-lung", -600, 1500), ("ct-bone", 300, 1500)],
)
def test_ct_windows_are_those_of_the_reading_room(name, centre, width):
    low, high = PRESETS[name].grey_window(np.array([0.0]))
    assert (low + high) / 2 == centre and high - low == width
    hounsfield = np.array([[low - 500, low, centre, high, high + 500]])
    assert np.allclose(enhance(hounsfield, PRESETS[name]), [[0, 0, 0.5, 1, 1]])


def test_the_papers_preset_is_the_5th_and_95th_percentile_then_clahe():
    paper = PRESETS["paper"]
    image = np.arange(1001, dtype=np.float64).reshape(7, 143)
    assert paper.grey_window(image) == (50.0, 950.0) and paper.clahe
    rng = np.random.default_rng(0)
    picture = rng.normal(100, 30, (96, 96))
    low, high = np.percentile(picture, (5, 95))
    expected = cv2.createCLAHE(clipLimit=2.0, tileGridSize=(8, 8)).apply(
        np.round(np.clip((picture - low) / (high - low), 0, 1) * 255).astype(np.uint8)
    )
    assert np.allclose(enhance(picture, paper), expected / 255, atol=1.01 / 255)
    assert not np.allclose(enhance(picture, paper), enhance(picture, paper, (0.0, 200.0)))  # a given window is used


@pytest.mark.parametrize("value", [30, 100, 200])
def test_clahe_clips_each_tile_at_twice_the_mean_bin(value):
    """All of a flat tile's N pixels fall into one bin. Cut at 2·N/256, the rest goes evenly to all 256 bins, and the
    grey value becomes the sum of the bins up to its own, times 255/N: 4096 pixels, limit 32, 15 or 16 to each bin."""
    pixels, limit = 64 * 64, 2 * 64 * 64 // 256
    each, rest = divmod(pixels - limit, 256)
    below = each * (value + 1) + min(value + 1, rest) + limit
    flat = equalise(np.full((512, 512), value / 255, np.float32))
    assert np.allclose(flat * 255, round(below * 255 / pixels), atol=1e-3)


def test_clahe_works_in_8_by_8_tiles():
    image = np.full((512, 512), 100 / 255, np.float32)
    image[:64, :64] = np.random.default_rng(0).random((64, 64))
    changed = np.abs(equalise(image) - equalise(np.full_like(image, 100 / 255))) > 1e-3
    # the tile's neighbours are interpolated with it up to their centres, 96 pixels from the corner
    assert changed[64:96, :64].any() and not changed[97:].any() and not changed[:, 97:].any()


def test_window_of_no_width_stays_finite():
    assert np.array_equal(unit_window(np.array([4.0, 5.0, 6.0]), 5.0, 5.0), [0, 0, 1])
    window = unit_window(np.array([-200, -160, 40, 240, 900], np.int16), -160, 240)
    assert window.dtype == np.float32 and np.allclose(window, [0, 0, 0.5, 1, 1])


# ---- the frame


FRAMES = [
    Frame(10, 20, 90, 160, (120, 130)),  # enlarged
    Frame(4, 6, 300, 160, (320, 310)),  # shrunk
    Frame(-20, -10, 140, 160, (100, 110)),  # over the slice's edges
    Frame(0, 0, 64, 64, (64, 64)),  # as it is
    Frame(-3, 12, 200, 160, (100, 230), aspect=2.5),  # tall pixels: 80 rows enlarged, 200 columns shrunk
]


@pytest.mark.parametrize("frame", FRAMES)
def test_a_place_keeps_its_place_through_the_frame(frame):
    """A ramp is linear, so bringing it to the work grid and back must not move it by even a part of a pixel."""
    rows, columns = np.mgrid[: frame.shape[0], : frame.shape[1]].astype(np.float32)
    inside = tuple(
        slice(max(start, 0) + int(2 / scale) + 2, min(start + edge, length) - int(2 / scale) - 2)
        for start, edge, length, scale in zip(
            (frame.top, frame.left), (frame.height, frame.side), frame.shape, frame.scale
        )
    )
    for ramp, start, scale in ((rows, frame.top, frame.scale[0]), (columns, frame.left, frame.scale[1])):
        work = frame.to_work(ramp, pad=0.0)
        assert work.shape == (frame.size, frame.size) and work.dtype == np.float32
        back = frame.to_slice(work[None])[0]
        assert back.shape == frame.shape
        assert np.abs(back - ramp)[inside].max() < 0.08  # OpenCV interpolates in 1/32 of a pixel
        # and the work pixel i lies at slice pixel start + (i + 1/2)/scale − 1/2
        middle = frame.size // 2
        expected = start + (middle + 0.5) / scale - 0.5
        found = work[middle, middle]
        assert abs(found - expected) < 0.1


@pytest.mark.parametrize("frame", FRAMES)
def test_what_lies_outside_the_frame(frame):
    ones = np.ones(frame.shape, np.float32)
    back = frame.to_slice(np.ones((3, 2, frame.size, frame.size)), outside=-7)
    assert back.shape == (3, 2, *frame.shape)
    within = np.zeros(frame.shape, bool)
    within[max(frame.top, 0) : frame.top + frame.height, max(frame.left, 0) : frame.left + frame.side] = True
    assert np.array_equal(back[1, 1], np.where(within, 1, -7))
    work = frame.to_work(ones, pad=-1000)
    if frame.top < 0:
        assert work[0, 0] == -1000 and work[frame.size // 2, frame.size // 2] == 1
    else:
        assert np.allclose(work, 1)


@pytest.mark.parametrize("frame", FRAMES)
def test_masks_keep_their_area_through_the_frame(frame):
    mask = np.zeros(frame.shape, bool)
    mask[30:60, 40:80] = True
    work = frame.mask_to_work(mask)
    assert work.dtype == bool
    assert abs(work.sum() / np.prod(frame.scale) / mask.sum() - 1) < 0.06
    back = frame.to_slice(work.astype(np.float32)[None])[0] > 0.5
    assert 2 * (back & mask).sum() / (back.sum() + mask.sum()) > 0.96


def patient(shape, centre, radii=(60, 80), table=True):
    """A body of water with an organ on the patient's right, in air, on a table."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    down, across = (rows - centre[0]) / radii[0], (columns - centre[1]) / radii[1]
    image = np.full(shape, -1000.0)
    image[down**2 + across**2 <= 1] = 0
    image[(down / 0.5) ** 2 + ((across + 0.4) / 0.4) ** 2 <= 1] = 110
    if table:
        top = int(centre[0] + radii[0]) + 6
        image[top : top + 3, 10:-10] = -100
    return image


def test_the_body_is_found_without_table_and_noise():
    image = patient((200, 240), (90, 120))
    body = patient((200, 240), (90, 120), table=False) > -500
    image[5, 5] = image[190, 7] = 50
    found = body_mask(image)
    assert not found[155:].any() and not found[:10].any()
    assert 2 * (found & body).sum() / (found.sum() + body.sum()) > 0.98
    assert not body_mask(np.full((40, 40), -1000.0)).any()


def test_the_body_of_an_mr_without_hounsfield_units():
    rng = np.random.default_rng(0)
    body = patient((200, 240), (90, 120), table=False) > -500
    image = np.where(body, 300, 8) + rng.normal(0, 4, body.shape)
    found = body_mask(image, "MR")
    assert 2 * (found & body).sum() / (found.sum() + body.sum()) > 0.97


def test_a_patient_looks_alike_in_any_field_of_view():
    """The same body elsewhere in a larger slice gives the same picture to the model."""
    near, far = patient((150, 180), (70, 90)), patient((400, 420), (210, 150))
    a, b = (body_frame(image).to_work(image, pad=-1000) for image in (near, far))
    assert np.abs(a - b).mean() < 12 and np.corrcoef(a.ravel(), b.ravel())[0, 1] > 0.995
    frame = body_frame(near)
    assert frame.side == round(1.06 * 161) and frame.size == 160 and frame.shape == (150, 180)
    assert frame.top + frame.side / 2 == pytest.approx(70.5, abs=1) and frame.left + frame.side / 2 == pytest.approx(
        90.5, abs=1
    )


def test_a_patient_looks_alike_on_pixels_that_are_not_square():
    fine = patient((300, 360), (140, 180), radii=(120, 160))
    tall = fine[1::3]  # pixels three times as high as wide
    a = body_frame(fine)
    b = body_frame(tall, spacing=(3.0, 1.0))
    assert abs(a.side - b.side) <= 8 and b.aspect == 3 and b.height == round(b.side / 3)
    a, b = a.to_work(fine, pad=-1000), b.to_work(tall, pad=-1000)
    assert a.shape == b.shape == (160, 160) and np.corrcoef(a.ravel(), b.ravel())[0, 1] > 0.97
    squeezed = body_frame(tall).to_work(tall, pad=-1000)
    assert np.corrcoef(a.ravel(), squeezed.ravel())[0, 1] < 0.9


def test_a_slice_without_a_body_is_taken_whole():
    frame = body_frame(np.full((60, 100), -1000.0))
    assert frame.side == round(1.06 * 100)
    assert frame.top + frame.side / 2 == pytest.approx(30, abs=1) and frame.left + frame.side / 2 == pytest.approx(
        50, abs=1
    )
