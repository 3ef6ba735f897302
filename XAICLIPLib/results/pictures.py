"""The pictures of an explanation: a panel per slice and structure, a montage per structure, and the page that holds
them. This module loads matplotlib; it is imported when something is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from XAICLIPLib.attribution.reference import FLAT
from XAICLIPLib.errors import InputError
from XAICLIPLib.report.by_image import by_image_panel
from XAICLIPLib.report.colormap import COLORMAP, RUN, SCALES, SLICE
from XAICLIPLib.report.html import write_html
from XAICLIPLib.report.names import PANELS, by_image_file, montage_file, panel_file
from XAICLIPLib.report.panels import ExplainedSlice, Style, montage, slice_panel
from XAICLIPLib.report.wording import score_of, score_short, value_of
from XAICLIPLib.results.explained import Explained
from XAICLIPLib.results.rows import SliceRow, SummaryRow
from XAICLIPLib.roi.region import BOX_MARGIN_MM
from XAICLIPLib.volume import Made


def draw_explanation(
    explained: Explained,
    folder: Path,
    colormap: str = COLORMAP,
    progress: Callable[[int, int], None] | None = None,
    scale: str = RUN,
) -> None:
    """Draw a panel per explained slice and structure into `panels`, a `montage` per structure, and `report.html`.

    Where each of several images has a map of its own, a further picture per slice shows them beside each other.

    Parameters
    ----------
    explained : Explained
        With its picture.
    folder : path
        Where to; `panels` must not be there yet.
    colormap : str
        One of matplotlib's.
    progress : callable, optional
        Called with (done, total) before each panel; raise `Cancelled` in it to stop.
    scale : str
        One of `SCALES`: "run" for one in all slices, "slice" for one in each.

    Raises
    ------
    InputError
        If there is no such scale.
    """
    if scale not in SCALES:
        raise InputError(f"there is no scale {scale!r} of pictures; choose {' or '.join(SCALES)}")
    (folder / PANELS).mkdir()
    drawn = 0
    summaries = {row.structure: row for row in explained.summary}
    for label, entry in enumerate(explained.report["structures"], start=1):
        if entry["name"] not in summaries:
            continue
        pictures = _StructurePictures(explained, entry, summaries[entry["name"]], label, colormap, scale == SLICE)
        for row in pictures.rows:
            if progress:
                progress(drawn, len(explained.rows))
            drawn += 1
            pictures.draw_panel(folder, row)
            pictures.draw_by_image(folder, row)
        if pictures.rows:
            pictures.draw_montage(folder)
    write_html(folder, explained.report, explained.rows)


class _StructurePictures:
    """The pictures of one structure, all in one look."""

    def __init__(
        self,
        explained: Explained,
        entry: Mapping[str, Any],
        summary: SummaryRow,
        label: int,
        colormap: str,
        own_scales: bool,
    ) -> None:
        assert explained.picture is not None, "there is nothing to draw a map on"
        self._picture, self._summary = explained.picture, summary
        name, report = entry["name"], explained.report
        by_slice = {row.slice: row for row in explained.rows if row.structure == name}
        self.rows = [by_slice[z] for z in report["slices"]["explained"] if z in by_slice]
        self._explained, self._report, self._label, self._title = explained, report, label, entry["label"]
        self._name = None if len(explained.drops) == 1 else name
        self._saliency = explained.saliency if self._name is None else explained.saliencies[name]
        self._doubtful = " · not to be relied on, see the report" if report.get("unsuitable") else ""
        kind, score = value_of(report["request"]["method"]), score_short(report["request"]["score"])
        red, green, blue = entry["colour"]
        colour = (red / 255, green / 255, blue / 255)
        across, down, _ = self._picture.axial().spacing
        self._spacing = (down, across)
        self._scale = shown_of(report, name)
        if self._scale is not None:
            self._style = Style(colormap, colour, f"share of the rest of the {entry['label']} lost", self._scale)
        elif summary.largest_drop_slice is not None:
            unit = f"drop of {score}" if kind == "drop" else kind
            self._style = Style(colormap, colour, unit, max(summary.largest_drop, FLAT))
        else:  # written before runs had one scale for all slices
            self._style = Style(colormap, colour, f"share of the slice's largest {kind}")
        self._own_scales = own_scales
        alone = explained.image_drops.get(name, {})
        self._maps = (
            {"all images": explained.drops[name], **{f"{n} alone": m for n, m in alone.items()}} if alone else {}
        )
        self._most = {z: [max(0.0, float(m.slices[z].max())) for m in self._maps.values()] for z in by_slice}

    def draw_panel(self, folder: Path, row: SliceRow) -> None:
        """Draw one slice."""
        explained, style = self._slice(row), self._style
        if self._own_scales and (peak := self._peak(row.slice)) > 0:
            style = replace(style, largest=style.largest * peak, unit=f"{style.unit}; this slice's own scale")
        slice_panel(
            folder / panel_file(row.slice, self._name),
            explained,
            spacing=self._spacing,
            title=f"{self._title} · slice {row.slice} · {self._report['request']['method']['name']}{self._doubtful}",
            caption=panel_caption(row, self._summary, self._report, self._own_scales),
            style=style,
        )

    def draw_by_image(self, folder: Path, row: SliceRow) -> None:
        """Draw the maps of one slice with places hidden in all images, and in each alone; nothing where there are none.

        All are on one scale, up to the largest of them in the run or in the slice: what falls with one image alone may
        be more than what falls with all.
        """
        if not self._maps:
            return
        slices = [row.slice] if self._own_scales else list(self._most)
        largest = max(FLAT, max(max(self._most[z]) for z in slices))
        kind, score = value_of(self._report["request"]["method"]), score_short(self._report["request"]["score"])
        unit = f"drop of {score}" if kind == "drop" else kind
        where = "in this slice" if self._own_scales else "in all slices"
        by_image_panel(
            folder / by_image_file(row.slice, self._name),
            self._slice(row),
            [
                (f"{name} · {most:.2g}" if most else name, np.clip(volume.slices[row.slice], 0, largest) / largest)
                for (name, volume), most in zip(self._maps.items(), self._most[row.slice])
            ],
            spacing=self._spacing,
            title=f"{self._title} · slice {row.slice} · by image{self._doubtful}",
            caption=f"Places hidden in all images at once, and in each alone while the others stay as they are, drawn "
            f"over the first image; beside each name the largest {kind} in this slice. Colours have one scale for all "
            f"maps {where}, up to {largest:.3f}. Model: {self._report['model']['name']}.",
            style=replace(self._style, unit=unit, largest=largest),
        )

    def draw_montage(self, folder: Path) -> None:
        """Draw all slices in one picture."""
        montage(
            folder / montage_file(self._name),
            Made(len(self.rows), lambda number: self._tile(self.rows[number].slice)),
            [f"{row.slice} · {self._largest(row):.2f}" for row in self.rows],
            spacing=self._spacing,
            title=f"{self._title} · {self._report['request']['method']['name']}{self._doubtful} · "
            f"{self._report['scan']['name']}",
            style=self._montage_style(),
        )

    def _montage_style(self) -> Style:
        """The scale below all slices, and what stands in their corners."""
        corners = "in the corners: slice · its largest"
        if self._own_scales:
            return replace(self._style, largest=1.0, unit=f"share of the slice's largest {self._style.unit}; {corners}")
        return replace(self._style, unit=f"{self._style.unit}; {corners}")

    def _peak(self, z: int) -> float:
        """The largest saliency of a slice, a share of the run's largest."""
        return float(self._saliency.slices[z].max())

    def _largest(self, row: SliceRow) -> float:
        """Of what is shown of a slice, in its own unit."""
        if self._scale is None:
            return row.largest_drop
        return self._scale * self._peak(row.slice)

    def _tile(self, z: int) -> ExplainedSlice:
        """What the montage shows of a slice, read from the volumes when it is drawn."""
        explained = self._explained
        prediction, roi = explained.prediction.slices[z] == self._label, explained.roi.slices[z] > 0
        saliency = self._saliency.slices[z]
        if self._own_scales and (peak := self._peak(z)) > 0:
            saliency = saliency / peak
        return ExplainedSlice(self._picture.slices[z], saliency, prediction, roi)

    def _slice(self, row: SliceRow) -> ExplainedSlice:
        """What a panel shows of a slice."""
        explained, z = self._explained, row.slice
        similarity = explained.similarity if row.region == "clip" else None
        return replace(
            self._tile(z),
            evaluated=explained.evaluated.slices[z] > 0,
            similarity=None if similarity is None else similarity.slices[z],
            threshold=row.region_threshold or 0.5,
            reference=None if explained.reference is None else explained.reference.slices[z] == self._label,
        )


def panel_caption(row: SliceRow, summary: SummaryRow, report: Mapping[str, Any], own_scales: bool = False) -> str:
    """The small print of a slice's panel: what was evaluated, and what the map is measured in.

    Parameters
    ----------
    row : SliceRow
    summary : SummaryRow
        Of the same structure.
    report : mapping
        What `report.json` holds.
    own_scales : bool
        Whether the slice has a scale of its own.

    Returns
    -------
    str
    """
    region = row.region + (f" at {row.region_threshold:g}" if row.region_threshold is not None else "")
    scored: SliceRow | SummaryRow = row
    extent = ""
    if report.get("dimensions") == 3:
        scored, extent = summary, " in the volume"
    kind = value_of(report["request"]["method"])
    scale = _scale(summary, shown_of(report, row.structure), own_scales)
    return (
        f"Region: {region}, {row.region_share:.1%} of the slice, holds {row.region_recall:.0%} of the "
        f"prediction. {scored.evaluations} of {scored.full_evaluations} evaluations{extent}. The prediction, "
        f"{BOX_MARGIN_MM:g} mm wider, has {row.baseline_share:.1%} of the slice and would have taken "
        f"{scored.baseline_evaluations}. "
        f"Score: {score_of(report)}, {scored.score:.3f}{extent}; largest {kind} in this slice "
        f"{row.largest_drop:.3f}. {scale}Model: {report['model']['name']}."
    )


def shown_of(report: Mapping[str, Any], structure: str) -> float | None:
    """The scale of a saliency that shows the remote map.

    Parameters
    ----------
    report : mapping
        What `report.json` holds.
    structure : str

    Returns
    -------
    float or None
        The value that is shown as 1; None where the saliency shows the drop, as runs did that do not say it.
    """
    shown = report.get("saliency", {}).get(structure, {})
    return float(shown["largest"]) if shown.get("shows") == "remote" else None


def _scale(summary: SummaryRow, remote: float | None, own_scales: bool) -> str:
    """What the colours of a panel are scaled by."""
    if own_scales:
        return "Colours have a scale of their own in each slice: they can't be compared between slices. "
    if remote is not None:
        return (
            f"Colours: what the rest loses, the place itself not counted; one scale in all slices, up to {remote:.3f}. "
        )
    if summary.largest_drop_slice is None:
        return ""
    where = summary.largest_drop_slice
    return f"Colours have one scale in all slices, up to {summary.largest_drop:.3f} (slice {where}). "
