"""A record as a file: one NumPy archive for each image, numbers only, so that reading one runs nothing."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
from scipy import sparse

from XAICLIPLib.errors import InputError
from XAICLIPLib.influence.grid import ImageGrid
from XAICLIPLib.influence.packed import Packed
from XAICLIPLib.influence.record import Record, TargetRecord
from XAICLIPLib.influence.sources import BoxSources, PartSources

VERSION = 2


def packed_record(record: Record, grid: ImageGrid) -> bytes:
    """What a run knows of one image as the contents of a file.

    Parameters
    ----------
    record : Record
    grid : ImageGrid

    Returns
    -------
    bytes
        A NumPy archive (.npz).
    """
    arrays: dict[str, Any] = {"evaluated": np.packbits(grid.evaluated)}
    arrays |= {f"axis{number}": axis for number, axis in enumerate(grid.axes)}
    known = {
        "version": VERSION,
        "names": list(record.names),
        "image": list(grid.shape),
        "work": list(grid.work),
        "spacing": list(grid.spacing),
        "edges": [list(target.edges) for target in record.targets],
        "output": list(record.targets[0].prediction.shape),
        "error": record.targets[0].error is not None,
    }
    sources = record.sources
    if isinstance(sources, BoxSources):
        combined = sources.combined
        arrays |= {"region": np.packbits(sources.region), "boxes": sources.boxes, "windows": sources.windows}
        arrays |= {"weights": combined.data.astype(np.float32), "columns": combined.indices, "rows": combined.indptr}
    else:
        arrays["parts"] = sources.number
        known |= {"count": sources.count, "parts": list(sources.names)}
    for k, target in enumerate(record.targets):
        arrays |= {f"prediction{k}": np.packbits(target.prediction), f"reference{k}": np.packbits(target.reference)}
        arrays |= {f"probability{k}": target.probability, f"sizes{k}": target.sizes, f"shared{k}": target.shared}
        for name in ("own", "remote", "error"):
            if (packed := getattr(target, name)) is not None:
                arrays |= {f"{name}{k}_{part}": getattr(packed, part) for part in ("scale", "groups", "ends", "data")}
                known[f"{name}{k}"] = packed.cells
    file = BytesIO()
    np.savez_compressed(file, known=np.array(json.dumps(known)), **arrays)
    return file.getvalue()


def read_record(data: bytes, name: str) -> tuple[Record, ImageGrid]:
    """Undo `packed_record`.

    Parameters
    ----------
    data : bytes
    name : str
        What the file is called, for messages.

    Returns
    -------
    record : Record
    grid : ImageGrid

    Raises
    ------
    InputError
        If it is damaged, or of another version.
    """
    again = "run the explanation again to record its influence"
    try:
        with np.load(BytesIO(data), allow_pickle=False) as archive:
            known = json.loads(str(archive["known"]))
            if known.get("version") != VERSION:
                raise InputError(
                    f"{name} is a record of version {known.get('version')!r} and this program reads {VERSION}: {again}"
                )
            return _record(known, archive)
    except (OSError, EOFError, ValueError, KeyError, IndexError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{name} is damaged, or no record of influence; {again}") from error


def _bits(archive: Mapping[str, np.ndarray], name: str, shape: tuple[int, ...]) -> np.ndarray:
    return np.unpackbits(archive[name], count=int(np.prod(shape))).reshape(shape).astype(bool)


def _record(known: dict[str, Any], archive: Mapping[str, np.ndarray]) -> tuple[Record, ImageGrid]:
    image, work, output = (tuple(known[name]) for name in ("image", "work", "output"))
    axes = tuple(archive[f"axis{number}"] for number in range(len(image)))
    grid = ImageGrid(_bits(archive, "evaluated", image), axes, work, tuple(known["spacing"]))
    sources = _boxes(archive, work) if "boxes" in archive else _parts(known, archive, work)
    targets = []
    for k, edges in enumerate(known["edges"]):
        target = TargetRecord(
            _bits(archive, f"prediction{k}", output),
            _bits(archive, f"reference{k}", output),
            tuple(edges),
            archive[f"probability{k}"],
            _packed(known, archive, f"own{k}"),
            _packed(known, archive, f"remote{k}"),
            _packed(known, archive, f"error{k}") if known["error"] else None,
            archive[f"sizes{k}"],
            archive[f"shared{k}"],
        )
        if len(target.cells) != len(target.probability) or len(target.own.scale) != len(sources):
            raise ValueError("cells or places that are not those of the record")
        targets.append(target)
    return Record(sources, tuple(targets), tuple(known["names"])), grid


def _boxes(archive: Mapping[str, np.ndarray], work: tuple[int, ...]) -> BoxSources:
    windows, boxes = archive["windows"], archive["boxes"]
    entries = (archive["weights"], archive["columns"], archive["rows"])
    combined = sparse.csr_matrix(entries, (len(windows), len(boxes)))
    combined.check_format()
    if len(windows) and not ((windows >= 0) & (windows <= np.array(work)[:, None])).all():
        raise ValueError("windows outside the image")
    return BoxSources(work, _bits(archive, "region", work), boxes, windows, combined)


def _parts(known: dict[str, Any], archive: Mapping[str, np.ndarray], work: tuple[int, ...]) -> PartSources:
    sources = PartSources(archive["parts"], int(known["count"]), tuple(known["parts"]))
    if sources.shape != work or not -1 <= sources.number.min() <= sources.number.max() < sources.count:
        raise ValueError("parts that are none")
    return sources


def _packed(known: dict[str, Any], archive: Mapping[str, np.ndarray], name: str) -> Packed:
    scale, groups, ends, data = (archive[f"{name}_{part}"] for part in ("scale", "groups", "ends", "data"))
    return Packed(scale, int(known[name]), groups, ends, data)
