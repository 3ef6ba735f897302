"""Learning from labelled slices: which slices are taken, what it brings on the others, what is said when it fails."""

import re
from dataclasses import replace

import numpy as np
import pytest
import torch

from XAICLIPLib.case.case import Case
from XAICLIPLib.case.cautions import cautions
from XAICLIPLib.case.request import Request
from XAICLIPLib.cli import main
from XAICLIPLib.errors import Cancelled, InputError
from XAICLIPLib.metrics import dice
from XAICLIPLib.phantom import PHANTOM_LABELS, make_phantom
from XAICLIPLib.pipeline.learn_prompts import (
    Settings,
    choose_shots,
    known_slices,
    learn_prompts,
)
from XAICLIPLib.pipeline.locate import locate
from XAICLIPLib.volume import write_volume

CAVA = "inferior_vena_cava"


def flags(count, *ranges):
    found = np.zeros(count, bool)
    for low, high in ranges:
        found[low:high] = True
    return found


def test_slices_without_any_label_say_nothing_unless_the_structure_is_whole():
    nothing = flags(10)
    assert known_slices(flags(10, (3, 7)), nothing).all()
    sparse = np.isin(np.arange(10), (2, 5, 8))
    assert (known_slices(sparse, nothing) == sparse).all()
    assert (known_slices(sparse, flags(10, (0, 3))) == (sparse | flags(10, (0, 3)))).all()
    assert not known_slices(nothing, nothing).any()


def test_shots_are_spread_and_no_slice_has_two_uses():
    present, known = flags(40, (10, 30)), flags(40, (0, 40))
    shots = choose_shots(present, known, 8, 4)
    used = [*shots.learned, *shots.watched]
    with_it = sorted(z for z in used if present[z])
    assert len(with_it) == 8 and np.diff(with_it).min() >= 2 and with_it[0] < 13 and with_it[-1] > 26
    assert shots.without == 4 and len(shots.watched) == 3
    assert sum(present[list(shots.watched)]) == 2
    assert sorted([*used, *shots.measured]) == list(range(40))


def test_a_range_is_learned_from_and_the_rest_is_measured():
    present, known = flags(40, (10, 30)), flags(40, (0, 40))
    shots = choose_shots(present, known, 8, 4, within=range(20, 40))
    assert min(shots.learned) >= 20 and min(shots.watched) >= 20
    assert shots.measured == tuple(range(20))


def test_few_labelled_slices_are_used_up_and_one_is_too_few():
    present = flags(40, (10, 13))
    shots = choose_shots(present, present, 8, 4)
    assert sorted((*shots.learned, *shots.watched)) == [10, 11, 12] and shots.measured == () and shots.without == 0
    with pytest.raises(InputError, match="1 labelled slices hold it; label at least 2"):
        choose_shots(flags(40, (10, 11)), present, 8, 4)


@pytest.fixture(scope="module")
def patient():
    """A phantom with thinner slices, whose vena cava ends in the middle: fat is in its place above."""
    scan, labels = make_phantom(0, shape=(30, 128, 128), spacing=(3.0, 3.0, 6.0))
    gone = labels.voxels == PHANTOM_LABELS[CAVA]
    gone[:18] = False
    hounsfield, ids = np.where(gone, -100, scan.voxels), np.where(gone, 0, labels.voxels)
    return replace(scan, voxels=hounsfield), replace(labels, voxels=ids)


@pytest.fixture(scope="module")
def cava(patient):
    """A mask of the vena cava, which the bundled CLIP, who knows it as veins, finds badly by name."""
    labels = patient[1]
    return labels.like((labels.voxels == PHANTOM_LABELS[CAVA]).astype(np.uint8), "cava")


@pytest.fixture(scope="module")
def learning(patient, cava, models):
    request = Request("phantom", ("inferior vena cava",))
    return learn_prompts(request, Settings(steps=60), models=models, scan=patient[0], reference=cava)


@pytest.mark.slow
def test_eight_labelled_slices_raise_the_dice_on_the_others(learning):
    [row] = learning.rows
    assert row["shots"] == 8 and row["without"] == 4 and row["measured"] == 18
    assert row["after"] > row["before"] + 0.1
    assert learning.useful == (CAVA,) and learning.warnings == ()


@pytest.mark.slow
def test_the_file_is_used_by_every_later_run_and_gives_the_figure_that_was_promised(
    learning, patient, cava, models, tmp_path
):
    path = learning.save(tmp_path / "contexts.safetensors")
    present = cava.axial().voxels.any((1, 2))
    shots = choose_shots(present, np.ones(30, bool), 8, 4)
    request = Request.of("phantom", ("inferior vena cava", "liver"), prompts=str(path))
    case = Case(request, models, scan=patient[0])
    found = case.regions.of(shots.measured)
    masks = np.stack([region.masks[CAVA] for region in found])
    wanted = cava.axial().voxels[list(shots.measured)] != 0
    assert dice(masks, wanted) == pytest.approx(learning.rows[0]["after"])
    # what was not learned is found by its words, as without the file
    plain = Case(request.changed(prompts=None), models, scan=patient[0]).regions.of(shots.measured)
    assert all(np.array_equal(a.masks["liver"], b.masks["liver"]) for a, b in zip(found, plain))
    assert any(not np.array_equal(a.masks[CAVA], b.masks[CAVA]) for a, b in zip(found, plain))


def test_prompts_used_where_they_were_not_learned_are_warned_of(learning, patient, models, tmp_path):
    request = Request.of(
        "phantom", ("inferior vena cava",), prompts=str(learning.save(tmp_path / "contexts.safetensors"))
    )
    assert not [c for c in cautions(Case(request, models, scan=patient[0])) if "prompts were learned" in str(c)]
    mr = replace(patient[0], voxels=(patient[0].voxels + 1024).clip(0), modality="MR")
    for change, scan, says, kind in (
        ({}, mr, "learned on CT; this scan is MR", "unsuitable"),
        ({"vlm_windows": "three"}, patient[0], "learned with one window.*: use --vlm-windows one", "doubt"),
        ({"vlm_size": 320}, patient[0], "learned on images of 160 pixels: use --vlm-size 160", "doubt"),
        (
            {"structures": ("inferior vena cava", "left kidney")},
            patient[0],
            "inferior_vena_cava: left kidney by plain words",
            "settings",
        ),
    ):
        found = cautions(Case(request.changed(**change), models, scan=scan))
        [caution] = [c for c in found if "prompts were learned" in c.text]
        assert re.search(says, caution.text) and caution.about == "region" and caution.kind == kind
    found = locate(request.changed(vlm_size=320, slices="9"), models=models, scan=patient[0])
    assert any("images of 160 pixels" in warning for warning in found.report["warnings"])


def test_what_is_no_better_is_left_out_unless_forced(learning, tmp_path):
    worse = replace(learning, rows=[learning.rows[0] | {"after": 0.1, "before": 0.2}])
    with pytest.raises(InputError, match="was not written.*--force"):
        worse.save(tmp_path / "c.safetensors")
    assert not list(tmp_path.iterdir())
    assert worse.save(tmp_path / "c.safetensors", force=True).is_file()


@pytest.mark.slow
def test_several_structures_at_once_have_contexts_of_their_own_or_share_them(phantom, models):
    scan, labels = phantom
    request = Request("phantom", ("liver", "aorta"))
    for specific in (True, False):
        settings = Settings(steps=2, context=4, specific=specific)
        learned = learn_prompts(request, settings, shots=4, models=models, scan=scan, reference=labels)
        assert learned.prompts.contexts.shape[0] == (4 if specific else 2)
        only = learned.prompts.only(["aorta"])
        assert only.structures == ("aorta",) and torch.equal(only.texts[0], learned.prompts.texts[1])


@pytest.mark.slow
def test_a_stop_leaves_nothing(phantom, models):
    def stop(done, total, message):
        if done:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        learn_prompts(Request("p", ("liver",)), models=models, scan=phantom[0], reference=phantom[1], progress=stop)


@pytest.mark.parametrize(
    "labels, settings, shots, message",
    [
        (None, {}, 8, "no labels to learn from"),
        ("empty", {}, 8, "holds nothing of what is asked for: it has the labels 1, 2, 3, 4, 6"),
        ("elsewhere", {}, 8, "does not overlap"),
        ("all", {"context": 31}, 8, "context of 31 vectors is too long: the model reads 32 tokens"),
        ("all", {}, 1, "1 shots are too few"),
    ],
    ids=["none", "empty", "elsewhere", "long", "one"],
)
def test_bad_input(labels, settings, shots, message, phantom, models):
    scan, known = phantom
    given = {
        None: None,
        "all": known,
        "empty": known.like(np.where(known.voxels == PHANTOM_LABELS["liver"], 0, known.voxels)),
        "elsewhere": replace(known, origin=(5000.0, 0.0, 0.0)),
    }[labels]
    with pytest.raises(InputError, match=message):
        learn_prompts(
            Request("p", ("liver",)), Settings(**settings), shots=shots, models=models, scan=scan, reference=given
        )


@pytest.mark.slow
def test_the_command_line(phantom_file, phantom, tmp_path, capsys):
    labels = str(write_volume(phantom[1], tmp_path / "labels.nrrd"))
    out = tmp_path / "contexts.safetensors"
    line = ["learn-prompts", phantom_file, "--structure", "liver", "--shots", "4", "--context", "4", "--steps", "1"]
    assert main([*line, "--labels", f"{labels}:liver=5", "--out", str(out), "--force", "--no-specific"]) == 0
    printed = capsys.readouterr()
    assert "liver: 4 slices with it and 2 without, 1 of them watched; ROI Dice on 4 other slices" in printed.out
    assert out.is_file() and str(out) in printed.out
    assert (
        main(["locate", phantom_file, "--structure", "liver", "--prompts", str(out), "--out", str(tmp_path / "l")]) == 0
    )
    capsys.readouterr()
    out.unlink()
    for wrong, message in (
        (["--labels", f"{labels}:liver=77"], "holds nothing of what is asked for"),
        (["--labels", str(tmp_path / "none.nrrd")], "does not exist"),
        (["--labels", f"{labels}:liver=5", "--vlm", "nonsense"], "nonsense"),
        (["--labels", f"{labels}:liver=5", "--context", "40"], "too long"),
    ):
        assert main([*line, *wrong, "--out", str(out)]) == 2
        error = capsys.readouterr().err
        assert message in error and error.count("\n") == 1, error
        assert not out.exists()
    assert main([*line, "--labels", labels, "--out", str(tmp_path / "no" / "c.safetensors")]) == 2
    assert "there is no folder" in capsys.readouterr().err
