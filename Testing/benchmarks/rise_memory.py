"""Peak memory of RISE at 1024 x 1024 with 2,000 masks, above what the model needs by itself.

Each case is a process of its own that reports the most memory it ever held. The baseline imports the same, makes the
same image and runs the same near-free model once on one batch of the size that RISE uses. 2,000 masks of this size
would be 8 GB; RISE makes a few at a time.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys

import bench

ESTIMATORS = ("centred", "raw", "ridge")


def peak_mb() -> float:
    """The most memory this process has held, MB (Linux counts the program that started it into ru_maxrss: not here)."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except OSError:
        unit = 2**20 if sys.platform == "darwin" else 2**10
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def work(what: str, channels: int, size: int, masks: int) -> None:
    """One case; prints its peak."""
    import torch

    import XAICLIPLib as xai
    from XAICLIPLib.attribution import rise  # noqa: F401  the baseline has imported as much
    from XAICLIPLib.attribution.scorer import Scorer

    coarse = torch.rand(1, channels, size // 16, size // 16)
    image = torch.nn.functional.interpolate(coarse, (size, size), mode="bilinear")[0]

    def predict(batch):
        return batch[:, :1, ::8, ::8]

    if what == "model":
        batch = image[None].repeat(Scorer(predict, image)._batch_size, 1, 1, 1)
        predict(batch)
    else:
        xai.attribute(image, predict, method=xai.Rise(masks=masks, estimator=what))
    print(peak_mb())


def peak_of(what: str, channels: int, size: int, masks: int) -> float:
    """Peak MB of one case in a process of its own."""
    command = [sys.executable, __file__, "--work", what, str(channels), "--size", str(size), "--masks", str(masks)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=1024, help="edge of the image (default %(default)s)")
    parser.add_argument("--masks", type=int, default=2000, help="default %(default)s")
    parser.add_argument("--work", nargs=2, metavar=("WHAT", "CHANNELS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        return work(options.work[0], int(options.work[1]), options.size, options.masks)
    size = f"{options.size} x {options.size}"
    table = bench.Table(f"RISE at {size}, {options.masks} masks: peak memory above the model's own")
    for channels in (1, 3):
        model = peak_of("model", channels, options.size, options.masks)
        table.line(f"{channels} channel(s): the model by itself, one batch", f"{model:.0f} MB")
        for estimator in ESTIMATORS:
            above = peak_of(estimator, channels, options.size, options.masks) - model
            what = f"{channels} channel(s): RISE {estimator}, above that"
            table.line(what, f"{above:.0f} MB", "<= 300 MB", above <= 300)


if __name__ == "__main__":
    main()
