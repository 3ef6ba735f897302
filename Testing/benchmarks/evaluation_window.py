"""What the evaluation window saves: the bundled U-Net's network on a slice of 512 x 512, occlusion 64/32 in the region.

At its own 160 x 160 the network sees the whole image from everywhere, so there is nothing to save; here it works as
any fully convolutional network on a full slice does. The same explanation is made with the window and without, in
turns.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import bench
import numpy as np
import torch

import XAICLIPLib as xai
from XAICLIPLib.preprocess import unit_window


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=bench.DATA, help="folder of the real scans (default %(default)s)")
    parser.add_argument("--repeats", type=int, default=3, help="timed turns (default %(default)s)")
    options = parser.parse_args()
    table = bench.Table("Evaluation window: bundled U-Net at 512 x 512, occlusion 64/32")
    scan = options.data / "ct_series"
    if not scan.exists():
        print(f"{scan} is not there: skipped")
        return
    models = None
    for structure in ("spleen", "liver"):
        case = bench.open_case(scan, [structure], options.data / "ct_series_labels.nii.gz", models)
        models = case._models
        network = case.segmenter._network
        channel = case.segmenter.targets.index(structure) + 1
        z = bench.largest_slices(case)[0]
        image = unit_window(case.image(z), *case.segmenter._window)[None]
        region = case.region(z).mask
        method = xai.Occlusion(64, 32)

        def predict(batch: torch.Tensor, network=network, channel: int = channel) -> torch.Tensor:
            return network(batch).softmax(1)[:, channel : channel + 1]

        def explain(window: bool, given=(image, region, method)) -> object:
            return xai.attribute(given[0], predict, given[1], given[2], "soft_dice", window=window)

        whole, part = explain(False), explain(True)
        share = part.details["window_share"]
        seconds = bench.seconds_in_turns(
            {"whole": lambda: explain(False), "part": lambda: explain(True)}, options.repeats
        )
        ratio, off = seconds["whole"] / seconds["part"], float(np.abs(whole.drop - part.drop).max())
        table.line(f"{structure}: window's share of the image, region's share", f"{share:.0%}, {region.mean():.0%}")
        table.line(
            f"{structure}: time without / with the window, {whole.evaluations} evaluations",
            f"{seconds['whole']:.1f} / {seconds['part']:.1f} s = {ratio:.1f}x",
            ">= 2 if <= 40 %",
            ratio >= 2 if share <= 0.4 else None,
        )
        table.line(f"{structure}: largest difference of the drop", f"{off:.1e}", "<= 1e-6", off <= 1e-6)


if __name__ == "__main__":
    main()
