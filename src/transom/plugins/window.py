"""`plugin:window|*`: how pages close windows. Tauri's other commands of this plugin are not available yet."""

from __future__ import annotations

from collections.abc import Callable

from ..commands import command, generate_handler
from ..core import Plugin, PluginBuilder
from ..errors import CommandError, TransomError
from ..handles import Window

__all__ = ["window_plugin"]


# In workers: both wait for the window system's thread, which may wait for the page.
@command
def close(window: Window, label: str | None = None) -> None:
    """Ask a window to close, as its close button does; without a label the calling page's own window."""
    _ask(window, label, Window.close)


@command
def destroy(window: Window, label: str | None = None) -> None:
    """Destroy a window at once; without a label the calling page's own window."""
    _ask(window, label, Window.destroy)


def _ask(window: Window, label: str | None, action: Callable[[Window], None]) -> None:
    """Do something with the window of this label; a page that names none that exists gets the reason."""
    label = label or window.label  # Tauri: an empty label is the calling window's, too
    found = window.get_window(label)
    if found is None:
        raise CommandError(f"window not found: no window has the label `{label}`")
    try:
        action(found)
    except TransomError as error:  # it was closed just now, or the runtime cannot do this
        raise CommandError(str(error)) from None


def window_plugin() -> Plugin:
    """Return the plugin of windows."""
    return (
        PluginBuilder("window")
        .invoke_handler(generate_handler(close, destroy))
        .permissions(default=("allow-close", "allow-destroy"))
        .build()
    )
