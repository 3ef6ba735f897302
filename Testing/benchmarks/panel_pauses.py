"""The longest time for which Slicer's window does not answer, at every step of a session with a large scan.

``python Testing/benchmarks/panel_pauses.py [--shape 150 512 512]``

The panel in the stand-in for Slicer's window, with the real scene and the real worker, on a phantom of that size. Bar:
100 ms of the window's own thread. By the clock, a pause also holds what other programs take of this machine, the worker
among them, which computes on all cores; both are printed. What a real window adds by drawing is not in it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from Testing import host  # noqa: E402
from Testing.benchmarks.bench import Table  # noqa: E402
from Testing.host.fixtures import beating  # noqa: E402
from Testing.panel.conftest import ROOT, Window, _worker  # noqa: E402

BAR_MS = 100.0


class Session:
    """A user at work, and what each step costs the window."""

    def __init__(self, shape: tuple[int, int, int], folder: str) -> None:
        self.app = host.start(folder)
        self.table = Table(f"longest pause of the window, scan of {' x '.join(map(str, shape))} voxels")
        self.window = Window(self.app, lambda name: host.loadModule(ROOT / name / f"{name}.py"))
        self.window.load(shape, (400 / shape[2], 400 / shape[1], 400 / shape[0]))
        self.window.process(0.5)
        self.window.warm()

    def step(self, what: str, act, wait=lambda: True) -> None:
        """Do something and wait for its end, with an eye on the window's pulse."""
        with beating(self.app) as beat:
            act()
            self.window.wait(lambda: wait() or self._refused(), what)
            self.window.process(0.3)
        spent = f"{beat.processor:.0f} ms ({beat.milliseconds:.0f} by clock)"
        self.table.line(what, spent, f"<= {BAR_MS:.0f} ms", beat.processor <= BAR_MS)

    def end(self) -> None:
        """Close the panel and end the worker."""
        self.window.close()
        client = _worker.pop("client")
        client.stop()
        host.waitUntil(lambda: not client._leaving, 30.0, "the end of the worker")

    def _refused(self) -> bool:
        """Raise what the panel says where it can't go on."""
        if self.window.ui.messageFrame.isVisible():
            raise RuntimeError(self.window.ui.messageLabel.text)
        return False

    def run(self, folder: Path) -> None:
        """All steps in the order of the work."""
        import slicer
        from XAICLIPSlicer.panel.choices import Quality, SliceChoice
        from XAICLIPSlicer.scene import crosshair, slices

        window, panel, ui = self.window, self.window.panel, self.window.ui
        middle = window.scan.GetImageData().GetDimensions()[2] // 2
        slices.showSlice(window.scan, middle)
        self.step("preview of the region", ui.previewButton.click, lambda: "of the slice" in ui.regionInfoLabel.text)
        window.parameters.sliceChoice, window.parameters.quality = SliceChoice.RANGE, Quality.PREVIEW
        ui.sliceRangeWidget.setValues(middle - 2, middle + 2)
        for what in ("explain five slices", "explain them again"):
            self.step(what, ui.explainButton.click, lambda: not panel.isRunning and panel.result.run is not None)
        run = panel.result.run
        part = panel.ask
        self.step(
            "open Ask", panel.parts.buttons[panel.parts.parts.index(part)].click, lambda: ui.questionsComboBox.count
        )
        self.step("follow the mouse", ui.askButton.click)
        mask = slicer.util.arrayFromSegmentBinaryLabelmap(run.predictionSegmentation, "liver", window.scan)[middle]
        row, column = (int(axis.mean()) for axis in mask.nonzero())
        place = slices.voxelToWorld(window.scan, (column, row, middle))
        move = lambda: crosshair.crosshairNode().SetCursorPositionRAS([float(v) for v in place])  # noqa: E731
        self.step("an answer where the mouse is", move, lambda: "liver here" in ui.askAnswerLabel.text)
        self.step("end of the questions", ui.askButton.click)
        first = next(row for row in range(ui.runComboBox.count) if row != ui.runComboBox.currentIndex)
        self.step(
            "the run before, from the history",
            lambda: _choose(ui.runComboBox, first),
            lambda: panel.result.run is not run,
        )
        self.step("save as NRRD", lambda: panel.saving.save(str(folder)), lambda: "pictures" in ui.statusLabel.text)
        self.step("remove the run", ui.removeRunButton.click)


def _choose(combo, row: int) -> None:
    combo.setCurrentIndex(row)
    combo.activated.emit(row)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", type=int, nargs=3, default=(150, 512, 512))
    with tempfile.TemporaryDirectory() as folder:
        session = Session(tuple(parser.parse_args().shape), folder)
        try:
            session.run(Path(folder) / "saved")
        finally:
            session.end()


if __name__ == "__main__":
    main()
