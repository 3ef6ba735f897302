"""The trust line of the bundled model and of its randomised twins: phantom, 3 organs x 3 methods.

A twin has the same network with weights drawn at random, layer by layer, with the mean and deviation of the learned
ones. Its maps must never be called "strong" or "weak". Most twins draw hardly anything; with the truth given, a slice
that holds the organ is explained all the same, and without it, a run that finds nothing to explain makes no map, which
is said. Beside the line, the figures that it rests on: insertion minus deletion AUC as a share of what the score loses
with the whole region (0 for a random order), the same under a second fill, and the largest change outside the region as
a share of that inside.
"""

from __future__ import annotations

import argparse
import collections

import bench
import torch

import XAICLIPLib as xai
from XAICLIPLib.case.models import Models
from XAICLIPLib.errors import InputError
from XAICLIPLib.metrics.randomisation import randomised
from XAICLIPLib.models.bundled import BundledSegmenter
from XAICLIPLib.phantom import PHANTOM_LABELS
from XAICLIPLib.pipeline.explain import run

ORGANS = ("liver", "spleen", "kidney_right")
METHODS = (xai.Occlusion(64, 32, unit="px512"), xai.Rise(masks=400, estimator="ridge"), xai.Lime(samples=200))


def verdict(scan, truth, organ: str, method, model, models: Models, options) -> dict:
    """The summary row of a run on the organ's largest slices."""
    area = (truth.voxels > 0).sum((1, 2))
    middle = int(area.argmax())
    request = xai.Request(
        scan.name, (organ,), method, slices=f"{middle}:{middle + 1}", evidence=options.evidence, score=options.score,
        region=options.region,
    )  # fmt: skip
    given = {"scan": scan, "model": model, "reference": truth if options.reference else None}
    try:
        (row,) = run(request, models=models, **given).summary
    except InputError as error:
        return {"trust": "no map", "trust_reasons": [str(error).partition(".")[0]]}
    return row


def figures(row: dict) -> str:
    """Gap, gap under the second fill, and what is outside, in per cent."""
    if "gap" not in row:
        return ""
    share = [100 * row[a] / abs(row[b]) if row[b] else float("nan")
             for a, b in (("gap", "region_drop"), ("second_gap", "second_region_drop"))]  # fmt: skip
    return f"gap {share[0]:4.0f} / {share[1]:4.0f}, outside {100 * row['outside_share']:4.0f}"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--twins", type=int, default=2, help="random twins (default %(default)s)")
    parser.add_argument("--evidence", default="quick", choices=("quick", "full"), help="(default %(default)s)")
    parser.add_argument("--score", default="dice", help="(default %(default)s)")
    parser.add_argument("--region", default="clip", help="(default %(default)s)")
    parser.add_argument("--no-reference", dest="reference", action="store_false", help="keep the truth from the run")
    options = parser.parse_args()
    truth = "truth given" if options.reference else "truth withheld"
    bench.Table(f"Trust line, true model against randomised twins, phantom, evidence {options.evidence}, {truth}")
    scan, labels = xai.make_phantom(0, shape=(20, 160, 160), spacing=(2.4, 2.4, 9.0))
    models = Models()
    true = BundledSegmenter(torch.device("cpu"))
    rivals = {"true": true} | {f"twin {seed}": randomised(true, seed=seed) for seed in range(options.twins)}
    counts: dict[bool, collections.Counter] = {True: collections.Counter(), False: collections.Counter()}
    print(f"{'model':<8}{'organ':<14}{'method':<11}{'trust':<19}{'per cent':<32}reasons")
    for name, model in rivals.items():
        for organ in ORGANS:
            mask = labels.like((labels.voxels == PHANTOM_LABELS[organ]).astype("uint8"), organ)
            for method in METHODS:
                row = verdict(scan, mask, organ, method, model, models, options)
                counts[name == "true"][row["trust"]] += 1
                print(
                    f"{name:<8}{organ:<14}{method.name:<11}{row['trust']:<19}{figures(row):<32}"
                    f"{'; '.join(row['trust_reasons'])}",
                    flush=True,
                )
    print(f"\ntrue model: {dict(counts[True])}\nrandomised: {dict(counts[False])}")
    believed = sum(counts[False][level] for level in ("strong", "weak", "not tested"))
    print(f"randomised maps that would be believed: {believed}   bar: 0   {'NOT REACHED' if believed else 'reached'}")


if __name__ == "__main__":
    main()
