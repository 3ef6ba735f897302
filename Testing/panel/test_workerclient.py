"""The client in Slicer with the real worker: never waits, says everything, lives through crashes."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from XAICLIPLib.phantom import make_phantom
from XAICLIPLib.volume import read_volume, write_volume

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
REQUEST = {"structures": ["liver"], "slices": "4:8", "evidence": "none"}
PATIENCE = 240  # seconds until a test gives up what it waits for: as many as a busy machine may need
_worker = {}
CHATTER = """
import json, sys, time
print("not JSON", flush=True)
print(json.dumps(5), flush=True)
for line in sys.stdin:
    number = json.loads(line)["id"]
    text = json.dumps({"jsonrpc": "2.0", "id": number, "result": {"long": "x" * 3_000_000}})
    for start in range(0, len(text), 400_000):
        sys.stdout.write(text[start : start + 400_000])
        sys.stdout.flush()
    print(flush=True)
    sys.stderr.write("a line in the log\\n")
    sys.stderr.flush()
"""


@pytest.fixture(scope="module")
def scan(tmp_path_factory) -> str:
    volume, _ = make_phantom(shape=(12, 96, 96), spacing=(4.0, 4.0, 16.0))
    return str(write_volume(volume, tmp_path_factory.mktemp("scan") / "ct.nrrd"))


class Recorder:
    """A client, and in order what came of its requests."""

    def __init__(self, app, python=sys.executable, arguments=("-m", "XAICLIPLib.worker"), client=None) -> None:
        from XAICLIPSlicer.worker.client import WorkerClient

        self._app, self.client = app, client or WorkerClient(python, arguments, ENVIRONMENT)
        client = self.client
        self.results, self.errors, self.progress, self.log, self.crashes = [], [], [], [], []
        client.onLog, client.onCrash = self.log.append, self.crashes.append

    def request(self, method: str, **params) -> int:
        return self.client.request(method, params, self.results.append, self.errors.append, self.progress.append)

    def until(self, condition, seconds: float = PATIENCE) -> None:
        """Run the event loop until something is so."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, (self.results, self.errors, self.crashes, self.log[-5:])
            self._app.processEvents()
            time.sleep(0.001)

    def call(self, method: str, **params) -> dict:
        before = len(self.results)
        self.request(method, **params)
        self.until(lambda: len(self.results) > before or self.errors)
        return self.results[-1]


@pytest.fixture
def client(slicerApp):
    """Makes clients that are stopped with the test."""
    made = []

    def make(*given) -> Recorder:
        made.append(Recorder(slicerApp, *given))
        return made[-1]

    yield make
    for recorder in made:
        stop(recorder)


def stop(recorder) -> None:
    recorder.client.stop()
    recorder.until(lambda: not recorder.client._leaving)


@pytest.fixture
def fresh(client):
    """A client of a real worker that has not started."""
    return client()


@pytest.fixture
def worker(slicerApp):
    """A client of the real worker: one process for all tests that neither start nor end it."""
    recorder = Recorder(slicerApp, client=_worker.get("client"))
    _worker["client"] = recorder.client
    return recorder


@pytest.fixture(scope="module", autouse=True)
def _stopWorker():
    yield
    if "client" in _worker:
        import slicer

        from Testing import host

        slicer.app = host.start()
        stop(Recorder(slicer.app, client=_worker.pop("client")))
        del slicer.app


def test_it_starts_with_the_first_request(fresh):
    assert not fresh.client.isRunning
    number = fresh.request("hello")
    assert isinstance(number, int) and fresh.client.isRunning and not fresh.results
    fresh.until(lambda: fresh.results)
    assert fresh.results[0]["protocol"] == 1


def test_slices_come_one_by_one_and_the_event_loop_goes_on(worker, heartbeat, scan, tmp_path):
    request = REQUEST | {"slices": "4:6"}
    worker.call("prepare", request=request, scan=scan)
    with heartbeat() as beat:
        worker.call("explain", request=request, scan=scan, folder=str(tmp_path / "run"), pictures=False)
    partials = [p["partial"] for p in worker.progress if p["partial"]]
    assert [p["z"] for p in partials if p["complete"]] == [4, 5] and not worker.errors
    assert beat.ticks > 50 and beat.hasNeverBlocked(50), beat
    assert read_volume(worker.results[-1]["files"]["saliency"]).voxels.max() == 1


def test_errors_are_text_with_a_code(worker, scan, tmp_path):
    worker.request("explain", request={"structures": ["appendix"]}, scan=scan, folder=str(tmp_path))
    worker.until(lambda: worker.errors)
    (error,) = worker.errors
    assert "does not segment" in error and error.type == "InputError" and error.code == -32000
    assert not worker.crashes


def test_cancel_gives_what_is_finished(worker, scan, tmp_path):
    number = worker.request("explain", request=REQUEST, scan=scan, folder=str(tmp_path / "run"), pictures=False)
    worker.until(lambda: any(p["partial"] for p in worker.progress))
    worker.client.cancel(number)
    worker.client.cancel(number)
    worker.until(lambda: worker.results)
    assert worker.results[0]["stopped"]
    worker.client.cancel(number)  # over: nothing happens
    assert worker.call("hello")["protocol"] == 1 and not worker.errors


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_a_killed_worker_is_noticed_and_comes_back(fresh, scan, tmp_path):
    pid = fresh.call("hello")["pid"]
    fresh.request("explain", request=REQUEST, scan=scan, folder=str(tmp_path / "run"))
    fresh.request("plan", request=REQUEST, scan=scan)
    fresh.until(lambda: fresh.progress)
    os.kill(pid, signal.SIGKILL)
    fresh.until(lambda: fresh.crashes)
    assert "crashed or was killed" in fresh.crashes[0] and len(fresh.crashes) == 1
    assert len(fresh.errors) == 2 and all("the worker stopped" in e and e.code == -32001 for e in fresh.errors)
    assert not fresh.client.isRunning
    fresh.errors.clear()
    assert fresh.call("hello")["pid"] != pid
    found = fresh.call("locate", request=REQUEST, scan=scan, slice=6, folder=str(tmp_path))
    assert found["slices"][0]["z"] == 6


def test_stop_ends_the_worker_during_a_run(fresh, scan, tmp_path):
    fresh.request("explain", request=REQUEST, scan=scan, folder=str(tmp_path / "run"))
    fresh.until(lambda: fresh.progress)
    start = time.monotonic()
    fresh.client.stop()
    assert time.monotonic() - start < 1 and fresh.errors and not fresh.crashes and not fresh.client.isRunning
    fresh.until(lambda: not fresh.client._leaving)


def test_a_python_that_is_not_there(client):
    recorder = client("/no/such/python")
    number = recorder.request("hello")
    assert number and not recorder.errors
    recorder.until(lambda: recorder.errors)
    assert "can't be started" in recorder.errors[0] and "/no/such/python" in recorder.crashes[0]


def test_a_worker_that_can_not_run_says_why(client):
    recorder = client(sys.executable, ["-m", "no_such_module"])
    recorder.request("hello")
    recorder.until(lambda: recorder.errors)
    assert (
        "No module named no_such_module" in recorder.errors[0] and "No module named no_such_module" in recorder.log[-1]
    )


def test_long_lines_in_pieces_and_what_is_no_answer(client):
    recorder = client(sys.executable, ["-c", CHATTER])
    assert len(recorder.call("hello")["long"]) == 3_000_000
    recorder.until(lambda: "a line in the log" in recorder.log)
    assert recorder.log[:2] == ["not JSON", "5"]


def test_a_callback_that_fails_costs_nothing(worker, caplog):
    worker.client.request("hello", {}, lambda result: 1 / 0)
    assert worker.call("hello")["protocol"] == 1
    assert "a callback of the worker failed" in caplog.text and "ZeroDivisionError" in caplog.text
    caplog.clear()


def test_answers_keep_their_order_where_a_callback_runs_the_event_loop(worker):
    order = []

    def first(result):
        worker.until(lambda: len(order) >= 2)
        order.append("first")

    worker.client.request("hello", {}, first)
    worker.client.request("hello", {}, lambda result: order.append("second"))
    worker.client.request("hello", {}, lambda result: order.append("third"))
    worker.until(lambda: len(order) == 3)
    assert order == ["second", "third", "first"]
