"""What the model is: its family, its files, its licence, what it can draw and what it is given."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from XAICLIPLib.anatomy import describe
from XAICLIPLib.case.naming import bare
from XAICLIPLib.cohort.dossier.read import Kept, reports_of
from XAICLIPLib.errors import InputError
from XAICLIPLib.models.families import FAMILIES, bundled_weights
from XAICLIPLib.weights import WEIGHTS, sha256

MOST_CARD = 200_000  # bytes of a card
_BACKGROUND = "background"
_BEFORE_PATHS = {"segments", *(family.name for family in FAMILIES)}
# what models say of themselves, as a reader calls it; other words stand as they are
_WORDS = {
    "family": "family", "name": "name", "file": "file of the weights", "sha256": "SHA-256 of the weights",
    "licence": "licence", "parameters": "parameters of the network", "precision": "precision of its arithmetic",
    "spacing_mm": "distance of voxels that it works at, mm", "patch_size": "what it looks at at once, voxels",
    "image_size": "size of what it is given, pixels", "window_hu": "window of what it is given, HU",
    "tile_step": "step of its tiles, as a share of a tile", "mirroring": "mirrored copies at prediction",
    "megabytes": "size of the file, MB", "input": "what it is given", "fold": "fold of the training",
}  # fmt: skip


def how_made(kept: Kept) -> dict[str, Any]:
    """How the explained cases were made, counted.

    Parameters
    ----------
    kept : Kept

    Returns
    -------
    dict
        ``models`` (list of (mapping, cases), the most frequent first), ``request`` (of the first case, without names of
        files' folders), ``devices``, ``environments``, ``evidence``, ``language_models`` (Counters), ``slices`` (list
        of int), ``unsuitable`` (int).
    """
    models: Counter[str] = Counter()
    found: dict[str, Any] = {
        "request": None, "devices": Counter(), "environments": Counter(), "evidence": Counter(), "slices": [],
        "language_models": Counter(), "unsuitable": 0,
    }  # fmt: skip
    for _, report in reports_of(kept):
        models[_text(report["model"])] += 1
        found["request"] = found["request"] or report.get("request")
        found["devices"][str(report.get("device", ""))] += 1
        found["environments"][_text(report.get("environment") or {})] += 1
        found["evidence"][str((report.get("evidence") or {}).get("level", "none"))] += 1
        if report.get("vision_language_model"):
            told = report["vision_language_model"]
            words = f"{told.get('model', '')} (SHA-256 {told.get('sha256', 'not known')})"
            found["language_models"][words] += 1
        found["slices"].append(len((report.get("slices") or {}).get("explained") or ()))
        found["unsuitable"] += bool(report.get("unsuitable"))
    ordered = sorted(models.items(), key=lambda item: (-item[1], item[0]))
    found["models"] = [(json.loads(text), count) for text, count in ordered]
    found["request"] = without_folders(found["request"] or kept.settings.get("request") or {})
    return found


def without_folders(value: Any) -> Any:
    """Plain data without the folders before names of files.

    Parameters
    ----------
    value : object

    Returns
    -------
    object
        A copy.
    """
    if isinstance(value, Mapping):
        return {key: without_folders(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_folders(item) for item in value]
    if not isinstance(value, str) or not set("/\\") & set(value):
        return value
    first, _, rest = value.partition(":")
    return f"{first}:{bare(rest)}" if first in _BEFORE_PATHS and rest else bare(value)


def model_facts(made: Mapping[str, Any]) -> dict[str, Any]:
    """What the model is.

    Parameters
    ----------
    made : mapping
        Of `how_made`.

    Returns
    -------
    dict
        ``name``, ``family``, ``title``, ``source``, ``licence``, ``sha256``, ``draws`` and ``asked`` (labels of
        structures), ``details`` (in words).
    """
    said = dict(made["models"][0][0]) if made["models"] else {}
    spec = str(made["request"].get("model", ""))
    name = str(said.get("family") or spec.partition(":")[0])
    family = next((one for one in FAMILIES if one.name == name), None)
    targets = [str(target) for target in said.get("targets") or () if target != _BACKGROUND]
    asked = [str(structure) for structure in made["request"].get("structures") or ()]
    licence = said.get("licence") or (family.licence if family else "")
    details = {
        _WORDS.get(key, key.replace("_", " ")): value
        for key, value in sorted(said.items())
        if key not in ("targets", "family", "name", "sha256", "licence") and value not in (None, "", [], {})
    }
    return {
        "name": str(said.get("name") or spec or "unknown"),
        "family": name,
        "title": family.title if family else "",
        "source": family.source if family else "",
        "licence": str(licence or "not said by its files"),
        "sha256": str(said.get("sha256") or "not known"),
        "asked": labels(asked),
        "draws": labels(targets),
        "not_asked": labels([target for target in targets if target not in asked]),
        "details": details,
    }


def card_of(model: Mapping[str, Any], card: str | Path | None) -> dict[str, str]:
    """The model's card: that which was given, or the bundled model's own.

    Parameters
    ----------
    model : mapping
        Of `model_facts`.
    card : path, optional
        A text, such as the maker's `MODEL_CARD.md`.

    Returns
    -------
    dict
        ``file``, ``sha256`` and ``text``; empty where there is none.

    Raises
    ------
    InputError
        If the file is not there, too large, or no text.
    """
    if card is None:
        if model["sha256"] != bundled_weights()["sha256"]:
            return {}
        card = WEIGHTS / "unet" / "MODEL_CARD.md"
    path = Path(card)
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"the card {path} can't be read ({error.strerror}); check the path") from error
    except UnicodeDecodeError as error:
        raise InputError(f"the card {path} is no text in UTF-8; give a text or Markdown file") from error
    if len(data) > MOST_CARD or "\0" in text:
        raise InputError(f"the card {path} is too large, or no text; give one of {MOST_CARD // 1000} kB at most")
    return {"file": path.name, "sha256": sha256(path), "text": text.replace("\r\n", "\n")}


def differing(made: Mapping[str, Any]) -> list[str]:
    """What a reader must know where not all cases were made alike.

    Parameters
    ----------
    made : mapping
        Of `how_made`.

    Returns
    -------
    list of str
    """
    said = []
    if len(made["models"]) > 1:
        counts = ", ".join(str(count) for _, count in made["models"])
        said.append(f"The cases were made with {len(made['models'])} different models or settings of it ({counts} "
                    "cases); the model told here is the most frequent.")  # fmt: skip
    if len(made["environments"]) > 1:
        said.append(f"The cases were made in {len(made['environments'])} different installations.")
    return said


def labels(names: Sequence[str]) -> list[str]:
    """Structures as a reader calls them.

    Parameters
    ----------
    names : sequence of str

    Returns
    -------
    list of str
    """
    return [label(name) for name in names]


def label(name: str) -> str:
    """A structure as a reader calls it.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
    """
    try:
        return describe(name).label
    except InputError:  # no letter in it
        return name


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
