"""Stand-ins for the CTK widgets that ask for a path or a color.

Import after `pythonqt.install`: from then on Qt properties are attributes here as well.
"""

import enum

from PySide6 import QtCore, QtGui, QtWidgets


class ctkPathLineEdit(QtWidgets.QWidget):
    """A line for a path with a browse button and, on request, the paths used before."""

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
        self._settingKey, self._nameFilters, self._label = "", [], ""
        self._filters = self.Filter.Files | self.Filter.NoDot
        self._line, self._button = QtWidgets.QLineEdit(self), QtWidgets.QToolButton(self)
        self._button.setText("...")
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._line, 1)
        layout.addWidget(self._button)
        self.setFocusProxy(self._line)
        self._line.textChanged.connect(self._onText)
        self._button.clicked.connect(lambda: self.browse())

    def _onText(self, text):
        self.currentPathChanged.emit(text)
        self.validInputChanged.emit(QtCore.QFileInfo(text).exists())

    def browse(self):
        ask = QtWidgets.QFileDialog
        if self._filters & self.Filter.Files:
            path = ask.getOpenFileName(self, "Open", self.currentPath, ";;".join(self._nameFilters))[0]
        else:
            path = ask.getExistingDirectory(self, "Open", self.currentPath)
        if path:
            self.setCurrentPath(path)

    def setCurrentPath(self, path):
        self._line.setText(path)

    def setNameFilters(self, filters):
        self._nameFilters = list(filters)

    def setFilters(self, filters):
        self._filters = filters

    def setSettingKey(self, key):
        self._settingKey = key

    def setLabel(self, label):
        self._label = label

    def setShowBrowseButton(self, show):
        self._button.setVisible(show)

    def setShowHistoryButton(self, show):
        """The stand-in has no history button."""

    def addCurrentPathToHistory(self):
        if self._settingKey and self.currentPath:
            settings = QtCore.QSettings()
            before = settings.value(self._settingKey) or []
            before = [before] if isinstance(before, str) else list(before)
            settings.setValue(self._settingKey, [self.currentPath] + [p for p in before if p != self.currentPath])

    currentPath = QtCore.Property(str, lambda self: self._line.text, setCurrentPath)
    filters = QtCore.Property(Filter, lambda self: self._filters, setFilters)
    nameFilters = QtCore.Property("QStringList", lambda self: self._nameFilters, setNameFilters)
    settingKey = QtCore.Property(str, lambda self: self._settingKey, setSettingKey)
    label = QtCore.Property(str, lambda self: self._label, setLabel)
    showBrowseButton = QtCore.Property(bool, lambda self: not self._button.isHidden(), setShowBrowseButton)
    showHistoryButton = QtCore.Property(bool, lambda self: False, setShowHistoryButton)


class ctkDirectoryButton(QtWidgets.QPushButton):
    """A button that shows a folder and asks for another."""

    directoryChanged = QtCore.Signal(str)

    def setDirectory(self, directory):
        if directory != self.text:
            self.setText(directory)
            self.directoryChanged.emit(directory)

    directory = QtCore.Property(str, lambda self: self.text, setDirectory)


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
