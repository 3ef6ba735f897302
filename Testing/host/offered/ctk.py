"""What PythonQt offers of CTK's widgets, read from the headers of commontk/CTK at 868d56c7.

The fields are explained in `kinds.Offered`; classes of Qt are offered whole.
"""

from .kinds import Offered

CLASSES = {
    "ctkCheckBox": Offered(
        bases="QCheckBox",
        properties="indicatorIcon indicatorIconSize",
    ),
    "ctkCheckableComboBox": Offered(
        bases="QComboBox",
        methods="""
            allChecked allPatiallyChecked checkState checkableModel checkableModelHelper checkedIndexes
            noneChecked setCheckState setCheckableModel
        """,
        signals="checkedIndexesChanged() returnRelease()",
    ),
    "ctkCheckablePushButton": Offered(
        bases="ctkPushButton",
        properties="""
            indicatorAlignment checkState checkBoxControlsButton checkBoxControlsButtonToggleState
            checkBoxUserCheckable
        """,
        signals="checkBoxToggled(bool) checkStateChanged(Qt::CheckState)",
    ),
    "ctkCollapsibleButton": Offered(
        bases="QAbstractButton",
        properties="""
            collapsed collapsedHeight flat contentsFrameShape contentsFrameShadow contentsLineWidth
            contentsMidLineWidth buttonTextAlignment indicatorAlignment
        """,
        signals="contentsCollapsed(bool)",
    ),
    "ctkCollapsibleGroupBox": Offered(
        bases="QGroupBox",
        properties="collapsed collapsedHeight",
    ),
    "ctkColorPickerButton": Offered(
        bases="QPushButton",
        properties="color colorName displayColorName dialogOptions",
        methods="changeColor setColor setDisplayColorName",
        signals="colorChanged(QColor) colorNameChanged(QString)",
        enumerators="DontUseNativeDialog NoButtons ShowAlphaChannel UseCTKColorDialog",
    ),
    "ctkComboBox": Offered(
        bases="QComboBox",
        properties="defaultText defaultIcon forceDefault elideMode scrollWheelEffect currentUserDataAsString",
        methods="setCurrentUserDataAsString",
        signals="returnRelease()",
        enumerators="AlwaysScroll NeverScroll ScrollWithFocus ScrollWithNoVScrollBar",
    ),
    "ctkDirectoryButton": Offered(
        bases="QWidget",
        properties="acceptMode directory caption text icon elideMode options",
        methods="browse",
        signals="directoryChanged(QString) directorySelected(QString)",
        enumerators="""
            DontConfirmOverwrite DontResolveSymlinks DontUseNativeDialog DontUseSheet HideNameFilterDetails
            ReadOnly ShowDirsOnly
        """,
    ),
    "ctkDoubleRangeSlider": Offered(
        bases="QWidget",
        properties="""
            minimum maximum singleStep minimumValue maximumValue minimumPosition maximumPosition tracking
            orientation tickInterval tickPosition symmetricMoves
        """,
        methods="setMaximumValue setMinimumValue setRange setValues",
        signals="""
            maximumPositionChanged(double) maximumValueChanged(double) minimumPositionChanged(double)
            minimumValueChanged(double) positionsChanged(double,double) rangeChanged(double,double)
            sliderPressed() sliderReleased() valuesChanged(double,double)
        """,
    ),
    "ctkDoubleSlider": Offered(
        bases="QWidget",
        properties="""
            value sliderPosition singleStep pageStep minimum maximum tickInterval tickPosition tracking
            orientation handleToolTip invertedAppearance invertedControls
        """,
        methods="setOrientation setValue",
        signals="""
            rangeChanged(double,double) sliderMoved(double) sliderPressed() sliderReleased()
            valueChanged(double)
        """,
    ),
    "ctkDoubleSpinBox": Offered(
        bases="QWidget",
        properties="""
            alignment frame readOnly prefix suffix decimals decimalsOption minimum maximum singleStep value
            setMode invertedControls sizeHintPolicy
        """,
        readonly="cleanText isSettingValue",
        methods="setDecimals setReadOnly setValue setValueAlways setValueIfDifferent stepDown stepUp",
        signals="decimalsChanged(int) editingFinished() valueChanged(QString) valueChanged(double)",
        enumerators="""
            DecimalPointAlwaysVisible DecimalsAsMax DecimalsAsMin DecimalsByKey DecimalsByShortcuts
            DecimalsByValue FixedDecimals InsertDecimals ReplaceDecimals SetAlways SetIfDifferent
            SizeHintByMinMax SizeHintByValue
        """,
    ),
    "ctkFittedTextBrowser": Offered(
        bases="QTextBrowser",
        properties="disableMouseScroll collapsed showDetailsText hideDetailsText",
        methods="collapsibleText setCollapsibleHtml setCollapsiblePlainText setCollapsibleText",
    ),
    "ctkMenuButton": Offered(
        bases="QPushButton",
    ),
    "ctkMessageBox": Offered(
        bases="QMessageBox",
        properties="dontShowAgain dontShowAgainButtonRoles dontShowAgainSettingsKey dontShowAgainVisible",
        methods="addDontShowAgainButtonRole onFinished setDontShowAgain",
    ),
    "ctkPathLineEdit": Offered(
        bases="QWidget",
        properties="""
            label filters currentPath options settingKey showBrowseButton showHistoryButton sizeAdjustPolicy
            minimumContentsLength nameFilters
        """,
        methods="addCurrentPathToHistory browse comboBox retrieveHistory setCurrentPath",
        signals="currentPathChanged(QString) validInputChanged(bool)",
        enumerators="""
            AccessMask AdjustToContents AdjustToContentsOnFirstShow AdjustToMinimumContentsLength AllDirs
            AllEntries CaseSensitive Dirs DontConfirmOverwrite DontResolveSymlinks DontUseNativeDialog
            DontUseSheet Drives Executable Files Hidden HideNameFilterDetails Modified NoDot NoDotAndDotDot
            NoDotDot NoFilter NoSymLinks PermissionMask ReadOnly Readable ShowDirsOnly System TypeMask Writable
        """,
    ),
    "ctkPushButton": Offered(
        bases="QPushButton",
        properties="buttonTextAlignment iconAlignment elideMode",
    ),
    "ctkRangeWidget": Offered(
        bases="QWidget",
        properties="""
            decimals singleStep minimum maximum minimumValue maximumValue prefix suffix tickInterval
            autoSpinBoxWidth spinBoxTextAlignment spinBoxAlignment tracking symmetricMoves
        """,
        readonly="customSpinBoxesLimitsMin customSpinBoxesLimitsMax",
        methods="reset setDecimals setMaximumValue setMinimumValue setRange setValues",
        signals="""
            maximumValueChanged(double) maximumValueIsChanging(double) minimumValueChanged(double)
            minimumValueIsChanging(double) rangeChanged(double,double) valuesChanged(double,double)
        """,
    ),
    "ctkSearchBox": Offered(
        bases="QLineEdit",
        properties="showSearchIcon searchIcon clearIcon",
    ),
    "ctkSliderWidget": Offered(
        bases="QWidget",
        properties="""
            decimals singleStep pageStep minimum maximum value prefix suffix tickInterval tickPosition
            synchronizeSiblings spinBoxAlignment tracking spinBoxVisible popupSlider invertedAppearance
            invertedControls
        """,
        methods="reset setDecimals setSpinBoxVisible setValue",
        signals="decimalsChanged(int) valueChanged(double) valueIsChanging(double)",
        enumerators="NoSynchronize SynchronizeDecimals SynchronizeWidth",
    ),
}
