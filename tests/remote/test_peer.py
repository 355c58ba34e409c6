"""Two ends of a connection, which answer each other."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import Future
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

import pytest

from transom.errors import AuthorError, WindowError
from transom.remote._peer import Peer

_SOON = 40  # seconds


class Ends:
    """A peer that asks for a dialog, and one whose dialog is `dialog`."""

    def __init__(self) -> None:
        self.dialog: Future[Any] = Future()
        self.ended: SimpleQueue[Peer] = SimpleQueue()
        ours, theirs = (Connection(end.detach()) for end in socket.socketpair())
        self.asking = Peer(ours, lambda *_: None, self.ended.put)
        self.showing = Peer(theirs, self._heard, self.ended.put)
        self.asking.start()
        self.showing.start()

    def _heard(self, peer: Peer, message: tuple[Any, ...]) -> None:
        peer.answer(message[1], lambda: self.dialog)

    def open(self) -> Future[Any]:
        """Return the future that stands for the dialog on the asking end."""
        outcome = self.asking.ask("show").result(_SOON)
        assert isinstance(outcome, Future)
        return outcome

    def close(self) -> None:
        """Shut the connection down, as a process that ends does."""
        with socket.socket(fileno=self.asking._connection.fileno()) as end:
            end.shutdown(socket.SHUT_RDWR)
            end.detach()
        for _ in range(2):
            self.ended.get(timeout=_SOON)


@pytest.fixture
def ends() -> Iterator[Ends]:
    ends = Ends()
    yield ends
    if ends.ended.empty() and not ends.asking._ended:
        ends.close()


def _cancelled(future: Future[Any]) -> None:
    """Wait until it is cancelled."""
    told: SimpleQueue[bool] = SimpleQueue()
    future.add_done_callback(lambda done: told.put(done.cancelled()))
    assert told.get(timeout=_SOON)


def test_a_future_is_answered_with_a_future_that_has_its_result(ends: Ends) -> None:
    outcome = ends.open()
    assert not outcome.done()
    ends.dialog.set_result(("a file",))
    assert outcome.result(_SOON) == ("a file",)


def test_one_that_is_done_already_is_too(ends: Ends) -> None:
    ends.dialog.set_result(3)
    assert ends.open().result(_SOON) == 3


def test_it_has_its_error(ends: Ends) -> None:
    outcome = ends.open()
    ends.dialog.set_exception(WindowError("no display"))
    with pytest.raises(WindowError, match="^no display$"):
        outcome.result(_SOON)


def test_a_result_that_cannot_be_sent_is_an_error(ends: Ends) -> None:
    outcome = ends.open()
    ends.dialog.set_result(lambda: None)
    with pytest.raises(AuthorError, match="cannot be sent"):
        outcome.result(_SOON)


def test_cancelling_one_cancels_the_other(ends: Ends) -> None:
    assert ends.open().cancel()
    _cancelled(ends.dialog)
    ends.dialog = Future()
    ends.dialog.set_result(1)
    assert ends.open().result(_SOON) == 1, "the ends still answer each other"


def _refuse_to_load() -> None:
    raise ImportError("no such module here")


class _Unknown:
    """A value whose class the other end does not have."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _refuse_to_load, ()


def test_a_message_that_cannot_be_read_ends_the_connection(ends: Ends, caplog: pytest.LogCaptureFixture) -> None:
    outcome = ends.open()
    ends.showing.send("event", _Unknown())
    for _ in range(2):
        ends.ended.get(timeout=_SOON)
    with pytest.raises(WindowError, match="has ended"):
        outcome.result(_SOON)
    assert "no such module here" in caplog.text


def test_the_end_of_one_process_ends_what_the_other_waits_for(ends: Ends) -> None:
    outcome = ends.open()
    ends.close()
    _cancelled(ends.dialog)
    with pytest.raises(WindowError, match="has ended"):
        outcome.result(_SOON)
    with pytest.raises(WindowError, match="has ended"):
        ends.asking.ask("show").result(_SOON)


def test_a_question_that_cannot_be_sent_leaves_nothing_behind(ends: Ends) -> None:
    with pytest.raises(WindowError, match="cannot be sent"):
        ends.asking.ask("show", lambda: None)
    assert not ends.asking._asked
