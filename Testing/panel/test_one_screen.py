"""The panel as it opens: one screen, few things to decide."""

import slicer

WIDTH, BEFORE, INPUTS = 420, 700, 8


def isSeen(widget):
    """Whether a user sees it: shown, and in no fold that is closed."""
    import ctk

    folds = (ctk.ctkCollapsibleButton, ctk.ctkCollapsibleGroupBox)
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, folds) and parent.collapsed:
            return False
        parent = parent.parentWidget()
    return widget.isVisible()


def inputs(window):
    """The names of what a user can set or press and sees."""
    import qt

    kinds = (qt.QAbstractButton, qt.QComboBox, qt.QAbstractSpinBox, qt.QLineEdit, qt.QListWidget, qt.QTableView)
    kinds += tuple(getattr(slicer, name) for name in ("qMRMLNodeComboBox", "qMRMLSegmentSelectorWidget"))
    widgets = [w for w in vars(window.ui).values() if isinstance(w, qt.QWidget)] + window.panel.parts.buttons
    return sorted(w.objectName for w in widgets if isinstance(w, kinds) and isSeen(w))


def heightOf(window, width=WIDTH):
    """How high the panel is when it is so wide, in pixels."""
    container = window.panel._container
    window.module.widgetRepresentation().resize(width, 2000)
    window.process(0.05)
    assert container.minimumSizeHint().width() <= width, "nothing is wider than the panel"
    return container.layout().heightForWidth(width)


def test_fewThingsToDecideOnOneScreen(foldedWindow):
    assert len(inputs(foldedWindow)) <= INPUTS, inputs(foldedWindow)
    assert heightOf(foldedWindow) <= BEFORE
    foldedWindow.load()
    foldedWindow.process(0.05)
    assert len(inputs(foldedWindow)) <= INPUTS, inputs(foldedWindow)
    assert heightOf(foldedWindow) <= BEFORE
    assert not isSeen(foldedWindow.ui.resultWidget), "no result, no place for it"
