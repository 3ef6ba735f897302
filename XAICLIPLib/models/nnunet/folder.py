"""A trained nnU-Net v2 model as its training leaves it on disk: plans, labels, folds, and the network itself."""

from __future__ import annotations

import contextlib
import inspect
import io
import json
import pydoc
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from torch import nn

from XAICLIPLib.errors import MissingPackage, ModelError, WeightsError
from XAICLIPLib.models.memory import check_room
from XAICLIPLib.models.nnunet.layout import absent, is_trained, named, only_one, refuse_interactive, unfinished
from XAICLIPLib.models.nnunet.plans import check_configuration, check_dataset, check_plans
from XAICLIPLib.models.nnunet.trainers import find_trainer, not_run
from XAICLIPLib.weights.checkpoint import load_weights, read_checkpoint, state_of

CHECKPOINTS = ("checkpoint_final.pth", "checkpoint_best.pth")
LAYOUT = "give the folder that holds dataset.json, plans.json and fold_0, or one of its folds"
# what plans.json may have imported: it comes with the model, from wherever the model comes from
ARCHITECTURES = ("dynamic_network_architectures.", "nnunetv2.")
LAYERS = ("torch.nn.", "dynamic_network_architectures.")
# that only TotalSegmentator defines: another loss, learning rate or augmentation, and the network of the plans
PLAIN_TRAINERS = (
    "nnUNetTrainer",
    "nnUNetTrainer_MOSAIC_1k_QuarterLR_NoMirroring",
    "nnUNetTrainerDiceTopK10Loss_2000epochs",
    "nnUNetTrainerSkeletonRecall",
)


@dataclass(frozen=True)
class ModelFolder:
    """One fold of a trained model.

    Attributes
    ----------
    path : Path
        The folder with dataset.json and plans.json.
    fold : str
        "0", "1", …, or "all".
    folds : tuple of str
        All folds that hold a checkpoint.
    checkpoint : Path
    """

    path: Path
    fold: str
    folds: tuple[str, ...]
    checkpoint: Path

    @cached_property
    def dataset(self) -> dict:
        """dataset.json."""
        dataset = _read_json(self.path / "dataset.json")
        check_dataset(dataset)
        return dataset

    @cached_property
    def plans(self):
        """plans.json, as nnU-Net's own `PlansManager`."""
        from nnunetv2.utilities.plans_handling.plans_handler import PlansManager

        plans = _read_json(self.path / "plans.json")
        check_plans(plans)
        return PlansManager(plans)

    @cached_property
    def training(self) -> Mapping:
        """The checkpoint: weights, and what the training was called with.

        Raises
        ------
        WeightsError
            If the checkpoint is none of nnU-Net v2, or can't be read.
        ResourceError
            If it is larger than the memory that is left.
        """
        check_room(self.checkpoint)
        held = read_checkpoint(self.checkpoint)
        held = held if isinstance(held, Mapping) else {}
        kinds = {"network_weights": Mapping, "init_args": Mapping, "trainer_name": str}
        missing = [key for key, kind in kinds.items() if not isinstance(held.get(key), kind)]
        if missing or not isinstance(held["init_args"].get("configuration"), str):
            raise WeightsError(
                f"{self.checkpoint} is no checkpoint of nnU-Net v2 ({', '.join(missing) or 'its configuration'} is "
                "missing); models of nnU-Net v1 have to be trained again"
            )
        return held

    @cached_property
    def configuration(self):
        """The configuration that was trained, as nnU-Net's own `ConfigurationManager`.

        Raises
        ------
        ModelError
            If plans.json does not have the configuration that the checkpoint was trained as.
        WeightsError
            If the configuration lacks what a prediction needs.
        """
        name = self.training["init_args"]["configuration"]
        if name not in self.plans.available_configurations:
            raise ModelError(
                f"{self.checkpoint} was trained as {name!r}, and plans.json has only "
                f"{', '.join(self.plans.available_configurations)}; give the model's own plans.json"
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the format of older plans, which nnU-Net converts
            found = self.plans.get_configuration(name)
        check_configuration(found.configuration, f"plans.json: {name}")
        return found

    @cached_property
    def labels(self):
        """Labels or regions, as nnU-Net's own `LabelManager`.

        Raises
        ------
        ModelError
            If nnU-Net refuses the labels of dataset.json.
        """
        try:
            return self.plans.get_label_manager(self.dataset)
        except (AssertionError, AttributeError, KeyError, RuntimeError) as error:
            raise ModelError(f"{self.path / 'dataset.json'} has labels that nnU-Net refuses: {error}") from error

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the network's output channels, without the background."""
        known = self.labels
        names = {name: value for name, value in known.label_dict.items() if name not in ("background", "ignore")}
        if known.has_regions:
            return tuple(names)
        by_value = {int(np.ravel(value)[0]): name for name, value in names.items()}
        return tuple(by_value[int(value)] for value in known.all_labels if value)

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the input channels."""
        return tuple((self.dataset.get("channel_names") or self.dataset.get("modality") or {"0": "image"}).values())

    def network(self) -> tuple[nn.Module, tuple[str, ...]]:
        """The network with its weights, ready to predict, and what to know about how it was built.

        Raises
        ------
        ModelError
            If it is the second stage of a cascade, or its architecture is none of nnU-Net's.
        WeightsError
            If the weights are another network's.
        """
        name = self.training["init_args"]["configuration"]
        if self.configuration.previous_stage_name is not None:
            raise ModelError(
                f"{name} is the second stage of a cascade and wants the segmentation of "
                f"{self.configuration.previous_stage_name} as input; open that one, or 3d_fullres"
            )
        check_imports(self.configuration.configuration["architecture"])
        network, notes = self._build()
        weights = state_of(self.training, self.checkpoint.name)
        try:
            load_weights(network, weights, self.checkpoint.name, f"nnU-Net {name}")
        except WeightsError as error:
            if not notes:
                raise
            raise WeightsError(f"{error}; {notes[0]}") from error
        return network.eval().requires_grad_(False), notes

    def _build(self) -> tuple[nn.Module, tuple[str, ...]]:
        from nnunetv2.utilities.get_network_from_plans import get_network_from_plans

        plan = self.configuration
        inputs, heads = len(self.channels), self.labels.num_segmentation_heads
        trainer = self.training["trainer_name"]
        architecture = (
            plan.network_arch_class_name,
            plan.network_arch_init_kwargs,
            plan.network_arch_init_kwargs_req_import,
        )
        try:
            found = None if trainer in PLAIN_TRAINERS else find_trainer(trainer)
            if found is not None:
                # a trainer may build another network than the plans say, even one whose weights look the same
                signature = inspect.signature(found.build_network_architecture).parameters
                first = (self.plans, plan) if "plans_manager" in signature else architecture
                return found.build_network_architecture(*first, inputs, heads, enable_deep_supervision=False), ()
            # it prints and warns of classes that have moved, which check_imports has looked up already
            with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                network = get_network_from_plans(*architecture, inputs, heads, deep_supervision=False)
        except (ImportError, KeyError, TypeError, ValueError) as error:
            raise ModelError(
                f"{plan.network_arch_class_name} can't be built ({error}); install the version of nnunetv2 and "
                "dynamic_network_architectures that the model was trained with"
            ) from error
        return network, () if trainer in PLAIN_TRAINERS else (not_run(trainer),)


def find_model(argument: str) -> ModelFolder:
    """The fold that a path names: a trained model's folder (its first fold), a fold, or a checkpoint in it.

    Parameters
    ----------
    argument : str
        Path of the folder, fold or checkpoint, `~` allowed; "FOLDER:NAME" for one of several below a folder.

    Returns
    -------
    ModelFolder
        Its files are looked for, not yet read.

    Raises
    ------
    MissingPackage
        If nnU-Net is not installed.
    WeightsError
        If the path holds no trained nnU-Net model, or several.
    ModelError
        If it is one of nnInteractive.
    """
    try:
        import nnunetv2  # noqa: F401
    except ImportError as error:
        raise MissingPackage("an nnU-Net model", "nnunetv2", "nnunet") from error
    given = Path(argument).expanduser()
    if argument and not given.exists():
        given = named(argument) or given
    if not argument or not given.exists():
        raise WeightsError(f"there is no nnU-Net model {argument!r} on this machine; {LAYOUT}")
    file = given if given.is_file() else None
    folder = given.parent if file else given
    fold = folder.name.removeprefix("fold_") if folder.name.startswith("fold_") else None
    path = folder if fold is None else folder.parent
    if not is_trained(path):
        if fold is not None or file:
            raise absent(path)
        path = only_one(path)
    refuse_interactive(path)
    folds = sorted(
        (p.name.removeprefix("fold_") for p in path.glob("fold_*") if _checkpoint_in(p)),
        key=lambda name: (not name.isdigit(), int(name) if name.isdigit() else 0, name),
    )
    if fold is None:
        if not folds and (found := unfinished(path)):
            raise WeightsError(f"{path} holds {found}, a download that did not end; download the model again")
        if not folds:
            raise WeightsError(
                f"{path} holds no fold with {' or '.join(CHECKPOINTS)}; wait for the training to write one, or copy it"
            )
        fold = folds[0]
    checkpoint = file or _checkpoint_in(path / f"fold_{fold}")
    if checkpoint is None:
        has = f"the folds {', '.join(folds)} have one" if folds else "no other fold has one"
        raise WeightsError(f"{folder} holds neither {' nor '.join(CHECKPOINTS)}; {has}")
    return ModelFolder(path, fold, tuple(folds), checkpoint)


def check_imports(architecture: Mapping) -> None:
    """Refuse plans that would have anything imported and called but parts of networks.

    Parameters
    ----------
    architecture : mapping
        That of a configuration in plans.json: `network_class_name`, `arch_kwargs`, and in `_kw_requires_import` the
        arguments that are names of classes.

    Raises
    ------
    ModelError
        Naming what they wanted.
    """
    keywords = architecture["arch_kwargs"]
    wanted = [(architecture["network_class_name"], ARCHITECTURES)]
    wanted += [(keywords[key], LAYERS) for key in architecture["_kw_requires_import"] if keywords[key] is not None]
    for name, allowed in wanted:
        found = pydoc.locate(name) if str(name).startswith(allowed) else None
        if found is None and allowed is ARCHITECTURES and str(name).startswith(allowed):
            found = _moved_architecture(str(name).rpartition(".")[2])
        if not (isinstance(found, type) and issubclass(found, nn.Module)):
            raise ModelError(
                f"plans.json wants {name}, which is no network part of PyTorch or nnU-Net and is not run; "
                "export the model as TorchScript or ONNX"
            )


def _moved_architecture(name: str) -> type | None:
    """The network of that name where its module has another: plans from before nnU-Net 2.4 name old ones, and nnU-Net
    looks for the class in the same way."""
    import dynamic_network_architectures
    from batchgenerators.utilities.file_and_folder_operations import join
    from nnunetv2.utilities.find_class_by_name import recursive_find_python_class

    place = join(dynamic_network_architectures.__path__[0], "architectures")
    return recursive_find_python_class(place, name, "dynamic_network_architectures.architectures")


def _checkpoint_in(fold: Path) -> Path | None:
    return next((fold / name for name in CHECKPOINTS if (fold / name).is_file()), None)


def _read_json(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise WeightsError(f"{path} can't be read ({error}); copy the model's folder again") from error
