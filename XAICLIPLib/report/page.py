"""The page that pictures are drawn on, and the strokes: overlays, outlines, letters, scale bar, legend.

Drawn on matplotlib's Agg canvas alone, never through pyplot, which keeps global state and may open a window: these run
in worker threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from skimage.measure import find_contours

from XAICLIPLib.errors import InputError, did_you_mean

PAGE, INK, FAINT = "#15181c", "#eceff1", "#9aa4ad"
SIMILAR = "#ffb300"  # the heat of a similarity, and its line in the legend
EDGE = 24  # px of page round everything
HEAD = 30  # px of heading above a picture
REGION_LINE, REFERENCE_LINE = "#5ce1f2", "#ffffff"  # fixed; the prediction has the structure's own colour
Colour = str | tuple[float, float, float]
STRUCTURE_COLOUR = (0.94, 0.68, 0.36)  # of a structure that has none of its own
_DPI = 100
_STRIP = 128  # rows of a picture that are drawn at once
_OPACITY = 0.75  # of the strongest saliency: the anatomy stays visible beneath it


class Page:
    """A dark page measured in pixels from its top left corner.

    Parameters
    ----------
    width, height : int
        px.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, facecolor=PAGE)
        self.canvas = FigureCanvasAgg(self.figure)

    def text(self, x: float, y: float, text: str, size: float, colour: str = INK, **how) -> Text:
        """Text on the page, without reading $ as mathematics.

        Parameters
        ----------
        x, y : float
            Its left edge and the middle of its height, px, unless `how` says otherwise.
        text : str
        size : float
            Of the letters, px.
        colour : str
        **how
            Anything that matplotlib's ``Figure.text`` takes, such as ha="right".

        Returns
        -------
        Text
        """
        how = {"va": "center", **how}
        return self.figure.text(
            x / self.width, 1 - y / self.height, text, fontsize=size * 72 / _DPI, color=colour,
            family="DejaVu Sans", parse_math=False, **how,
        )  # fmt: skip

    def extent(self, text: Text) -> float:
        """Width of a text.

        Parameters
        ----------
        text : Text
            On this page.

        Returns
        -------
        float
            px.
        """
        return text.get_window_extent(self.canvas.get_renderer()).width

    def line(self, x: Sequence[float], y: Sequence[float], colour: Colour, width: float = 1.5, **how) -> None:
        """A line through points.

        Parameters
        ----------
        x, y : sequence of float
            px.
        colour : str
        width : float
            px.
        **how
            Anything that matplotlib's ``Line2D`` takes.
        """
        places = [v / self.width for v in x], [1 - v / self.height for v in y]
        self.figure.add_artist(Line2D(*places, color=colour, linewidth=points(width), **how))

    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A filled rectangle behind everything.

        Parameters
        ----------
        x, y : float
            Its top left corner, px.
        width, height : float
            px.
        colour : str
        """
        corner = (x / self.width, 1 - (y + height) / self.height)
        size = (width / self.width, height / self.height)
        self.figure.add_artist(Rectangle(corner, *size, facecolor=colour, edgecolor="none", zorder=-1))

    def picture(self, x: int, y: int, pixels: np.ndarray) -> Axes:
        """An RGB picture, pixel by pixel.

        Parameters
        ----------
        x, y : int
            Its top left corner, px.
        pixels : ndarray, shape (h, w, 3)
            RGB in [0, 1].

        Returns
        -------
        Axes
            In the picture's own pixels from its top left.
        """
        height, width = pixels.shape[:2]
        place = (x / self.width, 1 - (y + height) / self.height, width / self.width, height / self.height)
        axes = self.figure.add_axes(place)
        axes.set_axis_off()
        axes.set(xlim=(0, width), ylim=(height, 0), autoscale_on=False)
        rgb = cv2.convertScaleAbs(pixels, alpha=255)
        for top in range(0, height, _STRIP):  # matplotlib makes several copies of what it draws, of floats
            strip = rgb[top : top + _STRIP]
            self.figure.figimage(strip, x, self.height - y - top - len(strip), origin="upper", zorder=-0.5)
        return axes

    def legend(self, x: float, y: float, entries: Sequence[tuple[str, Colour, str]]) -> float:
        """Swatches with their names in a row.

        Parameters
        ----------
        x, y : float
            Where it begins, and the middle of its height, px.
        entries : sequence of (name, colour, style)
            Style "-" is a line, "--" a dashed one, "" none.

        Returns
        -------
        float
            The x where it ends, px.
        """
        for name, colour, style in entries:
            if style:
                self.line((x, x + 20), (y, y), colour, 2, linestyle=style)
                x += 28
            x += self.extent(self.text(x, y, name, 13, FAINT)) + 20
        return x

    def colour_bar(
        self, x: float, y: float, colours: np.ndarray, label: str, width: int = 170, top: float = 1.0
    ) -> float:
        """The colours as they look over mid-grey, with the scale below them and a label beside them.

        Parameters
        ----------
        x, y : float
            Left edge, and the middle of its height, px.
        colours : ndarray, shape (256, 4)
            RGBA in [0, 1].
        label : str
        width : int
            px.
        top : float
            What the last colour stands for; the first is 0.

        Returns
        -------
        float
            The x where the label ends, px.
        """
        ramp = np.linspace(0, 1, width, dtype=np.float32)[None].repeat(10, 0)
        self.picture(round(x), round(y - 5), blend(np.full((10, width, 3), 0.35, np.float32), ramp, colours))
        for share in (0, 0.5, 1):
            self.text(x + share * width, y + 14, f"{share * top:.2g}", 11, FAINT, ha="center")
        return x + width + 12 + self.extent(self.text(x + width + 12, y, label, 13, FAINT)) + 20

    def title(self, text: str, notice: str) -> None:
        """The first line, cut where it would not fit, with a notice at its end.

        Parameters
        ----------
        text : str
        notice : str
        """
        right = self.text(self.width - EDGE, 30, notice, 12, FAINT, ha="right")
        room = self.width - 2 * EDGE - self.extent(right) - 20
        label = self.text(EDGE, 30, text, 20, weight="bold")
        while len(text) > 1 and (extent := self.extent(label)) > room:
            text = text[: min(len(text) - 1, int(len(text) * room / extent))]
            label.set_text(text.rstrip() + "…")

    def small_print(self, lines: Sequence[str], below: int) -> None:
        """Lines of small print at the foot of the page.

        Parameters
        ----------
        lines : sequence of str
        below : int
            px of page left below them.
        """
        for number, line in enumerate(lines):
            self.text(EDGE, self.height - below - 20 * (len(lines) - number) + 4, line, 13, FAINT)

    def save(self, path: str | Path) -> Path:
        """Write the page as a PNG.

        Parameters
        ----------
        path : path

        Returns
        -------
        Path

        Raises
        ------
        InputError
            If the place can't be written to.
        """
        path = Path(path)
        try:
            with path.open("wb") as file:
                self.canvas.print_png(file, metadata={"Software": None})
        except OSError as error:
            raise InputError(
                f"{path} can't be written ({error.strerror}); check the folder and the free space"
            ) from error
        return path


def points(pixels: float) -> float:
    """Pixels in the unit of matplotlib's fonts and lines.

    Parameters
    ----------
    pixels : float

    Returns
    -------
    float
        1 / 72 inch.
    """
    return pixels * 72 / _DPI


def heat_table() -> np.ndarray:
    """Amber (256, 4), its opacity growing in step with a probability up to a third."""
    colours = np.tile(np.float32((*to_rgb(SIMILAR), 0)), (256, 1))
    colours[:, 3] = np.linspace(0, 0.33, 256)
    return colours


def colour_table(name: str) -> np.ndarray:
    """A colour map whose opacity grows from nothing at 0: where there is no saliency, there is no colour.

    Parameters
    ----------
    name : str
        Any of matplotlib's.

    Returns
    -------
    ndarray of float32, shape (256, 4)
        RGBA in [0, 1].

    Raises
    ------
    InputError
        If there is no colour map of that name.
    """
    try:
        colours = matplotlib.colormaps[name](np.linspace(0, 1, 256))
    except KeyError as error:
        guess = did_you_mean(name, matplotlib.colormaps) or "; choose jet or inferno"
        raise InputError(f"there is no colour map {name!r}{guess}") from error
    # fast at first: a weak but real drop has to be seen; the square root of a hundredth is a tenth
    colours[:, 3] = _OPACITY * np.sqrt(np.linspace(0, 1, 256))
    return colours.astype(np.float32)


def resized(image: np.ndarray, size: tuple[int, int], how: int) -> np.ndarray:
    """An image in another size; it shrinks by area averaging, as all else would alias.

    Parameters
    ----------
    image : ndarray, shape (H, W)
    size : tuple of 2 ints
        Width and height.
    how : int
        OpenCV's interpolation where it grows.

    Returns
    -------
    ndarray of float32, shape (height, width)
    """
    image = np.ascontiguousarray(image, np.float32)
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA if size[0] < image.shape[1] else how)


def grey_picture(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A slice as an RGB picture.

    Parameters
    ----------
    image : ndarray, shape (H, W)
        In [0, 1].
    size : tuple of 2 ints
        Width and height, px.

    Returns
    -------
    ndarray of float32, shape (height, width, 3)
    """
    return np.clip(resized(image, size, cv2.INTER_CUBIC), 0, 1)[..., None].repeat(3, -1)


def blend(picture: np.ndarray, values: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """Values laid over a picture in colours.

    Parameters
    ----------
    picture : ndarray, shape (h, w, 3)
        RGB in [0, 1].
    values : ndarray, shape (H, W)
        In [0, 1].
    colours : ndarray, shape (256, 4)
        RGBA in [0, 1], from 0 to 1.

    Returns
    -------
    ndarray, shape (h, w, 3)
    """
    values = np.nan_to_num(values)
    if values.shape != picture.shape[:2]:
        values = resized(values, picture.shape[1::-1], cv2.INTER_LINEAR)
    layer = colours[np.round(np.clip(values, 0, 1) * 255).astype(int)]
    return picture * (1 - layer[..., 3:]) + layer[..., :3] * layer[..., 3:]


def contours(values: np.ndarray, size: tuple[int, int], level: float = 0.5, close: bool = True) -> list[np.ndarray]:
    """Contours of an array, in a picture of it.

    Parameters
    ----------
    values : ndarray, shape (H, W)
        A mask, or numbers.
    size : tuple of 2 ints
        Width and height of the picture, px.
    level : float
        Where the contour lies.
    close : bool
        Whether what is cut by the array's edge gets a line there.

    Returns
    -------
    list of ndarray, shape (N, 2)
        Points (x, y), px.
    """
    values = np.nan_to_num(np.asarray(values, np.float32))
    if close:  # a mask that is cut by the image's edge still gets a line there
        values = np.pad(values, 1)
    scale = np.divide(size, (values.shape[1] - 2 * close, values.shape[0] - 2 * close))
    return [(line[:, ::-1] - close + 0.5) * scale for line in find_contours(values, level)]


def draw(
    axes: Axes, lines: list[np.ndarray], colour: Colour, width: float = 1.5, style: str = "-", fill: float = 0.0
) -> None:
    """Lines on a picture, filled if wanted.

    Parameters
    ----------
    axes : Axes
        In the picture's pixels.
    lines : list of ndarray, shape (N, 2)
        Points (x, y), px.
    colour : color
        Anything that matplotlib takes for one.
    width : float
        px.
    style : str
        Matplotlib's: "-", "--".
    fill : float
        Opacity inside the lines, in [0, 1]; holes stay free.
    """
    if fill and lines:
        # contours round a hole run the other way, so that the hole stays free
        whole = Outline.make_compound_path(*(Outline(line, closed=True) for line in lines))
        axes.add_patch(PathPatch(whole, facecolor=colour, alpha=fill, edgecolor="none"))
    axes.add_collection(LineCollection(lines, colors=[colour], linewidths=points(width), linestyles=style))


def annotate(axes: Axes, x: float, y: float, text: str, size: float, ha: str, va: str, colour: str = INK) -> None:
    """Text over a picture, readable on black and on white.

    Parameters
    ----------
    axes : Axes
        In the picture's pixels.
    x, y : float
        px.
    text : str
    size : float
        Of the letters, px.
    ha, va : str
        What of the text lies there, see matplotlib's ``Text``.
    colour : str
    """
    axes.text(
        x, y, text, ha=ha, va=va, fontsize=points(size), color=colour, family="DejaVu Sans", parse_math=False,
        path_effects=[withStroke(linewidth=2, foreground="black")],
    )  # fmt: skip


def orient(axes: Axes, size: tuple[int, int]) -> None:
    """The letters of the patient's sides at the edges of a picture of an axial slice.

    Parameters
    ----------
    axes : Axes
        In the picture's pixels.
    size : tuple of 2 ints
        Width and height, px.
    """
    width, height = size
    inset = 5
    for x, y, letter, ha, va in (
        (inset, height / 2, "R", "left", "center"),
        (width - inset, height / 2, "L", "right", "center"),
        (width / 2, inset, "A", "center", "top"),
        (width / 2, height - inset, "P", "center", "bottom"),
    ):
        if letter in "RL" or height > 120:  # in a flat picture they would stand on the anatomy
            annotate(axes, x, y, letter, 13, ha, va)


def headed_picture(page: Page, corner: tuple[int, int], width: int, name: str, picture: np.ndarray) -> Axes:
    """A picture on black in the middle of a cell, under its name, with the letters of the patient's sides.

    Parameters
    ----------
    page : Page
    corner : tuple of 2 ints
        Left and top of the cell, px.
    width : int
        Of the cell, px.
    name : str
    picture : ndarray, shape (h, w, 3)
        RGB in [0, 1], as large as it is drawn.

    Returns
    -------
    Axes
        In the picture's own pixels.
    """
    x, y = corner
    tall, wide = picture.shape[:2]
    page.text(x, y + 14, name, 15)
    page.box(x, y + HEAD, width, tall, "black")
    axes = page.picture(x + (width - wide) // 2, y + HEAD, picture)
    orient(axes, (wide, tall))
    return axes


def scale_bar(axes: Axes, size: tuple[int, int], mm_per_px: float) -> None:
    """A bar of 5 cm, or of 1 cm where 5 would be more than half of the picture, in its lower left corner.

    Parameters
    ----------
    axes : Axes
        In the picture's pixels.
    size : tuple of 2 ints
        Width and height, px.
    mm_per_px : float
    """
    centimetres = 5 if 50 / mm_per_px <= size[0] / 2 else 1
    length, x, y = 10 * centimetres / mm_per_px, 12, size[1] - 12
    if length > size[0] / 2:
        return
    for width, colour in ((4, "black"), (2, INK)):
        axes.plot(
            (x, x, x, x + length, x + length, x + length), (y - 4, y + 4, y, y, y + 4, y - 4),
            color=colour, linewidth=points(width), solid_joinstyle="miter",
        )  # fmt: skip
    annotate(axes, x + length / 2, y - 7, f"{centimetres} cm", 12, "center", "bottom")
