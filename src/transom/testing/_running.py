"""Run an application in a thread of a test."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import msgspec

from ..acl import APP_ACL_KEY
from ..app import App, Builder, Context
from ..config import AppConfig, BuildConfig, Config, WindowConfig
from ..core import Plugin
from ..events import RunEvent
from ..handles import AppHandle
from ..project import capability_sources
from ._page import MockPage, TestPage

__all__ = ["RunningApp", "running"]


class RunningApp:
    """An application that runs without a window.

    Attributes:
        handle: Its handle, for managed state, events and windows.
    """

    def __init__(self, app: App, pages: Mapping[str, MockPage], timeout: float = 10) -> None:
        self.handle: AppHandle = app.handle()
        self._pages = pages
        self._timeout = timeout

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
        return TestPage(page, lambda: self._reload(label), self._timeout)

    def _reload(self, label: str) -> TestPage:
        webview = self.handle.get_webview(label)
        if webview is None:
            raise LookupError(f"no window has the label {label!r}; there are {', '.join(self._pages) or 'none'}")
        webview.reload()
        return self.page_of(label)


@contextmanager
def running(
    builder: Builder,
    context: Context | None = None,
    *,
    state: Mapping[type[Any], Any] | None = None,
    plugins: Sequence[Plugin] = (),
    permissions: Sequence[str | Mapping[str, Any]] | Literal["all"] | None = None,
    recording: str | Path | None = None,
    timeout: float = 10,
) -> Iterator[RunningApp]:
    """Run an application until the end of the `with` block, without a window and without a front end.

    Args:
        builder: The application. It can be built once; let a function make it for each test.
        context: The project, with its windows and permissions: `generate_context(folder)`. `None` for one window `main`
            in which local pages may call the application's own commands and what `core:default` allows.
        state: Objects that take the place of managed state, by the class that commands ask for. They need not be of it.
        plugins: Plugins that take the place of those of the same name, or are added.
        permissions: What pages may call instead of what the project's capabilities say: identifiers, or objects with
            `identifier`, `allow` and `deny` as in a capability file. `"all"` adds every permission that allows a command
            to the project's; scopes hold. `None` for what the project says.
        recording: A file for what pages say and are told; see `replay`. `None` for no recording.
        timeout: Seconds that the start, the end and each answer may take.

    Yields:
        The running application, when its windows are made and its setup hook has returned.

    Raises:
        Exception: What the setup hook raised.
        TimeoutError: The application did not start or end in time.
    """
    for kind, value in (state or {}).items():
        builder._state.put(kind, value)  # noqa: SLF001 - nobody else has a reason to replace a part
    builder._plugins |= {plugin.name: plugin for plugin in plugins}  # noqa: SLF001 - as above
    context = _context() if context is None else _without_front_end(context)
    context = msgspec.structs.replace(context, recording=None if recording is None else Path(recording))
    if permissions is not None and permissions != "all":
        context = _with_permissions(context, permissions)
    app = builder.build(context, "mock")
    if permissions == "all":
        _allow_everything(app)
    with _running(app, timeout) as running_app:
        yield running_app


@contextmanager
def _running(app: App, timeout: float) -> Iterator[RunningApp]:
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
        yield RunningApp(app, runtime.pages, timeout)
    finally:
        app.handle().exit(0)
        thread.join(timeout)
    if thread.is_alive():
        raise TimeoutError(f"the application did not end within {timeout} s; does a hook wait for something?")
    if failures:
        raise failures[0]


def _with_permissions(context: Context, permissions: Sequence[str | Mapping[str, Any]]) -> Context:
    """Return a context in which every window has exactly these permissions."""
    capability = {"identifier": "test", "windows": ["*"], "permissions": [*permissions]}
    found = capability_sources(capability, "running(permissions=...)")
    access = msgspec.structs.replace(context.access, capabilities=tuple(found), notes=())
    return msgspec.structs.replace(context, access=access)


def _allow_everything(app: App) -> None:
    manifests = app._core.authority.manifests  # noqa: SLF001 - as above
    allowed = [
        ("" if key == APP_ACL_KEY else f"{key}:") + f"allow-{command.replace('_', '-')}"
        for key, manifest in manifests.items()
        for command in manifest.commands or ()
    ]
    capability = {"identifier": "test-all", "windows": ["*"], "permissions": allowed}
    app.add_capability(msgspec.json.encode(capability).decode())


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
