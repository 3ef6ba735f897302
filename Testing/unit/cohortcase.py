"""Small cohorts that the tests share: coarse phantoms as files, and what is asked of them."""

import os
import re
from pathlib import Path

from XAICLIPLib.case.request import Request, make_method
from XAICLIPLib.cohort.explainer import CaseExplainer, Job
from XAICLIPLib.cohort.identity import program_key
from XAICLIPLib.cohort.manifest import Cohort
from XAICLIPLib.cohort.run import _Run, _settings, tell
from XAICLIPLib.cohort.store import begin
from XAICLIPLib.phantom import PHANTOM_LABELS, make_phantom

NUMBERS = ",".join(f"{name}={number}" for name, number in PHANTOM_LABELS.items() if name in ("liver", "spleen"))
OPTIONS = (
    *("--structure", "liver", "--slices", "3", "--region", "prediction", "--patch", "96", "--stride", "96"),
    *("--evidence", "none", "--device", "cpu", "--keep", "numbers"),
)


def write_scans(folder: Path, count: int, first: int = 0) -> Path:
    """Coarse phantoms, whose files are named after patients, and their labels."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in range(first, first + count):
        scan, labels = make_phantom(seed, shape=(6, 96, 96), spacing=(4.0, 4.0, 30.0))
        scan.save(folder / f"DOE_JANE_{seed}.nrrd")
        labels.save(folder / f"DOE_JANE_{seed}_labels.nrrd")
    return folder


def write_manifest(folder: Path, count: int, more: str = "") -> Path:
    """A table of `write_scans`, with a scanner and an age for each."""
    lines = [
        f"p{seed};DOE_JANE_{seed}.nrrd;DOE_JANE_{seed}_labels.nrrd:{NUMBERS};{'AB'[seed % 2]};{40 + seed}"
        for seed in range(count)
    ]
    path = folder / "list.csv"
    path.write_text("\n".join(["ID;Scan;Reference;Scanner;Age", *lines]) + f"\n{more}", encoding="utf-8")
    return path


def job_of(out: Path, keep: str = "numbers", **settings) -> Job:
    """What is asked of each case: little, and on the CPU."""
    asked = {"slices": "3", "evidence": "none", "region": "prediction", "device": "cpu", **settings}
    request = Request.of("cohort", ("liver",), method=make_method("occlusion", patch=96, stride=96), **asked)
    return Job(request, program_key(request), os.path.abspath(out), keep)


def plain_run(cohort: Cohort, job: Job, columns=(), explainer=None) -> list:
    """A cohort in this process, one case after the other, without Ray: its outcomes; tables and page are written."""
    begin(Path(job.out), _settings(cohort, job))
    run = _Run(cohort, job, lambda done, total, message: None)
    run.find()
    explainer = explainer or CaseExplainer(job)
    outcomes = []
    for case in list(run._left):
        outcomes.append(explainer(case))
        run._take(outcomes[-1])
    tell(Path(job.out), run.told(), cohort, {"structures": "liver"})
    return outcomes


def names_in(folder: Path, pattern: str = "DOE|JANE") -> list[str]:
    """The files below a folder whose name or text holds a name; pictures in text are left out."""
    found = []
    for path in folder.rglob("*"):
        text = path.read_bytes().decode("latin-1") if path.is_file() else ""
        text = re.sub(r"base64,[\w+/=]+", "", text) if path.suffix == ".html" else text
        if re.search(pattern, path.name) or (path.suffix != ".nrrd" and re.search(pattern, text)):
            found.append(str(path.relative_to(folder)))
    return found
