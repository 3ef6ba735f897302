"""Words to a region: any open_clip model, its similarity by an independent way, thresholds, and the fallbacks."""

import json
import sys

import numpy as np
import open_clip
import pytest
import torch
from safetensors.torch import save_file
from scipy import ndimage

from XAICLIPLib.anatomy import BACKGROUND_TEXTS
from XAICLIPLib.errors import MissingPackage, ModelError, WeightsError
from XAICLIPLib.preprocess import PRESETS, Frame
from XAICLIPLib.roi.masks import box_around
from XAICLIPLib.vlm.load import open_vision_language_model

TINY = {
    "embed_dim": 24,
    "vision_cfg": {"image_size": 64, "layers": 2, "width": 32, "head_width": 16, "patch_size": 16},
    "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1},
}
CONFIGS = {
    "xaiclip-test-vit": TINY,
    "xaiclip-test-wide": {**TINY, "embed_dim": 40},
    "xaiclip-test-sigmoid": {**TINY, "init_logit_bias": -3.0, "init_logit_scale": 2.0},
    "xaiclip-test-siglip": {**TINY, "text_cfg": {**TINY["text_cfg"], "hf_tokenizer_name": "no/such-tokenizer"}},
    "xaiclip-test-resnet": {
        **TINY,
        "vision_cfg": {"image_size": 64, "layers": [1, 1, 1, 1], "width": 8, "patch_size": None},
    },
    "xaiclip-test-timm": {
        **TINY,
        "vision_cfg": {
            "timm_model_name": "test_vit",
            "timm_model_pretrained": False,
            "timm_pool": "",
            "timm_proj": "linear",
            "image_size": 160,
        },
    },
}


@pytest.fixture(scope="session")
def checkpoints(tmp_path_factory):
    """Tiny random models of several architectures, as checkpoint files; open_clip knows their names."""
    folder = tmp_path_factory.mktemp("vlm")
    for name, config in CONFIGS.items():
        (folder / "configs").mkdir(exist_ok=True)
        (folder / "configs" / f"{name}.json").write_text(json.dumps(config))
    open_clip.add_model_config(folder / "configs")
    files = {}
    for seed, name in enumerate(CONFIGS):
        torch.manual_seed(seed)
        model = open_clip.create_model(name)
        files[name] = folder / f"{name}.safetensors"
        save_file({k: v.contiguous() for k, v in model.state_dict().items()}, files[name])
        torch.save(model.state_dict(), folder / f"{name}.pt")
    return files


@pytest.fixture(scope="session")
def picture():
    rng = np.random.default_rng(0)
    image = ndimage.gaussian_filter(rng.random((90, 110)), 6)
    return ((image - image.min()) / np.ptp(image)).astype(np.float32)


def frame(size):
    return Frame(5, 10, 80, size, (90, 110))


FRAME = frame(64)


def by_hand(name, file, picture, prompts):
    """Patch tokens through open_clip's own intermediate outputs, texts through its own encoder: (P, h, w) cosines."""
    model, _, preprocess = open_clip.create_model_and_transforms(name, pretrained=str(file), precision="fp32")
    model.eval()
    normalise, tokenizer = preprocess.transforms[-1], open_clip.get_tokenizer(name)
    size = 160 if hasattr(model.visual, "trunk") else 64
    work = torch.from_numpy(frame(size).to_work(picture, 0.0)).expand(1, 3, -1, -1)
    work = (work - torch.tensor(normalise.mean).view(3, 1, 1)) / torch.tensor(normalise.std).view(3, 1, 1)
    with torch.no_grad():
        if hasattr(model.visual, "trunk"):
            tokens = model.visual.head(model.visual.trunk.forward_features(work)[:, 1:])
        else:
            found = model.visual.forward_intermediates(
                work, indices=1, normalize_intermediates=True, intermediates_only=True
            )
            tokens = found["image_intermediates"][0].flatten(2).transpose(1, 2) @ model.visual.proj
        texts = [
            torch.nn.functional.normalize(model.encode_text(tokenizer(list(p)), normalize=True).mean(0), dim=0)
            for p in prompts
        ]
    tokens = torch.nn.functional.normalize(tokens, dim=-1).reshape(size // 16, size // 16, -1)
    return torch.stack([tokens @ t for t in texts]) * model.logit_scale.exp().item(), model


@pytest.mark.slow
@pytest.mark.parametrize("name", ["xaiclip-test-vit", "xaiclip-test-timm", "xaiclip-test-sigmoid"])
@pytest.mark.parametrize("ending", [".safetensors", ".pt"])
def test_any_open_clip_architecture_with_a_checkpoint_by_path(checkpoints, picture, name, ending):
    file = checkpoints[name].with_suffix(ending)
    asked = {"liver": ("liver", "a CT of the liver"), "spleen": ("spleen",)}
    model = open_vision_language_model(f"{name}:{file}")
    maps = model.locate(*model.encode([picture], [frame(model.size)], "patch"), asked)
    logits, peer = by_hand(name, file, picture, [*asked.values(), *([p] for p in BACKGROUND_TEXTS)])
    if getattr(peer, "logit_bias", None) is not None:
        probability = torch.sigmoid(logits[:2] + peer.logit_bias.item())
    else:  # a softmax of each structure against the background alone, not against the other structure
        probability = torch.stack([torch.cat([logits[k : k + 1], logits[2:]]).softmax(0)[0] for k in range(2)])
    large = (
        torch.nn.functional.interpolate(probability[None].float(), (model.size,) * 2, mode="bilinear")[0]
        .detach()
        .numpy()
    )
    assert list(maps) == ["liver", "spleen"]
    for found, expected in zip(maps.values(), frame(model.size).to_slice(large)):
        assert found.shape == (90, 110) and 0 <= found.min() and found.max() <= 1
        assert np.abs(found - expected).max() < 1e-4
        assert np.ptp(found) > 1e-3 and not found[:5].any()  # nothing is claimed outside the frame
    assert model.provenance["file"] == file.name and len(model.provenance["sha256"]) == 64


def test_a_structure_asked_for_alone_or_with_others_has_the_same_map(checkpoints, picture):
    model = open_vision_language_model(f"xaiclip-test-vit:{checkpoints['xaiclip-test-vit']}")
    [seen] = model.encode([picture], [FRAME])
    both = model.locate(seen, {"liver": ("liver",), "spleen": ("spleen",)})
    assert np.allclose(model.locate(seen, {"spleen": ("spleen",)})["spleen"], both["spleen"], atol=1e-6)


@pytest.mark.slow
def test_a_local_folder(checkpoints, picture, tmp_path):
    name = "xaiclip-test-vit"
    config = {"model_cfg": CONFIGS[name], "preprocess_cfg": {"mean": [0.5] * 3, "std": [0.25] * 3, "size": 64}}
    (tmp_path / "open_clip_config.json").write_text(json.dumps(config))
    (tmp_path / "open_clip_model.safetensors").write_bytes(checkpoints[name].read_bytes())
    folder = open_vision_language_model(f"local-dir:{tmp_path}")
    assert folder.size == 64 and folder.preset_for("CT", PRESETS["ct-liver"]) is PRESETS["ct-liver"]
    there = folder.locate(*folder.encode([picture], [FRAME]), {"liver": ("liver",)})["liver"]
    # the folder's own normalisation is used: the same weights under another one see another image
    path = open_vision_language_model(f"{name}:{checkpoints[name]}")
    assert np.abs(there - path.locate(*path.encode([picture], [FRAME]), {"liver": ("liver",)})["liver"]).max() > 1e-4


@pytest.mark.parametrize(
    "spec, says",
    [
        ("NoSuchNet:{vit}", "open_clip knows no architecture 'NoSuchNet'"),
        ("xaiclip-test-vit:/nowhere/model.safetensors", "there is no checkpoint /nowhere/model.safetensors"),
        ("xaiclip-test-vit", "name its weights"),
        ("local-dir:/nowhere", "there is no checkpoint"),
        ("xaiclip-test-wide:{vit}", r"is no xaiclip-test-wide.* of another shape \(.*\(49408, 16\)|of another shape"),
        ("xaiclip-test-vit:{wide}", "of another shape"),
        ("xaiclip-test-timm:{vit}", r"missing \(.*visual.trunk.*unexpected \(.*visual.*"),
        ("xaiclip-test-vit:{garbage}", "can't be read as a checkpoint"),
        ("xaiclip-test-vit:{cut}", "can't be read as a checkpoint"),
        ("xaiclip-test-vit:{text}", "can't be read as a checkpoint|is refused: it holds no weights"),
        ("xaiclip-test-vit:{empty}", "can't be read as a checkpoint"),
        ("xaiclip-test-vit:{sigmoid}", r"1 unexpected \(logit_bias\)"),
        ("xaiclip-test-sigmoid:{vit}", r"1 missing \(logit_bias\)"),
        ("xaiclip-test-vit:{pickle}", "is refused: it holds the Python object"),
    ],
)
def test_a_checkpoint_that_is_wrong(checkpoints, tmp_path, spec, says):
    files = {key.rpartition("-")[2]: file for key, file in checkpoints.items()}
    files["garbage"], files["cut"] = tmp_path / "garbage.safetensors", tmp_path / "cut.safetensors"
    files["text"], files["pickle"] = tmp_path / "text.pt", tmp_path / "evil.pt"
    files["empty"] = tmp_path / "empty.pt"
    files["empty"].write_bytes(b"")
    files["garbage"].write_bytes(b"\0" * 64)
    files["cut"].write_bytes(files["vit"].read_bytes()[:5000])
    files["text"].write_text("version https://git-lfs.github.com/spec/v1")
    torch.save({"state_dict": _Evil()}, files["pickle"])
    with pytest.raises(WeightsError, match=says) as caught:
        open_vision_language_model(spec.format(**files))
    assert "\n" not in str(caught.value)
    assert not _Evil.unpickled  # a checkpoint is never allowed to run code


def test_a_tokenizer_that_needs_a_library_that_is_not_there(checkpoints, monkeypatch):
    """The image tower opens all the same; only words that were never embedded here need the library."""
    monkeypatch.setitem(sys.modules, "transformers", None)
    model = open_vision_language_model(f"xaiclip-test-siglip:{checkpoints['xaiclip-test-siglip']}")
    with pytest.raises(MissingPackage, match=r"pip install \"transformers>="):
        model.text.embed(["liver"])


class _Evil:
    unpickled = False

    def __reduce__(self):
        return (_run, ())


def _run():
    _Evil.unpickled = True


def test_a_tower_without_patch_tokens_is_said(checkpoints, picture):
    model = open_vision_language_model(f"xaiclip-test-resnet:{checkpoints['xaiclip-test-resnet']}")
    with pytest.raises(ModelError, match="no patch tokens"):
        model.encode([picture], [FRAME], "patch")


# ---- the bundled CLIP on the phantom


@pytest.fixture(scope="module")
def located(phantom):
    from XAICLIPLib.case.request import Request
    from XAICLIPLib.pipeline.locate import locate

    return locate(Request("phantom", ("liver", "spleen", "left kidney"), device="cpu"), scan=phantom[0])


@pytest.mark.slow
@pytest.mark.parametrize(
    "name, recall, precision", [("liver", 0.85, 0.7), ("spleen", 0.6, 0.5), ("kidney_left", 0.6, 0.4)]
)
def test_the_bundled_clip_finds_the_phantoms_organs(located, organ, name, recall, precision):
    found, truth = located.rois[name].voxels > 0, organ(name).voxels > 0
    assert (found & truth).sum() / truth.sum() >= recall
    assert (found & truth).sum() / found.sum() >= precision


def test_words_keep_to_their_side(located, organ):
    assert (
        not (located.rois["kidney_left"].voxels * organ("kidney_right").voxels).sum()
        > 0.05 * organ("kidney_right").voxels.sum()
    )


def test_the_union_and_each_prompts_own_region(located):
    union = np.logical_or.reduce([v.voxels > 0 for v in located.rois.values()])
    assert np.array_equal(located.roi.voxels > 0, union)
    for name, region in located.rois.items():
        assert np.array_equal(region.voxels > 0, located.similarities[name].voxels >= 0.5)


def test_unknown_words_are_a_prompt_too(phantom, liver_slice):
    from XAICLIPLib.case.request import Request
    from XAICLIPLib.pipeline.locate import locate

    found = locate(Request("p", ("purple umbrella",), slices=str(liver_slice), device="cpu"), scan=phantom[0])
    assert found.rois["purple_umbrella"].voxels.mean() < 0.02


def test_the_box_around_a_part_of_a_volume_ends_along_every_axis():
    part = np.zeros((9, 20, 30), bool)
    part[4, 8:10, 12:15] = True
    box = box_around(part, 4.0, (2.0, 1.0, 4.0))
    expected = np.zeros_like(part)
    expected[2:7, 4:14, 11:16] = True
    assert np.array_equal(box, expected)
