"""`plugin:webview|*`: how pages make webviews, and windows with one, and change them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from ..commands import command, generate_handler
from ..core import Plugin, PluginBuilder
from ..errors import CommandError, ConfigError, RequestError, TransomError, Unsupported
from ..handles import AppHandle, Webview, WebviewBuilder, WebviewWindowBuilder
from ..runtimes import Color
from ..values import LogicalPosition, LogicalSize, PhysicalPosition, PhysicalSize, Position, Size

__all__ = ["webview_plugin"]

T = TypeVar("T")


class WebviewLabels(msgspec.Struct, rename="camel"):
    """A webview, as the npm package knows it."""

    window_label: str
    label: str


def _answer(act: Callable[[], T]) -> T:
    """Return what `act` returns.

    Raises:
        CommandError: It cannot be done; the value is the reason, a text.
        Unsupported: The runtime cannot do this.
    """
    try:
        return act()
    except Unsupported:
        raise
    except TransomError as error:
        raise CommandError(str(error)) from None


def _on(webview: Webview, label: str | None, act: Callable[[Webview], T]) -> T:
    """Return what `act` does with the webview of this label; `None` or an empty one is the calling page's own."""
    found = webview.get_webview(label or webview.label)
    if found is None:
        raise CommandError(f"webview not found: no webview has the label `{label}`")
    return _answer(lambda: act(found))


def _invalid(command_name: str, error: Exception) -> CommandError:
    return CommandError(f"invalid args `options` for command `{command_name}`: {error}")


@command
async def get_all_webviews(app: AppHandle) -> list[WebviewLabels]:
    """Return the label of every webview, with the label of its window."""
    return [WebviewLabels(webview.window().label, label) for label, webview in app.webviews().items()]


# In workers, as all that follow: they wait for the window system's thread, which may wait for the page.
@command
def create_webview_window(app: AppHandle, options: dict[str, Any]) -> None:
    """Make a window with a webview; the options are those of `app.windows` in the configuration."""
    try:
        builder = WebviewWindowBuilder.from_options(app, options)
    except (ConfigError, RequestError) as error:
        raise _invalid("create_webview_window", error) from None
    _answer(builder.build)


@command
def create_webview(app: AppHandle, window_label: str, options: dict[str, Any], label: str | None = None) -> None:
    """Make a webview inside a window; the options have its place, in logical pixels.

    Args:
        app: The application.
        window_label: Label of the window.
        options: Its options. Clients before 2.0.1 send the label beside them.
        label: The label, from these clients.
    """
    window = app.get_window(window_label)
    if window is None:
        raise CommandError(f"window not found: no window has the label `{window_label}`")
    place = {name: options.get(name) for name in ("x", "y", "width", "height")}
    try:
        builder = WebviewBuilder.from_options({**options, "label": options.get("label", label)})
        position, size = LogicalPosition(place["x"], place["y"]), LogicalSize(place["width"], place["height"])  # type: ignore[arg-type]
        msgspec.convert(msgspec.to_builtins((position, size)), tuple[LogicalPosition, LogicalSize])
    except (ConfigError, RequestError, msgspec.ValidationError) as error:
        raise _invalid("create_webview", error) from None
    _answer(lambda: window.add_child(builder, position, size))


@command
def webview_position(webview: Webview, label: str | None = None) -> PhysicalPosition:
    """Return the upper left corner of a webview inside its window."""
    return _on(webview, label, lambda found: found.position())


@command
def webview_size(webview: Webview, label: str | None = None) -> PhysicalSize:
    """Return the size of a webview."""
    return _on(webview, label, lambda found: found.size())


@command
def webview_close(webview: Webview, label: str | None = None) -> None:
    """Take a webview away; its window stays."""
    _on(webview, label, lambda found: found.close())


@command
def close(webview: Webview, label: str | None = None) -> None:
    """Do what `webview_close` does, for clients before 2.4.0."""
    _on(webview, label, lambda found: found.close())


@command
def webview_show(webview: Webview, label: str | None = None) -> None:
    """Show a webview."""
    _on(webview, label, lambda found: found.show())


@command
def webview_hide(webview: Webview, label: str | None = None) -> None:
    """Hide a webview inside its window."""
    _on(webview, label, lambda found: found.hide())


@command
def set_webview_focus(webview: Webview, label: str | None = None) -> None:
    """Give a webview the keyboard."""
    _on(webview, label, lambda found: found.set_focus())


@command
def set_webview_size(webview: Webview, value: Size, label: str | None = None) -> None:
    """Set the size of a webview."""
    _on(webview, label, lambda found: found.set_size(value))


@command
def set_webview_position(webview: Webview, value: Position, label: str | None = None) -> None:
    """Set the upper left corner of a webview inside its window."""
    _on(webview, label, lambda found: found.set_position(value))


@command
def set_webview_auto_resize(webview: Webview, value: bool, label: str | None = None) -> None:
    """Let a webview keep its share of the window, or not."""
    _on(webview, label, lambda found: found.set_auto_resize(value))


@command
def set_webview_zoom(webview: Webview, value: float, label: str | None = None) -> None:
    """Set the zoom of a page."""
    _on(webview, label, lambda found: found.set_zoom(value))


@command
def set_webview_background_color(webview: Webview, value: Any = None, label: str | None = None) -> None:
    """Set the colour behind a page; `None` for the system's."""
    try:
        color = None if value is None else Color.parse(value)
    except ValueError as error:
        raise CommandError(f"invalid args `value` for command `set_webview_background_color`: {error}") from None
    _on(webview, label, lambda found: found.set_background_color(color))


@command
def reparent(webview: Webview, window: str, label: str | None = None) -> None:
    """Move a webview into another window."""
    _on(webview, label, lambda found: found.reparent(window))


@command
def clear_all_browsing_data(webview: Webview) -> None:
    """Forget what pages have stored."""
    _answer(webview.clear_all_browsing_data)


@command
def print(webview: Webview, label: str | None = None) -> None:  # noqa: A001 - Tauri: the name
    """Let the user print a page."""
    _on(webview, label, lambda found: found.print())


@command
def internal_toggle_devtools(webview: Webview, label: str | None = None) -> None:
    """Open the inspector of a webview, or close it."""

    def toggle(found: Webview) -> None:
        if found.is_devtools_open():
            found.close_devtools()
        else:
            found.open_devtools()

    _on(webview, label, toggle)


def webview_plugin() -> Plugin:
    """Return the plugin of webviews."""
    setters = (set_webview_focus, set_webview_size, set_webview_position, set_webview_auto_resize, set_webview_zoom)
    return (
        PluginBuilder("webview")
        .invoke_handler(
            generate_handler(
                get_all_webviews,
                create_webview,
                create_webview_window,
                webview_position,
                webview_size,
                webview_close,
                close,
                webview_show,
                webview_hide,
                *setters,
                set_webview_background_color,
                reparent,
                clear_all_browsing_data,
                print,
                internal_toggle_devtools,
                lazy=True,
            )
        )
        .permissions(
            default=(
                "allow-get-all-webviews",
                "allow-webview-position",
                "allow-webview-size",
                "allow-internal-toggle-devtools",
            )
        )
        .build()
    )
