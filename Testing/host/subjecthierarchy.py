"""Plugins of the subject hierarchy: registered, and asked for the entries of an item's menu, as Slicer does it.

The hierarchy itself is Slicer's own, from the ``slicer-core`` wheel; what is missing there is the tree of the Data
module and its menu.
"""

import importlib.util
import sys
import types
from pathlib import Path

import slicer
from PySide6 import QtCore


class qSlicerSubjectHierarchyScriptedPlugin(QtCore.QObject):
    """The C++ side of a plugin written in Python."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self._name, self._python = "UnnamedScriptedPlugin", None

    name = property(lambda self: self._name, lambda self, value: setattr(self, "_name", value))

    def setPythonSource(self, path):
        """Find the class of the file's name in the file, and make one."""
        path = Path(path)
        assert path.suffix == ".py" and path.stem.endswith("SubjectHierarchyPlugin"), path
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        self._python = getattr(module, path.stem)(self)
        return True


class qSlicerSubjectHierarchyPluginHandler(QtCore.QObject):
    """All plugins, and the item that a menu is open for."""

    _only = None

    def __init__(self):
        super().__init__()
        self._plugins, self._item = {}, 0

    @classmethod
    def instance(cls):
        cls._only = cls._only or cls()
        return cls._only

    def registerPlugin(self, plugin):
        if plugin.name in self._plugins:
            return False
        self._plugins[plugin.name] = plugin
        return True

    def pluginByName(self, name):
        return self._plugins.get(name)

    def currentItem(self):
        return self._item

    def setCurrentItem(self, item):
        self._item = item


def menuOf(item):
    """What stands in the menu of an item: the visible actions of all plugins."""
    handler = qSlicerSubjectHierarchyPluginHandler.instance()
    handler.setCurrentItem(item)
    shown = []
    for plugin in handler._plugins.values():
        actions = plugin._python.itemContextMenuActions()
        for action in actions:
            action.visible = False
        plugin._python.showContextMenuActionsForItem(item)
        shown += [action for action in actions if action.visible]
    return shown


def install():
    """Put the classes where Slicer's Python has them."""

    class AbstractScriptedSubjectHierarchyPlugin:
        def __init__(self, scriptedPlugin):
            self.scriptedPlugin = scriptedPlugin
            slicer.qSlicerSubjectHierarchyPluginHandler.instance().registerPlugin(scriptedPlugin)

    slicer.qSlicerSubjectHierarchyScriptedPlugin = qSlicerSubjectHierarchyScriptedPlugin
    slicer.qSlicerSubjectHierarchyPluginHandler = qSlicerSubjectHierarchyPluginHandler
    base = types.ModuleType("AbstractScriptedSubjectHierarchyPlugin")
    base.AbstractScriptedSubjectHierarchyPlugin = AbstractScriptedSubjectHierarchyPlugin
    sys.modules["AbstractScriptedSubjectHierarchyPlugin"] = base
    sys.modules["SubjectHierarchyPlugins"] = types.ModuleType("SubjectHierarchyPlugins")
