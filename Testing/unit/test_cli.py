"""The command line: what it writes; for every bad input one line that says what to do, status 2, nothing written."""

import json
import os
import re
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from XAICLIPLib.attribution.methods import Lime, Occlusion, Rise
from XAICLIPLib.case.request import Request
from XAICLIPLib.cli import build_parser, main
from XAICLIPLib.cli.progress import Bar
from XAICLIPLib.errors import Cancelled
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.volume import Volume, read_volume, write_volume

pytestmark = pytest.mark.slow

THEIRS = textwrap.dedent(
    """
    import os, signal, torch

    def bright(batch):
        return torch.sigmoid((batch - 90) / 5)

    def logits(batch):
        return batch

    def full(batch):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

    def broken(batch):
        raise ValueError("two\\nlines")

    calls = 0

    def interrupted(batch):
        "Ctrl-C while the third slice is being explained: a first run and four batches per slice."
        global calls
        calls += 1
        if calls == int(os.environ["INTERRUPT_AT"]):
            os.kill(os.getpid(), signal.SIGINT)
        return bright(batch)
    """
)


@pytest.fixture
def theirs(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("theirs")
    (folder / "xaiclip_their_model.py").write_text(THEIRS)
    monkeypatch.syspath_prepend(str(folder))
    return folder


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


FAST = ["--device", "cpu", "--patch", "128", "--stride", "128"]


def test_explain_writes_everything(here, phantom_file, liver_slice, capsys, phantom):
    status = main(
        [
            "explain",
            phantom_file,
            "--structure",
            "liver",
            "--slices",
            f"{liver_slice}:{liver_slice + 1}",
            "--out",
            "out",
            *FAST,
        ]
    )
    out, err = capsys.readouterr()
    assert (
        status == 0
        and "liver: score 1.000, Dice of the model's mask and its own" in out
        and "-> out" in out
        and "evaluations" in out
    )
    assert {p.name for p in (here / "out").iterdir()} == {
        "saliency.nrrd",
        "drop.nrrd",
        "evaluated.nrrd",
        "roi.nrrd",
        "prediction.nrrd",
        "similarity.nrrd",
        "metrics.csv",
        "report.json",
        "influence",
        "panels",
        "montage.png",
        "report.html",
    }
    assert [p.name for p in (here / "out" / "panels").iterdir()] == [f"slice_{liver_slice:04d}.png"]
    read = Explanation.load(here / "out")
    assert read.drop.same_grid(phantom[0]) and read.drop.voxels[liver_slice].max() > 0.05
    assert read.report["request"]["scan"] == Path(phantom_file).name
    assert [p.name for p in here.iterdir()] == ["out"]  # no temporary folder is left


def test_without_out_the_folder_is_named_after_the_scan(here, phantom_file, liver_slice, theirs):
    arguments = ["explain", phantom_file, "--structure", "liver", "--slices", str(liver_slice), "--region", "full"]
    assert main([*arguments, "--model", "function:xaiclip_their_model:bright", "--evidence", "none", *FAST]) == 0
    assert (here / "ct-occlusion" / "saliency.nrrd").is_file()


def test_several_structures_and_a_reference(here, phantom_file, liver_slice, organ, capsys):
    write_volume(organ("liver"), here / "truth.nrrd")
    z = str(liver_slice)
    status = main(
        [
            "explain",
            phantom_file,
            "--structure",
            "hepatic",
            "--structure",
            "spleen",
            "--slices",
            z,
            "--reference",
            "truth.nrrd:liver=1,spleen=2",
            "--out",
            "out",
            "--evidence",
            "none",
            *FAST,
        ]
    )
    assert status == 0
    read = Explanation.load(here / "out")
    assert read.structures == ("liver", "spleen")
    assert np.array_equal(read.reference.voxels == 1, organ("liver").voxels > 0)
    assert read.rows[0]["dice"] > 0.8


def test_locate_plan_phantom_and_models(here, phantom_file, liver_slice, capsys):
    z = str(liver_slice)
    assert (
        main(["locate", phantom_file, "--structure", "liver", "--slices", z, "--out", "where", "--device", "cpu"]) == 0
    )
    out, _ = capsys.readouterr()
    assert "found in 1 of 1 slices" in out and f"liver slice {z}:" in out
    assert read_volume(here / "where" / "roi-liver.nrrd").voxels.any()
    assert main(["plan", phantom_file, "--structure", "liver", "--slices", z, "--device", "cpu"]) == 0
    out, _ = capsys.readouterr()
    assert re.fullmatch(r"\d+ of 169 evaluations \(\d\d% saved\) in 1 slices, about \d+ s\n", out)
    assert main(["phantom", "sub/p.nii.gz", "--seed", "3"]) == 0
    ct, labels = read_volume("sub/p.nii.gz"), read_volume("sub/p_labels.nii.gz")
    assert ct.same_grid(labels) and ct.voxels.min() < -900 and labels.voxels.max() > 5
    capsys.readouterr()
    assert main(["models"]) == 0
    out, _ = capsys.readouterr()
    assert "bundled" in out and "liver" in out and "function:" in out


@pytest.mark.parametrize(
    "arguments, method",
    [
        ([], Occlusion(unit="px512")),
        (["--patch", "40mm"], Occlusion(40.0, 20.0, unit="mm")),
        (["--patch", "25px", "--stride", "5px", "--fill", "air"], Occlusion(25.0, 5.0, "air", "pixel")),
        (["--stride", "16"], Occlusion(32.0, 16.0, unit="px512")),
        (["--fill", "-0.5"], Occlusion(fill=-0.5, unit="px512")),
        (
            [
                "--method",
                "rise",
                "--masks",
                "128",
                "--estimator",
                "ridge",
                "--grid",
                "5",
                "--keep",
                "0.4",
                "--tolerance",
                "0.1",
            ],
            Rise(128, 5, 0.4, "ridge", tolerance=0.1),
        ),
        (
            ["--method", "lime", "--samples", "64", "--kernel-width", "0.25", "--fill", "blur"],
            Lime(64, kernel_width=0.25, fill="blur", unit="px512"),
        ),
    ],
)
def test_options_become_a_request(arguments, method):
    from XAICLIPLib.cli.options import make_request as _request

    parsed = build_parser().parse_args(["explain", "ct", "--structure", "liver", *arguments])
    assert _request(parsed) == Request("ct", ("liver",), method)


def test_help_reads_like_a_manual_page(capsys):
    for arguments in ([], ["explain"], ["locate"], ["plan"], ["phantom"], ["models"]):
        with pytest.raises(SystemExit) as caught:
            main([*arguments, "--help"])
        assert caught.value.code == 0
        out, _ = capsys.readouterr()
        assert "exit status" in out
        if not arguments:
            assert "examples:" in out and "Research use only" in out and "Nothing leaves this machine" in out
        if arguments == ["explain"]:
            for option in (
                "--structure",
                "--method",
                "--model",
                "--region",
                "--reference",
                "--slices",
                "--device",
                "--out",
            ):
                assert option in out


# ---- bad input


def nrrd(folder, name, voxels, **geometry):
    return str(write_volume(Volume(voxels, **geometry), folder / name))


def bad_scans(folder):
    """File name -> how it is made, and what must be said of it."""
    rng = np.random.default_rng(0)
    good = rng.integers(-1000, 500, (3, 32, 32)).astype(np.int16)
    (folder / "text.nrrd").write_text("hello")
    (folder / "empty").mkdir()
    nrrd(folder, "constant.nrrd", np.full((3, 32, 32), 5, np.int16))
    spoilt = good.astype(np.float32)
    spoilt[1, 2, 3] = np.nan
    nrrd(folder, "nan.nrrd", spoilt)
    spoilt[1, 2, 3] = np.inf
    nrrd(folder, "inf.nrrd", spoilt)
    sitk.WriteImage(sitk.GetImageFromArray(np.zeros((3, 8, 8, 3), np.uint8), isVector=True), str(folder / "rgb.nrrd"))
    sitk.WriteImage(sitk.JoinSeries([sitk.GetImageFromArray(good)] * 2), str(folder / "time.nii.gz"))
    (folder / "zero.nrrd").write_text(
        "NRRD0004\ntype: short\ndimension: 3\nsizes: 0 4 5\nencoding: raw\nendian: little\n\n"
    )
    return {
        "missing.nrrd": "does not exist",
        "text.nrrd": "can't be read as an image",
        "empty": "no DICOM series",
        "constant.nrrd": "constant",
        "nan.nrrd": "1 voxels that are NaN or infinite",
        "inf.nrrd": "1 voxels that are NaN or infinite",
        "rgb.nrrd": "3 components per pixel",
        "time.nii.gz": "4 dimensions",
        "zero.nrrd": "zero.nrrd",
    }


def refused(arguments, capfd, out="out"):
    """Run, and return the one line of standard error, once it is sure that it is one and that nothing was written."""
    before = sorted(Path().rglob("*"))
    assert main(arguments) == 2
    printed, err = capfd.readouterr()
    assert err.count("\n") == 1 and err.startswith("xaiclip: ") and "Traceback" not in err, err
    assert not printed
    assert not Path(out).exists() and sorted(Path().rglob("*")) == before
    return err


@pytest.mark.parametrize("command", ["explain", "locate", "plan"])
def test_scans_that_can_not_be_used(here, capfd, command):
    for name, says in bad_scans(here).items():
        more = [] if command == "plan" else ["--out", "out"]
        assert says in refused([command, name, "--structure", "liver", "--device", "cpu", *more], capfd), name


@pytest.mark.parametrize(
    "more, says",
    [
        (["--slices", "9:12"], "slices 9:12 lie outside the scan, which has slices 0 to 9"),
        (["--slices", "12"], "lie outside the scan"),
        (["--slices", "6:6"], "lie outside the scan"),
        (["--slices", "7:3"], "lie outside the scan"),
        (["--slices", "a:b"], "write auto, all, a number, or a range such as 40:60"),
        (["--slices=-3"], "lie outside the scan"),
        (["--structure", "brain"], "does not segment 'brain'"),
        (["--structure", "hepatic"], "named twice"),
        (["--structure", " "], "at least one structure"),
        (["--device", "cuda:97"], "cuda:97"),
        (["--device", "tpu"], "tpu"),
        (["--preset", "ct-brain"], "no preset 'ct-brain'"),
        (["--threshold", "1.5"], "threshold is 1.5"),
        (["--sigma", "-1"], "can't be negative"),
        (["--fill", "black"], "no fill 'black'"),
        (["--patch", "12cm"], "write 64, 25px or 40mm"),
        (["--patch", "40mm", "--stride", "10px"], "one unit"),
        (["--patch", "0"], "patch is 0"),
        (["--masks", "128"], "occlusion has no setting masks"),
        (["--method", "rise", "--patch", "64"], "rise has no setting"),
        (["--method", "rise", "--masks", "3"], "at least 8 masks"),
        (["--batch-size", "0"], "batch size is 0"),
        (["--model", "unet.pt"], "no model 'unet.pt'"),
        (["--model", "function:nowhere:f"], "can't be imported"),
        (["--model", "function:xaiclip_their_model:logits"], "return probabilities in [0, 1]"),
        (["--model", "function:xaiclip_their_model:full"], "out of memory with one image"),
        (["--model", "function:xaiclip_their_model:broken"], "two lines"),
        (["--vlm", "ViT-B-32:nowhere.pt"], "no checkpoint nowhere.pt"),
        (["--vlm", "nothing"], "knows no architecture 'nothing'"),
        (["--region", "nowhere.nrrd"], "nowhere.nrrd does not exist"),
        (["--region", "elsewhere.nrrd"], "does not overlap"),
        (["--reference", "nowhere.nrrd"], "nowhere.nrrd does not exist"),
        (["--reference", "elsewhere.nrrd"], "does not overlap"),
        (["--reference", "here.nrrd:liver=x"], "FILE:liver=5"),
    ],
)
def test_options_that_can_not_be_used(here, phantom_file, theirs, liver_slice, capfd, more, says):
    nrrd(here, "elsewhere.nrrd", np.ones((4, 8, 8), np.uint8), origin=(5000.0, 0.0, 0.0))
    slices = [] if any(m.startswith("--slices") for m in more) else ["--slices", str(liver_slice)]
    structure = [] if more[1:] in (["brain"], [" "]) else ["--structure", "liver"]
    assert says in refused(
        ["explain", phantom_file, *structure, *slices, "--out", "out", "--device", "cpu", *more], capfd
    )


def test_what_would_be_lost_at_the_end_is_said_before_the_run(here, phantom_file, theirs, liver_slice, capfd):
    """This model can't even be run once, and yet it is the folder and the colours that are complained about."""
    (here / "file").write_text("mine")
    arguments = ["--structure", "liver", "--slices", str(liver_slice), "--device", "cpu"]
    model = ["--model", "function:xaiclip_their_model:full"]
    for out in ("file/out", "file"):
        for command in (["explain", phantom_file, *model], ["locate", phantom_file]):
            assert main([*command, *arguments, "--out", out]) == 2
            _, err = capfd.readouterr()
            assert err.count("\n") == 1 and f"{out} can't be made" in err
            assert (here / "file").read_text() == "mine" and [p.name for p in here.iterdir()] == ["file"]
    assert "rainbows" in refused(
        ["explain", phantom_file, *model, *arguments, "--colormap", "rainbows", "--out", "out"], capfd
    )
    assert "can't write this format" in refused(["phantom", "p.png"], capfd)


def test_a_structure_that_is_not_there(here, capfd, phantom):
    air = nrrd(here, "air.nrrd", np.random.default_rng(0).integers(-1010, -990, (2, 64, 64)).astype(np.int16))
    asked = ["explain", air, "--structure", "liver", "--out", "out", "--device", "cpu"]
    assert "no liver in this scan: presence 0.0" in refused(asked, capfd)
    assert "no slice could be explained" in refused([*asked, "--anyway"], capfd)


def test_a_mask_on_another_grid_is_brought_to_the_scans(here, phantom_file, phantom, theirs, liver_slice, organ):
    """It overlaps, so it is resampled in space: here one of half the spacing, upside down."""
    truth = sitk.DICOMOrient(organ("liver").to_sitk(), "RPI")
    fine = sitk.Resample(
        truth,
        [2 * n for n in truth.GetSize()],
        sitk.Transform(),
        sitk.sitkNearestNeighbor,
        truth.TransformContinuousIndexToPhysicalPoint([-0.25] * 3),
        [s / 2 for s in truth.GetSpacing()],
        truth.GetDirection(),
    )
    sitk.WriteImage(fine, "fine.nrrd")
    arguments = [
        "explain",
        phantom_file,
        "--structure",
        "liver",
        "--slices",
        str(liver_slice),
        "--region",
        "fine.nrrd",
        "--out",
        "out",
    ]
    assert main([*arguments, "--model", "function:xaiclip_their_model:bright", "--evidence", "none", *FAST]) == 0
    roi = read_volume("out/roi.nrrd").voxels[liver_slice] > 0
    liver = organ("liver").voxels[liver_slice] > 0
    assert 2 * (roi & liver).sum() / (roi.sum() + liver.sum()) > 0.97


# ---- Ctrl-C


def interrupt(folder, phantom_file, theirs, at):
    environment = {**os.environ, "PYTHONPATH": f"{Path(__file__).parents[2]}:{theirs}", "INTERRUPT_AT": str(at)}
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "XAICLIPLib.cli",
            "explain",
            phantom_file,
            "--structure",
            "liver",
            "--slices",
            "3:9",
            "--out",
            "out",
            "--model",
            "function:xaiclip_their_model:interrupted",
            "--region",
            "full",
            "--device",
            "cpu",
            "--patch",
            "256",
            "--stride",
            "256",
            "--batch-size",
            "1",
        ],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
    )


def test_ctrl_c_writes_what_is_finished(here, phantom_file, theirs, phantom):
    # five model runs per slice, and one more in the first to see whether it repeats itself: in the third slice
    found = interrupt(here, phantom_file, theirs, at=2 * 5 + 1 + 3)
    assert found.returncode == 130, found.stderr
    assert "Traceback" not in found.stderr and "stopped by the user after 2 of 6 slices" in found.stderr
    assert "2 slices in" in found.stdout
    read = Explanation.load(here / "out")
    assert read.report["slices"]["explained"] == [3, 4]
    assert read.evaluated.voxels[[3, 4]].all() and not read.evaluated.voxels[5:].any()
    assert [p.name for p in here.iterdir()] == ["out"]


def test_ctrl_c_before_anything_is_finished_writes_nothing(here, phantom_file, theirs):
    found = interrupt(here, phantom_file, theirs, at=2)
    assert found.returncode == 130 and not list(here.iterdir())
    assert found.stderr.count("\n") == 1 and "nothing was written" in found.stderr


def test_ctrl_c_leaves_the_handler_as_it_was(here, phantom_file, theirs, liver_slice):
    before = signal.getsignal(signal.SIGINT)
    arguments = [
        "explain",
        phantom_file,
        "--structure",
        "liver",
        "--slices",
        str(liver_slice),
        "--region",
        "full",
        *FAST,
    ]
    main([*arguments, "--model", "function:xaiclip_their_model:bright", "--out", "out"])
    assert signal.getsignal(signal.SIGINT) is before
    assert json.loads((here / "out" / "report.json").read_text())["slices"]["explained"] == [liver_slice]


def test_the_bar_starts_anew_where_something_else_is_counted(monkeypatch):
    """A download in MB, then slices: each has a total, a share and a time of its own."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Bar() as bar:
        bar.megabytes(300.4, 784.0, "weights.bin")
        assert (bar._bar.n, bar._bar.total, bar._bar.desc) == (300.4, 784.0, "weights.bin 300 of 784 MB")
        bar.megabytes(784.0, 784.0, "weights.bin")
        begun = bar._bar.start_t
        bar(0, 12, "slice 4")
        bar(3, 12, "slice 7")
        assert (bar._bar.n, bar._bar.total, bar._bar.desc) == (3, 12, "slice 7") and bar._bar.start_t > begun
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(Cancelled):
            bar.megabytes(0, 1.0, "next.bin")


def test_words_are_located_in_another_image(tmp_path, phantom, organ, phantom_file, liver_slice, capsys):
    """The first shows nothing but noise; the second is the phantom's CT."""
    noise = np.random.default_rng(0).normal(-1000, 5, phantom[0].voxels.shape).astype(np.float32)
    first = str(write_volume(phantom[0].like(noise, "noise"), tmp_path / "noise.nrrd"))
    run = ["locate", first, "--channel", phantom_file, "--region-image", "2", "--structure", "liver"]
    run += ["--slices", str(liver_slice), "--device", "cpu", "--no-pictures", "--anyway"]
    assert main([*run, "--out", str(tmp_path / "out")]) == 0, capsys.readouterr().err
    roi, truth = read_volume(tmp_path / "out" / "roi.nrrd").voxels > 0, organ("liver").voxels > 0
    assert (roi & truth).sum() > 0.5 * truth[liver_slice].sum()
