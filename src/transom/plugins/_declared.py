"""What the core plugins offer whose modules are imported at the first call of one of their commands.

A test compares this with the plugins themselves.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["DECLARED", "Commands"]


class Commands(NamedTuple):
    """The commands of a plugin.

    Attributes:
        default: Those that its `default` permission allows.
        others: Those that need a permission of their own.
    """

    default: tuple[str, ...]
    others: tuple[str, ...] = ()


# Name of the plugin, of its module in this room, and of the function there that returns it: `<name>_plugin`.
DECLARED: dict[str, Commands] = {
    "app": Commands(
        (
            "version",
            "name",
            "tauri_version",
            "identifier",
            "bundle_type",
            "supports_multiple_windows",
        ),
        (
            "app_show",
            "app_hide",
            "fetch_data_store_identifiers",
            "remove_data_store",
            "default_window_icon",
            "set_app_theme",
            "set_dock_visibility",
            "exit",
        ),
    ),
    "image": Commands(
        (
            "new",
            "from_bytes",
            "from_path",
            "rgba",
            "size",
        ),
    ),
    "menu": Commands(
        (
            "new",
            "create_default",
            "append",
            "prepend",
            "insert",
            "remove",
            "remove_at",
            "items",
            "get",
            "popup",
            "set_as_app_menu",
            "set_as_window_menu",
            "text",
            "set_text",
            "is_enabled",
            "set_enabled",
            "set_accelerator",
            "set_as_windows_menu_for_nsapp",
            "set_as_help_menu_for_nsapp",
            "is_checked",
            "set_checked",
            "set_icon",
        ),
    ),
    "path": Commands(
        (
            "resolve_directory",
            "resolve",
            "normalize",
            "join",
            "dirname",
            "extname",
            "basename",
            "is_absolute",
            "isAbsolute",
        ),
    ),
    "tray": Commands(
        (
            "new",
            "get_by_id",
            "remove_by_id",
            "set_icon",
            "set_menu",
            "set_tooltip",
            "set_title",
            "set_visible",
            "set_temp_dir_path",
            "set_icon_as_template",
            "set_icon_with_as_template",
            "set_show_menu_on_left_click",
        ),
    ),
    "webview": Commands(
        (
            "get_all_webviews",
            "webview_position",
            "webview_size",
            "internal_toggle_devtools",
        ),
        (
            "create_webview",
            "create_webview_window",
            "webview_close",
            "close",
            "webview_show",
            "webview_hide",
            "set_webview_focus",
            "set_webview_size",
            "set_webview_position",
            "set_webview_auto_resize",
            "set_webview_zoom",
            "set_webview_background_color",
            "reparent",
            "clear_all_browsing_data",
            "print",
        ),
    ),
    "window": Commands(
        (
            "scale_factor",
            "inner_position",
            "outer_position",
            "inner_size",
            "outer_size",
            "is_fullscreen",
            "is_minimized",
            "is_maximized",
            "is_focused",
            "is_decorated",
            "is_resizable",
            "is_maximizable",
            "is_minimizable",
            "is_closable",
            "is_visible",
            "is_enabled",
            "is_always_on_top",
            "title",
            "theme",
            "current_monitor",
            "primary_monitor",
            "available_monitors",
            "cursor_position",
            "get_all_windows",
            "internal_toggle_maximize",
            "monitor_from_point",
        ),
        (
            "activity_name",
            "scene_identifier",
            "center",
            "maximize",
            "unmaximize",
            "toggle_maximize",
            "minimize",
            "unminimize",
            "show",
            "hide",
            "close",
            "destroy",
            "set_focus",
            "start_dragging",
            "set_resizable",
            "set_enabled",
            "set_maximizable",
            "set_minimizable",
            "set_closable",
            "set_title",
            "set_decorations",
            "set_shadow",
            "set_effects",
            "set_always_on_top",
            "set_always_on_bottom",
            "set_content_protected",
            "set_size",
            "set_min_size",
            "set_max_size",
            "set_size_constraints",
            "set_position",
            "set_fullscreen",
            "set_fullscreen_on_monitor",
            "set_simple_fullscreen",
            "set_focusable",
            "set_skip_taskbar",
            "set_cursor_grab",
            "set_cursor_visible",
            "set_cursor_position",
            "set_ignore_cursor_events",
            "start_resize_dragging",
            "set_badge_count",
            "set_badge_label",
            "set_progress_bar",
            "set_visible_on_all_workspaces",
            "set_title_bar_style",
            "set_theme",
            "create",
            "request_user_attention",
            "set_background_color",
            "set_cursor_icon",
            "set_icon",
            "set_overlay_icon",
        ),
    ),
}
