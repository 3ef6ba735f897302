"""Data sets of TotalSegmentator as it downloads them, with small random networks, and TotalSegmentator's own answer."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from pathlib import Path

import nibabel as nib
import numpy as np
import torch
from nnunetfolder import build_network, make_plans, write_model

from XAICLIPLib.models.base import Context
from XAICLIPLib.models.totalsegmentator.segmenter import TotalSegmentator
from XAICLIPLib.models.totalsegmentator.tasks import Task, folder_of

CT = {"mean": -370.0, "std": 437.0, "percentile_00_5": -1024.0, "percentile_99_5": 276.0}
SHARP = 30.0  # the networks decide: hardly a voxel is left whose best label is below a half


def write_task(
    root: Path, task: Task, patch: tuple[int, int, int], *, seed: int = 0, compact: dict[str, int] | None = None, **more
) -> None:
    """All data sets of a task in their folders.

    `compact` gives labels to heads of the network: {"liver": 7} makes the seventh head that of the liver, and the
    liver's that of the seventh label.
    """
    for number, names in task.parts.items():
        if not more.get("datasets") or number in more["datasets"]:
            write_dataset(root, task, number, patch, seed + number, _swaps(names, compact or {}))


def _swaps(names: tuple[str, ...], compact: dict[str, int]) -> list[tuple[int, int]]:
    return [(names.index(name) + 1, head) for name, head in compact.items() if name in names]


def write_dataset(root: Path, task: Task, number: int, patch, seed: int, swaps=()) -> Path:
    """One data set, its network random, and its decisions clear."""
    names = task.parts[number]
    spacing = (task.spacing or (1.5, 1.5, 1.5))[::-1]
    scheme = "CTNormalization" if task.modality == "CT" else "ZScoreNormalization"
    plans = make_plans(
        patch, spacing, configuration=task.configuration, scheme=scheme, features=(6, 8, 8), fingerprint=CT,
        masked=False,
    )  # fmt: skip
    plans["dataset_name"] = folder_of(number)
    labels = {"background": 0, **{name: k for k, name in enumerate(names, 1)}}
    dataset = {
        "channel_names": {"0": "CT" if task.modality == "CT" else "MRI"},
        "labels": labels,
        "numTraining": 2,
        "file_ending": ".nii.gz",
    }
    network = build_network(plans, dataset)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.dim() > 1:
                parameter.add_(0.3 * parameter.std() * torch.randn(parameter.shape, generator=generator))
        decide(network.decoder.seg_layers[-1], swaps)
    folds = task.folds or ("0", "1")
    for fold in folds:
        folder = write_model(root, plans, dataset, network=network, fold=fold, trainer=task.trainer, mirroring=None)
    return folder


def decide(last: torch.nn.Module, swaps=()) -> None:
    """Give a last layer few labels, each where one feature is much above its mean, among all that it has."""
    heads, features = last.weight.shape[:2]
    active = np.unique(np.linspace(1, heads - 1, min(heads - 1, features)).astype(int))
    last.weight.zero_()
    last.bias.fill_(-4 * SHARP)
    last.bias[0] = SHARP
    for k, head in enumerate(active):
        last.weight[head, k] = SHARP
        last.bias[head] = 0.0
    for a, b in swaps:
        for tensor in (last.weight, last.bias):
            tensor[[a, b]] = tensor[[b, a]].clone()


def make_rare(root: Path, task: Task, name: str, image: np.ndarray, context: Context, share: float = 0.4) -> None:
    """Let a structure of a task be where its network is surest of it: its box is at most that share of the scan."""
    (number,) = task.datasets
    (file,) = (root / folder_of(number)).glob("*/fold_0/checkpoint_final.pth")
    model = TotalSegmentator(root, task, torch.device("cpu"))
    last = model.network[str(number)].decoder.seg_layers[-1]
    label = model.targets.index(name) + 1
    for _ in range(40):
        prepared = model.prepare(image, context)
        there = np.argwhere(model.labels(prepared) == label)
        assert len(there), f"no {name} is left"
        if np.prod((np.ptp(there, 0) + 1) / prepared.image.shape[1:]) <= share:
            held = torch.load(file, weights_only=False)
            bias = next(k for k in reversed(held["network_weights"]) if k.endswith("bias") and "seg_layers" in k)
            held["network_weights"][bias].copy_(last.bias)
            torch.save(held, file)
            return
        last.bias[label] -= SHARP / 8
    raise AssertionError(f"{name} is everywhere")


def answer_of_totalsegmentator(
    home: Path, scan: nib.Nifti1Image, task: Task, datasets: tuple[int, ...] | None = None, **options
) -> np.ndarray:
    """The label map that the package TotalSegmentator makes of a scan, on the scan's own axes (x, y, z).

    `datasets` are those of the task that are there; the package asks for the others before it finds out that they are
    not needed, so their folders are made.

    It finds the data sets of ``home/nnunet/results``. Its processes for reading and writing files are left out:
    nnU-Net's own function without them is asked.
    """
    (home / "config.json").write_text(
        json.dumps({"totalseg_id": "test", "send_usage_stats": False, "prediction_counter": 0,
                    "statistics_disclaimer_shown": True, "license_number": "aca_TEST0123456789"})
    )  # fmt: skip
    empty = [home / "nnunet" / "results" / folder_of(number) for number in task.datasets if datasets]
    empty = [folder for folder in empty if not folder.exists()]
    for folder in empty:
        folder.mkdir(parents=True)
    os.environ["TOTALSEG_HOME_DIR"] = str(home)
    with contextlib.redirect_stdout(io.StringIO()):
        from totalsegmentator import nnunet, python_api

        for module in [m for name, m in sys.modules.items() if name.startswith("nnunetv2")]:
            for variable in ("nnUNet_results", "nnUNet_raw", "nnUNet_preprocessed"):  # read when it was imported
                if hasattr(module, variable):
                    setattr(module, variable, str(home / "nnunet" / "results"))
        nnunet.nnUNetPredictor.predict_from_files = _sequentially
        threads = torch.get_num_threads()
        found = python_api.totalsegmentator(
            scan, None, task=task.name, fast=task.mode == "fast", fastest=task.mode == "fastest", ml=True, device="cpu",
            quiet=True, nr_thr_resamp=1, **options,
        )  # fmt: skip
        torch.set_num_threads(threads)
    for folder in empty:
        folder.rmdir()
    return np.asanyarray(found.dataobj).astype(np.uint8)


def _sequentially(self, folder, out, save_probabilities=False, overwrite=True, *rest, **more):
    # as lists: a folder's files are paired by twelve forks, and a fork of a process that has threads may never end
    files = [[str(path)] for path in sorted(Path(folder).glob("*_0000.nii.gz"))]
    self.predict_from_files_sequential(files, out, save_probabilities, overwrite)


def dice(a: np.ndarray, b: np.ndarray) -> float:
    """Of two masks."""
    return 2.0 * float((a & b).sum()) / float(a.sum() + b.sum())
