"""A run on paper: a PDF of A4 pages with the sentences, the verdicts, the numbers and the pictures.

Written by matplotlib, which draws the pictures anyway: the command line and 3D Slicer's worker make the same file, and
neither needs a browser or a further package. The HTML page is for reading; this is for archives.
"""

from __future__ import annotations

import io
import textwrap
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from matplotlib.backends.backend_pdf import FigureCanvasPdf, PdfPages
from matplotlib.figure import Figure

from XAICLIPLib.report.colours import FAINT, INK
from XAICLIPLib.report.markup import in_words
from XAICLIPLib.report.names import montage_file, panel_file
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY
from XAICLIPLib.report.wording import score_of

WIDTH, HEIGHT, EDGE = 595, 842, 42  # pt: A4, and its margins
PANELS = 3  # slices shown of a structure, those with the largest values
# column of the summary, how a reader calls it
NUMBERS = {
    "score": "score",
    "largest_drop": "largest drop",
    "largest_drop_slice": "in slice",
    "dice": "Dice with the reference",
    "hd95_mm": "HD95, mm",
    "shape_correlation": "correlation with no model's map",
    "remote_loss": "largest loss of the rest",
    "unseen_share": "drawn although hidden",
    "trust": "support",
}
_WIDTH_OF_LETTER = 0.56  # of the size: DejaVu Sans, on average
_DOTS = 1500  # px: the widest picture that is put in


def write_pdf(report: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], pictures: Path | None) -> bytes:
    """The pages of a run.

    Parameters
    ----------
    report : mapping
        Everything `report.json` holds.
    rows : sequence of mapping
        The numbers per slice and structure.
    pictures : path, optional
        Folder with the run's ``montage….png`` and ``panels``, as far as they were drawn.

    Returns
    -------
    bytes
        A PDF; the same run gives the same bytes.
    """
    labels = {entry["name"]: entry["label"] for entry in report["structures"]}
    sheets = _Sheets()
    sheets.text(f"Why “{report['model']['name']}” draws {', '.join(labels.values())}", 16, bold=True, after=4)
    sheets.text(RESEARCH_USE_ONLY, 9, bold=True, after=4)
    scan = report["scan"]
    request = report["request"]
    sheets.text(
        f"{scan['name']}, {scan['modality'] or 'modality not stated'}; method {request['method']['name']}; score: "
        f"{score_of(report)}; {len(report['slices']['explained'])} slices; XAICLIP {report['environment']['xaiclip']}",
        9, FAINT, after=10,
    )  # fmt: skip
    if report.get("answers"):
        sheets.text("In words", 12, bold=True, keep=30)
        for answer in report["answers"]:
            sheets.text(f"• {answer['text']}. Tested: {answer['test']}.", 9.5, after=3)
    for row in report["summary"]:
        reasons = "; ".join(str(r) for r in row.get("trust_reasons") or ())
        if row.get("trust"):
            sheets.text(
                f"Evidence for the map of {labels.get(row['structure'], row['structure'])}: {row['trust']}",
                10,
                bold=True,
                keep=24,
            )
            sheets.text(reasons, 9, FAINT, after=4)
    if report["warnings"]:
        sheets.text("Warnings", 12, bold=True, keep=30)
        for warning in report["warnings"]:
            sheets.text(f"• {warning}", 9, after=2)
    _numbers(sheets, report, labels)
    if pictures is not None:
        _pictures(sheets, report, rows, labels, pictures)
    return sheets.finished()


def _numbers(sheets: _Sheets, report: Mapping, labels: Mapping[str, str]) -> None:
    """A line for each number, a column for each structure."""
    shown = [(key, name) for key, name in NUMBERS.items() if any(r.get(key) is not None for r in report["summary"])]
    if not shown:
        return
    sheets.text("Numbers", 12, bold=True, keep=20 + 13 * len(shown))
    sheets.table(
        ["", *(labels.get(row["structure"], row["structure"]) for row in report["summary"])],
        [[name, *(in_words(row.get(key)) for row in report["summary"])] for key, name in shown],
    )


def _pictures(
    sheets: _Sheets, report: Mapping, rows: Sequence[Mapping], labels: Mapping[str, str], folder: Path
) -> None:
    """The montage of each structure, and the slices with the largest values."""
    alone = len(labels) == 1
    for name, label in labels.items():
        file = None if alone else name
        if not (folder / montage_file(file)).exists():
            continue
        sheets.text(label[:1].upper() + label[1:], 13, bold=True, keep=330)
        sheets.picture(folder / montage_file(file), 330)
        own = sorted((r for r in rows if r["structure"] == name), key=lambda r: -(r["largest_drop"] or 0.0))
        for z in sorted(row["slice"] for row in own[:PANELS]):
            sheets.picture(folder / panel_file(z, file), 360)


class _Sheets:
    """Pages that are filled from their top, one after the other."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        # no date: the same run gives the same file
        self._pages = PdfPages(self._buffer, metadata={"CreationDate": None, "Producer": None, "Creator": "XAICLIP"})
        self._figure: Figure | None = None
        self._y, self._number = 0.0, 0

    def _room(self, height: float) -> Figure:
        """The page that has that much room, pt."""
        if self._figure is None or self._y + height > HEIGHT - EDGE:
            self._close()
            self._number += 1
            self._figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72), dpi=72, facecolor="white")
            FigureCanvasPdf(self._figure)
            self._write(EDGE, HEIGHT - 24, f"{RESEARCH_USE_ONLY} · page {self._number}", 7, FAINT)
            self._y = EDGE
        return self._figure

    def _write(self, x: float, y: float, text: str, size: float, colour: str = INK, **how) -> None:
        assert self._figure is not None
        self._figure.text(
            x / WIDTH, 1 - y / HEIGHT, text, fontsize=size, color=colour, va="top", family="DejaVu Sans",
            parse_math=False, **how,
        )  # fmt: skip

    def text(
        self, text: str, size: float, colour: str = INK, *, bold: bool = False, after: float = 6, keep: float = 0
    ) -> None:
        """A paragraph. `keep`: pt of what must follow on the same page."""
        letters = int((WIDTH - 2 * EDGE) / (size * _WIDTH_OF_LETTER * (1.1 if bold else 1)))
        lines = textwrap.wrap(text, letters) or [""]
        self._room(1.35 * size + keep)
        for line in lines:
            self._room(1.35 * size)
            self._write(EDGE, self._y, line, size, colour, weight="bold" if bold else "normal")
            self._y += 1.35 * size
        self._y += after

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Names at the left, numbers in columns of one width, cut where there are too many."""
        columns = min(len(head) - 1, 4)
        width = (WIDTH - 2 * EDGE - 190) / max(columns, 1)
        for number, row in enumerate([head, *rows]):
            self._room(13)
            weight = "bold" if number == 0 else "normal"
            self._write(EDGE, self._y, row[0], 9, weight=weight)
            for column, value in enumerate(row[1 : columns + 1], start=1):
                cut = textwrap.shorten(str(value), int(width / (9 * _WIDTH_OF_LETTER)), placeholder="…")
                self._write(EDGE + 190 + column * width, self._y, cut, 9, ha="right", weight=weight)
            self._y += 13
        self._y += 10

    def picture(self, path: Path, tallest: float) -> None:
        """A PNG as wide as the page or as tall as that, pt; nothing where it was not drawn."""
        pixels = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR) if path.exists() else None
        if pixels is None:
            return
        scale = min(1.0, _DOTS / pixels.shape[1])
        if scale < 1:
            pixels = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        wide, tall = WIDTH - 2 * EDGE, (WIDTH - 2 * EDGE) * pixels.shape[0] / pixels.shape[1]
        if tall > tallest:
            wide, tall = wide * tallest / tall, tallest
        figure = self._room(tall + 8)
        left = (WIDTH - wide) / 2
        axes = figure.add_axes((left / WIDTH, 1 - (self._y + tall) / HEIGHT, wide / WIDTH, tall / HEIGHT))
        axes.set_axis_off()
        axes.imshow(np.ascontiguousarray(pixels[..., ::-1]), aspect="auto", interpolation="none")
        self._y += tall + 8

    def _close(self) -> None:
        if self._figure is not None:
            with warnings.catch_warnings():
                # a label in another script: its letters are boxes here, and right in the page and the other objects
                warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)
                self._pages.savefig(self._figure)
            self._figure = None

    def finished(self) -> bytes:
        """All pages."""
        self._close()
        self._pages.close()
        return self._buffer.getvalue()
