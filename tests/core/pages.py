"""A page session with a link that a test looks into, and calls made without a runtime."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import msgspec
import pytest

from transom.acl import Grant
from transom.core import Channel, Invoke, InvokeMessage, InvokeResolver, PageSession, QueueLimits, StateManager
from transom.core._plan import Plan
from transom.core._window import open_channel
from transom.errors import InvalidArgs
from transom.runtimes import Link, Page
from transom.wire import InvokeFrame, Span, one_by_one

if TYPE_CHECKING:
    from transom.core._threads import Loop

ALL = 1 << 30
MISSING = "command cmd missing required key {}"


class FakeLink(Link):
    """Counts wake-ups; nothing is taken unless the test takes it."""

    def __init__(self) -> None:
        self.wakes = 0
        self.frames = 0
        self.woken = threading.Event()

    def wake(self) -> None:
        self.wakes += 1
        self.woken.set()

    def acknowledged(self, frames: int) -> None:
        self.frames = frames


class FakeLoop:
    """Does what is posted when it is told to."""

    def __init__(self) -> None:
        self.posted: list[Callable[[], Any]] = []

    def hold(self) -> None: ...

    def flush(self) -> None: ...

    def post(self, work: Callable[..., Any], *args: Any) -> None:
        self.posted.append(partial(work, *args))

    def drain(self) -> None:
        while self.posted:
            self.posted.pop(0)()


class FakePage:
    """A page session, what was dispatched from it, and what went to its page."""

    def __init__(self, limits: QueueLimits | None = None, *, local: bool = True) -> None:
        self.link = FakeLink()
        self.loop = FakeLoop()
        self.calls: list[tuple[InvokeFrame, list[bytes]]] = []
        self.closes = 0
        self.session = PageSession(
            Page("main", "tauri://localhost" if local else "https://example.org", local),
            self.link,
            limits or QueueLimits(),
            lambda session, frame, buffers: self.calls.append((frame, [bytes(buffer) for buffer in buffers])),
            self._closed,
            cast("Loop", self.loop),
        )

    def _closed(self, session: PageSession) -> None:
        self.closes += 1

    def taken(self, max_bytes: int = ALL) -> list[Any]:
        """Let the loop run, take every frame and return the messages, buffers left out."""
        self.loop.drain()
        messages: list[Any] = []
        while frame := self.session.take(max_bytes, ALL):
            messages += one_by_one(json.loads(frame.text))
        return messages


def fake_app(state: StateManager | None = None, **attributes: Any) -> Any:
    """Return what a call needs of its application."""
    given = {"state": state or StateManager(), "development": False, "channel_interceptor": None, **attributes}
    return SimpleNamespace(**given)


def channel_of(page: FakePage, callback: int, app: Any = None) -> Channel[Any]:
    """Return the channel to a callback of the page."""
    return open_channel(app or fake_app(), page.session, callback)


def call(
    args: Any = None,
    *,
    text: str | None = None,
    spans: Sequence[Span] = (),
    buffers: Sequence[bytes] = (),
    page: FakePage | None = None,
    app: Any = None,
    headers: dict[str, str] | None = None,
) -> Invoke:
    """Return a call with these arguments."""
    page = page or FakePage()
    app = app or fake_app()
    raw = msgspec.Raw(text.encode() if text is not None else msgspec.json.encode({} if args is None else args))
    message = InvokeMessage(app, "cmd", raw, headers or {}, page.session, spans, [memoryview(data) for data in buffers])
    return Invoke(app, message, InvokeResolver(app, page.session, 1, "cmd"), Grant("cmd", "main"))


def plan(function: Callable[..., Any], rename_all: str = "camelCase") -> Plan:
    return Plan("cmd", function, rename_all)


def bound(function: Callable[..., Any], args: Any = None, *, rename_all: str = "camelCase", **how: Any) -> Any:
    """Return what a command returns for a call: it is bound and called."""
    positional, keywords = plan(function, rename_all).bind(call(args, **how))
    return cast("Any", function(*positional, **keywords))


def keeps(**annotations: Any) -> Any:
    """Return a command with one required parameter of each annotation that returns what it got."""

    def command(*values: Any) -> Any:
        return values[0] if len(values) == 1 else values

    names = ", ".join(annotations)
    made: dict[str, Any] = {}
    exec(f"def cmd({names}): return command({names})", {"command": command}, made)
    made["cmd"].__annotations__ = annotations
    return made["cmd"]


def detail(function: Any, args: Any = None, **how: Any) -> tuple[str, str]:
    """Return key and detail of the error that a call ends in."""
    with pytest.raises(InvalidArgs) as caught:
        bound(function, args, **how)
    assert str(caught.value) == f"invalid args `{caught.value.key}` for command `cmd`: {caught.value.detail}"
    return caught.value.key, caught.value.detail
