"""The GTK side of a window: its size, place, look and pointer, and the desktop that it is on."""

from ._desktop import DESKTOP_OPS
from ._icon import set_default_icon
from ._launcher import LAUNCHER_OPS, Launcher
from ._toplevel import TOPLEVEL_OPS, USED_OPTIONS, Toplevel
from ._unsupported import PARTIAL, UNSUPPORTED, WAYLAND

__all__ = [
    "DESKTOP_OPS",
    "LAUNCHER_OPS",
    "PARTIAL",
    "TOPLEVEL_OPS",
    "UNSUPPORTED",
    "USED_OPTIONS",
    "WAYLAND",
    "Launcher",
    "Toplevel",
    "set_default_icon",
]
