"""The panel as it opens: one screen, few things to decide, an answer after three clicks, and words that fit."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import slicer

from Testing.panel.conftest import SHAPE, SPACING
from Testing.panel.lazy import Lazy

choices = Lazy("XAICLIPSlicer.panel.choices")

ROOT = Path(__file__).parents[2]
WIDTH, BEFORE, AFTER, INPUTS = 420, 700, 900, 8
JARGON = re.compile(r"correlation|deletion|insertion|room|HSIC|strategy|prompt|--[a-z]|\b\w+_\w+\b", re.IGNORECASE)


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


def kindsOfInputs():
    """What a user can set or press."""
    import qt

    kinds = (qt.QAbstractButton, qt.QComboBox, qt.QAbstractSpinBox, qt.QLineEdit, qt.QListWidget, qt.QTableView)
    return kinds + tuple(getattr(slicer, name) for name in ("qMRMLNodeComboBox", "qMRMLSegmentSelectorWidget"))


def inputs(window):
    """The names of what a user can set or press and sees."""
    import qt

    widgets = [w for w in vars(window.ui).values() if isinstance(w, qt.QWidget)] + window.panel.parts.buttons
    return sorted(w.objectName for w in widgets if isinstance(w, kindsOfInputs()) and isSeen(w))


def heightOf(window, width=WIDTH):
    """How high the panel is when it is so wide, in pixels."""
    container = window.panel.room.container
    window.module.widgetRepresentation().resize(width, 2000)
    window.process(0.05)
    assert container.minimumSizeHint().width() <= width, "nothing is wider than the panel"
    return container.layout().heightForWidth(width)


def shownText(window):
    """All words that a user sees."""
    import qt

    texts = [w.text for w in window.panel.room.container.findChildren(qt.QLabel) if isSeen(w)]
    return "\n".join([*texts, *(button.text for button in window.panel.parts.buttons if isSeen(button))])


@pytest.fixture
def smallPhantom(slicerApp, monkeypatch):
    """Sample Data draws a small one: the path is the same, and the wait is shorter."""
    from XAICLIPSlicer.scene import sampledata

    whole = sampledata.loadPhantom
    monkeypatch.setattr(sampledata, "loadPhantom", lambda: whole(shape=SHAPE, spacing=SPACING))


def clickTick(window, name):
    """Click on the check box of a structure in the list, as the mouse does."""
    import qt
    from PySide6 import QtTest

    widget = window.ui.structureListWidget
    [item] = [item for item in window.panel.structures._items() if item.text() == name]
    widget.scrollToItem(item)
    box = widget.visualItemRect(item)
    place = qt.QPoint(box.left() + 8, box.center().y())
    QtTest.QTest.mouseClick(widget.viewport(), qt.Qt.LeftButton, qt.Qt.NoModifier, place)


# -- one screen --------------------------------------------------------------------------------------------------------


def test_fewThingsToDecideOnOneScreen(foldedWindow):
    assert len(inputs(foldedWindow)) <= INPUTS, inputs(foldedWindow)
    assert heightOf(foldedWindow) <= BEFORE
    foldedWindow.load()
    foldedWindow.process(0.05)
    assert len(inputs(foldedWindow)) <= INPUTS, inputs(foldedWindow)
    assert heightOf(foldedWindow) <= BEFORE
    assert not isSeen(foldedWindow.ui.resultWidget), "no result, no place for it"
    assert not JARGON.search(shownText(foldedWindow)), shownText(foldedWindow)


def test_threeClicksToTheFirstAnswer(foldedWindow, smallPhantom):
    window, ui = foldedWindow, foldedWindow.ui
    window.evidence = "quick"  # as the panel asks for, where the other tests do without
    assert "scan" in ui.statusLabel.text and not ui.explainButton.enabled
    ui.sampleDataButton.click()
    window.process(0.05)
    assert "XAICLIPPhantom" in ui.inputVolumeSelector.currentNode().GetName() and not isSeen(ui.sampleDataButton)
    assert "Tick" in ui.statusLabel.text and not ui.explainButton.enabled
    clickTick(window, "Right kidney")
    assert list(window.parameters.structures) == ["kidney_right"] and "Right kidney" in ui.structureChosenLabel.text
    assert ui.statusLabel.text == "" and ui.explainButton.enabled
    ui.explainButton.click()
    window.wait(lambda: not window.panel.isRunning, "the answer")
    window.settle()

    assert isSeen(ui.headlineLabel) and "right kidney" in ui.headlineLabel.text.lower(), "the answer is a sentence"
    assert ui.headlineLabel.text.endswith(".")
    assert isSeen(ui.testedLabel) and "Right kidney: " in ui.testedLabel.text and "slice" in ui.testedLabel.text
    shown = shownText(window)
    assert not JARGON.search(shown), JARGON.findall(shown)
    assert "kidney right" not in shown.lower() and "kidney_right" not in shown
    assert not isSeen(ui.numbersTable) and heightOf(window) <= AFTER
    assert slicer.util.arrayFromVolume(window.panel.result.run.saliencyNode).max() > 0

    ui.numbersGroupBox.collapsed = False
    header = [ui.numbersTable.horizontalHeaderItem(c).text() for c in range(ui.numbersTable.columnCount)]
    assert header[:3] == ["Slice", "Structure", "Largest drop"] and not any("_" in title for title in header)
    cells = [ui.numbersTable.item(0, c).text() for c in range(ui.numbersTable.columnCount)]
    assert cells[:2] == ["All", "Right kidney"] and re.fullmatch(r"-?\d\.\d\d", cells[2])
    assert not any(re.search(r"\.\d{3}|_|nan", cell) for cell in cells)


def test_theLineAboveAdvancedSaysWhatIsSetThere(foldedWindow):
    line, parameters = foldedWindow.ui.advancedLabel, foldedWindow.parameters
    assert isSeen(line) and "as recommended" in line.text
    parameters.method, parameters.fill = choices.MethodChoice.RISE, choices.Fill.BLUR
    parameters.regionSource = choices.RegionSource.PREDICTION
    assert "region: The model's own prediction; method: RISE; fill: Blurred image" in line.text
    parameters.quality = choices.Quality.PREVIEW
    assert "quality: Preview" in line.text
    for name, value in (("method", "OCCLUSION"), ("fill", "ZERO"), ("quality", "PAPER")):
        kind = {"method": choices.MethodChoice, "fill": choices.Fill, "quality": choices.Quality}[name]
        setattr(parameters, name, kind[value])
    parameters.regionSource = choices.RegionSource.WORDS
    assert "as recommended" in line.text
    foldedWindow.unfold()
    foldedWindow.ui.organsInTurnCheckBox.click()
    assert parameters.organsInTurn and "each organ is hidden, too" in line.text


def test_theScansOwnSegmentationIsReady(foldedWindow):
    """What is drawn on the scan is chosen wherever a segmentation is asked for; a run's own is not one."""
    import numpy as np

    scan = foldedWindow.load()
    other = slicer.util.addVolumeFromArray(np.zeros((3, 4, 5), np.int16), name="other")
    nodes = []
    for volumeNode in (other, scan):
        node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode")
        node.SetReferenceImageGeometryParameterFromVolumeNode(volumeNode)
        node.GetSegmentation().AddEmptySegment("", "Liver")
        nodes.append(node)
    foldedWindow.leave()
    foldedWindow.enter()
    assert foldedWindow.parameters.regionSegmentation is nodes[1] and foldedWindow.parameters.learnFrom is nodes[1]
    assert foldedWindow.parameters.reference is None, "what is scored against is the user's to say"
    assert foldedWindow.parameters.regionSource is choices.RegionSource.WORDS


def test_aScanThatIsLoadedLaterIsChosen(foldedWindow):
    from XAICLIPSlicer.scene.sampledata import loadPhantom

    [scan] = loadPhantom(shape=SHAPE, spacing=SPACING)
    foldedWindow.process(0.05)
    assert foldedWindow.parameters.inputVolume is scan
    foldedWindow.ui.inputVolumeSelector.setCurrentNode(None)
    foldedWindow.process(0.05)
    assert foldedWindow.parameters.inputVolume is None, "nothing is forced on the user"


# -- words that are longer ---------------------------------------------------------------------------------------------


def cut(window):
    """What is seen and has not the room that it needs."""
    import qt

    found, root = [], window.panel.room.container
    for widget in root.findChildren(qt.QWidget):
        if not isSeen(widget):
            continue
        right = widget.mapTo(root, qt.QPoint(0, 0)).x() + widget.width
        text = getattr(widget, "text", "") if isinstance(widget, (qt.QLabel, qt.QAbstractButton)) else ""
        if isinstance(widget, qt.QComboBox) and not widget.minimumContentsLength:
            text = widget.currentText
        wrapped = isinstance(widget, qt.QLabel) and widget.wordWrap
        words = max(re.split(r"\s", text), key=len, default="") if wrapped else text
        needed = widget.fontMetrics().horizontalAdvance(words.replace("&", ""))
        if right > root.width or needed > widget.width or widget.width < widget.minimumSizeHint().width():
            found.append(f"{widget.objectName} {text!r}: {widget.width} of {needed} px, up to {right}")
    return found


@pytest.mark.parametrize("foreignWindow", ["longer", "de_DE", "fr_FR"], indirect=True)
def test_nothingIsCutInOtherLanguages(foreignWindow):
    from XAICLIPSlicer.panel.sections.display import DisplayPart

    window, ui = foreignWindow, foreignWindow.ui
    assert ui.explainButton.text != "&Explain", "the words of the .ui file are translated"
    window.load()
    window.explain()
    window.settle()
    assert heightOf(window) <= AFTER and cut(window) == []
    window.panel.parts.show(window.panel.display)
    assert isinstance(window.panel.display, DisplayPart) and isSeen(ui.colorMapComboBox)
    assert heightOf(window) <= AFTER and cut(window) == []
    window.unfold()
    for method in choices.MethodChoice:
        window.parameters.method = method
        heightOf(window)
        assert cut(window) == []
    for source in choices.RegionSource:
        window.parameters.regionSource = source
        heightOf(window)
        assert cut(window) == []
    window.parameters.modelSource, window.parameters.modelKind = choices.ModelSource.FILE, choices.ModelKind.SAM
    heightOf(window)
    assert cut(window) == []


# -- keyboard and screen reader ----------------------------------------------------------------------------------------


def test_theKeyboardAloneGetsAnAnswer(foldedWindow, smallPhantom):
    import qt
    from PySide6 import QtTest

    window, ui, press = foldedWindow, foldedWindow.ui, QtTest.QTest.keyClick
    press(ui.sampleDataButton, qt.Qt.Key_Space)
    window.process(0.05)
    QtTest.QTest.keyClicks(ui.structureSearchBox, "right kidn")
    press(ui.structureSearchBox, qt.Qt.Key_Return)
    assert list(window.parameters.structures) == ["kidney_right"]
    window.parameters.quality = choices.Quality.PREVIEW
    press(ui.explainButton, qt.Qt.Key_Space)
    assert window.panel.isRunning, ui.statusLabel.text
    window.wait(lambda: not window.panel.isRunning, "the answer")
    assert isSeen(ui.resultWidget), ui.messageLabel.text
    press(window.panel.parts.buttons[-1], qt.Qt.Key_Space)
    assert isSeen(ui.opacitySlider) and not isSeen(ui.answerLabel)
    press(window.panel.parts.buttons[0], qt.Qt.Key_Space)
    assert isSeen(ui.numbersGroupBox)
    press(ui.numbersGroupBox, qt.Qt.Key_Space)
    assert isSeen(ui.numbersTable)
    press(ui.advancedCollapsibleButton, qt.Qt.Key_Space)
    assert isSeen(ui.regionGroupBox)


def test_everyControlHasANameForScreenReaders(window):
    import qt
    from PySide6 import QtGui

    def nameOf(widget):
        return QtGui.QAccessible.queryAccessibleInterface(widget).text(QtGui.QAccessible.Text.Name)

    widgets = [w for w in vars(window.ui).values() if isinstance(w, qt.QWidget)]
    controls = [w for w in widgets if isinstance(w, kindsOfInputs()) or w.className().startswith(("ctk", "qMRML"))]
    late = ("messageButton", "qt_tableview_cornerbutton")  # says what it does when it is there, and is not ours
    pages = ("XAICLIP", *(Path(part.uiFile).stem + "Part" for part in window.panel.parts.parts))
    silent = [w.objectName for w in controls if w.objectName not in (*late, *pages) and not nameOf(w)]
    assert len(controls) > 60 and silent == []
    pieces = [p for w in controls for p in w.findChildren(qt.QAbstractSpinBox) if isinstance(w, qt.QWidget)]
    assert all(nameOf(p) for p in pieces if p.parentWidget().className() == "ctkSliderWidget")


def test_everyControlOfTheFirstScreenHasAKeyOfItsOwn(foldedWindow):
    foldedWindow.load()
    foldedWindow.process(0.05)
    import qt

    texts = [w.text for w in vars(foldedWindow.ui).values() if isinstance(w, (qt.QLabel, qt.QAbstractButton))
             and isSeen(w) and (isinstance(w, qt.QAbstractButton) or w.buddy() is not None)]  # fmt: skip
    keys = [match[1].lower() for text in texts for match in re.finditer("&([^&])", text)]
    assert len(keys) == len(texts) > 4 and len(set(keys)) == len(keys), texts
    foldedWindow.ui.resultWidget.setVisible(True)
    names = ("report", "dicom", "save", "comparison", "volumeRendering", "removeRun")
    buttons = [getattr(foldedWindow.ui, f"{name}Button") for name in names]
    assert all("&" in button.text for button in [*buttons, *foldedWindow.panel.parts.buttons])


# -- every button ------------------------------------------------------------------------------------------------------


def test_everyButtonIsClickedByATest():
    """No button whose handler never ran: each one's name stands before a click, or with a key, in these files."""
    tests = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "Testing" / "panel").glob("*.py")))
    names = set()
    for path in (ROOT / "XAICLIP" / "Resources" / "UI").glob("*.ui"):
        for widget in ElementTree.parse(path).iter("widget"):
            if widget.get("class") in ("QPushButton", "QToolButton", "QCheckBox"):
                names.add(widget.get("name"))
    clicked = {name for name in names if re.search(rf"\b{name}\.(click|menu)\(", tests)}
    assert len(names) > 15 and sorted(names - clicked) == []


def test_modelFolder(window, monkeypatch, tmp_path):
    import qt

    monkeypatch.setattr(qt.QFileDialog, "getExistingDirectory", lambda *arguments: str(tmp_path))
    window.parameters.modelSource = choices.ModelSource.FILE
    window.ui.modelFolderButton.click()
    assert window.parameters.modelPath == str(tmp_path)


def test_legendAndSaveMenu(window, monkeypatch, tmp_path):
    import qt

    run = window.explain()
    legend = slicer.modules.colors.logic().GetColorLegendDisplayNode(run.saliencyNode)
    assert legend.GetVisibility()
    window.ui.legendCheckBox.click()
    legend = slicer.modules.colors.logic().GetColorLegendDisplayNode(run.saliencyNode)
    assert (legend is None or not legend.GetVisibility()) and not window.parameters.legend
    asked = []
    monkeypatch.setattr(qt.QFileDialog, "getExistingDirectory", lambda *arguments: str(tmp_path))
    monkeypatch.setattr(slicer.util, "openSaveDataDialog", lambda: asked.append("scene"))
    nrrd, nifti, *dicom, scene = window.ui.saveButton.menu().actions()
    [dicom] = [action for action in dicom if "archive" in action.toolTip]
    for action, ending in ((nrrd, "nrrd"), (nifti, "nii.gz")):
        action.trigger()
        window.wait(lambda ending=ending: list(tmp_path.rglob(f"*.{ending}")), "the volumes")
        window.wait(lambda: "pictures" in window.ui.statusLabel.text, "the pictures")
    dicom.trigger()
    window.wait(lambda: "DICOM objects are in" in window.ui.statusLabel.text, "the objects")
    assert list(tmp_path.rglob("*.dcm"))
    scene.trigger()
    assert asked == ["scene"]


def test_everyPointOfTheRuleHasPlainWords(slicerApp, module):
    module("XAICLIP")
    from XAICLIPSlicer.panel.answers import pointWords

    source = (ROOT / "XAICLIPLib" / "metrics" / "reasons.py").read_text(encoding="utf-8")
    points = set(re.findall(r'Reason\(\s*f?"([a-z ]+?)(?: \{n\})?"', source)) | {"unrepeatable", "neighbours"}
    assert len(points) > 20 and points == set(pointWords())
    assert not [words for words in pointWords().values() if JARGON.search(words)]


def test_optionsOfTheCommandLineAreSaidInThePanelsWords(slicerApp, module):
    module("XAICLIP")
    from XAICLIPSlicer.worker.errors import errorText

    text = "no slice: name another region (--region full), or say so (--modality says otherwise, --region-size stays)"
    assert errorText(text) == (
        "No slice: name another region (Look in: The whole slice), or say so (Modality under Advanced says otherwise, "
        "--region-size stays)"
    )
