"""From voxels to images a model can see: window, CLAHE, and the square frame round the body."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.volume import Modality, Volume, modality_of


@dataclass(frozen=True)
class Preset:
    """How the grey values of one modality become an image in [0, 1].

    Attributes
    ----------
    name : str
        What the user picks.
    low, high : float
        The window's ends: HU, or percentiles of the image where `percentile` is true.
    percentile : bool
        How `low` and `high` are read.
    clahe : bool
        Whether contrast-limited adaptive histogram equalisation follows the window.
    """

    name: str
    low: float
    high: float
    percentile: bool = False
    clahe: bool = False

    def grey_window(self, voxels: np.ndarray) -> tuple[float, float]:
        """The ends of the grey window, in the voxels' own unit.

        Parameters
        ----------
        voxels : ndarray
            Of any shape; for percentiles, what they are taken of.

        Returns
        -------
        tuple of 2 floats
            Low and high.
        """
        if not self.percentile:
            return self.low, self.high
        low, high = np.percentile(voxels, (self.low, self.high))
        return float(low), float(high)


PRESETS = {
    preset.name: preset
    for preset in (
        Preset("paper", 5, 95, percentile=True, clahe=True),
        Preset("ct-soft-tissue", -160, 240),
        Preset("ct-liver", -20, 180),
        Preset("ct-lung", -1350, 150),
        Preset("ct-bone", -450, 1050),
        Preset("mr", 1, 99, percentile=True),
        Preset("ultrasound", 0, 100, percentile=True, clahe=True),
    )
}
_BY_MODALITY = {"CT": "ct-soft-tissue", "MR": "mr", "US": "ultrasound"}


def choose_preset(volume: Volume, name: str = "auto", modality: Modality | None = None) -> tuple[Preset, str]:
    """The preset of that name, or for "auto" the one of the volume's modality.

    Parameters
    ----------
    volume : Volume
        Whose modality counts for "auto".
    name : str
        A key of `PRESETS`, or "auto".
    modality : Modality, optional
        What the volume is taken for, where that is known already; found out from its values without.

    Returns
    -------
    preset : Preset
    reason : str
        Why it was chosen, in words.

    Raises
    ------
    InputError
        If there is no preset of that name.
    """
    if name != "auto":
        if name not in PRESETS:
            raise InputError(f"there is no preset {name!r}; choose auto, {', '.join(PRESETS)}")
        return PRESETS[name], "chosen by the user"
    known = modality or modality_of(volume)
    return PRESETS[_BY_MODALITY.get(known.name, "paper")], f"{known.name}: {known.reason}"


def unit_window(image: np.ndarray, low: float, high: float) -> np.ndarray:
    """Map a grey window to [0, 1] and clip.

    Parameters
    ----------
    image : ndarray
        Of any shape.
    low, high : float
        The window's ends, in the image's unit.

    Returns
    -------
    ndarray of float32
        The image's shape.
    """
    width = max(high - low, np.finfo(np.float32).eps)
    return np.clip((image.astype(np.float32) - low) / width, 0.0, 1.0)


def equalise(image: np.ndarray) -> np.ndarray:
    """Contrast-limited adaptive histogram equalisation (CLAHE): 8 x 8 tiles, clip limit 2.0·N_pixels/256 per tile
    histogram.

    OpenCV's ``clipLimit`` is that factor of the mean bin count, so 2.0 is the paper's setting (arXiv 2602.07017).

    Parameters
    ----------
    image : ndarray, shape (H, W)
        In [0, 1].

    Returns
    -------
    ndarray of float32, shape (H, W)
        In [0, 1], in steps of 1 / 255.
    """
    grey = np.round(image * 255).astype(np.uint8)
    return cv2.createCLAHE(clipLimit=2.0, tileGridSize=(8, 8)).apply(grey).astype(np.float32) / 255


def enhance(image: np.ndarray, preset: Preset, grey_window: tuple[float, float] | None = None) -> np.ndarray:
    """One slice (H, W) as an image in [0, 1], as the preset says.

    Parameters
    ----------
    image : ndarray, shape (H, W)
        A slice in its own unit.
    preset : Preset
    grey_window : tuple of 2 floats, optional
        The ends in the image's unit. Give the whole volume's, so that every slice has the same contrast; without it
        a percentile preset takes the slice's own, as the paper does.

    Returns
    -------
    ndarray of float32, shape (H, W)
        In [0, 1].
    """
    unit = unit_window(image, *(grey_window or preset.grey_window(image)))
    return equalise(unit) if preset.clahe else unit


@dataclass(frozen=True)
class Frame:
    """A square cut-out of a slice, brought to a fixed size: the grid a small model works on.

    Attributes
    ----------
    top, left, side : int
        The square in slice pixels, `side` of them wide; it may reach over the slice's edge.
    size : int
        Its edge on the work grid.
    shape : tuple of 2 ints
        The slice (H, W).
    aspect : float
        Height of a slice pixel in units of its width. A coronal series has slices of tall pixels, and a patient
        squeezed flat is none that a model knows: the square is square in mm.
    """

    top: int
    left: int
    side: int
    size: int
    shape: tuple[int, int]
    aspect: float = 1.0

    @property
    def height(self) -> int:
        """Rows of slice pixels in the square."""
        return max(1, round(self.side / self.aspect))

    @property
    def scale(self) -> tuple[float, float]:
        """Work pixels per slice pixel, along rows and columns."""
        return self.size / self.height, self.size / self.side

    def _overlap(self) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
        """The part of the slice inside the square, in slice and in square coordinates."""
        inside, square = [], []
        for start, edge, length in zip((self.top, self.left), (self.height, self.side), self.shape):
            low, high = max(start, 0), min(start + edge, length)
            inside.append(slice(low, high))
            square.append(slice(low - start, high - start))
        return tuple(inside), tuple(square)

    def to_work(self, image: np.ndarray, pad: float) -> np.ndarray:
        """A slice on the work grid.

        Parameters
        ----------
        image : ndarray, shape (H, W)
        pad : float
            What lies outside the slice.

        Returns
        -------
        ndarray of float32, shape (size, size)
        """
        inside, square = self._overlap()
        canvas = np.full((self.height, self.side), pad, np.float32)
        canvas[square] = image[inside]
        # area averaging is the only one of OpenCV's that does not alias where an image shrinks; one axis may alone
        across, down = (cv2.INTER_AREA if n > self.size else cv2.INTER_LINEAR for n in (self.side, self.height))
        narrow = cv2.resize(canvas, (self.size, self.height), interpolation=across)
        return cv2.resize(narrow, (self.size, self.size), interpolation=down)

    def mask_to_work(self, mask: np.ndarray) -> np.ndarray:
        """A mask on the work grid.

        Parameters
        ----------
        mask : ndarray of bool, shape (H, W)

        Returns
        -------
        ndarray of bool, shape (size, size)
            True where at least half of the pixel is.
        """
        return self.to_work(mask.astype(np.float32), 0.0) >= 0.5

    def to_slice(self, maps: np.ndarray, outside: float = 0.0) -> np.ndarray:
        """Maps back on the slice, bilinear.

        Parameters
        ----------
        maps : ndarray, shape (..., size, size)
        outside : float
            Where the square does not reach.

        Returns
        -------
        ndarray of float32, shape (..., H, W)
        """
        inside, square = self._overlap()
        flat = maps.reshape(-1, self.size, self.size).astype(np.float32)
        out = np.full((len(flat), *self.shape), outside, np.float32)
        for target, source in zip(out, flat):
            target[inside] = cv2.resize(source, (self.side, self.height), interpolation=cv2.INTER_LINEAR)[square]
        return out.reshape(*maps.shape[:-2], *self.shape)


def body_mask(image: np.ndarray, modality: str = "CT") -> np.ndarray:
    """The body in a slice, without the table and thin noise: the largest connected piece of tissue.

    Parameters
    ----------
    image : ndarray, shape (H, W)
        In its own unit: HU for CT.
    modality : str
        "CT" cuts at −300 HU, all others at half of Otsu's threshold.

    Returns
    -------
    ndarray of bool, shape (H, W)
        Empty where there is no tissue.
    """
    if modality == "CT":
        tissue = image > -300
    else:
        low, high = float(image.min()), float(image.max())
        grey = np.round(unit_window(image, low, high) * 255).astype(np.uint8)
        otsu, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        tissue = grey > otsu / 2  # half of Otsu keeps dark organs; the threshold itself keeps only fat
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    opened = cv2.morphologyEx(tissue.astype(np.uint8), cv2.MORPH_OPEN, cross, iterations=2)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=4)
    if count < 2:
        return np.zeros(image.shape, bool)
    area = stats[:, cv2.CC_STAT_AREA].copy()
    area[0] = 0
    if modality == "CT":
        return labels == int(np.argmax(area))
    # no table shows outside CT, but a dark organ may cut the body in pieces: all sizeable ones belong to it
    return (area >= 0.02 * area.max())[labels]


def body_frame(
    image: np.ndarray,
    modality: str = "CT",
    size: int = 160,
    margin: float = 1.06,
    spacing: tuple[float, float] = (1.0, 1.0),
    body: np.ndarray | None = None,
) -> Frame:
    """The square round the body in an axial slice, so that patients of any field of view look alike to a model.

    Parameters
    ----------
    image : ndarray, shape (H, W)
        A slice in axial LPS order, in its own unit.
    modality : str
        "CT" finds the body by −300 HU, all others by Otsu's threshold.
    size : int
        Edge of the work grid.
    margin : float
        Edge of the square in units of the body's longer edge.
    spacing : tuple of 2 floats
        Pixel edge along rows and columns; only their ratio matters.
    body : ndarray, shape (H, W), bool, optional
        The slice's `body_mask`, where it is known already.

    Returns
    -------
    Frame
        Round the whole slice where no body is found.
    """
    rows, columns = np.nonzero(body_mask(image, modality) if body is None else body)
    if len(rows) == 0:
        top, left, bottom, right = 0, 0, image.shape[0], image.shape[1]
    else:
        top, left, bottom, right = rows.min(), columns.min(), rows.max() + 1, columns.max() + 1
    aspect = spacing[0] / spacing[1]
    side = max(8, round(margin * max((bottom - top) * aspect, right - left)))
    frame = Frame(0, 0, side, size, tuple(image.shape), aspect)
    return replace(frame, top=round((top + bottom - frame.height) / 2), left=round((left + right - side) / 2))
