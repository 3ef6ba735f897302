"""``slicer.app.layoutManager()`` and the view widgets, which show the pictures of `mrml.MrmlApp`."""

import xml.etree.ElementTree

import numpy as np
import shiboken6
import slicer
import vtk
from PySide6 import QtCore, QtGui, QtWidgets


def toImage(picture):
    """A (rows, columns, 3) uint8 array as a QImage of its own."""
    picture = np.ascontiguousarray(picture)
    rows, columns, _ = picture.shape
    return QtGui.QImage(picture.data, columns, rows, 3 * columns, QtGui.QImage.Format.Format_RGB888).copy()


class ViewWidget(QtWidgets.QWidget):
    """One view: a bar with its label and color, and the picture that its renderer draws."""

    def __init__(self, view):
        super().__init__()
        self._view = view
        self.setMinimumSize(60, 60)

    def view(self):
        return self._view

    def forceRender(self):
        self._view.image()
        self.update()

    scheduleRender = forceRender

    def mrmlScene(self):
        return self._view.node.GetScene()

    def paintEvent(self, event):
        painter, bar = QtGui.QPainter(self), 18
        node = self._view.node
        color = node.GetLayoutColor()
        painter.fillRect(0, 0, self.width, bar, QtGui.QColor.fromRgbF(*color))
        painter.drawText(6, 13, node.GetLayoutLabel() or node.GetLayoutName())
        size = self.width, max(self.height - bar, 1)
        self._resize(*size)
        painter.drawImage(QtCore.QRect(0, bar, *size), toImage(self._view.image()))
        painter.end()

    def _resize(self, width, height):
        if tuple(self._view.window.GetSize()) != (width, height):
            self._view.window.SetSize(width, height)
            logic = getattr(self._view, "logic", None)
            if logic is not None:
                logic.ResizeSliceNode(width, height)


class Controller(QtWidgets.QWidget):
    """The bar above a view."""

    def __init__(self, view):
        super().__init__()
        self._view = view

    def setSliceVisible(self, visible):
        self._view.node.SetSliceVisible(visible)

    def setSliceLink(self, linked):
        self._view.composite.SetLinkedControl(linked)

    def fitSliceToBackground(self):
        self._view.logic.FitSliceToBackground()

    def resetFocalPoint(self):
        self._view.fit()


class SliceWidget(ViewWidget):
    """``layoutManager().sliceWidget("Red")``."""

    def sliceView(self):
        return self

    def sliceController(self):
        return Controller(self._view)

    def sliceLogic(self):
        return self._view.logic

    def mrmlSliceNode(self):
        return self._view.node

    def mrmlSliceCompositeNode(self):
        return self._view.composite

    def fitSliceToBackground(self):
        self._view.logic.FitSliceToBackground()


class ThreeDWidget(ViewWidget):
    """``layoutManager().threeDWidget(0)``."""

    def threeDView(self):
        return self

    def threeDController(self):
        return Controller(self._view)

    def mrmlViewNode(self):
        return self._view.node

    def resetFocalPoint(self):
        self._view.fit()

    resetCamera = resetFocalPoint


class PlotWidget(ViewWidget):
    """``layoutManager().plotWidget(0)``."""

    def plotView(self):
        return self

    def mrmlPlotViewNode(self):
        return self._view.node


class LayoutManager(QtCore.QObject):
    """The views of the current layout."""

    layoutChanged = QtCore.Signal(int)

    def __init__(self, mrml, parent=None):
        super().__init__(parent)
        self._mrml, self._widgets, self._viewport = mrml, {}, QtWidgets.QWidget()
        QtWidgets.QVBoxLayout(self._viewport).setContentsMargins(0, 0, 0, 0)
        self._arranged = None
        self._tag = mrml.layoutNode.AddObserver(vtk.vtkCommand.ModifiedEvent, self._onLayout)
        self._shownLayout = mrml.layout

    def _onLayout(self, *_):
        if self._mrml.layout != self._shownLayout and shiboken6.isValid(self):
            self._shownLayout = self._mrml.layout
            self.layoutChanged.emit(self._shownLayout)

    def layoutLogic(self):
        return self._mrml.layoutLogic

    def setLayout(self, layout):
        self._mrml.setLayout(layout)

    layout = QtCore.Property(int, lambda self: self._mrml.layout, setLayout)

    def _views(self, nodeClass):
        return [view for view in self._mrml.shownViews() if view.node.IsA(nodeClass)]

    def _widget(self, view, kind):
        identifier = view.node.GetID()
        known = self._widgets.get(identifier)
        if known is None or known.view() is not view or not shiboken6.isValid(known):
            self._widgets[identifier] = kind(view)
        return self._widgets[identifier]

    # Slices -----------------------------------------------------------------------------------------------------------

    def sliceViewNames(self):
        return tuple(view.node.GetLayoutName() for view in self._views("vtkMRMLSliceNode"))

    def sliceWidget(self, name):
        for view in self._views("vtkMRMLSliceNode"):
            if view.node.GetLayoutName() == name:
                return self._widget(view, SliceWidget)
        try:  # views of other layouts stay alive, as in Slicer
            return self._widget(self._mrml.sliceView(name), SliceWidget)
        except KeyError:
            return None

    def mrmlSliceLogics(self):
        return self._mrml.applicationLogic.GetSliceLogics()

    def resetSliceViews(self):
        for view in self._views("vtkMRMLSliceNode"):
            view.logic.FitSliceToBackground()

    # 3D ---------------------------------------------------------------------------------------------------------------

    threeDViewCount = property(lambda self: len(self._views("vtkMRMLViewNode")))
    tableViewCount = property(lambda self: 0)
    plotViewCount = property(lambda self: len(self._views("vtkMRMLPlotViewNode")))

    def threeDWidget(self, which):
        return self._oneOf("vtkMRMLViewNode", ThreeDWidget, which)

    def plotWidget(self, which):
        return self._oneOf("vtkMRMLPlotViewNode", PlotWidget, which)

    def _oneOf(self, nodeClass, kind, which):
        """A widget by its number or by its view's name."""
        views = self._views(nodeClass)
        if isinstance(which, str):
            views, which = [v for v in views if v.node.GetLayoutName() == which], 0
        return self._widget(views[which], kind) if which < len(views) else None

    def resetThreeDViews(self):
        for view in self._views("vtkMRMLViewNode"):
            view.fit()

    # The picture ------------------------------------------------------------------------------------------------------

    def viewport(self):
        """The widget with all views of the current layout, arranged as the layout says."""
        if self._arranged != self._mrml.layout:
            self._arranged = self._mrml.layout
            layout = self._viewport.layout()
            while layout.count():
                old = layout.takeAt(0).widget()
                for widget in self._widgets.values():
                    if shiboken6.isValid(widget):
                        widget.setParent(None)
                old.deleteLater()
            description = self._mrml.layoutNode.GetLayoutDescription(self._arranged)
            layout.addWidget(self._build(xml.etree.ElementTree.fromstring(description)))
        return self._viewport

    def _build(self, element):
        if element.tag == "view":
            name = element.get("singletontag")
            if element.get("class") == "vtkMRMLSliceNode":
                return self.sliceWidget(name)
            kinds = {"vtkMRMLViewNode": self.threeDWidget, "vtkMRMLPlotViewNode": self.plotWidget}
            find = kinds.get(element.get("class"))
            return (find is not None and find(name)) or QtWidgets.QWidget()
        items = element.findall("item")
        children = [self._build(child) for item in items for child in item if child.tag != "property"]
        if element.get("type") == "tab":
            return children[0]
        box = QtWidgets.QWidget()
        layout = (QtWidgets.QVBoxLayout if element.get("type") == "vertical" else QtWidgets.QHBoxLayout)(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for item, child in zip(items, children):
            child.setVisible(True)
            layout.addWidget(child, int(item.get("splitSize", 1)))
        return box


def install():
    """Put the classes where Slicer's Python has them."""
    slicer.qMRMLSliceWidget, slicer.qMRMLThreeDWidget, slicer.qMRMLPlotWidget = SliceWidget, ThreeDWidget, PlotWidget
    slicer.qMRMLLayoutManager = LayoutManager
