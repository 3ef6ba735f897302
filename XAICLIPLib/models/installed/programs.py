"""The programs whose models are looked for, one entry each; what is found is told by the module of the entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import import_module

from XAICLIPLib.errors import how_to_install
from XAICLIPLib.models.families import FAMILIES
from XAICLIPLib.models.installed.machine import Machine
from XAICLIPLib.models.installed.model import InstalledModel


@dataclass(frozen=True)
class Program:
    """A program that keeps models of its own on a user's machine.

    Attributes
    ----------
    name : str
    module : str
        In this package, and imports nothing heavy; its `find(machine)` yields an `InstalledModel` per model.
    places : str
        Where is looked, for people.
    """

    name: str
    module: str
    places: str

    def find(self, machine: Machine) -> Iterator[InstalledModel]:
        """Its models on a machine.

        Parameters
        ----------
        machine : Machine

        Yields
        ------
        InstalledModel
            Refused where no family opens it.
        """
        module = import_module(f"XAICLIPLib.models.installed.{self.module}")
        for model in module.find(machine):
            yield _judged(model)


PROGRAMS: tuple[Program, ...] = (
    Program(
        "TotalSegmentator", "totalsegmentator",
        "TOTALSEG_WEIGHTS_PATH, TOTALSEG_HOME_DIR/nnunet/results, ~/.totalsegmentator/nnunet/results",
    ),
    Program("nnU-Net", "nnunet", "nnUNet_results"),
    Program("SlicerNNUNet", "slicernnunet", "the folder that its panel was last given; models in Slicer's modules"),
    Program("HD-BET", "hdbet", "~/hd-bet_params"),
    Program("MONAIAuto3DSeg", "auto3dseg", "~/.MONAIAuto3DSeg/models"),
    Program("MONAI Label", "monailabel", "MONAI_LABEL_APP_DIR, ~/apps, ~/monailabel/apps"),
    Program("MONAI bundle", "monaibundle", "MONAI_BUNDLE_DIR, the bundles in torch.hub's cache"),
    Program("Segment Anything", "sam", "SegmentWithSAM and MedSAM in Slicer's modules, torch.hub's cache"),
    Program("lungmask", "lungmask", "torch.hub's cache"),
    Program("VoxTell", "voxtell", "VOXTELL_MODEL, Slicer's application data, the hub's cache"),
    Program("nnInteractive", "nninteractive", "NNINTERACTIVE_MODEL_DIR, ~/.nninteractive/models"),
)  # fmt: skip


def found_models(machine: Machine | None = None) -> list[InstalledModel]:
    """All models that programs have left on a machine.

    Parameters
    ----------
    machine : Machine, optional
        This one by default.

    Returns
    -------
    list of InstalledModel
        Program after program; what two programs share is told once, by the first.
    """
    machine = machine or Machine()
    found: dict[tuple, InstalledModel] = {}
    for program in PROGRAMS:
        for model in program.find(machine):
            place = model.path.resolve()
            if any(known == place and shown.program != model.program for (known, _), shown in found.items()):
                continue
            found.setdefault((place, model.task), model)
    return list(found.values())


def _judged(model: InstalledModel) -> InstalledModel:
    """A model, refused where its string names no family, and with what its family needs."""
    if model.refused or not model.spec:
        return model
    family = next((f for f in FAMILIES if f.name == model.spec.partition(":")[0]), None)
    if family is None:
        return replace(model, spec="", refused=f"models of {model.program} are not supported yet")
    if not family.installed:
        needed = f"needs {family.package.replace('_', '-')}: {how_to_install(family.extra)}"
        return replace(model, notes=(*model.notes, needed))
    return model
