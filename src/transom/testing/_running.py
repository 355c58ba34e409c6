"""Run an application in a thread of a test."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from ..app import App, Builder, Context
from ..config import AppConfig, BuildConfig, Config, WindowConfig
from ..events import RunEvent
from ..handles import AppHandle
from ._page import MockPage, TestPage

__all__ = ["RunningApp", "running"]


class RunningApp:
    """An application that runs without a window.

    Attributes:
        handle: Its handle, for managed state, events and windows.
    """

    def __init__(self, app: App, pages: Mapping[str, MockPage]) -> None:
        self.handle: AppHandle = app.handle()
        self._pages = pages

    @property
    def page(self) -> TestPage:
        """The page of the first window.

        Raises:
            LookupError: There is no window.
        """
        label = next(iter(self._pages), None)
        if label is None:
            raise LookupError("the application has no window; set app.windows, or make one in the setup hook")
        return self.page_of(label)

    def page_of(self, label: str) -> TestPage:
        """Return the page of a window.

        Raises:
            LookupError: No window has this label.
        """
        page = self._pages.get(label)
        if page is None:
            raise LookupError(f"no window has the label {label!r}; there are {', '.join(self._pages) or 'none'}")
        return TestPage(page)


@contextmanager
def running(builder: Builder, context: Context | None = None, *, timeout: float = 10) -> Iterator[RunningApp]:
    """Run an application until the end of the `with` block, without a window and without a front end.

    Args:
        builder: The application. It can be built once; let a function make it for each test.
        context: The project, with its windows and permissions: `generate_context(folder)`. `None` for one window `main`
            in which local pages may call the application's own commands and what `core:default` allows.
        timeout: Seconds that the start, and the end, may take.

    Yields:
        The running application, when its windows are made and its setup hook has returned.

    Raises:
        Exception: What the setup hook raised.
        TimeoutError: The application did not start or end in time.
    """
    app = builder.build(_context() if context is None else _without_front_end(context), "mock")
    ready = threading.Event()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            app.run(lambda _, event: ready.set() if isinstance(event, RunEvent.Ready) else None)
        except BaseException as error:  # noqa: BLE001 - it is raised in the test
            failures.append(error)
        ready.set()

    thread = threading.Thread(target=run, name="transom-app", daemon=True)
    thread.start()
    if not ready.wait(timeout):
        raise TimeoutError(f"the application did not start within {timeout} s; does its setup hook wait for something?")
    if failures:
        raise failures[0]
    runtime: Any = app._core.runtime  # noqa: SLF001 - the mock runtime is of this package too, and nobody else needs it
    try:
        yield RunningApp(app, runtime.pages)
    finally:
        app.handle().exit(0)
        thread.join(timeout)
    if thread.is_alive():
        raise TimeoutError(f"the application did not end within {timeout} s; does a hook wait for something?")
    if failures:
        raise failures[0]


def _without_front_end(context: Context) -> Context:
    """Return the context of a project whose front end need not be built: nothing of it is loaded."""
    build = msgspec.structs.replace(context.config.build, frontend_dist=".", dev_url=None)
    return msgspec.structs.replace(context, config=msgspec.structs.replace(context.config, build=build))


def _context() -> Context:
    config = Config(
        folder=Path.cwd(),
        file="tauri.conf.json",
        identifier="org.transom.testing",
        app=AppConfig(windows=(WindowConfig(label="main"),)),
        build=BuildConfig(frontend_dist="."),
    )
    return Context(config=config, development=True)
