"""What all tests share: where the sources are, drawing without a screen, and the window's fixtures."""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Not installed packages: the sources next to these tests.
for folder in (ROOT / "XAICLIP", ROOT):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
# Set before Qt, VTK or matplotlib is loaded. Matplotlib would otherwise take the Qt of the stand-in for a screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
os.environ.setdefault("MPLBACKEND", "Agg")
# The user's cache and answers are not the tests' to write; one for all processes of a run, so that they choose the same
# precision.
os.environ.setdefault("XAICLIP_CACHE", tempfile.mkdtemp(prefix="xaiclip-cache-"))
os.environ.setdefault("XAICLIP_CONFIG", tempfile.mkdtemp(prefix="xaiclip-config-"))
# As in the program's own processes, see XAICLIPLib.threads.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

from Testing.host.fixtures import heartbeat, module, slicerApp  # noqa: E402, F401


def pytest_collection_modifyitems(items):
    """What opens the stand-in of Slicer's window or scene is slow."""
    for item in items:
        if item.path.parent.name in ("panel", "scene"):
            item.add_marker("slow")
