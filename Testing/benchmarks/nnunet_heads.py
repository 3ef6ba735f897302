"""A large 3D nnU-Net with many heads: the framework's time and memory for one structure, against the bare network's.

The network is that of TotalSegmentator's size (31 million weights, 118 heads), with random weights, on a volume of
several tiles. Copies of it have a box blanked that reaches one tile, and one that reaches several; the bare network is
run on as many tiles, and does nothing else. What both hold at most is what the operating system saw, beyond what the
process held before. Times are CPU seconds of one thread, so that other programs do not count.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from pathlib import Path

import bench
import numpy as np
import torch
from train_nnunet import make_dataset, make_plans, write_model

from XAICLIPLib.volume import Volume

FEATURES = (32, 64, 128, 256, 320, 320)
RATIO, GIGABYTES = 1.10, 1.5


def held(what: str) -> float:
    """Memory of this process, GB: "VmRSS" now, "VmHWM" the most since `forget`."""
    line = next(s for s in Path("/proc/self/status").read_text().splitlines() if s.startswith(what))
    return int(line.split()[1]) * 1024 / 1e9


def forget() -> float:
    """Begin to look for the most anew; what is held now, GB."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    return held("VmRSS")


def blanked(image: torch.Tensor, starts: list[int], edge: int) -> torch.Tensor:
    """A copy (1, C, *S) with a cube of zeros."""
    copy = image[None].clone()
    copy[(slice(None), slice(None), *(slice(s, s + edge) for s in starts))] = 0.0
    return copy


def measure(table: bench.Table, tile: int, heads: int, stages: int, repeats: int) -> None:
    """One size of tile."""
    plans = make_plans((tile,) * 3, (1.5,) * 3, configuration="3d_fullres", features=FEATURES[:stages])
    names = {"background": 0, "liver": 1, **{f"part {n}": n for n in range(2, heads)}}
    rng = np.random.default_rng(0)
    voxels = rng.normal(0, 200, (2 * tile, tile, tile)).astype(np.float32)
    with tempfile.TemporaryDirectory() as place:
        folder = write_model(Path(place), plans, make_dataset(names), mirroring=None)
        case = bench.open_case(
            Volume(voxels, (1.5,) * 3, name="noise"), ["liver"], model=f"nnunet:{folder}", device="cpu"
        )
        prepared = case.prepare(None)
    model, tiles = case.segmenter, prepared.tiling.window
    size = model.provenance["parameters"] / 1e6
    print(f"\ntiles of {tile}³, {heads} heads, {size:.1f} million weights, {prepared.tiling.count} tiles", flush=True)

    alone = prepared.image[(slice(None), *(slice(0, tile),) * 3)][None]
    before = forget()
    with torch.inference_mode():
        bare = []
        for _ in range(repeats + 1):
            start = time.process_time()
            model.network(alone)
            bare.append(time.process_time() - start)
    network_gb, each = held("VmHWM") - before, float(np.median(bare[1:]))
    table.line("the bare network on one tile, CPU s", f"{each:.2f}")
    table.line("  memory that it needs, GB", f"{network_gb:.2f}")

    before = forget()
    predict = case.predictor(prepared)
    start, run = time.process_time(), tiles.tiles_run
    predict(prepared.image[None])
    ratio = (time.process_time() - start) / each / (tiles.tiles_run - run)
    table.line("framework / bare network, all tiles", f"{ratio:.2f}", f"<= {RATIO}", ratio <= RATIO)
    edge = tile // 8
    for title, z in (("a box in one tile", 1), ("a box in several", tile - edge // 2)):
        copies = [blanked(prepared.image, [z + k, edge, edge], edge) for k in range(repeats + 1)]
        changed = len(prepared.tiling.touched(tuple((s, s + edge) for s in (z + 1, edge, edge))))
        run = tiles.tiles_run
        predict(copies[0])
        table.line(f"{title}: tiles changed, tiles run for the first", f"{changed}, {tiles.tiles_run - run}")
        run, spent = tiles.tiles_run, []
        for copy in copies[1:]:
            start = time.process_time()
            predict(copy)
            spent.append(time.process_time() - start)
        again = (tiles.tiles_run - run) / repeats
        table.line("  tiles run for each that follows", f"{again:g}", f"{changed}", again == changed)
        ratio = float(np.median(spent)) / each / changed
        table.line("  framework / bare network on the tiles that change", f"{ratio:.2f}", f"<= {RATIO}", ratio <= RATIO)
    more = held("VmHWM") - before - network_gb
    table.line("memory above the network's, GB", f"{more:.2f}", f"<= {GIGABYTES}", more <= GIGABYTES)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tiles", type=int, nargs="+", default=[64, 128], help="edges (default 64 128)")
    parser.add_argument("--heads", type=int, default=118, help="with the background (default %(default)s)")
    parser.add_argument("--repeats", type=int, default=3, help="copies per box (default %(default)s)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    table = bench.Table("nnU-Net of many heads: one structure, against the bare network")
    for tile in options.tiles:
        measure(table, tile, options.heads, 5 if tile < 96 else 6, options.repeats)


if __name__ == "__main__":
    main()
