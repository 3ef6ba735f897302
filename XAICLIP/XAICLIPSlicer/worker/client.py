"""The worker as Slicer sees it: requests go out, answers come in through Qt's event loop, nothing ever waits.

The protocol is JSON-RPC 2.0, one message per line (see `XAICLIPLib.worker`). Plain callables stand for signals, because
PythonQt can't define new ones.
"""

import itertools
import json
import logging
from collections import deque
from collections.abc import Callable, Sequence

import qt
from slicer.i18n import tr as _

from XAICLIPLib.message import restored

STOPPED = -32001
KILL_MILLISECONDS = 3000


class WorkerError(str):
    """What went wrong, as one line of text; in English where it is the worker's, see `text`.

    The program reads `code` (of JSON-RPC, or `STOPPED`), `type`, `extra`: the packages that are missing, by the name
    they have in `dependencies`; `source`: where weights that nobody agreed to download would come from; `licence`: what
    forbids commercial use and was not accepted yet, and `licensed`: the string of that model. All but the first two are
    empty where they don't apply. `text` has the parts by which it is put in the user's language, where there are any.
    """

    code: int
    type: str
    extra: str
    source: str
    licence: str
    licensed: str
    text: str

    def __new__(cls, text: str, code: int, kind: str, extra: str = "", source: str = "") -> "WorkerError":
        made = super().__new__(cls, text)
        made.code, made.type, made.extra, made.source = code, kind, extra, source
        made.licence = made.licensed = ""
        made.text = text
        return made


class _Pending:
    """A request that is not answered yet."""

    def __init__(self, onResult: Callable | None, onError: Callable | None, onProgress: Callable | None) -> None:
        self.onResult, self.onError, self.onProgress = onResult, onError, onProgress


class WorkerClient:
    """Starts the worker with the first request, and again with the next one after it has crashed.

    Parameters
    ----------
    python : str
        The interpreter; in Slicer this is PythonSlicer.
    arguments : sequence of str
        Such as ``["-m", "XAICLIPLib.worker"]``.
    environment : dict of str to str
        Put over Slicer's own environment.
    parent : qt.QObject, optional
        Owner of the process objects.

    Attributes
    ----------
    onLog : callable, optional
        Gets the lines that the worker writes to its log.
    onCrash : callable, optional
        Gets a line of text when the worker has ended without being told to.
    """

    def __init__(
        self, python: str, arguments: Sequence[str], environment: dict[str, str] | None = None, parent=None
    ) -> None:
        self.onLog: Callable[[str], None] | None = None
        self.onCrash: Callable[[str], None] | None = None
        self._python, self._arguments, self._environment = python, list(arguments), dict(environment or {})
        self._parent = parent
        self._numbers = itertools.count(1)
        self._pending: dict[int, _Pending] = {}
        self._connection: _Connection | None = None
        # processes that were told to end; Qt would kill them together with their objects
        self._leaving: set[_Connection] = set()

    @property
    def isRunning(self) -> bool:
        """Whether a worker is there, or starting."""
        return self._connection is not None

    def start(self) -> None:
        """Start the worker if there is none."""
        if self._connection is None:
            self._connection = _Connection(self, self._parent)
            self._connection.start(self._python, self._arguments, self._environment)

    def stop(self) -> None:
        """Tell the worker to end, and forget what it was asked; it gets killed if it does not."""
        connection, self._connection = self._connection, None
        if connection is not None:
            self._leaving.add(connection)
            connection.leave()
        self._fail(_("the worker was stopped"))

    def request(
        self,
        method: str,
        params: dict,
        onResult: Callable[[dict], None] | None = None,
        onError: Callable[[WorkerError], None] | None = None,
        onProgress: Callable[[dict], None] | None = None,
    ) -> int:
        """Ask the worker; one of `onResult` and `onError` is called later, from the event loop.

        Parameters
        ----------
        method : str
            Of `XAICLIPLib.worker.methods`.
        params : dict
            Its parameters, as JSON has them.
        onResult : callable, optional
            Gets the result, a dict.
        onError : callable, optional
            Gets a `WorkerError`.
        onProgress : callable, optional
            Gets "done", "total", "message" and "partial", a dict.

        Returns
        -------
        int
            The request's id, for `cancel`.
        """
        number = next(self._numbers)
        self._pending[number] = _Pending(onResult, onError, onProgress)
        self.start()
        self._connection.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return number

    def cancel(self, number: int) -> None:
        """Ask for the end of a request; it is answered all the same, with what is finished or with an error.

        Parameters
        ----------
        number : int
            What `request` returned; one that is answered already is no mistake.
        """
        if number in self._pending and self._connection is not None:
            cancelling = next(self._numbers)
            message = {"jsonrpc": "2.0", "id": cancelling, "method": "cancel", "params": {"id": number}}
            self._pending[cancelling] = _Pending(None, None, None)
            self._connection.send(message)

    # -- what the connection says ------------------------------------------------------------------------------------

    def _receive(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            self._log(line.decode(errors="replace"))
            return
        if message.get("method") == "progress":
            pending = self._pending.get(message["params"]["id"])
            self._call(pending and pending.onProgress, restored(message["params"]))
            return
        pending = self._pending.pop(message.get("id"), None)
        if "error" in message:
            error = restored(message["error"])
            about = error.get("data", {})
            refusal = WorkerError(
                error["message"], error["code"], about.get("type", ""), about.get("extra", ""), about.get("source", "")
            )
            refusal.licence, refusal.licensed = about.get("licence", ""), about.get("licensed", "")
            if pending is None:
                self._log(refusal)
            else:
                self._call(pending.onError, refusal)
        elif pending is not None:
            self._call(pending.onResult, restored(message["result"]))

    def _ended(self, connection: "_Connection", reason: str) -> None:
        """A process is gone, because it was told to or by itself."""
        self._leaving.discard(connection)
        if connection is not self._connection:
            return
        self._connection = None
        text = _("the worker stopped unexpectedly ({reason}); it starts again with the next request")
        text = text.format(reason=reason)
        self._call(self.onCrash, text)
        self._fail(text)

    def _fail(self, text: str) -> None:
        """Answer everything that will not be answered any more."""
        pending, self._pending = self._pending, {}
        for request in pending.values():
            self._call(request.onError, WorkerError(text, STOPPED, "WorkerStopped"))

    def _log(self, text: str) -> None:
        self._call(self.onLog, text)

    @staticmethod
    def _call(callback: Callable | None, *values) -> None:
        """A mistake in somebody's callback must not cost the messages that follow."""
        if callback:
            try:
                callback(*values)
            except Exception:
                logging.exception("XAICLIP: a callback of the worker failed")


class _Connection:
    """One process of the worker with its pipes."""

    def __init__(self, client: WorkerClient, parent) -> None:
        self._client = client
        self._unfinished: dict[str, list[bytes]] = {"out": [], "log": []}
        self._lines: deque[bytes] = deque()
        self._lastLog: deque[str] = deque(maxlen=1)
        self._isDead = self._isDelivering = False
        self._program = ""
        self._process = qt.QProcess(parent) if parent is not None else qt.QProcess()
        self._process.connect("readyReadStandardOutput()", self._readOutput)
        self._process.connect("readyReadStandardError()", self._readLog)
        self._process.connect("finished(int,QProcess::ExitStatus)", self._onFinished)
        self._process.connect("errorOccurred(QProcess::ProcessError)", self._onError)

    def start(self, python: str, arguments: list[str], environment: dict[str, str]) -> None:
        variables = qt.QProcessEnvironment.systemEnvironment()
        for name, value in environment.items():
            variables.insert(name, value)
        self._process.setProcessEnvironment(variables)
        self._program = python
        self._process.start(python, arguments)

    def send(self, message: dict) -> None:
        self._process.write(json.dumps(message).encode() + b"\n")

    def leave(self) -> None:
        """A closed pipe tells the worker to end, also where a launcher stands between the two."""
        if self._process.state() == qt.QProcess.NotRunning:
            self._onFinished(0, None)
            return
        self._process.closeWriteChannel()
        qt.QTimer.singleShot(KILL_MILLISECONDS, self._kill)

    def _kill(self) -> None:
        if not self._isDead:
            self._process.kill()

    def _readOutput(self) -> None:
        self._lines.extend(self._split("out", self._process.readAllStandardOutput().data() or b""))
        self._deliverLater()

    def _deliverLater(self) -> None:
        if self._lines and not self._isDelivering:
            self._isDelivering = True
            qt.QTimer.singleShot(0, self._deliver)

    def _deliver(self) -> None:
        """Pass one line on. The next one has its own turn, also of an event loop that a callback runs meanwhile."""
        self._isDelivering = False
        if self._lines:
            line = self._lines.popleft()
            self._deliverLater()
            self._client._receive(line)

    def _readLog(self) -> None:
        for line in self._split("log", self._process.readAllStandardError().data() or b""):
            text = line.decode(errors="replace").rstrip()
            if text:
                self._lastLog.append(text)
                self._client._log(text)

    def _split(self, stream: str, data: bytes) -> list[bytes]:
        """The lines that are complete; the rest waits for more."""
        pieces = self._unfinished[stream]
        pieces.append(data)
        if b"\n" not in data:
            return []
        *lines, rest = b"".join(pieces).split(b"\n")
        self._unfinished[stream] = [rest]
        return [line for line in lines if line.strip()]

    def _onFinished(self, exitCode: int, exitStatus) -> None:
        if self._isDead:
            return
        self._isDead = True
        if exitStatus is not None:
            self._readLog()
            self._readOutput()
            while self._lines:
                self._client._receive(self._lines.popleft())
        reason = _("it crashed or was killed")
        if exitStatus != qt.QProcess.CrashExit:
            # where Python could not go on, the last line of its log says why
            reason = "; ".join([_("exit code {code}").format(code=exitCode), *self._lastLog])
        self._process.deleteLater()
        self._client._ended(self, reason)

    def _onError(self, error) -> None:
        if error == qt.QProcess.FailedToStart and not self._isDead:
            self._isDead = True
            reason = _("{program} can't be started: {text}")
            reason = reason.format(program=self._program, text=self._process.errorString())
            self._process.deleteLater()
            # later, because this may happen while `request` has not returned its number yet
            qt.QTimer.singleShot(0, lambda: self._client._ended(self, reason))
