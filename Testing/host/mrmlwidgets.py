"""Stand-ins for Slicer's other MRML widgets: the panel's root, segments, tables, numbers with units.

Import after `pythonqt.install`: from then on Qt properties are attributes here as well.
"""

import slicer
import vtk
from PySide6 import QtCore, QtGui, QtWidgets

from .ctknumbers import ctkDoubleSpinBox, ctkRangeWidget, ctkSliderWidget
from .mrmlnodes import SceneObserver, qMRMLCheckableNodeComboBox, qMRMLColorTableComboBox, qMRMLNodeComboBox

__all__ = [
    "qMRMLCheckableNodeComboBox",
    "qMRMLColorTableComboBox",
    "qMRMLNodeComboBox",
    "qMRMLRangeWidget",
    "qMRMLSegmentSelectorWidget",
    "qMRMLSliderWidget",
    "qMRMLSpinBox",
    "qMRMLTableView",
    "qMRMLWidget",
    "qSlicerWidget",
]


class qMRMLWidget(QtWidgets.QWidget):
    """A widget that passes the scene on to whom its .ui file connects it."""

    mrmlSceneChanged = QtCore.Signal(object)
    SIGNALS = {"mrmlSceneChanged(vtkMRMLScene*)": "mrmlSceneChanged"}

    def __init__(self, parent=None):
        super().__init__(parent)
        self._scene = None

    def mrmlScene(self):
        return self._scene

    def setMRMLScene(self, scene):
        if scene is not self._scene:
            self._scene = scene
            self.mrmlSceneChanged.emit(scene)


class qSlicerWidget(qMRMLWidget):
    """The base class of module widgets."""


class qMRMLSegmentSelectorWidget(qMRMLWidget, SceneObserver):
    """A segmentation and one of its segments."""

    def _concerns(self, node):
        return node.IsA("vtkMRMLSegmentationNode")

    def _looks(self, node):
        segmentation = node.GetSegmentation()
        names = [segmentation.GetSegment(i).GetName() for i in segmentation.GetSegmentIDs()] if segmentation else []
        return node.GetName(), *names

    currentNodeChanged = QtCore.Signal(object)
    currentSegmentChanged = QtCore.Signal(str)
    segmentSelectionChanged = QtCore.Signal("QStringList")
    SIGNALS = {"currentNodeChanged(vtkMRMLNode*)": "currentNodeChanged"}

    def __init__(self, parent=None):
        super().__init__(parent)
        self._startObserving()
        self._noneEnabled, self._multiSelection, self._segment, self._selected, self._told = False, False, "", [], None
        self._node, self._combo = qMRMLNodeComboBox(self), QtWidgets.QComboBox(self)
        self._node.setAddEnabled(False)
        self._node.setNodeTypes(["vtkMRMLSegmentationNode"])
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._node, 1)
        layout.addWidget(self._combo, 1)
        self._node.currentNodeChanged.connect(self._onNode)
        self._combo.currentIndexChanged.connect(lambda index: self.setCurrentSegmentID(self._combo.itemData(index)))

    def mrmlScene(self):
        return self._scene

    def setMRMLScene(self, scene):
        self._node.setMRMLScene(scene)
        SceneObserver.setMRMLScene(self, scene)

    def _onNode(self, node):
        self._segment, self._selected = "", []
        self.currentNodeChanged.emit(node)
        self.onSceneChanged()

    def _segments(self):
        node = self.currentNode()
        segmentation = node.GetSegmentation() if node else None
        return {i: segmentation.GetSegment(i).GetName() for i in segmentation.GetSegmentIDs()} if segmentation else {}

    def onSceneChanged(self):
        self._watch([self.currentNode()] if self.currentNode() else [])
        segments = self._segments()
        if self._segment not in segments:
            self._segment = "" if self._noneEnabled or not segments else next(iter(segments))
        self._combo.blockSignals(True)
        self._combo.clear()
        if self._noneEnabled:
            self._combo.addItem("None", "")
        for identifier, name in segments.items():
            self._combo.addItem(name, identifier)
        self._combo.setCurrentIndex(self._combo.findData(self._segment))
        self._combo.blockSignals(False)
        if self._segment != self._told:
            self._told = self._segment
            self.currentSegmentChanged.emit(self._segment)

    def currentNode(self):
        return self._node.currentNode()

    def currentNodeID(self):
        return self._node.currentNodeID

    def setCurrentNode(self, node):
        self._node.setCurrentNode(node)

    def setCurrentNodeID(self, identifier):
        self._node.setCurrentNodeID(identifier)

    def currentSegmentID(self):
        return self._segment

    def setCurrentSegmentID(self, identifier):
        self._segment = identifier if identifier in self._segments() else ""
        self.onSceneChanged()

    def selectedSegmentIDs(self):
        return list(self._selected) if self._multiSelection else [self._segment] if self._segment else []

    def setSelectedSegmentIDs(self, identifiers):
        self._selected = [i for i in identifiers if i in self._segments()]
        self.segmentSelectionChanged.emit(self._selected)

    def setNoneEnabled(self, enabled):
        self._noneEnabled = enabled
        self._node.setNoneEnabled(enabled)
        self.onSceneChanged()

    def setMultiSelection(self, multiple):
        self._multiSelection = multiple

    def setEditEnabled(self, enabled):
        self._node.setEditEnabled(enabled)

    def setSegmentationNodeSelectorVisible(self, visible):
        self._node.setVisible(visible)

    noneEnabled = QtCore.Property(bool, lambda self: self._noneEnabled, setNoneEnabled)
    multiSelection = QtCore.Property(bool, lambda self: self._multiSelection, setMultiSelection)
    editEnabled = QtCore.Property(bool, lambda self: self._node.editEnabled, setEditEnabled)
    segmentationNodeSelectorVisible = QtCore.Property(
        bool, lambda self: not self._node.isHidden(), setSegmentationNodeSelectorVisible
    )


class qMRMLTableView(QtWidgets.QTableView):
    """A table node, as rows and columns."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self._scene, self._node, self._tag, self._model = None, None, None, QtGui.QStandardItemModel(self)
        self.setModel(self._model)
        self.destroyed.connect(lambda *_: self._release())

    def _release(self):
        if self._node is not None:
            self._node.RemoveObserver(self._tag)
            self._node = None

    def mrmlScene(self):
        return self._scene

    def setMRMLScene(self, scene):
        self._scene = scene

    def mrmlTableNode(self):
        return self._node

    def setMRMLTableNode(self, node):
        self._release()
        self._node = node
        if node is not None:
            self._tag = node.AddObserver(vtk.vtkCommand.ModifiedEvent, self._show)
        self._show()

    def setFirstRowLocked(self, locked):
        """Editing is not part of the stand-in."""

    def _show(self, *_):
        self._model.clear()
        table = self._node.GetTable() if self._node is not None else None
        if table is None:
            return
        columns = range(table.GetNumberOfColumns())
        self._model.setHorizontalHeaderLabels([table.GetColumnName(c) or "" for c in columns])
        for row in range(table.GetNumberOfRows()):
            self._model.appendRow([QtGui.QStandardItem(self._node.GetCellText(row, c)) for c in columns])


class qMRMLSliderWidget(ctkSliderWidget):
    """A slider; units are not part of the stand-in."""

    def setMRMLScene(self, scene):
        """Nothing to take from the scene."""


class qMRMLSpinBox(ctkDoubleSpinBox):
    """A spin box; units are not part of the stand-in."""

    def setMRMLScene(self, scene):
        """Nothing to take from the scene."""


class qMRMLRangeWidget(ctkRangeWidget):
    """A range; units are not part of the stand-in."""

    def setMRMLScene(self, scene):
        """Nothing to take from the scene."""


def install():
    """Put the widgets where Slicer's Python has them."""
    for name in __all__:
        setattr(slicer, name, globals()[name])
