"""The scan as everything else looks at it: axial slices, what it is taken for, where the body is, and its contrast."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np

from XAICLIPLib.case.cache import Cache
from XAICLIPLib.preprocess import Frame, Preset, body_frame, body_mask, choose_preset, enhance
from XAICLIPLib.roi.masks import filled, hull
from XAICLIPLib.volume import Volume, as_modality, check_scan, modality_of, read_volume

BODY_BYTES = 16 * 2**20  # of masks of the body that are kept: 64 slices of 512 x 512 pixels
SAMPLED = 32  # slices that percentiles are taken from, at least where there are as many


class Scan:
    """One scan; nothing in it changes, and what is computed from it is computed once.

    Parameters
    ----------
    volume : Volume
        In any orientation; see `Scan.open` for one that is to be checked first.

    Attributes
    ----------
    volume : Volume
        The scan on its own grid.
    axial : Volume
        The same in axial LPS order, voxels (Z, H, W).
    taken_for : Modality
        What it is taken for, and how that is known.
    spacing : tuple of 2 floats
        Edges of a pixel along rows and columns, mm.
    identity : object
        Stands for this scan in the keys of caches.

    Example
    -------
    >>> from XAICLIPLib.phantom import make_phantom
    >>> scan = Scan(make_phantom()[0])
    >>> scan.modality, scan.image(7).dtype.name, scan.body_mask(7) is scan.body_mask(7)
    ('CT', 'float32', True)
    """

    def __init__(self, volume: Volume) -> None:
        self.volume = volume
        self.axial = volume.axial()
        self.taken_for = modality_of(self.axial)
        self.spacing = (self.axial.spacing[1], self.axial.spacing[0])
        self.identity = object()
        self._bodies = Cache(BODY_BYTES)

    @classmethod
    def open(cls, path: str, series: str | None = None, modality: str = "auto", volume: Volume | None = None) -> Scan:
        """A scan that is fit to be explained.

        Parameters
        ----------
        path : str
            Where it lies; unused where the volume is given.
        series : str, optional
            UID of the DICOM series where a folder holds several.
        modality : str
            What kind of scan it is, in DICOM's letters; "auto": as the file says, else a guess from the values.
        volume : Volume, optional
            The scan in memory.

        Returns
        -------
        Scan

        Raises
        ------
        InputError
            If it can't be read, or its values can't be what they are said to be.
        """
        return cls(as_modality(check_scan(volume or read_volume(path, series)), modality))

    def without_cache(self) -> Scan:
        """The same scan with nothing kept of its slices, for those who measure how long it takes to look at one."""
        other = Scan.__new__(Scan)
        other.__dict__.update(self.__dict__, _bodies=Cache(0))
        return other

    @property
    def modality(self) -> str:
        """What the scan is taken for: "CT", "MR", …"""
        return self.taken_for.name

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed when it was read."""
        return self.volume.notes

    def preset(self, name: str = "auto") -> tuple[Preset, str]:
        """How its grey values become an image.

        Parameters
        ----------
        name : str
            One of `preprocess.PRESETS`, or "auto" for that of the modality.

        Returns
        -------
        preset : Preset
        reason : str
            Why it is this one.

        Raises
        ------
        InputError
            If there is no preset of that name.
        """
        return choose_preset(self.axial, name, self.taken_for)

    def image(self, z: int) -> np.ndarray:
        """A slice in its own values.

        Parameters
        ----------
        z : int
            Axial slice, from the feet, the first is 0.

        Returns
        -------
        ndarray, shape (H, W), float32
        """
        return self.axial.voxels[z].astype(np.float32, order="C")

    def picture(self, z: int, preset: Preset) -> np.ndarray:
        """A slice as it is shown to people: the preset's window, without the tiles of CLAHE.

        Parameters
        ----------
        z : int
        preset : Preset

        Returns
        -------
        ndarray, shape (H, W), float32 in [0, 1]
        """
        plain = replace(preset, clahe=False)
        values = self.outlined_values if plain.percentile else self.image(z)
        return enhance(self.image(z), plain, plain.grey_window(values))

    def body_mask(self, z: int) -> np.ndarray:
        """The tissue of the body in a slice, without the table; lungs and bowel gas are holes in it.

        Parameters
        ----------
        z : int

        Returns
        -------
        ndarray, shape (H, W), bool
        """
        return self._bodies.get_or_make(("tissue", z), lambda: body_mask(self.image(z), self.modality))

    def body(self, z: int) -> np.ndarray:
        """The body in a slice without holes: lungs and bowel gas belong to it.

        Outside CT dark organs are missing from the body's mask, and dark skin opens it: its convex hull is taken.

        Parameters
        ----------
        z : int

        Returns
        -------
        ndarray, shape (H, W), bool
        """
        whole = filled if self.modality == "CT" else hull
        return self._bodies.get_or_make(("outline", z), lambda: whole(self.body_mask(z)))

    def frame(self, z: int, size: int = 160) -> Frame:
        """The square round the body in a slice.

        Parameters
        ----------
        z : int
        size : int
            Edge of the work grid, pixels.

        Returns
        -------
        Frame
        """
        return body_frame(self.image(z), self.modality, size, spacing=self.spacing, body=self.body_mask(z))

    def body_width(self, z: int) -> float:
        """The longer edge of the body's box in a slice.

        Parameters
        ----------
        z : int

        Returns
        -------
        float
            mm; nan where no body is found.
        """
        rows, columns = np.nonzero(self.body_mask(z))
        edges = [(np.ptp(places) + 1) * edge for places, edge in zip((rows, columns), self.spacing) if len(places)]
        return float(max(edges, default=np.nan))

    @cached_property
    def body_values(self) -> np.ndarray:
        """A sample of the values inside the body, for percentiles."""
        return self._inside(self.body_mask)

    @cached_property
    def outlined_values(self) -> np.ndarray:
        """The same inside the patient's outline, so that what is dark in MR is no part of the air."""
        return self._inside(self.body)

    def _inside(self, mask_of) -> np.ndarray:
        sample = range(0, len(self.axial.voxels), max(1, len(self.axial.voxels) // SAMPLED))
        values = np.concatenate([self.axial.voxels[z][mask_of(z)] for z in sample])
        return values if values.size else self.axial.voxels.ravel()

    @cached_property
    def contrast(self) -> tuple[float, float]:
        """1st and 99th percentile of the values inside the body."""
        low, high = np.percentile(self.body_values, (1, 99))
        return float(low), float(high)

    def provenance(self) -> dict:
        """What a report says of the scan: its name without folders, grid and modality."""
        return {
            "name": Path(self.volume.name).name,
            "shape_zyx": list(self.volume.shape),
            "spacing_mm_xyz": list(self.volume.spacing),
            "origin_lps_mm": list(self.volume.origin),
            "direction_lps": list(self.volume.direction),
            "modality": self.modality,
        }
