"""What a comparison of two cohorts or of two runs gives back, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import Any

from XAICLIPLib import __version__
from XAICLIPLib.cohort.compare.frames import PREFIX, frame_rows, frames_section, mean_differences
from XAICLIPLib.cohort.compare.maps import MapRow, map_rows, maps_in_words
from XAICLIPLib.cohort.compare.numbers import Key
from XAICLIPLib.cohort.compare.page import STYLE, needs_section, numbers_section, unpaired_section
from XAICLIPLib.cohort.compare.page_cases import Look, all_section, cards, cards_section, link_to, ranked
from XAICLIPLib.cohort.compare.pairs import Pair, Side
from XAICLIPLib.cohort.compare.picture import draw_pairs
from XAICLIPLib.cohort.compare.statistics import Difference, differences
from XAICLIPLib.cohort.compare.tables import difference_rows, write_tables
from XAICLIPLib.cohort.compare.words import how_tested, sentences
from XAICLIPLib.cohort.mapfiles import write_volumes
from XAICLIPLib.cohort.meanmaps import MeanMap
from XAICLIPLib.cohort.page import PAGE
from XAICLIPLib.cohort.page_table import whole_page
from XAICLIPLib.errors import InputError
from XAICLIPLib.report.folder import reserved, whole_folder
from XAICLIPLib.report.markup import pairs_table, picture
from XAICLIPLib.report.names import COMPARE_PAGE, COMPARE_PICTURE, COMPARE_REPORT, COMPARE_TABLES, DIFFERENCES
from XAICLIPLib.report.names import PAGE as RUN_PAGE
from XAICLIPLib.report.owned import write_listing
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY
from XAICLIPLib.results.differences import Change

KIND = "xaiclip comparison"
COHORTS, RUNS = "cohorts", "runs"
FILES = (
    COMPARE_PAGE,
    COMPARE_PICTURE,
    COMPARE_REPORT,
    *(f"{t}.{e}" for t in COMPARE_TABLES for e in ("parquet", "csv")),
)
Progress = Callable[[float, float, str], None]


@dataclass(frozen=True, eq=False)
class CohortComparison:
    """What the second of two, B, has and depends on that the first, A, does not.

    Attributes
    ----------
    kind : str
        "cohorts" or "runs".
    sides : tuple of 2 Side
    structures : tuple of str
        What is compared.
    pairs : tuple of Pair
        The same scans on both sides.
    values : dict of Key to list of (first, second)
        As long as the pairs; None where there is no number.
    unpaired : dict of reason to list of str
        The cases that are not compared.
    settings : tuple of Change
        What was asked for otherwise.
    said : tuple of str
        What the maps of two runs say; empty for cohorts, whose maps are compared when it is saved.
    notes : tuple of str
        What to know about it.
    """

    kind: str
    sides: tuple[Side, Side]
    structures: tuple[str, ...]
    pairs: tuple[Pair, ...]
    values: Mapping[Key, Sequence[tuple[float | None, float | None]]]
    unpaired: Mapping[str, Sequence[str]]
    settings: tuple[Change, ...] = ()
    said: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def differences(self) -> dict[Key, Difference]:
        """Each number's difference with its interval and its test, see `statistics.differences`."""
        return differences(self.values)

    @property
    def sentences(self) -> list[str]:
        """What is known to differ, in words; empty where nothing is."""
        return sentences(self.differences)

    @property
    def how(self) -> str:
        """How it was tested, in words."""
        return how_tested(self.differences)

    def save(
        self, folder: str | Path, *, with_csv: bool = False, maps: bool = True, progress: Progress | None = None
    ) -> Path:
        """Write `compare.html`, `compare.png`, `compare.json`, tables, and the difference of each pair of maps.

        Parameters
        ----------
        folder : path
            Made if it is not there; the files of an earlier comparison in it are replaced. The same two give the same
            files, byte for byte.
        with_csv : bool
            Whether the tables are written as CSV, too. Those of two runs always are, and as nothing else.
        maps : bool
            Whether maps are compared, where both sides kept them.
        progress : callable, optional
            Called with (done, total, message) before each pair of maps; raise `Cancelled` in it to stop: nothing is
            written then.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        InputError
            If the folder is one of the two, can't be made or written to, or holds files of these names that this
            program did not write.
        MissingPackage
            If pyarrow is not installed, for two cohorts.
        ResourceError
            If the disk is full.
        """
        out = Path(folder)
        if any(out.resolve() == side.folder.resolve() for side in self.sides):
            raise InputError(f"{out} is one of the two that are compared; choose another folder with --out")
        endings = ["csv"] if self.kind == RUNS else ["parquet", *(["csv"] if with_csv else [])]
        with reserved(out, FILES, listing=COMPARE_REPORT), whole_folder(out, COMPARE_REPORT) as place:
            order = ranked(self.pairs, self.structures, self.values, self.differences)
            shown = {(self.pairs[i].id, structure) for i, structure, _ in cards(order)}
            rows = []
            large = place / COMPARE_PICTURE if self.kind == RUNS else None
            for row in map_rows(self.pairs, self.structures, place, shown, large) if maps else ():
                rows.append(row)
                if progress is not None:
                    progress(len(rows), len(self.pairs) * len(self.structures), f"maps of {row.pair}")
            frames = self._frames(place) if maps else []
            write_tables(place, self.pairs, self.differences, self.values, endings)
            if not (place / COMPARE_PICTURE).exists():
                draw_pairs(place / COMPARE_PICTURE, self.differences, self.values, self._title)
            page = whole_page(self._title, self._page(place, out, order, rows, frames_section(frames)))
            (place / COMPARE_PAGE).write_bytes(page.encode("utf-8"))
            write_listing(place, COMPARE_REPORT, {"kind": KIND, **self.as_dict(), **_told(rows, frames)})
        return out

    def _frames(self, place: Path) -> list[MeanMap]:
        """The mean differences over the pairs, which are written; none of one pair, or of maps that are no drops of the
        same score by the same method."""
        if self.kind == RUNS or any(c.name in ("method.name", "score") for c in self.settings):
            return []
        found = mean_differences(self.pairs, self.structures)
        if found:
            (place / DIFFERENCES).mkdir(exist_ok=True)
            write_volumes(place / DIFFERENCES, found, PREFIX)
        return found

    @property
    def _names(self) -> list[str]:
        """What both are called: by their folders; where these are alike with that above."""
        folders = [side.folder.resolve() for side in self.sides]
        alike = folders[0].name == folders[1].name
        return ["/".join(folder.parts[-2:]) if alike else folder.name for folder in folders]

    @property
    def _title(self) -> str:
        return f"{' against '.join(f'{letter} ({name})' for letter, name in zip('AB', self._names))}"

    def as_dict(self) -> dict[str, Any]:
        """Everything but the maps, as plain data.

        Returns
        -------
        dict
        """
        return {
            "version": __version__,
            "compared": self.kind,
            "a": self._names[0],
            "b": self._names[1],
            "structures": list(self.structures),
            "pairs": [{"id": p.id, "a": p.first.id, "b": p.second.id} for p in self.pairs],
            "unpaired": {reason: list(ids) for reason, ids in self.unpaired.items()},
            "settings": [{"name": c.name, "a": c.before, "b": c.now} for c in self.settings],
            "sentences": self.sentences,
            "maps_in_words": list(self.said),
            "how": self.how,
            "differences": difference_rows(self.differences),
            "notes": list(self.notes),
        }

    def _page(self, place: Path, out: Path, order: Sequence[Look], rows: Sequence[MapRow], where: str) -> list[str]:
        by_key = {(row.pair, row.structure): row for row in rows}
        said = [*self.said, *self.sentences]
        nothing = "<p>Nothing was found in which the two differ.</p>"
        found = "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in said) + "</ul>" if said else nothing
        apart = {_setting(c.name): f"{_word(c.before)} → {_word(c.now)}" for c in self.settings}
        of_maps = "".join(f"<p>{escape(text)}</p>" for text in maps_in_words(rows))
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        return [
            f"{STYLE}<h1>What B depends on that A does not</h1>",
            f'<p class="notice"><strong>{escape(RESEARCH_USE_ONLY)}</strong></p>',
            self._totals() if self.kind == COHORTS else "",
            f"<h2>What is compared</h2>{self._both(out)}",
            "<h3>Set otherwise: A → B</h3>" + (pairs_table(apart) if apart else "<p>Nothing.</p>"),
            f'<h2>What differs</h2>{found}<p class="small">{escape(self.how)}</p>',
            picture(place / COMPARE_PICTURE, 1072, "what differs most between A and B"),
            needs_section(self.structures, self.differences),
            numbers_section(self.structures, self.differences),
            *([cards_section(order, self.pairs, self.values, by_key, out)] if self.kind == COHORTS else []),
            where,
            f"<h2>Maps</h2>{of_maps}" if rows else "",
            *([all_section(order, self.pairs, self.values, by_key, out)] if self.kind == COHORTS else []),
            unpaired_section(self.unpaired) if self.kind == COHORTS else "",
            f"<h2>Notes</h2><ul>{notes}</ul>" if notes else "",
        ]

    def _totals(self) -> str:
        tested = [d for d in self.differences.values() if d.is_tested]
        left = sum(len(ids) for ids in self.unpaired.values())
        told = {"pairs of one scan": len(self.pairs), "cases not paired": left, "numbers tested": len(tested)}
        told["found to differ"] = sum(d.is_found for d in tested)
        boxes = "".join(f"<div><strong>{number}</strong>{name}</div>" for name, number in told.items())
        return f'<div class="totals">{boxes}</div>'

    def _both(self, out: Path) -> str:
        """What A is and what B is, with links to their pages."""
        rows = []
        for letter, side, name in zip("AB", self.sides, self._names):
            method = side.report["request"].get("method", {}).get("name", "")
            parts = [name, side.report["model"].get("name") or "", method]
            parts += [f"{len(side.cases)} case{'s' * (len(side.cases) != 1)}"] if self.kind == COHORTS else []
            page = PAGE if self.kind == COHORTS else RUN_PAGE
            text, link = escape(", ".join(part for part in parts if part)), link_to(side.folder / page, out)
            text = f'<a href="{escape(link, quote=True)}">{text}</a>' if link else text
            rows.append(f"<tr><th>{letter}</th><td>{text}</td></tr>")
        return f"<table>{''.join(rows)}</table>"


def _setting(name: str) -> str:
    """A setting's name with its groups, for the page."""
    return name.replace("_", " ").replace(".", ": ")


def _word(value: Any) -> str:
    """A setting as the page shows it; of a path its last part."""
    if value is None or value == "":
        return "nothing"
    text = " ".join(str(value).split())
    return text.replace("\\", "/").rpartition("/")[2] if "/" in text or "\\" in text else text


def _told(rows: Sequence[MapRow], frames: Sequence[MeanMap]) -> dict[str, Any]:
    """What the maps say, as plain data."""
    names = ["pair", "structure", "reason", "overlap", "correlation", "unit", "largest", "slice", "beyond", "file"]
    names += ["remote", "remote_slice", "remote_file"]
    return {"maps": [{name: getattr(row, name) for name in names} for row in rows], "frames": frame_rows(frames)}
