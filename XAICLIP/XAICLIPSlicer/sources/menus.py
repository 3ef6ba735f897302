"""The ways from other modules: a right-click on a segment in the Data module, a button below the Segment Editor.

The list of the Segment Editor makes its menu itself and takes no more entries, so that the button stands under it.
"""

from pathlib import Path

import qt
import slicer
from slicer.i18n import tr as _

TEXT, TIP = _("Explain with XAICLIP"), _("Ask the model that made this segment why it drew it.")
BUTTON = "XAICLIPExplainSegmentButton"
NAME, PLUGIN = "XAICLIP", Path(__file__).with_name("XAICLIPSubjectHierarchyPlugin.py")  # Slicer reads it by its path


def register() -> None:
    """Add both, once Slicer has started; called again, nothing happens."""
    _registerPlugin()
    selector = slicer.util.moduleSelector()
    if selector is not None:  # there is none without a main window
        selector.connect("moduleSelected(QString)", _moduleSelected)


def _registerPlugin() -> None:
    if not hasattr(slicer, "qSlicerSubjectHierarchyScriptedPlugin"):
        return
    import SubjectHierarchyPlugins  # noqa: F401 puts its folder, with the base class of plugins, on Python's path

    if slicer.qSlicerSubjectHierarchyPluginHandler.instance().pluginByName(NAME) is None:
        scripted = slicer.qSlicerSubjectHierarchyScriptedPlugin(None)
        scripted.setPythonSource(str(PLUGIN))


def _moduleSelected(name: str) -> None:
    if name == "SegmentEditor":
        addToSegmentEditor()


def addToSegmentEditor():
    """A button below the Segment Editor that explains the segment selected there.

    Returns
    -------
    qt.QPushButton
        The one that is there already, where there is one.
    """
    widget = slicer.modules.segmenteditor.widgetRepresentation()
    known = [button for button in widget.findChildren(qt.QPushButton) if button.objectName == BUTTON]
    if known:
        return known[0]
    button = qt.QPushButton(TEXT)
    button.objectName, button.toolTip = BUTTON, TIP
    button.connect("clicked(bool)", _explainSelected)
    widget.layout().addWidget(button)
    return button


def _explainSelected(_checked: bool = False) -> None:
    editor = slicer.modules.segmenteditor.widgetRepresentation().self().editor
    explain(editor.segmentationNode(), editor.currentSegmentID())


def explain(segmentation, segmentId: str) -> None:
    """Open XAICLIP on a segment.

    Parameters
    ----------
    segmentation : vtkMRMLSegmentationNode or None
    segmentId : str
        Empty where the user has to choose one.
    """
    if segmentation is None:
        slicer.util.showStatusMessage(_("Choose a segment first."), 3000)
        return
    slicer.util.selectModule("XAICLIP")
    slicer.modules.xaiclip.widgetRepresentation().self().panel.sceneSource.choose(segmentation, segmentId)
