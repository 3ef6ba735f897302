"""RISE: how many masks each estimator needs, with the bundled U-Net on phantom slices.

The reference of a slice is the centred estimator at 4,000 masks of a seed that nothing else uses. Each other map is
compared with it by Pearson's correlation inside the ROI (the CLIP's, as in the product). Raw RISE at 2,000 masks is
what the paper does; ridge at 128 masks has to be at least as good.

Few masks leave much to chance: settings up to 512 masks are repeated with several seeds, and all of them count.
"""

from __future__ import annotations

import argparse
import time

import bench
import numpy as np

import XAICLIPLib as xai

REFERENCE_SEED = 10_000
SETTINGS = (
    ("raw", 2000), ("centred", 128), ("centred", 512), ("centred", 2000), ("ridge", 64), ("ridge", 128), ("ridge", 256),
)  # fmt: skip


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reference-masks", type=int, default=4000, help="default %(default)s")
    parser.add_argument("--slices", type=int, default=2, help="slices per structure (default %(default)s)")
    parser.add_argument("--seeds", type=int, default=3, help="seeds where masks are few (default %(default)s)")
    parser.add_argument("--structures", nargs="+", default=list(bench.ORGANS), help="by anatomy name")
    parser.add_argument("--quick", action="store_true", help="one liver slice, 400 masks instead of 2,000 and 4,000")
    options = parser.parse_args()
    if options.quick:
        options.reference_masks, options.slices, options.structures = 400, 1, ["liver"]
    most = 400 if options.quick else 2000
    settings = list(dict.fromkeys((estimator, min(masks, most)) for estimator, masks in SETTINGS))
    table = bench.Table(f"RISE estimators against {options.reference_masks} centred masks: correlation inside the ROI")

    scan, labels = xai.make_phantom()
    found: dict[tuple[str, int], list[float]] = {setting: [] for setting in settings}
    models = None
    for structure in options.structures:
        case = bench.open_case(scan, [structure], labels, models)
        models = case.models
        for z in bench.largest_slices(case, 0, options.slices):
            work = bench.open_slice(case, z)
            if work is None or not work.work_region.any():
                continue
            start = time.perf_counter()

            def drop(estimator: str, masks: int, seed: int, case=case, work=work) -> np.ndarray:
                method = xai.Rise(masks=masks, estimator=estimator)
                image, region = work.prepared.image, work.work_region
                return xai.attribute(image, case.predict, region=region, method=method, seed=seed).drop[0][region]

            reference = drop("centred", options.reference_masks, REFERENCE_SEED)
            line = []
            for setting in settings:
                seeds = range(1 if setting[1] > 512 else options.seeds)
                values = [float(np.corrcoef(drop(*setting, seed), reference)[0, 1]) for seed in seeds]
                found[setting] += values
                line.append(f"{setting[0]} {setting[1]}: {np.mean(values):.2f}")
            print(f"{structure}, slice {z}, ROI {work.work_region.sum()} pixels: {', '.join(line)} "
                  f"({time.perf_counter() - start:.0f} s)", flush=True)  # fmt: skip
    print()
    bar = float(np.mean(found[settings[0]]))
    for (estimator, masks), values in found.items():
        is_bar = estimator == "ridge" and masks == 128
        what = f"{estimator}, {masks} masks, {len(values)} maps: mean ± std"
        table.line(what, bench.spread(values), f">= {bar:.3f}" * is_bar, np.mean(values) >= bar if is_bar else None)


if __name__ == "__main__":
    main()
