"""Whether the bundled pair says of a structure that it is not there, on scans and drawn patients without it.

``python Testing/benchmarks/presence.py [--data DIR] [--patients 2]``

All structures that the pair was taught are asked for in each scan of DIR and in drawn patients of every part of the
body, whose seeds neither the training nor the calibration has seen. Scans of DIR are training scans of the shipped
weights, but for the brain; what is said of that and of the drawn ones is what counts. A structure is in a slice from
1 cm2 on; "drawn" means that the U-Net draws at least so much of it.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np
from bench import DATA, Table

import XAICLIPLib as xai
from XAICLIPLib.case.models import Models
from XAICLIPLib.phantom import PARTS, make_phantom
from XAICLIPLib.pipeline.locate import locate
from XAICLIPLib.roi.presence import ABSENT, KNOWN
from XAICLIPLib.training.evaluate import calibration_error
from XAICLIPLib.training.generated import EVALUATED_SEED
from XAICLIPLib.vlm import source
from XAICLIPLib.volume import Volume, read_volume

LEAST_MM2, CLEAR_MM2 = 100.0, 500.0
IDS = {
    "liver": (5,), "spleen": (1,), "kidney_right": (2,), "kidney_left": (3,), "kidneys": (2, 3), "stomach": (6,),
    "aorta": (52,), "spine": tuple(range(25, 51)), "lung": tuple(range(10, 15)), "heart": (51,),
}  # fmt: skip


class Counts:
    """What was found of one group of scans."""

    def __init__(self) -> None:
        self.absent: list[float] = []  # probability in slices without the structure
        self.drawn: list[tuple[bool, float]] = []  # whether it was drawn there all the same
        self.clear: list[float] = []  # probability in slices with at least 5 cm2 of it
        self.judged: list[tuple[float, bool]] = []
        self.volumes: list[float] = []  # probability in scans that don't hold it at all

    def add(self, scan: Volume, labels: Volume | None, models: Models) -> None:
        """Ask for all structures in a scan; without labels none of them is there."""
        found = locate(xai.Request("scan", KNOWN), scan=scan, models=models, compare=True)
        prediction, axial = found.prediction.axial().voxels, scan.axial()
        ids = None if labels is None else labels.axial().voxels
        pixel = float(np.prod(axial.spacing[:2]))
        for number, name in enumerate(KNOWN, start=1):
            told = found.report["presence"][name]
            area = np.zeros(len(axial.voxels)) if ids is None else np.isin(ids, IDS[name]).sum((1, 2)) * pixel
            if not area.any():
                self.volumes.append(told["volume"])
            for z, probability in ((int(z), p) for z, p in told["slices"].items()):
                if area[z] == 0:
                    drawn = (prediction[z] == number).sum() * pixel >= LEAST_MM2
                    self.absent.append(probability)
                    self.drawn.append((drawn, probability))
                elif area[z] >= CLEAR_MM2:
                    self.clear.append(probability)
                if area[z] == 0 or area[z] >= LEAST_MM2:
                    self.judged.append((probability, area[z] > 0))

    def show(self, table: Table, what: str) -> None:
        """The lines of this group."""

        def line(name: str, values: list, share: float, bar: str, reached: bool) -> None:
            if values:
                table.line(f"{what}: {name}", f"{share:.1%} of {len(values)}", bar, reached)

        low = np.mean(np.array(self.volumes) <= ABSENT) if self.volumes else 1.0
        line("absent structures, presence in the scan at most 0.1", self.volumes, low, ">= 99 %", low >= 0.99)
        low = np.mean(np.array(self.absent) <= ABSENT) if self.absent else 1.0
        line("absent structures, presence in the slice at most 0.1", self.absent, low, ">= 99 %", low >= 0.99)
        drawn = np.mean([d for d, _ in self.drawn]) if self.drawn else 0.0
        line("slices without it in which it is drawn", self.drawn, drawn, "<= 1 %", drawn <= 0.01)
        believed = np.mean([d and p > ABSENT for d, p in self.drawn]) if self.drawn else 0.0
        line("... and not called absent", self.drawn, believed, "<= 1 %", believed <= 0.01)
        denied = np.mean(np.array(self.clear) <= ABSENT) if self.clear else 0.0
        line("slices with 5 cm2 of it in which it is called absent", self.clear, denied, "<= 2 %", denied <= 0.02)
        if self.clear:
            probability, truth = (np.array(values) for values in zip(*self.judged))
            error = calibration_error(probability, truth)
            table.line(f"{what}: expected calibration error", f"{error:.3f}", "<= 0.05", error <= 0.05)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--patients", type=int, default=2, help="drawn patients of each part (default %(default)s)")
    options = parser.parse_args()
    table, models = Table(f"presence, weights of {source.WEIGHTS}"), Models()
    groups: dict[str, Counts] = defaultdict(Counts)
    if (options.data / "mr_brain.nrrd").exists():
        groups["brain (MR, never seen)"].add(read_volume(options.data / "mr_brain.nrrd"), None, models)
    for name in ("ct_series", "ct_3mm.nii.gz", "mr_3mm.nii.gz"):
        if (options.data / name).exists():
            labels = options.data / f"{name.removesuffix('.nii.gz')}_labels.nii.gz"
            groups["labelled scans (training)"].add(read_volume(options.data / name), read_volume(labels), models)
    for part in PARTS:
        for number in range(options.patients):
            shape = (24, 128, 128)
            spacing = (3.1, 3.1, 8.0)
            groups[f"drawn: {part}"].add(
                *make_phantom(EVALUATED_SEED + number, shape, spacing, part=part, varied_anatomy=True), models
            )
    noise = np.random.default_rng(5).standard_normal((10, 128, 128)).astype(np.float32)
    groups["noise"].add(Volume(300 * noise, (3.0, 3.0, 8.0)), None, models)
    for what, counts in groups.items():
        counts.show(table, what)


if __name__ == "__main__":
    main()
