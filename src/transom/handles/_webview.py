"""The methods of a webview and of the page in it. Add here one for each operation on webviews."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from ..errors import WindowError
from ..events import Audience
from ..pages import Client, PageSession, ResourceTable
from ..runtimes import EvaluateScript, ReloadPage, ops
from ..values import (
    Channel,
    LogicalPosition,
    LogicalSize,
    PhysicalPosition,
    PhysicalSize,
    Position,
    Rect,
    Size,
)
from ..wire import EventTarget
from ._application import Application
from ._labelled import LabelledHandle

if TYPE_CHECKING:
    from ..runtimes import Cookie

__all__ = ["WebviewMethods", "position_of", "size_of"]

_MOST_ZOOM: Final = 100


class WebviewMethods(LabelledHandle):
    """The methods of a webview. Every one raises `WindowError` when the webview is gone.

    A webview that a command or a handler gets from a call stands for the page that called: its resources, channels and
    listeners are that page's, even if another page has been loaded meanwhile. Any other stands for the present page.
    """

    __slots__ = ("_caller",)

    def __init__(self, app: Application, client: Client, label: str, caller: PageSession | None = None) -> None:
        super().__init__(app, client, label)
        self._caller = caller

    @property
    def _page(self) -> PageSession:
        return self._caller or self._client.page(self.label)

    def resources_table(self) -> ResourceTable:
        """Return the table of resources that belong to the page; a reload or navigation releases them.

        Raises:
            WindowError: The webview has no page.
        """
        return self._page.resources

    def channel(self, callback: int) -> Channel[Any]:
        """Return the channel to a callback of the page; see `JavaScriptChannelId.channel_on`.

        Raises:
            WindowError: The webview has no page.
        """
        return self._page.channel(callback)

    def pull_stream(self, callback: int, count: int) -> None:
        """Let a streaming command send more values to the page. A stream that has ended needs none.

        Args:
            callback: The callback of the stream's channel.
            count: How many more values the page takes.

        Raises:
            WindowError: The webview has no page.
        """
        stream = self._page.streams.get(callback)
        if stream is not None:
            stream.pull(count)

    def listen_js(self, event: str, target: EventTarget, handler: int) -> int:
        """Register a callback of the page as a listener, and return the listener's id (Tauri: the same).

        Args:
            event: The event's name.
            target: What the listener listens as.
            handler: The callback.

        Raises:
            RequestError: The name holds other than alphanumeric characters, `-`, `/`, `:` and `_`.
            WindowError: The webview has no page.
        """
        return self._app.events.listen_in_page(self._page, event, target, handler)

    def unlisten_js(self, event: str, listener_id: int) -> None:
        """Remove a listener of the page (Tauri: the same). An unknown id is ignored.

        Raises:
            WindowError: The webview has no page.
        """
        self._app.events.unlisten(listener_id, event, self._page)

    def emit_js(self, event: str, payload: Any = None, only: str | None = None) -> None:
        """Send an event as this page, as clients of Tauri 1.x do: their listeners learn the window that it comes from.

        Args:
            event: The event's name.
            payload: Any value that can cross the wire.
            only: Label of the one webview whose page gets it; `None` for all. Python listeners get it in any case.

        Raises:
            RequestError: The name holds other than alphanumeric characters, `-`, `/`, `:` and `_`.
            TypeError: The payload cannot cross the wire.
        """
        self._app.events.emit(event, payload, source=self.label, audience=None if only is None else Audience(only))

    def eval(self, script: str) -> None:
        """Run JavaScript in the page's main frame; its result is not returned."""
        self._app.perform(self._client, EvaluateScript(self.label, script))

    def reload(self) -> None:
        """Load the page again; its calls, listeners and channels end."""
        self._app.perform(self._client, ReloadPage(self.label))

    def navigate(self, url: str) -> None:
        """Load another document.

        Raises:
            WindowError: The text is not a whole URL.
        """
        if not urlsplit(url).scheme:
            raise WindowError(f"invalid url: {url!r} has no scheme; write a whole one, such as https://example.com")
        self._app.perform(self._client, ops.NavigateWebview(self.label, url))

    def url(self) -> str:
        """Return the address of the document."""
        return self._app.perform(self._client, ops.WebviewUrl(self.label))

    def set_zoom(self, scale_factor: float) -> None:
        """Set the zoom of the page; 1.0 is none.

        Raises:
            WindowError: The number is not above 0 and at most 100.
        """
        if not 0 < scale_factor <= _MOST_ZOOM:
            raise WindowError(
                f"webview `{self.label}`: the zoom {scale_factor} is not above 0 and at most {_MOST_ZOOM}"
            )
        self._app.perform(self._client, ops.SetWebviewZoom(self.label, float(scale_factor)))

    def print(self) -> None:
        """Let the user print the page."""
        self._app.perform(self._client, ops.PrintWebview(self.label))

    def open_devtools(self) -> None:
        """Open the inspector.

        Raises:
            WindowError: It is off: see `WebviewWindowBuilder.devtools`.
        """
        self._app.perform(self._client, ops.SetDevtools(self.label, True))

    def close_devtools(self) -> None:
        """Close the inspector."""
        self._app.perform(self._client, ops.SetDevtools(self.label, False))

    def is_devtools_open(self) -> bool:
        """Tell whether the inspector is open."""
        return self._app.perform(self._client, ops.IsDevtoolsOpen(self.label))

    def clear_all_browsing_data(self) -> None:
        """Forget what pages have stored: cookies, caches, `localStorage`. Webviews that share the store lose it too."""
        self._app.perform(self._client, ops.ClearBrowsingData(self.label))

    def cookies(self) -> list[Cookie]:
        """Return all cookies of the webview's store, also those that pages cannot read."""
        return self._app.perform(self._client, ops.GetCookies(self.label))

    def cookies_for_url(self, url: str) -> list[Cookie]:
        """Return the cookies that a request for an address would carry."""
        return self._app.perform(self._client, ops.GetCookies(self.label, url))

    def set_cookie(self, cookie: Cookie) -> None:
        """Set a cookie in the webview's store; one with its name, domain and path is replaced.

        Raises:
            WindowError: It has no domain, or no browser takes it.
        """
        ops.check_cookie(cookie)
        self._app.perform(self._client, ops.SetCookie(self.label, cookie))

    def delete_cookie(self, cookie: Cookie) -> None:
        """Delete the cookies with this name, and this domain and path unless they are `None`. There may be none."""
        self._app.perform(self._client, ops.DeleteCookie(self.label, cookie))

    def position(self) -> PhysicalPosition:
        """Return the upper left corner of the webview inside its window."""
        return self._app.perform(self._client, ops.WebviewPosition(self.label))

    def size(self) -> PhysicalSize:
        """Return the size of the webview."""
        return self._app.perform(self._client, ops.WebviewSize(self.label))

    def bounds(self) -> Rect:
        """Return where the webview is inside its window."""
        return Rect(position=Position(physical=self.position()), size=Size(physical=self.size()))

    def set_bounds(self, bounds: Rect) -> None:
        """Set where the webview is inside its window.

        Raises:
            WindowError: The webview fills its window.
        """
        self._app.perform(self._client, ops.SetWebviewBounds(self.label, bounds.position, bounds.size))

    def set_auto_resize(self, auto_resize: bool) -> None:
        """Let the webview keep its share of the window when that is resized, or not."""
        self._app.perform(self._client, ops.SetWebviewAutoResize(self.label, auto_resize))

    def reparent(self, window: str) -> None:
        """Move the webview into the window with this label; its page goes on.

        Raises:
            WindowError: There is no such window, or the webview fills its own.
        """
        self._app.reparent(self._client, self.label, window)

    def close(self) -> None:
        """Take the webview away; its window stays.

        Raises:
            WindowError: The webview is gone, or fills its window.
        """
        self._app.close_webview(self._client, self.label)

    def show(self) -> None:
        """Show the webview."""
        self._app.perform(self._client, ops.SetWebviewVisible(self.label, True))

    def hide(self) -> None:
        """Hide the webview inside its window."""
        self._app.perform(self._client, ops.SetWebviewVisible(self.label, False))

    def set_focus(self) -> None:
        """Give the webview the keyboard, inside its window."""
        self._app.perform(self._client, ops.FocusWebview(self.label))

    def set_size(self, size: PhysicalSize | LogicalSize | Size) -> None:
        """Set the size of the webview.

        Raises:
            WindowError: The webview fills its window.
        """
        self._app.perform(self._client, ops.SetWebviewBounds(self.label, None, size_of(size)))

    def set_position(self, position: PhysicalPosition | LogicalPosition | Position) -> None:
        """Set the upper left corner of the webview inside its window.

        Raises:
            WindowError: The webview fills its window.
        """
        self._app.perform(self._client, ops.SetWebviewBounds(self.label, position_of(position), None))

    def set_background_color(self, color: tuple[int, int, int, int] | None) -> None:
        """Set the colour behind the page: red, green, blue and alpha from 0 to 255; `None` for the system's."""
        self._app.perform(self._client, ops.SetWebviewBackground(self.label, color and (*color,)))


def position_of(position: PhysicalPosition | LogicalPosition | Position) -> Position:
    """Return a position as operations take it."""
    if isinstance(position, Position):
        return position
    return Position(logical=position) if isinstance(position, LogicalPosition) else Position(physical=position)


def size_of(size: PhysicalSize | LogicalSize | Size) -> Size:
    """Return a size as operations take it."""
    if isinstance(size, Size):
        return size
    return Size(logical=size) if isinstance(size, LogicalSize) else Size(physical=size)
