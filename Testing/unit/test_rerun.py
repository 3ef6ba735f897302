"""A run can be made again from what was saved of it, to the last bit; and what differs is said."""

import json
import shutil

import numpy as np
import pytest

import XAICLIPLib as xai
from XAICLIPLib.cli import main
from XAICLIPLib.errors import InputError
from XAICLIPLib.pipeline.rerun import SavedRun

MODEL = """
import torch
def bright(batch):
    return torch.sigmoid((batch - 90) / 5)
bright.targets = ("liver",)
"""
SPEC = "function:xaiclip_rerun_model:bright"


@pytest.fixture(scope="module", autouse=True)
def bright(tmp_path_factory):
    """A model that needs no weights, in a module that the command line finds as well."""
    place = tmp_path_factory.mktemp("models")
    (place / "xaiclip_rerun_model.py").write_text(MODEL)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(place))
        import xaiclip_rerun_model

        yield xaiclip_rerun_model.bright


@pytest.fixture(scope="module")
def scan(phantom):
    """The phantom, turned in space and said to be CT, which no NRRD file says."""
    turn = np.linalg.qr(np.array([[1, 0.02, 0.01], [-0.02, 1, 0.03], [0, -0.03, 1]]))[0]
    turn = turn * np.sign(np.diag(turn))
    return xai.Volume(
        phantom[0].voxels, (1 / 3 + 2.7, 3.1, 18.0), (0.1, -0.7, 3.3), turn.ravel(), modality="CT", name="ward/ct.nrrd"
    )


@pytest.fixture(scope="module")
def in_memory(scan, organ, bright, liver_slice, tmp_path_factory):
    """A saved run of which everything was given in memory."""
    made = xai.explain(
        scan, "liver", xai.Rise(masks=24, grid=3), region=scan.like(organ("liver").voxels, "mine"), model=bright,
        reference=scan.like(organ("liver").voxels), slices=liver_slice, device="cpu", evidence="quick", seed=5,
    )  # fmt: skip
    return made.save(tmp_path_factory.mktemp("run") / "run", pictures=False)


@pytest.fixture
def by_path(phantom_file, liver_slice, tmp_path):
    """A saved run that was given paths alone, as the command line gives them; the scan lies beside its folder."""
    scan = shutil.copy(phantom_file, tmp_path / "ct.nrrd")
    made = xai.explain(
        scan, "liver", xai.Rise(masks=24, grid=3), region="full", model=SPEC, slices=liver_slice, device="cpu",
        evidence="none",
    )  # fmt: skip
    return made.save(tmp_path / "run", pictures=False)


def changed(folder, **parts):
    """Change parts of a report's request."""
    path = folder / "report.json"
    report = json.loads(path.read_text())
    report["request"] |= parts
    path.write_text(json.dumps(report))


def test_what_was_given_in_memory_is_kept(in_memory, scan, organ):
    assert {"input-scan.nrrd", "input-reference.nrrd", "input-region.nrrd"} <= {p.name for p in in_memory.iterdir()}
    report = json.loads((in_memory / "report.json").read_text())
    assert report["in_memory"]["model"] == {} and report["in_memory"]["scan"]["name"] == "ct.nrrd"
    assert "ward" not in (in_memory / "report.json").read_text(), "names without their folders"
    read = xai.Explanation.load(in_memory)
    kept = read.inputs["scan"]
    assert np.array_equal(kept.voxels, scan.voxels) and kept.voxels.dtype == scan.voxels.dtype
    assert (kept.spacing, kept.origin, kept.direction) == (scan.spacing, scan.origin, scan.direction)
    assert kept.modality == "CT" and set(read.inputs) == {"scan", "reference", "region"}


def test_a_run_from_memory_is_repeated_to_the_last_bit(in_memory, bright, tmp_path):
    again = xai.rerun(in_memory, model=bright)
    assert again.same and "the same: " in str(again) and not again.differences.missing
    first = xai.Explanation.load(in_memory)
    assert again.explanation.drop.voxels.any() and len(again.differences.compared) >= 6
    for name, volume in first._volumes():
        assert np.array_equal(volume.voxels, dict(again.explanation._volumes())[name].voxels), name
    assert again.explanation.rows[0]["dice"] == first.rows[0]["dice"], "the ground truth is not lost"
    assert again.explanation.warnings == first.warnings
    saved = again.explanation.save(tmp_path / "again", pictures=False)
    assert xai.rerun(saved / "report.json", model=bright).same, "what was made again can be made again"


def test_a_model_from_memory_is_asked_for(in_memory):
    with pytest.raises(InputError, match=r"the model 'bright' was given in memory .*: give --model SPEC") as caught:
        xai.rerun(in_memory)
    assert "\n" not in str(caught.value)


def test_another_seed_is_said_with_what_it_does(by_path):
    again = xai.rerun(by_path, seed=1)
    assert not again.same
    assert [str(c) for c in again.differences.settings] == ["seed: 0 before, 1 now"]
    gap = {g.name: g for g in again.differences.maps}["drop"]
    first = xai.Explanation.load(by_path)
    apart = np.abs(first.drop.voxels - again.explanation.drop.voxels)
    assert gap.size == pytest.approx(apart.max(), rel=1e-6) and gap.voxels == np.count_nonzero(apart)
    number = {g.column: g for g in again.differences.numbers}["largest_drop"]
    expected = abs(first.rows[0]["largest_drop"] - again.explanation.rows[0]["largest_drop"])
    assert number.size == pytest.approx(expected) and number.structure == "liver" and number.rows == 2
    assert "seconds" not in {g.column for g in again.differences.numbers}
    text = str(again)
    assert "setting seed: 0 before, 1 now" in text and "map drop: at most" in text


def test_the_command_finds_the_scan_beside_the_run(by_path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path.parent)
    out = tmp_path / "again"
    assert main(["rerun", str(by_path / "report.json"), "--out", str(out)]) == 0
    assert "the same: " in capsys.readouterr().out and (out / "report.json").is_file()
    assert not list(out.glob("input-*")), "it is a path again"
    assert main(["rerun", str(by_path), "--seed", "1", "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["same"] is False and told["differences"]["settings"] == [{"name": "seed", "before": 0, "now": 1}]
    assert main(["rerun", str(by_path), "--out", str(by_path)]) == 2
    assert "choose another folder" in capsys.readouterr().err


def test_what_is_missing_is_named_and_can_be_given(by_path, tmp_path, capsys):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "ct.nrrd").rename(tmp_path / "elsewhere" / "ct.nrrd")
    changed(by_path, reference="labels.nrrd:liver=5")
    assert main(["rerun", str(by_path)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "--scan PATH" in said and "--reference PATH" in said
    changed(by_path, reference=None)
    assert main(["rerun", str(by_path), "--from", str(tmp_path / "elsewhere"), "-q"]) == 0
    assert main(["rerun", str(by_path), "--scan", str(tmp_path / "elsewhere" / "ct.nrrd"), "-q"]) == 0
    region = {**json.loads((by_path / "report.json").read_text())["request"]["region"], "source": "segment"}
    changed(by_path, region=region)
    with pytest.raises(InputError, match="the region which was given in memory, was not kept: give --region PATH"):
        SavedRun.open(by_path, tmp_path / "elsewhere")


def test_files_are_found_inside_specifications(by_path, tmp_path):
    (tmp_path / "labels.nrrd").write_bytes(b"")
    (tmp_path / "m.pth").write_bytes(b"")
    changed(by_path, reference="labels.nrrd:liver=5", model="medsam:m.pth")
    request = SavedRun.open(by_path).request
    assert request.reference.endswith("labels.nrrd:liver=5") and request.model.startswith("medsam:")
    assert str(tmp_path) in request.reference and request.model.endswith(str(tmp_path / "m.pth"))


def test_another_scan_is_refused_unless_it_is_wanted(by_path, phantom, tmp_path):
    scan = phantom[0]
    cut = xai.Volume(scan.voxels[:, :100], scan.spacing, scan.origin, scan.direction, "CT", "cut")
    with pytest.raises(InputError, match="not that of the report: it has another size.*--force"):
        xai.rerun(by_path, scan=cut)
    again = xai.rerun(by_path, scan=cut, force=True)
    assert not again.same and "voxels before" in str(again)


@pytest.mark.parametrize(
    "text, says",
    [
        ('{"kind": "xaiclip explanation", "request"', "no JSON that can be read"),
        ("[]", "the report of another program"),
        ('{"kind": "xaiclip location"}', "holds a xaiclip location, not an explanation"),
        ('{"kind": "xaiclip explanation"}', "damaged"),
    ],
)
def test_a_damaged_report_is_refused(tmp_path, text, says):
    (tmp_path / "report.json").write_text(text)
    with pytest.raises(InputError, match=says):
        xai.rerun(tmp_path / "report.json")
    with pytest.raises(InputError, match="no explanation"):
        xai.rerun(tmp_path / "missing.json")
    with pytest.raises(InputError, match="nowhere holds no explanation"):
        xai.rerun(tmp_path / "nowhere")


def test_versions(by_path):
    """A request of version 1 is run as it was meant; of an unknown version it is refused, in what is loaded too."""
    flat = {"region": "full", "vlm": "bundled", "threshold": 0.5, "prompts": None, "evidence": "none"}
    path = by_path / "report.json"
    report = json.loads(path.read_text())
    kept = {k: v for k, v in report["request"].items() if k not in ("region", "vlm", "prompt", "evidence")}
    path.write_text(json.dumps({**report, "request": {**kept, **flat, "version": 1}}))
    assert xai.rerun(by_path).same and xai.Explanation.load(by_path).report["request"]["region"]["source"] == "full"
    changed(by_path, version=7)
    for read in (xai.rerun, xai.Explanation.load):
        with pytest.raises(InputError, match="version 7; this program reads version 1 and 2"):
            read(by_path)


def test_without_its_volumes_the_numbers_of_the_report_are_compared(by_path, tmp_path):
    shutil.copy(by_path / "report.json", tmp_path / "kept.json")
    again = xai.rerun(tmp_path / "kept.json")
    assert again.same and not again.differences.compared and len(again.differences.missing) >= 5
    assert "not compared drop.nrrd, which is not beside the report" in str(again)
    assert not xai.rerun(tmp_path / "kept.json", seed=1).same
