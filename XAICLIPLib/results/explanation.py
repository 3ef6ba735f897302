"""What a run gives back: volumes on the scan's own grid, numbers, warnings, and how it was made."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from XAICLIPLib.attribution.reference import FLAT
from XAICLIPLib.case.request import renewed
from XAICLIPLib.errors import InputError, MissingPackage, ResourceError, XAICLIPError
from XAICLIPLib.report.folder import reserved, whole_folder, write_report
from XAICLIPLib.report.provenance import write_csv
from XAICLIPLib.report.saved import load_report
from XAICLIPLib.report.wording import score_of, score_short, value_of
from XAICLIPLib.results import notebook
from XAICLIPLib.results.outputs import check_output  # noqa: F401  its name here is older
from XAICLIPLib.roi.region import BOX_MARGIN_MM
from XAICLIPLib.volume import Made, Volume, read_volume, write_volume

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from XAICLIPLib.report.dicom import Export
    from XAICLIPLib.report.panels import ExplainedSlice
    from XAICLIPLib.volume.stack import AxialSlices

KIND = "xaiclip explanation"


@dataclass(frozen=True, eq=False, repr=False)
class Explanation:
    """Why a model segmented structures in a scan as it did. Every volume lies on the scan's own grid.

    Attributes
    ----------
    saliency : Volume of float32
        For display: the positive drop of each structure as a share of its largest in all slices of the run, in [0, 1],
        so that slices can be compared; the maximum over the structures.
    drops : dict of structure name to Volume of float32
        Signed drop of the score where the place is taken away; 0 where nothing was evaluated.
    saliencies : dict of structure name to Volume of float32
        `saliency` of each structure.
    stderrs : dict of structure name to Volume of float32
        Standard error of the drop, for the sampling methods.
    evaluated, roi : Volume of uint8
        Where the map says something, and the region that was asked for.
    prediction : Volume of uint8
        The model's masks as labels 1…K in the order of the structures.
    reference : Volume of uint8, or None
        The ground truth, likewise.
    similarity : Volume of float32, or None
        Smoothed probability of the words, the maximum over the structures.
    picture : Volume of float32, or None
        The scan as it is shown, in [0, 1]; not kept on disk.
    rows : list of dict
        Numbers per slice and structure; `summary` has those of the whole volume, and alone the evaluations and scores
        where that was explained at once.
    report : dict
        Request, scan, models, versions, timings, warnings: everything `report.json` holds.
    """

    saliency: Volume
    drops: dict[str, Volume]
    saliencies: dict[str, Volume]
    evaluated: Volume
    roi: Volume
    prediction: Volume
    rows: list[dict]
    report: dict
    stderrs: dict[str, Volume] = field(default_factory=dict)
    reference: Volume | None = None
    similarity: Volume | None = None
    picture: Volume | None = None

    @property
    def structures(self) -> tuple[str, ...]:
        """Names of the structures, in the order of the labels."""
        return tuple(self.drops)

    @property
    def drop(self) -> Volume:
        """The signed drop of the first structure."""
        return next(iter(self.drops.values()))

    @property
    def summary(self) -> list[dict]:
        """Numbers of the whole volume, one row per structure."""
        return self.report["summary"]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the map must know."""
        return tuple(self.report["warnings"])

    def __repr__(self) -> str:
        return notebook.one_line(self)

    def _repr_html_(self) -> str:
        return notebook.table_html(self)

    def plot(self, structure: str | None = None, slice: int | None = None) -> Figure:
        """A figure of one slice, see `notebook.plot`: scan, signed drop and prediction.

        Example
        -------
        >>> explanation.plot("liver", slice=14)
        """
        return notebook.plot(self, structure, slice)

    def to_frame(self) -> DataFrame:
        """The numbers per slice and structure as a pandas DataFrame, one row each, then one per structure ("all").

        Raises
        ------
        MissingPackage
            If pandas is not installed.
        """
        try:
            from pandas import DataFrame
        except ImportError as error:
            raise MissingPackage("a table of the numbers", "pandas", "frame") from error
        return DataFrame([*self.rows, *self.summary])

    def _volumes(self) -> Iterator[tuple[str, Volume]]:
        """File name without its ending, and volume. A single structure needs no name in the file's."""
        one = len(self.drops) == 1
        yield "saliency", self.saliency
        for kind, volumes in (("drop", self.drops), ("saliency", self.saliencies), ("stderr", self.stderrs)):
            for name, volume in volumes.items():
                if not (one and kind == "saliency"):
                    yield kind if one else f"{kind}-{name}", volume
        for kind in ("evaluated", "roi", "prediction", "reference", "similarity"):
            if getattr(self, kind) is not None:
                yield kind, getattr(self, kind)

    def save(self, folder: str | Path, colormap: str = "jet", pictures: bool = True, compress: bool = True) -> Path:
        """Write the volumes (`.nrrd`), `metrics.csv`, `report.json` and then, with pictures, what `draw` draws.

        Everything is written to a scratch folder first, so that nothing half-written is left behind. The files of
        an earlier result in the folder are removed where they are as this program wrote them; all others are left
        alone.

        Raises
        ------
        InputError
            If the folder can't be made or written to, another run is writing to it, or files in it would be replaced
            that this program did not write.
        ResourceError
            If the disk is full; where only the pictures could not be drawn, the message says so, and the rest is kept.
        """
        with reserved(folder):
            with whole_folder(folder) as place:
                for name, volume in self._volumes():
                    write_volume(volume, place / f"{name}.nrrd", compress)
                write_csv(place / "metrics.csv", [*self.rows, *self.summary])
                write_report(place, self.report)
            if pictures and self.picture is not None:
                try:
                    self.save_pictures(folder, colormap)
                except (InputError, ResourceError) as error:
                    raise ResourceError(
                        f"the volumes, metrics.csv and report.json are in {folder}, the pictures are missing ({error})"
                    ) from error
        return Path(folder)

    def save_pictures(
        self, folder: str | Path, colormap: str = "jet", progress: Callable[[int, int], None] | None = None
    ) -> None:
        """Add what `draw` draws to the folder that the result was saved to, in the place of older pictures of it: all
        of it, or nothing where `progress` raises `Cancelled`.

        Raises
        ------
        InputError
            If the folder holds no finished result, or can't be written to.
        ResourceError
            If the disk is full.
        """
        with whole_folder(folder, pictures=True) as place:
            self.draw(place, colormap, progress)

    def draw(self, folder: Path, colormap: str = "jet", progress: Callable[[int, int], None] | None = None) -> None:
        """Draw a panel per explained slice and structure into `panels`, a `montage` per structure, and `report.html`.

        `progress` is called with (done, total) before each panel; raise `Cancelled` in it to stop.
        """
        from XAICLIPLib.report.html import write_html
        from XAICLIPLib.report.panels import (
            ExplainedSlice,
            Style,
            montage,
            slice_panel,
        )  # matplotlib, which nothing else needs

        axial = {name: volume.slices for name, volume in self._volumes()}
        picture, spacing = self.picture.slices, self.picture.axial().spacing[1::-1]
        slices = self.report["slices"]["explained"]
        rows = {(row["slice"], row["structure"]): row for row in self.rows}
        kind, score = value_of(self.report["request"]["method"]), score_short(self.report["request"]["score"])
        unit = f"drop of {score}" if kind == "drop" else kind
        summary = {row["structure"]: row for row in self.summary}
        doubtful = " · not to be relied on, see the report" if self.report.get("unsuitable") else ""
        (folder / "panels").mkdir()
        drawn = 0
        for label, entry in enumerate(self.report["structures"], start=1):
            name = entry["name"]
            style = Style(colormap, tuple(c / 255 for c in entry["colour"]), unit)
            if "largest_drop_slice" in summary.get(name, {}):
                style = replace(style, largest=max(summary[name]["largest_drop"], FLAT))
            else:  # written before runs had one scale for all slices
                style = replace(style, unit=f"share of the slice's largest {kind}")
            one = len(self.drops) == 1
            saliency = axial["saliency" if one else f"saliency-{name}"]
            shown = [z for z in slices if (z, name) in rows]
            if not shown:
                continue
            for z in shown:
                row = rows[z, name]
                if progress:
                    progress(drawn, len(self.rows))
                drawn += 1
                slice_panel(
                    folder / "panels" / (f"slice_{z:04d}.png" if one else f"slice_{z:04d}_{name}.png"),
                    ExplainedSlice(
                        picture[z],
                        saliency[z],
                        axial["prediction"][z] == label,
                        axial["roi"][z] > 0,
                        axial["evaluated"][z] > 0,
                        axial["similarity"][z] if "similarity" in axial and row["region"] == "clip" else None,
                        row["region_threshold"] or 0.5,
                        axial["reference"][z] == label if "reference" in axial else None,
                    ),
                    spacing=spacing,
                    title=f"{entry['label']} · slice {z} · {self.report['request']['method']['name']}{doubtful}",
                    caption=_caption(row, summary[name], self.report),
                    style=style,
                )
            montage(
                folder / ("montage.png" if one else f"montage-{name}.png"),
                Made(len(shown), partial(self._tile, shown, saliency, label)),
                [f"{z} · {rows[z, name]['largest_drop']:.2f}" for z in shown],
                spacing=spacing,
                title=f"{entry['label']} · {self.report['request']['method']['name']}{doubtful} · "
                f"{self.report['scan']['name']}",
                style=replace(style, unit=f"{style.unit}; in the corners: slice · its largest"),
            )
        write_html(folder, self.report, self.rows)

    def _tile(self, slices: Sequence[int], saliency: AxialSlices, label: int, place: int) -> ExplainedSlice:
        """What the montage shows of the slice at a place in the list, read from the volumes when it is drawn."""
        from XAICLIPLib.report.panels import ExplainedSlice

        z = slices[place]
        prediction, roi = self.prediction.slices[z] == label, self.roi.slices[z] > 0
        return ExplainedSlice(self.picture.slices[z], saliency[z], prediction, roi)

    def export_dicom(
        self, folder: str | Path, scan: str | Path, series: str | None = None, pictures: str | Path | None = None
    ) -> Export:
        """Write saliency, prediction, region and montages as DICOM objects that refer to the scan's own images.

        Parameters
        ----------
        folder : path
            Where to. The files of an earlier export in it are removed where nobody has changed them since; all others
            are left alone.
        scan : path
            The scan's DICOM folder. A scan that is no DICOM gets a study of its own, which is said in the notes.
        series : str, optional
            The series instance UID, or its end, where several series lie on the result's grid.
        pictures : path, optional
            The folder of the saved run, for its montages.

        Raises
        ------
        InputError
            If the scan is not the one that was explained, nothing was explained, or the folder can't be written to.
        MissingPackage
            If highdicom is not installed.
        """
        from XAICLIPLib.report.dicom import LISTING, write_dicom
        from XAICLIPLib.report.dicom_source import open_source

        source = open_source(scan, self.evaluated, series, self.report["request"].get("label"))
        with whole_folder(folder, LISTING) as place:
            return write_dicom(place, self, source, None if pictures is None else Path(pictures))

    @classmethod
    def load(cls, folder: str | Path) -> Explanation:
        """Read back what `save` wrote; only `picture` is missing.

        Raises
        ------
        InputError
            If the folder holds no explanation, or a file of it is missing or damaged.
        """
        try:
            return cls._read(Path(folder))
        except XAICLIPError:
            raise
        except Exception as error:  # whatever a damaged report lacks
            reason = " ".join(f"{type(error).__name__}: {error}"[:200].split())
            raise InputError(f"the explanation in {folder} is damaged ({reason}); run it again") from error

    @classmethod
    def _read(cls, folder: Path) -> Explanation:
        report = load_report(folder)
        report["request"] = renewed(report["request"])
        names = [entry["name"] for entry in report["structures"]]
        written = set(report["files"])

        def named(kind: str) -> dict[str, Volume]:
            files = {n: f"{kind}.nrrd" if len(names) == 1 else f"{kind}-{n}.nrrd" for n in names}
            return {n: read_volume(folder / file) for n, file in files.items() if file in written}

        def single(kind: str) -> Volume | None:
            return read_volume(folder / f"{kind}.nrrd") if f"{kind}.nrrd" in written else None

        try:
            with open(folder / "metrics.csv", encoding="utf-8", newline="") as file:
                rows = [{key: _value(text) for key, text in row.items()} for row in csv.DictReader(file)]
            kept = [row for row in rows if row["slice"] != "all"]
        except (OSError, ValueError, KeyError, AttributeError, csv.Error) as error:
            reason = getattr(error, "strerror", None) or "it is damaged"
            raise InputError(f"{folder / 'metrics.csv'} can't be read ({reason}); run it again") from error
        return cls(
            saliency=read_volume(folder / "saliency.nrrd"),
            drops=named("drop"),
            saliencies=named("saliency"),
            stderrs=named("stderr"),
            rows=kept,
            report=report,
            **{kind: read_volume(folder / f"{kind}.nrrd") for kind in ("evaluated", "roi", "prediction")},
            **{kind: single(kind) for kind in ("reference", "similarity")},
        )


def _caption(row: dict, summary: dict, report: dict) -> str:
    """The small print of a slice's panel: what was evaluated, and what the map is measured in."""
    found = row["region"] + (f" at {row['region_threshold']:g}" if row["region_threshold"] is not None else "")
    scored, extent = (summary, " in the volume") if report.get("dimensions") == 3 else (row, "")
    kind = value_of(report["request"]["method"])
    return (
        f"Region: {found}, {row['region_share']:.1%} of the slice, holds {row['region_recall']:.0%} of the "
        f"prediction. {scored['evaluations']} of {scored['full_evaluations']} evaluations{extent}. The prediction, "
        f"{BOX_MARGIN_MM:g} mm wider, has {row['baseline_share']:.1%} of the slice and would have taken "
        f"{scored['baseline_evaluations']}. "
        f"Score: {score_of(report)}, {scored['score']:.3f}{extent}; largest {kind} in this slice "
        f"{row['largest_drop']:.3f}. {_scale(summary)}Model: {report['model']['name']}."
    )


def _scale(summary: dict) -> str:
    """What the colours of a panel are scaled by."""
    if "largest_drop_slice" not in summary:
        return ""
    where = summary["largest_drop_slice"]
    return f"Colours have one scale in all slices, up to {summary['largest_drop']:.3f} (slice {where}). "


def _value(text: str):
    """A CSV cell as the number, truth value or text it was."""
    if text in ("", "True", "False"):
        return {"": None, "True": True, "False": False}[text]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
