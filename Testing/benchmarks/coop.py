"""What learned prompts bring on the bundled CLIP: ROI Dice before (words alone) and after, on slices not learned from.

Eight labelled slices (two of them watched) and four without the structure, for structures that the bundled CLIP was
never trained on (urinary bladder and spinal cord: their words were among those that mean nothing in its scans), or only
as part of a larger class (vena cava among the veins, colon among the bowel), or that its card calls not reliable
(pancreas, gallbladder). "spread": shots over the structure's whole length, figures of all other labelled slices.
Neighbours of a shot are nearly the shot itself, so "lower" and "upper" learn from one half of the structure's slices
(and the scan on that side) and measure on the other.

Both scans were in the image tower's training, with other words or none for some of these structures: the table shows
what the prompts add to the tower, not how the tower does on a new patient. One run per line; ``--seeds N`` gives more.
"""

from __future__ import annotations

import argparse
import time

import bench
import numpy as np

from XAICLIPLib.anatomy import describe
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.pipeline.learn_prompts import Settings, learn_prompts
from XAICLIPLib.roi.given import masks_of
from XAICLIPLib.volume import read_volume

CASES = {
    "ct_3mm.nii.gz": ("urinary bladder", "inferior vena cava", "gallbladder", "pancreas", "colon"),
    "ct_series": ("spinal cord", "inferior vena cava", "colon"),
}
WAYS = ("spread", "lower", "upper")


def slices_for(way: str, scan, labels: str, name: str) -> str | None:
    """The request's `slices`: everything, or all below or above the middle of the structure; None where too few."""
    mask = masks_of(None, labels, scan, [describe(name)], "CT")[0]
    there = np.flatnonzero(mask.any((1, 2)))
    if way == "spread":
        return "all"
    middle = int(np.median(there)) + 1
    low, high = (0, middle) if way == "lower" else (middle, len(mask))
    inside = ((there >= low) & (there < high)).sum()
    return f"{low}:{high}" if 2 <= inside < len(there) else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--adapters", action="store_true", help="with adapters on the tower's four pyramid levels")
    parser.add_argument("--only", action="append", metavar="STRUCTURE")
    options = parser.parse_args()
    models = Models()
    bench.Table("Learned prompts on the bundled CLIP: ROI Dice on slices that were not learned from")
    print(
        f"{'scan':<14} {'structure':<20} {'split':<7} {'shots':>11} {'measured':>9} {'before':>7} {'after':>7} {'s':>5}"
    )
    for name, structures in CASES.items():
        labels = str(bench.DATA / f"{name.removesuffix('.nii.gz')}_labels.nii.gz")
        scan = read_volume(bench.DATA / name)
        for structure in structures:
            if options.only and structure not in options.only:
                continue
            for way in WAYS:
                slices = slices_for(way, scan, labels, structure)
                if slices is None:
                    continue
                for seed in range(options.seeds):
                    start = time.perf_counter()
                    request = Request(str(bench.DATA / name), (structure,), reference=labels, slices=slices)
                    settings = Settings(seed=seed, adapters=options.adapters)
                    [row] = learn_prompts(request, settings, models=models).rows
                    shots = f"{row['shots']} + {row['without']}"
                    if row["after"] is None:
                        print(f"{name:<14} {structure:<20} {way:<7} {shots:>11}  nothing left to measure")
                        continue
                    better = "" if row["after"] > row["before"] else "  NOT BETTER"
                    print(
                        f"{name:<14} {structure:<20} {way:<7} {shots:>11} {row['measured']:>9} {row['before']:>7.3f} "
                        f"{row['after']:>7.3f} {time.perf_counter() - start:>5.0f}{better}",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
