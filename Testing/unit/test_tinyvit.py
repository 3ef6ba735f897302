"""LiteMedSAM and MobileSAM: the published names and shapes, and timm's own TinyViT as the second opinion.

timm's network is given what the two changed: no stride in the last merging step, LiteMedSAM's stem of single pixels.
"""

import cv2
import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from Testing.unit.agreement import differs
from XAICLIPLib.errors import WeightsError
from XAICLIPLib.models.base import Context, Prompt
from XAICLIPLib.models.load import open_segmenter
from XAICLIPLib.models.sam.tinyvit import SIZES
from XAICLIPLib.models.sam.tinyvit_network import TinyVit, TinyVitShape

pytestmark = pytest.mark.slow

pytest.importorskip("segment_anything")
BOX, OTHER = (10.0, 20.0, 50.0, 71.0), (30.0, 33.0, 90.0, 80.0)
PUBLISHED = {"widths": (64, 128, 160, 320), "depths": (2, 2, 6, 2), "heads": (4, 5, 10), "windows": (7, 14, 7)}
NARROW = {"widths": (16, 32, 40, 80), "depths": (1, 1, 2, 1), "heads": (4, 5, 10), "windows": (7, 14, 7)}
# from the model code of both repositories: what a checkpoint of theirs holds
NAMES = {
    "patch_embed.seq.2.c.weight": {"litemedsam": (64, 32, 1, 1), "mobilesam": (64, 32, 3, 3)},
    "patch_embed.seq.0.bn.running_var": (32,),
    "layers.0.blocks.1.conv2.c.weight": (256, 1, 3, 3),
    "layers.0.downsample.conv2.bn.num_batches_tracked": (),
    "layers.1.blocks.0.attn.qkv.weight": (384, 128),
    "layers.1.blocks.1.attn.attention_biases": (4, 49),
    "layers.2.blocks.5.attn.attention_biases": (5, 196),
    "layers.2.blocks.3.local_conv.c.weight": (160, 1, 3, 3),
    "layers.2.downsample.conv3.c.weight": (320, 320, 1, 1),
    "layers.3.blocks.1.mlp.fc1.weight": (1280, 320),
    "layers.3.blocks.0.attn.norm.bias": (320,),
    "neck.0.weight": (256, 320, 1, 1),
    "neck.3.bias": (256,),
}


def network_of(family, sizes=PUBLISHED, seed=0):
    """The three parts with random weights, not folded."""
    from segment_anything.modeling import MaskDecoder, PromptEncoder, TwoWayTransformer

    torch.manual_seed(seed)
    shape = TinyVitShape(**sizes, expansion=4, out=256, pixel_stem=family == "litemedsam")
    size = SIZES[family]
    whole = nn.Module()
    whole.image_encoder = TinyVit(shape)
    whole.prompt_encoder = PromptEncoder(
        embed_dim=256, image_embedding_size=(64, 64), input_image_size=(size, size), mask_in_chans=16
    )
    transformer = TwoWayTransformer(depth=2, embedding_dim=256, mlp_dim=2048, num_heads=8)
    whole.mask_decoder = MaskDecoder(
        num_multimask_outputs=3, transformer=transformer, transformer_dim=256, iou_head_depth=3, iou_head_hidden_dim=256
    )
    for name, value in whole.state_dict().items():
        if ".bn.weight" in name:
            value.uniform_(0.5, 1.5)
        elif "attention_biases" in name or "output_hypernetworks_mlps.0.layers.2" in name:
            value.normal_()
        elif name == "image_encoder.neck.3.weight":
            value.mul_(4)
    whole.requires_grad_(False)
    # statistics of images, without which every place of every embedding would be much the same
    for module in whole.image_encoder.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1.0
    whole.image_encoder.train()(functional.interpolate(torch.rand(4, 3, 16, 16), scale_factor=4, mode="bilinear"))
    return whole.eval()


def second_opinion(state, family, sizes=PUBLISHED):
    """timm's TinyViT with the same weights, and SAM's neck: images -> embeddings."""
    from segment_anything.modeling.common import LayerNorm2d
    from timm.models.tiny_vit import ConvNorm
    from timm.models.tiny_vit import TinyVit as Timm

    network = Timm(
        num_classes=0, embed_dims=sizes["widths"], depths=sizes["depths"], num_heads=(2, *sizes["heads"]),
        window_sizes=(7, *sizes["windows"]), drop_path_rate=0.0,
    )  # fmt: skip
    network.stages[3].downsample.conv2.conv.stride = (1, 1)
    if family == "litemedsam":
        half = sizes["widths"][0] // 2
        network.patch_embed.conv1, network.patch_embed.conv2 = ConvNorm(3, half), ConvNorm(half, 2 * half)
    encoder = {k.removeprefix("image_encoder."): v for k, v in state.items() if k.startswith("image_encoder.")}
    renamed = {}
    for key, value in encoder.items():
        key = key.replace(".c.weight", ".conv.weight").replace("patch_embed.seq.0", "patch_embed.conv1")
        key = key.replace("patch_embed.seq.2", "patch_embed.conv2").replace("layers.", "stages.")
        if ".downsample." in key:  # timm merges at the beginning of a stage
            stage = int(key.split(".")[1])
            key = key.replace(f"stages.{stage}.", f"stages.{stage + 1}.")
        renamed[key] = value
    neck = nn.Sequential(
        nn.Conv2d(sizes["widths"][-1], 256, 1, bias=False), LayerNorm2d(256),
        nn.Conv2d(256, 256, 3, padding=1, bias=False), LayerNorm2d(256),
    )  # fmt: skip
    neck.load_state_dict({k.removeprefix("neck."): renamed.pop(k) for k in list(renamed) if k.startswith("neck.")})
    result = network.load_state_dict(renamed, strict=False)
    assert not result.unexpected_keys and all(k.startswith("head.") for k in result.missing_keys)
    network.eval()
    return lambda images: neck(network.stages(network.patch_embed(images)))


def masks_of(network, embeddings, box):
    """SAM's prompt encoder and decoder as their own classes call them: low-resolution logits."""
    sparse, dense = network.prompt_encoder(points=None, boxes=torch.tensor(box)[None], masks=None)
    return network.mask_decoder(
        image_embeddings=embeddings,
        image_pe=network.prompt_encoder.get_dense_pe(),
        sparse_prompt_embeddings=sparse,
        dense_prompt_embeddings=dense,
        multimask_output=False,
    )[0]


def opened(family, file, targets=("liver",)):
    segmenter = open_segmenter(f"{family}:{file}", "cpu", tuple(targets))
    segmenter.precision = "fp32"
    return segmenter


@pytest.fixture(scope="module")
def oblong(phantom, liver_slice):
    """A slice that is not square."""
    return np.ascontiguousarray(phantom[0].voxels[liver_slice][:, 14:114]).astype(np.float32)


def window(image):
    return ((np.clip(image.astype(np.float64), -160, 240) + 160) / 400 * 255).astype(np.uint8)


@pytest.mark.parametrize("family", ["litemedsam", "mobilesam"])
def test_the_published_names_and_shapes_are_opened(family, tmp_path):
    state = network_of(family).state_dict()
    for name, shape in NAMES.items():
        assert tuple(state[f"image_encoder.{name}"].shape) == (shape[family] if isinstance(shape, dict) else shape)
    if family == "mobilesam":  # its file keeps the classifier of TinyViT
        for name, shape in {"norm_head": (320,), "head": (1000, 320)}.items():
            state[f"image_encoder.{name}.weight"] = torch.zeros(shape)
            state[f"image_encoder.{name}.bias"] = torch.zeros(shape[0])
    assert len(state) == {"litemedsam": 435, "mobilesam": 439}[family]
    torch.save(state, tmp_path / "model.pt")
    provenance = opened(family, tmp_path / "model.pt").provenance
    assert provenance["variant"] == "TinyViT of widths 64/128/160/320"
    assert provenance["image_size"] == {"litemedsam": 256, "mobilesam": 1024}[family]


def test_litemedsam_gives_what_its_documented_steps_give(tmp_path, oblong):
    """At full size: longest side 256 by area, minimum to maximum, then padding; whole corners of the box."""
    network = network_of("litemedsam")
    torch.save(network.state_dict(), tmp_path / "lite_medsam.pth")
    prepared = opened("litemedsam", tmp_path / "lite_medsam.pth").prepare(oblong, Context(prompts=(Prompt(BOX),)))
    found = prepared.predict(prepared.image[None])[0]
    height, width = oblong.shape
    scale = 256 / max(height, width)
    inner = int(width * scale + 0.5), int(height * scale + 0.5)
    image = cv2.resize(np.repeat(window(oblong)[..., None], 3, 2), inner, interpolation=cv2.INTER_AREA)
    image = (image - image.min()) / np.clip(image.max() - image.min(), a_min=1e-8, a_max=None)
    image = np.pad(image, ((0, 256 - inner[1]), (0, 256 - inner[0]), (0, 0)))
    assert differs(prepared.image, torch.tensor(image).float().permute(2, 0, 1)[:1]) < 1e-6
    box = [float(int(edge * scale)) for edge in BOX]
    with torch.no_grad():
        embeddings = second_opinion(network.state_dict(), "litemedsam")(
            torch.tensor(image).float().permute(2, 0, 1)[None]
        )
        logits = masks_of(network, embeddings, box)
        # its own program interpolates logits to the slice; here it is done to what is explained, the probabilities
        expected = functional.interpolate(
            logits.sigmoid()[..., : inner[1], : inner[0]], (height, width), mode="bilinear"
        )
    assert logits.sigmoid().std() > 0.1
    assert differs(found, logits[0].sigmoid()) < 1e-4
    assert differs(prepared.grid.to_slice(found.numpy()), expected[0]) < 1e-4


def test_mobilesam_gives_what_sams_predictor_gives(tmp_path, oblong):
    """At 1024 pixels, with a quarter of the width: the predictor of SAM around timm's encoder."""
    from segment_anything import SamPredictor
    from segment_anything.modeling import Sam

    network = network_of("mobilesam", NARROW)
    torch.save(network.state_dict(), tmp_path / "mobile_sam.pt")
    encoder = nn.Module()
    encoder.img_size = 1024
    encoder.forward = second_opinion(network.state_dict(), "mobilesam", NARROW)
    predictor = SamPredictor(Sam(encoder, network.prompt_encoder, network.mask_decoder).eval())
    predictor.set_image(np.repeat(window(oblong)[..., None], 3, 2))
    masks, _, low = predictor.predict(box=np.array(BOX), multimask_output=False, return_logits=True)
    prepared = opened("mobilesam", tmp_path / "mobile_sam.pt").prepare(oblong, Context(prompts=(Prompt(BOX),)))
    found = prepared.predict(prepared.image[None])[0]
    expected = functional.interpolate(torch.tensor(low)[None], (1024, 1024), mode="bilinear", align_corners=False)
    assert expected.sigmoid().std() > 0.1
    assert differs(found, expected[0].sigmoid()) < 1e-4
    on_slice = prepared.grid.to_slice(found.numpy())[0]
    assert np.mean((on_slice > 0.5) == (masks[0] > 0)) > 0.99


def test_a_batch_with_several_prompts_is_one_by_one(tmp_path, oblong):
    torch.save(network_of("litemedsam", NARROW).state_dict(), tmp_path / "lite.pth")
    segmenter = opened("litemedsam", tmp_path / "lite.pth", ("liver", "aorta", "spleen"))
    prompts = (Prompt(BOX), None, Prompt(points=((30.0, 40.0, 1),)))
    prepared = segmenter.prepare(oblong, Context(prompts=prompts))
    batch = torch.stack([prepared.image, prepared.image.flip(-1), prepared.image * 0.5])
    together = prepared.predict(batch)
    assert together.shape == (3, 3, 256, 256) and not together[:, 1].any()
    assert differs(together, torch.cat([prepared.predict(image[None]) for image in batch])) < 1e-5
    assert differs(together[0], together[1]) > 0.01


def test_the_wrong_family_is_told_which_it_looks_like(tmp_path):
    for family, title in (("litemedsam", "LiteMedSAM"), ("mobilesam", "MobileSAM")):
        state = network_of(family, NARROW).state_dict()
        torch.save(state, tmp_path / "file.pth")
        for wrong in {"sam", "medsam", "litemedsam", "mobilesam"} - {family}:
            with pytest.raises(WeightsError, match=f"looks like {title}: open it as {family}:FILE"):
                open_segmenter(f"{wrong}:{tmp_path / 'file.pth'}", "cpu")
        torch.save({k: v for k, v in state.items() if "local_conv.c" not in k}, tmp_path / "file.pth")
        with pytest.raises(WeightsError, match=rf"no {title}; its keys: 4 missing .*local_conv\.c\.weight"):
            open_segmenter(f"{family}:{tmp_path / 'file.pth'}", "cpu")
        torch.save({k: v for k, v in state.items() if "layers.3.blocks" not in k}, tmp_path / "file.pth")
        with pytest.raises(WeightsError, match=f"no whole checkpoint of {title}: it lacks"):
            open_segmenter(f"{family}:{tmp_path / 'file.pth'}", "cpu")
