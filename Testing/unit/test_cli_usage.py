"""The first hour at the command line: every natural mistake is one line that says what to write instead."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from XAICLIPLib import errors
from XAICLIPLib.cli import main
from XAICLIPLib.cli.options import structures_of
from XAICLIPLib.cli.progress import Bar

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SCAN = ("explain", "ct.nrrd", "--structure", "liver")


@pytest.mark.parametrize(
    "arguments, says",
    [
        ((), "name a command (see xaiclip --help)"),
        (("explian", "ct.nrrd"), "there is no command 'explian'; did you mean explain?"),
        (("explain", "ct.nrrd"), "this needs --structure (see xaiclip explain --help)"),
        (("explain", "ct.nrrd", "--strucure", "liver"), "there is no option --strucure; did you mean --structure?"),
        (("explain", "ct.nrrd", "--organ=liver"), "there is no option --organ"),
        ((*SCAN, "--method", "ocllusion"), "there is no --method 'ocllusion'; did you mean occlusion?"),
        ((*SCAN, "--method", "gradcam"), "there is no --method 'gradcam'; choose one of hierarchical, hsic"),
        ((*SCAN, "--masks", "many"), "--masks wants a whole number, not 'many'"),
        ((*SCAN, "--threshold", "half"), "--threshold wants a number, not 'half'"),
        ((*SCAN, "--patch"), "--patch wants one value"),
        ((*SCAN, "--prompt-box", "1", "2"), "--prompt-box wants 6 values"),
        (
            ("explain", "ct.nrrd", "--structure", "right", "kidney"),
            "kidney: too many arguments; put a name with spaces",
        ),
        (("models", "chek"), "there is no action 'chek'; did you mean check?"),
        ((*SCAN, "-q", "--json"), "not allowed with"),
    ],
)
def test_a_mistake_of_usage_is_one_line_that_says_what_to_write(arguments, says, capfd):
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    out, err = capfd.readouterr()
    assert caught.value.code == 2 and not out
    assert err.count("\n") == 1 and err.startswith("xaiclip: ") and says in err


def test_what_follows_an_option_is_never_taken_for_a_misspelt_one(capfd):
    """A negative number and a path that begins like an option are values."""
    assert main([*SCAN, "--fill", "-0.5"]) == 2
    assert "ct.nrrd does not exist" in capfd.readouterr().err


@pytest.mark.parametrize(
    "given, names",
    [
        (["liver,spleen"], ("liver", "spleen")),
        (["liver, right kidney ,", "aorta"], ("liver", "right kidney", "aorta")),
        ([" "], ()),
    ],
)
def test_several_structures_may_stand_between_commas(given, names):
    import argparse

    assert structures_of(argparse.Namespace(structure=given)) == names


def test_the_colour_map_that_was_meant_is_named(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    assert main([*SCAN, "--colormap", "infrno"]) == 2
    assert "did you mean inferno?" in capfd.readouterr().err


def test_a_fault_of_the_program_is_one_line_and_verbose_shows_where(monkeypatch, capfd):
    from XAICLIPLib.case import case

    def fails(*given, **named):
        raise ZeroDivisionError("somewhere\ndeep")

    monkeypatch.setattr(case, "Case", fails)
    arguments = ["plan", "ct.nrrd", "--structure", "liver"]
    assert main(arguments) == 1
    err = capfd.readouterr().err
    assert err.count("\n") == 1 and "a fault of the program itself (ZeroDivisionError: somewhere deep)" in err
    assert main([*arguments, "--verbose"]) == 1
    err = capfd.readouterr().err
    assert "Traceback" in err and "in fails" in err
    monkeypatch.setattr(case, "Case", lambda *given, **named: [0] * 10**15)
    assert main(arguments) == 2 and "memory of this machine" in capfd.readouterr().err


def test_json_is_one_object_and_quiet_is_silent(phantom_file, liver_slice, capfd):
    arguments = ["plan", phantom_file, "--structure", "liver", "--slices", str(liver_slice), "--device", "cpu"]
    assert main([*arguments, "--json"]) == 0
    out, err = capfd.readouterr()
    found = json.loads(out)
    assert found["slices"] == 1 and 0 < found["evaluations"] < found["full_evaluations"] and not err
    assert main([*arguments, "--quiet"]) == 0
    assert capfd.readouterr() == ("", "")


def test_without_a_terminal_a_line_says_how_far_it_is(monkeypatch):
    monkeypatch.setattr("XAICLIPLib.cli.progress.LINE_SECONDS", 0.0)
    for shown, said in ((True, ["xaiclip: slice 4, 25% done", "xaiclip: slice 5, 50% done"]), (False, [])):
        monkeypatch.setattr(sys, "stderr", io.StringIO())
        with Bar(shown) as bar:
            bar(1, 4, "slice 4")
            bar(2, 4, "slice 5")
        assert sys.stderr.getvalue().splitlines() == said


def test_a_pipe_that_lacks_a_letter_gets_a_question_mark(monkeypatch):
    """A pipe on Windows has the machine's code page."""
    pipe = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(pipe, encoding="cp1252", errors="strict"))
    assert main(["plan", "\u809d\u81d3.nrrd", "--structure", "liver"]) == 2
    sys.stderr.flush()
    assert pipe.getvalue().startswith(b"xaiclip: ??.nrrd does not exist")


def test_a_reader_that_has_gone_and_a_closed_stream_are_no_faults():
    shell = f'"{sys.executable}" -m XAICLIPLib.cli models'
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for command in (f"{shell} | head -1", f"{shell} 2>&- | head -1"):
        found = subprocess.run(["sh", "-c", command], env=environment, capture_output=True, text=True, timeout=280)
        assert found.stdout == "segmentation models (--model)\n" and found.stderr == ""


def test_the_advice_on_packages_can_be_followed():
    """The distribution is in no index: an advice names packages that are, and the same as the extra's."""
    try:
        import tomllib
    except ModuleNotFoundError:  # Python 3.10
        tomllib = pytest.importorskip("tomli")
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert {name: tuple(extras[name]) for name in extras if name in errors.EXTRAS} == errors.EXTRAS
    assert set(extras) - set(errors.EXTRAS) <= {"test", "dev", "docs"}
    said = str(errors.MissingPackage("a MONAI bundle", "monai", "monai"))
    assert said.endswith('install it with: pip install "monai>=1.3" "pyyaml>=6"')


def test_a_torchvision_of_another_release_is_named(monkeypatch, capfd):
    """PyPI's torchvision beside another build of PyTorch fails at its first import, three libraries deep."""
    from XAICLIPLib.case import case

    def fails(*given, **named):
        try:
            raise RuntimeError("operator torchvision::nms does not exist")
        except RuntimeError as error:
            raise errors.WeightsError("the model can't be opened") from error

    releases = {"torch": "2.13.0+cpu", "torchvision": "0.27.1"}
    monkeypatch.setattr(errors, "version", releases.get)
    monkeypatch.setattr(case, "Case", fails)
    assert main(["plan", "ct.nrrd", "--structure", "liver"]) == 2
    said = (
        'torchvision 0.27.1 does not belong to PyTorch 2.13.0; install its own with: pip install "torchvision==0.28.*"'
    )
    assert capfd.readouterr().err == f"xaiclip: {said}\n"


def test_the_rule_for_torchvision_is_that_of_the_constraints():
    """The two releases that the tests run with belong together."""
    pinned = dict(line.split("==") for line in (ROOT / ".ci" / "constraints.txt").read_text().splitlines()
                  if line.startswith(("torch==", "torchvision==")))  # fmt: skip
    (_, torch), (_, torchvision) = (pinned[name].split(".")[:2] for name in ("torch", "torchvision"))
    assert int(torchvision) == int(torch) + 15
