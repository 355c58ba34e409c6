"""One webview of the webkitgtk runtime: a page inside a window, and what can be asked of it."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol
from weakref import ref

from ....config import WindowConfig
from ....errors import WindowError
from ... import Host, Settings, WebviewHooks
from .. import _gi as gi
from ._drag import FileDrag
from ._leaving import Leaving
from ._options import apply_options
from ._page import PageKeeper, document_uri
from ._popup import open_popup
from ._traffic import Traffic, is_refusal

__all__ = ["AppWebview"]

# A page that ends its process again and again is left alone after this many reloads within so many seconds.
_MAX_RELOADS = 3
_RELOAD_SECONDS = 60.0
# Scripts that an application runs early find the document's elements, as in Tauri.
_UNTIL_READ = """
  if (document.readyState === 'loading') await new Promise((read) => addEventListener('DOMContentLoaded', read, { once: true }));
"""

_logger = logging.getLogger("transom.runtimes.webkitgtk")


class WebviewOwner(Protocol):
    """The window that a webview is in."""

    def webview_closes(self, webview: AppWebview) -> None:
        """Note that the page has called `window.close()`, and that its `beforeunload` listeners have run."""

    def webview_left(self, webview: AppWebview) -> None:
        """Note that the page has gone after `leave`."""


class AppWebview:
    """A webview. Its owner destroys it with the view's widget, and calls `detach` then.

    Args:
        label: The label.
        window: Label of the window that it is in.
        url: The address to load.
        options: The webview's options.
        hooks: Its hooks and scripts.
        context: The web context of the application.
        host: The application.
        settings: The application's.
        post: Runs a function on the window system's thread, soon.
        owner: The window; not kept alive.

    Attributes:
        view: The widget.
        pages: The documents that it shows.
    """

    def __init__(
        self,
        label: str,
        window: str,
        url: str,
        options: WindowConfig,
        hooks: WebviewHooks,
        *,
        context: Any,
        host: Host,
        settings: Settings,
        post: Callable[[Callable[[], None]], None],
        owner: WebviewOwner,
    ) -> None:
        self.label = label
        self.hooks = hooks
        self._host = host
        self._inspects = False
        self._owner = ref(owner)
        self._reloads: deque[float] = deque(maxlen=_MAX_RELOADS)
        self.leaving = Leaving(self)
        self.pages = PageKeeper(label, window, host, settings, post, self.leaving.heard, hooks.scripts)
        self.view: Any = gi.WebKit2.WebView(
            web_context=context,
            user_content_manager=self.pages.content,
            is_ephemeral=options.incognito,
            is_controlled_by_automation=context.is_automation_allowed(),
        )
        self.pages.attach(self.view)
        # After the generation's own: a page's `started` comes when its generation is there.
        self.view.connect("load-changed", self._on_load_changed)
        self.view.connect("load-failed", self._on_load_failed)
        self.view.connect("decide-policy", Traffic(settings, self.pages, hooks, self.leaving).on_policy)
        self._loading: str | None = None
        # Scripts for the first document, which is not there yet; `None` from then on.
        self._early_scripts: list[str] | None = []
        self._set_up_view(options, settings)
        # As early as possible: WebKit needs a tenth of a second to link its processes, and GTK can work meanwhile.
        self.view.load_uri(url)

    def _set_up_view(self, options: WindowConfig, settings: Settings) -> None:
        apply_options(self.view, options, settings)
        if options.drag_drop_enabled:
            FileDrag(self._tell).follow(self.view)
        if self.hooks.clipboard:
            self.view.get_settings().set_javascript_can_access_clipboard(True)
        if self.hooks.on_new_window is not None:
            # The hook decides, also where no click of the user asks.
            self.view.get_settings().set_javascript_can_open_windows_automatically(True)
        if self.hooks.on_title is not None:
            self.view.connect("notify::title", self._on_title)
        # The inspector keeps its handlers as long as the view: a strong one would keep both for good.
        self.view.get_inspector().connect("closed", partial(_on_inspector_closed, ref(self)))
        if self.view.get_settings().get_enable_developer_extras():
            self.view.connect("key-press-event", self._on_key)
        self.view.connect("create", self._on_create)
        self.view.connect("close", self._on_close)
        self.view.connect("script-dialog", self._on_script_dialog)
        self.view.connect("web-process-terminated", self._on_web_process_terminated)
        self.view.show()

    @property
    def hangs(self) -> bool:
        """Whether the page answers nothing."""
        return not self.view.get_is_web_process_responsive()

    @property
    def inspects(self) -> bool:
        """Whether the inspector is open."""
        return self._inspects

    def inspect(self, wanted: bool | None) -> None:
        """Open or close the inspector; `None` does the one that it is not.

        Raises:
            WindowError: It is off.
        """
        wanted = not self._inspects if wanted is None else wanted
        if wanted and not self.view.get_settings().get_enable_developer_extras():
            raise WindowError(
                f"webview `{self.label}`: its inspector is off; set `devtools` in the window's options, or run with TRANSOM_DEV=1"
            )
        inspector = self.view.get_inspector()
        if wanted:
            inspector.show()
        else:
            inspector.close()
        self._inspects = wanted

    def print(self) -> None:
        """Show the print dialog, from the main loop: the dialog runs a nested one."""
        gi.GLib.idle_add(_print, self.view)

    def clear_data(self) -> None:
        """Forget what the pages of this webview, and of those that share its data, have stored."""
        self.view.get_website_data_manager().clear(gi.WebKit2.WebsiteDataTypes.ALL, 0, None, None)

    def left(self) -> None:
        """Note that the page has ended, or that its time is over."""
        owner = self._owner()
        if owner is not None:
            owner.webview_left(self)

    def move_to(self, window: str, owner: WebviewOwner) -> None:
        """Note that the view is in another window; the next document learns it."""
        self.pages.window = window
        self._owner = ref(owner)

    def detach(self) -> None:
        """End for good: the view is destroyed."""
        self.leaving.end()
        self.pages.detach()

    def evaluate(self, script: str) -> None:
        """Run JavaScript in the main frame; before its first document has been read, soon after that."""
        if self._early_scripts is not None:
            self._early_scripts.append(script)
            return
        self.view.evaluate_javascript(script, -1, None, None, None, None)

    def reload(self) -> None:
        """Load the page again."""
        self.view.reload()

    def _on_script_dialog(self, view: Any, dialog: Any) -> bool:
        if dialog.get_dialog_type() == gi.WebKit2.ScriptDialogType.BEFORE_UNLOAD_CONFIRM:
            self.leaving.heard("asked")
        return False

    def _on_close(self, view: Any) -> None:
        owner = self._owner()
        if view.is_controlled_by_automation():
            self.left()  # a driver that ends its session counts on the window being gone when this returns
        elif owner is not None:
            owner.webview_closes(self)

    def _on_load_changed(self, view: Any, event: Any) -> None:
        # Tauri: a page load starts when its document is there, not when it is asked for.
        if event == gi.WebKit2.LoadEvent.COMMITTED and self.leaving.begun:
            self.left()
        elif event == gi.WebKit2.LoadEvent.COMMITTED:
            self._loading = url = document_uri(view)
            self._host.page_load(self.label, "started", url)
            if self._early_scripts is not None:
                # In a world of its own, where nothing is what the page has made of it.
                view.call_async_javascript_function(_UNTIL_READ, -1, None, "transom", None, None, self._on_read)
        elif event == gi.WebKit2.LoadEvent.FINISHED and self._loading is not None:
            url, self._loading = self._loading, None
            self._host.page_load(self.label, "finished", url)

    def _on_read(self, view: Any, result: Any) -> None:
        try:
            view.call_async_javascript_function_finish(result)
        except gi.GLib.Error:  # the document is gone; the next one gets the scripts
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
        url = action.get_request().get_uri() or ""
        hook = self.hooks.on_new_window
        if hook is not None:
            open_popup(view, url, hook)
            return
        # Tauri: a page makes windows with `new WebviewWindow(...)`; what `window.open` asks for is not made.
        _logger.warning(
            "the page of the webview %r asked for a window with %s, which is not made; use WebviewWindow for a page of "
            "the application, and the opener plugin or on_new_window for others",
            self.label,
            url,
        )

    def _on_title(self, view: Any, _: Any) -> None:
        assert self.hooks.on_title is not None
        try:
            self.hooks.on_title(view.get_title() or "")
        except Exception:
            _logger.exception("on_document_title_changed failed in the webview %r", self.label)

    def _on_key(self, view: Any, event: Any) -> bool:
        wanted = gi.Gdk.ModifierType.CONTROL_MASK | gi.Gdk.ModifierType.SHIFT_MASK
        if event.state & wanted != wanted or gi.Gdk.keyval_to_lower(event.keyval) != gi.Gdk.KEY_i:
            return False
        self.inspect(None)  # Tauri: the same key
        return True

    def _tell(self, name: str, payload: Any) -> None:
        self._host.webview_event(self.label, name, payload)

    def inspector_closed(self) -> None:
        """Note that the user has closed the inspector."""
        self._inspects = False

    def _on_web_process_terminated(self, view: Any, reason: Any) -> None:
        self.pages.close()
        if self.leaving.begun:
            self.left()
            return
        now = time.monotonic()
        if len(self._reloads) == _MAX_RELOADS and now - self._reloads[0] < _RELOAD_SECONDS:
            _logger.error("the web process of %r ended again (%s); it is left alone now", self.label, reason.value_nick)
            return
        self._reloads.append(now)
        _logger.error("the web process of %r ended (%s); its page is loaded again", self.label, reason.value_nick)
        view.reload()


def _on_inspector_closed(webview: ref[AppWebview], _inspector: Any) -> None:
    if (there := webview()) is not None:
        there.inspector_closed()


def _print(view: Any) -> bool:
    toplevel = view.get_toplevel()
    gi.WebKit2.PrintOperation.new(view).run_dialog(toplevel if toplevel.is_toplevel() else None)
    return False
