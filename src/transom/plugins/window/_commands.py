"""The commands whose arguments are not those of the method that they call."""

from __future__ import annotations

from typing import Any, TypedDict

from ...commands import command
from ...errors import CommandError, ConfigError, ImageError, RequestError, Unsupported, WindowError
from ...handles import Webview, Window, WindowBuilder
from ...runtimes import Color, CursorIcon, Image, JsImage, Monitor, UserAttentionType
from ._call import on_window

__all__ = [
    "create",
    "get_all_windows",
    "internal_toggle_maximize",
    "monitor_from_point",
    "request_user_attention",
    "set_background_color",
    "set_cursor_icon",
    "set_icon",
    "set_overlay_icon",
]


class Attention(TypedDict):
    """How strongly a window asks for attention, as the npm package sends it."""

    type: UserAttentionType


@command
def create(window: Window, options: dict[str, Any]) -> None:
    """Make a window without a webview; the options are those of `app.windows` in the configuration."""
    try:
        builder = WindowBuilder.from_options(window, options)
    except (ConfigError, RequestError) as error:
        raise CommandError(f"invalid args `options` for command `create`: {error}") from None
    try:
        builder.build()
    except Unsupported:
        raise
    except WindowError as error:
        raise CommandError(str(error)) from None


@command
def get_all_windows(window: Window) -> list[str]:
    """Return the labels of all windows."""
    return list(window.windows())


@command
def internal_toggle_maximize(window: Window, label: str | None = None) -> None:
    """Maximize the window or undo that, as a double click on a drag region does, unless its size is fixed."""

    def toggle(found: Window) -> None:
        if found.is_resizable():
            found.toggle_maximize()

    on_window(window, label, toggle)


@command
def monitor_from_point(window: Window, x: float, y: float) -> Monitor | None:
    """Return the monitor that has this point of the desktop, in physical pixels; `None` for none."""
    return on_window(window, None, lambda found: found.monitor_from_point(x, y))


@command
def request_user_attention(window: Window, value: Attention | None = None, label: str | None = None) -> None:
    """Let the window ask for attention; `None` ends that."""
    on_window(window, label, lambda found: found.request_user_attention(None if value is None else value["type"]))


@command
def set_background_color(window: Window, value: Any = None, label: str | None = None) -> None:
    """Set the color behind the page; `None` for the system's."""
    try:
        color = None if value is None else Color.parse(value)
    except ValueError as error:
        raise CommandError(f"invalid args `value` for command `set_background_color`: {error}") from None
    on_window(window, label, lambda found: found.set_background_color(color))


@command
def set_cursor_icon(window: Window, value: str, label: str | None = None) -> None:
    """Set the pointer's shape over the window."""
    # Tauri: the case does not count, and an unknown name is the default shape.
    shapes = {icon.value.lower(): icon for icon in CursorIcon}
    on_window(window, label, lambda found: found.set_cursor_icon(shapes.get(value.lower(), CursorIcon.DEFAULT)))


@command
def set_icon(window: Window, webview: Webview, value: Any, label: str | None = None) -> None:
    """Set the window's icon: the path or the bytes of an image file, an `Image`, or its pixels."""
    icon = _image(webview, value)
    on_window(window, label, lambda found: found.set_icon(icon))


@command
def set_overlay_icon(window: Window, webview: Webview, value: Any = None, label: str | None = None) -> None:
    """Set the small icon over the taskbar's; `None` removes it."""
    icon = None if value is None else _image(webview, value)
    on_window(window, label, lambda found: found.set_overlay_icon(icon))


def _image(webview: Webview, value: Any) -> Image:
    try:
        return JsImage(value).into_img(webview)
    except ImageError as error:
        raise CommandError(str(error)) from None
