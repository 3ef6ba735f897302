"""ROI-guided against brute-force occlusion with the bundled models: runtime saved, and how much better the
high-attribution region meets the organ.

The same comparison as `xaiclip benchmark`, on the phantom and the scans of the data folder: both arms in one process,
in turns, finding the region counted. The labels are the reference, of the score as of the IoU. The figures to quote are
medians over all slices of all organs; a line per scan and organ stands above them, with what the region alone would
reach. The bundled models learned from the two real scans: their times say nothing else for that, their maps may.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import bench

import XAICLIPLib as xai
from XAICLIPLib import anatomy
from XAICLIPLib.benchmark.run import Benchmark, run_benchmark
from XAICLIPLib.benchmark.statistics import (
    BRUTE,
    ROI,
    THRESHOLD,
    pairs,
    summary,
)
from XAICLIPLib.benchmark.tables import share
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request, make_method
from XAICLIPLib.datasets import USUAL, Labelled, LabelledCase, choose_cases
from XAICLIPLib.metrics.map_overlap import THRESHOLDS

SCANS = {"ct_series": ("ct_series", "ct_series_labels.nii.gz"), "ct_3mm": ("ct_3mm.nii.gz", "ct_3mm_labels.nii.gz")}
AT = f"{THRESHOLD:g}"
GAIN = f"iou_{AT}_gain_median"


def real_case(name: str, data: Path) -> LabelledCase | None:
    """A scan of the data folder with TotalSegmentator's numbers; None where it is not there."""
    scan_path, labels_path = (data / part for part in SCANS[name])
    if not (scan_path.exists() and labels_path.exists()):
        print(f"{scan_path} is not there: skipped")
        return None
    known = anatomy.total_segmentator_ids("CT")
    numbers = {organ: known[organ][0] for organ in USUAL}

    def read() -> Labelled:
        scan = replace(xai.read_volume(scan_path), modality="CT")
        return Labelled(scan, xai.read_volume(labels_path).labels_on(scan), numbers)

    return LabelledCase(name, USUAL, read)


def report(table: bench.Table, found: Benchmark) -> None:
    """A line per scan and organ, then the medians of all pairs."""
    for case in dict.fromkeys(row["case"] for row in found.rows):
        mine = [row for row in found.rows if row["case"] == case]
        lines = {(line["structure"], line["arm"]): line for line in summary(mine, pairs(mine))}
        for organ in dict.fromkeys(row["structure"] for row in mine):
            brute, roi = lines[organ, BRUTE], lines[organ, ROI]
            table.line(
                f"{case}, {organ}, {roi['n']} slices: runtime / evaluations saved",
                f"{share(roi['seconds_saved_median'])} / {share(roi['evaluations_saved_median'])}",
            )
            before, after = (line[f"iou_{AT}_mean"] for line in (brute, roi))
            table.line(
                "    IoU brute force -> ROI-guided (region alone); gain",
                f"{before:.2f} -> {after:.2f} ({roi['roi_iou_mean']:.2f}); {share(roi[GAIN], signed=True)}",
            )
    [total] = [line for line in found.summary if (line["structure"], line["arm"]) == ("all", ROI)]
    saved, gain = total["seconds_saved_median"], total[GAIN]
    table.line(f"all {total['n']} pairs: runtime saved at the median", f"{saved:.1%}", ">= 60 %", saved >= 0.6)
    table.line("    the target with an evaluation window", f"{saved:.1%}", ">= 85 %", saved >= 0.85)
    table.line("    evaluations saved at the median", f"{total['evaluations_saved_median']:.1%}")
    table.line(
        f"all {total['n']} pairs: IoU gained at the median, drop >= {AT}", f"{gain:+.1%}", ">= +96.7 %", gain >= 0.967
    )
    others = ", ".join(f"{share(total[f'iou_{t:g}_gain_median'], signed=True)} at {t:g}" for t in THRESHOLDS)
    print(f"    with the region drawn elsewhere: {others}")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=bench.DATA, help="folder of the real scans (default %(default)s)")
    parser.add_argument("--slices", type=int, default=3, help="of each organ in each scan (default %(default)s)")
    parser.add_argument("--method", default="occlusion", help="also rise, lime (default %(default)s)")
    parser.add_argument("--device", default="cpu", help="default %(default)s")
    options = parser.parse_args()
    table = bench.Table(f"ROI-guided against brute force: {options.method}, bundled models; medians")
    phantom, _ = choose_cases("phantom", count=1)
    cases = [*phantom, *filter(None, (real_case(name, options.data) for name in SCANS))]
    found = run_benchmark(
        cases,
        USUAL,
        [make_method(options.method)],
        Request("benchmark", USUAL, device=options.device),
        slices_per_case=options.slices,
        models=Models(),
    )
    for item in found.skipped:
        print(f"left out: {', '.join(str(value) for value in item.values())}")
    report(table, found)


if __name__ == "__main__":
    main()
