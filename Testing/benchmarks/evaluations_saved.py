"""How many evaluations the CLIP ROI saves: 1 - rho for occlusion with the product's settings, slice by slice.

rho is the share of a full scan's windows that meet the region. Counted are the slices that ``--slices auto`` would
explain. A region that misses the organ would save everything, so the share of the model's prediction inside the region
is printed beside it. The scans of the data folder are skipped where it is missing; the phantom is always there.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import bench
import numpy as np

import XAICLIPLib as xai
from XAICLIPLib.roi.region import region_recall

SCANS = ("ct_series", "ct_3mm.nii.gz")


def saved(case, every: int) -> tuple[list[float], list[float], int]:
    """Per slice 1 - rho and the share of the prediction in the region; and how many slices fell back to a box."""
    shares, recalls, boxes = [], [], 0
    for z in case.slices[::every]:
        work = bench.open_slice(case, z)
        if work is None or not work.work_region.any():
            continue
        needed, whole = work.method.plan(work.work_region)
        shares.append(1 - needed / whole)
        recalls.append(region_recall(work.region.mask, next(iter(work.predictions.values()))))
        boxes += work.region.source != "clip"
    return shares, recalls, boxes


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=bench.DATA, help="folder of the real scans (default %(default)s)")
    parser.add_argument("--every", type=int, default=1, help="look at every n-th slice only (default %(default)s)")
    options = parser.parse_args()
    table = bench.Table("Evaluations that the CLIP ROI saves: 1 - rho per slice, occlusion 64/32 (of 512)")
    phantom, _ = xai.make_phantom()
    scans = {"phantom": phantom}
    for name in SCANS:
        path = options.data / name
        if path.exists():
            scans[name.removesuffix(".nii.gz")] = xai.read_volume(path)
        else:
            print(f"{path} is not there: skipped")
    models = None
    pooled: list[float] = []
    for name, scan in scans.items():
        for structure in bench.ORGANS:
            case = bench.open_case(scan, [structure], models=models)
            models = case.models
            shares, recalls, boxes = saved(case, options.every)
            if not shares:
                table.line(f"{name}, {structure}: no slice with it", "")
                continue
            pooled += shares if name != "phantom" else []
            low, first, median, third, high = np.percentile(shares, (0, 25, 50, 75, 100))
            what = f"{name}, {structure}, {len(shares)} slices{f' ({boxes} by box)' if boxes else ''}: median saved"
            table.line(what, f"{median:.1%}", ">= 60 %", median >= 0.6)
            inside, worst = np.nanmean(recalls), np.nanmin(recalls)
            print(f"    least {low:.0%}, quartiles {first:.0%} and {third:.0%}, most {high:.0%}")
            print(f"    {inside:.0%} of the prediction in the region, on the worst slice {worst:.0%}")
    if pooled:
        median = float(np.median(pooled))
        what = f"all {len(pooled)} slices of the real scans: median saved"
        table.line(what, f"{median:.1%}", ">= 60 %", median >= 0.6)


if __name__ == "__main__":
    main()
