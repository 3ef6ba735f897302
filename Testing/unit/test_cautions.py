"""Models and words on scans that they were not made for: refused, said first, and never called supported."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from XAICLIPLib.case.case import Case
from XAICLIPLib.case.cautions import cautions
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.cli import main
from XAICLIPLib.errors import InputError, Unsuitable
from XAICLIPLib.pipeline.explain import run
from XAICLIPLib.pipeline.locate import locate
from XAICLIPLib.volume import Volume, write_volume
from XAICLIPLib.weights.heldout import FILE, MR, RELIABLE, dice_on_mr
from XAICLIPLib.worker.jsonrpc import Server

WORDS = Request("scan", ("liver",), device="cpu")


def cylinder(width_mm, slices=4, modality="CT", spacing=(4.0, 4.0, 5.0), low=-1000.0):
    """A round patient of one tissue."""
    y, x = np.mgrid[:96, :96] - 47.5
    inside = np.hypot(x * spacing[0], y * spacing[1]) <= width_mm / 2
    voxels = np.where(inside, 50.0, low).astype(np.float32)
    return Volume(np.repeat(voxels[None], slices, 0), spacing, modality=modality, name="cylinder")


def kinds(scan, request=WORDS, **given):
    return [(c.kind, c.about) for c in cautions(Case(request, Models(), scan=scan, **given))]


@pytest.mark.parametrize(
    "scan, kind",
    [
        (cylinder(320), None),
        (cylinder(190), "unsuitable"),
        (cylinder(320, modality="PT", low=0), "unsuitable"),
        (cylinder(320, modality="US", low=0), "unsuitable"),
        (cylinder(320, modality="", low=0), "unsuitable"),  # of unknown kind: PET, ultrasound, …
        (cylinder(320, modality="MR", low=0), "doubt"),  # whether it is an abdomen, its presence says
        (cylinder(190, modality="MR", low=0), "unsuitable"),
    ],
    ids=lambda value: value if isinstance(value, (str, type(None))) else f"{value.modality or 'unknown'}",
)
def test_what_the_bundled_models_are_for(scan, kind):
    found = kinds(scan)
    assert (found[0][0] if found else None) == kind
    theirs = kinds(scan, WORDS.changed(region="full"), model=lambda batch: batch)
    assert not theirs, "nothing bundled takes part"


def test_on_mr_they_are_asked_for_what_they_found_on_one(monkeypatch):
    """The figures are those of the fold that never saw the MR scan; what it does not show was never tried."""
    reached = {"model": {"liver": 0.81, "spleen": 0.2}, "region": {"liver": 0.77, "spleen": 0.9}}
    monkeypatch.setattr("XAICLIPLib.case.cautions.dice_on_mr", lambda: reached)
    mr = cylinder(320, modality="MR", low=0)

    def found(*structures, **given):
        case = Case(WORDS.changed(structures=structures), Models(), scan=mr, **given)
        return [(c.kind, c.about, c.text.rpartition("MR")[2]) for c in cautions(case)]

    both = found("liver")
    assert [(kind, about) for kind, about, _ in both] == [("doubt", "model"), ("doubt", "region")]
    assert "the model reached a Dice of 0.81;" in both[0][2] and "the words reached a Dice of 0.77;" in both[1][2]
    assert found("spleen")[0][:2] == ("unsuitable", "model"), "the words find it, but the model does not draw it"
    assert [c[:2] for c in found("spleen", model=middle)] == [("doubt", "region")]
    (refused, *_) = found("liver", "heart", "pancreas", model=middle)
    assert refused[0] == "unsuitable" and refused[2].endswith("not to be asked for heart or pancreas")


def test_the_figures_on_mr_are_those_of_a_network_that_never_saw_it():
    table = json.loads(FILE.read_text(encoding="utf-8"))[MR]
    assert table["held_out"] and table["scan"] == "mr_3mm"
    drawn, words = dice_on_mr()["model"], dice_on_mr()["region"]
    assert drawn["kidneys"] == min(drawn["kidney_right"], drawn["kidney_left"])
    iou = table["clip"]["prompts"]["Liver"]["iou"]
    assert words["liver"] == pytest.approx(2 * iou / (1 + iou)) and "heart" not in words
    assert drawn["liver"] >= RELIABLE


@pytest.mark.parametrize(("word", "guess"), [("livr", "liver"), ("spleeen", "spleen"), ("liver", ""), ("shunt", "")])
def test_a_word_that_may_be_a_slip_of_the_pen(word, guess):
    texts = [c.text for c in cautions(Case(WORDS.changed(structures=(word,)), Models(), scan=cylinder(320)))]
    expected = f"{word!r} is in no table of structures and is looked for as it stands; did you mean {guess}?"
    assert texts == ([expected] if guess else [])


def test_the_abdomen_of_a_whole_body_is_an_abdomen():
    """Legs and head are most of it; as much as 100 mm of trunk are enough, less is not."""
    legs, trunk = cylinder(180, slices=30), cylinder(320, slices=24)
    whole = replace(legs, voxels=np.concatenate([legs.voxels, trunk.voxels]))
    assert not kinds(whole)
    assert kinds(replace(legs, voxels=np.concatenate([legs.voxels, trunk.voxels[:6]])))
    assert not kinds(cylinder(320, slices=1)), "a single slice of a trunk"
    assert kinds(whole, WORDS.changed(slices="0:30"))[0][0] == "unsuitable", "the legs alone were asked for"


def test_a_scan_without_a_body_has_no_narrow_one():
    air = Volume(np.random.default_rng(0).normal(-1000, 5, (2, 64, 64)), (1.0, 1.0, 5.0), modality="CT")
    assert not kinds(air)


def test_a_model_that_says_what_it_was_trained_on():
    class Theirs:
        name, targets, spatial_dims, provenance, trained_on = "theirs", ("liver",), 2, {}, "CT"

        def prepare(self, image, context):
            raise AssertionError("nothing is to be computed")

        predict = prepare

    found = kinds(cylinder(320, modality="MR", low=0), WORDS.changed(region="full"), model=Theirs())
    assert found == [("unsuitable", "model")]
    assert not kinds(cylinder(320), WORDS.changed(region="full"), model=Theirs())


# ---- explain


def middle(batch):
    return torch.sigmoid((batch - 20) / 5)


middle.targets = ("liver",)


@pytest.mark.slow
def test_nothing_is_computed_before_it_is_refused(models):
    runs = []

    def counting(batch):
        runs.append(len(batch))
        return middle(batch)

    counting.targets = ("liver",)
    thin = cylinder(190)
    with pytest.raises(Unsuitable, match=r"only 19\d mm wide.*another region \(--region.*--anyway") as caught:
        run(WORDS, models=models, scan=thin, model=counting)
    assert isinstance(caught.value, InputError) and not runs and "\n" not in str(caught.value)
    assert "--model" not in str(caught.value), "the model is their own: the words alone are in question"
    assert run(WORDS.changed(region="full", evidence="none"), models=models, scan=thin, model=counting) and runs


@pytest.mark.slow
def test_anyway_goes_on_and_stays_unsupported(models):
    found = run(WORDS.changed(anyway=True, slices="1:4"), models=models, scan=cylinder(190), model=middle)
    (row,) = found.summary
    assert row["trust"] == "not supported" and "mm wide: no abdomen" in row["trust_reasons"][0]
    assert "mm wide: no abdomen" in found.warnings[0] and found.report["unsuitable"]
    quiet = run(
        WORDS.changed(anyway=True, evidence="none", slices="1"), models=models, scan=cylinder(190), model=middle
    )
    assert quiet.summary[0]["trust"] == "not supported"
    assert Request.from_json(found.report["request"]).anyway


# ---- the faces


@pytest.mark.slow
def test_locate_says_it_first_and_calls_nothing_found(models, tmp_path, capsys):
    location = locate(WORDS, models=models, scan=cylinder(190))
    assert "mm wide: no abdomen" in location.report["warnings"][0] and location.report["unsuitable"]
    file = str(write_volume(cylinder(190), tmp_path / "thin.nrrd"))
    out = str(tmp_path / "out")
    assert main(["locate", file, "--structure", "liver", "--device", "cpu", "--out", out]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("nothing is called found: ") and "no abdomen" in printed[0]
    assert printed[-1].startswith("marked in ") and not any(line.startswith("found") for line in printed)
    assert (tmp_path / "out" / "roi-liver.nrrd").exists(), "what was marked is written all the same"


def test_the_command_line_refuses_in_one_line(tmp_path, capsys):
    file = str(write_volume(cylinder(190), tmp_path / "thin.nrrd"))
    assert main(["explain", file, "--structure", "liver", "--device", "cpu", "--out", str(tmp_path / "out")]) == 2
    printed = capsys.readouterr()
    assert not printed.out and printed.err.count("\n") == 1 and "--anyway" in printed.err
    assert not (tmp_path / "out").exists()


def test_a_client_can_tell_it_from_other_errors():
    server = Server({}, None, None)
    server._refuse(1, -32000, "made for CT", "Unsuitable")
    assert b'"kind": "Unsuitable"' in server._outgoing.get(timeout=5)
