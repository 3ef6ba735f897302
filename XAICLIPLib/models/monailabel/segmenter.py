"""``monailabel:APP/MODEL``: bare weights of MONAI Label's radiology app, with the network that the app gives them."""

from __future__ import annotations

import torch

from XAICLIPLib.errors import MissingPackage
from XAICLIPLib.models.device import on_device
from XAICLIPLib.models.memory import check_room
from XAICLIPLib.models.monai.build import build_inferer, build_network
from XAICLIPLib.models.monai.config import Component, Config
from XAICLIPLib.models.monai.segmenter import Recipe, RecipeSegmenter
from XAICLIPLib.models.monai.steps import build_transforms, clicks
from XAICLIPLib.models.monailabel.app import PRETRAINED, AppModel, find_model, said_in
from XAICLIPLib.models.monailabel.configurations import configuration_of
from XAICLIPLib.weights import sha256
from XAICLIPLib.weights.checkpoint import load_weights, read_checkpoint, state_of

RESTORED = (
    "MONAI Label brings its network's raw output back to the scan and draws there what is largest; XAICLIP draws where "
    "a structure is likelier than all others together, which is the same for a model of one structure; at borders "
    "between several it may differ"
)


def recipe_of(model: AppModel, device: torch.device) -> Recipe:
    """How a model of the app feeds its network.

    Parameters
    ----------
    model : AppModel
    device : torch.device

    Returns
    -------
    Recipe

    Raises
    ------
    WeightsError
        If the file is damaged or refused, or its weights are of another network.
    ModelError
        If the model is not one that is known, or can't be run alone.
    ResourceError
        If the weights do not fit in memory.
    """
    check_room(model.weights)
    state = state_of(read_checkpoint(model.weights), model.weights.name)
    file = "deepedit" if model.name.startswith("deepedit") else model.name
    found = configuration_of(model.name, said_in(model.app, file), state, model.weights.name)
    config = Config(found.entries, f"{model.app.name}/{model.name}")
    parts = [config.get(name) for name in ("network_def", "preprocessing", "inferer")]
    described, steps, inferer = (part for part in parts if isinstance(part, Component))
    network = build_network(config, described)
    load_weights(network, state, model.weights.name, f"{described.target} of {model.name}")
    notes = [RESTORED]
    if found.labels[0] == "label 1":
        notes.append(
            f"{model.weights.name} has {len(found.labels)} structures, and neither the app's {found.file}.py nor the "
            "app as it is delivered names so many: they are numbered"
        )
    return Recipe(
        f"{model.app.name}/{model.name}",
        on_device(network, device, model.name),
        3,
        build_inferer(config, inferer, 3),
        build_transforms(config, steps, "image"),
        "image",
        ("background", *found.labels),
        tuple(range(1, len(found.labels) + 1)),
        "softmax",
        clicks=clicks(config, steps),
        logits_first=True,
        notes=tuple(notes),
        provenance={
            "family": "monailabel",
            "app": model.app.name,
            "model": model.name,
            "file": model.weights.name,
            "sha256": sha256(model.weights),
            "weights": f"{described.target} of the radiology app's {found.file}, weights alone",
            "activation": "softmax: the app's configuration",
        },
        # what the app downloads; what a user trained may be of any kind
        trained_on="CT" if model.weights.name.startswith(PRETRAINED) else "",
    )


def open_model(family: str, argument: str, device: torch.device, targets: tuple[str, ...] = ()) -> RecipeSegmenter:
    """A model of MONAI Label's radiology app.

    Parameters
    ----------
    family : str
        "monailabel".
    argument : str
        ``APP/MODEL``, see `app.find_model`.
    device : torch.device
    targets : tuple of str
        Not used: the configuration names the structures.

    Returns
    -------
    RecipeSegmenter

    Raises
    ------
    MissingPackage
        If MONAI is not installed.
    InputError, WeightsError, ModelError, ResourceError
        See `app.find_model` and `recipe_of`.
    """
    try:
        import monai  # noqa: F401
    except ImportError as error:
        raise MissingPackage("a model of MONAI Label", "monai", "monai") from error
    return RecipeSegmenter(recipe_of(find_model(argument), device), device)
