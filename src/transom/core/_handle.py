"""Handles: light values by which commands and the application's code reach the application; `_window` has those of windows.

They hold no state of their own, so any number may exist, in any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from ..acl import Capability, RuntimeCapability
from ..config import Config
from ..wire import EventTarget
from ._event import PythonListener, heard_by
from ._package import PackageInfo, package_info
from ._paths import PathResolver
from ._resource import ResourceTable

if TYPE_CHECKING:
    from ._app import AppCore
    from ._window import Webview, WebviewWindow, Window

__all__ = ["AppHandle", "Emitter", "Listener", "Manager"]

T = TypeVar("T")


class _Handle:
    """What every handle has: its application, and the target it listens as."""

    __slots__ = ("_app",)

    def __init__(self, app: AppCore) -> None:
        self._app = app

    @property
    def _target(self) -> EventTarget:
        return EventTarget("App")


class Emitter(_Handle):
    """Sends events; the source handle does not matter, as in Tauri. Any thread.

    Pages get an event before Python listeners do. The forms with `_str` take a payload that is JSON text already, and
    raise `TypeError` for a text that is not.
    """

    __slots__ = ()

    def emit(self, event: str, payload: Any = None) -> None:
        """Send an event to every listener of it.

        Raises:
            RequestError: The name holds other than alphanumeric characters, `-`, `/`, `:` and `_`.
            TypeError: The payload cannot cross the wire.
        """
        self._app.events.emit(event, payload)

    def emit_str(self, event: str, payload: str) -> None:
        """Send an event whose payload is JSON text already. See `emit`."""
        self._app.events.emit_str(event, payload)

    def emit_to(self, target: EventTarget | str, event: str, payload: Any = None) -> None:
        """Send an event to the listeners of one target; a text is the label of a window, webview or both. See `emit`."""
        self._app.events.emit_to(target, event, payload)

    def emit_str_to(self, target: EventTarget | str, event: str, payload: str) -> None:
        """Send an event whose payload is JSON text already to the listeners of one target. See `emit_to`."""
        self._app.events.emit_str(event, payload, heard_by(target))

    def emit_filter(self, event: str, payload: Any, accepts: Callable[[EventTarget], bool]) -> None:
        """Send an event to the listeners whose target `accepts` says yes to, and to `Any` listeners. See `emit`."""
        self._app.events.emit(event, payload, accepts)

    def emit_str_filter(self, event: str, payload: str, accepts: Callable[[EventTarget], bool]) -> None:
        """Send an event whose payload is JSON text already to the targets that `accepts` says yes to. See `emit_filter`."""
        self._app.events.emit_str(event, payload, accepts)


class Listener(_Handle):
    """Listens to events as its own target: the application, the window, the webview or both.

    `async def` listeners run on the application's loop, `def` ones in a worker. One listener's events come one after the
    other and in order, and a slow one holds nobody else: its events wait, as many as a page's messages may
    (`Builder.limits`); over that its oldest are dropped, and the log says so. A listener may emit, listen and unlisten.
    """

    __slots__ = ()

    def listen(self, event: str, function: PythonListener) -> int:
        """Call `function` with every `Event` of this name for this target, and return the listener's id.

        Raises:
            RequestError: The name holds other than alphanumeric characters, `-`, `/`, `:` and `_`.
        """
        return self._app.events.listen(event, function, self._target)

    def listen_any(self, event: str, function: PythonListener) -> int:
        """Listen whatever the target of the event is. See `listen`."""
        return self._app.events.listen(event, function, EventTarget("Any"))

    def once(self, event: str, function: PythonListener) -> int:
        """Listen to the next event only. See `listen`."""
        return self._app.events.listen(event, function, self._target, once=True)

    def once_any(self, event: str, function: PythonListener) -> int:
        """Listen to the next event only, whatever its target is. See `listen`."""
        return self._app.events.listen(event, function, EventTarget("Any"), once=True)

    def unlisten(self, listener_id: int) -> None:
        """Remove a listener: no further call of it begins, not for events that wait either. An unknown id is ignored."""
        self._app.events.unlisten(listener_id)


class Manager(_Handle):
    """Finds what an application manages: state, windows, resources, paths, configuration."""

    __slots__ = ()

    def app_handle(self) -> AppHandle:
        """Return a handle of the application."""
        return AppHandle(self._app)

    def config(self) -> Config:
        """Return the project's configuration."""
        return self._app.config

    def package_info(self) -> PackageInfo:
        """Return the program's name, version, authors and description."""
        return package_info(self._app.config)

    def path(self) -> PathResolver:
        """Return what knows the system's and the application's folders."""
        return PathResolver(self._app.config)

    def add_capability(self, capability: RuntimeCapability | Capability | str) -> None:
        """Give pages more leave; see `RuntimeAuthority.add_capability`.

        Raises:
            ConfigError: Something in it cannot be understood; nothing of it was added then.
        """
        self._app.add_capability(capability)

    def resources_table(self) -> ResourceTable:
        """Return the table of resources that belong to this: here the application, whose end releases them.

        Raises:
            WindowError: This is a handle of a window or a webview that is gone.
        """
        return self._app.resources.application

    def manage(self, state: object) -> bool:
        """Manage an object under its class; `False` when that class has one already, which stays."""
        return self._app.state.set(state)

    def unmanage(self, kind: type[T]) -> T | None:
        """Manage the object of this class no longer and return it, `None` when there was none."""
        return self._app.state.remove(kind)

    def state(self, kind: type[T]) -> T:
        """Return the managed object of this class.

        Raises:
            StateError: None is managed.
        """
        return self._app.state.get(kind)

    def try_state(self, kind: type[T]) -> T | None:
        """Return the managed object of this class, `None` when there is none."""
        return self._app.state.try_get(kind)

    # The handles of windows are managers too, so their module imports this one first.

    def get_window(self, label: str) -> Window | None:
        """Return the window with this label, `None` when there is none."""
        return self.windows().get(label)

    def get_webview(self, label: str) -> Webview | None:
        """Return the webview with this label, `None` when there is none."""
        return self.webviews().get(label)

    def get_webview_window(self, label: str) -> WebviewWindow | None:
        """Return the window with a webview of this label, `None` when there is none."""
        return self.webview_windows().get(label)

    def get_focused_window(self) -> Window | None:
        """Return the window that has the keyboard; `None` when none of ours has, or the runtime cannot know (`web`)."""
        label = self._app.focused
        return None if label is None else self.get_window(label)

    def windows(self) -> dict[str, Window]:
        """Return all windows by label."""
        from ._window import Window

        return {label: Window(self._app, label) for label in list(self._app.windows)}

    def webviews(self) -> dict[str, Webview]:
        """Return all webviews by label."""
        from ._window import Webview

        return {label: Webview(self._app, label) for label in list(self._app.windows)}

    def webview_windows(self) -> dict[str, WebviewWindow]:
        """Return all windows with a webview by label."""
        from ._window import WebviewWindow

        return {label: WebviewWindow(self._app, label) for label in list(self._app.windows)}


class AppHandle(Manager, Emitter, Listener):
    """The application, as commands see it."""

    __slots__ = ()

    def spawn(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine as a task of the application's loop. Any thread; the end of the application cancels it.

        Raises:
            RuntimeError: The application has not been started.
        """
        return self._app.loop_thread.spawn(coroutine)

    def run_on_main_thread(self, work: Callable[[], None]) -> None:
        """Run `work` on the window system's thread, soon."""
        self._app.run_on_main_thread(work)

    def exit(self, code: int = 0) -> None:
        """End the application: windows close, tasks are cancelled, `run` returns `code`."""
        self._app.exit(code)

    def restart(self) -> None:
        """End the application as `exit` does, and start the program anew with its arguments; `run` does not return.

        Functions of `atexit` run before that. On POSIX the new program has the old one's process id. Where a server
        carries the application (`App.asgi`) the server owns the process: there this only ends the application.
        """
        self._app.restart()

    def cleanup_before_exit(self) -> None:
        """End pages and release every resource, for a program that ends the process by itself right after this."""
        self._app.cleanup()
