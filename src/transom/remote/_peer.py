"""One end of the connection between a back end and the process with its windows."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from typing import Any

from ..errors import AuthorError, Unsupported, WindowError

__all__ = ["Peer"]

_logger = logging.getLogger("transom")
_GONE = "the connection between the back end and its windows has ended"


class Peer:
    """Sends messages and questions, and hands on those of the other end.

    A message is a tuple of pickled values: its kind and what belongs to it. `ask` sends `("ask", number, ...)`, and the other
    end answers with `answer`. An answer that is a future, such as that of a dialog, is a future on both ends: its result
    follows later, and cancelling it here cancels it there.

    Args:
        connection: The connection, between two processes of the same user that run the same code.
        heard: Called with every message but answers, in a thread; it must not wait for an answer.
        gone: Called when the other end has ended, in the same thread.
    """

    def __init__(
        self, connection: Connection, heard: Callable[[Peer, tuple[Any, ...]], object], gone: Callable[[Peer], object]
    ) -> None:
        self._connection = connection
        self._heard = heard
        self._gone = gone
        self._sending = threading.Lock()
        self._numbers = count()
        self._asked: dict[int, Future[Any]] = {}
        self._outcomes: dict[int, Future[Any]] = {}  # the other end's question -> the future with which it was answered
        self._ended = False
        self._thread = threading.Thread(target=self._read, name="transom-windows", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def send(self, *message: Any) -> None:
        """Send a message; an end that is gone gets nothing. Any thread.

        Raises:
            WindowError: A value cannot be sent to another process.
        """
        try:
            with self._sending:
                self._connection.send(message)
        except (OSError, BrokenPipeError):
            return
        except Exception as error:  # noqa: BLE001 - pickle raises errors of many kinds
            raise WindowError(
                f"{message[0]} cannot be sent to the process with the windows ({error}); run `transom dev --restart`"
            ) from None

    def ask(self, *question: Any) -> Future[Any]:
        """Send a question and return its answer to come; `WindowError` if the other end is gone.

        Raises:
            WindowError: A value cannot be sent to another process.
        """
        future: Future[Any] = Future()
        number = next(self._numbers)
        self._asked[number] = future
        if self._ended:
            self._fail()
        else:
            try:
                self.send("ask", number, *question)
            except WindowError:
                self._asked.pop(number, None)
                raise
        return future

    def answer(self, number: int, make: Callable[[], Any]) -> None:
        """Answer a question with what `make` returns or raises."""
        try:
            value = make()
            if isinstance(value, Future):
                self._promise(number, value)
            else:
                self.send("answer", number, value, None)
        except Exception as error:  # noqa: BLE001 - the one who asked gets it
            self.send("answer", number, None, _packed(error))

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _promise(self, number: int, outcome: Future[Any]) -> None:
        self._outcomes[number] = outcome
        self.send("later", number)
        outcome.add_done_callback(partial(self._tell_outcome, number))
        if self._ended:
            outcome.cancel()

    def _tell_outcome(self, number: int, outcome: Future[Any]) -> None:
        self._outcomes.pop(number, None)
        if not outcome.cancelled():
            self.answer(number, outcome.result)

    def _read(self) -> None:
        try:
            while True:
                message = self._connection.recv()
                if message[0] == "answer":
                    self._settle(*message[1:])
                elif message[0] == "later":
                    self._expect_outcome(*message[1:])
                elif message[0] == "cancel":
                    if (outcome := self._outcomes.get(message[1])) is not None:
                        outcome.cancel()
                else:
                    self._heard(self, message)
        except (EOFError, OSError):
            pass
        except Exception:
            # Nobody would read the other end any more, and whoever waits for an answer of it would wait for ever.
            if not self._connection.closed:  # `recv` fails in many ways when `close` comes meanwhile
                _logger.exception(
                    "a message between the back end and its windows cannot be read: their connection ends"
                )
        self._ended = True
        self._connection.close()
        self._fail()
        self._gone(self)

    def _settle(self, number: int, value: Any, error: tuple[type[Exception], tuple[Any, ...]] | None) -> None:
        future = self._asked.pop(number, None)
        if future is None or not future.set_running_or_notify_cancel():
            return
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error[0](*error[1]))

    def _expect_outcome(self, number: int) -> None:
        future = self._asked.pop(number, None)
        if future is None:
            return
        outcome: Future[Any] = Future()
        self._asked[number] = outcome
        outcome.add_done_callback(partial(self._forget_outcome, number))
        future.set_result(outcome)

    def _forget_outcome(self, number: int, outcome: Future[Any]) -> None:
        if outcome.cancelled():
            self._asked.pop(number, None)
            self.send("cancel", number)

    def _fail(self) -> None:
        for number in list(self._asked):
            future = self._asked.pop(number, None)
            if future is not None and future.set_running_or_notify_cancel():
                future.set_exception(WindowError(_GONE))
        for outcome in list(self._outcomes.values()):
            outcome.cancel()


def _packed(error: Exception) -> tuple[type[Exception], tuple[Any, ...]]:
    """Return the class and the arguments from which the other end makes the error again."""
    if isinstance(error, Unsupported):
        return Unsupported, (error.operation, error.runtime, error.reason)
    kind = type(error) if isinstance(error, WindowError) else AuthorError
    return kind, (str(error) if isinstance(error, AuthorError) else f"{type(error).__name__}: {error}",)
