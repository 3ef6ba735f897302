"""The exact tile cache, against all tiles run anew and against MONAI's sliding window."""

from itertools import product

import pytest
import torch

from XAICLIPLib.models.tiles import SlidingWindow


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
