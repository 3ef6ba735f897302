"""Asking a run in the panel: the mouse, the list of questions, what matters, and two runs side by side."""

import time

import numpy as np
import pytest
import slicer

from Testing.panel.conftest import SHAPE
from Testing.panel.lazy import Lazy
from Testing.panel.test_one_screen import AFTER, cut, heightOf

# only importable once the stand-in for Slicer runs
views, runs, slices, crosshair = (
    Lazy(f"XAICLIPSlicer.scene.{name}") for name in ("views", "runs", "slices", "crosshair")
)


@pytest.fixture
def asked(window):
    """A run of liver and spleen with each organ hidden in turn, and the page on which it is asked."""
    window.ui.organsInTurnCheckBox.click()
    window.run = window.explain(structures=["liver", "spleen"])
    return window


def inOrgan(window, name="liver"):
    """A place of the scene well inside what is drawn, RAS."""
    mask = slicer.util.arrayFromSegmentBinaryLabelmap(window.run.predictionSegmentation, name, window.scan)
    places = np.argwhere(mask > 0)
    k, j, i = places[((places - places.mean(0)) ** 2).sum(1).argmin()]
    return slices.voxelToWorld(window.scan, (i, j, k))


def openPage(window, part):
    button = window.panel.parts.buttons[window.panel.parts.parts.index(part)]
    button.click()
    assert button.checked
    return part


def choose(combo, row):
    combo.setCurrentIndex(row)
    combo.activated.emit(row)


def moveMouse(position):
    crosshair.crosshairNode().SetCursorPositionRAS([float(v) for v in position])


def answered(window, text):
    window.wait(lambda: text in window.ui.askAnswerLabel.text, f"an answer with {text!r}")
    return window.ui.askAnswerLabel.text


# -- the mouse ---------------------------------------------------------------------------------------------------------


def test_answersAppearWhileTheMouseMoves(asked):
    ui, ask = asked.ui, openPage(asked, asked.panel.ask)
    asked.wait(lambda: ui.questionsComboBox.count > 1, "the questions")
    place = inOrgan(asked)
    moveMouse(place)
    asked.process(0.05)
    assert ui.askAnswerLabel.text == "" and ask.asker.count == 0, "nothing is asked before the tool is on"
    ui.askButton.click()
    assert "Move the mouse" in ui.askAnswerLabel.text
    moveMouse(place)
    assert answered(asked, "The liver here depends")
    node = asked.run.node(runs.ANSWER)
    assert node.GetImageData().GetDimensions()[2] == 1 and views.isShown(node)
    times = []
    for step in range(6):  # from the crosshair to the map
        start = time.perf_counter()
        before = node.GetImageData().GetMTime()
        moveMouse(place + [0, 2.0 * step, 0])
        asked.wait(lambda before=before: node.GetImageData().GetMTime() != before and not ask.asker.isAsking, "the map")
        times.append(1000 * (time.perf_counter() - start))
    asked.report("a question from the crosshair to the map", f"{np.median(times):.0f} ms, at most {max(times):.0f} ms")
    assert np.median(times) <= 100 * asked.crowding()

    before = ask.asker.count  # of many places only the last is asked
    for step in range(200):
        moveMouse(place + [0, 0.1 * step, 0])
    asked.wait(lambda: not ask.asker.isAsking, "the last answer")
    assert ask.asker.count == before + 2, "the first that was free, and the last"

    ui.askKindComboBox.setCurrentIndex(1)
    moveMouse(place)
    assert answered(asked, "Hiding this place")
    ui.askStructureComboBox.setCurrentIndex(2)
    moveMouse(place)
    assert answered(asked, "of the spleen")
    ui.hideAnswerButton.click()
    assert asked.run.node(runs.ANSWER) is None and not ui.askButton.checked and views.isShown(asked.run.saliencyNode)
    count = ask.asker.count
    moveMouse(place)
    asked.process(0.05)
    assert ask.asker.count == count, "the tool is off"

    ui.askButton.click()  # with Shift, the crosshair is followed
    ui.askShiftCheckBox.click()
    moveMouse(place)
    asked.process(0.05)
    assert ask.asker.count == count
    crosshair.crosshairNode().SetCrosshairRAS([float(v) for v in place])
    assert answered(asked, "of the spleen") and ask.asker.count == count + 1


def test_whatCanNotBeAskedIsSaidInOneLine(asked):
    ui = asked.ui
    openPage(asked, asked.panel.ask)
    ui.askButton.click()
    moveMouse([9000, 0, 0])
    assert "outside the scan" in ui.askAnswerLabel.text and "\n" not in ui.askAnswerLabel.text
    place = inOrgan(asked)
    z = slices.axialAxis(asked.scan).slice(slices.worldToVoxel(asked.scan, place))
    moveMouse(place + [0, 0, 25.0 if z < SHAPE[0] - 1 else -25.0])
    assert answered(asked, "was not explained")
    ui.askKindComboBox.setCurrentIndex(1)
    moveMouse(slices.voxelToWorld(asked.scan, (0, 0, slices.worldToVoxel(asked.scan, place)[2])))
    assert answered(asked, "Nothing was hidden at that place")
    assert not ui.messageFrame.isVisible()

    logic = asked.widget.logic
    answer = logic.ask(asked.run, at=place)
    assert answer["structure"] == "liver" and asked.run.node(runs.ANSWER) is not None
    with pytest.raises(ValueError, match="outside the scan"):
        logic.ask(asked.run, at=(9000, 0, 0))
    with pytest.raises(RuntimeError, match="does not explain"):
        logic.ask(asked.run, structure="kidney")
    with pytest.raises(ValueError, match="There is no run yet"):
        logic.ask(None)


def test_aRunWithoutARecordAndOneWhoseFilesAreGoneSaySo(window, tmp_path):
    before = window.panel.request
    window.panel.request = lambda *given: without(*before(*given))

    def without(request, segment):
        return request.changed(influence=False), segment

    window.run = window.explain()
    openPage(window, window.panel.ask)
    assert answered(window, "kept no record")
    logic = window.widget.logic
    with pytest.raises(ValueError, match="kept no record"):
        logic.ask(window.run, part_of="drawn")
    window.run.folder = str(tmp_path / "gone")
    with pytest.raises(ValueError, match="are gone"):
        logic.ask(window.run, part_of="drawn")


def test_aModelThatIsGoneIsAskedAllTheSame(window, tmp_path):
    """The record is all that a question needs; another run says in one line that the model is not there."""
    import torch
    from XAICLIPSlicer.panel.choices import ModelSource

    path = tmp_path / "model.pt"
    torch.jit.save(torch.jit.script(torch.nn.Sigmoid()), str(path))
    window.parameters.modelSource, window.parameters.modelPath = ModelSource.FILE, str(path)
    window.run = window.explain()
    path.unlink()
    answer = window.widget.logic.ask(window.run, part_of="drawn", show=False)
    assert answer["text"].startswith("The liver as it is drawn")
    window.parameters.modelPath = str(tmp_path / "gone.pt")
    window.process(0.05)
    if window.ui.explainButton.enabled:
        window.ui.explainButton.click()
        window.wait(lambda: not window.panel.isRunning, "the end")
    said = window.ui.messageLabel.text if window.ui.messageFrame.isVisible() else window.ui.statusLabel.text
    assert said and "\n" not in said


# -- the list ----------------------------------------------------------------------------------------------------------


def test_theListOffersWhatTheRunCanBeAsked(asked):
    import qt

    ui = asked.ui
    openPage(asked, asked.panel.ask)
    asked.wait(lambda: ui.questionsComboBox.count > 1, "the questions")
    texts = [ui.questionsComboBox.itemText(row) for row in range(1, ui.questionsComboBox.count)]
    assert texts[0].startswith("Liver: what does all that is drawn") and texts[-1].startswith("Between organs")
    assert sum("boundary" in text for text in texts) == 2 and not any("missing" in text for text in texts)
    choose(ui.questionsComboBox, len(texts))
    asked.wait(lambda: ui.betweenTable.isVisible(), "the matrix")
    assert ui.betweenTable.rowCount >= 2 and ui.betweenTable.columnCount == 2
    own = ui.betweenTable.item(0, 0)
    assert own.text().endswith("%") and own.background() != qt.QBrush()
    before = views.layoutNode().GetViewArrangement()
    ui.barsButton.click()
    plot = slicer.mrmlScene.GetSingletonNode(views.CURVES_VIEW, "vtkMRMLPlotViewNode").GetPlotChartNode()
    assert plot is not None and plot.GetName() == "Between organs"
    ui.barsButton.click()
    assert views.layoutNode().GetViewArrangement() == before
    matrix = asked.widget.logic.ask(asked.run, between=True)
    assert matrix["structures"] == ["liver", "spleen"] and len(matrix["losses"]) == len(matrix["players"])

    choose(ui.questionsComboBox, 1)
    assert answered(asked, "The liver as it is drawn depends")
    first = asked.run
    assert first.node(runs.ANSWER) is not None
    second = asked.explain(structures=["spleen"])
    assert first.node(runs.ANSWER) is None and views.isShown(second.saliencyNode)
    asked.wait(lambda: ui.questionsComboBox.count > 1, "the questions of the other run")
    assert ui.questionsComboBox.itemText(1).startswith("Spleen")


# -- in the middle of a question ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["clear", "remove"])
def test_aQuestionUnderWayIsForNobodyWhenItsRunGoes(asked, end):
    ui, ask, place = asked.ui, openPage(asked, asked.panel.ask), inOrgan(asked)
    asked.wait(lambda: ui.questionsComboBox.count > 1, "the questions")

    def begin():
        ui.askButton.click()
        moveMouse(place)
        assert ask.asker.isAsking

    def isForNobody():
        assert not ask.asker.isAsking and not ui.askButton.checked
        asked.process(0.4)
        assert not [n for n in runs.markedNodes() if n.GetAttribute(runs.ROLE) == runs.ANSWER]

    begin()
    if end == "clear":
        asked.clearScene()
        isForNobody()
        return
    ui.hideAnswerButton.setVisible(True)
    ui.hideAnswerButton.click()
    isForNobody()
    begin()
    asked.leave()
    isForNobody()
    asked.enter()
    assert len(runs.listRuns()) == 1 and views.isShown(asked.run.saliencyNode), "nothing is lost"
    asked.wait(lambda: ui.questionsComboBox.count > 1, "the questions again")
    begin()
    ui.removeRunButton.click()
    isForNobody()


# -- what matters ------------------------------------------------------------------------------------------------------


def test_aClickOnWhatMattersGoesThereAndShowsTheAnswer(asked):
    ui, table = asked.ui, asked.ui.mattersTable
    openPage(asked, asked.panel.matters)
    assert table.rowCount == len(asked.run.matters) > 0 and table.columnCount == 6
    row = [finding["kind"] for finding in asked.run.matters].index("hot spot")
    finding = asked.run.matters[row]
    table.cellClicked.emit(row, 0)
    place = crosshair.toScene(asked.scan, finding["at"])
    red, yellow = (slicer.mrmlScene.GetSingletonNode(name, "vtkMRMLSliceNode").GetSliceToRAS() for name in
                   ("Red", "Yellow"))  # fmt: skip
    assert red.GetElement(2, 3) == pytest.approx(place[2], abs=1e-3)
    assert yellow.GetElement(0, 3) == pytest.approx(place[0], abs=1e-3)
    said = ui.mattersLabel.text
    assert said.startswith(("Liver: Hot spot", "Spleen: Hot spot")) and f"slice {finding['slice']}" in said
    assert f"{finding['size_mm']:.0f} mm in size" in said
    asked.wait(lambda: asked.run.node(runs.ANSWER) is not None, "the answer")
    asked.clearScene()
    assert not asked.panel.matters._shown and table.rowCount == 0


def test_aClickOnANumberGoesToItsSlice(window):
    from XAICLIPSlicer.panel.choices import SliceChoice

    window.run = window.explain(sliceChoice=SliceChoice.RANGE, firstSlice=2, lastSlice=3)
    table = window.ui.numbersTable
    column = [table.horizontalHeaderItem(n).text() for n in range(table.columnCount)].index("Slice")
    texts = [table.item(row, column).text() for row in range(table.rowCount)]
    for wanted in ("2", "3"):
        table.cellClicked.emit(texts.index(wanted), 0)
        assert slices.currentSlice(window.scan) == int(wanted)
    table.cellActivated.emit(texts.index("All"), 0)
    assert slices.currentSlice(window.scan) == window.run.metrics[0]["largest_drop_slice"]


# -- two runs ----------------------------------------------------------------------------------------------------------


def test_twoRunsSideBySide(window):
    from XAICLIPSlicer.panel.choices import Fill

    ui, before = window.ui, window.display()
    first = window.explain()
    openPage(window, window.panel.compare)
    assert "no other run" in ui.compareLabel.text and not ui.besideButton.enabled
    second = window.explain(fill=Fill.MEAN)
    names = [ui.runComboBox.itemText(n) for n in range(ui.runComboBox.count)]
    assert names == ["liver · occlusion · mean", "liver · occlusion · zero"]
    assert [ui.otherRunComboBox.itemText(n) for n in range(ui.otherRunComboBox.count)] == names[1:]
    ui.besideButton.click()
    window.wait(lambda: views.isPair(), "the two runs")
    assert "put places in" in ui.compareLabel.text and ui.compareSettingsLabel.text == "fill: mean in 1, zero in 2"
    assert ui.firstAnswerLabel.text.startswith("1: ") and ui.secondAnswerLabel.text.startswith("2: ")
    shown = {part: views._composite(view).GetForegroundVolumeID() for part, view in views.pairViews().items()}
    assert shown["first"] == second.dropNodes["liver"].GetID() and shown["second"] == first.dropNodes["liver"].GetID()
    window.parameters.opacity = 0.7
    assert views.isPair(), "what is set meanwhile is shown when the pair goes"
    ui.besideButton.click()
    assert not views.isPair() and views.isShown(second.saliencyNode) and not ui.firstAnswerLabel.isVisible()
    ui.besideButton.click()
    window.wait(lambda: views.isPair(), "the two runs")
    window.leave()
    assert window.display() == before and not ui.besideButton.checked
    window.enter()
    assert window.widget.logic.compare(second, first, show=False)["structure"] == "liver"
    ui.besideButton.click()
    window.wait(lambda: views.isPair(), "the two runs")
    ui.removeRunButton.click()
    assert not views.isPair() and len(runs.listRuns()) == 1
    window.clearScene()


def test_runsOnDifferentScansAreRefused(window):
    logic = window.widget.logic
    first = window.explain()
    window.load()
    second = window.explain()
    openPage(window, window.panel.compare)
    assert window.ui.otherRunComboBox.count == 0, "runs on another scan are not offered"
    with pytest.raises(ValueError, match="different scans"):
        logic.compare(first, second)
    with pytest.raises(ValueError, match="one run"):
        logic.compare(second, second)
    third = window.explain()
    second.folder = ""
    window.ui.besideButton.click()
    assert "are gone" in window.ui.compareLabel.text and not views.isPair() and not window.ui.besideButton.checked
    assert third is window.panel.result.run


# -- the room that it takes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("foreignWindow", ["longer", "de_DE"], indirect=True)
def test_everyPageOfTheResultFitsThePanelInGermanToo(foreignWindow):
    window = foreignWindow
    window.load()
    window.run = window.explain()
    panel = window.panel
    for part in panel.parts.parts:
        openPage(window, part)
        if part is panel.ask:
            panel.ask.ask({"part_of": "drawn"})
            window.wait(lambda: window.ui.askAnswerLabel.text and not panel.ask.asker.isAsking, "an answer")
        height = heightOf(window)
        assert (height <= AFTER, cut(window)) == (True, []), (part.title(), height)
