"""Cohorts with real Ray processes: workers, machines and the run are killed, and nothing is lost or made twice."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest

from Testing.unit.cohortcase import OPTIONS, job_of, names_in, plain_run, write_manifest, write_scans
from Testing.unit.cohortwork import Work
from XAICLIPLib.cohort import alone
from XAICLIPLib.cohort.cluster import Wanted, started
from XAICLIPLib.cohort.engine import ATTEMPTS, Engine, Lost
from XAICLIPLib.cohort.manifest import read_manifest
from XAICLIPLib.errors import ResourceError

pytestmark = [  # not importorskip: it is imported as the program does it
    pytest.mark.slow,
    pytest.mark.skipif(not all(map(find_spec, ("ray", "pyarrow"))), reason="Ray and pyarrow are not here"),
]
ROOT = Path(__file__).parents[2]


def children(pid):
    """The processes below one, as /proc has them."""
    found, todo = [], [pid]
    while todo:
        parent = todo.pop()
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                said = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(said[1]) == parent:
                found.append(int(path.parent.name))
                todo.append(found[-1])
    return found


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads /proc")
def test_workers_that_die_cost_their_case_alone_and_nobody_else_hears_them(tmp_path):
    tasks = [(f"t{i}", {3: "die", 5: "always", 6: "fault"}.get(i, "")) for i in range(9)]
    ticks = []
    before = {name: os.environ.get(name) for name in alone.ALONE}
    with started(Wanted(slots=2, threads=1)) as place:
        found = [*Engine(place, partial(Work, str(tmp_path)), lambda: ticks.append(0)).run(tasks)]
        listening = {
            line.split()[1].partition(":")[0]
            for pid in children(os.getpid())
            for kind, mine in (("tcp", sockets(pid)), ("tcp6", sockets(pid)))
            for line in Path(f"/proc/net/{kind}").read_text().splitlines()[1:]
            if line.split()[3] == "0A" and line.split()[9] in mine
        }
        with pytest.raises(ResourceError, match="no such model"):
            [*Engine(place, partial(Work, str(tmp_path), refusal="no such model"), lambda: None).run(tasks)]
    assert {name: os.environ.get(name) for name in alone.ALONE} == before
    lost = [one for one in found if isinstance(one, Lost)]
    assert sorted(one for one in found if isinstance(one, str)) == [f"t{i}" for i in (0, 1, 2, 3, 4, 7, 8)]
    assert (
        {one.task[0] for one in lost} == {"t5", "t6"}
        and f"died {ATTEMPTS} times" in str(lost)
        and "RuntimeError: not expected" in str(lost)
    )
    tries = {task: len((tmp_path / f"tries-{task}").read_text()) for task, _ in tasks}
    assert tries == {f"t{i}": {3: 3, 5: ATTEMPTS}.get(i, 1) for i in range(9)} and ticks
    local = {"0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000"}
    assert listening and listening <= local
    assert not [path for path in Path(os.environ.get("TMPDIR", "/tmp")).glob(f"xai-ray-{os.getpid()}-*")]


def sockets(pid):
    found = set()
    with suppress(OSError):  # it has ended
        for path in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                found.add(os.readlink(path).removeprefix("socket:[").removesuffix("]"))
    return found


def test_a_machine_that_dies_is_done_without(tmp_path):
    with alone.environment(alone.ALONE):
        alone.imported(True)
        two_machines(tmp_path)


def two_machines(tmp_path):
    """Both have a worker when one dies; six more tasks are then done by what is left."""
    from ray.cluster_utils import Cluster

    machines = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    given, after = [], []

    def tasks():
        while len(after) < 6:
            given.append(f"t{len(given)}")
            after.extend([given[-1]] * (second is None))
            yield given[-1], ""

    try:
        second = machines.add_node(num_cpus=1)
        found = []
        with started(Wanted(machines.address, slots=2, threads=1)) as place:
            for name in Engine(place, partial(Work, str(tmp_path), 0.3), lambda: None).run(tasks()):
                found.append(name)
                if second is not None and len([*tmp_path.glob("worker-*")]) == 2:
                    machines.remove_node(second, allow_graceful=False)
                    second = None
        assert second is None and sorted(found) == sorted(given)
    finally:
        machines.shutdown()


@pytest.mark.timeout(600)  # on a machine that others use as well
def test_a_run_that_is_killed_goes_on_and_its_tables_are_those_of_a_loop(tmp_path):
    """Two kills of workers, one of the run, then Ctrl-C: afterwards all bytes are those of one process without Ray."""
    scans = write_scans(tmp_path / "in", 9)
    manifest = write_manifest(scans, 9, more="p99;DOE_NONE.nrrd;;B;70\n")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "XAICLIPLib.cli", "cohort", str(manifest), *OPTIONS, "--out", str(out)]
    command += ["--slots", "2", "--threads", "1"]
    settings = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}

    def finished():
        return {path: path.stat().st_ino for path in (out / "cases").glob("[!.]*/rows.json")}

    def actors(pid):
        return [p for p in children(pid) if b"ray::_Actor" in Path(f"/proc/{p}/cmdline").read_bytes()]

    def run_until(more, number, of_worker=False):
        run = subprocess.Popen(command, env=settings, stderr=subprocess.PIPE, text=True, start_new_session=True)
        end = time.monotonic() + 200

        def wait_for(ready):
            while not ready() and run.poll() is None and time.monotonic() < end:
                time.sleep(0.05)

        wait_for(lambda: actors(run.pid))  # what a killed run had under way may be finished until then
        count = len(finished()) + more
        wait_for(lambda: len(finished()) >= count)
        if of_worker:
            for pid in actors(run.pid):
                os.kill(pid, signal.SIGKILL)
            wait_for(lambda: len(finished()) > count)
        os.killpg(run.pid, number) if number == signal.SIGINT else run.send_signal(number)
        _, said = run.communicate(timeout=120)
        return run.returncode, said, finished()

    status, _, before = run_until(1, signal.SIGKILL, of_worker=True)
    assert status == -signal.SIGKILL and 2 <= len(before) < 9
    status, said, then = run_until(1, signal.SIGINT)
    assert status == 130 and "run the same command to go on" in said and before.items() <= then.items()
    done = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=200)
    assert done.returncode == 1 and "p99: the scan of line 11 does not exist" in done.stderr, done.stderr
    assert "9 of 10 cases explained" in done.stdout and then.items() <= finished().items()
    plain_run(read_manifest(manifest), job_of(tmp_path / "plain"))
    for name in ("cases.parquet", "structures.parquet", "slices.parquet"):
        assert (out / name).read_bytes() == (tmp_path / "plain" / name).read_bytes(), name
    assert not names_in(out) and not [*(out / "cases").glob(".*")]
    assert "DOE" not in said + done.stdout + done.stderr
