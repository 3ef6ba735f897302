"""A run is asked afterwards: known causes, on the scan's own grid, from the folder that it was saved to; and what is
damaged, missing or outside is said in one line."""

import gc
import json
import textwrap
import weakref
from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
import SimpleITK as sitk
import torch

import XAICLIPLib as xai
from XAICLIPLib.case.arguments import request_of
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.models import Models
from XAICLIPLib.cli import main
from XAICLIPLib.errors import InputError
from XAICLIPLib.influence.place import Island, islands
from XAICLIPLib.metrics.overlap import dice
from XAICLIPLib.phantom import make_phantom
from XAICLIPLib.pipeline.ask import Question, ask, ask_between
from XAICLIPLib.pipeline.explain import run
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.volume import Volume, read_volume, write_volume

pytestmark = pytest.mark.slow

LIVER, SPLEEN = (slice(33, 87), slice(17, 58)), (slice(60, 90), slice(84, 109))  # rows and columns of the phantom
GATE = (slice(56, 62), slice(26, 32))  # inside the liver, on the patient's right
GATE_LPS = (-190.5 + 3 * 28.5, -190.5 + 3 * 58.5)  # x, y of its middle
REACH_MM = 33  # half the diagonal of a patch, within which the place that matters lies
MODEL = f"""
    import torch

    def there(batch):
        return torch.sigmoid((batch - 60) / 8)

    def gated(batch):
        "Liver and spleen where they are bright, and neither without a small place in the right half of the liver."
        drawn = torch.zeros(len(batch), 2, *batch.shape[2:])
        gate = there(batch[(..., *{GATE})].mean((2, 3), keepdim=True))
        for k, box in enumerate(({LIVER}, {SPLEEN})):
            drawn[(slice(None), k, *box)] = (there(batch[(..., *box)]) * gate)[:, 0]
        return drawn

    gated.targets = ("liver", "spleen")
"""


def there(batch):
    return torch.sigmoid((batch - 60) / 8)


def gated(batch):
    drawn = torch.zeros(len(batch), 2, *batch.shape[2:])
    gate = there(batch[(..., *GATE)].mean((2, 3), keepdim=True))
    for k, box in enumerate((LIVER, SPLEEN)):
        drawn[(slice(None), k, *box)] = (there(batch[(..., *box)]) * gate)[:, 0]
    return drawn


gated.targets = ("liver", "spleen")


def explain(scan, structures=("liver", "spleen"), model=gated, **options):
    options = {"region": "full", "slices": "5:7", "evidence": "none"} | options
    method = options.pop("method", xai.Occlusion(16, 16, fill="mean"))
    return xai.explain(scan, structures, method, model=model, device="cpu", **options)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with the model as a file, where modules are found."""
    folder = tmp_path_factory.mktemp("asked")
    (folder / "xaiclip_planted.py").write_text(textwrap.dedent(MODEL))
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield folder


@pytest.fixture(scope="module")
def folder(place, phantom, phantom_file):
    """A run by the command line, with the phantom's own labels as players and as reference."""
    segments, reference, out = place / "segments.nrrd", place / "liver.nrrd", place / "run"
    write_volume(phantom[1], segments)
    write_volume(phantom[1].like((phantom[1].voxels == 5).astype(np.uint8)), reference)
    command = ["explain", phantom_file, "--structure", "liver", "--reference", str(reference), "--slices", "5:8"]
    command += ["--model", "function:xaiclip_planted:gated", "--region", "full", "--patch", "64", "--stride", "32"]
    command += ["--fill", "mean", "--players", f"segments:{segments}", "--device", "cpu"]
    assert main([*command, "--out", str(out), "--quiet"]) == 0
    return out


@pytest.fixture
def asked(folder, capfd):
    """`xaiclip ask` on that run: what it prints; or the one line that says what is wrong."""

    def ask_it(*arguments, run=folder, status=0):
        assert main(["ask", str(run), *map(str, arguments)]) == status
        out, err = capfd.readouterr()
        if status:
            assert err.startswith("xaiclip: ") and err.count("\n") == 1 and "Traceback" not in err and not out
        return err if status else out

    return ask_it


def middle_of_peak(values: Volume) -> np.ndarray:
    """LPS mm of the middle of what is largest."""
    z, y, x = np.argwhere(values.voxels >= 0.99 * values.voxels.max()).mean(0)
    return np.array(values.to_sitk().TransformContinuousIndexToPhysicalPoint([float(x), float(y), float(z)]))


def points_at_the_gate(values: Volume) -> bool:
    return np.linalg.norm(middle_of_peak(values)[:2] - GATE_LPS) < REACH_MM


def turned(volume: Volume, order: str) -> Volume:
    return replace(Volume.from_sitk(sitk.DICOMOrient(volume.to_sitk(), order)), modality=volume.modality)


@pytest.mark.parametrize("order", ["LPS", "RAS", "ASR"])
def test_a_saved_run_points_at_the_gate_on_the_scans_own_grid(phantom, order, tmp_path):
    scan = turned(phantom[0], order)
    found = explain(scan, players="prediction")
    found.save(tmp_path / "run", pictures=False)
    again = Explanation.load(tmp_path / "run")
    assert again.records.keys() == found.records.keys()
    known = again.influence
    for target in ("liver", "spleen"):
        why = known.why("drawn", target)
        assert (
            why.shape == scan.shape
            and why.dtype == np.float32
            and np.array_equal(why, found.influence.why("drawn", target))
        )
        assert points_at_the_gate(scan.like(why)) and why.max() > 0.5
    reach = known.reach(xai.Point((*GATE_LPS, -81 + 18 * 6), 3.0), "spleen")
    drawn = again.prediction.voxels == 2
    assert reach[drawn].max() > 0.8 and reach[~drawn].max() < 0.55
    axial = scan.like(reach).axial().voxels
    assert axial[6].max() > 0.8 and not axial[5].any(), "a model of slices feels it in that slice alone"
    assert known.unseen_share("spleen") < 0.1 and known.unseen("spleen").max() < 0.6
    matrix = known.between()
    assert known.players == ("liver", "spleen")
    assert matrix[0].min() > 0.9 and matrix[1, 1] > 0.9 and abs(matrix[1, 0]) < 0.01
    mask = turned(phantom[0].like((phantom[1].voxels == 5).astype(np.uint8)), order).voxels > 0
    by_mask, by_volume = known.why(mask), known.why(phantom[1].like((phantom[1].voxels == 5).astype(np.uint8)))
    assert np.array_equal(by_mask, by_volume) and points_at_the_gate(scan.like(by_mask))


def whole(batch):
    """A volume drawn where it is bright, and not at all without a gate in the right front corner."""
    gate = there(batch[:, :, 5:8, 56:62, 26:32].mean((2, 3, 4), keepdim=True))
    return there(batch) * gate


whole.spatial_dims, whole.targets = 3, ("liver",)


@pytest.mark.parametrize("order", ["LPS", "ASR"])
def test_a_volume_that_is_explained_at_once(phantom, order, tmp_path):
    scan = turned(phantom[0], order)
    method = xai.Occlusion((3, 24, 24), (3, 24, 24), fill="mean")
    explain(scan, "liver", whole, slices="all", method=method, players="prediction").save(tmp_path, pictures=False)
    known = Explanation.load(tmp_path).influence
    assert sorted(p.name for p in (tmp_path / "influence").iterdir()) == ["changes_volume.npz", "players_volume.npz"]
    why = scan.like(known.why("drawn"))
    assert np.linalg.norm(middle_of_peak(why)[:2] - GATE_LPS) < 60 and why.voxels.max() > 0.5
    place = xai.Point((*GATE_LPS, -81 + 18 * 6), 3.0)
    assert known.reach(place)[scan.voxels > 100].mean() > 0.5
    assert known.between().shape == (1, 1) and known.unseen_share() < 0.6
    text = ask(Explanation.load(tmp_path), Question(at=place.at, reach=True)).text
    assert text.startswith("Hiding a place that holds what lies within 5 mm of LPS -105, -15, 27 mm takes away")


def test_answers_name_the_right_side_whichever_way_the_scan_is_stored(phantom, place):
    said = []
    for order in ("LPS", "RAS"):
        method = xai.Occlusion(16, 8, fill="mean")
        found = explain(turned(phantom[0], order), "liver", slices="6", method=method, evidence="quick")
        texts = {answer.question: answer for answer in found.answers}
        assert " mm right of" in texts["place"].text and "left" not in texts["place"].text and texts["place"].is_held
        assert texts["shape"].value == found.summary[0].shape_correlation
        said.append([answer.text for answer in found.answers])
    assert said[0] == said[1]


def test_the_command_line_answers(folder, asked, phantom_file, tmp_path):
    said = json.loads(asked("--json"))
    assert said["structure"] == "liver" and said["slice"] == 6 and 0.5 < said["largest"] <= 1
    assert np.linalg.norm(np.array(said["at"][:2]) - GATE_LPS) < REACH_MM / 2
    text = asked()
    assert text == said["text"] + "\n" and text.startswith("The liver as it is drawn depends most on what lies ")
    assert " right of the middle of the liver in slice 6 (LPS -1" in text
    out, picture = tmp_path / "map.nii.gz", tmp_path / "map.png"
    x, y = GATE_LPS
    at = f"{x},{y},{-81 + 18 * 6}"
    said = json.loads(asked("--at", at, "--radius", 9, "--reach", "--out", out, "--picture", picture, "--json"))
    assert said["map"] == str(out) and picture.stat().st_size > 10_000
    values = read_volume(out)
    assert values.same_grid(read_volume(folder / "drop.nrrd")) and values.voxels.max() > 0.9
    assert "there already" in asked("--out", out, status=2)
    assert "add --picture FILE" in asked("--scan", phantom_file, status=2)
    bare = picture.read_bytes()
    asked("--at", at, "--radius", 9, "--reach", "--picture", picture, "--scan", phantom_file, "--force")
    assert picture.read_bytes() != bare, "with the scan beneath"
    other = tmp_path / "other.nrrd"
    make_phantom(shape=(4, 32, 32), spacing=(9.0, 9.0, 40.0))[0].save(other)
    wrong = asked("--picture", tmp_path / "no.png", "--scan", other, status=2)
    assert "lies on another grid than the run; give the scan that was explained" in wrong
    before = out.read_bytes()
    asked("--out", out, "--force", "--part", "total")
    assert out.read_bytes() != before


def test_parts_of_the_drawing(asked):
    assert asked("--extra").startswith("What is drawn of the liver outside the reference depends most on")
    assert asked("--missing").startswith("The missing part of the liver is held back")
    assert asked("--boundary").startswith("The edge of the liver (5 mm to either side) depends most on")
    assert asked("--island", 1).startswith("Island 1 of the liver depends most on")
    assert "there is no island 900 in the prediction; it has" in asked("--island", 900, status=2)
    assert "there is no island 900 in the prediction; it has" in asked("--island", 900, "--reach", status=2)
    assert "there is no island 0" in asked("--island", 0, status=2)


def test_without_a_reference_nothing_is_missing_or_extra(phantom):
    found = explain(phantom[0], "liver")
    for part in ("missing", "extra"):
        for reach in (False, True):
            with pytest.raises(InputError, match=f"(nothing is {part}|{part} needs a reference).*(mask or a point)"):
                ask(found, Question(part_of=part, reach=reach))
    with pytest.raises(InputError, match="no segments were hidden in this run; run it with"):
        ask_between(found)


def test_segments_of_a_file_are_players(folder, asked):
    table = asked("--between").splitlines()
    assert table[0].split() == ["hidden", "liver"] and len(table) > 6
    said = json.loads(asked("--between", "--json"))
    losses = {player: row[0] for player, row in zip(said["players"], said["losses"])}
    assert losses["label 5"] > 0.9 and all(abs(v) < 0.01 for p, v in losses.items() if p in ("label 1", "label 52"))
    assert "leave out --out" in asked("--between", "--out", folder.parent / "x.nrrd", status=2)
    answers = Explanation.load(folder).answers
    assert [a.question for a in answers].count("organs") == 1


def test_what_makes_no_question(asked):
    assert "lies outside the scan" in asked("--at", "900,0,0", status=2)
    assert "slices that were explained: 5-7" in asked("--at", "-105,-15,-81", status=2)
    assert "give three numbers" in asked("--at", "1,2", status=2)
    assert "nan" in asked("--at", "nan,0,0", status=2)
    assert "did you mean liver" in asked("--structure", "livre", status=2)
    assert "0 or more" in asked("--at", "-105,-15,27", "--radius", -3, status=2)


def test_masks_on_other_grids(asked, phantom, tmp_path):
    liver = phantom[1].like((phantom[1].voxels == 5).astype(np.uint8))
    write_volume(liver, tmp_path / "same.nrrd")
    coarse = Volume(liver.voxels[:, ::2, ::2], (6.0, 6.0, 18.0), liver.origin, liver.direction)
    write_volume(coarse, tmp_path / "coarse.nrrd")
    same, other = (json.loads(asked("--mask", tmp_path / f"{n}.nrrd", "--json")) for n in ("same", "coarse"))
    assert same["slice"] == other["slice"] == 6 and same["largest"] == pytest.approx(other["largest"], abs=0.05)
    assert np.linalg.norm(np.subtract(same["at"], other["at"])) < 30
    assert "in same.nrrd depends most on" in same["text"]
    write_volume(replace(liver, origin=(5000.0, 0.0, 0.0)), tmp_path / "away.nrrd")
    assert "does not overlap" in asked("--mask", tmp_path / "away.nrrd", status=2)
    write_volume(liver.like(np.zeros_like(liver.voxels)), tmp_path / "empty.nrrd")
    assert "empty.nrrd holds no" in asked("--mask", tmp_path / "empty.nrrd", status=2)
    assert "does not exist" in asked("--mask", tmp_path / "none.nrrd", status=2)
    low = np.zeros_like(liver.voxels)
    low[0, 40:60, 20:40] = 1
    write_volume(liver.like(low), tmp_path / "low.nrrd")
    assert "slices that were explained: 5-7" in asked("--mask", tmp_path / "low.nrrd", status=2)


def test_a_run_without_a_record_says_how_to_get_one(phantom, asked, tmp_path):
    quiet = explain(phantom[0], "liver", influence=False)
    loud = explain(phantom[0], "liver")
    assert np.array_equal(quiet.drop.voxels, loud.drop.voxels), "recording changes no map"
    assert not quiet.records and loud.records and not quiet.answers
    quiet.save(tmp_path / "quiet", pictures=False)
    assert not (tmp_path / "quiet" / "influence").exists()
    for more in ([], ["--between"]):
        assert "explain again without --no-influence" in asked(*more, run=tmp_path / "quiet", status=2)


def test_a_record_that_is_damaged_missing_or_of_another_version_leaves_the_result(phantom, asked, tmp_path):
    explain(phantom[0], "liver").save(tmp_path / "run", pictures=False)
    record = tmp_path / "run" / "influence" / "changes_0005.npz"
    data = record.read_bytes()

    def newer() -> bytes:
        with np.load(BytesIO(data)) as archive:
            arrays = dict(archive)
        arrays["known"] = np.array(json.dumps({**json.loads(str(arrays["known"])), "version": 99}))
        file = BytesIO()
        np.savez_compressed(file, **arrays)
        return file.getvalue()

    for changed, says in (
        (data[:200], "damaged"),
        (b"", "damaged"),
        (b"no archive", "damaged"),
        (newer(), "version 99"),
    ):
        record.write_bytes(changed)
        assert says in asked(run=tmp_path / "run", status=2)
        assert Explanation.load(tmp_path / "run").drop.voxels.any()
    record.unlink()
    text = asked(run=tmp_path / "run")  # the other slice still answers
    assert "in slice 6" in text
    (tmp_path / "run" / "influence" / "changes_0006.npz").unlink()
    assert "--no-influence" in asked(run=tmp_path / "run", status=2)
    assert Explanation.load(tmp_path / "run").drop.voxels.any()


def test_the_dice_of_a_volume_follows_from_what_was_kept(phantom):
    """Boxes through several slices, hidden by hand and run through the same preparation, against the kept counts."""
    reference = phantom[1].like((phantom[1].voxels == 5).astype(np.uint8))
    found = explain(phantom[0], "liver", reference=reference, slices="4:8")
    by_slice = found.influence._by_slice
    request, held = request_of(
        phantom[0],
        "liver",
        xai.Occlusion(16, 16, fill="mean"),
        "full",
        gated,
        {"reference": reference, "slices": "4:8", "device": "cpu"},
    )
    case = Case(request, Models(), **held)
    prepared = {z: case.prepare(z) for z in by_slice.slices}
    outputs = {z: case.predictor(p) for z, p in prepared.items()}
    for corner in ([48, 16], [48, 32], [64, 16]):
        hidden, drawn = {}, []
        for z in by_slice.slices:
            boxes = by_slice.slice(z).record.sources.boxes
            image = prepared[z].image.clone()
            if z in (5, 6):
                hidden[z] = next(i for i, box in enumerate(boxes) if box[:, 0].tolist() == corner)
                at = tuple(slice(a, b) for a, b in boxes[hidden[z]])
                image[(slice(None), *at)] = prepared[z].image.mean((1, 2), keepdim=True)
            drawn.append(outputs[z](image[None])[0, 0].numpy() > 0.5)
        truth = case.references[0][by_slice.slices]
        assert by_slice.dice("liver", hidden) == pytest.approx(dice(np.stack(drawn), truth), abs=1e-6)


def test_records_wait_on_the_disk_until_they_are_wanted(phantom):
    alive = []
    request, held = request_of(
        phantom[0], "liver", xai.Occlusion(16, 8, fill="mean"), "full", gated, {"slices": "5:8", "device": "cpu"}
    )
    found = run(request, models=Models(), on_slice=lambda r: alive.append(weakref.ref(r.kept.changes)), **held)
    gc.collect()
    assert len(alive) == 3 and not any(ref() is not None for ref in alive)
    assert all(len(read()) > 10_000 for read in found.records.values())


def test_islands_of_the_run_are_those_of_the_scan(phantom):
    found = explain(phantom[0])
    labels, _ = islands(found.prediction.voxels == 2)
    for number in (1, 2):
        own = found.influence.why(Island(number), "spleen", "own")
        assert own[labels == number].max() > 0.9 * own.max() > 0
