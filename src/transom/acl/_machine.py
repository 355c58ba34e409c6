"""Which commands act on the machine that the application runs on: on a server that is not the user's own."""

from __future__ import annotations

from .manifests import OFFICIAL_PLUGINS, split_command

__all__ = ["acts_on_machine"]

# Core plugins, and which of their commands concern nothing but the pages of the session that calls; `None` for all of them.
# Every other command of a core or official plugin acts on the machine. Add here a command that does not.
_OF_SESSION: dict[str, frozenset[str] | None] = {
    "app": frozenset("bundle_type identifier name supports_multiple_windows tauri_version version".split()),
    "event": None,
    "image": frozenset(("from_bytes", "new", "rgba", "size")),
    "path": frozenset(("basename", "dirname", "extname", "isAbsolute", "is_absolute", "join", "normalize")),
    "resources": None,
    "stream": None,
    "webview": frozenset(
        "close create_webview_window get_all_webviews print set_webview_background_color set_webview_focus "
        "set_webview_zoom webview_close webview_hide webview_show".split()
    ),
    "window": frozenset(
        "close current_monitor destroy get_all_windows hide inner_position inner_size is_focused is_fullscreen is_visible "
        "outer_position outer_size scale_factor set_background_color set_cursor_icon set_cursor_visible set_focus "
        "set_fullscreen set_simple_fullscreen set_title show theme title".split()
    ),
}
_CORE = frozenset(("menu", "tray", *_OF_SESSION))


def acts_on_machine(command: str) -> bool:
    """Tell whether a command of transom's own reaches what all users of a server share: its files, programs and screen.

    The commands of an application and of its author's plugins never count: they do what their author decides.

    Args:
        command: The whole name, `plugin:<plugin>|<command>` for a plugin's.
    """
    plugin, name = split_command(command)
    if plugin is None or (plugin not in _CORE and plugin not in OFFICIAL_PLUGINS):
        return False
    allowed = _OF_SESSION.get(plugin, frozenset())
    # The rules do not tell `_` from `-`.
    return allowed is not None and name.replace("-", "_") not in allowed
