"""Make the pictures in Resources/Screenshots from the real program: the panel, the scene and its views, on the phantom.

python Testing/screenshots.py [folder]

The window is the stand-in of `Testing/host`; panel, worker, nodes and views are the real ones.
"""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT)]
LARGEST = 500_000  # bytes
SIZE, PANEL = (1400, 920), 445


def write(image, path: Path) -> None:
    """Save a QImage as PNG."""
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(str(path))
    with Image.open(path) as picture:
        smaller = picture.convert("RGB")
    smaller.save(path, optimize=True)
    assert path.stat().st_size < LARGEST, f"{path} has {path.stat().st_size} bytes"
    print(path, path.stat().st_size)


class Program:
    """The module in its window, as a user has it."""

    def __init__(self) -> None:
        from Testing import host

        self.host = host
        self.app = host.start()
        module = host.loadModule(ROOT / "XAICLIP" / "XAICLIP.py")
        self.widget = host.showModule(module)
        self.panel, self.ui = self.widget.panel, self.widget.ui
        from XAICLIPSlicer.scene.sampledata import loadPhantom

        [self.scan] = loadPhantom()
        self.panel.parameters.inputVolume = self.scan
        self.panel.parameters.structures = ["liver"]
        self.window = host.showWindow(module, *SIZE, panelWidth=PANEL)
        self.fit()

    def fit(self) -> None:
        """Zoom and center the slice views, as the button of the views does."""
        import slicer

        self.process()
        for logic in self.app.applicationLogic().GetSliceLogics():
            logic.FitSliceToBackground()
        slicer.app.layoutManager().resetThreeDViews()

    def process(self, times: int = 30) -> None:
        for _ in range(times):
            self.app.processEvents()

    def wait(self, condition, what: str, seconds: float = 300) -> None:
        self.host.waitUntil(condition, seconds, what)
        self.process()

    def settle(self) -> None:
        """Wait until the worker has answered everything."""
        method, region = self.panel.method, self.panel.region
        self.wait(
            lambda: not (method._timer.active or method._request or region._timer.active or region._request),
            "the worker",
        )

    def show(self, path: Path, control=None) -> None:
        """Scroll the panel to a control and take the picture."""
        import qt

        self.window.setCentralWidget(self.app.layoutManager().viewport())
        self.process()
        [scroll] = [area for area in self.window.findChildren(qt.QScrollArea) if area.widget() is not None][:1]
        scroll.verticalScrollBar().setValue(0)
        if control is not None:
            self.process()
            scroll.ensureWidgetVisible(control, 0, 20)
        self.process()
        write(self.host.grab(self.window), path)


def answer(picture: Path) -> None:
    """Why is a piece of liver drawn in the fat beside the stomach? The question of the README's first picture."""
    from XAICLIPLib.cli import main as xaiclip

    with tempfile.TemporaryDirectory() as place:
        scan, run = f"{place}/phantom.nrrd", f"{place}/liver"
        chosen = ("--structure", "liver", "--slices", "12:24", "--evidence", "none")
        for command in (
            ("phantom", scan),
            ("explain", scan, *chosen, "--reference", f"{place}/phantom_labels.nrrd", "--out", run),
            ("ask", run, "--island", "2", "--picture", str(picture), "--scan", scan, "--force"),
        ):
            if status := xaiclip(list(command)):
                raise SystemExit(status)


def main(folder: Path) -> None:
    answer(folder / "answer.png")
    program = Program()
    panel, ui, parameters = program.panel, program.ui, program.panel.parameters
    from XAICLIPSlicer.panel.choices import SliceChoice
    from XAICLIPSlicer.scene import slices

    parameters.sliceChoice, parameters.firstSlice, parameters.lastSlice = SliceChoice.RANGE, 14, 29
    slices.showSlice(program.scan, 22)
    program.settle()
    program.show(folder / "question.png")
    panel.advanced.unfold(ui.regionGroupBox)
    ui.previewButton.setChecked(True)
    program.settle()
    program.show(folder / "region.png", ui.regionInfoLabel)

    ui.previewButton.setChecked(False)
    ui.advancedCollapsibleButton.collapsed = True
    program.settle()
    ui.explainButton.click()
    program.wait(lambda: panel.runner.job.run is not None and ui.progressBar.value > 400, "the middle of the run")
    program.show(folder / "running.png")
    program.wait(lambda: not panel.isRunning, "the end of the run")
    program.settle()
    slices.showSlice(program.scan, 22)
    parameters.comparison = True
    program.show(folder / "result.png")

    parameters.comparison = False
    parameters.volumeRendering = True
    slices.showSlice(program.scan, 22)
    program.fit()
    program.app._mrml.threeDView().renderer.GetActiveCamera().Zoom(1.7)
    program.show(folder / "result3d.png")

    parameters.volumeRendering = False
    parameters.comparison = True
    parameters.curves = True
    ui.numbersGroupBox.collapsed = False
    program.settle()
    program.show(folder / "curves.png", ui.resultWidget)
    program.fit()  # once the views have their size
    program.show(folder / "curves.png", ui.resultWidget)
    runner = program.widget.logic.runner
    client = runner.client
    runner.cleanup()
    program.wait(lambda: not client._leaving, "the end of the worker", 10)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "Resources" / "Screenshots")
