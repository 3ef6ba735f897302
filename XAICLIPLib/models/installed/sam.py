"""Checkpoints of Segment Anything and its kin, by the names under which they are published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from XAICLIPLib.models.installed.machine import Machine, files_below, size_of
from XAICLIPLib.models.installed.model import InstalledModel

# name of the file, the program that keeps it, the family that opens it
NAMES = (
    (r"sam_vit_[bhl]_\w+\.pth", "Segment Anything", "sam"),
    (r"medsam_vit_b\.pth", "MedSAM", "medsam"),
    (r"(medsam_lite|lite_medsam)\.pth", "MedSAM", "litemedsam"),
    (r"mobile_sam\.pt", "Segment Anything", "mobilesam"),
    (r"sam2(\.1)?_hiera_\w+\.pt", "Segment Anything", "sam2"),
    (r"MedSAM2_\w+\.pt", "MedSAM2", "medsam2"),
)
DEPTH = 6


def find(machine: Machine) -> Iterator[InstalledModel]:
    """Those in the modules of Slicer (SegmentWithSAM keeps its own in model_checkpoints), and in torch.hub's cache.

    Parameters
    ----------
    machine : Machine

    Yields
    ------
    InstalledModel
    """
    for root in _roots(machine):
        for file in files_below(root, DEPTH):
            for pattern, program, family in NAMES:
                if re.fullmatch(pattern, file.name):
                    yield InstalledModel(program, file.stem, file, f"{family}:{file}", bytes=size_of(file))


def _roots(machine: Machine) -> Iterator[Path]:
    """A module in …/lib/Slicer-5.x/qt-scripted-modules keeps its checkpoints two folders above its resources."""
    roots = [machine.torch_hub / "hub" / "checkpoints", machine.home / ".medsam"]
    roots += [place for module in machine.slicer_modules for place in (module, module.parent / "model_checkpoints")]
    seen = set()
    for root in roots:
        place = root.resolve()
        if place not in seen and not any(above in seen for above in place.parents):
            seen.add(place)
            yield root
