"""Stand-ins for Slicer's node selectors over the real scene: their names, properties and signals.

A widget sees a scene only after ``setMRMLScene``, as in Slicer: where a .ui file forgets the connection from
``mrmlSceneChanged`` of the panel, the selector stays empty here too.
Import after `pythonqt.install`: from then on Qt properties are attributes here as well.
"""

import shiboken6
import vtk
from PySide6 import QtCore, QtWidgets

from .offered import hold


class SceneObserver:
    """The MRML side of a widget: a scene, and `_onSceneChanged` when nodes come, go or are renamed."""

    def _startObserving(self):
        self._scene, self._tags, self._nodeTags, self._seen = None, [], {}, {}
        self.destroyed.connect(lambda *_, observer=self: SceneObserver.setMRMLScene(observer, None))

    def mrmlScene(self):
        return self._scene

    def setMRMLScene(self, scene):
        for tag in self._tags:
            self._scene.RemoveObserver(tag)
        self._watch([])
        self._scene, self._tags = scene, []
        if scene is None:
            return
        coming = (scene.NodeAddedEvent, scene.NodeRemovedEvent)
        self._tags = [scene.AddObserver(event, self._onNodeComesOrGoes) for event in coming]
        several = (scene.EndBatchProcessEvent, scene.EndCloseEvent)
        self._tags += [scene.AddObserver(event, self._onSceneEvent) for event in several]
        self._onSceneChanged()

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _onNodeComesOrGoes(self, scene, event, node):
        # as in Slicer, whose lists take no notice of nodes that they don't show
        if shiboken6.isValid(self) and self._concerns(node):
            self._onSceneEvent()

    def _concerns(self, node):
        """Whether a node that comes or goes changes the list."""
        return True

    def _onSceneEvent(self, *_):
        if shiboken6.isValid(self) and not self._scene.IsBatchProcessing():
            self._onSceneChanged()

    def _watch(self, nodes):
        """Observe the names and attributes of these nodes and of no others."""
        wanted = {node.GetID(): node for node in nodes}
        for identifier, (node, tag) in list(self._nodeTags.items()):
            if wanted.get(identifier) is not node:
                node.RemoveObserver(tag)
                del self._nodeTags[identifier]
        for identifier, node in wanted.items():
            if identifier not in self._nodeTags:
                tag = node.AddObserver(vtk.vtkCommand.ModifiedEvent, self._onNodeEvent)
                self._nodeTags[identifier] = (node, tag)
                self._seen[identifier] = self._looks(node)

    def _looks(self, node):
        """What of a node can be seen in the widget."""
        return node.GetName(), node.GetHideFromEditors(), *(node.GetAttribute(a) for a in node.GetAttributeNames())

    def _onNodeEvent(self, node, event):
        looks = self._looks(node)
        if looks != self._seen.get(node.GetID()):  # a new voxel is no reason to draw the list again
            self._seen[node.GetID()] = looks
            self._onSceneEvent()


@hold
class qMRMLNodeComboBox(QtWidgets.QWidget, SceneObserver):
    """A list of the scene's nodes of some classes."""

    currentNodeChanged = QtCore.Signal(object)
    _currentNodeValid = QtCore.Signal(bool)
    currentNodeIDChanged = QtCore.Signal(str)
    nodeActivated = QtCore.Signal(object)
    nodeAddedByUser = QtCore.Signal(object)
    SIGNALS = {
        "currentNodeChanged(vtkMRMLNode*)": "currentNodeChanged",
        "currentNodeChanged(bool)": "_currentNodeValid",
        "nodeActivated(vtkMRMLNode*)": "nodeActivated",
        "nodeAddedByUser(vtkMRMLNode*)": "nodeAddedByUser",
    }
    _CREATE = "Create new "

    def __init__(self, parent=None):
        super().__init__(parent)
        self._types, self._attributes, self._current, self._chosen = [], [], None, False
        self._flags = {"noneEnabled": False, "addEnabled": True, "removeEnabled": True, "editEnabled": False,
                       "renameEnabled": False, "showHidden": False, "showChildNodeTypes": True,
                       "selectNodeUponCreation": True}  # fmt: skip
        self._noneDisplay, self._baseName, self._nodes = "None", "", []
        self._combo = QtWidgets.QComboBox(self)
        self._combo.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._combo)
        self.setFocusProxy(self._combo)
        self._combo.currentIndexChanged.connect(self._onIndex)
        self._combo.activated.connect(self._onActivated)
        self._startObserving()

    # Which nodes ------------------------------------------------------------------------------------------------------

    def addAttribute(self, nodeType, name, value=None):
        self._attributes.append((nodeType, name, value))
        self._onSceneChanged()

    def removeAttribute(self, nodeType, name):
        self._attributes = [a for a in self._attributes if a[:2] != (nodeType, name)]
        self._onSceneChanged()

    def _accepts(self, node):
        children = self._flags["showChildNodeTypes"]
        if not any(node.IsA(t) if children else node.GetClassName() == t for t in self._types):
            return False
        if node.GetHideFromEditors() and not self._flags["showHidden"]:
            return False
        for nodeType, name, value in self._attributes:
            if node.IsA(nodeType) and (node.GetAttribute(name) is None or value not in (None, node.GetAttribute(name))):
                return False
        return True

    def _concerns(self, node):
        return node in self._nodes or self._accepts(node)

    def _onSceneChanged(self):
        """List the nodes again, keep the current one, and tell if it is gone."""
        scene = self._scene
        every = [scene.GetNthNode(i) for i in range(scene.GetNumberOfNodes())] if scene else []
        self._nodes = [node for node in every if self._accepts(node)]
        self._watch(self._nodes)
        before = self._current
        if before not in self._nodes:
            self._current = None
        if self._current is None and self._nodes and not self._flags["noneEnabled"] and not self._chosen:
            self._current = self._nodes[0]
        self._draw()
        if self._current is not before:
            self._tell()

    def _draw(self):
        self._combo.blockSignals(True)
        self._combo.clear()
        if self._flags["noneEnabled"]:
            self._combo.addItem(self._noneDisplay)
        self._combo.addItems([node.GetName() or "" for node in self._nodes])
        if self._flags["addEnabled"] and self._scene is not None:
            for nodeType in self._types:
                tag = self._scene.GetTagByClassName(nodeType) or nodeType
                self._combo.addItem(f"{self._CREATE}{self._baseName or tag}", nodeType)
        first = int(self._flags["noneEnabled"])
        index = self._nodes.index(self._current) + first if self._current in self._nodes else first - 1
        self._combo.setCurrentIndex(index)
        self._combo.blockSignals(False)

    def _tell(self):
        self.currentNodeChanged.emit(self._current)
        self._currentNodeValid.emit(self._current is not None)
        self.currentNodeIDChanged.emit(self.currentNodeID)

    # The current node -------------------------------------------------------------------------------------------------

    def _onIndex(self, index):
        nodeType = self._combo.itemData(index)
        if nodeType is not None:
            self._draw()
            self.addNode(nodeType)
            return
        position = index - int(self._flags["noneEnabled"])
        self.setCurrentNode(self._nodes[position] if 0 <= position < len(self._nodes) else None)

    def _onActivated(self, *_):
        self.nodeActivated.emit(self._current)

    def addNode(self, nodeType=None):
        nodeType = nodeType or self._types[0]
        base = self._baseName or self._scene.GetTagByClassName(nodeType)
        node = self._scene.AddNewNodeByClass(nodeType, self._scene.GenerateUniqueName(base))
        if self._flags["selectNodeUponCreation"]:
            self.setCurrentNode(node)
        self.nodeAddedByUser.emit(node)
        return node

    def removeCurrentNode(self):
        if self._current is not None:
            self._scene.RemoveNode(self._current)

    def currentNode(self):
        return self._current

    def setCurrentNode(self, node):
        """A node that is not in the list, or None, leaves nothing selected."""
        if isinstance(node, str):
            node = self._scene.GetNodeByID(node) if self._scene else None
        node = node if node in self._nodes else None
        self._chosen = True
        if node is not self._current:
            self._current = node
            self._draw()
            self._tell()

    def setCurrentNodeID(self, identifier):
        self.setCurrentNode(self._scene.GetNodeByID(identifier) if self._scene and identifier else None)

    def nodeCount(self):
        return len(self._nodes)

    def nodeFromIndex(self, index):
        return self._nodes[index]

    def _setNodeTypes(self, types):
        self._types = [types] if isinstance(types, str) else list(types)
        self._onSceneChanged()

    def _setNoneDisplay(self, text):
        self._noneDisplay = text
        self._draw()

    def _setBaseName(self, name):
        self._baseName = name
        self._draw()

    def _flag(name):
        def put(self, value):
            self._flags[name] = bool(value)
            self._onSceneChanged()

        return QtCore.Property(bool, lambda self: self._flags[name], put), put

    noneEnabled, _setNoneEnabled = _flag("noneEnabled")
    addEnabled, _setAddEnabled = _flag("addEnabled")
    removeEnabled, _setRemoveEnabled = _flag("removeEnabled")
    editEnabled, _setEditEnabled = _flag("editEnabled")
    renameEnabled, _setRenameEnabled = _flag("renameEnabled")
    showHidden, _setShowHidden = _flag("showHidden")
    showChildNodeTypes, _setShowChildNodeTypes = _flag("showChildNodeTypes")
    selectNodeUponCreation, _setSelectNodeUponCreation = _flag("selectNodeUponCreation")
    nodeTypes = QtCore.Property("QStringList", lambda self: self._types, _setNodeTypes)
    noneDisplay = QtCore.Property(str, lambda self: self._noneDisplay, _setNoneDisplay)
    baseName = QtCore.Property(str, lambda self: self._baseName, _setBaseName)
    currentNodeID = QtCore.Property(str, lambda self: self._current.GetID() if self._current else "", setCurrentNodeID)


@hold
class qMRMLColorTableComboBox(qMRMLNodeComboBox):
    """A list of the color tables."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self._setAddEnabled(False)
        self._setNodeTypes(["vtkMRMLColorNode"])


@hold
class qMRMLCheckableNodeComboBox(qMRMLNodeComboBox):
    """A list of nodes that can be checked."""

    checkedNodesChanged = QtCore.Signal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self._checked = []

    def checkedNodes(self):
        return [node for node in self._nodes if node in self._checked]

    def checkState(self, node):
        state = QtCore.Qt.CheckState
        return state.Checked if node in self._checked else state.Unchecked

    def setCheckState(self, node, state):
        checked = state == QtCore.Qt.CheckState.Checked
        if checked != (node in self._checked):
            self._checked = self._checked + [node] if checked else [n for n in self._checked if n is not node]
            self.checkedNodesChanged.emit()
