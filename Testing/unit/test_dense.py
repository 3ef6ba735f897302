"""Dense similarity: every strategy against a slow reading of its formula, known answers, every kind of tower."""

import copy
import importlib
import math

import numpy as np
import pytest
import torch
from open_clip.model import CLIPVisionCfg, _build_vision_tower, resize_pos_embed
from open_clip.timm_model import TimmModel

from Testing.unit.constructed import MeanColour, planted
from Testing.unit.slow_transformer import Slow, unit
from XAICLIPLib.errors import ModelError
from XAICLIPLib.vlm import dense
from XAICLIPLib.vlm.load import open_vision_language_model

# the functions of the same names hide the modules
m2ib_module = importlib.import_module("XAICLIPLib.vlm.dense.m2ib")
window_module = importlib.import_module("XAICLIPLib.vlm.dense.sliding_window")
OWN = ("patch", "maskclip", "clearclip", "sclip", "gem")


def shaken(visual, seed=0):
    """The tower with every weight and bias off its initial value, so that no term can be left out unnoticed."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in visual.parameters():
            parameter += 0.1 * torch.randn(parameter.shape, generator=generator)
    return visual.eval().requires_grad_(False)


def open_clip_tower(**settings):
    torch.manual_seed(0)
    config = {"image_size": 32, "patch_size": 8, "layers": 4, "width": 24, "head_width": 8, **settings}
    return shaken(_build_vision_tower(20, CLIPVisionCfg(**config)))


def timm_tower(name="test_vit", size=160, embed_dim=20):
    torch.manual_seed(0)
    return shaken(TimmModel(name, embed_dim, size, pool="", proj="linear"))


TOWERS = {"open_clip": open_clip_tower, "timm": timm_tower}


@pytest.fixture(scope="module", params=TOWERS)
def tower(request):
    return dense.open_tower(TOWERS[request.param]())


def images(tower, count=1, size=None, seed=1):
    size = size or tower.size
    return torch.randn((count, 3, size, size), generator=torch.Generator().manual_seed(seed))


def texts(tower, count=2, seed=2):
    found = torch.randn((count, 20), generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.normalize(found, dim=-1)


def similarity(tower, pixels, words, strategy="auto"):
    """Every place of one image against each text, by any strategy: (P, h, w)."""
    strategy = dense.choose(tower, strategy)
    if strategy in dense.GRADIENT:
        return dense.relevance(tower, pixels, words, strategy)
    return torch.einsum("hwe,pe->phw", dense.embeddings(tower, pixels[None], strategy)[0], words)


# ---- the formulas, token by token in double precision


@pytest.mark.parametrize("strategy", OWN)
def test_embedding_strategies_follow_their_formulas(tower, strategy):
    [image] = images(tower)
    found = dense.embeddings(tower, image[None], strategy)[0]
    expected = unit(getattr(Slow(tower.visual), strategy)(image.double().numpy())[1:])
    assert found.shape == (tower.size // tower.patch,) * 2 + (20,)
    assert np.abs(found.flatten(0, 1).numpy() - expected).max() < 1e-4


def test_grad_eclip_follows_its_formula_with_a_numerical_gradient(tower):
    [image] = images(tower)
    found = dense.relevance(tower, image, texts(tower), "gradeclip").flatten(1).numpy()
    for one, text in zip(found, texts(tower).double().numpy()):
        expected = Slow(tower.visual).gradeclip(image.double().numpy(), text)
        assert expected.max() > 0 and np.abs(one - expected).max() < 1e-3 * expected.max()


@pytest.mark.slow
def test_the_strategies_differ(tower):
    maps = [similarity(tower, *images(tower), texts(tower), name).flatten() for name in (*OWN, "gradeclip", "m2ib")]
    for i, one in enumerate(maps):
        for other in maps[:i]:
            assert torch.corrcoef(torch.stack([one, other]))[0, 1] < 0.999


# ---- the information bottleneck


def test_the_information_left_is_the_divergence_of_two_normal_distributions():
    generator = torch.Generator().manual_seed(0)
    h, alpha = (s * torch.randn(50, generator=generator, dtype=torch.float64) for s in (1, 3))
    passed = alpha.sigmoid()
    left = torch.distributions.Normal(passed * h, 1 - passed)
    expected = torch.distributions.kl_divergence(left, torch.distributions.Normal(torch.zeros(50), torch.ones(50)))
    assert torch.allclose(m2ib_module.information(h, alpha), expected, atol=1e-9)
    assert m2ib_module.information(torch.zeros(1), torch.tensor([60.0])).isfinite()


@pytest.mark.slow
def test_the_bottleneck_is_the_same_for_a_seed_and_for_a_text_alone_or_in_company(tower):
    [image], words = images(tower), texts(tower)
    before = torch.random.get_rng_state()
    both = m2ib_module.m2ib(tower, image, words)
    assert torch.equal(torch.random.get_rng_state(), before)  # nobody else's random numbers are used up
    assert torch.equal(m2ib_module.m2ib(tower, image, words), both)
    assert torch.allclose(m2ib_module.m2ib(tower, image, words[1:])[0], both[1], rtol=1e-4, atol=1e-3)
    assert not torch.allclose(m2ib_module.m2ib(tower, image, words, seed=1), both, rtol=1e-3)
    assert not torch.allclose(both[0], both[1], rtol=1e-3)
    assert both.isfinite().all() and both.min() >= 0


def test_the_bottlenecks_steps_are_adams_on_the_stated_loss(tower, monkeypatch):
    """One step of one sample by hand, through the tower's own halves and torch's own gradient of the whole loss."""
    monkeypatch.setattr(m2ib_module, "STEPS", 1)
    monkeypatch.setattr(m2ib_module, "SAMPLES", 3)
    monkeypatch.setattr(m2ib_module, "TOKENS_AT_ONCE", 1)
    [image], words = images(tower), texts(tower, 1)
    h = tower.lower(image[None])
    mean, spread = h.mean(1, keepdim=True), h.std(1, keepdim=True)
    noise = torch.randn((3, *h.shape[1:]), generator=torch.Generator().manual_seed(5))
    alpha = torch.full_like(h, 5.0, requires_grad=True)
    passed = alpha.sigmoid()
    embedded = tower.upper(passed * h + (1 - passed) * (mean + spread * noise))
    kept = m2ib_module.information((h - mean) / spread, alpha).mean()
    loss = 0.1 * kept - torch.nn.functional.cosine_similarity(embedded, words).mean()
    loss.backward()
    # Adam's first step is one learning rate against the sign of the gradient
    expected = m2ib_module.information((h - mean) / spread, 5.0 - alpha.grad.sign()).sum(-1)[0, tower.prefix :]
    found = m2ib_module.m2ib(tower, image, words, seed=5).flatten()
    assert torch.allclose(found, expected, rtol=0.01)


# ---- what holds for every tower


def test_the_class_token_projected_as_a_patch_is_the_image_embedding(tower):
    pixels = images(tower, 2)
    tokens = tower.through(tower.blocks, tower.enter(pixels))
    assert torch.allclose(tower.project(tokens)[:, 0], tower.image(pixels), atol=1e-5)
    assert torch.allclose(tower.pooled(tokens), tower.image(pixels), atol=1e-5)
    assert torch.allclose(tower.upper(tower.lower(pixels)), tower.image(pixels), atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("strategy", [*OWN, "window"])
def test_a_batch_is_its_images_one_by_one(tower, strategy):
    pixels = images(tower, 3, dense.ZOOM.get(strategy, 1) * tower.size)
    together = dense.embeddings(tower, pixels, strategy)
    for image, expected in zip(pixels, together):
        assert torch.allclose(dense.embeddings(tower, image[None], strategy)[0], expected, atol=1e-5)


@pytest.mark.slow
def test_nothing_in_the_tower_changes_and_no_weight_gets_a_gradient():
    visual = timm_tower().requires_grad_(True)
    before = copy.deepcopy(visual.state_dict())
    tower = dense.open_tower(visual)
    for strategy in tower.strategies:
        size = dense.ZOOM.get(strategy, 2) * tower.size if strategy != "m2ib" else tower.size
        similarity(tower, *images(tower, 1, size), texts(tower, 1), strategy)
    assert visual.image_size == (160, 160) and visual.trunk.patch_embed.grid_size == (10, 10)
    assert all(torch.equal(value, before[name]) for name, value in visual.state_dict().items())
    assert all(parameter.grad is None for parameter in visual.parameters())


def test_a_gradient_is_there_inside_a_callers_inference_mode(tower):
    [image], words = images(tower), texts(tower)
    expected = similarity(tower, image, words, "gradeclip")
    with torch.inference_mode():
        assert torch.equal(similarity(tower, image + 0, words + 0, "gradeclip"), expected)


@pytest.mark.parametrize("size", [320, 96])
def test_another_grid_is_timms_own(size):
    visual = timm_tower()
    pixels = images(dense.open_tower(visual), 2, size)
    peer = copy.deepcopy(visual)
    peer.set_input_size(size)
    expected = peer.head(peer.trunk.forward_features(pixels)[:, 1:])
    assert torch.allclose(dense.open_tower(visual).places(pixels), expected, atol=1e-5)


def test_another_grid_is_open_clips_own():
    small = open_clip_tower()
    large = open_clip_tower(image_size=64)
    state = {f"visual.{name}": value for name, value in small.state_dict().items()}
    holder = torch.nn.Module()
    holder.visual = large
    resize_pos_embed(state, holder)
    holder.load_state_dict(state)
    pixels = images(dense.open_tower(large), 2)
    assert torch.allclose(dense.open_tower(small).places(pixels), dense.open_tower(large).places(pixels), atol=1e-5)
    assert torch.allclose(dense.open_tower(large).image(pixels)[0], large(pixels)[0])


@pytest.mark.parametrize("name", ["test_vit2", "test_convnext", "test_resnet"])
def test_a_place_alone_in_the_image_is_the_image(name):
    """Whatever a timm tower pools by: of a map with one place the pooled embedding is that place's."""
    visual = timm_tower(name)
    tower = dense.open_tower(visual)
    pixels = images(tower, 2, tower.patch)
    found = tower.places(pixels)[:, 0]
    if hasattr(visual.trunk, "set_input_size"):
        visual.set_input_size(tower.patch)
    assert torch.allclose(found, visual(pixels), atol=1e-5)


def test_a_learned_pool_is_asked_about_each_token_alone():
    visual = timm_tower("test_vit3")
    tower = dense.open_tower(visual)
    pixels = images(tower)
    tokens = visual.trunk.forward_features(pixels)
    alone = [visual.head(visual.trunk.forward_head(tokens[:, i : i + 1])) for i in range(1, 101)]
    assert torch.allclose(tower.places(pixels), torch.stack(alone, 1), atol=1e-5)


def test_a_transformer_of_another_make_has_its_own_size_and_patches_only():
    visual = timm_tower("test_vit_relpos")
    tower = dense.open_tower(visual)
    assert dense.strategies_of(tower) == ("patch", "window") and not tower.resizable
    assert dense.embeddings(tower, images(tower, 2), "patch").shape == (2, 10, 10, 20)


def test_the_mean_of_the_bundled_towers_places_is_its_image_embedding(models):
    tower = models.vision_language("bundled", torch.device("cpu")).tower
    pixels = images(tower, 2)
    places = tower.places(pixels)
    assert places.shape == (2, 1600, 128)
    assert torch.allclose(places.mean(1), tower.image(pixels), atol=1e-5)
    assert dense.strategies_of(tower) == ("patch", "window") and dense.choose(tower) == "patch"


# ---- a signal whose place is known


@pytest.mark.parametrize("strategy", dense.STRATEGIES)
def test_a_planted_colour_is_found_where_it_is(strategy):
    visual = planted()
    tower = dense.open_tower(visual)
    zoom = dense.ZOOM.get(strategy, 1)
    image = torch.zeros(3, 32, 32)
    image[1] = 1.0  # all green, but for a red patch in row 2, column 5
    image[:, 8:12, 20:24] = torch.tensor([1.0, 0, 0])[:, None, None]
    image = image.repeat_interleave(zoom, 1).repeat_interleave(zoom, 2)
    red = torch.nn.functional.normalize(torch.tensor([[1.0, -0.5, 0, 0, 0, 0, 0, 0]]), dim=-1)
    found = similarity(tower, image, red, strategy)[0]
    assert divmod(int(found.argmax()), 8) == (2, 5)
    others = found.flatten()[torch.arange(64) != 2 * 8 + 5]
    assert found.max() > others.max() if strategy != "window" else found.max() >= others.max()


def test_windows_find_a_colour_with_any_tower_and_average_over_what_covers_a_place():
    tower = dense.open_tower(MeanColour())
    assert tower.strategies == ("window",)
    image = torch.zeros(3, 64, 64)
    image[0, 32:48, 0:16] = 1.0  # one crop of the smallest size: cells 4 and 5 by 0 and 1
    found = similarity(tower, image, torch.tensor([[1.0, 0, 0, 0]]))[0]
    red = torch.zeros(64, 64)
    red[32:48, 0:16] = 1

    def expected(row, column):
        scores = []
        for scale in (1, 2, 4):
            edge = 64 // scale
            for i in range(0, 64 - edge + 1, edge // 2):
                for j in range(0, 64 - edge + 1, edge // 2):
                    if i <= 8 * row < i + edge and j <= 8 * column < j + edge:
                        share = float(red[i : i + edge, j : j + edge].mean())
                        scores.append(share / math.sqrt(share**2 + 1))
        return sum(scores) / len(scores)

    slow = torch.tensor([[expected(row, column) for column in range(8)] for row in range(8)])
    assert torch.allclose(found, slow, atol=1e-5)
    assert divmod(int(found.argmax()), 8) in [(4, 0), (5, 0), (4, 1), (5, 1)]


@pytest.mark.slow
@pytest.mark.parametrize("size", [32, 80])
def test_windows_are_averaged_on_the_towers_own_grid(size):
    """Every cell is the mean over the crops, weighted by how much of it they cover; found by fine sampling."""
    tower = dense.open_tower(open_clip_tower(patch_size=4))
    cells, fine = size // 4, 40  # per cell; 40 is a multiple of all that crops and cells divide
    [image] = images(tower, 1, 4 * size)
    found = dense.embeddings(tower, image[None], "window")[0]
    assert found.shape == (cells, cells, 20)
    total, count = np.zeros((cells * fine, cells * fine, 20)), np.zeros((cells * fine, cells * fine, 1))
    for scale in (1, 2, 4):
        edge, wide = 4 * size // scale, cells * fine // scale
        for i in range(2 * scale - 1):
            for j in range(2 * scale - 1):
                crop = image[:, i * edge // 2 :, j * edge // 2 :][:, :edge, :edge]
                small = torch.nn.functional.interpolate(crop[None], (32, 32), mode="bilinear", antialias=True)
                embedded = torch.nn.functional.normalize(tower.image(small)[0], dim=0).numpy()
                rows, columns = (slice(n * wide // 2, n * wide // 2 + wide) for n in (i, j))
                total[rows, columns] += embedded
                count[rows, columns] += 1
    share = [x.reshape(cells, fine, cells, fine, -1).sum((1, 3)) for x in (total, count)]
    assert np.abs(found.numpy() - share[0] / share[1]).max() < 1e-5


# ---- CLIP's ResNets


def resnet():
    config = {"image_size": 64, "layers": [1, 1, 1, 1], "width": 8, "patch_size": None}
    torch.manual_seed(0)
    return shaken(_build_vision_tower(20, CLIPVisionCfg(**config)))


def test_maskclip_on_a_resnet_is_its_attention_pool_without_attention():
    visual = resnet()
    tower, pixels = dense.open_tower(visual), images(dense.open_tower(visual), 2, 96)
    assert dense.strategies_of(tower) == ("maskclip", "window")
    features = visual.forward_intermediates(pixels, indices=[4], intermediates_only=True)["image_intermediates"][0]
    found = dense.embeddings(tower, pixels, "maskclip")
    assert found.shape == (2, 3, 3, 20)
    pool = visual.attnpool
    for row in range(3):
        for column in range(3):
            value = features[:, :, row, column] @ pool.v_proj.weight.T + pool.v_proj.bias
            out = value @ pool.c_proj.weight.T + pool.c_proj.bias
            assert torch.allclose(found[:, row, column], torch.nn.functional.normalize(out, dim=-1), atol=1e-5)


def test_a_strategy_that_a_tower_does_not_have_is_said_with_those_it_has():
    tower = dense.open_tower(resnet())
    with pytest.raises(ModelError, match="ModifiedResNet can't do 'patch': .*no patch tokens.*auto, maskclip, window"):
        dense.choose(tower, "patch")
    with pytest.raises(ModelError, match="no transformer blocks"):
        dense.choose(tower, "gem")
    with pytest.raises(ModelError, match="there is no strategy 'magic'; choose auto, patch, maskclip"):
        dense.choose(tower, "magic")
    with pytest.raises(ModelError, match="no class token.*choose auto, patch"):
        dense.choose(dense.open_tower(timm_tower("test_vit4")), "gradeclip")
    with pytest.raises(ModelError, match="can't do 'clearclip': its blocks are not plain self-attention"):
        dense.choose(dense.open_tower(timm_tower("test_vit_relpos")), "clearclip")


def test_every_strategy_is_described():
    assert set(dense.open_tower(open_clip_tower()).strategies) == set(dense.STRATEGIES)
    assert dense.choose(dense.open_tower(open_clip_tower())) == "clearclip"
    assert dense.strategies_of(dense.open_tower(timm_tower())) == tuple(dense.STRATEGIES)


# ---- BiomedCLIP's exact architecture, loaded as users load it


@pytest.fixture(scope="module")
def biomedclip(biomedclip_folder):
    return open_vision_language_model(f"local-dir:{biomedclip_folder}")


@pytest.mark.slow
@pytest.mark.parametrize("size", [224, 448])
def test_every_strategy_gives_a_map_with_biomedclip(biomedclip, size, monkeypatch):
    tower, words = biomedclip.tower, biomedclip.text.embed_each(["an axial CT of the liver"])
    monkeypatch.setattr(m2ib_module, "STEPS", 1)
    monkeypatch.setattr(m2ib_module, "SAMPLES", 1)
    # most strategies share all blocks but the last; going through them once is enough
    known, through = {}, tower.through

    def once(blocks, tokens):
        if tokens.requires_grad:
            return through(blocks, tokens)
        key = (len(blocks), float(tokens.sum()))
        if key not in known:
            known[key] = through(blocks, tokens)
        return known[key]

    monkeypatch.setattr(tower, "through", once)
    assert set(biomedclip.strategies) == set(dense.STRATEGIES) and dense.choose(biomedclip.tower) == "clearclip"
    [pixels] = images(tower, 1, biomedclip.size_for(size))
    for strategy in dense.STRATEGIES:
        canvas = pixels
        if strategy in dense.ZOOM:  # crops are what it looks at; those of the whole and the halves are enough
            monkeypatch.setattr(window_module, "SCALES", (1, 2))
            [canvas] = images(tower, 1, 2 * size)
        found = similarity(tower, canvas, words, strategy)
        assert found.shape == (1, size // 16, size // 16) and found.isfinite().all() and found.std() > 0


@pytest.mark.slow
def test_biomedclips_class_token_is_its_image_embedding(biomedclip):
    tower, pixels = biomedclip.tower, images(biomedclip.tower)
    with torch.no_grad():
        tokens = tower.through(tower.blocks, tower.enter(pixels))
        assert torch.allclose(tower.project(tokens)[:, 0], biomedclip.model.encode_image(pixels), atol=1e-5)
