"""The options of a webview that WebKitGTK has a setting for."""

from __future__ import annotations

from typing import Any, Final

from ....config import WindowConfig
from ... import Settings
from .. import _gi as gi

__all__ = ["WEBVIEW_OPTIONS", "Zoom", "apply_options", "set_background"]

# Fields of `WindowConfig` that a webview uses. Add here what it learns.
WEBVIEW_OPTIONS: Final = frozenset(
    "user_agent incognito proxy_url data_directory devtools javascript_disabled background_color transparent "
    "zoom_hotkeys_enabled drag_drop_enabled".split()
)
_ZOOM_STEP, _LEAST_ZOOM, _MOST_ZOOM = 0.2, 0.2, 10.0  # Tauri: the same
_KEYS: Final = {"plus": 1, "equal": 1, "KP_Add": 1, "minus": -1, "KP_Subtract": -1, "0": 0, "KP_0": 0}


def apply_options(view: Any, options: WindowConfig, settings: Settings) -> None:
    """Set up a view."""
    devtools = options.devtools
    if devtools is None:
        devtools = bool(settings.options.get("devtools", settings.options.get("development")))
    setting = view.get_settings()
    setting.set_enable_developer_extras(devtools)
    setting.set_enable_write_console_messages_to_stdout(devtools)
    # A page that comes back from the cache would have its old key, which is no longer valid.
    setting.set_enable_page_cache(False)
    if options.user_agent is not None:
        setting.set_user_agent(options.user_agent)
    if options.javascript_disabled:
        # The page's scripts only: what the application evaluates runs on.
        setting.set_enable_javascript_markup(False)
    if options.transparent:
        set_background(view, (0, 0, 0, 0))
    elif options.background_color is not None:
        set_background(view, options.background_color)
    if options.zoom_hotkeys_enabled:
        zoom = Zoom()
        view.connect("key-press-event", zoom.on_key)
        view.connect("scroll-event", zoom.on_scroll)


def set_background(view: Any, color: tuple[int, int, int, int] | None) -> None:
    """Set the colour behind the page; `None` for white, which is WebKit's own."""
    red, green, blue, alpha = (part / 255 for part in color or (255, 255, 255, 255))
    view.set_background_color(gi.Gdk.RGBA(red, green, blue, alpha))


class Zoom:
    """Lets people zoom a page with the keys and the wheel, which WebKitGTK does not."""

    def on_key(self, view: Any, event: Any) -> bool:
        """Handle a key."""
        step = _KEYS.get(gi.Gdk.keyval_name(event.keyval) or "")
        if step is None or not event.state & gi.Gdk.ModifierType.CONTROL_MASK:
            return False
        _step(view, step)
        return True

    def on_scroll(self, view: Any, event: Any) -> bool:
        """Handle a turn of the wheel."""
        if not event.state & gi.Gdk.ModifierType.CONTROL_MASK:
            return False
        found, _, down = event.get_scroll_deltas()
        if not found:
            down = {gi.Gdk.ScrollDirection.UP: -1, gi.Gdk.ScrollDirection.DOWN: 1}.get(event.direction, 0)
        if down:
            _step(view, -1 if down > 0 else 1)
        return True


def _step(view: Any, step: int) -> None:
    level = 1.0 if step == 0 else view.get_zoom_level() + step * _ZOOM_STEP
    view.set_zoom_level(min(max(level, _LEAST_ZOOM), _MOST_ZOOM))
