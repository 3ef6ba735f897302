"""XAICLIP, a module of 3D Slicer: ask a segmentation model why it drew what it drew. Research use only."""

import importlib
import importlib.util
import logging
import sys
from pathlib import Path

import qt
import slicer
from slicer.i18n import tr as _
from slicer.i18n import translate
from slicer.ScriptedLoadableModule import (
    ScriptedLoadableModule,
    ScriptedLoadableModuleLogic,
    ScriptedLoadableModuleTest,
    ScriptedLoadableModuleWidget,
)
from slicer.util import VTKObservationMixin

# Where the extension is installed, the library lies beside this file; where the folder of this file was added by hand
# as an additional module path, it lies beside the folder.
if importlib.util.find_spec("XAICLIPLib") is None:
    sys.path.append(str(Path(__file__).resolve().parents[1]))


class XAICLIP(ScriptedLoadableModule):
    """What the module is."""

    def __init__(self, parent) -> None:
        ScriptedLoadableModule.__init__(self, parent)
        # Slicer looks for translations in its own folder only, and its build makes none for scripted modules.
        slicer.app.loadTranslations(str(Path(__file__).resolve().parent / "Resources" / "Translations"))
        self.parent.title = _("XAICLIP")
        self.parent.categories = [translate("qSlicerAbstractCoreModule", "Segmentation")]
        self.parent.dependencies = ["SampleData"]
        self.parent.contributors = ["XAICLIP contributors"]
        self.parent.helpText = _(
            "Ask a segmentation model why: name a structure, check the region in which it is found, and see which "
            "parts of it the model's segmentation depends on. Choose a scan, tick a structure, press Explain."
        )
        self.parent.acknowledgementText = _(
            "For research only, not for clinical use. Nothing leaves this computer. License: Apache 2.0."
        )
        slicer.app.connect("startupCompleted()", self.registerSampleData)
        slicer.app.connect("startupCompleted()", self.registerMenus)

    def registerSampleData(self) -> None:
        """Add the module's scans to Sample Data, once Slicer has started."""
        from XAICLIPSlicer.scene import sampledata

        sampledata.register(str(Path(__file__).parent / "Resources" / "Icons" / "XAICLIP.png"))

    def registerMenus(self) -> None:
        """Add the ways from the Data module and the Segment Editor, once Slicer has started."""
        from XAICLIPSlicer.sources import menus

        menus.register()


class XAICLIPWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):
    """The module's panel; what it does is in `XAICLIPSlicer.panel.panel`."""

    def __init__(self, parent=None) -> None:
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self.logic = None
        self.panel = None

    def setup(self) -> None:
        """Build the panel; called by Slicer once the widget is there."""
        ScriptedLoadableModuleWidget.setup(self)
        from XAICLIPSlicer.panel.panel import Panel

        uiWidget = slicer.util.loadUI(self.resourcePath("UI/XAICLIP.ui"))
        self.layout.addWidget(uiWidget)
        self.ui = slicer.util.childWidgetVariables(uiWidget)
        uiWidget.setMRMLScene(slicer.mrmlScene)
        self.logic = XAICLIPLogic()
        self.panel = Panel(self.ui, self.logic.runner, uiWidget)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.StartCloseEvent, self.onSceneStartClose)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.EndCloseEvent, self.onSceneEndClose)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.EndImportEvent, self.onSceneEndClose)
        self.panel.setParameters(self.logic.getParameterNode())
        if getattr(self.parent, "isEntered", False):  # after Reload, of which Slicer tells nobody
            self.enter()

    def cleanup(self) -> None:
        """End the worker and let go of the scene; called by Slicer before the widget goes."""
        self.removeObservers()
        if self.panel is not None:
            self.panel.cleanup()
        if self.logic is not None:
            self.logic.runner.cleanup()

    def enter(self) -> None:
        """The user opens the module."""
        self.panel.enter(self.logic.getParameterNode())

    def exit(self) -> None:
        """The user opens another module."""
        self.panel.leave()

    def onSceneStartClose(self, caller=None, event=None) -> None:
        """The scene is about to be closed."""
        self.panel.closeScene()

    def onSceneEndClose(self, caller=None, event=None) -> None:
        """A new, loaded or imported scene: its parameters are the ones to serve."""
        self.panel.setParameters(self.logic.getParameterNode())

    def onReload(self) -> None:
        """Slicer reloads this file only; what it is made of goes with it."""
        self.panel.cleanup()
        self.logic.runner.cleanup()
        for name in sorted(name for name in sys.modules if name.split(".")[0] in ("XAICLIPLib", "XAICLIPSlicer")):
            del sys.modules[name]
        ScriptedLoadableModuleWidget.onReload(self)


class XAICLIPLogic(ScriptedLoadableModuleLogic):
    """The module without its panel, for the Python console and for other modules.

    Example
    -------
    In Slicer's Python console, with Sample Data's CTLiver or the phantom::

        from XAICLIPSlicer.scene.sampledata import loadPhantom

        [volumeNode] = loadPhantom()
        logic = slicer.util.getModuleLogic("XAICLIP")
        run = logic.explain(volumeNode, structures=["liver"], slices="20:22")
        run.metrics[0]["score"], slicer.util.arrayFromVolume(run.saliencyNode).max()
    """

    def __init__(self) -> None:
        ScriptedLoadableModuleLogic.__init__(self)
        from XAICLIPSlicer.worker.runner import Runner

        self.runner = Runner()

    def getParameterNode(self):
        """The parameter node of the panel, as `XAICLIPParameterNode`."""
        from XAICLIPSlicer.panel.parameters import XAICLIPParameterNode

        return XAICLIPParameterNode(super().getParameterNode())

    def explain(self, volumeNode, structures=("liver",), method="occlusion", region="clip", reference=None, **options):
        """Explain, and come back when it is done; Slicer stays responsive meanwhile.

        Parameters
        ----------
        volumeNode : vtkMRMLScalarVolumeNode
            The scan.
        structures : str or sequence of str
            In words, such as "liver" or "right kidney"; the model must segment them.
        method : str or settings object
            A name of `XAICLIPLib.attribution.methods.METHODS`, such as "occlusion", "rise" or "lime".
        region : str, (vtkMRMLSegmentationNode, segment ID), or vtkMRMLMarkupsROINode
            "clip" (where the words are found), "prediction", "full", a segment or a box.
        reference : vtkMRMLSegmentationNode or vtkMRMLLabelMapVolumeNode, optional
            The ground truth; its segments are found by terminology or name. Without it, the model's own prediction.
        **options
            Settings of the method (patch, stride, masks, …) and fields of `XAICLIPLib.Request` (slices, model,
            threshold, score, device, seed, …); `images`, for a model that takes several, are volume nodes.

        Returns
        -------
        RunNodes
            Its nodes, such as `saliencyNode` and `roiSegmentation`, and its numbers, `metrics`.

        Raises
        ------
        RuntimeError, ValueError, XAICLIPError
            The text says what to do.

        Example
        -------
        ::

            logic = slicer.util.getModuleLogic("XAICLIP")
            run = logic.explain(volumeNode, ["liver", "spleen"], "rise", masks=256, slices="40:44")
            slicer.util.arrayFromVolume(run.dropNodes["liver"])  # signed drop of the score, on the scan's grid
        """
        outcome = {}
        loop = qt.QEventLoop()

        def end(**result) -> None:
            outcome.update(result)
            loop.quit()

        job = self.explainAsync(
            volumeNode, structures, method, region, lambda run: end(run=run), None, lambda text: end(error=text),
            reference=reference, **options,
        )  # fmt: skip
        poll = qt.QTimer()  # a job that ends without a word, such as when its scene is closed
        poll.setInterval(100)
        poll.connect("timeout()", lambda: None if job.isRunning else loop.quit())
        poll.start()
        while job.isRunning and not outcome:
            loop.exec_()
        poll.stop()
        if "run" not in outcome:
            raise RuntimeError(outcome.get("error", _("The scene was closed, so the run was stopped.")))
        return outcome["run"]

    def explainAsync(
        self, volumeNode, structures=("liver",), method="occlusion", region="clip",
        onFinished=None, onProgress=None, onError=None, **options,
    ):  # fmt: skip
        """Start an explanation and come back at once.

        Parameters
        ----------
        volumeNode, structures, method, region
            As in `explain`.
        onFinished : callable, optional
            Called with the `RunNodes`.
        onProgress : callable, optional
            Called with the job, done, total and a message.
        onError : callable, optional
            Called with a line of text.
        **options
            `reference`, settings of the method and fields of the request, as in `explain`.

        Returns
        -------
        Job
            What is under way; `isRunning` says until when.

        Raises
        ------
        RuntimeError, ValueError, XAICLIPError
            If it can't start; the text says what to do.

        Example
        -------
        ::

            job = logic.explainAsync(volumeNode, ["liver"], onFinished=lambda run: print(run.metrics), onError=print)
        """
        from XAICLIPSlicer.worker.request import makeRequest

        reference = options.pop("reference", None)
        request, segment = makeRequest(volumeNode, structures, method, region, options)
        return self.runner.explain(volumeNode, request, segment, onFinished, onProgress, onError, reference)

    def locate(
        self, volumeNode, structures=("liver",), axialSlice=None, region="clip",
        onFinished=None, onError=None, **options,
    ):  # fmt: skip
        """Find where words are, without explaining anything; comes back at once.

        Parameters
        ----------
        volumeNode, structures, region
            As in `explain`.
        axialSlice : int, optional
            The only slice to look at, counted from the feet; without it, all slices of the request.
        onFinished : callable, optional
            Called with the worker's answer: "slices", each with the files and the numbers of its region.
        onError : callable, optional
            Called with a line of text.
        **options
            Fields of `XAICLIPLib.Request`: slices, threshold, vlm, strategy, …

        Returns
        -------
        int
            The request's id, for `runner.withdraw`.

        Raises
        ------
        RuntimeError, ValueError, XAICLIPError
            If it can't start; the text says what to do.

        Example
        -------
        ::

            logic.locate(volumeNode, ["spleen"], 20, onFinished=lambda answer: print(answer["slices"][0]["rows"]))
        """
        from XAICLIPSlicer.worker.request import makeRequest

        request, segment = makeRequest(volumeNode, structures, "occlusion", region, options)
        return self.runner.locate(volumeNode, request, axialSlice, onFinished, onError, segment)

    def exportDicom(self, run, folder="", onFinished=None, onError=None) -> None:
        """Write a run of this session as DICOM objects: maps, segmentations, pictures, numbers, and the report as PDF.

        Parameters
        ----------
        run : RunNodes
            What `explain` returned.
        folder : str
            Where they are written; by default they go into Slicer's own DICOM database, beside the scan.
        onFinished : callable, optional
            Called with "folder", "files" and "notes".
        onError : callable, optional
            Called with a line of text.

        Raises
        ------
        RuntimeError, ValueError
            If it can't start; the text says what to do.

        Example
        -------
        ::

            logic.exportDicom(run, "/data/out", onFinished=lambda answer: print(answer["files"]), onError=print)
        """
        from XAICLIPSlicer.worker.dicom import exportDicom

        exportDicom(self.runner, run, str(folder), onFinished or (lambda _answer: None), onError or logging.error)

    def ask(self, run, at=None, between=False, show=True, **question):
        """Ask a finished run why something is drawn, or what hangs on a place; no model is run.

        Parameters
        ----------
        run : RunNodes
            What `explain` gave in this session.
        at : sequence of 3 floats, optional
            A place in the scene (RAS, mm); the answer is then about its axial slice.
        between : bool
            Which structure needs which instead: "players", "structures" and "losses" of a run with `players`.
        show : bool
            Whether the answer is shown over the scan.
        **question
            Fields of `XAICLIPLib.pipeline.ask.Question`: structure, island, part_of ("boundary", "missing", …), part,
            radius_mm, reach (what hangs on the place, instead of why it is drawn).

        Returns
        -------
        dict
            "text", "structure", "largest", "at" (LPS, mm) and "slice"; or the matrix.

        Raises
        ------
        RuntimeError, ValueError
            The text says what to do.

        Example
        -------
        ::

            print(logic.ask(run, part_of="boundary")["text"], [finding["text"] for finding in run.matters])
        """
        from XAICLIPSlicer.scene import answers, crosshair
        from XAICLIPSlicer.scene.between import showBetween
        from XAICLIPSlicer.worker.shared_files import recordOf

        recordOf(run)
        if at is not None:
            if run.volumeNode is None or not crosshair.isInside(run.volumeNode, at):
                raise ValueError(_("This place lies outside the scan. Give one inside it, in RAS mm."))
            question["at"] = crosshair.toEngine(run.volumeNode, at)
        answer = self._wait(
            lambda onResult, onError: self.runner.ask(run, question, onResult, onError, at is not None, between)
        )
        if show and between:
            showBetween(run, answer)
        elif show:
            answers.showAnswer(run, answer, answers.titleOf(question))
        return answer

    def compare(self, first, second, structure=None, show=True):
        """Hold two finished runs on one scan against each other; no model is run.

        Parameters
        ----------
        first, second : RunNodes
            What `explain` gave in this session.
        structure : str, optional
            In words; the first that both explain by default.
        show : bool
            Whether the two are shown side by side; `XAICLIPSlicer.scene.pair.closePair` ends that.

        Returns
        -------
        dict
            "text", "settings" (each with its "name", "first" and "second"), "correlation", "dice", "largest", "at"
            (LPS, mm) and "slice".

        Raises
        ------
        RuntimeError, ValueError
            The text says what to do.

        Example
        -------
        ::

            other = logic.explain(volumeNode, ["liver"], "rise", slices="25")
            print(logic.compare(run, other)["text"])
        """
        from XAICLIPSlicer.scene.pair import showPair

        answer = self._wait(lambda onResult, onError: self.runner.compare(first, second, onResult, onError, structure))
        if show:
            showPair(first, second, answer)
        return answer

    @staticmethod
    def _wait(start) -> dict:
        """Ask the worker and come back with its answer; Slicer stays responsive meanwhile."""
        from XAICLIPSlicer.worker.errors import errorText

        outcome = {}
        loop = qt.QEventLoop()

        def end(**result) -> None:
            outcome.update(result)
            loop.quit()

        start(lambda answer: end(answer=answer), lambda error: end(error=errorText(error)))
        while not outcome:
            loop.exec_()
        if "answer" not in outcome:
            raise RuntimeError(outcome["error"])
        return outcome["answer"]

    def cancel(self) -> bool:
        """Stop the explanation after the current batch; what is finished is kept. Whether there was one to stop."""
        return self.runner.cancel()


class XAICLIPTest(ScriptedLoadableModuleTest):
    """Run by "Reload and Test" and by ctest; what it tests is in `XAICLIPSlicer.panel.selftest`."""

    def runTest(self) -> None:
        """All tests, one after the other."""
        from XAICLIPSlicer.panel.selftest import SelfTest

        SelfTest().runTest()
