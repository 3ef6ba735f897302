"""Occlusion against Captum's: the same map, and how long each takes when the model costs next to nothing.

Both explain the same function (a score of the same model on the same image) with the same windows, 64/32, zero fill,
the whole image. The model hands back every eighth pixel of its input as a probability, so that nearly all time is the
framework's. Captum runs with 16 perturbations per evaluation, as fast as it gets; it slides a window over the three
channels at once and needs the score written as a function, which is done here in plain torch.

``--full-output`` returns a probability for every pixel instead: ours then has to score 961 masks of 1024 x 1024, which
is not the framework's but every segmentation's cost.

Captum takes about a minute at 1024 x 1024 on a quiet machine and is run once there; ``--quick`` stays at 256 and 512.
"""

from __future__ import annotations

import argparse
import time

import bench
import numpy as np
import torch
from torch import Tensor

import XAICLIPLib as xai

CHANNELS = 3
PATCH, STRIDE = 64, 32


def image_of(size: int) -> Tensor:
    """A smooth random image (3, size, size) in [0, 1]."""
    coarse = torch.rand(1, CHANNELS, size // 16, size // 16, generator=torch.Generator().manual_seed(size))
    return torch.nn.functional.interpolate(coarse, (size, size), mode="bilinear")[0]


def every_eighth_pixel(batch: Tensor) -> Tensor:
    """A model that costs nothing: (B, 3, H, W) -> (B, 1, H/8, W/8)."""
    return batch[:, :1, ::8, ::8]


def every_pixel(batch: Tensor) -> Tensor:
    """The same at full resolution, (B, 1, H, W)."""
    return batch[:, :1]


def plain_score(model, image: Tensor, name: str):
    """The score of `xai.attribute` written down once more: (B, 3, H, W) -> (B,)."""
    reference = model(image[None])[0, 0] > 0.5

    def score(batch: Tensor) -> Tensor:
        probability = model(batch)[:, 0]
        if name == "confidence":
            return probability[:, reference].mean(1)
        found = (probability > 0.5).float() if name == "dice" else probability
        return 2 * (found * reference).sum((1, 2)) / (found.sum((1, 2)) + reference.sum())

    return score


def captum_map(score, image: Tensor) -> np.ndarray:
    """Captum's attribution (H, W); its three channels are equal because its window covers all of them."""
    from captum.attr import Occlusion

    with torch.inference_mode():
        found = Occlusion(score).attribute(
            image[None],
            sliding_window_shapes=(CHANNELS, PATCH, PATCH),
            strides=(CHANNELS, STRIDE, STRIDE),
            baselines=0,
            perturbations_per_eval=16,
        )
    return found[0, 0].numpy()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="256 and 512 instead of 512 and 1024")
    parser.add_argument("--full-output", action="store_true", help="time Captum with a full-resolution output too")
    parser.add_argument("--repeats", type=int, default=9, help="runs of ours per figure (default %(default)s)")
    options = parser.parse_args()
    small, large = (256, 512) if options.quick else (512, 1024)
    table = bench.Table("Occlusion: xai.attribute against captum.attr.Occlusion, 64/32, zero fill, full region")

    for size, scores in ((small, ("dice", "soft_dice", "confidence")), (large, ("dice",))):
        image = image_of(size)
        for name in scores:
            score = plain_score(every_eighth_pixel, image, name)

            def ours(model=every_eighth_pixel, image=image, name=name):
                return xai.attribute(image, model, method=xai.Occlusion(PATCH, STRIDE), score=name)

            before = bench.seconds_in_turns({"ours": ours}, options.repeats)["ours"]
            start = time.perf_counter()
            theirs = captum_map(score, image)
            captum = time.perf_counter() - start
            after = bench.seconds_in_turns({"ours": ours}, options.repeats)["ours"]
            found = ours()
            difference = float(np.abs(found.drop[0] - theirs).max())
            what = f"{size} x {size}, {found.evaluations} windows, {name}"
            table.line(f"{what}: largest difference", f"{difference:.1e}", "<= 1e-5", difference <= 1e-5)
            seconds = (before + after) / 2
            is_bar = size == 1024
            table.line(f"{what}: ours", f"{seconds:.3f} s", "<= 0.5 s" * is_bar, seconds <= 0.5 if is_bar else None)
            table.line(f"{what}: Captum", f"{captum:.1f} s")
            ratio = captum / seconds
            reached = ratio >= 100 if is_bar else None
            table.line(f"{what}: Captum / ours", f"{ratio:.0f} x", ">= 100 x" * is_bar, reached)

    image = image_of(large)
    seconds = bench.seconds_in_turns({"ours": lambda: xai.attribute(image, every_pixel)}, options.repeats)["ours"]
    what = f"{large} x {large}, a probability for every pixel"
    table.line(f"{what}: ours", f"{seconds:.3f} s")
    if options.full_output:
        start = time.perf_counter()
        theirs = captum_map(plain_score(every_pixel, image, "dice"), image)
        captum = time.perf_counter() - start
        difference = float(np.abs(xai.attribute(image, every_pixel).drop[0] - theirs).max())
        table.line(f"{what}: largest difference", f"{difference:.1e}", "<= 1e-5", difference <= 1e-5)
        table.line(f"{what}: Captum / ours", f"{captum / seconds:.0f} x")


if __name__ == "__main__":
    main()
