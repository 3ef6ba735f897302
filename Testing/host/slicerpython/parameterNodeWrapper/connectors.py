"""Which widget shows which type of parameter, and how. A widget must be of exactly the class, as in Slicer."""

import enum
import pathlib

import ctk
import qt
import slicer

from .serializers import Choice, FloatRange, Maximum, Minimum, RangeBounds, WithinRange, isNode, splitAnnotations


class GuiConnector:
    """A widget as a variable that can be read, written and watched."""

    def __init__(self, widget, signal, read, write):
        self.widget, self._signal, self.read, self.write = widget, signal, read, write
        self._callback = None

    def onChanged(self, callback):
        if self._signal is not None and (self._callback is None) != (callback is None):
            if callback is None:
                self._signal.disconnect(self._changed)
            else:
                self._signal.connect(self._changed)
        self._callback = callback

    def _changed(self):
        if self._callback is not None:
            self._callback()


def _setter(widget, name):
    def write(value):
        if getattr(widget, name) != value:
            setattr(widget, name, value)

    return write


def _byProperty(widget, signal, name, kind=lambda value: value):
    return GuiConnector(widget, getattr(widget, signal), lambda: kind(getattr(widget, name)), _setter(widget, name))


def _limits(annotations):
    low = next((a.minimum for a in annotations if isinstance(a, (WithinRange, Minimum))), None)
    high = next((a.maximum for a in annotations if isinstance(a, (WithinRange, Maximum))), None)
    return low, high


def _numbers(widget, kind, annotations):
    low, high = _limits(annotations)
    if type(widget) in (qt.QSlider, ctk.ctkSliderWidget, slicer.qMRMLSliderWidget) and None in (low, high):
        raise RuntimeError(
            f"Cannot have a connection to {type(widget).__name__} where the {kind.__name__} is unbounded"
        )
    whole = type(widget) in (qt.QSlider, qt.QSpinBox)
    if kind is int and not whole:
        widget.decimals = 0
    widget.minimum = low if low is not None else -(2**31) if whole else float("-inf")
    widget.maximum = high if high is not None else 2**31 - 1 if whole else float("inf")
    return _byProperty(widget, "valueChanged", "value", kind)


def _choices(widget, kind, annotations):
    if issubclass(kind, enum.Enum):
        choices = list(kind)
        labels = [choice.label() if hasattr(choice, "label") else choice.name for choice in choices]
    else:
        choices = next((a.choices for a in annotations if isinstance(a, Choice)), None)
        if choices is None:
            raise RuntimeError("A combo box needs the Choice annotation")
        labels = [str(choice) for choice in choices]
    widget.clear()
    for label in labels:
        widget.addItem(label)

    def write(value):
        widget.currentIndex = choices.index(value)

    return GuiConnector(widget, widget.currentIndexChanged, lambda: choices[widget.currentIndex], write)


def _range(widget, kind, annotations):
    bounds = next((a for a in annotations if isinstance(a, RangeBounds)), None)
    if bounds is None:
        raise RuntimeError("Cannot have a connection to a range widget where the float is unbounded: add RangeBounds")
    widget.setRange(bounds.minimum, bounds.maximum)
    return GuiConnector(
        widget,
        widget.valuesChanged,
        lambda: FloatRange(widget.minimumValue, widget.maximumValue),
        lambda value: widget.setValues(value.minimum, value.maximum),
    )


def _node(widget, kind, annotations):
    widget.nodeTypes = [kind.__name__]
    return GuiConnector(widget, widget.currentNodeChanged, widget.currentNode, widget.setCurrentNode)


def createGuiConnector(widget, datatype):
    """Return the connector for this widget and type; RuntimeError where Slicer has none."""
    kind, annotations = splitAnnotations(datatype)
    widgetClass = type(widget)
    if kind is bool and widgetClass in (qt.QCheckBox, ctk.ctkCheckBox, ctk.ctkCheckablePushButton, qt.QPushButton):
        if widgetClass not in (qt.QCheckBox, ctk.ctkCheckBox):
            widget.checkable = True
        return _byProperty(widget, "toggled", "checked")
    if kind is int and widgetClass in (qt.QSlider, qt.QSpinBox):
        return _numbers(widget, kind, annotations)
    floats = (
        qt.QDoubleSpinBox,
        ctk.ctkSliderWidget,
        ctk.ctkDoubleSlider,
        ctk.ctkDoubleSpinBox,
        slicer.qMRMLSliderWidget,
    )
    if kind in (int, float) and widgetClass in floats:
        return _numbers(widget, kind, annotations)
    if widgetClass in (qt.QComboBox, ctk.ctkComboBox) and isinstance(kind, type):
        if kind in (str, int, float, bool) or issubclass(kind, enum.Enum):
            return _choices(widget, kind, annotations)
    if kind is str and widgetClass is qt.QLineEdit:
        return _byProperty(widget, "textChanged", "text")
    if kind is str and widgetClass is qt.QLabel:
        return GuiConnector(widget, None, lambda: widget.text, _setter(widget, "text"))
    if kind is str and widgetClass is qt.QTextEdit:
        return _byProperty(widget, "textChanged", "plainText")
    if kind is FloatRange and widgetClass in (ctk.ctkRangeWidget, ctk.ctkDoubleRangeSlider, slicer.qMRMLRangeWidget):
        return _range(widget, kind, annotations)
    if isinstance(kind, type) and issubclass(kind, pathlib.PurePath) and widgetClass is ctk.ctkPathLineEdit:
        return GuiConnector(
            widget,
            widget.currentPathChanged,
            lambda: kind(widget.currentPath),
            lambda value: _setter(widget, "currentPath")(str(value)),
        )
    if isNode(kind) and widgetClass is slicer.qMRMLNodeComboBox:
        return _node(widget, kind, annotations)
    raise RuntimeError(f"Unable to create GUI connector from datatype '{datatype}' to widget type '{widgetClass}'")
