"""The light and the dark look, which GTK has for a whole application."""

from __future__ import annotations

from ... import ops
from .. import _gi as gi

__all__ = ["THEME_PROPERTIES", "present_theme", "set_theme"]

_PREFER_DARK = "gtk-application-prefer-dark-theme"
THEME_PROPERTIES = (_PREFER_DARK, "gtk-theme-name")
"""The properties of GTK's settings that the look depends on."""


def present_theme() -> ops.Theme:
    """Return the look that windows have."""
    settings = gi.Gtk.Settings.get_default()
    # WebKitGTK finds its `prefers-color-scheme` in the same two.
    dark = settings.get_property(_PREFER_DARK) or settings.get_property("gtk-theme-name").endswith("-dark")
    return ops.Theme.DARK if dark else ops.Theme.LIGHT


def set_theme(theme: ops.Theme | None) -> None:
    """Choose the look of all windows; `None` leaves it to the system."""
    settings = gi.Gtk.Settings.get_default()
    if theme is None:
        settings.reset_property(_PREFER_DARK)
    else:
        settings.set_property(_PREFER_DARK, theme is ops.Theme.DARK)
