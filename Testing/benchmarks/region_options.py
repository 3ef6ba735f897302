"""What the clean-up of a region is worth: the bundled CLIP's regions of labelled scans under every option.

For each structure the regions of all slices are one mask, and so is the reference: recall, IoU and the share of the
body that would be perturbed, in the mean over scans and structures. The similarities are those of ``xaiclip locate``;
only what is cut from them differs. The bundled CLIP saw most of these scans in training, so the figures compare the
options and do not say how good it is (see ``bundled_pair.py``).
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import bench
import numpy as np

from XAICLIPLib import Request
from XAICLIPLib.case.cache import Cache
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.regions import BATCH
from XAICLIPLib.errors import InputError
from XAICLIPLib.metrics import iou
from XAICLIPLib.roi.region import region_recall

CACHE_BYTES = 2**30  # all slices of a scan: its options ask no model again
SCANS = (
    ("ct_3mm.nii.gz", "ct_3mm_labels.nii.gz"),
    ("ct_series", "ct_series_labels.nii.gz"),
    ("mr_3mm.nii.gz", "mr_3mm_labels.nii.gz"),
)
STRUCTURES = (
    "liver", "spleen", "kidneys", "kidney_right", "kidney_left", "stomach", "gallbladder", "pancreas", "aorta", "colon",
    "lung",
)  # fmt: skip
OPTIONS = {
    "as it is cut at 0.5": {},
    "components auto": {"components": "auto"},
    "components 1": {"components": "1"},
    "holes filled": {"fill_holes": True},
    "components auto, holes filled": {"components": "auto", "fill_holes": True},
    "Otsu": {"cut": "otsu"},
    "Otsu, components auto, holes filled": {"cut": "otsu", "components": "auto", "fill_holes": True},
    "threshold 0.4": {"threshold": 0.4},
    "threshold 0.3": {"threshold": 0.3},
    "threshold 0.3, components auto": {"threshold": 0.3, "components": "auto"},
}


def scored(case: Case, inside: np.ndarray) -> dict[str, tuple[float, float, float]]:
    """Recall, IoU and share of the body of each structure that the reference holds."""
    regions = [
        region
        for start in range(0, len(case.slices), BATCH)
        for region in case.regions.of(case.slices[start : start + BATCH])
    ]
    found = {}
    for structure, truth in zip(case.structures, case.references):
        mask = np.stack([region.masks[structure.name] for region in regions])
        found[structure.name] = region_recall(mask, truth), iou(mask, truth), (mask & inside).sum() / inside.sum()
    return found


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=bench.DATA, help="labelled scans (default %(default)s)")
    parser.add_argument("--vlm", default="bundled")
    parser.add_argument("--each", action="store_true", help="a line per structure and scan as well")
    options = parser.parse_args()
    models, every = Models(), defaultdict(list)
    for scan, labels in SCANS:
        names = [n for n in STRUCTURES if held(options.data / scan, options.data / labels, n)]
        request = Request(
            str(options.data / scan), tuple(names), vlm=options.vlm, reference=str(options.data / labels), device="cpu"
        )
        case = Case(request, models, cache=Cache(CACHE_BYTES))
        inside = np.stack([case.scan.body(z) for z in case.slices])
        for option, changed in OPTIONS.items():
            for name, figures in scored(case.under(request.changed(**changed)), inside).items():
                every[option].append(figures)
                if options.each:
                    print(f"{scan:<14} {name:<14} {option:<36} {line(figures)}")
    print(f"{'':<36} recall   IoU   share of the body   ({len(every[option])} structures)")
    for option, figures in every.items():
        print(f"{option:<36} {line(np.mean(figures, 0))}")


def held(scan: Path, labels: Path, structure: str) -> bool:
    """Whether a label map holds a structure."""
    try:
        return bench.open_case(scan, [structure], labels).references.any()
    except InputError:
        return False


def line(figures) -> str:
    """The figures of one option."""
    recall, overlap, share = figures
    return f"{recall:6.3f} {overlap:6.3f} {share:8.4f}"


if __name__ == "__main__":
    main()
