"""SAM's architecture as its checkpoint tells it: every size is read from the shapes of the weights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

import torch
from torch import Tensor, nn

from XAICLIPLib.errors import MissingPackage, WeightsError
from XAICLIPLib.models.files.modelfile import existing
from XAICLIPLib.weights.checkpoint import load_weights, read_checkpoint, state_of, without_prefix

TITLES = {
    "medsam": "MedSAM", "sam": "SAM", "litemedsam": "LiteMedSAM", "mobilesam": "MobileSAM",
    "sam2": "SAM 2", "medsam2": "MedSAM2",
}  # fmt: skip
VARIANTS = {(768, 12): "vit_b", (1024, 24): "vit_l", (1280, 32): "vit_h"}
DECODER_HEADS = 8  # the one number of SAM that no shape tells
ENCODER = "image_encoder."
MARK = "mask_decoder.iou_token.weight"  # of every SAM, in segment_anything's and in transformers' names
# from transformers' names to those of segment_anything, in this order
RENAMED = [
    (r"^vision_encoder\.", ENCODER),
    (r"^shared_image_embedding\.positional_embedding$", "prompt_encoder.pe_layer.positional_encoding_gaussian_matrix"),
    (r"^(image_encoder)\.layers\.", r"\1.blocks."),
    (r"patch_embed\.projection\.", "patch_embed.proj."),
    (r"blocks\.(\d+)\.layer_norm(\d)\.", r"blocks.\1.norm\2."),
    (r"neck\.conv(\d)\.", lambda found: f"neck.{2 * int(found[1]) - 2}."),
    (r"neck\.layer_norm(\d)\.", lambda found: f"neck.{2 * int(found[1]) - 1}."),
    (r"prompt_encoder\.point_embed\.", "prompt_encoder.point_embeddings."),
    (r"mask_embed\.conv(\d)\.", lambda found: f"mask_downscaling.{3 * int(found[1]) - 3}."),
    (r"mask_embed\.layer_norm(\d)\.", lambda found: f"mask_downscaling.{3 * int(found[1]) - 2}."),
    (r"transformer\.layers\.(\d+)\.layer_norm(\d)\.", r"transformer.layers.\1.norm\2."),
    (r"layer_norm_final_attn\.", "norm_final_attn."),
    (r"upscale_conv1\.", "output_upscaling.0."),
    (r"upscale_layer_norm\.", "output_upscaling.1."),
    (r"upscale_conv2\.", "output_upscaling.3."),
    (r"(output_hypernetworks_mlps\.\d+|iou_prediction_head)\.layers\.0\.", r"\1.layers.1."),
    (r"(output_hypernetworks_mlps\.\d+|iou_prediction_head)\.proj_in\.", r"\1.layers.0."),
    (r"(output_hypernetworks_mlps\.\d+|iou_prediction_head)\.proj_out\.", r"\1.layers.2."),
]


class PromptedNetwork(nn.Module):
    """The three parts of SAM under the names that its checkpoints give them."""

    def __init__(self, image_encoder: nn.Module, prompt_encoder: nn.Module, mask_decoder: nn.Module) -> None:
        super().__init__()
        self.image_encoder = image_encoder
        self.prompt_encoder = prompt_encoder
        self.mask_decoder = mask_decoder


def modeling(family: str):
    """The package `segment_anything.modeling`.

    Parameters
    ----------
    family : str
        Key of `TITLES`: whose model the error says it is needed for.

    Raises
    ------
    MissingPackage
        If it is not installed.
    """
    try:
        from segment_anything import modeling
    except ImportError as error:
        raise MissingPackage(TITLES[family], "segment_anything", "sam") from error
    return modeling


def read_state(path: str, family: str) -> dict[str, Tensor]:
    """The weights of a file under the names of `segment_anything`, those of transformers' `SamModel` translated.

    Parameters
    ----------
    path : str
        Of the checkpoint, `~` allowed.
    family : str
        Key of `TITLES`: what the weights must be.

    Returns
    -------
    dict of str to Tensor
        On the CPU; without the prefix that a larger model around SAM gave them.

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
    name = file.name
    state = sam_weights(state_of(read_checkpoint(file), name))
    if any(key.startswith("vision_encoder.") for key in state):
        state = _from_transformers(state)
    found = kinship(state)
    if family not in found:
        what = f"It looks like {' or '.join(TITLES[f] for f in found)}: open it as {found[0]}:FILE" if found else ""
        what = what or f"It holds {', '.join(sorted(state)[:3])}, …; give the file of that model"
        raise WeightsError(f"{name} is no checkpoint of {TITLES[family]}. {what}")
    return state


def sam_weights(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The weights of SAM alone, where it is a part of what was trained: ``sam.``, ``model.``, …

    Parameters
    ----------
    state : mapping of str to Tensor
        All weights of a checkpoint.

    Returns
    -------
    dict of str to Tensor
        Those beside SAM's mask decoder, without their common prefix; all of them where it has none or is not there.
    """
    return without_prefix(state, [MARK])


def kinship(state: Mapping[str, Tensor]) -> tuple[str, ...]:
    """The families whose checkpoints have such keys, the likeliest first; MedSAM's and SAM's are alike.

    Parameters
    ----------
    state : mapping of str to Tensor
        Under the names of `segment_anything`.

    Returns
    -------
    tuple of str
        Keys of `TITLES`; empty for what is no SAM.
    """
    if "prompt_encoder.no_mask_embed.weight" not in state:
        return ()
    if f"{ENCODER}patch_embed.proj.weight" in state and f"{ENCODER}blocks.0.attn.qkv.weight" in state:
        return "medsam", "sam"
    stem = state.get(f"{ENCODER}patch_embed.seq.0.c.weight")
    if stem is None or f"{ENCODER}layers.1.blocks.0.attn.attention_biases" not in state:
        return ()
    # LiteMedSAM looks at every pixel of its small image, MobileSAM at every fourth
    return ("litemedsam",) if stem.shape[-1] == 1 else ("mobilesam",)


def _from_transformers(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    renamed = {}
    for key, value in state.items():
        if key == "prompt_encoder.shared_embedding.positional_embedding":  # kept twice
            continue
        for pattern, replacement in RENAMED:
            key = re.sub(pattern, replacement, key)
        renamed[key] = value
    return renamed


def count_of(state: Mapping[str, Tensor], pattern: str) -> int:
    """How many numbers stand where the group of a pattern is: of blocks, of layers.

    Parameters
    ----------
    state : mapping of str to Tensor
        Of which the keys are looked at.
    pattern : str
        Regular expression that matches a key from its beginning; its first group is the number.

    Returns
    -------
    int
        Of different numbers; 0 where no key matches.
    """
    return len({found[1] for key in state if (found := re.match(pattern, key))})


def filled(network: PromptedNetwork, state: Mapping[str, Tensor], name: str, family: str) -> PromptedNetwork:
    """A network that was made on the meta device, with its weights.

    Parameters
    ----------
    network : PromptedNetwork
        Without memory for its weights.
    state : mapping of str to Tensor
        Under the names of `segment_anything`.
    name : str
        What an error calls the checkpoint.
    family : str
        Key of `TITLES`.

    Returns
    -------
    PromptedNetwork
        The same, on the CPU, in evaluation mode and without gradients of its weights.

    Raises
    ------
    WeightsError
        If keys are missing or left over, or shapes differ.
    """
    network = network.to_empty(device="cpu")
    load_weights(network, state, name, TITLES[family])
    return network.eval().requires_grad_(False)


def prompt_modules(state: Mapping[str, Tensor], family: str, grid: int, size: int) -> tuple[nn.Module, nn.Module]:
    """Prompt encoder and mask decoder for these weights; not yet filled.

    Parameters
    ----------
    state : mapping of str to Tensor
        Under the names of `segment_anything`; a `KeyError` names what it lacks.
    family : str
        Key of `TITLES`.
    grid : int
        Edge of the image's embeddings, tokens.
    size : int
        Edge of the image, pixels: box and point coordinates are divided by it.

    Returns
    -------
    prompts : segment_anything.modeling.PromptEncoder
    masks : segment_anything.modeling.MaskDecoder
    """
    parts = modeling(family)
    decoder = "mask_decoder."
    layer = f"{decoder}transformer.layers.0."
    width = state[f"{decoder}iou_token.weight"].shape[1]
    prompts = parts.PromptEncoder(
        embed_dim=width,
        image_embedding_size=(grid, grid),
        input_image_size=(size, size),
        mask_in_chans=state["prompt_encoder.mask_downscaling.3.weight"].shape[0],
    )
    transformer = parts.TwoWayTransformer(
        depth=count_of(state, rf"{re.escape(decoder)}transformer\.layers\.(\d+)\."),
        embedding_dim=width,
        mlp_dim=state[f"{layer}mlp.lin1.weight"].shape[0],
        num_heads=DECODER_HEADS,
        attention_downsample_rate=width // state[f"{layer}cross_attn_token_to_image.q_proj.weight"].shape[0],
    )
    masks = parts.MaskDecoder(
        transformer_dim=width,
        transformer=transformer,
        num_multimask_outputs=state[f"{decoder}mask_tokens.weight"].shape[0] - 1,
        iou_head_depth=count_of(state, rf"{re.escape(decoder)}iou_prediction_head\.layers\.(\d+)\."),
        iou_head_hidden_dim=state[f"{decoder}iou_prediction_head.layers.0.weight"].shape[0],
    )
    return prompts, masks


def build_vit(state: Mapping[str, Tensor], name: str, family: str) -> tuple[PromptedNetwork, int, str]:
    """SAM with a plain vision transformer as encoder.

    Parameters
    ----------
    state : mapping of str to Tensor
        Under the names of `segment_anything`, see `read_state`.
    name : str
        What an error calls the checkpoint.
    family : str
        "medsam" or "sam".

    Returns
    -------
    network : PromptedNetwork
    size : int
        Edge of its image.
    variant : str
        "vit_b", "vit_l", "vit_h", or the width and depth of another.

    Raises
    ------
    WeightsError
        If the weights are not SAM's.
    """
    try:
        with torch.device("meta"):
            encoder, grid, variant = vit_encoder(state, family)
            size = encoder.img_size
            network = PromptedNetwork(encoder, *prompt_modules(state, family, grid, size))
    except (KeyError, IndexError) as error:
        raise WeightsError(f"{name} is no whole checkpoint of {TITLES[family]}: it lacks {error}") from error
    return filled(network, state, name, family), size, variant


def vit_encoder(state: Mapping[str, Tensor], family: str) -> tuple[nn.Module, int, str]:
    """The encoder that these weights belong to, not yet filled.

    Parameters
    ----------
    state : mapping of str to Tensor
        Under the names of `segment_anything`; a `KeyError` names what it lacks.
    family : str
        Key of `TITLES`.

    Returns
    -------
    encoder : segment_anything.modeling.ImageEncoderViT
    grid : int
        Edge of its embeddings, tokens.
    variant : str
        "vit_b", "vit_l", "vit_h", or the width and depth of another.
    """
    width, _, patch, _ = state[f"{ENCODER}patch_embed.proj.weight"].shape
    grid = state[f"{ENCODER}pos_embed"].shape[1]
    depth = count_of(state, r"image_encoder\.blocks\.(\d+)\.")
    distances = [state[f"{ENCODER}blocks.{i}.attn.rel_pos_h"] for i in range(depth)]
    spans = [(len(distance) + 1) // 2 for distance in distances]
    encoder = modeling(family).ImageEncoderViT(
        img_size=grid * patch,
        patch_size=patch,
        embed_dim=width,
        depth=depth,
        num_heads=width // distances[0].shape[1],
        mlp_ratio=state[f"{ENCODER}blocks.0.mlp.lin1.weight"].shape[0] / width,
        out_chans=state[f"{ENCODER}neck.0.weight"].shape[0],
        qkv_bias=f"{ENCODER}blocks.0.attn.qkv.bias" in state,
        norm_layer=partial(nn.LayerNorm, eps=1e-6),
        use_rel_pos=True,
        global_attn_indexes=tuple(i for i, span in enumerate(spans) if span == grid),
        window_size=min(spans),
    )
    return encoder, grid, VARIANTS.get((width, depth), f"vit of width {width}, depth {depth}")
