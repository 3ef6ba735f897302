"""XAICLIP's TotalSegmentator against the package TotalSegmentator: the Dice coefficient of every label that is there.

Both get the same stand-in weights: data sets in their own folders, with the layout and labels of the published ones and
small random networks that decide by features of the image. A task that is cropped gets its organ from a label of the
coarse network that lies in a small part of the scan. The scans are those of the data folder.

    python Testing/benchmarks/totalsegmentator_agreement.py --data FOLDER [--only total_fast]

It needs TotalSegmentator (`pip install --no-deps TotalSegmentator dicom2nifti`).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import nibabel as nib
import numpy as np
import SimpleITK as sitk
import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))

from totalsegfolder import answer_of_totalsegmentator, dice, make_rare, write_task

import XAICLIPLib as xai
from XAICLIPLib.models.base import Context
from XAICLIPLib.models.totalsegmentator.segmenter import TotalSegmentator
from XAICLIPLib.models.totalsegmentator.tasks import find_task

# name: task, mode, scan, data sets that are made (None: all), structure asked for alone (roi_subset), coarse task
CASES = {
    "total_fast": ("total", "fast", "ct_3mm.nii.gz", None, "", None),
    "total_part": ("total", "", "ct_3mm.nii.gz", (291,), "liver", ("total", "fastest")),
    "total_mr": ("total_mr", "fast", "mr_3mm.nii.gz", None, "", None),
    "liver_segments": ("liver_segments", "", "ct_3mm.nii.gz", None, "", ("total", "fastest")),
}
PATCH = (64, 64, 64)


def compare(name: str, data: Path) -> dict[str, float]:
    """The Dice coefficients of a case, by structure."""
    task_name, mode, file, datasets, alone, coarse = CASES[name]
    task = find_task(task_name, mode)
    scan = nib.load(data / file)
    volume = xai.read_volume(str(data / file)).axial()
    context = Context(task.modality, volume.spacing[::-1])
    image = volume.voxels.astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        root = home / "nnunet" / "results"
        write_task(root, task, PATCH, compact={"liver": 10}, **({"datasets": datasets} if datasets else {}))
        if coarse:
            finder = find_task(*coarse)
            write_task(root, finder, PATCH, compact={"liver": 24})
            make_rare(root, finder, "liver", image, context)
        options = {"roi_subset": [alone]} if alone else {}
        start = time.perf_counter()
        theirs = answer_of_totalsegmentator(home, scan, task, datasets=datasets, **options)
        middle = time.perf_counter()
        model = TotalSegmentator(root, task, torch.device("cpu"))
        asked = (model.targets.index(alone),) if alone else None
        prepared = model.prepare(image, Context(task.modality, context.spacing, targets=asked))
        numbers = range(len(model.targets)) if asked is None else asked
        maps = prepared.predict(prepared.image[None], list(numbers))[0].numpy()
        ours = {model.targets[number]: prepared.masks(one) for number, one in zip(numbers, maps)}
        print(f"{name}: TotalSegmentator {middle - start:.0f} s, XAICLIP {time.perf_counter() - middle:.0f} s")
        print(f"  {prepared.notes[-1]}")
    return {
        structure: dice(mask, there)
        for structure, mask in ours.items()
        if (there := axial(theirs, data / file) == label_of(task, structure)).any() or mask.any()
    }


def label_of(task, structure: str) -> int:
    """Its number in the label map of TotalSegmentator."""
    from totalsegmentator.map_to_binary import class_map

    return next(number for number, name in class_map[task.name].items() if name == structure)


def axial(labels: np.ndarray, scan: Path) -> np.ndarray:
    """A label map (x, y, z) of a file, on axial axes (Z, Y, X)."""
    image = sitk.GetImageFromArray(labels.transpose(2, 1, 0))
    image.CopyInformation(sitk.ReadImage(str(scan)))
    return sitk.GetArrayFromImage(sitk.DICOMOrient(image, "LPS"))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", choices=CASES)
    arguments = parser.parse_args()
    for name in [arguments.only] if arguments.only else CASES:
        found = compare(name, arguments.data)
        for structure, value in sorted(found.items(), key=lambda pair: pair[1]):
            print(f"  {structure:<28}{value:.4f}")
        print(f"  {len(found)} structures: lowest {min(found.values()):.4f}, mean {np.mean([*found.values()]):.4f}")


if __name__ == "__main__":
    main()
