"""Pytest fixtures for tests that need the window: `slicerApp`, `module`, `heartbeat`; shared by `Testing/conftest.py`.

Nothing of Qt, VTK or Slicer is loaded before a test asks for `slicerApp`; tests of the library never do.
"""

import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Heartbeat:
    """The longest time for which the event loop was not served: on the clock, and in processor time of this thread.

    On a machine that others use too the clock also counts the time in which this thread had to wait for its turn;
    Linux says how long that was, and what is left of the clock without it is held against the thread. A user notices
    gaps from about 100 ms on.
    """

    def __init__(self):
        import qt

        self.milliseconds, self.processor, self.held, self.ticks = 0.0, 0.0, 0.0, 0
        self._last = self._times()
        self._timer = qt.QTimer()
        self._timer.setTimerType(qt.Qt.PreciseTimer)
        self._timer.setInterval(5)
        self._timer.connect("timeout()", self._tick)
        self._timer.start()

    @staticmethod
    def _times():
        """Seconds: of the clock, of the processor, and those in which the thread waited for a processor."""
        try:
            waited = int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
        except (OSError, IndexError):
            waited = 0.0
        return time.perf_counter(), time.thread_time(), waited

    def _tick(self):
        now = self._times()
        wall, processor, waited = (1000 * (after - before) for after, before in zip(now, self._last))
        self.milliseconds, self.processor = max(self.milliseconds, wall), max(self.processor, processor)
        self.held = max(self.held, wall - waited)
        self._last, self.ticks = now, self.ticks + 1

    def stop(self):
        self._timer.stop()
        self._tick()

    def hasNeverBlocked(self, milliseconds):
        """Whether the thread itself never worked longer than that, nor was held up ten times as long by anything.

        The worker keeps all cores busy meanwhile, so that the clock alone would measure the scheduler; its figure is
        reported beside it.
        """
        crowding = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
        return self.processor <= milliseconds and self.held <= 10 * milliseconds * crowding

    def __lt__(self, other):
        return self.processor < other.processor

    def __str__(self):
        return f"{self.milliseconds:.0f} ms by the clock, {self.processor:.0f} ms of processor time"


@contextmanager
def beating(app):
    """A heartbeat of the application's event loop while a block runs."""
    app.processEvents()
    beat = Heartbeat()
    try:
        yield beat
    finally:
        beat.stop()


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
    for representation in loaded:
        modules.unload(representation)
    slicerApp.processEvents()


@pytest.fixture
def heartbeat(slicerApp):
    """``with heartbeat() as beat: …`` and then ``assert beat.hasNeverBlocked(100)`` (milliseconds)."""
    return lambda: beating(slicerApp)
