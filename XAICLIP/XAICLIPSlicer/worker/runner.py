"""Jobs: from a scan and a request to the nodes of a run, through the worker and without ever waiting for it.

Nothing here knows the panel. Everything that takes long happens in the worker process; callbacks come from Slicer's
event loop.
"""

import logging
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import slicer
from slicer.i18n import tr as _

from XAICLIPLib import anatomy
from XAICLIPLib.case.request import Request
from XAICLIPLib.report.colormap import RUN, SLICE
from XAICLIPSlicer.scene import slices
from XAICLIPSlicer.scene.pair import checkPair
from XAICLIPSlicer.worker import dependencies
from XAICLIPSlicer.worker.client import WorkerClient
from XAICLIPSlicer.worker.errors import MissingDependencies
from XAICLIPSlicer.worker.job import Job
from XAICLIPSlicer.worker.shared_files import SharedFiles, filesOf, recordOf
from XAICLIPSlicer.worker.steps import Steps


class Runner:
    """The one worker, and what it is asked.

    Parameters
    ----------
    onLog, onCrash : callable, optional
        Get lines of text.
    """

    def __init__(
        self, onLog: Callable[[str], None] | None = None, onCrash: Callable[[str], None] | None = None
    ) -> None:
        self.onLog = onLog
        self.onCrash = onCrash
        self.job: Job | None = None
        self._client: WorkerClient | None = None
        self._downloader: WorkerClient | None = None
        self._learner: WorkerClient | None = None
        self._files = SharedFiles()
        self._complete = False
        self._steps = Steps()

    # -- the worker ---------------------------------------------------------------------------------------------------

    def require(self) -> None:
        """Make sure that the worker can start.

        Raises
        ------
        MissingDependencies
            If packages are missing.
        """
        if not self._complete:
            missing = dependencies.missing()
            if missing:
                raise MissingDependencies(missing)
            self._complete = True

    @property
    def client(self) -> WorkerClient:
        """The client of the worker, which starts with the first request."""
        self.require()
        if self._client is None:
            self._client = self._newClient()
            self._client.onCrash = self._crashed
        return self._client

    def _newClient(self) -> WorkerClient:
        python = shutil.which("PythonSlicer") or sys.executable
        # the worker finds XAICLIPLib where this process found it
        library = str(Path(anatomy.__file__).resolve().parents[2])
        paths = [library, os.environ.get("PYTHONPATH", "")]
        environment = {
            "PYTHONPATH": os.pathsep.join(path for path in paths if path),
            "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1",  # pipes and file names, whatever code page Windows has
            "PYTHONSAFEPATH": "1",  # nothing from the folder that Slicer was started in
        }
        client = WorkerClient(python, ["-m", "XAICLIPLib.worker"], environment)
        client.onLog = self._log
        return client

    def restart(self) -> None:
        """End the worker; the next request starts another one."""
        if self._client is not None:
            self._client.stop()
            self._client = None

    @property
    def isStarted(self) -> bool:
        """Whether a worker is there, so that a request needs no start."""
        return self._client is not None and self._client.isRunning

    def cleanup(self) -> None:
        """Stop the worker and remove every temporary file."""
        self.abandon()
        self.stopDownload()
        self.stopLearning()
        self.restart()
        self._files.remove()

    def _log(self, text: str) -> None:
        logging.debug("XAICLIP worker: %s", text)
        if self.onLog:
            self.onLog(text)

    def _crashed(self, text: str) -> None:
        logging.warning("XAICLIP: %s", text)
        if self.onCrash:
            self.onCrash(text)

    # -- what can be asked --------------------------------------------------------------------------------------------

    def hello(self, onResult: Callable, onError: Callable) -> int:
        """Start the worker and ask what it runs on.

        Parameters
        ----------
        onResult : callable
            Gets "protocol", "pid", "devices", a dict.
        onError : callable
            Gets a `WorkerError`.

        Returns
        -------
        int
            The request's id.
        """
        return self.client.request("hello", {}, onResult, onError)

    def checkModel(self, specification: str, onResult: Callable, onError: Callable, acceptLicence: bool = False) -> int:
        """Open a model and ask what it segments.

        Parameters
        ----------
        specification : str
            As `open_segmenter` wants it.
        onResult : callable
            Gets "name", "targets", "promptable", a dict.
        onError : callable
            Gets a `WorkerError`.
        acceptLicence : bool
            Whether the user has just accepted that its licence forbids commercial use.

        Returns
        -------
        int
            The request's id.
        """
        asked = {"model": specification, **({"accept_licence": True} if acceptLicence else {})}
        return self.client.request("models", asked, onResult, onError)

    def installedModels(self, onResult: Callable, onError: Callable) -> int:
        """Ask which models other programs have left on this machine.

        Parameters
        ----------
        onResult : callable
            Gets "models", a list of dict: "program", "task", "spec", "structures", "explainable", "refused", "notes".
        onError : callable
            Gets a `WorkerError`.

        Returns
        -------
        int
            The request's id.
        """
        return self.client.request("installed", {}, onResult, onError)

    def agreement(
        self, volumeNode, request: Request, segment: tuple, onResult: Callable, onError: Callable, onProgress=None
    ) -> int:
        """Compare the model's own prediction with a segment.

        Parameters
        ----------
        volumeNode : vtkMRMLScalarVolumeNode
            The scan.
        request : Request
            Names the model and the structure.
        segment : tuple of vtkMRMLSegmentationNode and str
            What somebody has drawn.
        onResult : callable
            Gets "dice", "is_same", "slices", "total", a dict.
        onError : callable
            Gets a `WorkerError`.
        onProgress : callable, optional
            Gets "done", "total", "message", a dict.

        Returns
        -------
        int
            The request's id.
        """
        client = self.client
        parameters = {
            "request": self._sent(request),
            "scan": self._files.scan(volumeNode),
            "mask": self._files.region(segment, volumeNode),
        }
        return client.request("agreement", parameters, onResult, onError, onProgress)

    def languageModels(self, onResult: Callable, onError: Callable) -> int:
        """Ask which vision-language models there are, and which of them are on this machine.

        Parameters
        ----------
        onResult : callable
            Gets "models", a list of dict.
        onError : callable
            Gets a `WorkerError`.

        Returns
        -------
        int
            The request's id.
        """
        return self.client.request("language_models", {}, onResult, onError)

    def download(self, name: str, onResult: Callable, onError: Callable, onProgress: Callable) -> None:
        """Download a vision-language model, which the user has agreed to.

        A process of its own does it, so that regions are found and maps computed meanwhile.

        Parameters
        ----------
        name : str
            As in the list of `languageModels`.
        onResult : callable
            Gets a dict once it is complete.
        onError : callable
            Gets a `WorkerError`.
        onProgress : callable
            Gets "done" and "total" in megabytes, a dict.
        """
        self.stopDownload()
        self._downloader = self._inSeparateWorker(
            "download", {"name": name}, lambda: self._downloader, self.stopDownload, onResult, onError, onProgress
        )

    def stopDownload(self) -> None:
        """End a download; nothing half-written is left."""
        if self._downloader is not None:
            downloader, self._downloader = self._downloader, None
            downloader.stop()

    def learn(
        self,
        volumeNode,
        request: Request,
        node,
        shots: int,
        out: str,
        onResult: Callable,
        onError: Callable,
        onProgress: Callable,
    ) -> None:
        """Learn prompts for the request's structures from what is drawn in a node, and write them to a file.

        In a process of its own, as a download.

        Parameters
        ----------
        volumeNode : vtkMRMLScalarVolumeNode
            The scan.
        request : Request
            Its structures and its language model are used.
        node : vtkMRMLSegmentationNode or vtkMRMLLabelMapVolumeNode
            What is drawn.
        shots : int
            Number of slices that are learned from.
        out : str
            The file to write, ending in .safetensors.
        onResult : callable
            Gets "path", "rows", "kept", "warnings", a dict.
        onError : callable
            Gets a `WorkerError`.
        onProgress : callable
            Gets "done", "total", "message", a dict.

        Raises
        ------
        MissingDependencies, ValueError
            If it can't start; the text says what to do.
        """
        self.stopLearning()
        parameters = {
            "request": self._sent(request),
            "scan": self._files.scan(volumeNode),
            "labels": self._files.labels(node, request.structures, volumeNode, others=True),
            "out": out,
            "shots": shots,
        }
        self._learner = self._inSeparateWorker(
            "learn", parameters, lambda: self._learner, self.stopLearning, onResult, onError, onProgress
        )

    def stopLearning(self) -> None:
        """Give the learning up; nothing is written."""
        if self._learner is not None:
            learner, self._learner = self._learner, None
            learner.stop()

    def _inSeparateWorker(
        self, method: str, parameters: dict, present, stop, onResult, onError, onProgress
    ) -> WorkerClient:
        """Ask a worker of its own, which ends with its answer; no answer once it is not the `present` one any more."""
        self.require()
        client = self._newClient()

        def ended(callback: Callable) -> Callable:
            def answered(answer) -> None:
                if present() is client:
                    stop()
                    callback(answer)

            return answered

        client.request(method, parameters, ended(onResult), ended(onError), onProgress)
        return client

    def prepare(self, volumeNode, request: Request, onResult: Callable, onError: Callable) -> int:
        """Load the models and the scan, so that the first region or map comes at once.

        Parameters
        ----------
        volumeNode : vtkMRMLScalarVolumeNode
            The scan.
        request : Request
            Names the models.
        onResult : callable
            Gets a dict.
        onError : callable
            Gets a `WorkerError`.

        Returns
        -------
        int
            The request's id.
        """
        client = self.client
        parameters = {"request": self._sent(request), "scan": self._files.scan(volumeNode)}
        return client.request("prepare", parameters, onResult, onError)

    def draw(self, run, colorMap: str, onResult: Callable, onError: Callable, ownScales: bool = False) -> int:
        """Draw the pictures of a run of this session into its folder.

        Parameters
        ----------
        run : RunNodes
            With its folder.
        colorMap : str
            A name of `colours.COLOURS`.
        onResult : callable
            Gets a dict.
        onError : callable
            Gets a `WorkerError`.
        ownScales : bool
            Whether each slice has a scale of its own, else all slices one.

        Returns
        -------
        int
            The request's id.
        """
        parameters = {"folder": run.folder, "scan": self._files.scan(run.volumeNode), "colormap": colorMap}
        parameters["scale"] = SLICE if ownScales else RUN
        return self.client.request("draw", parameters, onResult, onError)

    def exportDicom(
        self, run, place: str, series: str | None, folder: str, onResult: Callable, onError: Callable
    ) -> int:
        """Write a run of this session as DICOM objects to a folder.

        They refer to the images in the folder `place`, of the series with that UID; where there are none, the scan's
        voxels are written as a study of their own.

        Parameters
        ----------
        run : RunNodes
            With its folder.
        place : str
            The folder of the scan's images; empty where there are none.
        series : str or None
            UID of their series.
        folder : str
            Where the objects are written.
        onResult : callable
            Gets "folder" and "notes", a dict.
        onError : callable
            Gets a `WorkerError`.

        Returns
        -------
        int
            The request's id.
        """
        parameters = {
            "folder": run.folder,
            "series": place or self._files.scan(run.volumeNode),
            "out": folder,
            "uid": series,
        }
        return self.client.request("dicom", parameters, onResult, onError)

    def temporaryFolder(self, purpose: str) -> Path:
        """A new folder that goes with the session, or before.

        Parameters
        ----------
        purpose : str
            Begins its name.

        Returns
        -------
        Path
        """
        return self._files.folder(purpose)

    def locate(self, volumeNode, request: Request, axialSlice: int | None, onResult, onError, segment=None) -> int:
        """Find the region in one slice, or with None in all slices of the request.

        Parameters
        ----------
        volumeNode : vtkMRMLScalarVolumeNode
            The scan.
        request : Request
            Says what is looked for, and where.
        axialSlice : int or None
            Counted from the feet; None for all slices of the request.
        onResult : callable
            Gets "slices", a list of dict.
        onError : callable
            Gets a `WorkerError`.
        segment : tuple of vtkMRMLSegmentationNode and str, optional
            The region, for the source "segment".

        Returns
        -------
        int
            The request's id.
        """
        client, parameters = self.client, self._parameters(volumeNode, request, segment)
        parameters |= {"slice": axialSlice, "folder": str(self._files.previews)}
        return client.request("locate", parameters, onResult, onError)

    def plan(self, volumeNode, request: Request, onResult, onError, segment=None) -> int:
        """What a request costs.

        Parameters
        ----------
        volumeNode : vtkMRMLScalarVolumeNode
            The scan.
        request : Request
            What would be run.
        onResult : callable
            Gets "slices", "evaluations", "full_evaluations", "seconds", a dict.
        onError : callable
            Gets a `WorkerError`.
        segment : tuple of vtkMRMLSegmentationNode and str, optional
            The region, for the source "segment".

        Returns
        -------
        int
            The request's id.
        """
        client = self.client
        return client.request("plan", self._parameters(volumeNode, request, segment), onResult, onError)

    def askable(self, run, onResult: Callable, onError: Callable) -> int:
        """Open a run of this session for questions.

        Parameters
        ----------
        run : RunNodes
            With its folder.
        onResult : callable
            Gets "structures", "slices", "parts", "islands", "between", a dict.
        onError : callable
            Gets a `WorkerError`.

        Returns
        -------
        int
            The request's id.

        Raises
        ------
        SceneError
            If the run's files or its record are not there.
        """
        return self.client.request("askable", {"run": recordOf(run)}, onResult, onError)

    def ask(
        self, run, question: dict, onResult: Callable, onError: Callable, inSlice: bool = False, between: bool = False
    ) -> int:
        """Ask a run of this session; no model is run.

        Parameters
        ----------
        run : RunNodes
            With its folder.
        question : dict
            Fields of `XAICLIPLib.pipeline.ask.Question` by name.
        onResult : callable
            Gets "text", "at", "slice", "map", "offset", a dict; see `XAICLIPLib.worker.run_methods.RunMethods.ask`.
        onError : callable
            Gets a `WorkerError`.
        inSlice : bool
            Whether the answer is about one slice alone.
        between : bool
            Whether the matrix of structures is asked for; the question is then empty.

        Returns
        -------
        int
            The request's id.

        Raises
        ------
        SceneError
            If the run's files or its record are not there.
        """
        parameters = {"run": recordOf(run), "question": question, "in_slice": inSlice, "between": between}
        parameters["folder"] = str(self._files.previews)
        return self.client.request("ask", parameters, onResult, onError)

    def compare(self, first, second, onResult: Callable, onError: Callable, structure: str | None = None) -> int:
        """Hold two runs of this session against each other; no model is run.

        Parameters
        ----------
        first, second : RunNodes
            With their folders, on one scan.
        onResult : callable
            Gets "text", "settings", "unit", "map", "offset", a dict; see
            `XAICLIPLib.worker.run_methods.RunMethods.compare`.
        onError : callable
            Gets a `WorkerError`.
        structure : str, optional
            Which one is compared.

        Returns
        -------
        int
            The request's id.

        Raises
        ------
        SceneError
            If they are runs on different scans, or the files of one are not there.
        """
        checkPair(first, second)
        parameters = {"first": filesOf(first), "second": filesOf(second), "folder": str(self._files.previews)}
        return self.client.request("compare", {**parameters, "structure": structure}, onResult, onError)

    def withdraw(self, requestId: int | None) -> None:
        """Take a request back that is no longer wanted.

        Parameters
        ----------
        requestId : int or None
            What a question returned; None and answered ones are no mistake.
        """
        if requestId is not None and self._client is not None:
            self._client.cancel(requestId)

    def explain(
        self,
        volumeNode,
        request: Request,
        segment=None,
        onFinished=None,
        onProgress=None,
        onError=None,
        reference=None,
    ) -> Job:
        """Start an explanation.

        Parameters
        ----------
        volumeNode : vtkMRMLScalarVolumeNode
        request : Request
        segment : tuple of vtkMRMLSegmentationNode and segment ID, optional
            The region, for the source "segment".
        onFinished : callable, optional
            Called with the job's `RunNodes`.
        onProgress : callable, optional
            Called with the job, done, total and the worker's message.
        onError : callable, optional
            Called with a line of text.
        reference : vtkMRMLSegmentationNode or vtkMRMLLabelMapVolumeNode, optional
            The ground truth; see `labels.match` for how its segments are found.

        Returns
        -------
        Job
            What is under way.

        Raises
        ------
        MissingDependencies, ValueError
            If it can't start; the text says what to do.
        """
        if self.job is not None and self.job.isRunning:
            raise ValueError(_("an explanation is already running; cancel it first"))
        client, parameters = self.client, self._parameters(volumeNode, request, segment)
        truth = self._files.labels(reference, request.structures, volumeNode)
        named, folder = replace(request, scan=volumeNode.GetName()), self._files.folder("run")
        job = Job(volumeNode, named, folder, self._steps, self.withdraw, onFinished, onProgress, onError)
        # pictures are drawn when they are saved, so that the map is there sooner
        parameters |= {"reference": truth, "folder": str(job.folder), "pictures": False}
        parameters["first"] = slices.currentSlice(volumeNode)  # what the user looks at is explained first
        self.job = job
        job.id = client.request("explain", parameters, job.explained, job.failed, job.progressed)
        return job

    def cancel(self) -> bool:
        """Stop the explanation after the current batch; what is finished is kept."""
        if self.job is None or self.job.state != "running":
            return False
        self.job.state = "stopping"
        self._client.cancel(self.job.id)
        return True

    def abandon(self) -> bool:
        """Stop the explanation and forget it: its scene is going away."""
        if self.job is None or not self.job.abandon():
            return False
        self.job = None
        return True

    def _sent(self, request: Request) -> dict:
        """A request as the worker gets it: with files in the place of the nodes that are further images."""
        nodes = [slicer.mrmlScene.GetNodeByID(identifier) for identifier in request.images.paths]
        return request.changed(images=tuple(self._files.scan(node) for node in nodes)).to_json()

    def _parameters(self, volumeNode, request: Request, segment) -> dict:
        path = self._files.scan(volumeNode)
        return {"request": self._sent(request), "scan": path, "region": self._files.region(segment, volumeNode)}
