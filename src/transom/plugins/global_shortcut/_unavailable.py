"""The rejection where no program may grab keys."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ...errors import CommandError

__all__ = ["ShortcutsUnavailable", "check_system", "is_sandboxed", "is_wayland"]


class ShortcutsUnavailable(CommandError):
    """Global shortcuts cannot be had here.

    Attributes:
        system: What stands in the way: `wayland`, `no-display`, `no-library`, or the name of another operating system.
        message: The reason, and what to do.
    """

    system: str
    message: str


def is_wayland() -> bool:
    """Tell whether the desktop is one of Wayland."""
    return sys.platform not in ("darwin", "win32") and bool(os.environ.get("WAYLAND_DISPLAY"))


def is_sandboxed() -> bool:
    """Tell whether the program runs in Flatpak or Snap, or was told to ask portals as if it did, which GTK does too."""
    named = any(os.environ.get(name) for name in ("SNAP", "FLATPAK_ID")) or Path("/.flatpak-info").exists()
    return sys.platform == "linux" and (named or os.environ.get("GTK_USE_PORTAL") == "1")


def check_system() -> None:
    """Check that this is a desktop of X11.

    Raises:
        ShortcutsUnavailable: It is not.
    """
    if sys.platform in ("darwin", "win32"):
        raise ShortcutsUnavailable(
            system=sys.platform, message="global shortcuts are available on X11 and Wayland only; use a menu's keys"
        )
    if not os.environ.get("DISPLAY"):
        raise ShortcutsUnavailable(system="no-display", message="there is no display whose keys could be grabbed")
