"""Hierarchical occlusion against a full scan with the same patch and a step of 8 in the region: rank correlation of
the maps inside the region, and the share of the evaluations.

The largest slice of each organ in the scans of the data folder; patch 64 of a slice 512 wide, and, harder, patch 32,
where the coarse lattice is a quarter of all places instead of a sixteenth.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import bench
import torch
from scipy.stats import spearmanr

import XAICLIPLib as xai
from XAICLIPLib.attribution.methods import Hierarchical, Occlusion
from XAICLIPLib.pipeline.opened import work_grid


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=bench.DATA, help="folder of the real scans (default %(default)s)")
    options = parser.parse_args()
    table = bench.Table("Hierarchical occlusion against occlusion with a step of 8 (of 512)")
    for name, organ, case, found in bench.real_slices(options.data):
        grid = work_grid(case, found.prepared)
        predict, region = case.predictor(found.prepared), torch.as_tensor(found.work_region)
        for patch in (64, 32):
            full, fast = (
                xai.attribute(found.prepared.image, predict, region, method(patch, 8, unit="px512").on_grid(grid))
                for method in (Occlusion, Hierarchical)
            )
            rank = spearmanr(full.drop[0][found.work_region], fast.drop[0][found.work_region]).statistic
            share = fast.evaluations / full.evaluations
            bars = (">= 0.9 at <= 15 %", rank >= 0.9 and share <= 0.15) if patch == 64 else ("", None)
            table.line(
                f"{name}, {organ}, patch {patch}: rank correlation at share", f"{rank:.3f} at {share:.1%}", *bars
            )


if __name__ == "__main__":
    main()
