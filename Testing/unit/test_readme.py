"""The commands and the Python of README and docs/ are run as they stand there, on the phantom, with fewer slices.

A page is a session in a folder of its own: its commands and its Python run from top to bottom, on what those above them
have written.
"""

import re
import shlex
from pathlib import Path

import numpy as np
import pytest
import torch

from Testing.unit.dicomfiles import write_stack
from XAICLIPLib.cli import build_parser, main
from XAICLIPLib.volume import Volume, write_volume

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))]
IN_SLICER = "docs/howto/slicer.md"  # Testing/panel/test_console_docs.py runs it in the window
# What a command has to say where its model, which is not part of this repository, is missing; and what is not run here:
# a hub, data sets, minutes; they have tests of their own.
MISSING = ("T1.nii.gz", "medsam_vit_b.pth", "model.onnx", "contexts.safetensors")
ONLY_PARSED = (
    "models download",
    "learn-prompts",
    "benchmark --dataset",
    "cohort",
    "compare cohort",
    "dossier",
    "stress",
)
RUN_ALL_THE_SAME = ("--out small/",)
DEVICE, QUICK = ("--device", "cpu"), ("--evidence", "none")
PER_SLICE = ("explain", "plan", "locate")


def blocks(page):
    """(language, text) of the fenced blocks of a page, in order."""
    return re.findall(
        r"^```(sh|python)\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


def commands(text):
    lines = (line.partition(" #")[0].strip() for line in text.splitlines())
    return [line for line in lines if line.startswith("xaiclip ")]


RUNNABLE = [
    page
    for page in PAGES
    if page != IN_SLICER and any(language == "python" or commands(text) for language, text in blocks(page))
]


@pytest.fixture
def desk(tmp_path, monkeypatch, phantom):
    """A folder with the scans and the labels that the pages speak of."""
    scan, labels = phantom
    for name in ("SCAN.nrrd", "scan.nrrd", "ct.nrrd"):
        write_volume(scan, tmp_path / name)
    for name in ("labels.nii.gz", "ct_labels.nrrd"):
        write_volume(labels, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Session:
    """A reader who types what a page says.

    Parameters
    ----------
    desk : Path
        Where the reader is.
    slices : dict of structure to int
        The slices that are looked at instead of those that the page names.
    middle : str
        A point in the liver of that slice, as `xaiclip ask` takes it.
    """

    def __init__(self, desk, slices, middle, capsys):
        self.desk, self.slices, self.middle, self.capsys = desk, slices, middle, capsys
        self.names = self.given()

    @staticmethod
    def given():
        """What a page takes as known: an image, a mask in it, and a model."""
        image = np.zeros((128, 128), np.float32)
        image[40:90, 40:90] = 1
        return {"image": image, "mask": image > 0, "predict": lambda batch: torch.sigmoid((batch - 0.5) * 30)}

    def words(self, command):
        words = ["SCAN.nrrd" if word == "SCAN" else word for word in shlex.split(command)[1:]]
        build_parser().parse_args(words)
        name, here = words[0], str(self.slices["kidney" if "kidney" in command else "liver"])
        if "--slices" in words:
            words[words.index("--slices") + 1] = here
        elif name in PER_SLICE:
            words += ["--slices", here]
        words = [self.middle if word.startswith("--at=") else word for word in words]
        if name == "explain" and "--evidence" not in words:
            words += QUICK
        return [*words, *(DEVICE if name in PER_SLICE else ())]

    def type(self, command):
        words = self.words(command)
        if command.startswith(tuple(f"xaiclip {c}" for c in ONLY_PARSED)) and not command.endswith(RUN_ALL_THE_SAME):
            return
        if command.startswith("xaiclip phantom") and (self.desk / "ct.nrrd").exists():
            return  # a smaller one lies there already
        status = main(words)
        out, err = self.capsys.readouterr()
        if any(name in command for name in MISSING):
            assert status == 2 and any(name in err for name in MISSING) and err.count("\n") == 1, f"{command}\n{err}"
            return
        assert status == 0, f"{command}\n{err}"
        assert out.strip(), command
        if words[0] in ("explain", "locate") and "--out" in words:
            assert (self.desk / words[words.index("--out") + 1] / "report.json").is_file(), command

    def run(self, text, page):
        text = re.sub(r'slices="[^"]*"', f'slices="{self.slices["liver"]}"', text)
        more = f'slices="{self.slices["liver"]}", evidence="none", device="cpu"'
        text = text.replace('model="bundled")', f'model="bundled", {more})')
        exec(compile(text, page, "exec"), self.names)


@pytest.fixture
def session(desk, capsys, liver_slice, organ):
    kidney = int(organ("kidney_right").voxels.sum((1, 2)).argmax())
    liver = organ("liver")
    rows, columns = np.nonzero(liver.voxels[liver_slice])
    place = np.array([np.median(columns), np.median(rows), liver_slice]) * liver.spacing + liver.origin
    middle = "--at=" + ",".join(f"{v:g}" for v in place)
    return Session(desk, {"liver": liver_slice, "kidney": kidney}, middle, capsys)


def test_the_pages_have_commands():
    assert sum(len(commands(text)) for page in PAGES for _, text in blocks(page)) >= 40
    assert {"README.md", "docs/commands.md", "docs/howto/explain.md", "docs/howto/influence.md"} <= set(RUNNABLE)


@pytest.mark.slow
@pytest.mark.parametrize("page", RUNNABLE)
def test_what_a_page_says_runs(page, session, phantom):
    if "DICOM_FOLDER" in (ROOT / page).read_text(encoding="utf-8"):
        pytest.importorskip("highdicom")
        stored = phantom[0].voxels.astype(np.int16)
        geometry = {"step": (0, 0, 18), "PixelSpacing": [3.0, 3.0], "SliceThickness": 18.0}
        write_stack(session.desk / "DICOM_FOLDER", stored, **geometry)
    for language, text in blocks(page):
        if language == "python":
            session.run(text, page)
        else:
            for command in commands(text):
                session.type(command)
    if page == "README.md":
        known = session.names
        assert known["e"].drop.voxels.max() > 0 and known["a"].evaluations > 0
        assert (session.desk / "liver" / "report.json").is_file() and isinstance(known["e"].drop, Volume)
