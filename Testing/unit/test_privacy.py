"""A folder of DICOM images that is named after its patient: the name reaches no file, no file's name and no line."""

import json
import logging
import os
import sys
from pathlib import Path

import pytest

pytest.importorskip("highdicom")
pytest.importorskip("pydicom")

from test_dicom import scan_voxels, write_series  # noqa: E402

from XAICLIPLib.cli import main  # noqa: E402
from XAICLIPLib.volume import read_volume  # noqa: E402
from XAICLIPLib.worker.methods import Worker  # noqa: E402

pytestmark = pytest.mark.slow

PATIENT = "DOE_JANE_19700101"
MODEL = """
import torch
def bright(batch):
    return torch.sigmoid((batch - 90) / 5)
bright.targets = ("liver",)
"""
FAST = ["--region", "full", "--device", "cpu", "--model", "function:xaiclip_private_model:bright"]
PLAIN = ["--evidence", "none"]


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A user's folder, in which the series lies beside the model."""
    write_series(tmp_path / "in" / PATIENT / f"{PATIENT}_inner", scan_voxels())
    (tmp_path / "in" / "xaiclip_private_model.py").write_text(MODEL)
    monkeypatch.syspath_prepend(str(tmp_path / "in"))
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")
    yield tmp_path
    sys.modules.pop("xaiclip_private_model", None)


def unnamed(folder):
    """No file below a folder holds or bears the name; whatever is found is told."""
    kinds = [
        form.encode(code)
        for form in (PATIENT, PATIENT.replace("_", "^"), "DOE_JANE")
        for code in ("utf-8", "utf-16-le")
    ]
    for path in folder.rglob("*"):
        assert "DOE" not in str(path.relative_to(folder))
        if path.is_file():
            assert not any(kind in path.read_bytes() for kind in kinds), path


@pytest.mark.parametrize("typed", ["whole", "beside", "inside"])
def test_the_name_of_the_folder_is_nowhere(desk, typed, capfd, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG, "XAICLIPLib")
    series = desk / "in" / PATIENT
    scan = {"whole": str(series), "beside": os.path.relpath(series), "inside": "."}[typed]
    if typed == "inside":
        monkeypatch.chdir(series)
        out = ["--out", str(desk / "desk/run")]
    else:
        out = []
    explain = [
        "explain",
        scan,
        "--structure",
        "liver",
        "--method",
        "occlusion",
        "--patch",
        "12",
        "--slices",
        "2:4",
        *PLAIN,
        *FAST,
    ]
    assert main([*explain, *out]) == 0
    run = desk / "desk" / ("run" if out else "DICOM-series-occlusion")
    assert json.loads((run / "report.json").read_text())["scan"]["name"] == "DICOM series"
    if not out:
        assert (
            main(["locate", scan, "--structure", "liver", "--slices", "2:4", "--region", "full", "--device", "cpu"])
            == 0
        )
        assert (desk / "desk/DICOM-series-location/report.json").exists()
        assert main([*explain, "--label", "case 7"]) == 0
        report = json.loads((desk / "desk/case-7-occlusion/report.json").read_text())
        assert report["scan"]["name"] == report["request"]["label"] == "case 7"
    assert main(["models", "check", FAST[-1], scan, "--out", str(desk / "desk/check.png")]) == 0
    assert main(["dicom", str(run), "--series", scan, "--out", str(desk / "desk/dicom")]) == 0
    said = "".join(capfd.readouterr()) + caplog.text
    assert "DOE" not in said
    for path in (desk / "desk").rglob("*.dcm"):
        path.unlink()  # they name the patient, as the images do that they belong to: it is the same study
    unnamed(desk / "desk")


def test_refusals_and_the_worker_do_not_say_it(desk, capfd):
    folder = desk / "in" / PATIENT
    assert read_volume(folder).name == "DICOM series"
    worker = Worker()
    try:
        case = worker._open({"structures": ["liver"], "region": "full"}, str(folder))
        assert case.scan.volume.name == "DICOM series"
    finally:
        worker.close()
    write_series(folder / "second", scan_voxels())
    (folder / "empty").mkdir()
    for given in (folder, folder / "empty"):
        assert main(["explain", str(given), "--structure", "liver", *FAST]) == 2
    assert "DOE" not in "".join(capfd.readouterr())


def test_a_new_study_is_called_by_the_label(desk):
    import pydicom

    scan = Path("chosen.nrrd")
    read_volume(desk / "in" / PATIENT).save(scan)
    explain = ["explain", str(scan), "--structure", "liver", "--patch", "12", "--slices", "2", *PLAIN, *FAST]
    for label, name in (([], "chosen.nrrd"), (["--label", "case 7"], "case 7")):
        assert main([*explain, *label, "--out", f"{name} run"]) == 0
        assert main(["dicom", f"{name} run", "--series", str(scan), "--out", f"{name} dicom"]) == 0
        image = pydicom.dcmread(next(Path(f"{name} dicom/scan").iterdir()))
        assert image.SeriesDescription == name and image.StudyDescription == f"Made by XAICLIP from {name}"
    unnamed(desk / "desk")
