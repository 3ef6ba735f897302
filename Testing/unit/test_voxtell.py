"""VoxTell against the package `voxtell`, on a folder as it is published, with a narrow network of random weights.

The network is of the package's own class: six stages and six layers of the prompt decoder, but few channels, and tiles
of 64 voxels.
"""

import json

import numpy as np
import pytest
import torch

import XAICLIPLib as xai
from Testing.unit.agreement import differs
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import InputError, ModelError, WeightsError
from XAICLIPLib.models.base import Context
from XAICLIPLib.models.detect import family_of
from XAICLIPLib.models.load import open_segmenter
from XAICLIPLib.models.voxtell import text
from XAICLIPLib.pipeline.locate import locate
from XAICLIPLib.volume import Volume

pytestmark = pytest.mark.slow

pytest.importorskip("nnunetv2")
package = pytest.importorskip("voxtell.model.voxtell_model")
WIDTH, QUERY, TILE = 40, 48, 64
WORDS = ("liver", "left kidney", "right kidney", "spleen")
STAGES = {i: {"channels": 4, "shape": (TILE // 2**i,) * 3} for i in range(6)}
ARCHITECTURE = {
    "n_stages": 6,
    "features_per_stage": [4] * 6,
    "conv_op": "torch.nn.modules.conv.Conv3d",
    "kernel_sizes": [[3, 3, 3]] * 6,
    "strides": [[1, 1, 1]] + [[2, 2, 2]] * 5,
    "n_blocks_per_stage": [1] * 6,
    "n_conv_per_stage_decoder": [1] * 5,
    "conv_bias": True,
    "norm_op": "torch.nn.modules.instancenorm.InstanceNorm3d",
    "norm_op_kwargs": {"eps": 1e-5, "affine": True},
    "dropout_op": None,
    "dropout_op_kwargs": None,
    "nonlin": "torch.nn.LeakyReLU",
    "nonlin_kwargs": {"inplace": True},
}
PLANS = {
    "dataset_name": "Dataset001_VoxTell",
    "configurations": {
        "3d_fullres": {
            "patch_size": [TILE] * 3,
            "spacing": [1.0, 1.0, 1.0],
            "architecture": {
                "network_class_name": "voxtell.model.voxtell_model.VoxTellModel",
                "arch_kwargs": ARCHITECTURE,
                "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"],
            },
        }
    },
}


def network_of():
    import pydoc

    imported = {key: ARCHITECTURE[key] and pydoc.locate(ARCHITECTURE[key]) for key in ("conv_op", "norm_op", "nonlin")}
    narrow = type("Narrow", (package.VoxTellModel,), {"DECODER_CONFIGS": STAGES})
    torch.manual_seed(0)
    network = narrow(
        input_channels=1, **{**ARCHITECTURE, **imported}, decoder_layer=4, text_embedding_dim=WIDTH,
        num_maskformer_stages=5, num_heads=4, query_dim=QUERY, project_to_decoder_hidden_dim=32,
    )  # fmt: skip
    for projection in network.project_to_decoder_channels:
        torch.nn.init.normal_(projection[2].weight, std=0.5)
        torch.nn.init.normal_(projection[2].bias, std=0.5)
    return network.eval().requires_grad_(False)


@pytest.fixture(scope="module")
def network():
    return network_of()


@pytest.fixture(scope="module")
def folder(network, tmp_path_factory):
    """The published layout, with the bank of vectors beside the model as in its repository."""
    place = tmp_path_factory.mktemp("hub") / "voxtell_v1.1"
    (place / "fold_0").mkdir(parents=True)
    (place / "plans.json").write_text(json.dumps(PLANS))
    torch.save({"network_weights": network.state_dict(), "current_epoch": 1}, place / "fold_0/checkpoint_final.pth")
    bank = place.parent / "embeddings" / place.name
    bank.mkdir(parents=True)
    vectors = np.random.default_rng(0).normal(size=(len(WORDS), WIDTH)).astype(np.float16)
    np.savez(bank / "text_embeddings.npz", labels=np.array(WORDS), embeddings=vectors)
    return place


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """No model and no text tower of this machine is found."""
    for name in ("VOXTELL_MODEL", "HF_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "nothing"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "nothing"))


@pytest.fixture(scope="module")
def scan():
    """Axial LPS voxels of another shape than the tiles', with an empty border."""
    voxels = np.zeros((40, 80, 72), np.float32)
    noise = np.random.default_rng(1).normal(size=(30, 70, 60)).astype(np.float32)
    voxels[5:35, 4:74, 8:68] = 100 * np.cumsum(noise, 1) / 8 + 40
    return voxels


def predictor_of(network, folder):
    """The package's own program, without what it fetches."""
    inference = pytest.importorskip("voxtell.inference.predictor")
    own = inference.VoxTellPredictor.__new__(inference.VoxTellPredictor)
    own.device, own.network, own.patch_size = torch.device("cpu"), network, [TILE] * 3
    own.normalization = inference.ZScoreNormalization(intensityproperties={})
    own.tile_step_size, own.perform_everything_on_device = 0.5, True
    own.embedding_bank = inference.load_embedding_bank(
        str(folder.parent / "embeddings" / folder.name / "text_embeddings.npz")
    )
    return own


def in_ras(axial):
    """What nnU-Net's reader gives of an axial LPS volume: z first, x to the right, y to the front."""
    return np.ascontiguousarray(axial[:, ::-1, ::-1])


def test_a_prediction_is_the_packages_own(network, folder, scan):
    targets = ("liver", "kidney_left")
    segmenter = open_segmenter(f"voxtell:{folder}", "cpu", targets)
    assert segmenter.provenance["texts"] == ["liver", "left kidney"] and segmenter.targets == targets
    prepared = segmenter.prepare(scan, Context("CT", (1.0, 1.0, 1.0)))
    found = prepared.predict(prepared.image[None])[0]
    own = predictor_of(network, folder)
    image, _, _ = own.preprocess(in_ras(scan)[None])
    logits = own.predict_sliding_window_return_logits(image, own.embed_text_prompts(["Liver", "left kidney"]))
    expected = torch.from_numpy(np.ascontiguousarray(logits.float().sigmoid().numpy()[:, :, ::-1, ::-1]))
    assert expected.std() > 0.05 and found.shape == expected.shape
    assert differs(found, expected) <= 1e-3
    masks = own.predict_single_image(in_ras(scan)[None], ["liver", "left kidney"])[:, :, ::-1, ::-1] > 0
    mine = prepared.grid.to_slice(found.numpy()) > 0.5
    assert mine.any() and 2 * (mine & masks).sum() / (mine.sum() + masks.sum()) >= 0.9999


def test_an_explanation_runs_to_its_end(folder, scan, tmp_path):
    """Structures in words, a map on the scan's own grid, and the report."""
    volume = Volume(scan, (1.0, 1.0, 1.0), modality="CT", name="scan")
    found = xai.explain(
        volume, ["liver"], model=f"voxtell:{folder}", region="full", method="occlusion", patch="40mm", stride="40mm",
        evidence="none", device="cpu",
    )  # fmt: skip
    assert found.drop.voxels.shape == scan.shape and np.isfinite(found.drop.voxels).all()
    assert found.prediction.voxels.any() and np.ptp(found.drop.voxels) > 0
    [row] = found.summary
    assert row.structure == "liver" and row.evaluations == 4 and found.report["dimensions"] == 3
    found.save(tmp_path / "out", pictures=False)
    assert (tmp_path / "out" / "report.json").is_file()


def test_tiles_that_are_not_touched_are_not_run(folder, scan):
    segmenter = open_segmenter(f"voxtell:{folder}", "cpu", ("spleen",))
    prepared = segmenter.prepare(scan, Context("CT", (1.0, 1.0, 1.0)))
    prepared.predict(prepared.image[None])
    tiles = prepared.predict.window.tiles_run
    assert tiles == 2
    copy = prepared.image[None].clone()
    copy[..., :3, :3] = prepared.value(-1000.0)
    found = prepared.predict(copy)
    assert prepared.predict.window.tiles_run - tiles < 2
    assert torch.equal(found, segmenter.predict(copy))


def test_words_from_a_tower_on_disk_are_the_packages_own(folder, network, tmp_path):
    """A tiny tower of the same kind, saved as transformers saves one; words of the bank never reach it."""
    transformers = pytest.importorskip("transformers", "4.56")
    tokenizers = pytest.importorskip("tokenizers")
    letters = {c: i for i, c in enumerate(["<pad>", *map(chr, range(32, 127)), "\n"])}
    spelled = tokenizers.Tokenizer(tokenizers.models.WordLevel(letters, unk_token="<pad>"))
    spelled.pre_tokenizer = tokenizers.pre_tokenizers.Split("", "isolated")
    transformers.PreTrainedTokenizerFast(tokenizer_object=spelled, pad_token="<pad>").save_pretrained(tmp_path)
    torch.manual_seed(0)
    config = transformers.Qwen3Config(
        vocab_size=len(letters), hidden_size=WIDTH, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=10,
    )  # fmt: skip
    transformers.Qwen3Model(config).save_pretrained(tmp_path, safe_serialization=True)
    own = predictor_of(network, folder)
    own._text_encoding_model, own.tokenizer, own.text_backbone = str(tmp_path), None, None
    own.max_text_length = 8192
    texts = ["liver cyst", "spleen", "a tumour of the left kidney"]
    found, source = text.vectors_of(texts, folder, WIDTH, torch.device("cpu"), tmp_path)
    assert "text_embeddings.npz and Qwen" in source
    expected = own.embed_text_prompts(texts)[0]
    assert (found - expected).abs().max() <= 1e-3 * expected.abs().max()


def test_a_region_is_where_voxtell_finds_the_words(folder, scan):
    volume = Volume(scan, spacing=(2.0, 2.0, 3.0), modality="CT")
    request = Request.of("scan", ("liver",), vlm=f"voxtell:{folder}", slices="20:21")
    region = locate(request, scan=volume)
    segmenter = open_segmenter(f"voxtell:{folder}", "cpu", ("liver",))
    prepared = segmenter.prepare(scan, Context("CT", (3.0, 2.0, 2.0)))
    found = prepared.grid.to_slice(prepared.predict(prepared.image[None])[0].numpy())[0, 20]
    similarity = region.similarities["liver"].voxels[20]
    assert np.corrcoef(similarity.ravel(), found.ravel())[0, 1] > 0.8  # smoothed
    told = region.report["vision_language_model"]
    assert told["family"] == "voxtell" and {"model", "file", "sha256"} <= set(told)


def test_what_has_no_learned_prompts_says_so(folder, scan):
    volume = Volume(scan, spacing=(2.0, 2.0, 3.0), modality="CT")
    request = Request.of("scan", ("liver",), vlm=f"voxtell:{folder}", slices="20", learned_prompts="some.json")
    with pytest.raises(InputError, match="no prompts to be learned"):
        locate(request, scan=volume)


def test_a_folder_alone_is_recognised(folder):
    for path in (folder, folder / "fold_0/checkpoint_final.pth", folder / "plans.json", folder.parent):
        assert family_of(path) == f"voxtell:{folder}"


def test_what_can_not_be_opened_says_what_to_do(folder, tmp_path):
    with pytest.raises(WeightsError, match="no vector for 'liver tumour'.*download its text tower"):
        open_segmenter(f"voxtell:{folder}", "cpu", ("liver_tumour",))
    with pytest.raises(WeightsError, match="no model of VoxTell is on this machine"):
        open_segmenter("voxtell:", "cpu", ("liver",))
    whole = (folder / "fold_0/checkpoint_final.pth").read_bytes()
    for name, plans, weights, error, says in (
        ("empty", None, None, WeightsError, "lacks plans.json and fold_0/checkpoint_final.pth"),
        ("half", PLANS, whole[: len(whole) // 2], WeightsError, "get the file again"),
        ("alone", PLANS, whole, WeightsError, "put embeddings/voxtell_v1.1/text_embeddings.npz"),
        ("other", {"configurations": {}}, whole, WeightsError, "lacks '3d_fullres'"),
        ("evil", "evil", whole, ModelError, "is no network part"),
    ):
        place = tmp_path / name
        (place / "fold_0").mkdir(parents=True)
        if plans == "evil":
            plans = json.loads(json.dumps(PLANS))
            plans["configurations"]["3d_fullres"]["architecture"]["arch_kwargs"]["nonlin"] = "os.system"
        if plans is not None:
            (place / "plans.json").write_text(json.dumps(plans))
            (place / "fold_0/checkpoint_final.pth").write_bytes(weights)
        with pytest.raises(error, match=says):
            open_segmenter(f"voxtell:{place}", "cpu", ("liver",))


def test_a_bank_that_would_be_unpickled_is_refused(tmp_path):
    np.savez(tmp_path / "bank.npz", labels=np.array([{"a": 1}], dtype=object), embeddings=np.zeros((1, 4), np.float16))
    with pytest.raises(WeightsError, match="can't be read as vectors of texts"):
        text.read_bank(tmp_path / "bank.npz")
