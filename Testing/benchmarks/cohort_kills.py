"""Kill a cohort's workers and the cohort itself, at random: run it with ``python Testing/benchmarks/cohort_kills.py``.

200 small phantoms, 2 slots, 20 workers and 5 runs killed with SIGKILL; then the tables are held against those of one
process without Ray, byte for byte, and no case may have been made again after it was finished. Some minutes.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from Testing.unit.cohortcase import OPTIONS, job_of, plain_run, write_manifest, write_scans  # noqa: E402
from XAICLIPLib.cohort.manifest import read_manifest  # noqa: E402

TABLES = ("cases.parquet", "structures.parquet", "slices.parquet")


class Killed:
    """A cohort that is killed again and again.

    Parameters
    ----------
    folder : Path
    cases, workers, runs : int
        How many cases there are, and how often a worker and the run are killed.
    """

    def __init__(self, folder: Path, cases: int, workers: int, runs: int) -> None:
        self.out, self.cases = folder / "out", cases
        manifest = folder / "in/list.csv"
        self.command = [
            *(sys.executable, "-m", "XAICLIPLib.cli", "cohort", str(manifest), *OPTIONS, "--out", str(self.out)),
            *("--slots", "2", "--threads", "1", "--quiet"),
        ]
        kills = ["worker"] * workers + ["run"] * runs
        self._random = random.Random(0)
        self._random.shuffle(kills)
        # a kill after so many finished cases, spread over the whole
        self.kills = list(zip(sorted(self._random.sample(range(1, cases - 3), len(kills))), kills))
        self.first_seen: dict[str, int] = {}
        self.made_again: list[str] = []
        self.killed = {"worker": 0, "run": 0}

    def look(self) -> int:
        """How many cases are finished; notes those whose file is another than it was."""
        for path in (self.out / "cases").glob("[!.]*/rows.json"):
            try:
                number = path.stat().st_ino
            except FileNotFoundError:
                continue
            if self.first_seen.setdefault(path.parent.name, number) != number:
                self.made_again.append(path.parent.name)
        return len(self.first_seen)

    def run(self) -> None:
        """Run, kill, and run again, until all are finished."""
        while True:
            run = subprocess.Popen(self.command, env={**os.environ, "PYTHONPATH": str(ROOT)})
            while run.poll() is None:
                time.sleep(0.05)
                done = self.look()
                if self.kills and done >= self.kills[0][0]:
                    _, which = self.kills.pop(0)
                    if which == "run":
                        run.kill()
                        run.wait()
                        self.killed["run"] += 1
                        print(f"{done} of {self.cases} finished: run killed", flush=True)
                    else:
                        self.kill_worker(run.pid)
            if run.returncode != -signal.SIGKILL:
                break
        self.look()
        assert run.returncode == 0, run.returncode

    def kill_worker(self, pid: int) -> None:
        """Kill one of the workers of a run, once there is one."""
        for _ in range(600):
            workers = [w for w in below(pid) if is_worker(w)]
            if workers:
                os.kill(self._random.choice(workers), signal.SIGKILL)
                self.killed["worker"] += 1
                return
            time.sleep(0.1)


def below(pid: int) -> list[int]:
    """The processes below one."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            said = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(said[1]), []).append(int(path.parent.name))
    found, todo = [], [pid]
    while todo:
        children = parents.get(todo.pop(), [])
        found += children
        todo += children
    return found


def is_worker(pid: int) -> bool:
    try:
        return b"ray::_Actor" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--workers", type=int, default=20)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        scans = write_scans(folder / "in", arguments.cases)
        manifest = write_manifest(scans, arguments.cases)
        start = time.perf_counter()
        killed = Killed(folder, arguments.cases, arguments.workers, arguments.runs)
        killed.run()
        spent, count = time.perf_counter() - start, killed.killed
        print(
            f"{len(killed.first_seen)} cases in {spent:.0f} s; killed: {count['worker']} workers, {count['run']} runs"
        )
        print(f"made again after they were finished: {len(killed.made_again)}")
        start = time.perf_counter()
        plain_run(read_manifest(manifest), job_of(folder / "plain"))
        print(f"one process without Ray: {time.perf_counter() - start:.0f} s")
        for name in TABLES:
            same = (killed.out / name).read_bytes() == (folder / "plain" / name).read_bytes()
            print(f"{name}: {'the same bytes' if same else 'DIFFERENT'}")


if __name__ == "__main__":
    main()
