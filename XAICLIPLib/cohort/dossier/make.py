"""The dossier of a model, from a cohort's folder: its facts as plain data, its page, and both as files."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from XAICLIPLib.cohort.across import Across, across
from XAICLIPLib.cohort.casemaps import ABOUT
from XAICLIPLib.cohort.dossier import breaks, needs
from XAICLIPLib.cohort.dossier.asked import data_facts, request_in_words
from XAICLIPLib.cohort.dossier.identity import card_of, differing, how_made, label, model_facts
from XAICLIPLib.cohort.dossier.limits import NOT_HELD, limits
from XAICLIPLib.cohort.dossier.measured import statistics
from XAICLIPLib.cohort.dossier.page import page_of
from XAICLIPLib.cohort.dossier.read import Kept, read_cohort
from XAICLIPLib.cohort.dossier.stress import stress_facts
from XAICLIPLib.cohort.dossier.summary import in_short
from XAICLIPLib.cohort.lines import Line
from XAICLIPLib.cohort.page_maps import maps_section, sentence_of
from XAICLIPLib.cohort.store import SETTINGS, thumbnail_file
from XAICLIPLib.cohort.table import TABLES
from XAICLIPLib.report.folder import reserved, whole_folder
from XAICLIPLib.report.names import DOSSIER, DOSSIER_PAGE
from XAICLIPLib.report.owned import write_listing
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY, plain
from XAICLIPLib.weights import sha256

KIND = "xaiclip dossier"
NO_CLAIM = (
    "Facts that were measured, for whoever writes technical documentation. It makes no legal claim: it does not say "
    "that the model conforms to any law or standard, nor that it is fit for any purpose."
)


@dataclass(frozen=True, eq=False)
class Dossier:
    """One document about a model.

    Attributes
    ----------
    facts : dict
        Everything that it says, as plain data: ``model``, ``asked``, ``data``, ``needs``, ``breaks``, ``gallery``,
        ``statistics``, ``limits``, ``made``, and ``summary`` in sentences.
    page : str
        The same as HTML, with pictures, without script or link to elsewhere.
    cohort : Path
        What it was made from.
    """

    facts: dict[str, Any]
    page: str
    cohort: Path

    def save(self, folder: str | Path | None = None) -> Path:
        """Write `dossier.html` and `dossier.json`, both or neither.

        Parameters
        ----------
        folder : path, optional
            Made if it is not there; by default that of the cohort. A dossier that is there is replaced.

        Returns
        -------
        Path
            The page.

        Raises
        ------
        InputError
            If the folder can't be made or written to, a run writes to it, or it holds files of these names that this
            program did not write.
        ResourceError
            If the disk is full.
        """
        out = self.cohort if folder is None else Path(folder)
        with reserved(out, (DOSSIER_PAGE, DOSSIER), listing=DOSSIER), whole_folder(out, DOSSIER) as place:
            (place / DOSSIER_PAGE).write_bytes(self.page.encode("utf-8"))
            write_listing(place, DOSSIER, self.facts)
        return out / DOSSIER_PAGE


def dossier(
    cohort: str | Path, *, stress: str | Path | None = None, card: str | Path | None = None, by_id: bool = False
) -> Dossier:
    """Make one document about a model from a cohort: what it needs and ignores, where it breaks, what was not tested.

    No model is run. The same folder gives the same bytes.

    Parameters
    ----------
    cohort : path
        What ``xaiclip cohort --out`` wrote. One that is not finished will do: the document says so.
    stress : path, optional
        What ``xaiclip stress --out`` wrote of the same model; by default the folder ``stress`` in the cohort's, if
        it is there.
    card : path, optional
        A text about the model, such as its maker's ``MODEL_CARD.md``, which becomes part of the document. The bundled
        model has its own.
    by_id : bool
        Call cases by their ids. By default they are called by their place in the table of cases, because the document
        may leave the house.

    Returns
    -------
    Dossier

    Raises
    ------
    InputError
        If the folder is no cohort, none of its cases was run, or a given file is not what it should be.
    MissingPackage
        If pyarrow is not installed.

    Examples
    --------
    >>> import XAICLIPLib as xai
    >>> found = xai.dossier("cohort/", card="MODEL_CARD.md")  # doctest: +SKIP
    >>> found.facts["summary"][0]["structure"]  # doctest: +SKIP
    'liver'
    >>> found.save("dossier/")  # doctest: +SKIP
    PosixPath('dossier/dossier.html')
    """
    kept = read_cohort(cohort, by_id)
    found = across(kept.told, kept.columns)
    made = how_made(kept)
    model = model_facts(made)
    entries, worst = breaks.gallery(kept, found)
    facts: dict[str, Any] = {
        "kind": KIND,
        "version": 1,
        "notice": RESEARCH_USE_ONLY,
        "claim": NO_CLAIM,
        "warnings": [*kept.warnings, *differing(made)],
        "model": model,
        "card": card_of(model, card),
        "asked": {
            "in_words": request_in_words(made["request"], str(kept.settings.get("keep", ""))),
            "request": _shared_request(made["request"]),
        },
        "data": data_facts(kept, made, found),
        "needs": {"matrix": needs.matrix(found), "shares": needs.shares(found), "maps": _maps(found)},
        "breaks": {
            "not_explained": breaks.not_explained(kept),
            "drawings": breaks.drawings(found),
            "trust": breaks.trusted(found),
            "outliers": breaks.outliers(kept, found),
            "dependence": breaks.dependence(found),
            "stress": stress_facts(kept.folder, model, stress),
            "notes": breaks.notes(kept),
        },
        "gallery": entries,
        "statistics": statistics(found),
        "not_held": [{"where": where, "what": what} for where, what in NOT_HELD],
        "made": _made(kept, made),
    }
    facts["limits"] = limits(facts, breaks.too_few_for_outliers(found))
    facts["summary"] = in_short(facts)
    facts = _rounded(plain(facts))
    page = page_of(facts, [_picture(line) for line in worst], maps_section(found.maps, 3))
    return Dossier(facts, page, kept.folder)


def _shared_request(request: Mapping[str, Any]) -> dict[str, Any]:
    """The request without what is of a single case."""
    return {key: value for key, value in request.items() if key not in ("scan", "reference", "label", "series")}


def _maps(found: Across) -> list[dict[str, Any]]:
    """The mean map of each structure in a frame of its organ, in a sentence."""
    return [
        {
            "structure": label(one.structure),
            "shows": ABOUT[one.kind],
            "cases": one.cases,
            "sentence": sentence_of(one),
        }
        for one in found.maps
        if one.peak is not None
    ]


def _made(kept: Kept, made: Mapping[str, Any]) -> dict[str, Any]:
    """How it was made, for whoever makes it again."""
    files = [SETTINGS, *(f"{name}.parquet" for name in TABLES if name != "times")]
    return {
        "program": f"XAICLIP {kept.settings.get('version', '')}".strip(),
        "environment": kept.settings.get("environment") or {},
        "language_models": dict(sorted(made["language_models"].items())),
        "devices": dict(sorted(made["devices"].items())),
        "tests_of_maps": dict(sorted(made["evidence"].items())),
        "outside_its_field": made["unsuitable"],
        "files": {name: sha256(kept.folder / name) for name in files if (kept.folder / name).is_file()},
    }


def _picture(line: Line) -> str:
    """The small picture of a structure of a case, as the source of an image; empty where there is none."""
    try:
        data = (line.folder / thumbnail_file(line.structure)).read_bytes()
    except OSError:
        return ""
    return f"data:image/jpeg;base64,{base64.b64encode(data).decode('ascii')}"


def _rounded(value: Any) -> Any:
    """Plain data whose numbers have six digits: beyond them libraries and processors differ."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list) else value
