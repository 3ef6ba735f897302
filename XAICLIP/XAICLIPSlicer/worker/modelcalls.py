"""What the worker is asked about models: which there are, opening one, and what takes a process of its own."""

from collections.abc import Callable

from XAICLIPLib.case.request import Request
from XAICLIPSlicer.worker.client import WorkerClient
from XAICLIPSlicer.worker.process import WorkerProcess


class ModelCalls(WorkerProcess):
    """Requests about models; a download and learning prompts run in workers of their own."""

    def __init__(self, *arguments, **named) -> None:
        super().__init__(*arguments, **named)
        self._downloader: WorkerClient | None = None
        self._learner: WorkerClient | None = None

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
