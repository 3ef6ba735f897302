"""How soon a map is useful: rank correlation of the map after a share of the evaluations with the finished one.

The largest slice of each organ in the scans of the data folder. The finished map of a sampling method is an estimate
itself, which one half of its samples predicts no better than they agree with each other; the last column tells how
alike two finished maps of different seeds are.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import bench
import numpy as np
from scipy.stats import spearmanr

import XAICLIPLib as xai
from XAICLIPLib.attribution.monitor import SHARES
from XAICLIPLib.pipeline.opened import work_grid

METHODS = (
    xai.Occlusion(64, 8, unit="px512"), xai.Hierarchical(64, 8, unit="px512"), xai.Rise(masks=1000),
    xai.Rise(masks=1000, estimator="ridge"), xai.Lime(samples=300, unit="px512"),
    xai.KernelShap(samples=300, unit="px512"), xai.Hsic(samples=500),
)  # fmt: skip


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=bench.DATA, help="folder of the real scans (default %(default)s)")
    options = parser.parse_args()
    bench.Table("Maps while they are made, score soft_dice")
    print(f"{'':<44}" + "".join(f"{share:>8.0%}" for share in SHARES) + "    two seeds")
    for name, organ, case, found in bench.real_slices(options.data):
        predict, grid = case.predictor(found.prepared), work_grid(case, found.prepared)
        for method in METHODS:
            own = method.on_grid(grid)

            def explain(seed: int, on_map=None, own=own, found=found, predict=predict) -> xai.Attribution:
                return xai.attribute(
                    found.prepared.image, predict, found.work_region, own, "soft_dice", seed=seed, on_map=on_map
                )

            def alike(a: xai.Attribution, b: xai.Attribution) -> float:
                inside = a.evaluated & b.evaluated
                return spearmanr(a.drop[0][inside], b.drop[0][inside]).statistic

            early: list[xai.Attribution] = []
            whole = explain(0, early.append)
            at = np.array([look.evaluations / whole.evaluations for look in early])
            shown = [alike(early[np.flatnonzero(at >= s * 0.999)[0]], whole) if (at >= s * 0.999).any() else np.nan
                     for s in SHARES]  # fmt: skip
            label = f"{name}, {organ}, {method.name} {getattr(method, 'estimator', '')} ({whole.evaluations})"
            print(
                f"{label:<44}" + "".join(f"{v:>8.2f}" for v in shown) + f"{alike(whole, explain(1)):>10.2f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
