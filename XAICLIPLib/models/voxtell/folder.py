"""A model of VoxTell (Rokuss et al., 2025) as it lies on disk: plans, weights, and the vectors of texts beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from torch import Tensor, nn

from XAICLIPLib.errors import MissingPackage, WeightsError
from XAICLIPLib.models.installed import voxtell as installed
from XAICLIPLib.models.installed.machine import Machine, folders_in
from XAICLIPLib.models.memory import check_room
from XAICLIPLib.models.nnunet.folder import check_imports
from XAICLIPLib.models.nnunet.plans import check_sizes
from XAICLIPLib.models.packed import unpack_first
from XAICLIPLib.weights.checkpoint import load_weights, read_checkpoint, state_of

PLANS, CHECKPOINT = "plans.json", "fold_0/checkpoint_final.pth"
CONFIGURATION = "3d_fullres"
BANK = "text_embeddings.npz"
HUB = "models--mrokuss--VoxTell"
SOURCE = "https://huggingface.co/mrokuss/VoxTell"
STAGE_OF_MEMORY = 4  # of the encoder, from 0: what the words look at
STAGES_WITH_WORDS = 5  # of the decoder


def find_folder(argument: str) -> Path:
    """The folder of a model.

    Parameters
    ----------
    argument : str
        Its path, `~` allowed; empty for `$VOXTELL_MODEL`, else for the newest that Slicer or the hub have kept.

    Returns
    -------
    Path
        With plans and weights in it.

    Raises
    ------
    WeightsError
        If there is none, or a part of it is missing.
    """
    if argument.strip():
        given = Path(argument).expanduser()
    else:
        found = [model.path for model in installed.find(Machine())]
        if not found:
            raise WeightsError(
                f"no model of VoxTell is on this machine: download voxtell_v1.1 from {SOURCE}, or with Slicer's "
                "VoxTell, and give its folder as voxtell:FOLDER"
            )
        given = found[0] if Machine().variable("VOXTELL_MODEL") else max(found, key=lambda path: path.name)
    folder = given.parent.parent if given.name == Path(CHECKPOINT).name else given
    missing = [name for name in (PLANS, CHECKPOINT) if not (folder / name).is_file()]
    if missing:
        inside = [f.name for f in folders_in(folder) if (f / PLANS).is_file()]
        hint = f"give {folder / inside[0]}" if inside else f"download the model again from {SOURCE}"
        raise WeightsError(
            unpack_first(folder) or f"{folder} is no model of VoxTell: it lacks {' and '.join(missing)}; {hint}"
        )
    return folder


def is_voxtell(folder: Path) -> bool:
    """Whether a folder is called and laid out as a model of VoxTell.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    bool
    """
    named = "voxtell" in folder.resolve().name.lower()
    return named and (folder / PLANS).is_file() and (folder / CHECKPOINT).is_file()


def banks(folder: Path) -> Iterator[Path]:
    """Where the vectors of texts of a model may lie: in its folder, beside it as in its repository, in the hub's cache.

    Parameters
    ----------
    folder : Path

    Yields
    ------
    Path
        Of files that are there.
    """
    places = [folder / BANK, folder.parent / "embeddings" / folder.name / BANK]
    snapshots = folders_in(Machine().hugging_face / HUB / "snapshots")
    places += [snapshot / "embeddings" / folder.name / BANK for snapshot in snapshots]
    yield from (place for place in places if place.is_file())


def build(folder: Path) -> tuple[nn.Module, tuple[int, ...]]:
    """The network with its weights; all sizes are read from them and from the plans.

    Parameters
    ----------
    folder : Path
        See `find_folder`.

    Returns
    -------
    network : torch.nn.Module
        Tiles (B, 1, *tile) and vectors (B, N, D) -> logits (B, N, *tile); on the CPU, in evaluation mode and without
        gradients of its weights.
    tile : tuple of 3 ints
        Voxels.

    Raises
    ------
    MissingPackage
        If `voxtell`, which has the network, is not installed.
    ModelError
        If the plans want something else called than parts of networks.
    WeightsError
        If plans or weights are damaged, or another network's.
    ResourceError
        If the weights are larger than the memory that is left.
    """
    try:
        from voxtell.model.voxtell_model import VoxTellModel
    except ImportError as error:
        raise MissingPackage("a model of VoxTell", "voxtell", "voxtell") from error
    import pydoc

    architecture, tile = _plans(folder)
    check_room(folder / CHECKPOINT)
    state = state_of(read_checkpoint(folder / CHECKPOINT), f"{folder.name}/{CHECKPOINT}")
    keywords = dict(architecture["arch_kwargs"])
    for key in architecture["_kw_requires_import"]:
        keywords[key] = keywords[key] and pydoc.locate(keywords[key])
    try:
        stages = _stages(keywords, tile)
        model = type("VoxTellModel", (VoxTellModel,), {"DECODER_CONFIGS": stages})
        network = model(
            input_channels=1,
            **keywords,
            decoder_layer=STAGE_OF_MEMORY,
            num_maskformer_stages=STAGES_WITH_WORDS,
            deep_supervision=False,
            **_widths(state, stages),
        )
    except (AssertionError, KeyError, IndexError, TypeError, ValueError) as error:
        raise WeightsError(
            f"{folder.name} holds another network than VoxTell's ({type(error).__name__}: {error}); download it again "
            f"from {SOURCE}"
        ) from error
    load_weights(network, state, f"{folder.name}/{CHECKPOINT}", "VoxTell")
    return network.eval().requires_grad_(False), tile


def _plans(folder: Path) -> tuple[Mapping, tuple[int, ...]]:
    """The architecture in plans.json, and the size of a tile."""
    try:
        plans = json.loads((folder / PLANS).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise WeightsError(f"{folder / PLANS} can't be read ({error}); download the model again") from error
    check_sizes(plans)
    try:
        configuration = plans["configurations"][CONFIGURATION]
        architecture = configuration["architecture"]
        tile = tuple(int(n) for n in configuration["patch_size"])
        check_imports({**architecture, **_CLASS})
    except (KeyError, TypeError) as error:
        raise WeightsError(f"{folder / PLANS} lacks {error}, which VoxTell's has; download the model again") from error
    return architecture, tile


# VoxTell's program builds its own network, whatever class the plans name
_CLASS = {"network_class_name": "dynamic_network_architectures.architectures.unet.ResidualEncoderUNet"}


def _stages(keywords: Mapping, tile: tuple[int, ...]) -> dict[int, dict]:
    """Channels and edges of the encoder's stages, which VoxTell's class has as constants for tiles of 192 voxels."""
    edges, stages = tile, {}
    for number, (features, stride) in enumerate(zip(keywords["features_per_stage"], keywords["strides"])):
        steps = [stride] * len(tile) if isinstance(stride, int) else stride
        edges = tuple(edge // step for edge, step in zip(edges, steps))
        stages[number] = {"channels": features, "shape": edges}
    return stages


def _widths(state: Mapping[str, Tensor], stages: Mapping[int, Mapping]) -> dict[str, int]:
    """What no plans say and the weights' shapes do: 2048 channels of a query, 32 of words per stage, and so on."""
    first = state["project_to_decoder_channels.1.2.weight"].shape[0]
    return {
        "query_dim": state["project_text_embed.2.weight"].shape[0],
        "text_embedding_dim": state["project_text_embed.0.weight"].shape[1],
        "project_to_decoder_hidden_dim": state["project_to_decoder_channels.0.0.weight"].shape[0],
        "num_heads": first // stages[1]["channels"],
    }
