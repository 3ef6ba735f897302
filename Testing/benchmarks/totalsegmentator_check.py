"""`models check` of TotalSegmentator on a scan of 0.7 mm: the program's own time, and what real networks would take.

The scan is a labelled one of the data folder, resampled; the data sets are stand-ins with small random networks in the
layout, tiles and labels of the published ones. What the program spends outside the networks is the same as with the
published weights. How long those take is estimated: one tile of a network of their size (31 million weights, as many
heads), random, timed here on one thread, times the number of tiles that the check has run. CPU seconds, so that other
programs do not count.

    python Testing/benchmarks/totalsegmentator_check.py --data FOLDER
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import bench
import numpy as np
import SimpleITK as sitk
import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))

from nnunetfolder import build_network, make_dataset, make_plans
from totalsegfolder import make_rare, write_task

import XAICLIPLib as xai
from XAICLIPLib.models.base import Context
from XAICLIPLib.models.nnunet.segmenter import NnunetSegmenter
from XAICLIPLib.models.totalsegmentator.tasks import find_task
from XAICLIPLib.pipeline.check_model import check_model

SPACING, BAR = 0.7, 60.0
TILE, COARSE = (128, 128, 128), (64, 64, 64)
FEATURES = (32, 64, 128, 256, 320, 320)
CASES = {"total": ("liver", (291,)), "liver_segments": ("liver_segment_4", None)}


def resampled(scan: Path, out: Path) -> Path:
    """A scan on cubes of 0.7 mm."""
    image = sitk.ReadImage(str(scan))
    size = [round(n * edge / SPACING) for n, edge in zip(image.GetSize(), image.GetSpacing())]
    image = sitk.Resample(
        image, size, sitk.Transform(), sitk.sitkLinear, image.GetOrigin(), (SPACING,) * 3, image.GetDirection(), -1024,
        sitk.sitkInt16,
    )  # fmt: skip
    sitk.WriteImage(image, str(out))
    return out


def write_stand_ins(root: Path, scan: Path) -> None:
    """The data sets of both tasks, and of the coarse one that finds the liver."""
    volume = xai.read_volume(str(scan)).axial()
    finder = find_task("total", "fastest")
    write_task(root, finder, COARSE, compact={"liver": 24})
    make_rare(root, finder, "liver", volume.voxels.astype(np.float32), Context("CT", volume.spacing[::-1]))
    for name, (_, datasets) in CASES.items():
        write_task(root, find_task(name), TILE, compact={"liver": 10}, **({"datasets": datasets} if datasets else {}))


class Counted:
    """What the networks do: runs of tiles, and CPU seconds inside them."""

    def __init__(self) -> None:
        self.tiles, self.seconds, self._run = 0, 0.0, NnunetSegmenter._run

    def __enter__(self) -> Counted:
        def run(segmenter, network, tiles):
            start = time.process_time()
            found = self._run(segmenter, network, tiles)
            self.seconds += time.process_time() - start
            self.tiles += len(tiles) if tuple(tiles.shape[2:]) == TILE else 0
            return found

        NnunetSegmenter._run = run
        return self

    def __exit__(self, *_) -> None:
        NnunetSegmenter._run = self._run


def real_tile(heads: int) -> float:
    """CPU seconds of one tile of a network of the published size."""
    names = {"background": 0, **{f"part {n}": n for n in range(1, heads)}}
    plans = make_plans(TILE, (1.5,) * 3, configuration="3d_fullres", features=FEATURES)
    network = build_network(plans, make_dataset(names)).eval()
    with torch.inference_mode():
        start = time.process_time()
        network(torch.zeros(1, 1, *TILE))
        return time.process_time() - start


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=bench.DATA)
    folder = parser.parse_args().data
    torch.set_num_threads(1)
    table = bench.Table(f"models check of TotalSegmentator, {SPACING} mm")
    with tempfile.TemporaryDirectory() as place:
        home, scan = Path(place), folder / "ct_3mm.nii.gz"
        write_stand_ins(home / "nnunet" / "results", scan)
        fine = str(resampled(scan, home / "fine.nii.gz"))
        for name, (structure, _) in CASES.items():
            with Counted() as counted:
                start = time.process_time()
                check = check_model(f"totalsegmentator:{home}:{name}", scan=fine, structures=(structure,), device="cpu")
                own = time.process_time() - start - counted.seconds
            shape = " x ".join(map(str, check.case.scan.axial.voxels.shape))
            table.line(f"{name}, {structure}: voxels of the scan", shape)
            table.line("  CPU s outside the networks", f"{own:.0f}", f"<= {BAR:.0f}", own <= BAR)
            each = real_tile(len(find_task(name).structures) // len(find_task(name).datasets) + 1)
            table.line("  tiles that the check has run (an evaluation has at most)",
                       f"{counted.tiles} ({check.prepared.tiling.count if check.prepared.tiling else 1})")  # fmt: skip
            table.line("  a tile of a network of the published size, CPU s", f"{each:.1f}")
            table.line("  estimate of the networks' time in a real check, CPU s", f"{each * counted.tiles:.0f}")


if __name__ == "__main__":
    main()
