"""SAM's image encoder: images per second with fused attention against `segment_anything`'s own code, in one process.

Both run the same weights (random: the time does not depend on them) on the same images at 1024 pixels and take turns.
On a CPU in fp32, and in bf16 as the product may choose to; with ``--device cuda`` in bf16 too, in batches of 8, where
70 images/s are the bar for a GPU of the H100's class. Beside the times: the largest difference of the embeddings, whose
standard deviation is 1, and how much of what the processor reaches in large matrix products the operations of the
network amount to: at 100 % only fewer operations could make it faster.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import bench
import torch
from torch import Tensor, nn

from XAICLIPLib.models.sam.attention import encode

BARS = {"cpu": 1.5, "cuda": 70.0}


def operations(encoder: nn.Module) -> float:
    """Floating-point operations of one image in layers and attention, without the padding of windows."""
    grid = encoder.pos_embed.shape[1]
    tokens = grid * grid
    weights = sum(m.weight.numel() for m in encoder.modules() if isinstance(m, (nn.Linear, nn.Conv2d)))
    width = encoder.pos_embed.shape[-1]
    pairs = sum(tokens * (b.window_size**2 or tokens) for b in encoder.blocks)
    return 2.0 * tokens * weights + 4.0 * pairs * width


def peak(device: torch.device, dtype: torch.dtype) -> float:
    """Operations per second of a large matrix product, as of a perceptron's layer."""
    a = torch.randn(4096, 768, device=device).to(dtype)
    b = torch.randn(768, 3072, device=device).to(dtype)

    def product() -> None:
        for _ in range(4):
            a @ b
        _wait(device)

    seconds = bench.seconds_in_turns({"product": product}, repeats=5, warm_up=2)["product"]
    return 4 * 2.0 * 4096 * 768 * 3072 / seconds


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


@contextmanager
def precision(device: torch.device, dtype: torch.dtype) -> Iterator[None]:
    """Inference in that precision."""
    with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=dtype == torch.bfloat16):
        yield


def measured(
    jobs: dict[str, Callable[[], Tensor]], repeats: int, warm_up: int
) -> tuple[dict[str, float], dict[str, float]]:
    """Median wall seconds of each job, and its least processor seconds.

    On one thread other programs hardly disturb the second; several threads that wait for each other spend it waiting.
    """
    processor: dict[str, list[float]] = defaultdict(list)

    def counted(name: str, job: Callable[[], Tensor]) -> Callable[[], None]:
        def run() -> None:
            start = time.process_time()
            job()
            processor[name].append(time.process_time() - start)

        return run

    wall = bench.seconds_in_turns({name: counted(name, job) for name, job in jobs.items()}, repeats, warm_up)
    return wall, {name: min(times[warm_up:]) for name, times in processor.items()}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--variant", default="vit_b", choices=("vit_b", "vit_l", "vit_h"), help="default: vit_b")
    parser.add_argument(
        "--device", default="cuda" if torch.cuda.is_available() else "cpu", help="default: the best here"
    )
    parser.add_argument("--batch", type=int, help="images at a time (default 1 on a CPU, 8 on a GPU)")
    parser.add_argument("--repeats", type=int, default=2, help="runs per figure (default %(default)s)")
    options = parser.parse_args()
    from segment_anything import sam_model_registry

    device = torch.device(options.device)
    table = bench.Table(f"SAM {options.variant}: the image encoder at 1024 pixels on {device}")
    torch.manual_seed(0)
    encoder = sam_model_registry[options.variant]().image_encoder.eval().requires_grad_(False)
    for name, parameter in encoder.named_parameters():
        if "rel_pos" in name or "pos_embed" in name:  # zeros in a new network, and then hidden mistakes
            nn.init.normal_(parameter, std=0.3)
    encoder.to(device)
    count = options.batch or (1 if device.type == "cpu" else 8)
    images = torch.randn(count, 3, 1024, 1024, device=device)

    found: dict[str, Tensor] = {}

    def job(name: str, network: Callable[[Tensor], Tensor], dtype: torch.dtype) -> Callable[[], Tensor]:
        def run() -> Tensor:
            with precision(device, dtype):
                found[name] = network(images).float()
            _wait(device)
            return found[name]

        return run

    fused = lambda x: encode(encoder, x)  # noqa: E731
    jobs = {
        "segment_anything fp32": job("segment_anything fp32", encoder, torch.float32),
        "fused fp32": job("fused fp32", fused, torch.float32),
        "fused bf16": job("fused bf16", fused, torch.bfloat16),
    }
    if device.type == "cuda":
        jobs["segment_anything bf16"] = job("segment_anything bf16", encoder, torch.bfloat16)
    wall, processor = measured(jobs, options.repeats, warm_up=int(device.type == "cuda"))

    work = operations(encoder) * count
    speeds = {dtype: peak(device, dtype) for dtype in (torch.float32, torch.bfloat16)}
    for name, seconds in wall.items():
        share = work / seconds / speeds[torch.bfloat16 if "bf16" in name else torch.float32]
        table.line(f"{name}, batch {count}", f"{count / seconds:.3f} images/s")
        speed = f"{work / seconds / 1e9:.0f} GFLOP/s"
        table.line("  of what large matrix products reach here", f"{speed}, {100 * share:.0f} %")
    ratio = wall["segment_anything fp32"] / wall["fused fp32"]
    if device.type == "cpu":
        table.line("fp32: fused / segment_anything, wall time", f"{ratio:.2f} x", ">= 1.5 x", ratio >= BARS["cpu"])
        spent = processor["segment_anything fp32"] / processor["fused fp32"]
        if torch.get_num_threads() == 1:
            table.line("  the same in processor time", f"{spent:.2f} x", ">= 1.5 x", spent >= BARS["cpu"])
    else:
        table.line("fp32: fused / segment_anything", f"{ratio:.2f} x")
        reached = count / wall["fused bf16"]
        table.line("bf16, fused", f"{reached:.1f} images/s", ">= 70 (H100)", reached >= BARS["cuda"])
        table.line("  over segment_anything in bf16", f"{wall['segment_anything bf16'] / wall['fused bf16']:.2f} x")
    expected = found["segment_anything fp32"]
    for name, bar in (("fused fp32", 1e-4), ("fused bf16", None)):
        difference = float((found[name] - expected).abs().max())
        line = (f"<= {bar:g}", difference <= bar) if bar else ()
        table.line(f"{name}: largest difference to segment_anything fp32", f"{difference:.2e}", *line)


if __name__ == "__main__":
    main()
