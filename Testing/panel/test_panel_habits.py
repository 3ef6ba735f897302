"""What Slicer's widgets really do, and what the panel makes of it: paths, segments, boxes, rows, errors in slots."""

import json
import logging
from pathlib import Path

import pytest
import slicer

from Testing.panel.lazy import Lazy

slices, runs = (Lazy(f"XAICLIPSlicer.scene.{name}") for name in ("slices", "runs"))
choices = Lazy("XAICLIPSlicer.panel.choices")


@pytest.fixture
def refusing(window, monkeypatch):
    """A worker that answers "explain" with an error; everything that is asked is kept."""
    window.panel.runner.require()
    client, asked, answers = window.panel.runner.client, [], []
    request = type(client).request

    def refuse(self, method, params, onResult=None, onError=None, onProgress=None):
        if method != "explain" or not answers:
            return request(self, method, params, onResult, onError, onProgress)
        asked.append(params["request"])
        import qt

        error = answers.pop()
        line = json.dumps({"jsonrpc": "2.0", "id": 10**6, "error": error}).encode()
        from XAICLIPSlicer.worker.client import _Pending

        self._pending[10**6] = _Pending(onResult, onError, onProgress)
        qt.QTimer.singleShot(0, lambda: self._receive(line))
        return 10**6

    monkeypatch.setattr(type(client), "request", refuse)
    return asked, answers


def test_aClearedPathIsNoticed(window):
    window.ui.learnedPromptsLineEdit.setCurrentPath("/somewhere/prompts.bin")
    assert window.parameters.learnedPrompts == "/somewhere/prompts.bin", "whatever its ending"
    window.ui.learnedPromptsLineEdit.setCurrentPath("")
    assert window.parameters.learnedPrompts == ""
    window.parameters.modelSource = choices.ModelSource.FILE
    window.ui.modelPathLineEdit.setCurrentPath("/somewhere/model.pt")
    window.ui.modelPathLineEdit.setCurrentPath("")
    assert window.parameters.modelPath == "" and not window.ui.explainButton.enabled


def test_aSpaceCanBeTyped(window):
    line = window.ui.learnedPromptsLineEdit
    line.setCurrentPath("/my ")
    assert (line.currentPath, window.parameters.learnedPrompts) == ("/my ", "/my")
    window.ui.languageModelComboBox.setEditText("hf-hub: ")
    assert window.ui.languageModelComboBox.currentText == "hf-hub: "


def test_theOnlySegmentIsChosenAndAGoneOneForgotten(window):
    selector = window.ui.regionSegmentSelector
    window.parameters.regionSource = choices.RegionSource.SEGMENT
    drawn = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "drawn")
    one = drawn.GetSegmentation().AddEmptySegment("liver")
    selector.setCurrentNode(drawn)
    assert (window.parameters.regionSegment, selector.currentSegmentID()) == (one, one)
    several = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "several")
    for name in ("a", "b"):
        several.GetSegmentation().AddEmptySegment(name)
    selector.setCurrentNode(None)
    assert selector.currentSegmentID() == one and window.parameters.regionSegment == "", "the selector keeps it"
    selector.setCurrentNode(several)
    assert window.parameters.regionSegment in ("", *several.GetSegmentation().GetSegmentIDs())


def test_aNewBoxHoldsTheScan(window):
    window.parameters.regionSource = choices.RegionSource.BOX
    empty = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLMarkupsROINode", "empty")
    window.parameters.regionBox = empty
    assert not window.ui.explainButton.enabled and "Draw the box first" in window.ui.statusLabel.text
    made = window.ui.regionBoxSelector.addNode()
    bounds = [0.0] * 6
    window.scan.GetRASBounds(bounds)
    assert made.GetSize() == pytest.approx([bounds[i + 1] - bounds[i] for i in (0, 2, 4)])
    window.process(0.05)
    assert window.parameters.regionBox is made and window.ui.explainButton.enabled
    made.SetSize(0, 0, 0)
    window.process(0.05)
    assert not window.ui.explainButton.enabled, "what happens to the box is followed"
    made.SetSize(bounds[1] - bounds[0], 50, 50)
    window.process(0.05)
    box = window.panel.request()[0].region.box
    assert box[1] - box[0] == pytest.approx(bounds[1] - bounds[0])


def test_newPointsAreBeingPlaced(window):
    window.parameters.modelSource, window.parameters.modelKind = choices.ModelSource.FILE, choices.ModelKind.MEDSAM
    made = window.ui.promptSelector.addNode("vtkMRMLMarkupsFiducialNode")
    interaction = slicer.mrmlScene.GetSingletonNode("Singleton", "vtkMRMLInteractionNode")
    assert interaction.GetCurrentInteractionMode() == interaction.Place
    assert slicer.modules.markups.logic().GetActiveListID() == made.GetID()


@pytest.mark.parametrize("where", ["show", "scene"])
def test_aMistakeOfThisProgramEndsTheRun(window, monkeypatch, caplog, where):
    """An exception in a slot is only printed by PythonQt: the job ends with a message, and the next one works."""
    from XAICLIPSlicer.panel.sections.result import ResultSection
    from XAICLIPSlicer.worker import job

    def break_(*_arguments, **_options):
        raise AttributeError("ctkWidget has no attribute named 'setIt'")

    with monkeypatch.context() as patch:
        if where == "show":
            patch.setattr(ResultSection, "show", break_)
        else:
            patch.setattr(job, "addNodesInSteps", break_)
        window.parameters.sliceChoice, window.parameters.quality = choices.SliceChoice.CURRENT, choices.Quality.PREVIEW
        window.ui.explainButton.click()
        window.wait(lambda: not window.panel.isRunning, "the end")
        window.process(0.1)
    assert "setIt" in window.ui.messageLabel.text and window.ui.messageFrame.isVisible()
    assert window.ui.explainButton.text == "&Explain" and window.ui.progressBar.isHidden()
    assert window.panel.runner.job.state == "failed"
    assert any(record.levelno >= logging.ERROR and record.exc_info for record in caplog.records), "the log has it all"
    caplog.clear()
    assert window.explain() is not None


def test_explainAnyway(window, refusing):
    asked, answers = refusing
    words = "the model was made for CT, the scan is MR"
    answers += [{"code": -32000, "message": words, "data": {"type": "Unsuitable", "kind": "Unsuitable"}}] * 2
    window.ui.explainButton.click()
    window.wait(lambda: not window.panel.isRunning, "the refusal")
    assert words in window.ui.messageLabel.text.lower().replace("ct", "CT").replace("mr", "MR")
    assert window.ui.messageButton.text == "Explain anyway" and window.ui.messageButton.isVisible()
    window.ui.messageButton.click()
    window.wait(lambda: len(asked) == 2 and not window.panel.isRunning, "the second refusal")
    assert [request.get("anyway", False) for request in asked] == [False, True]


def test_theModalityIsAskedForAndTakenFromTheSeries(window, monkeypatch):
    assert window.panel.request()[0].modality == "auto"
    values = {"0008,0060": "MR", "0020,000e": "1.2.3"}
    database = type("Database", (), {
        "fileForInstance": lambda self, uid: "/images/1.dcm", "fileValue": lambda self, file, tag: values[tag]
    })  # fmt: skip
    monkeypatch.setattr(slicer, "dicomDatabase", database(), raising=False)
    window.scan.SetAttribute("DICOM.instanceUIDs", "1.2.3.4 1.2.3.5")
    assert window.panel.request()[0].modality == "MR"
    values["0008,0060"] = "RTSTRUCT"
    assert window.panel.request()[0].modality == "auto", "what the engine does not know is left to it"
    window.ui.modalityComboBox.setCurrentIndex([m.value for m in choices.Modality].index("PT"))
    assert window.panel.request()[0].modality == "PT"


def test_modalitiesAreTheEnginesOwn(slicerApp):
    from XAICLIPLib.case.request import CHOICES

    assert tuple(m.value for m in choices.Modality) == CHOICES["modality"]


def test_aReloadedPanelShowsRuns(window):
    """Slicer does not enter a module that is reloaded while it is shown."""
    slicer.util.reloadScriptedModule("XAICLIP")
    widget = slicer.util.getModuleWidget("XAICLIP")
    assert widget is not window.widget and widget.panel.isEntered
    widget.logic.runner.cleanup()


def test_rowsAreNeverSqueezed(window):
    """The panel keeps the height that its rows need while it is shown, and claims none while it is not."""
    container = window.panel.room.container
    window.process(0.05)
    before = container.minimumHeight
    assert before >= container.layout().totalMinimumSize().height()
    window.parameters.regionSource, window.parameters.method = choices.RegionSource.WORDS, choices.MethodChoice.RISE
    window.panel.messages.say("A message that was not there before, with enough words to fill some lines. " * 5)
    window.panel.update()
    window.process(0.05)
    assert container.minimumHeight > before
    window.leave()
    assert container.minimumHeight == 0
    window.enter()
    assert container.minimumHeight > before


def test_newViewsAreFittedOnceTheyHaveTheirSize(window):
    from XAICLIPSlicer.scene import views

    window.explain()
    window.ui.comparisonButton.click()
    for view in views.comparisonViews().values():  # as the window lays them out
        view.SetDimensions(300, 100, 1)
    window.process(0.05)
    for view in views.comparisonViews().values():
        width, height, _depth = view.GetFieldOfView()
        assert width / height == pytest.approx(3)


def test_theWorkerIsStartedAsInSlicer(window):
    """By PythonSlicer, with UTF-8 everywhere, and nothing from the folder that Slicer was started in."""
    import shutil

    client = window.panel.runner._newClient()
    assert client._python == shutil.which("PythonSlicer") and client._python.endswith("PythonSlicer")
    assert (client._environment["PYTHONUTF8"], client._environment["PYTHONSAFEPATH"]) == ("1", "1")


def test_aFolderThatItkCanReadIn(slicerApp, monkeypatch, tmp_path):
    """Windows alone has folders that ITK can't read in: the short form of the path, or the programs' own folder."""
    from XAICLIPSlicer.worker import shared_files

    home = str(tmp_path / "Jürgen")
    Path(home).mkdir()
    assert shared_files.readable(home) == home
    monkeypatch.setattr(shared_files.sys, "platform", "win32")
    short = tmp_path / "JRGEN~1"
    short.mkdir()
    monkeypatch.setattr(shared_files, "shortPath", lambda place: str(short))
    assert shared_files.readable(home) == str(short)
    monkeypatch.setattr(shared_files, "shortPath", lambda place: place)
    monkeypatch.setenv("PROGRAMDATA", str(tmp_path))
    assert shared_files.readable(home) == str(tmp_path) and shared_files.readable(str(tmp_path)) == str(tmp_path)
    monkeypatch.delenv("PROGRAMDATA")
    assert shared_files.readable(home) == home


def test_filesThatAreHeldAreRemovedABitLater(slicerApp, monkeypatch, tmp_path):
    from XAICLIPSlicer.worker import shared_files

    files, held, rmtree = shared_files.SharedFiles(), [True, True], shared_files.shutil.rmtree
    folder = files.folder("scan").parent
    monkeypatch.setattr(shared_files.shutil, "rmtree", lambda *a, **k: held.pop() if held else rmtree(*a, **k))
    files.remove()
    assert not folder.exists() and not held


def test_nobodyAsksWhetherAWidgetIsOfABaseClass():
    """In PythonQt ``isinstance(button, qt.QObject)`` is False: the wrappers of Qt's classes have no common base."""
    import ast

    root = Path(__file__).parents[2] / "XAICLIP"
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance":
                used = {n.id for n in ast.walk(node.args[1]) if isinstance(n, ast.Name)}
                assert not used & {"qt", "ctk"}, f"{path.name}:{node.lineno}"
