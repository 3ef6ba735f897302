"""The client in Slicer with the real worker: never waits, tells everything, lives through crashes."""

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
REQUEST = {"structures": ["liver"], "slices": "4:8"}
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


class Told:
    """A client, and what it told in order."""

    def __init__(self, app, python: str = sys.executable, arguments=("-m", "XAICLIPLib.worker")) -> None:
        from XAICLIPSlicer.worker.client import WorkerClient

        self._app, self.client = app, WorkerClient(python, arguments, ENVIRONMENT)
        client = self.client
        self.results, self.errors, self.progress, self.log, self.crashes = [], [], [], [], []
        client.onLog, client.onCrash = self.log.append, self.crashes.append

    def request(self, method: str, **params) -> int:
        return self.client.request(method, params, self.results.append, self.errors.append, self.progress.append)

    def until(self, condition, seconds: float = 90) -> None:
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

    def make(*given) -> Told:
        made.append(Told(slicerApp, *given))
        return made[-1]

    yield make
    for told in made:
        told.client.stop()
        told.until(lambda told=told: not told.client._leaving, 10)


@pytest.fixture
def told(client):
    """A client of the real worker."""
    return client()


def test_it_starts_with_the_first_request(told):
    assert not told.client.isRunning
    number = told.request("hello")
    assert isinstance(number, int) and told.client.isRunning and not told.results
    told.until(lambda: told.results)
    assert told.results[0]["protocol"] == 1


def test_slices_come_one_by_one_and_the_event_loop_goes_on(told, heartbeat, scan, tmp_path):
    told.call("prepare", request=REQUEST, scan=scan)
    with heartbeat() as beat:
        told.call("explain", request=REQUEST, scan=scan, folder=str(tmp_path / "run"), pictures=False)
    partials = [p["partial"] for p in told.progress if p["partial"]]
    assert [p["z"] for p in partials if p["complete"]] == [4, 5, 6, 7] and not told.errors
    assert beat.ticks > 50 and beat.hasNeverBlocked(50), beat
    assert read_volume(told.results[-1]["files"]["saliency"]).voxels.max() == 1


def test_errors_are_text_with_a_code(told, scan, tmp_path):
    told.request("explain", request={"structures": ["appendix"]}, scan=scan, folder=str(tmp_path))
    told.until(lambda: told.errors)
    (error,) = told.errors
    assert "does not segment" in error and error.type == "InputError" and error.code == -32000
    assert not told.crashes


def test_cancel_gives_what_is_finished(told, scan, tmp_path):
    number = told.request("explain", request=REQUEST, scan=scan, folder=str(tmp_path / "run"), pictures=False)
    told.until(lambda: any(p["partial"] for p in told.progress))
    start = time.monotonic()
    told.client.cancel(number)
    told.client.cancel(number)
    told.until(lambda: told.results)
    assert told.results[0]["stopped"] and time.monotonic() - start < 5
    told.client.cancel(number)  # over: nothing happens
    assert told.call("hello")["protocol"] == 1 and not told.errors


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_a_killed_worker_is_told_and_comes_back(told, scan, tmp_path):
    pid = told.call("hello")["pid"]
    told.request("explain", request=REQUEST, scan=scan, folder=str(tmp_path / "run"))
    told.request("plan", request=REQUEST, scan=scan)
    told.until(lambda: told.progress)
    os.kill(pid, signal.SIGKILL)
    told.until(lambda: told.crashes)
    assert "crashed or was killed" in told.crashes[0] and len(told.crashes) == 1
    assert len(told.errors) == 2 and all("the worker stopped" in e and e.code == -32001 for e in told.errors)
    assert not told.client.isRunning
    told.errors.clear()
    assert told.call("hello")["pid"] != pid
    found = told.call("locate", request=REQUEST, scan=scan, slice=6, folder=str(tmp_path))
    assert found["slices"][0]["z"] == 6


def test_stop_ends_the_worker_during_a_run(told, scan, tmp_path):
    told.request("explain", request=REQUEST, scan=scan, folder=str(tmp_path / "run"))
    told.until(lambda: told.progress)
    start = time.monotonic()
    told.client.stop()
    assert time.monotonic() - start < 0.05 and told.errors and not told.crashes and not told.client.isRunning
    told.until(lambda: not told.client._leaving, 5)


def test_a_python_that_is_not_there(client):
    told = client("/no/such/python")
    number = told.request("hello")
    assert number and not told.errors
    told.until(lambda: told.errors)
    assert "can't be started" in told.errors[0] and "/no/such/python" in told.crashes[0]


def test_a_worker_that_can_not_run_says_why(client):
    told = client(sys.executable, ["-m", "no_such_module"])
    told.request("hello")
    told.until(lambda: told.errors)
    assert "No module named no_such_module" in told.errors[0] and "No module named no_such_module" in told.log[-1]


def test_long_lines_in_pieces_and_what_is_no_answer(client):
    told = client(sys.executable, ["-c", CHATTER])
    assert len(told.call("hello")["long"]) == 3_000_000
    told.until(lambda: "a line in the log" in told.log)
    assert told.log[:2] == ["not JSON", "5"]


def test_a_callback_that_fails_costs_nothing(told, caplog):
    told.client.request("hello", {}, lambda result: 1 / 0)
    assert told.call("hello")["protocol"] == 1
    assert "a callback of the worker failed" in caplog.text and "ZeroDivisionError" in caplog.text
    caplog.clear()


def test_answers_keep_their_order_where_a_callback_runs_the_event_loop(told):
    order = []

    def first(result):
        told.until(lambda: len(order) >= 2)
        order.append("first")

    told.client.request("hello", {}, first)
    told.client.request("hello", {}, lambda result: order.append("second"))
    told.client.request("hello", {}, lambda result: order.append("third"))
    told.until(lambda: len(order) == 3)
    assert order == ["second", "third", "first"]
