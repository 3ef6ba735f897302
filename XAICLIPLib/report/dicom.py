"""A run as DICOM: saliency as Parametric Maps, prediction and region as Segmentations, montages as Secondary Captures,
the numbers as a Structured Report, the report as an Encapsulated PDF.

All objects refer to the images of the scan's own series and lie in its study, in series of their own. Few viewers show
Parametric Maps; for those that show nothing else there are the montages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import cv2
import numpy as np

from XAICLIPLib.errors import InputError
from XAICLIPLib.report.dicom_objects import DerivedObjects
from XAICLIPLib.report.dicom_source import Source
from XAICLIPLib.report.owned import write_listing
from XAICLIPLib.report.paper import write_pdf
from XAICLIPLib.report.provenance import RESEARCH_USE_ONLY, plain
from XAICLIPLib.volume import Volume

if TYPE_CHECKING:
    from pydicom import Dataset

LISTING = "export.json"
KIND = "xaiclip dicom export"


class Result(Protocol):
    """What is exported: an `Explanation`."""

    @property
    def drops(self) -> dict[str, Volume]:
        """The signed drop of each structure."""
        ...

    @property
    def evaluated(self) -> Volume:
        """Where the maps say something."""
        ...

    @property
    def roi(self) -> Volume:
        """The region of interest."""
        ...

    @property
    def prediction(self) -> Volume:
        """The model's masks as labels."""
        ...

    @property
    def rows(self) -> Sequence[Mapping[str, Any]]:
        """The numbers per slice and structure."""
        ...

    @property
    def report(self) -> dict[str, Any]:
        """What `report.json` holds."""
        ...


@dataclass(frozen=True)
class Export:
    """What was written.

    Attributes
    ----------
    files : tuple of str
        Names in the folder, without the copied images.
    copied : int
        Images of a new study that were written to ``scan``.
    notes : tuple of str
        What a reader must know.
    """

    files: tuple[str, ...]
    copied: int
    notes: tuple[str, ...]


def write_dicom(place: Path, result: Result, source: Source, pictures: Path | None = None) -> Export:
    """Write a result's DICOM objects, and the images of a new study, to a folder.

    Parameters
    ----------
    place : path
        An existing folder.
    result : Explanation
    source : Source
        The scan's images, opened for this result's grid.
    pictures : path, optional
        Folder with the run's ``montage….png``.

    Returns
    -------
    Export

    Raises
    ------
    InputError
        If nothing was explained, an explained plane has no image in the series, or an image lacks what is needed.
    """
    images, chosen = _explained(result, source)
    derived = DerivedObjects(images, source.planes.spacing, plain(result.report))
    try:
        objects, missing = _objects(derived, result, source, chosen, pictures)
    except InputError:
        raise
    except (AttributeError, ValueError) as error:  # highdicom's, about the images: of the result all is known
        raise InputError(f"the images of the series can't be referred to ({error})") from error
    notes = (*source.notes, *missing)
    first = images[0]
    for name, dataset in objects.items():
        dataset.save_as(place / f"{name}.dcm", enforce_file_format=True)
    if source.new:
        (place / "scan").mkdir()
        for number, image in enumerate(source.images):
            image.save_as(place / "scan" / f"image_{number:04d}.dcm", enforce_file_format=True)
    export = Export(tuple(f"{name}.dcm" for name in objects), len(source.images) if source.new else 0, notes)
    listed = {
        "kind": KIND,
        "version": 1,
        "notice": RESEARCH_USE_ONLY,
        "study": str(first.StudyInstanceUID),
        "study_is_new": source.new,
        "series": str(first.SeriesInstanceUID),
        "frame_of_reference": str(first.FrameOfReferenceUID),
        "objects": {f"{name}.dcm": str(dataset.SOPInstanceUID) for name, dataset in objects.items()},
        "planes": len(images),
        "notes": notes,
    }
    write_listing(place, LISTING, listed)
    return export


def _explained(result: Result, source: Source) -> tuple[list[Dataset], np.ndarray]:
    """The images that something is to be said about, and the numbers of their planes.

    Planes between them that were left out are among them, where the series has them: readers stack the frames of a map
    without a look at gaps.
    """
    evaluated, *others = (source.planes.turn(v.voxels) > 0 for v in (result.evaluated, result.roi, result.prediction))
    if not evaluated.any():
        raise InputError("nothing was explained in this run, so that there is nothing to export")
    said = np.flatnonzero(np.logical_or.reduce([evaluated, *others]).any((1, 2)))
    between = [p for p in range(said[0], said[-1] + 1) if p in source.planes.images]
    chosen = np.union1d(said, between)
    return source.planes.of(int(p) for p in chosen), chosen


def _objects(
    derived: DerivedObjects, result: Result, source: Source, chosen: np.ndarray, pictures: Path | None
) -> tuple[dict[str, Dataset], list[str]]:
    """The objects by file name, and what could not be made."""

    def cut(volume: Volume) -> np.ndarray:
        return source.planes.turn(volume.voxels)[chosen]

    entries = result.report["structures"]
    alone = len(entries) == 1
    objects: dict[str, Dataset] = {}
    notes = []
    for entry in entries:
        name = "saliency" if alone else f"saliency-{entry['name']}"
        objects[name] = derived.parametric_map(entry, cut(result.drops[entry["name"]]))
    labels = cut(result.prediction)
    predicted = []
    segmentation = None
    for label, entry in enumerate(entries, start=1):
        if (labels == label).any():
            predicted.append((entry, labels == label))
        else:
            notes.append(f"{entry['label']} was predicted in no plane and is not in the segmentation")
    if predicted:
        masks = np.stack([mask for _, mask in predicted], -1)
        segmentation = derived.prediction([entry for entry, _ in predicted], masks)
        objects["segmentation-prediction"] = segmentation
    region = cut(result.roi) > 0
    if region.any():
        objects["segmentation-region"] = derived.region(entries, region)
    for entry in entries:
        name = "montage" if alone else f"montage-{entry['name']}"
        file = None if pictures is None else pictures / f"{name}.png"
        pixels = None
        if file is not None and file.exists():
            pixels = cv2.imdecode(np.frombuffer(file.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
        if pixels is not None:
            objects[name] = derived.capture(entry, pixels)
        else:
            notes.append(f"the run has no {name}.png, so that there is no Secondary Capture of {entry['label']}")
    objects["numbers"] = derived.numbers(segmentation)
    pdf = write_pdf(plain(result.report), [plain(row) for row in result.rows], pictures)
    objects["report"] = derived.document(pdf, list(objects.values()))
    return objects, notes
