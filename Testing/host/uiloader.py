"""Qt's .ui loader, with the stand-ins for CTK and MRML widgets.

Stricter than Slicer where Slicer would go wrong in silence: a widget class that is not known, a property that the class
does not have and a connection that cannot be made are errors.
"""

import functools
import operator
import xml.etree.ElementTree

from PySide6 import QtCore, QtUiTools, QtWidgets

from . import ctkwidgets, mrmlwidgets, pythonqt


def standIns():
    """Return the stand-in classes by their names."""
    return {name: getattr(module, name) for module in (ctkwidgets, mrmlwidgets) for name in module.__all__}


class UiLoader(QtUiTools.QUiLoader):
    """``qt.QUiLoader``."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self._classes = standIns()
        self._made = []

    def createWidget(self, className, parent=None, name=""):
        if className in self._classes:
            widget = self._classes[className](parent)
            widget.setObjectName(name)
        else:
            widget = super().createWidget(className, parent, name)
            if widget is None:
                raise RuntimeError(f"widget {name!r}: the stand-in for Slicer's window has no class {className}")
        self._made.append(widget)
        return widget

    def load(self, device, parent=None):
        tree = xml.etree.ElementTree.ElementTree(xml.etree.ElementTree.fromstring(bytes(device.readAll().data())))
        root = tree.getroot()
        self._checkProperties(root)
        flags = self._takeFlags(root)
        connections = root.find("connections")
        if connections is not None:
            root.remove(connections)
        buffer = QtCore.QBuffer()
        buffer.setData(xml.etree.ElementTree.tostring(root))
        buffer.open(QtCore.QIODevice.OpenModeFlag.ReadOnly)
        with pythonqt.ignoringAttributes():
            widget = super().load(buffer, parent)
        if widget is None:
            raise RuntimeError(f"cannot load the .ui file: {self.errorString()}")
        widget._standIns = self._made  # Python must not forget them while Qt still has them
        for name, field, value in flags:
            setattr(widget.findChild(QtCore.QObject, name), field, value)
        for connection in connections if connections is not None else ():
            sender, signal, receiver, slot = (connection.findtext(k) for k in ("sender", "signal", "receiver", "slot"))
            objects = [
                widget if widget.objectName == n else widget.findChild(QtCore.QObject, n) for n in (sender, receiver)
            ]
            if None in objects:
                raise RuntimeError(f"the .ui file connects {sender} to {receiver}, and one of them does not exist")
            if not pythonqt.connect(objects[0], signal, objects[1], slot):
                raise RuntimeError(f"the .ui file connects {signal} of {sender}, which does not exist")
        return widget

    def _takeFlags(self, root):
        """Take flag properties of stand-ins out of the file: Qt cannot read flags that are defined in Python."""
        taken = []
        for element in root.iter("widget"):
            cls = self._classes.get(element.get("class"))
            for entry in element.findall("property") if cls else ():
                if entry.find("set") is not None and entry.get("name") in vars(cls):
                    names = [part.rpartition("::")[2] for part in entry.findtext("set").split("|")]
                    flags = [getattr(cls, name) for name in names]
                    taken.append((element.get("name"), entry.get("name"), functools.reduce(operator.or_, flags)))
                    element.remove(entry)
        return taken

    def _checkProperties(self, root):
        for element in root.iter("widget"):
            cls = self._classes.get(element.get("class")) or getattr(QtWidgets, element.get("class"), None)
            if cls is None:
                raise RuntimeError(
                    f"{element.get('name')}: the stand-in for Slicer's window has no {element.get('class')}"
                )
            for entry in element.findall("property"):
                known = entry.get("name") == "buddy" or entry.get("name") in pythonqt.propertyNames(cls)
                if not known and entry.get("stdset") != "0":
                    raise RuntimeError(
                        f"{element.get('name')}: {element.get('class')} has no property {entry.get('name')}"
                    )


def install(qt):
    """Make it the loader that `slicer.util.loadUI` uses."""
    qt.QUiLoader = UiLoader
