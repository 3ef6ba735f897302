"""Train a small 2D nnU-Net of the liver for about a minute on the scans of the data folder.

The network, the preprocessing, the loss and the folder are nnU-Net's own; the loop is short: no augmentation, no deep
supervision, no validation. Every fourth slice of ct_series is left out, so that a Dice can be told on slices the
network never saw, though of a patient it did see. It is good for trying out, and for nothing else.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
import time
from pathlib import Path

import bench
import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parents[2]))
from Testing.unit.nnunetfolder import build_network, make_dataset, make_plans, write_model  # noqa: E402
from XAICLIPLib.volume import Volume, read_volume  # noqa: E402

LIVER = 5  # of TotalSegmentator's numbers
LEFT_OUT = 4
PATCH, SPACING, FEATURES = (128, 128), (2.0, 2.0), (12, 24, 48, 64)


def scans(data: Path) -> list[tuple[Volume, np.ndarray, np.ndarray]]:
    """Per CT: the axial scan, its liver (Z, H, W), and the slices to train on."""
    found = []
    for scan, labels, every in (
        ("ct_series", "ct_series_labels.nii.gz", LEFT_OUT),
        ("ct_3mm.nii.gz", "ct_3mm_labels.nii.gz", 0),
    ):
        volume = read_volume(data / scan)
        liver = read_volume(data / labels).labels_on(volume).axial().voxels == LIVER
        numbers = np.arange(len(liver))
        found.append((volume.axial(), liver, numbers[numbers % every != 0] if every else numbers[liver.any((1, 2))]))
    return found


def fingerprint(cases) -> dict[str, float]:
    """Of the liver's voxels, as nnU-Net's planning takes it of the foreground."""
    values = np.concatenate([scan.voxels[liver] for scan, liver, _ in cases]).astype(np.float64)
    low, high = np.percentile(values, (0.5, 99.5))
    return {
        "mean": float(values.mean()),
        "std": float(values.std()),
        "median": float(np.median(values)),
        "min": float(values.min()),
        "max": float(values.max()),
        "percentile_00_5": float(low),
        "percentile_99_5": float(high),
    }


def prepared_slices(cases, plans: dict, dataset: dict) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The slices to train on, as nnU-Net's own preprocessing has them, and their labels."""
    with contextlib.redirect_stdout(io.StringIO()):  # it prints that its data folders are not set
        from nnunetv2.utilities.plans_handling.plans_handler import PlansManager

        manager = PlansManager(plans)
        plan = manager.get_configuration("2d")
        preprocessor = plan.preprocessor_class(verbose=False)
    images, labels = [], []
    for scan, liver, numbers in cases:
        spacing = {"spacing": list(scan.spacing)[::-1]}
        voxels, mask = scan.voxels[None].astype(np.float32), liver[None].astype(np.int16)
        image, label, _ = preprocessor.run_case_npy(voxels, mask, spacing, manager, plan, dataset)
        images += [image[0, z] for z in numbers]
        labels += [np.maximum(label[0, z], 0) for z in numbers]
    return images, labels


def patches(images, labels, count: int, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Random patches; where a slice has liver, half of them are put on it."""
    found = []
    for number in rng.integers(0, len(images), count):
        image, label = images[number], labels[number]
        short = [max(0, p - n) for p, n in zip(PATCH, image.shape)]
        pad = [(m // 2, m - m // 2) for m in short]
        image, label = np.pad(image, pad), np.pad(label, pad)
        start = [rng.integers(0, n - p + 1) for p, n in zip(PATCH, image.shape)]
        if label.any() and rng.random() < 0.5:
            spot = rng.choice(np.argwhere(label))
            start = [int(np.clip(s - p // 2, 0, n - p)) for s, p, n in zip(spot, PATCH, image.shape)]
        place = tuple(slice(a, a + p) for a, p in zip(start, PATCH))
        found.append((image[place], label[place].astype(np.int64)))
    return tuple(torch.from_numpy(np.stack(part)[:, None]) for part in zip(*found))


def train(root: Path, data: Path = bench.DATA, seconds: float = 60.0, seed: int = 0) -> Path:
    """Train for so long and write the model's folder below `root`; what is there already is used again."""
    done = root / "Dataset001_Liver" / "nnUNetTrainer__nnUNetPlans__2d"
    if (done / "fold_0" / "checkpoint_final.pth").is_file():
        return done
    from nnunetv2.training.loss.compound_losses import DC_and_CE_loss
    from nnunetv2.training.loss.dice import MemoryEfficientSoftDiceLoss

    cases = scans(data)
    dataset = make_dataset({"background": 0, "liver": 1})
    plans = make_plans(PATCH, SPACING, features=FEATURES, fingerprint=fingerprint(cases))
    plans["dataset_name"] = "Dataset001_Liver"
    images, labels = prepared_slices(cases, plans, dataset)
    network = build_network(plans, dataset)
    network.decoder.deep_supervision = False
    loss = DC_and_CE_loss(
        {"batch_dice": True, "ddp": False, "smooth": 1e-5, "do_bg": False}, {}, dice_class=MemoryEfficientSoftDiceLoss
    )
    optimiser = torch.optim.AdamW(network.parameters(), 3e-3)
    rng = np.random.default_rng(seed)
    start, step = time.perf_counter(), 0
    while (spent := time.perf_counter() - start) < seconds:
        for group in optimiser.param_groups:
            group["lr"] = 3e-3 * (1 - spent / seconds) ** 0.9 + 1e-5
        image, label = patches(images, labels, 8, rng)
        optimiser.zero_grad()
        error = loss(network(image), label)
        error.backward()
        optimiser.step()
        step += 1
    print(f"trained for {step} steps in {seconds:.0f} s, last loss {error.item():.3f}")
    return write_model(root, plans, dataset, network=network)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the model's folder is written")
    parser.add_argument("--data", type=Path, default=bench.DATA, help="folder of the scans (default %(default)s)")
    parser.add_argument("--seconds", type=float, default=60.0, help="of training (default %(default)s)")
    options = parser.parse_args()
    print(train(options.folder, options.data, options.seconds))


if __name__ == "__main__":
    main()
