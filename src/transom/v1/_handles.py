"""The application and its windows as in Tauri 1.x: labels are methods, and an event has a window that it comes from."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from .. import handles
from ..commands import CommandItem
from ..config import Config
from ..events import Audience, PythonListener
from ..wire import EventTarget

__all__ = ["AppHandle", "Manager", "Params", "Window"]

T = TypeVar("T")
_PAGES = Audience(python=False)
_PYTHON = Audience(pages=False)
_ANY = EventTarget("Any")


class Params:
    """The type parameter of `Window` in the betas of 1.0: `window: Window[Params]`. It says nothing in Python."""


M = TypeVar("M", bound=Params)


class Manager(handles.Handle):
    """Finds what an application manages, and sends events to all windows.

    Methods that are not listed here are those of 2.x under the same names: an `AppHandle` has those of `transom.AppHandle`,
    a `Window` those of `transom.WebviewWindow`.
    """

    __slots__ = ()

    def _of_2x(self) -> handles.Manager:
        return handles.AppHandle(self._app, self._client)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._of_2x(), name)

    def app_handle(self) -> AppHandle:
        """Return a handle of the application."""
        return AppHandle(self._app, self._client)

    def config(self) -> Config:
        """Return the project's configuration, in its form of 2.x."""
        return self._app.config

    def get_window(self, label: str) -> Window[Params] | None:
        """Return the window with this label, `None` when there is none."""
        return self.windows().get(label)

    def windows(self) -> dict[str, Window[Params]]:
        """Return all windows by label."""
        found = handles.AppHandle(self._app, self._client).webview_windows()
        return {label: Window(self._app, self._client, label) for label in found}

    def manage(self, state: object) -> bool:
        """Manage an object under its class. Returns `False`, and keeps the present object, if the class has one already."""
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

    def path_resolver(self) -> handles.PathResolver:
        """Return the resolver of the system's and the application's folders, with its methods of 2.x."""
        return handles.PathResolver(self._app.config)

    def emit_all(self, event: str, payload: Any = None) -> None:
        """Send an event to the pages of all windows. Python listeners do not hear it; see `trigger_global`.

        Raises:
            RequestError: The name holds other than alphanumeric characters, `-`, `/`, `:` and `_`.
            TypeError: The payload cannot cross the wire.
        """
        self._app.events.emit(event, payload, audience=_PAGES)

    def emit_to(self, label: str, event: str, payload: Any = None) -> None:
        """Send an event to the page of one window. See `emit_all`."""
        self._app.events.emit(event, payload, audience=Audience(label, python=False))

    def listen_global(self, event: str, handler: PythonListener) -> int:
        """Call `handler` with every `Event` of this name that a page emits or Python triggers; return the listener's id.

        Raises:
            RequestError: The name holds other than alphanumeric characters, `-`, `/`, `:` and `_`.
        """
        return self._app.events.listen(event, handler, _ANY)

    def once_global(self, event: str, handler: PythonListener) -> int:
        """Listen to the next such event only. See `listen_global`."""
        return self._app.events.listen(event, handler, _ANY, once=True)

    def trigger_global(self, event: str, data: Any = None) -> None:
        """Send an event to the listeners of `listen_global`. Pages do not hear it; see `emit_all`."""
        self._app.events.emit(event, data, audience=_PYTHON)

    def unlisten(self, handler_id: int) -> None:
        """Remove a listener. It is not called again, not even for queued events. An unknown id is ignored."""
        self._app.events.unlisten(handler_id)


class AppHandle(Manager):
    """The application, as commands see it: a parameter of this type gets it."""

    __slots__ = ()

    @classmethod
    def from_command(cls, command: CommandItem) -> AppHandle:
        """Return the application of a call: what fills a parameter of this type."""
        webview = command.message.webview
        return cls(webview._app, webview._client)  # noqa: SLF001 - of the same base


class Window(Manager, Generic[M]):
    """A window with its page: a parameter of this type gets the window that calls.

    Args:
        app: The application.
        client: Whose window it is.
        label: Its label.
    """

    __slots__ = ("_label",)

    def __init__(self, app: handles.Application, client: Any, label: str) -> None:
        super().__init__(app, client)
        self._label = label

    @classmethod
    def from_command(cls, command: CommandItem) -> Window[M]:
        """Return the window of a call: what fills a parameter of this type."""
        webview = command.message.webview
        return cls(webview._app, webview._client, webview.label)  # noqa: SLF001 - of the same base

    def _of_2x(self) -> handles.WebviewWindow:
        return handles.WebviewWindow(self._app, self._client, self._label)

    def label(self) -> str:
        """Return the window's label."""
        return self._label

    def emit(self, event: str, payload: Any = None) -> None:
        """Send an event as this window: to its own page, and to listeners in other pages that hear all windows.

        Pages of 2.x hear it like any event. Python listeners do not hear it; see `trigger`.

        Raises:
            RequestError: The name holds other than alphanumeric characters, `-`, `/`, `:` and `_`.
            TypeError: The payload cannot cross the wire.
        """
        self._app.events.emit(event, payload, source=self._label, audience=_PAGES)

    def listen(self, event: str, handler: PythonListener) -> int:
        """Call `handler` with every `Event` that this window's page emits or `trigger` sends; return the listener's id.

        Raises:
            RequestError: The name holds other than alphanumeric characters, `-`, `/`, `:` and `_`.
        """
        return self._app.events.listen(event, handler, _ANY, source=self._label)

    def once(self, event: str, handler: PythonListener) -> int:
        """Listen to the next such event only. See `listen`."""
        return self._app.events.listen(event, handler, _ANY, source=self._label, once=True)

    def trigger(self, event: str, data: Any = None) -> None:
        """Send an event to the Python listeners of this window and of `listen_global`. Pages do not hear it."""
        self._app.events.emit(event, data, source=self._label, audience=_PYTHON)

    def close(self) -> None:
        """Close the window at once: as in 1.x, its page is not asked."""
        self._of_2x().destroy()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Window) and other._label == self._label and other._client is self._client

    def __hash__(self) -> int:
        return hash((Window, self._label))

    def __repr__(self) -> str:
        return f"<Window {self._label!r}>"
