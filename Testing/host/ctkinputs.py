"""Stand-ins for the CTK widgets that ask for a path or a color.

Import after `pythonqt.install`: from then on Qt properties are attributes here as well.
"""

import enum
import re

from PySide6 import QtCore, QtGui, QtWidgets

from .offered import hold


def _acceptable(nameFilters):
    """The regular expression that CTK makes of name filters: one for all files counts for nothing beside others."""
    endings = [ending for text in nameFilters for ending in re.findall(r"\*\.(\w+)", text)]
    return "|".join(rf".*\.{ending}?$" for ending in endings) or ".+"


@hold
class ctkPathLineEdit(QtWidgets.QWidget):
    """A line for a path with a browse button and, on request, the paths used before.

    As in CTK, only what its validator accepts is told of: clearing the line is not, nor is a file with another ending
    than the name filters have.
    """

    class Filter(enum.Flag):
        """What may be chosen; the values are those of QDir."""

        Dirs = 0x1
        Files = 0x2
        Drives = 0x4
        NoSymLinks = 0x8
        Readable = 0x10
        Writable = 0x20
        Hidden = 0x100
        System = 0x200
        NoDot = 0x2000
        NoDotDot = 0x4000
        NoDotAndDotDot = 0x6000

    QtCore.QFlag(Filter)
    Dirs, Files, NoDot, NoDotDot = Filter.Dirs, Filter.Files, Filter.NoDot, Filter.NoDotDot
    NoDotAndDotDot, Readable, Writable = Filter.NoDotAndDotDot, Filter.Readable, Filter.Writable
    currentPathChanged = QtCore.Signal(str)
    validInputChanged = QtCore.Signal(bool)

    def __init__(self, parent=None):
        super().__init__(parent)
        self._settingKey, self._nameFilters, self._label, self._isValid = "", [], "", False
        self._filters = ctkPathLineEdit.Files | ctkPathLineEdit.NoDot
        self._combo, self._button = QtWidgets.QComboBox(self), QtWidgets.QToolButton(self)
        self._combo.setEditable(True)
        self._combo.setInsertPolicy(QtWidgets.QComboBox.InsertPolicy.NoInsert)
        # a path may be long, the panel is narrow
        self._combo.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._line = self._combo.lineEdit()
        self._button.setText("...")
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._combo, 1)
        layout.addWidget(self._button)
        self.setFocusProxy(self._line)
        self._useFilters()
        self._line.textChanged.connect(self._onText)
        self._button.clicked.connect(lambda: self.browse())

    def _useFilters(self):
        accepted = QtCore.QRegularExpression(_acceptable(self._nameFilters))
        self._line.setValidator(QtGui.QRegularExpressionValidator(accepted, self._line))

    def _onText(self, text):
        before, self._isValid = self._isValid, self._line.hasAcceptableInput()
        if self._isValid:
            self.currentPathChanged.emit(text)
        if self._isValid != before:
            self.validInputChanged.emit(self._isValid)

    def browse(self):
        ask = QtWidgets.QFileDialog
        if self._filters & ctkPathLineEdit.Files:
            path = ask.getOpenFileName(self, "Open", self.currentPath, ";;".join(self._nameFilters))[0]
        else:
            path = ask.getExistingDirectory(self, "Open", self.currentPath)
        if path:
            self.setCurrentPath(path)

    def comboBox(self):
        return self._combo

    def setCurrentPath(self, path):
        self._line.setText(path)

    def _setNameFilters(self, filters):
        self._nameFilters = list(filters)
        self._useFilters()

    def _setFilters(self, filters):
        self._filters = filters

    def _setSettingKey(self, key):
        self._settingKey = key
        self.retrieveHistory()

    def _setLabel(self, label):
        self._label = label

    def _setShowBrowseButton(self, show):
        self._button.setVisible(show)

    def _setShowHistoryButton(self, show):
        """The stand-in has no history button."""

    def _history(self):
        kept = QtCore.QSettings().value(self._settingKey) if self._settingKey else None
        return [kept] if isinstance(kept, str) else list(kept or [])

    def retrieveHistory(self):
        """Offer the paths that were used before; the last one stands in the line unless another one does."""
        text, blocked = self.currentPath, self.blockSignals(True)
        self._combo.clear()
        self._combo.addItems(self._history())
        if text:
            self.setCurrentPath(text)
        self.blockSignals(blocked)
        if not text:
            self._combo.setCurrentIndex(0)

    def addCurrentPathToHistory(self):
        path = self.currentPath
        if self._settingKey and path:
            QtCore.QSettings().setValue(self._settingKey, [path, *(p for p in self._history() if p != path)])
            self.retrieveHistory()

    currentPath = QtCore.Property(str, lambda self: self._line.text, setCurrentPath)
    filters = QtCore.Property(Filter, lambda self: self._filters, _setFilters)
    nameFilters = QtCore.Property("QStringList", lambda self: self._nameFilters, _setNameFilters)
    settingKey = QtCore.Property(str, lambda self: self._settingKey, _setSettingKey)
    label = QtCore.Property(str, lambda self: self._label, _setLabel)
    showBrowseButton = QtCore.Property(bool, lambda self: not self._button.isHidden(), _setShowBrowseButton)
    showHistoryButton = QtCore.Property(bool, lambda self: False, _setShowHistoryButton)


@hold
class ctkDirectoryButton(QtWidgets.QWidget):
    """A button that shows a folder and asks for another."""

    directoryChanged = QtCore.Signal(str)

    def __init__(self, parent=None):
        super().__init__(parent)
        self._button = QtWidgets.QPushButton(self)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._button)
        self._button.clicked.connect(lambda: self.browse())

    def browse(self):
        path = QtWidgets.QFileDialog.getExistingDirectory(self, "Open", self.directory)
        if path:
            self.directory = path

    def _setDirectory(self, directory):
        if directory != self._button.text:
            self._button.setText(directory)
            self.directoryChanged.emit(directory)

    directory = QtCore.Property(str, lambda self: self._button.text, _setDirectory)


@hold
class ctkColorPickerButton(QtWidgets.QPushButton):
    """A button that shows a color."""

    colorChanged = QtCore.Signal(QtGui.QColor)

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._color = QtGui.QColor("black")

    def setColor(self, color):
        if color != self._color:
            self._color = QtGui.QColor(color)
            self.setText(self._color.name())
            self.colorChanged.emit(self._color)

    color = QtCore.Property(QtGui.QColor, lambda self: self._color, setColor)
