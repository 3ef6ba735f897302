"""Names that label maps bring along: inside the file, or in a colour table or a JSON file beside it."""

from __future__ import annotations

import csv
import gzip
import json
import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from XAICLIPLib import anatomy

ENDINGS = (".nii.gz", ".seg.nrrd", ".nrrd", ".nhdr", ".nii", ".mha", ".mhd")
TABLES = (".ctbl", ".txt", ".csv", ".label", ".json")
_LARGEST = 4 * 2**20  # bytes of a table of names; a larger file is something else
_NOTHING = frozenset("background clear none unlabelled unlabeled".split()) | {"clear label", "ignore", ""}
_CODED = {
    (s.code, (s.modifier or ("", "", ""))[1], (s.region or ("", "", ""))[1]): s.name
    for s in anatomy.STRUCTURES
    if s.code
}


@dataclass(frozen=True)
class Segment:
    """One label of a file.

    Attributes
    ----------
    name : str
        As the file calls it.
    value : int
        Its number in its layer.
    layer : int
        Segments that overlap lie in layers of their own.
    structure : str
        The structure's name by its terminology; empty where it has none that is in the table.
    """

    name: str
    value: int
    layer: int = 0
    structure: str = ""


def coded(code: str, modifier: str = "", region: str = "") -> str:
    """The name of the structure that SNOMED CT codes mean.

    Without a side a paired organ stays unknown: its name may have one.

    Parameters
    ----------
    code, modifier, region : str
        Of the segment's type, its side, and the region it is in; empty where there is none.

    Returns
    -------
    str
        As in `anatomy`; empty if none is in the table.
    """
    return _CODED.get((code, modifier, region), "") or _CODED.get((code, modifier, ""), "")


def of_segmentation(meta: Mapping[str, str], layers: int) -> tuple[Segment, ...]:
    """The segments that the header of a 3D Slicer segmentation lists.

    Parameters
    ----------
    meta : mapping of str to str
        The header's fields, as SimpleITK reads them from a ``.seg.nrrd`` file.
    layers : int
        How many the file has.

    Returns
    -------
    tuple of Segment
        Those whose layer is there.
    """
    segments = []
    numbers = sorted({int(m[1]) for key in meta if (m := re.fullmatch(r"Segment(\d+)_(?:ID|Name)", key))})
    for n in numbers:
        fields = {key.partition("_")[2]: value for key, value in meta.items() if key.startswith(f"Segment{n}_")}
        # files of Slicer before 4.11 have a layer for each segment, and no numbers
        layer = _integer(fields.get("Layer"), n if layers > 1 else 0)
        value = _integer(fields.get("LabelValue"), 1 if layers > 1 or len(numbers) == 1 else n + 1)
        name = fields.get("Name") or fields.get("ID") or f"segment {n}"
        if 0 <= layer < layers:
            segments.append(Segment(name, value, layer, _terminology(fields.get("Tags", ""))))
    return tuple(segments)


def _integer(text: str | None, otherwise: int) -> int:
    try:
        return otherwise if text is None else int(float(text))
    except ValueError:
        return otherwise


def _terminology(tags: str) -> str:
    """The structure that the terminology entry among a segment's tags means."""
    entry = next((t.partition(":")[2] for t in tags.split("|") if t.startswith("TerminologyEntry:")), "")
    parts = [part.split("^") for part in entry.split("~")]
    if len(parts) < 4 or len(parts[2]) < 2:
        return ""
    codes = [part[1] if len(part) > 1 else "" for part in (parts[2], parts[3], parts[5] if len(parts) > 5 else [])]
    return coded(*codes)


def in_nifti(path: Path) -> tuple[Segment, ...]:
    """The names in the header extension of a NIfTI file, an XML label table as TotalSegmentator writes it.

    Parameters
    ----------
    path : Path

    Returns
    -------
    tuple of Segment
        Empty where there are none.
    """
    try:
        with gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb") as file:
            head = file.read(352)
            order = "<" if head[:4] == struct.pack("<i", 348) else ">"
            offset = int(struct.unpack(f"{order}f", head[108:112])[0])
            data = head + file.read(max(0, min(offset, _LARGEST) - len(head)))
    except (OSError, EOFError, zlib.error, struct.error, ValueError, OverflowError):
        return ()
    start = 352
    while data[348:349] == b"\x01" and start + 8 <= min(offset, len(data)):
        (length,) = struct.unpack(f"{order}i", data[start : start + 4])
        if length < 8:
            break
        if segments := _label_table(data[start + 8 : start + length]):
            return segments
        start += length
    return ()


def _label_table(data: bytes) -> tuple[Segment, ...]:
    text = data.rstrip(b"\0 \n\r\t")
    if b"<Label " not in text or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        return ()
    try:
        labels = [(int(e.get("Key", "")), (e.text or "").strip()) for e in ElementTree.fromstring(text).iter("Label")]
    except (ElementTree.ParseError, ValueError):
        return ()
    return _named(dict(labels))


def beside(path: Path) -> list[tuple[Path, tuple[Segment, ...]]]:
    """Tables of names that may belong to a label map, the surest first: those called like it, then the folder's own.

    Among the latter are ``report.json`` of a result of this program, ``dataset.json`` (nnU-Net, Medical Segmentation
    Decathlon; also one folder up, beside ``labelsTr``), ``labels.json``, and a colour table where there is only one.

    Parameters
    ----------
    path : Path
        The label map.

    Returns
    -------
    list of (Path, tuple of Segment)
        Each table with the names in it.
    """
    stem = stem_of(path)
    names = [f"{s}{ending}" for s in (stem, f"{stem}_ColorTable", f"{stem}-ColorTable") for ending in TABLES]
    candidates = [path.parent / name for name in names]
    candidates += [path.parent / "report.json", path.parent / "labels.json", path.parent / "dataset.json"]
    candidates.append(path.parent.parent / "dataset.json")
    try:
        tables = [p for p in sorted(path.parent.iterdir()) if p.suffix.lower() == ".ctbl"]
    except OSError:
        tables = []
    candidates += tables if len(tables) == 1 else []
    return [(p, segments) for p in dict.fromkeys(candidates) if p.is_file() and (segments := in_table(p, path))]


def stem_of(path: Path) -> str:
    """A file's name without the ending of its format.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str
    """
    ending = next((e for e in ENDINGS if path.name.lower().endswith(e)), path.suffix)
    return path.name[: len(path.name) - len(ending)] if ending else path.name


def in_table(table: Path, labels: Path | None = None) -> tuple[Segment, ...]:
    """The names in a colour table of 3D Slicer, ITK-SNAP or FreeSurfer, a CSV or a JSON file.

    Parameters
    ----------
    table : Path
    labels : Path, optional
        The file that they are wanted for: of a result's ``report.json`` only the result's own maps are.

    Returns
    -------
    tuple of Segment
        Empty if it is no such table, or larger than 4 MiB.
    """
    try:
        if table.stat().st_size > _LARGEST:
            return ()
        text = table.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ()
    if table.suffix.lower() == ".json":
        try:
            return _in_json(json.loads(text), labels)
        except (ValueError, RecursionError):
            return ()
    if table.suffix.lower() == ".csv":
        return _in_csv(text)
    names = {}
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        snap = re.fullmatch(r'(\d+)\s+(?:[\d.]+\s+)+"(.*)"', line)  # ITK-SNAP: number, colour, "name"
        plain = re.fullmatch(r"(\d+)\s+(\S+)(?:\s+[\d.]+){3,4}", line)  # Slicer, FreeSurfer: number, name, colour
        match = snap or plain
        if not match:
            return ()
        number, name = match.groups()
        names[int(number)] = name.strip('"').replace("_", " ")
    return _named(names)


def _in_csv(text: str) -> tuple[Segment, ...]:
    rows = csv.DictReader(text.splitlines())
    columns = {c.strip().casefold().replace("_", ""): c for c in rows.fieldnames or () if c}
    number = next((columns[c] for c in ("labelvalue", "label", "id", "index", "value") if c in columns), None)
    name = next((columns[c] for c in ("name", "structure", "labelname") if c in columns), None)
    if number is None or name is None:
        return ()
    try:
        return _named({int(row[number]): row[name] or "" for row in rows})
    except (TypeError, ValueError):
        return ()


def _in_json(data, labels: Path | None) -> tuple[Segment, ...]:
    if not isinstance(data, dict):
        return ()
    if isinstance(data.get("structures"), list) and "kind" in data:  # a result of this program
        is_result_map = labels is None or stem_of(labels) in ("prediction", "reference")
        try:
            return _named({int(s["value"]): str(s["name"]) for s in data["structures"]}) if is_result_map else ()
        except (KeyError, TypeError, ValueError):
            return ()
    table = data.get("labels", data)
    if isinstance(table, list):
        table = {name: n for n, name in enumerate(table)}
    if not isinstance(table, dict) or not table:
        return ()
    pairs = []
    for key, value in table.items():
        if isinstance(value, str) and re.fullmatch(r"\s*\d+\s*", str(key)):  # number: name
            pairs.append((int(key), value))
            continue
        numbers = value if isinstance(value, list) else [value]  # name: number, or the numbers of its parts
        if not all(isinstance(n, int) and not isinstance(n, bool) for n in numbers):
            return ()
        pairs += [(n, key) for n in numbers]
    return tuple(Segment(name, n) for n, name in pairs if n and name.strip().casefold() not in _NOTHING)


def _named(names: Mapping[int, str]) -> tuple[Segment, ...]:
    kept = {n: name.strip() for n, name in names.items() if n and name.strip().casefold() not in _NOTHING}
    return tuple(Segment(name, n) for n, name in kept.items())
