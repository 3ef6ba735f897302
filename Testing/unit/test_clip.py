"""A vision-language model asked where words are: probabilities worked out by hand, batches, and one forward pass."""

import math

import numpy as np
import pytest
import torch

from Testing.unit.constructed import MeanColour, planted
from XAICLIPLib.errors import InputError
from XAICLIPLib.preprocess import Frame
from XAICLIPLib.vlm import dense
from XAICLIPLib.vlm.model import VisionLanguageModel
from XAICLIPLib.vlm.text import TextEncoder


def speaking(bias=None, scale=10.0, visual=None):
    """A whole model of that tower; its texts are the colours of its first channels."""
    model = torch.nn.Module()
    model.visual = planted() if visual is None else visual
    model.logit_scale = torch.nn.Parameter(torch.tensor(math.log(scale)))
    model.logit_bias = None if bias is None else torch.nn.Parameter(torch.tensor(bias))
    return VisionLanguageModel(model, Colours(), [0.0] * 3, [1.0] * 3, name="colours", provenance={})


class Colours(TextEncoder):
    """Words with a known embedding, so that every probability can be worked out."""

    WORDS = {"red": [1.0, -0.5], "green": [-0.5, 1.0], "nothing": [0.0, 0.0, 1.0], "both": [1.0, 1.0]}

    def __init__(self):
        super().__init__(None, None, "", 0)

    def embed_each(self, prompts):
        rows = [torch.tensor(self.WORDS[p] + [0.0] * (8 - len(self.WORDS[p]))) for p in prompts]
        return torch.nn.functional.normalize(torch.stack(rows), dim=-1)


@pytest.fixture()
def scene():
    """A slice in three windows with a red square, and the frame that shows it as it is."""
    image = np.zeros((3, 32, 32), np.float32)
    image[1] = 1.0
    image[:, 8:16, 20:28] = np.array([1.0, 0, 0])[:, None, None]
    return image, Frame(0, 0, 32, 32, (32, 32))


def smoothly(maps):
    """Maps (h, w) as they come back on a slice of 32 x 32."""
    return torch.nn.functional.interpolate(maps[None, None], (32, 32), mode="bilinear")[0, 0].numpy()


def test_a_softmax_is_over_the_structure_its_rivals_and_the_negatives(scene):
    model = speaking()
    [seen] = model.encode([scene[0]], [scene[1]], "patch")
    cosines = {w: seen.patches @ model.text.embed_each([w])[0] for w in Colours.WORDS}

    def probability(*words):
        return smoothly(torch.stack([10 * cosines[w] for w in words]).softmax(0)[0])

    asked, against = {"a": ("red",), "b": ("both",)}, {"a": ("nothing",), "b": ("green", "nothing")}
    found = model.locate(seen, asked, against)
    assert np.allclose(found["a"], probability("red", "nothing"), atol=1e-5)
    assert np.allclose(found["b"], probability("both", "green", "nothing"), atol=1e-5)
    found = model.locate(seen, asked, against, negatives=("green",))
    assert np.allclose(found["a"], probability("red", "nothing", "green"), atol=1e-5)
    assert found["a"][12, 24] > 0.9 and found["a"][2, 2] < 0.1


def test_a_sigmoid_stays_one_and_negatives_take_from_it(scene):
    model = speaking(bias=-4.0)
    [seen] = model.encode([scene[0]], [scene[1]], "patch")
    logits = {w: 10 * (seen.patches @ model.text.embed_each([w])[0]) for w in Colours.WORDS}
    alone = torch.sigmoid(logits["both"] - 4.0)
    assert np.allclose(model.locate(seen, {"a": ("both",)})["a"], smoothly(alone), atol=1e-5)
    share = torch.stack([logits["both"], logits["green"]]).softmax(0)[0]
    found = model.locate(seen, {"a": ("both",)}, negatives=("green",))["a"]
    assert np.allclose(found, smoothly(alone * share), atol=1e-5)
    softmax = model.locate(seen, {"a": ("red",)}, {"a": ("nothing",)}, probability="softmax")["a"]
    assert np.allclose(softmax, smoothly(torch.sigmoid(logits["red"] - logits["nothing"])), atol=1e-5)


def test_minmax_goes_from_0_to_1_and_negatives_are_subtracted(scene):
    model = speaking(bias=-4.0)
    [seen] = model.encode([scene[0]], [scene[1]], "patch")
    found = model.locate(seen, {"a": ("both",), "b": ("red",)}, negatives=("green",), probability="minmax")
    direction = model.text.embed_each(["both"])[0] - model.text.embed_each(["green"])[0]
    cosine = seen.patches @ direction
    expected = smoothly((cosine - cosine.min()) / (cosine.max() - cosine.min()))
    assert np.allclose(found["a"], expected, atol=1e-4)
    assert found["b"].min() == 0 and found["b"].max() == 1
    flat = model.encode([np.zeros((32, 32), np.float32)], [scene[1]], "patch")
    assert not model.locate(*flat, {"a": ("red",)}, probability="minmax")["a"].any()


@pytest.mark.parametrize("strategy", dense.GRADIENT)
def test_a_relevance_is_an_order_and_no_probability(scene, strategy):
    model = speaking(bias=-4.0)
    [seen] = model.encode([scene[0]], [scene[1]], strategy)
    found = model.locate(seen, {"a": ("red",)})["a"]
    assert 0 <= found.min() < 0.01 and 0.95 < found.max() <= 1
    assert found[9:15, 21:27].min() > found[20:, :16].max()
    with pytest.raises(InputError, match=f"{strategy} says how much .* no logit"):
        model.locate(seen, {"a": ("red",)}, probability="softmax")


def test_all_prompts_and_a_batch_of_slices_share_one_forward_pass(scene):
    model, passes = speaking(), []
    words, rivals = {w: (w,) for w in Colours.WORDS}, {w: ("nothing",) for w in Colours.WORDS}
    model.model.visual.conv1.register_forward_hook(lambda *call: passes.append(len(call[2])))
    seen = model.encode([scene[0]] * 5, [scene[1]] * 5, "gem")
    for one in seen:
        model.locate(one, words, rivals, negatives=("red",))
    assert passes == [5]
    [seen] = model.encode([scene[0]], [scene[1]], "gradeclip")
    assert passes == [5]  # the text comes first
    model.locate(seen, words)
    assert passes == [5, 1]


def test_slices_are_seen_in_chunks_that_fit_and_come_out_as_one_by_one(scene, monkeypatch):
    model = speaking()
    rng = np.random.default_rng(0)
    pictures = [rng.random((32, 32), np.float32) for _ in range(5)]
    frames = [Frame(i, -i, 30, 32, (32, 32)) for i in range(5)]
    monkeypatch.setattr("XAICLIPLib.vlm.model.PIXELS_AT_ONCE", 2 * 32**2)
    passes = []
    model.model.visual.conv1.register_forward_hook(lambda *call: passes.append(len(call[2])))
    together = model.encode(pictures, frames, "clearclip")
    assert passes == [2, 2, 1]
    for one, picture, frame in zip(together, pictures, frames):
        [alone] = model.encode([picture], [frame], "clearclip")
        assert torch.allclose(alone.patches, one.patches, atol=1e-5) and torch.equal(alone.pixels, one.pixels)
        assert one.frame is frame and torch.equal(one.pixels[0], one.pixels[2])
    assert model.encode([], [], "auto") == []


def test_three_windows_are_three_channels(scene):
    model = speaking()
    [seen] = model.encode([scene[0]], [scene[1]])
    assert torch.equal(seen.pixels, torch.from_numpy(scene[0])) and seen.strategy == "clearclip"


def test_the_windows_strategy_looks_at_the_slices_own_pixels():
    """Crops are cut from the slice, not from the small image: a square of one work pixel keeps its sharp edge."""
    model = speaking()
    image = np.zeros((3, 128, 128), np.float32)
    image[1], image[:, 64:96, 32:64] = 1.0, np.array([1.0, 0, 0])[:, None, None]
    [seen] = model.encode([image], [Frame(0, 0, 128, 32, (128, 128))], "window")
    assert seen.patches.shape == (8, 8, 8) and seen.pixels.shape == (3, 32, 32)
    found = model.locate(seen, {"a": ("red",)}, probability="minmax")["a"]
    assert np.unravel_index(found.argmax(), found.shape)[0] in range(64, 96)
    assert np.unravel_index(found.argmax(), found.shape)[1] in range(32, 64)


class Taught:
    structures, facts = ("a",), {"size": 32}

    def logits(self, model, seen):
        return {"a": torch.full((2, 2), 2.0), "elsewhere": torch.zeros(2, 2)}


def test_learned_structures_need_no_prompt_and_the_others_keep_theirs(scene):
    model = speaking()
    [seen] = model.encode([scene[0]], [scene[1]], "patch")
    found = model.locate(seen, {"a": ("unknown words",), "b": ("red",)}, {"b": ("green",)}, learned=Taught())
    assert list(found) == ["a", "b"] and np.allclose(found["a"], 1 / (1 + math.exp(-2)))
    assert np.array_equal(found["b"], model.locate(seen, {"b": ("red",)}, {"b": ("green",)})["b"])


def test_wrong_requests_of_a_model(scene):
    model = speaking()
    image, frame = scene
    assert model.size_for() == model.size_for(32) == 32 and model.size_for(64) == 64
    with pytest.raises(InputError, match="multiple of 4 pixels, not 30; give 32"):
        model.size_for(30)
    with pytest.raises(InputError, match="multiple of 4 pixels, not 2; give 4"):
        model.encode([image], [Frame(0, 0, 32, 2, (32, 32))])
    with pytest.raises(InputError, match="takes images of 16 pixels only, not 32"):
        speaking(visual=MeanColour()).size_for(32)
    with pytest.raises(InputError, match=r"sizes \[32, 64\]: give one size"):
        model.encode([image] * 2, [frame, Frame(0, 0, 32, 64, (32, 32))])
    [seen] = model.encode([image], [frame])
    with pytest.raises(InputError, match="nothing is asked for"):
        model.locate(seen, {})
    with pytest.raises(InputError, match="no probability 'sure'; choose auto, softmax or minmax"):
        model.locate(seen, {"a": ("red",)}, probability="sure")
