"""Handles: light values by which commands and the application's code reach the application and its windows.

They hold no state of their own, so any number may exist, in any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from ..config import Config
from ..errors import WindowError
from ..runtimes import (
    CloseWindow,
    CreateWindow,
    DestroyWindow,
    EvaluateScript,
    ReloadPage,
    SetFocus,
    SetTitle,
    SetVisible,
    WindowSettings,
)
from ..wire import EventTarget, check_label
from ._event import PythonListener

if TYPE_CHECKING:
    from ._app import AppCore

__all__ = ["AppHandle", "Emitter", "Listener", "Manager", "Webview", "WebviewWindow", "WebviewWindowBuilder", "Window"]

T = TypeVar("T")


class _Handle:
    """What every handle has: its application, and the target it emits and listens as."""

    __slots__ = ("_app",)

    def __init__(self, app: AppCore) -> None:
        self._app = app

    @property
    def _target(self) -> EventTarget:
        return EventTarget("App")


class Emitter(_Handle):
    """Sends events; the source handle does not matter, as in Tauri."""

    __slots__ = ()

    def emit(self, event: str, payload: Any = None) -> None:
        """Send an event to every listener of it.

        Raises:
            RequestError: The name holds other than alphanumeric characters, `-`, `/`, `:` and `_`.
            TypeError: The payload cannot cross the wire.
        """
        self._app.events.emit(event, payload)

    def emit_to(self, target: EventTarget | str, event: str, payload: Any = None) -> None:
        """Send an event to the listeners of one target; a text is the label of a window, webview or both. See `emit`."""
        self._app.events.emit_to(target, event, payload)

    def emit_filter(self, event: str, payload: Any, accepts: Callable[[EventTarget], bool]) -> None:
        """Send an event to the listeners whose target `accepts` says yes to, and to `Any` listeners. See `emit`."""
        self._app.events.emit(event, payload, accepts)


class Listener(_Handle):
    """Listens to events as its own target: the application, or the window."""

    __slots__ = ()

    def listen(self, event: str, function: PythonListener) -> int:
        """Call `function` with every `Event` of this name for this target, and return the listener's id.

        `async def` runs on the application's loop, `def` in a worker; one listener's events come one after the other.

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

    def unlisten(self, listener_id: int) -> None:
        """Remove a listener; an unknown id is ignored."""
        self._app.events.unlisten(listener_id)


class Manager(_Handle):
    """Finds what an application manages: state, windows, configuration."""

    __slots__ = ()

    def app_handle(self) -> AppHandle:
        """Return a handle of the application."""
        return AppHandle(self._app)

    def config(self) -> Config:
        """Return the project's configuration."""
        return self._app.config

    def manage(self, state: object) -> bool:
        """Manage an object under its class; `False` when that class has one already, which stays."""
        return self._app.state.set(state)

    def state(self, kind: type[T]) -> T:
        """Return the managed object of this class.

        Raises:
            StateError: None is managed.
        """
        return self._app.state.get(kind)

    def try_state(self, kind: type[T]) -> T | None:
        """Return the managed object of this class, `None` when there is none."""
        return self._app.state.try_get(kind)

    def get_webview_window(self, label: str) -> WebviewWindow | None:
        """Return the window with this label, `None` when there is none."""
        return WebviewWindow(self._app, label) if label in self._app.windows else None

    def webview_windows(self) -> dict[str, WebviewWindow]:
        """Return all windows by label."""
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


class _WindowHandle(Manager, Emitter, Listener):
    """A window or webview, by its label."""

    __slots__ = ("label",)
    _kind = "Window"

    def __init__(self, app: AppCore, label: str) -> None:
        super().__init__(app)
        self.label = label

    @property
    def _target(self) -> EventTarget:
        return EventTarget(self._kind, self.label)  # type: ignore[arg-type]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.label!r}>"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return False
        assert isinstance(other, _WindowHandle)
        return other.label == self.label and other._app is self._app

    def __hash__(self) -> int:
        return hash((type(self), self.label))


class Window(_WindowHandle):
    """A window of the window system. Every method raises `WindowError` when it is gone."""

    __slots__ = ()

    def close(self) -> None:
        """Ask the window to close, as its close button does."""
        self._app.perform(CloseWindow(self.label))

    def destroy(self) -> None:
        """Take the window away at once."""
        self._app.perform(DestroyWindow(self.label))

    def set_title(self, title: str) -> None:
        """Set the window's title."""
        self._app.perform(SetTitle(self.label, title))

    def show(self) -> None:
        """Show the window."""
        self._app.perform(SetVisible(self.label, True))

    def hide(self) -> None:
        """Hide the window."""
        self._app.perform(SetVisible(self.label, False))

    def set_focus(self) -> None:
        """Bring the window to the front and give it the keyboard."""
        self._app.perform(SetFocus(self.label))


class Webview(_WindowHandle):
    """The page's side of a window. Every method raises `WindowError` when it is gone."""

    __slots__ = ()
    _kind = "Webview"

    def eval(self, script: str) -> None:
        """Run JavaScript in the page's main frame; its result is not waited for."""
        self._app.perform(EvaluateScript(self.label, script))

    def reload(self) -> None:
        """Load the page again; its calls, listeners and channels end."""
        self._app.perform(ReloadPage(self.label))


class WebviewWindow(Window, Webview):
    """A window and the webview that fills it, under one label."""

    __slots__ = ()
    _kind = "WebviewWindow"


class WebviewWindowBuilder:
    """Makes a window with a webview.

    Args:
        manager: Any handle of the application.
        label: What names the window: alphanumeric characters, `-`, `/`, `:` and `_`.
        url: A path of the front end, or a whole URL.

    Raises:
        RequestError: The label is empty or holds another character.
    """

    def __init__(self, manager: Manager, label: str, url: str = "index.html") -> None:
        self._manager = manager
        self._label = check_label(label)
        self._url = url
        self._settings: dict[str, Any] = {}

    def _set(self, **settings: Any) -> WebviewWindowBuilder:
        self._settings.update(settings)
        return self

    def title(self, title: str) -> WebviewWindowBuilder:
        """Set the title."""
        return self._set(title=title)

    def inner_size(self, width: float, height: float) -> WebviewWindowBuilder:
        """Set the size of the content, in logical pixels."""
        return self._set(width=width, height=height)

    def min_inner_size(self, width: float, height: float) -> WebviewWindowBuilder:
        """Set the least size of the content, in logical pixels."""
        return self._set(min_width=width, min_height=height)

    def resizable(self, resizable: bool) -> WebviewWindowBuilder:
        """Let people change the size, or not."""
        return self._set(resizable=resizable)

    def visible(self, visible: bool) -> WebviewWindowBuilder:
        """Show the window at once, or not before `show`."""
        return self._set(visible=visible)

    def focused(self, focused: bool) -> WebviewWindowBuilder:
        """Give the window the keyboard at once, or not."""
        return self._set(focus=focused)

    def build(self) -> WebviewWindow:
        """Make the window and return its handle. Waits for the window system: not for the event loop's thread.

        Raises:
            WindowError: A window with this label exists, or this is the event loop's thread.
        """
        app = self._manager._app  # noqa: SLF001 - a handle of this very file
        if app.loop_thread.is_current and not app.loop_is_window_system:
            raise WindowError(
                "building a window waits for the window system; in `async def` use `await asyncio.to_thread(builder.build)`"
            )
        app.create_window(CreateWindow(self._label, url=self._url, settings=WindowSettings(**self._settings)))
        return WebviewWindow(app, self._label)
