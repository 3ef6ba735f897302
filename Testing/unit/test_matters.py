"""What is worth a look in a run: known places, pieces and slices are found, on their side, with their size."""

import json
from dataclasses import replace
from math import isnan

import numpy as np
import pytest

from XAICLIPLib.pipeline.matters import what_matters
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.results.matters import Finding, listed
from XAICLIPLib.results.rows import SliceRow
from XAICLIPLib.volume import Volume

SPACING = (2.0, 2.0, 5.0)
SHAPE = (8, 60, 60)  # rows run to the back, columns to the patient's left
SLICES = [2, 3, 4, 5]


def box(*edges):
    mask = np.zeros(SHAPE, bool)
    mask[tuple(slice(*edge) for edge in edges)] = True
    return mask


LIVER = box((2, 6), (20, 40), (10, 30))
ISLAND = box((3, 4), (22, 26), (44, 50))  # 12 x 8 mm in one slice, to the left
SPLEEN = box((2, 6), (24, 34), (40, 43))
PLACE = box((4, 5), (36, 39), (12, 15))  # behind, and to the right


def explanation(reference=None, saliency=None, row=None, turned=False, scale=None):
    """A run of the given masks, whose numbers are the given ones."""
    labels = np.zeros(SHAPE, np.uint8)
    labels[LIVER | ISLAND] = 1
    labels[SPLEEN] = 2
    evaluated = box((2, 6), (0, 60), (0, 60)).astype(np.uint8)
    values = np.zeros(SHAPE, np.float32) if saliency is None else saliency.astype(np.float32)
    nothing = np.zeros(SHAPE, np.float32)

    def volume(voxels):
        made = Volume(voxels, SPACING, (-60.0, -60.0, -20.0))
        if turned:  # stored from the head to the feet, and mirrored
            made = Volume(
                voxels[::-1, :, ::-1].copy(), SPACING, (58.0, -60.0, 15.0), (-1.0, 0, 0, 0, 1.0, 0, 0, 0, -1.0)
            )
        return made

    rows = [] if row is None else [row(z, name) for name in ("liver", "spleen") for z in SLICES]
    content = {"slices": {"explained": SLICES}, "summary": [], "saliency": scale or {}}
    return Explanation(
        saliency=volume(values),
        drops={"liver": volume(nothing), "spleen": volume(nothing)},
        saliencies={"liver": volume(values), "spleen": volume(nothing)},
        evaluated=volume(evaluated),
        roi=volume(evaluated),
        prediction=volume(labels),
        reference=None if reference is None else volume(reference),
        rows=rows,
        report=content,
    )


def of_kind(found, kind, structure="liver"):
    return [f for f in found if f.kind == kind and f.structure == structure]


@pytest.mark.parametrize("turned", [False, True])
def test_an_island_has_its_size_its_side_and_its_neighbour(turned):
    [island] = of_kind(what_matters(explanation(turned=turned)), "island")
    assert island.number == 2 and island.slice == 3 and island.side == "left"
    assert island.size_mm == 12.0 and island.value == pytest.approx(6 * 4 * 0.02) and island.unit == "ml"
    # the middle of the island is column 46.5, that of the liver 19.5: 27 columns of 2 mm, and a whole column is named
    assert island.offset_mm[0] == pytest.approx(54, abs=2) and island.at[0] == pytest.approx(-60 + 2 * 46.5, abs=1.01)
    assert island.organ == "spleen" and not island.is_inside, "8 mm beside it; that it is liver is said already"
    assert "piece apart of 12 mm" in island.text and "left of" in island.text


def test_a_speck_at_an_edge_is_not_told():
    found = explanation()
    speck = found.prediction.voxels.copy()
    speck[ISLAND] = 0
    speck[3, 22, 44:48] = 1  # 8 mm long, 0.08 ml
    assert not of_kind(what_matters(replace(found, prediction=replace(found.prediction, voxels=speck))), "island")


def hot(**options):
    scale = {"liver": {"shows": "remote", "largest": 0.4}}
    return of_kind(what_matters(explanation(scale=scale, **options)), "hot spot")


@pytest.mark.parametrize("turned", [False, True])
def test_a_hot_spot_has_the_value_and_the_place_of_the_map(turned):
    [spot] = hot(saliency=0.3 * LIVER + 0.7 * PLACE, turned=turned)
    assert spot.value == pytest.approx(0.4) and spot.unit == "remote" and spot.slice == 4 and spot.side == "right"
    assert spot.size_mm == 6.0 and spot.organ == "liver" and spot.is_inside
    assert spot.at == pytest.approx((-60 + 2 * 13, -60 + 2 * 37, 0.0))
    assert "takes away 40% of the rest on average" in spot.text and "behind" in spot.text


def test_a_map_without_a_scale_says_nothing():
    assert not of_kind(what_matters(explanation(saliency=1.0 * PLACE)), "hot spot")


def test_spots_apart_are_told_apart_and_weaker_ones_are_left_out():
    far = box((4, 5), (22, 25), (26, 29))
    weak = box((2, 3), (5, 8), (50, 53))
    spots = hot(saliency=1.0 * PLACE + 0.8 * far + 0.3 * weak)
    assert [round(s.value, 2) for s in spots] == [0.4, 0.32] and [s.number for s in spots] == [1, 2]
    near = box((4, 5), (34, 37), (18, 21))  # 12 mm beside the first: the same spot
    assert len(hot(saliency=1.0 * PLACE + 0.9 * near)) == 1


def test_disagreements_are_pieces_beyond_the_rim():
    truth = np.zeros(SHAPE, np.uint8)
    truth[box((2, 6), (20, 41), (10, 31))] = 1  # a row and a column wider: 2 mm, a rim
    truth[box((5, 6), (40, 50), (10, 20))] = 1  # and a part that is not drawn
    found = what_matters(explanation(reference=truth))
    [missing] = of_kind(found, "missing")
    assert missing.slice == 5 and missing.organ == ""
    assert missing.size_mm == 20.0 and missing.offset_mm[1] > 0
    # rows 41 to 49, of which the first lies 4 mm from what is drawn: beyond the rim
    assert missing.value == pytest.approx(9 * 10 * 0.02)
    [extra] = of_kind(found, "extra")
    assert extra.slice == 3 and extra.size_mm == 12.0 and extra.side == "left"
    assert not of_kind(found, "missing", "spleen") and of_kind(found, "extra", "spleen")


def test_a_whole_slice_that_is_missing_counts():
    truth = np.zeros(SHAPE, np.uint8)
    truth[LIVER] = 1
    run = explanation(reference=truth)
    run.prediction.voxels[5] = 0
    [missing] = of_kind(what_matters(run), "missing")
    assert missing.slice == 5 and missing.value == pytest.approx(20 * 20 * 0.02)


def numbers(z, structure, **more):
    cells = {"slice": str(z), "structure": structure, **{name: str(value) for name, value in more.items()}}
    return SliceRow.from_cells(cells)


def test_worst_slices_are_those_of_the_lowest_dice_else_of_the_largest_drop():
    dice = {2: 0.9, 3: 0.4, 4: 0.8, 5: 0.6}
    truth = np.where(LIVER, np.uint8(1), np.uint8(0))

    def row(z, name):
        return numbers(z, name, dice=dice[z], largest_drop=z / 10, score=1.0)

    scored = of_kind(what_matters(explanation(reference=truth, row=row)), "slice")
    assert [(f.slice, f.value, f.unit) for f in scored] == [(3, 0.4, "Dice"), (5, 0.6, "Dice"), (4, 0.8, "Dice")]
    assert isnan(scored[0].size_mm)
    plain = of_kind(what_matters(explanation(row=row)), "slice")
    assert [(f.slice, f.value, f.unit) for f in plain] == [(5, 0.5, "drop"), (4, 0.4, "drop"), (3, 0.3, "drop")]
    at = np.rint((np.array(plain[0].at) - (-60, -60, -20)) / SPACING).astype(int)
    assert LIVER[tuple(at[::-1])], "a click lands on the structure"


def test_findings_go_through_json_and_into_lines():
    found = hot(saliency=1.0 * PLACE) + what_matters(
        explanation(row=lambda z, name: numbers(z, name, largest_drop=0.1, score=1.0))
    )
    again = [Finding.from_json(json.loads(json.dumps(f.to_json()))) for f in found]
    assert listed(again) == listed(found) and again[0] == found[0]
    assert {f.kind for f in found} == {"hot spot", "island", "slice"}


def test_nothing_drawn_and_nothing_changed_is_an_empty_list():
    run = explanation()
    run.prediction.voxels[:] = 0
    assert what_matters(run) == []
