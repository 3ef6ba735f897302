"""Questions to the worker while a mouse moves: one at a time, and of those that wait only the last."""

from collections.abc import Callable
from dataclasses import dataclass

from XAICLIPSlicer.worker.errors import EXPECTED, errorText


@dataclass(frozen=True)
class Asked:
    """A question, and who wants the answer.

    Attributes
    ----------
    run : RunNodes
        The run that is asked.
    question : dict
        Fields of `XAICLIPLib.pipeline.ask.Question` by name; empty for `between`.
    onAnswer : callable
        Gets the run and the worker's answer.
    inSlice : bool
        Whether the answer is about one slice, and comes at once.
    between : bool
        Whether the matrix of structures is asked for instead.
    """

    run: object
    question: dict
    onAnswer: Callable
    inSlice: bool = False
    between: bool = False


class Asker:
    """Sends a question when the one before is answered; what was asked meanwhile and is not the last is never sent.

    Parameters
    ----------
    runner : Runner
        Has the worker.
    onError : callable
        Gets a line of text.
    """

    def __init__(self, runner, onError: Callable[[str], None]) -> None:
        self._runner, self._onError = runner, onError
        self._waiting: Asked | None = None
        self._sent: Asked | None = None
        self._id: int | None = None
        self.count = 0  # questions that were sent

    @property
    def isAsking(self) -> bool:
        """Whether an answer is to come."""
        return self._sent is not None

    def ask(self, asked: Asked) -> None:
        """Ask this next, instead of what was waiting.

        Parameters
        ----------
        asked : Asked
            The question.
        """
        self._waiting = asked
        if self._sent is None:
            self._send()

    def forget(self) -> None:
        """Ask nothing more; an answer that is still to come is for nobody."""
        self._waiting = self._sent = None
        self._runner.withdraw(self._id)
        self._id = None

    def _send(self) -> None:
        asked, self._waiting = self._waiting, None
        if asked is None:
            return
        self._sent = asked
        self.count += 1
        try:
            self._id = self._runner.ask(
                asked.run, asked.question, lambda answer: self._answered(asked, answer),
                lambda error: self._refused(asked, error), asked.inSlice, asked.between,
            )  # fmt: skip
        except EXPECTED as error:
            self._sent = None
            self._onError(errorText(error))

    def _answered(self, asked: Asked, answer: dict) -> None:
        if self._sent is not asked:  # it was forgotten meanwhile
            return
        self._sent = self._id = None
        try:
            asked.onAnswer(asked.run, answer)
        except EXPECTED as error:
            self._onError(errorText(error))
        if self._sent is None:
            self._send()

    def _refused(self, asked: Asked, error) -> None:
        if self._sent is not asked:
            return
        self._sent = self._id = None
        self._onError(errorText(error))
        if self._sent is None:
            self._send()
