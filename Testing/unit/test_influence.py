"""What one run knows of where the output changed: held against known answers, and against running the model."""

from io import BytesIO

import numpy as np
import pytest
import torch

import XAICLIPLib as xai
from XAICLIPLib.attribution.methods import WorkGrid, as_method
from XAICLIPLib.attribution.scorer import Scorer
from XAICLIPLib.errors import InputError
from XAICLIPLib.influence.cells import Cells
from XAICLIPLib.influence.files import packed_record, read_record
from XAICLIPLib.influence.grid import ImageGrid
from XAICLIPLib.influence.packed import STEPS, Packed, quantised
from XAICLIPLib.influence.place import islands
from XAICLIPLib.influence.question import Influence
from XAICLIPLib.influence.shape import shape_correlation, shape_null
from XAICLIPLib.influence.volume import VolumeInfluence
from XAICLIPLib.models.resize import Padded

SIZE = 64
ROWS, COLUMNS = np.mgrid[:SIZE, :SIZE]
ORGAN = (np.abs(ROWS - 32) < 18) & (np.abs(COLUMNS - 30) < 14)
IMAGE = np.where(ORGAN, 1.0, 0.1).astype(np.float32)[None]
GATE = (slice(20, 24), slice(20, 24))
TILES = (ROWS // 12) * 6 + COLUMNS // 12
METHODS = {
    "occlusion": {"patch": 12, "stride": 4},
    "hierarchical": {"patch": 16, "stride": 2, "budget": 0.5},
    "rise": {"masks": 400, "estimator": "ridge"},
    "lime": {"samples": 200, "segments": TILES},
    "kernelshap": {"samples": 200, "segments": TILES},
    "hsic": {"samples": 200},
}
each_method = pytest.mark.parametrize("name", METHODS)


def threshold(batch):
    return torch.sigmoid(12 * (batch - 0.5))


def gated(batch):
    """Drawn where it is bright, and nowhere without a small place in its upper left."""
    return threshold(batch) * threshold(batch[(..., *GATE)].mean((2, 3), keepdim=True))


def drawn_anyway(batch):
    return torch.from_numpy(ORGAN).float().expand(len(batch), 1, SIZE, SIZE) * 0.9 + 0 * batch


def known(predict=gated, name="occlusion", **more):
    return xai.influence(IMAGE, predict, method=name, **{"fill": 0.1, **METHODS[name], **more})


@each_method
def test_own_and_remote_make_up_the_total(name):
    found = known(name=name)
    own, remote, total = (found.why("reference", part=part) for part in ("own", "remote", "total"))
    assert np.abs(own + remote - total).max() <= 1e-6 and np.abs(total).max() > 0.1
    assert total.dtype == np.float32 and total.shape == (SIZE, SIZE)


@pytest.mark.parametrize("name", ["occlusion", "hierarchical", "lime", "kernelshap"])
def test_the_total_on_the_reference_is_the_drop_of_confidence(name):
    found = known(name=name)
    settings = {"fill": 0.1, **METHODS[name]}
    drop = xai.attribute(IMAGE, gated, method=name, score="confidence", **settings).drop[0]
    assert np.abs(found.why("reference", part="total") - drop).max() <= 0.005
    assert drop.max() > 0.05


@each_method
def test_recording_changes_no_map(name):
    maps = []
    known(name=name, on_map=lambda found: maps.append(found))
    heard = [f.drop for f in maps]
    maps.clear()
    xai.attribute(IMAGE, gated, method=name, on_map=maps.append, fill=0.1, **METHODS[name])
    assert heard and all(np.array_equal(a, b.drop) for a, b in zip(heard, maps))


@each_method
def test_the_gate_is_found_and_a_threshold_has_no_remote_effect(name):
    why = known(name=name).why("drawn")
    rows, columns = np.nonzero(why >= 0.99 * why.max())
    assert abs(rows.mean() - 22) <= 8 and abs(columns.mean() - 22) <= 8 and why.max() > 0.15
    if name in ("occlusion", "hierarchical"):  # the others estimate: what a part does is never exactly nothing
        assert np.abs(known(threshold, name).why("drawn")).max() <= 1e-6


def test_an_answer_is_what_running_the_model_says():
    """Hide one patch by hand: the mean change in a mask, with and without what was hidden itself."""
    found = known()
    mask = np.zeros((SIZE, SIZE), bool)
    mask[16:44, 16:36] = True  # whole organ pixels and cells that its edge divides
    box = (slice(16, 28), slice(16, 28))
    hidden = IMAGE.copy()
    hidden[(0, *box)] = 0.1
    before, after = (gated(torch.from_numpy(i)[None])[0, 0].numpy() for i in (IMAGE, hidden))
    change = before - after
    inside = np.zeros_like(mask)
    inside[box] = True
    place = found.record.sources.boxes.tolist().index(
        [[16, 28], [17, 28]]
    )  # what changes of it: the organ begins at 17
    for part, where in (("total", mask), ("own", mask & inside), ("remote", mask & ~inside)):
        assert found.effects(mask, part=part)[place] == pytest.approx(change[where].sum() / mask.sum(), abs=0.003)


def test_what_is_drawn_without_being_seen():
    seen, blind = known(threshold, patch=64, stride=64), known(drawn_anyway, patch=64, stride=64)
    assert seen.unseen_share() < 0.02 and blind.unseen_share() == pytest.approx(0.9, abs=0.01)
    where = blind.unseen()
    assert where[ORGAN].min() == pytest.approx(0.9, abs=0.01) and not where[~ORGAN].any()


def test_reach_shows_where_hiding_a_place_is_felt():
    found = known()
    reach = found.reach(xai.Point((22, 22), 1))
    assert reach[ORGAN].min() > 0.3 and reach[2, 2] < 0.01
    assert np.abs(found.reach(xai.Point((46, 40), 1))[20:24, 20:24]).max() < 0.01
    with pytest.raises(InputError, match="outside the evaluated region"):
        xai.influence(IMAGE, gated, ORGAN, "occlusion", patch=8, stride=8).reach(xai.Point((2, 60), 1))


def test_organs_that_need_each_other():
    """A function whose dependence is known: b loses 60 % without a, c all of itself without b; nothing else."""
    masks = {name: np.zeros((SIZE, SIZE), bool) for name in "abc"}
    for place, mask in enumerate(masks.values()):
        mask[8:56, 4 + 20 * place : 20 + 20 * place] = True
    image = np.where(np.logical_or.reduce(list(masks.values())), 1.0, 0.0).astype(np.float32)[None]
    a, b, c = (torch.from_numpy(m).float() for m in masks.values())

    def predict(batch):
        there = [(batch[:, 0] * m).sum((1, 2), keepdim=True) / m.sum() for m in (a, b, c)]
        drawn = (a * there[0], b * there[1] * (0.4 + 0.6 * there[0]), c * there[2] * there[1])
        return torch.stack([d.expand(len(batch), SIZE, SIZE) for d in drawn], 1)

    found = xai.influence(image, predict, players=masks, fill=0.0, names=tuple("abc"))
    wanted = [[1, 0.6, 0], [0, 1, 1], [0, 0, 1]]
    assert np.abs(found.between() - wanted).max() <= 0.01
    assert found.between(["b"], ["c"]).shape == (1, 1)
    by_mask = found.between([masks["a"]])  # a mask stands for the places that overlap with it
    assert np.abs(by_mask - wanted[:1]).max() <= 0.01
    assert np.abs(np.diag(found.between(part="remote"))).max() <= 0.01  # each of them is hidden whole


def test_islands_missing_and_extra_parts_are_asked_about():
    drawn = np.zeros((SIZE, SIZE), np.float32)
    drawn[4:30, 4:30], drawn[40:50, 40:50] = 1, 1
    truth = np.zeros((SIZE, SIZE), bool)
    truth[4:30, 4:40] = True

    def predict(batch):  # the small island is drawn because of the upper left corner of the large one
        corner = batch[:, :, 4:8, 4:8].mean((2, 3), keepdim=True)
        gate = torch.ones_like(batch)
        gate[:, :, 40:50, 40:50] = corner
        return batch * gate

    found = xai.influence(drawn[None], predict, method="occlusion", patch=8, stride=4, fill=0.0, reference=truth[None])
    assert np.array_equal(np.unique(islands(drawn > 0.5)[0]), [0, 1, 2])
    small, large = found.why(xai.Island(2)), found.why(xai.Island(1))
    assert np.unravel_index(small.argmax(), small.shape)[0] < 8 and small.max() > 0.2
    assert np.abs(large).max() <= 1e-6
    extra = found.why("extra")
    assert np.allclose(extra, small, atol=0.005), "the small island is all that is extra"
    assert np.abs(found.why("missing")).max() <= 1e-6
    assert np.abs(found.why("boundary", part="own")).max() > 0.01
    with pytest.raises(InputError, match="no island 3 in the prediction; it has 2"):
        found.why(xai.Island(3))
    with pytest.raises(InputError, match="nothing is missing: the prediction is the reference"):
        known().why("missing")


@pytest.mark.parametrize(
    "ask, message",
    [
        (lambda f: f.why(np.zeros((SIZE, SIZE), bool)), "the mask is empty"),
        (lambda f: f.why(np.ones((8, 8), bool)), "the mask has 8 x 8 pixels and the image 64 x 64"),
        (lambda f: f.why(xai.Point((99, 3))), "the point 99, 3 lies outside the image of 64 x 64 pixels"),
        (lambda f: f.why("drawn", "spleen"), "no target 'spleen'; it has target 0"),
        (lambda f: f.why("drawn", 3), "there is no target 3; this run has 1"),
        (lambda f: f.why("drawn", part="all"), "no part 'all'; choose one of remote, own, total"),
        (lambda f: f.why("everything"), "no place 'everything'; choose drawn, reference"),
        (lambda f: f.between(), "the places of this run have no names"),
        (lambda f: f.between(["liver"]), "no player 'liver'"),
        (lambda f: f.reach("drawn"), "'drawn' names no place that was hidden; give a mask or a Point"),
    ],
)
def test_bad_questions_are_refused_in_one_line(ask, message):
    with pytest.raises(InputError, match=message) as caught:
        ask(known())
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["occlusion", "lime"])
def test_a_record_survives_the_disk(name):
    found = known(name=name)
    again = Influence(*read_record(packed_record(found.record, found.grid), "z.npz"))
    for part in ("own", "remote", "total"):
        assert np.array_equal(again.why("drawn", part=part), found.why("drawn", part=part))
    assert again.unseen_share() == found.unseen_share() and again.targets == found.targets
    assert np.array_equal(again.reach(xai.Point((22, 22))), found.reach(xai.Point((22, 22))))


def test_a_damaged_record_is_refused():
    found = known()
    whole = packed_record(found.record, found.grid)
    for cut in (0, 10, len(whole) // 2, len(whole) - 30):
        with pytest.raises(InputError, match="z.npz is damaged, or no record of influence; run the explanation again"):
            read_record(whole[:cut], "z.npz")
    for known_of_it, message in ((np.array('{"version": 9}'), "version 9 and this program reads 2"),
                                 (np.array([{"version": 2}], dtype=object), "damaged")):  # fmt: skip
        file = BytesIO()
        np.savez(file, known=known_of_it)
        with pytest.raises(InputError, match=message):
            read_record(file.getvalue(), "z.npz")


def test_eight_bits_are_as_good_as_they_say():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(40, 700)).astype(np.float32) * rng.uniform(1e-4, 1, (40, 1)).astype(np.float32)
    rows[3] = 1e-8
    rows[:, 256:512] = 0
    packed = Packed.of(*quantised(rows))
    weights = rng.random(700)
    largest = np.abs(rows).max(1)
    assert (np.abs(packed.over_cells(weights) - rows @ weights) <= weights.sum() * largest / STEPS / 2 + 1e-5).all()
    over = rng.random(40)
    assert (np.abs(packed.over_places(over) - over @ rows) <= (over * largest).sum() / STEPS / 2 + 1e-6).all()
    assert not packed.scale[3] and 1 not in packed.groups
    nothing = Packed.of(np.zeros((0, 700), np.int8), np.zeros(0, np.float32))
    assert nothing.over_cells(weights).shape == (0,) and not nothing.over_places(np.zeros(0)).any()


@pytest.mark.parametrize("shape, edges", [((37, 50), (6, 6)), ((9, 20, 23), (2, 5, 4))])
def test_means_over_cells_are_means(shape, edges):
    rng = np.random.default_rng(1)
    drawn, truth = rng.random((2, *shape)) > 0.7
    cells = Cells(drawn, truth, edges)
    maps = rng.random((3, *shape)).astype(np.float32)
    plain = [[m[cells.number == j].mean() for j in range(len(cells))] for m in maps]
    assert np.allclose(cells.means(maps), plain, atol=1e-6)
    for mask in (drawn, truth, drawn & ~truth):  # no cell has pixels on both sides of an edge
        share = cells.shares(mask) / cells.sizes
        assert set(np.unique(share)) <= {0.0, 1.0}


def test_answers_lie_on_the_slice_and_not_on_the_models_grid():
    """A slice of 100 x 80 pixels stretched to 64 x 64: the gate is found where it lies in the slice."""
    way = Padded((100, 80), (SIZE, SIZE), (SIZE, SIZE))
    found = known()
    grid = ImageGrid.of(way.to_slice, (SIZE, SIZE), np.ones((100, 80), bool), (1.0, 1.0))
    on_slice = Influence(found.record, grid)
    why = on_slice.why("drawn")
    row, column = np.unravel_index(why.argmax(), why.shape)
    assert why.shape == (100, 80) and abs(row - 22 * 100 / 64) <= 10 and abs(column - 22 * 80 / 64) <= 9
    assert np.allclose(why, way.to_slice(found.why("drawn")[None])[0], atol=0.02)
    mask = way.to_slice(ORGAN[None].astype(np.float32))[0] > 0.5
    assert np.allclose(on_slice.effects(mask), found.effects(ORGAN), atol=0.02)
    assert on_slice.effects(xai.Point((60, 45), 2)).max() > 0.3


def test_a_volume_is_asked_like_an_image():
    volume = np.zeros((1, 12, 24, 24), np.float32)
    volume[0, 2:10, 4:20, 4:20] = 1

    def predict(batch):
        return batch * batch[:, :, 2:4, 4:8, 4:8].mean((2, 3, 4), keepdim=True)

    found = xai.influence(volume, predict, method="occlusion", patch=(4, 8, 8), stride=(2, 4, 4), fill=0.0)
    why = found.why("drawn")
    assert why.shape == (12, 24, 24) and np.unravel_index(why.argmax(), why.shape)[0] <= 4
    assert np.abs(found.why("drawn", part="own") + why - found.why("drawn", part="total")).max() <= 1e-6
    assert found.reach(xai.Point((3, 6, 6), 1))[9, 18, 18] > 0.2


def test_a_model_with_a_coarser_output_is_recorded_on_it():
    found = xai.influence(
        IMAGE,
        lambda batch: torch.nn.functional.avg_pool2d(gated(batch), 2),
        method="occlusion",
        patch=12,
        stride=4,
        fill=0.1,
    )
    why = found.why("drawn")
    row, column = np.unravel_index(why.argmax(), why.shape)
    assert why.shape == (SIZE, SIZE) and abs(row - 22) <= 8 and abs(column - 22) <= 8


def stacked(slices=6, players=None):
    """Slices of an organ whose gate lies in slices 2 and 3 alone, each explained by itself."""
    images = np.repeat(IMAGE[None], slices, 0)
    gates = [gated if z in (2, 3) else threshold for z in range(slices)]
    runs = {
        z: xai.influence(images[z], gates[z], method="occlusion", patch=12, stride=6, fill=0.1) for z in range(slices)
    }
    others = {}
    if players is not None:
        others = {z: xai.influence(images[z], gates[z], players=players, fill=0.1) for z in range(slices)}
    read = [{z: lambda f=f: packed_record(f.record, f.grid) for z, f in found.items()} for found in (runs, others)]
    drawn = np.repeat(ORGAN[None], slices, 0)
    return VolumeInfluence(*read, (slices, SIZE, SIZE), (5.0, 1.0, 1.0), lambda k: drawn), images, gates


def test_slices_answer_together():
    volume, images, gates = stacked()
    assert volume.slices == [0, 1, 2, 3, 4, 5]
    alone, through = volume.why("drawn", depth_mm=0), volume.why("drawn", depth_mm=10.0)
    assert np.flatnonzero(np.abs(alone).max((1, 2)) > 1e-5).tolist() == [2, 3]
    assert np.abs(alone[2] - volume.slice(2).why("drawn") / 6).max() <= 1e-6, "its share of the whole"
    assert np.abs(through[2] - alone[1:4].sum(0)).max() <= 1e-6, "10 mm are a slice to either side"
    assert through[4].max() == pytest.approx(alone[3].max(), abs=1e-6)
    mask = np.zeros(volume.shape, bool)
    mask[2] = ORGAN
    assert np.abs(volume.why(mask, depth_mm=0)[2] - volume.slice(2).why(ORGAN)).max() <= 1e-6
    assert volume.why(xai.Point((3, 40, 30), 4), depth_mm=0)[3].max() > 0.2
    assert np.array_equal(volume.why(xai.Island(1), depth_mm=0), volume.why(mask | ORGAN[None], depth_mm=0))


def test_the_dice_of_a_box_through_slices_is_that_of_running_it():
    volume, images, gates = stacked()
    boxes = volume.slice(2).record.sources.boxes
    for place in range(0, len(boxes), 7):
        hidden = {z: place for z in (1, 2, 3)}
        shared = drawn = 0
        for z, (image, gate) in enumerate(zip(images, gates)):
            copy = image.copy()
            if z in hidden:
                at = tuple(slice(*span) for span in boxes[place])
                copy[(0, *at)] = 0.1
            found = gate(torch.from_numpy(copy)[None])[0, 0].numpy() > 0.5
            shared, drawn = shared + (found & ORGAN).sum(), drawn + found.sum()
        assert volume.dice(0, hidden) == pytest.approx(2 * shared / (drawn + 6 * ORGAN.sum()), abs=1e-6)


def test_a_volume_of_slices_knows_what_is_unseen_reached_and_between():
    gate = np.zeros((SIZE, SIZE), bool)
    gate[GATE] = True
    volume, *_ = stacked(players={"gate": gate, "rest": ORGAN & ~gate})
    assert volume.unseen_share() < 0.05 and volume.unseen().shape == volume.shape
    reach = volume.reach(xai.Point((2, 22, 22), 1))
    assert reach[2].max() > 0.3 and not reach[1].any()
    assert volume.players == ("gate", "rest")
    [[gate_effect], [rest]] = volume.between()
    alone = [volume._open(z, True).between(["gate"])[0, 0] for z in range(6)]
    assert gate_effect == pytest.approx(np.mean(alone), abs=1e-4) and gate_effect > 0.25 and rest > 0.6
    with pytest.raises(InputError, match="no player 'liver'; this run has gate, rest"):
        volume.between(["liver"])


@pytest.mark.parametrize(
    "ask, message",
    [
        (lambda v: v.slice(9), "slice 9 was not explained; slices 0-5 were"),
        (lambda v: v.why(np.ones((2, 2, 2), bool)), "the mask has 2 x 2 x 2 voxels and the scan 6 x 64 x 64"),
        (lambda v: v.why(xai.Point((7, 3, 3))), "the point 7, 3, 3 lies outside the scan of 6 x 64 x 64"),
        (lambda v: v.why(xai.Island(2)), "no island 2 in the prediction; it has 1"),
        (lambda v: v.why("missing"), "nothing is missing"),
        (lambda v: v.between(), "no segments were hidden in this run"),
        (lambda v: v.reach("drawn"), "'drawn' names no place that was hidden; give a mask or a Point"),
        (lambda v: v.dice(0, {1: 10**6}), "no counts for place"),
    ],
)
def test_bad_questions_to_a_volume_are_refused_in_one_line(ask, message):
    with pytest.raises(InputError, match=message):
        ask(stacked()[0])


def test_the_shape_of_an_organ_needs_no_model():
    """What only thresholds has the shape's map under the paper's settings; what hangs on a gate has not."""
    region = np.ones((SIZE, SIZE), bool)
    settings = xai.Occlusion(patch=12, stride=4, fill="zero")
    image, inside = torch.from_numpy(IMAGE), torch.from_numpy(region)
    correlations = []
    for predict in (threshold, gated):
        scorer = Scorer(predict, image)
        found = settings.explain(scorer, inside)
        null = shape_null(scorer, inside, settings)
        correlations.append(shape_correlation(found.drop[0], null.drop[0], region))
    assert correlations[0] > 0.995 > 0.985 > correlations[1]
    flat = np.zeros((SIZE, SIZE), np.float32)
    assert np.isnan(shape_correlation(flat, null.drop[0], region))


@each_method
def test_the_shape_null_is_the_map_of_a_threshold(name):
    """A threshold loses what is hidden and nothing else, so that its map is the null's whatever the method."""
    method = as_method(name, **{"fill": 0.1, **METHODS[name]}).on_grid(WorkGrid.of_array((SIZE, SIZE)))
    region = torch.ones(SIZE, SIZE, dtype=torch.bool)
    scorer = Scorer(lambda batch: (batch > 0.55).float(), torch.from_numpy(IMAGE))  # the middle: half hidden is lost
    found, null = method.explain(scorer, region), shape_null(scorer, region, method)
    assert np.abs(found.drop).max() > 0.01
    if name == "hierarchical":  # which looks where its own first patches found something: here, everywhere the same
        assert shape_correlation(found.drop[0], null.drop[0], null.evaluated) > 0.98
    else:
        assert np.abs(found.drop - null.drop).max() <= 1e-5
