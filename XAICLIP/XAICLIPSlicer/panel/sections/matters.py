"""What matters, a part of the result: places, pieces and slices that are worth a look; a click goes there and asks."""

import qt
from slicer.i18n import tr as _

from XAICLIPSlicer.panel.questions import questionOf
from XAICLIPSlicer.panel.sections.parts import Part
from XAICLIPSlicer.panel.sections.section import setText
from XAICLIPSlicer.scene.crosshair import jumpTo, toScene
from XAICLIPSlicer.scene.names import spelled

ROW_PIXELS = 22


class MattersPart(Part):
    """The list, and the sentence about what was chosen of it."""

    uiFile = "Matters.ui"

    def __init__(self, panel) -> None:
        super().__init__(panel)
        self._run = None
        self._shown: list[dict] | None = None
        table = self.ui.mattersTable
        table.connect("cellClicked(int,int)", self.onRow)
        table.connect("cellActivated(int,int)", self.onRow)
        setText(self.ui.mattersLabel, "")

    def title(self) -> str:
        """The words of its button."""
        return _("W&hat matters")

    def tip(self) -> str:
        """What the page is for."""
        return _("Hot spots, worst slices, islands and disagreements; a click goes there.")

    def update(self) -> None:
        """The list of the run that is shown."""
        run = self.panel.result.run
        found = run.matters if run is not None else []
        if run is self._run and found is self._shown:
            return
        self._run, self._shown = run, found
        self._fill(found)
        empty = _("Nothing stands out in this run, or it is not finished.") if run is not None and not found else ""
        setText(self.ui.mattersLabel, empty)

    def _fill(self, found: list[dict]) -> None:
        table = self.ui.mattersTable
        titles = [_("What"), _("From middle"), _("Organ"), _("mm"), _("Slice"), _("How much")]
        table.clear()
        table.setRowCount(len(found))
        table.setColumnCount(len(titles))
        table.setHorizontalHeaderLabels(titles)
        table.verticalHeader().setVisible(False)
        table.verticalHeader().setDefaultSectionSize(ROW_PIXELS)
        several = len({finding["structure"] for finding in found}) > 1
        for row, finding in enumerate(found):
            for column, text in enumerate(cells(finding, several)):
                item = qt.QTableWidgetItem(text)
                item.setToolTip(sentence(finding))
                table.setItem(row, column, item)
        table.resizeColumnsToContents()

    def onRow(self, row: int, _column: int) -> None:
        """All views go to the place, and what is known of it is shown."""
        run = self._run
        if run is None or self.parameters is None or not self._shown or not 0 <= row < len(self._shown):
            return
        finding, scan = self._shown[row], run.volumeNode
        setText(self.ui.mattersLabel, sentence(finding))
        if scan is None:
            setText(self.ui.mattersLabel, _("The scan of this run is not in the scene any more."))
            return
        jumpTo(toScene(scan, finding["at"]))
        question, inSlice = questionOf(finding)
        if question:
            told = sentence(finding)
            self.panel.ask.ask(question, inSlice, lambda text: setText(self.ui.mattersLabel, f"{told}\n{text}"))
        else:
            self.panel.ask.onBack()

    def forget(self) -> None:
        """The scene is going."""
        self._run, self._shown = None, None


def cells(finding: dict, several: bool) -> list[str]:
    """A row of the list.

    Parameters
    ----------
    finding : dict
        See `XAICLIPLib.results.matters.Finding.to_json`.
    several : bool
        Whether the run has several structures, so that each row says which.

    Returns
    -------
    list of str
        What, on which side of the middle of its structure, organ, size, slice, how much.
    """
    kinds = {
        "hot spot": _("Hot spot"),
        "slice": _("Worst slice") if finding["unit"] == "Dice" else _("Sensitive slice"),
        "island": _("Island"),
        "missing": _("Missing"),
        "extra": _("Extra"),
    }
    sides = {"right": _("right"), "left": _("left"), "middle": _("middle")}
    what = kinds.get(finding["kind"], finding["kind"])
    if several:
        what = _("{structure}: {what}").format(structure=spelled(finding["structure"]), what=what)
    organ = spelled(finding["organ"]) if finding["organ"] else ""
    if organ and not finding["is_inside"]:
        organ = _("near {organ}").format(organ=organ)
    isSlice = finding["kind"] == "slice"
    size = "" if finding["size_mm"] is None else f"{finding['size_mm']:.0f}"
    side = "" if isSlice else sides[finding["side"]]
    return [what, side, "" if isSlice else organ, size, str(finding["slice"]), amount(finding)]


def amount(finding: dict) -> str:
    """How much a finding weighs, with its unit.

    Parameters
    ----------
    finding : dict
        Its "value" and "unit".

    Returns
    -------
    str
        Such as "−37 %".
    """
    value = finding["value"]
    if finding["unit"] == "ml":
        return _("{value} ml").format(value=f"{value:.1f}")
    if finding["unit"] == "Dice":
        return _("Dice {value}").format(value=f"{value:.2f}")
    if finding["unit"] == "remote":
        return f"−{value:.0%}"
    return _("drop {value}").format(value=f"{value:.2f}")


def sentence(finding: dict) -> str:
    """A finding as a sentence, with its side and place as the patient has them.

    Parameters
    ----------
    finding : dict
        See `XAICLIPLib.results.matters.Finding.to_json`.

    Returns
    -------
    str
        One line.
    """
    what, _side, organ, size, slice_, much = cells(finding, True)
    left, back, up = finding["offset_mm"]
    directions = (
        (abs(left), _("{mm} mm left of its middle") if left > 0 else _("{mm} mm right of its middle")),
        (abs(back), _("{mm} mm behind it") if back > 0 else _("{mm} mm in front of it")),
        (abs(up), _("{mm} mm above it") if up > 0 else _("{mm} mm below it")),
    )
    parts = [what]
    if size:
        parts.append(_("{mm} mm in size").format(mm=size))
        parts += [text.format(mm=f"{mm:.0f}") for mm, text in sorted(directions, reverse=True) if mm >= 5][:2]
    parts += [organ] if organ and finding["organ"] != finding["structure"] else []
    if finding["unit"] == "remote":
        much = _("{share} of the rest is lost where it is hidden").format(share=f"{finding['value']:.0%}")
    parts += [_("slice {slice}").format(slice=slice_), much]
    return ", ".join(parts) + "."
