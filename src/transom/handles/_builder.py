"""The builder that makes a window with a webview."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from ..config import WindowConfig, window_config
from ..errors import WindowError
from ._handles import Manager, WebviewWindow
from .builders import WindowOptions

__all__ = ["WebviewWindowBuilder"]


class WebviewWindowBuilder(WindowOptions):
    """Makes a window with a webview.

    Args:
        manager: Any handle of the application.
        label: What names the window: alphanumeric characters, `-`, `/`, `:` and `_`.
        url: A path of the front end, or a whole URL.

    Raises:
        RequestError: The label is empty or holds another character.
    """

    _kind: ClassVar[str] = "Window"

    def __init__(self, manager: Manager, label: str, url: str = "index.html") -> None:
        super().__init__(label, WindowConfig(url=url))
        self._manager = manager

    @classmethod
    def from_config(cls, manager: Manager, options: WindowConfig) -> WebviewWindowBuilder:
        """Return a builder with the options of a configured window, such as one with `create: false`.

        Raises:
            RequestError: The label is empty or holds a character that none may hold.
        """
        builder = cls(manager, options.label, options.url)
        builder._config = options
        return builder

    @classmethod
    def from_options(cls, manager: Manager, options: Mapping[str, Any]) -> WebviewWindowBuilder:
        """Return a builder with options as `new WebviewWindow(label, options)` has them, and `label`.

        Raises:
            ConfigError: An option is wrong; the text names it.
            RequestError: The label is empty or holds a character that none may hold.
        """
        return cls.from_config(manager, window_config(options))

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
        window = WebviewWindow(app, client, self._label)
        app.create_window(client, self._config, self.hooks_for(window), self._on_page_load)
        return window
