"""Several registered images of one patient: opened on one grid, given to models that take as many, hidden in some."""

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest
import SimpleITK as sitk
import torch
from dicomfiles import write_stack

import XAICLIPLib as xai
from XAICLIPLib.attribution.fill import KEEP, alike, called, make_fill
from XAICLIPLib.case.case import Case
from XAICLIPLib.case.images import Images, image_names, image_number, on_grid_of
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.case.scan import Scan
from XAICLIPLib.cli import main
from XAICLIPLib.errors import Cancelled, InputError, ModelError
from XAICLIPLib.metrics.shapley import shapley_values
from XAICLIPLib.models.base import Context
from XAICLIPLib.models.function import FunctionSegmenter
from XAICLIPLib.pipeline.images import image_shapley
from XAICLIPLib.pipeline.opened import open_image
from XAICLIPLib.pipeline.plan import plan
from XAICLIPLib.report.html_images import images_section
from XAICLIPLib.report.page import EDGE, HEAD
from XAICLIPLib.results.image_answer import image_answer

SHAPE, SPACING = (6, 48, 48), (8.0, 8.0, 30.0)
HOW = {"region": "full", "slices": 3, "device": "cpu", "evidence": "none", "patch": 128, "stride": 128}


@pytest.fixture(scope="module")
def pair():
    """A CT, and another image of the same patient, bright where the liver is."""
    ct, labels = xai.make_phantom(shape=SHAPE, spacing=SPACING)
    bright = np.where(labels.voxels == 1, 400.0, 20.0) + np.arange(48.0)
    return ct, replace(ct.like(bright.astype(np.float32), "second"), modality="MR")


def bright(batch: torch.Tensor) -> torch.Tensor:
    """What is bright in the second image alone."""
    assert batch.shape[1] == 2
    return torch.sigmoid((batch[:, 1:] - 200) / 20)


bright.images = ("CT", "T2")


@pytest.mark.slow
def test_a_model_gets_all_images_as_channels_and_only_some_are_hidden(pair):
    ct, second = pair
    found = {
        which: xai.explain(ct, "liver", model=bright, images=[second], perturb=which, **HOW)
        for which in ("all", "CT", "t2", 2)
    }
    drops = {which: explanation.drop.voxels for which, explanation in found.items()}
    assert drops["all"].max() > 0.01 and not drops["CT"].any()
    for which in ("t2", 2):  # the first image does not matter, and so this is the same map
        assert np.array_equal(drops["all"], drops[which])
    report = found["all"].report
    assert report["scan"]["images"] == ["CT", "T2"] and report["request"]["images"]["paths"] == ("second",)
    assert np.array_equal(found["all"].inputs["image-2"].voxels, second.voxels)


def test_one_image_is_what_it_was(pair):
    """A model of one image gets the same arrays, and its request and report do not speak of several."""
    ct, _ = pair
    case = Case(Request("ct", ("liver",)), Models(), scan=ct, model=lambda batch: batch.sigmoid())
    assert case.image(3).shape == SHAPE[1:] and np.array_equal(case.image(3), case.scan.image(3))
    assert case.voxels is case.scan.axial.voxels and case.prepare(None if case.volumetric else 3).values == ()
    assert "images" not in case.request.to_json() and "images" not in case.provenance()


def test_requests_of_all_versions_open(tmp_path):
    request = Request("t1.nii", ("liver",), images=["t2.nii"])
    assert (
        request.images.paths == ("t2.nii",) and Request.from_json(json.loads(json.dumps(request.to_json()))) == request
    )
    assert Request.of("t1.nii", ("liver",), images=("t2.nii",), perturb=2).images.perturb == "2"
    old = {"version": 2, "scan": "t1.nii", "structures": ["liver"], "region": {"source": "full"}}
    assert Request.from_json(old).images.paths == ()
    assert Request.from_json({"scan": "t1.nii", "structures": ["liver"], "region": "full"}).images.perturb == "all"
    with pytest.raises(InputError, match="at most 15"):
        Request("t1.nii", ("liver",), images=["t2.nii"] * 16)
    with pytest.raises(InputError, match="an image has no name"):
        Request("t1.nii", ("liver",), images=[" "])


@pytest.mark.parametrize(
    "given, says",
    [
        ({"images": []}, r"bright takes 2 images \(CT, T2\), and 1 was given; .*--channel FILE"),
        ({"images": 2}, "takes 2 images .*3 were given"),
        ({"perturb": "FLAIR"}, r"there is no such image; the images are CT \(1\), T2 \(2\)"),
        ({"perturb": 3}, "there is no such image"),
        ({"region_image": "PD"}, "region_image is 'PD'"),
        ({"fill": ("mean", "zero", "zero")}, "3 fills for 2 images"),
        ({"fill": "air"}, "'air' is a CT number; T2 is MR"),
        ({"model": "bundled"}, "takes one image, and 2 were given"),
        ({"images": ["/nowhere/t2.nii"]}, "does not exist"),
    ],
)
def test_what_does_not_fit_is_said_in_one_line(pair, given, says):
    ct, second = pair
    if isinstance(given.get("images"), int):
        given = {"images": [second] * given["images"]}
    with pytest.raises(InputError, match=says) as error:
        xai.explain(ct, "liver", **{"model": bright, "images": [second], **HOW, **given})
    assert "\n" not in str(error.value)


def test_an_image_on_another_grid_is_brought_to_that_of_the_scan(pair):
    ct, second = pair
    moved, notes = on_grid_of(second, ct)
    assert notes == () and moved.voxels is second.voxels or np.array_equal(moved.voxels, second.voxels)
    turned = xai.Volume.from_sitk(sitk.DICOMOrient(second.to_sitk(), "RAS"), name="turned")
    moved, notes = on_grid_of(turned, ct)  # the same voxels in another order
    assert notes == () and np.array_equal(moved.voxels, second.voxels) and moved.same_grid(ct)
    ramp = ct.like(np.broadcast_to(np.arange(48, dtype=np.int16), SHAPE))
    shifted = replace(ramp, origin=(ct.origin[0] - 4.0, *ct.origin[1:]))  # half a voxel
    moved, notes = on_grid_of(shifted, ct)
    assert np.allclose(moved.voxels[:, :, :-1], np.arange(47) + 0.5, atol=1e-4) and moved.voxels.dtype == np.float32
    assert "another grid" in notes[0] and "resampled" in notes[0]
    half = replace(second, origin=(ct.origin[0] + 24 * 8.0, *ct.origin[1:]))
    moved, notes = on_grid_of(half, ct)
    assert "covers 50%" in notes[0] and (moved.voxels[:, :, :20] == second.voxels.min()).all()
    with pytest.raises(InputError, match="far does not overlap .* in space"):
        on_grid_of(replace(second, origin=(5000.0, 0.0, 0.0)), ct, "far")
    near = replace(second, origin=(ct.origin[0] + 4.0, *ct.origin[1:]))
    found = xai.explain(ct, "liver", model=bright, images=[near], **HOW)
    assert any(w.startswith("image 2: it lies on another grid") for w in found.warnings)


def test_fills_are_those_of_each_image(pair):
    image = torch.stack([torch.arange(16.0).view(4, 4), torch.full((4, 4), 7.0)])
    region = torch.ones(4, 4, dtype=torch.bool)
    filled = make_fill(image, ("mean", KEEP), region)
    assert (filled[0] == 7.5).all() and torch.equal(filled[1], image[1])
    assert (make_fill(image, (3.0, "zero"), region)[0] == 3).all()
    assert alike(("mean", KEEP), "blur") == ("blur", KEEP) and alike(("mean", "zero"), "blur") == "blur"
    assert called(("mean", -1000.0)) == "mean, -1000" and called(np.zeros((2, 2))) == "image"
    with pytest.raises(InputError, match="1 fills for 2 images"):
        make_fill(image, ("mean",), region)
    ct, second = pair

    def opened(**settings):
        request = Request.of("ct", ("liver",), images=("t2",), region="full", **settings)
        return open_image(Case(request, Models(), scan=ct, images=(second,), model=bright), 3)

    assert opened(method=xai.Occlusion(fill=("air", "mean"))).method.fill == (-1000.0, "mean")
    assert opened(method=xai.Occlusion(fill="mean")).method.fill == "mean"
    assert opened(method=xai.Occlusion(fill="mean"), perturb="T2").method.fill == (KEEP, "mean")


def test_words_may_be_looked_for_in_another_image(pair):
    ct, second = pair
    request = Request.of("ct", ("liver",), images=("t2",), region_image="T2")
    case = Case(request, Models(), scan=ct, images=(second,), model=bright)
    assert case.similarities._scan is case.scans[1] and case.scan.modality == "CT" and case.scans[1].modality == "MR"
    assert case.vary(region_image="1").similarities._scan is case.scan
    assert case.vary(threshold=0.4).scans[1] is case.scans[1]


def test_names_and_numbers_of_images():
    assert image_names(("T1", "T2"), 2) == ("T1", "T2") and image_names((), 2) == ("image 1", "image 2")
    assert image_names(("CT", "CT", ""), 3) == ("CT 1", "CT 2", "image 3")
    assert image_number("t2", ("T1", "T2")) == 1 and image_number("2", ("T1", "T2")) == 1
    assert image_number("3", ("T1", "T2")) is image_number("0", ("T1", "T2")) is None
    function = FunctionSegmenter(lambda batch: batch[:, :1], torch.device("cpu"))
    assert function.images == () and function.prepare(np.zeros((3, 8, 8), np.float32), Context()).image.shape == (
        3,
        8,
        8,
    )
    wrong = lambda batch: batch  # noqa: E731
    wrong.images = "T1"
    with pytest.raises(ModelError, match=r'write their names, such as \("T1", "T2"\)'):
        FunctionSegmenter(wrong, torch.device("cpu"))


PROGRAM = """
import torch

def bright(batch):
    return torch.sigmoid((batch[:, 1:] - 200) / 20)

bright.images = ("CT", "T2")
"""


@pytest.mark.slow
def test_the_command_line_takes_channels_and_runs_them_again(pair, tmp_path, capsys):
    ct, second = pair
    ct.save(tmp_path / "ct.nrrd")
    second.save(tmp_path / "t2.nrrd")
    (tmp_path / "program.py").write_text(PROGRAM)
    model, out = f"function:{tmp_path / 'program.py'}:bright", tmp_path / "out"
    command = ["explain", str(tmp_path / "ct.nrrd"), "--structure", "liver", "--region", "full", "--model", model]
    command += ["--slices", "3", "--evidence", "none", "--device", "cpu", "--patch", "128", "--stride", "128"]
    assert main([*command, "--out", str(out)]) == 2
    assert "takes 2 images (CT, T2), and 1 was given" in capsys.readouterr().err
    channel = ["--channel", str(tmp_path / "t2.nrrd"), "--fill", "mean,zero"]
    assert main([*command, *channel, "--out", str(out)]) == 0
    report = json.loads((out / "report.json").read_text())
    assert report["request"]["images"]["paths"] == ["t2.nrrd"] and report["request"]["method"]["fill"] == [
        "mean",
        "zero",
    ]
    capsys.readouterr()
    assert main(["rerun", str(out), "--model", model]) == 0 and "the same" in capsys.readouterr().out
    (tmp_path / "t2.nrrd").rename(tmp_path / "moved.nrrd")
    assert main(["rerun", str(out), "--model", model]) == 2
    assert "the image 't2.nrrd' is not here: give --channel" in capsys.readouterr().err
    again = ["rerun", str(out), "--model", model, "--channel", str(tmp_path / "moved.nrrd")]
    assert main(again) == 0


@pytest.mark.slow
def test_images_in_memory_are_kept_for_another_run(pair, tmp_path):
    ct, second = pair
    xai.explain(ct, "liver", model=bright, images=[second], **HOW).save(tmp_path / "run", pictures=False)
    assert (tmp_path / "run" / "input-image-2.nrrd").is_file()
    assert xai.rerun(tmp_path / "run", model=bright).same


def test_a_series_of_a_dicom_folder_is_an_image(tmp_path):
    first, second = np.random.default_rng(0).integers(0, 1000, (2, 4, 8, 9), np.uint16)
    (tmp_path / "study").mkdir()
    own = write_stack(tmp_path / "study", first, name="a{:03d}.dcm")
    other = write_stack(tmp_path / "study", second, name="b{:03d}.dcm")
    scan = Scan.open(str(tmp_path / "study"), own["SeriesInstanceUID"], "OT")
    images = Images.open(scan, [f"{tmp_path / 'study'}:{other['SeriesInstanceUID']}"])
    assert np.array_equal(images.scans[0].axial.voxels, second) and images.notes == ()
    with pytest.raises(InputError, match="holds 2 series; choose one as FOLDER:UID"):
        Images.open(scan, [str(tmp_path / "study")])


@pytest.mark.slow
def test_a_label_stands_for_the_names_of_all_files(pair, tmp_path):
    ct, second = pair
    for volume, name in ((ct, "Doe^John-ct.nrrd"), (second, "Doe^John-t2.nrrd")):
        volume.save(tmp_path / name)
    found = xai.explain(
        tmp_path / "Doe^John-ct.nrrd", "liver", model=bright, images=[tmp_path / "Doe^John-t2.nrrd"], label="A7", **HOW
    )
    assert "Doe" not in json.dumps(found.report, default=str)
    assert list(found.report["request"]["images"]["paths"]) == ["A7, image 2"]


def test_shapley_values_of_known_games():
    rng = np.random.default_rng(0)
    for count in (1, 2, 4, 6):
        own = rng.normal(size=count)
        worth = np.array([sum(own[i] for i in range(count) if s >> i & 1) for s in range(2**count)]) + 3
        assert np.abs(shapley_values(worth) - own).max() < 1e-12  # additive: each is worth its own
        worth = rng.normal(size=(2**count, 2))
        assert np.allclose(shapley_values(worth).sum(0), worth[-1] - worth[0])
    glove = np.array([0, 0, 0, 1, 0, 1, 0, 1], float)  # player 0 has a left glove, 1 and 2 have right ones
    assert np.allclose(shapley_values(glove), [2 / 3, 1 / 6, 1 / 6])
    with pytest.raises(InputError, match="3 coalitions"):
        shapley_values(np.zeros(3))


WEIGHTS = (0.35, 0.15, 0.05, -0.02)


def additive(batch: torch.Tensor) -> torch.Tensor:
    """A probability to which each of four images adds its own share."""
    return 0.1 + sum(weight * batch[:, c : c + 1] for c, weight in enumerate(WEIGHTS))


additive.images = ("T1", "T1c", "T2", "FLAIR")


@pytest.fixture(scope="module")
def four(pair):
    """Images of 0 to 1, and the mask of what is drawn."""
    ct, _ = pair
    rng = np.random.default_rng(0)
    images = [ct.like(rng.uniform(0.2, 1, SHAPE).astype(np.float32), name) for name in additive.images]
    mask = np.zeros(SHAPE, np.uint8)
    mask[1:5, 10:40, 12:30] = 1
    return images, ct.like(mask, "mask")


@pytest.mark.parametrize("fill", ["zero", "mean", ("zero", "mean", 0.5, "zero")])
def test_an_additive_function_is_shared_out_exactly(four, fill):
    """The score is the mean probability in the reference, and so each image is worth its weight times what it loses."""
    images, mask = four
    request = Request.of(
        "t1", ("liver",), images=additive.images[1:], region="full", score="confidence", reference="mask",
        method=xai.Occlusion(128, 128, fill=fill),
    )  # fmt: skip
    case = Case(request, Models(), scan=images[0], images=tuple(images[1:]), reference=mask, model=additive)
    opened = open_image(case, 2)
    region = torch.ones(SHAPE[1:], dtype=torch.bool)
    filled = make_fill(opened.prepared.image, opened.method.fill, region)
    worth = image_shapley(opened.scorer, region, filled)[:, 0]
    inside = mask.voxels[2] == 1
    lost = [(image.voxels[2] - filled[c].numpy())[inside].astype(np.float64).mean() for c, image in enumerate(images)]
    assert np.abs(worth - np.multiply(WEIGHTS, lost)).max() < 1e-6
    assert worth.sum() == pytest.approx(sum(np.multiply(WEIGHTS, lost)), abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("volumetric", [False, True])
def test_each_image_has_a_map_of_its_own(four, volumetric, tmp_path):
    images, mask = four

    def model(batch):
        return additive(batch)

    model.images, model.spatial_dims = additive.images, 3 if volumetric else 2
    how = {"model": model, "images": images[1:], "reference": mask, "score": "confidence", "region": "full"}
    how |= {"patch": 128, "stride": 128, "device": "cpu", "slices": "2:4"}
    found = xai.explain(images[0], "liver", perturb="each", **how)
    everything = xai.explain(images[0], "liver", evidence="none", **how)
    assert np.array_equal(found.drop.voxels, everything.drop.voxels) and not everything.image_drops
    for name in ("T1", "FLAIR"):
        alone = xai.explain(images[0], "liver", perturb=name, evidence="none", **how)
        assert np.array_equal(found.image_drops["liver"][name].voxels, alone.drop.voxels)
    assert np.abs(sum(v.voxels for v in found.image_drops["liver"].values()) - found.drop.voxels).max() < 1e-5
    assert found.image_drops["liver"]["FLAIR"].voxels.min() < 0  # what it adds is less than nothing
    row = found.summary[0]
    assert row.images == list(additive.images) and np.argmax(row.image_shapley) == 0 and row.image_shapley[3] < 0
    assert len(row.second_image_shapley) == 4 and (found.rows[0].image_shapley is None) == volumetric
    [answer] = [a for a in found.answers if a.question == "images"]
    assert answer.text.startswith("The liver hangs mostly on T1: 6") and "FLAIR -" in answer.text
    found.save(tmp_path / "run", pictures=False)
    again = xai.Explanation.load(tmp_path / "run")
    assert np.array_equal(again.image_drops["liver"]["T1c"].voxels, found.image_drops["liver"]["T1c"].voxels)
    assert (tmp_path / "run" / "drop-FLAIR.nrrd").is_file() and again.summary[0].image_shapley == row.image_shapley
    assert xai.rerun(tmp_path / "run", model=model).same
    request = Request.of("t1", ("liver",), images=additive.images[1:], region="full", slices="2:4")
    held = {"scan": images[0], "images": tuple(images[1:]), "reference": mask, "model": model}
    one, all_of_them = (plan(request.changed(perturb=which), **held).evaluations for which in ("all", "each"))
    assert all_of_them == 5 * one > 0


@pytest.mark.slow
@pytest.mark.parametrize("scale", ["run", "slice"])
def test_the_maps_of_all_images_stand_beside_each_other(four, tmp_path, scale):
    """Drawn for each slice on one scale, and in report.html; a run without such maps has neither."""
    images, mask = four
    model = lambda batch: additive(batch)  # noqa: E731
    model.images = additive.images
    how = {"model": model, "images": images[1:], "reference": mask, "score": "confidence", "region": "full"}
    how |= {"patch": 16, "stride": 16, "device": "cpu", "slices": "2:4", "evidence": "none"}
    found = xai.explain(images[0], "liver", perturb="each", **how)
    found.save(tmp_path / "run", scale=scale)
    drawn = sorted(path.name for path in (tmp_path / "run" / "panels").glob("*by-image*"))
    assert drawn == ["slice_0002_by-image.png", "slice_0003_by-image.png"]
    pixels = cv2.imread(str(tmp_path / "run" / "panels" / drawn[0])).astype(int)
    assert pixels.shape[1] == 1200
    cell, top = (1200 - 2 * EDGE - 3 * 16) // 4, 56 + HEAD  # five maps in rows of four, of slices that are square
    coloured = [
        int((np.ptp(pixels[y : y + cell, x : x + cell], -1) > 40).sum())
        for y in (top, top + cell + HEAD + 16)
        for x in (EDGE + n * (cell + 16) for n in range(4))
    ]
    assert coloured[0] > coloured[1] > coloured[2] + 2000 and coloured[5:] == [0, 0, 0]
    assert coloured[4] < coloured[2]  # what FLAIR adds is less than nothing: outlines alone
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert page.count('alt="slice 2: the map of all images and of each alone"') == 1
    xai.explain(images[0], "liver", **how).save(tmp_path / "one")
    assert not list((tmp_path / "one" / "panels").glob("*by-image*"))
    assert "of each alone" not in (tmp_path / "one" / "report.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_run_that_is_stopped_among_the_maps_of_images_keeps_the_first(four):
    images, mask = four
    model = lambda batch: additive(batch)  # noqa: E731
    model.images = additive.images
    seen = []

    def stop(done, total, message):
        seen.append(done)
        if done > 0.3 * total:  # the map of all images is a fifth
            raise Cancelled("enough")

    found = xai.explain(
        images[0], "liver", model=model, images=images[1:], reference=mask, score="confidence", perturb="each",
        region="full", patch=64, stride=64, device="cpu", slices=2, progress=stop,
    )  # fmt: skip
    assert found.drop.voxels.any() and not found.image_drops and seen == sorted(seen)
    assert any("stopped by the user" in warning and "each image" in warning for warning in found.warnings)


def test_on_which_image_a_structure_hangs_is_said_with_its_test(tmp_path):
    names, fills = ("T1", "T2", "PD"), ("zero", "blur")
    _, text, value, test, held = image_answer("liver", names, (0.2, 0.71, -0.01), (0.1, 0.4, 0.0), fills, (3, 4))
    assert text == "The liver hangs mostly on T2: 79% of what is lost when all images are hidden, T1 22%, PD -1%"
    assert held and test == "T2 80% with the fill blur on slices 3, 4" and value == pytest.approx(0.71 / 0.9)
    _, text, _, _, held = image_answer("liver", names, (0.2, 0.7, 0.0), (0.7, 0.2, 0.0), fills)
    assert "cannot be told: T1 has 22% of what is lost when all are hidden with the fill zero, 78% with blur" in text
    assert not held
    _, text, _, test, held = image_answer("liver", names, (0.3, 0.3, 0.2), None, fills)
    assert text.startswith("The liver hangs on no image alone") and not held and test.startswith("not tested")
    assert "takes away 1.0% of its score" in image_answer("liver", names, (0.01, 0, 0), None, fills)[1]
    values = {"images": names, "image_shapley": [0.2, 0.7, 0.1], "second_image_shapley": None}
    page = images_section(values, tmp_path)
    assert "<h3>Images</h3>" in page and "T2" in page and images_section({}, tmp_path) == ""
