"""Windows that a page opens itself, where the application allows it: they show a page and have none of transom's link."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from ... import NewWindowFeatures, NewWindowResponse
from .. import _gi as gi

__all__ = ["open_popup"]

_logger = logging.getLogger("transom.runtimes.webkitgtk")
_WIDTH, _HEIGHT = 800, 600


def open_popup(view: Any, url: str, hook: Callable[[str, NewWindowFeatures], NewWindowResponse]) -> Any:
    """Ask the hook about a window, and return its view; `None` when it is not made.

    Args:
        view: The view whose page asks.
        url: The address that it is to show.
        hook: The application's.
    """
    try:
        # What the page says about size and place comes with the view, which only exists once it is allowed.
        answer = hook(url, NewWindowFeatures())
    except Exception:
        _logger.exception("on_new_window failed for %s; no window is made", url[:500])
        return None
    if answer is not NewWindowResponse.ALLOW:
        return None
    popup = gi.WebKit2.WebView.new_with_related_view(view)
    window = gi.Gtk.Window()
    window.set_default_size(_WIDTH, _HEIGHT)
    window.add(popup)
    popup.connect("ready-to-show", _show)
    popup.connect("close", _close)
    popup.connect("notify::title", _set_title)
    return popup


def _show(popup: Any) -> None:
    window, properties = popup.get_toplevel(), popup.get_window_properties()
    area = properties.get_geometry()
    if area.width > 0 and area.height > 0:
        window.set_default_size(area.width, area.height)
    if area.x > 0 or area.y > 0:
        window.move(area.x, area.y)
    popup.show()
    window.show()


def _close(popup: Any) -> None:
    popup.get_toplevel().destroy()


def _set_title(popup: Any, _: Any) -> None:
    popup.get_toplevel().set_title(popup.get_title() or "")
