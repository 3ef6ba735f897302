"""What the evaluation window saves: the bundled U-Net's network on full slices, occlusion 64/32 in the region.

At its own 160 x 160 the network sees the whole image from everywhere, so there is nothing to save; here it works as
any fully convolutional network on a full slice does. It looks 94 pixels far, so a region of w pixels needs a crop of
w + 376: on 512 x 512 that is nearly everything and the window stays off, on 1024 x 1024 (the same slice enlarged, as
MedSAM gets it) it is not. The same explanation is made with the window and without, in turns.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import bench
import cv2
import numpy as np
import torch

import XAICLIPLib as xai
from XAICLIPLib.preprocess import unit_window


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=bench.DATA, help="folder of the real scans (default %(default)s)")
    parser.add_argument("--repeats", type=int, default=1, help="timed turns (default %(default)s)")
    options = parser.parse_args()
    table = bench.Table("Evaluation window: bundled U-Net on full slices, occlusion 64/32 (of 512)")
    scan = options.data / "ct_series"
    if not scan.exists():
        print(f"{scan} is not there: skipped")
        return
    models = None
    for structure, edge in (("spleen", 512), ("liver", 512), ("spleen", 1024), ("liver", 1024)):
        case = bench.open_case(scan, [structure], options.data / "ct_series_labels.nii.gz", models)
        models = case.models
        network = case.segmenter._network
        channel = case.segmenter.targets.index(structure) + 1
        z = bench.largest_slices(case)[0]
        image = cv2.resize(unit_window(case.scan.image(z), *case.segmenter._window), (edge, edge))[None]
        region = cv2.resize(case.region(z).mask.astype(np.uint8), (edge, edge), interpolation=cv2.INTER_NEAREST) > 0
        method = xai.Occlusion(64, 32, unit="px512")

        def predict(batch: torch.Tensor, network=network, channel: int = channel) -> torch.Tensor:
            return network(batch).softmax(1)[:, channel : channel + 1]

        def explain(window: bool, given=(image, region, method)) -> object:
            return xai.attribute(given[0], predict, given[1], given[2], "soft_dice", window=window)

        what = f"{structure}, {edge} x {edge}"
        whole, part = explain(False), explain(True)
        share = part.details["window_share"]
        table.line(f"{what}: window's share of the image, region's share", f"{share:.0%}, {region.mean():.0%}")
        off = float(np.abs(whole.drop - part.drop).max())
        table.line(f"{what}: largest difference of the drop", f"{off:.1e}", "<= 1e-6", off <= 1e-6)
        if share == 1:
            continue
        seconds = bench.seconds_in_turns(
            {"whole": lambda: explain(False), "part": lambda: explain(True)}, options.repeats, warm_up=0
        )
        ratio = seconds["whole"] / seconds["part"]
        table.line(
            f"{what}: time without / with the window, {whole.evaluations} evaluations",
            f"{seconds['whole']:.1f} / {seconds['part']:.1f} s = {ratio:.1f}x",
            ">= 2 if <= 40 %",
            ratio >= 2 if share <= 0.4 else None,
        )


if __name__ == "__main__":
    main()
