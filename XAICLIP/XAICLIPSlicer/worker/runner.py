"""Jobs: from a scan and a request to the nodes of a run, through the worker and without ever waiting for it.

Nothing here knows the panel. Everything that takes long happens in the worker process; callbacks come from Slicer's
event loop.
"""

from collections.abc import Callable
from dataclasses import replace

from slicer.i18n import tr as _

from XAICLIPLib.case.request import Request
from XAICLIPSlicer.scene import slices
from XAICLIPSlicer.worker.job import Job
from XAICLIPSlicer.worker.modelcalls import ModelCalls
from XAICLIPSlicer.worker.runcalls import RunCalls
from XAICLIPSlicer.worker.steps import Steps


class Runner(ModelCalls, RunCalls):
    """The one worker, and what it is asked: about models (`ModelCalls`), about finished runs (`RunCalls`), and here
    about scans.

    Parameters
    ----------
    onLog, onCrash : callable, optional
        Get lines of text.
    """

    def __init__(
        self, onLog: Callable[[str], None] | None = None, onCrash: Callable[[str], None] | None = None
    ) -> None:
        super().__init__(onLog, onCrash)
        self.job: Job | None = None
        self._steps = Steps()

    def cleanup(self) -> None:
        """Stop the worker and remove every temporary file."""
        self.abandon()
        self.stopDownload()
        self.stopLearning()
        self.restart()
        self._files.remove()

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

    def plan(self, volumeNode, request: Request, onResult, onError, segment=None, onProgress=None) -> int:
        """What a request costs.

        Parameters
        ----------
        volumeNode : vtkMRMLScalarVolumeNode
            The scan.
        request : Request
            What would be run.
        onResult : callable
            Gets "slices", "evaluations", "full_evaluations", "seconds", "tiles", "seconds_each_tile", a dict.
        onError : callable
            Gets a `WorkerError`.
        segment : tuple of vtkMRMLSegmentationNode and str, optional
            The region, for the source "segment".
        onProgress : callable, optional
            Gets "done", "total" and "message" while it is found out, a dict.

        Returns
        -------
        int
            The request's id.
        """
        client = self.client
        return client.request("plan", self._parameters(volumeNode, request, segment), onResult, onError, onProgress)

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
