"""What PythonQt offers of Slicer's MRML widgets, read from the headers of Slicer/Slicer at 583e9b37.

The fields are explained in `kinds.Offered`; classes of Qt are offered whole.
"""

from .kinds import Offered

CLASSES = {
    "qMRMLCheckableNodeComboBox": Offered(
        bases="qMRMLNodeComboBox",
        methods="""
            allChecked check checkState checkedNodes noneChecked setCheckState setUserCheckable uncheck
            uncheckedNodes
        """,
        signals="checkedNodesChanged()",
    ),
    "qMRMLColorTableComboBox": Offered(
        bases="qMRMLNodeComboBox",
    ),
    "qMRMLNodeComboBox": Offered(
        bases="QWidget",
        properties="""
            currentNodeID currentNodeId nodeTypes showHidden showChildNodeTypes hideChildNodeTypes baseName
            noneEnabled addEnabled removeEnabled editEnabled renameEnabled interactionNodeSingletonTag
            selectNodeUponCreation noneDisplay sizeAdjustPolicy
        """,
        methods="""
            addAttribute addMenuAction addNode currentNode currentNodeId editCurrentNode mrmlScene nodeCount
            nodeFromIndex nodeTypeLabel removeAttribute removeCurrentNode renameCurrentNode setCurrentNode
            setCurrentNodeID setCurrentNodeIndex setMRMLScene setNodeTypeLabel sortFilterProxyModel
        """,
        signals="""
            currentNodeChanged(bool) currentNodeChanged(vtkMRMLNode*) currentNodeIDChanged(QString)
            currentNodeRenamed(QString) nodeAboutToBeEdited(vtkMRMLNode*) nodeAboutToBeRemoved(vtkMRMLNode*)
            nodeActivated(vtkMRMLNode*) nodeAdded(vtkMRMLNode*) nodeAddedByUser(vtkMRMLNode*)
            nodeAddedByUserAction(vtkMRMLNode*)
        """,
    ),
    "qMRMLRangeWidget": Offered(
        bases="ctkRangeWidget",
        properties="minimumHandlePalette maximumHandlePalette mrmlScene quantity",
        methods="setMRMLScene setMaximumHandlePalette setMinimumHandlePalette setQuantity",
    ),
    "qMRMLSegmentEditorWidget": Offered(
        bases="qMRMLWidget",
        properties="""
            segmentationNodeSelectorVisible sourceVolumeNodeSelectorVisible maskingSectionVisible
            specifyGeometryButtonVisible show3DButtonVisible addRemoveSegmentButtonsVisible
            autoShowSourceVolumeNode masterVolumeNodeSelectorVisible autoShowMasterVolumeNode
            switchToSegmentationsButtonVisible undoEnabled maximumNumberOfUndoStates readOnly effectButtonStyle
            effectColumnCount unorderedEffectsVisible defaultTerminologyEntrySettingsKey defaultTerminologyEntry
            jumpToSelectedSegmentEnabled
        """,
        methods="""
            activeEffect availableEffectNames currentSegmentID effectByIndex effectByName effectCount
            effectNameOrder hideLabelLayer installKeyboardShortcuts interactionNode jumpSlices masterVolumeNode
            masterVolumeNodeID masterVolumeNodeSelectorAddAttribute masterVolumeNodeSelectorRemoveAttribute
            mrmlSegmentEditorNode redo removeViewObservations rotateSliceViewsToSegmentation saveStateForUndo
            segmentationNode segmentationNodeID segmentationNodeSelectorAddAttribute
            segmentationNodeSelectorRemoveAttribute selectNextSegment selectPreviousSegment
            selectSegmentAtOffset setActiveEffect setActiveEffectByName setAddRemoveSegmentButtonsVisible
            setAutoShowMasterVolumeNode setAutoShowSourceVolumeNode setCurrentSegmentID setEffectButtonStyle
            setEffectColumnCount setEffectCursor setEffectNameOrder setInteractionNode
            setJumpToSelectedSegmentEnabled setMRMLScene setMRMLSegmentEditorNode setMaskingSectionVisible
            setMasterVolumeNode setMasterVolumeNodeID setMasterVolumeNodeSelectorVisible
            setMaximumNumberOfUndoStates setReadOnly setSegmentationNode setSegmentationNodeID
            setSegmentationNodeSelectorVisible setShow3DButtonVisible setSourceVolumeNode setSourceVolumeNodeID
            setSourceVolumeNodeSelectorVisible setSpecifyGeometryButtonVisible
            setSwitchToSegmentationsButtonVisible setUndoEnabled setupViewObservations
            showMasterVolumeInSliceViewers showSourceVolumeInSliceViewers sourceVolumeNode sourceVolumeNodeID
            sourceVolumeNodeSelectorAddAttribute sourceVolumeNodeSelectorRemoveAttribute
            toggleMasterVolumeIntensityMaskEnabled toggleSourceVolumeIntensityMaskEnabled turnOffLightboxes undo
            uninstallKeyboardShortcuts updateEffectList updateVolume updateWidgetFromMRML
        """,
        signals="""
            currentSegmentIDChanged(QString) masterVolumeNodeChanged(vtkMRMLVolumeNode*)
            segmentationNodeChanged(vtkMRMLSegmentationNode*) sourceVolumeNodeChanged(vtkMRMLVolumeNode*)
        """,
    ),
    "qMRMLSegmentSelectorWidget": Offered(
        bases="qMRMLWidget",
        properties="""
            noneEnabled editEnabled segmentationNodeSelectorVisible multiSelection horizontalLayout
            selectNodeUponCreation
        """,
        methods="""
            currentNode currentNodeID currentSegmentID segmentIDs selectedSegmentIDs setCurrentNode
            setCurrentNodeID setCurrentSegmentID setSelectedSegmentIDs
        """,
        signals="""
            currentNodeChanged(bool) currentNodeChanged(vtkMRMLNode*) currentSegmentChanged(QString)
            nodeAboutToBeEdited(vtkMRMLNode*) segmentSelectionChanged(QStringList)
        """,
    ),
    "qMRMLSliderWidget": Offered(
        bases="ctkSliderWidget",
        properties="quantity unitAwareProperties orientation",
        methods="mrmlScene setMRMLScene setOrientation setQuantity setUnitAwareProperties",
        enumerators="All MaximumValue MinimumValue None Precision Prefix Scaling Suffix",
    ),
    "qMRMLSpinBox": Offered(
        bases="ctkDoubleSpinBox",
        properties="quantity unitAwareProperties",
        methods="mrmlScene setMRMLScene setQuantity setUnitAwareProperties",
        enumerators="MaximumValue MinimumValue None Precision Prefix Scaling Suffix",
    ),
    "qMRMLTableView": Offered(
        bases="QTableView",
        properties="transposed firstRowLocked firstColumnLocked",
        methods="""
            copySelection deleteColumn deleteRow insertColumn insertRow mrmlScene mrmlTableNode
            mrmlTableViewNode pasteSelection plotSelection setFirstColumnLocked setFirstRowLocked setMRMLScene
            setMRMLTableNode setMRMLTableViewNode setTransposed sortFilterProxyModel tableModel
        """,
        signals="mrmlSceneChanged(vtkMRMLScene*) selectionChanged()",
    ),
    "qMRMLWidget": Offered(
        bases="QWidget",
        methods="mrmlScene pixmapFromIcon postInitializeApplication preInitializeApplication setMRMLScene",
        signals="mrmlSceneChanged(vtkMRMLScene*)",
    ),
    "qSlicerObject": Offered(
        bases="",
    ),
    "qSlicerWidget": Offered(
        bases="QWidget qSlicerObject",
        methods="setMRMLScene",
        signals="mrmlSceneChanged(vtkMRMLScene*)",
    ),
}
