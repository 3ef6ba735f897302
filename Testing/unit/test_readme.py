"""The README's commands and its Python are run as they stand there, on the phantom, with fewer slices."""

import re
import shlex
from pathlib import Path

import numpy as np
import pytest
import torch

from XAICLIPLib.cli import build_parser, main
from XAICLIPLib.volume import Volume, write_volume

pytestmark = pytest.mark.slow

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.partition("#")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("xaiclip ")
]
# What a command has to say where its model, which is not part of this repository, is missing; and what is not run here.
MISSING = {"medsam_vit_b.pth": "medsam_vit_b.pth", "onnx:model.onnx": "model.onnx"}
# a hub, minutes, a finished run of a DICOM series: they have tests of their own
ONLY_PARSED = ("models download", "benchmark", "learn-prompts", "dicom")
QUICK = ["--device", "cpu", "--evidence", "none"]


@pytest.fixture
def desk(tmp_path, monkeypatch, phantom):
    """A folder with the scan and the labels that the README speaks of."""
    scan, labels = phantom
    write_volume(scan, tmp_path / "SCAN.nrrd")
    write_volume(labels, tmp_path / "labels.nii.gz")
    write_volume(scan, tmp_path / "scan.nrrd")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def words_of(command):
    return ["SCAN.nrrd" if word == "SCAN" else word for word in shlex.split(command)[1:]]


def test_the_readme_has_commands():
    assert len(COMMANDS) >= 12 and any("hierarchical" in command for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_runs(command, desk, capsys, liver_slice, organ):
    words = words_of(command)
    build_parser().parse_args(words)
    if any(command.startswith(f"xaiclip {name}") for name in ONLY_PARSED):
        return
    kidney = organ("kidney_right").voxels.sum((1, 2)).argmax()
    here = str(kidney if "kidney" in command else liver_slice)
    words = [here if word == "40:60" else word for word in words]
    quick = {"explain": QUICK, "plan": QUICK, "locate": QUICK[:2]}.get(words[0], [])
    if quick and "--slices" not in words:
        quick = [*quick, "--slices", here]
    status = main([*words, *quick])
    out, err = capsys.readouterr()
    said = [text for name, text in MISSING.items() if name in command]
    if said:
        assert status == 2 and said[0] in err and err.count("\n") == 1
        return
    assert status == 0, err
    if words[0] in ("explain", "locate") and "--out" in words:
        assert (desk / words[words.index("--out") + 1] / "report.json").is_file()
    assert out.strip()


def test_the_python_of_the_readme_runs(desk, liver_slice):
    (block,) = (b for b in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "import XAICLIPLib" in b)
    block = block.replace('model="bundled")', f'model="bundled", slices={liver_slice}, evidence="none", device="cpu")')
    assert "evidence=" in block, "the call of the README is no longer the one that is shortened here"
    image = np.zeros((128, 128), np.float32)
    image[40:90, 40:90] = 1
    given = {"image": image, "mask": image > 0, "predict": lambda batch: torch.sigmoid((batch - 0.5) * 30)}
    exec(compile(block, "README.md", "exec"), given)
    assert given["e"].drop.voxels.max() > 0 and given["a"].evaluations > 0
    assert (desk / "liver" / "report.json").is_file() and isinstance(given["e"].drop, Volume)
