"""The module in the window: its own test, the console, sample data, and where it finds its library."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import slicer

ROOT = Path(__file__).parents[2]


def test_ownTest(bareWindow):
    """What "Reload and Test" and ctest run in Slicer."""
    slicer.selfTests["XAICLIP"]()


def test_consoleExplainWaitsWithoutFreezing(window):
    logic, runs = window.widget.logic, []
    window.warm()

    def explain():
        settings = {"slices": "2:4", "patch": 128, "stride": 64, "evidence": "none"}
        runs.append(logic.explain(window.scan, structures=["Liver", "spleen"], method="occlusion", **settings))

    beat = window.calmest(explain, 50)
    assert beat.hasNeverBlocked(50), str(beat)
    assert [row["structure"] for row in runs[0].metrics] == ["liver", "spleen"]
    assert set(runs[0].dropNodes) == {"liver", "spleen"}
    window.process(0.1)
    assert window.ui.runComboBox.count == len(runs)


def test_consoleAsync(window):
    logic, told = window.widget.logic, []
    job = logic.explainAsync(
        window.scan, "liver", "lime", slices="3", samples=32, evidence="none",
        onFinished=told.append, onProgress=lambda job, done, total, message: told.append(message), onError=told.append,
    )  # fmt: skip
    assert job.isRunning and not told
    with pytest.raises(ValueError, match="already running"):
        logic.explainAsync(window.scan)
    window.wait(lambda: not job.isRunning, "the end")
    assert told[-1].saliencyNode is not None and any(isinstance(text, str) for text in told[:-1])


def test_consoleErrors(window):
    logic = window.widget.logic
    with pytest.raises(RuntimeError, match="does not segment"):
        logic.explain(window.scan, ["prostate"], slices="3")
    with pytest.raises(ValueError, match="scan"):
        logic.explain(None)


def test_consoleRegionBox(window):
    from XAICLIPSlicer.scene import slices

    box = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLMarkupsROINode", "box")
    middle = slices.voxelToWorld(window.scan, (30, 45, 3))
    box.SetCenter(*middle)
    box.SetSize(120, 120, 60)
    run = window.widget.logic.explain(window.scan, ["liver"], slices="3", region=box, evidence="none", patch=128)
    voxels = slicer.util.arrayFromSegmentBinaryLabelmap(run.roiSegmentation, "region", window.scan)[3] > 0
    assert voxels.any() and voxels.sum() * 16 == pytest.approx(120 * 120, rel=0.15)


def test_explainUnderATransformAndFlipped(window):
    """A scan stored from the head down, under a linear transform: the result lies where the scan lies."""
    import vtk

    array = slicer.util.arrayFromVolume(window.scan)[::-1].copy()
    matrix = slicer.util.arrayFromVTKMatrix(_matrix(window.scan))
    matrix[:3, 3] += matrix[:3, 2] * (array.shape[0] - 1)
    matrix[:3, 2] *= -1
    flipped = slicer.util.addVolumeFromArray(array, matrix, "flipped")
    transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
    moved = vtk.vtkMatrix4x4()
    moved.SetElement(0, 3, 40.0)
    transform.SetMatrixTransformToParent(moved)
    flipped.SetAndObserveTransformNodeID(transform.GetID())
    options = {"slices": "3", "patch": 128, "stride": 64, "device": "cpu", "evidence": "none"}
    straight = window.widget.logic.explain(window.scan, ["liver"], **options)
    turned = window.widget.logic.explain(flipped, ["liver"], **options)
    expected = slicer.util.arrayFromVolume(straight.saliencyNode)
    assert expected[3].max() > 0
    assert np.allclose(slicer.util.arrayFromVolume(turned.saliencyNode)[::-1], expected, atol=1e-6)
    assert turned.saliencyNode.GetParentTransformNode() is transform


def _matrix(node):
    import vtk

    matrix = vtk.vtkMatrix4x4()
    node.GetIJKToRASMatrix(matrix)
    return matrix


def test_sampleData(slicerApp, module, monkeypatch):
    """Registered when Slicer has started: the phantom is drawn here, Slicer's own scans come from where it has them."""
    registered = {}

    class Logic:
        @staticmethod
        def registerCustomSampleDataCategory(category, title):
            """5.13 has titles."""

        @staticmethod
        def registerCustomSampleDataSource(
            category="Custom", sampleName=None, uris=None, fileNames=None, nodeNames=None, customDownloader=None,
            thumbnailFileName=None, loadFileTypes=None, loadFiles=None, loadFileProperties=None, checksums=None,
        ):  # fmt: skip
            registered[sampleName] = dict(locals())

        def sourceForSampleName(self, name):
            if name == "CTChest":
                return None  # another version of Slicer
            return SimpleNamespace(
                uris=[f"https://slicer/{name}"], fileNames=[f"{name}.nrrd"], nodeNames=[name], checksums=["SHA256:1"],
                loadFileTypes=[None], loadFiles=[None], thumbnailFileName="icon.png",
            )  # fmt: skip

    monkeypatch.setitem(sys.modules, "SampleData", SimpleNamespace(SampleDataLogic=Logic))
    module("XAICLIP")
    slicerApp.startupCompleted.emit()
    assert {source["category"] for source in registered.values()} == {"XAICLIP"}
    [phantom] = registered["XAICLIPPhantom"]["customDownloader"](None)
    assert phantom.GetImageData().GetDimensions() == (256, 256, 40)
    assert Path(registered["XAICLIPPhantom"]["thumbnailFileName"]).exists()
    liver = registered["CTLiver (XAICLIP)"]
    assert (liver["uris"], liver["checksums"]) == (["https://slicer/CTLiver"], ["SHA256:1"])
    assert liver["customDownloader"] is None, "SampleData.downloadSample never asks one"
    assert "CTChest (XAICLIP)" not in registered


@pytest.mark.parametrize("installed", [True, False])
def test_libraryIsFound(tmp_path, installed):
    """Installed, the library lies beside the module; in the sources, beside the module's folder."""
    (tmp_path / "module").mkdir()
    for name in ("XAICLIP.py", "XAICLIPSlicer", "Resources"):
        (tmp_path / "module" / name).symlink_to(ROOT / "XAICLIP" / name)
    place = tmp_path / ("module" if installed else ".")
    (place / "XAICLIPLib").symlink_to(ROOT / "XAICLIPLib")
    # resolve() would follow the links to the sources
    text = (ROOT / "XAICLIP" / "XAICLIP.py").read_text(encoding="utf-8").replace(".resolve()", ".absolute()")
    (tmp_path / "module" / "XAICLIP.py").unlink()
    (tmp_path / "module" / "XAICLIP.py").write_text(text, encoding="utf-8")
    program = f"""
import sys
sys.path.insert(0, {str(tmp_path / "testing")!r})
import Testing.host as host
host.start()
# the sources must not be found in any other way, such as by an editable installation
sys.meta_path[:] = [finder for finder in sys.meta_path if "editable" not in repr(finder)]
sys.path[:] = [entry for entry in sys.path if entry not in ("", {str(ROOT)!r}, {str(tmp_path / "testing")!r})]
module = host.loadModule({str(tmp_path / "module" / "XAICLIP.py")!r})
host.showModule(module)
import XAICLIPLib
print(XAICLIPLib.__file__)
"""
    (tmp_path / "testing").mkdir()
    (tmp_path / "testing" / "Testing").symlink_to(ROOT / "Testing")
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == str(place / "XAICLIPLib" / "__init__.py"), done.stderr
