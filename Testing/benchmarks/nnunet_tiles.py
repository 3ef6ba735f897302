"""nnU-Net with the tile cache against without: time, tiles run, and the largest difference of the maps, which is 0.

A 2D nnU-Net is trained for about a minute on the data folder (kept in a temporary folder for the next time) and one
slice of ct_series is explained by the product's own path, ``xai.explain(scan, ["liver"], model="nnunet:FOLDER")``. Then
the same with a small network of volumes, of random weights: its tiles are a smaller share of the image.

A 2D plan of nnU-Net often has a patch as large as a slice: then there is one tile, and nothing to keep.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import bench
import numpy as np
import torch
import train_nnunet
from train_nnunet import make_dataset, make_plans, scans, write_model

import XAICLIPLib as xai
from XAICLIPLib.models.base import Context
from XAICLIPLib.models.load import open_segmenter
from XAICLIPLib.models.nnunet.folder import find_model
from XAICLIPLib.models.nnunet.segmenter import NnunetSegmenter, TiledCase


class Watched(NnunetSegmenter):
    """The segmenter, with the cache on or off; counts tiles and the CPU time that they take."""

    def __init__(self, folder: Path, reuse: bool) -> None:
        super().__init__(find_model(str(folder)), torch.device("cpu"))
        self.reuse, self.tiles, self.seconds, self.images = reuse, 0, 0.0, 0

    def prepare(self, image, context):
        prepared = super().prepare(image, context)
        case = TiledCase(self, prepared.image, prepared.predict.axes, self.reuse)

        def predict(batch):
            before, start = case.window.tiles_run, time.process_time()
            output = case(batch)
            self.seconds += time.process_time() - start
            self.tiles += case.window.tiles_run - before
            self.images += len(batch)
            return output

        return replace(prepared, predict=predict)


def explained(folder: Path, scan, z: int, **settings) -> tuple[Watched, Watched, float]:
    """One slice explained with and without the cache; the largest difference of the two maps."""
    models, maps = [], []
    for reuse in (True, False):
        model = Watched(folder, reuse)
        found = xai.explain(scan, ["liver"], model=model, slices=str(z), **settings)
        models.append(model)
        maps.append(found.drops["liver"].voxels)
    return *models, float(np.abs(maps[0] - maps[1]).max())


def boxes_in_a_volume(folder: Path, voxels: np.ndarray, spacing, boxes: int) -> tuple[Watched, Watched, float]:
    """Copies of a volume, each with a box in it, with and without the cache; the largest difference of the outputs."""
    models, outputs = [], []
    for reuse in (True, False):
        model = Watched(folder, reuse)
        prepared = model.prepare(voxels.astype(np.float32), Context("CT", spacing))
        rng = np.random.default_rng(0)
        rows = [prepared.predict(prepared.image[None])]
        for _ in range(boxes):
            copy = prepared.image[None].clone()
            start = [rng.integers(0, max(1, n - 8)) for n in copy.shape[2:]]
            copy[(0, 0, *(slice(s, s + 8) for s in start))] = 0.0
            rows.append(prepared.predict(copy))
        models.append(model)
        outputs.append(torch.cat(rows))
    return *models, float((outputs[0] - outputs[1]).abs().max())


def report(table: bench.Table, cached: Watched, every: Watched, difference: float) -> None:
    """The lines of one comparison."""
    table.line("  images predicted", f"{cached.images} and {every.images}")
    table.line("  tiles run, cached and without", f"{cached.tiles} and {every.tiles}")
    table.line("  CPU seconds in the model, cached and without", f"{cached.seconds:.2f} and {every.seconds:.2f}")
    table.line("  ratio of the times", f"{every.seconds / cached.seconds:.2f}", "> 1", every.seconds > cached.seconds)
    table.line("  largest difference", f"{difference:g}", "0", difference == 0)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=bench.DATA, help="folder of the scans (default %(default)s)")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "xaiclip-nnunet-liver")
    parser.add_argument("--seconds", type=float, default=60.0, help="of training (default %(default)s)")
    options = parser.parse_args()
    table = bench.Table("nnU-Net with the tile cache against without")
    with contextlib.redirect_stdout(io.StringIO()) as said:
        folder = train_nnunet.train(options.folder, options.data, options.seconds)
    print(said.getvalue().strip().splitlines()[-1] if "trained" in said.getvalue() else f"the model in {folder}")

    scan, liver, _ = scans(options.data)[0]
    model = open_segmenter(f"nnunet:{folder}", "cpu")
    shares = []
    for z in range(0, len(liver), train_nnunet.LEFT_OUT):
        prepared = model.prepare(scan.voxels[z].astype(np.float32), Context("CT", scan.spacing[1::-1]))
        mask = prepared.grid.to_slice(prepared.predict(prepared.image[None])[0].numpy())[0] > 0.5
        shares.append(2 * (mask & liver[z]).sum() / max(1, mask.sum() + liver[z].sum()))
    table.line(f"Dice of the liver on {len(shares)} slices left out of training", f"{np.mean(shares):.3f}")

    z = 2 * train_nnunet.LEFT_OUT
    settings = {"method": xai.Occlusion(24, 24, fill="mean", unit="mm"), "device": "cpu"}
    whole = xai.explain(options.data / "ct_series", ["liver"], model=f"nnunet:{folder}", slices=str(z), **settings)
    row = whole.rows[0]
    table.line(f"explained: slice {z} of ct_series, evaluations", f"{row['evaluations']}")
    table.line("  its score and largest drop", f"{row['score']:.3f} and {row['largest_drop']:.3f}")
    report(table, *explained(folder, scan, z, **settings))

    print("a network of volumes, random weights, 6 boxes of 8 voxels")
    plans = make_plans((32, 32, 32), (3.0, 3.0, 3.0), configuration="3d_fullres", features=(4, 8, 16))
    with tempfile.TemporaryDirectory() as place:
        volumes = write_model(Path(place), plans, make_dataset())
        full, _, _ = scans(options.data)[1]
        report(table, *boxes_in_a_volume(volumes, full.voxels[-48:], full.spacing[::-1], 6))


if __name__ == "__main__":
    main()
