"""An application on the mock runtime, run in a thread of the test, with its page at hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from transom.app import App, Builder, Context
from transom.commands import generate_handler
from transom.config import AppConfig, BuildConfig, Config, WindowConfig
from transom.core import AppCore
from transom.handles import AppHandle
from transom.pages import PageSession
from transom.runtimes._mock import MockPage, MockRuntime

SOON = 20.0  # seconds: long enough for a busy machine, and only a failing test waits for them


def context(*labels: str, development: bool = False, **fields: Any) -> Context:
    """Return the context of an application with windows of these labels and this folder as its front end."""
    config = Config(
        folder=Path(__file__).parent,
        file="tauri.conf.json",
        identifier="org.example.mock",
        app=AppConfig(windows=tuple(WindowConfig(label=label) for label in labels)),
        build=BuildConfig(frontend_dist="."),
    )
    return Context(config=msgspec.structs.replace(config, **fields), development=development)


class Running:
    """An application that runs."""

    def __init__(self, app: App, core: AppCore) -> None:
        self.app = app
        self.core = core
        self.statuses: list[int] = []
        self.failures: list[BaseException] = []
        self.started_or_ended = threading.Event()
        self.thread = threading.Thread(target=self._run, name="test-main", daemon=True)

    def _run(self) -> None:
        try:
            self.statuses.append(self.app.run())
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            self.failures.append(error)
        finally:
            self.started_or_ended.set()

    @property
    def runtime(self) -> MockRuntime:
        runtime = self.core.runtime
        assert isinstance(runtime, MockRuntime)
        return runtime

    @property
    def page(self) -> MockPage:
        return self.runtime.pages["main"]

    @property
    def session(self) -> PageSession:
        session = self.page.session
        assert isinstance(session, PageSession)
        return session

    def open(self, label: str) -> MockPage:
        """Make another window and return its page."""
        from transom.handles import WebviewWindowBuilder

        WebviewWindowBuilder(self.app, label).build()
        return self.runtime.pages[label]

    def on_main(self, work: Callable[[], None] = lambda: None) -> None:
        """Run work on the application's main thread and wait for it."""
        done = threading.Event()
        self.core.run_on_main_thread(lambda: (work(), done.set())[-1])
        assert done.wait(SOON)

    def on_loop(self) -> None:
        """Wait until the loop has done what was given to it before."""

        async def nothing() -> None:
            pass

        self.app.handle().spawn(nothing()).result(SOON)

    def exit(self, code: int = 0) -> int:
        """End the application and return its exit status."""
        if self.thread.is_alive():
            self.app.handle().exit(code)
        return self.ended()

    def ended(self) -> int:
        """Wait for the application to end by itself and return its exit status."""
        self.thread.join(SOON)
        assert not self.thread.is_alive(), "the application did not end"
        if self.failures:
            raise self.failures[0]
        return self.statuses[0]


@contextmanager
def running(
    *commands: Any,
    builder: Builder | None = None,
    windows: tuple[str, ...] = ("main",),
    development: bool = False,
    setup: Callable[[AppHandle], object] | None = None,
) -> Iterator[Running]:
    """Run an application with these commands; at the end it exits."""
    builder = builder or Builder()
    if commands:
        builder.invoke_handler(generate_handler(*commands))
    with running_in(builder, context(*windows, development=development), setup) as application:
        yield application


@contextmanager
def running_in(
    builder: Builder, project: Context, setup: Callable[[AppHandle], object] | None = None
) -> Iterator[Running]:
    """Run an application of a project; at the end it exits."""

    def hook(app: AppHandle) -> None:
        app.run_on_main_thread(application.started_or_ended.set)  # done after the windows are made
        if setup is not None:
            setup(app)

    app = builder.setup(hook).build(project, "mock")
    application = Running(app, app._core)
    application.thread.start()
    try:
        assert application.started_or_ended.wait(SOON)
        if not application.failures:
            yield application
    finally:
        application.exit()


def send_buffers(page: MockPage, call: int, command: str, args: str, spans: list[Any], tail: bytes = b"") -> int:
    """Call a command with raw buffers: spans of `[path, kind, pack, offset, length]` into the tail."""
    batch = f"[[0,{call},{msgspec.json.encode(command).decode()},{args},null,{msgspec.json.encode(spans).decode()}]]"
    page.session.receive(batch, memoryview(tail))
    return call


def invoke_buffers(page: MockPage, call: int, command: str, args: str, spans: list[Any], tail: bytes = b"") -> Any:
    """Call a command with raw buffers and return what it resolves with."""
    return page.answer(send_buffers(page, call, command, args, spans, tail))


def listen_in(page: MockPage, event: str, handler: int, kind: str = "Any", label: str | None = None) -> int:
    """Register a callback of a page as a listener and return its id."""
    target = {"kind": kind} if label is None else {"kind": kind, "label": label}
    listener = page.invoke("plugin:event|listen", {"event": event, "target": target, "handler": handler})
    assert isinstance(listener, int)
    return listener


def events_of(page: MockPage) -> list[Any]:
    """Return the events that a page has got: name, payload, and pairs of listener and handler."""
    return [message[1:] for message in page.messages if message[0] == 4]
