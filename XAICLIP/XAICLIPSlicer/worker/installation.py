"""The installation of the packages that are missing, one after the other, while Slicer goes on."""

import importlib.util
import platform
import re
import shutil
import sys
import sysconfig
import tempfile
from collections import deque
from collections.abc import Callable
from pathlib import Path

from slicer.i18n import tr as _

from XAICLIPSlicer.worker import dependencies
from XAICLIPSlicer.worker.dependencies import PYTORCH, installedVersion

UNPACKED = 3  # a package takes about so many times its download on the disk
KEPT = ("numpy", "scipy", "SimpleITK", "requests", *PYTORCH)

# A module of Python's that ends as soon as its standard input closes: that passes Slicer's launcher, a signal does not.
# Not through sys.stdin, whose lock a waiting thread would hold when Python ends.
# The pipe is moved away from descriptor 0: on Windows, whoever loads a DLL that asks for standard input would wait for
# the thread that reads it.
CANCELLABLE = """
import os, runpy, sys, threading
pipe, nothing = os.dup(0), os.open(os.devnull, os.O_RDONLY)
os.dup2(nothing, 0)
os.close(nothing)
def end_with_pipe():
    while os.read(pipe, 1024):
        pass
    os._exit(130)
threading.Thread(target=end_with_pipe, daemon=True).start()
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


def install(
    onLog: Callable[[str], None], onDone: Callable[[], None], onError: Callable[[str], None], extra: str = ""
) -> "Installation":
    """Install what is missing, one package after the other, while Slicer goes on.

    Parameters
    ----------
    onLog : callable
        Gets lines about the progress.
    onDone : callable
        Called once everything is there.
    onError : callable
        Gets one line that says what to do; also after `Installation.cancel`.
    extra : str
        Whose packages are installed as well, see `missing`.

    Returns
    -------
    Installation
        What is under way; can be cancelled.
    """
    return Installation(onLog, onDone, onError, extra)


class Installation:
    """An installation under way; every callback comes from Slicer's event loop, after the constructor."""

    def __init__(self, onLog: Callable, onDone: Callable, onError: Callable, extra: str = "") -> None:
        import qt

        self._extra = extra
        self._onLog, self._onDone, self._onError = onLog, onDone, onError
        self._tried: set[str] = set()
        self._lines: deque[str] = deque(maxlen=200)
        self._process = None
        self._current = ""
        self._constraints: Path | None = None
        self._isCancelled = self._isOver = False
        qt.QTimer.singleShot(0, self._begin)

    def cancel(self) -> None:
        """Stop: the download of PyTorch at once, others after the package that is being installed."""
        if self._isOver or self._isCancelled:
            return
        self._isCancelled = True
        if self._process is not None:
            self._process.closeWriteChannel()
        elif self._current:
            self._log(_("Stopping after {package}…").format(package=self._current))

    # -- step by step -------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        if sys.platform == "darwin" and platform.machine() == "x86_64" and not installedVersion("torch"):
            self._fail(
                _(
                    "PyTorch has no current build for Intel code on macOS, and this Slicer is made of that, on Apple "
                    "processors (Rosetta) too. Use Slicer on Windows or Linux, or XAICLIP's command line with a Python "
                    "for Apple processors"
                )
            )
            return
        needed = UNPACKED * sum(package.size_mb for package in dependencies.missing(self._extra))
        folder = sysconfig.get_path("purelib")
        free = shutil.disk_usage(folder).free // 10**6
        if free < needed:
            text = _("The packages need about {needed} MB in {folder}, where {free} MB are free; free some space")
            self._fail(text.format(needed=needed, folder=folder, free=free))
            return
        self._next()

    def _next(self) -> None:
        self._current = ""
        if self._isCancelled:
            self._fail(_("The installation was cancelled. What is installed already is kept; Install goes on there."))
            return
        left = dependencies.missing(self._extra)
        if not left:
            self._end()
            self._onDone()
            return
        package = left[0]
        if package.name in self._tried:
            text = _("{package} was installed, but Python does not find it. Restart Slicer, then try again.")
            self._fail(text.format(package=package.requirement))
            return
        self._lines.clear()
        self._current = package.name
        self._log(_("Installing {package}…").format(package=package.requirement))
        try:
            if package.name in PYTORCH:
                self._tried.update(PYTORCH)
                self._installPyTorch()
            else:
                self._tried.add(package.name)
                self._installPackage(package.requirement)
        except Exception as error:  # an installer of another extension or version may raise anything
            self._log(str(error))
            self._fail(advice(self._current, [*self._lines, str(error)]))

    def _installPackage(self, requirement: str) -> None:
        import qt
        import slicer.packaging

        if slicer.packaging.isPipInstallInProgress():
            self._fail(_("Another extension is installing packages. Wait until it is done, then try again."))
            return
        slicer.packaging.pip_install(
            [requirement, "--prefer-binary", "--progress-bar=raw"],
            constraints=self._constraintsFile(),
            blocking=False,
            show_progress=False,
            requester="XAICLIP",
            logCallback=self._onLine,
            completedCallback=self._onCompleted,
        )
        if slicer.app.testingEnabled():  # Slicer then installs before it returns, and calls nobody
            qt.QTimer.singleShot(0, lambda: self._onCompleted(0))

    def _installPyTorch(self) -> None:
        """With the PyTorch extension's installer, in a process of its own: the extension itself would block Slicer and
        import PyTorch into it."""
        try:
            from PyTorchUtils import PyTorchUtilsLogic
        except ImportError:
            text = _("PyTorch comes with the extension PyTorch: install it in the Extensions Manager, restart Slicer.")
            self._fail(text)
            return
        try:
            if importlib.util.find_spec("light_the_torch") is None:
                PyTorchUtilsLogic._installLightTheTorch()
            versions = {name: str(specifier) for name, specifier in _pyTorchSpecifiers()}
            arguments = PyTorchUtilsLogic._getPipInstallArguments(
                torchVersionRequirement=versions["torch"], torchvisionVersionRequirement=versions["torchvision"]
            )
        except (AttributeError, TypeError):
            text = _("This version of the extension PyTorch is unknown: use its module PyTorch Utils first.")
            self._fail(text)
            return
        self._run("light_the_torch", [*arguments, "--progress-bar=raw"])

    def _run(self, module: str, arguments: list[str]) -> None:
        """Run a Python module as a process that `cancel` can end."""
        import qt

        self._process = process = qt.QProcess()
        process.setProcessChannelMode(qt.QProcess.MergedChannels)
        rest = []

        def read() -> None:
            rest.append(process.readAllStandardOutput().data() or b"")
            *lines, last = b"".join(rest).split(b"\n")
            rest[:] = [last]
            for line in lines:
                self._onLine(line.decode(errors="replace").rstrip())

        def finished(exitCode: int) -> None:
            self._process = None
            process.deleteLater()
            self._onCompleted(exitCode)

        def failed(error) -> None:
            if error == qt.QProcess.FailedToStart:
                self._onLine(process.errorString())
                finished(-1)

        environment = qt.QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUTF8", "1")
        environment.insert("PYTHONSAFEPATH", "1")
        process.setProcessEnvironment(environment)
        process.connect("readyReadStandardOutput()", read)
        process.connect("finished(int,QProcess::ExitStatus)", finished)
        process.connect("errorOccurred(QProcess::ProcessError)", failed)
        process.start(shutil.which("PythonSlicer") or sys.executable, ["-u", "-c", CANCELLABLE, module, *arguments])

    def _constraintsFile(self) -> str:
        """What must stay as it is: pip then rather gives up than replaces what Slicer has loaded."""
        if self._constraints is None:
            with tempfile.NamedTemporaryFile("w", prefix="xaiclip-", suffix=".txt", delete=False) as file:
                self._constraints = Path(file.name)
        kept = [f"{name}=={version}\n" for name in KEPT if (version := installedVersion(name))]
        self._constraints.write_text("".join(kept), encoding="utf-8")
        return str(self._constraints)

    # -- what comes back ----------------------------------------------------------------------------------------------

    def _onLine(self, line: str) -> None:
        progress = re.fullmatch(r"Progress (\d+) of (\d+)", line.strip())
        if progress:
            done, total = (int(size) for size in progress.groups())
            line = _("{package}: {done} of {total} MB").format(
                package=self._current, done=done // 10**6, total=max(1, total // 10**6)
            )
            if self._lines and self._lines[-1] == line:
                return
        if line.strip():
            self._log(line)

    def _log(self, line: str) -> None:
        self._lines.append(line)
        self._onLog(line)

    def _onCompleted(self, exitCode: int) -> None:
        if exitCode == 0 or self._isCancelled:
            self._next()
        else:
            self._fail(advice(self._current, self._lines))

    def _fail(self, text: str) -> None:
        self._end()
        self._onError(text)

    def _end(self) -> None:
        self._isOver = True
        if self._constraints is not None:
            self._constraints.unlink(missing_ok=True)


def _pyTorchSpecifiers():
    """Name and version specifier of PyTorch's packages in `requirements.txt`."""
    from packaging.requirements import Requirement

    wanted = [Requirement(line) for line in dependencies.requirements()]
    return [(requirement.name, requirement.specifier) for requirement in wanted if requirement.name in PYTORCH]


# what a log says -> what to do
KNOWN_FAILURES = (
    (
        "light.the.torch.*(requires|unsupported|pip)|unexpected keyword argument|TypeError.*pip|pip.*TypeError",
        _(
            "the installer of the extension PyTorch does not fit this version of pip. Update that extension, or "
            "install "
            "PyTorch with its module PyTorch Utils, then try again."
        ),
    ),
    ("No space left|disk quota", _("the disk is full. Free some space, then try again.")),
    (
        "NewConnectionError|ConnectTimeout|ReadTimeout|name resolution|getaddrinfo|ProxyError|SSLError|"
        "Max retries exceeded|Connection (refused|reset|aborted)",
        _("the package server can't be reached. Check the internet connection and the proxy, then try again."),
    ),
    (
        "Permission denied|Access is denied|WinError 5",
        _("Slicer's folder can't be written to. Install Slicer in a folder of your own, then try again."),
    ),
    (
        "ResolutionImpossible|conflicting dependencies|constraint",
        _("it does not fit the packages that are there. Update Slicer and its extensions, then try again."),
    ),
    (
        "No matching distribution|Could not find a version",
        _("there is no build for this version of Slicer's Python. Update Slicer, then try again."),
    ),
)


def advice(package: str, log) -> str:
    """What to do about an installation that failed, read off its log.

    Parameters
    ----------
    package : str
        Its name.
    log : sequence of str
        The installer's last lines.

    Returns
    -------
    str
        One sentence.
    """
    lines = [line.strip() for line in log if line.strip()]
    last = lines[-1].rstrip(".") if lines else _("no reason was given")
    known = (todo for pattern, todo in KNOWN_FAILURES if re.search(pattern, "\n".join(lines), re.IGNORECASE))
    reason = next(known, _("{line}. The log has the whole story.").format(line=last))
    return _("{package} could not be installed: {reason}").format(package=package, reason=reason)
