"""``slicer.packaging`` as far as it looks at packages; it installs nothing.

Its functions take Slicer's own keywords and no others, and `pip_install` has Slicer's modes: in testing mode it waits
and calls nobody, else with ``blocking=False`` it comes back at once, answers from the event loop and refuses a second
one.
"""

import subprocess
from pathlib import Path

from packaging.requirements import Requirement

_isInProgress = False


def load_requirements(path):
    lines = (line.strip() for line in Path(path).read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]


def pip_check(requirements):
    import importlib.metadata

    for requirement in requirements if isinstance(requirements, list | tuple) else [requirements]:
        requirement = requirement if isinstance(requirement, Requirement) else Requirement(requirement)
        if requirement.marker and not requirement.marker.evaluate():
            continue
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            return False
        if not requirement.specifier.contains(version, prereleases=True):
            return False
    return True


def isPipInstallInProgress():
    return _isInProgress


def _pip(requirements, constraints, log):
    """What pip itself would do: gives lines to `log` and returns its exit code. Replaced by the tests that need it."""
    raise RuntimeError("the stand-in for Slicer's window installs no packages; a test that needs it replaces _pip")


def pip_install(
    requirements, constraints=None, no_deps_requirements=None, skip_packages=None, blocking=True, show_progress=True,
    requester=None, logCallback=None, completedCallback=None,
):  # fmt: skip
    global _isInProgress
    import slicer

    if skip_packages is not None and (no_deps_requirements is not None or not blocking):
        raise ValueError("skip_packages requires blocking=True and no no_deps_requirements")
    if blocking or slicer.app.testingEnabled():
        code = _pip(requirements, constraints, lambda line: None)
        if code:
            raise subprocess.CalledProcessError(code, "pip")
        return None
    if _isInProgress:
        raise RuntimeError("A non-blocking pip_install is already in progress.")
    import qt

    _isInProgress = True

    def run():
        code = _pip(requirements, constraints, logCallback or print)
        qt.QTimer.singleShot(20, lambda: end(code))

    def end(code):
        global _isInProgress
        _isInProgress = False
        if completedCallback:
            completedCallback(code)

    qt.QTimer.singleShot(0, run)
    return None


def pip_ensure(
    requirements, constraints=None, skip_packages=None, prompt_install=True, prompt_restart=True, requester=None,
    skip_in_testing=True, show_progress=True,
):  # fmt: skip
    """In testing mode Slicer installs nothing either."""
