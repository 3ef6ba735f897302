"""SAM 2 and MedSAM2 against the package `sam2`, and against transformers' `Sam2Model`, on random weights.

The networks are of the exact tiny architecture, for images of 256 pixels: no weight depends on their size.
"""

import re
import tempfile
import warnings

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from torch.nn import functional

from Testing.unit.agreement import differs
from XAICLIPLib.errors import WeightsError
from XAICLIPLib.metrics.randomisation import randomised
from XAICLIPLib.models.base import Context, Prompt
from XAICLIPLib.models.detect import recognise
from XAICLIPLib.models.load import open_segmenter
from XAICLIPLib.models.sam import hiera
from XAICLIPLib.models.sam import sam2 as sam2_family
from XAICLIPLib.models.sam.prepare import RECIPES, grey_scale
from XAICLIPLib.models.sam.sam2_checkpoint import build, read_state, variant_of

pytestmark = pytest.mark.slow

pytest.importorskip("segment_anything")
SIZE = 256
BOX, OTHER = (20.0, 30.0, 90.0, 100.0), (100.0, 60.0, 180.0, 220.0)
POINTS = ((40.0, 50.0, 1), (5.0, 5.0, 0))
FIRST = "output_hypernetworks_mlps.0."
PROMPTS = {"a box": Prompt(BOX), "points": Prompt(points=POINTS), "both": Prompt(BOX, POINTS)}


@pytest.fixture(scope="module")
def grey():
    """Bytes (256, 256) with edges and noise."""
    generator = torch.Generator().manual_seed(0)
    smooth = functional.interpolate(torch.rand(1, 1, 20, 20, generator=generator), (SIZE, SIZE), mode="bilinear")
    return (255 * smooth[0, 0]).to(torch.uint8).numpy()


def as_hu(grey):
    """What becomes these very bytes in the window of CT."""
    return ((grey + 0.5) / 255 * 400 - 160).astype(np.float32)


def randomise(network):
    """Masks of wide logits, but for the first one, whose edge depends on the threshold."""
    torch.manual_seed(1)
    for name, parameter in network.named_parameters():
        if "pos_embed" in name:
            torch.nn.init.normal_(parameter, std=0.3)
        if "output_hypernetworks_mlps" in name and re.search(r"layers\.2\.|proj_out", name):
            torch.nn.init.normal_(parameter, std=0.02 if FIRST in name else 1.0)
    return network.eval().requires_grad_(False)


def segmenter_of(state, family="sam2", targets=("liver",)):
    network, _ = build(state, "the file", family, SIZE)
    opened = sam2_family.Sam2Segmenter(network, sam2_family.encode, family, SIZE, torch.device("cpu"), targets)
    opened.precision = "fp32"
    return opened


@pytest.fixture(scope="module")
def own():
    """The package's own network, tiny, SAM 2.1."""
    pytest.importorskip("sam2")
    from sam2.build_sam import build_sam2

    config, size = "configs/sam2.1/sam2.1_hiera_t.yaml", [f"++model.image_size={SIZE}"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        network = build_sam2(config, None, "cpu", hydra_overrides_extra=size)
    return randomise(network)


@pytest.fixture
def sure(own):
    """The same, and the edge of its first mask does not depend on the threshold."""
    weight = own.get_parameter(f"sam_mask_decoder.{FIRST}layers.2.weight")
    weight.mul_(250)
    yield own
    weight.div_(250)


def tiny_state():
    """Weights of the tiny size under SAM 2's own names, from transformers' class: no memory among them."""
    transformers = pytest.importorskip("transformers", "4.56")
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as folder:
        save_file(
            {
                k: v.clone()
                for k, v in randomise(transformers.Sam2Model(transformers.Sam2Config())).state_dict().items()
            },
            f"{folder}/model.safetensors",
        )
        return read_state(f"{folder}/model.safetensors", "sam2")


def predictor_of(network):
    from sam2.sam2_image_predictor import SAM2ImagePredictor

    predictor = SAM2ImagePredictor(network)
    predictor._bb_feat_sizes = [(SIZE // n, SIZE // n) for n in (4, 8, 16)]
    return predictor


def told(prompt):
    points = np.array([p[:2] for p in prompt.points]) if prompt.points else None
    labels = np.array([p[2] for p in prompt.points]) if prompt.points else None
    box = None if prompt.box is None else np.array(prompt.box)
    return {"point_coords": points, "point_labels": labels, "box": box, "return_logits": True}


@pytest.mark.parametrize("kind", list(PROMPTS))
def test_masks_are_those_of_the_image_predictor(own, kind, grey):
    """One of its other three masks here, and for a slice of another shape than the network's."""
    compare(own, PROMPTS[kind], grey, stable=False)


def test_the_first_mask_is_the_answer_where_its_edge_is_sure(sure, grey):
    compare(sure, PROMPTS["a box"], grey, stable=True)


def compare(network, prompt, grey, stable):
    segmenter, predictor = segmenter_of(network.state_dict()), predictor_of(network)
    oblong = np.asarray(Image.fromarray(grey).resize((190, 230)))
    for slice_ in (grey,) if stable else (grey, oblong):  # the package cuts low_res logits at 32
        predictor.set_image(np.stack([slice_] * 3, -1))
        [whole], _, coarse = predictor.predict(**told(prompt), multimask_output=False)
        others = predictor.predict(**told(prompt))[0]
        assert np.any([np.allclose(whole, other, atol=1e-4) for other in others]) != stable
        prepared = segmenter.prepare(as_hu(slice_), Context("CT", prompts=(prompt,)))
        found = prepared.predict(prepared.image[None])[0]
        expected = torch.from_numpy(whole)[None]
        if slice_ is oblong:
            expected = functional.interpolate(torch.from_numpy(coarse)[None], (SIZE, SIZE), mode="bilinear")[0]
        assert differs(found, expected.sigmoid()) <= (1e-3 if stable else 1e-4)
        # masks of random weights are all edge; that of a trained network is hardly any
        mine, theirs = prepared.grid.to_slice(found.numpy())[0] > 0.5, whole > 0
        assert 2 * (mine & theirs).sum() / (mine.sum() + theirs.sum()) >= (0.999 if slice_ is grey else 0.98)


def test_copies_in_a_batch_get_what_each_gets_alone(own, grey):
    """Perturbed copies, several prompts: the package, one by one, with the mask that the image itself was given."""
    segmenter, predictor = segmenter_of(own.state_dict(), targets=("a", "b", "c")), predictor_of(own)
    prompts = (Prompt(BOX), None, Prompt(OTHER))
    prepared = segmenter.prepare(as_hu(grey), Context("CT", prompts=prompts))
    copies = prepared.image[None].repeat(3, 1, 1, 1)
    copies[1, :, 60:90, 40:80] = 0.0
    copies[2] = 1.0 - copies[2]
    found = prepared.predict(copies)
    assert not found[:, 1].any()
    choices = {}
    for copy, output in zip(copies, found):
        bytes_ = (255 * copy[0]).round().to(torch.uint8).numpy()
        predictor.set_image(np.stack([bytes_] * 3, -1))
        for k in (0, 2):
            asked = told(prompts[k])
            every = np.concatenate([_first(predictor, asked), predictor.predict(**asked)[0]])
            if k not in choices:
                single = predictor.predict(**asked, multimask_output=False)[0][0]
                choices[k] = next(m for m, mask in enumerate(every) if np.allclose(mask, single, atol=1e-4))
                assert choices[k] > 0
            expected = torch.from_numpy(every[choices[k]]).sigmoid()
            assert (output[k] - expected).abs().max() <= 1e-3


def _first(predictor, asked):
    """The first of the four masks, stable or not."""
    decoder = predictor.model.sam_mask_decoder
    decoder.dynamic_multimask_via_stability = False
    try:
        return predictor.predict(**asked, multimask_output=False)[0]
    finally:
        decoder.dynamic_multimask_via_stability = True


def test_transformers_names_and_its_own_masks(tmp_path, grey):
    """Its Sam2Model, whose files have other names, on the same image and box."""
    transformers = pytest.importorskip("transformers", "4.56")
    vision = {
        "backbone_config": {"model_type": "sam2_hiera_det_model", "image_size": [SIZE, SIZE]},
        "backbone_feature_sizes": [[SIZE // n] * 2 for n in (4, 8, 16)],
    }
    config = transformers.Sam2Config(
        vision_config=vision, prompt_encoder_config={"image_size": SIZE}, mask_decoder_config={}
    )
    torch.manual_seed(0)
    network = randomise(transformers.Sam2Model(config))
    network.no_memory_embedding.normal_(std=0.02)
    for embedding in (network.shared_image_embedding, network.prompt_encoder.shared_embedding):
        embedding.positional_embedding.copy_(torch.randn(2, 128, generator=torch.Generator().manual_seed(0)))
    save_file({k: v.clone() for k, v in network.state_dict().items()}, tmp_path / "model.safetensors")
    assert recognise(tmp_path / "model.safetensors").spec.startswith("sam2:")
    segmenter = segmenter_of(read_state(str(tmp_path / "model.safetensors"), "sam2"))
    prepared = segmenter.prepare(as_hu(grey), Context("CT", prompts=(Prompt(BOX),)))
    pixels = (prepared.image[None] - segmenter._mean) / segmenter._std
    boxes = torch.tensor([[BOX]])
    with torch.inference_mode():
        logits = network(pixel_values=pixels, input_boxes=boxes, multimask_output=False).pred_masks[0, 0]
    expected = functional.interpolate(logits[None], (SIZE, SIZE), mode="bilinear").sigmoid()[0, 0]
    assert expected.std() > 0.03
    assert (prepared.predict(prepared.image[None])[0, 0] - expected).abs().max() <= 1e-4


def test_medsam2_says_where_there_is_nothing(own, grey):
    """Its own program, a tracker, empties the mask of an object that its score says is not there."""
    state = dict(own.state_dict())
    image = as_hu(grey)
    context = Context("CT", prompts=(Prompt(BOX),))
    bias = "sam_mask_decoder.pred_obj_score_head.layers.2.bias"
    for score, drawn in ((50.0, True), (-50.0, False)):
        segmenter = segmenter_of({**state, bias: torch.full((1,), score)}, "medsam2")
        prepared = segmenter.prepare(image, context)
        assert bool((prepared.predict(prepared.image[None]) > 0).any()) == drawn
    plain = segmenter_of({**state, bias: torch.full((1,), -50.0)})
    prepared = plain.prepare(image, context)
    assert (prepared.predict(prepared.image[None]) > 0.5).any()


def test_medsam2_gets_its_own_image(grey):
    """Pillow's bicubic on bytes, as its inference script has it."""
    oblong = np.asarray(Image.fromarray(grey).resize((190, 230)))
    image = as_hu(oblong)
    found, square, _ = RECIPES["medsam2"].prepare(image, grey_scale(image, "CT"), 512)
    expected = np.asarray(Image.fromarray(oblong).convert("RGB").resize((512, 512)))[..., 0]
    assert np.array_equal(np.rint(found * 255), expected) and square.inner == (512, 512)


@pytest.mark.parametrize("shape", hiera.PUBLISHED, ids=lambda shape: shape.name)
def test_every_published_encoder_has_its_own_windows(shape):
    """The package's Hiera of that depth, its windows and its global blocks, but narrow."""
    hieradet = pytest.importorskip("sam2.modeling.backbones.hieradet")
    narrow = hiera.HieraShape(shape.name, 8 * shape.heads, shape.heads, shape.depths, shape.everywhere, shape.windows)
    torch.manual_seed(0)
    expected = hieradet.Hiera(
        embed_dim=narrow.width, num_heads=shape.heads, stages=shape.depths, global_att_blocks=shape.everywhere,
        window_spec=shape.windows, window_pos_embed_bkg_spatial_size=(7, 7),
    ).eval()  # fmt: skip
    for parameter in (expected.pos_embed, expected.pos_embed_window):
        torch.nn.init.normal_(parameter)
    trunk = hiera.Hiera(narrow, (7, 7)).eval()
    trunk.load_state_dict(expected.state_dict())
    images = torch.rand(2, 3, 192, 192)
    with torch.inference_mode():
        for mine, theirs in zip(trunk(images), expected(images)):
            assert (mine - theirs).abs().max() <= 1e-4


def test_the_kind_is_read_from_the_file_and_the_name(own, tmp_path):
    """Version and size by the weights; 512 pixels by the name of MedSAM2, whose weights look alike."""
    state = own.state_dict()
    torch.save({"model": state}, tmp_path / "sam2.1_hiera_tiny.pt")
    torch.save({"model": state}, tmp_path / "MedSAM2_latest.pt")
    found = recognise(tmp_path / "sam2.1_hiera_tiny.pt")
    assert found.spec == f"sam2:{tmp_path / 'sam2.1_hiera_tiny.pt'}" and "if it is, write medsam2:" in found.reason
    assert recognise(tmp_path / "MedSAM2_latest.pt").spec.startswith("medsam2:")
    opened = open_segmenter(str(tmp_path / "MedSAM2_latest.pt"), "cpu", ("liver",))
    assert opened.promptable and opened.provenance["variant"] == "SAM 2.1 tiny"
    assert opened.provenance["image_size"] == 512
    assert variant_of({k: v for k, v in state.items() if k != "no_obj_embed_spatial"})[1] == "2"
    with pytest.raises(WeightsError, match="open it as sam:FILE|is no checkpoint of SAM"):
        open_segmenter(f"sam:{tmp_path / 'MedSAM2_latest.pt'}", "cpu")


def test_random_weights_change_the_encoder_too(own):
    """What shows whether a map depends on the model would otherwise randomise the decoder alone."""
    segmenter = segmenter_of(own.state_dict())
    other = randomised(segmenter)
    images = torch.rand(1, 3, SIZE, SIZE)
    with torch.inference_mode():
        before, after = segmenter._encode(images)[0], other._encode(images)[0]
    assert (before - after).abs().max() > 0.1
    with torch.inference_mode():
        assert torch.equal(before, segmenter._encode(images)[0])


def test_what_can_not_be_opened_says_what_to_do(own, tmp_path):
    state = own.state_dict()
    whole = tmp_path / "sam2_hiera_tiny.pt"
    torch.save({"model": state}, whole)
    (tmp_path / "half.pt").write_bytes(whole.read_bytes()[: -(10**6)])
    lacking = {k: v for k, v in state.items() if "blocks.3.attn" not in k}
    torch.save(lacking, tmp_path / "lacking.pt")
    torch.save({k: v for k, v in state.items() if "blocks.11." not in k}, tmp_path / "shallow.pt")
    torch.save({"conv.weight": torch.zeros(2)}, tmp_path / "other.pt")
    torch.save({"mask_decoder.iou_token.weight": torch.zeros(1, 256)}, tmp_path / "sam_vit_b.pth")
    for name, says in {
        "half.pt": "get the file again",
        "lacking.pt": "missing",
        "shallow.pt": "only tiny, small, base_plus and large",
        "other.pt": "is no checkpoint of SAM 2",
        "sam_vit_b.pth": "open it as sam:FILE",
        "none.pt": "is not there",
    }.items():
        with pytest.raises(WeightsError, match=says):
            open_segmenter(f"sam2:{tmp_path / name}", "cpu")
