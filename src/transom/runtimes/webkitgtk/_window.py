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
from .toplevel import USED_OPTIONS as TOPLEVEL_OPTIONS
from .toplevel import Toplevel
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
USED_OPTIONS = TOPLEVEL_OPTIONS | {"url"}


class AppWindow(Toplevel):
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
        parent: The GTK window that this one belongs to; `None` for none.
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
        parent: Any = None,
    ) -> None:
        self.label = label
        self._host = host
        self._gone = gone
        self.webview = AppWebview(
            label, label, url, look, context=context, host=host, settings=settings, post=post, owner=self
        )
        if look.transparent:
            self.webview.view.set_background_color(Gdk.RGBA(0, 0, 0, 0))
        elif look.background_color is not None:
            self.webview.view.set_background_color(Gdk.RGBA(*(part / 255 for part in look.background_color)))
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
        box.pack_start(self.webview.view, True, True, 0)
        box.show()
        super().__init__(look, box, self.webview.view, parent)
        self.window.connect("delete-event", self._on_delete)
        self.window.connect("destroy", self._on_destroy)
        self.menu: WindowMenu = WindowMenu(self.window, box, partial(_activated, host, label))
        if look.visible:
            self.window.show()

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
        self.window.destroy()

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

    def _may_close(self) -> bool:
        # A page that hangs decides about nothing.
        asked = WindowEvent(self.label, "close-requested", hangs=self.webview.hangs)
        return self._host.window_event(asked)

    def _on_delete(self, *_: Any) -> bool:
        self.close()
        return True

    def told(self, name: Any, payload: Any = None) -> None:
        """See `Toplevel`."""
        self._host.window_event(WindowEvent(self.label, name, payload))

    def _on_destroy(self, window: Any) -> None:
        self.end()
        self.webview.detach()
        self._gone(self)
        self.told("destroyed")
