"""What is written can be read back, is what was computed, and is there as a whole or not at all."""

import csv
import json
import os

import numpy as np
import pytest
import SimpleITK as sitk

import XAICLIPLib as xai
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import InputError, ResourceError
from XAICLIPLib.pipeline.locate import locate
from XAICLIPLib.results import explanation
from XAICLIPLib.volume import write

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(phantom, liver_slice):
    """One slice, two structures, a sampling method, a reference; by a model that needs no weights."""
    import torch

    def bright(batch):
        return torch.cat([torch.sigmoid((batch - 90) / 5), torch.sigmoid((batch - 200) / 5)], 1)

    bright.targets = ("liver", "spine")
    return xai.explain(
        phantom[0],
        ["liver", "spine"],
        xai.Rise(masks=24, estimator="ridge", grid=3),
        region="full",
        model=bright,
        device="cpu",
        slices=str(liver_slice),
        reference=phantom[1],
    )


@pytest.fixture(scope="module")
def folder(made, tmp_path_factory):
    return made.save(tmp_path_factory.mktemp("out") / "deep" / "result")


def same(a, b):
    return a == b or (a != a and b != b)


def test_everything_comes_back(made, folder):
    read = explanation.Explanation.load(folder)
    one, other = dict(made._volumes()), dict(read._volumes())
    assert set(one) == set(other) and {"stderr-liver", "reference", "drop-spine"} <= set(one)
    for name, volume in one.items():
        assert np.array_equal(volume.voxels, other[name].voxels), name
        assert volume.voxels.dtype == other[name].voxels.dtype and volume.same_grid(other[name])
    assert read.structures == made.structures == ("liver", "spine")
    assert len(read.rows) == len(made.rows)
    for a, b in zip(made.rows, read.rows):
        assert list(a) == [k for k in b if k in a] and all(same(a[k], b[k]) for k in a)
        assert {k: type(a[k]) for k in a} == {k: type(b[k]) for k in a}
    assert read.warnings == made.warnings
    assert [row["structure"] for row in read.summary] == [row["structure"] for row in made.summary]
    assert Request.from_json(read.report["request"]).method == xai.Rise(masks=24, estimator="ridge", grid=3)
    assert read.picture is None


def test_the_files_are_what_they_say(made, folder, phantom):
    names = {p.name for p in folder.iterdir()}
    assert names == {
        "influence",
        "saliency.nrrd",
        "saliency-liver.nrrd",
        "saliency-spine.nrrd",
        "drop-liver.nrrd",
        "drop-spine.nrrd",
        "stderr-liver.nrrd",
        "stderr-spine.nrrd",
        "evaluated.nrrd",
        "roi.nrrd",
        "prediction.nrrd",
        "reference.nrrd",
        "input-scan.nrrd",
        "input-reference.nrrd",
        "metrics.csv",
        "report.json",
        "panels",
        "montage-liver.png",
        "montage-spine.png",
        "report.html",
    }
    saliency = sitk.ReadImage(str(folder / "saliency.nrrd"))
    assert saliency.GetPixelID() == sitk.sitkFloat32 and saliency.GetSize() == (128, 128, 10)
    assert saliency.GetSpacing() == phantom[0].spacing and saliency.GetOrigin() == phantom[0].origin
    voxels = sitk.GetArrayFromImage(saliency)
    assert voxels.min() == 0 and voxels.max() == 1 and np.array_equal(voxels, made.saliency.voxels)
    report = json.loads((folder / "report.json").read_text())
    assert report["kind"] == "xaiclip explanation" and report["request"]["version"] == 2
    with open(folder / "metrics.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["structure"] for row in rows} == {"liver", "spine"} and {row["slice"] for row in rows} >= {"all"}
    assert float(rows[0]["largest_drop"]) == pytest.approx(float(made.drops["liver"].voxels.max()), rel=1e-6)
    for picture in (*(folder / "panels").iterdir(), folder / "montage-liver.png"):
        pixels = sitk.GetArrayFromImage(sitk.ReadImage(str(picture)))
        assert min(pixels.shape[:2]) > 200 and pixels[..., :3].std() > 10  # a picture, not a blank page


def test_one_structure_needs_no_name_in_the_files(phantom, liver_slice, tmp_path):
    import torch

    found = xai.explain(
        phantom[0],
        ["liver"],
        xai.Occlusion(64, 64),
        region="full",
        device="cpu",
        slices=str(liver_slice),
        model=lambda b: torch.sigmoid((b - 90) / 5),
    )
    found.save(tmp_path / "out", pictures=False)
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        "influence",
        "saliency.nrrd",
        "drop.nrrd",
        "evaluated.nrrd",
        "roi.nrrd",
        "prediction.nrrd",
        "input-scan.nrrd",
        "metrics.csv",
        "report.json",
    }
    read = explanation.Explanation.load(tmp_path / "out")
    assert np.array_equal(read.drop.voxels, found.drop.voxels) and read.reference is None and not read.stderrs


def test_saving_into_a_folder_replaces_the_result_and_leaves_the_rest_alone(made, phantom, liver_slice, tmp_path):
    import torch

    out = tmp_path / "out"
    made.save(out)
    (out / "notes.txt").write_text("mine")
    other = xai.explain(
        phantom[0],
        ["liver", "spine"],
        xai.Occlusion(64, 64),
        region="full",
        device="cpu",
        slices=str(liver_slice),
        model=lambda b: torch.cat([torch.sigmoid((b - 90) / 5), torch.sigmoid((b - 200) / 5)], 1),
    )
    other.save(out)
    assert (out / "notes.txt").read_text() == "mine"
    read = explanation.Explanation.load(out)
    assert np.array_equal(read.drop.voxels, other.drop.voxels)
    # the first result had a reference and standard errors, this one has neither: nothing of it may show through
    assert read.reference is None and not read.stderrs
    assert not {"reference.nrrd", "stderr-liver.nrrd"} & {p.name for p in out.iterdir()}
    other.save(out, pictures=False)
    assert not list(out.glob("*.png")) and not (out / "panels").exists() and (out / "notes.txt").exists()


def test_a_report_can_not_make_other_files_go_away(made, tmp_path):
    """The list of an earlier result's files is data that somebody may have changed."""
    (tmp_path / "precious.txt").write_text("mine")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "report.json").write_text(
        json.dumps({"files": ["../precious.txt", str(tmp_path / "precious.txt")]})
    )
    with pytest.raises(InputError, match="report.json.*did not write.*choose another folder"):
        made.save(tmp_path / "out", pictures=False)
    assert (tmp_path / "precious.txt").read_text() == "mine"
    assert everything_in(tmp_path) == ["out", "out/report.json", "precious.txt"]


def everything_in(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


@pytest.mark.parametrize("nth", [1, 4, 9])
def test_a_disk_that_fills_up_leaves_nothing(made, tmp_path, monkeypatch, nth):
    """The n-th volume can't be written any more. Old results stay as they were; no half of the new one is there."""
    old = tmp_path / "old"
    made.save(old, pictures=False)
    before = {p: p.read_bytes() for p in old.rglob("*") if p.is_file()}
    calls, real = [], write.write_nrrd

    def full(volume, path, compress):
        calls.append(path)
        if len(calls) >= nth:
            raise OSError(28, "No space left on device")
        real(volume, path, compress)

    monkeypatch.setattr(write, "write_nrrd", full)
    for target in (tmp_path / "new", old):
        calls.clear()
        with pytest.raises(InputError, match="No space left on device.*free space"):
            made.save(target)
    assert everything_in(tmp_path) == sorted(["old", "old/influence", *(str(p.relative_to(tmp_path)) for p in before)])
    assert all(p.read_bytes() == content for p, content in before.items())


def test_a_failing_move_is_said(made, tmp_path, monkeypatch):
    def fail(*paths):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(ResourceError, match="No space left on device"):
        made.save(tmp_path / "out", pictures=False)
    assert not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_a_place_that_can_not_be_written_to(made, tmp_path):
    (tmp_path / "file").write_text("")
    for target in (tmp_path / "file" / "out", tmp_path / "file"):
        with pytest.raises((InputError, ResourceError), match="can't be"):
            made.save(target, pictures=False)
    assert everything_in(tmp_path) == ["file"] and (tmp_path / "file").read_text() == ""


def test_what_is_no_explanation(made, tmp_path, phantom, liver_slice):
    with pytest.raises(InputError, match="holds no explanation"):
        explanation.Explanation.load(tmp_path / "missing")
    (tmp_path / "report.json").write_text("{}")
    with pytest.raises(InputError, match="not an explanation"):
        explanation.Explanation.load(tmp_path)
    (tmp_path / "report.json").write_text("{")
    with pytest.raises(InputError, match="holds no explanation"):
        explanation.Explanation.load(tmp_path)
    found = locate(Request("s", ("liver",), region="clip", slices=str(liver_slice), device="cpu"), scan=phantom[0])
    found.save(tmp_path / "location")
    with pytest.raises(InputError, match="xaiclip location, not an explanation"):
        explanation.Explanation.load(tmp_path / "location")


@pytest.mark.parametrize("name", ["metrics.csv", "saliency.nrrd", "roi.nrrd", "drop-spine.nrrd"])
def test_a_result_with_a_file_missing_is_said(made, tmp_path, name):
    made.save(tmp_path / "out", pictures=False)
    (tmp_path / "out" / name).unlink()
    with pytest.raises(InputError, match=name.partition(".")[0]):
        explanation.Explanation.load(tmp_path / "out")


def test_a_location_is_written_as_it_is(phantom, liver_slice, tmp_path):
    found = locate(Request("s", ("liver", "spleen"), slices=str(liver_slice), device="cpu"), scan=phantom[0])
    found.save(tmp_path / "where")
    assert {p.name for p in (tmp_path / "where").iterdir()} == {
        "roi.nrrd",
        "roi-liver.nrrd",
        "roi-spleen.nrrd",
        "similarity-liver.nrrd",
        "similarity-spleen.nrrd",
        "metrics.csv",
        "report.json",
        "panels",
    }
    written = sitk.GetArrayFromImage(sitk.ReadImage(str(tmp_path / "where" / "similarity-liver.nrrd")))
    assert np.array_equal(written, found.similarities["liver"].voxels)
    for row in found.rows:
        mask = found.rois[row["structure"]].voxels[row["slice"]] > 0
        assert row["area_mm2"] == pytest.approx(mask.sum() * 9.0) and row["share_of_slice"] == pytest.approx(
            mask.mean()
        )
