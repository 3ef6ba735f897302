"""Deletion, insertion, pointing game, relevance rank and mass accuracy of ours and of Quantus on the same inputs.

The bundled model on the largest slice of each organ in the scans of the data folder (on the phantom where they are not
there), a RISE map of its mean probability in its own unperturbed mask, two fills. Quantus takes equal steps that divide
the image, so that the region is cut, row by row, to twenty steps of a power of two. Where the definitions differ is
said in `Testing/unit/quantuspeer.py`; areas are compared after the correction that is written there.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import bench
import numpy as np
import torch

import XAICLIPLib as xai
from XAICLIPLib.attribution.fill import make_fill
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.metrics.faithfulness import STEPS, curves
from XAICLIPLib.metrics.localisation import relevance_metrics
from XAICLIPLib.phantom import PHANTOM_LABELS

sys.path.insert(0, str(Path(__file__).parents[2]))
from Testing.unit import quantuspeer as peer  # noqa: E402

SCANS = {
    "ct_series": ("ct_series", "ct_series_labels.nii.gz", ("liver", "spleen", "kidney_right")),
    "ct_3mm": ("ct_3mm.nii.gz", "ct_3mm_labels.nii.gz", ("liver", "spleen", "kidney_left")),
}
FILLS = ("zero", "mean")
BAR = 1e-6


def cases(data: Path):
    """A name and an opened case with one structure, for each organ."""
    found = False
    for name, (scan, labels, organs) in SCANS.items():
        if (data / scan).exists():
            found = True
            for organ in organs:
                yield f"{name}, {organ}", bench.open_case(data / scan, [organ], data / labels)
    if not found:
        scan, labels = xai.make_phantom(0, shape=(20, 160, 160), spacing=(2.4, 2.4, 9.0))
        for organ in ("liver", "spleen", "kidney_right"):
            mask = labels.like((labels.voxels == PHANTOM_LABELS[organ]).astype("uint8"), organ)
            yield f"phantom, {organ}", bench.open_case(scan, [organ], mask)


def equal_steps(region: np.ndarray) -> np.ndarray:
    """The first pixels of a region, as many as make `STEPS` steps of a power of two."""
    size = 2 ** int(np.log2(region.sum() / STEPS))
    cut = np.zeros(region.size, bool)
    cut[np.flatnonzero(region)[: STEPS * size]] = True
    return cut.reshape(region.shape)


def without_ties(values: np.ndarray) -> np.ndarray:
    """A map's ranks, so that both take equal values in the same order."""
    return np.argsort(np.argsort(values.ravel(), kind="stable")).reshape(values.shape).astype(float)


def differences(case, z: int) -> dict[str, tuple[float, float, float]]:
    """Ours, Quantus's, and their largest difference, by what was measured on slice z of a case; nothing where the
    model does not find its structure."""
    opened = bench.open_slice(case, z)
    if opened is None:
        return {}
    image, predict = opened.prepared.image, case.predictor(opened.prepared)
    reference = predict(image[None])[0] > 0.5
    region = equal_steps(opened.work_region)
    found = xai.attribute(
        image, predict, region, xai.Rise(masks=128, estimator="ridge"), "confidence", reference, batch_size=1
    )
    values, pixels = without_ties(found.drop[0]), image.numpy()
    classifier = peer.Confidence(predict, reference[0]).eval()
    numbers = {}
    for fill in FILLS:
        filled = make_fill(image, fill, torch.from_numpy(region))
        scorer = Scorer(predict, image, reference=reference, score="confidence", batch_size=1)
        ours = curves(scorer, 0, values, region, filled, seeds=())
        level = float(filled.flatten()[0])
        for name, curve, area, ask in (
            ("deletion", ours.deletion, ours.deletion_auc, peer.deletion),
            ("insertion", ours.insertion, ours.insertion_auc, peer.insertion),
        ):
            points, theirs = ask(classifier, pixels, values, region, level, STEPS)
            theirs = peer.area(theirs, points[0], curve[0], STEPS)
            apart = max(abs(area - theirs), float(np.abs(curve[1:] - points).max()))
            numbers[f"{name}, fill {fill}: AUC"] = area, theirs, apart
    target = opened.prepared.grid.mask_to_work(case.references[0][z])
    # Quantus sorts equal values by chance: outside the region, where the map is 0, each pixel gets another one, below
    shown = peer.inside_first(found.drop[0].astype(float), region)
    row, theirs = relevance_metrics(shown, np.ones_like(region), target, 1.0), peer.localisation(shown, target)
    for name, value in theirs.items():
        numbers[name.replace("_", " ")] = row[name], value, abs(row[name] - value)
    return numbers


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=bench.DATA, help="folder of the real scans (default %(default)s)")
    options = parser.parse_args()
    import quantus

    table = bench.Table(f"Ours against Quantus {quantus.__version__}: ours / Quantus, largest difference")
    worst: dict[str, float] = {}
    for name, case in cases(options.data):
        numbers = differences(case, bench.largest_slices(case)[0])
        if not numbers:
            print(f"{name}: the model does not find it; skipped")
        for what, (ours, theirs, apart) in numbers.items():
            worst[what] = max(worst.get(what, 0.0), apart)
            reached = apart <= BAR
            table.line(f"{name}: {what}", f"{ours:.6f} / {theirs:.6f}  {apart:.0e}", f"<= {BAR:.0e}", reached)
    print()
    for what, apart in worst.items():
        table.line(f"largest difference, {what} and its curve" if "AUC" in what else f"largest difference, {what}",
                   f"{apart:.1e}", f"<= {BAR:.0e}", apart <= BAR)  # fmt: skip


if __name__ == "__main__":
    main()
