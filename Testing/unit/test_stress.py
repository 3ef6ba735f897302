"""Dose and response: models whose answer to every dose is known beforehand, in slices and in volumes."""

import csv
import json

import numpy as np
import pytest
import torch

from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.cli import main
from XAICLIPLib.errors import Cancelled, InputError
from XAICLIPLib.pipeline.doses import DOSES, FLIPS, Given, chosen
from XAICLIPLib.pipeline.stress import mirrored, stress, turned
from XAICLIPLib.pipeline.stress_words import stress_answers
from XAICLIPLib.results.rows import StressRow
from XAICLIPLib.results.stress import summarise
from XAICLIPLib.volume import Volume, read_volume, write_volume

HU, AIR, FAT = 60, -1000, -100
ORGAN = (slice(4, 12), slice(10, 26), slice(6, 20))  # z, y, x: on the right of the patient


def scan(organ=ORGAN, spacing=(2.0, 2.0, 3.0), **more):
    voxels = np.full((16, 40, 48), AIR, np.int16)
    voxels[:, 4:36, 3:45] = FAT
    voxels[organ] = HU
    return Volume(voxels, spacing, **{"modality": "CT", **more})


class Threshold:
    """Draws what lies between two values, whatever its place."""

    targets = ("liver",)

    def __init__(self, low=0, high=200, dims=3):
        self.low, self.high, self.spatial_dims = low, high, dims

    def __call__(self, batch):
        return ((batch[:, :1] >= self.low) & (batch[:, :1] <= self.high)).float()


class Place:
    """Draws the same place of every scan, whatever is in it."""

    targets, spatial_dims = ("liver",), 3

    def __call__(self, batch):
        out = torch.zeros_like(batch[:, :1])
        z, y, x = (n // 4 for n in batch.shape[2:])
        out[:, :, z : 3 * z, y : 3 * y, x // 2 : 2 * x] = 1
        return out


class Relative:
    """Draws what is bright in its own image: no shift and no scale of all values matters to it."""

    targets, spatial_dims = ("liver",), 3

    def __call__(self, batch):
        low, high = batch.amin((2, 3, 4), keepdim=True), batch.amax((2, 3, 4), keepdim=True)
        return ((batch - low) / (high - low) > 0.95).float()


class Sided:
    """Draws what is bright on either side of the image by the side's own name."""

    targets, spatial_dims = ("kidney_right", "kidney_left"), 3

    def __call__(self, batch):
        bright, half = (batch[:, :1] > 0).float(), batch.shape[-1] // 2
        right = bright.clone()
        right[..., half:] = 0
        return torch.cat([right, bright - right], 1)


def stressed(model, which=(), steps=None, volume=None, structures=("liver",), reference=None, **settings):
    request = Request.of("scan", structures, region="prediction", **settings)
    case = Case(request, Models(), scan=volume or scan(), model=model, reference=reference)
    return list(stress(case, chosen(which, steps), "scan"))


def dices(rows, dose, side=""):
    return {row.step: row.dice for row in rows if (row.dose, row.side) == (dose, side)}


def lines(rows):
    return {(line.dose, line.side): line for line in summarise(rows)}


# What comes out is what must -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dims", [2, 3])
def test_a_threshold_falls_at_its_threshold_and_to_the_unit(dims):
    """60 HU, drawn from 0 to 90: gone 61 HU below and 31 above; not one HU earlier."""
    steps = (30, 31, 59, 60, 61, 400)
    found = lines(stressed(Threshold(0, 90, dims), ["shift"], {"shift": steps}))
    up, down = found["shift", "up"], found["shift", "down"]
    assert (up.holds, up.below_09, up.below_05, up.furthest) == (30, 31, 31, 31)
    assert (down.holds, down.below_09, down.below_05, down.lowest) == (-60, -61, -61, 0)


def test_a_scale_falls_where_the_product_leaves_the_window():
    found = lines(stressed(Threshold(50, 90), ["scale"], {"scale": (1.1, 1.25, 1.4, 1.6)}))
    assert (found["scale", "up"].holds, found["scale", "up"].below_05) == (1.4, 1.6)  # 84 and 96 HU
    assert found["scale", "down"].holds == pytest.approx(1 / 1.1)  # 54.5 HU
    assert found["scale", "down"].below_05 == pytest.approx(1 / 1.25)  # 48 HU


def test_a_threshold_uses_grey_values_and_no_place():
    rows = stressed(Threshold(), ["shift", "move", "flips"])
    text = stress_answers(rows)["liver"]
    assert text.startswith("The liver depends on grey values; as far as it was tried, not on place and orientation.")
    assert "It is robust to a shift of all grey values of +80 HU and −40 HU" in text
    assert "below 0.5 at +160 HU and −80 HU" in text
    moved = [row for row in rows if row.dose in ("move", *FLIPS)]
    assert all(row.dice == 1 or "nothing is drawn" in row.reason for row in moved)
    assert lines(rows)["move", "down"].furthest == -20, "40 mm to the right it is out of the scan"


def test_a_drawer_of_a_place_uses_place_and_no_grey_values():
    rows = stressed(Place(), ["shift", "scale", "noise", "blur", "move", "flips"])
    text = stress_answers(rows)["liver"]
    assert text.startswith(
        "The liver depends on place and orientation; as far as it was tried, not on grey values, low"
    )
    assert "It is robust to a shift of all grey values as far as it was tried (±320 HU)." in text
    # the place is columns 6 to 23 of 48: moved by 10 mm, 5 columns, 13 of 18 overlap
    assert dices(rows, "move", "up")[10] == pytest.approx(13 / 18)
    assert dices(rows, "flip-lr")[1] == 0 and dices(rows, "flip-ap")[1] == 1


def test_a_model_that_scales_its_image_itself_does_not_use_the_unit():
    text = stress_answers(stressed(Relative(), ["shift", "scale"]))["liver"]
    assert "does not depend on grey values" in text


def test_swapped_sides_are_compared_by_the_names_of_the_other_side():
    volume = scan()
    volume.voxels[6:10, 12:20, 30:40] = HU
    rows = stressed(Sided(), ["flips"], volume=volume, structures=("right kidney", "left kidney"))
    assert {row.dice for row in rows} == {1.0}
    alone = stressed(Sided(), ["flip-lr"], volume=volume, structures=("left kidney",))
    assert alone[-1].dice == 1.0
    assert (mirrored("kidney_left"), mirrored("liver"), mirrored("cleft_right")) == (
        "kidney_right", "liver", "cleft_left",
    )  # fmt: skip


def test_a_side_whose_partner_the_model_does_not_know_has_a_reason_and_no_number():
    class OneSide(Threshold):
        targets = ("kidney_left",)

    rows = stressed(OneSide(), ["flip-lr"], structures=("left kidney",))
    assert np.isnan(rows[-1].dice) and "on the other side" in rows[-1].reason
    assert "Nothing can be said of flip-lr." in stress_answers(rows)["kidney_left"]


def test_coarser_voxels_are_means_and_lie_where_they_lay():
    volume = scan(organ=(slice(4, 12), slice(12, 24), slice(6, 18)), spacing=(1.0, 2.0, 3.0), origin=(5, 6, 7))
    given = Given(volume, 1.0)
    dosed = DOSES["spacing"].apply(given, 3)
    assert dosed.volume.shape == (16, 13, 16) and dosed.volume.spacing == (3.0, 6.0, 3.0)
    assert dosed.volume.origin == (6.0, 8.0, 7.0)
    assert np.array_equal(dosed.volume.voxels[:, 4, 2], volume.voxels[:, 13, 7].astype(np.float32))
    thick = DOSES["thickness"].apply(given, 4)
    assert thick.volume.shape[0] == 4 and thick.places[11] == (2, 2) and thick.volume.origin == (5.0, 6.0, 11.5)
    rows = stressed(Threshold(), ["spacing", "thickness"], {"spacing": (2,), "thickness": (4,)}, volume=volume)
    assert [row.dice for row in rows] == [1.0, 1.0, 1.0], "the organ's edges lie on those of the coarse voxels"


def test_the_field_of_view_is_cut_round_what_is_drawn():
    dosed = DOSES["fov"].apply(Given(scan(), 1.0, ORGAN), 10)
    assert dosed.volume.shape == (16, 26, 24)  # 4 slices, 5 pixels more to each side
    assert dosed.volume.origin == (2.0, 10.0, 0.0)
    rows = stressed(Threshold(), ["fov"], {"fov": (0, 4)})
    assert [row.step for row in rows] == [0, 4, 0] and rows[1].dice == 1
    assert "constant" in rows[2].reason and np.isnan(rows[2].dice), "nothing but the organ is no image"


def test_noise_is_that_of_the_seed_and_of_the_size_that_is_said():
    given = Given(scan(), 1.0, seed=3)
    drawn = [DOSES["noise"].apply(Given(scan(), 1.0, seed=seed), 20).volume.voxels for seed in (3, 3, 4)]
    assert np.array_equal(drawn[0], drawn[1]) and not np.array_equal(drawn[0], drawn[2])
    assert (drawn[0] - given.values).std() == pytest.approx(20, rel=0.02)
    rows = [[row.as_dict() for row in stressed(Threshold(), ["noise"], seed=3)] for _ in range(2)]
    assert json.dumps(rows[0]) == json.dumps(rows[1])


def test_the_model_gets_the_changed_scan_the_way_round_of_its_file():
    seen = []

    class Filed(Threshold):
        orientation = "file"

        def __call__(self, batch):
            seen.append(batch.clone())
            return super().__call__(batch)

    ras = turned(scan(), "RAS")
    assert ras.orientation == "RAS" and np.array_equal(ras.axial().voxels, scan().voxels)
    rows = stressed(Filed(), ["shift"], {"shift": (10,)}, volume=ras)
    assert all(row.dice == 1 for row in rows)
    assert torch.equal(seen[1], seen[0] + 10) and torch.equal(seen[2], seen[0] - 10)


def test_outside_ct_steps_are_shares_of_the_contrast():
    volume = scan(modality="MR")
    volume.voxels[...] += 1000
    rows = stressed(Threshold(1000, 1200), ["shift"], volume=volume)
    assert {row.unit for row in rows[1:]} == {"%"} and rows[1].step == 2.5


def test_of_several_images_all_are_changed():
    seen = []

    class Two(Threshold):
        images = ("T1", "T2")

        def __call__(self, batch):
            seen.append(batch.clone())
            return ((batch[:, :1] > 0) & (batch[:, 1:] > 0)).float()

    second = scan()
    second.voxels[8:12] = FAT
    request = Request.of("scan", ("liver",), region="prediction", images=("second",))
    case = Case(request, Models(), scan=scan(), model=Two(), images=[second])
    rows = list(stress(case, chosen(["shift", "flips"], {"shift": (20,)}), "scan"))
    assert [row.dice for row in rows] == [1.0] * 6 and len(seen) == 6
    assert torch.equal(seen[1], seen[0] + 20) and torch.equal(seen[3], seen[0].flip(-1))


def test_the_reference_decides_where_there_is_one():
    truth = scan().like((scan().voxels == HU).astype(np.uint8))
    late = np.zeros_like(truth.voxels)
    late[4:8] = truth.voxels[4:8]  # half of what is drawn
    rows = stressed(Threshold(), ["shift"], {"shift": (10,)}, reference=truth.like(late))
    assert rows[1].dice == 1 and rows[1].dice_reference == pytest.approx(2 / 3)
    assert lines(rows)["shift", "up"].below_09 == 10
    said = stress_answers(rows)["liver"]
    assert said.startswith("In the scan as it is, Dice of the liver with the reference is 0.67, below 0.9 before")


# Bad input -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "which, steps, said",
    [
        (["shfit"], {}, "did you mean"),
        (["shift"], {"shift": (0,)}, "numbers above 0"),
        (["scale"], {"scale": (0.5,)}, "numbers above 1"),
        (["shift"], {"shift": (float("nan"),)}, "numbers above 0"),
        (["shift"], {"shift": (float("inf"),)}, "at most 100000"),
        (["blur"], {"blur": (5, 1000)}, "at most 100"),
        (["spacing"], {"spacing": (1.5,)}, "whole numbers"),
        (["flips"], {"flip-lr": (1,)}, "takes no steps"),
        (["shift"], {"noise": (5,)}, "left out"),
    ],
)
def test_doses_that_are_none_are_refused(which, steps, said):
    with pytest.raises(InputError, match=said):
        chosen(which, steps)


def test_a_scan_without_the_structure_is_refused():
    with pytest.raises(InputError, match="draws none of the structures in this scan"):
        stressed(Threshold(500, 600), ["shift"])
    with pytest.raises(InputError, match="draws none of the structures in these slices"):
        stressed(Threshold(dims=2), ["shift"], slices="0:3")


# Several scans, and the command --------------------------------------------------------------------------------------


def row(name, step, dice, dose="shift", side="up"):
    return StressRow(
        scan=name, structure="liver", dose=dose, side=side, step=step, unit="HU", dice=dice, volume_ml=1.0, reason=""
    )


def test_the_median_is_a_step_that_was_tried():
    falls = {"a": (1, 0.4), "b": (1, 0.95, 0.8, 0.4), "c": (1, 1, 1, 1)}
    rows = [row(name, 10 * n, dice) for name, own in falls.items() for n, dice in enumerate(own, start=1)]
    median = summarise(rows)[-1]
    assert (median.scan, median.scans, median.holds, median.below_09, median.below_05) == ("median", 3, 20, 30, 40)
    never = summarise([r for r in rows if r.scan == "c"])[0]
    assert np.isnan(never.below_09) and never.holds == never.furthest == 40


MODEL = """
import torch
class Threshold:
    targets, spatial_dims = ("liver",), 3
    def __call__(self, batch):
        return ((batch >= 0) & (batch <= 200)).float()
model = Threshold()
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "thresholdmodel.py").write_text(MODEL, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "scans").mkdir()
    write_volume(scan(), tmp_path / "scans" / "doe_jane.nrrd")
    darker = scan()
    darker.voxels[darker.voxels == HU] = 20
    write_volume(darker, tmp_path / "scans" / "doe_john.nrrd")
    monkeypatch.chdir(tmp_path)
    return tmp_path


COMMAND = ["--structure", "liver", "--model", "function:thresholdmodel:model"]


def test_the_command_writes_tables_curves_and_words(folder, capsys):
    command = ["stress", "scans/doe_jane.nrrd", *COMMAND, "--which", "shift,flips", "--steps", "shift=20:200:20"]
    assert main([*command, "--out", "out"]) == 0
    assert "The liver depends on grey values; as far as it was tried, not on place" in capsys.readouterr().out
    assert sorted(p.name for p in (folder / "out").iterdir() if p.name[0] != ".") == [
        "report.json", "steps.csv", "stress.png", "summary.csv",
    ]  # fmt: skip
    report = json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["kind"] == "xaiclip stress" and report["request"]["seed"] == 0 and report["doses"]["flip-lr"] == [1]
    assert report["scans"][0]["name"] == "doe_jane.nrrd" and str(folder) not in json.dumps(report)
    with (folder / "out" / "steps.csv").open(encoding="utf-8") as file:
        rows = [StressRow.from_cells(cells) for cells in csv.DictReader(file)]
    assert {r.scan for r in rows} == {"doe_jane.nrrd"} and dices(rows, "shift", "down")[-60] == 1
    first = (folder / "out" / "steps.csv").read_bytes()
    assert main([*command, "--out", "out", "--quiet"]) == 0 and (folder / "out" / "steps.csv").read_bytes() == first


def test_several_scans_are_one_table_with_a_median_and_no_names(folder, capsys):
    write_volume(scan(organ=(slice(0), slice(0), slice(0))), folder / "scans" / "no_organ.nrrd")
    assert main(["stress", "scans", *COMMAND, "--which", "shift", "--out", "out"]) == 1
    said = capsys.readouterr()
    assert "draws none" in said.err and "doe" not in said.out + said.err and "no_organ" not in said.err
    written = b"".join(p.read_bytes() for p in (folder / "out").iterdir() if p.suffix in (".csv", ".json"))
    assert b"doe" not in written and str(folder).encode() not in written
    with (folder / "out" / "summary.csv").open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert [line["scans"] for line in lines] == ["1"] * 4 + ["2"] * 2
    down = {line["scan"]: line["below_0.5"] for line in lines if line["side"] == "down"}
    assert sorted(down.values()) == ["-40.0", "-40.0", "-80.0"] and down["median"] == "-40.0"


def test_what_was_finished_when_it_was_stopped_is_the_result(folder):
    from XAICLIPLib.cohort.stress import cases_of, stress_all

    request = Request.of("scans", ("liver",), region="prediction", model="function:thresholdmodel:model")
    cases, _ = cases_of(["scans/doe_jane.nrrd", "scans/doe_john.nrrd"], request)
    shares = []

    def stop(done, total, message):
        shares.append(done / total)
        if done / total > 0.3:
            raise Cancelled("stopped")

    found = stress_all(cases, request, chosen(["shift", "blur"]), Models(), stop)
    assert found.stopped and 0 < len(found.rows) < 15 and shares == sorted(shares)
    found.save(folder / "out")
    assert json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))["stopped"] is True
    with pytest.raises(Cancelled):
        stress_all(cases, request, chosen(["shift"]), Models(), lambda *_: (_ for _ in ()).throw(Cancelled("now")))


@pytest.mark.parametrize(
    "more, said",
    [
        (["--steps", "shift=a"], "give DOSE=NUMBERS"),
        (["--which", "nois"], "did you mean"),
        (["--label", "x"], "--label is of one scan"),
    ],
)
def test_faults_of_usage_are_one_line(folder, capsys, more, said):
    assert main(["stress", "scans", *COMMAND, *more, "--out", "out"]) == 2
    err = capsys.readouterr().err
    assert said in err and err.count("\n") == 1 and not (folder / "out").exists()


def test_the_scan_that_was_given_is_not_changed(folder):
    before = read_volume("scans/doe_jane.nrrd").voxels.copy()
    volume = read_volume("scans/doe_jane.nrrd")
    stressed(Threshold(), volume=volume)
    assert np.array_equal(volume.voxels, before)
