"""One window of the webkitgtk runtime: a GTK window around one webview, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from ...config import WindowConfig
from ...errors import WindowError
from ...runtimes import (
    CloseWebview,
    CreateWebview,
    Host,
    MenuActivation,
    Op,
    PerformPredefined,
    PopupMenu,
    Settings,
    SetWebviewAutoResize,
    SetWebviewBounds,
    WebviewHooks,
    WebviewPosition,
    WebviewSize,
    WindowEvent,
)
from ...values import LogicalPosition, LogicalSize, Position, Size
from ._gi import Gtk
from .menu import WindowMenu
from .toplevel import USED_OPTIONS as TOPLEVEL_OPTIONS
from .toplevel import Toplevel
from .webview import ASSETS_ORIGIN, AppWebview, WebviewStack

__all__ = ["STACK_OPS", "USED_OPTIONS", "AppWindow", "page_address"]


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
    """A window and its webviews: one that fills it, under its label, and others over that.

    Args:
        label: The label.
        look: How the window looks, and the options of its webview.
        hooks: The webview's.
        context: The web context of the webview; `None` for a window without one.
        host: The application.
        settings: The application's.
        post: Runs a function on the window system's thread, soon.
        gone: Called once when the window is destroyed, before the host hears of it.
        parent: The GTK window that this one belongs to; `None` for none.

    Attributes:
        webview: The one that fills it; `None` when it was made without.
        webviews: All webviews by label.
        choosers: Choosers of files that are open in another program, each with what settles it.
    """

    def __init__(
        self,
        label: str,
        look: WindowConfig,
        hooks: WebviewHooks,
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
        self._settings = settings
        self._post = post
        self._left: set[str] = set()
        self.webviews: dict[str, AppWebview] = {}
        self.choosers: dict[str, tuple[Any, Callable[[tuple[Path, ...]], None]]] = {}
        self.stack = WebviewStack()
        self.webview = None if context is None else self._make_webview(label, look, hooks, context)
        if self.webview is not None:
            self.stack.fill(self.webview.view)
        box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
        box.pack_start(self.stack.widget, True, True, 0)
        box.show()
        super().__init__(look, box, self.stack.widget, parent)
        self.window.connect("delete-event", self._on_delete)
        self.window.connect("destroy", self._on_destroy)
        self.menu: WindowMenu = WindowMenu(self.window, box, partial(_activated, host, label))
        if look.visible:
            self.window.show()

    def _make_webview(self, label: str, options: WindowConfig, hooks: WebviewHooks, context: Any) -> AppWebview:
        webview = self.webviews[label] = AppWebview(
            label,
            self.label,
            page_address(options.url, self._settings.dev_url),
            options,
            hooks,
            context=context,
            host=self._host,
            settings=self._settings,
            post=self._post,
            owner=self,
        )
        return webview

    def add_child(self, op: CreateWebview, context: Any) -> None:
        """Make a webview over the others."""
        scale = self.geometry.scale_factor
        webview = self._make_webview(op.label, op.options, op.hooks, context)
        self.stack.place(
            webview.view, op.position.to_logical(scale), op.size.to_logical(scale), auto_resize=op.auto_resize
        )
        if op.options.focus:
            webview.view.grab_focus()

    def release(self, label: str) -> tuple[AppWebview, LogicalPosition, LogicalSize]:
        """Let a webview go, which is not destroyed, and return it with its place."""
        webview = self.webviews.pop(label)
        place = self.stack.bounds(webview.view)
        self.stack.remove(webview.view)
        return webview, *place

    def adopt(self, released: tuple[AppWebview, LogicalPosition, LogicalSize]) -> None:
        """Take a webview that another window has let go."""
        webview, position, size = released
        self.webviews[webview.label] = webview
        webview.move_to(self.label, self)
        self.stack.place_from_another(webview.view, position, size)

    def close_child(self, label: str) -> None:
        """Take a webview away."""
        webview, *_ = self.release(label)
        webview.view.destroy()
        webview.detach()

    def set_bounds(self, label: str, position: Position | None, size: Size | None) -> None:
        """Put a webview somewhere else.

        Raises:
            WindowError: It fills the window.
        """
        scale = self.geometry.scale_factor
        view = self.webviews[label].view
        moved = self.stack.set_bounds(
            view,
            None if position is None else position.to_logical(scale),
            None if size is None else size.to_logical(scale),
        )
        if not moved:
            raise WindowError(f"the webview `{label}` fills its window; set the window's size or position")

    def close(self, asked: AppWebview | None = None) -> None:
        """Ask the host whether the window may go, as the close button does, and let its pages leave if so.

        Args:
            asked: The webview whose `beforeunload` listeners have run already, as its page closes itself.
        """
        webviews = list(self.webviews.values())
        if any(webview.leaving.asks for webview in webviews):
            self.destroy()
        elif not any(webview.leaving.begun for webview in webviews) and self._may_close():
            self._left.clear()
            for webview in webviews:
                webview.leaving.begin(webview is asked)
            if not webviews:
                self.destroy()

    def webview_closes(self, webview: AppWebview) -> None:
        """Close the window whose page closes itself."""
        self.close(webview)

    def webview_left(self, webview: AppWebview) -> None:
        """Take the window away when all its pages have gone."""
        self._left.add(webview.label)
        if self._left >= self.webviews.keys():
            self.destroy()

    def destroy(self) -> None:
        """Take the window away."""
        self.window.destroy()

    def popup_menu(self, op: PopupMenu) -> None:
        """Open a context menu.

        Raises:
            WindowError: The window is hidden.
        """
        self.menu.popup(op.menu, op.position, op.physical, self.stack.widget)

    def perform_predefined(self, op: PerformPredefined) -> None:
        """Perform the action of a predefined menu item."""
        if op.action == "CloseWindow":
            self.close()
        else:
            self.menu.perform(op.action, op.about, None if self.webview is None else self.webview.view)

    def _may_close(self) -> bool:
        # A page that hangs decides about nothing.
        pages = self.webviews.values()
        hangs = bool(pages) and all(webview.hangs for webview in pages)
        asked = WindowEvent(self.label, "close-requested", hangs=hangs)
        return self._host.window_event(asked)

    def _on_delete(self, *_: Any) -> bool:
        self.close()
        return True

    def told(self, name: Any, payload: Any = None) -> None:
        """See `Toplevel`."""
        self._host.window_event(WindowEvent(self.label, name, payload))

    def _on_destroy(self, window: Any) -> None:
        self.end()
        for chooser, settle in list(self.choosers.values()):
            chooser.destroy()
            settle(())
        for webview in self.webviews.values():
            webview.detach()
        self.stack.clear()
        self._gone(self)
        self.told("destroyed")

    def bounds(self, label: str) -> tuple[LogicalPosition, LogicalSize]:
        """Return where a webview is."""
        return self.stack.bounds(self.webviews[label].view)


# What a window does for operations on its webviews that concern their place in it. Add here to support another one.
STACK_OPS: dict[type[Op[Any]], Callable[[AppWindow, Any], Any]] = {
    CloseWebview: lambda window, op: window.close_child(op.label),
    SetWebviewAutoResize: lambda window, op: window.stack.set_auto_resize(
        window.webviews[op.label].view, op.auto_resize
    ),
    SetWebviewBounds: lambda window, op: window.set_bounds(op.label, op.position, op.size),
    WebviewPosition: lambda window, op: window.bounds(op.label)[0].to_physical(window.geometry.scale_factor),
    WebviewSize: lambda window, op: window.bounds(op.label)[1].to_physical(window.geometry.scale_factor),
}
