"""An application for the tests of a runtime: it answers a few commands with the real frames, without the core."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Callable
from typing import Any

import msgspec

from transom.config import WindowConfig
from transom.runtimes import CreateWindow, Host, Link, Page, PageLoadEvent, Runtime, Session, WindowEvent
from transom.threads import Threads
from transom.values import LiftedBuffer
from transom.wire import (
    Acknowledge,
    Frame,
    InvokeFrame,
    Outbox,
    decode_batch,
    page_operation,
    parse_binary,
    reject,
    resolve,
    run_callback,
)
from transom.wire._binary import BinaryBatch


def new_window(label: str, **options: Any) -> CreateWindow:
    """Return the operation that makes a window with these options."""
    return CreateWindow(WindowConfig(label=label, **options))


class FakeSession(Session):
    """Answers `echo`, `later`, `sum`, `bytes`, `push`, `fail` and `report`; other commands are rejected."""

    def __init__(self, host: FakeHost, page: Page, link: Link) -> None:
        self.page = page
        self.closed = 0
        self.packs_sent: list[int] = []
        self._host = host
        self._link = link
        self._lock = threading.Lock()
        self._outbox = Outbox(1 << 30, 1 << 20)

    def receive(self, batch: str | bytes | memoryview, tail: memoryview | None = None) -> None:
        for message in decode_batch(batch):
            if isinstance(message, InvokeFrame):
                self._call(message, tail)
            elif isinstance(message, Acknowledge):
                self._link.acknowledged(message.frames)

    def receive_last(self, batch: str) -> None:
        self.receive(batch)

    def receive_chunk(self, frame: bytes | memoryview) -> None:
        binary = parse_binary(frame)
        if isinstance(binary, BinaryBatch):
            self.receive(binary.text, binary.tail)

    def take(self, max_bytes: int, inline_bytes: int) -> Frame | None:
        with self._lock:
            return self._outbox.take(max_bytes, inline_bytes)

    def operate(self, name: str, *arguments: Any) -> None:
        self.send(page_operation(name, *arguments))

    def pack_sent(self, number: int) -> None:
        self.packs_sent.append(number)
        with self._lock:
            wake = self._outbox.pack_sent(number)
        if wake:
            self._link.wake()

    def close(self) -> None:
        self.closed += 1
        with self._lock:
            self._outbox.close()

    def send(self, message: bytes, *buffers: LiftedBuffer) -> None:
        with self._lock:
            wake = self._outbox.push(message, buffers)
        if wake:
            self._link.wake()

    def _call(self, call: InvokeFrame, tail: memoryview | None) -> None:
        payload = bytes(call.payload)
        match call.command:
            case "echo":
                self.send(resolve(call.id, payload))
            case "later":
                threading.Thread(target=self.send, args=(resolve(call.id, payload),)).start()
            case "sum":
                assert tail is not None
                self.send(resolve(call.id, b'"%b"' % hashlib.sha256(tail).hexdigest().encode()))
            case "bytes":
                data = memoryview(bytes(range(256)) * (msgspec.json.decode(payload)["size"] // 256))
                self.send(resolve(call.id, b"null"), LiftedBuffer(b"[]", "ArrayBuffer", data))
            case "push":
                given = msgspec.json.decode(payload)
                threading.Thread(target=self._push, args=(given["to"], given["count"])).start()
            case "report":
                self.send(resolve(call.id, b"null"))
                self._host.take_report(self, msgspec.json.decode(payload))
            case _:
                self.send(reject(call.id, b'"no such command"'))

    def _push(self, callback: int, count: int) -> None:
        for number in range(count):
            self.send(run_callback(callback, b"%d" % number))


class FakeHost(Host):
    """Notes what the runtime tells it.

    Args:
        start: Called when windows can be made.
        on_report: Called with the session and what its page reports.
    """

    def __init__(
        self, start: Callable[[Runtime], None], on_report: Callable[[FakeHost, FakeSession, Any], None]
    ) -> None:
        self.runtime: Runtime
        self.sessions: list[FakeSession] = []
        self.events: list[WindowEvent] = []
        self.reports: list[Any] = []
        self.may_close = True
        self.on_event: Callable[[WindowEvent], None] = lambda event: None
        self.ready_thread = 0
        self._threads = Threads()
        self._start = start
        self._on_report = on_report

        # What the runtime tells of page loads: label, event and address.
        self.loads: list[tuple[str, PageLoadEvent, str]] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def threads(self) -> Threads:
        return self._threads

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(target=self._loop.run_forever, daemon=True).start()
        return self._loop

    def use_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take the loop of the server that carries the application, as the application does; else it has one of its own."""
        assert self._loop is None
        self._loop = loop

    def app_handle(self) -> FakeHost:
        return self

    def page_load(self, label: str, event: PageLoadEvent, url: str) -> None:
        self.loads.append((label, event, url))

    def ready(self) -> None:
        self.ready_thread = threading.get_ident()
        self._start(self.runtime)

    def open_page(self, page: Page, link: Link) -> FakeSession:
        session = FakeSession(self, page, link)
        self.sessions.append(session)
        return session

    def window_event(self, event: WindowEvent) -> bool:
        self.events.append(event)
        self.on_event(event)
        return self.may_close

    def signalled(self, signal: int) -> None:
        self.runtime.quit(128 + signal)

    def take_report(self, session: FakeSession, report: Any) -> None:
        self.reports.append(report)
        self._on_report(self, session, report)
