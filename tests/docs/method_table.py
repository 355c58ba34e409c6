"""The table of Tauri's public methods in `docs/tauri-to-transom.md`, made from the classes themselves.

A method of the same name is looked for in the class; what has another form, or is not here, has a row in `OTHERWISE`.
`python -m tests.docs.method_table` writes the section; the test fails when it is not what the classes say.
"""

from __future__ import annotations

import sys
import textwrap

import transom
from tests.repository.tree import ROOT
from transom import menu, tray

__all__ = ["DOCUMENT", "OTHERWISE", "TAURIS", "section"]

DOCUMENT = ROOT / "docs" / "tauri-to-transom.md"
TITLE = "## Tauri's public methods\n"
HEAD = f"""{TITLE}
Every public method of these types of Tauri 2 for desktops, and its equivalent. This section is generated from the classes.
"""
MACOS, WINDOWS, MOBILE = "only on macOS", "only on Windows", "only on Android and iOS"
_APP = (
    "handle plugin remove_plugin run_on_main_thread exit restart request_restart cleanup_before_exit set_theme "
    "default_window_icon menu set_menu remove_menu hide_menu show_menu on_menu_event on_tray_icon_event tray_by_id "
    "remove_tray_by_id primary_monitor monitor_from_point available_monitors cursor_position set_activation_policy "
    "set_dock_visibility show hide invoke_key set_device_event_filter asset_resolver"
)
_MANAGER = (
    "app_handle config package_info get_window get_focused_window windows get_webview webviews get_webview_window "
    "webview_windows manage unmanage state try_state resources_table env asset_protocol_scope path add_capability"
)
_EMITTER = "emit emit_str emit_to emit_str_to emit_filter emit_str_filter"
_LISTENER = "listen listen_any once once_any unlisten"
_GETTERS = (
    "label title theme scale_factor inner_position outer_position inner_size outer_size is_fullscreen is_minimized "
    "is_maximized is_focused is_decorated is_resizable is_maximizable is_minimizable is_closable is_visible is_enabled "
    "is_always_on_top current_monitor primary_monitor monitor_from_point available_monitors cursor_position"
)
_SETTERS = (
    "center request_user_attention set_resizable set_maximizable set_minimizable set_closable set_title maximize unmaximize "
    "minimize unminimize show hide close destroy set_decorations set_shadow set_effects set_always_on_top "
    "set_always_on_bottom set_visible_on_all_workspaces set_background_color set_content_protected set_size set_min_size "
    "set_max_size set_size_constraints set_position set_fullscreen set_simple_fullscreen set_focus set_focusable set_icon "
    "set_skip_taskbar set_cursor_grab set_cursor_visible set_cursor_icon set_cursor_position set_ignore_cursor_events "
    "start_dragging start_resize_dragging set_overlay_icon set_badge_count set_badge_label set_progress_bar "
    "set_title_bar_style set_theme set_enabled set_traffic_light_position"
)
_WINDOW = (
    f"{_GETTERS} {_SETTERS} add_child webviews on_window_event menu set_menu remove_menu hide_menu show_menu "
    "is_menu_visible on_menu_event popup_menu popup_menu_at gtk_window default_vbox hwnd ns_window run_on_main_thread"
)
_WEBVIEW = (
    "label window on_webview_event on_message eval eval_with_callback url navigate reload print position size bounds "
    "set_bounds set_size set_position set_focus set_auto_resize set_zoom set_background_color hide show close reparent "
    "cursor_position clear_all_browsing_data open_devtools close_devtools is_devtools_open cookies cookies_for_url "
    "set_cookie delete_cookie with_webview resolve_command_scope run_on_main_thread"
)
_WEBVIEW_OPTIONS = (
    "on_navigation on_new_window on_download on_page_load on_document_title_changed initialization_script "
    "initialization_script_for_all_frames user_agent additional_browser_args data_directory disable_drag_drop_handler "
    "enable_clipboard_access incognito proxy_url transparent zoom_hotkeys_enabled browser_extensions_enabled "
    "extensions_path data_store_identifier use_https_scheme devtools background_color background_throttling "
    "disable_javascript allow_link_preview scroll_bar_style general_autofill_enabled accept_first_mouse focused "
    "with_environment with_related_view window_features on_web_resource_request"
)
_WINDOW_OPTIONS = (
    "menu on_menu_event center position inner_size min_inner_size max_inner_size inner_size_constraints prevent_overflow "
    "prevent_overflow_with_margin resizable maximizable minimizable closable title fullscreen focused focusable maximized "
    "visible theme decorations always_on_top always_on_bottom visible_on_all_workspaces content_protected icon "
    "skip_taskbar window_classname shadow parent owner owner_raw parent_raw transient_for transient_for_raw drag_and_drop "
    "title_bar_style hidden_title tabbing_identifier traffic_light_position allow_link_preview effects"
)
_ITEM = "id app_handle text set_text is_enabled set_enabled"
_ITEMS = (
    "id app_handle append append_items prepend prepend_items insert insert_items remove remove_at get items "
    "set_as_app_menu set_as_window_menu"
)
_PREDEFINED = (
    "separator copy cut paste select_all undo redo minimize maximize fullscreen hide hide_others show_all close_window "
    "quit about services"
)
_DIRECTORIES = (
    "audio_dir cache_dir config_dir data_dir local_data_dir desktop_dir document_dir download_dir executable_dir font_dir "
    "home_dir picture_dir public_dir runtime_dir template_dir video_dir resource_dir app_config_dir app_data_dir "
    "app_local_data_dir app_cache_dir app_log_dir temp_dir"
)
# Type -> the names of its public methods. Add here what a new version of Tauri adds.
TAURIS: dict[str, str] = {
    "Builder": (
        "invoke_handler invoke_system append_invoke_initialization_script setup on_page_load plugin manage menu "
        "on_menu_event on_tray_icon_event enable_macos_default_menu on_window_event on_webview_event "
        "register_uri_scheme_protocol register_asynchronous_uri_scheme_protocol device_event_filter channel_interceptor "
        "any_thread build run"
    ),
    "App": "run run_return run_iteration " + _APP.replace("run_on_main_thread ", ""),
    "AppHandle": f"{_APP.replace('handle ', '', 1)} {_MANAGER} {_EMITTER} {_LISTENER} supports_multiple_windows",
    "Window": _WINDOW,
    "Webview": _WEBVIEW,
    "WebviewWindow": " ".join(dict.fromkeys(f"{_WINDOW} {_WEBVIEW}".split())),
    "WebviewWindowBuilder": f"from_config build {' '.join(dict.fromkeys(f'{_WINDOW_OPTIONS} {_WEBVIEW_OPTIONS}'.split()))}",
    "WindowBuilder": f"build {_WINDOW_OPTIONS.replace('allow_link_preview ', '')} background_color",
    "WebviewBuilder": f"from_config auto_resize {_WEBVIEW_OPTIONS}",
    "PluginBuilder": (
        "invoke_handler js_init_script js_init_script_on_all_frames setup on_navigation on_page_load on_window_ready "
        "on_webview_ready on_event on_drop register_uri_scheme_protocol register_asynchronous_uri_scheme_protocol build"
    ),
    "Menu": f"with_id with_items with_id_and_items default {_ITEMS}",
    "Submenu": (
        f"with_id with_items with_id_and_items {_ITEMS.partition(' set_as')[0]} text set_text is_enabled set_enabled "
        "set_icon set_native_icon set_as_windows_menu_for_nsapp set_as_help_menu_for_nsapp"
    ),
    "MenuItem": f"with_id {_ITEM} set_accelerator",
    "CheckMenuItem": f"with_id {_ITEM} set_accelerator is_checked set_checked",
    "IconMenuItem": f"with_id with_native_icon with_id_and_native_icon {_ITEM} set_accelerator set_icon set_native_icon",
    "PredefinedMenuItem": f"{_PREDEFINED} bring_all_to_front id app_handle text set_text",
    "MenuBuilder": f"with_id id item items text check icon native_icon {_PREDEFINED} build",
    "SubmenuBuilder": f"with_id id enabled item items text check icon submenu_icon native_icon {_PREDEFINED} build",
    "TrayIcon": (
        "id app_handle on_menu_event on_tray_icon_event set_icon set_menu set_tooltip set_title set_temp_dir_path "
        "set_visible set_icon_as_template set_icon_with_as_template set_show_menu_on_left_click rect with_inner_tray_icon"
    ),
    "TrayIconBuilder": (
        "with_id id menu icon tooltip title temp_dir_path icon_as_template menu_on_left_click show_menu_on_left_click "
        "on_menu_event on_tray_icon_event build"
    ),
    "Image": "new new_owned from_bytes from_path rgba width height to_owned",
    "PathResolver": f"file_name parse resolve {_DIRECTORIES}",
}
# Method, of all types or of `Type.method` -> its equivalent, or why there is none.
OTHERWISE: dict[str, str] = {
    "allow_link_preview": "`from_options`: `allowLinkPreview`",
    "scroll_bar_style": "`from_options`: `scrollBarStyle`",
    "traffic_light_position": "`from_options`: `trafficLightPosition`",
    "any_thread": WINDOWS,
    "app_handle": "the handle that it was made with",
    "native_icon": MACOS,
    "set_native_icon": MACOS,
    "with_native_icon": MACOS,
    "with_id_and_native_icon": MACOS,
    "set_as_windows_menu_for_nsapp": MACOS,
    "set_as_help_menu_for_nsapp": MACOS,
    "set_as_app_menu": "`AppHandle.set_menu`",
    "set_as_window_menu": "`Window.set_menu`",
    "submenu_icon": "`Submenu.set_icon`",
    "with_inner_tray_icon": "the desktop's object belongs to the main thread and is not handed out",
    "new": "`Image(rgba, width, height)`",
    "new_owned": "`Image(rgba, width, height)`",
    "to_owned": "every image has its own pixels",
    "id": "the attribute `id`",
    "rgba": "the attribute `rgba`",
    "width": "the attribute `width`",
    "height": "the attribute `height`",
    "background_throttling": "`background_throttling` in the configuration; only on Apple's systems",
    "cursor_position": "`AppHandle.cursor_position`",
    "default_vbox": "GTK's objects belong to the main thread and are not handed out",
    "device_event_filter": WINDOWS,
    "drag_and_drop": "`disable_drag_drop_handler`",
    "effects": "`windowEffects` in the configuration; not on Linux",
    "enable_macos_default_menu": MACOS,
    "env": "`sys.argv` and `os.environ`",
    "eval_with_callback": "`eval` with a script that calls a command: see [Get a value from the page](#get-a-value-from-the-page)",
    "extensions_path": WINDOWS,
    "general_autofill_enabled": WINDOWS,
    "gtk_window": "GTK's objects belong to the main thread and are not handed out",
    "AppHandle.hide": MACOS,
    "AppHandle.show": MACOS,
    "App.hide": MACOS,
    "App.show": MACOS,
    "hwnd": WINDOWS,
    "invoke_key": "each document has a key of its own, which nobody else learns",
    "label": "the attribute `label`",
    "ns_window": MACOS,
    "on_web_resource_request": "`register_uri_scheme_protocol`",
    "on_webview_ready": "`on_page_load`",
    "owner": WINDOWS,
    "owner_raw": WINDOWS,
    "parent_raw": "`parent`",
    "request_restart": "`AppHandle.restart`",
    "resolve_command_scope": "a parameter of type `CommandScope`",
    "run_on_main_thread": "`AppHandle.run_on_main_thread`",
    "run_return": "`App.run`, which returns the exit status",
    "set_activation_policy": MACOS,
    "set_device_event_filter": WINDOWS,
    "set_dock_visibility": MACOS,
    "set_traffic_light_position": MACOS,
    "supports_multiple_windows": "every runtime does",
    "transient_for": "`parent`",
    "transient_for_raw": "`parent`",
    "window_features": "for `on_new_window`, whose windows are made by the runtime",
    "with_environment": WINDOWS,
    "with_related_view": "WebKit would share the first page's scripts and key",
    "with_webview": "the engine's objects belong to the main thread and are not handed out",
}


def rows(name: str) -> list[tuple[str, str]]:
    """Return the methods of a type, each with its equivalent or the reason.

    Raises:
        KeyError: A method is neither in the class nor in `OTHERWISE`.
    """
    ours = getattr(transom, name, None) or getattr(menu, name, None) or getattr(tray, name)
    found = []
    for method in dict.fromkeys(TAURIS[name].split()):
        special = OTHERWISE.get(f"{name}.{method}")
        if special is None and callable(getattr(ours, method, None)):
            found.append((method, "yes"))
        else:
            found.append((method, special or OTHERWISE[method]))
    return found


def section() -> str:
    """Return the section."""
    parts = [HEAD]
    for name in TAURIS:
        table = rows(name)
        there = ", ".join(f"`{method}`" for method, what in table if what == "yes")
        parts.append(f"### {name}\n")
        parts.append(textwrap.fill(f"Of the same name: {there}.", 120, break_on_hyphens=False) + "\n")
        if others := [row for row in table if row[1] != "yes"]:
            parts.append("| Tauri | transom |\n|---|---|\n" + "".join(f"| `{m}` | {what} |\n" for m, what in others))
    return "\n".join(parts)


if __name__ == "__main__":
    text = DOCUMENT.read_text("utf-8")
    DOCUMENT.write_text(text.partition(TITLE)[0].rstrip() + "\n\n" + section(), "utf-8")
    sys.stdout.write(f"{DOCUMENT} is written\n")
