"""Stand-ins for Slicer's other MRML widgets: the panel's root, segments, tables, numbers with units.

Import after `pythonqt.install`: from then on Qt properties are attributes here as well.
"""

import slicer
import vtk
from PySide6 import QtCore, QtGui, QtWidgets

from .ctknumbers import ctkDoubleSpinBox, ctkRangeWidget, ctkSliderWidget
from .mrmlnodes import SceneObserver, qMRMLCheckableNodeComboBox, qMRMLColorTableComboBox, qMRMLNodeComboBox
from .offered import hold

__all__ = [
    "qMRMLCheckableNodeComboBox",
    "qMRMLColorTableComboBox",
    "qMRMLNodeComboBox",
    "qMRMLRangeWidget",
    "qMRMLSegmentEditorWidget",
    "qMRMLSegmentSelectorWidget",
    "qMRMLSliderWidget",
    "qMRMLSpinBox",
    "qMRMLTableView",
    "qMRMLWidget",
    "qSlicerWidget",
]


@hold
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


@hold
class qSlicerWidget(qMRMLWidget):
    """The base class of module widgets."""


@hold
class qMRMLSegmentSelectorWidget(qMRMLWidget, SceneObserver):
    """A segmentation and one of its segments.

    With Slicer's two habits: where none is allowed, a segmentation that is chosen leaves the segment at none; and a
    segmentation that goes leaves the ID of its segment behind, without a word.
    """

    def _concerns(self, node):
        return node.IsA("vtkMRMLSegmentationNode")

    def _looks(self, node):
        segmentation = node.GetSegmentation()
        names = [segmentation.GetSegment(i).GetName() for i in segmentation.GetSegmentIDs()] if segmentation else []
        return node.GetName(), *names

    currentNodeChanged = QtCore.Signal(object)
    _currentNodeValid = QtCore.Signal(bool)
    currentSegmentChanged = QtCore.Signal(str)
    segmentSelectionChanged = QtCore.Signal("QStringList")
    SIGNALS = {
        "currentNodeChanged(vtkMRMLNode*)": "currentNodeChanged",
        "currentNodeChanged(bool)": "_currentNodeValid",
    }

    def __init__(self, parent=None):
        super().__init__(parent)
        self._startObserving()
        self._noneEnabled, self._multiSelection, self._segment, self._selected = False, False, "", []
        self._node, self._combo = qMRMLNodeComboBox(self), QtWidgets.QComboBox(self)
        self._node.addEnabled = False
        self._node.nodeTypes = ["vtkMRMLSegmentationNode"]
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._node, 1)
        layout.addWidget(self._combo, 1)
        self._node.currentNodeChanged.connect(self._onNode)
        self._combo.currentIndexChanged.connect(self._onIndex)

    def mrmlScene(self):
        return self._scene

    def setMRMLScene(self, scene):
        self._node.setMRMLScene(scene)
        SceneObserver.setMRMLScene(self, scene)

    def _onNode(self, node):
        self._onSceneChanged()
        self.currentNodeChanged.emit(node)
        self._currentNodeValid.emit(node is not None)

    def _onIndex(self, index):
        if self.currentNode() is not None:
            self._segment = self._combo.itemData(index) or ""
            self.currentSegmentChanged.emit(self._segment)

    def _segments(self):
        node = self.currentNode()
        segmentation = node.GetSegmentation() if node else None
        return {i: segmentation.GetSegment(i).GetName() for i in segmentation.GetSegmentIDs()} if segmentation else {}

    def _onSceneChanged(self):
        self._watch([self.currentNode()] if self.currentNode() else [])
        segments = self._segments()
        blocked = self._combo.blockSignals(True)
        self._combo.clear()
        if segments and self._noneEnabled:
            self._combo.addItem("None", "")
        for identifier, name in segments.items():
            self._combo.addItem(name, identifier)
        isKept = self._segment in segments or (self._noneEnabled and not self._segment)
        self._combo.setCurrentIndex(self._combo.findData(self._segment) if isKept else -1)
        self._combo.blockSignals(blocked)
        if segments and not isKept:
            self._combo.setCurrentIndex(1 if self._noneEnabled else 0)

    def currentNode(self):
        return self._node.currentNode()

    def currentNodeID(self):
        return self._node.currentNodeID

    def setCurrentNode(self, node):
        self._node.setCurrentNode(node)

    def setCurrentNodeID(self, identifier):
        self._node.setCurrentNodeID(identifier)

    def currentSegmentID(self):
        return "" if self._multiSelection else self._segment

    def setCurrentSegmentID(self, identifier):
        if not identifier and self._noneEnabled:
            self._combo.setCurrentIndex(0)
        elif self._combo.findData(identifier) >= 0:
            self._combo.setCurrentIndex(self._combo.findData(identifier))

    def segmentIDs(self):
        return tuple(self._segments()) if self._multiSelection else ()

    def selectedSegmentIDs(self):
        return tuple(self._selected) if self._multiSelection else ()

    def setSelectedSegmentIDs(self, identifiers):
        self._selected = [i for i in identifiers if i in self._segments()]
        self.segmentSelectionChanged.emit(self._selected)

    def _setNoneEnabled(self, enabled):
        self._noneEnabled = enabled
        self._node.noneEnabled = enabled
        self._onSceneChanged()

    def _setMultiSelection(self, multiple):
        self._multiSelection = multiple

    def _setEditEnabled(self, enabled):
        self._node.editEnabled = enabled

    def _setSegmentationNodeSelectorVisible(self, visible):
        self._node.setVisible(visible)

    noneEnabled = QtCore.Property(bool, lambda self: self._noneEnabled, _setNoneEnabled)
    multiSelection = QtCore.Property(bool, lambda self: self._multiSelection, _setMultiSelection)
    editEnabled = QtCore.Property(bool, lambda self: self._node.editEnabled, _setEditEnabled)
    segmentationNodeSelectorVisible = QtCore.Property(
        bool, lambda self: not self._node.isHidden(), _setSegmentationNodeSelectorVisible
    )


@hold
class qMRMLSegmentEditorWidget(qMRMLWidget):
    """What the Segment Editor works on; its tools are not part of the stand-in."""

    currentSegmentIDChanged = QtCore.Signal(str)

    def __init__(self, parent=None):
        super().__init__(parent)
        self._segmentation, self._source, self._segment = None, None, ""

    def segmentationNode(self):
        return self._segmentation

    def setSegmentationNode(self, node):
        if node is not None and not node.IsA("vtkMRMLSegmentationNode"):
            raise ValueError(f"Called setSegmentationNode with wrong arguments: {node.GetClassName()}")
        self._segmentation, self._segment = node, ""

    def sourceVolumeNode(self):
        return self._source

    def setSourceVolumeNode(self, node):
        # Slicer takes the volume only after there is a segmentation for it
        self._source = node if self._segmentation is not None else None

    def currentSegmentID(self):
        return self._segment

    def setCurrentSegmentID(self, identifier):
        if self._segmentation is not None and self._segmentation.GetSegmentation().GetSegment(identifier) is not None:
            self._segment = identifier
            self.currentSegmentIDChanged.emit(identifier)


@hold
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


@hold
class qMRMLSliderWidget(ctkSliderWidget):
    """A slider; units are not part of the stand-in."""

    def setMRMLScene(self, scene):
        """Nothing to take from the scene."""


@hold
class qMRMLSpinBox(ctkDoubleSpinBox):
    """A spin box; units are not part of the stand-in."""

    def setMRMLScene(self, scene):
        """Nothing to take from the scene."""


@hold
class qMRMLRangeWidget(ctkRangeWidget):
    """A range; units are not part of the stand-in."""

    def setMRMLScene(self, scene):
        """Nothing to take from the scene."""


def install():
    """Put the widgets where Slicer's Python has them."""
    for name in __all__:
        setattr(slicer, name, globals()[name])
