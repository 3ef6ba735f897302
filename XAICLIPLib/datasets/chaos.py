"""CHAOS (Kavur et al., Medical Image Analysis 69, 2021): CT and MR of the abdomen as DICOM, labels as PNG files.

The k-th PNG of `Ground` belongs to the k-th file of `DICOM_anon` by name, and names may run from the feet to the head
or from the head to the feet. So each PNG is bound to its DICOM file first, and both go where that file lies in space;
a stack of the PNGs beside the volume that a DICOM reader makes is upside down in about half of the cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from XAICLIPLib.datasets.labelled import Labelled, LabelledCase, check_labels
from XAICLIPLib.errors import InputError
from XAICLIPLib.volume import read_slices

TITLE = "CHAOS"
LAYOUT = "CT/ID/DICOM_anon and Ground, or MR/ID/T1DUAL and T2SPIR with the same inside, also below Train_Sets"
CT_NUMBERS = {"liver": 1}
MR_NUMBERS = {"liver": 1, "kidney_right": 2, "kidney_left": 3, "spleen": 4}
# The grey values of the MR labels, and the ranges that the organisers give for them.
PUBLISHED = {"liver": 63, "kidney_right": 126, "kidney_left": 189, "spleen": 252}
RANGES = {"liver": (55, 70), "kidney_right": (110, 135), "kidney_left": (175, 200), "spleen": (240, 255)}


def cases(root: Path) -> list[LabelledCase]:
    """All cases of the training sets below a folder, CT first; test sets have no labels.

    Parameters
    ----------
    root : path
        The folder that the archive was unpacked to, or its parent.

    Returns
    -------
    list of LabelledCase
        In the order of their names; empty where there are none.
    """
    return [case for room in _rooms(root) for folder in _numbered(room) for case in _of_patient(room.name, folder)]


def _rooms(root: Path) -> list[Path]:
    """The folders CT and MR: at the root, or where the published archive puts them."""
    if root.name in ("CT", "MR"):
        return [root]
    places = (root, root / "Train_Sets", *sorted(root.glob("*/Train_Sets")))
    return [place / name for name in ("CT", "MR") for place in places if (place / name).is_dir()]


def _numbered(room: Path) -> list[Path]:
    return sorted((p for p in room.iterdir() if p.is_dir() and not p.name.startswith(".")), key=_by_name)


def _by_name(path: Path) -> list[tuple[int, str]]:
    """A key by which files come in the order of their names, and numbers in them by size: 2 before 10."""
    parts = re.findall(r"\d+|\D+", path.name)
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def _of_patient(modality: str, folder: Path) -> Iterator[LabelledCase]:
    if modality == "CT":
        yield _case(f"CT-{folder.name}", folder / "DICOM_anon", folder / "Ground", "CT")
        return
    for sequence in ("T1DUAL", "T2SPIR"):
        images, ground = folder / sequence / "DICOM_anon", folder / sequence / "Ground"
        # as published; in the first release the files of both phases lay side by side, which is said as a wrong count
        phases = ("InPhase", "OutPhase") if sequence == "T1DUAL" and not _files(images, ".dcm") else ("",)
        for phase in phases:
            yield _case("-".join(filter(None, ("MR", folder.name, sequence, phase))), images / phase, ground, "MR")


def _case(name: str, images: Path, ground: Path, modality: str) -> LabelledCase:
    numbers = CT_NUMBERS if modality == "CT" else MR_NUMBERS
    files, truths = _files(images, ".dcm"), _files(ground, ".png")
    missing = ""
    for folder, found, ending in ((images, files, "DICOM"), (ground, truths, "PNG")):
        if not found:
            missing = f"{folder} {'holds no ' + ending + ' file' if folder.is_dir() else 'is not there'}"
    if not missing and len(files) != len(truths):
        missing = f"{len(files)} DICOM files in {images}, but {len(truths)} PNG files in {ground}"

    def read() -> Labelled:
        scan, order = read_slices(files, name)
        voxels = np.zeros(scan.shape, np.uint8)
        for z, k in enumerate(order):
            found = _numbers_in(truths[k], modality)
            if found.shape != scan.shape[1:]:
                raise InputError(
                    f"{truths[k]} has {found.shape[0]} x {found.shape[1]} pixels, and the DICOM files of {name} have "
                    f"{scan.shape[1]} x {scan.shape[2]}: these labels are another scan's"
                )
            voxels[z] = found
        scan = replace(scan, modality=modality)
        return Labelled(scan, scan.like(voxels, f"{name} Ground"), numbers)

    return LabelledCase(name, tuple(numbers), read, missing)


def _files(folder: Path, ending: str) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted((p for p in folder.iterdir() if p.suffix.lower() == ending), key=_by_name)


def _numbers_in(path: Path, modality: str) -> np.ndarray:
    """The label numbers (H, W) of one PNG."""
    data = np.fromfile(path, np.uint8)  # imread can't take every path
    grey = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE) if data.size else None
    if grey is None:
        raise InputError(f"{path} can't be read as an image; download it again")
    present = np.unique(grey[grey > 0])
    if modality == "CT":
        if len(present) > 1:
            raise InputError(
                f"{path} has the grey values {', '.join(map(str, present[:8]))}; the labels of CHAOS CT have one, for "
                "the liver: it is the ground truth of another data set, or of CHAOS MR"
            )
        return (grey > 0).astype(np.uint8)
    numbers = np.zeros(256, np.uint8)
    for name, (low, high) in RANGES.items():
        numbers[low : high + 1] = MR_NUMBERS[name]
    check_labels(str(path), present[numbers[present] == 0].tolist(), PUBLISHED, "CHAOS MR")
    return numbers[grey]
