"""3D Slicer without its window: the real MRML scene, module logics and views of `slicer-core`, drawn offscreen.

    app = MrmlApp(folder)          # the scene, the logics; sets slicer.mrmlScene and slicer.modules
    app.setLayout(3)               # Slicer's four-up; any layout, also a module's own
    app.sliceView("Red").image()   # what the view shows, (rows, columns, RGB)
    app.threeDView().image()

In Slicer, CTK puts the slice image on the screen and Qt makes the layout; the few lines for it are here.
The order of the set-up follows trame-slicer (Kitware, Apache-2.0). No Qt: `Testing/host` adds the window.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import types
from collections.abc import Iterator
from pathlib import Path

# Mesa draws on the CPU where there is no GPU; EGL needs no X server. Must be set before VTK is loaded.
os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")
# Triton and Mesa each bring an LLVM, and Triton's crashes when it is loaded second. Tests that import torch after they
# have drawn something need no Triton: for torch it is then not installed.
sys.modules.setdefault("triton", None)

import numpy as np  # noqa: E402
import slicer  # noqa: E402
import vtk  # noqa: E402
from vtk.util.numpy_support import vtk_to_numpy  # noqa: E402

from .plots import PlotView  # noqa: E402
from .png import writePng  # noqa: E402

try:
    import slicer.i18n
except ImportError:  # not in the wheel; a window that opens later in this process translates by the same module
    from .slicerpython import i18n

    slicer.i18n = sys.modules["slicer.i18n"] = i18n

FOUR_UP = 3  # vtkMRMLLayoutNode.SlicerLayoutFourUpView
CPU_RAY_CAST = "vtkMRMLCPURayCastVolumeRenderingDisplayNode"
# name in slicer.modules, name under which other logics look for it, class
_LOGICS = (
    ("colors", "Colors", "vtkSlicerColorLogic"),
    ("subjecthierarchy", "SubjectHierarchy", "vtkSlicerSubjectHierarchyModuleLogic"),
    ("volumes", "Volumes", "vtkSlicerVolumesLogic"),
    ("markups", "Markups", "vtkSlicerMarkupsLogic"),
    ("segmentations", "Segmentations", "vtkSlicerSegmentationsModuleLogic"),
    ("cropvolume", "CropVolume", "vtkSlicerCropVolumeLogic"),
    ("volumerendering", "VolumeRendering", "vtkSlicerVolumeRenderingLogic"),
    ("plots", "Plots", "vtkSlicerPlotsLogic"),
    ("tables", "Tables", "vtkSlicerTablesLogic"),
)
_SLICE_MANAGERS = (
    "vtkMRMLModelSliceDisplayableManager",
    "vtkMRMLSegmentationsDisplayableManager2D",
    "vtkMRMLMarkupsDisplayableManager",
    "vtkMRMLColorLegendDisplayableManager",
)
_THREE_D_MANAGERS = (
    "vtkMRMLVolumeRenderingDisplayableManager",
    "vtkMRMLCameraDisplayableManager",
    "vtkMRMLViewDisplayableManager",
    "vtkMRMLModelDisplayableManager",
    "vtkMRMLThreeDReformatDisplayableManager",
    "vtkMRMLSegmentationsDisplayableManager3D",
    "vtkMRMLMarkupsDisplayableManager",
    "vtkMRMLColorLegendDisplayableManager",
)


class MrmlApp:
    """The scene, the logics and the views. One at a time: the last one made is what `slicer.mrmlScene` means.

    Parameters
    ----------
    folder : path
        Where scenes are unpacked and files cached.
    size : tuple of int
        Width and height of a view in pixels.
    """

    def __init__(self, folder: str | Path, size: tuple[int, int] = (400, 400)) -> None:
        self.size = size
        self.scene = slicer.mrmlScene = slicer.vtkMRMLScene()
        self.applicationLogic = slicer.vtkSlicerApplicationLogic()
        self.applicationLogic.SetMRMLScene(self.scene)
        self.applicationLogic.SetTemporaryPath(str(folder))
        # colour files would be in here; the wheel has none, so Slicer's built-in colours are all there is
        self.applicationLogic.SetHomeDirectory(str(folder))
        self.applicationLogic.SetShareDirectory(".")
        # the views' logics are looked up in these; nothing makes them by itself
        self.applicationLogic.SetSliceLogics(vtk.vtkCollection())
        self.applicationLogic.SetViewLogics(vtk.vtkCollection())
        for kind in ("Slice", "ThreeD"):
            factory = getattr(slicer, f"vtkMRML{kind}ViewDisplayableManagerFactory").GetInstance()
            factory.SetMRMLApplicationLogic(self.applicationLogic)
        slicer.vtkMRMLSliceNode.AddDefaultSliceOrientationPresets(self.scene, True)
        self.logics = {name: self._register(register, getattr(slicer, kind)()) for name, register, kind in _LOGICS}
        self.logics["volumerendering"].SetDefaultRenderingMethod(CPU_RAY_CAST)
        modules = getattr(slicer, "modules", None) or types.SimpleNamespace()
        for name, logic in self.logics.items():
            module = getattr(modules, name, None) or types.SimpleNamespace()
            module.logic = lambda logic=logic: logic
            setattr(modules, name, module)
        slicer.modules = modules
        self._remote = self._makeArchivesReadable(Path(folder) / "cache")
        self.layoutLogic = slicer.vtkMRMLLayoutLogic()
        self.layoutLogic.SetMRMLApplicationLogic(self.applicationLogic)
        self.layoutLogic.SetMRMLScene(self.scene)
        self._views: dict[str, View] = {}
        self._layoutTag = self.layoutNode.AddObserver(vtk.vtkCommand.ModifiedEvent, self._onLayoutModified)
        self.setLayout(FOUR_UP)
        atexit.register(self.close)  # VTK crashes where Python's end takes scene and views apart in any order

    def _register(self, name: str, logic):
        # the colour logic must be known before any other logic gets the scene, so one after the other
        self.applicationLogic.SetModuleLogic(name, logic)
        logic.SetMRMLApplicationLogic(self.applicationLogic)
        logic.SetMRMLScene(self.scene)
        return logic

    def _makeArchivesReadable(self, cache: Path):
        """Without a cache manager in the scene, no .mrb can be read."""
        cache.mkdir(parents=True, exist_ok=True)
        remote, data = slicer.vtkMRMLRemoteIOLogic(), slicer.vtkDataIOManagerLogic()
        for logic in (remote, data):
            logic.SetMRMLApplicationLogic(self.applicationLogic)
            logic.SetMRMLScene(self.scene)
        remote.GetCacheManager().SetRemoteCacheDirectory(str(cache))
        data.SetAndObserveDataIOManager(remote.GetDataIOManager())
        remote.AddDataIOToScene()
        return remote, data  # kept, or the scene is left with dangling managers

    # Layout and views -------------------------------------------------------------------------------------------------

    @property
    def layoutNode(self):
        return self.layoutLogic.GetLayoutNode()

    @property
    def layout(self) -> int:
        return self.layoutNode.GetViewArrangement()

    def setLayout(self, layout: int) -> None:
        """Show a layout by its number; its views exist afterwards."""
        self.layoutNode.SetViewArrangement(layout)
        self._onLayoutModified()

    def _onLayoutModified(self, *_) -> None:
        """Make the views of the layout that have not been shown before, as Slicer's layout manager does."""
        shown = self.layoutLogic.GetViewNodes()
        for node in (shown.GetItemAsObject(i) for i in range(shown.GetNumberOfItems() if shown else 0)):
            if node.GetID() in self._views:
                continue
            if node.IsA("vtkMRMLSliceNode"):
                self._views[node.GetID()] = SliceView(self, node)
            elif node.IsA("vtkMRMLViewNode"):
                self._views[node.GetID()] = ThreeDView(self, node)
            elif node.IsA("vtkMRMLPlotViewNode"):
                self._views[node.GetID()] = PlotView(self, node)

    def shownViews(self) -> list[View | PlotView]:
        """The slice, 3D and plot views of the current layout."""
        nodes = self.layoutLogic.GetViewNodes()
        ids = [nodes.GetItemAsObject(i).GetID() for i in range(nodes.GetNumberOfItems())]
        return [self._views[i] for i in ids if i in self._views]

    def sliceView(self, name: str) -> SliceView:
        """A slice view by its layout name: "Red", "XAICLIPSaliency"."""
        return self._named(SliceView, name)

    def threeDView(self, name: str = "1") -> ThreeDView:
        """A 3D view by its layout name."""
        return self._named(ThreeDView, name)

    def plotView(self, name: str) -> PlotView:
        """A plot view by its layout name."""
        return self._named(PlotView, name)

    def _named(self, kind: type, name: str):
        found = [v for v in self._views.values() if isinstance(v, kind) and v.node.GetLayoutName() == name]
        if not found:
            names = ", ".join(v.node.GetLayoutName() for v in self._views.values() if isinstance(v, kind))
            raise KeyError(f"there is no {kind.__name__} {name!r}; there are {names}")
        return found[0]

    def close(self) -> None:
        """Let go of the views and the scene; twice is as good as once."""
        atexit.unregister(self.close)
        if self._layoutTag is None:
            return
        self.layoutNode.RemoveObserver(self._layoutTag)
        self._layoutTag = None
        self.scene.Clear(0)
        for view in self._views.values():
            view.close()
        self._views.clear()
        # the logics go before the scene does; the view nodes' singletons go with the scene
        for logic in (*self.logics.values(), *self._remote, self.layoutLogic):
            logic.SetMRMLScene(None)
        self.applicationLogic.SetMRMLScene(None)


class View:
    """An offscreen render window with Slicer's displayable managers in it."""

    def __init__(self, app: MrmlApp, node) -> None:
        self.node = node
        self.renderer = vtk.vtkRenderer()
        self.window = vtk.vtkRenderWindow()
        self.window.SetOffScreenRendering(1)
        self.window.SetMultiSamples(0)  # ten times slower with, and nothing gained for pixel tests
        self.window.SetSize(*app.size)
        self.window.AddRenderer(self.renderer)
        # some managers ask the view's interactor for the window's size
        self.interactor = vtk.vtkGenericRenderWindowInteractor()
        self.window.SetInteractor(self.interactor)
        self.managers = slicer.vtkMRMLDisplayableManagerGroup()

    def _initialize(self, factory, names: tuple[str, ...], renderer) -> None:
        for name in names:
            if not factory.IsDisplayableManagerRegistered(name):
                factory.RegisterDisplayableManager(name)
        self.managers.Initialize(factory, renderer)
        self.managers.SetMRMLDisplayableNode(self.node)

    def image(self) -> np.ndarray:
        """Render and return the picture, (rows, columns, 3) uint8, the first row at the top."""
        self.window.Render()
        grab = vtk.vtkWindowToImageFilter()
        grab.SetInput(self.window)
        grab.ReadFrontBufferOff()
        grab.ShouldRerenderOff()
        grab.Update()
        picture = grab.GetOutput()
        columns, rows, _ = picture.GetDimensions()
        flat = vtk_to_numpy(picture.GetPointData().GetScalars())
        return flat.reshape(rows, columns, -1)[::-1, :, :3].copy()

    def png(self, path: str | Path) -> Path:
        """Render and write the picture."""
        return writePng(self.image(), path)

    def close(self) -> None:
        self.managers.SetMRMLDisplayableNode(None)
        self.window.Finalize()


class SliceView(View):
    """A slice view: volumes, segments, markups and colour legend."""

    def __init__(self, app: MrmlApp, node) -> None:
        super().__init__(app, node)
        self.renderer.GetActiveCamera().ParallelProjectionOn()
        overlay = vtk.vtkRenderer()  # segments and markups lie over the image
        overlay.GetActiveCamera().ParallelProjectionOn()
        overlay.SetLayer(1)
        self.window.SetNumberOfLayers(2)
        self.window.AddRenderer(overlay)
        self.logic = slicer.vtkMRMLSliceLogic()
        self.logic.SetMRMLApplicationLogic(app.applicationLogic)
        self.logic.SetMRMLScene(app.scene)
        self.logic.SetSliceNode(node)  # the layout's own; AddSliceNode would make a second one outside the scene
        app.applicationLogic.GetSliceLogics().AddItem(self.logic)
        self.logic.ResizeSliceNode(*app.size)
        # the logic's picture has its colours already, 0 to 255
        self._mapper = vtk.vtkImageMapper()
        self._mapper.SetColorWindow(255)
        self._mapper.SetColorLevel(127.5)
        self._actor = vtk.vtkActor2D()
        self._actor.SetMapper(self._mapper)
        self._actor.GetProperty().SetDisplayLocationToBackground()
        self.renderer.AddViewProp(self._actor)
        self._initialize(slicer.vtkMRMLSliceViewDisplayableManagerFactory.GetInstance(), _SLICE_MANAGERS, overlay)

    @property
    def composite(self):
        """What the view shows: background, foreground and label volume."""
        return self.logic.GetSliceCompositeNode()

    def image(self) -> np.ndarray:
        connection = self.logic.GetImageDataConnection()
        self._mapper.SetInputConnection(connection)
        self._actor.SetVisibility(connection is not None)
        return super().image()

    def fit(self) -> SliceView:
        """Zoom so that the background fills the view."""
        self.logic.FitSliceToBackground()
        return self

    def jump(self, ras: tuple[float, float, float]) -> SliceView:
        """Move to the slice through a point, RAS in mm."""
        self.node.JumpSliceByOffsetting(*(float(v) for v in ras))
        return self

    def pixel(self, ras: tuple[float, float, float]) -> tuple[int, int]:
        """Row and column of the picture at a point of the patient, RAS in mm."""
        toView = vtk.vtkMatrix4x4()
        vtk.vtkMatrix4x4.Invert(self.node.GetXYToRAS(), toView)
        x, y, *_ = toView.MultiplyPoint((*(float(v) for v in ras), 1.0))
        return self.window.GetSize()[1] - 1 - round(y), round(x)


class ThreeDView(View):
    """A 3D view: surfaces, volume rendering, slices."""

    def __init__(self, app: MrmlApp, node) -> None:
        super().__init__(app, node)
        node.SetBoxVisible(False)
        node.SetAxisLabelsVisible(False)
        factory = slicer.vtkMRMLThreeDViewDisplayableManagerFactory.GetInstance()
        self._initialize(factory, _THREE_D_MANAGERS, self.renderer)

    def fit(self) -> ThreeDView:
        """Look from the front at everything there is."""
        self.window.Render()
        self.renderer.ResetCamera()
        manager = self.managers.GetDisplayableManagerByClassName("vtkMRMLCameraDisplayableManager")
        manager.GetCameraNode().RotateTo(slicer.vtkMRMLCameraNode.Anterior)
        self.renderer.ResetCamera()
        self.renderer.ResetCameraClippingRange()
        return self

    def pixel(self, ras: tuple[float, float, float]) -> tuple[int, int]:
        """Row and column of the picture at a point of the patient, RAS in mm."""
        self.renderer.SetWorldPoint(*(float(v) for v in ras), 1.0)
        self.renderer.WorldToDisplay()
        x, y, _ = self.renderer.GetDisplayPoint()
        return self.window.GetSize()[1] - 1 - round(y), round(x)


@contextlib.contextmanager
def vtkErrors() -> Iterator[list[str]]:
    """Collect what VTK reports as errors inside the block: VTK never raises, it only prints.

    A test fails on it with ``with vtkErrors() as errors: …; assert not errors``.
    """
    found: list[str] = []

    def onError(caller, event, text: str) -> None:
        found.append(text)

    onError.CallDataType = vtk.VTK_STRING
    before, verbosity = vtk.vtkOutputWindow.GetInstance(), vtk.vtkLogger.GetCurrentVerbosityCutoff()
    window = vtk.vtkOutputWindow()
    window.SetDisplayModeToNever()
    window.AddObserver("ErrorEvent", onError)
    vtk.vtkOutputWindow.SetInstance(window)
    vtk.vtkLogger.SetStderrVerbosity(vtk.vtkLogger.VERBOSITY_OFF)
    try:
        yield found
    finally:
        vtk.vtkOutputWindow.SetInstance(before)
        vtk.vtkLogger.SetStderrVerbosity(verbosity)
