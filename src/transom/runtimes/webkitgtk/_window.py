"""One window of the webkitgtk runtime: a GTK window around one webview, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from ...config import WindowConfig
from ...runtimes import Host, MenuActivation, PerformPredefined, PopupMenu, Settings, WindowEvent
from ._gi import Gdk, Gtk
from .menu import WindowMenu
from .webview import ASSETS_ORIGIN, AppWebview

__all__ = ["USED_OPTIONS", "AppWindow", "page_address"]


def page_address(url: str, dev_url: str | None) -> str:
    """Return what to load for the `url` of a window: itself when it is whole, else that path of the front end."""
    if urlsplit(url).scheme:
        return url
    if url == "index.html":  # Tauri: the front end's routers know the root, and no file
        url = ""
    if dev_url is not None:
        return urljoin(dev_url if dev_url.endswith("/") else f"{dev_url}/", url.lstrip("/"))
    return f"{ASSETS_ORIGIN}/" + quote(url.lstrip("/"), safe="/?#&=+%:@!$'()*,;~")


def _activated(host: Host, label: str, key: int, checked: bool | None) -> None:
    host.menu_event(MenuActivation(key, label, checked))


# Fields of `WindowConfig` that `AppWindow` uses. Add here what it learns.
USED_OPTIONS = frozenset(
    "label create url title width height min_width min_height resizable maximized fullscreen visible decorations "
    "always_on_top focus center".split()
)


class AppWindow:
    """A window and its webview, both under one label.

    Args:
        label: The label.
        url: The address to load.
        look: How the window looks.
        context: The web context of the application.
        host: The application.
        settings: The application's.
        post: Runs a function on the window system's thread, soon.
        gone: Called once when the window is destroyed, before the host hears of it.
    """

    def __init__(
        self,
        label: str,
        url: str,
        look: WindowConfig,
        *,
        context: Any,
        host: Host,
        settings: Settings,
        post: Callable[[Callable[[], None]], None],
        gone: Callable[[AppWindow], None],
    ) -> None:
        self.label = label
        self._host = host
        self._gone = gone
        self._size: tuple[int, int] | None = None
        self._position: tuple[int, int] | None = None
        self.webview = AppWebview(
            label, label, url, look, context=context, host=host, settings=settings, post=post, owner=self
        )
        self._box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
        self._window = self._make_window(look)
        self.menu: WindowMenu = WindowMenu(self._window, self._box, partial(_activated, host, label))
        if look.visible:
            self._window.show()

    def _make_window(self, look: WindowConfig) -> Any:
        window = Gtk.Window(title=look.title)
        window.set_default_size(round(look.width), round(look.height))
        hints, geometry = Gdk.WindowHints(0), Gdk.Geometry()
        if look.min_width is not None or look.min_height is not None:
            hints = Gdk.WindowHints.MIN_SIZE
            geometry.min_width, geometry.min_height = round(look.min_width or 1), round(look.min_height or 1)
        if not look.resizable:
            # GTK gives a window that cannot be resized the size that its content asks for.
            self.webview.view.set_size_request(round(look.width), round(look.height))
        elif hints:
            window.set_geometry_hints(None, geometry, hints)
        window.set_resizable(look.resizable)
        window.set_decorated(look.decorations)
        window.set_keep_above(look.always_on_top)
        window.set_focus_on_map(look.focus)
        if look.center:
            window.set_position(Gtk.WindowPosition.CENTER)
        if look.maximized:
            window.maximize()
        if look.fullscreen:
            window.fullscreen()
        window.connect("delete-event", self._on_delete)
        window.connect("destroy", self._on_destroy)
        window.connect("focus-in-event", lambda *_: self._tell("focus"))
        window.connect("focus-out-event", lambda *_: self._tell("blur"))
        window.connect("configure-event", self._on_configure)
        self._box.pack_start(self.webview.view, True, True, 0)
        self._box.show()
        window.add(self._box)
        return window

    def close(self, asked: bool = False) -> None:
        """Ask the host whether the window may go, as the close button does, and let its page leave if so.

        Args:
            asked: Whether the page's `beforeunload` listeners have run already.
        """
        leaving = self.webview.leaving
        if leaving.asks:
            self.destroy()
        elif not leaving.begun and self._may_close():
            leaving.begin(asked)

    def webview_closes(self, webview: AppWebview) -> None:
        """Close the window whose page closes itself."""
        self.close(asked=True)

    def webview_left(self, webview: AppWebview) -> None:
        """Take the window away whose page has gone."""
        self.destroy()

    def destroy(self) -> None:
        """Take the window away."""
        self._window.destroy()

    def set_title(self, title: str) -> None:
        """Set the window's title."""
        self._window.set_title(title)

    def popup_menu(self, op: PopupMenu) -> None:
        """Open a context menu.

        Raises:
            WindowError: The window is hidden.
        """
        self.menu.popup(op.menu, op.position, op.physical, self.webview.view)

    def perform_predefined(self, op: PerformPredefined) -> None:
        """Do what a predefined menu item stands for."""
        if op.action == "CloseWindow":
            self.close()
        else:
            self.menu.perform(op.action, op.about, self.webview.view)

    def set_visible(self, visible: bool) -> None:
        """Show or hide the window."""
        self._window.set_visible(visible)

    def set_focus(self) -> None:
        """Bring the window to the front and give it the keyboard."""
        self._window.present()

    def _may_close(self) -> bool:
        # A page that hangs decides about nothing.
        asked = WindowEvent(self.label, "close-requested", hangs=self.webview.hangs)
        return self._host.window_event(asked)

    def _on_delete(self, *_: Any) -> bool:
        self.close()
        return True

    def _tell(self, name: Any, payload: Any = None) -> bool:
        self._host.window_event(WindowEvent(self.label, name, payload))
        return False

    def _on_destroy(self, window: Any) -> None:
        self.webview.detach()
        self._gone(self)
        self._tell("destroyed")

    def _on_configure(self, window: Any, event: Any) -> bool:
        scale = window.get_scale_factor()
        size = (event.width * scale, event.height * scale)
        position = (event.x * scale, event.y * scale)
        if size != self._size:
            self._size = size
            self._tell("resize", {"width": size[0], "height": size[1]})
        if position != self._position:
            self._position = position
            self._tell("move", {"x": position[0], "y": position[1]})
        return False
