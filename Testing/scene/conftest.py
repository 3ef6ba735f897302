"""A real MRML scene per test, a scan in it, a real run of the engine on the phantom; any VTK error fails the test."""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "XAICLIP")]

from Testing.host.mrml import MrmlApp, vtkErrors  # noqa: E402
from Testing.scene.scenery import SHAPE, SLICES, SPACING, addVolume  # noqa: E402


@pytest.fixture(autouse=True)
def app(tmp_path):
    """The headless application; the views of Slicer's four-up layout are there."""
    with vtkErrors() as errors:
        app = MrmlApp(tmp_path / "app", size=(300, 300))
        yield app
        # what the user's views were changed to must not outlive the scene
        from XAICLIPSlicer.scene.layout import restoreLayout

        restoreLayout()
        app.close()
    assert not errors, "VTK reported:\n" + "\n".join(errors)


@pytest.fixture(scope="session")
def phantom():
    """Phantom CT and labels."""
    from XAICLIPLib.phantom import make_phantom

    return make_phantom(0, SHAPE, SPACING)


@pytest.fixture(scope="session")
def explained(phantom, tmp_path_factory):
    """A finished run of the engine on the phantom: the folder, and what the worker would answer."""
    from XAICLIPLib.attribution.methods import Occlusion
    from XAICLIPLib.case.request import Request
    from XAICLIPLib.pipeline.explain import run

    request = Request(
        scan="phantom",
        structures=("liver", "spleen"),
        method=Occlusion(patch=128, stride=64, unit="px512"),
        region="prediction",
        slices=f"{SLICES.start}:{SLICES.stop}",
        device="cpu",
    )
    explanation = run(request, scan=phantom[0])
    folder = explanation.save(tmp_path_factory.mktemp("run"), pictures=False)
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return folder, {"summary": report["summary"], "warnings": report["warnings"], "stopped": False}


@pytest.fixture
def scan(phantom):
    """The phantom as a volume node, shown in all views."""
    import slicer.util

    node = addVolume(phantom[0])
    node.SetName("CT abdomen")
    node.GetDisplayNode().AutoWindowLevelOff()
    node.GetDisplayNode().SetWindowLevelMinMax(-160, 240)
    slicer.util.setSliceViewerLayers(background=node)
    return node
