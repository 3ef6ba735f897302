"""Pytest fixtures for tests that need the window: `slicerApp`, `module`, `heartbeat`; shared by `Testing/conftest.py`.

Nothing of Qt, VTK or Slicer is loaded before a test asks for `slicerApp`; tests of the library never do.
"""

import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Heartbeat:
    """How long the event loop was not served. Ticks every 10 ms; a user notices gaps from about 100 ms on."""

    def __init__(self):
        import qt

        self.longest, self.ticks, self._last = 0.0, 0, time.perf_counter()
        self._timer = qt.QTimer()
        self._timer.setTimerType(qt.Qt.PreciseTimer)
        self._timer.setInterval(10)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self):
        now = time.perf_counter()
        self.longest, self._last, self.ticks = max(self.longest, now - self._last), now, self.ticks + 1

    def stop(self):
        self._timer.stop()
        self._tick()


@pytest.fixture
def slicerApp(tmp_path):
    """``slicer.app`` with an empty scene of the test's own.

    The test fails on an error that VTK reports, on an exception in a slot or in an observer and on a signal that does
    not exist, all of which are otherwise only printed.
    """
    from Testing import host

    app = host.start()
    import slicer

    from Testing.host import pythonqt
    from Testing.host.mrml import vtkErrors

    pythonqt.warnings.clear()
    exceptions, previous = [], sys.excepthook

    def onException(kind, value, trace):
        exceptions.append(f"{kind.__name__}: {value}")
        previous(kind, value, trace)

    slicer.app = app
    # Settings and the place for files are new with every test as well.
    app.settings().clear()
    app.temporaryPath = str(tmp_path)
    sys.excepthook = onException
    with vtkErrors() as errors:
        host.newScene()
        yield app
        app.setTestingEnabled(True)
        app.processEvents()
    sys.excepthook = previous
    del slicer.app  # tests of the scene alone find out by this that there is no window
    assert not exceptions, "exceptions in slots or observers:\n" + "\n".join(exceptions)
    assert not errors, "VTK reported:\n" + "\n".join(errors)
    assert not pythonqt.warnings, "PythonQt would print:\n" + "\n".join(pythonqt.warnings)


@pytest.fixture
def module(slicerApp):
    """``module("XAICLIP")`` loads a module of this repository as Slicer does; it is unloaded after the test."""
    from Testing import host
    from Testing.host import modules

    loaded = []

    def load(name, path=None):
        loaded.append(host.loadModule(path or ROOT / name / f"{name}.py"))
        return loaded[-1]

    yield load
    for one in loaded:
        modules.unload(one)
    slicerApp.processEvents()


@pytest.fixture
def heartbeat(slicerApp):
    """``with heartbeat() as beat: …`` and then ``assert beat.longest < 0.1`` (seconds)."""

    @contextmanager
    def measure():
        slicerApp.processEvents()
        beat = Heartbeat()
        try:
            yield beat
        finally:
            beat.stop()

    return measure
