"""Windows that a page opens, if the application allows them. They show a page without transom's link."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from ... import NewWindowFeatures, NewWindowResponse
from .. import _gi as gi

__all__ = ["open_popup"]

_logger = logging.getLogger("transom.runtimes.webkitgtk")
_WIDTH, _HEIGHT = 800, 600


def open_popup(view: Any, url: str, hook: Callable[[str, NewWindowFeatures], NewWindowResponse]) -> None:
    """Ask the hook about a window, and open it if it may be.

    Args:
        view: The view whose page asks.
        url: The address that it is to show.
        hook: The application's.
    """
    try:
        answer = hook(url, NewWindowFeatures())
    except Exception:
        _logger.exception("on_new_window failed for %s; no window is made", url[:500])
        return
    if answer is not NewWindowResponse.ALLOW:
        return
    # Not as a related view, which would give the page its `window.open(...)`: WebKit lets such a view share the scripts of
    # the first one, and with them the key of its page, whatever site it shows.
    popup = gi.WebKit2.WebView(web_context=view.get_context(), user_content_manager=gi.WebKit2.UserContentManager())
    window = gi.Gtk.Window()
    window.set_default_size(_WIDTH, _HEIGHT)
    window.add(popup)
    popup.connect("close", _close)
    popup.connect("notify::title", _set_title)
    popup.load_uri(url)
    window.show_all()


def _close(popup: Any) -> None:
    popup.get_toplevel().destroy()


def _set_title(popup: Any, _: Any) -> None:
    popup.get_toplevel().set_title(popup.get_title() or "")
