"""JSON-RPC 2.0 over two pipes, one message per line: jobs one after another, and cancellation that is answered at once.

A reader thread takes in the lines, so that `cancel` and a closed pipe are noticed while a job computes; the jobs run in
the main thread, where the numeric libraries are at home.
"""

from __future__ import annotations

import contextlib
import inspect
import json
import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from XAICLIPLib.errors import Cancelled, XAICLIPError
from XAICLIPLib.message import Message, with_messages
from XAICLIPLib.models.timelimit import left_behind

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS, INTERNAL = -32700, -32600, -32601, -32602, -32603
REFUSED, CANCELLED = -32000, -32800
GRACE_SECONDS = 1.5
LONGEST_MESSAGE = 2000
PARENT_SECONDS = 0.5
TOLD = ("extra", "source", "licence", "licensed")  # what errors know that a client may act on; empty for others
MOST_UNREAD = 100_000  # messages; some ten megabytes

Method = Callable[..., dict]


class Job:
    """A request that waits or runs; what a method reports through.

    Attributes
    ----------
    id : str or int
        The request's.
    stopped : bool
        Whether `check` has ended the work, i.e. whether a result is only a part.
    """

    def __init__(self, server: Server, id: str | int | None, method: Method, params: dict) -> None:
        self.id, self.method, self.params = id, method, params
        self._server = server
        self._cancelled = threading.Event()
        self.stopped = False

    def cancel(self) -> None:
        """Ask the job to end at its next `check`."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked it to end."""
        return self._cancelled.is_set()

    def check(self) -> None:
        """End the work here if it was cancelled.

        Raises
        ------
        Cancelled
        """
        if self.cancelled:
            self.stopped = True
            raise Cancelled(Message("stopped by the user"))

    def progress(self, done: float, total: float, message: str, partial: dict | None = None) -> None:
        """Tell the client how far it is.

        Parameters
        ----------
        done, total : float
        message : str
        partial : dict, optional
            What is finished so far, such as the files of a slice.
        """
        params = {"id": self.id, "done": done, "total": total, "message": message, "partial": partial}
        self._server.send({"jsonrpc": "2.0", "method": "progress", "params": with_messages(params)})


class Server:
    """Serves methods until its input ends, its parent dies, or it is told to shut down.

    Parameters
    ----------
    methods : mapping of name to callable
        Called as ``method(job, **params)``; returns the result. `cancel` and `shutdown` are the server's own.
    source, sink : binary files
        Where requests come from and answers go to.
    """

    def __init__(self, methods: Mapping[str, Method], source: BinaryIO, sink: BinaryIO) -> None:
        self._methods, self._source, self._sink = dict(methods), source, sink
        self._changing = threading.Lock()
        self._waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._jobs: dict[str | int, Job] = {}
        self._running: Job | None = None
        self._ending = False
        # what is to be written waits for a thread of its own: a client that stops reading holds up nobody else
        self._outgoing: queue.Queue[bytes | None] = queue.Queue(MOST_UNREAD)

    def serve(self) -> None:
        """Run jobs until the end."""
        writer = threading.Thread(target=self._write, daemon=True)
        writer.start()
        for thread in (self._read, self._watch_parent):
            threading.Thread(target=thread, daemon=True).start()
        while (job := self._waiting.get()) is not None and not self._ending:
            with self._changing:
                self._running, answered = job, job.cancelled
            if not answered:
                self._run(job)
            self._forget(job)
            if left_behind():
                print("a model took longer than the time limit and can't be stopped", file=sys.stderr, flush=True)
                self._end()
        with contextlib.suppress(queue.Full):
            self._outgoing.put(None, timeout=GRACE_SECONDS)
        writer.join(GRACE_SECONDS + 1)  # a client that does not read is left behind by `_end` before that

    def send(self, message: dict) -> None:
        """Have one message written; whoever sends waits only for a client that has left very many unread.

        Parameters
        ----------
        message : dict
            Plain data.
        """
        line = json.dumps(message, allow_nan=False).encode() + b"\n"
        while not self._ending:
            with contextlib.suppress(queue.Full):
                self._outgoing.put(line, timeout=PARENT_SECONDS)
                return
        with contextlib.suppress(queue.Full):
            self._outgoing.put_nowait(line)

    def _write(self) -> None:
        """Write what waits; a client that is gone ends the process."""
        while (line := self._outgoing.get()) is not None:
            try:
                self._sink.write(line)
                self._sink.flush()
            except (OSError, ValueError):
                self._end()
                return

    def _answer(self, id: str | int | None, result: dict) -> None:
        if id is not None:
            self.send({"jsonrpc": "2.0", "id": id, "result": with_messages(result)})

    def _refuse(
        self, id: str | int | None, code: int, message: str, kind: str, error: BaseException | None = None
    ) -> None:
        about = {"type": kind, "kind": kind, **{key: getattr(error, key, "") for key in TOLD}}
        refusal = {"code": code, "message": message, "data": about}
        self.send({"jsonrpc": "2.0", "id": id, "error": with_messages(refusal)})

    def _run(self, job: Job) -> None:
        try:
            result = job.method(job, **job.params)
            self._forget(job)  # before it is answered, so that nobody is told that it was cancelled afterwards
            self._answer(job.id, result)
        except (Exception, SystemExit) as error:  # whatever a job does, the worker answers and lives on
            self._forget(job)
            code, message, kind = _told(error)
            if code == INTERNAL or error.__cause__ is not None:
                traceback.print_exc(file=sys.stderr)
            if job.id is not None:
                self._refuse(job.id, code, message, kind, error)

    def _forget(self, job: Job) -> None:
        """The job is over: its id is free, and there is nothing to cancel."""
        with self._changing:
            self._running = None
            if job.id is not None and self._jobs.get(job.id) is job:
                del self._jobs[job.id]

    def _read(self) -> None:
        for line in self._source:
            if line.strip():
                self._take(line)
            if self._ending:
                return
        self._end()

    def _take(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError) as error:
            self._refuse(None, PARSE_ERROR, f"this line is not JSON ({error}); send one message per line", "ParseError")
            return
        if not isinstance(message, dict) or not isinstance(message.get("method"), str):
            text = "a request is one JSON object with a method; batches are not supported"
            self._refuse(None, INVALID_REQUEST, text, "InvalidRequest")
            return
        id, name, params = message.get("id"), message["method"], message.get("params", {})
        if id is not None and (isinstance(id, bool) or not isinstance(id, (str, int))):
            self._refuse(None, INVALID_REQUEST, f"the id {id!r} is neither a number nor a text", "InvalidRequest")
        elif not isinstance(params, dict):
            self._refuse(id, INVALID_PARAMS, f"{name}: give the parameters by name, as an object", "InvalidParams")
        elif name == "cancel":
            self._answer(id, {"cancelled": self._cancel(params.get("id"))})
        elif name == "shutdown":
            self._answer(id, {})
            self._end()
        elif name not in self._methods:
            known = ", ".join([*self._methods, "cancel", "shutdown"])
            self._refuse(id, METHOD_NOT_FOUND, f"there is no method {name!r}; choose one of {known}", "MethodNotFound")
        else:
            self._queue(id, name, params)

    def _queue(self, id: str | int | None, name: str, params: dict) -> None:
        job = Job(self, id, self._methods[name], params)
        try:
            inspect.signature(job.method).bind(job, **params)
        except TypeError as error:
            self._refuse(id, INVALID_PARAMS, f"{name}: {error}", "InvalidParams")
            return
        with self._changing:
            taken = id is not None and id in self._jobs
            if id is not None and not taken:
                self._jobs[id] = job
        if taken:
            self._refuse(id, INVALID_REQUEST, f"the id {id!r} is that of a request not yet answered", "InvalidRequest")
        else:
            self._waiting.put(job)

    def _cancel(self, id: Any) -> bool:
        """Cancel a job by its id; one that waits is answered here, one that runs answers for itself."""
        if isinstance(id, (dict, list)):
            return False
        with self._changing:
            job = self._jobs.get(id)
            if job is None or job.cancelled:
                return job is not None
            job.cancel()
            waits = job is not self._running
        if waits:
            self._refuse(id, CANCELLED, Message("stopped by the user before it began"), "Cancelled")
        return True

    def _watch_parent(self) -> None:
        """A process whose parent died is adopted by another (on Windows, only its closed pipe tells)."""
        parent = os.getppid()
        pause = threading.Event()
        while os.getppid() == parent:
            pause.wait(PARENT_SECONDS)
        self._end()

    def _end(self) -> None:
        """Let the running job stop at its next check; a job that takes longer than the grace period is left behind."""
        with self._changing:
            if self._ending:
                return
            self._ending = True
            for job in (*self._jobs.values(), *([self._running] if self._running else [])):
                job.cancel()
        timer = threading.Timer(GRACE_SECONDS, os._exit, (0,))
        timer.daemon = True
        timer.start()
        self._waiting.put(None)


def _one_line(error: BaseException) -> str:
    """The text of an error, with its parts where it has them."""
    text = " ".join(str(error)[:LONGEST_MESSAGE].split())
    given = error.text if isinstance(error, XAICLIPError) else text
    return given if given == text else text


def _told(error: BaseException) -> tuple[int, str, str]:
    """Code, one line of text and type of an error, for the client."""
    kind = type(error).__name__
    text = _one_line(error)
    if isinstance(error, Cancelled):
        return CANCELLED, text, kind
    if isinstance(error, XAICLIPError):
        return REFUSED, text, kind
    if isinstance(error, ImportError):
        said = Message(
            "a Python package can't be imported ({error}); install what is missing, then try again", error=text
        )
        return REFUSED, said, kind
    if isinstance(error, OSError):
        said = Message(
            "a file can't be used ({error}); check its path, the rights and the room on the disk", error=text
        )
        return REFUSED, said, "InputError"
    if isinstance(error, MemoryError) or kind == "OutOfMemoryError":
        said = Message("memory ran out; close other programs, choose fewer slices, or another device")
        return REFUSED, said, "ResourceError"
    said = Message("the worker failed: {kind}: {error} (the whole story is in the log)", kind=kind, error=text)
    return INTERNAL, said, kind


def private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """stdin and stdout for the protocol alone: what libraries print goes to the log, and none can read a request."""
    source, sink = os.dup(0), os.dup(1)
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.stdout = sys.stderr
    return os.fdopen(source, "rb"), os.fdopen(sink, "wb")
