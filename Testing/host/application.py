"""``slicer.app``: the application object, its settings, files and managers, over `mrml.MrmlApp`."""

import atexit
import importlib.metadata
import os
import shutil
import sys
import tempfile

import slicer
from PySide6 import QtCore, QtGui, QtWidgets

from .layout import LayoutManager


def tell(kind, context, message):
    """What Qt says, without what it says of every window that has no screen."""
    if "propagateSizeHints" not in message:
        print(message, file=sys.stderr)


class Application(QtWidgets.QApplication):
    """The part of ``qSlicerApplication`` that scripted modules use."""

    startupCompleted = QtCore.Signal()
    mrmlSceneChanged = QtCore.Signal(object)
    SIGNALS = {"mrmlSceneChanged(vtkMRMLScene*)": "mrmlSceneChanged"}

    def __init__(self, folder):
        QtCore.QSettings.setDefaultFormat(QtCore.QSettings.Format.IniFormat)
        # Settings go to a folder of the test run, never to the user's own.
        for scope in (QtCore.QSettings.Scope.UserScope, QtCore.QSettings.Scope.SystemScope):
            QtCore.QSettings.setPath(QtCore.QSettings.Format.IniFormat, scope, os.path.join(folder, "settings"))
        QtCore.qInstallMessageHandler(tell)
        super().__init__(["Slicer"])
        self.setApplicationName("Slicer")
        self.setOrganizationName("NA-MIC")
        self.setStyle("Fusion")
        self._folder, self._temporaryPath = folder, os.path.join(folder, "temporary")
        for path in (self._temporaryPath, os.path.join(folder, "ColorFiles")):  # Slicer looks for its color files there
            os.makedirs(path, exist_ok=True)
        self._testing, self._paused, self._mrml = True, 0, None
        self._translators = []
        self._layoutManager, self._window = None, None
        self._moduleManager, self._ioManager = ModuleManager(self), IOManager()

    def useScene(self, mrml):
        """Show this `MrmlApp` from now on."""
        self._mrml = mrml
        self._layoutManager = LayoutManager(mrml, self)
        slicer.mrmlScene = mrml.scene
        self.mrmlSceneChanged.emit(mrml.scene)

    # Slicer's own -----------------------------------------------------------------------------------------------------

    def mrmlScene(self):
        return self._mrml.scene

    def applicationLogic(self):
        return self._mrml.applicationLogic

    def mrmlApplicationLogic(self):
        return self._mrml.applicationLogic

    def layoutManager(self):
        return self._layoutManager

    def moduleManager(self):
        return self._moduleManager

    def coreIOManager(self):
        return self._ioManager

    def ioManager(self):
        return self._ioManager

    def testingEnabled(self):
        return self._testing

    def setTestingEnabled(self, enabled):
        """Only here: with False, message boxes really open (and wait)."""
        self._testing = enabled

    def translate(self, context, text, *_):
        return QtCore.QCoreApplication.translate(context, text)

    @property
    def applicationLocaleName(self):
        """As in the user's settings; Slicer reads it once, when it starts."""
        settings = QtCore.QSettings()
        if str(settings.value("Internationalization/Enabled", False)).lower() != "true":
            return "en_US"
        return settings.value("language", "en_US") or "en_US"

    def loadTranslations(self, folder):
        """Install every .qm file of the language, or of the language without its country where there is none."""
        locale = self.applicationLocaleName
        for name in dict.fromkeys((locale, locale.partition("_")[0])):
            endings = (f"{name.replace('-', '_')}.qm", f"{name.replace('_', '-')}.qm")
            found = [path for path in sorted(os.listdir(folder)) if path.endswith(endings)]
            for path in found:
                translator = QtCore.QTranslator()
                if not translator.load(os.path.join(folder, path)):
                    raise RuntimeError(f"Qt can't read {path}")
                self.installTranslator(translator)
                self._translators.append(translator)
            if found:
                return

    def forgetTranslations(self):
        """Only here, where one process serves several languages."""
        while self._translators:
            self.removeTranslator(self._translators.pop())

    def userSettings(self):
        return QtCore.QSettings()

    def settings(self):
        return QtCore.QSettings()

    def revisionUserSettings(self):
        return QtCore.QSettings(
            os.path.join(self._folder, "settings", "revision.ini"), QtCore.QSettings.Format.IniFormat
        )

    def startupEnvironment(self):
        return QtCore.QProcessEnvironment.systemEnvironment()

    def environment(self):
        return QtCore.QProcessEnvironment.systemEnvironment()

    def pauseRender(self):
        self._paused += 1

    def resumeRender(self):
        self._paused -= 1

    def mainWindow(self):
        """The window of `host.showWindow`; None until it is shown."""
        return self._window

    def clipboard(self):
        return QtGui.QGuiApplication.clipboard()

    def restart(self):
        raise RuntimeError("the stand-in cannot be restarted")

    def _version(self, index):
        return int(importlib.metadata.version("slicer-core").split(".")[index])

    majorVersion = property(lambda self: self._version(0))
    minorVersion = property(lambda self: self._version(1))
    applicationVersion = property(lambda self: importlib.metadata.version("slicer-core"))
    slicerHome = property(lambda self: self._folder)
    extensionsInstallPath = property(lambda self: os.path.join(self._folder, "extensions"))
    temporaryPath = property(
        lambda self: self._temporaryPath, lambda self, path: setattr(self, "_temporaryPath", os.fspath(path))
    )


class ModuleManager(QtCore.QObject):
    """``slicer.app.moduleManager()``."""

    moduleAboutToBeUnloaded = QtCore.Signal(str)
    moduleLoaded = QtCore.Signal(str)

    def module(self, name):
        return getattr(slicer.modules, name.lower(), None)

    def factoryManager(self):
        return self

    def loadedModuleNames(self):
        return tuple(module.name for module in vars(slicer.modules).values() if hasattr(module, "widgetRepresentation"))


class IOManager:
    """``slicer.app.coreIOManager()``: loads and saves with the real logics and storage nodes, without dialogs."""

    _TYPES = {
        ".mrml": "SceneFile", ".mrb": "SceneFile", ".tsv": "TableFile", ".csv": "TableFile", ".txt": "TextFile",
        ".json": "MarkupsFile",
    }  # fmt: skip

    _VOLUME_FORMATS = ("NRRD (.nrrd)", "NRRD (.nhdr)", "NIfTI (.nii.gz)", "NIfTI (.nii)", "MetaImage (.mha)")

    def fileType(self, path):
        name = os.path.basename(path).lower()
        if name.endswith((".seg.nrrd", ".seg.nhdr")):
            return "SegmentationFile"
        return self._TYPES.get(os.path.splitext(name)[1], "VolumeFile")

    def loadNodes(self, fileType, properties, collection, userMessages=None):
        path = str(properties["fileName"])
        node = None
        if fileType == "SceneFile":  # added to what is there, unless told to clear; Slicer returns no nodes for it
            scene, clear = slicer.mrmlScene, bool(properties.get("clear", False))
            if path.endswith(".mrb"):
                return bool(scene.ReadFromMRB(path, clear))
            scene.SetURL(path)
            return bool(scene.Connect() if clear else scene.Import())
        name = properties.get("name") or os.path.basename(path).split(".")[0]
        if fileType == "VolumeFile" and os.path.exists(path):
            options = int(bool(properties.get("labelmap"))) + 2 * int(bool(properties.get("center")))
            node = slicer.modules.volumes.logic().AddArchetypeVolume(path, name, options)
        else:
            classes = {"SegmentationFile": "vtkMRMLSegmentationNode", "TableFile": "vtkMRMLTableNode",
                       "TextFile": "vtkMRMLTextNode"}  # fmt: skip
            if fileType in classes and os.path.exists(path):
                node = slicer.mrmlScene.AddNewNodeByClass(classes[fileType], name)
                node.AddDefaultStorageNode()
                node.GetStorageNode().SetFileName(path)
                if node.GetStorageNode().ReadData(node):
                    node.CreateDefaultDisplayNodes() if hasattr(node, "CreateDefaultDisplayNodes") else None
                else:
                    slicer.mrmlScene.RemoveNode(node)
                    node = None
        if node is not None and collection is not None:
            collection.AddItem(node)
        return node is not None

    def fileWriterFileType(self, node):
        return node.GetClassName()

    def saveNodes(self, fileType, properties, userMessages=None):
        if fileType == "SceneFile" or "nodeID" not in properties:
            path = properties["fileName"]
            if path.endswith(".mrb"):
                return bool(slicer.mrmlScene.WriteToMRB(path))
            slicer.mrmlScene.SetURL(path)
            return bool(slicer.mrmlScene.Commit(path))
        node = slicer.mrmlScene.GetNodeByID(properties["nodeID"])
        node.AddDefaultStorageNode()
        return self._write(node, node.GetStorageNode(), properties)

    def exportNodes(self, nodeIDs, fileNames, properties, hardenTransform=False, userMessages=None):
        """Write copies: the nodes keep the storage nodes that they have."""
        written = []
        for identifier, path in zip(nodeIDs, fileNames, strict=True):
            node = slicer.mrmlScene.GetNodeByID(identifier)
            storage = node.CreateDefaultStorageNode()
            storage.UnRegister(None)
            options = properties[identifier] if identifier in properties else properties
            written.append(self._write(node, storage, {**options, "fileName": path}))
        return all(written)

    @staticmethod
    def _write(node, storage, properties):
        storage.SetFileName(str(properties["fileName"]))
        if "useCompression" in properties:
            storage.SetUseCompression(int(properties["useCompression"]))
        return bool(storage.WriteData(node))

    def fileWriterExtensions(self, node):
        storage = node.CreateDefaultStorageNode()
        storage.UnRegister(None)
        formats = storage.GetSupportedWriteFileTypes()
        known = tuple(formats.GetValue(i) for i in range(formats.GetNumberOfValues()))
        return known or self._VOLUME_FORMATS  # the wheel's volume storage writes them all and lists none

    def extractKnownExtension(self, path, node):
        known = (
            slicer.vtkDataFileFormatHelper.GetFileExtensionFromFormatString(f) for f in self.fileWriterExtensions(node)
        )
        fitting = [extension for extension in known if str(path).lower().endswith(extension)]
        return max(fitting, key=len) if fitting else os.path.splitext(path)[1]

    def openSaveDataDialog(self):
        return True


def temporaryFolder():
    """A folder for this session of the host, gone when it ends."""
    folder = tempfile.mkdtemp(prefix="XAICLIPHost")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def installLauncher(folder):
    """Put a ``PythonSlicer`` on the path: as Slicer's launcher, a process that starts Python and waits for it."""
    place = os.path.join(folder, "bin")
    os.makedirs(place, exist_ok=True)
    path = os.path.join(place, "PythonSlicer")
    with open(path, "w") as file:
        file.write(f'#!/bin/sh\n"{sys.executable}" "$@"\nexit $?\n')
    os.chmod(path, 0o755)
    os.environ["PATH"] = place + os.pathsep + os.environ.get("PATH", "")
