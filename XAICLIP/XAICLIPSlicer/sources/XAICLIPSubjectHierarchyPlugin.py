"""The entry "Explain with XAICLIP" in the menu of a segment in the Data module.

Slicer finds the class by the name of this file. It owns no items; it only adds an action to those of others.
"""

import qt
import slicer
from AbstractScriptedSubjectHierarchyPlugin import AbstractScriptedSubjectHierarchyPlugin


class XAICLIPSubjectHierarchyPlugin(AbstractScriptedSubjectHierarchyPlugin):
    """Shows its action on segments, and on segmentations that XAICLIP has not made itself."""

    filePath = __file__  # Slicer reads the class from it

    def __init__(self, scriptedPlugin) -> None:
        from XAICLIPSlicer.sources.menus import NAME, TEXT, TIP

        scriptedPlugin.name = NAME
        AbstractScriptedSubjectHierarchyPlugin.__init__(self, scriptedPlugin)
        self.action = qt.QAction(TEXT, scriptedPlugin)
        self.action.toolTip = TIP
        self.action.connect("triggered()", self.onExplain)

    def canOwnSubjectHierarchyItem(self, _itemID) -> float:
        """Tell Slicer that it owns no item.

        Parameters
        ----------
        _itemID : int
            Of the subject hierarchy.

        Returns
        -------
        float
            0.
        """
        return 0.0

    def itemContextMenuActions(self) -> list:
        """What may be shown for an item."""
        return [self.action]

    def showContextMenuActionsForItem(self, itemID) -> None:
        """Show the action where the item is a segment; Slicer has hidden all actions before it asks.

        Parameters
        ----------
        itemID : int
            Of the subject hierarchy.
        """
        from XAICLIPSlicer.sources.segments import segmentIn

        if segmentIn(itemID) is not None:
            self.action.visible = True

    def onExplain(self) -> None:
        """Open XAICLIP on the segment that the menu was opened for."""
        from XAICLIPSlicer.sources.menus import explain
        from XAICLIPSlicer.sources.segments import segmentIn

        chosen = segmentIn(slicer.qSlicerSubjectHierarchyPluginHandler.instance().currentItem())
        if chosen is not None:
            explain(*chosen)
