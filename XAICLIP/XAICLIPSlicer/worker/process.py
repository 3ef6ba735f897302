"""The worker process as Slicer starts it: with its packages, its log, and the files that both read."""

import logging
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import slicer

from XAICLIPLib import anatomy
from XAICLIPLib.case.request import Request
from XAICLIPSlicer.worker import dependencies
from XAICLIPSlicer.worker.client import WorkerClient
from XAICLIPSlicer.worker.errors import MissingDependencies
from XAICLIPSlicer.worker.shared_files import SharedFiles


class WorkerProcess:
    """The one worker, started with the first request.

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
        self._client: WorkerClient | None = None
        self._files = SharedFiles()
        self._complete = False

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

    def _log(self, text: str) -> None:
        logging.debug("XAICLIP worker: %s", text)
        if self.onLog:
            self.onLog(text)

    def _crashed(self, text: str) -> None:
        logging.warning("XAICLIP: %s", text)
        if self.onCrash:
            self.onCrash(text)

    def withdraw(self, requestId: int | None) -> None:
        """Take a request back that is no longer wanted.

        Parameters
        ----------
        requestId : int or None
            What a question returned; None and answered ones are no mistake.
        """
        if requestId is not None and self._client is not None:
            self._client.cancel(requestId)

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

    def _sent(self, request: Request) -> dict:
        """A request as the worker gets it: with files in the place of the nodes that are further images."""
        nodes = [slicer.mrmlScene.GetNodeByID(identifier) for identifier in request.images.paths]
        return request.changed(images=tuple(self._files.scan(node) for node in nodes)).to_json()

    def _parameters(self, volumeNode, request: Request, segment) -> dict:
        path = self._files.scan(volumeNode)
        return {"request": self._sent(request), "scan": path, "region": self._files.region(segment, volumeNode)}
