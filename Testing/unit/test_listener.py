"""A listener is told of every output once; perturbations say what they hide, patches which windows they stand for."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

import XAICLIPLib as xai
from XAICLIPLib.attribution.attribute import explain
from XAICLIPLib.attribution.methods import every
from XAICLIPLib.attribution.occlusion import Patches
from XAICLIPLib.attribution.perturbations import Blend, Boxes, PixelSets
from XAICLIPLib.attribution.receptive_field import receptive_radius
from XAICLIPLib.attribution.scorer import Scorer

SETTINGS = [
    xai.Occlusion(12, 6),
    xai.Hierarchical(16, 4, budget=0.5),
    xai.Rise(masks=30),
    xai.Rise(masks=30, estimator="ridge", tolerance=0.5),
    xai.Lime(samples=20, min_size=5),
    xai.KernelShap(samples=20, min_size=5),
    xai.Hsic(samples=20, grid=4),
]
each_method = pytest.mark.parametrize("settings", SETTINGS, ids=lambda m: f"{m.name}-{getattr(m, 'estimator', '')}")


def network(dims=2, targets=2, seed=0):
    torch.manual_seed(seed)
    conv = {2: nn.Conv2d, 3: nn.Conv3d}[dims]
    layers = nn.Sequential(conv(1, 4, 3, padding=1), nn.Tanh(), conv(4, targets, 3, padding=1), nn.Sigmoid())
    with torch.no_grad():
        layers[0].weight.mul_(3)
        layers[2].weight.mul_(6)
    return layers.requires_grad_(False).eval()


def image_and_region(*shape, inner):
    image = torch.rand(1, *shape, generator=torch.Generator().manual_seed(1))
    region = torch.zeros(shape, dtype=torch.bool)
    region[tuple(slice(*span) for span in inner)] = True
    return image, region


FLAT = image_and_region(96, 224, inner=((8, 40), (100, 130)))
SOLID = image_and_region(8, 40, 48, inner=((2, 6), (6, 30), (8, 36)))


class Ear:
    """Scores each output by itself, and keeps what it was told."""

    def __init__(self):
        self.calls, self.reference, self.outputs, self.designs = [], None, [], []

    def end(self, design):
        self.designs.append(design)

    def begin(self, perturbations):
        self.calls.append((perturbations, []))
        self.outputs.append([])

    def __call__(self, start, stop, output):
        told = self.calls[-1][1]
        assert start == sum(len(scores) for scores in told) and stop - start == len(output)
        assert output.dtype == torch.float32
        self.outputs[-1].append(output.clone())
        told.append(self.dice(output.numpy()))

    def dice(self, output):
        hard, reference = output > 0.5, self.reference.numpy()
        axes = tuple(range(2, output.ndim))
        shared = (hard & reference).sum(axes).astype(np.float32)
        sizes = (hard.sum(axes) + reference.sum(tuple(axis - 1 for axis in axes))).astype(np.float32)
        return 2 * shared / np.maximum(sizes, np.finfo(np.float32).eps)


class Kept(Scorer):
    """Keeps the scores that each call gives."""

    def evaluate(self, *given, **named):
        scores = super().evaluate(*given, **named)
        self.kept = [*getattr(self, "kept", []), scores.numpy()]
        return scores


def scorer_with_ear(predict, image, **more):
    ear = Ear()
    scorer = Kept(predict, image, listener=ear, **more)
    ear.reference = scorer.prediction > 0.5
    return scorer, ear


def check(scorer, ear):
    assert len(ear.calls) == len(scorer.kept) > 0
    for (_, told), scores in zip(ear.calls, scorer.kept):
        assert np.array_equal(np.concatenate(told), scores)
    assert sum(len(scores) for scores in scorer.kept) == scorer.evaluations > 8
    assert len(np.unique(np.concatenate(scorer.kept))) > 4


@each_method
@pytest.mark.parametrize("dims", [2, 3])
def test_the_scores_can_be_had_from_what_a_listener_is_told(settings, dims):
    image, region = {2: FLAT, 3: SOLID}[dims]
    if dims == 3 and settings.name == "hierarchical":
        settings = xai.Hierarchical((4, 16, 16), (1, 4, 4), budget=0.3)
    elif dims == 3 and hasattr(settings, "segments"):
        blocks = np.indices(region.shape) // 8
        settings = replace(settings, segments=np.ravel_multi_index(tuple(blocks), (1, 5, 6)))
    scorer, ear = scorer_with_ear(network(dims), image)
    found = explain(scorer, region, settings)
    check(scorer, ear)
    quiet = explain(Scorer(network(dims), image), region, settings)
    assert np.array_equal(found.drop, quiet.drop), "listening changes nothing"


@each_method
def test_a_listener_gets_whole_outputs_also_from_a_window(settings):
    image, region = FLAT
    model = network()
    scorer, ear = scorer_with_ear(model, image)
    found = explain(scorer, region, settings, radius=receptive_radius(model, image))
    assert found.details["window_share"] < 0.6, "the window is what this is about"
    check(scorer, ear)
    (perturbations, _), outputs = ear.calls[0], torch.cat(ear.outputs[0])
    copies = image[None].repeat(len(outputs), 1, 1, 1)
    perturbations.write(copies, 0, len(outputs))
    assert (outputs - model(copies)).abs().max() <= 1e-6
    beyond = torch.ones(image.shape[1:], dtype=torch.bool)
    beyond[scorer.affected] = False
    assert beyond.float().mean() > 0.4
    assert torch.equal(outputs[..., beyond], scorer.prediction[..., beyond].expand(len(outputs), -1, -1))


def test_without_a_window_all_of_the_output_may_change():
    assert Scorer(network(), FLAT[0]).affected == (slice(0, 96), slice(0, 224))


@each_method
@pytest.mark.parametrize("place", ["model", "listener", "score"])
def test_nothing_is_told_twice_where_memory_runs_out(settings, place):
    image, region = FLAT
    refused = []

    def refuse(batch):
        if len(batch) > 3:
            refused.append(len(batch))
            raise torch.OutOfMemoryError("CUDA out of memory")

    model = network()

    def greedy(batch):
        if place == "model":
            refuse(batch)
        return model(batch)

    scorer, ear = scorer_with_ear(greedy, image, batch_size=8)
    if place == "score":
        score = scorer._score
        scorer._score = lambda output: (refuse(output), score(output))[1]
    if place == "listener":
        hear = Ear.__call__
        ear_class = type("Short", (Ear,), {"__call__": lambda self, a, b, out: (refuse(out), hear(self, a, b, out))})
        ear.__class__ = ear_class
    explain(scorer, region, settings)
    assert refused == [8, 4]
    check(scorer, ear)


@each_method
def test_perturbations_say_what_they_hide(settings):
    image, region = FLAT
    scorer, ear = scorer_with_ear(network(), image)
    explain(scorer, region, settings)
    for perturbations, told in ear.calls:
        count = sum(map(len, told))
        hidden = perturbations.hides(0, count)
        assert hidden.shape == (count, *region.shape) and hidden.dtype == torch.float32
        assert not hidden[:, ~region].any() and 0 <= hidden.min() and hidden.max() <= 1
        copies = image[None].repeat(count, 1, 1, 1)
        perturbations.write(copies, 0, count)
        assert (copies - image * (1 - hidden[:, None])).abs().max() < 1e-6  # filled with 0


def test_what_each_family_hides_by_hand():
    image, fill = torch.full((1, 3, 4), 5.0), torch.full((1, 3, 4), 5.0)  # the fill has the image's own value
    region = torch.tensor([[1, 1, 1, 0], [1, 1, 1, 0], [0, 0, 0, 0]], dtype=torch.bool)
    boxes = Boxes(image, fill, region, [((0, 1), (0, 4)), ((1, 3), (2, 4))])
    assert boxes.boxes == (((0, 1), (0, 4)), ((1, 3), (2, 4)))
    assert boxes.hides(0, 2).tolist() == [
        [[1, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]],
        [[0, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]],
    ]
    assert torch.equal(boxes.hides(1, 2), boxes.hides(0, 2)[1:])
    sets = PixelSets(image, fill, [np.array([0, 5]), np.array([], int)])
    assert sets.hides(0, 2).nonzero().tolist() == [[0, 0, 0], [0, 1, 1]]
    kept = torch.tensor([[[1.0, 0.25, 0.0], [1.0, 1.0, 0.5]]])
    blend = Blend(image, fill, region, lambda start, stop: kept[start:stop], 1)
    assert blend.hides(0, 1).tolist() == [[[0, 0.75, 1, 0], [0, 0, 0.5, 0], [0, 0, 0, 0]]]


def test_patches_say_which_windows_each_copy_stands_for():
    """Of a row of 24 pixels only 8 to 11 hold anything: windows that hold all of that are one copy."""
    image = torch.zeros(1, 4, 24)
    image[0, :, 8:12] = 1.0
    ear = Ear()
    scorer = Scorer(lambda batch: batch, image, listener=ear)
    ear.reference = scorer.prediction > 0.5
    patches = Patches(scorer, xai.Occlusion((4, 8), (4, 2)), torch.ones(4, 24, dtype=torch.bool), 0)
    starts = [window[1].start for window in patches.windows]
    assert starts == [0, 2, 4, 6, 8, 10, 12, 14, 16]
    by_hand = {(8, 10): [2], (8, 12): [4, 6, 8], (10, 12): [10]}
    by_start = {source.box: [starts[n] for n in source.windows] for source in patches.sources}
    assert by_start == {((0, 4), columns): windows for columns, windows in by_hand.items()}
    patches.evaluate(np.flatnonzero(patches.places))
    assert ear.calls[0][0].boxes == tuple(source.box for source in patches.sources)
    assert patches.drops[:, 0].tolist() == pytest.approx([0, 1 / 3, 1, 1, 1, 1 / 3, 0, 0, 0])


def test_what_was_evaluated_of_a_hierarchy_is_known_by_source():
    image, region = FLAT
    scorer, ear = scorer_with_ear(network(), image)
    patches = Patches(scorer, xai.Hierarchical(16, 4), region, 0)
    patches.evaluate(np.flatnonzero(patches.places & every(patches.places.shape, 2)))
    done = {source.box for source in patches.sources if patches.known[list(source.windows)].all()}
    assert done == set(ear.calls[0][0].boxes) and len(done) == patches.evaluations < patches.copies


@each_method
def test_the_design_told_at_the_end_turns_outputs_into_the_map(settings):
    """With the mean probability in the reference as score, the map is linear in the outputs."""
    image, region = FLAT
    scorer, ear = scorer_with_ear(network(), image, score="confidence")
    found = explain(scorer, region, settings)
    [design] = ear.designs
    reference = scorer.prediction > 0.5
    outputs = torch.cat([torch.cat(batches) for batches in ear.outputs if batches])
    inside = torch.einsum("nkhw,khw->nk", outputs, reference.float()) / reference.flatten(1).sum(1)
    falls = (scorer.baseline - inside).double().numpy()
    if hasattr(design, "windows"):
        total, count = np.zeros((2, *region.shape)), np.zeros(region.shape)
        for ((y0, y1), (x0, x1)), fall in zip(design.windows, design.combined @ falls):
            total[:, y0:y1, x0:x1] += fall[:, None, None]
            count[y0:y1, x0:x1] += 1
        assert np.allclose(np.where(region, total / np.maximum(count, 1), 0), found.drop, atol=1e-6)
        return
    values, errors = design.fit(falls)
    drop = np.append(values.T, np.zeros((2, 1)), 1)[:, design.number]
    assert design.count == len(values) and values.shape == errors.shape and (errors >= 0).all()
    if settings.name in ("lime", "kernelshap"):
        assert np.allclose(drop, found.drop, atol=1e-6)
    else:  # RISE on cells instead of pixels; HSIC's criterion is not linear
        assert np.corrcoef(drop[:, region].ravel(), found.drop[:, region].ravel())[0, 1] > 0.5
