"""The list of structures: search, tick, or write one's own words."""

import json
from pathlib import Path

import qt
from slicer.i18n import tr as _

from XAICLIPLib import anatomy
from XAICLIPLib.errors import XAICLIPError
from XAICLIPSlicer.panel.choices import ModelSource
from XAICLIPSlicer.panel.sections.section import Section, setText
from XAICLIPSlicer.scene.names import shownName

BACKGROUND = "background"


def bundledTargets() -> tuple[str, ...]:
    """What the bundled model segments, from the file that lies beside its weights."""
    path = Path(anatomy.__file__).parents[1] / "weights" / "unet" / "config.json"
    targets = json.loads(path.read_text(encoding="utf-8"))["targets"]
    return tuple(target for target in targets if target != BACKGROUND)


class StructureList(Section):
    """Ticks in a list on one side, names and free texts in the parameter node on the other."""

    def __init__(self, panel) -> None:
        super().__init__(panel)
        self._built = None
        self.ui.structureSearchBox.connect("textChanged(QString)", self.onSearch)
        self.ui.structureSearchBox.connect("returnPressed()", self.onEnter)
        self.ui.structureListWidget.connect("itemChanged(QListWidgetItem*)", self.onItemChanged)

    def targets(self) -> tuple[str, ...]:
        """What the model segments; empty while that is not known."""
        if self.parameters.modelSource is ModelSource.BUNDLED:
            return bundledTargets()
        return self.panel.model.targets

    def isSegmented(self, text: str) -> bool:
        """Whether the model segments what a text names; true while that is not known.

        Parameters
        ----------
        text : str
            A structure in any words.

        Returns
        -------
        bool
            By its name or label among the model's targets.
        """
        targets = self.targets()
        structure = anatomy.describe(text)
        return not targets or bool(anatomy.match(structure.name, targets) or anatomy.match(structure.label, targets))

    def update(self) -> None:
        """The ticks, and the line with what is chosen."""
        chosen, targets = tuple(self.parameters.structures), self.targets()
        state = (chosen, targets)
        if state != self._built:
            if self._built is None or targets != self._built[1] or set(chosen) != set(self._ticked()):
                self._build(chosen, targets)
            self._built = state
        names = [shownName(anatomy.describe(text)) for text in chosen]
        setText(self.ui.structureChosenLabel, _("Chosen: {names}").format(names=", ".join(names)) if names else "")

    def _build(self, chosen: tuple[str, ...], targets: tuple[str, ...]) -> None:
        """What is ticked comes first, then what the model segments, then the rest."""
        known = {s.name: s for s in anatomy.STRUCTURES}
        for text in (*targets, *chosen):
            structure = anatomy.describe(text)
            known.setdefault(structure.name, structure)
        ticked = {anatomy.describe(text).name: text for text in chosen}
        segmented = {name: self.isSegmented(name) for name in known}
        order = sorted(known.values(), key=lambda s: (s.name not in ticked, not segmented[s.name]))
        widget = self.ui.structureListWidget
        with self.updating():
            widget.clear()
            for structure in order:
                item = qt.QListWidgetItem(shownName(structure))
                item.setFlags(qt.Qt.ItemIsEnabled | qt.Qt.ItemIsUserCheckable | qt.Qt.ItemIsSelectable)
                item.setCheckState(qt.Qt.Checked if structure.name in ticked else qt.Qt.Unchecked)
                item.setData(qt.Qt.UserRole, ticked.get(structure.name, structure.name))
                if segmented[structure.name]:
                    item.setToolTip(", ".join(structure.synonyms))
                else:
                    item.setForeground(qt.QBrush(qt.QColor(qt.Qt.gray)))
                    item.setToolTip(_("The model does not segment it: its region can be shown, but not explained."))
                widget.addItem(item)
        self.onSearch(self.ui.structureSearchBox.text)

    def _items(self) -> list:
        widget = self.ui.structureListWidget
        return [widget.item(row) for row in range(widget.count)]

    def _ticked(self) -> list[str]:
        return [item.data(qt.Qt.UserRole) for item in self._items() if item.checkState() == qt.Qt.Checked]

    def onSearch(self, text: str) -> None:
        """Show what matches, by label or synonym; everything where nothing is typed."""
        wanted = text.strip().casefold()
        named = anatomy.find(text) if wanted else None
        for item in self._items():
            structure = anatomy.describe(item.data(qt.Qt.UserRole))
            words = " ".join((item.text(), structure.label, *structure.synonyms, *structure.aliases)).casefold()
            item.setHidden(bool(wanted) and wanted not in words and structure is not named)

    def onEnter(self) -> None:
        """Tick what was typed: a structure by any of its names, else the first match, else the text itself."""
        text = self.ui.structureSearchBox.text.strip()
        if not text or not self.isUserEvent():
            return
        structure = anatomy.find(text)
        if structure is None:
            shown = [item for item in self._items() if not item.isHidden()]
            name = shown[0].data(qt.Qt.UserRole) if shown else text
        else:
            name = structure.name
        try:
            new = anatomy.describe(name).name
        except XAICLIPError as error:
            self.panel.messages.say(str(error))
            return
        chosen = list(self.parameters.structures)
        if new not in {anatomy.describe(other).name for other in chosen}:
            self.parameters.structures = [*chosen, name]
        self.ui.structureSearchBox.setText("")

    def onItemChanged(self, item) -> None:
        if self.isUserEvent():
            # the order of ticking is kept, because it is the order of the labels
            ticked = self._ticked()
            kept = [text for text in self.parameters.structures if text in ticked]
            self.parameters.structures = [*kept, *(text for text in ticked if text not in kept)]
