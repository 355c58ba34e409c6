"""GTK 3 and WebKitGTK 4.1 through PyGObject, or a clear error. The names have no types: they are made at run time."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ...errors import RuntimeUnavailable

__all__ = ["GLib", "Gdk", "Gio", "Gtk", "JavaScriptCore", "Soup", "UnixInputStream", "WebKit2", "check_display"]

_TYPELIBS = {"Gtk": "3.0", "Gdk": "3.0", "WebKit2": "4.1", "JavaScriptCore": "4.1", "Soup": "3.0"}

try:
    import gi
except ImportError as error:
    raise RuntimeUnavailable(
        "the webkitgtk runtime needs PyGObject, which cannot be imported: pip install 'transom[gtk]' "
        f"(`transom doctor` says what that needs on this machine); {error}"
    ) from error

# To load WebKitGTK's library in a thread ahead of this saves 30 ms, and hangs in one start of forty: do not.
try:
    # Without these GTK 4 is taken where both are installed, and WebKitGTK 4.1 then does not load.
    for name, version in _TYPELIBS.items():
        gi.require_version(name, version)
    Gdk: Any = import_module("gi.repository.Gdk")
    Gio: Any = import_module("gi.repository.Gio")
    GLib: Any = import_module("gi.repository.GLib")
    Gtk: Any = import_module("gi.repository.Gtk")
    JavaScriptCore: Any = import_module("gi.repository.JavaScriptCore")
    Soup: Any = import_module("gi.repository.Soup")
    WebKit2: Any = import_module("gi.repository.WebKit2")
except (ImportError, ValueError) as error:
    raise RuntimeUnavailable(
        "the webkitgtk runtime needs GTK 3 and WebKitGTK 4.1 with their typelibs: apt install gir1.2-webkit2-4.1 "
        f"(`transom doctor` names it for this machine); {error}"
    ) from error


# GLib 2.80 moved the class; the old name still works where the new namespace has no typelib.
try:
    gi.require_version("GioUnix", "2.0")
    UnixInputStream: Any = import_module("gi.repository.GioUnix").InputStream
except (ImportError, ValueError, AttributeError):
    UnixInputStream = Gio.UnixInputStream


def check_display() -> None:
    """Connect to the display.

    Raises:
        RuntimeUnavailable: There is none, or it does not let us in.
    """
    if not Gtk.init_check(None)[0]:
        raise RuntimeUnavailable(
            "the webkitgtk runtime needs a display, and none answers under $DISPLAY or $WAYLAND_DISPLAY; start the "
            "application from a desktop, under `xvfb-run`, or in a browser with TRANSOM_RUNTIME=web"
        )
