"""MedSAM and SAM against `segment_anything`'s classes and MedSAM's documented steps, with checkpoints as users have.

The weights are random: every number is compared, none has a meaning. All but one are of a small SAM of 256 pixels.
"""

import dataclasses
import os
from functools import partial

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from skimage import transform
from torch.nn import functional

import XAICLIPLib as xai
from Testing.unit.agreement import differs
from XAICLIPLib.errors import MissingPackage, ModelError, ResourceError, WeightsError
from XAICLIPLib.models.base import Context, Prompt
from XAICLIPLib.models.load import open_segmenter
from XAICLIPLib.models.sam import attention as sam_attention
from XAICLIPLib.models.sam import precision as sam_precision
from XAICLIPLib.models.sam.checkpoint import build_vit, vit_encoder
from XAICLIPLib.models.sam.prepare import RECIPES, Square, grey_scale
from XAICLIPLib.volume import read_volume

pytestmark = pytest.mark.slow

segment_anything = pytest.importorskip("segment_anything")
SIZE = 256
BOX, OTHER = (10.0, 20.0, 50.0, 70.0), (30.0, 33.0, 90.0, 80.0)
POINTS = ((30.0, 40.0, 1), (5.0, 5.0, 0))


def randomise(network, seed=0):
    """What SAM starts from as zeros would hide mistakes in rows and columns, and its first masks are all near 0.5."""
    torch.manual_seed(seed)
    for name, parameter in network.named_parameters():
        if "rel_pos" in name or "pos_embed" in name:
            torch.nn.init.normal_(parameter, std=0.3)
        if "output_hypernetworks_mlps.0.layers.2" in name:
            torch.nn.init.normal_(parameter, std=1.0)
    return network.eval().requires_grad_(False)


def small_sam(size=SIZE, window=5):
    from segment_anything.modeling import ImageEncoderViT, MaskDecoder, PromptEncoder, Sam, TwoWayTransformer

    torch.manual_seed(0)
    grid = size // 16
    encoder = ImageEncoderViT(
        img_size=size, embed_dim=96, depth=3, num_heads=3, norm_layer=partial(torch.nn.LayerNorm, eps=1e-6),
        use_rel_pos=True, window_size=window, global_attn_indexes=(1,), out_chans=256,
    )  # fmt: skip
    prompts = PromptEncoder(
        embed_dim=256, image_embedding_size=(grid, grid), input_image_size=(size, size), mask_in_chans=16
    )
    transformer = TwoWayTransformer(depth=2, embedding_dim=256, mlp_dim=2048, num_heads=8)
    decoder = MaskDecoder(
        num_multimask_outputs=3, transformer=transformer, transformer_dim=256, iou_head_depth=3, iou_head_hidden_dim=256
    )
    return randomise(Sam(encoder, prompts, decoder))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The network by its own classes, and its checkpoint."""
    network = small_sam()
    file = tmp_path_factory.mktemp("sam") / "sam_small.pth"
    torch.save(network.state_dict(), file)
    return network, str(file)


def opened(family, file, targets=("liver",), precision="fp32"):
    segmenter = open_segmenter(f"{family}:{file}", "cpu", tuple(targets))
    segmenter.precision = precision
    return segmenter


@pytest.fixture(scope="module")
def oblong(phantom, liver_slice):
    """A slice that is not square."""
    return np.ascontiguousarray(phantom[0].voxels[liver_slice][:, 14:114]).astype(np.float32)


def window(image):
    return ((np.clip(image.astype(np.float64), -160, 240) + 160) / 400 * 255).astype(np.uint8)


def medsam(network, bytes_3c, box, size=SIZE):
    """MedSAM's inference as its repository documents it: probabilities (H, W)."""
    height, width = bytes_3c.shape[:2]
    image = transform.resize(bytes_3c, (size, size), order=3, preserve_range=True, anti_aliasing=True).astype(np.uint8)
    image = (image - image.min()) / np.clip(image.max() - image.min(), a_min=1e-8, a_max=None)
    tensor = torch.tensor(image).float().permute(2, 0, 1).unsqueeze(0)
    scaled = np.array([box]) / np.array([width, height, width, height]) * size
    with torch.no_grad():
        embedding = network.image_encoder(tensor)
        boxes = torch.as_tensor(scaled, dtype=torch.float)[:, None, :]
        sparse, dense = network.prompt_encoder(points=None, boxes=boxes, masks=None)
        logits, _ = network.mask_decoder(
            image_embeddings=embedding,
            image_pe=network.prompt_encoder.get_dense_pe(),
            sparse_prompt_embeddings=sparse,
            dense_prompt_embeddings=dense,
            multimask_output=False,
        )
        out = functional.interpolate(torch.sigmoid(logits), size=(height, width), mode="bilinear", align_corners=False)
    return out[0, 0].numpy()


# ---- the same numbers as the families' own programs


@pytest.mark.parametrize(
    "prompt, given",
    [
        (Prompt(BOX), {"box": np.array(BOX)}),
        (Prompt(points=POINTS), {"point_coords": np.array(POINTS)[:, :2], "point_labels": np.array([1, 0])}),
        (
            Prompt(BOX, POINTS[:1]),
            {"box": np.array(BOX), "point_coords": np.array(POINTS)[:1, :2], "point_labels": np.array([1])},
        ),
    ],
    ids=["box", "points", "both"],
)
def test_sam_gives_what_its_own_predictor_gives(small, oblong, prompt, given):
    network, file = small
    predictor = segment_anything.SamPredictor(network)
    predictor.set_image(np.repeat(window(oblong)[..., None], 3, 2))
    masks, _, low = predictor.predict(**given, multimask_output=False, return_logits=True)
    prepared = opened("sam", file).prepare(oblong, Context(prompts=(prompt,)))
    found = prepared.predict(prepared.image[None])[0]
    expected = functional.interpolate(torch.tensor(low)[None], (SIZE, SIZE), mode="bilinear", align_corners=False)
    assert expected.sigmoid().std() > 0.1
    assert differs(found, expected[0].sigmoid()) < 1e-4
    on_slice = prepared.grid.to_slice(found.numpy())[0]
    assert on_slice.shape == oblong.shape
    assert np.mean((on_slice > 0.5) == (masks[0] > 0)) > 0.999


def test_medsam_gives_what_its_documented_steps_give(small, oblong):
    network, file = small
    prepared = opened("medsam", file).prepare(oblong, Context(prompts=(Prompt(BOX),)))
    found = prepared.grid.to_slice(prepared.predict(prepared.image[None])[0].numpy())[0]
    assert differs(found, medsam(network, np.repeat(window(oblong)[..., None], 3, 2), BOX)) < 1e-4


def test_medsam_on_a_real_scan(small, real_scan):
    network, file = small
    image = read_volume(real_scan("ct_series")).axial().voxels[10].astype(np.float32)
    box = (60.0, 150.0, 260.0, 380.0)
    prepared = opened("medsam", file).prepare(image, Context(prompts=(Prompt(box),)))
    found = prepared.grid.to_slice(prepared.predict(prepared.image[None])[0].numpy())[0]
    assert differs(found, medsam(network, np.repeat(window(image)[..., None], 3, 2), box)) < 1e-4


@pytest.fixture
def all_cores():
    """For the one test with a trillion operations."""
    threads = torch.get_num_threads()
    torch.set_num_threads(os.cpu_count() or 1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.timeout(900)
def test_vit_b_at_full_size_with_the_wrapper_of_medsams_training(tmp_path, phantom, liver_slice, all_cores):
    """1024 pixels, 93.7 million parameters, once, as it takes long: encoder, decoder, geometry in one number."""
    network = randomise(segment_anything.sam_model_registry["vit_b"]())
    torch.save({"model": network.state_dict(), "epoch": 3}, tmp_path / "medsam_vit_b.pth")
    segmenter = opened("medsam", tmp_path / "medsam_vit_b.pth")
    assert segmenter.provenance["variant"] == "vit_b" and segmenter.provenance["parameters"] == 93735472
    image = phantom[0].voxels[liver_slice].astype(np.float32)
    prepared = segmenter.prepare(image, Context(prompts=(Prompt(BOX),)))
    assert prepared.image.shape == (1, 1024, 1024)
    found = prepared.grid.to_slice(prepared.predict(prepared.image[None])[0].numpy())[0]
    assert differs(found, medsam(network, np.repeat(window(image)[..., None], 3, 2), BOX, 1024)) < 1e-4


@pytest.mark.parametrize("variant", ["vit_b", "vit_l", "vit_h"])
def test_every_variant_is_known_by_its_shapes(variant):
    with torch.device("meta"):
        published = segment_anything.sam_model_registry[variant]()
        encoder, grid, found = vit_encoder(published.state_dict(), "sam")
    assert (found, grid) == (variant, 64)
    own = {f"image_encoder.{k}": v.shape for k, v in encoder.state_dict().items()}
    assert own == {k: v.shape for k, v in published.state_dict().items() if k.startswith("image_encoder.")}
    settings = [[b.window_size, b.attn.num_heads] for b in encoder.blocks]
    assert settings == [[b.window_size, b.attn.num_heads] for b in published.image_encoder.blocks]


# ---- many images, many prompts


@pytest.mark.parametrize("family", ["sam", "medsam"])
def test_a_batch_with_several_prompts_is_one_by_one(small, oblong, family):
    targets = ("liver", "spleen", "stomach", "aorta")
    prompts = (Prompt(BOX), None, Prompt(points=POINTS), Prompt(OTHER))
    prepared = opened(family, small[1], targets).prepare(oblong, Context(prompts=prompts))
    batch = torch.stack([prepared.image, prepared.image.flip(-1), prepared.image * 0.5])
    together = prepared.predict(batch)
    assert together.shape[:2] == (3, 4) and not together[:, 1].any()
    assert differs(together, torch.cat([prepared.predict(image[None]) for image in batch])) < 1e-5
    for k in (0, 2, 3):
        alone = opened(family, small[1]).prepare(oblong, Context(prompts=(prompts[k],)))
        assert differs(together[:, [k]], alone.predict(batch)) < 1e-5
    assert differs(together[0], together[1]) > 0.01


def test_without_prompts_the_box_is_the_whole_slice(small, oblong):
    segmenter = opened("sam", small[1], ("liver", "spleen"))
    prepared = segmenter.prepare(oblong, Context())
    whole = Prompt((0.0, 0.0, float(oblong.shape[1]), float(oblong.shape[0])))
    expected = segmenter.prepare(oblong, Context(prompts=(whole, whole))).predict(prepared.image[None])
    assert torch.equal(prepared.predict(prepared.image[None]), expected)
    square = torch.rand(2, 1, SIZE, SIZE)
    assert segmenter.predict(square).shape == (2, 2, SIZE, SIZE)
    with pytest.raises(ModelError, match=r"1 prompts for 2 structures \(liver, spleen\)"):
        segmenter.prepare(oblong, Context(prompts=(whole,)))


def test_no_prompt_at_all_needs_no_network(small, oblong):
    prepared = opened("medsam", small[1]).prepare(oblong, Context(prompts=(None,)))
    assert not prepared.predict(prepared.image[None]).any()


# ---- attention


@pytest.mark.parametrize("attend", ["attend_with_masks", "attend_with_channels"])
@pytest.mark.parametrize("window", [0, 5])
@pytest.mark.parametrize("budget", [1, 2**20])
def test_attention_is_upstreams(small, monkeypatch, attend, window, budget):
    """Both ways, whole and in the smallest pieces, in windows that reach over the edge of a grid of 16."""
    block = small[0].image_encoder.blocks[0 if window else 1]
    assert block.window_size == window
    monkeypatch.setattr(sam_attention, "MASK_BYTES", budget)
    monkeypatch.setattr(sam_attention, "attend_with_masks", getattr(sam_attention, attend))
    x = torch.randn(2, 16, 16, 96)
    expected = block(x)
    found = x + sam_attention.attention(block.attn, block.norm1(x), block.window_size)
    found = found + block.mlp(block.norm2(found))
    assert differs(found, expected) < 1e-5


def test_attention_stretches_embeddings_of_another_grid():
    from segment_anything.modeling.image_encoder import Attention

    layer = Attention(32, num_heads=2, use_rel_pos=True, input_size=(5, 5))
    torch.nn.init.normal_(layer.rel_pos_h)
    torch.nn.init.normal_(layer.rel_pos_w)
    x = torch.randn(1, 8, 8, 32)
    with torch.no_grad():
        assert differs(sam_attention.attention(layer, x), layer(x)) < 1e-5


# ---- preparation


def test_other_modalities_are_scaled_by_percentiles_as_medsam_scales_them():
    image = np.abs(np.random.default_rng(0).normal(300, 200, (60, 70))).astype(np.float32)
    image[:20] = 0
    low, high = np.percentile(image[image > 0], 0.5), np.percentile(image[image > 0], 99.5)
    expected = np.clip(image.astype(np.float64), low, high)
    expected = (expected - expected.min()) / (expected.max() - expected.min()) * 255.0
    expected[image == 0] = 0
    found = grey_scale(image, "MR")(image)
    assert np.abs(found.astype(int) - np.uint8(expected)).max() <= 1  # of a rounding just below a whole number
    assert (found == np.uint8(expected)).mean() > 0.999
    assert not grey_scale(np.zeros((4, 4)), "MR")(np.zeros((4, 4))).any()


def test_the_contrast_of_other_modalities_is_that_of_the_scan(small):
    """As MedSAM takes it: a dark slice of a bright scan stays dark."""
    scan = np.abs(np.random.default_rng(0).normal(300, 100, (4, 60, 70))).astype(np.float32)
    scan[2] *= 0.2
    segmenter = opened("medsam", small[1])
    segmenter._recipe = dataclasses.replace(segmenter._recipe, stretch=False)
    context = Context("MR", volume=scan, index=2)
    known, alone = segmenter.prepare(scan[2], context), segmenter.prepare(scan[2], Context("MR"))
    assert known.image.mean() < 0.3 < alone.image.mean()
    low, high = np.percentile(scan[scan > 0], (0.5, 99.5))
    assert known.value(200.0) == pytest.approx((200 - low) / (high - low), abs=1 / 255)
    assert known.notes == () and "slice alone" in alone.notes[0]
    other = scan * 10
    assert segmenter.prepare(other[2], Context("MR", volume=other, index=2)).value(2000.0) == known.value(200.0)


@pytest.mark.parametrize("family", list(RECIPES))
def test_a_corner_stays_in_its_corner_and_left_stays_left(family):
    """A slice that is wider than high: stretched by MedSAM and SAM 2, padded below by the others."""
    image = np.full((60, 100), -1000, np.float32)
    image[:12, 75:] = 200
    grey, square, _ = RECIPES[family].prepare(image, grey_scale(image, "CT"), 256)
    rows, columns = np.nonzero(grey > 0.5)
    height = 256 if family in ("medsam", "sam2", "medsam2") else 154
    assert square.inner == (height, 256) and square.scale == (height / 60, 2.56)
    assert rows.min() == 0 and abs(rows.max() + 1 - height * 12 / 60) <= 2
    assert columns.max() == 255 and abs(columns.min() - 192) <= 2
    assert not grey[height:].any()
    mask = np.zeros(image.shape, bool)
    mask[:12, 75:] = True
    work = square.mask_to_work(mask)
    assert work.shape == (256, 256) and abs(int(work.sum()) - height * 12 / 60 * 64) < 0.03 * work.sum()
    assert not square.mask_to_work(np.ones(image.shape, bool))[height:].any()
    for edge in (256, 64):  # the image's own grid and the decoder's
        maps = functional.interpolate(torch.tensor(work)[None, None].float(), (edge, edge), mode="area")[0].numpy()
        back = square.to_slice(maps)
        assert back.shape == (1, 60, 100)
        assert ((back[0] > 0.5) ^ mask).sum() <= 40


def test_shrinking_a_mask_keeps_half_pixels():
    square = Square((40, 40), (20, 20), 20)
    mask = np.zeros((40, 40), bool)
    mask[10:20, 10:21] = True
    assert np.array_equal(np.argwhere(square.mask_to_work(mask))[[0, -1]], [[5, 5], [9, 10]])


@pytest.mark.parametrize("family", list(RECIPES))
def test_a_tissue_gets_the_grey_that_it_has_in_the_image(family):
    image = np.zeros((64, 64), np.float32)
    image[:32, :32], image[32:, :32], image[32:, 32:] = -1000, 50, 130
    grey, _, value = RECIPES[family].prepare(image, grey_scale(image, "CT"), 256)
    for hu, (y, x) in {-1000: (60, 60), 50: (190, 60), 130: (190, 190), 0: (60, 190)}.items():
        # MedSAM's cubic resize leaves flat 133 at 132.99…, and the fraction is cut off
        assert grey[y, x] == pytest.approx(value(hu), abs=0.006 if family == "medsam" else 1e-6)
    assert value(3000) <= 1 and value(-3000) == 0


def test_the_network_gets_the_perturbed_greys_and_the_families_padding(small, oblong):
    for family in ("sam", "medsam"):
        segmenter = opened(family, small[1])
        prepared = segmenter.prepare(oblong, Context(prompts=(Prompt(BOX),)))
        seen, encode = [], segmenter._encode
        segmenter._encode = lambda images, seen=seen, encode=encode: (seen.append(images.clone()), encode(images))[1]
        batch = prepared.image[None].clone()
        batch[..., 40:60, 30:50] = 0.25
        batch[..., -3:] = 1.0  # padding of this high slice for SAM, image for MedSAM
        prepared.predict(batch)
        mean, std = [123.675, 116.28, 103.53], [58.395, 57.12, 57.375]
        for c in range(3):
            grey = (0.25 * 255 - mean[c]) / std[c] if family == "sam" else 0.25
            assert differs(seen[0][0, c, 40:60, 30:50], grey) < 1e-5
        assert (seen[0][..., -3:] == (0 if family == "sam" else 1)).all()


# ---- files


def test_checkpoints_of_transformers_are_read_too(tmp_path, oblong):
    transformers = pytest.importorskip("transformers")
    vision = transformers.SamVisionConfig(
        hidden_size=96, num_hidden_layers=2, num_attention_heads=3, image_size=SIZE, window_size=5,
        global_attn_indexes=[1], mlp_dim=384, initializer_range=0.1,
    )  # fmt: skip
    prompts = {"image_size": SIZE, "image_embedding_size": SIZE // 16}
    config = transformers.SamConfig(vision_config=vision.to_dict(), prompt_encoder_config=prompts)
    network = randomise(transformers.SamModel(config))
    for parameter in network.mask_decoder.parameters():
        if parameter.dim() > 1:
            torch.nn.init.normal_(parameter, std=0.1)
    network.save_pretrained(tmp_path)
    targets = ("liver", "spleen")
    segmenter = opened("medsam", tmp_path / "model.safetensors", targets)
    prepared = segmenter.prepare(oblong, Context(prompts=(Prompt(BOX), Prompt(OTHER))))
    scale = torch.tensor(prepared.grid.scale[::-1] * 2)
    boxes = (torch.tensor([BOX, OTHER]) * scale)[None]
    pixels = prepared.image.expand(3, -1, -1)[None]
    expected = network(pixel_values=pixels, input_boxes=boxes, multimask_output=False).pred_masks.sigmoid()[0, :, 0]
    assert expected.std() > 0.01
    assert differs(prepared.predict(prepared.image[None])[0], expected) < 1e-4


def test_files_of_another_kind_are_refused_with_what_to_do(small, tmp_path):
    network, file = small
    state = network.state_dict()

    def refused(content, match, family="medsam", name="file.pth"):
        torch.save(content, tmp_path / name)
        with pytest.raises(WeightsError, match=match):
            open_segmenter(f"{family}:{tmp_path / name}", "cpu")

    refused({"conv.weight": torch.ones(1)}, r"no checkpoint of MedSAM. It holds conv.weight, …")
    refused({k: v for k, v in state.items() if "norm2.bias" not in k}, r"missing \(image_encoder.blocks.0.norm2.bias")
    refused({k: v for k, v in state.items() if "neck" not in k}, "no whole checkpoint of SAM: it lacks", "sam")
    refused({**state, "adapter.weight": torch.ones(1)}, r"1 unexpected \(adapter.weight\)")
    refused(network, r"holds the Python object segment_anything\.modeling\.sam\.Sam")
    with pytest.raises(WeightsError, match="sam:FILE"):
        open_segmenter("sam:", "cpu")
    with pytest.raises(WeightsError, match="nowhere.pth is not there; give the path of a checkpoint of SAM"):
        open_segmenter("sam:nowhere.pth", "cpu")
    for family in ("litemedsam", "mobilesam"):
        with pytest.raises(WeightsError, match="looks like MedSAM or SAM: open it as medsam:FILE"):
            open_segmenter(f"{family}:{file}", "cpu")


def test_prefixes_and_safetensors_make_no_difference(small, tmp_path, oblong):
    network, file = small
    state = network.state_dict()
    torch.save({"model": {f"module.{k}": v for k, v in state.items()}}, tmp_path / "parallel.pth")
    save_file({k: v.contiguous() for k, v in state.items()}, tmp_path / "sam.safetensors")
    outputs = []
    for name in (file, tmp_path / "parallel.pth", tmp_path / "sam.safetensors"):
        prepared = opened("sam", name).prepare(oblong, Context(prompts=(Prompt(BOX),)))
        outputs.append(prepared.predict(prepared.image[None]))
    assert torch.equal(outputs[0], outputs[1]) and torch.equal(outputs[0], outputs[2])


def test_without_the_package_the_extra_is_named(small, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "segment_anything", None)
    for family in ("sam", "medsam", "litemedsam", "mobilesam"):
        with pytest.raises(MissingPackage, match="pip install .*segment-anything"):
            open_segmenter(f"{family}:{small[1]}", "cpu")


def test_the_report_can_say_what_was_used(small, oblong):
    segmenter = opened("medsam", small[1], ("liver", "spleen"))
    assert segmenter.name == "MedSAM (sam_small.pth)" and segmenter.targets == ("liver", "spleen")
    assert open_segmenter(f"medsam:{small[1]}", "cpu").targets == ("target",)
    said = segmenter.prepare(oblong, Context("MR", prompts=(Prompt(BOX), Prompt(points=POINTS))))
    assert "percentile" in said.notes[0]
    expected = {"family": "medsam", "file": "sam_small.pth", "image_size": SIZE, "precision": "fp32"}
    assert expected.items() <= segmenter.provenance.items()
    assert segmenter.provenance["prompt"] == "box, points" and len(segmenter.provenance["sha256"]) == 64
    assert segmenter.provenance["variant"] == "vit of width 96, depth 3"


def test_a_file_that_is_called_medsam_is_not_opened_as_sam_in_silence(small, tmp_path, oblong):
    torch.save(small[0].state_dict(), tmp_path / "medsam_vit_b.pth")
    for family, notes in (("sam", 1), ("medsam", 0)):
        prepared = opened(family, tmp_path / "medsam_vit_b.pth").prepare(oblong, Context())
        assert len(prepared.notes) == notes and all("open it as medsam:FILE" in note for note in prepared.notes)


def test_a_network_that_the_device_has_no_room_for_is_said(small, monkeypatch):
    def full(self, *args):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr("XAICLIPLib.models.sam.checkpoint.PromptedNetwork.to", full)
    with pytest.raises(ResourceError, match="SAM needs 20 MB for its weights, more than cpu has free"):
        open_segmenter(f"sam:{small[1]}", "cpu")


# ---- precision


def test_memory_that_runs_out_at_the_first_image_is_said(small, oblong, tmp_path, monkeypatch):
    monkeypatch.setenv("XAICLIP_CACHE", str(tmp_path))
    monkeypatch.setattr(sam_precision, "fast_bfloat16", lambda device: True)
    segmenter = open_segmenter(f"sam:{small[1]}", "cpu")

    def full(images):
        raise torch.OutOfMemoryError("CUDA out of memory")

    segmenter._encode = full
    with pytest.raises(ResourceError, match="out of memory with one image of 256 x 256"):
        segmenter.prepare(oblong, Context())
    assert segmenter.precision is None  # not settled by an accident


@pytest.mark.parametrize(
    "slower, wrong, chosen",
    [
        (4.0, 0, "bf16"),
        (1.1, 0, "fp32"),
        (4.0, 40, "fp32 (bf16 changes the masks of the phantom: Dice 0.984)"),
        (4.0, None, "fp32 (the phantom shows it nothing to judge bf16 by)"),
    ],
)
def test_bfloat16_must_be_faster_and_leave_the_masks(monkeypatch, slower, wrong, chosen):
    clock = [0.0]
    monkeypatch.setattr(sam_precision, "fast_bfloat16", lambda device: True)
    monkeypatch.setattr(sam_precision.time, "perf_counter", lambda: clock[0])

    def predict(precision):
        clock[0] += slower if precision == "fp32" else 1.0
        mask = torch.zeros(1, 1, 100, 100)
        if wrong is not None:
            mask[..., 20 : 80 + (wrong if precision == "bf16" else 0) // 20, 20:80] = 1
        return mask

    assert sam_precision.choose(predict, torch.device("cpu")) == chosen


def test_a_refused_precision_is_said_and_remembered(small, oblong, tmp_path, monkeypatch):
    monkeypatch.setenv("XAICLIP_CACHE", str(tmp_path))
    reason = "fp32 (bf16 changes the masks of the phantom: Dice 0.900)"
    asked = []
    monkeypatch.setattr(sam_precision, "choose", lambda predict, device: (asked.append(predict("bf16")), reason)[1])
    for _ in range(2):
        segmenter = open_segmenter(f"sam:{small[1]}", "cpu")
        for _ in range(2):
            prepared = segmenter.prepare(oblong, Context())
        assert segmenter.precision == "fp32" and segmenter.provenance["precision"] == reason
        assert prepared.notes == (f"SAM (sam_small.pth) runs in {reason}",)
    assert len(asked) == 1


@pytest.mark.parametrize("least, runs_in", [(0.5, "bf16"), (1.01, "fp32")])
def test_the_encoder_runs_in_bfloat16_where_it_leaves_the_masks_of_the_slice(
    small, oblong, monkeypatch, least, runs_in
):
    """The way that a GPU takes, as far as a CPU can go it: near, and not the same; refused, the very same as fp32."""
    monkeypatch.setattr(sam_precision, "SAME_DICE", least)
    outputs, notes = {}, {}
    for precision in ("fp32", "bf16"):
        prepared = opened("sam", small[1], precision=precision).prepare(oblong, Context(prompts=(Prompt(BOX),)))
        outputs[precision], notes[precision] = prepared.predict(prepared.image[None]), prepared.notes
        assert outputs[precision].dtype == torch.float32
    if runs_in == "bf16":
        assert 0 < differs(outputs["fp32"], outputs["bf16"]) < 0.1 and notes["bf16"] == ()
    else:
        assert torch.equal(outputs["fp32"], outputs["bf16"])
        (note,) = notes["bf16"]
        assert "runs in fp32 (bf16 changes the masks of this slice: Dice 0.9" in note
    assert notes["fp32"] == ()
    empty = opened("sam", small[1], precision="bf16").prepare(oblong, Context(prompts=(None,)))
    assert not empty.predict(empty.image[None]).any()


# ---- the whole row


@pytest.mark.parametrize("family", ["sam", "medsam"])
def test_a_promptable_model_is_explained_from_the_words_alone(small, phantom, liver_slice, family):
    segmenter = opened(family, small[1], ("liver",))
    found = xai.explain(
        phantom[0], ["liver"], xai.Occlusion(96, 96, unit="px512"), model=segmenter, region="clip",
        slices=str(liver_slice), device="cpu",
    )  # fmt: skip
    explained = found.saliency.voxels
    region = found.roi.voxels > 0
    assert np.abs(explained).max() > 0 and not explained[~region].any()


def test_build_leaves_nothing_uninitialised(small):
    """Made on the meta device, then filled: every number must come from the file."""
    network, size, _ = build_vit(small[0].state_dict(), "file", "sam")
    assert size == SIZE
    assert not any(t.is_meta for t in (*network.parameters(), *network.buffers()))
    own = dict(network.named_buffers())
    assert set(own) == {"prompt_encoder.pe_layer.positional_encoding_gaussian_matrix"}
