"""The pictures of located structures, by their pixels: heat, contour and outlines are where they are in the patient."""

import cv2
import numpy as np
import pytest

from XAICLIPLib.errors import InputError
from XAICLIPLib.report.regions import LocatedSlice, probability_table, region_montage, region_panel

pytestmark = pytest.mark.slow

SHAPE = (80, 100)
GREY = 0.5
CELL, GAP, EDGE = 493, 16, 24  # px of the page


def disc(row, column, radius, shape=SHAPE):
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    return (rows - row) ** 2 + (columns - column) ** 2 <= radius**2


def scene(shape=SHAPE, **changed):
    image = np.full(shape, GREY, np.float32)
    image[0, 0] = 0  # what counts as air is measured from the darkest pixel
    given = {"z": 7, "image": image, "region": np.zeros(shape, bool)} | changed
    return LocatedSlice(**given)


def read(path):
    return cv2.imread(str(path))[..., ::-1].astype(int)  # RGB


def drawn(tmp_path, found, **look):
    """The pictures of a panel, from the left; the last is the region."""
    page = read(region_panel(tmp_path / "panel.png", found, **{"spacing": (1.0, 1.0), "title": ""} | look))
    assert page.shape[1] == 1560
    height = round(CELL * found.image.shape[0] / found.image.shape[1])
    count = 2 if found.similarity is None else 3
    return [page[86 : 86 + height, EDGE + n * (CELL + GAP) : EDGE + n * (CELL + GAP) + CELL] for n in range(count)]


def coloured(picture, least=30):
    return picture.max(-1) - picture.min(-1) > least


def centre(found):
    rows, columns = np.nonzero(found)
    return np.array([rows.min() + rows.max() + 1, columns.min() + columns.max() + 1]) / 2 / found.shape


@pytest.mark.parametrize("row, column", [(20, 25), (60, 75)])
def test_the_heat_is_where_the_words_are_found(tmp_path, row, column):
    mask = disc(row, column, 9)
    image, heat, region = drawn(tmp_path, scene(similarity=mask.astype(np.float32), threshold=0.5))
    np.testing.assert_allclose(centre(coloured(heat)), centre(mask), atol=0.006)
    assert coloured(heat).mean() == pytest.approx(mask.mean(), rel=0.15)
    assert not coloured(image).any() and not coloured(region).any()


def test_the_heat_is_as_strong_as_the_probability(tmp_path):
    values = np.tile(np.repeat(np.float32([0, 0.25, 0.5, 0.75, 1.0]), 20), (80, 1))
    heat = drawn(tmp_path, scene(similarity=values))[1] / 255
    for value, column in zip((0, 0.25, 0.5, 0.75, 1.0), (10, 30, 50, 70, 90)):
        colour = probability_table()[round(value * 255)]
        expected = GREY * (1 - colour[3]) + colour[:3] * colour[3]
        np.testing.assert_allclose(heat[60, int(column * CELL / 100)], expected, atol=0.02)
    assert probability_table()[0, 3] == 0  # what is improbable leaves no veil


@pytest.mark.parametrize("threshold", [0.3, 0.7])
def test_the_contour_lies_at_the_threshold(tmp_path, threshold):
    ramp = np.tile(np.linspace(0, 1, SHAPE[1], dtype=np.float32), (SHAPE[0], 1))
    heat = drawn(tmp_path, scene(similarity=ramp, threshold=threshold))[1]
    white = np.flatnonzero((heat.min(-1) > 225)[40:330].any(0)) / CELL
    white = white[(np.abs(white - 0.5) > 0.05) & (white > 0.05) & (white < 0.95)]  # beside the letters
    np.testing.assert_allclose(white, (threshold * 99 + 0.5) / 100, atol=0.008)


def test_region_prediction_and_reference_have_their_own_lines(tmp_path):
    masks = {"region": disc(40, 25, 14), "prediction": disc(40, 60, 14), "reference": disc(40, 85, 9)}
    picture = drawn(tmp_path, scene(**masks), colour=(1.0, 0.0, 1.0))[-1]
    red, green, blue = picture[..., 0], picture[..., 1], picture[..., 2]
    found = {
        "region": (red < 130) & (green > 180) & (blue > 180),
        "prediction": (red > 200) & (green < 60) & (blue > 200),
        "reference": (picture.min(-1) > 225) & (np.arange(CELL) > 0.74 * CELL) & (np.arange(CELL) < 0.95 * CELL),
    }
    for name, mask in masks.items():
        np.testing.assert_allclose(centre(found[name]), centre(mask), atol=0.012, err_msg=name)


def test_without_a_similarity_there_are_two_pictures_and_everything_has_no_outline(tmp_path):
    image, region = drawn(tmp_path, scene(region=np.ones(SHAPE, bool)))
    assert not coloured(image).any() and not coloured(region).any()


def test_the_patients_sides_are_named(tmp_path):
    """R on the left of every picture, as seen from the feet."""
    plain = scene(similarity=np.zeros(SHAPE, np.float32))
    for picture in drawn(tmp_path, plain):
        bright = picture.min(-1) > 200
        middle = slice(int(0.45 * len(picture)), int(0.55 * len(picture)))
        assert bright[middle, :25].any() and bright[middle, -25:].any() and not bright[middle, 40:-40].any()


def test_small_print_moves_nothing(tmp_path):
    found = scene(region=disc(40, 40, 9))
    short = drawn(tmp_path, found)
    height = len(read(tmp_path / "panel.png"))
    long = drawn(tmp_path, found, caption="Dice 0.93 and more. " * 30)
    page = read(tmp_path / "panel.png")
    assert len(page) >= height + 40 and (page[:, 1536:].min(-1) > 215).all()  # the margin stays empty
    for before, after in zip(short, long):
        assert np.abs(before - after).mean() < 1


@pytest.mark.parametrize("name", ["region", "similarity", "reference", "prediction"])
def test_a_layer_of_another_shape_is_named(tmp_path, name):
    with pytest.raises(InputError, match=name):
        region_panel(tmp_path / "a.png", scene(**{name: np.zeros((3, 3), bool)}), spacing=(1.0, 1.0), title="")


@pytest.mark.parametrize("count", [2, 7])
def test_a_montage_has_a_tile_per_slice(tmp_path, count):
    places = np.linspace(20, 80, count)
    found = [scene(z=n, similarity=disc(40, x, 8).astype(np.float32)) for n, x in enumerate(places)]
    page = read(region_montage(tmp_path / "m.png", found, spacing=(1.0, 1.0), title=""))[56:-52]
    assert page.shape[1] <= 2400
    heat = coloured(page)
    number, *_ = cv2.connectedComponents(heat.astype(np.uint8))
    assert number - 1 == count  # as many spots as slices, none cut in two by a tile's edge
    with pytest.raises(InputError, match="nothing was found"):
        region_montage(tmp_path / "m.png", [], spacing=(1.0, 1.0), title="")
