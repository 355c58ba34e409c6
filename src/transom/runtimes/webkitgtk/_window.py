"""One window of the webkitgtk runtime: a GTK window around one webview, and what can be asked of it."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from ...config import WindowConfig
from ...runtimes import Host, MenuActivation, PerformPredefined, PopupMenu, Settings, WindowEvent
from ._gi import Gdk, GLib, Gtk, WebKit2
from ._leaving import Leaving
from ._page import ASSETS_ORIGIN, PageKeeper
from ._traffic import Traffic, is_refusal
from .menu import WindowMenu

__all__ = ["USED_OPTIONS", "AppWindow", "page_address"]

# A page that ends its process again and again is left alone after this many reloads within so many seconds.
_MAX_RELOADS = 3
_RELOAD_SECONDS = 60.0
# Scripts that an application runs early find the document's elements, as in Tauri.
_UNTIL_READ = """
  if (document.readyState === 'loading') await new Promise((read) => addEventListener('DOMContentLoaded', read, { once: true }));
"""

_logger = logging.getLogger(__name__)


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
        self._reloads: deque[float] = deque(maxlen=_MAX_RELOADS)
        self._leaving = Leaving(self)
        self.pages = PageKeeper(label, host, settings, post, self._leaving.heard)
        self.view = WebKit2.WebView(web_context=context, user_content_manager=self.pages.content)
        self.pages.attach(self.view)
        # After the generation's own: a page's `started` comes when its generation is there.
        self.view.connect("load-changed", self._on_load_changed)
        self.view.connect("load-failed", self._on_load_failed)
        self.view.connect("decide-policy", Traffic(settings, self.pages).on_policy)
        self._loading: str | None = None
        # Scripts for the first document, which is not there yet; `None` from then on.
        self._early_scripts: list[str] | None = []
        self._set_up_view(bool(settings.options.get("devtools", settings.options.get("development"))))
        # As early as possible: WebKit needs a tenth of a second to link its processes, and GTK can work meanwhile.
        self.view.load_uri(url)
        self._box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL)
        self._window = self._make_window(look)
        self.menu: WindowMenu = WindowMenu(self._window, self._box, partial(_activated, host, label))
        if look.visible:
            self._window.show()

    def _set_up_view(self, devtools: bool) -> None:
        options = self.view.get_settings()
        options.set_enable_developer_extras(devtools)
        options.set_enable_write_console_messages_to_stdout(devtools)
        # A page that comes back from the cache would have its old key, which is no longer valid.
        options.set_enable_page_cache(False)
        self.view.connect("create", self._on_create)
        self.view.connect("close", lambda _: self.close(asked=True))
        self.view.connect("script-dialog", self._on_script_dialog)
        self.view.connect("web-process-terminated", self._on_web_process_terminated)
        self.view.show()

    def _make_window(self, look: WindowConfig) -> Any:
        window = Gtk.Window(title=look.title)
        window.set_default_size(round(look.width), round(look.height))
        hints, geometry = Gdk.WindowHints(0), Gdk.Geometry()
        if look.min_width is not None or look.min_height is not None:
            hints = Gdk.WindowHints.MIN_SIZE
            geometry.min_width, geometry.min_height = round(look.min_width or 1), round(look.min_height or 1)
        if not look.resizable:
            # GTK gives a window that cannot be resized the size that its content asks for.
            self.view.set_size_request(round(look.width), round(look.height))
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
        self._box.pack_start(self.view, True, True, 0)
        self._box.show()
        window.add(self._box)
        return window

    def close(self, asked: bool = False) -> None:
        """Ask the host whether the window may go, as the close button does, and let its page leave if so.

        Args:
            asked: Whether the page's `beforeunload` listeners have run already.
        """
        if self._leaving.asks:
            self.destroy()
        elif not self._leaving.begun and self._may_close():
            self._leaving.begin(asked)

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
        self.menu.popup(op.menu, op.position, op.physical, self.view)

    def perform_predefined(self, op: PerformPredefined) -> None:
        """Do what a predefined menu item stands for."""
        if op.action == "CloseWindow":
            self.close()
        else:
            self.menu.perform(op.action, op.about, self.view)

    def set_visible(self, visible: bool) -> None:
        """Show or hide the window."""
        self._window.set_visible(visible)

    def set_focus(self) -> None:
        """Bring the window to the front and give it the keyboard."""
        self._window.present()

    def evaluate(self, script: str) -> None:
        """Run JavaScript in the main frame; before its first document has been read, soon after that."""
        if self._early_scripts is not None:
            self._early_scripts.append(script)
            return
        self.view.evaluate_javascript(script, -1, None, None, None, None)

    def reload(self) -> None:
        """Load the page again."""
        self.view.reload()

    def _may_close(self) -> bool:
        # A page that hangs decides about nothing.
        hangs = not self.view.get_is_web_process_responsive()
        return self._host.window_event(WindowEvent(self.label, "close-requested", hangs=hangs))

    def _on_delete(self, *_: Any) -> bool:
        self.close()
        return True

    def _on_script_dialog(self, view: Any, dialog: Any) -> bool:
        if dialog.get_dialog_type() == WebKit2.ScriptDialogType.BEFORE_UNLOAD_CONFIRM:
            self._leaving.heard("asked")
        return False

    def _tell(self, name: Any, payload: Any = None) -> bool:
        self._host.window_event(WindowEvent(self.label, name, payload))
        return False

    def _on_destroy(self, window: Any) -> None:
        self._leaving.end()
        self.pages.detach()
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

    def _on_load_changed(self, view: Any, event: Any) -> None:
        # Tauri: a page load starts when its document is there, not when it is asked for.
        if event == WebKit2.LoadEvent.COMMITTED and self._leaving.begun:
            self.destroy()
        elif event == WebKit2.LoadEvent.COMMITTED:
            self._loading = url = view.get_uri() or ""
            self._host.page_load(self.label, "started", url)
            if self._early_scripts is not None:
                # In a world of its own, where nothing is what the page has made of it.
                view.call_async_javascript_function(_UNTIL_READ, -1, None, "transom", None, None, self._on_read)
        elif event == WebKit2.LoadEvent.FINISHED and self._loading is not None:
            url, self._loading = self._loading, None
            self._host.page_load(self.label, "finished", url)

    def _on_read(self, view: Any, result: Any) -> None:
        try:
            view.call_async_javascript_function_finish(result)
        except GLib.Error:  # the document is gone; the next one gets the scripts
            return
        scripts, self._early_scripts = self._early_scripts, None
        for script in scripts or ():
            self.evaluate(script)

    def _on_load_failed(self, view: Any, event: Any, url: str, error: Any) -> bool:
        # What failed may be the next load, which broke this one off; either is told as finished by the next signal.
        self._loading = None
        # What was refused is in the log. Without an error page, the page stays that is there.
        return is_refusal(error)

    def _on_create(self, view: Any, action: Any) -> None:
        # Tauri: a page makes windows with `new WebviewWindow(...)`; what `window.open` asks for is not made.
        _logger.warning(
            "the page of the webview %r asked for a window with %s, which is not made; use WebviewWindow for a page of "
            "the application, and the opener plugin for others",
            self.label,
            action.get_request().get_uri(),
        )

    def _on_web_process_terminated(self, view: Any, reason: Any) -> None:
        self.pages.close()
        if self._leaving.begun:
            self.destroy()
            return
        now = time.monotonic()
        if len(self._reloads) == _MAX_RELOADS and now - self._reloads[0] < _RELOAD_SECONDS:
            _logger.error("the web process of %r ended again (%s); it is left alone now", self.label, reason.value_nick)
            return
        self._reloads.append(now)
        _logger.error("the web process of %r ended (%s); its page is loaded again", self.label, reason.value_nick)
        view.reload()
