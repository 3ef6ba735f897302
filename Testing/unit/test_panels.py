"""The pictures, by their pixels: things are where they are in the patient, and nothing shows that was not measured."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import matplotlib
import numpy as np
import pytest
from skimage import color

from XAICLIPLib.errors import InputError
from XAICLIPLib.report.colormap import AS_IN_THE_PAPER, COLORMAP
from XAICLIPLib.report.panels import ExplainedSlice, Style, montage, slice_panel

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SHAPE = (80, 100)
GREY = 0.5  # of the test image, without any air, so that nothing is cut off


def magenta(picture):
    return (picture[..., 0] > 200) & (picture[..., 1] < 60) & (picture[..., 2] > 200)


def disc(row, column, radius, shape=SHAPE):
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    return (rows - row) ** 2 + (columns - column) ** 2 <= radius**2


STYLE, PAGE = ("colormap", "colour", "unit", "largest"), ("spacing", "title", "caption")


def panel(path, **given):
    """`slice_panel` of what `scene` gives."""
    style = Style(**{name: given.pop(name) for name in STYLE if name in given})
    page = {name: given.pop(name) for name in PAGE if name in given}
    return slice_panel(path, ExplainedSlice(**given), style=style, **page)


def scene(shape=SHAPE, **changed):
    """A grey slice with nothing in it; what a test is about is changed."""
    nothing = np.zeros(shape, bool)
    image = np.full(shape, GREY, np.float32)
    image[0, 0] = 0  # what counts as air is measured from the darkest pixel
    return {
        "image": image,
        "roi": nothing,
        "similarity": None,
        "threshold": 0.5,
        "saliency": np.zeros(shape, np.float32),
        "evaluated": np.ones(shape, bool),
        "prediction": nothing,
        "reference": None,
        "spacing": (1.0, 1.0),
        "title": "",
    } | changed


def read(path):
    return cv2.imread(str(path))[..., ::-1].astype(int)  # RGB


def find_picture(page):
    """Where the grey of the slice is on a page: rows and columns, from and to."""
    found = (np.abs(page - GREY * 255) <= 2).all(-1)
    rows, columns = np.flatnonzero(found.mean(1) > 0.05), np.flatnonzero(found.mean(0) > 0.05)
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


def draw(tmp_path, **scenery):
    """The four pictures of a panel: image, region, saliency, prediction."""
    page = read(panel(tmp_path / "panel.png", **scene(**scenery)))
    assert page.shape[1] == 1200
    top, bottom, left, right = find_picture(page[: page.shape[0] // 2 - 10, :600])
    down = bottom - top + 74  # the heading and the legend lie between two rows of pictures
    return [page[top + y : bottom + y, left + x : right + x] for y in (0, down) for x in (0, 584)]


def coloured(picture, least=30):
    return picture.max(-1) - picture.min(-1) > least


def centre(found):
    """The middle of what was found, as shares of the picture's height and width."""
    rows, columns = np.nonzero(found)
    return np.array([rows.min() + rows.max() + 1, columns.min() + columns.max() + 1]) / 2 / found.shape


@pytest.mark.parametrize("row, column", [(20, 25), (20, 75), (60, 75)])
def test_saliency_is_shown_where_it_is_in_the_patient(tmp_path, row, column):
    mask = disc(row, column, 8)
    image, region, saliency, prediction = draw(tmp_path, saliency=mask.astype(np.float32))
    found = coloured(saliency)
    np.testing.assert_allclose(centre(found), centre(mask), atol=0.005)
    assert found.mean() == pytest.approx(mask.mean(), rel=0.2)
    for other in (image, region, prediction):
        assert not coloured(other).any()


def test_the_patients_left_is_on_the_right(tmp_path):
    left = disc(40, 80, 6)  # columns run from the patient's right to the left
    _, _, saliency, _ = draw(tmp_path, saliency=left.astype(np.float32))
    found = coloured(saliency)
    half = found.shape[1] // 2
    assert found[:, half:].any() and not found[:, :half].any()


@pytest.mark.parametrize("name", [AS_IN_THE_PAPER, COLORMAP, "viridis"])
def test_colour_is_the_colour_maps_and_its_opacity_grows_with_the_value(tmp_path, name):
    values = np.zeros(SHAPE, np.float32)
    values[:, 20:40], values[:, 40:60], values[:, 60:80] = 0.25, 0.5, 1.0
    _, _, saliency, _ = draw(tmp_path, saliency=values, colormap=name)
    row, width = saliency[saliency.shape[0] // 4], saliency.shape[1]
    for column, value in ((30, 0.25), (50, 0.5), (70, 1.0)):
        pixel, colour = row[int((column) / 100 * width)] / 255, np.array(matplotlib.colormaps[name](value)[:3])
        opacity = np.sum((pixel - GREY) * (colour - GREY)) / np.sum((colour - GREY) ** 2)
        np.testing.assert_allclose(pixel, GREY + opacity * (colour - GREY), atol=0.02)
        assert opacity == pytest.approx(0.75 * np.sqrt(value), abs=0.03)
    assert not coloured(saliency[:, : int(0.19 * width)], 8).any()  # no saliency, no colour at all


def test_what_was_not_evaluated_stays_grey_and_outlined(tmp_path):
    evaluated = disc(40, 30, 15)
    _, _, saliency, _ = draw(tmp_path, saliency=np.ones(SHAPE, np.float32), evaluated=evaluated, colormap="jet")
    red = (saliency[..., 0] > 120) & (saliency[..., 2] < 90)  # of jet
    np.testing.assert_allclose(centre(red), centre(evaluated), atol=0.005)
    assert red.mean() == pytest.approx(evaluated.mean(), rel=0.1)
    scale = saliency.shape[1] / SHAPE[1]
    rows, columns = np.indices(saliency.shape[:2])
    beyond = np.hypot(rows - 40.5 * scale, columns - 30.5 * scale) > 18 * scale
    assert not coloured(saliency)[beyond].any()


def test_prediction_is_drawn_in_its_own_colour_with_its_hole_left_free(tmp_path):
    outer, hole = disc(40, 60, 20), disc(40, 60, 8)
    image, _, _, prediction = draw(tmp_path, prediction=outer & ~hole, colour=(1.0, 0.0, 1.0))
    scale = prediction.shape[1] / SHAPE[1]
    filled = prediction[int(40.5 * scale), int(46.5 * scale)]  # between hole and border
    assert filled[0] > filled[1] + 30 and filled[2] > filled[1] + 30
    assert not coloured(prediction[int(37 * scale) : int(44 * scale), int(57 * scale) : int(64 * scale)]).any()
    np.testing.assert_allclose(centre(magenta(prediction)), centre(outer), atol=0.005)
    assert not coloured(image).any()


def test_reference_is_a_white_line_on_its_own_border(tmp_path):
    reference = disc(40, 60, 20)
    without = draw(tmp_path)[3].astype(int)
    drawn = np.abs(draw(tmp_path, reference=reference)[3] - without).sum(-1) > 60
    radius = np.hypot(*((np.argwhere(drawn) + 0.5) * SHAPE[1] / drawn.shape[1] - (40.5, 60.5)).T)
    assert drawn.any() and radius.min() > 19 and radius.max() < 22


@pytest.mark.parametrize("threshold", [0.3, 0.7])
def test_similarity_contour_lies_at_the_threshold(tmp_path, threshold):
    similarity = np.tile(np.linspace(0, 1, SHAPE[1], dtype=np.float32), (SHAPE[0], 1))
    scenery = {"similarity": similarity, "threshold": threshold}
    region = draw(tmp_path, **scenery)[1]
    white = np.flatnonzero((region.min(-1) > 235)[: region.shape[0] // 3].any(0)) / region.shape[1]
    # beside the letter A in the middle of the upper edge
    white = white[np.abs(white - 0.5) > 0.05]
    np.testing.assert_allclose(white, (threshold * 99 + 0.5) / 100, atol=0.006)
    heat = (region[..., 0] - region[..., 2])[region.shape[0] // 4]
    assert heat[int(0.9 * len(heat))] > heat[int(0.4 * len(heat))] > heat[int(0.1 * len(heat))] >= 0


def test_similarity_that_never_reaches_the_threshold_has_no_contour(tmp_path):
    region = draw(tmp_path, similarity=np.zeros(SHAPE, np.float32))[1]
    image = draw(tmp_path, similarity=None)[1]
    assert (region == image).all()


def test_region_is_outlined_and_a_region_of_everything_is_not_tinted(tmp_path):
    roi = disc(30, 70, 12)
    assert np.allclose(centre(coloured(draw(tmp_path, roi=roi)[1])), centre(roi), atol=0.005)
    assert not coloured(draw(tmp_path, roi=np.ones(SHAPE, bool))[1]).any()


@pytest.mark.parametrize(
    "shape, spacing, ratio",
    [
        ((122, 101), (3.0, 3.0), 101 / 122),
        ((50, 100), (4.0, 1.0), 0.5),
        ((20, 200), (1.0, 1.0), 10),
        ((300, 60), (1.0, 1.0), 0.2),
    ],
)
def test_pictures_have_the_true_aspect(tmp_path, shape, spacing, ratio):
    image, *_ = draw(tmp_path, shape=shape, spacing=spacing, roi=np.zeros(shape, bool))
    assert image.shape[1] / image.shape[0] == pytest.approx(ratio, rel=0.02)
    assert image.shape[0] <= 1.2 * 568 + 1


def test_air_round_the_body_is_cut_off_but_no_mask_is(tmp_path):
    shape = (200, 200)
    body = disc(100, 100, 40, shape)
    scenery = {"shape": shape, "image": body * np.float32(GREY), "spacing": (2.0, 2.0)}
    page = read(panel(tmp_path / "a.png", **scene(**scenery)))[:, :600]
    wide = np.flatnonzero((np.abs(page[:600] - GREY * 255) <= 2).all(-1).sum(0) > 20)
    # the body of 81 pixels with 4 pixels (8 mm) of air on either side fills the 568 px of a picture
    assert wide[-1] - wide[0] + 1 == pytest.approx(568 * 81 / 89, abs=8)
    specks = scenery["image"].copy()
    specks[10, 20] = specks[190, 30] = specks[100, 195] = 1
    again = read(panel(tmp_path / "a.png", **scene(**scenery | {"image": specks})))[:, :600]
    assert (again[60:600] == page[60:600]).all()

    far = disc(100, 190, 4, shape)
    page = read(panel(tmp_path / "b.png", **scene(**scenery, prediction=far, colour=(1, 0, 1))))
    columns = np.flatnonzero(magenta(page[: page.shape[0] - 60]).any(0))
    # the picture now reaches from column 56 to 198, and shows the far disc in its whole width of 9 pixels
    assert columns[-1] - columns[0] == pytest.approx(9 * 568 / 143, abs=5)


def test_scale_bar_is_five_centimetres_long(tmp_path):
    with_bar = draw(tmp_path, spacing=(2.0, 2.0))
    # only the first picture has it; all else is alike
    drawn = np.abs(with_bar[0] - with_bar[3]).sum(-1) > 60
    longest = drawn.sum(1).max()
    assert longest * 200 / drawn.shape[1] == pytest.approx(50, abs=2)  # the slice is 200 mm wide


def test_a_long_title_stays_clear_of_the_notice(tmp_path):
    short = read(panel(tmp_path / "a.png", **scene()))
    long = read(panel(tmp_path / "b.png", **scene(title="liver $x_$ " * 60)))
    assert (short[:56, 860:] == long[:56, 860:]).all()
    assert (short[:56, :700] != long[:56, :700]).any()


def test_a_caption_is_below_and_moves_nothing(tmp_path):
    short = draw(tmp_path, prediction=disc(40, 40, 9))
    height = len(read(tmp_path / "panel.png"))
    long = draw(tmp_path, prediction=disc(40, 40, 9), caption="Dice 0.93 and more. " * 20)
    added = read(tmp_path / "panel.png")[height - 12 :]
    assert len(added) >= 40 + 12 and (added.min(-1) < 150).any()
    assert (added[:, 1176:].min(-1) > 215).all()  # its lines are broken before the page ends
    for before, after in zip(short[1:], long[1:]):
        assert np.abs(before - after).mean() < 1  # letters and lines may move by a part of a pixel


@pytest.mark.parametrize("name", ["roi", "saliency", "similarity", "reference"])
def test_a_layer_of_another_shape_is_named(tmp_path, name):
    with pytest.raises(InputError, match=name):
        panel(tmp_path / "panel.png", **scene(**{name: np.zeros((3, 3), bool)}))
    assert not (tmp_path / "panel.png").exists()


def test_unknown_colour_maps_and_places_are_named(tmp_path):
    with pytest.raises(InputError, match="rainbows"):
        panel(tmp_path / "panel.png", **scene(colormap="rainbows"))
    with pytest.raises(InputError, match="missing"):
        panel(tmp_path / "missing" / "panel.png", **scene())


def runs(found):
    """Where a row of booleans is true: from and to of every piece."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], found, [False])).astype(int)))
    return list(zip(edges[::2], edges[1::2]))


def without_paper(page):
    """A page without the white at its sides."""
    inside = np.flatnonzero(page.min(-1).mean(0) < 250)
    return page[:, inside[0] : inside[-1] + 1]


def many(count, shape=SHAPE):
    """Slices whose saliency walks from the patient's right to the left."""
    walk = np.linspace(0.15, 0.85, count) * shape[1]
    spots = [disc(shape[0] / 2, column, min(shape) / 10, shape) for column in walk]
    nothing = np.zeros(shape, bool)
    image = scene(shape)["image"]
    return {
        "slices": [ExplainedSlice(image, spot.astype(np.float32), nothing, nothing) for spot in spots],
        "labels": [""] * count,
        "spacing": (1.0, 1.0),
        "title": "",
    }


@pytest.mark.parametrize("count", [1, 5, 12])
def test_montage_shows_every_slice_in_its_own_tile(tmp_path, count):
    scenery = many(count)
    grid = without_paper(read(montage(tmp_path / "montage.png", **scenery))[56:-52])
    rows, columns = (runs(grid.max(-1).mean(axis) > 40) for axis in (1, 0))
    tiles = [grid[slice(*r), slice(*c)] for r in rows for c in columns]
    assert len(rows) * len(columns) >= count
    for tile, explained in zip(tiles, scenery["slices"]):
        np.testing.assert_allclose(centre(coloured(tile, 40)), centre(explained.saliency > 0), atol=0.02)
    for tile in tiles[count:]:
        assert (tile == 0).all()


@pytest.mark.parametrize("count, shape", [(200, (64, 64)), (3, (300, 60)), (40, (30, 200)), (1, (512, 512))])
def test_montage_is_at_most_2400_px_wide_and_not_endless(tmp_path, count, shape):
    height, width, _ = read(montage(tmp_path / "montage.png", **many(count, shape))).shape
    assert width <= 2400 and 0.3 < width / height < 4


def test_montage_outlines_prediction_and_region(tmp_path):
    [plain] = many(1)["slices"]
    drawn = ExplainedSlice(plain.image, np.zeros(SHAPE, np.float32), disc(40, 30, 10), disc(40, 70, 10))
    scenery = many(1) | {"slices": [drawn], "style": Style(colour=(1.0, 0.0, 1.0))}
    page = read(montage(tmp_path / "montage.png", **scenery))[56:-52]
    top, bottom, left, right = find_picture(page)
    picture = page[top:bottom, left:right]
    cyan = (picture[..., 0] < 130) & (picture[..., 1] > 180) & (picture[..., 2] > 180)
    np.testing.assert_allclose(centre(magenta(picture)), centre(disc(40, 30, 10)), atol=0.01)
    np.testing.assert_allclose(centre(cyan), centre(disc(40, 70, 10)), atol=0.01)


def test_montage_refuses_nothing_and_numbers_that_differ(tmp_path):
    with pytest.raises(InputError, match="no slice"):
        montage(tmp_path / "montage.png", **many(0))
    with pytest.raises(InputError, match="2 labels do not fit 3 images"):
        montage(tmp_path / "montage.png", **(many(3) | {"labels": ["a", "b"]}))


def test_threads_draw_what_one_thread_draws(tmp_path):
    scenes = [scene(saliency=disc(40, 20 + 20 * n, 8).astype(np.float32), title=f"slice {n}") for n in range(4)]
    alone = [panel(tmp_path / f"alone{n}.png", **s).read_bytes() for n, s in enumerate(scenes)]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda n: panel(tmp_path / f"{n}.png", **scenes[n]).read_bytes(), range(4)))
    assert alone == together and len(set(alone)) == 4


def test_no_window_system_is_touched():
    code = (
        "import sys, XAICLIPLib.report;"
        "print([m for m in sys.modules if m == 'torch' or m == 'matplotlib.pyplot' or 'backend_qt' in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_pictures_are_on_paper_and_the_default_map_grows_lighter_with_the_value(tmp_path):
    page = read(panel(tmp_path / "panel.png", **scene(title="liver", caption="small print")))
    edges = np.concatenate([page[:, :20].reshape(-1, 3), page[:, -20:].reshape(-1, 3)])
    assert (edges > 250).all()
    lightness = color.rgb2lab(matplotlib.colormaps[COLORMAP](np.linspace(0, 1, 64))[None, :, :3])[0, :, 0]
    assert (np.diff(lightness) > 0).all()
    jet = color.rgb2lab(matplotlib.colormaps[AS_IN_THE_PAPER](np.linspace(0, 1, 64))[None, :, :3])[0, :, 0]
    assert jet[-1] < jet[40]  # why it is not the default


def test_white_and_cyan_lines_of_a_legend_are_seen_on_paper(tmp_path):
    page = read(panel(tmp_path / "panel.png", **scene(reference=disc(40, 50, 20))))
    legend = page[-56:-8, 608:1176]  # below the prediction
    swatch = np.flatnonzero((legend < 130).all(-1).any(0))
    assert len(swatch) > 20
