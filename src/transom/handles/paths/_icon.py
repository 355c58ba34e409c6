"""The file of the application's icon."""

from __future__ import annotations

from pathlib import Path

from ...config import Config

__all__ = ["window_icon_file"]

_DEFAULT = "icons/icon.png"  # Tauri: the same


def window_icon_file(config: Config) -> Path | None:
    """Return the first PNG file of `bundle.icon`, or else `icons/icon.png`; `None` if it does not exist."""
    names = [name for name in config.bundle.get("icon", ()) if name.lower().endswith(".png")]
    files = (config.folder / name for name in (*names, _DEFAULT))
    return next((file for file in files if file.is_file()), None)
