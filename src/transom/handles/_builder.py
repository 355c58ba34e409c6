"""The builder that makes a window with a webview."""

from __future__ import annotations

from typing import Any

from ..config import WindowConfig
from ..errors import WindowError
from ..wire import check_label
from ._handles import Manager, WebviewWindow

__all__ = ["WebviewWindowBuilder"]


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
        self._options: dict[str, Any] = {}

    def _set(self, **options: Any) -> WebviewWindowBuilder:
        self._options.update(options)
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
        app, client = self._manager._app, self._manager._client  # noqa: SLF001 - a handle, as this builder is
        if app.threads.on_loop and not app.windows_on_loop:
            raise WindowError(
                "building a window waits for the window system; in `async def` use `await asyncio.to_thread(builder.build)`"
            )
        app.create_window(client, WindowConfig(label=self._label, url=self._url, **self._options))
        return WebviewWindow(app, client, self._label)
