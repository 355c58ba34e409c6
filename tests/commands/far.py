"""Commands for an executor in other processes, and what must be true of each kind of executor."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import SOON, Running
from transom import CancellationToken, Channel, command
from transom.errors import ChannelClosed
from transom.runtimes._mock import MockRejection

__all__ = ["FAR", "cancellation_crosses", "progress_crosses"]


@command(executor="far")
def count(to: Channel[Any], parts: Channel[Any], number: int) -> int:
    for done in range(number):
        to.send({"done": done})
    parts.send(bytes(range(4)))
    parts.close()
    return os.getpid()


@command(executor="far")
def work(token: CancellationToken, to: Channel[Any], log: str) -> str:
    """Work until the call is cancelled, and write down how it ended."""
    to.send("began")
    cancelled = token.wait(60)
    try:
        while True:
            to.send("nobody hears it")
            threading.Event().wait(0.01)
    except ChannelClosed:
        Path(log).write_text(f"{cancelled} {to.closed}", "utf-8")
    token.raise_if_cancelled()
    return "it was not cancelled"


FAR = (count, work)


def _messages(application: Running, callback: int) -> list[Any]:
    return [message[3] for message in application.page.messages if message[0] == 2 and message[1] == callback]


def progress_crosses(application: Running) -> None:
    """What channels send is there, in order, before the call's answer."""
    arguments = {"to": "__CHANNEL__:1", "parts": "__CHANNEL__:2", "number": 500}
    assert application.page.invoke("count", arguments, timeout=SOON) != os.getpid()
    assert _messages(application, 1) == [{"done": number} for number in range(500)]
    assert _messages(application, 2) == [bytes(range(4))]
    assert any(message[:2] == [3, 2] for message in application.page.messages), (
        "the channel that was closed has its end"
    )


def cancellation_crosses(application: Running, log: Path) -> None:
    """A call that is cancelled ends in the other process too."""
    page = application.page
    number = page.send("work", {"to": "__CHANNEL__:3", "log": str(log)})
    page.wait(lambda message: message[:2] == [2, 3], 1, SOON)
    page.cancel(number)
    with pytest.raises(MockRejection) as caught:
        page.answer(number)
    assert caught.value.value["kind"] == "cancelled"
    for _ in range(4000):
        if log.exists() and (text := log.read_text("utf-8")):
            assert text == "True True"
            return
        threading.Event().wait(0.005)
    raise AssertionError("the function goes on")
