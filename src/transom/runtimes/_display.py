"""Whether windows can be shown."""

from __future__ import annotations

import os

__all__ = ["has_display"]


def has_display() -> bool:
    """Tell whether the environment names an X or a Wayland display."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
