"""What the engine of a cohort costs, and how it grows: run it with ``python Testing/benchmarks/cohort.py``.

Prints the overhead over a plain loop, the time to the first case, two slots against one, the memory of the process that
asks at 10,000 cases, and how long the page takes to open.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from XAICLIPLib.cohort.casemaps import CASE_MAPS  # noqa: E402
from XAICLIPLib.cohort.cluster import Wanted, started  # noqa: E402
from XAICLIPLib.cohort.engine import Engine  # noqa: E402
from XAICLIPLib.cohort.explainer import CaseExplainer, Job, Outcome  # noqa: E402
from XAICLIPLib.cohort.manifest import Cohort, CohortCase  # noqa: E402
from XAICLIPLib.cohort.sources import find_cases  # noqa: E402
from XAICLIPLib.cohort.store import (  # noqa: E402
    EXPLAINED,
    Finished,
    begin,
    folder_of,
    thumbnail_file,
    whole_case,
    write_head,
    write_rows,
)

SECONDS = 2.0  # of a case of the overhead
ROWS = 3  # slices of a simulated case


class Sleeper:
    """A case that takes a known time."""

    def ready(self) -> str:
        return ""

    def __call__(self, task: int) -> int:
        time.sleep(SECONDS)
        return task


class Noting(CaseExplainer):
    """Real cases, that note when the first begins."""

    def __init__(self, job: Job, note: str) -> None:
        super().__init__(job)
        self._note = Path(note)

    def __call__(self, case: CohortCase) -> Outcome:
        if not self._note.exists():
            self._note.write_text(str(time.time()))
        return super().__call__(case)


class Simulated:
    """Cases whose numbers are drawn, written as real ones are."""

    def __init__(self, out: str, picture: bytes, maps: bytes = b"") -> None:
        self._out, self._picture, self._maps = Path(out), picture, maps

    def ready(self) -> str:
        return ""

    def __call__(self, case: CohortCase) -> Outcome:
        slices, summary = drawn(case.position)
        with whole_case(self._out, case.id) as part:
            write_rows(part, slices, [summary])
            (part / thumbnail_file("liver")).write_bytes(self._picture)
            if self._maps:
                (part / CASE_MAPS).write_bytes(self._maps)
            write_head(part, Finished(case.id, "", "", None, "numbers", EXPLAINED))
        return Outcome(case.position, case.id, EXPLAINED)


def drawn(seed: int) -> tuple[list[dict], dict]:
    """Numbers of a simulated case, in every column that is a number."""
    import numpy as np

    from XAICLIPLib.cohort.table import _fields
    from XAICLIPLib.results.rows import SliceRow, SummaryRow

    rng = np.random.default_rng(seed)

    def row(kind, z):
        values = {f.name: float(rng.random()) for f in _fields(kind) if f.kind == "float"}
        values |= {f.name: int(rng.integers(100)) for f in _fields(kind) if f.kind == "int"}
        return {**values, "slice": z, "structure": "liver", "trust": "weak", "trust_reasons": ["drawn", "not measured"]}

    return [row(SliceRow, z) for z in range(ROWS)], row(SummaryRow, "all")


def drawn_maps(folder: Path) -> bytes:
    """What a case keeps of its maps in the frame of the organ: two, in patches."""
    import numpy as np

    from XAICLIPLib.cohort.casemaps import KINDS, OrganMaps, write_maps
    from XAICLIPLib.cohort.frame import CELLS, Frame

    rng = np.random.default_rng(0)
    patches = np.kron(rng.random((7, 7, 7)), np.ones((5, 5, 5)))[:CELLS, :CELLS, :CELLS].astype(np.float16)
    inside = (np.abs(np.indices(patches.shape) - CELLS // 2) ** 2).sum(0) < 100
    maps = {kind: np.where(inside, patches, np.float16("nan")) for kind in KINDS}
    frame = Frame((0.0, 0.0, 0.0), (80.0, 70.0, 60.0))
    write_maps([OrganMaps("liver", frame, "reference", maps, inside)], folder)
    return (folder / CASE_MAPS).read_bytes()


def overhead(cases: int) -> None:
    start = time.perf_counter()
    for task in range(cases):
        Sleeper()(task)
    loop = time.perf_counter() - start
    with started(Wanted(slots=1, threads=1, is_cpu=True)) as place:
        ends = [time.perf_counter() for _ in Engine(place, Sleeper, lambda: None).run(range(cases + 1))]
    spent = ends[-1] - ends[0]  # from the end of a first, when the worker is there
    print(f"engine, one slot, {cases} cases of {SECONDS:g} s: {spent / loop - 1:+.2%} over a plain loop")


def first_case(folder: Path) -> None:
    note = folder / "first"
    before = time.time()
    command = [sys.executable, __file__, "--first", str(folder / "first-out"), "--note", str(note)]
    subprocess.run(command, check=True)
    print(f"first case starts {float(note.read_text()) - before:.1f} s after the command")


def run_first(out: Path, note: str) -> None:
    job = job_of(out)
    begin(out, {})
    cases = find_cases("phantom").cases[:1]
    with started(Wanted(slots=1, threads=1, is_cpu=True)) as place:
        list(Engine(place, partial(Noting, job, note), lambda: None).run(cases))


def job_of(out: Path) -> Job:
    from XAICLIPLib.case.request import Request, make_method
    from XAICLIPLib.cohort.identity import program_key

    request = Request.of(
        "cohort", ("liver",), method=make_method("occlusion"), slices="30", evidence="none", device="cpu"
    )
    return Job(request, program_key(request), str(out), "numbers")


def slots(folder: Path, cases: int) -> None:
    """Real cases: the first of each worker, in which its models are opened, is left out."""
    rates = {}
    for count in (1, 2):
        job = job_of(folder / f"slots-{count}")
        begin(Path(job.out), {})
        with started(Wanted(slots=count, threads=1, is_cpu=True)) as place:
            found = find_cases("phantom").cases[: cases + count]
            ends = [time.perf_counter() for _ in Engine(place, partial(CaseExplainer, job), lambda: None).run(found)]
        rates[count] = (len(ends) - count) / (ends[-1] - ends[count - 1])
        print(f"{count} slot{'s' * (count > 1)}, one thread each: {60 * rates[count]:.1f} cases a minute")
    load = os.getloadavg()[0]
    print(
        f"two slots against one: {rates[2] / rates[1]:.2f} x (load of the machine {load:.1f}, {os.cpu_count()} cores)"
    )


def memory(folder: Path, cases: int) -> None:
    out = folder / "simulated"
    subprocess.run([sys.executable, __file__, "--simulate", str(out), "--cases", str(cases)], check=True)
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        print("no Chromium here: the page was not opened")
        return
    seconds = []
    (folder / "empty.html").write_text("<p>empty")
    for page in (folder / "empty.html", out / "cohort.html"):
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", page.as_uri()]
        start = time.perf_counter()
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        seconds.append(time.perf_counter() - start)
    assert f"200 of {cases} rows" in said, "the script of the page did not run"
    size = (out / "cohort.html").stat().st_size / 1e6
    print(f"page of {cases} cases ({size:.1f} MB): {seconds[1] - seconds[0]:.2f} s more than an empty one in Chromium")


def simulate(out: Path, cases: int) -> None:
    """The process that asks: what `run_cohort` does, with simulated work."""
    import cv2
    import numpy as np

    from XAICLIPLib.cohort.run import _Run, tell

    noise = np.random.default_rng(0).integers(0, 255, (240, 240), np.uint8)
    picture = cv2.imencode(".jpg", noise, [cv2.IMWRITE_JPEG_QUALITY, 30])[1].tobytes()
    begin(out, {})
    maps = drawn_maps(out)
    (out / CASE_MAPS).unlink()
    listed = [
        CohortCase(i, f"{i}", f"p{i:05}", columns=(("scanner", "AB"[i % 2]), ("age", str(i % 90))))
        for i in range(cases)
    ]
    cohort = Cohort(tuple(listed), ("scanner", "age"))
    run = _Run(cohort, job_of(out), lambda done, total, message: None)
    start = time.perf_counter()
    with started(Wanted(slots=2, threads=1, is_cpu=True)) as place:
        for outcome in Engine(place, partial(Simulated, str(out), picture, maps), lambda: None).run(listed):
            run._take(outcome)
    made = time.perf_counter()
    tell(out, run.told(), cohort, {})
    told = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert folder_of(out, "p00000").is_dir()
    print(
        f"{cases} simulated cases: {peak:.0f} MB at most in the process that asks; engine {made - start:.0f} s, tables "
        f"and page {told - made:.0f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    for inner in ("--first", "--note", "--simulate"):
        parser.add_argument(inner, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.first:
        run_first(Path(arguments.first), arguments.note)
    elif arguments.simulate:
        simulate(Path(arguments.simulate), arguments.cases)
    else:
        with tempfile.TemporaryDirectory() as scratch:
            overhead(8)
            first_case(Path(scratch))
            slots(Path(scratch), 6)
            memory(Path(scratch), arguments.cases)


if __name__ == "__main__":
    main()
