"""The builders that make windows, with a webview and without."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from ..config import WindowConfig, window_config
from ._application import NewWindow
from ._handles import Manager, WebviewWindow, Window
from ._wait import check_may_wait
from .builders import WebviewOptions, WindowOptions

if TYPE_CHECKING:
    from ..menu import Menu, MenuEvent
    from ..runtimes import Image

__all__ = ["WebviewWindowBuilder", "WindowBuilder"]

T = TypeVar("T", bound=Window)


class _Maker(WindowOptions, Generic[T]):
    """Makes a window, and does to it what is no option."""

    def __init__(self, label: str, options: WindowConfig) -> None:
        super().__init__(label, options)
        self._menu: Menu | None = None
        self._icon: Image | None = None
        self._on_menu_event: list[Callable[[Any, MenuEvent], object]] = []

    def menu(self, menu: Menu) -> Self:
        """Show a menu in the window in place of the application's."""
        self._menu = menu
        return self

    def on_menu_event(self, handler: Callable[[Any, MenuEvent], object]) -> Self:
        """Call `handler` with the window and a `MenuEvent` at every activated item; see `Window.on_menu_event`."""
        self._on_menu_event.append(handler)
        return self

    def icon(self, icon: Image) -> Self:
        """Set the window's icon."""
        self._icon = icon
        return self

    def _make(self, manager: Manager, window: T, new: NewWindow) -> T:
        app, client = manager._app, manager._client  # noqa: SLF001 - a handle, as this builder is
        check_may_wait(app, f"{type(self).__name__}.build")
        app.create_window(client, self._config, new._replace(menu=self._menu))
        for handler in self._on_menu_event:
            window.on_menu_event(handler)
        if self._icon is not None:
            window.set_icon(self._icon)
        return window


class WebviewWindowBuilder(_Maker[WebviewWindow], WebviewOptions):
    """Makes a window with a webview.

    Args:
        manager: Any handle of the application.
        label: What names the window: alphanumeric characters, `-`, `/`, `:` and `_`.
        url: A path of the front end, or a whole URL.

    Raises:
        RequestError: The label is empty or holds another character.
    """

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
        manager = self._manager
        window = WebviewWindow(manager._app, manager._client, self._label)  # noqa: SLF001 - see `_make`
        return self._make(manager, window, NewWindow(self.hooks_for(window), self._on_page_load))


class WindowBuilder(_Maker[Window]):
    """Makes a window without a webview; `Window.add_child` puts some into it.

    Args:
        manager: Any handle of the application.
        label: What names the window: alphanumeric characters, `-`, `/`, `:` and `_`.

    Raises:
        RequestError: The label is empty or holds another character.
    """

    def __init__(self, manager: Manager, label: str) -> None:
        super().__init__(label, WindowConfig())
        self._manager = manager

    @classmethod
    def from_options(cls, manager: Manager, options: Mapping[str, Any]) -> WindowBuilder:
        """Return a builder with options as `new Window(label, options)` has them, and `label`.

        Raises:
            ConfigError: An option is wrong; the text names it.
            RequestError: The label is empty or holds a character that none may hold.
        """
        config = window_config(options)
        builder = cls(manager, config.label)
        builder._config = config
        return builder

    def build(self) -> Window:
        """Make the window and return its handle. Waits for the window system: not for the event loop's thread.

        Raises:
            WindowError: A window with this label exists, the runtime makes no windows without a page, or this is the event
                loop's thread.
        """
        manager = self._manager
        window = Window(manager._app, manager._client, self._label)  # noqa: SLF001 - see `_make`
        return self._make(manager, window, NewWindow(bare=True))
