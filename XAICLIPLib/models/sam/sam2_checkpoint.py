"""SAM 2's architecture as its checkpoint tells it; what it needs for videos alone is left out."""

from __future__ import annotations

import re
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from XAICLIPLib.errors import WeightsError
from XAICLIPLib.models.files.modelfile import existing
from XAICLIPLib.models.sam.checkpoint import (
    ENCODER,
    TITLES,
    PromptedNetwork,
    count_of,
    filled,
    modeling,
    prompt_modules,
)
from XAICLIPLib.models.sam.hiera import PUBLISHED, HieraEncoder, HieraShape
from XAICLIPLib.weights.checkpoint import read_checkpoint, state_of, without_prefix

MARK = "sam_mask_decoder.iou_token.weight"
TRUNK = f"{ENCODER}trunk."
NO_MEMORY = "no_mem_embed"
ONLY_IN_2_1 = "no_obj_embed_spatial"
STRIDE = 16  # pixels of the image to a token of its embeddings
# from SAM 2's names to those of `segment_anything`, which has the same decoder; all others belong to videos
RENAMED = (
    (r"^sam_(prompt_encoder|mask_decoder)\.", r"\1."),
    (r"(transformer\.layers\.\d+\.mlp\.)layers\.0\.", r"\1lin1."),
    (r"(transformer\.layers\.\d+\.mlp\.)layers\.1\.", r"\1lin2."),
)
# from transformers' names to SAM 2's own, in this order
TRANSFORMERS = "vision_encoder.backbone.pos_embed"
OWN_NAMES = (
    (r"^no_memory_embedding$", NO_MEMORY),
    (r"^vision_encoder\.backbone\.", TRUNK),
    (r"^vision_encoder\.neck\.convs\.(\d+)\.", rf"{ENCODER}neck.convs.\1.conv."),
    (r"^(prompt_encoder|mask_decoder)\.", r"sam_\1."),
    (r"patch_embed\.projection\.", "patch_embed.proj."),
    (r"((?:blocks|transformer\.layers)\.\d+)\.layer_norm(\d)\.", r"\1.norm\2."),
    (r"\.mlp\.proj_in\.", ".mlp.layers.0."),
    (r"\.mlp\.proj_out\.", ".mlp.layers.1."),
    (r"\.o_proj\.", ".out_proj."),
    (r"layer_norm_final_attn\.", "norm_final_attn."),
    (r"upscale_conv1\.", "output_upscaling.0."),
    (r"upscale_layer_norm\.", "output_upscaling.1."),
    (r"upscale_conv2\.", "output_upscaling.3."),
    (r"(mlps\.\d+|_head)\.layers\.0\.", r"\1.layers.1."),
    (r"(mlps\.\d+|_head)\.proj_in\.", r"\1.layers.0."),
    (r"(mlps\.\d+|_head)\.proj_out\.", r"\1.layers.2."),
    (r"shared_embedding\.positional_embedding$", "pe_layer.positional_encoding_gaussian_matrix"),
    (r"mask_embed\.conv(\d)\.", lambda found: f"mask_downscaling.{3 * int(found[1]) - 3}."),
    (r"mask_embed\.layer_norm(\d)\.", lambda found: f"mask_downscaling.{3 * int(found[1]) - 2}."),
)
POINTS = "sam_prompt_encoder.point_embed.weight"
PARTS = (ENCODER, "prompt_encoder.", "mask_decoder.", NO_MEMORY)


class Sam2Network(PromptedNetwork):
    """SAM 2 without its memory: what one image needs.

    Parameters
    ----------
    image_encoder : HieraEncoder
    prompt_encoder, mask_decoder : torch.nn.Module
    width : int
        Channels of the embeddings.
    """

    def __init__(
        self, image_encoder: nn.Module, prompt_encoder: nn.Module, mask_decoder: nn.Module, width: int
    ) -> None:
        super().__init__(image_encoder, prompt_encoder, mask_decoder)
        self.no_mem_embed = nn.Parameter(torch.zeros(1, 1, width))


def is_sam2(state: Mapping[str, Tensor]) -> bool:
    """Whether weights are named as SAM 2's are.

    Parameters
    ----------
    state : mapping of str to Tensor

    Returns
    -------
    bool
    """
    state = without_prefix(state, [MARK])
    return (MARK in state and f"{TRUNK}pos_embed" in state) or TRANSFORMERS in state


def read_state(path: str, family: str) -> dict[str, Tensor]:
    """All weights of a checkpoint of SAM 2.

    Parameters
    ----------
    path : str
        Of the checkpoint, `~` allowed.
    family : str
        "sam2" or "medsam2".

    Returns
    -------
    dict of str to Tensor
        On the CPU, under SAM 2's own names, those of transformers' `Sam2Model` translated.

    Raises
    ------
    ResourceError
        If it is larger than the memory that is left.
    WeightsError
        If the file can't be read or is not of this family.
    """
    if not path:
        raise WeightsError(f"give the checkpoint of {TITLES[family]}: {family}:FILE")
    file = existing(path, f"a checkpoint of {TITLES[family]}")
    state = state_of(read_checkpoint(file), file.name)
    if not is_sam2(state):
        first = ", ".join(sorted(state)[:3])
        other = (
            "" if "mask_decoder.iou_token.weight" not in state else " It is one of the first SAM: open it as sam:FILE"
        )
        raise WeightsError(
            f"{file.name} is no checkpoint of {TITLES[family]}.{other or f' It holds {first}, …; give that model'}"
        )
    return _from_transformers(state) if TRANSFORMERS in state else without_prefix(state, [MARK])


def _from_transformers(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    renamed = {}
    for key, value in state.items():
        for pattern, replacement in OWN_NAMES:
            key = re.sub(pattern, replacement, key)
        renamed[key] = value
    for label, vector in enumerate(renamed.pop(POINTS, ())):
        renamed[f"sam_prompt_encoder.point_embeddings.{label}.weight"] = vector[None]
    return renamed


def variant_of(state: Mapping[str, Tensor]) -> tuple[HieraShape, str]:
    """Which of the published sizes and versions the weights are of.

    Parameters
    ----------
    state : mapping of str to Tensor
        As `read_state` gives them; a `KeyError` names what it lacks.

    Returns
    -------
    shape : HieraShape
    version : str
        "2" or "2.1".

    Raises
    ------
    WeightsError
        If the size is none of those: its windows and global blocks are not known then.
    """
    width = state[f"{TRUNK}patch_embed.proj.weight"].shape[0]
    depth = count_of(state, rf"{re.escape(TRUNK)}blocks\.(\d+)\.")
    found = next((s for s in PUBLISHED if (s.width, sum(s.depths)) == (width, depth)), None)
    if found is None:
        raise WeightsError(
            f"its encoder has {depth} blocks of width {width}, as no published SAM 2 has; only tiny, small, base_plus "
            "and large can be opened"
        )
    return found, "2.1" if ONLY_IN_2_1 in state else "2"


def build(state: Mapping[str, Tensor], name: str, family: str, size: int) -> tuple[Sam2Network, str]:
    """SAM 2 for images of one size.

    Parameters
    ----------
    state : mapping of str to Tensor
        As `read_state` gives them.
    name : str
        What an error calls the checkpoint.
    family : str
        "sam2" or "medsam2".
    size : int
        Edge of the images, pixels; a multiple of 32. The weights do not tell it.

    Returns
    -------
    network : Sam2Network
    variant : str
        Such as "SAM 2.1 tiny".

    Raises
    ------
    MissingPackage
        If `segment_anything`, which has the decoder, is not installed.
    WeightsError
        If the weights are not SAM 2's.
    """
    modeling(family)
    translated = {}
    for key, value in state.items():
        for pattern, replacement in RENAMED:
            key = re.sub(pattern, replacement, key)
        if key.startswith(PARTS):
            translated[key] = value
    try:
        shape, version = variant_of(state)
        background = translated[f"{TRUNK}pos_embed"].shape[2:]
        width = translated["mask_decoder.iou_token.weight"].shape[1]
        with torch.device("meta"):
            encoder = HieraEncoder(shape, (background[0], background[1]), width)
            prompts, masks = prompt_modules(translated, family, size // STRIDE, size)
            network = Sam2Network(encoder, prompts, _with_sizes(masks, translated, width), width)
    except WeightsError as error:
        raise WeightsError(f"{name} can't be opened: {error}") from error
    except (KeyError, IndexError) as error:
        raise WeightsError(f"{name} is no whole checkpoint of {TITLES[family]}: it lacks {error}") from error
    filled(network, translated, name, family)
    return network, f"SAM {version} {shape.name}"


def _with_sizes(decoder: nn.Module, state: Mapping[str, Tensor], width: int) -> nn.Module:
    """What SAM 2's decoder has beside that of the first SAM: finer features, and whether there is anything at all."""
    from segment_anything.modeling.mask_decoder import MLP

    finest, finer = (state[f"mask_decoder.conv_s{level}.weight"].shape[0] for level in (0, 1))
    decoder.conv_s0, decoder.conv_s1 = nn.Conv2d(width, finest, 1), nn.Conv2d(width, finer, 1)
    decoder.obj_score_token = nn.Embedding(1, width)
    depth = count_of(state, r"mask_decoder\.pred_obj_score_head\.layers\.(\d+)\.")
    decoder.pred_obj_score_head = MLP(width, width, 1, depth) if depth else nn.Linear(width, 1)
    return decoder
