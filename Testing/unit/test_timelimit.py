"""A model that never answers: the run ends in one line when its time is up, and finished slices are kept."""

import gc
import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from XAICLIPLib.attribution.methods import Occlusion
from XAICLIPLib.case.models import Models
from XAICLIPLib.case.request import Request
from XAICLIPLib.errors import InputError, OverTime
from XAICLIPLib.models.timelimit import TimeLimit, left_behind
from XAICLIPLib.pipeline.explain import run
from XAICLIPLib.results.explanation import Explanation
from XAICLIPLib.volume import write_volume

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
# the second slice is never answered for: its brightest value is the scan's, which the test sets
STUCK = """
import time
import torch

def stuck(batch):
    while float(batch.max()) > 4000:
        time.sleep(0.01)
    return torch.sigmoid((batch - 50) / 10)
"""


class Endless(torch.nn.Module):
    def forward(self, image: torch.Tensor) -> torch.Tensor:
        total = torch.sigmoid(image)
        while bool(total.min() > -1.0):
            total = torch.sigmoid(total)
        return total


@pytest.fixture
def scan(phantom, tmp_path):
    voxels = phantom[0].voxels.copy()
    voxels[7, :4, :4] = 5000
    path = tmp_path / "ct.nrrd"
    write_volume(replace(phantom[0], voxels=voxels), path)
    (tmp_path / "odd_model.py").write_text(STUCK)
    return path


def asked(scan, model, **changes):
    return {
        "scan": str(scan), "structures": ["target"], "slices": "6,7,8", "region": "full", "model": model,
        "time_limit": 3, "method": {"name": "occlusion", "patch": 128, "stride": 128, "unit": "px512"},
        "evidence": "none", **changes,
    }  # fmt: skip


def environment():
    return os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}


def explained(scan, model, *more):
    command = [
        sys.executable, "-m", "XAICLIPLib.cli", "explain", scan, "--structure", "target", "--model", model, "--region",
        "full", "--slices", "6,7,8", "--patch", "128", "--stride", "128", "--evidence", "none", "--time-limit", "3",
        "-q", "--out", scan.parent / "out",
    ]  # fmt: skip
    return subprocess.run([*command, *more], env=environment(), capture_output=True, text=True, timeout=240)


def test_a_loop_in_cpp_ends_the_command_in_one_line(scan, tmp_path):
    torch.jit.script(Endless()).save(tmp_path / "endless.pt")
    ended = explained(scan, f"torchscript:{tmp_path / 'endless.pt'}")
    assert ended.returncode == 2 and not ended.stdout
    assert ended.stderr.startswith("xaiclip: the model took longer than the time limit of 3 s")
    assert ended.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_the_command_keeps_the_slices_that_were_finished(scan, tmp_path):
    ended = explained(scan, f"function:{tmp_path / 'odd_model.py'}:stuck")
    assert ended.returncode == 2
    says = f"xaiclip: the model took longer than the time limit of 3 s; what was finished is in {tmp_path / 'out'}\n"
    assert ended.stderr == says
    found = Explanation.load(tmp_path / "out")
    assert found.report["slices"]["explained"] == [6]
    assert any(w.startswith("ended after 1 of 3 slices: the model took longer") for w in found.warnings)


def test_the_worker_answers_and_ends(scan, tmp_path):
    worker = subprocess.Popen(
        [sys.executable, "-m", "XAICLIPLib.worker"], env=environment(), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    request = asked(scan, f"function:{tmp_path / 'odd_model.py'}:stuck")
    del request["scan"]
    params = {"request": request, "scan": str(scan), "folder": str(tmp_path / "out"), "pictures": False}
    try:
        message = {"jsonrpc": "2.0", "id": 1, "method": "explain", "params": params}
        worker.stdin.write(json.dumps(message) + "\n")
        worker.stdin.flush()
        said = [json.loads(line) for line in worker.stdout]  # until it ends: stdin is still open
        assert worker.wait(120) == 0
    finally:
        worker.kill()
    [answer] = [message for message in said if message.get("id") == 1]
    assert any("time limit of 3 s" in w for w in answer["result"]["warnings"])
    assert Explanation.load(tmp_path / "out").report["slices"]["explained"] == [6]
    assert worker.stderr.read().splitlines()[-1] == "a model took longer than the time limit and can't be stopped"


def test_in_a_program_the_error_passes_and_the_thread_is_told_of():
    limit, go_on = TimeLimit(0.2), threading.Event()
    start = time.monotonic()
    with pytest.raises(OverTime, match="longer than the time limit of 0.2 s"):
        limit(go_on.wait)
    assert time.monotonic() - start < 2 and left_behind()
    with pytest.raises(OverTime):  # the thread is busy: nothing waits for it again
        limit(abs, -1)
    go_on.set()
    deadline = time.monotonic() + 120
    del limit
    gc.collect()
    while left_behind() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not left_behind()


def test_within_its_time_a_model_answers_as_without_a_limit(scan):
    def seen(batch):
        modes.append((torch.is_inference_mode_enabled(), torch.is_grad_enabled()))
        return torch.sigmoid((batch - 50) / 10)

    results, every = [], []
    for seconds in (None, 60):
        modes = []
        request = Request(
            str(scan), ("target",), Occlusion(patch=64, stride=64, unit="px512"), slices="6", region="full",
            evidence="none", time_limit=seconds,
        )  # fmt: skip
        results.append(run(request, models=Models(), model=seen))
        every.append(modes)
    assert every[0] == every[1]
    first, second = (vars(r) for r in results)
    assert (first["drops"]["target"].voxels == second["drops"]["target"].voxels).all()
    with pytest.raises(ZeroDivisionError):
        TimeLimit(60)(lambda: 1 / 0)


@pytest.mark.parametrize("seconds", [0, -1, 1e9, "soon", float("nan")])
def test_no_such_limit(seconds):
    with pytest.raises(InputError, match=r"time.limit is"):
        Request("ct.nrrd", ("liver",), time_limit=seconds)
