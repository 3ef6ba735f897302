"""What `locate` gives back: where words were found in a scan, how good the regions are, and their pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from XAICLIPLib.report.folder import reserved, whole_folder, write_report
from XAICLIPLib.report.names import NUMBERS, PANELS, montage_file, panel_file, volume_file
from XAICLIPLib.report.provenance import write_csv
from XAICLIPLib.results.rows import LocationRow, is_known
from XAICLIPLib.results.saved import with_pictures
from XAICLIPLib.volume import Made, Volume, write_volume

if TYPE_CHECKING:
    from XAICLIPLib.report.regions import LocatedSlice

KIND = "xaiclip location"


@dataclass(frozen=True, eq=False)
class Location:
    """Where words were found in a scan, on the scan's own grid.

    Attributes
    ----------
    roi : Volume of uint8
        The union of the regions.
    rois, similarities : dict of structure name to Volume
        The region and the smoothed probability of each structure.
    rows : list of LocationRow
        One row per slice and structure.
    report : dict
        The request and how it was carried out.
    prediction, reference : Volume of uint8, or None
        What the regions were compared with, as labels 1…K in the order of the structures.
    picture : Volume of float32, or None
        The scan as it is shown, in [0, 1]; not kept on disk.
    """

    roi: Volume
    rois: dict[str, Volume]
    similarities: dict[str, Volume]
    rows: list[LocationRow]
    report: dict
    prediction: Volume | None = None
    reference: Volume | None = None
    picture: Volume | None = None

    def save(
        self, folder: str | Path, pictures: bool = True, progress: Callable[[int, int, str], None] | None = None
    ) -> Path:
        """Write `roi.nrrd`, one region and similarity per structure, `metrics.csv`, `report.json` and the pictures.

        Parameters
        ----------
        folder : path
            Made if it is not there; the files of an earlier result in it are removed where they are as this program
            wrote them, all others are left alone.
        pictures : bool
            See `draw`.
        progress : callable, optional
            Called with (done, total, message) before each picture; raise `Cancelled` in it to stop: the pictures are
            missing then.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        InputError
            If the folder can't be made or written to.
        ResourceError
            If the disk is full.
        """
        with reserved(folder), whole_folder(folder) as place:
            write_volume(self.roi, place / volume_file("roi"))
            for kind, volumes in (("roi", self.rois), ("similarity", self.similarities)):
                for name, volume in volumes.items():
                    write_volume(volume, place / volume_file(kind, name))
            for kind in ("prediction", "reference"):
                if getattr(self, kind) is not None:
                    write_volume(getattr(self, kind), place / volume_file(kind))
            write_csv(place / NUMBERS, self.rows)
            write_report(place, self.report)
        if pictures and self.picture is not None:
            with_pictures(folder, lambda: self.save_pictures(folder, progress))
        return Path(folder)

    def save_pictures(self, folder: str | Path, progress: Callable[[int, int, str], None] | None = None) -> None:
        """Add what `draw` draws to the folder that the result was saved to: all of it, or nothing where `progress`
        raises `Cancelled`.

        Parameters
        ----------
        folder : path
            Where the result was saved to.
        progress : callable, optional
            Called with (done, total, message) before each picture.

        Raises
        ------
        InputError
            If the folder holds no finished result, or can't be written to.
        ResourceError
            If the disk is full.
        """
        with whole_folder(folder, pictures=True) as place:
            self.draw(place, progress)

    def draw(self, folder: Path, progress: Callable[[int, int, str], None] | None = None) -> None:
        """Draw each slice and structure where something was found into `panels`, and a `montage` of those slices per
        structure where there are several.

        Parameters
        ----------
        folder : path
            Where to.
        progress : callable, optional
            Called with (done, total, message) before each picture; raise `Cancelled` in it to stop.
        """
        from XAICLIPLib.report.regions import region_montage, region_panel  # matplotlib, which nothing else needs

        rows = [row for row in self.rows if row.area_mm2 > 0]
        drawn = 0
        for label, entry in enumerate(self.report["structures"], start=1):
            name = entry["name"]
            part = name if len(self.rois) > 1 else None
            own = [row for row in rows if row.structure == name]
            look = {"spacing": self._spacing(), "colour": tuple(c / 255 for c in entry["colour"])}
            places = self._places(name, label, own)
            for row, place in zip(own, places):
                if progress:
                    progress(drawn, len(rows), f"drawing slice {place.z}")
                drawn += 1
                (folder / PANELS).mkdir(exist_ok=True)
                region_panel(
                    folder / panel_file(place.z, part),
                    place,
                    title=f"{entry['label']} · slice {place.z} · {self._source()}",
                    caption=_caption(row),
                    **look,
                )
            if len(places) > 1:
                region_montage(
                    folder / montage_file(part),
                    places,
                    title=f"{entry['label']} · {self._source()} · {self.report['scan']['name']}",
                    **look,
                )

    def _places(self, name: str, label: int, rows: list[LocationRow]) -> Sequence[LocatedSlice]:
        """What is drawn of a structure: the slices of some rows, each made when it is drawn."""
        from XAICLIPLib.report.regions import LocatedSlice

        given = {"image": self.picture, "region": self.rois[name], "similarity": self.similarities.get(name)}
        given |= {"prediction": self.prediction, "reference": self.reference}
        slices = {kind: volume.slices for kind, volume in given.items() if volume is not None}

        def place(number: int) -> LocatedSlice:
            z = rows[number].slice
            values = {kind: s[z] for kind, s in slices.items()}
            values |= {kind: values[kind] == label for kind in ("prediction", "reference") if kind in values}
            return LocatedSlice(z, threshold=rows[number].threshold, **values | {"region": values["region"] > 0})

        return Made(len(rows), place)

    def _spacing(self) -> tuple[float, float]:
        """Pixel edge of an axial slice along rows and columns, mm."""
        assert self.picture is not None, "there is nothing to draw a region on"
        axial = self.picture.axial()
        return axial.spacing[1], axial.spacing[0]

    def _source(self) -> str:
        request = self.report["request"]
        doubtful = ", made for other scans" if self.report.get("unsuitable") else ""
        source = request["region"]["source"]
        return f"words, {request['vlm']['model']}{doubtful}" if source == "clip" else f"region: {Path(source).name}"


def _caption(row: LocationRow) -> str:
    """The small print of a slice: the numbers of its row."""
    pieces = "piece" if row.components == 1 else "pieces"
    said = [
        f"Region: {row.source} ({row.reason}), {row.area_mm2 / 100:.1f} cm², {row.share_of_slice:.1%} of "
        f"the slice, {row.share_of_body:.1%} of the body, {row.components} {pieces}."
    ]
    if row.similarity_inside is not None:
        rest = row.similarity_outside
        outside = "" if rest is None else f", in the rest of the body {rest:.2f}"
        said.append(f"Mean similarity in it {row.similarity_inside:.2f}{outside}.")
    if is_known(row.recall):
        said.append(f"It holds {row.recall:.0%} of the {row.compared_with}: Dice {row.dice:.2f}, IoU {row.iou:.2f}.")
    if is_known(row.baseline_recall) and row.baseline_area_mm2 is not None:
        held = "" if row.compared_with == "prediction" else f" holds {row.baseline_recall:.0%} of it and"
        saved = ""
        if row.baseline_evaluations is not None:
            saved = f", {row.baseline_evaluations} evaluations against {row.evaluations} of {row.full_evaluations}"
        said.append(f"The dilated prediction{held} has {row.baseline_area_mm2 / 100:.1f} cm²{saved}.")
    if row.warnings:
        said.append(f"Note: {row.warnings}.")
    return " ".join(said)
