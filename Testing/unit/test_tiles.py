"""The exact tile cache, against all tiles run anew and against MONAI's sliding window."""

from itertools import product

import pytest
import torch

from XAICLIPLib.models.nnunet.heads import Heads
from XAICLIPLib.models.tiles import SlidingWindow
from XAICLIPLib.models.tilesums import SummedWindow


class Counting(torch.nn.Module):
    """A small network that counts the tiles it is given, and in how many it is given at once."""

    def __init__(self, dims: int, normalised: bool = True) -> None:
        super().__init__()
        torch.manual_seed(0)
        convolution = (torch.nn.Conv2d, torch.nn.Conv3d)[dims - 2]
        norm = (torch.nn.InstanceNorm2d, torch.nn.InstanceNorm3d)[dims - 2]
        self.layers = torch.nn.Sequential(
            convolution(1, 8, 3, padding=1), norm(8), torch.nn.LeakyReLU(), convolution(8, 3, 3, padding=1)
        ).eval()
        self.tiles = 0
        self.sizes = set()

    def forward(self, tiles: torch.Tensor) -> torch.Tensor:
        self.tiles += len(tiles)
        self.sizes.add(len(tiles))
        return self.layers(tiles)


def grid_of(shape, tile, step):
    starts = [[*range(0, n - t, step), n - t] for n, t in zip(shape, tile)]
    return [tuple(slice(a, a + t) for a, t in zip(start, tile)) for start in product(*starts)]


def perturbed(image, boxes):
    """Copies of an image, each with one box of another value."""
    batch = image[None].repeat(len(boxes), *[1] * image.dim())
    for copy, box in zip(batch, boxes):
        copy[(0, *(slice(a, b) for a, b in box))] = -2.0
    return batch


@pytest.fixture
def scene():
    """A 2D image of 5 x 5 tiles, and copies: untouched, touched in one corner, in two corners, all over."""
    torch.manual_seed(1)
    image = torch.randn(1, 60, 52)
    batch = perturbed(image, [((0, 0), (0, 0)), ((0, 4), (0, 4)), ((0, 4), (50, 52)), ((0, 60), (0, 52))])
    batch[2, 0, 58:, :2] = -2.0
    places = grid_of((60, 52), (20, 20), 10)
    weight = torch.rand(20, 20) + 0.1
    return image, batch, places, weight


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
@pytest.mark.parametrize("at_once", [1, 3])
def test_cached_tiles_give_every_bit_of_running_all_tiles(scene, dtype, at_once):
    image, batch, places, weight = scene
    settings = {"dtype": dtype, "at_once": at_once}
    every = SlidingWindow(Counting(2), image, places, weight, reuse=False, **settings)
    cached = SlidingWindow(Counting(2), image, places, weight, **settings)
    expected = every(batch)
    assert every.tiles_run == len(batch) * len(places)
    for _ in range(2):  # the second time from a full cache
        assert torch.equal(cached(batch), expected)
    assert torch.equal(cached(image[None]), expected[:1])


def test_only_touched_tiles_are_run(scene):
    image, batch, places, weight = scene
    network = Counting(2)
    window = SlidingWindow(network, image, places, weight)
    assert window(image[None]).shape == (1, 3, 60, 52)
    assert window.tiles_run == network.tiles == len(places) == 25
    window(batch[:1])
    assert window.tiles_run == 25  # nothing differs
    window(batch[1:2])
    assert window.tiles_run == 25 + 1  # one corner lies in one tile
    window(batch[2:3])
    assert window.tiles_run == 26 + 2
    window(perturbed(image, [((30, 31), (25, 26))]))
    assert window.tiles_run == 28 + 4  # in the middle four tiles overlap: rows 20 and 30, columns 10 and 20


def test_the_sum_is_the_weighted_mean(scene):
    image, _, places, weight = scene
    network = Counting(2)
    total, count = torch.zeros(3, 60, 52, dtype=torch.float64), torch.zeros(60, 52, dtype=torch.float64)
    for place in places:
        total[(slice(None), *place)] += network(image[(slice(None), *place)][None])[0] * weight
        count[place] += weight
    found = SlidingWindow(network, image, places, weight)(image[None])[0]
    assert (found - total / count).abs().max() < 1e-5


@pytest.mark.parametrize("room", [0, 1, 6])
def test_a_small_budget_costs_runs_but_no_bit(scene, room):
    image, batch, places, weight = scene
    expected = SlidingWindow(Counting(2), image, places, weight, reuse=False)(batch)
    window = SlidingWindow(Counting(2), image, places, weight, budget=room * 3 * 20 * 20 * 4)
    assert torch.equal(window(batch), expected)
    assert len(window._kept) <= room
    with_room = SlidingWindow(Counting(2), image, places, weight)
    with_room(batch)
    assert window.tiles_run > with_room.tiles_run


def test_the_network_always_gets_the_same_number_of_tiles(scene):
    image, batch, places, weight = scene
    network = Counting(2)
    window = SlidingWindow(network, image, places, weight, at_once=4)
    window(batch)
    window(batch[1:2])
    assert network.sizes == {4}


def test_volumes_and_one_single_tile():
    torch.manual_seed(2)
    image = torch.randn(1, 20, 24, 16)
    batch = perturbed(image, [((3, 6), (20, 24), (0, 5)), ((18, 20), (0, 24), (3, 4))])
    places, weight = grid_of((20, 24, 16), (12, 12, 12), 6), torch.rand(12, 12, 12) + 0.1
    network = Counting(3)
    window = SlidingWindow(network, image, places, weight)
    assert torch.equal(window(batch), SlidingWindow(Counting(3), image, places, weight, reuse=False)(batch))
    assert network.tiles < 2 * len(places)
    whole = SlidingWindow(network, image, [tuple(slice(0, n) for n in image.shape[1:])], torch.ones(20, 24, 16))
    assert torch.allclose(whole(batch), network(batch), atol=1e-6)


def test_monai_blends_tiles_alike(scene):
    inferers = pytest.importorskip("monai.inferers")
    data = pytest.importorskip("monai.data.utils")
    image, batch, _, _ = scene
    network = Counting(2)
    weight = data.compute_importance_map((20, 20), mode="gaussian", sigma_scale=0.125)
    interval = inferers.utils._get_scan_interval((60, 52), (20, 20), 2, (0.5, 0.5))
    places = data.dense_patch_slices((60, 52), (20, 20), interval)
    with torch.inference_mode():
        expected = inferers.sliding_window_inference(batch, (20, 20), 1, network, overlap=0.5, mode="gaussian")
    assert (SlidingWindow(network, image, places, weight)(batch) - expected).abs().max() < 1e-5


VOLUME, TILE = (16, 60, 20), (8, 20, 20)


@pytest.fixture(scope="module")
def volume():
    """A volume of 3 x 9 tiles, longest along its rows; copies: untouched, touched in two corners, in the middle twice,
    in the middle elsewhere, all over."""
    torch.manual_seed(3)
    image = torch.randn(1, *VOLUME)
    middle = ((7, 9), (29, 31), (9, 11))
    boxes = [((0, 0),) * 3, ((0, 2),) * 3, middle, middle, ((2, 3), (29, 31), (9, 11)), tuple((0, n) for n in VOLUME)]
    batch = perturbed(image, boxes)
    batch[1, 0, -2:, -2:, -2:] = -2.0
    places = grid_of(VOLUME, TILE, 5)
    return image, batch, places, torch.rand(TILE) + 0.1


@pytest.mark.parametrize("at_once", [1, 3])
@pytest.mark.parametrize("budget", [0, 250_000, 2**30])
def test_sums_of_tiles_give_what_all_tiles_give_whatever_has_room(volume, budget, at_once):
    image, batch, places, weight = volume
    expected = SlidingWindow(Counting(3), image, places, weight, reuse=False)(batch)
    window = SummedWindow(Counting(3), image, places, weight, channels=3, budget=budget, at_once=at_once)
    found = window(batch)
    assert (found - expected).abs().max() < 2e-6
    assert torch.equal(window(batch, [2, 0]), found[:, [2, 0]]), "only those that are asked for"
    assert torch.equal(torch.cat([window(copy[None]) for copy in batch]), found), "whatever was asked before"
    again = SummedWindow(Counting(3), image, places, weight, channels=3, reuse=False)
    assert (again(batch) - expected).abs().max() < 2e-6 and again.tiles_run == len(batch) * len(places)


def test_a_change_in_the_same_tiles_costs_these_tiles_alone(volume):
    image, batch, places, weight = volume
    window = SummedWindow(Counting(3), image, places, weight, channels=3, budget=250_000)  # the sum, and no tile more
    window(image[None])
    assert window.tiles_run == len(places) == 27
    for copy, runs in ((batch[2], 15 + 12), (batch[3], 15), (batch[0], 0), (batch[3], 15)):
        before = window.tiles_run
        window(copy[None])
        assert window.tiles_run - before == runs
    changed = window.grid.reached(tuple(slice(a, b) for a, b in ((7, 9), (29, 31), (9, 11))))
    assert window.runs([changed, changed, (), (0,)]) == 15 + 12 + 15 + 1 + 1


@pytest.mark.parametrize("overlap", [False, True])
def test_the_last_layer_may_come_after_the_sum(overlap):
    nets = pytest.importorskip("dynamic_network_architectures.architectures.unet")
    torch.manual_seed(0)
    conv, norm, act = torch.nn.Conv2d, torch.nn.InstanceNorm2d, torch.nn.LeakyReLU
    for heads, before_last in ((7, False), (9, True)):
        network = nets.PlainConvUNet(1, 2, (8, 8), conv, 3, (1, 2), 1, heads, 1, norm_op=norm, nonlin=act).eval()
        split = Heads(network, heads, overlap)
        assert split.before_last == before_last and split.channels == (8 if before_last else heads)
        image = torch.randn(1, 1, 16, 16)
        with torch.inference_mode():
            logits = network(image)[0]
            found = split(split.body(image)[0].flatten(1), None).view(-1, 16, 16)
            some = split(split.body(image)[0].flatten(1), [3, 0]).view(-1, 16, 16)
        expected = logits.sigmoid() if overlap else logits.softmax(0)[1:]
        assert (found - expected).abs().max() < 1e-6
        assert (some - expected[[3, 0]]).abs().max() < 1e-6
        assert (network(image)[0] - logits).abs().max() == 0, "the network itself stays as it is"
    network.decoder.seg_layers[-1] = torch.nn.Conv2d(8, 9, 3, padding=1)
    assert not Heads(network, 9, overlap).before_last, "a last layer that looks around has to come before"
    assert not Heads(Counting(2), 3, overlap).before_last
