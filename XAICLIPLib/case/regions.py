"""Where the slices of a scan may be perturbed: cut from what words say, or in a mask or a box that was given."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from XAICLIPLib.anatomy import Structure
from XAICLIPLib.case.scan import Scan
from XAICLIPLib.case.settings import RegionSettings
from XAICLIPLib.case.similarities import Similarities
from XAICLIPLib.errors import InputError
from XAICLIPLib.message import Message
from XAICLIPLib.roi.given import mask_of_box
from XAICLIPLib.roi.masks import dilate
from XAICLIPLib.roi.region import Cut, Region, from_similarity, how_many
from XAICLIPLib.vlm.model import DenseClassifier

BATCH = 8  # slices that a vision-language model encodes at once


class Regions:
    """The regions of a scan's slices, by the source that a request names; not yet held against a prediction.

    Parameters
    ----------
    scan : Scan
    structures : sequence of Structure
        K structures.
    settings : RegionSettings
        The source, and how a region is cut and cleaned up.
    similarities : Similarities
        Asked where the source is "clip".
    drawn : ndarray, shape (K, Z, H, W), bool, optional
        The masks that were given, where they are the source.

    Raises
    ------
    InputError
        If the source is a box, and there is none, or it lies outside the scan.
    """

    def __init__(
        self,
        scan: Scan,
        structures: Sequence[Structure],
        settings: RegionSettings,
        similarities: Similarities,
        drawn: np.ndarray | None = None,
    ) -> None:
        self._scan, self._structures, self._settings = scan, structures, settings
        self._similarities, self._drawn = similarities, drawn
        self._box: np.ndarray | None = None
        if settings.source == "box":
            if settings.box is None:
                raise InputError("region 'box' needs the box: x0, x1, y0, y1, z0, z1 in mm (LPS)")
            self._box = mask_of_box(settings.box, scan.axial)
        self._last: dict[int, Region] = {}

    def with_learned(self, contexts: DenseClassifier) -> Regions:
        """The same by contexts that were just learned, instead of words.

        Parameters
        ----------
        contexts : DenseClassifier

        Returns
        -------
        Regions
        """
        similarities = self._similarities.with_learned(contexts)
        return Regions(self._scan, self._structures, self._settings, similarities, self._drawn)

    def key(self, z: int) -> Hashable:
        """Everything that the region of a slice depends on, but masks that were given.

        Parameters
        ----------
        z : int

        Returns
        -------
        hashable
        """
        return (self._settings, self._similarities.key(z))

    def of(self, slices: Sequence[int]) -> list[Region]:
        """The regions of some slices, whose similarities are asked for at once.

        Those of the last call are kept: a slice is asked for once for a prompt, and again to be explained.

        Parameters
        ----------
        slices : sequence of int
            Axial slices.

        Returns
        -------
        list of Region
            One per slice, in their order.

        Raises
        ------
        InputError
            If the source is the prediction, which is not known here, or masks that were not given.
        """
        missing = [z for z in slices if z not in self._last]
        if missing:
            kept = {z: region for z, region in self._last.items() if z in slices}
            self._last = kept | dict(zip(missing, self._make(missing)))
        return [self._last[z] for z in slices]

    def _make(self, slices: Sequence[int]) -> list[Region]:
        source = self._settings.source
        if source == "clip":
            return [self._cut(z, maps) for z, maps in zip(slices, self._similarities.of(slices))]
        if source == "prediction":
            raise InputError(Message("the region 'prediction' needs a model; give region clip, a mask or a box"))
        if source == "full":
            return [Region(np.ones(self._scan.axial.shape[1:], bool)) for _ in slices]
        if self._box is not None:
            return [Region(self._box[z], source="box") for z in slices]
        if self._drawn is None:
            raise InputError(f"region {source!r} needs the masks that it stands for, and none were given")
        return [self._given(z, self._drawn) for z in slices]

    def _given(self, z: int, drawn: np.ndarray) -> Region:
        """What was drawn (K, Z, H, W) in slice z, grown by the dilation."""
        masks = {
            s.name: dilate(mask[z], self._settings.dilation_mm, self._scan.spacing)
            for s, mask in zip(self._structures, drawn)
        }
        return Region(np.logical_or.reduce(list(masks.values())), masks, source="segment")

    def _cut(self, z: int, similarity: dict[str, np.ndarray]) -> Region:
        """The region that is cut from the similarities of slice z."""
        wanted, frame = self._settings, self._scan.frame(z)
        cut = Cut(
            wanted.threshold,
            wanted.cut,
            wanted.sigma,
            {s.name: how_many(wanted.components, s) for s in self._structures},
            wanted.fill_holes,
            wanted.dilation_mm,
        )
        in_frame = frame.to_slice(np.ones((frame.size, frame.size), np.float32)) > 0
        return from_similarity(similarity, self._scan.body(z), self._scan.spacing, cut, in_frame=in_frame)
