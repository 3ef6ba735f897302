"""The panel in the stand-in for Slicer's window, with the real worker process and a small phantom."""

import logging
import math
import os
import re
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from Testing.host.fixtures import beating

ROOT = Path(__file__).parents[2]
SHAPE, SPACING = (6, 96, 96), (4.0, 4.0, 25.0)
PATIENCE = 240  # seconds until a test gives up what it waits for: as many as a busy machine may need
LONGER = 0.4  # as German words are longer than English ones
_worker = {}  # one process for all tests: starting it takes longer than most of them
_figures = []


@pytest.fixture(autouse=True)
def _noSwallowedErrors(caplog):
    """The client logs an exception of a callback and goes on; here it is a failure."""
    yield
    errors = [
        record for phase in ("setup", "call") for record in caplog.get_records(phase) if record.levelno >= logging.ERROR
    ]
    assert not errors, "\n".join(f"{record.getMessage()}\n{record.exc_text or record.exc_info}" for record in errors)


def pytest_terminal_summary(terminalreporter):
    for what, figure in _figures:
        terminalreporter.write_line(f"measured: {what}: {figure}")


class Clock:
    """Milliseconds since it was made."""

    def __init__(self):
        self._start = time.perf_counter()
        self.milliseconds = 0.0

    def now(self):
        return 1000 * (time.perf_counter() - self._start)


class Window:
    """The module as a user has it before them."""

    def __init__(self, slicerApp, module):
        import slicer

        from Testing import host

        self._host, self._slicer, self._app = host, slicer, slicerApp
        self._entered = None
        self.module = module("XAICLIP")
        self.uiPath = Path(self.module.path).parent / "Resources" / "UI" / "XAICLIP.ui"
        self.widget = host.showModule(self.module)
        # shown, so that what is visible can be asked; offscreen
        slicerApp.processEvents()
        self.module.widgetRepresentation().show()
        self.panel, self.ui = self.widget.panel, self.widget.ui
        self.scan = None
        self.evidence = "none"  # what speaks for a map costs more than the map; tests of it ask for it
        asked = self.panel.request
        self.panel.request = lambda *given: self._withEvidence(*asked(*given))
        if "client" in _worker:
            client = self.panel.runner._client = _worker["client"]
            client.onLog, client.onCrash = self.panel.runner._log, self.panel.runner._crashed

    def _withEvidence(self, request, segment):
        return replace(request, evidence=replace(request.evidence, level=self.evidence)), segment

    parameters = property(lambda self: self.panel.parameters)
    depth = SHAPE[0]

    def close(self):
        runner = self.panel.runner
        if self.panel.isRunning:
            runner.cancel()
            self.wait(lambda: not self.panel.isRunning, "the end of the run")
        self.process(0.05)
        if runner._client is not None:
            _worker["client"], runner._client = runner._client, None
            _worker["client"].onLog = _worker["client"].onCrash = None
        runner.cleanup()

    # the user --------------------------------------------------------------------------------------------------------

    def load(self, shape=SHAPE, spacing=SPACING):
        """Load the phantom as Sample Data does, and choose it."""
        from XAICLIPSlicer.scene.sampledata import loadPhantom

        self.scan = loadPhantom(shape=shape, spacing=spacing)[0]
        self.parameters.inputVolume = self.scan
        self.parameters.structures = ["liver"]
        return self.scan

    def unfold(self):
        """Open every fold, as a user does who sets more than the question."""
        import ctk
        import qt

        folds = self.module.widgetRepresentation().findChildren(qt.QWidget)
        for fold in (w for w in folds if isinstance(w, (ctk.ctkCollapsibleButton, ctk.ctkCollapsibleGroupBox))):
            fold.collapsed = False

    def leave(self):
        self._slicer.util.selectModule("")
        self.process(0.02)

    def enter(self):
        self._slicer.util.selectModule(self.module)
        self.process(0.02)

    def clearScene(self):
        self._slicer.mrmlScene.Clear(0)
        self.process(0.02)

    def loadScene(self, path):
        self._slicer.util.loadScene(str(path))
        self.process(0.05)
        self.scan = self.parameters.inputVolume

    def warm(self):
        """Have the worker up, with the models in it."""
        done = []
        self.panel.runner.client.request("hello", {}, done.append, done.append)
        request, _segment = self.panel.request()
        self.panel.runner.prepare(self.scan, request, done.append, done.append)
        self.wait(lambda: len(done) == 2, "the worker")
        self._workersOwn = done[0]["pid"]
        self.settle()

    def settle(self):
        """Wait until nothing is being asked any more."""
        method, region = self.panel.method, self.panel.region
        self.wait(
            lambda: not (method._timer.active or method._request or region._timer.active or region._request),
            "the worker",
        )

    def explain(self, **parameters):
        """Explain one slice in preview quality, unless said otherwise; the run."""
        from XAICLIPSlicer.panel.choices import Quality, SliceChoice

        for name, value in {"sliceChoice": SliceChoice.CURRENT, "quality": Quality.PREVIEW, **parameters}.items():
            setattr(self.parameters, name, value)
        assert self.ui.explainButton.enabled, self.ui.statusLabel.text
        self.ui.explainButton.click()
        assert self.panel.isRunning, self.ui.messageLabel.text
        self.wait(lambda: not self.panel.isRunning, "the end of the run")
        assert not self.ui.messageFrame.isVisible(), self.ui.messageLabel.text
        return self.panel.result.run

    # the tester ------------------------------------------------------------------------------------------------------

    def wait(self, condition, what):
        self._host.waitUntil(condition, PATIENCE, what)

    def process(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._app.processEvents()
            time.sleep(0.002)

    @contextmanager
    def timing(self):
        clock = Clock()
        yield clock
        clock.milliseconds = clock.now()

    def calmest(self, act, milliseconds, attempts=3):
        """The calmest heartbeat of several goes at the same thing, the first that never blocked for longer.

        What else this machine does disturbs one go or another; what the program itself does disturbs them all.
        """
        beats = []
        while len(beats) < attempts and not (beats and beats[-1].hasNeverBlocked(milliseconds)):
            with beating(self._app) as beat:
                act()
            beats.append(beat)
        return min(beats)

    def crowding(self):
        """How many times longer everything takes because other programs run here too; 1 on an idle machine."""
        return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))

    def report(self, what, figure):
        _figures.append((what, f"{figure} (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)"))

    def workerSeconds(self):
        """The processor time of the worker that was warmed up so far; infinite where the system does not tell it.

        Not of the process that the client has started: that is PythonSlicer, which waits for it.
        """
        try:
            fields = Path(f"/proc/{self._workersOwn}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return float("inf")
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def workerPid(self):
        answer = []
        process = self.panel.runner._client._connection._process
        answer.append(process.processId())
        return answer[0]

    def display(self):
        """What the user's views show, and how they are arranged."""
        slicer = self._slicer
        layout = slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLLayoutNode").GetViewArrangement()
        composites = sorted(
            slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode"), key=lambda node: node.GetLayoutName()
        )
        shown = [
            (
                c.GetLayoutName(),
                c.GetBackgroundVolumeID(),
                c.GetForegroundVolumeID(),
                c.GetForegroundOpacity(),
                c.GetLabelVolumeID(),
            )
            for c in composites
            if not c.GetLayoutName().startswith("XAICLIP")
        ]  # fmt: skip
        kinds = ("vtkMRMLSegmentationDisplayNode", "vtkMRMLVolumeRenderingDisplayNode", "vtkMRMLColorLegendDisplayNode")
        visible = sorted(
            node.GetID() for kind in kinds for node in slicer.util.getNodesByClass(kind) if node.GetVisibility()
        )
        return layout, shown, visible


@pytest.fixture
def foldedWindow(slicerApp, module):
    """The module in an empty scene, as it opens for the first time."""
    window = Window(slicerApp, module)
    yield window
    window.close()


@pytest.fixture
def bareWindow(foldedWindow):
    """The module in an empty scene, with everything unfolded."""
    foldedWindow.unfold()
    return foldedWindow


@pytest.fixture
def window(bareWindow):
    """The module with a small phantom loaded and chosen."""
    bareWindow.load()
    bareWindow.process(0.05)
    return bareWindow


def longer(text):
    """A text with words as long as in German; placeholders stay as they are."""
    parts = re.split(r"(\{[^}]*\})", text)
    grown = lambda word: word[0] + "".join(word[0][: math.ceil(LONGER * len(word[0]))]).lower()  # noqa: E731
    return "".join(part if part.startswith("{") else re.sub(r"[^\W\d_]+", grown, part) for part in parts)


@pytest.fixture
def foreignWindow(slicerApp, module, request):
    """The panel in the language of the test's parameter; "longer" is English with words longer by 40 %."""
    from PySide6 import QtCore

    if request.param != "longer":
        settings = QtCore.QSettings()
        settings.setValue("Internationalization/Enabled", True)
        settings.setValue("language", request.param)
        window = Window(slicerApp, module)
        yield window
        window.close()
        settings.setValue("language", "en_US")
        slicerApp.forgetTranslations()
        return

    class Translator(QtCore.QTranslator):
        def translate(self, context, text, disambiguation=None, n=-1):
            return longer(text) if text else ""

        def isEmpty(self):
            return False

    translator = Translator()
    slicerApp.installTranslator(translator)
    window = Window(slicerApp, module)
    yield window
    window.close()
    slicerApp.removeTranslator(translator)


@pytest.fixture(scope="session", autouse=True)
def _stopWorker():
    yield
    if "client" in _worker:
        import slicer

        from Testing import host

        slicer.app = host.start()
        client = _worker.pop("client")
        client.stop()
        end = time.monotonic() + 5
        while client._leaving and time.monotonic() < end:
            slicer.app.processEvents()
            time.sleep(0.01)
        del slicer.app
