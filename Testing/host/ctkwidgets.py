"""Stand-ins for the other CTK widgets: sections, check boxes in a list, search, message box.

Import after `pythonqt.install`: from then on Qt properties are attributes here as well.
"""

from PySide6 import QtCore, QtGui, QtWidgets

from .ctkinputs import ctkColorPickerButton, ctkDirectoryButton, ctkPathLineEdit
from .ctknumbers import ctkDoubleRangeSlider, ctkDoubleSlider, ctkDoubleSpinBox, ctkRangeWidget, ctkSliderWidget
from .offered import hold

__all__ = [
    "ctkCheckableComboBox",
    "ctkCheckBox",
    "ctkCollapsibleButton",
    "ctkCollapsibleGroupBox",
    "ctkColorPickerButton",
    "ctkComboBox",
    "ctkDirectoryButton",
    "ctkDoubleRangeSlider",
    "ctkDoubleSlider",
    "ctkDoubleSpinBox",
    "ctkFittedTextBrowser",
    "ctkMenuButton",
    "ctkMessageBox",
    "ctkPathLineEdit",
    "ctkPushButton",
    "ctkCheckablePushButton",
    "ctkRangeWidget",
    "ctkSearchBox",
    "ctkSliderWidget",
]


@hold
class ctkCollapsibleButton(QtWidgets.QAbstractButton):
    """A section: a bar with a title that shows and hides what is in it."""

    contentsCollapsed = QtCore.Signal(bool)

    def __init__(self, *arguments):
        super().__init__(arguments[-1] if arguments and isinstance(arguments[-1], QtWidgets.QWidget) else None)
        if arguments and isinstance(arguments[0], str):
            self.setText(arguments[0])
        self._collapsed = False
        self.setCheckable(True)
        self.setChecked(True)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Fixed)
        self.toggled.connect(lambda checked: self._setCollapsed(not checked))
        self._makeRoom()

    def _barHeight(self):
        return self.fontMetrics().height() + 10

    def _makeRoom(self):
        self.setContentsMargins(0, self._barHeight(), 0, 0)

    def _setCollapsed(self, collapsed):
        if collapsed == self._collapsed:
            return
        self._collapsed = collapsed
        self.setChecked(not collapsed)
        # The contents stay where they are and are cut off: a child's own visibility is not touched.
        self.setMaximumHeight(self._barHeight() if collapsed else 16777215)
        self.updateGeometry()
        self.contentsCollapsed.emit(collapsed)

    collapsed = QtCore.Property(bool, lambda self: self._collapsed, _setCollapsed)

    def sizeHint(self):
        return self._hint("totalSizeHint")

    def minimumSizeHint(self):
        return self._hint("totalMinimumSize")

    def _hint(self, name):
        layout = self.layout()
        if self._collapsed or layout is None:
            return QtCore.QSize(100, self._barHeight())
        size = getattr(layout, name)()  # the total one contains the margins of the section, hence the bar
        return QtCore.QSize(size.width(), max(size.height(), self._barHeight()))

    def hitButton(self, point):
        return point.y() < self._barHeight()

    def paintEvent(self, event):
        painter = QtGui.QPainter(self)
        palette, bar = QtGui.QPalette(self.palette), QtCore.QRect(0, 0, self.width, self._barHeight())
        painter.fillRect(bar.adjusted(0, 0, 0, -3), palette.color(QtGui.QPalette.ColorRole.Midlight))
        option = QtWidgets.QStyleOption()
        option.initFrom(self)
        option.rect = QtCore.QRect(6, (bar.height() - 3) // 2 - 5, 10, 10)
        arrow = QtWidgets.QStyle.PrimitiveElement
        arrow = arrow.PE_IndicatorArrowRight if self._collapsed else arrow.PE_IndicatorArrowDown
        self.style().drawPrimitive(arrow, option, painter, self)
        flags = QtCore.Qt.AlignmentFlag.AlignVCenter | QtCore.Qt.TextFlag.TextShowMnemonic
        painter.drawText(bar.adjusted(24, 0, -4, -3), flags, self.text)
        painter.end()


@hold
class ctkCollapsibleGroupBox(QtWidgets.QGroupBox):
    """A group box that can be folded."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._collapsed = False
        self.setCheckable(True)
        self.setChecked(True)
        self.toggled.connect(lambda checked: self._setCollapsed(not checked))

    def _setCollapsed(self, collapsed):
        if collapsed == self._collapsed:
            return
        self._collapsed = collapsed
        self.setChecked(not collapsed)
        self.setMaximumHeight(self.fontMetrics().height() + 12 if collapsed else 16777215)
        self.updateGeometry()

    def sizeHint(self):
        size = super().sizeHint()
        return QtCore.QSize(size.width(), self.fontMetrics().height() + 12) if self._collapsed else size

    def minimumSizeHint(self):
        size = super().minimumSizeHint()
        return QtCore.QSize(size.width(), self.fontMetrics().height() + 12) if self._collapsed else size

    collapsed = QtCore.Property(bool, lambda self: self._collapsed, _setCollapsed)


@hold
class ctkComboBox(QtWidgets.QComboBox):
    """A combo box with a text for "nothing chosen"."""

    def __init__(self, parent=None):
        super().__init__(parent)
        self._defaultText = ""

    def _setDefaultText(self, text):
        self._defaultText = text
        self.setPlaceholderText(text)

    defaultText = QtCore.Property(str, lambda self: self._defaultText, _setDefaultText)


@hold
class ctkCheckableComboBox(ctkComboBox):
    """A combo box whose items can be checked."""

    checkedIndexesChanged = QtCore.Signal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self._quiet = False
        self.model().rowsInserted.connect(self._onRows)
        self.model().dataChanged.connect(self._onData)

    def _items(self):
        return [self.model().item(row) for row in range(self.count)]

    def _onRows(self, parent, first, last):
        self._quiet = True
        for row in range(first, last + 1):
            self.model().item(row).setCheckable(True)
        self._quiet = False

    def _onData(self, *_):
        if not self._quiet:
            self.checkedIndexesChanged.emit()

    def checkedIndexes(self):
        return [item.index() for item in self._items() if item.checkState() == QtCore.Qt.CheckState.Checked]

    def allChecked(self):
        return len(self.checkedIndexes()) == self.count

    def noneChecked(self):
        return not self.checkedIndexes()

    def checkState(self, index):
        return self.model().itemFromIndex(index).checkState()

    def setCheckState(self, index, state):
        self.model().itemFromIndex(index).setCheckState(QtCore.Qt.CheckState(state))

    def checkableModel(self):
        return self.model()


@hold
class ctkMessageBox(QtWidgets.QMessageBox):
    """A message box that can be told not to come again."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self._key = ""

    def _setDontShowAgainSettingsKey(self, key):
        self._key = key

    dontShowAgainSettingsKey = QtCore.Property(str, lambda self: self._key, _setDontShowAgainSettingsKey)


@hold
class ctkCheckBox(QtWidgets.QCheckBox):
    """A check box."""


@hold
class ctkSearchBox(QtWidgets.QLineEdit):
    """A line to search with."""


@hold
class ctkPushButton(QtWidgets.QPushButton):
    """A button."""


@hold
class ctkCheckablePushButton(ctkPushButton):
    """A button with a check box."""


@hold
class ctkMenuButton(QtWidgets.QPushButton):
    """A button with a menu."""


@hold
class ctkFittedTextBrowser(QtWidgets.QTextBrowser):
    """A text browser as high as its text."""
