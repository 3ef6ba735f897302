"""What a run gives back: volumes on the scan's own grid, numbers, warnings, and how it was made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from XAICLIPLib.errors import MissingPackage
from XAICLIPLib.report.colormap import COLORMAP, RUN
from XAICLIPLib.report.folder import reserved, whole_folder
from XAICLIPLib.results import notebook
from XAICLIPLib.results.answers import Answer
from XAICLIPLib.results.influence import ScanInfluence
from XAICLIPLib.results.matters import Finding
from XAICLIPLib.results.rows import SliceRow, SummaryRow
from XAICLIPLib.results.saved import read_explanation, volumes_of, with_pictures, write_explanation
from XAICLIPLib.volume import Volume

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from pandas import DataFrame

    from XAICLIPLib.report.dicom import Export

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
    image_drops : dict of structure name to (dict of image name to Volume of float32)
        `drops` with places hidden in one of several registered images alone, where the request wants that.
    evaluated, roi : Volume of uint8
        Where the map says something, and the region that was asked for.
    prediction : Volume of uint8
        The model's masks as labels 1…K in the order of the structures.
    reference : Volume of uint8, or None
        The ground truth, likewise.
    similarity : Volume of float32, or None
        Smoothed probability of the words, the maximum over the structures.
    inputs : dict of str to Volume
        What was given in memory, by "scan", "reference", "region", "image-2", …: it is saved as well, so that the run
        can be repeated.
    records : dict of str to callable
        What `influence` is made of: per file, what reads it.
    picture : Volume of float32, or None
        The scan as it is shown, in [0, 1]; not kept on disk.
    rows : list of SliceRow
        Numbers per slice and structure; `summary` has those of the whole volume, and alone the evaluations and scores
        where that was explained at once.
    report : dict
        Request, scan, models, versions, timings, warnings: everything `report.json` holds.

    Examples
    --------
    >>> import torch
    >>> import XAICLIPLib as xai
    >>> ct, _ = xai.make_phantom(shape=(6, 48, 48), spacing=(8.0, 8.0, 30.0))
    >>> bright = lambda batch: torch.sigmoid((batch - 60) / 20)
    >>> explanation = xai.explain(
    ...     ct, "liver", xai.Occlusion(16, 16), region="full", model=bright, slices=3, device="cpu", evidence="none"
    ... )
    >>> explanation.structures, explanation.drop.shape
    (('liver',), (6, 48, 48))
    >>> [(row.slice, row.evaluations) for row in explanation.rows]
    [(3, 9)]
    """

    saliency: Volume
    drops: dict[str, Volume]
    saliencies: dict[str, Volume]
    evaluated: Volume
    roi: Volume
    prediction: Volume
    rows: list[SliceRow]
    report: dict[str, Any]
    stderrs: dict[str, Volume] = field(default_factory=dict)
    image_drops: dict[str, dict[str, Volume]] = field(default_factory=dict)
    reference: Volume | None = None
    similarity: Volume | None = None
    inputs: dict[str, Volume] = field(default_factory=dict)
    records: dict[str, Callable[[], bytes]] = field(default_factory=dict)
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
    def summary(self) -> list[SummaryRow]:
        """Numbers of the whole volume, one row per structure."""
        return [SummaryRow.from_dict(row) for row in self.report["summary"]]

    @cached_property
    def influence(self) -> ScanInfluence:
        """Where the output changed when each place was hidden, to be asked about any place; see `ScanInfluence`.

        Raises
        ------
        InputError
            If the run kept no record.
        """
        return ScanInfluence(self.records, self.evaluated, self.prediction)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What the run says in words about why each structure is drawn, each sentence with its number and its test."""
        return tuple(Answer.from_json(answer) for answer in self.report.get("answers", ()))

    @property
    def matters(self) -> tuple[Finding, ...]:
        """What is worth a look: hot spots, worst slices, islands, and where prediction and reference disagree; empty in
        runs of earlier versions, for which `pipeline.matters.what_matters` finds it."""
        return tuple(Finding.from_json(finding) for finding in self.report.get("matters", ()))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the map must know."""
        return tuple(self.report["warnings"])

    def __repr__(self) -> str:
        return notebook.one_line(self)

    def _repr_html_(self) -> str:
        return notebook.table_html(self)

    def plot(self, structure: str | None = None, slice: int | None = None) -> Figure:
        """A figure of one slice: scan, signed drop and prediction.

        Parameters
        ----------
        structure : str, optional
            By default the first.
        slice : int, optional
            Axial slice; by default the one with the structure's largest drop.

        Returns
        -------
        matplotlib.figure.Figure

        Raises
        ------
        InputError
            If the structure or the slice was not explained.
        """
        return notebook.plot(self, structure, slice)

    def table(self) -> DataFrame:
        """The numbers as a pandas DataFrame, see `docs/metrics.md` for its columns.

        Returns
        -------
        pandas.DataFrame
            One row per slice and structure, then one per structure, whose slice is "all".

        Raises
        ------
        MissingPackage
            If pandas is not installed.
        """
        try:
            from pandas import DataFrame
        except ImportError as error:
            raise MissingPackage("a table of the numbers", "pandas", "frame") from error
        return DataFrame([row.as_dict() for row in (*self.rows, *self.summary)])

    def to_frame(self) -> DataFrame:
        """The older name of `table`.

        Returns
        -------
        pandas.DataFrame
        """
        return self.table()

    def _volumes(self) -> Iterator[tuple[str, Volume]]:
        return volumes_of(self)

    def save(
        self,
        folder: str | Path,
        colormap: str = COLORMAP,
        pictures: bool = True,
        compress: bool = True,
        scale: str = RUN,
    ) -> Path:
        """Write the volumes (`.nrrd`), `metrics.csv`, `report.json` and then, with pictures, what `draw` draws.

        Everything is written to a scratch folder first, so that nothing half-written is left behind. The files of
        an earlier result in the folder are removed where they are as this program wrote them; all others are left
        alone.

        Parameters
        ----------
        folder : path
            Made where it is not there.
        colormap : str
            Of the pictures: any of matplotlib's; the paper's is "jet".
        pictures : bool
            Whether to draw them. A result that was loaded has no picture to draw on, and draws none.
        compress : bool
            Whether volumes are compressed.
        scale : str
            Of the pictures: "run" for one in all slices, "slice" for one in each.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        InputError
            If the folder can't be made or written to, another run is writing to it, or files in it would be replaced
            that this program did not write.
        ResourceError
            If the disk is full; where only the pictures could not be drawn, the message says so, and the rest is kept.
        """
        with reserved(folder):
            write_explanation(self, folder, compress)
            if pictures and self.picture is not None:
                with_pictures(folder, lambda: self.save_pictures(folder, colormap, scale=scale))
        return Path(folder)

    def save_pictures(
        self,
        folder: str | Path,
        colormap: str = COLORMAP,
        progress: Callable[[int, int], None] | None = None,
        scale: str = RUN,
    ) -> None:
        """Add what `draw` draws to the folder that the result was saved to, in the place of older pictures of it: all
        of it, or nothing where `progress` raises `Cancelled`.

        Parameters
        ----------
        folder : path
            Where the result was saved to.
        colormap : str
            Any of matplotlib's.
        progress : callable, optional
            Called with (done, total) before each panel.
        scale : str
            "run" for one in all slices, "slice" for one in each.

        Raises
        ------
        InputError
            If the folder holds no finished result, or can't be written to.
        ResourceError
            If the disk is full.
        """
        with whole_folder(folder, pictures=True) as place:
            self.draw(place, colormap, progress, scale)

    def draw(
        self,
        folder: Path,
        colormap: str = COLORMAP,
        progress: Callable[[int, int], None] | None = None,
        scale: str = RUN,
    ) -> None:
        """Draw a panel per explained slice and structure into `panels`, a `montage` per structure, and `report.html`.

        Parameters
        ----------
        folder : path
            In which `panels` is not there yet.
        colormap : str
            Any of matplotlib's.
        progress : callable, optional
            Called with (done, total) before each panel; raise `Cancelled` in it to stop.
        scale : str
            "run" for one in all slices, "slice" for one in each.
        """
        from XAICLIPLib.results.pictures import draw_explanation  # matplotlib, which nothing else needs

        draw_explanation(self, folder, colormap, progress, scale)

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

        Returns
        -------
        Export
            What was written, and what to know about it.

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

        Parameters
        ----------
        folder : path
            Of a finished run, also of an earlier version.

        Returns
        -------
        Explanation

        Raises
        ------
        InputError
            If the folder holds no explanation, or a file of it is missing or damaged.
        """
        return cls(**read_explanation(Path(folder)))
