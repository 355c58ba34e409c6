"""The rejection where no program may grab keys."""

from __future__ import annotations

import os
import sys

from ...errors import CommandError

__all__ = ["ShortcutsUnavailable", "check_system"]


class ShortcutsUnavailable(CommandError):
    """Global shortcuts cannot be had here.

    Attributes:
        system: What stands in the way: `wayland`, `no-display`, `no-library`, or the name of another operating system.
        message: The reason, and what to do.
    """

    system: str
    message: str


def check_system() -> None:
    """Check that this is a desktop of X11.

    Raises:
        ShortcutsUnavailable: It is not.
    """
    if sys.platform in ("darwin", "win32"):
        raise ShortcutsUnavailable(
            system=sys.platform, message="global shortcuts are available on X11 only; use a menu's keys"
        )
    if os.environ.get("WAYLAND_DISPLAY"):
        raise ShortcutsUnavailable(
            system="wayland",
            message="Wayland lets no program grab keys; add a shortcut in the settings of the desktop, which starts the program",
        )
    if not os.environ.get("DISPLAY"):
        raise ShortcutsUnavailable(system="no-display", message="there is no display whose keys could be grabbed")
