"""Learned prompts: the spliced text tower is the tower, the loss is the formula, the file belongs to its model."""

import json

import open_clip
import pytest
import torch
from open_clip.tokenizer import HFTokenizer
from safetensors.torch import save
from torch.nn import functional

from XAICLIPLib.errors import InputError, ModelError, WeightsError
from XAICLIPLib.preprocess import Frame
from XAICLIPLib.vlm.model import EncodedSlice, VisionLanguageModel
from XAICLIPLib.vlm.prompt_learning.adapters import Adapters, depths
from XAICLIPLib.vlm.prompt_learning.context import ContextPrompts, word_embedding
from XAICLIPLib.vlm.prompt_learning.learned_prompts import (
    KEY,
    PARTS,
    check_place,
    load_contexts,
    margins,
)
from XAICLIPLib.vlm.prompt_learning.optimise import (
    Examples,
    Settings,
    dense_loss,
    learn,
)
from XAICLIPLib.vlm.text import TextEncoder

pytestmark = pytest.mark.slow

NAMES = ["gallbladder", "x ray of the liver"]  # the second holds the token that stands for a vector


def silent(done, total, message):
    pass


@pytest.fixture(scope="module")
def bundled(models):
    return models.vision_language("bundled", torch.device("cpu"))


def bert(tmp_path_factory):
    """open_clip's BERT text tower, two layers and few words, and its tokenizer; all from files written here."""
    transformers = pytest.importorskip("transformers")
    from Testing.unit.biomedclip import vocabulary

    folder = tmp_path_factory.mktemp("bert")
    words = [*vocabulary(), "ray"]
    (folder / "vocab.txt").write_text("\n".join(words) + "\n")
    config = transformers.BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        initializer_range=0.3,
    )
    config.save_pretrained(folder)
    transformers.BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(0)
    text = {
        "hf_model_name": str(folder),
        "hf_model_pretrained": False,
        "hf_proj_type": "mlp",
        "hf_pooler_type": "cls_last_hidden_state_pooler",
        "context_length": 64,
    }
    vision = {"image_size": 32, "patch_size": 8, "width": 32, "layers": 4, "head_width": 16}
    model = open_clip.CustomTextCLIP(24, vision, text).eval().requires_grad_(False)
    return model, HFTokenizer(str(folder), context_length=64), 64


def transformer(tmp_path_factory, model_class=open_clip.CLIP):
    """CLIP's own text tower, in one piece with the model or on its own."""
    torch.manual_seed(0)
    vision = {"image_size": 32, "patch_size": 8, "width": 32, "layers": 4, "head_width": 16}
    text = {"context_length": 40, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2}
    model = model_class(24, vision, text).eval().requires_grad_(False)
    return model, open_clip.SimpleTokenizer(context_length=40), 40


def custom(tmp_path_factory):
    return transformer(tmp_path_factory, open_clip.CustomTextCLIP)


@pytest.fixture(scope="module", params=[bert, transformer, custom], ids=["bert", "clip", "custom"])
def small(request, tmp_path_factory) -> VisionLanguageModel:
    """A small model of random weights with each kind of text tower."""
    model, tokenizer, length = request.param(tmp_path_factory)
    text = TextEncoder(model, tokenizer, f"digest of {request.param.__name__}", length)
    return VisionLanguageModel(model, text, [0.5] * 3, [0.25] * 3, name=request.param.__name__, provenance={})


@pytest.mark.parametrize(
    "position, template", [("front", "an axial ct slice of the {}"), ("middle", "ct of {} in the")]
)
def test_a_context_of_words_is_the_sentence(small, position, template):
    """With the vectors of a template's words, the forward pass is the model's own for that sentence."""
    words = template.replace("{} ", "").replace("{}", "").strip()
    length = small.text.token_count(words) - small.text.token_count("x") + 1
    prompts = ContextPrompts(small.text, NAMES, [0, 1], length, position=position, words=words)
    wanted = small.model.encode_text(small.text.tokenize([template.format(n) for n in NAMES]), normalize=True)
    assert prompts.vectors.shape[:2] == (2, length)
    assert torch.allclose(prompts(), wanted, atol=1e-5)
    assert not torch.allclose(prompts()[0], prompts()[1], atol=1e-2)


def test_only_the_vectors_get_a_gradient_and_the_model_stays(small):
    before = {k: v.clone() for k, v in small.model.state_dict().items()}
    prompts = ContextPrompts(small.text, NAMES, [0, 0], 8)
    prompts().sum().backward()
    assert [name for name, _ in prompts.named_parameters()] == ["vectors"]
    assert prompts.vectors.grad.abs().sum() > 0
    assert all(p.grad is None for p in small.model.parameters())
    assert not word_embedding(small.model)._forward_hooks, "the tower is left as it was"
    assert all(torch.equal(before[k], v) for k, v in small.model.state_dict().items())


def test_groups_share_a_context(small):
    prompts = ContextPrompts(small.text, ["liver", "liver", "liver"], [0, 0, 1], 4)
    with torch.no_grad():
        prompts.vectors[1].normal_()
    first, second, third = prompts()
    assert torch.equal(first, second) and not torch.allclose(first, third, atol=1e-3)


def test_a_context_that_does_not_fit_says_how_many_do(small):
    length = small.text.context_length
    room = length - small.text.token_count("liver")
    ContextPrompts(small.text, ["liver"], [0], room)()
    with pytest.raises(InputError, match=f"context of {room + 1} vectors is too long.*leave {room}"):
        ContextPrompts(small.text, ["liver"], [0], room + 1)
    with pytest.raises(InputError, match="no position 'back'"):
        ContextPrompts(small.text, ["liver"], [0], 4, position="back")


def test_the_loss_is_focal_plus_dice_of_both_classes():
    torch.manual_seed(0)
    logits, masks = torch.randn(3, 1, 5, 5), (torch.rand(3, 1, 5, 5) > 0.7).float()
    p = torch.stack([logits, torch.zeros_like(logits)]).softmax(0)
    truth = torch.where(masks > 0, p[0], p[1])
    focal = (-((1 - truth) ** 2) * truth.log()).mean()
    dice = [1 - (2 * (a * b).sum() + 1) / (a.sum() + b.sum() + 1) for a, b in ((p[0], masks), (p[1], 1 - masks))]
    known = torch.ones(3, 1, dtype=torch.bool)
    assert torch.allclose(dense_loss(logits, masks, known), focal + dice[0] + dice[1], atol=1e-6)
    # a slice of which nothing is known changes nothing
    known[2] = False
    assert torch.allclose(dense_loss(logits, masks, known), dense_loss(logits[:2], masks[:2], known[:2]), atol=1e-6)


def test_margins_are_a_softmax_over_two_cosines():
    torch.manual_seed(0)
    place, texts, backgrounds = (functional.normalize(torch.randn(*s), dim=-1) for s in ((1, 4, 4, 8), (2, 8), (2, 8)))
    cosines = torch.stack([torch.einsum("bhwe,ke->bkhw", place, t) for t in (texts, backgrounds)])
    found = margins([place], texts, backgrounds)
    assert torch.allclose((10 * found).sigmoid(), (10 * cosines).softmax(0)[0], atol=1e-5)
    # a coarser depth is averaged in on the finest grid
    coarse = place[:, ::2, ::2]
    both = margins([coarse, place], texts, backgrounds)
    large = functional.interpolate(margins([coarse], texts, backgrounds), (4, 4), mode="bilinear")
    assert torch.allclose(both, (found + large) / 2, atol=1e-6)


def test_the_last_depth_of_a_tower_is_what_its_projection_gets(small, bundled):
    pixels = torch.randn(2, 3, 32, 32)
    levels = depths(small.tower, pixels)
    assert [tuple(level.shape) for level in levels] == [(2, 4, 4, 32)] * 3
    assert torch.allclose(small.tower.project(levels[-1].flatten(1, 2)), small.tower.places(pixels), atol=1e-5)
    with torch.no_grad():
        assert [tuple(level.shape[1:]) for level in depths(bundled.tower, torch.randn(1, 3, 160, 160))] == [
            (40, 40, 48), (20, 20, 96), (10, 10, 128), (5, 5, 160)
        ]  # fmt: skip
    resnet = open_clip.CLIP(24, {"image_size": 64, "layers": [1, 1, 1, 1], "width": 16}, {"vocab_size": 100}).visual
    from XAICLIPLib.vlm.dense import open_tower

    with pytest.raises(ModelError, match="shows no depths"):
        depths(open_tower(resnet), torch.randn(1, 3, 64, 64))


def examples(model, adapters, count=4, strategy="patch"):
    """A bright square somewhere in noise: what has to be learned."""
    generator, size = torch.Generator().manual_seed(0), model.size
    masks = torch.zeros(count, 1, size, size, dtype=torch.bool)
    for i in range(count):
        masks[i, 0, size // 4 * (i % 3) :, size // 4 * (i % 2) :][: size // 2, : size // 2] = True
    pixels = torch.randn(count, 3, size, size, generator=generator) * 0.2 + 2.0 * masks
    frame = Frame(0, 0, size, size, (size, size))
    from XAICLIPLib.vlm import dense

    patches = dense.embeddings(model.tower, pixels, "patch")
    seen = [EncodedSlice(p, frame, strategy, patch) for p, patch in zip(pixels, patches)]
    return seen, Examples(model, seen, masks, torch.ones(count, 1, dtype=torch.bool), adapters), masks


@pytest.mark.parametrize("adapters", [False, True])
def test_learned_prompts_find_what_was_labelled_and_survive_a_file(small, adapters, tmp_path):
    seen, shots, masks = examples(small, adapters)
    settings = Settings(context=4, steps=60, adapters=adapters, rate=0.05)
    prompts = learn(small, ["square"], ["bright"], shots, None, settings, silent)
    found = torch.stack([prompts.logits(small, one)["square"] for one in seen])
    truth = functional.adaptive_avg_pool2d(masks[:, 0].float(), found.shape[-2:]) > 0.5
    assert ((found > 0) == truth).float().mean() > 0.9
    path = prompts.save(tmp_path / "contexts.safetensors")
    assert path.stat().st_size < 100_000 and not list(tmp_path.glob("*.part"))
    again = load_contexts(path, small)
    assert again.structures == ("square",) and again.facts == json.loads(json.dumps(prompts.facts))
    assert (again.adapters is not None) == adapters
    assert all(torch.equal(again.logits(small, one)["square"], prompts.logits(small, one)["square"]) for one in seen)
    # seen by another strategy, or by one that has no patches, the slices are looked at once more
    blind = EncodedSlice(seen[0].pixels, seen[0].frame, "gradeclip")
    assert torch.allclose(again.logits(small, blind)["square"], found[0], atol=1e-4)
    # the file's texts are what its contexts give
    prompted = ContextPrompts(small.text, ["bright", "background"], [0, 1], 4)
    prompted.vectors.data = again.contexts
    assert torch.allclose(prompted(), torch.cat([again.texts, again.backgrounds]), atol=1e-5)


def test_learning_is_the_same_for_the_same_seed_and_stops_when_told(bundled):
    _, shots, _ = examples(bundled, True)
    settings = Settings(context=2, steps=4, adapters=True, seed=3)
    first, second = (learn(bundled, ["a"], ["liver"], shots, shots, settings, silent) for _ in range(2))
    assert all(torch.equal(getattr(first, part), getattr(second, part)) for part in PARTS)
    assert all(torch.equal(a.weight, b.weight) for a, b in zip(first.adapters, second.adapters))

    class Stop(Exception):
        pass

    def stop(done, total, message):
        if done == 2:
            raise Stop

    with pytest.raises(Stop):
        learn(bundled, ["a"], ["liver"], shots, None, settings, stop)


def test_slices_that_get_worse_stop_it_and_the_best_state_is_kept(small):
    """Watched slices are the wrong way round: what is learned makes them worse, so the first look is kept."""
    seen, shots, _ = examples(small, False)
    _, validation, _ = examples(small, False)
    validation.masks = 1 - validation.masks
    prompts = learn(small, ["a"], ["liver"], shots, validation, Settings(context=2, steps=5000, rate=0.01), silent)
    assert prompts.facts["steps"] < 500
    found = torch.stack([prompts.logits(small, one)["a"] for one in seen])
    truth = functional.adaptive_avg_pool2d(shots.masks[:, 0], found.shape[-2:]) > 0.5
    assert ((found > 0) == truth).float().mean() < 0.9, "what was learned last is not what is kept"


def test_strategies_without_patches_are_refused(small):
    for strategy in ("gradeclip", "window"):
        with pytest.raises(ModelError, match=f"gives none by '{strategy}'"):
            examples(small, False, strategy=strategy)


def test_the_file_belongs_to_its_model(small, bundled, tmp_path):
    _, shots, _ = examples(small, False)
    prompts = learn(small, ["square"], ["bright"], shots, None, Settings(context=2, steps=1), silent)
    path = prompts.save(tmp_path / "c.safetensors")
    with pytest.raises(WeightsError, match=f"learned with the model {small.name} .*this one is bundled"):
        load_contexts(path, bundled)
    with pytest.raises(WeightsError, match="there is no file"):
        load_contexts(tmp_path / "none.safetensors", small)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WeightsError, match="is damaged"):
        load_contexts(path, small)
    path.write_bytes(save({"weight": torch.zeros(2)}))
    with pytest.raises(WeightsError, match="holds no learned prompts"):
        load_contexts(path, small)
    path.write_bytes(save({"texts": prompts.texts}, {KEY: json.dumps(prompts.facts)}))
    with pytest.raises(WeightsError, match="do not fit 1 structures"):
        load_contexts(path, small)
    path.write_bytes(save({"texts": prompts.texts}, {KEY: json.dumps(prompts.facts | {"version": 9})}))
    with pytest.raises(WeightsError, match="has version 9"):
        load_contexts(path, small)
    with pytest.raises(InputError, match="can't be written"):
        prompts.save(tmp_path / "missing" / "c.safetensors")


def test_adapters_are_1x1_convolutions():
    torch.manual_seed(0)
    adapters, features = Adapters([6], 4), torch.randn(2, 3, 3, 6)
    convolved = functional.conv2d(features.permute(0, 3, 1, 2), adapters[0].weight[..., None, None])
    assert torch.allclose(
        adapters([features])[0], functional.normalize(convolved, dim=1).permute(0, 2, 3, 1), atol=1e-6
    )


def test_saving_follows_no_link_and_the_place_is_tried_before(small, tmp_path):
    _, shots, _ = examples(small, False)
    prompts = learn(small, ["square"], ["bright"], shots, None, Settings(context=2, steps=1), silent)
    victim = tmp_path / "victim"
    victim.write_text("mine")
    for name in ("c.safetensors", "c.safetensors.part"):
        (tmp_path / name).symlink_to(victim)
    prompts.save(tmp_path / "c.safetensors")
    assert victim.read_text() == "mine" and not (tmp_path / "c.safetensors").is_symlink()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["c.safetensors", "c.safetensors.part", "victim"]
    check_place(tmp_path / "c.safetensors")
    for wrong in (tmp_path, tmp_path / "missing" / "c", tmp_path / "\0", victim / "c"):
        with pytest.raises(InputError, match="can't be written"):
            check_place(wrong)
