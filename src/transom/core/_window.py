"""Handles of windows and of the webviews in them, and the builder that makes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
from ..wire import CallbackFn, EventTarget, check_label
from ._channel import Channel, PageChannel
from ._handle import Emitter, Listener, Manager
from ._resource import ResourceTable

if TYPE_CHECKING:
    from ._app import AppCore
    from ._invoke import InvokeRequest
    from ._page import PageSession
    from ._resolver import InvokeResponder

__all__ = ["Webview", "WebviewWindow", "WebviewWindowBuilder", "Window", "open_channel"]


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

    def resources_table(self) -> ResourceTable:
        """Return the table of resources that belong to the window; its end releases them.

        Raises:
            WindowError: The window is gone.
        """
        table = self._app.resources.of_window(self.label)
        if self.label not in self._app.windows:
            self._app.resources.end_window(self.label)
            raise WindowError(f"window not found: no window has the label `{self.label}`")
        return table

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

    def window(self) -> Window:
        """Return the window that the webview is in."""
        return Window(self._app, self.label)

    def resources_table(self) -> ResourceTable:
        """Return the table of resources that belong to the page of now; a reload or navigation releases them.

        Raises:
            WindowError: The webview has no page.
        """
        return self._app.session(self.label).resources

    def channel(self, callback: int) -> Channel[Any]:
        """Return the channel to a callback of the page of now; see `JavaScriptChannelId.channel_on`.

        Raises:
            WindowError: The webview has no page.
        """
        return open_channel(self._app, self._app.session(self.label), callback)

    def on_message(self, request: InvokeRequest, responder: InvokeResponder | None = None) -> None:
        """Handle a call of the page that a message system of the application's own brought; see `Builder.invoke_system`.

        Args:
            request: The call.
            responder: Sends its answer; `None` for the one given to `Builder.invoke_system`.

        Raises:
            NotAllowed: The key of the request is not the one that the page's script was given.
            WindowError: The webview shows no page.
            TypeError: The body has no JSON form.
            ConfigError: There is no responder.
        """
        self._app.on_message(self.label, request, responder)

    def eval(self, script: str) -> None:
        """Run JavaScript in the page's main frame; its result is not waited for."""
        self._app.perform(EvaluateScript(self.label, script))

    def reload(self) -> None:
        """Load the page again; its calls, listeners and channels end."""
        self._app.perform(ReloadPage(self.label))


class WebviewWindow(Webview, Window):
    """A window and the webview that fills it, under one label; `resources_table` is the webview's, as in Tauri."""

    __slots__ = ()
    _kind = "WebviewWindow"


def open_channel(app: AppCore, session: PageSession, callback: int) -> Channel[Any]:
    """Return the channel to a callback of a page generation: the open one, so that its messages are counted once."""

    def make() -> PageChannel[Any]:
        intercept = app.channel_interceptor
        if intercept is None:
            return PageChannel(app, session, callback)
        webview = Webview(app, session.page.label)
        return PageChannel(
            app, session, callback, lambda index, body: intercept(webview, CallbackFn(callback), index, body)
        )

    return session.channel(callback, make)


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

    def maximized(self, maximized: bool) -> WebviewWindowBuilder:
        """Fill the screen at once, or not."""
        return self._set(maximized=maximized)

    def fullscreen(self, fullscreen: bool) -> WebviewWindowBuilder:
        """Cover the whole screen, panels too, or not."""
        return self._set(fullscreen=fullscreen)

    def decorations(self, decorations: bool) -> WebviewWindowBuilder:
        """Give the window borders and a title bar, or not."""
        return self._set(decorations=decorations)

    def always_on_top(self, always_on_top: bool) -> WebviewWindowBuilder:
        """Keep the window above others, or not."""
        return self._set(always_on_top=always_on_top)

    def center(self) -> WebviewWindowBuilder:
        """Put the window into the middle of the screen."""
        return self._set(center=True)

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
        app = self._manager._app  # noqa: SLF001 - a handle, as the ones above
        if app.loop_thread.is_current and not app.loop_is_window_system:
            raise WindowError(
                "building a window waits for the window system; in `async def` use `await asyncio.to_thread(builder.build)`"
            )
        app.create_window(CreateWindow(self._label, url=self._url, settings=WindowSettings(**self._settings)))
        return WebviewWindow(app, self._label)
