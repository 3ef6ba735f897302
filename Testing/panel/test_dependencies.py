"""What is missing and how it is installed; only Slicer's installer and the PyTorch extension are stand-ins."""

import importlib.metadata
import re
import subprocess
import sys
import textwrap
import types
from pathlib import Path

import pytest
import tomllib
from packaging.requirements import Requirement

from Testing.panel.lazy import Lazy

ROOT = Path(__file__).parents[2]
installation = Lazy("XAICLIPSlicer.worker.installation")


@pytest.fixture
def dependencies(slicerApp):
    from XAICLIPSlicer.worker import dependencies

    return dependencies


@pytest.fixture
def absent(monkeypatch):
    """Make packages absent, as Python's metadata has it; ``absent.discard(name)`` installs one."""
    names, version = set(), importlib.metadata.version

    def found(name):
        if name.lower() in names:
            raise importlib.metadata.PackageNotFoundError(name)
        return version(name)

    monkeypatch.setattr(importlib.metadata, "version", found)
    return names


class Installer:
    """pip, behind the stand-in's ``slicer.packaging``."""

    def __init__(self, absent: set) -> None:
        self._absent = absent
        self.calls, self.constraints = [], []
        self.exitCode, self.output, self.brings = 0, ["Collecting it", "Progress 3000000 of 9000000"], True

    def pip(self, requirements, constraints, log):
        name = Requirement(requirements[0]).name
        self.calls.append(name)
        self.constraints.append(Path(constraints).read_text() if constraints else "")
        for line in self.output:
            log(line)
        if self.exitCode == 0 and self.brings:
            self._absent.discard(name.lower())
        return self.exitCode


@pytest.fixture
def installer(absent, monkeypatch, slicerApp):
    import slicer.packaging

    made = Installer(absent)
    monkeypatch.setattr(slicer.packaging, "_pip", made.pip)
    slicerApp.setTestingEnabled(False)  # in testing mode Slicer waits for pip; there is a test of that
    return made


@pytest.fixture
def pyTorch(monkeypatch, tmp_path, absent):
    """The PyTorch extension, and an installer of PyTorch that says what it was outcome and waits or ends."""
    script = """
        import sys, time
        print("installing", *sys.argv[1:])
        print("Progress 100 of 900000000")
        print("Progress 5000000 of 900000000", flush=True)
        time.sleep({seconds})
        sys.exit({code})
    """

    def make(seconds=0.0, code=0):
        (tmp_path / "light_the_torch.py").write_text(textwrap.dedent(script.format(seconds=seconds, code=code)))

    make()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    logic = types.SimpleNamespace(
        _getPipInstallArguments=lambda torchVersionRequirement="", torchvisionVersionRequirement="": [
            "install", "torch" + torchVersionRequirement, "torchvision" + torchvisionVersionRequirement
        ],
    )  # fmt: skip
    monkeypatch.setitem(sys.modules, "PyTorchUtils", types.SimpleNamespace(PyTorchUtilsLogic=logic))
    return types.SimpleNamespace(make=make, logic=logic)


class Outcome:
    """An installation, and in order what came of it."""

    def __init__(self):
        self.log, self.done, self.errors = [], [], []
        self.handle = installation.install(self.log.append, lambda: self.done.append(True), self.errors.append)

    def wait(self, condition=None):
        from Testing import host

        host.waitUntil(condition or (lambda: self.done or self.errors), 120)
        return self


def test_everything_is_there_in_the_environment_of_the_tests(dependencies):
    assert dependencies.missing() == []


def test_missing_says_name_requirement_and_size(dependencies, absent):
    absent.update({"torch", "opencv-python-headless"})
    first, second = dependencies.missing()
    assert (first.name, first.requirement) == ("torch", "torch>=2.3") and first.size_mb >= 200
    assert second.name == "opencv-python-headless"


def test_another_opencv_will_do(dependencies, monkeypatch, absent):
    absent.add("opencv-python-headless")
    without = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda n: "4.12.0.88" if n == "opencv-python" else without(n))
    assert dependencies.missing() == []
    monkeypatch.setattr(importlib.metadata, "version", lambda n: "4.5.1" if n == "opencv-python" else without(n))
    assert [package.name for package in dependencies.missing()] == ["opencv-python-headless"]


def test_looking_imports_nothing():
    code = """
        import sys, types
        sys.modules["slicer"] = types.ModuleType("slicer")
        sys.modules["slicer.i18n"] = types.SimpleNamespace(tr=str)
        from XAICLIPSlicer.worker import dependencies
        dependencies.missing()
        heavy = {"torch", "cv2", "matplotlib", "sklearn", "skimage", "timm", "qt", "numpy"} & set(sys.modules)
        assert not heavy, heavy
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT / "XAICLIP", check=True)


def test_the_list_agrees_with_the_package(dependencies):
    """All that the package asks for, except what Slicer brings."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    own = dependencies.requirements()
    slicers = {"numpy", "scipy", "SimpleITK", "pydicom"} - {Requirement(line).name for line in own}
    expected = {line for line in project if Requirement(line).name not in slicers}
    assert set(own) - expected == {"torchvision>=0.18"} and expected <= set(own)
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    optional = {name: set(dependencies.requirements(name)) - set(own) for name in extras}
    assert {name: lines for name, lines in optional.items() if lines} == {
        name: set(lines)
        for name, lines in extras.items()
        if name not in ("test", "frame", "dev", "docs", "cohort")  # no face of Slicer's
    }
    listed = {*own, *(line for lines in optional.values() for line in lines)}
    assert {Requirement(line).name for line in listed} == set(dependencies.SIZES_MB)
    assert not any("==" in line for line in listed)


def test_packages_are_installed_one_after_the_other(dependencies, absent, installer, heartbeat):
    absent.update({"scikit-image", "timm"})
    with heartbeat() as beat:
        outcome = Outcome()
        assert not outcome.done and not installer.calls
        outcome.wait()
    assert outcome.done == [True] and not outcome.errors and installer.calls == ["scikit-image", "timm"]
    assert "scikit-image: 3 of 9 MB" in outcome.log and beat.hasNeverBlocked(250), beat


def test_what_slicer_has_loaded_stays(dependencies, absent, installer):
    absent.add("tqdm")
    Outcome().wait()
    for name in ("numpy", "SimpleITK", "torch"):
        assert f"{name}=={importlib.metadata.version(name)}\n" in installer.constraints[0]


def test_cancel_stops_after_the_package(dependencies, absent, installer):
    absent.update({"scikit-image", "timm"})
    outcome = Outcome()
    outcome.wait(lambda: installer.calls)
    outcome.handle.cancel()
    outcome.wait()
    assert installer.calls == ["scikit-image"] and "cancelled" in outcome.errors[0] and not outcome.done
    outcome.handle.cancel()
    assert [package.name for package in dependencies.missing()] == ["timm"]


def test_pytorch_goes_through_its_extension(dependencies, absent, installer, pyTorch):
    absent.add("torch")
    pyTorch.make(seconds=1)
    outcome = Outcome()
    outcome.wait(lambda: any("of 900 MB" in line for line in outcome.log))
    absent.discard("torch")
    outcome.wait()
    assert outcome.done and not installer.calls
    assert "installing install torch>=2.3 torchvision>=0.18 --progress-bar=raw" in outcome.log
    assert [line for line in outcome.log if "of 900 MB" in line] == ["torch: 0 of 900 MB", "torch: 5 of 900 MB"]


def test_cancel_ends_the_download_of_pytorch(dependencies, absent, installer, pyTorch):
    absent.update({"torch", "timm"})
    pyTorch.make(seconds=60)
    outcome = Outcome()
    outcome.wait(lambda: any("of 900 MB" in line for line in outcome.log))
    outcome.handle.cancel()
    outcome.wait()
    assert "cancelled" in outcome.errors[0] and not installer.calls


def test_without_the_pytorch_extension(dependencies, absent, installer):
    absent.add("torch")
    assert "Extensions Manager" in Outcome().wait().errors[0]


def test_an_unknown_pytorch_extension(dependencies, absent, installer, pyTorch):
    absent.add("torch")
    del pyTorch.logic._getPipInstallArguments
    assert "PyTorch Utils" in Outcome().wait().errors[0]


def test_a_failing_installer_of_pytorch(dependencies, absent, installer, pyTorch):
    absent.add("torch")
    pyTorch.make(code=3)
    assert "torch could not be installed" in Outcome().wait().errors[0]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "Free some space"),
        ("WARNING: Retrying after connection broken by 'NewConnectionError(...)'", "internet connection"),
        ("ERROR: [Errno 13] Permission denied: '/opt/Slicer/lib'", "can't be written"),
        ("ERROR: ResolutionImpossible: for help visit", "does not fit"),
        ("ERROR: No matching distribution found for timm>=1.0", "Update Slicer"),
        ("TypeError: install_given_reqs() got an unexpected keyword argument 'progress_bar'", "PyTorch Utils"),
        ("ERROR: something nobody has seen before.", "something nobody has seen before. The log"),
    ],
)
def test_a_failure_says_what_to_do(dependencies, absent, installer, line, words):
    absent.add("timm")
    installer.exitCode, installer.output = 1, [line]
    outcome = Outcome().wait()
    assert (
        not outcome.done and outcome.errors[0].startswith("timm could not be installed") and words in outcome.errors[0]
    )
    assert line in outcome.log and "\n" not in outcome.errors[0]


def test_in_testing_mode_slicer_calls_nobody(dependencies, absent, installer, slicerApp):
    """It installs before it returns then; the installation ends all the same, and says so where pip fails."""
    slicerApp.setTestingEnabled(True)
    absent.update({"scikit-image", "timm"})
    assert Outcome().wait().done == [True] and installer.calls == ["scikit-image", "timm"]
    absent.add("tqdm")
    installer.exitCode = 1
    assert "tqdm could not be installed" in Outcome().wait().errors[0]


def test_slicer_of_intel_code_on_macos(dependencies, absent, installer, pyTorch, monkeypatch):
    monkeypatch.setattr(installation.sys, "platform", "darwin")
    monkeypatch.setattr(installation.platform, "machine", lambda: "x86_64")
    absent.add("torch")
    assert "Intel code on macOS" in Outcome().wait().errors[0] and not installer.calls
    absent.clear()
    assert Outcome().wait().done == [True], "what is there is used"


def test_the_installer_reads_its_pipe_somewhere_else(dependencies):
    """Standard input is free while pip runs, and the process still ends as soon as its pipe closes."""
    probe = "import os, sys, time; print(repr(sys.stdin.read()), flush=True); time.sleep(60)"
    program = installation.CANCELLABLE.replace(
        "runpy.run_module(sys.argv[0], run_name=", "exec(sys.argv[0]) or ("
    ).replace('"__main__", alter_sys=True)', '"")')
    process = subprocess.Popen(
        [sys.executable, "-c", program, probe], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "''\n"
    process.stdin.close()
    assert process.wait(20) == 130


def test_other_reasons_not_to_go_on(dependencies, absent, installer, monkeypatch):
    absent.add("timm")
    installer.brings = False
    assert "Restart Slicer" in Outcome().wait().errors[0]
    import slicer.packaging

    slicer.packaging.pip_install(["something"], blocking=False, logCallback=print)  # another extension's
    assert slicer.packaging.isPipInstallInProgress()
    assert "Another extension" in Outcome().wait().errors[0]
    from Testing import host

    host.waitUntil(lambda: not slicer.packaging.isPipInstallInProgress(), 120)
    monkeypatch.setattr(installation.shutil, "disk_usage", lambda folder: types.SimpleNamespace(free=10**6))
    error = Outcome().wait().errors[0]
    assert re.search(r"need about \d+ MB .* 1 MB are free", error)
    assert installer.calls == ["timm", "something"]


def test_an_installer_that_raises(dependencies, absent, installer, monkeypatch):
    import slicer.packaging

    absent.add("timm")

    def refuse(*arguments, **options):
        raise RuntimeError("not now")

    monkeypatch.setattr(slicer.packaging, "pip_install", refuse)
    outcome = Outcome().wait()
    assert "not now" in outcome.errors[0]
