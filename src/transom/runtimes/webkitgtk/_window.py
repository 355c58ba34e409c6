"""One window of the webkitgtk runtime: a GTK window around one webview, and what can be asked of it."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from ...config import WindowConfig
from ...runtimes import Host, Settings, WindowEvent
from ._gi import Gdk, GLib, WebKit2
from ._leaving import Leaving
from ._page import ASSETS_ORIGIN, PageKeeper
from ._traffic import Traffic, is_refusal
from .toplevel import USED_OPTIONS as TOPLEVEL_OPTIONS
from .toplevel import Toplevel

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
        if look.transparent:
            self.view.set_background_color(Gdk.RGBA(0, 0, 0, 0))
        elif look.background_color is not None:
            self.view.set_background_color(Gdk.RGBA(*(part / 255 for part in look.background_color)))
        self._set_up_view(bool(settings.options.get("devtools", settings.options.get("development"))))
        # As early as possible: WebKit needs a tenth of a second to link its processes, and GTK can work meanwhile.
        self.view.load_uri(url)
        super().__init__(look, self.view, parent)
        self.window.connect("delete-event", self._on_delete)
        self.window.connect("destroy", self._on_destroy)
        if look.visible:
            self.window.show()

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
        self.window.destroy()

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

    def told(self, name: Any, payload: Any = None) -> None:
        """See `Toplevel`."""
        self._host.window_event(WindowEvent(self.label, name, payload))

    def _on_destroy(self, window: Any) -> None:
        self.end()
        self._leaving.end()
        self.pages.detach()
        self._gone(self)
        self.told("destroyed")

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
