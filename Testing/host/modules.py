"""Scripted modules: found by their file, loaded and shown as Slicer does it."""

import importlib.util
import sys
from pathlib import Path
from types import SimpleNamespace

import slicer
from PySide6 import QtCore, QtGui, QtWidgets

from .mrmlwidgets import qSlicerWidget


class qSlicerScriptedLoadableModule(QtCore.QObject):
    """What Slicer knows of a scripted module, and its `parent` in Python."""

    def __init__(self, path):
        super().__init__()
        self._values = {"path": str(path), "name": Path(path).stem, "hidden": False, "index": -1, "icon": QtGui.QIcon(),
                        "widgetRepresentationCreationEnabled": True}  # fmt: skip
        self._widget = None

    def logic(self):
        """The C++ logic: a scripted module has none of interest."""
        return None

    def widgetRepresentation(self):
        if self._widget is None:
            self._widget = self.createNewWidgetRepresentation()
            setattr(slicer.modules, f"{self.name}Widget", self._widget.self())
        return self._widget

    def createNewWidgetRepresentation(self):
        return qSlicerScriptedLoadableModuleWidget(self)

    def leave(self):
        if self._widget is not None:
            self._widget.leave()

    def release(self):
        """Let the panel go, as when Slicer unloads the module."""
        self.leave()
        if self._widget is not None:
            slicer.app.moduleManager().moduleAboutToBeUnloaded.emit(self.name)
            self._widget.deleteLater()
            self._widget = None

    def _value(name):
        return property(lambda self: self._values.get(name), lambda self, value: self._values.__setitem__(name, value))

    for _name in ("title", "categories", "dependencies", "contributors", "helpText", "acknowledgementText", "icon",
                  "index", "hidden", "associatedNodeTypes", "path", "name",
                  "widgetRepresentationCreationEnabled"):  # fmt: skip
        locals()[_name] = _value(_name)


class qSlicerScriptedLoadableModuleWidget(qSlicerWidget):
    """The place of a panel in the window, and its `parent` in Python."""

    def __init__(self, module):
        super().__init__()
        self._module, self._entered = module, False
        QtWidgets.QVBoxLayout(self)
        self.setMRMLScene(slicer.mrmlScene)
        self._make()

    def _make(self):
        python = getattr(sys.modules[self._module.name], f"{self._module.name}Widget")
        self._self = python(self)
        self._self.setup()

    def self(self):
        return self._self

    def module(self):
        return self._module

    def reload(self):
        """`slicer.util.reloadScriptedModule` ends here: a new panel of the class that was just read again."""
        self._make()
        setattr(slicer.modules, f"{self._module.name}Widget", self._self)

    def enter(self):
        if not self._entered:
            self._entered = True
            if hasattr(self._self, "enter"):
                self._self.enter()

    def leave(self):
        """The user goes to another module (`exit` in Python)."""
        if self._entered:
            self._entered = False
            if hasattr(self._self, "exit"):
                self._self.exit()

    isEntered = property(lambda self: self._entered)


class ModuleSelector(QtWidgets.QComboBox):
    """``slicer.util.moduleSelector()``: enters and leaves modules."""

    moduleSelected = QtCore.Signal(str)

    def __init__(self):
        super().__init__()
        self._current = ""

    selectedModule = property(lambda self: self._current)

    def selectModule(self, name):
        if name == self._current:
            return
        leaving = slicer.app.moduleManager().module(self._current) if self._current else None
        self._current = name
        if isinstance(leaving, qSlicerScriptedLoadableModule):
            leaving.leave()
        entering = slicer.app.moduleManager().module(name)
        if isinstance(entering, qSlicerScriptedLoadableModule):
            entering.widgetRepresentation().enter()
        self.moduleSelected.emit(name)


def load(path):
    """Load a module from its file and register it in ``slicer.modules``; its panel is made on first use.

    As in Slicer the folder of the file is put on ``sys.path`` and the module is known to Python by its name.
    """
    path = Path(path).resolve()
    name = path.stem
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    if name not in sys.modules or Path(getattr(sys.modules[name], "__file__", "") or "") != path:
        spec = importlib.util.spec_from_file_location(name, path)
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    module = qSlicerScriptedLoadableModule(path)
    setattr(slicer.modules, name.lower(), module)
    setattr(slicer.modules, f"{name}Instance", getattr(sys.modules[name], name)(module))
    slicer.app.moduleManager().moduleLoaded.emit(name)
    return module


def unload(module):
    """Undo `load`."""
    if slicer.util.selectedModule() == module.name:
        slicer.util.moduleSelector().selectModule("")
    module.release()
    for name in (module.name.lower(), f"{module.name}Instance", f"{module.name}Widget"):
        if hasattr(slicer.modules, name):
            delattr(slicer.modules, name)


def install():
    """Put the classes where Slicer's Python has them."""
    slicer.qSlicerScriptedLoadableModule = qSlicerScriptedLoadableModule
    slicer.qSlicerScriptedLoadableModuleWidget = qSlicerScriptedLoadableModuleWidget
    slicer.modules = SimpleNamespace()
    selector = ModuleSelector()
    slicer.util.moduleSelector = lambda: selector
    slicer.util.selectModule = lambda module: selector.selectModule(getattr(module, "name", module))
    slicer.util.selectedModule = lambda: selector.selectedModule
