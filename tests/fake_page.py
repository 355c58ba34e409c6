"""A page session with a link that a test looks into, and calls made without a runtime."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple, NoReturn, TypeAlias, cast

import msgspec
import pytest

from transom.acl import Grant
from transom.calls import Invoke, InvokeMessage, InvokeResolver
from transom.commands import CommandSpec, command, spec_of
from transom.commands._plan import Plan
from transom.config import Config
from transom.errors import InvalidArgs
from transom.events import EventListeners, MemoryBus
from transom.handles import StateManager
from transom.pages import Call, Client, PageSession, QueueLimits
from transom.runtimes import Page
from transom.threads import Loop, Threads, WorkerPool
from transom.values import Channel, InvokeResponseBody
from transom.wire import InvokeFrame, Span, one_by_one

ALL = 1 << 30
MISSING = "command cmd missing required key {}"
Renaming: TypeAlias = Literal["camelCase", "snake_case"]


class FakeLink:
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


class FakeLoop(Loop):
    """A loop without a thread, which does what is posted when it is told to."""

    def __init__(self) -> None:
        super().__init__(WorkerPool())
        self.posted: list[Callable[[], Any]] = []

    def hold(self) -> None: ...

    def flush(self) -> None: ...

    def post(self, work: Callable[..., Any], *args: Any) -> None:
        self.posted.append(partial(work, *args))

    def defer(self, work: Callable[[], object]) -> None:
        self.posted.append(work)

    def drain(self) -> None:
        while self.posted:
            self.posted.pop(0)()


class FakeThreads(Threads):
    """Threads whose loop is a `FakeLoop`."""

    def __init__(self) -> None:
        super().__init__()
        self.loop: FakeLoop = FakeLoop()


class Dispatched(NamedTuple):
    """What a page's session has handed to the spine."""

    call: Call
    frame: InvokeFrame
    buffers: list[bytes]


class FakePage:
    """A page session, what was dispatched from it, and what went to its page."""

    def __init__(
        self,
        limits: QueueLimits | None = None,
        *,
        local: bool = True,
        on_channel: Callable[[PageSession, int, int, InvokeResponseBody], bool] | None = None,
        isolation_key: bytes = b"",
    ) -> None:
        limits = limits or QueueLimits()
        self.link = FakeLink()
        self.threads = FakeThreads()
        self.calls: list[Dispatched] = []
        self.closes = 0
        self.client = Client(self.threads, limits, self._dispatch, self._closed, on_channel)
        self.client.add_window("main")
        origin = "tauri://localhost" if local else "https://example.org"
        page = Page("main", "main", origin, local, isolation_key=isolation_key)
        self.session, _ = self.client.open_page(page, self.link)

    @property
    def loop(self) -> FakeLoop:
        return self.threads.loop

    def _dispatch(
        self, client: Client, session: PageSession, call: Call, frame: InvokeFrame, buffers: Sequence[memoryview]
    ) -> None:
        self.calls.append(Dispatched(call, frame, [bytes(buffer) for buffer in buffers]))

    def _closed(self, session: PageSession) -> None:
        self.closes += 1

    def call(self, frame: InvokeFrame | None = None, buffers: Sequence[memoryview] = ()) -> Call:
        """Return a call that the page has made: its number is the count of calls, unless the frame has another."""
        self.session.call(frame or InvokeFrame(len(self.calls) + 1, "cmd"), buffers)
        return self.calls[-1].call

    def taken(self, max_bytes: int = ALL) -> list[Any]:
        """Let the loop run, take every frame and return the messages, buffers left out."""
        self.loop.drain()
        messages: list[Any] = []
        while frame := self.session.take(max_bytes, ALL):
            messages += one_by_one(json.loads(frame.text))
        return messages


class FakeApplication:
    """An application that has what calls need: state and listeners, and nothing that runs."""

    def __init__(
        self, state: StateManager | None = None, threads: Threads | None = None, *, strict_arguments: bool = False
    ) -> None:
        self.config = Config(folder=Path(__file__).parent, file="tauri.conf.json", identifier="org.example.fake")
        self.state = state or StateManager()
        self.threads = threads or FakeThreads()
        self.events = EventListeners(self.threads, QueueLimits(), MemoryBus())
        self.development = False
        self.strict_arguments = strict_arguments
        self.windows_on_loop = False
        self.runtime_name = "fake"

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise AssertionError("a fake application does not run")

    create_window = perform = receive = add_capability = run_on_main_thread = exit = restart = cleanup = _refuse


def channel_of(page: FakePage, callback: int) -> Channel[Any]:
    """Return the channel to a callback of the page."""
    return page.session.channel(callback)


def call(
    args: Any = None,
    *,
    text: str | None = None,
    spans: Sequence[Span] = (),
    buffers: Sequence[bytes] = (),
    page: FakePage | None = None,
    app: FakeApplication | None = None,
    headers: dict[str, str] | None = None,
) -> Invoke:
    """Return a call with these arguments."""
    page = page or FakePage()
    app = app or FakeApplication()
    raw = msgspec.Raw(text.encode() if text is not None else msgspec.json.encode({} if args is None else args))
    views = [memoryview(data) for data in buffers]
    made = page.call()
    message = InvokeMessage(app, page.client, page.session, "cmd", raw, headers or {}, spans, views)
    resolver = InvokeResolver(made, page.loop)
    return Invoke(app, page.client, page.session, made, message, resolver, Grant("cmd", "main"))


def spec(function: Callable[..., Any], rename_all: Renaming = "camelCase") -> CommandSpec:
    """Return the specification of a function as a command called `cmd`, whatever it was marked with before."""
    return spec_of(command(name="cmd", rename_all=rename_all)(_unmarked(function)))


def plan(function: Callable[..., Any], rename_all: Renaming = "camelCase") -> Plan:
    """Return the plan of a function as a command called `cmd`; see `spec`."""
    return Plan(spec(function, rename_all))


def _unmarked(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that can be marked: a builtin or a bound method takes no attributes."""
    try:
        function.__dict__["x"] = 1
        del function.__dict__["x"]
    except (AttributeError, TypeError):
        return partial(function)
    return function


def bound(function: Callable[..., Any], args: Any = None, *, rename_all: Renaming = "camelCase", **how: Any) -> Any:
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
