"""Stand-ins for the CTK widgets that hold numbers: their names, properties and signals, drawn with plain Qt.

Import after `pythonqt.install`: from then on Qt properties are attributes here as well.
"""

import math

from PySide6 import QtCore, QtWidgets

from .offered import hold


def _steps(value, minimum, step):
    return round((value - minimum) / step) if step > 0 else 0


@hold
class ctkDoubleSpinBox(QtWidgets.QWidget):
    """A spin box for floats."""

    valueChanged = QtCore.Signal(float)

    def __init__(self, parent=None):
        super().__init__(parent)
        self._box = QtWidgets.QDoubleSpinBox(self)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._box)
        self.setFocusProxy(self._box)
        self._box.valueChanged.connect(self.valueChanged.emit)

    def _setRange(self, minimum, maximum):
        self._box.setRange(minimum, maximum)

    def _property(kind, name):
        capital = name[0].upper() + name[1:]

        def get(self):
            return getattr(self._box, name)

        def put(self, value):
            getattr(self._box, "set" + capital)(value)

        return QtCore.Property(kind, get, put), put

    value, setValue = _property(float, "value")
    minimum, _setMinimum = _property(float, "minimum")
    maximum, _setMaximum = _property(float, "maximum")
    singleStep, _setSingleStep = _property(float, "singleStep")
    decimals, setDecimals = _property(int, "decimals")
    prefix, _setPrefix = _property(str, "prefix")
    suffix, _setSuffix = _property(str, "suffix")


@hold
class ctkDoubleSlider(QtWidgets.QWidget):
    """A slider for floats."""

    valueChanged = QtCore.Signal(float)
    sliderReleased = QtCore.Signal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self._minimum, self._maximum, self._step, self._value = 0.0, 99.0, 1.0, 0.0
        self._slider = QtWidgets.QSlider(QtCore.Qt.Orientation.Horizontal, self)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._slider)
        self._slider.valueChanged.connect(self._onMoved)
        self._slider.sliderReleased.connect(self.sliderReleased.emit)

    def _onMoved(self, position):
        self._take(self._minimum + position * self._step)

    def _take(self, value):
        value = min(max(float(value), self._minimum), self._maximum)
        if value != self._value:
            self._value = value
            self.valueChanged.emit(value)

    def _draw(self):
        blocked = self._slider.blockSignals(True)
        finite = math.isfinite(self._minimum) and math.isfinite(self._maximum)
        self._slider.setRange(0, _steps(self._maximum, self._minimum, self._step) if finite else 0)
        self._slider.setValue(_steps(self._value, self._minimum, self._step) if finite else 0)
        self._slider.blockSignals(blocked)

    def setValue(self, value):
        self._take(value)
        self._draw()

    def _setMinimum(self, minimum):
        self._setRange(minimum, max(minimum, self._maximum))

    def _setMaximum(self, maximum):
        self._setRange(min(self._minimum, maximum), maximum)

    def _setRange(self, minimum, maximum):
        self._minimum, self._maximum = float(minimum), float(maximum)
        self.setValue(self._value)

    def _setSingleStep(self, step):
        self._step = float(step)
        self._draw()

    value = QtCore.Property(float, lambda self: self._value, setValue)
    minimum = QtCore.Property(float, lambda self: self._minimum, _setMinimum)
    maximum = QtCore.Property(float, lambda self: self._maximum, _setMaximum)
    singleStep = QtCore.Property(float, lambda self: self._step, _setSingleStep)


@hold
class ctkSliderWidget(QtWidgets.QWidget):
    """A slider with a spin box."""

    valueChanged = QtCore.Signal(float)
    valueIsChanging = QtCore.Signal(float)

    def __init__(self, parent=None):
        super().__init__(parent)
        self._tracking, self._pageStep = True, 10.0
        self._slider, self._box = ctkDoubleSlider(self), ctkDoubleSpinBox(self)
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._slider, 1)
        layout.addWidget(self._box)
        self.setFocusProxy(self._box)
        self._slider.valueChanged.connect(self._onSlider)
        self._box.valueChanged.connect(self._onBox)
        self._slider.sliderReleased.connect(self._onReleased)
        self._setRange(0.0, 99.0)

    def _onSlider(self, value):
        self._box.blockSignals(True)
        self._box.setValue(value)
        self._box.blockSignals(False)
        if self._tracking or not self._slider._slider.sliderDown:
            self.valueChanged.emit(self._box.value)
        else:
            self.valueIsChanging.emit(self._box.value)

    def _onReleased(self):
        if not self._tracking:
            self.valueChanged.emit(self._box.value)

    def _onBox(self, value):
        self._slider.blockSignals(True)
        self._slider.setValue(value)
        self._slider.blockSignals(False)
        self.valueChanged.emit(value)

    def setValue(self, value):
        self._box.setValue(value)

    def _setMinimum(self, minimum):
        self._setRange(minimum, max(minimum, self._box.maximum))

    def _setMaximum(self, maximum):
        self._setRange(min(self._box.minimum, maximum), maximum)

    def _setRange(self, minimum, maximum):
        self._slider.blockSignals(True)
        self._slider._setRange(minimum, maximum)
        self._slider.blockSignals(False)
        self._box._setRange(minimum, maximum)  # tells of the value if it had to change

    def _setSingleStep(self, step):
        self._slider._setSingleStep(step)
        self._box._setSingleStep(step)

    def _setTracking(self, tracking):
        self._tracking = tracking

    def _setPageStep(self, step):
        self._pageStep = step

    def setDecimals(self, decimals):
        self._box.setDecimals(decimals)

    def _setPrefix(self, prefix):
        self._box._setPrefix(prefix)

    def _setSuffix(self, suffix):
        self._box._setSuffix(suffix)

    def setSpinBoxVisible(self, visible):
        self._box.setVisible(visible)

    value = QtCore.Property(float, lambda self: self._box.value, setValue)
    minimum = QtCore.Property(float, lambda self: self._box.minimum, _setMinimum)
    maximum = QtCore.Property(float, lambda self: self._box.maximum, _setMaximum)
    singleStep = QtCore.Property(float, lambda self: self._box.singleStep, _setSingleStep)
    pageStep = QtCore.Property(float, lambda self: self._pageStep, _setPageStep)
    decimals = QtCore.Property(int, lambda self: self._box.decimals, setDecimals)
    prefix = QtCore.Property(str, lambda self: self._box.prefix, _setPrefix)
    suffix = QtCore.Property(str, lambda self: self._box.suffix, _setSuffix)
    tracking = QtCore.Property(bool, lambda self: self._tracking, _setTracking)
    spinBoxVisible = QtCore.Property(bool, lambda self: not self._box.isHidden(), setSpinBoxVisible)


@hold
class ctkRangeWidget(QtWidgets.QWidget):
    """Two numbers, the lower never above the upper."""

    valuesChanged = QtCore.Signal(float, float)
    minimumValueChanged = QtCore.Signal(float)
    maximumValueChanged = QtCore.Signal(float)

    def __init__(self, parent=None):
        super().__init__(parent)
        self._tracking = True
        self._boxes = [QtWidgets.QDoubleSpinBox(self), QtWidgets.QDoubleSpinBox(self)]
        self._sliders = [ctkDoubleSlider(self), ctkDoubleSlider(self)]
        self._values = [0.0, 99.0]
        layout = QtWidgets.QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self._boxes[0], *self._sliders, self._boxes[1]):
            layout.addWidget(widget)
        self.setRange(0.0, 99.0)
        for which in (0, 1):
            self._boxes[which].valueChanged.connect(lambda value, which=which: self._onOne(which, value))
            self._sliders[which].valueChanged.connect(lambda value, which=which: self._onOne(which, value))

    def _allWithRange(self):
        return [(box, box.setRange) for box in self._boxes] + [(one, one._setRange) for one in self._sliders]

    def _onOne(self, which, value):
        other = self._values[1 - which]
        self.setValues(*((value, max(value, other)) if which == 0 else (min(value, other), value)))

    def setValues(self, minimum, maximum):
        low, high = self._boxes[0].minimum, self._boxes[0].maximum
        digits = self._boxes[0].decimals
        new = [round(min(max(float(v), low), high), digits) for v in sorted((minimum, maximum))]
        changed = [a != b for a, b in zip(new, self._values, strict=True)]
        self._values = new
        for which in (0, 1):
            for widget in (self._boxes[which], self._sliders[which]):
                widget.blockSignals(True)
                widget.setValue(new[which])
                widget.blockSignals(False)
        if changed[0]:
            self.minimumValueChanged.emit(new[0])
        if changed[1]:
            self.maximumValueChanged.emit(new[1])
        if any(changed):
            self.valuesChanged.emit(*new)

    def setRange(self, minimum, maximum):
        for widget, put in self._allWithRange():
            widget.blockSignals(True)
            put(minimum, maximum)
            widget.blockSignals(False)
        self.setValues(*self._values)

    def _setMinimum(self, minimum):
        self.setRange(minimum, max(minimum, self._boxes[0].maximum))

    def _setMaximum(self, maximum):
        self.setRange(min(self._boxes[0].minimum, maximum), maximum)

    def setMinimumValue(self, value):
        self._onOne(0, value)

    def setMaximumValue(self, value):
        self._onOne(1, value)

    def _setSingleStep(self, step):
        for widget in (*self._boxes, *self._sliders):
            widget.singleStep = step

    def setDecimals(self, decimals):
        for box in self._boxes:
            box.setDecimals(decimals)

    def _setSuffix(self, suffix):
        for box in self._boxes:
            box.setSuffix(suffix)

    def _setTracking(self, tracking):
        self._tracking = tracking

    minimum = QtCore.Property(float, lambda self: self._boxes[0].minimum, _setMinimum)
    maximum = QtCore.Property(float, lambda self: self._boxes[0].maximum, _setMaximum)
    minimumValue = QtCore.Property(float, lambda self: self._values[0], setMinimumValue)
    maximumValue = QtCore.Property(float, lambda self: self._values[1], setMaximumValue)
    singleStep = QtCore.Property(float, lambda self: self._boxes[0].singleStep, _setSingleStep)
    decimals = QtCore.Property(int, lambda self: self._boxes[0].decimals, setDecimals)
    suffix = QtCore.Property(str, lambda self: self._boxes[0].suffix, _setSuffix)
    tracking = QtCore.Property(bool, lambda self: self._tracking, _setTracking)


@hold
class ctkDoubleRangeSlider(ctkRangeWidget):
    """A slider with two handles, without spin boxes."""

    def __init__(self, parent=None):
        super().__init__(parent)
        for box in self._boxes:
            box.setVisible(False)
