"""The module's own test, for "Reload and Test" and ctest in a real Slicer."""

import sys
import time

import slicer
import vtk
from slicer.i18n import tr as _
from slicer.ScriptedLoadableModule import ScriptedLoadableModuleTest


class SelfTest(ScriptedLoadableModuleTest):
    """The tests of `XAICLIPTest`. Tests that need PyTorch are skipped where it is not installed."""

    def setUp(self) -> None:
        """Every test begins with an empty scene."""
        slicer.mrmlScene.Clear()

    def runTest(self) -> None:
        """All tests, one after the other."""
        for test in (
            self.test_phantom, self.test_parameters, self.test_slices, self.test_badInput, self.test_explain,
            self.test_panel,
        ):  # fmt: skip
            self.setUp()
            test()
        self.delayDisplay(_("All tests passed"))

    def loadPhantom(self):
        """A small phantom in the scene."""
        from XAICLIPSlicer.scene.sampledata import loadPhantom

        return loadPhantom(shape=(6, 96, 96), spacing=(4.0, 4.0, 25.0))[0]

    def test_phantom(self) -> None:
        """The phantom has the size asked for, and air and bone in it."""
        volumeNode = self.loadPhantom()
        self.assertEqual(volumeNode.GetImageData().GetDimensions(), (96, 96, 6))
        low, high = volumeNode.GetImageData().GetScalarRange()
        self.assertTrue(low <= -900 and high >= 200, "the phantom has air and bone")

    def test_parameters(self) -> None:
        """What is set comes back in a request, also from the raw node of a saved scene."""
        from XAICLIPSlicer.panel.choices import MethodChoice, Quality
        from XAICLIPSlicer.panel.parameters import XAICLIPParameterNode
        from XAICLIPSlicer.panel.request import requestOf

        logic = slicer.util.getModuleLogic("XAICLIP")
        parameters = logic.getParameterNode()
        parameters.structures = ["liver", "kidney_right"]
        parameters.method, parameters.quality, parameters.masks = MethodChoice.RISE, Quality.CUSTOM, 128
        again = XAICLIPParameterNode(parameters.parameterNode)
        request = requestOf(again, "scan", "2:4")
        self.assertEqual((request.structures, request.method.masks), (("liver", "kidney_right"), 128))

    def test_slices(self) -> None:
        """Slices are counted from the feet, also in a scan that is stored from the head."""
        from XAICLIPSlicer.scene import slices

        volumeNode = self.loadPhantom()
        upwards = slices.axialAxis(volumeNode)
        self.assertTrue(upwards.upwards and upwards.index == 2)
        matrix = vtk.vtkMatrix4x4()
        volumeNode.GetIJKToRASMatrix(matrix)
        matrix.SetElement(2, 2, -matrix.GetElement(2, 2))
        volumeNode.SetIJKToRASMatrix(matrix)
        self.assertEqual(slices.axialAxis(volumeNode).voxel(0), 5)

    def test_badInput(self) -> None:
        """No scan and an empty one are refused with a sentence."""
        empty = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "empty")
        for volumeNode in (None, empty):
            with self.assertRaises(ValueError):
                slicer.util.getModuleLogic("XAICLIP").explainAsync(volumeNode)

    def test_explain(self) -> None:
        """From the console, with the bundled models, in the worker."""
        from XAICLIPSlicer.worker import dependencies

        if dependencies.missing():
            self.delayDisplay(_("Python packages are missing: the worker is not tested"))
            return
        hadTorch = "torch" in sys.modules  # other extensions may have imported it
        volumeNode = self.loadPhantom()
        logic = slicer.util.getModuleWidget("XAICLIP").logic  # its worker serves the test of the panel too
        run = logic.explain(volumeNode, ["liver"], "occlusion", slices="3", patch=128, stride=64)
        saliency = slicer.util.arrayFromVolume(run.saliencyNode)
        self.assertEqual(saliency.shape, (6, 96, 96))
        self.assertTrue(saliency[3].max() > 0 and not saliency[:3].any(), "only the chosen slice is explained")
        self.assertEqual([row["structure"] for row in run.metrics], ["liver"])
        self.assertFalse(not hadTorch and "torch" in sys.modules, "PyTorch stays out of Slicer's process")

    def test_panel(self) -> None:
        """As a user goes through the panel: open the module, choose the scan, press Explain, read the result."""
        from XAICLIPSlicer.panel.choices import Quality, SliceChoice
        from XAICLIPSlicer.worker import dependencies

        if dependencies.missing():
            self.delayDisplay(_("Python packages are missing: the panel is not tested"))
            return
        slicer.util.selectModule("XAICLIP")
        widget = slicer.util.getModuleWidget("XAICLIP")
        panel, ui = widget.panel, widget.ui
        ui.inputVolumeSelector.setCurrentNode(self.loadPhantom())
        panel.parameters.structures = ["liver"]
        ui.sliceChoiceComboBox.setCurrentIndex(list(SliceChoice).index(SliceChoice.CURRENT))
        ui.qualityComboBox.setCurrentIndex(list(Quality).index(Quality.PREVIEW))
        self.assertTrue(ui.explainButton.enabled, ui.statusLabel.text)
        ui.explainButton.click()
        self.waitFor(lambda: not panel.isRunning, 300)
        self.assertTrue(ui.messageFrame.isHidden(), ui.messageLabel.text)
        self.assertIn("Done", ui.statusLabel.text)
        self.assertEqual(ui.explainButton.text, _("&Explain"))
        self.assertFalse(ui.resultWidget.isHidden(), "the result is there")
        self.assertIn("liver", ui.headlineLabel.text.lower())
        run = panel.result.run
        self.assertEqual(ui.numbersTable.item(0, 1).text(), "Liver")
        self.assertGreater(slicer.util.arrayFromVolume(run.saliencyNode).max(), 0)

    @staticmethod
    def waitFor(condition, seconds: float) -> None:
        """Let Slicer go on until something is so.

        Parameters
        ----------
        condition : callable
            True once it is so.
        seconds : float
            How long to wait at most.

        Raises
        ------
        TimeoutError
            If it is not so by then.
        """
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"not within {seconds} s")
            slicer.app.processEvents()
            time.sleep(0.005)
