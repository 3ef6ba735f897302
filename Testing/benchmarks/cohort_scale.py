"""What breaks first at a million CTs on 500 GPUs: run it with ``python Testing/benchmarks/cohort_scale.py``.

Measures here what the process that asks pays for each case, then simulates the whole, event by event, with workers and
machines that die, and says what each part would take.
"""

from __future__ import annotations

import argparse
import heapq
import math
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from Testing.benchmarks.cohort import Simulated, job_of  # noqa: E402
from XAICLIPLib.cohort.manifest import Cohort, CohortCase  # noqa: E402
from XAICLIPLib.cohort.run import _Run, tell  # noqa: E402
from XAICLIPLib.cohort.store import begin  # noqa: E402

GPUS, PER_MACHINE = 500, 8
CASE_SECONDS = 60.0  # of one CT on one GPU, the median; drawn lognormally
SPREAD = 0.6  # of its logarithm
SCAN_MB, KEPT_MB, FILES = 150.0, 2.5, 20  # of a CT, of what is kept of it (maps), and files in it
MACHINE_DAYS = 30.0  # between two deaths of one machine
BOOT_SECONDS, OPEN_SECONDS = 600.0, 30.0  # until a dead machine is back; until a worker has its models


def measured(count: int) -> dict[str, float]:
    """Seconds per case of finding what is finished and of telling, and the most memory so far, kB."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out"
        begin(out, {})
        listed = [CohortCase(i, f"{i}", f"p{i:07}", columns=(("scanner", "AB"[i % 2]),)) for i in range(count)]
        cohort, work = Cohort(tuple(listed), ("scanner",)), Simulated(str(out), b"x" * 8000)
        run = _Run(cohort, job_of(out), lambda done, total, message: None)
        for case in listed:
            run._take(work(case))
        start = time.perf_counter()
        run.find()
        found = time.perf_counter()
        tell(out, run.told(), cohort, {})
        told = time.perf_counter()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"find": (found - start) / count, "tell": (told - found) / count, "peak": peak}


def simulated(cases: int, dispatch: float, seed: int = 0) -> dict[str, float]:
    """The whole, event by event: when it ends, and what was lost.

    Parameters
    ----------
    cases : int
    dispatch : float
        Seconds of the one process that asks, for each case.
    seed : int
    """
    rng = random.Random(seed)
    machines = -(-GPUS // PER_MACHINE)
    deaths = [rng.expovariate(1 / (MACHINE_DAYS * 86400)) for _ in range(machines)]
    slots = [(OPEN_SECONDS, slot) for slot in range(GPUS)]
    heapq.heapify(slots)
    left, asker, lost, died, busy = cases, 0.0, 0.0, 0, 0.0
    end = 0.0
    while left:
        free, slot = heapq.heappop(slots)
        asker = max(asker, free) + dispatch
        seconds = rng.lognormvariate(0, SPREAD) * CASE_SECONDS
        machine = slot // PER_MACHINE
        if deaths[machine] < asker + seconds:
            if deaths[machine] > asker:
                lost += deaths[machine] - asker
            if slot % PER_MACHINE == PER_MACHINE - 1:
                died += 1
            back = max(asker, deaths[machine]) + BOOT_SECONDS + OPEN_SECONDS
            if slot % PER_MACHINE == PER_MACHINE - 1:  # the last of its slots that sees it begins the next life
                deaths[machine] += BOOT_SECONDS + rng.expovariate(1 / (MACHINE_DAYS * 86400))
            heapq.heappush(slots, (back, slot))
            continue
        left -= 1
        busy += seconds
        end = max(end, asker + seconds)
        heapq.heappush(slots, (asker + seconds, slot))
    return {"days": end / 86400, "busy": busy / (end * GPUS), "lost": lost / busy, "deaths": died}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--dispatch", type=float, default=0.01, help="seconds of the process that asks, for each case")
    cases, dispatch = (arguments := parser.parse_args()).cases, arguments.dispatch
    few, many = measured(1000), measured(5000)
    memory = 1024 * (many["peak"] - few["peak"]) / 4000  # what grows with the cases
    rate = GPUS / (CASE_SECONDS * math.exp(SPREAD**2 / 2))
    print(f"{cases} CTs of {SCAN_MB:g} MB, {CASE_SECONDS:g} s each, on {GPUS} GPUs: {rate:.1f} cases a second")
    for seconds in (dispatch, 0.1, 0.2):
        found = simulated(cases, seconds)
        print(
            f"  {1000 * seconds:.0f} ms of the process that asks for each case: {found['days']:.2f} days, GPUs busy "
            f"{found['busy']:.0%}; {found['deaths']} machines die, {found['lost']:.3%} of the work is lost"
        )
    print(f"  the disk: {2 * rate * SCAN_MB / 1000:.1f} GB/s are read (once for the SHA-256, once to explain)")
    made = f"{rate * FILES:.0f} files a second are made, {cases * FILES / 1e6:.0f} million in the end"
    print(f"  {made}, {cases * KEPT_MB / 1e6:.1f} TB")
    print(f"  the same command again: {cases * many['find'] / 60:.0f} min to find what is finished, on a local disk")
    print(f"  tables and page: {cases * many['tell'] / 3600:.1f} h in one process, {cases * memory / 1e9:.1f} GB")


if __name__ == "__main__":
    main()
