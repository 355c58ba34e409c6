"""A runtime without a window system: pages are objects that a test holds and speaks through."""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections.abc import Callable, Generator, Mapping
from queue import SimpleQueue
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from ..config import WindowConfig
from ..errors import WindowError
from ..values import PhysicalPosition
from ..wire import one_by_one
from ._interface import (
    CloseWindow,
    CreateWindow,
    DestroyWindow,
    Host,
    Page,
    ReloadPage,
    Session,
    Settings,
    WindowEvent,
)
from ._mock_webview import MockWebview
from ._mock_window import MOCK_MONITOR, MockWindow
from ._uri_scheme import UriSchemeContext, UriSchemeRequest, UriSchemeResponse
from .ops import (
    ActivityName,
    AvailableMonitors,
    CloseWebview,
    CreateBareWindow,
    CreateWebview,
    CursorPosition,
    DesktopOp,
    MonitorFromPoint,
    NavigateWebview,
    Op,
    PrimaryMonitor,
    SceneIdentifier,
    WebviewOp,
)
from .trays import RemoveTray, SetTray
from .webviews import WebviewHooks

__all__ = ["MockPage", "MockRuntime", "create"]

T = TypeVar("T")
_ORIGIN = "tauri://localhost"


class MockPage:
    """One page generation as its own script would see it, without a script.

    Attributes:
        messages: Every message that came down, in order.
        invoke_key: The key for messages of the application's own message system.
    """

    def __init__(self, host: Host, label: str, origin: str = _ORIGIN) -> None:
        self.label = label
        self.messages: list[list[Any]] = []
        self._changed = threading.Condition()
        self._calls = self._callbacks = 0
        self._ended = self._stalled = False
        self.invoke_key = secrets.token_hex(16)
        page = Page(label, label, origin, origin == _ORIGIN, self.invoke_key)
        self.session: Session = host.open_page(page, self)

    def wake(self) -> None:
        """Take every frame at once, unless the page is stalled."""
        while not self._stalled and (frame := self.session.take(1 << 20, 1 << 30)):
            messages = one_by_one(json.loads(frame.text))
            tail = b"".join(frame.tail)
            with self._changed:
                self.messages += [_with_buffers(message, tail) for message in messages]
                self._changed.notify_all()

    def stall(self, stalled: bool) -> None:
        """Read nothing that comes down, or read on."""
        self._stalled = stalled
        if not stalled:
            self.wake()

    def end(self) -> None:
        """End the generation: nobody waits for a message to it any longer."""
        self.session.close()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    @property
    def ended(self) -> bool:
        """Whether the generation is over."""
        return self._ended

    def acknowledged(self, frames: int) -> None:
        """Nothing is counted here."""

    def invoke(self, command: str, args: Any = None, headers: dict[str, str] | None = None, timeout: float = 10) -> Any:
        """Call a command and return what its promise resolves with.

        Raises:
            MockRejection: The promise rejects.
            TimeoutError: No answer came within `timeout` seconds.
        """
        return self.answer(self.send(command, args, headers), timeout)

    def send(
        self, command: str, args: Any = None, headers: dict[str, str] | None = None, spans: Any = (), tail: bytes = b""
    ) -> int:
        """Call a command and return the number of the call. See `wire.Span` for buffers in the arguments."""
        self._calls += 1
        call = [0, self._calls, command, {} if args is None else args, headers, *([spans] if spans else ())]
        self.session.receive(json.dumps([call]), memoryview(tail) if spans else None)
        return self._calls

    def cancel(self, call: int) -> None:
        """Abort a call, as the signal of an `AbortController` does."""
        self.session.receive(json.dumps([[1, call]]))

    def new_callback(self) -> int:
        """Return the number of a new callback."""
        self._callbacks += 1
        return self._callbacks

    def answer(self, call: int, timeout: float = 10) -> Any:
        """Wait for the answer of a call; see `invoke`."""
        [message] = self.wait(lambda message: message[0] in (0, 1) and message[1] == call, 1, timeout)
        if message[0] == 1:
            raise MockRejection(message[2])
        return message[2]

    def wait(self, wanted: Callable[[list[Any]], bool], count: int, timeout: float = 10) -> list[list[Any]]:
        """Return the first `count` messages that are wanted, once they are here.

        Raises:
            TimeoutError: They did not come within `timeout` seconds, or the generation ended before.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._ended or sum(map(wanted, self.messages)) >= count, timeout)
            if sum(map(wanted, self.messages)) < count:
                raise TimeoutError(
                    f"{sum(map(wanted, self.messages))} of {count} messages came within {timeout} s; all: {self.messages[-20:]}"
                )
            return [message for message in self.messages if wanted(message)][:count]


class MockRejection(Exception):
    """A promise rejected; `value` is what with."""

    def __init__(self, value: Any) -> None:
        super().__init__(value)
        self.value = value


class MockRuntime:
    """Windows that are entries of a table; `pages` holds the current page of each."""

    name: ClassVar[str] = "mock"
    windows_on_loop: ClassVar[bool] = False
    UNSUPPORTED: ClassVar[Mapping[type[Op[Any]], str]] = {
        ActivityName: "only windows on Android have one",
        SceneIdentifier: "only windows on iOS have one",
    }
    PARTIAL: ClassVar[Mapping[type[Op[Any]], str]] = {}
    WINDOW_OPTIONS: ClassVar[frozenset[str]] = frozenset(WindowConfig.__struct_fields__)
    WEBVIEW_HOOKS: ClassVar[frozenset[str]] = frozenset(WebviewHooks.__struct_fields__)
    WINDOW_EVENTS: ClassVar[frozenset[str]] = frozenset(("close-requested", "destroyed"))

    def __init__(self, host: Host, settings: Settings) -> None:
        self._host = host
        self.settings = settings
        self.pages: dict[str, MockPage] = {}
        self.performed: list[Op[Any]] = []
        self._urls: dict[str, str] = {}
        self._windows: dict[str, MockWindow] = {}
        self.webviews: dict[str, MockWebview] = {}
        self._work: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self._code = 0

    def run(self) -> int:
        """Run posted work until `quit`; see `Runtime`."""
        self._host.ready()
        while work := self._work.get():
            work()
            del work  # the next may be long in coming, and a call holds its page
        return self._code

    def steps(self) -> Generator[None, None, int]:
        """Do what is due at every step; see `Runtime`."""
        self._host.ready()
        while True:
            while not self._work.empty():
                if (work := self._work.get()) is None:
                    return self._code
                work()
            yield

    def perform(self, op: Op[T]) -> T:
        """Note the operation and do what of it a table can show; see `Runtime`."""
        self.performed.append(op)
        if isinstance(op, CreateWindow):
            self._windows[op.label] = MockWindow(op.options)
            self.webviews[op.label] = MockWebview(op)
            self._load(op.label, op.options.url)
            return None  # type: ignore[return-value]
        if isinstance(op, CreateBareWindow):
            self._windows[op.label] = MockWindow(op.options)
            return None  # type: ignore[return-value]
        if isinstance(op, SetTray | RemoveTray):
            return None  # type: ignore[return-value]
        if isinstance(op, DesktopOp):
            return _DESKTOP[type(op)](op)  # type: ignore[no-any-return]
        if isinstance(op, CreateWebview):
            self.webviews[op.label] = MockWebview(op)
            self._load(op.label, op.options.url)
            return None  # type: ignore[return-value]
        if isinstance(op, WebviewOp):
            return self._perform_in(op)  # type: ignore[no-any-return]
        self._perform(op)
        return self._windows[op.label].perform(op) if op.label in self._windows else None  # type: ignore[attr-defined, return-value]

    def _perform_in(self, op: Any) -> Any:
        webview = self.webviews.get(op.label)
        if webview is None:
            raise WindowError.no_webview(op.label)
        if isinstance(op, ReloadPage):
            self._load(op.label, self._urls[op.label])
        elif isinstance(op, NavigateWebview):
            self._load(op.label, op.url)
        elif isinstance(op, CloseWebview):
            del self.webviews[op.label]
            self.pages.pop(op.label).end()
        return webview.perform(op)

    def _perform(self, op: Any) -> None:
        if op.label not in self._windows:
            raise WindowError.no_window(op.label)
        if isinstance(op, DestroyWindow) or (
            isinstance(op, CloseWindow) and self._host.window_event(WindowEvent(op.label, "close-requested"))
        ):
            del self._windows[op.label]
            labels = [label for label, webview in self.webviews.items() if webview.window == op.label]
            pages = [self.pages.pop(label) for label in labels]
            for label in labels:
                del self.webviews[label]
            self._host.window_event(WindowEvent(op.label, "destroyed"))
            for page in pages:
                page.end()

    def fetch(
        self,
        label: str,
        uri: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        timeout: float = 10,
    ) -> UriSchemeResponse:
        """Ask one of the application's schemes, as the page of this webview would.

        Raises:
            LookupError: The application has not registered this scheme.
            TimeoutError: No answer came within `timeout` seconds.
        """
        scheme = uri.partition(":")[0]
        protocol = next((protocol for protocol in self.settings.uri_schemes if protocol.scheme == scheme), None)
        if protocol is None:
            raise LookupError(f"no scheme is called {scheme!r}; Builder.register_uri_scheme_protocol makes one")
        request = UriSchemeRequest(
            method=method, uri=uri, headers={name.lower(): value for name, value in (headers or {}).items()}, body=body
        )
        context = UriSchemeContext(app_handle=self._host.app_handle(), webview_label=label)
        return asyncio.run_coroutine_threadsafe(
            protocol.serve(context, request, self._host.threads), self._host.loop
        ).result(timeout)

    def _load(self, label: str, url: str) -> None:
        self._urls[label] = url
        address = url if urlsplit(url).scheme else f"{_ORIGIN}/{url.lstrip('/')}"
        before = self.pages.get(label)
        self.pages[label] = MockPage(self._host, label)
        if before is not None:
            before.end()
        self._host.page_load(label, "started", address)
        self._host.page_load(label, "finished", address)

    def post(self, work: Callable[[], object]) -> None:
        """See `Runtime`."""
        self._work.put(work)

    def quit(self, code: int) -> None:
        """See `Runtime`."""
        self._code = code
        self._work.put(None)


def _monitor_at(op: MonitorFromPoint) -> Any:
    inside = 0 <= op.x < MOCK_MONITOR.size.width and 0 <= op.y < MOCK_MONITOR.size.height
    return MOCK_MONITOR if inside else None


# Operation on the desktop -> its result.
_DESKTOP: dict[type[Op[Any]], Callable[[Any], Any]] = {
    AvailableMonitors: lambda _: (MOCK_MONITOR,),
    CursorPosition: lambda _: PhysicalPosition(0, 0),
    MonitorFromPoint: _monitor_at,
    PrimaryMonitor: lambda _: MOCK_MONITOR,
}


def create(host: Host, settings: Settings) -> MockRuntime:
    """Return the runtime."""
    return MockRuntime(host, settings)


def _with_buffers(message: list[Any], tail: bytes) -> list[Any]:
    """Put the buffers of a message where they belong and leave out the list of them."""
    at = {0: 2, 1: 2, 2: 3, 4: 2, 6: 2}.get(message[0])
    spans_at = None if at is None else at + (2 if message[0] == 4 else 1)
    if spans_at is None or len(message) <= spans_at or at is None:
        return message
    for path, _kind, _pack, offset, length in message[spans_at]:
        keys: list[Any] = [at, *path]
        last = keys.pop()
        holder: Any = message
        for key in keys:
            holder = holder[key]
        holder[last] = tail[offset : offset + length]
    return message[:spans_at]
