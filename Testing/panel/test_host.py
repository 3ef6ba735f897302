"""The stand-in for Slicer's window behaves as Slicer's Python does, where the panel relies on it."""

import time
from textwrap import dedent

import numpy as np
import pytest

UI = """<?xml version="1.0"?><ui version="4.0"><class>Demo</class>
<widget class="qMRMLWidget" name="Demo"><layout class="QVBoxLayout">
 <item><widget class="ctkCollapsibleButton" name="section"><property name="text"><string>Scan</string></property>
  <layout class="QFormLayout">
   <item row="0" column="1"><widget class="qMRMLNodeComboBox" name="volumeSelector">
    <property name="nodeTypes"><stringlist notr="true"><string>vtkMRMLScalarVolumeNode</string></stringlist></property>
    <property name="showChildNodeTypes"><bool>false</bool></property>
    <property name="noneEnabled"><bool>true</bool></property><property name="addEnabled"><bool>false</bool></property>
    <property name="SlicerParameterName" stdset="0"><string notr="true">volume</string></property></widget></item>
   <item row="1" column="1"><widget class="ctkSliderWidget" name="opacitySlider">
    <property name="SlicerParameterName" stdset="0"><string notr="true">opacity</string></property></widget></item>
   <item row="2" column="1"><widget class="QComboBox" name="methodBox">
    <property name="SlicerParameterName" stdset="0"><string notr="true">method</string></property></widget></item>
   <item row="3" column="1"><widget class="QCheckBox" name="legendBox">
    <property name="SlicerParameterName" stdset="0"><string notr="true">legend</string></property></widget></item>
   <item row="4" column="1"><widget class="QSpinBox" name="seedBox">
    <property name="SlicerParameterName" stdset="0"><string notr="true">seed</string></property></widget></item>
   <item row="5" column="1"><widget class="ctkPathLineEdit" name="modelLine">
    <property name="filters"><set>ctkPathLineEdit::Files|ctkPathLineEdit::Readable</set></property></widget></item>
  </layout></widget></item>
 <item><widget class="QPushButton" name="applyButton">
  <property name="text"><string>Apply</string></property></widget></item>
</layout></widget>
<connections><connection><sender>Demo</sender><signal>mrmlSceneChanged(vtkMRMLScene*)</signal>
<receiver>volumeSelector</receiver><slot>setMRMLScene(vtkMRMLScene*)</slot></connection></connections></ui>
"""

DEMO = """
import enum
from typing import Annotated

import slicer
from slicer import vtkMRMLScalarVolumeNode
from slicer.i18n import tr as _
from slicer.parameterNodeWrapper import Choice, Default, Minimum, WithinRange, parameterNodeWrapper
from slicer.ScriptedLoadableModule import *
from slicer.util import VTKObservationMixin


class Method(enum.Enum):
    OCCLUSION = 1
    RISE = 2

    def label(self):
        return _("Occlusion") if self is Method.OCCLUSION else _("RISE")


@parameterNodeWrapper
class DemoParameterNode:
    volume: vtkMRMLScalarVolumeNode
    structures: Annotated[list[str], Default(["liver"])]
    opacity: Annotated[float, WithinRange(0.0, 1.0)] = 0.5
    method: Method = Method.RISE
    legend: bool = True
    seed: Annotated[int, Minimum(0)] = 7
    organ: Annotated[str, Choice(["liver", "spleen"])] = "spleen"


class Demo(ScriptedLoadableModule):
    def __init__(self, parent):
        super().__init__(parent)
        parent.title = _("Demo")
        parent.categories = ["Segmentation"]


class DemoWidget(ScriptedLoadableModuleWidget, VTKObservationMixin):
    def __init__(self, parent=None):
        ScriptedLoadableModuleWidget.__init__(self, parent)
        VTKObservationMixin.__init__(self)
        self.events = []

    def setup(self):
        super().setup()
        self.uiWidget = slicer.util.loadUI(self.resourcePath("UI/Demo.ui"))
        self.layout.addWidget(self.uiWidget)
        self.ui = slicer.util.childWidgetVariables(self.uiWidget)
        self.uiWidget.setMRMLScene(slicer.mrmlScene)
        self.logic = DemoLogic()
        self.parameters = self.logic.getParameterNode()
        self.tag = self.parameters.connectGui(self.ui)
        self.addObserver(slicer.mrmlScene, slicer.mrmlScene.StartCloseEvent, self.onClose)
        self.ui.applyButton.connect("clicked(bool)", self.onApply)

    def onApply(self):
        self.events.append("apply")

    def onClose(self, caller, event):
        self.events.append("close")

    def enter(self):
        self.events.append("enter")

    def exit(self):
        self.events.append("exit")

    def cleanup(self):
        self.events.append("cleanup")
        self.parameters.disconnectGui(self.tag)
        self.removeObservers()


class DemoLogic(ScriptedLoadableModuleLogic):
    def getParameterNode(self):
        return DemoParameterNode(super().getParameterNode())


class DemoTest(ScriptedLoadableModuleTest):
    def runTest(self):
        slicer.mrmlScene.demoTestRan = True
"""


@pytest.fixture
def demo(module, tmp_path):
    """A module made like Slicer's template."""
    import sys

    (tmp_path / "Resources/UI").mkdir(parents=True)
    (tmp_path / "Resources/UI/Demo.ui").write_text(UI)
    (tmp_path / "Demo.py").write_text(DEMO)
    yield module("Demo", tmp_path / "Demo.py")
    sys.path.remove(str(tmp_path))


@pytest.fixture
def panel(demo):
    from Testing import host

    return host.showModule(demo)


def addVolume(name="CT"):
    import slicer

    return slicer.util.addVolumeFromArray(np.arange(60, dtype=np.float32).reshape(3, 4, 5), name=name)


class TestQt:
    def test_properties_are_attributes_and_keep_their_setters(self, slicerApp):
        import qt

        button = qt.QPushButton("Apply")
        button.enabled = False
        assert (button.text, button.enabled, button.isEnabled()) == ("Apply", False, False)
        button.setEnabled(True)
        assert button.enabled
        button.name = "applyButton"
        assert (button.objectName, button.className()) == ("applyButton", "QPushButton")

    @pytest.mark.parametrize("name", ["toolTop", "setText", "width"])
    def test_what_qt_does_not_have_cannot_be_set(self, slicerApp, name):
        import qt

        with pytest.raises(AttributeError, match=name):
            setattr(qt.QPushButton(), name, 1)

    def test_slots_get_as_many_arguments_as_they_take(self, slicerApp):
        import qt

        got, box = [], qt.QDoubleSpinBox()
        box.connect("valueChanged(double)", got.append)
        box.connect("valueChanged(double)", lambda: got.append("nothing"))
        box.value = 0.5
        assert got == [0.5, "nothing"]
        assert box.disconnect("valueChanged(double)", got.append)
        box.setValue(0.75)
        assert got == [0.5, "nothing", "nothing"]

    def test_clicked_tells_whether_it_is_checked_to_whom_wants_to_know(self, slicerApp):
        import qt

        got, button = [], qt.QPushButton()
        button.checkable = True
        button.connect("clicked(bool)", lambda checked: got.append(checked))
        button.connect("clicked(bool)", lambda: got.append("bool"))
        button.connect("clicked()", lambda checked="default": got.append(checked))
        button.click()
        assert sorted(map(str, got)) == ["True", "bool", "default"]

    def test_a_signal_that_does_not_exist_is_said_and_fails_the_test(self, slicerApp, capfd):
        import ctk
        import qt

        from Testing.host import pythonqt

        assert qt.QComboBox().connect("currentIndexChanged(QString)", print) is False
        assert ctk.ctkCollapsibleButton().connect("collapsedChanged(bool)", print) is False
        assert len(pythonqt.warnings) == 2 and pythonqt.warnings[0] in capfd.readouterr().err
        pythonqt.warnings.clear()  # a line that is left is what the fixture fails on

    def test_classes_are_known_after_their_objects_are_gone(self, slicerApp):
        import ctk
        import qt

        for _ in range(3):
            slider, button = ctk.ctkSliderWidget(), qt.QPushButton()
            slider.connect("valueChanged(double)", lambda value: None)
            button.connect("clicked()", lambda: None)
            assert (slider.className(), button.className()) == ("ctkSliderWidget", "QPushButton")
            slider.metaObject(), button.metaObject()
            slider.delete(), button.delete()

    def test_a_timer_and_its_static_function(self, slicerApp):
        import qt

        from Testing import host

        got, timer = [], qt.QTimer()
        timer.singleShot = True
        timer.setInterval(1)
        timer.timeout.connect(lambda: got.append("timer"))
        timer.start()
        qt.QTimer.singleShot(0, lambda: got.append("static"))
        host.waitUntil(lambda: len(got) == 2, 120)
        assert not timer.active

    def test_a_process_talks(self, slicerApp):
        import sys

        import qt

        from Testing import host

        lines, process = [], qt.QProcess()
        process.connect("readyReadStandardOutput()", lambda: lines.append(process.readAllStandardOutput().data()))
        process.start(sys.executable, ["-c", "print(input())"])
        process.write(b"liver\n")
        host.waitUntil(lambda: process.state() == process.NotRunning, 120)
        assert b"".join(lines).strip() == b"liver"

    def test_python_survives_many_calls(self, slicerApp):
        import qt

        label = qt.QLabel()
        for _ in range(20000):  # PySide6 6.12 loses a reference to None with each, before Python 3.12
            label.setText("")


class TestOffered:
    """Of CTK's and Slicer's widgets PythonQt reaches properties, signals, slots, invokables and decorators alone."""

    #: setters that are plain C++ functions, and a property that does what they do
    PLAIN = {
        "ctk.ctkCollapsibleButton": ("setCollapsed", "collapsed", True),
        "ctk.ctkCollapsibleGroupBox": ("setCollapsed", "collapsed", True),
        "ctk.ctkComboBox": ("setDefaultText", "defaultText", "none"),
        "ctk.ctkMessageBox": ("setDontShowAgainSettingsKey", "dontShowAgainSettingsKey", "key"),
        "ctk.ctkDoubleSpinBox": ("setRange setMaximum", "maximum", 5.0),
        "ctk.ctkDoubleSlider": ("setMinimum setMaximum setRange setSingleStep", "singleStep", 0.5),
        "ctk.ctkSliderWidget": ("setMaximum setRange setTracking setPageStep setPrefix setSuffix", "suffix", "mm"),
        "ctk.ctkRangeWidget": ("setMinimum setMaximum setSingleStep setSuffix setTracking", "tracking", False),
        "ctk.ctkPathLineEdit": (
            "setNameFilters setFilters setSettingKey setLabel setShowBrowseButton setShowHistoryButton", "label", "a"),
        "ctk.ctkDirectoryButton": ("setDirectory", "directory", "/"),
        "slicer.qMRMLSegmentSelectorWidget": (
            "setNoneEnabled setMultiSelection setEditEnabled setSegmentationNodeSelectorVisible onSceneChanged",
            "noneEnabled", True),
        "slicer.qMRMLNodeComboBox": (
            "setNodeTypes setNoneDisplay setBaseName setNoneEnabled currentNodeValid onSceneChanged", "baseName", "a"),
    }  # fmt: skip

    @pytest.mark.parametrize("name", PLAIN)
    def test_plain_functions_are_not_there_and_properties_are(self, slicerApp, name):
        import ctk
        import slicer

        widget = getattr({"ctk": ctk, "slicer": slicer}[name.split(".")[0]], name.split(".")[1])()
        plain, field, value = self.PLAIN[name]
        for function in plain.split():
            with pytest.raises(AttributeError, match=f"has no attribute named '{function}'"):
                getattr(widget, function)
        setattr(widget, field, value)
        assert getattr(widget, field) == value

    def test_the_stand_ins_add_nothing_to_the_real_classes(self, slicerApp):
        """What a stand-in defines under a name without ``_`` is what the header offers under that name."""
        from Testing.host import offered, uiloader

        own = {"staticMetaObject", "SIGNALS", "Filter"}  # of PySide6, and of the stand-in's making
        for name, cls in uiloader.standIns().items():
            added = {n for n in vars(cls) if not n.startswith("_")} - own
            assert added <= offered.names(name), (name, sorted(added - offered.names(name)))

    def test_what_only_the_stand_in_lacks_is_called_so(self, slicerApp):
        import slicer

        with pytest.raises(NotImplementedError, match="the stand-in of qMRMLTableView lacks 'plotSelection'"):
            slicer.qMRMLTableView().plotSelection()

    def test_a_text_is_no_number(self, slicerApp):
        import ctk

        for value in ("3", None):
            with pytest.raises(ValueError, match="does not accept"):
                ctk.ctkSliderWidget().value = value

    def test_a_path_is_told_of_where_it_is_acceptable(self, slicerApp, tmp_path):
        import ctk

        line, heard = ctk.ctkPathLineEdit(), []
        line.nameFilters = ["Learned prompts (*.safetensors)", "All files (*)"]
        line.connect("currentPathChanged(QString)", heard.append)
        line.connect("validInputChanged(bool)", heard.append)
        line.setCurrentPath("prompts.safetensors")
        line.setCurrentPath("prompts.bin")
        line.setCurrentPath("")
        assert heard == ["prompts.safetensors", True, False], (
            "as in CTK, where a filter for all files counts for nothing"
        )

    def test_a_segment_is_not_chosen_with_its_segmentation_and_stays_behind(self, slicerApp):
        import slicer

        selector, heard = slicer.qMRMLSegmentSelectorWidget(), []
        selector.noneEnabled = True
        selector.setMRMLScene(slicer.mrmlScene)
        selector.connect("currentSegmentChanged(QString)", heard.append)
        segmentation = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode")
        segment = segmentation.GetSegmentation().AddEmptySegment("liver")
        selector.setCurrentNode(segmentation)
        assert selector.currentSegmentID() == "" and heard == []
        selector.setCurrentSegmentID(segment)
        slicer.mrmlScene.RemoveNode(segmentation)
        assert selector.currentNode() is None and selector.currentSegmentID() == segment and heard == [segment]


class TestModule:
    def test_the_panel_starts_with_the_defaults(self, panel):
        ui = panel.ui
        assert ui.opacitySlider.value == 0.5
        assert (ui.opacitySlider.minimum, ui.opacitySlider.maximum) == (0.0, 1.0)
        assert ui.methodBox.currentText == "RISE"
        assert ui.legendBox.checked
        assert ui.seedBox.value == 7
        assert panel.parameters.organ == "spleen"
        assert panel.parameters.structures == ["liver"]

    def test_widgets_and_parameters_follow_each_other(self, panel):
        parameters, ui = panel.parameters, panel.ui
        ui.methodBox.setCurrentIndex(0)
        ui.opacitySlider.setValue(0.25)
        ui.legendBox.click()
        assert (parameters.method.name, parameters.opacity, parameters.legend) == ("OCCLUSION", 0.25, False)
        parameters.seed, parameters.opacity = 3, 1
        assert (ui.seedBox.value, ui.opacitySlider.value) == (3, 1.0)

    def test_the_selector_follows_the_scene(self, panel):
        import slicer

        heard = []
        panel.ui.volumeSelector.connect("currentNodeChanged(vtkMRMLNode*)", heard.append)
        volume = addVolume()
        assert panel.parameters.volume is None  # none is allowed, so none is chosen
        panel.ui.volumeSelector.setCurrentNode(volume)
        assert panel.parameters.volume is volume
        volume.SetName("Abdomen")
        slicer.mrmlScene.RemoveNode(volume)
        assert panel.parameters.volume is None
        assert heard == [volume, None]

    def test_wrong_values_are_refused(self, panel):
        parameters = panel.parameters
        with pytest.raises(ValueError):
            parameters.opacity = 2.0
        with pytest.raises(ValueError):
            parameters.organ = "kidney"
        with pytest.raises(TypeError):
            parameters.seed = 1.5
        with pytest.raises(TypeError):
            parameters.legend = 1
        assert (parameters.opacity, parameters.seed) == (0.5, 7)

    def test_a_list_is_written_when_it_changes(self, panel):
        panel.parameters.structures.append("spleen")
        assert panel.logic.getParameterNode().structures == ["liver", "spleen"]

    def test_parameters_come_back_with_the_scene(self, panel, tmp_path):
        import slicer

        panel.parameters.volume = addVolume()
        panel.parameters.structures = ["spleen", "left kidney"]
        panel.parameters.opacity = 0.125
        path = str(tmp_path / "scene.mrb")
        assert slicer.util.saveScene(path)
        slicer.mrmlScene.Clear(0)
        slicer.util.loadScene(path)
        again = panel.logic.getParameterNode()
        assert (again.structures, again.opacity) == (["spleen", "left kidney"], 0.125)
        assert again.volume.GetName() == "CT"

    def test_slicer_tells_the_panel_what_happens(self, panel):
        import slicer

        panel.ui.applyButton.click()
        slicer.mrmlScene.Clear(0)
        slicer.util.selectModule("Data")
        slicer.util.selectModule("Demo")
        assert panel.events == ["enter", "apply", "close", "exit", "enter"]

    def test_the_module_is_found_by_its_name(self, demo, panel):
        import slicer

        assert slicer.util.getModuleWidget("Demo") is panel
        assert slicer.util.getModuleLogic("Demo") is panel.logic
        assert slicer.util.selectedModule() == "Demo"
        assert slicer.modules.demo.title == "Demo"
        slicer.selfTests["Demo"]()
        assert slicer.mrmlScene.demoTestRan

    def test_the_panel_can_be_reloaded(self, demo, panel):
        import slicer

        slicer.util.reloadScriptedModule("Demo")
        assert panel.events == ["enter", "cleanup"]
        again = slicer.util.getModuleWidget("Demo")
        assert again is not panel
        assert again.ui.opacitySlider.value == 0.5

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("qMRMLNodeComboBox", "qMRMLNodeCombo", "qMRMLNodeCombo"),
            ('"noneEnabled"', '"noneAllowed"', "noneAllowed"),
            ("<receiver>volumeSelector", "<receiver>volume", "does not exist"),
        ],
    )
    def test_mistakes_in_the_ui_file_are_errors(self, slicerApp, tmp_path, old, new, message):
        import slicer

        (tmp_path / "bad.ui").write_text(UI.replace(old, new))
        with pytest.raises(RuntimeError, match=message):
            slicer.util.loadUI(str(tmp_path / "bad.ui"))


class TestWindow:
    def test_views_show_the_scene_and_the_panel_is_next_to_them(self, demo, tmp_path):
        import slicer

        from Testing import host

        slicer.util.setSliceViewerLayers(background=addVolume(), fit=True)
        window = host.showWindow(demo, 900, 500)
        picture = host.grab(window, tmp_path / "window.png")
        assert (tmp_path / "window.png").stat().st_size > 5000
        assert (picture.width(), picture.height()) == (900, 500)
        assert slicer.util.mainWindow() is window
        assert set(slicer.app.layoutManager().sliceViewNames()) == {"Red", "Yellow", "Green"}

    def test_a_layout_can_be_changed(self, slicerApp):
        import slicer

        heard, manager = [], slicer.app.layoutManager()
        manager.connect("layoutChanged(int)", heard.append)
        manager.setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView)
        assert heard == [slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView] == [manager.layout]
        assert manager.sliceViewNames() == ("Red",)
        assert manager.threeDViewCount == 0

    def test_the_heartbeat_hears_a_stopped_loop(self, slicerApp, heartbeat):
        from Testing import host

        with heartbeat() as beat:
            end = time.monotonic() + 0.1
            host.waitUntil(lambda: time.monotonic() > end)
            idle = beat.milliseconds
            time.sleep(0.3)
            slicerApp.processEvents()
        assert beat.ticks > 3
        assert beat.milliseconds >= 300 > idle

    def test_files_go_through_the_real_storage(self, slicerApp, tmp_path):
        import slicer

        volume = addVolume()
        path = tmp_path / "ct.nrrd"
        assert slicer.util.exportNode(volume, str(path), {"useCompression": 0})
        assert volume.GetStorageNode() is None
        back = slicer.util.loadVolume(str(path))
        assert np.array_equal(slicer.util.arrayFromVolume(back), slicer.util.arrayFromVolume(volume))

    def test_widgets_of_ctk(self, slicerApp):
        import ctk
        import qt

        section, inside = ctk.ctkCollapsibleButton(), qt.QLabel("inside")
        qt.QVBoxLayout(section).addWidget(inside)
        section.collapsed = True
        assert not section.checked
        assert section.sizeHint().height() < 30
        section.collapsed = False
        assert section.sizeHint().height() > 30
        box = ctk.ctkCheckableComboBox()
        box.addItems(["liver", "spleen"])
        heard = []
        box.connect("checkedIndexesChanged()", lambda: heard.append(len(box.checkedIndexes())))
        box.setCheckState(box.model().index(1, 0), qt.Qt.Checked)
        assert heard == [1]
        assert box.checkedIndexes()[0].row() == 1
        both = ctk.ctkRangeWidget()
        both.setRange(0, 10)
        both.connect("valuesChanged(double,double)", lambda low, high: heard.append((low, high)))
        both.setValues(2, 5)
        both.minimumValue = 7
        assert heard[1:] == [(2.0, 5.0), (7.0, 7.0)]


def test_the_demo_is_readable():
    """The module above is written out as a file as it stands."""
    compile(dedent(DEMO), "Demo.py", "exec")
