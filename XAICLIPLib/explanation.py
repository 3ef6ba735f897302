"""What a run gives back: volumes on the scan's own grid, numbers, warnings, and how it was made."""

from __future__ import annotations

import csv
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from XAICLIPLib.errors import InputError, ResourceError
from XAICLIPLib.report.provenance import write_csv, write_json
from XAICLIPLib.volume import Volume, read_volume, write_volume

KIND = "xaiclip explanation"


@dataclass(frozen=True)
class Plan:
    """What a request would cost.

    Attributes
    ----------
    slices, evaluations, full_evaluations : int
        Slices to explain, model runs needed, and model runs for the whole images.
    seconds : float
        Estimate of the run's wall time.
    """

    slices: int
    evaluations: int
    full_evaluations: int
    seconds: float

    def __str__(self) -> str:
        saved = 1 - self.evaluations / self.full_evaluations if self.full_evaluations else 0.0
        return (
            f"{self.evaluations} of {self.full_evaluations} evaluations ({saved:.0%} saved) in {self.slices} slices, "
            f"about {self.seconds:.0f} s"
        )


@dataclass(frozen=True, eq=False)
class Location:
    """Where words were found in a scan, on the scan's own grid.

    Attributes
    ----------
    roi : Volume of uint8
        The union of the regions.
    rois, similarities : dict of structure name to Volume
        The region and the smoothed probability of each structure.
    rows : list of dict
        One row per slice and structure.
    report : dict
        The request and how it was carried out.
    """

    roi: Volume
    rois: dict[str, Volume]
    similarities: dict[str, Volume]
    rows: list[dict]
    report: dict

    def save(self, folder: str | Path) -> Path:
        """Write `roi.nrrd`, one region and similarity per structure, `metrics.csv` and `report.json`."""
        with whole_folder(folder) as place:
            write_volume(self.roi, place / "roi.nrrd")
            for kind, volumes in (("roi", self.rois), ("similarity", self.similarities)):
                for name, volume in volumes.items():
                    write_volume(volume, place / f"{kind}-{name}.nrrd")
            write_csv(place / "metrics.csv", self.rows)
            _write_report(place, self.report)
        return Path(folder)


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why a model segmented structures in a scan as it did. Every volume lies on the scan's own grid.

    Attributes
    ----------
    saliency : Volume of float32
        For display: the positive drop as a share of the largest in its slice, in [0, 1]; the maximum over the
        structures.
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
        Numbers per slice and structure; `summary` has those of the whole volume.
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
        """Write the volumes (`.nrrd`), `metrics.csv`, `report.json`, `montage.png` and a panel per slice.

        Everything is written to a temporary folder first, so that nothing half-written is left behind. The files of
        an earlier result in the folder are removed, all others are left alone.

        Raises
        ------
        InputError
            If the folder can't be made or written to.
        ResourceError
            If the disk is full.
        """
        with whole_folder(folder) as place:
            for name, volume in self._volumes():
                write_volume(volume, place / f"{name}.nrrd", compress)
            write_csv(place / "metrics.csv", [*self.rows, *self.summary])
            if pictures and self.picture is not None:
                self.draw(place, colormap)
            _write_report(place, self.report)
        return Path(folder)

    def draw(self, folder: Path, colormap: str = "jet", progress: Callable[[int, int], None] | None = None) -> None:
        """Draw a panel per explained slice and structure into `panels`, and a `montage` per structure.

        `progress` is called with (done, total) before each panel; raise `Cancelled` in it to stop.
        """
        from XAICLIPLib.report.panels import montage, slice_panel  # matplotlib, which nothing else needs

        axial = {name: volume.axial().voxels for name, volume in self._volumes()}
        picture = self.picture.axial()
        spacing = (picture.spacing[1], picture.spacing[0])
        slices = self.report["slices"]["explained"]
        rows = {(row["slice"], row["structure"]): row for row in self.rows}
        score = self.report["request"]["score"].replace("_", " ")
        unit = f"share of the slice's largest drop of {score.replace('dice', 'Dice')}"
        (folder / "panels").mkdir()
        drawn = 0
        for label, entry in enumerate(self.report["structures"], start=1):
            name = entry["name"]
            look = {"colormap": colormap, "colour": tuple(c / 255 for c in entry["colour"]), "unit": unit}
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
                    image=picture.voxels[z],
                    roi=axial["roi"][z] > 0,
                    similarity=axial["similarity"][z] if "similarity" in axial and row["region"] == "clip" else None,
                    threshold=row["region_threshold"] or 0.5,
                    saliency=saliency[z],
                    evaluated=axial["evaluated"][z] > 0,
                    prediction=axial["prediction"][z] == label,
                    reference=axial["reference"][z] == label if "reference" in axial else None,
                    spacing=spacing,
                    title=f"{entry['label']} · slice {z} · {self.report['request']['method']['name']}",
                    caption=_caption(row, self.report),
                    **look,
                )
            montage(
                folder / ("montage.png" if one else f"montage-{name}.png"),
                images=[picture.voxels[z] for z in shown],
                saliencies=[saliency[z] for z in shown],
                predictions=[axial["prediction"][z] == label for z in shown],
                rois=[axial["roi"][z] > 0 for z in shown],
                labels=[str(z) for z in shown],
                spacing=spacing,
                title=f"{entry['label']} · {self.report['request']['method']['name']} · {self.report['scan']['name']}",
                **look,
            )

    @classmethod
    def load(cls, folder: str | Path) -> Explanation:
        """Read back what `save` wrote; only `picture` is missing.

        Raises
        ------
        InputError
            If the folder holds no explanation, or a file of it is missing.
        """
        folder = Path(folder)
        try:
            report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(f"{folder} holds no explanation ({error}); give the folder of a finished run") from error
        if report.get("kind") != KIND:
            raise InputError(f"{folder} holds a {report.get('kind', 'report of another program')}, not an explanation")
        names = [entry["name"] for entry in report["structures"]]
        written = set(report.get("files", ()))

        def named(kind: str) -> dict[str, Volume]:
            files = {n: f"{kind}.nrrd" if len(names) == 1 else f"{kind}-{n}.nrrd" for n in names}
            return {n: read_volume(folder / file) for n, file in files.items() if file in written}

        def single(kind: str) -> Volume | None:
            return read_volume(folder / f"{kind}.nrrd") if f"{kind}.nrrd" in written else None

        try:
            with open(folder / "metrics.csv", encoding="utf-8", newline="") as file:
                rows = [{key: _value(text) for key, text in row.items()} for row in csv.DictReader(file)]
        except OSError as error:
            raise InputError(f"{folder / 'metrics.csv'} can't be read ({error.strerror}); run it again") from error
        return cls(
            saliency=read_volume(folder / "saliency.nrrd"),
            drops=named("drop"),
            saliencies=named("saliency"),
            stderrs=named("stderr"),
            rows=[row for row in rows if row["slice"] != "all"],
            report=report,
            **{kind: read_volume(folder / f"{kind}.nrrd") for kind in ("evaluated", "roi", "prediction")},
            **{kind: single(kind) for kind in ("reference", "similarity")},
        )


def _caption(row: dict, report: dict) -> str:
    """The small print of a panel: what was evaluated, and what the map is measured in."""
    score = report["request"]["score"].replace("_", " ")
    found = row["region"] + (f" at {row['region_threshold']:g}" if row["region_threshold"] is not None else "")
    against = "reference" if report["reference_given"] else "unperturbed prediction"
    return (
        f"Region: {found}, {row['region_share']:.1%} of the slice, holds {row['region_recall']:.0%} of the "
        f"prediction. {row['evaluations']} of {row['full_evaluations']} evaluations. {score.capitalize()} "
        f"{row['score']:.3f} against the {against}, largest drop {row['largest_drop']:.3f}. "
        f"Model: {report['model']['name']}."
    )


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


def check_output(folder: str | Path, colormap: str = "jet") -> None:
    """Say before a run, not after it, why its result could not be saved.

    Raises
    ------
    InputError
        If the folder can't be made or written to, or there is no such colour map.
    """
    from XAICLIPLib.report.page import colour_table  # matplotlib, which nothing else needs

    colour_table(colormap)
    place = Path(folder)
    while not place.exists():
        place = place.parent
    if not place.is_dir() or not os.access(place, os.W_OK):
        raise InputError(f"{folder} can't be made: {place} is no folder that can be written to; choose another one")


def _write_report(place: Path, report: dict) -> None:
    """Write the report, the last file of a result, with the names of all others."""
    write_json(place / "report.json", {**report, "files": sorted(made.name for made in place.iterdir())})


def _files_of(folder: Path) -> Iterator[Path]:
    """The files and folders of the result that a folder holds, as its report lists them."""
    try:
        names = json.loads((folder / "report.json").read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, LookupError, TypeError):
        return
    yield from (folder / name for name in names if Path(name).name == name)


@contextmanager
def whole_folder(folder: str | Path) -> Iterator[Path]:
    """A temporary folder beside `folder`, whose content is moved there once the block ends without an error.

    A report among it makes it a new result: the files of the earlier one, which might pass for its own, are removed.
    """
    target = Path(folder)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise InputError(f"{target} can't be made ({error.strerror}); choose another folder") from error
    try:
        yield place
        target.mkdir(exist_ok=True)
        new = list(place.iterdir())
        earlier = _files_of(target) if place / "report.json" in new else ()
        for old in {*earlier, *(target / made.name for made in new)}:
            if old.is_dir():
                shutil.rmtree(old)
            elif old.name not in {made.name for made in new}:
                old.unlink(missing_ok=True)
        for made in new:
            os.replace(made, target / made.name)
    except OSError as error:
        raise ResourceError(
            f"{target} can't be written ({error.strerror}); free some space or choose another folder"
        ) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)
