"""Disks that are full, read-only or mounted there, processes that are ended, reports that are damaged: as commands."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from XAICLIPLib.cli import main
from XAICLIPLib.phantom import make_phantom
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.volume import write_volume

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
MODEL = """
import pathlib, time, torch
calls = []
def bright(batch):
    return torch.sigmoid((batch - 90) / 5)
def counted(batch):
    calls.append(len(batch))
    if len(calls) > 12:
        pathlib.Path("under way").touch()
        time.sleep(0.3)
    return bright(batch)
bright.targets = counted.targets = ("liver",)
"""
EXPLAIN = ["explain", "p.nrrd", "--structure", "liver", "--region", "full", "--device", "cpu", "--evidence", "none",
           "--patch", "256"]  # fmt: skip
BRIGHT = ["--model", "function:xaiclip_disk_model:bright"]


@pytest.fixture
def desk(tmp_path, monkeypatch):
    (tmp_path / "xaiclip_disk_model.py").write_text(MODEL)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    write_volume(make_phantom()[0], "p.nrrd")
    yield tmp_path
    sys.modules.pop("xaiclip_disk_model", None)


@pytest.fixture
def disk(desk):
    """A small disk of its own, whose size can be changed."""
    (desk / "disk").mkdir()
    mount = shutil.which("mount")
    if mount is None or subprocess.run([mount, "-t", "tmpfs", "-o", "size=4m", "tmpfs", desk / "disk"],
                                       capture_output=True).returncode:  # fmt: skip
        pytest.skip("no right to mount a disk")
    yield lambda options: subprocess.run([mount, "-o", f"remount,{options}", desk / "disk"], check=True)
    subprocess.run(["umount", "-l", desk / "disk"], check=True)


def left(folder):
    return sorted(str(p.relative_to(folder)) for p in Path(folder).rglob("*"))


def test_a_full_disk_takes_the_pictures_alone_or_nothing(desk, disk, capsys):
    disk("size=600k")
    assert main([*EXPLAIN, *BRIGHT, "--slices", "8:12", "--out", "disk/run", "--quiet"]) == 2
    assert "pictures are missing" in capsys.readouterr().err
    assert Explanation.load("disk/run").report["slices"]["explained"] == [8, 9, 10, 11]
    assert not [name for name in left("disk") if "png" in name or ".xaiclip" in name]
    shutil.rmtree("disk/run")
    disk("size=40k")
    assert main([*EXPLAIN, *BRIGHT, "--slices", "8:12", "--out", "disk/run"]) == 2
    assert "No space left" in capsys.readouterr().err and left("disk") == []


def test_a_disk_can_be_the_folder_itself_and_one_that_is_read_only_is_said_first(desk, disk, capsys):
    disk("size=20m")
    for _ in range(2):
        assert main([*EXPLAIN, *BRIGHT, "--slices", "8", "--out", "disk"]) == 0
    assert "panels/slice_0008.png" in left("disk") and not [n for n in left("disk") if n.startswith(".")]
    before = left("disk")
    disk("ro")
    capsys.readouterr()
    for out in ("disk", "disk/new"):
        assert main([*EXPLAIN, "--model", "function:nothing:to_be_imported", "--out", out]) == 2
        assert "Read-only" in capsys.readouterr().err
    assert left("disk") == before


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without a signal")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_half_way_keeps_the_finished_slices(desk, number):
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{desk}", "OMP_NUM_THREADS": "1"}
    command = [*EXPLAIN, "--model", "function:xaiclip_disk_model:counted", "--slices", "6:14", "--batch-size", "4"]
    run = subprocess.Popen([sys.executable, "-m", "XAICLIPLib.cli", *command, "--out", "run"], env=environment,
                           stderr=subprocess.PIPE, text=True)  # fmt: skip
    try:
        until = time.monotonic() + 200
        while not Path("under way").exists() and run.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        run.send_signal(number)
        said = run.communicate(timeout=240)[1]
    finally:
        run.kill()
    assert run.returncode == 130, said
    assert 0 < len(Explanation.load("run").report["slices"]["explained"]) < 8
    assert not [name for name in left("run") if name.startswith(".")]


def test_ctrl_c_while_drawing_keeps_the_numbers(desk, monkeypatch, capsys):
    from XAICLIPLib.report import page

    def interrupted(*given, **named):
        signal.raise_signal(signal.SIGINT)
        return saved(*given, **named)

    saved = page.Page.save
    monkeypatch.setattr(page.Page, "save", interrupted)
    assert main([*EXPLAIN, *BRIGHT, "--slices", "8:10", "--out", "run", "--json"]) == 130
    out = capsys.readouterr()
    assert "pictures are missing" in " ".join(json.loads(out.out)["notes"]) and "pictures" not in out.err
    assert Explanation.load("run").report["slices"]["explained"] == [8, 9] and "report.html" not in left("run")


DAMAGED = {
    "empty": b"", "list": b"[]", "number": b"5", "cut": b'{"kind": "xaiclip expl', "deep": b"[" * 100_000,
    "binary": bytes(range(256)), "kind": b'{"kind": [1]}', "bare": b'{"kind": "xaiclip explanation"}',
    "files": b'{"kind": "xaiclip explanation", "files": ["../../x", 5, null], "sha256": [1]}',
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_report_is_one_line_for_every_command(desk, kind, capsys):
    folder = desk / "run"
    folder.mkdir()
    (folder / "report.json").write_bytes(DAMAGED[kind])
    (folder / "saliency.nrrd").write_text("mine")
    commands = [[*EXPLAIN, *BRIGHT, "--slices", "8", "--out", "run"]]
    if find_spec("highdicom"):
        commands.append(["dicom", "run", "--series", "p.nrrd", "--out", "dicom"])
    for command in commands:
        assert main(command) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1 and "Traceback" not in said and "report" in said
    assert left("run") == ["report.json", "saliency.nrrd"] and (folder / "saliency.nrrd").read_text() == "mine"
    assert (folder / "report.json").read_bytes() == DAMAGED[kind] and not (desk / "dicom").exists()
