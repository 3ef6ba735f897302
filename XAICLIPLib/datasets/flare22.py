"""FLARE22 (Ma et al., Lancet Digital Health 2024): abdominal CT in NIfTI files with labels of 13 organs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from XAICLIPLib.datasets.labelled import Labelled, LabelledCase, check_labels
from XAICLIPLib.volume import read_volume

TITLE = "FLARE22"
LAYOUT = "images/NAME_0000.nii.gz and labels/NAME.nii.gz"
NUMBERS = {
    "liver": 1,
    "kidney_right": 2,
    "spleen": 3,
    "pancreas": 4,
    "aorta": 5,
    "inferior_vena_cava": 6,
    "adrenal_gland_right": 7,
    "adrenal_gland_left": 8,
    "gallbladder": 9,
    "esophagus": 10,
    "stomach": 11,
    "duodenum": 12,
    "kidney_left": 13,
}
_CHANNEL, _LABEL = "_0000.nii.gz", ".nii.gz"


def cases(root: Path) -> list[LabelledCase]:
    """All cases below a folder: its own, or those of the folder that the archive unpacks to.

    Parameters
    ----------
    root : path
        The folder that the archive was unpacked to, or its parent.

    Returns
    -------
    list of LabelledCase
        In the order of their names; empty where there are none.
    """
    places = [root, *sorted(p for p in root.glob("*") if p.is_dir())]
    return [
        _case(image, place / "labels")
        for place in places
        for image in sorted((place / "images").glob(f"*{_CHANNEL}"))
    ]  # fmt: skip


def _case(image: Path, labels: Path) -> LabelledCase:
    name = image.name.removesuffix(_CHANNEL)
    truth = labels / f"{name}{_LABEL}"

    def read() -> Labelled:
        scan = replace(read_volume(image), modality="CT")
        given = read_volume(truth)
        check_labels(str(truth), np.unique(given.voxels).astype(int).tolist(), NUMBERS, TITLE)
        return Labelled(scan, given.labels_on(scan), NUMBERS)

    return LabelledCase(name, tuple(NUMBERS), read, "" if truth.is_file() else f"there is no labels/{truth.name}")
