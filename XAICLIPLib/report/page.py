"""The page that pictures are drawn on: texts, lines, boxes, pictures, legends and colour bars in pixels.

Drawn on matplotlib's Agg canvas alone, never through pyplot, which keeps global state and may open a window: these run
in worker threads.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from XAICLIPLib.errors import InputError
from XAICLIPLib.report.colours import FAINT, INK, PAGE, Colour, blend

EDGE = 24  # px of page round everything
HEAD = 30  # px of heading above a picture
_DPI = 100
_STRIP = 128  # rows of a picture that are drawn at once


class Page:
    """A light page measured in pixels from its top left corner.

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
                # its own dark edge: white and cyan, which stand out from a scan, are faint on paper
                self.line((x, x + 20), (y, y), "#555f66", 4.5)
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
