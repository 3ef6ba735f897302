"""A stand-in for the window of 3D Slicer, to run a scripted module without Slicer.

The scene, the logics and the views are Slicer's own, from the ``slicer-core`` wheel (`host.mrml`). What that wheel
lacks is here: Qt as Slicer's Python sees it (`host.pythonqt`), the CTK and MRML widgets that a panel uses
(`host.ctkwidgets`, `host.mrmlwidgets`), the application, the layout and the modules. ``slicer.ScriptedLoadableModule``,
``slicer.parameterNodeWrapper``, ``slicer.i18n`` and ``slicer.packaging`` come from `host/slicerpython`, or are Slicer's
own files where the environment variable ``SLICER_PYTHON_DIR`` names ``Base/Python/slicer`` of Slicer's sources.

A pass proves the module's logic, its names and its use of the scene. It does not prove the API of the real widgets: for
that there is the module's own test in a real Slicer.

    from Testing import host                            # with the repository's root on sys.path
    app = host.start()                                  # once in a process; `import qt, ctk, slicer` works from here on
    module = host.loadModule("XAICLIP/XAICLIP.py")
    panel = host.showModule(module)                     # the module's Python widget
    host.grab(panel.parent, "panel.png")

Tests use the fixtures of `host.fixtures` instead.
"""

import os
import sys
import time
import types

_state = types.SimpleNamespace(app=None, folder=None)


def start(folder=None):
    """Become Slicer: patch Qt, make the application and an empty scene. Returns ``slicer.app``.

    Ordinary PySide6 code no longer works in this process, so nothing here is called on import.
    """
    if _state.app is not None:
        return _state.app
    # before Qt and VTK are loaded: neither needs a screen
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
    from . import pythonqt

    qt = pythonqt.install()
    import slicer

    from . import application, ctkwidgets, layout, modules, mrmlwidgets, subjecthierarchy, uiloader

    ctk = types.ModuleType("ctk", "The CTK widgets of Slicer's Python, as far as the stand-in has them.")
    for name in ctkwidgets.__all__:
        setattr(ctk, name, getattr(ctkwidgets, name))
    sys.modules["ctk"] = ctk
    uiloader.install(qt)
    _state.folder = str(folder or application.temporaryFolder())
    _state.app = slicer.app = application.Application(_state.folder)
    application.installLauncher(_state.folder)
    mrmlwidgets.install()
    layout.install()
    modules.install()
    subjecthierarchy.install()
    slicer.util.mainWindow = slicer.app.mainWindow
    slicer.__path__.append(slicerPythonFolder())
    if "SLICER_PYTHON_DIR" in os.environ:  # `host.mrml` has put the stand-in's here
        sys.modules.pop("slicer.i18n", None)
    # Slicer's own wrapper asks this module for the node classes.
    sys.modules.setdefault("MRMLCorePython", sys.modules["slicer_core.MRMLCore"])
    newScene()
    return _state.app


def slicerPythonFolder():
    """Where ``slicer.ScriptedLoadableModule`` and the like are taken from."""
    folder = os.environ.get("SLICER_PYTHON_DIR")
    if not folder:
        return os.path.join(os.path.dirname(__file__), "slicerpython")
    if not os.path.isfile(os.path.join(folder, "ScriptedLoadableModule.py")):
        raise FileNotFoundError(f"SLICER_PYTHON_DIR={folder} is not Base/Python/slicer of Slicer's sources")
    return folder


def newScene():
    """Replace the scene, its logics and views by fresh ones."""
    from .mrml import MrmlApp

    before = _state.app._mrml
    _state.app.useScene(MrmlApp(_state.folder))
    if before is not None:
        before.close()
    return _state.app.mrmlScene()


def mrml():
    """The `MrmlApp` behind ``slicer.app``: for pictures, ``host.mrml().sliceView("Red").image()``."""
    return _state.app._mrml


def loadModule(path):
    """Load a scripted module; see `host.modules.load`."""
    from . import modules

    return modules.load(path)


def showModule(module):
    """Go to a module as the user does; returns the Python object of its panel."""
    import slicer

    slicer.util.selectModule(module)
    return module.widgetRepresentation().self()


def showWindow(module=None, width=1500, height=1000, panelWidth=480):
    """Show a window with the panel of `module` on the left and the views of the current layout; returns it."""
    from PySide6 import QtCore, QtWidgets

    app = _state.app
    window = QtWidgets.QMainWindow()
    window.setWindowTitle("3D Slicer (stand-in)")
    window.setCentralWidget(app.layoutManager().viewport())
    if module is not None:
        showModule(module)
        dock, scroll = QtWidgets.QDockWidget(module.title, window), QtWidgets.QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(module.widgetRepresentation())
        scroll.setMinimumWidth(panelWidth)
        dock.setWidget(scroll)
        window.addDockWidget(QtCore.Qt.DockWidgetArea.LeftDockWidgetArea, dock)
    window.resize(width, height)
    window.show()
    app._window = window
    app.processEvents()
    return window


def waitUntil(condition, seconds=30.0, what=""):
    """Let the event loop run until `condition()` is true; TimeoutError if that takes too long."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} s: {what or condition}")
        _state.app.processEvents()
        time.sleep(0.001)


def grab(widget, path=None, width=None, height=None):
    """A picture of a widget, as PNG if `path` is given; returns the QImage. A hidden widget is shown first."""
    if width or height:
        widget.resize(width or widget.width, height or widget.height)
    if not widget.visible:
        widget.show()
    for _ in range(3):  # layouts settle in steps
        _state.app.processEvents()
    image = widget.grab().toImage()
    if path is not None and not image.save(str(path)):
        raise OSError(f"cannot write {path}")
    return image
