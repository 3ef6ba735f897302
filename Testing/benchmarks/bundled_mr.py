"""What the bundled U-Net draws on MR: Dice on drawn patients as the usual sequences show them, and on the real MR scan.

``python Testing/benchmarks/bundled_mr.py [--patients 3]``

The patients are drawn abdomens of seeds that no training has seen, given contrasts by the signal equations
(`XAICLIPLib.training.magnetic`) at fixed times, a coil's bias and noise, and opened as MR by the product's own path.
The last lines are those of the network that never saw the one real MR scan, from `XAICLIPLib/weights/validation.json`.
"""

from __future__ import annotations

import argparse

import numpy as np
from bench import ORGANS, Table
from scipy import ndimage

import XAICLIPLib as xai
from XAICLIPLib.case.models import Models
from XAICLIPLib.pipeline.locate import locate
from XAICLIPLib.training import data, magnetic
from XAICLIPLib.training.generated import EVALUATED_SEED, generated_scan
from XAICLIPLib.volume import Volume
from XAICLIPLib.weights.heldout import RELIABLE, dice_on_mr

T1, T2, DENSITY = magnetic.tissues()
AGENT = magnetic.with_agent(T1, 1.5)
SEQUENCES = {
    "T1, gradient echo 150/4.6 ms, 80 degrees": magnetic.gradient_echo(T1, T2, DENSITY, 150, 4.6, 80),
    "T1, spin echo 500/12 ms": magnetic.spin_echo(T1, T2, DENSITY, 500, 12),
    "T1, gradient echo 5/2 ms, fat dark, with agent": magnetic.gradient_echo(AGENT, T2, DENSITY, 5, 2, 12),
    "T2, spin echo 3000/90 ms": magnetic.spin_echo(T1, T2, DENSITY, 3000, 90),
    "T2, spin echo 2500/70 ms, fat dark": magnetic.spin_echo(T1, T2, DENSITY, 2500, 70),
}


def scan_of(patient: data.Scan, signal: np.ndarray, fat_dark: bool, rng: np.random.Generator) -> Volume:
    """A drawn patient by one sequence; (Z, Y, X), in arbitrary units."""
    shown = signal.copy()
    if fat_dark:
        shown[[data.FAT, data.SPINE]] *= (0.15, 0.5)
    shown /= shown.max()
    fine = patient.labels.numpy().astype(int)
    image = ndimage.gaussian_filter(shown[np.where(fine == data.IGNORE, data.GAS, fine)], (0, 0.7, 0.7))
    texture = patient.image.numpy() - ndimage.gaussian_filter(patient.image.numpy(), (0, 1.5, 1.5))
    image = image * (1 + 0.002 * texture.clip(-60, 60))
    knots = rng.standard_normal((3, 3, 3))
    bias = ndimage.zoom(knots, np.array(image.shape) / 3, order=3)
    noise = 0.02 * rng.standard_normal((2, *image.shape))
    image = np.hypot(image * (1 + 0.1 * bias) + noise[0], noise[1])  # the magnitude: Rician noise
    spacing = tuple(float(v) for v in patient.spacing[::-1])
    return Volume((1000 * image).astype(np.float32), spacing, modality="MR", name="drawn")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patients", type=int, default=3, help="drawn patients of each sequence (default %(default)s)")
    options = parser.parse_args()
    table, models = Table("bundled U-Net on MR, Dice"), Models()
    patients = [generated_scan(EVALUATED_SEED + n, "abdomen") for n in range(options.patients)]
    for number, (name, signal) in enumerate(SEQUENCES.items()):
        both = np.zeros((len(ORGANS), 2))
        for patient in patients:
            rng = np.random.default_rng(number)
            scan = scan_of(patient, signal, "fat dark" in name, rng)
            request = xai.Request("drawn", ORGANS, anyway=True)
            drawn = locate(request, scan=scan, models=models, compare=True).prediction.axial().voxels
            for k, organ in enumerate(ORGANS):
                truth = patient.labels.numpy() == data.FINE.index(organ)
                found = drawn == k + 1
                both[k] += 2 * (found & truth).sum(), found.sum() + truth.sum()
        for organ, (shared, total) in zip(ORGANS, both):
            dice = shared / max(total, 1)
            table.line(f"drawn, {name}: {organ}", f"{dice:.3f}", f">= {RELIABLE}", dice >= RELIABLE)
    for organ, dice in dice_on_mr()["model"].items():
        table.line(f"mr_3mm, held out: {organ}", f"{dice:.3f}", f">= {RELIABLE}", dice >= RELIABLE)


if __name__ == "__main__":
    main()
